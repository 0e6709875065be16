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
    table: &'static Table,
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
    pub(crate) fn new(table: &'static Table) -> Self {
        let columns = table.columns.iter().map(|column| Building::new(column, Room::default())).collect();
        Self { table, schema: schema(table), columns, count: 0 }
    }

    /// Adds a row: a value for each column, in their order.
    pub(crate) fn push(&mut self, row: &[Value<'_>]) {
        debug_assert_eq!(row.len(), self.columns.len(), "a row of {:?}", self.schema);
        for (column, value) in self.columns.iter_mut().zip(row) {
            column.push(*value);
        }
        self.count += 1;
    }

    /// Adds so many rows, column after column.
    pub(crate) fn adding(&mut self, count: usize) -> Adding<'_> {
        self.count += count;
        Adding { columns: self.columns.iter_mut(), count }
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

    /// The rows as columns; none are left here, but in a table of many rows the room for as many, which come next.
    pub(crate) fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        self.count = 0;
        let columns: Vec<ArrayRef> = self.columns.iter_mut().map(Building::finish).collect();
        if self.table.many {
            let room = columns.iter().map(|column| Room::of(column));
            self.columns =
                self.table.columns.iter().zip(room).map(|(column, room)| Building::new(column, room)).collect();
        }
        RecordBatch::try_new(Arc::clone(&self.schema), columns)
    }
}

/// For how much a column has room.
#[derive(Clone, Copy, Debug, Default)]
struct Room {
    rows: usize,
    /// The bytes of all texts.
    bytes: usize,
}

impl Room {
    /// As much as these rows take, and an eighth.
    fn of(column: &dyn Array) -> Self {
        let more = |size: usize| size + size / 8;
        let bytes = column.as_string_opt::<i32>().map_or(0, |texts| texts.value_data().len());
        // Most columns of places are missing throughout.
        let rows = if column.null_count() == column.len() { 0 } else { more(column.len()) };
        Self { rows, bytes: more(bytes) }
    }
}

/// What stands where there is nothing. The tables say which kind stands where; a test writes every column of each.
fn missing<T>(value: Value<'_>, nothing: T) -> T {
    debug_assert!(matches!(value, Value::Missing), "{value:?} in a column of another kind");
    nothing
}

/// Rows on their way into a table, column after column in their order. One that is left out shows when the rows are finished: it is shorter.
pub(crate) struct Adding<'r> {
    columns: std::slice::IterMut<'r, Building>,
    count: usize,
}

impl Adding<'_> {
    /// What stands in the next column, row after row.
    pub(crate) fn each<'v>(&mut self, values: impl ExactSizeIterator<Item = Value<'v>>) {
        debug_assert_eq!(values.len(), self.count, "every column has as many rows");
        if let Some(column) = self.columns.next() {
            column.extend(values);
        }
    }

    /// What stands in every row of the next column.
    pub(crate) fn all(&mut self, value: Value<'_>) {
        self.each(std::iter::repeat_n(value, self.count));
    }
}

impl Building {
    /// Most tables get a few rows of a block, which wait in memory as they are: they begin without room for anything.
    fn new(column: &Column, Room { rows, bytes }: Room) -> Self {
        match column.kind {
            Kind::Text => Self::Text(StringBuilder::with_capacity(rows, bytes), column.required),
            Kind::Integer => Self::Integer(Int64Builder::with_capacity(rows)),
            Kind::Number => Self::Number(Float64Builder::with_capacity(rows)),
            Kind::Decimal => {
                Self::Decimal(Decimal128Builder::with_capacity(rows).with_data_type(data_type(Kind::Decimal)))
            }
            Kind::Boolean => Self::Boolean(BooleanBuilder::with_capacity(rows)),
            Kind::Date => Self::Date(Date32Builder::with_capacity(rows)),
        }
    }

    fn push(&mut self, value: Value<'_>) {
        self.extend(std::iter::once(value));
    }

    /// Adds values. What kind of column it is, is looked at once for all of them.
    fn extend<'v>(&mut self, values: impl Iterator<Item = Value<'v>>) {
        match self {
            Self::Text(column, required) => values.for_each(|value| match value {
                Value::Text(text) if *required || !text.is_empty() => column.append_value(text),
                Value::Text(_) | Value::Missing if !*required => column.append_null(),
                other => column.append_value(missing(other, "")),
            }),
            Self::Integer(column) => values.for_each(|value| match value {
                Value::Integer(number) => column.append_value(number),
                other => column.append_option(missing(other, None)),
            }),
            Self::Number(column) => values.for_each(|value| match value {
                Value::Number(number) => column.append_value(number),
                other => column.append_option(missing(other, None)),
            }),
            Self::Decimal(column) => values.for_each(|value| match value {
                Value::Decimal(number) => column.append_value(number),
                other => column.append_option(missing(other, None)),
            }),
            Self::Boolean(column) => values.for_each(|value| match value {
                Value::Boolean(truth) => column.append_value(truth),
                other => column.append_option(missing(other, None)),
            }),
            Self::Date(column) => values.for_each(|value| match value {
                Value::Date(day) => column.append_value(day),
                other => column.append_option(missing(other, None)),
            }),
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
