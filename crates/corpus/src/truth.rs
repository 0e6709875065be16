//! Comparing what a program says of a file with what is true.
//!
//! The shape of a truth is described in `corpus/README.md`. People write it; no command does.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::corpus::About;
use crate::said::{list, numbers, text};

/// One thing that we say and that is not true, or do not say though it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// A wrong figure in a report that we call `ok`: the one fault that nobody would notice.
    pub silent: bool,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.silent { write!(f, "SILENT ERROR: {}", self.what) } else { write!(f, "{}", self.what) }
    }
}

fn fault(what: String) -> Fault {
    Fault { silent: false, what }
}

/// Everything in which `reports`, the lines of `extract`, differ from the truth.
pub fn faults(truth: &Value, reports: &[Value]) -> Vec<Fault> {
    if let Some(answers) = truth.get("answers") {
        return reports.iter().filter_map(|report| wrong_answer(answers, report)).collect();
    }
    let known = list(truth, "reports");
    if known.iter().any(|known| says(known, "may_be_refused")) && status(reports.first()) == "failed" {
        return Vec::new();
    }
    if known.len() != reports.len() {
        let answers: Vec<_> = reports.iter().map(answer).collect();
        return vec![fault(format!("reports: want {}, got {} ({})", known.len(), reports.len(), answers.join(", ")))];
    }
    known.iter().zip(reports).flat_map(|(known, report)| report_faults(known, report)).collect()
}

/// The reports that a truth knows; none where the file holds none.
pub(crate) fn reports(truth: &Value) -> &[Value] {
    list(truth, "reports")
}

/// How many figures are known of a report, and how many of them a line says exactly.
pub(crate) fn exact(known: &Value, report: &Value) -> (u64, u64) {
    let got: BTreeMap<_, _> = numbers(report).into_iter().collect();
    let wanted = known_figures(known);
    let exact = wanted.iter().filter(|(key, want)| same(want, got.get(*key).copied().unwrap_or(&Value::Null)));
    (wanted.len() as u64, exact.count() as u64)
}

/// The same where nothing was said.
pub(crate) fn none_exact(known: &Value) -> (u64, u64) {
    (known_figures(known).len() as u64, 0)
}

/// Title and reason of a case, which stand in its truth.
pub(crate) fn about(truth: &Value, about: &mut About) {
    for (name, into) in [("title_of_case", &mut about.title), ("why", &mut about.why)] {
        let words = text(truth, name);
        if !words.is_empty() {
            *into = words.to_owned();
        }
    }
}

/// What a line answers in one word: the kind of its error, or its status.
pub fn answer(report: &Value) -> &str {
    report.pointer("/error/kind").and_then(Value::as_str).unwrap_or_else(|| status(Some(report)))
}

fn wrong_answer(answers: &Value, report: &Value) -> Option<Fault> {
    let right = answers.as_array().is_some_and(|answers| answers.iter().any(|right| right == answer(report)));
    (!right).then(|| fault(format!("answer: want one of {answers}, got {:?}", answer(report))))
}

/// Everything in which a line differs from what is known of its report.
pub(crate) fn report_faults(known: &Value, report: &Value) -> Vec<Fault> {
    let mut faults = figure_faults(known, report);
    faults.extend(state_faults(known, report));
    faults.extend(fact_faults(known, report));
    faults.extend(heading_faults(known, report));
    faults.extend(finding_faults(known, report));
    faults.extend(text_faults(known, report));
    faults.extend(warning_faults(known, report));
    faults
}

/// The figures that the truth knows, by their full keys.
pub fn known_figures(known: &Value) -> BTreeMap<String, Value> {
    let rows = known.get("figures").and_then(Value::as_object);
    rows.into_iter()
        .flatten()
        .flat_map(|(row, columns)| {
            columns
                .as_object()
                .into_iter()
                .flatten()
                .map(move |(column, value)| (format!("{row}.{column}"), value.clone()))
        })
        .collect()
}

