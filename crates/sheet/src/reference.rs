//! References to cells: `C7`, `A1:C3`.

use nianbao_model::{Area, Span};

use crate::book::{COLUMNS, ROWS};

/// `C7`, `$C$7`: row and column, from 0.
pub(crate) fn cell(text: &str) -> Option<(u32, u32)> {
    let (mut column, mut row) = (0_u32, 0_u32);
    for c in text.trim().bytes() {
        match c {
            digit @ b'0'..=b'9' => row = row.checked_mul(10)?.checked_add(u32::from(digit - b'0'))?,
            letter if letter.is_ascii_alphabetic() && row == 0 => {
                let place = u32::from(letter.to_ascii_uppercase() - b'A') + 1;
                column = column.checked_mul(26)?.checked_add(place)?;
            }
            b'$' => {}
            _ => return None,
        }
    }
    let (row, column) = (row.checked_sub(1)?, column.checked_sub(1)?);
    (row < ROWS && column < COLUMNS).then_some((row, column))
}

/// `A1:C3`, in either direction.
pub(crate) fn area(text: &str) -> Option<Area> {
    let (one, other) = text.split_once(':').unwrap_or((text, text));
    let ((row, column), (other_row, other_column)) = (cell(one)?, cell(other)?);
    let span = |one: u32, other: u32| Span::one(one as usize).hull(Span::one(other as usize));
    Some(Area { rows: span(row, other_row), columns: span(column, other_column) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_in_every_writing() {
        assert_eq!(cell("A1"), Some((0, 0)));
        assert_eq!(cell("$xfd$1048576"), Some((1_048_575, 16_383)));
        for wrong in ["", "1A", "A", "7", "A0", "XFE1", "A1048577", "A99999999999", "ÄA1"] {
            assert_eq!(cell(wrong), None, "{wrong}");
        }
        assert_eq!(area("C3:A1"), area("A1:C3"));
        assert_eq!(area("B2").map(Area::corner), Some((1, 1)));
    }
}
