//! Where a table is made: rows, grid columns and merged cells (ECMA-376 Part 1, 17.4).

use nianbao_model::{
    Area, Boundary, Cell, Grid, Nesting, Origin, Part, PlaceError, Role, Row, Span, Table, Warning, WarningKind,
};

use crate::xml::{self, Damage, Name, Node, Tag, Xml};

/// How many grid columns a table may have unless it states more. Word itself allows 63.
const MAX_COLUMNS: usize = 63;

/// How a cell joins its neighbours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Merge {
    /// It does not.
    #[default]
    No,
    /// The merged cell begins here.
    Restart,
    /// The merged cell goes on here.
    Continue,
}

impl Merge {
    /// A merge without a value goes on (17.4.84).
    fn stated(tag: &Tag<'_>, name: &str) -> Self {
        match xml::attribute(tag, name).as_deref() {
            Some("restart" | "rest") => Self::Restart,
            _ => Self::Continue,
        }
    }
}

/// The properties of a row.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RowProperties {
    grid_before: usize,
    is_header: bool,
    /// The row is hidden; its text is then hidden too, and read all the same.
    pub(crate) is_hidden: bool,
    /// The row is deleted (17.13.5.12).
    pub(crate) is_deleted: bool,
}

impl RowProperties {
    /// Whether an element within `w:trPr` says anything that is asked here.
    pub(crate) fn matters(local: &[u8]) -> bool {
        matches!(local, b"gridBefore" | b"tblHeader" | b"hidden" | b"del" | b"moveFrom")
    }

    /// Reads the `w:trPr` that has just begun with `tag`, to its end.
    pub(crate) fn read(xml: &mut Xml<'_>, tag: &Tag<'_>) -> Result<Self, Damage> {
        let mut found = Self::default();
        each_that(Self::matters, xml, tag, |local, tag| match local {
            b"gridBefore" => found.grid_before = xml::number(tag, "val").unwrap_or_default(),
            b"tblHeader" => found.is_header = xml::is_on(tag),
            b"hidden" => found.is_hidden = xml::is_on(tag),
            b"del" | b"moveFrom" => found.is_deleted = true,
            _ => {}
        })?;
        Ok(found)
    }
}

/// The properties of a cell.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CellProperties {
    grid_span: Option<usize>,
    v_merge: Merge,
    h_merge: Merge,
    /// The cell is deleted (17.13.5.2).
    pub(crate) is_deleted: bool,
}

impl CellProperties {
    /// Whether an element within `w:tcPr` says anything that is asked here.
    pub(crate) fn matters(local: &[u8]) -> bool {
        matches!(local, b"gridSpan" | b"vMerge" | b"hMerge" | b"cellMerge" | b"cellDel")
    }

    /// Reads the `w:tcPr` that has just begun with `tag`, to its end.
    pub(crate) fn read(xml: &mut Xml<'_>, tag: &Tag<'_>) -> Result<Self, Damage> {
        let mut found = Self::default();
        each_that(Self::matters, xml, tag, |local, tag| match local {
            b"gridSpan" => found.grid_span = xml::number(tag, "val"),
            b"vMerge" => found.v_merge = Merge::stated(tag, "val"),
            b"hMerge" => found.h_merge = Merge::stated(tag, "val"),
            // A tracked merge: what it says is what holds once it is accepted.
            b"cellMerge" => found.v_merge = Merge::stated(tag, "vMerge"),
            b"cellDel" => found.is_deleted = true,
            _ => {}
        })?;
        Ok(found)
    }
}

/// How many columns the `w:tblGrid` that has just begun states.
pub(crate) fn grid_columns(xml: &mut Xml<'_>) -> Result<usize, Damage> {
    let mut columns = 0;
    each_child(xml, |_, local, _| {
        columns += usize::from(local == b"gridCol");
        Ok(())
    })?;
    Ok(columns)
}

/// Visits the children of the element that has just begun with `parent`, up to the last one that `matters`.
fn each_that(
    matters: fn(&[u8]) -> bool,
    xml: &mut Xml<'_>,
    parent: &Tag<'_>,
    mut visit: impl FnMut(&[u8], &Tag<'_>),
) -> Result<(), Damage> {
    each_child(xml, |xml, local, tag| {
        visit(local, tag);
        // Borders and margins follow, most of the markup.
        if matters(local) {
            xml.pass_over(parent, matters)?;
        }
        Ok(())
    })
}

/// Visits the children of the element that has just begun, but not theirs: those may be old properties of a tracked change.
fn each_child<'a>(
    xml: &mut Xml<'a>,
    mut visit: impl FnMut(&mut Xml<'a>, &[u8], &Tag<'a>) -> Result<(), Damage>,
) -> Result<(), Damage> {
    let end = xml.depth();
    while xml.depth() >= end {
        let node = xml.next()?;
        let (Node::Start(tag) | Node::Empty(tag)) = &node else {
            continue;
        };
        if matches!(node, Node::Start(_)) {
            xml.skip()?;
        }
        if let Name::Word(local) = xml.name(tag) {
            visit(xml, local, tag)?;
        }
    }
    Ok(())
}

