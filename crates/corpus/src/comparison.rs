//! What a whole comparison came to: of a corpus with what was accepted, or of two runs.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::accuracy::Accuracy;
use crate::compare::{Bucket, Change, Difference, Tally};
use crate::limits::Limits;
use crate::places::{Excerpt, Places};

/// What a whole comparison came to.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// What was compared: names for the two sides.
    pub sides: [String; 2],
    /// How many files were compared.
    pub files: u64,
    /// How many reports they hold now.
    pub reports: u64,
    /// What the figures came to.
    pub figures: Tally,
    /// How many files are in which bucket.
    pub buckets: BTreeMap<Bucket, u64>,
    /// The files that differ, by name.
    pub differences: Vec<FileDifference>,
    /// How right what is said now is.
    pub accuracy: Accuracy,
    /// What differs from the truth, by file.
    pub faults: Vec<(String, Vec<String>)>,
    /// The files that fail now and should not, each with the reason.
    pub failed: Vec<(String, String)>,
    /// What is beyond the limits, in words.
    pub exceeded: Vec<String>,
}

/// A file that differs.
#[derive(Clone, Debug, Default)]
pub struct FileDifference {
    /// Its name.
    pub name: String,
    /// What it shows, where that is known.
    pub title: String,
    /// Where it lies, where that is known.
    pub path: Option<PathBuf>,
    /// What differs.
    pub difference: Difference,
    /// The source's own text at the places of the figures that differ, by key.
    pub excerpts: BTreeMap<String, Vec<Excerpt>>,
}

/// What a comparison means for whoever runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is beyond the limits.
    Same,
    /// Something is.
    Regressed,
    /// Some file fails that should not.
    Failed,
}

impl Comparison {
    /// Adds a file that was compared.
    pub(crate) fn add(&mut self, file: Option<FileDifference>, reports: usize) {
        self.files += 1;
        self.reports += reports as u64;
        let Some(file) = file else { return };
        for &bucket in &file.difference.buckets {
            *self.buckets.entry(bucket).or_default() += 1;
        }
        self.differences.push(file);
    }

    /// Weighs it against the limits.
    pub(crate) fn judge(&mut self, limits: &Limits) {
        self.exceeded = limits.exceeded(&self.buckets, &self.accuracy);
    }

    /// What it means.
    pub const fn verdict(&self) -> Verdict {
        match (self.failed.is_empty(), self.exceeded.is_empty()) {
            (false, _) => Verdict::Failed,
            (_, false) => Verdict::Regressed,
            _ => Verdict::Same,
        }
    }
}

impl FileDifference {
    /// Looks up the source's own text wherever a figure differs.
    pub(crate) fn set_excerpts(&mut self, places: &Places) {
        for figure in self.difference.lines.iter().flat_map(|line| &line.figures) {
            let sides = [&figure.before, &figure.now].into_iter().flatten();
            let mut found: Vec<Excerpt> = sides
                .clone()
                .filter_map(|figure| figure.place.as_deref())
                .flat_map(|at| at.split(", "))
                .filter_map(|place| places.excerpt(place))
                .collect();
            if found.is_empty() && figure.change == Change::Lost {
                // Golden files do not keep the place of a bare number.
                found.extend(sides.filter(|figure| !figure.raw.is_empty()).find_map(|figure| places.only(&figure.raw)));
            }
            found.dedup();
            if !found.is_empty() {
                self.excerpts.insert(figure.key.clone(), found);
            }
        }
    }
}
