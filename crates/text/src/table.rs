//! Rows as the grammars find them, and the table that they make.

use std::ops::Range;

use nianbao_container::Error;
use nianbao_model::{Area, Boundary, Cell, Grid, Lines, MAX_SLOTS, Origin, Row, Span, Table};

use crate::lines::Line;
use crate::repeats;
use crate::shape::{is_figure, is_prose};

/// A cell: its text line by line as the source breaks it, and one place for each physical line.
#[derive(Clone, Debug)]
pub(crate) struct RawCell {
    pub(crate) lines: Lines,
    pub(crate) origins: Vec<Origin>,
    /// Nothing parts it from the cell before it: figures glued to their label. The two are one cell of the source.
    pub(crate) glued: bool,
}

/// The cells of a row, left to right.
pub(crate) type RawRow = Vec<RawCell>;

impl RawCell {
    /// The cell that `text` makes, the `field`-th (from 0) of a line. A cell of blanks has no lines.
    pub(crate) fn new(text: &str, line: &Line<'_>, field: usize) -> Self {
        Self {
            lines: text_lines(text).filter(|line| !line.trim().is_empty()).map(Into::into).collect(),
            origins: vec![origin(line, field)],
            glued: false,
        }
    }

    /// Takes in a cell that nothing parts from this one.
    fn absorb_glued(&mut self, glued: Self) {
        let mut further = glued.lines.into_iter();
        if let (Some(last), Some(first)) = (self.lines.last_mut(), further.next()) {
            *last = format!("{last}{first}").into();
        }
        self.lines.extend(further);
    }

    /// Takes in a further physical line of the cell.
    pub(crate) fn go_on(&mut self, further: Self) {
        self.lines.extend(further.lines);
        self.origins.extend(further.origins);
    }

    /// Whether it holds nothing.
    pub(crate) fn is_blank(&self) -> bool {
        self.lines.is_empty()
    }

    /// Whether it holds a figure and nothing else.
    pub(crate) fn is_figure(&self) -> bool {
        matches!(self.lines.as_slice(), [only] if is_figure(only))
    }

    /// Whether it holds a sentence.
    pub(crate) fn is_prose(&self) -> bool {
        self.lines.iter().any(|line| is_prose(line))
    }

    /// Its first line; empty for a blank cell.
    pub(crate) fn first_line(&self) -> &str {
        self.lines.first().map_or("", |line| line.as_str())
    }
}

/// The place of a field (from 0) of a line.
fn origin(line: &Line<'_>, field: usize) -> Origin {
    Origin::Line { line: line.number, field: Some(u32::try_from(field).unwrap_or(u32::MAX)) }
}

/// The lines that a text holds inside one physical line: Word and web pages write a vertical tab or a line separator there.
pub(crate) fn text_lines(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\u{B}', '\u{85}', '\u{2028}', '\u{2029}'])
}

/// The table of these rows: each cell one slot, at the column of its index; or the slots in which a tool repeated it.
///
/// # Errors
/// A table past [`MAX_SLOTS`].
pub(crate) fn table(rows: Vec<RawRow>, grid: Grid, above: Boundary) -> Result<Table, Error> {
    let rows: Vec<RawRow> = rows.into_iter().map(whole_cells).collect();
    let columns = repeats::columns(&rows);
    let mut table = Table::new(if columns.is_some() { grid.min(Grid::Inferred) } else { grid });
    for (index, cells) in rows.into_iter().enumerate() {
        let row = table.push_row(Row::new(if index == 0 { above } else { Boundary::Inferred }));
        match columns.as_ref().and_then(|columns| columns.get(index)) {
            Some(columns) => place_repeated(&mut table, row, cells, columns)?,
            None => {
                for (column, cell) in cells.into_iter().enumerate() {
                    place(&mut table, Area::one(row, column), cell)?;
                }
            }
        }
    }
    Ok(table)
}

/// Places the cells of a row that stand once in each of these columns. A repetition has a place of its own in the source.
fn place_repeated(table: &mut Table, row: usize, cells: RawRow, columns: &[Range<usize>]) -> Result<(), Error> {
    let mut cells = cells.into_iter();
    for columns in columns {
        let Some(mut cell) = cells.next() else { break };
        for repeated in cells.by_ref().take(columns.len() - 1) {
            cell.origins.extend(repeated.origins);
        }
        let Some(columns) = Span::with_length(columns.start, columns.len()) else {
            continue;
        };
        let rows = Span::one(row);
        place(table, Area { rows, columns }, cell)?;
    }
    Ok(())
}

/// The cells as the source parts them: figures glued to a label stand in its cell, for which of them are one number is not ours to say.
fn whole_cells(cells: RawRow) -> RawRow {
    let mut whole: RawRow = Vec::with_capacity(cells.len());
    for cell in cells {
        match whole.last_mut().filter(|_| cell.glued) {
            Some(label) => label.absorb_glued(cell),
            None => whole.push(cell),
        }
    }
    whole
}

fn place(table: &mut Table, area: Area, raw: RawCell) -> Result<(), Error> {
    let mut origins = raw.origins.into_iter();
    let Some(first) = origins.next() else {
        return Ok(());
    };
    let mut cell = Cell::new(area, raw.lines, first);
    cell.origins.extend(origins);
    // One cell a slot, row by row: the only thing that can go wrong is the size.
    table.place(cell).map_err(|_| Error::TooLarge { what: "cells in one table", limit: MAX_SLOTS as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    fn line(number: u32) -> Line<'static> {
        Line { number, text: Cow::Borrowed(""), gap: 0, page: false }
    }

    #[test]
    fn a_cell_keeps_a_place_for_each_physical_line() {
        let mut cell = RawCell::new("商业", &line(4), 0);
        cell.go_on(RawCell::new("企业", &line(5), 0));
        let table = table(vec![vec![cell]], Grid::Lost, Boundary::PageBreak).unwrap();
        assert_eq!(table.cells()[0].lines.as_slice(), ["商业", "企业"]);
        assert_eq!(table.cells()[0].origins.len(), 2);
        assert_eq!(table.rows()[0].above, Boundary::PageBreak);
    }

    #[test]
    fn blanks_make_a_blank_cell_and_other_blanks_stay() {
        assert!(RawCell::new(" \u{A0}", &line(0), 0).is_blank());
        assert_eq!(RawCell::new("结果维\u{A0}持", &line(0), 0).lines.as_slice(), ["结果维\u{A0}持"]);
    }

    #[test]
    fn a_line_break_inside_a_physical_line_parts_lines_of_the_cell() {
        assert_eq!(RawCell::new("商业\u{B}企业", &line(0), 0).lines.as_slice(), ["商业", "企业"]);
    }
}
