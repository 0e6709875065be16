//! Drawn paths as rules and fills.

use super::matrix::{Area, Matrix, Point};

/// A filled rectangle up to this thick is a rule, in points: the thickest rule seen in a table is 3 pt, the thinnest cell shading 5 pt.
const THICKEST_RULE: f64 = 4.0;

/// How far a line may lean and count as level or upright: this share of its length (one degree, for pages that were scanned or turned by hand) …
const LEAN: f64 = 0.02;
/// … and this much whatever its length, in points: the rounding of producers.
const LEAN_ALWAYS: f64 = 0.1;

/// A drawing smaller than this, in points, is a speck or a bullet.
const LEAST_DRAWING: f64 = 0.8;

/// How far the edges of a rectangle with rounded or cut corners may lie from its box, in points: some producers draw half of a frame's
/// thickness too far inside.
const ROUGH_OUTLINE: f64 = 0.6;

/// A path longer than this is a picture, not a table.
const MOST_POINTS: usize = 20_000;

/// The edges of one rectilinear polygon that are looked at; more are a picture.
const MOST_EDGES: usize = 400;

/// What a path makes on the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Mark {
    /// A straight line: its middle (level or upright, without thickness), and how thick it is.
    Rule(Area, f64),
    /// As wide as high, and no thicker than a rule: one of the dots of a dotted rule.
    Dot(Area),
    /// A filled area.
    Fill(Area),
    /// The box around a filled shape that is no rectangle: a letter, a disc, a chart.
    Shape(Area),
}

impl Mark {
    /// A picture: as thin as a rule it is one, else an area.
    pub(super) fn of_picture(area: Area) -> Self {
        filled(area)
    }
}

/// One stretch of a path, in points of the page.
#[derive(Clone, Debug, Default)]
struct Subpath {
    points: Vec<Point>,
    /// The stretch that ends at the point of the same index is a curve.
    curved: Vec<bool>,
    closed: bool,
}

/// A path under construction.
#[derive(Clone, Debug, Default)]
pub(super) struct Path {
    subpaths: Vec<Subpath>,
    points: usize,
}

impl Path {
    pub(super) fn clear(&mut self) {
        self.subpaths.clear();
        self.points = 0;
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.subpaths.is_empty()
    }

    pub(super) fn move_to(&mut self, point: Point) {
        self.subpaths.push(Subpath::default());
        self.push(point, false);
    }

    pub(super) fn line_to(&mut self, point: Point) {
        self.reopen(point);
        self.push(point, false);
    }

    pub(super) fn curve_to(&mut self, point: Point) {
        self.reopen(point);
        self.push(point, true);
    }

    pub(super) fn close(&mut self) {
        if let Some(subpath) = self.subpaths.last_mut() {
            subpath.closed = true;
        }
    }

    pub(super) fn rectangle(&mut self, matrix: Matrix, x: f64, y: f64, width: f64, height: f64) {
        self.move_to(matrix.point(x, y));
        self.push(matrix.point(x + width, y), false);
        self.push(matrix.point(x + width, y + height), false);
        self.push(matrix.point(x, y + height), false);
        self.close();
    }

    /// After `h`, or without `m`, a new stretch begins where the last one began.
    fn reopen(&mut self, fallback: Point) {
        match self.subpaths.last() {
            Some(last) if !last.closed => {}
            last => {
                let start = last.and_then(|last| last.points.first()).copied().unwrap_or(fallback);
                self.move_to(start);
            }
        }
    }

    fn push(&mut self, point: Point, curved: bool) {
        self.points += 1;
        if self.points <= MOST_POINTS
            && let Some(subpath) = self.subpaths.last_mut()
        {
            subpath.points.push(point);
            subpath.curved.push(curved);
        }
    }

    /// Whether it is one upright rectangle.
    pub(super) fn is_box(&self) -> bool {
        matches!(self.subpaths.as_slice(), [only] if only.rectangle().is_some())
    }

    pub(super) fn bounds(&self) -> Area {
        let mut bounds = Area::EMPTY;
        for point in self.subpaths.iter().flat_map(|subpath| &subpath.points) {
            bounds.include(*point);
        }
        bounds
    }

