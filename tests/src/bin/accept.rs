//! `cargo accept NAME`: rewrites the golden files of the one named case and shows what changed.
//!
//! `cargo accept --new` writes the golden files of all cases that have none. There is no way to accept the changes of several cases at
//! once: whoever accepts has read.

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

use nianbao_tests::case::{self, Case};
use nianbao_tests::golden;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let said = refusal(&arguments).map_or_else(|| accept(&arguments), Err);
    let (text, code) = match said {
        Ok(text) => (text, ExitCode::SUCCESS),
        Err(text) => (text, ExitCode::from(2)),
    };
    match writeln!(io::stdout(), "{}", text.trim_end()) {
        Ok(()) => code,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Why nothing is accepted.
fn refusal(arguments: &[String]) -> Option<String> {
    if env::var("CI").is_ok_and(|ci| ci == "true" || ci == "1") {
        return Some("nothing is accepted in CI: run it where somebody reads the difference".to_owned());
    }
    match arguments {
        [name] if !name.contains(['*', '?', '[', '{']) => None,
        [_] => Some("one case at a time: no patterns".to_owned()),
        [] => Some("usage: cargo accept NAME    (for example docx/plain-2021)\n       cargo accept --new    (cases that have no golden file yet)".to_owned()),
        _ => Some("one case at a time".to_owned()),
    }
}

fn accept(arguments: &[String]) -> Result<String, String> {
    match arguments.first().map(String::as_str) {
        Some("--new") => accept_new(),
        name => accept_one(&named(name.unwrap_or_default())?),
    }
}

/// The one case of this name; its ending may be left out.
fn named(name: &str) -> Result<Case, String> {
    let stem = |case: &Case| case.name.rsplit_once('.').map_or_else(String::new, |(stem, _)| stem.to_owned());
    let mut found: Vec<_> =
        case::readable()?.into_iter().filter(|case| case.name == name || stem(case) == name).collect();
    match (found.pop(), found.len()) {
        (Some(case), 0) => Ok(case),
        (Some(_), _) => Err(format!("{name}: several cases; write the ending too")),
        (None, _) => Err(format!("{name}: no such case; they are listed in corpus/CASES.md")),
    }
}

fn accept_one(case: &Case) -> Result<String, String> {
    let mut said = String::new();
    for golden in golden::of(case)? {
        let path = case::relative(&golden.path, &case::root());
        match golden.difference() {
            None => said.push_str(&format!("{path}: unchanged\n")),
            Some(difference) => {
                golden.accept()?;
                said.push_str(&format!("{path}: accepted\n{difference}"));
            }
        }
    }
    Ok(said)
}

/// Writes what is missing; what was accepted before stays untouched.
fn accept_new() -> Result<String, String> {
    let mut said = String::new();
    for case in case::readable()? {
        for golden in golden::of(&case)? {
            if golden.accepted().is_none() {
                golden.accept()?;
                said.push_str(&format!("{}: new\n", case::relative(&golden.path, &case::root())));
            }
        }
    }
    if said.is_empty() {
        said.push_str("every case has its golden files");
    }
    Ok(said)
}
