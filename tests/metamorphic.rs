//! What means nothing changes nothing; what changes one figure changes that figure, the sums it enters, and nothing else.
//!
//! The sound reports of both editions are written anew: other runs, fonts, breaks, blank rows, encodings. Nobody has to know what is
//! right for that, only that it is the same as before.

mod docx;
mod html;
mod text;

use std::collections::BTreeMap;
use std::fs;

use nianbao::{Form, Forms};
use nianbao_tests::case::corpus;
use nianbao_tests::difference::differences;
use serde_json::Value;

use crate::dice::Dice;

/// The documents of both editions in the formats that are written anew here.
const SOUND: [&str; 6] = [
    "docx/plain-2021.docx",
    "docx/plain-2019.docx",
    "html/same-as-plain-2021.html",
    "html/same-as-plain-2019.html",
    "text/same-as-plain-2021.txt",
    "text/same-as-plain-2019.txt",
];

/// How often each edit is made, at other places each time.
const SEEDS: u64 = 3;

/// A document written anew.
struct Edit {
    name: &'static str,
    /// Makes it of the text of the document: of the main part, or of all.
    make: fn(&str, &mut Dice) -> String,
    /// What may change with it: places where rows or paragraphs move.
    moves: &'static [&'static str],
}

/// A file whose text can be taken out and put back.
struct Source {
    name: &'static str,
    bytes: Vec<u8>,
}

impl Source {
    fn open(name: &'static str) -> Self {
        Self { name, bytes: fs::read(corpus().join(name)).unwrap() }
    }

    fn text(&self) -> String {
        if self.is_docx() { docx::main_part(&self.bytes) } else { String::from_utf8(self.bytes.clone()).unwrap() }
    }

    fn with(&self, text: &str) -> Vec<u8> {
        if self.is_docx() { docx::with_main_part(&self.bytes, text) } else { text.as_bytes().to_vec() }
    }

    fn is_docx(&self) -> bool {
        self.name.ends_with(".docx")
    }

    fn edits(&self) -> &'static [Edit] {
        match self.name.split('/').next() {
            Some("docx") => &docx::EDITS,
            Some("html") => &html::EDITS,
            _ => &text::EDITS,
        }
    }

    /// Each document in which one number of a table is another one.
    fn with_one_figure_changed(&self) -> Vec<Change> {
        let marks = match self.name.split('/').next() {
            Some("docx") => ("<w:t xml:space=\"preserve\">", "</w:t>"),
            Some("html") => (">", "</td>"),
            // The first cell of a row has no tab before it.
            _ => return [changed(&self.text(), ("\n", "")), changed(&self.text(), ("\t", ""))].concat(),
        };
        changed(&self.text(), marks)
    }
}

/// A document in which one number is another one.
#[derive(Clone)]
struct Change {
    text: String,
    old: String,
    new: String,
}

/// The one report that a file holds.
fn report(bytes: &[u8]) -> Value {
    let outputs = nianbao::extract("report", bytes, &Forms::builtin());
    assert_eq!(outputs.len(), 1);
    serde_json::to_value(&outputs[0]).unwrap()
}

