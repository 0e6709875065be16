//! The tables as Parquet: a file each, in row groups.

use std::path::{Path, PathBuf};

use arrow_array::{Array as _, RecordBatch};
use arrow_schema::ArrowError;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use super::columns::{Column, Kind, Table};
use super::part::Part;
use super::rows::{Rows, schema};
use super::{Error, WrittenFile};

/// How many rows a group has at most: as many as `DuckDB` has in its own, which one thread reads. So many have to be held, encoded, while the
/// group is written; and of each group the writer keeps half a kilobyte a column until the file ends.
const ROWS_IN_A_GROUP: usize = 120 * 1024;

/// How many bytes a group has at most, encoded: room for those rows of figures.
const BYTES_IN_A_GROUP: usize = 8 << 20;

/// How many bytes of rows, as they lie in memory, wait for their groups in all tables together; where they are more, the table that has most
/// of them writes its own. What writes a column takes 120 KiB however few rows there are (most of it for a decompressor that is never used),
/// and the tables have some ninety: so only those of many rows keep theirs open.
const BYTES_THAT_WAIT: usize = 3 << 18;

/// How large a dictionary may be before values stand for themselves: of texts that repeat none is larger.
const DICTIONARY: usize = 256 << 10;

/// Who writes: no version, so that the same rows are the same bytes.
const WRITER: &str = "nianbao";

/// The tables of a dataset that are being written as Parquet.
pub(crate) struct Columnars(Vec<(Columnar, Option<Waiting>)>);

/// Rows that wait until they are enough for a group. They are copied together as they come: small pieces that live long would scatter what is free.
struct Waiting {
    rows: Rows,
    bytes: usize,
}

impl Columnars {
    pub(crate) fn create<'t>(folder: &Path, tables: impl Iterator<Item = &'t Table>) -> Result<Self, Error> {
        let create = |table: &Table| {
            Ok((Columnar::create(folder, table)?, (!table.many).then(|| Waiting { rows: Rows::new(table), bytes: 0 })))
        };
        tables.map(create).collect::<Result<_, _>>().map(Self)
    }

    /// Adds rows to the table at a place among them.
    pub(crate) fn add(&mut self, place: usize, rows: &RecordBatch) -> Result<(), Error> {
        let Some((columnar, waiting)) = self.0.get_mut(place) else { return Ok(()) };
        let Some(waiting) = waiting else { return columnar.write(rows) };
        waiting.bytes += bytes(rows).map_err(|error| wrong(&columnar.part, error.into()))?;
        waiting.rows.append(rows).map_err(|error| wrong(&columnar.part, error.into()))?;
        let all = self.0.iter().filter_map(|(_, waiting)| waiting.as_ref()).map(|waiting| waiting.bytes);
        if all.sum::<usize>() < BYTES_THAT_WAIT {
            return Ok(());
        }
        let most = self.0.iter_mut().max_by_key(|(_, waiting)| waiting.as_ref().map_or(0, |waiting| waiting.bytes));
        most.map_or(Ok(()), |(columnar, waiting)| columnar.write_group(waiting.as_mut()))
    }

    pub(crate) fn finish(self) -> Result<Vec<WrittenFile>, Error> {
        let finish = |(mut columnar, mut waiting): (Columnar, Option<Waiting>)| {
            columnar.write_group(waiting.as_mut())?;
            columnar.finish()
        };
        self.0.into_iter().map(finish).collect()
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

    /// Writes what waits as a group of its own.
    fn write_group(&mut self, waiting: Option<&mut Waiting>) -> Result<(), Error> {
        let Some(waiting) = waiting else { return Ok(()) };
        waiting.bytes = 0;
        let rows = waiting.rows.finish().map_err(|error| wrong(&self.part, error.into()))?;
        self.write(&rows)?;
        self.writer.flush().map_err(|error| wrong(&self.part, error))
    }

    pub(crate) fn finish(self) -> Result<WrittenFile, Error> {
        let part = self.writer.into_inner().map_err(|error| wrong(&self.part, error))?;
        part.finish()
    }
}

/// How many bytes the rows themselves have, whatever room was made for them: the same for the same rows.
fn bytes(rows: &RecordBatch) -> Result<usize, ArrowError> {
    rows.columns().iter().map(|column| column.to_data().get_slice_memory_size()).sum()
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
