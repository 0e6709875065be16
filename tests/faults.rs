//! Files that end their workers in every way we know: each costs itself alone, and says why.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nianbao::Forms;
use nianbao_bulk::{Decision, Event, Fault, Isolation, Job, Options, Pool, PoolError, Record};

/// A folder of its own for each test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("nianbao-faults-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn options(jobs: usize) -> Options {
    Options {
        jobs: jobs.try_into().unwrap(),
        memory: 384 << 20,
        timeout: Duration::from_secs(6),
        stall: Duration::from_secs(3),
        worker: Some((env!("CARGO_BIN_EXE_faulty").into(), Vec::new())),
        ..Options::default()
    }
}

fn report(year: u32, rules: u32) -> Vec<u8> {
    format!(
        "甲市乙局{year}年政府信息公开工作年度报告\n二、主动公开政府信息情况\n\
         信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t{rules}\t0\t4\n行政规范性文件\t2\t1\t9\n"
    )
    .into_bytes()
}

/// What was told of each file, in short, and the records in their order.
#[derive(Debug, Default)]
struct Told {
    events: Vec<String>,
    records: Vec<Record>,
}

/// Reads files, every document once, and gathers what is told of each.
fn run(options: &Options, paths: &[PathBuf]) -> (BTreeMap<String, Told>, Result<(), PoolError>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let (tell, mut events) = tokio::sync::mpsc::channel(4);
        let pool = Pool::start(options, tell).unwrap();
        let names: Vec<_> = paths.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
        let listener = tokio::spawn(async move {
            let mut told: BTreeMap<String, Told> = BTreeMap::new();
            let mut seen = HashSet::new();
            while let Some(event) = events.recv().await {
                let (job, text) = note(event, &mut seen, &mut told, &names);
                told.entry(names[job as usize].clone()).or_default().events.push(text);
            }
            told
        });
        for (id, path) in (0..).zip(paths) {
            if pool.submit(Job { id, path: path.clone(), expected: nianbao_bulk::Expected::default() }).await.is_err() {
                break;
            }
        }
        let end = pool.finish().await;
        (listener.await.unwrap(), end)
    })
}

fn note(
    event: Event,
    seen: &mut HashSet<[u8; 32]>,
    told: &mut BTreeMap<String, Told>,
    names: &[String],
) -> (i64, String) {
    match event {
        Event::Started { job } => (job, "started".to_owned()),
        Event::Found { job, document, decision } => {
            let decided = if seen.insert(document.sha256) { Decision::Read } else { Decision::Skip };
            decision.send(decided).unwrap();
            (job, format!("found {}{}, {decided:?}", document.index, document.member))
        }
        Event::Read { job, record, .. } => {
            let record = record.unpack().unwrap();
            let what = record.failure.as_ref().map_or("a report".to_owned(), |(kind, _)| kind.clone());
            told.entry(names[job as usize].clone()).or_default().records.push(record);
            (job, format!("read: {what}"))
        }
        Event::Unread { job, index, member, kind, .. } => (job, format!("unread {index}{member}: {kind}")),
        Event::Lost { job, document, fault, attempt, last } => {
            let what = document.map_or("file".to_owned(), |document| document.index.to_string());
            (job, format!("lost {what}, {fault:?}, {attempt}{}", if last { ", last" } else { "" }))
        }
        Event::Finished { job, .. } => (job, "finished".to_owned()),
    }
}

/// What is told of a file that costs two workers.
fn quarantined(fault: &str) -> Vec<String> {
    let lines = ["started", "found 0, Read", "lost 0, {}, 1", "lost 0, {}, 2, last", "finished"];
    lines.iter().map(|line| line.replace("{}", fault)).collect()
}

/// The documents that fail, and what each does.
const FAULTS: [(&str, Fault); 11] = [
    ("abort", Fault::Crashed { signal: 6 }),
    ("hang", Fault::Stalled),
    ("spin", Fault::Stalled),
    ("slow", Fault::Timeout),
    ("stack", Fault::StackOverflow),
    ("memory", Fault::OutOfMemory),
    ("exit", Fault::Exited { code: 0 }),
    ("exit 7", Fault::Exited { code: 7 }),
    ("garbage", Fault::Garbled),
    ("flood", Fault::Garbled),
    ("forged", Fault::Garbled),
];

