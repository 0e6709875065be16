//! Folding text for comparison: what a reader does not see as a difference is none.
//!
//! Folded text is for comparing only; what is shown to users is always the text as the source holds it.

/// The text without blanks, full-width forms made half-width, and punctuation that is mixed up in practice made one.
///
/// Case and Han characters stay. `（一） 予以公开` and `(一)予以公开` fold to the same text.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    folded.extend(text.chars().filter_map(fold_char));
    folded
}

/// One character folded; `None` for one that is not seen (blanks, line breaks, zero-width marks, soft hyphens).
pub const fn fold_char(c: char) -> Option<char> {
    // By far the most are Han characters, and none of those is folded.
    if matches!(c, '\u{3400}'..='\u{9FFF}') {
        return Some(c);
    }
    Some(match c {
        '\u{0}'..='\u{20}' | '\u{7F}'..='\u{A0}' | '\u{AD}' | '\u{2000}'..='\u{200F}' | '\u{2028}'..='\u{202F}' => {
            return None;
        }
        '\u{205F}'..='\u{206F}' | '\u{3000}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{1680}' | '\u{FFFC}' => {
            return None;
        }
        '`' => '"',
        '!'..='~' => c,
        '，' | '﹐' => ',',
        '。' | '．' | '｡' | '﹒' => '.',
        '、' | '､' | '﹑' => '、',
        '〔' | '［' | '【' | '﹝' | '〖' => '[',
        '〕' | '］' | '】' | '﹞' | '〗' => ']',
        '“' | '”' | '„' | '〝' | '〞' | '「' | '」' | '『' | '』' | '‘' | '’' | '‚' | '´' => '"',
        '–' | '—' | '―' | '‐' | '‑' | '‒' | '−' | '─' | '━' | '﹣' | '－' | 'ー' => '-',
        '·' | '•' | '‧' | '・' | '･' => '·',
        '…' | '⋯' => '…',
        '〈' | '《' => '<',
        '〉' | '》' => '>',
        // Full-width forms of ASCII stand in one block, in ASCII's own order.
        '！'..='～' => match char::from_u32(c as u32 - 0xFEE0) {
            Some(ascii) => ascii,
            None => c,
        },
        _ => c,
    })
}

/// Whether the character is a Han character (the unified ideographs and their extensions).
pub const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' | '〇')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_and_blanks_do_not_count() {
        assert_eq!(fold("（一） 予以\u{A0}公开"), fold("(一)予以公开"));
        assert_eq!(fold("２０２３　年"), "2023年");
        assert_eq!(fold("危及“三安全一稳定”"), fold("危及\"三安全一稳定\""));
        assert_eq!(fold("国办公开办函〔2021〕30号"), fold("国办公开办函[2021]30号"));
        assert_eq!(fold("结果维\n持"), "结果维持");
    }

    #[test]
    fn dashes_are_one_but_not_the_numeral_one() {
        assert_eq!(fold("——"), "--");
        assert_eq!(fold("一"), "一");
    }
}
