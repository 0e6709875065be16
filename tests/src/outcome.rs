//! What the pipeline says of a case, by the library's front door.

use nianbao_model::Document;
use serde_json::Value;

use crate::case::Case;

/// The lines that `extract` prints.
///
/// # Errors
/// A case that cannot be opened, or output that is no JSON.
pub fn reports(case: &Case) -> Result<Vec<Value>, String> {
    let forms = nianbao::Forms::builtin();
    let mut lines = Vec::new();
    nianbao::documents(&case.name, &case.bytes()?, |member| {
        let outputs = match member.bytes {
            Ok(bytes) => nianbao::extract(member.path, bytes, &forms),
            Err(error) => vec![nianbao::Output::unread(member.path, error.kind(), error.to_string())],
        };
        for output in outputs {
            lines.push(serde_json::to_value(output).map_err(|error| format!("{}: {error}", case.name))?);
        }
        Ok(())
    })
    .map(|()| lines)
}

/// The document in normal form; `None` where the file is not readable at all.
///
/// # Errors
/// A case that cannot be opened.
pub fn document(case: &Case) -> Result<Option<Document>, String> {
    Ok(nianbao::read(&case.bytes()?).ok().map(nianbao_reconcile::reconcile))
}
