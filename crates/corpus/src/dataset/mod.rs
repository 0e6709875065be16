//! Reads the dataset of a run of `nianbao convert`, document by document in its own order.
//!
//! Figures and sections are read beside the reports as they come, a few thousand rows at a time, and kept as columns: most are the same in
//! the other run, and columns are compared many rows at a time. Nothing but what differs is taken apart.

mod parquet;
mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use self::parquet::Table;
use self::rows::{Cells, Cursor};
use crate::compare::{Cost, Reading};
use crate::error::Error;
use crate::said::{Figure, Finding, Said, Section};

/// What a folder with a dataset holds.
pub(crate) const FIGURES: &str = "figures.parquet";
const LEDGER: &str = "ledger.sqlite";

/// The columns of a figure that are compared.
const OF_FIGURES: [&str; 7] = ["report", "figure", "value", "exact", "raw", "state", "place"];
const OF_SECTIONS: [&str; 4] = ["report", "kind", "heading", "text"];

/// A document of a dataset, with its reports, or the reason why there is none.
#[derive(Debug)]
pub(crate) struct Document {
    /// The SHA-256 of its bytes; where they could not be had, its path.
    pub(crate) key: String,
    pub(crate) path: String,
    pub(crate) cost: Option<Cost>,
    reports: Vec<Report>,
}

/// A report whose figures and sections are still columns.
#[derive(Debug)]
struct Report {
    said: Said,
    figures: Cells,
    sections: Cells,
}

impl Document {
    /// How many figures there are, where all of both documents are the same.
    pub(crate) fn same(&self, other: &Self) -> Option<u64> {
        let same = |(one, two): (&Report, &Report)| {
            one.said == two.said && one.figures.is_same(&two.figures) && one.sections.is_same(&two.sections)
        };
        let all = self.reports.len() == other.reports.len() && self.reports.iter().zip(&other.reports).all(same);
        all.then(|| self.reports.iter().map(|report| report.figures.len() as u64).sum())
    }

    pub(crate) fn count_reports(&self) -> u64 {
        self.reports.iter().filter(|report| report.said.is_report()).count() as u64
    }

    /// It taken apart.
    pub(crate) fn reading(self) -> Reading {
        let said = self.reports.into_iter().map(|report| Said {
            figures: figures(&report.figures),
            sections: sections(&report.sections),
            ..report.said
        });
        Reading { said: said.collect(), cost: self.cost }
    }
}

fn figures(cells: &Cells) -> BTreeMap<String, Figure> {
    let mut figures = BTreeMap::new();
    cells.each(|row| {
        let figure = Figure {
            value: row.decimal("exact").or_else(|| row.number("value")),
            state: row.text("state"),
            raw: row.text("raw"),
            place: Some(row.text("place")),
        };
        figures.insert(row.text("figure"), figure);
    });
    figures
}

fn sections(cells: &Cells) -> Vec<Section> {
    let mut sections = Vec::new();
    cells.each(|row| {
        sections.push(Section { kind: row.text("kind"), heading: row.text("heading"), text: row.text("text") });
    });
    sections
}

/// The documents of a dataset: those with reports in its order, then those without.
#[derive(Debug)]
pub(crate) struct Documents {
    reports: Table,
    /// A report that was read ahead: the key of its document, its path, what it says, its name.
    ahead: Option<Ahead>,
    figures: Cursor,
    sections: Cursor,
    findings: BTreeMap<String, Vec<Finding>>,
    warnings: BTreeMap<String, Vec<String>>,
    failed: std::vec::IntoIter<Document>,
    costs: BTreeMap<String, Cost>,
}

#[derive(Debug)]
struct Ahead {
    key: String,
    path: String,
    name: String,
    said: Said,
}

impl Documents {
    /// Opens the dataset in a folder.
    ///
    /// # Errors
    /// It is none, or damaged.
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        let costs = costs(&folder.join(LEDGER)).unwrap_or_default();
        Ok(Self {
            reports: Table::open(&folder.join("reports.parquet"), &OF_REPORTS)?,
            ahead: None,
            figures: Cursor::new(Table::open(&folder.join(FIGURES), &OF_FIGURES)?),
            sections: Cursor::new(Table::open(&folder.join("sections.parquet"), &OF_SECTIONS)?),
            findings: findings(&folder.join("findings.parquet"))?,
            warnings: warnings(&folder.join("warnings.parquet"))?,
            failed: failed(&folder.join("documents.parquet"))?.into_iter(),
            costs,
        })
    }

    fn document(&mut self) -> Result<Option<Document>, Error> {
        let Some(first) = self.report()? else {
            let mut failed = self.failed.next();
            if let Some(document) = &mut failed {
                document.cost = self.costs.get(&document.key).copied();
            }
            return Ok(failed);
        };
        let (key, path) = (first.key.clone(), first.path.clone());
        let cost = self.costs.get(&key).copied();
        let mut document = Document { key, path, cost, reports: vec![self.with_rows(first)?] };
        while let Some(next) = self.report()? {
            if next.key != document.key {
                self.ahead = Some(next);
                break;
            }
            let next = self.with_rows(next)?;
            document.reports.push(next);
        }
        Ok(Some(document))
    }

    fn report(&mut self) -> Result<Option<Ahead>, Error> {
        if let Some(ahead) = self.ahead.take() {
            return Ok(Some(ahead));
        }
        self.reports.next(|row| Ahead {
            key: row.text("sha256"),
            path: row.text("path"),
            name: row.text("report"),
            said: Said {
                part: row.integer("part").and_then(|part| u64::try_from(part).ok()).unwrap_or_default(),
                format: Some(row.text("format")).filter(|format| !format.is_empty()),
                status: row.text("status"),
                facts: facts(&row),
                ..Said::default()
            },
        })
    }

    fn with_rows(&mut self, ahead: Ahead) -> Result<Report, Error> {
        let Ahead { name, mut said, .. } = ahead;
        said.findings = self.findings.remove(&name).unwrap_or_default();
        said.warnings = self.warnings.remove(&name).unwrap_or_default();
        said.warnings.sort();
        Ok(Report { said, figures: self.figures.take(&name)?, sections: self.sections.take(&name)? })
    }
}

