//! Gaps between words to columns.
//!
//! A line falls into pieces at its wide gaps. Pieces of many lines that stand over one another are a column. A piece that reaches over
//! two columns says that they are one, unless many more lines say that they are two: then it is a cell over both.

use std::ops::Range;

use crate::rows::is_value;
use crate::settings::{BLANKS, CURRENCY_GAP, FEWEST_WITNESSES, FIGURE_GAP, OVERLAP, PIECE_GAP, VALUE_GAP};
use crate::words::{Line, Word};

/// Words of a line with no wide gap between them, as it stands along the page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Piece {
    /// Which line, by the count of whoever asks.
    pub(crate) row: usize,
    pub(crate) left: f32,
    pub(crate) right: f32,
}

/// The pieces of a line, as ranges of its words.
pub(crate) fn pieces(line: &Line) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let blank = line.words.windows(2).filter_map(gap).fold(f32::INFINITY, f32::min);
    for (index, pair) in line.words.windows(2).enumerate() {
        if let [one, next] = pair
            && gap(pair).is_some_and(|gap| gap > least_gap(one, next, blank / line.size) * line.size)
        {
            pieces.push(start..index + 1);
            start = index + 1;
        }
    }
    pieces.push(start..line.words.len());
    pieces
}

fn gap(pair: &[Word]) -> Option<f32> {
    match pair {
        [one, next] => Some(next.bbox.left - one.bbox.right),
        _ => None,
    }
}

/// How wide the gap between two words must be to part columns, in em; `blank` is the narrowest gap of their line. Figures stand closer
/// to their neighbours than words do.
fn least_gap(one: &Word, next: &Word, blank: f32) -> f32 {
    // Dots that lead to a figure are no figures.
    let is_figure = |word: &Word| is_value(&word.text) && !word.text.chars().all(|c| c == '.');
    if matches!(one.text.as_str(), "$" | "€" | "£" | "¥" | "￥") && is_figure(next) {
        return CURRENCY_GAP;
    }
    match (is_figure(one), is_figure(next)) {
        (true, true) => VALUE_GAP,
        (false, true) => FIGURE_GAP.max(BLANKS * blank).min(PIECE_GAP),
        _ => PIECE_GAP,
    }
}

/// From the left of the first word to the right of the last.
pub(crate) fn extent(words: &[Word]) -> (f32, f32) {
    let left = words.iter().map(|word| word.bbox.left).fold(f32::INFINITY, f32::min);
    let right = words.iter().map(|word| word.bbox.right).fold(f32::NEG_INFINITY, f32::max);
    (left, right)
}

/// A column of text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Column {
    pub(crate) left: f32,
    pub(crate) right: f32,
    /// The rows that have a piece of their own in it, ascending.
    rows: Vec<usize>,
}

/// The columns in which pieces stand, left to right.
pub(crate) fn columns(pieces: &[Piece]) -> Vec<Column> {
    let mut pieces: Vec<&Piece> = pieces.iter().collect();
    // Narrow pieces first: they show the columns, wide ones may reach over several.
    pieces.sort_by(|one, other| (one.right - one.left).total_cmp(&(other.right - other.left)));
    let mut columns: Vec<Column> = Vec::new();
    let mut bridges: Vec<&Piece> = pieces.into_iter().filter(|piece| !settle(&mut columns, piece)).collect();
    columns.sort_by(|one, other| one.left.total_cmp(&other.left));
    while let Some(index) = weakest(&columns, &bridges) {
        let right = columns.remove(index + 1);
        if let Some(left) = columns.get_mut(index) {
            left.right = left.right.max(right.right);
            left.rows.extend(right.rows);
            left.rows.sort_unstable();
            left.rows.dedup();
        }
        bridges.retain(|piece| !settle(&mut columns, piece));
    }
    columns
}

/// Takes the piece into the column that it stands in, or makes one for it; false where it stands in several.
fn settle(columns: &mut Vec<Column>, piece: &Piece) -> bool {
    let mut hit = columns.iter_mut().filter(|column| overlap(column, piece) > OVERLAP);
    match (hit.next(), hit.next()) {
        (None, _) => {
            columns.push(Column { left: piece.left, right: piece.right, rows: vec![piece.row] });
            true
        }
        (Some(column), None) => {
            column.left = column.left.min(piece.left);
            column.right = column.right.max(piece.right);
            if let Err(place) = column.rows.binary_search(&piece.row) {
                column.rows.insert(place, piece.row);
            }
            true
        }
        _ => false,
    }
}

fn overlap(column: &Column, piece: &Piece) -> f32 {
    column.right.min(piece.right) - column.left.max(piece.left)
}

/// The column that is one with its right neighbour, if any: where more pieces reach over both than lines keep them apart.
fn weakest(columns: &[Column], bridges: &[&Piece]) -> Option<usize> {
    columns.windows(2).position(|pair| {
        let [left, right] = pair else { return false };
        let over =
            bridges.iter().filter(|piece| overlap(left, piece) > OVERLAP && overlap(right, piece) > OVERLAP).count();
        over > 0 && witnesses(left, right) < FEWEST_WITNESSES.max(2 * over)
    })
}

/// How many lines have a piece in each of the two.
pub(crate) fn witnesses(left: &Column, right: &Column) -> usize {
    left.rows.iter().filter(|row| right.rows.binary_search(row).is_ok()).count()
}

impl Column {
    pub(crate) fn rows(&self) -> &[usize] {
        &self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(row: usize, places: &[(f32, f32)]) -> Vec<Piece> {
        places.iter().map(|&(left, right)| Piece { row, left, right }).collect()
    }

    fn ends(columns: &[Column]) -> Vec<(f32, f32)> {
        columns.iter().map(|column| (column.left, column.right)).collect()
    }

    #[test]
    fn pieces_over_one_another_are_a_column() {
        let rows = [at(0, &[(0.0, 60.0), (100.0, 120.0)]), at(1, &[(0.0, 30.0), (110.0, 120.0)])].concat();
        assert_eq!(ends(&columns(&rows)), [(0.0, 60.0), (100.0, 120.0)]);
    }

    #[test]
    fn a_header_over_two_columns_does_not_join_them() {
        let mut rows = at(0, &[(100.0, 170.0)]);
        for row in 1..5 {
            rows.extend(at(row, &[(0.0, 60.0), (100.0, 120.0), (150.0, 170.0)]));
        }
        assert_eq!(ends(&columns(&rows)), [(0.0, 60.0), (100.0, 120.0), (150.0, 170.0)]);
    }

    #[test]
    fn running_text_is_one_column() {
        // Gaps of justified lines fall wherever they like.
        let mut rows = Vec::new();
        for row in 0..6 {
            let gap = 40.0 + 17.0 * row as f32;
            rows.extend(at(row, &[(0.0, gap), (gap + 8.0, 200.0)]));
        }
        assert_eq!(ends(&columns(&rows)), [(0.0, 200.0)]);
    }
}
