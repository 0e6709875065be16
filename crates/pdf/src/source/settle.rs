//! What of a page's glyphs counts: doubled ones once, unseen ones only where they are the text of a picture.

use smol_str::SmolStr;

use super::matrix::{Area, Point};
use crate::page::{Glyph, Page};

/// Shadows and overprints lie at most this far off, in em.
const FARTHEST_TWIN: f32 = 0.15;

/// … and by less than this share of the advance, so that `11` and `ll` in the narrowest font stay two.
const TWIN_ADVANCE: f32 = 0.5;

/// How many glyphs that begin at the same distance from the edge of the page are compared with one; a page with more of them is hostile.
const MOST_COMPARED: usize = 500;

/// What a glyph shows that says nothing.
pub(super) const UNKNOWN: SmolStr = SmolStr::new_static("\u{FFFD}");

/// What was found about the text of a page while settling it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Settled {
    /// Unseen text was left out.
    pub(super) hidden: bool,
    /// Unseen text over a picture was read.
    pub(super) recognised: bool,
}

/// Drops twins and unseen glyphs, and shows what says nothing as U+FFFD. `covers` are fills that hide the glyphs drawn before them: where,
/// and how many those are.
pub(super) fn settle(page: &mut Page, covers: Vec<(Area, usize)>) -> Settled {
    let covered = drop_covered(&mut page.glyphs, covers);
    drop_twins(&mut page.glyphs);
    let mut settled = settle_unseen(page);
    settled.hidden |= covered;
    page.unmapped = 0;
    for glyph in &mut page.glyphs {
        if glyph.text.is_empty() {
            glyph.text = UNKNOWN;
            page.unmapped += 1;
        }
    }
    settled
}

/// Text that was painted over is not seen: a figure that was corrected by a white box, a name made black. Whether there was any.
fn drop_covered(glyphs: &mut Vec<Glyph>, covers: Vec<(Area, usize)>) -> bool {
    if covers.is_empty() {
        return false;
    }
    let covers = Bands::new(covers.into_iter().map(|(area, before)| (area, (area, before))).collect());
    let mut index = 0;
    let mut covered = false;
    glyphs.retain(|glyph| {
        index += 1;
        let core = core(glyph);
        let middle = Point::new(f64::midpoint(core.x0, core.x1), f64::midpoint(core.y0, core.y1));
        let hides = |(area, before): &(Area, usize)| index <= *before && area.intersect(core) == core;
        let is_covered = covers.at(middle.y).iter().any(hides);
        covered |= is_covered && !glyph.invisible && !glyph.text.trim().is_empty();
        !is_covered
    });
    covered
}

/// The inner part of a glyph's box, where its ink is: the box itself reaches over neighbours and the lines of tight tables.
fn core(glyph: &Glyph) -> Area {
    let area = Area::from(glyph.bbox);
    let (x, y) = (area.width() / 5.0, area.height() / 3.0);
    Area::new(area.x0 + x, area.y0 + y, area.x1 - x, area.y1 - y)
}

/// Text drawn twice a hair apart is a bold or a shadow made by hand: the one seen is kept in the place of the first.
fn drop_twins(glyphs: &mut Vec<Glyph>) {
    let mut order: Vec<(f32, usize)> = glyphs.iter().map(|glyph| glyph.bbox.left).zip(0..).collect();
    order.sort_unstable_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    let mut dropped = vec![false; glyphs.len()];
    for (place, &(left, index)) in order.iter().enumerate() {
        let Some(one) = glyphs.get(index).filter(|_| !dropped.get(index).copied().unwrap_or(true)) else { continue };
        let reach = left + FARTHEST_TWIN * one.size;
        let mut twins: Vec<usize> = Vec::new();
        let near = order.iter().skip(place + 1).take(MOST_COMPARED).take_while(|(left, _)| *left <= reach);
        for &(_, other) in near {
            if glyphs.get(other).is_some_and(|glyph| are_twins(one, glyph)) {
                twins.push(other);
            }
        }
        for twin in twins {
            unite(glyphs, &mut dropped, index.min(twin), index.max(twin));
        }
    }
    let mut dropped = dropped.into_iter();
    glyphs.retain(|_| !dropped.next().unwrap_or(false));
}

