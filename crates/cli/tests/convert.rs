//! `nianbao convert` as a process: exit codes, what it tells, signals, and being killed at any moment.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::types::Value;

use super::run::{Run, command, corpus, finish, nianbao, nianbao_fed};

/// A folder of its own for one test.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("convert").join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

pub(super) fn report(number: usize) -> String {
    format!(
        "第{number}局{}年政府信息公开工作年度报告\n二、主动公开政府信息情况\n\
         信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t{number}\t0\t{number}\n行政规范性文件\t2\t1\t9\n",
        2019 + number % 5
    )
}

fn zip(members: &[(String, String)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in members {
        writer.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A few hundred files in some folders: reports, what is none, the same bytes twice, archives, links.
pub(super) fn made(into: &Path, count: usize) {
    for number in 0..count {
        let place = into.join(format!("{}", number % 7));
        fs::create_dir_all(&place).unwrap();
        match number % 10 {
            3 => fs::write(place.join(format!("{number}.txt")), report(number / 20)).unwrap(),
            5 => {
                let members: Vec<_> = (0..4).map(|part| (format!("{part}.txt"), report(number / 2 + part))).collect();
                fs::write(place.join(format!("{number}.zip")), zip(&members)).unwrap();
            }
            7 => fs::write(place.join(format!("{number}.doc")), format!("没有报告 {number}")).unwrap(),
            _ => fs::write(place.join(format!("{number}.txt")), report(number)).unwrap(),
        }
    }
    std::os::unix::fs::symlink("nowhere", into.join("link")).unwrap();
}

fn start(arguments: &[&str], input: &Path, out: &Path) -> Child {
    let mut command = command();
    command.arg("convert").arg(input).arg("--out").arg(out).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

fn run(arguments: &[&str], input: &Path, out: &Path) -> Run {
    finish(command().arg("convert").arg(input).arg("--out").arg(out).args(arguments))
}

/// All that a run leaves: the bytes of each file of the dataset, and what the ledger says beside times and numbers of its own.
fn left(out: &Path) -> (BTreeMap<String, Vec<u8>>, Vec<Vec<Value>>) {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(out).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if !name.starts_with("ledger.") {
            files.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    let ledger = Connection::open(out.join("ledger.sqlite")).unwrap();
    let sql = "SELECT files.path, files.state, files.gone, documents.member, documents.number, documents.state, documents.kind, \
               documents.message, contents.sha256, contents.state, contents.kind, contents.message, contents.reports, \
               contents.review, contents.record \
               FROM files LEFT JOIN documents ON documents.file = files.id LEFT JOIN contents ON contents.id = documents.content \
               ORDER BY files.path, documents.member, documents.number";
    let mut query = ledger.prepare(sql).unwrap();
    let columns = query.column_count();
    let rows = query.query_map([], |row| (0..columns).map(|column| row.get(column)).collect()).unwrap();
    (files, rows.map(Result::unwrap).collect())
}

/// Numbers that look random and are the same each time (Marsaglia's xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

#[test]
fn a_run_that_is_killed_again_and_again_comes_to_the_same_end() {
    const KILLS: usize = 24;
    let folder = folder("killed");
    let input = folder.join("in");
    made(&input, 300);
    let began = Instant::now();
    let undisturbed = folder.join("undisturbed");
    assert_eq!(run(&["--jobs", "2", "--csv"], &input, &undisturbed).code, 3);
    let whole = u64::try_from(began.elapsed().as_millis()).unwrap();
    let wanted = left(&undisturbed);
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut kills, mut rounds) = (0, 0);
    while kills < KILLS {
        rounds += 1;
        let out = folder.join(format!("killed-{rounds}"));
        loop {
            let mut child = start(&["--jobs", "2", "--csv"], &input, &out);
            std::thread::sleep(Duration::from_millis(random.below(whole + 1)));
            if child.try_wait().unwrap().is_some() {
                break;
            }
            child.kill().unwrap();
            child.wait().unwrap();
            kills += 1;
        }
        let last = run(&["--jobs", "2", "--csv"], &input, &out);
        assert_eq!(last.code, 3, "{}", last.err);
        assert!(left(&out) == wanted, "round {rounds} differs after {kills} kills: {}", folder.display());
    }
    println!("{kills} kills in {rounds} rounds; an undisturbed run takes {whole} ms");
}

#[test]
fn the_number_of_workers_changes_nothing() {
    let folder = folder("jobs");
    let input = folder.join("in");
    made(&input, 60);
    let outcome = |name: &str, arguments: &[&str]| {
        let out = folder.join(name);
        let run = run(arguments, &input, &out);
        assert_eq!(run.code, 3, "{}", run.err);
        left(&out)
    };
    let one = outcome("one", &["--jobs", "1"]);
    assert!(outcome("two", &["--jobs", "2"]) == one);
    assert!(outcome("four", &["--jobs", "4"]) == one);
    assert!(outcome("none", &["--isolation", "none"]) == one);
}

#[test]
fn the_exit_code_is_that_of_the_worst_document() {
    let folder = folder("codes");
    let ok = corpus("docx/plain-2021.docx");
    let code = |input: &str, name: &str| run(&[], Path::new(input), &folder.join(name)).code;
    assert_eq!(code(&ok, "ok"), 0);
    assert_eq!(code(&ok, "ok"), 0);
    assert_eq!(code(&corpus("docx/wrong-outcome-cell.docx"), "review"), 1);
    fs::write(folder.join("x.txt"), "没有报告").unwrap();
    assert_eq!(code(folder.join("x.txt").to_str().unwrap(), "failed"), 3);
    assert_eq!(code("nothing-here", "usage"), 2);
    assert!(!folder.join("usage").exists());
    assert_eq!(finish(command().args(["convert", &ok])).code, 2);
    assert_eq!(run(&["--bom"], Path::new(&ok), &folder.join("bom")).code, 2);
}

#[test]
fn a_list_comes_on_standard_input_and_the_summary_goes_to_stderr() {
    let folder = folder("list");
    let list = format!("{}\n{}\n", corpus("docx/plain-2021.docx"), corpus("docx/wrong-outcome-cell.docx"));
    let out = folder.join("out");
    let run = nianbao_fed(&["convert", "-", "--out", out.to_str().unwrap()], list.as_bytes());
    assert_eq!((run.code, run.out.as_str()), (1, ""), "{}", run.err);
    assert!(run.err.contains("to review              1           1"), "{}", run.err);
}

#[test]
fn a_second_run_on_the_same_folder_says_so_and_stops() {
    let folder = folder("locked");
    let input = folder.join("in");
    made(&input, 10);
    let out = folder.join("out");
    fs::create_dir_all(&out).unwrap();
    let lock = fs::File::create(out.join("ledger.lock")).unwrap();
    lock.lock().unwrap();
    let second = run(&[], &input, &out);
    assert_eq!(second.code, 2);
    assert!(second.err.contains("another run"), "{}", second.err);
    assert!(!out.join("ledger.sqlite").exists());
    drop(lock);
    assert_eq!(run(&[], &input, &out).code, 3);
}

/// Waits until the ledger holds something that was read.
fn until_something_is_read(out: &Path) {
    let limit = Instant::now() + Duration::from_secs(60);
    loop {
        let count = Connection::open_with_flags(out.join("ledger.sqlite"), rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)
            .and_then(|ledger| {
                ledger.query_row("SELECT count(*) FROM files WHERE state = 'done'", [], |row| row.get(0))
            });
        if count.is_ok_and(|count: i64| count > 0) {
            return;
        }
        assert!(Instant::now() < limit, "nothing was read in a minute");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn signal(child: &Child, name: &str) {
    let sent = std::process::Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

#[test]
fn ctrl_c_finishes_what_was_begun_and_the_next_run_goes_on() {
    let folder = folder("interrupted");
    let input = folder.join("in");
    made(&input, 1500);
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let out = folder.join(name);
        let child = start(&["--jobs", "1"], &input, &out);
        until_something_is_read(&out);
        signal(&child, name);
        let ended = child.wait_with_output().unwrap();
        let told = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(code), "{told}");
        assert!(told.contains("the same command goes on from here"), "{told}");
        assert!(!out.join("datapackage.json").exists());
        let ledger = Connection::open(out.join("ledger.sqlite")).unwrap();
        let count = |state: &str| -> i64 {
            ledger.query_row("SELECT count(*) FROM files WHERE state = ?1", [state], |row| row.get(0)).unwrap()
        };
        assert_eq!(count("running"), 0);
        assert!(count("done") > 0 && count("pending") > 0, "{} done, {} pending", count("done"), count("pending"));
    }
    let undisturbed = folder.join("undisturbed");
    assert_eq!(run(&["--jobs", "2"], &input, &undisturbed).code, 3);
    assert_eq!(run(&["--jobs", "2"], &input, &folder.join("INT")).code, 3);
    assert!(left(&folder.join("INT")) == left(&undisturbed));
}

#[test]
fn a_name_that_would_speak_to_the_terminal_is_never_printed_raw() {
    let folder = folder("names");
    let input = folder.join("in\u{1b}[31m");
    fs::create_dir_all(&input).unwrap();
    fs::write(input.join("a\u{1b}]0;x\u{7}.txt"), "没有报告").unwrap();
    for out in [folder.join("out"), input.join("nothing\u{1b}[2J/x")] {
        let run = run(&["-v"], &input, &out);
        assert!(!run.err.contains('\u{1b}') && !run.err.contains('\u{7}'), "{:?}", run.err);
    }
    let missing = run(&[], &input.join("nothing"), &folder.join("out"));
    assert_eq!(missing.code, 2);
    assert!(!missing.err.contains('\u{1b}'), "{:?}", missing.err);
}

/// What a run does on a disk of 2 MiB. It needs the right to mount one.
#[test]
fn a_full_disk_stops_the_run_and_the_next_one_goes_on() {
    let folder = folder("full");
    let (input, disk) = (folder.join("in"), folder.join("disk"));
    made(&input, 1500);
    fs::create_dir_all(&disk).unwrap();
    let mount = |options: &str| {
        let arguments = ["-t", "tmpfs", "-o", options, "tmpfs"];
        std::process::Command::new("mount").args(arguments).arg(&disk).stderr(Stdio::null()).status()
    };
    if !mount("size=2m").is_ok_and(|status| status.success()) {
        println!("skipped: no disk may be mounted here");
        return;
    }
    let out = disk.join("out");
    let full = run(&[], &input, &out);
    let remount = mount("remount,size=200m");
    let rest = run(&[], &input, &out);
    let ends = rest.code == 3 && left(&out).1.len() > 1500;
    let _ = std::process::Command::new("umount").arg(&disk).status();
    assert_eq!(full.code, 3, "{}", full.err);
    assert!(full.err.contains("the disk is full"), "{}", full.err);
    assert!(remount.is_ok_and(|status| status.success()) && ends, "{}", rest.err);
}

#[test]
fn an_address_says_what_it_needs() {
    let out = folder("address");
    let (out, text) = (out.to_str().unwrap(), |run: &Run| run.err.clone());
    let run = nianbao(&["convert", "in", "--out", "s3://bucket/set"]);
    assert_eq!(run.code, 2);
    assert!(text(&run).contains("--work DIR"), "{}", run.err);
    let run = nianbao(&["convert", "s3://b/in", "--out", "s3://b/in/set", "--work", out]);
    assert!(run.code == 2 && text(&run).contains("lies in an input"), "{}", run.err);
    let run = nianbao(&["convert", "in", "--out", out, "--work", out]);
    assert!(run.code == 2 && text(&run).contains("--work is for an address"), "{}", run.err);
    let run = nianbao(&["convert", "s3://me:secret@bucket/x", "--out", out]);
    assert_eq!(run.code, 2);
    let says = if cfg!(feature = "objects") { "from the environment alone" } else { "--features objects" };
    assert!(text(&run).contains(says) && !text(&run).contains("secret"), "{}", run.err);
}
