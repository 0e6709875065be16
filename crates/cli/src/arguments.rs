//! The arguments of the program.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::corpus::Corpora;

/// Reads Chinese government annual reports on information disclosure (政府信息公开工作年度报告) out of the files they were published in.
///
/// 从各类公文附件中读出政府信息公开工作年度报告，逐项注明出处，并按格式的勾稽关系核对。
#[derive(Debug, Parser)]
#[command(
    name = "nianbao",
    version,
    after_help = "Exit codes: 0 every report is ok, 1 some need review, 2 wrong usage, 3 some file could not be read."
)]
pub(crate) struct Arguments {
    /// Tell more on stderr; twice for still more (or set `NIANBAO_LOG`)
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub(crate) verbose: u8,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print the reports that the files hold, one a line, as JSON
    Extract {
        /// The files, `-` for standard input
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        form: FormChoice,
    },
    /// Print the tables that the files hold, one file a line, as JSON
    Tables {
        /// The files, `-` for standard input
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// As read, before anything is joined
        #[arg(long)]
        raw: bool,
    },
    /// Show a report and what is wrong with it
    Show {
        /// The file, `-` for standard input
        file: PathBuf,
        #[command(flatten)]
        form: FormChoice,
    },
    /// Turn files, folders and archives into a dataset: Parquet, CSV, SQLite, and a description of every column
    ///
    /// Every input is read by a worker of its own, and what is done is remembered: run the same command again and only what is new or
    /// changed is read, also after Ctrl-C, a full disk or a loss of power. The dataset holds what all runs on the folder have read;
    /// what has gone from the disk since stays in it, and what is left out now by a pattern goes.
    ///
    /// In folders, what is hidden (names that begin with a dot) and what programs leave behind (~$…, Thumbs.db, desktop.ini, __MACOSX) is
    /// passed over; name it, and it is read. Links to folders are followed, no folder is read twice.
    #[command(after_long_help = CODES_OF_CONVERT)]
    Convert(Box<Convert>),
    /// Keep a corpus of documents, and see what changes in it when the program does
    Corpus {
        #[command(subcommand)]
        command: Corpora,
    },
    /// Tell what a rule means; without a rule, list them all
    Explain {
        /// The rule's code, such as requests.balance
        rule: Option<String>,
        #[command(flatten)]
        form: FormChoice,
    },
    /// The inner side of `convert`: reads files as the pipe on standard input asks for
    #[command(hide = true)]
    Worker {
        /// What is read beside the reports
        what: Option<String>,
    },
    /// Print the JSON Schema of what `extract` prints
    Schema {
        #[command(flatten)]
        form: FormChoice,
    },
}

const CODES_OF_CONVERT: &str = "Exit codes: 0 every report is ok, 1 some need review, 2 wrong usage (also: another run is at work in the \
folder), 3 some document could not be read, or the run could not come to its end; 130 ended by Ctrl-C, 143 by a signal to terminate. All \
documents of the dataset count, not those of this run alone. With --shard: 0 once its parts are there, whatever came of its documents, which \
stands in them; 3 where they could not be written. With --gather also 3 where a shard is not there.";

/// What `nianbao convert` is told.
#[derive(Args, Debug)]
pub(crate) struct Convert {
    /// Files, folders and archives; `-` for a list of them on standard input, one a line or each ended by a zero byte. Built with object
    /// storage also `s3://bucket/folder/`, `gs://`, `az://`, and `https://` for single files; credentials are taken from the environment
    #[arg(required_unless_present = "manifest", value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// The folder for the dataset and for the ledger of what is done; or an address, `s3://bucket/folder/`, to put the dataset under (see --work)
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// With an address in --out: the folder of this machine for the ledger, and for the dataset until it is whole
    #[arg(long, value_name = "DIR")]
    pub(crate) work: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) machines: Machines,
    /// Only files that match: a glob on the path below the input, or on the name of the file; case does not count
    #[arg(long, value_name = "GLOB", help_heading = "Which files")]
    pub(crate) include: Vec<String>,
    /// No files that match, and no folders
    #[arg(long, value_name = "GLOB", help_heading = "Which files")]
    pub(crate) exclude: Vec<String>,
    /// Read again what could not be read, or was given up, in an earlier run
    #[arg(long, value_name = "WHAT", help_heading = "Which files")]
    pub(crate) retry: Option<Retry>,
    /// Read again what another version of the program, or another form, has read
    #[arg(long, help_heading = "Which files")]
    pub(crate) redo: bool,
    /// Also write each table as CSV (UTF-8)
    #[arg(long, help_heading = "What is written")]
    pub(crate) csv: bool,
    /// Begin each CSV file with a byte order mark, for Excel
    #[arg(long, requires = "csv", help_heading = "What is written")]
    pub(crate) bom: bool,
    /// Also write nianbao.sqlite
    #[arg(long, help_heading = "What is written")]
    pub(crate) sqlite: bool,
    /// Also write every table that was found, those of no form too
    #[arg(long, help_heading = "What is written")]
    pub(crate) tables: bool,
    #[command(flatten)]
    pub(crate) form: FormChoice,
    /// How many files are read at a time [default: the number of processors]
    #[arg(long, value_name = "N", help_heading = "Workers")]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// How much memory a worker may have: 512M, 1G
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "1G", help_heading = "Workers")]
    pub(crate) memory: u64,
    /// How long a document may take, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "120", help_heading = "Workers")]
    pub(crate) timeout: Duration,
    /// How long a document may show no progress, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "60", help_heading = "Workers")]
    pub(crate) stall: Duration,
    /// Where files are read: `none` is for debugging, a file that aborts then ends the run
    #[arg(long, value_name = "HOW", default_value = "process", help_heading = "Workers")]
    pub(crate) isolation: Isolation,
}

