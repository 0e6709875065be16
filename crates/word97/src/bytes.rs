//! Numbers in little-endian order at any place of untrusted bytes: `None` where the bytes end before.

/// The bytes from `at` on, `length` of them.
pub(crate) fn slice(bytes: &[u8], at: usize, length: usize) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(length)?)
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    slice(bytes, at, N)?.first_chunk().copied()
}

pub(crate) fn byte(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

pub(crate) fn word(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_le_bytes)
}

pub(crate) fn signed_word(bytes: &[u8], at: usize) -> Option<i16> {
    array(bytes, at).map(i16::from_le_bytes)
}

pub(crate) fn long(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_le_bytes)
}

pub(crate) fn signed_long(bytes: &[u8], at: usize) -> Option<i32> {
    array(bytes, at).map(i32::from_le_bytes)
}

/// A place, or a length, that a file states in four bytes.
pub(crate) fn place(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(long(bytes, at)?).ok()
}

/// A text of 16-bit characters that its length in characters stands before [MS-DOC 2.9.365], and where it ends.
pub(crate) fn counted_text(bytes: &[u8], at: usize) -> Option<(String, usize)> {
    let length = usize::from(word(bytes, at)?);
    let start = at.checked_add(2)?;
    let units = slice(bytes, start, length.checked_mul(2)?)?;
    Some((wide(units), start + units.len()))
}

/// Text of 16-bit characters.
pub(crate) fn wide(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).filter_map(|pair| word(pair, 0));
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reaches_past_the_end_is_nothing() {
        let bytes = [1, 2, 3, 0x80, 5];
        assert_eq!(word(&bytes, 0), Some(0x0201));
        assert_eq!(long(&bytes, 0), Some(0x8003_0201));
        assert_eq!(signed_long(&bytes, 0), Some(i32::from_le_bytes([1, 2, 3, 0x80])));
        assert_eq!(signed_word(&bytes, 2), Some(i16::from_le_bytes([3, 0x80])));
        assert_eq!(long(&bytes, 2), None);
        assert_eq!(word(&bytes, usize::MAX), None);
        assert_eq!(slice(&bytes, usize::MAX, 2), None);
    }

    #[test]
    fn a_counted_text_must_be_there_in_full() {
        assert_eq!(counted_text(&[2, 0, 0x00, 0x4E, 0x31, 0, 9], 0), Some(("一1".to_owned(), 6)));
        assert_eq!(counted_text(&[3, 0, 0x00, 0x4E, 0x31, 0], 0), None);
    }
}
