//! Tables that no lattice draws: found among lines of text by their gaps, and by level rules above and below them.

use crate::charts;
use crate::draft::{Draft, DraftCell};
use crate::edges::Edge;
use crate::gutters::{self, Column, Piece};
use crate::page::Rect;
use crate::refine::refined;
use crate::rows::is_value;
use crate::settings::{
    ACROSS_SHARE, HEADER_GAP, HEADER_INDENT, HEADER_LINES, HEADER_WORDS, LEAST_RULE, LONG_LINE, MOST_CHART,
    MOST_COMPARED, MOST_SINGLES, OVERLAP_HEIGHT, ROW_REACH, RULE_ENDS, SPANNER_SHARE, TITLE_HEIGHT, UNUSUAL_HEIGHT,
};
use crate::verdict;
use crate::words::Line;
use nianbao_model::Area;

/// A table, and the lines that went into it, by their indices.
pub(crate) struct Found {
    pub(crate) draft: Draft,
    pub(crate) lines: Vec<usize>,
}

impl Found {
    /// Marks its lines as taken.
    fn take_lines(&self, taken: &mut [bool]) {
        for &line in &self.lines {
            if let Some(taken) = taken.get_mut(line) {
                *taken = true;
            }
        }
    }
}

/// The tables among `lines`, which stand top to bottom; `rules` are the level edges that belong to no lattice.
pub(crate) fn tables(lines: &[Line], rules: &[Edge], charts: &[Rect], drawings: &[Rect]) -> Vec<Found> {
    let mut taken = vec![false; lines.len()];
    let mut found = between_rules(lines, rules, &mut taken);
    found.extend(by_gaps(lines, rules, &mut taken));
    found.retain(|table| charts::covered(table.draft.bbox(), charts, drawings) <= MOST_CHART);
    found
}

/// Tables between level rules of one length.
fn between_rules(lines: &[Line], rules: &[Edge], taken: &mut [bool]) -> Vec<Found> {
    let mut found = Vec::new();
    for group in groups(rules) {
        let mut first = 0;
        while first + 1 < group.len() {
            let table = (first + 1..group.len())
                .rev()
                .find_map(|last| Some((last, table_between(lines, rules, group.get(first..=last)?, taken)?)));
            let Some((last, table)) = table else {
                first += 1;
                continue;
            };
            table.take_lines(taken);
            found.push(table);
            first = last + 1;
        }
    }
    found
}

/// Level rules that begin and end at the same places, top to bottom.
fn groups(rules: &[Edge]) -> Vec<Vec<Edge>> {
    let mut groups: Vec<Vec<Edge>> = Vec::new();
    for rule in rules.iter().filter(|rule| rule.to - rule.from >= LEAST_RULE) {
        let near = |one: f32, other: f32| (one - other).abs() <= RULE_ENDS;
        let own = groups
            .iter_mut()
            .find(|group| group.first().is_some_and(|first| near(first.from, rule.from) && near(first.to, rule.to)));
        match own {
            Some(group) => group.push(*rule),
            None => groups.push(vec![*rule]),
        }
    }
    groups
}

fn table_between(lines: &[Line], rules: &[Edge], group: &[Edge], taken: &[bool]) -> Option<Found> {
    let (first, last) = (group.first()?, group.last()?);
    let inside = |line: &Line| {
        let (x, y) = line.bbox.middle();
        first.at < y && y < last.at && first.from - RULE_ENDS < x && x < first.to + RULE_ENDS
    };
    let own: Vec<usize> = (0..lines.len()).filter(|&index| lines.get(index).is_some_and(inside)).collect();
    if own.iter().any(|&index| taken.get(index).copied().unwrap_or(true)) {
        return None;
    }
    let usual = usual_height(lines, &own, group);
    let is_parted =
        group.windows(2).any(|pair| matches!(pair, [above, below] if parts_tables(lines, &own, above, below, usual)));
    if is_parted || own.iter().any(|&index| lines.get(index).is_some_and(is_caption)) {
        return None;
    }
    let ys: Vec<f32> = group.iter().map(|rule| rule.at).collect();
    let draft = draft(lines, &own, ys, Some((first.from, first.to)))?;
    let ruled = refined(draft, &spanners(rules, first, last));
    verdict::is_table(&ruled, true).then_some(Found { draft: ruled, lines: own })
}

/// The usual distance between two rules with one line of text between them.
fn usual_height(lines: &[Line], own: &[usize], group: &[Edge]) -> f32 {
    let mut heights: Vec<f32> = group
        .windows(2)
        .filter_map(|pair| match pair {
            [above, below] if between(lines, own, above, below).count() == 1 => Some(below.at - above.at),
            _ => None,
        })
        .collect();
    heights.sort_by(f32::total_cmp);
    heights.get(heights.len() / 2).copied().unwrap_or(f32::INFINITY)
}

