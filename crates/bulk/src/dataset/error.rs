//! Why a dataset could not be written.

use std::path::{Path, PathBuf};
use std::{fmt, io};

/// Why a dataset could not be written.
#[derive(Debug)]
pub enum Error {
    /// A file of it could not be written: the disk is full, or there is no permission.
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The source could not be read, or wished to stop.
    Source(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// A file could not be written.
    pub(crate) fn write(path: &Path, error: impl Into<io::Error>) -> Self {
        Self::Write { path: path.to_owned(), error: error.into() }
    }

    /// The source could not be read.
    pub fn source(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Source(error.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Write { path, error } => write!(f, "{} cannot be written: {error}", path.display()),
            Self::Source(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}
