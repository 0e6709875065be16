//! XLS and the `.et` of WPS: BIFF5, BIFF7 and BIFF8 [MS-XLS].
//!
//! Read by ourselves: calamine gives no number formats and no hidden rows of these files, and builds a full rectangle of every sheet: one
//! test file of half a megabyte took 1.1 GB.

mod cells;
mod globals;
mod records;

use nianbao_container::{Compound, Error, Limits};
use nianbao_model::Format;

use self::cells::Stop;
use crate::book::{Book, Filler, Sheet};

pub(crate) use records::{error_name, f64_at, rk, u16_at, u32_at};

/// The stream of a workbook may have so many bytes; the largest seen has a sixteenth of it.
const MAX_STREAM: u64 = 64 << 20;

/// Reads a workbook: a compound file, or its stream alone, as some exporters write it.
pub(crate) fn read(bytes: &[u8]) -> Result<Book, Error> {
    if !bytes.starts_with(Compound::SIGNATURE) {
        return match bytes {
            [0x09, 0x00 | 0x02 | 0x04 | 0x08, ..] => book(bytes, None),
            _ => Err(Error::corrupt("it is no workbook")),
        };
    }
    let limits = Limits { part: MAX_STREAM, ..Limits::default() };
    let mut file = Compound::open(bytes, &limits)?;
    // A file for Excel 5 and 97 together holds both; the newer one says more.
    for name in ["Workbook", "Book"] {
        if let Some(content) = file.read(name)? {
            return book(&content.bytes, content.damage);
        }
    }
    if file.read("EncryptedPackage").is_ok_and(|part| part.is_some()) {
        return Err(Error::Encrypted);
    }
    Err(Error::corrupt("no workbook in it"))
}

fn book(stream: &[u8], damage: Option<String>) -> Result<Book, Error> {
    let mut globals = globals::read(stream)?;
    let mut filler = Filler::new(Format::Xls, std::mem::replace(&mut globals.styles, crate::book::Styles::new()));
    filler.from_1904 = globals.from_1904;
    if let Some(damage) = damage {
        filler.left_out("the end of the workbook", damage);
    }
    if globals.lacks_strings {
        filler.left_out("the end of the table of strings", "it is shorter than it says");
    }
    // A sheet ends where the next one begins, so that no part of the stream is read more than once.
    let mut starts: Vec<usize> = globals.sheets.iter().map(|listed| listed.at).collect();
    starts.sort_unstable();
    for listed in globals.sheets.iter().filter(|listed| listed.is_worksheet) {
        let mut sheet = Sheet::new(&listed.name, listed.is_hidden);
        let next = starts.partition_point(|&start| start <= listed.at);
        let end = starts.get(next).copied().unwrap_or(stream.len()).min(stream.len());
        let is_other = starts.get(next.saturating_sub(2)).is_some_and(|&start| next > 1 && start == listed.at);
        if is_other {
            filler.cut(&sheet, "two sheets claim the same place");
            continue;
        }
        let part = stream.get(listed.at..end).unwrap_or_default();
        match cells::read(part, &globals, &mut filler, &mut sheet) {
            Ok(()) => {}
            Err(Stop::Full) => filler.full(&sheet),
            Err(Stop::Cut) => filler.cut(&sheet, "its records break off"),
        }
        filler.book.sheets.push(sheet);
    }
    if filler.book.sheets.is_empty() {
        return Err(Error::corrupt("no sheet in it"));
    }
    Ok(filler.book)
}
