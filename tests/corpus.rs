//! Every document of the corpus says what is true of it, and what we said of it before: `nianbao corpus check`, as a user would run it.

use nianbao_corpus::{CheckOptions, Comparison, Corpus, ReadOptions, check, summary};
use nianbao_tests::case::{self, Case, corpus};
use nianbao_tests::outcome;

/// Workers as the program has them; the program itself is not built for these tests.
pub(crate) fn read_options() -> ReadOptions {
    let worker = (env!("CARGO_BIN_EXE_faulty").into(), vec![nianbao_corpus::worker::ARGUMENT.to_owned()]);
    ReadOptions { worker: Some(worker), ..ReadOptions::default() }
}

#[test]
fn the_corpus_is_as_it_was_accepted_and_as_it_is_true() {
    let corpus = Corpus::open(&corpus()).unwrap();
    let options = CheckOptions { read: read_options(), ..CheckOptions::default() };
    let found = check(&corpus, &options).unwrap();
    assert_eq!(found.accuracy.files, corpus.cases.len() as u64, "every case has a truth");
    assert_eq!(found.accuracy.silent, 0, "silent errors\n{}", told(&corpus, &found));
    let is_clean = found.exceeded.is_empty() && found.failed.is_empty() && found.faults.is_empty();
    assert!(is_clean, "{}\nread it, then: cargo accept CASE --why …", told(&corpus, &found));
}

/// The summary, and behind it each case with its title and all that differs.
fn told(corpus: &Corpus, found: &Comparison) -> String {
    let mut text = summary(found).join("\n");
    for file in &found.differences {
        text.push_str(&format!("\n{} ({})", file.name, file.title));
        text.push_str(&file.difference.document.as_ref().map(|text| format!("\n{text}")).unwrap_or_default());
    }
    for (name, faults) in &found.faults {
        let title = corpus.case(name).map(|case| case.about.title.clone()).unwrap_or_default();
        text.push_str(&format!("\n{name} ({title})\n    {}", faults.join("\n    ")));
    }
    text
}

#[test]
fn the_same_bytes_give_the_same_report() {
    let differs = |case: &Case| outcome::reports(case).unwrap() != outcome::reports(case).unwrap();
    let complaints: Vec<Case> = case::readable().unwrap().into_iter().filter(differs).collect();
    assert!(complaints.is_empty(), "two runs differ: {complaints:?}");
}
