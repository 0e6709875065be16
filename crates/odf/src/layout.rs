//! Where the cells of a table with sub-tables stand (ODF 1.4 Part 3, 9.1.2, `table:is-sub-table`).
//!
//! Older programs write a table whose cells are split or merged so that no grid fits as tables within cells, and show them as one. Here
//! they are one: the columns of all of them, by their widths, make the grid; a row is as high as the sub-table with most rows in it.
//! Which cells there will be must be known before the first is read, so such a table is looked through ahead.

use nianbao_story::grid;

use crate::places::Places;
use crate::styles::Styles;
use crate::xml::{self, Damage, Node, Space, Tag, Xml};

/// How many tables may stand in one another.
const MAX_NESTING: usize = 16;

/// How many columns one table may have.
const MAX_COLUMNS: usize = 256;

/// How wide a whole table is taken to be: in twips, as edges that are within a millimetre of each other become one.
const WIDTH: i32 = 10_000;

/// Where a cell of the file stands in the whole table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A cell of the table.
    Cell {
        /// The row of the whole table, from 0.
        row: usize,
        column: usize,
        columns: usize,
        rows: usize,
    },
    /// No cell: it holds a sub-table.
    Group,
}

/// The layout of a whole table.
#[derive(Debug)]
pub(crate) struct Layout {
    /// How many columns its grid has.
    pub(crate) columns: usize,
    /// How many rows each row of the outer table makes.
    pub(crate) rows: std::vec::IntoIter<usize>,
    /// The places of all cells, in the order of the file.
    pub(crate) places: std::vec::IntoIter<Place>,
}

#[derive(Debug, Default)]
struct Table {
    widths: Vec<u32>,
    rows: Vec<Vec<Cell>>,
}

#[derive(Debug)]
struct Cell {
    column: usize,
    columns: usize,
    rows: usize,
    sub: Option<Table>,
}

impl Layout {
    /// The layout of the table that has just begun; `None` where it holds no sub-table.
    pub(crate) fn ahead(xml: &Xml<'_>, styles: &Styles<'_>) -> Option<Self> {
        let mut ahead = Ahead { xml: xml.clone(), styles, has_sub_tables: false };
        let mut table = Table::default();
        // What is damaged ends here where the reading will end.
        let _ = ahead.table(&mut table, 0);
        ahead.has_sub_tables.then(|| Self::of(&table))
    }

    fn of(table: &Table) -> Self {
        let mut edges = Vec::new();
        table.edges(0, WIDTH, &mut edges);
        let (indices, columns) = grid(&edges);
        let mut indices = indices.into_iter();
        let mut places = Vec::new();
        let heights = table.heights();
        table.place(0, 0, &mut indices, &mut places);
        Self { columns, rows: heights.into_iter(), places: places.into_iter() }
    }
}

impl Table {
    /// How many columns it has: as many as it states, or as its cells reach.
    fn columns(&self) -> usize {
        let reached = self.rows.iter().flatten().map(|cell| cell.column + cell.columns).max();
        reached.unwrap_or(1).max(self.widths.len()).clamp(1, MAX_COLUMNS)
    }

    /// The edges of its columns, and then those of its sub-tables in the order of the file.
    fn edges(&self, left: i32, right: i32, all: &mut Vec<Vec<i32>>) {
        let columns = self.columns();
        let known: u64 = self.widths.iter().map(|&width| u64::from(width.max(1))).sum();
        // A column of unknown width is as wide as the others are on average.
        let usual = known.checked_div(self.widths.len() as u64).unwrap_or(1).max(1);
        let width = |index: usize| self.widths.get(index).map_or(usual, |&width| u64::from(width.max(1)));
        let whole: u64 = (0..columns).map(width).sum();
        let mut own = vec![left];
        let mut reached = 0;
        for index in 0..columns {
            reached += width(index);
            let share = i64::from(right - left) * i64::try_from(reached).unwrap_or(i64::MAX)
                / i64::try_from(whole).unwrap_or(i64::MAX).max(1);
            own.push(left + i32::try_from(share).unwrap_or(0));
        }
        all.push(own.clone());
        let edge = |index: usize| own.get(index.min(columns)).copied().unwrap_or(right);
        for cell in self.rows.iter().flatten() {
            if let Some(sub) = &cell.sub {
                sub.edges(edge(cell.column), edge(cell.column + cell.columns), all);
            }
        }
    }

    /// How many rows of the whole table each of its rows makes.
    fn heights(&self) -> Vec<usize> {
        let mut heights = vec![1; self.rows.len()];
        for (index, row) in self.rows.iter().enumerate() {
            for cell in row {
                let Some(sub) = &cell.sub else { continue };
                let wanted: usize = sub.heights().iter().sum();
                let last = (index + cell.rows).min(heights.len());
                let have: usize = heights.iter().take(last).skip(index).sum();
                if let Some(height) = last.checked_sub(1).and_then(|last| heights.get_mut(last)) {
                    *height += wanted.saturating_sub(have);
                }
            }
        }
        heights
    }

