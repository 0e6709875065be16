//! A lane: one worker at a time, the files that it was given, and what becomes of both when the worker is lost.
//!
//! The worker says what it is about before it begins, so whatever ends it can be laid to the document that it was reading, or else to the
//! file that it was opening. That one is tried once more in a fresh worker, first of all and alone. A second loss gives it up. What other
//! files had waiting in the lost worker is begun again where it was; documents that are decided or answered already are not told twice.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot::{self, error::TryRecvError};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::event::{Cost, Decision, Event, Fault, Found};
use crate::fetch::Ready;
use crate::pool::Shared;
use crate::process::Worker;
use crate::protocol::{Ask, Broken, Tell};
use crate::record::Packed;

/// How many files a worker has at a time: one that it reads, those that it holds back until they are decided, and as many that it has not opened,
/// so that it never waits for us, who look after it every few milliseconds.
pub(crate) const AT_A_TIME: usize = 16;

/// Where a document takes longer than this, the worker gets the next file only when it begins with the last that it has: waiting for us weighs
/// nothing then, and files that wait behind a slow one are better read by another worker.
const SLOW: Duration = Duration::from_millis(20);
const AT_A_TIME_IF_SLOW: usize = 2;

/// How often a document, or a file that is being opened, may cost a worker.
const ATTEMPTS: u32 = 2;

/// How long a worker may take to say that it is ready.
const START: Duration = Duration::from_secs(30);

/// How often starting a worker is tried, with a pause in between: a system short of memory or processes recovers, a wrong program does not.
const STARTS: u32 = 4;
const PAUSE: Duration = Duration::from_millis(250);

/// A file in the hands of a worker.
#[derive(Debug)]
struct Flight {
    file: Ready,
    /// Whether the present worker was told of it.
    sent: bool,
    /// Whether its begin was told.
    started: bool,
    /// Every document before this one is answered.
    next: u32,
    /// The documents found from there on.
    found: VecDeque<Known>,
    /// How many workers the document `next` has cost.
    attempts: u32,
    /// How many workers opening it has cost.
    openings: u32,
    cost: Cost,
}

/// A document that was found and is not answered.
#[derive(Debug)]
struct Known {
    document: Found,
    /// Where the decision comes from, while it is open.
    pending: Option<oneshot::Receiver<Decision>>,
    decision: Decision,
    /// Whether the present worker has found it, and not been told the decision.
    asks: bool,
}

impl Flight {
    fn new(file: Ready) -> Self {
        let cost = Cost::default();
        Self { file, sent: false, started: false, next: 0, found: VecDeque::new(), attempts: 0, openings: 0, cost }
    }

    const fn job(&self) -> i64 {
        self.file.job.id
    }

    /// Whether it has cost a worker over what comes next in it.
    const fn suspect(&self) -> bool {
        self.attempts > 0 || self.openings > 0
    }

    /// The document `next` is answered.
    fn answered(&mut self) -> Option<Found> {
        self.next += 1;
        self.attempts = 0;
        Some(self.found.pop_front()?.document)
    }

    fn spent(&mut self, micros: u64, memory: u64) -> Cost {
        let time = Duration::from_micros(micros);
        self.cost.time += time;
        self.cost.memory = self.cost.memory.max(memory);
        Cost { time, memory }
    }
}

/// What the worker is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Busy {
    /// It waits for us.
    Waiting,
    /// It opens or unpacks a file.
    Opening(i64),
    /// It reads a document of a file.
    Reading(i64),
}

/// Why a lane ends before its time.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Nobody listens any more.
    Unheard,
    /// No worker can be started; why.
    NoWorker(String),
}

pub(crate) struct Lane {
    shared: Arc<Shared>,
    worker: Option<Worker>,
    /// The worker that comes next, on its way while the present one is at the last files that it is given.
    successor: JoinSet<Result<Worker, String>>,
    /// In the order in which the worker was, or will be, told of them.
    flights: VecDeque<Flight>,
    /// How many files the present worker was given.
    given: u32,
    /// Whether the present worker has grown too large.
    grown: bool,
    /// The file that the present worker has opened last.
    opened: Option<i64>,
    busy: Busy,
    /// How long the document took that was read last.
    pace: Duration,
    /// When the worker began what it is about.
    since: Instant,
    /// When it gave a sign last.
    sign: Instant,
}

/// What happens next in a lane.
enum Step {
    Said(Result<(Tell, Vec<u8>), Broken>),
    Decided(Decision),
    Given(Option<Ready>),
    Overdue(Fault),
}

