//! Content streams: what their operators show, turned to the coordinates of the page (ISO 32000-2, 8 and 9).

use std::rc::Rc;

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Array, Dict, Name, Number, Object, ObjectIdentifier};
use hayro_syntax::page::Resources;

use super::font::{Font, Fonts};
use super::ink::{self, Ink, Space, Tone};
use super::layers::Layers;
use super::matrix::{Area, Matrix, Point};
use super::paths::{Mark, Path};
use super::show;
use super::trust::Use;
use super::unpack::Refused;
use crate::page::Page;

/// Forms within forms; real files stay below ten.
pub(super) const DEEPEST_FORM: usize = 24;

/// Graphics states saved within one another; the specification asks for 28 at least, real files stay below a hundred.
const MOST_SAVED: usize = 1_000;

/// Operators of one page with all its forms: a dense map has half a million.
const MOST_OPERATORS: usize = 3_000_000;

/// What drawing a form costs beside its own operators, counted in operators: it is unpacked and its resources are looked up.
pub(super) const FORM_COST: usize = 300;

/// Unpacked content of one page with all its forms, however often each is drawn.
pub(super) const MOST_BYTES: usize = 64 << 20;

/// Operators in a row that cannot be followed; after so many it is no content.
const MOST_SPOILED: usize = 64;

/// Fonts of one page: a table of symbols has fifty.
const MOST_FONTS: usize = 500;

/// Glyphs of one page: the densest real page seen has 20,000.
pub(super) const MOST_GLYPHS: usize = 200_000;

/// Rules, fills and pictures of one page: a map has 100,000, a table some thousands.
pub(super) const MOST_MARKS: usize = 200_000;

/// The state that `q` saves.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) ctm: Matrix,
    /// In points of the page.
    pub(super) clip: Area,
    /// The glyphs that are the clip, by their first and the one behind the last.
    pub(super) clipped_by: Option<(usize, usize)>,
    /// The clip is not only the box around some other shape.
    pub(super) clip_is_box: bool,
    pub(super) fill: Ink,
    pub(super) stroke: Ink,
    pub(super) line_width: f64,
    /// Lines end in a half disc or square, so that one without length is a dot.
    pub(super) capped: bool,
    pub(super) dashed: bool,
    /// What is painted hides what lies under it: it is not blended, and no mask makes it transparent.
    pub(super) opaque: bool,
    pub(super) text: Text,
}

/// The part of it that shows text (9.3).
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) font: Option<(u16, Rc<Font>)>,
    pub(super) size: f64,
    pub(super) character_space: f64,
    pub(super) word_space: f64,
    pub(super) scale: f64,
    leading: f64,
    pub(super) rise: f64,
    pub(super) mode: i64,
    pub(super) matrix: Matrix,
    line: Matrix,
}

impl Default for Text {
    fn default() -> Self {
        Self {
            font: None,
            size: 1.0,
            character_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
            matrix: Matrix::IDENTITY,
            line: Matrix::IDENTITY,
        }
    }
}

/// Reads the content of one page.
pub(super) struct Reader<'f> {
    pub(super) page: Page,
    pub(super) state: State,
    /// The state in which the content of the page, and each annotation, begins.
    pub(super) first: State,
    pub(super) saved: Vec<State>,
    pub(super) path: Path,
    pub(super) clip_with: bool,
    pub(super) current: Point,
    pub(super) fonts: &'f Fonts,
    /// The fonts of this page in order of their first use: the index is [`Glyph::font`](crate::page::Glyph::font).
    pub(super) used: Vec<Use>,
    pub(super) layers: &'f Layers,
    /// For each marked content that is open, whether it is hidden.
    pub(super) hidden: Vec<bool>,
    /// The boxes of filled shapes that are no rectangles: white text on them is seen.
    pub(super) shapes: Vec<Area>,
    /// The glyphs that this text object adds to the clip.
    pub(super) clipping: Option<(usize, usize)>,
    /// The fill at hand hides what lies under it.
    pub(super) covering: bool,
    /// Fills that hide the text drawn before them: where, and how many glyphs there were.
    pub(super) covers: Vec<(Area, usize)>,
    /// The last dot of a dotted rule.
    pub(super) dot: Option<Area>,
    pub(super) open_forms: Vec<ObjectIdentifier>,
    pub(super) operators: usize,
    /// How many bytes of content may still be unpacked.
    pub(super) bytes: usize,
    /// What was left out, if anything.
    pub(super) trouble: Option<Refused>,
}