#[test]
fn what_means_nothing_changes_nothing() {
    let mut wrong = String::new();
    for source in SOUND.map(Source::open) {
        let (text, before) = (source.text(), report(&source.bytes));
        assert_eq!(before["status"], "ok", "{}", source.name);
        for edit in source.edits() {
            for seed in 0..SEEDS {
                let edited = (edit.make)(&text, &mut Dice::new(seed));
                assert_ne!(edited, text, "{} does nothing to {}", edit.name, source.name);
                let found = unlike(&before, &report(&source.with(&edited)), edit.moves);
                wrong.extend(
                    found.iter().map(|found| format!("\n{}, {}, seed {seed}: {found}", source.name, edit.name)),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_blank_row_changes_nothing_wherever_it_stands() {
    let mut wrong = String::new();
    for source in SOUND.map(Source::open) {
        let (text, before) = (source.text(), report(&source.bytes));
        let edited = match source.name.split('/').next() {
            Some("docx") => docx::with_a_blank_row(&text),
            Some("html") => html::with_a_blank_row(&text),
            _ => continue,
        };
        assert!(edited.len() > 10, "{}", source.name);
        for (index, edited) in edited.iter().enumerate() {
            let found = unlike(&before, &report(&source.with(edited)), &["at", "warnings"]);
            wrong.extend(found.iter().map(|found| format!("\n{}, row {index}: {found}", source.name)));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_order_of_the_parts_of_a_package_changes_nothing() {
    for source in SOUND.map(Source::open).iter().filter(|source| source.is_docx()) {
        let found = unlike(&report(&source.bytes), &report(&docx::in_another_order(&source.bytes)), &[]);
        assert!(found.is_empty(), "{}: {found:#?}", source.name);
    }
}

#[test]
fn one_changed_cell_changes_its_figure_and_the_sums_it_enters() {
    let mut wrong = String::new();
    for source in SOUND.map(Source::open) {
        let before = report(&source.bytes);
        let forms = Forms::builtin();
        let form = forms.iter().find(|form| before["form"] == form.name.as_str()).unwrap();
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for change in source.with_one_figure_changed() {
            match only_change(&before, &report(&source.with(&change.text)), form, &change) {
                Ok(key) => *times.entry(key).or_default() += 1,
                Err(fault) => {
                    wrong.push_str(&format!("\n{}, {} made {}: {fault}", source.name, change.old, change.new));
                }
            }
        }
        let once: Vec<&str> =
            form.required().map(|field| field.key.as_str()).filter(|key| times.get(*key) == Some(&1)).collect();
        let all = form.required().count();
        if once.len() != all {
            wrong.push_str(&format!("\n{}: {} of {all} figures were changed once", source.name, once.len()));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Where two reports differ, apart from what the file says of itself and what may move.
fn unlike(before: &Value, after: &Value, moves: &[&str]) -> Vec<String> {
    let unlike: Vec<&str> = ["source"].iter().chain(moves).copied().collect();
    let mut found = differences(before, after, &unlike, |_, _| false);
    found.truncate(3);
    found
}

/// Every figure of a report by its key, as the report prints it.
fn figures(report: &Value) -> BTreeMap<String, Value> {
    fn gather(key: &str, value: &Value, figures: &mut BTreeMap<String, Value>) {
        match value {
            Value::Object(parts) => {
                parts.iter().for_each(|(name, part)| gather(&format!("{key}.{name}"), part, figures));
            }
            other => drop(figures.insert(key.to_owned(), other.clone())),
        }
    }
    let mut found = BTreeMap::new();
    for top in ["disclosure", "requests", "remedies"] {
        gather(top, &report[top], &mut found);
    }
    found
}

/// The key of the one figure that changed, as it had to.
fn only_change(before: &Value, after: &Value, form: &Form, change: &Change) -> Result<String, String> {
    let (were, are) = (figures(before), figures(after));
    let changed: Vec<&String> = were.keys().filter(|key| were.get(*key) != are.get(*key)).collect();
    let [key] = changed.as_slice() else { return Err(format!("figures changed: {changed:?}")) };
    let from_to = (were[*key].to_string(), are[*key].to_string());
    if from_to != (change.old.clone(), change.new.clone()) {
        return Err(format!("{key} went from {} to {}", from_to.0, from_to.1));
    }
    let place = |report: &Value| report["evidence"][key.as_str()]["at"].clone();
    if place(before) != place(after) {
        return Err(format!("{key} stood at {} and stands at {}", place(before), place(after)));
    }
    let rest = differences(
        before,
        after,
        &["source", "status", "findings", "evidence", "disclosure", "requests", "remedies"],
        |_, _| false,
    );
    if let Some(difference) = rest.first() {
        return Err(format!("{key}: {difference}"));
    }
    let wanted = sums_of(form, key);
    let found = broken_sums(after, form, key)?;
    let status = if wanted.is_empty() { "ok" } else { "review" };
    if found != wanted || after["status"] != status {
        return Err(format!("{key}: {} with broken {found:?}, not {status} with {wanted:?}", after["status"]));
    }
    Ok((*key).clone())
}

/// How many sums of each rule the figure enters.
fn sums_of(form: &Form, key: &str) -> BTreeMap<String, usize> {
    let mut sums = BTreeMap::new();
    for equation in &form.equations {
        if equation.terms.iter().any(|(_, index)| form.fields[*index].key.as_str() == key) {
            *sums.entry(form.equation_rules[equation.rule].code.clone()).or_default() += 1;
        }
    }
    sums
}

/// How many findings there are of each rule that is a sum; each finding has to name the figure.
fn broken_sums(report: &Value, form: &Form, key: &str) -> Result<BTreeMap<String, usize>, String> {
    let mut broken = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        if !finding["figures"].as_array().unwrap().iter().any(|figure| figure == key) {
            return Err(format!("{key}: a finding about other figures: {finding}"));
        }
        let rule = finding["rule"].as_str().unwrap();
        if form.equation_rules.iter().any(|known| known.code == rule) {
            *broken.entry(rule.to_owned()).or_default() += 1;
        }
    }
    Ok(broken)
}

/// The text with one number larger by one in its last place, for each number that stands alone between these marks.
fn changed(text: &str, (open, close): (&str, &str)) -> Vec<Change> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(open) {
        let start = at + open.len();
        let is_number = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.');
        let number = text[start..].find(|c| !is_number(c)).map_or("", |length| &text[start..start + length]);
        let rest = &text[start + number.len()..];
        let ends = if close.is_empty() { rest.starts_with(['\t', '\n']) } else { rest.starts_with(close) };
        if ends && number.ends_with(|c: char| c.is_ascii_digit()) {
            let more = one_more(number);
            let value = |number: &str| number.trim_start_matches('+').to_owned();
            found.push(Change {
                text: format!("{}{more}{rest}", &text[..start]),
                old: value(number),
                new: value(&more),
            });
        }
    }
    found
}

/// The number with its last place counted up: 9 becomes 10, -8 becomes -9, 1.29 becomes 1.30.
fn one_more(number: &str) -> String {
    let (sign, number) = number.split_at(number.find(|c: char| c.is_ascii_digit()).unwrap());
    let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let digits: u64 = number.replace('.', "").parse().unwrap();
    let mut more = format!("{:0width$}", digits + 1, width = decimals + 1);
    if decimals > 0 {
        more.insert(more.len() - decimals, '.');
    }
    format!("{sign}{more}")
}
