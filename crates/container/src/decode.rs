//! Text decoded by its content.
//!
//! The encodings are those that Chinese official files come in: UTF-8, UTF-16 and UTF-32 (with a byte order mark; UTF-16 also without),
//! GB18030 with its subsets GBK and GB2312, and Big5. Nothing in a file's name or in its declarations is asked: `GB2312` is declared
//! where GB18030 is meant, and `UTF-8` where GBK was saved.
//!
//! A general detector such as `chardetng` was not taken: it weighs some forty encodings that cannot occur here, so a short GBK
//! file comes out as Korean or as windows-1252, and it does not know UTF-16.

use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

/// Text, and how it was decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// The name of the encoding, as the Encoding Standard has it; `UTF-32LE` and `UTF-32BE`, which it does not have, by their own names.
    pub encoding: &'static str,
    /// Some bytes are no text in that encoding and were replaced by U+FFFD.
    pub lossy: bool,
}

/// Decodes `bytes`: by a byte order mark, else by their content. Never fails; what is no text is replaced and said so.
pub fn decode(bytes: &[u8]) -> Decoded {
    match encoding_of(bytes) {
        Found::Wide { big_endian, mark } => utf_32(bytes.get(mark..).unwrap_or_default(), big_endian),
        Found::Standard { encoding, mark } => standard(bytes.get(mark..).unwrap_or_default(), encoding),
    }
}

/// Decodes `bytes` of which something says that they are in the encoding `label` (a name of the Encoding Standard: `gb2312`, `utf-8`).
///
/// A byte order mark weighs more than the declaration, and so does the content where the declaration is one of those that are wrong every day:
/// `gb2312` stands over GB18030 and over UTF-8, `utf-8` over GBK, `iso-8859-1` over whatever the server made of it. Otherwise it is believed.
pub fn decode_declared(bytes: &[u8], label: &str) -> Decoded {
    let declared = Encoding::for_label(label.trim().as_bytes());
    let judged = encoding_of(bytes);
    match (declared, judged) {
        (Some(declared), Found::Standard { encoding, mark: 0 }) => standard(bytes, weighed(bytes, declared, encoding)),
        _ => decode(bytes),
    }
}

/// Which of the two it is: what is declared, or what the content was judged to be.
fn weighed(bytes: &[u8], declared: &'static Encoding, judged: &'static Encoding) -> &'static Encoding {
    let is_gb = |encoding| encoding == GB18030 || encoding == GBK;
    if judged == UTF_16LE || judged == UTF_16BE || bytes.is_ascii() {
        return judged;
    }
    if judged == UTF_8 {
        // Two or three characters of GBK can be UTF-8 by accident, but no Han character comes out.
        let by_accident = is_gb(declared) && !decode_sample(bytes, UTF_8).chars().any(is_common);
        return if by_accident { GB18030 } else { UTF_8 };
    }
    match declared {
        // Shift_JIS, KOI8-R, windows-1252: not ours to judge, unless the text reads as plain Chinese.
        _ if !(is_gb(declared) || declared == BIG5 || declared == UTF_8) => {
            if plausible(from_first_foreign(bytes), Double::Gb) >= PLAINLY_CHINESE { judged } else { declared }
        }
        _ if declared == BIG5 && judged == GB18030 => {
            let sample = from_first_foreign(bytes);
            let is_gb = plausible(sample, Double::Gb) > plausible(sample, Double::Big5);
            if is_gb { GB18030 } else { BIG5 }
        }
        _ => judged,
    }
}

/// From how many common characters in a thousand a text is Chinese in GB18030 whatever it is declared to be. Chinese prose has 950 and more; other
/// scripts read as GB18030 have next to none, for their letters follow blanks.
const PLAINLY_CHINESE: usize = 900;

fn decode_sample(bytes: &[u8], encoding: &'static Encoding) -> String {
    let sample = from_first_foreign(bytes);
    encoding.decode_without_bom_handling(sample).0.into_owned()
}

const fn is_common(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF01}'..='\u{FF5E}')
}

/// Whether `bytes` are a text that a person could read: they decode with next to no replacement, and next to nothing in them is a control
/// character. False for an empty file. Looks at the first 64 KiB.
pub fn looks_like_text(bytes: &[u8]) -> bool {
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    let text = decode(sample).text;
    let total = text.chars().count();
    // A sample that was cut inside a character ends in one replacement: it does not count.
    let strange = text.chars().filter(|&c| is_strange(c)).count();
    let excused = usize::from(sample.len() < bytes.len());
    total > 0 && strange.saturating_sub(excused) * MOST_STRANGE <= total
}

/// How many bytes a judgement about the content looks at: some twenty pages, and read in well under a millisecond.
const SAMPLE: usize = 64 * 1024;

