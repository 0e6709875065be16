//! A table before it is one: rows of cells with spans, to be damaged, then laid out as a grid or as the fields of a dump.

use std::collections::BTreeMap;

use nianbao_model::{Area, Boundary, Cell, Grid, Lines, Origin, Row, Span, Table};

use crate::dice::Dice;

/// What a cell is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Words of the form that stand over no figure.
    Print,
    /// A header over several headers.
    Over,
    /// The header over a column of figures.
    Head,
    Group,
    Label,
    Figure,
}

/// A cell.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub(crate) part: Part,
    pub(crate) text: String,
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    /// The figure that it shows, or those that it stands over or before.
    pub(crate) keys: Vec<String>,
}

impl Slot {
    pub(crate) fn new(part: Part, text: &str) -> Self {
        Self { part, text: text.to_owned(), rows: 1, columns: 1, keys: Vec::new() }
    }

    pub(crate) fn head(text: &str, keys: Vec<String>) -> Self {
        Self { keys, ..Self::new(Part::Head, text) }
    }

    /// The label of a row, with the key of its figures up to their columns.
    pub(crate) fn label(text: &str, key: String) -> Self {
        Self { keys: vec![key], ..Self::new(Part::Label, text) }
    }

    pub(crate) fn figure(key: String, shown: &BTreeMap<String, String>) -> Self {
        Self { keys: vec![key.clone()], ..Self::new(Part::Figure, &shown[&key]) }
    }

    pub(crate) fn wide(mut self, columns: usize) -> Self {
        self.columns = columns;
        self
    }

    pub(crate) fn tall(mut self, rows: usize) -> Self {
        self.rows = rows;
        self
    }

    pub(crate) fn is(&self, part: Part) -> bool {
        self.part == part
    }
}

/// A row.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) slots: Vec<Slot>,
    pub(crate) above: Boundary,
}

impl Line {
    /// The places of the cells of one kind.
    pub(crate) fn places(&self, part: Part) -> Vec<usize> {
        (0..self.slots.len()).filter(|&at| self.slots[at].is(part)).collect()
    }
}

/// A table, and the paragraphs before it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) before: Vec<String>,
    pub(crate) lines: Vec<Line>,
}

impl Sheet {
    pub(crate) fn add(&mut self, slots: Vec<Slot>) {
        self.lines.push(Line { slots, above: Boundary::Stated });
    }

    /// The places of the rows that hold a cell of one kind.
    pub(crate) fn rows_with(&self, part: Part) -> Vec<usize> {
        (0..self.lines.len()).filter(|&row| self.lines[row].slots.iter().any(|slot| slot.is(part))).collect()
    }

    /// The grid: each cell goes to the first free column of its row.
    pub(crate) fn grid(&self, number: u32) -> Table {
        self.placed(number).0
    }

    fn placed(&self, number: u32) -> (Table, Vec<Vec<Option<Area>>>) {
        let mut table = Table::new(Grid::Stated);
        for line in &self.lines {
            table.push_row(Row::new(line.above));
        }
        let mut areas = Vec::new();
        for (row, line) in self.lines.iter().enumerate() {
            let mut column = 0;
            let mut of_row = Vec::new();
            for slot in &line.slots {
                let tall = slot.rows.min(self.lines.len() - row);
                let area = place(&mut table, slot, (row, tall), column, number);
                column = area.map_or(column, |area| area.columns.end());
                of_row.push(area);
            }
            areas.push(of_row);
        }
        (table, areas)
    }

    /// The fields of a dump, as one of several converters would write them.
    pub(crate) fn fields(&self, number: u32, dice: &mut Dice) -> Table {
        let drops_merged = dice.chance(40);
        let drops_last = dice.chance(50);
        let grid = self.grid(number);
        let mut table = Table::new(Grid::Lost);
        for row in 0..grid.rows().len() {
            let above = if dice.chance(50) { self.lines[row].above } else { Boundary::Inferred };
            table.push_row(Row::new(above));
            let mut fields: Vec<Lines> = Vec::new();
            for column in 0..grid.columns() {
                match grid.get(row, column) {
                    Some(cell) if cell.area().corner() == (row, column) => fields.push(cell.lines.clone()),
                    Some(_) | None if drops_merged => {}
                    Some(_) | None => fields.push(Lines::new()),
                }
            }
            while drops_last && fields.last().is_some_and(|lines| lines.is_empty()) {
                fields.pop();
            }
            for (column, lines) in fields.into_iter().enumerate() {
                let area = Area::one(row, column);
                table.place(Cell::new(area, lines, origin(number, row, column))).unwrap();
            }
        }
        table
    }
}

/// The texts that stand in the row of a figure and under its header, as the grids have them. The header may stand in another part of the
/// table, or in several.
pub(crate) fn shown(sheets: &[Sheet], key: &str) -> Vec<String> {
    let grids: Vec<_> = sheets.iter().map(|sheet| (sheet, sheet.placed(0))).collect();
    let places = || {
        grids.iter().flat_map(|(sheet, (table, areas))| {
            sheet.lines.iter().zip(areas).enumerate().flat_map(move |(row, (line, areas))| {
                line.slots.iter().zip(areas).map(move |(slot, area)| (table, row, slot, area))
            })
        })
    };
    let heads =
        |slot: &Slot| slot.is(Part::Head) && !slot.text.is_empty() && slot.keys.iter().any(|other| other == key);
    let rows = |slot: &Slot| (slot.is(Part::Figure) || slot.is(Part::Label)) && is_of_row(slot, key);
    let mut texts = Vec::new();
    for head in places().filter(|(.., slot, _)| heads(slot)).filter_map(|(.., area)| *area) {
        for (table, row, ..) in places().filter(|(.., slot, _)| rows(slot)) {
            let mut cells: Vec<&Cell> = head.columns.indices().filter_map(|column| table.get(row, column)).collect();
            cells.dedup();
            if let [only] = cells.as_slice() {
                texts.push(nianbao_model::fold(&only.text()));
            }
        }
    }
    texts
}

/// Whether the cell shows or names a figure of the row in which the key stands.
fn is_of_row(slot: &Slot, key: &str) -> bool {
    let row = |key: &str| key.rsplit_once('.').map(|(row, _)| row.to_owned());
    slot.keys.iter().any(|other| row(other) == row(key))
}

/// Places the cell where there is room for it at or behind a column; returns its area.
fn place(table: &mut Table, slot: &Slot, (row, tall): (usize, usize), column: usize, number: u32) -> Option<Area> {
    let lines: Lines = slot.text.lines().filter(|line| !line.is_empty()).map(Into::into).collect();
    for tall in [tall, 1] {
        for start in column..column + 24 {
            let area = Area {
                rows: Span::with_length(row, tall).unwrap(),
                columns: Span::with_length(start, slot.columns).unwrap(),
            };
            if table.first_taken(area).is_none() {
                table.place(Cell::new(area, lines, origin(number, row, start))).unwrap();
                return Some(area);
            }
        }
    }
    None
}

fn origin(table: u32, row: usize, column: usize) -> Origin {
    let number = |index: usize| u32::try_from(index).unwrap();
    Origin::Story { part: nianbao_model::Part::Body, table, row: number(row), column: number(column) }
}
