//! Rows: what belongs to one row of the source and stands in two is joined.
//!
//! Two rows are candidates only where nothing but the layout, or a page break, parts them. They are one row where the label that one
//! of them holds goes on in the other: below the figures (`2.逾期未缴费 0 0 0` / `用、不再处理`), or above them (`2.逾期未缴费用、不` /
//! `再处理 0 0 0`). The trouble is the row that looks the same and is not: a group (`（六）其他处理` alone), a header in the middle of
//! a table, a note. Told apart by:
//!
//! - what a rest never does: begin with a numbering mark, a bullet or 第…; hold a colon near its start; stand in several cells
//!   that are not each under a label;
//! - what shows a label as unfinished: an open bracket that the rest closes, a last 、 or comma, a rest that begins with
//!   punctuation or in small letters;
//! - numbering: an unmarked row between 2. and 3. belongs to 2.;
//! - a label as long as the longest of its table filled its column, and so was wrapped.
//!
//! When undecided, both rows stay.

use nianbao_model::{
    Block, Boundary, Cell, Document, Grid, Mark, Span, Table, Warning, WarningKind, leading_mark,
};

use crate::figures::{Kind, kind};
use crate::headers::seen;
use crate::nested;
use crate::text::{self, closes_what_is_open, starts_list_item};

/// How many characters a label has at least that filled its column and was wrapped.
const WRAPPED_LABEL: usize = 10;

/// How many it has at least that was cut by a page break, or goes on between two numbered rows.
const CUT_LABEL: usize = 6;

/// How far below a broken row the next mark is looked for: a rest has no more lines than that.
const LOOK_AHEAD: usize = 4;

/// Joins rows that are one, in all tables.
pub(crate) fn join(document: &mut Document) -> bool {
    let nestings = nested::lines(&document.blocks);
    let mut changed = false;
    for index in 0..document.blocks.len() {
        let Some(Block::Table(table)) = document.blocks.get_mut(index) else {
            continue;
        };
        if !table.rows().iter().skip(1).any(|row| is_soft(row.above)) {
            continue;
        }
        let plan = Plan::of(table, |row| nestings.in_row(index, row));
        if plan.labels.is_empty() {
            continue;
        }
        document
            .warnings
            .extend(plan.labels.iter().map(|label| label.warning(table)));
        for (row, above) in table.rows_mut().iter_mut().zip(&plan.above) {
            row.above = *above;
        }
        let dropped: Vec<bool> = plan.heirs.iter().map(Option::is_some).collect();
        let slots = plan.slots(table);
        nested::drop_rows(&mut document.blocks, index, &dropped, |cell| {
            let place = slots
                .binary_search_by_key(&cell.area().corner(), |slot| slot.0)
                .ok()?;
            slots.get(place).map(|slot| slot.1)
        });
        changed = true;
    }
    changed
}

/// Whether the first row of `second` only goes on with the last row of `first`.
pub(crate) fn goes_on(first: &Table, second: &Table) -> bool {
    let last = first.rows().len();
    let mut views: Vec<View> = (last.saturating_sub(2)..last)
        .map(|row| View::of(first, row, false))
        .collect();
    let low = views.len();
    let rows = second.rows().len().min(LOOK_AHEAD + 2);
    views.extend((0..rows).map(|row| View::of(second, row, false)));
    let scene = Scene {
        is_lost: first.grid == Grid::Lost || second.grid == Grid::Lost,
        widest: usize::MAX,
    };
    low.checked_sub(1)
        .is_some_and(|up| scene.join(&views, up.checked_sub(1), up, low).is_some())
}

/// Whether nothing but the layout, or a page break, says that a row begins.
pub(crate) const fn is_soft(boundary: Boundary) -> bool {
    matches!(boundary, Boundary::Inferred | Boundary::PageBreak)
}

/// Which rows go into which.
struct Plan {
    /// For each row that goes: where to.
    heirs: Vec<Option<Heir>>,
    /// The upper boundary of each row when all is done.
    above: Vec<Boundary>,
    /// The labels that were put together.
    labels: Vec<Label>,
}

