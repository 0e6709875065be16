//! The fonts: the character set of each, and the names of those whose characters are pictures (RTF 1.9.1, "Font Table").

use std::collections::HashMap;

use crate::charset::{Charset, of_code_page};

/// How many fonts a document may have. Word writes some hundred for one that uses three.
const MAX_FONTS: usize = 10_000;

/// A longer name is none of those that matter.
const MAX_NAME: usize = 100;

/// A font.
#[derive(Clone, Debug, Default)]
pub(crate) struct Font {
    pub(crate) charset: Charset,
    /// As far as it is ASCII: the names of symbol fonts are.
    pub(crate) name: String,
    has_name: bool,
    has_code_page: bool,
}

/// The fonts by their number.
#[derive(Debug, Default)]
pub(crate) struct Fonts {
    fonts: HashMap<i32, Font>,
    /// The one that is being described.
    current: i32,
}

impl Fonts {
    pub(crate) fn get(&self, number: i32) -> Option<&Font> {
        self.fonts.get(&number)
    }

    /// Takes note of a control word of the table.
    pub(crate) fn word(&mut self, name: &[u8], number: Option<i32>) {
        let number = number.unwrap_or_default();
        if name == b"f" {
            self.current = number;
            if self.fonts.len() < MAX_FONTS {
                self.fonts.insert(number, Font::default());
            }
            return;
        }
        let Some(font) = self.fonts.get_mut(&self.current) else { return };
        match name {
            b"fcharset" if !font.has_code_page => font.charset = Charset::of_number(number),
            b"cpg" => {
                if let Some(encoding) = of_code_page(number) {
                    font.charset = Charset::Of(encoding);
                    font.has_code_page = true;
                }
            }
            _ => {}
        }
    }

    /// Takes note of a part of a name; a semicolon ends it.
    pub(crate) fn text(&mut self, text: &[u8]) {
        let Some(font) = self.fonts.get_mut(&self.current).filter(|font| !font.has_name) else { return };
        for &byte in text {
            if byte == b';' {
                font.has_name = true;
                return;
            }
            if (b' '..0x7F).contains(&byte) && font.name.len() < MAX_NAME {
                font.name.push(char::from(byte));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{BIG5, GBK};

    #[test]
    fn fonts_are_known_by_number() {
        let mut fonts = Fonts::default();
        for (word, number) in [("f", 13), ("fnil", 0), ("fcharset", 134)] {
            fonts.word(word.as_bytes(), Some(number));
        }
        fonts.text(b"Sim");
        fonts.text(b"Sun;rest");
        fonts.word(b"f", Some(2));
        fonts.word(b"cpg", Some(950));
        fonts.word(b"fcharset", Some(0));
        let font = fonts.get(13).unwrap();
        assert_eq!((font.charset, font.name.as_str()), (Charset::Of(GBK), "SimSun"));
        assert_eq!(fonts.get(2).unwrap().charset, Charset::Of(BIG5));
        assert!(fonts.get(0).is_none());
    }
}
