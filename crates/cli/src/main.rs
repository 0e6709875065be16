//! The command line program: arguments in, text out. Everything else happens in the library.
//!
//! Data goes to stdout, diagnostics to stderr. Exit codes: 0 every report is ok, 1 some need review, 2 wrong usage, 3 some file could
//! not be read.

mod arguments;
mod explain;
mod files;
mod show;

use std::io::{self, Write as _};
use std::process::ExitCode;

use arguments::{Arguments, Command, FormChoice};
use clap::Parser as _;
use nianbao::{Forms, Output, TablesOutput};

/// What the run came to, the worst of all files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Ok = 0,
    Review = 1,
    Usage = 2,
    Unread = 3,
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

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    diagnostics(arguments.verbose);
    match run(&arguments.command) {
        Ok(outcome) => ExitCode::from(outcome as u8),
        // Who reads us has closed the pipe, as `head` does: no fault of ours, and nothing more to say.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::from(if error.kind() == io::ErrorKind::InvalidInput {
                Outcome::Usage
            } else {
                Outcome::Unread
            } as u8)
        }
    }
}

/// Diagnostics as `-v` or `NIANBAO_LOG` ask for, on stderr.
fn diagnostics(verbose: u8) {
    let default = match verbose {
        0 => "warn",
        1 => "info",
        2 => "debug",
        _ => "trace",
    };
    let filter =
        tracing_subscriber::EnvFilter::try_from_env("NIANBAO_LOG").unwrap_or_else(|_| default.into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .without_time()
        .with_target(false)
        .init();
}

fn run(command: &Command) -> io::Result<Outcome> {
    match command {
        Command::Extract { files, form } => extract(files, &forms(form)?),
        Command::Tables { files, raw } => tables(files, *raw),
        Command::Show { file, form } => show_file(file, &forms(form)?),
        Command::Explain { rule, form } => explain::explain(rule.as_deref(), &forms(form)?),
        Command::Schema { form } => schema(&forms(form)?),
    }
}

/// The built-in forms, or the one in the file that the user names.
fn forms(choice: &FormChoice) -> io::Result<Forms> {
    let Some(path) = &choice.form else {
        return Ok(Forms::builtin());
    };
    let text = std::fs::read_to_string(path).map_err(|error| invalid(format!("{path}: {error}")))?;
    Forms::only(&text).map_err(|error| invalid(format!("{path}: not a form file: {error}")))
}

fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

fn extract(paths: &[String], forms: &Forms) -> io::Result<Outcome> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut outcome = Outcome::Ok;
    for path in paths {
        let lines = match files::read(path) {
            Ok(bytes) => nianbao::extract(path, &bytes, forms),
            Err(error) => vec![Output::unread(path, error.kind, error.message)],
        };
        for line in lines {
            if let Some(failure) = line.failure() {
                tracing::error!("{path}: {}", failure.message);
            }
            outcome = outcome.max(Outcome::from(line.status()));
            write_line(&mut out, &line)?;
        }
    }
    out.flush()?;
    Ok(outcome)
}

fn tables(paths: &[String], raw: bool) -> io::Result<Outcome> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut outcome = Outcome::Ok;
    for path in paths {
        let line = match files::read(path) {
            Ok(bytes) => nianbao::tables(path, &bytes, raw),
            Err(error) => TablesOutput::unread(path, error.kind, error.message),
        };
        if let Some(failure) = line.failure() {
            tracing::error!("{path}: {}", failure.message);
            outcome = Outcome::Unread;
        }
        write_line(&mut out, &line)?;
    }
    out.flush()?;
    Ok(outcome)
}

fn show_file(path: &str, forms: &Forms) -> io::Result<Outcome> {
    let reports = match files::read(path) {
        Ok(bytes) => nianbao::reports(&bytes, forms).map_err(|error| error.to_string()),
        Err(error) => Err(error.message),
    };
    match reports {
        Ok(reports) => show::show(path, &reports),
        Err(message) => {
            tracing::error!("{path}: {message}");
            Ok(Outcome::Unread)
        }
    }
}

fn schema(forms: &Forms) -> io::Result<Outcome> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &nianbao::json_schema(forms))?;
    writeln!(out)?;
    Ok(Outcome::Ok)
}

fn write_line(out: &mut impl io::Write, line: &impl serde::Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    writeln!(out)
}
