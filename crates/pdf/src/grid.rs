//! Edges to lattices: rules that meet one another cut an area into cells.
//!
//! A lattice may be open: many tables draw no outer border, and its ends are then where two rules end. A cell is what no border parts;
//! where that is not a rectangle, it is cut into rectangles row by row.

use nianbao_model::{Area, Span};

use crate::edges::{Edge, Edges};
use crate::page::Rect;
use crate::settings::{BORDER_SHARE, MEET, MOST_UNITS};

/// The cells that rules draw.
#[derive(Clone, Debug)]
pub(crate) struct Lattice {
    /// Where columns begin and end, left to right: one more than there are columns.
    pub(crate) xs: Vec<f32>,
    /// Where rows begin and end, top to bottom.
    pub(crate) ys: Vec<f32>,
    /// A cut of the whole area, in row-major order.
    pub(crate) cells: Vec<Area>,
    /// For each unit of the grid in row-major order, the index of its cell.
    owner: Vec<usize>,
}

impl Lattice {
    pub(crate) fn bbox(&self) -> Rect {
        let ends = |places: &[f32]| (places.first().copied().unwrap_or(0.0), places.last().copied().unwrap_or(0.0));
        let ((left, right), (top, bottom)) = (ends(&self.xs), ends(&self.ys));
        Rect { left, top, right, bottom }
    }

    /// The cell at a point.
    pub(crate) fn cell_at(&self, (x, y): (f32, f32)) -> Option<usize> {
        let column = slot(&self.xs, x)?;
        let row = slot(&self.ys, y)?;
        self.owner.get(row * (self.xs.len() - 1) + column).copied()
    }
}

fn slot(places: &[f32], at: f32) -> Option<usize> {
    let after = places.partition_point(|&place| place <= at);
    (after > 0 && after < places.len()).then(|| after - 1)
}

/// The lattices of a page, top to bottom.
pub(crate) fn lattices(edges: &Edges) -> Vec<Lattice> {
    let mut lattices: Vec<Lattice> = groups(edges).iter().filter_map(lattice).collect();
    lattices.sort_by(|one, other| {
        let (one, other) = (one.bbox(), other.bbox());
        one.top.total_cmp(&other.top).then(one.left.total_cmp(&other.left))
    });
    lattices
}

/// The level edges that meet no other edge.
pub(crate) fn alone(edges: &Edges) -> Vec<Edge> {
    groups(edges).into_iter().filter(|group| group.upright.is_empty()).flat_map(|group| group.level).collect()
}

/// Edges that hang together.
fn groups(edges: &Edges) -> Vec<Edges> {
    let mut sets = Sets::new(edges.level.len() + edges.upright.len());
    for (index, upright) in edges.upright.iter().enumerate() {
        let first = edges.level.partition_point(|level| level.at < upright.from - MEET);
        let meeting = edges.level.iter().enumerate().skip(first).take_while(|(_, level)| level.at <= upright.to + MEET);
        for (other, _) in meeting.filter(|(_, level)| level.from - MEET <= upright.at && upright.at <= level.to + MEET)
        {
            sets.join(edges.level.len() + index, other);
        }
    }
    let mut groups: Vec<Edges> = Vec::new();
    let mut group_of: Vec<Option<usize>> = vec![None; sets.parent.len()];
    for index in 0..sets.parent.len() {
        let root = sets.root(index);
        let Some(slot) = group_of.get_mut(root) else { continue };
        let group = *slot.get_or_insert_with(|| {
            groups.push(Edges::default());
            groups.len() - 1
        });
        let Some(group) = groups.get_mut(group) else { continue };
        match index.checked_sub(edges.level.len()) {
            None => group.level.extend(edges.level.get(index)),
            Some(index) => group.upright.extend(edges.upright.get(index)),
        }
    }
    groups
}

/// Disjoint sets of indices.
struct Sets {
    parent: Vec<usize>,
}

impl Sets {
    fn new(count: usize) -> Self {
        Self { parent: (0..count).collect() }
    }

    fn root(&mut self, mut index: usize) -> usize {
        while let Some(&parent) = self.parent.get(index)
            && parent != index
        {
            let above = self.parent.get(parent).copied().unwrap_or(parent);
            if let Some(slot) = self.parent.get_mut(index) {
                *slot = above;
            }
            index = above;
        }
        index
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        if let Some(slot) = self.parent.get_mut(one.max(other)) {
            *slot = one.min(other);
        }
    }
}

/// The lattice of edges that hang together; none where they cut nothing in two.
fn lattice(edges: &Edges) -> Option<Lattice> {
    if edges.level.len() < 2 || edges.upright.is_empty() {
        return None;
    }
    let xs = places(&edges.upright, &edges.level);
    let ys = places(&edges.level, &edges.upright);
    let (columns, rows) = (xs.len().checked_sub(1)?, ys.len().checked_sub(1)?);
    if columns == 0 || rows == 0 || rows.saturating_mul(columns) > MOST_UNITS {
        return None;
    }
    let between = |edges: &[Edge], at: f32, from: f32, to: f32| {
        let drawn: f32 = edges
            .iter()
            .filter(|edge| edge.at == at)
            .map(|edge| (edge.to.min(to) - edge.from.max(from)).max(0.0))
            .sum();
        drawn >= BORDER_SHARE * (to - from)
    };
    let mut sets = Sets::new(rows * columns);
    for (row, y) in ys.windows(2).enumerate() {
        for (column, x) in xs.windows(2).enumerate() {
            let ([left, right], [top, bottom]) = (x, y) else { continue };
            let unit = row * columns + column;
            if column + 1 < columns && !between(&edges.upright, *right, *top, *bottom) {
                sets.join(unit, unit + 1);
            }
            if row + 1 < rows && !between(&edges.level, *bottom, *left, *right) {
                sets.join(unit, unit + columns);
            }
        }
    }
    let groups: Vec<usize> = (0..rows * columns).map(|unit| sets.root(unit)).collect();
    let (cells, owner) = rectangles(&groups, rows, columns);
    Some(Lattice { xs, ys, cells, owner })
}

