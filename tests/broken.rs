//! Broken, hostile and odd files each get an answer: an error of a kind that fits, or a report in review. Never a panic, never a long wait.

use std::panic;
use std::time::{Duration, Instant};

use nianbao_tests::case::{self, Case};
use nianbao_tests::{outcome, truth};

/// Far above what the slowest file takes, so that a busy machine does not matter.
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn every_broken_file_gets_an_answer() {
    let mut wrong = String::new();
    for case in case::all().unwrap().into_iter().filter(Case::is_broken) {
        for fault in faults(&case) {
            wrong.push_str(&format!("\n{}: {fault}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn faults(case: &Case) -> Vec<String> {
    let began = Instant::now();
    let Ok(reports) = panic::catch_unwind(|| outcome::reports(case).unwrap()) else {
        return vec!["panicked".to_owned()];
    };
    let mut faults: Vec<_> = truth::faults(&case.truth().unwrap(), &reports).iter().map(ToString::to_string).collect();
    if reports.is_empty() {
        faults.push("no answer at all".to_owned());
    }
    if began.elapsed() > PATIENCE {
        faults.push(format!("took {:?}", began.elapsed()));
    }
    faults
}
