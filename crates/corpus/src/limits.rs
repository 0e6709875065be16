//! How much may differ before it is too much: data in a file, so that a change of it is seen.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::accuracy::Accuracy;
use crate::compare::Bucket;
use crate::error::Error;

/// How many files may be in which bucket, and how accurate what is said must be.
///
/// ```toml
/// [limits]
/// red = 0          # files with a rule that is newly broken
/// moved = 200
/// slower = "any"   # not counted
///
/// [limits.accuracy]
/// figures = 0.999  # share of the figures of the truths that are exact
/// reports = 0.99   # share of the reports that are right in everything
/// silent = 0       # wrong figures in reports called ok
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Accuracy against the truths.
    pub accuracy: AccuracyLimits,
    /// Whatever else stands there must be a bucket.
    #[serde(flatten)]
    buckets: BTreeMap<BucketName, Most>,
}

/// The least accuracy.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccuracyLimits {
    /// The least share of figures that are exact.
    pub figures: f64,
    /// The least share of reports that are right in everything.
    pub reports: f64,
    /// How many wrong figures there may be in reports called `ok`.
    pub silent: u64,
    /// How many other faults there may be: answers, tables, places.
    pub others: u64,
}

impl Default for AccuracyLimits {
    /// A truth that one has is to be met.
    fn default() -> Self {
        Self { figures: 1.0, reports: 1.0, silent: 0, others: 0 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
struct BucketName(Bucket);

impl TryFrom<String> for BucketName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let names = || Bucket::ALL.map(Bucket::name).join(", ");
        Bucket::named(&name).map(Self).ok_or_else(|| format!("{name}: no bucket; there are {}", names()))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "a number, or \"any\"")]
enum Most {
    Count(u64),
    Any(Any),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Any {
    Any,
}

impl Limits {
    /// Reads a file of limits; `[limits]` stands in it as in `corpus.toml`, or its members at the top.
    ///
    /// # Errors
    /// No such file, or not understood.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text =
            std::fs::read_to_string(path).map_err(|error| Error::Usage(format!("{}: {error}", path.display())))?;
        Self::parse(&text).map_err(|error| Error::Usage(format!("{}: {error}", path.display())))
    }

    fn parse(text: &str) -> Result<Self, toml::de::Error> {
        #[derive(Deserialize)]
        struct File {
            limits: Limits,
        }
        let is_within = text.lines().any(|line| line.trim_start().starts_with("[limits"));
        if is_within { toml::from_str::<File>(text).map(|file| file.limits) } else { toml::from_str(text) }
    }

    /// How many files may be in a bucket; `None` where any number may. Where nothing is said, what makes data worse may not occur, and
    /// what makes it other or better may.
    pub fn most(&self, bucket: Bucket) -> Option<u64> {
        match self.buckets.get(&BucketName(bucket)) {
            Some(Most::Count(most)) => Some(*most),
            Some(Most::Any(Any::Any)) => None,
            None => bucket.is_regression().then_some(0),
        }
    }

    /// What is beyond the limits, in words; empty where all is within.
    pub fn exceeded(&self, counts: &BTreeMap<Bucket, u64>, accuracy: &Accuracy) -> Vec<String> {
        let mut words = Vec::new();
        for (&bucket, &count) in counts {
            if let Some(most) = self.most(bucket).filter(|&most| count > most) {
                words.push(format!("{}: {count} ({}), at most {most} allowed", bucket.name(), bucket.words()));
            }
        }
        let least = &self.accuracy;
        let mut share = |what: &str, share: Option<f64>, least: f64| {
            if let Some(share) = share.filter(|&share| share < least) {
                words.push(format!(
                    "accuracy: {:.4} % of the {what}, at least {:.4} % wanted",
                    share * 100.0,
                    least * 100.0
                ));
            }
        };
        share("figures are exact", accuracy.share_exact(), least.figures);
        share("reports are right in everything", accuracy.share_perfect(), least.reports);
        for (what, count, most) in
            [("silent errors", accuracy.silent, least.silent), ("other faults", accuracy.others, least.others)]
        {
            if count > most {
                words.push(format!("{what}: {count}, at most {most} allowed"));
            }
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exceeded(text: &str, counts: &[(Bucket, u64)]) -> Vec<String> {
        Limits::parse(text).unwrap().exceeded(&counts.iter().copied().collect(), &Accuracy::default())
    }

    #[test]
    fn what_makes_data_worse_may_not_occur_unless_it_is_said() {
        assert_eq!(exceeded("", &[(Bucket::Red, 1)]).len(), 1);
        assert_eq!(exceeded("", &[(Bucket::Moved, 9), (Bucket::Rose, 9), (Bucket::New, 9)]).len(), 0);
        assert_eq!(exceeded("red = 1", &[(Bucket::Red, 1)]).len(), 0);
        assert_eq!(exceeded("[limits]\nred = 1\nmoved = 8", &[(Bucket::Red, 2), (Bucket::Moved, 9)]).len(), 2);
        assert_eq!(exceeded("lost = \"any\"", &[(Bucket::Lost, 99)]).len(), 0);
    }

    #[test]
    fn a_silent_error_is_one_too_many() {
        let accuracy = Accuracy { figures: 100, exact: 99, reports: 2, perfect: 1, silent: 1, ..Accuracy::default() };
        let words = Limits::default().exceeded(&BTreeMap::new(), &accuracy);
        assert_eq!(words.len(), 3, "{words:?}");
        let lenient = Limits::parse("[accuracy]\nfigures = 0.99\nreports = 0.5\nsilent = 1").unwrap();
        assert_eq!(lenient.exceeded(&BTreeMap::new(), &accuracy), [""; 0]);
    }

    #[test]
    fn what_is_no_bucket_is_refused() {
        assert!(Limits::parse("blue = 1").unwrap_err().to_string().contains("no bucket"));
        assert!(Limits::parse("red = \"some\"").is_err());
    }
}
