//! What styles say about numbering, headings and hidden text [MS-DOC 2.9.271, 2.9.258].

use nianbao_model::ParagraphRole;
use nianbao_story::role_of_style;

use crate::bytes::{counted_text, slice, word};
use crate::character::{Characters, Toggle};
use crate::paragraph::Properties;
use crate::sprm::properties;

/// How far a style may stand from the one that it is based on in the end. Word itself allows eleven.
const MAX_INHERITANCE: usize = 64;

/// What the index of a style can be at most: it has twelve bits.
const MAX_STYLES: usize = 0x0FFF;

/// A style that is based on no other.
const NO_BASE: u16 = 0x0FFF;

/// What one style says, with what it inherits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Style {
    pub(crate) number: Option<u16>,
    pub(crate) level: Option<u8>,
    pub(crate) outline: Option<u8>,
    pub(crate) hidden: Option<bool>,
    /// The role that the built-in name of the style gives.
    pub(crate) role: Option<ParagraphRole>,
}

/// What one style says itself.
#[derive(Clone, Debug)]
struct Own {
    base: u16,
    says: Style,
    hidden: Option<Toggle>,
}

/// The styles of a document, by their index.
#[derive(Debug, Default)]
pub(crate) struct Styles {
    resolved: Vec<Style>,
    none: Style,
}

impl Styles {
    /// The styles of a sheet (`STSH`).
    pub(crate) fn new(sheet: &[u8]) -> Self {
        let own = all(sheet).unwrap_or_default();
        let resolved = (0..own.len()).map(|index| resolved(&own, index)).collect();
        Self { resolved, none: Style::default() }
    }

    /// What the style of this index says; nothing for one that is not there.
    pub(crate) fn get(&self, index: u16) -> &Style {
        self.resolved.get(usize::from(index)).unwrap_or(&self.none)
    }
}

fn all(sheet: &[u8]) -> Option<Vec<Option<Own>>> {
    let header = usize::from(word(sheet, 0)?);
    let count = usize::from(word(sheet, 2)?).min(MAX_STYLES);
    let fixed = usize::from(word(sheet, 4)?);
    let mut at = 2 + header;
    let mut styles = Vec::new();
    while styles.len() < count {
        let Some(length) = word(sheet, at).map(usize::from) else { break };
        let Some(bytes) = slice(sheet, at + 2, length) else { break };
        styles.push(Own::read(bytes, fixed));
        at += 2 + length + length % 2;
    }
    Some(styles)
}

/// What a style says, with what it inherits from those that it is based on.
fn resolved(styles: &[Option<Own>], index: usize) -> Style {
    let mut found = Style::default();
    let mut toggles = Vec::new();
    let mut next = Some(index);
    for _ in 0..MAX_INHERITANCE {
        let Some(style) = next.and_then(|index| styles.get(index)?.as_ref()) else { break };
        let says = &style.says;
        found.number = found.number.or(says.number);
        found.level = found.level.or(says.level);
        found.outline = found.outline.or(says.outline);
        found.role = found.role.or(says.role);
        toggles.extend(style.hidden);
        next = (style.base != NO_BASE).then_some(usize::from(style.base));
    }
    // The farthest one speaks first.
    for toggle in toggles.into_iter().rev() {
        found.hidden = Some(toggle.resolve(found.hidden.unwrap_or_default()));
    }
    found
}

impl Own {
    /// Reads one style, whose first part has a fixed length; `None` for an empty place.
    fn read(bytes: &[u8], fixed: usize) -> Option<Self> {
        const PARAGRAPH: u16 = 1;
        const CHARACTER: u16 = 2;
        let known = word(bytes, 0)? & 0x0FFF;
        let kind = word(bytes, 2)?;
        let (name, end) = counted_text(bytes, fixed)?;
        let mut own =
            Self { base: kind >> 4, says: Style { role: role(known, &name), ..Style::default() }, hidden: None };
        // A nought ends the name.
        let mut at = end + 2;
        let mut part = || {
            at += at % 2;
            let length = usize::from(word(bytes, at)?);
            let found = slice(bytes, at + 2, length)?;
            at += 2 + length;
            Some(found)
        };
        let (of_paragraph, of_characters) = match kind & 0x000F {
            PARAGRAPH => (part(), part()),
            CHARACTER => (None, part()),
            _ => (None, None),
        };
        if let Some(found) = of_paragraph {
            // Styles have no properties elsewhere.
            let found = Properties::new(found, &mut |_| Vec::new());
            own.says.number = found.number;
            own.says.level = found.level;
            own.says.outline = found.outline;
        }
        own.hidden = of_characters.and_then(|found| Characters::new(properties(found)).hidden);
        Some(own)
    }
}

