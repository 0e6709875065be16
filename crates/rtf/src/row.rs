//! What a row looks like (RTF 1.9.1, "Table Definitions").

use nianbao_story::{CellLook, Merge, RowLook};

/// How many cells a row may have. Word allows 63, others write more.
const MAX_CELLS: usize = 256;

/// What is said of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    left: i32,
    /// Where the last cell ends.
    right: i32,
    cells: Vec<CellLook>,
    /// What was said of the cell whose edge comes next.
    next: CellLook,
    pub(crate) is_header: bool,
    identity: Identity,
}

/// What tells the table apart from one that stands next to it: its style, direction and position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Identity {
    style: Option<i32>,
    is_right_to_left: bool,
    across: i32,
    down: i32,
}

impl Layout {
    pub(crate) fn look(&self) -> RowLook<'_> {
        RowLook { left: self.left, cells: &self.cells, is_header: self.is_header }
    }

    pub(crate) fn cells(&self) -> usize {
        self.cells.len()
    }

    /// Whether two rows may stand in one table. Not every row names its style.
    pub(crate) fn is_of_table_of(&self, other: &Self) -> bool {
        let (one, other) = (self.identity, other.identity);
        let same_style = one.style.is_none() || other.style.is_none() || one.style == other.style;
        same_style && Identity { style: other.style, ..one } == other
    }

    /// Whether a control word is one of rows.
    pub(crate) fn is_word(name: &[u8]) -> bool {
        const WORDS: [&[u8]; 15] = [
            b"cellx",
            b"clmgf",
            b"clmrg",
            b"clvmgf",
            b"clvmrg",
            b"ltrrow",
            b"rtlrow",
            b"tposnegx",
            b"tposnegy",
            b"tposx",
            b"tposy",
            b"trhdr",
            b"trleft",
            b"trowd",
            b"ts",
        ];
        matches!(name.first(), Some(b'c' | b't' | b'l' | b'r')) && WORDS.contains(&name)
    }

    /// Takes note of a control word.
    pub(crate) fn take(&mut self, name: &[u8], number: Option<i32>) {
        let value = number.unwrap_or_default();
        let is_on = number != Some(0);
        match name {
            b"trowd" => *self = Self::default(),
            b"trleft" => {
                // Edges that were said before stay where they are.
                if self.cells.is_empty() {
                    self.right = value;
                } else if let Some(first) = self.cells.first_mut() {
                    first.width = first.width.saturating_add(self.left).saturating_sub(value);
                }
                self.left = value;
            }
            b"trhdr" => self.is_header = is_on,
            b"clmgf" => self.next.across = Merge::Restart,
            b"clmrg" => self.next.across = Merge::Continue,
            b"clvmgf" => self.next.down = Merge::Restart,
            b"clvmrg" => self.next.down = Merge::Continue,
            b"cellx" => self.edge(value),
            b"ts" => self.identity.style = number,
            b"rtlrow" => self.identity.is_right_to_left = true,
            b"ltrrow" => self.identity.is_right_to_left = false,
            b"tposx" | b"tposnegx" => self.identity.across = value,
            b"tposy" | b"tposnegy" => self.identity.down = value,
            _ => {}
        }
    }

    fn edge(&mut self, right: i32) {
        let look = std::mem::take(&mut self.next);
        if self.cells.len() < MAX_CELLS {
            self.cells.push(CellLook { width: right.saturating_sub(self.right), ..look });
            self.right = right;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(words: &str) -> Layout {
        let mut layout = Layout::default();
        for word in words.split_whitespace() {
            let at = word.find(|c: char| c == '-' || c.is_ascii_digit()).unwrap_or(word.len());
            assert!(Layout::is_word(&word.as_bytes()[..at]), "{word}");
            layout.take(&word.as_bytes()[..at], word[at..].parse().ok());
        }
        layout
    }

    fn widths(layout: &Layout) -> Vec<i32> {
        layout.look().cells.iter().map(|cell| cell.width).collect()
    }

    #[test]
    fn edges_and_merges_are_read() {
        let layout = layout("trowd trleft-108 clvmgf cellx892 clmgf cellx1892 clmrg clvmrg cellx2892 cellx2892");
        assert_eq!((layout.look().left, widths(&layout)), (-108, vec![1000, 1000, 1000, 0]));
        let merges: Vec<_> = layout.look().cells.iter().map(|cell| (cell.across, cell.down)).collect();
        let no = (Merge::No, Merge::No);
        assert_eq!(
            merges,
            [(Merge::No, Merge::Restart), (Merge::Restart, Merge::No), (Merge::Continue, Merge::Continue), no]
        );
    }

    #[test]
    fn the_left_edge_may_be_said_last() {
        let layout = layout("trowd cellx1000 cellx2000 trleft-100");
        assert_eq!((layout.look().left, widths(&layout)), (-100, vec![1100, 1000]));
    }

    #[test]
    fn a_row_begins_anew() {
        assert_eq!(layout("trhdr cellx1000 ts15 trowd"), Layout::default());
        assert!(!Layout::is_word(b"clbrdrt"));
    }

    #[test]
    fn rows_of_other_tables_are_told_apart() {
        assert!(layout("ts15").is_of_table_of(&layout("cellx9")));
        assert!(!layout("ts15").is_of_table_of(&layout("ts16")));
        assert!(!layout("tposx9").is_of_table_of(&layout("ts16")));
    }

    #[test]
    fn a_row_has_no_more_cells_than_any_would() {
        let mut layout = Layout::default();
        for right in 0..10_000 {
            layout.take(b"cellx", Some(right));
        }
        assert_eq!(layout.cells(), MAX_CELLS);
    }
}
