//! Regression on a saved corpus: what changes in my data when the program does?
//!
//! ```text
//! corpus ─ workers of bulk ─▶ readings ─┬─ compare ─▶ differences per figure, report and file ─▶ summary, page
//!                   golden ─────────────┤
//!                   truth ──────────────┘ accuracy
//! ```
//!
//! *Golden* is what the program said when somebody last looked and [`accept`]ed it. *Truth* is what a person has checked; nothing here writes
//! it. Two datasets of `nianbao convert`, or two readings that a check has kept, are compared the same way, joined by the content of
//! the documents.
//!
//! What it does not do: it judges no difference. It says what is other, what got worse by the forms' own rules, and where to look.

mod accept;
mod accuracy;
mod add;
mod check;
mod compare;
mod comparison;
mod corpus;
mod dataset;
mod error;
pub mod golden;
mod limits;
mod log;
mod page;
mod places;
mod run;
mod runs;
pub mod said;
mod shrink;
mod summary;
pub mod tables;
#[cfg(test)]
mod testing;
pub mod truth;
pub mod worker;

pub use accept::{Acceptance, Accepted, Which, accept};
pub use accuracy::Accuracy;
pub use add::add;
pub use check::{CheckOptions, check};
pub use compare::{
    Bucket, Change, Cost, Difference, FactChange, FigureChange, Reading, RuleChange, SaidChange, Tally, compare,
};
pub use comparison::{Comparison, FileDifference, Verdict};
pub use corpus::{About, CASES, Case, Corpus, Entry, LOG, MANIFEST};
pub use error::Error;
pub use limits::{AccuracyLimits, Limits};
pub use page::write_report;
pub use places::{Excerpt, Places};
pub use run::{File, FileReading, Progress, ReadOptions, read_all, read_one};
pub use runs::{READINGS, compare_runs, look_up};
pub use shrink::{Reference, Shrunk, shrink};
pub use summary::{markdown, summary};
