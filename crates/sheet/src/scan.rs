//! What the XML of a sheet says that calamine does not hand over: hidden rows and columns, merged cells, formulas without a result.
//!
//! One glance from `<` to `<`: only the tags that matter are looked into, so it takes a fraction of the time that reading the cells does.
//! Names are compared without their prefix, as some programs write `x:row`.

use std::collections::HashMap;
use std::ops::Range;

use memchr::{memchr, memmem};
use nianbao_model::{Area, Span};

use crate::book::{COLUMNS, ROWS};

/// What a part of a sheet says besides its cells.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    pub(crate) hidden_rows: Vec<Range<u32>>,
    pub(crate) hidden_columns: Vec<Range<u32>>,
    pub(crate) merges: Vec<Area>,
    /// Formulas whose result is missing, empty or 0, by row and column.
    pub(crate) formulas: HashMap<(u32, u32), Doubtful>,
    /// A place that is stated with more letters or digits than any sheet has: calamine's arithmetic on it goes wrong.
    pub(crate) has_impossible_place: bool,
}

/// A formula whose result may never have been worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Doubtful {
    /// The formula; empty where it is shared with another cell.
    pub(crate) formula: String,
    /// There is no result at all.
    pub(crate) is_missing: bool,
}

/// How many merged areas a sheet may have: as many as the largest forms seen, a hundred times over.
const MAX_MERGES: usize = 200_000;

/// A start tag, from its name to before its `>`, and where its content begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tag<'a> {
    text: &'a [u8],
    rest: &'a [u8],
}

/// Every tag of a part, in order: the local name, and the tag; an end tag's name begins with `/`.
pub(crate) fn tags(xml: &[u8]) -> impl Iterator<Item = (&[u8], Tag<'_>)> {
    let mut rest = xml;
    std::iter::from_fn(move || {
        loop {
            rest = rest.get(memchr(b'<', rest)? + 1..)?;
            match rest {
                [b'!', b'-', b'-', ..] => rest = after(rest, b"-->")?,
                [b'!', b'[', ..] => rest = after(rest, b"]]>")?,
                [b'!' | b'?', ..] => {}
                [b'/', end @ ..] => {
                    let length = name_length(end);
                    let name = end.get(..length)?;
                    // The slash is kept where the name has no prefix; with one, the name alone says enough to whoever asks.
                    let with_slash = rest.get(..=length)?;
                    let shown = if name.contains(&b':') { name } else { with_slash };
                    return Some((shown, Tag { text: name, rest: end }));
                }
                _ => {
                    let name = rest.get(..name_length(rest))?;
                    return Some((local(name), Tag { text: rest, rest }));
                }
            }
        }
    })
}

fn after<'a>(text: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    text.get(memmem::find(text, mark)? + mark.len()..)
}

fn name_length(text: &[u8]) -> usize {
    text.iter().position(|c| matches!(c, b' ' | b'>' | b'/' | b'\t' | b'\r' | b'\n')).unwrap_or(text.len())
}

fn local(name: &[u8]) -> &[u8] {
    memchr(b':', name).and_then(|colon| name.get(colon + 1..)).unwrap_or(name)
}

impl<'a> Tag<'a> {
    /// The attributes: their names without prefix, and their values as they stand there.
    pub(crate) fn attributes(self) -> impl Iterator<Item = (&'a [u8], &'a str)> {
        let mut rest = self.text.get(name_length(self.text)..).unwrap_or_default();
        std::iter::from_fn(move || {
            rest = rest.trim_ascii_start();
            if matches!(rest.first(), None | Some(b'>' | b'/')) {
                return None;
            }
            let equals = memchr(b'=', rest)?;
            let name = rest.get(..equals)?.trim_ascii();
            let quoted = rest.get(equals + 1..)?.trim_ascii_start();
            let quote = *quoted.first()?;
            let value = quoted.get(1..)?;
            let end = memchr(quote, value)?;
            rest = value.get(end + 1..)?;
            Some((local(name), std::str::from_utf8(value.get(..end)?).unwrap_or_default()))
        })
    }

    pub(crate) fn attribute(self, wanted: &str) -> Option<&'a str> {
        self.attributes().find(|(name, _)| *name == wanted.as_bytes()).map(|(_, value)| value)
    }

    fn flag(self, wanted: &str) -> bool {
        matches!(self.attribute(wanted), Some("1" | "true" | "on"))
    }

    fn number(self, wanted: &str) -> Option<u32> {
        self.attribute(wanted)?.trim().parse().ok()
    }

    /// The text up to the next tag; empty for an element without content.
    fn content(self) -> &'a str {
        let Some(end) = tag_end(self.rest) else { return "" };
        let (tag, rest) = self.rest.split_at_checked(end).unwrap_or_default();
        if tag.ends_with(b"/") {
            return "";
        }
        let text = rest.get(1..).unwrap_or_default();
        let text = text.get(..memchr(b'<', text).unwrap_or(text.len())).unwrap_or_default();
        std::str::from_utf8(text).unwrap_or_default()
    }
}