fn between<'a>(lines: &'a [Line], own: &'a [usize], above: &Edge, below: &Edge) -> impl Iterator<Item = &'a Line> {
    let (top, bottom) = (above.at, below.at);
    own.iter().filter_map(|&index| lines.get(index)).filter(move |line| {
        let y = line.bbox.middle().1;
        top < y && y < bottom
    })
}

/// Whether what stands between two rules is no part of a table but what parts two: running text, or a title with space around it.
fn parts_tables(lines: &[Line], own: &[usize], above: &Edge, below: &Edge, usual: f32) -> bool {
    let lines: Vec<&Line> = between(lines, own, above, below).collect();
    let Some(size) = lines.iter().map(|line| line.size).reduce(f32::max) else { return false };
    let is_text = lines.iter().all(|line| gutters::pieces(line).len() == 1);
    let is_long = |line: &&Line| line.bbox.width() > LONG_LINE * (above.to - above.from);
    let height = below.at - above.at;
    let is_title = lines.len() == 1 && (height > TITLE_HEIGHT * size || height > UNUSUAL_HEIGHT * usual);
    is_text && (is_title || lines.len() > 1 && lines.iter().any(is_long))
}

/// Rules inside that are shorter than the table is wide.
fn spanners(rules: &[Edge], first: &Edge, last: &Edge) -> Vec<Edge> {
    let inside = |rule: &&Edge| {
        first.at < rule.at && rule.at < last.at && rule.to - rule.from < SPANNER_SHARE * (first.to - first.from)
    };
    rules.iter().filter(inside).copied().collect()
}

/// A draft of one column with these lines, parted at `ys`.
fn draft(lines: &[Line], own: &[usize], ys: Vec<f32>, ends: Option<(f32, f32)>) -> Option<Draft> {
    let bbox = own.iter().filter_map(|&index| lines.get(index)).map(|line| line.bbox).reduce(Rect::hull)?;
    let (left, right) = ends.unwrap_or((bbox.left, bbox.right));
    let bands = ys.len().checked_sub(1)?;
    let mut cells: Vec<DraftCell> =
        (0..bands).map(|band| DraftCell { area: Area::one(band, 0), lines: Vec::new() }).collect();
    for line in own.iter().filter_map(|&index| lines.get(index)) {
        let band = ys.partition_point(|&y| y <= line.bbox.middle().1).saturating_sub(1).min(bands.saturating_sub(1));
        cells.get_mut(band)?.lines.push(line.clone());
    }
    Some(Draft {
        xs: vec![left.min(bbox.left), right.max(bbox.right)],
        ruled_above: vec![bands > 1; bands],
        ys,
        ruled_between: Vec::new(),
        cells,
        turn: None,
    })
}

/// Tables that show themselves by gaps alone.
fn by_gaps(lines: &[Line], rules: &[Edge], taken: &mut [bool]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut run = Run::default();
    let mut close = |run: &mut Run, taken: &mut [bool]| {
        if let Some(table) = run.take().and_then(|own| table_of(lines, own, rules, taken)) {
            table.take_lines(taken);
            found.push(table);
        }
    };
    for (index, line) in lines.iter().enumerate() {
        if taken.get(index).copied().unwrap_or(true) {
            close(&mut run, taken);
            continue;
        }
        if !run.add(index, line) {
            close(&mut run, taken);
            run.add(index, line);
        }
    }
    close(&mut run, taken);
    found
}

/// Lines that follow one another and share gaps.
#[derive(Default)]
struct Run {
    lines: Vec<usize>,
    pieces: Vec<Piece>,
    bottom: f32,
    /// How many lines at the end have one piece only.
    singles: usize,
    /// How many lines hold figures beside a label.
    valued: usize,
}

impl Run {
    /// Takes in the next line, if it belongs to the run.
    fn add(&mut self, index: usize, line: &Line) -> bool {
        let parts: Vec<Piece> = gutters::pieces(line)
            .into_iter()
            .map(|part| {
                let (left, right) = gutters::extent(line.words.get(part).unwrap_or_default());
                Piece { row: index, left, right }
            })
            .collect();
        let is_single = parts.len() < 2;
        let has_values = line.words.iter().skip(1).any(|word| is_value(&word.text));
        if self.lines.is_empty() {
            if is_single || is_caption(line) {
                return true;
            }
        } else if is_caption(line) || (self.singles > 0 && self.valued > 1 && !is_single && !has_values) {
            // A caption ends a table, and so does a line of text, with another header under it.
            return false;
        } else {
            let gap = line.bbox.top - self.bottom;
            if gap > ROW_REACH * line.size || (is_single && self.singles >= MOST_SINGLES) || !self.agrees(&parts) {
                return false;
            }
        }
        self.valued += usize::from(has_values && !is_single);
        self.singles = if is_single { self.singles + 1 } else { 0 };
        self.lines.push(index);
        self.pieces.extend(parts);
        self.bottom = line.bbox.bottom;
        true
    }

