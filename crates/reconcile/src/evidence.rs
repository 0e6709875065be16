//! The evidence that two rows are one: the label that one of them holds goes on in the other, below the figures
//! (`2.逾期未缴费 0 0 0` / `用、不再处理`), or above them (`2.逾期未缴费用、不` / `再处理 0 0 0`).
//!
//! The trouble is the row that looks the same and is not: a group (`（六）其他处理` alone), a header in the middle of a table, a note.
//! Told apart by:
//!
//! - what a rest never does: begin with a numbering mark, a bullet or 第…; hold a colon near its start; stand in several cells
//!   that are not each under a label;
//! - what shows a label as unfinished: an open bracket that the rest closes, a last 、 or comma, a rest that begins with
//!   punctuation or in small letters;
//! - numbering: an unmarked row between 2. and 3. belongs to 2.;
//! - a label as long as the longest of its table filled its column, and so was wrapped.
//!
//! When undecided, both rows stay.

use std::cell::OnceCell;

use nianbao_model::{Boundary, Cell, Grid, Mark, Span, Table, leading_mark};

use crate::figures::{Kind, kind};
use crate::headers::seen;
use crate::text::{closes_what_is_open, starts_list_item};

/// How many characters a label has at least that filled its column and was wrapped.
const WRAPPED_LABEL: usize = 10;

/// How many it has at least that was cut by a page break, or goes on between two numbered rows.
const CUT_LABEL: usize = 6;

/// How far below a broken row the next mark is looked for: a rest has no more lines than that.
const LOOK_AHEAD: usize = 4;

/// Whether the first row of `second` only goes on with the last row of `first`.
pub(crate) fn goes_on(first: &Table, second: &Table) -> bool {
    let last = first.rows().len();
    let mut views: Vec<View<'_>> = (last.saturating_sub(2)..last).map(|row| View::of(first, row, false)).collect();
    let low = views.len();
    let rows = second.rows().len().min(LOOK_AHEAD + 2);
    views.extend((0..rows).map(|row| View::of(second, row, false)));
    let scene =
        Scene { is_lost: first.grid == Grid::Lost || second.grid == Grid::Lost, table: None, widest: OnceCell::new() };
    low.checked_sub(1).is_some_and(|up| scene.join(&views, up.checked_sub(1), up, low).is_some())
}

/// Whether nothing but the layout, or a page break, says that a row begins.
pub(crate) const fn is_soft(boundary: Boundary) -> bool {
    matches!(boundary, Boundary::Inferred | Boundary::PageBreak)
}

/// A row as the evidence sees it: the cells that begin in it, their text folded.
pub(crate) struct View<'a> {
    /// The boundary above it.
    pub(crate) above: Boundary,
    /// It takes no part: the source calls it a header or hides it, a table is nested in it, a cell reaches below it.
    is_fixed: bool,
    /// It is fixed only by cells that reach below, with other words to their right: labels of groups.
    is_in_group: bool,
    fields: Vec<Field<'a>>,
}

pub(crate) struct Field<'a> {
    columns: Span,
    kind: Kind,
    cell: &'a Cell,
    /// The folded text, once it was asked for: most rows are told by the kinds of their cells alone.
    text: OnceCell<String>,
}

impl<'a> View<'a> {
    /// The row at `row`; `hosts` where a table is nested in it.
    pub(crate) fn of(table: &'a Table, row: usize, hosts: bool) -> Self {
        let cells = table.cells_from(row);
        let stated = table.rows().get(row).copied();
        let reaches_below = |cell: &Cell| cell.area().rows.length() > 1 && kind(cell) != Kind::Blank;
        let is_apart = hosts || stated.is_none_or(|row| row.header || row.hidden);
        let own = cells.iter().position(|cell| kind(cell) == Kind::Label && !reaches_below(cell)).unwrap_or(0);
        Self {
            above: stated.map_or(Boundary::Stated, |row| row.above),
            is_fixed: is_apart || cells.iter().any(reaches_below),
            is_in_group: !is_apart && !cells.iter().skip(own).any(reaches_below),
            fields: cells
                .iter()
                .map(|cell| Field { columns: cell.area().columns, kind: kind(cell), cell, text: OnceCell::new() })
                .collect(),
        }
    }

