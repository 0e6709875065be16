//! Reads files through the pool of isolated workers of `bulk`: a file that aborts or hangs is an outcome of that file.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use nianbao::hex;
use nianbao_bulk::{Cost as BulkCost, Decision, Event, Expected, Found, Job, Options, Packed, Pool};
use serde_json::Value;
use tokio::sync::mpsc;

use crate::compare::Cost;
use crate::error::Error;
use crate::worker::{self, Normal};

/// How many events may wait for us before workers have to.
const EVENTS: usize = 256;

/// Is told, file by file, how many have been read of how many: fifty thousand take minutes.
#[derive(Clone, Default)]
pub struct Progress(Option<Arc<dyn Fn(usize, usize) + Send + Sync>>);

impl Progress {
    /// Tells it so.
    pub fn new(tell: impl Fn(usize, usize) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(tell)))
    }

    fn tell(&self, done: usize, all: usize) {
        if let Some(tell) = &self.0 {
            tell(done, all);
        }
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "told" } else { "not told" })
    }
}

/// How files are read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// How many files are read at a time.
    pub jobs: NonZeroUsize,
    /// How much address space a worker may have, in bytes.
    pub memory: u64,
    /// How long a document may take.
    pub timeout: Duration,
    /// The text of a form file that replaces the built-in forms.
    pub form: Option<String>,
    /// The program that a worker runs, and its arguments, which serves [`worker::read`]; the running program with `worker corpus` where `None`.
    pub worker: Option<(PathBuf, Vec<String>)>,
    /// Whether the documents as read are wanted too.
    pub documents: bool,
    /// Whom to tell how far it is.
    pub progress: Progress,
}

impl Default for ReadOptions {
    fn default() -> Self {
        let Options { jobs, memory, timeout, .. } = Options::default();
        Self { jobs, memory, timeout, form: None, worker: None, documents: true, progress: Progress::default() }
    }
}

impl ReadOptions {
    fn of_pool(&self) -> Options {
        let default = Options::default();
        let this = || std::env::current_exe().ok().filter(|path| path.exists());
        // The running program, also where its file was replaced by a newer one in the meantime.
        let running = PathBuf::from("/proc/self/exe");
        let program = || if running.exists() { running.clone() } else { this().unwrap_or_default() };
        let own = || (program(), vec!["worker".to_owned(), worker::ARGUMENT.to_owned()]);
        Options {
            jobs: self.jobs,
            memory: self.memory,
            timeout: self.timeout,
            stall: self.timeout.min(default.stall),
            form: self.form.clone(),
            worker: Some(self.worker.clone().unwrap_or_else(own)),
            tables: self.documents,
            ..default
        }
    }
}

/// A file to be read, under the name that its lines give it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where it lies.
    pub path: PathBuf,
    /// Its name in the lines.
    pub name: String,
}

/// What was read of one file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileReading {
    /// The SHA-256 of the file in hexadecimal; `None` for an archive, of which its members are known, and for what could not be opened.
    pub sha256: Option<String>,
    /// The lines of `nianbao extract`.
    pub lines: Vec<Value>,
    /// The document as read, where it was asked for and the file is one.
    pub normal: Option<Normal>,
    /// What it cost.
    pub cost: Cost,
}

/// Reads files, and hands over what each gave, in their order.
///
/// # Errors
/// No worker could be started, or whatever `take` returns.
pub fn read_all(
    files: Vec<File>,
    options: &ReadOptions,
    take: &mut dyn FnMut(usize, FileReading) -> Result<(), Error>,
) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| Error::Failed(error.to_string()))?;
    let read = runtime.block_on(read_files(files, options, take));
    // Workers that are still at their files end with the runtime.
    runtime.shutdown_background();
    read
}

/// Reads one file.
///
/// # Errors
/// No worker could be started.
pub fn read_one(file: File, options: &ReadOptions) -> Result<FileReading, Error> {
    let mut one = FileReading::default();
    read_all(vec![file], options, &mut |_, reading| {
        one = reading;
        Ok(())
    })?;
    Ok(one)
}

async fn read_files(
    files: Vec<File>,
    options: &ReadOptions,
    take: &mut dyn FnMut(usize, FileReading) -> Result<(), Error>,
) -> Result<(), Error> {
    let (events, mut inbox) = mpsc::channel(EVENTS);
    let pool = Pool::start(&options.of_pool(), events).map_err(|error| Error::Failed(error.to_string()))?;
    let paths: Vec<PathBuf> = files.iter().map(|file| file.path.clone()).collect();
    let reading = tokio::spawn(async move {
        for (id, path) in (0..).zip(paths) {
            // Why it takes no more, it says when it is finished.
            if pool.submit(Job { id, path, expected: Expected::default() }).await.is_err() {
                break;
            }
        }
        pool.finish().await
    });
    let mut desk = Desk { files, open: BTreeMap::new(), done: BTreeMap::new(), next: 0 };
    while let Some(event) = inbox.recv().await {
        desk.enter(event);
        let before = desk.next;
        desk.hand_over(take)?;
        if desk.next > before {
            options.progress.tell(desk.next, desk.files.len());
        }
    }
    let ended = reading.await.map_err(|error| Error::Failed(error.to_string()))?;
    ended.map_err(|error| Error::Failed(error.to_string()))
}

