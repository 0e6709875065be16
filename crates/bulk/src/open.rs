//! A file opened, with a clear word for each way in which that can fail.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

/// Files larger than this are not read, as for a file that is named on the command line: no report is so large.
pub(crate) const MAX_BYTES: u64 = 1 << 30;

/// How much is read before a sign of life is given: a second's worth of a slow network folder.
const PIECE: u64 = 8 << 20;

/// Why the bytes of a file could not be had.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unreadable {
    /// A name to filter by.
    pub(crate) kind: &'static str,
    /// What is wrong and what to do next.
    pub(crate) message: String,
}

fn unreadable(kind: &'static str, message: impl Into<String>) -> Unreadable {
    Unreadable { kind, message: message.into() }
}

/// The bytes of a file; `progress` is called now and then. What is no file with bytes of its own (a pipe, a device) is not opened.
pub(crate) fn read(path: &Path, progress: &mut dyn FnMut()) -> Result<Vec<u8>, Unreadable> {
    check(&std::fs::metadata(path).map_err(|error| explain(&error))?)?;
    let mut file = open(path).map_err(|error| explain(&error))?;
    // Another file may have taken the name meanwhile.
    let facts = file.metadata().map_err(|error| explain(&error))?;
    check(&facts)?;
    let bytes = read_all(&mut file, facts.len(), progress)?;
    let after = file.metadata().map_err(|error| explain(&error))?;
    let same = after.len() == facts.len() && after.modified().ok() == facts.modified().ok();
    if !same || bytes.len() as u64 != facts.len() {
        return Err(unreadable("changed", "it changed while it was read; run again when it is complete"));
    }
    Ok(bytes)
}

fn check(facts: &Metadata) -> Result<(), Unreadable> {
    if facts.is_dir() {
        return Err(unreadable("is_a_folder", "this is a folder; name the files in it"));
    }
    if !facts.is_file() {
        return Err(unreadable("not_a_file", "a pipe, a socket or a device, not a file; it is not opened"));
    }
    if facts.len() > MAX_BYTES {
        return Err(unreadable("too_large", "larger than 1 GiB; no report is: look at what was downloaded"));
    }
    Ok(())
}

/// Opens it without ever waiting for somebody at the other end of a pipe.
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

/// As many bytes as the file says it has, and one more where it has grown.
fn read_all(file: &mut File, size: u64, progress: &mut dyn FnMut()) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = Vec::new();
    let wanted = usize::try_from(size).unwrap_or(usize::MAX).saturating_add(1);
    if bytes.try_reserve_exact(wanted).is_err() {
        return Err(unreadable("out_of_memory", "it needs more memory than a worker may have; raise --memory"));
    }
    let mut left = size + 1;
    while left > 0 {
        let piece = file.take(left.min(PIECE)).read_to_end(&mut bytes).map_err(|error| explain(&error))?;
        if piece == 0 {
            break;
        }
        left -= piece as u64;
        progress();
    }
    Ok(bytes)
}

fn explain(error: &io::Error) -> Unreadable {
    match error.kind() {
        io::ErrorKind::NotFound => unreadable("not_found", "no such file; it was there when the run began"),
        io::ErrorKind::PermissionDenied => unreadable("unreadable", "permission denied; ask for leave to read it"),
        io::ErrorKind::IsADirectory => unreadable("is_a_folder", "this is a folder; name the files in it"),
        _ => unreadable("unreadable", error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_with_bytes_of_their_own_are_opened() {
        let read = |path: &str| read(Path::new(path), &mut || {}).map(|bytes| bytes.len()).map_err(|error| error.kind);
        assert_eq!(read("Cargo.toml"), Ok(std::fs::metadata("Cargo.toml").unwrap().len() as usize));
        assert_eq!(read("src"), Err("is_a_folder"));
        assert_eq!(read("src/nothing.rs"), Err("not_found"));
        assert_eq!(read("/dev/zero"), Err("not_a_file"));
    }

    #[test]
    fn a_file_that_grows_or_shrinks_is_told() {
        let path = std::env::temp_dir().join(format!("nianbao-open-{}", std::process::id()));
        std::fs::write(&path, vec![b'a'; 3 * PIECE as usize]).unwrap();
        let grown = read(&path, &mut || {
            let mut file = OpenOptions::new().append(true).open(&path).unwrap();
            io::Write::write_all(&mut file, b"b").unwrap();
        });
        assert_eq!(grown.unwrap_err().kind, "changed");
        let shrunk = read(&path, &mut || File::options().write(true).open(&path).unwrap().set_len(5).unwrap());
        assert_eq!(shrunk.unwrap_err().kind, "changed");
        std::fs::remove_file(&path).unwrap();
    }
}
