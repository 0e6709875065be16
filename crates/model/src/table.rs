//! A table: rows, columns, and cells that never overlap.
//!
//! [`Table::place`] is the only way in for a cell, so every table that exists keeps the invariants of
//! `NORMAL_FORM.md`: cells lie inside the grid, do not overlap, and stand in row-major order.

use std::fmt;

use crate::area::Area;
use crate::line::Lines;
use crate::origin::{Origin, Origins};

/// How many slots (rows × columns) a table may have: past this a file is not a table but an attack.
pub const MAX_SLOTS: usize = 1 << 24;

/// How certain the source is about which column a cell stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grid {
    /// The source states the columns (Word, sheets, web pages) or draws them (ruled PDF): a header stands over its figures.
    Stated,
    /// The columns were worked out from gaps in the layout: usually right.
    Inferred,
    /// The source lost them (text dumps): cells are in order, but the column of a cell says nothing.
    Lost,
}

/// How certain the source is that a row starts here: the only evidence that reconciling needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Boundary {
    /// The source says so: a row element, a row of a sheet.
    Stated,
    /// A line is drawn here.
    Ruled,
    /// Nothing but the layout says so (a new line of text): the row may go on from the one above.
    Inferred,
    /// A new page, or a gap in the text, begins here: a table, a row or a cell may have been cut.
    PageBreak,
}

/// One row of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// How certain it is that the row starts where it does.
    pub above: Boundary,
    /// The source itself calls it a header row (`w:tblHeader`, `thead`).
    pub header: bool,
    /// The source hides it from readers. Hidden rows are read all the same.
    pub hidden: bool,
}

impl Row {
    /// A row that begins as `above` says, not marked in any way.
    pub const fn new(above: Boundary) -> Self {
        Self { above, header: false, hidden: false }
    }
}

/// What a cell is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Names the columns below it.
    ColumnHeader,
    /// Names the row to its right.
    RowHeader,
    /// Everything else.
    Body,
}

impl Role {
    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ColumnHeader => "column_header",
            Self::RowHeader => "row_header",
            Self::Body => "body",
        }
    }
}

/// A cell: its area, its text as the source holds it, and where that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    area: Area,
    /// What the cell is for.
    pub role: Role,
    /// The text, line by line as the source breaks it; empty for a blank cell. After reconciling, one line is one paragraph.
    pub lines: Lines,
    /// One place for each source cell that went into this one; never empty. The first is where the cell begins.
    pub origins: Origins,
}

impl Cell {
    /// A cell of the body.
    pub const fn new(area: Area, lines: Lines, origin: Origin) -> Self {
        Self { area, role: Role::Body, lines, origins: Origins::from_const([origin]) }
    }

    /// The rows and columns it covers.
    pub const fn area(&self) -> Area {
        self.area
    }

    /// Whether it holds no text but blanks.
    pub fn is_blank(&self) -> bool {
        self.lines.iter().all(|line| line.chars().all(char::is_whitespace))
    }

    /// The lines as one text, parted by line feeds.
    pub fn text(&self) -> String {
        // As most cells are.
        if let [line] = self.lines.as_slice() { line.to_string() } else { self.lines.join("\n") }
    }

    /// Takes in the text and the places of `other`, which goes on where this cell ends. The only place where origins are joined.
    pub fn absorb(&mut self, other: Self) {
        self.lines.extend(other.lines);
        self.origins.extend(other.origins);
    }
}

/// Where a nested table stands in the table around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nesting {
    /// The index of the outer table among the blocks of the document; always smaller than the nested table's own.
    pub block: usize,
    /// The row of the outer cell.
    pub row: usize,
    /// The column of the outer cell.
    pub column: usize,
    /// How many lines of the outer cell come before the nested table.
    pub line: usize,
}

/// Rows, columns, and cells in row-major order that never overlap.
#[derive(Clone, Debug)]
pub struct Table {
    /// How certain the columns are.
    pub grid: Grid,
    /// The outer cell, for a table within a table.
    pub nested_in: Option<Nesting>,
    rows: Vec<Row>,
    columns: usize,
    cells: Vec<Cell>,
    /// For each row, for each column up to the last one used: the index of its cell plus one; 0 where there is none.
    slots: Vec<Vec<u32>>,
}

