//! What the pool tells the ledger.

use std::collections::HashMap;

use rusqlite::params;

use super::{Ledger, now};
use crate::error::Error;
use crate::event::{Cost, Decision, Fault, Found};
use crate::options::Options;
use crate::record::Packed;

/// What is being read just now.
#[derive(Debug, Default)]
pub(crate) struct Books {
    /// The files that were begun and are not finished.
    begun: HashMap<i64, Begun>,
    /// All contents that are being read.
    reading: HashMap<[u8; 32], Read>,
    /// Whether the ledger may know documents of files that are begun now.
    may_know: bool,
}

/// A file that was begun.
#[derive(Debug)]
struct Begun {
    /// When.
    started: i64,
    /// Whether the ledger says so: most files are finished before it is asked.
    noted: bool,
    /// The contents of it that are being read, by their SHA-256.
    reading: Vec<[u8; 32]>,
}

/// A content that is being read.
#[derive(Clone, Copy, Debug)]
struct Read {
    content: i64,
    /// Whether it was read before.
    again: bool,
}

/// What is known of a content that is found.
struct Content {
    id: i64,
    state: String,
    edition: Option<i64>,
    run: Option<i64>,
    tables: bool,
}

impl Books {
    /// Files are read from now on, each once.
    pub(crate) fn begin(&mut self, ledger: &Ledger) -> Result<(), Error> {
        self.may_know = ledger.one("SELECT 1 FROM documents LIMIT 1", [], |_| Ok(()))?.is_some();
        Ok(())
    }

    /// A worker has begun with the file: what it held before is forgotten. A second attempt changes nothing.
    pub(crate) fn started(&mut self, ledger: &mut Ledger, file: i64) -> Result<(), Error> {
        if self.begun.contains_key(&file) {
            return Ok(());
        }
        self.begun.insert(file, Begun { started: now(), noted: false, reading: Vec::new() });
        if self.may_know { ledger.forget_documents(file) } else { Ok(()) }
    }

    /// Enters which files were begun and are not finished, before the ledger is committed.
    pub(crate) fn note(&mut self, ledger: &Ledger) -> Result<(), Error> {
        let set = "UPDATE files SET state = 'running', attempts = attempts + 1, started = ?2 WHERE id = ?1";
        for (file, begun) in self.begun.iter_mut().filter(|(_, begun)| !begun.noted) {
            ledger.change(set, params![file, begun.started])?;
            begun.noted = true;
        }
        Ok(())
    }

    /// A document was found in the file. The same bytes are read once, and nothing any more when the run is about to stop: the file
    /// comes to its end sooner, and is opened again by the next run.
    pub(crate) fn found(
        &mut self,
        ledger: &mut Ledger,
        file: i64,
        found: &Found,
        options: &Options,
        stopping: bool,
    ) -> Result<Decision, Error> {
        let new = ledger.new_content(found, !stopping)?;
        let known = if new.is_some() { None } else { ledger.known_content(&found.sha256)? };
        let unread = !self.reading.contains_key(&found.sha256);
        let read = !stopping && unread && known.as_ref().is_none_or(|known| ledger.is_to_be_read(known, options));
        let content = match (new, &known) {
            (Some(new), _) => new,
            (None, Some(known)) if read => ledger.attempt(known.id)?,
            (None, Some(known)) => known.id,
            (None, None) => return Err(ledger.wrong("a content that is in it cannot be found")),
        };
        ledger.document(file, found, content)?;
        if !read {
            return Ok(Decision::Skip);
        }
        let again = known.is_some_and(|known| known.run.is_some());
        self.reading.insert(found.sha256, Read { content, again });
        if let Some(begun) = self.begun.get_mut(&file) {
            begun.reading.push(found.sha256);
        }
        Ok(Decision::Read)
    }

    /// A document was read.
    pub(crate) fn read(
        &mut self,
        ledger: &mut Ledger,
        file: i64,
        sha256: &[u8; 32],
        record: &Packed,
        cost: Cost,
        options: &Options,
    ) -> Result<(), Error> {
        let Some(Read { content, again }) = self.answered(file, sha256) else { return Ok(()) };
        if again {
            ledger.forget_reports(content)?;
        }
        ledger.keep(content, record, cost, options)
    }

