//! The same report in each format of a word processor is the same report: figures with their places, tables, sections, findings, status.

use std::collections::BTreeMap;

use nianbao_tests::case::{self, Case};
use nianbao_tests::{outcome, tables};
use serde_json::Value;

/// The formats that are compared with the one in which the report was written.
const SAVED: [&str; 1] = ["doc"];

/// What a report says of the file and not of itself.
const OF_THE_FILE: [&str; 2] = ["source", "warnings"];

#[test]
fn a_report_is_the_same_in_every_format() {
    let (mut compared, mut wrong) = (0, String::new());
    for (saved, written) in pairs() {
        compared += 1;
        for difference in differences(&written, &saved) {
            wrong.push_str(&format!("\n{}: {difference}", saved.name));
        }
    }
    assert!(compared > 20, "only {compared} files were compared");
    assert!(wrong.is_empty(), "{wrong}");
}

/// The saved files whose name is that of a DOCX, each with that.
fn pairs() -> Vec<(Case, Case)> {
    let cases = case::readable().unwrap();
    let stem = |case: &Case| case.name.rsplit_once('.').map(|(stem, _)| stem.to_owned()).unwrap_or_default();
    let written: BTreeMap<String, Case> = cases
        .iter()
        .filter(|case| case.name.starts_with("docx/"))
        .map(|case| (stem(case).replacen("docx/", "", 1), case.clone()))
        .collect();
    let saved = cases.iter().filter_map(|case| {
        let stem = stem(case);
        let (folder, name) = stem.split_once('/')?;
        let written = written.get(name).filter(|_| SAVED.contains(&folder))?;
        Some((case.clone(), written.clone()))
    });
    saved.collect()
}

fn differences(written: &Case, saved: &Case) -> Vec<String> {
    let mut differences = Vec::new();
    let (want, have) = (outcome::reports(written).unwrap(), outcome::reports(saved).unwrap());
    if want.len() != have.len() {
        differences.push(format!("{} reports, not {}", have.len(), want.len()));
    }
    for (want, have) in want.iter().zip(&have) {
        compare("", want, have, &mut differences);
    }
    let grids = |case: &Case| outcome::document(case).unwrap().as_ref().map(tables::of);
    if grids(written) != grids(saved) {
        differences.push("the tables differ".to_owned());
    }
    differences.truncate(8);
    differences
}

/// Programs that save a document put blank paragraphs of their own in: only which tables, rows and columns are cited can be compared.
fn is_paragraph(citation: &Value) -> bool {
    citation.as_str().is_some_and(|citation| citation.starts_with("paragraph "))
}

/// Notes each place at which two values differ.
fn compare(path: &str, want: &Value, have: &Value, differences: &mut Vec<String>) {
    match (want, have) {
        (Value::Object(want), Value::Object(have)) => {
            let keys: std::collections::BTreeSet<&String> = want.keys().chain(have.keys()).collect();
            for key in keys.into_iter().filter(|key| !OF_THE_FILE.contains(&key.as_str())) {
                let value = |object: &serde_json::Map<String, Value>| object.get(key).cloned().unwrap_or_default();
                compare(&format!("{path}/{key}"), &value(want), &value(have), differences);
            }
        }
        (Value::Array(want), Value::Array(have)) if want.len() == have.len() => {
            for (index, (want, have)) in want.iter().zip(have).enumerate() {
                compare(&format!("{path}/{index}"), want, have, differences);
            }
        }
        _ if is_paragraph(want) && is_paragraph(have) => {}
        _ if want != have => differences.push(format!("{path}: want {want}, got {have}")),
        _ => {}
    }
}
