//! Errors as the package's own exceptions, chosen by their kind in `nianbao/_errors.py`.

use std::fmt::Display;

use pyo3::prelude::*;

/// The exception for an error of this kind; `path` may be empty.
pub(crate) fn error(py: Python<'_>, kind: &str, path: &str, message: &dyn Display) -> PyErr {
    let made = py
        .import("nianbao._errors")
        .and_then(|module| module.getattr("error"))
        .and_then(|make| make.call1((kind, path, message.to_string())));
    made.map_or_else(|error| error, PyErr::from_value)
}

/// The exception for what the caller asked for and cannot be.
pub(crate) fn usage(py: Python<'_>, message: &dyn Display) -> PyErr {
    error(py, "usage", "", message)
}
