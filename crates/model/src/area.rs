//! All arithmetic on rows, columns and spans. Nowhere else adds or compares the ends of a span.
//!
//! A [`Span`] is half-open and counts from 0; it is never empty. An [`Area`] is the rectangle of a
//! cell: a span of rows by a span of columns.

use std::ops::Range;

/// A run of rows or of columns: half-open, counted from 0, never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    start: usize,
    end: usize,
}

impl Span {
    /// The span of the one row or column at `index`.
    pub const fn one(index: usize) -> Self {
        Self { start: index, end: index.saturating_add(1) }
    }

    /// From `start` up to and without `end`; `None` where that is empty.
    pub const fn between(start: usize, end: usize) -> Option<Self> {
        if start < end { Some(Self { start, end }) } else { None }
    }

    /// `length` rows or columns from `start` on; `None` where `length` is 0.
    pub const fn with_length(start: usize, length: usize) -> Option<Self> {
        Self::between(start, start.saturating_add(length))
    }

    /// The first row or column.
    pub const fn start(self) -> usize {
        self.start
    }

    /// One past the last row or column.
    pub const fn end(self) -> usize {
        self.end
    }

    /// How many rows or columns; at least 1.
    pub const fn length(self) -> usize {
        self.end - self.start
    }

    /// The indices, first to last.
    pub const fn indices(self) -> Range<usize> {
        self.start..self.end
    }

    /// Whether `index` lies inside.
    pub const fn contains(self, index: usize) -> bool {
        self.start <= index && index < self.end
    }

    /// Whether all of `other` lies inside.
    pub const fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share a row or column.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// What the two share.
    pub fn intersection(self, other: Self) -> Option<Self> {
        Self::between(self.start.max(other.start), self.end.min(other.end))
    }

    /// The smallest span that holds both.
    pub fn hull(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Moved towards higher indices by `by`.
    pub const fn moved(self, by: usize) -> Self {
        Self { start: self.start.saturating_add(by), end: self.end.saturating_add(by) }
    }

    /// The span after the row or column at `index` is cut into `more` + 1: it covers all parts of what it covered.
    pub const fn with_cut(self, index: usize, more: usize) -> Self {
        let start = if self.start > index { self.start.saturating_add(more) } else { self.start };
        let end = if self.end > index { self.end.saturating_add(more) } else { self.end };
        Self { start, end }
    }

    /// Moved towards lower indices by `by`; `None` where it would begin before the first.
    pub const fn moved_back(self, by: usize) -> Option<Self> {
        match self.start.checked_sub(by) {
            Some(start) => Self::with_length(start, self.length()),
            None => None,
        }
    }

    /// The span after some rows or columns are taken out; `None` where nothing is left. `before` tells for each index, the end
    /// included, how many of those before it stay.
    pub fn renumbered(self, before: &[usize]) -> Option<Self> {
        Self::between(*before.get(self.start)?, *before.get(self.end)?)
    }

    /// The span after the rows or columns for which `dropped` is true are taken out; `None` where nothing is left.
    pub fn without(self, dropped: impl Fn(usize) -> bool) -> Option<Self> {
        let before = (0..self.start).filter(|&index| dropped(index)).count();
        let inside = self.indices().filter(|&index| dropped(index)).count();
        Self::with_length(self.start - before, self.length() - inside)
    }
}

/// The rectangle of a cell: a span of rows by a span of columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Area {
    /// The rows covered. First, so that areas sort in row-major order of their first slot.
    pub rows: Span,
    /// The columns covered.
    pub columns: Span,
}

impl Area {
    /// The area of a cell that is not merged with any other.
    pub const fn one(row: usize, column: usize) -> Self {
        Self { rows: Span::one(row), columns: Span::one(column) }
    }

    /// Whether the slot at `row` and `column` lies inside.
    pub const fn contains(self, row: usize, column: usize) -> bool {
        self.rows.contains(row) && self.columns.contains(column)
    }

    /// Whether the two share a slot.
    pub const fn overlaps(self, other: Self) -> bool {
        self.rows.overlaps(other.rows) && self.columns.overlaps(other.columns)
    }

    /// The smallest area that holds both.
    pub fn hull(self, other: Self) -> Self {
        Self { rows: self.rows.hull(other.rows), columns: self.columns.hull(other.columns) }
    }

    /// Row and column of the first slot: the order of cells in a table.
    pub const fn corner(self) -> (usize, usize) {
        (self.rows.start, self.columns.start)
    }

    /// Every slot inside, row by row.
    pub fn slots(self) -> impl Iterator<Item = (usize, usize)> {
        self.rows.indices().flat_map(move |row| self.columns.indices().map(move |column| (row, column)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn span() -> impl Strategy<Value = Span> {
        (0..40usize, 1..20usize).prop_map(|(start, length)| Span::with_length(start, length).unwrap())
    }

    fn area() -> impl Strategy<Value = Area> {
        (span(), span()).prop_map(|(rows, columns)| Area { rows, columns })
    }

    proptest! {
        #[test]
        fn overlap_means_a_shared_index(a in span(), b in span()) {
            prop_assert_eq!(a.overlaps(b), a.indices().any(|index| b.contains(index)));
            prop_assert_eq!(a.overlaps(b), a.intersection(b).is_some());
            prop_assert_eq!(a.overlaps(b), b.overlaps(a));
        }

        #[test]
        fn the_hull_covers_both_and_nothing_smaller_does(a in span(), b in span()) {
            let hull = a.hull(b);
            prop_assert!(hull.covers(a) && hull.covers(b));
            prop_assert!(hull.start() == a.start().min(b.start()) && hull.end() == a.end().max(b.end()));
        }

        #[test]
        fn dropping_indices_shortens_by_as_many(a in span(), dropped in proptest::collection::btree_set(0..70usize, 0..20)) {
            let kept = a.indices().filter(|index| !dropped.contains(index)).count();
            let left = a.without(|index| dropped.contains(&index));
            prop_assert_eq!(left.map_or(0, Span::length), kept);
            let before: Vec<usize> = (0..=a.end()).map(|end| (0..end).filter(|index| !dropped.contains(index)).count()).collect();
            prop_assert_eq!(a.renumbered(&before), left);
        }

        #[test]
        fn areas_overlap_where_they_share_a_slot(a in area(), b in area()) {
            prop_assert_eq!(a.overlaps(b), a.slots().any(|(row, column)| b.contains(row, column)));
        }
    }

    #[test]
    fn a_cut_moves_what_stands_behind_it() {
        let between = |start, end| Span::between(start, end).unwrap();
        assert_eq!(between(0, 2).with_cut(2, 3), between(0, 2));
        assert_eq!(between(1, 4).with_cut(2, 3), between(1, 7));
        assert_eq!(between(2, 3).with_cut(2, 3), between(2, 6));
        assert_eq!(between(3, 4).with_cut(2, 3), between(6, 7));
    }

    #[test]
    fn an_empty_span_cannot_be_made() {
        assert_eq!(Span::between(3, 3), None);
        assert_eq!(Span::with_length(3, 0), None);
    }
}
