//! `nianbao corpus` as a process: exit codes, what it tells, and that it keeps to its own folder.

use std::fs;
use std::path::{Path, PathBuf};

use super::run::{Run, command, finish};

/// A folder of its own for one test.
pub(crate) fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("corpus").join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

/// A report whose second row bears a variant of its label.
pub(crate) fn report(agency: &str, issued: u32) -> String {
    format!(
        "{agency}2023年政府信息公开工作年度报告\n二、主动公开政府信息情况\n\
         信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t1\t0\t4\n规范性文件\t{issued}\t1\t9\n"
    )
}

/// The form of 2021 without that variant.
pub(crate) fn forgetful_form(folder: &Path) -> PathBuf {
    let form = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/forms/2021.toml")).unwrap();
    let broken = form.replacen("also = [\"规范性文件\"], ", "", 1);
    assert_ne!(form, broken);
    let path = folder.join("forgetful.toml");
    fs::write(&path, broken).unwrap();
    path
}

/// Runs in a folder, outside of any CI.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Run {
    finish(command().current_dir(folder).env_remove("CI").arg("corpus").args(arguments))
}

fn said(run: &Run) -> String {
    format!("exit {}\n{}{}", run.code, run.out, run.err)
}

#[test]
fn a_corpus_is_checked_accepted_and_broken() {
    let folder = folder("check");
    fs::write(folder.join("corpus.toml"), "[limits]\nnew = 0\n").unwrap();
    fs::create_dir(folder.join("in")).unwrap();
    fs::write(folder.join("in/a.txt"), report("甲局", 2)).unwrap();
    fs::write(folder.join("in/b.txt"), report("乙局", 3)).unwrap();

    let new = run(&folder, &["check"]);
    assert_eq!(new.code, 1, "{}", said(&new));
    assert!(new.out.contains("over the limit: new: 2"), "{}", new.out);

    let accepted = run(&folder, &["accept", "--new"]);
    assert_eq!((accepted.code, accepted.out.as_str()), (0, "in/a.txt: new\nin/b.txt: new\n"));
    let same = run(&folder, &["check"]);
    assert_eq!(same.code, 0, "{}", said(&same));
    assert!(same.out.ends_with("nothing has changed\n"), "{}", same.out);

    let form = forgetful_form(&folder);
    let worse = run(&folder, &["check", "--form", form.to_str().unwrap(), "--out", "report"]);
    assert_eq!(worse.code, 1, "{}", said(&worse));
    let line = worse.out.lines().find(|line| line.starts_with("in/a.txt")).unwrap();
    assert!(line.contains("[red lost") && line.contains("disclosure.normative_documents.issued 2 → (lost)"), "{line}");
    for name in ["report.html", "summary.md", "differences.jsonl", "readings.parquet"] {
        assert!(folder.join("report").join(name).is_file(), "{name}");
    }

    fs::remove_file(folder.join("in/b.txt")).unwrap();
    let gone = run(&folder, &["check"]);
    assert!(gone.code == 1 && gone.out.contains("over the limit: gone: 1"), "{}", said(&gone));
    let usage = run(&folder, &["check", "in"]);
    assert_eq!(usage.code, 2, "{}", said(&usage));
}

#[test]
fn two_versions_are_compared_by_what_their_checks_kept() {
    let folder = folder("versions");
    fs::write(folder.join("corpus.toml"), "").unwrap();
    fs::create_dir(folder.join("in")).unwrap();
    fs::write(folder.join("in/a.txt"), report("甲局", 2)).unwrap();
    let form = forgetful_form(&folder);
    run(&folder, &["check", "--out", "a"]);
    run(&folder, &["check", "--out", "b", "--form", form.to_str().unwrap()]);
    let found = run(&folder, &["compare", "a", "b"]);
    assert_eq!(found.code, 1, "{}", said(&found));
    assert!(found.out.contains("3 lost"), "{}", found.out);
    assert_eq!(run(&folder, &["compare", "a", "a"]).code, 0);
    assert_eq!(run(&folder, &["compare", "a", "nowhere"]).code, 2);
}

