//! The same report in each format of a word processor is the same report: figures with their places, tables, sections, findings, status. So
//! is the same workbook. Set as a web page, as a workbook, on pages or as a text dump a report has the same figures.

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

/// How the names of those begin that have the figures of a DOCX: `sheet/same-as-plain-2021.xlsx`.
const SAME: &str = "same-as-";

/// What a report says of itself whatever the format: the raw text of a number of a sheet has its format, and places are those of the file.
const OF_ITSELF: [&str; 9] =
    ["form", "title", "agency", "year", "published", "status", "disclosure", "requests", "remedies"];

#[test]
fn a_report_has_the_same_figures_in_every_format() {
    let (mut compared, mut found) = (0, Vec::new());
    for case in case::readable().unwrap() {
        let name =
            case.name.rsplit_once('.').and_then(|(stem, _)| stem.split_once(SAME)).map(|(_, name)| name.to_owned());
        let Some(name) = name else { continue };
        let of_itself = |case: &Case| -> Value {
            let report = |report: &Value| OF_ITSELF.map(|name| report[name].clone()).into_iter().collect::<Value>();
            outcome::reports(case).unwrap().iter().map(report).collect()
        };
        let written = Case { name: format!("docx/{name}.docx") };
        compare(&case.name, &of_itself(&written), &of_itself(&case), &mut found);
        compared += 1;
    }
    assert!(compared >= 12, "only {compared} files were compared");
    assert!(found.is_empty(), "{found:#?}");
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
