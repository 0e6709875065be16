//! Text dumps to a [`Document`]: what a converter printed of a report, with its tables in whatever way it writes them.
//!
//! A line is a paragraph unless it belongs to a table. Whether it does is decided by the lines themselves, never by the file, so one
//! file may mix grammars; and by their shape, never by their words, so this crate knows no form. The grammars:
//!
//! * `cells`: a cell a line, a TAB in front of each, a blank line after each row (Apache Tika);
//! * `tabs`: a row a line, a TAB between cells;
//! * `pipes`: a row a line, pipes between cells, Markdown tables among them;
//! * `pipe_cells`: a cell a line, a pipe behind each (main-text extractors);
//! * `blanks`: a row a line, blanks between the figures, or none before them (`规章000`);
//! * `bare`: a cell a line, and nothing but the line break between cells.
//!
//! ```
//! let document = nianbao_text::extract("规章\t0\t1\t2\n行政规范性文件\t3\t0\t3\n".as_bytes())?;
//! assert_eq!(document.tables().count(), 1);
//! # Ok::<(), nianbao_container::Error>(())
//! ```
//!
//! What it does not do: it joins nothing (a table cut by a page stays two, a cell's lines stay lines), splits no glued figures, and
//! reads no table written as HTML or with commas.

mod bare;
mod blanks;
mod cells;
mod fragments;
mod grammar;
mod lines;
mod lump;
mod pipe_cells;
mod pipes;
mod repeats;
mod residue;
mod shape;
mod table;
mod tabs;
mod tail;

use std::ops::Range;

use nianbao_container::{Decoded, Error, decode};
use nianbao_model::{Block, Boundary, Document, Format, Grid, Origin, Paragraph, ParagraphRole, Warning, WarningKind};

use grammar::Grammar;
use lines::Line;
use residue::Dropped;
use table::RawRow;

/// How many bytes a text may have: 64 MiB, ten thousand times an ordinary report.
pub const MAX_BYTES: usize = 64 << 20;

/// How many places where a field could end (TABs, pipes, blanks before figures) a text may have: 2 Mi, seven thousand times a report.
/// It keeps memory below some 500 MB whatever the bytes are.
pub const MAX_FIELDS: usize = 1 << 21;

/// A part of the text: lines that are paragraphs, or the rows of a table.
#[derive(Debug)]
pub(crate) enum Region {
    Text(Range<usize>),
    Table(Vec<RawRow>, Grid),
}

/// Reads a text dump in whatever encoding it is.
///
/// Every text yields a document, an empty one too. Line numbers in its origins count from 0.
///
/// # Errors
/// [`Error::TooLarge`]: more than [`MAX_BYTES`], more than [`MAX_FIELDS`], more than 2 Mi lines, or a table past what the model holds.
pub fn extract(bytes: &[u8]) -> Result<Document, Error> {
    within("bytes of text", bytes.len(), MAX_BYTES)?;
    let decoded = decode(bytes);
    within("fields", possible_fields(&decoded.text), MAX_FIELDS)?;
    let mut document = Document::new(Format::Text);
    document.warnings.extend(undecodable(&decoded));
    let mut dropped = Dropped::default();
    let lines = lines::lines(&decoded.text, &mut dropped)?;
    document.warnings.extend(dropped.into_warnings());
    for region in regions(&lines) {
        put(&mut document, &lines, region)?;
    }
    Ok(document)
}

const fn within(what: &'static str, count: usize, limit: usize) -> Result<(), Error> {
    if count <= limit {
        return Ok(());
    }
    Err(Error::TooLarge { what, limit: limit as u64 })
}

/// How many fields the text could have at most, not counting the first of each line.
fn possible_fields(text: &str) -> usize {
    let mut after_blank = false;
    text.chars()
        .filter(|&c| {
            let begins = after_blank && !c.is_alphabetic() && !c.is_whitespace();
            after_blank = c.is_whitespace() && !matches!(c, '\n' | '\r');
            begins || c == '\t' || grammar::is_pipe(c)
        })
        .count()
}

fn undecodable(decoded: &Decoded) -> Option<Warning> {
    let encoding = decoded.encoding;
    decoded.lossy.then(|| Warning::new(WarningKind::Undecodable { encoding }, Vec::new()))
}

