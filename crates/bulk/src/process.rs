//! A worker as the supervisor sees it: a process, or a thread, at the other end of two pipes.

use std::io;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::event::Fault;
use crate::protocol::{Ask, Broken, Incoming, Tell, Terms, put};
use crate::worker;

/// How much of what a worker says on stderr is kept: its last words.
const LAST_WORDS: usize = 4 << 10;

/// How long a worker may take to take in what it is told; it does nothing else on that side.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long an idle worker may take to end.
const FAREWELL: Duration = Duration::from_secs(5);

/// A worker at work.
pub(crate) struct Worker {
    incoming: Incoming<Box<dyn AsyncRead + Send + Unpin>>,
    /// Closed when it is dropped, which ends the worker.
    outgoing: Box<dyn AsyncWrite + Send + Unpin>,
    /// What it is told next.
    frames: Vec<u8>,
    /// `None` where it is a thread.
    process: Option<Process>,
}

struct Process {
    child: Child,
    last_words: JoinHandle<Vec<u8>>,
}

impl Worker {
    /// The next thing that it says.
    pub(crate) async fn next(&mut self) -> Result<(Tell, Vec<u8>), Broken> {
        self.incoming.next().await
    }

    /// Whether the next thing that it says is here.
    pub(crate) fn has_said_more(&self) -> bool {
        self.incoming.is_here()
    }

    /// Tells it something when the next [`flush`](Self::flush) comes.
    pub(crate) fn ask(&mut self, ask: &Ask, body: &[u8]) -> io::Result<()> {
        put(&mut self.frames, ask, body)
    }

    /// Everything asked so far reaches it, in one piece: each wakes it up.
    pub(crate) async fn flush(&mut self) -> io::Result<()> {
        if self.frames.is_empty() {
            return Ok(());
        }
        let frames = std::mem::take(&mut self.frames);
        let written = timeout(PATIENCE, self.outgoing.write_all(&frames)).await;
        written.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }

    /// Whether it is a process of its own.
    pub(crate) const fn is_process(&self) -> bool {
        self.process.is_some()
    }

    /// Lets it end by itself; it has nothing to do.
    pub(crate) async fn retire(self) {
        drop(self.outgoing);
        if let Some(mut process) = self.process
            && timeout(FAREWELL, process.child.wait()).await.is_err()
        {
            process.kill().await;
        }
    }

    /// Ends it, and tells how it died: of itself, or else of `wanted`. A thread cannot be ended; it is left alone.
    pub(crate) async fn end(self, wanted: Fault) -> (Fault, String) {
        let Some(process) = self.process else { return (wanted, String::new()) };
        process.end(wanted).await
    }
}

impl Process {
    async fn kill(&mut self) {
        // It can only fail where the process has ended already.
        let _ = self.child.start_kill();
        let _ = self.child.wait().await;
    }

    async fn end(mut self, wanted: Fault) -> (Fault, String) {
        // One that died of itself is given the moment that its death takes.
        let closed = matches!(wanted, Fault::Exited { .. });
        let ended = match closed {
            true => timeout(FAREWELL, self.child.wait()).await.ok().and_then(Result::ok),
            false => self.child.try_wait().ok().flatten(),
        };
        let status = match ended {
            Some(status) => Some(status),
            None => {
                let _ = self.child.start_kill();
                self.child.wait().await.ok()
            }
        };
        let words = timeout(FAREWELL, &mut self.last_words).await.ok().and_then(Result::ok).unwrap_or_default();
        let words = String::from_utf8_lossy(&words).into_owned();
        let killed = ended.is_none();
        (status.map_or(wanted, |status| cause(status, &words, wanted, killed)), words)
    }
}

/// What a worker died of: its own end weighs more than what we ended it for.
fn cause(status: ExitStatus, words: &str, wanted: Fault, killed: bool) -> Fault {
    const KILL: i32 = 9;
    match signal(status) {
        Some(KILL) if killed => wanted,
        // Rust's own words where memory or stack end, before it aborts.
        Some(_) if words.contains(worker::OUT_OF_MEMORY) => Fault::OutOfMemory,
        Some(_) if words.contains("has overflowed its stack") => Fault::StackOverflow,
        Some(signal) => Fault::Crashed { signal },
        None if matches!(wanted, Fault::Exited { .. }) => Fault::Exited { code: status.code().unwrap_or_default() },
        None => wanted,
    }
}

fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

/// What a worker runs.
#[derive(Clone, Debug)]
pub(crate) enum Program {
    /// A program, with its arguments.
    Process(PathBuf, Vec<String>),
    /// This program's own way, on a thread.
    Thread,
}

/// A wish for a new process, and where it goes.
type Wish = oneshot::Sender<io::Result<Child>>;

