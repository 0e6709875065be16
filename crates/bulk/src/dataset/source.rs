//! Where the dataset comes from: the ledger, or a list in memory.

use nianbao::hex;
use sha2::{Digest as _, Sha256};

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
    /// What the dataset calls it, as [`document_id`] says.
    pub id: String,
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

/// What the dataset calls a document, whatever else lies beside it: the first 32 digits of the SHA-256 of the bytes of its path, which are those
/// of its file and of its name in the archive (`!2023/年报.docx`, empty for the file itself) behind them.
///
/// No two documents have the same: where there is a `!` in the path of the file itself, a zero byte and the length of that path stand behind
/// them, and where a name occurs in its file `again`, a zero byte, `again` and which of the file's documents it is, from 0.
pub fn document_id(file: &[u8], member: &[u8], again: Option<i64>) -> String {
    let mut digest = Sha256::new();
    digest.update(file);
    digest.update(member);
    if file.contains(&b'!') {
        digest.update(format!("\0{}", file.len()));
    }
    if let Some(number) = again {
        digest.update(format!("\0again {number}"));
    }
    let mut id = hex(&digest.finalize());
    id.truncate(32);
    id
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_called_by_the_bytes_of_its_path() {
        // printf 'a/甲.docx' | sha256sum
        assert_eq!(document_id("a/甲.docx".as_bytes(), b"", None), "4748c4926fb31e8556309d81efcbc111");
    }

    #[test]
    fn no_two_documents_are_called_the_same() {
        let all = [
            document_id(b"a.zip", b"!x!y", None),
            document_id(b"a.zip!x", b"!y", None),
            document_id(b"a.zip!x!y", b"", None),
            document_id(b"a.zip", b"!x!y", Some(7)),
            document_id(b"a.zip!x", b"!y", Some(7)),
        ];
        let different: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(different.len(), all.len());
    }
}
