//! What a page shows, in one convention: points (1/72 inch), x to the right, y **down**, from the top left corner of the crop box as
//! a person sees the page (its `/Rotate` applied). `source.rs` turns everything to it. A table that stands turned
//! on its page is turned once more to be laid out ([`Turn`]), and its places are turned back.

use crate::settings::TURNED_MARGIN;

/// A rectangle: `left <= right`, `top <= bottom`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) right: f32,
    pub(crate) bottom: f32,
}

/// Which way the text of a glyph runs, as seen on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Direction {
    /// Left to right: the upright line of nearly all text.
    Right,
    /// Top to bottom with upright glyphs: a vertical font (`Identity-V`, `GBK-EUC-V`).
    Down,
    /// A horizontal font turned by a quarter: the line runs down, glyphs lie on their side.
    TurnedDown,
    /// A horizontal font turned by a quarter the other way: the line runs up.
    TurnedUp,
    /// Upside down: the line runs to the left.
    Left,
    /// At any other angle (water marks, stamps).
    Slanted,
}

/// One glyph as it stands on the page.
#[derive(Clone, Debug)]
pub(crate) struct Glyph {
    /// What it says, after NFKC; mostly one character, several for a ligature; U+FFFD where nothing tells ([`Page::unmapped`]).
    pub(crate) text: smol_str::SmolStr,
    /// The box that the line gives the glyph: its advance along the line, ascent to descent of the font across it. Not its ink.
    pub(crate) bbox: Rect,
    /// Where the baseline runs: its y for `Right` and `Left`, its x for the others (the middle of the column for `Down`).
    pub(crate) baseline: f32,
    /// The font size as seen on the page, in points.
    pub(crate) size: f32,
    /// Which font: equal numbers are one font within a page.
    pub(crate) font: u16,
    /// The name or flags of the font, or a stroke over the fill, make it bold.
    pub(crate) bold: bool,
    /// Which way its line runs.
    pub(crate) direction: Direction,
    /// Not painted (render mode 3 or 7: the text layer of a scan), or painted fully transparent.
    pub(crate) invisible: bool,
}

/// A straight line that is drawn: a stroke, or a fill so thin that it is one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rule {
    /// From left to right, or from top to bottom; exactly level or upright.
    pub(crate) bbox: Rect,
    /// How thick it is, in points.
    pub(crate) width: f32,
    /// Drawn with a dash pattern, or one of many short pieces in a row.
    pub(crate) dashed: bool,
}

/// An area that is filled: the shading of a cell, a panel. Too thick to be a [`Rule`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fill {
    pub(crate) bbox: Rect,
    /// The colour of the page itself (white): such a fill is not seen, but producers draw one for every cell.
    pub(crate) white: bool,
}

/// All that one page shows and that reading needs, in the order in which it was drawn.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    /// From 0.
    pub(crate) index: u32,
    /// Of the crop box as seen, in points.
    pub(crate) width: f32,
    pub(crate) height: f32,
    /// Clipped away and doubled ones are left out.
    pub(crate) glyphs: Vec<Glyph>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) fills: Vec<Fill>,
    /// The places of pictures.
    pub(crate) images: Vec<Rect>,
    /// The boxes of drawn paths with slanted or curved edges: parts of charts and logos, never of tables.
    pub(crate) drawings: Vec<Rect>,
    /// How many visible glyphs say nothing of which character they are.
    pub(crate) unmapped: usize,
}

/// How a part of a page is turned for reading: by a quarter, so that lines that ran up or down run to the right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Turn {
    /// Its lines ran down a page of this width.
    Down(f32),
    /// Its lines ran up a page of this height.
    Up(f32),
}

impl Turn {
    /// Where a rectangle of the page stands once it is turned.
    pub(crate) fn there(self, rect: Rect) -> Rect {
        let Rect { left, top, right, bottom } = rect;
        match self {
            Self::Down(width) => Rect { left: top, top: width - right, right: bottom, bottom: width - left },
            Self::Up(height) => Rect { left: height - bottom, top: left, right: height - top, bottom: right },
        }
    }

