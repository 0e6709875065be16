//! Properties as they stand in the file: a code and an operand, one after the other [MS-DOC 2.2.5, 2.6].

use crate::bytes::{byte, slice, word};

/// A property: its code, and the bytes that follow it. The length of a variable operand is not among them.
pub(crate) type Property<'a> = (u16, &'a [u8]);

/// The properties of a run of bytes, up to the first that is cut off.
pub(crate) const fn properties(bytes: &[u8]) -> Properties<'_> {
    Properties { rest: bytes }
}

#[derive(Clone, Debug)]
pub(crate) struct Properties<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Properties<'a> {
    type Item = Property<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let code = word(self.rest, 0)?;
        let (start, length) = operand(code, self.rest)?;
        let operand = slice(self.rest, start, length)?;
        self.rest = self.rest.get(start + length..)?;
        Some((code, operand))
    }
}

pub(crate) const DEFINE_TABLE: u16 = 0xD608;
const CHANGE_TABS: u16 = 0xC615;

/// Where the operand of a property begins and how long it is. The code says so itself, but for two properties that can be longer than
/// one byte can count (2.6.2, 2.9.321).
fn operand(code: u16, bytes: &[u8]) -> Option<(usize, usize)> {
    match (code, code >> 13) {
        (DEFINE_TABLE, _) => Some((4, usize::from(word(bytes, 2)?).checked_sub(1)?)),
        (CHANGE_TABS, _) if byte(bytes, 2)? == 0xFF => {
            let deleted = usize::from(byte(bytes, 3)?);
            let added = usize::from(byte(bytes, 4 + 4 * deleted)?);
            Some((3, 2 + 4 * deleted + 3 * added))
        }
        (_, 6) => Some((3, usize::from(byte(bytes, 2)?))),
        (_, 0 | 1) => Some((2, 1)),
        (_, 2 | 4 | 5) => Some((2, 2)),
        (_, 3) => Some((2, 4)),
        _ => Some((2, 3)),
    }
}

/// The property of one byte that a piece can carry in place of a reference to more (a `Prm0`, 2.9.214), by its index. Those that say
/// nothing that is asked here are left out.
pub(crate) const fn of_index(index: u8) -> Option<u16> {
    Some(match index {
        0x18 => 0x2416,
        0x19 => 0x2417,
        0x0C => 0x260A,
        0x41 => 0x0800,
        0x5C => 0x083C,
        0x75 => 0x0855,
        0x78 => 0x2640,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operands_are_as_long_as_their_codes_say() {
        let bytes = [
            0x16, 0x24, 1, // one byte
            0x0B, 0x46, 5, 0, // two
            0x49, 0x66, 2, 0, 0, 0, // four
            0x2B, 0xD6, 2, 7, 3, // counted
            0x08, 0xD6, 4, 0, 1, 2, 3, // counted by two bytes, plus one
            0x15, 0xC6, 0xFF, 1, 9, 9, 9, 9, 1, 8, 8, 8, // counted by its parts
            0x17, 0x24, 1,
        ];
        let found: Vec<_> = properties(&bytes).map(|(code, operand)| (code, operand.len())).collect();
        assert_eq!(found, [(0x2416, 1), (0x460B, 2), (0x6649, 4), (0xD62B, 2), (0xD608, 3), (0xC615, 9), (0x2417, 1)]);
    }

    #[test]
    fn a_property_that_is_cut_off_is_the_end() {
        assert_eq!(properties(&[0x49, 0x66, 2, 0, 0]).count(), 0);
        assert_eq!(properties(&[0x08, 0xD6, 0, 0, 1]).count(), 0);
        assert_eq!(properties(&[0x16]).count(), 0);
    }
}
