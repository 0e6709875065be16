//! Why a file cannot be read at all. One type for every reader, so that a user meets the same words everywhere.

use std::fmt;
use std::io;

/// Why a file cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A password is needed.
    Encrypted,
    /// The file is not what its first bytes promise.
    Corrupt {
        /// What is wrong, as a clause: "the central directory is missing".
        reason: String,
    },
    /// A limit was reached, so the file may be an attack.
    TooLarge {
        /// What there is too much of, as a noun: "entries".
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// The system gives no more memory. Half of what a file holds would be worse than nothing.
    OutOfMemory,
    /// Its pages hold pictures, or glyphs that say nothing of which characters they are.
    NeedsOcr {
        /// The pages, from 0, in order.
        pages: Vec<u32>,
    },
}

impl Error {
    /// A file that is damaged for this reason.
    pub fn corrupt(reason: impl Into<String>) -> Self {
        Self::Corrupt { reason: reason.into() }
    }

    /// What a failed read means: `None` where the bytes are damaged, so that those before the damage may be used.
    pub fn of_read(error: &io::Error) -> Option<Self> {
        (error.kind() == io::ErrorKind::OutOfMemory).then_some(Self::OutOfMemory)
    }

    /// The name used in JSON.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Corrupt { .. } => "corrupt",
            Self::TooLarge { .. } => "too_large",
            Self::OutOfMemory => "out_of_memory",
            Self::NeedsOcr { .. } => "needs_ocr",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encrypted => write!(f, "encrypted; remove the password first"),
            Self::Corrupt { reason } => write!(f, "damaged: {reason}; fetch or save it again"),
            Self::TooLarge { what, limit } => {
                write!(f, "too many {what}: more than {limit}; not read, as it may be an attack")
            }
            Self::OutOfMemory => write!(f, "it needs more memory than there is; read it where there is more"),
            Self::NeedsOcr { pages } => {
                write!(
                    f,
                    "nothing on it can be read as text (page {}); recognise its text with OCR first",
                    Pages(pages)
                )
            }
        }
    }
}

impl std::error::Error for Error {}

/// Page numbers as people write them: counted from 1, neighbours as a range: `1-3, 7`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pages<'a>(pub &'a [u32]);

impl fmt::Display for Pages<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, run) in self.0.chunk_by(|one, next| one + 1 == *next).enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            match run {
                [first, .., last] => write!(f, "{comma}{}-{}", first + 1, last + 1)?,
                [only] => write!(f, "{comma}{}", only + 1)?,
                [] => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_cited_from_one_and_as_ranges() {
        assert_eq!(Pages(&[0, 1, 2, 6, 8, 9]).to_string(), "1-3, 7, 9-10");
        assert_eq!(Error::NeedsOcr { pages: vec![1] }.kind(), "needs_ocr");
    }
}
