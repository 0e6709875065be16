//! Shards of a manifest: what a task of Spark does, and what its driver does when all are done.

use std::ffi::OsString;
use std::num::NonZeroU32;
use std::path::PathBuf;

use nianbao_bulk::{Options, Planned, Row, Shard, Stopper, Tally};
use pyo3::prelude::*;
use serde_json::json;

use crate::convert::{Watcher, Wishes, ended};
use crate::error::usage;
use crate::settings::Settings;

/// A row of a manifest: the file, the SHA-256 of its bytes in hexadecimal digits, and how many there are.
type AnyRow = (OsString, Option<String>, Option<u64>);

fn row(py: Python<'_>, (uri, sha256, size): AnyRow) -> PyResult<Row> {
    let row = Row::new(&uri, sha256.as_deref().unwrap_or_default(), size);
    row.map_err(|wrong| usage(py, &format_args!("{}: {wrong}", uri.display())))
}

/// Reads the rows of a shard, and leaves its parts below `out`. Returns what it came to as JSON.
#[pyfunction]
pub(crate) fn shard(
    py: Python<'_>,
    rows: Vec<AnyRow>,
    out: PathBuf,
    scratch: Option<PathBuf>,
    settings: Settings,
) -> PyResult<String> {
    let rows = rows.into_iter().map(|any| row(py, any)).collect::<PyResult<Vec<_>>>()?;
    let stop = Stopper::default();
    let options = Options { stop: Some(stop.clone()), ..settings.options(py)? };
    let mut watcher = Watcher::new(None, stop);
    let done = py.detach(|| nianbao_bulk::shard(rows, &out, scratch.as_deref(), &options, &mut watcher));
    let Shard { name, rows, standing, documents, .. } = ended(py, watcher, done, &out)?;
    let Tally { ok, review, failed, .. } = documents;
    let done = json!({"part": name, "rows": rows, "standing": standing, "ok": ok, "review": review, "failed": failed});
    Ok(done.to_string())
}

/// Which of so many shards a row belongs to, from 0.
#[pyfunction]
pub(crate) fn shard_of(py: Python<'_>, uri: OsString, sha256: Option<String>, of: u32) -> PyResult<u32> {
    let of = NonZeroU32::new(of).ok_or_else(|| usage(py, &"shards: at least one is needed"))?;
    Ok(row(py, (uri, sha256, None))?.shard(of))
}

/// Writes the dataset of shards, each with its number, how many there are, and its name. Returns the summary as JSON.
#[pyfunction]
pub(crate) fn gather(
    py: Python<'_>,
    shards: Vec<(u32, u32, String)>,
    out: PathBuf,
    scratch: Option<PathBuf>,
    settings: Settings,
    wishes: Wishes,
) -> PyResult<String> {
    let stop = Stopper::default();
    let options = wishes.with(settings.options(py)?, stop.clone());
    let mut watcher = Watcher::new(None, stop);
    let shards: Vec<Planned> = shards.into_iter().map(|(index, of, name)| Planned { index, of, name }).collect();
    let summary = py.detach(|| nianbao_bulk::gather(&shards, &out, scratch.as_deref(), &options, &mut watcher));
    Ok(crate::convert::of_summary(&ended(py, watcher, summary, &out)?).to_string())
}
