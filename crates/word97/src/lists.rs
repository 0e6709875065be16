//! How numberings are defined: lists, their levels, and what refers to them [MS-DOC 2.4.6.3, 2.9.147, 2.9.150, 2.9.200].

use std::collections::HashMap;
use std::rc::Rc;

use nianbao_story::{LEVELS, Level, Levels, Scheme, Suffix, number_format};

use crate::bytes::{byte, counted_text, long, place, signed_long, slice, word};

/// How many characters the looks of a number may have. A number longer than a line is none.
const MAX_LOOKS: usize = 100;

/// The numberings of a document.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    schemes: Vec<Option<Rc<Scheme>>>,
}

impl Lists {
    /// Reads the lists, whose levels stand behind them in the table stream, and the numberings that refer to them.
    pub(crate) fn new(lists: &[u8], numberings: &[u8]) -> Self {
        let mut bases = HashMap::new();
        // What is cut off leaves those before it.
        let _ = each_list(lists, &mut bases);
        Self { schemes: schemes(numberings, &bases) }
    }

    /// The levels of the numbering `number`, from 1; `None` where it is not defined.
    pub(crate) fn scheme(&self, number: u16) -> Option<Rc<Scheme>> {
        self.schemes.get(usize::from(number).checked_sub(1)?)?.clone()
    }
}

/// A list: its index, and its levels.
type Base = (u32, Levels);

/// Reads the lists (`PlfLst`): first what each is, then the levels of all.
fn each_list(bytes: &[u8], bases: &mut HashMap<u32, Base>) -> Option<()> {
    const LIST: usize = 28;
    let count = usize::from(word(bytes, 0)?);
    let mut at = 2 + LIST * count;
    for index in 0..count {
        let list = slice(bytes, 2 + LIST * index, LIST)?;
        let is_simple = byte(list, 26)? & 1 != 0;
        let mut levels = Levels::default();
        let wanted = if is_simple { 1 } else { LEVELS };
        for slot in levels.iter_mut().take(wanted) {
            let (level, end) = level(bytes, at)?;
            *slot = Some(Rc::new(level));
            at = end;
        }
        bases.entry(long(list, 0)?).or_insert((u32::try_from(index).ok()?, levels));
    }
    Some(())
}

/// The numberings (`PlfLfo`): first which list each refers to, then what each changes of it.
fn schemes(bytes: &[u8], bases: &HashMap<u32, Base>) -> Vec<Option<Rc<Scheme>>> {
    const NUMBERING: usize = 16;
    let count = place(bytes, 0).unwrap_or_default().min(bytes.len() / NUMBERING);
    let mut schemes = Vec::with_capacity(count);
    let mut at = Some(4 + NUMBERING * count);
    for index in 0..count {
        let Some(numbering) = slice(bytes, 4 + NUMBERING * index, NUMBERING) else { break };
        let base = long(numbering, 0).and_then(|list| bases.get(&list));
        let mut scheme =
            base.map(|(base, levels)| Scheme { base: *base, levels: levels.clone(), starts: [None; LEVELS] });
        let changes = byte(numbering, 12).unwrap_or_default();
        // Once the changes of one cannot be read, those of the later ones cannot be found.
        at = at.and_then(|at| changed(bytes, at + 4, changes, scheme.as_mut()));
        schemes.push(scheme.map(Rc::new));
    }
    schemes
}

/// Applies what a numbering changes of its list (`LFOLVL`); gives the place behind it.
fn changed(bytes: &[u8], mut at: usize, changes: u8, mut scheme: Option<&mut Scheme>) -> Option<usize> {
    for _ in 0..changes {
        let (start, flags) = (signed_long(bytes, at)?, long(bytes, at + 4)?);
        at += 8;
        let index = (flags & 0x0F) as usize;
        let (has_start, has_level) = (flags & 0x10 != 0, flags & 0x20 != 0);
        if has_level {
            let (level, end) = level(bytes, at)?;
            at = end;
            let start = level.start;
            if let Some(scheme) = &mut scheme {
                if let Some(slot) = scheme.levels.get_mut(index) {
                    *slot = Some(Rc::new(level));
                }
                if let Some(slot) = scheme.starts.get_mut(index).filter(|_| has_start) {
                    *slot = Some(start);
                }
            }
        } else if has_start && let Some(slot) = scheme.as_mut().and_then(|scheme| scheme.starts.get_mut(index)) {
            *slot = u32::try_from(start).ok();
        }
    }
    Some(at)
}

/// One level (`LVL`), and where it ends.
fn level(bytes: &[u8], at: usize) -> Option<(Level, usize)> {
    const FIXED: usize = 28;
    let fixed = slice(bytes, at, FIXED)?;
    let flags = byte(fixed, 5)?;
    let properties = usize::from(byte(fixed, 24)?) + usize::from(byte(fixed, 25)?);
    let (looks, end) = counted_text(bytes, at + FIXED + properties)?;
    let level = Level {
        start: signed_long(fixed, 0).and_then(|start| u32::try_from(start).ok()).unwrap_or_default(),
        format: number_format(u16::from(byte(fixed, 4)?)),
        text: with_placeholders(&looks, slice(fixed, 6, LEVELS)?),
        suffix: if byte(fixed, 15)? == 2 { Suffix::Nothing } else { Suffix::Room },
        restart: (flags & 0x08 != 0).then_some(usize::from(byte(fixed, 26)?)),
        is_legal: flags & 0x04 != 0,
        style: None,
    };
    Some((level, end))
}

