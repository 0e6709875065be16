//! The main text, read in one pass (ECMA-376 Part 1, 17.2 to 17.16).
//!
//! There is no recursion: what is open stands on a stack with the depth at which it began, and ends when the depth falls below. So
//! elements that only wrap others (`w:sdt`, `w:ins`, `w:hyperlink`, `w:smartTag`, `w:customXml`) need no word here, in a paragraph as
//! little as around rows and cells, and no file can be too deep.

mod aside;
mod grid;
mod text;

use std::collections::HashMap;
use std::rc::Rc;

use nianbao_model::{Block, Part, Warning};
use nianbao_story::{Draft, MAX_NESTING, Script};

use crate::package::Parts;
use crate::styles::Resolved;
use crate::xml::{Node, Opened, Space, Stop, Tag, Xml};

/// Something that began at a depth and has to be ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Paragraph,
    /// A run, and whether the text around it is hidden.
    Run {
        hidden_around: bool,
    },
    Table,
    Row,
    Cell,
    TextBox,
    /// `mc:AlternateContent`, and whether one of its branches has been read.
    Alternatives {
        is_read: bool,
    },
    /// A branch of it, and how much had been read before.
    Choice {
        read_before: u64,
    },
}

/// What one story holds.
#[derive(Debug)]
pub(crate) struct Story {
    pub(crate) blocks: Vec<Block>,
    pub(crate) warnings: Vec<Warning>,
    /// Why it ends too early, where it does.
    pub(crate) stopped: Option<Stop>,
    /// The root was that of a word document.
    pub(crate) is_word: bool,
}

/// Reads the main part of `parts`, whose text is `text`.
pub(crate) fn read(text: &str, parts: &mut Parts<'_>, part: Part) -> Story {
    let mut body = Body::new(text, parts, part);
    let stopped = body.read().err();
    body.close_down_to(0);
    let (blocks, warnings) = body.script.finish();
    Story { blocks, warnings, stopped, is_word: body.is_word }
}

struct Body<'a, 'p, 'b> {
    xml: Xml<'a>,
    parts: &'p mut Parts<'b>,
    is_word: bool,
    open: Opened<What>,
    script: Script,
    /// The run that is being read is hidden.
    is_hidden: bool,
    /// Grows with all that is read: tells whether a branch had anything in it.
    read: u64,
    next_chunk: u16,
    styles: HashMap<String, Rc<Resolved>>,
}

impl<'a, 'p, 'b> Body<'a, 'p, 'b> {
    fn new(text: &'a str, parts: &'p mut Parts<'b>, part: Part) -> Self {
        Self {
            xml: Xml::new(text),
            parts,
            is_word: false,
            open: Opened::default(),
            script: Script::new(part),
            is_hidden: false,
            read: 0,
            next_chunk: 0,
            styles: HashMap::new(),
        }
    }

    fn read(&mut self) -> Result<(), Stop> {
        loop {
            match self.xml.step()? {
                Node::Start(tag) => self.begin(&tag, false)?,
                Node::Empty(tag) => {
                    self.begin(&tag, true)?;
                    self.close_down_to(self.xml.depth());
                }
                Node::End => self.close_down_to(self.xml.depth()),
                // Text counts only within `w:t`, which reads it itself.
                Node::Text(_) | Node::Reference(_) => {}
                Node::Over => return Ok(()),
            }
        }
    }

