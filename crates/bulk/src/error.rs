//! Why a run ends before its end.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use crate::dataset;
use crate::remote::shown_address;
use crate::summary::Signal;

/// How many shards that are missing are named.
const TOLD: usize = 100;

/// Why a run ends before its end. Except for [`Error::Usage`] and [`Error::Busy`], the next run on the same folder goes on where this one ended.
#[derive(Debug)]
pub enum Error {
    /// The user asked for something that cannot be: an input that is not there, a pattern that is none.
    Usage(String),
    /// Another run is writing to the folder.
    Busy {
        /// The folder.
        out: PathBuf,
        /// The number of the other process, where it is known.
        process: Option<u32>,
    },
    /// The disk is full.
    Full(PathBuf),
    /// The ledger cannot be used.
    Ledger {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// Something in the output folder cannot be written.
    Write {
        /// What.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// What lies on another machine cannot be reached, or not be written.
    Remote {
        /// Its address.
        address: String,
        /// Why.
        why: String,
        /// Whether the user has to change something first: an address, credentials.
        usage: bool,
    },
    /// No worker can be had, or its events were lost.
    Workers(String),
    /// The dataset cannot be written.
    Dataset(dataset::Error),
    /// Shards of a manifest that have not been read, when all are to be gathered.
    Missing {
        /// Their numbers, from 0.
        missing: Vec<u32>,
        /// How many shards there are.
        of: u32,
    },
    /// A part of a shard is not what a shard leaves.
    Part {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// The user asked twice to stop.
    Stopped(Signal),
}

impl Error {
    pub(crate) fn write(path: &Path, error: io::Error) -> Self {
        if is_full(&error) { Self::Full(path.to_owned()) } else { Self::Write { path: path.to_owned(), error } }
    }
}

/// Whether the disk, or what a user may take of it, is full.
fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

impl From<dataset::Error> for Error {
    fn from(error: dataset::Error) -> Self {
        match error {
            dataset::Error::Write { path, error } => Self::write(&path, error),
            // The source is the ledger: its errors are ours.
            dataset::Error::Source(error) => match error.downcast::<Self>() {
                Ok(own) => *own,
                Err(error) => Self::Dataset(dataset::Error::Source(error)),
            },
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) => f.write_str(message),
            Self::Busy { out, process } => {
                write!(f, "another run")?;
                if let Some(process) = process {
                    write!(f, " (process {process})")?;
                }
                write!(f, " is writing to {}; wait for its end, or name another folder with --out", out.display())
            }
            Self::Full(path) => write!(
                f,
                "the disk is full: {} cannot be written; make room and run the same command again, it goes on from here",
                path.display()
            ),
            Self::Ledger { path, why } => write!(f, "{}: {why}", path.display()),
            Self::Write { path, error } => write!(f, "{} cannot be written: {error}", path.display()),
            Self::Remote { address, why, .. } => write!(f, "{}: {why}", shown_address(address)),
            Self::Workers(why) => write!(f, "no worker can be had: {why}"),
            Self::Dataset(error) => error.fmt(f),
            Self::Missing { missing, of } => {
                let numbers: Vec<String> = missing.iter().take(TOLD).map(|number| format!("{number}/{of}")).collect();
                let more = missing.len().saturating_sub(TOLD);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                write!(f, "not all shards are there; run these, and gather again: {}{more}", numbers.join(", "))
            }
            Self::Part { path, why } => write!(f, "{}: {why}", path.display()),
            Self::Stopped(_) => f.write_str("stopped at once; the same command goes on from here"),
        }
    }
}

impl std::error::Error for Error {}
