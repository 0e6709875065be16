//! The file information block: where everything else stands [MS-DOC 2.5].

use std::ops::Range;

use nianbao_container::Error;

use crate::bytes::{place, slice, word};

/// A structure of the table stream, by its index among the places of the block [MS-DOC 2.5.6].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    Styles = 1,
    CharacterPages = 12,
    ParagraphPages = 13,
    Fonts = 15,
    Pieces = 33,
    Anchors = 40,
    Drawings = 50,
    TextBoxes = 56,
    Lists = 73,
    ListOverrides = 74,
}

/// The lengths of the stories in characters, in the order in which their texts follow one another [MS-DOC 2.3, 2.5.4].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lengths {
    pub(crate) main: usize,
    /// Footnotes, headers, macros, comments and endnotes, which are set aside.
    pub(crate) aside: usize,
    pub(crate) text_boxes: usize,
}

/// What the block says.
#[derive(Debug)]
pub(crate) struct Fib<'a> {
    /// The name of the stream that holds the tables.
    pub(crate) table_stream: &'static str,
    pub(crate) is_encrypted: bool,
    /// The text or the program is Chinese.
    pub(crate) is_chinese: bool,
    pub(crate) lengths: Lengths,
    /// Where the text stands in a file without a piece table.
    pub(crate) plain_text: Range<usize>,
    places: &'a [u8],
}

/// The first bytes of the stream of a Word document, from Word 97 on.
const SIGNATURE: u16 = 0xA5EC;

/// The first version of the block that has the form of Word 97. Its trial versions wrote 192.
const WORD_97: u16 = 192;

/// The name of the program that writes the older format in which the stream `WordDocument` begins with `start`; `None` for Word 97 and
/// later, and for what is no Word document. Later programs save "Word 6.0/95" with the version of Word 6.
pub fn older(start: &[u8]) -> Option<&'static str> {
    let version = word(start, 2)?;
    match word(start, 0)? {
        0xA5DC | SIGNATURE if (103..WORD_97).contains(&version) => Some("Word 95 document"),
        0xA5DC | 0xA697 | 0xA699 => Some("Word 6 or 95 document"),
        0xA59B..=0xA59C | 0xA5DB => Some("Word 2 document"),
        SIGNATURE if version < 103 => Some("Word 6 or 95 document"),
        _ => None,
    }
}

impl<'a> Fib<'a> {
    /// Reads the block at the start of the stream `WordDocument`.
    pub(crate) fn read(stream: &'a [u8]) -> Result<Self, Error> {
        Self::parts(stream).ok_or_else(|| Error::corrupt("its file information block is cut off or none at all"))
    }

    fn parts(stream: &'a [u8]) -> Option<Self> {
        let version = word(stream, 2)?;
        if word(stream, 0)? != SIGNATURE || version < WORD_97 {
            return None;
        }
        let flags = word(stream, 0x0A)?;
        // Three arrays follow, each with its length in front, so that later versions could be longer.
        let words = 0x22;
        let longs = words + 2 * usize::from(word(stream, words - 2)?) + 2;
        let places = longs + 4 * usize::from(word(stream, longs - 2)?) + 2;
        let count = usize::from(word(stream, places - 2)?);
        let length = |index: usize| place(stream, longs + 4 * index).filter(|&length| length <= i32::MAX as usize);
        let [main, notes, headers, macros, comments, endnotes, text_boxes] = [3, 4, 5, 6, 7, 8, 9].map(length);
        let aside = [notes, headers, macros, comments, endnotes].into_iter().flatten().fold(0, usize::saturating_add);
        let available = stream.len().saturating_sub(places);
        Some(Self {
            table_stream: if flags & 0x0200 == 0 { "0Table" } else { "1Table" },
            is_encrypted: flags & 0x0100 != 0,
            is_chinese: [6, 0x22 + 26].into_iter().any(|at| word(stream, at).is_some_and(is_chinese)),
            lengths: Lengths { main: main?, aside, text_boxes: text_boxes.unwrap_or_default() },
            plain_text: place(stream, 0x18)?..place(stream, 0x1C)?,
            places: slice(stream, places, available.min(8 * count))?,
        })
    }

    /// The bytes of a structure, out of the table stream: `None` where the file has none, an error where it reaches past the end.
    pub(crate) fn table<'t>(&self, tables: &'t [u8], table: Table) -> Option<Result<&'t [u8], Missing>> {
        let range = self.range(table)?;
        Some(tables.get(range).ok_or(Missing))
    }

    /// Where a structure stands in the table stream.
    pub(crate) fn range(&self, table: Table) -> Option<Range<usize>> {
        let at = 8 * table as usize;
        let start = place(self.places, at)?;
        let length = place(self.places, at + 4).filter(|&length| length > 0)?;
        Some(start..start.saturating_add(length))
    }
}

/// A structure reaches past the end of its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Missing;

/// Whether a language is Chinese, whatever the country [MS-LCID].
const fn is_chinese(language: u16) -> bool {
    language & 0x03FF == 0x04
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(version: u16, flags: u16) -> Vec<u8> {
        let mut block = vec![0; 0x9A + 8 * 75];
        block[..2].copy_from_slice(&SIGNATURE.to_le_bytes());
        block[2..4].copy_from_slice(&version.to_le_bytes());
        block[0x0A..0x0C].copy_from_slice(&flags.to_le_bytes());
        block[0x20] = 14;
        block[0x3E] = 22;
        block[0x98] = 75;
        block
    }

    #[test]
    fn the_version_tells_what_can_be_read() {
        let mut start = block(193, 0);
        assert_eq!(older(&start), None);
        assert!(Fib::read(&start).is_ok());
        for (signature, version, name) in [
            (0xA5DC_u16, 104_u16, "Word 95 document"),
            (0xA5DC, 101, "Word 6 or 95 document"),
            (0xA5DB, 45, "Word 2 document"),
            (SIGNATURE, 104, "Word 95 document"),
        ] {
            start[..2].copy_from_slice(&signature.to_le_bytes());
            start[2..4].copy_from_slice(&version.to_le_bytes());
            assert_eq!(older(&start), Some(name));
            assert_eq!(Fib::read(&start).unwrap_err().kind(), "corrupt");
        }
    }

    #[test]
    fn a_structure_is_found_by_its_place() {
        let mut block = block(0x00C1, 0x0300);
        let at = 0x9A + 8 * 33;
        block[at] = 4;
        block[at + 4] = 2;
        let fib = Fib::read(&block).unwrap();
        assert_eq!((fib.table_stream, fib.is_encrypted), ("1Table", true));
        assert_eq!(fib.table(b"0123456", Table::Pieces), Some(Ok(&b"45"[..])));
        assert_eq!(fib.table(b"01234", Table::Pieces), Some(Err(Missing)));
        assert_eq!(fib.table(b"0123456", Table::Styles), None);
    }

    #[test]
    fn a_block_that_is_cut_off_is_an_error_and_never_a_fault() {
        let block = block(0x00C1, 0);
        for length in 0..block.len() {
            let _ = Fib::read(&block[..length]).map(|fib| fib.range(Table::Pieces));
        }
    }
}
