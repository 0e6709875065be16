//! The ledger: what a run knows of its inputs, in an SQLite file beside the dataset. `schema.sql` says what it holds.
//!
//! One thread owns it. Changes are gathered in a transaction that [`Ledger::commit`] ends ten times a second: a process that is killed loses
//! what it read since, never what the ledger says, and the next run reads that again. Synchronising is left to SQLite's write-ahead log
//! (`synchronous = NORMAL`): a loss of power may take back the last commits, and cannot spoil the file.

mod books;
mod files;
mod kept;
mod source;
mod summary;

pub(crate) use books::Books;
pub(crate) use files::{Plan, Roots};
pub(crate) use kept::Kept;
pub(crate) use source::{Follower, LedgerSource};

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, params};

use crate::error::Error;

/// The name of the ledger in the output folder.
pub(crate) const NAME: &str = "ledger.sqlite";

/// What SQLite calls the kind of file: "nian".
const APPLICATION: i32 = 0x6e69_616e;

/// The version of `schema.sql`.
const VERSION: i32 = 2;

/// What brings a ledger of version 1 to version 2.
const SECOND: &str = "
    ALTER TABLE files ADD COLUMN expected_size INTEGER;
    ALTER TABLE files ADD COLUMN expected_sha256 BLOB;
";

