//! Automatic numbers spelled out: 一、（一）1. (ECMA-376 Part 1, 17.9).
//!
//! The words of such a number stand nowhere in the text. A paragraph names a numbering and a level; the numbering (`w:num`) leads to
//! an abstract one (`w:abstractNum`), which says for each level how it counts and what it looks like. All numberings that lead to
//! the same abstract one count on together, but where one overrides a start.

use std::collections::{HashMap, HashSet};

use nianbao_model::NumberFormat;

use crate::styles::Styles;
use crate::xml::{self, Damage, Name, Node, Tag, Xml};

/// The levels of a numbering.
const LEVELS: usize = 9;

/// What stands between a number and the text after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Suffix {
    /// Some room: a tab or a blank.
    #[default]
    Room,
    /// Nothing.
    Nothing,
}

/// How one level counts and looks.
#[derive(Clone, Debug)]
struct Level {
    start: u32,
    /// The format's name, for those that we cannot spell.
    format: Result<NumberFormat, String>,
    /// The looks: `（%1）`, where `%1` stands for the number of the first level.
    text: String,
    suffix: Suffix,
    /// The level, from 1, that makes this one start again; 0 for none; absent for any higher one.
    restart: Option<usize>,
    /// All numbers are shown in decimals.
    is_legal: bool,
    /// The paragraph style that is bound to this level.
    style: Option<String>,
}

impl Default for Level {
    fn default() -> Self {
        Self {
            start: 0,
            format: Ok(NumberFormat::Decimal),
            text: String::new(),
            suffix: Suffix::default(),
            restart: None,
            is_legal: false,
            style: None,
        }
    }
}

type Levels = [Option<Level>; LEVELS];

#[derive(Debug, Default)]
struct Abstract {
    levels: Levels,
    /// The numbering style that this one is defined by (`w:numStyleLink`).
    defined_by: Option<String>,
    /// The numbering style that this one defines (`w:styleLink`).
    defines: Option<String>,
}

#[derive(Debug, Default)]
struct Number {
    base: u32,
    /// The levels that differ from the abstract numbering.
    levels: Levels,
    starts: [Option<u32>; LEVELS],
}

/// The numberings of a document, and how far each has counted.
#[derive(Debug, Default)]
pub(crate) struct Numbering {
    bases: HashMap<u32, Abstract>,
    numbers: HashMap<u32, Number>,
    counters: HashMap<u32, [Option<u32>; LEVELS]>,
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
    /// Reads `numbering.xml`, as far as it can be read.
    pub(crate) fn read(text: &str) -> Self {
        let mut numbering = Self::default();
        let _ = numbering.read_all(&mut Xml::new(text));
        numbering
    }

    fn read_all(&mut self, xml: &mut Xml<'_>) -> Result<(), Damage> {
        loop {
            match xml.next()? {
                Node::Start(tag) => match xml.name(&tag) {
                    Name::Word(b"abstractNum") => self.read_abstract(xml, &tag)?,
                    Name::Word(b"num") => self.read_number(xml, &tag)?,
                    Name::Word(b"numbering") => {}
                    _ => xml.skip()?,
                },
                Node::Over => return Ok(()),
                _ => {}
            }
        }
    }

    fn read_abstract(&mut self, xml: &mut Xml<'_>, tag: &Tag<'_>) -> Result<(), Damage> {
        let id = xml::number(tag, "abstractNumId");
        let end = xml.depth();
        let mut base = Abstract::default();
        while xml.depth() >= end {
            match xml.next()? {
                Node::Start(tag) if xml.name(&tag) == Name::Word(b"lvl") => {
                    read_level(xml, &tag, &mut base.levels)?;
                }
                Node::Start(tag) | Node::Empty(tag) => match xml.name(&tag) {
                    Name::Word(b"numStyleLink") => base.defined_by = xml::attribute(&tag, "val"),
                    Name::Word(b"styleLink") => base.defines = xml::attribute(&tag, "val"),
                    _ => {}
                },
                Node::Over => break,
                _ => {}
            }
        }
        if let Some(id) = id {
            self.bases.insert(id, base);
        }
        Ok(())
    }

    fn read_number(&mut self, xml: &mut Xml<'_>, tag: &Tag<'_>) -> Result<(), Damage> {
        let id = xml::number(tag, "numId");
        let end = xml.depth();
        let mut number = Number::default();
        let mut overridden = None;
        while xml.depth() >= end {
            match xml.next()? {
                Node::Start(tag) if xml.name(&tag) == Name::Word(b"lvl") => {
                    read_level(xml, &tag, &mut number.levels)?;
                }
                Node::Start(tag) | Node::Empty(tag) => match xml.name(&tag) {
                    Name::Word(b"abstractNumId") => {
                        number.base = xml::number(&tag, "val").unwrap_or_default();
                    }
                    Name::Word(b"lvlOverride") => overridden = xml::number(&tag, "ilvl"),
                    Name::Word(b"startOverride") => {
                        let slot = overridden.and_then(|level: usize| number.starts.get_mut(level));
                        if let Some(slot) = slot {
                            *slot = xml::number(&tag, "val");
                        }
                    }
                    _ => {}
                },
                Node::Over => break,
                _ => {}
            }
        }
        if let Some(id) = id {
            self.numbers.insert(id, number);
        }
        Ok(())
    }

