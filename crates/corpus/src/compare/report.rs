//! What has changed of one line: figures, rules, status, what the report states of itself.

use std::collections::BTreeSet;

use super::Tally;
use super::bucket::Bucket;
use super::figure::{self, Change, FigureChange};
use crate::said::{FACTS, Figure, Finding, Said};

/// What has changed of one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaidChange {
    /// What was said before; `None` where this document or report was not there.
    pub before: Option<Said>,
    /// What is said now.
    pub now: Option<Said>,
    /// The figures that have changed, by their keys.
    pub figures: Vec<FigureChange>,
    /// The rules that held before and are broken now: the red bucket.
    pub broken: Vec<RuleChange>,
    /// The rules that were broken and hold now.
    pub healed: Vec<RuleChange>,
    /// What else the report says otherwise.
    pub facts: Vec<FactChange>,
    /// Whether warnings, or findings that only inform, differ.
    pub warnings: bool,
}

/// A rule that has changed sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleChange {
    /// Its code.
    pub rule: String,
    /// `warning` or `error`.
    pub severity: String,
    /// The figures for which it has changed sides.
    pub figures: Vec<String>,
    /// What is or was wrong, in words.
    pub message: String,
}

/// Something that the report states of itself, or the text of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactChange {
    /// Its name: `title`, `section 二、主动公开政府信息情况`.
    pub name: String,
    /// What was said before; empty where nothing was.
    pub before: String,
    /// What is said now.
    pub now: String,
}

impl SaidChange {
    /// A line that is there on one side alone: nothing of it is compared.
    pub(crate) fn new(before: Option<&Said>, now: Option<&Said>) -> Self {
        Self { before: before.cloned(), now: now.cloned(), ..Self::default() }
    }

    /// In which respects the line has changed.
    pub(crate) fn buckets(&self) -> BTreeSet<Bucket> {
        let mut buckets: BTreeSet<Bucket> = self.figures.iter().map(|figure| figure.change.bucket()).collect();
        let mut note = |is: bool, bucket| buckets.extend(is.then_some(bucket));
        note(!self.broken.is_empty(), Bucket::Red);
        note(!self.healed.is_empty(), Bucket::Healed);
        note(!self.facts.is_empty(), Bucket::Facts);
        note(self.warnings, Bucket::Warnings);
        let (before, now) = (rank(self.before.as_ref()), rank(self.now.as_ref()));
        note(now < before, Bucket::Fell);
        note(now > before, Bucket::Rose);
        let reports = |said: &Option<Said>| said.as_ref().is_some_and(Said::is_report);
        note(reports(&self.before) != reports(&self.now), Bucket::Reports);
        note(self.fails(), Bucket::Failed);
        buckets
    }

    /// Whether it fails now and did not before, or for another reason.
    fn fails(&self) -> bool {
        let kind =
            |said: &Option<Said>| said.as_ref().and_then(|said| said.failure.as_ref().map(|(kind, _)| kind.clone()));
        kind(&self.now).is_some_and(|now| kind(&self.before).as_ref() != Some(&now))
    }
}

impl Change {
    /// The bucket that holds it.
    pub const fn bucket(self) -> Bucket {
        match self {
            Self::Changed => Bucket::Changed,
            Self::Lost => Bucket::Lost,
            Self::Gained => Bucket::Gained,
            Self::Moved => Bucket::Moved,
        }
    }
}

/// How good a status is.
fn rank(said: Option<&Said>) -> u8 {
    match said.map(|said| said.status.as_str()) {
        Some("ok") => 3,
        Some("review") => 2,
        Some(_) => 1,
        None => 0,
    }
}

/// What has changed of a line; `None` where nothing has. At least one side is there.
pub(crate) fn compare(before: Option<&Said>, now: Option<&Said>, tally: &mut Tally) -> Option<SaidChange> {
    let nothing = Said::default();
    let (old, new) = (before.unwrap_or(&nothing), now.unwrap_or(&nothing));
    let change = SaidChange {
        figures: figures(old, new, tally),
        broken: turned(&new.findings, &old.findings),
        healed: turned(&old.findings, &new.findings),
        facts: if before.is_some() && now.is_some() { facts(old, new) } else { Vec::new() },
        warnings: old.warnings != new.warnings || notes(old) != notes(new),
        ..SaidChange::new(before, now)
    };
    (!change.buckets().is_empty()).then_some(change)
}

fn figures(before: &Said, now: &Said, tally: &mut Tally) -> Vec<FigureChange> {
    let keys: BTreeSet<&String> = before.figures.keys().chain(now.figures.keys()).collect();
    let mut changes = Vec::new();
    for key in keys {
        let (old, new) = (before.figures.get(key), now.figures.get(key));
        let change = figure::compare(old, new);
        tally.add(change);
        let changed = |change| FigureChange { key: key.clone(), change, before: old.cloned(), now: new.cloned() };
        changes.extend(change.map(changed));
    }
    changes
}

/// The findings of `now` that are more than a note and were not there `before`, each with the figures that are new in it.
fn turned(now: &[Finding], before: &[Finding]) -> Vec<RuleChange> {
    let weighty = now.iter().filter(|finding| finding.severity != "info" && !is_of_the_panel(finding));
    weighty.filter_map(|finding| new_in(finding, before)).collect()
}

/// Findings of the year panel are about other reports too: they change with what else was read.
fn is_of_the_panel(finding: &Finding) -> bool {
    finding.rule.starts_with("panel.")
}

