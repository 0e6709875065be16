//! A worker: opens the files it is told to, tells what documents are in them, and reads those it is told to read.
//!
//! ```text
//!            Opening A · Found A · (nothing else to do) Reading A · Answer A · Done A
//! or, where the next job waits already:
//!            Opening A · Found A · Done… Opening B · Found B · Reading A · Answer A · Done A · Opening C · Found C · Reading B …
//! ```
//!
//! Small documents are held back while further files are opened, so that the answer of the supervisor, which listens every few milliseconds, is
//! there when it is needed and nobody waits. One thread does one thing at a time, and says what before it begins: whoever watches knows what a
//! dead worker died of.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::time::{Duration, Instant};

use nianbao::{Forms, Member};
use sha2::{Digest as _, Sha256};

use crate::event::{Expected, Found};
use crate::memory::Memory;
use crate::open;
use crate::protocol::{Ask, Broken, Limit, MAX_FRAME, Outgoing, Tell, Terms, receive};
use crate::record::{Packer, Record};
use crate::sandbox;

/// How many documents are held back at most: reading as many takes longer than an answer does (5 ms) unless each takes less than two thirds of a
/// millisecond. Twice as many leave the cache before they are read.
const HELD: usize = crate::lane::AT_A_TIME / 2;

/// How many bytes they have together: a larger document is not held back, for copying it would cost more than waiting, and they count
/// against the memory.
const MAX_HELD: usize = 4 << 20;

/// How long packed lines may be, so that they go into a frame with what is said of them.
const MAX_LINES: usize = MAX_FRAME - (1 << 20);
const TOO_MUCH: &str = "what was read of it is too much to be handed on, even compressed; split it";

/// The kind of a file that is not what a manifest says of it.
const NOT_AS_LISTED: &str = "not_as_listed";

/// What Rust says of an allocation that fails, before it ends the process; and we where we notice it first.
pub(crate) const OUT_OF_MEMORY: &str = "memory allocation of ";

/// How often a sign of life is given at most: each costs the supervisor a moment.
const SIGN: Duration = Duration::from_millis(200);

/// The stack of the thread that reads, whatever the system gives by itself.
const STACK: usize = 16 << 20;

/// How a document is read.
pub type Reader = fn(&mut Task<'_>) -> Record;

/// A document to be read.
#[derive(Debug)]
pub struct Task<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    digest: &'a [u8; 32],
    forms: &'a Forms,
    tables: bool,
    signs: Signs<'a>,
}

impl Task<'_> {
    /// Tells the supervisor that there is progress.
    pub fn progress(&mut self) {
        self.signs.give();
    }

    /// Reads it as the program does.
    pub fn read(&mut self) -> Record {
        let signs = &mut self.signs;
        Record::read(self.bytes, self.digest, self.forms, self.tables, &mut |_| signs.give())
    }
}

/// Signs of life, not too many.
struct Signs<'a> {
    last: Instant,
    give: &'a mut dyn FnMut(),
}

impl std::fmt::Debug for Signs<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signs").field("last", &self.last).finish_non_exhaustive()
    }
}

impl Signs<'_> {
    fn give(&mut self) {
        if self.last.elapsed() >= SIGN {
            (self.give)();
            self.last = Instant::now();
        }
    }
}

/// Works for a supervisor on standard input and output, limited as it asks, until it goes away. `read` reads one document;
/// [`Task::read`] is the program's own way.
pub fn serve(read: Reader) -> ExitCode {
    let mut input = io::stdin();
    let Ok((Ask::Begin(terms), form)) = receive(&mut input) else {
        complain("this is the inner side of `nianbao convert`; it is of no use by itself");
        return ExitCode::from(2);
    };
    let memory = Memory::of_this_process();
    let limits = match terms.parent.map(|parent| sandbox::enter(parent, terms.memory)) {
        Some(None) => return ExitCode::SUCCESS,
        Some(Some(limits)) => limits,
        None => Vec::new(),
    };
    let (asks, asked) = Asked::new();
    let work = move || {
        let worked = unbuffered_output().and_then(|out| work(asked, out, (&terms, &form), limits, memory, read));
        // Whether the pipe broke or the work ended makes no difference to anybody: the supervisor is gone or has no more.
        if let Err(error) = &worked {
            complain(&error.to_string());
        }
        std::process::exit(i32::from(worked.is_err()))
    };
    if let Err(error) = thread().spawn(work) {
        complain(&error.to_string());
        return ExitCode::from(1);
    }
    pass_on(&mut input, &asks);
    // The supervisor is gone, or wants us gone, whatever the other thread is doing.
    ExitCode::SUCCESS
}

