//! What the properties of characters say, as far as it matters here [MS-DOC 2.6.1].

use crate::bytes::{byte, long, word};
use crate::sprm::Property;

/// Something that is on or off, or as the style has it, or the contrary of that (a `ToggleOperand`, 2.9.327).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Toggle {
    Off,
    On,
    AsStyle,
    NotAsStyle,
}

impl Toggle {
    fn new(operand: &[u8]) -> Option<Self> {
        Some(match byte(operand, 0)? {
            0 => Self::Off,
            1 => Self::On,
            0x80 => Self::AsStyle,
            0x81 => Self::NotAsStyle,
            _ => return None,
        })
    }

    /// Whether it is on, where the style says `style`.
    pub(crate) const fn resolve(self, style: bool) -> bool {
        match self {
            Self::Off => false,
            Self::On => true,
            Self::AsStyle => style,
            Self::NotAsStyle => !style,
        }
    }
}

/// A character of a symbol font: the index of the font and the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Symbol {
    pub(crate) font: u16,
    pub(crate) code: u16,
}

/// The properties of a run of characters. What is absent is not said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Characters {
    /// The character style.
    pub(crate) style: Option<u16>,
    pub(crate) hidden: Option<Toggle>,
    /// They are deleted, which is not yet accepted.
    pub(crate) is_deleted: bool,
    /// They stand for something else: a picture, a symbol, the mark of a footnote.
    pub(crate) is_special: bool,
    pub(crate) symbol: Option<Symbol>,
    /// The font of letters and signs.
    pub(crate) font: Option<u16>,
    /// Where in the stream `Data` stands what they stand for.
    pub(crate) data: Option<u32>,
    /// That is the data of a form field, not a picture.
    pub(crate) is_form: bool,
}

impl Characters {
    /// What these properties say, the later ones over the earlier.
    pub(crate) fn new<'a>(properties: impl Iterator<Item = Property<'a>>) -> Self {
        let mut found = Self::default();
        found.take(properties);
        found
    }

    /// Takes note of further properties.
    pub(crate) fn take<'a>(&mut self, properties: impl Iterator<Item = Property<'a>>) {
        for (code, operand) in properties {
            let is_on = byte(operand, 0) == Some(1);
            match code {
                0x0800 => self.is_deleted = is_on,
                0x083C => self.hidden = Toggle::new(operand).or(self.hidden),
                0x0855 => self.is_special = is_on,
                0x0806 => self.is_form = is_on,
                0x4A30 => self.style = word(operand, 0),
                0x4A4F => self.font = word(operand, 0),
                0x6A03 => self.data = long(operand, 0),
                0x6A09 => {
                    self.symbol = word(operand, 0).zip(word(operand, 2)).map(|(font, code)| Symbol { font, code });
                    self.is_special = true;
                }
                // Back to what the style says.
                0x2A33 => self.hidden = None,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sprm::properties;

    #[test]
    fn later_properties_count() {
        let found = Characters::new(properties(&[0x3C, 0x08, 1, 0x3C, 0x08, 0x81, 0x00, 0x08, 1, 0x30, 0x4A, 9, 0]));
        assert_eq!(found.hidden, Some(Toggle::NotAsStyle));
        assert_eq!((found.is_deleted, found.style), (true, Some(9)));
        let plain = Characters::new(properties(&[0x3C, 0x08, 1, 0x33, 0x2A, 0]));
        assert_eq!(plain.hidden, None);
    }

    #[test]
    fn a_symbol_has_its_font_and_its_code() {
        let found = Characters::new(properties(&[0x09, 0x6A, 3, 0, 0xFE, 0xF0]));
        assert_eq!(found.symbol, Some(Symbol { font: 3, code: 0xF0FE }));
        assert!(found.is_special);
    }

    #[test]
    fn a_toggle_can_turn_the_style_round() {
        assert!(
            Toggle::NotAsStyle.resolve(false) && !Toggle::NotAsStyle.resolve(true) && Toggle::AsStyle.resolve(true)
        );
    }
}
