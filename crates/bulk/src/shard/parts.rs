//! The parts of a shard: where they lie, and how they get there.

use std::fs::{self, File};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io;
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray as _;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::dataset::WrittenFile;
use crate::error::Error;
use crate::summary::Tally;

/// The table that is the same in every shard: its part is called by its own bytes, so that all of them leave one.
const SAME: &str = "fields";

/// The folders of what is no table of the dataset.
const STATUS: &str = "status";
pub(super) const RECORDS: &str = "records";

/// The parts of one shard.
#[derive(Debug)]
pub(super) struct Parts {
    out: PathBuf,
    name: String,
}

impl Parts {
    pub(super) fn new(out: &Path, name: String) -> Self {
        Self { out: out.to_owned(), name }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Where the part of a table lies.
    pub(super) fn of(&self, table: &str) -> PathBuf {
        self.out.join(table).join(file_name(&self.name))
    }

    /// Whether all of them are there: the status is put last.
    pub(super) fn stand(&self) -> bool {
        self.of(STATUS).is_file()
    }

    /// What the documents came to, as the status says.
    pub(super) fn tally(&self) -> Result<Tally, Error> {
        let path = self.of(STATUS);
        let spoilt = |error: &dyn std::fmt::Display| Error::Part {
            path: path.clone(),
            why: format!("it cannot be read ({error}); run the shard again with --retry failed"),
        };
        let file = File::open(&path).map_err(|error| spoilt(&error))?;
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| spoilt(&error))?;
        let mask = ProjectionMask::columns(reader.parquet_schema(), ["outcome"]);
        let mut tally = Tally::default();
        for batch in reader.with_projection(mask).build().map_err(|error| spoilt(&error))? {
            let batch = batch.map_err(|error| spoilt(&error))?;
            let outcomes = batch.column_by_name("outcome").and_then(|column| column.as_string_opt::<i32>());
            let outcomes = outcomes.ok_or_else(|| spoilt(&"it has no outcomes"))?;
            outcomes.iter().flatten().for_each(|outcome| tally.add(outcome, 1));
        }
        Ok(tally)
    }

    /// Puts the files of a folder, `TABLE.parquet` each, where the parts lie, in their order.
    pub(super) fn put(&self, files: &[WrittenFile], folder: &Path) -> Result<(), Error> {
        for file in files {
            let table = file.name.trim_end_matches(".parquet");
            let own = nianbao::hex(&file.sha256);
            let name = if table == SAME { own.get(..32).unwrap_or(&own) } else { &self.name };
            put(&folder.join(&file.name), &self.out.join(table), &file_name(name))?;
        }
        Ok(())
    }
}

fn file_name(name: &str) -> String {
    format!("part-{name}.parquet")
}

/// Puts a copy of a file into a folder: whole, or not at all. It waits under a name that nobody else has and that readers of Parquet pass over.
fn put(from: &Path, folder: &Path, name: &str) -> Result<(), Error> {
    let (place, waiting) = (folder.join(name), folder.join(format!(".{name}.{:016x}", chance())));
    let put = || {
        fs::create_dir_all(folder)?;
        let mut file = File::create_new(&waiting)?;
        io::copy(&mut File::open(from)?, &mut file)?;
        file.sync_all()?;
        fs::rename(&waiting, &place)?;
        // Not every system lets a folder be opened; where it does not, there is nothing to bring to the disk.
        File::open(folder).map_or(Ok(()), |folder| folder.sync_all())
    };
    put().map_err(|error| {
        // A full disk needs the room; that it fails too is nothing new to tell.
        let _ = fs::remove_file(&waiting);
        Error::write(&place, error)
    })
}

/// A number that no other process has: the seed of the standard library's maps, drawn from the system.
pub(super) fn chance() -> u64 {
    RandomState::new().build_hasher().finish()
}