/// Gathers what is told of each file, and keeps those that are ahead of their turn, packed.
struct Desk {
    files: Vec<File>,
    open: BTreeMap<usize, Told>,
    done: BTreeMap<usize, Told>,
    next: usize,
}

/// What was told of a file.
#[derive(Debug, Default)]
struct Told {
    documents: BTreeMap<u32, Document>,
    cost: BulkCost,
}

/// A document of a file.
#[derive(Debug)]
struct Document {
    member: String,
    sha256: Option<[u8; 32]>,
    bytes: Option<u64>,
    answer: Option<Answer>,
}

#[derive(Debug)]
enum Answer {
    Read(Packed),
    Failed { kind: String, message: String },
}

impl Desk {
    fn enter(&mut self, event: Event) {
        match event {
            Event::Started { .. } => {}
            Event::Found { job, document, decision } => {
                self.told(job).found(document);
                // A worker that is gone needs no answer.
                let _ = decision.send(Decision::Read);
            }
            Event::Read { job, sha256, record, .. } => self.told(job).read(sha256, record),
            Event::Unread { job, index, member, kind, message } => {
                let answer = Some(Answer::Failed { kind, message });
                let document = Document { member, sha256: None, bytes: None, answer };
                self.told(job).documents.insert(index, document);
            }
            Event::Lost { job, document, fault, last: true, .. } => {
                self.told(job).lost(document, fault.kind(), fault.to_string());
            }
            Event::Lost { .. } => {}
            Event::Finished { job, cost } => {
                let index = usize::try_from(job).unwrap_or_default();
                let told = self.open.remove(&index).unwrap_or_default();
                self.done.insert(index, Told { cost, ..told });
            }
        }
    }

    fn told(&mut self, job: i64) -> &mut Told {
        self.open.entry(usize::try_from(job).unwrap_or_default()).or_default()
    }

    fn hand_over(&mut self, take: &mut dyn FnMut(usize, FileReading) -> Result<(), Error>) -> Result<(), Error> {
        while let Some(told) = self.done.remove(&self.next) {
            let name = self.files.get(self.next).map(|file| file.name.as_str()).unwrap_or_default();
            take(self.next, told.reading(name)?)?;
            self.next += 1;
        }
        Ok(())
    }
}

impl Told {
    fn found(&mut self, found: Found) {
        let document =
            Document { member: found.member, sha256: Some(found.sha256), bytes: Some(found.bytes), answer: None };
        self.documents.insert(found.index, document);
    }

    /// The first of those bytes that waits for its answer: documents are read in their order.
    fn read(&mut self, sha256: [u8; 32], record: Packed) {
        let waits = |document: &&mut Document| document.answer.is_none() && document.sha256 == Some(sha256);
        if let Some(document) = self.documents.values_mut().find(waits) {
            document.answer = Some(Answer::Read(record));
        }
    }

    fn lost(&mut self, found: Option<Found>, kind: &str, message: String) {
        let index = found.as_ref().map_or(u32::MAX, |found| found.index);
        if let Some(found) = found {
            self.found(found);
        }
        let document = self.documents.entry(index).or_insert_with(|| Document {
            member: String::new(),
            sha256: None,
            bytes: None,
            answer: None,
        });
        document.answer = Some(Answer::Failed { kind: kind.to_owned(), message });
    }

    fn reading(self, name: &str) -> Result<FileReading, Error> {
        let micros = u64::try_from(self.cost.time.as_micros()).unwrap_or(u64::MAX);
        let mut reading = FileReading { cost: Cost { micros, memory: self.cost.memory }, ..FileReading::default() };
        for document in self.documents.into_values() {
            document.into_lines(name, &mut reading)?;
        }
        Ok(reading)
    }
}

impl Document {
    fn into_lines(self, name: &str, reading: &mut FileReading) -> Result<(), Error> {
        let path = format!("{name}{}", self.member);
        let sha256 = self.sha256.map(|digest| hex(&digest));
        let unread =
            || Answer::Failed { kind: "unreadable".to_owned(), message: "it changed while it was read".to_owned() };
        let (lines, normal, failure) = match self.answer.unwrap_or_else(unread) {
            Answer::Read(packed) => {
                let record = packed.unpack().map_err(|error| Error::Failed(format!("{path}: {error}")))?;
                // A record without lines is that of a document over which the program itself failed.
                let failure = record.failure.filter(|_| record.lines.is_empty());
                (record.lines, record.tables, failure)
            }
            Answer::Failed { kind, message } => (Vec::new(), None, Some((kind, message))),
        };
        let failed =
            failure.map(|(kind, message)| nianbao::failed_line(&path, self.bytes, sha256.as_deref(), &kind, &message));
        for line in lines.iter().map(|line| nianbao::named(&path, line)).chain(failed) {
            let value = serde_json::from_str(&line).map_err(|error| Error::Failed(format!("{path}: {error}")))?;
            reading.lines.push(value);
        }
        if self.member.is_empty() {
            reading.sha256 = sha256;
            reading.normal = normal.as_deref().and_then(Normal::parse);
        }
        Ok(())
    }
}
