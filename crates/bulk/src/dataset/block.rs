//! A run of documents on its way into the dataset: rows of every table, and their lines.

use std::borrow::Cow;
use std::collections::BTreeSet;

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};
use nianbao::{failed_line, hex, named};

use super::amount::{day, number};
use super::columns::{Codes, Table};
use super::grid::{self, Grids};
use super::labels::{Label, Labels, parts};
use super::line::{Evidence, Line, Text};
use super::place::Place;
use super::rows::{Rows, Value};
use super::tables::{CELLS, DOCUMENTS, FIGURES, FINDINGS, GRIDS, REPORTS, SECTIONS, TABLES, WARNINGS};
use super::{Document, Error, Outcome};
use crate::agency;
use crate::panel::{self, Fact};
use crate::record::{Packed, Spoilt, Unpacker};

/// The codes that occur in the columns of each table, in the order of [`TABLES`]; only of columns whose codes are not all known.
pub(crate) type Seen = Vec<Vec<BTreeSet<String>>>;

/// Nothing seen yet.
pub(crate) fn nothing_seen() -> Seen {
    TABLES.iter().map(|table| vec![BTreeSet::new(); table.columns.len()]).collect()
}

/// A run of documents, ready to be written.
#[derive(Debug)]
pub(crate) struct Block {
    /// The rows of each table, in the order of [`TABLES`]; `None` where there are none.
    pub(crate) tables: Vec<Option<RecordBatch>>,
    /// Lines of JSON, each with its line feed.
    pub(crate) lines: Vec<u8>,
    /// What the year panel needs to know.
    pub(crate) facts: Vec<Fact>,
    pub(crate) seen: Seen,
}

/// Runs of documents, being read one after another.
pub(crate) struct Reading<'l> {
    labels: &'l Labels,
    unpacker: Option<Unpacker>,
    rows: Vec<Rows>,
    lines: Vec<u8>,
    facts: Vec<Fact>,
    figures: BTreeSet<String>,
}

impl<'l> Reading<'l> {
    pub(crate) fn new(labels: &'l Labels) -> Self {
        let rows = TABLES.iter().map(Rows::new).collect();
        Self { labels, unpacker: None, rows, lines: Vec::new(), facts: Vec::new(), figures: BTreeSet::new() }
    }

    /// Adds a document.
    pub(crate) fn add(&mut self, document: &Document) -> Result<(), Error> {
        self.document(document);
        let sha256 = document.sha256.as_ref().map(|digest| hex(digest));
        match &document.outcome {
            Outcome::Read(packed) => self.record(document, sha256.as_deref(), packed),
            Outcome::Copy { .. } => Ok(()),
            Outcome::Failed { kind, message } => {
                self.line(&failed_line(&document.path, document.bytes, sha256.as_deref(), kind, message));
                Ok(())
            }
        }
    }

    fn line(&mut self, line: &str) {
        self.lines.extend_from_slice(line.as_bytes());
        self.lines.push(b'\n');
    }

