//! What lies on other machines is brought here before a worker reads it: the supervisor writes it to a file, the worker is given that file.
//! So a worker needs no network and sees no credentials, and what comes down the line is bounded in one place.
//!
//! Fetching goes on while workers read. How much lies here unread is bounded twice: by the number of files, and by their bytes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinSet;

use crate::event::{Cost, Event, Job};
use crate::lane::Stop;
use crate::open::MAX_BYTES;
use crate::pool::Shared;
use crate::remote::{Remote, Trouble, address};

/// The folder, in that of the ledger, where objects wait to be read. Whoever holds the lock of the ledger owns it: what a killed run left in
/// it, the next run takes away.
pub(crate) const FOLDER: &str = "ledger.spool";

/// How many objects may be under way or wait here for each worker. A storage answers after some 50 ms, a worker reads a report in some 3 ms.
pub(crate) const AHEAD: usize = 16;

/// What all of them may take on the disk, in units of [`UNIT`]: four of the largest there can be.
const ROOM: u32 = 4096;
const UNIT: u64 = 1 << 20;

/// A file for a worker to read.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) job: Job,
    /// Where its bytes are, where that is not its own path.
    pub(crate) spool: Option<Spool>,
}

impl Ready {
    /// What it is called, where that is not the path that a worker opens.
    pub(crate) fn name(&self) -> Option<String> {
        self.spool.as_ref().map(|_| self.job.path.to_string_lossy().into_owned())
    }

    /// The path that a worker is to open.
    pub(crate) fn path(&self) -> &Path {
        self.spool.as_ref().map_or(&self.job.path, |spool| &spool.path)
    }
}

/// Bytes that were fetched; the file goes when this is dropped.
#[derive(Debug)]
pub(crate) struct Spool {
    path: PathBuf,
    _room: [OwnedSemaphorePermit; 2],
}

impl Spool {
    fn create(folder: &Path, job: i64, room: [OwnedSemaphorePermit; 2]) -> io::Result<Self> {
        let path = folder.join(job.to_string());
        fs::File::create(&path)?;
        Ok(Self { path, _room: room })
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // What cannot be removed now goes with the folder.
        let _ = fs::remove_file(&self.path);
    }
}

/// The folder of spools, empty, while it is needed.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Empties what an earlier run left, and makes the folder.
    pub(crate) fn create(out: &Path) -> io::Result<Self> {
        let path = out.join(FOLDER);
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir(&path)?,
        }
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // The next run does it otherwise.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A file that lies on another machine, and how many bytes it had when it was looked at.
pub(crate) type Away = (Job, u64);

/// Who fetches for a pool.
pub(crate) struct Fetcher {
    pub(crate) shared: Arc<Shared>,
    pub(crate) remote: Arc<dyn Remote>,
    pub(crate) folder: PathBuf,
    /// Where what is here goes to.
    pub(crate) ready: mpsc::Sender<Ready>,
}

impl Fetcher {
    /// Fetches until nothing more comes, or nothing more is wanted.
    pub(crate) async fn run(self, mut wanted: mpsc::Receiver<Away>) -> Result<(), Stop> {
        let files = Arc::new(Semaphore::new(AHEAD * self.shared.options.jobs.get()));
        let bytes = Arc::new(Semaphore::new(ROOM as usize));
        let fetcher = Arc::new(self);
        let mut under_way = JoinSet::new();
        let all = async {
            while let Some((job, size)) = wanted.recv().await {
                // Of what nobody knows the size it may be the largest.
                let size = if size == 0 { MAX_BYTES } else { size };
                let units = u32::try_from(size.div_ceil(UNIT)).unwrap_or(ROOM).clamp(1, ROOM);
                let room =
                    (Arc::clone(&files).acquire_owned().await, Arc::clone(&bytes).acquire_many_owned(units).await);
                let (Ok(file), Ok(bytes)) = room else { return };
                under_way.spawn(Arc::clone(&fetcher).one(job, u64::from(units) * UNIT, [file, bytes]));
                while under_way.try_join_next().is_some() {}
            }
            while under_way.join_next().await.is_some() {}
        };
        tokio::select! {
            biased;
            // What is under way is given up: its file is opened by the next run.
            () = fetcher.shared.stopped() => {}
            () = all => {}
        }
        Ok(())
    }

    async fn one(self: Arc<Self>, job: Job, room: u64, permits: [OwnedSemaphorePermit; 2]) {
        let fetched = self.fetch(&job, room, permits).await;
        // Where nobody listens any more the run has ended.
        let _ = match fetched {
            Ok(spool) => self.shared.hand_over(&self.ready, Ready { job, spool: Some(spool) }).await,
            Err(trouble) => self.failed(job.id, trouble).await,
        };
    }

    async fn fetch(&self, job: &Job, room: u64, permits: [OwnedSemaphorePermit; 2]) -> Result<Spool, Trouble> {
        let path = job.path.as_os_str();
        let address = address(std::os::unix::ffi::OsStrExt::as_bytes(path)).unwrap_or_default();
        let spool = Spool::create(&self.folder, job.id, permits).map_err(|error| not_kept(&error))?;
        let fetched = self.remote.fetch(address, &spool.path, room.min(MAX_BYTES)).await;
        match fetched {
            Err(trouble) if trouble.kind == "too_large" && room < MAX_BYTES => {
                let message = "it has grown since it was looked at; run again when it is complete".to_owned();
                Err(Trouble { kind: "changed", message, everywhere: false })
            }
            fetched => fetched.map(|_| spool),
        }
    }

    /// An object that cannot be had is told as a file that a worker could not open.
    async fn failed(&self, job: i64, trouble: Trouble) -> Option<()> {
        let Trouble { kind, message, .. } = trouble;
        let unread = Event::Unread { job, index: 0, member: String::new(), kind: kind.to_owned(), message };
        for event in [Event::Started { job }, unread, Event::Finished { job, cost: Cost::default() }] {
            self.shared.events.send(event).await.ok()?;
        }
        Some(())
    }
}

fn not_kept(error: &io::Error) -> Trouble {
    let message =
        format!("what is fetched cannot be kept on the disk ({error}); make room and run again with --retry failed");
    Trouble { kind: "unreadable", message, everywhere: false }
}
