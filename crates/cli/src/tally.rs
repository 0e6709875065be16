//! What a run came to, for a person: how many, why not, and where to look.

use std::io::{self, Write};
use std::path::Path;

use anstyle::Style;
use nianbao_bulk::{Dataset, Published, Shard, Summary, Tally, shown_address};

use crate::arguments::ShardOf;
use crate::fit::{clean, cut, fill, width};
use crate::page::{self, BAD, BOLD, DIM, DOUBT, GOOD, heading};
use crate::progress::{Slowest, for_people};

/// How many reasons are told.
const REASONS: usize = 10;

/// Prints the summary.
pub(crate) fn print(
    out: &mut impl Write,
    summary: &Summary,
    slowest: Option<&Slowest>,
    folder: &Path,
) -> io::Result<()> {
    counts(out, summary)?;
    reasons(out, summary)?;
    writeln!(out)?;
    for line in notes(summary, slowest) {
        writeln!(out, "{}", clean(&line))?;
    }
    where_to_look(out, summary, folder)
}

/// Prints what a shard came to, on one line.
pub(crate) fn print_shard(out: &mut impl Write, shard: ShardOf, done: &Shard) -> io::Result<()> {
    let ShardOf { index, of } = shard;
    let Shard { name, rows, standing, documents, interrupted } = done;
    let Tally { ok, review, failed, .. } = documents;
    match name {
        None => writeln!(out, "shard {index}/{of}: no rows of the manifest are in it"),
        Some(_) if interrupted.is_some() => {
            writeln!(out, "shard {index}/{of}: interrupted; the same command goes on from here")
        }
        Some(name) => writeln!(
            out,
            "shard {index}/{of}: part-{name}{}: {} rows, {} documents: {} ok, {} to review, {} failed",
            if *standing { ", there already" } else { "" },
            grouped(*rows),
            grouped(documents.all()),
            grouped(*ok),
            grouped(*review),
            grouped(*failed)
        ),
    }
}

/// Prints what came of putting the dataset under an address.
pub(crate) fn published(out: &mut impl Write, published: &Published, address: &str) -> io::Result<()> {
    let Published { sent, unchanged, removed } = published;
    let address = clean(&shown_address(address));
    write!(out, "{address}: {} files sent, {unchanged} unchanged", sent.len())?;
    if !removed.is_empty() {
        write!(out, ", {} of an earlier dataset removed", removed.len())?;
    }
    writeln!(out)
}

/// A table of outcomes: documents, and the reports in them.
fn counts(out: &mut impl Write, summary: &Summary) -> io::Result<()> {
    let Summary { documents, reports, .. } = summary;
    let row = |name: &'static str, style: Style, of: fn(&Tally) -> u64| (name, style, of(documents), of(reports));
    let rows = [
        row("ok", GOOD, |tally| tally.ok),
        row("to review", DOUBT, |tally| tally.review),
        row("failed", BAD, |tally| tally.failed),
        row("quarantined", BAD, |tally| tally.quarantined),
        row("together", BOLD, Tally::all),
    ];
    writeln!(out, "{DIM}{:>24} {:>11}{DIM:#}", "documents", "reports")?;
    for (name, style, documents, reports) in rows {
        if documents == 0 && reports == 0 && name != "together" {
            continue;
        }
        let reports = if reports == 0 { String::new() } else { grouped(reports) };
        writeln!(out, "{style}{name}{style:#}{} {:>11} {reports:>11}", fill(name, 12), grouped(documents))?;
    }
    Ok(())
}

fn reasons(out: &mut impl Write, summary: &Summary) -> io::Result<()> {
    if summary.reasons.is_empty() {
        return Ok(());
    }
    heading(out, "Why documents failed, each with the first of them")?;
    let shown = || summary.reasons.iter().take(REASONS);
    let widest = shown().map(|reason| width(&reason.kind)).max().unwrap_or(0);
    for reason in shown() {
        let kind = clean(&reason.kind);
        let room = page::columns().saturating_sub(widest + 14);
        let example = cut(&clean(&reason.example), room);
        writeln!(out, "{:>9}  {kind}{}  {DIM}{example}{DIM:#}", grouped(reason.count), fill(&kind, widest))?;
    }
    match summary.reasons.len().checked_sub(REASONS) {
        Some(more) if more > 0 => writeln!(out, "           and {more} other reasons"),
        _ => Ok(()),
    }
}

