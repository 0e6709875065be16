//! The wish to stop: Ctrl-C, or what systems send before they shut down. Once: come to an end in good order. Twice: at once.
//!
//! A program listens to its own signals. A guest in another program must not: once taken, a signal no longer does what it did before. Whoever
//! calls from there holds a [`Stopper`].

use std::sync::Arc;

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

impl Asked {
    fn once_more(&mut self, by: Signal) {
        self.times += 1;
        self.first.get_or_insert(by);
    }
}

/// The wish to stop, in the hands of whoever calls [`convert`](crate::convert): the signals of the process are left alone. Its clones are one.
#[derive(Clone, Debug, Default)]
pub struct Stopper(Arc<watch::Sender<Asked>>);

impl Stopper {
    /// Asks the run to come to an end; the second time: at once.
    pub fn ask(&self, by: Signal) {
        self.0.send_modify(|asked| asked.once_more(by));
    }
}

/// Hears the wish to stop.
#[derive(Clone, Debug)]
pub(crate) struct Stop {
    asked: watch::Receiver<Asked>,
}

impl Stop {
    /// Listens from now on, for as long as the runtime lives: to the stopper, or where there is none to the signals of the process.
    pub(crate) fn listen(runtime: &Runtime, stopper: Option<&Stopper>) -> Result<Self, Error> {
        if let Some(Stopper(tell)) = stopper {
            return Ok(Self { asked: tell.subscribe() });
        }
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
                tell.send_modify(|asked| asked.once_more(heard));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopper_is_heard_once_and_twice_by_what_it_said_first() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let stopper = Stopper::default();
        let stop = Stop::listen(&runtime, Some(&stopper)).unwrap();
        assert_eq!((stop.asked(), stop.at_once()), (None, None));
        stopper.clone().ask(Signal::Interrupt);
        assert_eq!((stop.asked(), stop.at_once()), (Some(Signal::Interrupt), None));
        stopper.ask(Signal::Terminate);
        assert_eq!(stop.at_once(), Some(Signal::Interrupt));
    }
}