    fn row(&mut self, table: usize, row: &[Value<'_>]) {
        if let Some(rows) = self.rows.get_mut(table) {
            rows.push(row);
        }
    }

    fn document(&mut self, document: &Document) {
        let Came { canonical, format, reports, outcome, why } = Came::of(document);
        let (kind, message) = why.unzip();
        let raw_path = document.raw_path.as_ref().map(|raw| hex(raw));
        let sha256 = document.sha256.as_ref().map(|digest| hex(digest));
        self.row(
            DOCUMENTS,
            &[
                (&document.id).into(),
                (&document.path).into(),
                raw_path.as_ref().into(),
                canonical.into(),
                document.bytes.into(),
                sha256.as_ref().into(),
                format.into(),
                document.gone.into(),
                outcome.into(),
                reports.into(),
                kind.into(),
                message.into(),
            ],
        );
    }

    fn record(&mut self, document: &Document, sha256: Option<&str>, packed: &Packed) -> Result<(), Error> {
        let unreadable = |what: &str, error: &dyn std::fmt::Display| {
            Error::source(format!("{}: {what} kept of it cannot be read: {error}", document.path))
        };
        let sha256 = sha256.ok_or_else(|| unreadable("what is", &"there is no digest"))?;
        let text = self.text(packed).map_err(|error| unreadable("what is", &error))?;
        let record = packed.lines(&text).map_err(|error| unreadable("what is", &error))?;
        if let (true, Some((kind, message))) = (record.own.is_empty(), &packed.failure) {
            self.line(&failed_line(&document.path, document.bytes, Some(sha256), kind, message));
        }
        for line in record.own {
            let line = named(&document.path, line);
            self.line(&line);
            if packed.failure.is_none() {
                let report = Line::parse(&line).map_err(|error| unreadable("a line", &error))?;
                let facts = Facts { sha256, document };
                self.report(&facts, &report);
            }
        }
        if let Some(tables) = record.tables {
            let grids = Grids::parse(tables).map_err(|error| unreadable("the line of tables", &error))?;
            grid::rows(&document.id, &grids, &mut |table, row| self.row(table, row));
        }
        Ok(())
    }

    fn text(&mut self, packed: &Packed) -> Result<String, Spoilt> {
        let unpacker = match &mut self.unpacker {
            Some(unpacker) => unpacker,
            none => none.insert(Unpacker::new()?),
        };
        unpacker.text(packed)
    }

    fn report(&mut self, of: &Facts<'_>, line: &Line<'_>) {
        let report = report_id(of.sha256, line);
        let count = self.figures(&report, line);
        self.report_row(of, &report, line, &count);
        for (finding, index) in line.findings.iter().zip(1_i64..) {
            let row = [
                (&report).into(),
                index.into(),
                finding.rule.as_str().into(),
                finding.severity.as_str().into(),
                Value::Text(&joined(&finding.figures, " ")),
                Value::Text(&joined(&finding.suspects, " ")),
                finding.message.as_str().into(),
                Value::Missing,
            ];
            self.row(FINDINGS, &row);
        }
        for (warning, index) in line.warnings.iter().zip(1_i64..) {
            let at = joined(&warning.at, ", ");
            let row = [
                (&report).into(),
                index.into(),
                warning.kind.as_str().into(),
                warning.message.as_str().into(),
                (&at).into(),
            ];
            self.row(WARNINGS, &row);
        }
        for (section, index) in line.sections.iter().zip(1_i64..) {
            let at = joined(&section.at, ", ");
            let row = [
                (&report).into(),
                index.into(),
                section.kind.as_str().into(),
                section.heading.as_str().into(),
                section.text.as_str().into(),
                (&at).into(),
            ];
            self.row(SECTIONS, &row);
        }
    }

    /// The rows of a report's figures; counts the states.
    pub(super) fn figures(&mut self, report: &str, line: &Line<'_>) -> Count {
        let form = self.labels.form(line.form.as_str());
        let suspects: BTreeSet<&str> =
            line.findings.iter().flat_map(|finding| &finding.suspects).map(Text::as_str).collect();
        let mut count = Count::default();
        let (mut hint, mut number_hint) = (0, 0);
        // Behind the figures come the facts that a report states of itself: their keys have one part.
        let figures = line.evidence.iter().filter(|(key, _)| key.as_str().contains('.'));
        let figures: Vec<_> = figures
            .map(|(key, evidence)| {
                let key = key.as_str();
                let label = form.and_then(|form| form.fields.get(form.place(key, &mut hint)?));
                if label.is_none() && !self.figures.contains(key) {
                    self.figures.insert(key.to_owned());
                }
                count.add(evidence.state.as_str());
                let number = line.numbers.find(key, &mut number_hint);
                Shown::new(key, label, number, evidence, suspects.contains(key))
            })
            .collect();
        let Some(rows) = self.rows.get_mut(FIGURES) else { return count };
        let (figures, mut rows) = (figures.as_slice(), rows.adding(figures.len()));
        let edge =
            |figure: &Shown<'_>, index: usize| figure.place.bbox.and_then(|bbox| bbox.get(index).copied()).into();
        rows.all(report.into());
        rows.all(line.form.as_str().into());
        rows.all(line.year.map(u32::from).into());
        rows.each(figures.iter().map(|figure| figure.key.into()));
        rows.each(figures.iter().map(|figure| figure.parts.0.into()));
        rows.each(figures.iter().map(|figure| figure.parts.1.into()));
        rows.each(figures.iter().map(|figure| figure.parts.2.into()));
        rows.each(figures.iter().map(|figure| figure.label.map(|label| &label.label).into()));
        rows.each(figures.iter().map(|figure| figure.value));
        rows.each(figures.iter().map(|figure| figure.exact));
        rows.each(figures.iter().map(|figure| figure.label.map(|label| &label.unit).into()));
        rows.each(figures.iter().map(|figure| figure.raw.into()));
        rows.each(figures.iter().map(|figure| figure.state.into()));
        rows.each(figures.iter().map(|figure| figure.suspect.into()));
        rows.each(figures.iter().map(|figure| Value::Text(&figure.at)));
        rows.each(figures.iter().map(|figure| figure.place.page.into()));
        rows.each(figures.iter().map(|figure| edge(figure, 0)));
        rows.each(figures.iter().map(|figure| edge(figure, 1)));
        rows.each(figures.iter().map(|figure| edge(figure, 2)));
        rows.each(figures.iter().map(|figure| edge(figure, 3)));
        rows.each(figures.iter().map(|figure| figure.place.chunk.into()));
        rows.each(figures.iter().map(|figure| figure.place.table.into()));
        rows.each(figures.iter().map(|figure| figure.place.row.into()));
        rows.each(figures.iter().map(|figure| figure.place.column.into()));
        rows.each(figures.iter().map(|figure| figure.place.sheet.into()));
        rows.each(figures.iter().map(|figure| figure.place.cell.into()));
        rows.each(figures.iter().map(|figure| figure.place.line.into()));
        rows.each(figures.iter().map(|figure| figure.place.field.into()));
        count
    }

    fn report_row(&mut self, of: &Facts<'_>, report: &str, line: &Line<'_>, count: &Count) {
        let text = |text: &Option<Text<'_>>| text.as_ref().map(|text| text.as_str().to_owned());
        let at = |name: &str| {
            let stated = line.evidence.iter().rev().find(|(key, _)| key.as_str() == name);
            stated.map(|(_, evidence)| joined(&evidence.at, ", "))
        };
        let severe =
            |severity: &str| line.findings.iter().filter(|finding| finding.severity.as_str() == severity).count();
        let rules: BTreeSet<&str> = line.findings.iter().map(|finding| finding.rule.as_str()).collect();
        let rules = rules.into_iter().collect::<Vec<_>>().join(" ");
        let agency = text(&line.agency);
        let key = agency.as_deref().and_then(agency::key);
        let share = (count.all() > 0).then(|| (count.all() - count.lost) as f64 / count.all() as f64);
        let (title_at, agency_at, year_at, published_at) = (at("title"), at("agency"), at("year"), at("published"));
        let row = [
            report.into(),
            (&of.document.id).into(),
            (&of.document.path).into(),
            line.part.into(),
            line.format.as_ref().map(Text::as_str).into(),
            of.document.bytes.into(),
            of.sha256.into(),
            line.status.as_str().into(),
            line.form.as_str().into(),
            line.title.as_ref().map(Text::as_str).into(),
            agency.as_ref().into(),
            key.as_ref().into(),
            line.year.map(u32::from).into(),
            line.published.as_ref().and_then(|date| day(date.as_str())).map_or(Value::Missing, Value::Date),
            title_at.as_ref().into(),
            agency_at.as_ref().into(),
            year_at.as_ref().into(),
            published_at.as_ref().into(),
            count.all().into(),
            count.read.into(),
            count.blank.into(),
            count.dash.into(),
            count.lost.into(),
            share.into(),
            severe("error").into(),
            severe("warning").into(),
            severe("info").into(),
            (&rules).into(),
            line.warnings.len().into(),
        ];
        self.row(REPORTS, &row);
        if let (Some(key), Some(year), Some(form)) = (key, line.year, self.labels.form(line.form.as_str())) {
            self.facts.push(panel::fact(key, year, report, &of.document.path, form, line));
        }
    }

    /// The run is whole; the next one may begin.
    pub(crate) fn finish(&mut self) -> Result<Block, Error> {
        let finish = |rows: &mut Rows| if rows.is_empty() { Ok(None) } else { rows.finish().map(Some) };
        let tables: Result<Vec<_>, _> = self.rows.iter_mut().map(finish).collect();
        let tables = tables.map_err(Error::source)?;
        let mut seen = nothing_seen();
        for ((table, rows), seen) in TABLES.iter().zip(&tables).zip(&mut seen) {
            if let Some(rows) = rows {
                look(table, rows, seen);
            }
        }
        let key = TABLES.get(FIGURES).and_then(|table| table.columns.iter().position(|column| column.name == "figure"));
        if let Some(of_key) = key.and_then(|key| seen.get_mut(FIGURES)?.get_mut(key)) {
            *of_key = std::mem::take(&mut self.figures);
        }
        let room = self.lines.len();
        let lines = std::mem::replace(&mut self.lines, Vec::with_capacity(room));
        Ok(Block { tables, lines, facts: std::mem::take(&mut self.facts), seen })
    }
}

/// A figure of a report, as its row says it.
struct Shown<'a> {
    key: &'a str,
    parts: (&'a str, &'a str, &'a str),
    label: Option<&'a Label>,
    value: Value<'static>,
    exact: Value<'static>,
    raw: &'a str,
    state: &'a str,
    suspect: bool,
    /// All places, parted by a comma.
    at: Cow<'a, str>,
    /// The parts of the first one.
    place: Place<'a>,
}

impl<'a> Shown<'a> {
    fn new(
        key: &'a str,
        label: Option<&'a Label>,
        printed: Option<&str>,
        evidence: &'a Evidence<'_>,
        suspect: bool,
    ) -> Self {
        let (value, exact) = printed.map_or((Value::Missing, Value::Missing), number);
        let of_label = |label: &'a Label| (label.table.as_str(), label.row.as_str(), label.column.as_str());
        let (at, place) = match evidence.at.as_slice() {
            [one] => (Cow::Borrowed(one.as_str()), Place::of(one.as_str())),
            places => {
                let first = places.first().map_or_else(Place::default, |at| Place::of(at.as_str()));
                (Cow::Owned(joined(places, ", ")), first)
            }
        };
        let (parts, raw, state) =
            (label.map_or_else(|| parts(key), of_label), evidence.raw.as_str(), evidence.state.as_str());
        Self { key, parts, label, value, exact, raw, state, suspect, at, place }
    }
}

/// What came of a document, as its row says it.
pub(crate) struct Came<'a> {
    pub(crate) canonical: &'a str,
    pub(crate) format: Option<&'a str>,
    pub(crate) reports: usize,
    pub(crate) outcome: &'static str,
    /// Why there is no report: kind and message.
    pub(crate) why: Option<(&'a str, &'a str)>,
}

