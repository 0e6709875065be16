//! Manifests that are lines of text: CSV with a header, or a JSON object a line.

use std::io::{BufRead, Read};
use std::path::Path;

use csv::{ByteRecord, ReaderBuilder};

use super::{Row, digest, row, size, wrong};
use crate::error::Error;

/// The columns of a manifest.
const COLUMNS: [&str; 3] = ["uri", "sha256", "size"];

/// What is said where the first of them is not there.
pub(super) const NO_URI: &str = "there is no column uri; a manifest has uri, and may have sha256 and size";

/// A row as JSON.
#[derive(serde::Deserialize)]
struct Object {
    uri: String,
    #[serde(default)]
    sha256: Option<String>,
    #[serde(default)]
    size: Option<u64>,
}

pub(super) fn of_csv(
    path: &Path,
    text: impl Read,
    take: &mut dyn FnMut(Row) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut reader = ReaderBuilder::new().from_reader(text);
    let unreadable = |error: csv::Error| {
        let place = error.position().map(|position| ("line", position.line()));
        wrong(path, place, &format!("not CSV: {}", reason(&error)))
    };
    let header = reader.byte_headers().map_err(unreadable)?;
    let [uri, sha256, bytes] =
        COLUMNS.map(|name| header.iter().position(|column| column.trim_ascii() == name.as_bytes()));
    let uri = uri.ok_or_else(|| wrong(path, None, NO_URI))?;
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(unreadable)? {
        let field = |column: Option<usize>| column.and_then(|column| record.get(column)).unwrap_or_default();
        let found = digest(field(sha256)).and_then(|sha256| row(field(Some(uri)), sha256, size(field(bytes))?));
        let line = record.position().map_or(0, csv::Position::line);
        take(found.map_err(|what| wrong(path, Some(("line", line)), &what))?)?;
    }
    Ok(())
}

/// What is wrong, without the place.
fn reason(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} fields, and {expected_len} in the header")
        }
        csv::ErrorKind::Io(error) => error.to_string(),
        _ => error.to_string(),
    }
}

pub(super) fn of_json(
    path: &Path,
    mut text: impl BufRead,
    take: &mut dyn FnMut(Row) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut line = Vec::new();
    for number in 1.. {
        let place = Some(("line", number));
        line.clear();
        if text.read_until(b'\n', &mut line).map_err(|error| wrong(path, place, &error.to_string()))? == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let found = serde_json::from_slice::<Object>(&line).map_err(|error| without_line(&error)).and_then(
            |Object { uri, sha256, size }| {
                let sha256 = digest(sha256.as_deref().unwrap_or_default().as_bytes())?;
                row(uri.as_bytes(), sha256, size)
            },
        );
        take(found.map_err(|what| wrong(path, place, &what))?)?;
    }
    Ok(())
}

/// What is wrong; each line is read by itself, so its own count would say 1 of every one.
fn without_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).map_or_else(|| text.clone(), |what| format!("{what} (column {})", error.column()))
}
