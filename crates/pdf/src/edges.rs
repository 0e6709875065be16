//! What is drawn to straight edges: twins become one, pieces in a row become one, specks go.

use crate::page::{Page, Rect};
use crate::settings::{JOIN, PANEL_SHARE, SHORTEST, SMALLEST_FILL, SNAP};

/// A straight line on the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Edge {
    /// Its y if it is level, its x if it is upright.
    pub(crate) at: f32,
    /// Its left or upper end.
    pub(crate) from: f32,
    /// Its right or lower end.
    pub(crate) to: f32,
}

/// The edges of a page, sorted by place and then by beginning.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edges {
    pub(crate) level: Vec<Edge>,
    pub(crate) upright: Vec<Edge>,
}

/// The edges that are drawn as rules.
pub(crate) fn ruled(page: &Page) -> Edges {
    let mut edges = Edges::default();
    for rule in &page.rules {
        let Rect { left, top, right, bottom } = rule.bbox;
        if rule.bbox.width() >= rule.bbox.height() {
            edges.level.push(Edge { at: (top + bottom) / 2.0, from: left, to: right });
        } else {
            edges.upright.push(Edge { at: (left + right) / 2.0, from: top, to: bottom });
        }
    }
    edges.joined()
}

/// The edges of filled areas that may be the shading of cells.
pub(crate) fn shaded(page: &Page) -> Edges {
    let mut edges = Edges::default();
    let is_panel = |area: Rect| area.area() > PANEL_SHARE * page.width * page.height;
    for fill in &page.fills {
        let Rect { left, top, right, bottom } = fill.bbox;
        if fill.white || fill.bbox.width().min(fill.bbox.height()) < SMALLEST_FILL || is_panel(fill.bbox) {
            continue;
        }
        edges.level.extend([top, bottom].map(|at| Edge { at, from: left, to: right }));
        edges.upright.extend([left, right].map(|at| Edge { at, from: top, to: bottom }));
    }
    edges.joined()
}

impl Edges {
    fn joined(self) -> Self {
        Self { level: joined(self.level), upright: joined(self.upright) }
    }
}

/// Snaps edges that nearly share a place, and joins those that follow one another.
fn joined(mut edges: Vec<Edge>) -> Vec<Edge> {
    edges.sort_by(|one, other| one.at.total_cmp(&other.at));
    let mut done = Vec::new();
    let mut rest = edges.as_slice();
    while let Some(first) = rest.first() {
        let count = rest.iter().take_while(|edge| edge.at - first.at <= SNAP).count();
        let (twins, others) = rest.split_at(count.max(1));
        rest = others;
        join_in_row(twins, &mut done);
    }
    done.sort_by(|one, other| one.at.total_cmp(&other.at).then(one.from.total_cmp(&other.from)));
    done
}

fn join_in_row(twins: &[Edge], done: &mut Vec<Edge>) {
    let length: f32 = twins.iter().map(|edge| edge.to - edge.from).sum();
    let weighed: f32 = twins.iter().map(|edge| edge.at * (edge.to - edge.from)).sum();
    let at = if length > 0.0 { weighed / length } else { twins.first().map_or(0.0, |edge| edge.at) };
    let mut twins = twins.to_vec();
    twins.sort_by(|one, other| one.from.total_cmp(&other.from));
    let mut current: Option<Edge> = None;
    for edge in twins {
        match &mut current {
            Some(whole) if edge.from - whole.to <= JOIN => whole.to = whole.to.max(edge.to),
            _ => done.extend(current.replace(Edge { at, ..edge }).filter(is_long)),
        }
    }
    done.extend(current.filter(is_long));
}

fn is_long(edge: &Edge) -> bool {
    edge.to - edge.from >= SHORTEST
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(at: f32, from: f32, to: f32) -> Edge {
        Edge { at, from, to }
    }

    #[test]
    fn twins_and_pieces_are_one_edge() {
        let drawn = vec![
            edge(100.0, 50.0, 200.0),
            edge(101.0, 50.0, 201.0),
            edge(100.0, 202.0, 300.0),
            edge(140.0, 50.0, 52.0),
        ];
        let joined = joined(drawn);
        assert_eq!(joined.len(), 1, "{joined:?}");
        assert!((joined[0].at - 100.4).abs() < 0.1, "{joined:?}");
        assert_eq!((joined[0].from, joined[0].to), (50.0, 300.0));
    }

    #[test]
    fn a_gap_parts_two_edges_in_one_row() {
        let joined = joined(vec![edge(10.0, 0.0, 40.0), edge(10.0, 60.0, 90.0)]);
        assert_eq!(joined, vec![edge(10.0, 0.0, 40.0), edge(10.0, 60.0, 90.0)]);
    }
}
