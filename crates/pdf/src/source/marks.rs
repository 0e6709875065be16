//! Paths and pictures as the page shows them: cut to the clip, in the ink of the moment.

use super::content::{MOST_MARKS, Reader};
use super::ink::{Ink, Tone};
use super::matrix::Area;
use super::paths::Mark;
use super::unpack::Refused;
use crate::page::{Fill, Rule};

impl Reader<'_> {
    /// Ends the path: fills it (with the even-odd rule or not), strokes it, and makes it the clip where `W` asked for it.
    pub(super) fn paint(&mut self, even_odd: Option<bool>, stroke: bool, close: bool) {
        if close {
            self.path.close();
        }
        let mut marks = Vec::new();
        if !self.is_hidden() {
            let area = self.path.drawing().filter(|_| stroke || even_odd.is_some());
            if let Some(area) = area.map(|area| area.intersect(self.state.clip)).filter(|area| !area.is_empty())
                && self.page.drawings.len() < MOST_MARKS
            {
                self.page.drawings.push(area.rect());
            }
            if let Some(even_odd) = even_odd {
                self.path.filled(even_odd, &mut marks);
                self.covering = self.state.opaque && self.state.clip_is_box && self.path.is_box();
                for mark in marks.drain(..) {
                    self.mark(mark, self.state.fill, false);
                }
                self.covering = false;
            }
            if stroke {
                let width = (self.state.line_width * self.state.ctm.scale()).abs();
                self.path.stroked(width, self.state.capped, &mut marks);
                for mark in marks.drain(..) {
                    self.mark(mark, self.state.stroke, self.state.dashed);
                }
            }
        }
        if std::mem::take(&mut self.clip_with) && !self.path.is_empty() {
            self.state.clip = self.state.clip.intersect(self.path.bounds());
            self.state.clip_is_box &= self.path.is_box();
        }
        self.path.clear();
    }

    /// Whether one more mark may be taken down.
    pub(super) fn has_room(&mut self) -> bool {
        let marks = self.page.rules.len() + self.page.fills.len() + self.page.images.len() + self.shapes.len();
        if marks >= MOST_MARKS {
            self.trouble = Some(Refused::TooLarge);
        }
        marks < MOST_MARKS
    }

    /// Takes down what a path or a picture shows within the clip.
    pub(super) fn mark(&mut self, mark: Mark, ink: Ink, dashed: bool) {
        if ink.is_unseen() || self.is_hidden() || !self.has_room() {
            return;
        }
        match mark {
            Mark::Rule(line, width) => {
                let line = line.intersect(self.state.clip);
                if ink.tone == Tone::Seen && !line.is_empty() {
                    self.page.rules.push(Rule { bbox: line.rect(), width: width as f32, dashed });
                }
            }
            Mark::Fill(area) => {
                let area = area.intersect(self.state.clip);
                if !area.is_empty() {
                    self.show_clip();
                    if self.covering && ink.is_opaque() && !self.page.glyphs.is_empty() {
                        self.covers.push((area, self.page.glyphs.len()));
                    }
                    self.page.fills.push(Fill { bbox: area.rect(), white: ink.tone == Tone::White });
                }
            }
            Mark::Dot(area) => {
                let area = area.intersect(self.state.clip);
                if ink.tone == Tone::Seen && !area.is_empty() {
                    self.dot(area);
                }
            }
            Mark::Shape(area) => {
                if ink.tone == Tone::Seen {
                    self.shapes.push(area);
                }
            }
        }
    }

    /// Something is painted through a clip of glyphs, which makes them seen.
    pub(super) fn show_clip(&mut self) {
        if let Some((from, to)) = self.state.clipped_by.take() {
            for glyph in self.page.glyphs.get_mut(from..to).unwrap_or_default() {
                glyph.invisible = false;
            }
        }
    }

    /// A dot is a piece of a dotted rule; which way that runs, the dot before it tells.
    fn dot(&mut self, area: Area) {
        let before = self.dot.replace(area);
        let above = before.is_some_and(|before| (before.x0 - area.x0).abs() < area.width() && before.y0 != area.y0);
        let (x, y) = (f64::midpoint(area.x0, area.x1), f64::midpoint(area.y0, area.y1));
        let (line, width) = if above {
            (Area::new(x, area.y0, x, area.y1), area.width())
        } else {
            (Area::new(area.x0, y, area.x1, y), area.height())
        };
        self.page.rules.push(Rule { bbox: line.rect(), width: width as f32, dashed: true });
    }
}
