//! Whether a font can be believed: some map all their codes to one character, and Type 3 fonts often map none.

use smol_str::SmolStr;

use super::font::Code;
use crate::page::Glyph;

/// A font with this many codes in use that all show one and the same character shows none of them.
const ALIKE: usize = 4;

/// The share of letters, digits, points, commas and blanks from which on the codes of a nameless font pass for characters. Prose and figures have nine in
/// ten; fonts whose codes were dealt out in order of use show signs as often as letters.
const MOSTLY_LETTERS: f32 = 0.8;

/// A font as one page uses it.
#[derive(Debug, Default)]
pub(super) struct Use {
    /// Tells it from other fonts.
    pub(super) key: usize,
    first: SmolStr,
    codes: Vec<u32>,
    varied: bool,
    /// How often a code was taken for a character, and how often for one of those.
    guessed: usize,
    letters: usize,
}

/// What to think of a font.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    Full,
    /// It may be read, with a warning.
    Guessed,
    None,
}

impl Use {
    pub(super) fn new(key: usize) -> Self {
        Self { key, ..Self::default() }
    }

    pub(super) fn shows(&mut self, code: u32, read: &Code) {
        if read.text.is_empty() {
            return;
        }
        if read.guessed {
            self.guessed += 1;
            self.letters += usize::from(read.text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '.' | ',')));
        }
        if self.varied {
            return;
        }
        if self.codes.is_empty() {
            self.first = read.text.clone();
        }
        self.varied = self.first != read.text;
        if self.codes.len() < ALIKE && !self.codes.contains(&code) {
            self.codes.push(code);
        }
    }

    fn trust(&self) -> Trust {
        if !self.varied && self.codes.len() >= ALIKE {
            Trust::None
        } else if self.guessed == 0 {
            Trust::Full
        } else if self.letters as f32 >= MOSTLY_LETTERS * self.guessed as f32 {
            Trust::Guessed
        } else {
            Trust::None
        }
    }
}

/// Takes from glyphs what their font only pretends to say; whether characters were guessed.
pub(super) fn settle(glyphs: &mut [Glyph], fonts: &[Use]) -> bool {
    let trust: Vec<Trust> = fonts.iter().map(Use::trust).collect();
    if trust.contains(&Trust::None) {
        for glyph in glyphs {
            if trust.get(usize::from(glyph.font)) == Some(&Trust::None) {
                glyph.text = SmolStr::default();
            }
        }
    }
    trust.contains(&Trust::Guessed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(guessed: bool, shown: &[(u32, &str)]) -> Trust {
        let mut used = Use::new(0);
        for (code, text) in shown {
            used.shows(*code, &Code { text: SmolStr::from(*text), guessed, ..Code::default() });
        }
        used.trust()
    }

    #[test]
    fn a_font_that_says_one_thing_for_everything_says_nothing() {
        assert_eq!(used(false, &[(1, "□"), (2, "□"), (3, "□"), (4, "□")]), Trust::None);
        assert_eq!(used(false, &[(1, "0"), (1, "0"), (1, "0"), (1, "0"), (1, "0")]), Trust::Full);
        assert_eq!(used(false, &[(1, "a"), (2, "b"), (3, "c"), (4, "d")]), Trust::Full);
    }

    #[test]
    fn codes_pass_for_characters_only_where_they_look_like_text() {
        let text = |text: &str| text.chars().map(|c| (c as u32, c.to_string())).collect::<Vec<_>>();
        let shown = |said: &str| {
            let said = text(said);
            used(true, &said.iter().map(|(code, text)| (*code, text.as_str())).collect::<Vec<_>>())
        };
        assert_eq!(shown("Annual report 2023"), Trust::Guessed);
        assert_eq!(shown("1,234.56 7,890.12"), Trust::Guessed);
        assert_eq!(shown("+,  -.*-' +.-/+ -&  -' 0"), Trust::None);
    }
}
