//! The characters of an XML part (XML 1.0, 4.3.3 and F.1): the tokeniser reads UTF-8 alone.

use memchr::memmem;

/// The text of a part, decoded as its byte order mark or its XML declaration says, else as UTF-8.
///
/// With it the name of the encoding in which some bytes were no text and are shown as U+FFFD.
pub(crate) fn decoded(bytes: Vec<u8>) -> (String, Option<&'static str>) {
    let encoding = encoding(&bytes);
    if encoding == encoding_rs::UTF_8 {
        return match String::from_utf8(bytes) {
            Ok(mut text) => {
                if text.starts_with('\u{FEFF}') {
                    text.drain(..'\u{FEFF}'.len_utf8());
                }
                (text, None)
            }
            Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(encoding.name())),
        };
    }
    let (text, encoding, lossy) = encoding.decode(&bytes);
    (text.into_owned(), lossy.then(|| encoding.name()))
}

fn encoding(bytes: &[u8]) -> &'static encoding_rs::Encoding {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding;
    }
    match bytes {
        [b'<', 0, ..] => encoding_rs::UTF_16LE,
        [0, b'<', ..] => encoding_rs::UTF_16BE,
        _ => declared(bytes).unwrap_or(encoding_rs::UTF_8),
    }
}

fn declared(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let declaration = bytes.strip_prefix(b"<?xml")?;
    let declaration = declaration.get(..memmem::find(declaration, b"?>")?)?;
    let value = declaration.get(memmem::find(declaration, b"encoding")? + 8..)?;
    let mut quoted = value.split(|&byte| byte == b'"' || byte == b'\'');
    let label = quoted.nth(1)?;
    // A declaration that can be read byte by byte cannot be in UTF-16, whatever it says; the Encoding Standard holds the same.
    match encoding_rs::Encoding::for_label(label)? {
        encoding if encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE => None,
        encoding => Some(encoding),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_decoded_as_they_say() {
        let utf_16: Vec<u8> =
            std::iter::once(0xFEFF).chain("<a>年</a>".encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(utf_16.clone()), ("<a>年</a>".to_owned(), None));
        assert_eq!(decoded(utf_16[2..].to_vec()), ("<a>年</a>".to_owned(), None));
        let mut gbk = b"<?xml version='1.0' encoding='GBK'?><a>".to_vec();
        gbk.extend(b"\xC4\xEA</a>");
        assert!(decoded(gbk).0.ends_with("<a>年</a>"));
        assert_eq!(decoded("\u{FEFF}<a/>".as_bytes().to_vec()), ("<a/>".to_owned(), None));
        assert_eq!(decoded(b"<?xml encoding='UTF-16'?><a/>".to_vec()).0, "<?xml encoding='UTF-16'?><a/>");
        assert_eq!(decoded(b"<a>\xFF</a>".to_vec()).1, Some("UTF-8"));
    }
}