    /// Counts one paragraph of the numbering `id` at `level`, from 0, and says what stands before it; `None` where nothing does.
    pub(crate) fn next(&mut self, id: u32, level: usize, styles: &Styles) -> Option<Label> {
        if id == 0 || level >= LEVELS {
            return None;
        }
        let number = self.numbers.get(&id)?;
        let base_id = self.base_of(number, styles)?;
        let levels = Effective {
            number,
            base: self.bases.get(&base_id)?,
        };
        let this = levels.level(level)?;
        let counters = self.counters.entry(base_id).or_default();
        let starts_anew = levels.own_start(level).is_some() && self.started.insert((id, level));
        levels.count(counters, level, starts_anew);
        Some(levels.spelled(this, counters))
    }

    /// The level of the numbering `id` that a paragraph style is bound to.
    pub(crate) fn level_of_style(&self, id: u32, style: &str, styles: &Styles) -> Option<usize> {
        let number = self.numbers.get(&id)?;
        let levels = Effective {
            number,
            base: self.bases.get(&self.base_of(number, styles)?)?,
        };
        (0..LEVELS).find(|&index| {
            levels
                .level(index)
                .is_some_and(|level| level.style.as_deref() == Some(style))
        })
    }

    /// The abstract numbering with the levels: where one is defined by a numbering style, that which defines the style (17.9.21, 17.9.27).
    fn base_of(&self, number: &Number, styles: &Styles) -> Option<u32> {
        let Some(style) = self.bases.get(&number.base)?.defined_by.as_ref() else {
            return Some(number.base);
        };
        let defining = self
            .bases
            .iter()
            .filter(|(_, base)| base.defines.as_ref() == Some(style));
        // The smallest, so that the order of a hash table does not matter.
        let by_link = defining.map(|(&id, _)| id).min();
        by_link.or_else(|| Some(self.numbers.get(&styles.number_of(style)?)?.base))
    }
}

/// A numbering over its abstract one.
struct Effective<'n> {
    number: &'n Number,
    base: &'n Abstract,
}

