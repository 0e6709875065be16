//! Packages of parts (DOCX, XLSX, XLSB, ODT, ODS) and archives: parts that are not needed are left out, those of XML are taken apart.

use std::io::{Cursor, Read as _, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::markup::{self, BOOK, Names, OPEN_DOCUMENT, SHEET, STRINGS, STYLES, WORD};
use super::smallest::smallest;
use crate::error::Error;

/// How many bytes a package may have unpacked.
const MOST: u64 = 256 << 20;

/// A part: its name and its bytes.
type Part = (String, Vec<u8>);

/// What may be cut out of a part, by its name in what programs write. Another name may be given to it; then it stays whole, or goes.
fn names_of(part: &str) -> Option<&'static Names> {
    match part {
        "word/document.xml" => Some(&WORD),
        "xl/workbook.xml" => Some(&BOOK),
        "xl/sharedStrings.xml" => Some(&STRINGS),
        "xl/styles.xml" => Some(&STYLES),
        "content.xml" | "styles.xml" => Some(&OPEN_DOCUMENT),
        _ if part.starts_with("xl/worksheets/") && part.ends_with(".xml") => Some(&SHEET),
        _ => None,
    }
}

/// The smallest package that shows the same.
pub(super) fn shrink(bytes: &[u8], shows: &mut dyn FnMut(&[u8]) -> Result<bool, Error>) -> Result<Vec<u8>, Error> {
    let all = unpack(bytes)?;
    let some = |kept: &[usize]| kept.iter().filter_map(|&index| all.get(index).cloned()).collect::<Vec<Part>>();
    let kept = smallest(all.len(), &mut |kept| shows(&pack(&some(kept))?))?;
    let mut parts = some(&kept);
    for index in 0..parts.len() {
        let Some((name, content)) = parts.get(index).cloned() else { break };
        let Some(names) = names_of(&name) else { continue };
        let smaller = markup::shrink(content, names, &mut |content| shows(&pack(&with(&parts, index, content))?))?;
        parts = with(&parts, index, &smaller);
    }
    pack(&parts)
}

/// The parts with another content of one of them.
fn with(parts: &[Part], index: usize, content: &[u8]) -> Vec<Part> {
    let mut parts = parts.to_vec();
    if let Some(part) = parts.get_mut(index) {
        part.1 = content.to_vec();
    }
    parts
}

fn unpack(bytes: &[u8]) -> Result<Vec<Part>, Error> {
    let broken = |error: &dyn std::fmt::Display| Error::Usage(format!("the package cannot be unpacked: {error}"));
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let (mut parts, mut left) = (Vec::new(), MOST);
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|error| broken(&error))?;
        let name = file.name().to_owned();
        let mut bytes = Vec::new();
        file.take(left).read_to_end(&mut bytes).map_err(|error| broken(&error))?;
        left = left.saturating_sub(bytes.len() as u64);
        if left == 0 {
            return Err(broken(&format!("more than {} MiB", MOST >> 20)));
        }
        parts.push((name, bytes));
    }
    Ok(parts)
}

fn pack(parts: &[Part]) -> Result<Vec<u8>, Error> {
    let broken = |error: &dyn std::fmt::Display| Error::Failed(format!("the package cannot be written: {error}"));
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        writer.start_file(name.as_str(), options).map_err(|error| broken(&error))?;
        writer.write_all(bytes).map_err(|error| broken(&error))?;
    }
    writer.finish().map(Cursor::into_inner).map_err(|error| broken(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_are_not_needed_go_and_the_main_part_is_taken_apart() {
        let main = "<w:body><w:p>甲</w:p><w:p>乙</w:p></w:body>".as_bytes().to_vec();
        let parts =
            [("word/document.xml".to_owned(), main), ("a.bin".to_owned(), vec![0, 1]), ("b.bin".to_owned(), vec![2])];
        let smaller = shrink(&pack(&parts).unwrap(), &mut |bytes| {
            let parts = unpack(bytes)?;
            let has = |name: &str, text: &str| {
                parts.iter().any(|(found, bytes)| found == name && String::from_utf8_lossy(bytes).contains(text))
            };
            Ok(has("word/document.xml", "乙") && has("b.bin", ""))
        });
        let main = "<w:body><w:p>乙</w:p></w:body>".as_bytes().to_vec();
        assert_eq!(
            unpack(&smaller.unwrap()).unwrap(),
            [("word/document.xml".to_owned(), main), ("b.bin".to_owned(), vec![2])]
        );
    }

    #[test]
    fn what_is_no_package_is_refused() {
        assert!(matches!(shrink(b"PK", &mut |_| Ok(true)), Err(Error::Usage(_))));
    }
}