    fn has_figures(&self) -> bool {
        self.fields.iter().any(Field::is_figure)
    }

    /// Its labels, with their index among the fields.
    fn labels(&self) -> impl DoubleEndedIterator<Item = (usize, &Field<'a>)> {
        self.fields.iter().enumerate().filter(|(_, field)| field.kind == Kind::Label)
    }

    /// The numbers that stand before its labels; a whole number in the first field counts as one.
    fn marks(&self) -> impl Iterator<Item = Mark> {
        let counter = self.fields.first().filter(|field| field.kind == Kind::Figure);
        let counter = counter.and_then(|field| field.text().parse().ok()).map(Mark::Arabic);
        let marks = self.labels().filter_map(|(_, field)| field.mark());
        counter.into_iter().chain(marks)
    }

    fn begins_blank(&self) -> bool {
        self.fields.first().is_none_or(|field| field.kind == Kind::Blank || field.columns.start() > 0)
    }
}

impl Field<'_> {
    fn text(&self) -> &str {
        self.text.get_or_init(|| seen(self.cell).collect())
    }

    fn is_figure(&self) -> bool {
        matches!(self.kind, Kind::Figure | Kind::Void)
    }

    fn mark(&self) -> Option<Mark> {
        leading_mark(self.text()).map(|(mark, _)| mark)
    }

    fn is_at_least(&self, characters: usize) -> bool {
        self.text().chars().nth(characters.saturating_sub(1)).is_some()
    }
}

/// The length of the longest label that stands beside figures, in characters.
fn widest_label(table: &Table) -> usize {
    let rows = (0..table.rows().len()).map(|row| table.cells_from(row));
    let is_figure = |cell: &Cell| matches!(kind(cell), Kind::Figure | Kind::Void);
    rows.filter(|cells| cells.iter().any(is_figure))
        .filter_map(|cells| cells.iter().rfind(|cell| kind(cell) == Kind::Label))
        .map(|label| seen(label).count())
        .max()
        .unwrap_or(0)
}

/// Two rows that are one.
pub(crate) struct Join {
    /// The lower row has the figures, so it stays and takes in the upper one.
    pub(crate) keeps_lower: bool,
    /// The fields that go together, by their index in the upper and in the lower row. The last is the label of the row.
    pairs: Vec<(usize, usize)>,
}

impl Join {
    /// Puts the texts together in the view that stays. Returns the columns that go together: in the upper and in the lower row.
    pub(crate) fn put_together(&self, views: &mut [View<'_>], up: usize, low: usize) -> Vec<(usize, usize)> {
        let Some((above, [lower_view, ..])) = views.split_at_mut_checked(low) else {
            return Vec::new();
        };
        let Some(upper_view) = above.get_mut(up) else {
            return Vec::new();
        };
        let mut columns = Vec::with_capacity(self.pairs.len());
        for &(upper, lower) in &self.pairs {
            let (Some(upper), Some(lower)) = (upper_view.fields.get_mut(upper), lower_view.fields.get_mut(lower))
            else {
                continue;
            };
            columns.push((upper.columns.start(), lower.columns.start()));
            let whole = format!("{}{}", upper.text(), lower.text());
            let kept = if self.keeps_lower { lower } else { upper };
            kept.text = OnceCell::from(whole);
            kept.kind = Kind::Label;
        }
        if self.keeps_lower {
            lower_view.above = upper_view.above;
        }
        columns
    }
}

/// What a decision knows of the table as a whole.
pub(crate) struct Scene<'a> {
    /// The columns say nothing.
    is_lost: bool,
    /// The whole table; `None` where only the rows next to a break are seen.
    table: Option<&'a Table>,
    /// The length of its longest label beside figures, once it was asked for.
    widest: OnceCell<usize>,
}

