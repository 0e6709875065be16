//! The tables of a document as a truth writes them down: row by row, a cell of several slots in its first, the others empty.

use nianbao_model::{Document, Table};
use serde_json::{Value, json};

/// The tables of a document, outer ones before those nested in them.
pub fn of(document: &Document) -> Value {
    document.tables().map(grid).collect()
}

fn grid(table: &Table) -> Value {
    (0..table.rows().len())
        .map(|row| (0..table.columns()).map(|column| text(table, row, column)).collect::<Value>())
        .collect()
}

fn text(table: &Table, row: usize, column: usize) -> Value {
    let cell = table.get(row, column).filter(|cell| cell.area().corner() == (row, column));
    json!(cell.map(nianbao_model::Cell::text).unwrap_or_default())
}

/// What differs between the tables of the truth and those that were found, as [`of`] writes them; empty where the truth names none.
pub fn faults(truth: &Value, found: Option<&Value>) -> Vec<String> {
    let Some(wanted) = truth.get("tables").and_then(Value::as_array) else {
        return Vec::new();
    };
    let found = found.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if wanted.len() != found.len() {
        return vec![format!("tables: want {}, got {}", wanted.len(), found.len())];
    }
    let pairs = wanted.iter().zip(found).enumerate();
    pairs.filter(|(_, (want, have))| want != have).map(|(index, (want, have))| difference(index, want, have)).collect()
}

/// The first row that differs.
fn difference(index: usize, want: &Value, have: &Value) -> String {
    let rows = |table: &Value| table.as_array().cloned().unwrap_or_default();
    let (want, have) = (rows(want), rows(have));
    let row = want.iter().zip(&have).position(|(want, have)| want != have).unwrap_or(want.len().min(have.len()));
    let show = |rows: &[Value]| rows.get(row).map_or_else(|| "no row".to_owned(), Value::to_string);
    format!("table {}, row {}: want {}, got {}", index + 1, row + 1, show(&want), show(&have))
}

#[cfg(test)]
mod tests {
    use super::*;
    use nianbao_model::{Area, Block, Boundary, Cell, Format, Grid, Origin, Row, Span};

    fn document() -> Document {
        let mut table = Table::new(Grid::Stated);
        for _ in 0..2 {
            table.push_row(Row::new(Boundary::Stated));
        }
        let origin = || Origin::Line { line: 0, field: None };
        let wide = Area { rows: Span::one(0), columns: Span::with_length(0, 2).unwrap() };
        for (area, text) in [(wide, "户数"), (Area::one(1, 0), "3"), (Area::one(1, 1), "5")] {
            table.place(Cell::new(area, [text.into()].into(), origin())).unwrap();
        }
        let mut document = Document::new(Format::Text);
        document.blocks.push(Block::Table(table));
        document
    }

    #[test]
    fn a_wide_cell_stands_in_its_first_slot() {
        assert_eq!(of(&document()), json!([[["户数", ""], ["3", "5"]]]));
    }

    #[test]
    fn a_table_that_differs_is_a_fault() {
        let faults = |tables: Value| faults(&json!({ "tables": tables }), Some(&of(&document())));
        assert_eq!(faults(json!([[["户数", ""], ["3", "5"]]])), [""; 0]);
        assert_eq!(faults(json!([])), ["tables: want 0, got 1"]);
        assert_eq!(faults(json!([[["户数", ""], ["3", "6"]]])).len(), 1);
        assert_eq!(super::faults(&json!({}), None), [""; 0]);
    }
}
