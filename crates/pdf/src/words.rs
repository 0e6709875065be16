//! Glyphs to lines of words. A line is told by its baseline, a word by the gap before it.

use nianbao_model::is_han;

use crate::page::{Direction, Glyph, Rect};
use crate::settings::{
    HAN_GAP, LINE_DRIFT, MIXED_GAP, RAISED, ROUNDING, SAME_BASELINE, SAME_GAP, SCRIPT_DRIFT, SCRIPT_GAP, SCRIPT_SHIFT,
    SCRIPT_SIZE, WIDE_SET, WORD_GAP,
};

/// Glyphs without a blank between them.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) bbox: Rect,
    /// Whether a blank stands before it in its line.
    pub(crate) blank_before: bool,
    /// Whether that blank is a glyph of the file, and not only a gap.
    pub(crate) blank_shown: bool,
    pub(crate) bold: bool,
}

/// Words on one baseline, in the order of reading.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) words: Vec<Word>,
    pub(crate) bbox: Rect,
    /// Where the line stands across its direction: for upright text the y of its baseline.
    pub(crate) baseline: f32,
    /// The font size of most of its glyphs, in points.
    pub(crate) size: f32,
    pub(crate) direction: Direction,
}

impl Line {
    /// The words with the blanks that the page shows.
    pub(crate) fn text(&self) -> String {
        text(&self.words)
    }

    /// The part of the line that these words of it are; none where there are none.
    pub(crate) fn part(&self, words: Vec<Word>) -> Option<Self> {
        let bbox = words.iter().map(|word| word.bbox).reduce(Rect::hull)?;
        Some(Self { words, bbox, ..self.clone() })
    }

    /// The line as one word: no place of a part of it is needed any more.
    pub(crate) fn settled(self) -> Self {
        let (text, bold) = (self.text(), self.is_bold());
        let word = Word { text, bbox: self.bbox, blank_before: false, blank_shown: false, bold };
        Self { words: vec![word], ..self }
    }

    pub(crate) fn is_bold(&self) -> bool {
        self.words.iter().all(|word| word.bold)
    }
}

/// How many words these weigh: two Han characters count as one.
pub(crate) fn weight(words: &[Word]) -> usize {
    words.iter().map(|word| 1 + word.text.chars().filter(|&c| is_han(c)).count() / 2).sum()
}

/// Words of one line with their blanks.
pub(crate) fn text(words: &[Word]) -> String {
    let mut text = String::with_capacity(words.iter().map(|word| word.text.len() + 1).sum());
    for word in words {
        if word.blank_before && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&word.text);
    }
    text
}

/// The lines of some glyphs, those of each direction together, top to bottom as their direction reads.
pub(crate) fn lines(glyphs: &[&Glyph]) -> Vec<Line> {
    let baselines = baselines(glyphs);
    let mut placed: Vec<Placed<'_>> =
        glyphs.iter().zip(baselines).map(|(glyph, baseline)| Placed::new(glyph, baseline)).collect();
    placed.sort_by(|one, other| one.direction().cmp(&other.direction()).then(one.across.total_cmp(&other.across)));
    let mut lines = Vec::new();
    let mut rest = placed.as_mut_slice();
    while let Some(first) = rest.first() {
        let (direction, mut across) = (first.direction(), first.across);
        let count = rest
            .iter()
            .take_while(|next| {
                let same = next.direction() == direction && next.across - across <= SAME_BASELINE * next.glyph.size;
                // The line may drift, but not by more than one step from where it is.
                across = if same { across.max(next.across.min(across + LINE_DRIFT)) } else { across };
                same
            })
            .count();
        let (line, others) = std::mem::take(&mut rest).split_at_mut(count.max(1));
        rest = others;
        line.sort_by(|one, other| one.from.total_cmp(&other.from));
        lines.extend(line_of(line));
    }
    lines
}

/// A glyph by where it stands along its line and across it.
struct Placed<'a> {
    glyph: &'a Glyph,
    from: f32,
    to: f32,
    across: f32,
}

impl<'a> Placed<'a> {
    fn new(glyph: &'a Glyph, baseline: f32) -> Self {
        let Rect { left, top, right, bottom } = glyph.bbox;
        let (from, to, across) = match glyph.direction {
            Direction::Right | Direction::Slanted => (left, right, baseline),
            Direction::Left => (-right, -left, -baseline),
            // Lines of vertical writing follow one another from right to left.
            Direction::Down | Direction::TurnedDown => (top, bottom, -baseline),
            Direction::TurnedUp => (-bottom, -top, baseline),
        };
        Self { glyph, from, to, across }
    }

    const fn direction(&self) -> Direction {
        self.glyph.direction
    }
}

