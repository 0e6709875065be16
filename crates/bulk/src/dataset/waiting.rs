//! Rows of a table that wait until the others are written: a few in memory, the rest in a file beside the dataset.
//!
//! Whoever reads a dataset wants few and large row groups, and whoever writes it cannot keep the columns of all tables open: what writes one
//! takes 120 KiB however few rows there are (most of it for a decompressor that is never used), and the tables have some ninety. So tables of few
//! rows are written when those of many are whole, one after the other.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Seek as _};
use std::path::{Path, PathBuf};

use arrow_array::{Array as _, RecordBatch};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::ArrowError;

use super::Error;
use super::columns::Table;
use super::part::unfinished;
use super::rows::{Rows, schema};

/// Rows of one table that wait.
pub(super) struct Waiting {
    pub(super) table: &'static Table,
    /// The last of them. They are copied together as they come: small pieces that live long would scatter what is free.
    rows: Rows,
    /// How many bytes those have.
    bytes: usize,
    path: PathBuf,
    /// Those before them, where there are so many.
    put: Option<StreamWriter<BufWriter<File>>>,
}

impl Waiting {
    pub(super) fn new(folder: &Path, table: &'static Table) -> Result<Self, Error> {
        let path = path(folder, table);
        // Of a run that was killed.
        remove(&path)?;
        Ok(Self { table, rows: Rows::new(table), bytes: 0, path, put: None })
    }

    pub(super) fn add(&mut self, rows: &RecordBatch) -> Result<(), Error> {
        self.bytes += bytes(rows).map_err(|error| self.wrong(error))?;
        self.rows.append(rows).map_err(|error| self.wrong(error))
    }

    /// How many bytes of them are in memory.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Puts those that are in memory into the file.
    pub(super) fn put(&mut self) -> Result<(), Error> {
        self.bytes = 0;
        let rows = self.rows.finish().map_err(|error| self.wrong(error))?;
        let put = match &mut self.put {
            Some(put) => put,
            none => {
                let file = File::options().read(true).write(true).create(true).truncate(true).open(&self.path);
                let file = file.map_err(|error| Error::write(&self.path, error))?;
                let put = StreamWriter::try_new_buffered(file, &schema(self.table));
                none.insert(put.map_err(|error| wrong(&self.path, error))?)
            }
        };
        put.write(&rows).map_err(|error| wrong(&self.path, error))
    }

    /// Hands over all of them in their order; what they waited in is removed.
    pub(super) fn take(mut self, take: &mut dyn FnMut(&RecordBatch) -> Result<(), Error>) -> Result<(), Error> {
        if let Some(put) = self.put.take() {
            let written = put.into_inner().map_err(|error| self.wrong(error))?;
            let mut file = written.into_inner().map_err(|error| Error::write(&self.path, error.into_error()))?;
            file.rewind().map_err(|error| Error::write(&self.path, error))?;
            let read = StreamReader::try_new(BufReader::new(file), None).map_err(|error| self.wrong(error))?;
            for rows in read {
                take(&rows.map_err(|error| self.wrong(error))?)?;
            }
            remove(&self.path)?;
        }
        if self.rows.is_empty() { Ok(()) } else { take(&self.rows.finish().map_err(|error| self.wrong(error))?) }
    }

    fn wrong(&self, error: ArrowError) -> Error {
        wrong(&self.path, error)
    }
}

/// Where rows of a table wait; never one of the dataset's files.
pub(super) fn path(folder: &Path, table: &Table) -> PathBuf {
    unfinished(folder, &format!("{}.rows", table.name))
}

/// Removes a file that need not be there.
pub(super) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::write(path, error)),
        _ => Ok(()),
    }
}

/// How many bytes the rows themselves have, whatever room was made for them: the same for the same rows.
fn bytes(rows: &RecordBatch) -> Result<usize, ArrowError> {
    rows.columns().iter().map(|column| column.to_data().get_slice_memory_size()).sum()
}

/// A fault of the disk stays one: it says whether there is no space left.
fn wrong(path: &Path, error: ArrowError) -> Error {
    let error = match error {
        ArrowError::IoError(_, error) => error,
        other => io::Error::other(other),
    };
    Error::write(path, error)
}