/// Why a cell could not be placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceError {
    /// Another cell covers this slot already. Row and column count from 0.
    Taken {
        /// The row of the slot.
        row: usize,
        /// Its column.
        column: usize,
    },
    /// The cell reaches below the last row.
    NoSuchRow {
        /// The last row that the cell asks for, from 0.
        row: usize,
    },
    /// The table would have more than [`MAX_SLOTS`] slots.
    TooLarge,
}

impl fmt::Display for PlaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken { row, column } => {
                write!(f, "row {}: two cells claim column {}", row + 1, column + 1)
            }
            Self::NoSuchRow { row } => write!(f, "a cell reaches into row {}, which the table does not have", row + 1),
            Self::TooLarge => write!(f, "the table has more than {MAX_SLOTS} cells"),
        }
    }
}

impl std::error::Error for PlaceError {}

impl Table {
    /// A table without rows.
    pub const fn new(grid: Grid) -> Self {
        Self { grid, nested_in: None, rows: Vec::new(), columns: 0, cells: Vec::new(), slots: Vec::new() }
    }

    /// Adds a row at the bottom and returns its index. Rows come before the cells that stand in them.
    pub fn push_row(&mut self, row: Row) -> usize {
        self.rows.push(row);
        self.slots.push(Vec::new());
        self.rows.len() - 1
    }

    /// Places a cell. The number of columns grows as needed; rows must exist.
    ///
    /// # Errors
    /// A slot that another cell covers, a row that the table lacks, a table past [`MAX_SLOTS`]. The table is unchanged then.
    pub fn place(&mut self, cell: Cell) -> Result<(), PlaceError> {
        let Area { rows, columns } = cell.area;
        if rows.end() > self.rows.len() {
            return Err(PlaceError::NoSuchRow { row: rows.end() - 1 });
        }
        if columns.end().max(self.columns).saturating_mul(self.rows.len()) > MAX_SLOTS {
            return Err(PlaceError::TooLarge);
        }
        if let Some((row, column)) = self.first_taken(cell.area) {
            return Err(PlaceError::Taken { row, column });
        }
        let corner = cell.area.corner();
        // Most cells come in order, and stand behind all others.
        let index = match self.cells.last() {
            Some(last) if last.area.corner() > corner => {
                self.cells.partition_point(|other| other.area.corner() < corner)
            }
            _ => self.cells.len(),
        };
        if index < self.cells.len() {
            self.make_room(index);
        }
        self.mark(cell.area, index);
        self.columns = self.columns.max(columns.end());
        self.cells.insert(index, cell);
        Ok(())
    }

    /// The slot of `area`, first in row-major order, that a cell covers already.
    pub fn first_taken(&self, area: Area) -> Option<(usize, usize)> {
        area.rows.indices().find_map(|row| {
            let used = self.slots.get(row)?;
            let taken = used.iter().take(area.columns.end()).skip(area.columns.start()).position(|&slot| slot != 0)?;
            Some((row, area.columns.start() + taken))
        })
    }

    /// Makes every slot index at or past `index` one larger.
    fn make_room(&mut self, index: usize) {
        for slot in self.slots.iter_mut().flatten() {
            if *slot as usize > index {
                *slot += 1;
            }
        }
    }

    fn mark(&mut self, area: Area, index: usize) {
        // `MAX_SLOTS` keeps the index far below the limit of the type.
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        for used in self.slots.iter_mut().take(area.rows.end()).skip(area.rows.start()) {
            if used.len() < area.columns.end() {
                // Most rows become as wide as the widest one above them.
                used.reserve(self.columns.saturating_sub(used.len()));
                used.resize(area.columns.end(), 0);
            }
            for slot in used.iter_mut().take(area.columns.end()).skip(area.columns.start()) {
                *slot = number;
            }
        }
    }

    /// The rows, top to bottom.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The rows, to change what is known about them.
    pub fn rows_mut(&mut self) -> &mut [Row] {
        &mut self.rows
    }

    /// How many columns the widest row has.
    pub const fn columns(&self) -> usize {
        self.columns
    }

