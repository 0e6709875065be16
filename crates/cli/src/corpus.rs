//! `nianbao corpus`: what changes in my data when the program does?

use std::io::{self, Write as _};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::{Args, Subcommand};
use nianbao::Forms;
use nianbao_corpus::{
    About, Acceptance, CheckOptions, Comparison, Corpus, Error, Limits, Progress, ReadOptions, Reference, Verdict,
    Which,
};

use crate::arguments::FormChoice;
use crate::fit::clean;
use crate::{Outcome, Stop, form_text, forms};

/// How long nothing is told of reading. A corpus of some hundred files is read before that.
const BETWEEN_LINES: Duration = Duration::from_secs(10);

/// How many cases of which nothing was accepted before are named. Of an archive nobody reads fifty thousand names.
const NEW_TOLD: usize = 100;

/// What `nianbao corpus` is told to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Corpora {
    /// Read every case, and compare it with what was accepted and with what is true
    #[command(after_help = CODES)]
    Check {
        /// The folder of the corpus [default: the one around here]
        dir: Option<PathBuf>,
        #[command(flatten)]
        report: Report,
        #[command(flatten)]
        reading: Reading,
    },
    /// Compare two datasets of `convert`, or two folders that `check --out` wrote, by the content of the documents
    #[command(after_help = CODES)]
    Compare {
        /// The run before
        run_a: PathBuf,
        /// The run now
        run_b: PathBuf,
        #[command(flatten)]
        report: Report,
        #[command(flatten)]
        reading: Reading,
    },
    /// Keep what is said of cases now as what is right to say; truth is never touched
    Accept {
        /// The cases; their endings may be left out
        #[arg(required_unless_present_any = ["new", "all"], conflicts_with_all = ["new", "all"], value_name = "CASE")]
        cases: Vec<String>,
        /// All cases of which nothing was accepted yet
        #[arg(long, conflicts_with = "all")]
        new: bool,
        /// All cases
        #[arg(long, requires = "why")]
        all: bool,
        /// Only this figure, or only what is in this bucket (red, lost, changed, moved, facts, document, …)
        #[arg(long, value_name = "FIGURE|BUCKET", conflicts_with = "new")]
        only: Option<String>,
        /// Why it is right; it goes into the log
        #[arg(long, required_unless_present = "new")]
        why: Option<String>,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        reading: Reading,
    },
    /// Copy a document into the corpus, with what is known of it
    Add {
        /// The document
        file: PathBuf,
        /// Why it belongs into the corpus
        #[arg(long)]
        why: String,
        /// What it shows, in one line
        #[arg(long, default_value = "")]
        title: String,
        /// Where it comes from: an address, an archive
        #[arg(long, default_value = "")]
        origin: String,
        /// Under which licence it may be passed on
        #[arg(long, default_value = "")]
        licence: String,
        /// How it was made
        #[arg(long, default_value = "")]
        made: String,
        #[command(flatten)]
        place: Place,
    },
    /// Make a smaller document that still shows the difference of a case, in its own format
    Shrink {
        /// The case; its ending may be left out
        case: String,
        /// The figure or the bucket that is looked for [default: the worst difference]
        #[arg(long, value_name = "FIGURE|BUCKET")]
        only: Option<String>,
        /// An earlier nianbao, which reads every smaller document too; else --form is held against the built-in forms, or what is
        /// said now against what was accepted
        #[arg(long, value_name = "PROGRAM")]
        against: Option<PathBuf>,
        /// Where the smaller document goes [default: the name of the case with .smaller in it, here]
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        reading: Reading,
    },
}

const CODES: &str = "Exit codes: 0 nothing is beyond the limits, 1 something is, 2 wrong usage, 3 some file fails that should not, or \
the command could not come to its end. Limits stand in corpus.toml under [limits], or in the file that --limits names; where nothing is \
said, nothing may get worse and every truth is to be met.";

/// Which corpus.
#[derive(Args, Debug)]
pub(crate) struct Place {
    /// The folder of the corpus [default: the one around here]
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
}

