//! What the program said when somebody last looked: golden readings, a file for each case or all of them in one Parquet file.
//!
//! Files are for a corpus that lives in git: a reviewer sees what changed. One Parquet file is for an archive of many thousand files.

mod differ;
mod files;
mod layout;
mod table;

use std::path::{Path, PathBuf};

pub use differ::difference;
pub use layout::lay_out;
pub use table::{Merge, Row, RowWriter, Rows};

use serde_json::Value;

use crate::compare::{Cost, Reading};
use crate::error::Error;
use crate::run::FileReading;
use crate::said::Said;

/// What was accepted of a case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Golden {
    /// The lines of `nianbao extract`.
    pub lines: Vec<Value>,
    /// The document in normal form, printed; `None` where it was not kept.
    pub document: Option<String>,
    /// What reading it cost; files do not keep it, as it differs from machine to machine.
    pub cost: Option<Cost>,
    /// The SHA-256 of the file, in hexadecimal, where it was kept.
    pub sha256: Option<String>,
}

impl Golden {
    /// What is said now, as it would be accepted.
    pub fn of(reading: &FileReading) -> Self {
        Self {
            lines: reading.lines.clone(),
            document: reading.normal.as_ref().map(|normal| normal.document.clone()),
            cost: Some(reading.cost),
            sha256: reading.sha256.clone(),
        }
    }

    /// It taken apart, to be compared. `name` is that of its file.
    pub fn reading(&self, name: &str) -> Reading {
        Reading { said: self.lines.iter().map(|line| Said::of(line, name)).collect(), cost: self.cost }
    }
}

/// Where golden readings are kept.
#[derive(Clone, Debug)]
pub enum Goldens {
    /// In a folder, two files for each case.
    Files(PathBuf),
    /// In one Parquet file.
    Table(PathBuf),
}

impl Goldens {
    /// The store at a path: a Parquet file by its ending, else a folder.
    pub fn at(path: &Path) -> Self {
        let is_table = path.extension().is_some_and(|ending| ending == "parquet");
        if is_table { Self::Table(path.to_owned()) } else { Self::Files(path.to_owned()) }
    }

    /// Whether the documents as read are kept too.
    pub const fn keeps_documents(&self) -> bool {
        matches!(self, Self::Files(_))
    }

    /// Begins to read them, in the order of the cases' names.
    ///
    /// # Errors
    /// A Parquet file that is none of ours.
    pub fn reader(&self) -> Result<GoldenReader, Error> {
        match self {
            Self::Files(folder) => Ok(GoldenReader::Files(folder.clone())),
            Self::Table(path) if !path.exists() => Ok(GoldenReader::Nothing),
            Self::Table(path) => Rows::open(path).map(|rows| GoldenReader::Table { rows: Box::new(rows), ahead: None }),
        }
    }

    /// Begins to keep what is accepted of some cases, in place of what was kept of them; the rest stays.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn keeper(&self) -> Result<Keeper, Error> {
        match self {
            Self::Files(folder) => Ok(Keeper::Files(folder.clone())),
            Self::Table(path) => Merge::begin(path).map(|merge| Keeper::Table(Box::new(merge))),
        }
    }
}

/// Keeps golden readings.
#[derive(Debug)]
pub enum Keeper {
    /// In a folder, at once.
    Files(PathBuf),
    /// In a Parquet file, when all are there.
    Table(Box<Merge>),
}

impl Keeper {
    /// Keeps what is accepted of a case. Cases come in the order of their names.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn put(&mut self, case: &str, golden: Golden) -> Result<(), Error> {
        match self {
            Self::Files(folder) => files::put(folder, case, &golden),
            Self::Table(merge) => merge.put(case, golden),
        }
    }

    /// All are there.
    ///
    /// # Errors
    /// It cannot be written; what was kept before stays.
    pub fn finish(self) -> Result<(), Error> {
        match self {
            Self::Files(_) => Ok(()),
            Self::Table(merge) => merge.finish(),
        }
    }
}

/// Reads golden readings one after another.
#[derive(Debug)]
pub enum GoldenReader {
    /// Nothing was accepted yet.
    Nothing,
    /// From a folder.
    Files(PathBuf),
    /// From a Parquet file, of which one row was read ahead.
    Table {
        /// The rows.
        rows: Box<Rows>,
        /// The row whose turn has not come.
        ahead: Option<Row>,
    },
}

impl GoldenReader {
    /// What was accepted of a case; `None` where nothing was. Cases are asked for in the order of their names; those that are passed
    /// over are handed to `gone`.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn of(&mut self, case: &str, gone: &mut dyn FnMut(Row)) -> Result<Option<Golden>, Error> {
        match self {
            Self::Nothing => Ok(None),
            Self::Files(folder) => files::get(folder, case),
            Self::Table { rows, ahead } => loop {
                let Some(row) = ahead.take().map_or_else(|| rows.next().transpose(), |row| Ok(Some(row)))? else {
                    return Ok(None);
                };
                match row.case.as_str().cmp(case) {
                    std::cmp::Ordering::Less => gone(row),
                    std::cmp::Ordering::Equal => return Ok(Some(row.golden)),
                    std::cmp::Ordering::Greater => {
                        *ahead = Some(row);
                        return Ok(None);
                    }
                }
            },
        }
    }

    /// Hands over those behind the last case that was asked for.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn rest(&mut self, gone: &mut dyn FnMut(Row)) -> Result<(), Error> {
        if let Self::Table { rows, ahead } = self {
            ahead.take().into_iter().for_each(&mut *gone);
            for row in rows {
                gone(row?);
            }
        }
        Ok(())
    }
}
