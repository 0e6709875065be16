//! The inner side: a worker that also tells the document as it was read, so that golden files, tables and places can be compared.

use nianbao_bulk::Record;
use nianbao_bulk::worker::Task;
use nianbao_model::print;
use serde_json::{Value, json};

use crate::tables;

/// The argument behind `worker` by which the program is told to read so.
pub const ARGUMENT: &str = "corpus";

/// Reads a document as the program does. Where tables are asked for, what it hands on in their place is the document in normal form: printed,
/// and its tables row by row. For that it is read once more, which the time that is measured holds.
pub fn read(task: &mut Task<'_>) -> Record {
    let mut record = task.read();
    if record.tables.take().is_some() && !record.lines.is_empty() {
        task.progress();
        record.tables = nianbao::read(task.bytes).ok().map(|document| {
            let document = nianbao::reconcile(document);
            json!({"document": print(&document), "tables": tables::of(&document)}).to_string()
        });
    }
    record
}

/// What a worker handed on in place of the tables.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Normal {
    /// The document in normal form, printed.
    pub document: String,
    /// Its tables, row by row.
    pub tables: Value,
}

impl Normal {
    /// From the line of a record.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let mut value: Value = serde_json::from_str(line).ok()?;
        let document = value.get("document")?.as_str()?.to_owned();
        Some(Self { document, tables: value.get_mut("tables")?.take() })
    }
}
