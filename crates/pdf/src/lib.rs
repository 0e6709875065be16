//! PDF (ISO 32000) to a [`Document`].

mod page;

use nianbao_container::Error;
use nianbao_model::Document;

/// Being written.
///
/// # Errors
/// Always, as yet.
pub fn extract(bytes: &[u8]) -> Result<Document, Error> {
    let _ = bytes;
    Err(Error::corrupt("not read yet"))
}
