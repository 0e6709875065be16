//! Where a table is made: rows, grid columns and merged cells (ECMA-376 Part 1, 17.4).

use nianbao_model::{
    Area, Boundary, Cell, Grid, Lines, Nesting, Origin, Part, PlaceError, Role, Row, Span, Table, Warning, WarningKind,
};

/// How many grid columns a table may have unless it states more. Word itself allows 63.
const MAX_COLUMNS: usize = 63;

/// How many rows a cell may cover. No text has a table so long.
const MAX_ROWS: usize = 1 << 20;

/// How a cell joins its neighbours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Merge {
    /// It does not.
    #[default]
    No,
    /// The merged cell begins here.
    Restart,
    /// The merged cell goes on here.
    Continue,
}

/// The properties of a row.
#[derive(Clone, Copy, Debug, Default)]
pub struct RowProperties {
    /// How many grid columns stand empty before its first cell.
    pub grid_before: usize,
    /// It is repeated on every page.
    pub is_header: bool,
    /// The row is hidden; its text is then hidden too, and read all the same.
    pub is_hidden: bool,
    /// The row is deleted (17.13.5.12).
    pub is_deleted: bool,
}

/// The properties of a cell.
#[derive(Clone, Copy, Debug, Default)]
pub struct CellProperties {
    /// How many grid columns it covers; 1 where nothing is said.
    pub grid_span: Option<usize>,
    /// How many rows it covers, for formats that say so where the cell begins; 1 where nothing is said.
    pub row_span: Option<usize>,
    /// How it joins the cell above.
    pub v_merge: Merge,
    /// How it joins the cell to its left.
    pub h_merge: Merge,
    /// The cell is deleted (17.13.5.2).
    pub is_deleted: bool,
}

/// A cell whose last row is not yet known.
#[derive(Clone, Debug)]
struct Placed {
    area: Area,
    lines: Lines,
    /// The row of the source, deleted ones counted.
    source_row: u32,
}

/// A table in the making: rows and cells are handed over as they are read, from top to bottom and from left to right.
#[derive(Debug)]
pub struct TableDraft {
    part: Part,
    /// The table, counted in the order in which tables begin.
    number: u32,
    /// Its place among the blocks.
    pub slot: usize,
    nested_in: Option<Nesting>,
    /// How many columns the grid states.
    pub stated_columns: usize,
    rows: Vec<Row>,
    cells: Vec<Placed>,
    /// The columns of merged cells that reach down to the row above, with their cells.
    reaching: Vec<(Span, usize)>,
    /// The same for the row that is being read.
    reaching_on: Vec<(Span, usize)>,
    source_row: u32,
    /// The row that is being read; `None` between rows.
    row: Option<RowProperties>,
    /// The column at which the next cell begins.
    column: usize,
    /// How many rows below the one that is being read the cell begins.
    down: usize,
    /// The cell that is being read; `None` between cells.
    cell: Option<CellProperties>,
}

impl TableDraft {
    /// The table `number` of the story `part`, whose place among the blocks is `slot`.
    pub const fn new(part: Part, number: u32, slot: usize, nested_in: Option<Nesting>) -> Self {
        Self {
            part,
            number,
            slot,
            nested_in,
            stated_columns: 0,
            rows: Vec::new(),
            cells: Vec::new(),
            reaching: Vec::new(),
            reaching_on: Vec::new(),
            source_row: 0,
            row: None,
            column: 0,
            down: 0,
            cell: None,
        }
    }

    /// Whether a row may begin here.
    pub const fn is_between_rows(&self) -> bool {
        self.row.is_none()
    }

    /// Whether the row that is being read has come to the last column that a table can have.
    pub fn is_row_full(&self) -> bool {
        self.column >= self.most_columns()
    }

    /// Whether a cell may begin here.
    pub const fn is_between_cells(&self) -> bool {
        self.row.is_some() && self.cell.is_none()
    }

    /// Whether the row that is being read is hidden.
    pub fn in_hidden_row(&self) -> bool {
        self.row.is_some_and(|row| row.is_hidden)
    }

    /// A row begins.
    pub fn begin_row(&mut self) {
        self.row = Some(RowProperties::default());
        self.column = 0;
    }

    /// What the row says of itself, before its first cell.
    pub fn row_properties(&mut self, properties: RowProperties) {
        self.row = Some(properties);
        self.column = properties.grid_before.min(self.most_columns());
    }

    /// Ends the row that is being read.
    pub fn end_row(&mut self) {
        if let Some(properties) = self.row.take()
            && !properties.is_deleted
        {
            let is_header = properties.is_header && self.rows.iter().all(|row| row.header);
            self.rows.push(Row { header: is_header, hidden: properties.is_hidden, ..Row::new(Boundary::Stated) });
            self.reaching = std::mem::take(&mut self.reaching_on);
        }
        self.source_row = self.source_row.saturating_add(1);
    }