impl<'n> Effective<'n> {
    fn level(&self, index: usize) -> Option<&'n Level> {
        let own = self.number.levels.get(index)?.as_ref();
        own.or(self.base.levels.get(index)?.as_ref())
    }

    fn own_start(&self, index: usize) -> Option<u32> {
        *self.number.starts.get(index)?
    }

    fn start(&self, index: usize) -> u32 {
        let stated = self.level(index).map_or(1, |level| level.start);
        self.own_start(index).unwrap_or(stated)
    }

    /// Counts on at `level`; deeper levels start again, and higher ones that have not counted yet begin.
    fn count(&self, counters: &mut [Option<u32>; LEVELS], level: usize, starts_anew: bool) {
        for (index, counter) in counters.iter_mut().enumerate() {
            if index < level {
                counter.get_or_insert_with(|| self.start(index));
            } else if index == level {
                *counter = Some(match *counter {
                    Some(before) if !starts_anew => before.saturating_add(1),
                    _ => self.start(index),
                });
            } else if self.restarts(index, level) {
                *counter = None;
            }
        }
    }

    /// Whether `deeper` starts again after `level` has counted (17.9.10).
    fn restarts(&self, deeper: usize, level: usize) -> bool {
        match self.level(deeper).and_then(|level| level.restart) {
            None => true,
            Some(after) => level < after,
        }
    }

    /// What stands before the paragraph, with the number of each level put in for its `%`.
    fn spelled(&self, this: &Level, counters: &[Option<u32>; LEVELS]) -> Label {
        let mut label = Label {
            suffix: this.suffix,
            ..Label::default()
        };
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
                    self.push_number(&mut label, index, this.is_legal, counters);
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

    fn push_number(&self, label: &mut Label, index: usize, is_legal: bool, counters: &[Option<u32>; LEVELS]) {
        let (Some(level), Some(Some(value))) = (self.level(index), counters.get(index)) else {
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
}

/// The level, from 0, that `%3` at the start of `text` stands for, and the text after it.
fn placeholder(text: &str) -> Option<(usize, &str)> {
    let digit = text.chars().nth(1)?.to_digit(10)?;
    let index = (digit as usize).checked_sub(1)?;
    Some((index, text.get(2..)?))
}

fn read_level(xml: &mut Xml<'_>, tag: &Tag<'_>, levels: &mut Levels) -> Result<(), Damage> {
    let index = xml::number::<usize>(tag, "ilvl");
    let end = xml.depth();
    let mut level = Level::default();
    while xml.depth() >= end {
        let node = xml.next()?;
        let (Node::Start(tag) | Node::Empty(tag)) = &node else {
            if matches!(node, Node::Over) {
                break;
            }
            continue;
        };
        match xml.name(tag) {
            Name::Word(b"pPr" | b"rPr") if matches!(node, Node::Start(_)) => xml.skip()?,
            Name::Word(local) => level.take(local, tag),
            _ => {}
        }
    }
    if let Some(slot) = index.and_then(|index| levels.get_mut(index)) {
        *slot = Some(level);
    }
    Ok(())
}

impl Level {
    fn take(&mut self, local: &[u8], tag: &Tag<'_>) {
        let value = || xml::attribute(tag, "val").unwrap_or_default();
        match local {
            b"start" => self.start = xml::number(tag, "val").unwrap_or_default(),
            b"numFmt" => {
                let name = value();
                self.format = NumberFormat::from_word(&name).ok_or(name);
            }
            b"lvlText" => self.text = value(),
            b"lvlRestart" => self.restart = xml::number(tag, "val"),
            b"isLgl" => self.is_legal = xml::is_on(tag),
            b"pStyle" => self.style = xml::attribute(tag, "val"),
            b"suff" if value() == "nothing" => self.suffix = Suffix::Nothing,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbering(content: &str) -> Numbering {
        Numbering::read(&format!(
            r#"<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{content}</w:numbering>"#
        ))
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
        let styles = Styles::default();
        let text = |&(id, level): &(u32, usize)| {
            numbering
                .next(id, level, &styles)
                .map_or_else(|| "-".to_owned(), |label| label.text)
        };
        paragraphs.iter().map(text).collect()
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
            labels(
                &mut numbering,
                &[(1, 0), (1, 1), (1, 1), (1, 2), (1, 0), (1, 1), (1, 2), (0, 0)]
            ),
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
        let own = format!(
            r#"<w:lvlOverride w:ilvl="0">{}</w:lvlOverride>"#,
            level(0, "upperRoman", "%1)", "")
        );
        let mut numbering = numbering(&(base(0, &official()) + &number(1, 0, &own)));
        assert_eq!(labels(&mut numbering, &[(1, 0), (1, 0)]), ["I)", "II)"]);
    }

    #[test]
    fn legal_numbers_are_decimal_and_unused_levels_begin() {
        let levels = level(0, "chineseCounting", "第%1章", "") + &level(1, "decimal", "%1.%2", "<w:isLgl/>");
        let mut numbering = numbering(&(base(0, &levels) + &number(1, 0, "")));
        assert_eq!(
            labels(&mut numbering, &[(1, 1), (1, 1), (1, 0), (1, 1)]),
            ["1.1", "1.2", "第二章", "2.1"]
        );
    }

    #[test]
    fn a_level_restarts_only_where_it_says() {
        let levels = level(0, "decimal", "%1.", "")
            + &level(1, "decimal", "%2)", r#"<w:lvlRestart w:val="0"/>"#)
            + &level(2, "decimal", "%3]", r#"<w:lvlRestart w:val="1"/>"#);
        let mut numbering = numbering(&(base(0, &levels) + &number(1, 0, "")));
        let order = [(1, 0), (1, 1), (1, 2), (1, 1), (1, 2), (1, 0), (1, 1), (1, 2)];
        assert_eq!(
            labels(&mut numbering, &order),
            ["1.", "1)", "1]", "2)", "2]", "2.", "3)", "1]"]
        );
    }

    #[test]
    fn a_numbering_style_leads_to_the_levels() {
        let using = r#"<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="s"/></w:abstractNum>"#;
        let defining = format!(
            r#"<w:abstractNum w:abstractNumId="1"><w:styleLink w:val="s"/>{}</w:abstractNum>"#,
            official()
        );
        let mut numbering =
            numbering(&(using.to_owned() + &defining + &number(1, 0, "") + &number(2, 1, "")));
        assert_eq!(labels(&mut numbering, &[(1, 0), (2, 0)]), ["一、", "二、"]);
    }

    #[test]
    fn bullets_are_not_written_and_unknown_formats_are_counted_in_digits() {
        let levels = level(0, "bullet", "\u{F0B7}", "") + &level(1, "hindiVowels", "%2.", "");
        let mut numbering = numbering(&(base(0, &levels) + &number(1, 0, "")));
        let styles = Styles::default();
        assert_eq!(numbering.next(1, 0, &styles), Some(Label::default()));
        let label = numbering.next(1, 1, &styles).unwrap();
        assert_eq!(
            (label.text.as_str(), label.unknown_format.as_deref()),
            ("1.", Some("hindiVowels"))
        );
    }

    #[test]
    fn a_level_is_found_by_the_style_that_is_bound_to_it() {
        let levels = official() + &level(3, "decimal", "%4", r#"<w:pStyle w:val="h"/>"#);
        let numbering = numbering(&(base(0, &levels) + &number(1, 0, "")));
        assert_eq!(numbering.level_of_style(1, "h", &Styles::default()), Some(3));
        assert_eq!(numbering.level_of_style(1, "x", &Styles::default()), None);
    }
}
