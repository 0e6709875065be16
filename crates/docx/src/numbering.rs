//! Automatic numbers spelled out: 一、（一）1. (ECMA-376 Part 1, 17.9).
//!
//! The words of such a number stand nowhere in the text. A paragraph names a numbering and a level; the numbering (`w:num`) leads to
//! an abstract one (`w:abstractNum`), which says for each level how it counts and what it looks like. All numberings that lead to
//! the same abstract one count on together, but where one overrides a start.

use std::collections::{HashMap, HashSet};

use nianbao_model::NumberFormat;

use crate::definitions::{Definitions, LEVELS, Level, Scheme, Suffix};
use crate::styles::Styles;

/// How far each level of an abstract numbering has counted; `None` where it begins with the next.
type Counters = [Option<u32>; LEVELS];

/// The numberings of a document, and how far each has counted.
#[derive(Debug, Default)]
pub(crate) struct Numbering {
    definitions: Definitions,
    counters: HashMap<u32, Counters>,
    /// The numberings and levels whose own start has been used.
    started: HashSet<(u32, usize)>,
}

/// A number as it stands before a paragraph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Label {
    /// The number with its marks; empty for a bullet.
    pub(crate) text: String,
    /// What follows it.
    pub(crate) suffix: Suffix,
    /// The format that could not be spelled, so digits stand in its place.
    pub(crate) unknown_format: Option<String>,
}

impl Numbering {
    /// The numberings that `numbering.xml` defines.
    pub(crate) fn new(text: String) -> Self {
        Self { definitions: Definitions::new(text), ..Self::default() }
    }

    /// Counts one paragraph of the numbering `id` at `level`, from 0, and says what stands before it; `None` where nothing does.
    pub(crate) fn next(&mut self, id: u32, level: usize, styles: &mut Styles) -> Option<Label> {
        let scheme = self.definitions.scheme(id, styles)?;
        let this = scheme.level(level)?;
        let counters = self.counters.entry(scheme.base).or_default();
        let starts_anew = scheme.own_start(level).is_some() && self.started.insert((id, level));
        count(&scheme, counters, level, starts_anew);
        Some(spelled(&scheme, this, counters))
    }

    /// The level of the numbering `id` that a paragraph style is bound to.
    pub(crate) fn level_of_style(&mut self, id: u32, style: &str, styles: &mut Styles) -> Option<usize> {
        let scheme = self.definitions.scheme(id, styles)?;
        let is_bound = |level: &Level| level.style.as_deref() == Some(style);
        (0..LEVELS).find(|&index| scheme.level(index).is_some_and(is_bound))
    }
}

/// Counts on at `level`; deeper levels start again, and higher ones that have not counted yet begin.
fn count(scheme: &Scheme, counters: &mut Counters, level: usize, starts_anew: bool) {
    for (index, counter) in counters.iter_mut().enumerate() {
        if index < level {
            counter.get_or_insert_with(|| scheme.start(index));
        } else if index == level {
            *counter = Some(match *counter {
                Some(before) if !starts_anew => before.saturating_add(1),
                _ => scheme.start(index),
            });
        } else if scheme.restarts(index, level) {
            *counter = None;
        }
    }
}

/// What stands before the paragraph, with the number of each level put in for its `%`.
fn spelled(scheme: &Scheme, this: &Level, counters: &Counters) -> Label {
    let mut label = Label { suffix: this.suffix, ..Label::default() };
    // A bullet does not number, it decorates; its character is often a code of a symbol font.
    if this.format == Ok(NumberFormat::Bullet) {
        return label;
    }
    let mut rest = this.text.as_str();
    while let Some(at) = rest.find('%') {
        let (before, from) = rest.split_at(at);
        label.text.push_str(before);
        rest = match placeholder(from) {
            Some((index, after)) => {
                push_number(&mut label, scheme, index, this.is_legal, counters);
                after
            }
            None => {
                label.text.push('%');
                from.get(1..).unwrap_or_default()
            }
        };
    }
    label.text.push_str(rest);
    label
}

fn push_number(label: &mut Label, scheme: &Scheme, index: usize, is_legal: bool, counters: &Counters) {
    let (Some(level), Some(Some(value))) = (scheme.level(index), counters.get(index)) else {
        return;
    };
    let format = match &level.format {
        Ok(NumberFormat::None) => NumberFormat::None,
        _ if is_legal => NumberFormat::Decimal,
        Ok(format) => *format,
        Err(unknown) => {
            label.unknown_format = Some(unknown.clone());
            NumberFormat::Decimal
        }
    };
    label.text.push_str(&format.spell(*value));
}

