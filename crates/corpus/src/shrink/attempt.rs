//! Whether a smaller document still shows the same difference.

use std::fmt;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::Reference;
use crate::compare::{self, Bucket, Change, Difference, Reading, SaidChange, Tally};
use crate::corpus::Case;
use crate::error::Error;
use crate::places::{Excerpt, Places};
use crate::run::{File, FileReading, ReadOptions, read_one};
use crate::said::{Figure, Said};

/// The difference that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// In which of the lines that differ.
    pub(super) line: usize,
    pub(super) bucket: Bucket,
    pub(super) rule: Option<String>,
    pub(super) figure: Option<String>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.bucket.name())?;
        self.rule.iter().try_for_each(|rule| write!(f, " {rule}"))?;
        self.figure.iter().try_for_each(|figure| write!(f, " {figure}"))
    }
}

/// Reads smaller documents.
pub(super) struct Attempts<'a> {
    reference: &'a Reference,
    read: ReadOptions,
    scratch: Scratch,
    fault: Option<Fault>,
    trace: Option<Trace>,
    pub(super) tried: u32,
}

/// What of the whole document must remain where only what was accepted of that is known: what is said of the figure now, and the row in which
/// its text stood.
#[derive(Clone, Debug)]
struct Trace {
    now: Option<Figure>,
    row: Option<Excerpt>,
}

/// A file of its own, gone with it.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // It lies where the system cleans up anyway.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl<'a> Attempts<'a> {
    pub(super) fn new(case: &Case, reference: &'a Reference, read: &ReadOptions) -> Result<Self, Error> {
        let ending = Path::new(&case.name)
            .extension()
            .map(|ending| format!(".{}", ending.to_string_lossy()))
            .unwrap_or_default();
        let path = std::env::temp_dir().join(format!("nianbao-shrink-{}{ending}", std::process::id()));
        let read = ReadOptions { documents: true, jobs: std::num::NonZeroUsize::MIN, ..read.clone() };
        Ok(Self { reference, read, scratch: Scratch(path), fault: None, trace: None, tried: 0 })
    }

    /// What is said of a document now.
    pub(super) fn now(&self, bytes: &[u8]) -> Result<FileReading, Error> {
        self.reading(bytes, &self.read)
    }

    fn reading(&self, bytes: &[u8], read: &ReadOptions) -> Result<FileReading, Error> {
        let path = &self.scratch.0;
        std::fs::write(path, bytes).map_err(|error| Error::at(path, &error))?;
        read_one(File { path: path.clone(), name: String::new() }, read)
    }

    /// What the reference says of a document.
    pub(super) fn before(&self, bytes: &[u8]) -> Result<Reading, Error> {
        let lines = match self.reference {
            Reference::Program(program) => {
                std::fs::write(&self.scratch.0, bytes).map_err(|error| Error::at(&self.scratch.0, &error))?;
                lines_of(program, &self.scratch.0, self.read.timeout)?
            }
            Reference::Golden | Reference::OwnForms => {
                self.reading(bytes, &ReadOptions { form: None, ..self.read.clone() })?.lines
            }
        };
        Ok(said(&lines, &self.scratch.0))
    }

    /// Takes down what a smaller document must show.
    pub(super) fn look_for(&mut self, fault: Fault, difference: &Difference, now: &FileReading) -> Result<(), Error> {
        if *self.reference == Reference::Golden {
            let places = now.normal.as_ref().map(|normal| Places::of(&normal.document)).unwrap_or_default();
            let change = difference.lines.get(fault.line);
            self.trace = change.map(|change| Trace::of(&fault, change, &places));
        }
        self.fault = Some(fault);
        Ok(())
    }

    /// Whether a document shows it.
    pub(super) fn shows(&mut self, bytes: &[u8]) -> Result<bool, Error> {
        self.tried += 1;
        let now = self.now(bytes)?;
        let Some(fault) = &self.fault else { return Ok(false) };
        if let Some(trace) = &self.trace {
            let said = said(&now.lines, &self.scratch.0);
            let places = now.normal.as_ref().map(|normal| Places::of(&normal.document)).unwrap_or_default();
            return Ok(said.said.iter().any(|said| trace.remains(fault, said, &places)));
        }
        let before = self.before(bytes)?;
        let now = said(&now.lines, &self.scratch.0);
        let difference = compare::compare(&before, &now, &mut Tally::default());
        Ok(difference.is_some_and(|difference| difference.lines.iter().any(|line| fault.is_in(line))))
    }
}

