//! ZIP packages opened under limits [APPNOTE.TXT 6.3.10].
//!
//! Nothing that a package says about itself is believed: sizes are counted while inflating, and names are decoded by us.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use crate::decode::decode;
use crate::error::Error;

/// How much a package may hold. The defaults let every real document through and keep one file within half a gigabyte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The number of entries. A document with a picture on each of a thousand pages has some two thousand.
    pub entries: usize,
    /// The bytes of one part once inflated. The text of the longest documents seen has a tenth of this.
    pub part: u64,
    /// The bytes of all parts that are read, together, once inflated.
    pub total: u64,
    /// How many bytes one stored byte may become, of a part and of the whole package. Text of tables shrinks to a hundredth at best; deflate's own bound is 1032.
    pub ratio: u64,
    /// Below this many inflated bytes the ratio does not count: a small part of blanks harms nobody.
    pub ratio_from: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { entries: 10_000, part: 256 << 20, total: 512 << 20, ratio: 500, ratio_from: 16 << 20 }
    }
}

/// The bytes of one part, and whether they are all there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// What could be inflated.
    pub bytes: Vec<u8>,
    /// Why the bytes may be wrong or end too early, as a clause; `None` for a sound part.
    pub damage: Option<String>,
}

/// A part of XML that is not in UTF-8 may have so many bytes to be decoded: doing so takes up to three times as many.
const MAX_DECODED: usize = 16 << 20;

impl Content {
    /// The characters of a part of XML, and what is wrong with its bytes.
    pub fn text(self) -> (String, Option<String>) {
        let error = match String::from_utf8(self.bytes) {
            Ok(text) => return (text, self.damage),
            Err(error) => error,
        };
        let no_text = || "some of its bytes are no text".to_owned();
        if error.as_bytes().len() > MAX_DECODED {
            let sound = error.utf8_error().valid_up_to();
            let mut bytes = error.into_bytes();
            bytes.truncate(sound);
            return (String::from_utf8(bytes).unwrap_or_default(), Some(self.damage.unwrap_or_else(no_text)));
        }
        let decoded = decode(error.as_bytes());
        let damage = self.damage.or_else(|| decoded.lossy.then(no_text));
        (decoded.text, damage)
    }
}

/// An open package. Bytes are inflated only when a part is read.
#[derive(Debug)]
pub struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    limits: Limits,
    /// How many bytes the package has: no entry is stored in more, whatever it says.
    stored: u64,
    /// How many bytes may still be inflated.
    left: u64,
}