/// At most one in this many characters of a text may be strange. Random bytes have one in ten; damaged dumps were seen with one in a thousand.
const MOST_STRANGE: usize = 25;

/// A character that no text needs: replaced bytes, control characters other than blanks and breaks, private use and non-characters.
const fn is_strange(c: char) -> bool {
    matches!(c,
        '\0'..='\u{6}' | '\u{E}'..='\u{19}' | '\u{1B}'..='\u{1F}' | '\u{7F}'..='\u{84}' | '\u{86}'..='\u{9F}'
        | '\u{E000}'..='\u{F8FF}' | '\u{FFF0}'..='\u{FFFB}' | '\u{FFFD}'..='\u{FFFF}' | '\u{F0000}'..)
}

/// What the bytes are, and how long their byte order mark is.
enum Found {
    Wide { big_endian: bool, mark: usize },
    Standard { encoding: &'static Encoding, mark: usize },
}

fn encoding_of(bytes: &[u8]) -> Found {
    by_mark(bytes).unwrap_or_else(|| Found::Standard { encoding: by_content(bytes), mark: 0 })
}

/// The UTF-32 mark begins with the UTF-16 one, so it is asked for first, and believed only where the length fits.
fn by_mark(bytes: &[u8]) -> Option<Found> {
    let whole = bytes.len().is_multiple_of(4);
    Some(match bytes {
        [0xFF, 0xFE, 0, 0, ..] if whole => Found::Wide { big_endian: false, mark: 4 },
        [0, 0, 0xFE, 0xFF, ..] if whole => Found::Wide { big_endian: true, mark: 4 },
        [0xEF, 0xBB, 0xBF, ..] => Found::Standard { encoding: UTF_8, mark: 3 },
        [0xFF, 0xFE, ..] => Found::Standard { encoding: UTF_16LE, mark: 2 },
        [0xFE, 0xFF, ..] => Found::Standard { encoding: UTF_16BE, mark: 2 },
        [0x84, 0x31, 0x95, 0x33, ..] => Found::Standard { encoding: GB18030, mark: 4 },
        _ => return None,
    })
}

fn by_content(bytes: &[u8]) -> &'static Encoding {
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    if let Some(encoding) = utf_16(sample) {
        return encoding;
    }
    if std::str::from_utf8(bytes).is_ok() || is_damaged_utf_8(bytes) {
        return UTF_8;
    }
    let sample = from_first_foreign(bytes);
    if plausible(sample, Double::Big5) > plausible(sample, Double::Gb) + CLEARLY { BIG5 } else { GB18030 }
}

/// The order in which the bytes are UTF-16 without a mark. No other encoding has a NUL byte in a text, and UTF-16 has one in every
/// digit, blank and line break.
fn utf_16(sample: &[u8]) -> Option<&'static Encoding> {
    if !sample.contains(&0) {
        return None;
    }
    let little = share_of_units(sample, u16::from_le_bytes);
    let big = share_of_units(sample, u16::from_be_bytes);
    let (encoding, share) = if little >= big { (UTF_16LE, little) } else { (UTF_16BE, big) };
    (share >= 900).then_some(encoding)
}

/// How many in a thousand code units are a character of a Chinese text.
fn share_of_units(sample: &[u8], unit: impl Fn([u8; 2]) -> u16) -> usize {
    let (pairs, _) = sample.as_chunks::<2>();
    let good = pairs.iter().filter(|&&pair| is_common_unit(unit(pair))).count();
    good * 1000 / pairs.len().max(1)
}

const fn is_common_unit(unit: u16) -> bool {
    matches!(unit, 0x09..=0x0D | 0x20..=0x7E | 0xA0 | 0xB7 | 0xD7 | 0x2010..=0x203B | 0x2460..=0x249B | 0x2500..=0x257F
        | 0x3000..=0x303F | 0x4E00..=0x9FA5 | 0xFF01..=0xFF5E | 0xFFE5)
}

