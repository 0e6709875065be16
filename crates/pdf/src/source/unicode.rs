//! What a character becomes on the way in: the plain one of those that look the same.

use smol_str::{SmolStr, SmolStrBuilder};
use unicode_normalization::UnicodeNormalization;

/// The text of a glyph with ligatures taken apart, and radicals, compatibility ideographs and vertical forms made the plain characters.
///
/// Full-width forms stay as they are printed, like in every other reader: `（一）` is no `(一)`. Empty where it says nothing.
pub(super) fn plain(text: &str) -> SmolStr {
    if text.is_ascii() {
        return text.chars().filter(|c| !c.is_control()).collect();
    }
    let mut plain = SmolStrBuilder::new();
    for c in text.chars() {
        match c {
            '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' => plain.push(' '),
            '\u{AD}' => plain.push('-'),
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' => {}
            '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => {}
            '\u{2E80}'..='\u{2EFF}' => plain.push(radical(c)),
            '\u{FE10}'..='\u{FE19}' | '\u{FE30}'..='\u{FE48}' => plain.push(level_form(c)),
            '\u{FB00}'..='\u{FB4F}' | '\u{2F00}'..='\u{2FDF}' | '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' => {
                for c in std::iter::once(c).nfkc() {
                    plain.push(c);
                }
            }
            '\u{F000}'..='\u{F0FF}' => plain.push(symbol(c).unwrap_or(c)),
            c if c.is_control() => {}
            c => plain.push(c),
        }
    }
    plain.finish()
}

/// Characters that a file may claim and that say nothing: replacement, private use, not characters at all.
pub(super) fn says_nothing(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_control()
            || symbol(c).is_none()
                && matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'.. | '\u{FFF0}'..='\u{FFFF}' | '\u{FDD0}'..='\u{FDEF}')
    })
}

/// The signs that Word and WPS take from Symbol and Wingdings, at the places where Windows puts the codes of such fonts: the dots of lists
/// and the boxes to be ticked. Others are not seen in documents often enough to be told from one another without the font.
const fn symbol(c: char) -> Option<char> {
    Some(match c {
        '\u{F0B7}' => '•',
        '\u{F06C}' => '●',
        '\u{F06E}' => '■',
        '\u{F06F}' | '\u{F0A8}' | '\u{F0A3}' => '□',
        '\u{F071}' => '❑',
        '\u{F075}' => '◆',
        '\u{F076}' => '❖',
        '\u{F0A7}' => '▪',
        '\u{F0D8}' => '➢',
        '\u{F0E0}' => '→',
        '\u{F0FC}' => '✓',
        '\u{F052}' | '\u{F0FE}' => '☑',
        _ => return None,
    })
}

/// A punctuation mark in the form for vertical lines as the one of level lines.
const fn level_form(c: char) -> char {
    match c {
        '︐' => '，',
        '︑' => '、',
        '︒' => '。',
        '︓' => '：',
        '︔' => '；',
        '︕' => '！',
        '︖' => '？',
        '︗' | '︻' => '【',
        '︘' | '︼' => '】',
        '︙' => '…',
        '︰' => '‥',
        '︱' => '—',
        '︲' => '–',
        '︳' | '︴' => '＿',
        '︵' => '（',
        '︶' => '）',
        '︷' => '｛',
        '︸' => '｝',
        '︹' => '〔',
        '︺' => '〕',
        '︽' => '《',
        '︾' => '》',
        '︿' => '〈',
        '﹀' => '〉',
        '﹁' => '「',
        '﹂' => '」',
        '﹃' => '『',
        '﹄' => '』',
        '﹇' => '［',
        '﹈' => '］',
        other => other,
    }
}

/// A radical as the ideograph that looks the same (Unicode, `EquivalentUnifiedIdeograph.txt`; NFKC leaves most of this block alone).
/// Producers that guess a character from its glyph write them for 见, 长, 民 and their like.
const fn radical(c: char) -> char {
    match c {
        '⺁' => '厂',
        '⺄' => '乙',
        '⺅' => '亻',
        '⺆' => '冂',
        '⺉' => '刂',
        '⺋' => '㔾',
        '⺎' => '兀',
        '⺏' => '尣',
        '⺐' => '尢',
        '⺒' | '⺓' => '巳',
        '⺔' => '彑',
        '⺖' => '忄',
        '⺘' => '扌',
        '⺙' => '攵',
        '⺛' => '旡',
        '⺝' => '月',
        '⺟' => '母',
        '⺠' => '民',
        '⺡' => '氵',
        '⺢' => '氺',
        '⺣' => '灬',
        '⺤' => '爫',
        '⺥' => '爫',
        '⺦' => '丬',
        '⺧' => '牛',
        '⺨' => '犭',
        '⺩' => '王',
        '⺪' => '疋',
        '⺫' | '⺲' => '罒',
        '⺬' => '示',
        '⺭' => '礻',
        '⺮' => '竹',
        '⺯' => '糹',
        '⺰' => '纟',
        '⺱' | '⺳' => '网',
        '⺶' | '⺷' | '⺸' => '羊',
        '⺹' => '老',
        '⺺' => '肀',
        '⺻' => '聿',
        '⺼' => '肉',
        '⺽' => '臼',
        '⺾' | '⺿' | '⻀' => '艹',
        '⻁' => '虎',
        '⻂' => '衤',
        '⻃' => '覀',
        '⻄' => '西',
        '⻅' => '见',
        '⻆' | '⻇' => '角',
        '⻈' => '讠',
        '⻉' => '贝',
        '⻊' => '足',
        '⻋' => '车',
        '⻌' | '⻍' | '⻎' => '辶',
        '⻏' | '⻖' => '阝',
        '⻐' => '钅',
        '⻑' => '長',
        '⻒' => '镸',
        '⻓' => '长',
        '⻔' => '门',
        '⻗' => '雨',
        '⻘' => '青',
        '⻙' => '韦',
        '⻚' => '页',
        '⻛' => '风',
        '⻜' => '飞',
        '⻝' | '⻞' | '⻟' => '食',
        '⻠' => '饣',
        '⻡' => '首',
        '⻢' => '马',
        '⻣' => '骨',
        '⻤' => '鬼',
        '⻥' => '鱼',
        '⻦' => '鸟',
        '⻧' => '卤',
        '⻨' => '麦',
        '⻩' => '黄',
        '⻪' => '黾',
        '⻫' => '斉',
        '⻬' => '齐',
        '⻭' => '歯',
        '⻮' => '齿',
        '⻯' => '竜',
        '⻰' => '龙',
        '⻱' => '龜',
        '⻲' => '亀',
        '⻳' => '龟',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_become_the_plain_characters() {
        assert_eq!(plain("⼀⽇⻓⻅⺠"), "一日长见民");
        assert_eq!(plain("ﬁ"), "fi");
        assert_eq!(plain("年\u{A0}度"), "年 度");
        assert_eq!(plain("更\u{F901}"), "更更");
    }

    #[test]
    fn chinese_punctuation_stays_as_printed() {
        assert_eq!(plain("（一）予以公开，２０２３。"), "（一）予以公开，２０２３。");
        assert_eq!(plain("︵一︶"), "（一）");
    }

    #[test]
    fn private_use_and_replacement_say_nothing() {
        assert!(says_nothing("\u{F031}") && says_nothing("\u{FFFD}") && says_nothing("\0"));
        assert!(!says_nothing("年") && !says_nothing("\u{F0B7}"));
        assert_eq!(plain("\u{F0B7}\u{F0FE}"), "•☑");
    }
}
