//! The table of strings (18.4.8, 18.4.9), and texts in general (22.9.2.19).

use std::borrow::Cow;

use crate::xml::{Kind, Tag, Tags};

/// How many strings a workbook may hold.
const MAX_STRINGS: usize = 1 << 21;

/// The strings of all cells, one behind the other.
#[derive(Debug, Default)]
pub(crate) struct Strings {
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Strings {
    /// The strings of a part, and whether they are all there. What the part says of their number is not asked for.
    pub(crate) fn read(xml: &str) -> (Self, bool) {
        let mut strings = Self::default();
        let mut runs = Runs::default();
        for tag in Tags::new(xml) {
            match (tag.name, tag.kind) {
                (b"sst", Kind::End | Kind::Empty) => return (strings, true),
                (b"si", Kind::End | Kind::Empty) => {
                    if strings.ends.len() == MAX_STRINGS {
                        return (strings, false);
                    }
                    strings.ends.push(strings.text.len());
                }
                _ => runs.take(tag, &mut strings.text),
            }
        }
        (strings, false)
    }

    pub(crate) fn get(&self, index: usize) -> Option<&str> {
        let start = index.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(start..*self.ends.get(index)?)
    }
}

/// The text of an element with runs: how it is pronounced (`rPh`) does not belong to it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Runs {
    is_pronunciation: bool,
}

impl Runs {
    /// Appends what a tag inside the element adds to its text.
    pub(crate) fn take(&mut self, tag: Tag<'_>, text: &mut String) {
        match (tag.name, tag.kind) {
            (b"rPh", kind) => self.is_pronunciation = kind == Kind::Start,
            (b"t", Kind::Start) if !self.is_pronunciation => text.push_str(&run(tag)),
            _ => {}
        }
    }
}

/// Blanks around a text count only where it says so.
fn run(tag: Tag<'_>) -> Cow<'_, str> {
    let text = tag.text();
    let is_preserved = tag.attribute("space") == Some("preserve");
    match text {
        text if is_preserved || text.trim_ascii() == text => spelt_out(text),
        text => spelt_out(Cow::Owned(text.trim_ascii().to_owned())),
    }
}

/// Characters that XML cannot hold stand as their number: `_x000D_`. Where that itself is meant, its first `_` does.
pub(crate) fn spelt_out(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains("_x") {
        return text;
    }
    let mut units = Vec::new();
    let mut whole = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some((before, after)) = rest.split_once("_x") {
        let number = after.get(..5).and_then(|number| number.strip_suffix('_'));
        match number.and_then(|number| u16::from_str_radix(number, 16).ok().filter(|_| !number.starts_with('+'))) {
            Some(unit) => {
                if !before.is_empty() {
                    push_units(&mut whole, &mut units);
                }
                whole.push_str(before);
                units.push(unit);
                rest = after.get(5..).unwrap_or_default();
            }
            None => {
                push_units(&mut whole, &mut units);
                whole.push_str(before);
                whole.push_str("_x");
                rest = after;
            }
        }
    }
    push_units(&mut whole, &mut units);
    whole.push_str(rest);
    Cow::Owned(whole)
}

/// Numbers in a row are one text: a character outside the first 65,536 takes two.
fn push_units(whole: &mut String, units: &mut Vec<u16>) {
    whole.extend(char::decode_utf16(units.drain(..)).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_their_runs_without_pronunciation() {
        let xml = r#"<x:sst uniqueCount="1000000000"><x:si><x:t> 甲 </x:t></x:si><x:si/><x:si><x:r><x:rPr/><x:t xml:space="preserve">乙 </x:t></x:r>
            <x:r><x:t>丙</x:t></x:r><x:rPh sb="0" eb="1"><x:t>bing</x:t></x:rPh></x:si><x:si><x:t/></x:si></x:sst>"#;
        let (strings, is_whole) = Strings::read(xml);
        let all: Vec<&str> = (0..9).map_while(|index| strings.get(index)).collect();
        assert_eq!((all, is_whole), (vec!["甲", "", "乙 丙", ""], true));
        assert!(!Strings::read(r#"<sst><si><t>甲</t></si>"#).1);
    }

    #[test]
    fn characters_that_xml_cannot_hold_stand_as_numbers() {
        let text = |text: &'static str| spelt_out(text.into()).into_owned();
        assert_eq!(text("甲_x000D_\n乙"), "甲\r\n乙");
        assert_eq!(text("_x005F_x000D_"), "_x000D_");
        assert_eq!(text("_xD83D__xDE00_!_xD83D_"), "😀!\u{FFFD}");
        assert_eq!(text("_xyz_ _x12 _x+123_ _x"), "_xyz_ _x12 _x+123_ _x");
        assert_eq!(text("_xD83D_ _xDE00_"), "\u{FFFD} \u{FFFD}");
    }
}
