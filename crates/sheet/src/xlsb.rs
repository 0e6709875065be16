//! XLSB: the parts of a workbook in a binary form [MS-XLSB].
//!
//! Read by ourselves: calamine gives no number formats, merged cells or hidden rows of these files, and stops the program on records that
//! are too short.

use std::collections::HashMap;

use nianbao_container::{Content, Error, Package};
use nianbao_model::{Area, Format, Span};

use crate::biff::{error_name, f64_at, rk, u16_at, u32_at};
use crate::book::{Book, Filler, Formula, Full, Sheet, Styles};
use crate::parts::{list_of, main_part, relationships, resolved};

/// A part may have so many bytes once inflated.
const MAX_PART: usize = 64 << 20;

/// How many strings a workbook may hold.
const MAX_STRINGS: usize = 1 << 21;

/// Kinds of records [MS-XLSB 2.3.2].
mod kind {
    pub(super) const ROW: u32 = 0;
    pub(super) const CELL_BLANK: u32 = 1;
    pub(super) const CELL_RK: u32 = 2;
    pub(super) const CELL_ERROR: u32 = 3;
    pub(super) const CELL_BOOLEAN: u32 = 4;
    pub(super) const CELL_REAL: u32 = 5;
    pub(super) const CELL_TEXT: u32 = 6;
    pub(super) const CELL_SHARED: u32 = 7;
    pub(super) const FORMULA_TEXT: u32 = 8;
    pub(super) const FORMULA_NUMBER: u32 = 9;
    pub(super) const FORMULA_BOOLEAN: u32 = 10;
    pub(super) const FORMULA_ERROR: u32 = 11;
    pub(super) const STRING: u32 = 19;
    pub(super) const FORMAT: u32 = 44;
    pub(super) const BORDER: u32 = 46;
    pub(super) const XF: u32 = 47;
    pub(super) const COLUMNS: u32 = 60;
    pub(super) const CELL_RICH: u32 = 62;
    pub(super) const SHEET: u32 = 156;
    pub(super) const WORKBOOK: u32 = 153;
    pub(super) const CALCULATION: u32 = 157;
    pub(super) const MERGE: u32 = 176;
    pub(super) const CELL_XFS: u32 = 617;
    pub(super) const END_CELL_XFS: u32 = 618;
}

/// Whether the package holds a workbook in the binary form.
pub(crate) fn is_workbook(package: &mut Package<'_>) -> bool {
    main_part(package).is_ok_and(|part| part.is_some_and(|part| part.ends_with(".bin")))
}

/// Reads a workbook.
pub(crate) fn read(package: &mut Package<'_>) -> Result<Book, Error> {
    let main = main_part(package)?.unwrap_or_default();
    let (list, folder) = list_of(&main);
    let targets = relationships(package, &list)?;
    let content = part(package, &main)?.ok_or_else(|| Error::corrupt("no workbook in it"))?;
    let of_kind = |kind: &str| {
        let found = targets.values().find(|(other, _)| other.ends_with(kind));
        found.map(|(_, target)| resolved(folder, target))
    };
    let styles = match of_kind("/styles") {
        Some(name) => part(package, &name)?.map_or_else(Styles::new, |content| styles(&content.bytes)),
        None => Styles::new(),
    };
    let strings = match of_kind("/sharedStrings") {
        Some(name) => part(package, &name)?.map_or_else(Vec::new, |content| strings(&content.bytes)),
        None => Vec::new(),
    };
    let mut filler = Filler::new(Format::Xlsb, styles);
    let mut is_uncalculated = false;
    let mut listed = Vec::new();
    for (kind, data) in Records(&content.bytes) {
        match kind {
            kind::WORKBOOK => filler.from_1904 = u32_at(data, 0).is_some_and(|flags| flags & 1 != 0),
            kind::CALCULATION => is_uncalculated = u16_at(data, 24).is_some_and(|flags| flags & 1 != 0),
            kind::SHEET => listed.extend(listed_sheet(data)),
            _ => {}
        }
    }
    for (id, mut sheet) in listed {
        let target = targets.get(&id).filter(|(kind, _)| kind.ends_with("/worksheet"));
        let Some((_, target)) = target else { continue };
        match part(package, &resolved(folder, target))? {
            Some(content) => {
                let mut reader =
                    Reader { strings: &strings, is_uncalculated, row: 0, filler: &mut filler, sheet: &mut sheet };
                if reader.read(&content.bytes) == Err(Full) {
                    filler.full(&sheet);
                }
                if let Some(damage) = content.damage {
                    filler.cut(&sheet, damage);
                }
            }
            None => filler.left_out(format!("sheet {}", sheet.name), "its part is missing"),
        }
        filler.book.sheets.push(sheet);
    }
    Ok(filler.book)
}

