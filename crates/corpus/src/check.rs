//! Reads every case of a corpus, and compares what is said with what was accepted and with what is true.

use std::path::PathBuf;

use nianbao::hex;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::compare::{self, Bucket, Difference, Reading};
use crate::comparison::{Comparison, FileDifference};
use crate::corpus::{Case, Corpus};
use crate::error::Error;
use crate::golden::{Golden, GoldenReader, Goldens, Row, RowWriter, difference};
use crate::limits::Limits;
use crate::places::Places;
use crate::run::{File, FileReading, ReadOptions, read_all};
use crate::tables;

/// How a corpus is checked.
#[derive(Clone, Debug, Default)]
pub struct CheckOptions {
    /// How its files are read.
    pub read: ReadOptions,
    /// Limits in place of those of its manifest.
    pub limits: Option<Limits>,
    /// Where what is read is kept, to be compared with another version of the program.
    pub readings: Option<PathBuf>,
}

/// Kinds of failures that no document may cause.
const FAULTS_OF_OURS: [&str; 3] = ["crashed", "timeout", "out_of_memory"];

/// The kind of failure that no document may cause, where one of the lines has it.
pub(crate) fn fault_of_ours(lines: &[Value]) -> Option<&str> {
    lines.iter().map(crate::truth::answer).find(|kind| FAULTS_OF_OURS.contains(kind))
}

/// Checks a corpus.
///
/// # Errors
/// What was accepted cannot be read, or no worker can be started. A case that cannot be read is an outcome of that case.
pub fn check(corpus: &Corpus, options: &CheckOptions) -> Result<Comparison, Error> {
    let goldens = Goldens::at(&corpus.golden());
    let mut reader = goldens.reader()?;
    let mut writer = options.readings.as_deref().map(RowWriter::create).transpose()?;
    let mut comparison = Comparison { sides: ["accepted".to_owned(), "now".to_owned()], ..Comparison::default() };
    read_all(files(&corpus.cases), &options.read, &mut |index, reading| {
        let Some(case) = corpus.cases.get(index) else { return Ok(()) };
        let checked = Checked { corpus, case, reading: &reading };
        checked.against_golden(&mut reader, &mut comparison)?;
        checked.against_truth(&mut comparison)?;
        checked.against_manifest(&mut comparison)?;
        let row = || Row { case: case.name.clone(), golden: Golden { document: None, ..Golden::of(&reading) } };
        writer.as_mut().map_or(Ok(()), |writer| writer.push(row()))
    })?;
    reader.rest(&mut |row| gone(row, &mut comparison))?;
    writer.map_or(Ok(()), RowWriter::finish)?;
    comparison.judge(options.limits.as_ref().unwrap_or_else(|| corpus.limits()));
    Ok(comparison)
}

/// The files of some cases.
pub(crate) fn files(cases: &[Case]) -> Vec<File> {
    cases.iter().map(|case| File { path: case.path.clone(), name: case.name.clone() }).collect()
}

/// Something was accepted of a case that is no more.
fn gone(row: Row, comparison: &mut Comparison) {
    let before = row.golden.reading(&row.case);
    let difference = Difference::only_before(&before);
    comparison.add(Some(FileDifference { name: row.case, difference, ..FileDifference::default() }), 0);
}

/// A case that was read.
struct Checked<'a> {
    corpus: &'a Corpus,
    case: &'a Case,
    reading: &'a FileReading,
}

