//! The wish to stop: Ctrl-C, or what systems send before they shut down. Once: come to an end in good order. Twice: at once.

use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::error::Error;
use crate::summary::Signal;

/// How often the user has asked to stop, and by what the first time.
#[derive(Clone, Copy, Debug, Default)]
struct Asked {
    times: u32,
    first: Option<Signal>,
}

/// Hears the wish to stop.
#[derive(Clone, Debug)]
pub(crate) struct Stop {
    asked: watch::Receiver<Asked>,
}

impl Stop {
    /// Listens from now on, for as long as the runtime lives.
    pub(crate) fn listen(runtime: &Runtime) -> Result<Self, Error> {
        let _inside = runtime.enter();
        let failed = |error: std::io::Error| Error::Workers(format!("signals cannot be heard ({error})"));
        let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
        let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
        let (tell, asked) = watch::channel(Asked::default());
        runtime.spawn(async move {
            loop {
                let heard = tokio::select! {
                    Some(()) = interrupt.recv() => Signal::Interrupt,
                    Some(()) = terminate.recv() => Signal::Terminate,
                    else => return,
                };
                tell.send_modify(|asked| {
                    asked.times += 1;
                    asked.first.get_or_insert(heard);
                });
            }
        });
        Ok(Self { asked })
    }

    /// By what the user has asked to stop.
    pub(crate) fn asked(&self) -> Option<Signal> {
        self.asked.borrow().first
    }

    /// By what the user has asked to stop at once: it was the second time.
    pub(crate) fn at_once(&self) -> Option<Signal> {
        let asked = *self.asked.borrow();
        asked.first.filter(|_| asked.times > 1)
    }

    /// Waits until the user asks (once more).
    pub(crate) async fn changed(&mut self) {
        if self.asked.changed().await.is_err() {
            // No one listens any more: nobody will ask.
            std::future::pending::<()>().await;
        }
    }
}
