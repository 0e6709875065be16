//! Numbers in Chinese words, as `[DBNum1]` to `[DBNum3]` write them.

use crate::format::Words;

const PLAIN: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const FORMAL: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const WIDE: [char; 10] = ['０', '１', '２', '３', '４', '５', '６', '７', '８', '９'];

const PLAIN_UNITS: [&str; 4] = ["", "十", "百", "千"];
const FORMAL_UNITS: [&str; 4] = ["", "拾", "佰", "仟"];
const GROUPS: [&str; 4] = ["", "万", "亿", "万亿"];

/// A number in words: the digits before the point as a number, those behind it one by one. Anything that is no number stays as it is.
pub(crate) fn spelt(words: Option<Words>, number: String) -> String {
    let (numerals, units) = match words {
        None => return number,
        Some(Words::Wide) => return digits(words, &number),
        Some(Words::Plain) => (&PLAIN, &PLAIN_UNITS),
        Some(Words::Formal) => (&FORMAL, &FORMAL_UNITS),
    };
    let start = number.find(|c: char| c.is_ascii_digit()).unwrap_or(number.len());
    let length = number.get(start..).map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    let (Some(before), Some(whole), Some(after)) =
        (number.get(..start), number.get(start..start + length), number.get(start + length..))
    else {
        return number;
    };
    if whole.is_empty() || whole.len() > 4 * GROUPS.len() {
        return number;
    }
    format!("{before}{}{}", in_groups(whole, numerals, units), digits(words, after))
}

/// Each digit as its numeral.
pub(crate) fn digits(words: Option<Words>, text: &str) -> String {
    let numerals = match words {
        None => return text.to_owned(),
        Some(Words::Plain) => &PLAIN,
        Some(Words::Formal) => &FORMAL,
        Some(Words::Wide) => &WIDE,
    };
    let numeral = |c: char| c.to_digit(10).and_then(|digit| numerals.get(digit as usize)).copied().unwrap_or(c);
    text.chars().map(numeral).collect()
}

/// A whole number in groups of four digits.
fn in_groups(whole: &str, numerals: &[char; 10], units: &[&str; 4]) -> String {
    let values: Vec<usize> = whole.bytes().map(|digit| usize::from(digit.wrapping_sub(b'0'))).collect();
    let mut text = String::new();
    let (mut owes_zero, mut group_is_empty) = (false, true);
    for (index, &value) in values.iter().enumerate() {
        let place = values.len() - 1 - index;
        let numeral = |value: usize| numerals.get(value).copied().unwrap_or('?');
        if value == 0 {
            owes_zero = true;
        } else {
            if owes_zero && !text.is_empty() {
                text.push(numeral(0));
            }
            owes_zero = false;
            group_is_empty = false;
            // Ten is 十, not 一十; the formal words keep it.
            let is_ten = text.is_empty() && value == 1 && place % 4 == 1 && units.get(1) == PLAIN_UNITS.get(1);
            if !is_ten {
                text.push(numeral(value));
            }
            text.push_str(units.get(place % 4).copied().unwrap_or_default());
        }
        if place.is_multiple_of(4) {
            if !group_is_empty {
                text.push_str(GROUPS.get(place / 4).copied().unwrap_or_default());
            }
            group_is_empty = true;
        }
    }
    if text.is_empty() { numerals.first().map(char::to_string).unwrap_or_default() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spelt_in_groups_of_four() {
        let plain = |number: &str| spelt(Some(Words::Plain), number.to_owned());
        assert_eq!(plain("0"), "〇");
        assert_eq!(plain("10"), "十");
        assert_eq!(plain("15"), "十五");
        assert_eq!(plain("203"), "二百〇三");
        assert_eq!(plain("100000000"), "一亿");
        assert_eq!(plain("20050000"), "二千〇五万");
        assert_eq!(plain("-12.5"), "-十二.五");
        assert_eq!(spelt(Some(Words::Formal), "10".to_owned()), "壹拾");
        assert_eq!(spelt(None, "10".to_owned()), "10");
    }
}