/// Where the `>` of a tag stands; one in a quoted value does not count.
fn tag_end(text: &[u8]) -> Option<usize> {
    let mut quote = None;
    text.iter().position(|&c| match quote {
        Some(open) => {
            if c == open {
                quote = None;
            }
            false
        }
        None if matches!(c, b'"' | b'\'') => {
            quote = Some(c);
            false
        }
        None => c == b'>',
    })
}

/// The cell that is being passed.
#[derive(Clone, Copy, Debug)]
struct Passing<'a> {
    tag: Tag<'a>,
    /// The formula, and whether a value was seen that is something.
    formula: Option<&'a str>,
    value: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    Missing,
    Empty,
    Zero,
    Something,
}

/// Everything that the XML of a sheet says besides its cells.
pub(crate) fn marks(xml: &[u8]) -> Marks {
    let mut marks = Marks::default();
    // Rows and cells that do not say where they are follow the one before.
    let (mut row, mut column) = (None::<u32>, None::<u32>);
    let mut cell: Option<Passing<'_>> = None;
    for (name, tag) in tags(xml) {
        match name {
            b"c" => {
                end_cell(&mut marks, cell.take(), row, column);
                let place = tag.attribute("r");
                marks.has_impossible_place |= place.is_some_and(is_impossible);
                column = place.and_then(cell_reference).map(|(_, column)| column).or_else(|| next(column));
                cell = Some(Passing { tag, formula: None, value: Value::Missing });
            }
            b"f" => {
                if let Some(cell) = &mut cell {
                    cell.formula = Some(tag.content());
                }
            }
            b"v" => {
                // Only beside a formula does it matter.
                if let Some(cell) = cell.as_mut().filter(|cell| cell.formula.is_some()) {
                    cell.value = value(tag.content());
                }
            }
            b"row" => {
                end_cell(&mut marks, cell.take(), row, column);
                marks.has_impossible_place |= tag.attribute("r").is_some_and(is_impossible);
                row = tag.number("r").and_then(|number| number.checked_sub(1)).or_else(|| next(row));
                column = None;
                let is_hidden = tag.flag("hidden") || tag.attribute("ht").is_some_and(|height| height.trim() == "0");
                marks.hidden_rows.extend(row.filter(|_| is_hidden).map(|row| row..row.saturating_add(1)));
            }
            b"dimension" => {
                marks.has_impossible_place |=
                    tag.attribute("ref").is_some_and(|text| is_impossible(text) || is_reversed(text));
            }
            b"col" => {
                let is_hidden = tag.flag("hidden") || tag.attribute("width").is_some_and(|width| width.trim() == "0");
                if let (true, Some(first), Some(last)) = (is_hidden, tag.number("min"), tag.number("max")) {
                    marks.hidden_columns.push(first.saturating_sub(1)..last.min(COLUMNS));
                }
            }
            b"mergeCell" if marks.merges.len() < MAX_MERGES => {
                marks.merges.extend(tag.attribute("ref").and_then(area));
            }
            b"/c" | b"/sheetData" => end_cell(&mut marks, cell.take(), row, column),
            _ => {}
        }
    }
    end_cell(&mut marks, cell, row, column);
    marks
}

#[expect(clippy::unnecessary_wraps, reason = "it stands where there may be none")]
fn next(index: Option<u32>) -> Option<u32> {
    Some(index.map_or(0, |index| index.saturating_add(1)))
}

/// Whether a part of a reference has more letters or digits than those of the last cell of a sheet, a digit given.
fn is_impossible(reference: &str) -> bool {
    reference.split(':').any(|place| {
        let letters = place.bytes().filter(u8::is_ascii_alphabetic).count();
        letters > 3 || place.len() - letters > "1048576".len() + 1
    })
}

/// Whether a range ends before it begins: calamine counts its rows without a look.
fn is_reversed(range: &str) -> bool {
    let ends = range.split_once(':').and_then(|(one, other)| cell_reference(one).zip(cell_reference(other)));
    ends.is_some_and(|(one, other)| other.0 < one.0 || other.1 < one.1)
}

fn value(text: &str) -> Value {
    match text.trim() {
        "" => Value::Empty,
        text if text.parse::<f64>().is_ok_and(|number| number == 0.0) => Value::Zero,
        _ => Value::Something,
    }
}

fn end_cell(marks: &mut Marks, cell: Option<Passing<'_>>, row: Option<u32>, column: Option<u32>) {
    let Some(Passing { tag, formula: Some(formula), value }) = cell else { return };
    if value == Value::Something {
        return;
    }
    // A formula may well come to an empty text.
    let is_text = tag.attribute("t") == Some("str");
    let is_missing = value == Value::Missing || (value == Value::Empty && !is_text);
    let Some(at) = tag.attribute("r").and_then(cell_reference).or_else(|| row.zip(column)) else { return };
    let formula = quick_xml::escape::unescape(formula).unwrap_or_else(|_| formula.into()).into_owned();
    marks.formulas.insert(at, Doubtful { formula, is_missing });
}

