//! The same report in each format of a word processor is the same report: figures with their places, tables, sections, findings, status. So
//! is the same workbook.

use std::collections::BTreeMap;

use nianbao_tests::case::{self, Case};
use nianbao_tests::{outcome, tables};
use serde_json::Value;

/// The formats that are compared with the one in which the report was written.
const SAVED: [&str; 3] = ["doc", "odt", "rtf"];

/// What a report says of the file and not of itself.
const OF_THE_FILE: [&str; 2] = ["source", "warnings"];

#[test]
fn a_report_is_the_same_in_every_format() {
    for saved in SAVED {
        all_same("docx", saved, 20);
    }
}

#[test]
fn a_workbook_is_the_same_in_every_format() {
    all_same("sheet", "ods", 18);
}

/// Compares all cases of one folder that stand in another under the same name, more than `least` of them.
fn all_same(written: &str, saved: &str, least: usize) {
    let (mut compared, mut wrong) = (0, String::new());
    for (saved, written) in pairs(written, saved) {
        compared += 1;
        for difference in differences(&written, &saved) {
            wrong.push_str(&format!("\n{}: {difference}", saved.name));
        }
    }
    assert!(compared > least, "{saved}: only {compared} files were compared");
    assert!(wrong.is_empty(), "{wrong}");
}

/// The files of the folder `saved` whose name, its ending apart, is that of a DOCX or XLSX in the folder `written`, each with that.
fn pairs(written: &str, saved: &str) -> Vec<(Case, Case)> {
    let cases = case::readable().unwrap();
    let stem = |case: &Case| case.name.rsplit_once('.').map(|(stem, _)| stem.to_owned()).unwrap_or_default();
    let written: BTreeMap<String, Case> = cases
        .iter()
        .filter(|case| case.name.ends_with(".docx") || case.name.ends_with(".xlsx"))
        .filter_map(|case| Some((stem(case).strip_prefix(written)?.strip_prefix('/')?.to_owned(), case.clone())))
        .collect();
    let saved = cases.iter().filter_map(|case| {
        let stem = stem(case);
        let (folder, name) = stem.split_once('/')?;
        let written = written.get(name).filter(|_| folder == saved)?;
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
