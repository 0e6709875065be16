//! The walk over paragraphs whose tables are told by marks (see `structure`): table by table, row by row, cell by cell, in reading order.
//!
//! What stands in a paragraph, and what is hidden or deleted in it, only its reader knows.

use std::ops::Range;

use nianbao_container::Error;
use nianbao_model::WarningKind;

use crate::bounds::MAX_NESTING;
use crate::look::{PlacedCell, PlacedRow, RowLook, placed};
use crate::script::Script;
use crate::structure::{Item, Marked, MarkedRow, items};
use crate::table::{CellProperties, RowProperties};

/// Why something is not to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// It is hidden.
    Hidden,
    /// It is deleted, or was moved away, which is not yet accepted.
    Deleted,
}

/// A reader of a format whose tables are told by marks.
pub trait Walk {
    /// A paragraph of the format.
    type Paragraph: Marked;

    /// The document in the making.
    fn script(&mut self) -> &mut Script;

    /// Reads a paragraph.
    ///
    /// # Errors
    /// A document that is past the limits.
    fn paragraph(&mut self, paragraph: &Self::Paragraph) -> Result<(), Error>;

    /// Whether a paragraph has text that is not blank, and is not gone in this way.
    fn has_text(&mut self, paragraph: &Self::Paragraph, but: Gone) -> bool;

    /// Whether the mark of the paragraph that ends a row is gone in this way.
    fn is_mark_gone(&mut self, end: &Self::Paragraph, how: Gone) -> bool;

    /// The cells of a row as they stand there, without those that a program wrote by mistake.
    fn mend(&mut self, _paragraphs: &[Self::Paragraph], row: MarkedRow) -> MarkedRow {
        row
    }
}

/// Reads the paragraphs of `range`, which stand `depth` tables deep, and the tables among them.
///
/// # Errors
/// A document that is past the limits.
pub fn walk<W: Walk>(
    reader: &mut W,
    paragraphs: &[W::Paragraph],
    range: Range<usize>,
    depth: usize,
) -> Result<(), Error> {
    for item in items(paragraphs, range, depth) {
        match item {
            Item::Paragraph(index) => {
                let Some(paragraph) = paragraphs.get(index) else { continue };
                reader.paragraph(paragraph)?;
                if paragraph.depth() > depth {
                    reader.script().lose_table();
                }
            }
            Item::Table(depth, rows) if reader.script().tables() < MAX_NESTING => {
                table(reader, paragraphs, rows, depth)?;
            }
            Item::Table(_, rows) => {
                // A table in a text box, in a table, and so on: read as paragraphs.
                reader.script().lose_table();
                for cell in rows.into_iter().flat_map(|row| row.cells) {
                    for paragraph in paragraphs.get(cell).unwrap_or_default() {
                        reader.paragraph(paragraph)?;
                    }
                }
            }
        }
    }
    Ok(())
}

fn table<W: Walk>(
    reader: &mut W,
    paragraphs: &[W::Paragraph],
    rows: Vec<MarkedRow>,
    depth: usize,
) -> Result<(), Error> {
    let rows: Vec<MarkedRow> = rows.into_iter().map(|row| reader.mend(paragraphs, row)).collect();
    let looks: Vec<RowLook<'_>> =
        rows.iter().map(|row| end(paragraphs, row).map_or_else(RowLook::default, Marked::look)).collect();
    let (placed, columns) = placed(&rows, &looks);
    reader.script().begin_table();
    if let Some(table) = reader.script().table() {
        table.stated_columns = columns;
    }
    for ((marked, row), look) in rows.iter().zip(placed).zip(looks) {
        let properties = RowProperties {
            grid_before: row.grid_before(),
            is_header: look.is_header,
            is_hidden: is_gone(reader, paragraphs, marked, Gone::Hidden),
            is_deleted: is_gone(reader, paragraphs, marked, Gone::Deleted),
        };
        self::row(reader, paragraphs, &row, properties, depth)?;
    }
    reader.script().end_table();
    Ok(())
}

/// The paragraph that ends a row.
fn end<'p, P>(paragraphs: &'p [P], row: &MarkedRow) -> Option<&'p P> {
    paragraphs.get(row.end?)
}

/// Whether a row is gone: its mark is, and all of its text. The mark alone proves nothing: LibreOffice marks it together with the text
/// before it.
fn is_gone<W: Walk>(reader: &mut W, paragraphs: &[W::Paragraph], row: &MarkedRow, how: Gone) -> bool {
    end(paragraphs, row).is_some_and(|end| reader.is_mark_gone(end, how)) && {
        let mut content = row.cells.iter().flat_map(|cell| paragraphs.get(cell.clone()).unwrap_or_default());
        !content.any(|paragraph| reader.has_text(paragraph, how))
    }
}

fn row<W: Walk>(
    reader: &mut W,
    paragraphs: &[W::Paragraph],
    row: &PlacedRow,
    properties: RowProperties,
    depth: usize,
) -> Result<(), Error> {
    let script = reader.script();
    let Some(table) = script.table() else { return Ok(()) };
    table.begin_row();
    table.row_properties(properties);
    let here = script.here();
    if properties.is_deleted {
        script.notices.deletion(here);
    } else {
        if properties.is_hidden {
            script.notices.hidden_row(here);
        }
        for (index, cell) in row.cells.iter().enumerate() {
            self::cell(reader, paragraphs, cell, row.span(index), depth)?;
        }
    }
    reader.script().end_row();
    Ok(())
}

fn cell<W: Walk>(
    reader: &mut W,
    paragraphs: &[W::Paragraph],
    cell: &PlacedCell,
    span: usize,
    depth: usize,
) -> Result<(), Error> {
    let script = reader.script();
    script.begin_cell()?;
    if let Some(table) = script.table() {
        let properties = CellProperties { grid_span: Some(span), v_merge: cell.down, ..CellProperties::default() };
        table.cell_properties(properties);
    }
    if cell.right.is_none() {
        script.unreadable(
            "the edge of a cell",
            "the file does not say it; the column was taken from the order of the cells",
        );
    }
    let mut covered = paragraphs.get(cell.covered.clone()).unwrap_or_default().iter();
    if covered.any(|paragraph| reader.has_text(paragraph, Gone::Deleted)) {
        let script = reader.script();
        script.notices.push(WarningKind::HiddenTextLeftOut, script.here());
    }
    walk(reader, paragraphs, cell.content.clone(), depth)?;
    reader.script().end_cell();
    Ok(())
}
