//! The ways in which the figures of a row can be read.

use nianbao_model::{Cell, Grid};

use crate::amount::{Amount, partitions};
use crate::report::{Figure, State};

/// How many readings of one row are tried. C(15, 2): two figures lost of table 4.
const MAX_READINGS: usize = 455;

/// A cell that may hold a figure.
#[derive(Clone, Copy)]
pub(super) enum Candidate<'a> {
    Cell(&'a Cell, &'a Amount),
    /// Digits glued to the label of their row.
    Glued(&'a Cell, &'a str),
}

impl<'a> Candidate<'a> {
    pub(super) const fn cell(&self) -> &'a Cell {
        match self {
            Self::Cell(cell, _) | Self::Glued(cell, _) => cell,
        }
    }

    pub(super) fn is_blank(&self) -> bool {
        matches!(self, Self::Cell(_, Amount::Blank))
    }

    pub(super) fn is_figure(&self) -> bool {
        match self {
            Self::Cell(_, amount) => amount.is_figure(),
            Self::Glued(..) => true,
        }
    }

    pub(super) fn figure(&self) -> Figure {
        match self {
            // A figure that stands in several rows belongs to none of them.
            Self::Cell(cell, amount) if cell.area().rows.length() > 1 && **amount != Amount::Blank => unread(cell),
            Self::Cell(cell, amount) => figure(cell, amount),
            Self::Glued(cell, digits) => figure(cell, &Amount::read(&[*digits])),
        }
    }

    const fn is_no_number(&self) -> bool {
        matches!(self, Self::Glued(..) | Self::Cell(_, Amount::Digits(_)))
    }

    /// The digits, where they may be several figures without anything between.
    fn run_of_digits(&self) -> Option<String> {
        match self {
            Self::Glued(_, digits) => {
                Some((*digits).to_owned()).filter(|digits| digits.bytes().all(|c| c.is_ascii_digit()))
            }
            Self::Cell(_, Amount::Digits(digits)) => Some(digits.clone()),
            Self::Cell(_, Amount::Number { value, unit, note: false }) if unit.is_empty() && value.scale() == 0 => {
                Some(value.to_string())
            }
            Self::Cell(..) => None,
        }
    }
}

fn unread(cell: &Cell) -> Figure {
    Figure { value: None, raw: cell.text(), state: State::Lost, origins: cell.origins.clone() }
}

pub(super) fn figure(cell: &Cell, amount: &Amount) -> Figure {
    let (value, state) = match amount {
        Amount::Number { value, .. } => (Some(*value), State::Read),
        Amount::Blank => (None, State::Blank),
        Amount::Dash => (None, State::Dash),
        Amount::Digits(_) | Amount::Glued { .. } | Amount::Text => (None, State::Lost),
    };
    Figure { value, state, ..unread(cell) }
}

/// The ways to read a row.
pub(super) struct Ways {
    pub(super) readings: Vec<Vec<Figure>>,
    /// There are exactly as many figures as columns, one behind the other.
    pub(super) sure: bool,
}