impl<'f> Reader<'f> {
    pub(super) fn new(page: Page, ctm: Matrix, fonts: &'f Fonts, layers: &'f Layers) -> Self {
        let clip = Area::new(0.0, 0.0, page.width.into(), page.height.into());
        let first = State {
            ctm,
            clip,
            clipped_by: None,
            clip_is_box: true,
            fill: Ink::default(),
            stroke: Ink::default(),
            line_width: 1.0,
            capped: false,
            dashed: false,
            opaque: true,
            text: Text::default(),
        };
        Self {
            page,
            state: first.clone(),
            first,
            saved: Vec::new(),
            path: Path::default(),
            clip_with: false,
            current: Point::new(0.0, 0.0),
            fonts,
            used: Vec::new(),
            layers,
            hidden: Vec::new(),
            shapes: Vec::new(),
            clipping: None,
            covering: false,
            covers: Vec::new(),
            dot: None,
            open_forms: Vec::new(),
            operators: 0,
            bytes: MOST_BYTES,
            trouble: None,
        }
    }

    pub(super) fn read(&mut self, content: &[u8], resources: &Resources<'_>) {
        let floor = self.saved.len();
        let hidden = self.hidden.len();
        let mut operators = TypedIter::new(content);
        let mut spoiled = 0;
        while spoiled < MOST_SPOILED {
            // The library stops at an operator of a path whose operands are wrong, but can be asked to go on.
            let Some(operator) = operators.next() else {
                spoiled += 1;
                continue;
            };
            spoiled = 0;
            self.operators += 1;
            if self.operators > MOST_OPERATORS {
                self.trouble = Some(Refused::TooLarge);
                break;
            }
            self.operator(operator, resources, floor);
        }
        self.path.clear();
        self.clip_with = false;
        self.hidden.truncate(hidden);
        if self.saved.len() > floor {
            self.saved.truncate(floor + 1);
            self.restore(floor);
        }
    }

