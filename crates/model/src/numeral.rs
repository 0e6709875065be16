//! The words of numbers: automatic numbering spelled out (一、（一）1.), and the marks that stand before a heading read back.

/// How an automatic number is written: the formats of `ST_NumberFormat` (ECMA-376 Part 1, 17.18.59) that occur in Chinese documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NumberFormat {
    /// 1, 2, 3.
    Decimal,
    /// 01, 02, … 10.
    DecimalZero,
    /// １, ２, ３.
    DecimalFullWidth,
    /// ①, ②, … up to ⑳, then plain digits.
    DecimalEnclosedCircle,
    /// a, b, … z, aa, bb.
    LowerLetter,
    /// A, B, … Z, AA, BB.
    UpperLetter,
    /// i, ii, iii.
    LowerRoman,
    /// I, II, III.
    UpperRoman,
    /// 一, 二, … 十, 十一, 二十, 一百零一.
    ChineseCounting,
    /// 壹, 贰, … 拾.
    ChineseLegal,
    /// 〇 for nought and digit by digit: 一〇, 一一.
    IdeographDigital,
    /// 甲, 乙, 丙.
    IdeographTraditional,
    /// 子, 丑, 寅.
    IdeographZodiac,
    /// A mark that does not count.
    Bullet,
    /// Nothing at all.
    None,
}

impl NumberFormat {
    /// The format named by `w:numFmt`; `None` for one that we do not spell.
    pub fn from_word(name: &str) -> Option<Self> {
        Some(match name {
            "decimal" | "decimalHalfWidth" => Self::Decimal,
            "decimalZero" => Self::DecimalZero,
            "decimalFullWidth" | "decimalFullWidth2" => Self::DecimalFullWidth,
            "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => Self::DecimalEnclosedCircle,
            "lowerLetter" => Self::LowerLetter,
            "upperLetter" => Self::UpperLetter,
            "lowerRoman" => Self::LowerRoman,
            "upperRoman" => Self::UpperRoman,
            "chineseCounting"
            | "chineseCountingThousand"
            | "japaneseCounting"
            | "taiwaneseCounting"
            | "taiwaneseCountingThousand"
            | "koreanCounting" => Self::ChineseCounting,
            "chineseLegalSimplified" | "ideographLegalTraditional" => Self::ChineseLegal,
            "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => Self::IdeographDigital,
            "ideographTraditional" => Self::IdeographTraditional,
            "ideographZodiac" => Self::IdeographZodiac,
            "bullet" => Self::Bullet,
            "none" => Self::None,
            _ => return None,
        })
    }

    /// The number `n` in this format; empty for a bullet or none.
    pub fn spell(self, n: u32) -> String {
        match self {
            Self::Decimal => n.to_string(),
            Self::DecimalZero => format!("{n:02}"),
            Self::DecimalFullWidth => n.to_string().chars().map(full_width).collect(),
            Self::DecimalEnclosedCircle => circled(n),
            Self::LowerLetter => letters(n, 'a'),
            Self::UpperLetter => letters(n, 'A'),
            Self::LowerRoman => roman(n).to_lowercase(),
            Self::UpperRoman => roman(n),
            Self::ChineseCounting => counting(n, DIGITS, ["十", "百", "千"], true),
            Self::ChineseLegal => counting(n, LEGAL_DIGITS, ["拾", "佰", "仟"], false),
            Self::IdeographDigital => digit_by_digit(n),
            Self::IdeographTraditional => cycle(n, "甲乙丙丁戊己庚辛壬癸"),
            Self::IdeographZodiac => cycle(n, "子丑寅卯辰巳午未申酉戌亥"),
            Self::Bullet | Self::None => String::new(),
        }
    }
}

const DIGITS: &str = "零一二三四五六七八九";
const LEGAL_DIGITS: &str = "零壹贰叁肆伍陆柒捌玖";

fn digit(digits: &str, n: u32) -> char {
    digits.chars().nth(n as usize % 10).unwrap_or('零')
}

fn full_width(c: char) -> char {
    char::from_u32(c as u32 + 0xFEE0).unwrap_or(c)
}

fn circled(n: u32) -> String {
    match n {
        1..=20 => char::from_u32(0x2460 + n - 1).map(String::from).unwrap_or_default(),
        _ => n.to_string(),
    }
}

/// Word repeats the letter after z: aa, bb. Past 100 repetitions it is no number any more.
fn letters(n: u32, first: char) -> String {
    let Some(index) = n.checked_sub(1) else {
        return String::new();
    };
    let letter = char::from_u32(first as u32 + index % 26).unwrap_or(first);
    std::iter::repeat_n(letter, (index / 26 + 1).min(100) as usize).collect()
}