    /// The places of its cells, in the order of the file. It begins at the row `top` of the whole table, and its last row reaches down to
    /// fill `room` rows in all.
    fn place(&self, top: usize, room: usize, indices: &mut std::vec::IntoIter<Vec<usize>>, places: &mut Vec<Place>) {
        let own = indices.next().unwrap_or_default();
        let edge = |index: usize| own.get(index.min(own.len().saturating_sub(1))).copied().unwrap_or_default();
        let mut starts = vec![top];
        let mut end = top;
        for height in self.heights() {
            end += height;
            starts.push(end);
        }
        if let Some(end) = starts.last_mut() {
            *end = (*end).max(top + room);
        }
        let start = |index: usize| starts.get(index.min(self.rows.len())).copied().unwrap_or_default();
        for (index, row) in self.rows.iter().enumerate() {
            for cell in row {
                let (first, end) = (start(index), start(index.saturating_add(cell.rows)));
                let rows = end.saturating_sub(first).max(1);
                if let Some(sub) = &cell.sub {
                    places.push(Place::Group);
                    sub.place(first, rows, indices, places);
                } else {
                    let (left, right) = (edge(cell.column), edge(cell.column + cell.columns));
                    let columns = right.saturating_sub(left).max(1);
                    places.push(Place::Cell { row: first, column: left, columns, rows });
                }
            }
        }
    }
}

/// Looks through a table ahead of its reading.
struct Ahead<'a, 's> {
    xml: Xml<'a>,
    styles: &'s Styles<'a>,
    has_sub_tables: bool,
}

impl<'a> Ahead<'a, '_> {
    /// Takes in the table that has just begun, which stands in `depth` others, to its end.
    fn table(&mut self, table: &mut Table, depth: usize) -> Result<(), Damage> {
        let end = self.xml.depth();
        let mut places = Places::default();
        while self.xml.depth() >= end {
            let node = self.xml.step()?;
            let (tag, is_open) = match &node {
                Node::Start(tag) => (tag, true),
                Node::Empty(tag) => (tag, false),
                Node::Over => return Ok(()),
                _ => continue,
            };
            match xml::name(&self.xml, tag) {
                (Space::Table, b"table-column") => self.column(table, tag),
                (Space::Table, b"table-row") => {
                    let mut row = Vec::new();
                    places.begin_row();
                    let result = if is_open { self.row(&mut row, &mut places, depth) } else { Ok(()) };
                    places.end_row(1);
                    table.rows.push(row);
                    result?;
                    continue;
                }
                (
                    Space::Table,
                    b"table-header-rows"
                    | b"table-rows"
                    | b"table-row-group"
                    | b"table-columns"
                    | b"table-column-group"
                    | b"table-header-columns",
                ) => continue,
                _ => {}
            }
            if is_open {
                self.xml.skip(tag)?;
            }
        }
        Ok(())
    }

    fn column(&self, table: &mut Table, tag: &Tag<'_>) {
        let style = xml::attribute(tag, "style-name");
        let width = style.and_then(|name| self.styles.column_width(&name)).unwrap_or(1);
        let times = xml::number(tag, "number-columns-repeated").unwrap_or(1).clamp(1, MAX_COLUMNS);
        let times = times.min(MAX_COLUMNS - table.widths.len().min(MAX_COLUMNS));
        table.widths.extend(std::iter::repeat_n(width, times));
    }

    /// Takes in the cells of the row that has just begun.
    fn row(&mut self, row: &mut Vec<Cell>, places: &mut Places, depth: usize) -> Result<(), Damage> {
        let end = self.xml.depth();
        while self.xml.depth() >= end {
            let node = self.xml.step()?;
            let (tag, is_open) = match &node {
                Node::Start(tag) => (tag, true),
                Node::Empty(tag) => (tag, false),
                Node::Over => return Ok(()),
                _ => continue,
            };
            let number = |name| xml::number::<usize>(tag, name).unwrap_or(1).max(1);
            match xml::name(&self.xml, tag) {
                (Space::Table, b"table-cell") => {
                    let columns = number("number-columns-spanned").min(MAX_COLUMNS);
                    let rows = number("number-rows-spanned");
                    let mut cell = Cell { column: places.cell(columns, rows), columns, rows, sub: None };
                    let result = if is_open { self.cell(&mut cell, depth) } else { Ok(()) };
                    row.push(cell);
                    result?;
                }
                (Space::Table, b"covered-table-cell") => {
                    places.covered(number("number-columns-repeated"));
                    if is_open {
                        self.xml.skip(tag)?;
                    }
                }
                _ if is_open => self.xml.skip(tag)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Looks for sub-tables in the cell that has just begun.
    fn cell(&mut self, cell: &mut Cell, depth: usize) -> Result<(), Damage> {
        let end = self.xml.depth();
        while self.xml.depth() >= end {
            match self.xml.step()? {
                Node::Start(tag) if is_sub_table(&self.xml, &tag) && depth < MAX_NESTING => {
                    self.has_sub_tables = true;
                    self.table(cell.sub.get_or_insert_default(), depth + 1)?;
                }
                Node::Start(tag) => self.xml.skip(&tag)?,
                Node::Over => return Ok(()),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Whether an element is a table whose cells are those of the table around it.
pub(crate) fn is_sub_table<'a>(xml: &Xml<'a>, tag: &Tag<'a>) -> bool {
    xml::name(xml, tag) == (Space::Table, b"table") && xml::is_true(tag, "is-sub-table")
}
