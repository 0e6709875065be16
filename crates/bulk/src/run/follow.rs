//! The dataset, written behind the reading: what is certain of the ledger goes into files while workers read on, so that little is left to be
//! done when they are ready.
//!
//! Files are read in the order of their paths, and so is the dataset written. A document is certain when every file up to its own is finished and
//! nothing in the run can change what came of it; whoever reads says how far that is, each time that the ledger was committed. Where he has to
//! take something back, or the run is stopped, what was written is thrown away.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Scope, ScopedJoinHandle};
use std::time::Duration;

use super::Order;
use crate::dataset::{self, Document, Source, Written};
use crate::error::Error;
use crate::ledger::Follower;
use crate::options::Options;
use crate::stop::Stop;
use crate::watch::{News, Watch};

/// How often whoever watches is told how far the rest is.
const TICK: Duration = Duration::from_millis(100);

/// For how many workers one thread writes: it takes a quarter of the time that one of them takes, so it keeps up with three.
const WORKERS: usize = 3;

/// How far the ledger is certain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Reach {
    /// Nothing is certain yet.
    #[default]
    Nothing,
    /// All files whose paths, as bytes, come before this one.
    Before(Vec<u8>),
    /// Everything.
    All,
    /// Something that was certain is so no longer, or nobody wants the dataset.
    Withdrawn,
}

/// How far the ledger is certain, between whoever reads and whoever writes behind.
#[derive(Debug, Default)]
pub(super) struct Certain {
    reach: Mutex<Reach>,
    moved: Condvar,
    /// How many documents have passed.
    passed: AtomicU64,
}

impl Certain {
    /// Everything is, before this path.
    pub(super) fn before(&self, path: Vec<u8>) {
        self.go_on(Reach::Before(path));
    }

    /// Nothing is: what was written is of no use.
    pub(super) fn withdraw(&self) {
        *self.reach() = Reach::Withdrawn;
        self.moved.notify_all();
    }

    /// Whether it goes on to there: what was withdrawn stays so.
    fn go_on(&self, to: Reach) -> bool {
        let mut reach = self.reach();
        if *reach == Reach::Withdrawn {
            return false;
        }
        *reach = to;
        self.moved.notify_all();
        true
    }

    fn reach(&self) -> MutexGuard<'_, Reach> {
        // Whoever panicked while holding it has left it as it was.
        self.reach.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it is another.
    fn other_than(&self, known: &Reach) -> Reach {
        let moved = self.moved.wait_while(self.reach(), |reach| reach == known);
        moved.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A document passes, where it is still wanted.
    fn pass(&self) -> Result<(), dataset::Error> {
        if *self.reach() == Reach::Withdrawn {
            return Err(withdrawn());
        }
        self.passed.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

fn withdrawn() -> dataset::Error {
    dataset::Error::source("the dataset is not wanted any more")
}

/// Whoever writes behind. Dropping it withdraws what was certain, and waits until what was written is gone.
pub(super) struct Behind<'s> {
    certain: &'s Certain,
    written: Receiver<Result<Written, Error>>,
    thread: Option<ScopedJoinHandle<'s, ()>>,
}

impl<'s> Behind<'s> {
    /// Begins to write the dataset of the ledger in a folder into the folder `out`.
    pub(super) fn begin(
        scope: &'s Scope<'s, '_>,
        certain: &'s Certain,
        order: &'s Order,
        options: &'s Options,
        (ledger, out): (&'s Path, &'s Path),
    ) -> Self {
        let (tell, written) = sync_channel(1);
        let write = move || {
            let written = Follower::open(ledger).and_then(|ledger| {
                let mut source = Following { ledger, certain };
                dataset::write_by(threads(options), &mut source, &order.forms, options, out).map_err(Error::from)
            });
            // Whoever does not listen has withdrawn it.
            let _ = tell.send(written);
        };
        Self { certain, written, thread: Some(scope.spawn(write)) }
    }

    /// Everything was read, so that the rest can be written.
    pub(super) fn all_is_read(&self) {
        self.certain.go_on(Reach::All);
    }

    /// Everything was read: waits until the rest is written. `None` where something was taken back, and the dataset has to be written from the beginning.
    ///
    /// # Errors
    /// The dataset cannot be written, or the user has asked twice to stop.
    pub(super) fn finish(self, stop: &Stop, watch: &mut dyn Watch) -> Result<Option<Written>, Error> {
        if !self.certain.go_on(Reach::All) {
            return Ok(None);
        }
        let mut told = false;
        loop {
            watch.see(News::Writing { documents: self.certain.passed.load(Ordering::Relaxed) });
            match self.written.recv_timeout(TICK) {
                Ok(written) => return written.map(Some),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    let fault = "a fault of this program stopped the dataset's writer";
                    return Err(Error::Dataset(dataset::Error::source(fault)));
                }
            }
            if stop.asked().is_some() && !std::mem::replace(&mut told, true) {
                watch.see(News::Stopping);
            }
            if let Some(signal) = stop.at_once() {
                self.certain.withdraw();
                // Perhaps it was too late.
                let written = self.written.recv().ok().and_then(Result::ok);
                return written.map(Some).ok_or(Error::Stopped(signal));
            }
        }
    }
}

impl Drop for Behind<'_> {
    fn drop(&mut self) {
        self.certain.withdraw();
        // A panic of the thread has shown itself by what it did not send.
        let _ = self.thread.take().map(ScopedJoinHandle::join);
    }
}