impl<'a> Scene<'a> {
    /// For the rows of one table.
    pub(crate) fn of(table: &'a Table) -> Self {
        Self { is_lost: table.grid == Grid::Lost, table: Some(table), widest: OnceCell::new() }
    }

    /// Whether the rows `up` and `low` are one, and how. `before` is the row above `up`.
    pub(crate) fn join(&self, views: &[View<'_>], before: Option<usize>, up: usize, low: usize) -> Option<Join> {
        let next = views.get(low + 1..).unwrap_or_default();
        let before = before.and_then(|before| views.get(before));
        let (up, low) = (views.get(up)?, views.get(low)?);
        if low.above == Boundary::PageBreak && low.is_in_group && !up.is_fixed && up.has_figures() {
            let join = self.rest_with_figures(up, low);
            if join.is_some() || low.has_figures() {
                return join;
            }
        }
        if !is_soft(low.above) || up.is_fixed || low.is_fixed || low.labels().next().is_none() && !low.has_figures() {
            return None;
        }
        match (up.has_figures(), low.has_figures()) {
            (true, false) => self.rest_below(up, low, next),
            (false, true) => self.rest_beside_figures(before?, up, low, next),
            (false, false) => before.and_then(|_| self.text_cut_by_page(up, low, next)),
            (true, true) => None,
        }
    }

    /// The upper row has its figures; the lower one is the rest of its labels.
    fn rest_below(&self, up: &View<'_>, low: &View<'_>, next: &[View<'_>]) -> Option<Join> {
        let pairs = self.under_labels(up, low)?;
        let (beginning, rest) = label_of(up, low, &pairs)?;
        let goes_on = is_unfinished(beginning, rest)
            || starts_small(beginning, rest)
            || (beginning.is_at_least(CUT_LABEL) && is_numbered_on(up, beginning, next))
            || (low.above == Boundary::PageBreak
                && low.begins_blank()
                && beginning.is_at_least(CUT_LABEL)
                && next.first().is_some_and(|next| next.marks().next().is_some()));
        goes_on.then_some(Join { keeps_lower: false, pairs })
    }

    /// A page break cut the row through its figures: the rest of its label stands beside the last digits of a few of them or of none, and
    /// under the others stands nothing. The parts of a figure then share a cell, and what they are together is not for layout to say.
    fn rest_with_figures(&self, up: &View<'_>, low: &View<'_>) -> Option<Join> {
        let figures = |view: &View<'_>| view.fields.iter().filter(|field| field.is_figure()).count();
        let own = |field: &Field<'_>| field.cell.area().rows.length() == 1;
        let mut labels = low.labels().filter(|(_, field)| own(field));
        let ((lower, rest), None) = (labels.next()?, labels.next()) else { return None };
        let (upper, beginning) = up.labels().find(|(_, field)| field.columns.covers(rest.columns))?;
        let is_rest = closes_what_is_open(beginning.text(), rest.text())
            || (!begins_anew(rest) && beginning.is_at_least(CUT_LABEL) && beginning.mark().is_some());
        if self.is_lost || !is_rest || 2 * figures(low) > figures(up) {
            return None;
        }
        let under =
            |rest: &Field<'_>| up.fields.iter().position(|field| field.is_figure() && field.columns == rest.columns);
        let cut = low.fields.iter().enumerate().filter(|(_, field)| field.is_figure());
        let mut pairs = cut.map(|(index, field)| Some((under(field)?, index))).collect::<Option<Vec<_>>>()?;
        pairs.push((upper, lower));
        Some(Join { keeps_lower: false, pairs })
    }

    /// The upper row is the beginning of a label; the lower one has the rest of it, or none, and the figures.
    fn rest_beside_figures(&self, before: &View<'_>, up: &View<'_>, low: &View<'_>, next: &[View<'_>]) -> Option<Join> {
        let pairs = self.over_labels(up, low)?;
        let &(upper, lower) = pairs.last()?;
        let (beginning, rest) = (up.fields.get(upper)?, low.fields.get(lower)?);
        let is_cut = low.above == Boundary::PageBreak;
        // A label that is the title of a group has marks of a lower level under it: the figures may be those of a row whose label
        // is lost.
        let is_group = next
            .first()
            .and_then(|next| next.marks().next())
            .is_some_and(|next| Some(next.level()) > beginning.mark().map(Mark::level));
        let goes_on = if rest.kind == Kind::Blank {
            !is_group && beginning.mark().is_some() && beginning.is_at_least(CUT_LABEL)
        } else if begins_anew(rest) {
            false
        } else {
            is_unfinished(beginning, rest)
                || (self.fills_column(beginning)
                    && (beginning.mark().is_some() || before.has_figures())
                    && (starts_small(beginning, rest) || !ends_latin(beginning)))
                || (is_cut && beginning.is_at_least(CUT_LABEL) && is_numbered_on(up, beginning, next))
        };
        goes_on.then_some(Join { keeps_lower: true, pairs })
    }

    /// A row of words that a page break cut: what follows stands under its words, the first column blank. The first row of a table is
    /// its header, and no such row.
    fn text_cut_by_page(&self, up: &View<'_>, low: &View<'_>, next: &[View<'_>]) -> Option<Join> {
        let starts = up.fields.first().is_some_and(|field| field.kind == Kind::Label && field.columns.start() == 0);
        if self.is_lost || low.above != Boundary::PageBreak || !low.begins_blank() || !starts {
            return None;
        }
        let pairs = self.under_labels(up, low)?;
        let mut texts =
            pairs.iter().filter_map(|&(upper, lower)| Some((up.fields.get(upper)?, low.fields.get(lower)?)));
        let first = up.fields.first()?;
        let goes_on = texts.any(|(beginning, rest)| is_unfinished(beginning, rest)) || is_numbered_on(up, first, next);
        goes_on.then_some(Join { keeps_lower: false, pairs })
    }

    /// Each label of the lower row with the one of the upper row that it stands under. `None` where one stands under none, or is no
    /// rest of anything.
    fn under_labels(&self, up: &View<'_>, low: &View<'_>) -> Option<Vec<(usize, usize)>> {
        let mut pairs = Vec::new();
        for (lower, rest) in low.labels() {
            let (upper, beginning) = if self.is_lost {
                last_label(up, rest)?
            } else {
                up.labels().find(|(_, field)| field.columns.covers(rest.columns))?
            };
            if begins_anew(rest) && !closes_what_is_open(beginning.text(), rest.text()) {
                return None;
            }
            pairs.push((upper, lower));
        }
        (!pairs.is_empty() && (!self.is_lost || pairs.len() == 1)).then_some(pairs)
    }

    /// Each label of the upper row with the cell of the lower row that it stands over, which holds words or nothing. Where the
    /// columns say nothing, the last one goes with the only label there, and the others (those of groups) need a blank cell.
    fn over_labels(&self, up: &View<'_>, low: &View<'_>) -> Option<Vec<(usize, usize)>> {
        let (last, _) = up.labels().next_back()?;
        let mut pairs = Vec::new();
        for (upper, beginning) in up.labels() {
            let under = |field: &Field<'_>| beginning.columns.covers(field.columns);
            let (lower, rest) = if self.is_lost && upper == last {
                rest_or_blank(beginning, low)?
            } else {
                low.fields.iter().enumerate().find(|(_, field)| under(field))?
            };
            let goes = match rest.kind {
                Kind::Blank => true,
                Kind::Label => !self.is_lost || upper == last,
                Kind::Figure | Kind::Void => false,
            };
            if !goes || pairs.iter().any(|pair: &(usize, usize)| pair.1 >= lower) {
                return None;
            }
            pairs.push((upper, lower));
        }
        Some(pairs)
    }

    /// Whether a label is so long that it was wrapped at the edge of its column.
    fn fills_column(&self, label: &Field<'_>) -> bool {
        label.is_at_least(WRAPPED_LABEL)
            && self.table.is_some_and(|table| label.is_at_least(*self.widest.get_or_init(|| widest_label(table))))
    }
}

/// The label of the row, beginning and rest.
fn label_of<'a>(
    up: &'a View<'a>,
    low: &'a View<'a>,
    pairs: &[(usize, usize)],
) -> Option<(&'a Field<'a>, &'a Field<'a>)> {
    let &(upper, lower) = pairs.last()?;
    Some((up.fields.get(upper)?, low.fields.get(lower)?))
}

/// Where the columns say nothing: the last label of the row, and the rest must not stand farther right than the figures after it.
fn last_label<'a>(up: &'a View<'a>, rest: &Field<'_>) -> Option<(usize, &'a Field<'a>)> {
    let (index, label) = up.labels().next_back()?;
    let figure = up.fields.iter().skip(index).find(|field| field.is_figure());
    figure.is_none_or(|figure| rest.columns.start() < figure.columns.start()).then_some((index, label))
}

