//! Cells of several rows in one lump: where one row ends and the next begins was not written down, so the cells must tell. A text behind a
//! figure begins a row; many texts in front of a row's figures are a header above it.

use crate::shape::{is_amount, is_figure, mark};
use crate::table::{RawCell, RawRow};

/// How many levels the labels of a row have at most.
const LEVELS: usize = 3;

/// So many figures in a row and no label: the columns themselves are the subject.
const MANY_FIGURES: usize = 8;

/// Whether the cells are more than two rows.
pub(crate) fn is_several(cells: &[RawCell]) -> bool {
    starts(cells).len() >= 3
}

/// Whether the first row has a header above it.
pub(crate) fn begins_with_header(cells: &[RawCell]) -> bool {
    header_length(cells) > 0
}

/// The rows of a lump of cells, and the headers above them.
pub(crate) fn rows(mut cells: RawRow) -> Vec<RawRow> {
    let mut rows: Vec<RawRow> = Vec::new();
    for &at in starts(&cells).iter().rev() {
        split_header(cells.split_off(at), &mut rows);
    }
    split_header(cells, &mut rows);
    rows.reverse();
    rows
}

/// Puts the row under its header, both in front of what was found below them (`rows` runs upwards).
fn split_header(mut cells: RawRow, rows: &mut Vec<RawRow>) {
    let length = header_length(&cells);
    let below = cells.split_off(length);
    rows.push(below);
    if !cells.is_empty() {
        rows.push(cells);
    }
}

/// How many cells in front of the first figure are a header: none where they are few enough for the levels of a label, which has three at most. Else
/// all but the label, or all where even they outnumber many figures, for then the row has none.
fn header_length(cells: &[RawCell]) -> usize {
    let first_figure = cells.iter().position(is_value).unwrap_or(0);
    let texts: Vec<usize> =
        (0..first_figure).filter(|&index| cells.get(index).is_some_and(|cell| !cell.is_blank())).collect();
    let figures = cells.iter().filter(|cell| is_value(cell)).count();
    let has_label =
        texts.last().and_then(|&last| cells.get(last)).is_some_and(|cell| mark(cell.first_line()).is_some());
    match texts.last() {
        Some(_) if texts.len() <= LEVELS => 0,
        Some(_) if figures >= MANY_FIGURES && texts.len() > figures && !has_label => first_figure,
        Some(&last) => last,
        None => 0,
    }
}

/// Whether the cell holds a figure, alone or with a unit or a note.
pub(crate) fn is_value(cell: &RawCell) -> bool {
    match cell.lines.as_slice() {
        [only] => is_figure(only) || is_amount(only),
        [first, note] => is_figure(first) && note.starts_with(['（', '(']),
        _ => false,
    }
}

/// Where a text follows a figure, blank cells between them counted to the text; and where it follows so many blank cells that they must be
/// a row's figures.
fn starts(cells: &[RawCell]) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut after_figure = None;
    let (mut blanks, mut in_rows) = (0, false);
    for (index, cell) in cells.iter().enumerate() {
        if is_value(cell) {
            after_figure = Some(index + 1);
            in_rows = true;
        } else if cell.is_blank() {
            blanks += 1;
            continue;
        } else if let Some(at) = after_figure.take() {
            starts.push(at);
        } else if in_rows && blanks > LEVELS {
            starts.push(index);
        }
        blanks = 0;
    }
    starts
}

#[cfg(test)]
mod tests {
    use crate::testing::shown;

    #[test]
    fn a_row_of_blank_figures_ends_where_a_text_follows() {
        let text = "内容\n制发\n废止\n现行\n规章\n1\n2\n3\n文件\n\n\n\n\n许可\n4\n5\n6\n";
        let wanted = ["▦", "内容|制发|废止|现行", "规章|1|2|3", "文件||||", "许可|4|5|6"];
        assert_eq!(shown(text), wanted);
    }
}
