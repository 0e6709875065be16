//! Golden readings in one Parquet file, a row for each case, sorted by name. `corpus check --out` writes what was read in the same shape, so
//! that two versions of the program can be compared.

use std::cmp::Ordering;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::Int64Type;
use arrow_array::{Array as _, ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use serde_json::Value;

use super::Golden;
use crate::compare::Cost;
use crate::error::Error;

/// How many rows are held at a time: a report's lines have some 30 KB.
const ROWS: usize = 256;

/// The columns. A file without them is none of ours.
const COLUMNS: [(&str, DataType, bool); 6] = [
    ("case", DataType::Utf8, false),
    ("sha256", DataType::Utf8, true),
    ("microseconds", DataType::Int64, true),
    ("memory", DataType::Int64, true),
    ("lines", DataType::Utf8, false),
    ("document", DataType::Utf8, true),
];

/// One row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// The name of the case.
    pub case: String,
    /// What is kept of it.
    pub golden: Golden,
}

fn schema() -> Arc<Schema> {
    Arc::new(Schema::new(COLUMNS.map(|(name, kind, missing)| Field::new(name, kind, missing)).to_vec()))
}

/// The rows of a file, in its order.
pub struct Rows {
    path: PathBuf,
    batches: ParquetRecordBatchReader,
    batch: Option<RecordBatch>,
    row: usize,
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").field("path", &self.path).field("row", &self.row).finish_non_exhaustive()
    }
}

impl Rows {
    /// Opens a file.
    ///
    /// # Errors
    /// It cannot be read, or is none of ours.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(|error| Error::at(path, &error))?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| Error::broken(path, error))?;
        if builder.schema().fields() != schema().fields() {
            return Err(Error::broken(path, "holds no readings of a corpus"));
        }
        let batches = builder.with_batch_size(ROWS).build().map_err(|error| Error::broken(path, error))?;
        Ok(Self { path: path.to_owned(), batches, batch: None, row: 0 })
    }

    fn read(&mut self) -> Result<Option<Row>, Error> {
        loop {
            if let Some(batch) = self.batch.as_ref().filter(|batch| self.row < batch.num_rows()) {
                let row = row(batch, self.row).ok_or_else(|| Error::broken(&self.path, "a row is damaged"))?;
                self.row += 1;
                return Ok(Some(row));
            }
            match self.batches.next() {
                None => return Ok(None),
                Some(batch) => self.batch = Some(batch.map_err(|error| Error::broken(&self.path, error))?),
            }
            self.row = 0;
        }
    }
}

impl Iterator for Rows {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

fn row(batch: &RecordBatch, row: usize) -> Option<Row> {
    let text = |column: &str| {
        let column = batch.column_by_name(column)?.as_string_opt::<i32>()?;
        (!column.is_null(row)).then(|| column.value(row))
    };
    let number = |column: &str| {
        let column = batch.column_by_name(column)?.as_primitive_opt::<Int64Type>()?;
        (!column.is_null(row)).then(|| column.value(row).cast_unsigned())
    };
    let lines: Result<Vec<Value>, _> = text("lines")?.lines().map(serde_json::from_str).collect();
    let cost = number("microseconds").map(|micros| Cost { micros, memory: number("memory").unwrap_or_default() });
    let golden = Golden {
        lines: lines.ok()?,
        document: text("document").map(str::to_owned),
        cost,
        sha256: text("sha256").map(str::to_owned),
    };
    Some(Row { case: text("case")?.to_owned(), golden })
}

/// Writes rows, which must come in the order of their names. What was there stays until all are written.
pub struct RowWriter {
    path: PathBuf,
    part: PathBuf,
    writer: ArrowWriter<File>,
    rows: Vec<Row>,
}

impl std::fmt::Debug for RowWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RowWriter").field("path", &self.path).finish_non_exhaustive()
    }
}

