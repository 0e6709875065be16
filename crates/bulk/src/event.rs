//! What passes between the pool of workers and whoever keeps the books.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;

use crate::record::Packed;

/// A file to be opened by a worker.
#[derive(Clone, Debug)]
pub struct Job {
    /// What the books call it.
    pub id: i64,
    /// Where it lies.
    pub path: PathBuf,
    /// What it is expected to be.
    pub expected: Expected,
}

/// What a file is expected to be, where a manifest says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// How many bytes it has.
    pub size: Option<u64>,
    /// Their SHA-256.
    pub sha256: Option<[u8; 32]>,
}

impl Expected {
    /// What is wrong with a file of these bytes.
    pub(crate) fn missed(&self, bytes: &[u8]) -> Option<String> {
        const WHAT_TO_DO: &str = "bring the file back, or make the manifest anew";
        let size = bytes.len() as u64;
        if let Some(expected) = self.size.filter(|&expected| expected != size) {
            return Some(format!("it has {size} bytes, and the manifest says {expected}; {WHAT_TO_DO}"));
        }
        let differs = self.sha256.is_some_and(|expected| <[u8; 32]>::from(Sha256::digest(bytes)) != expected);
        differs.then(|| format!("its SHA-256 is not what the manifest says; {WHAT_TO_DO}"))
    }
}

/// A document that a worker found in a file: the file itself, or one member of an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Which of the file's documents it is, from 0.
    pub index: u32,
    /// Its name in the archive, `!` before each step inwards (`!2023/年报.docx`); empty for the file itself.
    pub member: String,
    /// The SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// How many bytes it has.
    pub bytes: u64,
}

/// What to do with a document that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Read it.
    Read,
    /// Leave it: the same bytes are done, or being done, or have failed for good.
    Skip,
}

/// What a document or a file cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// The time that it took, by the clock on the wall.
    pub time: Duration,
    /// The most memory that its worker held so far, in bytes; 0 where it cannot be told.
    pub memory: u64,
}

/// What a file did to the worker that opened it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It ended by a signal: an abort, a fault of memory, or the system took its life.
    Crashed {
        /// The number of the signal.
        signal: i32,
    },
    /// It called itself until its stack was full.
    StackOverflow,
    /// It asked for more memory than it may have.
    OutOfMemory,
    /// It ended of itself in the middle of its work.
    Exited {
        /// The code that it left.
        code: i32,
    },
    /// It sent what no worker sends.
    Garbled,
    /// It took longer than a file may take.
    Timeout,
    /// It gave no sign of progress for too long.
    Stalled,
}

impl Fault {
    /// A name to filter by, one of those that `error.kind` has in the output.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Crashed { .. } | Self::StackOverflow | Self::Exited { .. } | Self::Garbled => "crashed",
            Self::OutOfMemory => "out_of_memory",
            Self::Timeout | Self::Stalled => "timeout",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const OURS: &str = "a fault of this program, not of the file";
        match self {
            Self::Crashed { signal: 9 } => {
                write!(
                    f,
                    "its worker was killed from outside (signal 9), perhaps for want of memory on this machine; run again with --retry"
                )
            }
            Self::Crashed { signal } => {
                write!(f, "{OURS}: its worker crashed (signal {signal}); please report it with the file")
            }
            Self::StackOverflow => write!(f, "{OURS}: its worker's stack overflowed; please report it with the file"),
            Self::Exited { code } => {
                write!(f, "{OURS}: its worker ended in the middle (code {code}); please report it with the file")
            }
            Self::Garbled => {
                write!(f, "{OURS}: its worker sent what could not be understood; please report it with the file")
            }
            Self::OutOfMemory => write!(f, "it needs more memory than a worker may have; raise --memory and --retry"),
            Self::Timeout => write!(f, "it took longer than a file may take; raise --timeout and --retry"),
            Self::Stalled => {
                write!(f, "no progress was made for too long; raise --timeout and --retry, or report it with the file")
            }
        }
    }
}

/// What the pool tells, for each job in the order in which it happens; jobs are interleaved.
///
/// Each document found is told once, and answered by one of: the decision to skip it, `Read`, `Lost` with `last`, or `Unread` with its index (the
/// file changed between two attempts). After a lost worker the documents that are already decided are read without being told again.
/// Should `Finished` come while a document is unanswered, it was not read. A job without `Finished` when the pool has ended was not finished.
#[derive(Debug)]
pub enum Event {
    /// A worker has begun with the file.
    Started {
        /// The file.
        job: i64,
    },
    /// A document was found in the file; its worker waits for the decision.
    Found {
        /// The file.
        job: i64,
        /// The document.
        document: Found,
        /// Where the decision goes; dropping it skips the document.
        decision: oneshot::Sender<Decision>,
    },
    /// A document was read, successfully or not.
    Read {
        /// The file.
        job: i64,
        /// The digest of the document.
        sha256: [u8; 32],
        /// What was read.
        record: Packed,
        /// What it cost.
        cost: Cost,
    },
    /// The bytes of the file, or of a member of it, cannot be had: not found, no permission, a password, a damaged archive.
    Unread {
        /// The file.
        job: i64,
        /// Which of the file's documents it is, from 0.
        index: u32,
        /// Its name in the archive; empty for the file itself.
        member: String,
        /// A name to filter by.
        kind: String,
        /// What is wrong and what to do next.
        message: String,
    },
    /// A worker was lost over a document, or over the file itself before any document was found. It is tried once more unless `last`.
    Lost {
        /// The file.
        job: i64,
        /// The document that was being read; `None` where the file itself was being opened.
        document: Option<Found>,
        /// What happened.
        fault: Fault,
        /// How often it has cost a worker in this run, from 1.
        attempt: u32,
        /// Whether it is given up.
        last: bool,
    },
    /// Nothing more will be told of the file.
    Finished {
        /// The file.
        job: i64,
        /// What the whole file cost.
        cost: Cost,
    },
}
