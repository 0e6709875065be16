//! The cells of one sheet in BIFF [MS-XLS 2.1.7.20.5].

use nianbao_model::{Area, Span};

use super::globals::{Globals, Writing};
use super::records::{Records, error_name, f64_at, rk, u16_at, u32_at};
use crate::book::{Filler, Formula, Full, Sheet};

/// Kinds of records.
mod kind {
    pub(super) const BOF: u16 = 0x0809;
    pub(super) const EOF: u16 = 0x000A;
    pub(super) const ROW: u16 = 0x0208;
    pub(super) const COLUMNS: u16 = 0x007D;
    pub(super) const BLANK: u16 = 0x0201;
    pub(super) const BLANKS: u16 = 0x00BE;
    pub(super) const NUMBER: u16 = 0x0203;
    pub(super) const RK: u16 = 0x027E;
    pub(super) const RKS: u16 = 0x00BD;
    pub(super) const SHARED_TEXT: u16 = 0x00FD;
    pub(super) const TEXT: u16 = 0x0204;
    pub(super) const RICH_TEXT: u16 = 0x00D6;
    pub(super) const BOOLEAN: u16 = 0x0205;
    pub(super) const FORMULA: u16 = 0x0006;
    pub(super) const FORMULA_TEXT: u16 = 0x0207;
    pub(super) const MERGES: u16 = 0x00E5;
}

/// What stopped the reading of a sheet before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    Full,
    Cut,
}

impl From<Full> for Stop {
    fn from(Full: Full) -> Self {
        Self::Full
    }
}

/// Reads the cells of the sheet that begins at the start of `stream`.
pub(crate) fn read(stream: &[u8], globals: &Globals, filler: &mut Filler, sheet: &mut Sheet) -> Result<(), Stop> {
    let mut records = Records::new(stream);
    if records.next().is_none_or(|first| first.kind != kind::BOF) {
        return Err(Stop::Cut);
    }
    let mut reader = Reader { globals, filler, sheet, pending: None };
    // Charts stand inside a sheet as streams of their own.
    let mut depth = 0_usize;
    while let Some(record) = records.next() {
        match record.kind {
            kind::BOF => depth += 1,
            kind::EOF if depth == 0 => return Ok(()),
            kind::EOF => depth -= 1,
            _ if depth > 0 => {}
            kind::FORMULA_TEXT => reader.formula_text(records.whole(record))?,
            kind => {
                // A record that is too short says nothing.
                if let Some(result) = reader.record(kind, record.data) {
                    result?;
                }
            }
        }
    }
    Err(Stop::Cut)
}

struct Reader<'a> {
    globals: &'a Globals,
    filler: &'a mut Filler,
    sheet: &'a mut Sheet,
    /// The cell of a formula whose text is still to come, and its style.
    pending: Option<((u32, u32), usize)>,
}

/// Row, column and style, with which every cell begins.
fn head(data: &[u8]) -> Option<((u32, u32), usize)> {
    Some(((u32::from(u16_at(data, 0)?), u32::from(u16_at(data, 2)?)), usize::from(u16_at(data, 4)?)))
}