/// The level, from 0, that `%3` at the start of `text` stands for, and the text after it.
fn placeholder(text: &str) -> Option<(usize, &str)> {
    let digit = text.chars().nth(1)?.to_digit(10)?;
    let index = (digit as usize).checked_sub(1)?;
    Some((index, text.get(2..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbering(content: &str) -> Numbering {
        Numbering::new(format!(r#"<w:numbering xmlns:w="urn:w">{content}</w:numbering>"#))
    }

    fn level(index: usize, format: &str, text: &str, more: &str) -> String {
        format!(
            r#"<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{format}"/><w:lvlText w:val="{text}"/>{more}<w:rPr><w:start w:val="7"/></w:rPr></w:lvl>"#
        )
    }

    fn base(id: u32, levels: &str) -> String {
        format!(r#"<w:abstractNum w:abstractNumId="{id}">{levels}</w:abstractNum>"#)
    }

    fn number(id: u32, base: u32, more: &str) -> String {
        format!(r#"<w:num w:numId="{id}"><w:abstractNumId w:val="{base}"/>{more}</w:num>"#)
    }

    /// The numbers of paragraphs given as numbering and level.
    fn labels(numbering: &mut Numbering, paragraphs: &[(u32, usize)]) -> Vec<String> {
        let mut styles = Styles::default();
        let mut text = |&(id, level): &(u32, usize)| {
            numbering.next(id, level, &mut styles).map_or_else(|| "-".to_owned(), |label| label.text)
        };
        paragraphs.iter().map(&mut text).collect()
    }

    fn official() -> String {
        level(0, "chineseCounting", "%1、", "")
            + &level(1, "chineseCountingThousand", "（%2）", "")
            + &level(2, "decimal", "%3.", "")
    }

    #[test]
    fn the_levels_of_an_official_document_are_spelled() {
        let mut numbering = numbering(&(base(0, &official()) + &number(1, 0, "")));
        assert_eq!(
            labels(&mut numbering, &[(1, 0), (1, 1), (1, 1), (1, 2), (1, 0), (1, 1), (1, 2), (0, 0)]),
            ["一、", "（一）", "（二）", "1.", "二、", "（一）", "1.", "-"]
        );
    }

    #[test]
    fn numberings_of_one_base_count_on_but_where_one_overrides_the_start() {
        let start = r#"<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>"#;
        let mut numbering =
            numbering(&(base(0, &official()) + &number(1, 0, "") + &number(2, 0, "") + &number(3, 0, start)));
        assert_eq!(
            labels(&mut numbering, &[(1, 0), (2, 0), (3, 0), (3, 0), (1, 0)]),
            ["一、", "二、", "五、", "六、", "七、"]
        );
    }

    #[test]
    fn a_level_can_be_overridden_as_a_whole() {
        let own = format!(r#"<w:lvlOverride w:ilvl="0">{}</w:lvlOverride>"#, level(0, "upperRoman", "%1)", ""));
        let mut numbering = numbering(&(base(0, &official()) + &number(1, 0, &own)));
        assert_eq!(labels(&mut numbering, &[(1, 0), (1, 0)]), ["I)", "II)"]);
    }

    #[test]
    fn legal_numbers_are_decimal_and_unused_levels_begin() {
        let levels = level(0, "chineseCounting", "第%1章", "") + &level(1, "decimal", "%1.%2", "<w:isLgl/>");
        let mut numbering = numbering(&(base(0, &levels) + &number(1, 0, "")));
        assert_eq!(labels(&mut numbering, &[(1, 1), (1, 1), (1, 0), (1, 1)]), ["1.1", "1.2", "第二章", "2.1"]);
    }

    #[test]
    fn a_level_restarts_only_where_it_says() {
        let levels = level(0, "decimal", "%1.", "")
            + &level(1, "decimal", "%2)", r#"<w:lvlRestart w:val="0"/>"#)
            + &level(2, "decimal", "%3]", r#"<w:lvlRestart w:val="1"/>"#);
        let mut numbering = numbering(&(base(0, &levels) + &number(1, 0, "")));
        let order = [(1, 0), (1, 1), (1, 2), (1, 1), (1, 2), (1, 0), (1, 1), (1, 2)];
        assert_eq!(labels(&mut numbering, &order), ["1.", "1)", "1]", "2)", "2]", "2.", "3)", "1]"]);
    }

    #[test]
    fn a_numbering_style_leads_to_the_levels() {
        let using = r#"<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="s"/></w:abstractNum>"#;
        let defining =
            format!(r#"<w:abstractNum w:abstractNumId="1"><w:styleLink w:val="s"/>{}</w:abstractNum>"#, official());
        let mut numbering = numbering(&(using.to_owned() + &defining + &number(1, 0, "") + &number(2, 1, "")));
        assert_eq!(labels(&mut numbering, &[(1, 0), (2, 0)]), ["一、", "二、"]);
    }

    #[test]
    fn bullets_are_not_written_and_unknown_formats_are_counted_in_digits() {
        let levels = level(0, "bullet", "\u{F0B7}", "") + &level(1, "hindiVowels", "%2.", "");
        let mut numbering = numbering(&(base(0, &levels) + &number(1, 0, "")));
        let mut styles = Styles::default();
        assert_eq!(numbering.next(1, 0, &mut styles), Some(Label::default()));
        let label = numbering.next(1, 1, &mut styles).unwrap();
        assert_eq!((label.text.as_str(), label.unknown_format.as_deref()), ("1.", Some("hindiVowels")));
    }

    #[test]
    fn a_level_is_found_by_the_style_that_is_bound_to_it() {
        let levels = official() + &level(3, "decimal", "%4", r#"<w:pStyle w:val="h"/>"#);
        let mut numbering = numbering(&(base(0, &levels) + &number(1, 0, "")));
        assert_eq!(numbering.level_of_style(1, "h", &mut Styles::default()), Some(3));
        assert_eq!(numbering.level_of_style(1, "x", &mut Styles::default()), None);
    }
}
