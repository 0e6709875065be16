//! A manifest: which files a run is to read, a row each, with what is known of them.
//!
//! It is CSV with a header, JSON lines, or Parquet, told by its bytes. Each row has a `uri` (a path, or what [`Input::of`](crate::Input::of) makes
//! of it) and may have a `sha256` (64 hexadecimal digits; in Parquet 32 bytes too) and a `size`. Other columns are passed over. A file that is
//! not as its row says is a document that failed (`not_as_listed`), and is never read.

mod columns;
mod lines;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::num::NonZeroU32;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::error::Error;
use crate::event::Expected;

/// A row of a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The file: a path, or a URI that the program knows.
    pub uri: OsString,
    /// What it is expected to be.
    pub expected: Expected,
}

impl Row {
    /// A row from what stands in its columns: the hash as 64 hexadecimal digits, or nothing.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(uri: &OsStr, sha256: &str, size: Option<u64>) -> Result<Self, String> {
        row(uri.as_bytes(), digest(sha256.as_bytes())?, size)
    }

    /// Which of so many shards it belongs to, from 0: the first eight bytes of its SHA-256 (where the manifest does not say it, of that of the uri)
    /// as one number, the highest byte first, modulo their number. So the same bytes meet in one shard.
    pub fn shard(&self, of: NonZeroU32) -> u32 {
        let digest = self.expected.sha256.unwrap_or_else(|| Sha256::digest(self.uri.as_bytes()).into());
        let [first @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = digest;
        // It is below a number of 32 bits.
        (u64::from_be_bytes(first) % u64::from(of.get())) as u32
    }
}

/// Hands over the rows of a manifest one by one.
///
/// # Errors
/// A manifest that cannot be read, with the line; or whatever `take` returns.
pub fn each_row(path: &Path, take: &mut dyn FnMut(Row) -> Result<(), Error>) -> Result<(), Error> {
    let unreadable = |error: std::io::Error| wrong(path, None, &format!("the manifest cannot be read: {error}"));
    let mut file = BufReader::new(File::open(path).map_err(unreadable)?);
    let start = file.fill_buf().map_err(unreadable)?;
    if start.starts_with(b"PAR1") {
        return columns::each(path, take);
    }
    if start.starts_with(b"\xef\xbb\xbf") {
        file.consume(3);
    }
    let start = file.fill_buf().map_err(unreadable)?.trim_ascii_start();
    if start.starts_with(b"{") { lines::of_json(path, file, take) } else { lines::of_csv(path, file, take) }
}

/// A manifest is not what it should be; `place` says where: `line 3`.
fn wrong(path: &Path, place: Option<(&str, u64)>, what: &str) -> Error {
    let place = place.map(|(unit, number)| format!("{unit} {number}: ")).unwrap_or_default();
    Error::Usage(format!("{}: {place}{what}", path.display()))
}

/// A row from what stands in its columns.
fn row(uri: &[u8], sha256: Option<[u8; 32]>, size: Option<u64>) -> Result<Row, String> {
    if uri.is_empty() {
        return Err("no uri; name the file".to_owned());
    }
    Ok(Row { uri: OsString::from_vec(uri.to_vec()), expected: Expected { size, sha256 } })
}

/// 64 hexadecimal digits; nothing where nothing stands there.
fn digest(text: &[u8]) -> Result<Option<[u8; 32]>, String> {
    let text = text.trim_ascii();
    if text.is_empty() {
        return Ok(None);
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let byte = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    };
    let bytes: Option<Vec<u8>> = text.chunks(2).map(byte).collect();
    let digest = bytes.and_then(|bytes| bytes.try_into().ok());
    digest.map(Some).ok_or_else(|| "sha256 is not 64 hexadecimal digits".to_owned())
}