/// What else is to be known, a line each.
fn notes(summary: &Summary, slowest: Option<&Slowest>) -> Vec<String> {
    let mut notes = Vec::new();
    let mut note = |holds: bool, line: String| {
        if holds {
            notes.push(line);
        }
    };
    let Summary { read, opened, files, hidden, excluded, gone, other_edition, .. } = summary;
    note(
        *files == 0 && summary.interrupted.is_none(),
        "no file was found; look at the inputs and the patterns".to_owned(),
    );
    note(
        *files > 0,
        format!("{} of {} files opened, {} documents read", grouped(*opened), grouped(*files), grouped(*read)),
    );
    if let Some(Slowest { path, time }) = slowest {
        note(true, format!("slowest: {path} ({})", for_people(*time)));
    }
    note(*hidden > 0, format!("{} hidden, or left behind by programs: passed over", grouped(*hidden)));
    note(*excluded > 0, format!("{} left out by the patterns", grouped(*excluded)));
    note(
        *gone > 0,
        format!("{} documents have gone from the disk since they were read; what they gave is kept", grouped(*gone)),
    );
    note(
        *other_edition > 0,
        format!(
            "{} documents are as another version or another form read them; --redo reads them again",
            grouped(*other_edition)
        ),
    );
    notes
}

fn where_to_look(out: &mut impl Write, summary: &Summary, folder: &Path) -> io::Result<()> {
    let folder = clean(&folder.to_string_lossy());
    match &summary.dataset {
        Dataset::NotWritten => {
            let pending = grouped(summary.pending);
            writeln!(
                out,
                "{BOLD}interrupted{BOLD:#}: {pending} files are still to be read; the same command goes on from here"
            )?;
            return writeln!(out, "  the dataset is written when all are read");
        }
        Dataset::Unchanged => writeln!(out, "{BOLD}{folder}{BOLD:#}: nothing has changed since it was written")?,
        Dataset::Written(_) => writeln!(out, "{BOLD}{folder}{BOLD:#}: the dataset is written")?,
    }
    let Tally { review, failed, quarantined, .. } = summary.documents;
    if review > 0 {
        writeln!(out, "  findings.parquet says what is to be reviewed; nianbao show FILE shows one report")?;
    }
    if failed + quarantined > 0 {
        writeln!(out, "  documents.parquet says of every document what came of it, and what to do next")?;
        writeln!(out, "  --retry failed reads the failed ones again")?;
    }
    Ok(())
}

/// `12,345`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use nianbao_bulk::{Reason, Signal};

    fn summary() -> Summary {
        Summary {
            documents: Tally { ok: 12_345, review: 2, failed: 3, quarantined: 1 },
            reports: Tally { ok: 12_340, review: 2, ..Tally::default() },
            gone: 0,
            reasons: vec![
                Reason { kind: "no_report_found".to_owned(), count: 3, example: "甲/\u{1b}[2J通知.docx".to_owned() },
                Reason { kind: "timeout".to_owned(), count: 1, example: "乙.pdf".to_owned() },
            ],
            read: 12_351,
            files: 12_000,
            opened: 12_000,
            hidden: 0,
            excluded: 7,
            other_edition: 0,
            pending: 0,
            dataset: Dataset::Unchanged,
            interrupted: None,
        }
    }

    fn printed(summary: &Summary) -> String {
        let mut out = anstream::StripStream::new(Vec::new());
        print(&mut out, summary, None, Path::new("out")).unwrap();
        String::from_utf8(out.into_inner()).unwrap()
    }

    #[test]
    fn the_summary_says_how_many_why_not_and_where_to_look() {
        let wanted = "               documents     reports
ok                12,345      12,340
to review              2           2
failed                 3            
quarantined            1            
together          12,351      12,342

Why documents failed, each with the first of them
        3  no_report_found  甲/\u{fffd}[2J通知.docx
        1  timeout          乙.pdf

12,000 of 12,000 files opened, 12,351 documents read
7 left out by the patterns
out: nothing has changed since it was written
  findings.parquet says what is to be reviewed; nianbao show FILE shows one report
  documents.parquet says of every document what came of it, and what to do next
  --retry failed reads the failed ones again
";
        assert_eq!(printed(&summary()), wanted);
    }

    #[test]
    fn an_interrupted_run_says_how_to_go_on() {
        let dataset = Dataset::NotWritten;
        let text = printed(&Summary { dataset, interrupted: Some(Signal::Interrupt), ..summary() });
        assert!(text.ends_with("the dataset is written when all are read\n"), "{text}");
    }

    #[test]
    fn digits_are_grouped() {
        assert_eq!([grouped(0), grouped(999), grouped(1000), grouped(1_234_567)], ["0", "999", "1,000", "1,234,567"]);
    }
}
