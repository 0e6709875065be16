//! Fonts as text needs them: which code says what, and how far it goes on (ISO 32000-2, 9.6 to 9.10).
//!
//! A font becomes a value of its own that borrows nothing from the file, so that the font program is dropped at once and the font
//! can serve all pages.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use hayro_cmap::BfString;
use hayro_font::{CMapResolverFn, FontCache, FontGlyph, FontQuery, FontResolverFn};
use hayro_syntax::object::{Array, Dict, Name, Rect, Stream};
use smol_str::SmolStr;

use super::cid::Composite;
use super::matrix::Matrix;
use super::{unicode, unpack};

/// Text space counts a thousand units to the font size.
pub(super) const EM: f64 = 1000.0;

/// A font program or a `CMap`, unpacked: whole Chinese fonts have up to 20 MB.
pub(super) const LARGEST_FONT: usize = 32 << 20;

/// Fonts that are kept for the pages to come: a report has ten, a book of papers some hundreds.
const MOST_FONTS: usize = 128;

/// The box across the line where a font does not tell, in em: what most Latin and Han fonts share.
const USUAL_ASCENT: f64 = 0.86;
const USUAL_DESCENT: f64 = -0.22;

/// A font.
#[derive(Debug)]
pub(super) struct Font {
    pub(super) bold: bool,
    /// The name begins with `@`: Windows turned its glyphs by a quarter, for lines that run down.
    pub(super) turned: bool,
    /// Above and below the baseline, in em.
    pub(super) ascent: f64,
    pub(super) descent: f64,
    /// How high its letters are set, in units of the font size: 1 but for Type 3 fonts, whose glyphs may be of any size.
    pub(super) em: f64,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Simple(Box<[Code; 256]>),
    Composite(Box<Composite>),
    /// A composite font that cannot be followed: two bytes a code, an em each, and nobody knows what they say.
    Unknown,
}

/// What one code of a font shows.
#[derive(Clone, Debug, Default)]
pub(super) struct Code {
    /// Empty where nothing tells.
    pub(super) text: SmolStr,
    /// How far the line goes on, in em; along the line, so downwards negative for a vertical font.
    pub(super) advance: f64,
    /// Nothing tells what the glyph is; its code was taken for a character.
    pub(super) guessed: bool,
    /// In a vertical font: how wide the glyph is, in em.
    pub(super) width: f64,
}

impl Font {
    /// A font of which nothing is known. Codes of one byte are taken for characters, as viewers do, with a warning.
    fn unknown(is_composite: bool) -> Self {
        /// In em: the mean of Latin letters.
        const USUAL_ADVANCE: f64 = 0.5;
        let guess = |code: usize| Code {
            text: char::from_u32(code as u32).filter(|c| matches!(c, ' '..='~')).into_iter().collect(),
            advance: USUAL_ADVANCE,
            guessed: true,
            width: 0.0,
        };
        Self {
            bold: false,
            turned: false,
            ascent: USUAL_ASCENT,
            descent: USUAL_DESCENT,
            em: 1.0,
            kind: if is_composite { Kind::Unknown } else { Kind::Simple(Box::new(std::array::from_fn(guess))) },
        }
    }

    pub(super) fn is_vertical(&self) -> bool {
        matches!(&self.kind, Kind::Composite(font) if font.is_vertical())
    }

    /// The next code of a string, and how many bytes it has.
    pub(super) fn read(&self, bytes: &[u8]) -> Option<(u32, usize)> {
        match &self.kind {
            Kind::Simple(_) => bytes.first().map(|byte| (u32::from(*byte), 1)),
            Kind::Composite(font) => font.read(bytes),
            Kind::Unknown => match bytes {
                [] => None,
                [only] => Some((u32::from(*only), 1)),
                [first, second, ..] => Some((u32::from(*first) << 8 | u32::from(*second), 2)),
            },
        }
    }

    pub(super) fn code(&self, code: u32) -> Code {
        match &self.kind {
            Kind::Simple(codes) => codes.get(code as usize).cloned().unwrap_or_default(),
            Kind::Composite(font) => font.code(code),
            Kind::Unknown => Code { advance: 1.0, width: 1.0, ..Code::default() },
        }
    }
}

