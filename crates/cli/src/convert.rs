//! `nianbao convert`: many files to one dataset.

use std::io::{self, IsTerminal as _};
use std::path::Path;

use nianbao_bulk::{Dataset, Error, Input, Isolation, Options, Signal, Summary, publish};

use crate::arguments::{self, Convert, Machines, ShardOf};
use crate::fit::clean;
use crate::progress::Progress;
use crate::{Outcome, Stop, form_text, forms, tally};

/// Converts, and tells on stderr how it goes and what it came to.
pub(crate) fn convert(arguments: &Convert) -> Result<Outcome, Stop> {
    // A form that is none is told with its file's name, before anything else.
    forms(&arguments.form)?;
    let options = options(arguments)?;
    let (folder, address) = place(arguments)?;
    if let Some(address) = address {
        // A bucket that is not open to us is better known now than at the end.
        nianbao_bulk::check_address(address, &options).map_err(stop)?;
    }
    let mut progress = Progress::new(io::stderr().is_terminal());
    let Machines { manifest, shard, gather, scratch } = &arguments.machines;
    let summary = match (manifest, shard, gather) {
        (Some(_), Some(_), _) if address.is_some() => {
            return Err(Stop::Usage("--shard writes its part to a folder; mount one, or copy the parts".to_owned()));
        }
        (Some(manifest), Some(shard), _) => return one_shard(arguments, manifest, *shard, &options, progress),
        (Some(manifest), None, Some(of)) => nianbao_bulk::plan(manifest, *of, folder, &options)
            .and_then(|shards| nianbao_bulk::gather(&shards, folder, scratch.as_deref(), &options, &mut progress)),
        _ if scratch.is_some() => return Err(Stop::Usage("--scratch goes with --shard or --gather".to_owned())),
        (Some(manifest), ..) => {
            let inputs = vec![Input::Manifest(manifest.clone())];
            nianbao_bulk::convert(inputs, folder, &options, &mut progress)
        }
        (None, ..) => nianbao_bulk::convert(inputs(arguments), folder, &options, &mut progress),
    };
    let slowest = progress.finish();
    let summary = match summary {
        Err(Error::Stopped(signal)) => return Ok(stopped(signal)),
        summary => summary.map_err(stop)?,
    };
    tally::print(&mut anstream::stderr().lock(), &summary, slowest.as_ref(), folder)?;
    match address {
        Some(address) if summary.dataset != Dataset::NotWritten => match publish(folder, address, &options) {
            Err(Error::Stopped(signal)) => Ok(stopped(signal)),
            published => tally::published(&mut anstream::stderr().lock(), &published.map_err(stop)?, address)
                .map(|()| outcome(&summary))
                .map_err(Stop::from),
        },
        _ => Ok(outcome(&summary)),
    }
}

fn stopped(signal: Signal) -> Outcome {
    tracing::error!("{}", Error::Stopped(signal));
    ended_by(signal)
}

/// The folder of this machine that the run works in, and the address that the dataset goes to when it is whole.
fn place(arguments: &Convert) -> Result<(&Path, Option<&str>), Stop> {
    use std::os::unix::ffi::OsStrExt as _;
    let (out, work) = (arguments.out.as_path(), arguments.work.as_deref());
    let is_address = |path: &Path| nianbao_bulk::is_address(path.as_os_str().as_bytes());
    let usage = |message: &str| Err(Stop::Usage(message.to_owned()));
    match (out.to_str().filter(|_| is_address(out)), work) {
        (None, None) => Ok((out, None)),
        (None, Some(_)) => usage("--work is for an address in --out; name the folder with --out alone"),
        (Some(_), None) => usage(
            "with an address in --out, name a folder of this machine with --work DIR: the ledger lies there, which makes the next run a short one",
        ),
        (Some(address), _) if arguments.inputs.iter().any(|input| lies_in(address, input)) => {
            usage("the address in --out lies in an input: the next run would read the dataset; name another one")
        }
        (Some(_), Some(work)) if is_address(work) => usage("--work is a folder of this machine, not an address"),
        (Some(address), Some(work)) => Ok((work, Some(address))),
    }
}

