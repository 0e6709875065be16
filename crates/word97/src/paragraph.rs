//! What the properties of paragraphs say, as far as it matters here [MS-DOC 2.6.2, 2.4.6.1].

use nianbao_model::ParagraphRole;

use crate::bytes::{byte, long, place, signed_long, signed_word, slice, word};
use crate::row::Layout;
use crate::sprm::{Property, properties};
use crate::styles::Style;

/// The properties of a paragraph. What is absent is not said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Properties {
    /// The numbering, from 1; 0 for none.
    pub(crate) number: Option<u16>,
    /// The level of the numbering, from 0.
    pub(crate) level: Option<u8>,
    /// The level of the outline, from 0; 9 for body text.
    pub(crate) outline: Option<u8>,
    is_in_table: bool,
    depth: i32,
    /// The mark at its end ends a row.
    pub(crate) ends_row: bool,
    /// The mark at its end ends a cell of a nested table.
    pub(crate) ends_inner_cell: bool,
    /// The mark at its end ends a row of a nested table.
    pub(crate) ends_inner_row: bool,
    /// The style.
    pub(crate) style: Option<u16>,
    /// What the row looks like that it ends.
    pub(crate) row: Layout,
}

impl Properties {
    /// What the properties say that stand behind the index of the style. Long ones stand in the stream `data`.
    pub(crate) fn new(found: &[u8], data: &mut dyn FnMut(u32) -> Vec<u8>) -> Self {
        let mut all = Self { style: word(found, 0), ..Self::default() };
        all.take(properties(found.get(2..).unwrap_or_default()), Some(data));
        all
    }

    /// Takes note of further properties. `data` gives those that stand elsewhere, and is absent for those themselves.
    pub(crate) fn take<'a>(
        &mut self,
        found: impl Iterator<Item = Property<'a>>,
        mut data: Option<&mut dyn FnMut(u32) -> Vec<u8>>,
    ) {
        for (code, operand) in found {
            let is_on = byte(operand, 0) == Some(1);
            match code {
                0x4600 => self.style = word(operand, 0).or(self.style),
                0x460B => self.number = signed_word(operand, 0).map(numbering),
                0x260A => self.level = byte(operand, 0),
                0x2640 => self.outline = byte(operand, 0),
                0x2416 => self.is_in_table = is_on,
                0x2417 => self.ends_row = is_on,
                0x6649 => self.depth = signed_long(operand, 0).unwrap_or_default(),
                0x664A => self.depth = self.depth.saturating_add(signed_long(operand, 0).unwrap_or_default()),
                0x244B => self.ends_inner_cell = is_on,
                0x244C => self.ends_inner_row = is_on,
                // Too long for a page: they stand in another stream.
                0x6645 | 0x6646 | 0x646B => {
                    if let (Some(data), Some(at)) = (&mut data, long(operand, 0)) {
                        self.take(properties(&data(at)), None);
                    }
                }
                _ => self.row.take(code, operand),
            }
        }
    }

    /// How many tables it stands in, one within the other.
    pub(crate) fn depth(&self) -> usize {
        match usize::try_from(self.depth) {
            Ok(0) | Err(_) => usize::from(self.is_in_table),
            Ok(depth) => depth,
        }
    }

    /// The role: what the paragraph says of its outline, else what its style's name or outline says.
    pub(crate) fn role(&self, style: &Style) -> ParagraphRole {
        let heading = |outline: u8| match outline {
            0..=8 => ParagraphRole::Heading(outline + 1),
            _ => ParagraphRole::Body,
        };
        match (self.outline, style.role, style.outline) {
            (Some(own), _, _) => heading(own),
            (None, Some(role), _) => role,
            (None, None, Some(outline)) => heading(outline),
            (None, None, None) => ParagraphRole::Body,
        }
    }
}

/// The numbering, from 1. Negative numbers remember one that was taken away (2.6.2); 2047 is a number of Word 6 without a list.
fn numbering(operand: i16) -> u16 {
    match u16::try_from(operand) {
        Ok(0x07FF) | Err(_) => 0,
        Ok(number) => number,
    }
}

/// The properties that stand at a place of the stream `Data`, their length in front (a `PrcData`, 2.9.210).
pub(crate) fn in_data(data: &[u8], at: u32) -> Vec<u8> {
    let found = usize::try_from(at).ok().and_then(|at| slice(data, at.checked_add(2)?, usize::from(word(data, at)?)));
    found.unwrap_or_default().to_vec()
}

/// The data of a form field at a place of the stream `Data`: behind a header that says how long both are (2.9.158).
pub(crate) fn form_data(data: &[u8], at: u32) -> Option<&[u8]> {
    let at = usize::try_from(at).ok()?;
    let (whole, header) = (place(data, at)?, usize::from(word(data, at.checked_add(4)?)?));
    slice(data, at.checked_add(header)?, whole.checked_sub(header)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(found: &[u8]) -> Properties {
        let mut data = |at: u32| if at == 7 { vec![0x17, 0x24, 1, 0x46, 0x66, 7, 0, 0, 0] } else { Vec::new() };
        Properties::new(found, &mut data)
    }

    #[test]
    fn the_depth_is_stated_or_one() {
        assert_eq!(read(&[0, 0]).depth(), 0);
        assert_eq!(read(&[0, 0, 0x16, 0x24, 1]).depth(), 1);
        assert_eq!(read(&[0, 0, 0x16, 0x24, 1, 0x49, 0x66, 3, 0, 0, 0, 0x4A, 0x66, 0xFF, 0xFF, 0xFF, 0xFF]).depth(), 2);
        assert_eq!(read(&[0, 0, 0x49, 0x66, 0xFF, 0xFF, 0xFF, 0xFF]).depth(), 0);
    }

    #[test]
    fn properties_too_long_for_a_page_are_read_elsewhere_and_no_further() {
        let found = read(&[9, 0, 0x46, 0x66, 7, 0, 0, 0]);
        assert_eq!((found.style, found.ends_row), (Some(9), true));
    }

    #[test]
    fn a_numbering_can_be_taken_away() {
        assert_eq!(read(&[0, 0, 0x0B, 0x46, 2, 0]).number, Some(2));
        assert_eq!(read(&[0, 0, 0x0B, 0x46, 0xFE, 0xFF]).number, Some(0));
        assert_eq!(read(&[0, 0]).number, None);
    }

    #[test]
    fn a_heading_is_told_by_its_outline_and_its_style() {
        let style = Style { role: Some(ParagraphRole::Title), outline: Some(0), ..Style::default() };
        assert_eq!(read(&[0, 0]).role(&style), ParagraphRole::Title);
        assert_eq!(read(&[0, 0, 0x40, 0x26, 1]).role(&style), ParagraphRole::Heading(2));
        assert_eq!(read(&[0, 0, 0x40, 0x26, 9]).role(&style), ParagraphRole::Body);
    }
}
