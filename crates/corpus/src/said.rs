//! What a program says of a document: the lines of `nianbao extract`, taken apart to be compared.
//!
//! The same shape is made from lines of JSON (golden files, a fresh reading) and from the tables of a dataset.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// One line: a report, or why there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Where the document lies in its file, `!` before each step inwards; empty for the file itself.
    pub member: String,
    /// Which report of the document it is, from 1; 0 where there is one.
    pub part: u64,
    /// The format of the bytes, where it is known.
    pub format: Option<String>,
    /// `ok`, `review` or `failed`.
    pub status: String,
    /// Why there is no report: kind and message.
    pub failure: Option<(String, String)>,
    /// What it states of itself, by name: form, title, agency, year, published.
    pub facts: BTreeMap<&'static str, String>,
    /// The sections, in their order.
    pub sections: Vec<Section>,
    /// The figures by their keys.
    pub figures: BTreeMap<String, Figure>,
    /// The rules that are broken.
    pub findings: Vec<Finding>,
    /// The kinds of warnings, sorted, each as often as it was raised.
    pub warnings: Vec<String>,
}

/// The names of what a report states of itself, as the lines have them.
pub const FACTS: [&str; 5] = ["form", "title", "agency", "year", "published"];

/// A section of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// What it is about.
    pub kind: String,
    /// Its heading.
    pub heading: String,
    /// Its text.
    pub text: String,
}

/// One figure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    /// The number as it was printed; `None` for a blank, a dash, and what is lost.
    pub value: Option<String>,
    /// `read`, `blank`, `dash` or `lost`.
    pub state: String,
    /// The whole text of the cell.
    pub raw: String,
    /// Where it was read, several places parted by a comma; `None` where that was not kept.
    pub place: Option<String>,
}

/// A broken rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finding {
    /// Its code.
    pub rule: String,
    /// `info`, `warning` or `error`.
    pub severity: String,
    /// The figures that it is about.
    pub figures: Vec<String>,
    /// What is wrong, in words.
    pub message: String,
}

impl Said {
    /// Takes a line apart. `file` is the name of the file that it was read in.
    pub fn of(line: &Value, file: &str) -> Self {
        let source = line.get("source").unwrap_or(&Value::Null);
        let path = text(source, "path");
        let failure =
            line.get("error").map(|error| (text(error, "kind").to_owned(), text(error, "message").to_owned()));
        Self {
            member: path.strip_prefix(file).unwrap_or(path).to_owned(),
            part: source.get("part").and_then(Value::as_u64).unwrap_or_default(),
            format: source.get("format").and_then(Value::as_str).map(str::to_owned),
            status: text(line, "status").to_owned(),
            failure,
            facts: facts(line),
            sections: list(line, "sections").iter().map(section).collect(),
            figures: figures(line),
            findings: list(line, "findings").iter().map(finding).collect(),
            warnings: warnings(line),
        }
    }

    /// Whether it is a report, in whatever state.
    pub const fn is_report(&self) -> bool {
        self.failure.is_none()
    }

    /// What it answers in one word: its status, or the kind of its failure.
    pub fn answer(&self) -> &str {
        self.failure.as_ref().map_or(self.status.as_str(), |(kind, _)| kind)
    }
}

impl Figure {
    /// Whether nothing is known of it.
    pub fn is_lost(&self) -> bool {
        self.state == "lost" || self.state.is_empty()
    }

    /// Whether number and state are the same; how a number is written does not count: 12.5 is 12.50.
    pub fn is_same(&self, other: &Self) -> bool {
        let same = match (&self.value, &other.value) {
            (Some(one), Some(two)) => one == two || decimal(one) == decimal(two),
            (one, two) => one == two,
        };
        same && self.state == other.state
    }

    /// It as a person reads it: the number, or how there is none.
    pub fn shown(&self) -> String {
        match (&self.value, self.state.as_str()) {
            (Some(value), _) => value.clone(),
            (None, "blank") => "(blank)".to_owned(),
            (None, "dash") => format!("({})", self.raw.trim()),
            (None, "read") => self.raw.clone(),
            (None, _) => "(lost)".to_owned(),
        }
    }
}

/// A number without the noughts at the end of its decimals.
fn decimal(number: &str) -> &str {
    if number.contains('.') && !number.contains(['e', 'E']) {
        number.trim_end_matches('0').trim_end_matches('.')
    } else {
        number
    }
}

fn facts(line: &Value) -> BTreeMap<&'static str, String> {
    let fact = |name| match line.get(name)? {
        Value::Null => None,
        Value::String(text) => Some((name, text.clone())),
        other => Some((name, other.to_string())),
    };
    FACTS.into_iter().filter_map(fact).collect()
}

fn section(value: &Value) -> Section {
    Section {
        kind: text(value, "kind").to_owned(),
        heading: text(value, "heading").to_owned(),
        text: text(value, "text").to_owned(),
    }
}

fn finding(value: &Value) -> Finding {
    Finding {
        rule: text(value, "rule").to_owned(),
        severity: text(value, "severity").to_owned(),
        figures: list(value, "figures").iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        message: text(value, "message").to_owned(),
    }
}