/// The baseline that each glyph belongs to: its own, or for a raised or lowered one that of the larger glyph drawn beside it.
fn baselines(glyphs: &[&Glyph]) -> Vec<f32> {
    let mut baselines: Vec<f32> = glyphs.iter().map(|glyph| glyph.baseline).collect();
    let hosted = |small: &Glyph, large: &Glyph| {
        small.direction == large.direction
            && small.size < SCRIPT_SIZE * large.size
            && (small.baseline - large.baseline).abs() < SCRIPT_SHIFT * large.size
            && (small.bbox.left - large.bbox.right).abs().min((large.bbox.left - small.bbox.right).abs())
                < SCRIPT_GAP * large.size
    };
    let mut host: Option<(usize, f32)> = None;
    for (index, glyph) in glyphs.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| Some((before, *glyphs.get(before)?)));
        let follows =
            before.is_some_and(|(before, large)| hosted(glyph, large) || host.is_some_and(|(last, _)| last == before));
        let large = match (before, host) {
            (Some((before, large)), _) if hosted(glyph, large) => baselines.get(before).copied(),
            // The second digit of a raised number stands beside the first.
            (Some((before, small)), Some((last, baseline))) if last == before && same_script(glyph, small) => {
                Some(baseline)
            }
            _ => None,
        };
        host = None;
        if let (true, Some(baseline), Some(own)) = (follows, large, baselines.get_mut(index)) {
            *own = baseline;
            host = Some((index, baseline));
        }
    }
    // A mark in front of its line (¹ Projects …).
    for index in (1..glyphs.len()).rev() {
        if let (Some(small), Some(large)) = (glyphs.get(index - 1), glyphs.get(index))
            && large.bbox.left >= small.bbox.left
            && hosted(small, large)
            && let (Some(&own), Some(&baseline)) = (baselines.get(index - 1), baselines.get(index))
            && own == small.baseline
            && let Some(slot) = baselines.get_mut(index - 1)
        {
            *slot = baseline;
        }
    }
    baselines
}

fn same_script(one: &Glyph, other: &Glyph) -> bool {
    (one.size - other.size).abs() < ROUNDING
        && (one.baseline - other.baseline).abs() < SCRIPT_DRIFT * one.size
        && one.bbox.left - other.bbox.right < SCRIPT_GAP * one.size
}

/// The words of glyphs on one baseline, which stand in order; none where all are blanks.
fn line_of(glyphs: &[Placed<'_>]) -> Option<Line> {
    let mut words: Vec<Word> = Vec::new();
    let mut sizes: Vec<f32> = Vec::new();
    let mut end = f32::NEG_INFINITY;
    let mut blank = false;
    let mut last: Option<&Placed<'_>> = None;
    for placed in glyphs {
        let glyph = placed.glyph;
        if glyph.text.chars().all(char::is_whitespace) {
            blank = true;
            continue;
        }
        sizes.push(glyph.size);
        let gap = placed.from - end;
        let apart = last.is_some_and(|last| gap > least_gap(last.glyph, glyph) || is_raised_digit(last, placed));
        match words.last_mut() {
            Some(word) if !blank && !apart => {
                word.text.push_str(&glyph.text);
                word.bbox = word.bbox.hull(glyph.bbox);
                word.bold &= glyph.bold;
            }
            _ => words.push(Word {
                text: glyph.text.to_string(),
                bbox: glyph.bbox,
                blank_before: !words.is_empty(),
                blank_shown: blank,
                bold: glyph.bold,
            }),
        }
        (end, blank, last) = (end.max(placed.to), false, Some(placed));
    }
    let bbox = words.iter().map(|word| word.bbox).reduce(Rect::hull)?;
    sizes.sort_by(f32::total_cmp);
    let size = sizes.get(sizes.len() / 2).copied()?;
    let main = glyphs.iter().find(|placed| placed.glyph.size == size)?;
    Some(Line { words, bbox, baseline: main.glyph.baseline, size, direction: main.direction() })
}

/// Whether a digit on another baseline follows a digit: the mark of a note, which must not make another number of it.
fn is_raised_digit(last: &Placed<'_>, next: &Placed<'_>) -> bool {
    let is_digit = |glyph: &Glyph| glyph.text.chars().all(|c| c.is_ascii_digit());
    let is_moved = |glyph: &Glyph, other: &Glyph| (glyph.baseline - other.baseline).abs() > RAISED * other.size;
    is_digit(last.glyph) && is_digit(next.glyph) && is_moved(next.glyph, last.glyph)
}

/// Closes up a line of a ruled cell whose characters stand apart at equal gaps, all of them single: `8 2 5 5` is one number, set wide.
/// Blanks that the file itself holds stay.
pub(crate) fn close_up(line: &mut Line) {
    let gaps: Vec<f32> = line
        .words
        .windows(2)
        .filter_map(|pair| match pair {
            [one, next] if line.direction == Direction::Right => Some(next.bbox.left - one.bbox.right),
            _ => None,
        })
        .collect();
    let (least, most) =
        gaps.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(least, most), gap| (least.min(*gap), most.max(*gap)));
    let is_single = |word: &Word| word.text.chars().count() == 1 && !word.blank_shown;
    if gaps.is_empty()
        || most - least > SAME_GAP * line.size
        || most > WIDE_SET * line.size
        || !line.words.iter().all(is_single)
    {
        return;
    }
    for word in &mut line.words {
        word.blank_before = false;
    }
    if let Some(whole) = line.words.iter().map(|word| word.bbox).reduce(Rect::hull)
        && let Some(first) = line.words.first().cloned()
    {
        line.words = vec![Word { text: text(&line.words), bbox: whole, ..first }];
    }
}

/// How wide a gap between two glyphs must be to stand for a blank, in points.
fn least_gap(one: &Glyph, next: &Glyph) -> f32 {
    let size = one.size.max(next.size);
    let han = |glyph: &Glyph, end: bool| {
        let edge = if end { glyph.text.chars().next_back() } else { glyph.text.chars().next() };
        edge.is_some_and(is_han)
    };
    size * match (han(one, true), han(next, false)) {
        (true, true) => HAN_GAP,
        (false, false) => WORD_GAP,
        _ => MIXED_GAP,
    }
}