/// `C7`, `$C$7`: row and column, from 0.
pub(crate) fn cell_reference(text: &str) -> Option<(u32, u32)> {
    let text = text.trim().as_bytes();
    let (mut column, mut row) = (0_u32, 0_u32);
    for c in text {
        match c.to_ascii_uppercase() {
            b'$' => {}
            letter @ b'A'..=b'Z' if row == 0 => {
                column = column.checked_mul(26)?.checked_add(u32::from(letter - b'A') + 1)?;
            }
            digit @ b'0'..=b'9' => row = row.checked_mul(10)?.checked_add(u32::from(digit - b'0'))?,
            _ => return None,
        }
    }
    let (row, column) = (row.checked_sub(1)?, column.checked_sub(1)?);
    (row < ROWS && column < COLUMNS).then_some((row, column))
}

/// `A1:C3`, in either direction.
pub(crate) fn area(text: &str) -> Option<Area> {
    let (one, other) = text.split_once(':').unwrap_or((text, text));
    let ((row, column), (other_row, other_column)) = (cell_reference(one)?, cell_reference(other)?);
    let span = |one: u32, other: u32| Span::one(one as usize).hull(Span::one(other as usize));
    Some(Area { rows: span(row, other_row), columns: span(column, other_column) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_in_every_writing() {
        assert_eq!(cell_reference("A1"), Some((0, 0)));
        assert_eq!(cell_reference("$XFD$1048576"), Some((1_048_575, 16_383)));
        for wrong in ["", "1A", "A", "7", "A0", "XFE1", "A1048577", "A99999999999", "ÄA1"] {
            assert_eq!(cell_reference(wrong), None, "{wrong}");
        }
        assert_eq!(area("C3:A1"), area("A1:C3"));
        assert_eq!(area("B2").map(Area::corner), Some((1, 1)));
    }

    #[test]
    fn places_that_no_sheet_has_are_noticed() {
        let is_noticed = |xml: &str| marks(xml.as_bytes()).has_impossible_place;
        assert!(is_noticed(r#"<row r="1"><c r="AAAA1"/></row>"#));
        assert!(is_noticed(r#"<row r="99999999999"/>"#));
        assert!(is_noticed(r#"<dimension ref="A1:B99999999999"/>"#));
        assert!(!is_noticed(
            r#"<dimension ref="A1:XFD1048576"/><row r="1048576"><c r="XFD1048576"/><c r="$A$1"/></row>"#
        ));
    }

    #[test]
    fn hidden_rows_and_columns_and_merged_cells_are_found() {
        let xml = br#"<x:worksheet xmlns:x="u"><x:cols><x:col min="2" max="3" hidden="1"/><x:col min='4' max='4' width="9"/></x:cols>
            <!-- <row r="9" hidden="1"> --><x:sheetData><x:row r="3" ht="12" hidden = "true"><x:c r="A3"/></x:row><x:row ht="0"/></x:sheetData>
            <x:mergeCells><x:mergeCell ref="A1:B2"/><x:mergeCell ref="nonsense"/></x:mergeCells></x:worksheet>"#;
        let marks = marks(xml);
        assert_eq!(marks.hidden_rows, [2..3, 3..4]);
        assert_eq!(marks.hidden_columns.first(), Some(&(1..3)));
        assert_eq!(marks.merges, [area("A1:B2").unwrap()]);
        assert!(marks.formulas.is_empty());
    }

    #[test]
    fn formulas_without_a_result_are_found() {
        let xml = br#"<sheetData><row r="1"><c r="A1"><f>SUM(B1:C1)</f></c><c r="B1"><f>1&lt;2</f><v></v></c><c><f t="shared" si="0"/><v>0</v></c>
            <c r="D1" t="str"><f>T(A9)</f><v></v></c><c r="E1"><f>2</f><v>2</v></c><c r="F1"><v>0</v></c></row>
            <row><c><v>1</v></c><c><f>X</f></c></row></sheetData>"#;
        let found = marks(xml).formulas;
        let get =
            |at: &str| found.get(&cell_reference(at).unwrap()).map(|found| (found.formula.as_str(), found.is_missing));
        assert_eq!(get("A1"), Some(("SUM(B1:C1)", true)));
        assert_eq!(get("B1"), Some(("1<2", true)));
        assert_eq!(get("C1"), Some(("", false)));
        assert_eq!(get("D1"), Some(("T(A9)", false)));
        assert_eq!((get("E1"), get("F1")), (None, None));
        assert_eq!(get("B2"), Some(("X", true)));
    }

    #[test]
    fn xml_that_breaks_off_is_no_fault() {
        let xml = br#"<sheetData><row r="1"><c r="A1"><f>SUM</f><v>0</v></c></row></sheetData><mergeCell ref="A1:B2"/><!-- x"#;
        for length in 0..xml.len() {
            let _ = marks(&xml[..length]);
        }
    }
}
