//! How a path is shown: as it is where it is UTF-8, else as GB18030 (the names in many a scraped folder), else with what cannot be
//! read as U+FFFD.

use encoding_rs::GB18030;

/// The path as it is shown, and its bytes where they are not those.
pub(crate) fn shown(path: &[u8]) -> (String, Option<Vec<u8>>) {
    if let Ok(text) = std::str::from_utf8(path) {
        return (text.to_owned(), None);
    }
    let decoded = GB18030.decode_without_bom_handling_and_without_replacement(path);
    let text = decoded.unwrap_or_else(|| String::from_utf8_lossy(path));
    (text.into_owned(), Some(path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_gbk_is_shown_as_chinese_and_keeps_its_bytes() {
        assert_eq!(shown("甲/年报.docx".as_bytes()), ("甲/年报.docx".to_owned(), None));
        let gbk = b"\xc4\xea\xb1\xa8.doc";
        assert_eq!(shown(gbk), ("年报.doc".to_owned(), Some(gbk.to_vec())));
        assert_eq!(shown(b"a\xff\xff"), ("a\u{fffd}\u{fffd}".to_owned(), Some(b"a\xff\xff".to_vec())));
    }
}