    /// The box of what no rule and no shading draws: slanted and curved edges, those of rounded corners left out.
    pub(super) fn drawing(&self) -> Option<Area> {
        let is_drawn = |subpath: &&Subpath| {
            let leans = |(from, to, curved): (Point, Point, bool)| curved || straightened(from, to).is_none();
            subpath.edges(false).any(leans) && subpath.mostly_rectangle().is_none()
        };
        let boxes = self.subpaths.iter().filter(is_drawn).map(Subpath::bounds);
        boxes.reduce(Area::hull).filter(|area| area.width().max(area.height()) >= LEAST_DRAWING)
    }

    /// What a stroke of this thickness shows: its straight, level and upright pieces.
    /// `capped` lines are dots where they have no length, others nothing.
    pub(super) fn stroked(&self, width: f64, capped: bool, marks: &mut Vec<Mark>) {
        if self.points > MOST_POINTS {
            return;
        }
        for (from, to) in self.subpaths.iter().flat_map(Subpath::straight) {
            let Some(line) = straightened(from, to) else { continue };
            let half = width / 2.0;
            if line.width() + line.height() == 0.0 {
                if capped && width <= THICKEST_RULE {
                    marks.push(Mark::Dot(Area::new(line.x0 - half, line.y0 - half, line.x1 + half, line.y1 + half)));
                }
            } else if width <= THICKEST_RULE {
                marks.push(Mark::Rule(line, width));
            } else {
                // Producers shade a row by one stroke as thick as the row.
                let (x, y) = if line.height() == 0.0 { (0.0, half) } else { (half, 0.0) };
                marks.push(filled(Area::new(line.x0 - x, line.y0 - y, line.x1 + x, line.y1 + y)));
            }
        }
    }

    /// What a fill shows: its rectangles, the thin ones as rules.
    pub(super) fn filled(&self, even_odd: bool, marks: &mut Vec<Mark>) {
        if self.points > MOST_POINTS {
            return;
        }
        let boxes: Vec<Option<Area>> = self.subpaths.iter().map(Subpath::rectangle).collect();
        if let Some(boxes) = boxes.iter().copied().collect::<Option<Vec<Area>>>()
            && !nested(&boxes)
        {
            marks.extend(boxes.into_iter().map(filled));
        } else if let Some(edges) = self.upright_edges() {
            marks.extend(slabs(&edges, even_odd).into_iter().map(filled));
        } else {
            self.rounded(even_odd, marks);
        }
    }

    /// The same for stretches with curves: rectangles with rounded corners count as their boxes, one in another as a hole.
    fn rounded(&self, even_odd: bool, marks: &mut Vec<Mark>) {
        let mut edges = Vec::new();
        for subpath in &self.subpaths {
            match subpath.rectangle().or_else(|| subpath.mostly_rectangle()) {
                Some(area) => {
                    let (from, to) = if subpath.runs_round() { (area.y0, area.y1) } else { (area.y1, area.y0) };
                    edges.extend([(area.x0, from, to), (area.x1, to, from)]);
                }
                None => marks.push(Mark::Shape(subpath.bounds())),
            }
        }
        if edges.len() <= MOST_EDGES {
            marks.extend(slabs(&edges, even_odd).into_iter().map(filled));
        }
    }

    /// The upright edges of all stretches with their sense, where every stretch has level and upright edges only.
    fn upright_edges(&self) -> Option<Vec<(f64, f64, f64)>> {
        let mut edges = Vec::new();
        for subpath in self.subpaths.iter().filter(|subpath| subpath.points.len() > 2) {
            for (from, to, curved) in subpath.edges(true) {
                let line = straightened(from, to);
                match line {
                    _ if from == to => {}
                    Some(line) if !curved && line.width() == 0.0 => edges.push((line.x0, from.y, to.y)),
                    Some(_) if !curved => {}
                    _ => return None,
                }
            }
            if edges.len() > MOST_EDGES {
                return None;
            }
        }
        Some(edges)
    }
}

