//! A table as Parquet.

use std::path::Path;

use arrow_array::{Array as _, RecordBatch};
use arrow_schema::ArrowError;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use super::columns::Table;
use super::part::Part;
use super::rows::schema;
use super::{Error, WrittenFile};

/// How many rows a group has at most. What `DuckDB` and its kin read in one piece by one thread; also what has to be held while it is
/// written, some three bytes a row and column. Of each group the writer keeps half a kilobyte a column until the file ends.
const ROWS_IN_A_GROUP: usize = 48 * 1024;

/// The table that has a row for each figure: its rows are written as they come.
const LARGE: &str = "figures";

/// How many bytes a group of figures has at most: room for those rows.
const BYTES_OF_FIGURES: usize = 3 << 20;

/// How many bytes of rows, as they lie in memory, make a group of any other table. They wait until they are so many, and are then written at once:
/// what writes a column takes 120 KiB however few rows there are (most of it for a decompressor that is never used), and the tables have some ninety.
const BYTES_THAT_WAIT: usize = 512 << 10;

/// How large a dictionary may be before values stand for themselves: of texts that repeat none is larger.
const DICTIONARY: usize = 256 << 10;

/// Who writes: no version, so that the same rows are the same bytes.
const WRITER: &str = "nianbao";

/// A table that is being written as Parquet.
pub(crate) struct Columnar {
    writer: ArrowWriter<Part>,
    part: std::path::PathBuf,
    /// The rows of the next group; `None` where rows are written as they come.
    waiting: Option<Waiting>,
}

/// Rows that wait until they are enough for a group.
#[derive(Default)]
struct Waiting {
    rows: Vec<RecordBatch>,
    bytes: usize,
}

impl Columnar {
    pub(crate) fn create(folder: &Path, table: &Table) -> Result<Self, Error> {
        let part = Part::create(folder, &format!("{}.parquet", table.name))?;
        let path = part.path();
        // Level 1: a tenth larger than level 3, in half the time.
        let level = ZstdLevel::try_new(1).map_err(|error| wrong(&path, error))?;
        let properties = WriterProperties::builder()
            .set_created_by(WRITER.to_owned())
            .set_compression(Compression::ZSTD(level))
            .set_max_row_group_row_count(Some(ROWS_IN_A_GROUP))
            .set_max_row_group_bytes(Some(BYTES_OF_FIGURES))
            .set_dictionary_page_size_limit(DICTIONARY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            // It is held for all groups until the end, and tells pages apart, of which a column has one or two in a group.
            .set_offset_index_disabled(true)
            .build();
        let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(part, schema(table), options);
        let waiting = (table.name != LARGE).then(Waiting::default);
        Ok(Self { writer: writer.map_err(|error| wrong(&path, error))?, part: path, waiting })
    }

    pub(crate) fn add(&mut self, rows: RecordBatch) -> Result<(), Error> {
        let Some(waiting) = &mut self.waiting else {
            return self.writer.write(&rows).map_err(|error| wrong(&self.part, error));
        };
        waiting.bytes += bytes(&rows).map_err(|error| wrong(&self.part, error.into()))?;
        waiting.rows.push(rows);
        if waiting.bytes < BYTES_THAT_WAIT { Ok(()) } else { self.write_group() }
    }

    /// Writes what waits.
    fn write_group(&mut self) -> Result<(), Error> {
        let Some(waiting) = self.waiting.as_mut().map(std::mem::take) else { return Ok(()) };
        let written = waiting.rows.into_iter().try_for_each(|rows| self.writer.write(&rows));
        written.and_then(|()| self.writer.flush()).map_err(|error| wrong(&self.part, error))
    }

    pub(crate) fn finish(mut self) -> Result<WrittenFile, Error> {
        self.write_group()?;
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