/// Where a row goes that is joined to another.
struct Heir {
    /// The row that takes it in.
    row: usize,
    /// The columns that go together: here and there. The last is that of the label.
    columns: Vec<(usize, usize)>,
}

impl Heir {
    /// Goes to `row` in place of the row it went to so far, which goes there too, `columns` together.
    fn move_on(&mut self, row: usize, columns: &[(usize, usize)]) {
        self.row = row;
        for (_, there) in &mut self.columns {
            let pair = columns.iter().find(|pair| pair.0 == *there).or(columns.last());
            *there = pair.map_or(*there, |pair| pair.1);
        }
    }
}

/// A label and the slots of its parts, in reading order.
struct Label {
    parts: Vec<(usize, usize)>,
}

impl Label {
    fn warning(&self, table: &Table) -> Warning {
        let cells = || {
            self.parts
                .iter()
                .filter_map(|&(row, column)| table.get(row, column))
        };
        let lines = cells().flat_map(|cell| cell.lines.iter().cloned()).collect();
        let places = cells().flat_map(|cell| cell.origins.iter().cloned()).collect();
        Warning::new(
            WarningKind::RowsJoined {
                label: text::whole(lines),
            },
            places,
        )
    }
}

impl Plan {
    /// Each row is held against the nearest one above it that stays, as that one reads by then.
    fn of(table: &Table, hosts: impl Fn(usize) -> bool) -> Self {
        let mut views: Vec<View> = (0..table.rows().len())
            .map(|row| View::of(table, row, hosts(row)))
            .collect();
        let scene = Scene {
            is_lost: table.grid == Grid::Lost,
            widest: widest_label(&views),
        };
        let mut heirs: Vec<Option<Heir>> = (0..views.len()).map(|_| None).collect();
        let mut labels: Vec<Label> = Vec::new();
        let (mut before, mut up) = (None, 0);
        let mut is_growing = false;
        for low in 1..views.len() {
            let Some(join) = scene.join(&views, before, up, low) else {
                (before, up) = (Some(up), low);
                is_growing = false;
                continue;
            };
            let columns = join.put_together(&mut views, up, low);
            let Some(&(upper, lower)) = columns.last() else {
                continue;
            };
            if !is_growing {
                labels.push(Label {
                    parts: vec![(up, upper)],
                });
            }
            is_growing = true;
            let first = labels
                .last()
                .and_then(|label| label.parts.first())
                .map_or(up, |part| part.0);
            if let Some(label) = labels.last_mut() {
                label.parts.push((low, lower));
            }
            if join.keeps_lower {
                // Rows that went into the upper one go on with it.
                for heir in heirs.iter_mut().take(low).skip(first).flatten() {
                    heir.move_on(low, &columns);
                }
                if let Some(heir) = heirs.get_mut(up) {
                    *heir = Some(Heir { row: low, columns });
                }
                up = low;
            } else if let Some(heir) = heirs.get_mut(low) {
                let columns = columns.iter().map(|&(upper, lower)| (lower, upper)).collect();
                *heir = Some(Heir { row: up, columns });
            }
        }
        let above = views.iter().map(|view| view.above).collect();
        Self { heirs, above, labels }
    }

    /// For each cell of a row that goes, sorted, the slot of the cell that takes it in. Blank cells go to their own column where the
    /// columns are known, else to the label.
    fn slots(&self, table: &Table) -> Vec<((usize, usize), (usize, usize))> {
        let mut slots = Vec::new();
        for (row, heir) in self.heirs.iter().enumerate() {
            let Some(heir) = heir else { continue };
            for cell in table.cells_from(row) {
                let (_, column) = cell.area().corner();
                let has_own = table.grid != Grid::Lost && table.get(heir.row, column).is_some();
                let pair = heir.columns.iter().find(|pair| pair.0 == column);
                let there = match (pair, heir.columns.last()) {
                    (Some(pair), _) => pair.1,
                    (None, Some(label)) if !has_own => label.1,
                    _ => column,
                };
                slots.push(((row, column), (heir.row, there)));
            }
        }
        slots
    }
}

