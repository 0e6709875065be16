//! Workbooks (XLSX, XLSB, XLS, ET) to a [`Document`].

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
