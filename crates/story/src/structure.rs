//! Which paragraphs stand in which cell of which table, where a table is nothing but paragraphs ([MS-DOC] 2.4.3; RTF, "Table
//! Definitions").
//!
//! Each paragraph says how deep it stands, a mark ends each cell, and a paragraph without text ends each row and says what the row looked
//! like.

use std::ops::Range;

use crate::look::RowLook;

/// What the mark at the end of a paragraph ends besides it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ends {
    /// Nothing more.
    #[default]
    Paragraph,
    /// The cell.
    Cell,
    /// The row.
    Row,
}

/// A paragraph that may stand in tables.
pub trait Marked {
    /// How many tables it stands in, one within the other; at most [`MAX_NESTING`](crate::MAX_NESTING).
    fn depth(&self) -> usize;
    /// What its mark ends.
    fn ends(&self) -> Ends;
    /// Whether there is nothing in it.
    fn is_empty(&self) -> bool;
    /// Whether the row that it ends stands in one table with the one that `other` ends right before.
    fn is_of_table_of(&self, other: &Self) -> bool;
    /// What the row that it ends looks like.
    fn look(&self) -> RowLook<'_>;
}

/// One thing after another: paragraphs are named by their index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A paragraph.
    Paragraph(usize),
    /// A table, and how many tables its cells stand in: more than one more than the text around it, where the marks of those in between are
    /// missing.
    Table(usize, Vec<MarkedRow>),
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MarkedRow {
    /// The paragraphs of each cell.
    pub cells: Vec<Range<usize>>,
    /// The paragraph that ends it; `None` where it is missing.
    pub end: Option<usize>,
}

/// The paragraphs of `range` that stand `depth` tables deep, and the tables among them.
pub fn items(paragraphs: &[impl Marked], range: Range<usize>, depth: usize) -> Vec<Item> {
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
fn tables(paragraphs: &[impl Marked], range: Range<usize>, depth: usize, items: &mut Vec<Item>) {
    let mut table: Vec<MarkedRow> = Vec::new();
    let mut row = MarkedRow::default();
    let mut start = range.start;
    for index in range.clone() {
        let Some(paragraph) = paragraphs.get(index).filter(|paragraph| paragraph.depth() == depth) else { continue };
        match paragraph.ends() {
            Ends::Row => {
                // Where the mark of the last cell is missing, its text stands before that of the row.
                if start < index || !paragraph.is_empty() {
                    row.cells.push(start..index + usize::from(!paragraph.is_empty()));
                }
                row.end = Some(index);
                if table.last().is_some_and(|above| !is_same_table(paragraphs, above, &row)) {
                    items.push(Item::Table(depth, std::mem::take(&mut table)));
                }
                table.push(std::mem::take(&mut row));
                start = index + 1;
            }
            Ends::Cell => {
                row.cells.push(start..index + 1);
                start = index + 1;
            }
            Ends::Paragraph => {}
        }
    }
    if !row.cells.is_empty() {
        table.push(row);
    }
    if !table.is_empty() {
        items.push(Item::Table(depth, table));
    }
    // What stands in no cell stands in no table of this depth.
    if start < range.end {
        items.extend(self::items(paragraphs, start..range.end, depth));
    }
}

fn is_same_table(paragraphs: &[impl Marked], above: &MarkedRow, below: &MarkedRow) -> bool {
    let end = |row: &MarkedRow| paragraphs.get(row.end?);
    match (end(above), end(below)) {
        (Some(above), Some(below)) => below.is_of_table_of(above),
        (above, below) => above.is_none() && below.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Word {
        depth: usize,
        ends: Ends,
        style: u8,
        is_empty: bool,
    }

    impl Marked for Word {
        fn depth(&self) -> usize {
            self.depth
        }
        fn ends(&self) -> Ends {
            self.ends
        }
        fn is_empty(&self) -> bool {
            self.is_empty
        }
        fn is_of_table_of(&self, other: &Self) -> bool {
            self.style == other.style
        }
        fn look(&self) -> RowLook<'_> {
            RowLook::default()
        }
    }

    /// Paragraphs from words: a depth, then `c` for the end of a cell, `r` for that of a row, then a style; `t` for text before a mark.
    fn paragraphs(words: &str) -> Vec<Word> {
        let paragraph = |word: &str| Word {
            depth: word[..1].parse().unwrap(),
            ends: match word.as_bytes().get(1) {
                Some(b'c') => Ends::Cell,
                Some(b'r') => Ends::Row,
                _ => Ends::Paragraph,
            },
            style: word.as_bytes().get(2).copied().unwrap_or_default(),
            is_empty: !word.contains('t'),
        };
        words.split(' ').map(paragraph).collect()
    }

    /// The items as words: `p3` for a paragraph, `[0..2 2..3 | 4..5]` for a table.
    fn shown(words: &str) -> String {
        let paragraphs = paragraphs(words);
        let row = |row: &MarkedRow| row.cells.iter().map(|cell| format!("{cell:?}")).collect::<Vec<_>>().join(" ");
        let item = |item: &Item| match item {
            Item::Paragraph(index) => format!("p{index}"),
            Item::Table(_, rows) => format!("[{}]", rows.iter().map(row).collect::<Vec<_>>().join(" | ")),
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
            matches!(&found[..], [Item::Paragraph(0), Item::Table(2, rows), Item::Paragraph(4)] if rows[0].cells == [1..2, 2..3])
        );
    }

    #[test]
    fn tables_that_differ_in_style_are_two() {
        assert_eq!(shown("1c 1r5 1c 1r5 1c 1r6"), "[0..1 | 2..3] [4..5]");
    }

    #[test]
    fn a_table_without_its_end_is_read_all_the_same() {
        assert_eq!(shown("1c 1c"), "[0..1 1..2]");
        assert_eq!(shown("1c 1r 1 1"), "[0..1] p2 p3");
        assert_eq!(shown("3c 3r 0"), "[0..1] p2");
        assert_eq!(shown("1 1r"), "[0..1]");
        let lost = paragraphs("3c 3c 3r");
        assert!(matches!(&items(&lost, 0..3, 0)[..], [Item::Table(3, rows)] if rows[0].cells.len() == 2));
        assert_eq!(shown("1c 1rxt"), "[0..1 1..2]");
    }
}
