//! How long `extract` takes, against the least that any reader of the format has to do; and how much memory.
//!
//! Run by `scripts/bench [PART | FOLDER | COUNT]...`. Floor and pipeline take turns, so that a busy machine hits both, and the shortest of many times
//! counts. Nothing is asserted here: times are for people to read.

#![allow(clippy::print_stdout, reason = "what it prints is all that it is for")]

mod bulk;
mod documents;
mod docx;
mod html;
mod memory;
mod pages;
mod pdf;
mod process;
mod python;
mod sheet;
mod time;
mod word;

use std::error::Error;
use std::path::PathBuf;

type Part = (&'static str, fn(&Choice) -> Result<(), Box<dyn Error>>);

/// What else the command line says.
struct Choice {
    /// Folders of files to be measured too.
    folders: Vec<PathBuf>,
    /// How many files a folder is made of.
    count: usize,
}

/// How many files `bulk` makes where no number says otherwise.
const COUNT: usize = 10_000;

/// What can be measured, by the names that the command line takes.
const PARTS: [Part; 8] = [
    ("bulk", |choice| bulk::run(choice.count)),
    ("docx", |_| docx::run()),
    ("html", |_| html::run()),
    ("memory", |_| memory::run()),
    ("pdf", |choice| pdf::run(&choice.folders)),
    ("python", |choice| python::run(choice.count)),
    ("sheet", |_| sheet::run()),
    ("word", |_| word::run()),
];

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|name| name != "--bench").collect();
    match arguments.as_slice() {
        [flag, path] if flag == memory::CHILD => return memory::child(path),
        [flag, name, times] if flag == docx::REPEAT => return docx::repeat(name, times.parse()?),
        [flag, path] if flag == pdf::CHILD => return pdf::child(path),
        [flag, folder, out, jobs, isolation] if flag == bulk::CHILD => {
            return bulk::convert(folder, out, jobs, isolation);
        }
        [flag, folder, part, parts] if flag == bulk::PLAIN => {
            return bulk::plain(folder, part.parse()?, parts.parse()?);
        }
        [flag] if flag == bulk::WORKER => std::process::exit(bulk::worker()),
        [flag, program, arguments @ ..] if flag == process::CHILD => return process::child(program, arguments),
        _ => {}
    }
    // A folder is told from a part by its slash.
    let (folders, arguments): (Vec<String>, Vec<String>) = arguments.into_iter().partition(|name| name.contains('/'));
    let (counts, arguments): (Vec<String>, Vec<String>) =
        arguments.into_iter().partition(|name| name.parse::<usize>().is_ok());
    let count = counts.first().map_or(Ok(COUNT), |count| count.parse())?;
    let choice = Choice { folders: folders.into_iter().map(PathBuf::from).collect(), count };
    if let Some(name) = arguments.iter().find(|name| PARTS.iter().all(|part| part.0 != *name)) {
        let known = PARTS.map(|part| part.0).join(", ");
        return Err(format!("no part {name}; there are {known}").into());
    }
    for (name, run) in PARTS {
        // A run of ten thousand files takes minutes: it is asked for by name.
        if arguments.is_empty() && !matches!(name, "bulk" | "python")
            || arguments.iter().any(|argument| argument == name)
        {
            run(&choice)?;
        }
    }
    Ok(())
}