#[test]
fn two_datasets_are_compared_by_the_content_of_their_documents() {
    let folder = folder("datasets");
    for (into, name) in [("one", "a.txt"), ("two", "another name.txt")] {
        fs::create_dir(folder.join(into)).unwrap();
        fs::write(folder.join(into).join(name), report("甲局", 2)).unwrap();
        fs::write(folder.join(into).join("broken.docx"), "PK no package").unwrap();
    }
    fs::write(folder.join("one/only.txt"), report("丙局", 7)).unwrap();
    let form = forgetful_form(&folder);
    let convert = |input: &str, out: &str, form: Option<&Path>| {
        let mut command = command();
        command.current_dir(&folder).args(["convert", input, "--out", out]);
        form.map(|form| command.arg("--form").arg(form));
        finish(&mut command);
    };
    convert("one", "run-a", None);
    convert("two", "run-b", None);
    convert("two", "run-c", Some(&form));

    let moved = run(&folder, &["compare", "run-a", "run-b"]);
    assert!(moved.code == 1 && moved.out.contains("over the limit: gone: 1"), "{}", said(&moved));
    assert!(moved.out.contains("figures: 200 same, 0 changed, 0 lost"), "{}", moved.out);
    fs::write(folder.join("limits.toml"), "gone = \"any\"\n").unwrap();
    let within = run(&folder, &["compare", "run-a", "run-b", "--limits", "limits.toml"]);
    assert_eq!(within.code, 0, "{}", said(&within));

    let worse = run(&folder, &["compare", "run-b", "run-c", "--out", "report"]);
    assert_eq!(worse.code, 1, "{}", said(&worse));
    assert!(worse.out.contains("197 same, 0 changed, 3 lost"), "{}", worse.out);
    let told = fs::read_to_string(folder.join("report/differences.jsonl")).unwrap();
    let file: serde_json::Value = serde_json::from_str(told.lines().next().unwrap()).unwrap();
    let change = &file["lines"][0]["changes"]["disclosure.normative_documents.issued"];
    assert_eq!(
        (&change["change"], &change["before"]["raw"], &change["before"]["place"]),
        (&"lost".into(), &"2".into(), &"line 5 field 2".into())
    );
    assert_eq!(change["source"][0]["row"], serde_json::json!(["规范性文件", "2", "1", "9"]));
}

#[test]
fn accepting_needs_a_reason_and_somebody_who_reads() {
    let folder = folder("accept");
    fs::write(folder.join("corpus.toml"), "golden = \"golden\"\n").unwrap();
    fs::create_dir(folder.join("in")).unwrap();
    fs::write(folder.join("in/a.txt"), report("甲局", 2)).unwrap();
    let in_ci = finish(command().current_dir(&folder).env("CI", "true").args(["corpus", "accept", "--new"]));
    assert!(in_ci.code == 2 && !folder.join("golden").exists(), "{}", said(&in_ci));
    assert_eq!(run(&folder, &["accept", "--new"]).code, 0);
    assert!(folder.join("golden/in/a.txt.report.json").is_file());
    assert_eq!(run(&folder, &["accept", "in/a"]).code, 2, "no reason");
    assert_eq!(run(&folder, &["accept", "in/*", "--why", "x"]).code, 2, "no pattern");
    let unchanged = run(&folder, &["accept", "in/a", "--why", "x"]);
    assert_eq!((unchanged.code, unchanged.out.as_str()), (0, "in/a.txt: unchanged\n"));
    fs::write(folder.join("in/a.txt"), report("甲局", 5)).unwrap();
    let accepted = run(&folder, &["accept", "in/a", "--why", "五份是对的"]);
    assert!(accepted.code == 0 && accepted.out.starts_with("in/a.txt: accepted\n"), "{}", said(&accepted));
    assert!(fs::read_to_string(folder.join("accepted.jsonl")).unwrap().contains("五份是对的"));
}

#[test]
fn a_document_is_added_once_with_what_is_known_of_it() {
    let folder = folder("add");
    fs::create_dir(folder.join("my")).unwrap();
    fs::write(folder.join("my/corpus.toml"), "").unwrap();
    fs::write(folder.join("甲局.doc"), report("甲局", 2)).unwrap();
    let add =
        |file: &str| run(&folder, &["add", file, "--why", "行标签有变", "--origin", "archive 7", "--corpus", "my"]);
    let added = add("甲局.doc");
    assert_eq!((added.code, added.out.as_str()), (0, "added as text/甲局.doc\n"), "{}", said(&added));
    let entry: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(folder.join("my/cases.jsonl")).unwrap()).unwrap();
    assert_eq!((&entry["why"], &entry["origin"]), (&"行标签有变".into(), &"archive 7".into()));
    assert_eq!(entry["sha256"].as_str().unwrap().len(), 64);
    let again = add("甲局.doc");
    assert!(again.code == 2 && again.err.contains("the same bytes are there as text/甲局.doc"), "{}", said(&again));
    assert_eq!(add("none.doc").code, 2);
    // What lies there later is not what was added.
    fs::write(folder.join("my/text/甲局.doc"), report("甲局", 3)).unwrap();
    let changed = run(&folder, &["check", "my"]);
    assert!(changed.code == 3 && changed.out.contains("not those that the manifest names"), "{}", said(&changed));
}

#[test]
fn a_name_cannot_speak_to_the_terminal() {
    let folder = folder("hostile");
    fs::write(folder.join("corpus.toml"), "").unwrap();
    fs::create_dir(folder.join("in")).unwrap();
    fs::write(folder.join("in/\u{1b}[2J\u{202e}a.txt"), report("甲局", 2)).unwrap();
    let found = run(&folder, &["check", "--out", "report"]);
    assert!(!found.out.contains('\u{1b}') && !found.out.contains('\u{202e}'), "{:?}", found.out);
    for name in ["report.html", "summary.md", "differences.jsonl"] {
        let text = fs::read_to_string(folder.join("report").join(name)).unwrap();
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{name}");
    }
}
