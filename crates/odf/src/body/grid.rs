//! Tables (ODF 1.4 Part 3, clause 9).

use nianbao_model::{Origin, Part, WarningKind};
use nianbao_story::{CellProperties, MAX_NESTING, MAX_PIECES, RowProperties, TableDraft, check};

use super::{Body, What};
use crate::layout::{Layout, Place, is_sub_table};
use crate::places::Places;
use crate::xml::{self, Damage, Node, Stop, Tag};

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
        check(self.cells, "cells")?;
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
        let is_blank = lines.is_empty();
        let mut warning = table.draft.end_cell(lines.clone());
        let mut left = more;
        while left > 0 && !table.draft.is_row_full() && self.cells < MAX_PIECES {
            left -= 1;
            self.cells += 1;
            let column = table.places.cell(table.cell.grid_span.unwrap_or(1), table.cell.row_span.unwrap_or(1));
            table.draft.begin_cell();
            table.draft.stand_at(0, column);
            table.draft.cell_properties(table.cell);
            warning = table.draft.end_cell(lines.clone()).or(warning);
        }
        if let Some(kind) = warning {
            self.notices.push(kind, at);
        }
        if left > 0 && !is_blank {
            self.unreadable("the rest of a repeated cell", &format!("it stands there {} times", more + 1));
        }
    }

    /// Slots that a spanning cell covers. What stands in them nobody sees.
    fn covered(&mut self, tag: &Tag<'a>, is_empty: bool) -> Result<(), Stop> {
        let times = repeated(tag, "number-columns-repeated");
        let table = self.tables.last_mut().filter(|table| table.layout.is_none() && table.is_in_row());
        if table.is_some_and(|table| !table.places.covered(times)) {
            // By the standard the slot is there and holds nothing; Writer leaves it out, and what follows moves to the left.
            self.notices.push(WarningKind::MergeUnmatched, self.here());
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
            match self.xml.step()? {
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

#[cfg(test)]
mod tests {
    use crate::tests::{flat, printed, styled};
    use nianbao_model::Cell;

    fn cell(attributes: &str, text: &str) -> String {
        format!("<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>")
    }

    fn row(cells: &[String]) -> String {
        format!("<table:table-row>{}</table:table-row>", cells.concat())
    }

    fn table(content: &str) -> String {
        format!("<table:table>{content}</table:table>")
    }

    /// Areas and texts of the first table: `R1C1 2x1 text`.
    fn cells_of(styles: &str, body: &str) -> Vec<String> {
        let document = crate::extract(flat(styles, body).as_bytes()).unwrap();
        let line = |cell: &Cell| {
            let (area, text) = (cell.area(), cell.lines.join("/"));
            let (row, column) = area.corner();
            format!("R{}C{} {}x{} {text}", row + 1, column + 1, area.rows.length(), area.columns.length())
        };
        document.tables().next().unwrap().cells().iter().map(line).collect()
    }

    fn cells(body: &str) -> Vec<String> {
        cells_of("", body)
    }

    const COVERED: &str = "<table:covered-table-cell/>";

    #[test]
    fn merged_cells_are_one_cell_with_a_larger_area() {
        let wide = cell("table:number-columns-spanned='2' table:number-rows-spanned='2'", "b");
        let body = table(
            &[
                row(&[cell("table:number-rows-spanned='2'", "a"), wide, COVERED.to_owned()]),
                "<table:table-row><table:covered-table-cell/><table:covered-table-cell table:number-columns-repeated='2'/></table:table-row>".to_owned(),
                row(&[cell("", "c"), cell("", "d"), cell("", "e")]),
            ]
            .concat(),
        );
        let wanted = ["R1C1 2x1 a", "R1C2 2x2 b", "R3C1 1x1 c", "R3C2 1x1 d", "R3C3 1x1 e"];
        assert_eq!(cells(&body), wanted);
        assert_eq!(cells(&body.replace(COVERED, "")), wanted);
    }

    #[test]
    fn a_covered_slot_that_nothing_covers_stays_empty_and_what_is_covered_is_not_shown() {
        let hidden = "<table:covered-table-cell><text:p>x</text:p></table:covered-table-cell>";
        let body = table(&row(&[
            COVERED.to_owned(),
            cell("table:number-columns-spanned='2'", "a"),
            hidden.to_owned(),
            cell("", "b"),
        ]));
        assert_eq!(cells(&body), ["R1C2 1x2 a", "R1C4 1x1 b"]);
        assert!(printed(&body).contains("! merge_unmatched"));
        assert!(printed(&body).contains("! hidden_text_left_out"));
    }

    #[test]
    fn rows_and_cells_are_repeated_as_often_as_can_be_believed() {
        let body = table(
            "<table:table-row table:number-rows-repeated='2'><table:table-cell table:number-columns-repeated='2'><text:p>0</text:p></table:table-cell></table:table-row>",
        );
        assert_eq!(cells(&body), ["R1C1 1x1 0", "R1C2 1x1 0", "R2C1 1x1 0", "R2C2 1x1 0"]);
        let endless = body
            .replace("rows-repeated='2'", "rows-repeated='2147483647'")
            .replace("columns-repeated='2'", "columns-repeated='99999999'");
        let text = printed(&endless);
        assert!(text.len() < 100 << 20 && text.contains("! part_unreadable"));
        assert_eq!(cells(&endless).len(), 63 * 1001);
    }

    #[test]
    fn header_rows_and_hidden_rows_are_said_to_be() {
        let body = table(&format!(
            "<table:table-header-rows>{}</table:table-header-rows><table:table-row table:visibility='collapse'>{}</table:table-row>",
            row(&[cell("", "a")]),
            cell("", "b")
        ));
        let text = printed(&body);
        assert!(text.contains("R1 stated header") && text.contains("R2 stated hidden"), "{text}");
        assert!(text.contains("! hidden_rows_read"), "{text}");
    }

    #[test]
    fn a_nested_table_is_a_block_of_its_own() {
        let inner = table(&row(&[cell("", "in")]));
        let outer = format!("<table:table-cell><text:p>a</text:p>{inner}<text:p>b</text:p></table:table-cell>");
        let text = printed(&table(&row(&[outer])));
        assert!(text.contains("C1 |a⏎b|  @ table 1 R1C1"), "{text}");
        assert!(text.contains("inside block 0 R1C1"), "{text}");
        assert!(text.contains("|in|  @ table 2 R1C1"), "{text}");
    }

    const WIDTHS: &str = "<style:style style:name='A' style:family='table-column'><style:table-column-properties style:rel-column-width='1*'/></style:style>
        <style:style style:name='B' style:family='table-column'><style:table-column-properties style:rel-column-width='3*'/></style:style>";

    fn sub_table(content: &str) -> String {
        format!("<table:table-cell><table:table table:is-sub-table='true'>{content}</table:table></table:table-cell>")
    }

    #[test]
    fn sub_tables_are_cells_of_the_table_around_them() {
        let inner = sub_table(&format!(
            "<table:table-column table:style-name='A'/><table:table-column table:style-name='A'/>{}{}",
            row(&[cell("", "b"), cell("", "c")]),
            row(&[cell("table:number-columns-spanned='2'", "d"), COVERED.to_owned()])
        ));
        let body = table(&format!(
            "<table:table-column table:style-name='A'/><table:table-column table:style-name='B'/>{}{}",
            row(&[cell("", "a"), inner]),
            row(&[cell("", "e"), cell("", "f")])
        ));
        assert_eq!(
            cells_of(WIDTHS, &body),
            ["R1C1 2x1 a", "R1C2 1x1 b", "R1C3 1x1 c", "R2C2 1x2 d", "R3C1 1x1 e", "R3C2 1x2 f"]
        );
        let text = styled(WIDTHS, &body);
        assert!(text.contains("|d|  @ table 1 R2C2"), "{text}");
        assert!(text.contains("|f|  @ table 1 R3C2"), "{text}");
    }

    #[test]
    fn sub_tables_of_different_heights_end_together() {
        let one = |text: &str| row(&[cell("", text)]);
        let deep = sub_table(&(one("b") + &row(&[sub_table(&(one("c") + &one("d")))])));
        let body = table(&(row(&[sub_table(&(one("a") + &one("x"))), deep]) + &row(&[cell("", "e"), cell("", "f")])));
        assert_eq!(
            cells(&body),
            ["R1C1 1x1 a", "R1C2 1x1 b", "R2C1 2x1 x", "R2C2 1x1 c", "R3C2 1x1 d", "R4C1 1x1 e", "R4C2 1x1 f"]
        );
    }

    #[test]
    fn sub_tables_without_end_or_bottom_are_read_somehow() {
        let deep = (0..60).fold(cell("", "底"), |inner, _| sub_table(&row(&[inner, cell("", "x")])));
        assert!(printed(&table(&row(std::slice::from_ref(&deep)))).contains("底"));
        let whole = flat("", &table(&row(&[deep])));
        for cut in [whole.len() / 4, whole.len() / 2, whole.len() * 3 / 4] {
            let _ = crate::extract(whole.get(..cut).unwrap_or_default().as_bytes());
        }
    }
}
