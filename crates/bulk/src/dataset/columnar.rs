//! A table as Parquet.

use std::path::Path;

use arrow_array::RecordBatch;
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
/// written, some three bytes a row and column.
const ROWS_IN_A_GROUP: usize = 48 * 1024;

/// How many bytes it has at most: of figures room for those rows, of all other tables so little that what waits for the end of a group
/// is soon as large as it gets, however many documents there are.
const BYTES_OF_FIGURES: usize = 3 << 20;
const BYTES_OF_OTHERS: usize = 256 << 10;

/// How large a dictionary may be before values stand for themselves: of texts that repeat none is larger.
const DICTIONARY: usize = 256 << 10;

/// Who writes: no version, so that the same rows are the same bytes.
const WRITER: &str = "nianbao";

/// A table that is being written as Parquet.
pub(crate) struct Columnar {
    writer: ArrowWriter<Part>,
    part: std::path::PathBuf,
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
            .set_max_row_group_bytes(Some(if table.name == "figures" { BYTES_OF_FIGURES } else { BYTES_OF_OTHERS }))
            .set_dictionary_page_size_limit(DICTIONARY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            // It is held for all groups until the end, and tells pages apart, of which a column has one or two in a group.
            .set_offset_index_disabled(true)
            .build();
        let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(part, schema(table), options);
        Ok(Self { writer: writer.map_err(|error| wrong(&path, error))?, part: path })
    }

    pub(crate) fn add(&mut self, rows: &RecordBatch) -> Result<(), Error> {
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