fn said(lines: &[serde_json::Value], path: &Path) -> Reading {
    let name = path.to_string_lossy();
    Reading { said: lines.iter().map(|line| Said::of(line, &name)).collect(), cost: None }
}

impl Fault {
    fn is_in(&self, change: &SaidChange) -> bool {
        let rules = match self.bucket {
            Bucket::Red => &change.broken,
            _ => &change.healed,
        };
        let figure =
            |key: &String| change.figures.iter().any(|found| found.key == *key && found.change.bucket() == self.bucket);
        match (&self.rule, &self.figure) {
            (Some(rule), figure) => rules.iter().any(|found| {
                found.rule == *rule && figure.as_ref().is_none_or(|figure| found.figures.contains(figure))
            }),
            (None, Some(key)) => figure(key),
            (None, None) => false,
        }
    }
}

impl Trace {
    fn of(fault: &Fault, change: &SaidChange, places: &Places) -> Self {
        let key = fault.figure.as_deref().unwrap_or_default();
        let figure = change.figures.iter().find(|figure| figure.key == key);
        let before = figure
            .and_then(|figure| figure.before.as_ref())
            .or_else(|| compare::figure_of(change.before.as_ref(), key));
        let place = before.and_then(|before| before.place.as_deref()).and_then(|place| place.split(", ").next());
        let row = place.and_then(|place| places.excerpt(place)).or_else(|| places.only(&before?.raw));
        let is_lost = figure.is_some_and(|figure| figure.change == Change::Lost);
        let now = compare::figure_of(change.now.as_ref(), key).cloned();
        // Of a figure that is lost now there is no more to tell than that.
        Self { now: if is_lost { None } else { now }, row }
    }

    /// Whether a line of a smaller document says the same of the figure, and the row is still there.
    fn remains(&self, fault: &Fault, said: &Said, places: &Places) -> bool {
        let Some(row) = &self.row else { return false };
        if !said.is_report() || !places.has_row(row) {
            return false;
        }
        let key = fault.figure.as_deref().unwrap_or_default();
        let found = said.figures.get(key);
        let as_now = match &self.now {
            Some(now) => found.is_some_and(|found| found.is_same(now)),
            None => found.is_none_or(Figure::is_lost),
        };
        let breaks = |rule: &String| {
            said.findings.iter().any(|finding| {
                finding.rule == *rule
                    && (finding.figures.is_empty() || finding.figures.iter().any(|figure| figure == key))
            })
        };
        as_now && (fault.bucket != Bucket::Red || fault.rule.as_ref().is_none_or(breaks))
    }
}

/// What another version of the program prints of a file.
fn lines_of(program: &Path, file: &Path, timeout: Duration) -> Result<Vec<serde_json::Value>, Error> {
    let failed = |error: &dyn fmt::Display| Error::Failed(format!("{}: {error}", program.display()));
    let mut command = Command::new(program);
    let child =
        command.arg("extract").arg(file).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = child.map_err(|error| failed(&error))?;
    let mut output = child.stdout.take();
    let reading = std::thread::spawn(move || {
        let mut text = String::new();
        // What is cut off is no JSON, and told as such.
        let _ = output.as_mut().map(|output| output.read_to_string(&mut text));
        text
    });
    let began = Instant::now();
    while child.try_wait().map_err(|error| failed(&error))?.is_none() {
        if began.elapsed() > timeout {
            // It can only fail where the program has ended already.
            let _ = child.kill();
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let text = reading.join().unwrap_or_default();
    Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}
