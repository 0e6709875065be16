//! Plane geometry of a page: matrices, points and boxes before they become [`Rect`]s of the page.

use crate::page::Rect;

/// A point or a vector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Point {
    pub(super) const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    pub(super) fn length(self) -> f64 {
        self.x.hypot(self.y)
    }
}

/// A transform `[a b c d e f]` (ISO 32000-2, 8.3.3): `x' = a x + c y + e`, `y' = b x + d y + f`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Matrix(pub(super) [f64; 6]);

impl Matrix {
    pub(super) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub(super) const fn translation(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// First `self`, then `outer`.
    pub(super) fn then(self, outer: Self) -> Self {
        let Self([a, b, c, d, e, f]) = self;
        let Self([oa, ob, oc, od, oe, of]) = outer;
        Self([
            a * oa + b * oc,
            a * ob + b * od,
            c * oa + d * oc,
            c * ob + d * od,
            e * oa + f * oc + oe,
            e * ob + f * od + of,
        ])
    }

    pub(super) fn point(self, x: f64, y: f64) -> Point {
        let Self([a, b, c, d, e, f]) = self;
        Point::new(a * x + c * y + e, b * x + d * y + f)
    }

    /// A direction: what the matrix does to a vector, without its shift.
    pub(super) fn vector(self, x: f64, y: f64) -> Point {
        let Self([a, b, c, d, ..]) = self;
        Point::new(a * x + c * y, b * x + d * y)
    }

    /// How much longer a line becomes, on average over its directions.
    pub(super) fn scale(self) -> f64 {
        let Self([a, b, c, d, ..]) = self;
        (a * d - b * c).abs().sqrt()
    }

    /// The upright box around a transformed box.
    pub(super) fn bounds(self, area: Area) -> Area {
        let mut bounds = Area::EMPTY;
        for (x, y) in [(area.x0, area.y0), (area.x1, area.y0), (area.x0, area.y1), (area.x1, area.y1)] {
            bounds.include(self.point(x, y));
        }
        bounds
    }

    pub(super) fn is_finite(self) -> bool {
        self.0.iter().all(|number| number.is_finite())
    }
}

/// An upright box; empty where `x0 > x1` or `y0 > y1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) x0: f64,
    pub(super) y0: f64,
    pub(super) x1: f64,
    pub(super) y1: f64,
}

impl Area {
    pub(super) const EMPTY: Self =
        Self { x0: f64::INFINITY, y0: f64::INFINITY, x1: f64::NEG_INFINITY, y1: f64::NEG_INFINITY };

    pub(super) const fn new(x0: f64, y0: f64, x1: f64, y1: f64) -> Self {
        Self { x0, y0, x1, y1 }
    }

    pub(super) const fn include(&mut self, point: Point) {
        self.x0 = self.x0.min(point.x);
        self.y0 = self.y0.min(point.y);
        self.x1 = self.x1.max(point.x);
        self.y1 = self.y1.max(point.y);
    }

    pub(super) const fn width(self) -> f64 {
        self.x1 - self.x0
    }

    pub(super) const fn height(self) -> f64 {
        self.y1 - self.y0
    }

    pub(super) fn is_empty(self) -> bool {
        !(self.x0 <= self.x1 && self.y0 <= self.y1)
    }

    pub(super) const fn intersect(self, other: Self) -> Self {
        Self::new(self.x0.max(other.x0), self.y0.max(other.y0), self.x1.min(other.x1), self.y1.min(other.y1))
    }

    pub(super) const fn hull(self, other: Self) -> Self {
        Self::new(self.x0.min(other.x0), self.y0.min(other.y0), self.x1.max(other.x1), self.y1.max(other.y1))
    }

    pub(super) fn contains(self, point: Point) -> bool {
        self.x0 <= point.x && point.x <= self.x1 && self.y0 <= point.y && point.y <= self.y1
    }

    pub(super) const fn rect(self) -> Rect {
        Rect { left: self.x0 as f32, top: self.y0 as f32, right: self.x1 as f32, bottom: self.y1 as f32 }
    }
}

impl From<Rect> for Area {
    fn from(rect: Rect) -> Self {
        Self::new(rect.left.into(), rect.top.into(), rect.right.into(), rect.bottom.into())
    }
}
