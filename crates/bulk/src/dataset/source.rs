//! Where the dataset comes from: the ledger, or a list in memory.

use super::Error;
use crate::record::Packed;

/// Where the dataset comes from.
pub trait Source {
    /// Hands over every document, sorted by the bytes of its path as the system has it, the name in the archive behind it. The first
    /// document of the same bytes is read ([`Outcome::Read`]); those after it are copies ([`Outcome::Copy`]).
    ///
    /// Progress, and the wish to stop, are the source's own: it sees each document pass, and may return an error.
    ///
    /// # Errors
    /// Whatever `take` returns, which stops the pass; or that the source cannot be read.
    fn each(&mut self, take: &mut dyn FnMut(Document) -> Result<(), Error>) -> Result<(), Error>;
}

/// One document: a file, or a member of an archive, under one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its path as it is shown, `!` before each step into an archive.
    pub path: String,
    /// The bytes of its path, where they are not those of `path`.
    pub raw_path: Option<Vec<u8>>,
    /// How many bytes it has, where they could be had.
    pub bytes: Option<u64>,
    /// Their SHA-256.
    pub sha256: Option<[u8; 32]>,
    /// Whether its file has gone since it was read: what it gave is kept.
    pub gone: bool,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was read, successfully or not, and no document before it has the same bytes.
    Read(Packed),
    /// A document before it has the same bytes.
    Copy {
        /// The path of the first one, as it is shown.
        of: String,
        /// What came of that one.
        brief: Brief,
    },
    /// It could not be opened, or was given up because it costs workers; no document before it has the same bytes.
    Failed {
        /// A name to filter by.
        kind: String,
        /// What is wrong and what to do next.
        message: String,
    },
}

/// What came of a document, in short.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brief {
    /// The format of the bytes, where it is known.
    pub format: Option<String>,
    /// Why there is no report: kind and message.
    pub failure: Option<(String, String)>,
    /// How many reports it holds.
    pub reports: u32,
    /// Whether one of them has the status `review`.
    pub review: bool,
}

/// A list in memory, for tests and for those who have no ledger.
#[derive(Clone, Debug, Default)]
pub struct Listed(pub Vec<Document>);

impl Source for Listed {
    fn each(&mut self, take: &mut dyn FnMut(Document) -> Result<(), Error>) -> Result<(), Error> {
        self.0.iter().cloned().try_for_each(take)
    }
}