/// The fonts of one file, each read once.
pub(super) struct Fonts {
    fonts: RefCell<HashMap<usize, Rc<Font>>>,
    programs: FontResolverFn,
    resolver: CMapResolverFn,
}

impl Fonts {
    pub(super) fn new() -> Self {
        Self {
            fonts: RefCell::default(),
            programs: Arc::new(|query| {
                let font = match query {
                    FontQuery::Standard(font) => *font,
                    FontQuery::Fallback(query) => query.pick_standard_font(),
                };
                Some(font.get_font_data())
            }),
            resolver: Arc::new(hayro_cmap::load_embedded),
        }
    }

    /// The font of a dictionary, and a number that tells it from others.
    ///
    /// Of a font that cannot be followed, or is not there, the codes are shown all the same: nothing is left out in silence.
    pub(super) fn font(&self, dict: Option<&Dict<'_>>) -> (usize, Rc<Font>) {
        let Some(dict) = dict else { return (0, Rc::new(Font::unknown(false))) };
        // The bytes of a dictionary stay where they are as long as the file is open.
        let key = dict.data().as_ptr() as usize;
        if let Some(known) = self.fonts.borrow().get(&key) {
            return (key, known.clone());
        }
        if self.fonts.borrow().len() >= MOST_FONTS {
            self.fonts.borrow_mut().clear();
        }
        let is_composite = dict.get::<Name<'_>>("Subtype").is_some_and(|kind| kind.as_ref() == b"Type0");
        let font = Rc::new(self.load(dict).unwrap_or_else(|| Font::unknown(is_composite)));
        self.fonts.borrow_mut().insert(key, Rc::clone(&font));
        (key, font)
    }

    fn load(&self, dict: &Dict<'_>) -> Option<Font> {
        let subtype = dict.get::<Name<'_>>("Subtype")?;
        let base = dict.get::<Name<'_>>("BaseFont").map(|name| name.as_str().to_owned()).unwrap_or_default();
        let descendant = dict.get::<Array<'_>>("DescendantFonts").and_then(|fonts| fonts.iter::<Dict<'_>>().next());
        let descriptor = descendant.as_ref().unwrap_or(dict).get::<Dict<'_>>("FontDescriptor").unwrap_or_default();
        let (ascent, descent, em) = match subtype.as_ref() {
            b"Type3" => type3_box(dict),
            _ => across(&descriptor),
        };
        let kind = match (subtype.as_ref(), descendant) {
            (b"Type0", Some(descendant)) => Kind::Composite(Box::new(Composite::new(dict, &descendant)?)),
            (kind, _) => Kind::Simple(self.simple(dict, kind == b"Type3", is_nameless(dict, &descriptor))?),
        };
        Some(Font {
            bold: is_bold(&base, &descriptor),
            turned: base.split_once('+').map_or(base.as_str(), |(_, name)| name).starts_with('@'),
            ascent,
            descent,
            em,
            kind,
        })
    }

    /// All 256 codes of a simple font: the library knows the encodings, the names of glyphs and the widths of the standard fonts.
    fn simple(&self, dict: &Dict<'_>, type3: bool, nameless: bool) -> Option<Box<[Code; 256]>> {
        if !programs_fit(dict) {
            return None;
        }
        let font = FontCache::new().font(dict, &self.programs, &self.resolver)?;
        Some(Box::new(std::array::from_fn(|code| {
            let code = code as u32;
            let said = match font.glyph(font.map_code(code), code) {
                FontGlyph::Outline(glyph) => glyph.as_unicode(),
                FontGlyph::Type3(glyph) => glyph.as_unicode(),
            };
            let mut text = said.map(|said| text_of(&said)).unwrap_or_default();
            let unknown = text.is_empty() && type3;
            let guessed = unknown || nameless;
            if unknown && let Some(c) = char::from_u32(code).filter(char::is_ascii_graphic) {
                text = SmolStr::from_iter([c]);
            }
            Code { text, advance: font.code_advance(code).x / EM, guessed, width: 0.0 }
        })))
    }
}

