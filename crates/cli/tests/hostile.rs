//! Names and texts that speak to a terminal or to a spreadsheet, and folders that hold what is no file: shown harmless, never acted upon.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::run::{Run, command, corpus, file, finish, nianbao};

/// Sets the title of the window, clears the screen (twice: as two bytes and as one), turns the direction of what follows.
const SPELL: &str = "\u{1b}]0;mine\u{7}\u{1b}[2J\u{9b}31m\u{7f}\u{202e}txt.\u{2066}";

fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile").join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

/// A report with spells in its text. Among too many of them it would pass for no text at all.
fn report() -> String {
    let prose = "本机关按时更新网站栏目，逐条核对已发布的信息，办理结果当日答复申请人。".repeat(40);
    format!(
        "甲市乙局2023年政府信息公开工作年度报告\n一、总体情况\n　　{SPELL}全年{SPELL}。{prose}\n二、主动公开政府信息情况\n\
         信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t=1+1\t-5\t4\n{SPELL}行政规范性文件\t2\t{SPELL}\t9\n"
    )
}

fn assert_harmless(what: &str, run: &Run) {
    let acts = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    for (name, text) in [("stdout", &run.out), ("stderr", &run.err)] {
        let found = text.lines().find(|line| line.contains(acts));
        assert_eq!(found, None, "{what}, {name}");
    }
}

#[test]
fn no_command_prints_what_a_terminal_acts_upon() {
    let folder = folder("names");
    let path = |ending: &str| folder.join(format!("{SPELL}\n{ending}")).to_str().unwrap().to_owned();
    let (good, bad, form) = (path("a.txt"), path("b.docx"), path("c.toml"));
    fs::write(&good, report()).unwrap();
    fs::write(&bad, b"PK\x03\x04").unwrap();
    fs::write(&form, format!("name = 'x'\n[[{SPELL}\n")).unwrap();
    let lines: [&[&str]; 10] = [
        &["-v", "extract", &good, &bad, "gone\u{1b}[31m"],
        &["-v", "tables", &good, &bad],
        &["tables", "--raw", &good],
        &["show", &good],
        &["show", &bad],
        &["extract", "--form", &form, &good],
        &["extract", "--form", &bad, &good],
        &["extract", &good, &format!("--{SPELL}")],
        &["convert", &good, "--out", &good],
        &["explain", SPELL],
    ];
    for arguments in lines {
        let run = nianbao(arguments);
        assert!(!run.err.is_empty() || run.code < 2, "{arguments:?}");
        assert_harmless(&format!("{arguments:?}"), &run);
        // A name on two lines could pass for two messages.
        assert!(!run.err.lines().any(|line| line.starts_with("a.txt") || line.starts_with("b.docx")), "{}", run.err);
    }
    let mut coloured = command();
    assert!(!finish(coloured.env("CLICOLOR_FORCE", "1").args(["show", &good])).out.contains("\u{1b}]0"));
}

#[test]
fn members_of_archives_are_named_harmlessly_and_written_nowhere() {
    let folder = folder("members");
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let escaped = folder.join("escaped.txt");
    for name in [SPELL, "../../../escaped.txt", escaped.to_str().unwrap(), "..\\..\\escaped.txt"] {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(report().as_bytes()).unwrap();
    }
    let path = file("hostile-members.zip", &writer.finish().unwrap().into_inner());
    for command in ["extract", "tables", "show"] {
        let run = nianbao(&["-v", command, &path]);
        assert_harmless(command, &run);
        assert!(run.code < 2, "{}", run.err);
    }
    let out = folder.join("out");
    let run = nianbao(&["convert", &path, "--out", out.to_str().unwrap()]);
    assert_harmless("convert", &run);
    assert!(!escaped.exists() && !folder.parent().unwrap().join("escaped.txt").exists());
}

#[test]
fn what_is_no_file_is_told_and_never_opened() {
    let folder = folder("odd");
    let input = folder.join("in");
    fs::create_dir(&input).unwrap();
    fs::write(input.join(format!("{SPELL}.txt")), report()).unwrap();
    assert!(Command::new("mkfifo").arg(input.join("pipe.docx")).status().unwrap().success());
    for (target, name) in [("/dev/zero", "zero.docx"), (".", "loop"), ("/nowhere", "gone.docx"), ("loop/loop", "knot")]
    {
        std::os::unix::fs::symlink(target, input.join(name)).unwrap();
    }
    let out = folder.join("out");
    let run = nianbao(&["convert", input.to_str().unwrap(), "--out", out.to_str().unwrap(), "--csv", "--jobs", "1"]);
    assert_eq!(run.code, 3, "{}", run.err);
    assert_harmless("convert", &run);
    let documents = fs::read_to_string(out.join("documents.csv")).unwrap();
    for name in ["pipe.docx", "zero.docx", "gone.docx"] {
        assert!(documents.contains(name), "{documents}");
    }
    assert_eq!(documents.lines().filter(|line| line.contains("pipe, a socket or a device")).count(), 2, "{documents}");
}

#[test]
fn no_cell_of_a_csv_begins_as_a_formula_and_numbers_stay_numbers() {
    let folder = folder("csv");
    let input = folder.join("=cmd.txt");
    fs::write(&input, report()).unwrap();
    let out = folder.join("out");
    let negative = corpus("docx/negative-figure.docx");
    let inputs = [input.to_str().unwrap(), negative.as_str()];
    let run = nianbao(&["convert", inputs[0], inputs[1], "--out", out.to_str().unwrap(), "--csv", "--jobs", "1"]);
    assert!(run.code < 2, "{}", run.err);
    let figures = fs::read_to_string(out.join("figures.csv")).unwrap();
    assert!(figures.contains("\"'=1+1\""), "{figures}");
    assert!(figures.lines().any(|line| line.contains(",-5,") && line.contains("\"'-5\"")), "{figures}");
    for path in fs::read_dir(&out)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension() == Some("csv".as_ref()))
    {
        let text = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        let begins = |field: &str| field.trim_start_matches('"').starts_with(['=', '+', '@', '\t', '\r']);
        assert!(!text.split([',', '\n']).any(begins), "{}", path.display());
    }
}