/// Removes the ledger of a folder, where there is one.
pub(crate) fn remove(folder: &Path) -> std::io::Result<()> {
    for ending in ["", "-wal", "-shm"] {
        match std::fs::remove_file(folder.join(format!("{NAME}{ending}"))) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Who reads: the version of the program, and the SHA-256 of the texts of the forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edition {
    pub(crate) version: String,
    pub(crate) forms: String,
}

/// The ledger, open for one run.
#[derive(Debug)]
pub(crate) struct Ledger {
    connection: Connection,
    path: PathBuf,
    /// The number of this run, from 1.
    run: i64,
    /// The number of who reads.
    edition: i64,
    /// Whether a transaction is open.
    open: Cell<bool>,
    /// Whether it is noted already that the dataset is no longer that of the ledger.
    outdated: bool,
}

impl Ledger {
    /// Opens the ledger of an output folder, or makes one, and enters a new run.
    pub(crate) fn open(out: &Path, edition: &Edition) -> Result<Self, Error> {
        let path = out.join(NAME);
        let connection = Connection::open(&path).map_err(|error| explain(&path, &error))?;
        let mut ledger = Self { connection, path, run: 0, edition: 0, open: Cell::new(false), outdated: false };
        ledger.prepare().map_err(|error| ledger.explain(&error))??;
        ledger.begin(edition)?;
        Ok(ledger)
    }

    fn prepare(&self) -> rusqlite::Result<Result<(), Error>> {
        let pragma = |name: &str| self.connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
        let (application, version) = (pragma("application_id")?, pragma("user_version")?);
        let tables: i64 = self.connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if tables > 0 && application != APPLICATION {
            return Ok(Err(self.wrong("not a ledger of nianbao; name another folder with --out")));
        }
        if version > VERSION {
            return Ok(Err(self.wrong("the ledger of a newer nianbao; use that one, or another folder")));
        }
        self.connection.pragma_update(None, "journal_mode", "WAL")?;
        self.connection.pragma_update(None, "synchronous", "NORMAL")?;
        tune(&self.connection)?;
        if tables == 0 {
            let tables = include_str!("schema.sql");
            self.connection.execute_batch(&format!(
                "BEGIN; {tables}; PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}; COMMIT;"
            ))?;
        }
        if tables > 0 && version < VERSION {
            self.connection.execute_batch(&format!("BEGIN; {SECOND}; PRAGMA user_version = {VERSION}; COMMIT;"))?;
        }
        Ok(Ok(()))
    }

    /// Enters a new run. What an earlier one was reading when it ended is to be read again.
    fn begin(&mut self, edition: &Edition) -> Result<(), Error> {
        let Edition { version, forms } = edition;
        self.change("INSERT OR IGNORE INTO editions (version, forms) VALUES (?1, ?2)", params![version, forms])?;
        let of = "SELECT id FROM editions WHERE version = ?1 AND forms = ?2";
        self.edition = self.one(of, params![version, forms], |row| row.get(0))?.unwrap_or_default();
        self.change("INSERT INTO runs (edition, started) VALUES (?1, ?2)", params![self.edition, now()])?;
        self.run = self.connection.last_insert_rowid();
        self.unfinished()?;
        self.commit()
    }

    /// The folder that it lies in.
    pub(crate) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// Files that were begun and not finished are to be read.
    pub(crate) fn unfinished(&mut self) -> Result<(), Error> {
        self.change("UPDATE files SET state = 'pending' WHERE state = 'running'", []).map(drop)
    }

    /// Notes how the run ended.
    pub(crate) fn end(&mut self, ending: &str) -> Result<(), Error> {
        let set = "UPDATE runs SET ended = ?2, ending = ?3 WHERE id = ?1";
        self.change(set, params![self.run, now(), ending])?;
        self.commit()
    }

    /// Makes all changes last.
    pub(crate) fn commit(&mut self) -> Result<(), Error> {
        if self.open.take() {
            self.connection.execute_batch("COMMIT").map_err(|error| self.explain(&error))?;
        }
        Ok(())
    }

    /// What was noted of the dataset that was written last; nothing where the ledger has changed since.
    pub(crate) fn written(&self) -> Result<Option<String>, Error> {
        self.one("SELECT value FROM meta WHERE key = 'dataset'", [], |row| row.get(0))
    }

    /// Notes what dataset was written from the ledger as it is.
    pub(crate) fn set_written(&mut self, note: &str) -> Result<(), Error> {
        self.change("INSERT OR REPLACE INTO meta (key, value) VALUES ('dataset', ?1)", [note])?;
        self.outdated = false;
        self.commit()
    }

    /// The dataset is no longer that of the ledger.
    fn outdate(&mut self) -> Result<(), Error> {
        if std::mem::replace(&mut self.outdated, true) {
            return Ok(());
        }
        self.change("DELETE FROM meta WHERE key = 'dataset'", []).map(drop)
    }

    /// Runs a statement that changes something, in the transaction that is open; how many rows it changed.
    fn change(&self, sql: &str, values: impl rusqlite::Params) -> Result<usize, Error> {
        if !self.open.get() {
            self.connection.execute_batch("BEGIN IMMEDIATE").map_err(|error| self.explain(&error))?;
            self.open.set(true);
        }
        let changed = self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute(values));
        changed.map_err(|error| self.explain(&error))
    }

    /// The first row that a query gives.
    fn one<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        row: impl FnOnce(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Error> {
        let found = self.connection.prepare_cached(sql).and_then(|mut query| query.query_row(values, row).optional());
        found.map_err(|error| self.explain(&error))
    }

    /// All rows that a query gives.
    fn all<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        row: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let found = self.connection.prepare_cached(sql).and_then(|mut query| query.query_map(values, row)?.collect());
        found.map_err(|error| self.explain(&error))
    }

    /// Lets the file grow to so many pages, as on a small disk.
    #[cfg(test)]
    pub(crate) fn limit(&mut self, pages: u32) {
        self.connection.pragma_update(None, "max_page_count", pages).unwrap();
    }

    fn wrong(&self, why: &str) -> Error {
        Error::Ledger { path: self.path.clone(), why: why.to_owned() }
    }

    fn explain(&self, error: &rusqlite::Error) -> Error {
        explain(&self.path, error)
    }
}

/// How the ledger is used, by whoever opens it.
fn tune(connection: &Connection) -> rusqlite::Result<()> {
    // 1 MiB of pages. What does not fit, the system keeps: a larger cache makes nothing faster that was measured.
    connection.pragma_update(None, "cache_size", -1024)?;
    connection.pragma_update(Some("temp"), "cache_size", -512)?;
    // No statement is planned anew for each value that it is given.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // All of ours, so that none is forgotten and prepared again.
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

fn explain(path: &Path, error: &rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Error::Full(path.to_owned()),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            let why = "in use by another program; close it and run the same command again".to_owned();
            Error::Ledger { path: path.to_owned(), why }
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            let why = format!("not a ledger of nianbao, or spoilt ({error}); name another folder with --out");
            Error::Ledger { path: path.to_owned(), why }
        }
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            let why = format!("cannot be written ({error}); look at the permissions of the folder");
            Error::Ledger { path: path.to_owned(), why }
        }
        Some(ErrorCode::SystemIoFailure) => {
            let why = format!("the disk does not do what it should ({error}); the same command goes on from here");
            Error::Ledger { path: path.to_owned(), why }
        }
        _ => Error::Ledger { path: path.to_owned(), why: error.to_string() },
    }
}

/// Milliseconds since 1970. Only the ledger knows times.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
