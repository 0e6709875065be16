//! What the ledger has to say at the end of a run.

use rusqlite::Row;

use super::Ledger;
use crate::error::Error;
use crate::shown::shown;
use crate::summary::{Reason, Tally};

/// What came of each document, whether its file has gone, and why it failed.
const OUTCOMES: &str = "
    SELECT CASE
               WHEN contents.id IS NULL THEN documents.state
               WHEN contents.state <> 'done' THEN contents.state
               WHEN contents.review THEN 'review'
               ELSE 'ok'
           END AS outcome,
           count(*), sum(files.gone)
    FROM documents JOIN files ON files.id = documents.file LEFT JOIN contents ON contents.id = documents.content
    GROUP BY outcome
";

const REASONS: &str = "
    SELECT coalesce(contents.kind, documents.kind) AS kind, count(*) AS number, min(CAST(files.path || documents.member AS BLOB))
    FROM documents JOIN files ON files.id = documents.file LEFT JOIN contents ON contents.id = documents.content
    WHERE coalesce(contents.state, documents.state) IN ('failed', 'quarantined')
    GROUP BY 1
    ORDER BY number DESC, kind
";

const REPORTS: &str = "
    SELECT status, count(*) FROM reports
    WHERE EXISTS (SELECT 1 FROM documents WHERE documents.content = reports.content)
    GROUP BY status
";

impl Ledger {
    /// How many documents came to what, and how many have gone.
    pub(crate) fn tally(&self) -> Result<(Tally, u64), Error> {
        let mut tally = Tally::default();
        let mut all_gone = 0;
        let row = |row: &Row<'_>| Ok((row.get::<_, Option<String>>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?));
        for (outcome, count, gone) in self.all(OUTCOMES, [], row)? {
            all_gone += gone.cast_unsigned();
            tally.add(outcome.as_deref().unwrap_or_default(), count.cast_unsigned());
        }
        Ok((tally, all_gone))
    }

    /// How many reports came to what; each is counted once, however often its bytes occur.
    pub(crate) fn tally_of_reports(&self) -> Result<Tally, Error> {
        let mut tally = Tally::default();
        for (status, count) in self.all(REPORTS, [], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))? {
            tally.add(&status, count.cast_unsigned());
        }
        Ok(tally)
    }

    /// Why documents failed, the commonest reason first.
    pub(crate) fn reasons(&self) -> Result<Vec<Reason>, Error> {
        self.all(REASONS, [], |row| {
            let example: Vec<u8> = row.get(2)?;
            Ok(Reason {
                kind: row.get::<_, Option<String>>(0)?.unwrap_or_default(),
                count: row.get::<_, i64>(1)?.cast_unsigned(),
                example: shown(&example).0,
            })
        })
    }
}
