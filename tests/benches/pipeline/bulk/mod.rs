//! `convert` over a folder of thousands of files: files a second, what isolation costs, memory, and a run that finds everything done.

pub(crate) mod folder;

use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use nianbao::Forms;
use nianbao_bulk::{Blind, Input, Isolation, Options, Record};
use nianbao_tests::case::files_below;

/// `--convert FOLDER OUT JOBS ISOLATION`: a run in a process of its own; prints seconds and the most memory that the supervisor held.
pub(crate) const CHILD: &str = "--convert";
/// `--plain FOLDER PART PARTS`: reads the same files, or every so manieth hundred of them, one after another in this process, and keeps nothing.
pub(crate) const PLAIN: &str = "--plain";
/// What a worker of such a run is called with.
pub(crate) const WORKER: &str = "--bulk-worker";

/// How many files are read by the others: they are slow, and their pace does not depend on how many there are.
const SAMPLE: usize = 300;

/// How often each kind of run is made, in turn; the shortest of each counts.
const TURNS: usize = 5;

/// How many files, one after another, are a mix as that of all.
const A_MIX: usize = 100;

/// A run, as its process saw it.
#[derive(Clone, Copy)]
pub(crate) struct Run {
    pub(crate) seconds: f64,
    mebibytes: f64,
}

pub(crate) fn worker() -> i32 {
    i32::from(nianbao_bulk::worker::serve(|task| task.read()) != ExitCode::SUCCESS)
}

pub(crate) fn run(count: usize) -> Result<(), Box<dyn Error>> {
    let place = std::env::temp_dir().join(format!("nianbao-bulk-{}", std::process::id()));
    let measured = measure(&place, count);
    fs::remove_dir_all(&place)?;
    measured
}

fn measure(place: &Path, count: usize) -> Result<(), Box<dyn Error>> {
    let files = place.join("files");
    folder::make(&files, count)?;
    let few = place.join("few");
    folder::make(&few, count.div_ceil(10))?;
    let bytes: u64 = files_below(&files)?.iter().map(|path| fs::metadata(path).map_or(0, |facts| facts.len())).sum();
    println!("bulk: {count} files, {} MiB\n", bytes >> 20);

    let mut turns: [Vec<Run>; 5] = Default::default();
    for _ in 0..TURNS {
        let [plain, halves, threads, one, two] = &mut turns;
        plain.push(child(&[PLAIN.as_ref(), files.as_os_str(), "0".as_ref(), "1".as_ref()])?);
        halves.push(in_halves(&files)?);
        threads.push(converted(&files, &place.join("out-threads"), 1, "none")?);
        one.push(converted(&files, &place.join("out-1"), 1, "process")?);
        two.push(converted(&files, &place.join("out-2"), 2, "process")?);
    }
    let in_turn = |one: usize, two: usize| {
        let runs = turns.get(one).zip(turns.get(two));
        let pairs = runs.into_iter().flat_map(|(one, two)| one.iter().zip(two));
        let mut each: Vec<f64> = pairs.map(|(one, two)| efficiency(*one, *two)).collect();
        each.sort_by(f64::total_cmp);
        each.iter().map(|each| format!("{each:.2}")).collect::<Vec<_>>().join(" ")
    };
    let (ours_in_turn, given_in_turn) = (in_turn(3, 4), in_turn(0, 1));
    let [plain, halves, threads, one, two] = turns.map(|turns| least(&turns));
    let line = |what: &str, run: Run| {
        println!(
            "{what:<44} {:>7.2} s {:>8.0} files/s {:>7.1} MiB",
            run.seconds,
            count as f64 / run.seconds,
            run.mebibytes
        );
    };
    line("reading alone, in one process, nothing kept", plain);
    line("the same in two processes, each half of it", halves);
    line("convert, 1 thread (--isolation none)", threads);
    line("convert, 1 worker", one);
    line("convert, 2 workers", two);
    println!("\nisolation costs                 {:>6.1} %", 100.0 * (one.seconds / threads.seconds - 1.0));
    let (ours, given) = (efficiency(one, two), efficiency(plain, halves));
    println!("parallel efficiency of two workers        {ours:.2}   turn by turn {ours_in_turn}");
    println!("of two processes that share nothing       {given:.2}   turn by turn {given_in_turn}");
    println!("so two workers take of what two cores give {:.2}", ours / given);

    let small = converted(&few, &place.join("out-few"), 2, "process")?;
    let grown = two.mebibytes / small.mebibytes;
    println!(
        "supervisor at {} files {:.1} MiB, at {count} files {:.1} MiB ({grown:.2} times)",
        count.div_ceil(10),
        small.mebibytes,
        two.mebibytes
    );
    let again = again(&files, &place.join("out-2"))?;
    println!("a run that finds everything done  {again:>6.2} s");
    others(place, &files)
}

/// How much of twice the pace of one two have.
fn efficiency(one: Run, two: Run) -> f64 {
    one.seconds / two.seconds / 2.0
}

/// What this machine makes of two processes that have nothing to do with each other: the most that two workers can reach.
fn in_halves(files: &Path) -> Result<Run, Box<dyn Error>> {
    std::thread::scope(|scope| {
        let half = |part: &'static str| {
            let files = files.as_os_str();
            let read =
                move || child(&[PLAIN.as_ref(), files, part.as_ref(), "2".as_ref()]).map_err(|error| error.to_string());
            scope.spawn(read)
        };
        let runs = [half("0"), half("1")].map(|run| run.join().map_err(|_| "a thread failed".to_owned())?);
        let [one, other] = runs;
        let (one, other) = (one?, other?);
        Ok(Run { seconds: one.seconds.max(other.seconds), mebibytes: one.mebibytes.max(other.mebibytes) })
    })
}

