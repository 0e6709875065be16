//! Workers that are kept: a call takes one that nobody uses, or starts one, and gives it back for the next call.
//!
//! The one that was used last is taken first, so who calls in turn has one worker, and who calls from several threads has as many as there
//! are calls at a time.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use nianbao_bulk::{Event, Expected, Job, Options, Pool};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;

use crate::settings::Settings;

/// How often a call that waits looks whether it is still wanted.
const LOOK: Duration = Duration::from_millis(50);

/// How many workers wait for further calls at most. Each holds some 20 MiB.
const KEPT: usize = 8;

/// Workers that nobody uses, the one used last at the end, and the process that they belong to.
static KEPT_SESSIONS: Mutex<(u32, Vec<Session>)> = Mutex::new((0, Vec::new()));

/// Why a call has no answer.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// No worker could be had; why.
    NoWorker(String),
    /// Whoever called does not want it any more.
    Unwanted,
}

/// A worker with its supervisor.
#[derive(Debug)]
pub(crate) struct Session {
    settings: Settings,
    // In this order they are dropped: the worker ends before what it runs on.
    pool: Pool,
    events: mpsc::Receiver<Event>,
    runtime: Runtime,
    calls: i64,
}

impl Session {
    /// A worker with these settings, kept or new.
    pub(crate) fn take(settings: &Settings, options: &Options) -> Result<Self, Trouble> {
        let kept = kept(|sessions| {
            let place = sessions.iter().rposition(|session| session.settings == *settings)?;
            Some(sessions.remove(place))
        });
        kept.map_or_else(|| Self::start(settings, options), Ok)
    }

    fn start(settings: &Settings, options: &Options) -> Result<Self, Trouble> {
        let failed = |error: std::io::Error| Trouble::NoWorker(error.to_string());
        // Nothing has to go on between two calls, so the caller's own thread is enough.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let (tell, events) = mpsc::channel(16);
        let options = Options { jobs: std::num::NonZeroUsize::MIN, ..options.clone() };
        let pool = {
            let _inside = runtime.enter();
            Pool::start(&options, tell).map_err(failed)?
        };
        Ok(Self { settings: settings.clone(), pool, events, runtime, calls: 0 })
    }

    /// Reads a file: what happens is told to `hear`, until the file is finished. `wanted` is asked now and then.
    ///
    /// A session with trouble is gone, and its worker with it; any other is kept.
    pub(crate) fn read(
        mut self,
        path: PathBuf,
        hear: &mut dyn FnMut(Event),
        wanted: &mut dyn FnMut() -> bool,
    ) -> Result<(), Trouble> {
        let Self { pool, events, runtime, calls, .. } = &mut self;
        *calls += 1;
        let job = Job { id: *calls, path, expected: Expected::default() };
        let finished = runtime.block_on(async {
            if pool.submit(job).await.is_err() {
                return Ok(false);
            }
            loop {
                tokio::select! {
                    biased;
                    event = events.recv() => match event {
                        Some(Event::Finished { .. }) => return Ok(true),
                        Some(event) => hear(event),
                        None => return Ok(false),
                    },
                    () = pool.closed() => return Ok(false),
                    () = tokio::time::sleep(LOOK) => if !wanted() {
                        return Err(Trouble::Unwanted);
                    },
                }
            }
        })?;
        if finished {
            self.keep();
            return Ok(());
        }
        let Self { pool, runtime, .. } = self;
        let ended = runtime.block_on(pool.finish());
        Err(Trouble::NoWorker(ended.err().map_or_else(|| "it has ended".to_owned(), |error| error.to_string())))
    }

    fn keep(self) {
        let surplus = kept(|sessions| {
            sessions.push(self);
            (sessions.len() > KEPT).then(|| sessions.remove(0))
        });
        // Outside of the lock: its worker is ended.
        drop(surplus);
    }
}

/// Does something with the sessions of this process.
fn kept<T>(act: impl FnOnce(&mut Vec<Session>) -> T) -> T {
    let mut kept = KEPT_SESSIONS.lock().unwrap_or_else(PoisonError::into_inner);
    let this = std::process::id();
    if kept.0 != this {
        // Python has forked: these workers are the parent's, and so are the threads that would have to end them.
        std::mem::forget(std::mem::take(&mut kept.1));
        kept.0 = this;
    }
    act(&mut kept.1)
}
