//! `WordprocessingML` (ECMA-376 Part 1, clause 17; transitional and strict) to a [`Document`].
//!
//! One pass over the main part; styles and numberings are read only where the text refers to them.
//!
//! ```
//! let error = nianbao_docx::extract(b"no package").unwrap_err();
//! assert_eq!(error.kind(), "corrupt");
//! ```
//!
//! What is read: paragraphs and tables in reading order, nested tables as blocks of their own, merged cells once, automatic numbers
//! spelled out, tracked changes as accepted, the results of fields, text boxes, symbols, embedded text and Word documents.
//!
//! What it does not do: headers, footers, footnotes and comments are not read; a picture, a chart or a drawing of boxes joined by
//! lines (`SmartArt`) has no text here; an embedded web page is left out with a warning; formulas are a row of their characters.

mod body;
mod chunk;
mod definitions;
mod encoding;
mod field;
mod numbering;
mod package;
mod paragraph;
mod styles;
mod table;
mod xml;

use nianbao_container::Error;
use nianbao_model::{Document, Format, Part, Warning, WarningKind};

use crate::package::Parts;
use crate::xml::Stop;

/// Reads a Word document.
///
/// A document that is damaged somewhere in the middle gives what stands before the damage, with a warning.
///
/// # Errors
/// A file that is not readable at all: no package, encrypted, without a word document in it, or past the limits.
pub fn extract(bytes: &[u8]) -> Result<Document, Error> {
    extract_part(bytes, Part::Body)
}

/// Reads a Word document that is the story `part` of the file at hand.
fn extract_part(bytes: &[u8], part: Part) -> Result<Document, Error> {
    let mut parts = Parts::open(bytes)?;
    let text = parts.main()?;
    let story = body::read(&text, &mut parts, part);
    if !story.is_word && story.stopped.is_none() {
        return Err(Error::corrupt("no word document in it"));
    }
    let mut document = Document::new(Format::Docx);
    document.blocks = story.blocks;
    document.warnings = std::mem::take(&mut parts.warnings);
    document.warnings.extend(story.warnings);
    match story.stopped {
        None => {}
        Some(Stop::Refused(error)) => return Err(error),
        Some(Stop::Damaged(damage)) if document.blocks.is_empty() => {
            return Err(Error::corrupt(format!("{} {}", parts.main_name(), damage.0)));
        }
        Some(Stop::Damaged(damage)) => document.warnings.push(Warning::new(
            WarningKind::PartUnreadable { part: format!("the rest of {}", parts.main_name()), reason: damage.0 },
            Vec::new(),
        )),
    }
    Ok(document)
}

#[cfg(test)]
mod tests {
    use super::*;
    use nianbao_model::print;
    use std::io::{Cursor, Write as _};
    use zip::write::{SimpleFileOptions, ZipWriter};

    /// A package of these parts.
    pub(crate) fn package(parts: &[(&str, &str)]) -> Vec<u8> {
        let parts: Vec<_> = parts.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        package_of_bytes(&parts)
    }

    pub(crate) fn package_of_bytes(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    pub(crate) fn extracted(parts: &[(&str, &str)]) -> Result<Document, Error> {
        extract(&package(parts))
    }

    pub(crate) const NAMESPACES: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"
        xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
        xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:x="urn:nobody""#;

    pub(crate) fn main_part(body: &str) -> String {
        format!("<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>")
    }

    /// The document with this body.
    pub(crate) fn document(body: &str) -> Document {
        extract(&package(&[("word/document.xml", &main_part(body))])).unwrap()
    }

    /// The document with this body, as plain text.
    pub(crate) fn printed(body: &str) -> String {
        print(&document(body))
    }
}
