//! What stands beside the running text: text boxes, alternatives to choose from, embedded documents.

use nianbao_model::Part;
use nianbao_story::check;

use super::{Body, What};
use crate::chunk;
use crate::xml::{self, Stop, Tag};

/// How many text boxes may stand in one another. Word allows none at all.
const MAX_TEXT_BOXES: usize = 16;

/// How many documents may be embedded.
const MAX_CHUNKS: u16 = 1000;

impl Body<'_, '_, '_> {
    pub(super) fn begin_text_box(&mut self, tag: &Tag<'_>, is_empty: bool) -> Result<(), Stop> {
        self.read += 1;
        if is_empty {
            return Ok(());
        }
        if !self.is_shown() {
            return Ok(self.xml.skip(tag)?);
        }
        if self.script.flow.text_boxes() == MAX_TEXT_BOXES {
            self.script.unreadable("a text box", "it stands too deep in others");
            return Ok(self.xml.skip(tag)?);
        }
        self.script.begin_text_box();
        self.push_open(What::TextBox, is_empty);
        Ok(())
    }

    /// Ornamental lettering: its text is an attribute. Titles over official documents are made so.
    pub(super) fn word_art(&mut self, tag: &Tag<'_>) {
        let text = xml::attribute(tag, "string").unwrap_or_default();
        if !text.trim().is_empty() {
            self.read += 1;
            self.push_text(&text.replace(['\n', '\r'], " "));
        }
    }

    /// One branch of `mc:AlternateContent` is read (ECMA-376 Part 3, 9.3): the first that we know how to read and that holds anything,
    /// else the fallback. Reading more than one would double every text box.
    pub(super) fn begin_branch(&mut self, local: &[u8], tag: &Tag<'_>, is_empty: bool) -> Result<(), Stop> {
        let is_read = match (local, self.innermost()) {
            (b"AlternateContent", _) => {
                self.push_open(What::Alternatives { is_read: false }, is_empty);
                return Ok(());
            }
            (b"Choice" | b"Fallback", Some(What::Alternatives { is_read })) if !is_empty => is_read,
            _ => return Ok(()),
        };
        let requires = xml::attribute(tag, "Requires").unwrap_or_default();
        if is_read || !xml::all_known(&self.xml, &requires) {
            return Ok(self.xml.skip(tag)?);
        }
        let read_before = self.read;
        self.push_open(What::Choice { read_before }, is_empty);
        Ok(())
    }

    pub(super) fn chunk(&mut self, tag: &Tag<'_>) -> Result<(), Stop> {
        let index = self.next_chunk;
        self.next_chunk = index.saturating_add(1);
        if index >= MAX_CHUNKS {
            self.script.unreadable("an embedded document", "there are too many");
            return Ok(());
        }
        if self.script.part() != Part::Body {
            self.script.unreadable("an embedded document", "it stands in another one");
            return Ok(());
        }
        if !self.script.flow.in_story() {
            self.script.unreadable("an embedded document", "it stands in a cell or text box");
            return Ok(());
        }
        let id = xml::attribute(tag, "id").unwrap_or_default();
        match chunk::read(self.parts, &id, Part::Chunk(index)) {
            Ok((blocks, warnings)) => {
                check(self.script.flow.count() + blocks.len(), "paragraphs")?;
                self.script.flow.append(blocks);
                self.script.notices.others.extend(warnings);
            }
            Err(reason) => self.script.unreadable("an embedded document", &reason),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::{main_part, package, package_of_bytes, printed};

    fn run(text: &str) -> String {
        format!("<w:r><w:t>{text}</w:t></w:r>")
    }

    fn text_box(content: &str) -> String {
        let modern = format!("<w:drawing><wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx></w:drawing>");
        let old = format!("<w:pict><v:textbox><w:txbxContent>{content}</w:txbxContent></v:textbox></w:pict>");
        format!(
            "<w:r><mc:AlternateContent><mc:Choice Requires='wps'>{modern}</mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
        )
    }

    fn paragraphs(body: &str) -> Vec<String> {
        let printed = printed(body);
        let texts = printed.lines().filter_map(|line| line.strip_prefix("¶ |")?.split('|').next().map(str::to_owned));
        texts.collect()
    }

    #[test]
    fn a_text_box_is_read_once_and_before_the_text_that_follows_its_anchor() {
        let title = text_box(&format!("<w:p>{}</w:p>", run("年度报告")));
        assert_eq!(paragraphs(&format!("<w:p>{title}{}</w:p>", run("text"))), ["年度报告", "text"]);
        assert_eq!(paragraphs(&format!("<w:p>{}{title}</w:p>", run("text"))), ["text", "年度报告"]);
        assert_eq!(paragraphs(&format!("<w:p>{title}</w:p>")), ["年度报告", ""]);
    }

    #[test]
    fn a_text_box_in_a_cell_is_lines_of_the_cell() {
        let note = text_box(&format!("<w:p>{}</w:p>", run("注")));
        let body = |content: &str| format!("<w:tbl><w:tr><w:tc><w:p>{content}</w:p></w:tc></w:tr></w:tbl>");
        assert!(printed(&body(&(note.clone() + &run("7")))).contains("C1 |注⏎7|"));
        assert!(printed(&body(&(run("7") + &note))).contains("C1 |7⏎注|"));
    }

    #[test]
    fn a_table_in_a_text_box_is_a_table() {
        let table = format!("<w:tbl><w:tr><w:tc><w:p>{}</w:p></w:tc></w:tr></w:tbl><w:p/>", run("7"));
        let printed = printed(&format!("<w:p>{}</w:p>", text_box(&table)));
        assert!(printed.contains("▦ block 0: 1 x 1, grid stated\n"), "{printed}");
        assert_eq!(printed.matches("|7|").count(), 1, "{printed}");
    }

    #[test]
    fn the_fallback_is_read_where_no_choice_can_be() {
        let alternatives = |requires: &str, choice: &str| {
            format!(
                "<w:p><mc:AlternateContent><mc:Choice Requires='{requires}'>{choice}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent></w:p>",
                run("fallback")
            )
        };
        assert_eq!(paragraphs(&alternatives("x", &run("choice"))), ["fallback"]);
        assert_eq!(paragraphs(&alternatives("unbound", &run("choice"))), ["fallback"]);
        assert_eq!(paragraphs(&alternatives("wps", "<w:r><w:drawing/></w:r>")), ["fallback"]);
        assert_eq!(paragraphs(&alternatives("wps", &run("choice"))), ["choice"]);
    }

    #[test]
    fn ornamental_lettering_is_text() {
        assert_eq!(
            paragraphs("<w:p><w:r><w:pict><v:shape><v:textpath string='年度报告'/></v:shape></w:pict></w:r></w:p>"),
            ["年度报告"]
        );
    }

    #[test]
    fn embedded_documents_are_read_where_they_stand() {
        let relationships = r#"<Relationships><Relationship Id="a" Type="x/aFChunk" Target="a.txt"/><Relationship Id="b" Type="x/aFChunk" Target="b.docx"/>
            <Relationship Id="c" Type="x/aFChunk" Target="c.htm"/></Relationships>"#;
        let inner_table = "<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc><w:p><w:r><w:t>in</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>";
        let inner = package(&[("word/document.xml", &main_part(inner_table))]);
        let body = "<w:p><w:r><w:t>before</w:t></w:r></w:p><w:altChunk r:id='a' xmlns:r='urn:r'/><w:altChunk r:id='b' xmlns:r='urn:r'/><w:altChunk r:id='c' xmlns:r='urn:r'/><w:altChunk/>";
        let bytes = package_of_bytes(&[
            ("word/document.xml", main_part(body).as_bytes()),
            ("word/_rels/document.xml.rels", relationships.as_bytes()),
            ("word/a.txt", "一\n二".as_bytes()),
            ("word/b.docx", &inner),
            ("word/c.htm", b"<p>"),
        ]);
        let printed = nianbao_model::print(&crate::extract(&bytes).unwrap());
        assert!(printed.contains("¶ |二|  @ chunk 1 paragraph 2"), "{printed}");
        assert!(printed.contains("block 4: 1 x 1, grid stated, inside block 3 R1C1"), "{printed}");
        assert!(printed.contains("@ chunk 2 table 2 R1C1"), "{printed}");
        assert_eq!(printed.matches("! part_unreadable").count(), 2, "{printed}");
    }
}
