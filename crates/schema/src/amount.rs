//! What a cell that should hold a figure holds: a number, a blank, a dash, or something else.
//!
//! Decimals are kept exactly. Nothing is repaired: digits parted by a blank or a line break are no number, because they may be two.

use std::borrow::Borrow;

use nianbao_model::fold_char;
use rust_decimal::Decimal;

/// What stands in a cell of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Amount {
    /// Nothing but blanks.
    Blank,
    /// A mark that says "none": `/`, `—`, `-`, `_`, `无`.
    Dash,
    /// A number.
    Number {
        value: Decimal,
        /// A unit that stands behind it: `元`, `件`; empty for none.
        unit: String,
        /// A note in parentheses stands behind it.
        note: bool,
    },
    /// Digits that are no number as they stand, such as `000`: perhaps several figures without anything between.
    Digits(String),
    /// A label directly followed by a number, or by several without anything between: `行政许可12`, `规章000`.
    Glued { label: String, digits: String },
    /// Anything else.
    Text,
}

/// Units that stand behind a number in a cell.
const UNITS: [&str; 16] =
    ["万元", "亿元", "元", "件次", "件", "条", "项", "个", "宗", "次", "起", "份", "人", "篇", "例", "人次"];

impl Amount {
    /// Reads the lines of a cell.
    pub(crate) fn read<T: Borrow<str>>(lines: &[T]) -> Self {
        let [line] = lines else {
            return if lines.iter().all(|line| line.borrow().trim().is_empty()) {
                Self::Blank
            } else {
                Self::several(lines)
            };
        };
        Self::read_line(line.borrow())
    }

    /// A cell of several lines is a number only where all but one of them are notes in parentheses or units.
    fn several<T: Borrow<str>>(lines: &[T]) -> Self {
        let digits = lines
            .iter()
            .map(T::borrow)
            .filter(|line| line.starts_with(|c: char| fold_char(c).is_some_and(|c| c.is_ascii_digit())))
            .count();
        if digits > 1 { Self::Text } else { Self::read_line(&lines.concat()) }
    }

    fn read_line(line: &str) -> Self {
        if let Some(count) = plain_count(line) {
            return Self::Number { value: count.into(), unit: String::new(), note: false };
        }
        if is_words(line) {
            return Self::Text;
        }
        let Some(text) = folded_with_gaps(line) else {
            return Self::Text;
        };
        if text.is_empty() {
            return Self::Blank;
        }
        if text == "无" || text == "無" || text.chars().all(|c| matches!(c, '-' | '/' | '\\' | '_')) {
            return Self::Dash;
        }
        // A dash as long as a character says "none" and is no sign: —2 is two cells in one.
        if line.trim_start().starts_with(['—', '―', '─', '━', 'ー']) {
            return Self::Text;
        }
        let (number, rest) = split_number(&text);
        if number.is_empty() {
            return glued(&text);
        }
        let plain = rest.is_empty();
        let Some((unit, note)) = unit_and_note(rest) else {
            return Self::Text;
        };
        match value(number) {
            Some(value) => Self::Number { value, unit, note },
            None if plain && number.bytes().all(|c| c.is_ascii_digit()) => Self::Digits(number.to_owned()),
            None => Self::Text,
        }
    }

    /// Whether a figure stands there: a number, or digits that may be several.
    pub(crate) const fn is_figure(&self) -> bool {
        matches!(self, Self::Number { .. } | Self::Digits(_))
    }

    /// Whether it can be what the form asks for: a figure, a dash, or nothing.
    pub(crate) const fn fits_a_figure(&self) -> bool {
        !matches!(self, Self::Text | Self::Glued { .. })
    }
}

/// A few digits, thousands parted or not, and nothing else, as most figures are.
fn plain_count(line: &str) -> Option<u32> {
    let is_padded = line.len() > 1 && line.starts_with('0');
    if is_padded || line.len() > "999,999,999".len() {
        return None;
    }
    let (mut count, mut digits, mut group) = (0_u32, 0, None);
    for byte in line.bytes() {
        match byte {
            b'0'..=b'9' => {
                count = count.checked_mul(10)?.checked_add(u32::from(byte - b'0'))?;
                digits += 1;
                group = group.map(|length| length + 1);
            }
            b',' if (digits > 0 && digits <= 3 && group.is_none()) || group == Some(3) => group = Some(0),
            _ => return None,
        }
    }
    ((1..=9).contains(&digits) && group.is_none_or(|length| length == 3)).then_some(count)
}

