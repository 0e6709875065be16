//! What has changed between two readings of the same bytes: per figure, per report, per file.

mod bucket;
mod figure;
mod report;

use std::collections::{BTreeMap, BTreeSet};

pub use bucket::Bucket;
pub use figure::{Change, FigureChange};
pub(crate) use report::figure_of;
pub use report::{FactChange, RuleChange, SaidChange};

use crate::said::Said;

/// How much longer a file may take before it is called slower, and from what difference on: below that, clocks and caches are measured.
const SLOWER: u64 = 3;
const SLOWER_FROM_MICROS: u64 = 200_000;

/// How much more memory a file may need before that is told, and from what difference on: a worker that has read other files before
/// holds some of it from them.
const MORE_MEMORY: u64 = 2;
const MORE_MEMORY_FROM: u64 = 64 << 20;

/// What reading a file cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// The time by the clock on the wall, in microseconds.
    pub micros: u64,
    /// The most memory that its worker held so far, in bytes; 0 where it is not known.
    pub memory: u64,
}

/// All that a program said of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Its lines, in the order of the file.
    pub said: Vec<Said>,
    /// What it cost, where that was kept.
    pub cost: Option<Cost>,
}

/// What has changed of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// The lines that differ.
    pub lines: Vec<SaidChange>,
    /// What the readings cost, where both are known: before, now.
    pub cost: Option<(Cost, Cost)>,
    /// How the document as read differs, where that was kept: lines after `-` and `+`.
    pub document: Option<String>,
    /// In which respects it differs.
    pub buckets: BTreeSet<Bucket>,
}

/// How many figures came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Number, state, text and place are the same.
    pub same: u64,
    /// Another number, or another state.
    pub changed: u64,
    /// Something stood there before, and now nothing is known.
    pub lost: u64,
    /// Nothing was known before.
    pub gained: u64,
    /// The same, read from another text or place.
    pub moved: u64,
}

impl Tally {
    pub(crate) const fn add(&mut self, change: Option<Change>) {
        match change {
            None => self.same += 1,
            Some(Change::Changed) => self.changed += 1,
            Some(Change::Lost) => self.lost += 1,
            Some(Change::Gained) => self.gained += 1,
            Some(Change::Moved) => self.moved += 1,
        }
    }

    /// How many there are.
    pub const fn all(&self) -> u64 {
        self.same + self.changed + self.lost + self.gained + self.moved
    }
}

/// What has changed between two readings of a file. Every figure is counted in `tally`. `None` where nothing has changed.
pub fn compare(before: &Reading, now: &Reading, tally: &mut Tally) -> Option<Difference> {
    let mut difference = Difference::default();
    for (before, now) in pairs(&before.said, &now.said) {
        if let Some(change) = report::compare(before, now, tally) {
            difference.buckets.extend(change.buckets());
            difference.lines.push(change);
        }
    }
    if let (Some(before), Some(now)) = (before.cost, now.cost) {
        difference.weigh_cost(before, now);
    }
    (!difference.buckets.is_empty()).then_some(difference)
}

/// The lines that belong together: those of the same document and part. Where a document had one report and has several now, the one is
/// set beside the first.
fn pairs<'a>(before: &'a [Said], now: &'a [Said]) -> Vec<(Option<&'a Said>, Option<&'a Said>)> {
    let mut waiting: BTreeMap<(&str, u64), &Said> = before.iter().map(|said| (key(said), said)).collect();
    let mut pairs: Vec<_> = now.iter().map(|now| (waiting.remove(&key(now)), Some(now))).collect();
    pairs.extend(waiting.into_values().map(|before| (Some(before), None)));
    pairs
}

fn key(said: &Said) -> (&str, u64) {
    (&said.member, said.part.max(1))
}

impl Difference {
    /// A file that was not there before.
    pub fn only_now(now: &Reading) -> Self {
        Self { buckets: BTreeSet::from([Bucket::New]), ..Self::of_one(now, |said| SaidChange::new(None, Some(said))) }
    }

