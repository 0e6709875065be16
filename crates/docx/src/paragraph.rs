//! A paragraph in the making: its text line by line, its number in front, and what its properties say (ECMA-376 Part 1, 17.3.1).

use std::borrow::Cow;

use nianbao_model::{Origin, ParagraphRole};

use crate::definitions::Suffix;
use crate::numbering::Label;
use crate::styles::{Properties, Resolved};
use crate::xml::{self, Damage, Name, Node, Tag, Xml};

/// A paragraph in the making.
#[derive(Debug)]
pub(crate) struct Draft {
    /// The places of the source paragraphs that go into it: more than one where marks between them were deleted, none in a cell,
    /// whose own place is said instead.
    pub(crate) origins: Vec<Origin>,
    pub(crate) role: ParagraphRole,
    /// The lines before the last.
    lines: Vec<String>,
    /// The last line, which is being written.
    line: String,
    /// Lines of text boxes that come after this paragraph in its cell.
    pub(crate) after: Vec<String>,
    /// The place among the blocks, once there is text.
    pub(crate) slot: Option<usize>,
    /// The mark at its end is deleted, so it goes on in the next paragraph.
    pub(crate) is_open: bool,
    /// Its style hides its text.
    pub(crate) is_hidden: bool,
    /// Some text that is not blank was read, the number aside.
    pub(crate) has_text: bool,
    /// A number was written and wants room before the text.
    wants_room: bool,
}

impl Draft {
    pub(crate) const fn new() -> Self {
        Self {
            origins: Vec::new(),
            role: ParagraphRole::Body,
            lines: Vec::new(),
            line: String::new(),
            after: Vec::new(),
            slot: None,
            is_open: false,
            is_hidden: false,
            has_text: false,
            wants_room: false,
        }
    }

    /// Begins a new line.
    pub(crate) fn break_line(&mut self) {
        self.lines.push(std::mem::take(&mut self.line));
        self.wants_room = false;
    }

    /// Begins a new line unless one has just begun: a page break does not leave a blank line.
    pub(crate) fn break_page(&mut self) {
        if !self.line.is_empty() {
            self.break_line();
        }
    }

    /// Writes text as it is.
    pub(crate) fn push(&mut self, text: &str) {
        let start = self.line.len();
        self.line.push_str(text);
        self.settle(start);
    }

