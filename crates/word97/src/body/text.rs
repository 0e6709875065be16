//! Paragraphs, and the characters in them [MS-DOC 2.4.6, 2.6.1].

use std::ops::Range;

use nianbao_container::Error;
use nianbao_story::{Draft, symbol};

use super::Body;
use crate::character::Characters;
use crate::drawings::Drawn;
use crate::pieces::EMPTY;
use crate::structure::Paragraph;
use crate::styles::Style;

/// Characters that are no text [MS-DOC 2.6.1, sprmCFSpec; 2.8.25].
mod special {
    pub(super) const PICTURE: u16 = 0x01;
    pub(super) const DRAWN: u16 = 0x08;
    pub(super) const TAB: u16 = 0x09;
    pub(super) const LINE_BREAK: u16 = 0x0B;
    pub(super) const PAGE_BREAK: u16 = 0x0C;
    pub(super) const COLUMN_BREAK: u16 = 0x0E;
    pub(super) const FIELD_BEGINS: u16 = 0x13;
    pub(super) const FIELD_SEPARATES: u16 = 0x14;
    pub(super) const FIELD_ENDS: u16 = 0x15;
    pub(super) const HYPHEN: u16 = 0x1E;
    /// The first that is text.
    pub(super) const BLANK: u16 = 0x20;
    /// The beginning and the end of a content control.
    pub(super) const CONTROLS: [u16; 2] = [0x3C, 0x3E];
}

