//! `nianbao show`: reports for a person in the terminal.
//!
//! What the file says of itself, the sections, the tables with every broken sum marked at its cells, then what is wrong and what
//! reading was not sure of. All of it can be told without colour.

use std::collections::BTreeSet;
use std::io::{self, Write};

use anstyle::Style;
use nianbao::{BlockRow, FieldKey, Figure, Finding, Origin, Report, Severity, State, Status, Warning};

use crate::Outcome;
use crate::draw::{self, Block, Cell, Row};
use crate::fit::{clean, cut, fill, width, wrap};
use crate::marks::{Mark, Marks};
use crate::page::{self, BAD, BOLD, DIM, DOUBT, GOOD, Name, heading, item};

/// How many places, and how many messages, stand for all of a kind.
const FIRST: usize = 3;

/// Shows the reports of a file, one after another.
pub(crate) fn show(path: &str, reports: &[Report]) -> io::Result<Outcome> {
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    let columns = page::columns();
    for (index, report) in reports.iter().enumerate() {
        if index > 0 {
            writeln!(out, "\n{DIM}{}{DIM:#}\n", "═".repeat(columns))?;
        }
        let part = (reports.len() > 1).then_some((index + 1, reports.len()));
        let source = part.map_or_else(|| path.to_owned(), |(part, all)| format!("{path} (report {part} of {all})"));
        one(&mut out, &source, report, columns)?;
    }
    out.flush()?;
    Ok(reports.iter().map(|report| outcome(report.status())).max().unwrap_or(Outcome::Unread))
}

const fn outcome(status: Status) -> Outcome {
    match status {
        Status::Ok => Outcome::Ok,
        Status::Review => Outcome::Review,
    }
}

fn one(out: &mut impl Write, source: &str, report: &Report, columns: usize) -> io::Result<()> {
    let marks = Marks::of(report);
    facts(out, source, report, columns)?;
    sections(out, report, columns)?;
    tables(out, report, &marks, columns)?;
    findings(out, &report.findings, columns)?;
    warnings(out, &report.warnings, columns)?;
    legend(out, report, &marks, columns)
}

/// What the report says of itself, and whether it can be used.
fn facts(out: &mut impl Write, source: &str, report: &Report, columns: usize) -> io::Result<()> {
    let title = report.title.as_ref().map_or("(no title found)", |title| title.value.as_str());
    for line in wrap(&clean(title), columns) {
        writeln!(out, "{BOLD}{line}{BOLD:#}")?;
    }
    let facts = [
        ("agency", report.agency.as_ref().map(|agency| agency.value.clone())),
        ("year", report.year.as_ref().map(|year| year.value.to_string())),
        ("published", report.published.as_ref().map(|date| date.value.to_string())),
        ("form", Some(report.form.name.clone())),
    ];
    for (name, value) in facts {
        let value = value.unwrap_or_else(|| "not found".to_owned());
        let name = Name { text: name, widest: 9, style: DIM };
        item(out, name, &[value], columns)?;
    }
    // Left in one piece, to be copied.
    writeln!(out, "  {DIM}file{DIM:#}       {}", clean(source))?;
    let (style, status) = match report.status() {
        Status::Ok => (GOOD, "ok"),
        Status::Review => (BAD, "review"),
    };
    writeln!(out, "  {DIM}status{DIM:#}     {style}{status}{style:#}: {}", tally(report))
}

/// How much is wrong, in a few words.
fn tally(report: &Report) -> String {
    let lost = report.figures.values().filter(|figure| figure.state == State::Lost).count();
    let mut words = vec![if lost == 0 {
        format!("all {} figures found", report.figures.len())
    } else {
        format!("{lost} of {} figures lost", report.figures.len())
    }];
    for severity in SEVERITIES {
        let count = report.findings.iter().filter(|finding| finding.severity == severity).count();
        if count > 0 {
            words.push(counted(count, name_of(severity)));
        }
    }
    words.join(", ")
}

const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];

const fn name_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