/// A cell whose last row is not yet known.
#[derive(Debug)]
struct Placed {
    area: Area,
    lines: Vec<String>,
    /// The row of the source, deleted ones counted.
    source_row: u32,
}

/// A table in the making.
#[derive(Debug)]
pub(crate) struct Draft {
    part: Part,
    /// The table, counted in the order in which tables begin.
    number: u32,
    /// Its place among the blocks.
    pub(crate) slot: usize,
    nested_in: Option<Nesting>,
    /// How many columns the grid states.
    pub(crate) stated_columns: usize,
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
    /// The cell that is being read; `None` between cells.
    cell: Option<CellProperties>,
}

impl Draft {
    pub(crate) const fn new(part: Part, number: u32, slot: usize, nested_in: Option<Nesting>) -> Self {
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
            cell: None,
        }
    }

    /// Whether a row may begin here.
    pub(crate) const fn is_between_rows(&self) -> bool {
        self.row.is_none()
    }

    /// Whether a cell may begin here.
    pub(crate) const fn is_between_cells(&self) -> bool {
        self.row.is_some() && self.cell.is_none()
    }

    /// Whether the row that is being read is hidden.
    pub(crate) fn in_hidden_row(&self) -> bool {
        self.row.is_some_and(|row| row.is_hidden)
    }

    pub(crate) fn begin_row(&mut self) {
        self.row = Some(RowProperties::default());
        self.column = 0;
    }

    /// What the row says of itself, before its first cell.
    pub(crate) fn row_properties(&mut self, properties: RowProperties) {
        self.row = Some(properties);
        self.column = properties.grid_before.min(self.most_columns());
    }

    pub(crate) fn end_row(&mut self) {
        if let Some(properties) = self.row.take()
            && !properties.is_deleted
        {
            let is_header = properties.is_header && self.rows.iter().all(|row| row.header);
            self.rows.push(Row { header: is_header, hidden: properties.is_hidden, ..Row::new(Boundary::Stated) });
            self.reaching = std::mem::take(&mut self.reaching_on);
        }
        self.source_row = self.source_row.saturating_add(1);
    }

    pub(crate) fn begin_cell(&mut self) {
        self.cell = Some(CellProperties::default());
    }

    /// What the cell says of itself, before its text.
    pub(crate) const fn cell_properties(&mut self, properties: CellProperties) {
        self.cell = Some(properties);
    }

    /// Where the cell that is being read stands.
    pub(crate) fn here(&self) -> Origin {
        self.origin(self.source_row, self.column)
    }

    /// Where a table stands that begins in the cell that is being read, after `line` lines.
    pub(crate) const fn nesting(&self, line: usize) -> Nesting {
        Nesting { block: self.slot, row: self.rows.len(), column: self.column, line }
    }

    /// Ends the cell that is being read, with its text; says what was not sure.
    pub(crate) fn end_cell(&mut self, lines: Vec<String>) -> Option<WarningKind> {
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
            let rows = Span::one(self.rows.len());
            self.cells.push(Placed { area: Area { rows, columns }, lines, source_row: self.source_row });
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
    pub(crate) fn finish(mut self, warnings: &mut Vec<Warning>) -> Option<Table> {
        if self.rows.is_empty() {
            return None;
        }
        self.drop_headers_without_body();
        let mut table = Table::new(Grid::Stated);
        table.nested_in = self.nested_in;
        for row in &self.rows {
            table.push_row(*row);
        }
        for placed in std::mem::take(&mut self.cells) {
            let origin = self.origin(placed.source_row, placed.area.columns.start());
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
    use crate::tests::{document, printed};

    fn row(cells: &[(&str, &str)]) -> String {
        let cell = |&(properties, text): &(&str, &str)| {
            format!("<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>")
        };
        format!("<w:tr>{}</w:tr>", cells.iter().map(cell).collect::<String>())
    }

    fn table(rows: &[String]) -> String {
        format!("<w:tbl>{}</w:tbl>", rows.concat())
    }

    /// Areas and texts: `R1C1 2x1 text`.
    fn cells(body: &str) -> Vec<String> {
        let document = document(body);
        let table = document.tables().next().unwrap();
        let line = |cell: &nianbao_model::Cell| {
            let area = cell.area();
            format!(
                "R{}C{} {}x{} {}",
                area.rows.start() + 1,
                area.columns.start() + 1,
                area.rows.length(),
                area.columns.length(),
                cell.lines.join("/")
            )
        };
        table.cells().iter().map(line).collect()
    }

    const RESTART: &str = r#"<w:vMerge w:val="restart"/>"#;
    const WIDE: &str = r#"<w:gridSpan w:val="2"/>"#;

    #[test]
    fn merged_cells_are_one_cell_with_a_larger_area() {
        let wide_start = format!("{WIDE}{RESTART}");
        let wide_on = format!("{WIDE}<w:vMerge/>");
        let body = table(&[
            row(&[(RESTART, "a"), (&wide_start, "b")]),
            row(&[("<w:vMerge/>", ""), (&wide_on, "")]),
            row(&[("", "c"), ("", "d"), ("<w:vMerge w:val='continue'/>", "e")]),
        ]);
        assert_eq!(cells(&body), ["R1C1 2x1 a", "R1C2 2x2 b", "R3C1 1x1 c", "R3C2 1x1 d", "R3C3 1x1 e"]);
        assert!(printed(&body).contains("! merge_unmatched"));
    }

    #[test]
    fn the_grid_begins_where_the_row_says() {
        let body = "<w:tbl><w:tr><w:trPr><w:gridBefore w:val='2'/><w:gridAfter w:val='1'/></w:trPr><w:tc><w:p/></w:tc></w:tr></w:tbl>";
        assert_eq!(cells(body), ["R1C3 1x1 "]);
    }

    #[test]
    fn cells_merged_the_old_way_are_one_cell() {
        let body = table(&[row(&[(r#"<w:hMerge w:val="restart"/>"#, "a"), ("<w:hMerge/>", ""), ("", "b")])]);
        assert_eq!(cells(&body), ["R1C1 1x2 a", "R1C3 1x1 b"]);
    }

    #[test]
    fn an_absurd_span_is_cut() {
        let body = table(&[
            row(&[(r#"<w:gridSpan w:val="1000000"/>"#, "a"), ("", "b")]),
            row(&[("<w:gridSpan w:val='0'/>", "c"), ("<w:gridSpan w:val='x'/>", "d")]),
        ]);
        assert_eq!(cells(&body), ["R1C1 1x63 a", "R1C64 1x1 b", "R2C1 1x1 c", "R2C2 1x1 d"]);
        assert!(printed(&body).contains("! span_cut"));
    }

    #[test]
    fn header_rows_count_only_from_the_top() {
        let header = "<w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc><w:p/></w:tc></w:tr>";
        let plain = "<w:tr><w:tc><w:p/></w:tc></w:tr>";
        let document = document(&format!("<w:tbl>{header}{plain}{header}</w:tbl>"));
        let table = document.tables().next().unwrap();
        let headers: Vec<_> = table.rows().iter().map(|row| row.header).collect();
        assert_eq!(headers, [true, false, false]);
        assert_eq!(table.cells()[0].role, nianbao_model::Role::ColumnHeader);
        assert_eq!(table.cells()[1].role, nianbao_model::Role::Body);
    }

    #[test]
    fn deleted_rows_are_gone_and_deleted_cells_leave_their_place_empty() {
        let body = "<w:tbl><w:tr><w:trPr><w:del w:id='1'/></w:trPr><w:tc><w:p/></w:tc></w:tr>\
            <w:tr><w:tc><w:tcPr><w:cellDel/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>";
        assert_eq!(cells(body), ["R1C2 1x1 "]);
        let printed = printed(body);
        assert!(printed.contains("table 1 R2C2"), "{printed}");
        assert!(printed.contains("changes_accepted"), "{printed}");
    }

    #[test]
    fn text_in_the_later_cells_of_a_merged_one_is_not_shown() {
        let body = table(&[row(&[(RESTART, "a")]), row(&[("<w:vMerge/>", "b")])]);
        assert_eq!(cells(&body), ["R1C1 2x1 a"]);
        assert!(printed(&body).contains("hidden_text_left_out"));
    }

    #[test]
    fn hidden_rows_are_read_and_marked() {
        let body = "<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>7</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
        let printed = printed(body);
        assert!(printed.contains("R1 stated hidden"), "{printed}");
        assert!(printed.contains("|7|") && printed.contains("hidden_rows_read"), "{printed}");
    }
}
