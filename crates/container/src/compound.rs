//! Compound files opened under limits [MS-CFB]: the container of Word, Excel and WPS files before 2007.

use std::io::{Cursor, Read as _};

use cfb::CompoundFile;

use crate::error::Error;
use crate::package::{Content, Limits, content};

/// An open compound file. A stream is read only when it is asked for.
pub struct Compound<'a> {
    file: CompoundFile<Cursor<&'a [u8]>>,
    limits: Limits,
}

impl<'a> Compound<'a> {
    /// The first bytes of every compound file.
    pub const SIGNATURE: &'static [u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

    /// Opens a compound file and reads its directory.
    ///
    /// # Errors
    /// Bytes that are no compound file, or whose directory or allocation tables are damaged.
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        if !bytes.starts_with(Self::SIGNATURE) {
            return Err(Error::corrupt("it is no compound file"));
        }
        let file = CompoundFile::open(Cursor::new(bytes))
            .map_err(|error| Error::corrupt(format!("its directory cannot be read ({error})")))?;
        Ok(Self { file, limits: *limits })
    }

    /// The paths of all its streams, in the order of its directory: `/Workbook`.
    pub fn names(&self) -> Vec<String> {
        let streams = self.file.walk().filter(cfb::Entry::is_stream);
        streams.take(self.limits.entries).map(|entry| entry.path().to_string_lossy().into_owned()).collect()
    }

    /// The first bytes of the stream of this name at the top of the file, at most `length`; `None` where there is none.
    ///
    /// # Errors
    /// A stream that cannot be opened.
    pub fn start(&mut self, name: &str, length: u64) -> Result<Option<Vec<u8>>, Error> {
        let Some(stream) = self.stream(name)? else { return Ok(None) };
        let mut bytes = Vec::new();
        // What cannot be read is not among the first bytes.
        let _ = stream.take(length).read_to_end(&mut bytes);
        Ok(Some(bytes))
    }

    fn stream(&mut self, name: &str) -> Result<Option<cfb::Stream<Cursor<&'a [u8]>>>, Error> {
        let path = format!("/{name}");
        if !self.file.is_stream(&path) {
            return Ok(None);
        }
        let stream = self.file.open_stream(&path);
        stream.map(Some).map_err(|error| Error::corrupt(format!("{name} cannot be read ({error})")))
    }

    /// The content of the stream of this name at the top of the file; `None` where there is none. The case of letters does not count
    /// [MS-CFB 2.6.4].
    ///
    /// # Errors
    /// A stream longer than the limits allow.
    pub fn read(&mut self, name: &str) -> Result<Option<Content>, Error> {
        let Some(stream) = self.stream(name)? else { return Ok(None) };
        let mut bytes = Vec::new();
        let result = stream.take(self.limits.part.saturating_add(1)).read_to_end(&mut bytes);
        if bytes.len() as u64 > self.limits.part {
            return Err(Error::TooLarge { what: "bytes in one part", limit: self.limits.part });
        }
        content(bytes, result).map(Some)
    }
}

impl std::fmt::Debug for Compound<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compound").field("streams", &self.names()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
        let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        for (name, bytes) in streams {
            file.create_stream(name).unwrap().write_all(bytes).unwrap();
        }
        file.into_inner().into_inner()
    }

    #[test]
    fn a_stream_is_found_whatever_its_case() {
        let bytes = compound(&[("Workbook", b"some records"), ("Other", b"")]);
        let mut file = Compound::open(&bytes, &Limits::default()).unwrap();
        assert_eq!(file.names(), ["/Other", "/Workbook"]);
        assert_eq!(file.read("WORKBOOK").unwrap().unwrap().bytes, b"some records");
        assert_eq!(file.read("Book"), Ok(None));
        assert_eq!(file.start("workbook", 4), Ok(Some(b"some".to_vec())));
    }

    #[test]
    fn a_stream_past_the_limit_is_refused() {
        let bytes = compound(&[("Workbook", &[7; 9000])]);
        let limits = Limits { part: 8000, ..Limits::default() };
        let refused = Compound::open(&bytes, &limits).unwrap().read("Workbook");
        assert_eq!(refused, Err(Error::TooLarge { what: "bytes in one part", limit: 8000 }));
    }

    #[test]
    fn what_is_cut_off_is_damaged_and_never_a_fault() {
        let bytes = compound(&[("Workbook", &[7; 9000])]);
        for length in (0..bytes.len()).step_by(97) {
            let Ok(mut file) = Compound::open(&bytes[..length], &Limits::default()) else { continue };
            let content = file.read("Workbook").ok().flatten();
            assert!(content.is_none_or(|content| content.bytes.len() < 9000 || content.damage.is_none()));
        }
    }
}