/// What is told of a comparison.
#[derive(Args, Debug)]
pub(crate) struct Report {
    /// Also write summary.md, report.html and differences.jsonl into this folder, and what was read, to be compared with another version
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// A file of limits
    #[arg(long, value_name = "FILE")]
    limits: Option<PathBuf>,
}

/// How files are read.
#[derive(Args, Debug)]
pub(crate) struct Reading {
    #[command(flatten)]
    form: FormChoice,
    /// How many files are read at a time [default: the number of processors]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
}

/// Does what is asked for.
pub(crate) fn corpus(command: &Corpora) -> Result<Outcome, Stop> {
    match command {
        Corpora::Check { dir, report, reading } => check(dir.as_deref(), report, reading),
        Corpora::Compare { run_a, run_b, report, reading } => {
            let (read, forms) = (options(reading)?, forms(&reading.form)?);
            let limits = limits(report)?.unwrap_or_default();
            let mut comparison = nianbao_corpus::compare_runs(run_a, run_b, &limits).map_err(stop)?;
            if report.out.is_some() {
                nianbao_corpus::look_up(&mut comparison, &read).map_err(stop)?;
            }
            told(&comparison, report, &forms)
        }
        Corpora::Accept { cases, new, all, only, why, place, reading } => {
            let which = match (new, all) {
                (true, _) => Which::New,
                (_, true) => Which::All,
                _ => Which::Named(cases.clone()),
            };
            let why = why.clone().unwrap_or_else(|| "new".to_owned());
            accept(&Acceptance { which, only: only.clone(), why }, &open(place.corpus.as_deref())?, &options(reading)?)
        }
        Corpora::Add { file, why, title, origin, licence, made, place } => {
            let [why, title, origin, licence, made] = [why, title, origin, licence, made].map(String::clone);
            let about = About { title, why, origin, licence, made };
            let name = nianbao_corpus::add(&open(place.corpus.as_deref())?, file, &about, &ReadOptions::default());
            say(&format!("added as {}", name.map_err(stop)?))?;
            Ok(Outcome::Ok)
        }
        Corpora::Shrink { case, only, against, to, place, reading } => {
            let corpus = open(place.corpus.as_deref())?;
            let reference = match (against, &reading.form.form) {
                (Some(program), _) => Reference::Program(program.clone()),
                (None, Some(_)) => Reference::OwnForms,
                (None, None) => Reference::Golden,
            };
            shrink(&corpus, case, only.as_deref(), &reference, to.as_deref(), &options(reading)?)
        }
    }
}

fn check(dir: Option<&Path>, report: &Report, reading: &Reading) -> Result<Outcome, Stop> {
    let (read, forms) = (options(reading)?, forms(&reading.form)?);
    let corpus = open(dir)?;
    let readings = report.out.as_ref().map(|out| out.join(nianbao_corpus::READINGS));
    if let Some(out) = &report.out {
        std::fs::create_dir_all(out)?;
    }
    let options = CheckOptions { read, limits: limits(report)?, readings };
    let comparison = nianbao_corpus::check(&corpus, &options).map_err(stop)?;
    told(&comparison, report, &forms)
}

/// Tells what a comparison came to.
fn told(comparison: &Comparison, report: &Report, forms: &Forms) -> Result<Outcome, Stop> {
    for line in nianbao_corpus::summary(comparison) {
        say(&line)?;
    }
    if let Some(out) = &report.out {
        nianbao_corpus::write_report(comparison, forms, out).map_err(stop)?;
        say(&format!("{}: report.html, summary.md, differences.jsonl", out.display()))?;
    }
    Ok(match comparison.verdict() {
        Verdict::Same => Outcome::Ok,
        Verdict::Regressed => Outcome::Review,
        Verdict::Failed => Outcome::Unread,
    })
}