impl Reader<'_> {
    fn writing(&self) -> Writing {
        self.globals.writing
    }

    fn record(&mut self, kind: u16, data: &[u8]) -> Option<Result<(), Full>> {
        match kind {
            kind::ROW => {
                let (row, is_hidden) = (u32::from(u16_at(data, 0)?), u16_at(data, 12)? & 0x20 != 0);
                self.sheet.hidden_rows.extend(is_hidden.then_some(row..row + 1));
            }
            kind::COLUMNS => {
                let columns = u32::from(u16_at(data, 0)?)..u32::from(u16_at(data, 2)?) + 1;
                let is_hidden = u16_at(data, 8)? & 1 != 0 || u16_at(data, 4)? == 0;
                self.sheet.hidden_columns.extend(is_hidden.then_some(columns));
            }
            kind::MERGES => {
                self.sheet.merges.extend(data.get(2..)?.as_chunks::<8>().0.iter().filter_map(|area| merge(area)));
            }
            kind::BLANK => {
                let (at, style) = head(data)?;
                self.filler.blank(self.sheet, at, style);
            }
            kind::BLANKS => {
                let ((row, column), _) = head(data)?;
                let styles = data.get(4..data.len().checked_sub(2)?)?.as_chunks::<2>().0;
                for (column, style) in (column..).zip(styles) {
                    self.filler.blank(self.sheet, (row, column), usize::from(u16::from_le_bytes(*style)));
                }
            }
            kind::NUMBER => {
                let (at, style) = head(data)?;
                return Some(self.filler.number(self.sheet, at, style, f64_at(data, 6)?));
            }
            kind::RK => {
                let (at, style) = head(data)?;
                return Some(self.filler.number(self.sheet, at, style, rk(u32_at(data, 6)?)));
            }
            kind::RKS => return self.several_rks(data),
            kind::SHARED_TEXT => {
                let (at, style) = head(data)?;
                let index = usize::try_from(u32_at(data, 6)?).ok()?;
                // A string that is not there is shown as what cannot be decoded is.
                let text = self.globals.strings.get(index).map_or("\u{FFFD}", String::as_str);
                return Some(self.filler.text(self.sheet, at, style, text));
            }
            kind::TEXT | kind::RICH_TEXT => {
                let (at, style) = head(data)?;
                let text = self.writing().string(data.get(6..)?, false)?;
                return Some(self.filler.text(self.sheet, at, style, &text));
            }
            kind::BOOLEAN => {
                let (at, style) = head(data)?;
                let (value, is_error) = (*data.get(6)?, *data.get(7)? != 0);
                return Some(match is_error {
                    true => self.filler.text(self.sheet, at, style, error_name(value)),
                    false => self.filler.boolean(self.sheet, at, style, value != 0),
                });
            }
            kind::FORMULA => return self.formula(data),
            _ => {}
        }
        None
    }

    fn several_rks(&mut self, data: &[u8]) -> Option<Result<(), Full>> {
        let (row, first) = (u32::from(u16_at(data, 0)?), u32::from(u16_at(data, 2)?));
        for (column, pair) in (first..).zip(data.get(4..data.len().checked_sub(2)?)?.as_chunks::<6>().0) {
            let (style, number) = (usize::from(u16_at(pair, 0)?), rk(u32_at(pair, 2)?));
            if let Err(full) = self.filler.number(self.sheet, (row, column), style, number) {
                return Some(Err(full));
            }
        }
        None
    }

    /// A formula and the result that it had when the file was saved [MS-XLS 2.4.127].
    fn formula(&mut self, data: &[u8]) -> Option<Result<(), Full>> {
        let (at, style) = head(data)?;
        let result = data.get(6..14)?;
        let is_to_be_worked_out = u16_at(data, 14)? & 2 != 0;
        if u16_at(result, 6)? != 0xFFFF {
            let value = f64_at(result, 0)?;
            // Writers that cannot compute leave 0 and ask for the work to be done on opening.
            return Some(match value == 0.0 && is_to_be_worked_out {
                true => self.filler.formula(self.sheet, at, style, Formula::Unknown("")),
                false => self.filler.number(self.sheet, at, style, value),
            });
        }
        match *result.first()? {
            0 => self.pending = Some((at, style)),
            1 => return Some(self.filler.boolean(self.sheet, at, style, *result.get(2)? != 0)),
            2 => return Some(self.filler.text(self.sheet, at, style, error_name(*result.get(2)?))),
            // No text, where the formula can only come to a number: nobody has worked it out.
            _ if is_to_be_worked_out || ends_in_number(data.get(22..).unwrap_or_default()) => {
                return Some(self.filler.formula(self.sheet, at, style, Formula::Unknown("")));
            }
            _ => self.filler.blank(self.sheet, at, style),
        }
        None
    }

    fn formula_text(&mut self, pieces: Vec<&[u8]>) -> Result<(), Full> {
        let Some((at, style)) = self.pending.take() else { return Ok(()) };
        match self.writing().string_of(pieces, false) {
            Some(text) => self.filler.text(self.sheet, at, style, &text),
            None => self.filler.formula(self.sheet, at, style, Formula::Unknown("")),
        }
    }
}

/// Whether the last step of a formula gives a number: a sum, an average, an extreme, a count, or one of the basic operations
/// [MS-XLS 2.5.198].
fn ends_in_number(tokens: &[u8]) -> bool {
    const OPERATIONS: std::ops::RangeInclusive<u8> = 0x03..=0x07;
    match tokens.last_chunk::<4>() {
        Some([0x19, attributes, _, _]) if attributes & 0x10 != 0 => true,
        Some([0x22 | 0x42 | 0x62, _, function, 0]) => matches!(function, 0 | 4..=7),
        _ => tokens.last().is_some_and(|last| OPERATIONS.contains(last)),
    }
}

fn merge(bytes: &[u8]) -> Option<Area> {
    let at = |place: usize| u16_at(bytes, place).map(usize::from);
    let (first_row, last_row, first_column, last_column) = (at(0)?, at(2)?, at(4)?, at(6)?);
    Some(Area { rows: Span::between(first_row, last_row + 1)?, columns: Span::between(first_column, last_column + 1)? })
}
