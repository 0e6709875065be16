//! A comparison in short: lines for a terminal, and `summary.md`.

use std::fmt::Write as _;

use crate::compare::{Bucket, Change, FigureChange, SaidChange};
use crate::comparison::{Comparison, FileDifference, Verdict};
use crate::runs::figures_in_words;

/// How many files are named on a terminal, and in the summary.
const NAMED: usize = 20;
const NAMED_IN_SUMMARY: usize = 300;

/// How many figures of a file are named.
const FIGURES: usize = 2;

/// The lines for a terminal. They may hold what a terminal would act upon: names and texts stand as they were found.
pub fn summary(comparison: &Comparison) -> Vec<String> {
    let mut lines = totals(comparison);
    for (bucket, count) in &comparison.buckets {
        lines.push(format!("{:>9} {count:>6}  {}", bucket.name(), bucket.words()));
    }
    let worst = worst_first(comparison);
    for file in worst.iter().take(NAMED) {
        lines.push(format!("{}  [{}]  {}", file.name, buckets(file), gist(file)));
    }
    if worst.len() > NAMED {
        lines.push(format!("… and {} more files that differ", worst.len() - NAMED));
    }
    for (name, faults) in comparison.faults.iter().take(NAMED) {
        lines.push(format!("{name}: not as its truth says: {}", some(faults, FIGURES)));
    }
    for (name, why) in comparison.failed.iter().take(NAMED) {
        lines.push(format!("{name}: failed: {why}"));
    }
    lines.extend(comparison.exceeded.iter().map(|words| format!("over the limit: {words}")));
    lines.push(verdict(comparison).to_owned());
    lines
}

fn totals(comparison: &Comparison) -> Vec<String> {
    let Comparison { sides: [before, now], files, reports, differences, figures, accuracy, .. } = comparison;
    let mut lines = vec![
        format!("{before} against {now}: {files} files, {reports} reports, {} files differ", differences.len()),
        format!("figures: {}", figures_in_words(figures)),
    ];
    if accuracy.files > 0 {
        let share = |share: Option<f64>| {
            share.map_or_else(|| "none known".to_owned(), |share| format!("{:.4} %", share * 100.0))
        };
        lines.push(format!(
            "against the truth of {} files: {} of {} figures exact, {} of {} reports right in everything, {} silent errors, {} other faults",
            accuracy.files,
            share(accuracy.share_exact()),
            accuracy.figures,
            share(accuracy.share_perfect()),
            accuracy.reports,
            accuracy.silent,
            accuracy.others
        ));
    }
    lines
}

/// What it means, in a sentence.
pub(crate) const fn verdict(comparison: &Comparison) -> &'static str {
    match comparison.verdict() {
        Verdict::Same if comparison.differences.is_empty() => "nothing has changed",
        Verdict::Same => "within the limits",
        Verdict::Regressed => "beyond the limits",
        Verdict::Failed => "some files fail that should not",
    }
}

/// The files in the order in which a person should look at them.
pub(crate) fn worst_first(comparison: &Comparison) -> Vec<&FileDifference> {
    let mut files: Vec<&FileDifference> = comparison.differences.iter().collect();
    files.sort_by_key(|file| file.difference.worst());
    files
}

fn buckets(file: &FileDifference) -> String {
    file.difference.buckets.iter().map(|bucket| bucket.name()).collect::<Vec<_>>().join(" ")
}

/// A file's difference in a line.
pub(crate) fn gist(file: &FileDifference) -> String {
    let difference = &file.difference;
    let mut words: Vec<String> = difference.lines.iter().flat_map(gist_of_line).collect();
    if words.is_empty() && difference.document.is_some() {
        words.push("the document as read differs, its report does not".to_owned());
    }
    if let Some((before, now)) = difference.cost
        && (difference.buckets.contains(&Bucket::Slower) || difference.buckets.contains(&Bucket::Memory))
    {
        let [before, now] = [before, now].map(|cost| format!("{} ms, {} MiB", cost.micros / 1000, cost.memory >> 20));
        words.push(format!("cost {before} → {now}"));
    }
    words.join("; ")
}

fn gist_of_line(line: &SaidChange) -> Vec<String> {
    let mut words = Vec::new();
    let answer =
        |said: &Option<crate::said::Said>| said.as_ref().map_or("nothing", crate::said::Said::answer).to_owned();
    let (before, now) = (answer(&line.before), answer(&line.now));
    if before != now {
        words.push(format!("{before} → {now}"));
    }
    let rule = |rule: &crate::compare::RuleChange| format!("{} broken ({})", rule.rule, some(&rule.figures, FIGURES));
    words.extend(line.broken.iter().take(3).map(rule));
    for change in [Change::Lost, Change::Changed, Change::Gained, Change::Moved] {
        let figures: Vec<String> = line.figures.iter().filter(|figure| figure.change == change).map(figure).collect();
        if !figures.is_empty() {
            words.push(format!("{} {}: {}", figures.len(), change.name(), some(&figures, FIGURES)));
        }
    }
    words.extend(line.facts.iter().map(|fact| fact.name.clone()));
    words
}

