//! A table as CSV: RFC 4180, UTF-8, a header, and nothing that a spreadsheet would run.

use std::io::Write as _;
use std::path::Path;

use arrow_array::RecordBatch;

use super::amount::{date, written};
use super::cell::value;
use super::columns::{Kind, Table};
use super::part::Part;
use super::rows::Value;
use super::{Error, WrittenFile};

/// What makes a spreadsheet take a text for a formula when a cell begins with it; the wide forms do so too where people type Chinese.
const STARTS: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '\''];

/// What is said of it wherever the files are described.
pub(crate) const TREATMENT: &str = "In CSV a text that begins with = + - @ ' (also full-width), a tab or a line break has one ' put before it, \
                                    so that no spreadsheet takes it for a formula. Take one ' away from every text that begins with ' to have \
                                    what the other formats hold. Numbers are left as they are.";

/// A table that is being written as CSV.
pub(crate) struct Delimited {
    part: Part,
}

impl Delimited {
    /// `bom` begins the file with a byte order mark: without it Excel takes UTF-8 for something else.
    pub(crate) fn create(folder: &Path, table: &Table, bom: bool) -> Result<Self, Error> {
        let mut part = Part::create(folder, &format!("{}.csv", table.name))?;
        let mut header = if bom { "\u{FEFF}".to_owned() } else { String::new() };
        header.push_str(&table.columns.iter().map(|column| column.name).collect::<Vec<_>>().join(","));
        header.push_str("\r\n");
        part.write_all(header.as_bytes()).map_err(|error| Error::write(&part.path(), error))?;
        Ok(Self { part })
    }

    /// Adds rows that [`text`] made.
    pub(crate) fn add(&mut self, rows: &str) -> Result<(), Error> {
        let path = self.part.path();
        self.part.write_all(rows.as_bytes()).map_err(|error| Error::write(&path, error))
    }

    pub(crate) fn finish(self) -> Result<WrittenFile, Error> {
        self.part.finish()
    }
}

/// Rows as lines of CSV.
pub(crate) fn text(table: &Table, rows: &RecordBatch) -> String {
    let mut text = String::with_capacity(rows.num_rows() * table.columns.len() * 8);
    let kinds: Vec<Kind> = table.columns.iter().map(|column| column.kind).collect();
    for row in 0..rows.num_rows() {
        for (index, (kind, column)) in kinds.iter().zip(rows.columns()).enumerate() {
            if index > 0 {
                text.push(',');
            }
            field(&mut text, value(*kind, column, row));
        }
        text.push_str("\r\n");
    }
    text
}

fn field(into: &mut String, value: Value<'_>) {
    use std::fmt::Write as _;
    // Writing to a string cannot fail.
    let _ = match value {
        Value::Missing => Ok(()),
        Value::Text(text) => {
            quoted(into, text);
            Ok(())
        }
        Value::Integer(number) => write!(into, "{number}"),
        Value::Number(number) => write!(into, "{number}"),
        Value::Decimal(units) => write!(into, "{}", written(units)),
        Value::Boolean(truth) => write!(into, "{truth}"),
        Value::Date(days) => write!(into, "{}", date(days)),
    };
}

fn quoted(into: &mut String, text: &str) {
    let guarded = text.starts_with(STARTS);
    if !guarded && !text.contains([',', '"', '\r', '\n']) && !text.starts_with(' ') && !text.ends_with(' ') {
        into.push_str(text);
        return;
    }
    into.push('"');
    if guarded {
        into.push('\'');
    }
    for (index, piece) in text.split('"').enumerate() {
        if index > 0 {
            into.push_str("\"\"");
        }
        into.push_str(piece);
    }
    into.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn field_of(value: Value<'_>) -> String {
        let mut text = String::new();
        field(&mut text, value);
        text
    }

    #[test]
    fn nothing_begins_as_a_formula_does() {
        for (text, wanted) in [
            ("=1+1", "\"'=1+1\""),
            ("-", "\"'-\""),
            ("＝1", "\"'＝1\""),
            ("'a", "\"''a\""),
            ("\tx", "\"'\tx\""),
            ("a\"b,c", "\"a\"\"b,c\""),
            ("年报=1", "年报=1"),
        ] {
            assert_eq!(field_of(Value::Text(text)), wanted);
        }
        assert_eq!(field_of(Value::Number(-1.5)), "-1.5");
        assert_eq!(field_of(Value::Integer(-1)), "-1");
        assert_eq!(field_of(Value::Missing), "");
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_back(text in "[=+@'\"\\-,\r\n\ta＝年 ]{1,8}") {
            let row = format!("{},x\r\n", field_of(Value::Text(&text)));
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(row.as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            let field = record.get(0).unwrap();
            prop_assert_eq!(field.strip_prefix('\'').unwrap_or(field), text.as_str());
            prop_assert_eq!(record.get(1), Some("x"));
            prop_assert!(!field.starts_with(&STARTS[..11]), "{}", field);
        }
    }
}
