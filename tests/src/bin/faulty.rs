//! A worker that fails on demand: a document that begins with `FAULT` says how. For tests of the supervisor only.
//!
//! `faulty supervise PATH...` is a supervisor of such workers, to be killed.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "it is there to fail"
)]

use std::io::{Read as _, Write as _};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use nianbao_bulk::worker::{Task, serve};
use nianbao_bulk::{Decision, Event, Job, Options, Pool, Record};

/// How many documents this worker has read.
static READ: AtomicUsize = AtomicUsize::new(0);

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("supervise") => supervise(arguments),
        Some("never opens") => begin(false, hang),
        Some("opens and hangs") => begin(true, hang),
        Some("opens and dies") => begin(true, std::process::abort),
        Some(nianbao_corpus::worker::ARGUMENT) => serve(read_for_corpus),
        _ => serve(read),
    }
}

/// Reads as the checks of a corpus want it, and fails on demand too.
fn read_for_corpus(task: &mut Task<'_>) -> Record {
    if task.bytes.starts_with(b"FAULT ") { read(task) } else { nianbao_corpus::worker::read(task) }
}

fn read(task: &mut Task<'_>) -> Record {
    let earlier = READ.fetch_add(1, Ordering::Relaxed);
    match task.bytes {
        b"FAULT abort" => std::process::abort(),
        b"FAULT abort unless fresh" if earlier > 0 => std::process::abort(),
        b"FAULT hang" => hang(),
        b"FAULT spin" => loop {
            std::hint::spin_loop();
        },
        b"FAULT slow" => slow(task),
        b"FAULT stack" => deeper(1),
        b"FAULT memory" => bomb(),
        b"FAULT panic" => panic!("this document is cursed"),
        b"FAULT exit" => std::process::exit(0),
        b"FAULT exit 7" => std::process::exit(7),
        b"FAULT garbage" => babble(b"progress: 50 %\n"),
        b"FAULT flood" => loop {
            babble(&[0x7F; 1 << 16]);
        },
        b"FAULT chatter" => chatter(),
        b"FAULT forged" => babble(b"\x0B\0\0\0\x07\0\0\0\"Ready\""),
        b"FAULT huge" => return huge(task),
        b"FAULT escape" => return escape(),
        _ => {}
    }
    task.read()
}

/// What a debugging message on the wrong stream does.
fn babble(bytes: &[u8]) {
    let mut out = std::io::stdout();
    out.write_all(bytes).unwrap();
    out.flush().unwrap();
}

/// Far more on stderr than a pipe holds.
fn chatter() {
    for _ in 0..10_000 {
        eprintln!("a warning that nobody reads, a warning that nobody reads, a warning that nobody reads");
    }
}

/// Alive, and yet never done.
fn slow(task: &mut Task<'_>) {
    loop {
        std::thread::sleep(Duration::from_millis(50));
        task.progress();
    }
}

#[allow(unconditional_recursion)]
fn deeper(depth: usize) {
    let here = std::hint::black_box([depth; 512]);
    deeper(depth.wrapping_add(here[0]));
    std::hint::black_box(here);
}

fn bomb() {
    let mut blocks = Vec::new();
    loop {
        blocks.push(std::hint::black_box(vec![1_u8; 16 << 20]));
    }
}

/// A record whose lines cannot be compressed into one frame.
fn huge(task: &mut Task<'_>) -> Record {
    let mut state = 1_u64;
    let mut line = String::new();
    while line.len() < 44 << 20 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        line.extend(state.to_be_bytes()[..4].iter().map(|byte| char::from(b' ' + byte % 95)));
        if line.len() % (1 << 20) < 4 {
            task.progress();
        }
    }
    Record { format: None, failure: None, reports: Vec::new(), lines: vec![line], tables: None }
}

fn hang() -> ! {
    loop {
        std::thread::sleep(Duration::from_secs(1));
    }
}

/// Tries what no reader of documents does; the record says what succeeded.
fn escape() -> Record {
    let file = std::env::temp_dir().join(format!("nianbao-escape-{}", std::process::id()));
    let tried = [
        ("made a file", std::fs::File::create(&file).and_then(|_| std::fs::remove_file(&file)).is_ok()),
        ("ran a program", std::process::Command::new("/bin/true").status().is_ok()),
        ("opened a connection", connects()),
    ];
    let escaped = tried.iter().filter(|(_, done)| *done).map(|(what, _)| *what).collect::<Vec<_>>().join(", ");
    let failure = Some(("escaped".to_owned(), escaped));
    Record { format: None, failure, reports: Vec::new(), lines: Vec::new(), tables: None }
}

/// Whether the system lets a connection be opened; that nobody is there to answer is another matter.
fn connects() -> bool {
    let opened = std::net::TcpStream::connect("127.0.0.1:9").map_err(|error| error.kind());
    opened.map_or_else(|kind| kind == std::io::ErrorKind::ConnectionRefused, |_| true)
}

/// A worker that gets no further than its first file, whether it `opens` it or not.
fn begin(opens: bool, end: fn() -> !) -> ExitCode {
    let mut input = std::io::stdin();
    let mut next = || {
        let mut lengths = [0; 8];
        input.read_exact(&mut lengths).unwrap();
        let [length, head] = [0, 4].map(|at| u32::from_le_bytes(lengths[at..at + 4].try_into().unwrap()) as usize);
        let mut frame = vec![0; length - 4];
        input.read_exact(&mut frame).unwrap();
        String::from_utf8(frame[..head].to_vec()).unwrap()
    };
    let say = |head: &str| {
        let lengths = [head.len() as u32 + 4, head.len() as u32].map(u32::to_le_bytes).concat();
        babble(&[&lengths, head.as_bytes()].concat());
    };
    next();
    say(concat!(r#"{"Ready":{"version":""#, env!("CARGO_PKG_VERSION"), r#"","limits":[]}}"#));
    let open = next();
    let job = open.trim_start_matches(|c: char| !c.is_ascii_digit()).split(',').next().unwrap();
    if opens {
        say(&format!(r#"{{"Opening":{{"job":{job}}}}}"#));
    }
    end()
}

/// Reads files with this program as worker, and lists its children when all are done.
fn supervise(paths: impl Iterator<Item = String>) -> ExitCode {
    let this = std::env::current_exe().unwrap();
    let options = Options { jobs: 2.try_into().unwrap(), worker: Some((this, Vec::new())), ..Options::default() };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let (tell, mut events) = tokio::sync::mpsc::channel(16);
        let pool = Pool::start(&options, tell).unwrap();
        let listener = tokio::spawn(async move {
            while let Some(event) = events.recv().await {
                match event {
                    Event::Found { decision, .. } => decision.send(Decision::Read).unwrap(),
                    Event::Started { .. } => println!("started"),
                    _ => {}
                }
            }
        });
        for (id, path) in (0..).zip(paths) {
            pool.submit(Job { id, path: path.into(), expected: nianbao_bulk::Expected::default() }).await.unwrap();
        }
        pool.finish().await.unwrap();
        listener.await.unwrap();
    });
    println!("finished");
    let mut line = String::new();
    // So that whoever watches can look at our children, or at the lack of them.
    std::io::stdin().read_line(&mut line).unwrap();
    ExitCode::SUCCESS
}
