//! The parts of a citation: `table 2 R4C10`, `表1!C7`, `p3 72,140..310,155`, `line 43 field 2`. They count from 1, as it does.

/// The parts of one place; what its kind does not have is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place<'a> {
    pub(crate) page: Option<i64>,
    /// Left, top, right, bottom, in points.
    pub(crate) bbox: Option<[i64; 4]>,
    pub(crate) chunk: Option<i64>,
    pub(crate) table: Option<i64>,
    pub(crate) row: Option<i64>,
    pub(crate) column: Option<i64>,
    pub(crate) sheet: Option<&'a str>,
    pub(crate) cell: Option<&'a str>,
    pub(crate) line: Option<i64>,
    pub(crate) field: Option<i64>,
}

impl<'a> Place<'a> {
    /// Takes a citation apart. One that is of no known shape, or that of a paragraph or a property, has no parts.
    pub(crate) fn of(citation: &'a str) -> Self {
        // A sheet may be called anything, but only its citations end in a cell.
        sheet(citation)
            .or_else(|| page(citation))
            .or_else(|| line(citation))
            .or_else(|| story(citation))
            .unwrap_or_default()
    }
}

fn sheet(citation: &str) -> Option<Place<'_>> {
    let (sheet, cell) = citation.rsplit_once('!')?;
    let digits = cell.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = cell.split_at(digits);
    let letter = |c: char| c.is_ascii_uppercase().then(|| i64::from(u32::from(c) - u32::from('A')) + 1);
    let column = letters.chars().try_fold(0_i64, |column, c| column.checked_mul(26)?.checked_add(letter(c)?))?;
    if column == 0 {
        return None;
    }
    Some(Place {
        sheet: Some(sheet),
        cell: Some(cell),
        row: Some(number(row)?),
        column: Some(column),
        ..Place::default()
    })
}

fn page(citation: &str) -> Option<Place<'_>> {
    let (page, bbox) = citation.strip_prefix('p')?.split_once(' ')?;
    let (from, to) = bbox.split_once("..")?;
    let ((left, top), (right, bottom)) = (from.split_once(',')?, to.split_once(',')?);
    let edge = |text: &str| text.parse::<i64>().ok();
    Some(Place {
        page: Some(number(page)?),
        bbox: Some([edge(left)?, edge(top)?, edge(right)?, edge(bottom)?]),
        ..Place::default()
    })
}

fn line(citation: &str) -> Option<Place<'_>> {
    let rest = citation.strip_prefix("line ")?;
    let (line, field) = match rest.split_once(" field ") {
        Some((line, field)) => (line, Some(number(field)?)),
        None => (rest, None),
    };
    Some(Place { line: Some(number(line)?), field, ..Place::default() })
}

fn story(citation: &str) -> Option<Place<'_>> {
    let (chunk, rest) = match citation.strip_prefix("chunk ") {
        Some(rest) => rest.split_once(' ').map(|(chunk, rest)| (number(chunk), rest))?,
        None => (None, citation),
    };
    let (table, cell) = rest.strip_prefix("table ")?.split_once(' ')?;
    let (row, column) = cell.strip_prefix('R')?.split_once('C')?;
    Some(Place {
        chunk,
        table: Some(number(table)?),
        row: Some(number(row)?),
        column: Some(number(column)?),
        ..Place::default()
    })
}

/// A number counted from 1.
fn number(text: &str) -> Option<i64> {
    text.parse().ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use nianbao::{BoundingBox, Origin, Part};
    use proptest::prelude::*;

    fn one(index: u32) -> Option<i64> {
        Some(i64::from(index) + 1)
    }

    proptest! {
        #[test]
        fn every_citation_comes_apart(
            (page, table, row, column, line) in (0..9999u32, 0..99u32, 0..99_999u32, 0..16_384u32, any::<u32>()),
            (left, top, right, bottom) in (-9_999..99_999i32, -9_999..99_999i32, 0..99_999i32, 0..99_999i32),
            (chunk, field) in (proptest::option::of(any::<u16>()), proptest::option::of(0..99u32)),
            sheet in "\\PC{0,8}",
        ) {
            let points = |hundredths: i32| (f64::from(hundredths) / 100.0).round() as i64;
            let text = Origin::Page { page, bbox: BoundingBox { left, top, right, bottom } }.to_string();
            let bbox = Some([points(left), points(top), points(right), points(bottom)]);
            prop_assert_eq!(Place::of(&text), Place { page: one(page), bbox, ..Place::default() });

            let part = chunk.map_or(Part::Body, Part::Chunk);
            let text = Origin::Story { part, table, row, column }.to_string();
            let chunk = chunk.and_then(|chunk| one(chunk.into()));
            let (table, row, column) = (one(table), one(row), one(column));
            prop_assert_eq!(Place::of(&text), Place { chunk, table, row, column, ..Place::default() });

            let text = Origin::Line { line, field }.to_string();
            let field = field.and_then(one);
            prop_assert_eq!(Place::of(&text), Place { line: one(line), field, ..Place::default() });

            let origin = Origin::Sheet { sheet: sheet.as_str().into(), row: line, column: 27 };
            let text = origin.to_string();
            let place = Place::of(&text);
            let cell = format!("AB{}", u64::from(line) + 1);
            prop_assert_eq!((place.sheet, place.cell), (Some(sheet.as_str()), Some(cell.as_str())));
            prop_assert_eq!((place.row, place.column, place.table), (one(line), Some(28), None));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,24}") {
            let _ = Place::of(&text);
        }
    }

    #[test]
    fn what_is_no_cell_has_no_parts() {
        for citation in ["paragraph 12", "chunk 1 paragraph 3", "property PubDate", "", "p3", "x!", "x!7", "x!a7"] {
            assert_eq!(Place::of(citation), Place::default(), "{citation}");
        }
    }
}