impl<'a> Came<'a> {
    pub(crate) fn of(document: &'a Document) -> Self {
        let path = document.path.as_str();
        let (canonical, format, reports, review, failure) = match &document.outcome {
            Outcome::Read(record) => {
                let review = record.reports.iter().any(|report| report.status != "ok");
                (path, record.format.as_deref(), record.reports.len(), review, record.failure.as_ref())
            }
            Outcome::Copy { of, brief } => {
                let failure = brief.failure.as_ref();
                (of.as_str(), brief.format.as_deref(), brief.reports as usize, brief.review, failure)
            }
            Outcome::Failed { .. } => (path, None, 0, false, None),
        };
        let why = match (&document.outcome, failure) {
            (Outcome::Failed { kind, message }, _) | (_, Some((kind, message))) => {
                Some((kind.as_str(), message.as_str()))
            }
            _ => None,
        };
        let outcome = match (reports, review) {
            (0, _) => "failed",
            (_, true) => "review",
            (_, false) => "ok",
        };
        Self { canonical, format, reports, outcome, why }
    }
}

/// Gathers the codes that occur. Those of figures are gathered as they are read: they are too many to look at again.
fn look(table: &Table, rows: &RecordBatch, seen: &mut [BTreeSet<String>]) {
    for ((column, values), seen) in table.columns.iter().zip(rows.columns()).zip(seen) {
        if table.name == "figures" || !matches!(column.codes, Codes::Seen | Codes::Forms | Codes::Rules) {
            continue;
        }
        let values = values.as_string::<i32>();
        for value in values.iter().flatten() {
            if !seen.contains(value) {
                seen.insert(value.to_owned());
            }
        }
        debug_assert_eq!(values.len(), rows.num_rows());
    }
}

