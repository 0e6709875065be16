//! What changes is told per figure, in the right bucket; what fails is an outcome of its file alone.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nianbao::Forms;
use nianbao_corpus::{
    Acceptance, Bucket, Change, CheckOptions, Comparison, Corpus, ReadOptions, Reference, Verdict, Which, accept,
    check, shrink,
};
use nianbao_tests::case::corpus;

use crate::corpus::read_options;

/// A corpus of its own for each test, with its goldens in one Parquet file.
struct Small(PathBuf);

impl Small {
    fn new(name: &str, cases: &[&str]) -> Self {
        let folder = std::env::temp_dir().join(format!("nianbao-regression-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("docx")).unwrap();
        fs::write(folder.join("corpus.toml"), "").unwrap();
        for case in cases {
            let to = folder.join(case);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(corpus().join(case), to).unwrap();
        }
        Self(folder)
    }

    fn file(&self, name: &str, bytes: &str) {
        fs::write(self.0.join(name), bytes).unwrap();
    }

    fn open(&self) -> Corpus {
        Corpus::open(&self.0).unwrap()
    }

    fn accept(&self, which: Which, only: Option<&str>) {
        let acceptance = Acceptance { which, only: only.map(str::to_owned), why: "the test".to_owned() };
        accept(&self.open(), &acceptance, &read_options()).unwrap();
    }

    fn check(&self, form: Option<&str>) -> Comparison {
        check(&self.open(), &CheckOptions { read: with_form(form), ..CheckOptions::default() }).unwrap()
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn with_form(form: Option<&str>) -> ReadOptions {
    ReadOptions { form: form.map(str::to_owned), ..read_options() }
}

/// The form of 2021 without one of the ways in which a label is printed.
fn form_without(variant: &str) -> String {
    let [form, _] = Forms::builtin_texts();
    let broken = form.replacen(&format!("\"{variant}\", "), "", 1);
    assert_ne!(broken, form, "the form knows {variant}");
    broken
}

const VARIED: &str = "docx/labels-varied.docx";
const LOST: &str = "requests.outcome.other.fee_unpaid";

#[test]
fn a_label_that_is_forgotten_is_caught_in_the_red_bucket_with_its_figures() {
    let small = Small::new("label", &[VARIED, "docx/plain-2021.docx"]);
    small.accept(Which::New, None);
    assert_eq!(small.check(None).verdict(), Verdict::Same);

    let form = form_without("逾期不缴费");
    let found = small.check(Some(&form));
    assert_eq!(found.verdict(), Verdict::Regressed);
    assert_eq!(found.buckets.get(&Bucket::Red), Some(&1));
    let [file] = &found.differences[..] else { panic!("{:?}", found.differences) };
    assert_eq!(file.name, VARIED);
    let [line] = &file.difference.lines[..] else { panic!("one report") };
    assert_eq!(line.broken[0].rule, "figures.present");
    assert!(line.broken[0].figures.iter().all(|figure| figure.starts_with(LOST)), "{:?}", line.broken);
    assert_eq!((line.broken[0].figures.len(), line.figures.len()), (7, 7));
    for figure in &line.figures {
        assert_eq!(figure.change, Change::Lost, "{}", figure.key);
        let [source] = &file.excerpts[&figure.key][..] else { panic!("the source's own text of {}", figure.key) };
        assert_eq!(source.row[0], "2.逾期不缴费");
        assert_eq!(source.row[source.cell], figure.before.as_ref().unwrap().raw);
    }
}

#[test]
fn a_smaller_document_shows_the_same() {
    let small = Small::new("smaller", &[VARIED]);
    small.accept(Which::New, None);
    let form = form_without("逾期不缴费");
    let corpus = small.open();
    let case = corpus.case("docx/labels-varied").unwrap();
    let whole = fs::metadata(&case.path).unwrap().len();
    for reference in [Reference::OwnForms, Reference::Golden] {
        let found = shrink(&corpus, case, Some("lost"), &reference, &with_form(Some(&form))).unwrap();
        assert!(found.shows.starts_with("lost requests.outcome.other.fee_unpaid."), "{}", found.shows);
        assert!((found.bytes.len() as u64) < whole / 2, "{reference:?}: {} bytes of {whole}", found.bytes.len());
        let text = nianbao_model::print(&nianbao::read(&found.bytes).unwrap());
        assert!(text.contains("逾期不缴费"), "{reference:?}: {text}");
    }
    let error = shrink(&corpus, case, None, &Reference::Golden, &read_options()).unwrap_err();
    assert!(error.to_string().contains("nothing differs"), "{error}");
}

/// The form of 2021 that knows another last row of table 2.
fn form_with_another_row() -> String {
    let [form, _] = Forms::builtin_texts();
    let other =
        form.replace("四、结转下年度继续办理", "四、别的").replace("\"结转下年度\", \"结转下年继续办理\"", "\"别的\"");
    assert!(!other.contains("also = [\"结转下年度"), "the form says so in these words");
    other
}

#[test]
fn a_smaller_document_has_the_format_of_the_whole_one() {
    let form = form_with_another_row();
    for name in [
        "sheet/plain-2021.xlsx",
        "sheet/plain-2021.xls",
        "odt/plain-2021.odt",
        "rtf/plain-2021.rtf",
        "pdf/plain-2021.pdf",
    ] {
        let small = Small::new("formats", &[name]);
        let corpus = small.open();
        let case = corpus.case(name).unwrap();
        let found = shrink(&corpus, case, Some("lost"), &Reference::OwnForms, &with_form(Some(&form))).unwrap();
        assert!(found.shows.starts_with("lost requests.carried_out."), "{name}: {}", found.shows);
        assert!(found.bytes.len() < found.whole / 2, "{name}: {} bytes of {}", found.bytes.len(), found.whole);
        let (read, whole) =
            (nianbao::read(&found.bytes).unwrap(), nianbao::read(&fs::read(&case.path).unwrap()).unwrap());
        assert_eq!(read.format, whole.format, "{name}");
        assert!(nianbao_model::print(&read).contains("结转下年度继续办理"), "{name}");
    }
}

#[test]
fn one_figure_or_bucket_is_accepted_and_the_rest_is_still_told() {
    let small = Small::new("only", &[VARIED]);
    small.accept(Which::New, None);
    let form = form_without("逾期不缴费");
    let acceptance = |only: &str| Acceptance {
        which: Which::Named(vec!["docx/labels-varied".to_owned()]),
        only: Some(only.to_owned()),
        why: "a trial".to_owned(),
    };
    accept(&small.open(), &acceptance(&format!("{LOST}.total")), &with_form(Some(&form))).unwrap();
    let found = small.check(Some(&form));
    assert_eq!((found.figures.lost, found.buckets.get(&Bucket::Fell)), (6, Some(&1)));
    accept(&small.open(), &acceptance("lost"), &with_form(Some(&form))).unwrap();
    accept(&small.open(), &acceptance("fell"), &with_form(Some(&form))).unwrap();
    let found = small.check(Some(&form));
    let left: Vec<Bucket> = found.buckets.keys().copied().collect();
    assert_eq!((found.figures.lost, left), (0, vec![Bucket::Red, Bucket::Warnings]));
    let log = fs::read_to_string(small.0.join("accepted.jsonl")).unwrap();
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 4);
    assert_eq!((&lines[1]["why"], &lines[3]["only"]), (&"a trial".into(), &"fell".into()));
    assert!(lines.iter().all(|line| line["who"].is_string() && line["when"].as_str().unwrap().ends_with('Z')));
}

#[test]
fn what_aborts_or_hangs_is_an_outcome_of_its_file_alone() {
    let small = Small::new("faults", &["docx/plain-2021.docx"]);
    for (name, fault) in [("abort", "abort"), ("hang", "hang"), ("memory", "memory"), ("panic", "panic")] {
        small.file(&format!("docx/{name}.txt"), &format!("FAULT {fault}"));
    }
    small.accept(Which::Named(vec!["docx/plain-2021.docx".to_owned()]), None);
    let read = ReadOptions { timeout: Duration::from_secs(3), memory: 384 << 20, ..read_options() };
    let options = CheckOptions { read, ..CheckOptions::default() };
    let found = check(&small.open(), &options).unwrap();
    assert_eq!(found.verdict(), Verdict::Failed);
    let mut kinds: Vec<_> =
        found.failed.iter().map(|(name, why)| (name.as_str(), why.split(':').next().unwrap())).collect();
    kinds.sort();
    let wanted = [
        ("docx/abort.txt", "crashed"),
        ("docx/hang.txt", "timeout"),
        ("docx/memory.txt", "out_of_memory"),
        ("docx/panic.txt", "crashed"),
    ];
    assert_eq!(kinds, wanted);
    assert_eq!((found.files, found.figures.same), (5, 200));
    // What the machine could not do is never taken for what the document says.
    let acceptance =
        Acceptance { which: Which::Named(vec!["docx/abort.txt".to_owned()]), only: None, why: "a trial".to_owned() };
    let accepted = accept(&small.open(), &acceptance, &read_options()).unwrap();
    assert_eq!(accepted[0].refused.as_deref(), Some("crashed"));
    assert_eq!(check(&small.open(), &options).unwrap().buckets.get(&Bucket::New), Some(&4));
}

#[test]
fn nothing_that_is_here_writes_a_truth() {
    let small = Small::new("truth", &[VARIED]);
    let truth = small.0.join("truth").join(format!("{VARIED}.json"));
    fs::create_dir_all(truth.parent().unwrap()).unwrap();
    let text = fs::read_to_string(corpus().join("truth").join(format!("{VARIED}.json"))).unwrap();
    let wrong = text.replacen("\"total\": 994", "\"total\": 995", 1);
    assert_ne!(wrong, text);
    fs::write(&truth, &wrong).unwrap();
    small.accept(Which::All, None);
    assert_eq!(fs::read_to_string(&truth).unwrap(), wrong);
    let found = small.check(None);
    // The report says ok, and one figure is not what the truth has.
    assert_eq!((found.accuracy.silent, found.verdict()), (1, Verdict::Regressed));
    assert!(found.exceeded.iter().any(|words| words.starts_with("silent errors: 1")), "{:?}", found.exceeded);
    assert!(Path::new(&truth).exists());
}
