//! The folder in which a shard is read, or all are gathered, held against others on the same machine.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use super::parts::chance;
use crate::error::Error;
use crate::lock::Lock;

/// A folder of our own, for as long as the value lives.
#[derive(Debug)]
pub(super) struct Scratch {
    folder: PathBuf,
    _lock: Lock,
}

impl Scratch {
    /// The folder of this name, with what an earlier run left in it; or, where another process is at work there, a new one.
    pub(super) fn take(base: Option<&Path>, name: &str) -> Result<Self, Error> {
        let base = base.map_or_else(std::env::temp_dir, Path::to_owned);
        let folder = base.join(format!("nianbao-{name}"));
        match Self::open(folder.clone()) {
            Ok(scratch) => Ok(scratch),
            // It is taken, or goes at this very moment.
            Err(Error::Busy { .. } | Error::Write { .. }) => {
                let name = format!("{}-{:016x}", folder.display(), chance());
                Self::open(PathBuf::from(name))
            }
            Err(error) => Err(error),
        }
    }

    fn open(folder: PathBuf) -> Result<Self, Error> {
        // Only for us: what lies in it becomes the dataset.
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&folder);
        made.map_err(|error| Error::write(&folder, error))?;
        Ok(Self { _lock: Lock::take(&folder)?, folder })
    }

    pub(super) fn path(&self) -> &Path {
        &self.folder
    }

    /// Nothing of it is needed any more. What cannot be removed now the system will.
    pub(super) fn remove(self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
