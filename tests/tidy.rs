//! The tree keeps its shape: arrows, rooms, and a truth for every case.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use nianbao_tests::case::{self, corpus, files_below, relative, root};
use serde_json::Value;

/// The layers of `crates/README.md`, lowest first. An arrow leads from a package to one in a lower layer, never to its own.
const LAYERS: [&[&str]; 8] = [
    &["nianbao-model", "nianbao-container"],
    &["nianbao-story"],
    &[
        "nianbao-docx",
        "nianbao-pdf",
        "nianbao-sheet",
        "nianbao-word97",
        "nianbao-rtf",
        "nianbao-odf",
        "nianbao-html",
        "nianbao-text",
        "nianbao-reconcile",
        "nianbao-schema",
    ],
    &["nianbao"],
    &["nianbao-bulk"],
    &["nianbao-corpus", "nianbao-objects"],
    &["nianbao-cli", "nianbao-python"],
    &["nianbao-tests"],
];

/// Arrows that go downwards and are forbidden all the same: these two never see bytes.
const NEVER: [(&str, &str); 2] = [("nianbao-reconcile", "nianbao-container"), ("nianbao-schema", "nianbao-container")];

/// What may stand at the top of the tree, dotfiles and build output apart.
const TOP: [&str; 10] = [
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "corpus",
    "crates",
    "scripts",
    "tests",
];

/// Crates that may open files.
const MAY_OPEN_FILES: [&str; 4] = ["crates/cli/", "crates/bulk/", "crates/corpus/", "crates/objects/"];

/// Words that a crate of values and bytes never needs, and why.
const NOT_ON_VALUES: [(&str, &str); 4] = [
    ("std::fs", "opens files"),
    ("std::net", "opens connections"),
    ("SystemTime", "asks the clock"),
    ("Instant::now", "asks the clock"),
];

#[test]
fn arrows_lead_downwards() {
    let mut wrong = String::new();
    for (package, needs) in packages() {
        let Some(layer) = layer(&package) else {
            wrong.push_str(&format!("\n{package} has no layer: give it one in tests/tidy.rs"));
            continue;
        };
        for needed in needs {
            let down = self::layer(&needed).is_some_and(|below| below < layer);
            if !down || NEVER.contains(&(package.as_str(), needed.as_str())) {
                wrong.push_str(&format!("\n{package} -> {needed}"));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows that crates/README.md does not allow:{wrong}");
}

fn layer(package: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&package))
}

/// Every package of the workspace with those of the workspace that it needs; what only its tests need is not counted.
fn packages() -> BTreeMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap();
    packages
        .iter()
        .map(|package| {
            let needs = package["dependencies"].as_array().unwrap();
            let ours = needs.iter().filter(|needed| needed["path"].is_string() && needed["kind"] != "dev");
            (name(package), ours.map(name).collect())
        })
        .collect()
}

#[test]
fn the_top_of_the_tree_is_short() {
    let mut strays = Vec::new();
    for entry in fs::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && name != "target" && !TOP.contains(&name.as_str()) {
            strays.push(name);
        }
    }
    assert!(strays.is_empty(), "stands at the top of the tree and should not: {strays:?}");
}