/// A number of bytes; nothing where nothing stands there.
fn size(text: &[u8]) -> Result<Option<u64>, String> {
    let text = text.trim_ascii();
    if text.is_empty() {
        return Ok(None);
    }
    let size = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
    size.map(Some).ok_or_else(|| "size is not a number of bytes".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;
    use std::sync::Arc;

    use arrow_array::{ArrayRef, BinaryArray, Int64Array, RecordBatch, StringArray};
    use parquet::arrow::ArrowWriter;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    /// A file of its own for one test, removed with it.
    struct Manifest(PathBuf);

    impl Manifest {
        fn new(name: &str, content: &[u8]) -> Self {
            let path = std::env::temp_dir().join(format!("nianbao-manifest-{name}-{}", std::process::id()));
            std::fs::write(&path, content).unwrap();
            Self(path)
        }

        fn rows(&self) -> Result<Vec<Row>, String> {
            let mut rows = Vec::new();
            let read = each_row(&self.0, &mut |row| {
                rows.push(row);
                Ok(())
            });
            read.map(|()| rows).map_err(|error| match error {
                Error::Usage(message) => message.replace(self.0.to_str().unwrap(), "M"),
                other => panic!("{other:?}"),
            })
        }
    }

    impl Drop for Manifest {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    fn rows(name: &str, content: &str) -> Result<Vec<Row>, String> {
        Manifest::new(name, content.as_bytes()).rows()
    }

    fn wanted() -> Vec<Row> {
        let abc: [u8; 32] = Sha256::digest("abc").into();
        let row = |uri: &str, sha256, size| Row { uri: uri.into(), expected: Expected { size, sha256 } };
        vec![row("a b,\"1\".doc", Some(abc), Some(3)), row("file:///甲.pdf", None, None)]
    }

    #[test]
    fn a_manifest_is_csv_json_lines_or_parquet_by_its_bytes() {
        let csv = format!("\u{feff}size,note,uri,sha256\r\n3,x,\"a b,\"\"1\"\".doc\",{ABC}\r\n,,file:///甲.pdf,\r\n");
        assert_eq!(rows("csv", &csv), Ok(wanted()));
        let upper = ABC.to_uppercase();
        let json = format!(
            "{{\"uri\": \"a b,\\\"1\\\".doc\", \"sha256\": \"{upper}\", \"size\": 3, \"x\": []}}\n\n{{\"uri\":\"file:///甲.pdf\",\"size\":null}}"
        );
        assert_eq!(rows("json", &json), Ok(wanted()));
        assert_eq!(rows("only", "uri\na\n").map(|rows| rows.len()), Ok(1));
        assert_eq!(rows("none", "uri,size\n"), Ok(Vec::new()));
    }

    #[test]
    fn a_table_of_any_writer_is_a_manifest() {
        let uris: ArrayRef = Arc::new(StringArray::from(vec!["a b,\"1\".doc", "file:///甲.pdf"]));
        let bytes: ArrayRef = Arc::new(BinaryArray::from_opt_vec(vec![Some(&Sha256::digest("abc")[..]), None]));
        let digits: ArrayRef = Arc::new(StringArray::from(vec![Some(ABC), None]));
        let sizes: ArrayRef = Arc::new(Int64Array::from(vec![Some(3), None]));
        for sha256 in [bytes, digits] {
            let columns = [("note", &sizes), ("sha256", &sha256), ("size", &sizes), ("uri", &uris)];
            let batch = RecordBatch::try_from_iter(columns.map(|(name, column)| (name, Arc::clone(column)))).unwrap();
            let mut file = Vec::new();
            let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), None).unwrap();
            writer.write(&batch).unwrap();
            writer.close().unwrap();
            assert_eq!(Manifest::new("parquet", &file).rows(), Ok(wanted()));
            assert!(Manifest::new("cut", &file[..file.len() - 9]).rows().unwrap_err().starts_with("M: "));
        }
        let batch = RecordBatch::try_from_iter([("path", uris)]).unwrap();
        let mut file = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        let wrong = Manifest::new("no-uri", &file).rows().unwrap_err();
        assert_eq!(wrong, "M: there is no column uri; a manifest has uri, and may have sha256 and size");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let wrong = |content: &str| rows("wrong", content).unwrap_err();
        assert_eq!(wrong("uri,sha256\na,\nb,12\n"), "M: line 3: sha256 is not 64 hexadecimal digits");
        assert_eq!(wrong("uri,size\na,-1\n"), "M: line 2: size is not a number of bytes");
        assert_eq!(wrong("uri,size\na,1\n,2\n"), "M: line 3: no uri; name the file");
        assert_eq!(
            wrong("a.doc\nb.doc\n"),
            "M: there is no column uri; a manifest has uri, and may have sha256 and size"
        );
        assert!(wrong("uri,size\na,1,2\n").starts_with("M: line 2: "), "{}", wrong("uri,size\na,1,2\n"));
        assert!(wrong("{\"uri\":\"a\"}\n{\"uri\":1}\n").starts_with("M: line 2: "));
        assert!(wrong("{\"uri\":\"a\"}\n{\"size\":1}\n").contains("line 2: missing field `uri`"));
        assert!(wrong("").contains("no column uri"));
        let nowhere = each_row(Path::new("/nowhere"), &mut |_| Ok(())).unwrap_err();
        assert!(nowhere.to_string().starts_with("/nowhere: the manifest cannot be read"));
    }

    #[test]
    fn a_row_is_in_one_shard_told_by_its_bytes_else_by_its_name() {
        let of = |count: u32| NonZeroU32::new(count).unwrap();
        let [bytes, name] = &wanted()[..] else { panic!() };
        // The first eight bytes of the digest of "abc" as a number: 13436514500253700074.
        assert_eq!(
            [1, 2, 7, 1000].map(|count| bytes.shard(of(count))),
            [0, 0, (13_436_514_500_253_700_074_u64 % 7) as u32, 74]
        );
        let other = Row { uri: "elsewhere".into(), ..bytes.clone() };
        assert_eq!(other.shard(of(97)), bytes.shard(of(97)));
        let digest = Sha256::digest(name.uri.as_bytes());
        let first = u64::from_be_bytes(digest[..8].try_into().unwrap());
        assert_eq!(name.shard(of(97)), (first % 97) as u32);
    }
}
