//! What a row of such a table looks like: its cells, where their edges are, and which of them are merged; and the grid that the rows of a
//! table make together.

use std::ops::Range;

use crate::edges::grid;
use crate::structure::MarkedRow;
use crate::table::Merge;

/// A cell as its row describes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CellLook {
    /// How wide it is, in twips (1/1440 inch).
    pub width: i32,
    /// How it joins the one to its left.
    pub across: Merge,
    /// How it joins the one above.
    pub down: Merge,
}

/// A row as it describes itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct RowLook<'a> {
    /// Where the first cell begins, in twips from the margin.
    pub left: i32,
    /// Its cells.
    pub cells: &'a [CellLook],
    /// It is repeated on every page.
    pub is_header: bool,
}

/// A cell, or several that were merged side by side.
#[derive(Clone, Debug)]
pub(crate) struct PlacedCell {
    /// The paragraphs of the first: those of the others are not shown.
    pub(crate) content: Range<usize>,
    /// The paragraphs of the others.
    pub(crate) covered: Range<usize>,
    /// Where it ends, in twips; `None` where the row does not say.
    pub(crate) right: Option<i32>,
    /// How it joins the one above.
    pub(crate) down: Merge,
}

/// A row whose columns are known.
#[derive(Clone, Debug)]
pub(crate) struct PlacedRow {
    /// Its cells.
    pub(crate) cells: Vec<PlacedCell>,
    /// The columns at which the cells begin, and the one at which the last ends.
    pub(crate) columns: Vec<usize>,
}

impl PlacedRow {
    /// How many columns stand empty before the first cell.
    pub(crate) fn grid_before(&self) -> usize {
        self.columns.first().copied().unwrap_or_default()
    }

    /// How many columns a cell covers.
    pub(crate) fn span(&self, index: usize) -> usize {
        let ends = self.columns.get(index).zip(self.columns.get(index + 1));
        ends.map_or(1, |(start, end)| end.saturating_sub(*start))
    }
}

/// The rows with their places in the grid that all of them make together, and how many columns it has.
pub(crate) fn placed(rows: &[MarkedRow], looks: &[RowLook<'_>]) -> (Vec<PlacedRow>, usize) {
    let cells: Vec<Vec<PlacedCell>> = rows.iter().zip(looks).map(|(row, look)| cells(row, *look)).collect();
    let edges: Vec<Vec<i32>> = looks.iter().zip(&cells).map(|(look, cells)| edges(look.left, cells)).collect();
    let (indices, columns) = grid(&edges);
    let mut placed: Vec<PlacedRow> =
        cells.into_iter().zip(indices).map(|(cells, columns)| PlacedRow { cells, columns }).collect();
    stand_in(&mut placed);
    (placed, columns)
}

/// The cells of a row; those that are merged with the one before them are part of it.
fn cells(row: &MarkedRow, look: RowLook<'_>) -> Vec<PlacedCell> {
    let mut cells: Vec<PlacedCell> = Vec::with_capacity(row.cells.len());
    let mut right = Some(look.left);
    for (index, content) in row.cells.iter().enumerate() {
        let look = look.cells.get(index);
        right = right.zip(look).map(|(right, look)| right.saturating_add(look.width));
        match cells.last_mut() {
            Some(before) if look.is_some_and(|look| look.across == Merge::Continue) => {
                before.covered.end = content.end;
                before.right = right;
            }
            _ => cells.push(PlacedCell {
                content: content.clone(),
                covered: content.end..content.end,
                right,
                down: look.map_or(Merge::No, |look| look.down),
            }),
        }
    }
    cells
}

/// The edges of a row from left to right, each behind the one before it; none where the row does not say all of them.
fn edges(left: i32, cells: &[PlacedCell]) -> Vec<i32> {
    let mut edges = vec![left];
    let mut last = left;
    for cell in cells {
        let Some(right) = cell.right else { return Vec::new() };
        last = right.max(last.saturating_add(1));
        edges.push(last);
    }
    edges
}

/// A row without edges stands as the nearest row above or below it with as many cells, else with one column for each cell.
fn stand_in(rows: &mut [PlacedRow]) {
    for index in 0..rows.len() {
        let Some(count) = rows.get(index).filter(|row| row.columns.is_empty()).map(|row| row.cells.len() + 1) else {
            continue;
        };
        let fits = |row: &&PlacedRow| row.columns.len() == count;
        let (above, below) = rows.split_at(index);
        let found = above.iter().rev().find(fits).or_else(|| below.iter().find(fits));
        let columns = found.map_or_else(|| (0..count).collect(), |row| row.columns.clone());
        if let Some(row) = rows.get_mut(index) {
            row.columns = columns;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: usize) -> MarkedRow {
        MarkedRow { cells: (0..cells).map(|cell| cell..cell + 1).collect(), end: None }
    }

    fn looks(widths: &[i32]) -> Vec<CellLook> {
        widths.iter().map(|&width| CellLook { width, ..CellLook::default() }).collect()
    }

    #[test]
    fn a_row_without_edges_stands_as_one_that_has_them() {
        let (wide, narrow) = (looks(&[3000, 1000]), looks(&[1000, 1000, 2000]));
        let looks = [&wide[..], &[], &narrow[..2], &narrow].map(|cells| RowLook { cells, ..RowLook::default() });
        let (rows, columns) = placed(&[row(2), row(2), row(4), row(3)], &looks);
        assert_eq!(columns, 4);
        assert_eq!(rows[0].columns, [0, 3, 4]);
        assert_eq!(rows[1].columns, [0, 3, 4]);
        assert_eq!(rows[2].columns, [0, 1, 2, 3, 4]);
        assert_eq!((rows[0].span(0), rows[0].span(1), rows[0].grid_before()), (3, 1, 0));
    }

    #[test]
    fn cells_merged_side_by_side_are_one() {
        let mut cells = looks(&[1000, 1000, 1000]);
        cells[1].across = Merge::Restart;
        cells[2].across = Merge::Continue;
        let look = RowLook { left: -100, cells: &cells, is_header: false };
        let (rows, columns) = placed(&[row(3)], &[look]);
        assert_eq!((columns, rows[0].cells.len()), (2, 2));
        assert_eq!((&rows[0].cells[1].content, &rows[0].cells[1].covered), (&(1..2), &(2..3)));
    }
}
