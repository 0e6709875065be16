//! Tables: their rows, and the grid that the edges of the cells make.

use std::ops::Range;

use nianbao_container::Error;
use nianbao_model::{Part, WarningKind};
use nianbao_story::{
    CellProperties, MarkedRow, PlacedCell, PlacedRow, RowLook, RowProperties, TableDraft, end_cell, placed,
};

use super::Body;
use crate::character::Characters;
use crate::row::Layout;
use crate::structure::Paragraph;

impl Body<'_> {
    pub(super) fn table(&mut self, paragraphs: &[Paragraph], rows: &[MarkedRow], depth: usize) -> Result<(), Error> {
        let line = self.flow.lines_of_cell();
        let outer = self.tables.last().filter(|_| self.flow.in_cell());
        let nesting = outer.map(|table| table.nesting(line));
        let slot = self.flow.begin_table();
        self.tables.push(TableDraft::new(Part::Body, self.next_table, slot, nesting));
        self.next_table = self.next_table.saturating_add(1);
        for (row, properties) in self.placed(paragraphs, rows) {
            self.row(paragraphs, &row, properties, depth)?;
        }
        if let Some(table) = self.tables.pop() {
            let slot = table.slot;
            let table = table.finish(&mut self.notices.others);
            self.flow.table(slot, table);
        }
        Ok(())
    }

    /// The rows with their places in the grid that all of them make together, and their properties.
    fn placed(&mut self, paragraphs: &[Paragraph], rows: &[MarkedRow]) -> Vec<(PlacedRow, RowProperties)> {
        let plain = Layout::default();
        let layout =
            |row: &MarkedRow| row.end.and_then(|end| paragraphs.get(end)).map_or(&plain, |end| &end.properties.row);
        let look = |row| RowLook { left: layout(row).left, cells: &layout(row).cells };
        let (placed, columns) = placed(rows, &rows.iter().map(look).collect::<Vec<_>>());
        if let Some(table) = self.tables.last_mut() {
            table.stated_columns = columns;
        }
        let mut found = Vec::with_capacity(rows.len());
        for (row, placed) in rows.iter().zip(placed) {
            let grid_before = placed.grid_before();
            let properties = self.row_properties(paragraphs, row, layout(row));
            found.push((placed, RowProperties { grid_before, ..properties }));
        }
        found
    }

    fn row_properties(&mut self, paragraphs: &[Paragraph], row: &MarkedRow, layout: &Layout) -> RowProperties {
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
        row: &MarkedRow,
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

    fn row(
        &mut self,
        paragraphs: &[Paragraph],
        row: &PlacedRow,
        properties: RowProperties,
        depth: usize,
    ) -> Result<(), Error> {
        let Some(table) = self.tables.last_mut() else { return Ok(()) };
        table.begin_row();
        table.row_properties(properties);
        if properties.is_deleted {
            self.notices.deletion(self.here());
        } else {
            if properties.is_hidden {
                self.notices.hidden_row(self.here());
            }
            for (index, cell) in row.cells.iter().enumerate() {
                self.cell(paragraphs, cell, row.span(index), depth)?;
            }
        }
        if let Some(table) = self.tables.last_mut() {
            table.end_row();
        }
        Ok(())
    }

    fn cell(&mut self, paragraphs: &[Paragraph], cell: &PlacedCell, span: usize, depth: usize) -> Result<(), Error> {
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
        end_cell(&mut self.flow, &mut self.fields, self.tables.last_mut(), &mut self.notices);
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
