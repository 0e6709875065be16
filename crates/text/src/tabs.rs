//! A row a line, a TAB between cells; rows padded with empty fields, or not.
//!
//! A cell may hold line breaks: then the row goes on in the next line, which has the fields that this one lacks. A gap parts fragments: the
//! page was broken there, and the next fragment may be padded to another width.

use std::ops::Range;

use nianbao_model::Grid;

use crate::Region;
use crate::fragments::{self, Fragment, figures, look_like_table};
use crate::grammar::Grammar;
use crate::lines::Line;
use crate::shape::{has_first_mark, is_figure, is_prose, mark};
use crate::table::{RawCell, RawRow};

/// How many lines without a TAB may stand between two rows and be cells of the table.
const MAX_BRIDGE: usize = 4;

/// Over how many lines a row may go on. The longest header word has eight characters, one a line.
const MAX_ROW_LINES: usize = 40;

/// The tables and the text from `start` up to where the rows end.
pub(crate) fn read(lines: &[Line<'_>], grammars: &[Grammar], start: usize) -> (Vec<Region>, usize) {
    let mut group = Vec::new();
    let mut found = Vec::new();
    let mut at = start;
    while grammars.get(at) == Some(&Grammar::Tabs) {
        let end = end(lines, grammars, at);
        for piece in pieces(lines, at..end) {
            match piece {
                Piece::Heading(index) => {
                    found.extend(fragments::regions(std::mem::take(&mut group), look_like_table));
                    found.push(Region::Text(index..index + 1));
                }
                Piece::Rows(fragment) => group.push(fragment),
            }
        }
        at = end;
    }
    found.extend(fragments::regions(group, look_like_table));
    (found, at)
}

/// Where the fragment that begins at `start` ends: at a gap, or at text.
fn end(lines: &[Line<'_>], grammars: &[Grammar], start: usize) -> usize {
    let mut end = start + 1;
    let mut at = end;
    while let Some(line) = lines.get(at).filter(|line| line.is_close()) {
        match grammars.get(at) {
            Some(Grammar::Tabs) => end = at + 1,
            Some(Grammar::Plain) if at - end < MAX_BRIDGE && !is_prose(&line.text) => {}
            _ => break,
        }
        at += 1;
    }
    end
}

/// A part of a fragment.
enum Piece {
    Rows(Fragment),
    /// A line of text between two tables.
    Heading(usize),
}

fn pieces(lines: &[Line<'_>], range: Range<usize>) -> Vec<Piece> {
    let width = width(lines, range.clone());
    let mut pieces = Vec::new();
    let mut rows = Vec::new();
    let mut first = range.start;
    let mut at = range.start;
    while at < range.end {
        if is_heading(lines, at, range.end) {
            pieces.extend(fragment(std::mem::take(&mut rows), first..at));
            pieces.push(Piece::Heading(at));
            at += 1;
            first = at;
            continue;
        }
        let is_body = rows.last().is_some_and(|row| figures(row) > 0);
        let length = row_length(lines, at..range.end, width, is_body);
        rows.push(row(lines, at..at + length));
        at += length;
    }
    pieces.extend(fragment(rows, first..range.end));
    pieces
}

fn fragment(rows: Vec<RawRow>, lines: Range<usize>) -> Option<Piece> {
    (!rows.is_empty()).then_some(Piece::Rows(Fragment {
        lines,
        rows,
        grid: Grid::Lost,
        is_certain: false,
    }))
}

/// Whether the line is a heading between two tables: a numeral, no field, and a row of words below.
fn is_heading(lines: &[Line<'_>], at: usize, end: usize) -> bool {
    let is_bare = |index: usize| lines.get(index).is_some_and(|line| !line.text.contains('\t'));
    is_bare(at)
        && lines.get(at).is_some_and(|line| has_first_mark(&line.text))
        && (at + 1..end)
            .find(|&index| !is_bare(index))
            .is_none_or(|index| !has_figures(lines, index))
}

fn has_figures(lines: &[Line<'_>], index: usize) -> bool {
    lines
        .get(index)
        .is_some_and(|line| line.text.split('\t').any(is_figure))
}

/// How many fields the rows are padded to: what most rows have. `None` where rows differ, so that nothing can be told from it.
fn width(lines: &[Line<'_>], range: Range<usize>) -> Option<usize> {
    let widths: Vec<usize> = lines
        .get(range)?
        .iter()
        .map(|line| field_count(&line.text))
        .filter(|&width| width > 1)
        .collect();
    let widest = widths.iter().copied().max()?;
    let full = widths.iter().filter(|&&width| width == widest).count();
    (widest > 2 && full >= 2 && full * 2 >= widths.len()).then_some(widest)
}

fn field_count(text: &str) -> usize {
    text.matches('\t').count() + 1
}

/// How many lines the row takes that begins with the first of `range`; `is_body` says that the row above it holds figures.
fn row_length(lines: &[Line<'_>], range: Range<usize>, width: Option<usize>, is_body: bool) -> usize {
    let lines = lines.get(range).unwrap_or_default();
    let lines = lines.get(..MAX_ROW_LINES).unwrap_or(lines);
    quoted_length(lines)
        .or_else(|| broken_length(lines, width?, is_body))
        .unwrap_or(1)
}

/// The lines of a row with a quoted field that holds line breaks, as spreadsheets write it.
fn quoted_length(lines: &[Line<'_>]) -> Option<usize> {
    let mut is_open = false;
    for (index, line) in lines.iter().enumerate() {
        is_open = is_open_after(&line.text, is_open);
        if !is_open {
            return (index > 0).then_some(index + 1);
        }
    }
    None
}

/// Whether a quoted field is open at the end of the line.
fn is_open_after(text: &str, mut is_open: bool) -> bool {
    for field in text.split('\t') {
        let begins = is_open || field.starts_with('"');
        is_open = begins && (field.matches('"').count() % 2 == 1) != is_open;
    }
    is_open
}

/// The lines of a row whose cells are broken: together they have exactly the fields of a full row, and each break lies inside words.
fn broken_length(lines: &[Line<'_>], width: usize, is_body: bool) -> Option<usize> {
    let first = lines.first()?;
    let mut fields = field_count(&first.text);
    if fields >= width {
        return None;
    }
    for (index, pair) in lines.windows(2).enumerate() {
        let [above, below] = pair else { return None };
        fields += field_count(&below.text) - 1;
        if fields > width || !is_broken_between(&above.text, &below.text) {
            return None;
        }
        if fields == width {
            // A word between a row of figures and a full row of words is a row of its own, or a heading.
            let is_full = field_count(&below.text) == width;
            let has_figures = below.text.split('\t').any(is_figure);
            return (!is_full || has_figures || !is_body).then_some(index + 2);
        }
    }
    None
}

/// Whether a line can end and the next begin inside one cell.
fn is_broken_between(above: &str, below: &str) -> bool {
    let last = above.rsplit('\t').next().unwrap_or_default();
    let first = below.split('\t').next().unwrap_or_default();
    let is_word = |text: &str| !text.trim().is_empty() && !is_figure(text);
    is_word(last) && is_word(first) && mark(first).is_none()
}

/// The row of these lines.
fn row(lines: &[Line<'_>], range: Range<usize>) -> RawRow {
    let mut cells: RawRow = Vec::new();
    let lines = lines.get(range).unwrap_or_default();
    let is_quoted = quoted_length(lines) == Some(lines.len());
    for (index, line) in lines.iter().enumerate() {
        for (field, text) in line.text.split('\t').enumerate() {
            let column = cells.len();
            match cells.last_mut() {
                Some(last) if index > 0 && field == 0 => last.go_on(RawCell::new(text, line, column - 1)),
                _ => cells.push(RawCell::new(text, line, column)),
            }
        }
    }
    if is_quoted {
        cells.iter_mut().for_each(without_quotes);
    }
    cells
}

/// Takes away the quotes round a cell and halves those inside.
fn without_quotes(cell: &mut RawCell) {
    let text = cell.lines.join("\n");
    let Some(inner) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else {
        return;
    };
    cell.lines = inner
        .replace("\"\"", "\"")
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(str::to_owned)
        .collect();
}