    /// Where a turned rectangle stands on the page.
    pub(crate) fn back(self, rect: Rect) -> Rect {
        let Rect { left, top, right, bottom } = rect;
        match self {
            Self::Down(width) => Rect { left: width - bottom, top: left, right: width - top, bottom: right },
            Self::Up(height) => Rect { left: top, top: height - right, right: bottom, bottom: height - left },
        }
    }

    /// The direction of lines that run to the right once they are turned.
    pub(crate) const fn direction(self) -> Direction {
        match self {
            Self::Down(_) => Direction::TurnedDown,
            Self::Up(_) => Direction::TurnedUp,
        }
    }

    fn glyph(self, glyph: &Glyph) -> Glyph {
        use Direction::{Left, Right, TurnedDown, TurnedUp};
        let baseline = match self {
            Self::Down(width) => {
                if matches!(glyph.direction, TurnedDown | TurnedUp) {
                    width - glyph.baseline
                } else {
                    glyph.baseline
                }
            }
            Self::Up(height) => {
                if matches!(glyph.direction, TurnedDown | TurnedUp) {
                    glyph.baseline
                } else {
                    height - glyph.baseline
                }
            }
        };
        let direction = match (self, glyph.direction) {
            (Self::Down(_), TurnedDown) | (Self::Up(_), TurnedUp) => Right,
            (Self::Down(_), Right) | (Self::Up(_), Left) => TurnedUp,
            (Self::Down(_), TurnedUp) | (Self::Up(_), TurnedDown) => Left,
            (Self::Down(_), Left) | (Self::Up(_), Right) => TurnedDown,
            (_, other) => other,
        };
        Glyph { bbox: self.there(glyph.bbox), baseline, direction, ..glyph.clone() }
    }
}

impl Page {
    /// What stands within `area`, turned; the page keeps the rest.
    pub(crate) fn take_turned(&mut self, area: Rect, turn: Turn) -> Self {
        let (inside, outside): (Vec<Glyph>, Vec<Glyph>) =
            std::mem::take(&mut self.glyphs).into_iter().partition(|glyph| area.holds(glyph.bbox.middle()));
        self.glyphs = outside;
        let near = area.grown(TURNED_MARGIN);
        let is_in = |rect: Rect| near.holds(rect.middle());
        Self {
            index: self.index,
            width: self.height,
            height: self.width,
            glyphs: inside.iter().map(|glyph| turn.glyph(glyph)).collect(),
            rules: self
                .rules
                .extract_if(.., |rule| is_in(rule.bbox))
                .map(|rule| Rule { bbox: turn.there(rule.bbox), ..rule })
                .collect(),
            fills: self
                .fills
                .extract_if(.., |fill| is_in(fill.bbox))
                .map(|fill| Fill { bbox: turn.there(fill.bbox), ..fill })
                .collect(),
            images: Vec::new(),
            drawings: self.drawings.extract_if(.., |rect| is_in(*rect)).map(|rect| turn.there(rect)).collect(),
            unmapped: 0,
        }
    }
}

impl Rect {
    pub(crate) fn width(self) -> f32 {
        self.right - self.left
    }

    pub(crate) fn height(self) -> f32 {
        self.bottom - self.top
    }

    /// The smallest rectangle that holds both.
    pub(crate) fn hull(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    pub(crate) fn middle(self) -> (f32, f32) {
        ((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }

    pub(crate) fn holds(self, (x, y): (f32, f32)) -> bool {
        self.left <= x && x <= self.right && self.top <= y && y <= self.bottom
    }

    /// The area that both cover, in square points.
    pub(crate) fn shared(self, other: Self) -> f32 {
        let width = self.right.min(other.right) - self.left.max(other.left);
        let height = self.bottom.min(other.bottom) - self.top.max(other.top);
        if width > 0.0 && height > 0.0 { width * height } else { 0.0 }
    }

    pub(crate) fn area(self) -> f32 {
        self.width() * self.height()
    }

    /// Made larger by so much on every side.
    pub(crate) fn grown(self, by: f32) -> Self {
        Self { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }
}