fn part(package: &mut Package<'_>, name: &str) -> Result<Option<Content>, Error> {
    let content = package.read(name)?;
    match content {
        Some(content) if content.bytes.len() > MAX_PART => {
            Err(Error::TooLarge { what: "bytes in one part", limit: MAX_PART as u64 })
        }
        content => Ok(content),
    }
}

/// The records of a part: kind and bytes [MS-XLSB 2.1.4].
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u32, &'a [u8]);

    fn next(&mut self) -> Option<(u32, &'a [u8])> {
        let kind = self.number(2)?;
        let length = usize::try_from(self.number(4)?).ok()?;
        let (data, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some((kind, data))
    }
}

impl Records<'_> {
    /// A number in bytes of seven bits each, the lowest first; the highest bit says that more follow.
    fn number(&mut self, most: u32) -> Option<u32> {
        let mut number = 0;
        for place in 0..most {
            let (&first, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u32::from(first & 0x7F) << (7 * place);
            if first & 0x80 == 0 {
                break;
            }
        }
        Some(number)
    }
}

/// A string behind the count of its characters, and what follows it.
fn string(data: &[u8]) -> Option<(String, &[u8])> {
    let count = usize::try_from(u32_at(data, 0)?).ok()?;
    let (text, rest) = data.get(4..)?.split_at_checked(count.checked_mul(2)?)?;
    let units: Vec<u16> = text.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
    Some((String::from_utf16_lossy(&units), rest))
}

fn listed_sheet(data: &[u8]) -> Option<(String, Sheet)> {
    let is_hidden = u32_at(data, 0)? != 0;
    let (id, rest) = string(data.get(8..)?)?;
    let (name, _) = string(rest)?;
    Some((id, Sheet::new(&name, is_hidden)))
}

fn strings(part: &[u8]) -> Vec<String> {
    let items = Records(part).filter(|(kind, _)| *kind == kind::STRING).take(MAX_STRINGS);
    // One that cannot be read keeps its place, so that the others keep theirs.
    let text = |data: &[u8]| data.get(1..).and_then(string).map_or_else(|| "\u{FFFD}".to_owned(), |(text, _)| text);
    items.map(|(_, data)| text(data)).collect()
}

fn styles(part: &[u8]) -> Styles {
    let mut styles = Styles::new();
    let mut formats: HashMap<u16, String> = HashMap::new();
    let mut borders: Vec<bool> = Vec::new();
    let mut is_of_cells = false;
    for (kind, data) in Records(part) {
        match kind {
            kind::FORMAT => {
                let code = data.get(2..).and_then(string).map(|(code, _)| code);
                formats.extend(u16_at(data, 0).zip(code));
            }
            // Top, bottom, left and right, each the look of a line and its colour.
            kind::BORDER => borders.push([1, 11, 21, 31].iter().any(|&at| data.get(at).is_some_and(|&line| line != 0))),
            kind::CELL_XFS => is_of_cells = true,
            kind::END_CELL_XFS => is_of_cells = false,
            kind::XF if is_of_cells => {
                let format = u16_at(data, 2).unwrap_or(0);
                let border = u16_at(data, 8).and_then(|border| borders.get(usize::from(border))).copied();
                styles.push(u32::from(format), formats.get(&format).map(String::as_str), border.unwrap_or(false));
            }
            _ => {}
        }
    }
    styles
}

