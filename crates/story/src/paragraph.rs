//! A paragraph in the making: its text line by line, and its number in front.

use nianbao_model::{Line, Lines, Origin, ParagraphRole};

use crate::numbering::{Label, Suffix};

/// A paragraph in the making.
#[derive(Debug)]
pub struct Draft {
    /// The places of the source paragraphs that go into it: more than one where marks between them were deleted, none in a cell,
    /// whose own place is said instead.
    pub origins: Vec<Origin>,
    /// What the source says the paragraph is.
    pub role: ParagraphRole,
    /// The lines before the last.
    lines: Lines,
    /// The last line, which is being written.
    line: String,
    /// Lines of text boxes that come after this paragraph in its cell.
    pub after: Lines,
    /// The place among the blocks, once there is text.
    pub slot: Option<usize>,
    /// The mark at its end is deleted, so it goes on in the next paragraph.
    pub is_open: bool,
    /// Its style hides its text.
    pub is_hidden: bool,
    /// Some text that is not blank was read, the number aside.
    pub has_text: bool,
    /// A number was written and wants room before the text.
    wants_room: bool,
}

impl Default for Draft {
    fn default() -> Self {
        Self::new()
    }
}

impl Draft {
    /// A paragraph without text.
    pub const fn new() -> Self {
        Self {
            origins: Vec::new(),
            role: ParagraphRole::Body,
            lines: Lines::new_const(),
            line: String::new(),
            after: Lines::new_const(),
            slot: None,
            is_open: false,
            is_hidden: false,
            has_text: false,
            wants_room: false,
        }
    }

    /// Begins a new line.
    pub fn break_line(&mut self) {
        self.lines.push(Line::new(&self.line));
        self.line.clear();
        self.wants_room = false;
    }

    /// Begins a new line unless one has just begun: a page break does not leave a blank line.
    pub fn break_page(&mut self) {
        if !self.line.is_empty() {
            self.break_line();
        }
    }

    /// Writes text as it is.
    pub fn push(&mut self, text: &str) {
        let start = self.line.len();
        self.line.push_str(text);
        self.settle(start);
    }

    /// Lets `write` append to the line that is being written.
    pub fn write<T>(&mut self, write: impl FnOnce(&mut String) -> T) -> T {
        let start = self.line.len();
        let result = write(&mut self.line);
        self.settle(start);
        result
    }

    /// Makes room between the number and the text that begins at `start`, where they would run together.
    fn settle(&mut self, start: usize) {
        let Some((number, text)) = self.line.split_at_checked(start) else {
            return;
        };
        let Some(first) = text.chars().next() else {
            return;
        };
        let is_blank = text.trim_start().is_empty();
        let runs_together = number.chars().next_back().is_some_and(|last| runs_together(last, first));
        if self.wants_room && runs_together {
            self.line.insert(start, ' ');
        }
        self.wants_room = false;
        self.has_text |= !is_blank;
    }

    /// Writes the number in front of everything.
    pub fn number(&mut self, label: &Label) {
        if label.text.is_empty() {
            return;
        }
        let carried = self.lines.first().map_or(self.line.as_str(), Line::as_str).chars().next();
        let last = label.text.chars().next_back();
        let has_room = label.suffix == Suffix::Room;
        let runs = has_room && matches!((last, carried), (Some(last), Some(first)) if runs_together(last, first));
        let number = format!("{}{}", label.text, if runs { " " } else { "" });
        match self.lines.first_mut() {
            Some(first) => *first = format!("{number}{first}").into(),
            None => self.line.insert_str(0, &number),
        }
        self.wants_room = has_room && carried.is_none();
    }

    /// The lines, without blank ones at the end; none for a blank paragraph.
    pub fn into_lines(mut self) -> Lines {
        self.lines.push(self.line.into());
        while self.lines.last().is_some_and(|line| line.trim().is_empty()) {
            self.lines.pop();
        }
        self.lines
    }
}

/// Whether a number that ends in `last` needs room before a text that begins with `first`: 1 and 23 would become 123, but 一、 and 总 need none.
const fn runs_together(last: char, first: char) -> bool {
    last.is_ascii() && !first.is_whitespace() && (first.is_ascii() || last.is_ascii_alphanumeric())
}

/// The role that a built-in style has by its name (ECMA-376 Part 1, 17.7.4.18); the names in Chinese come from programs that translate them.
pub fn role_of_style(name: &str) -> Option<ParagraphRole> {
    let name = name.trim().to_lowercase();
    if matches!(name.as_str(), "title" | "标题" | "文档标题") {
        return Some(ParagraphRole::Title);
    }
    let level = name.strip_prefix("heading").or_else(|| name.strip_prefix("标题"))?;
    let level: u8 = level.trim().parse().ok()?;
    (1..=9).contains(&level).then_some(ParagraphRole::Heading(level))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(number: &str, suffix: Suffix, text: &str) -> String {
        let mut draft = Draft::new();
        draft.number(&Label { text: number.to_owned(), suffix, unknown_format: None });
        draft.push(text);
        draft.into_lines().join("|")
    }

    #[test]
    fn a_number_needs_room_only_where_it_would_run_into_the_text() {
        assert_eq!(numbered("一、", Suffix::Room, "总体情况"), "一、总体情况");
        assert_eq!(numbered("（一）", Suffix::Room, "主动公开"), "（一）主动公开");
        assert_eq!(numbered("1.", Suffix::Room, "强化"), "1.强化");
        assert_eq!(numbered("1.", Suffix::Room, "5万元"), "1. 5万元");
        assert_eq!(numbered("1", Suffix::Room, "强化"), "1 强化");
        assert_eq!(numbered("1", Suffix::Nothing, "23件"), "123件");
        assert_eq!(numbered("1.", Suffix::Room, " Scope"), "1. Scope");
    }

    #[test]
    fn a_number_stands_before_text_that_was_carried_over() {
        let mut draft = Draft::new();
        draft.push("总体");
        draft.number(&Label { text: "一、".to_owned(), ..Label::default() });
        draft.push("情况");
        assert_eq!(draft.into_lines().as_slice(), ["一、总体情况"]);
    }

    #[test]
    fn blank_lines_at_the_end_are_no_lines() {
        let mut draft = Draft::new();
        draft.break_page();
        draft.push("a");
        draft.break_page();
        draft.break_line();
        assert_eq!(draft.into_lines().as_slice(), ["a"]);
    }
}
