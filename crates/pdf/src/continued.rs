//! Tables that a page cuts. The part below the break may show fewer columns than the part above it, or more, as a header of few words has
//! fewer than the rows under it: where the two fit together they are put on the same columns, so that `nianbao-reconcile`, which knows no
//! place on a page, can tell whether they are one table. And a number cut in two between its digits is made whole, for only the width of
//! its cell tells that it is one. Rows and tables are not joined here.

use nianbao_model::Span;

use crate::Sheet;
use crate::draft::{Draft, DraftCell};
use crate::furniture;
use crate::layout::Item;
use crate::settings::SAME_EDGE;
use crate::table;

/// Puts the last table of a page and the first one of the next page on the same columns, where one may be the rest of the other.
/// What may be a header or footer of the page is passed over.
pub(crate) fn align(above: &mut Sheet, below: &mut Sheet) {
    let (upper_height, lower_height) = (above.height, below.height);
    let upper = above.items.iter_mut().rev().find(|item| !furniture::may_be(item, upper_height));
    let lower = below.items.iter_mut().find(|item| !furniture::may_be(item, lower_height));
    if let (Some(Item::Draft(upper)), Some(Item::Draft(lower))) = (upper, lower) {
        if let Some(missing) = missing(upper, lower) {
            cut(upper, &missing);
        } else if let Some(missing) = missing(lower, upper) {
            cut(lower, &missing);
        }
        carry_digits(upper, lower);
    }
}

/// Carries the rest of numbers that a page break cuts in two back to the row above it (158 / 0): where the last row fills its cell with
/// digits, the first row below has fewer digits in the same column, and nothing where other figures of that row stand. Whether they are
/// one number then, the width of the cell tells, as within a page.
fn carry_digits(upper: &mut Draft, lower: &mut Draft) {
    let is_number = |cell: &DraftCell| {
        let [line] = cell.lines.as_slice() else { return false };
        line.text().chars().all(|c| c.is_ascii_digit())
    };
    let padding = table::padding(upper);
    let last = upper.rows().saturating_sub(1);
    let above: Vec<usize> = (0..upper.cells.len())
        .filter(|&index| {
            upper.cells.get(index).is_some_and(|cell| cell.area.rows == Span::one(last) && is_number(cell))
        })
        .collect();
    let mut pairs = Vec::new();
    for &index in &above {
        let Some(cell) = upper.cells.get(index) else { continue };
        let below = |other: &DraftCell| other.area.rows == Span::one(0) && other.area.columns == cell.area.columns;
        let Some(place) = lower.cells.iter().position(below) else { return };
        let Some(rest) = lower.cells.get(place).filter(|rest| !rest.lines.is_empty()) else { continue };
        let room = upper.rect(cell.area).width() - 2.0 * padding;
        let is_shorter =
            rest.lines.first().map(|line| line.text().len()) < cell.lines.first().map(|line| line.text().len());
        if !is_number(rest) || !is_shorter || !cell.lines.iter().all(|line| table::is_full(line, &line.text(), room)) {
            return;
        }
        pairs.push((index, place));
    }
    if pairs.len() == above.len() {
        return;
    }
    for (index, place) in pairs {
        let rest = lower.cells.get_mut(place).map(|cell| std::mem::take(&mut cell.lines));
        if let (Some(cell), Some(mut rest)) = (upper.cells.get_mut(index), rest) {
            cell.lines.append(&mut rest);
        }
    }
}

/// The places at which `finer` has a boundary between columns and `coarser` has none, as `coarser` lies on its page. `None` where one
/// is not the same table with more columns: another width, or a boundary of `coarser` that `finer` does not have.
fn missing(coarser: &Draft, finer: &Draft) -> Option<Vec<f32>> {
    let shift = coarser.xs.first()? - finer.xs.first()?;
    let places: Vec<f32> = finer.xs.iter().map(|x| x + shift).collect();
    let near = |places: &[f32], x: f32| places.iter().any(|place| (place - x).abs() <= SAME_EDGE);
    if (coarser.xs.last()? - places.last()?).abs() > SAME_EDGE || !coarser.xs.iter().all(|&x| near(&places, x)) {
        return None;
    }
    let missing: Vec<f32> = places.into_iter().filter(|&x| !near(&coarser.xs, x)).collect();
    (!missing.is_empty() && coarser.columns() > 1).then_some(missing)
}

