//! A paragraph, and the mark at its end [MS-DOC 2.4.3].

use std::ops::Range;
use std::rc::Rc;

use nianbao_story::{Ends, MAX_NESTING, Marked, RowLook};

use crate::paragraph::Properties;

/// The mark at the end of a cell or row of an outermost table.
pub(crate) const CELL_MARK: u16 = 0x07;

/// A paragraph.
#[derive(Clone, Debug)]
pub(crate) struct Paragraph {
    /// Its characters, without the mark at its end.
    pub(crate) text: Range<usize>,
    /// The mark at its end; `None` where the story ends before.
    pub(crate) mark: Option<u16>,
    pub(crate) properties: Rc<Properties>,
}

impl Marked for Paragraph {
    fn depth(&self) -> usize {
        // Only a cell or a row ends with this mark, whatever else is said.
        let least = usize::from(self.mark == Some(CELL_MARK));
        self.properties.depth().clamp(least, MAX_NESTING)
    }

    fn ends(&self) -> Ends {
        let (row, cell) = match self.depth() {
            1 => (self.properties.ends_row, self.mark == Some(CELL_MARK)),
            _ => (self.properties.ends_inner_row, self.properties.ends_inner_cell),
        };
        match (row, cell) {
            (true, _) => Ends::Row,
            (false, true) => Ends::Cell,
            (false, false) => Ends::Paragraph,
        }
    }

    fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    fn is_of_table_of(&self, other: &Self) -> bool {
        self.properties.row.identity == other.properties.row.identity
    }

    fn look(&self) -> RowLook<'_> {
        let row = &self.properties.row;
        RowLook { left: row.left, cells: &row.cells, is_header: row.is_header }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nianbao_story::{Item, items};

    /// A paragraph that stands `depth` tables deep, with these properties too.
    fn paragraph(index: usize, depth: u8, mark: u16, more: &[u8]) -> Paragraph {
        let mut found = vec![0, 0, 0x16, 0x24, u8::from(depth > 0), 0x49, 0x66, depth, 0, 0, 0];
        found.extend(more);
        let properties = Rc::new(Properties::new(&found, &mut |_| Vec::new()));
        Paragraph { text: index..index, mark: Some(mark), properties }
    }

    const ROW: [u8; 3] = [0x17, 0x24, 1];
    const INNER_CELL: [u8; 3] = [0x4B, 0x24, 1];
    const INNER_ROW: [u8; 6] = [0x4B, 0x24, 1, 0x4C, 0x24, 1];

    #[test]
    fn marks_are_told_by_depth() {
        let all = [
            paragraph(0, 2, 0x0D, &INNER_CELL),
            paragraph(1, 2, 0x0D, &INNER_ROW),
            paragraph(2, 1, CELL_MARK, &[]),
            paragraph(3, 1, CELL_MARK, &ROW),
        ];
        assert_eq!(all.each_ref().map(Marked::ends), [Ends::Cell, Ends::Row, Ends::Cell, Ends::Row]);
        let found = items(&all, 0..4, 0);
        assert!(matches!(&found[..], [Item::Table(1, rows)] if rows[0].cells.first() == Some(&(0..3))), "{found:?}");
    }

    #[test]
    fn rows_of_tables_that_differ_in_style_are_told_apart() {
        let styled = |style: u8| paragraph(0, 1, CELL_MARK, &[&ROW[..], &[0x3A, 0x56, style, 0]].concat());
        let plain = paragraph(0, 1, CELL_MARK, &ROW);
        assert!(styled(5).is_of_table_of(&styled(5)) && !styled(6).is_of_table_of(&styled(5)));
        assert!(plain.is_of_table_of(&styled(11)));
    }

    #[test]
    fn nothing_is_too_deep() {
        let deep = Properties::new(&[0, 0, 0x49, 0x66, 0xFF, 0xFF, 0xFF, 0x7F], &mut |_| Vec::new());
        let deep = Paragraph { text: 2..2, mark: None, properties: Rc::new(deep) };
        assert_eq!(deep.depth(), MAX_NESTING);
    }
}