impl Checked<'_> {
    fn against_golden(&self, reader: &mut GoldenReader, comparison: &mut Comparison) -> Result<(), Error> {
        let Self { case, reading, .. } = self;
        let now = Golden::of(reading);
        let said = now.reading(&case.name);
        let reports = said.said.iter().filter(|said| said.is_report()).count();
        let golden = reader.of(&case.name, &mut |row| gone(row, comparison))?;
        let found = match golden {
            _ if !case.has_golden => None,
            Some(golden) => difference_from(&golden, &now, &case.name, comparison),
            None => Some(Difference::only_now(&said)),
        };
        let file = found.map(|difference| self.file(difference));
        if let Some(file) = file.as_ref().filter(|file| file.difference.newly_fails() && !self.may_fail()) {
            comparison.failed.push((case.name.clone(), reason(&file.difference)));
        }
        comparison.add(file, reports);
        Ok(())
    }

    fn file(&self, difference: Difference) -> FileDifference {
        let mut file = FileDifference {
            name: self.case.name.clone(),
            title: self.case.about.title.clone(),
            path: Some(self.case.path.clone()),
            difference,
            ..FileDifference::default()
        };
        if let Some(normal) = &self.reading.normal {
            file.set_excerpts(&Places::of(&normal.document));
        }
        file
    }

    /// Whether its truth allows what it answers.
    fn may_fail(&self) -> bool {
        let truth = self.corpus.truth(self.case).ok().flatten();
        truth.is_some_and(|truth| crate::truth::faults(&truth, &self.reading.lines).is_empty())
    }

    fn against_truth(&self, comparison: &mut Comparison) -> Result<(), Error> {
        let Self { corpus, case, reading } = self;
        let mut faults = Vec::new();
        if let Some(kind) = fault_of_ours(&reading.lines) {
            comparison.failed.push((case.name.clone(), kind.to_owned()));
        }
        let mut others = Vec::new();
        if let Some(truth) = corpus.truth(case)? {
            faults.extend(comparison.accuracy.weigh(&truth, &reading.lines).iter().map(ToString::to_string));
            others.extend(tables::faults(&truth, reading.normal.as_ref().map(|normal| &normal.tables)));
        }
        if let Some(normal) = &reading.normal {
            let places = Places::of(&normal.document);
            others.extend(reading.lines.iter().flat_map(|line| places.strays(line)));
        }
        if reading.lines.is_empty() {
            others.push("no answer at all".to_owned());
        }
        comparison.accuracy.others += others.len() as u64;
        faults.append(&mut others);
        if !faults.is_empty() {
            comparison.faults.push((case.name.clone(), faults));
        }
        Ok(())
    }

    /// Whether its bytes are those that the manifest names.
    fn against_manifest(&self, comparison: &mut Comparison) -> Result<(), Error> {
        let Some(wanted) = &self.case.sha256 else { return Ok(()) };
        let found = match &self.reading.sha256 {
            Some(found) => Some(found.clone()),
            // An archive, or a file that is not there.
            None => std::fs::read(&self.case.path).ok().map(|bytes| hex(&Sha256::digest(&bytes))),
        };
        if found.as_ref() != Some(wanted) {
            let why = found.map_or("it is not there", |_| "its bytes are not those that the manifest names");
            comparison.failed.push((self.case.name.clone(), why.to_owned()));
        }
        Ok(())
    }
}

/// What differs from what was accepted.
fn difference_from(golden: &Golden, now: &Golden, case: &str, comparison: &mut Comparison) -> Option<Difference> {
    let (before, said) = (golden.reading(case), now.reading(case));
    let found = compare::compare(&before, &said, &mut comparison.figures);
    let mut difference = found.unwrap_or_default();
    if golden.document.is_some() || now.document.is_some() {
        document(golden, now, &mut difference);
    }
    if difference.buckets.is_empty() && says_otherwise(golden, now) {
        // Nothing that has a bucket of its own, and yet a reviewer would see it: words of a message, the place of a heading.
        difference.buckets.insert(Bucket::Warnings);
        difference.lines.extend(change_in_words(&before, &said, golden, now));
    }
    (!difference.buckets.is_empty()).then_some(difference)
}

fn document(golden: &Golden, now: &Golden, difference_of: &mut Difference) {
    // One Parquet file keeps no documents.
    let Some(accepted) = golden.document.as_deref().or_else(|| golden.cost.is_none().then_some("")) else { return };
    let text = now.document.as_deref().unwrap_or_default();
    if accepted != text {
        difference_of.set_document(difference(accepted, text));
    }
}

/// Whether the lines differ as they are laid out for a reviewer.
fn says_otherwise(golden: &Golden, now: &Golden) -> bool {
    let layout = |lines: &[Value]| crate::golden::lay_out(lines);
    layout(&golden.lines) != layout(&now.lines)
}

fn change_in_words(before: &Reading, now: &Reading, golden: &Golden, said: &Golden) -> Option<compare::SaidChange> {
    let words = difference(&crate::golden::lay_out(&golden.lines), &crate::golden::lay_out(&said.lines));
    let fact =
        compare::FactChange { name: "the lines of its golden file".to_owned(), before: String::new(), now: words };
    Some(compare::SaidChange {
        before: before.said.first().cloned(),
        now: now.said.first().cloned(),
        facts: vec![fact],
        warnings: true,
        ..compare::SaidChange::default()
    })
}

fn reason(difference: &Difference) -> String {
    let failure = difference.lines.iter().filter_map(|line| line.now.as_ref()?.failure.as_ref()).next();
    failure.map_or_else(|| "no report".to_owned(), |(kind, message)| format!("{kind}: {message}"))
}
