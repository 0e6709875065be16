//! What a piece of text looks like: a figure, prose, a heading. No word of any form is known here.

use nianbao_model::{Mark, leading_mark};

/// Past this many characters a text is a sentence and no label. The longest label on an official form has 48, the longest note in a header 60.
const LONGEST_LABEL: usize = 80;

/// Past this many bytes a text is no amount with a unit or a note.
const LONGEST_AMOUNT: usize = 128;

/// Whether the text is a figure or what stands for one: `12`, `+1,204.50`, `３`, `-`, `/`.
pub(crate) fn is_figure(text: &str) -> bool {
    is_number(text) || stands_for_figure(text)
}

/// Whether the text is a number: a sign, digits, separators between them.
pub(crate) fn is_number(text: &str) -> bool {
    let text = text.trim();
    let digits = text.strip_prefix(['+', '-', '＋', '－', '−']).unwrap_or(text);
    digits.starts_with(is_digit)
        && digits.ends_with(is_digit)
        && digits.chars().all(|c| is_digit(c) || matches!(c, ',' | '，' | '.' | '．'))
}

/// Whether the text is one of the marks that people write where there is nothing to report.
pub(crate) fn stands_for_figure(text: &str) -> bool {
    matches!(text.trim(), "/" | "／" | "\\" | "-" | "－" | "–" | "—" | "——" | "--" | "_" | "−")
}

/// Whether the text is a number with a unit or a note behind it: `251元`, `22（其中修订16件）`. Not a date or a page: `15日`, `3页`.
pub(crate) fn is_amount(text: &str) -> bool {
    let text = text.trim();
    let tail = text.trim_start_matches(|c: char| is_digit(c) || matches!(c, ',' | '.' | '+' | '-'));
    let number = text.get(..text.len() - tail.len()).unwrap_or_default();
    // `3.其他` is a numbered label.
    if !is_number(number) || text.len() > LONGEST_AMOUNT {
        return false;
    }
    let is_note = tail.starts_with(['（', '(']) && tail.ends_with(['）', ')']);
    let is_unit = tail.chars().count() <= 2
        && !tail.is_empty()
        && tail.chars().all(nianbao_model::is_han)
        && !tail.contains(['年', '月', '日', '号', '页', '条', '时', '分', '第', '届', '期']);
    is_note || is_unit
}

/// Whether the text goes on with a figure as a note or as further digits would.
pub(crate) fn is_note(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(['（', '(']) || is_figure(text) || is_amount(text)
}

/// Whether `c` is a digit of either width.
pub(crate) const fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

/// Whether the text is a sentence rather than a label: it holds the end of one, or it is too long.
pub(crate) fn is_prose(text: &str) -> bool {
    text.contains(['。', '！', '？', '!', '?']) || (is_longer_than(text, LONGEST_LABEL) && !is_number(text))
}

/// Whether the text has more than `limit` characters, blanks not counted: columns may be set off by any number of them.
fn is_longer_than(text: &str, limit: usize) -> bool {
    text.chars().filter(|c| !c.is_whitespace()).nth(limit).is_some()
}

/// Whether the text begins with a numeral of the first level, as the headings of official documents do: `一、`.
pub(crate) fn has_first_mark(text: &str) -> bool {
    matches!(mark(text), Some(Mark::Han(_)))
}

/// The mark that the text begins with. Only the beginning of a long text is looked at.
pub(crate) fn mark(text: &str) -> Option<Mark> {
    leading_mark(beginning(text)).map(|(mark, _)| mark)
}

/// Whether the text is a mark and nothing else: `1.`, `（一）`.
pub(crate) fn is_bare_mark(text: &str) -> bool {
    leading_mark(beginning(text)).is_some_and(|(_, rest)| rest.trim().is_empty())
}

/// As much of a text as a mark needs.
fn beginning(text: &str) -> &str {
    let text = text.trim_start();
    let end = text.char_indices().nth(16).map_or(text.len(), |(index, _)| index);
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_what_stands_for_them_are_figures() {
        for text in ["0", " 12 ", "+81", "-1", "1,204.50", "３", "59237.2449", "000", "/", "—", "_", "\u{A0}7"] {
            assert!(is_figure(text), "{text:?}");
        }
        for text in ["", " ", "1.", "一", "3件", "--1", "2023年", "1.属于", "a", "12-3"] {
            assert!(!is_figure(text), "{text:?}");
        }
    }

    #[test]
    fn an_amount_has_a_unit_or_a_note_but_is_no_date() {
        for text in ["251000元", "22（其中修订16件）", "3件", "20.3万元"] {
            assert!(is_amount(text), "{text:?}");
        }
        for text in ["12", "2023年", "15日", "3页", "规章0", "2023年度报告", "3.其他"] {
            assert!(!is_amount(text), "{text:?}");
        }
    }

    #[test]
    fn sentences_are_prose_and_labels_are_not() {
        assert!(is_prose("全年未收到申请。"));
        assert!(is_prose(&"字".repeat(81)));
        assert!(!is_prose(&"9".repeat(81)));
        assert!(!is_prose("2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"));
        assert!(!is_prose("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"));
    }

    #[test]
    fn marks_are_seen_at_the_start_only() {
        assert!(has_first_mark("三、本年度办理结果"));
        assert!(!has_first_mark("（一）予以公开"));
        assert!(is_bare_mark("1."));
        assert!(!is_bare_mark("1.其他"));
    }
}