/// Where the columns say nothing: the only label of the row, or where it has none a blank before the figures, if possible the one
/// under the label.
fn rest_or_blank<'a>(beginning: &Field<'_>, low: &'a View<'a>) -> Option<(usize, &'a Field<'a>)> {
    let mut labels = low.labels();
    match (labels.next(), labels.next()) {
        (Some(label), None) => Some(label),
        (None, _) => {
            let mut blanks = low.fields.iter().enumerate().take_while(|(_, field)| !field.is_figure());
            let under = blanks.clone().find(|(_, field)| field.columns == beginning.columns);
            under.or_else(|| blanks.by_ref().last())
        }
        _ => None,
    }
}

/// What no rest of a label does: begin with a mark, a bullet or 第 and a number, or hold a colon near its start or at its end.
fn begins_anew(rest: &Field<'_>) -> bool {
    let text = rest.text();
    let after = text.strip_prefix('第').and_then(|rest| rest.chars().next());
    starts_list_item(text)
        || after.is_some_and(|c| c == '(' || c.is_ascii_digit() || "一二三四五六七八九十".contains(c))
        || text.chars().take(5).any(|c| c == ':')
        || text.ends_with(':')
}

/// Whether the text itself shows that the label goes on.
fn is_unfinished(beginning: &Field<'_>, rest: &Field<'_>) -> bool {
    let (beginning, rest) = (beginning.text(), rest.text());
    closes_what_is_open(beginning, rest)
        || beginning.ends_with(['、', ',', '(', '[', '<'])
        || rest.starts_with(['、', ',', '.', ';', ')', ']', '>', '!', '?', '%'])
}