    /// All cells in row-major order of their first slot.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// All cells, to change their text, role or origins; their areas stay.
    pub fn cells_mut(&mut self) -> &mut [Cell] {
        &mut self.cells
    }

    /// The cell that covers a slot.
    pub fn get(&self, row: usize, column: usize) -> Option<&Cell> {
        self.cells.get(self.index_at(row, column)?)
    }

    /// The cell that covers a slot, to change it.
    pub fn get_mut(&mut self, row: usize, column: usize) -> Option<&mut Cell> {
        let index = self.index_at(row, column)?;
        self.cells.get_mut(index)
    }

    /// The cells that begin in `row`, left to right.
    pub fn cells_from(&self, row: usize) -> &[Cell] {
        let start = self.cells.partition_point(|cell| cell.area.rows.start() < row);
        let end = self.cells.partition_point(|cell| cell.area.rows.start() <= row);
        self.cells.get(start..end).unwrap_or_default()
    }

    /// The cells that cover any slot of `row`, left to right, each once: those that begin there and those that reach down into it.
    pub fn cells_over(&self, row: usize) -> impl Iterator<Item = &Cell> + Clone {
        self.indices_over(row).filter_map(|index| self.cells.get(index))
    }

    /// The indices in [`Table::cells`] of the cells that cover any slot of `row`, left to right, each once.
    pub fn indices_over(&self, row: usize) -> impl Iterator<Item = usize> + Clone {
        let used = self.slots.get(row).map_or(&[][..], Vec::as_slice);
        let mut last = 0;
        used.iter().filter_map(move |&slot| {
            let is_new = slot != 0 && slot != last;
            last = slot;
            if is_new { Some(slot as usize - 1) } else { None }
        })
    }

    /// The index in [`Table::cells`] of the cell that covers a slot.
    pub fn index_at(&self, row: usize, column: usize) -> Option<usize> {
        (*self.slots.get(row)?.get(column)? as usize).checked_sub(1)
    }

    /// The table without the rows for which `dropped` is true. A cell that reaches into such a row gets shorter; one that stands
    /// wholly in such rows is gone.
    pub fn without_rows(self, dropped: impl Fn(usize) -> bool) -> Self {
        self.with_rows_joined(dropped, |_| None)
    }

    /// The table without the rows for which `dropped` is true, and what stood in them kept: a cell that stands wholly in such rows
    /// is joined to the cell at the slot that `heir` names for it, before or after that cell's own text as it stood above or below
    /// it. The heir keeps its area and its role. A cell without an heir, or whose heir does not stay, is gone.
    pub fn with_rows_joined(
        self,
        dropped: impl Fn(usize) -> bool,
        heir: impl Fn(&Cell) -> Option<(usize, usize)>,
    ) -> Self {
        let mut left = Self { nested_in: self.nested_in, ..Self::new(self.grid) };
        let mut before = Vec::with_capacity(self.rows.len() + 1);
        for (index, row) in self.rows.iter().enumerate() {
            before.push(left.rows.len());
            if !dropped(index) {
                left.push_row(*row);
            }
        }
        before.push(left.rows.len());
        // Which cell goes into which, as indices: sorted, so that the parts of one cell stand together in reading order.
        let mut joins = Vec::new();
        for (index, cell) in self.cells.iter().enumerate() {
            if cell.area.rows.renumbered(&before).is_none()
                && let Some((row, column)) = heir(cell)
                && let Some(into) = self.index_at(row, column)
            {
                joins.push((into, index));
            }
        }
        joins.sort_unstable();
        let mut cells: Vec<Option<Cell>> = self.cells.into_iter().map(Some).collect();
        for parts in joins.chunk_by(|one, other| one.0 == other.0) {
            join_parts(&mut cells, parts);
        }
        for mut cell in cells.into_iter().flatten() {
            if let Some(rows) = cell.area.rows.renumbered(&before) {
                cell.area.rows = rows;
                left.replace(cell);
            }
        }
        left
    }