/// A row as the evidence sees it: the cells that begin in it, their text folded.
struct View {
    above: Boundary,
    /// It takes no part: the source calls it a header or hides it, a table is nested in it, a cell reaches below it.
    is_fixed: bool,
    fields: Vec<Field>,
}

struct Field {
    columns: Span,
    kind: Kind,
    /// The folded text of a label, or of the first field of a row.
    text: String,
}

impl View {
    fn of(table: &Table, row: usize, hosts: bool) -> Self {
        let cells = table.cells_from(row);
        let stated = table.rows().get(row).copied();
        let reaches_below = |cell: &Cell| cell.area().rows.length() > 1 && kind(cell) != Kind::Blank;
        Self {
            above: stated.map_or(Boundary::Stated, |row| row.above),
            is_fixed: hosts
                || stated.is_none_or(|row| row.header || row.hidden)
                || cells.iter().any(reaches_below),
            fields: cells
                .iter()
                .enumerate()
                .map(|(index, cell)| {
                    let kind = kind(cell);
                    let is_read = kind == Kind::Label || (kind == Kind::Figure && index == 0);
                    Field {
                        columns: cell.area().columns,
                        kind,
                        text: if is_read {
                            seen(cell).collect()
                        } else {
                            String::new()
                        },
                    }
                })
                .collect(),
        }
    }

    fn has_figures(&self) -> bool {
        self.fields.iter().any(Field::is_figure)
    }

    /// Its labels, with their index among the fields.
    fn labels(&self) -> impl DoubleEndedIterator<Item = (usize, &Field)> {
        self.fields
            .iter()
            .enumerate()
            .filter(|(_, field)| field.kind == Kind::Label)
    }

    /// The numbers that stand before its labels; a whole number in the first field counts as one.
    fn marks(&self) -> impl Iterator<Item = Mark> {
        let counter = self.fields.first().filter(|field| field.kind == Kind::Figure);
        let counter = counter
            .and_then(|field| field.text.parse().ok())
            .map(Mark::Arabic);
        let marks = self.labels().filter_map(|(_, field)| field.mark());
        counter.into_iter().chain(marks)
    }

    fn begins_blank(&self) -> bool {
        self.fields
            .first()
            .is_none_or(|field| field.kind == Kind::Blank || field.columns.start() > 0)
    }
}

impl Field {
    fn is_figure(&self) -> bool {
        matches!(self.kind, Kind::Figure | Kind::Void)
    }

    fn mark(&self) -> Option<Mark> {
        leading_mark(&self.text).map(|(mark, _)| mark)
    }

    fn is_at_least(&self, characters: usize) -> bool {
        self.text.chars().nth(characters.saturating_sub(1)).is_some()
    }
}

/// The length of the longest label that stands beside figures, in characters.
fn widest_label(views: &[View]) -> usize {
    let beside = views.iter().filter(|view| view.has_figures());
    let labels = beside.filter_map(|view| view.labels().next_back());
    labels
        .map(|(_, field)| field.text.chars().count())
        .max()
        .unwrap_or(0)
}

/// Two rows that are one.
struct Join {
    /// The lower row has the figures, so it stays and takes in the upper one.
    keeps_lower: bool,
    /// The fields that go together, by their index in the upper and in the lower row. The last is the label of the row.
    pairs: Vec<(usize, usize)>,
}

impl Join {
    /// Puts the texts together in the view that stays. Returns the columns that go together: in the upper and in the lower row.
    fn put_together(&self, views: &mut [View], up: usize, low: usize) -> Vec<(usize, usize)> {
        let Some((above, [lower_view, ..])) = views.split_at_mut_checked(low) else {
            return Vec::new();
        };
        let Some(upper_view) = above.get_mut(up) else {
            return Vec::new();
        };
        let mut columns = Vec::with_capacity(self.pairs.len());
        for &(upper, lower) in &self.pairs {
            let (Some(upper), Some(lower)) =
                (upper_view.fields.get_mut(upper), lower_view.fields.get_mut(lower))
            else {
                continue;
            };
            columns.push((upper.columns.start(), lower.columns.start()));
            let whole = format!("{}{}", upper.text, lower.text);
            let kept = if self.keeps_lower { lower } else { upper };
            kept.text = whole;
            kept.kind = Kind::Label;
        }
        if self.keeps_lower {
            lower_view.above = upper_view.above;
        }
        columns
    }
}

