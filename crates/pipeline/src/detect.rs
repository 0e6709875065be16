//! What kind of file it is, told from its bytes alone, never from its name.

use nianbao_container::{
    Compound, Error as ReadError, Limits, OpenDocument, OpenDocumentKind, Package, looks_like_text,
};
use nianbao_model::Format;

use crate::error::Error;
use crate::markup::markup;

/// Tells the format of a file.
///
/// # Errors
/// An empty file, a format that we know but do not read, a package that needs a password, or bytes that are nothing we know.
pub(crate) fn detect(bytes: &[u8]) -> Result<Format, Error> {
    if bytes.is_empty() {
        return Err(Error::Empty);
    }
    if is_pdf(bytes) {
        return Ok(Format::Pdf);
    }
    if nianbao_rtf::is_rtf(bytes) {
        return Ok(Format::Rtf);
    }
    if is_tar(bytes) {
        return Err(Error::Unsupported { format: "TAR archive" });
    }
    if let Some(name) = signature(bytes) {
        return Err(Error::Unsupported { format: name });
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return package(bytes);
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return compound(bytes);
    }
    // The stream of an Excel workbook without the file around it, as some exporters write it.
    if bytes.starts_with(b"\x09\x08") && !looks_like_text(bytes) {
        return Ok(Format::Xls);
    }
    if let Some(markup) = markup(bytes) {
        return markup;
    }
    if looks_like_text(bytes) { Ok(Format::Text) } else { Err(Error::UnknownFormat) }
}

/// Archives that we open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Archive {
    Zip,
    Tar,
    Gzip,
}

const GZIP: &[u8] = b"\x1F\x8B";
const ZIP: &str = "ZIP archive";

/// What kind of archive it is; `None` for a document, and for archives that we do not open.
pub(crate) fn archive(bytes: &[u8]) -> Option<Archive> {
    if bytes.starts_with(GZIP) {
        return Some(Archive::Gzip);
    }
    if is_tar(bytes) {
        return Some(Archive::Tar);
    }
    let is_zip = bytes.starts_with(b"PK") && detect(bytes) == Err(Error::Unsupported { format: ZIP });
    is_zip.then_some(Archive::Zip)
}

/// A TAR begins with the header of its first member, whose bytes add up to what it says (POSIX.1-1988, 10.1.1).
fn is_tar(bytes: &[u8]) -> bool {
    let Some(header) = bytes.first_chunk::<512>() else { return false };
    let (before, rest) = header.split_at(148);
    let (stated, after) = rest.split_at(8);
    let digits: String = stated.iter().map(|&c| char::from(c)).filter(char::is_ascii_digit).collect();
    let sum: u32 = before.iter().chain(after).map(|&byte| u32::from(byte)).sum::<u32>() + 8 * u32::from(b' ');
    u32::from_str_radix(&digits, 8) == Ok(sum)
}

/// Formats with a signature of their own that we do not read.
fn signature(bytes: &[u8]) -> Option<&'static str> {
    const SIGNATURES: [(&[u8], &str); 11] = [
        (GZIP, "GZIP archive"),
        (b"Rar!\x1A\x07", "RAR archive"),
        (b"7z\xBC\xAF\x27\x1C", "7z archive"),
        (b"\x89PNG", "PNG image"),
        (b"\xFF\xD8\xFF", "JPEG image"),
        (b"GIF8", "GIF image"),
        (b"II*\0", "TIFF image"),
        (b"MM\0*", "TIFF image"),
        (b"BM", "BMP image"),
        (b"\x31\xBE\x00\x00", "Word for DOS"),
        (b"\xDB\xA5\x2D\x00", "Word 2"),
    ];
    let known = SIGNATURES
        .into_iter()
        .find(|(start, name)| bytes.starts_with(start) && !(*name == "BMP image" && looks_like_text(bytes)));
    known.map(|(_, name)| name)
}

/// Rubbish may stand before the header of a PDF (ISO 32000-1, Annex H, note 13).
fn is_pdf(bytes: &[u8]) -> bool {
    bytes.iter().take(1024).zip(bytes.windows(5)).any(|(_, window)| window == b"%PDF-")
}

