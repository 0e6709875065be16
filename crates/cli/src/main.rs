//! The command line program: arguments in, text out. Everything else happens in the library.
//!
//! Data goes to stdout, diagnostics to stderr. Exit codes: 0 every report is ok, 1 some need review, 2 wrong usage, 3 some file could
//! not be read.

mod arguments;
mod convert;
mod corpus;
mod diagnostics;
mod draw;
mod explain;
mod files;
mod fit;
mod json;
mod marks;
mod page;
mod progress;
mod show;
mod tally;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use arguments::{Arguments, Command, FormChoice};
use clap::Parser as _;
use files::Unreadable;
use fit::clean;
use nianbao::{Forms, Output, TablesOutput};

/// What the run came to, the worst of all files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Ok = 0,
    Review = 1,
    Usage = 2,
    Unread = 3,
    /// Ended by Ctrl-C, as a shell says it.
    Interrupted = 130,
    /// Ended by the signal to terminate.
    Terminated = 143,
}

impl From<&str> for Outcome {
    /// From the status of a report.
    fn from(status: &str) -> Self {
        match status {
            "ok" => Self::Ok,
            "failed" => Self::Unread,
            _ => Self::Review,
        }
    }
}

/// Why the run ended before its end.
#[derive(Debug)]
enum Stop {
    /// The user asked for something that there is not.
    Usage(String),
    /// The run could not come to its end.
    Unfinished(String),
    /// The output cannot be written.
    Output(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<serde_json::Error> for Stop {
    fn from(error: serde_json::Error) -> Self {
        Self::Output(error.into())
    }
}

fn main() -> ExitCode {
    let arguments = arguments();
    diagnostics::start(arguments.verbose);
    if let Command::Worker { what } = &arguments.command {
        return match what.as_deref() {
            Some(nianbao_corpus::worker::ARGUMENT) => nianbao_bulk::worker::serve(nianbao_corpus::worker::read),
            _ => nianbao_bulk::worker::serve(|task| task.read()),
        };
    }
    let outcome = match run(&arguments.command) {
        Ok(outcome) => outcome,
        // Who reads us has closed the pipe, as `head` does: no fault of ours, and nothing more to say.
        Err(Stop::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Outcome::Ok,
        Err(Stop::Output(error)) => {
            tracing::error!("the output cannot be written: {error}");
            Outcome::Unread
        }
        Err(Stop::Unfinished(message)) => {
            tracing::error!("{message}");
            Outcome::Unread
        }
        Err(Stop::Usage(message)) => {
            tracing::error!("{message}");
            Outcome::Usage
        }
    };
    ExitCode::from(outcome as u8)
}

/// The arguments. What is wrong with them is told with what a terminal would act upon taken out: they may be names of files too.
fn arguments() -> Arguments {
    Arguments::try_parse().unwrap_or_else(|error| {
        let cleaned = |argument: OsString| clean(&argument.to_string_lossy());
        // The same complaint about the same arguments; should there be none, the first one stands.
        match Arguments::try_parse_from(std::env::args_os().map(cleaned)) {
            Err(error) => error.exit(),
            Ok(_) => error.exit(),
        }
    })
}

fn run(command: &Command) -> Result<Outcome, Stop> {
    match command {
        Command::Extract { files, form } => extract(files, &forms(form)?),
        Command::Tables { files, raw } => tables(files, *raw),
        Command::Show { file, form } => show_file(file, &forms(form)?),
        Command::Convert(arguments) => convert::convert(arguments),
        Command::Corpus { command } => corpus::corpus(command),
        Command::Explain { rule, form } => explain::explain(rule.as_deref(), &forms(form)?),
        Command::Schema { form } => schema(&forms(form)?),
        // It is served before anything else.
        Command::Worker { .. } => Ok(Outcome::Ok),
    }
}

/// The built-in forms, or the one in the file that the user names.
fn forms(choice: &FormChoice) -> Result<Forms, Stop> {
    let Some((path, text)) = form_text(choice)? else {
        return Ok(Forms::builtin());
    };
    Forms::only(&text)
        .map_err(|error| Stop::Usage(format!("{}: not a form file: {error}", clean(&path.to_string_lossy()))))
}

/// The text of the form file that the user names.
fn form_text(choice: &FormChoice) -> Result<Option<(&Path, String)>, Stop> {
    let Some(path) = choice.form.as_deref() else { return Ok(None) };
    let wrong = |what: &str| Stop::Usage(format!("{}: {what}", clean(&path.to_string_lossy())));
    let bytes = files::read(path).map_err(|error| wrong(&error.message))?;
    let text = String::from_utf8(bytes).map_err(|_| wrong("not a form file: not UTF-8 text"))?;
    Ok(Some((path, text)))
}

fn extract(paths: &[PathBuf], forms: &Forms) -> Result<Outcome, Stop> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut outcome = Outcome::Ok;
    each_document(paths, |path, bytes| {
        let lines = match bytes {
            Ok(bytes) => nianbao::extract(path, bytes, forms),
            Err(error) => vec![Output::unread(path, error.kind, error.message)],
        };
        for line in lines {
            match line.failure() {
                Some(failure) => tracing::error!("{}: {}", clean(path), failure.message),
                None => tracing::info!("{}: {}", clean(path), line.status()),
            }
            outcome = outcome.max(Outcome::from(line.status()));
            json::write_line(&mut out, &line)?;
        }
        Ok(())
    })?;
    out.flush()?;
    Ok(outcome)
}

fn tables(paths: &[PathBuf], raw: bool) -> Result<Outcome, Stop> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut outcome = Outcome::Ok;
    each_document(paths, |path, bytes| {
        let line = match bytes {
            Ok(bytes) => nianbao::tables(path, bytes, raw),
            Err(error) => TablesOutput::unread(path, error.kind, error.message),
        };
        if let Some(failure) = line.failure() {
            tracing::error!("{}: {}", clean(path), failure.message);
            outcome = Outcome::Unread;
        }
        Ok(json::write_line(&mut out, &line)?)
    })?;
    out.flush()?;
    Ok(outcome)
}

fn show_file(path: &Path, forms: &Forms) -> Result<Outcome, Stop> {
    let mut outcome = Outcome::Ok;
    each_document(&[path.to_owned()], |path, bytes| {
        let reports = match bytes {
            Ok(bytes) => nianbao::reports(bytes, forms).map_err(|error| error.to_string()),
            Err(error) => Err(error.message),
        };
        outcome = outcome.max(match reports {
            Ok(reports) => show::show(path, &reports)?,
            Err(message) => {
                tracing::error!("{}: {message}", clean(path));
                Outcome::Unread
            }
        });
        Ok(())
    })?;
    Ok(outcome)
}

/// Opens the files one after another, and the archives among them, and hands over each document by its path.
fn each_document(
    paths: &[PathBuf],
    mut take: impl FnMut(&str, Result<&[u8], Unreadable>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    for path in paths {
        let name = path.to_string_lossy();
        match files::read(path) {
            Ok(bytes) => nianbao::documents(&name, &bytes, |member| {
                let bytes = member.bytes.map_err(|error| Unreadable::new(error.kind(), error.to_string()));
                take(member.path, bytes)
            })?,
            Err(error) => take(&name, Err(error))?,
        }
    }
    Ok(())
}

fn schema(forms: &Forms) -> Result<Outcome, Stop> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    json::write_page(&mut out, &nianbao::json_schema(forms))?;
    out.flush()?;
    Ok(Outcome::Ok)
}
