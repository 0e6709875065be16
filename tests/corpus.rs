//! Every document of the corpus says what is true of it, and what we said of it before.

use nianbao_tests::case::{self, Case};
use nianbao_tests::places::Places;
use nianbao_tests::{golden, outcome, tables, truth};

#[test]
fn every_figure_is_what_was_written() {
    let complaints = each(|case| {
        let faults = truth::faults(&case.truth().unwrap(), &outcome::reports(case).unwrap());
        let shown = faults.iter().take(8).map(ToString::to_string);
        let more = (faults.len() > 8).then(|| format!("… and {} more", faults.len() - 8));
        shown.chain(more).collect()
    });
    let silent = complaints.matches("SILENT ERROR").count();
    assert!(complaints.is_empty(), "{silent} silent errors\n{complaints}");
}

#[test]
fn every_table_is_what_was_written() {
    let complaints = each(|case| tables::faults(&case.truth().unwrap(), outcome::document(case).unwrap().as_ref()));
    assert!(complaints.is_empty(), "\n{complaints}");
}

#[test]
fn nothing_changed_that_nobody_accepted() {
    let complaints = each(|case| {
        let mut complaints = Vec::new();
        for golden in golden::of(case).unwrap() {
            let path = case::relative(&golden.path, &case::root());
            match (golden.accepted(), golden.difference()) {
                (None, _) => complaints.push(format!("{path} is missing")),
                (_, Some(difference)) => {
                    complaints.push(format!("{path}: expected -, got +\n{difference}"));
                }
                _ => {}
            }
        }
        if !complaints.is_empty() {
            complaints.push(format!("read it, then: cargo accept {}", case.name));
        }
        complaints
    });
    assert!(complaints.is_empty(), "\n{complaints}");
}

#[test]
fn every_figure_stands_where_its_evidence_points() {
    let complaints = each(|case| {
        let Some(document) = outcome::document(case).unwrap() else {
            return Vec::new();
        };
        let places = Places::of(&document);
        let reports = outcome::reports(case).unwrap();
        reports.iter().flat_map(|report| places.strays(report)).take(4).collect()
    });
    assert!(complaints.is_empty(), "\n{complaints}");
}

#[test]
fn the_same_bytes_give_the_same_report() {
    let complaints = each(|case| {
        let again = outcome::reports(case).unwrap() == outcome::reports(case).unwrap();
        if again { Vec::new() } else { vec!["two runs differ".to_owned()] }
    });
    assert!(complaints.is_empty(), "\n{complaints}");
}

/// What `complain` says of each readable case, under the case's name and title.
fn each(complain: impl Fn(&Case) -> Vec<String>) -> String {
    let mut text = String::new();
    for case in case::readable().unwrap() {
        let complaints = complain(&case);
        if !complaints.is_empty() {
            let title = case.truth().unwrap()["title_of_case"].clone();
            text.push_str(&format!("{} ({title})\n", case.name));
            for complaint in complaints {
                text.push_str(&format!("    {complaint}\n"));
            }
        }
    }
    text
}
