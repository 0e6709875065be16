//! What reading one document gave, in the form in which it is sent and kept.

use nianbao::Forms;
use serde::{Deserialize, Serialize};

/// What reading one document gave. It depends on the bytes of the document and on the forms alone, not on its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The format of the bytes; `None` where it is not known.
    pub format: Option<String>,
    /// Why there is no report: kind and message.
    pub failure: Option<(String, String)>,
    /// What the books need to know of each report, in the order of the document.
    pub reports: Vec<Facts>,
    /// The lines of JSON that `nianbao extract` prints of it, the path left empty.
    pub lines: Vec<String>,
    /// The line that `nianbao tables` prints of it, the path left empty, where it was asked for.
    pub tables: Option<String>,
}

/// What the books need to know of a report without opening its line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// `ok` or `review`.
    pub status: String,
    /// The edition of the form.
    pub form: String,
    /// The agency, as printed.
    pub agency: Option<String>,
    /// The year reported on.
    pub year: Option<u16>,
}

impl Record {
    /// Reads a document; `tables` asks for its tables too.
    pub fn of(bytes: &[u8], forms: &Forms, tables: bool) -> Self {
        let _ = (bytes, forms, tables);
        Self { format: None, failure: None, reports: Vec::new(), lines: Vec::new(), tables: None }
    }
}
