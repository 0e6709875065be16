//! The text of lines: blanks collapsed as a browser does, and lines gathered into paragraphs.

use nianbao_model::{Line, is_han};

/// Blanks that wait for the text behind them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Gap {
    #[default]
    None,
    /// Blanks alone.
    Blank,
    /// Blanks with a line end of the source among them.
    LineEnd,
}

/// A paragraph in the making.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    done: nianbao_model::Lines,
    line: String,
    gap: Gap,
}

impl Lines {
    /// Adds text in which blanks do not count.
    pub(crate) fn push(&mut self, text: &str) {
        let mut rest = text;
        // Blanks are ASCII, so bytes tell them.
        while let Some(is_blank) = rest.bytes().next().map(|first| first.is_ascii_whitespace()) {
            let end = rest.bytes().position(|byte| byte.is_ascii_whitespace() != is_blank).unwrap_or(rest.len());
            let (run, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
            if is_blank {
                self.blanks(run);
            } else {
                self.word(run);
            }
            rest = behind;
        }
    }

    fn blanks(&mut self, blanks: &str) {
        if self.gap != Gap::LineEnd {
            self.gap = if blanks.contains(['\n', '\r']) { Gap::LineEnd } else { Gap::Blank };
        }
    }

    /// Adds text without collapsible blanks. Marks that nobody sees (soft hyphens, zero-width blanks) are no text.
    fn word(&mut self, word: &str) {
        let mut chars = word.chars().filter(|&c| !is_unseen(c));
        let Some(first) = chars.next() else { return };
        self.fill_gap(first);
        // Digits and Han characters alone, as most words are, need no second look.
        let may_hold_unseen = word.bytes().any(|byte| matches!(byte, 0xC2 | 0xE2 | 0xEF));
        if may_hold_unseen && word.chars().any(is_unseen) {
            self.line.push(first);
            self.line.extend(chars);
        } else {
            self.line.push_str(word);
        }
    }

    /// A gap between words is a blank. One that is there only because the source is wrapped is none between characters that are
    /// written without blanks [CSS Text 3, 4.1.3].
    fn fill_gap(&mut self, next: char) {
        let gap = std::mem::take(&mut self.gap);
        let Some(last) = self.line.chars().next_back() else { return };
        if gap == Gap::Blank || gap == Gap::LineEnd && !(is_wide(last) && is_wide(next)) {
            self.line.push(' ');
        }
    }

    /// Adds text in which blanks and line ends count.
    pub(crate) fn push_verbatim(&mut self, text: &str) {
        self.gap = Gap::None;
        let mut lines = text.split('\n');
        self.line.extend(lines.next().unwrap_or_default().chars().filter(|&c| c != '\r' && !is_unseen(c)));
        for line in lines {
            self.end_line();
            self.line.extend(line.chars().filter(|&c| c != '\r' && !is_unseen(c)));
        }
    }

    /// Whether a figure stands right before what comes now.
    pub(crate) fn ends_in_digit(&self) -> bool {
        self.gap == Gap::None && self.line.ends_with(|c: char| c.is_ascii_digit())
    }

    /// Whether nothing was added since the last paragraph.
    pub(crate) fn is_empty(&self) -> bool {
        self.done.is_empty() && self.line.is_empty() && matches!(self.gap, Gap::None)
    }

    /// Whether nothing but blanks stands on the line at hand.
    pub(crate) fn is_at_line_start(&self) -> bool {
        self.line.trim().is_empty()
    }

    /// Ends a line.
    pub(crate) fn end_line(&mut self) {
        self.gap = Gap::None;
        if !self.is_at_line_start() {
            self.done.push(Line::new(&self.line));
        }
        self.line.clear();
    }

    /// The lines so far; a new paragraph begins.
    pub(crate) fn take(&mut self) -> nianbao_model::Lines {
        self.end_line();
        std::mem::take(&mut self.done)
    }
}

/// Marks that take no room and are no text.
const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// Characters that stand side by side without blanks.
const fn is_wide(c: char) -> bool {
    is_han(c) || matches!(c, '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FF60}' | '“' | '”' | '‘' | '’' | '…' | '—')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(texts: &[&str]) -> Vec<Line> {
        let mut lines = Lines::default();
        for text in texts {
            lines.push(text);
        }
        lines.take().into_vec()
    }

    #[test]
    fn digits_split_over_tags_are_one_number() {
        assert_eq!(lines(&["3", "7"]), ["37"]);
        assert_eq!(lines(&["3 ", "7"]), ["3 7"]);
        assert_eq!(lines(&["1\u{200B}2\u{AD}3"]), ["123"]);
    }

    #[test]
    fn blanks_collapse_and_wrapped_source_makes_none_between_han() {
        assert_eq!(lines(&["\n  政府信息\n   公开  2023 年 \n"]), ["政府信息公开 2023 年"]);
        assert_eq!(lines(&["甲 乙"]), ["甲 乙"]);
        assert_eq!(lines(&["Annual\nreport"]), ["Annual report"]);
        assert_eq!(lines(&["\u{3000}\u{3000}缩进\u{A0}5"]), ["\u{3000}\u{3000}缩进\u{A0}5"]);
        assert_eq!(lines(&[" \n\u{A0}\n "]), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn where_texts_are_cut_does_not_matter(text in "[ \n\ta1政，\u{200B}\u{A0}]{0,30}", at in 0..30_usize) {
            let at = text.char_indices().nth(at).map_or(text.len(), |(at, _)| at);
            prop_assert_eq!(lines(&[&text[..at], &text[at..]]), lines(&[&text]));
        }
    }
}
