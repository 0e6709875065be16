//! Where a table is made: rows, columns and merged cells (HTML standard, 4.9.12, *forming a table*).
//!
//! As there, a cell that goes down past its `thead`, `tbody` or `tfoot` ends with it, and `rowspan="0"` goes down to that end. Two
//! cells never overlap here: the later one is cut at the first column that is taken.

use nianbao_model::{
    Area, Boundary, Cell, Grid, Line, Lines, Nesting, Origin, Part, PlaceError, Role, Row, Span, Table, Warning,
    WarningKind,
};

use crate::list::integer;
use crate::tag::{Attribute, Element};

/// More columns than this is what `colspan` may not ask for (4.9.11).
const MAX_COLSPAN: usize = 1000;

/// As many columns as a sheet has.
const MAX_COLUMNS: usize = 16_384;

/// How many slots the tables of one page may have together. The largest sheets saved as web pages have a tenth of it; past it,
/// merged cells are attacks, for a cell of thirty bytes can ask for sixty-five million slots.
pub(crate) const MAX_SLOTS: usize = 1 << 23;

/// A table in the making.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) slot: usize,
    part: Part,
    number: u32,
    nesting: Option<Nesting>,
    rows: Vec<Row>,
    cells: Vec<Placed>,
    /// For each column, the first row that is free below the cells so far.
    free_from: Vec<usize>,
    /// The first cell of the row group at hand.
    group_start: usize,
    /// The row group at hand is a `thead`, and all before it were.
    in_head: bool,
    row: Option<OpenRow>,
    cell: Option<OpenCell>,
}

#[derive(Debug)]
struct OpenRow {
    /// Its first cell among all cells.
    first: usize,
    /// The column in which the next cell is looked for.
    column: usize,
    /// No cell from above reaches into it.
    is_free: bool,
    is_hidden: bool,
}

#[derive(Debug)]
struct OpenCell {
    area: Area,
    /// How many rows it asks for; `None` for all that are left.
    rows: Option<usize>,
    role: Role,
    is_header: bool,
    /// What the cell holds where it shows nothing but `###`.
    stored: Option<String>,
}

#[derive(Debug)]
struct Placed {
    area: Area,
    lines: Lines,
    role: Role,
    is_header: bool,
}

impl Draft {
    pub(crate) fn new(part: Part, number: u32, slot: usize, nesting: Option<Nesting>) -> Self {
        Self {
            slot,
            part,
            number,
            nesting,
            rows: Vec::new(),
            cells: Vec::new(),
            free_from: Vec::new(),
            group_start: 0,
            in_head: false,
            row: None,
            cell: None,
        }
    }

    /// Where a table that stands in the cell at hand is nested, after `line` lines of it.
    pub(crate) fn nesting(&self, line: usize) -> Option<Nesting> {
        let (row, column) = self.cell.as_ref()?.area.corner();
        Some(Nesting { block: self.slot, row, column, line })
    }

    /// The place of the cell at hand, or of the last one.
    pub(crate) fn here(&self) -> Origin {
        let corner = self.cell.as_ref().map(|cell| cell.area.corner());
        let (row, column) = corner.unwrap_or((self.rows.len().saturating_sub(1), 0));
        self.origin(row, column)
    }

    fn origin(&self, row: usize, column: usize) -> Origin {
        let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        Origin::Story { part: self.part, table: self.number, row: number(row), column: number(column) }
    }

    /// A row group begins.
    pub(crate) fn begin_group(&mut self, is_head: bool) {
        self.in_head = is_head && self.rows.iter().all(|row| row.header);
    }

    /// A row group ends: no cell goes down past it. Gives what is to be said of that.
    pub(crate) fn end_group(&mut self) -> Option<(WarningKind, Origin)> {
        let end = self.rows.len();
        let mut cut = None;
        for placed in self.cells.iter_mut().skip(self.group_start) {
            if placed.area.rows.end() > end
                && let Some(rows) = Span::between(placed.area.rows.start(), end)
            {
                cut = cut.or_else(|| (placed.area.rows.end() != usize::MAX).then_some(placed.area.corner()));
                placed.area.rows = rows;
            }
        }
        self.group_start = self.cells.len();
        self.free_from.clear();
        self.in_head = false;
        cut.map(|(row, column)| (WarningKind::SpanCut, self.origin(row, column)))
    }

