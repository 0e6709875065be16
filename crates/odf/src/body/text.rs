//! Paragraphs and what is in them (ODF 1.4 Part 3, 5.1 and clause 6).

use nianbao_model::{Origin, ParagraphRole, Part};
use nianbao_story::{Draft, Label};

use super::{Body, Stop, What, Writing};
use crate::blanks::Blanks;
use crate::styles::{Family, Resolved};
use crate::xml::{self, Tag};

/// Paragraphs.
impl<'a> Body<'a> {
    /// A paragraph begins, or, with a level from 1, a heading.
    pub(super) fn begin_paragraph(&mut self, tag: &Tag<'a>, heading: Option<u8>, is_empty: bool) -> Result<(), Stop> {
        Self::check(self.next_paragraph as usize, "paragraphs")?;
        let mut draft = Draft::new();
        if !self.flow.in_cell() {
            draft.origins.push(Origin::Paragraph { part: Part::Body, paragraph: self.next_paragraph });
        }
        self.next_paragraph += 1;
        let name = xml::attribute(tag, "style-name").unwrap_or_default();
        let style = self.styles.resolved(Family::Paragraph, &name);
        draft.role = role(heading, &style);
        let is_hidden = style.hidden.unwrap_or_default();
        draft.is_hidden = is_hidden;
        self.paragraphs.push(Writing { draft, blanks: Blanks::START, is_hidden: false });
        self.push_open(What::Paragraph { hidden_around: self.is_hidden }, is_empty);
        if let Some(label) = self.label(tag, heading, &style).filter(|_| !is_hidden) {
            self.number(label);
        }
        self.is_hidden |= is_hidden;
        Ok(())
    }

    /// What stands before the paragraph that begins here.
    fn label(&mut self, tag: &Tag<'a>, heading: Option<u8>, style: &Resolved) -> Option<Label> {
        match heading {
            Some(level) if !self.lists.is_in_list() => {
                self.lists.heading(tag, usize::from(level) - 1, style, &mut self.styles)
            }
            _ => self.lists.number(style, &mut self.styles),
        }
    }

    fn number(&mut self, mut label: Label) {
        if let Some(format) = label.unknown_format.take() {
            self.notices.unknown_format(format, self.here());
        }
        if let Some(writing) = self.paragraphs.last_mut() {
            writing.draft.number(&label);
        }
    }

    pub(super) fn end_paragraph(&mut self) {
        let Some(mut writing) = self.paragraphs.pop() else { return };
        if writing.is_hidden {
            self.notices.hidden_text(self.here());
            let Draft { origins, after, role, .. } = writing.draft;
            writing.draft = Draft::new();
            (writing.draft.origins, writing.draft.after, writing.draft.role) = (origins, after, role);
        }
        self.flow.paragraph(writing.draft);
    }
}

/// What a heading or a style says of the paragraph.
fn role(heading: Option<u8>, style: &Resolved) -> ParagraphRole {
    match (heading, style.role, style.outline) {
        (Some(level), _, _) => ParagraphRole::Heading(level),
        (None, Some(role), _) => role,
        (None, None, Some(outline)) => ParagraphRole::Heading(outline),
        (None, None, None) => ParagraphRole::Body,
    }
}

/// What is in paragraphs.
impl<'a> Body<'a> {
    /// A run of text with a style of its own begins.
    pub(super) fn begin_span(&mut self, tag: &Tag<'a>, is_empty: bool) {
        let hidden =
            xml::attribute(tag, "style-name").and_then(|name| self.styles.resolved(Family::Text, &name).hidden);
        self.push_open(What::Inline { hidden_around: self.is_hidden }, is_empty);
        self.is_hidden = hidden.unwrap_or(self.is_hidden);
    }

    /// A field, a link, or something else whose text is text of the paragraph begins. A field may be there and show nothing.
    pub(super) fn begin_inline(&mut self, tag: &Tag<'a>, is_empty: bool) {
        self.push_open(What::Inline { hidden_around: self.is_hidden }, is_empty);
        self.is_hidden |= xml::attribute(tag, "display").as_deref() == Some("none");
    }

    /// Whether what is read now is shown; says so where it is hidden.
    pub(super) fn is_shown(&mut self) -> bool {
        if !self.is_hidden || self.tables.last().is_some_and(|table| table.in_hidden_row()) {
            return true;
        }
        self.notices.hidden_text(self.here());
        false
    }

    /// Characters of the paragraph that is being read.
    pub(super) fn characters(&mut self, text: &str) {
        if self.is_hidden && (text.trim().is_empty() || !self.is_shown()) {
            return;
        }
        if let Some(Writing { draft, blanks, .. }) = self.paragraphs.last_mut() {
            draft.write(|line| blanks.push(text, line));
        }
        self.take_place();
    }

    /// A character that is an element: a tab, say.
    pub(super) fn mark(&mut self, text: &str) {
        if !self.in_paragraph() || !self.is_shown() {
            return;
        }
        if let Some(Writing { draft, blanks, .. }) = self.paragraphs.last_mut() {
            draft.write(|line| {
                blanks.settle(line);
                line.push_str(text);
            });
        }
        self.take_place();
    }

    /// Blanks that count (`text:s`).
    pub(super) fn own_blanks(&mut self, tag: &Tag<'a>) {
        let count = xml::number(tag, "c").unwrap_or(1).min(self.blanks_left);
        self.blanks_left -= count;
        self.mark(&" ".repeat(count));
    }

    pub(super) fn line_break(&mut self) {
        if !self.in_paragraph() || !self.is_shown() {
            return;
        }
        if let Some(Writing { draft, blanks, .. }) = self.paragraphs.last_mut() {
            *blanks = Blanks::START;
            draft.break_line();
        }
    }

    /// A paragraph takes its place among the blocks with its first text, so that a text box before that comes first.
    fn take_place(&mut self) {
        if self.flow.in_cell() {
            return;
        }
        if let Some(Writing { draft, .. }) = self.paragraphs.last_mut()
            && draft.slot.is_none()
            && draft.has_text
        {
            draft.slot = Some(self.flow.reserve());
        }
    }
}
