//! What was read of a story: its paragraphs, one after the other, each with the mark at its end.

use std::ops::Range;
use std::rc::Rc;

use nianbao_container::Error;
use nianbao_story::{Ends, MAX_NESTING, Marked, RowLook};

use crate::row::Layout;

/// How many runs a document may have. A report has some ten thousand; a hostile file hides every second letter.
const MAX_RUNS: usize = 4_000_000;

/// Refuses a document with more runs than any real one has.
pub(crate) fn check_runs(count: usize) -> Result<(), Error> {
    if count > MAX_RUNS {
        return Err(Error::TooLarge { what: "runs", limit: MAX_RUNS as u64 });
    }
    Ok(())
}

/// Something that stands in a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// Text: a part of that of the whole document.
    Text(Range<usize>),
    /// A new line begins.
    Line,
    /// A new page or column begins.
    Page,
    /// The text box with this index.
    TextBox(usize),
}

/// Whether something is to be seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Visibility {
    pub(crate) is_hidden: bool,
    /// It is deleted, or was moved away, which is not yet accepted.
    pub(crate) is_deleted: bool,
}

/// Something in a paragraph, and whether it is to be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) what: What,
    pub(crate) visibility: Visibility,
}

/// What is said of a paragraph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Properties {
    pub(crate) is_in_table: bool,
    /// How many tables it stands in, where it stands in one.
    pub(crate) nesting: Option<i32>,
    pub(crate) style: i32,
    /// The numbering, from 1.
    pub(crate) list: Option<i32>,
    /// Its level, from 0.
    pub(crate) level: i32,
    /// The level of the outline, from 0; 9 for body text.
    pub(crate) outline: Option<i32>,
}

impl Properties {
    fn depth(&self) -> usize {
        let nesting = self.nesting.and_then(|nesting| usize::try_from(nesting).ok()).unwrap_or_default();
        nesting.clamp(usize::from(self.is_in_table), MAX_NESTING)
    }
}

/// The number that stands before a paragraph, as far as the file spells it out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Number {
    /// It does not.
    #[default]
    Unknown,
    /// As it stands there.
    Shown(String),
    /// As it is to be, with its marks: there is no list.
    Counted(String),
    /// A bullet.
    Bullet,
}

/// A paragraph.
#[derive(Clone, Debug, Default)]
pub(crate) struct Paragraph {
    pub(crate) runs: Vec<Run>,
    pub(crate) properties: Properties,
    pub(crate) number: Number,
    /// Whether the mark at its end is to be seen; `None` where the story ends before.
    pub(crate) mark: Option<Visibility>,
    pub(crate) ends: Ends,
    pub(crate) depth: usize,
    /// The row that it ends.
    pub(crate) row: Option<Rc<Layout>>,
}

impl Marked for Paragraph {
    fn depth(&self) -> usize {
        self.depth
    }

    fn ends(&self) -> Ends {
        self.ends
    }

    fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    fn is_of_table_of(&self, other: &Self) -> bool {
        match (&self.row, &other.row) {
            (Some(one), Some(other)) => one.is_of_table_of(other),
            _ => true,
        }
    }

    fn look(&self) -> RowLook<'_> {
        self.row.as_deref().map_or_else(RowLook::default, Layout::look)
    }
}

/// A story in the making: the text itself, or that of a text box.
#[derive(Debug, Default)]
pub(crate) struct Story {
    pub(crate) paragraphs: Vec<Paragraph>,
    /// Of the paragraph that is being read.
    pub(crate) runs: Vec<Run>,
    pub(crate) number: Number,
    /// The row as it was described last; it holds for all that end before another is.
    pub(crate) layout: Rc<Layout>,
    /// The same for nested tables, which describe their rows apart.
    pub(crate) nested: Rc<Layout>,
    /// Where the cell of an outermost table began, as far as that is known.
    cell: Option<usize>,
    /// The row that is being read has cells already.
    in_row: bool,
    /// How deep the last cell of a nested table stood.
    inner_depth: usize,
}

impl Story {
    /// A row is described. Where none is being read, its first cell begins here.
    pub(crate) fn row_is_described(&mut self) {
        self.cell.get_or_insert(self.paragraphs.len());
    }

    /// A paragraph is over, with the mark at its end.
    pub(crate) fn end_paragraph(&mut self, properties: Properties, mark: Option<Visibility>) {
        let depth = properties.depth();
        self.push(Paragraph { properties, mark, depth, ..Paragraph::default() });
    }