fn accept(acceptance: &Acceptance, corpus: &Corpus, read: &ReadOptions) -> Result<Outcome, Stop> {
    if std::env::var("CI").is_ok_and(|ci| ci == "true" || ci == "1") {
        return Err(Stop::Usage("nothing is accepted in CI: run it where somebody reads the difference".to_owned()));
    }
    let accepted = nianbao_corpus::accept(corpus, acceptance, read).map_err(stop)?;
    let mut outcome = Outcome::Ok;
    let mut new = 0;
    for case in &accepted {
        if let Some(why) = &case.refused {
            say(&format!("{}: not accepted: reading it failed ({why})", case.case))?;
            outcome = Outcome::Unread;
            continue;
        }
        let what = match (case.is_new, case.changed.is_empty()) {
            (true, _) => "new",
            (false, true) => "unchanged",
            (false, false) => "accepted",
        };
        new += usize::from(case.is_new);
        if !case.is_new || new <= NEW_TOLD {
            say(&format!("{}: {what}", case.case))?;
        }
        // Of what is new there is nothing that it differs from.
        for line in case.changed.lines().filter(|_| !case.is_new) {
            say(line)?;
        }
    }
    if new > NEW_TOLD {
        say(&format!("and {} more: new", new - NEW_TOLD))?;
    }
    if accepted.is_empty() {
        say("something was accepted of every case")?;
    }
    Ok(outcome)
}

fn shrink(
    corpus: &Corpus,
    name: &str,
    want: Option<&str>,
    reference: &Reference,
    to: Option<&Path>,
    read: &ReadOptions,
) -> Result<Outcome, Stop> {
    let case = corpus.case(name).map_err(stop)?;
    let smaller = nianbao_corpus::shrink(corpus, case, want, reference, read).map_err(stop)?;
    let to = to.map_or_else(|| beside(&case.name), Path::to_owned);
    std::fs::write(&to, &smaller.bytes)?;
    let (whole, bytes, tried) = (smaller.whole, smaller.bytes.len(), smaller.tried);
    say(&format!("{}: {bytes} bytes of {whole}, {tried} documents tried, shows {}", to.display(), smaller.shows))?;
    Ok(Outcome::Ok)
}

/// `docx/plain.docx` becomes `plain.smaller.docx`.
fn beside(name: &str) -> PathBuf {
    let name = name.rsplit('/').next().unwrap_or(name);
    match name.rsplit_once('.') {
        Some((stem, ending)) => PathBuf::from(format!("{stem}.smaller.{ending}")),
        None => PathBuf::from(format!("{name}.smaller")),
    }
}

fn open(dir: Option<&Path>) -> Result<Corpus, Stop> {
    match dir {
        Some(dir) => Corpus::open(dir).map_err(stop),
        None => Corpus::around(&std::env::current_dir()?).map_err(stop),
    }
}

fn limits(report: &Report) -> Result<Option<Limits>, Stop> {
    report.limits.as_deref().map(Limits::read).transpose().map_err(stop)
}

fn options(reading: &Reading) -> Result<ReadOptions, Stop> {
    // A form that is none is told with its file's name, before anything else.
    forms(&reading.form)?;
    let default = ReadOptions::default();
    let form = form_text(&reading.form)?.map(|(_, text)| text);
    Ok(ReadOptions { jobs: reading.jobs.unwrap_or(default.jobs), form, progress: progress(), ..default })
}

/// A line on stderr every so often, for archives that take minutes.
fn progress() -> Progress {
    let last = Mutex::new(Instant::now());
    Progress::new(move |done, all| {
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.elapsed() >= BETWEEN_LINES {
            *last = Instant::now();
            anstream::eprintln!("{done} of {all} files read");
        }
    })
}

/// A line on stdout; names and texts in it could hold what a terminal would act upon.
fn say(line: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{}", clean(line))
}

fn stop(error: Error) -> Stop {
    let message = clean(&error.to_string());
    match error {
        Error::Usage(_) => Stop::Usage(message),
        Error::Failed(_) => Stop::Unfinished(message),
    }
}