    /// Adds rows below the last, each like it: with all its cells that stand in it alone, or with none.
    pub fn add_rows(&mut self, count: usize, with_cells: bool) {
        let Some((&last, row)) = self.rows.last().zip(self.rows.len().checked_sub(1)) else { return };
        let first = self.cells.partition_point(|cell| cell.area.rows.start() < row);
        let own = |cell: &&Placed| with_cells && cell.area.rows == Span::one(row);
        let cells: Vec<Placed> = self.cells.iter().skip(first).filter(own).cloned().collect();
        for _ in 0..count {
            let rows = Span::one(self.rows.len());
            self.cells.extend(cells.iter().map(|cell| Placed {
                area: Area { rows, columns: cell.area.columns },
                lines: cell.lines.clone(),
                source_row: self.source_row,
            }));
            self.rows.push(last);
            self.source_row = self.source_row.saturating_add(1);
        }
    }

    /// A cell begins.
    pub fn begin_cell(&mut self) {
        self.cell = Some(CellProperties::default());
        self.down = 0;
    }

    /// The cell that is being read begins at this column, so many rows below the row that is being read: for formats that say where a
    /// cell stands.
    pub fn stand_at(&mut self, down: usize, column: usize) {
        self.down = down;
        self.column = column.min(self.most_columns());
    }

    /// What the cell says of itself, before its text.
    pub const fn cell_properties(&mut self, properties: CellProperties) {
        self.cell = Some(properties);
    }

    /// Where the cell that is being read stands.
    pub fn here(&self) -> Origin {
        self.origin(self.own_row(), self.column)
    }

    /// The row of the source that the cell begins in.
    fn own_row(&self) -> u32 {
        self.source_row.saturating_add(u32::try_from(self.down).unwrap_or(u32::MAX))
    }

    /// Where a table stands that begins in the cell that is being read, after `line` lines.
    pub const fn nesting(&self, line: usize) -> Nesting {
        Nesting { block: self.slot, row: self.rows.len() + self.down, column: self.column, line }
    }

    /// Ends the cell that is being read, with its text; says what was not sure.
    pub fn end_cell(&mut self, lines: Lines) -> Option<WarningKind> {
        let cell = self.cell.take()?;
        let (columns, is_cut) = self.columns_of(cell);
        let reached = self.reached(cell, columns);
        let mut warning = is_cut.then_some(WarningKind::SpanCut);
        if cell.is_deleted {
            // The columns of its neighbours are those of the grid, so its place stays empty.
        } else if let Some(reached) = reached {
            // Word shows nothing of what stands in the later cells of a merged one.
            if !lines.is_empty() {
                warning = Some(WarningKind::HiddenTextLeftOut);
            }
            self.extend(reached, columns, cell);
        } else {
            if cell.v_merge == Merge::Continue {
                warning = Some(WarningKind::MergeUnmatched);
            }
            if cell.v_merge != Merge::No {
                self.reaching_on.push((columns, self.cells.len()));
            }
            let first = self.rows.len() + self.down;
            let rows =
                Span::with_length(first, cell.row_span.unwrap_or(1).clamp(1, MAX_ROWS)).unwrap_or(Span::one(first));
            self.cells.push(Placed { area: Area { rows, columns }, lines, source_row: self.own_row() });
        }
        self.column = columns.end();
        warning
    }

    /// The columns of the cell that is being read, and whether it claims more than a table can have.
    fn columns_of(&self, cell: CellProperties) -> (Span, bool) {
        let stated = cell.grid_span.unwrap_or(1).max(1);
        let most = self.most_columns().saturating_sub(self.column).max(1);
        let columns = Span::with_length(self.column, stated.min(most));
        (columns.unwrap_or(Span::one(self.column)), stated > most)
    }

    fn most_columns(&self) -> usize {
        self.stated_columns.clamp(MAX_COLUMNS, 4 * MAX_COLUMNS)
    }

    /// The cell that the one being read goes on with: from above where their columns are the same, else from the left.
    fn reached(&self, cell: CellProperties, columns: Span) -> Option<usize> {
        if cell.v_merge == Merge::Continue {
            // They were noted from left to right.
            let found = self.reaching.binary_search_by_key(&columns, |&(columns, _)| columns).ok()?;
            return self.reaching.get(found).map(|&(_, index)| index);
        }
        if cell.h_merge == Merge::Continue {
            let last = self.cells.len().checked_sub(1)?;
            let left = self.cells.get(last)?.area;
            let touches = left.rows == Span::one(self.rows.len()) && left.columns.end() == columns.start();
            return touches.then_some(last);
        }
        None
    }