fn are_twins(one: &Glyph, other: &Glyph) -> bool {
    let (x, y) = ((one.bbox.left - other.bbox.left).abs(), (one.bbox.top - other.bbox.top).abs());
    let near = FARTHEST_TWIN * one.size;
    // Whichever way the line runs: neither box may move by half of itself.
    x <= near.min(TWIN_ADVANCE * one.bbox.width())
        && y <= near.min(TWIN_ADVANCE * one.bbox.height())
        && (one.size - other.size).abs() <= 0.02 * one.size
        && one.direction == other.direction
        && one.text == other.text
}

/// Makes one of two twins: in the place of the first, and bold where both are seen.
fn unite(glyphs: &mut [Glyph], dropped: &mut [bool], first: usize, second: usize) {
    if dropped.get(first).copied().unwrap_or(true) || dropped.get(second).copied().unwrap_or(true) {
        return;
    }
    let Some(later) = glyphs.get(second).cloned() else { return };
    if let (Some(earlier), Some(dropped)) = (glyphs.get_mut(first), dropped.get_mut(second)) {
        *dropped = true;
        if earlier.invisible {
            *earlier = later;
        } else if !later.invisible && !earlier.text.trim().is_empty() {
            earlier.bold = true;
        }
    }
}

/// Unseen glyphs are the text of a scan where a picture lies behind them, or where nothing else is on the page; elsewhere they are hidden.
fn settle_unseen(page: &mut Page) -> Settled {
    let mut settled = Settled::default();
    let says = |glyph: &Glyph| !glyph.text.trim().is_empty();
    if !page.glyphs.iter().any(|glyph| glyph.invisible) {
        return settled;
    }
    let seen: Vec<Area> =
        page.glyphs.iter().filter(|glyph| !glyph.invisible && says(glyph)).map(|glyph| glyph.bbox.into()).collect();
    let pictures: Vec<Area> = page.images.iter().map(|image| Area::from(*image)).collect();
    let alone = seen.is_empty();
    let seen = Bands::new(seen.into_iter().map(|area| (area, area)).collect());
    let is_doubled = |middle: Point| seen.at(middle.y).iter().any(|area| area.contains(middle));
    page.glyphs.retain(|glyph| {
        if !glyph.invisible {
            return true;
        }
        let middle = middle(glyph);
        let kept = alone || (pictures.iter().any(|picture| picture.contains(middle)) && !is_doubled(middle));
        settled.recognised |= kept && says(glyph);
        settled.hidden |= !kept && says(glyph) && !is_doubled(middle);
        kept
    });
    settled
}

fn middle(glyph: &Glyph) -> Point {
    let area = Area::from(glyph.bbox);
    Point::new(f64::midpoint(area.x0, area.x1), f64::midpoint(area.y0, area.y1))
}

/// Things on the page by the bands of it that their boxes touch, so that few have to be asked about a point.
struct Bands<T>(Vec<Vec<T>>);

impl<T: Copy> Bands<T> {
    /// In points: a line of text or two.
    const BAND: f64 = 24.0;
    /// Lower on the page all share one band.
    const BANDS: usize = 1_000;

    fn new(things: Vec<(Area, T)>) -> Self {
        let mut bands: Vec<Vec<T>> = Vec::new();
        for (area, thing) in things {
            for band in Self::band(area.y0)..=Self::band(area.y1) {
                if bands.len() <= band {
                    bands.resize_with(band + 1, Vec::new);
                }
                if let Some(band) = bands.get_mut(band) {
                    band.push(thing);
                }
            }
        }
        Self(bands)
    }

    fn band(y: f64) -> usize {
        ((y / Self::BAND).max(0.0) as usize).min(Self::BANDS)
    }