    /// Whether the rows of `below` can stand under its own within [`MAX_SLOTS`].
    pub fn has_room_for(&self, below: &Self) -> bool {
        let columns = self.columns.max(below.columns);
        columns.saturating_mul(self.rows.len() + below.rows.len()) <= MAX_SLOTS
    }

    /// This table with the rows of `below` under its own.
    ///
    /// # Errors
    /// A table past [`MAX_SLOTS`].
    pub fn with_below(mut self, below: Self) -> Result<Self, PlaceError> {
        let offset = self.rows.len();
        if !self.has_room_for(&below) {
            return Err(PlaceError::TooLarge);
        }
        for row in below.rows {
            self.push_row(row);
        }
        for mut cell in below.cells {
            cell.area.rows = cell.area.rows.moved(offset);
            self.place(cell)?;
        }
        self.grid = self.grid.max(below.grid);
        Ok(self)
    }

    /// Places a cell that is known to fit, because it came out of a table in which it did.
    fn replace(&mut self, cell: Cell) {
        let placed = self.place(cell);
        debug_assert!(placed.is_ok(), "a cell that fitted no longer does: {placed:?}");
    }
}

/// Joins the cells at the second index of each pair to the one at the first, which all pairs share, in the order of the indices.
fn join_parts(cells: &mut [Option<Cell>], parts: &[(usize, usize)]) {
    let Some(&(into, _)) = parts.first() else { return };
    let Some(heir) = cells.get_mut(into).and_then(Option::take) else {
        return;
    };
    let (area, role) = (heir.area, heir.role);
    let mut whole: Option<Cell> = None;
    let mut append = |part: Cell| match &mut whole {
        Some(whole) => whole.absorb(part),
        None => whole = Some(part),
    };
    let split = parts.partition_point(|&(_, index)| index < into);
    let (above, below) = parts.split_at_checked(split).unwrap_or((parts, &[]));
    let mut take = |&(_, index): &(usize, usize)| cells.get_mut(index).and_then(Option::take);
    above.iter().filter_map(&mut take).for_each(&mut append);
    append(heir);
    below.iter().filter_map(&mut take).for_each(&mut append);
    if let Some(slot) = cells.get_mut(into) {
        *slot = whole.map(|whole| Cell { area, role, ..whole });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::Span;
    use crate::origin::Part;
    use proptest::prelude::*;

    fn cell(area: Area, text: &str) -> Cell {
        let (row, column) = area.corner();
        let origin = Origin::Story { part: Part::Body, table: 0, row: row as u32, column: column as u32 };
        Cell::new(area, [text.into()].into(), origin)
    }

    fn table(rows: usize) -> Table {
        let mut table = Table::new(Grid::Stated);
        for _ in 0..rows {
            table.push_row(Row::new(Boundary::Stated));
        }
        table
    }

    /// What `NORMAL_FORM.md` promises of every table.
    fn check(table: &Table) {
        for (index, one) in table.cells().iter().enumerate() {
            assert!(one.area().rows.end() <= table.rows().len());
            assert!(one.area().columns.end() <= table.columns());
            assert!(!one.origins.is_empty());
            for other in &table.cells()[index + 1..] {
                assert!(!one.area().overlaps(other.area()), "{:?} and {:?}", one.area(), other.area());
                assert!(one.area().corner() < other.area().corner());
            }
            for (row, column) in one.area().slots() {
                assert_eq!(table.get(row, column), Some(one));
            }
        }
    }

    prop_compose! {
        fn areas()(rows in 1..12usize, list in proptest::collection::vec((0..12usize, 1..4usize, 0..10usize, 1..5usize), 0..40)) -> (usize, Vec<Area>) {
            let span = |start, length| Span::with_length(start, length).unwrap();
            (rows, list.into_iter().map(|(r, h, c, w)| Area { rows: span(r, h), columns: span(c, w) }).collect())
        }
    }

    proptest! {
        #[test]
        fn whatever_is_placed_the_table_keeps_its_form((rows, areas) in areas()) {
            let mut table = table(rows);
            let mut placed = Vec::new();
            for area in areas {
                let clash = area.rows.end() > rows || placed.iter().any(|&other| area.overlaps(other));
                let result = table.place(cell(area, "x"));
                prop_assert_eq!(result.is_err(), clash);
                if !clash { placed.push(area); }
            }
            prop_assert_eq!(table.cells().len(), placed.len());
            check(&table);
        }

        #[test]
        fn cutting_a_table_and_joining_it_again_gives_it_back((rows, areas) in areas(), at in 0..12usize) {
            let mut whole = table(rows);
            for area in areas {
                // Only cells that the cut does not go through can come back as they were.
                if area.rows.end() <= at || area.rows.start() >= at {
                    let _ = whole.place(cell(area, "x"));
                }
            }
            let above = whole.clone().without_rows(|row| row >= at);
            let below = whole.clone().without_rows(|row| row < at);
            check(&above);
            check(&below);
            let joined = above.with_below(below).unwrap();
            check(&joined);
            prop_assert_eq!(joined.cells(), whole.cells());
            prop_assert_eq!(joined.rows(), whole.rows());
        }

        #[test]
        fn joining_rows_keeps_all_text_and_all_places((rows, areas) in areas(), dropped in proptest::collection::btree_set(0..12usize, 0..6)) {
            let mut whole = table(rows);
            for area in areas { let _ = whole.place(cell(area, "x")); }
            // Each cell of a dropped row goes to the first cell that stays anywhere.
            let stays = |area: Area| area.rows.indices().any(|row| !dropped.contains(&row));
            let heir = whole.cells().iter().map(Cell::area).find(|&area| stays(area)).map(Area::corner);
            let all = whole.cells().len();
            let joined = whole.with_rows_joined(|row| dropped.contains(&row), |_| heir);
            check(&joined);
            let lines: usize = joined.cells().iter().map(|cell| cell.lines.len()).sum();
            let origins: usize = joined.cells().iter().map(|cell| cell.origins.len()).sum();
            prop_assert!(heir.is_none() || (lines == all && origins == all));
            for cell in joined.cells() {
                prop_assert!(cell.origins.is_sorted());
            }
        }

        #[test]
        fn cells_over_a_row_are_those_whose_area_holds_it((rows, areas) in areas()) {
            let mut table = table(rows);
            for area in areas { let _ = table.place(cell(area, "x")); }
            for row in 0..rows {
                let over: Vec<_> = table.cells_over(row).map(Cell::area).collect();
                let mut wanted: Vec<_> = table.cells().iter().map(Cell::area).filter(|area| area.rows.contains(row)).collect();
                wanted.sort_by_key(|area| area.columns.start());
                prop_assert_eq!(over, wanted);
            }
        }
    }

    #[test]
    fn a_merged_cell_is_placed_once() {
        let mut table = table(2);
        let merged = Area { rows: Span::with_length(0, 2).unwrap(), columns: Span::one(0) };
        table.place(cell(merged, "规章")).unwrap();
        assert_eq!(table.place(cell(Area::one(1, 0), "x")), Err(PlaceError::Taken { row: 1, column: 0 }));
        assert_eq!(table.cells().len(), 1);
        assert_eq!(table.get(1, 0).unwrap().text(), "规章");
    }

    #[test]
    fn a_joined_row_stands_before_or_after_its_heir_as_it_was_read() {
        let mut whole = table(3);
        for (row, text) in ["a", "b", "c"].into_iter().enumerate() {
            whole.place(cell(Area::one(row, 0), text)).unwrap();
        }
        let joined = whole.with_rows_joined(|row| row != 1, |_| Some((1, 0)));
        assert_eq!(joined.rows().len(), 1);
        assert_eq!(joined.get(0, 0).unwrap().lines.as_slice(), ["a", "b", "c"]);
        assert_eq!(joined.get(0, 0).unwrap().area(), Area::one(0, 0));
    }

    #[test]
    fn a_cell_below_the_last_row_is_refused() {
        assert_eq!(table(1).place(cell(Area::one(1, 0), "x")), Err(PlaceError::NoSuchRow { row: 1 }));
    }

    #[test]
    fn a_grid_past_all_bounds_is_refused() {
        let mut table = table(2);
        assert_eq!(table.place(cell(Area::one(0, MAX_SLOTS), "x")), Err(PlaceError::TooLarge));
    }
}
