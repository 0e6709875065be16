//! Tables: their rows, and the grid that the edges of the cells make.

use std::ops::Range;

use nianbao_container::Error;
use nianbao_model::{Part, WarningKind};
use nianbao_story::{CellProperties, Merge, RowProperties, TableDraft, grid};

use super::Body;
use crate::character::Characters;
use crate::row::Layout;
use crate::structure::{Paragraph, Row};

/// A cell, or several that were merged side by side.
#[derive(Debug)]
struct Cell {
    /// The paragraphs of the first: those of the others are not shown.
    content: Range<usize>,
    /// The paragraphs of the others.
    covered: Range<usize>,
    /// Where it ends, in twips; `None` where the file does not say.
    right: Option<i32>,
    down: Merge,
}

/// A row whose columns are known.
#[derive(Debug)]
struct Placed {
    cells: Vec<Cell>,
    /// The columns at which the cells begin, and the one at which the last ends.
    columns: Vec<usize>,
    properties: RowProperties,
}

impl Body<'_> {
    pub(super) fn table(&mut self, paragraphs: &[Paragraph], rows: &[Row], depth: usize) -> Result<(), Error> {
        let line = self.flow.lines_of_cell();
        let outer = self.tables.last().filter(|_| self.flow.in_cell());
        let nesting = outer.map(|table| table.nesting(line));
        let slot = self.flow.begin_table();
        self.tables.push(TableDraft::new(Part::Body, self.next_table, slot, nesting));
        self.next_table = self.next_table.saturating_add(1);
        for row in self.placed(paragraphs, rows) {
            self.row(paragraphs, &row, depth)?;
        }
        if let Some(table) = self.tables.pop() {
            let slot = table.slot;
            let table = table.finish(&mut self.notices.others);
            self.flow.table(slot, table);
        }
        Ok(())
    }

    /// The rows with their places in the grid that all of them make together.
    fn placed(&mut self, paragraphs: &[Paragraph], rows: &[Row]) -> Vec<Placed> {
        let plain = Layout::default();
        let layout = |row: &Row| row.end.and_then(|end| paragraphs.get(end)).map_or(&plain, |end| &end.properties.row);
        let cells: Vec<Vec<Cell>> = rows.iter().map(|row| cells(row, layout(row))).collect();
        let edges: Vec<Vec<i32>> = rows.iter().zip(&cells).map(|(row, cells)| edges(layout(row).left, cells)).collect();
        let (indices, columns) = grid(&edges);
        if let Some(table) = self.tables.last_mut() {
            table.stated_columns = columns;
        }
        let mut placed = Vec::with_capacity(rows.len());
        for ((row, cells), columns) in rows.iter().zip(cells).zip(indices) {
            let properties = self.row_properties(paragraphs, row, layout(row));
            placed.push(Placed { cells, columns, properties });
        }
        stand_in(&mut placed);
        placed
    }

    fn row_properties(&mut self, paragraphs: &[Paragraph], row: &Row, layout: &Layout) -> RowProperties {
        let end = row.end.and_then(|end| paragraphs.get(end));
        let mark = end.map(|end| self.characters_at(end.text.end).0).unwrap_or_default();
        let is_hidden =
            self.hides(&mark, false) && self.has_none(paragraphs, row, |body, one, style| body.hides(one, style));
        let is_deleted = mark.is_deleted && self.has_none(paragraphs, row, |_, one, _| one.is_deleted);
        RowProperties { grid_before: 0, is_header: layout.is_header, is_hidden, is_deleted }
    }

    /// Whether a row has no text but such as is gone: hidden, or deleted. Its end alone proves nothing: LibreOffice marks it together
    /// with the text before it.
    fn has_none(
        &mut self,
        paragraphs: &[Paragraph],
        row: &Row,
        is_gone: impl Fn(&Self, &Characters, bool) -> bool,
    ) -> bool {
        let content = row.cells.iter().flat_map(|cell| paragraphs.get(cell.clone()).unwrap_or_default());
        content.into_iter().all(|paragraph| {
            let style_hides = self.style_of(paragraph).hidden.unwrap_or_default();
            let mut at = paragraph.text.start;
            while at < paragraph.text.end {
                let (characters, end) = self.characters_at(at);
                let run = at..end.min(paragraph.text.end);
                if self.has_text(run) && !is_gone(self, &characters, style_hides) {
                    return false;
                }
                at = end;
            }
            true
        })
    }

    fn row(&mut self, paragraphs: &[Paragraph], row: &Placed, depth: usize) -> Result<(), Error> {
        let Some(table) = self.tables.last_mut() else { return Ok(()) };
        table.begin_row();
        let grid_before = row.columns.first().copied().unwrap_or_default();
        table.row_properties(RowProperties { grid_before, ..row.properties });
        if row.properties.is_deleted {
            self.notices.deletion(self.here());
        } else {
            if row.properties.is_hidden {
                self.notices.hidden_row(self.here());
            }
            for (index, cell) in row.cells.iter().enumerate() {
                let ends = row.columns.get(index).zip(row.columns.get(index + 1));
                let span = ends.map_or(1, |(start, end)| end.saturating_sub(*start));
                self.cell(paragraphs, cell, span, depth)?;
            }
        }
        if let Some(table) = self.tables.last_mut() {
            table.end_row();
        }
        Ok(())
    }

    fn cell(&mut self, paragraphs: &[Paragraph], cell: &Cell, span: usize, depth: usize) -> Result<(), Error> {
        self.cells += 1;
        Self::check(self.cells, "cells")?;
        if let Some(table) = self.tables.last_mut() {
            table.begin_cell();
            let properties = CellProperties { grid_span: Some(span), v_merge: cell.down, ..CellProperties::default() };
            table.cell_properties(properties);
        }
        if cell.right.is_none() {
            self.notices.push(no_edge(), self.here());
        }
        let covers_text =
            paragraphs.get(cell.covered.clone()).unwrap_or_default().iter().any(|one| self.has_text(one.text.clone()));
        if covers_text {
            self.notices.push(WarningKind::HiddenTextLeftOut, self.here());
        }
        self.flow.begin_cell(self.fields.mark());
        self.items(paragraphs, cell.content.clone(), depth)?;
        let fields = self.flow.fields();
        self.fields.close(fields);
        let lines = self.flow.end();
        if let Some(table) = self.tables.last_mut() {
            let at = table.here();
            if let Some(kind) = table.end_cell(lines) {
                self.notices.push(kind, at);
            }
        }
        Ok(())
    }

    fn has_text(&self, characters: Range<usize>) -> bool {
        let units = self.source.text.units.get(characters).unwrap_or_default();
        units.iter().any(|&unit| unit > 0x20 && unit != 0x3000)
    }
}

