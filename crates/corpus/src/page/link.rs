//! Links from the page to files, whatever these are called.

use std::fmt::Write as _;
use std::path::{Component, Path};

/// A link from a page in `folder` to a file: relative, so that both can be moved together. It always begins with a dot or `file:`, never
/// with what a name could make of it.
pub(super) fn to(file: &Path, folder: &Path) -> Option<String> {
    let file = file.canonicalize().ok()?;
    let (from, to): (Vec<_>, Vec<_>) = (folder.components().collect(), file.components().collect());
    let shared = from.iter().zip(&to).take_while(|(one, two)| one == two).count();
    let mut link = ".".to_owned();
    from.iter().skip(shared).for_each(|_| link.push_str("/.."));
    for part in to.into_iter().skip(shared) {
        link.push('/');
        push(&mut link, part);
    }
    Some(link)
}

#[cfg(unix)]
fn push(link: &mut String, part: Component<'_>) {
    use std::os::unix::ffi::OsStrExt as _;
    escape(link, part.as_os_str().as_bytes());
}

#[cfg(not(unix))]
fn push(link: &mut String, part: Component<'_>) {
    escape(link, part.as_os_str().to_string_lossy().as_bytes());
}

fn escape(link: &mut String, bytes: &[u8]) {
    for &byte in bytes {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => link.push(char::from(byte)),
            byte => {
                let _ = write!(link, "%{byte:02X}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;

    #[test]
    fn a_name_cannot_make_a_link_of_another_kind() {
        let folder = Folder::new("link");
        folder.write("in/javascript:alert(1)\"#年.docx", "");
        folder.write("out/x", "");
        let base = folder.path().canonicalize().unwrap();
        let link = to(&base.join("in/javascript:alert(1)\"#年.docx"), &base.join("out")).unwrap();
        assert_eq!(link, "./../in/javascript%3Aalert%281%29%22%23%E5%B9%B4.docx");
        assert_eq!(to(&base.join("none"), &base), None);
    }
}