    /// A cell of an outermost table is over.
    pub(crate) fn end_cell(&mut self, properties: Properties, mark: Visibility) {
        // Not every program says of every paragraph that it stands in a table.
        if let Some(start) = self.cell.filter(|_| self.in_row || !properties.is_in_table) {
            for paragraph in self.paragraphs.get_mut(start..).unwrap_or_default() {
                paragraph.depth = paragraph.depth.max(1);
            }
        }
        self.push(Paragraph { properties, mark: Some(mark), depth: 1, ends: Ends::Cell, ..Paragraph::default() });
        self.cell = Some(self.paragraphs.len());
        self.in_row = true;
    }

    /// A row of an outermost table is over.
    pub(crate) fn end_row(&mut self, properties: Properties, mark: Visibility) {
        let is_empty = !self.in_row && self.runs.is_empty();
        (self.cell, self.in_row) = (None, false);
        if !is_empty {
            let row = Some(Rc::clone(&self.layout));
            self.push(Paragraph {
                properties,
                mark: Some(mark),
                depth: 1,
                ends: Ends::Row,
                row,
                ..Paragraph::default()
            });
        }
    }

    /// A cell of a nested table is over.
    pub(crate) fn end_inner_cell(&mut self, properties: Properties, mark: Visibility) {
        let depth = properties.depth().max(2);
        self.inner_depth = depth;
        self.push(Paragraph { properties, mark: Some(mark), depth, ends: Ends::Cell, ..Paragraph::default() });
    }

    /// A row of a nested table is over: that of the cell before.
    pub(crate) fn end_inner_row(&mut self, properties: Properties, mark: Visibility, is_apart: bool) {
        let depth = if self.inner_depth > 0 { self.inner_depth } else { properties.depth().max(2) };
        let row = Some(Rc::clone(if is_apart { &self.nested } else { &self.layout }));
        self.push(Paragraph { properties, mark: Some(mark), depth, ends: Ends::Row, row, ..Paragraph::default() });
    }

    fn push(&mut self, paragraph: Paragraph) {
        let runs = std::mem::take(&mut self.runs);
        let number = std::mem::take(&mut self.number);
        self.paragraphs.push(Paragraph { runs, number, ..paragraph });
    }
}

/// All that was read.
#[derive(Debug, Default)]
pub(crate) struct Content {
    /// The text of all runs.
    pub(crate) text: String,
    /// The paragraphs of the text.
    pub(crate) main: Vec<Paragraph>,
    /// The paragraphs of the text boxes.
    pub(crate) boxes: Vec<Vec<Paragraph>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Properties =
        Properties { is_in_table: false, nesting: None, style: 0, list: None, level: 0, outline: None };
    const IN_TABLE: Properties = Properties { is_in_table: true, ..PLAIN };
    const SEEN: Visibility = Visibility { is_hidden: false, is_deleted: false };

    fn depths(story: &Story) -> Vec<usize> {
        story.paragraphs.iter().map(|paragraph| paragraph.depth).collect()
    }

    #[test]
    fn paragraphs_that_do_not_say_that_they_stand_in_a_cell_do() {
        let mut story = Story::default();
        story.end_paragraph(PLAIN, Some(SEEN));
        story.row_is_described();
        story.end_paragraph(PLAIN, Some(SEEN));
        story.end_cell(PLAIN, SEEN);
        story.end_paragraph(PLAIN, Some(SEEN));
        story.end_cell(IN_TABLE, SEEN);
        story.row_is_described();
        story.end_row(PLAIN, SEEN);
        story.end_paragraph(PLAIN, Some(SEEN));
        story.end_cell(PLAIN, SEEN);
        assert_eq!(depths(&story), [0, 1, 1, 1, 1, 1, 0, 1]);
    }

    #[test]
    fn a_paragraph_before_the_first_cell_stands_outside_where_the_file_says_which_stand_inside() {
        let mut story = Story::default();
        story.row_is_described();
        story.end_paragraph(PLAIN, Some(SEEN));
        story.end_cell(IN_TABLE, SEEN);
        assert_eq!(depths(&story), [0, 1]);
    }

    #[test]
    fn a_nested_row_ends_where_its_cells_stand() {
        let mut story = Story::default();
        story.end_inner_cell(Properties { nesting: Some(3), ..IN_TABLE }, SEEN);
        story.end_inner_row(IN_TABLE, SEEN, true);
        story.end_inner_cell(Properties { nesting: Some(2), ..IN_TABLE }, SEEN);
        story.end_inner_row(PLAIN, SEEN, true);
        assert_eq!(depths(&story), [3, 3, 2, 2]);
        assert_eq!(Properties { nesting: Some(i32::MAX), ..PLAIN }.depth(), MAX_NESTING);
    }
}