    fn operator(&mut self, operator: Op<'_, '_>, resources: &Resources<'_>, floor: usize) {
        match operator {
            Op::SaveState(_) => self.save(),
            Op::RestoreState(_) => self.restore(floor),
            Op::Transform(m) => {
                self.state.ctm = matrix([m.0, m.1, m.2, m.3, m.4, m.5]).then(self.state.ctm);
            }
            Op::LineWidth(width) => self.state.line_width = width.0.as_f64(),
            Op::LineCap(cap) => self.state.capped = cap.0.as_i64() != 0,
            Op::DashPattern(pattern) => self.state.dashed = is_dashed(pattern.0),
            Op::SetGraphicsState(name) => {
                if let Some(dict) = resources.get_ext_g_state(name.0) {
                    self.graphics_state(&dict);
                }
            }

            Op::MoveTo(p) => {
                self.current = point(p.0, p.1);
                let point = self.on_page(self.current);
                self.path.move_to(point);
            }
            Op::LineTo(p) => {
                self.current = point(p.0, p.1);
                let point = self.on_page(self.current);
                self.path.line_to(point);
            }
            Op::CubicTo(c) => self.curve(point(c.4, c.5)),
            Op::CubicStartTo(c) => self.curve(point(c.2, c.3)),
            Op::CubicEndTo(c) => self.curve(point(c.2, c.3)),
            Op::ClosePath(_) => self.path.close(),
            Op::RectPath(r) => {
                self.current = point(r.0, r.1);
                self.path.rectangle(self.state.ctm, r.0.as_f64(), r.1.as_f64(), r.2.as_f64(), r.3.as_f64());
            }
            Op::StrokePath(_) => self.paint(None, true, false),
            Op::CloseAndStrokePath(_) => self.paint(None, true, true),
            Op::FillPathNonZero(_) | Op::FillPathNonZeroCompatibility(_) => self.paint(Some(false), false, false),
            Op::FillPathEvenOdd(_) => self.paint(Some(true), false, false),
            Op::FillAndStrokeNonZero(_) => self.paint(Some(false), true, false),
            Op::FillAndStrokeEvenOdd(_) => self.paint(Some(true), true, false),
            Op::CloseFillAndStrokeNonZero(_) => self.paint(Some(false), true, true),
            Op::CloseFillAndStrokeEvenOdd(_) => self.paint(Some(true), true, true),
            Op::EndPath(_) => self.paint(None, false, false),
            Op::ClipNonZero(_) | Op::ClipEvenOdd(_) => self.clip_with = true,

            Op::ColorSpaceStroke(name) => self.state.stroke.set_space(ink::space(name.0, resources)),
            Op::ColorSpaceNonStroke(name) => self.state.fill.set_space(ink::space(name.0, resources)),
            Op::StrokeColor(colour) => self.state.stroke.set_colour(&ink::numbers(&colour.0)),
            Op::NonStrokeColor(colour) => self.state.fill.set_colour(&ink::numbers(&colour.0)),
            Op::StrokeColorNamed(colour) if colour.1.is_some() => self.state.stroke.set_pattern(),
            Op::NonStrokeColorNamed(colour) if colour.1.is_some() => self.state.fill.set_pattern(),
            Op::StrokeColorNamed(colour) => self.state.stroke.set_colour(&ink::numbers(&colour.0)),
            Op::NonStrokeColorNamed(colour) => self.state.fill.set_colour(&ink::numbers(&colour.0)),
            Op::StrokeColorDeviceGray(c) => self.state.stroke.set(Space::Light, &[c.0.as_f64()]),
            Op::NonStrokeColorDeviceGray(c) => self.state.fill.set(Space::Light, &[c.0.as_f64()]),
            Op::StrokeColorDeviceRgb(c) => self.state.stroke.set(Space::Light, &ink::numbers(&[c.0, c.1, c.2])),
            Op::NonStrokeColorDeviceRgb(c) => self.state.fill.set(Space::Light, &ink::numbers(&[c.0, c.1, c.2])),
            Op::StrokeColorCmyk(c) => self.state.stroke.set(Space::Dark, &ink::numbers(&[c.0, c.1, c.2, c.3])),
            Op::NonStrokeColorCmyk(c) => self.state.fill.set(Space::Dark, &ink::numbers(&[c.0, c.1, c.2, c.3])),

            Op::BeginText(_) => self.set_line(Matrix::IDENTITY),
            Op::EndText(_) => self.end_text(),
            Op::CharacterSpacing(space) => self.state.text.character_space = space.0.as_f64(),
            Op::WordSpacing(space) => self.state.text.word_space = space.0.as_f64(),
            Op::HorizontalScaling(scale) => self.state.text.scale = scale.0.as_f64() / 100.0,
            Op::TextLeading(leading) => self.state.text.leading = leading.0.as_f64(),
            Op::TextFont(font) => {
                let dict = resources.get_font(font.0);
                self.set_font(dict.as_ref(), font.1.as_f64());
            }
            Op::TextRenderingMode(mode) => self.state.text.mode = mode.0.as_i64(),
            Op::TextRise(rise) => self.state.text.rise = rise.0.as_f64(),
            Op::NextLine(by) => self.next_line(by.0.as_f64(), by.1.as_f64()),
            Op::NextLineAndSetLeading(by) => {
                self.state.text.leading = -by.1.as_f64();
                self.next_line(by.0.as_f64(), by.1.as_f64());
            }
            Op::SetTextMatrix(m) => self.set_line(matrix([m.0, m.1, m.2, m.3, m.4, m.5])),
            Op::NextLineUsingLeading(_) => self.next_line(0.0, -self.state.text.leading),
            Op::ShowText(text) => self.show(text.0.as_bytes()),
            Op::NextLineAndShowText(text) => {
                self.next_line(0.0, -self.state.text.leading);
                self.show(text.0.as_bytes());
            }
            Op::ShowTextWithParameters(text) => {
                self.state.text.word_space = text.0.as_f64();
                self.state.text.character_space = text.1.as_f64();
                self.next_line(0.0, -self.state.text.leading);
                self.show(text.2.as_bytes());
            }
            Op::ShowTexts(parts) => self.show_parts(parts.0),

            Op::XObject(name) => {
                if let Some(stream) = resources.get_x_object(name.0) {
                    self.object(&stream, resources);
                }
            }
            Op::InlineImage(image) => self.image(image.0),
            Op::Shading(_) => {
                let ink = Ink { space: Space::Pattern, tone: Tone::Seen, ..self.state.fill };
                self.mark(Mark::Fill(self.state.clip), ink, false);
            }

            Op::BeginMarkedContent(_) => self.begin_marked(false),
            Op::BeginMarkedContentWithProperties(content) => {
                let hides = match content.1 {
                    Object::Name(name) if content.0.as_ref() == b"OC" => self.layers.hides(&resources.properties, name),
                    _ => false,
                };
                self.begin_marked(hides);
            }
            Op::EndMarkedContent(_) => {
                self.hidden.pop();
            }
            _ => {}
        }
    }

