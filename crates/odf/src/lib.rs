//! `OpenDocument` texts (ODF 1.0 to 1.4; packed as ODT and OTT, or one XML file) to a [`Document`].
//!
//! One pass over the content; styles are read only where the text refers to them. Workbooks of this family are read by `nianbao-sheet`.
//!
//! ```
//! let text = r#"<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
//!     xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
//!     office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>
//!     <text:p>总体情况</text:p></office:text></office:body></office:document>"#;
//! let document = nianbao_odf::extract(text.as_bytes()).unwrap();
//! assert_eq!(document.blocks.len(), 1);
//! ```
//!
//! What is read: paragraphs and tables in reading order, nested tables as blocks of their own, merged cells once, automatic numbers
//! spelled out, tracked changes as accepted, fields as they are shown, text boxes and shapes.
//!
//! What it does not do: headers, footers, footnotes and comments are not read; pictures, charts, formulas and embedded documents have no
//! text here.

mod body;
mod changes;
mod layout;
mod levels;
mod lists;
mod places;
mod styles;
mod xml;

use nianbao_container::{Error, Limits, OpenDocument};
use nianbao_model::{Document, Format, Warning, WarningKind};

use crate::styles::Styles;
use crate::xml::Stop;

/// The part with the text may have so many bytes: half a million paragraphs, which is as many as are read, with all that programs say of each.
const MAX_PART: u64 = 128 << 20;

/// Reads an `OpenDocument` text.
///
/// A text that is damaged somewhere in the middle gives what stands before the damage, with a warning.
///
/// # Errors
/// A file that is not readable at all: no package, encrypted, without a text in it, or past the limits.
pub fn extract(bytes: &[u8]) -> Result<Document, Error> {
    let file = OpenDocument::open(bytes, &Limits { part: MAX_PART, ..Limits::default() })?;
    let styles = Styles::new(&file.content, file.styles.as_deref());
    let story = body::read(&file.content, styles);
    if !story.is_text && story.stopped.is_none() {
        return Err(Error::corrupt("no text in it"));
    }
    let mut document = Document::new(Format::Odt);
    document.blocks = story.blocks;
    document.warnings =
        file.damage.into_iter().map(|(part, reason)| left_out(format!("some of {part}"), reason)).collect();
    document.warnings.extend(story.warnings);
    match story.stopped {
        None => {}
        Some(Stop::Refused(error)) => return Err(error),
        Some(Stop::Damaged(damage)) if document.blocks.is_empty() => {
            return Err(Error::corrupt(format!("its content {}", damage.0)));
        }
        Some(Stop::Damaged(damage)) => document.warnings.push(left_out("the rest of the text".to_owned(), damage.0)),
    }
    Ok(document)
}

fn left_out(part: String, reason: String) -> Warning {
    Warning::new(WarningKind::PartUnreadable { part, reason }, Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use nianbao_model::print;
    use std::io::{Cursor, Write as _};
    use zip::write::{SimpleFileOptions, ZipWriter};

    /// A package of these parts.
    fn package(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    const NAMESPACES: &str = r#"xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
        xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
        xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
        xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0""#;

    /// The text of a file with these styles and this body.
    pub(crate) fn flat(styles: &str, body: &str) -> String {
        format!(
            "<office:document {NAMESPACES}><office:automatic-styles>{styles}</office:automatic-styles>\
             <office:master-styles><text:p>页眉</text:p></office:master-styles><office:body><office:text>{body}</office:text></office:body></office:document>"
        )
    }

    /// The document with these styles and this body, as plain text.
    pub(crate) fn styled(styles: &str, body: &str) -> String {
        print(&extract(flat(styles, body).as_bytes()).unwrap())
    }

    /// The document with this body, as plain text.
    pub(crate) fn printed(body: &str) -> String {
        styled("", body)
    }

    #[test]
    fn a_package_is_read_with_the_styles_beside_the_text() {
        let content = format!(
            "<office:document-content {NAMESPACES}><office:body><office:text><text:p text:style-name='Title'>年度报告</text:p></office:text></office:body></office:document-content>"
        );
        let styles = "<office:styles><style:style style:name='Title' style:family='paragraph'/></office:styles>";
        let bytes = package(&[("content.xml", &content), ("styles.xml", styles)]);
        assert_eq!(print(&extract(&bytes).unwrap()), "odt\nT |年度报告|  @ paragraph 1\n");
        let without = package(&[("content.xml", &content)]);
        assert_eq!(print(&extract(&without).unwrap()), "odt\n¶ |年度报告|  @ paragraph 1\n");
    }

    #[test]
    fn what_stands_before_the_damage_is_read() {
        let whole = flat("", "<text:p>一</text:p><text:p>二</text:p>");
        for (length, _) in whole.char_indices() {
            match extract(&whole.as_bytes()[..length]) {
                Ok(document) => assert!(!document.warnings.is_empty(), "{length}"),
                Err(error) => assert_eq!(error.kind(), "corrupt"),
            }
        }
        let cut = extract(&whole.as_bytes()[..whole.find("二").unwrap()]).unwrap();
        assert!(print(&cut).starts_with("odt\n¶ |一|"), "{}", print(&cut));
    }

    #[test]
    fn a_file_without_a_text_is_refused() {
        let none = flat("", "").replace("office:text", "office:drawing");
        assert_eq!(extract(none.as_bytes()).unwrap_err().kind(), "corrupt");
        assert_eq!(extract(&package(&[("mimetype", "x")])).unwrap_err().kind(), "corrupt");
    }
}