    pub(crate) fn begin_row(&mut self, is_hidden: bool) {
        let row = self.rows.len();
        let is_free = self.free_from.iter().all(|&free| free <= row);
        self.rows.push(Row { header: self.in_head, hidden: is_hidden, ..Row::new(Boundary::Stated) });
        self.row = Some(OpenRow { first: self.cells.len(), column: 0, is_free, is_hidden });
    }

    /// A row ends; whether it is hidden and stays. A hidden row that holds nothing is gone: Excel writes one under each sheet to state
    /// the widths.
    pub(crate) fn end_row(&mut self) -> bool {
        let Some(row) = self.row.take() else { return false };
        let cells = self.cells.get_mut(row.first..).unwrap_or_default();
        let one_row = |cell: &Placed| cell.area.rows.length() == 1;
        if row.is_hidden && row.is_free && cells.iter().all(|cell| cell.lines.is_empty() && one_row(cell)) {
            self.cells.truncate(row.first);
            self.rows.pop();
            self.free_from.clear();
            return false;
        }
        if cells.iter().all(|cell| cell.is_header) {
            cells.iter_mut().for_each(|cell| cell.role = Role::ColumnHeader);
        }
        row.is_hidden
    }

    /// Whether a cell is open.
    pub(crate) const fn has_cell(&self) -> bool {
        self.cell.is_some()
    }

    /// Whether a cell can begin here.
    pub(crate) const fn is_between_cells(&self) -> bool {
        self.row.is_some() && self.cell.is_none()
    }

    /// A cell begins. Gives what is to be said of its place.
    pub(crate) fn begin_cell(&mut self, element: &Element, is_header: bool) -> Option<WarningKind> {
        let row_index = self.rows.len().saturating_sub(1);
        let row = self.row.as_mut()?;
        let is_taken = |column: usize| self.free_from.get(column).is_some_and(|&free| free > row_index);
        while is_taken(row.column) {
            row.column += 1;
        }
        let start = row.column;
        let span = |name| element.attribute(name).and_then(integer).and_then(|number| usize::try_from(number).ok());
        let asked = span(Attribute::Colspan).filter(|&columns| columns > 0).unwrap_or(1);
        let rows = span(Attribute::Rowspan);
        let wanted = asked.min(MAX_COLSPAN);
        let free = (1..wanted).find(|&more| is_taken(start + more)).unwrap_or(wanted);
        row.column = start + free;
        let end = match rows {
            Some(0) => usize::MAX,
            rows => row_index.saturating_add(rows.unwrap_or(1)),
        };
        if self.free_from.len() < row.column.min(MAX_COLUMNS) {
            self.free_from.resize(row.column.min(MAX_COLUMNS), 0);
        }
        for free in self.free_from.iter_mut().take(start + free).skip(start) {
            *free = end;
        }
        let columns = Span::with_length(start, free).unwrap_or(Span::one(start));
        let rows_asked = Span::between(row_index, end).unwrap_or(Span::one(row_index));
        let role = match element.attribute(Attribute::Scope) {
            Some("row" | "rowgroup") if is_header => Role::RowHeader,
            Some("col" | "colgroup") if is_header => Role::ColumnHeader,
            _ if self.in_head => Role::ColumnHeader,
            _ if is_header => Role::RowHeader,
            _ => Role::Body,
        };
        let stored = element.attribute(Attribute::Number).filter(|number| !number.is_empty()).map(str::to_owned);
        let area = Area { rows: rows_asked, columns };
        self.cell = Some(OpenCell { area, rows: rows.filter(|&rows| rows > 0), role, is_header, stored });
        if free < wanted { Some(WarningKind::CellsOverlap) } else { (wanted < asked).then_some(WarningKind::SpanCut) }
    }

    /// The cell at hand ends.
    pub(crate) fn end_cell(&mut self, mut lines: Lines) {
        let Some(cell) = self.cell.take() else { return };
        debug_assert!(cell.rows.is_none_or(|rows| rows > 0));
        // A column of a sheet that is too narrow shows ### for its number.
        if let (Some(stored), [line]) = (&cell.stored, lines.as_slice())
            && line.trim().bytes().all(|byte| byte == b'#')
        {
            lines = Lines::from_iter([Line::new(stored)]);
        }
        self.cells.push(Placed { area: cell.area, lines, role: cell.role, is_header: cell.is_header });
    }

