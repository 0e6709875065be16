//! Reports of one agency over the years, side by side.
//!
//! What is compared of each report waits in a file beside the dataset, so that memory does not grow with the number of reports; then
//! the reports of each agency pass by, year after year. Only what both reports show is compared: a lost figure breaks no rule here.

mod compare;

use std::path::Path;
use std::sync::LazyLock;

use rusqlite::Connection;

use crate::dataset::{FormLabels, Labels, Line};
use compare::Years;

/// The columns of table 3.
const WHO: [&str; 7] =
    ["natural_person", "enterprise", "research", "public_welfare", "legal_service", "other", "total"];

/// The rows of table 2 that keep a stock, and what is told of each.
const STOCKS: [&str; 2] = ["rules", "normative_documents"];
const FLOWS: [&str; 3] = ["issued", "repealed", "in_force"];

/// How many reports of one agency and year are kept with figures of their own. There are two where a report was corrected; more come
/// from names that should have been told apart, and are compared with the first alone.
const MAX_VARIANTS: usize = 16;

/// What the panel needs to know of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fact {
    /// The agency, made comparable.
    key: String,
    year: u16,
    report: String,
    path: String,
    form: String,
    /// How many findings the report has of its own.
    findings: u32,
    /// What enters a sum for each figure of the form, in its order, a line each: blanks and dashes are nought, `?` is lost, nothing is
    /// absent.
    amounts: String,
    /// Where each figure of [`PLACED`] stands, a line each.
    places: String,
}

/// The figures whose places are told.
static PLACED: LazyLock<Vec<String>> = LazyLock::new(|| {
    let requests = ["carried_in", "carried_out"].into_iter();
    let requests = requests.flat_map(|row| WHO.into_iter().map(move |who| format!("requests.{row}.{who}")));
    let stocks = STOCKS.into_iter();
    requests
        .chain(stocks.flat_map(|row| FLOWS.into_iter().map(move |flow| format!("disclosure.{row}.{flow}"))))
        .collect()
});

/// What the panel needs to know of a report.
pub(crate) fn fact(key: String, year: u16, report: &str, path: &str, form: &FormLabels, line: &Line<'_>) -> Fact {
    let mut amounts = vec![""; form.fields.len()];
    let mut places = vec![String::new(); PLACED.len()];
    let (mut hint, mut number_hint) = (0, 0);
    for (figure, evidence) in &line.evidence {
        let Some(amount) = form.place(figure.as_str(), &mut hint).and_then(|place| amounts.get_mut(place)) else {
            continue;
        };
        *amount = match evidence.state.as_str() {
            "read" => line.numbers.find(figure.as_str(), &mut number_hint).unwrap_or("?"),
            "blank" | "dash" => "0",
            _ => "?",
        };
        if is_placed(figure.as_str())
            && let Some(index) = PLACED.iter().position(|key| key == figure.as_str())
            && let Some(place) = places.get_mut(index)
        {
            crate::dataset::join(place, &evidence.at, ", ");
        }
    }
    // A place is one line, whatever a sheet is called.
    let places: Vec<String> = places.into_iter().map(|place| place.replace('\n', " ")).collect();
    Fact {
        key,
        year,
        report: report.to_owned(),
        path: path.to_owned(),
        form: form.form.clone(),
        findings: u32::try_from(line.findings.len()).unwrap_or(u32::MAX),
        amounts: amounts.join("\n"),
        places: places.join("\n"),
    }
}

/// Whether a figure can be one of [`PLACED`], without naming them all.
fn is_placed(key: &str) -> bool {
    ["requests.carried_", "disclosure.rules.", "disclosure.normative_documents."]
        .iter()
        .any(|start| key.starts_with(start))
}

/// A finding that two reports of one agency share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PanelFinding {
    /// The later report, or the later of two on one year.
    pub(crate) report: String,
    /// Which finding of that report it is, from 1; those of its own come first.
    pub(crate) number: u64,
    pub(crate) rule: &'static str,
    pub(crate) severity: &'static str,
    pub(crate) figures: String,
    pub(crate) message: String,
    pub(crate) other: String,
}

/// What is compared of each report, until all are there.
pub(crate) struct Waiting {
    connection: Connection,
    /// Reports so far.
    count: i64,
}

impl Waiting {
    /// In a new file at this path; whoever called removes it.
    pub(crate) fn new(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        // It is thrown away whatever happens: no journal, no syncing; and a small cache, so that memory stays flat.
        connection.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -512;
             PRAGMA temp_store = FILE;
             CREATE TABLE fact (position INTEGER PRIMARY KEY, key TEXT, year INTEGER, report TEXT, path TEXT, form TEXT, findings INTEGER,
                                amounts TEXT, places TEXT);
             BEGIN;",
        )?;
        Ok(Self { connection, count: 0 })
    }

    /// Adds a report, in the order of the dataset.
    pub(crate) fn add(&mut self, fact: &Fact) -> rusqlite::Result<()> {
        self.count += 1;
        let mut insert = self.connection.prepare_cached("INSERT INTO fact VALUES (?,?,?,?,?,?,?,?,?)")?;
        let Fact { key, year, report, path, form, findings, amounts, places } = fact;
        insert.execute((self.count, key, year, report, path, form, findings, amounts, places))?;
        Ok(())
    }

    /// Puts the reports of each agency side by side.
    pub(crate) fn compare<E>(
        &self,
        labels: &Labels,
        wrong: &dyn Fn(rusqlite::Error) -> E,
        take: &mut dyn FnMut(PanelFinding) -> Result<(), E>,
    ) -> Result<(), E> {
        // Only their positions are sorted: whole facts, of a kilobyte each, would be held by the megabyte.
        let sorted = "SELECT position FROM fact ORDER BY key, year, position";
        let mut sorted = self.connection.prepare(sorted).map_err(wrong)?;
        let mut one = self.connection.prepare("SELECT * FROM fact WHERE position = ?").map_err(wrong)?;
        let mut positions = sorted.query(()).map_err(wrong)?;
        let mut years = Years::new(labels);
        while let Some(row) = positions.next().map_err(wrong)? {
            let position = row.get::<_, i64>(0).map_err(wrong)?;
            let fact = one.query_row([position], fact_of).map_err(wrong)?;
            years.add(fact).into_iter().try_for_each(&mut *take)?;
        }
        years.finish().into_iter().try_for_each(take)
    }
}

fn fact_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Fact> {
    Ok(Fact {
        key: row.get("key")?,
        year: row.get("year")?,
        report: row.get("report")?,
        path: row.get("path")?,
        form: row.get("form")?,
        findings: row.get("findings")?,
        amounts: row.get("amounts")?,
        places: row.get("places")?,
    })
}
