//! Tables: their rows, and the grid that the edges of the cells make.

use nianbao_container::Error;
use nianbao_model::{Part, WarningKind};
use nianbao_story::{
    CellProperties, MarkedRow, PlacedCell, PlacedRow, RowLook, RowProperties, TableDraft, end_cell, placed,
};

use super::Body;
use crate::content::{Paragraph, Visibility, What};
use crate::row::Layout;

impl Body {
    pub(super) fn table(&mut self, paragraphs: &[Paragraph], rows: &[MarkedRow], depth: usize) -> Result<(), Error> {
        let line = self.flow.lines_of_cell();
        let outer = self.tables.last().filter(|_| self.flow.in_cell());
        let nesting = outer.map(|table| table.nesting(line));
        let slot = self.flow.begin_table();
        let mut table = TableDraft::new(Part::Body, self.next_table, slot, nesting);
        self.next_table = self.next_table.saturating_add(1);
        let layouts: Vec<Option<&Layout>> = rows.iter().map(|row| layout(paragraphs, row)).collect();
        let looks: Vec<RowLook<'_>> =
            layouts.iter().map(|layout| layout.map_or_else(RowLook::default, Layout::look)).collect();
        let (placed, columns) = placed(rows, &looks);
        table.stated_columns = columns;
        self.tables.push(table);
        for ((row, placed), layout) in rows.iter().zip(placed).zip(layouts) {
            let properties = self.row_properties(paragraphs, row, layout);
            let properties = RowProperties { grid_before: placed.grid_before(), ..properties };
            self.row(paragraphs, &placed, properties, depth)?;
        }
        if let Some(table) = self.tables.pop() {
            let slot = table.slot;
            let table = table.finish(&mut self.notices.others);
            self.flow.table(slot, table);
        }
        Ok(())
    }

    fn row_properties(&self, paragraphs: &[Paragraph], row: &MarkedRow, layout: Option<&Layout>) -> RowProperties {
        let end = row.end.and_then(|end| paragraphs.get(end));
        let mark = end.and_then(|end| end.mark).unwrap_or_default();
        RowProperties {
            grid_before: 0,
            is_header: layout.is_some_and(|layout| layout.is_header),
            is_hidden: mark.is_hidden && self.has_none(paragraphs, row, |seen| seen.is_hidden),
            is_deleted: mark.is_deleted && self.has_none(paragraphs, row, |seen| seen.is_deleted),
        }
    }

    /// Whether a row has no text but such as is gone: hidden, or deleted. Its end alone proves nothing.
    fn has_none(&self, paragraphs: &[Paragraph], row: &MarkedRow, is_gone: impl Fn(Visibility) -> bool) -> bool {
        let content = row.cells.iter().flat_map(|cell| paragraphs.get(cell.clone()).unwrap_or_default());
        let mut runs = content.into_iter().flat_map(|paragraph| &paragraph.runs);
        runs.all(|run| is_gone(run.visibility) || !self.is_text(&run.what))
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
        self.count_cell()?;
        if let Some(table) = self.tables.last_mut() {
            table.begin_cell();
            let properties = CellProperties { grid_span: Some(span), v_merge: cell.down, ..CellProperties::default() };
            table.cell_properties(properties);
        }
        if cell.right.is_none() {
            self.unreadable(
                "the edge of a cell",
                "the file does not say it; the column was taken from the order of the cells",
            );
        }
        let covered = paragraphs.get(cell.covered.clone()).unwrap_or_default();
        let is_shown = |visibility: Visibility| !visibility.is_hidden && !visibility.is_deleted;
        let mut covered = covered.iter().flat_map(|paragraph| &paragraph.runs);
        if covered.any(|run| is_shown(run.visibility) && self.is_text(&run.what)) {
            self.notices.push(WarningKind::HiddenTextLeftOut, self.here());
        }
        self.flow.begin_cell(self.fields.mark());
        self.items(paragraphs, cell.content.clone(), depth)?;
        end_cell(&mut self.flow, &mut self.fields, self.tables.last_mut(), &mut self.notices);
        Ok(())
    }

    /// Whether something is text that is not blank.
    fn is_text(&self, what: &What) -> bool {
        match what {
            What::Text(range) => !self.content.text.get(range.clone()).unwrap_or_default().trim().is_empty(),
            What::TextBox(_) => true,
            What::Line | What::Page => false,
        }
    }
}

fn layout<'a>(paragraphs: &'a [Paragraph], row: &MarkedRow) -> Option<&'a Layout> {
    paragraphs.get(row.end?)?.row.as_deref()
}
