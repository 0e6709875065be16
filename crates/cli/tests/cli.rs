//! The program as a user meets it: commands, exit codes, what goes to stdout and what to stderr.
//!
//! `cfg(test)` is always on here; it is written out so that the lints know this for tests.

#[cfg(test)]
mod convert;
#[cfg(test)]
mod corpora;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod page;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod shards;

/// How the tests run the program.
#[cfg(test)]
mod run {
    use std::io::Write as _;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};

    use serde_json::Value;

    /// What a run left behind.
    pub(crate) struct Run {
        pub(crate) code: i32,
        pub(crate) out: String,
        pub(crate) err: String,
    }

    impl Run {
        /// The lines of stdout, each as JSON.
        pub(crate) fn json(&self) -> Vec<Value> {
            let line = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            self.out.lines().map(line).collect()
        }
    }

    /// The program, with nothing of this machine's settings.
    pub(crate) fn command() -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nianbao"));
        for name in ["COLUMNS", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "NIANBAO_LOG"] {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn finish(command: &mut Command) -> Run {
        let output = command.stdin(Stdio::null()).output().unwrap();
        Run {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub(crate) fn nianbao(arguments: &[&str]) -> Run {
        finish(command().args(arguments))
    }

    /// Runs with these bytes on standard input.
    pub(crate) fn nianbao_fed(arguments: &[&str], bytes: &[u8]) -> Run {
        let mut command = command();
        let piped = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let bytes = bytes.to_vec();
        let feeding = std::thread::spawn(move || input.write_all(&bytes));
        let output = child.wait_with_output().unwrap();
        feeding.join().unwrap().unwrap();
        Run {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The top of the working tree.
    pub(crate) fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    /// A document of the corpus.
    pub(crate) fn corpus(name: &str) -> String {
        root().join("corpus").join(name).to_str().unwrap().to_owned()
    }

    /// A file of our own with this content.
    pub(crate) fn file(name: &str, content: &[u8]) -> String {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

#[cfg(test)]
mod commands {
    use std::io::Read as _;
    use std::process::Stdio;

    use super::run::{command, corpus, file, finish, nianbao, nianbao_fed, root};

    const OK: &str = "docx/plain-2021.docx";
    const REVIEW: &str = "docx/wrong-outcome-cell.docx";

    #[test]
    fn the_exit_code_tells_the_worst_of_all_files() {
        let (ok, review) = (corpus(OK), corpus(REVIEW));
        assert_eq!(nianbao(&["extract", &ok]).code, 0);
        assert_eq!(nianbao(&["extract", &review, &ok]).code, 1);
        assert_eq!(nianbao(&["extract", "missing.docx", &review, &ok]).code, 3);
        assert_eq!(nianbao(&["show", &ok]).code, 0);
        assert_eq!(nianbao(&["show", &review]).code, 1);
        assert_eq!(nianbao(&["tables", &ok]).code, 0);
        assert_eq!(nianbao(&["tables", &ok, "missing.docx"]).code, 3);
    }

    #[test]
    fn wrong_usage_is_told_on_stderr_with_exit_code_2() {
        let wrong: [&[&str]; 7] = [
            &[],
            &["extract"],
            &["tables"],
            &["show"],
            &["no-such-command"],
            &["extract", "--no-such-option", "a"],
            &["explain", "no.rule"],
        ];
        for arguments in wrong {
            let run = nianbao(arguments);
            assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
            assert!(!run.err.is_empty(), "{arguments:?}");
        }
    }

    #[test]
    fn each_file_that_cannot_be_read_has_its_own_message() {
        let folder = root();
        let folder = folder.to_str().unwrap();
        let empty = file("empty.docx", b"");
        let noise = corpus("broken/noise.bin");
        let encrypted = corpus("broken/encrypted-entry.docx");
        let picture = corpus("broken/picture.docx");
        let cut = corpus("broken/truncated.docx");
        let cases = [
            ("missing.docx", "not_found", "no such file"),
            (folder, "is_a_folder", "this is a folder"),
            (&empty, "empty", "the file is empty"),
            (&noise, "unknown_format", "not a document of any known kind"),
            (&encrypted, "encrypted", "remove the password"),
            (&picture, "unsupported", "is not read"),
            (&cut, "corrupt", ""),
        ];
        for (path, kind, message) in cases {
            for subcommand in ["extract", "tables"] {
                let run = nianbao(&[subcommand, path]);
                assert_eq!(run.code, 3, "{path}");
                let lines = run.json();
                let [line] = lines.as_slice() else { panic!("{path}: {} lines", lines.len()) };
                assert_eq!(line["error"]["kind"], kind, "{path}");
                let told = line["error"]["message"].as_str().unwrap();
                assert!(told.contains(message), "{path}: {told}");
                assert_eq!(run.err, format!("error: {path}: {told}\n"));
            }
            let run = nianbao(&["show", path]);
            assert_eq!((run.code, run.out.as_str()), (3, ""), "{path}");
            assert!(run.err.starts_with(&format!("error: {path}: ")) && run.err.contains(message), "{}", run.err);
        }
    }

    #[test]
    fn what_is_not_known_of_a_missing_file_is_null() {
        let source = nianbao(&["extract", "missing.docx"]).json()[0]["source"].clone();
        assert!(source["bytes"].is_null() && source["sha256"].is_null() && source["format"].is_null());
    }

    #[test]
    fn reports_come_in_the_order_given() {
        let paths = [corpus(REVIEW), "missing.docx".to_owned(), corpus("docx/two-reports.docx"), corpus(OK)];
        let mut arguments = vec!["extract"];
        arguments.extend(paths.iter().map(String::as_str));
        let lines = nianbao(&arguments).json();
        let told: Vec<_> = lines
            .iter()
            .map(|line| (line["source"]["path"].as_str().unwrap(), line["source"]["part"].as_u64()))
            .collect();
        let [first, second, third, fourth] = &paths;
        assert_eq!(told, [(first.as_str(), None), (second, None), (third, Some(1)), (third, Some(2)), (fourth, None)]);
    }

    #[test]
    fn a_dash_stands_for_standard_input() {
        let bytes = std::fs::read(corpus(OK)).unwrap();
        let run = nianbao_fed(&["extract", "-"], &bytes);
        assert_eq!(run.code, 0, "{}", run.err);
        assert_eq!(run.json()[0]["source"]["path"], "-");
        assert_eq!(run.json()[0]["evidence"], nianbao(&["extract", &corpus(OK)]).json()[0]["evidence"]);
        assert_eq!(nianbao_fed(&["show", "-"], &bytes).code, 0);
        assert_eq!(nianbao_fed(&["tables", "-"], b"").code, 3);
    }

    #[test]
    fn a_reader_that_stops_reading_is_no_error() {
        let path = corpus(OK);
        let mut many = vec!["extract"];
        many.extend(std::iter::repeat_n(path.as_str(), 20));
        for arguments in [many.as_slice(), &["show", &path], &["schema"]] {
            let mut command = command();
            let piped = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = piped.spawn().unwrap();
            drop(child.stdout.take());
            let mut err = String::new();
            child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
            assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""), "{arguments:?}");
        }
    }

    #[test]
    fn diagnostics_are_as_many_as_are_asked_for() {
        let path = corpus(OK);
        assert_eq!(nianbao(&["extract", &path]).err, "");
        let told = format!("info: {path}: ok\n");
        assert_eq!(nianbao(&["extract", "-v", &path]).err, told);
        assert_eq!(finish(command().args(["extract", &path]).env("NIANBAO_LOG", "info")).err, told);
        assert_eq!(finish(command().args(["extract", "missing"]).env("NIANBAO_LOG", "off")).err, "");
    }

    #[test]
    fn tables_joins_what_raw_leaves_apart() {
        let path = corpus("docx/cut-in-two.docx");
        let count = |arguments: &[&str]| nianbao(arguments).json()[0]["tables"].as_array().unwrap().len();
        assert!(count(&["tables", &path]) < count(&["tables", "--raw", &path]));
    }

    #[test]
    fn every_rule_that_is_listed_can_be_explained() {
        let list = nianbao(&["explain"]);
        assert_eq!(list.code, 0);
        let codes: Vec<&str> = list
            .out
            .lines()
            .filter(|line| !line.starts_with("   "))
            .filter_map(|line| line.split_whitespace().next())
            .collect();
        assert!(codes.len() > 15, "{codes:?}");
        for code in codes {
            let run = nianbao(&["explain", code]);
            assert_eq!(run.code, 0, "{code}");
            assert!(run.out.starts_with(code), "{}", run.out);
        }
    }
}

#[cfg(test)]
mod show {
    use super::run::{Run, command, corpus, file, finish, nianbao, root};

    fn show(path: &str, columns: &str) -> Run {
        finish(command().args(["show", path]).env("COLUMNS", columns))
    }

    #[test]
    fn a_report_with_a_wrong_cell_looks_like_its_golden_page() {
        let name = "corpus/docx/wrong-outcome-cell.docx";
        let run = finish(command().args(["show", name]).env("COLUMNS", "100").current_dir(root()));
        let golden = include_str!("wrong-outcome-cell.show.txt");
        assert!(
            run.out == golden,
            "it shows:\n{}\nRead it; if it is right: COLUMNS=100 nianbao show {name} > crates/cli/tests/wrong-outcome-cell.show.txt",
            run.out
        );
    }

    #[test]
    fn broken_sums_are_marked_at_their_cells() {
        let page = show(&corpus("docx/wrong-outcome-cell.docx"), "100").out;
        let marks = |sign: char| page.lines().filter(|line| line.starts_with('│') && line.contains(sign)).count();
        assert_eq!((marks('✗'), marks('≠')), (1, 2), "the cell, the total of its row and that of its column");
        let sound = show(&corpus("docx/plain-2021.docx"), "100").out;
        assert!(!sound.contains(['✗', '≠', '!']), "{sound}");
    }

    #[test]
    fn lost_and_blank_figures_and_dashes_look_different_and_are_told() {
        let lost = show(&corpus("docx/cell-missing-undecided.docx"), "100").out;
        assert!(lost.contains("│            ? │            ? │            ? │") && lost.contains("? lost"), "{lost}");
        let blank = show(&corpus("docx/blank-for-zero.docx"), "100").out;
        assert!(blank.contains(" · │") && blank.contains("· blank") && !blank.contains("? lost"), "{blank}");
        let dash = show(&corpus("docx/em-dash-for-zero.docx"), "100").out;
        assert!(dash.contains(" — │"), "{dash}");
    }

    #[test]
    fn a_row_that_stands_in_for_others_is_drawn_in_their_place() {
        let parts = show(&corpus("docx/plain-2021.docx"), "120").out;
        assert_eq!(parts.matches("（六）其他处理").count(), 1, "{parts}");
        assert!(parts.contains("3.其他"));
        let single = show(&corpus("docx/single-other-row-2021.docx"), "120").out;
        assert_eq!(single.matches("（六）其他处理").count(), 1, "{single}");
        assert!(!single.contains("3.其他"));
    }

    #[test]
    fn all_reports_of_a_file_are_shown() {
        let page = show(&corpus("docx/two-reports.docx"), "80").out;
        assert!(page.contains("(report 1 of 2)") && page.contains("(report 2 of 2)"));
    }

    #[test]
    fn a_table_that_is_not_there_is_not_drawn() {
        let page = show(&corpus("docx/no-tables.docx"), "80").out;
        assert!(page.contains("not one figure of it was found") && !page.contains('┌'), "{page}");
    }

    #[test]
    fn colour_is_for_terminals_and_says_nothing_more() {
        let path = corpus("docx/wrong-outcome-cell.docx");
        let plain = nianbao(&["show", &path]).out;
        assert!(!plain.contains('\u{1b}'));
        let forced = finish(command().args(["show", &path]).env("CLICOLOR_FORCE", "1")).out;
        assert!(forced.contains('\u{1b}'));
        assert_eq!(anstream::adapter::strip_str(&forced).to_string(), plain);
        let refused = finish(command().args(["show", &path]).env("NO_COLOR", "1")).out;
        assert_eq!(refused, plain);
    }

    #[test]
    fn what_a_document_holds_cannot_command_the_terminal() {
        let text = std::fs::read_to_string(corpus("text/wrong-total-cell.txt"))
            .unwrap()
            .replace("总体情况", "总体\u{1b}[31m情况");
        let run = show(&file("escape.txt", text.as_bytes()), "100");
        assert!(run.out.contains("政府信息公开") && !run.out.contains('\u{1b}'), "{}", run.out);
    }
}