impl Lane {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        let now = Instant::now();
        Self {
            shared,
            worker: None,
            successor: JoinSet::new(),
            flights: VecDeque::new(),
            given: 0,
            grown: false,
            opened: None,
            busy: Busy::Waiting,
            pace: Duration::ZERO,
            since: now,
            sign: now,
        }
    }

    /// Works until there is nothing more to do.
    pub(crate) async fn run(mut self) -> Result<(), Stop> {
        loop {
            if self.flights.is_empty() {
                match self.shared.next_job().await {
                    Some(job) => self.flights.push_back(Flight::new(job)),
                    None => break,
                }
            }
            // What it has said already comes first: it is told everything in one piece.
            if self.worker.as_ref().is_none_or(|worker| !worker.has_said_more()) {
                self.hand_over().await?;
            }
            match self.step().await {
                Step::Said(Ok((tell, body))) => self.hear(tell, body).await?,
                Step::Said(Err(Broken::Closed)) => self.lost(Fault::Exited { code: 0 }).await?,
                Step::Said(Err(Broken::Garbled(what))) => {
                    tracing::debug!("a worker is ended: {what}");
                    self.lost(Fault::Garbled).await?;
                }
                Step::Decided(decision) => self.decide(decision),
                Step::Given(Some(job)) => self.take(job),
                Step::Given(None) => {}
                Step::Overdue(fault) => self.lost(fault).await?,
            }
        }
        if let Some(worker) = self.worker.take() {
            worker.retire().await;
        }
        while let Some(started) = self.successor.join_next().await {
            if let Ok(Ok(worker)) = started {
                worker.retire().await;
            }
        }
        Ok(())
    }

    /// Waits for whatever happens next. What the worker said comes before any judgement on it.
    async fn step(&mut self) -> Step {
        let more = self.takes_more();
        let due = self.due();
        let Some(worker) = self.worker.as_mut() else { return Step::Said(Err(Broken::Closed)) };
        let pending =
            self.flights.iter_mut().flat_map(|flight| &mut flight.found).find_map(|known| known.pending.as_mut());
        tokio::select! {
            biased;
            said = worker.next() => Step::Said(said),
            decision = answer(pending) => Step::Decided(decision),
            job = self.shared.next_job(), if more => Step::Given(job),
            fault = overdue(due) => Step::Overdue(fault),
        }
    }

    /// Whether another file may be taken, to wait in the worker.
    fn takes_more(&self) -> bool {
        let most = if self.pace > SLOW { AT_A_TIME_IF_SLOW } else { AT_A_TIME };
        self.flights.len() < most
            && !self.is_spent()
            && !self.flights.iter().any(Flight::suspect)
            && self.shared.has_spare()
    }

    /// When the worker will have taken too long, and for what it is then ended.
    fn due(&self) -> Option<(Instant, Fault)> {
        let options = &self.shared.options;
        let total = self.since + options.timeout;
        let silent = self.sign + options.stall;
        match self.busy {
            // Where nothing is left to be decided it is not waiting for us.
            Busy::Waiting if self.undecided() => None,
            Busy::Waiting => Some((silent, Fault::Stalled)),
            Busy::Opening(_) | Busy::Reading(_) if silent < total => Some((silent, Fault::Stalled)),
            Busy::Opening(_) | Busy::Reading(_) => Some((total, Fault::Timeout)),
        }
    }

    fn undecided(&self) -> bool {
        self.flights.iter().flat_map(|flight| &flight.found).any(|known| known.pending.is_some())
    }

    /// Tells the worker of files and decisions that it does not know of; starts one where there is none.
    async fn hand_over(&mut self) -> Result<(), Stop> {
        self.renew();
        if self.worker.is_none() {
            self.worker = Some(self.start().await?);
        }
        self.put_asks();
        if self.is_spent() && self.successor.is_empty() && self.shared.has_spare() {
            self.successor.spawn(start(Arc::clone(&self.shared)));
        }
        if let Some(worker) = &mut self.worker {
            // A write that fails tells of a dead worker; so will the next read, which also tells what it died of.
            let _ = worker.flush().await;
        }
        Ok(())
    }

    /// Puts together what the worker is to be told.
    fn put_asks(&mut self) {
        let Some(worker) = self.worker.as_mut() else { return };
        // A frame that is too long for the pipe is a path of 32 MiB, which no system has.
        for flight in &mut self.flights {
            if !flight.sent {
                flight.sent = true;
                self.given += 1;
                self.sign = Instant::now();
                let (job, from, alone) = (flight.job(), flight.next, flight.openings > 0);
                let (expected, name) = (flight.file.job.expected, flight.file.name());
                let open = Ask::Open { job, from, alone, expected, name };
                let _ = worker.ask(&open, &path_bytes(flight.file.path()));
            }
            let job = flight.job();
            for known in &mut flight.found {
                if known.asks && known.pending.is_none() {
                    known.asks = false;
                    let index = known.document.index;
                    let read = known.decision == Decision::Read;
                    let _ = worker.ask(&Ask::Decide { job, index, read }, &[]);
                }
                // Decisions are told in the order of the documents.
                if known.asks {
                    return;
                }
            }
            // A suspect is alone with its worker.
            if flight.suspect() {
                return;
            }
        }
    }

    /// Whether the present worker has done enough.
    fn is_spent(&self) -> bool {
        self.given >= self.shared.options.recycle || self.grown
    }

    /// Lets a worker go that has done enough, once nothing waits in it.
    fn renew(&mut self) {
        if self.is_spent()
            && !self.flights.iter().any(|flight| flight.sent)
            && let Some(worker) = self.worker.take()
        {
            // Nobody needs to wait until it has ended.
            tokio::spawn(worker.retire());
        }
    }

    /// Takes the worker that is on its way, or starts one, and waits until it is ready.
    async fn start(&mut self) -> Result<Worker, Stop> {
        let mut why = String::new();
        let mut successor = self.successor.join_next().await;
        for attempt in 0..STARTS {
            sleep(PAUSE * attempt * attempt).await;
            let started = match successor.take() {
                Some(started) => started.unwrap_or_else(|error| Err(error.to_string())),
                None => start(Arc::clone(&self.shared)).await,
            };
            match started {
                Ok(worker) => {
                    (self.given, self.grown, self.opened) = (0, false, None);
                    self.busy_with(Busy::Waiting);
                    return Ok(worker);
                }
                Err(reason) => why = reason,
            }
            tracing::debug!("a worker did not start: {why}");
        }
        Err(Stop::NoWorker(why))
    }

    fn busy_with(&mut self, busy: Busy) {
        self.busy = busy;
        self.since = Instant::now();
        self.sign = self.since;
    }

    /// The worker goes on with the file that it was opening.
    fn unpacks_on(&mut self) {
        self.busy_with(self.opened.map_or(Busy::Waiting, Busy::Opening));
    }

    /// Takes a decision, and those behind it that are there too.
    fn decide(&mut self, decision: Decision) {
        let mut decision = Some(decision);
        for known in self.flights.iter_mut().flat_map(|flight| &mut flight.found) {
            let Some(pending) = &mut known.pending else { continue };
            let decided = decision.take().or_else(|| match pending.try_recv() {
                Ok(decision) => Some(decision),
                Err(TryRecvError::Closed) => Some(Decision::Skip),
                Err(TryRecvError::Empty) => None,
            });
            let Some(decided) = decided else { break };
            (known.decision, known.pending) = (decided, None);
        }
        self.sign = Instant::now();
    }

    /// Takes a file, and those behind it that may be taken too.
    fn take(&mut self, job: Ready) {
        self.flights.push_back(Flight::new(job));
        while self.takes_more()
            && let Some(job) = self.shared.job_at_hand()
        {
            self.flights.push_back(Flight::new(job));
        }
    }

    /// What the worker says is believed as far as it fits what it was asked.
    async fn hear(&mut self, tell: Tell, body: Vec<u8>) -> Result<(), Stop> {
        match self.take_in(tell, body).await? {
            Some(()) => Ok(()),
            None => self.lost(Fault::Garbled).await,
        }
    }

    async fn take_in(&mut self, tell: Tell, body: Vec<u8>) -> Result<Option<()>, Stop> {
        match tell {
            Tell::Ready { .. } => return Ok(None),
            Tell::Progress => self.sign = Instant::now(),
            Tell::Waiting => self.busy_with(Busy::Waiting),
            Tell::Opening { job } => return self.opening(job).await,
            Tell::Found { job, document } => return self.found(job, document).await,
            Tell::Reading { job, index } => {
                let Some(flight) = self.flight(job, index) else { return Ok(None) };
                if flight.found.front().is_none_or(|known| known.asks || known.decision != Decision::Read) {
                    return Ok(None);
                }
                self.busy_with(Busy::Reading(job));
            }
            Tell::Answer { job, index, record, micros, memory } => {
                let record = Packed { lines: body, ..record };
                return self.answer(job, index, record, (micros, memory)).await;
            }
            Tell::Passed { job, index } => {
                let Some(flight) = self.flight(job, index) else { return Ok(None) };
                if flight.answered().is_none() {
                    return Ok(None);
                }
                self.unpacks_on();
            }
            Tell::Unread { job, index, member, kind, message } => {
                let Some(flight) = self.flight(job, index) else { return Ok(None) };
                flight.answered();
                self.unpacks_on();
                self.tell(Event::Unread { job, index, member, kind, message }).await?;
            }
            Tell::Done { job, micros, memory, space } => return self.done(job, micros, memory, space).await,
        }
        Ok(Some(()))
    }

    /// The file of a job, where `index` is what comes next in it.
    fn flight(&mut self, job: i64, index: u32) -> Option<&mut Flight> {
        self.flights.iter_mut().find(|flight| flight.job() == job && flight.sent && flight.next == index)
    }

    async fn opening(&mut self, job: i64) -> Result<Option<()>, Stop> {
        let Some(flight) = self.flights.iter_mut().find(|flight| flight.job() == job && flight.sent) else {
            return Ok(None);
        };
        let started = std::mem::replace(&mut flight.started, true);
        self.opened = Some(job);
        self.busy_with(Busy::Opening(job));
        if !started {
            self.tell(Event::Started { job }).await?;
        }
        Ok(Some(()))
    }

    async fn found(&mut self, job: i64, document: Found) -> Result<Option<()>, Stop> {
        let opened = self.opened == Some(job);
        let Some(flight) = self.flights.iter_mut().find(|flight| opened && flight.job() == job) else {
            return Ok(None);
        };
        let Some(place) = document.index.checked_sub(flight.next) else { return Ok(None) };
        self.busy_with(Busy::Opening(job));
        let Some(flight) = self.flights.iter_mut().find(|flight| flight.job() == job) else { return Ok(None) };
        let count = flight.found.len();
        match flight.found.get_mut(place as usize) {
            Some(known) if known.document == document => known.asks = true,
            Some(known) => {
                // Between two attempts the file has changed. Its old self can no longer be read, and its new one was not asked for.
                (known.decision, known.pending, known.asks) = (Decision::Skip, None, true);
                self.tell(changed(job, document)).await?;
            }
            None if place as usize == count => {
                let (decision, pending) = oneshot::channel();
                let known = document.clone();
                flight.found.push_back(Known {
                    document: known,
                    pending: Some(pending),
                    decision: Decision::Skip,
                    asks: true,
                });
                self.tell(Event::Found { job, document, decision }).await?;
            }
            None => return Ok(None),
        }
        Ok(Some(()))
    }

    async fn answer(
        &mut self,
        job: i64,
        index: u32,
        record: Packed,
        (micros, memory): (u64, u64),
    ) -> Result<Option<()>, Stop> {
        if self.busy != Busy::Reading(job) {
            return Ok(None);
        }
        let Some(flight) = self.flight(job, index) else { return Ok(None) };
        let cost = flight.spent(micros, memory);
        let Some(document) = flight.answered() else { return Ok(None) };
        self.pace = cost.time;
        self.unpacks_on();
        self.tell(Event::Read { job, sha256: document.sha256, record, cost }).await?;
        Ok(Some(()))
    }

    async fn done(&mut self, job: i64, micros: u64, memory: u64, space: u64) -> Result<Option<()>, Stop> {
        let ended = |flight: &Flight| flight.job() == job && flight.sent;
        if !self.flights.front().is_some_and(ended) {
            return Ok(None);
        }
        let Some(mut flight) = self.flights.pop_front() else { return Ok(None) };
        flight.spent(micros, memory);
        // Found by an earlier worker, and not by this one.
        for known in std::mem::take(&mut flight.found) {
            self.tell(changed(job, known.document)).await?;
        }
        if self.opened == Some(job) {
            self.opened = None;
            self.busy_with(Busy::Waiting);
        }
        // Past three quarters of what it may have, the next file might fail for no fault of its own.
        self.grown |=
            self.worker.as_ref().is_some_and(Worker::is_process) && space > self.shared.options.memory / 4 * 3;
        self.tell(Event::Finished { job, cost: flight.cost }).await?;
        Ok(Some(()))
    }

    /// The worker is lost, or has to be ended.
    async fn lost(&mut self, fault: Fault) -> Result<(), Stop> {
        let Some(worker) = self.worker.take() else { return Ok(()) };
        let (fault, words) = worker.end(fault).await;
        let last_line = words.lines().last().unwrap_or_default();
        tracing::debug!("a worker is lost: {fault:?}, {:?}, {last_line}", self.busy);
        for flight in &mut self.flights {
            flight.sent = false;
            flight.found.iter_mut().for_each(|known| known.asks = false);
        }
        let front = self.flights.front().map(|flight| flight.job());
        match (self.busy, front) {
            (Busy::Reading(job), _) => self.lost_reading(job, fault).await,
            (Busy::Opening(job), _) | (Busy::Waiting, Some(job)) => self.lost_opening(job, fault).await,
            // It died with nothing to do.
            (Busy::Waiting, None) => Ok(()),
        }
    }

    /// Over the document that a file has come to.
    async fn lost_reading(&mut self, job: i64, fault: Fault) -> Result<(), Stop> {
        let Some(flight) = self.bring_forward(job) else { return Ok(()) };
        flight.attempts += 1;
        let (attempt, last) = (flight.attempts, flight.attempts >= ATTEMPTS);
        let document = flight.found.front().map(|known| known.document.clone());
        if last {
            flight.answered();
        }
        self.tell(Event::Lost { job, document, fault, attempt, last }).await
    }

    /// Over the opening or unpacking of a file.
    async fn lost_opening(&mut self, job: i64, fault: Fault) -> Result<(), Stop> {
        let Some(flight) = self.bring_forward(job) else { return Ok(()) };
        flight.openings += 1;
        let (attempt, last) = (flight.openings, flight.openings >= ATTEMPTS);
        let (started, cost) = (std::mem::replace(&mut flight.started, true), flight.cost);
        if !started {
            self.tell(Event::Started { job }).await?;
        }
        self.tell(Event::Lost { job, document: None, fault, attempt, last }).await?;
        if last {
            self.flights.pop_front();
            self.tell(Event::Finished { job, cost }).await?;
        }
        Ok(())
    }

    /// Puts a file before all others: a fresh worker begins with it.
    fn bring_forward(&mut self, job: i64) -> Option<&mut Flight> {
        let place = self.flights.iter().position(|flight| flight.job() == job)?;
        let flight = self.flights.remove(place)?;
        self.flights.push_front(flight);
        self.flights.front_mut()
    }

    /// Tells those who keep the books. While they are busy the worker is not to be judged: it may be waiting for us.
    async fn tell(&mut self, event: Event) -> Result<(), Stop> {
        let began = Instant::now();
        self.shared.events.send(event).await.map_err(|_| Stop::Unheard)?;
        let waited = began.elapsed();
        self.since += waited;
        self.sign += waited;
        Ok(())
    }
}

