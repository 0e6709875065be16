//! Compares two runs, joined by the content of the documents: two datasets of `nianbao convert`, or two readings that a check has kept.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};

use crate::compare::{self, Difference, Reading, Tally};
use crate::comparison::{Comparison, FileDifference};
use crate::dataset::{self, Document, Documents};
use crate::error::Error;
use crate::golden::{Row, Rows};
use crate::limits::Limits;
use crate::places::Places;
use crate::run::{File, ReadOptions, read_all};

/// What `corpus check --out` leaves in its folder.
pub const READINGS: &str = "readings.parquet";

/// How many documents each side may be ahead of the other's thread.
const AHEAD: usize = 256;

/// Of how many files the source's own text is looked up, the worst first. Each is opened again; of more nobody reads it, and text and place of
/// every figure are told anyway.
const EXCERPTS: usize = 300;

/// One document of a run.
enum Item {
    Dataset(Document),
    Reading(Row),
}

impl Item {
    fn key(&self) -> String {
        match self {
            Self::Dataset(document) => document.key.clone(),
            // An archive has no content of its own that was noted.
            Self::Reading(row) => row.golden.sha256.clone().unwrap_or_else(|| row.case.clone()),
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Dataset(document) => document.path.clone(),
            Self::Reading(row) => row.case.clone(),
        }
    }

    fn count_reports(&self) -> u64 {
        match self {
            Self::Dataset(document) => document.count_reports(),
            Self::Reading(row) => row.golden.lines.iter().filter(|line| line.get("error").is_none()).count() as u64,
        }
    }

    fn reading(self) -> Reading {
        match self {
            Self::Dataset(document) => document.reading(),
            Self::Reading(row) => row.golden.reading(&row.case),
        }
    }

    /// What it cost, and nothing of what it says.
    fn cost_alone(&self) -> Reading {
        let cost = match self {
            Self::Dataset(document) => document.cost,
            Self::Reading(row) => row.golden.cost,
        };
        Reading { said: Vec::new(), cost }
    }

    /// How many figures there are, where everything that is said is the same at a glance.
    fn same(&self, other: &Self) -> Option<u64> {
        match (self, other) {
            (Self::Dataset(one), Self::Dataset(two)) => one.same(two),
            _ => None,
        }
    }
}

/// Compares the run in the folder or file `before` with that in `now`.
///
/// # Errors
/// One of them is no run, or damaged.
pub fn compare_runs(before: &Path, now: &Path, limits: &Limits) -> Result<Comparison, Error> {
    let sides = [before, now].map(|path| path.display().to_string());
    let mut comparison = Comparison { sides, ..Comparison::default() };
    join(open(before)?, open(now)?, &mut |before, now| pair(before, now, &mut comparison))?;
    comparison.differences.sort_by(|one, two| one.name.cmp(&two.name));
    comparison.failed.sort();
    comparison.judge(limits);
    Ok(comparison)
}

fn open(path: &Path) -> Result<Receiver<Result<Item, Error>>, Error> {
    if path.join(dataset::FIGURES).is_file() {
        let documents = Documents::open(path)?;
        return Ok(on_a_thread(documents.map(|document| document.map(Item::Dataset))));
    }
    let file = if path.is_dir() { path.join(READINGS) } else { path.to_owned() };
    if !file.is_file() {
        let words = "no run: neither a dataset of `nianbao convert` nor what `corpus check --out` keeps";
        return Err(Error::Usage(format!("{}: {words}", path.display())));
    }
    let rows = Rows::open(&file)?;
    Ok(on_a_thread(rows.map(|row| row.map(Item::Reading))))
}

/// Reads a run on a thread of its own, so that both are unpacked at the same time.
fn on_a_thread(items: impl Iterator<Item = Result<Item, Error>> + Send + 'static) -> Receiver<Result<Item, Error>> {
    let (send, receive) = sync_channel(AHEAD);
    std::thread::spawn(move || {
        for item in items {
            // Whoever listened has ended with an error.
            if send.send(item).is_err() {
                break;
            }
        }
    });
    receive
}

/// Brings together what has the same key. Runs over the same files come in nearly the same order: few documents wait for their partner.
fn join(
    before: Receiver<Result<Item, Error>>,
    now: Receiver<Result<Item, Error>>,
    take: &mut dyn FnMut(Option<Item>, Option<Item>),
) -> Result<(), Error> {
    let mut waiting: [BTreeMap<String, Item>; 2] = Default::default();
    let mut open = [Some(before), Some(now)];
    while open.iter().any(Option::is_some) {
        for side in 0..2_usize {
            let Some(receiver) = open.get(side).and_then(Option::as_ref) else { continue };
            let Ok(item) = receiver.recv() else {
                open.get_mut(side).into_iter().for_each(|open| *open = None);
                continue;
            };
            let item = item?;
            let [before, now] = &mut waiting;
            let (own, other) = if side == 0 { (before, now) } else { (now, before) };
            match other.remove(&item.key()) {
                Some(partner) if side == 0 => take(Some(item), Some(partner)),
                Some(partner) => take(Some(partner), Some(item)),
                None => {
                    own.insert(item.key(), item);
                }
            }
        }
    }
    let [before, now] = waiting;
    before.into_values().for_each(|item| take(Some(item), None));
    now.into_values().for_each(|item| take(None, Some(item)));
    Ok(())
}