/// The same on a thread of this process, unlimited: the other ends of `input` and `output` are the supervisor's.
pub(crate) fn serve_here(
    mut input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
    read: Reader,
) -> io::Result<()> {
    let begin = move || {
        let Ok((Ask::Begin(terms), form)) = receive(&mut input) else { return };
        let (asks, asked) = Asked::new();
        std::thread::spawn(move || pass_on(&mut input, &asks));
        // An error means that the supervisor has no more interest.
        let _ = work(asked, output, (&terms, &form), Vec::new(), Memory::of_this_process(), read);
    };
    thread().spawn(begin).map(drop)
}

fn thread() -> std::thread::Builder {
    std::thread::Builder::new().name("reader".to_owned()).stack_size(STACK)
}

/// Frames are written in one piece each time, not line by line.
fn unbuffered_output() -> io::Result<std::fs::File> {
    use std::os::fd::AsFd as _;
    Ok(io::stdout().as_fd().try_clone_to_owned()?.into())
}

fn work(
    asked: Asked,
    out: impl Write,
    (terms, form): (&Terms, &[u8]),
    limits: Vec<Limit>,
    memory: Memory,
    read: Reader,
) -> io::Result<()> {
    let mut out = Outgoing::new(out);
    let forms = forms(terms, form)?;
    out.tell(&Tell::Ready { version: version(), limits }, &[])?;
    let (tables, own) = (terms.tables, terms.parent.is_some());
    let (held, holding, reading) = (VecDeque::new(), 0, Duration::ZERO);
    let packer = Packer::default();
    let mut worker = Worker { asked, out, forms, tables, read, packer, memory, held, holding, own, reading };
    worker.work()
}

pub(crate) fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// A word on stderr, which the supervisor listens to. When even that fails there is nobody to tell.
fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}

fn forms(terms: &Terms, form: &[u8]) -> io::Result<Forms> {
    if !terms.form {
        return Ok(Forms::builtin());
    }
    let invalid = |error: String| io::Error::new(io::ErrorKind::InvalidData, error);
    let text = std::str::from_utf8(form).map_err(|error| invalid(error.to_string()))?;
    Forms::only(text).map_err(|error| invalid(error.to_string()))
}

/// A file to be opened.
#[derive(Debug)]
struct Open {
    job: i64,
    from: u32,
    alone: bool,
    path: PathBuf,
    expected: Expected,
    /// What it is called, where that is not its path.
    name: Option<String>,
}

/// What was asked and is not done yet.
#[derive(Debug)]
struct Asked {
    jobs: Receiver<Open>,
    decisions: Receiver<bool>,
}

impl Asked {
    fn new() -> ((Sender<Open>, Sender<bool>), Self) {
        let ((to_jobs, jobs), (to_decisions, decisions)) = (channel(), channel());
        ((to_jobs, to_decisions), Self { jobs, decisions })
    }
}

/// Passes on what the supervisor says, until it says nothing more.
fn pass_on(input: &mut impl Read, (jobs, decisions): &(Sender<Open>, Sender<bool>)) {
    loop {
        let passed = match receive::<Ask>(input) {
            Ok((Ask::Open { job, from, alone, expected, name }, path)) => {
                jobs.send(Open { job, from, alone, path: path_of(path), expected, name }).is_ok()
            }
            Ok((Ask::Decide { read, .. }, _)) => decisions.send(read).is_ok(),
            Ok((Ask::Begin(_), _)) => true,
            Err(Broken::Closed | Broken::Garbled(_)) => false,
        };
        if !passed {
            return;
        }
    }
}

fn path_of(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;
    std::ffi::OsString::from_vec(bytes).into()
}

/// A document that waits to be read.
#[derive(Debug)]
struct Held {
    place: Place,
    digest: [u8; 32],
    bytes: Vec<u8>,
    /// How long its file took to open, where no more is to come of it.
    ends: Option<Duration>,
}

