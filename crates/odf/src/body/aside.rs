//! What stands beside the running text: frames, text boxes, shapes (ODF 1.4 Part 3, clause 10).

use super::{Body, Stop, What};
use crate::xml::Tag;

/// How many text boxes may stand in one another. Writer allows one.
const MAX_TEXT_BOXES: usize = 16;

impl<'a> Body<'a> {
    pub(super) fn begin_drawing(&mut self, local: &[u8], tag: &Tag<'a>, is_empty: bool) -> Result<(), Stop> {
        match local {
            b"text-box" | b"custom-shape" | b"rect" | b"line" | b"polyline" | b"polygon" | b"regular-polygon"
            | b"path" | b"circle" | b"ellipse" | b"connector" | b"caption" | b"measure" => {
                self.begin_text_box(tag, is_empty)?;
            }
            b"frame" | b"g" | b"a" => self.push_open(What::Frame, is_empty),
            // Pictures, formulas, charts, controls, and how shapes are drawn.
            _ => self.skip(tag, is_empty)?,
        }
        Ok(())
    }

    fn begin_text_box(&mut self, tag: &Tag<'a>, is_empty: bool) -> Result<(), Stop> {
        if is_empty {
            return Ok(());
        }
        if !self.is_shown() {
            return Ok(self.xml.skip(tag)?);
        }
        if self.flow.text_boxes() == MAX_TEXT_BOXES {
            self.unreadable("a text box", "it stands too deep in others");
            return Ok(self.xml.skip(tag)?);
        }
        self.flow.begin_text_box(0);
        self.lists.begin_apart();
        self.push_open(What::TextBox, is_empty);
        Ok(())
    }

    /// A text box in a cell becomes lines of the cell: before the paragraph that it is anchored in, where that has no text yet, else after.
    pub(super) fn end_text_box(&mut self) {
        self.lists.end();
        let lines = self.flow.end();
        match self.paragraphs.last_mut() {
            Some(anchor) if anchor.draft.has_text => anchor.draft.after.extend(lines),
            _ if !lines.is_empty() => self.flow.push_lines(lines),
            _ => {}
        }
    }
}
