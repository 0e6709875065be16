//! Accepting what the program says now. Truth is never touched here.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::check::{self, files};
use crate::compare::{self, Bucket, Difference, Tally};
use crate::corpus::{Case, Corpus};
use crate::error::Error;
use crate::golden::{Golden, Goldens, Keeper, difference, lay_out};
use crate::log::{self, Entry};
use crate::run::{ReadOptions, read_all};
use crate::said::{numbers, put_number, take_number};

/// What is to be accepted.
#[derive(Clone, Debug)]
pub struct Acceptance {
    /// Of which cases.
    pub which: Which,
    /// Of these only one figure, or only what is in one bucket.
    pub only: Option<String>,
    /// Why.
    pub why: String,
}

/// Which cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// These; the ending of a name may be left out.
    Named(Vec<String>),
    /// Those of which nothing was accepted yet.
    New,
    /// All.
    All,
}

/// What was accepted of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The case.
    pub case: String,
    /// The lines that changed; empty where nothing did, or where all of it is new.
    pub changed: String,
    /// Whether nothing had been accepted of it before.
    pub is_new: bool,
    /// Why nothing was accepted: reading it cost a worker, and what is said then is of the machine, not of the document.
    pub refused: Option<String>,
}

/// What of a difference is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Only {
    Everything,
    Figure(String),
    Bucket(Bucket),
}

/// Reads cases, and keeps what is said of them now. Who, when and why goes into the log beside the goldens.
///
/// # Errors
/// No such case, no reason, or something cannot be read or written.
pub fn accept(corpus: &Corpus, acceptance: &Acceptance, read: &ReadOptions) -> Result<Vec<Accepted>, Error> {
    if acceptance.why.trim().is_empty() {
        return Err(Error::Usage("say why with --why".to_owned()));
    }
    let only = acceptance.only.as_deref().map_or(Only::Everything, Only::of);
    let goldens = Goldens::at(&corpus.golden());
    let cases = chosen(corpus, &acceptance.which, &goldens)?;
    let entry = Entry::now(&acceptance.why, acceptance.only.as_deref());
    let mut desk = Desk { goldens: &goldens, only, keeper: goldens.keeper()?, kept: Vec::new(), told: Vec::new() };
    let mut reader = goldens.reader()?;
    // One Parquet file keeps no documents, and then none need be sent.
    let read = ReadOptions { documents: read.documents && goldens.keeps_documents(), ..read.clone() };
    read_all(files(&cases), &read, &mut |index, reading| {
        let Some(case) = cases.get(index) else { return Ok(()) };
        let before = reader.of(&case.name, &mut |_| ())?;
        desk.take(case, before, Golden::of(&reading))
    })?;
    let Desk { keeper, kept, told, .. } = desk;
    keeper.finish()?;
    if !kept.is_empty() {
        log::append(&corpus.folder, &entry, &kept)?;
    }
    Ok(told)
}

fn chosen(corpus: &Corpus, which: &Which, goldens: &Goldens) -> Result<Vec<Case>, Error> {
    let with_golden = || corpus.cases.iter().filter(|case| case.has_golden);
    match which {
        Which::All => Ok(with_golden().cloned().collect()),
        Which::New => {
            let (mut reader, mut new) = (goldens.reader()?, Vec::new());
            for case in with_golden() {
                if reader.of(&case.name, &mut |_| ())?.is_none() {
                    new.push(case.clone());
                }
            }
            Ok(new)
        }
        Which::Named(names) => {
            let mut cases = Vec::new();
            for name in names {
                let case = corpus.case(name)?;
                if !case.has_golden {
                    return Err(Error::Usage(format!(
                        "{name}: nothing is accepted of it, its truth says what it may answer"
                    )));
                }
                cases.push(case.clone());
            }
            // In the order in which goldens are read.
            cases.sort_by(|one, two| one.name.cmp(&two.name));
            cases.dedup();
            Ok(cases)
        }
    }
}

struct Desk<'a> {
    goldens: &'a Goldens,
    only: Only,
    keeper: Keeper,
    kept: Vec<String>,
    told: Vec<Accepted>,
}

impl Desk<'_> {
    fn take(&mut self, case: &Case, before: Option<Golden>, mut now: Golden) -> Result<(), Error> {
        if !self.goldens.keeps_documents() {
            now.document = None;
        }
        let is_new = before.is_none();
        if let Some(fault) = check::fault_of_ours(&now.lines) {
            let refused = Some(fault.to_owned());
            self.told.push(Accepted { case: case.name.clone(), changed: String::new(), is_new, refused });
            return Ok(());
        }
        let golden = match &before {
            Some(before) => self.only.merged(before, &now, &case.name),
            None if self.only == Only::Everything => now,
            None => {
                return Err(Error::Usage(format!("{}: nothing was accepted of it yet; leave --only away", case.name)));
            }
        };
        let changed = before.as_ref().map(|before| changed(before, &golden)).unwrap_or_default();
        let is_of_cost = matches!(self.only, Only::Bucket(Bucket::Slower | Bucket::Memory));
        if is_new || !changed.is_empty() || is_of_cost {
            self.keeper.put(&case.name, golden)?;
            self.kept.push(case.name.clone());
        }
        self.told.push(Accepted { case: case.name.clone(), changed, is_new, refused: None });
        Ok(())
    }
}

/// The lines in which two goldens differ, as files would show them.
fn changed(before: &Golden, now: &Golden) -> String {
    let text = |golden: &Golden| golden.document.clone().unwrap_or_default();
    let mut changed = String::new();
    for (before, now) in [(lay_out(&before.lines), lay_out(&now.lines)), (text(before), text(now))] {
        if before != now {
            changed.push_str(&difference(&before, &now));
        }
    }
    changed
}