impl Body<'_> {
    pub(super) fn read_paragraph(&mut self, paragraph: &Paragraph) -> Result<(), Error> {
        self.script.begin_paragraph();
        self.opening(paragraph);
        let style = self.style_of(paragraph);
        self.characters(paragraph.text.clone(), style.hidden.unwrap_or_default())?;
        self.script.end_paragraph();
        Ok(())
    }

    pub(super) fn style_of(&self, paragraph: &Paragraph) -> Style {
        self.source.styles.get(paragraph.properties.style.unwrap_or_default()).clone()
    }

    /// What is known of a paragraph before its text: its role, its number, and whether it goes on in the next.
    fn opening(&mut self, paragraph: &Paragraph) {
        let style = self.style_of(paragraph);
        let mark = paragraph.mark.map(|_| self.characters_at(paragraph.text.end).0).unwrap_or_default();
        if mark.is_deleted {
            self.script.notices.deletion(self.script.here());
        }
        if let Some(draft) = self.script.draft() {
            draft.role = paragraph.properties.role(&style);
            draft.is_open = mark.is_deleted;
        }
        if !mark.is_deleted && !self.hides(&mark, style.hidden.unwrap_or_default()) {
            self.number(paragraph, &style);
        }
    }

    /// Writes the automatic number of the paragraph that is being read.
    fn number(&mut self, paragraph: &Paragraph, style: &Style) {
        let own = &paragraph.properties;
        let Some(number) = own.number.or(style.number).filter(|&number| number != 0) else { return };
        let level = match own.level {
            Some(level) => level,
            None if own.number.is_some() => 0,
            None => style.level.unwrap_or_default(),
        };
        let scheme = self.source.lists.scheme(number);
        let label = scheme.and_then(|scheme| self.counting.next(u32::from(number), &scheme, usize::from(level)));
        if let Some(label) = label {
            self.script.number(label);
        }
    }

    /// Whether characters are hidden, in a paragraph whose style hides its text or not.
    pub(super) fn hides(&self, characters: &Characters, paragraph_hides: bool) -> bool {
        let style = characters.style.and_then(|style| self.source.styles.get(style).hidden);
        let style = style.unwrap_or(paragraph_hides);
        characters.hidden.map_or(style, |toggle| toggle.resolve(style))
    }

    /// Reads the characters of a paragraph, run by run.
    fn characters(&mut self, range: Range<usize>, paragraph_hides: bool) -> Result<(), Error> {
        let mut at = range.start;
        let mut was_deleted = false;
        while at < range.end {
            let (characters, end) = self.characters_at(at);
            let run = at..end.min(range.end);
            at = run.end;
            if characters.is_deleted && !was_deleted {
                self.script.notices.deletion(self.script.here());
            }
            was_deleted = characters.is_deleted;
            if !characters.is_deleted {
                let is_hidden = self.hides(&characters, paragraph_hides);
                self.run(run, &characters, is_hidden)?;
            }
        }
        Ok(())
    }

    /// Reads a run of characters with the same properties: text as a whole, and what is no text one by one.
    fn run(&mut self, range: Range<usize>, characters: &Characters, is_hidden: bool) -> Result<(), Error> {
        let mut at = range.start;
        while at < range.end {
            let units = self.source.text.units.get(at..range.end).unwrap_or_default();
            let is_text = |unit: &&u16| **unit >= special::BLANK && !characters.is_special;
            let length = units.iter().take_while(is_text).count();
            let text = self.told(shown(units.get(..length).unwrap_or_default()), characters);
            let next = units.get(length).copied();
            if !text.is_empty() && self.script.shows(is_hidden) {
                self.script.push_text(&text);
            }
            at += length;
            if let Some(unit) = next {
                self.special(unit, at, characters, is_hidden)?;
                at += 1;
            }
        }
        Ok(())
    }

    /// Reads a character that is no plain text.
    fn special(&mut self, unit: u16, at: usize, characters: &Characters, is_hidden: bool) -> Result<(), Error> {
        match unit {
            special::FIELD_BEGINS => self.field("begin"),
            special::FIELD_SEPARATES => self.field("separate"),
            special::FIELD_ENDS => self.field("end"),
            special::PICTURE if characters.is_form => self.form_field(characters),
            special::PICTURE => {}
            _ if characters.is_special && special::CONTROLS.contains(&unit) => {}
            special::DRAWN => self.drawn(at, is_hidden)?,
            _ if !self.script.shows(is_hidden) => {}
            special::TAB => self.script.push_text("\t"),
            special::LINE_BREAK => self.draft(Draft::break_line),
            special::PAGE_BREAK | special::COLUMN_BREAK => self.draft(Draft::break_page),
            special::HYPHEN => self.script.push_text("-"),
            _ => self.symbol(unit, characters),
        }
        Ok(())
    }

    /// A character of a symbol font, or one that is marked as special and is none.
    fn symbol(&mut self, unit: u16, characters: &Characters) {
        let shown = match characters.symbol {
            Some(found) => {
                let font = self.source.fonts.get(usize::from(found.font)).map_or("", String::as_str);
                symbol(font, u32::from(found.code))
            }
            None if unit >= special::BLANK && unit != EMPTY => char::from_u32(u32::from(unit)),
            None => None,
        };
        if let Some(c) = shown {
            self.script.push_text(c.encode_utf8(&mut [0; 4]));
        }
    }

    /// Text in a symbol font stands in the private use area: its characters are told where the font is known.
    fn told(&self, text: String, characters: &Characters) -> String {
        let is_private = |c: char| ('\u{F000}'..='\u{F0FF}').contains(&c);
        let font = characters.font.and_then(|font| self.source.fonts.get(usize::from(font)));
        match font {
            Some(font) if text.contains(is_private) => {
                text.chars().map(|c| symbol(font, u32::from(c)).filter(|_| is_private(c)).unwrap_or(c)).collect()
            }
            _ => text,
        }
    }

    fn form_field(&mut self, characters: &Characters) {
        let shown = characters.data.and_then(|at| self.source.data.form(at));
        if let Some(shown) = shown.filter(|_| self.script.fields.shows_form()) {
            self.script.push_text(&shown);
        }
    }

    /// What is drawn at a character.
    fn drawn(&mut self, at: usize, is_hidden: bool) -> Result<(), Error> {
        if self.in_box || !self.script.shows(is_hidden) {
            return Ok(());
        }
        for drawn in self.source.drawings.take(at) {
            match drawn {
                Drawn::Lettering(text) => self.script.push_text(&text),
                Drawn::Box(text) => self.text_box(&text)?,
            }
        }
        Ok(())
    }

    fn text_box(&mut self, text: &Range<usize>) -> Result<(), Error> {
        self.script.begin_text_box();
        self.in_box = true;
        self.story(self.in_boxes(text))?;
        self.in_box = false;
        self.script.end_text_box();
        Ok(())
    }

    fn field(&mut self, kind: &str) {
        self.script.fields.take(kind, self.script.flow.fields());
    }

    fn draft(&mut self, change: impl FnOnce(&mut Draft)) {
        if let Some(draft) = self.script.draft() {
            change(draft);
        }
    }
}

/// Characters of UTF-16 as text.
fn shown(units: &[u16]) -> String {
    let units = units.iter().copied().filter(|&unit| unit != EMPTY);
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