/// What a decision knows of the table as a whole.
struct Scene {
    /// The columns say nothing.
    is_lost: bool,
    /// The length of the longest label beside figures.
    widest: usize,
}

impl Scene {
    /// Whether the rows `up` and `low` are one, and how. `before` is the row above `up`.
    fn join(&self, views: &[View], before: Option<usize>, up: usize, low: usize) -> Option<Join> {
        let next = views.get(low + 1..).unwrap_or_default();
        let before = before.and_then(|before| views.get(before));
        let (up, low) = (views.get(up)?, views.get(low)?);
        if !is_soft(low.above)
            || up.is_fixed
            || low.is_fixed
            || low.labels().next().is_none() && !low.has_figures()
        {
            return None;
        }
        match (up.has_figures(), low.has_figures()) {
            (true, false) => self.rest_below(up, low, next),
            (false, true) => self.rest_beside_figures(before?, up, low, next),
            (false, false) => self.text_cut_by_page(before?, up, low, next),
            (true, true) => None,
        }
    }

    /// The upper row has its figures; the lower one is the rest of its labels.
    fn rest_below(&self, up: &View, low: &View, next: &[View]) -> Option<Join> {
        let pairs = self.under_labels(up, low)?;
        let (beginning, rest) = label_of(up, low, &pairs)?;
        let goes_on = is_unfinished(beginning, rest)
            || starts_small(beginning, rest)
            || (beginning.is_at_least(CUT_LABEL) && is_numbered_on(up, beginning, next))
            || (low.above == Boundary::PageBreak
                && low.begins_blank()
                && beginning.is_at_least(CUT_LABEL)
                && next.first().is_some_and(|next| next.marks().next().is_some()));
        goes_on.then_some(Join {
            keeps_lower: false,
            pairs,
        })
    }

    /// The upper row is the beginning of a label; the lower one has the rest of it, or none, and the figures.
    fn rest_beside_figures(&self, before: &View, up: &View, low: &View, next: &[View]) -> Option<Join> {
        let pairs = self.over_labels(up, low)?;
        let &(upper, lower) = pairs.last()?;
        let (beginning, rest) = (up.fields.get(upper)?, low.fields.get(lower)?);
        let is_cut = low.above == Boundary::PageBreak;
        let is_group = next
            .iter()
            .take(1)
            .flat_map(View::marks)
            .any(|mark| Some(mark.level()) > beginning.mark().map(Mark::level));
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
        goes_on.then_some(Join {
            keeps_lower: true,
            pairs,
        })
    }

    /// A row of words that a page break cut: what follows stands under its words, the first column blank.
    fn text_cut_by_page(&self, _before: &View, up: &View, low: &View, next: &[View]) -> Option<Join> {
        let starts = up
            .fields
            .first()
            .is_some_and(|field| field.kind == Kind::Label && field.columns.start() == 0);
        if self.is_lost || low.above != Boundary::PageBreak || !low.begins_blank() || !starts {
            return None;
        }
        let pairs = self.under_labels(up, low)?;
        let mut texts = pairs
            .iter()
            .filter_map(|&(upper, lower)| Some((up.fields.get(upper)?, low.fields.get(lower)?)));
        let first = up.fields.first()?;
        let goes_on =
            texts.any(|(beginning, rest)| is_unfinished(beginning, rest)) || is_numbered_on(up, first, next);
        goes_on.then_some(Join {
            keeps_lower: false,
            pairs,
        })
    }

