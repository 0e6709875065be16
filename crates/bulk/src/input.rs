//! What the user names: files and folders, or a list of them.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io::{self, BufRead, Read};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use crate::manifest::Row;
use crate::remote::{address, shown_address};

/// How many bytes of a list decide what parts its paths: more than two of the longest paths there can be.
const LOOK: u64 = 3 * 4096;

/// What a run is to read.
pub enum Input {
    /// A file, or a folder with all that it holds. It has to be there.
    Path(PathBuf),
    /// An object on another machine, or a folder of them: `s3://bucket/folder/`. One that is not there is a document that failed.
    Address(String),
    /// A list of files, folders and addresses: one a line, or each ended by a zero byte. One that is not there is a document that failed.
    List(Box<dyn Read + Send>),
    /// The files that a manifest names, and what they are expected to be. One that is not there is a document that failed.
    Manifest(PathBuf),
    /// The same, row by row.
    Rows(Vec<Row>),
}

impl Input {
    /// What a text names: an address on another machine; a path; or a URI of the scheme `file`, as the manifests of other programs have
    /// them (`file:///a%20b`, `file:/a`).
    pub fn of(uri: &OsStr) -> Self {
        if let Some(address) = address(uri.as_bytes()) {
            return Self::Address(address.to_owned());
        }
        let path = local(uri.as_bytes());
        Self::Path(path.map_or_else(|| PathBuf::from(uri), |path| PathBuf::from(OsString::from_vec(path))))
    }
}

/// The path that a URI of the scheme `file` names (RFC 8089); `None` where it is none, or names another machine.
fn local(uri: &[u8]) -> Option<Vec<u8>> {
    let rest = uri.strip_prefix(b"file:")?;
    let path = match rest.strip_prefix(b"//") {
        Some(rest) => rest.strip_prefix(b"localhost").unwrap_or(rest),
        None => rest,
    };
    path.starts_with(b"/").then(|| decoded(path))
}

/// The bytes that `%C4%EA` stands for. What is no pair of digits stands for itself: not every program writes what the standard asks for.
fn decoded(text: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|&byte| char::from(byte).to_digit(16));
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        let pair = digit(after.first()).zip(digit(after.get(1))).filter(|_| *first == b'%');
        let code = pair.and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        bytes.push(code.unwrap_or(*first));
        rest = after.get(if code.is_some() { 2.. } else { 0.. }).unwrap_or_default();
    }
    bytes
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => f.debug_tuple("Path").field(path).finish(),
            Self::Address(address) => f.debug_tuple("Address").field(&shown_address(address)).finish(),
            Self::List(_) => f.write_str("List(..)"),
            Self::Manifest(path) => f.debug_tuple("Manifest").field(path).finish(),
            Self::Rows(rows) => f.debug_tuple("Rows").field(&rows.len()).finish(),
        }
    }
}

/// Hands over the paths of a list one by one; empty lines are none.
pub(crate) fn each_path<E>(
    mut list: impl Read,
    mut take: impl FnMut(&Path) -> Result<(), E>,
) -> Result<Result<(), E>, io::Error> {
    let mut start = Vec::new();
    list.by_ref().take(LOOK).read_to_end(&mut start)?;
    let zero = start.contains(&0);
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start);
    let mut lines = io::BufReader::new(start.chain(list));
    let mut line = Vec::new();
    loop {
        line.clear();
        let end = if zero { 0 } else { b'\n' };
        if lines.read_until(end, &mut line)? == 0 {
            return Ok(Ok(()));
        }
        let path = line.strip_suffix(&[end]).unwrap_or(&line);
        // Lists that Windows has written end their lines with two characters.
        let path = if zero { path } else { path.strip_suffix(b"\r").unwrap_or(path) };
        if path.is_empty() {
            continue;
        }
        if let Err(stop) = take(Path::new(OsStr::from_bytes(path))) {
            return Ok(Err(stop));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    fn paths(list: &[u8]) -> Vec<Vec<u8>> {
        let mut found = Vec::new();
        let Ok(()) = each_path(list, |path| {
            found.push(path.as_os_str().as_bytes().to_owned());
            Ok::<(), Infallible>(())
        })
        .unwrap();
        found
    }

    #[test]
    fn paths_stand_one_a_line_or_each_before_a_zero() {
        assert_eq!(paths(b"a\nb c\r\n\n\xc4\xea\n"), [&b"a"[..], b"b c", b"\xc4\xea"]);
        assert_eq!(paths(b"a\0b\nc\r\0"), [&b"a"[..], b"b\nc\r"]);
        assert_eq!(paths("\u{feff}甲".as_bytes()), ["甲".as_bytes()]);
        assert!(paths(b"").is_empty());
    }

    #[test]
    fn a_uri_of_a_file_is_its_path_and_any_other_text_is_one() {
        let path = |uri: &[u8]| match Input::of(OsStr::from_bytes(uri)) {
            Input::Path(path) => path.into_os_string().into_vec(),
            other => panic!("{other:?}"),
        };
        assert_eq!(path(b"file:///a%20b/%C4%EA.doc"), b"/a b/\xc4\xea.doc");
        assert_eq!(path("file:/甲/100%.doc".as_bytes()), "/甲/100%.doc".as_bytes());
        assert_eq!(path(b"file://localhost/a%2"), b"/a%2");
        for same in ["a/b.doc", "/a%20b", "file://elsewhere/a", "file:a", "甲.doc"] {
            assert_eq!(path(same.as_bytes()), same.as_bytes());
        }
    }

    #[test]
    fn a_long_list_is_read_to_its_end() {
        let list: String = (0..5000).map(|n| format!("folder/{n}.docx\n")).collect();
        let found = paths(list.as_bytes());
        assert_eq!(found.len(), 5000);
        assert_eq!(found[4999], b"folder/4999.docx");
    }
}
