//! The order of reading: pages in columns are read column by column, lines are gathered to paragraphs.

use nianbao_model::leading_mark;

use crate::gutters;
use crate::layout::Item;
use crate::page::{Direction, Rect};
use crate::settings::{COLUMN_LINES, COLUMN_WORDS, INDENT, PARAGRAPH_GAP, SHORT_LINE, SIZE_CHANGE};
use crate::words::{Line, Word};

/// Lines in the order of reading: those of one column of a page before those of the next.
pub(crate) fn columns(lines: Vec<Line>, obstacles: &[Rect]) -> Vec<Vec<Line>> {
    let Some(gutter) = page_gutter(&lines) else { return vec![lines] };
    let mut done: Vec<Vec<Line>> = Vec::new();
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let flush = |left: &mut Vec<Line>, right: &mut Vec<Line>, done: &mut Vec<Vec<Line>>| {
        for side in [std::mem::take(left), std::mem::take(right)] {
            if !side.is_empty() {
                done.extend(columns(side, obstacles));
            }
        }
    };
    for line in lines {
        if crosses(&line, gutter) {
            flush(&mut left, &mut right, &mut done);
            match done.last_mut() {
                Some(last) if last.last().is_some_and(|last| crosses(last, gutter)) => last.push(line),
                _ => done.push(vec![line]),
            }
            continue;
        }
        let blocked = |line: &Line| {
            obstacles.iter().any(|rect| {
                rect.left < gutter
                    && gutter < rect.right
                    && left
                        .last()
                        .or(right.last())
                        .is_some_and(|above: &Line| above.bbox.bottom <= rect.top && rect.bottom <= line.bbox.top)
            })
        };
        if blocked(&line) {
            flush(&mut left, &mut right, &mut done);
        }
        let (before, behind): (Vec<Word>, Vec<Word>) =
            line.words.iter().cloned().partition(|word| word.bbox.middle().0 < gutter);
        left.extend(part(&line, before));
        right.extend(part(&line, behind));
    }
    flush(&mut left, &mut right, &mut done);
    done
}

fn part(line: &Line, words: Vec<Word>) -> Option<Line> {
    let bbox = words.iter().map(|word| word.bbox).reduce(Rect::hull)?;
    Some(Line { words, bbox, ..line.clone() })
}

/// Whether a piece of the line stands on both sides of the gutter.
fn crosses(line: &Line, gutter: f32) -> bool {
    gutters::pieces(line).into_iter().any(|piece| {
        let (left, right) = gutters::extent(line.words.get(piece).unwrap_or_default());
        left < gutter && gutter < right
    })
}

/// Where a gap parts the page into columns of running text: many lines have it, with many words on either side.
fn page_gutter(lines: &[Line]) -> Option<f32> {
    let bbox = lines.iter().map(|line| line.bbox).reduce(Rect::hull)?;
    let mut gaps: Vec<(f32, f32)> = Vec::new();
    for line in lines.iter().filter(|line| line.direction == Direction::Right) {
        let pieces = gutters::pieces(line);
        for pair in pieces.windows(2) {
            let [one, next] = pair else { continue };
            let words = |piece: &std::ops::Range<usize>| line.words.get(piece.clone()).unwrap_or_default();
            let (one, next) = (words(one), words(next));
            if weight(one) >= COLUMN_WORDS && weight(next) >= COLUMN_WORDS {
                gaps.push((gutters::extent(one).1, gutters::extent(next).0));
            }
        }
    }
    if gaps.len() < COLUMN_LINES {
        return None;
    }
    let score = |x: f32| gaps.iter().filter(|(from, to)| *from < x && x < *to).count();
    let best = gaps.iter().map(|(from, to)| (from + to) / 2.0).max_by_key(|&x| score(x))?;
    let crossing = lines.iter().filter(|line| crosses(line, best)).count();
    let is_inner = best > bbox.left + 0.15 * bbox.width() && best < bbox.right - 0.15 * bbox.width();
    (is_inner && score(best) >= COLUMN_LINES && score(best) > crossing).then_some(best)
}

fn weight(words: &[Word]) -> usize {
    words.iter().map(|word| 1 + word.text.chars().filter(|&c| nianbao_model::is_han(c)).count() / 2).sum()
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
            let is_near = step <= PARAGRAPH_GAP * leading.max(1.2 * line.size);
            let is_alike = (line.size / above.size - 1.0).abs() < SIZE_CHANGE
                && line.is_bold() == above.is_bold()
                && line.direction == above.direction;
            let is_indented =
                line.bbox.left > above.bbox.left + INDENT * line.size && line.bbox.left < left + 6.0 * line.size;
            let ended_early =
                above.bbox.right < right - SHORT_LINE * above.size && above.bbox.left < left + 6.0 * above.size;
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
            Item::Table(_) => None,
        });
        lines.flatten().map(|line| edge(line.bbox)).reduce(best)
    };
    let right = text(above, |bbox| bbox.right, f32::max);
    let left = text(below, |bbox| bbox.left, f32::min);
    let is_full = right.is_some_and(|right| last.bbox.right > right - 1.5 * last.size);
    let at_margin = left.is_some_and(|left| first.bbox.left < left + 0.8 * first.size);
    let is_alike = (first.size / last.size - 1.0).abs() < SIZE_CHANGE && first.direction == last.direction;
    let ends = last.text().trim_end().ends_with(['。', '！', '？', '：', '；', '.', '!', '?', ':']);
    is_full && at_margin && is_alike && !ends && leading_mark(first.text().trim_start()).is_none()
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