/// Cuts the columns at the places; every cell covers the same part of the page as before.
fn cut(draft: &mut Draft, places: &[f32]) {
    for column in (0..draft.columns()).rev() {
        let (Some(&left), Some(&right)) = (draft.xs.get(column), draft.xs.get(column + 1)) else {
            continue;
        };
        let cuts: Vec<f32> = places.iter().copied().filter(|&x| left < x && x < right).collect();
        let was_ruled = draft.ruled_between.iter().all(|&ruled| ruled);
        draft.cut_column(column, &cuts);
        if was_ruled {
            // The boundaries are drawn on the other page.
            draft.ruled_between.fill(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Direction, Rect};
    use crate::words::{Line, Word};
    use nianbao_model::Area;

    fn draft(xs: &[f32]) -> Draft {
        let cells = (0..xs.len() - 1).map(|column| DraftCell { area: Area::one(0, column), lines: Vec::new() });
        Draft {
            xs: xs.to_vec(),
            ys: vec![0.0, 10.0],
            ruled_above: vec![true],
            ruled_between: vec![true; xs.len() - 2],
            cells: cells.collect(),
            turn: None,
        }
    }

    fn pages(upper: &[f32], lower: &[f32]) -> [Sheet; 2] {
        let page = |xs, index| Sheet { index, height: 842.0, items: vec![Item::Draft(draft(xs))] };
        [page(upper, 0), page(lower, 1)]
    }

    fn align(pages: &mut [Sheet; 2]) {
        let [above, below] = pages;
        super::align(above, below);
    }

    fn areas(page: &Sheet) -> Vec<(usize, usize)> {
        let Some(Item::Draft(draft)) = page.items.first() else { return Vec::new() };
        draft.cells.iter().map(|cell| (cell.area.columns.start(), cell.area.columns.end())).collect()
    }

    #[test]
    fn a_header_above_the_break_gets_the_columns_below_it() {
        let mut pages = pages(&[60.0, 280.0, 535.0], &[60.0, 90.0, 280.0, 400.0, 535.0]);
        align(&mut pages);
        let mut spans = areas(&pages[0]);
        spans.sort_unstable();
        assert_eq!(spans, [(0, 2), (2, 4)]);
        assert_eq!(areas(&pages[1]), [(0, 1), (1, 2), (2, 3), (3, 4)]);
    }

    #[test]
    fn a_part_that_lies_farther_right_on_its_page_is_the_same_table() {
        let mut pages = pages(&[60.0, 160.0, 280.0, 535.0], &[80.0, 300.0, 555.0]);
        align(&mut pages);
        assert_eq!(areas(&pages[1]).len(), 2);
        let Some(Item::Draft(lower)) = pages[1].items.first() else { panic!() };
        assert_eq!(lower.xs, [80.0, 180.0, 300.0, 555.0]);
    }

    #[test]
    fn a_page_number_between_is_passed_over() {
        let mut pages = pages(&[60.0, 280.0, 535.0], &[60.0, 90.0, 280.0, 535.0]);
        let bbox = Rect { left: 290.0, top: 800.0, right: 300.0, bottom: 810.0 };
        let word = Word { text: "1".to_owned(), bbox, blank_before: false, blank_shown: false, bold: false };
        let number = Line { words: vec![word], bbox, baseline: 808.0, size: 10.0, direction: Direction::Right };
        pages[0].items.push(Item::Text(vec![number]));
        align(&mut pages);
        let Some(Item::Draft(upper)) = pages[0].items.first() else { panic!() };
        assert_eq!(upper.xs, [60.0, 90.0, 280.0, 535.0]);
    }

    fn digits(draft: &mut Draft, column: usize, text: &str) {
        let bbox = Rect { left: 100.0, top: 1.0, right: 100.0 + 5.0 * text.len() as f32, bottom: 9.0 };
        let word = Word { text: text.to_owned(), bbox, blank_before: false, blank_shown: false, bold: false };
        let line = Line { words: vec![word], bbox, baseline: 8.0, size: 10.0, direction: Direction::Right };
        draft.cells[column].lines = vec![line];
    }

    #[test]
    fn the_rest_of_a_number_goes_back_over_the_break() {
        let xs = [60.0, 98.0, 117.0, 136.0];
        let cut = |rest: &[(usize, &str)]| {
            let [mut upper, mut lower] = [draft(&xs), draft(&xs)];
            digits(&mut upper, 1, "158");
            digits(&mut upper, 2, "67");
            rest.iter().for_each(|(column, text)| digits(&mut lower, *column, text));
            carry_digits(&mut upper, &mut lower);
            upper.cells[1].lines.len()
        };
        assert_eq!(cut(&[(1, "0")]), 2);
        assert_eq!(cut(&[(1, "0"), (2, "4")]), 1, "a row of its own");
        assert_eq!(cut(&[(1, "204")]), 1, "as long as the number above");
        assert_eq!(cut(&[(2, "4")]), 1, "the cell above has room");
    }

    #[test]
    fn another_table_keeps_its_columns() {
        for lower in [&[60.0, 200.0, 535.0][..], &[60.0, 280.0, 500.0], &[60.0, 535.0]] {
            let mut pages = pages(&[60.0, 280.0, 400.0, 535.0], lower);
            align(&mut pages);
            assert_eq!(areas(&pages[1]).len(), lower.len() - 1, "{lower:?}");
            assert_eq!(areas(&pages[0]).len(), 3);
        }
    }
}