fn new_in(finding: &Finding, before: &[Finding]) -> Option<RuleChange> {
    let known: Vec<&Finding> = before.iter().filter(|other| other.rule == finding.rule).collect();
    let of = |figures: Vec<String>| RuleChange {
        rule: finding.rule.clone(),
        severity: finding.severity.clone(),
        figures,
        message: finding.message.clone(),
    };
    let covers = |other: &&Finding| finding.figures.iter().all(|figure| other.figures.contains(figure));
    if known.iter().any(covers) {
        // The same cells, or fewer of them. A rule without figures is told apart by its words: each missing section is a finding.
        let told = !finding.figures.is_empty() || known.iter().any(|other| other.message == finding.message);
        return if told { None } else { Some(of(Vec::new())) };
    }
    let is_new = |figure: &&String| !known.iter().any(|other| other.figures.contains(figure));
    let new: Vec<String> = finding.figures.iter().filter(is_new).cloned().collect();
    // Where each figure was in some finding before, but never all together, it is the sum that is new.
    Some(of(if new.is_empty() { finding.figures.clone() } else { new }))
}

fn notes(said: &Said) -> BTreeSet<(&str, &str)> {
    let notes = said.findings.iter().filter(|finding| finding.severity == "info" && !is_of_the_panel(finding));
    notes.map(|finding| (finding.rule.as_str(), finding.message.as_str())).collect()
}

fn facts(before: &Said, now: &Said) -> Vec<FactChange> {
    let mut changes = Vec::new();
    let mut note = |name: String, before: String, now: String| {
        if before != now {
            changes.push(FactChange { name, before, now });
        }
    };
    for name in FACTS {
        let fact = |said: &Said| said.facts.get(name).cloned().unwrap_or_default();
        note(name.to_owned(), fact(before), fact(now));
    }
    let most = before.sections.len().max(now.sections.len());
    for index in 0..most {
        let (old, new) = (before.sections.get(index), now.sections.get(index));
        let heading = new.or(old).map(|section| section.heading.clone()).unwrap_or_default();
        let shown = |section: Option<&crate::said::Section>| {
            section
                .map(|section| format!("{}\n{}\n{}", section.kind, section.heading, section.text))
                .unwrap_or_default()
        };
        note(format!("section {heading}"), shown(old), shown(new));
    }
    changes
}

/// The figures of one side by their keys, for whoever shows both.
pub(crate) fn figure_of<'a>(said: Option<&'a Said>, key: &str) -> Option<&'a Figure> {
    said?.figures.get(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(rule: &str, severity: &str, figures: &[&str]) -> Finding {
        let figures = figures.iter().map(|&figure| figure.to_owned()).collect();
        Finding { rule: rule.to_owned(), severity: severity.to_owned(), figures, message: rule.to_owned() }
    }

    fn said(status: &str, findings: Vec<Finding>) -> Said {
        Said { status: status.to_owned(), findings, ..Said::default() }
    }

    fn buckets(before: &Said, now: &Said) -> Vec<&'static str> {
        let change = compare(Some(before), Some(now), &mut Tally::default());
        change.map(|change| change.buckets().into_iter().map(Bucket::name).collect()).unwrap_or_default()
    }

    #[test]
    fn a_rule_that_is_newly_broken_is_red_and_names_what_is_new() {
        let before = said("review", vec![finding("figures.present", "warning", &["a.b", "a.c"])]);
        let now = said("review", vec![finding("figures.present", "warning", &["a.b", "a.d"])]);
        let change = compare(Some(&before), Some(&now), &mut Tally::default()).unwrap();
        assert_eq!(change.broken[0].figures, ["a.d"]);
        assert_eq!(change.healed[0].figures, ["a.c"]);
        assert_eq!(buckets(&before, &now), ["red", "healed"]);
    }

    #[test]
    fn fewer_cells_of_the_same_rule_are_no_new_break() {
        let before = said("review", vec![finding("r", "error", &["a.b", "a.c"])]);
        let now = said("review", vec![finding("r", "error", &["a.b"])]);
        assert_eq!(buckets(&before, &now), ["healed"]);
    }

    #[test]
    fn what_only_informs_is_not_red() {
        let before = said("ok", Vec::new());
        assert_eq!(buckets(&before, &said("ok", vec![finding("year.published", "info", &[])])), ["warnings"]);
        assert_eq!(buckets(&before, &said("ok", vec![finding("panel.stock", "warning", &["a.b"])])), [""; 0]);
    }

    #[test]
    fn each_missing_section_is_a_break_of_its_own() {
        let missing =
            |words: &str| Finding { message: words.to_owned(), ..finding("sections.present", "warning", &[]) };
        let before = said("ok", vec![missing("一")]);
        assert_eq!(buckets(&before, &said("ok", vec![missing("一"), missing("二")])), ["red"]);
        assert_eq!(buckets(&before, &before), [""; 0]);
    }

    #[test]
    fn a_report_that_is_no_more_fails_and_falls() {
        let failed = Said {
            status: "failed".to_owned(),
            failure: Some(("no_report_found".to_owned(), "m".to_owned())),
            ..Said::default()
        };
        let found = buckets(&said("review", Vec::new()), &failed);
        assert_eq!(found, ["failed", "fell", "reports"]);
        assert_eq!(buckets(&failed, &failed), [""; 0]);
        assert_eq!(buckets(&failed, &said("ok", Vec::new())), ["reports", "rose"]);
    }

    #[test]
    fn title_and_sections_are_compared() {
        let titled = |title: &str| Said { facts: [("title", title.to_owned())].into(), ..said("ok", Vec::new()) };
        let change = compare(Some(&titled("甲")), Some(&titled("乙")), &mut Tally::default()).unwrap();
        assert_eq!(
            change.facts,
            [FactChange { name: "title".to_owned(), before: "甲".to_owned(), now: "乙".to_owned() }]
        );
    }
}
