//! Untrusted packages and bytes: ZIP packages and compound files opened under limits, text decoded by its content.
//!
//! Every reader of a format gets its bytes through here, so that no file can make the program take more memory than its limits allow.

mod blanks;
mod compound;
mod decode;
mod error;
mod open_document;
mod package;
pub mod xml;

pub use blanks::Blanks;
pub use compound::Compound;
pub use decode::{Decoded, decode, decode_declared, looks_like_text};
pub use error::Error;
pub use open_document::{OpenDocument, OpenDocumentKind};
pub use package::{Content, Limits, Package};
