//! The ledger as what the dataset is written from: its documents in the order of their paths.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, Row, params};

use super::{Ledger, NAME, explain, tune};
use crate::dataset::{self, Brief, Document, Outcome, Source, document_id};
use crate::error::Error;
use crate::record::{Facts, Packed};
use crate::shown::shown;

/// How many files, or documents of one file, are taken from the ledger in one go: while a statement is at them, what was written meanwhile
/// cannot be moved from the log into the ledger.
const PAGE: i64 = 256;

/// The ledger of a run that has read all it could, as what the dataset is written from.
pub(crate) struct LedgerSource<'a> {
    pub(crate) ledger: &'a mut Ledger,
    pub(crate) pass: &'a mut Pass<'a>,
}

/// Sees a document go by, with the bytes of the path of its file, and may end the passage.
pub(crate) type Pass<'a> = dyn FnMut(&[u8], &Document) -> Result<(), Error> + 'a;

impl Source for LedgerSource<'_> {
    fn each(&mut self, take: &mut dyn FnMut(Document) -> Result<(), dataset::Error>) -> Result<(), dataset::Error> {
        self.ledger.commit().map_err(dataset::Error::source)?;
        let Ledger { connection, path, .. } = &*self.ledger;
        let mut passage = Passage::new(connection, path).map_err(dataset::Error::source)?;
        passage.until(None, &mut |file, document| {
            (self.pass)(file, &document).map_err(dataset::Error::source)?;
            take(document)
        })
    }
}

/// The ledger, open a second time while a run writes to it: what it has committed can be seen.
#[derive(Debug)]
pub(crate) struct Follower {
    connection: Connection,
    path: PathBuf,
}

impl Follower {
    /// Opens the ledger that lies in a folder.
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(NAME);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&path, flags).and_then(|connection| {
            tune(&connection)?;
            Ok(connection)
        });
        Ok(Self { connection: connection.map_err(|error| explain(&path, &error))?, path })
    }

    pub(crate) fn passage(&self) -> Result<Passage<'_>, Error> {
        Passage::new(&self.connection, &self.path)
    }
}

/// Takes a document, with the bytes of the path of its file.
type Take<'a> = dyn FnMut(&[u8], Document) -> Result<(), dataset::Error> + 'a;

/// Documents on their way out, in the order of the dataset. Where it was, it knows; between two steps it holds nothing of the ledger, so that
/// whoever writes there is not kept from tidying up.
pub(crate) struct Passage<'c> {
    connection: &'c Connection,
    /// Where the ledger lies.
    path: &'c Path,
    /// The path of the last file that has passed, empty before the first.
    after: Vec<u8>,
    /// What the last document is called.
    before: Name,
}

/// The bytes of a document's path: that of its file, and its name in it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Name {
    file: Vec<u8>,
    member: Vec<u8>,
}

/// A file whose documents pass next.
struct File {
    id: i64,
    path: Vec<u8>,
    gone: bool,
}

/// For each content its first document, in the order of the dataset; filled as they pass. It lies on the disk: the memory that is needed stays
/// the same. Nobody takes anything back, so it needs no journal.
const FIRST: &str = "
    PRAGMA temp.journal_mode = OFF;
    CREATE TEMP TABLE IF NOT EXISTS passed (content INTEGER PRIMARY KEY, document INTEGER NOT NULL);
    DELETE FROM temp.passed;
";

const FILES: &str =
    "SELECT id, path, gone FROM files WHERE path > ?1 AND (?2 IS NULL OR path < ?2) ORDER BY path LIMIT ?3";

/// The documents of a file in their order, behind one of them, and what came of their contents.
const OF_FILE: &str = "
    SELECT documents.member, documents.number, documents.id, documents.kind, documents.message,
           contents.id, contents.sha256, contents.bytes, contents.state, contents.kind, contents.message, contents.format,
           contents.reports, contents.review
    FROM documents LEFT JOIN contents ON contents.id = documents.content
    WHERE documents.file = ?1 AND (documents.member, documents.number) > (?2, ?3)
    ORDER BY documents.member, documents.number
    LIMIT ?4