fn figure(change: &FigureChange) -> String {
    let shown = |figure: &Option<crate::said::Figure>| {
        figure.as_ref().map_or_else(|| "(none)".to_owned(), crate::said::Figure::shown)
    };
    format!("{} {} → {}", change.key, shown(&change.before), shown(&change.now))
}

fn some(words: &[String], most: usize) -> String {
    let mut text = words.iter().take(most).map(String::as_str).collect::<Vec<_>>().join(", ");
    if words.len() > most {
        let _ = write!(text, " … and {} more", words.len() - most);
    }
    text
}

/// `summary.md`.
pub fn markdown(comparison: &Comparison) -> String {
    let mut text = format!("# {}\n\n", verdict(comparison));
    for line in totals(comparison) {
        let _ = writeln!(text, "- {}", plain(&line));
    }
    for words in &comparison.exceeded {
        let _ = writeln!(text, "- **over the limit**: {}", plain(words));
    }
    text.push_str("\n| bucket | files | means |\n|---|---:|---|\n");
    for (bucket, count) in &comparison.buckets {
        let _ = writeln!(text, "| {} | {count} | {} |", bucket.name(), bucket.words());
    }
    let worst = worst_first(comparison);
    if !worst.is_empty() {
        text.push_str("\n## Files that differ\n\n| file | buckets | what |\n|---|---|---|\n");
        for file in worst.iter().take(NAMED_IN_SUMMARY) {
            let _ = writeln!(text, "| {} | {} | {} |", plain(&file.name), buckets(file), plain(&gist(file)));
        }
    }
    if worst.len() > NAMED_IN_SUMMARY {
        let _ = writeln!(text, "\nAnd {} more.", worst.len() - NAMED_IN_SUMMARY);
    }
    section(
        &mut text,
        "Not as their truth says",
        comparison.faults.iter().map(|(name, faults)| (name, some(faults, 8))),
    );
    section(&mut text, "Failed", comparison.failed.iter().map(|(name, why)| (name, why.clone())));
    text
}

fn section<'a>(text: &mut String, heading: &str, entries: impl Iterator<Item = (&'a String, String)>) {
    for (index, (name, words)) in entries.take(NAMED_IN_SUMMARY).enumerate() {
        if index == 0 {
            let _ = writeln!(text, "\n## {heading}\n");
        }
        let _ = writeln!(text, "- {}: {}", plain(name), plain(&words));
    }
}

/// Text that means nothing to Markdown or to a page that it is put into, on one line.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in harmless(text).chars() {
        match c {
            '&' => plain.push_str("&amp;"),
            '<' => plain.push_str("&lt;"),
            '\n' | '\t' => plain.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '>' | '~' | '!' => plain.extend(['\\', c]),
            c => plain.push(c),
        }
    }
    plain
}

/// Text without what a terminal or a page acts upon: control characters and turns of direction. Line feeds and tabs stay.
pub(crate) fn harmless(text: &str) -> String {
    let acts = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if acts(c) { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{Difference, RuleChange};
    use crate::said::Figure;

    fn comparison() -> Comparison {
        let figure = |value: &str| Some(Figure { value: Some(value.to_owned()), ..Figure::default() });
        let change =
            FigureChange { key: "a.b".to_owned(), change: Change::Changed, before: figure("1"), now: figure("2") };
        let broken = RuleChange {
            rule: "sum".to_owned(),
            severity: "error".to_owned(),
            figures: vec!["a.b".to_owned()],
            message: "m".to_owned(),
        };
        let line = SaidChange { figures: vec![change], broken: vec![broken], ..SaidChange::default() };
        let difference =
            Difference { lines: vec![line], buckets: [Bucket::Red, Bucket::Changed].into(), ..Difference::default() };
        let mut comparison = Comparison::default();
        let name = "x|<img src=x>`\u{202e}.docx".to_owned();
        comparison.add(Some(FileDifference { name, difference, ..FileDifference::default() }), 1);
        comparison.judge(&crate::Limits::default());
        comparison
    }

    #[test]
    fn the_worst_is_named_with_its_figures() {
        let text = summary(&comparison()).join("\n");
        assert!(text.contains("[red changed]  sum broken (a.b); 1 changed: a.b 1 → 2"), "{text}");
        assert!(text.contains("over the limit: red: 1"), "{text}");
        assert!(text.ends_with("beyond the limits"), "{text}");
    }

    #[test]
    fn a_hostile_name_means_nothing_in_the_summary() {
        let text = markdown(&comparison());
        assert!(text.contains("| x\\|&lt;img src=x\\>\\`\u{fffd}.docx | red changed |"), "{text}");
    }
}