    /// Each label of the lower row with the one of the upper row that it stands under. `None` where one stands under none, or is no
    /// rest of anything.
    fn under_labels(&self, up: &View, low: &View) -> Option<Vec<(usize, usize)>> {
        let mut pairs = Vec::new();
        for (lower, rest) in low.labels() {
            let (upper, beginning) = if self.is_lost {
                last_label(up, rest)?
            } else {
                up.labels()
                    .find(|(_, field)| field.columns.covers(rest.columns))?
            };
            if begins_anew(rest) && !closes_what_is_open(&beginning.text, &rest.text) {
                return None;
            }
            pairs.push((upper, lower));
        }
        (!pairs.is_empty() && (!self.is_lost || pairs.len() == 1)).then_some(pairs)
    }

    /// Each label of the upper row with the cell of the lower row that it stands over, which holds words or nothing. Where the
    /// columns say nothing, the last one goes with the only label there, and the others (those of groups) need a blank cell.
    fn over_labels(&self, up: &View, low: &View) -> Option<Vec<(usize, usize)>> {
        let (last, _) = up.labels().next_back()?;
        let mut pairs = Vec::new();
        for (upper, beginning) in up.labels() {
            let under = |field: &Field| beginning.columns.covers(field.columns);
            let (lower, rest) = if self.is_lost && upper == last {
                rest_or_blank(low)?
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
    fn fills_column(&self, label: &Field) -> bool {
        label.is_at_least(WRAPPED_LABEL) && label.is_at_least(self.widest)
    }
}

/// The label of the row, beginning and rest.
fn label_of<'a>(up: &'a View, low: &'a View, pairs: &[(usize, usize)]) -> Option<(&'a Field, &'a Field)> {
    let &(upper, lower) = pairs.last()?;
    Some((up.fields.get(upper)?, low.fields.get(lower)?))
}

/// Where the columns say nothing: the last label of the row, and the rest must not stand farther right than the figures after it.
fn last_label<'a>(up: &'a View, rest: &Field) -> Option<(usize, &'a Field)> {
    let (index, label) = up.labels().next_back()?;
    let figure = up.fields.iter().skip(index).find(|field| field.is_figure());
    figure
        .is_none_or(|figure| rest.columns.start() < figure.columns.start())
        .then_some((index, label))
}

/// Where the columns say nothing: the only label of the row, or where it has none the last blank before the figures.
fn rest_or_blank(low: &View) -> Option<(usize, &Field)> {
    let mut labels = low.labels();
    match (labels.next(), labels.next()) {
        (Some(label), None) => Some(label),
        (None, _) => {
            let before = low
                .fields
                .iter()
                .enumerate()
                .take_while(|(_, field)| !field.is_figure());
            before.last()
        }
        _ => None,
    }
}

/// What no rest of a label does: begin with a mark, a bullet or 第 and a number, or hold a colon near its start or at its end.
fn begins_anew(rest: &Field) -> bool {
    let text = rest.text.as_str();
    let after = text.strip_prefix('第').and_then(|rest| rest.chars().next());
    starts_list_item(text)
        || after.is_some_and(|c| c == '(' || c.is_ascii_digit() || "一二三四五六七八九十".contains(c))
        || text.chars().take(5).any(|c| c == ':')
        || text.ends_with(':')
}

/// Whether the text itself shows that the label goes on.
fn is_unfinished(beginning: &Field, rest: &Field) -> bool {
    let (beginning, rest) = (beginning.text.as_str(), rest.text.as_str());
    closes_what_is_open(beginning, rest)
        || beginning.ends_with(['、', ',', '(', '[', '<'])
        || rest.starts_with(['、', ',', '.', ';', ')', ']', '>', '!', '?', '%'])
}

/// A Latin word in small letters after one that ends no sentence.
fn starts_small(beginning: &Field, rest: &Field) -> bool {
    ends_latin(beginning) && rest.text.starts_with(|c: char| c.is_lowercase())
}

fn ends_latin(label: &Field) -> bool {
    label
        .text
        .ends_with(|c: char| c.is_ascii_alphabetic() || c == '-')
}

/// Whether the rows below go on with the numbering right after this label: with its next number, or with one of a higher level.
/// Further lines of the same rest may stand between.
fn is_numbered_on(up: &View, label: &Field, next: &[View]) -> bool {
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
    next.level() < mark.level()
        || (next.level() == mark.level() && value(next) == value(mark).saturating_add(1))
}

const fn value(mark: Mark) -> u32 {
    match mark {
        Mark::Han(n) | Mark::HanInParentheses(n) | Mark::Arabic(n) | Mark::ArabicInParentheses(n) => n,
    }
}

#[cfg(test)]
mod tests {
    use crate::build::{one, rows, warnings};
    use crate::reconcile;
    use nianbao_model::Boundary::{Inferred, PageBreak, Ruled, Stated};
    use nianbao_model::{Boundary, Grid, WarningKind};