impl<'a> Package<'a> {
    /// Opens a package and reads its list of entries.
    ///
    /// # Errors
    /// Bytes that are no ZIP package, that end before the list of entries, or whose list is too long.
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        if !bytes.starts_with(b"PK") {
            return Err(not_a_zip(bytes));
        }
        let too_many = Error::TooLarge { what: "entries", limit: limits.entries as u64 };
        // Asked before the list is built, because the list takes several times its bytes.
        if stated_entries(bytes).is_some_and(|entries| entries > limits.entries as u64) {
            return Err(too_many);
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| unreadable_list(&error))?;
        if archive.len() > limits.entries {
            return Err(too_many);
        }
        let stored = bytes.len() as u64;
        // Entries may overlap, and then each by itself keeps to the ratio.
        let total = limits.total.min(limits.ratio_from.max(stored.saturating_mul(limits.ratio)));
        Ok(Self { archive, limits: Limits { total, ..*limits }, stored, left: total })
    }

    /// The names of all entries in the order of the package's list, decoded as [`name`](Self::name) does.
    pub fn names(&mut self) -> Vec<String> {
        (0..self.archive.len()).filter_map(|index| self.name(index)).collect()
    }

    /// How many bytes may still be inflated.
    pub const fn left(&self) -> u64 {
        self.left
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.archive.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.archive.is_empty()
    }

    /// The name of the entry at `index`, from 0: UTF-8 where the bytes are, else GB18030, as Chinese packers write it.
    pub fn name(&mut self, index: usize) -> Option<String> {
        let entry = self.archive.by_index_raw(index).ok()?;
        Some(decoded_name(entry.name_raw()).into_owned())
    }

    /// Whether there is a part of this name; see [`read`](Self::read).
    pub fn contains(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    /// The content of a part; `None` where there is none of this name.
    ///
    /// A leading slash and the case of ASCII letters do not count, as the names of parts are compared so (ECMA-376 Part 2, 6.2.2.3),
    /// and `\` is taken for `/`, as some producers write it.
    ///
    /// # Errors
    /// An encrypted part, a compression method that no document uses, or more bytes than the limits allow.
    pub fn read(&mut self, name: &str) -> Result<Option<Content>, Error> {
        self.position(name).map(|index| self.read_at(index)).transpose()
    }

    /// The first bytes of a part, at most `length`; `None` where there is none of this name.
    ///
    /// # Errors
    /// An encrypted part, or a compression method that no document uses.
    pub fn start(&mut self, name: &str, length: u64) -> Result<Option<Vec<u8>>, Error> {
        let Some(index) = self.position(name) else { return Ok(None) };
        let entry = self.archive.by_index(index).map_err(|error| unreadable_entry(&error))?;
        let mut bytes = Vec::new();
        // What cannot be read is not among the first bytes.
        let _ = entry.take(length).read_to_end(&mut bytes);
        Ok(Some(bytes))
    }

    /// The content of the entry at `index`, from 0.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_at(&mut self, index: usize) -> Result<Content, Error> {
        let entry = self.archive.by_index(index).map_err(|error| unreadable_entry(&error))?;
        let (content, inflated) = inflate(entry, &self.limits, self.stored, self.left);
        self.left = self.left.saturating_sub(inflated);
        content
    }

    /// In how many bytes the entry at `index` is stored: as many as it says, and no more than the package has.
    pub fn stored(&mut self, index: usize) -> u64 {
        self.archive.by_index_raw(index).map_or(0, |entry| entry.compressed_size().min(self.stored))
    }

    fn position(&self, name: &str) -> Option<usize> {
        let wanted = name.trim_start_matches('/');
        self.archive.index_for_name(wanted).or_else(|| {
            (0..self.archive.len())
                .find(|&index| self.archive.name_for_index(index).is_some_and(|name| same_part(name, wanted)))
        })
    }
}

/// Reads one entry to its end or to the first limit, whatever size it claims to have; says how many bytes were inflated for it.
fn inflate<R: Read>(entry: ZipFile<'_, R>, limits: &Limits, stored: u64, left: u64) -> (Result<Content, Error>, u64) {
    let by_ratio = entry.compressed_size().min(stored).saturating_mul(limits.ratio).max(limits.ratio_from);
    let cap = limits.part.min(left).min(by_ratio);
    let claimed = entry.size().min(cap).min(64 << 20);
    let mut bytes = Vec::with_capacity(usize::try_from(claimed).unwrap_or(0).saturating_add(1));
    let result = entry.take(cap.saturating_add(1)).read_to_end(&mut bytes);
    let inflated = bytes.len() as u64;
    let found = if inflated > cap { Err(past_limit(limits, left, cap)) } else { content(bytes, result) };
    (found, inflated)
}

/// What was read, up to the damage where there is some.
pub(crate) fn content(bytes: Vec<u8>, result: std::io::Result<usize>) -> Result<Content, Error> {
    let Err(error) = result else { return Ok(Content { bytes, damage: None }) };
    match Error::of_read(&error) {
        Some(error) => Err(error),
        None => Ok(Content { bytes, damage: Some(format!("its data is damaged ({error})")) }),
    }
}

const fn past_limit(limits: &Limits, left: u64, cap: u64) -> Error {
    if cap == limits.part {
        Error::TooLarge { what: "bytes in one part", limit: limits.part }
    } else if cap == left {
        Error::TooLarge { what: "bytes once inflated", limit: limits.total }
    } else {
        Error::TooLarge { what: "bytes for each stored byte", limit: limits.ratio }
    }
}

fn same_part(name: &str, wanted: &str) -> bool {
    let folded = |c: u8| {
        if c == b'\\' { b'/' } else { c.to_ascii_lowercase() }
    };
    name.trim_start_matches(['/', '\\']).bytes().map(folded).eq(wanted.bytes().map(folded))
}