fn figure_faults(known: &Value, report: &Value) -> Vec<Fault> {
    let wanted = known_figures(known);
    let got: BTreeMap<_, _> = numbers(report).into_iter().collect();
    let silent = status(Some(report)) == "ok";
    let mut faults = Vec::new();
    let unknown = got.keys().filter(|key| !wanted.contains_key(*key));
    for key in wanted.keys().chain(unknown) {
        let want = wanted.get(key).unwrap_or(&Value::Null);
        let have = got.get(key).copied().unwrap_or(&Value::Null);
        if same(want, have) || (have.is_null() && holds(known, "may_be_lost", key)) {
            continue;
        }
        let what = format!("{key}: want {want}, got {have}");
        faults.push(Fault { silent: silent && !have.is_null(), what });
    }
    faults
}

fn same(want: &Value, have: &Value) -> bool {
    want == have || (want.is_number() && want.as_f64() == have.as_f64())
}

/// A figure that was read says so; a blank or a dash is told from a number.
fn state_faults(known: &Value, report: &Value) -> Vec<Fault> {
    let mut faults = Vec::new();
    for key in known_figures(known).keys() {
        let want = known.get("states").and_then(|states| states.get(key)).and_then(Value::as_str).unwrap_or("read");
        let have = state(report, key);
        let lost = have.is_none() || have == Some("lost");
        let allowed = if want == "lost" || holds(known, "may_be_lost", key) {
            lost || have == Some(want)
        } else {
            have == Some(want)
        };
        if !allowed {
            faults.push(fault(format!("{key}: want state {want}, got {}", have.unwrap_or("nothing"))));
        }
    }
    faults
}

fn state<'a>(report: &'a Value, key: &str) -> Option<&'a str> {
    report.get("evidence")?.get(key)?.get("state")?.as_str()
}

fn fact_faults(known: &Value, report: &Value) -> Vec<Fault> {
    let facts = ["form", "title", "agency", "year", "published", "status"];
    let mut faults = Vec::new();
    for name in facts {
        let Some(want) = known.get(name) else { continue };
        let have = report.get(name).unwrap_or(&Value::Null);
        if want != have && !(have.is_null() && holds(known, "may_be_null", name)) {
            faults.push(fault(format!("{name}: want {want}, got {have}")));
        }
    }
    faults
}

fn heading_faults(known: &Value, report: &Value) -> Option<Fault> {
    let want = known.get("headings")?;
    let have: Value =
        list(report, "sections").iter().map(|section| section.get("heading").cloned().unwrap_or_default()).collect();
    (*want != have).then(|| fault(format!("headings: want {want}, got {have}")))
}

fn finding_faults(known: &Value, report: &Value) -> Vec<Fault> {
    let raised = list(report, "findings");
    let mut faults = Vec::new();
    for rule in strings(known, "findings") {
        let ours: Vec<_> = raised.iter().filter(|finding| is_of(finding, rule)).collect();
        if ours.is_empty() {
            faults.push(fault(format!("finding {rule} was not raised")));
        } else if let Some(cell) = known.get("blames").and_then(Value::as_str)
            && !ours.iter().any(|finding| holds(finding, "figures", cell))
        {
            faults.push(fault(format!("no finding {rule} names {cell}")));
        }
    }
    for rule in strings(known, "no_findings") {
        faults.extend(
            raised
                .iter()
                .filter(|finding| is_of(finding, rule))
                .map(|finding| fault(format!("finding raised without cause: {finding}"))),
        );
    }
    faults
}

/// Whether a finding is of the rule; a `*` at either end of `rule` stands for anything.
fn is_of(finding: &Value, rule: &str) -> bool {
    let code = finding.get("rule").and_then(Value::as_str).unwrap_or_default();
    match (rule.strip_prefix('*'), rule.strip_suffix('*')) {
        (Some(tail), Some(_)) => code.contains(tail.trim_end_matches('*')),
        (Some(tail), None) => code.ends_with(tail),
        (None, Some(head)) => code.starts_with(head),
        (None, None) => code == rule,
    }
}

