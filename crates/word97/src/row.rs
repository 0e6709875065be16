//! What a row looks like: its cells and where their edges are [MS-DOC 2.6.3].

use nianbao_story::{CellLook, Merge};

use crate::bytes::{byte, signed_word, word};
use crate::sprm::DEFINE_TABLE;

/// How many cells a row may have [MS-DOC 2.4.3].
const MAX_CELLS: usize = 63;

/// What is said of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Where the first cell begins, in twips from the margin.
    pub(crate) left: i32,
    pub(crate) cells: Vec<CellLook>,
    pub(crate) is_header: bool,
    /// Half the room between two cells, in twips.
    gap: i32,
    /// What tells the table apart from one that stands next to it (2.4.3): its style, direction and position.
    pub(crate) identity: Identity,
}

/// The style of a table that names none: the index of the built-in one [MS-DOC 2.9.271].
const PLAIN_STYLE: u16 = 11;

/// The properties that all rows of one table share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    style: u16,
    is_right_to_left: bool,
    position: [u16; 4],
}

impl Default for Identity {
    fn default() -> Self {
        Self { style: PLAIN_STYLE, is_right_to_left: false, position: [0; 4] }
    }
}

impl Layout {
    /// Takes note of one property of a row.
    pub(crate) fn take(&mut self, code: u16, operand: &[u8]) {
        match code {
            DEFINE_TABLE => self.define(operand),
            0x3404 => self.is_header = byte(operand, 0) == Some(1),
            0x9601 => self.left = signed_word(operand, 0).map_or(self.left, |left| i32::from(left) - self.gap),
            0x9602 => self.set_gap(operand),
            0x7621 => self.insert(operand),
            0x5622 => self.delete(operand),
            0x7623 => self.resize(operand),
            0x5624 => self.merge(operand),
            0x5625 => self.split(operand),
            0xD62B => self.merge_down(operand),
            0x563A => self.identity.style = word(operand, 0).unwrap_or(PLAIN_STYLE),
            0x560B | 0x5664 => self.identity.is_right_to_left = word(operand, 0) == Some(1),
            0x360D => self.identity.position[0] = byte(operand, 0).map_or(0, u16::from),
            0x940E => self.identity.position[1] = word(operand, 0).unwrap_or_default(),
            0x940F => self.identity.position[2] = word(operand, 0).unwrap_or_default(),
            0x3465 => self.identity.position[3] = byte(operand, 0).map_or(0, u16::from),
            _ => {}
        }
    }

    /// The edges of all cells, and then what is said of each (2.9.321). A cell that nothing is said of is a plain one.
    fn define(&mut self, operand: &[u8]) {
        let count = byte(operand, 0).map_or(0, usize::from).min(MAX_CELLS);
        let edge = |index: usize| signed_word(operand, 1 + 2 * index).map(i32::from);
        let Some(left) = edge(0) else { return };
        self.left = left;
        let mut before = left;
        self.cells.clear();
        for index in 0..count {
            // What is cut off has no width that is known.
            let Some(right) = edge(index + 1) else { break };
            let flags = word(operand, 1 + 2 * (count + 1) + 20 * index).unwrap_or_default();
            let across = match flags & 0x0003 {
                0 => Merge::No,
                1 => Merge::Continue,
                _ => Merge::Restart,
            };
            self.cells.push(CellLook { width: right - before, across, down: down(flags >> 5) });
            before = right;
        }
    }

    fn set_gap(&mut self, operand: &[u8]) {
        if let Some(gap) = signed_word(operand, 0).map(i32::from) {
            self.left += self.gap - gap;
            self.gap = gap;
        }
    }

    /// New cells of one width (2.9.322); cells are made up to the place where they begin.
    fn insert(&mut self, operand: &[u8]) {
        let (Some(first), Some(count), Some(width)) = (byte(operand, 0), byte(operand, 1), signed_word(operand, 2))
        else {
            return;
        };
        let new = CellLook { width: i32::from(width), ..CellLook::default() };
        let first = usize::from(first).min(MAX_CELLS);
        while self.cells.len() < first {
            self.cells.push(new);
        }
        let count = usize::from(count).min(MAX_CELLS.saturating_sub(self.cells.len()));
        let behind = self.cells.split_off(first);
        self.cells.extend(std::iter::repeat_n(new, count));
        self.cells.extend(behind);
    }

    fn delete(&mut self, operand: &[u8]) {
        if let Some((first, limit)) = self.range(operand) {
            self.cells.drain(first..limit);
        }
    }

    fn resize(&mut self, operand: &[u8]) {
        let Some(width) = signed_word(operand, 2) else { return };
        for cell in self.cells_in(operand) {
            cell.width = i32::from(width);
        }
    }

    fn merge(&mut self, operand: &[u8]) {
        let mut across = Merge::Restart;
        for cell in self.cells_in(operand) {
            cell.across = std::mem::replace(&mut across, Merge::Continue);
        }
    }

