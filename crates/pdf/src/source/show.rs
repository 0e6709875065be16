//! Showing text: from the bytes of a string to glyphs with their boxes (ISO 32000-2, 9.4).

use super::content::{MOST_GLYPHS, Reader, State, Text};
use super::font::{Code, EM, Font};
use super::ink::Tone;
use super::matrix::{Area, Matrix, Point};
use super::unpack::Refused;
use crate::page::{Direction, Glyph};

/// How far a line may turn from the level or the upright and still count as such: four degrees, for pages that were scanned or stamped.
const TURN: f64 = 0.07;

/// Text rendering modes (table 104).
const STROKE: i64 = 1;
const FILL_AND_STROKE: i64 = 2;
const INVISIBLE: i64 = 3;
const STROKE_AND_CLIP: i64 = 5;
const FILL_STROKE_AND_CLIP: i64 = 6;
const CLIP: i64 = 7;

/// Shows a string and moves on behind it.
pub(super) fn show(reader: &mut Reader<'_>, mut bytes: &[u8]) {
    let Some((index, font)) = reader.state.text.font.clone() else { return };
    while let Some((code, length)) = font.read(bytes) {
        bytes = bytes.get(length.max(1)..).unwrap_or_default();
        let read = font.code(code);
        if reader.page.glyphs.len() >= MOST_GLYPHS {
            reader.trouble = Some(Refused::TooLarge);
            return;
        }
        if !reader.is_hidden() {
            glyph(reader, index, &font, &read);
            if let Some(used) = reader.used.get_mut(usize::from(index)) {
                used.shows(code, &read);
            }
        }
        let text = &mut reader.state.text;
        let space = text.character_space + if length == 1 && code == 32 { text.word_space } else { 0.0 };
        let by = read.advance * text.size + space;
        go_on(text, if font.is_vertical() { (0.0, by) } else { (by * text.scale, 0.0) });
    }
}

/// Moves by a number of `TJ`, in thousandths of the font size, backwards.
pub(super) fn adjust(text: &mut Text, number: f64) {
    let by = -number / EM * text.size;
    let vertical = text.font.as_ref().is_some_and(|(_, font)| font.is_vertical());
    go_on(text, if vertical { (0.0, by) } else { (by * text.scale, 0.0) });
}

fn go_on(text: &mut Text, (x, y): (f64, f64)) {
    text.matrix = Matrix::translation(x, y).then(text.matrix);
}

fn glyph(reader: &mut Reader<'_>, index: u16, font: &Font, read: &Code) {
    let state = &reader.state;
    let text = &state.text;
    let to_page =
        Matrix([text.size * text.scale, 0.0, 0.0, text.size, 0.0, text.rise]).then(text.matrix).then(state.ctm);
    if !to_page.is_finite() {
        return;
    }
    let (own, along) = if font.is_vertical() {
        // The origin is the middle of the top (9.7.4.3).
        let half = read.width / 2.0;
        (Area::new(-half, read.advance.min(0.0), half, read.advance.max(0.0)), to_page.vector(0.0, -1.0))
    } else {
        (Area::new(read.advance.min(0.0), font.descent, read.advance.max(0.0), font.ascent), to_page.vector(1.0, 0.0))
    };
    let bounds = to_page.bounds(own);
    if !is_within(bounds, state.clip) {
        return;
    }
    let direction = direction(along, font);
    let origin = to_page.point(0.0, 0.0);
    let size = to_page.vector(0.0, font.em).length();
    let stroked = matches!(text.mode, FILL_AND_STROKE | FILL_STROKE_AND_CLIP);
    if text.mode == CLIP {
        let end = reader.page.glyphs.len() + 1;
        let start = reader.clipping.map_or(end - 1, |(start, _)| start);
        reader.clipping = Some((start, end));
    }
    let glyph = Glyph {
        text: read.text.clone(),
        bbox: bounds.rect(),
        baseline: baseline(direction, origin, bounds, font) as f32,
        size: size as f32,
        font: index,
        bold: font.bold || stroked,
        direction,
        invisible: is_invisible(reader, bounds),
    };
    reader.page.glyphs.push(glyph);
}

/// Whether enough of a glyph lies within the clip to be read: a third of it each way.
fn is_within(bounds: Area, clip: Area) -> bool {
    let seen = bounds.intersect(clip);
    !seen.is_empty() && seen.width() >= bounds.width() / 3.0 && seen.height() >= bounds.height() / 3.0
}

fn direction(along: Point, font: &Font) -> Direction {
    let length = along.length();
    let (x, y) = (along.x / length, along.y / length);
    match (x.abs() <= TURN, y.abs() <= TURN) {
        (false, true) if x > 0.0 => Direction::Right,
        (false, true) => Direction::Left,
        (true, false) if y > 0.0 && (font.is_vertical() || font.turned) => Direction::Down,
        (true, false) if y > 0.0 => Direction::TurnedDown,
        (true, false) => Direction::TurnedUp,
        _ => Direction::Slanted,
    }
}

fn baseline(direction: Direction, origin: Point, bounds: Area, font: &Font) -> f64 {
    match direction {
        Direction::Right | Direction::Left => origin.y,
        Direction::Down if !font.is_vertical() => f64::midpoint(bounds.x0, bounds.x1),
        _ => origin.x,
    }
}

fn is_invisible(reader: &Reader<'_>, bounds: Area) -> bool {
    let State { fill, stroke, ref text, .. } = reader.state;
    let ink = match text.mode {
        INVISIBLE | CLIP => return true,
        STROKE | STROKE_AND_CLIP => stroke,
        FILL_AND_STROKE | FILL_STROKE_AND_CLIP if fill.tone != Tone::Seen => stroke,
        _ => fill,
    };
    ink.is_unseen() || (ink.tone == Tone::White && is_on_paper(reader, bounds))
}

/// Whether nothing dark lies under the middle of a glyph: the last fill drawn there counts; pictures and shapes count as dark.
fn is_on_paper(reader: &Reader<'_>, bounds: Area) -> bool {
    let middle = Point::new(f64::midpoint(bounds.x0, bounds.x1), f64::midpoint(bounds.y0, bounds.y1));
    let under = reader.page.fills.iter().rev().find(|fill| Area::from(fill.bbox).contains(middle));
    let pictured = reader.page.images.iter().any(|image| Area::from(*image).contains(middle));
    let shaped = reader.shapes.iter().any(|shape| shape.contains(middle));
    !pictured && !shaped && under.is_none_or(|fill| fill.white)
}