/// How the work is shared among machines.
#[derive(Args, Debug)]
pub(crate) struct Machines {
    /// Read the files that FILE names, a row each: CSV with a header, JSON lines or Parquet with a column uri, and sha256 and size where they are
    /// known. A file that is not as its row says is not read
    #[arg(long, value_name = "FILE", conflicts_with_all = ["inputs", "include", "exclude"], help_heading = "Many machines")]
    pub(crate) manifest: Option<PathBuf>,
    /// Read one shard of the manifest, the I-th of N, and leave its parts below --out, which all machines share. I counts from 0, as
    /// `JOB_COMPLETION_INDEX` does in an Indexed Job of Kubernetes. A shard that is there already is not read again
    #[arg(
        long, value_name = "I/N", requires = "manifest", value_parser = shard,
        conflicts_with_all = ["gather", "csv", "bom", "sqlite", "redo"], help_heading = "Many machines"
    )]
    pub(crate) shard: Option<ShardOf>,
    /// Write the dataset of all N shards of the manifest, once each was read: the same as of one machine
    #[arg(
        long, value_name = "N", requires = "manifest", conflicts_with_all = ["retry", "redo"],
        help_heading = "Many machines"
    )]
    pub(crate) gather: Option<NonZeroU32>,
    /// Where a shard, or gathering, keeps what it needs on the way [default: the system's folder for such things]
    #[arg(long, value_name = "DIR", requires = "manifest", help_heading = "Many machines")]
    pub(crate) scratch: Option<PathBuf>,
}

/// One shard of so many; it counts from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ShardOf {
    pub(crate) index: u32,
    pub(crate) of: NonZeroU32,
}

/// `3/8`.
fn shard(text: &str) -> Result<ShardOf, String> {
    let parts = text.split_once('/').and_then(|(index, of)| Some((index.parse().ok()?, of.parse().ok()?)));
    let (index, of): (u32, NonZeroU32) = parts.ok_or_else(|| "not a shard such as 0/8".to_owned())?;
    if index >= of.get() {
        return Err(format!("shards count from 0: the last of {of} is {}/{of}", of.get() - 1));
    }
    Ok(ShardOf { index, of })
}

/// What is read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Retry {
    /// What could not be read, or was given up
    Failed,
}

/// Where files are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Isolation {
    /// In processes of their own
    Process,
    /// In this process
    None,
}

/// Which form to fill.
#[derive(Args, Debug)]
pub(crate) struct FormChoice {
    /// A form file of your own, in place of the built-in editions of 2021 and 2019
    #[arg(long, value_name = "FILE")]
    pub(crate) form: Option<PathBuf>,
}

/// `512M`: bytes, or with a letter behind the number, so many KiB, MiB, GiB.
fn size(text: &str) -> Result<u64, String> {
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let shift = match unit.to_ascii_uppercase().trim_end_matches("IB").trim_end_matches('B') {
        "" => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        _ => return Err("not a size such as 512M or 2G".to_owned()),
    };
    let number: u64 = number.parse().map_err(|_| "not a size such as 512M or 2G".to_owned())?;
    let bytes = number.checked_mul(1 << shift).filter(|&bytes| bytes >= LEAST_MEMORY);
    bytes.ok_or_else(|| "a worker needs at least 64M, and there is no memory without end".to_owned())
}

/// With less address space than this no worker can even start.
const LEAST_MEMORY: u64 = 64 << 20;

/// Seconds, more than none; parts of a second are allowed.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    let time = Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())?;
    if time.is_zero() { Err("some time is needed".to_owned()) } else { Ok(time) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_a_number_with_or_without_a_unit() {
        assert_eq!(size("1G"), Ok(1 << 30));
        assert_eq!(size("512m"), Ok(512 << 20));
        assert_eq!(size("512MiB"), Ok(512 << 20));
        assert_eq!(size("67108864"), Ok(64 << 20));
        for wrong in ["", "G", "1T", "1.5G", "-1G", "1K", "99999999999999G"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_shard_counts_from_nought() {
        let of = NonZeroU32::new(8).unwrap();
        assert_eq!(shard("0/8"), Ok(ShardOf { index: 0, of }));
        assert_eq!(shard("7/8"), Ok(ShardOf { index: 7, of }));
        assert!(shard("8/8").unwrap_err().contains("the last of 8 is 7/8"));
        for wrong in ["", "1", "1/0", "-1/8", "a/b", "1/8/2"] {
            assert!(shard(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_time_is_some_seconds() {
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for wrong in ["", "0", "-1", "inf", "NaN", "1m"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
