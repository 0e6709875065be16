//! How numberings are defined: lists, their levels, and what refers to them (RTF 1.9.1, "List Tables").

use std::collections::HashMap;
use std::rc::Rc;

use nianbao_story::{LEVELS, Level, Levels, Scheme, Suffix, number_format};

/// How many characters the looks of a number may have. A number longer than a line is none.
const MAX_LOOKS: usize = 100;

/// How many lists, and how many references to them, a document may have. Word allows two thousand.
const MAX_LISTS: usize = 10_000;

/// A list, or a reference to one that may change it.
#[derive(Debug, Default)]
struct Described {
    list: i32,
    /// The numbering that paragraphs name.
    number: i32,
    levels: Levels,
    starts: [Option<u32>; LEVELS],
    /// How many levels have begun.
    count: usize,
    /// The start of a level is changed.
    has_start: bool,
    /// A level is being described.
    level: Option<Level>,
}

/// The numberings of a document.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    /// The lists by their identity, each with its place among them.
    lists: HashMap<i32, (u32, Levels)>,
    references: HashMap<i32, Described>,
    /// The list or reference that is being described.
    current: Option<Described>,
    schemes: HashMap<i32, Option<Rc<Scheme>>>,
}

impl Lists {
    /// The levels of a numbering; `None` where it is not defined.
    pub(crate) fn scheme(&mut self, number: i32) -> Option<Rc<Scheme>> {
        if let Some(scheme) = self.schemes.get(&number) {
            return scheme.clone();
        }
        let scheme = self.references.get(&number).and_then(|reference| {
            let (base, inherited) = self.lists.get(&reference.list)?;
            let mut levels = reference.levels.clone();
            for (own, inherited) in levels.iter_mut().zip(inherited) {
                if own.is_none() {
                    own.clone_from(inherited);
                }
            }
            Some(Rc::new(Scheme { base: *base, levels, starts: reference.starts }))
        });
        if self.schemes.len() < MAX_LISTS {
            self.schemes.insert(number, scheme.clone());
        }
        scheme
    }

    /// Takes note of a control word of the table of lists, or (`is_reference`) of that of references.
    pub(crate) fn word(&mut self, name: &[u8], number: Option<i32>, is_reference: bool) {
        if matches!(name, b"list" | b"listoverride") {
            self.end(is_reference);
            self.current = Some(Described::default());
        } else if let Some(current) = &mut self.current {
            current.word(name, number.unwrap_or_default(), is_reference);
        }
    }

    /// Takes note of a part of the looks of a level.
    pub(crate) fn text(&mut self, text: &str) {
        if let Some(level) = self.current.as_mut().and_then(|current| current.level.as_mut())
            && level.text.len() < 4 * MAX_LOOKS
        {
            level.text.push_str(text);
        }
    }

    /// A list, or a reference, has been described.
    pub(crate) fn end(&mut self, is_reference: bool) {
        let Some(mut described) = self.current.take() else { return };
        described.end_level();
        if is_reference && self.references.len() < MAX_LISTS {
            self.references.entry(described.number).or_insert(described);
        } else if self.lists.len() < MAX_LISTS {
            let base = u32::try_from(self.lists.len()).unwrap_or(u32::MAX);
            self.lists.entry(described.list).or_insert((base, described.levels));
        }
    }
}

impl Described {
    fn word(&mut self, name: &[u8], number: i32, is_reference: bool) {
        match name {
            b"listid" => self.list = number,
            b"ls" => self.number = number,
            b"lfolevel" => {
                self.end_level();
                (self.count, self.has_start) = (self.count.saturating_add(1), false);
            }
            b"listoverridestartat" => self.has_start = true,
            b"listlevel" => {
                self.end_level();
                self.count = self.count.saturating_add(usize::from(!is_reference));
                self.level = Some(Level::default());
            }
            b"levelstartat" => self.start(u32::try_from(number).ok()),
            _ => {
                if let Some(level) = &mut self.level {
                    take(level, name, number);
                }
            }
        }
    }

