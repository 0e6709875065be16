//! What stands in one place of a table that is already in columns.

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef};

use super::columns::Kind;
use super::rows::Value;

/// What stands in a row of a column.
pub(crate) fn value(kind: Kind, column: &ArrayRef, row: usize) -> Value<'_> {
    if column.is_null(row) {
        return Value::Missing;
    }
    match kind {
        Kind::Text => Value::Text(column.as_string::<i32>().value(row)),
        Kind::Integer => Value::Integer(column.as_primitive::<Int64Type>().value(row)),
        Kind::Number => Value::Number(column.as_primitive::<Float64Type>().value(row)),
        Kind::Decimal => Value::Decimal(column.as_primitive::<Decimal128Type>().value(row)),
        Kind::Boolean => Value::Boolean(column.as_boolean().value(row)),
        Kind::Date => Value::Date(column.as_primitive::<Date32Type>().value(row)),
    }
}