/// Which document it is: the file, and the number in it.
#[derive(Clone, Copy, Debug)]
struct Place {
    job: i64,
    index: u32,
}

struct Worker<W> {
    asked: Asked,
    out: Outgoing<W>,
    forms: Forms,
    tables: bool,
    read: Reader,
    packer: Packer,
    memory: Memory,
    /// Oldest first.
    held: VecDeque<Held>,
    /// How many bytes they have.
    holding: usize,
    /// Whether this process is the worker's own.
    own: bool,
    /// How much time went into reading, rather than opening.
    reading: Duration,
}

impl<W: Write> Worker<W> {
    fn work(&mut self) -> io::Result<()> {
        while let Some(file) = self.next()? {
            let (began, reading) = (Instant::now(), self.reading);
            self.file(&file)?;
            let opening = began.elapsed().saturating_sub(self.reading - reading);
            self.end(file.job, opening)?;
        }
        Ok(())
    }

    /// The next file. Before it waits for one, what is held back is read.
    fn next(&mut self) -> io::Result<Option<Open>> {
        loop {
            match self.asked.jobs.try_recv() {
                Ok(file) => return Ok(Some(file)),
                Err(TryRecvError::Disconnected) => return Ok(None),
                Err(TryRecvError::Empty) if self.held.is_empty() => break,
                Err(TryRecvError::Empty) => self.release()?,
            }
        }
        self.out.tell(&Tell::Waiting, &[])?;
        self.out.flush()?;
        Ok(self.asked.jobs.recv().ok())
    }

