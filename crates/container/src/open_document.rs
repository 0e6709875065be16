//! `OpenDocument` files (ODF 1.4, all versions from 1.0): a ZIP package of parts (Part 2), or one XML file (Part 3, 3.1.2).
//!
//! Two readers begin here, the one of texts and the one of workbooks: what both need of the file around the content.

use crate::decode::decode;
use crate::error::Error;
use crate::package::{Content, Limits, Package};

/// What an `OpenDocument` file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenDocumentKind {
    /// A text, or a template of one.
    Text,
    /// A workbook, or a template of one.
    Spreadsheet,
    /// Something that is neither, by name.
    Other(&'static str),
}

impl OpenDocumentKind {
    /// What a media type names (Part 3, Appendix B); `None` for one of another family.
    fn of_media_type(media_type: &str) -> Option<Self> {
        let media_type = media_type.trim().trim_start_matches('\u{FEFF}');
        let Some(name) = media_type.strip_prefix("application/vnd.oasis.opendocument.") else {
            return media_type
                .starts_with("application/vnd.sun.xml.")
                .then_some(Self::Other("OpenOffice.org 1 document"));
        };
        Some(match name.trim_end_matches("-flat-xml").trim_end_matches("-template") {
            "text" | "text-master" | "text-web" => Self::Text,
            "spreadsheet" => Self::Spreadsheet,
            "presentation" => Self::Other("OpenDocument presentation"),
            "graphics" => Self::Other("OpenDocument drawing"),
            _ => Self::Other("OpenDocument of another kind"),
        })
    }

    /// What the content itself says: the one child of its body (Part 3, 3.3).
    fn of_content(text: &str) -> Option<Self> {
        const BODIES: [(&str, OpenDocumentKind); 4] = [
            ("office:text", OpenDocumentKind::Text),
            ("office:spreadsheet", OpenDocumentKind::Spreadsheet),
            ("office:presentation", OpenDocumentKind::Other("OpenDocument presentation")),
            ("office:drawing", OpenDocumentKind::Other("OpenDocument drawing")),
        ];
        let body = text.get(text.find("<office:body")?..)?;
        // Right behind the tag of the body.
        let child = body.get(1..)?.split_once('<')?.1;
        BODIES.into_iter().find(|(name, _)| child.starts_with(name)).map(|(_, kind)| kind)
    }
}

/// The content of an `OpenDocument` file.
#[derive(Clone, Debug)]
pub struct OpenDocument {
    /// The content: all of it, styles too, where the file is one XML file.
    pub content: String,
    /// The part with the named styles; `None` where the file is one XML file, or has no such part.
    pub styles: Option<String>,
    /// Parts that are not whole, and why.
    pub damage: Vec<(&'static str, String)>,
}

const CONTENT: &str = "content.xml";
const STYLES: &str = "styles.xml";
const MANIFEST: &str = "META-INF/manifest.xml";

/// How much of a part is looked at to tell what it is.
const HEAD: u64 = 64 << 10;

impl OpenDocument {
    /// What a package holds; `None` for one of another family.
    ///
    /// # Errors
    /// A package that needs a password.
    pub fn kind_of_package(package: &mut Package<'_>) -> Result<Option<OpenDocumentKind>, Error> {
        let head = |package: &mut Package<'_>, name: &str| {
            let bytes = package.start(name, HEAD)?.unwrap_or_default();
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        };
        let media_type = head(package, "mimetype")?;
        let stated = OpenDocumentKind::of_media_type(&media_type);
        // From 2024 on, a password packs the whole package once more (Part 2, 3.4.1).
        if stated.is_some() && package.contains("encrypted-package") {
            return Err(Error::Encrypted);
        }
        if stated.is_some() || !package.contains(CONTENT) {
            return Ok(stated);
        }
        let manifest = head(package, MANIFEST)?;
        let listed = manifest.split(['"', '\'']).find_map(OpenDocumentKind::of_media_type);
        if listed.is_some() {
            return Ok(listed);
        }
        let content = package.read(CONTENT)?.map(|content| content.text().0).unwrap_or_default();
        Ok(OpenDocumentKind::of_content(&content))
    }

    /// What a text that is one XML file holds; `None` where it is no `OpenDocument`.
    pub fn kind_of_text(text: &str) -> Option<OpenDocumentKind> {
        let root = text.get(text.find("<office:document")?..)?;
        let tag = root.get(..root.find('>')?)?;
        let stated = tag.split(['"', '\'']).find_map(OpenDocumentKind::of_media_type);
        stated.or_else(|| OpenDocumentKind::of_content(text))
    }

    /// Opens a file of either form.
    ///
    /// # Errors
    /// A file that needs a password, that has no content, or is past the limits.
    pub fn open(bytes: &[u8], limits: &Limits) -> Result<Self, Error> {
        if bytes.starts_with(b"PK") { Self::packed(bytes, limits) } else { Self::flat(bytes, limits) }
    }

    fn packed(bytes: &[u8], limits: &Limits) -> Result<Self, Error> {
        let mut package = Package::open(bytes, limits)?;
        if package.contains("encrypted-package") {
            return Err(Error::Encrypted);
        }
        let content = package.read(CONTENT)?.ok_or_else(|| Error::corrupt("the part content.xml is missing"))?;
        if !looks_like_xml(&content.bytes) && is_encrypted(&mut package)? {
            return Err(Error::Encrypted);
        }
        let mut found = Self { content: String::new(), styles: None, damage: Vec::new() };
        found.content = found.text(CONTENT, content);
        // Without styles the text can still be read: a style that is missing says nothing.
        match package.read(STYLES) {
            Ok(styles) => found.styles = styles.map(|styles| found.text(STYLES, styles)),
            Err(Error::OutOfMemory) => return Err(Error::OutOfMemory),
            Err(error) => found.damage.push((STYLES, error.to_string())),
        }
        Ok(found)
    }

