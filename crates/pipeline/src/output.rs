//! Reports and tables as the JSON of the contract.

use nianbao_model::{Document, Format, Origin, Table, Warning};
use nianbao_schema::{FieldKey, Report, Stated, Status};
use serde::ser::{Error as _, Serialize, SerializeSeq, Serializer};
use sha2::{Digest, Sha256};
use smol_str::SmolStrBuilder;

use crate::error::Error;
use crate::members::{Members, Tree, Value};

/// The name of the shape, with its version.
pub(crate) const SCHEMA: &str = "nianbao/report/1";

/// One line of `nianbao extract`.
#[derive(Debug, serde::Serialize)]
pub struct Output {
    schema: &'static str,
    source: Source,
    status: &'static str,
    #[serde(flatten)]
    body: Body,
}

#[derive(Debug)]
enum Body {
    Filled(Box<Report>),
    Failed(Failure),
}

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Filled(report) => Filled::of(report).serialize(serializer),
            Self::Failed(error) => Failed { error }.serialize(serializer),
        }
    }
}

#[derive(serde::Serialize)]
struct Failed<'a> {
    error: &'a Failure,
}

/// Why there is no report.
#[derive(Debug, serde::Serialize)]
pub struct Failure {
    /// A name to filter by: `encrypted`, `corrupt`, `no_report_found`.
    pub kind: &'static str,
    /// What is wrong and what to do next.
    pub message: String,
}

/// The members of a line that come from its report. They are borrowed: nothing is copied to be printed.
#[derive(serde::Serialize)]
struct Filled<'a> {
    form: &'a str,
    title: Option<&'a str>,
    agency: Option<&'a str>,
    year: Option<u16>,
    published: Option<String>,
    sections: Vec<SectionOutput<'a>>,
    #[serde(flatten)]
    figures: Tree<'a>,
    evidence: Members<'a, Evidence<'a>>,
    findings: Vec<FindingOutput<'a>>,
    warnings: Vec<WarningOutput<'a>>,
}

#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct Source {
    path: String,
    format: Option<&'static str>,
    /// Unknown, as the digest, where the bytes could not be had.
    bytes: Option<usize>,
    sha256: Option<String>,
    /// Which report of the file it is, from 1, where the file holds several.
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<usize>,
}

#[derive(serde::Serialize)]
struct SectionOutput<'a> {
    kind: &'static str,
    heading: &'a str,
    text: &'a str,
    at: Cited<'a>,
}

#[derive(serde::Serialize)]
struct Evidence<'a> {
    raw: &'a str,
    state: &'static str,
    at: Cited<'a>,
}

#[derive(serde::Serialize)]
struct FindingOutput<'a> {
    rule: &'a str,
    severity: &'static str,
    figures: Vec<&'a str>,
    /// The figures among them in which broken sums meet.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suspects: Vec<&'a str>,
    message: &'a str,
}

#[derive(Debug, serde::Serialize)]
struct WarningOutput<'a> {
    kind: &'static str,
    message: String,
    at: Cited<'a>,
}

/// Places as their citations.
#[derive(Debug)]
struct Cited<'a>(&'a [Origin]);

impl Serialize for Cited<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for origin in self.0 {
            // Written whole and escaped at once, where `collect_str` does both piece by piece; nearly all are short enough to need no memory.
            let mut citation = SmolStrBuilder::new();
            origin.cite(&mut citation).map_err(S::Error::custom)?;
            list.serialize_element(citation.finish().as_str())?;
        }
        list.end()
    }
}

impl Output {
    /// The lines of a file that holds these reports.
    pub(crate) fn of(path: &str, bytes: &[u8], format: Format, reports: Vec<Report>) -> Vec<Self> {
        Self::at(&Source::new(path, bytes, Some(format)), reports)
    }

    /// The same of a source that is known.
    pub(crate) fn at(source: &Source, reports: Vec<Report>) -> Vec<Self> {
        let several = reports.len() > 1;
        let line = |(index, report): (usize, Report)| Self {
            schema: SCHEMA,
            source: Source { part: several.then_some(index + 1), ..source.clone() },
            status: match report.status() {
                Status::Ok => "ok",
                Status::Review => "review",
            },
            body: Body::Filled(Box::new(report)),
        };
        reports.into_iter().enumerate().map(line).collect()
    }

    /// The line of a file of which no report could be made.
    pub(crate) fn failed(path: &str, bytes: &[u8], format: Option<Format>, error: &Error) -> Self {
        Self::failed_at(Source::new(path, bytes, format), error)
    }

    /// The same of a source that is known.
    pub(crate) fn failed_at(source: Source, error: &Error) -> Self {
        Self::without_report(source, error.kind(), error.to_string())
    }

    /// The line of a file whose bytes could not be had: it was not found, say.
    pub fn unread(path: &str, kind: &'static str, message: String) -> Self {
        Self::without_report(Source::unread(path), kind, message)
    }