const fn style_of(severity: Severity) -> Style {
    match severity {
        Severity::Error => BAD,
        Severity::Warning => DOUBT,
        Severity::Info => BOLD,
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Each section with the beginning of its text.
fn sections(out: &mut impl Write, report: &Report, columns: usize) -> io::Result<()> {
    if report.sections.is_empty() {
        return Ok(());
    }
    heading(out, "Sections")?;
    let headings: Vec<String> =
        report.sections.iter().map(|section| cut(&clean(&section.heading), columns / 2)).collect();
    let widest = headings.iter().map(|heading| width(heading)).max().unwrap_or(0);
    for (section, heading) in report.sections.iter().zip(&headings) {
        // No more of the text is looked at than fits.
        let first: String = section.text.chars().take(columns).collect();
        let text = cut(clean(&first).trim(), columns.saturating_sub(widest + 4));
        let line = format!("  {heading}{}  {DIM}{text}{DIM:#}", fill(heading, widest));
        writeln!(out, "{}", if text.is_empty() { format!("  {heading}") } else { line })?;
    }
    Ok(())
}

/// The tables of the form, filled.
fn tables(out: &mut impl Write, report: &Report, marks: &Marks<'_>, columns: usize) -> io::Result<()> {
    let blocks = report.form.blocks();
    // Only the first block of a table bears its title.
    for table in blocks.chunk_by(|_, next| next.title.is_none()) {
        if let Some(title) = table.first().and_then(|block| block.title.as_ref()) {
            heading(out, &clean(title))?;
        }
        let figures = || table.iter().flat_map(|block| &block.rows).flat_map(|row| &row.figures);
        let mut printed = figures().filter_map(|key| report.figures.get(key)).peekable();
        if printed.peek().is_some() && printed.all(|figure| figure.state == State::Lost) {
            writeln!(out, "  {DOUBT}?{DOUBT:#} not one figure of it was found")?;
            continue;
        }
        let filled: Vec<Block> = table.iter().filter_map(|block| fill_block(block, report, marks)).collect();
        if !filled.is_empty() {
            draw::table(out, &filled, columns)?;
        }
    }
    Ok(())
}

/// The block with the report's figures; none where the report's form has no row of it.
fn fill_block(block: &nianbao::Block, report: &Report, marks: &Marks<'_>) -> Option<Block> {
    let rows = printed(&block.rows, report);
    (!rows.is_empty()).then(|| Block {
        columns: block.columns.iter().map(|label| clean(label)).collect(),
        rows: rows.into_iter().map(|row| filled(row, report, marks)).collect(),
    })
}

/// The rows that the report's form has: none that others stand in for, and no group without rows.
fn printed<'a>(rows: &'a [BlockRow], report: &Report) -> Vec<&'a BlockRow> {
    let mut kept: Vec<&BlockRow> = Vec::new();
    let mut below: Option<usize> = None;
    for row in rows.iter().rev() {
        let is_group = row.figures.is_empty();
        let stays = if is_group {
            below.is_some_and(|depth| depth > row.depth)
        } else {
            row.figures.iter().any(|key| report.figures.contains_key(key))
        };
        if stays {
            below = Some(row.depth);
            kept.push(row);
        }
    }
    kept.reverse();
    kept
}

fn filled(row: &BlockRow, report: &Report, marks: &Marks<'_>) -> Row {
    let cell = |key: &FieldKey| report.figures.get(key).map(|figure| cell(figure, marks.at(key))).unwrap_or_default();
    Row { label: clean(&row.label), depth: row.depth, cells: row.figures.iter().map(cell).collect() }
}

/// A figure as it is shown: the number, the dash as printed, `·` for a blank and `?` for a lost one.
fn cell(figure: &Figure, mark: Option<Mark>) -> Cell {
    let (text, style) = match (figure.state, figure.value) {
        (State::Read, Some(value)) => (value.to_string(), if value.is_zero() { DIM } else { BOLD }),
        (State::Read | State::Lost, _) => ("?".to_owned(), DOUBT),
        (State::Blank, _) => ("·".to_owned(), DIM),
        (State::Dash, _) => (cut(clean(&figure.raw).trim(), 8), DIM),
    };
    Cell { text, mark: mark.map(Mark::sign), style: mark.map_or(style, Mark::style) }
}

