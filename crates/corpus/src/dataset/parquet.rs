//! A Parquet file of a dataset, row by row or batch by batch.

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Decimal128Type, Float64Type, Int64Type};
use arrow_array::{Array as _, ArrayRef, RecordBatch};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use crate::error::Error;
use crate::log;

/// How many rows are read at a time.
const ROWS: usize = 8192;

/// Some columns of a file.
pub(super) struct Table {
    path: PathBuf,
    batches: ParquetRecordBatchReader,
    batch: Option<RecordBatch>,
    row: usize,
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table").field("path", &self.path).field("row", &self.row).finish_non_exhaustive()
    }
}

impl Table {
    /// Opens a file, for these columns alone.
    pub(super) fn open(path: &Path, columns: &[&str]) -> Result<Self, Error> {
        let file = File::open(path).map_err(|error| Error::Usage(format!("{}: {error}", path.display())))?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| Error::broken(path, error))?;
        if let Some(missing) = columns.iter().find(|column| builder.schema().column_with_name(column).is_none()) {
            return Err(Error::broken(path, format!("there is no column {missing}; is it a dataset of nianbao?")));
        }
        let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
        let batches = builder.with_projection(mask).with_batch_size(ROWS).build();
        let batches = batches.map_err(|error| Error::broken(path, error))?;
        Ok(Self { path: path.to_owned(), batches, batch: None, row: 0 })
    }

    /// The next rows, as many as come at a time.
    pub(super) fn batch(&mut self) -> Result<Option<RecordBatch>, Error> {
        self.batches.next().transpose().map_err(|error| Error::broken(&self.path, error))
    }

    /// The next row, as `read` takes it.
    pub(super) fn next<T>(&mut self, read: impl Fn(Row<'_>) -> T) -> Result<Option<T>, Error> {
        loop {
            if let Some(batch) = self.batch.as_ref().filter(|batch| self.row < batch.num_rows()) {
                let taken = read(Row { batch, row: self.row });
                self.row += 1;
                return Ok(Some(taken));
            }
            self.row = 0;
            self.batch = self.batch()?;
            if self.batch.is_none() {
                return Ok(None);
            }
        }
    }
}

/// One row. What is missing, or of another kind than it should be, is empty.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    pub(super) batch: &'a RecordBatch,
    pub(super) row: usize,
}

impl<'a> Row<'a> {
    fn column(&self, name: &str) -> Option<&'a ArrayRef> {
        self.batch.column_by_name(name).filter(|column| self.row < column.len() && !column.is_null(self.row))
    }

    pub(super) fn text(&self, name: &str) -> String {
        let text = self.column(name).and_then(|column| column.as_string_opt::<i32>());
        text.map(|text| text.value(self.row).to_owned()).unwrap_or_default()
    }

    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        Some(self.column(name)?.as_primitive_opt::<Int64Type>()?.value(self.row))
    }

    pub(super) fn number(&self, name: &str) -> Option<String> {
        Some(self.column(name)?.as_primitive_opt::<Float64Type>()?.value(self.row).to_string())
    }

    pub(super) fn decimal(&self, name: &str) -> Option<String> {
        let column = self.column(name)?.as_primitive_opt::<Decimal128Type>()?;
        let text = column.value_as_string(self.row);
        let bare = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
        Some(bare.to_owned())
    }

    pub(super) fn date(&self, name: &str) -> Option<String> {
        let days = self.column(name)?.as_primitive_opt::<Date32Type>()?.value(self.row);
        Some(log::day(u64::try_from(days).ok()?))
    }
}
