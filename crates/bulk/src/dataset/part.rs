//! A file of the dataset while it is written: under `NAME.part` until it is whole.

use std::fs::{self, File};
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{Error, WrittenFile};
use crate::walk::identity;

/// A file that is being written, counted and hashed on its way.
#[derive(Debug)]
pub(crate) struct Part {
    folder: PathBuf,
    name: String,
    file: io::BufWriter<File>,
    bytes: u64,
    digest: Sha256,
}

impl Part {
    pub(crate) fn create(folder: &Path, name: &str) -> Result<Self, Error> {
        let path = unfinished(folder, name);
        let file = File::create(&path).map_err(|error| Error::write(&path, error))?;
        let file = io::BufWriter::with_capacity(1 << 17, file);
        Ok(Self { folder: folder.to_owned(), name: name.to_owned(), file, bytes: 0, digest: Sha256::new() })
    }

    /// Where it is while it is written.
    pub(crate) fn path(&self) -> PathBuf {
        unfinished(&self.folder, &self.name)
    }

    /// All was written: brings it to the disk, but not yet to its name.
    pub(crate) fn finish(mut self) -> Result<WrittenFile, Error> {
        let path = self.path();
        let wrong = |error| Error::write(&path, error);
        self.file.flush().map_err(wrong)?;
        self.file.get_ref().sync_all().map_err(wrong)?;
        Ok(WrittenFile { name: self.name, bytes: self.bytes, sha256: self.digest.finalize().into() })
    }
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.bytes += written as u64;
        self.digest.update(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The folder that is written to. It is held open: should somebody take it away meanwhile, what is put in its place is another folder, whose
/// parts are somebody else's.
pub(crate) struct OutFolder {
    path: PathBuf,
    open: File,
}

impl OutFolder {
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let open = File::open(path).map_err(|error| Error::write(path, error))?;
        Ok(Self { path: path.to_owned(), open })
    }

    /// Whether it is still what its path leads to.
    pub(crate) fn stands(&self) -> Result<(), Error> {
        let there = fs::metadata(&self.path);
        let same = there.and_then(|there| Ok(identity(&there) == identity(&self.open.metadata()?)));
        let gone = || io::Error::other("it was taken away while it was written to; run the same command again");
        match same {
            Ok(true) => Ok(()),
            Ok(false) => Err(Error::write(&self.path, gone())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Error::write(&self.path, gone())),
            Err(error) => Err(Error::write(&self.path, error)),
        }
    }
}

/// Where a file is while it is written.
pub(crate) fn unfinished(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.part"))
}

/// Gives a whole file its name, in place of whatever has it.
pub(crate) fn rename(folder: &Path, name: &str) -> Result<(), Error> {
    let path = folder.join(name);
    fs::rename(unfinished(folder, name), &path).map_err(|error| Error::write(&path, error))
}

/// Brings the names of a folder to the disk.
pub(crate) fn sync(folder: &Path) -> Result<(), Error> {
    // Not every system lets a folder be opened; where it does not, there is nothing to bring.
    match File::open(folder) {
        Ok(file) => file.sync_all().map_err(|error| Error::write(folder, error)),
        Err(_) => Ok(()),
    }
}

/// A file that something else wrote: counted and hashed by reading it once more.
pub(crate) fn look(folder: &Path, name: &str) -> Result<WrittenFile, Error> {
    let path = unfinished(folder, name);
    let wrong = |error| Error::write(&path, error);
    let mut file = File::open(&path).map_err(wrong)?;
    let written = count(&mut file, name).map_err(wrong)?;
    file.sync_all().map_err(wrong)?;
    Ok(written)
}

/// A file that has its name.
pub(crate) fn standing(folder: &Path, name: &str) -> Result<WrittenFile, Error> {
    let path = folder.join(name);
    let counted = File::open(&path).and_then(|mut file| count(&mut file, name));
    counted.map_err(|error| Error::write(&path, error))
}

fn count(file: &mut File, name: &str) -> io::Result<WrittenFile> {
    let (mut digest, mut bytes) = (Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = file.read(&mut buffer)?;
        let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else { break };
        digest.update(read);
        bytes += count as u64;
    }
    Ok(WrittenFile { name: name.to_owned(), bytes, sha256: digest.finalize().into() })
}
