//! Records of a BIFF stream, and the strings in them [MS-XLS 2.1.4, 2.5.293 to 2.5.296].

use std::borrow::Cow;

use encoding_rs::Encoding;

/// A record: what it is, and its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Record<'a> {
    pub(crate) kind: u16,
    pub(crate) data: &'a [u8],
}

/// The rest of a longer record.
pub(crate) const CONTINUE: u16 = 0x003C;

/// The records of a stream from one place on.
#[derive(Clone, Debug)]
pub(crate) struct Records<'a> {
    rest: &'a [u8],
    /// The stream ended inside a record.
    pub(crate) is_cut: bool,
}

impl<'a> Records<'a> {
    pub(crate) const fn new(stream: &'a [u8]) -> Self {
        Self { rest: stream, is_cut: false }
    }

    /// The next record, unless it continues the last one.
    pub(crate) fn continuation(&mut self) -> Option<&'a [u8]> {
        let mut ahead = self.clone();
        let record = ahead.next().filter(|record| record.kind == CONTINUE)?;
        *self = ahead;
        Some(record.data)
    }

    /// All of a record: its own bytes and those of the records that continue it.
    pub(crate) fn whole(&mut self, record: Record<'a>) -> Vec<&'a [u8]> {
        let mut pieces = vec![record.data];
        while let Some(piece) = self.continuation() {
            pieces.push(piece);
        }
        pieces
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (head, rest) = self.rest.split_at_checked(4)?;
        let (kind, length) = (u16_at(head, 0)?, u16_at(head, 2)?);
        let Some((data, rest)) = rest.split_at_checked(usize::from(length)) else {
            self.rest = &[];
            self.is_cut = true;
            return None;
        };
        self.rest = rest;
        Some(Record { kind, data })
    }
}

pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..)?.first_chunk().copied()?))
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..)?.first_chunk().copied()?))
}

pub(crate) fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(bytes.get(at..)?.first_chunk().copied()?))
}

/// A number in four bytes: a whole number or the upper half of a fraction, perhaps in hundredths [MS-XLS 2.5.217].
pub(crate) fn rk(value: u32) -> f64 {
    let number =
        if value & 2 == 0 { f64::from_bits(u64::from(value & !3) << 32) } else { f64::from(value.cast_signed() >> 2) };
    if value & 1 == 0 { number } else { number / 100.0 }
}

/// What an error is called in a cell [MS-XLS 2.5.10].
pub(crate) const fn error_name(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        0x2B => "#GETTING_DATA",
        _ => "#ERROR!",
    }
}

/// Reads strings out of the pieces of a record. One that goes on in the next piece says anew there how wide its characters are.
#[derive(Debug)]
pub(crate) struct Strings<'a> {
    pieces: std::vec::IntoIter<&'a [u8]>,
    here: &'a [u8],
}

impl<'a> Strings<'a> {
    pub(crate) fn new(pieces: Vec<&'a [u8]>) -> Self {
        let mut pieces = pieces.into_iter();
        let here = pieces.next().unwrap_or_default();
        Self { pieces, here }
    }

    /// Passes over so many bytes, wherever they stand.
    pub(crate) fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > self.here.len() {
            bytes -= self.here.len();
            self.here = self.pieces.next()?;
        }
        self.here = self.here.get(bytes..)?;
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        while self.here.is_empty() {
            self.here = self.pieces.next()?;
        }
        let (first, rest) = self.here.split_first()?;
        self.here = rest;
        Some(*first)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    /// A string behind the count of its characters, which takes one byte or two. What belongs to it but is no text, such as how it
    /// is pronounced, is passed over.
    pub(crate) fn string(&mut self, has_short_count: bool) -> Option<String> {
        let count = if has_short_count { u16::from(self.byte()?) } else { self.u16()? };
        let flags = self.byte()?;
        let runs = if flags & 8 == 0 { 0 } else { usize::from(self.u16()?) };
        let extra = if flags & 4 == 0 { 0 } else { u32::from(self.u16()?) | u32::from(self.u16()?) << 16 };
        let text = self.characters(usize::from(count), flags & 1 != 0)?;
        self.skip(4 * runs)?;
        self.skip(usize::try_from(extra).ok()?)?;
        Some(text)
    }

