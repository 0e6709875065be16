//! What supervisor and worker say to each other, and how it stands in the pipe.
//!
//! ```text
//! frame = length of what follows (u32) · length of the head (u32) · head (JSON) · body (bytes)      all little endian
//! ```
//!
//! The head says what it is; paths, forms and packed records, which are bytes, are the body. A worker is not to be trusted: it read foreign
//! bytes. What it sends is bounded, and whatever does not parse is a fault of the worker.

use std::fmt;
use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use crate::event::{Expected, Found};
use crate::record::Packed;

/// How long a frame may be. The packed tables of a thousand pages make some 2 MB.
pub(crate) const MAX_FRAME: usize = 32 << 20;

/// How much is read at a time; what a pipe holds.
const CHUNK: usize = 64 << 10;

/// What the supervisor says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Ask {
    /// The first frame: what holds for all files. The body is the form file, where there is one.
    Begin(Terms),
    /// Open a file. The body is its path.
    Open {
        job: i64,
        /// Documents before this one are answered already.
        from: u32,
        /// Hold nothing back: each document is read before the next one is looked for.
        alone: bool,
        /// What the file is to be.
        expected: Expected,
        /// What the file is called, where that is not its path: it was fetched from there. Members of archives are named after it.
        name: Option<String>,
    },
    /// What to do with the next document that was found.
    Decide { job: i64, index: u32, read: bool },
}

/// What holds for all files that a worker is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Terms {
    /// The process that supervises, where the worker is one of its own.
    pub(crate) parent: Option<u32>,
    /// How much address space it may have, in bytes.
    pub(crate) memory: u64,
    /// Whether tables are asked for.
    pub(crate) tables: bool,
    /// Whether the body is a form file.
    pub(crate) form: bool,
}

/// What a worker says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Tell {
    /// The first frame: it is ready, and so limited.
    Ready { version: String, limits: Vec<Limit> },
    /// It opens a file, and unpacks it: whenever it is not reading or waiting, that is what it does.
    Opening { job: i64 },
    /// A document is there, and waits for the decision.
    Found { job: i64, document: Found },
    /// It has nothing to do until a decision or a job comes.
    Waiting,
    /// It reads a document.
    Reading { job: i64, index: u32 },
    /// A stage is behind it.
    Progress,
    /// A document was read. The body holds the lines.
    Answer { job: i64, index: u32, record: Packed, micros: u64, memory: u64 },
    /// A document was left, as decided.
    Passed { job: i64, index: u32 },
    /// The file, or a member of it, cannot be had.
    Unread { job: i64, index: u32, member: String, kind: String, message: String },
    /// The file is done with.
    Done {
        job: i64,
        /// How long opening and unpacking took.
        micros: u64,
        /// The most memory held so far.
        memory: u64,
        /// How much address space is taken.
        space: u64,
    },
}

/// What came of limiting a worker in one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Limit {
    /// What is limited.
    pub(crate) name: String,
    /// Why it could not be.
    pub(crate) missing: Option<String>,
}

/// Why nothing more can be read from the other side.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The pipe is closed.
    Closed,
    /// What came is no frame, or says nothing that we know.
    Garbled(String),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => write!(f, "the pipe is closed"),
            Self::Garbled(what) => write!(f, "what came down the pipe cannot be understood: {what}"),
        }
    }
}

/// Adds a frame to what is to be written.
///
/// # Errors
/// A frame that is too long.
pub(crate) fn put(frames: &mut Vec<u8>, head: &impl Serialize, body: &[u8]) -> io::Result<()> {
    let start = frames.len();
    frames.extend([0; 8]);
    serde_json::to_writer(&mut *frames, head)?;
    let head_len = frames.len() - start - 8;
    frames.extend(body);
    let length = frames.len() - start - 4;
    if length > MAX_FRAME {
        frames.truncate(start);
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "too much for one frame"));
    }
    let lengths = [(length as u32).to_le_bytes(), (head_len as u32).to_le_bytes()].concat();
    if let Some(space) = frames.get_mut(start..start + 8) {
        space.copy_from_slice(&lengths);
    }
    Ok(())
}

/// A frame that stands whole at the start of what was read.
struct Frame<T> {
    head: T,
    body: Vec<u8>,
    /// How many bytes it takes.
    length: usize,
}

/// The first frame of what was read; `None` where it is not all there yet.
fn take<T: DeserializeOwned>(read: &[u8]) -> Result<Option<Frame<T>>, Broken> {
    let garbled = |what: &dyn fmt::Display| Broken::Garbled(what.to_string());
    let Some((length, rest)) = read.split_first_chunk::<4>() else { return Ok(None) };
    let length = u32::from_le_bytes(*length) as usize;
    if !(4..=MAX_FRAME).contains(&length) {
        return Err(garbled(&format_args!("a frame of {length} bytes")));
    }
    let Some(frame) = rest.get(..length) else { return Ok(None) };
    let (head, rest) = frame.split_first_chunk::<4>().ok_or_else(|| garbled(&"a frame without a head"))?;
    let (head, body) = rest
        .split_at_checked(u32::from_le_bytes(*head) as usize)
        .ok_or_else(|| garbled(&"a head longer than its frame"))?;
    let head = serde_json::from_slice(head).map_err(|error| garbled(&error))?;
    Ok(Some(Frame { head, body: body.to_vec(), length: 4 + length }))
}

