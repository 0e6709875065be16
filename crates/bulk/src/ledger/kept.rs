//! What a ledger knows of a document, on its way out of one ledger and into another: out of that of a shard, into that of whoever gathers.

use std::path::Path;

use rusqlite::{Row, params};

use super::Ledger;
use crate::error::Error;
use crate::event::Cost;
use crate::options::Options;
use crate::record::Packed;
use crate::shown::shown;

/// What a ledger knows of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    /// The bytes of the path of its file.
    pub(crate) file: Vec<u8>,
    /// Whether the file has gone since.
    pub(crate) gone: bool,
    /// Its name in the archive; empty for the file itself.
    pub(crate) member: Vec<u8>,
    /// Which of the file's documents it is, from 0; -1 for the file itself where it cost its worker before any was found.
    pub(crate) number: i64,
    /// The SHA-256 and the number of its bytes, where they could be had.
    pub(crate) content: Option<([u8; 32], u64)>,
    /// What came of it: `done`, `failed` or `quarantined`; `None` where the same bytes stand before it.
    pub(crate) state: Option<String>,
    /// What was read of it, and why there is no report.
    pub(crate) record: Packed,
}

/// For each content its first document, in the order of the dataset. It lies on the disk: the memory that is needed stays the same.
const FIRST: &str = "
    CREATE TEMP TABLE IF NOT EXISTS first (content INTEGER PRIMARY KEY, document INTEGER NOT NULL);
    DELETE FROM first;
    INSERT OR IGNORE INTO first
        SELECT documents.content, documents.id FROM files CROSS JOIN documents ON documents.file = files.id
        WHERE documents.content IS NOT NULL
        ORDER BY files.path, documents.member, documents.number;
";

/// Every document in order; what is known of its content stands with the first of those that have it.
const EACH: &str = "
    SELECT files.path, files.gone, documents.member, documents.number, contents.sha256, contents.bytes,
           documents.state, documents.kind, documents.message,
           CASE WHEN temp.first.document = documents.id THEN contents.id END,
           contents.state, contents.kind, contents.message, contents.format
    FROM files
    CROSS JOIN documents ON documents.file = files.id
    LEFT JOIN contents ON contents.id = documents.content
    LEFT JOIN temp.first ON temp.first.content = contents.id
    ORDER BY files.path, documents.member, documents.number
";

impl Ledger {
    /// Hands over what is known of each document, sorted by the bytes of its path.
    pub(crate) fn each_kept(&mut self, take: &mut dyn FnMut(Kept) -> Result<(), Error>) -> Result<(), Error> {
        self.commit()?;
        let failed = |error: rusqlite::Error| self.explain(&error);
        self.connection.execute_batch(FIRST).map_err(failed)?;
        let mut query = self.connection.prepare(EACH).map_err(failed)?;
        let mut rows = query.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            take(self.kept(row)?)?;
        }
        Ok(())
    }

    fn kept(&self, row: &Row<'_>) -> Result<Kept, Error> {
        let failed = |error: rusqlite::Error| self.explain(&error);
        let text = |column: usize| row.get::<_, Option<String>>(column).map_err(failed);
        let why = |kind: usize| Ok::<_, Error>(text(kind)?.zip(text(kind + 1)?));
        let sha256: Option<[u8; 32]> = row.get(4).map_err(failed)?;
        let bytes: Option<i64> = row.get(5).map_err(failed)?;
        let first: Option<i64> = row.get(9).map_err(failed)?;
        let (state, record) = match (sha256, first) {
            (None, _) => (text(6)?, Packed { failure: why(7)?, ..Packed::default() }),
            (Some(_), None) => (None, Packed::default()),
            (Some(_), Some(content)) => (text(10)?, self.record(content, text(13)?, why(11)?)?),
        };
        Ok(Kept {
            file: row.get(0).map_err(failed)?,
            gone: row.get(1).map_err(failed)?,
            member: row.get(2).map_err(failed)?,
            number: row.get(3).map_err(failed)?,
            content: sha256.zip(bytes.map(i64::cast_unsigned)),
            state,
            record,
        })
    }

    /// Enters what another ledger knew of a document; `part` is where that stood.
    ///
    /// # Errors
    /// Two parts that say different things of one path; a part that does not say what came of its documents.
    pub(crate) fn adopt(&mut self, kept: &Kept, part: &Path, options: &Options) -> Result<(), Error> {
        let file = self.adopted_file(kept)?;
        let content = match &kept.content {
            Some(content) => Some(self.adopted_content(content, kept, part, options)?),
            None => None,
        };
        let (kind, message) = kept.record.failure.as_ref().filter(|_| content.is_none()).cloned().unzip();
        let state = kept.state.as_ref().filter(|_| content.is_none());
        let add = "INSERT INTO documents (file, member, number, content, state, kind, message) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
                   ON CONFLICT (file, member, number) DO NOTHING";
        if self.change(add, params![file, kept.member, kept.number, content, state, kind, message])? == 1 {
            return Ok(());
        }
        let same = "SELECT content IS ?4 AND kind IS ?5 FROM documents WHERE file = ?1 AND member = ?2 AND number = ?3";
        let same = self.one(same, params![file, kept.member, kept.number, content, kind], |row| row.get(0))?;
        if same == Some(true) {
            return Ok(());
        }
        Err(Error::Usage(format!(
            "{}: two rows of the manifest name it, in different spellings or with different hashes, and two shards say different things of it; \
             leave one of the rows out",
            shown(&kept.file).0
        )))
    }

    fn adopted_file(&mut self, kept: &Kept) -> Result<i64, Error> {
        let add = "INSERT INTO files (path, size, modified, changed, inode, device, state, gone, seen, run, edition) \
                   VALUES (?1, 0, 0, 0, 0, 0, 'done', ?2, ?3, ?3, ?4) ON CONFLICT (path) DO NOTHING";
        self.change(add, params![kept.file, kept.gone, self.run, self.edition])?;
        let id = self.one("SELECT id FROM files WHERE path = ?1", [&kept.file], |row| row.get(0))?;
        id.ok_or_else(|| self.wrong("a file that was entered is not in it"))
    }

    fn adopted_content(
        &mut self,
        (sha256, bytes): &([u8; 32], u64),
        kept: &Kept,
        part: &Path,
        options: &Options,
    ) -> Result<i64, Error> {
        if let Some(known) = self.content_of(sha256)? {
            return Ok(known);
        }
        let spoilt = |why: &str| Error::Part { path: part.to_owned(), why: why.to_owned() };
        let add = "INSERT INTO contents (sha256, bytes, state) VALUES (?1, ?2, 'pending')";
        self.change(add, params![sha256, bytes.cast_signed()])?;
        let content = self.connection.last_insert_rowid();
        match (kept.state.as_deref(), &kept.record.failure) {
            (Some("done" | "failed"), _) => self.keep(content, &kept.record, Cost::default(), options)?,
            (Some("quarantined"), Some((kind, message))) => self.quarantine(content, kind, message)?,
            _ => {
                return Err(spoilt("it does not say what came of a document; run its shard again with --retry failed"));
            }
        }
        Ok(content)
    }
}
