//! The order of reading: pages in columns are read column by column, lines are gathered to paragraphs.

use nianbao_model::leading_mark;

use crate::gutters;
use crate::layout::Item;
use crate::page::{Direction, Rect};
use crate::settings::{
    ASIDE, AT_MARGIN, COLUMN_LINES, COLUMN_SHARE, COLUMN_WORDS, CROSSING, FULL_LINE, INDENT, LEADING, PARAGRAPH_GAP,
    SHORT_LINE, SIZE_CHANGE,
};
use crate::words::{self, Line, Word};

/// A line, or the place of a table that is known already.
#[derive(Clone, Debug)]
pub(crate) enum Thing {
    Line(Line),
    /// Its index, and its place.
    Table(usize, Rect),
}

impl Thing {
    /// Where it stands from top to bottom.
    pub(crate) fn height(&self) -> f32 {
        match self {
            Self::Line(line) => line.bbox.middle().1,
            Self::Table(_, bbox) => bbox.top,
        }
    }

    /// Whether a piece of it stands on both sides of the gutter.
    fn crosses(&self, gutter: f32) -> bool {
        let reaches = |(left, right): (f32, f32)| left < gutter && gutter < right;
        match self {
            Self::Table(_, bbox) => reaches((bbox.left, bbox.right)),
            Self::Line(line) => gutters::pieces(line)
                .into_iter()
                .any(|piece| reaches(gutters::extent(line.words.get(piece).unwrap_or_default()))),
        }
    }

    /// What of it stands on either side of the gutter.
    fn parted(self, gutter: f32) -> (Option<Self>, Option<Self>) {
        match self {
            Self::Table(_, bbox) if bbox.middle().0 < gutter => (Some(self), None),
            Self::Table(..) => (None, Some(self)),
            Self::Line(line) => {
                let (before, behind): (Vec<Word>, Vec<Word>) =
                    line.words.iter().cloned().partition(|word| word.bbox.middle().0 < gutter);
                let part = |words| line.part(words).map(Self::Line);
                (part(before), part(behind))
            }
        }
    }
}

/// What stands on a page, in the order of reading: what is in one of its columns before what is in the next. `things` stand top to bottom.
pub(crate) fn columns(things: Vec<Thing>) -> Vec<Vec<Thing>> {
    let Some(gutter) = page_gutter(&things) else { return vec![things] };
    let mut done: Vec<Vec<Thing>> = Vec::new();
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let mut across: Vec<Thing> = Vec::new();
    for thing in things {
        if thing.crosses(gutter) {
            for side in [&mut left, &mut right] {
                if !side.is_empty() {
                    done.extend(columns(std::mem::take(side)));
                }
            }
            across.push(thing);
            continue;
        }
        if !across.is_empty() {
            done.push(std::mem::take(&mut across));
        }
        let (before, behind) = thing.parted(gutter);
        left.extend(before);
        right.extend(behind);
    }
    done.extend([left, right].into_iter().filter(|side| !side.is_empty()).flat_map(columns));
    done.push(across);
    done
}

/// Where a gap parts the page into columns: tables stand on either side of it, or many lines with many words on either side.
fn page_gutter(things: &[Thing]) -> Option<f32> {
    let lines: Vec<&Line> = things
        .iter()
        .filter_map(|thing| match thing {
            Thing::Line(line) if line.direction == Direction::Right => Some(line),
            _ => None,
        })
        .collect();
    let mut gaps: Vec<(f32, f32)> = Vec::new();
    for line in &lines {
        for pair in gutters::pieces(line).windows(2) {
            let [one, next] = pair else { continue };
            let in_piece = |piece: &std::ops::Range<usize>| line.words.get(piece.clone()).unwrap_or_default();
            let (one, next) = (in_piece(one), in_piece(next));
            if words::weight(one) >= COLUMN_WORDS && words::weight(next) >= COLUMN_WORDS {
                gaps.push((gutters::extent(one).1, gutters::extent(next).0));
            }
        }
    }
    let score = |x: f32| gaps.iter().filter(|(from, to)| *from < x && x < *to).count();
    let crossing = |x: f32| things.iter().filter(|thing| thing.crosses(x)).count();
    let best = gaps.iter().map(|(from, to)| (from + to) / 2.0).max_by_key(|&x| score(x));
    let text = best.filter(|&x| score(x) >= COLUMN_LINES && score(x) > crossing(x));
    let gutter = text.or_else(|| between_tables(things).filter(|&x| crossing(x) * CROSSING <= things.len()))?;
    let bbox = lines.iter().map(|line| line.bbox).reduce(Rect::hull)?;
    let is_inner =
        gutter > bbox.left + COLUMN_SHARE * bbox.width() && gutter < bbox.right - COLUMN_SHARE * bbox.width();
    is_inner.then_some(gutter)
}

