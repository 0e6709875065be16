//! The dataset: tables that analysts open at once, written from a [`Source`] in one pass.
//!
//! ```text
//! documents in order ─▶ blocks of rows (several at a time) ─▶ Parquet (and CSV, SQLite where asked for) ─▶ datapackage.json
//! ```
//!
//! Rows of `figures` and `cells` are written as they come. Those of the other tables wait on the disk until these are whole, and are then
//! written one table after the other, in few groups.
//!
//! It is a function of its source: no clock, no machine, no order of work. `tables` describes every column once, and all files are written
//! from that description. Each file is written as `NAME.part` and synced; when all are whole they are renamed, `datapackage.json`, which
//! states the bytes and the SHA-256 of all others, last.
//!
//! What it does not do: it reads no document, and it judges no figure but those of the year panel.

mod amount;
mod block;
mod cell;
mod codebook;
mod columnar;
mod columns;
mod delimited;
mod error;
mod flow;
mod frame;
mod grid;
mod labels;
mod line;
mod output;
mod package;
mod part;
mod place;
mod relational;
mod rows;
mod source;
mod status;
mod tables;
#[cfg(test)]
mod tests;
mod waiting;

pub(crate) use block::join;
pub use error::Error;
pub use frame::{cells, figures};
pub(crate) use labels::{FormLabels, Labels};
pub(crate) use line::Line;
pub(crate) use package::{NAME as DESCRIPTION, files};
pub use source::{Brief, Document, Listed, Outcome, Source, document_id};
pub(crate) use status::Status;

use std::num::NonZeroUsize;
use std::path::Path;

use nianbao::Forms;

use crate::options::Options;
use output::Output;
use part::OutFolder;

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The files, sorted by name, `datapackage.json` too.
    pub files: Vec<WrittenFile>,
    /// How many reports they hold.
    pub reports: u64,
    /// How many findings come from reports of several years put side by side.
    pub panel_findings: u64,
}

/// A file of the dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenFile {
    /// Its name in the folder.
    pub name: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// The SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

impl WrittenFile {
    /// The SHA-256 of its bytes, in hexadecimal.
    pub(crate) fn sha256_text(&self) -> String {
        nianbao::hex(&self.sha256)
    }
}

/// Writes the dataset into the folder `out`, which must be there. Of the options it uses `jobs` (threads), `csv`, `bom`, `sqlite` and `tables`.
///
/// Whatever was there under the same names is replaced, each file at once. Files of an earlier run that are no longer asked for are removed.
///
/// # Errors
/// The folder cannot be written to, or the source cannot be read. What was there stays as it was; what was written until then is removed.
pub fn write(source: &mut dyn Source, forms: &Forms, options: &Options, out: &Path) -> Result<Written, Error> {
    write_by(options.jobs, source, forms, options, out)
}

/// The same by so many threads while documents come; all of `jobs` are there for what is to be done when they have come.
///
/// # Errors
/// As for [`write`].
pub(crate) fn write_by(
    threads: NonZeroUsize,
    source: &mut dyn Source,
    forms: &Forms,
    options: &Options,
    out: &Path,
) -> Result<Written, Error> {
    let folder = OutFolder::open(out)?;
    let written = write_all(source, forms, (options, threads), out);
    if written.is_err() && folder.stands().is_ok() {
        // A full disk needs the room; that it fails too is nothing new to tell. In another folder there is nothing of ours.
        let _ = output::abandon(out);
    }
    written
}

/// Writes the tables as Parquet into the folder `out`, for a shard: without what needs all documents of all shards, which are the lines, the
/// descriptions, and the findings of the year panel.
///
/// # Errors
/// As for [`write`]; what was written until then stays.
pub(crate) fn write_tables(
    source: &mut dyn Source,
    forms: &Forms,
    options: &Options,
    out: &Path,
) -> Result<Vec<WrittenFile>, Error> {
    let labels = Labels::new(forms);
    let options = Options { csv: false, sqlite: false, ..options.clone() };
    let mut output = Output::tables(out, &options)?;
    flow::run(source, &labels, (&options, options.jobs), &mut output)?;
    output.finish_tables()
}

fn write_all(
    source: &mut dyn Source,
    forms: &Forms,
    (options, threads): (&Options, NonZeroUsize),
    out: &Path,
) -> Result<Written, Error> {
    let labels = Labels::new(forms);
    let mut output = Output::create(out, options)?;
    flow::run(source, &labels, (options, threads), &mut output)?;
    output.finish(forms)
}
