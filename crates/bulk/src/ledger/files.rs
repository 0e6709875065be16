//! What a walk tells the ledger, and what is to be read because of it.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rusqlite::params;

use super::Ledger;
use crate::error::Error;
use crate::event::{Expected, Job};
use crate::options::Options;
use crate::remote::address;
use crate::walk::{Choice, Stamp, Verdict};

/// How many rows are looked at in one go.
const PAGE: i64 = 1000;

/// Where a walk was, so that what it did not come to can be understood.
#[derive(Debug, Default)]
pub(crate) struct Roots {
    /// The inputs.
    pub(crate) inputs: Vec<PathBuf>,
    /// What could not be listed: nothing is known of what lies below.
    pub(crate) closed: Vec<PathBuf>,
    /// Folders on other machines that were listed to their ends, each with a slash behind it.
    pub(crate) listed: Vec<String>,
}

/// What there is to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// How many files are to be opened.
    pub(crate) pending: u64,
    /// How many files the ledger knows.
    pub(crate) files: u64,
    /// How many documents were read by another version of the program, or with other forms, and are left so.
    pub(crate) other_edition: u64,
}

/// What is known of a file that a walk comes to again.
struct Known {
    id: i64,
    stamp: Stamp,
    expected: Expected,
    state: String,
    gone: bool,
    /// The run that saw it last.
    seen: i64,
}

impl Ledger {
    /// A walk has come to a file. It is to be read where it is new, not the one that was read, or expected to be another.
    pub(crate) fn see(&mut self, path: &Path, stamp: Stamp, expected: Expected) -> Result<(), Error> {
        match self.known(path)? {
            Some(known) if known.seen == self.run && known.expected != expected => Err(Error::Usage(format!(
                "{}: two rows of the manifest name it, with different sizes or hashes; leave one of them out",
                path.display()
            ))),
            Some(known) if known.stamp == stamp && known.expected == expected && known.state != "unreadable" => {
                if known.gone {
                    self.outdate()?;
                }
                self.change("UPDATE files SET seen = ?2, gone = 0 WHERE id = ?1", params![known.id, self.run])?;
                Ok(())
            }
            _ => self.enter(path, stamp, expected, "pending"),
        }
    }

    /// A walk has come to something that cannot be read. What it gave before is kept.
    pub(crate) fn see_problem(&mut self, path: &Path, kind: &str, message: &str) -> Result<(), Error> {
        if let Some(known) = self.known(path)?
            && self.has_given(known.id)?
        {
            let gone = known.gone || kind == "not_found";
            if gone != known.gone {
                self.outdate()?;
            }
            let set = "UPDATE files SET seen = ?2, gone = ?3, state = 'done' WHERE id = ?1";
            return self.change(set, params![known.id, self.run, gone]).map(drop);
        }
        let nothing = Stamp { size: 0, modified: 0, changed: 0, inode: 0, device: 0 };
        self.enter(path, nothing, Expected::default(), "unreadable")?;
        let file = self.one("SELECT id FROM files WHERE path = ?1", [path.as_os_str().as_bytes()], |row| row.get(0))?;
        let file = file.ok_or_else(|| self.wrong("a file that was entered is not in it"))?;
        self.forget_documents(file)?;
        let add =
            "INSERT INTO documents (file, member, number, state, kind, message) VALUES (?1, x'', 0, 'failed', ?2, ?3)";
        self.change(add, params![file, kind, message]).map(drop)
    }

    fn known(&self, path: &Path) -> Result<Option<Known>, Error> {
        let find = "SELECT id, size, modified, changed, inode, device, state, gone, expected_size, expected_sha256, seen \
                    FROM files WHERE path = ?1";
        self.one(find, [path.as_os_str().as_bytes()], |row| {
            let number = |index| row.get::<_, i64>(index).map(i64::cast_unsigned);
            let stamp = Stamp {
                size: number(1)?,
                modified: row.get(2)?,
                changed: row.get(3)?,
                inode: number(4)?,
                device: number(5)?,
            };
            let (state, gone, expected) = (row.get(6)?, row.get(7)?, expected(row, 8)?);
            Ok(Known { id: row.get(0)?, stamp, expected, state, gone, seen: row.get(10)? })
        })
    }

