//! What holds for a group and for those within it (RTF 1.9.1, "Formal Syntax").

use crate::content::{Properties, Visibility};
use crate::words::Destination;

/// Which of the fonts of a run a control word speaks of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Side {
    /// That of letters.
    #[default]
    Letters,
    /// That of characters of two bytes.
    Double,
}

/// How characters look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Characters {
    /// The font; `None` for that of the document.
    pub(crate) font: Option<i32>,
    pub(crate) side: Side,
    /// The font of characters of two bytes.
    pub(crate) double_font: Option<i32>,
    pub(crate) is_hidden: bool,
    pub(crate) is_deleted: bool,
    /// It was moved away.
    pub(crate) is_moved: bool,
}

/// What holds for a group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct State {
    pub(crate) destination: Destination,
    /// Where the text around alternatives goes.
    pub(crate) around: Destination,
    /// How many characters stand in place of one in Unicode (`\uc`).
    pub(crate) fallback: usize,
    pub(crate) characters: Characters,
    pub(crate) paragraph: Properties,
    /// How many text boxes it stands in.
    pub(crate) boxes: usize,
    /// It describes the rows of nested tables.
    pub(crate) describes_nested: bool,
    /// What the field shows is known from its instruction.
    pub(crate) has_result: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            destination: Destination::Text,
            around: Destination::Text,
            fallback: 1,
            characters: Characters::default(),
            paragraph: Properties::default(),
            boxes: 0,
            describes_nested: false,
            has_result: false,
        }
    }
}

impl State {
    pub(crate) const fn visibility(&self) -> Visibility {
        let Characters { is_hidden, is_deleted, is_moved, .. } = self.characters;
        Visibility { is_hidden, is_deleted: is_deleted || is_moved }
    }

    /// Takes note of a control word about how characters or paragraphs look.
    pub(crate) fn take(&mut self, name: &[u8], number: Option<i32>) {
        let is_on = number != Some(0);
        let value = number.unwrap_or_default();
        let (characters, paragraph) = (&mut self.characters, &mut self.paragraph);
        match name {
            b"plain" => *characters = Characters::default(),
            b"f" => characters.font = number,
            b"af" if characters.side == Side::Double => characters.double_font = number,
            b"dbch" => characters.side = Side::Double,
            b"loch" | b"hich" | b"ltrch" | b"rtlch" => characters.side = Side::Letters,
            b"v" => characters.is_hidden = is_on,
            b"deleted" => characters.is_deleted = is_on,
            b"mvf" => characters.is_moved = is_on,
            b"uc" => self.fallback = usize::try_from(value).unwrap_or(1),
            b"pard" => *paragraph = Properties::default(),
            b"intbl" => paragraph.is_in_table = is_on,
            b"itap" => paragraph.nesting = number,
            b"s" => paragraph.style = value,
            b"ls" => paragraph.list = Some(value).filter(|&list| list != 0),
            b"ilvl" => paragraph.level = value,
            b"outlinelevel" => paragraph.outline = number,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_and_pard_take_back_what_was_said() {
        let mut state = State::default();
        for (name, number) in [("v", None), ("deleted", None), ("f", Some(3)), ("intbl", None), ("itap", Some(2))] {
            state.take(name.as_bytes(), number);
        }
        assert!(state.visibility().is_hidden && state.visibility().is_deleted && state.paragraph.is_in_table);
        state.take(b"plain", None);
        state.take(b"pard", None);
        assert_eq!((state.characters, state.paragraph), (Characters::default(), Properties::default()));
    }

    #[test]
    fn a_word_with_a_nought_turns_off() {
        let mut state = State::default();
        state.take(b"v", None);
        state.take(b"v", Some(0));
        state.take(b"mvf", Some(1));
        assert_eq!(state.visibility(), Visibility { is_hidden: false, is_deleted: true });
    }
}
