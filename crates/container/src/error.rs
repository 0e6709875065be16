//! Why a file cannot be read at all. One type for every reader, so that a user meets the same words everywhere.

use std::fmt;

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
}

impl Error {
    /// A file that is damaged for this reason.
    pub fn corrupt(reason: impl Into<String>) -> Self {
        Self::Corrupt { reason: reason.into() }
    }

    /// The name used in JSON.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Corrupt { .. } => "corrupt",
            Self::TooLarge { .. } => "too_large",
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
        }
    }
}

impl std::error::Error for Error {}