/// The role of a built-in style, by its number (ECMA-376 Part 1, 17.7.4.18), else by its name: programs translate that.
fn role(known: u16, name: &str) -> Option<ParagraphRole> {
    match known {
        1..=9 => u8::try_from(known).ok().map(ParagraphRole::Heading),
        62 => Some(ParagraphRole::Title),
        // Its name and its other names are parted by commas.
        _ => role_of_style(name.split(',').next().unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A style: its number among the built-in ones, its kind and base, its name, and its parts.
    fn style(known: u16, kind: u16, base: u16, name: &str, parts: &[&[u8]]) -> Vec<u8> {
        let mut bytes = [known, kind | base << 4, parts.len() as u16, 0, 0].map(u16::to_le_bytes).concat();
        let units: Vec<u16> = name.encode_utf16().collect();
        bytes.extend((units.len() as u16).to_le_bytes());
        bytes.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
        bytes.extend([0, 0]);
        for part in parts {
            bytes.resize(bytes.len().next_multiple_of(2), 0);
            bytes.extend((part.len() as u16).to_le_bytes());
            bytes.extend(*part);
        }
        bytes
    }

    fn sheet(styles: &[Vec<u8>]) -> Styles {
        let mut bytes = [4, styles.len() as u16, 10].map(u16::to_le_bytes).concat();
        for style in styles {
            bytes.extend((style.len() as u16).to_le_bytes());
            bytes.extend(style);
            bytes.resize(bytes.len().next_multiple_of(2), 0);
        }
        Styles::new(&bytes)
    }

    #[test]
    fn a_style_inherits_what_it_does_not_say() {
        let numbered = [1, 0, 0x0B, 0x46, 5, 0, 0x0A, 0x26, 1];
        let styles = sheet(&[
            style(0, 1, NO_BASE, "Normal", &[&[0, 0], &[]]),
            style(2, 1, 0, "heading 2", &[&numbered, &[]]),
            Vec::new(),
            style(0xFFE, 1, 1, "mine", &[&[3, 0, 0x40, 0x26, 1], &[0x3C, 0x08, 1]]),
            style(0xFFE, 2, NO_BASE, "shown", &[&[0x3C, 0x08, 0]]),
            style(0xFFE, 1, NO_BASE, "标题 3", &[&[5, 0], &[]]),
        ]);
        let mine = styles.get(3);
        assert_eq!((mine.number, mine.level, mine.outline, mine.hidden), (Some(5), Some(1), Some(1), Some(true)));
        assert_eq!(mine.role, Some(ParagraphRole::Heading(2)));
        assert_eq!(styles.get(4).hidden, Some(false));
        assert_eq!(styles.get(5).role, Some(ParagraphRole::Heading(3)));
        assert_eq!(styles.get(2), &Style::default());
        assert_eq!(styles.get(99), &Style::default());
    }

    #[test]
    fn styles_based_on_each_other_end() {
        let styles = sheet(&[style(0, 1, 1, "a", &[]), style(0, 1, 0, "b", &[])]);
        assert_eq!(styles.get(0), &Style::default());
    }

    #[test]
    fn a_sheet_that_is_cut_off_gives_what_is_there() {
        let whole = [vec![4, 0, 2, 0, 10, 0], vec![0x30, 0], style(1, 1, NO_BASE, "heading 1", &[])].concat();
        for length in 0..whole.len() {
            let _ = Styles::new(&whole[..length]);
        }
    }
}