/// The rules that the report breaks, the heaviest first.
fn findings(out: &mut impl Write, findings: &[Finding], columns: usize) -> io::Result<()> {
    let codes = findings.iter().map(|finding| width(&finding.rule)).max().unwrap_or(0);
    for severity in SEVERITIES {
        let of_severity: Vec<&Finding> = findings.iter().filter(|finding| finding.severity == severity).collect();
        if of_severity.is_empty() {
            continue;
        }
        heading(out, &format!("Findings: {}", counted(of_severity.len(), name_of(severity))))?;
        for finding in of_severity {
            let name = Name { text: &finding.rule, widest: codes, style: style_of(severity) };
            item(out, name, std::slice::from_ref(&finding.message), columns)?;
        }
    }
    Ok(())
}

/// What reading was not sure of: each kind once, with the first of its places.
fn warnings(out: &mut impl Write, warnings: &[Warning], columns: usize) -> io::Result<()> {
    if warnings.is_empty() {
        return Ok(());
    }
    heading(out, "Not certain in reading")?;
    let mut kinds: Vec<&str> = Vec::new();
    for warning in warnings {
        if !kinds.contains(&warning.kind.name()) {
            kinds.push(warning.kind.name());
        }
    }
    let widest = kinds.iter().map(|kind| width(kind)).max().unwrap_or(0);
    for kind in kinds {
        let of_kind: Vec<&Warning> = warnings.iter().filter(|warning| warning.kind.name() == kind).collect();
        let name = Name { text: kind, widest, style: DOUBT };
        item(out, name, &told(&of_kind), columns)?;
    }
    Ok(())
}

/// Warnings of one kind: how many, the first messages, and with each its first places.
fn told(warnings: &[&Warning]) -> Vec<String> {
    let mut by_message: Vec<(String, Vec<&Warning>)> = Vec::new();
    for warning in warnings {
        let message = warning.kind.to_string();
        match by_message.iter_mut().find(|(known, _)| *known == message) {
            Some((_, same)) => same.push(warning),
            None => by_message.push((message, vec![warning])),
        }
    }
    let mut lines = Vec::new();
    if by_message.len() > 1 {
        lines.push(format!("{} times", warnings.len()));
    }
    let shown = by_message.iter().take(FIRST);
    lines.extend(shown.map(|(message, same)| match same.len() {
        1 => format!("{message}{}", places(same)),
        times => format!("{times} times: {message}{}", places(same)),
    }));
    if by_message.len() > FIRST {
        lines.push(format!("and {} more", by_message.len() - FIRST));
    }
    lines
}

/// The places of some warnings, or the rows that they stand in where they are many; the first of them, each once.
fn places(warnings: &[&Warning]) -> String {
    let at = || warnings.iter().flat_map(|warning| &warning.at);
    let cells: BTreeSet<_> = at().collect();
    let cite = if cells.len() > FIRST { |at: &Origin| at.row_of() } else { Origin::to_string };
    let mut once: Vec<String> = Vec::new();
    for place in cells.into_iter().map(cite) {
        if once.last() != Some(&place) {
            once.push(place);
        }
    }
    let more = once.len().saturating_sub(FIRST);
    once.truncate(FIRST);
    match (once.is_empty(), more) {
        (true, _) => String::new(),
        (false, 0) => format!(" @ {}", once.join(", ")),
        (false, more) => format!(" @ {} and {more} more", once.join(", ")),
    }
}

/// What the signs in the tables mean, and where to ask further.
fn legend(out: &mut impl Write, report: &Report, marks: &Marks<'_>, columns: usize) -> io::Result<()> {
    let has = |state: State| report.figures.values().any(|figure| figure.state == state);
    let mut signs: Vec<String> = Vec::new();
    if has(State::Blank) {
        signs.push("· blank".to_owned());
    }
    if has(State::Lost) {
        signs.push("? lost".to_owned());
    }
    signs.extend(marks.used().map(|mark| format!("{} {}", mark.sign(), mark.meaning())));
    if !(signs.is_empty() && report.findings.is_empty()) {
        writeln!(out)?;
    }
    for line in wrap(&signs.join("   "), columns).into_iter().filter(|line| !line.is_empty()) {
        writeln!(out, "{DIM}{line}{DIM:#}")?;
    }
    if let Some(finding) = report.findings.first() {
        writeln!(out, "{DIM}`nianbao explain {}` tells what a rule means.{DIM:#}", finding.rule)?;
    }
    Ok(())
}