    /// Reads the text of the element that has just begun, to its end (17.3.3.31).
    ///
    /// Blanks at its ends count only where it says so; a line feed inside is a blank.
    pub(crate) fn read_text(&mut self, xml: &mut Xml<'_>, tag: &Tag<'_>) -> Result<(), Damage> {
        let keeps_blanks = tag.attributes_raw().contains("preserve");
        let start = self.line.len();
        let result = append_text(xml, &mut self.line);
        tidy(&mut self.line, start, keeps_blanks);
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
    pub(crate) fn number(&mut self, label: &Label) {
        if label.text.is_empty() {
            return;
        }
        let first = self.lines.first_mut().unwrap_or(&mut self.line);
        let carried = first.chars().next();
        let last = label.text.chars().next_back();
        let has_room = label.suffix == Suffix::Room;
        if has_room && matches!((last, carried), (Some(last), Some(first)) if runs_together(last, first)) {
            first.insert(0, ' ');
        }
        first.insert_str(0, &label.text);
        self.wants_room = has_room && carried.is_none();
    }

    /// The lines, without blank ones at the end; none for a blank paragraph.
    pub(crate) fn into_lines(mut self) -> Vec<String> {
        if self.lines.is_empty() {
            // Nearly all paragraphs: one line and no room for more.
            self.lines = vec![self.line];
        } else {
            self.lines.push(self.line);
        }
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

/// Appends the text up to the end of the element that has just begun.
fn append_text(xml: &mut Xml<'_>, line: &mut String) -> Result<(), Damage> {
    loop {
        match xml.next()? {
            Node::Text(Cow::Borrowed(text)) => line.push_str(text),
            Node::Text(Cow::Owned(text)) => line.push_str(&text),
            Node::Reference(reference) => xml::push_reference(line, &reference),
            Node::Start(_) => xml.skip()?,
            Node::Empty(_) => {}
            Node::End | Node::Over => return Ok(()),
        }
    }
}

fn tidy(line: &mut String, start: usize, keeps_blanks: bool) {
    let Some(text) = line.get(start..) else {
        return;
    };
    if memchr::memchr2(b'\n', b'\r', text.as_bytes()).is_some() {
        let flat = text.replace("\r\n", " ").replace(['\n', '\r'], " ");
        line.truncate(start);
        line.push_str(&flat);
    }
    if !keeps_blanks {
        let is_blank = |c: char| matches!(c, ' ' | '\t');
        let kept = line.get(start..).unwrap_or_default().trim_end_matches(is_blank).len();
        line.truncate(start + kept);
        let text = line.get(start..).unwrap_or_default();
        let leading = text.len() - text.trim_start_matches(is_blank).len();
        if leading > 0 {
            line.replace_range(start..start + leading, "");
        }
    }
}

/// What the properties of a paragraph say.
#[derive(Debug, Default)]
pub(crate) struct ParagraphProperties {
    pub(crate) style: Option<String>,
    pub(crate) own: Properties,
    /// The mark at its end is deleted or moved away (17.13.5.15).
    pub(crate) mark_deleted: bool,
    /// The mark at its end is hidden, and its number with it.
    pub(crate) mark_hidden: bool,
}

impl ParagraphProperties {
    /// Whether an element within `w:pPr` says anything that is asked here.
    pub(crate) fn matters(local: &[u8]) -> bool {
        matches!(local, b"pStyle" | b"numPr" | b"outlineLvl" | b"vanish" | b"del" | b"moveFrom")
    }

    /// Reads the `w:pPr` that has just begun with `parent`, to its end.
    pub(crate) fn read(xml: &mut Xml<'_>, parent: &Tag<'_>) -> Result<Self, Damage> {
        let end = xml.depth();
        let mut found = Self::default();
        let mut of_mark = false;
        while xml.depth() >= end {
            let node = xml.next()?;
            let (Node::Start(tag) | Node::Empty(tag)) = &node else {
                continue;
            };
            let is_open = matches!(node, Node::Start(_));
            match xml.name(tag) {
                Name::Word(b"rPr") => of_mark = true,
                Name::Word(b"numPr") => {}
                Name::Word(local) => {
                    found.take(local, tag, of_mark);
                    if is_open {
                        xml.skip()?;
                    }
                    // The style stands first, and all the formatting behind it.
                    if Self::matters(local) && xml.depth() == end {
                        xml.pass_over(parent, Self::matters)?;
                    }
                }
                _ if is_open => xml.skip()?,
                _ => {}
            }
        }
        Ok(found)
    }

    fn take(&mut self, local: &[u8], tag: &Tag<'_>, of_mark: bool) {
        match local {
            b"pStyle" => self.style = xml::attribute(tag, "val"),
            b"del" | b"moveFrom" if of_mark => self.mark_deleted = true,
            b"vanish" if of_mark => self.mark_hidden = xml::is_on(tag),
            _ if !of_mark => self.own.take(local, tag),
            _ => {}
        }
    }

    /// The numbering, 0 and absent for none.
    pub(crate) fn numbering(&self, style: &Resolved) -> Option<u32> {
        self.own.number.or(style.properties.number).filter(|&id| id != 0)
    }

    /// The role: what the paragraph says of its outline, else what its style's name or outline says.
    pub(crate) fn role(&self, style: &Resolved) -> ParagraphRole {
        let heading = |outline: u8| match outline {
            0..=8 => ParagraphRole::Heading(outline + 1),
            _ => ParagraphRole::Body,
        };
        match (self.own.outline, style.role, style.properties.outline) {
            (Some(own), _, _) => heading(own),
            (None, Some(role), _) => role,
            (None, None, Some(outline)) => heading(outline),
            (None, None, None) => ParagraphRole::Body,
        }
    }
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
        assert_eq!(draft.into_lines(), ["一、总体情况"]);
    }

    #[test]
    fn blanks_around_a_text_count_only_where_it_says_so() {
        let text = |attributes: &str| {
            let source = format!("<t{attributes}> 2\n3 <b/>&amp;&#x4E00;&own; </t>");
            let mut xml = Xml::new(&source);
            let Ok(Node::Start(tag)) = xml.next() else { panic!() };
            let mut draft = Draft::new();
            draft.read_text(&mut xml, &tag).unwrap();
            draft.line
        };
        assert_eq!(text(""), "2 3 &一&own;");
        assert_eq!(text(" xml:space='preserve'"), " 2 3 &一&own; ");
    }

    #[test]
    fn blank_lines_at_the_end_are_no_lines() {
        let mut draft = Draft::new();
        draft.break_page();
        draft.push("a");
        draft.break_page();
        draft.break_line();
        assert_eq!(draft.into_lines(), ["a"]);
    }
}