/// A run into a new folder.
pub(crate) fn converted(files: &Path, out: &Path, jobs: usize, isolation: &str) -> Result<Run, Box<dyn Error>> {
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    child(&[CHILD.as_ref(), files.as_os_str(), out.as_os_str(), jobs.to_string().as_ref(), isolation.as_ref()])
}

fn again(files: &Path, out: &Path) -> Result<f64, Box<dyn Error>> {
    let run = || child(&[CHILD.as_ref(), files.as_os_str(), out.as_os_str(), "2".as_ref(), "process".as_ref()]);
    Ok(least(&[run()?, run()?]).seconds)
}

fn least(runs: &[Run]) -> Run {
    let least = |of: fn(&Run) -> f64| runs.iter().map(of).fold(f64::INFINITY, f64::min);
    Run { seconds: least(|run| run.seconds), mebibytes: least(|run| run.mebibytes) }
}

/// Runs this program as one of the children.
fn child(arguments: &[&std::ffi::OsStr]) -> Result<Run, Box<dyn Error>> {
    let output = Command::new(std::env::current_exe()?).args(arguments).stderr(Stdio::inherit()).output()?;
    let text = String::from_utf8(output.stdout)?;
    let numbers: Vec<f64> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    match numbers[..] {
        [seconds, mebibytes] if output.status.success() => Ok(Run { seconds, mebibytes }),
        _ => Err(format!("a run failed: {}", output.status).into()),
    }
}

pub(crate) fn convert(folder: &str, out: &str, jobs: &str, isolation: &str) -> Result<(), Box<dyn Error>> {
    let options = Options {
        jobs: jobs.parse()?,
        isolation: if isolation == "none" { Isolation::None } else { Isolation::Process },
        worker: Some((std::env::current_exe()?, vec![WORKER.to_owned()])),
        ..Options::default()
    };
    let began = Instant::now();
    nianbao_bulk::convert(vec![Input::Path(folder.into())], Path::new(out), &options, &mut Blind)?;
    tell(began)
}

pub(crate) fn plain(folder: &str, part: usize, parts: usize) -> Result<(), Box<dyn Error>> {
    let began = Instant::now();
    let forms = Forms::builtin();
    let mut paths = files_below(Path::new(folder))?;
    paths.sort();
    for path in paths.chunks(A_MIX).skip(part).step_by(parts).flatten() {
        let Ok(()) = nianbao::documents("", &fs::read(path)?, |member| {
            if let Ok(bytes) = member.bytes {
                std::hint::black_box(Record::of(bytes, &forms, false).pack());
            }
            Ok::<(), std::convert::Infallible>(())
        });
    }
    tell(began)
}

/// The time since then and the most memory that this process, without its workers, has held.
fn tell(began: Instant) -> Result<(), Box<dyn Error>> {
    let seconds = began.elapsed().as_secs_f64();
    let status = fs::read_to_string("/proc/self/status")?;
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")).and_then(|line| line.split_whitespace().next());
    let kibibytes: f64 = peak.ok_or("the system does not tell how much memory was held")?.parse()?;
    println!("{seconds} {}", kibibytes / 1024.0);
    Ok(())
}

/// The same files with the usual libraries, where they are installed: tables alone, no report, no checks.
fn others(place: &Path, files: &Path) -> Result<(), Box<dyn Error>> {
    let sample = place.join("sample");
    fs::create_dir_all(&sample)?;
    let known = |path: &PathBuf| {
        path.extension().is_some_and(|ending| ["docx", "pdf", "xlsx"].iter().any(|known| ending == *known))
    };
    let mut paths: Vec<_> = files_below(files)?.into_iter().filter(known).collect();
    paths.sort();
    paths.truncate(SAMPLE);
    let mut list = String::new();
    for path in &paths {
        let copy = sample.join(path.file_name().ok_or("a file without a name")?);
        fs::copy(path, &copy)?;
        list.push_str(&format!("{}\n", copy.display()));
    }
    let mut python = Command::new("python3");
    let started = python
        .args(["-c", include_str!("others.py")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut python) = started else {
        println!("python3 is not here: no comparison");
        return Ok(());
    };
    let written = python.stdin.take().map(|mut input| input.write_all(list.as_bytes()));
    let output = python.wait_with_output()?;
    let text = String::from_utf8(output.stdout)?;
    let numbers: Vec<f64> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    let ([seconds, read], Some(Ok(()))) = (&numbers[..], written) else {
        println!("python-docx, pdfplumber and openpyxl are not all here: no comparison");
        return Ok(());
    };
    let ours = converted(&sample, &place.join("out-sample"), 1, "process")?;
    let count = paths.len() as f64;
    let (ours, others) = (count / ours.seconds, read / seconds);
    println!(
        "\n{count} DOCX, PDF and XLSX: convert, 1 worker, {ours:.0} files/s; python-docx, pdfplumber, openpyxl {others:.1} files/s, of the {read} that they read: {:.0} times",
        ours / others
    );
    Ok(())
}