    fn enter(&mut self, path: &Path, stamp: Stamp, expected: Expected, state: &str) -> Result<(), Error> {
        self.outdate()?;
        let add = "INSERT INTO files (path, size, modified, changed, inode, device, state, seen, expected_size, expected_sha256) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) \
                   ON CONFLICT (path) DO UPDATE SET size = ?2, modified = ?3, changed = ?4, inode = ?5, device = ?6, \
                   state = ?7, seen = ?8, expected_size = ?9, expected_sha256 = ?10, gone = 0";
        let path = path.as_os_str().as_bytes();
        let values = params![
            path,
            stamp.size.cast_signed(),
            stamp.modified,
            stamp.changed,
            stamp.inode.cast_signed(),
            stamp.device.cast_signed(),
            state,
            self.run,
            expected.size.map(u64::cast_signed),
            expected.sha256
        ];
        self.change(add, values).map(drop)
    }

    /// Whether the bytes of some document of the file were had.
    fn has_given(&self, file: i64) -> Result<bool, Error> {
        let find = "SELECT 1 FROM documents JOIN contents ON contents.id = documents.content \
                    WHERE documents.file = ?1 AND contents.state <> 'pending' LIMIT 1";
        Ok(self.one(find, [file], |_| Ok(()))?.is_some())
    }

    pub(super) fn forget_documents(&mut self, file: i64) -> Result<(), Error> {
        self.change("DELETE FROM documents WHERE file = ?1", [file]).map(drop)
    }

