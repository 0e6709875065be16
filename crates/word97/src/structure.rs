//! Which paragraphs stand in which cell of which table [MS-DOC 2.4.3].
//!
//! A table is nothing but paragraphs: each says how deep it stands, a mark ends each cell, and a paragraph without text ends each row and
//! says what the row looked like.

use std::ops::Range;
use std::rc::Rc;

use crate::paragraph::Properties;

/// How many tables may stand in one another. Layout tables of three levels occur.
pub(crate) const MAX_NESTING: usize = 64;

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

impl Paragraph {
    /// How many tables it stands in.
    fn depth(&self) -> usize {
        // Only a cell or a row ends with this mark, whatever else is said.
        let least = usize::from(self.mark == Some(CELL_MARK));
        self.properties.depth().clamp(least, MAX_NESTING)
    }

    fn ends_row(&self, depth: usize) -> bool {
        if depth == 1 { self.properties.ends_row } else { self.properties.ends_inner_row }
    }

    fn ends_cell(&self, depth: usize) -> bool {
        if depth == 1 { self.mark == Some(CELL_MARK) } else { self.properties.ends_inner_cell }
    }
}

/// One thing after another: paragraphs are named by their index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    Paragraph(usize),
    Table(Vec<Row>),
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Row {
    /// The paragraphs of each cell.
    pub(crate) cells: Vec<Range<usize>>,
    /// The paragraph that ends it; `None` where it is missing.
    pub(crate) end: Option<usize>,
}

/// The paragraphs of `range` that stand `depth` tables deep, and the tables among them.
pub(crate) fn items(paragraphs: &[Paragraph], range: Range<usize>, depth: usize) -> Vec<Item> {
    let mut items = Vec::new();
    let mut index = range.start;
    while index < range.end {
        let rest = paragraphs.get(index..range.end).unwrap_or_default();
        let deeper = rest.iter().take_while(|paragraph| paragraph.depth() > depth).count();
        if deeper == 0 {
            items.push(Item::Paragraph(index));
            index += 1;
        } else {
            tables(paragraphs, index..index + deeper, depth + 1, &mut items);
            index += deeper;
        }
    }
    items
}

/// The tables that paragraphs make which all stand at least `depth` tables deep.
fn tables(paragraphs: &[Paragraph], range: Range<usize>, depth: usize, items: &mut Vec<Item>) {
    let mut table: Vec<Row> = Vec::new();
    let mut row = Row::default();
    let mut start = range.start;
    for index in range.clone() {
        let Some(paragraph) = paragraphs.get(index).filter(|paragraph| paragraph.depth() == depth) else { continue };
        if paragraph.ends_row(depth) {
            // Where the mark of the last cell is missing, its text stands before that of the row.
            if start < index || !paragraph.text.is_empty() {
                row.cells.push(start..index + usize::from(!paragraph.text.is_empty()));
            }
            row.end = Some(index);
            let is_other = table.last().is_some_and(|above| !is_same_table(paragraphs, above, &row));
            if is_other {
                items.push(Item::Table(std::mem::take(&mut table)));
            }
            table.push(std::mem::take(&mut row));
            start = index + 1;
        } else if paragraph.ends_cell(depth) {
            row.cells.push(start..index + 1);
            start = index + 1;
        }
    }
    if !row.cells.is_empty() {
        table.push(row);
    }
    if !table.is_empty() {
        items.push(Item::Table(table));
    }
    // What stands in no cell stands in no table of this depth.
    if start < range.end {
        items.extend(self::items(paragraphs, start..range.end, depth));
    }
}

fn is_same_table(paragraphs: &[Paragraph], above: &Row, below: &Row) -> bool {
    let identity = |row: &Row| Some(paragraphs.get(row.end?)?.properties.row.identity);
    identity(above) == identity(below)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Paragraphs from words: a depth, then `c` for the end of a cell, `r` for that of a row.
    fn paragraphs(words: &str) -> Vec<Paragraph> {
        let paragraph = |(index, word): (usize, &str)| {
            let depth: u8 = word[..1].parse().unwrap();
            let mut found = vec![0, 0, 0x16, 0x24, u8::from(depth > 0), 0x49, 0x66, depth, 0, 0, 0];
            let is_cell = word.contains(['c', 'r']);
            match word.as_bytes().get(1) {
                Some(b'r') if depth == 1 => found.extend([0x17, 0x24, 1]),
                Some(b'r') => found.extend([0x4B, 0x24, 1, 0x4C, 0x24, 1]),
                Some(b'c') if depth > 1 => found.extend([0x4B, 0x24, 1]),
                _ => {}
            }
            if let Some(style) = word.as_bytes().get(2) {
                found.extend([0x3A, 0x56, *style, 0]);
            }
            let mark = if is_cell && depth == 1 { CELL_MARK } else { 0x0D };
            let properties = Rc::new(Properties::new(&found, &mut |_| Vec::new()));
            Paragraph { text: index..index, mark: Some(mark), properties }
        };
        words.split(' ').enumerate().map(paragraph).collect()
    }

    /// The items as words: `p3` for a paragraph, `[0..2 2..3 | 4..5]` for a table.
    fn shown(words: &str) -> String {
        let paragraphs = paragraphs(words);
        let row = |row: &Row| row.cells.iter().map(|cell| format!("{cell:?}")).collect::<Vec<_>>().join(" ");
        let item = |item: &Item| match item {
            Item::Paragraph(index) => format!("p{index}"),
            Item::Table(rows) => format!("[{}]", rows.iter().map(row).collect::<Vec<_>>().join(" | ")),
        };
        let all = 0..paragraphs.len();
        items(&paragraphs, all, 0).iter().map(item).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn marks_make_cells_and_rows() {
        assert_eq!(shown("0 1 1c 1c 1r 1c 1c 1r 0"), "p0 [1..3 3..4 | 5..6 6..7] p8");
    }

    #[test]
    fn a_nested_table_stands_in_its_cell() {
        assert_eq!(shown("1 2c 2c 2r 1c 1r"), "[0..5]");
        let inner = paragraphs("1 2c 2c 2r 1c 1r");
        let found = items(&inner, 0..5, 1);
        assert!(
            matches!(&found[..], [Item::Paragraph(0), Item::Table(rows), Item::Paragraph(4)] if rows[0].cells == [1..2, 2..3])
        );
    }

    #[test]
    fn tables_that_differ_in_style_are_two() {
        assert_eq!(shown("1c 1r5 1c 1r5 1c 1r6"), "[0..1 | 2..3] [4..5]");
        assert_eq!(shown("1c 1r 1c 1r\u{b}"), "[0..1 | 2..3]");
    }

    #[test]
    fn a_table_without_its_end_is_read_all_the_same() {
        assert_eq!(shown("1c 1c"), "[0..1 1..2]");
        assert_eq!(shown("1c 1r 1 1"), "[0..1] p2 p3");
        assert_eq!(shown("3c 3r 0"), "[0..1] p2");
        assert_eq!(shown("1 1r"), "[0..1]");
    }

    #[test]
    fn nothing_is_too_deep() {
        let mut all = paragraphs("9c 9r");
        let deep = Properties::new(&[0, 0, 0x49, 0x66, 0xFF, 0xFF, 0xFF, 0x7F], &mut |_| Vec::new());
        all.push(Paragraph { text: 2..2, mark: None, properties: Rc::new(deep) });
        assert!(!items(&all, 0..3, 0).is_empty());
    }
}