    /// The latest ones at this height; more than some thousand in one place are hostile.
    fn at(&self, y: f64) -> &[T] {
        let band = self.0.get(Self::band(y)).map_or(&[][..], Vec::as_slice);
        band.get(band.len().saturating_sub(MOST_COMPARED)..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Direction, Rect};

    fn glyph(text: &str, left: f32, width: f32) -> Glyph {
        Glyph {
            text: text.into(),
            bbox: Rect { left, top: 100.0, right: left + width, bottom: 110.0 },
            baseline: 108.0,
            size: 10.0,
            font: 0,
            bold: false,
            direction: Direction::Right,
            invisible: false,
        }
    }

    fn text(glyphs: &[Glyph]) -> String {
        glyphs.iter().map(|glyph| glyph.text.as_str()).collect()
    }

    #[test]
    fn a_shadow_is_dropped_and_makes_bold() {
        let mut glyphs =
            vec![glyph("年", 10.0, 10.0), glyph("度", 20.0, 10.0), glyph("年", 10.4, 10.0), glyph("度", 20.4, 10.0)];
        drop_twins(&mut glyphs);
        assert_eq!(text(&glyphs), "年度");
        assert!(glyphs.iter().all(|glyph| glyph.bold));
    }

    #[test]
    fn equal_digits_side_by_side_are_two_in_the_narrowest_font() {
        for width in [5.0, 2.5, 2.0, 1.5, 1.0] {
            let mut glyphs =
                vec![glyph("1", 10.0, width), glyph("1", 10.0 + width, width), glyph("1", 10.0 + 2.0 * width, width)];
            drop_twins(&mut glyphs);
            assert_eq!(text(&glyphs), "111", "advance {width}");
        }
    }

    #[test]
    fn figures_of_other_rows_and_sizes_stay() {
        let mut below = glyph("0", 10.0, 5.0);
        below.bbox.top += 12.0;
        below.bbox.bottom += 12.0;
        let mut larger = glyph("0", 10.0, 8.0);
        larger.size = 16.0;
        let mut glyphs = vec![glyph("0", 10.0, 5.0), below, larger];
        drop_twins(&mut glyphs);
        assert_eq!(glyphs.len(), 3);
    }

    #[test]
    fn what_is_painted_over_is_not_read() {
        let cover = (Area::new(5.0, 100.0, 25.0, 112.0), 2);
        let mut page = Page {
            glyphs: vec![glyph("7", 10.0, 5.0), glyph("8", 30.0, 5.0), glyph("9", 10.0, 5.0)],
            ..Page::default()
        };
        assert_eq!(settle(&mut page, vec![cover]), Settled { hidden: true, recognised: false });
        assert_eq!(text(&page.glyphs), "89");
    }

    #[test]
    fn unseen_text_counts_over_a_picture_only() {
        let unseen = |left| Glyph { invisible: true, ..glyph("扫", left, 10.0) };
        let picture = Rect { left: 0.0, top: 0.0, right: 200.0, bottom: 200.0 };
        let mut scan =
            Page { glyphs: vec![unseen(10.0), glyph("印", 60.0, 10.0)], images: vec![picture], ..Page::default() };
        assert_eq!(settle(&mut scan, Vec::new()), Settled { hidden: false, recognised: true });
        assert_eq!(text(&scan.glyphs), "扫印");
        let mut hidden = Page { glyphs: vec![unseen(10.0), glyph("印", 60.0, 10.0)], ..Page::default() };
        assert_eq!(settle(&mut hidden, Vec::new()), Settled { hidden: true, recognised: false });
        assert_eq!(text(&hidden.glyphs), "印");
        let mut doubled =
            Page { glyphs: vec![unseen(62.0), glyph("印", 60.0, 10.0)], images: vec![picture], ..Page::default() };
        assert_eq!(settle(&mut doubled, Vec::new()), Settled::default());
        assert_eq!(text(&doubled.glyphs), "印");
    }
}
