//! `nianbao convert`: many files to one dataset.

use std::io::{self, IsTerminal as _};
use std::path::Path;

use nianbao_bulk::{Error, Input, Isolation, Options, Signal, Summary};

use crate::arguments::{self, Convert, Machines, ShardOf};
use crate::fit::clean;
use crate::progress::Progress;
use crate::{Outcome, Stop, form_text, forms, tally};

/// Converts, and tells on stderr how it goes and what it came to.
pub(crate) fn convert(arguments: &Convert) -> Result<Outcome, Stop> {
    // A form that is none is told with its file's name, before anything else.
    forms(&arguments.form)?;
    let options = options(arguments)?;
    let mut progress = Progress::new(io::stderr().is_terminal());
    let Machines { manifest, shard, gather, scratch } = &arguments.machines;
    let summary = match (manifest, shard, gather) {
        (Some(manifest), Some(shard), _) => return one_shard(arguments, manifest, *shard, &options, progress),
        (Some(manifest), None, Some(of)) => {
            nianbao_bulk::plan(manifest, *of, &arguments.out, &options).and_then(|shards| {
                nianbao_bulk::gather(&shards, &arguments.out, scratch.as_deref(), &options, &mut progress)
            })
        }
        _ if scratch.is_some() => return Err(Stop::Usage("--scratch goes with --shard or --gather".to_owned())),
        (Some(manifest), ..) => {
            let inputs = vec![Input::Manifest(manifest.clone())];
            nianbao_bulk::convert(inputs, &arguments.out, &options, &mut progress)
        }
        (None, ..) => nianbao_bulk::convert(inputs(arguments), &arguments.out, &options, &mut progress),
    };
    let slowest = progress.finish();
    let summary = match summary {
        Err(Error::Stopped(signal)) => {
            tracing::error!("{}", Error::Stopped(signal));
            return Ok(ended_by(signal));
        }
        summary => summary.map_err(stop)?,
    };
    tally::print(&mut anstream::stderr().lock(), &summary, slowest.as_ref(), &arguments.out)?;
    Ok(outcome(&summary))
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
        ..default
    })
}

fn stop(error: Error) -> Stop {
    // Paths in it may hold what a terminal would act upon.
    let message = clean(&error.to_string());
    match error {
        Error::Usage(_) | Error::Busy { .. } => Stop::Usage(message),
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
