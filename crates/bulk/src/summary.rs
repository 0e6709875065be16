//! What a run came to.

use crate::dataset::Written;

/// How many came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Every report of it is ok.
    pub ok: u64,
    /// Some report of it needs review.
    pub review: u64,
    /// No report could be made.
    pub failed: u64,
    /// Given up, because reading it costs workers.
    pub quarantined: u64,
}

impl Tally {
    /// How many there are together.
    pub const fn all(&self) -> u64 {
        self.ok + self.review + self.failed + self.quarantined
    }

    /// Adds to what came to an outcome; what is none of those known is not counted.
    pub fn add(&mut self, outcome: &str, count: u64) {
        let place = match outcome {
            "ok" => &mut self.ok,
            "review" => &mut self.review,
            "failed" => &mut self.failed,
            "quarantined" => &mut self.quarantined,
            _ => return,
        };
        *place += count;
    }
}

/// Why documents failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The kind, as in `error.kind`.
    pub kind: String,
    /// How many documents failed so.
    pub count: u64,
    /// The path of the first of them, as it is shown. It may hold control characters.
    pub example: String,
}

/// What became of the dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dataset {
    /// It was written.
    Written(Written),
    /// It was there already, and nothing has changed since.
    Unchanged,
    /// It was not written, as the run was interrupted; what stood there stands.
    NotWritten,
}

/// The signal by which a run was asked to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// What systems send before they shut down.
    Terminate,
}

/// What a run came to. The tallies and reasons are those of everything that the ledger knows, not of this run alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// What the documents came to.
    pub documents: Tally,
    /// What the reports came to; each is counted once, however often its bytes occur.
    pub reports: Tally,
    /// How many of the documents are in files that have gone since.
    pub gone: u64,
    /// Why documents failed, the commonest reason first.
    pub reasons: Vec<Reason>,
    /// How many documents were read in this run.
    pub read: u64,
    /// How many files there are.
    pub files: u64,
    /// How many files were opened in this run.
    pub opened: u64,
    /// How many files are still to be read: the run was interrupted.
    pub pending: u64,
    /// How many files or folders were left out as hidden or left behind by programs.
    pub hidden: u64,
    /// How many files or folders the patterns left out.
    pub excluded: u64,
    /// How many documents were read by another version of the program or with other forms.
    pub other_edition: u64,
    /// What became of the dataset.
    pub dataset: Dataset,
    /// How the run was interrupted, where it was.
    pub interrupted: Option<Signal>,
}
