//! Many files to one dataset: the bulk engine, asked from Python.

use std::path::{Path, PathBuf};

use nianbao_bulk::{Dataset, Error, Input, News, Options, Signal, Stopper, Summary, Tally, Watch};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::{Value, json};

use crate::error::error;
use crate::settings::Settings;

/// What a run is to do besides, as a dictionary.
#[derive(Debug, FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Wishes {
    include: Vec<String>,
    exclude: Vec<String>,
    retry: bool,
    redo: bool,
    csv: bool,
    bom: bool,
    sqlite: bool,
}

/// Converts; `told` is called a few times a second with how far it is. Returns the summary as JSON.
#[pyfunction]
pub(crate) fn convert(
    py: Python<'_>,
    inputs: Vec<PathBuf>,
    out: PathBuf,
    settings: Settings,
    wishes: Wishes,
    told: Option<Py<PyAny>>,
) -> PyResult<String> {
    let stop = Stopper::default();
    let options = wishes.with(settings.options(py)?, stop.clone());
    let mut watcher = Watcher::new(told, stop);
    let inputs = inputs.iter().map(|input| Input::of(input.as_os_str())).collect();
    let summary = py.detach(|| nianbao_bulk::convert(inputs, &out, &options, &mut watcher));
    Ok(of_summary(&ended(py, watcher, summary, &out)?).to_string())
}

impl Wishes {
    /// The options with what is wished besides.
    pub(crate) fn with(self, options: Options, stop: Stopper) -> Options {
        let Self { include, exclude, retry, redo, csv, bom, sqlite } = self;
        Options { include, exclude, retry, redo, csv, bom, sqlite, stop: Some(stop), ..options }
    }
}

/// What a run came to, or what to raise.
pub(crate) fn ended<T>(py: Python<'_>, watcher: Watcher, done: Result<T, Error>, out: &Path) -> PyResult<T> {
    match (watcher.raised, done) {
        (Some(raised), _) => Err(raised),
        (None, Ok(done)) => Ok(done),
        (None, Err(failed)) => Err(error(py, kind(&failed), &out.to_string_lossy(), &failed)),
    }
}

const fn kind(error: &Error) -> &'static str {
    match error {
        Error::Usage(_) => "usage",
        Error::Busy { .. } => "busy",
        Error::Full(_) => "disk_full",
        Error::Ledger { .. } => "ledger",
        Error::Write { .. } | Error::Dataset(_) => "not_written",
        Error::Remote { .. } => "unreachable",
        Error::Workers(_) => "no_worker",
        Error::Missing { .. } => "shard_missing",
        Error::Part { .. } => "shard_spoilt",
        Error::Stopped(_) => "stopped",
    }
}

/// How far a run is.
#[derive(Debug, Default)]
struct State {
    phase: &'static str,
    files: u64,
    of_files: u64,
    documents: Tally,
    copies: u64,
}

/// Tells Python now and then, and hears from it whether to go on.
pub(crate) struct Watcher {
    told: Option<Py<PyAny>>,
    stop: Stopper,
    state: State,
    /// What Python said: Ctrl-C, or a fault in who is told.
    raised: Option<PyErr>,
}

impl Watch for Watcher {
    fn see(&mut self, news: News<'_>) {
        let state = &mut self.state;
        match news {
            News::Outcome { outcome: "copy" } => state.copies += 1,
            News::Outcome { outcome } => state.documents.add(outcome, 1),
            News::Ended { .. } => state.files += 1,
            News::Began { .. } | News::Again { .. } | News::Stopping => {}
            News::Walking { files } => (state.phase, state.files) = ("walking", files),
            News::Planned { pending, .. } => {
                *state = State { phase: "reading", of_files: pending, ..State::default() };
            }
            News::Writing { .. } => state.phase = "writing",
            News::Tick => {}
        }
        // These come a few times a second; all others as fast as files are read.
        if matches!(news, News::Walking { .. } | News::Planned { .. } | News::Writing { .. } | News::Tick) {
            self.tell();
        }
    }
}

impl Watcher {
    pub(crate) fn new(told: Option<Py<PyAny>>, stop: Stopper) -> Self {
        Self { told, stop, state: State::default(), raised: None }
    }

    fn tell(&mut self) {
        let heard = Python::attach(|py| {
            py.check_signals()?;
            self.told.as_ref().map_or(Ok(()), |told| told.call1(py, (self.state.as_dict(py)?,)).map(drop))
        });
        if let Err(raised) = heard {
            self.stop.ask(Signal::Interrupt);
            self.raised.get_or_insert(raised);
        }
    }
}

impl State {
    fn as_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let Self { phase, files, of_files, documents, copies } = self;
        let dict = PyDict::new(py);
        dict.set_item("phase", phase)?;
        let Tally { ok, review, failed, quarantined } = *documents;
        let counts = [("files", *files), ("of_files", *of_files), ("ok", ok), ("review", review), ("failed", failed)];
        for (name, count) in counts.into_iter().chain([("quarantined", quarantined), ("copies", *copies)]) {
            dict.set_item(name, count)?;
        }
        Ok(dict)
    }
}

pub(crate) fn of_summary(summary: &Summary) -> Value {
    let (dataset, written) = match &summary.dataset {
        Dataset::Written(written) => ("written", written.files.iter().map(|file| file.name.as_str()).collect()),
        Dataset::Unchanged => ("unchanged", Vec::new()),
        Dataset::NotWritten => ("not written", Vec::new()),
    };
    let reasons = summary
        .reasons
        .iter()
        .map(|reason| json!({"kind": reason.kind, "count": reason.count, "example": reason.example}));
    json!({
        "documents": of_tally(&summary.documents), "reports": of_tally(&summary.reports),
        "reasons": Value::from_iter(reasons), "gone": summary.gone, "read": summary.read, "files": summary.files,
        "opened": summary.opened, "pending": summary.pending, "hidden": summary.hidden,
        "excluded": summary.excluded, "other_edition": summary.other_edition,
        "dataset": dataset, "written": written,
    })
}

fn of_tally(tally: &Tally) -> Value {
    let Tally { ok, review, failed, quarantined } = *tally;
    json!({"ok": ok, "review": review, "failed": failed, "quarantined": quarantined})
}
