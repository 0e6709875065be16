//! DOCX: the main part is taken apart, the package around it stays.

use std::io::{Cursor, Read as _, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::markup::{self, WORD};
use crate::error::Error;

/// The main part of what Word and WPS write. A package may name another one; none was met.
const MAIN: &str = "word/document.xml";

/// How many bytes a package may have unpacked.
const MOST: u64 = 256 << 20;

/// The smallest document that shows the same.
pub(super) fn shrink(bytes: Vec<u8>, shows: &mut dyn FnMut(&[u8]) -> Result<bool, Error>) -> Result<Vec<u8>, Error> {
    let parts = unpack(&bytes)?;
    let main = parts.iter().find(|(name, _)| name == MAIN).map(|(_, bytes)| bytes.clone());
    let main = main.ok_or_else(|| Error::Usage(format!("there is no {MAIN} in it; it cannot be taken apart yet")))?;
    let package = |main: &[u8]| pack(&parts, main);
    let smaller = markup::shrink(main, &WORD, &mut |main| shows(&package(main)?))?;
    package(&smaller)
}

fn unpack(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, Error> {
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

fn pack(parts: &[(String, Vec<u8>)], main: &[u8]) -> Result<Vec<u8>, Error> {
    let broken = |error: &dyn std::fmt::Display| Error::Failed(format!("the package cannot be written: {error}"));
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        writer.start_file(name.as_str(), options).map_err(|error| broken(&error))?;
        let bytes = if name == MAIN { main } else { bytes };
        writer.write_all(bytes).map_err(|error| broken(&error))?;
    }
    writer.finish().map(Cursor::into_inner).map_err(|error| broken(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_part_shrinks_and_the_others_stay() {
        let main = "<w:body><w:p>甲</w:p><w:p>乙</w:p></w:body>".as_bytes().to_vec();
        let parts = vec![(MAIN.to_owned(), main.clone()), ("a.bin".to_owned(), vec![0, 1])];
        let whole = pack(&parts, &main).unwrap();
        let smaller = shrink(whole, &mut |bytes| {
            let parts = unpack(bytes)?;
            Ok(String::from_utf8_lossy(&parts[0].1).contains('乙'))
        });
        let parts = unpack(&smaller.unwrap()).unwrap();
        assert_eq!(String::from_utf8_lossy(&parts[0].1), "<w:body><w:p>乙</w:p></w:body>");
        assert_eq!(parts[1], ("a.bin".to_owned(), vec![0, 1]));
    }

    #[test]
    fn what_is_no_package_is_refused() {
        assert!(matches!(shrink(b"PK".to_vec(), &mut |_| Ok(true)), Err(Error::Usage(_))));
    }
}
