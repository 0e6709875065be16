//! A whole run: from what the user names to the dataset.

mod away;
mod follow;
mod order;
mod reading;

use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use tokio::runtime::Runtime;

use crate::dataset::{self, Written};
use crate::error::Error;
use crate::input::{Input, each_path};
use crate::ledger::{Ledger, LedgerSource, Plan, Roots};
use crate::lock::Lock;
use crate::manifest::{Row, each_row};
use crate::options::Options;
use crate::remote::address;
use crate::stop::Stop;
use crate::summary::{Dataset, Summary};
use crate::walk::{Entry, LeftOut, Walk, tidy};
use crate::watch::{News, Watch};
use away::{Batch, Named, Reach};
use follow::{Behind, Certain};
pub(crate) use order::{Order, without};
use reading::Read;

/// How many files, or documents, go by between two words about them.
pub(crate) const EVERY: u64 = 1000;

/// Reads everything that the inputs hold, and writes the dataset to the folder `out`, where the ledger lies too.
///
/// A run that was killed is gone on with by the next one: what is done is not done again. Files that have not changed since they were read are
/// not opened. What has gone since is kept; what is there, below an input, and left out this time is forgotten; what earlier runs
/// read of other inputs stays.
///
/// Ctrl-C, or the signal to terminate, lets the files that were begun come to their end and leaves the dataset as it was: it is always that
/// of a run that came to its own end.
///
/// # Errors
/// The run could not come to its end; the next one goes on from there.
pub fn convert(inputs: Vec<Input>, out: &Path, options: &Options, watch: &mut dyn Watch) -> Result<Summary, Error> {
    let order = Order::new(&inputs, out, options)?;
    std::fs::create_dir_all(out).map_err(|error| Error::write(out, error))?;
    let _lock = Lock::take(out)?;
    begin((&order, options), (out, out), watch, |run, runtime| run.all(inputs, runtime))
}

/// Does what is to be done with a ledger, which lies in the first of the folders; the second one is where the dataset goes.
pub(crate) fn begin<T>(
    (order, options): (&Order, &Options),
    (folder, out): (&Path, &Path),
    watch: &mut dyn Watch,
    act: impl FnOnce(&mut Run<'_>, &Runtime) -> Result<T, Error>,
) -> Result<T, Error> {
    let runtime = runtime()?;
    let stop = Stop::listen(&runtime, options.stop.as_ref())?;
    let mut ledger = Ledger::open(folder, &order.edition)?;
    let done = act(&mut Run { ledger: &mut ledger, order, out, options, stop: &stop, watch }, &runtime);
    // Workers that are still at their files end with the runtime.
    runtime.shutdown_background();
    done
}

/// What hears signals, and reaches other machines.
fn runtime() -> Result<Runtime, Error> {
    let threads = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    threads.map_err(|error| Error::Workers(error.to_string()))
}

/// A run that goes on.
pub(crate) struct Run<'a> {
    pub(crate) ledger: &'a mut Ledger,
    pub(crate) order: &'a Order,
    out: &'a Path,
    pub(crate) options: &'a Options,
    pub(crate) stop: &'a Stop,
    pub(crate) watch: &'a mut dyn Watch,
}

/// What was done before anything is written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Done {
    left_out: LeftOut,
    plan: Plan,
    read: Read,
}

impl Done {
    /// Nothing was read: the ledger holds what others have.
    pub(crate) fn adopted(ledger: &Ledger) -> Result<Self, Error> {
        Ok(Self { plan: Plan { files: ledger.count_files()?, ..Plan::default() }, ..Self::default() })
    }
}

