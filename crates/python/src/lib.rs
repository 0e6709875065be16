//! What `import nianbao` runs on: the same engine as the program, with values that Python knows.
//!
//! ```text
//! nianbao/*.py ─▶ _engine ─┬─ read     one file, by a worker that is kept for the next one   (session.rs)
//!  (what people see)       ├─ convert  many files to a dataset                               (convert.rs)
//!                          ├─ shard, gather  what tasks of Spark do, and their driver         (shard.rs)
//!                          ├─ serve    the worker's own side                                 (worker.rs)
//!                          └─ figures, cells   lines as Arrow columns                        (frame.rs)
//! ```
//!
//! Reports and tables cross as the lines that `nianbao extract` and `nianbao tables` print, so that there is one shape of everything; columns
//! cross by the Arrow C data interface, uncopied. Python waits without its lock, and hears Ctrl-C while it does.
//!
//! What it does not do: it opens no file (workers do), and it takes no signal away from the program that it is a guest in.
//!
//! The lint against `unsafe` holds here too: what pyo3 and arrow do with raw pointers is theirs.

mod convert;
mod error;
mod forms;
mod frame;
mod read;
mod session;
mod settings;
mod shard;
mod worker;

/// The engine of the package `nianbao`; private to it.
#[pyo3::pymodule]
mod _engine {
    #[pymodule_export]
    use crate::convert::convert;
    #[pymodule_export]
    use crate::forms::{forms, schema};
    #[pymodule_export]
    use crate::frame::{Frame, cells, figures};
    #[pymodule_export]
    use crate::read::{Document, read};
    #[pymodule_export]
    use crate::shard::{gather, shard, shard_of};
    #[pymodule_export]
    use crate::worker::serve;
}
