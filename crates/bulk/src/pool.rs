//! The pool: as many lanes as files may be read at a time, one queue before them, one stream of events behind them.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::{Mutex, mpsc, watch};
use tokio::task::JoinSet;

use crate::event::{Event, Job};
use crate::fetch::{self, Away, Fetcher, Ready};
use crate::lane::{Lane, Stop};
use crate::options::{Isolation, Options};
use crate::process::{Program, Starter, Worker};
use crate::protocol::{Limit, Terms};
use crate::remote::Remote;

/// How many files the pool has for each worker, so that none is ever idle: those that it has, and as many that wait for it.
/// Whoever hands them over never waits for room: while it waits it hears no events, and a worker that waits for its decision waits for ever.
const AHEAD: usize = 2 * crate::lane::AT_A_TIME;

/// Workers that read files, and whoever watches over them. Dropping it ends the workers in the middle of what they do.
#[derive(Debug)]
pub struct Pool {
    queue: mpsc::Sender<Ready>,
    /// What is to be fetched first, where somebody can.
    away: Option<mpsc::Sender<Away>>,
    lanes: JoinSet<Result<(), Stop>>,
    shared: Arc<Shared>,
}

/// Why a pool could not go on. Files that are not finished are nobody's fault, and may be read another time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolError(String);

impl fmt::Display for PoolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PoolError {}

/// What all lanes have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(crate) events: mpsc::Sender<Event>,
    queue: Mutex<mpsc::Receiver<Ready>>,
    /// How many files wait in the queue.
    queued: AtomicUsize,
    starter: Starter,
    /// Whether nothing new is to be begun.
    stopping: watch::Sender<bool>,
    /// Whether the limits of a worker were told.
    told: AtomicBool,
}

impl Pool {
    /// Starts as many lanes as `options.jobs` says, inside a tokio runtime; workers start when there is something to read. What happens
    /// goes to `events`, which must be listened to all the time.
    ///
    /// # Errors
    /// A system that gives no thread, or does not tell which program this is.
    pub fn start(options: &Options, events: mpsc::Sender<Event>) -> io::Result<Self> {
        let lanes = options.jobs.get();
        let (queue, jobs) = mpsc::channel(ahead(options));
        let shared = Arc::new(Shared {
            options: options.clone(),
            events,
            queue: Mutex::new(jobs),
            queued: AtomicUsize::new(0),
            starter: Starter::new(program(options)?)?,
            stopping: watch::Sender::new(false),
            told: AtomicBool::new(false),
        });
        let mut pool = Self { queue, away: None, lanes: JoinSet::new(), shared };
        for _ in 0..lanes {
            let lane = Lane::new(Arc::clone(&pool.shared));
            let shared = Arc::clone(&pool.shared);
            pool.lanes.spawn(async move {
                let ended = lane.run().await;
                if ended.is_err() {
                    // Where one lane cannot go on, none will: the others finish what they have.
                    shared.stop();
                }
                ended
            });
        }
        Ok(pool)
    }

    /// From now on, what lies on other machines can be handed over too; until it is read it lies in this folder.
    pub(crate) fn fetch_into(&mut self, folder: PathBuf, remote: Arc<dyn Remote>) {
        let (away, wanted) = mpsc::channel(ahead(&self.shared.options));
        let fetcher = Fetcher { shared: Arc::clone(&self.shared), remote, folder, ready: self.queue.clone() };
        self.lanes.spawn(fetcher.run(wanted));
        self.away = Some(away);
    }

    /// Hands over a file that lies on another machine, and how many bytes it had when it was looked at.
    pub(crate) async fn submit_away(&self, away: Away) -> Result<(), PoolError> {
        let closed = || PoolError("no more files are read".to_owned());
        let Some(queue) = &self.away else { return self.submit(away.0).await };
        tokio::select! {
            biased;
            () = self.shared.stopped() => Err(closed()),
            sent = queue.send(away) => sent.map_err(|_| closed()),
        }
    }

    /// Hands over a file to be read, waiting while enough are waiting.
    ///
    /// # Errors
    /// The pool cannot go on; [`finish`](Self::finish) says why.
    pub async fn submit(&self, job: Job) -> Result<(), PoolError> {
        let closed = || PoolError("no more files are read".to_owned());
        tokio::select! {
            biased;
            () = self.shared.stopped() => Err(closed()),
            sent = self.shared.hand_over(&self.queue, Ready { job, spool: None }) => sent.ok_or_else(closed),
        }
    }

    /// Waits until the pool takes no more files, because it cannot go on; [`finish`](Self::finish) says why.
    pub async fn closed(&self) {
        self.shared.stopped().await;
    }