";

/// Whether a file holds a document that is still to be read, perhaps as another file's.
const OPEN: &str = "SELECT 1 FROM documents JOIN contents ON contents.id = documents.content
                    WHERE documents.file = ?1 AND contents.state = 'pending' LIMIT 1";

impl<'c> Passage<'c> {
    fn new(connection: &'c Connection, path: &'c Path) -> Result<Self, Error> {
        connection.execute_batch(FIRST).map_err(|error| explain(path, &error))?;
        Ok(Self { connection, path, after: Vec::new(), before: Name::default() })
    }

    /// Hands over the documents of all files whose path comes before `bound`, or of all files; with them the path of each. Where there is a bound
    /// others go on reading, and the passage ends at the first file that holds a document which is not read yet.
    pub(crate) fn until(&mut self, bound: Option<&[u8]>, take: &mut Take<'_>) -> Result<(), dataset::Error> {
        loop {
            let files = self.files(bound).map_err(dataset::Error::source)?;
            if files.is_empty() {
                return Ok(());
            }
            for file in files {
                if bound.is_some() && self.is_open(&file).map_err(dataset::Error::source)? {
                    return Ok(());
                }
                self.file(&file, take)?;
                self.after = file.path;
            }
        }
    }

    fn files(&self, bound: Option<&[u8]>) -> Result<Vec<File>, Error> {
        let files = self.connection.prepare_cached(FILES).and_then(|mut query| {
            let file = |row: &Row<'_>| Ok(File { id: row.get(0)?, path: row.get(1)?, gone: row.get(2)? });
            query.query_map(params![self.after, bound, PAGE], file)?.collect()
        });
        files.map_err(|error| self.explain(&error))
    }

    fn is_open(&self, file: &File) -> Result<bool, Error> {
        let open = self.connection.prepare_cached(OPEN).and_then(|mut query| query.exists([file.id]));
        open.map_err(|error| self.explain(&error))
    }

    /// The documents of a file.
    fn file(&mut self, file: &File, take: &mut Take<'_>) -> Result<(), dataset::Error> {
        let mut after = (Vec::new(), i64::MIN);
        while self.page(file, &mut after, take)? == PAGE {}
        Ok(())
    }

    /// Some documents of a file: those behind the one with this name and number, which becomes the last of them; how many there were.
    fn page(&mut self, file: &File, after: &mut (Vec<u8>, i64), take: &mut Take<'_>) -> Result<i64, dataset::Error> {
        let connection = self.connection;
        let failed = |error: rusqlite::Error| dataset::Error::source(explain(self.path, &error));
        let mut query = connection.prepare_cached(OF_FILE).map_err(failed)?;
        let mut rows = query.query(params![file.id, after.0, after.1, PAGE]).map_err(failed)?;
        let mut passed = 0;
        while let Some(row) = rows.next().map_err(failed)? {
            let (member, number): (Vec<u8>, i64) = (row.get(0).map_err(failed)?, row.get(1).map_err(failed)?);
            let name = Name { file: file.path.clone(), member: member.clone() };
            // Two members of an archive may have one name.
            let again = (name == self.before).then_some(number);
            let document = self.document(row, file, &name, again).map_err(dataset::Error::source)?;
            take(&file.path, document)?;
            (*after, self.before) = ((member, number), name);
            passed += 1;
        }
        Ok(passed)
    }

    /// A document; `again` is its number where the one before it has the same name.
    fn document(&self, row: &Row<'_>, file: &File, name: &Name, again: Option<i64>) -> Result<Document, Error> {
        let failed = |error: rusqlite::Error| self.explain(&error);
        let (path, raw_path) = name.shown();
        let bytes: Option<i64> = row.get(7).map_err(failed)?;
        Ok(Document {
            id: document_id(&name.file, &name.member, again),
            path,
            raw_path,
            bytes: bytes.map(i64::cast_unsigned),
            sha256: row.get(6).map_err(failed)?,
            gone: file.gone,
            outcome: self.outcome(row)?,
        })
    }