/// Whether nothing says what the codes of an embedded `TrueType` font mean; the library then takes them for those of the standard encoding,
/// though producers also deal codes out in order of use.
fn is_nameless(dict: &Dict<'_>, descriptor: &Dict<'_>) -> bool {
    const SYMBOLIC: u32 = 1 << 2;
    dict.get::<Name<'_>>("Subtype").is_some_and(|kind| kind.as_ref() == b"TrueType")
        && descriptor.contains_key("FontFile2")
        && descriptor.get::<u32>("Flags").is_some_and(|flags| flags & SYMBOLIC != 0)
        && !dict.contains_key("Encoding")
        && !dict.contains_key("ToUnicode")
}

/// Whether the library can be left to unpack what a simple font consists of.
fn programs_fit(dict: &Dict<'_>) -> bool {
    let descriptor = dict.get::<Dict<'_>>("FontDescriptor").unwrap_or_default();
    let programs = ["FontFile", "FontFile2", "FontFile3"].iter().filter_map(|key| descriptor.get::<Stream<'_>>(*key));
    programs.chain(dict.get::<Stream<'_>>("ToUnicode")).all(|stream| unpack::fits(&stream, LARGEST_FONT))
}

/// What a `CMap` or a glyph name says, where it says anything.
pub(super) fn text_of(said: &BfString) -> SmolStr {
    let mut buffer = [0; 4];
    let text = match said {
        BfString::Char(c) => c.encode_utf8(&mut buffer),
        BfString::String(text) => text.as_str(),
    };
    if unicode::says_nothing(text) { SmolStr::default() } else { unicode::plain(text) }
}

fn is_bold(name: &str, descriptor: &Dict<'_>) -> bool {
    const FORCE_BOLD: u32 = 1 << 18;
    /// From here on a weight is called bold (CSS and the OS/2 table of fonts agree).
    const BOLD: f32 = 600.0;
    let name = name.to_ascii_lowercase();
    ["bold", "black", "heavy", "simhei", "黑体"].iter().any(|word| name.contains(word))
        || descriptor.get::<u32>("Flags").is_some_and(|flags| flags & FORCE_BOLD != 0)
        || descriptor.get::<f32>("FontWeight").is_some_and(|weight| weight >= BOLD)
}

/// Ascent and descent in em, where the descriptor tells sensible ones: many write 0, or a descent above the baseline.
fn across(descriptor: &Dict<'_>) -> (f64, f64, f64) {
    let number = |key: &str| descriptor.get::<f32>(key).map(|number| f64::from(number) / EM);
    let ascent = number("Ascent").filter(|ascent| (0.4..=1.3).contains(ascent)).unwrap_or(USUAL_ASCENT);
    let descent = number("Descent").map(|descent| -descent.abs()).filter(|descent| (-0.6..=-0.05).contains(descent));
    (ascent, descent.unwrap_or(USUAL_DESCENT), 1.0)
}

/// The same for a Type 3 font, whose glyph space is its own, and its em: the height of its box, or twice the mean width of its glyphs.
fn type3_box(dict: &Dict<'_>) -> (f64, f64, f64) {
    let matrix = dict.get::<[f64; 6]>("FontMatrix").map_or(Matrix([0.001, 0.0, 0.0, 0.001, 0.0, 0.0]), Matrix);
    if let Some(area) = dict.get::<Rect>("FontBBox") {
        let (one, other) = (matrix.vector(0.0, area.y0).y, matrix.vector(0.0, area.y1).y);
        let height = (one - other).abs();
        if height > 0.0 && height.is_finite() {
            // A box of up to two em is that of a usual font with marks above and below its letters.
            return (one.max(other), one.min(other), if (0.5..2.0).contains(&height) { 1.0 } else { height });
        }
    }
    let widths: Vec<f64> =
        dict.get::<Array<'_>>("Widths").unwrap_or_default().iter::<f64>().filter(|w| *w > 0.0).collect();
    let mean = widths.iter().sum::<f64>() / widths.len().max(1) as f64;
    let em = 2.0 * matrix.vector(mean, 0.0).length();
    let em = if em > 0.0 && em.is_finite() && !(0.5..2.0).contains(&em) { em } else { 1.0 };
    (USUAL_ASCENT * em, USUAL_DESCENT * em, em)
}
