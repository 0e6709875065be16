//! What form fields show: a box ticked or empty, the chosen entry of a list [MS-DOC 2.9.75].

use crate::bytes::{counted_text, word};

/// A choice that was never made.
const UNDECIDED: u16 = 25;

/// What the field shows that has these data (`FFData`); `None` where that stands in the text.
pub(crate) fn shown(data: &[u8]) -> Option<String> {
    const TICK_BOX: u16 = 1;
    const LIST: u16 = 2;
    let flags = word(data, 4)?;
    let kind = flags & 0x0003;
    let chosen = flags >> 2 & 0x001F;
    // Flags, the longest length and the size stand in front of the name, which a nought ends.
    let (_, end) = counted_text(data, 10)?;
    let default = word(data, end + 2)?;
    let chosen = if chosen == UNDECIDED { default } else { chosen };
    match kind {
        TICK_BOX => Some(if chosen == 0 { "□" } else { "☑" }.to_owned()),
        LIST => entries(data, end + 4)?.into_iter().nth(usize::from(chosen)),
        _ => None,
    }
}

/// The entries of a list: behind five texts, each ended by a nought.
fn entries(data: &[u8], at: usize) -> Option<Vec<String>> {
    let mut at = at;
    for _ in 0..5 {
        at = counted_text(data, at)?.1 + 2;
    }
    if word(data, at)? != 0xFFFF {
        return None;
    }
    let count = usize::from(word(data, at + 2)?);
    at += 6;
    let mut entries = Vec::new();
    while entries.len() < count {
        let (entry, end) = counted_text(data, at)?;
        entries.push(entry);
        at = end;
    }
    Some(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Vec<u8> {
        let units: Vec<u16> = text.encode_utf16().collect();
        [vec![units.len() as u16], units].concat().into_iter().flat_map(u16::to_le_bytes).collect()
    }

    fn field(kind: u16, chosen: u16, default: u16, entries: &[&str]) -> Vec<u8> {
        let mut data = vec![0xFF; 4];
        data.extend((kind | chosen << 2).to_le_bytes());
        data.extend([0; 4]);
        data.extend(text("name\0"));
        data[10] = 4;
        data.extend(default.to_le_bytes());
        for _ in 0..5 {
            data.extend([0; 4]);
        }
        data.extend([0xFF, 0xFF, entries.len() as u8, 0, 0, 0]);
        data.extend(entries.iter().flat_map(|entry| text(entry)));
        data
    }

    #[test]
    fn form_fields_show_what_was_chosen() {
        assert_eq!(shown(&field(1, 1, 0, &[])).as_deref(), Some("☑"));
        assert_eq!(shown(&field(1, 0, 1, &[])).as_deref(), Some("□"));
        assert_eq!(shown(&field(1, 25, 1, &[])).as_deref(), Some("☑"));
        assert_eq!(shown(&field(2, 1, 0, &["甲", "乙"])).as_deref(), Some("乙"));
        assert_eq!(shown(&field(0, 0, 0, &[])), None);
    }

    #[test]
    fn data_that_are_cut_off_show_nothing() {
        let whole = field(2, 1, 0, &["甲", "乙"]);
        for length in 0..whole.len() {
            assert_eq!(shown(&whole[..length]), None, "{length}");
        }
    }
}
