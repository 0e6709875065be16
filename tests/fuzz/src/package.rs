//! Changes what stands inside the parts of a ZIP package, not the package around them.
//!
//! A changed byte of a packed part is a part that cannot be unpacked, and a reader never sees it. So one part is taken out and changed,
//! and all are packed again, without compression and with the checksums that belong to them.

use std::io::{Cursor, Read as _, Write as _};

use libfuzzer_sys::fuzzer_mutate;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// A package with more parts than this, or larger ones, is changed as it is.
const MOST_PARTS: usize = 200;
const MOST_BYTES: u64 = 1 << 20;

/// For one round in so many the package itself is changed, not what stands in it.
const OUTSIDE: u32 = 8;

/// A mutator for libFuzzer: changes `data[..size]` and returns its new size, at most `limit`.
pub fn mutate(data: &mut [u8], size: usize, limit: usize, seed: u32) -> usize {
    let changed = if seed % OUTSIDE == 0 { None } else { changed(&data[..size], limit, seed / OUTSIDE) };
    match changed {
        Some(bytes) => {
            data[..bytes.len()].copy_from_slice(&bytes);
            bytes.len()
        }
        None => fuzzer_mutate(data, size, limit),
    }
}

/// The package with one part changed; `None` where it is none, or becomes too large.
fn changed(bytes: &[u8], limit: usize, seed: u32) -> Option<Vec<u8>> {
    let mut parts = parts(bytes)?;
    let part = chosen(&mut parts, seed)?;
    let size = part.len();
    let room = limit.saturating_sub(bytes.len()).clamp(64, 4096);
    part.resize(size + room, 0);
    let size = fuzzer_mutate(part, size, size + room);
    part.truncate(size);
    let packed = packed(&parts)?;
    (packed.len() <= limit).then_some(packed)
}

/// Large parts hold the text, so every second time it is one of them; else any.
fn chosen(parts: &mut [(String, Vec<u8>)], seed: u32) -> Option<&mut Vec<u8>> {
    let count = u32::try_from(parts.len()).ok().filter(|&count| count > 0)?;
    let index = if seed % 2 == 0 {
        (0..parts.len()).max_by_key(|&index| parts[index].1.len())?
    } else {
        usize::try_from(seed / 2 % count).ok()?
    };
    Some(&mut parts.get_mut(index)?.1)
}

fn parts(bytes: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    if archive.len() > MOST_PARTS {
        return None;
    }
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index(index).ok()?;
        let name = file.name().to_owned();
        let mut content = Vec::new();
        file.take(MOST_BYTES + 1).read_to_end(&mut content).ok()?;
        if content.len() as u64 > MOST_BYTES {
            return None;
        }
        parts.push((name, content));
    }
    Some(parts)
}

fn packed(parts: &[(String, Vec<u8>)]) -> Option<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in parts {
        writer.start_file(name.as_str(), options).ok()?;
        writer.write_all(content).ok()?;
    }
    Some(writer.finish().ok()?.into_inner())
}
