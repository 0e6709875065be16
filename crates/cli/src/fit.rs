//! Text fitted to a terminal: widths, line breaks and cuts.
//!
//! A Chinese character takes two columns and may begin or end a line; a word or a number stays whole; a closing mark never begins a
//! line. Text of a document is made harmless first: it could hold the control sequences of a terminal.

use unicode_width::UnicodeWidthChar as _;

/// Marks that never begin a line.
const CLOSING: &str = "，。、；：？！）》〉」』】〕”’％,.;:?!)]}%…";
/// Marks that never end a line.
const OPENING: &str = "（《〈「『【〔“‘([{";

/// The text on one line, with what a terminal would act upon shown as U+FFFD.
pub(crate) fn clean(text: &str) -> String {
    let harmless = |c: char| match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
        c if acts(c) => '\u{fffd}',
        c => c,
    };
    text.chars().map(harmless).collect()
}

/// Whether a terminal acts upon it in place of showing it: control characters, and turns of direction, which can make a name look like
/// another one.
pub(crate) fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether there can be a character in the text that a terminal acts upon: told by the bytes that all of these begin with, for hardly a
/// text has any.
pub(crate) fn may_act(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, ..0x20 | 0x7f | 0xC2 | 0xD8 | 0xE2))
}

/// How many columns of a terminal the text takes.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(width_of).sum()
}

fn width_of(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// The text in lines of at most so many columns; at least one line. Only a character wider than that goes beyond.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        if width(&line) + width(piece.trim_end()) > columns && !line.is_empty() {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        if width(piece.trim_end()) <= columns {
            line.push_str(piece);
            continue;
        }
        // Longer than a line: broken wherever the line ends.
        for c in piece.chars() {
            if width(&line) + width_of(c) > columns && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    if !line.trim_end().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// The text parted wherever a line may end.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut before: Option<char> = None;
    let mut start = 0;
    for (index, c) in text.char_indices() {
        if before.is_some_and(|before| may_break(before, c)) {
            let (piece, left) = rest.split_at(index - start);
            pieces.push(piece);
            (rest, start) = (left, index);
        }
        before = Some(c);
    }
    pieces.push(rest);
    pieces
}

/// Whether a line may end between two characters.
fn may_break(before: char, after: char) -> bool {
    let glued = after.is_whitespace()
        || width_of(after) == 0
        || CLOSING.contains(after)
        || OPENING.contains(before)
        || (width_of(before) < 2 && width_of(after) < 2 && !before.is_whitespace());
    !glued
}

/// The beginning of the text, with `…` where something was cut off.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        if width(&kept) + width_of(c) + 1 > columns {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

/// Blanks that fill a text up to so many columns.
pub(crate) fn fill(text: &str, columns: usize) -> String {
    " ".repeat(columns.saturating_sub(width(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_that_acts_may_act() {
        let acting: Vec<char> = (char::MIN..=char::MAX).filter(|&c| acts(c)).collect();
        assert!(acting.len() > 64);
        assert!(acting.iter().all(|c| may_act(&format!("局{c}3"))));
        assert!(!may_act("信息公开 3 （件）"));
    }

    #[test]
    fn a_chinese_character_takes_two_columns() {
        assert_eq!(width("规章 3"), 6);
        assert_eq!(fill("规章", 6), "  ");
    }

    #[test]
    fn chinese_breaks_anywhere_and_words_and_numbers_stay_whole() {
        assert_eq!(wrap("法律服务机构", 4), ["法律", "服务", "机构"]);
        assert_eq!(wrap("法律服务机构", 5), ["法律", "服务", "机构"]);
        assert_eq!(wrap("收到2023件", 6), ["收到", "2023件"]);
        assert_eq!(wrap("the sums meet here", 9), ["the sums", "meet here"]);
    }

    #[test]
    fn a_closing_mark_never_begins_a_line_and_an_opening_one_never_ends_one() {
        assert_eq!(wrap("予以公开，部分", 8), ["予以公", "开，部分"]);
        assert_eq!(wrap("部分公（区分）", 8), ["部分公", "（区分）"]);
    }

    #[test]
    fn a_word_longer_than_a_line_is_broken() {
        assert_eq!(wrap("1234567890", 4), ["1234", "5678", "90"]);
        assert_eq!(wrap("规", 1), ["规"]);
        assert_eq!(wrap("", 4), [""]);
    }

    #[test]
    fn nothing_is_lost_and_no_line_is_too_long() {
        let text = "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请（a note）";
        for columns in 2..60 {
            let lines = wrap(text, columns);
            assert!(lines.iter().all(|line| width(line) <= columns), "{columns}: {lines:?}");
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
    }

    #[test]
    fn a_cut_text_says_so() {
        assert_eq!(cut("一、总体情况", 12), "一、总体情况");
        assert_eq!(cut("一、总体情况", 11), "一、总体情…");
        assert_eq!(cut("一、总体情况", 10), "一、总体…");
    }

    #[test]
    fn what_a_terminal_would_act_upon_is_made_harmless() {
        assert_eq!(clean("甲\u{1b}[31m\n乙\u{202e}"), "甲\u{fffd}[31m 乙\u{fffd}");
    }
}