fn roman(n: u32) -> String {
    const PARTS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if n > 32_767 {
        return n.to_string();
    }
    let mut rest = n;
    let mut text = String::new();
    for (value, letters) in PARTS {
        while rest >= value {
            text.push_str(letters);
            rest -= value;
        }
    }
    text
}

/// Counting with tens, hundreds and thousands; numbers past 9999 are written in digits. `short_ten` writes 十 for 一十.
fn counting(n: u32, digits: &str, units: [&str; 3], short_ten: bool) -> String {
    if n > 9999 {
        return n.to_string();
    }
    let mut text = String::new();
    let mut zero_due = false;
    for (value, unit) in [(1000, Some(units[2])), (100, Some(units[1])), (10, Some(units[0])), (1, None)] {
        let figure = n / value % 10;
        if figure == 0 {
            zero_due = !text.is_empty();
            continue;
        }
        if std::mem::take(&mut zero_due) {
            text.push(digit(digits, 0));
        }
        if !(short_ten && value == 10 && figure == 1 && text.is_empty()) {
            text.push(digit(digits, figure));
        }
        text.push_str(unit.unwrap_or_default());
    }
    if text.is_empty() { digit(digits, 0).to_string() } else { text }
}

fn digit_by_digit(n: u32) -> String {
    n.to_string().chars().map(|c| digit("〇一二三四五六七八九", c.to_digit(10).unwrap_or(0))).collect()
}

fn cycle(n: u32, names: &str) -> String {
    let Some(index) = n.checked_sub(1) else {
        return String::new();
    };
    names.chars().nth(index as usize).map_or_else(|| n.to_string(), String::from)
}

/// The value of one Chinese figure, or of what is written for nought.
const fn figure(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' | '○' | 'O' | 'Ｏ' | '0' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// The value of a number in Chinese words (十二, 二十, 一百零三) or digit by digit (二〇二三); `None` where it is not one.
pub fn chinese_value(text: &str) -> Option<u32> {
    if text.is_empty() || text.chars().count() > 9 {
        return None;
    }
    if !text.contains(['十', '百', '千']) {
        return text.chars().try_fold(0u32, |sum, c| sum.checked_mul(10)?.checked_add(figure(c)?));
    }
    let mut sum = 0u32;
    let mut pending = None;
    for c in text.chars() {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            _ => {
                // Only a nought may stand before another figure: 一百零三.
                if pending.replace(figure(c)?).is_some_and(|before| before != 0) {
                    return None;
                }
                continue;
            }
        };
        let count = match pending.take() {
            Some(0) => return None,
            Some(count) => count,
            None if unit == 10 && sum == 0 => 1,
            None => return None,
        };
        sum += count * unit;
    }
    Some(sum + pending.unwrap_or(0))
}

/// A number that stands before a heading or a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// 一、 or 一. : the first level.
    Han(u32),
    /// （一） or 第一项: the second level.
    HanInParentheses(u32),
    /// 1. or 1、: the third level.
    Arabic(u32),
    /// （1） or ①: the fourth level.
    ArabicInParentheses(u32),
}

impl Mark {
    /// The level that official documents give the mark, from 1.
    pub const fn level(self) -> u8 {
        match self {
            Self::Han(_) => 1,
            Self::HanInParentheses(_) => 2,
            Self::Arabic(_) => 3,
            Self::ArabicInParentheses(_) => 4,
        }
    }
}

/// The mark at the start of a text, and what follows it without leading blanks. `None` where there is no mark.
///
/// `1.5万元` begins with an amount and `2023年` with a year: neither is a mark.
pub fn leading_mark(text: &str) -> Option<(Mark, &str)> {
    let text = text.trim_start();
    let first = text.chars().next()?;
    if ('①'..='⑳').contains(&first) {
        let value = first as u32 - '①' as u32 + 1;
        return Some((Mark::ArabicInParentheses(value), rest_after(text, first.len_utf8())));
    }
    if matches!(first, '(' | '（') {
        let close = text.find([')', '）'])?;
        let inner: String = text.get(first.len_utf8()..close)?.chars().filter(|c| !c.is_whitespace()).collect();
        let after = close + text.get(close..)?.chars().next()?.len_utf8();
        let mark = match arabic_value(&inner) {
            Some(value) => Mark::ArabicInParentheses(value),
            None => Mark::HanInParentheses(chinese_value(&inner)?),
        };
        return Some((mark, rest_after(text, after)));
    }
    let end = text.find(|c: char| !is_numeral(c, first))?;
    let number = text.get(..end)?;
    let after = text.get(end..)?.trim_start();
    let separator = after.chars().next().filter(|c| matches!(c, '、' | '.' | '．' | ',' | '，' | '。'))?;
    let rest = after.get(separator.len_utf8()..)?.trim_start();
    let mark = match arabic_value(number) {
        Some(_) if rest.starts_with(|c: char| c.is_ascii_digit()) => return None,
        Some(value) => Mark::Arabic(value),
        None if matches!(separator, ',' | '，' | '。') => return None,
        None => Mark::Han(chinese_value(number)?),
    };
    Some((mark, rest))
}

