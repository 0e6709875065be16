//! What a report does not say of itself, from what stands around it: the block of metadata before it (索引号, 发布机构, 成文日期), and
//! what the file says outside its text. Each time it is taken from there, a warning says so.

use nianbao_model::{Fact, FactKind, Origin, Warning, WarningKind};

use crate::date::{self, Found};
use crate::label::folded;
use crate::locate::{Item, Text};
use crate::meta::{Meta, Title, bare_line, is_agency_line, texts, title_from, title_parts};
use crate::report::Stated;

/// Where a text stands that says what a report does not.
const METADATA: &str = "the metadata";
const PROPERTIES: &str = "the properties of the file";

/// In how many texts from the start of a report its metadata stand.
const METADATA_REACH: usize = 40;

const AGENCY_LABELS: [&str; 6] = ["发布机构", "发文机关", "信息来源", "公开机构", "发布单位", "信息提供单位"];

/// What stands behind one of the labels: on the same line, as `发布机构：甲市乙局`, up to the next blank; or in the text that follows a label
/// alone, as the next cell of a table does.
fn labelled<'a>(
    items: &'a [Item<'a>],
    range: &std::ops::Range<usize>,
    labels: &[&str],
    fits: impl Fn(&str) -> bool,
) -> Option<(&'a str, &'a [Origin])> {
    let reach = range.start..range.end.min(range.start + METADATA_REACH);
    let texts: Vec<Text<'a>> = texts(items, reach).map(|(_, text)| text).collect();
    texts.iter().enumerate().find_map(|(index, text)| {
        labels.iter().find_map(|label| {
            let at = text.text.find(label)?;
            let rest = text.text.get(at + label.len()..)?.trim_start();
            let value = rest.strip_prefix(['：', ':']).map(str::trim_start);
            if value.unwrap_or(rest).trim_matches(['】', ']']).is_empty() {
                // A sentence may end with the word: only a label stands alone.
                let is_alone = text.text.get(..at)?.trim_matches(['【', '[']).is_empty();
                let next = texts.get(index + 1).filter(|next| is_alone && fits(next.text))?;
                return Some((next.text, next.at));
            }
            let rest = value?;
            let value = rest.split([' ', '\u{3000}', '\u{A0}', '\t']).next().map(up_to_a_label)?;
            fits(value).then_some((value, text.at))
        })
    })
}

/// A value up to the next label, which stands right behind it where only a style sheet parts the two.
fn up_to_a_label(value: &str) -> &str {
    const NEXT: [&str; 11] =
        ["字号", "字体", "浏览", "点击", "阅读次数", "访问", "发布日期", "发布时间", "成文日期", "索引号", "责任编辑"];
    let end = NEXT.iter().filter_map(|label| value.find(label)).min().unwrap_or(value.len());
    value.get(..end).unwrap_or(value)
}