/// The gap between two tables that stand beside each other.
fn between_tables(things: &[Thing]) -> Option<f32> {
    let tables: Vec<Rect> = things
        .iter()
        .filter_map(|thing| match thing {
            Thing::Table(_, bbox) => Some(*bbox),
            Thing::Line(_) => None,
        })
        .collect();
    tables.iter().find_map(|left| {
        let is_beside = |right: &&Rect| left.right < right.left && left.top < right.bottom && right.top < left.bottom;
        tables.iter().find(is_beside).map(|right| (left.right + right.left) / 2.0)
    })
}

/// Gathers the lines of one column to paragraphs.
pub(crate) fn paragraphs(lines: Vec<Line>) -> Vec<Vec<Line>> {
    let leading = usual_leading(&lines);
    let left = lines.iter().map(|line| line.bbox.left).fold(f32::INFINITY, f32::min);
    let right = lines.iter().map(|line| line.bbox.right).fold(f32::NEG_INFINITY, f32::max);
    let mut done: Vec<Vec<Line>> = Vec::new();
    for line in lines {
        let goes_on = done.last().and_then(|last| last.last()).is_some_and(|above| {
            let step = line.bbox.bottom - above.bbox.bottom;
            let is_near = step <= PARAGRAPH_GAP * leading.max(LEADING * line.size);
            let is_alike = (line.size / above.size - 1.0).abs() < SIZE_CHANGE
                && line.is_bold() == above.is_bold()
                && line.direction == above.direction;
            let is_inner = line.bbox.left > left + INDENT * line.size;
            let is_moved = (line.bbox.left - above.bbox.left).abs() > INDENT * line.size;
            // Lines at the right, as a sign-off and its date, are not of one paragraph unless they share a middle.
            let is_aside = above.bbox.left > left + ASIDE * line.size
                && (is_date(&line)
                    || is_moved && (line.bbox.middle().0 - above.bbox.middle().0).abs() > INDENT * line.size);
            let is_deeper = line.bbox.left > above.bbox.left + INDENT * line.size;
            let is_indented = is_deeper && line.bbox.left < left + ASIDE * line.size
                || is_inner && !is_moved && ends_sentence(above)
                || is_aside;
            let ended_early =
                above.bbox.right < right - SHORT_LINE * above.size && above.bbox.left < left + ASIDE * above.size;
            is_near && is_alike && !is_indented && !ended_early
        });
        match done.last_mut() {
            Some(last) if goes_on => last.push(line),
            _ => done.push(vec![line]),
        }
    }
    done
}

/// Whether the first text of a page goes on with the last one of the page before: that one ends with a full line in mid-sentence, and this
/// one begins at the left margin.
pub(crate) fn goes_on(above: &[Item], below: &[Item]) -> bool {
    let (Some(Item::Text(last)), Some(Item::Text(first))) = (above.last(), below.first()) else { return false };
    let (Some(last), Some(first)) = (last.last(), first.first()) else { return false };
    let text = |items: &[Item], edge: fn(Rect) -> f32, best: fn(f32, f32) -> f32| {
        let lines = items.iter().filter_map(|item| match item {
            Item::Text(lines) => Some(lines),
            Item::Draft(_) | Item::Table(_) => None,
        });
        lines.flatten().map(|line| edge(line.bbox)).reduce(best)
    };
    let right = text(above, |bbox| bbox.right, f32::max);
    let left = text(below, |bbox| bbox.left, f32::min);
    let is_full = right.is_some_and(|right| last.bbox.right > right - FULL_LINE * last.size);
    let at_margin = left.is_some_and(|left| first.bbox.left < left + AT_MARGIN * first.size);
    let is_alike = (first.size / last.size - 1.0).abs() < SIZE_CHANGE && first.direction == last.direction;
    let ends = last.text().trim_end().ends_with(['。', '！', '？', '：', '；', '.', '!', '?', ':']);
    is_full && at_margin && is_alike && !ends && leading_mark(first.text().trim_start()).is_none()
}

/// Whether a line is a date and nothing else: `2024年1月15日`, `二〇二四年一月十五日`.
fn is_date(line: &Line) -> bool {
    let text: String = line.text().chars().filter(|c| !c.is_whitespace()).collect();
    let is_number = |c: char| c.is_ascii_digit() || "〇○零一二三四五六七八九十".contains(c);
    text.starts_with(is_number) && text.ends_with('日') && text.chars().all(|c| is_number(c) || "年月日".contains(c))
}

fn ends_sentence(line: &Line) -> bool {
    line.text().trim_end().ends_with(['。', '！', '？', '：', '；'])
}

/// The usual distance from line to line.
fn usual_leading(lines: &[Line]) -> f32 {
    let mut steps: Vec<f32> = lines
        .windows(2)
        .filter_map(|pair| match pair {
            [one, next] => Some(next.bbox.bottom - one.bbox.bottom),
            _ => None,
        })
        .filter(|step| *step > 0.0)
        .collect();
    steps.sort_by(f32::total_cmp);
    steps.get(steps.len() / 2).copied().unwrap_or(0.0)
}
