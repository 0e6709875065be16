//! Blanks in the text of a paragraph of `OpenDocument` (ODF 1.4 Part 3, 6.1.2): a run of blanks, tabs and line feeds is one blank, and none at the
//! beginning or the end. Blanks that count are elements.

/// What is known of the blanks at the place that is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blanks {
    /// A blank that counts only if something follows.
    is_owed: bool,
    /// Nothing has been written yet.
    at_start: bool,
}

impl Blanks {
    /// At the beginning of a paragraph.
    pub const START: Self = Self { is_owed: false, at_start: true };

    /// Appends text with its blanks made one.
    pub fn push(&mut self, text: &str, line: &mut String) {
        let is_blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
        let mut rest = text;
        while !rest.is_empty() {
            let word = rest.find(is_blank).unwrap_or(rest.len());
            let (text, after) = rest.split_at_checked(word).unwrap_or((rest, ""));
            if !text.is_empty() {
                self.settle(line);
                line.push_str(text);
            }
            let blanks = after.len() - after.trim_start_matches(is_blank).len();
            self.is_owed |= blanks > 0 && !self.at_start;
            rest = after.get(blanks..).unwrap_or_default();
        }
    }

    /// Something else follows that counts: a tab, a line break, a blank of its own.
    pub fn settle(&mut self, line: &mut String) {
        if self.is_owed {
            line.push(' ');
        }
        *self = Self { is_owed: false, at_start: false };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_blanks_is_one_and_none_at_the_ends() {
        let mut line = String::new();
        let mut blanks = Blanks::START;
        for text in ["\n  甲", " ", "\n", " 乙\u{3000}", "丙 丁 "] {
            blanks.push(text, &mut line);
        }
        assert_eq!(line, "甲 乙\u{3000}丙 丁");
        blanks.settle(&mut line);
        assert_eq!(line, "甲 乙\u{3000}丙 丁 ");
    }
}
