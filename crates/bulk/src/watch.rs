//! What a run tells while it goes on.

use std::path::Path;
use std::time::Duration;

/// Who watches a run.
pub trait Watch {
    /// Something has happened.
    fn see(&mut self, news: News<'_>);
}

/// Something that has happened. Paths may hold control characters and need not be UTF-8.
#[derive(Clone, Copy, Debug)]
pub enum News<'a> {
    /// The walk goes on.
    Walking {
        /// How many files it has come to.
        files: u64,
    },
    /// The walk is over.
    Planned {
        /// How many files are to be opened.
        pending: u64,
        /// How many files are known.
        files: u64,
        /// How many documents were read by another version of the program or with other forms, and are left so.
        other_edition: u64,
    },
    /// A worker has begun with a file.
    Began {
        /// Its number.
        file: i64,
        /// Its path.
        path: &'a Path,
    },
    /// A document came to something.
    Outcome {
        /// `ok`, `review`, `failed`, `quarantined`, or `copy` for bytes that are known.
        outcome: &'a str,
    },
    /// A document has cost a worker, and is tried once more.
    Again {
        /// The path of its file.
        path: &'a Path,
        /// What happened.
        why: &'a str,
    },
    /// A file is finished.
    Ended {
        /// Its number.
        file: i64,
        /// Its path.
        path: &'a Path,
        /// How long it took.
        time: Duration,
    },
    /// Some time has gone by.
    Tick,
    /// The user has asked to stop: what was begun is finished, the files that are being read, or the dataset that is being written.
    Stopping,
    /// The dataset is being written.
    Writing {
        /// How many documents have passed.
        documents: u64,
    },
}

/// Watches nothing.
#[derive(Clone, Copy, Debug)]
pub struct Blind;

impl Watch for Blind {
    fn see(&mut self, _: News<'_>) {}
}
