//! What reading one document gave, in the form in which it is sent and kept.

use std::any::Any;
use std::fmt;
use std::io::Read as _;

use nianbao::{Forms, Stage};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The level of compression. A report's 26 KB of JSON become some 3 KB in a tenth of a millisecond; higher levels cost several times that
/// for a tenth less.
const LEVEL: i32 = 1;

/// How many bytes the lines of one document may have. The tables of a thousand pages make some 30 MB; what is larger is no report, and
/// would have to be held in memory as a whole by whoever reads it.
const MAX_LINES: usize = 512 << 20;

/// Up to which size what a record states of itself is believed, and the memory for it asked for.
const MAX_STATED: usize = 16 << 20;

/// What reading one document gave. It depends on the bytes of the document and on the forms alone, not on its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The format of the bytes; `None` where it is not known.
    pub format: Option<String>,
    /// Why there is no report: kind and message.
    pub failure: Option<(String, String)>,
    /// What the books need to know of each report, in the order of the document.
    pub reports: Vec<Facts>,
    /// The lines of JSON that `nianbao extract` prints of it, the path left empty.
    pub lines: Vec<String>,
    /// The line that `nianbao tables` prints of it, the path left empty, where it was asked for.
    pub tables: Option<String>,
}

/// What the books need to know of a report without opening its line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// `ok` or `review`.
    pub status: String,
    /// The edition of the form.
    pub form: String,
    /// The agency, as printed.
    pub agency: Option<String>,
    /// The year reported on.
    pub year: Option<u16>,
}

/// A record as it goes down the pipe and into the ledger: the facts in the open, the lines compressed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packed {
    /// The format of the bytes; `None` where it is not known.
    pub format: Option<String>,
    /// Why there is no report: kind and message.
    pub failure: Option<(String, String)>,
    /// What the books need to know of each report, in the order of the document.
    pub reports: Vec<Facts>,
    /// The lines of `nianbao extract` and, where asked for, behind them that of `nianbao tables`, each ended by a line feed:
    /// a Zstandard frame with a checksum.
    #[serde(skip)]
    pub lines: Vec<u8>,
}

/// Why a record cannot be opened: its bytes are not those that were packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoilt(String);

impl fmt::Display for Spoilt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a record is damaged ({})", self.0)
    }
}

impl std::error::Error for Spoilt {}

impl Record {
    /// Reads a document; `tables` asks for its tables too.
    pub fn of(bytes: &[u8], forms: &Forms, tables: bool) -> Self {
        Self::read(bytes, &Sha256::digest(bytes).into(), forms, tables, &mut |_| {})
    }

    /// Reads a document whose SHA-256 is known; `reached` is told of each stage.
    pub(crate) fn read(
        bytes: &[u8],
        digest: &[u8; 32],
        forms: &Forms,
        tables: bool,
        reached: &mut dyn FnMut(Stage),
    ) -> Self {
        let reading = nianbao::reading(bytes, digest, forms, tables, reached);
        let facts = reading.reports.iter().filter_map(|line| {
            Some(Facts {
                status: line.status().to_owned(),
                form: line.form()?.to_owned(),
                agency: line.agency().map(str::to_owned),
                year: line.year(),
            })
        });
        let failure = reading.reports.iter().find_map(nianbao::Output::failure);
        let lines: Result<Vec<_>, _> = reading.reports.iter().map(serde_json::to_string).collect();
        let line = reading.tables.as_ref().map(serde_json::to_string).transpose();
        let format = reading.format.map(|format| format.name().to_owned());
        match (lines, line) {
            (Ok(lines), Ok(line)) => Self {
                format,
                failure: failure.map(|failure| (failure.kind.to_owned(), failure.message.clone())),
                reports: facts.collect(),
                lines,
                tables: line,
            },
            // These values hold nothing that JSON cannot say; were it so one day, the document says so instead of the run.
            (Err(error), _) | (_, Err(error)) => {
                Self { format, ..Self::failed("crashed", &format!("its reports cannot be written as JSON ({error})")) }
            }
        }
    }

    /// A document of which there is no report, and no line either.
    pub(crate) fn failed(kind: &str, message: &str) -> Self {
        let failure = Some((kind.to_owned(), message.to_owned()));
        Self { format: None, failure, reports: Vec::new(), lines: Vec::new(), tables: None }
    }