fn rest_after(text: &str, at: usize) -> &str {
    // A mark may be followed by a separator of its own: （一）、 or ①.
    text.get(at..).unwrap_or_default().trim_start().trim_start_matches(['、', '.', '．']).trim_start()
}

/// Whether `c` goes on with the number that `first` began: Arabic and Chinese figures are not mixed.
const fn is_numeral(c: char, first: char) -> bool {
    if to_ascii_digit(first).is_some() {
        to_ascii_digit(c).is_some()
    } else {
        matches!(c, '〇' | '零' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百')
    }
}

const fn to_ascii_digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => None,
    }
}

/// The value of up to three plain digits; longer runs are years or amounts, not marks.
fn arabic_value(text: &str) -> Option<u32> {
    if text.is_empty() || text.chars().count() > 3 {
        return None;
    }
    text.chars().try_fold(0u32, |sum, c| Some(sum * 10 + to_ascii_digit(c)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counting_words_read_back_as_the_number(n in 0..9999u32) {
            prop_assert_eq!(chinese_value(&NumberFormat::ChineseCounting.spell(n)), Some(n));
            prop_assert_eq!(chinese_value(&NumberFormat::IdeographDigital.spell(n)), Some(n));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,12}") {
            let _ = chinese_value(&text);
            let _ = leading_mark(&text);
        }

        #[test]
        fn every_format_spells_every_number(n in any::<u32>()) {
            for format in [NumberFormat::Decimal, NumberFormat::UpperRoman, NumberFormat::LowerLetter, NumberFormat::ChineseLegal,
                NumberFormat::DecimalEnclosedCircle, NumberFormat::IdeographZodiac] {
                prop_assert!(format.spell(n).len() <= 120);
            }
        }
    }

    #[test]
    fn numbers_are_spelled_as_word_does() {
        let spelled = |format: NumberFormat, n| format.spell(n);
        assert_eq!(spelled(NumberFormat::ChineseCounting, 10), "十");
        assert_eq!(spelled(NumberFormat::ChineseCounting, 12), "十二");
        assert_eq!(spelled(NumberFormat::ChineseCounting, 105), "一百零五");
        assert_eq!(spelled(NumberFormat::ChineseLegal, 11), "壹拾壹");
        assert_eq!(spelled(NumberFormat::LowerLetter, 28), "bb");
        assert_eq!(spelled(NumberFormat::UpperRoman, 14), "XIV");
        assert_eq!(spelled(NumberFormat::DecimalEnclosedCircle, 3), "③");
        assert_eq!(spelled(NumberFormat::DecimalFullWidth, 12), "１２");
        assert_eq!(spelled(NumberFormat::IdeographTraditional, 2), "乙");
    }

    #[test]
    fn years_are_read_digit_by_digit() {
        assert_eq!(chinese_value("二〇二三"), Some(2023));
        assert_eq!(chinese_value("二○二三"), Some(2023));
        assert_eq!(chinese_value("三十一"), Some(31));
        assert_eq!(chinese_value("百"), None);
        assert_eq!(chinese_value("年"), None);
    }

    #[test]
    fn marks_are_told_from_amounts_and_years() {
        assert_eq!(leading_mark("一、总体情况"), Some((Mark::Han(1), "总体情况")));
        assert_eq!(leading_mark(" （三）不予公开"), Some((Mark::HanInParentheses(3), "不予公开")));
        assert_eq!(leading_mark("(七) 总计"), Some((Mark::HanInParentheses(7), "总计")));
        assert_eq!(leading_mark("1. 属于国家秘密"), Some((Mark::Arabic(1), "属于国家秘密")));
        assert_eq!(leading_mark("１、重复申请"), Some((Mark::Arabic(1), "重复申请")));
        assert_eq!(leading_mark("①其他"), Some((Mark::ArabicInParentheses(1), "其他")));
        assert_eq!(leading_mark("1.5万元"), None);
        assert_eq!(leading_mark("2023年"), None);
        assert_eq!(leading_mark("一是加强领导"), None);
        assert_eq!(leading_mark("总计"), None);
    }
}