/// Whether the bytes are UTF-8 with a few broken ones: sound sequences of several bytes outnumber the broken places by far. In text of another
/// encoding it is the other way round.
fn is_damaged_utf_8(bytes: &[u8]) -> bool {
    let (mut sound, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        sound += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    sound > broken * 4
}

/// The sample begins where the first byte stands that is not ASCII: a file may begin with pages of markup.
fn from_first_foreign(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let rest = bytes.get(start..).unwrap_or_default();
    rest.get(..SAMPLE).unwrap_or(rest)
}

/// The encodings of two bytes a character.
#[derive(Clone, Copy)]
enum Double {
    Gb,
    Big5,
}

/// By how many in a thousand Big5 must be the more plausible reading. Measured on 3,000 random pieces of three characters and more of each: true GBK never
/// reads better as Big5 than as itself, true Big5 reads better as itself by 330 and more.
const CLEARLY: usize = 150;

/// How many in a thousand characters of two bytes are among those that the encoding itself sets apart as the common ones (GB 2312 level 1 in rows
/// B0 to D7; Big5 level 1 in A4 to C6), or punctuation. A byte that fits no character counts as an uncommon one.
fn plausible(bytes: &[u8], double: Double) -> usize {
    let (mut common, mut total) = (0_usize, 0_usize);
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        if first.is_ascii() {
            rest = tail;
            continue;
        }
        total += 1;
        let second = tail.first().copied().unwrap_or(0);
        let taken = match double {
            Double::Gb => {
                common += usize::from(is_common_gb(*first, second));
                gb_length(*first, second)
            }
            Double::Big5 => {
                common += usize::from(is_common_big5(*first, second));
                big5_length(*first, second)
            }
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    common * 1000 / total.max(1)
}

const fn is_common_gb(first: u8, second: u8) -> bool {
    matches!(first, 0xA1..=0xA3 | 0xB0..=0xD7) && matches!(second, 0xA1..=0xFE)
}

const fn is_common_big5(first: u8, second: u8) -> bool {
    matches!(first, 0xA1..=0xC6) && matches!(second, 0x40..=0x7E | 0xA1..=0xFE)
}

const fn gb_length(first: u8, second: u8) -> usize {
    match (first, second) {
        (0x81..=0xFE, 0x40..=0x7E | 0x80..=0xFE) => 2,
        (0x81..=0xFE, 0x30..=0x39) => 4,
        _ => 1,
    }
}

const fn big5_length(first: u8, second: u8) -> usize {
    match (first, second) {
        (0x81..=0xFE, 0x40..=0x7E | 0xA1..=0xFE) => 2,
        _ => 1,
    }
}

fn standard(bytes: &[u8], encoding: &'static Encoding) -> Decoded {
    let (text, lossy) = encoding.decode_without_bom_handling(bytes);
    Decoded { text: text.into_owned(), encoding: encoding.name(), lossy }
}

/// UTF-32 is not in the Encoding Standard, and so not in `encoding_rs`.
fn utf_32(bytes: &[u8], big_endian: bool) -> Decoded {
    let number = if big_endian { u32::from_be_bytes } else { u32::from_le_bytes };
    let (units, rest) = bytes.as_chunks::<4>();
    let mut lossy = !rest.is_empty();
    let text = units
        .iter()
        .map(|&unit| {
            char::from_u32(number(unit)).unwrap_or_else(|| {
                lossy = true;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    Decoded { text, encoding: if big_endian { "UTF-32BE" } else { "UTF-32LE" }, lossy }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SIMPLIFIED: &str = "某区水利局公布上一年度的工作情况，全年办理事项３件。\n规章\t0\t12\t5\n";
    const TRADITIONAL: &str = "某區水利局公布上一年度的工作情況，全年辦理事項三件。\n規章\t0\t12\t5\n";

    fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
        let (bytes, _, unmappable) = encoding.encode(text);
        assert!(!unmappable);
        bytes.into_owned()
    }

    fn utf_16_bytes(text: &str, bytes: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    fn assert_decodes(bytes: &[u8], text: &str, encoding: &str) {
        let decoded = decode(bytes);
        assert_eq!((decoded.text.as_str(), decoded.encoding, decoded.lossy), (text, encoding, false));
        assert!(looks_like_text(bytes));
    }

    #[test]
    fn utf_8_is_read_with_and_without_a_mark() {
        assert_decodes(SIMPLIFIED.as_bytes(), SIMPLIFIED, "UTF-8");
        assert_decodes(format!("\u{FEFF}{SIMPLIFIED}").as_bytes(), SIMPLIFIED, "UTF-8");
        assert_decodes(b"plain 123\n", "plain 123\n", "UTF-8");
    }

    #[test]
    fn utf_16_is_read_in_both_orders_with_and_without_a_mark() {
        for mark in ["", "\u{FEFF}"] {
            let text = format!("{mark}{SIMPLIFIED}");
            assert_decodes(&utf_16_bytes(&text, u16::to_le_bytes), SIMPLIFIED, "UTF-16LE");
            assert_decodes(&utf_16_bytes(&text, u16::to_be_bytes), SIMPLIFIED, "UTF-16BE");
        }
    }

    #[test]
    fn utf_32_is_read_by_its_mark() {
        let text = format!("\u{FEFF}{SIMPLIFIED}");
        let little: Vec<u8> = text.chars().flat_map(|c| (c as u32).to_le_bytes()).collect();
        let big: Vec<u8> = text.chars().flat_map(|c| (c as u32).to_be_bytes()).collect();
        assert_decodes(&little, SIMPLIFIED, "UTF-32LE");
        assert_decodes(&big, SIMPLIFIED, "UTF-32BE");
    }

    #[test]
    fn gb18030_is_told_from_big5() {
        assert_decodes(&encoded(SIMPLIFIED, GB18030), SIMPLIFIED, "gb18030");
        assert_decodes(&encoded(TRADITIONAL, BIG5), TRADITIONAL, "Big5");
        for label in ["规章 0", "行政许可", "结果维持", "总计\t7", "二、上年结转"] {
            assert_eq!(decode(&encoded(label, GB18030)).text, label);
        }
    }

    #[test]
    fn traditional_characters_in_gbk_are_not_taken_for_big5() {
        assert_decodes(&encoded(TRADITIONAL, GB18030), TRADITIONAL, "gb18030");
    }

    #[test]
    fn characters_of_four_bytes_are_read() {
        let text = "某镇㐂𠮷村情况说明，共三件。";
        assert_decodes(&encoded(text, GB18030), text, "gb18030");
    }

    #[test]
    fn a_broken_byte_is_replaced_and_said() {
        let mut bytes = SIMPLIFIED.as_bytes().to_vec();
        bytes.insert(6, 0xFF);
        let decoded = decode(&bytes);
        assert_eq!((decoded.encoding, decoded.lossy), ("UTF-8", true));
        assert_eq!(decoded.text.matches('\u{FFFD}').count(), 1);
    }

    #[test]
    fn a_wrong_declaration_is_not_believed() {
        let gb = encoded(SIMPLIFIED, GB18030);
        assert_eq!(decode_declared(&gb, "utf-8").text, SIMPLIFIED);
        assert_eq!(decode_declared(&gb, "iso-8859-1").text, SIMPLIFIED);
        assert_eq!(decode_declared(&gb, "no such name").text, SIMPLIFIED);
        assert_eq!(decode_declared(SIMPLIFIED.as_bytes(), "gb2312").text, SIMPLIFIED);
        assert_eq!(decode_declared(SIMPLIFIED.as_bytes(), "windows-1252").text, SIMPLIFIED);
        // 㐂 is not in GB 2312.
        let rare = encoded("㐂镇", GB18030);
        assert_eq!(decode_declared(&rare, "gb2312").text, "㐂镇");
    }

    #[test]
    fn a_right_declaration_decides_where_the_content_does_not() {
        assert_eq!(decode_declared(&encoded("联通", GB18030), "gbk").text, "联通");
        assert_eq!(decode_declared(b"caf\xE9 au lait, d\xE9j\xE0 vu", "windows-1252").text, "café au lait, déjà vu");
        let traditional = encoded(TRADITIONAL, BIG5);
        assert_eq!(decode_declared(&traditional, "big5").text, TRADITIONAL);
        assert_eq!(decode_declared(&encoded("Годовой отчёт", encoding_rs::KOI8_R), "koi8-r").text, "Годовой отчёт");
        assert_eq!(decode_declared(b"plain", "shift_jis").text, "plain");
    }

    #[test]
    fn text_that_ends_inside_a_character_keeps_its_encoding() {
        let bytes = SIMPLIFIED.as_bytes();
        let cut = decode(&bytes[..20]);
        assert_eq!((cut.encoding, cut.lossy), ("UTF-8", true));
    }

    #[test]
    fn a_stray_nul_does_not_make_utf_16() {
        let text = SIMPLIFIED.replace('\n', "\0\n");
        assert_eq!(decode(text.as_bytes()).text, text);
    }

    #[test]
    fn rubbish_is_no_text() {
        let noise: Vec<u8> = (0_u32..4000).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert!(!looks_like_text(&noise));
        assert!(!looks_like_text(b""));
        assert!(!looks_like_text(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x06\0\0\0"));
        assert!(!looks_like_text(&[0; 100]));
    }

    #[test]
    fn a_long_text_cut_by_the_sample_is_still_text() {
        let text = "字".repeat(SAMPLE);
        assert!(looks_like_text(text.as_bytes()));
        assert!(looks_like_text(&encoded(&text, GB18030)));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_fail(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let decoded = decode(&bytes);
            prop_assert!(decoded.lossy || decoded.text.len() <= 3 * bytes.len());
            let _ = looks_like_text(&bytes);
        }

        #[test]
        fn utf_8_comes_back_as_it_was(text in "[\u{1}-\u{7E}一-龥、。（）\u{A0}\u{3000}]{0,200}") {
            prop_assert_eq!(decode(text.as_bytes()).text, text);
        }
    }
}
