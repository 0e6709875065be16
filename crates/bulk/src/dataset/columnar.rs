//! The tables as Parquet: a file each, in row groups.

use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use super::columns::{Column, Kind, Table};
use super::part::Part;
use super::rows::schema;
use super::waiting::Waiting;
use super::{Error, WrittenFile};

/// How many rows a group has at most: as many as `DuckDB` has in its own, which one thread reads. So many have to be held, encoded, while the
/// group is written; and of each group the writer keeps half a kilobyte a column until the file ends.
const ROWS_IN_A_GROUP: usize = 120 * 1024;

/// How many bytes a group has at most, encoded: room for those rows of figures.
const BYTES_IN_A_GROUP: usize = 8 << 20;

/// How many bytes of rows, as they lie in memory, wait there for all tables of few rows together; where they are more, the table that has most of
/// them puts its own into a file.
const BYTES_THAT_WAIT: usize = 256 << 10;

/// How large a dictionary may be before values stand for themselves: of texts that repeat none is larger.
const DICTIONARY: usize = 256 << 10;

/// How many bytes of values a page has at most. Each column grows a buffer of that size: with the megabyte that is usual, tables of texts would
/// take 6 MiB more to write than figures do, whose pages have 20,000 rows and stay below this anyway.
const BYTES_IN_A_PAGE: usize = 128 << 10;

/// Who writes: no version, so that the same rows are the same bytes.
const WRITER: &str = "nianbao";

/// The tables of a dataset that are being written as Parquet: those of many rows as they come, those of few when these are whole.
pub(crate) struct Columnars {
    folder: PathBuf,
    tables: Vec<State>,
}

/// How far a table is.
enum State {
    /// One of many rows: they are written as they come.
    Open(Columnar),
    /// One of few.
    Waiting(Waiting),
    Written(WrittenFile),
    /// It could not be written, and nor will the others be.
    Failed,
}

impl Columnars {
    pub(crate) fn create(folder: &Path, tables: impl Iterator<Item = &'static Table>) -> Result<Self, Error> {
        let create = |table: &'static Table| match table.many {
            true => Columnar::create(folder, table).map(State::Open),
            false => Waiting::new(folder, table).map(State::Waiting),
        };
        Ok(Self { folder: folder.to_owned(), tables: tables.map(create).collect::<Result<_, _>>()? })
    }

    /// Adds rows to the table at a place among them.
    pub(crate) fn add(&mut self, place: usize, rows: &RecordBatch) -> Result<(), Error> {
        match self.tables.get_mut(place) {
            Some(State::Open(columnar)) => return columnar.write(rows),
            Some(State::Waiting(waiting)) => waiting.add(rows)?,
            Some(State::Written(_) | State::Failed) | None => return Ok(()),
        }
        if self.waiting().map(|waiting| waiting.bytes()).sum::<usize>() < BYTES_THAT_WAIT {
            return Ok(());
        }
        self.waiting().max_by_key(|waiting| waiting.bytes()).map_or(Ok(()), Waiting::put)
    }

    fn waiting(&mut self) -> impl Iterator<Item = &mut Waiting> {
        self.tables
            .iter_mut()
            .filter_map(|table| if let State::Waiting(waiting) = table { Some(waiting) } else { None })
    }

    /// The table at a place, by itself; those behind it move up.
    pub(crate) fn take_out(&mut self, place: usize) -> Self {
        let tables = if place < self.tables.len() { vec![self.tables.remove(place)] } else { Vec::new() };
        Self { folder: self.folder.clone(), tables }
    }

    /// Nothing more is added to tables of many rows.
    pub(crate) fn finish_many(&mut self) -> Result<(), Error> {
        let folder = &self.folder;
        self.tables
            .iter_mut()
            .filter(|table| matches!(table, State::Open(_)))
            .try_for_each(|table| table.finish(folder))
    }

    /// Nothing more is added: the files, in the order of the tables.
    pub(crate) fn finish(&mut self) -> Result<Vec<WrittenFile>, Error> {
        self.finish_many()?;
        let folder = &self.folder;
        self.tables.iter_mut().try_for_each(|table| table.finish(folder))?;
        let written = |table| if let State::Written(file) = table { Some(file) } else { None };
        Ok(self.tables.drain(..).filter_map(written).collect())
    }
}

impl State {
    fn finish(&mut self, folder: &Path) -> Result<(), Error> {
        *self = match std::mem::replace(self, Self::Failed) {
            Self::Open(columnar) => Self::Written(columnar.finish()?),
            Self::Waiting(waiting) => {
                let mut columnar = Columnar::create(folder, waiting.table)?;
                waiting.take(&mut |rows| columnar.write(rows))?;
                Self::Written(columnar.finish()?)
            }
            ended => ended,
        };
        Ok(())
    }
}

/// A table that is being written as Parquet.
pub(crate) struct Columnar {
    writer: ArrowWriter<Part>,
    part: PathBuf,
}

impl Columnar {
    pub(crate) fn create(folder: &Path, table: &Table) -> Result<Self, Error> {
        let part = Part::create(folder, &format!("{}.parquet", table.name))?;
        let path = part.path();
        // Level 1: a tenth larger than level 3, in half the time.
        let level = ZstdLevel::try_new(1).map_err(|error| wrong(&path, error))?;
        let mut properties = WriterProperties::builder()
            .set_created_by(WRITER.to_owned())
            .set_compression(Compression::ZSTD(level))
            .set_max_row_group_row_count(Some(ROWS_IN_A_GROUP))
            .set_max_row_group_bytes(Some(BYTES_IN_A_GROUP))
            .set_dictionary_page_size_limit(DICTIONARY)
            .set_data_page_size_limit(BYTES_IN_A_PAGE)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            // It is held for all groups until the end, and tells pages apart, of which a column has one or two in a group.
            .set_offset_index_disabled(true);
        // Rows stand in the order of paths. The smallest and largest of other texts let no reader pass over a group, and are held until the end.
        let unordered = |column: &&Column| column.kind == Kind::Text && Some(column.name) != table.ordered_by;
        for column in table.columns.iter().filter(unordered) {
            properties = properties.set_column_statistics_enabled(column.name.into(), EnabledStatistics::None);
        }
        let options = ArrowWriterOptions::new().with_properties(properties.build()).with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(part, schema(table), options);
        Ok(Self { writer: writer.map_err(|error| wrong(&path, error))?, part: path })
    }

    pub(crate) fn write(&mut self, rows: &RecordBatch) -> Result<(), Error> {
        self.writer.write(rows).map_err(|error| wrong(&self.part, error))
    }

    pub(crate) fn finish(self) -> Result<WrittenFile, Error> {
        let part = self.writer.into_inner().map_err(|error| wrong(&self.part, error))?;
        part.finish()
    }
}

/// A fault of the disk stays one: it says whether there is no space left.
fn wrong(path: &Path, error: ParquetError) -> Error {
    let error = match error {
        ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
            Ok(inner) => *inner,
            Err(inner) => std::io::Error::other(inner),
        },
        other => std::io::Error::other(other),
    };
    Error::write(path, error)
}