    /// The table, with warnings about what could not be placed; `None` where it has no rows. `slots` is how many slots the page may
    /// still have.
    pub(crate) fn finish(mut self, slots: &mut usize, warnings: &mut Vec<Warning>) -> Option<Made> {
        // Every table has a row group, so the parser has ended it.
        self.end_group();
        if self.cells.is_empty() {
            return None;
        }
        if self.rows.iter().all(|row| row.header) {
            self.rows.iter_mut().for_each(|row| row.header = false);
        }
        let mut table = Table::new(Grid::Stated);
        table.nested_in = self.nesting;
        for row in &self.rows {
            table.push_row(*row);
        }
        for placed in std::mem::take(&mut self.cells) {
            let (row, column) = placed.area.corner();
            let origin = self.origin(row, column);
            let area = if spend(slots, placed.area) { placed.area } else { Area::one(row, column) };
            if area != placed.area {
                warnings.push(Warning::new(WarningKind::SpanCut, vec![origin.clone()]));
            }
            let mut cell = Cell::new(area, placed.lines, origin.clone());
            cell.role = placed.role;
            let placed = if column < MAX_COLUMNS { table.place(cell) } else { Err(PlaceError::TooLarge) };
            match placed {
                Ok(()) => {}
                Err(error @ PlaceError::TooLarge) => {
                    let part = format!("the rest of table {}", u64::from(self.number) + 1);
                    let kind = WarningKind::PartUnreadable { part, reason: error.to_string() };
                    warnings.push(Warning::new(kind, vec![origin]));
                    break;
                }
                Err(_) => warnings.push(Warning::new(WarningKind::CellsOverlap, vec![origin])),
            }
        }
        Some(Made::of(table))
    }
}

/// A table, and where its rows have gone.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) table: Table,
    /// For each row of the source, how many rows stand above it; empty where all are still there.
    pub(crate) rows: Vec<usize>,
}

impl Made {
    /// The table without the rows in which no cell ends: they have no height, and nobody sees them. Pages put a group's label, which
    /// goes down over its rows, into such a row of its own.
    fn of(table: Table) -> Self {
        let mut ends = vec![false; table.rows().len()];
        for cell in table.cells() {
            if let Some(ends) = ends.get_mut(cell.area().rows.end() - 1) {
                *ends = true;
            }
        }
        if ends.iter().all(|&ends| ends) {
            return Self { table, rows: Vec::new() };
        }
        let mut kept = 0;
        let rows = ends.iter().map(|&ends| {
            kept += usize::from(ends);
            kept - usize::from(ends)
        });
        let rows = rows.collect();
        Self { table: table.without_rows(|row| !ends.get(row).copied().unwrap_or(true)), rows }
    }
}

/// Takes an area off the slots that are left. A single slot is always there: the file has paid for it with its bytes.
fn spend(slots: &mut usize, area: Area) -> bool {
    let wanted = area.rows.length().saturating_mul(area.columns.length());
    let left = slots.checked_sub(wanted);
    *slots = left.unwrap_or(*slots);
    left.is_some() || wanted == 1
}

#[cfg(test)]
mod tests {
    use crate::tests::{cells, printed};

    #[test]
    fn spans_go_over_rows_and_columns() {
        let html = "<table><tr><td rowspan=2>甲<td colspan=2>乙<tr><td>1<td>2<tr><td>丙<td>3<td>4</table>";
        assert_eq!(
            cells(html),
            ["R1C1 2x1 甲", "R1C2 1x2 乙", "R2C2 1x1 1", "R2C3 1x1 2", "R3C1 1x1 丙", "R3C2 1x1 3", "R3C3 1x1 4"]
        );
    }

    #[test]
    fn a_rowspan_of_nought_goes_down_to_the_end_of_its_group() {
        let html = "<table><tr><td rowspan=0>甲<td>1<tr><td>2<tbody><tr><td>乙<td>3</table>";
        assert_eq!(cells(html), ["R1C1 2x1 甲", "R1C2 1x1 1", "R2C2 1x1 2", "R3C1 1x1 乙", "R3C2 1x1 3"]);
        assert!(!printed(html).contains('!'));
    }

