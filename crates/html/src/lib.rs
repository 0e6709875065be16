//! Web pages to a [`Document`]: HTML and XHTML in any of the encodings of Chinese sites, single file web pages (MHTML), and what Word
//! and Excel save as a web page, whatever its name.
//!
//! ```
//! let page = "<meta charset=utf-8><title>年报</title><table><tr><td>规章<td>1<tr><td>行政规范性文件<td>2</table>";
//! let document = nianbao_html::extract(page.as_bytes())?;
//! assert_eq!(document.tables().next().and_then(|table| table.get(1, 1)).map(|cell| cell.text()).as_deref(), Some("2"));
//! # Ok::<(), nianbao_container::Error>(())
//! ```
//!
//! The way: bytes → text (`charset`) → tree (`parse`) → what each part of the page is (`survey`) → blocks (`walk`).
//!
//! What it does not do: it runs no script and reads no style sheet, so text that a script writes is not there, and text that a style
//! sheet hides is read; pictures have no text; frames that are not in the file, and `iframe`, are left out.

mod arrange;
mod charset;
mod facts;
mod flow;
mod furniture;
mod list;
mod mime;
mod notices;
mod parse;
mod style;
mod survey;
mod table;
mod tag;
mod text;
mod tree;
mod walk;

use nianbao_container::Error;
use nianbao_model::{Block, Document, Format, Part, Warning, WarningKind};

use crate::tag::Attribute;

/// Larger pages are no pages. A sheet of 100,000 rows saved by Excel has 60 MB.
const MAX_BYTES: usize = 128 << 20;

/// How many frames of one page are read. A workbook has a frame for each sheet.
const MAX_FRAMES: usize = 256;

/// Reads a web page, or a single file web page.
///
/// # Errors
/// A file past the limit, or an MHTML file without a page in it.
pub fn extract(bytes: &[u8]) -> Result<Document, Error> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::TooLarge { what: "bytes of a web page", limit: MAX_BYTES as u64 });
    }
    if mime::is_mhtml(bytes) { mhtml(bytes) } else { Ok(html(bytes)) }
}

/// Whether a file is a single file web page: it begins with headers that say it has parts, or is a page.
pub fn is_single_file(bytes: &[u8]) -> bool {
    mime::is_mhtml(bytes)
}

fn html(bytes: &[u8]) -> Document {
    let page = read(bytes, None, Part::Body);
    let mut document = Document::new(Format::Html);
    let frames = page.frames.clone();
    page.add_to(&mut document);
    for source in frames {
        document.warnings.push(unreadable(&source, "it is not in this file"));
    }
    document
}

fn mhtml(bytes: &[u8]) -> Result<Document, Error> {
    let parts = mime::parts(bytes);
    let is_page = |part: &mime::Part| matches!(part.kind.as_str(), "text/html" | "application/xhtml+xml");
    let root = parts.iter().position(is_page).ok_or_else(|| Error::corrupt("no page in it"))?;
    let mut pages: Vec<Option<&mime::Part>> =
        parts.iter().skip(root).map(|part| Some(part).filter(|part| is_page(part))).collect();
    let mut document = Document::new(Format::Mhtml);
    // Each part is read once, however many frames show it.
    let mut page_of = |index: usize, part: Part| {
        let page = pages.get_mut(index)?.take()?;
        Some(read(&page.content, page.charset.as_deref(), part))
    };
    let Some(page) = page_of(0, Part::Body) else { return Ok(document) };
    let frames = page.frames.clone();
    page.add_to(&mut document);
    // The strip of tabs under the sheets of a workbook holds nothing but their names.
    let frames = frames.into_iter().filter(|source| !source.ends_with("tabstrip.htm"));
    for (index, source) in frames.take(MAX_FRAMES).enumerate() {
        let number = u16::try_from(index).unwrap_or(u16::MAX);
        let at = parts.iter().skip(root).position(|part| is_page(part) && is_at(&part.location, &source));
        match at.map(|at| page_of(at, Part::Chunk(number))) {
            Some(page) => page.into_iter().for_each(|page| page.add_to(&mut document)),
            None => document.warnings.push(unreadable(&source, "it is not in this file")),
        }
    }
    Ok(document)
}

/// Whether a frame's source is the part at `location`, of which it may give the end only.
fn is_at(location: &str, source: &str) -> bool {
    let source = source.trim_start_matches("./");
    !source.is_empty()
        && location.strip_suffix(source).is_some_and(|rest| rest.is_empty() || rest.ends_with(['/', '\\', ':']))
}

fn unreadable(source: &str, reason: &str) -> Warning {
    let source: String = source.chars().take(200).collect();
    Warning::new(WarningKind::PartUnreadable { part: format!("frame {source}"), reason: reason.to_owned() }, Vec::new())
}

/// What one page holds.
struct Page {
    blocks: Vec<Block>,
    facts: Vec<nianbao_model::Fact>,
    warnings: Vec<Warning>,
    /// The sources of its frames.
    frames: Vec<String>,
}

impl Page {
    fn add_to(self, document: &mut Document) {
        let moved_by = document.blocks.len();
        document.blocks.extend(self.blocks.into_iter().map(|mut block| {
            if let Block::Table(table) = &mut block
                && let Some(nesting) = &mut table.nested_in
            {
                nesting.block += moved_by;
            }
            block
        }));
        document.facts.extend(self.facts);
        document.warnings.extend(self.warnings);
    }
}

