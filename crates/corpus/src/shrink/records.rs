//! XLS of Excel 97 and later [MS-XLS]: sheets and records are left out, and the stream is written anew with the places that changed.

use std::io::{Cursor, Read as _, Write as _};

use cfb::{CompoundFile, Version};

use super::smallest::smallest;
use crate::error::Error;

/// How many bytes the stream may have.
const MOST: u64 = 64 << 20;

/// Records by their numbers (2.3).
mod kind {
    pub(super) const BEGIN: u16 = 0x0809;
    pub(super) const END: u16 = 0x000A;
    pub(super) const SHEET: u16 = 0x0085;
    pub(super) const CONTINUE: u16 = 0x003C;
    /// Where rows and strings stand: positions that nobody needs, and that would be wrong.
    pub(super) const INDICES: [u16; 3] = [0x020B, 0x00D7, 0x00FF];
}

/// A record, with those that go on with it.
#[derive(Clone, Debug)]
struct Record {
    kind: u16,
    bytes: Vec<u8>,
    /// Which sheet it belongs to: its own part, or its line in the list of sheets; `None` for what belongs to all.
    sheet: Option<usize>,
}

/// The smallest workbook that shows the same.
pub(super) fn shrink(bytes: &[u8], shows: &mut dyn FnMut(&[u8]) -> Result<bool, Error>) -> Result<Vec<u8>, Error> {
    let records = records(&stream(bytes)?);
    let sheets = records.iter().filter_map(|record| record.sheet).max().map_or(0, |last| last + 1);
    let of = |kept: &[usize]| {
        let stays = |record: &&Record| record.sheet.is_none_or(|sheet| kept.contains(&sheet));
        records.iter().filter(stays).cloned().collect::<Vec<Record>>()
    };
    if !shows(&written(&records)?)? {
        return Err(Error::Usage(
            "written anew it shows the difference no more: it lies in the file around the records".to_owned(),
        ));
    }
    let kept = smallest(sheets, &mut |kept| shows(&written(&of(kept))?))?;
    let records = of(&kept);
    let (fixed, free): (Vec<usize>, Vec<usize>) = (0..records.len()).partition(|&index| {
        records.get(index).is_none_or(|record| matches!(record.kind, kind::BEGIN | kind::END | kind::SHEET))
    });
    let some = |kept: &[usize]| {
        let mut all: Vec<usize> = kept.iter().filter_map(|&index| free.get(index)).chain(&fixed).copied().collect();
        all.sort_unstable();
        all.into_iter().filter_map(|index| records.get(index).cloned()).collect::<Vec<Record>>()
    };
    let kept = smallest(free.len(), &mut |kept| shows(&written(&some(kept))?))?;
    written(&some(&kept))
}

fn broken(error: &dyn std::fmt::Display) -> Error {
    Error::Usage(format!("the workbook cannot be taken apart: {error}"))
}

/// The stream with the records.
fn stream(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut file = CompoundFile::open(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let stream = file.open_stream("/Workbook").map_err(|error| broken(&error))?;
    let mut bytes = Vec::new();
    stream.take(MOST).read_to_end(&mut bytes).map_err(|error| broken(&error))?;
    Ok(bytes)
}

/// The records, without the indices; what is cut off at the end is left out.
fn records(stream: &[u8]) -> Vec<Record> {
    let mut found: Vec<Record> = Vec::new();
    let mut starts: Vec<u32> = Vec::new();
    let (mut at, mut sheet, mut depth) = (0, None, 0_usize);
    while let Some(&[low, high, size_low, size_high]) = stream.get(at..at + 4) {
        let (kind, size) = (u16::from_le_bytes([low, high]), usize::from(u16::from_le_bytes([size_low, size_high])));
        let Some(bytes) = stream.get(at..at + 4 + size) else { break };
        if kind == kind::BEGIN {
            if depth == 0 {
                sheet = starts.iter().position(|&start| start as usize == at);
            }
            depth += 1;
        }
        match found.last_mut().filter(|_| kind == kind::CONTINUE) {
            Some(record) => record.bytes.extend_from_slice(bytes),
            None if kind::INDICES.contains(&kind) => {}
            None => {
                let mut of = sheet;
                if kind == kind::SHEET
                    && let Some(start) = bytes.get(4..8).and_then(|start| start.try_into().ok())
                {
                    of = Some(starts.len());
                    starts.push(u32::from_le_bytes(start));
                }
                found.push(Record { kind, bytes: bytes.to_vec(), sheet: of });
            }
        }
        if kind == kind::END {
            depth = depth.saturating_sub(1);
        }
        at += 4 + size;
    }
    found
}

/// A workbook of these records: the list of sheets says where each now begins.
fn written(records: &[Record]) -> Result<Vec<u8>, Error> {
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let (mut at, mut depth) = (0, 0_usize);
    for record in records {
        if record.kind == kind::BEGIN {
            if let Some(sheet) = record.sheet.filter(|_| depth == 0) {
                starts.push((sheet, at));
            }
            depth += 1;
        }
        depth = depth.saturating_sub(usize::from(record.kind == kind::END));
        at += record.bytes.len();
    }
    let mut stream = Vec::with_capacity(at);
    for record in records {
        let begins = starts.iter().find(|(sheet, _)| record.sheet == Some(*sheet) && record.kind == kind::SHEET);
        match (begins.and_then(|&(_, start)| u32::try_from(start).ok()), record.bytes.split_at_checked(8)) {
            (Some(start), Some((head, rest))) => {
                stream.extend_from_slice(head.get(..4).unwrap_or_default());
                stream.extend_from_slice(&start.to_le_bytes());
                stream.extend_from_slice(rest);
            }
            _ => stream.extend_from_slice(&record.bytes),
        }
    }
    let failed = |error: std::io::Error| Error::Failed(format!("the workbook cannot be written: {error}"));
    let mut file = CompoundFile::create_with_version(Version::V3, Cursor::new(Vec::new())).map_err(failed)?;
    file.create_stream("/Workbook").and_then(|mut place| place.write_all(&stream)).map_err(failed)?;
    file.flush().map_err(failed)?;
    Ok(file.into_inner().into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_workbook_is_refused() {
        assert!(matches!(shrink(b"no", &mut |_| Ok(true)), Err(Error::Usage(_))));
    }
}
