//! What passes between the pool of workers and whoever keeps the books.

use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::record::Record;

/// A file to be opened by a worker.
#[derive(Clone, Debug)]
pub struct Job {
    /// What the books call it.
    pub id: i64,
    /// Where it lies.
    pub path: PathBuf,
}

/// A document that a worker found in a file: the file itself, or one member of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// It ended by a signal: an abort, a stack overflow, or the system took its life.
    Crashed {
        /// The number of the signal, where there was one.
        signal: Option<i32>,
    },
    /// It asked for more memory than it may have.
    OutOfMemory,
    /// It took longer than a file may take.
    Timeout,
    /// It gave no sign of progress for too long.
    Stalled,
}

/// What the pool tells, for each job in the order in which it happens; jobs of several workers are interleaved.
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
        /// Where the decision goes.
        decision: oneshot::Sender<Decision>,
    },
    /// A document was read, successfully or not.
    Read {
        /// The file.
        job: i64,
        /// The digest of the document.
        sha256: [u8; 32],
        /// What was read.
        record: Record,
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
