//! To be written.

use nianbao_container::Error;
use nianbao_model::{Document, Format};

/// Reads a file.
///
/// # Errors
/// A file that is not readable at all.
pub fn extract(_bytes: &[u8]) -> Result<Document, Error> {
    Ok(Document::new(Format::Docx))
}
