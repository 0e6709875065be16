//! The time of `extract` on Word files.

use std::error::Error;
use std::hint::black_box;
use std::time::Duration;

use nianbao::{Document, Forms, Report};
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::documents::{self, File};
use crate::time::{mean, milliseconds, shortest};

/// `--repeat NAME TIMES`: nothing but `extract` of one file over and over, for a profiler.
pub(crate) const REPEAT: &str = "--repeat";

/// Prints the times of all files, then of the stages.
pub(crate) fn run() -> Result<(), Box<dyn Error>> {
    let forms = Forms::builtin();
    println!("\n{:<36}{:>8}{:>11}{:>11}{:>8}", "docx", "KiB", "floor ms", "extract ms", "ratio");
    let mut all = Vec::new();
    for (kind, files) in [("lean", documents::lean()?), ("heavy", documents::heavy()?)] {
        let mut ratios = Vec::new();
        for file in &files {
            ratios.push(against_floor(file, &forms)?);
        }
        println!("{:<66}{:>8.2}", format!("{kind}, geometric mean"), mean(&ratios));
        all.extend(ratios);
    }
    println!("{:<66}{:>8.2}", "all, geometric mean", mean(&all));
    stages(&forms)
}

fn against_floor(file: &File, forms: &Forms) -> Result<f64, Box<dyn Error>> {
    let size = documents::main_part(&file.bytes)?.len();
    floor(&file.bytes)?;
    let least = || drop(black_box(floor(black_box(&file.bytes))));
    let whole = || drop(black_box(extract(black_box(&file.bytes), forms)));
    let [least, whole] = shortest([&least, &whole]);
    let ratio = whole.as_secs_f64() / least.as_secs_f64();
    let (least, whole) = (milliseconds(least), milliseconds(whole));
    println!("{:<36}{:>8}{least:>11.3}{whole:>11.3}{ratio:>8.2}", file.name, size / 1024);
    Ok(ratio)
}

/// The least that a reader of Word files has to do: inflate the main part and tell its tags apart. The number of them.
fn floor(bytes: &[u8]) -> Result<usize, Box<dyn Error>> {
    let text = documents::main_part(bytes)?;
    let mut reader = Reader::from_str(&text);
    let mut events = 0;
    loop {
        match black_box(reader.read_event()?) {
            Event::Eof => return Ok(events),
            _ => events += 1,
        }
    }
}

/// The whole way, as the program goes it: from bytes to the text of the report.
pub(crate) fn extract(bytes: &[u8], forms: &Forms) -> Vec<String> {
    let lines = nianbao::extract("report.docx", bytes, forms);
    lines.iter().filter_map(|line| serde_json::to_string(line).ok()).collect()
}

/// The times of the stages, of one lean and one heavy file.
fn stages(forms: &Forms) -> Result<(), Box<dyn Error>> {
    println!("\n{:<36}{:>9}{:>11}{:>8}{:>8}{:>8}", "stages, ms", "read", "reconcile", "fill", "check", "JSON");
    let lean = documents::lean()?.into_iter().take(1);
    for file in lean.chain(documents::heavy()?.into_iter().skip(1).take(1)) {
        let times = stages_of(&file, forms)?.map(milliseconds);
        let [read, reconcile, fill, check, output] = times;
        println!("{:<36}{read:>9.3}{reconcile:>11.3}{fill:>8.3}{check:>8.3}{output:>8.3}", file.name);
    }
    let [once] = shortest([&|| drop(black_box(Forms::builtin()))]);
    println!("{:<36}{:>9.3}", "forms, once a process", milliseconds(once));
    Ok(())
}

/// Stages that use up what they are given are timed with a copy of it, and the time of copying is taken off.
fn stages_of(file: &File, forms: &Forms) -> Result<[Duration; 5], Box<dyn Error>> {
    let raw: Document = nianbao::read(&file.bytes)?;
    let document = nianbao::reconcile(raw.clone());
    let reports: Vec<Report> = nianbao_schema::fill(forms, &document);
    let [read, copy, copied, fill, check, whole] = shortest([
        &|| drop(black_box(nianbao::read(&file.bytes))),
        &|| drop(black_box(raw.clone())),
        &|| drop(black_box(nianbao::reconcile(raw.clone()))),
        &|| drop(black_box(nianbao_schema::fill(forms, &document))),
        &|| {
            for report in &reports {
                black_box(nianbao_schema::check(report));
            }
        },
        &|| drop(black_box(extract(&file.bytes, forms))),
    ]);
    let reconcile = copied.saturating_sub(copy);
    let output = whole.saturating_sub(read + reconcile + fill + check);
    Ok([read, reconcile, fill, check, output])
}

/// Extracts the first file whose name begins with `name`, `times` over.
pub(crate) fn repeat(name: &str, times: usize) -> Result<(), Box<dyn Error>> {
    let forms = Forms::builtin();
    let files = documents::lean()?.into_iter().chain(documents::heavy()?);
    let file = files.into_iter().find(|file| file.name.starts_with(name)).ok_or("no such file")?;
    for _ in 0..times {
        black_box(extract(&file.bytes, &forms));
    }
    Ok(())
}