    fn save(&mut self) {
        if self.saved.len() < MOST_SAVED {
            self.saved.push(self.state.clone());
        }
    }

    fn restore(&mut self, floor: usize) {
        if self.saved.len() > floor
            && let Some(state) = self.saved.pop()
        {
            self.state = state;
        }
    }

    fn begin_marked(&mut self, hides: bool) {
        if self.hidden.len() < MOST_SAVED {
            self.hidden.push(hides || self.is_hidden());
        }
    }

    pub(super) fn is_hidden(&self) -> bool {
        self.hidden.last().copied().unwrap_or(false)
    }

    fn graphics_state(&mut self, dict: &Dict<'_>) {
        if let Some(width) = dict.get::<f64>("LW") {
            self.state.line_width = width;
        }
        if let Some(dash) = dict.get::<Array<'_>>("D").and_then(|dash| dash.iter::<Array<'_>>().next()) {
            self.state.dashed = is_dashed(&dash);
        }
        if let Some(blend) = dict.get::<Name<'_>>("BM") {
            self.state.opaque = matches!(blend.as_ref(), b"Normal" | b"Compatible");
        }
        if let Some(mask) = dict.get::<Object<'_>>("SMask") {
            self.state.opaque &= matches!(mask, Object::Name(_));
        }
        let (stroke, fill) = ink::alphas(dict);
        self.state.stroke.alpha = stroke.unwrap_or(self.state.stroke.alpha);
        self.state.fill.alpha = fill.unwrap_or(self.state.fill.alpha);
        if let Some(font) = dict.get::<Array<'_>>("Font") {
            let size = font.iter::<Object<'_>>().nth(1).and_then(Object::into_f32).unwrap_or(1.0);
            self.set_font(font.iter::<Dict<'_>>().next().as_ref(), size.into());
        }
    }

    fn on_page(&self, point: Point) -> Point {
        self.state.ctm.point(point.x, point.y)
    }

    fn curve(&mut self, end: Point) {
        self.current = end;
        let point = self.on_page(end);
        self.path.curve_to(point);
    }

    fn set_font(&mut self, dict: Option<&Dict<'_>>, size: f64) {
        self.state.text.size = size;
        if self.used.len() >= MOST_FONTS {
            self.trouble = Some(Refused::TooLarge);
            self.state.text.font = None;
            return;
        }
        let (key, font) = self.fonts.font(dict);
        let index = self.used.iter().position(|used| used.key == key).unwrap_or_else(|| {
            self.used.push(Use::new(key));
            self.used.len() - 1
        });
        self.state.text.font = Some((index as u16, font));
    }

    fn set_line(&mut self, matrix: Matrix) {
        self.state.text.matrix = matrix;
        self.state.text.line = matrix;
    }

    /// Text that was shown as a clip is seen by what is painted from now on.
    fn end_text(&mut self) {
        if let Some(glyphs) = self.clipping.take() {
            self.state.clip_is_box = false;
            self.state.clipped_by = Some(glyphs);
        }
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.set_line(Matrix::translation(x, y).then(self.state.text.line));
    }

    fn show(&mut self, bytes: &[u8]) {
        show::show(self, bytes);
    }

    fn show_parts(&mut self, parts: &Array<'_>) {
        for part in parts.iter::<Object<'_>>() {
            match part {
                Object::String(text) => self.show(text.as_bytes()),
                Object::Number(number) => show::adjust(&mut self.state.text, number.as_f64()),
                _ => {}
            }
        }
    }
}

fn is_dashed(pattern: &Array<'_>) -> bool {
    pattern.iter::<f64>().any(|length| length > 0.0)
}

fn matrix(numbers: [Number; 6]) -> Matrix {
    Matrix(numbers.map(|number| number.as_f64()))
}

fn point(x: Number, y: Number) -> Point {
    Point::new(x.as_f64(), y.as_f64())
}
