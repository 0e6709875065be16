//! The text, put together from its pieces [MS-DOC 2.4.1, 2.8.35, 2.9.177].
//!
//! The characters of a document stand in pieces of the main stream, in any order; a file that was saved fast has hundreds of them. A
//! piece holds 16-bit characters or, where all fit, bytes of windows-1252. Chinese programs of old wrote GBK there, two bytes and so two
//! places for one character; the second place is then empty.

use encoding_rs::{GBK, WINDOWS_1252};
use nianbao_container::Error;

use crate::bytes::{byte, place, slice, word};
use crate::fib::{Fib, Table};

/// How many characters a document may have, its notes and headers included. The longest seen have a fiftieth of this. Pieces may overlap
/// in a hostile file, so the length of the file is no bound.
const MAX_CHARACTERS: usize = 32 << 20;

/// What stands in the place of the second byte of a character in GBK. No text has it: it is no character.
pub(crate) const EMPTY: u16 = 0xFFFF;

/// A run of characters that stand together in the main stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The first character, counted over all stories.
    pub(crate) start: usize,
    /// One past the last.
    pub(crate) end: usize,
    /// Where it begins in the stream.
    pub(crate) offset: usize,
    /// How many bytes a character takes.
    pub(crate) width: usize,
    /// What applies to all of it, beside the properties of its paragraphs and characters (a `Prm`).
    pub(crate) change: u16,
}

impl Piece {
    /// Where a character stands in the stream.
    pub(crate) const fn offset_of(&self, character: usize) -> usize {
        self.offset + (character - self.start) * self.width
    }

    /// The first character that stands at or behind a place in the stream, or the end of the piece.
    pub(crate) fn character_at(&self, offset: usize) -> usize {
        let before = offset.saturating_sub(self.offset).div_ceil(self.width);
        self.start.saturating_add(before).min(self.end)
    }
}

/// The text of all stories, one after the other.
#[derive(Debug)]
pub(crate) struct Text<'a> {
    /// The characters, as UTF-16.
    pub(crate) units: Vec<u16>,
    pub(crate) pieces: Vec<Piece>,
    /// Properties that pieces refer to.
    pub(crate) changes: Vec<&'a [u8]>,
    /// Why some of the text is not there.
    pub(crate) damage: Option<&'static str>,
    /// Bytes were taken for GBK, which nothing in the file says.
    pub(crate) is_guessed: bool,
}

impl<'a> Text<'a> {
    /// Puts the text together. `tables` is the table stream.
    pub(crate) fn read(fib: &Fib<'_>, stream: &'a [u8], tables: &'a [u8]) -> Result<Self, Error> {
        let mut text =
            Self { units: Vec::new(), pieces: Vec::new(), changes: Vec::new(), damage: None, is_guessed: false };
        let wanted = [fib.lengths.main, fib.lengths.aside, fib.lengths.text_boxes];
        let wanted = wanted.into_iter().fold(0, usize::saturating_add);
        match fib.table(tables, Table::Pieces) {
            Some(Ok(bytes)) => text.take_pieces(bytes)?,
            Some(Err(_)) => return Err(Error::corrupt("its piece table is cut off")),
            None => text.take_plain(fib),
        }
        let limit = text.pieces.last().map_or(0, |piece| piece.end);
        if wanted.min(limit) > MAX_CHARACTERS {
            return Err(Error::TooLarge { what: "characters", limit: MAX_CHARACTERS as u64 });
        }
        text.decode(stream, wanted, fib.is_chinese);
        if text.units.is_empty() && fib.lengths.main > 0 {
            return Err(Error::corrupt("none of its text is where its piece table says"));
        }
        if text.units.len() < wanted {
            text.damage.get_or_insert("its piece table ends too early");
        }
        Ok(text)
    }

    fn take_pieces(&mut self, bytes: &'a [u8]) -> Result<(), Error> {
        self.pieces_of(bytes).ok_or_else(|| Error::corrupt("its piece table cannot be read"))
    }

