//! Which encoding the bytes of a document are in that no font tells: what the file declares, weighed against what stands there.
//!
//! `\ansicpg1252` stands over GBK where a Chinese text was pasted into a foreign program, and UTF-8 stands in files whose programs never
//! heard of code pages. So the bytes are looked at, as `container` looks at those of a text dump.

use encoding_rs::{Encoding, GB18030, GBK, UTF_8};
use nianbao_container::decode_declared;

use crate::tokens::{Token, Tokens};

/// How many bytes are looked at: some twenty pages of text.
const SAMPLE: usize = 64 * 1024;

/// The encodings of a document's bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guess {
    /// Of bytes written as `\'b9`.
    pub(crate) escaped: &'static Encoding,
    /// Of bytes that stand in the file as they are.
    pub(crate) raw: &'static Encoding,
}

impl Guess {
    /// Judges the bytes of a file that declares `declared`.
    pub(crate) fn new(file: &[u8], declared: &'static Encoding) -> Self {
        let (escaped, raw) = samples(file);
        Self { escaped: judged(&escaped, declared), raw: judged(&raw, declared) }
    }
}

fn judged(sample: &[u8], declared: &'static Encoding) -> &'static Encoding {
    if sample.is_ascii() {
        return declared;
    }
    let found = Encoding::for_label(decode_declared(sample, declared.name()).encoding.as_bytes());
    match found {
        // The wider one is read where the narrower is declared; nobody needs to be told.
        Some(found) if found == GB18030 => GBK,
        // Bytes of text are never two bytes wide.
        Some(found) if found == UTF_8 || found.is_ascii_compatible() => found,
        _ => declared,
    }
}

/// The bytes of the text, escaped ones and those that are not, each with what stands between them. What stands in place of `\u` is not
/// looked at: it is in whatever encoding.
fn samples(file: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (mut escaped, mut raw) = (Vec::new(), Vec::<u8>::new());
    let mut is_fallback = false;
    for token in Tokens::new(file) {
        if escaped.len() >= SAMPLE || raw.len() >= SAMPLE {
            break;
        }
        match token {
            Token::Byte(byte) if !is_fallback => escaped.push(byte),
            Token::Byte(_) => {}
            Token::Text(text) => {
                is_fallback = false;
                if text.is_ascii() {
                    // Letters between bytes part them, as they do in a text.
                    let text = text.get(..text.len().min(8)).unwrap_or_default();
                    escaped.extend(text.iter().filter(|byte| !matches!(byte, b'\r' | b'\n')));
                } else {
                    raw.extend(text);
                }
            }
            Token::Word(b"u", _) => is_fallback = true,
            _ => is_fallback = false,
        }
    }
    raw.truncate(SAMPLE);
    // A piece that was cut inside a character would count against UTF-8.
    let whole = raw.len() - raw.iter().rev().take(4).take_while(|byte| !byte.is_ascii()).count();
    if raw.len() == SAMPLE {
        raw.truncate(whole);
    }
    (escaped, raw)
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::WINDOWS_1252;

    fn escaped(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("\\'{byte:02x}")).collect()
    }

    const TEXT: &str = "根据《中华人民共和国政府信息公开条例》的规定，现公布本机关的年度报告。";

    #[test]
    fn chinese_bytes_are_told_whatever_is_declared() {
        let (gbk, ..) = GBK.encode(TEXT);
        assert_eq!(Guess::new(escaped(&gbk).as_bytes(), WINDOWS_1252).escaped, GBK);
        assert_eq!(Guess::new(escaped(&gbk).as_bytes(), GBK).escaped, GBK);
        assert_eq!(Guess::new(escaped(TEXT.as_bytes()).as_bytes(), GBK).escaped, UTF_8);
        let guess = Guess::new(TEXT.as_bytes(), GBK);
        assert_eq!((guess.raw, guess.escaped), (UTF_8, GBK));
    }

    #[test]
    fn what_is_declared_holds_where_nothing_speaks_against_it() {
        assert_eq!(Guess::new(b"plain \\'e9t\\'e9", WINDOWS_1252).escaped, WINDOWS_1252);
        assert_eq!(Guess::new(b"", GBK).raw, GBK);
        let fallback: String = TEXT.chars().map(|c| format!("\\u{}\\'e5\\'ba\\'94", u32::from(c))).collect();
        assert_eq!(Guess::new(fallback.as_bytes(), WINDOWS_1252).escaped, WINDOWS_1252);
    }
}
