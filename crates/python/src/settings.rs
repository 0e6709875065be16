//! What a call may be told, as the Python side hands it over.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use nianbao::Forms;
use nianbao_bulk::{Isolation, Options};
use pyo3::prelude::*;

use crate::error::usage;

/// What holds for the workers of a call: a dictionary, each member under its name.
#[derive(Clone, Debug, PartialEq, FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Settings {
    /// How many files are read at a time; as many as there are processors where `None`.
    jobs: Option<usize>,
    /// How much address space a worker may have, in bytes.
    memory: u64,
    /// How long a document may take, in seconds.
    timeout: f64,
    /// How long a worker may give no sign of progress, in seconds.
    stall: f64,
    /// Whether workers are processes of their own.
    isolated: bool,
    /// The program that a worker runs, with its arguments.
    worker: Vec<PathBuf>,
    /// The text of a form file in place of the built-in forms.
    form: Option<String>,
    /// Whether tables are asked for.
    tables: bool,
}

impl Settings {
    /// The same as the bulk engine has it.
    pub(crate) fn options(&self, py: Python<'_>) -> PyResult<Options> {
        let default = Options::default();
        let jobs = self
            .jobs
            .map(|jobs| NonZeroUsize::new(jobs).ok_or_else(|| usage(py, &"jobs: at least one file is read at a time")));
        let seconds = |name: &str, seconds: f64| match Duration::try_from_secs_f64(seconds) {
            Ok(time) if !time.is_zero() => Ok(time),
            _ => Err(usage(py, &format_args!("{name}: {seconds} is no number of seconds"))),
        };
        // A form that is none is told before anything else.
        self.forms(py)?;
        Ok(Options {
            jobs: jobs.transpose()?.unwrap_or(default.jobs),
            memory: self.memory,
            timeout: seconds("timeout", self.timeout)?,
            stall: seconds("stall", self.stall)?,
            isolation: if self.isolated { Isolation::Process } else { Isolation::None },
            worker: self.worker.split_first().map(|(program, arguments)| {
                (program.clone(), arguments.iter().map(|argument| argument.to_string_lossy().into_owned()).collect())
            }),
            form: self.form.clone(),
            tables: self.tables,
            ..default
        })
    }

    fn forms(&self, py: Python<'_>) -> PyResult<()> {
        self.form.as_deref().map_or(Ok(()), |form| forms(py, Some(form)).map(drop))
    }
}

/// The built-in forms, or the one that the text says.
pub(crate) fn forms(py: Python<'_>, form: Option<&str>) -> PyResult<Forms> {
    match form {
        None => Ok(Forms::builtin()),
        Some(text) => Forms::only(text).map_err(|error| usage(py, &format_args!("not a form file: {error}"))),
    }
}