/// Whether the text neither begins nor ends with what figures, or the marks in their place, are made of: told by two characters.
fn is_words(line: &str) -> bool {
    let is_of_a_figure =
        |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '/' | '\\' | '_' | '.' | ',' | '无' | '無');
    let mut seen = line.chars().filter_map(fold_char);
    let first = seen.next();
    let last = seen.next_back().or(first);
    first.is_some_and(|c| !is_of_a_figure(c)) && last.is_some_and(|c| !is_of_a_figure(c))
}

/// The text folded, without blanks; `None` where a blank parts two digits.
fn folded_with_gaps(line: &str) -> Option<String> {
    let mut text = String::with_capacity(line.len());
    let mut gap = false;
    for c in line.chars() {
        let Some(c) = fold_char(c) else {
            gap = true;
            continue;
        };
        if gap && c.is_ascii_digit() && text.ends_with(|last: char| last.is_ascii_digit()) {
            return None;
        }
        gap = false;
        text.push(c);
    }
    Some(text)
}

/// The sign, digits, commas and point at the start, and what follows.
fn split_number(text: &str) -> (&str, &str) {
    let signed = usize::from(text.starts_with(['+', '-']));
    let digits = text.get(signed..).unwrap_or_default();
    let length = digits.find(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.')).unwrap_or(digits.len());
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return ("", text);
    }
    text.split_at(signed + length)
}

/// The value of digits with an optional sign, thousands separators in their places, and decimals.
fn value(number: &str) -> Option<Decimal> {
    let (whole, decimals) = match number.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (number, None),
    };
    if decimals.is_some_and(|digits| digits.is_empty() || !digits.bytes().all(|c| c.is_ascii_digit())) {
        return None;
    }
    let digits = whole.trim_start_matches(['+', '-']);
    if digits.contains(',') {
        let mut groups = digits.split(',');
        let first = groups.next()?;
        if !(1..=3).contains(&first.len()) || groups.any(|group| group.len() != 3) {
            return None;
        }
    }
    if digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    let plain: String = number.chars().filter(|&c| c != ',').collect();
    Decimal::from_str_exact(plain.trim_start_matches('+')).ok()
}

/// A unit, a note in parentheses, both, or nothing; `None` for anything else.
fn unit_and_note(rest: &str) -> Option<(String, bool)> {
    let mut rest = rest;
    let mut unit = "";
    let mut note = false;
    while !rest.is_empty() {
        if rest.starts_with(['(', '[']) {
            if !rest.ends_with([')', ']']) {
                return None;
            }
            note = true;
            break;
        }
        unit = UNITS.iter().filter(|unit| rest.starts_with(**unit)).max_by_key(|unit| unit.len())?;
        rest = rest.get(unit.len()..)?;
    }
    Some((unit.to_owned(), note))
}

/// A number, or several without anything between, directly behind words.
fn glued(text: &str) -> Amount {
    let label = text.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
    match text.get(label.len()..) {
        // A word of one character before digits (约3) is no label.
        Some(digits) if digits.starts_with(|c: char| c.is_ascii_digit()) && is_label(label) => {
            Amount::Glued { label: label.to_owned(), digits: digits.to_owned() }
        }
        _ => Amount::Text,
    }
}

fn is_label(text: &str) -> bool {
    text.ends_with(nianbao_model::is_han) && text.chars().count() > 1
}

/// Every way to part a run of digits into `count` numbers in order; none where there are more ways than `limit`.
pub(crate) fn partitions(digits: &str, count: usize, limit: usize) -> Vec<Vec<&str>> {
    let mut found = Vec::new();
    part(digits, count, limit, &mut Vec::new(), &mut found);
    if found.len() > limit { Vec::new() } else { found }
}