    /// A file that is no longer there.
    pub fn only_before(before: &Reading) -> Self {
        Self {
            buckets: BTreeSet::from([Bucket::Gone]),
            ..Self::of_one(before, |said| SaidChange::new(Some(said), None))
        }
    }

    fn of_one(reading: &Reading, change: impl Fn(&Said) -> SaidChange) -> Self {
        // An archive may have many thousand files of which nothing was accepted yet: what they are called is enough.
        let light = |said: &Said| Said {
            figures: BTreeMap::new(),
            sections: Vec::new(),
            findings: Vec::new(),
            warnings: Vec::new(),
            ..said.clone()
        };
        Self { lines: reading.said.iter().map(|said| change(&light(said))).collect(), ..Self::default() }
    }

    fn weigh_cost(&mut self, before: Cost, now: Cost) {
        let slower = now.micros > before.micros.saturating_mul(SLOWER)
            && now.micros.saturating_sub(before.micros) > SLOWER_FROM_MICROS;
        let larger = before.memory > 0
            && now.memory > before.memory.saturating_mul(MORE_MEMORY)
            && now.memory.saturating_sub(before.memory) > MORE_MEMORY_FROM;
        self.buckets.extend(slower.then_some(Bucket::Slower));
        self.buckets.extend(larger.then_some(Bucket::Memory));
        self.cost = Some((before, now));
    }

    /// Notes how the document as read differs.
    pub fn set_document(&mut self, difference: String) {
        self.buckets.insert(Bucket::Document);
        self.document = Some(difference);
    }

    /// The worst respect in which it differs.
    pub fn worst(&self) -> Bucket {
        self.buckets.first().copied().unwrap_or(Bucket::Gone)
    }

    /// Whether the file could be read before, and cannot now; or fails for another reason.
    pub fn newly_fails(&self) -> bool {
        self.buckets.contains(&Bucket::Failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::said::Figure;

    fn cost(millis: u64, mebibytes: u64) -> Option<Cost> {
        Some(Cost { micros: millis * 1000, memory: mebibytes << 20 })
    }

    fn costs(before: Option<Cost>, now: Option<Cost>) -> BTreeSet<Bucket> {
        let reading = |cost| Reading { said: Vec::new(), cost };
        compare(&reading(before), &reading(now), &mut Tally::default()).map(|found| found.buckets).unwrap_or_default()
    }

    #[test]
    fn a_file_is_slower_from_three_times_and_a_fifth_of_a_second_on() {
        assert_eq!(costs(cost(100, 9), cost(310, 9)), BTreeSet::from([Bucket::Slower]));
        assert_eq!(costs(cost(100, 9), cost(300, 9)), BTreeSet::new());
        assert_eq!(costs(cost(1, 9), cost(190, 9)), BTreeSet::new());
        assert_eq!(costs(None, cost(9000, 9)), BTreeSet::new());
    }

    #[test]
    fn a_file_needs_more_memory_from_twice_and_64_mebibytes_on() {
        assert_eq!(costs(cost(1, 60), cost(1, 130)), BTreeSet::from([Bucket::Memory]));
        assert_eq!(costs(cost(1, 60), cost(1, 119)), BTreeSet::new());
        assert_eq!(costs(cost(1, 0), cost(1, 900)), BTreeSet::new());
    }

    #[test]
    fn a_report_that_falls_into_two_is_set_beside_the_first() {
        let said = |part, value: &str| Said {
            part,
            status: "ok".to_owned(),
            figures: [(
                "a.b".to_owned(),
                Figure { value: Some(value.to_owned()), state: "read".to_owned(), ..Figure::default() },
            )]
            .into(),
            ..Said::default()
        };
        let reading = |said| Reading { said, cost: None };
        let mut tally = Tally::default();
        let found =
            compare(&reading(vec![said(0, "1")]), &reading(vec![said(1, "1"), said(2, "4")]), &mut tally).unwrap();
        assert_eq!(found.lines.len(), 1);
        assert!(found.buckets.contains(&Bucket::Reports));
        assert_eq!((tally.same, tally.gained), (1, 1));
    }
}
