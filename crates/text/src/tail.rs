//! A line without TABs or pipes, read from its end: the figures behind a label, and the words of the label.

use crate::shape::{is_amount, is_bare_mark, is_digit, is_figure, is_number, mark};

/// A line as a label and the figures behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tail<'a> {
    /// What stands before the figures, without blanks round it. May be empty.
    pub(crate) label: &'a str,
    /// Digits that stand directly behind the label: one figure or several, nobody here can tell. May be empty.
    pub(crate) glued: &'a str,
    /// The figures that blanks part. May be empty.
    pub(crate) figures: &'a str,
    /// How many figures blanks part.
    pub(crate) count: usize,
    /// Whether one of the figures is a telephone number or a code: more than two digits, the first of them a nought and not all.
    pub(crate) has_code: bool,
}

/// The line read from its end.
pub(crate) fn tail(text: &str) -> Tail<'_> {
    let text = text.trim();
    let mut rest = text;
    let (mut count, mut numbers, mut has_code) = (0, 0, false);
    loop {
        let token = last_token(rest);
        let is_number = is_number(token);
        if !is_number && !is_figure(token) && !is_amount(token) {
            break;
        }
        count += 1;
        numbers += usize::from(is_number);
        has_code |= is_code(token);
        rest = rest.get(..rest.len() - token.len()).unwrap_or_default().trim_end();
    }
    // Marks and amounts alone may end any line of text.
    if numbers == 0 && count < 3 {
        (count, rest, has_code) = (0, text, false);
    }
    let label = without_glued(rest);
    Tail {
        label,
        glued: rest.get(label.len()..).unwrap_or_default(),
        figures: text.get(rest.len()..).unwrap_or_default().trim_start(),
        count,
        has_code,
    }
}

fn last_token(text: &str) -> &str {
    text.rsplit(char::is_whitespace).next().unwrap_or_default()
}

fn is_code(token: &str) -> bool {
    token.len() > 2 && token.starts_with('0') && token.chars().all(is_digit) && token.chars().any(|c| c != '0')
}

/// The text without the digits that stand directly behind a Chinese word or a bracket, with their points and signs: `658.131`, `811-49`.
fn without_glued(text: &str) -> &str {
    let label = text.trim_end_matches(|c| is_digit(c) || matches!(c, '.' | ',' | '+' | '-')).trim_end();
    let glued = text.get(label.len()..).unwrap_or_default();
    let is_behind_word =
        label.chars().next_back().is_some_and(|c| nianbao_model::is_han(c) || matches!(c, '）' | ')' | '”' | '"'));
    let is_number = glued.starts_with(|c| is_digit(c) || matches!(c, '+' | '-')) && glued.ends_with(is_digit);
    if is_behind_word && is_number && !label.ends_with('第') { label } else { text }
}

/// The words of a line that holds no figures: parted at wide gaps, or at any where there are none.
pub(crate) fn words(text: &str) -> Vec<&str> {
    let text = text.trim();
    let wide = split_at_gaps(text, |gap, _| is_wide(gap));
    if wide.len() > 1 { wide } else { split_at_gaps(text, |_, _| true) }
}

/// The words of a label: parted at wide gaps, and where a numeral begins the label of the next level.
pub(crate) fn label_words(text: &str) -> Vec<&str> {
    split_at_gaps(text.trim(), |gap, below| is_wide(gap) || mark(below).is_some())
}

/// Two blanks, or one as wide as a Chinese character.
fn is_wide(gap: &str) -> bool {
    gap.contains('\u{3000}') || gap.chars().nth(1).is_some()
}

/// The parts of a text between those gaps that `parts` approves, which sees the gap and what follows. A numeral is never parted from its text.
fn split_at_gaps(text: &str, parts: impl Fn(&str, &str) -> bool) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut from = 0;
    while let Some((gap, end)) = next_gap(text, from) {
        let before = text.get(start..gap).unwrap_or_default();
        let after = text.get(end..).unwrap_or_default();
        if !is_bare_mark(before) && parts(text.get(gap..end).unwrap_or_default(), after) {
            found.push(before);
            start = end;
        }
        from = end;
    }
    found.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    found
}

/// Where the next blanks begin and end.
fn next_gap(text: &str, from: usize) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    let gap = rest.find(char::is_whitespace)?;
    let length = rest.get(gap..)?.find(|c: char| !c.is_whitespace())?;
    Some((from + gap, from + gap + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (&str, &str, Vec<&str>) {
        let tail = tail(text);
        (tail.label, tail.glued, tail.figures.split_whitespace().collect())
    }

    #[test]
    fn figures_behind_a_label_are_found() {
        assert_eq!(read("一、本年新收数量 3 0  0\u{3000}3"), ("一、本年新收数量", "", vec!["3", "0", "0", "3"]));
        assert_eq!(read("  1. 属于国家秘密 0 —"), ("1. 属于国家秘密", "", vec!["0", "—"]));
        assert_eq!(read("规范性文件 3 1 22（其中修订16件）"), ("规范性文件", "", vec!["3", "1", "22（其中修订16件）"]));
        assert_eq!(read("0 0 1"), ("", "", vec!["0", "0", "1"]));
    }

    #[test]
    fn glued_digits_are_kept_in_one_piece() {
        assert_eq!(read("规章000"), ("规章", "000", vec![]));
        assert_eq!(read("行政规范性文件1235"), ("行政规范性文件", "1235", vec![]));
        assert_eq!(read("规章1 0 2"), ("规章", "1", vec!["0", "2"]));
        assert_eq!(read("收费（万元）26.55"), ("收费（万元）", "26.55", vec![]));
        assert_eq!(read("行政许可811-49"), ("行政许可", "811-49", vec![]));
    }

    #[test]
    fn lines_of_text_have_no_figures() {
        for text in ["2023年，我局收到申请3件", "一、总体情况", "2024年1月15日", "共收到 3件", "第 2", "甲 / 乙"]
        {
            let tail = tail(text);
            assert!(tail.count < 2 && tail.glued.is_empty(), "{text:?}: {tail:?}");
        }
    }

    #[test]
    fn a_telephone_number_is_a_code() {
        assert!(tail("电话 0571 8901").has_code);
        assert!(!tail("规章 000 0 10").has_code);
    }

    #[test]
    fn words_part_at_wide_gaps_first() {
        assert_eq!(words("结果 维持  结果 纠正  总计"), ["结果 维持", "结果 纠正", "总计"]);
        assert_eq!(words("自然人 总计"), ["自然人", "总计"]);
        assert_eq!(words("甲\u{3000}乙"), ["甲", "乙"]);
        assert_eq!(words("1. 其他"), ["1. 其他"]);
    }

    #[test]
    fn a_label_of_two_levels_is_two_words() {
        assert_eq!(label_words("（三）不予公开 1. 属于国家秘密"), ["（三）不予公开", "1. 属于国家秘密"]);
        assert_eq!(label_words("行政 许可"), ["行政 许可"]);
    }
}
