//! What lies on other machines, behind addresses such as `s3://bucket/key`. How it is reached, `nianbao-objects` knows; this crate knows only
//! what may be asked: [`Remote`]. So nothing here depends on a network library, and tests hand in a folder of their own.

use std::fmt;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;

use tokio::sync::mpsc;

/// How an address begins.
const SCHEMES: [&str; 5] = ["s3://", "gs://", "az://", "https://", "http://"];

/// Whether this is an address, and no path of this machine. A path never is: those that are walked to have no doubled slashes.
pub fn is_address(path: &[u8]) -> bool {
    address(path).is_some()
}

/// The address that a path is. What is not UTF-8 is none.
pub(crate) fn address(path: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(path).ok()?;
    SCHEMES.iter().any(|scheme| text.starts_with(scheme)).then_some(text)
}

/// An address as it may be shown: without a name and a password before the host, and without what follows a question mark, where a signature
/// may stand.
pub fn shown_address(address: &str) -> String {
    let address = address.split_once('?').map_or(address, |(before, _)| before);
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

/// An object: a file on another machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object {
    /// Its address, whole. It holds no credentials.
    pub address: String,
    /// How many bytes it has, as far as is known before it is fetched.
    pub size: u64,
    /// When it was changed last, in nanoseconds since 1970; 0 where that is not told.
    pub modified: i64,
    /// The entity tag: what changes whenever its bytes do.
    pub tag: Option<String>,
}

/// What stands at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// One object.
    Object(Object),
    /// A folder: objects below it, and none of this very name.
    Folder,
    /// Nothing.
    Nothing,
}

/// Why something behind an address could not be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// A name to filter by: `not_found`, `unreadable`, `unreachable`, `too_large`, `changed`.
    pub kind: &'static str,
    /// What is wrong and what to do next. It holds no credentials.
    pub message: String,
    /// Whether it holds for everything behind addresses of that kind: credentials that are missing or wrong, a bucket that is not there.
    pub everywhere: bool,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Trouble {}

/// An answer that takes its time.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Trouble>> + Send + 'a>>;

/// Who reaches what lies on other machines. All of it is tried again a few times before it is [`Trouble`], and ends in bounded time.
pub trait Remote: fmt::Debug + Send + Sync {
    /// What stands at an address. One that ends with a slash is a folder, unasked.
    fn look<'a>(&'a self, address: &'a str) -> Answer<'a, Standing>;

    /// Hands over every object below a folder, in the order of the storage.
    fn list<'a>(&'a self, folder: &'a str, found: mpsc::Sender<Object>) -> Answer<'a, ()>;

    /// Writes the bytes of an object to a file that is there, and is empty; how many they are. More than `most` are `too_large`.
    fn fetch<'a>(&'a self, address: &'a str, file: &'a Path, most: u64) -> Answer<'a, u64>;

    /// Puts a file under an address, in place of what stands there. Whoever looks sees what was there before, or all of it; never a part.
    fn put<'a>(&'a self, file: &'a Path, address: &'a str) -> Answer<'a, Object>;

    /// Takes an object away; it does no harm where there is none.
    fn remove<'a>(&'a self, address: &'a str) -> Answer<'a, ()>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_no_path() {
        for yes in ["s3://bucket/年报.docx", "gs://b/", "az://c/k", "https://甲.gov.cn/a?id=1", "http://127.0.0.1:9/x"]
        {
            assert!(is_address(yes.as_bytes()), "{yes}");
        }
        for no in ["s3:/bucket/x", "/s3://x", "S3://x", "file:///x", "a.docx", "ftp://x"] {
            assert!(!is_address(no.as_bytes()), "{no}");
        }
        assert!(!is_address(b"s3://b/\xff"));
    }

    #[test]
    fn what_is_shown_of_an_address_opens_nothing() {
        assert_eq!(shown_address("https://me:secret@host/a@b?X-Amz-Signature=1"), "https://host/a@b");
        assert_eq!(shown_address("s3://bucket/a@b"), "s3://bucket/a@b");
        assert_eq!(shown_address("https://host?a=b"), "https://host");
    }
}