    /// Reads a `Clx`: properties first, then the pieces.
    fn pieces_of(&mut self, bytes: &'a [u8]) -> Option<()> {
        let mut at = 0;
        while byte(bytes, at)? == 1 {
            let length = usize::from(word(bytes, at + 1)?);
            self.changes.push(slice(bytes, at + 3, length)?);
            at += 3 + length;
        }
        if byte(bytes, at)? != 2 {
            return None;
        }
        let stated = place(bytes, at + 1)?;
        let plc = bytes.get(at + 5..)?;
        let count = stated.min(plc.len()).checked_sub(4)? / 12;
        if stated > plc.len() {
            self.damage = Some("its piece table is cut off");
        }
        for index in 0..count {
            let (start, end) = (place(plc, 4 * index)?, place(plc, 4 * index + 4)?);
            if end < start || self.pieces.last().is_some_and(|before| before.end != start) {
                self.damage = Some("its piece table is out of order");
                break;
            }
            let at = 4 * (count + 1) + 8 * index;
            let position = place(plc, at + 2)?;
            let is_bytes = position & 0x4000_0000 != 0;
            let position = position & 0x3FFF_FFFF;
            self.pieces.push(Piece {
                start,
                end,
                offset: if is_bytes { position / 2 } else { position },
                width: if is_bytes { 1 } else { 2 },
                change: word(plc, at + 6)?,
            });
        }
        (!self.pieces.is_empty()).then_some(())
    }

    /// A file without a piece table has its text in one run.
    fn take_plain(&mut self, fib: &Fib<'_>) {
        let length = fib.plain_text.len();
        let end =
            [fib.lengths.main, fib.lengths.aside, fib.lengths.text_boxes].into_iter().fold(0, usize::saturating_add);
        let width = if length >= 2 * end { 2 } else { 1 };
        self.damage = Some("its piece table is missing");
        self.pieces.push(Piece { start: 0, end: end.min(length), offset: fib.plain_text.start, width, change: 0 });
    }

    fn decode(&mut self, stream: &[u8], wanted: usize, is_chinese: bool) {
        for piece in &mut self.pieces {
            let length = (piece.end - piece.start).min(wanted.saturating_sub(self.units.len()));
            let rest = stream.get(piece.offset..).unwrap_or_default();
            let available = length.min(rest.len() / piece.width);
            let bytes = rest.get(..available * piece.width).unwrap_or_default();
            if piece.width == 2 {
                self.units.extend(bytes.chunks_exact(2).filter_map(|pair| word(pair, 0)));
            } else if is_chinese && is_gbk(bytes) {
                self.is_guessed = true;
                push_gbk(&mut self.units, bytes);
            } else {
                push_bytes(&mut self.units, bytes);
            }
            piece.end = piece.start + available;
            if available < length {
                self.damage = Some("it is cut off");
                break;
            }
        }
        self.pieces.retain(|piece| piece.start < self.units.len() && piece.start < piece.end);
    }
}

/// Each byte as a character of windows-1252.
fn push_bytes(units: &mut Vec<u16>, bytes: &[u8]) {
    if bytes.is_ascii() {
        units.extend(bytes.iter().copied().map(u16::from));
        return;
    }
    for &byte in bytes {
        let (text, _) = WINDOWS_1252.decode_without_bom_handling(std::slice::from_ref(&byte));
        units.extend(text.encode_utf16());
    }
}

/// Whether bytes are text in GBK: all that is not ASCII comes in pairs that GB 2312 has, and there are some. Letters with accents stand
/// alone or in pairs of other bytes.
fn is_gbk(bytes: &[u8]) -> bool {
    let mut foreign = bytes.split(u8::is_ascii).filter(|run| !run.is_empty()).peekable();
    foreign.peek().is_some()
        && foreign.all(|run| {
            let mut pairs = run.chunks_exact(2);
            pairs.all(|pair| matches!(pair, [0xA1..=0xA9 | 0xB0..=0xF7, 0xA1..=0xFE])) && run.len().is_multiple_of(2)
        })
}

