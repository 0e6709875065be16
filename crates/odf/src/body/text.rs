//! Paragraphs and what is in them (ODF 1.4 Part 3, 5.1 and clause 6).

use std::borrow::Cow;

use nianbao_container::Blanks;
use nianbao_model::{Origin, ParagraphRole, Part};
use nianbao_story::{Draft, Label, check, symbol};

use super::{Body, What, Writing};
use crate::styles::{Family, Resolved};
use crate::xml::{self, Stop, Tag};

/// Paragraphs.
impl<'a> Body<'a> {
    /// A paragraph begins, or, with a level from 1, a heading.
    pub(super) fn begin_paragraph(&mut self, tag: &Tag<'a>, heading: Option<u8>, is_empty: bool) -> Result<(), Stop> {
        check(self.next_paragraph as usize, "paragraphs")?;
        let carried = self.flow.carried();
        let goes_on = carried.is_some();
        let mut draft = carried.unwrap_or_default();
        draft.is_open = false;
        if !self.flow.in_cell() {
            draft.origins.push(Origin::Paragraph { part: Part::Body, paragraph: self.next_paragraph });
        }
        self.next_paragraph += 1;
        let name = xml::attribute(tag, "style-name").unwrap_or_default();
        let style = self.styles.resolved(Family::Paragraph, &name);
        if !goes_on {
            draft.role = role(heading, &style);
        }
        let is_hidden = style.hidden.unwrap_or_default();
        draft.is_hidden = is_hidden;
        self.paragraphs.push(Writing { draft, blanks: Blanks::START, is_hidden: false });
        self.push_open(What::Paragraph { hidden_around: self.is_hidden }, is_empty);
        self.fonts.push(style.font.clone());
        // Where the mark between two paragraphs is deleted, both are the first one, and so is the number.
        if !goes_on
            && !is_hidden
            && let Some(label) = self.label(tag, heading, &style)
        {
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
        writing.draft.is_open = self.changes.is_deleted();
        self.flow.paragraph(writing.draft);
    }
}

/// Codes of symbols, and the hyphens that Word has elements for.
const fn is_special(c: char) -> bool {
    matches!(c, '\u{F000}'..='\u{F0FF}' | '\u{2011}' | '\u{AD}')
}

/// What is shown of a character.
fn shown(font: &str, c: char) -> Option<char> {
    match c {
        '\u{F000}'..='\u{F0FF}' => symbol(font, u32::from(c)),
        '\u{2011}' => Some('-'),
        '\u{AD}' => None,
        c => Some(c),
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
        let name = xml::attribute(tag, "style-name").unwrap_or_default();
        let style = self.styles.resolved(Family::Text, &name);
        self.push_open(What::Inline { hidden_around: self.is_hidden }, is_empty);
        self.fonts.push(style.font.clone().or_else(|| self.font()));
        self.is_hidden = style.hidden.unwrap_or(self.is_hidden);
    }

    /// A field, a link, or something else whose text is text of the paragraph begins. A field may be there and show nothing.
    pub(super) fn begin_inline(&mut self, tag: &Tag<'a>, is_empty: bool) {
        self.push_open(What::Inline { hidden_around: self.is_hidden }, is_empty);
        self.fonts.push(self.font());
        self.is_hidden |= xml::attribute(tag, "display").as_deref() == Some("none");
    }

    /// The font of what is being read, where anything names one.
    fn font(&self) -> Option<String> {
        self.fonts.last().cloned().flatten()
    }

    /// Whether what is read now is shown; says so where it is hidden.
    pub(super) fn is_shown(&mut self) -> bool {
        if self.changes.is_deleted() {
            return false;
        }
        if !self.is_hidden || self.tables.last().is_some_and(|table| table.in_hidden_row()) {
            return true;
        }
        self.notices.hidden_text(self.here());
        false
    }

    /// Characters of the paragraph that is being read.
    pub(super) fn characters(&mut self, text: &str) {
        let is_blank = || text.trim().is_empty();
        if self.changes.is_deleted() || (self.is_hidden && (is_blank() || !self.is_shown())) {
            return;
        }
        // Symbols have codes for private use: what they show is known by their font.
        let told = if text.contains(is_special) {
            let font = self.font().unwrap_or_default();
            Cow::Owned(text.chars().filter_map(|c| shown(&font, c)).collect())
        } else {
            Cow::Borrowed(text)
        };
        if let Some(Writing { draft, blanks, .. }) = self.paragraphs.last_mut() {
            draft.write(|line| blanks.push(&told, line));
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

#[cfg(test)]
mod tests {
    use crate::tests::{printed, styled};

    /// The paragraphs of a body, each with its role.
    fn paragraphs(styles: &str, body: &str) -> Vec<String> {
        let printed = styled(styles, body);
        let line = |line: &str| Some(line.split_once("|  @")?.0.replace(" |", " "));
        printed.lines().filter_map(line).collect()
    }

    #[test]
    fn blanks_count_only_as_elements() {
        let body = "<text:p>\n  甲  乙<text:s text:c='3'/>丙<text:tab/>丁<text:line-break/>  戊 <text:span> 己</text:span>&lt;&#x5E74;\n</text:p>";
        assert_eq!(paragraphs("", body), ["¶ 甲 乙   丙\t丁⏎戊 己<年"]);
        let many = printed("<text:p>甲<text:s text:c='2147483647'/><text:s text:c='9'/>乙</text:p>");
        assert!(many.contains("乙") && many.len() < 2 << 20);
    }

    #[test]
    fn roles_come_from_elements_and_styles() {
        let styles = "<style:style style:name='Heading_20_2' style:family='paragraph'/><style:style style:name='P1' style:family='paragraph' style:parent-style-name='Title'/>
            <style:style style:name='Title' style:family='paragraph'/><style:style style:name='P2' style:family='paragraph' style:default-outline-level='3'/>";
        let body = "<text:h text:outline-level='1'>一</text:h><text:p text:style-name='P1'>二</text:p><text:p text:style-name='Heading_20_2'>三</text:p>
            <text:p text:style-name='P2'>四</text:p><text:h text:outline-level='99' text:style-name='P1'>五</text:h>";
        assert_eq!(paragraphs(styles, body), ["H1 一", "T 二", "H2 三", "H3 四", "H9 五"]);
    }

    #[test]
    fn fields_are_what_they_show() {
        let body = "<text:p>第<text:page-number>3</text:page-number>页<text:a><text:span>链</text:span></text:a><text:bookmark-start/>\
            <text:variable-set text:display='none'>7</text:variable-set><text:hidden-text text:is-hidden='true'>x</text:hidden-text>\
            <text:ruby><text:ruby-base>年</text:ruby-base><text:ruby-text>nián</text:ruby-text></text:ruby>\
            <text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>注</text:p></text:note-body></text:note>\
            <office:annotation><text:p>批</text:p></office:annotation><loext:content-control>控</loext:content-control>末</text:p>";
        assert_eq!(paragraphs("", body), ["¶ 第3页链年控末"]);
    }

    #[test]
    fn symbols_are_known_by_their_font() {
        let styles = "<style:font-face style:name='W1' svg:font-family=\"'Wingdings 2'\"/><style:style style:name='T' style:family='text'><style:text-properties style:font-name='W1'/></style:style>";
        let body = "<text:p>\u{F052}<text:span text:style-name='T'>\u{F052}<text:a>\u{F0A3}</text:a></text:span>\u{2011}\u{AD}1</text:p>";
        assert_eq!(paragraphs(styles, body), ["¶ \u{F052}☑□-1"]);
    }

    #[test]
    fn hidden_text_is_left_out_whoever_hides_it() {
        let styles = "<style:style style:name='T1' style:family='text'><style:text-properties text:display='none'/></style:style>
            <style:style style:name='T2' style:family='text'><style:text-properties text:display='true'/></style:style>
            <style:style style:name='P1' style:family='paragraph'><style:text-properties text:display='none'/></style:style>";
        let body = "<text:p>一<text:span text:style-name='T1'>x</text:span></text:p><text:p text:style-name='P1'>x<text:span text:style-name='T2'>二</text:span></text:p>
            <text:section text:display='none'><text:p>x</text:p></text:section><text:section text:display='condition' text:is-hidden='true'><text:p>x</text:p></text:section>
            <text:section text:display='condition'><text:p>三</text:p></text:section><text:p>x<text:hidden-paragraph text:is-hidden='true'/>x</text:p>";
        assert_eq!(paragraphs(styles, body), ["¶ 一", "¶ 二", "¶ 三", "¶ "]);
        assert!(styled(styles, body).contains("! hidden_text_left_out"));
    }

    const CHANGES: &str = "<text:tracked-changes><text:changed-region xml:id='d'><text:deletion><text:p>x</text:p></text:deletion></text:changed-region>
        <text:changed-region xml:id='i'><text:insertion/></text:changed-region></text:tracked-changes>";

    #[test]
    fn deleted_text_is_gone_wherever_it_stands() {
        let body = "<text:p>1<text:change text:change-id='d'/>2<text:change-start text:change-id='d'/>9<text:s/><text:change-end text:change-id='d'/>\
            <text:change-start text:change-id='i'/>3<text:change-end text:change-id='i'/></text:p>";
        let text = printed(&format!("{CHANGES}{body}"));
        assert!(text.starts_with("odt\n¶ |123|  @ paragraph 1\n! changes_accepted"), "{text}");
    }

    #[test]
    fn a_deletion_over_the_end_of_a_paragraph_joins_two() {
        let body = "<text:h>总体<text:change-start text:change-id='d'/>x</text:h><text:p>x<text:change-end text:change-id='d'/>情况</text:p><text:p>末</text:p>";
        let text = printed(&format!("{CHANGES}{body}"));
        assert!(text.contains("H1 |总体情况|  @ paragraph 1, paragraph 2\n¶ |末|  @ paragraph 3"), "{text}");
    }
}