fn package(bytes: &[u8]) -> Result<Format, Error> {
    let mut package = Package::open(bytes, &Limits::default()).map_err(Error::Read)?;
    let names = package.names();
    let has = |start: &str| names.iter().any(|name| name.trim_start_matches('/').starts_with(start));
    let unsupported = |format| Err(Error::Unsupported { format });
    if has("word/") || has("Word/") || (has("[Content_Types].xml") && !has("xl/") && !has("ppt/")) {
        return Ok(Format::Docx);
    }
    if has("xl/workbook.bin") {
        return Ok(Format::Xlsb);
    }
    if has("xl/") {
        return Ok(Format::Xlsx);
    }
    if has("ppt/") {
        return unsupported("PowerPoint presentation");
    }
    if has("OFD.xml") {
        return unsupported("OFD");
    }
    match OpenDocument::kind_of_package(&mut package).map_err(Error::Read)? {
        Some(kind) => open_document(kind),
        None => unsupported(ZIP),
    }
}

/// The format of an `OpenDocument` file of this kind.
pub(crate) const fn open_document(kind: OpenDocumentKind) -> Result<Format, Error> {
    match kind {
        OpenDocumentKind::Text => Ok(Format::Odt),
        OpenDocumentKind::Spreadsheet => Ok(Format::Ods),
        OpenDocumentKind::Other(format) => Err(Error::Unsupported { format }),
    }
}

/// Files in the compound format tell themselves by the names of their streams.
fn compound(bytes: &[u8]) -> Result<Format, Error> {
    let mut file = Compound::open(bytes, &Limits::default());
    let names = file.as_ref().map(Compound::names).map_err(Clone::clone);
    let holds = |name: &str| match &names {
        Ok(names) => names.iter().any(|path| path.trim_start_matches('/').eq_ignore_ascii_case(name)),
        // A damaged directory may still show its names, in UTF-16.
        Err(_) => {
            let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            bytes.windows(wide.len()).any(|window| window == wide)
        }
    };
    if holds("EncryptedPackage") {
        return Err(Error::Read(ReadError::Encrypted));
    }
    if holds("WordDocument") {
        return word(file.as_mut().ok());
    }
    if holds("Workbook") || holds("Book") {
        return Ok(Format::Xls);
    }
    // What cannot be opened may have been anything.
    Err(names.map_or_else(Error::Read, |_| Error::Unsupported { format: "compound file" }))
}

/// The stream of a Word document begins with the version of its format.
fn word(file: Option<&mut Compound<'_>>) -> Result<Format, Error> {
    let start = file.and_then(|file| file.start("WordDocument", 32).ok().flatten());
    match start.as_deref().and_then(nianbao_word97::older) {
        Some(format) => Err(Error::Unsupported { format }),
        None => Ok(Format::Doc),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unsupported(bytes: &[u8]) -> &'static str {
        match detect(bytes) {
            Err(Error::Unsupported { format }) => format,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn bytes_tell_the_format() {
        assert_eq!(detect(b"%PDF-1.7\n"), Ok(Format::Pdf));
        assert_eq!(detect(b"\n junk %PDF-1.4\n"), Ok(Format::Pdf));
        assert_eq!(detect(b"{\\rtf1\\ansi"), Ok(Format::Rtf));
        assert_eq!(detect(b"\xEF\xBB\xBF\r\n{\\rtf1\\ansi"), Ok(Format::Rtf));
        assert_eq!(detect("\u{FEFF}<!DOCTYPE HTML>".as_bytes()), Ok(Format::Html));
        assert_eq!(unsupported(b"<?xml version=\"1.0\"?><a/>"), "XML");
        assert_eq!(detect(b"MIME-Version: 1.0\nContent-Type: multipart/related"), Ok(Format::Mhtml));
        assert_eq!(detect("一、总体情况\n".as_bytes()), Ok(Format::Text));
        assert_eq!(detect(b""), Err(Error::Empty));
        assert_eq!(detect(&[0, 1, 2, 3, 0, 200, 7, 9]), Err(Error::UnknownFormat));
    }

    #[test]
    fn a_compound_file_tells_itself_by_its_streams() {
        let with = |name: &str| {
            let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
            bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
            detect(&bytes)
        };
        assert_eq!(with("EncryptedPackage"), Err(Error::Read(ReadError::Encrypted)));
        assert_eq!(with("Workbook"), Ok(Format::Xls));
        assert_eq!(with("WordDocument"), Ok(Format::Doc));
    }
}
