//! Files opened, with a clear word for each way in which that can fail.

use std::io::{self, Read as _};
use std::path::Path;

/// Files larger than this are not read: no report is, and a scraped archive by mistake would fill the memory.
const MAX_BYTES: u64 = 1 << 30;

/// Why the bytes of a file could not be had.
#[derive(Debug)]
pub(crate) struct Unreadable {
    /// A name to filter by.
    pub(crate) kind: &'static str,
    /// What is wrong and what to do next.
    pub(crate) message: String,
}

impl Unreadable {
    pub(crate) fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

/// The bytes of a file, or of standard input for `-`.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Unreadable> {
    if path == Path::new("-") {
        return read_all(io::stdin().lock());
    }
    let file = std::fs::File::open(path).map_err(|error| explain(&error))?;
    let facts = file.metadata().map_err(|error| explain(&error))?;
    if facts.is_dir() {
        return Err(Unreadable::new("is_a_folder", "this is a folder; name the files in it"));
    }
    if facts.len() > MAX_BYTES {
        return Err(too_large());
    }
    read_all(file)
}

fn read_all(from: impl io::Read) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = Vec::new();
    from.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| explain(&error))?;
    if bytes.len() as u64 > MAX_BYTES { Err(too_large()) } else { Ok(bytes) }
}

fn too_large() -> Unreadable {
    Unreadable::new("too_large", "larger than 1 GiB; no report is: look at what was downloaded")
}

fn explain(error: &io::Error) -> Unreadable {
    match error.kind() {
        io::ErrorKind::NotFound => Unreadable::new("not_found", "no such file; check the name"),
        io::ErrorKind::PermissionDenied => Unreadable::new("unreadable", "permission denied; ask for leave to read it"),
        io::ErrorKind::IsADirectory => Unreadable::new("is_a_folder", "this is a folder; name the files in it"),
        _ => Unreadable::new("unreadable", error.to_string()),
    }
}
