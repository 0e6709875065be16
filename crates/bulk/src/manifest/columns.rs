//! Manifests that are Parquet, whoever wrote them.

use std::fs::File;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};

use super::lines::NO_URI;
use super::{Row, digest, row, wrong};
use crate::error::Error;

pub(super) fn each(path: &Path, take: &mut dyn FnMut(Row) -> Result<(), Error>) -> Result<(), Error> {
    let unreadable =
        |error: &dyn std::fmt::Display| wrong(path, None, &format!("not Parquet that can be read: {error}"));
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    // Only the plain types of Parquet: a dictionary is as its values are.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let reader =
        ParquetRecordBatchReaderBuilder::try_new_with_options(file, options).map_err(|error| unreadable(&error))?;
    let wanted = ["uri", "sha256", "size"];
    let fields = reader.schema().fields().iter().enumerate();
    let roots: Vec<usize> =
        fields.filter(|(_, field)| wanted.contains(&field.name().as_str())).map(|(index, _)| index).collect();
    let mask = ProjectionMask::roots(reader.parquet_schema(), roots);
    let batches = reader.with_projection(mask).build().map_err(|error| unreadable(&error))?;
    let mut number = 0;
    for batch in batches {
        let batch = batch.map_err(|error| unreadable(&error))?;
        let [uris, digests, sizes] = wanted.map(|name| batch.column_by_name(name));
        let uris = uris.ok_or_else(|| wrong(path, None, NO_URI))?;
        for index in 0..batch.num_rows() {
            number += 1;
            let found = of_columns(uris, digests, sizes, index);
            take(found.map_err(|what| wrong(path, Some(("row", number)), &what))?)?;
        }
    }
    Ok(())
}

fn of_columns(
    uris: &ArrayRef,
    digests: Option<&ArrayRef>,
    sizes: Option<&ArrayRef>,
    index: usize,
) -> Result<Row, String> {
    let uri = bytes(uris, index, "uri")?.unwrap_or_default();
    let sha256 = digests.map_or(Ok(None), |digests| match bytes(digests, index, "sha256")? {
        // Text of 32 characters is some other sum.
        Some(found) if !matches!(digests.data_type(), DataType::Utf8) && found.len() == 32 => Ok(found.try_into().ok()),
        found => digest(found.unwrap_or_default()),
    })?;
    let size = sizes.map_or(Ok(None), |sizes| number(sizes, index))?;
    row(uri, sha256, size)
}

/// What stands in a column of texts or bytes.
fn bytes<'a>(column: &'a ArrayRef, index: usize, name: &str) -> Result<Option<&'a [u8]>, String> {
    if column.is_null(index) {
        return Ok(None);
    }
    Ok(Some(match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(index).as_bytes(),
        DataType::Binary => column.as_binary::<i32>().value(index),
        DataType::FixedSizeBinary(_) => column.as_fixed_size_binary().value(index),
        other => return Err(format!("{name} is a column of {other}, and should be text")),
    }))
}

/// What stands in a column of numbers.
fn number(column: &ArrayRef, index: usize) -> Result<Option<u64>, String> {
    if column.is_null(index) {
        return Ok(None);
    }
    let number = match column.data_type() {
        DataType::Int64 => u64::try_from(column.as_primitive::<Int64Type>().value(index)).ok(),
        DataType::Int32 => u64::try_from(column.as_primitive::<Int32Type>().value(index)).ok(),
        DataType::UInt64 => Some(column.as_primitive::<UInt64Type>().value(index)),
        DataType::UInt32 => Some(column.as_primitive::<UInt32Type>().value(index).into()),
        DataType::Utf8 => return super::size(column.as_string::<i32>().value(index).as_bytes()),
        _ => None,
    };
    number.map(Some).ok_or_else(|| "size is not a number of bytes".to_owned())
}