    fn joined(grid: Grid, list: &[(Boundary, &str)]) -> Vec<String> {
        rows(&reconcile(one(grid, list)))
    }

    #[test]
    fn the_rest_of_a_label_below_its_figures_goes_up() {
        let done = reconcile(one(
            Grid::Lost,
            &[
                (
                    Inferred,
                    "|（六）其他处理|1. 申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请|0|0|0|0|0|0",
                ),
                (
                    Inferred,
                    "||2. 申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信|0|0|0|0|0|0",
                ),
                (PageBreak, "|信息公开申请|||||||"),
                (Inferred, "|3. 其他|0|0|0|0|0|0|0|0"),
                (Inferred, "|(七) 总计|0|0|0|0|0|0|0|0"),
            ],
        ));
        let label = "2. 申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信信息公开申请";
        assert_eq!(rows(&done)[1], format!("||{label}|0|0|0|0|0|0"));
        assert_eq!(rows(&done).len(), 4);
        assert!(matches!(&done.warnings[0].kind, WarningKind::RowsJoined { label: found } if found == label));
        assert_eq!(done.warnings[0].at.len(), 2);
    }

    #[test]
    fn the_rest_of_a_label_beside_the_figures_takes_in_its_beginning() {
        for grid in [Grid::Lost, Grid::Inferred] {
            let list = [
                (Inferred, "内容|甲|乙"),
                (Inferred, "1.重复申请|1|2"),
                (Inferred, "2.申请人无正当理由逾期不补正、行政机||"),
                (Inferred, "关不再处理其政府信息公开申请|0|0"),
                (Inferred, "3.其他|1|2"),
            ];
            let wanted = "2.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请|0|0";
            let done = joined(grid, &list);
            assert_eq!(done.len(), 4, "{grid:?}");
            assert!(
                done[2].starts_with("2.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请|"),
                "{done:?}"
            );
            assert_eq!(done[2], wanted);
        }
    }

    #[test]
    fn the_label_of_a_group_stays_apart_from_the_one_that_is_cut() {
        for grid in [Grid::Lost, Grid::Inferred] {
            let list = [
                (Inferred, "（五）不予处理|5.要求确认或重新出具已获取信息|1|2"),
                (
                    Inferred,
                    "（六）其他处理|1.申请人无正当理由逾期不补正、行政机关||",
                ),
                (PageBreak, "|不再处理其政府信息公开申请|149|42"),
                (Inferred, "|2.其他|3|4"),
            ];
            let wanted =
                "（六）其他处理|1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请|149|42";
            assert_eq!(joined(grid, &list)[1], wanted, "{grid:?}");
        }
    }

    #[test]
    fn a_label_around_its_figures_becomes_one() {
        let list = [
            (Inferred, "1.重复申请|1|2"),
            (Inferred, "2.申请人无正当理由逾期不补正（指||"),
            (Inferred, "未在期限内补正）、行政机|0|0"),
            (Inferred, "关不再处理||"),
            (Inferred, "3.其他|1|2"),
        ];
        assert_eq!(
            joined(Grid::Inferred, &list)[1],
            "2.申请人无正当理由逾期不补正（指未在期限内补正）、行政机关不再处理|0|0"
        );
        assert_eq!(joined(Grid::Inferred, &list).len(), 3);
    }

    #[test]
    fn figures_whose_label_stands_alone_above_join_it() {
        let list = [
            (Inferred, "内容|甲|乙"),
            (Inferred, "1.申请人逾期未缴纳费用||"),
            (Inferred, "|3|4"),
            (Inferred, "2.其他|1|2"),
        ];
        assert_eq!(
            joined(Grid::Inferred, &list),
            ["内容|甲|乙", "1.申请人逾期未缴纳费用|3|4", "2.其他|1|2"]
        );
    }

