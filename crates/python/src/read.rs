//! One file, or each member of an archive, read by a worker.

use std::path::PathBuf;

use nianbao::named;
use nianbao_bulk::{Decision, Event, Fault, Found, Packed};
use pyo3::prelude::*;

use crate::error::error;
use crate::session::{Session, Trouble};
use crate::settings::Settings;

/// What came of a document: a file, or a member of an archive.
#[pyclass(frozen, get_all, module = "nianbao._engine")]
#[derive(Debug)]
pub(crate) struct Document {
    /// Its path, `!` before each step into an archive.
    path: String,
    /// The lines of `nianbao extract`; none where it could not be opened.
    lines: Vec<String>,
    /// The line of `nianbao tables`, where it was asked for.
    tables: Option<String>,
    /// Why it holds no report: kind and message.
    failure: Option<(String, String)>,
}

/// Reads a file, and each document in it where it is an archive, in their order. `name` is what it is called in the output.
#[pyfunction]
pub(crate) fn read(py: Python<'_>, path: PathBuf, name: String, settings: Settings) -> PyResult<Vec<Document>> {
    let options = settings.options(py)?;
    let mut stopped = None;
    let mut wanted = || {
        stopped = Python::attach(|py| py.check_signals()).err();
        stopped.is_none()
    };
    let mut reading = Reading { name: &name, found: Vec::new(), documents: Vec::new(), tables: options.tables };
    let read =
        py.detach(|| Session::take(&settings, &options)?.read(path, &mut |event| reading.hear(event), &mut wanted));
    match (read, stopped) {
        (Ok(()), _) => Ok(reading.finish()),
        (Err(_), Some(stopped)) => Err(stopped),
        (Err(Trouble::NoWorker(why)), None) => Err(error(py, "no_worker", &name, &why)),
        (Err(Trouble::Unwanted), None) => Err(error(py, "no_worker", &name, &"it was stopped")),
    }
}

/// What is known of a file while it is read.
struct Reading<'a> {
    name: &'a str,
    /// Documents that are to be read.
    found: Vec<Found>,
    documents: Vec<Document>,
    tables: bool,
}

impl Reading<'_> {
    fn hear(&mut self, event: Event) {
        match event {
            Event::Started { .. } | Event::Finished { .. } | Event::Lost { last: false, .. } => {}
            Event::Found { document, decision, .. } => {
                self.found.push(document);
                // A worker that is gone asks again.
                let _ = decision.send(Decision::Read);
            }
            Event::Read { record, .. } => {
                let member = self.next();
                self.read(&member, record);
            }
            Event::Unread { member, kind, message, .. } => {
                // It may have been found before, and have changed meanwhile.
                self.found.retain(|found| found.member != member);
                self.fail(&member, kind, message);
            }
            Event::Lost { document, fault, last: true, .. } => {
                let member = if document.is_some() { self.next() } else { String::new() };
                self.fail(&member, fault.kind().to_owned(), message(fault));
            }
        }
    }

    /// All documents; one that was found and never answered is told too.
    fn finish(mut self) -> Vec<Document> {
        while !self.found.is_empty() {
            let member = self.next();
            self.fail(&member, "changed".to_owned(), "it was found and then was gone; try again".to_owned());
        }
        self.documents
    }

    /// The document whose turn it is: they are answered in the order in which they were found.
    fn next(&mut self) -> String {
        if self.found.is_empty() { String::new() } else { self.found.remove(0).member }
    }

    fn read(&mut self, member: &str, record: Packed) {
        match record.unpack() {
            Ok(record) => {
                let path = format!("{}{member}", self.name);
                let name = |line: &String| named(&path, line);
                let lines = record.lines.iter().map(name).collect();
                let tables = record.tables.as_ref().map(name).filter(|_| self.tables);
                self.documents.push(Document { lines, tables, failure: record.failure, path });
            }
            Err(spoilt) => self.fail(member, "crashed".to_owned(), spoilt.to_string()),
        }
    }

    fn fail(&mut self, member: &str, kind: String, message: String) {
        let path = format!("{}{member}", self.name);
        self.documents.push(Document { path, lines: Vec::new(), tables: None, failure: Some((kind, message)) });
    }
}

/// What happened to the worker, and what to do next, in the words of this package rather than of the program.
fn message(fault: Fault) -> String {
    match fault {
        Fault::OutOfMemory => "it needs more memory than a worker may have; give it more with memory=".to_owned(),
        Fault::Timeout => "it took longer than a file may take; give it more time with timeout=".to_owned(),
        Fault::Stalled => "no progress was made for too long; give it more time with stall=".to_owned(),
        Fault::Crashed { signal: 9 } => {
            "its worker was killed from outside (signal 9), perhaps for want of memory on this machine; try again"
                .to_owned()
        }
        _ => fault.to_string(),
    }
}
