//! Text dumps to a [`Document`]: what a converter printed of a report, with its tables in whatever way it writes them.
//!
//! A line is a paragraph unless it belongs to a table. Whether it does is decided by the lines themselves, never by the file, so one
//! file may mix grammars; and by their shape, never by their words, so this crate knows no form. The grammars:
//!
//! * `cells`: a cell a line, a TAB in front of each, a blank line after each row (Apache Tika);
//! * `tabs`: a row a line, a TAB between cells;
//! * `pipes`: a row a line, pipes between cells, Markdown tables among them;
//! * `blanks`: a row a line, blanks between the figures, or none before them (`规章000`).
//!
//! ```
//! let document = nianbao_text::extract("规章\t0\t1\t2\n行政规范性文件\t3\t0\t3\n".as_bytes())?;
//! assert_eq!(document.tables().count(), 1);
//! # Ok::<(), nianbao_container::Error>(())
//! ```
//!
//! What it does not do: it joins nothing (a table cut by a page stays two, a cell's lines stay lines), splits no glued figures, and
//! reads no table written as HTML or with commas.

mod blanks;
mod cells;
mod fragments;
mod grammar;
mod lines;
mod pipes;
mod residue;
mod shape;
mod table;
mod tabs;
mod tail;

use std::ops::Range;

use nianbao_container::{Decoded, Error, decode};
use nianbao_model::{
    Block, Boundary, Document, Format, Grid, Origin, Paragraph, ParagraphRole, Warning, WarningKind,
};

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
    Err(Error::TooLarge {
        what,
        limit: limit as u64,
    })
}

/// How many fields the text could have at most.
fn possible_fields(text: &str) -> usize {
    let mut before = '\n';
    text.chars()
        .filter(|&c| {
            let ends = c == '\t' || grammar::is_pipe(c) || (before.is_whitespace() && !c.is_alphabetic());
            before = c;
            ends
        })
        .count()
}

fn undecodable(decoded: &Decoded) -> Option<Warning> {
    let encoding = decoded.encoding;
    decoded
        .lossy
        .then(|| Warning::new(WarningKind::Undecodable { encoding }, Vec::new()))
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
            document
                .blocks
                .push(Block::Table(table::table(rows, grid, above)?));
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
    let origin = Origin::Line {
        line: line.number,
        field: None,
    };
    let mut paragraph = Paragraph::new(table::text_lines(text).collect(), origin);
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