impl Subpath {
    /// All edges; with the closing one where the stretch is closed, or `close` says so as a fill does.
    fn edges(&self, close: bool) -> impl Iterator<Item = (Point, Point, bool)> {
        let closing = match (self.points.first(), self.points.last()) {
            (Some(first), Some(last)) if close || self.closed => Some((*last, *first, false)),
            _ => None,
        };
        let pairs = self.points.iter().zip(self.points.iter().skip(1)).zip(self.curved.iter().skip(1));
        pairs.map(|((from, to), curved)| (*from, *to, *curved)).chain(closing)
    }

    fn straight(&self) -> impl Iterator<Item = (Point, Point)> {
        self.edges(false).filter(|(.., curved)| !curved).map(|(from, to, _)| (from, to))
    }

    /// The box, where the stretch is an upright rectangle (or a line, which a fill shows as thin as a hair).
    fn rectangle(&self) -> Option<Area> {
        if self.curved.iter().any(|curved| *curved) {
            return None;
        }
        let mut corners = self.points.as_slice();
        if let [first, rest @ .., last] = corners
            && rest.len() >= 2
            && near(*first, *last)
        {
            corners = corners.get(..corners.len() - 1).unwrap_or_default();
        }
        let bounds = self.bounds();
        let on_corner = |point: &Point| {
            let x = (point.x - bounds.x0).abs().min((point.x - bounds.x1).abs());
            let y = (point.y - bounds.y0).abs().min((point.y - bounds.y1).abs());
            x <= LEAN_ALWAYS + LEAN * bounds.height() && y <= LEAN_ALWAYS + LEAN * bounds.width()
        };
        match corners {
            [a, b, c, d] if corners.iter().all(on_corner) => {
                let crossed = straightened(*a, *b).is_some() == straightened(*b, *c).is_some();
                let thin = bounds.width().min(bounds.height()) <= THICKEST_RULE;
                (thin || (crossed && straightened(*c, *d).is_some())).then_some(bounds)
            }
            [a, b] => straightened(*a, *b),
            _ => None,
        }
    }

    /// The box, where straight level and upright edges make most of its outline: a rectangle with rounded corners.
    fn mostly_rectangle(&self) -> Option<Area> {
        let bounds = self.bounds();
        let outline = 2.0 * (bounds.width() + bounds.height());
        let on_outline = |line: Area| {
            let x = (line.x0 - bounds.x0).abs().min((line.x0 - bounds.x1).abs());
            let y = (line.y0 - bounds.y0).abs().min((line.y0 - bounds.y1).abs());
            if line.width() == 0.0 { x < ROUGH_OUTLINE } else { y < ROUGH_OUTLINE }
        };
        let straight: f64 = self
            .edges(true)
            .filter(|(.., curved)| !curved)
            .filter_map(|(from, to, _)| straightened(from, to))
            .filter(|line| on_outline(*line))
            .map(|line| line.width() + line.height())
            .sum();
        // Corners rounded by up to a fifth of each side leave three fifths of the outline straight.
        (straight >= 0.6 * outline && outline > 0.0).then_some(bounds)
    }

    /// Which way it runs round: the sign of its area.
    fn runs_round(&self) -> bool {
        self.edges(true).map(|(from, to, _)| from.x * to.y - to.x * from.y).sum::<f64>() > 0.0
    }

    fn bounds(&self) -> Area {
        let mut bounds = Area::EMPTY;
        for point in &self.points {
            bounds.include(*point);
        }
        bounds
    }
}

/// A filled box as what it looks like.
fn filled(area: Area) -> Mark {
    let (width, height) = (area.width(), area.height());
    if width.min(height) > THICKEST_RULE {
        Mark::Fill(area)
    } else if width.min(height) * 2.0 > width.max(height) {
        Mark::Dot(area)
    } else if width >= height {
        let y = f64::midpoint(area.y0, area.y1);
        Mark::Rule(Area::new(area.x0, y, area.x1, y), height)
    } else {
        let x = f64::midpoint(area.x0, area.x1);
        Mark::Rule(Area::new(x, area.y0, x, area.y1), width)
    }
}

/// The line from one point to the other made exactly level or upright, where it is so nearly.
fn straightened(from: Point, to: Point) -> Option<Area> {
    let (width, height) = ((to.x - from.x).abs(), (to.y - from.y).abs());
    if height <= LEAN_ALWAYS + LEAN * width && width >= height {
        let y = f64::midpoint(from.y, to.y);
        Some(Area::new(from.x.min(to.x), y, from.x.max(to.x), y))
    } else if width <= LEAN_ALWAYS + LEAN * height {
        let x = f64::midpoint(from.x, to.x);
        Some(Area::new(x, from.y.min(to.y), x, from.y.max(to.y)))
    } else {
        None
    }
}