/// Every fault, with good files between them.
fn everything(folder: &Folder) -> Vec<PathBuf> {
    let mut paths = vec![folder.file("good-first", &report(2020, 100))];
    for (number, (name, _)) in (0..).zip(FAULTS) {
        paths.push(folder.file(name, format!("FAULT {name}").as_bytes()));
        paths.push(folder.file(&format!("good-{number:02}"), &report(2021, number)));
    }
    for name in ["panic", "chatter", "huge"] {
        paths.push(folder.file(name, format!("FAULT {name}").as_bytes()));
    }
    paths.push(folder.file("good-last", &report(2020, 101)));
    paths
}

fn every_fault_is_contained(jobs: usize) {
    let folder = Folder::new(&format!("contained-{jobs}"));
    let paths = everything(&folder);
    let (told, end) = run(&options(jobs), &paths);
    assert_eq!(end, Ok(()));
    assert_eq!(told.len(), paths.len());
    for (name, fault) in FAULTS {
        assert_eq!(told[name].events, quarantined(&format!("{fault:?}")), "{name}");
    }
    let read = |kind: &str| ["started", "found 0, Read", &format!("read: {kind}"), "finished"].map(str::to_owned);
    assert_eq!(told["panic"].events, read("crashed"));
    assert_eq!(told["huge"].events, read("too_large"));
    assert_eq!(told["chatter"].events, read("no_report_found"));
    for path in &paths {
        let name = path.file_name().unwrap().to_string_lossy();
        if name.starts_with("good") {
            assert_eq!(told[&*name].events, read("a report"), "{name}");
            let alone = Record::of(&fs::read(path).unwrap(), &Forms::builtin(), false);
            assert!(told[&*name].records == [alone], "{name} is read as it is when it is alone");
        }
    }
}

#[test]
fn every_fault_is_contained_with_one_worker() {
    every_fault_is_contained(1);
}

#[test]
fn every_fault_is_contained_with_two_workers() {
    every_fault_is_contained(2);
}

#[test]
fn every_fault_is_contained_with_four_workers() {
    every_fault_is_contained(4);
}