/// Reads one shard, and tells on stderr what it came to. Files that fail are rows of its status; whoever runs shards is to run again only
/// those that could not come to their end.
fn one_shard(
    arguments: &Convert,
    manifest: &Path,
    shard: ShardOf,
    options: &Options,
    mut progress: Progress,
) -> Result<Outcome, Stop> {
    let ShardOf { index, of } = shard;
    let mut rows = Vec::new();
    let read = nianbao_bulk::each_row(manifest, &mut |row| {
        if row.shard(of) == index {
            rows.push(row);
        }
        Ok(())
    });
    let scratch = arguments.machines.scratch.as_deref();
    let done = read.and_then(|()| nianbao_bulk::shard(rows, &arguments.out, scratch, options, &mut progress));
    progress.finish();
    let done = match done {
        Err(Error::Stopped(signal)) => {
            tracing::error!("{}", Error::Stopped(signal));
            return Ok(ended_by(signal));
        }
        done => done.map_err(stop)?,
    };
    tally::print_shard(&mut anstream::stderr().lock(), shard, &done)?;
    Ok(done.interrupted.map_or(Outcome::Ok, ended_by))
}

fn inputs(arguments: &Convert) -> Vec<Input> {
    let input = |path: &std::path::PathBuf| {
        if path == Path::new("-") { Input::List(Box::new(io::stdin())) } else { Input::of(path.as_os_str()) }
    };
    arguments.inputs.iter().map(input).collect()
}

fn options(arguments: &Convert) -> Result<Options, Stop> {
    let default = Options::default();
    Ok(Options {
        jobs: arguments.jobs.unwrap_or(default.jobs),
        memory: arguments.memory,
        timeout: arguments.timeout,
        stall: arguments.stall,
        isolation: match arguments.isolation {
            arguments::Isolation::Process => Isolation::Process,
            arguments::Isolation::None => Isolation::None,
        },
        include: arguments.include.clone(),
        exclude: arguments.exclude.clone(),
        retry: arguments.retry.is_some(),
        redo: arguments.redo,
        form: form_text(&arguments.form)?.map(|(_, text)| text),
        csv: arguments.csv,
        bom: arguments.bom,
        sqlite: arguments.sqlite,
        tables: arguments.tables,
        remote: remote(),
        ..default
    })
}

/// Whether an address leads into the folder that an input is.
fn lies_in(address: &str, input: &Path) -> bool {
    let below = input.to_str().and_then(|input| address.strip_prefix(input.trim_end_matches('/')));
    below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
}

/// Who reaches what lies behind addresses, where the program is built with that.
#[cfg(feature = "objects")]
fn remote() -> Option<std::sync::Arc<dyn nianbao_bulk::Remote>> {
    Some(std::sync::Arc::new(nianbao_objects::Objects::from_env()))
}

#[cfg(not(feature = "objects"))]
const fn remote() -> Option<std::sync::Arc<dyn nianbao_bulk::Remote>> {
    None
}

fn stop(error: Error) -> Stop {
    // Paths in it may hold what a terminal would act upon.
    let message = clean(&error.to_string());
    match error {
        Error::Usage(_) | Error::Busy { .. } | Error::Remote { usage: true, .. } => Stop::Usage(message),
        _ => Stop::Unfinished(message),
    }
}

fn outcome(summary: &Summary) -> Outcome {
    match summary.interrupted {
        Some(signal) => ended_by(signal),
        None if summary.documents.failed + summary.documents.quarantined > 0 => Outcome::Unread,
        None if summary.documents.review > 0 => Outcome::Review,
        None => Outcome::Ok,
    }
}

const fn ended_by(signal: Signal) -> Outcome {
    match signal {
        Signal::Interrupt => Outcome::Interrupted,
        Signal::Terminate => Outcome::Terminated,
    }
}
