//! What a table asks of its reader: which text in it is there to be seen.

use std::ops::Range;

use nianbao_container::Error;
use nianbao_story::{Gone, Script, Walk};

use super::Body;
use crate::character::Characters;
use crate::structure::Paragraph;

impl Walk for Body<'_> {
    type Paragraph = Paragraph;

    fn script(&mut self) -> &mut Script {
        &mut self.script
    }

    fn paragraph(&mut self, paragraph: &Paragraph) -> Result<(), Error> {
        self.read_paragraph(paragraph)
    }

    fn has_text(&mut self, paragraph: &Paragraph, but: Gone) -> bool {
        let style_hides = self.style_of(paragraph).hidden.unwrap_or_default();
        let mut at = paragraph.text.start;
        while at < paragraph.text.end {
            let (characters, end) = self.characters_at(at);
            if self.is_text(at..end.min(paragraph.text.end)) && !self.is_gone(&characters, style_hides, but) {
                return true;
            }
            at = end;
        }
        false
    }

    fn is_mark_gone(&mut self, end: &Paragraph, how: Gone) -> bool {
        let mark = self.characters_at(end.text.end).0;
        self.is_gone(&mark, false, how)
    }
}

impl Body<'_> {
    fn is_gone(&self, characters: &Characters, paragraph_hides: bool, how: Gone) -> bool {
        match how {
            Gone::Hidden => self.hides(characters, paragraph_hides),
            Gone::Deleted => characters.is_deleted,
        }
    }

    /// Whether characters are text that is not blank.
    fn is_text(&self, characters: Range<usize>) -> bool {
        let units = self.source.text.units.get(characters).unwrap_or_default();
        units.iter().any(|&unit| unit > 0x20 && unit != 0x3000)
    }
}