/// The looks of a number as `story` has them: `%1` where the number of the first level goes. The file says at which characters, from 1,
/// there is a number; the character there is the level.
fn with_placeholders(looks: &str, places: &[u8]) -> String {
    let mut text = String::new();
    for (index, c) in looks.chars().take(MAX_LOOKS).enumerate() {
        let is_number = places.iter().take_while(|&&place| place != 0).any(|&place| usize::from(place) == index + 1);
        let level = u32::from(c);
        match char::from_digit(level.saturating_add(1).min(99), 10).filter(|_| is_number) {
            Some(digit) => text.extend(['%', digit]),
            None => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use nianbao_story::Counting;

    /// A level: start, format, its looks with the levels as characters.
    fn level_bytes(start: u32, format: u8, looks: &str, flags: u8, follow: u8) -> Vec<u8> {
        let mut bytes = start.to_le_bytes().to_vec();
        bytes.extend([format, flags]);
        let mut places: Vec<u8> =
            looks.chars().enumerate().filter(|(_, c)| *c < '\u{9}').map(|(index, _)| index as u8 + 1).collect();
        places.resize(LEVELS, 0);
        bytes.extend(places);
        bytes.push(follow);
        bytes.extend([0; 8]);
        bytes.extend([2, 1, 0, 0]);
        bytes.extend([0xAA; 3]);
        bytes.extend((looks.chars().count() as u16).to_le_bytes());
        bytes.extend(looks.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    }

    fn list(id: u32, is_simple: bool) -> Vec<u8> {
        let mut bytes = id.to_le_bytes().to_vec();
        bytes.extend([0; 22]);
        bytes.extend([u8::from(is_simple), 0]);
        bytes
    }

    fn numbering(list: u32, changes: u8) -> Vec<u8> {
        let mut bytes = list.to_le_bytes().to_vec();
        bytes.extend([0; 8]);
        bytes.extend([changes, 0, 0, 0]);
        bytes
    }

    fn official() -> Vec<u8> {
        let mut bytes = vec![2, 0];
        bytes.extend([list(77, false), list(88, true)].concat());
        bytes.extend(level_bytes(1, 37, "\u{0}、", 0, 2));
        bytes.extend(level_bytes(1, 39, "（\u{1}）", 0, 2));
        bytes.extend(level_bytes(1, 0, "\u{0}.\u{2}", 0x04, 0));
        for _ in 3..9 {
            bytes.extend(level_bytes(1, 23, "\u{F0B7}", 0, 0));
        }
        bytes.extend(level_bytes(3, 49, "\u{0}", 0, 0));
        bytes
    }

    fn numberings(numberings: &[Vec<u8>], changes: &[u8]) -> Vec<u8> {
        [(numberings.len() as u32).to_le_bytes().to_vec(), numberings.concat(), changes.to_vec()].concat()
    }

    fn labels(lists: &Lists, paragraphs: &[(u16, usize)]) -> Vec<String> {
        let mut counting = Counting::default();
        let mut text = |&(number, level): &(u16, usize)| {
            let label = lists.scheme(number).and_then(|scheme| counting.next(u32::from(number), &scheme, level));
            label.map_or_else(|| "-".to_owned(), |label| label.text)
        };
        paragraphs.iter().map(&mut text).collect()
    }

    #[test]
    fn the_levels_of_an_official_document_are_spelled() {
        let lists = Lists::new(&official(), &numberings(&[numbering(77, 0), numbering(99, 0)], &[0; 8]));
        let found = labels(&lists, &[(1, 0), (1, 1), (1, 1), (1, 2), (1, 0), (1, 1), (1, 5), (2, 0), (0, 0)]);
        assert_eq!(found, ["一、", "（一）", "（二）", "1.1", "二、", "（一）", "", "-", "-"]);
    }

    #[test]
    fn a_numbering_can_change_the_start_and_the_level() {
        let mut changes = vec![0; 4];
        changes.extend([5, 0, 0, 0, 0x10, 0, 0, 0]);
        changes.extend([9, 0, 0, 0, 0x21, 0, 0, 0]);
        changes.extend(level_bytes(4, 1, "\u{1})", 0, 0));
        changes.extend([0; 4]);
        let lists = Lists::new(&official(), &numberings(&[numbering(77, 2), numbering(77, 0)], &changes));
        assert_eq!(
            labels(&lists, &[(1, 0), (1, 1), (1, 0), (2, 0), (2, 1)]),
            ["五、", "IV)", "六、", "七、", "（一）"]
        );
    }

    #[test]
    fn a_format_that_cannot_be_spelled_is_named() {
        let lists = Lists::new(&official(), &numberings(&[numbering(88, 0)], &[0; 4]));
        let label = Counting::default().next(1, &lists.scheme(1).unwrap(), 0).unwrap();
        assert_eq!((label.text.as_str(), label.unknown_format.as_deref()), ("3", Some("hindiVowels")));
    }

    #[test]
    fn lists_that_are_cut_off_give_what_is_there() {
        let (lists, changes) = (official(), numberings(&[numbering(77, 1)], &[0; 12]));
        for length in 0..lists.len() {
            let _ = Lists::new(&lists[..length], &changes);
        }
        for length in 0..changes.len() {
            let _ = Lists::new(&lists, &changes[..length]);
        }
    }
}
