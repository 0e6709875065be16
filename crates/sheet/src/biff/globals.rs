//! What a workbook in BIFF says before its sheets: their list, strings, formats and styles [MS-XLS 2.1.7.20.3].

use std::collections::HashMap;

use nianbao_container::Error;

use super::records::{Record, Records, Strings, in_code_page, u16_at, u32_at};
use crate::book::Styles;

/// How many strings a workbook may hold; Excel's own sheets of that time have 65,536 rows.
const MAX_STRINGS: usize = 1 << 21;

/// How many sheets a workbook may have.
const MAX_SHEETS: usize = 10_000;

/// Which writing of BIFF it is, and the code page that its text is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Writing {
    /// BIFF8: text is Unicode.
    pub(crate) is_8: bool,
    pub(crate) code_page: Option<u16>,
}

impl Writing {
    /// A string that fills the rest of a record, behind its count.
    pub(crate) fn string(self, data: &[u8], has_short_count: bool) -> Option<String> {
        self.string_of(vec![data], has_short_count)
    }

    pub(crate) fn string_of(self, pieces: Vec<&[u8]>, has_short_count: bool) -> Option<String> {
        if self.is_8 {
            return Strings::new(pieces).string(has_short_count);
        }
        let bytes = pieces.concat();
        let (count, start): (usize, usize) =
            if has_short_count { (usize::from(*bytes.first()?), 1) } else { (usize::from(u16_at(&bytes, 0)?), 2) };
        Some(in_code_page(bytes.get(start..start.saturating_add(count))?, self.code_page))
    }
}

/// A sheet of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) name: String,
    /// Where in the stream it begins.
    pub(crate) at: usize,
    pub(crate) is_hidden: bool,
    pub(crate) is_worksheet: bool,
}

/// What the workbook says of all its sheets.
#[derive(Debug)]
pub(crate) struct Globals {
    pub(crate) writing: Writing,
    pub(crate) from_1904: bool,
    pub(crate) sheets: Vec<Listed>,
    pub(crate) strings: Vec<String>,
    pub(crate) styles: Styles,
    /// The strings end before they should.
    pub(crate) lacks_strings: bool,
}

/// Kinds of records.
mod kind {
    pub(super) const BOF: u16 = 0x0809;
    pub(super) const OLD_BOF: [u16; 3] = [0x0009, 0x0209, 0x0409];
    pub(super) const EOF: u16 = 0x000A;
    pub(super) const FILE_PASS: u16 = 0x002F;
    pub(super) const CODE_PAGE: u16 = 0x0042;
    pub(super) const DATE_1904: u16 = 0x0022;
    pub(super) const BOUND_SHEET: u16 = 0x0085;
    pub(super) const FORMAT: u16 = 0x041E;
    pub(super) const XF: u16 = 0x00E0;
    pub(super) const SST: u16 = 0x00FC;
}

/// Reads the part of the stream before the sheets.
pub(crate) fn read(stream: &[u8]) -> Result<Globals, Error> {
    let mut records = Records::new(stream);
    let mut globals = begin(records.next())?;
    let mut formats: HashMap<u16, String> = HashMap::new();
    let mut styles: Vec<(u16, bool)> = Vec::new();
    while let Some(record) = records.next() {
        let data = record.data;
        match record.kind {
            kind::EOF => break,
            kind::FILE_PASS => return Err(Error::Encrypted),
            kind::CODE_PAGE => globals.writing.code_page = u16_at(data, 0),
            kind::DATE_1904 => globals.from_1904 = u16_at(data, 0) == Some(1),
            kind::BOUND_SHEET if globals.sheets.len() < MAX_SHEETS => {
                globals.sheets.extend(listed(data, globals.writing));
            }
            kind::FORMAT => {
                let code = data.get(2..).and_then(|data| globals.writing.string(data, !globals.writing.is_8));
                formats.extend(u16_at(data, 0).zip(code));
            }
            kind::XF => styles.push((u16_at(data, 2).unwrap_or(0), has_border(data, globals.writing.is_8))),
            kind::SST => {
                let pieces = records.whole(record);
                (globals.strings, globals.lacks_strings) = strings(pieces);
            }
            _ => {}
        }
    }
    for (format, is_bordered) in styles {
        globals.styles.push(u32::from(format), formats.get(&format).map(String::as_str), is_bordered);
    }
    Ok(globals)
}

fn begin(first: Option<Record<'_>>) -> Result<Globals, Error> {
    let Some(first) = first else {
        return Err(Error::corrupt("the stream of the workbook is empty"));
    };
    if kind::OLD_BOF.contains(&first.kind) {
        return Err(Error::corrupt(
            "a workbook of Excel 2 to 4, which is not read; open it in Excel and save it again",
        ));
    }
    if first.kind != kind::BOF {
        return Err(Error::corrupt("the stream of the workbook does not begin as one"));
    }
    Ok(Globals {
        writing: Writing { is_8: u16_at(first.data, 0) == Some(0x0600), code_page: None },
        from_1904: false,
        sheets: Vec::new(),
        strings: Vec::new(),
        styles: Styles::new(),
        lacks_strings: false,
    })
}

fn listed(data: &[u8], writing: Writing) -> Option<Listed> {
    Some(Listed {
        at: usize::try_from(u32_at(data, 0)?).ok()?,
        is_hidden: data.get(4)? & 3 != 0,
        is_worksheet: *data.get(5)? == 0,
        name: writing.string(data.get(6..)?, true)?,
    })
}

/// Whether a style draws a line on any side [MS-XLS 2.5.20; for BIFF5, the record's last eight bytes].
fn has_border(data: &[u8], is_8: bool) -> bool {
    if is_8 {
        return u16_at(data, 10).is_some_and(|lines| lines != 0);
    }
    let bottom = u32_at(data, 8).is_some_and(|bits| bits >> 22 & 7 != 0);
    bottom || u32_at(data, 12).is_some_and(|bits| bits & 0x1FF != 0)
}

/// The strings of the workbook, and whether some are missing.
fn strings(pieces: Vec<&[u8]>) -> (Vec<String>, bool) {
    let stated = pieces.first().and_then(|first| u32_at(first, 4)).unwrap_or(0) as usize;
    let mut reader = Strings::new(pieces);
    let mut strings = Vec::new();
    if reader.skip(8).is_none() {
        return (strings, true);
    }
    while strings.len() < stated.min(MAX_STRINGS) {
        let Some(text) = reader.string(false) else { break };
        strings.push(text);
    }
    let is_short = strings.len() < stated;
    (strings, is_short)
}
