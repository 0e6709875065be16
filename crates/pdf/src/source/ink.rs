//! Colours, as far as seeing goes: whether paint shows on paper, and whether it is the white of the paper (ISO 32000-2, 8.6).

use std::borrow::Cow;

use hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream};
use hayro_syntax::page::Resources;

use super::unpack::unpack;

/// From here on a light tone is taken as white: one step of 8-bit colour below it, for the rounding of conversions.
const WHITE: f64 = 254.0 / 255.0;

/// Paint more transparent than this is not seen.
const FAINTEST: f64 = 0.02;

/// From here on paint hides what is under it.
const OPAQUE: f64 = 0.95;

/// Colour spaces within one another, such as `Indexed` over `ICCBased`; deeper nesting is a loop.
const DEEPEST_SPACE: usize = 4;

/// What a paint looks like on white paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Seen,
    White,
    /// The separation `None`: no ink at all.
    Unseen,
}

/// How the numbers of a colour are to be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// More is lighter: grey, RGB, CIE-based kinds of them.
    Light,
    /// More is darker: CMYK, separations, device-N.
    Dark,
    /// The first number is a lightness of 0 to 100.
    Lab,
    /// An index into a palette; bit set for the first 64 entries that are white.
    Palette(u64),
    Pattern,
    /// Ink that is never seen.
    Nothing,
}

/// A paint of the graphics state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ink {
    pub(super) space: Space,
    pub(super) tone: Tone,
    pub(super) alpha: f64,
}

impl Default for Ink {
    fn default() -> Self {
        Self { space: Space::Light, tone: Tone::Seen, alpha: 1.0 }
    }
}

impl Ink {
    /// A colour space is set: its first colour is black, or full ink, or the first of its palette.
    pub(super) const fn set_space(&mut self, space: Space) {
        self.space = space;
        self.tone = match space {
            Space::Palette(white) if white & 1 == 1 => Tone::White,
            Space::Nothing => Tone::Unseen,
            _ => Tone::Seen,
        };
    }

    pub(super) fn set(&mut self, space: Space, colour: &[f64]) {
        self.space = space;
        self.tone = tone(space, colour);
    }

    pub(super) fn set_colour(&mut self, colour: &[f64]) {
        self.tone = tone(self.space, colour);
    }

    pub(super) const fn set_pattern(&mut self) {
        self.tone = Tone::Seen;
    }

    /// Whether nothing under it is seen any more. A pattern may have holes.
    pub(super) fn is_opaque(self) -> bool {
        self.alpha >= OPAQUE && self.space != Space::Pattern
    }

    pub(super) fn is_unseen(self) -> bool {
        self.tone == Tone::Unseen || self.alpha < FAINTEST
    }
}

fn tone(space: Space, colour: &[f64]) -> Tone {
    let white = match space {
        Space::Light => !colour.is_empty() && colour.iter().all(|part| *part >= WHITE),
        Space::Dark => !colour.is_empty() && colour.iter().all(|part| *part <= 1.0 - WHITE),
        Space::Lab => colour.first().is_some_and(|lightness| *lightness >= 100.0 * WHITE),
        Space::Palette(white) => {
            colour.first().is_some_and(|index| (0.0..64.0).contains(index) && white >> (*index as u64) & 1 == 1)
        }
        Space::Pattern => false,
        Space::Nothing => return Tone::Unseen,
    };
    if white { Tone::White } else { Tone::Seen }
}

pub(super) fn numbers(colour: &[Number]) -> Vec<f64> {
    colour.iter().map(Number::as_f64).collect()
}

/// The space of a name, which may stand for one of the resources.
pub(super) fn space(name: &Name<'_>, resources: &Resources<'_>) -> Space {
    match device(name) {
        Some(space) => space,
        None => resources.get_color_space(name).map_or(Space::Light, |object| of_object(&object, DEEPEST_SPACE)),
    }
}

fn device(name: &[u8]) -> Option<Space> {
    match name {
        b"DeviceGray" | b"DeviceRGB" | b"G" | b"RGB" | b"CalGray" | b"CalRGB" => Some(Space::Light),
        b"DeviceCMYK" | b"CMYK" | b"CalCMYK" => Some(Space::Dark),
        b"Pattern" => Some(Space::Pattern),
        _ => None,
    }
}

fn of_object(object: &Object<'_>, depth: usize) -> Space {
    let parts = match object {
        Object::Name(name) => return device(name).unwrap_or(Space::Light),
        Object::Array(parts) if depth > 0 => parts,
        _ => return Space::Light,
    };
    let mut parts = parts.iter::<Object<'_>>();
    let Some(Object::Name(family)) = parts.next() else { return Space::Light };
    match family.as_ref() {
        b"ICCBased" => match parts.next() {
            Some(Object::Stream(profile)) if profile.dict().get::<u32>("N") == Some(4) => Space::Dark,
            Some(Object::Stream(profile)) => match profile.dict().get::<Array<'_>>("Alternate") {
                Some(alternate) => of_object(&Object::Array(alternate), depth - 1),
                None => Space::Light,
            },
            _ => Space::Light,
        },
        b"Lab" => Space::Lab,
        b"Separation" => match parts.next() {
            Some(Object::Name(ink)) if ink.as_ref() == b"None" => Space::Nothing,
            _ => Space::Dark,
        },
        b"DeviceN" => Space::Dark,
        b"Indexed" | b"I" => {
            let base = parts.next().map_or(Space::Light, |base| of_object(&base, depth - 1));
            let _highest = parts.next();
            let components = if base == Space::Dark { 4 } else { 3 };
            parts.next().map_or(Space::Palette(0), |table| Space::Palette(palette(&table, base, components)))
        }
        family => device(family).unwrap_or(Space::Light),
    }
}

fn palette(table: &Object<'_>, base: Space, components: usize) -> u64 {
    let bytes = match table {
        Object::String(bytes) => bytes.as_bytes().to_vec(),
        Object::Stream(stream) => table_bytes(stream),
        _ => return 0,
    };
    let mut white = 0;
    for (index, colour) in bytes.chunks_exact(components).take(64).enumerate() {
        let colour: Vec<f64> = colour.iter().map(|part| f64::from(*part) / 255.0).collect();
        if tone(base, &colour) == Tone::White {
            white |= 1 << index;
        }
    }
    white
}

fn table_bytes(stream: &Stream<'_>) -> Vec<u8> {
    /// 256 colours of four parts, and room for sloppy producers.
    const LARGEST_PALETTE: usize = 64 << 10;
    unpack(stream, LARGEST_PALETTE).map(Cow::into_owned).unwrap_or_default()
}

/// The transparency that a graphics state dictionary sets, for strokes and fills.
pub(super) fn alphas(dict: &Dict<'_>) -> (Option<f64>, Option<f64>) {
    (dict.get::<f64>("CA"), dict.get::<f64>("ca"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_is_full_light_or_no_ink() {
        assert_eq!(tone(Space::Light, &[1.0, 1.0, 1.0]), Tone::White);
        assert_eq!(tone(Space::Light, &[0.95, 0.95, 0.95]), Tone::Seen);
        assert_eq!(tone(Space::Dark, &[0.0, 0.0, 0.0, 0.0]), Tone::White);
        assert_eq!(tone(Space::Dark, &[1.0]), Tone::Seen);
        assert_eq!(tone(Space::Lab, &[100.0, 0.0, 0.0]), Tone::White);
        assert_eq!(tone(Space::Palette(0b10), &[1.0]), Tone::White);
    }
}
