//! The Python package against the program on the same folder, and against what an analyst writes with python-docx and pdfplumber.
//!
//! It takes the package that `scripts/python-test --release` has left in `target/python`; the program is this one, built as the package is.

use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nianbao_tests::case::{files_below, root};

use crate::bulk::{self, folder};

const CONVERT: &str = include_str!("convert.py");
const EXTRACT: &str = include_str!("extract.py");
const ANALYST: &str = include_str!("analyst.py");
const SPARK: &str = include_str!("spark.py");

/// How many files are read one by one: the analyst's program is slow, and its pace does not depend on how many there are.
const SAMPLE: usize = 300;

/// How often each run is made; the shortest counts.
const TURNS: usize = 3;

pub(crate) fn run(count: usize) -> Result<(), Box<dyn Error>> {
    let Some(python) = python() else {
        println!("python: no package is built: `scripts/python-test --release` leaves one in target/python");
        return Ok(());
    };
    let place = std::env::temp_dir().join(format!("nianbao-python-{}", std::process::id()));
    let measured = converting(&python, &place, count).and_then(|()| extracting(&python, &place));
    fs::remove_dir_all(&place)?;
    measured
}

/// The Python that has the package.
fn python() -> Option<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let python = target.join("python/bin/python");
    let status = Command::new(&python).args(["-c", "import nianbao"]).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success()).then_some(python)
}

/// The same folder by the program and by the package.
fn converting(python: &Path, place: &Path, count: usize) -> Result<(), Box<dyn Error>> {
    let files = place.join("files");
    folder::make(&files, count)?;
    let (mut program, mut package) = (f64::INFINITY, f64::INFINITY);
    for turn in 0..TURNS {
        program = program.min(bulk::converted(&files, &place.join("out-program"), 2, "process")?.seconds);
        let out = place.join(format!("out-package-{turn}"));
        let arguments = [files.as_os_str(), out.as_os_str(), "2".as_ref()];
        let numbers = ask(python, CONVERT, &arguments, "")?.ok_or("nianbao.convert failed")?;
        package = package.min(numbers.first().copied().ok_or("nothing was measured")?);
        fs::remove_dir_all(&out)?;
    }
    let line =
        |what: &str, seconds: f64| println!("{what:<44} {seconds:>7.2} s {:>8.0} files/s", count as f64 / seconds);
    println!("python: {count} files\n");
    line("convert, the program, 2 workers", program);
    line("nianbao.convert, jobs=2", package);
    println!("Python costs                    {:>6.1} %\n", 100.0 * (package / program - 1.0));
    on_spark(python, place, package, &line)
}

/// The same folder on Spark, two cores in one process, against `one` machine without it.
fn on_spark(python: &Path, place: &Path, one: f64, line: &dyn Fn(&str, f64)) -> Result<(), Box<dyn Error>> {
    let out = place.join("out-spark");
    let arguments = [place.join("files").into_os_string(), out.clone().into_os_string()];
    let numbers = ask(python, SPARK, &arguments.each_ref().map(AsRef::as_ref), "")?;
    match numbers.as_deref() {
        Some(&[start, first, warm]) => {
            line("nianbao.spark.convert, local[2], first", first);
            line("nianbao.spark.convert, local[2], warm", warm);
            println!(
                "Spark costs                     {:>6.1} %, and {start:.1} s to start\n",
                100.0 * (warm / one - 1.0)
            );
        }
        _ => println!(
            "nianbao.spark.convert: no PySpark, or no Java (scripts/python-test --release --spark): no comparison\n"
        ),
    }
    let _ = fs::remove_dir_all(&out);
    Ok(())
}

/// Files one by one: ours with and without isolation, and the analyst's.
fn extracting(python: &Path, place: &Path) -> Result<(), Box<dyn Error>> {
    let mut paths = files_below(&place.join("files"))?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "docx" || ending == "pdf"));
    paths.sort();
    paths.truncate(SAMPLE);
    let list: String = paths.iter().map(|path| format!("{}\n", path.display())).collect();
    let count = paths.len() as f64;
    let mut first = None;
    for (what, script, arguments) in [
        ("nianbao.extract", EXTRACT, &["process"][..]),
        ("nianbao.extract, isolation=\"none\"", EXTRACT, &["none"]),
        ("python-docx, pdfplumber, labels", ANALYST, &[]),
    ] {
        let arguments: Vec<_> = arguments.iter().map(AsRef::as_ref).collect();
        match ask(python, script, &arguments, &list)?.as_deref() {
            Some(&[seconds, read]) => {
                let times = seconds / *first.get_or_insert(seconds);
                println!(
                    "{what:<44} {:>8.0} files/s {read:>5} of {count} totals found, {times:.1} times as long",
                    count / seconds
                );
            }
            _ => println!("{what}: not all of it is installed: no comparison"),
        }
    }
    Ok(())
}

/// Runs a program of Python; the numbers that it prints, `None` where it failed.
fn ask(
    python: &Path,
    script: &str,
    arguments: &[&std::ffi::OsStr],
    input: &str,
) -> Result<Option<Vec<f64>>, Box<dyn Error>> {
    let mut child = Command::new(python)
        .args(["-c", script])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    // One that ends before it has read everything failed, and says so by its code.
    let _ = child.stdin.take().map(|mut pipe| pipe.write_all(input.as_bytes()));
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Ok(None);
    }
    let text = String::from_utf8(output.stdout)?;
    Ok(Some(text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?))
}