    /// A document of the file, or the file itself, cannot be had.
    pub(crate) fn unread(
        &mut self,
        ledger: &mut Ledger,
        file: i64,
        place: (u32, &str),
        kind: &str,
        message: &str,
    ) -> Result<(), Error> {
        ledger.failure(file, (i64::from(place.0), place.1), "failed", (kind, message))
    }

    /// A worker was lost over a document of the file, or over the file itself.
    pub(crate) fn lost(
        &mut self,
        ledger: &mut Ledger,
        file: i64,
        document: Option<&Found>,
        fault: Fault,
        last: bool,
    ) -> Result<(), Error> {
        let message = fault.to_string();
        let content = match document {
            Some(found) => ledger.content_of(&found.sha256)?.map(|content| (content, &found.sha256)),
            None => None,
        };
        match content {
            Some((content, sha256)) if last => {
                self.answered(file, sha256);
                ledger.quarantine(content, fault.kind(), &message)
            }
            Some((content, _)) => ledger.attempt(content).map(drop),
            None if last => ledger.failure(file, (-1, ""), "quarantined", (fault.kind(), &message)),
            None => ledger.change("UPDATE files SET attempts = attempts + 1 WHERE id = ?1", [file]).map(drop),
        }
    }

    /// Nothing more will be told of the file.
    pub(crate) fn finished(&mut self, ledger: &mut Ledger, file: i64, cost: Cost) -> Result<(), Error> {
        // What was to be read and was not, is to be read still; another file may hold it.
        let begun = self.begun.remove(&file);
        for sha256 in begun.iter().flat_map(|begun| &begun.reading) {
            self.reading.remove(sha256);
        }
        let set = "UPDATE files SET state = 'done', run = ?2, edition = ?3, ended = ?4, milliseconds = ?5, \
                   attempts = attempts + (?6 IS NOT NULL), started = coalesce(?6, started) WHERE id = ?1";
        let milliseconds = i64::try_from(cost.time.as_millis()).unwrap_or(i64::MAX);
        let started = begun.filter(|begun| !begun.noted).map(|begun| begun.started);
        ledger.change(set, params![file, ledger.run, ledger.edition, now(), milliseconds, started]).map(drop)
    }

    fn answered(&mut self, file: i64, sha256: &[u8; 32]) -> Option<Read> {
        if let Some(begun) = self.begun.get_mut(&file) {
            begun.reading.retain(|other| other != sha256);
        }
        self.reading.remove(sha256)
    }
}

impl Ledger {
    /// The content with these bytes, where they were met before.
    fn known_content(&self, sha256: &[u8; 32]) -> Result<Option<Content>, Error> {
        let find = "SELECT id, state, edition, run, tables FROM contents WHERE sha256 = ?1";
        self.one(find, [sha256], |row| {
            Ok(Content {
                id: row.get(0)?,
                state: row.get(1)?,
                edition: row.get(2)?,
                run: row.get(3)?,
                tables: row.get(4)?,
            })
        })
    }

    /// Enters a content, where it was not met before; `attempt` says that it is read now.
    fn new_content(&mut self, found: &Found, attempt: bool) -> Result<Option<i64>, Error> {
        let add = "INSERT INTO contents (sha256, bytes, state, attempts) VALUES (?1, ?2, 'pending', ?3) \
                   ON CONFLICT (sha256) DO NOTHING";
        let added = self.change(add, params![&found.sha256, found.bytes.cast_signed(), attempt])? == 1;
        Ok(added.then(|| self.connection.last_insert_rowid()))
    }

    /// A known content is read now.
    fn attempt(&mut self, content: i64) -> Result<i64, Error> {
        self.change("UPDATE contents SET attempts = attempts + 1 WHERE id = ?1", [content])?;
        Ok(content)
    }

