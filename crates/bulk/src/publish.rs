//! A dataset put where others read it: its files go from the folder in which they were made to an address, `datapackage.json`, which vouches
//! for the others, last.
//!
//! Each file stands there as it was, or whole as it is. What stands there already is not sent again: beside the ledger it is noted what was
//! put under the address, with the tag that the storage gave it. So a run that ended in the middle is gone on with.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;

use crate::dataset::{self, WrittenFile};
use crate::error::Error;
use crate::lock::Lock;
use crate::options::Options;
use crate::remote::{Object, Remote, Standing, Trouble};
use crate::stop::Stop;
use crate::summary::Signal;

/// The name of the note, beside the ledger.
const NOTE: &str = "ledger.published.json";

/// What came of putting a dataset under an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// The files that were sent, in order.
    pub sent: Vec<String>,
    /// How many stood there already.
    pub unchanged: u64,
    /// The files of an earlier dataset that were taken away.
    pub removed: Vec<String>,
}

/// What stands under an address, as far as we have put it there.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Note {
    address: String,
    files: BTreeMap<String, Stands>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stands {
    sha256: String,
    bytes: u64,
    /// The tag that the storage gave it.
    tag: Option<String>,
}

/// Puts the dataset that stands whole in the folder `out` under an address, a folder on another machine.
///
/// # Errors
/// What was sent until then stands; the next call goes on from there.
pub fn publish(out: &Path, address: &str, options: &Options) -> Result<Published, Error> {
    let remote = options.remote.as_deref().ok_or_else(|| crate::run::without(address))?;
    let _lock = Lock::take(out)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|error| Error::Workers(error.to_string()))?;
    let stop = Stop::listen(&runtime, options.stop.as_ref())?;
    let address = format!("{}/", address.trim_end_matches('/'));
    let mut publisher = Publisher { out, note: read_note(out, &address), address, remote, runtime: &runtime, stop };
    let published = publisher.all();
    runtime.shutdown_background();
    published
}

/// Whether a dataset could be put under an address, as far as can be told before there is one: it is one, and the storage lets us in.
///
/// # Errors
/// It is wrong usage, or nothing behind it can be reached.
pub fn check_address(address: &str, options: &Options) -> Result<(), Error> {
    let remote = options.remote.as_deref().ok_or_else(|| crate::run::without(address))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Error::Workers(error.to_string()))?;
    let looked = runtime.block_on(remote.look(&format!("{}/{}", address.trim_end_matches('/'), dataset::DESCRIPTION)));
    let failed = |trouble: Trouble| Error::Remote {
        address: address.to_owned(),
        why: trouble.message,
        usage: trouble.kind != "unreachable",
    };
    looked.map(drop).map_err(failed)
}

struct Publisher<'a> {
    out: &'a Path,
    address: String,
    note: Note,
    remote: &'a dyn Remote,
    runtime: &'a Runtime,
    stop: Stop,
}

impl Publisher<'_> {
    fn all(&mut self) -> Result<Published, Error> {
        let files = dataset::files(self.out)?;
        let mut published = Published::default();
        for file in &files {
            if let Some(signal) = self.stop.asked() {
                return Err(Error::Stopped(signal));
            }
            if self.stands(file)? {
                published.unchanged += 1;
            } else {
                self.send(file)?;
                published.sent.push(file.name.clone());
            }
        }
        let is_there = |name: &String| files.iter().any(|file| file.name == *name);
        let old: Vec<String> = self.note.files.keys().filter(|name| !is_there(name)).cloned().collect();
        for name in old {
            let at = self.at(&name);
            self.ask(&at, self.remote.remove(&at))?;
            self.note.files.remove(&name);
            write_note(self.out, &self.note)?;
            published.removed.push(name);
        }
        Ok(published)
    }

    fn at(&self, name: &str) -> String {
        format!("{}{name}", self.address)
    }

    /// Whether what we have put there is this file, and nobody has put another one in its place.
    fn stands(&self, file: &WrittenFile) -> Result<bool, Error> {
        let Some(noted) = self.note.files.get(&file.name).filter(|noted| noted.sha256 == file.sha256_text()) else {
            return Ok(false);
        };
        let at = self.at(&file.name);
        Ok(match self.ask(&at, self.remote.look(&at))? {
            Standing::Object(Object { size, tag, .. }) => {
                tag.is_some() && *noted == Stands { sha256: file.sha256_text(), bytes: size, tag } && size == file.bytes
            }
            Standing::Folder | Standing::Nothing => false,
        })
    }

    fn send(&mut self, file: &WrittenFile) -> Result<(), Error> {
        let (path, at) = (self.out.join(&file.name), self.at(&file.name));
        let object = self.ask(&at, self.remote.put(&path, &at))?;
        let stands = Stands { sha256: file.sha256_text(), bytes: file.bytes, tag: object.tag };
        self.note.files.insert(file.name.clone(), stands);
        write_note(self.out, &self.note)
    }

    /// Waits for an answer, or until the user asks to stop at once: what is only half sent is then given up, and never seen.
    fn ask<T>(&self, at: &str, answer: impl Future<Output = Result<T, Trouble>>) -> Result<T, Error> {
        let mut stop = self.stop.clone();
        let failed = |trouble: Trouble| {
            let why = format!("{}; the same command goes on from here", trouble.message);
            Error::Remote { address: at.to_owned(), why, usage: trouble.everywhere }
        };
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                signal = at_once(&mut stop) => Err(Error::Stopped(signal)),
                answer = answer => answer.map_err(failed),
            }
        })
    }
}

async fn at_once(stop: &mut Stop) -> Signal {
    loop {
        if let Some(signal) = stop.at_once() {
            return signal;
        }
        stop.changed().await;
    }
}

/// What was noted of this address; nothing where the note is of another one, or cannot be read: then all is sent.
fn read_note(out: &Path, address: &str) -> Note {
    let note = fs::read(out.join(NOTE)).ok().and_then(|bytes| serde_json::from_slice::<Note>(&bytes).ok());
    note.filter(|note| note.address == address)
        .unwrap_or_else(|| Note { address: address.to_owned(), files: BTreeMap::new() })
}

fn write_note(out: &Path, note: &Note) -> Result<(), Error> {
    let path = out.join(NOTE);
    let part = out.join(format!("{NOTE}.part"));
    let failed = |error| Error::write(&path, error);
    let mut file = fs::File::create(&part).map_err(failed)?;
    let text = serde_json::to_vec(note).map_err(|error| failed(error.into()))?;
    file.write_all(&text).and_then(|()| file.sync_all()).map_err(failed)?;
    fs::rename(&part, &path).map_err(failed)
}
