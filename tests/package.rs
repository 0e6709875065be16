//! ZIP packages taken apart and put together again.

use std::io::{Cursor, Read as _, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// The parts of a package, each with its name.
pub(crate) type Parts = Vec<(String, Vec<u8>)>;

/// The parts of a package; `None` where it is none, or cannot be taken apart.
pub(crate) fn parts(bytes: &[u8]) -> Option<Parts> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let count = archive.len();
    let part = |index: usize| {
        let mut file = archive.by_index(index).ok()?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).ok()?;
        Some((file.name().to_owned(), bytes))
    };
    (0..count).map(part).collect()
}

/// A package of these parts, with the checksums that belong to them. `None` where two have one name.
pub(crate) fn packed(parts: &Parts) -> Option<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in parts {
        writer.start_file(name.as_str(), options).ok()?;
        writer.write_all(bytes).ok()?;
    }
    Some(writer.finish().ok()?.into_inner())
}