fn no_edge() -> WarningKind {
    let reason = "the file does not say it; the column was taken from the order of the cells";
    WarningKind::PartUnreadable { part: "the edge of a cell".to_owned(), reason: reason.to_owned() }
}

/// The cells of a row; those that are merged with the one before them are part of it.
fn cells(row: &Row, layout: &Layout) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::with_capacity(row.cells.len());
    let mut right = Some(layout.left);
    for (index, content) in row.cells.iter().enumerate() {
        let look = layout.cells.get(index);
        right = right.zip(look).map(|(right, look)| right.saturating_add(look.width));
        match cells.last_mut() {
            Some(before) if look.is_some_and(|look| look.across == Merge::Continue) => {
                before.covered.end = content.end;
                before.right = right;
            }
            _ => cells.push(Cell {
                content: content.clone(),
                covered: content.end..content.end,
                right,
                down: look.map_or(Merge::No, |look| look.down),
            }),
        }
    }
    cells
}

/// The edges of a row from left to right, each behind the one before it; none where the file does not say all of them.
fn edges(left: i32, cells: &[Cell]) -> Vec<i32> {
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
fn stand_in(rows: &mut [Placed]) {
    for index in 0..rows.len() {
        let Some(count) = rows.get(index).filter(|row| row.columns.is_empty()).map(|row| row.cells.len() + 1) else {
            continue;
        };
        let fits = |row: &&Placed| row.columns.len() == count;
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

    #[test]
    fn a_row_without_edges_stands_as_one_that_has_them() {
        let row = |cells: usize, columns: &[usize]| Placed {
            cells: (0..cells).map(|_| Cell { content: 0..0, covered: 0..0, right: None, down: Merge::No }).collect(),
            columns: columns.to_vec(),
            properties: RowProperties::default(),
        };
        let mut rows = [row(2, &[0, 3, 4]), row(2, &[]), row(3, &[])];
        stand_in(&mut rows);
        assert_eq!(rows[1].columns, [0, 3, 4]);
        assert_eq!(rows[2].columns, [0, 1, 2, 3]);
    }
}