/// What all reports of a document share.
struct Facts<'a> {
    sha256: &'a str,
    document: &'a Document,
}

/// How many figures of a report are in which state.
#[derive(Debug, Default)]
pub(super) struct Count {
    read: usize,
    blank: usize,
    dash: usize,
    lost: usize,
}

impl Count {
    fn add(&mut self, state: &str) {
        match state {
            "read" => self.read += 1,
            "blank" => self.blank += 1,
            "dash" => self.dash += 1,
            _ => self.lost += 1,
        }
    }

    const fn all(&self) -> usize {
        self.read + self.blank + self.dash + self.lost
    }
}

fn joined(texts: &[Text<'_>], between: &str) -> String {
    let mut text = String::new();
    join(&mut text, texts, between);
    text
}

pub(crate) fn join(into: &mut String, texts: &[Text<'_>], between: &str) {
    for (index, text) in texts.iter().enumerate() {
        if index > 0 {
            into.push_str(between);
        }
        into.push_str(text.as_str());
    }
}

/// What the dataset calls a report: the first digits of its document's SHA-256, and its part.
pub(crate) fn report_id(sha256: &str, line: &Line<'_>) -> String {
    format!("{}-{}", sha256.get(..32).unwrap_or(sha256), line.part.unwrap_or(1))
}

/// Whether the table holds rows only where tables were asked for.
pub(crate) const fn is_extra(table: usize) -> bool {
    table == GRIDS || table == CELLS
}
