//! The time of `extract` on one report in the formats of word processors, against the same as DOCX; and what LibreOffice takes to
//! convert it, where it is installed.

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nianbao::Forms;
use nianbao_tests::case;

use crate::docx::extract;
use crate::time::{mean, milliseconds, shortest};

/// Reports that the corpus has in every format.
const REPORTS: [&str; 4] = ["plain-2021", "plain-2019", "nested-twice", "numbered-headings"];

/// The other formats: the name of the folder is the ending too.
const FORMATS: [&str; 3] = ["doc", "odt", "rtf"];

/// Prints the times of all files.
pub(crate) fn run() -> Result<(), Box<dyn Error>> {
    let forms = Forms::builtin();
    println!("\n{:<30}{:>8}{:>10}{:>9}{:>12}{:>8}", "word", "KiB", "docx ms", "read ms", "extract ms", "ratio");
    let mut ratios = Vec::new();
    for report in REPORTS {
        let lean = fs::read(path("docx", report))?;
        for format in FORMATS {
            ratios.push(against(&lean, &format!("{report}.{format}"), &path(format, report), &forms)?);
        }
    }
    let heavy = include_bytes!("plain-2021-libreoffice.docx");
    for format in FORMATS {
        let name = format!("{format}, both by LibreOffice");
        ratios.push(against(heavy, &name, &path(format, "plain-2021"), &forms)?);
    }
    println!("{:<69}{:>8.2}", "geometric mean", mean(&ratios));
    for format in FORMATS {
        if let Some(time) = converted(&path(format, "plain-2021")) {
            println!("{:<30}{:>39.0}", format!("LibreOffice, plain-2021.{format}"), milliseconds(time));
        }
    }
    Ok(())
}

fn path(format: &str, report: &str) -> PathBuf {
    case::corpus().join(format).join(format!("{report}.{format}"))
}

fn against(docx: &[u8], name: &str, other: &Path, forms: &Forms) -> Result<f64, Box<dyn Error>> {
    let bytes = fs::read(other)?;
    let [least, read, whole] = shortest([
        &|| drop(black_box(extract(black_box(docx), forms))),
        &|| drop(black_box(nianbao::read(black_box(&bytes)))),
        &|| drop(black_box(extract(black_box(&bytes), forms))),
    ]);
    let ratio = whole.as_secs_f64() / least.as_secs_f64();
    let (least, read, whole) = (milliseconds(least), milliseconds(read), milliseconds(whole));
    println!("{name:<30}{:>8}{least:>10.3}{read:>9.3}{whole:>12.3}{ratio:>8.2}", bytes.len() / 1024);
    Ok(ratio)
}

/// How long LibreOffice takes to make HTML of a file, its own start included; `None` where it is not there.
fn converted(path: &Path) -> Option<Duration> {
    let folder = std::env::temp_dir().join("nianbao-bench-word");
    let start = Instant::now();
    let status = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", folder.join("profile").display()))
        .args(["--headless", "--convert-to", "html", "--outdir"])
        .args([&folder, path])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok()?;
    status.success().then(|| start.elapsed())
}