/// The flag for UTF-8 is often not set by those who write it, so the bytes decide.
fn decoded_name(raw: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(raw) {
        Ok(name) => Cow::Borrowed(name),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(raw).0,
    }
}

/// How many entries the end of the central directory states (APPNOTE 4.3.14 to 4.3.16); `None` where it cannot be found.
fn stated_entries(bytes: &[u8]) -> Option<u64> {
    const END: &[u8] = b"PK\x05\x06";
    const END_64: &[u8] = b"PK\x06\x06";
    // The record is at the very end but for a comment of at most 65,535 bytes.
    let tail = bytes.get(bytes.len().saturating_sub(65_535 + 22)..)?;
    let record = tail.get(tail.windows(4).rposition(|window| window == END)?..)?;
    let short = u16::from_le_bytes(record.get(10..12)?.try_into().ok()?);
    if short < u16::MAX {
        return Some(u64::from(short));
    }
    let long = tail.get(tail.windows(4).rposition(|window| window == END_64)?..)?;
    Some(u64::from_le_bytes(long.get(32..40)?.try_into().ok()?))
}

fn not_a_zip(bytes: &[u8]) -> Error {
    const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
    if bytes.is_empty() {
        Error::corrupt("the file is empty")
    } else if bytes.starts_with(OLE) && holds_encrypted_package(bytes) {
        Error::Encrypted
    } else {
        Error::corrupt("it is no ZIP package")
    }
}

/// A document with a password is an OLE file with a stream of this name [MS-OFFCRYPTO 2.3.4.4].
fn holds_encrypted_package(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(name.len()).any(|window| window == name)
}

fn unreadable_list(error: &ZipError) -> Error {
    match error {
        ZipError::InvalidArchive(reason) if reason.contains("EOCD") => {
            Error::corrupt("the list of parts at its end is missing, so the file was cut off")
        }
        error => Error::corrupt(format!("its list of parts cannot be read ({error})")),
    }
}