#[test]
fn only_the_outer_crates_touch_the_world() {
    let mut wrong = String::new();
    for path in files_below(&root().join("crates")).unwrap() {
        let name = relative(&path, &root());
        if !name.contains("/src/") || !name.ends_with(".rs") || MAY_OPEN_FILES.iter().any(|own| name.starts_with(own)) {
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        for (word, why) in NOT_ON_VALUES {
            if source.contains(word) {
                wrong.push_str(&format!("\n{name}: {word} {why}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_case_has_a_truth_and_a_title_of_its_own() {
    let mut titles = BTreeMap::new();
    for case in case::all().unwrap() {
        let truth = case.truth().unwrap();
        let title = truth["title_of_case"].as_str().unwrap_or_default().to_owned();
        assert!(!title.is_empty(), "{} has no title", case.name);
        if let Some(other) = titles.insert(title.clone(), case.name.clone()) {
            panic!("{other} and {} have one title: {title}", case.name);
        }
    }
}

#[test]
fn every_truth_and_golden_file_belongs_to_a_case() {
    let cases = case::all().unwrap();
    let of_a_case = |file: &str| {
        cases.iter().any(|case| {
            file.strip_prefix(case.name.as_str())
                .is_some_and(|ending| matches!(ending, ".json" | ".report.json" | ".document.txt"))
        })
    };
    for folder in ["truth", "golden"] {
        let folder = corpus().join(folder);
        for path in files_below(&folder).unwrap_or_default() {
            let file = relative(&path, &folder);
            assert!(of_a_case(&file), "{} belongs to no case", path.display());
        }
    }
}

#[test]
fn every_licence_is_listed_and_allowed() {
    let listed = licences();
    let names: BTreeSet<&str> = listed.iter().map(|(name, _)| name.as_str()).collect();
    let locked = locked_packages();
    let locked: BTreeSet<&str> = locked.iter().map(String::as_str).collect();
    let out_of_date: Vec<&&str> = names.symmetric_difference(&locked).collect();
    assert!(out_of_date.is_empty(), "run scripts/licences: {out_of_date:?}");
    let allowed = allowed_licences();
    let wrong: Vec<_> = listed.iter().filter(|(_, licence)| !is_allowed(licence, &allowed)).collect();
    assert!(wrong.is_empty(), "licences that .deny.toml does not allow: {wrong:?}");
}

#[test]
fn a_licence_is_read_as_it_is_written() {
    let allowed = ["MIT", "Zlib"].map(str::to_owned);
    for (licence, wanted) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0 AND MIT", false),
        ("(GPL-3.0 OR MIT) AND Zlib", true),
        ("(GPL-3.0 OR MIT) AND ISC", false),
        ("Apache-2.0 WITH LLVM-exception OR Zlib", true),
    ] {
        assert_eq!(is_allowed(licence, &allowed), wanted, "{licence}");
    }
}

/// The names of the packages of others and their licences, from the list that `scripts/licences` writes.
fn licences() -> Vec<(String, String)> {
    let list = fs::read_to_string(root().join("crates/LICENCES.md")).unwrap();
    let row = |line: &str| {
        let mut fields = line.strip_prefix("| ")?.split(" | ");
        Some((fields.next()?.to_owned(), fields.next()?.to_owned()))
    };
    list.lines().filter_map(row).filter(|(name, _)| name != "package").collect()
}

/// The names of the packages of others in Cargo.lock: those that come from somewhere.
fn locked_packages() -> BTreeSet<String> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let packages = lock.split("[[package]]").filter(|package| package.contains("\nsource = "));
    packages.filter_map(|package| package.split('"').nth(1).map(str::to_owned)).collect()
}

/// The quoted words between `allow = [` and `]`.
fn allowed_licences() -> Vec<String> {
    let file = fs::read_to_string(root().join(".deny.toml")).unwrap();
    let list = file.split("\nallow = [").nth(1).and_then(|rest| rest.split(']').next()).unwrap();
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Whether an expression of licences (SPDX 2.3, Annex D) can be met with those that are allowed: AND binds its two sides before OR.
fn is_allowed(licence: &str, allowed: &[String]) -> bool {
    if let Some((before, rest)) = licence.split_once('(')
        && let Some((inside, after)) = rest.split_once(')')
    {
        // What stands in brackets counts as one licence, allowed or not.
        let inside = if is_allowed(inside, allowed) { allowed[0].as_str() } else { "none" };
        return is_allowed(&format!("{before}{inside}{after}"), allowed);
    }
    licence.split(" OR ").any(|side| side.split(" AND ").all(|one| allowed.iter().any(|allowed| allowed == one.trim())))
}
