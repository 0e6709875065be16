//! The records of a shard as Parquet: what its ledger knows of each document, sorted by the bytes of its path.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, BooleanBuilder, FixedSizeBinaryBuilder, Int64Builder, StringBuilder};
use arrow_array::cast::AsArray as _;
use arrow_array::types::Int64Type;
use arrow_array::{Array as _, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use super::parts::RECORDS;
use crate::dataset::WrittenFile;
use crate::error::Error;
use crate::ledger::{Kept, Ledger};
use crate::record::Packed;

/// How many documents, and how many bytes of packed lines, are handed to the writer at a time, and make a group of rows: what whoever gathers
/// holds at a time.
const DOCUMENTS: usize = 256;
const BYTES: usize = 1 << 20;

/// How many rows are read at a time. One document may have 32 MiB of packed lines.
const ROWS: usize = 32;

fn schema() -> SchemaRef {
    let column = |name: &str, kind: DataType, required: bool| Field::new(name, kind, !required);
    Arc::new(Schema::new(vec![
        column("file", DataType::Binary, true),
        column("gone", DataType::Boolean, true),
        column("member", DataType::Binary, true),
        column("number", DataType::Int64, true),
        column("sha256", DataType::FixedSizeBinary(32), false),
        column("bytes", DataType::Int64, false),
        column("state", DataType::Utf8, false),
        column("kind", DataType::Utf8, false),
        column("message", DataType::Utf8, false),
        column("format", DataType::Utf8, false),
        column("reports", DataType::Utf8, false),
        column("lines", DataType::Binary, false),
    ]))
}

/// Writes the records of a ledger into a folder.
pub(super) fn write(ledger: &mut Ledger, folder: &Path) -> Result<WrittenFile, Error> {
    let name = format!("{RECORDS}.parquet");
    let path = folder.join(&name);
    let failed = |error: parquet::errors::ParquetError| Error::write(&path, std::io::Error::other(error));
    let file = File::create(&path).map_err(|error| Error::write(&path, error))?;
    let level = ZstdLevel::try_new(1).map_err(failed)?;
    let properties = WriterProperties::builder()
        .set_created_by("nianbao".to_owned())
        .set_compression(Compression::ZSTD(level))
        // They are packed already.
        .set_column_compression(ColumnPath::from("lines"), Compression::UNCOMPRESSED)
        .set_column_dictionary_enabled(ColumnPath::from("lines"), false)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_offset_index_disabled(true)
        .build();
    let mut writer = ArrowWriter::try_new(file, schema(), Some(properties)).map_err(failed)?;
    let mut rows = Rows::default();
    let write = |rows: &mut Rows, writer: &mut ArrowWriter<File>| {
        let batch = rows.finish().map_err(|error| Error::write(&path, std::io::Error::other(error)))?;
        writer.write(&batch).and_then(|()| writer.flush()).map_err(failed)
    };
    ledger.each_kept(&mut |kept| {
        rows.push(&kept);
        if rows.full() { write(&mut rows, &mut writer) } else { Ok(()) }
    })?;
    if rows.count > 0 {
        write(&mut rows, &mut writer)?;
    }
    writer.close().map_err(failed)?;
    Ok(WrittenFile { name, bytes: 0, sha256: [0; 32] })
}

/// Hands over the records of a part.
pub(super) fn each(path: &Path, take: &mut dyn FnMut(Kept) -> Result<(), Error>) -> Result<(), Error> {
    let spoilt = |error: &dyn std::fmt::Display| Error::Part {
        path: path.to_owned(),
        why: format!("it is no part of records that can be read ({error}); run its shard again with --retry failed"),
    };
    let file = File::open(path).map_err(|error| spoilt(&error))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| spoilt(&error))?;
    for batch in reader.with_batch_size(ROWS).build().map_err(|error| spoilt(&error))? {
        let batch = batch.map_err(|error| spoilt(&error))?;
        if batch.schema().fields() != schema().fields() {
            return Err(spoilt(&"its columns are others"));
        }
        for row in 0..batch.num_rows() {
            take(kept(&batch, row).ok_or_else(|| spoilt(&"a row makes no sense"))?)?;
        }
    }
    Ok(())
}