struct Reader<'a> {
    strings: &'a [String],
    is_uncalculated: bool,
    row: u32,
    filler: &'a mut Filler,
    sheet: &'a mut Sheet,
}

impl Reader<'_> {
    fn read(&mut self, part: &[u8]) -> Result<(), Full> {
        for (kind, data) in Records(part) {
            // A record that is too short says nothing.
            self.record(kind, data).unwrap_or(Ok(()))?;
        }
        Ok(())
    }

    fn record(&mut self, kind: u32, data: &[u8]) -> Option<Result<(), Full>> {
        match kind {
            kind::ROW => {
                self.row = u32_at(data, 0)?;
                if data.get(11)? & 0x10 != 0 {
                    self.sheet.hidden_rows.push(self.row..self.row.saturating_add(1));
                }
            }
            kind::COLUMNS => {
                let (first, last) = (u32_at(data, 0)?, u32_at(data, 4)?);
                if u16_at(data, 16)? & 1 != 0 || u32_at(data, 8)? == 0 {
                    self.sheet.hidden_columns.push(first..last.saturating_add(1));
                }
            }
            kind::MERGE => self.sheet.merges.extend(merge(data)),
            kind::CELL_BLANK..=kind::FORMULA_ERROR | kind::CELL_RICH => return self.cell(kind, data),
            _ => {}
        }
        None
    }

    fn cell(&mut self, kind: u32, data: &[u8]) -> Option<Result<(), Full>> {
        let at = (self.row, u32_at(data, 0)?);
        let style = usize::try_from(u32_at(data, 4)? & 0x00FF_FFFF).ok()?;
        let value = data.get(8..)?;
        let (filler, sheet) = (&mut *self.filler, &mut *self.sheet);
        Some(match kind {
            kind::CELL_RK => filler.number(sheet, at, style, rk(u32_at(value, 0)?)),
            kind::CELL_REAL => filler.number(sheet, at, style, f64_at(value, 0)?),
            kind::FORMULA_NUMBER => match f64_at(value, 0)? {
                0.0 if self.is_uncalculated => filler.formula(sheet, at, style, Formula::Unknown("")),
                number => filler.number(sheet, at, style, number),
            },
            kind::CELL_ERROR | kind::FORMULA_ERROR => filler.text(sheet, at, style, error_name(*value.first()?)),
            kind::CELL_BOOLEAN | kind::FORMULA_BOOLEAN => filler.boolean(sheet, at, style, *value.first()? != 0),
            kind::CELL_TEXT | kind::FORMULA_TEXT => filler.text(sheet, at, style, &string(value)?.0),
            kind::CELL_RICH => filler.text(sheet, at, style, &string(value.get(1..)?)?.0),
            kind::CELL_SHARED => {
                let index = usize::try_from(u32_at(value, 0)?).ok()?;
                filler.text(sheet, at, style, self.strings.get(index).map_or("\u{FFFD}", String::as_str))
            }
            _ => {
                filler.blank(sheet, at, style);
                Ok(())
            }
        })
    }
}

fn merge(data: &[u8]) -> Option<Area> {
    let at = |place: usize| usize::try_from(u32_at(data, place)?).ok();
    let span = |first: usize, last: usize| Span::between(first, last.checked_add(1)?);
    Some(Area { rows: span(at(0)?, at(4)?)?, columns: span(at(8)?, at(12)?)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_say_their_kind_and_length_in_seven_bits_a_byte() {
        let mut records = Records(&[0x9C, 0x01, 2, 7, 8, 0, 0, 0x80]);
        assert_eq!(records.next(), Some((156, &[7, 8][..])));
        assert_eq!(records.next(), Some((0, &[][..])));
        assert_eq!(records.next(), None);
    }

    #[test]
    fn a_string_that_is_cut_off_is_none() {
        let mut bytes = vec![2, 0, 0, 0];
        bytes.extend("年报".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(string(&bytes).map(|(text, _)| text).as_deref(), Some("年报"));
        assert_eq!(string(&bytes[..7]), None);
        assert_eq!(string(&[255; 8]), None);
    }
}