fn part<'a>(digits: &'a str, count: usize, limit: usize, taken: &mut Vec<&'a str>, found: &mut Vec<Vec<&'a str>>) {
    if found.len() > limit || digits.len() < count {
        return;
    }
    if count == 0 {
        if digits.is_empty() {
            found.push(taken.clone());
        }
        return;
    }
    for length in 1..=digits.len() - (count - 1) {
        let Some((first, rest)) = digits.split_at_checked(length) else {
            return;
        };
        // A number does not begin with nought, nor has a count more than nine figures.
        if length > 9 || (length > 1 && first.starts_with('0')) {
            break;
        }
        taken.push(first);
        part(rest, count - 1, limit, taken, found);
        taken.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Amount {
        Amount::read(&[text])
    }

    fn number(text: &str) -> Option<String> {
        match read(text) {
            Amount::Number { value, .. } => Some(value.to_string()),
            _ => None,
        }
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, value) in [
            ("0", "0"),
            (" 12\u{A0}", "12"),
            ("２３", "23"),
            ("1,234", "1234"),
            ("12，345，678", "12345678"),
            ("+81", "81"),
            ("-1", "-1"),
            ("－3", "-3"),
            ("72701.2578", "72701.2578"),
            ("26.50", "26.50"),
            ("251000元", "251000"),
            ("22（其中修订16件）", "22"),
            ("55 (含自然失效29件)", "55"),
            ("3件", "3"),
        ] {
            assert_eq!(number(text).as_deref(), Some(value), "{text}");
        }
    }

    #[test]
    fn lost_blank_dash_and_nought_are_four_things() {
        assert_eq!(read("\u{A0} 　"), Amount::Blank);
        assert_eq!(Amount::read(&[""; 0]), Amount::Blank);
        for dash in ["/", "—", "-", "_", "——", "无", " － "] {
            assert_eq!(read(dash), Amount::Dash, "{dash}");
        }
        assert_eq!(number("0").as_deref(), Some("0"));
        for text in ["公务用车10辆", "3/5", "1.2.3", "12a", "1,23", "3（", "O", "约3", "1 2", "5.", "—2", "三"]
        {
            assert_eq!(read(text), Amount::Text, "{text}");
        }
    }

    #[test]
    fn digits_on_two_lines_are_no_number() {
        assert_eq!(Amount::read(&["20", "23"]), Amount::Text);
        assert!(matches!(Amount::read(&["22", "（其中修订16件）"]), Amount::Number { .. }));
    }

    #[test]
    fn glued_figures_are_told_from_numbers() {
        assert_eq!(read("000"), Amount::Digits("000".into()));
        assert_eq!(read("规章000"), Amount::Glued { label: "规章".into(), digits: "000".into() });
        assert_eq!(read("收费26.55"), Amount::Glued { label: "收费".into(), digits: "26.55".into() });
        assert_eq!(partitions("000", 3, 100), vec![vec!["0", "0", "0"]]);
        assert_eq!(partitions("0012", 3, 100), vec![vec!["0", "0", "12"]]);
        assert_eq!(partitions("1234", 3, 100).len(), 3);
        assert_eq!(partitions("12", 3, 100).len(), 0);
    }

    proptest! {
        #[test]
        fn a_number_reads_back_whatever_its_dress(n in 0..10_000_000_000i64, decimals in 0..4u32, wide: bool, thousands: bool) {
            let value = Decimal::new(n, decimals);
            let mut text = value.to_string();
            if thousands {
                let (whole, rest) = text.split_once('.').map_or((text.clone(), String::new()), |(a, b)| (a.to_owned(), format!(".{b}")));
                let mut grouped = String::new();
                for (index, c) in whole.chars().enumerate() {
                    if index > 0 && (whole.len() - index) % 3 == 0 { grouped.push(','); }
                    grouped.push(c);
                }
                text = grouped + &rest;
            }
            if wide { text = text.chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap()).collect(); }
            prop_assert_eq!(number(&text), Some(value.to_string()));
        }

        #[test]
        fn no_text_panics(lines in proptest::collection::vec("\\PC{0,12}", 0..4)) {
            let _ = Amount::read(&lines);
        }

        #[test]
        fn partitions_put_together_give_the_digits(digits in "[0-9]{1,9}", count in 1..5usize) {
            for way in partitions(&digits, count, 10_000) {
                prop_assert_eq!(way.concat(), digits.clone());
                prop_assert_eq!(way.len(), count);
            }
        }
    }

    #[test]
    fn a_plain_count_is_what_the_long_way_reads() {
        for text in ["0", "12", "1,234", "12,345,678", "999,999,999"] {
            assert_eq!(plain_count(text).map(Decimal::from), value(text), "{text}");
        }
        for text in [
            "",
            ",",
            "1,23",
            "1234,567",
            ",123",
            "1,",
            "0,123",
            "1,,234",
            "1,234,",
            "00",
            "1,2345",
            "1.5",
            "9999999999",
        ] {
            assert_eq!(plain_count(text), None, "{text}");
        }
    }
}