fn text_faults(known: &Value, report: &Value) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, wanted) in [("says", true), ("says_not", false)] {
        let parts = known.get(name).and_then(Value::as_object);
        for (kind, words) in parts.into_iter().flatten() {
            // One text, or a list of them.
            let texts = words.as_array().map_or(std::slice::from_ref(words), Vec::as_slice);
            for words in texts.iter().filter_map(Value::as_str) {
                if section_text(report, kind).contains(words) != wanted {
                    faults.push(fault(format!("section {kind} {name}: {words:?}")));
                }
            }
        }
    }
    faults
}

fn warning_faults(known: &Value, report: &Value) -> Vec<Fault> {
    let raised = |kind: &str| list(report, "warnings").iter().any(|warning| text(warning, "kind") == kind);
    let missing = strings(known, "warns").filter(|kind| !raised(kind));
    missing.map(|kind| fault(format!("warning {kind} was not raised"))).collect()
}

fn section_text(report: &Value, kind: &str) -> String {
    list(report, "sections")
        .iter()
        .filter(|section| section.get("kind").and_then(Value::as_str) == Some(kind))
        .filter_map(|section| section.get("text").and_then(Value::as_str))
        .collect()
}

fn status(report: Option<&Value>) -> &str {
    report.and_then(|report| report.get("status")).and_then(Value::as_str).unwrap_or("none")
}

fn strings<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a str> {
    list(value, name).iter().filter_map(Value::as_str)
}

fn holds(value: &Value, name: &str, wanted: &str) -> bool {
    strings(value, name).any(|held| held == wanted)
}

fn says(value: &Value, name: &str) -> bool {
    value.get(name) == Some(&Value::Bool(true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn known() -> Value {
        json!({"reports": [{"year": 2023, "figures": {"requests.received": {"total": 7}}, "states": {}, "may_be_lost": []}]})
    }

    fn report(total: &Value, status: &str) -> Vec<Value> {
        let state = if total.is_null() { "lost" } else { "read" };
        vec![json!({
            "status": status, "year": 2023, "requests": {"received": {"total": total}},
            "evidence": {"requests.received.total": {"state": state}}
        })]
    }

    #[test]
    fn a_right_figure_is_no_fault() {
        assert_eq!(faults(&known(), &report(&json!(7), "ok")), []);
    }

    #[test]
    fn a_wrong_figure_is_silent_only_in_a_report_called_ok() {
        let faults_of = |status| faults(&known(), &report(&json!(8), status));
        assert!(faults_of("ok").iter().any(|fault| fault.silent));
        assert!(!faults_of("review").iter().any(|fault| fault.silent));
        assert_eq!(faults_of("review").len(), 1);
    }

    #[test]
    fn a_figure_may_be_lost_only_where_the_truth_allows_it() {
        let lost = report(&Value::Null, "review");
        assert!(!faults(&known(), &lost).is_empty());
        let mut lenient = known();
        lenient["reports"][0]["may_be_lost"] = json!(["requests.received.total"]);
        assert_eq!(faults(&lenient, &lost), []);
    }

    #[test]
    fn a_figure_that_the_truth_does_not_know_is_a_fault() {
        let mut reports = report(&json!(7), "ok");
        reports[0]["requests"]["other"] = json!({"total": 1});
        assert!(faults(&known(), &reports)[0].silent);
    }

    #[test]
    fn an_answer_must_be_one_of_those_named() {
        let truth = json!({"answers": ["corrupt"]});
        let failed = |kind: &str| vec![json!({"status": "failed", "error": {"kind": kind}})];
        assert_eq!(faults(&truth, &failed("corrupt")), []);
        assert_eq!(faults(&truth, &failed("crashed")).len(), 1);
    }
}
