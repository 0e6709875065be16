//! Why a command could not come to its end.

use std::fmt;
use std::io;
use std::path::Path;

/// Why a command could not come to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// It was asked for something that there is not.
    Usage(String),
    /// A file could not be read or written, or no worker could be started.
    Failed(String),
}

impl Error {
    /// A file or folder that cannot be had.
    pub(crate) fn at(path: &Path, error: &io::Error) -> Self {
        Self::Failed(format!("{}: {error}", path.display()))
    }

    /// A file that is not what its name says.
    pub(crate) fn broken(path: &Path, why: impl fmt::Display) -> Self {
        Self::Failed(format!("{}: {why}", path.display()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Usage(message) | Self::Failed(message)) = self;
        f.write_str(message)
    }
}

impl std::error::Error for Error {}