/// Frames as they come, for the supervisor.
#[derive(Debug)]
pub(crate) struct Incoming<R> {
    from: R,
    read: Vec<u8>,
    /// How much of that was taken: frames come by the dozen, and what lies behind one is not moved up for each.
    taken: usize,
}

impl<R: AsyncRead + Unpin> Incoming<R> {
    pub(crate) const fn new(from: R) -> Self {
        Self { from, read: Vec::new(), taken: 0 }
    }

    /// Whether the next frame is here as a whole.
    pub(crate) fn is_here(&self) -> bool {
        let Some((length, rest)) = self.waiting().split_first_chunk::<4>() else { return false };
        rest.len() >= u32::from_le_bytes(*length) as usize
    }

    /// What was read and not taken.
    fn waiting(&self) -> &[u8] {
        self.read.get(self.taken..).unwrap_or_default()
    }

    /// The next frame: head and body. Nothing is lost when the wait is given up.
    pub(crate) async fn next<T: DeserializeOwned>(&mut self) -> Result<(T, Vec<u8>), Broken> {
        loop {
            if let Some(frame) = take(self.waiting())? {
                self.taken += frame.length;
                return Ok((frame.head, frame.body));
            }
            self.read.drain(..std::mem::take(&mut self.taken));
            // One large document must not be paid for ever after.
            self.read.shrink_to(4 * CHUNK);
            self.read.reserve(CHUNK);
            // A read that fails tells no more than one that ends: nobody is there.
            if !matches!(self.from.read_buf(&mut self.read).await, Ok(1..)) {
                return Err(Broken::Closed);
            }
        }
    }
}

/// The next frame, for the worker: head and body.
pub(crate) fn receive<T: DeserializeOwned>(from: &mut impl Read) -> Result<(T, Vec<u8>), Broken> {
    let mut length = [0; 4];
    from.read_exact(&mut length).map_err(|_| Broken::Closed)?;
    let mut frame = length.to_vec();
    let length = u32::from_le_bytes(length) as usize;
    from.take(length.min(MAX_FRAME) as u64).read_to_end(&mut frame).map_err(|_| Broken::Closed)?;
    let frame = take(&frame)?.ok_or(Broken::Closed)?;
    Ok((frame.head, frame.body))
}

/// Frames to be written together, for the worker.
#[derive(Debug)]
pub(crate) struct Outgoing<W> {
    to: W,
    frames: Vec<u8>,
}

impl<W: Write> Outgoing<W> {
    pub(crate) const fn new(to: W) -> Self {
        Self { to, frames: Vec::new() }
    }

    /// Says something when the next [`flush`](Self::flush) comes.
    pub(crate) fn tell(&mut self, head: &Tell, body: &[u8]) -> io::Result<()> {
        put(&mut self.frames, head, body)
    }

    /// Everything said so far reaches the pipe, in one piece where that is possible.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.to.write_all(&self.frames)?;
        self.to.flush()?;
        self.frames.clear();
        self.frames.shrink_to(4 * CHUNK);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(head: &Tell, body: &[u8]) -> Vec<u8> {
        let mut frames = Vec::new();
        put(&mut frames, head, body).unwrap();
        frames
    }

    fn garbled(bytes: &[u8]) -> bool {
        matches!(take::<Tell>(bytes), Err(Broken::Garbled(_)))
    }

    #[test]
    fn a_frame_comes_out_as_it_went_in_however_it_is_cut() {
        let head = Tell::Opening { job: 7 };
        let frame = framed(&head, "年报".as_bytes());
        for cut in 0..frame.len() {
            assert!(take::<Tell>(&frame[..cut]).unwrap().is_none(), "cut at {cut}");
        }
        let found = take::<Tell>(&[&frame[..], b"more"].concat()).unwrap().unwrap();
        assert_eq!((found.head, found.body, found.length), (head.clone(), "年报".as_bytes().to_vec(), frame.len()));
        assert_eq!(receive::<Tell>(&mut &frame[..]).unwrap(), (head, "年报".as_bytes().to_vec()));
    }

    #[test]
    fn what_is_no_frame_is_garbled() {
        assert!(garbled(b"hello world, this is a log line\n"));
        assert!(garbled(&u32::MAX.to_le_bytes()));
        assert!(garbled(&[0; 16]));
        let mut frame = framed(&Tell::Waiting, b"");
        frame[4] = 0xFF;
        assert!(garbled(&frame), "a head longer than its frame");
        let mut frame = framed(&Tell::Waiting, b"");
        *frame.last_mut().unwrap() = b'?';
        assert!(garbled(&frame), "a head that is no JSON");
    }

    #[test]
    fn too_much_for_one_frame_is_not_sent() {
        let mut frames = framed(&Tell::Waiting, b"");
        let before = frames.clone();
        assert!(put(&mut frames, &Tell::Waiting, &vec![0; MAX_FRAME]).is_err());
        assert_eq!(frames, before);
    }
}