    pub(super) fn content_of(&self, sha256: &[u8; 32]) -> Result<Option<i64>, Error> {
        self.one("SELECT id FROM contents WHERE sha256 = ?1", [sha256], |row| row.get(0))
    }

    fn is_to_be_read(&self, content: &Content, options: &Options) -> bool {
        let earlier = content.run.is_none_or(|run| run < self.run);
        let read = matches!(content.state.as_str(), "done" | "failed");
        content.state == "pending"
            || options.retry && content.state != "done" && earlier
            || options.redo && content.edition != Some(self.edition)
            || options.tables && read && !content.tables
    }

    fn document(&mut self, file: i64, found: &Found, content: i64) -> Result<(), Error> {
        let add = "INSERT INTO documents (file, member, number, content) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT (file, member, number) DO UPDATE SET content = ?4, state = NULL, kind = NULL, message = NULL";
        self.change(add, params![file, found.member.as_bytes(), found.index, content]).map(drop)
    }

    /// Why a document of a file has no content. It takes the place of what was found there before: the file has changed.
    fn failure(&mut self, file: i64, place: (i64, &str), state: &str, why: (&str, &str)) -> Result<(), Error> {
        let ((number, member), (kind, message)) = (place, why);
        self.change("DELETE FROM documents WHERE file = ?1 AND number = ?2", params![file, number])?;
        let add = "INSERT OR REPLACE INTO documents (file, member, number, state, kind, message) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        self.change(add, params![file, member.as_bytes(), number, state, kind, message]).map(drop)
    }

    /// Enters what was read of a content that has no reports.
    pub(super) fn keep(&mut self, content: i64, record: &Packed, cost: Cost, options: &Options) -> Result<(), Error> {
        let set = "UPDATE contents SET state = ?2, kind = ?3, message = ?4, format = ?5, reports = ?6, review = ?7, \
                   tables = ?8, record = ?9, run = ?10, edition = ?11, ended = ?12, milliseconds = ?13, memory = ?14 \
                   WHERE id = ?1";
        let (kind, message) = record.failure.as_ref().map(|(kind, message)| (kind, message)).unzip();
        let state = if record.failure.is_some() { "failed" } else { "done" };
        let review = record.reports.iter().any(|report| report.status != "ok");
        let values = params![
            content,
            state,
            kind,
            message,
            record.format,
            i64::try_from(record.reports.len()).unwrap_or(i64::MAX),
            review,
            options.tables,
            record.lines,
            self.run,
            self.edition,
            now(),
            i64::try_from(cost.time.as_millis()).unwrap_or(i64::MAX),
            cost.memory.cast_signed(),
        ];
        self.change(set, values)?;
        let add = "INSERT INTO reports (content, part, status, form, agency, year) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        for (part, report) in (1_i64..).zip(&record.reports) {
            self.change(add, params![content, part, report.status, report.form, report.agency, report.year])?;
        }
        Ok(())
    }

    pub(super) fn quarantine(&mut self, content: i64, kind: &str, message: &str) -> Result<(), Error> {
        let set = "UPDATE contents SET state = 'quarantined', kind = ?2, message = ?3, format = NULL, reports = 0, review = 0, \
                   record = NULL, run = ?4, edition = ?5, ended = ?6 WHERE id = ?1";
        self.change(set, params![content, kind, message, self.run, self.edition, now()])?;
        self.forget_reports(content)
    }

    fn forget_reports(&mut self, content: i64) -> Result<(), Error> {
        self.change("DELETE FROM reports WHERE content = ?1", [content]).map(drop)
    }

    /// Says of documents that could not be read after all that they were not; how many there were. Their files changed, or went, each
    /// time that they were to be read.
    pub(crate) fn give_up(&mut self) -> Result<usize, Error> {
        let set = "UPDATE documents SET content = NULL, state = 'failed', kind = 'not_read', \
                   message = 'its file had changed or gone each time that it was to be read; run with --retry failed' \
                   WHERE content IN (SELECT id FROM contents WHERE state = 'pending')";
        self.change(set, [])
    }
}
