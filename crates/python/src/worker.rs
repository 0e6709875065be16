//! The worker's own side. The package brings no second program: a Python starts, loads this library and nothing else, and never comes back
//! (`nianbao/_worker.py` says how).

use pyo3::prelude::*;

/// Serves the supervisor at the other end of standard input and output until it goes away; returns the code to exit with.
#[pyfunction]
pub(crate) fn serve(py: Python<'_>) -> bool {
    // Nothing of Python runs while documents are read.
    py.detach(|| nianbao_bulk::worker::serve(|task| task.read())) == std::process::ExitCode::SUCCESS
}
