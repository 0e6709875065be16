//! The data of the page.

use std::path::Path;

use nianbao::{Form, Forms};
use serde_json::{Map, Value, json};

use super::link;
use crate::compare::{Bucket, Cost, FigureChange, RuleChange, SaidChange};
use crate::comparison::{Comparison, FileDifference};
use crate::places::Excerpt;
use crate::said::{Figure, Said};
use crate::summary::{gist, harmless, verdict, worst_first};

/// How many bytes of a text are shown: more than a section has.
const TEXT: usize = 6000;

/// Everything, with so many files.
pub(super) fn all(comparison: &Comparison, forms: &Forms, folder: &Path, most: usize) -> Value {
    let worst = worst_first(comparison);
    let bucket = |(bucket, count): (&Bucket, &u64)| json!({"name": bucket.name(), "words": bucket.words(), "count": count, "bad": bucket.is_regression()});
    let figures = &comparison.figures;
    let accuracy = &comparison.accuracy;
    json!({
        "sides": comparison.sides.iter().map(|side| harmless(side)).collect::<Value>(),
        "verdict": verdict(comparison),
        "files": comparison.files,
        "reports": comparison.reports,
        "figures": {"same": figures.same, "changed": figures.changed, "lost": figures.lost, "gained": figures.gained, "moved": figures.moved},
        "accuracy": if accuracy.files == 0 { Value::Null } else { json!({
            "files": accuracy.files, "figures": accuracy.figures, "exact": accuracy.exact, "reports": accuracy.reports,
            "perfect": accuracy.perfect, "silent": accuracy.silent, "others": accuracy.others
        }) },
        "buckets": comparison.buckets.iter().map(bucket).collect::<Value>(),
        "exceeded": comparison.exceeded.iter().map(|words| harmless(words)).collect::<Value>(),
        "failed": comparison.failed.iter().take(most).map(|(name, why)| json!([harmless(name), harmless(why)])).collect::<Value>(),
        "faults": comparison.faults.iter().take(most).map(|(name, faults)| {
            json!([harmless(name), faults.iter().take(20).map(|fault| text(fault)).collect::<Value>()])
        }).collect::<Value>(),
        "forms": forms.iter().map(|form| (form.name.clone(), layout(form))).collect::<Map<String, Value>>(),
        "cases": worst.iter().take(most).map(|difference| file(difference, folder)).collect::<Value>(),
        "more": worst.len().saturating_sub(most)
    })
}

/// A form as the printed one is laid out.
fn layout(form: &Form) -> Value {
    let row = |row: nianbao::BlockRow| json!({"label": row.label, "depth": row.depth, "figures": row.figures.iter().map(|key| key.as_str()).collect::<Value>()});
    let block = |block: nianbao::Block| json!({"title": block.title, "columns": block.columns, "rows": block.rows.into_iter().map(row).collect::<Value>()});
    form.blocks().into_iter().map(block).collect()
}

/// One file.
pub(super) fn file(file: &FileDifference, folder: &Path) -> Value {
    let difference = &file.difference;
    let format = difference.lines.iter().find_map(|line| line.now.as_ref().or(line.before.as_ref())?.format.clone());
    let cost = |cost: &Cost| json!([cost.micros, cost.memory]);
    json!({
        "name": harmless(&file.name),
        "title": harmless(&file.title),
        "link": file.path.as_deref().and_then(|path| link::to(path, folder)),
        "format": format.or_else(|| ending(&file.name)),
        "buckets": difference.buckets.iter().map(|bucket| bucket.name()).collect::<Value>(),
        "gist": text(&gist(file)),
        "cost": difference.cost.as_ref().map(|(before, now)| json!([cost(before), cost(now)])),
        "document": difference.document.as_deref().map(text),
        "lines": difference.lines.iter().map(|change| line(change, file)).collect::<Value>()
    })
}

/// The format by the name, where nobody has looked at the bytes.
fn ending(name: &str) -> Option<String> {
    let (_, ending) = name.rsplit_once('.')?;
    ending.chars().all(|c| c.is_ascii_alphanumeric()).then(|| ending.to_ascii_lowercase())
}

fn line(change: &SaidChange, file: &FileDifference) -> Value {
    let sides = [change.before.as_ref(), change.now.as_ref()];
    let one = change.now.as_ref().or(change.before.as_ref());
    let fact = |name| one.and_then(|said| said.facts.get(name)).map(|fact| text(fact));
    let failure =
        |said: Option<&Said>| said?.failure.as_ref().map(|(kind, message)| text(&format!("{kind}: {message}")));
    json!({
        "member": one.map(|said| harmless(&said.member)),
        "part": one.map(|said| said.part),
        "report": (["title", "agency", "year"].map(fact)),
        "form": sides.iter().rev().find_map(|said| said.as_ref()?.facts.get("form").cloned()),
        "status": sides.map(|said| said.map(|said| said.status.clone())),
        "failure": sides.map(failure),
        "broken": change.broken.iter().map(rule).collect::<Value>(),
        "healed": change.healed.iter().map(rule).collect::<Value>(),
        "facts": change.facts.iter().map(|fact| json!([harmless(&fact.name), text(&fact.before), text(&fact.now)])).collect::<Value>(),
        "values": values(change),
        "changes": change.figures.iter().map(|figure| (figure.key.clone(), changed(figure, file))).collect::<Map<String, Value>>()
    })
}

fn rule(rule: &RuleChange) -> Value {
    json!({"rule": rule.rule, "severity": rule.severity, "figures": rule.figures, "message": text(&rule.message)})
}

/// The figures that are the same on both sides, as they are shown.
fn values(change: &SaidChange) -> Map<String, Value> {
    let figures = change.now.as_ref().or(change.before.as_ref()).map(|said| &said.figures);
    let is_same = |key: &String| !change.figures.iter().any(|figure| figure.key == *key);
    let same = figures.into_iter().flatten().filter(|(key, _)| is_same(key));
    same.map(|(key, figure)| (key.clone(), Value::from(text(&figure.shown())))).collect()
}

fn changed(change: &FigureChange, file: &FileDifference) -> Value {
    let side = |figure: &Option<Figure>| {
        figure.as_ref().map(|figure| {
            json!({
                "shown": text(&figure.shown()), "raw": text(&figure.raw), "state": figure.state,
                "place": figure.place.as_deref().map(harmless)
            })
        })
    };
    let excerpt = |found: &Excerpt| json!({"place": harmless(&found.place), "cell": found.cell, "row": found.row.iter().map(|cell| text(cell)).collect::<Value>()});
    let excerpts = file.excerpts.get(&change.key).into_iter().flatten().map(excerpt);
    json!({"change": change.change.name(), "before": side(&change.before), "now": side(&change.now), "source": excerpts.collect::<Value>()})
}

/// A text that is safe to look at, and not without end.
fn text(text: &str) -> String {
    let mut end = text.len().min(TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut shown = harmless(text.get(..end).unwrap_or_default());
    if end < text.len() {
        shown.push_str(" …");
    }
    shown
}