fn threads(options: &Options) -> NonZeroUsize {
    NonZeroUsize::new(options.jobs.get().div_ceil(WORKERS)).unwrap_or(NonZeroUsize::MIN)
}

/// The ledger of a run that reads on, as what the dataset is written from.
struct Following<'c> {
    ledger: Follower,
    certain: &'c Certain,
}

impl Source for Following<'_> {
    fn each(&mut self, take: &mut dyn FnMut(Document) -> Result<(), dataset::Error>) -> Result<(), dataset::Error> {
        let mut passage = self.ledger.passage().map_err(dataset::Error::source)?;
        let mut reach = Reach::default();
        while reach != Reach::All {
            reach = self.certain.other_than(&reach);
            let bound = match &reach {
                Reach::Nothing => continue,
                Reach::Before(path) => Some(path.as_slice()),
                Reach::All => None,
                Reach::Withdrawn => return Err(withdrawn()),
            };
            passage.until(bound, &mut |_, document| {
                self.certain.pass()?;
                take(document)
            })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::os::unix::ffi::OsStrExt as _;
    use std::path::PathBuf;
    use std::time::Instant;

    use rusqlite::Connection;

    use super::*;
    use crate::input::Input;
    use crate::ledger::NAME;
    use crate::options::Isolation;
    use crate::watch::Blind;

    /// A folder with a run that is over, and room for other datasets of it.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let folder = Self(std::env::temp_dir().join(format!("nianbao-behind-{name}-{}", std::process::id())));
            let _ = fs::remove_dir_all(&folder.0);
            fs::create_dir_all(folder.input()).unwrap();
            for number in 0..60 {
                // Each third is the same as the one before it.
                let issued = number - usize::from(number % 3 == 2);
                let year = 2021 + issued % 4;
                let text = format!(
                    "甲市乙局{year}年政府信息公开工作年度报告\n二、主动公开政府信息情况\n\
                     信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t{issued}\t0\t4\n行政规范性文件\t2\t1\t9\n"
                );
                fs::write(folder.path(number), text).unwrap();
            }
            fs::create_dir_all(folder.out()).unwrap();
            crate::convert(vec![Input::Path(folder.input())], &folder.0.join("run"), &options(), &mut Blind).unwrap();
            folder
        }

        fn input(&self) -> PathBuf {
            self.0.join("in")
        }

        fn path(&self, number: usize) -> PathBuf {
            self.input().join(format!("{number:02}.txt"))
        }

        fn out(&self) -> PathBuf {
            self.0.join("out")
        }

        fn ledger(&self) -> Connection {
            Connection::open(self.0.join("run").join(NAME)).unwrap()
        }

        /// Writes behind a reading whose reach is what `read` tells.
        fn behind(&self, read: impl FnOnce(&Certain)) -> Result<Option<Written>, Error> {
            let (certain, out, run, options) = (Certain::default(), self.out(), self.0.join("run"), options());
            let order = Order::new(&[], &out, &options).unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let stop = Stop::listen(&runtime, Some(&crate::stop::Stopper::default())).unwrap();
            std::thread::scope(|scope| {
                let behind = Behind::begin(scope, &certain, &order, &options, (&run, &out));
                read(&certain);
                behind.finish(&stop, &mut Blind)
            })
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn options() -> Options {
        Options { jobs: NonZeroUsize::MIN, isolation: Isolation::None, csv: true, ..Options::default() }
    }

    fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
        let named = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        named
            .filter(|name| !name.starts_with("ledger"))
            .map(|name| (name.clone(), fs::read(folder.join(name)).unwrap()))
            .collect()
    }

    /// Waits until so many documents have passed.
    fn passed(certain: &Certain, count: u64) {
        let began = Instant::now();
        while certain.passed.load(Ordering::Relaxed) != count {
            assert!(began.elapsed() < Duration::from_secs(60), "{certain:?}, and not {count}");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn before(folder: &Folder, certain: &Certain, number: usize) {
        certain.before(folder.path(number).as_os_str().as_bytes().to_owned());
    }

    #[test]
    fn written_behind_it_is_the_dataset_that_is_written_at_once() {
        let folder = Folder::new("steps");
        let written = folder.behind(|certain| {
            for number in [0, 1, 2, 3, 30, 30, 59] {
                before(&folder, certain, number);
                passed(certain, number as u64);
            }
        });
        assert_eq!(written.unwrap().map(|written| written.reports), Some(40));
        assert!(files(&folder.out()) == files(&folder.0.join("run")));
    }

    #[test]
    fn what_was_withdrawn_leaves_what_was_there_and_says_so() {
        let folder = Folder::new("withdrawn");
        fs::write(folder.out().join("reports.jsonl"), "of an earlier run").unwrap();
        let written = folder.behind(|certain| {
            before(&folder, certain, 20);
            passed(certain, 20);
            certain.withdraw();
            before(&folder, certain, 40);
        });
        assert_eq!(written.unwrap(), None);
        let there = files(&folder.out());
        assert_eq!(there.keys().collect::<Vec<_>>(), ["reports.jsonl"]);
        assert_eq!(there.values().next().unwrap(), b"of an earlier run");
    }

    #[test]
    fn a_file_whose_bytes_are_still_read_as_those_of_another_is_waited_for() {
        let folder = Folder::new("open");
        let set = |to: &str| {
            let of = "UPDATE contents SET state = ?1 WHERE id = (SELECT content FROM documents JOIN files ON files.id = documents.file \
                      WHERE files.path = ?2)";
            folder.ledger().execute(of, (to, folder.path(9).as_os_str().as_bytes())).unwrap();
        };
        set("pending");
        let written = folder.behind(|certain| {
            before(&folder, certain, 20);
            passed(certain, 9);
            set("done");
            before(&folder, certain, 21);
            passed(certain, 21);
        });
        assert!(written.unwrap().is_some());
        assert!(files(&folder.out()) == files(&folder.0.join("run")));
    }

    #[test]
    fn a_dataset_that_cannot_be_written_is_told_when_all_is_read() {
        let folder = Folder::new("unwritable");
        fs::create_dir_all(folder.out().join("reports.jsonl.part")).unwrap();
        let written = folder.behind(|certain| before(&folder, certain, 50));
        assert!(matches!(written, Err(Error::Write { path, .. }) if path.ends_with("reports.jsonl.part")));
    }
}
