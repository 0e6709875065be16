//! A line of `nianbao tables`, read back.

use super::line::Text;
use super::rows::Value;
use super::tables::{CELLS, GRIDS};

/// The tables of a document; none where it could not be read.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Grids<'a> {
    #[serde(borrow, default)]
    tables: Vec<Grid<'a>>,
}

#[derive(Debug, serde::Deserialize)]
struct Grid<'a> {
    page: Option<u32>,
    bbox: Option<[f64; 4]>,
    rows: u32,
    columns: u32,
    nested_in: Option<Nesting>,
    #[serde(borrow)]
    cells: Vec<Cell<'a>>,
}

#[derive(Debug, serde::Deserialize)]
struct Nesting {
    table: u32,
    row: u32,
    col: u32,
}

#[derive(Debug, serde::Deserialize)]
struct Cell<'a> {
    row: u32,
    col: u32,
    row_span: u32,
    col_span: u32,
    #[serde(borrow)]
    text: Text<'a>,
    #[serde(borrow)]
    role: Text<'a>,
    page: Option<u32>,
    bbox: Option<[f64; 4]>,
    #[serde(borrow)]
    at: Text<'a>,
}

impl<'a> Grids<'a> {
    pub(crate) fn parse(line: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(line)
    }
}

/// Hands over the rows of the tables and of their cells.
pub(crate) fn rows(document: &str, grids: &Grids<'_>, push: &mut dyn FnMut(usize, &[Value<'_>])) {
    for (grid, table) in grids.tables.iter().zip(0_u32..) {
        let [left, top, right, bottom] = edges(grid.bbox);
        let nested = grid.nested_in.as_ref();
        push(
            GRIDS,
            &[
                document.into(),
                table.into(),
                grid.page.into(),
                left,
                top,
                right,
                bottom,
                grid.rows.into(),
                grid.columns.into(),
                nested.map(|nesting| nesting.table).into(),
                nested.map(|nesting| nesting.row).into(),
                nested.map(|nesting| nesting.col).into(),
            ],
        );
        for cell in &grid.cells {
            let [left, top, right, bottom] = edges(cell.bbox);
            push(
                CELLS,
                &[
                    document.into(),
                    table.into(),
                    cell.row.into(),
                    cell.col.into(),
                    cell.row_span.into(),
                    cell.col_span.into(),
                    cell.text.as_str().into(),
                    cell.role.as_str().into(),
                    cell.page.into(),
                    left,
                    top,
                    right,
                    bottom,
                    cell.at.as_str().into(),
                ],
            );
        }
    }
}

fn edges(bbox: Option<[f64; 4]>) -> [Value<'static>; 4] {
    bbox.map_or([Value::Missing; 4], |bbox| bbox.map(Value::Number))
}
