//! Merged cells: which cell fills which area, and what lies hidden beneath.

use std::collections::BTreeMap;

use nianbao_model::{Area, Span, Warning, WarningKind};

use crate::book::{Item, Sheet, What};

/// A merged cell may reach so far past everything that holds something; people merge whole rows and columns, and mean their table's width.
const SLACK_ROWS: usize = 1000;
const SLACK_COLUMNS: usize = 64;

/// Everything on a sheet that takes up room, in row-major order, none over another; and what was not sure.
pub(crate) fn items(sheet: &mut Sheet, warnings: &mut Vec<Warning>) -> Vec<Item> {
    let mut items = std::mem::take(&mut sheet.cells);
    let place = |cell: &Item| cell.area.corner();
    // Nearly all files hold their cells in order.
    if !items.is_sorted_by(|one, next| place(one) < place(next)) {
        items.sort_by_key(place);
        // A cell that is stated twice: the later statement counts, as the program that opens the file overwrites the earlier one.
        items.reverse();
        items.dedup_by_key(|cell| place(cell));
        items.reverse();
    }
    let mut bordered = std::mem::take(&mut sheet.bordered);
    bordered.sort_unstable();
    bordered.dedup();
    let merges = merges(sheet, &items, warnings);
    let mut over = Over::new(merges);
    let mut hidden = Vec::new();
    items.retain_mut(|item| {
        let (row, column) = place(item);
        match over.at(row, column) {
            None => return true,
            Some(merge) if merge.area.corner() == (row, column) => {
                merge.what = std::mem::replace(&mut item.what, What::Blank);
                merge.is_bordered |= item.is_bordered;
            }
            Some(_) => hidden.push(sheet.origin_of(item.area)),
        }
        false
    });
    if !hidden.is_empty() {
        warnings.push(Warning::new(WarningKind::HiddenTextLeftOut, hidden));
    }
    over.rewind();
    for (row, column) in bordered {
        let (row, column) = (row as usize, column as usize);
        match over.at(row, column) {
            None => items.push(Item { area: Area::one(row, column), what: What::Border, is_bordered: true }),
            Some(merge) => merge.is_bordered = true,
        }
    }
    items.extend(over.merges);
    items.sort_by_key(|item| item.area.corner());
    items.dedup_by(|next, item| next.area.corner() == item.area.corner() && !next.is_text());
    items
}

/// The merged areas that can be believed, in row-major order.
fn merges(sheet: &mut Sheet, cells: &[Item], warnings: &mut Vec<Warning>) -> Vec<Item> {
    let mut areas = std::mem::take(&mut sheet.merges);
    areas.retain(|area| area.rows.length() > 1 || area.columns.length() > 1);
    areas.sort_unstable();
    let last = |of_area: fn(&Area) -> usize| {
        let cells = cells.iter().map(|cell| of_area(&cell.area) + 1).max();
        // Where areas begin counts too: two blank columns beside each other are as wide as they are.
        cells.max(areas.iter().map(|area| of_area(area) + 1).max()).unwrap_or(0)
    };
    let last_row = last(|area| area.rows.start());
    let last_column = last(|area| area.columns.start());
    let mut kept: Vec<Item> = Vec::with_capacity(areas.len());
    let (mut cut, mut overlapping) = (Vec::new(), Vec::new());
    let mut open: BTreeMap<usize, Area> = BTreeMap::new();
    for area in areas {
        let rows = cut_to(area.rows, last_row, SLACK_ROWS);
        let columns = cut_to(area.columns, last_column, SLACK_COLUMNS);
        let whole = area;
        let origin = || sheet.origin_of(whole);
        let area = Area { rows, columns };
        if area != whole {
            cut.push(origin());
        }
        if meets(&mut open, area) {
            overlapping.push(origin());
            continue;
        }
        open.insert(area.columns.start(), area);
        kept.push(Item { area, what: What::Blank, is_bordered: false });
    }
    for (kind, at) in [(WarningKind::SpanCut, cut), (WarningKind::CellsOverlap, overlapping)] {
        if !at.is_empty() {
            warnings.push(Warning::new(kind, at));
        }
    }
    kept
}

fn cut_to(span: Span, last: usize, slack: usize) -> Span {
    if span.end() <= last.saturating_add(slack) {
        span
    } else {
        Span::between(span.start(), last).unwrap_or(Span::one(span.start()))
    }
}

