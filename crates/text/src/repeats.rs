//! Merged cells that a tool printed once for every slot that they cover: `行政复议|行政复议|行政诉讼`.
//!
//! Such a tool fills the whole grid, so the columns are known. A label that stands twice or more side by side is one cell; so are the equal
//! figures below it, down to the next label in those columns.

use std::ops::Range;

use crate::lump::is_value;
use crate::table::{RawCell, RawRow};

/// How many columns a table has at least in which anything can be merged: a label, and two columns under one header.
const LEAST_COLUMNS: usize = 3;

/// For each row the columns of each of its cells, where cells are printed once for every slot; `None` where nothing tells that they are.
pub(crate) fn columns(rows: &[RawRow]) -> Option<Vec<Vec<Range<usize>>>> {
    let width = rows.first()?.len();
    let labels = || rows.iter().filter(|row| !row.iter().any(is_value));
    let is_filled = width >= LEAST_COLUMNS
        && rows.iter().all(|row| row.len() == width)
        && !labels().flatten().any(RawCell::is_blank);
    if !is_filled || !labels().any(|row| (1..width).any(|column| is_repeated(row, column))) {
        return None;
    }
    // For each column, the first column of the label above it.
    let mut above: Vec<usize> = (0..width).collect();
    Some(rows.iter().map(|row| columns_of(row, &mut above)).collect())
}

/// Whether the cell at `column` says again what the label before it says.
fn is_repeated(row: &RawRow, column: usize) -> bool {
    match (column.checked_sub(1).and_then(|before| row.get(before)), row.get(column)) {
        (Some(before), Some(cell)) => is_label(cell) && before.lines == cell.lines,
        _ => false,
    }
}

fn is_label(cell: &RawCell) -> bool {
    !cell.is_blank() && !is_value(cell)
}

/// The columns of the cells of a row, and what that says of the rows below.
fn columns_of(row: &RawRow, above: &mut [usize]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (column, cell) in row.iter().enumerate() {
        let goes_on = if is_label(cell) { is_repeated(row, column) } else { goes_on_below(row, column, above) };
        match found.last_mut() {
            Some(last) if goes_on => last.end = column + 1,
            _ => found.push(column..column + 1),
        }
        if let Some(first) = above.get_mut(column).filter(|_| is_label(cell)) {
            *first = found.last().map_or(column, |cell| cell.start);
        }
    }
    found
}

/// Whether the cell at `column` repeats what stands before it under the same label. All cells under the label must be equal.
fn goes_on_below(row: &RawRow, column: usize, above: &[usize]) -> bool {
    let Some(&first) = above.get(column).filter(|&&first| first < column) else {
        return false;
    };
    let under = |at: &usize| above.get(*at) == Some(&first);
    let mut cells = (first..row.len()).take_while(under).filter_map(|at| row.get(at));
    let text = cells.next().map(|cell| &cell.lines);
    cells.all(|cell| Some(&cell.lines) == text)
}

#[cfg(test)]
mod tests {
    use crate::testing::grids;
    use nianbao_model::{Grid, Table};

    fn spans(text: &str) -> Vec<String> {
        let document = crate::extract(text.as_bytes()).unwrap();
        let shown = |table: &Table| {
            let cells = table.cells().iter().map(|cell| {
                let columns = cell.area().columns;
                format!("{}@{}-{}", cell.text(), columns.start(), columns.end())
            });
            cells.collect::<Vec<_>>().join(" ")
        };
        document.tables().map(shown).collect()
    }

    #[test]
    fn a_label_printed_for_each_slot_is_one_cell_and_so_are_the_figures_below() {
        let text = "第一项\t第一项\t第一项\n内容\t制发\t废止\n规章\t5\t5\n内容\t数量\t数量\n许可\t7\t7\n";
        let wanted = "第一项@0-3 内容@0-1 制发@1-2 废止@2-3 规章@0-1 5@1-2 5@2-3 内容@0-1 数量@1-3 许可@0-1 7@1-3";
        assert_eq!(spans(text), [wanted]);
        assert_eq!(grids(text), [Grid::Inferred]);
    }

    #[test]
    fn different_figures_below_one_label_stay() {
        let text = "内容\t数量\t数量\n许可\t7\t8\n";
        assert_eq!(spans(text), ["内容@0-1 数量@1-3 许可@0-1 7@1-2 8@2-3"]);
    }

    #[test]
    fn where_slots_are_blank_nothing_is_repeated() {
        for text in ["第一项\t\t\n总计\t总计\t其他\n规章\t5\t5\n", "内容\t制发\t废止\n规章\t5\t5\n"]
        {
            assert_eq!(grids(text), [Grid::Lost], "{text:?}");
        }
    }
}