/// Every way to give `wanted` columns the figures of `cells` in their order; none where there are too many.
///
/// Blank cells hold their place where the source has cells; where the grid is lost they may be mere padding, and a figure may be lost
/// without a trace. Where no sum can choose (`summed`), padding at the ends of a row is taken for that.
pub(super) fn in_order(cells: &[Candidate<'_>], wanted: usize, grid: Grid, summed: bool) -> Ways {
    let filled: Vec<usize> =
        (0..cells.len()).filter(|&at| cells.get(at).is_some_and(|cell| !cell.is_blank())).collect();
    let taken =
        |indices: &[usize]| indices.iter().filter_map(|&at| cells.get(at)).map(Candidate::figure).collect::<Vec<_>>();
    let unsure = |readings| Ways { readings, sure: false };
    // Figures without anything between: digits glued to the label, or a run such as 000 that is no number.
    let glued = filled.first().and_then(|&at| cells.get(at)).is_some_and(Candidate::is_no_number);
    if glued && filled.len() == 1 && wanted > 1 {
        return unsure(split(cells, &filled, wanted));
    }
    let (Some(&first), Some(&last)) = (filled.first(), filled.last()) else {
        let end: Vec<usize> = (cells.len().saturating_sub(wanted)..cells.len()).collect();
        return Ways { readings: (end.len() == wanted).then(|| taken(&end)).into_iter().collect(), sure: true };
    };
    if filled.len() == wanted && are_even(&filled) {
        return Ways { readings: vec![taken(&filled)], sure: last - first < wanted };
    }
    // Any of the cells that are too many can be the wrong one, blank or not.
    let some_of = |from: usize, count: usize| {
        let ways = combinations(count, wanted).into_iter();
        ways.map(move |way| way.into_iter().map(|at| from + at).collect::<Vec<_>>())
    };
    if last - first >= wanted || filled.len() >= wanted {
        let between = some_of(first, last + 1 - first).map(|way| taken(&way));
        return unsure((filled.len() == wanted).then(|| taken(&filled)).into_iter().chain(between).collect());
    }
    let hold = grid == Grid::Stated || blanks_hold_places(&filled);
    let windows = windows(cells.len(), wanted, &filled).into_iter().map(|window| taken(&window.collect::<Vec<_>>()));
    if cells.len() >= wanted && hold {
        let any = (grid == Grid::Stated || summed).then(|| some_of(0, cells.len()).map(|way| taken(&way)));
        let sure = cells.len() == wanted;
        return Ways { readings: windows.chain(any.into_iter().flatten()).collect(), sure };
    }
    // Some are missing: the others, those that hold a place, can stand anywhere.
    let spread = |held: &[usize]| -> Vec<Vec<Figure>> {
        let ways = combinations(wanted, held.len()).into_iter();
        let reading = |way: Vec<usize>| {
            let mut reading = vec![Figure::lost(); wanted];
            for (&at, &index) in way.iter().zip(held) {
                if let (Some(slot), Some(cell)) = (reading.get_mut(at), cells.get(index)) {
                    *slot = cell.figure();
                }
            }
            reading
        };
        ways.map(reading).collect()
    };
    let all: Vec<usize> = (0..cells.len()).collect();
    if grid == Grid::Stated {
        return unsure(spread(&all));
    }
    let mut readings = if cells.len() == 1 { split(cells, &filled, wanted) } else { Vec::new() };
    readings.extend(spread(&filled));
    readings.extend(windows);
    unsure(readings)
}

/// Whether figures stand one behind the other, or all with the same gaps between them.
fn are_even(filled: &[usize]) -> bool {
    let mut gaps = filled.windows(2).filter_map(|pair| match pair {
        [one, next] => Some(next - one),
        _ => None,
    });
    let first = gaps.next();
    gaps.all(|gap| Some(gap) == first)
}

/// Whether the blank cells of a row stand for figures, and are no padding: some stand between figures, or more before them than a row has
/// levels of labels.
fn blanks_hold_places(filled: &[usize]) -> bool {
    /// The deepest label stands in the third column: two blanks can stand before it or behind a shallower one.
    const LABEL_LEVELS: usize = 2;
    let between = filled.windows(2).any(|pair| matches!(pair, [one, next] if next - one > 1));
    between || filled.first().is_some_and(|&first| first > LABEL_LEVELS)
}

/// A lone run of digits parted into as many figures as the form wants, in every way.
fn split(cells: &[Candidate<'_>], filled: &[usize], wanted: usize) -> Vec<Vec<Figure>> {
    let [only] = filled else {
        return Vec::new();
    };
    let Some(cell) = cells.get(*only) else {
        return Vec::new();
    };
    let Some(digits) = cell.run_of_digits() else {
        return Vec::new();
    };
    let part = |part: &str| Figure { value: part.parse().ok(), state: State::Read, ..unread(cell.cell()) };
    partitions(&digits, wanted, MAX_READINGS).into_iter().map(|parts| parts.into_iter().map(part).collect()).collect()
}

/// The runs of `wanted` neighbours among `count` that hold all of `filled`.
fn windows(count: usize, wanted: usize, filled: &[usize]) -> Vec<std::ops::Range<usize>> {
    let (Some(&first), Some(&last)) = (filled.first(), filled.last()) else {
        return Vec::new();
    };
    (0..=first).map(|start| start..start + wanted).filter(|window| window.end <= count && last < window.end).collect()
}

/// Every way to take `take` of `count` in order, those that take from the front first; none where there are too many.
fn combinations(count: usize, take: usize) -> Vec<Vec<usize>> {
    fn choose(from: usize, count: usize, take: usize, taken: &mut Vec<usize>, found: &mut Vec<Vec<usize>>) {
        if found.len() > MAX_READINGS {
            return;
        }
        if take == 0 {
            found.push(taken.clone());
            return;
        }
        for next in from..=count - take {
            taken.push(next);
            choose(next + 1, count, take - 1, taken, found);
            taken.pop();
        }
    }
    let mut found = Vec::new();
    if take <= count {
        choose(0, count, take, &mut Vec::new(), &mut found);
    }
    if found.len() > MAX_READINGS { Vec::new() } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_taken_from_the_front_first() {
        assert_eq!(combinations(3, 2), vec![vec![0, 1], vec![0, 2], vec![1, 2]]);
        assert_eq!(combinations(2, 3), Vec::<Vec<usize>>::new());
        assert_eq!(combinations(15, 7), Vec::<Vec<usize>>::new());
        assert_eq!(combinations(15, 13).len(), 105);
    }

    #[test]
    fn a_window_holds_every_figure() {
        assert_eq!(windows(8, 7, &[0, 6]), vec![0..7]);
        assert_eq!(windows(8, 7, &[1, 6]), vec![0..7, 1..8]);
        assert_eq!(windows(6, 7, &[0]), Vec::new());
    }
}
