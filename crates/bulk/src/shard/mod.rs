//! Beyond one machine: a manifest is read in shards, wherever and whenever, and what they leave is gathered into the dataset.
//!
//! ```text
//! manifest ─ rows of shard 0 ─▶ the ordinary run ─▶ records, tables, status (a part each) ┐
//!          ─ rows of shard 1 ─▶ …                                                          ┼─ gather ─▶ the dataset of one machine
//!          ─ rows of shard 2 ─▶ …                                                          ┘
//! ```
//!
//! A part is `FOLDER/TABLE/part-NAME.parquet`. Its name says what is in it, so a shard that was read by two machines at once, or twice, or that
//! was killed and read anew, leaves the same parts. The status of a shard comes last: where it stands, all else stands, and the shard is done.
//!
//! Gathering enters the records of all parts into one ledger, and writes the dataset from it as any run does: what is a copy of what, under
//! which path a report stands, and what reports of two years say against each other comes out as on one machine because the same code says it.
//! Neither memory nor open files grow with the number of shards.

mod gather;
mod name;
mod parts;
mod records;
mod scratch;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use crate::dataset::{self, Status, WrittenFile};
use crate::error::Error;
use crate::input::Input;
use crate::ledger::LedgerSource;
use crate::manifest::Row;
use crate::options::Options;
use crate::run::{Order, Run, begin, passing};
use crate::shown::shown;
use crate::summary::{Signal, Tally};
use crate::walk::known_as;
use crate::watch::Watch;
pub use gather::gather;
use name::Naming;
pub use name::{Planned, plan};
use parts::Parts;
use scratch::Scratch;

/// What a shard came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shard {
    /// What its parts are called; `None` where it has no rows, and so no parts.
    pub name: Option<String>,
    /// How many rows it has.
    pub rows: u64,
    /// Whether its parts were there already.
    pub standing: bool,
    /// What its documents came to, those that were given up among the failed.
    pub documents: Tally,
    /// How it was interrupted, where it was; there are no parts then.
    pub interrupted: Option<Signal>,
}

/// Reads the rows of one shard, and leaves its parts below the folder `out`. Where they stand already nothing is done, unless what failed is to be
/// read again.
///
/// The ledger of the run lies in a folder of its own below `scratch`, or below the system's folder for such things. It goes when the parts stand;
/// a run that was killed is gone on with where it is still there.
///
/// # Errors
/// As for [`convert`](crate::convert).
pub fn shard(
    rows: Vec<Row>,
    out: &Path,
    scratch: Option<&Path>,
    options: &Options,
    watch: &mut dyn Watch,
) -> Result<Shard, Error> {
    let order = Order::new(&[], out, options)?;
    let naming: Naming = rows.iter().collect();
    let Some(name) = naming.name(&order.edition, options.tables) else { return Ok(Shard::default()) };
    let shard = Shard { name: Some(name.clone()), rows: naming.rows(), ..Shard::default() };
    let parts = Parts::new(out, name);
    if !options.retry && parts.stand() {
        return Ok(Shard { standing: true, documents: parts.tally()?, ..shard });
    }
    let scratch = Scratch::take(scratch, &format!("shard-{}", parts.name()))?;
    let interrupted = begin((&order, options), (scratch.path(), scratch.path()), watch, |run, runtime| {
        let called = called(&rows);
        run.read(vec![Input::Rows(rows)], runtime)?;
        if let Some(signal) = run.stop.asked() {
            return Ok(Some(signal));
        }
        let folder = scratch.path().join("parts");
        let files = write(run, &called, &folder)?;
        parts.put(&files, &folder)?;
        Ok(None)
    })?;
    if interrupted.is_some() {
        return Ok(Shard { interrupted, ..shard });
    }
    scratch.remove();
    Ok(Shard { documents: parts.tally()?, ..shard })
}

/// What the manifest calls the file of each path.
fn called(rows: &[Row]) -> BTreeMap<PathBuf, String> {
    let path = |row: &Row| match Input::of(&row.uri) {
        Input::Path(path) => known_as(&path),
        _ => PathBuf::from(&row.uri),
    };
    rows.iter().map(|row| (path(row), row.uri.to_string_lossy().into_owned())).collect()
}

/// Writes what the ledger of a shard knows: the tables, the records, and the status last.
fn write(run: &mut Run<'_>, called: &BTreeMap<PathBuf, String>, folder: &Path) -> Result<Vec<WrittenFile>, Error> {
    // Of an earlier attempt in the same scratch folder.
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).map_err(|error| Error::write(folder, error))?;
    let mut status = Status::new();
    let mut passing = passing(run.stop, run.watch);
    let mut pass = |file: &[u8], document: &dataset::Document| {
        match called.get(Path::new(OsStr::from_bytes(file))) {
            Some(uri) => status.add(uri, document),
            None => status.add(&shown(file).0, document),
        }
        passing()
    };
    let mut source = LedgerSource { ledger: run.ledger, pass: &mut pass };
    let mut files = dataset::write_tables(&mut source, &run.order.forms, run.options, folder)?;
    files.push(records::write(run.ledger, folder)?);
    files.push(status.finish(folder)?);
    Ok(files)
}