#[test]
fn what_goes_well_in_a_fresh_worker_is_read() {
    let folder = Folder::new("fresh");
    let mut paths: Vec<_> = (0..5).map(|n| folder.file(&format!("good-{n}"), &report(2021, n))).collect();
    paths.insert(2, folder.file("flaky", b"FAULT abort unless fresh"));
    let (told, end) = run(&options(1), &paths);
    assert_eq!(end, Ok(()));
    let flaky = ["started", "found 0, Read", "lost 0, Crashed { signal: 6 }, 1", "read: no_report_found", "finished"];
    assert_eq!(told["flaky"].events, flaky);
    assert_eq!(told.values().filter(|told| told.events.contains(&"read: a report".to_owned())).count(), 5);
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn the_members_around_a_fault_are_read_once_each() {
    let folder = Folder::new("members");
    let bytes = zipped(&[
        ("a.txt", &report(2021, 1)),
        ("b.txt", b"FAULT abort"),
        ("c.txt", &report(2021, 1)),
        ("d.txt", &report(2021, 2)),
        ("e.txt", b"FAULT exit"),
    ]);
    for jobs in [1, 2] {
        let (told, end) = run(&options(jobs), &[folder.file("x.zip", &bytes)]);
        assert_eq!(end, Ok(()));
        let mut events = told["x.zip"].events.clone();
        // What is found is told before the documents ahead of it are read; only its own order is certain.
        let found: Vec<_> = events.extract_if(.., |event| event.starts_with("found")).collect();
        assert_eq!(
            found,
            [
                "found 0!a.txt, Read",
                "found 1!b.txt, Read",
                "found 2!c.txt, Skip",
                "found 3!d.txt, Read",
                "found 4!e.txt, Read"
            ]
        );
        let abort = "lost 1, Crashed { signal: 6 }, ";
        let exit = "lost 4, Exited { code: 0 }, ";
        assert_eq!(
            events,
            [
                "started",
                "read: a report",
                &format!("{abort}1"),
                &format!("{abort}2, last"),
                "read: a report",
                &format!("{exit}1"),
                &format!("{exit}2, last"),
                "finished"
            ]
        );
    }
}

#[test]
fn a_member_too_large_for_the_memory_says_so_and_those_beside_it_are_read() {
    let folder = Folder::new("large");
    // It inflates to more than a worker may have, and not so much more that it would be refused as a bomb.
    let piece: Vec<u8> = (0..4096_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let large: Vec<u8> = piece.iter().copied().cycle().take(300 << 20).collect();
    let bytes = zipped(&[("a.txt", &report(2021, 1)), ("large.txt", &large), ("c.txt", &report(2021, 2))]);
    let (told, end) = run(&Options { memory: 256 << 20, ..options(1) }, &[folder.file("x.zip", &bytes)]);
    assert_eq!(end, Ok(()));
    let mut events = told["x.zip"].events.clone();
    events.retain(|event| !event.starts_with("found"));
    assert_eq!(
        events,
        ["started", "read: a report", "unread 1!large.txt: out_of_memory", "read: a report", "finished"]
    );
}

#[test]
fn a_fault_outside_any_document_is_that_of_the_file() {
    let folder = Folder::new("opening");
    let paths: Vec<_> = (0..5).map(|n| folder.file(&format!("file-{n}"), &report(2021, n))).collect();
    for (program, fault, jobs) in [
        ("opens and dies", Fault::Crashed { signal: 6 }, 1),
        ("opens and dies", Fault::Crashed { signal: 6 }, 2),
        ("opens and hangs", Fault::Stalled, 5),
        ("never opens", Fault::Stalled, 5),
    ] {
        let worker = Some((env!("CARGO_BIN_EXE_faulty").into(), vec![program.to_owned()]));
        let (told, end) = run(&Options { worker, ..options(jobs) }, &paths);
        assert_eq!(end, Ok(()));
        let lost = |rest: &str| format!("lost file, {fault:?}, {rest}");
        let wanted = ["started".to_owned(), lost("1"), lost("2, last"), "finished".to_owned()];
        assert!(told.len() == 5 && told.values().all(|told| told.events == wanted), "{told:?}");
    }
}

/// As far as the system knows Landlock. Where it does not, `convert -v` says so.
#[test]
#[cfg(target_os = "linux")]
fn a_worker_can_read_and_nothing_else() {
    use landlock::{ABI, AccessFs, LandlockStatus, Ruleset, RulesetAttr as _};
    let locked = || Ruleset::default().handle_access(AccessFs::MakeBlock).unwrap().create().unwrap().restrict_self();
    let status = std::thread::spawn(locked).join().unwrap().unwrap().landlock;
    let LandlockStatus::Available { effective_abi, .. } = status else { return };
    let folder = Folder::new("escape");
    let (told, end) = run(&options(1), &[folder.file("escape", b"FAULT escape")]);
    assert_eq!(end, Ok(()));
    let escaped = told["escape"].records[0].failure.clone().unwrap().1;
    let network = effective_abi >= ABI::V4;
    assert!(escaped.is_empty() || !network && escaped == "opened a connection", "a worker {escaped}");
}

#[test]
fn a_program_that_is_no_worker_stops_the_run_and_blames_no_file() {
    let folder = Folder::new("wrong");
    let paths: Vec<_> = (0..20).map(|n| folder.file(&format!("good-{n}"), &report(2021, n))).collect();
    for (program, arguments) in
        [("/nowhere/nianbao", vec![]), ("/bin/cat", vec![]), ("/bin/sh", vec!["-c", "echo no; exit 3"])]
    {
        let arguments = arguments.into_iter().map(str::to_owned).collect();
        let (told, end) = run(&Options { worker: Some((program.into(), arguments)), ..options(2) }, &paths);
        let error = end.unwrap_err().to_string();
        assert!(error.starts_with("no worker could be started: "), "{program}: {error}");
        assert!(told.is_empty(), "{program}: {told:?}");
    }
}

#[test]
fn workers_are_replaced_and_nothing_is_lost() {
    let folder = Folder::new("recycled");
    let paths: Vec<_> = (0..20).map(|n| folder.file(&format!("good-{n:02}"), &report(2021, n))).collect();
    for (recycle, jobs) in [(1, 1), (3, 2), (1000, 1)] {
        let (told, end) = run(&Options { recycle, ..options(jobs) }, &paths);
        assert_eq!(end, Ok(()));
        assert!(told.len() == 20 && told.values().all(|told| told.records.len() == 1), "{recycle}: {told:?}");
    }
}

#[test]
fn what_is_no_file_is_not_opened() {
    let folder = Folder::new("special");
    let pipe = folder.0.join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let paths =
        [pipe, folder.0.join("gone"), folder.0.clone(), "/dev/zero".into(), folder.file("good", &report(2021, 1))];
    for isolation in [Isolation::Process, Isolation::None] {
        let (told, end) = run(&Options { isolation, ..options(1) }, &paths);
        assert_eq!(end, Ok(()));
        let folder_name = folder.0.file_name().unwrap().to_str().unwrap();
        for (name, kind) in
            [("pipe", "not_a_file"), ("gone", "not_found"), ("zero", "not_a_file"), (folder_name, "is_a_folder")]
        {
            assert_eq!(told[name].events, ["started", &format!("unread 0: {kind}"), "finished"]);
        }
        assert_eq!(told["good"].records.len(), 1);
    }
}

#[test]
fn threads_say_what_processes_say() {
    let folder = Folder::new("threads");
    let mut paths: Vec<_> = (0..8).map(|n| folder.file(&format!("good-{n}"), &report(2021, n / 2))).collect();
    paths.push(folder.file("x.zip", &zipped(&[("a.txt", &report(2022, 1)), ("b.bin", b"\0\x01\x02")])));
    paths.push(folder.file("empty", b""));
    let [threads, processes] = [Isolation::None, Isolation::Process]
        .map(|isolation| run(&Options { isolation, tables: true, ..options(1) }, &paths).0);
    let short = |told: &BTreeMap<String, Told>| {
        told.iter().map(|(name, told)| (name.clone(), told.events.clone())).collect::<Vec<_>>()
    };
    assert_eq!(short(&threads), short(&processes));
    assert!(threads.iter().zip(&processes).all(|((_, a), (_, b))| a.records == b.records));
}

#[cfg(target_os = "linux")]
mod processes {
    use std::io::{BufRead as _, BufReader};
    use std::process::{Child, Command, Stdio};
    use std::time::Instant;

    use super::*;

    /// The processes whose parent is this one, zombies too.
    fn children(parent: u32) -> Vec<u32> {
        let mut found = Vec::new();
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            let Ok(id) = entry.file_name().to_string_lossy().parse() else { continue };
            let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else { continue };
            let fields: Vec<_> = stat.rsplit(") ").next().unwrap().split(' ').collect();
            if fields[1] == parent.to_string() {
                found.push(id);
            }
        }
        found
    }

    fn supervisor(paths: &[PathBuf]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_faulty"));
        command.arg("supervise").args(paths).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        command.spawn().unwrap()
    }

    fn wait_for(line: &str, child: &mut Child) {
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.any(|found| found.unwrap() == line));
    }

    fn gone(id: u32) -> bool {
        let state = fs::read_to_string(format!("/proc/{id}/stat"));
        state.map_or(true, |stat| stat.rsplit(") ").next().unwrap().starts_with('Z'))
    }

    #[test]
    fn no_worker_outlives_a_supervisor_that_is_killed() {
        let folder = Folder::new("killed");
        let paths = ["hang", "spin"].map(|name| folder.file(name, format!("FAULT {name}").as_bytes()));
        let mut supervisor = supervisor(&paths);
        wait_for("started", &mut supervisor);
        let workers = children(supervisor.id());
        assert!(!workers.is_empty());
        supervisor.kill().unwrap();
        supervisor.wait().unwrap();
        let began = Instant::now();
        while !workers.iter().all(|&id| gone(id)) {
            assert!(began.elapsed() < Duration::from_secs(10), "{workers:?} outlive their supervisor");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    #[test]
    fn nothing_is_left_of_workers_when_all_is_done() {
        let folder = Folder::new("reaped");
        let paths =
            ["abort", "garbage", "exit", "stack"].map(|name| folder.file(name, format!("FAULT {name}").as_bytes()));
        let mut supervisor = supervisor(&paths);
        wait_for("finished", &mut supervisor);
        assert_eq!(children(supervisor.id()), Vec::<u32>::new());
        drop(supervisor.stdin.take());
        assert!(supervisor.wait().unwrap().success());
    }
}

/// Nobody but the tests may end a worker so.
#[test]
fn the_program_itself_knows_no_such_faults() {
    let bytes = b"FAULT abort";
    let record = Record::of(bytes, &Forms::builtin(), false);
    assert_eq!(record.failure.map(|(kind, _)| kind).as_deref(), Some("no_report_found"));
    assert!(Path::new(env!("CARGO_BIN_EXE_faulty")).exists());
}