    /// Waits until all files that were handed over are finished.
    ///
    /// # Errors
    /// No worker could be started, or a lane has failed.
    pub async fn finish(mut self) -> Result<(), PoolError> {
        drop((self.queue, self.away));
        let mut result = Ok(());
        while let Some(ended) = self.lanes.join_next().await {
            let error = match ended {
                Ok(Ok(())) => continue,
                Ok(Err(Stop::NoWorker(why))) => PoolError(format!("no worker could be started: {why}")),
                Ok(Err(Stop::Unheard)) => PoolError("the run ended before its workers".to_owned()),
                Err(error) => PoolError(format!("a fault of this program: {error}")),
            };
            if result.is_ok() {
                result = Err(error);
            }
        }
        result
    }

    /// Begins with no further file, and waits until those that were begun are finished.
    ///
    /// # Errors
    /// As for [`finish`](Self::finish).
    pub async fn stop(self) -> Result<(), PoolError> {
        self.shared.stop();
        self.finish().await
    }
}

impl Shared {
    /// Puts a file into the queue, once there is room.
    pub(crate) async fn hand_over(&self, queue: &mpsc::Sender<Ready>, ready: Ready) -> Option<()> {
        let place = queue.reserve().await.ok()?;
        self.queued.fetch_add(1, Ordering::Relaxed);
        place.send(ready);
        Some(())
    }

    /// The next file, once there is one; `None` when no more will come.
    pub(crate) async fn next_job(&self) -> Option<Ready> {
        let next = async { self.queue.lock().await.recv().await };
        let job = tokio::select! {
            biased;
            () = self.stopped() => None,
            job = next => job,
        };
        if job.is_some() {
            self.queued.fetch_sub(1, Ordering::Relaxed);
        }
        job
    }

    /// The next file, where it is there now and nobody else waits for it.
    pub(crate) fn job_at_hand(&self) -> Option<Ready> {
        let stopping = *self.stopping.borrow();
        let job = self.queue.try_lock().ok().filter(|_| !stopping)?.try_recv().ok()?;
        self.queued.fetch_sub(1, Ordering::Relaxed);
        Some(job)
    }

    /// Whether the queue holds enough for every lane, so that one of them may take a second file.
    pub(crate) fn has_spare(&self) -> bool {
        !*self.stopping.borrow() && self.queued.load(Ordering::Relaxed) >= self.options.jobs.get()
    }

    pub(crate) async fn stopped(&self) {
        // It cannot fail: the other end is here.
        let _ = self.stopping.subscribe().wait_for(|stopping| *stopping).await;
    }

    fn stop(&self) {
        self.stopping.send_replace(true);
    }

    pub(crate) async fn start_worker(&self) -> io::Result<Worker> {
        let Options { memory, tables, form, .. } = &self.options;
        let terms = Terms { parent: None, memory: *memory, tables: *tables, form: form.is_some() };
        self.starter.start(&terms, form.as_deref().unwrap_or_default().as_bytes()).await
    }

    /// Says once how workers are limited.
    pub(crate) fn limited(&self, limits: &[Limit]) {
        if self.told.swap(true, Ordering::Relaxed) {
            return;
        }
        for limit in limits {
            match &limit.missing {
                None => tracing::debug!("workers: {}: set", limit.name),
                Some(why) => tracing::info!("workers: {}: {why}", limit.name),
            }
        }
    }
}

/// How many files may be in a pool at a time. Its queue has room for all of them: whoever keeps to it never waits when handing one over.
pub(crate) fn ahead(options: &Options) -> usize {
    let for_each = if options.remote.is_some() { fetch::AHEAD } else { AHEAD };
    options.jobs.get().saturating_mul(for_each)
}

fn program(options: &Options) -> io::Result<Program> {
    Ok(match (options.isolation, &options.worker) {
        (Isolation::None, _) => Program::Thread,
        (Isolation::Process, Some((path, arguments))) => Program::Process(path.clone(), arguments.clone()),
        (Isolation::Process, None) => Program::Process(this_program()?, vec!["worker".to_owned()]),
    })
}

/// The running program, also where its file was replaced by a newer one in the meantime.
fn this_program() -> io::Result<PathBuf> {
    let running = PathBuf::from("/proc/self/exe");
    if running.exists() { Ok(running) } else { std::env::current_exe() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// Whoever hands files over hears no event meanwhile: were there no room, neither side would ever go on.
    #[test]
    fn as_many_files_as_may_be_handed_over_find_room_though_nobody_listens() {
        let options = Options { jobs: 2.try_into().unwrap(), isolation: Isolation::None, ..Options::default() };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let (events, unheard) = mpsc::channel(1);
            let pool = Pool::start(&options, events).unwrap();
            for id in 0..i64::try_from(ahead(&options)).unwrap() {
                let job =
                    Job { id, path: PathBuf::from(format!("/nowhere/{id}")), expected: crate::Expected::default() };
                let handed = tokio::time::timeout(Duration::from_secs(30), pool.submit(job)).await;
                assert_eq!(handed.expect("there is no room"), Ok(()), "file {id}");
            }
            drop(unheard);
        });
    }
}