impl Iterator for Documents {
    type Item = Result<Document, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.document().transpose()
    }
}

const OF_REPORTS: [&str; 11] =
    ["report", "path", "part", "format", "sha256", "status", "form", "title", "agency", "year", "published"];

fn facts(row: &parquet::Row<'_>) -> BTreeMap<&'static str, String> {
    let texts = ["form", "title", "agency"].map(|name| (name, row.text(name)));
    let year = ("year", row.integer("year").map(|year| year.to_string()).unwrap_or_default());
    let published = ("published", row.date("published").unwrap_or_default());
    texts.into_iter().chain([year, published]).filter(|(_, text)| !text.is_empty()).collect()
}

/// The findings of each report, but those of the year panel: they are about other reports too.
fn findings(path: &Path) -> Result<BTreeMap<String, Vec<Finding>>, Error> {
    let mut table = Table::open(path, &["report", "rule", "severity", "figures", "message"])?;
    let mut findings: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
    let read = |row: parquet::Row<'_>| {
        let finding = Finding {
            rule: row.text("rule"),
            severity: row.text("severity"),
            figures: row.text("figures").split_whitespace().map(str::to_owned).collect(),
            message: row.text("message"),
        };
        (row.text("report"), finding)
    };
    while let Some((report, finding)) = table.next(read)? {
        if !finding.rule.starts_with("panel.") {
            findings.entry(report).or_default().push(finding);
        }
    }
    Ok(findings)
}

fn warnings(path: &Path) -> Result<BTreeMap<String, Vec<String>>, Error> {
    let mut table = Table::open(path, &["report", "kind"])?;
    let mut warnings: BTreeMap<String, Vec<String>> = BTreeMap::new();
    while let Some((report, kind)) = table.next(|row| (row.text("report"), row.text("kind")))? {
        // A name that disagrees belongs to the path, not to the bytes.
        if kind != "name_disagrees" {
            warnings.entry(report).or_default().push(kind);
        }
    }
    Ok(warnings)
}

/// The documents of which there is no report, each content once.
fn failed(path: &Path) -> Result<Vec<Document>, Error> {
    let mut table = Table::open(path, &["path", "sha256", "format", "outcome", "kind", "message"])?;
    let (mut seen, mut failed) = (BTreeSet::new(), Vec::new());
    let read = |row: parquet::Row<'_>| {
        let said = Said {
            format: Some(row.text("format")).filter(|format| !format.is_empty()),
            status: "failed".to_owned(),
            failure: Some((row.text("kind"), row.text("message"))),
            ..Said::default()
        };
        (row.text("path"), row.text("sha256"), row.text("outcome"), said)
    };
    while let Some((path, sha256, outcome, said)) = table.next(read)? {
        let key = if sha256.is_empty() { path.clone() } else { sha256 };
        if outcome == "failed" && seen.insert(key.clone()) {
            let reports = vec![Report { said, figures: Cells::default(), sections: Cells::default() }];
            failed.push(Document { key, path, cost: None, reports });
        }
    }
    Ok(failed)
}

/// What each content cost, as the ledger of the run has it. A dataset without its ledger says nothing of that.
fn costs(path: &Path) -> rusqlite::Result<BTreeMap<String, Cost>> {
    let ledger = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut query = ledger
        .prepare("SELECT lower(hex(sha256)), milliseconds, memory FROM contents WHERE milliseconds IS NOT NULL")?;
    let rows = query.query_map([], |row| {
        let (millis, memory): (i64, Option<i64>) = (row.get(1)?, row.get(2)?);
        let cost = Cost {
            micros: millis.max(0).cast_unsigned().saturating_mul(1000),
            memory: memory.unwrap_or_default().max(0).cast_unsigned(),
        };
        Ok((row.get::<_, String>(0)?, cost))
    })?;
    rows.collect()
}