/// Whether an area meets one of those that are open, which begin no later than it does; those that have ended are forgotten.
fn meets(open: &mut BTreeMap<usize, Area>, area: Area) -> bool {
    loop {
        let near = open.range(..area.columns.end()).next_back().map(|(&column, &other)| (column, other));
        match near {
            Some((column, other)) if other.rows.end() <= area.rows.start() => {
                open.remove(&column);
            }
            Some((_, other)) => return other.columns.overlaps(area.columns),
            None => return false,
        }
    }
}

/// Merged areas, asked for slot by slot in row-major order.
struct Over {
    merges: Vec<Item>,
    next: usize,
    /// By their first column, those that have begun and may not have ended.
    open: BTreeMap<usize, usize>,
    /// The row below all of these.
    reach: usize,
}

impl Over {
    const fn new(merges: Vec<Item>) -> Self {
        Self { merges, next: 0, open: BTreeMap::new(), reach: 0 }
    }

    /// Begins again at the first row.
    fn rewind(&mut self) {
        self.next = 0;
        self.open.clear();
        self.reach = 0;
    }

    fn at(&mut self, row: usize, column: usize) -> Option<&mut Item> {
        while let Some(merge) = self.merges.get(self.next).filter(|merge| merge.area.rows.start() <= row) {
            self.open.insert(merge.area.columns.start(), self.next);
            self.reach = self.reach.max(merge.area.rows.end());
            self.next += 1;
        }
        // Most rows have no merged cell.
        if row >= self.reach {
            return None;
        }
        loop {
            let (&first, &index) = self.open.range(..=column).next_back()?;
            let area = self.merges.get(index)?.area;
            if area.rows.end() <= row {
                self.open.remove(&first);
            } else {
                return self.merges.get_mut(index).filter(|_| area.columns.contains(column));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn area(rows: (usize, usize), columns: (usize, usize)) -> Area {
        Area { rows: Span::between(rows.0, rows.1).unwrap(), columns: Span::between(columns.0, columns.1).unwrap() }
    }

    fn held(row: u32, column: u32, text: &str) -> Item {
        Item::cell(row, column, text, false)
    }

    #[test]
    fn a_merged_cell_is_taken_whole_and_what_lies_beneath_is_said() {
        let mut sheet = Sheet::new("表1", false);
        sheet.cells = vec![held(0, 0, "申请人情况"), held(1, 1, "遗留"), held(2, 0, "1")];
        sheet.merges = vec![area((0, 2), (0, 3)), area((2, 3), (0, 1))];
        let mut warnings = Vec::new();
        let items = items(&mut sheet, &mut warnings);
        assert_eq!(items.len(), 2);
        assert_eq!((items[0].area, items[0].text()), (area((0, 2), (0, 3)), "申请人情况"));
        assert_eq!(warnings.len(), 1);
        assert_eq!(warnings[0].to_string(), "hidden text left out @ 表1!B2");
    }

    #[test]
    fn a_title_over_the_whole_sheet_is_as_wide_as_the_rest() {
        let mut sheet = Sheet::new("表1", false);
        sheet.cells = vec![held(0, 0, "标题"), held(1, 0, "甲"), held(1, 4, "乙")];
        sheet.merges = vec![area((0, 1), (0, 16_384))];
        let mut warnings = Vec::new();
        let items = items(&mut sheet, &mut warnings);
        assert_eq!(items[0].area, area((0, 1), (0, 5)));
        assert_eq!(warnings[0].kind, WarningKind::SpanCut);
    }

    #[test]
    fn of_a_cell_that_is_stated_twice_the_later_one_counts() {
        let mut sheet = Sheet::new("表1", false);
        sheet.cells = vec![held(0, 0, "1"), held(0, 0, "2")];
        assert_eq!(items(&mut sheet, &mut Vec::new())[0].text(), "2");
    }

    proptest! {
        #[test]
        fn nothing_lies_over_anything(
            cells in proptest::collection::vec((0..12_u32, 0..12_u32), 0..40),
            bordered in proptest::collection::vec((0..12_u32, 0..12_u32), 0..20),
            merges in proptest::collection::vec((0..12_usize, 1..6_usize, 0..12_usize, 1..6_usize), 0..12),
        ) {
            let mut sheet = Sheet::new("表1", false);
            sheet.cells = cells.iter().map(|&(row, column)| held(row, column, "x")).collect();
            sheet.bordered = bordered;
            sheet.merges = merges.iter().map(|&(row, rows, column, columns)| area((row, row + rows), (column, column + columns))).collect();
            let items = items(&mut sheet, &mut Vec::new());
            for (index, one) in items.iter().enumerate() {
                for other in &items[index + 1..] {
                    prop_assert!(!one.area.overlaps(other.area), "{one:?} {other:?}");
                }
            }
        }
    }
}
