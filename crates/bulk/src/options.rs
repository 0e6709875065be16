//! What a run may be told.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::remote::Remote;
use crate::stop::Stopper;

/// What a run may be told. The defaults are those of the program.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many files are read at a time.
    pub jobs: NonZeroUsize,
    /// How much address space a worker may have, in bytes.
    pub memory: u64,
    /// How long a document may take.
    pub timeout: Duration,
    /// How long a worker may give no sign of progress.
    pub stall: Duration,
    /// After how many files a worker is replaced by a fresh one.
    pub recycle: u32,
    /// Whether workers are processes of their own.
    pub isolation: Isolation,
    /// The program that a worker runs, and its arguments; the running program itself where `None`.
    pub worker: Option<(PathBuf, Vec<String>)>,
    /// Which paths to take, as globs; all where empty.
    pub include: Vec<String>,
    /// Which paths to leave, as globs.
    pub exclude: Vec<String>,
    /// Reads again what failed or was quarantined in an earlier run.
    pub retry: bool,
    /// Reads again what another version of the program, or other forms, read.
    pub redo: bool,
    /// The text of a form file that replaces the built-in forms.
    pub form: Option<String>,
    /// Also writes the tables as CSV.
    pub csv: bool,
    /// Begins each CSV file with a byte order mark, for Excel.
    pub bom: bool,
    /// Also writes `nianbao.sqlite`.
    pub sqlite: bool,
    /// Also writes every table that was found, those of no form too.
    pub tables: bool,
    /// By whom the run is asked to end; the process's own signals, Ctrl-C and the wish to terminate, where `None`.
    pub stop: Option<Stopper>,
    /// Who reaches what lies behind addresses; nobody where `None`, and addresses are wrong usage then.
    pub remote: Option<Arc<dyn Remote>>,
}

/// Whether workers are processes of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Isolation {
    /// A process each, with limits.
    #[default]
    Process,
    /// Threads of this process, for debugging: a file that aborts ends the run.
    None,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            jobs: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            memory: 1 << 30,
            timeout: Duration::from_secs(120),
            stall: Duration::from_secs(60),
            recycle: 1000,
            isolation: Isolation::default(),
            worker: None,
            include: Vec::new(),
            exclude: Vec::new(),
            retry: false,
            redo: false,
            form: None,
            csv: false,
            bom: false,
            sqlite: false,
            tables: false,
            stop: None,
            remote: None,
        }
    }
}