impl Run<'_> {
    fn all(&mut self, inputs: Vec<Input>, runtime: &Runtime) -> Result<Summary, Error> {
        let done = self.find(inputs, runtime)?;
        if !self.may_write_behind(&done)? {
            let done = self.read_found(done, None)?;
            return self.write(done);
        }
        let (certain, ledger) = (Certain::default(), self.ledger.folder().to_owned());
        let (order, options, out) = (self.order, self.options, self.out);
        std::thread::scope(|scope| {
            let behind = Behind::begin(scope, &certain, order, options, (&ledger, out));
            let done = self.read_found(done, Some(&certain))?;
            self.end(done, Some(behind))
        })
    }

    /// From inputs to records in the ledger.
    pub(crate) fn read(&mut self, inputs: Vec<Input>, runtime: &Runtime) -> Result<(), Error> {
        let done = self.find(inputs, runtime)?;
        self.read_found(done, None).map(drop)
    }

    /// From inputs to files in the ledger, and to what is to be done with them.
    fn find(&mut self, inputs: Vec<Input>, runtime: &Runtime) -> Result<Done, Error> {
        let mut done = Done { left_out: self.walk(inputs, runtime)?, ..Done::default() };
        if self.stop.asked().is_none() {
            done.plan = self.ledger.plan(self.options)?;
            let Plan { pending, files, other_edition } = done.plan;
            self.watch.see(News::Planned { pending, files, other_edition });
        }
        Ok(done)
    }

    /// From files to records.
    fn read_found(&mut self, done: Done, certain: Option<&Certain>) -> Result<Done, Error> {
        if self.stop.asked().is_some() {
            return Ok(done);
        }
        let read = reading::all(self.ledger, self.options, self.stop, certain, self.watch)?;
        Ok(Done { read, ..done })
    }

    /// Whether the dataset may be written while files are read: there is a core for it, and what came of a document that was read is not
    /// changed by reading another, as it is where documents are read again.
    fn may_write_behind(&self, done: &Done) -> Result<bool, Error> {
        let Options { jobs, retry, redo, tables, .. } = *self.options;
        Ok(jobs.get() > 1 && done.plan.pending > 0 && (!(retry || redo || tables) || self.ledger.is_new()?))
    }

    /// From the ledger to the dataset.
    pub(crate) fn write(&mut self, done: Done) -> Result<Summary, Error> {
        self.end(done, None)
    }

    fn end(&mut self, done: Done, behind: Option<Behind<'_>>) -> Result<Summary, Error> {
        let needs_none = self.needs_none()?;
        if needs_none.is_none() {
            behind.iter().for_each(Behind::all_is_read);
        }
        // Whoever writes behind is at the rest meanwhile.
        let summary = self.summary(done)?;
        let dataset = match needs_none {
            None => Dataset::Written(self.dataset(behind)?),
            Some(as_it_is) => as_it_is,
        };
        self.ledger.end(if dataset == Dataset::NotWritten { "interrupted" } else { "finished" })?;
        let interrupted = if dataset == Dataset::NotWritten { self.stop.asked() } else { None };
        Ok(Summary { dataset, interrupted, ..summary })
    }

    /// From inputs to files in the ledger.
    fn walk(&mut self, inputs: Vec<Input>, runtime: &Runtime) -> Result<LeftOut, Error> {
        let mut roots = Roots::default();
        let mut closed = Vec::new();
        let (ledger, stop, watch) = (&mut *self.ledger, self.stop, &mut *self.watch);
        let mut files = 0;
        let mut take = |entry: Entry<'_>| {
            match entry {
                Entry::File { path, stamp, expected } => ledger.see(path, stamp, expected)?,
                Entry::Problem { path, kind, message } => {
                    closed.push(path.to_owned());
                    ledger.see_problem(path, kind, &message)?;
                }
            }
            files += 1;
            if files % EVERY == 0 {
                ledger.commit()?;
                watch.see(News::Walking { files });
                if let Some(signal) = stop.asked() {
                    return Err(Error::Stopped(signal));
                }
            }
            Ok(())
        };
        let remote = self.options.remote.as_ref().map(|remote| Reach { remote, runtime });
        let walk = Walk::new(&self.order.choice, self.order.output(self.out), &mut take);
        let walked = each_input(walk, inputs, remote, &mut roots);
        roots.closed = closed;
        match walked {
            // What lies after the place where it ended is not known: nothing has gone because of it.
            Err(Error::Stopped(_)) => self.ledger.commit().map(|()| LeftOut::default()),
            Err(error) => Err(error),
            Ok(left_out) => {
                self.ledger.settle(&roots, &self.order.choice)?;
                self.ledger.commit()?;
                Ok(left_out)
            }
        }
    }

    /// Why no dataset is to be written: the run is to stop, or the dataset is there already.
    fn needs_none(&self) -> Result<Option<Dataset>, Error> {
        if self.stop.asked().is_some() {
            return Ok(Some(Dataset::NotWritten));
        }
        let stands = self.order.stands(self.ledger.written()?.as_deref(), self.out);
        Ok(stands.then_some(Dataset::Unchanged))
    }

    /// Writes the dataset, or what is left of it.
    fn dataset(&mut self, behind: Option<Behind<'_>>) -> Result<Written, Error> {
        let behind = behind.map(|behind| behind.finish(self.stop, self.watch)).transpose()?;
        let written = match behind.flatten() {
            Some(written) => written,
            None => self.all_at_once()?,
        };
        self.ledger.set_written(&self.order.note(&written))?;
        Ok(written)
    }

    /// Writes the dataset of a ledger that nobody writes to.
    fn all_at_once(&mut self) -> Result<Written, Error> {
        let mut passing = passing(self.stop, self.watch);
        let mut source = LedgerSource { ledger: self.ledger, pass: &mut |_, _| passing() };
        Ok(dataset::write(&mut source, &self.order.forms, self.options, self.out)?)
    }

    /// What there is to tell of the ledger and of the reading.
    fn summary(&self, Done { left_out, plan, read }: Done) -> Result<Summary, Error> {
        let (documents, gone) = self.ledger.tally()?;
        Ok(Summary {
            documents,
            reports: self.ledger.tally_of_reports()?,
            gone,
            reasons: self.ledger.reasons()?,
            read: read.documents,
            files: plan.files,
            opened: read.files,
            pending: self.ledger.count_pending()?,
            hidden: left_out.hidden,
            excluded: left_out.excluded,
            other_edition: plan.other_edition,
            interrupted: None,
            dataset: Dataset::NotWritten,
        })
    }
}