fn near(one: Point, other: Point) -> bool {
    (one.x - other.x).abs() <= LEAN_ALWAYS && (one.y - other.y).abs() <= LEAN_ALWAYS
}

/// Whether a box lies in another: then the inner one may be a hole.
fn nested(boxes: &[Area]) -> bool {
    boxes.len() <= MOST_EDGES
        && boxes.iter().enumerate().any(|(index, inner)| {
            boxes.iter().enumerate().any(|(other, outer)| {
                index != other
                    && outer.x0 <= inner.x0
                    && inner.x1 <= outer.x1
                    && outer.y0 <= inner.y0
                    && inner.y1 <= outer.y1
            })
        })
}

/// The boxes that upright edges enclose: cut into slabs at each end of an edge, slabs of the same columns joined again.
fn slabs(edges: &[(f64, f64, f64)], even_odd: bool) -> Vec<Area> {
    let mut levels: Vec<f64> = edges.iter().flat_map(|(_, from, to)| [*from, *to]).collect();
    levels.sort_by(f64::total_cmp);
    levels.dedup_by(|next, one| *next - *one < 0.01);
    let mut boxes: Vec<Area> = Vec::new();
    for (top, bottom) in levels.iter().zip(levels.iter().skip(1)) {
        let middle = f64::midpoint(*top, *bottom);
        for (left, right) in spans(edges, middle, even_odd) {
            let above = boxes.iter_mut().rev().find(|above| above.y1 == *top && above.x0 == left && above.x1 == right);
            match above {
                Some(above) => above.y1 = *bottom,
                None => boxes.push(Area::new(left, *top, right, *bottom)),
            }
        }
    }
    boxes
}

