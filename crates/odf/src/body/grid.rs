//! Tables (ODF 1.4 Part 3, clause 9).

use nianbao_model::{Origin, Part};
use nianbao_story::{CellProperties, RowProperties, TableDraft};

use super::{Body, Stop, What};
use crate::layout::{Layout, Place, is_sub_table};
use crate::places::Places;
use crate::xml::{self, Damage, Node, Tag};

/// How many tables may stand in one another. Layout tables of three levels occur.
const MAX_NESTING: usize = 64;

/// How often a row or a cell may stand there again. Programs write so what looks alike; a text of Writer never says it of more than a few.
const MAX_REPEATED: usize = 1000;

/// A table in the making.
#[derive(Debug)]
pub(super) struct Making {
    draft: TableDraft,
    places: Places,
    /// For a table that holds sub-tables: where all its cells stand.
    layout: Option<Layout>,
    /// How many rows of the whole table stand above the row that is being read; counted only with a layout.
    rows_above: usize,
    is_in_headers: bool,
    /// How often the row that is being read stands there.
    row_times: usize,
    /// How often the cell that is being read stands there, and how many columns it spans.
    cell_times: usize,
    cell: CellProperties,
    /// Some text was read in this row.
    has_text: bool,
}

impl Making {
    pub(super) const fn is_in_row(&self) -> bool {
        !self.draft.is_between_rows()
    }

    pub(super) fn in_hidden_row(&self) -> bool {
        self.draft.in_hidden_row()
    }

    pub(super) fn here(&self) -> Origin {
        self.draft.here()
    }
}

impl<'a> Body<'a> {
    pub(super) fn begin_table_element(&mut self, local: &[u8], tag: &Tag<'a>, is_empty: bool) -> Result<(), Stop> {
        match local {
            b"table" if self.innermost() == Some(What::SubCell) && is_sub_table(&self.xml, tag) => {
                self.push_open(What::Group, is_empty);
            }
            b"table" if self.tables.len() < MAX_NESTING => self.begin_table(is_empty),
            b"table" => {
                self.unreadable("a table", "it stands too deep in others");
                self.skip(tag, is_empty)?;
            }
            b"table-column" => self.column(tag),
            b"table-header-rows" => self.begin_header_rows(is_empty),
            b"table-row" => self.begin_row(tag, is_empty),
            b"table-cell" => self.begin_cell(tag, is_empty)?,
            b"covered-table-cell" => self.covered(tag, is_empty)?,
            b"table-rows" | b"table-row-group" | b"table-columns" | b"table-column-group" | b"table-header-columns" => {
            }
            // Titles, sources, and how the table came to be.
            _ => self.skip(tag, is_empty)?,
        }
        Ok(())
    }

    fn begin_table(&mut self, is_empty: bool) {
        let line = self.flow.lines_of_cell();
        let outer = self.tables.last().filter(|_| self.flow.in_cell());
        let nesting = outer.map(|table| table.draft.nesting(line));
        let slot = self.flow.begin_table();
        let layout = if self.has_sub_tables && !is_empty { Layout::ahead(&self.xml, &self.styles) } else { None };
        let mut draft = TableDraft::new(Part::Body, self.next_table, slot, nesting);
        if let Some(layout) = &layout {
            draft.stated_columns = layout.columns;
        }
        self.tables.push(Making {
            draft,
            places: Places::default(),
            layout,
            rows_above: 0,
            is_in_headers: false,
            row_times: 1,
            cell_times: 1,
            cell: CellProperties::default(),
            has_text: false,
        });
        self.next_table = self.next_table.saturating_add(1);
        self.push_open(What::Table, is_empty);
    }

    pub(super) fn end_table(&mut self) {
        if let Some(Making { draft, .. }) = self.tables.pop() {
            let slot = draft.slot;
            let table = draft.finish(&mut self.notices.others);
            self.flow.table(slot, table);
        }
    }

    fn column(&mut self, tag: &Tag<'a>) {
        let times = repeated(tag, "number-columns-repeated");
        if let Some(table) = self.tables.last_mut().filter(|table| table.layout.is_none() && !table.is_in_row()) {
            table.draft.stated_columns = table.draft.stated_columns.saturating_add(times);
        }
    }

    fn begin_header_rows(&mut self, is_empty: bool) {
        if let Some(table) = self.tables.last_mut().filter(|table| !table.is_in_row()) {
            table.is_in_headers = true;
            self.push_open(What::HeaderRows, is_empty);
        }
    }

    pub(super) fn end_header_rows(&mut self) {
        if let Some(table) = self.tables.last_mut() {
            table.is_in_headers = false;
        }
    }

