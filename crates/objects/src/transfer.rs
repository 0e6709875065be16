//! The bytes of an object into a file, and those of a file into an object.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::time::Duration;

use futures_util::StreamExt as _;
use nianbao_bulk::Trouble;
use object_store::path::Path as Key;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt as _, PutPayload};
use tokio::time::{Instant, timeout, timeout_at};

use crate::trouble::{Failed, explain};

/// How long a line may be silent.
pub(crate) const SILENCE: Duration = Duration::from_secs(60);

/// An object has a minute, and a second more for each so many bytes: slower is no line on which a run should wait.
const SLOWEST: u64 = 64 << 10;

/// Files up to this size go in one request, larger ones in parts of it: what is held of a file in memory.
const PART: u64 = 16 << 20;

/// How many parts S3 takes at most, with some room.
const PARTS: u64 = 9_000;

/// Until when an object of so many bytes may take.
pub(crate) fn deadline(size: u64) -> Instant {
    Instant::now() + SILENCE + Duration::from_secs(size / SLOWEST)
}

/// A file that is being written, and may not grow past a bound.
pub(crate) struct Bounded {
    file: File,
    bytes: u64,
    most: u64,
}

impl Bounded {
    pub(crate) fn create(path: &Path, most: u64) -> Result<Self, Failed> {
        let file = File::create(path).map_err(|error| not_kept(&error))?;
        Ok(Self { file, bytes: 0, most })
    }

    pub(crate) fn add(&mut self, piece: &[u8]) -> Result<(), Failed> {
        self.bytes += piece.len() as u64;
        if self.bytes > self.most {
            return Err(too_large());
        }
        self.file.write_all(piece).map_err(|error| not_kept(&error))
    }

    pub(crate) const fn bytes(&self) -> u64 {
        self.bytes
    }
}

pub(crate) fn too_large() -> Failed {
    Failed::new("too_large", "larger than 1 GiB; no report is: look at what lies there")
}

fn not_kept(error: &std::io::Error) -> Failed {
    let message =
        format!("what is fetched cannot be kept on the disk ({error}); make room and run again with --retry failed");
    Failed::new("unreadable", message)
}

/// Fetches an object once. A line that breaks is taken up again by the library where the storage tells which version of the object it gives.
pub(crate) async fn fetch(store: &dyn ObjectStore, key: &Key, file: &Path, most: u64) -> Result<u64, Failed> {
    let failed = |error: object_store::Error| Failed { trouble: explain(&error), again: false };
    let silent = |_| Failed::unreachable("it took too long");
    let got = store.get(key).await.map_err(failed)?;
    let size = got.meta.size;
    if size > most {
        return Err(too_large());
    }
    let (mut file, deadline) = (Bounded::create(file, most)?, deadline(size));
    let mut pieces = got.into_stream();
    loop {
        let soonest = deadline.min(Instant::now() + SILENCE);
        let Some(piece) = timeout_at(soonest, pieces.next()).await.map_err(silent)? else { break };
        let piece = piece.map_err(|error| Failed { again: true, ..failed(error) })?;
        file.add(&piece)?;
    }
    if file.bytes() != size {
        return Err(Failed::unreachable("the connection ended early"));
    }
    Ok(size)
}

/// Puts a file; how many bytes it has, and the tag that it was given. A part of it is never seen: one request carries the whole of it, or the
/// parts are put together when all are there.
pub(crate) async fn put(store: &dyn ObjectStore, key: &Key, file: &Path) -> Result<(u64, Option<String>), Trouble> {
    let opened = File::open(file).and_then(|file| Ok((file.metadata()?.len(), file)));
    let (size, mut file) = opened.map_err(|error| unsent(&error))?;
    let part = PART.max(size.div_ceil(PARTS));
    if size <= part {
        let bytes = piece(&mut file, part)?;
        let put = store.put(key, PutPayload::from(bytes)).await.map_err(|error| explain(&error))?;
        return Ok((size, put.e_tag));
    }
    let mut upload = store.put_multipart(key).await.map_err(|error| explain(&error))?;
    let sent = parts(&mut *upload, &mut file, part).await;
    if sent.is_err() {
        // What cannot be taken away is not seen either, and goes by the rules of the bucket.
        let _ = timeout(SILENCE, upload.abort()).await;
    }
    sent.map(|tag| (size, tag))
}

async fn parts(upload: &mut dyn MultipartUpload, file: &mut File, part: u64) -> Result<Option<String>, Trouble> {
    loop {
        let bytes = piece(file, part)?;
        if bytes.is_empty() {
            break;
        }
        upload.put_part(PutPayload::from(bytes)).await.map_err(|error| explain(&error))?;
    }
    Ok(upload.complete().await.map_err(|error| explain(&error))?.e_tag)
}

fn piece(file: &mut File, most: u64) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes).map_err(|error| unsent(&error))?;
    Ok(bytes)
}

pub(crate) fn unsent(error: &std::io::Error) -> Trouble {
    Failed::new("unreadable", format!("the file that was to be sent cannot be read: {error}")).trouble
}