fn unreadable_entry(error: &ZipError) -> Error {
    match error {
        ZipError::UnsupportedArchive(reason) if *reason == ZipError::PASSWORD_REQUIRED => Error::Encrypted,
        ZipError::InvalidPassword => Error::Encrypted,
        error => Error::corrupt(format!("a part cannot be read ({error})")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use zip::write::{SimpleFileOptions, ZipWriter};

    fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn read(bytes: &[u8], limits: &Limits, name: &str) -> Result<Option<Content>, Error> {
        Package::open(bytes, limits)?.read(name)
    }

    #[test]
    fn what_is_read_when_memory_ends_is_not_passed_off_as_damage() {
        let read = |kind: std::io::ErrorKind| content(vec![1], Err(kind.into()));
        assert_eq!(read(std::io::ErrorKind::OutOfMemory).unwrap_err(), Error::OutOfMemory);
        assert!(read(std::io::ErrorKind::InvalidData).unwrap().damage.is_some());
    }

    #[test]
    fn the_text_of_a_part_is_decoded_by_what_its_bytes_are() {
        let part = |bytes: &[u8]| Content { bytes: bytes.to_vec(), damage: None }.text();
        assert_eq!(part("<a>年报</a>".as_bytes()), ("<a>年报</a>".to_owned(), None));
        let wide: Vec<u8> = "\u{FEFF}<a>年报</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(part(&wide), ("<a>年报</a>".to_owned(), None));
        assert!(part(b"<a>abc \xFF\xFF def</a>").1.is_some());
        let mut long = vec![b' '; MAX_DECODED];
        long.extend(b"<a>\xFF</a>");
        let (text, damage) = part(&long);
        assert_eq!((text.len(), damage.is_some()), (MAX_DECODED + 3, true));
    }

    #[test]
    fn a_part_is_found_whatever_its_case_and_slashes() {
        let bytes = package(&[("Word\\Document.xml", b"<a/>")]);
        for name in ["word/document.xml", "/Word/Document.xml", "Word\\Document.xml"] {
            let content = read(&bytes, &Limits::default(), name).unwrap().unwrap();
            assert_eq!(content.bytes, b"<a/>");
            assert_eq!(content.damage, None);
        }
        assert_eq!(read(&bytes, &Limits::default(), "word/styles.xml"), Ok(None));
    }

    #[test]
    fn limits_are_kept_by_counting() {
        let bytes = package(&[("a", &[0; 4_000_000]), ("b", b"x")]);
        let limits = Limits::default();
        let refused = |limits: Limits| match read(&bytes, &limits, "a") {
            Err(Error::TooLarge { what, limit }) => (what, limit),
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(Limits { part: 100_000, ..limits }), ("bytes in one part", 100_000));
        assert_eq!(refused(Limits { total: 100_000, ..limits }), ("bytes once inflated", 100_000));
        assert_eq!(refused(Limits { ratio_from: 1000, ..limits }), ("bytes for each stored byte", 500));
        assert_eq!(refused(Limits { entries: 1, ..limits }), ("entries", 1));
        assert_eq!(read(&bytes, &limits, "a").unwrap().unwrap().bytes.len(), 4_000_000);
    }

    #[test]
    fn a_size_that_a_package_states_loosens_no_limit() {
        let limits = Limits { ratio: 100, ratio_from: 1000, ..Limits::default() };
        let mut bytes = package(&[("a", &[b' '; 1_000_000])]);
        let at = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap() + 20;
        bytes[at..at + 4].copy_from_slice(&0x7FFF_FFFF_u32.to_le_bytes());
        let mut package = Package::open(&bytes, &limits).unwrap();
        assert!(matches!(package.read("a"), Err(Error::TooLarge { .. })));
    }

    #[test]
    fn parts_that_share_their_bytes_keep_to_the_ratio_together() {
        let bytes = package(&[("a", &[b' '; 300_000]), ("b", &[b' '; 300_000])]);
        let limits = Limits { ratio: 100, ratio_from: 400_000, ..Limits::default() };
        let mut package = Package::open(&bytes, &limits).unwrap();
        assert_eq!(package.left(), 400_000);
        assert!(package.read("a").is_ok());
        assert!(matches!(package.read("b"), Err(Error::TooLarge { what: "bytes once inflated", .. })));
        assert_eq!(package.left(), 0);
    }

    #[test]
    fn the_total_counts_over_all_parts() {
        let bytes = package(&[("a", &[7; 600]), ("b", &[7; 600])]);
        let limits = Limits { total: 1000, ..Limits::default() };
        let mut package = Package::open(&bytes, &limits).unwrap();
        assert!(package.read("a").is_ok());
        assert!(matches!(package.read("b"), Err(Error::TooLarge { .. })));
    }

    #[test]
    fn a_file_that_was_cut_off_says_so() {
        let bytes = package(&[("a", b"some text that is long enough")]);
        let error = Package::open(&bytes[..bytes.len() - 30], &Limits::default()).unwrap_err();
        assert!(error.to_string().contains("cut off"), "{error}");
        assert_eq!(Package::open(b"", &Limits::default()).unwrap_err(), Error::corrupt("the file is empty"));
    }

    #[test]
    fn a_part_with_damaged_data_gives_what_is_there_and_says_so() {
        let mut bytes = package(&[("a", b"0123456789")]);
        let at = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
        // The checksum in the central directory.
        bytes[at + 16] ^= 1;
        let content = read(&bytes, &Limits::default(), "a").unwrap().unwrap();
        assert_eq!(content.bytes, b"0123456789");
        assert!(content.damage.is_some());
    }

    #[test]
    fn an_encrypted_part_asks_for_the_password() {
        let mut bytes = package(&[("a", b"0123456789")]);
        for (signature, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
            let at = bytes.windows(4).position(|window| window == signature).unwrap();
            bytes[at + flags] |= 1;
        }
        assert_eq!(read(&bytes, &Limits::default(), "a"), Err(Error::Encrypted));
    }

    #[test]
    fn a_document_with_a_password_asks_for_it() {
        let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(Package::open(&bytes, &Limits::default()).unwrap_err(), Error::Encrypted);
    }

    #[test]
    fn names_in_gb18030_are_decoded() {
        assert_eq!(decoded_name(b"\xC4\xEA\xB1\xA8.docx"), "年报.docx");
        assert_eq!(decoded_name("年报.docx".as_bytes()), "年报.docx");
    }
}