    fn begin_row(&mut self, tag: &Tag<'a>, is_empty: bool) {
        let Some(table) = self.tables.last_mut() else { return };
        if !table.draft.is_between_rows() {
            // A row of a sub-table.
            self.push_open(What::Group, is_empty);
            return;
        }
        let is_hidden = is_hidden(tag);
        table.draft.begin_row();
        table.draft.row_properties(RowProperties {
            is_header: table.is_in_headers,
            is_hidden,
            ..RowProperties::default()
        });
        table.places.begin_row();
        table.row_times = repeated(tag, "number-rows-repeated");
        table.has_text = false;
        self.push_open(What::Row, is_empty);
        if is_hidden {
            self.notices.hidden_row(self.here());
        }
    }

    pub(super) fn end_row(&mut self) {
        let Some(table) = self.tables.last_mut() else { return };
        table.draft.end_row();
        table.places.end_row(table.row_times);
        if let Some(layout) = &mut table.layout {
            let rows = layout.rows.next().unwrap_or(1);
            table.draft.add_rows(rows.saturating_sub(1), false);
            table.rows_above += rows;
            if table.row_times > 1 {
                self.unreadable("a repeated row", "it stands in a table with sub-tables");
            }
            return;
        }
        let more = table.row_times - 1;
        table.draft.add_rows(more.min(MAX_REPEATED), true);
        if more > MAX_REPEATED && table.has_text {
            self.unreadable("the rest of a repeated row", &format!("it stands there {} times", more + 1));
        }
    }

    fn begin_cell(&mut self, tag: &Tag<'a>, is_empty: bool) -> Result<(), Stop> {
        let Some(table) = self.tables.last_mut().filter(|table| table.draft.is_between_cells()) else {
            return Ok(());
        };
        self.cells += 1;
        Self::check(self.cells, "cells")?;
        let place = match &mut table.layout {
            Some(layout) => layout.places.next().unwrap_or(Place::Group),
            None => {
                let columns = xml::number(tag, "number-columns-spanned").unwrap_or(1).max(1);
                let rows = xml::number(tag, "number-rows-spanned").unwrap_or(1).max(1);
                Place::Cell { row: table.rows_above, column: table.places.cell(columns, rows), columns, rows }
            }
        };
        let Place::Cell { row, column, columns, rows } = place else {
            self.push_open(What::SubCell, is_empty);
            return Ok(());
        };
        table.cell = CellProperties { grid_span: Some(columns), row_span: Some(rows), ..CellProperties::default() };
        table.cell_times = repeated(tag, "number-columns-repeated");
        table.draft.begin_cell();
        table.draft.stand_at(row.saturating_sub(table.rows_above), column);
        table.draft.cell_properties(table.cell);
        self.flow.begin_cell(0);
        self.lists.begin_apart();
        self.push_open(What::Cell, is_empty);
        Ok(())
    }

    pub(super) fn end_cell(&mut self) {
        self.lists.end();
        let lines = self.flow.end();
        let Some(table) = self.tables.last_mut() else { return };
        let at = table.draft.here();
        table.has_text |= !lines.is_empty();
        let more = table.cell_times - 1;
        if table.layout.is_some() && more > 0 {
            table.draft.end_cell(lines);
            self.unreadable("a repeated cell", "it stands in a table with sub-tables");
            return;
        }
        let mut warning = table.draft.end_cell(lines.clone());
        for _ in 0..more.min(MAX_REPEATED) {
            if self.cells >= super::MAX_PIECES || warning.is_some() {
                break;
            }
            self.cells += 1;
            let column = table.places.cell(table.cell.grid_span.unwrap_or(1), table.cell.row_span.unwrap_or(1));
            table.draft.begin_cell();
            table.draft.stand_at(0, column);
            table.draft.cell_properties(table.cell);
            warning = table.draft.end_cell(lines.clone());
        }
        if let Some(kind) = warning {
            self.notices.push(kind, at);
        }
    }

    /// Slots that a spanning cell covers. What stands in them nobody sees.
    fn covered(&mut self, tag: &Tag<'a>, is_empty: bool) -> Result<(), Stop> {
        let times = repeated(tag, "number-columns-repeated");
        if let Some(table) = self.tables.last_mut().filter(|table| table.layout.is_none() && table.is_in_row()) {
            table.places.covered(times);
        }
        if !is_empty && self.holds_text()? {
            self.notices.hidden_text(self.here());
        }
        Ok(())
    }

    /// Passes over the element that has just begun; says whether there is any text in it.
    fn holds_text(&mut self) -> Result<bool, Damage> {
        let depth = self.xml.depth().saturating_sub(1);
        let mut holds_text = false;
        while self.xml.depth() > depth {
            match self.xml.next()? {
                Node::Text(text) => holds_text |= !text.trim().is_empty(),
                Node::Reference(_) => holds_text = true,
                Node::Over => break,
                _ => {}
            }
        }
        Ok(holds_text)
    }
}

/// How often an element stands there.
fn repeated(tag: &Tag<'_>, attribute: &str) -> usize {
    xml::number(tag, attribute).unwrap_or(1).max(1)
}

/// Whether a row is hidden, or filtered out.
fn is_hidden(tag: &Tag<'_>) -> bool {
    matches!(xml::attribute(tag, "visibility").as_deref(), Some("collapse" | "filter"))
}