    fn outcome(&self, row: &Row<'_>) -> Result<Outcome, Error> {
        let failed = |error: rusqlite::Error| self.explain(&error);
        let text = |column: usize| row.get::<_, Option<String>>(column).map_err(failed);
        let Some(content) = row.get::<_, Option<i64>>(5).map_err(failed)? else {
            return Ok(Outcome::Failed { kind: text(3)?.unwrap_or_default(), message: text(4)?.unwrap_or_default() });
        };
        let failure = text(9)?.map(|kind| text(10).map(|message| (kind, message.unwrap_or_default()))).transpose()?;
        if !self.is_first(content, row.get(2).map_err(failed)?)? {
            let brief = Brief {
                format: text(11)?,
                failure,
                reports: row.get(12).map_err(failed)?,
                review: row.get(13).map_err(failed)?,
            };
            return Ok(Outcome::Copy { of: self.first(content)?.shown().0, brief });
        }
        match (text(8)?.as_deref(), failure) {
            (Some("done" | "failed"), failure) => {
                record(self.connection, content, text(11)?, failure).map(Outcome::Read).map_err(failed)
            }
            (_, Some((kind, message))) => Ok(Outcome::Failed { kind, message }),
            (_, None) => {
                let why = "it holds a document that was not read; run the same command again".to_owned();
                Err(Error::Ledger { path: self.path.to_owned(), why })
            }
        }
    }

    /// Whether no document with this content has passed; this one has, from now on.
    fn is_first(&self, content: i64, document: i64) -> Result<bool, Error> {
        let add = "INSERT OR IGNORE INTO temp.passed (content, document) VALUES (?1, ?2)";
        let added = self.connection.prepare_cached(add).and_then(|mut add| add.execute([content, document]));
        Ok(added.map_err(|error| self.explain(&error))? == 1)
    }

    /// What the document is called that has passed first with this content.
    fn first(&self, content: i64) -> Result<Name, Error> {
        let find = "SELECT files.path, documents.member FROM temp.passed JOIN documents ON documents.id = passed.document \
                    JOIN files ON files.id = documents.file WHERE passed.content = ?1";
        let name = |row: &Row<'_>| Ok(Name { file: row.get(0)?, member: row.get(1)? });
        let found = self.connection.prepare_cached(find).and_then(|mut query| query.query_row([content], name));
        found.map_err(|error| self.explain(&error))
    }

    fn explain(&self, error: &rusqlite::Error) -> Error {
        explain(self.path, error)
    }
}

impl Ledger {
    /// What was read of a content.
    pub(super) fn record(
        &self,
        content: i64,
        format: Option<String>,
        failure: Option<(String, String)>,
    ) -> Result<Packed, Error> {
        record(&self.connection, content, format, failure).map_err(|error| self.explain(&error))
    }
}

/// What was read of a content; what was given up has no lines.
fn record(
    connection: &Connection,
    content: i64,
    format: Option<String>,
    failure: Option<(String, String)>,
) -> rusqlite::Result<Packed> {
    let mut find =
        connection.prepare_cached("SELECT status, form, agency, year FROM reports WHERE content = ?1 ORDER BY part")?;
    let facts =
        |row: &Row<'_>| Ok(Facts { status: row.get(0)?, form: row.get(1)?, agency: row.get(2)?, year: row.get(3)? });
    let reports = find.query_map([content], facts)?.collect::<rusqlite::Result<_>>()?;
    let mut find = connection.prepare_cached("SELECT record FROM contents WHERE id = ?1")?;
    let lines: Option<Vec<u8>> = find.query_row([content], |row| row.get(0))?;
    Ok(Packed { format, failure, reports, lines: lines.unwrap_or_default() })
}

impl Name {
    /// The path as it is shown, and its bytes where they are not those.
    fn shown(&self) -> (String, Option<Vec<u8>>) {
        let (mut text, raw) = shown(&self.file);
        text.push_str(&String::from_utf8_lossy(&self.member));
        (text, raw.map(|raw| [raw.as_slice(), &self.member].concat()))
    }
}