/// A Latin word in small letters after one that ends no sentence.
fn starts_small(beginning: &Field<'_>, rest: &Field<'_>) -> bool {
    ends_latin(beginning) && rest.text().starts_with(|c: char| c.is_lowercase())
}

fn ends_latin(label: &Field<'_>) -> bool {
    label.text().ends_with(|c: char| c.is_ascii_alphabetic() || c == '-')
}

/// Whether the rows below go on with the numbering right after this label: with its next number, or with one of a higher level.
/// Further lines of the same rest may stand between.
fn is_numbered_on(up: &View<'_>, label: &Field<'_>, next: &[View<'_>]) -> bool {
    let Some(mark) = label.mark().or_else(|| up.marks().next()) else {
        return false;
    };
    for view in next.iter().take(LOOK_AHEAD) {
        if view.marks().any(|next| follows(mark, next)) {
            return true;
        }
        if view.has_figures() || view.marks().next().is_some() {
            return false;
        }
    }
    false
}

fn follows(mark: Mark, next: Mark) -> bool {
    next.level() < mark.level() || (next.level() == mark.level() && value(next) == value(mark).saturating_add(1))
}

const fn value(mark: Mark) -> u32 {
    match mark {
        Mark::Han(n) | Mark::HanInParentheses(n) | Mark::Arabic(n) | Mark::ArabicInParentheses(n) => n,
    }
}
