//! All tables in one `SQLite` file, with a wide view of each form.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use rusqlite::types::{ToSqlOutput, Value as SqlValue, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};

use super::amount::{date, written};
use super::cell::value;
use super::columns::{Kind, Table};
use super::labels::Labels;
use super::part::{look, unfinished};
use super::rows::Value;
use super::tables::{REPORTS, TABLES};
use super::{Error, WrittenFile};

/// The name of the file.
pub(crate) const NAME: &str = "nianbao.sqlite";

/// How many columns a wide view may have: the least that any build of `SQLite` allows in a table is this.
const MAX_COLUMNS: usize = 2000;

/// The file while it is written.
pub(crate) struct Relational {
    connection: Connection,
    folder: PathBuf,
    inserts: Vec<String>,
}

impl Relational {
    /// `tables` are the indices of the tables to make.
    pub(crate) fn create(folder: &Path, tables: &[usize]) -> Result<Self, Error> {
        let path = unfinished(folder, NAME);
        // What an earlier run left must not be added to.
        if let Err(error) = std::fs::remove_file(&path)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(Error::write(&path, error));
        }
        let wrong = |error| wrong(&path, error);
        let connection = Connection::open(&path).map_err(wrong)?;
        // It becomes the dataset only once it is whole and synced: until then it needs no journal. What its keys refer to comes in any order.
        let start =
            "PRAGMA page_size = 8192; PRAGMA encoding = 'UTF-8'; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
                     PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -16384; PRAGMA temp_store = FILE;
                     PRAGMA foreign_keys = OFF; BEGIN;";
        connection.execute_batch(start).map_err(wrong)?;
        for table in TABLES.iter().enumerate().filter(|(index, _)| tables.contains(index)).map(|(_, table)| table) {
            connection.execute_batch(&create(table)).map_err(wrong)?;
        }
        let inserts = TABLES.iter().map(insert).collect();
        Ok(Self { connection, folder: folder.to_owned(), inserts })
    }

    pub(crate) fn add(&mut self, index: usize, rows: &RecordBatch) -> Result<(), Error> {
        let (Some(table), Some(insert)) = (TABLES.get(index), self.inserts.get(index)) else { return Ok(()) };
        let wrong = |error| wrong(&unfinished(&self.folder, NAME), error);
        let mut statement = self.connection.prepare_cached(insert).map_err(wrong)?;
        for row in 0..rows.num_rows() {
            let cells = table.columns.iter().zip(rows.columns());
            let cells = cells.map(|(column, values)| value(column.kind, values, row));
            statement.execute(params_from_iter(cells)).map_err(wrong)?;
        }
        Ok(())
    }

    pub(crate) fn finish(self, tables: &[usize], labels: &Labels) -> Result<WrittenFile, Error> {
        let path = unfinished(&self.folder, NAME);
        let wrong = |error| wrong(&path, error);
        for table in TABLES.iter().enumerate().filter(|(index, _)| tables.contains(index)).map(|(_, table)| table) {
            self.connection.execute_batch(&indexes(table)).map_err(wrong)?;
        }
        for form in labels.iter() {
            let keys: Vec<&str> = form.fields.iter().map(|field| field.key.as_str()).collect();
            self.connection.execute_batch(&wide(&form.form, &keys)).map_err(wrong)?;
        }
        self.connection.execute_batch("COMMIT;").map_err(wrong)?;
        self.connection.close().map_err(|(_, error)| wrong(error))?;
        look(&self.folder, NAME)
    }
}

/// A full disk stays one.
pub(crate) fn wrong(path: &Path, error: rusqlite::Error) -> Error {
    let full = error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull);
    let kind = if full { std::io::ErrorKind::StorageFull } else { std::io::ErrorKind::Other };
    Error::write(path, std::io::Error::new(kind, error))
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match *self {
            Value::Missing => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Integer(number) => ToSqlOutput::Owned(SqlValue::Integer(number)),
            Value::Number(number) => ToSqlOutput::Owned(SqlValue::Real(number)),
            // SQLite knows no exact decimals: it is their digits.
            Value::Decimal(units) => ToSqlOutput::Owned(SqlValue::Text(written(units))),
            Value::Boolean(truth) => ToSqlOutput::Owned(SqlValue::Integer(truth.into())),
            Value::Date(days) => ToSqlOutput::Owned(SqlValue::Text(date(days))),
        })
    }
}

fn create(table: &Table) -> String {
    let mut sql = format!("CREATE TABLE {} (", quoted(table.name));
    for (index, column) in table.columns.iter().enumerate() {
        let kind = match column.kind {
            Kind::Text | Kind::Decimal | Kind::Date => "TEXT",
            Kind::Integer | Kind::Boolean => "INTEGER",
            Kind::Number => "REAL",
        };
        let comma = if index == 0 { "" } else { "," };
        let required = if column.required { " NOT NULL" } else { "" };
        let _ = write!(sql, "{comma}\n  {} {kind}{required}", quoted(column.name));
    }
    for foreign in table.foreign {
        let (columns, to) = (list(foreign.columns), list(foreign.to));
        let _ = write!(sql, ",\n  FOREIGN KEY ({columns}) REFERENCES {} ({to})", quoted(foreign.table));
    }
    sql.push_str("\n);");
    sql
}

/// Made when all rows are there: sorting them once is faster than keeping them sorted.
fn indexes(table: &Table) -> String {
    let mut sql = format!(
        "CREATE UNIQUE INDEX {} ON {} ({});",
        quoted(&format!("{}_key", table.name)),
        quoted(table.name),
        list(table.key)
    );
    for columns in table.indexes {
        let name = format!("{}_by_{}", table.name, columns.join("_"));
        let _ = write!(sql, "CREATE INDEX {} ON {} ({});", quoted(&name), quoted(table.name), list(columns));
    }
    sql
}

fn insert(table: &Table) -> String {
    let marks = vec!["?"; table.columns.len()].join(",");
    format!("INSERT INTO {} VALUES ({marks})", quoted(table.name))
}

/// A view with a row for each report of a form, and a column for each of its figures.
fn wide(form: &str, keys: &[&str]) -> String {
    let facts = TABLES.get(REPORTS).map_or(&[][..], |table| table.columns);
    let facts: Vec<String> = facts.iter().map(|column| format!("r.{}", quoted(column.name))).collect();
    let figures = keys.iter().take(MAX_COLUMNS.saturating_sub(facts.len()));
    let figures =
        figures.map(|key| format!("max(CASE f.figure WHEN {} THEN f.value END) AS {}", text(key), quoted(key)));
    let columns: Vec<String> = facts.into_iter().chain(figures).collect();
    format!(
        "CREATE VIEW {} AS SELECT {}\nFROM reports r JOIN figures f ON f.report = r.report WHERE r.form = {} GROUP BY r.report;",
        quoted(&format!("wide_{form}")),
        columns.join(",\n  "),
        text(form)
    )
}

fn list(columns: &[&str]) -> String {
    columns.iter().map(|column| quoted(column)).collect::<Vec<_>>().join(", ")
}

/// A name in SQL.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text in SQL.
fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