pub(crate) fn infer_agency(items: &[Item<'_>], range: &std::ops::Range<usize>, facts: &[Fact], meta: &mut Meta) {
    let found = labelled(items, range, &AGENCY_LABELS, is_agency_line);
    let found = found.map(|(value, at)| {
        let stated = Stated { value: bare_line(value), raw: value.to_owned(), at: at.to_vec() };
        (stated, METADATA)
    });
    if let Some((agency, source)) = found.or_else(|| Some((agency_of_file(facts)?, PROPERTIES))) {
        meta.warnings.push(Warning::new(WarningKind::AgencyInferred { source }, agency.at.clone()));
        meta.agency = Some(agency);
    }
}

pub(crate) fn infer_date(facts: &[Fact], meta: &mut Meta) {
    let found =
        facts.iter().filter(|fact| fact.kind == FactKind::Date).find_map(|fact| match date::whole(&fact.text) {
            Some(Found::Clear(date)) => {
                Some(Stated { value: date, raw: fact.text.clone(), at: vec![fact.origin.clone()] })
            }
            _ => None,
        });
    if let Some(date) = found {
        meta.warnings.push(Warning::new(WarningKind::DateInferred { source: PROPERTIES }, date.at.clone()));
        meta.published = Some(date);
    }
}

/// The title that the file states outside its text.
pub(crate) fn title_of_file(facts: &[Fact], warnings: &mut Vec<Warning>) -> Option<Title> {
    let title = titles_of_file(facts).next()?;
    let at = title.text.at.clone();
    warnings.push(Warning::new(WarningKind::TitleInferred { source: PROPERTIES }, at));
    Some(title)
}

fn titles_of_file(facts: &[Fact]) -> impl Iterator<Item = Title> {
    facts.iter().filter(|fact| fact.kind == FactKind::Title).filter_map(|fact| {
        let value = bare_line(&fact.text);
        let parts = title_parts(&folded(&value))?;
        Some(title_from(Stated { value, raw: fact.text.clone(), at: vec![fact.origin.clone()] }, &parts))
    })
}

/// The agency that the file states outside its text: in its title, or by itself.
fn agency_of_file(facts: &[Fact]) -> Option<Stated<String>> {
    let alone = || {
        let fact = facts.iter().find(|fact| fact.kind == FactKind::Agency && is_agency_line(&fact.text))?;
        let at = vec![fact.origin.clone()];
        Some(Stated { value: bare_line(&fact.text), raw: fact.text.clone(), at })
    };
    titles_of_file(facts).find_map(|title| title.agency).or_else(alone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta::meta;

    fn text<'a>(text: &'a str, at: &'a [Origin]) -> Item<'a> {
        Item::Text(Text { text, at, aside: true, heads: false })
    }

    fn fact(kind: FactKind, text: &str) -> Fact {
        Fact { kind, text: text.to_owned(), origin: Origin::Property { name: "x".into() } }
    }

    #[test]
    fn a_value_ends_where_the_next_label_begins() {
        assert_eq!(up_to_a_label("甲市乙局字号：大中小"), "甲市乙局");
        assert_eq!(up_to_a_label("甲市乙局"), "甲市乙局");
    }

    #[test]
    fn metadata_beside_their_labels_are_read() {
        let at = [Origin::Line { line: 0, field: None }];
        let cells =
            ["索引号", "0001", "发布机构", "甲市乙局", "成文日期", "2024-01-15", "2023年政府信息公开工作年度报告"];
        let items: Vec<Item<'_>> = cells.iter().map(|cell| text(cell, &at)).collect();
        let meta = meta(&items, 0..items.len(), &[], &[]);
        assert_eq!(meta.agency.unwrap().value, "甲市乙局");
        assert_eq!(meta.published.unwrap().value, crate::report::Date { year: 2024, month: 1, day: 15 });
        let kinds: Vec<_> = meta.warnings.iter().map(|warning| warning.kind.name()).collect();
        assert_eq!(kinds, ["agency_inferred"]);
    }

    #[test]
    fn what_the_text_does_not_say_the_file_may() {
        let facts = [
            fact(FactKind::Title, "甲市人民政府"),
            fact(FactKind::Title, "甲市乙局2023年政府信息公开工作年度报告"),
            fact(FactKind::Date, "2024-01-15 10:30"),
            fact(FactKind::Agency, "甲市丙局"),
        ];
        let found = meta(&[], 0..0, &[], &facts);
        assert_eq!(found.title.unwrap().value, "甲市乙局2023年政府信息公开工作年度报告");
        assert_eq!((found.agency.unwrap().value.as_str(), found.year.unwrap().value), ("甲市乙局", 2023));
        assert_eq!(found.published.unwrap().value.day, 15);
        // The text weighs more.
        let at = [Origin::Line { line: 0, field: None }];
        let items = [text("甲市丁局2022年政府信息公开工作年度报告", &at), text("2023年1月9日", &at)];
        let found = meta(&items, 0..2, &[], &facts);
        assert_eq!((found.agency.unwrap().value.as_str(), found.published.unwrap().value.year), ("甲市丁局", 2023));
        assert!(found.warnings.is_empty());
    }
}
