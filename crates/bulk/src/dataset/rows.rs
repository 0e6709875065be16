//! Rows of a table on their way into columns.

use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Decimal128Builder, Float64Builder, Int64Builder, StringBuilder,
};
use arrow_array::cast::AsArray as _;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};

use super::columns::{Column, Kind, Table};

/// How many digits an exact number has in all, and how many of them behind the point. 18 digits are 64 bits in Parquet. More would be a text
/// of 16 bytes each, of which the writer keeps whole blocks until the file ends: three megabytes for 10,000 reports.
pub(crate) const PRECISION: u8 = 18;
pub(crate) const SCALE: i8 = 6;

/// What stands in one column of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    /// Nothing.
    Missing,
    /// Text; where it is empty, nothing.
    Text(&'a str),
    Integer(i64),
    Number(f64),
    /// In units of the last of [`SCALE`] digits behind the point.
    Decimal(i128),
    Boolean(bool),
    /// Days since the first of January 1970.
    Date(i32),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<u32> for Value<'_> {
    fn from(count: u32) -> Self {
        Self::Integer(count.into())
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<u64> for Value<'_> {
    fn from(count: u64) -> Self {
        i64::try_from(count).map_or(Self::Missing, Self::Integer)
    }
}

impl From<usize> for Value<'_> {
    fn from(count: usize) -> Self {
        Self::from(count as u64)
    }
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Value<'_> {
    fn from(truth: bool) -> Self {
        Self::Boolean(truth)
    }
}

impl<'a, T: Into<Self>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

/// The shape of a table as Arrow has it.
pub(crate) fn schema(table: &Table) -> SchemaRef {
    let field = |column: &Column| Field::new(column.name, data_type(column.kind), !column.required);
    Arc::new(Schema::new(table.columns.iter().map(field).collect::<Vec<_>>()))
}

const fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Integer => DataType::Int64,
        Kind::Number => DataType::Float64,
        Kind::Decimal => DataType::Decimal128(PRECISION, SCALE),
        Kind::Boolean => DataType::Boolean,
        Kind::Date => DataType::Date32,
    }
}

/// Rows of one table.
#[derive(Debug)]
pub(crate) struct Rows {
    schema: SchemaRef,
    columns: Vec<Building>,
    count: usize,
}

#[derive(Debug)]
enum Building {
    /// A text that must be there may be empty: better that than no dataset.
    Text(StringBuilder, bool),
    Integer(Int64Builder),
    Number(Float64Builder),
    Decimal(Decimal128Builder),
    Boolean(BooleanBuilder),
    Date(Date32Builder),
}

impl Rows {
    pub(crate) fn new(table: &Table) -> Self {
        let columns = table.columns.iter().map(Building::new).collect();
        Self { schema: schema(table), columns, count: 0 }
    }

    /// Adds a row: a value for each column, in their order.
    pub(crate) fn push(&mut self, row: &[Value<'_>]) {
        debug_assert_eq!(row.len(), self.columns.len(), "a row of {:?}", self.schema);
        for (column, value) in self.columns.iter_mut().zip(row) {
            column.push(*value);
        }
        self.count += 1;
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Adds rows of the same table.
    pub(crate) fn append(&mut self, rows: &RecordBatch) -> Result<(), ArrowError> {
        for (column, added) in self.columns.iter_mut().zip(rows.columns()) {
            column.append(added)?;
        }
        self.count += rows.num_rows();
        Ok(())
    }

    /// The rows as columns; none are left here.
    pub(crate) fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        self.count = 0;
        RecordBatch::try_new(Arc::clone(&self.schema), self.columns.iter_mut().map(Building::finish).collect())
    }
}

impl Building {
    /// Without room for anything: most tables get a few rows of a block, and they wait in memory as they are.
    fn new(column: &Column) -> Self {
        match column.kind {
            Kind::Text => Self::Text(StringBuilder::with_capacity(0, 0), column.required),
            Kind::Integer => Self::Integer(Int64Builder::with_capacity(0)),
            Kind::Number => Self::Number(Float64Builder::with_capacity(0)),
            Kind::Decimal => {
                Self::Decimal(Decimal128Builder::with_capacity(0).with_data_type(data_type(Kind::Decimal)))
            }
            Kind::Boolean => Self::Boolean(BooleanBuilder::with_capacity(0)),
            Kind::Date => Self::Date(Date32Builder::with_capacity(0)),
        }
    }

    fn push(&mut self, value: Value<'_>) {
        match (self, value) {
            (Self::Text(column, required), Value::Text(text)) if *required || !text.is_empty() => {
                column.append_value(text);
            }
            (Self::Text(column, false), Value::Missing | Value::Text(_)) => column.append_null(),
            (Self::Text(column, true), Value::Missing) => column.append_value(""),
            (Self::Integer(column), Value::Integer(number)) => column.append_value(number),
            (Self::Integer(column), Value::Missing) => column.append_null(),
            (Self::Number(column), Value::Number(number)) => column.append_value(number),
            (Self::Number(column), Value::Missing) => column.append_null(),
            (Self::Decimal(column), Value::Decimal(number)) => column.append_value(number),
            (Self::Decimal(column), Value::Missing) => column.append_null(),
            (Self::Boolean(column), Value::Boolean(truth)) => column.append_value(truth),
            (Self::Date(column), Value::Date(day)) => column.append_value(day),
            (Self::Date(column), Value::Missing) => column.append_null(),
            (Self::Boolean(column), _) => column.append_null(),
            // The tables say which kind stands where; a test writes every column of each.
            (column, value) => {
                debug_assert!(false, "{value:?} in {column:?}");
                column.push(Value::Missing);
            }
        }
    }

    fn append(&mut self, added: &dyn Array) -> Result<(), ArrowError> {
        match self {
            Self::Text(column, _) => column.append_array(added.as_string())?,
            Self::Integer(column) => column.append_array(added.as_primitive()),
            Self::Number(column) => column.append_array(added.as_primitive()),
            Self::Decimal(column) => column.append_array(added.as_primitive()),
            Self::Boolean(column) => column.append_array(added.as_boolean()),
            Self::Date(column) => column.append_array(added.as_primitive()),
        }
        Ok(())
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(column, _) => Arc::new(column.finish()),
            Self::Integer(column) => Arc::new(column.finish()),
            Self::Number(column) => Arc::new(column.finish()),
            Self::Decimal(column) => Arc::new(column.finish()),
            Self::Boolean(column) => Arc::new(column.finish()),
            Self::Date(column) => Arc::new(column.finish()),
        }
    }
}
