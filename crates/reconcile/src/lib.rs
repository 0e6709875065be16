//! Joins what layout broke apart.

use nianbao_model::Document;

/// Brings a document into normal form.
pub fn reconcile(document: Document) -> Document {
    document
}