    /// Whether a line of several pieces has a gap where the run has a gutter.
    fn agrees(&self, parts: &[Piece]) -> bool {
        if parts.len() < 2 {
            return true;
        }
        let earliest = self.lines.iter().rev().nth(MOST_COMPARED).copied().unwrap_or(0);
        let recent = self.pieces.partition_point(|piece| piece.row < earliest);
        let columns = gutters::columns(self.pieces.get(recent..).unwrap_or_default());
        let is_gutter = |left: &Column, right: &Column| {
            parts.windows(2).any(|pair| match pair {
                [one, next] => one.right <= right.left && next.left >= left.right,
                _ => false,
            })
        };
        columns.windows(2).any(|pair| matches!(pair, [left, right] if is_gutter(left, right)))
    }

    /// The lines of the run up to the last of several pieces; the run is empty then.
    fn take(&mut self) -> Option<Vec<usize>> {
        let run = std::mem::take(self);
        let mut lines = run.lines;
        lines.truncate(lines.len().saturating_sub(run.singles));
        (lines.len() > 1).then_some(lines)
    }
}

/// Whether a line names a table or a figure, or says where its numbers come from: such lines stand outside.
fn is_caption(line: &Line) -> bool {
    let text = line.text();
    let word = text.trim_start().split(|c: char| c.is_whitespace() || c.is_ascii_digit()).next().unwrap_or_default();
    let rest = text.trim_start().strip_prefix(word).unwrap_or_default().trim_start();
    let named = matches!(
        word.to_lowercase().trim_end_matches('.'),
        "table" | "figure" | "fig" | "chart" | "box" | "表" | "图" | "附表" | "续表"
    );
    let source =
        matches!(word.to_lowercase().as_str(), "source:" | "sources:" | "note:" | "notes:" | "注：" | "数据来源：");
    source
        || named
            && rest.starts_with(|c: char| {
                c.is_ascii_digit() || "ivxabc一二三四五六七八九十".contains(c.to_ascii_lowercase())
            })
}

fn table_of(lines: &[Line], own: Vec<usize>, rules: &[Edge], taken: &[bool]) -> Option<Found> {
    let own = with_rest(lines, with_headers(lines, own, taken), taken);
    let bbox = own.iter().filter_map(|&index| lines.get(index)).map(|line| line.bbox).reduce(Rect::hull)?;
    let inside: Vec<Edge> = rules
        .iter()
        .filter(|rule| bbox.top < rule.at && rule.at < bbox.bottom && rule.from < bbox.right && rule.to > bbox.left)
        .copied()
        .collect();
    let mut ys = vec![bbox.top];
    ys.extend(inside.iter().filter(|rule| rule.to - rule.from > ACROSS_SHARE * bbox.width()).map(|rule| rule.at));
    ys.push(bbox.bottom);
    let draft = refined(draft(lines, &own, ys, None)?, &inside);
    verdict::is_table(&draft, false).then_some(Found { draft, lines: own })
}

/// Lines below that interleave with the last row: the rest of a label whose figures stand in its middle.
fn with_rest(lines: &[Line], mut own: Vec<usize>, taken: &[bool]) -> Vec<usize> {
    while let Some(&last) = own.last()
        && taken.get(last + 1) == Some(&false)
        && let (Some(above), Some(line)) = (lines.get(last), lines.get(last + 1))
        && line.bbox.top < above.bbox.bottom - OVERLAP_HEIGHT * line.size
    {
        own.push(last + 1);
    }
    own
}

/// Whether a line can be a header over the line below: close to it, short, and not at the left margin unless the two interleave.
fn is_header_above(line: &Line, below: &Line, left: f32) -> bool {
    let gap = below.bbox.top - line.bbox.bottom;
    let is_inner = line.bbox.left > left + HEADER_INDENT * line.size && gap < HEADER_GAP * line.size;
    line.words.len() <= HEADER_WORDS && (is_inner || gap < -OVERLAP_HEIGHT * line.size)
}

/// Lines above that stand over the columns, but not at the left margin: headers of one piece.
fn with_headers(lines: &[Line], own: Vec<usize>, taken: &[bool]) -> Vec<usize> {
    let Some((&first, left)) =
        own.first().zip(own.iter().filter_map(|&index| lines.get(index)).map(|line| line.bbox.left).reduce(f32::min))
    else {
        return own;
    };
    let mut top = first;
    while let Some(above) = top.checked_sub(1)
        && taken.get(above) == Some(&false)
        && let (Some(line), Some(below)) = (lines.get(above), lines.get(top))
        && first - above <= HEADER_LINES
        && is_header_above(line, below, left)
        && !is_caption(line)
        && !above.checked_sub(1).and_then(|above| lines.get(above)).is_some_and(is_caption)
    {
        top = above;
    }
    (top..first).chain(own).collect()
}