    /// An element begins. One that is read here to its end leaves the depth as it was before it.
    fn begin(&mut self, tag: &Tag<'a>, is_empty: bool) -> Result<(), Stop> {
        match self.xml.name(tag) {
            (Space::Word, local) => self.begin_word(local, tag, is_empty),
            (Space::Compatibility, local) => self.begin_branch(local, tag, is_empty),
            (Space::Math, b"t") if !is_empty => Ok(self.text(tag)?),
            (Space::Vml, b"textpath") => {
                self.word_art(tag);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn begin_word(&mut self, local: &[u8], tag: &Tag<'a>, is_empty: bool) -> Result<(), Stop> {
        match local {
            b"t" if !is_empty => self.text(tag)?,
            b"r" => {
                let hidden_around = self.is_hidden;
                self.is_hidden |= self.script.draft().is_some_and(|draft| draft.is_hidden);
                self.push_open(What::Run { hidden_around }, is_empty);
            }
            b"rPr" if !is_empty => self.run_properties(tag)?,
            b"p" => self.begin_paragraph(is_empty)?,
            b"pPr" if !is_empty => self.paragraph_properties(tag)?,
            b"tbl" if self.script.tables() < MAX_NESTING => self.begin_table(is_empty),
            b"tbl" if !is_empty => {
                self.script.unreadable("a table", "it stands too deep in others");
                self.xml.skip(tag)?;
            }
            b"tblGrid" if !is_empty => self.table_grid()?,
            b"tr" => self.begin_row(is_empty),
            b"trPr" if !is_empty => self.row_properties(tag)?,
            b"tc" => self.begin_cell(is_empty)?,
            b"tcPr" if !is_empty => self.cell_properties(tag)?,
            b"tab" | b"ptab" => self.push_text("\t"),
            b"br" => self.line_break(tag),
            b"cr" => self.shown(Draft::break_line),
            b"noBreakHyphen" => self.push_text("-"),
            b"sym" => self.symbol(tag),
            b"fldChar" => self.field_character(tag, is_empty)?,
            b"txbxContent" => self.begin_text_box(tag, is_empty)?,
            b"altChunk" => self.chunk(tag)?,
            b"del" | b"moveFrom" if !is_empty => {
                self.read += 1;
                self.script.notices.deletion(self.script.here());
                self.xml.skip(tag)?;
            }
            b"subDoc" => self.script.unreadable("a sub-document", "it stands in another file"),
            b"document" => self.is_word = true,
            _ if is_empty => {}
            // What they hold is no text, or old properties, or (`rt`) the reading beside a word.
            b"sdtPr" | b"sdtEndPr" | b"sectPr" | b"tblPr" | b"tblPrEx" | b"customXmlPr" | b"smartTagPr" | b"rubyPr"
            | b"rt" | b"instrText" | b"delText" | b"delInstrText" | b"fldData" | b"background" => self.xml.skip(tag)?,
            // Most hold a picture and no text box.
            b"drawing" | b"pict" | b"object" => {
                let is_text = |local: &[u8]| matches!(local, b"txbxContent" | b"textpath");
                self.xml.pass_over(tag, is_text)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn push_open(&mut self, what: What, is_empty: bool) {
        let depth = self.xml.depth() + usize::from(is_empty);
        self.open.push(depth, what);
    }

    fn innermost(&self) -> Option<What> {
        self.open.innermost().copied()
    }

    /// Ends everything that began deeper than `depth`.
    fn close_down_to(&mut self, depth: usize) {
        while let Some(what) = self.open.ended(depth) {
            self.close(what);
        }
    }

    fn close(&mut self, what: What) {
        match what {
            What::Paragraph => self.script.end_paragraph(),
            What::Run { hidden_around } => self.is_hidden = hidden_around,
            What::Table => self.script.end_table(),
            What::Row => self.script.end_row(),
            What::Cell => self.script.end_cell(),
            What::TextBox => self.script.end_text_box(),
            What::Alternatives { .. } => {}
            What::Choice { read_before } => {
                let was_read = self.read > read_before;
                if let Some(What::Alternatives { is_read }) = self.open.innermost_mut() {
                    *is_read |= was_read;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::{NAMESPACES, document, extracted, main_part, package, printed};

    #[test]
    fn wrappers_around_anything_are_looked_through() {
        let cell = "<w:sdt><w:sdtPr><w:t>no</w:t></w:sdtPr><w:sdtContent><w:tc><w:sdt><w:sdtContent><w:p><w:r><w:t>7</w:t></w:r></w:p></w:sdtContent></w:sdt></w:tc></w:sdtContent></w:sdt>";
        let row = format!("<w:sdt><w:sdtContent><w:customXml><w:tr>{cell}</w:tr></w:customXml></w:sdtContent></w:sdt>");
        let text = "<w:p><w:hyperlink><w:smartTag><w:ins><w:sdt><w:sdtContent><w:r><w:t>年</w:t></w:r></w:sdtContent></w:sdt></w:ins></w:smartTag></w:hyperlink></w:p>";
        let printed = printed(&format!("<w:tbl>{row}</w:tbl>{text}"));
        assert!(printed.contains("C1 |7|"), "{printed}");
        assert!(printed.contains("¶ |年|"), "{printed}");
    }

    #[test]
    fn elements_of_other_namespaces_are_not_taken_for_words() {
        let body = "<w:p><w:r><w:t>a</w:t><w:drawing><a:p><a:r><a:t>picture</a:t></a:r></a:p></w:drawing><x:t>x</x:t></w:r></w:p>";
        assert_eq!(printed(body), "docx\n¶ |a|  @ paragraph 1\n");
    }

    #[test]
    fn the_strict_namespace_and_any_prefix_are_read() {
        let part = r#"<document xmlns="http://purl.oclc.org/ooxml/wordprocessingml/main"><body><p><r><t>年报</t></r></p></body></document>"#;
        let document = extracted(&[("word/document.xml", part)]).unwrap();
        assert_eq!(document.blocks.len(), 1);
    }

    #[test]
    fn a_document_that_breaks_off_gives_what_stands_before() {
        let whole = main_part(
            "<w:p><w:r><w:t>一</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>二</w:t></w:r></w:p></w:tc><w:tc><w:p>",
        );
        let cut = whole.split("</w:body>").next().unwrap();
        let printed = nianbao_model::print(&extracted(&[("word/document.xml", cut)]).unwrap());
        assert!(printed.contains("|一|") && printed.contains("C1 |二|"), "{printed}");
        assert!(printed.contains("! part_unreadable"), "{printed}");
        let nothing = extracted(&[("word/document.xml", &format!("<w:document {NAMESPACES}><w:body>"))]);
        assert_eq!(nothing.unwrap_err().kind(), "corrupt");
    }

    #[test]
    fn a_package_of_something_else_has_no_word_document_in_it() {
        let error = extracted(&[("word/document.xml", "<workbook/>")]).unwrap_err();
        assert!(error.to_string().contains("no word document in it"), "{error}");
    }

    #[test]
    fn nothing_is_too_deep() {
        let depth = 50_000;
        let open = "<w:sdt><w:p>".repeat(depth);
        let close = "</w:p></w:sdt>".repeat(depth);
        let document = document(&format!("{open}<w:p><w:r><w:t>7</w:t></w:r></w:p>{close}"));
        assert_eq!(document.blocks.len(), depth + 1);
    }

    #[test]
    fn tables_in_one_another_are_read_to_a_depth_that_others_can_follow() {
        let open = "<w:tbl><w:tr><w:tc>".repeat(1000);
        let close = "</w:tc></w:tr></w:tbl>".repeat(1000);
        let document = document(&format!("{open}{close}"));
        assert_eq!(document.tables().count(), nianbao_story::MAX_NESTING);
        assert_eq!(document.warnings.len(), 1);
    }

    #[test]
    fn rows_and_cells_that_stand_nowhere_do_no_harm() {
        let cell = "<w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>";
        let printed = printed(&format!(
            "{cell}<w:tr>{cell}</w:tr><w:tbl>{cell}<w:tr><w:tr>{cell}</w:tr></w:tr></w:tbl><w:tbl/><w:p/>"
        ));
        assert_eq!(printed.matches("¶ |x|").count(), 3, "{printed}");
        assert!(printed.contains("1 x 1"), "{printed}");
    }

    #[test]
    fn parts_in_utf_16_are_read() {
        let text =
            format!("<?xml version='1.0' encoding='UTF-16'?>{}", main_part("<w:p><w:r><w:t>年报</w:t></w:r></w:p>"));
        let bytes: Vec<u8> = std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let document = crate::extract(&crate::tests::package_of_bytes(&[("word/document.xml", &bytes)])).unwrap();
        assert!(nianbao_model::print(&document).contains("|年报|"));
    }

    proptest::proptest! {
        #[test]
        fn no_soup_of_elements_panics(picks in proptest::collection::vec(0..SOUP.len(), 0..120)) {
            let soup: String = picks.into_iter().map(|pick| SOUP[pick]).collect();
            let _ = crate::extract(&package(&[("word/document.xml", &main_part(&soup))]));
        }
    }

    /// Pieces in any order: most orders are not well-formed, and many that are make no sense.
    const SOUP: [&str; 36] = [
        "<w:p>",
        "</w:p>",
        "<w:p/>",
        "<w:r>",
        "</w:r>",
        "<w:t>",
        "</w:t>",
        "年",
        "<w:tbl>",
        "</w:tbl>",
        "<w:tr>",
        "</w:tr>",
        "<w:tc>",
        "</w:tc>",
        "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>",
        "<w:rPr><w:vanish/></w:rPr>",
        "<w:trPr><w:del/></w:trPr>",
        "<w:tcPr><w:vMerge/></w:tcPr>",
        "<w:tcPr><w:gridSpan w:val='9'/><w:vMerge w:val='restart'/></w:tcPr>",
        "<w:tcPr><w:cellDel/></w:tcPr>",
        "<w:tcPr><w:hMerge/></w:tcPr>",
        "<w:trPr><w:gridBefore w:val='3'/></w:trPr>",
        "<w:txbxContent>",
        "</w:txbxContent>",
        "<mc:AlternateContent>",
        "</mc:AlternateContent>",
        "<mc:Choice Requires='wps'>",
        "</mc:Choice>",
        "<mc:Fallback>",
        "</mc:Fallback>",
        "<w:fldChar w:fldCharType='begin'/>",
        "<w:fldChar w:fldCharType='end'/>",
        "<w:br/>",
        "<w:del><w:r/></w:del>",
        "&amp;",
        "<w:altChunk/>",
    ];
}