/// What happens each time that a document goes by on its way into files.
pub(crate) fn passing<'a>(stop: &'a Stop, watch: &'a mut dyn Watch) -> impl FnMut() -> Result<(), Error> + 'a {
    let mut documents = 0;
    let mut told = false;
    watch.see(News::Writing { documents });
    move || {
        documents += 1;
        if documents % EVERY == 0 {
            watch.see(News::Writing { documents });
        }
        if stop.asked().is_some() && !std::mem::replace(&mut told, true) {
            watch.see(News::Stopping);
        }
        stop.at_once().map_or(Ok(()), |signal| Err(Error::Stopped(signal)))
    }
}

/// Walks every input, and those of every list, to the bottom.
fn each_input(
    mut walk: Walk<'_, Error>,
    inputs: Vec<Input>,
    reach: Option<Reach<'_>>,
    roots: &mut Roots,
) -> Result<LeftOut, Error> {
    for input in inputs {
        match input {
            Input::Path(path) => {
                roots.inputs.push(tidy(&path));
                walk.input(&path)?;
            }
            Input::Address(address) => match reach {
                Some(reach) => reach.input(&mut walk, &address, roots)?,
                None => return Err(without(&address)),
            },
            Input::List(list) => listed(&mut walk, list, reach, roots)?,
            Input::Manifest(path) => {
                let mut away = Batch::new(reach);
                each_row(&path, &mut |row| in_manifest(&mut walk, &row, &mut away, roots))?;
                away.look(&mut walk, roots)?;
            }
            Input::Rows(rows) => {
                let mut away = Batch::new(reach);
                rows.iter().try_for_each(|row| in_manifest(&mut walk, row, &mut away, roots))?;
                away.look(&mut walk, roots)?;
            }
        }
    }
    walk.finish()
}

/// Takes the file that a row of a manifest names.
fn in_manifest(walk: &mut Walk<'_, Error>, row: &Row, away: &mut Batch<'_>, roots: &mut Roots) -> Result<(), Error> {
    match Input::of(&row.uri) {
        Input::Path(path) => walk.row(&path, row.expected),
        Input::Address(address) => away.add(walk, Named { address, row: Some(row.expected) }, roots),
        _ => Err(Error::Usage(format!("{}: not the name of one file", row.uri.display()))),
    }
}

/// Walks what a list names.
fn listed(
    walk: &mut Walk<'_, Error>,
    list: impl io::Read,
    reach: Option<Reach<'_>>,
    roots: &mut Roots,
) -> Result<(), Error> {
    let mut away = Batch::new(reach);
    let taken = each_path(list, |path| {
        if let Some(address) = address(path.as_os_str().as_bytes()) {
            return away.add(walk, Named { address: address.to_owned(), row: None }, roots);
        }
        if path.is_dir() {
            roots.inputs.push(tidy(path));
        }
        walk.input(path)
    });
    taken.map_err(|error| Error::Usage(format!("the list of inputs cannot be read: {error}")))??;
    away.look(walk, roots)
}

/// The path of a file of the dataset.
fn in_folder(out: &Path, name: &str) -> PathBuf {
    out.join(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Isolation;
    use crate::watch::Blind;

    #[test]
    fn a_full_disk_stops_the_run_with_a_clear_word_and_the_next_one_goes_on() {
        let folder = std::env::temp_dir().join(format!("nianbao-full-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let (input, out) = (folder.join("in"), folder.join("out"));
        std::fs::create_dir_all(&input).unwrap();
        std::fs::create_dir_all(&out).unwrap();
        for number in 0..400 {
            std::fs::write(input.join(format!("{number}.txt")), format!("没有报告 {number}")).unwrap();
        }
        let options = Options { isolation: Isolation::None, ..Options::default() };
        let inputs = || vec![Input::Path(input.clone())];

        let order = Order::new(&inputs(), &out, &options).unwrap();
        let runtime = runtime().unwrap();
        let stop = Stop::listen(&runtime, None).unwrap();
        let mut ended = Vec::new();
        // A disk that has room for the walk, for some of the records, and for all of them.
        for pages in [20, 50, 80, 100_000] {
            let mut ledger = Ledger::open(&out, &order.edition).unwrap();
            ledger.limit(pages);
            let (ledger, order) = (&mut ledger, &order);
            let mut run = Run { ledger, order, out: &out, options: &options, stop: &stop, watch: &mut Blind };
            ended.push(run.all(inputs(), &runtime));
        }
        let whole = ended.pop().unwrap().unwrap();
        assert_eq!(whole.documents.failed, 400);
        for full in ended {
            let full = full.unwrap_err();
            assert!(matches!(full, Error::Full(_)), "{full:?}");
            assert!(full.to_string().contains("make room and run the same command again"), "{full}");
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