/// Starts processes from one thread that lives as long as the pool. Linux ends a process with the *thread* that started it.
#[derive(Clone, Debug)]
pub(crate) struct Starter {
    program: Program,
    wishes: mpsc::UnboundedSender<Wish>,
}

impl Starter {
    pub(crate) fn new(program: Program) -> io::Result<Self> {
        let (wishes, mut asked) = mpsc::unbounded_channel::<Wish>();
        if let Program::Process(path, arguments) = &program {
            let (path, arguments) = (path.clone(), arguments.clone());
            let runtime = tokio::runtime::Handle::current();
            let start = move || {
                while let Some(wish) = asked.blocking_recv() {
                    let _inside = runtime.enter();
                    // Whoever no longer wants it drops it, and that ends it.
                    let _ = wish.send(spawn(&path, &arguments));
                }
            };
            std::thread::Builder::new().name("starter".to_owned()).spawn(start)?;
        }
        Ok(Self { program, wishes })
    }

    /// A new worker, told what holds for all files.
    pub(crate) async fn start(&self, terms: &Terms, form: &[u8]) -> io::Result<Worker> {
        let mut worker = match &self.program {
            Program::Process(..) => self.process().await?,
            Program::Thread => thread()?,
        };
        let parent = worker.process.is_some().then(std::process::id);
        worker.ask(&Ask::Begin(Terms { parent, ..terms.clone() }), form)?;
        worker.flush().await?;
        Ok(worker)
    }

    async fn process(&self) -> io::Result<Worker> {
        let gone = || io::Error::other("the thread that starts workers has ended");
        let (wish, child) = oneshot::channel();
        self.wishes.send(wish).map_err(|_| gone())?;
        let mut child = child.await.map_err(|_| gone())??;
        let (Some(input), Some(output), Some(errors)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(gone());
        };
        let last_words = tokio::spawn(last_words(errors));
        Ok(Worker {
            incoming: Incoming::new(Box::new(output)),
            outgoing: Box::new(input),
            frames: Vec::new(),
            process: Some(Process { child, last_words }),
        })
    }
}

fn spawn(path: &PathBuf, arguments: &[String]) -> io::Result<Child> {
    let mut command = Command::new(path);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    // Memory set aside for each thread counts as address space; one arena serves a worker well, as one thread does its work.
    command.env("MALLOC_ARENA_MAX", "1");
    // Naming the frames of a panic takes in the debug information of the whole program, which counts too: later files would miss it.
    command.env("RUST_BACKTRACE", "0");
    // What opens a storage is the supervisor's alone: a worker reads foreign bytes.
    for (name, _) in std::env::vars_os() {
        if opens_something(&name) {
            command.env_remove(name);
        }
    }
    // Ctrl-C at the terminal is for the supervisor, which lets workers finish.
    command.process_group(0);
    command.spawn()
}

/// Whether a variable of the environment may hold credentials of a storage, or of the proxy on the way to it.
fn opens_something(name: &std::ffi::OsStr) -> bool {
    const BEGINNINGS: [&str; 8] =
        ["AWS_", "GOOGLE_", "AZURE_", "AZURITE_", "SERVICE_ACCOUNT", "MSI_", "IDENTITY_", "CLOUDSDK_"];
    let name = name.to_string_lossy().to_ascii_uppercase();
    BEGINNINGS.iter().any(|beginning| name.starts_with(beginning)) || name.ends_with("_PROXY")
}

/// Listens to the end, so that the worker never waits for us, and keeps the last of it.
async fn last_words(mut from: impl AsyncRead + Unpin) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut piece = [0; 1024];
    while let Ok(length @ 1..) = from.read(&mut piece).await {
        kept.extend(piece.get(..length).unwrap_or_default());
        kept.drain(..kept.len().saturating_sub(LAST_WORDS));
    }
    kept
}

fn thread() -> io::Result<Worker> {
    use tokio::net::unix::pipe;
    let (asked, ask) = io::pipe()?;
    let (told, tell) = io::pipe()?;
    worker::serve_here(asked, tell, |task| task.read())?;
    Ok(Worker {
        incoming: Incoming::new(Box::new(pipe::Receiver::from_owned_fd(told.into())?)),
        outgoing: Box::new(pipe::Sender::from_owned_fd(ask.into())?),
        frames: Vec::new(),
        process: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_is_not_told_what_opens_a_storage() {
        for secret in ["AWS_SECRET_ACCESS_KEY", "aws_session_token", "GOOGLE_SERVICE_ACCOUNT_KEY", "https_proxy"] {
            assert!(opens_something(secret.as_ref()), "{secret}");
        }
        for harmless in ["PATH", "HOME", "NIANBAO_LOG", "PYTHONPATH", "LAWS_"] {
            assert!(!opens_something(harmless.as_ref()), "{harmless}");
        }
    }
}