    fn extend(&mut self, index: usize, columns: Span, cell: CellProperties) {
        let Some(reached) = self.cells.get_mut(index) else {
            return;
        };
        if cell.v_merge == Merge::Continue {
            reached.area.rows = reached.area.rows.hull(Span::one(self.rows.len()));
            self.reaching_on.push((columns, index));
        } else {
            reached.area.columns = reached.area.columns.hull(columns);
        }
    }

    fn origin(&self, row: u32, column: usize) -> Origin {
        Origin::Story { part: self.part, table: self.number, row, column: u32::try_from(column).unwrap_or(u32::MAX) }
    }

    /// The table, with warnings about what could not be placed; `None` where it has no rows.
    pub fn finish(mut self, warnings: &mut Vec<Warning>) -> Option<Table> {
        if self.rows.is_empty() {
            return None;
        }
        self.drop_headers_without_body();
        let mut table = Table::new(Grid::Stated);
        table.nested_in = self.nested_in;
        for row in &self.rows {
            table.push_row(*row);
        }
        for mut placed in std::mem::take(&mut self.cells) {
            let origin = self.origin(placed.source_row, placed.area.columns.start());
            if let Some(rows) = Span::between(placed.area.rows.start(), placed.area.rows.end().min(self.rows.len()))
                && rows != placed.area.rows
            {
                placed.area.rows = rows;
                warnings.push(Warning::new(WarningKind::SpanCut, vec![origin.clone()]));
            }
            let row = self.rows.get(placed.area.rows.start());
            let mut cell = Cell::new(placed.area, placed.lines, origin.clone());
            if row.is_some_and(|row| row.header) {
                cell.role = Role::ColumnHeader;
            }
            match table.place(cell) {
                Ok(()) => {}
                Err(error @ PlaceError::TooLarge) => {
                    warnings.push(self.cut_off(&error, origin));
                    break;
                }
                Err(_) => warnings.push(Warning::new(WarningKind::CellsOverlap, vec![origin])),
            }
        }
        Some(table)
    }

    /// A table all of whose rows are header rows has none: there is nothing for them to head.
    fn drop_headers_without_body(&mut self) {
        if self.rows.len() > 1 && self.rows.iter().all(|row| row.header) {
            for row in &mut self.rows {
                row.header = false;
            }
        }
    }

    fn cut_off(&self, error: &PlaceError, at: Origin) -> Warning {
        let kind = WarningKind::PartUnreadable {
            part: format!("the rest of table {}", u64::from(self.number) + 1),
            reason: error.to_string(),
        };
        Warning::new(kind, vec![at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nianbao_model::Line;

    fn cell(draft: &mut TableDraft, down: usize, column: usize, row_span: usize, text: &str) {
        draft.begin_cell();
        draft.stand_at(down, column);
        draft.cell_properties(CellProperties { row_span: Some(row_span), ..CellProperties::default() });
        assert_eq!(draft.end_cell(Lines::from_iter([Line::new(text)])), None);
    }

    /// Areas and texts: `R1C1 2x1 text`.
    fn cells(draft: TableDraft, warnings: &mut Vec<Warning>) -> Vec<String> {
        let table = draft.finish(warnings).unwrap();
        let line = |cell: &Cell| {
            let Area { rows, columns } = cell.area();
            let corner = format!("R{}C{}", rows.start() + 1, columns.start() + 1);
            format!("{corner} {}x{} {}", rows.length(), columns.length(), cell.lines.join("/"))
        };
        table.cells().iter().map(line).collect()
    }

    #[test]
    fn cells_stand_where_they_say() {
        let mut draft = TableDraft::new(Part::Body, 0, 0, None);
        draft.begin_row();
        cell(&mut draft, 0, 0, 2, "三、");
        cell(&mut draft, 0, 1, 1, "甲");
        cell(&mut draft, 1, 1, 1, "乙");
        cell(&mut draft, 0, 3, 9, "丙");
        assert_eq!(draft.here().to_string(), "table 1 R1C5");
        draft.end_row();
        draft.add_rows(1, false);
        let mut warnings = Vec::new();
        let wanted = ["R1C1 2x1 三、", "R1C2 1x1 甲", "R1C4 2x1 丙", "R2C2 1x1 乙"];
        assert_eq!(cells(draft, &mut warnings), wanted);
        assert_eq!(warnings.len(), 1);
        assert_eq!(warnings[0].kind, WarningKind::SpanCut);
    }

    #[test]
    fn a_row_that_is_repeated_has_its_own_cells_again() {
        let mut draft = TableDraft::new(Part::Body, 0, 0, None);
        draft.begin_row();
        cell(&mut draft, 0, 0, 3, "甲");
        cell(&mut draft, 0, 1, 1, "0");
        draft.end_row();
        draft.add_rows(2, true);
        assert_eq!(cells(draft, &mut Vec::new()), ["R1C1 3x1 甲", "R1C2 1x1 0", "R2C2 1x1 0", "R3C2 1x1 0"]);
    }
}
