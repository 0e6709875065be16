//! The names of fonts, by which the characters of symbol fonts are told [MS-DOC 2.9.286, 2.9.78].

use crate::bytes::{byte, slice, wide, word};

/// The names of the fonts, in order (`SttbfFfn`). What is cut off has none.
pub(crate) fn names(table: &[u8]) -> Vec<String> {
    /// What stands in front of a name.
    const BEFORE_NAME: usize = 39;
    let count = word(table, 0).map_or(0, usize::from);
    let mut names = Vec::new();
    let mut at = 4;
    while names.len() < count {
        let Some(font) = byte(table, at).and_then(|length| slice(table, at + 1, usize::from(length))) else { break };
        at += 1 + font.len();
        let name = wide(font.get(BEFORE_NAME..).unwrap_or_default());
        names.push(name.split('\0').next().unwrap_or_default().to_owned());
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fonts_are_named_in_order() {
        let font = |name: &str| {
            let mut font = vec![0; 39];
            font.extend(name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes));
            [vec![font.len() as u8], font].concat()
        };
        let table = [vec![3, 0, 0, 0], font("宋体"), font("Wingdings\0x")].concat();
        assert_eq!(names(&table), ["宋体", "Wingdings"]);
        for length in 0..table.len() {
            let _ = names(&table[..length]);
        }
    }
}