    fn characters(&mut self, count: usize, mut is_wide: bool) -> Option<String> {
        // Nearly all strings stand in one piece.
        let length = if is_wide { 2 * count } else { count };
        if let Some((text, rest)) = self.here.split_at_checked(length) {
            self.here = rest;
            let text = if is_wide {
                encoding_rs::UTF_16LE.decode_without_bom_handling(text).0
            } else {
                encoding_rs::mem::decode_latin1(text)
            };
            return Some(text.into_owned());
        }
        let mut units: Vec<u16> = Vec::with_capacity(count);
        while units.len() < count {
            if self.here.is_empty() {
                self.here = self.pieces.next()?;
                is_wide = self.byte()? & 1 != 0;
            }
            let width = if is_wide { 2 } else { 1 };
            let take = (count - units.len()).min(self.here.len() / width);
            if take == 0 {
                // Half a character is left in this piece.
                self.here = &[];
                continue;
            }
            let (text, rest) = self.here.split_at_checked(take * width)?;
            self.here = rest;
            if is_wide {
                units.extend(text.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)));
            } else {
                units.extend(text.iter().copied().map(u16::from));
            }
        }
        Some(String::from_utf16_lossy(&units))
    }
}

/// Text in the code page of a workbook before BIFF8. Where that is not said, or said to be Western, Chinese is tried first: writers that
/// do not care state 1252, and Western text is hardly ever sound GB18030.
pub(crate) fn in_code_page(bytes: &[u8], code_page: Option<u16>) -> String {
    let stated: Option<&'static Encoding> = match code_page {
        Some(936 | 54_936) => Some(encoding_rs::GB18030),
        Some(950) => Some(encoding_rs::BIG5),
        Some(932) => Some(encoding_rs::SHIFT_JIS),
        Some(949) => Some(encoding_rs::EUC_KR),
        Some(65_001) => Some(encoding_rs::UTF_8),
        Some(1250) => Some(encoding_rs::WINDOWS_1250),
        Some(1251) => Some(encoding_rs::WINDOWS_1251),
        _ => None,
    };
    let encoding = stated.unwrap_or(encoding_rs::GB18030);
    let (text, has_errors) = encoding.decode_without_bom_handling(bytes);
    if has_errors && stated.is_none() {
        return encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned();
    }
    Cow::into_owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_four_bytes() {
        assert_eq!(rk((7 << 2) | 2), 7.0);
        assert_eq!(rk((-7_i32 << 2).cast_unsigned() | 2), -7.0);
        assert_eq!(rk((1234 << 2) | 3), 12.34);
        assert_eq!(rk(0x3FF0_0000), 1.0);
    }

    #[test]
    fn a_string_goes_on_in_the_next_piece_in_another_width() {
        // Five characters: two in bytes, three in pairs after the break.
        let first = [5, 0, 0, b'a', b'b'];
        let mut second = vec![1];
        second.extend("年报x".encode_utf16().flat_map(u16::to_le_bytes));
        let mut strings = Strings::new(vec![&first, &second]);
        assert_eq!(strings.string(false).as_deref(), Some("ab年报x"));
        assert_eq!(strings.string(false), None);
    }

    #[test]
    fn runs_and_pronunciation_are_no_text() {
        let bytes = [2, 0, 0x0C, 1, 0, 3, 0, 0, 0, b'a', b'b', 9, 9, 9, 9, 8, 8, 8, 1, 0, 0, b'c'];
        let mut strings = Strings::new(vec![&bytes]);
        assert_eq!(strings.string(false).as_deref(), Some("ab"));
        assert_eq!(strings.string(false).as_deref(), Some("c"));
    }

    #[test]
    fn bytes_are_text_in_the_code_page() {
        assert_eq!(in_code_page(b"\xC4\xEA\xB1\xA8", Some(936)), "年报");
        assert_eq!(in_code_page(b"\xC4\xEA\xB1\xA8", Some(1252)), "年报");
        assert_eq!(in_code_page(b"caf\xE9", Some(1252)), "café");
        assert_eq!(in_code_page(b"\xE9 x", None), "é x");
    }

    #[test]
    fn a_stream_that_ends_inside_a_record_says_so() {
        let mut records = Records::new(&[1, 0, 2, 0, 7, 7, 2, 0, 9, 0, 1]);
        assert_eq!(records.next(), Some(Record { kind: 1, data: &[7, 7] }));
        assert_eq!(records.next(), None);
        assert!(records.is_cut);
    }
}