    /// Opens a file, and takes the documents in it in their order.
    fn file(&mut self, file: &Open) -> io::Result<()> {
        self.out.tell(&Tell::Opening { job: file.job }, &[])?;
        self.out.flush()?;
        let bytes = open::read(&file.path, &mut || sign(&mut self.out));
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(error) => return self.unread(Place { job: file.job, index: 0 }, "", error.kind, &error.message),
        };
        if let Some(missed) = file.expected.missed(&bytes) {
            return self.unread(Place { job: file.job, index: 0 }, "", NOT_AS_LISTED, &missed);
        }
        let name = file.name.as_deref().map_or_else(|| file.path.to_string_lossy(), Cow::Borrowed);
        let mut index = 0;
        let mut take = |member: Member<'_>| {
            let place = Place { job: file.job, index };
            index += 1;
            if place.index < file.from {
                return Ok(());
            }
            self.member(place, member.path.strip_prefix(&*name).unwrap_or(member.path), member.bytes, file.alone)
        };
        let taken = catch_unwind(AssertUnwindSafe(|| nianbao::documents(&name, &bytes, &mut take)));
        taken.unwrap_or_else(|fault| {
            let error = Record::crashed(&*fault);
            let (kind, message) = error.failure.unwrap_or_default();
            self.unread(Place { job: file.job, index }, "", &kind, &message)
        })
    }

    fn member(
        &mut self,
        place: Place,
        name: &str,
        bytes: Result<&[u8], nianbao::Error>,
        alone: bool,
    ) -> io::Result<()> {
        match bytes {
            Ok(bytes) => self.document(place, name, bytes, alone)?,
            Err(error) => self.unread(place, name, error.kind(), &error.to_string())?,
        }
        // An archive is unpacked further now, and what was told so far is nothing that it could still be blamed for.
        if name.is_empty() { Ok(()) } else { self.out.flush() }
    }

    /// Tells of a document, and holds it back, or reads it; of those held back before it, as many are read as leave room.
    fn document(&mut self, place: Place, name: &str, bytes: &[u8], alone: bool) -> io::Result<()> {
        let digest: [u8; 32] = Sha256::digest(bytes).into();
        let found = Found { index: place.index, member: name.to_owned(), sha256: digest, bytes: bytes.len() as u64 };
        self.out.tell(&Tell::Found { job: place.job, document: found }, &[])?;
        if alone || bytes.len() > MAX_HELD {
            self.release_all()?;
            return self.resolve(place, &digest, bytes);
        }
        while self.held.len() >= HELD || self.holding + bytes.len() > MAX_HELD {
            self.release()?;
        }
        self.holding += bytes.len();
        self.held.push_back(Held { place, digest, bytes: bytes.to_vec(), ends: None });
        Ok(())
    }

    /// What cannot be had is told in its turn.
    fn unread(&mut self, place: Place, name: &str, kind: &str, message: &str) -> io::Result<()> {
        self.release_all()?;
        let (member, kind, message) = (name.to_owned(), kind.to_owned(), message.to_owned());
        self.out.tell(&Tell::Unread { job: place.job, index: place.index, member, kind, message }, &[])
    }

    /// Nothing more will be found in a file.
    fn end(&mut self, job: i64, opening: Duration) -> io::Result<()> {
        match self.held.back_mut() {
            Some(held) if held.place.job == job => {
                held.ends = Some(opening);
                Ok(())
            }
            _ => {
                self.release_all()?;
                self.done(job, opening)
            }
        }
    }

    fn done(&mut self, job: i64, opening: Duration) -> io::Result<()> {
        let (memory, space) = self.memory.now();
        self.out.tell(&Tell::Done { job, micros: micros(opening), memory, space }, &[])
    }

    /// Reads all that was held back.
    fn release_all(&mut self) -> io::Result<()> {
        while !self.held.is_empty() {
            self.release()?;
        }
        Ok(())
    }

    /// Reads what was held back first.
    fn release(&mut self) -> io::Result<()> {
        let Some(held) = self.held.pop_front() else { return Ok(()) };
        self.holding -= held.bytes.len();
        self.resolve(held.place, &held.digest, &held.bytes)?;
        held.ends.map_or(Ok(()), |opening| self.done(held.place.job, opening))
    }

    /// Does with a document what the supervisor decides.
    fn resolve(&mut self, place: Place, digest: &[u8; 32], bytes: &[u8]) -> io::Result<()> {
        let Place { job, index } = place;
        let began = Instant::now();
        if self.decision()? {
            self.out.tell(&Tell::Reading { job, index }, &[])?;
            self.out.flush()?;
            self.answer(place, digest, bytes)?;
        } else {
            self.out.tell(&Tell::Passed { job, index }, &[])?;
        }
        self.reading += began.elapsed();
        Ok(())
    }

    /// The decision on the document whose turn it is. The supervisor decides in the order in which it was told.
    fn decision(&mut self) -> io::Result<bool> {
        if let Ok(read) = self.asked.decisions.try_recv() {
            return Ok(read);
        }
        self.out.tell(&Tell::Waiting, &[])?;
        self.out.flush()?;
        self.asked.decisions.recv().map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn answer(&mut self, place: Place, digest: &[u8; 32], bytes: &[u8]) -> io::Result<()> {
        let began = Instant::now();
        let record = {
            let out = &mut self.out;
            let mut give = || sign(out);
            let signs = Signs { last: began, give: &mut give };
            let mut task = Task { bytes, digest, forms: &self.forms, tables: self.tables, signs };
            // The library catches its own faults; this is for what lies around it.
            let record = catch_unwind(AssertUnwindSafe(|| (self.read)(&mut task)));
            record.unwrap_or_else(|fault| Record::crashed(&*fault))
        };
        if self.own && record.failure.as_ref().is_some_and(|(kind, _)| kind == "out_of_memory") {
            // Earlier documents may have left their traces in this process: a fresh one gives the true answer.
            complain(OUT_OF_MEMORY);
            std::process::abort();
        }
        let mut packed = record.pack_with(&mut self.packer);
        if packed.lines.len() > MAX_LINES {
            let format = packed.format.take();
            packed = Record { format, ..Record::failed("too_large", TOO_MUCH) }.pack_with(&mut self.packer);
        }
        let lines = std::mem::take(&mut packed.lines);
        let (memory, _) = self.memory.now();
        let micros = micros(began.elapsed());
        let answer = Tell::Answer { job: place.job, index: place.index, record: packed, micros, memory };
        self.out.tell(&answer, &lines)
    }
}

/// A sign of life. That the supervisor is gone shows when there is something to say.
fn sign<W: Write>(out: &mut Outgoing<W>) {
    let _ = out.tell(&Tell::Progress, &[]).and_then(|()| out.flush());
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