fn push_gbk(units: &mut Vec<u16>, bytes: &[u8]) {
    let mut rest = bytes;
    while let Some((&first, after)) = rest.split_first() {
        if first.is_ascii() || after.is_empty() {
            units.push(u16::from(first));
            rest = after;
            continue;
        }
        let (pair, after) = rest.split_at_checked(2).unwrap_or((rest, &[]));
        let (text, _) = GBK.decode_without_bom_handling(pair);
        units.extend(text.encode_utf16().take(1));
        units.push(EMPTY);
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> Text<'static> {
        Text { units: Vec::new(), pieces: Vec::new(), changes: Vec::new(), damage: None, is_guessed: false }
    }

    /// A `Clx` with one set of properties and these pieces: end, place with its mark.
    fn clx(pieces: &[(u32, u32)]) -> Vec<u8> {
        let mut bytes = vec![1, 2, 0, 0xAA, 0xBB, 2];
        bytes.extend((4 + 12 * pieces.len() as u32).to_le_bytes());
        bytes.extend(0u32.to_le_bytes());
        for (end, _) in pieces {
            bytes.extend(end.to_le_bytes());
        }
        for (_, place) in pieces {
            bytes.extend([0, 0]);
            bytes.extend(place.to_le_bytes());
            bytes.extend([1, 0]);
        }
        bytes
    }

    const BYTES: u32 = 0x4000_0000;

    fn decoded(stream: &[u8], pieces: &[(u32, u32)], is_chinese: bool) -> String {
        let clx = clx(pieces);
        let mut text = text();
        text.pieces_of(&clx).unwrap();
        text.decode(stream, usize::MAX, is_chinese);
        let units = text.units.into_iter().filter(|&unit| unit != EMPTY);
        char::decode_utf16(units).map(|c| c.unwrap_or('?')).collect()
    }

    #[test]
    fn pieces_stand_in_any_order_and_in_both_widths() {
        let stream = [b'a', b'b', 0, 0x4E, 0x8C, 0x4E, 0x93];
        assert_eq!(decoded(&stream, &[(2, 2), (4, BYTES), (5, BYTES | 12)], false), "一二ab“");
    }

    #[test]
    fn chinese_bytes_are_told_from_letters_with_accents() {
        let gbk = GBK.encode("总计3件").0;
        assert_eq!(decoded(&gbk, &[(7, BYTES)], true), "总计3件");
        assert_eq!(decoded(&gbk, &[(7, BYTES)], false).chars().count(), 7);
        assert_eq!(decoded(b"caf\xE9 \xABna\xEFve\xBB", &[(11, BYTES)], true), "café «naïve");
    }

    #[test]
    fn a_piece_that_is_cut_off_gives_what_is_there() {
        let clx = clx(&[(2, 0), (9, 2)]);
        let mut text = text();
        text.pieces_of(&clx).unwrap();
        text.decode(&[0x31, 0, 0x32, 0, 0x33], 100, false);
        assert_eq!(text.units, [0x31, 0x32, 0x32]);
        assert_eq!(text.damage, Some("it is cut off"));
        assert_eq!(text.pieces.last().unwrap().end, 3);
        assert_eq!(text.changes, [&[0xAA, 0xBB]]);
    }

    #[test]
    fn a_table_of_pieces_out_of_order_is_read_up_to_there() {
        let clx = clx(&[(2, BYTES), (1, BYTES)]);
        let mut text = text();
        text.pieces_of(&clx).unwrap();
        assert_eq!(text.pieces.len(), 1);
        assert!(text.damage.is_some());
    }

    #[test]
    fn places_and_characters_lead_to_each_other() {
        let piece = Piece { start: 10, end: 20, offset: 100, width: 2, change: 0 };
        assert_eq!(piece.offset_of(12), 104);
        assert_eq!((piece.character_at(104), piece.character_at(105), piece.character_at(3)), (12, 13, 10));
        assert_eq!(piece.character_at(usize::MAX), 20);
    }
}
