//! From files in the ledger to records in the ledger: the pool reads, the ledger keeps the books.

use std::collections::{HashMap, VecDeque};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::time::{Interval, MissedTickBehavior};

use super::follow::Certain;
use crate::error::Error;
use crate::event::{Decision, Event};
use crate::fetch::{self, Away};
use crate::ledger::{Books, Ledger};
use crate::options::Options;
use crate::pool::{self, Pool};
use crate::record::Packed;
use crate::remote::is_address;
use crate::stop::Stop;
use crate::watch::{News, Watch};

/// How many events may wait for the ledger before workers have to.
const EVENTS: usize = 256;

/// How many files are taken from the ledger in one go.
const PAGE: usize = 256;

/// How often changes are made to last, and whoever watches is told that time goes by.
const TICK: Duration = Duration::from_millis(100);

/// How long whoever looks after the workers rests when all is answered. Each time that it wakes up costs as much as what it is woken for, and
/// woken by every word of every worker it takes a tenth of the time that they have; they have work enough not to miss it meanwhile.
const REST: Duration = Duration::from_millis(5);

/// How often files are opened again for documents that could not be read: they change while they are read.
const PASSES: usize = 3;

/// How much was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) files: u64,
    pub(super) documents: u64,
}

/// Reads all that is pending, or what can be until the user asks to stop.
pub(super) fn all(
    ledger: &mut Ledger,
    options: &Options,
    stop: &Stop,
    certain: Option<&Certain>,
    watch: &mut dyn Watch,
) -> Result<Read, Error> {
    let folder = ledger.folder();
    let spools = options.remote.as_ref().map(|_| fetch::Folder::create(folder)).transpose();
    let spools = spools.map_err(|error| Error::write(&folder.join(fetch::FOLDER), error))?;
    let mut desk = Desk {
        ledger,
        options,
        spools,
        stop: stop.clone(),
        certain,
        watch,
        books: Books::default(),
        files: HashMap::new(),
        waiting: VecDeque::new(),
        after: Vec::new(),
        stopping: false,
        read: Read::default(),
    };
    let runtime = rested()?;
    let passed = desk.passes(&runtime);
    // Workers that are still at their files end with it.
    runtime.shutdown_background();
    passed.map(|()| desk.read)
}

/// One thread for lanes and ledger, which takes in at one time whatever has come meanwhile.
fn rested() -> Result<Runtime, Error> {
    let rest = || std::thread::sleep(REST);
    let thread = tokio::runtime::Builder::new_current_thread().enable_all().on_thread_park(rest).build();
    thread.map_err(|error| Error::Workers(error.to_string()))
}

/// Where events become entries.
struct Desk<'a> {
    ledger: &'a mut Ledger,
    options: &'a Options,
    /// Where what lies on other machines waits to be read.
    spools: Option<fetch::Folder>,
    stop: Stop,
    /// Who wants to know how far the ledger is certain.
    certain: Option<&'a Certain>,
    watch: &'a mut dyn Watch,
    books: Books,
    /// The files that the pool has.
    files: HashMap<i64, PathBuf>,
    /// The files that it is to have next, and the path of the last of them.
    waiting: VecDeque<Away>,
    after: Vec<u8>,
    stopping: bool,
    read: Read,
}

