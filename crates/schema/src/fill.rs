//! From a document in normal form to the reports that it holds.

use std::collections::BTreeMap;
use std::ops::Range;

use nianbao_model::{Document, Fact, Warning, WarningKind};

use crate::align::align;
use crate::amount::Amount;
use crate::form::{Field, FieldKey, Form, SectionKind};
use crate::locate::{Flow, Heading, Item, TableFacts, edition, flow, headings, parts, possible_headings};
use crate::meta::meta;
use crate::report::{Figure, Report, Section, State};
use crate::solve::settle;
use crate::{Forms, label};

/// How many sections make a text a report whose tables are lost: fewer where it also bears a title.
const SECTIONS_UNDER_A_TITLE: usize = 3;
const SECTIONS_WITHOUT_A_TITLE: usize = 5;

/// Fills the form from a document: one report for most, several where a document holds several, none where it holds none.
pub fn fill(forms: &Forms, document: &Document) -> Vec<Report> {
    let list: Vec<&Form> = forms.iter().collect();
    let flow = flow(&list, document);
    let parts = parts(&list, &flow);
    // Of several reports in one file, nobody knows which one its properties are about.
    let facts = if parts.len() == 1 { document.facts.as_slice() } else { &[] };
    parts.into_iter().filter_map(|range| report(forms, &list, &flow, range, facts)).collect()
}

fn report(forms: &Forms, list: &[&Form], flow: &Flow<'_>, range: Range<usize>, facts: &[Fact]) -> Option<Report> {
    let items = flow.items.get(range.clone())?;
    let tables: Vec<&TableFacts<'_>> = items
        .iter()
        .filter_map(|item| match item {
            Item::Table(index) => flow.tables.get(*index),
            Item::Text(_) => None,
        })
        .collect();
    // A large table of something else is left here, before its texts are looked at in any other way.
    if tables.is_empty() && possible_headings(items) < SECTIONS_UNDER_A_TITLE {
        return None;
    }
    let (index, clear) = edition(list, &tables, items);
    let form = forms.shared(index)?;
    let aligned = align(&form, &tables);
    let headings = headings(&form, &flow.items, range.clone());
    let known_sections = headings.iter().filter(|heading| heading.kind != SectionKind::Other).count();
    if aligned.rows.is_empty() && known_sections < SECTIONS_UNDER_A_TITLE {
        return None;
    }
    let mut meta = meta(&flow.items, range.clone(), &headings, facts);
    let wanted = if meta.title.is_some() { SECTIONS_UNDER_A_TITLE } else { SECTIONS_WITHOUT_A_TITLE };
    if aligned.rows.is_empty() && known_sections < wanted {
        return None;
    }
    let mut warnings = std::mem::take(&mut meta.warnings);
    if !clear {
        warnings.push(Warning::new(WarningKind::FormGuessed { form: form.name.clone() }, Vec::new()));
    }
    warnings.extend(aligned.warnings);
    let figures = settle(&form, aligned.rows, &mut warnings);
    let figures = named(&form, figures, &mut warnings);
    let first = headings.first().map_or(range.start, |heading| heading.item);
    let preamble = text_of(items, range.start, first - range.start, &[]);
    let sections = sections(&flow.items, range, &headings, &meta.sign_off);
    let (title, agency, year, published) = (meta.title, meta.agency, meta.year, meta.published);
    Some(Report { form, title, agency, year, published, preamble, sections, figures, findings: Vec::new(), warnings })
}

/// The figures by their names, with a warning for each that is no amount or stands beside other text.
fn named(form: &Form, figures: Vec<Option<Figure>>, warnings: &mut Vec<Warning>) -> BTreeMap<FieldKey, Figure> {
    let name = |(field, figure): (&Field, Option<Figure>)| {
        let figure = figure?;
        let kind = match figure.state {
            State::Lost if !figure.raw.is_empty() => {
                Some(WarningKind::NotAnAmount { figure: field.label.clone(), printed: figure.raw.clone() })
            }
            State::Read => beside_text(&figure),
            _ => None,
        };
        warnings.extend(kind.map(|kind| Warning::new(kind, figure.origins.to_vec())));
        Some((field.key.clone(), figure))
    };
    // Collected in one go, for they are in order: nothing is searched.
    form.fields.iter().zip(figures).filter_map(name).collect()
}

fn beside_text(figure: &Figure) -> Option<WarningKind> {
    // By far the most figures are one digit.
    if figure.raw.len() < 2 {
        return None;
    }
    let lines: Vec<&str> = figure.raw.lines().collect();
    let taken = match (Amount::read(&lines), figure.value) {
        (Amount::Number { unit, note, value }, _) if note || !unit.is_empty() => value,
        // Figures without anything between them, or between them and their label.
        (Amount::Glued { .. } | Amount::Digits(_), Some(value)) => value,
        _ => return None,
    };
    Some(WarningKind::NumberBesideText { printed: figure.raw.clone(), taken: taken.to_string() })
}

/// The sections with their texts: what stands between the headings, without tables and without the sign-off.
fn sections(items: &[Item<'_>], range: Range<usize>, headings: &[Heading<'_>], sign_off: &[usize]) -> Vec<Section> {
    let ends = headings.iter().skip(1).map(|heading| heading.item).chain([range.end]);
    headings.iter().zip(ends).map(|(heading, end)| section(items, heading, end, sign_off)).collect()
}

fn section(items: &[Item<'_>], heading: &Heading<'_>, end: usize, sign_off: &[usize]) -> Section {
    let first = heading.item + 1;
    let body = text_of(items.get(first..end).unwrap_or_default(), first, end, sign_off);
    let rest = heading.rest.trim();
    let text = if rest.is_empty() || body.is_empty() { format!("{rest}{body}") } else { format!("{rest}\n{body}") };
    let at = match items.get(heading.item) {
        Some(Item::Text(line)) => line.at.to_vec(),
        _ => Vec::new(),
    };
    Section { kind: heading.kind, heading: heading.heading.to_owned(), text, at }
}

/// The texts among the first `count` items, the first of which has the index `start`, parted by line feeds; some left out.
fn text_of(items: &[Item<'_>], start: usize, count: usize, left_out: &[usize]) -> String {
    let lines = items.iter().take(count).enumerate().filter_map(|(offset, item)| match item {
        Item::Text(line) if !line.aside && !left_out.contains(&(start + offset)) => Some(line.text),
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The texts of the sections that may tell figures, folded, in simplified characters.
pub(crate) fn narrative(report: &Report) -> String {
    let texts: Vec<&str> = report.sections.iter().map(|section| section.text.as_str()).collect();
    label::folded(&texts.join("。"))
}