    /// A document over which the program panicked.
    pub(crate) fn crashed(fault: &(dyn Any + Send)) -> Self {
        let words = fault.downcast_ref::<&str>().copied();
        let words = words.or_else(|| fault.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given");
        let message = format!("a fault of this program, not of the file: {words}; please report it with the file");
        Self::failed("crashed", &message)
    }

    /// The record with its lines compressed. Lines past all measure are left out, and the record says so.
    pub fn pack(self) -> Packed {
        self.pack_with(&mut Packer::default())
    }

    /// The same by whoever packs many.
    pub(crate) fn pack_with(self, packer: &mut Packer) -> Packed {
        let Self { format, failure, reports, lines, tables } = self;
        let size = lines.iter().chain(&tables).map(|line| line.len() + 1).sum();
        if size > MAX_LINES {
            let message = format!("what was read of it makes more than {} MiB; split it", MAX_LINES >> 20);
            return Self { format, ..Self::failed("too_large", &message) }.pack_with(packer);
        }
        let mut text = String::with_capacity(size);
        for line in lines.iter().chain(&tables) {
            text.push_str(line);
            text.push('\n');
        }
        match packer.pack(text.as_bytes()) {
            Ok(lines) => Packed { format, failure, reports, lines },
            Err(error) => {
                let failure = Some(("crashed".to_owned(), format!("what was read of it cannot be packed ({error})")));
                Packed { format, failure, reports: Vec::new(), lines: Vec::new() }
            }
        }
    }
}

/// Packs one record after another: what that needs, most of a megabyte, is made once.
#[derive(Default)]
pub(crate) struct Packer(Option<zstd::bulk::Compressor<'static>>);

impl Packer {
    fn pack(&mut self, text: &[u8]) -> std::io::Result<Vec<u8>> {
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let compressor = match &mut self.0 {
            Some(compressor) => compressor,
            none => {
                let mut compressor = zstd::bulk::Compressor::new(LEVEL)?;
                compressor.include_checksum(true)?;
                none.insert(compressor)
            }
        };
        compressor.compress(text)
    }
}

impl Packed {
    /// The whole record again.
    ///
    /// # Errors
    /// Bytes that are not those that [`Record::pack`] made.
    pub fn unpack(&self) -> Result<Record, Spoilt> {
        let text = Unpacker::new()?.text(self)?;
        let Lines { own, tables } = self.lines(&text)?;
        let (format, failure, reports) = (self.format.clone(), self.failure.clone(), self.reports.clone());
        let (lines, tables) = (own.into_iter().map(str::to_owned).collect(), tables.map(str::to_owned));
        Ok(Record { format, failure, reports, lines, tables })
    }

    /// The lines in the text that was packed.
    pub(crate) fn lines<'t>(&self, text: &'t str) -> Result<Lines<'t>, Spoilt> {
        let mut lines: Vec<&str> = text.split_terminator('\n').collect();
        // One line for each report, or one that says why there is none; what stands behind them are the tables.
        let own = self.reports.len().max(usize::from(!lines.is_empty()));
        let tables = (lines.len() > own).then(|| lines.pop()).flatten();
        if lines.len() != own {
            return Err(Spoilt(format!("{} lines for {own}", lines.len())));
        }
        Ok(Lines { own: lines, tables })
    }
}

/// The lines of a record, as [`Record`] has them.
pub(crate) struct Lines<'t> {
    pub(crate) own: Vec<&'t str>,
    pub(crate) tables: Option<&'t str>,
}

/// Unpacks one record after another: what that needs is made once.
pub(crate) struct Unpacker(zstd::bulk::Decompressor<'static>);

impl Unpacker {
    pub(crate) fn new() -> Result<Self, Spoilt> {
        zstd::bulk::Decompressor::new().map(Self).map_err(|error| Spoilt(error.to_string()))
    }

    /// The text of a record's lines.
    pub(crate) fn text(&mut self, record: &Packed) -> Result<String, Spoilt> {
        let packed = &record.lines;
        let stated = zstd::zstd_safe::get_frame_content_size(packed).ok().flatten();
        let text = match stated.and_then(|stated| usize::try_from(stated).ok()) {
            _ if packed.is_empty() => Ok(Vec::new()),
            Some(stated) if stated <= MAX_STATED => self.0.decompress(packed, stated),
            _ => stream(packed),
        };
        let text = text.map_err(|error| Spoilt(error.to_string()))?;
        if text.len() > MAX_LINES {
            return Err(Spoilt("it never ends".to_owned()));
        }
        String::from_utf8(text).map_err(|error| Spoilt(error.to_string()))
    }
}

/// However much it states to be: memory grows with what comes.
fn stream(packed: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    zstd::stream::read::Decoder::with_buffer(packed)?.take(MAX_LINES as u64 + 1).read_to_end(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "甲市乙局2023年政府信息公开工作年度报告\n二、主动公开政府信息情况\n\
                          信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t1\t0\t4\n行政规范性文件\t2\t1\t9\n";

    #[test]
    fn a_record_says_what_the_books_need_and_what_the_commands_print() {
        let record = Record::of(REPORT.as_bytes(), &Forms::builtin(), true);
        assert_eq!(record.format.as_deref(), Some("text"));
        assert_eq!(record.failure, None);
        let [facts] = &record.reports[..] else { panic!("{record:?}") };
        assert_eq!((facts.agency.as_deref(), facts.year), (Some("甲市乙局"), Some(2023)));
        assert!(record.lines[0].starts_with(r#"{"schema":"nianbao/report/1","source":{"path":"","format":"text""#));
        assert!(record.tables.unwrap().starts_with(r#"{"source":{"path":"","#));
    }

    #[test]
    fn packing_and_unpacking_changes_nothing() {
        for text in [REPORT, "没有报告", ""] {
            for tables in [false, true] {
                let record = Record::of(text.as_bytes(), &Forms::builtin(), tables);
                assert!(record.clone().pack().unpack() == Ok(record), "{text}");
            }
        }
        let crashed = Record::failed("crashed", "a fault");
        assert_eq!(crashed.clone().pack().unpack(), Ok(crashed));
    }

    #[test]
    fn lines_of_any_length_come_out_as_they_went_in() {
        let facts = |status: &str| Facts { status: status.to_owned(), form: String::new(), agency: None, year: None };
        for length in [1, MAX_STATED - 2, MAX_STATED, MAX_STATED + 1] {
            let (reports, lines) = (vec![facts("ok"), facts("review")], vec!["年".repeat(length / 3), "{}".to_owned()]);
            let record = Record { format: None, failure: None, reports, lines, tables: None };
            assert!(record.clone().pack().unpack() == Ok(record), "{length} bytes");
        }
    }

    #[test]
    fn spoilt_bytes_are_told_from_those_that_were_packed() {
        let record = Record::of(REPORT.as_bytes(), &Forms::builtin(), false);
        let packed = record.clone().pack();
        for at in 0..packed.lines.len() {
            let mut spoilt = packed.clone();
            spoilt.lines[at] ^= 0x40;
            assert!(!spoilt.unpack().is_ok_and(|read| read != record), "byte {at} may be spoilt in silence");
        }
    }
}