impl Desk<'_> {
    /// Has the pool read what is pending, and again what was not read after all.
    fn passes(&mut self, runtime: &Runtime) -> Result<(), Error> {
        for _ in 0..PASSES {
            self.after.clear();
            self.fill()?;
            if !self.waiting.is_empty() {
                self.books.begin(self.ledger)?;
                runtime.block_on(self.pass())?;
            }
            if self.ledger.requeue_unread()? == 0 || self.stopping {
                break;
            }
            // Files that were finished are opened again.
            self.certain.iter().for_each(|certain| certain.withdraw());
        }
        if !self.stopping {
            self.ledger.give_up()?;
        }
        self.ledger.unfinished()?;
        self.ledger.commit()
    }

    /// Has the pool read every file that is pending.
    async fn pass(&mut self) -> Result<(), Error> {
        let (events, mut inbox) = mpsc::channel(EVENTS);
        let mut pool = Pool::start(self.options, events).map_err(|error| Error::Workers(error.to_string()))?;
        if let Some((spools, remote)) = self.spools.as_ref().zip(self.options.remote.as_ref()) {
            pool.fetch_into(spools.path().to_owned(), Arc::clone(remote));
        }
        // Should an entry fail, the pool is dropped, and its workers end where they are.
        self.submit_all(&pool, &mut inbox).await?;
        self.drain(pool, &mut inbox).await?;
        self.files.clear();
        self.books.note(self.ledger)?;
        let Some(signal) = self.stop.at_once() else { return Ok(()) };
        self.ledger.unfinished()?;
        self.ledger.commit()?;
        Err(Error::Stopped(signal))
    }

    /// Hands files to the pool, a few ahead of its workers, until there are no more or the user asks to stop.
    async fn submit_all(&mut self, pool: &Pool, inbox: &mut mpsc::Receiver<Event>) -> Result<(), Error> {
        let most = pool::ahead(self.options);
        let mut tick = every(TICK);
        let mut stop = self.stop.clone();
        loop {
            while self.files.len() < most {
                let Some((job, size)) = self.next()? else { return Ok(()) };
                self.files.insert(job.id, job.path.clone());
                let away = is_address(job.path.as_os_str().as_bytes());
                let taken = if away { pool.submit_away((job, size)).await } else { pool.submit(job).await };
                if taken.is_err() {
                    // Why, it says when it is finished.
                    return Ok(());
                }
            }
            tokio::select! {
                event = inbox.recv() => match event {
                    Some(event) => self.enter_all(event, inbox)?,
                    None => return Ok(()),
                },
                () = stop.changed() => {
                    self.stop_soon();
                    return Ok(());
                }
                _ = tick.tick() => self.tick()?,
            }
        }
    }

    /// Hears what the pool still has to tell, until it has ended.
    async fn drain(&mut self, pool: Pool, inbox: &mut mpsc::Receiver<Event>) -> Result<(), Error> {
        let mut tick = every(TICK);
        let mut stop = self.stop.clone();
        let stopping = self.stopping;
        let mut end = std::pin::pin!(async move { if stopping { pool.stop().await } else { pool.finish().await } });
        let mut ended = None;
        loop {
            if stop.at_once().is_some() {
                return Ok(());
            }
            tokio::select! {
                event = inbox.recv() => match event {
                    Some(event) => self.enter_all(event, inbox)?,
                    None if ended.is_some() => break,
                    None => ended = Some((&mut end).await),
                },
                result = &mut end, if ended.is_none() => ended = Some(result),
                () = stop.changed() => self.stop_soon(),
                _ = tick.tick() => self.tick()?,
            }
        }
        ended.unwrap_or(Ok(())).map_err(|error| Error::Workers(error.to_string()))
    }

    fn tick(&mut self) -> Result<(), Error> {
        self.watch.see(News::Tick);
        self.books.note(self.ledger)?;
        self.ledger.commit()?;
        if let Some((certain, path)) = self.certain.zip(self.bound()) {
            certain.before(path);
        }
        Ok(())
    }

    /// The first path, as bytes, whose file is not finished: in their order files are taken from the ledger. `None` where that is not known just now.
    fn bound(&self) -> Option<Vec<u8>> {
        let begun = self.files.values();
        let next = self.waiting.front().map(|(job, _)| &job.path);
        begun.chain(next).map(|path| path.as_os_str().as_bytes()).min().map(<[u8]>::to_owned)
    }

    fn stop_soon(&mut self) {
        if !self.stopping {
            self.stopping = true;
            self.watch.see(News::Stopping);
        }
    }

    /// The next file to be opened.
    fn next(&mut self) -> Result<Option<Away>, Error> {
        if self.waiting.is_empty() {
            self.fill()?;
        }
        Ok(self.waiting.pop_front())
    }

    fn fill(&mut self) -> Result<(), Error> {
        self.waiting = self.ledger.pending(&self.after, PAGE)?.into();
        if let Some((last, _)) = self.waiting.back() {
            self.after = last.path.as_os_str().as_bytes().to_owned();
        }
        Ok(())
    }

    /// Enters an event, and those behind it that are there too.
    fn enter_all(&mut self, event: Event, inbox: &mut mpsc::Receiver<Event>) -> Result<(), Error> {
        self.enter(event)?;
        while let Ok(event) = inbox.try_recv() {
            self.enter(event)?;
        }
        Ok(())
    }

    fn enter(&mut self, event: Event) -> Result<(), Error> {
        let Self { ledger, books, options, .. } = self;
        match event {
            Event::Started { job } => {
                books.started(ledger, job)?;
                self.tell(job, |file, path| News::Began { file, path });
            }
            Event::Found { job, document, decision } => {
                let decided = books.found(ledger, job, &document, options, self.stopping)?;
                if decided == Decision::Skip && !self.stopping {
                    self.watch.see(News::Outcome { outcome: "copy" });
                }
                // A worker that is gone needs no answer.
                let _ = decision.send(decided);
            }
            Event::Read { job, sha256, record, cost } => {
                books.read(ledger, job, &sha256, &record, cost, options)?;
                self.read.documents += 1;
                self.watch.see(News::Outcome { outcome: outcome(&record) });
            }
            Event::Unread { job, index, member, kind, message } => {
                books.unread(ledger, job, (index, &member), &kind, &message)?;
                self.watch.see(News::Outcome { outcome: "failed" });
            }
            Event::Lost { job, document, fault, last, .. } => {
                books.lost(ledger, job, document.as_ref(), fault, last)?;
                let why = fault.to_string();
                match last {
                    true => self.watch.see(News::Outcome { outcome: "quarantined" }),
                    false => self.tell(job, |_, path| News::Again { path, why: &why }),
                }
            }
            Event::Finished { job, cost } => {
                books.finished(ledger, job, cost)?;
                self.read.files += 1;
                self.tell(job, |file, path| News::Ended { file, path, time: cost.time });
                self.files.remove(&job);
            }
        }
        Ok(())
    }

    fn tell<'n>(&'n mut self, file: i64, news: impl FnOnce(i64, &'n Path) -> News<'n>) {
        if let Some(path) = self.files.get(&file) {
            self.watch.see(news(file, path));
        }
    }
}

fn every(time: Duration) -> Interval {
    let mut interval = tokio::time::interval(time);
    interval.set_missed_tick_behavior(MissedTickBehavior::Skip);
    interval
}

fn outcome(record: &Packed) -> &'static str {
    match record {
        record if record.failure.is_some() => "failed",
        record if record.reports.iter().any(|report| report.status != "ok") => "review",
        _ => "ok",
    }
}
