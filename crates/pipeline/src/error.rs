//! Why no report could be made of a file.

use std::fmt;

use nianbao_container::Error as ReadError;

/// Why no report could be made of a file. The message says what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The file has no bytes.
    Empty,
    /// The bytes are nothing that we know.
    UnknownFormat,
    /// We know the format, but do not read it.
    Unsupported {
        /// Its name.
        format: &'static str,
    },
    /// The reader of its format could not read it at all.
    Read(ReadError),
    /// It was read, and holds no annual report.
    NoReport,
    /// A fault of ours stopped the work on this file.
    Crashed {
        /// What the fault said.
        fault: String,
    },
}

impl Error {
    /// The name used in JSON.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::UnknownFormat => "unknown_format",
            Self::Unsupported { .. } => "unsupported",
            Self::Read(error) => error.kind(),
            Self::NoReport => "no_report_found",
            Self::Crashed { .. } => "crashed",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "the file is empty; fetch it again"),
            Self::UnknownFormat => write!(f, "not a document of any known kind; look at what was downloaded"),
            Self::Unsupported { format } if format.ends_with("archive") => {
                write!(f, "a {format} is not opened; unpack it and name the files that were in it")
            }
            Self::Unsupported { format } => write!(f, "{format} is not read; save it as DOCX or as text"),
            Self::Read(error) => error.fmt(f),
            Self::NoReport => {
                write!(
                    f,
                    "no annual report in it: none of the form's rows was found; `nianbao tables` shows what was read"
                )
            }
            Self::Crashed { fault } => {
                write!(f, "a fault of this program, not of the file: {fault}; please report it with the file")
            }
        }
    }
}

impl std::error::Error for Error {}