    /// Settles what the walk did not come to. What is no longer there is marked as gone, and keeps what it gave. What is there, and below
    /// an input, was left out this time, and is forgotten. Anything else is as it was: an earlier run had other inputs.
    pub(crate) fn settle(&mut self, roots: &Roots, choice: &Choice) -> Result<(), Error> {
        let find = "SELECT id, path, gone FROM files WHERE seen <> ?1 AND id > ?2 ORDER BY id LIMIT ?3";
        let mut after = 0;
        loop {
            let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?, row.get(2)?));
            let page: Vec<(i64, Vec<u8>, bool)> = self.all(find, params![self.run, after, PAGE], row)?;
            let Some((last, ..)) = page.last() else { return Ok(()) };
            after = *last;
            for (id, path, gone) in page {
                match address(&path) {
                    Some(address) => self.settle_away(id, address, gone, (roots, choice))?,
                    None => self.settle_one(id, Path::new(OsStr::from_bytes(&path)), gone, roots)?,
                }
            }
            self.commit()?;
        }
    }

    fn settle_one(&mut self, id: i64, path: &Path, gone: bool, roots: &Roots) -> Result<(), Error> {
        let below = |folders: &[PathBuf]| folders.iter().any(|folder| lies_in(path, folder));
        match std::fs::symlink_metadata(path) {
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                self.has_gone(id, gone)
            }
            Ok(_) if below(&roots.inputs) && !below(&roots.closed) => self.forget(id),
            _ => Ok(()),
        }
    }

    /// The same for an object. What is in no folder that was listed is as it was: nobody asks for it.
    fn settle_away(
        &mut self,
        id: i64,
        address: &str,
        gone: bool,
        (roots, choice): (&Roots, &Choice),
    ) -> Result<(), Error> {
        let mut below = roots.listed.iter().filter_map(|folder| address.strip_prefix(folder.as_str()));
        match below.next().map(|below| choice.verdict(Path::new(below))) {
            None => Ok(()),
            // It would have been taken, had it been there.
            Some(Verdict::Taken) => self.has_gone(id, gone),
            Some(Verdict::Hidden | Verdict::Excluded) => self.forget(id),
        }
    }

    /// A file is no longer there.
    fn has_gone(&mut self, id: i64, gone: bool) -> Result<(), Error> {
        if !self.has_given(id)? {
            return self.forget(id);
        }
        if !gone {
            self.outdate()?;
            self.change("UPDATE files SET gone = 1, state = 'done' WHERE id = ?1", [id])?;
        }
        Ok(())
    }

    fn forget(&mut self, file: i64) -> Result<(), Error> {
        self.outdate()?;
        self.forget_documents(file)?;
        self.change("DELETE FROM files WHERE id = ?1", [file]).map(drop)
    }

    /// Decides what is to be opened again, and counts.
    pub(crate) fn plan(&mut self, options: &Options) -> Result<Plan, Error> {
        self.requeue(options)?;
        let plan = Plan {
            pending: self.count_pending()?,
            files: self.count_files()?,
            other_edition: if options.redo { 0 } else { self.other_edition()? },
        };
        if plan.pending > 0 {
            self.outdate()?;
        }
        self.commit()?;
        Ok(plan)
    }

    /// Whether no document was ever read.
    pub(crate) fn is_new(&self) -> Result<bool, Error> {
        Ok(self.one("SELECT 1 FROM contents LIMIT 1", [], |_| Ok(()))?.is_none())
    }

    /// How many files there are.
    pub(crate) fn count_files(&self) -> Result<u64, Error> {
        let count = self.one("SELECT count(*) FROM files", [], |row| row.get::<_, i64>(0))?;
        Ok(count.unwrap_or(0).cast_unsigned())
    }

    /// How many files are to be opened.
    pub(crate) fn count_pending(&self) -> Result<u64, Error> {
        let count = self.one("SELECT count(*) FROM files WHERE state = 'pending'", [], |row| row.get::<_, i64>(0))?;
        Ok(count.unwrap_or(0).cast_unsigned())
    }

    /// Opens again the files that hold a document which is still to be read; how many they are.
    pub(crate) fn requeue_unread(&mut self) -> Result<usize, Error> {
        self.requeue(&Options { retry: false, redo: false, tables: false, ..Options::default() })
    }

    /// Opens again the files that hold a document which is still to be read, or to be read again.
    fn requeue(&mut self, options: &Options) -> Result<usize, Error> {
        let again = "UPDATE files SET state = 'pending' WHERE state = 'done' AND gone = 0 AND EXISTS ( \
                       SELECT 1 FROM documents LEFT JOIN contents ON contents.id = documents.content \
                       WHERE documents.file = files.id AND (contents.state = 'pending' \
                       OR ?1 AND coalesce(contents.state, documents.state) IN ('failed', 'quarantined') \
                          AND coalesce(contents.run, files.run, 0) < ?4 \
                       OR ?2 AND coalesce(contents.edition, files.edition, 0) <> ?5 \
                       OR ?3 AND contents.state IN ('done', 'failed') AND NOT contents.tables))";
        self.change(again, params![options.retry, options.redo, options.tables, self.run, self.edition])
    }

    fn other_edition(&self) -> Result<u64, Error> {
        if self.one("SELECT 1 FROM editions WHERE id <> ?1", [self.edition], |_| Ok(()))?.is_none() {
            return Ok(0);
        }
        let count = "SELECT count(*) FROM documents JOIN contents ON contents.id = documents.content \
                     WHERE contents.edition <> ?1";
        Ok(self.one(count, [self.edition], |row| row.get::<_, i64>(0))?.unwrap_or(0).cast_unsigned())
    }

    /// The next files to open after a path, in the order of their paths; each with how many bytes it had.
    pub(crate) fn pending(&self, after: &[u8], most: usize) -> Result<Vec<(Job, u64)>, Error> {
        let find = "SELECT id, path, expected_size, expected_sha256, size FROM files \
                    WHERE state = 'pending' AND path > ?1 ORDER BY path LIMIT ?2";
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.all(find, params![after, most], |row| {
            let path: Vec<u8> = row.get(1)?;
            let path = PathBuf::from(OsStr::from_bytes(&path));
            let job = Job { id: row.get(0)?, path, expected: expected(row, 2)? };
            Ok((job, row.get::<_, i64>(4)?.cast_unsigned()))
        })
    }
}

/// What a file is expected to be, from two columns.
fn expected(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Expected> {
    let size: Option<i64> = row.get(column)?;
    Ok(Expected { size: size.map(i64::cast_unsigned), sha256: row.get(column + 1)? })
}

/// Whether a path leads into a folder; both are as [`tidy`](crate::walk::tidy) leaves them.
fn lies_in(path: &Path, folder: &Path) -> bool {
    if folder == Path::new(".") { path.is_relative() && !path.starts_with("..") } else { path.starts_with(folder) }
}