    #[test]
    fn a_rowspan_past_the_end_is_cut() {
        let html = "<table><tr><td rowspan=9>甲<td>1<tr><td>2</table>";
        assert_eq!(cells(html), ["R1C1 2x1 甲", "R1C2 1x1 1", "R2C2 1x1 2"]);
        assert!(printed(html).contains("! span_cut"));
    }

    #[test]
    fn where_two_cells_overlap_the_later_one_is_cut() {
        let html = "<table><tr><td>甲<td rowspan=2>乙<tr><td colspan=2>丙<td>丁</table>";
        assert_eq!(cells(html), ["R1C1 1x1 甲", "R1C2 2x1 乙", "R2C1 1x1 丙", "R2C3 1x1 丁"]);
        assert!(printed(html).contains("! cells_overlap"));
    }

    #[test]
    fn spans_that_say_nothing_are_one() {
        let html = "<table><tr><td colspan=0>甲<td rowspan=-1>乙<td colspan=x>丙<td colspan='2.9'>丁<tr><td>1<td>2<td>3<td>4<td>5</table>";
        assert_eq!(cells(html)[..4], ["R1C1 1x1 甲", "R1C2 1x1 乙", "R1C3 1x1 丙", "R1C4 1x2 丁"]);
    }

    #[test]
    fn absurd_spans_are_cut() {
        let html = "<table><tr><td colspan=1000000000>甲<tr><td>1<td>2</table>";
        assert_eq!(cells(html), ["R1C1 1x1000 甲", "R2C1 1x1 1", "R2C2 1x1 2"]);
        assert!(printed(html).contains("! span_cut"));
        let many = format!(
            "<table>{}{}</table>",
            "<tr><td rowspan=65534 colspan=1000>x".repeat(30),
            "<tr><td>y".repeat(2_000)
        );
        assert!(printed(&many).contains("! span_cut"));
    }

    #[test]
    fn a_foot_stands_last_and_a_caption_first() {
        let html =
            "<table><caption>附表</caption><tfoot><tr><td>总计<td>3</tfoot><tr><td>规章<td>1<tr><td>文件<td>2</table>";
        assert_eq!(
            cells(html),
            ["R1C1 1x1 规章", "R1C2 1x1 1", "R2C1 1x1 文件", "R2C2 1x1 2", "R3C1 1x1 总计", "R3C2 1x1 3"]
        );
        assert!(printed(html).starts_with("html\n¶ |附表|"), "{}", printed(html));
    }

    #[test]
    fn headers_are_what_the_page_calls_so() {
        let html = "<table><thead><tr><td>甲<td>乙</thead><tr><th>规章<td>1<tr><th scope=col>丙<td>2</table>";
        let printed = printed(html);
        assert!(printed.contains("R1 stated header"), "{printed}");
        assert!(
            printed.contains("C1 ch |甲|") && printed.contains("C1 rh |规章|") && printed.contains("C1 ch |丙|"),
            "{printed}"
        );
    }

    #[test]
    fn hidden_rows_are_read_and_marked_and_those_that_hold_nothing_are_gone() {
        let html = "<table><tr style='display:none'><td>规章<td>7<tr><td>文件<td>1<tr hidden><td width=9><td></table>";
        assert_eq!(cells(html).len(), 4);
        let printed = printed(html);
        assert!(printed.contains("R1 stated hidden") && printed.contains("! hidden_rows_read"), "{printed}");
        assert!(!printed.contains("R3"), "{printed}");
    }

    #[test]
    fn a_row_in_which_no_cell_ends_is_none() {
        let html = "<table><tr><td rowspan=3>甲<tr><td>1<td>2<tr><td>3<td>4<table></table>";
        assert_eq!(cells(html), ["R1C1 2x1 甲", "R1C2 1x1 1", "R1C3 1x1 2", "R2C2 1x1 3", "R2C3 1x1 4"]);
        // The places are those of the source.
        assert!(printed(html).contains("|1|  @ table 1 R2C2"));
    }

    #[test]
    fn a_number_too_wide_for_its_column_is_read_from_the_cell() {
        let html = "<table><tr><td>规章<td x:num=\"12.5\">###<tr><td>文件<td x:num=3>3</table>";
        assert!(cells(html).contains(&"R1C2 1x1 12.5".to_owned()));
    }
}