fn warnings(line: &Value) -> Vec<String> {
    let mut kinds: Vec<String> =
        list(line, "warnings").iter().map(|warning| text(warning, "kind").to_owned()).collect();
    kinds.sort();
    kinds
}

/// The figures of a line: the numbers of its trees, and of each what its evidence says. Golden files leave out the evidence of a bare number.
fn figures(line: &Value) -> BTreeMap<String, Figure> {
    let evidence = line.get("evidence").and_then(Value::as_object);
    let figure = |key: &str, number: &Value| {
        let value = (!number.is_null()).then(|| number.to_string());
        match evidence.and_then(|evidence| evidence.get(key)) {
            Some(found) => Figure {
                value,
                state: text(found, "state").to_owned(),
                raw: text(found, "raw").to_owned(),
                place: Some(places(found)),
            },
            None => Figure { state: "read".to_owned(), raw: value.clone().unwrap_or_default(), value, place: None },
        }
    };
    numbers(line).into_iter().map(|(key, number)| (key.clone(), figure(&key, number))).collect()
}

fn places(evidence: &Value) -> String {
    list(evidence, "at").iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
}

/// Members of a line that are no tables of the form.
const NOT_TABLES: [&str; 12] = [
    "schema",
    "source",
    "status",
    "error",
    "form",
    "title",
    "agency",
    "year",
    "published",
    "sections",
    "evidence",
    "findings",
];

/// Every figure of a line by its key, blank and lost ones as null. Whatever tables its form has, they are the objects that stand there
/// beside what every report has.
pub fn numbers(line: &Value) -> Vec<(String, &Value)> {
    let mut numbers = Vec::new();
    for (name, part) in line.as_object().into_iter().flatten() {
        if part.is_object() && !NOT_TABLES.contains(&name.as_str()) {
            gather(name, part, &mut numbers);
        }
    }
    numbers
}

fn gather<'v>(key: &str, value: &'v Value, numbers: &mut Vec<(String, &'v Value)>) {
    match value {
        Value::Object(parts) => {
            for (name, part) in parts {
                gather(&format!("{key}.{name}"), part, numbers);
            }
        }
        other => numbers.push((key.to_owned(), other)),
    }
}

/// Puts a figure's number into the trees of a line.
pub(crate) fn put_number(line: &mut Value, key: &str, number: Value) {
    let mut parts: Vec<&str> = key.split('.').collect();
    let Some(last) = parts.pop() else { return };
    let mut at = line;
    for part in parts {
        let Some(members) = at.as_object_mut() else { return };
        at = members.entry(part.to_owned()).or_insert_with(|| Value::Object(Map::new()));
    }
    if let Some(members) = at.as_object_mut() {
        members.insert(last.to_owned(), number);
    }
}

/// Takes a figure's number out of the trees of a line.
pub(crate) fn take_number(line: &mut Value, key: &str) {
    let Some((path, last)) = key.rsplit_once('.') else { return };
    let pointer = format!("/{}", path.replace('.', "/"));
    if let Some(members) = line.pointer_mut(&pointer).and_then(Value::as_object_mut) {
        members.remove(last);
    }
}

pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

pub(crate) fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_line_is_taken_apart() {
        let line = json!({
            "source": {"path": "a.zip!b.docx", "format": "docx", "part": 2}, "status": "review", "form": "2021", "year": 2023,
            "requests": {"received": {"total": 7, "other": null}},
            "evidence": {"requests.received.other": {"raw": "/", "state": "dash", "at": ["table 2 R4C9", "table 3 R1C9"]}},
            "findings": [{"rule": "requests.row", "severity": "error", "figures": ["requests.received.total"], "message": "m"}],
            "warnings": [{"kind": "rows_joined"}]
        });
        let said = Said::of(&line, "a.zip");
        assert_eq!((said.member.as_str(), said.part, said.answer()), ("!b.docx", 2, "review"));
        assert_eq!(said.facts.get("year").map(String::as_str), Some("2023"));
        let total = &said.figures["requests.received.total"];
        assert_eq!((total.shown().as_str(), total.state.as_str(), &total.place), ("7", "read", &None));
        let other = &said.figures["requests.received.other"];
        assert_eq!((other.shown().as_str(), other.place.as_deref()), ("(/)", Some("table 2 R4C9, table 3 R1C9")));
        assert_eq!(said.findings[0].rule, "requests.row");
    }

    #[test]
    fn a_number_is_the_same_however_its_decimals_end() {
        let figure =
            |value: &str| Figure { value: Some(value.to_owned()), state: "read".to_owned(), ..Figure::default() };
        assert!(figure("12.5").is_same(&figure("12.50")));
        assert!(figure("3").is_same(&figure("3.0")));
        assert!(!figure("30").is_same(&figure("3")));
        assert!(!figure("3").is_same(&Figure::default()));
    }

    #[test]
    fn a_number_is_put_in_and_taken_out() {
        let mut line = json!({"a": {"b": {"c": 1}}});
        put_number(&mut line, "a.d.e", json!(2));
        put_number(&mut line, "a.b.c", json!(3));
        assert_eq!(line, json!({"a": {"b": {"c": 3}, "d": {"e": 2}}}));
        take_number(&mut line, "a.b.c");
        assert_eq!(line, json!({"a": {"b": {}, "d": {"e": 2}}}));
    }
}