/// The places of `edges`, and where the edges that cross them end, if two of them reach beyond.
fn places(edges: &[Edge], across: &[Edge]) -> Vec<f32> {
    let mut places: Vec<f32> = edges.iter().map(|edge| edge.at).collect();
    places.sort_by(f32::total_cmp);
    places.dedup();
    let mut ends: Vec<f32> = across.iter().map(|edge| edge.from).collect();
    ends.sort_by(f32::total_cmp);
    let second = |ends: &[f32]| ends.get(usize::from(ends.len() > 1)).copied();
    if let (Some(&first), Some(end)) = (places.first(), second(&ends))
        && end < first - MEET
    {
        places.insert(0, end);
    }
    let mut ends: Vec<f32> = across.iter().map(|edge| edge.to).collect();
    ends.sort_by(|one, other| other.total_cmp(one));
    if let (Some(&last), Some(end)) = (places.last(), second(&ends))
        && end > last + MEET
    {
        places.push(end);
    }
    places
}

/// Cuts groups of units into rectangles: runs of each row, those of equal columns under one another joined.
fn rectangles(groups: &[usize], rows: usize, columns: usize) -> (Vec<Area>, Vec<usize>) {
    let mut cells: Vec<Area> = Vec::new();
    let mut owner = vec![0; groups.len()];
    for row in 0..rows {
        let mut column = 0;
        while column < columns {
            let Some(&group) = groups.get(row * columns + column) else { break };
            let rest = groups.iter().skip(row * columns + column).take(columns - column);
            let right = column + rest.take_while(|&&next| next == group).count().max(1);
            let Some(run) = Span::between(column, right) else { break };
            let above = row.checked_sub(1).filter(|&above| groups.get(above * columns + column) == Some(&group));
            let index = above
                .and_then(|above| owner.get(above * columns + column).copied())
                .filter(|&index| cells.get(index).is_some_and(|cell| cell.columns == run && cell.rows.end() == row));
            let index = match index {
                Some(index) => {
                    if let Some(cell) = cells.get_mut(index) {
                        cell.rows = cell.rows.hull(Span::one(row));
                    }
                    index
                }
                None => {
                    cells.push(Area { rows: Span::one(row), columns: run });
                    cells.len() - 1
                }
            };
            for slot in owner.iter_mut().skip(row * columns + column).take(right - column) {
                *slot = index;
            }
            column = right;
        }
    }
    (cells, owner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(level: &[(f32, f32, f32)], upright: &[(f32, f32, f32)]) -> Edges {
        let edge = |&(at, from, to): &(f32, f32, f32)| Edge { at, from, to };
        Edges { level: level.iter().map(edge).collect(), upright: upright.iter().map(edge).collect() }
    }

    fn spans(lattice: &Lattice) -> Vec<(usize, usize, usize, usize)> {
        lattice
            .cells
            .iter()
            .map(|cell| (cell.rows.start(), cell.columns.start(), cell.rows.length(), cell.columns.length()))
            .collect()
    }

    #[test]
    fn a_missing_rule_is_a_merged_cell() {
        let lattice = &lattices(&edges(
            &[(0.0, 0.0, 90.0), (20.0, 30.0, 90.0), (40.0, 0.0, 90.0)],
            &[(0.0, 0.0, 40.0), (30.0, 0.0, 40.0), (60.0, 20.0, 40.0), (90.0, 0.0, 40.0)],
        ))[0];
        assert_eq!(spans(lattice), [(0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1), (1, 2, 1, 1)]);
        assert_eq!(lattice.cell_at((70.0, 10.0)), Some(1));
        assert_eq!(lattice.cell_at((95.0, 10.0)), None);
    }

    #[test]
    fn a_table_without_outer_borders_ends_where_its_rules_end() {
        let lattice =
            &lattices(&edges(&[(0.0, 10.0, 100.0), (20.0, 10.0, 100.0), (40.0, 10.0, 100.0)], &[(50.0, 0.0, 40.0)]))[0];
        assert_eq!(lattice.xs, [10.0, 50.0, 100.0]);
        assert_eq!(spans(lattice).len(), 4);
    }

    #[test]
    fn a_cell_that_is_no_rectangle_is_cut_by_rows() {
        // The rule between the upper right and the lower left is all that is missing around a corner.
        let lattice = &lattices(&edges(
            &[(0.0, 0.0, 60.0), (20.0, 0.0, 30.0), (40.0, 0.0, 60.0)],
            &[(0.0, 0.0, 40.0), (30.0, 20.0, 40.0), (60.0, 0.0, 40.0)],
        ))[0];
        assert_eq!(spans(lattice), [(0, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1)]);
    }
}