/// The regions of the text, top to bottom. Each grammar takes as many lines as it judges, so no line is looked at twice.
fn regions(lines: &[Line<'_>]) -> Vec<Region> {
    let grammars = grammar::grammars(lines);
    let mut regions = Vec::new();
    let mut start = 0;
    while let Some(grammar) = grammars.get(start) {
        let read = match grammar {
            Grammar::Cells => cells::read,
            Grammar::Tabs => tabs::read,
            Grammar::Pipes => pipes::read,
            Grammar::Plain => blanks::read,
        };
        let (found, end) = read(lines, &grammars, start);
        regions.extend(found);
        start = end.max(start + 1);
    }
    regions
}

/// Puts a region at the end of the document.
fn put(document: &mut Document, lines: &[Line<'_>], region: Region) -> Result<(), Error> {
    match region {
        Region::Text(range) => {
            let paragraphs = lines.get(range).unwrap_or_default().iter().filter_map(paragraph);
            document.blocks.extend(paragraphs.map(Block::Paragraph));
        }
        Region::Table(rows, grid) => {
            let above = match document.blocks.last() {
                // Nothing but a gap stands between: it may be one table that a page broke.
                Some(Block::Table(_)) => Boundary::PageBreak,
                _ => Boundary::Inferred,
            };
            document.blocks.push(Block::Table(table::table(rows, grid, above)?));
        }
    }
    Ok(())
}

/// The paragraph of a line; none for a line of TABs. A heading of Markdown (`## 一、`) is said by its role.
fn paragraph(line: &Line<'_>) -> Option<Paragraph> {
    let (role, text) = heading(&line.text).unwrap_or((ParagraphRole::Body, &line.text));
    if text.trim().is_empty() {
        return None;
    }
    let origin = Origin::Line { line: line.number, field: None };
    let mut paragraph = Paragraph::new(table::text_lines(text).map(Into::into).collect(), origin);
    paragraph.role = role;
    Some(paragraph)
}

fn heading(text: &str) -> Option<(ParagraphRole, &str)> {
    let marked = text.trim_start_matches(' ');
    let rest = marked.trim_start_matches('#');
    let level = u8::try_from(marked.len() - rest.len()).ok()?;
    let title = rest.strip_prefix(' ')?.trim_start_matches(' ');
    ((1..=6).contains(&level)).then_some((ParagraphRole::Heading(level), title))
}

/// What the tests of every grammar show a document with.
#[cfg(test)]
mod testing {
    use super::*;

    /// The document, a paragraph or a row a line: `¶text`, `▦` above a table, `a|b` for its rows; a line break in a cell is `⏎`.
    pub(crate) fn shown(text: &str) -> Vec<String> {
        let document = extract(text.as_bytes()).unwrap();
        document.blocks.iter().flat_map(shown_block).collect()
    }

    fn shown_block(block: &Block) -> Vec<String> {
        match block {
            Block::Paragraph(paragraph) => vec![format!("¶{}", paragraph.lines.join("⏎"))],
            Block::Table(table) => {
                let head = match table.rows()[0].above {
                    Boundary::PageBreak => "▦ page break",
                    _ => "▦",
                };
                let rows = (0..table.rows().len()).map(|row| {
                    let cells = table.cells_from(row).iter().map(|cell| cell.lines.join("⏎"));
                    cells.collect::<Vec<_>>().join("|")
                });
                std::iter::once(head.to_owned()).chain(rows).collect()
            }
        }
    }

    pub(crate) fn grids(text: &str) -> Vec<Grid> {
        extract(text.as_bytes()).unwrap().tables().map(|table| table.grid).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::testing::shown;
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    const MIXED: &str = "标题\n\n一、概述\n本年度无事。\n二、公开\n\t规章\n\t0\n\t1\n\n\t文件\n\t2\n\t3\n\n\n三、申请\n新收\t1\t2\n结转\t3\t4\n\n四、复议\n| 维持 | 1 |\n| 纠正 | 2 |\n五、收费\n收费 5 6\n罚没 7 8\n六、其他\n无。\n";

    #[test]
    fn one_file_may_mix_all_grammars() {
        let wanted = [
            "¶标题",
            "¶一、概述",
            "¶本年度无事。",
            "¶二、公开",
            "▦",
            "规章|0|1",
            "文件|2|3",
            "¶三、申请",
            "▦",
            "新收|1|2",
            "结转|3|4",
            "¶四、复议",
            "▦",
            "维持|1",
            "纠正|2",
            "¶五、收费",
            "▦",
            "收费|5|6",
            "罚没|7|8",
            "¶六、其他",
            "¶无。",
        ];
        assert_eq!(shown(MIXED), wanted);
    }

    #[test]
    fn line_breaks_and_encodings_make_no_difference() {
        let wanted = shown(MIXED);
        for ending in ["\r\n", "\r", "\r\r\n"] {
            assert_eq!(shown(&MIXED.replace('\n', ending)), wanted, "{ending:?}");
        }
        assert_eq!(shown(&format!("\u{FEFF}{MIXED}")), wanted);
        let wide: Vec<u8> = MIXED.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let document = extract(&wide).unwrap();
        assert_eq!(document.tables().count(), 4);
        assert!(document.warnings.is_empty());
    }

    #[test]
    fn bytes_that_are_no_text_are_warned_of() {
        let mut bytes = MIXED.as_bytes().to_vec();
        bytes.push(0xFF);
        let document = extract(&bytes).unwrap();
        assert_eq!(document.warnings[0].kind, WarningKind::Undecodable { encoding: "UTF-8" });
    }

    #[test]
    fn the_place_of_a_cell_is_its_line_and_field() {
        let document = extract("a\n新收\t1\n结转\t2\n".as_bytes()).unwrap();
        let table = document.tables().next().unwrap();
        let origin = &table.get(1, 1).unwrap().origins[0];
        assert_eq!(origin.to_string(), "line 3 field 2");
    }

    #[test]
    fn a_heading_of_markdown_is_a_heading() {
        let document = extract("# 年报\n## 一、概述\n#话题\n".as_bytes()).unwrap();
        let roles: Vec<_> = document
            .blocks
            .iter()
            .map(|block| match block {
                Block::Paragraph(paragraph) => (paragraph.role, paragraph.text()),
                Block::Table(_) => unreachable!(),
            })
            .collect();
        let wanted = [
            (ParagraphRole::Heading(1), "年报".to_owned()),
            (ParagraphRole::Heading(2), "一、概述".to_owned()),
            (ParagraphRole::Body, "#话题".to_owned()),
        ];
        assert_eq!(roles, wanted);
    }

    #[test]
    fn an_empty_file_is_an_empty_document() {
        assert!(extract(b"").unwrap().blocks.is_empty());
        assert!(extract(b" \n\t\n\x0C").unwrap().blocks.is_empty());
    }

    #[test]
    fn limits_are_errors() {
        let too_large = |bytes: &[u8]| matches!(extract(bytes), Err(Error::TooLarge { .. }));
        assert!(too_large(&vec![b'a'; MAX_BYTES + 1]));
        assert!(too_large(&vec![b'\t'; MAX_FIELDS + 1]));
        assert!(too_large("a\n".repeat(lines::MAX_LINES + 1).as_bytes()));
    }

    /// Every line of the text that holds more than blanks, counted from 0.
    fn filled_lines(text: &str) -> BTreeSet<u32> {
        (0..).zip(text.split('\n')).filter(|(_, line)| !line.trim().is_empty()).map(|(number, _)| number).collect()
    }

    fn cited_lines(document: &Document) -> BTreeSet<u32> {
        let of_blocks = document.blocks.iter().flat_map(|block| match block {
            Block::Paragraph(paragraph) => paragraph.origins.clone(),
            Block::Table(table) => table.cells().iter().flat_map(|cell| cell.origins.clone()).collect(),
        });
        let dropped = document.warnings.iter().flat_map(|warning| warning.at.clone());
        of_blocks
            .chain(dropped)
            .map(|origin| match origin {
                Origin::Line { line, .. } => line,
                _ => unreachable!(),
            })
            .collect()
    }

    /// Whether a cell stands over several columns: it was printed once for each of them, and its text stands here once.
    fn is_merged(text: &str) -> bool {
        let document = extract(text.as_bytes()).unwrap();
        document.tables().any(|table| table.cells().iter().any(|cell| cell.area().columns.length() > 1))
    }

    /// Whether the characters of `part` stand in `whole` in the same order.
    fn stands_in(part: &str, whole: &str) -> bool {
        let mut whole = whole.chars();
        part.chars().all(|c| whole.any(|other| other == c))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn no_bytes_make_it_fail(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            prop_assert!(extract(&bytes).is_ok());
        }

        #[test]
        fn no_line_is_lost(text in "([\t| \n\u{3000}]{0,2}([0-9/\"-]|规章|一、|（一）|1\\.|商业|。|自然人 总计|[|]---|- 3 -|[*]{2})){0,60}") {
            let document = extract(text.as_bytes()).unwrap();
            let cited = cited_lines(&document);
            for line in filled_lines(&text) {
                let is_rule = text.split('\n').nth(line as usize).unwrap().contains(['-', '|']);
                prop_assert!(is_rule || cited.contains(&line), "line {} of {:?}", line, text);
            }
        }

        #[test]
        fn no_digit_is_lost_or_made(text in "([\t \n]{0,2}([0-9]{1,3}|规章|一、|（一）|商业|。|新收 1 2|许可\t3)){0,60}") {
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            let read: String = shown(&text).concat();
            if is_merged(&text) {
                prop_assert!(stands_in(&digits(&read), &digits(&text)));
            } else {
                prop_assert_eq!(digits(&read), digits(&text));
            }
        }
    }
}