fn pair(before: Option<Item>, now: Option<Item>, comparison: &mut Comparison) {
    let reports = now.as_ref().map_or(0, Item::count_reports);
    let name = now.as_ref().or(before.as_ref()).map(Item::name).unwrap_or_default();
    let difference = match (before, now) {
        (Some(before), Some(now)) => match before.same(&now) {
            Some(figures) => {
                comparison.figures.same += figures;
                compare::compare(&before.cost_alone(), &now.cost_alone(), &mut comparison.figures)
            }
            None => compare::compare(&before.reading(), &now.reading(), &mut comparison.figures),
        },
        (Some(before), None) => Some(Difference::only_before(&before.reading())),
        (None, Some(now)) => Some(Difference::only_now(&now.reading())),
        (None, None) => None,
    };
    if difference.as_ref().is_some_and(Difference::newly_fails) {
        comparison.failed.push((name.clone(), "it could be read before, or failed for another reason".to_owned()));
    }
    let path = Some(PathBuf::from(name.split_once('!').map_or(name.as_str(), |(file, _)| file)));
    let file = difference.map(|difference| FileDifference {
        name,
        path: path.filter(|path| path.is_file()),
        difference,
        ..FileDifference::default()
    });
    comparison.add(file, usize::try_from(reports).unwrap_or(usize::MAX));
}

/// Opens the worst of the files that differ once more, as far as they are still there, for their own text at the places that differ.
///
/// # Errors
/// No worker can be started.
pub fn look_up(comparison: &mut Comparison, read: &ReadOptions) -> Result<(), Error> {
    let is_meant = |file: &&mut FileDifference| {
        let differs = file.difference.lines.iter().any(|line| !line.figures.is_empty());
        differs && file.path.is_some() && !file.name.contains('!')
    };
    let mut found: Vec<&mut FileDifference> = comparison.differences.iter_mut().filter(is_meant).collect();
    found.sort_by_key(|file| file.difference.worst());
    found.truncate(EXCERPTS);
    let file = |file: &&mut FileDifference| Some(File { path: file.path.clone()?, name: file.name.clone() });
    let files: Vec<File> = found.iter().filter_map(file).collect();
    if files.is_empty() {
        return Ok(());
    }
    read_all(files, &ReadOptions { documents: true, ..read.clone() }, &mut |index, reading| {
        if let (Some(file), Some(normal)) = (found.get_mut(index), &reading.normal) {
            file.set_excerpts(&Places::of(&normal.document));
        }
        Ok(())
    })
}

/// The figures of a tally in words.
pub(crate) fn figures_in_words(tally: &Tally) -> String {
    let Tally { same, changed, lost, gained, moved } = tally;
    format!("{same} same, {changed} changed, {lost} lost, {gained} gained, {moved} moved")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{Bucket, Cost};
    use crate::golden::{Golden, RowWriter};
    use crate::testing::Folder;
    use serde_json::json;

    fn row(case: &str, sha256: &str, total: u64, status: &str) -> Row {
        let line = json!({
            "source": {"path": case}, "status": status, "a": {"total": total},
            "evidence": {"a.total": {"raw": total.to_string(), "state": "read", "at": ["line 1"]}}
        });
        let golden =
            Golden { lines: vec![line], document: None, cost: Some(Cost::default()), sha256: Some(sha256.to_owned()) };
        Row { case: case.to_owned(), golden }
    }

    fn write(folder: &Folder, name: &str, rows: Vec<Row>) -> PathBuf {
        let path = folder.path().join(name);
        let mut writer = RowWriter::create(&path).unwrap();
        rows.into_iter().for_each(|row| writer.push(row).unwrap());
        writer.finish().unwrap();
        path
    }

    #[test]
    fn two_readings_are_joined_by_content_whatever_the_names() {
        let folder = Folder::new("runs");
        let before = write(
            &folder,
            "a.parquet",
            vec![row("a", "01", 1, "ok"), row("b", "02", 2, "ok"), row("c", "03", 3, "ok")],
        );
        let now = write(
            &folder,
            "b.parquet",
            vec![row("other/a", "01", 1, "ok"), row("b", "02", 5, "review"), row("d", "04", 4, "ok")],
        );
        let found = compare_runs(&before, &now, &Limits::default()).unwrap();
        let buckets: Vec<_> = found.buckets.iter().map(|(bucket, &count)| (*bucket, count)).collect();
        assert_eq!(buckets, [(Bucket::Fell, 1), (Bucket::Changed, 1), (Bucket::New, 1), (Bucket::Gone, 1)]);
        assert_eq!((found.figures.same, found.figures.changed, found.files), (1, 1, 4));
        assert_eq!(found.exceeded.len(), 3, "{:?}", found.exceeded);
    }

    #[test]
    fn what_is_no_run_is_refused() {
        let folder = Folder::new("no-run");
        let error = compare_runs(folder.path(), folder.path(), &Limits::default()).unwrap_err();
        assert!(matches!(error, Error::Usage(_)), "{error}");
    }
}