    const fn without_report(source: Source, kind: &'static str, message: String) -> Self {
        Self { schema: SCHEMA, source, status: "failed", body: Body::Failed(Failure { kind, message }) }
    }

    /// `ok`, `review` or `failed`.
    pub const fn status(&self) -> &'static str {
        self.status
    }

    /// Why there is no report, where there is none.
    pub const fn failure(&self) -> Option<&Failure> {
        match &self.body {
            Body::Failed(error) => Some(error),
            Body::Filled(_) => None,
        }
    }

    /// The edition of the form, where there is a report.
    pub fn form(&self) -> Option<&str> {
        self.report().map(|report| report.form.name.as_str())
    }

    /// The agency, as printed, where the report names it.
    pub fn agency(&self) -> Option<&str> {
        self.report()?.agency.as_ref().map(|agency| agency.value.as_str())
    }

    /// The year reported on, where the report names it.
    pub fn year(&self) -> Option<u16> {
        self.report()?.year.as_ref().map(|year| year.value)
    }

    fn report(&self) -> Option<&Report> {
        match &self.body {
            Body::Filled(report) => Some(report),
            Body::Failed(_) => None,
        }
    }
}

impl Source {
    fn new(path: &str, bytes: &[u8], format: Option<Format>) -> Self {
        Self::known(path, bytes.len(), &Sha256::digest(bytes).into()).of_format(format)
    }

    /// Of bytes whose SHA-256 is known already.
    pub(crate) fn known(path: &str, bytes: usize, digest: &[u8; 32]) -> Self {
        Self { path: path.to_owned(), format: None, bytes: Some(bytes), sha256: Some(hex(digest)), part: None }
    }

    pub(crate) fn of_format(self, format: Option<Format>) -> Self {
        Self { format: format.map(Format::name), ..self }
    }

    /// Of a file whose bytes could not be had.
    fn unread(path: &str) -> Self {
        Self { path: path.to_owned(), format: None, bytes: None, sha256: None, part: None }
    }
}

/// Bytes as hexadecimal digits, as all hashes are printed.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

impl<'a> Filled<'a> {
    fn of(report: &'a Report) -> Self {
        let mut figures = Vec::with_capacity(report.figures.len());
        let mut evidence = Vec::with_capacity(report.figures.len() + 4);
        // They are in the order of the form.
        for (key, figure) in &report.figures {
            figures.push((key.as_str(), Value::of(figure)));
            let entry = Evidence { raw: &figure.raw, state: figure.state.name(), at: Cited(&figure.origins) };
            evidence.push((key.as_str(), entry));
        }
        let facts = [
            ("title", report.title.as_ref().map(Evidence::of)),
            ("agency", report.agency.as_ref().map(Evidence::of)),
            ("year", report.year.as_ref().map(Evidence::of)),
            ("published", report.published.as_ref().map(Evidence::of)),
        ];
        evidence.extend(facts.into_iter().filter_map(|(name, fact)| Some((name, fact?))));
        Self {
            form: &report.form.name,
            title: report.title.as_ref().map(|title| title.value.as_str()),
            agency: report.agency.as_ref().map(|agency| agency.value.as_str()),
            year: report.year.as_ref().map(|year| year.value),
            published: report.published.as_ref().map(|date| date.value.to_string()),
            sections: report.sections.iter().map(SectionOutput::from).collect(),
            figures: Tree::new(figures, report.form.is_grouped),
            evidence: Members(evidence),
            findings: report.findings.iter().map(FindingOutput::from).collect(),
            warnings: report.warnings.iter().map(WarningOutput::from).collect(),
        }
    }
}

impl<'a> Evidence<'a> {
    /// Of a fact that the report states of itself.
    fn of<T>(fact: &'a Stated<T>) -> Self {
        Self { raw: &fact.raw, state: "read", at: Cited(&fact.at) }
    }
}

fn cite(origins: &[Origin]) -> Vec<String> {
    origins.iter().map(ToString::to_string).collect()
}

impl<'a> From<&'a nianbao_schema::Section> for SectionOutput<'a> {
    fn from(section: &'a nianbao_schema::Section) -> Self {
        Self { kind: section.kind.name(), heading: &section.heading, text: &section.text, at: Cited(&section.at) }
    }
}

impl<'a> From<&'a nianbao_schema::Finding> for FindingOutput<'a> {
    fn from(finding: &'a nianbao_schema::Finding) -> Self {
        Self {
            rule: &finding.rule,
            severity: finding.severity.name(),
            figures: finding.figures.iter().map(FieldKey::as_str).collect(),
            suspects: finding.suspects.iter().map(FieldKey::as_str).collect(),
            message: &finding.message,
        }
    }
}

impl<'a> From<&'a Warning> for WarningOutput<'a> {
    fn from(warning: &'a Warning) -> Self {
        Self { kind: warning.kind.name(), message: warning.kind.to_string(), at: Cited(&warning.at) }
    }
}