    fn split(&mut self, operand: &[u8]) {
        for cell in self.cells_in(operand) {
            cell.across = Merge::No;
        }
    }

    fn merge_down(&mut self, operand: &[u8]) {
        let (Some(index), Some(flags)) = (byte(operand, 0), byte(operand, 1)) else { return };
        if let Some(cell) = self.cells.get_mut(usize::from(index)) {
            cell.down = down(u16::from(flags));
        }
    }

    /// The cells from the first to before the last that an operand names (2.9.127).
    fn range(&self, operand: &[u8]) -> Option<(usize, usize)> {
        let (first, limit) = (usize::from(byte(operand, 0)?), usize::from(byte(operand, 1)?).min(self.cells.len()));
        (first < limit).then_some((first, limit))
    }

    fn cells_in(&mut self, operand: &[u8]) -> &mut [CellLook] {
        let range = self.range(operand);
        range.and_then(|(first, limit)| self.cells.get_mut(first..limit)).unwrap_or_default()
    }
}

/// How a cell joins the one above: two bits (2.9.347).
const fn down(flags: u16) -> Merge {
    match flags & 0x0003 {
        0 => Merge::No,
        1 => Merge::Continue,
        _ => Merge::Restart,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The operand of a table of these edges and flags.
    fn definition(edges: &[i16], flags: &[u16]) -> Vec<u8> {
        let mut operand = vec![(edges.len() - 1) as u8];
        operand.extend(edges.iter().flat_map(|edge| edge.to_le_bytes()));
        for flags in flags {
            operand.extend(flags.to_le_bytes());
            operand.extend([0; 18]);
        }
        operand
    }

    fn defined(edges: &[i16], flags: &[u16]) -> Layout {
        let mut layout = Layout::default();
        layout.take(DEFINE_TABLE, &definition(edges, flags));
        layout
    }

    fn widths(layout: &Layout) -> Vec<i32> {
        layout.cells.iter().map(|cell| cell.width).collect()
    }

    #[test]
    fn edges_and_merges_are_read() {
        let layout = defined(&[-108, 892, 1892, 2892], &[0x0060, 0x0002, 0x0021]);
        assert_eq!((layout.left, widths(&layout)), (-108, vec![1000, 1000, 1000]));
        let merges: Vec<_> = layout.cells.iter().map(|cell| (cell.across, cell.down)).collect();
        let wanted = [(Merge::No, Merge::Restart), (Merge::Restart, Merge::No), (Merge::Continue, Merge::Continue)];
        assert_eq!(merges, wanted);
    }

    #[test]
    fn cells_of_which_nothing_is_said_are_plain() {
        let layout = defined(&[0, 10, 20], &[0x0060]);
        assert_eq!(layout.cells[1], CellLook { width: 10, ..CellLook::default() });
    }

    #[test]
    fn later_properties_change_the_row() {
        let mut layout = defined(&[0, 100, 200, 300], &[]);
        layout.take(0x7621, &[1, 2, 50, 0]);
        assert_eq!(widths(&layout), [100, 50, 50, 100, 100]);
        layout.take(0x5622, &[0, 2]);
        assert_eq!(widths(&layout), [50, 100, 100]);
        layout.take(0x7623, &[1, 9, 70, 0]);
        assert_eq!(widths(&layout), [50, 70, 70]);
        layout.take(0x5624, &[0, 2]);
        layout.take(0xD62B, &[2, 3]);
        let merges: Vec<_> = layout.cells.iter().map(|cell| (cell.across, cell.down)).collect();
        assert_eq!(merges, [(Merge::Restart, Merge::No), (Merge::Continue, Merge::No), (Merge::No, Merge::Restart)]);
        layout.take(0x5625, &[0, 3]);
        assert!(layout.cells.iter().all(|cell| cell.across == Merge::No));
    }

    #[test]
    fn a_row_can_be_made_of_inserted_cells_alone() {
        let mut layout = Layout::default();
        layout.take(0x7621, &[0, 3, 0xE8, 3]);
        assert_eq!(widths(&layout), [1000; 3]);
    }

    #[test]
    fn the_row_moves_with_its_left_edge() {
        let mut layout = defined(&[-108, 892], &[]);
        layout.take(0x9602, &[108, 0]);
        layout.take(0x9601, &[0, 0]);
        assert_eq!(layout.left, -108);
    }

    #[test]
    fn nonsense_changes_nothing_and_is_bounded() {
        let mut layout = defined(&[0, 100], &[]);
        for code in [DEFINE_TABLE, 0x7621, 0x5622, 0x7623, 0x5624, 0xD62B, 0x9601] {
            layout.take(code, &[]);
            layout.take(code, &[255]);
        }
        layout.take(0x5622, &[5, 3]);
        assert_eq!(widths(&layout), [100]);
        layout.take(0x7621, &[200, 200, 1, 0]);
        assert!(layout.cells.len() <= MAX_CELLS);
    }
}
