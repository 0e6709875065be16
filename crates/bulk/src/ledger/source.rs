//! The ledger as what the dataset is written from.

use rusqlite::{Row, params};

use super::Ledger;
use crate::dataset::{self, Brief, Document, Outcome, Source, document_id};
use crate::error::Error;
use crate::record::{Facts, Packed};
use crate::shown::shown;

/// The ledger as what the dataset is written from; `pass` sees each document go by, with the path of its file, and may end it.
pub(crate) struct LedgerSource<'a> {
    pub(crate) ledger: &'a mut Ledger,
    pub(crate) pass: &'a mut Pass<'a>,
}

/// Sees a document go by, with the bytes of the path of its file.
pub(crate) type Pass<'a> = dyn FnMut(&[u8], &Document) -> Result<(), Error> + 'a;

/// The bytes of a document's path: that of its file, and its name in it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Name {
    file: Vec<u8>,
    member: Vec<u8>,
}

/// For each content its first document, in the order of the dataset. It lies on the disk: the memory that is needed stays the same.
pub(super) const FIRST: &str = "
    CREATE TEMP TABLE IF NOT EXISTS first (content INTEGER PRIMARY KEY, document INTEGER NOT NULL);
    DELETE FROM first;
    INSERT OR IGNORE INTO first
        SELECT documents.content, documents.id FROM files CROSS JOIN documents ON documents.file = files.id
        WHERE documents.content IS NOT NULL
        ORDER BY files.path, documents.member, documents.number;
";

/// Every document in order, what came of its content, and where that content stands first.
const EACH: &str = "
    SELECT files.path, files.gone, documents.member, documents.id, documents.kind, documents.message,
           contents.id, contents.sha256, contents.bytes, contents.state, contents.kind, contents.message, contents.format,
           contents.reports, contents.review, temp.first.document, first_files.path, first_documents.member,
           documents.number
    FROM files
    CROSS JOIN documents ON documents.file = files.id
    LEFT JOIN contents ON contents.id = documents.content
    LEFT JOIN temp.first ON temp.first.content = contents.id
    LEFT JOIN documents AS first_documents ON first_documents.id = temp.first.document
    LEFT JOIN files AS first_files ON first_files.id = first_documents.file
    ORDER BY files.path, documents.member, documents.number
";

impl Source for LedgerSource<'_> {
    fn each(&mut self, take: &mut dyn FnMut(Document) -> Result<(), dataset::Error>) -> Result<(), dataset::Error> {
        self.ledger.commit().map_err(dataset::Error::source)?;
        let ledger = &*self.ledger;
        let failed = |error: rusqlite::Error| dataset::Error::source(ledger.explain(&error));
        ledger.connection.execute_batch(FIRST).map_err(failed)?;
        let mut query = ledger.connection.prepare(EACH).map_err(failed)?;
        let mut rows = query.query([]).map_err(failed)?;
        let mut before = Name::default();
        while let Some(row) = rows.next().map_err(failed)? {
            let name = Name { file: row.get(0).map_err(failed)?, member: row.get(2).map_err(failed)? };
            let again = (name == before).then(|| row.get(18)).transpose().map_err(failed)?;
            let document = ledger.at(row, &name, again).map_err(dataset::Error::source)?;
            (self.pass)(&name.file, &document).map_err(dataset::Error::source)?;
            take(document)?;
            before = name;
        }
        Ok(())
    }
}

impl Ledger {
    /// A document; `again` is its number where the one before it has the same name.
    fn at(&self, row: &Row<'_>, name: &Name, again: Option<i64>) -> Result<Document, Error> {
        let failed = |error: rusqlite::Error| self.explain(&error);
        let (path, raw_path) = name.shown();
        let bytes: Option<i64> = row.get(8).map_err(failed)?;
        Ok(Document {
            id: document_id(&name.file, &name.member, again),
            path,
            raw_path,
            bytes: bytes.map(i64::cast_unsigned),
            sha256: row.get(7).map_err(failed)?,
            gone: row.get(1).map_err(failed)?,
            outcome: self.outcome(row)?,
        })
    }

    fn outcome(&self, row: &Row<'_>) -> Result<Outcome, Error> {
        let failed = |error: rusqlite::Error| self.explain(&error);
        let text = |column: usize| row.get::<_, Option<String>>(column).map_err(failed);
        let Some(content) = row.get::<_, Option<i64>>(6).map_err(failed)? else {
            return Ok(Outcome::Failed { kind: text(4)?.unwrap_or_default(), message: text(5)?.unwrap_or_default() });
        };
        let failure = text(10)?.map(|kind| text(11).map(|message| (kind, message.unwrap_or_default()))).transpose()?;
        if row.get::<_, i64>(3).map_err(failed)? != row.get::<_, i64>(15).map_err(failed)? {
            let brief = Brief {
                format: text(12)?,
                failure,
                reports: row.get(13).map_err(failed)?,
                review: row.get(14).map_err(failed)?,
            };
            return Ok(Outcome::Copy {
                of: Name { file: row.get(16).map_err(failed)?, member: row.get(17).map_err(failed)? }.shown().0,
                brief,
            });
        }
        match (text(9)?.as_deref(), failure) {
            (Some("done" | "failed"), failure) => self.record(content, text(12)?, failure).map(Outcome::Read),
            (_, Some((kind, message))) => Ok(Outcome::Failed { kind, message }),
            (_, None) => Err(self.wrong("it holds a document that was not read; run the same command again")),
        }
    }

    /// What was read of a content.
    pub(super) fn record(
        &self,
        content: i64,
        format: Option<String>,
        failure: Option<(String, String)>,
    ) -> Result<Packed, Error> {
        let find = "SELECT status, form, agency, year FROM reports WHERE content = ?1 ORDER BY part";
        let reports = self.all(find, params![content], |row| {
            Ok(Facts { status: row.get(0)?, form: row.get(1)?, agency: row.get(2)?, year: row.get(3)? })
        })?;
        let find = "SELECT record FROM contents WHERE id = ?1";
        // What was given up has none.
        let lines: Option<Option<Vec<u8>>> = self.one(find, [content], |row| row.get(0))?;
        Ok(Packed { format, failure, reports, lines: lines.flatten().unwrap_or_default() })
    }
}

impl Name {
    /// The path as it is shown, and its bytes where they are not those.
    fn shown(&self) -> (String, Option<Vec<u8>>) {
        let (mut text, raw) = shown(&self.file);
        text.push_str(&String::from_utf8_lossy(&self.member));
        (text, raw.map(|raw| [raw.as_slice(), &self.member].concat()))
    }
}
