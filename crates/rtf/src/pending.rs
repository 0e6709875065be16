//! Bytes that are not text yet: a character of two bytes may have its first in one run and its second in the next.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, GBK, SHIFT_JIS, UTF_8, WINDOWS_1252};

use crate::charset::is_double;

/// How bytes are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) encoding: &'static Encoding,
    /// Their font is western, or so it says: where they are no text in the encoding, they are western letters.
    pub(crate) or_western: bool,
}

/// Text, and whether some bytes were none.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) text: String,
    pub(crate) encoding: &'static Encoding,
    pub(crate) is_lossy: bool,
}

/// Bytes that are not text yet.
#[derive(Debug)]
pub(crate) struct Pending {
    bytes: Vec<u8>,
    choice: Choice,
    /// How many bytes at the end are the beginning of a character.
    open: usize,
}

impl Default for Pending {
    fn default() -> Self {
        Self { bytes: Vec::new(), choice: Choice { encoding: WINDOWS_1252, or_western: false }, open: 0 }
    }
}

impl Pending {
    pub(crate) const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether a character has begun and not ended.
    pub(crate) const fn is_open(&self) -> bool {
        self.open > 0
    }

    /// Whether bytes that are read in this way can join those that are here.
    pub(crate) fn takes(&self, choice: Choice) -> bool {
        self.is_empty() || self.is_open() || self.choice == choice
    }

    /// Whether a byte below 80 that stands in the file as it is can be the end of the character that has begun.
    pub(crate) fn wants(&self, byte: u8) -> bool {
        let can_end = self.open == 1 && is_double(self.choice.encoding) && (0x40..0x7F).contains(&byte);
        // `caf\'e9s` is no Chinese; `\'d6\'ec\'e9F` is.
        can_end && (!self.choice.or_western || self.bytes.len() > self.open)
    }

    pub(crate) fn push(&mut self, byte: u8, choice: Choice) {
        if !self.is_open() {
            self.choice = choice;
        }
        self.bytes.push(byte);
        self.open = self.still_open(byte);
    }

    /// How many bytes at the end are the beginning of a character, now that `byte` has come.
    fn still_open(&self, byte: u8) -> usize {
        let encoding = self.choice.encoding;
        if encoding == UTF_8 {
            let start = self.bytes.iter().rev().take(4).position(|byte| byte & 0xC0 != 0x80).unwrap_or_default();
            let lead = self.bytes.iter().rev().nth(start).copied().unwrap_or_default();
            let length = match lead {
                0xC2..=0xDF => 2,
                0xE0..=0xEF => 3,
                0xF0..=0xF4 => 4,
                _ => 1,
            };
            return if start + 1 < length { start + 1 } else { 0 };
        }
        if !is_double(encoding) {
            return 0;
        }
        let is_digit = byte.is_ascii_digit();
        let is_lead = match byte {
            0x81..=0x9F | 0xE0..=0xFC => true,
            0xA0..=0xDF | 0xFD..=0xFE => encoding != SHIFT_JIS,
            _ => false,
        };
        match self.open {
            0 if is_lead => 1,
            1 if is_digit && (encoding == GBK || encoding == GB18030) => 2,
            2 if is_lead => 3,
            _ => 0,
        }
    }

    /// The text so far; a character that has begun stays, unless all is over.
    pub(crate) fn take(&mut self, is_over: bool) -> Told {
        let complete = if is_over { self.bytes.len() } else { self.bytes.len() - self.open };
        let rest = self.bytes.split_off(complete);
        let bytes = std::mem::replace(&mut self.bytes, rest);
        if is_over {
            self.open = 0;
        }
        let encoding = self.choice.encoding;
        let (text, encoding, is_lossy) = match encoding.decode_without_bom_handling(&bytes) {
            (_, true) if self.choice.or_western => {
                let (text, is_lossy) = WINDOWS_1252.decode_without_bom_handling(&bytes);
                (text, WINDOWS_1252, is_lossy)
            }
            (text, is_lossy) => (text, encoding, is_lossy),
        };
        Told { text: Cow::into_owned(text), encoding, is_lossy }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHINESE: Choice = Choice { encoding: GBK, or_western: false };
    const EITHER: Choice = Choice { encoding: GBK, or_western: true };

    fn told(bytes: &[u8], choice: Choice) -> String {
        let mut pending = Pending::default();
        let mut text = String::new();
        for &byte in bytes {
            if byte < 0x80 && !pending.wants(byte) {
                text.push_str(&pending.take(true).text);
                text.push(char::from(byte));
            } else {
                pending.push(byte, choice);
            }
        }
        text + &pending.take(true).text
    }

    #[test]
    fn a_character_may_be_in_two_parts() {
        let mut pending = Pending::default();
        pending.push(0xB9, CHINESE);
        assert!(pending.is_open());
        assert_eq!(pending.take(false).text, "");
        pending.push(0xAB, Choice { encoding: WINDOWS_1252, or_western: false });
        assert!(!pending.is_open());
        assert_eq!(pending.take(false).text, "公");
    }

    #[test]
    fn the_second_byte_may_be_a_letter() {
        assert_eq!(told(b"\xD6\xEC\xE9F\xBB\xF9", CHINESE), "朱镕基");
        assert_eq!(told(b"\xD6\xEC\xE9F\xBB\xF9", EITHER), "朱镕基");
        assert_eq!(told(b"caf\xE9s", EITHER), "cafés");
    }

    #[test]
    fn a_figure_is_never_taken_for_half_a_character() {
        assert_eq!(told(b"\xB9123", CHINESE), "\u{FFFD}123");
        assert_eq!(told(b"\xB7", EITHER), "·");
    }

    #[test]
    fn characters_of_four_bytes_and_of_three_are_kept_together() {
        for (text, encoding) in [("㐀", GB18030), ("年", UTF_8), ("𠮷", UTF_8)] {
            let bytes = if encoding == UTF_8 { text.as_bytes().to_vec() } else { vec![0x81, 0x39, 0xEE, 0x39] };
            let mut pending = Pending::default();
            for (index, &byte) in bytes.iter().enumerate() {
                pending.push(byte, Choice { encoding, or_western: false });
                assert_eq!(pending.is_open(), index + 1 < bytes.len(), "{text} {index}");
            }
            assert_eq!(pending.take(true).text, text);
        }
    }
}