    fn start(&mut self, start: Option<u32>) {
        if let Some(level) = &mut self.level {
            level.start = start.unwrap_or_default();
        }
        let has_start = self.has_start;
        if let Some(slot) = self.count.checked_sub(1).and_then(|index| self.starts.get_mut(index)).filter(|_| has_start)
        {
            *slot = start;
        }
    }

    fn end_level(&mut self) {
        let Some(mut level) = self.level.take() else { return };
        level.text = with_placeholders(&level.text);
        if let Some(slot) = self.count.checked_sub(1).and_then(|index| self.levels.get_mut(index)) {
            *slot = Some(Rc::new(level));
        }
    }
}

/// Takes note of one property of a level.
fn take(level: &mut Level, name: &[u8], number: i32) {
    match name {
        // The second, which newer programs write behind the first, knows more formats.
        b"levelnfc" | b"levelnfcn" => level.format = number_format(u16::try_from(number).unwrap_or(u16::MAX)),
        b"levelfollow" => level.suffix = if number == 2 { Suffix::Nothing } else { Suffix::Room },
        b"levellegal" => level.is_legal = number != 0,
        b"levelnorestart" => level.restart = (number != 0).then_some(0),
        _ => {}
    }
}

/// The looks of a number as `story` has them: `%1` where the number of the first level goes. In the file the length stands in front, a
/// semicolon at the end, and a character below 9 is the level itself.
fn with_placeholders(looks: &str) -> String {
    let mut text = String::new();
    for c in looks.strip_suffix(';').unwrap_or(looks).chars().skip(1).take(MAX_LOOKS) {
        match char::from_digit(u32::from(c).saturating_add(1), 10).filter(|_| c < '\u{9}') {
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

    /// Takes words, and text in quotes, as they stand in one of the tables.
    fn take_all(lists: &mut Lists, words: &str, is_reference: bool) {
        for word in words.split_whitespace() {
            if let Some(text) = word.strip_prefix('"') {
                lists.text(&text.replace('<', "\u{0}").replace('>', "\u{1}"));
                continue;
            }
            let at = word.find(|c: char| c.is_ascii_digit()).unwrap_or(word.len());
            lists.word(&word.as_bytes()[..at], word[at..].parse().ok(), is_reference);
        }
        lists.end(is_reference);
    }

    fn labels(lists: &mut Lists, paragraphs: &[(i32, usize)]) -> Vec<String> {
        let mut counting = Counting::default();
        let mut text = |&(number, level): &(i32, usize)| {
            let label = lists.scheme(number).and_then(|scheme| counting.next(number as u32, &scheme, level));
            label.map_or_else(|| "-".to_owned(), |label| label.text)
        };
        paragraphs.iter().map(&mut text).collect()
    }

    const OFFICIAL: &str = "list listlevel levelnfc37 levelnfcn39 levelfollow2 levelstartat1 \"2<、; \
        listlevel levelnfc37 levelstartat1 \"3（>）; listlevel levelnfc23 \"1x; listid77 list listlevel levelnfc0 \
        levelstartat3 \"2<.; listid88";

    #[test]
    fn the_levels_of_an_official_document_are_spelled() {
        let mut lists = Lists::default();
        take_all(&mut lists, OFFICIAL, false);
        take_all(&mut lists, "listoverride listid77 listoverridecount0 ls1 listoverride listid88 ls2", true);
        let found = labels(&mut lists, &[(1, 0), (1, 1), (1, 1), (1, 0), (1, 1), (1, 2), (2, 0), (3, 0)]);
        assert_eq!(found, ["一、", "（一）", "（二）", "二、", "（一）", "", "3.", "-"]);
    }

    #[test]
    fn a_reference_can_change_the_start_and_the_level() {
        let mut lists = Lists::default();
        take_all(&mut lists, OFFICIAL, false);
        let changes = "listoverride listid77 listoverridecount2 lfolevel listoverridestartat levelstartat5 \
            lfolevel listoverrideformat listlevel levelnfc1 levelstartat4 \"2>); ls1 listoverride listid77 ls2";
        take_all(&mut lists, changes, true);
        let found = labels(&mut lists, &[(1, 0), (1, 1), (1, 0), (2, 0), (2, 1)]);
        assert_eq!(found, ["五、", "IV)", "六、", "七、", "（一）"]);
    }
}