    #[test]
    fn groups_headers_and_notes_are_not_swallowed() {
        let lists: [&[(Boundary, &str)]; 7] = [
            &[
                (Inferred, "文件|1|2|3"),
                (Inferred, "第二十条第（五）项|||"),
                (Inferred, "内容|本年处理决定数量||"),
                (Inferred, "许可|0||"),
            ],
            &[
                (Inferred, "8.属于行政查询事项|0|0"),
                (PageBreak, "（四）无法提供||"),
                (Inferred, "1.不掌握相关政府信息|0|0"),
            ],
            &[
                (Inferred, "5.要求行政机关确认信息|0|0"),
                (Inferred, "（六）其他处理||"),
                (Inferred, "其他|0|0"),
            ],
            &[
                (Inferred, "总数|1|2"),
                (Inferred, "其中：||"),
                (Inferred, "男|1|1"),
            ],
            &[(Inferred, "2.其他|1|2"), (PageBreak, "注：以上单位为件||")],
            &[
                (Inferred, "Assets||"),
                (Inferred, "Buildings|1|2"),
                (Inferred, "Liabilities||"),
                (Inferred, "Loans|1|2"),
            ],
            &[
                (Inferred, "统计情况一览表如下所示||"),
                (Inferred, "规章|1|2"),
                (Inferred, "文件|1|2"),
            ],
        ];
        for list in lists {
            for grid in [Grid::Lost, Grid::Inferred] {
                assert_eq!(joined(grid, list).len(), list.len(), "{list:?}");
            }
        }
    }

    #[test]
    fn rows_that_the_source_states_stay_whatever_they_hold() {
        for above in [Stated, Ruled] {
            let list = [
                (above, "2.逾期未按通知缴纳费用（指|0"),
                (above, "期限内）|"),
                (above, "3.其他|1"),
            ];
            assert_eq!(joined(Grid::Stated, &list).len(), 3);
        }
    }

    #[test]
    fn text_never_goes_into_a_figure() {
        let list = [
            (Inferred, "1.重复申请|1|2"),
            (PageBreak, "|、续|"),
            (Inferred, "2.其他|1|2"),
        ];
        assert_eq!(joined(Grid::Inferred, &list).len(), 3);
    }

    #[test]
    fn a_row_of_words_cut_by_a_page_is_joined_where_its_text_shows_it() {
        let list = [
            (Stated, "姓名|单位|事由"),
            (Ruled, "张三|某局（原某|查询"),
            (PageBreak, "|办）|"),
            (Ruled, "李四|某委|查询"),
        ];
        assert_eq!(joined(Grid::Stated, &list)[1], "张三|某局（原某办）|查询");
        let list = [
            (Stated, "序号|单位"),
            (Ruled, "1|某市某局办公"),
            (PageBreak, "|室"),
            (Ruled, "2|某委"),
        ];
        assert_eq!(joined(Grid::Stated, &list)[1], "1|某市某局办公室");
        let list = [
            (Stated, "姓名|单位"),
            (Ruled, "张三|某局"),
            (PageBreak, "|某委"),
            (Ruled, "李四|某委"),
        ];
        assert_eq!(joined(Grid::Stated, &list).len(), 4);
    }

    #[test]
    fn a_label_goes_on_below_a_repeated_header() {
        let list = [
            (Stated, "内容|数量"),
            (Ruled, "1.逾期未按通知缴纳费用、不再处理其申|0"),
            (PageBreak, "内容|数量"),
            (Ruled, "请|"),
            (Ruled, "2.其他|1"),
        ];
        let done = reconcile(one(Grid::Stated, &list));
        assert_eq!(
            rows(&done),
            [
                "内容|数量",
                "1.逾期未按通知缴纳费用、不再处理其申请|0",
                "2.其他|1"
            ]
        );
        assert_eq!(
            warnings(&done),
            ["header_repeated", "rows_joined", "lines_joined"]
        );
    }
}