    fn flat(bytes: &[u8], limits: &Limits) -> Result<Self, Error> {
        if bytes.len() as u64 > limits.part {
            return Err(Error::TooLarge { what: "bytes in one part", limit: limits.part });
        }
        let mut found = Self { content: String::new(), styles: None, damage: Vec::new() };
        found.content = found.text("the file", Content { bytes: bytes.to_vec(), damage: None });
        match Self::kind_of_text(&found.content) {
            Some(_) => Ok(found),
            None => Err(Error::corrupt("it is no OpenDocument file")),
        }
    }

    fn text(&mut self, name: &'static str, content: Content) -> String {
        let (text, damage) = content.text();
        self.damage.extend(damage.map(|damage| (name, damage)));
        text
    }
}

/// Whether bytes begin as XML does, in any encoding. What is encrypted begins so once in a thousand files at most.
fn looks_like_xml(bytes: &[u8]) -> bool {
    let head = bytes.get(..64).unwrap_or(bytes);
    decode(head).text.trim_start_matches('\u{FEFF}').trim_start().starts_with('<')
}

/// Whether the list of parts says that any is encrypted (Part 2, 4.8.2).
fn is_encrypted(package: &mut Package<'_>) -> Result<bool, Error> {
    let manifest = package.read(MANIFEST)?.map(|manifest| manifest.text().0).unwrap_or_default();
    Ok(manifest.contains("encryption-data"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write as _};
    use zip::write::{SimpleFileOptions, ZipWriter};

    fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn kind(parts: &[(&str, &[u8])]) -> Result<Option<OpenDocumentKind>, Error> {
        let bytes = package(parts);
        OpenDocument::kind_of_package(&mut Package::open(&bytes, &Limits::default())?)
    }

    const BODY: &[u8] =
        b"<office:document-content><office:body><office:spreadsheet/></office:body></office:document-content>";

    #[test]
    fn a_package_tells_itself_by_its_media_type_else_by_its_content() {
        use OpenDocumentKind::{Other, Spreadsheet, Text};
        let by_type = |media_type: &[u8]| kind(&[("mimetype", media_type), ("content.xml", BODY)]);
        assert_eq!(by_type(b"application/vnd.oasis.opendocument.text"), Ok(Some(Text)));
        assert_eq!(by_type(b"application/vnd.oasis.opendocument.text-template\n"), Ok(Some(Text)));
        assert_eq!(by_type(b"application/vnd.oasis.opendocument.spreadsheet-template"), Ok(Some(Spreadsheet)));
        assert!(matches!(by_type(b"application/vnd.oasis.opendocument.chart"), Ok(Some(Other(_)))));
        assert!(matches!(by_type(b"application/vnd.sun.xml.writer"), Ok(Some(Other(_)))));
        assert_eq!(by_type(b"application/epub+zip"), Ok(Some(Spreadsheet)));
        assert_eq!(kind(&[("content.xml", BODY)]), Ok(Some(Spreadsheet)));
        let manifest = br#"<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>"#;
        assert_eq!(kind(&[("content.xml", BODY), ("META-INF/manifest.xml", manifest)]), Ok(Some(Text)));
        assert_eq!(kind(&[("content.xml", b"<a/>")]), Ok(None));
        assert_eq!(kind(&[("mimetype", b"application/vnd.oasis.opendocument.text")]), Ok(Some(Text)));
        assert_eq!(kind(&[("mimetype", b"application/epub+zip")]), Ok(None));
    }

    #[test]
    fn one_xml_file_tells_itself_by_its_root() {
        let kind = OpenDocument::kind_of_text;
        let root =
            r#"<?xml version="1.0"?><office:document office:mimetype="application/vnd.oasis.opendocument.text">"#;
        assert_eq!(kind(root), Some(OpenDocumentKind::Text));
        let content = "<office:document><office:styles/><office:body>\n <office:spreadsheet>";
        assert_eq!(kind(content), Some(OpenDocumentKind::Spreadsheet));
        assert_eq!(kind("<html>"), None);
    }

    #[test]
    fn a_password_is_noticed_however_it_packs_the_parts() {
        let open = |parts: &[(&str, &[u8])]| OpenDocument::open(&package(parts), &Limits::default()).err();
        let manifest = ("META-INF/manifest.xml", &b"<manifest:encryption-data>"[..]);
        assert_eq!(open(&[("content.xml", b"\x8F\x01\xF7noise"), manifest]), Some(Error::Encrypted));
        assert_eq!(open(&[("mimetype", b"x"), ("encrypted-package", b"\x8F")]), Some(Error::Encrypted));
        // Only a picture needs one.
        assert_eq!(open(&[("content.xml", BODY), manifest]), None);
        let whole = [("mimetype", &b"application/vnd.oasis.opendocument.text"[..]), ("encrypted-package", b"\x8F")];
        assert_eq!(kind(&whole), Err(Error::Encrypted));
    }

    #[test]
    fn parts_are_read_and_what_is_damaged_is_said() {
        let bytes = package(&[("content.xml", BODY), ("styles.xml", b"<a>abc\xFF\xFE\xFDdef</a>")]);
        let found = OpenDocument::open(&bytes, &Limits::default()).unwrap();
        assert_eq!(found.content.as_bytes(), BODY);
        assert_eq!(found.damage.len(), 1);
        let wide: Vec<u8> = "\u{FEFF}<office:document><office:body><office:text>年报"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert!(OpenDocument::open(&wide, &Limits::default()).unwrap().content.ends_with("年报"));
        assert!(OpenDocument::open(b"<html>", &Limits::default()).is_err());
    }
}