impl RowWriter {
    /// Begins a file.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn create(path: &Path) -> Result<Self, Error> {
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let file = File::create(&part).map_err(|error| Error::at(&part, &error))?;
        let level = ZstdLevel::try_new(3).map_err(|error| Error::broken(&part, error))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_created_by("nianbao".to_owned())
            // Each text is another one: a dictionary of them would be all of them once more.
            .set_dictionary_enabled(false)
            .build();
        let writer =
            ArrowWriter::try_new(file, schema(), Some(properties)).map_err(|error| Error::broken(&part, error))?;
        Ok(Self { path: path.to_owned(), part, writer, rows: Vec::new() })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn push(&mut self, row: Row) -> Result<(), Error> {
        self.rows.push(row);
        if self.rows.len() < ROWS { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> Result<(), Error> {
        let rows = std::mem::take(&mut self.rows);
        let batch = batch(&rows).map_err(|error| Error::broken(&self.part, error))?;
        let written = self.writer.write(&batch).and_then(|()| self.writer.flush());
        written.map_err(|error| Error::broken(&self.part, error))
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(mut self) -> Result<(), Error> {
        self.flush()?;
        let mut file = self.writer.into_inner().map_err(|error| Error::broken(&self.part, error))?;
        let placed = file.flush().and_then(|()| file.sync_all()).and_then(|()| std::fs::rename(&self.part, &self.path));
        placed.map_err(|error| Error::at(&self.path, &error))
    }
}

fn batch(rows: &[Row]) -> Result<RecordBatch, arrow_schema::ArrowError> {
    let lines = |row: &Row| row.golden.lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let cost = |number: fn(&Cost) -> u64| {
        let numbers = rows.iter().map(|row| row.golden.cost.as_ref().map(|cost| number(cost).cast_signed()));
        Arc::new(numbers.collect::<Int64Array>()) as ArrayRef
    };
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(rows.iter().map(|row| &row.case))),
        Arc::new(rows.iter().map(|row| row.golden.sha256.as_deref()).collect::<StringArray>()),
        cost(|cost| cost.micros),
        cost(|cost| cost.memory),
        Arc::new(StringArray::from_iter_values(rows.iter().map(lines))),
        Arc::new(rows.iter().map(|row| row.golden.document.as_deref()).collect::<StringArray>()),
    ];
    RecordBatch::try_new(schema(), columns)
}

/// Writes the file anew with what is accepted of some cases, which come in the order of their names. What was there stays until all is written.
#[derive(Debug)]
pub struct Merge {
    kept: Option<Rows>,
    ahead: Option<Row>,
    writer: RowWriter,
}

impl Merge {
    pub(super) fn begin(path: &Path) -> Result<Self, Error> {
        let kept = if path.exists() { Some(Rows::open(path)?) } else { None };
        Ok(Self { kept, ahead: None, writer: RowWriter::create(path)? })
    }

    /// The next row that was kept.
    fn kept(&mut self) -> Result<Option<Row>, Error> {
        match self.ahead.take() {
            Some(row) => Ok(Some(row)),
            None => self.kept.as_mut().and_then(Rows::next).transpose(),
        }
    }

    pub(super) fn put(&mut self, case: &str, golden: Golden) -> Result<(), Error> {
        while let Some(row) = self.kept()? {
            match row.case.as_str().cmp(case) {
                Ordering::Less => self.writer.push(row)?,
                // What was accepted before gives way.
                Ordering::Equal => break,
                Ordering::Greater => {
                    self.ahead = Some(row);
                    break;
                }
            }
        }
        self.writer.push(Row { case: case.to_owned(), golden })
    }

    pub(super) fn finish(mut self) -> Result<(), Error> {
        while let Some(row) = self.kept()? {
            self.writer.push(row)?;
        }
        self.writer.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::Goldens;
    use crate::testing::Folder;
    use serde_json::json;

    fn golden(value: u64) -> Golden {
        Golden {
            lines: vec![json!({"status": "ok", "a": {"b": value}})],
            document: (value > 1).then(|| format!("{value}")),
            cost: (value > 2).then_some(Cost { micros: value, memory: 0 }),
            sha256: Some("00".to_owned()),
        }
    }

    fn accept(path: &Path, accepted: Vec<(&str, Golden)>) {
        let mut keeper = Goldens::at(path).keeper().unwrap();
        accepted.into_iter().for_each(|(case, golden)| keeper.put(case, golden).unwrap());
        keeper.finish().unwrap();
    }

    fn names(path: &Path) -> Vec<(String, Golden)> {
        Rows::open(path).unwrap().map(Result::unwrap).map(|row| (row.case, row.golden)).collect()
    }

    #[test]
    fn rows_are_put_in_and_replaced_in_order() {
        let folder = Folder::new("table");
        let path = folder.path().join("golden.parquet");
        accept(&path, vec![("a", golden(2)), ("c", golden(1))]);
        accept(&path, vec![("b", golden(3)), ("c", golden(4)), ("d", golden(5))]);
        let wanted = [("a", golden(2)), ("b", golden(3)), ("c", golden(4)), ("d", golden(5))];
        let wanted = wanted.map(|(name, golden)| (name.to_owned(), golden));
        assert_eq!(names(&path), wanted);
    }

    #[test]
    fn cases_are_found_in_their_order_and_those_between_are_told() {
        let folder = Folder::new("table-order");
        let path = folder.path().join("golden.parquet");
        let goldens = Goldens::at(&path);
        accept(&path, ["a", "b", "d"].map(|name| (name, golden(1))).to_vec());
        let (mut reader, mut gone) = (goldens.reader().unwrap(), Vec::new());
        let found = ["b", "c"].map(|name| reader.of(name, &mut |row| gone.push(row.case)).unwrap().is_some());
        reader.rest(&mut |row| gone.push(row.case)).unwrap();
        assert_eq!((found, gone), ([true, false], vec!["a".to_owned(), "d".to_owned()]));
    }

    #[test]
    fn a_file_of_another_kind_is_refused() {
        let folder = Folder::new("table-other");
        folder.write("golden.parquet", "PAR1");
        assert!(Rows::open(&folder.path().join("golden.parquet")).is_err());
    }
}