/// Starts a worker, and waits until it is ready.
async fn start(shared: Arc<Shared>) -> Result<Worker, String> {
    let mut worker = shared.start_worker().await.map_err(|error| error.to_string())?;
    match timeout(START, worker.next()).await {
        Ok(Ok((Tell::Ready { version, limits }, _))) if version == crate::worker::version() => {
            shared.limited(&limits);
            Ok(worker)
        }
        Ok(Ok((Tell::Ready { version, .. }, _))) => {
            worker.retire().await;
            Err(format!("it is of version {version}"))
        }
        Ok(Ok(_)) => Err(last_words(worker, Fault::Garbled, "it begins with the wrong word").await),
        Ok(Err(Broken::Garbled(what))) => Err(last_words(worker, Fault::Garbled, &what).await),
        Ok(Err(Broken::Closed)) => Err(last_words(worker, Fault::Exited { code: 0 }, "it ended at once").await),
        Err(_) => Err(last_words(worker, Fault::Timeout, "it did not say that it is ready").await),
    }
}

/// Between two attempts a file has changed: its old self can no longer be read, and its new one was not asked for.
fn changed(job: i64, document: Found) -> Event {
    let Found { index, member, .. } = document;
    let message = "it changed while it was read; run again when it is complete".to_owned();
    Event::Unread { job, index, member, kind: "changed".to_owned(), message }
}

/// The decision on the document that comes first; where nobody will decide, it is left.
async fn answer(pending: Option<&mut oneshot::Receiver<Decision>>) -> Decision {
    match pending {
        Some(pending) => pending.await.unwrap_or(Decision::Skip),
        None => std::future::pending().await,
    }
}

async fn overdue(due: Option<(Instant, Fault)>) -> Fault {
    match due {
        Some((at, fault)) => {
            sleep_until(at).await;
            fault
        }
        None => std::future::pending().await,
    }
}

/// Why a worker did not start, with the last thing that it said.
async fn last_words(worker: Worker, fault: Fault, what: &str) -> String {
    let (_, words) = worker.end(fault).await;
    match words.lines().rfind(|line| !line.trim().is_empty()) {
        Some(line) => format!("{what}: {line}"),
        None => what.to_owned(),
    }
}

fn path_bytes(path: &std::path::Path) -> Vec<u8> {
    std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()).to_vec()
}