/// Where a level line at `y` runs inside.
fn spans(edges: &[(f64, f64, f64)], y: f64, even_odd: bool) -> Vec<(f64, f64)> {
    let mut crossings: Vec<(f64, i32)> = edges
        .iter()
        .filter(|(_, from, to)| from.min(*to) < y && y < from.max(*to))
        .map(|(x, from, to)| (*x, if from < to { 1 } else { -1 }))
        .collect();
    crossings.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut spans = Vec::new();
    let mut winding = 0;
    let mut start = None;
    for (x, sense) in crossings {
        winding += if even_odd { 1 } else { sense };
        let inside = if even_odd { winding % 2 != 0 } else { winding != 0 };
        match (inside, start) {
            (true, None) => start = Some(x),
            (false, Some(left)) => {
                spans.push((left, x));
                start = None;
            }
            _ => {}
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(build: impl FnOnce(&mut Path)) -> Path {
        let mut path = Path::default();
        build(&mut path);
        path
    }

    fn fill(path: &Path, even_odd: bool) -> Vec<Mark> {
        let mut marks = Vec::new();
        path.filled(even_odd, &mut marks);
        marks
    }

    #[test]
    fn a_stroked_rectangle_is_four_rules() {
        let path = path(|path| path.rectangle(Matrix::IDENTITY, 10.0, 10.0, 100.0, 20.0));
        let mut marks = Vec::new();
        path.stroked(0.5, false, &mut marks);
        assert_eq!(marks.len(), 4);
        assert_eq!(marks[0], Mark::Rule(Area::new(10.0, 10.0, 110.0, 10.0), 0.5));
        assert_eq!(marks[3], Mark::Rule(Area::new(10.0, 10.0, 10.0, 30.0), 0.5));
    }

    #[test]
    fn a_thin_fill_is_a_rule_and_a_thick_one_is_a_fill() {
        let thin = path(|path| path.rectangle(Matrix::IDENTITY, 10.0, 10.0, 100.0, 0.5));
        assert_eq!(fill(&thin, false), [Mark::Rule(Area::new(10.0, 10.25, 110.0, 10.25), 0.5)]);
        let thick = path(|path| path.rectangle(Matrix::IDENTITY, 10.0, 10.0, 100.0, 14.0));
        assert_eq!(fill(&thick, false), [Mark::Fill(Area::new(10.0, 10.0, 110.0, 24.0))]);
    }

    #[test]
    fn a_frame_with_a_hole_is_its_four_bars() {
        let frame = path(|path| {
            path.rectangle(Matrix::IDENTITY, 0.0, 0.0, 100.0, 50.0);
            path.rectangle(Matrix::IDENTITY, 1.0, 1.0, 98.0, 48.0);
        });
        let marks = fill(&frame, true);
        assert_eq!(marks.len(), 4);
        assert!(marks.iter().all(|mark| matches!(mark, Mark::Rule(_, width) if *width == 1.0)));
    }

    #[test]
    fn an_l_of_thin_bars_is_two_rules() {
        let bars = path(|path| {
            for (index, (x, y)) in
                [(0.0, 0.0), (50.0, 0.0), (50.0, 1.0), (1.0, 1.0), (1.0, 40.0), (0.0, 40.0)].into_iter().enumerate()
            {
                let point = Point::new(x, y);
                if index == 0 { path.move_to(point) } else { path.line_to(point) }
            }
        });
        assert_eq!(fill(&bars, false).len(), 2);
    }

    #[test]
    fn rounded_corners_leave_a_box_but_a_letter_leaves_a_shape() {
        let rounded = path(|path| {
            path.move_to(Point::new(5.0, 0.0));
            path.line_to(Point::new(95.0, 0.0));
            path.curve_to(Point::new(100.0, 5.0));
            path.line_to(Point::new(100.0, 25.0));
            path.curve_to(Point::new(95.0, 30.0));
            path.line_to(Point::new(5.0, 30.0));
            path.curve_to(Point::new(0.0, 25.0));
            path.line_to(Point::new(0.0, 5.0));
            path.curve_to(Point::new(5.0, 0.0));
        });
        assert_eq!(fill(&rounded, false), [Mark::Fill(Area::new(0.0, 0.0, 100.0, 30.0))]);
        let frame = path(|path| {
            for (inset, turned) in [(0.0, false), (1.0, true)] {
                let (left, right) = if turned { (100.0 - inset, inset) } else { (inset, 100.0 - inset) };
                path.move_to(Point::new(left, inset));
                path.line_to(Point::new(right, inset));
                path.curve_to(Point::new(right, inset));
                path.line_to(Point::new(right, 30.0 - inset));
                path.line_to(Point::new(left, 30.0 - inset));
            }
        });
        let marks = fill(&frame, false);
        assert_eq!(marks.len(), 4);
        assert!(marks.iter().all(|mark| matches!(mark, Mark::Rule(..))));
        let letter = path(|path| {
            path.move_to(Point::new(0.0, 0.0));
            path.line_to(Point::new(30.0, 60.0));
            path.line_to(Point::new(60.0, 0.0));
        });
        assert_eq!(fill(&letter, false), [Mark::Shape(Area::new(0.0, 0.0, 60.0, 60.0))]);
    }

    #[test]
    fn squares_and_capped_lines_without_length_are_dots() {
        let square = path(|path| path.rectangle(Matrix::IDENTITY, 10.0, 10.0, 0.5, 0.5));
        assert_eq!(fill(&square, false), [Mark::Dot(Area::new(10.0, 10.0, 10.5, 10.5))]);
        let line = path(|path| {
            path.move_to(Point::new(10.0, 10.0));
            path.line_to(Point::new(10.0, 10.0));
        });
        let stroked = |capped| {
            let mut marks = Vec::new();
            line.stroked(1.0, capped, &mut marks);
            marks
        };
        assert_eq!(stroked(true), [Mark::Dot(Area::new(9.5, 9.5, 10.5, 10.5))]);
        assert_eq!(stroked(false), []);
    }

    #[test]
    fn slanted_strokes_are_no_rules() {
        let slanted = path(|path| {
            path.move_to(Point::new(0.0, 0.0));
            path.line_to(Point::new(50.0, 20.0));
        });
        let mut marks = Vec::new();
        slanted.stroked(1.0, false, &mut marks);
        assert_eq!(marks, []);
    }
}