/// A row of a part; the columns are those of the schema.
fn kept(batch: &RecordBatch, row: usize) -> Option<Kept> {
    let column = |name: &str| batch.column_by_name(name).filter(|column| !column.is_null(row));
    let text = |name: &str| Some(column(name)?.as_string::<i32>().value(row).to_owned());
    let bytes = |name: &str| Some(column(name)?.as_binary::<i32>().value(row).to_vec());
    let number = |name: &str| Some(column(name)?.as_primitive::<Int64Type>().value(row));
    let sha256 = column("sha256").map(|column| column.as_fixed_size_binary().value(row));
    let sha256: Option<[u8; 32]> = sha256.and_then(|sha256| sha256.try_into().ok());
    let reports = text("reports").map_or(Ok(Vec::new()), |reports| serde_json::from_str(&reports));
    Some(Kept {
        file: bytes("file")?,
        gone: column("gone")?.as_boolean().value(row),
        member: bytes("member")?,
        number: number("number")?,
        content: sha256.zip(number("bytes").and_then(|bytes| u64::try_from(bytes).ok())),
        state: text("state"),
        record: Packed {
            format: text("format"),
            failure: text("kind").zip(text("message")),
            reports: reports.ok()?,
            lines: bytes("lines").unwrap_or_default(),
        },
    })
}

/// Rows on their way into columns.
#[derive(Debug)]
struct Rows {
    file: BinaryBuilder,
    gone: BooleanBuilder,
    member: BinaryBuilder,
    number: Int64Builder,
    sha256: FixedSizeBinaryBuilder,
    bytes: Int64Builder,
    state: StringBuilder,
    kind: StringBuilder,
    message: StringBuilder,
    format: StringBuilder,
    reports: StringBuilder,
    lines: BinaryBuilder,
    count: usize,
    held: usize,
}

impl Default for Rows {
    fn default() -> Self {
        Self {
            file: BinaryBuilder::new(),
            gone: BooleanBuilder::new(),
            member: BinaryBuilder::new(),
            number: Int64Builder::new(),
            sha256: FixedSizeBinaryBuilder::new(32),
            bytes: Int64Builder::new(),
            state: StringBuilder::new(),
            kind: StringBuilder::new(),
            message: StringBuilder::new(),
            format: StringBuilder::new(),
            reports: StringBuilder::new(),
            lines: BinaryBuilder::new(),
            count: 0,
            held: 0,
        }
    }
}

impl Rows {
    fn push(&mut self, kept: &Kept) {
        let Kept { file, gone, member, number, content, state, record } = kept;
        let Packed { format, failure, reports, lines } = record;
        let (sha256, bytes) = content.unzip();
        let (kind, message) = failure.as_ref().map(|(kind, message)| (kind, message)).unzip();
        self.file.append_value(file);
        self.gone.append_value(*gone);
        self.member.append_value(member);
        self.number.append_value(*number);
        match sha256 {
            // It has the length that the column has.
            Some(sha256) => self.sha256.append_value(sha256).unwrap_or_default(),
            None => self.sha256.append_null(),
        }
        self.bytes.append_option(bytes.map(u64::cast_signed));
        self.state.append_option(state.as_ref());
        self.kind.append_option(kind);
        self.message.append_option(message);
        self.format.append_option(format.as_ref());
        let reports = (!reports.is_empty()).then(|| serde_json::to_string(reports).unwrap_or_default());
        self.reports.append_option(reports);
        self.lines.append_option((!lines.is_empty()).then_some(lines));
        self.count += 1;
        self.held += lines.len();
    }

    const fn full(&self) -> bool {
        self.count >= DOCUMENTS || self.held >= BYTES
    }

    fn finish(&mut self) -> Result<RecordBatch, arrow_schema::ArrowError> {
        (self.count, self.held) = (0, 0);
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.file.finish()),
            Arc::new(self.gone.finish()),
            Arc::new(self.member.finish()),
            Arc::new(self.number.finish()),
            Arc::new(self.sha256.finish()),
            Arc::new(self.bytes.finish()),
            Arc::new(self.state.finish()),
            Arc::new(self.kind.finish()),
            Arc::new(self.message.finish()),
            Arc::new(self.format.finish()),
            Arc::new(self.reports.finish()),
            Arc::new(self.lines.finish()),
        ];
        RecordBatch::try_new(schema(), columns)
    }
}
