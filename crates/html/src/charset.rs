//! Which encoding a page says it is in. What it says is often wrong; `nianbao_container::decode_declared` weighs it.

use nianbao_container::{Decoded, decode, decode_declared};

/// How many bytes are searched for a declaration. The standard asks for 1,024 (13.2.3.2); pages that begin with scripts need more.
const SEARCHED: usize = 16 * 1024;

/// Decodes a page: by its byte order mark, else by its content and what `header` or the page itself declares.
pub(crate) fn decoded(bytes: &[u8], header: Option<&str>) -> Decoded {
    let declared = header.map(str::to_owned).or_else(|| declared(bytes));
    match declared {
        Some(label) => decode_declared(bytes, &label),
        None => decode(bytes),
    }
}

/// The encoding that the first bytes declare: `<meta charset=…>`, `<meta http-equiv … content="text/html; charset=…">`, or
/// `<?xml … encoding="…"?>`.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..SEARCHED).unwrap_or(bytes);
    let in_tag = |start: &str, name: &str| {
        let tags = head.iter().enumerate().filter(|(_, byte)| **byte == b'<').filter_map(|(at, _)| head.get(at + 1..));
        tags.filter(|tag| begins(tag, start)).find_map(|tag| {
            let end = tag.iter().position(|&byte| byte == b'>')?;
            let tag: String = tag.iter().take(end).map(|byte| char::from(byte.to_ascii_lowercase())).collect();
            value(tag.get(tag.find(name)? + name.len()..)?)
        })
    };
    in_tag("meta", "charset").or_else(|| in_tag("?xml", "encoding"))
}

/// Whether the bytes begin with the word, in letters of either case.
fn begins(bytes: &[u8], word: &str) -> bool {
    bytes.get(..word.len()).is_some_and(|bytes| bytes.eq_ignore_ascii_case(word.as_bytes()))
}

/// The value behind a name: `=`, quotes or none, and the letters of a label.
pub(crate) fn value(text: &str) -> Option<String> {
    let text = text.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:.+".contains(c))).unwrap_or(text.len());
    text.get(..end).filter(|label| !label.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_found_in_all_their_forms() {
        let label = |text: &str| declared(text.as_bytes());
        assert_eq!(label("<meta charset=gb2312>").as_deref(), Some("gb2312"));
        assert_eq!(label("<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=GBK'>").as_deref(), Some("gbk"));
        assert_eq!(label("<meta name=a><meta charset = \"UTF-8\" />").as_deref(), Some("utf-8"));
        assert_eq!(label("<?xml version='1.0' encoding='gb18030'?><html>").as_deref(), Some("gb18030"));
        assert_eq!(label("<script charset=utf-8></script><p>"), None);
    }
}