fn as_output<S: Serializer>(warnings: &[Warning], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(warnings.iter().map(WarningOutput::from))
}

/// One line of `nianbao tables`.
#[derive(Debug, serde::Serialize)]
pub struct TablesOutput {
    source: Source,
    #[serde(flatten)]
    body: TablesBody,
}

#[derive(Debug, serde::Serialize)]
#[serde(untagged)]
enum TablesBody {
    Read {
        tables: Vec<TableOutput>,
        #[serde(serialize_with = "as_output")]
        warnings: Vec<Warning>,
    },
    Failed {
        error: Failure,
    },
}

#[derive(Debug, serde::Serialize)]
struct TableOutput {
    page: Option<u32>,
    bbox: Option<[f64; 4]>,
    rows: usize,
    columns: usize,
    /// Where a nested table stands: the index of the outer table in `tables`, and its cell, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    nested_in: Option<NestingOutput>,
    cells: Vec<CellOutput>,
}

#[derive(Debug, serde::Serialize)]
struct NestingOutput {
    table: usize,
    row: usize,
    col: usize,
}

#[derive(Debug, serde::Serialize)]
struct CellOutput {
    row: usize,
    col: usize,
    row_span: usize,
    col_span: usize,
    text: String,
    role: &'static str,
    page: Option<u32>,
    bbox: Option<[f64; 4]>,
    at: String,
}

impl TablesOutput {
    pub(crate) fn of(path: &str, bytes: &[u8], document: &Document) -> Self {
        Self::at(Source::new(path, bytes, Some(document.format)), document)
    }

    /// The same of a source that is known.
    pub(crate) fn at(source: Source, document: &Document) -> Self {
        // The index of each table among the tables, by its index among the blocks.
        let mut order = Vec::with_capacity(document.blocks.len());
        let mut count = 0;
        for block in &document.blocks {
            order.push(count);
            count += usize::from(matches!(block, nianbao_model::Block::Table(_)));
        }
        let tables = document.tables().map(|table| TableOutput::new(table, &order)).collect();
        let warnings = document.warnings.clone();
        Self { source, body: TablesBody::Read { tables, warnings } }
    }

    pub(crate) fn failed(path: &str, bytes: &[u8], error: &Error) -> Self {
        Self::failed_at(Source::new(path, bytes, None), error)
    }

    /// The same of a source that is known.
    pub(crate) fn failed_at(source: Source, error: &Error) -> Self {
        let error = Failure { kind: error.kind(), message: error.to_string() };
        Self { source, body: TablesBody::Failed { error } }
    }

    /// The line of a file whose bytes could not be had.
    pub fn unread(path: &str, kind: &'static str, message: String) -> Self {
        Self { source: Source::unread(path), body: TablesBody::Failed { error: Failure { kind, message } } }
    }

    /// Why there are no tables, where the file could not be read.
    pub const fn failure(&self) -> Option<&Failure> {
        match &self.body {
            TablesBody::Failed { error } => Some(error),
            TablesBody::Read { .. } => None,
        }
    }
}

impl TableOutput {
    fn new(table: &Table, order: &[usize]) -> Self {
        let places = || table.cells().iter().flat_map(|cell| &cell.origins);
        let (page, bbox) = box_of(places());
        Self {
            page,
            bbox,
            rows: table.rows().len(),
            columns: table.columns(),
            nested_in: table.nested_in.map(|nesting| NestingOutput {
                table: order.get(nesting.block).copied().unwrap_or_default(),
                row: nesting.row,
                col: nesting.column,
            }),
            cells: table.cells().iter().map(CellOutput::new).collect(),
        }
    }
}

impl CellOutput {
    fn new(cell: &nianbao_model::Cell) -> Self {
        let area = cell.area();
        let (page, bbox) = box_of(cell.origins.iter());
        Self {
            row: area.rows.start(),
            col: area.columns.start(),
            row_span: area.rows.length(),
            col_span: area.columns.length(),
            text: cell.text(),
            role: cell.role.name(),
            page,
            bbox,
            at: cite(&cell.origins).join(", "),
        }
    }
}

/// The first page that the places stand on, from 1, and the box in points around those on it.
fn box_of<'a>(places: impl Iterator<Item = &'a Origin>) -> (Option<u32>, Option<[f64; 4]>) {
    let mut found: Option<(u32, nianbao_model::BoundingBox)> = None;
    for place in places {
        let Origin::Page { page, bbox } = place else {
            continue;
        };
        match &mut found {
            None => found = Some((*page, *bbox)),
            Some((first, hull)) if first == page => *hull = hull.hull(*bbox),
            Some(_) => {}
        }
    }
    let points = |hundredths: i32| f64::from(hundredths) / 100.0;
    let bbox = found.map(|(_, bbox)| [bbox.left, bbox.top, bbox.right, bbox.bottom].map(points));
    (found.map(|(page, _)| page + 1), bbox)
}
