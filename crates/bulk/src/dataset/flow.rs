//! Documents in, tables out, in order: read by several threads where that is wanted, and written by one.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::block::{Block, Reading};
use super::labels::Labels;
use super::output::Output;
use super::{Document, Error, Outcome, Source, delimited};
use crate::options::Options;

/// How many documents, and how many bytes of packed lines, make a block: large enough that handing it over costs nothing, small enough
/// that the blocks on their way, two or three for each reader, need few megabytes. Lines take up some six times what they do packed,
/// their rows twice that.
const DOCUMENTS: usize = 8;
const PACKED: usize = 64 << 10;

/// A run of documents.
type Run = Vec<Document>;

/// A block and its tables as CSV, where that was asked for.
pub(crate) struct Ready {
    pub(crate) block: Block,
    pub(crate) csv: Vec<Option<String>>,
}

/// Hands every document of the source to the output, by so many threads, and closes it.
pub(crate) fn run(
    source: &mut dyn Source,
    labels: &Labels,
    (options, threads): (&Options, NonZeroUsize),
    output: &mut Output,
) -> Result<(), Error> {
    // With one thread everything happens in turn, in this one.
    if threads.get() == 1 {
        let mut reading = Reading::new(labels);
        runs(source, &mut |run| output.add(ready(&mut reading, &run, options.csv)?))?;
        // Its room is needed for what comes now.
        drop(reading);
        return output.close(labels, options.jobs);
    }
    // Whether the source came to its end, rather than being stopped.
    let all = AtomicBool::new(false);
    thread::scope(|scope| {
        let readers = threads.get().min(8);
        let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
        for _ in 0..readers {
            let (input, runs) = sync_channel::<Run>(1);
            let (blocks, ready) = sync_channel(1);
            scope.spawn(move || read(&runs, &blocks, labels, options.csv));
            inputs.push(input);
            outputs.push(ready);
        }
        let all = &all;
        let writer = scope.spawn(move || {
            collect(&outputs, output)?;
            if all.load(Ordering::Acquire) { output.close(labels, options.jobs) } else { Ok(()) }
        });
        // Each reader gets every so manieth run, and the writer takes from them in turn: blocks stay in order, and nothing piles up.
        let mut turn = inputs.iter().cycle();
        let read = runs(source, &mut |run| match turn.next().map(|input| input.send(run)) {
            Some(Ok(())) => Ok(()),
            // Whoever stopped listening says why.
            _ => Err(Error::source("the dataset's writer has stopped")),
        });
        all.store(read.is_ok(), Ordering::Release);
        drop(inputs);
        let written = writer
            .join()
            .unwrap_or_else(|_| Err(Error::source("a fault of this program stopped the dataset's writer")));
        written.and(read)
    })
}

/// The documents of the source in runs.
fn runs(source: &mut dyn Source, take: &mut dyn FnMut(Run) -> Result<(), Error>) -> Result<(), Error> {
    let (mut run, mut bytes) = (Vec::new(), 0);
    source.each(&mut |document| {
        if let Outcome::Read(packed) = &document.outcome {
            bytes += packed.lines.len();
        }
        run.push(document);
        if run.len() < DOCUMENTS && bytes < PACKED {
            return Ok(());
        }
        bytes = 0;
        take(std::mem::take(&mut run))
    })?;
    if run.is_empty() { Ok(()) } else { take(run) }
}

fn ready(reading: &mut Reading<'_>, run: &Run, csv: bool) -> Result<Ready, Error> {
    run.iter().try_for_each(|document| reading.add(document))?;
    let block = reading.finish()?;
    let tables = super::tables::TABLES.iter().zip(&block.tables);
    let text = |(table, rows): (_, &Option<_>)| rows.as_ref().filter(|_| csv).map(|rows| delimited::text(table, rows));
    let csv = tables.map(text).collect();
    Ok(Ready { block, csv })
}

/// One reader: runs come, blocks go.
fn read(runs: &Receiver<Run>, blocks: &SyncSender<Result<Ready, Error>>, labels: &Labels, csv: bool) {
    let mut reading = Reading::new(labels);
    for run in runs {
        if blocks.send(ready(&mut reading, &run, csv)).is_err() {
            return;
        }
    }
}

/// Takes the blocks of the readers in turn.
fn collect(readers: &[Receiver<Result<Ready, Error>>], output: &mut Output) -> Result<(), Error> {
    for blocks in readers.iter().cycle() {
        match blocks.recv() {
            Ok(block) => output.add(block?)?,
            // The reader whose turn it is has no more: nor has any after it.
            Err(_) => return Ok(()),
        }
    }
    Ok(())
}