impl Only {
    fn of(name: &str) -> Self {
        Bucket::named(name).map_or_else(|| Self::Figure(name.to_owned()), Self::Bucket)
    }

    /// What was accepted, with only this of what is said now.
    fn merged(&self, before: &Golden, now: &Golden, case: &str) -> Golden {
        match self {
            Self::Everything => now.clone(),
            Self::Bucket(Bucket::Document) => Golden { document: now.document.clone(), ..before.clone() },
            Self::Bucket(Bucket::Slower | Bucket::Memory) => Golden { cost: now.cost, ..before.clone() },
            // Where reports come or go there is nothing to put a part of in.
            Self::Bucket(Bucket::Reports | Bucket::Failed) => {
                Golden { document: before.document.clone(), ..now.clone() }
            }
            _ => {
                let difference = compare::compare(&before.reading(case), &now.reading(case), &mut Tally::default());
                let lines = self.lines(before, now, &difference.unwrap_or_default());
                Golden { lines, ..before.clone() }
            }
        }
    }

    fn lines(&self, before: &Golden, now: &Golden, difference: &Difference) -> Vec<Value> {
        if before.lines.len() != now.lines.len() {
            return before.lines.clone();
        }
        let figures = self.figures(difference);
        let pairs = before.lines.iter().zip(&now.lines);
        pairs.map(|(before, now)| self.line(before, now, &figures)).collect()
    }

    /// The figures that are accepted.
    fn figures(&self, difference: &Difference) -> BTreeSet<String> {
        let changes = difference.lines.iter().flat_map(|line| &line.figures);
        let is_meant = |change: &&compare::FigureChange| match self {
            Self::Figure(key) => change.key == *key,
            Self::Bucket(bucket) => change.change.bucket() == *bucket,
            Self::Everything => true,
        };
        changes.filter(is_meant).map(|change| change.key.clone()).collect()
    }

    fn line(&self, before: &Value, now: &Value, figures: &BTreeSet<String>) -> Value {
        let mut line = before.clone();
        for key in figures {
            copy_figure(&mut line, now, key);
        }
        for name in self.members() {
            copy_member(&mut line, now, name);
        }
        if *self == Self::Bucket(Bucket::Facts) {
            for fact in ["title", "agency", "year", "published"] {
                copy_evidence(&mut line, now, fact);
            }
        }
        line
    }

    /// The members of a line that a bucket is about, beside figures.
    const fn members(&self) -> &'static [&'static str] {
        match self {
            Self::Bucket(Bucket::Red | Bucket::Healed) => &["findings"],
            Self::Bucket(Bucket::Fell | Bucket::Rose) => &["status"],
            Self::Bucket(Bucket::Facts) => &["form", "title", "agency", "year", "published", "sections"],
            Self::Bucket(Bucket::Warnings) => &["warnings", "findings", "sections"],
            _ => &[],
        }
    }
}

fn copy_figure(line: &mut Value, now: &Value, key: &str) {
    match numbers(now).into_iter().find(|(found, _)| found == key) {
        Some((_, number)) => put_number(line, key, number.clone()),
        None => take_number(line, key),
    }
    copy_evidence(line, now, key);
}

fn copy_evidence(line: &mut Value, now: &Value, key: &str) {
    let found = now.get("evidence").and_then(|evidence| evidence.get(key)).cloned();
    let Some(evidence) = line.get_mut("evidence").and_then(Value::as_object_mut) else { return };
    match found {
        Some(found) => evidence.insert(key.to_owned(), found),
        None => evidence.remove(key),
    };
}

fn copy_member(line: &mut Value, now: &Value, name: &str) {
    let Some(members) = line.as_object_mut() else { return };
    match now.get(name) {
        Some(value) => members.insert(name.to_owned(), value.clone()),
        None => members.remove(name),
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn golden(one: u8, two: u8, status: &str) -> Golden {
        let evidence =
            |number: u8| json!({"raw": number.to_string(), "state": "read", "at": [format!("line {number}")]});
        let line = json!({
            "source": {"path": "a.txt"}, "status": status, "a": {"b": one, "c": two},
            "evidence": {"a.b": evidence(one), "a.c": evidence(two)}, "findings": [], "warnings": []
        });
        Golden { lines: vec![line], document: Some(format!("{one} {two}")), ..Golden::default() }
    }

    #[test]
    fn one_figure_is_accepted_and_nothing_else() {
        let merged = Only::of("a.b").merged(&golden(1, 2, "ok"), &golden(3, 4, "review"), "a.txt");
        let wanted = Golden { document: Some("1 2".to_owned()), ..golden(3, 2, "ok") };
        assert_eq!(merged, wanted);
    }

    #[test]
    fn one_bucket_is_accepted_and_nothing_else() {
        let (before, now) = (golden(1, 2, "ok"), golden(3, 4, "review"));
        assert_eq!(Only::of("changed").merged(&before, &now, "a.txt").lines, golden(3, 4, "ok").lines);
        assert_eq!(Only::of("fell").merged(&before, &now, "a.txt").lines, golden(1, 2, "review").lines);
        assert_eq!(
            Only::of("document").merged(&before, &now, "a.txt"),
            Golden { document: now.document.clone(), ..before.clone() }
        );
        assert_eq!(Only::of("gained").merged(&before, &now, "a.txt"), before);
        assert_eq!(Only::Everything.merged(&before, &now, "a.txt"), now);
    }
}