/// Reads the page of one part; `charset` is what a header outside it declares.
fn read(bytes: &[u8], charset: Option<&str>, part: Part) -> Page {
    let decoded = charset::decoded(bytes, charset);
    let is_xml = decoded.text.trim_start().starts_with("<?xml");
    let parse::Page { mut tree, mut warnings } = parse::parse(&decoded.text, is_xml);
    arrange::arrange(&mut tree);
    let survey = survey::survey(&tree);
    let (blocks, found) = walk::read(&tree, &survey, part);
    if decoded.lossy {
        warnings.insert(0, Warning::new(WarningKind::Undecodable { encoding: decoded.encoding }, Vec::new()));
    }
    warnings.extend(found);
    let source = |&id| Some(tree.element(id)?.attribute(Attribute::Src)?.trim().to_owned());
    let frames = survey.frames.iter().filter_map(source).collect();
    Page { blocks, facts: facts::facts(&tree, &survey), warnings, frames }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nianbao_model::print;
    use proptest::prelude::*;

    /// The document of a page, as plain text.
    pub(crate) fn printed(html: &str) -> String {
        print(&extract(html.as_bytes()).unwrap())
    }

    /// The paragraphs of a page, their lines parted by `/`.
    pub(crate) fn lines(html: &str) -> Vec<String> {
        let document = extract(html.as_bytes()).unwrap();
        let text = |block: &Block| match block {
            Block::Paragraph(paragraph) => Some(paragraph.lines.join("/")),
            Block::Table(_) => None,
        };
        document.blocks.iter().filter_map(text).collect()
    }

    /// The cells of the first table: `R1C1 2x1 text`.
    pub(crate) fn cells(html: &str) -> Vec<String> {
        let document = extract(html.as_bytes()).unwrap();
        let cell = |cell: &nianbao_model::Cell| {
            let (row, column) = cell.area().corner();
            let (rows, columns) = (cell.area().rows.length(), cell.area().columns.length());
            format!("R{}C{} {rows}x{columns} {}", row + 1, column + 1, cell.lines.join("/"))
        };
        document.tables().next().unwrap().cells().iter().map(cell).collect()
    }

    #[test]
    fn frames_of_a_single_file_are_read_in_their_places() {
        let file = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n\
            <frameset><frame src='b/1.htm'><frame src='b/2.htm'></frameset>\n--x\nContent-Type: text/html\n\
            Content-Location: file:///a/b/1.htm\n\n<table><tr><td>规章<td>1<tr><td>文件<td>2</table>\n--x--\n";
        let printed = print(&extract(file.as_bytes()).unwrap());
        assert!(printed.starts_with("mhtml\n▦ block 0") && printed.contains("@ chunk 1 table 1 R1C1"), "{printed}");
        assert!(printed.contains("left out frame b/2.htm: it is not in this file"), "{printed}");
    }

    #[test]
    fn a_single_file_without_a_page_is_corrupt() {
        let error = extract(b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\nnothing").unwrap_err();
        assert_eq!(error.kind(), "corrupt");
    }

    #[test]
    fn facts_come_from_the_head() {
        let html = "<title>年报_甲市门户</title><meta name=PubDate content='2024-01-15 10:00'><meta property='og:title' content='年报'>";
        let printed = printed(html);
        assert!(printed.contains("= date |2024-01-15 10:00|  @ property PubDate"), "{printed}");
        assert!(printed.contains("= title |年报|  @ property og:title"), "{printed}");
        assert!(printed.contains("= title |甲市门户|  @ property title"), "{printed}");
    }

    #[test]
    fn lines_of_excel_and_word_that_only_browsers_of_old_see() {
        let word = "<p class=MsoListParagraph><![if !supportLists]><span style='mso-list:Ignore'>一、<span>&nbsp; </span></span><![endif]>总体情况<o:p></o:p></p>\
            <!--[if gte vml 1]><p>图</p><![endif]--><![if !vml]><img src=a.png><![endif]>";
        assert_eq!(lines(word), ["一、\u{A0} 总体情况"]);
    }

    proptest! {
        #[test]
        fn no_markup_makes_it_fail(parts in proptest::collection::vec(prop::sample::select(vec![
            "<table>", "</table>", "<tr>", "</tr>", "<td>", "<td rowspan=0>", "<td rowspan=3 colspan=2>", "</td>", "<th>", "<tbody>", "</tbody>",
            "<thead>", "<tfoot>", "<caption>", "<p>", "</p>", "<div class=nav>", "</div>", "<ol reversed>", "<li>", "</ol>", "<a>", "</a>", "<b>", "</b>",
            "<br>", "<sup>1</sup>", "<select>", "<option>", "<template>", "</template>", "<svg>", "<math>", "</svg>", "<frameset>", "<tr hidden>", "<pre>",
            "37", "规章。", " ", "\n", "&nbsp;", "<!--", "-->", "<del>", "</del>", "<h1>", "</h1>", "<form>", "<input value=3>", "<noscript>", "<script>", "</script>",
        ]), 0..60)) {
            let text = parts.concat();
            let document = extract(text.as_bytes()).unwrap();
            for (index, block) in document.blocks.iter().enumerate() {
                if let Block::Table(table) = block
                    && let Some(nesting) = table.nested_in
                {
                    prop_assert!(nesting.block < index);
                    let Some(Block::Table(outer)) = document.blocks.get(nesting.block) else { panic!("{text}") };
                    let cell = outer.get(nesting.row, nesting.column);
                    prop_assert!(cell.is_some_and(|cell| nesting.line <= cell.lines.len()), "{text}");
                }
            }
            let _ = extract(format!("<?xml version='1.0'?>{text}").as_bytes());
        }

        #[test]
        fn no_bytes_make_it_fail(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = extract(&bytes);
        }
    }
}
