//! Dates and years as documents write them.
//!
//! Converters lose 年 and 月 (`20231231日`, `20241月15日`). Such a run is read only where it can be read in one way.

use nianbao_model::{chinese_value, fold_char};

use crate::report::Date;

/// A date found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// It is written out in full.
    Clear(Date),
    /// It lacks some of its words, but only one date fits.
    Guessed(Date),
    /// It looks like a date, but several dates fit, or none.
    Unclear,
}

/// Reads a text that is nothing but a date, blanks and parentheses aside.
pub(crate) fn whole(text: &str) -> Option<Found> {
    let folded: String = text.chars().filter_map(fold_char).collect();
    let inner = folded.trim_matches(['(', ')', '[', ']']);
    if !(6..=24).contains(&inner.chars().count()) {
        return None;
    }
    in_words(inner).or_else(|| with_separators(inner)).or_else(|| without_words(inner))
}

/// The date that a text ends with, and the text before it.
pub(crate) fn at_end(text: &str) -> Option<(&str, Found)> {
    let text = text.trim_end();
    let starts = text.char_indices().rev().take(24).map(|(at, _)| at);
    // The longest tail that is a date: a shorter one would cut the year.
    let at =
        starts.filter(|&at| text.get(at..).is_some_and(|tail| begins_a_year(tail) && whole(tail).is_some())).last()?;
    Some((text.get(..at)?, whole(text.get(at..)?)?))
}

fn begins_a_year(text: &str) -> bool {
    text.chars().next().and_then(fold_char).is_some_and(|c| c == '2' || "二(".contains(c))
}

/// 2024年1月15日, 二〇二四年一月十五日.
fn in_words(text: &str) -> Option<Found> {
    let (year, rest) = text.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let day = rest.strip_suffix(['日', '号'])?;
    let date = valid(number(year)?, number(month)?, number(day)?);
    Some(date.map_or(Found::Unclear, Found::Clear))
}

/// 2024-01-15, 2024/1/15, 2024.1.15, each with a time of day behind it.
fn with_separators(text: &str) -> Option<Found> {
    let separator = ['-', '/', '.'].into_iter().find(|&c| text.contains(c))?;
    let mut parts = text.splitn(3, separator);
    let (year, month, rest) = (parts.next()?, parts.next()?, parts.next()?);
    // Folding took the blank before the time away: 2024-01-1509:30.
    let day = match rest.find(':') {
        Some(colon) => rest.get(..colon.checked_sub(2)?)?,
        None => rest,
    };
    let date = valid(digits(year)?, digits(month)?, digits(day)?);
    Some(date.map_or(Found::Unclear, Found::Clear))
}

/// A date that lacks 年 or 月 or both.
fn without_words(text: &str) -> Option<Found> {
    let text = text.strip_suffix(['日', '号'])?;
    let (year, rest) = text.split_at_checked(4)?;
    let year = digits(year)?;
    if !(2000..2100).contains(&year) {
        return None;
    }
    let rest = rest.strip_prefix('年').unwrap_or(rest);
    let ways: Vec<Date> = match rest.split_once('月') {
        Some((month, day)) => valid(year, digits(month)?, digits(day)?).into_iter().collect(),
        None => {
            digits(rest)?;
            let split =
                |at: usize| rest.split_at_checked(at).and_then(|(month, day)| valid(year, plain(month)?, plain(day)?));
            (1..rest.len()).filter_map(split).collect()
        }
    };
    match ways.as_slice() {
        [date] => Some(Found::Guessed(*date)),
        _ => Some(Found::Unclear),
    }
}

/// A month or day in a run without words: no leading nought unless it has two figures.
fn plain(text: &str) -> Option<u32> {
    if text.len() > 2 { None } else { digits(text) }
}

fn digits(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 4 || !text.bytes().all(|c| c.is_ascii_digit()) {
        None
    } else {
        text.parse().ok()
    }
}

/// A number in digits or in Chinese words.
pub(crate) fn number(text: &str) -> Option<u32> {
    digits(text).or_else(|| chinese_value(text))
}

fn valid(year: u32, month: u32, day: u32) -> Option<Date> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let longest = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(2000..2100).contains(&year) || !(1..=longest).contains(&day) {
        return None;
    }
    Some(Date { year: u16::try_from(year).ok()?, month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()? })
}

/// A year in a folded text: its value, and where it begins and ends in bytes, 年 not included.
///
/// A year is four figures from 2000 on, or four Chinese ones, before 年. A run of more figures is none.
pub(crate) fn year_in(folded: &str) -> Option<(u16, usize, usize)> {
    years_in(folded).next()
}

/// Every year in a folded text, as [`year_in`].
pub(crate) fn years_in(folded: &str) -> impl Iterator<Item = (u16, usize, usize)> {
    folded.match_indices('年').filter_map(|(end, _)| {
        let before = folded.get(..end)?;
        let figures = before
            .char_indices()
            .rev()
            .take(5)
            .take_while(|&(_, c)| c.is_ascii_digit() || "〇零○OＯ一二三四五六七八九".contains(c));
        let starts: Vec<usize> = figures.map(|(at, _)| at).collect();
        if starts.len() != 4 {
            return None;
        }
        let start = *starts.last()?;
        let year = number(folded.get(start..end)?).filter(|year| (2000..2100).contains(year))?;
        Some((u16::try_from(year).ok()?, start, end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(text: &str) -> Option<String> {
        match whole(text)? {
            Found::Clear(date) => Some(date.to_string()),
            Found::Guessed(date) => Some(format!("{date}?")),
            Found::Unclear => Some("unclear".to_owned()),
        }
    }

    #[test]
    fn dates_are_read_in_every_dress() {
        for text in [
            "2024年1月15日",
            " 2024 年 1 月 15 日 ",
            "（2024年1月15日）",
            "二〇二四年一月十五日",
            "二○二四年一月十五日",
            "2024-01-15",
            "2024/1/15",
            "2024.01.15",
            "２０２４年１月１５日",
            "2024-01-15 09:30",
        ] {
            assert_eq!(date(text).as_deref(), Some("2024-01-15"), "{text}");
        }
    }

    #[test]
    fn a_date_without_its_words_is_read_only_in_one_way() {
        assert_eq!(date("20231231日").as_deref(), Some("2023-12-31?"));
        assert_eq!(date("20241月15日").as_deref(), Some("2024-01-15?"));
        assert_eq!(date("202411日").as_deref(), Some("2024-01-01?"));
        assert_eq!(date("2024115日").as_deref(), Some("unclear"));
        assert_eq!(date("2024年13月1日").as_deref(), Some("unclear"));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "2023",
            "13800000000",
            "第3号",
            "2023年",
            "一、总体情况",
            "2024年1月15日发布了公告并说明了情况如下所述内容",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_at_the_end_leaves_the_agency() {
        let (before, found) = at_end("甲市乙局 2024年1月15日").unwrap();
        assert_eq!((before.trim(), found), ("甲市乙局", Found::Clear(Date { year: 2024, month: 1, day: 15 })));
        assert_eq!(at_end("二〇二四年一月十五日").unwrap().0, "");
    }

    #[test]
    fn years_are_told_from_other_figures() {
        assert_eq!(year_in("甲市2023年政府").map(|found| found.0), Some(2023));
        assert_eq!(year_in("二〇二三年").map(|found| found.0), Some(2023));
        assert_eq!(year_in("12023年"), None);
        assert_eq!(year_in("近3年"), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[0-9年月日二〇()-]{0,16}") {
            let _ = whole(&text);
            let _ = at_end(&text);
            let _ = years_in(&text).count();
        }
    }
}
