//! Where in the source a piece of text was read. Its [`Display`](fmt::Display) is the citation that users see everywhere.

use std::fmt;
use std::sync::Arc;

use smallvec::SmallVec;

/// The places of one thing, in the order of its text. Nearly always there is one, which takes no memory of its own.
pub type Origins = SmallVec<[Origin; 1]>;

/// One place in the source. Indices count from 0 here; the printed citation counts from 1, as people do.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// A box on a page (PDF): `p3 72,140..310,155`.
    Page {
        /// The page, from 0.
        page: u32,
        /// The box on it.
        bbox: BoundingBox,
    },
    /// A cell of a table in a flowing text (Word, web pages): `table 2 R4C10`. Row and column are those of the
    /// source's own grid, so they hold whatever reconciling does later.
    Story {
        /// Which story of the file.
        part: Part,
        /// The table, counted in the order in which the tables of the story begin, nested ones included.
        table: u32,
        /// The row.
        row: u32,
        /// The grid column.
        column: u32,
    },
    /// A paragraph of a flowing text: `paragraph 12`, counted over the whole story, those in tables included.
    Paragraph {
        /// Which story of the file.
        part: Part,
        /// The paragraph.
        paragraph: u32,
    },
    /// A cell of a sheet: `表1!C7`.
    Sheet {
        /// The sheet's name.
        sheet: Arc<str>,
        /// The row.
        row: u32,
        /// The column.
        column: u32,
    },
    /// A line of a text file: `line 43`, or one field of it: `line 43 field 2`.
    Line {
        /// The line.
        line: u32,
        /// Which of the parts that tabs, pipes or blanks make of the line.
        field: Option<u32>,
    },
    /// A property of the file that stands in no text, such as a `meta` tag of a web page: `property PubDate`.
    Property {
        /// Its name.
        name: Arc<str>,
    },
}

/// A story of a document: a run of text with a reading order of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The main text.
    Body,
    /// A document embedded in the main text (`w:altChunk`, a frame), counted from 0 in the order in which they are referred to.
    Chunk(u16),
}

/// A box in points (1/72 inch), y down, from the top left corner of the crop box as a person sees the page.
///
/// Kept in hundredths of a point, so that equal boxes are equal on every machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BoundingBox {
    /// Left edge, in hundredths of a point.
    pub left: i32,
    /// Upper edge.
    pub top: i32,
    /// Right edge.
    pub right: i32,
    /// Lower edge.
    pub bottom: i32,
}

impl BoundingBox {
    /// The smallest box that holds both.
    pub fn hull(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

impl Origin {
    /// The citation of the place without its column or field: what a warning about a whole row says.
    pub fn row_of(&self) -> String {
        match self {
            Self::Story { part, table, row, .. } => format!("{part}table {} R{}", table + 1, row + 1),
            Self::Sheet { sheet, row, .. } => format!("{sheet}!{}", row + 1),
            Self::Line { line, .. } => format!("line {}", line + 1),
            Self::Page { .. } | Self::Paragraph { .. } | Self::Property { .. } => self.to_string(),
        }
    }

    /// Writes the citation of the place. Every figure of a report has one, so this goes without the machinery of `write!`.
    ///
    /// # Errors
    /// Where nothing can be written.
    pub fn cite(&self, out: &mut impl fmt::Write) -> fmt::Result {
        match self {
            Self::Page { page, bbox } => {
                out.write_char('p')?;
                write_number(out, page + 1)?;
                write!(out, " {bbox}")
            }
            Self::Story { part, table, row, column } => {
                part.cite(out)?;
                [("table ", table), (" R", row), ("C", column)].into_iter().try_for_each(|(word, index)| {
                    out.write_str(word)?;
                    write_number(out, index + 1)
                })
            }
            Self::Paragraph { part, paragraph } => {
                part.cite(out)?;
                out.write_str("paragraph ")?;
                write_number(out, paragraph + 1)
            }
            Self::Sheet { sheet, row, column } => {
                out.write_str(sheet)?;
                out.write_char('!')?;
                write_letters(out, u64::from(*column) + 1)?;
                write_number(out, row + 1)
            }
            Self::Line { line, field } => {
                out.write_str("line ")?;
                write_number(out, line + 1)?;
                field.map_or(Ok(()), |field| {
                    out.write_str(" field ")?;
                    write_number(out, field + 1)
                })
            }
            Self::Property { name } => {
                out.write_str("property ")?;
                out.write_str(name)
            }
        }
    }
}

impl Part {
    fn cite(self, out: &mut impl fmt::Write) -> fmt::Result {
        match self {
            Self::Body => Ok(()),
            Self::Chunk(index) => {
                out.write_str("chunk ")?;
                write_number(out, u32::from(index) + 1)?;
                out.write_char(' ')
            }
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cite(f)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cite(f)
    }
}

impl fmt::Display for BoundingBox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = |hundredths: i32| (f64::from(hundredths) / 100.0).round();
        write!(f, "{},{}..{},{}", whole(self.left), whole(self.top), whole(self.right), whole(self.bottom))
    }
}

/// The digits of a number.
fn write_number(out: &mut impl fmt::Write, number: u32) -> fmt::Result {
    if number >= 10 {
        write_number(out, number / 10)?;
    }
    out.write_char(char::from(b'0' + (number % 10) as u8))
}

/// The letters of a sheet column counted from 1: A, B, … Z, AA.
fn write_letters(out: &mut impl fmt::Write, column: u64) -> fmt::Result {
    if column > 26 {
        write_letters(out, (column - 1) / 26)?;
    }
    out.write_char(char::from(b'A' + ((column - 1) % 26) as u8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_cited_counting_from_one() {
        let story = Origin::Story { part: Part::Body, table: 1, row: 3, column: 9 };
        assert_eq!(story.to_string(), "table 2 R4C10");
        assert_eq!(story.row_of(), "table 2 R4");
        assert_eq!(Origin::Sheet { sheet: "表1".into(), row: 6, column: 2 }.to_string(), "表1!C7");
        assert_eq!(Origin::Line { line: 42, field: Some(1) }.to_string(), "line 43 field 2");
        let bbox = BoundingBox { left: 7200, top: 14020, right: 31000, bottom: 15460 };
        assert_eq!(Origin::Page { page: 2, bbox }.to_string(), "p3 72,140..310,155");
        assert_eq!(Origin::Property { name: "PubDate".into() }.to_string(), "property PubDate");
        assert_eq!(Origin::Paragraph { part: Part::Chunk(0), paragraph: 4 }.to_string(), "chunk 1 paragraph 5");
    }

    #[test]
    fn columns_are_lettered_as_in_a_sheet() {
        for (column, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            assert_eq!(Origin::Sheet { sheet: "表".into(), row: 99, column }.to_string(), format!("表!{letters}100"));
        }
    }
}
