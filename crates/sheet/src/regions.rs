//! What on a sheet belongs together: paragraphs and tables.
//!
//! Blank rows and columns part what stands on a sheet. Within such a part, a row that holds one text alone may be a title, a heading or
//! a note rather than a row of the table below or above it: [`lone`](crate::lone) decides. What is left is a table, or, where it is one
//! cell or one column of cells without borders, text.

use nianbao_model::Span;

use crate::book::Item;
use crate::lone;

/// Paragraphs and tables of a sheet, in reading order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Region {
    /// A cell that is text of its own.
    Paragraph(Item),
    /// Cells that stand together.
    Table(Part),
}

/// Items that stand together, and the rows and columns that they take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) rows: Span,
    pub(crate) columns: Span,
    /// In row-major order.
    pub(crate) items: Vec<Item>,
}

/// How often parts are parted again. Each time takes away a row or a column at least; real sheets need three.
const MAX_DEPTH: usize = 40;

/// The paragraphs and tables that these items make.
pub(crate) fn regions(items: Vec<Item>) -> Vec<Region> {
    let mut regions = Vec::new();
    divide(items, MAX_DEPTH, &mut regions);
    regions
}

fn divide(items: Vec<Item>, depth: usize, regions: &mut Vec<Region>) {
    for items in parts(items, depth) {
        let Some(part) = Part::around(items) else { continue };
        if depth == 0 {
            regions.push(Region::Table(part));
            continue;
        }
        match lone::rows(part) {
            lone::Rows::AllText(part) => regions.extend(texts(part)),
            lone::Rows::NoText(part) => regions.push(Region::Table(part)),
            lone::Rows::Mixed(pieces) => {
                for piece in pieces {
                    match piece {
                        lone::Piece::Text(item) => regions.push(Region::Paragraph(item)),
                        lone::Piece::Rest(items) => divide(items, depth - 1, regions),
                    }
                }
            }
        }
    }
}

fn texts(part: Part) -> impl Iterator<Item = Region> {
    part.items.into_iter().filter(Item::is_text).map(Region::Paragraph)
}

/// The items in the parts that blank rows and columns make, in reading order.
fn parts(items: Vec<Item>, depth: usize) -> Vec<Vec<Item>> {
    let rows = split(items, |item| item.area.rows);
    let mut found = Vec::new();
    for part in rows.into_iter().flat_map(corners) {
        let mut columns = split(part, |item| item.area.columns);
        match (columns.pop(), columns.is_empty()) {
            (Some(part), true) => found.push(part),
            (last, _) => {
                for mut part in columns.into_iter().chain(last) {
                    part.sort_by_key(|item| item.area.corner());
                    if depth == 0 {
                        found.push(part);
                    } else {
                        found.extend(parts(part, depth - 1));
                    }
                }
            }
        }
    }
    found
}

/// The items in groups where those above have no column in common with those below: tables that touch at a corner.
fn corners(items: Vec<Item>) -> Vec<Vec<Item>> {
    // For each item, the columns of it and of all that follow.
    let mut below: Vec<Span> = Vec::with_capacity(items.len());
    for item in items.iter().rev() {
        let columns = item.area.columns;
        below.push(below.last().map_or(columns, |hull| hull.hull(columns)));
    }
    let mut cuts = Vec::new();
    let (mut reach, mut above) = (0, None::<Span>);
    for ((index, item), below) in items.iter().enumerate().zip(below.iter().rev()) {
        if item.area.rows.start() >= reach && above.is_some_and(|above| !above.overlaps(*below)) {
            cuts.push(index);
            above = None;
        }
        reach = reach.max(item.area.rows.end());
        above = Some(above.map_or(item.area.columns, |above| above.hull(item.area.columns)));
    }
    cut_at(items, cuts)
}

/// The items from one of these indices up to the next.
fn cut_at(mut items: Vec<Item>, cuts: Vec<usize>) -> Vec<Vec<Item>> {
    let mut groups: Vec<Vec<Item>> = cuts.into_iter().rev().map(|cut| items.split_off(cut)).collect();
    groups.push(items);
    groups.reverse();
    groups
}

/// The items in the groups that lie apart from each other in the direction of `span`; the order within a group stays where it is by rows.
fn split(mut items: Vec<Item>, span: impl Fn(&Item) -> Span) -> Vec<Vec<Item>> {
    let is_sorted = items.is_sorted_by_key(|item| span(item).start());
    let spans = || items.iter().map(&span);
    let cuts = if is_sorted { gaps(spans()) } else { gaps(in_order(spans())) };
    if cuts.is_empty() {
        return vec![items];
    }
    if !is_sorted {
        items.sort_by_key(|item| span(item).start());
    }
    let indices = cuts.into_iter().map(|cut| items.partition_point(|item| span(item).start() < cut)).collect();
    cut_at(items, indices)
}

/// Where the spans go on behind a gap that none of them reaches into. They come in the order of their starts.
fn gaps(spans: impl IntoIterator<Item = Span>) -> Vec<usize> {
    let mut reach = None;
    let mut cuts = Vec::new();
    for span in spans {
        cuts.extend(reach.filter(|&reach| span.start() > reach).map(|_| span.start()));
        reach = reach.max(Some(span.end()));
    }
    cuts
}

/// These spans, or longer ones in place of several that begin together, in the order of their starts.
fn in_order(spans: impl Iterator<Item = Span> + Clone) -> Vec<Span> {
    let (first, last, count) = spans.clone().fold((usize::MAX, 0, 0_usize), |(first, last, count), span| {
        (first.min(span.start()), last.max(span.start()), count + 1)
    });
    // Where there are as many spans as places, a look at each place is cheaper than sorting.
    if last.saturating_sub(first) > count {
        let mut spans: Vec<Span> = spans.collect();
        spans.sort_unstable();
        return spans;
    }
    let mut longest: Vec<Option<Span>> = vec![None; last.saturating_sub(first) + 1];
    for span in spans {
        if let Some(longest) = longest.get_mut(span.start() - first) {
            *longest = (*longest).max(Some(span));
        }
    }
    longest.into_iter().flatten().collect()
}

impl Part {
    /// The part that these items make, without blank rows and columns at its edges; `None` where no item shows anything.
    ///
    /// A blank merged cell with a border is a place to be filled in, and counts; a single blank cell with a border does not: programs
    /// draw borders far beyond what they write.
    pub(crate) fn around(mut items: Vec<Item>) -> Option<Self> {
        let mut shown = items.iter().filter(|item| item.is_text() || (item.is_bordered && !item.is_border_only()));
        let first = shown.next()?;
        let (rows, columns) = shown.fold((first.area.rows, first.area.columns), |(rows, columns), item| {
            (rows.hull(item.area.rows), columns.hull(item.area.columns))
        });
        if !items.iter().any(Item::is_text) {
            return None;
        }
        items.retain(|item| rows.overlaps(item.area.rows) && columns.overlaps(item.area.columns));
        Some(Self { rows, columns, items })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::What;
    use nianbao_model::Area;
    use proptest::prelude::*;

    /// Items of a sketch: a row a line, a letter a cell, `.` nothing, `-` more of the cell to the left, `o` a blank cell with a border.
    pub(crate) fn sketch(text: &str) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        for (row, line) in text.lines().enumerate() {
            for (column, c) in line.trim().chars().enumerate() {
                let area = Area::one(row, column);
                match c {
                    '.' => {}
                    '-' => {
                        let last = items.last_mut().unwrap();
                        last.area.columns = last.area.columns.hull(area.columns);
                    }
                    'o' => items.push(Item { area, what: What::Border, is_bordered: true }),
                    c => {
                        items.push(Item {
                            area,
                            what: What::Text(c.to_string().into()),
                            is_bordered: c.is_ascii_uppercase(),
                        });
                    }
                }
            }
        }
        items
    }

    fn words(text: &str) -> String {
        let word = |region: &Region| match region {
            Region::Paragraph(item) => item.text().to_owned(),
            Region::Table(part) => format!("[{}x{}]", part.rows.length(), part.columns.length()),
        };
        regions(sketch(text)).iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn blank_rows_and_columns_part_tables() {
        assert_eq!(words("abc.de\nabc.de\n......\nab....\nab...."), "[2x3] [2x2] [2x2]");
        assert_eq!(words("ab\nab"), "[2x2]");
        assert_eq!(words("ab..\nab..\n..cd\n..cd"), "[2x2] [2x2]");
    }

    #[test]
    fn blanks_inside_a_table_are_no_gap() {
        assert_eq!(words("abc\na.c\nab."), "[3x3]");
        // Borders hold together what blanks would part.
        assert_eq!(words("AoC\nAoC"), "[2x3]");
        assert_eq!(words("a.c\na.c"), "a a c c");
    }

    #[test]
    fn borders_beyond_the_text_are_cut_off() {
        assert_eq!(words("ABoo\nABoo\noooo\noooo"), "[2x2]");
        assert_eq!(words("oo\noo"), "");
    }

    #[test]
    fn a_title_over_the_whole_width_is_a_paragraph() {
        assert_eq!(words("t---\nabcd\nabcd"), "t [2x4]");
        assert_eq!(words("t----\nab.cd\nab.cd"), "t [2x2] [2x2]");
        assert_eq!(words("t\ns\n\nabc\nabc\n\nx"), "t s [2x3] x");
    }

    #[test]
    fn a_row_over_the_whole_width_that_names_a_group_is_a_row() {
        assert_eq!(words("G---\nABCD\nH---\nABCD"), "[4x4]");
        assert_eq!(words("T---\nABCD\nABCD"), "T [2x4]");
    }

    #[test]
    fn cells_in_one_column_are_text_unless_they_have_borders() {
        assert_eq!(words("a\nb\nc"), "a b c");
        assert_eq!(words("A\nB\nC"), "[3x1]");
        assert_eq!(words("a\n1"), "[2x1]");
    }

    proptest! {
        #[test]
        fn every_text_is_found_once(cells in proptest::collection::btree_set((0..15_usize, 0..15_usize), 1..60)) {
            let items: Vec<Item> = cells
                .iter()
                .map(|&(row, column)| Item { area: Area::one(row, column), what: What::Text(format!("{row},{column}").into()), is_bordered: false })
                .collect();
            let mut found: Vec<(usize, usize)> = Vec::new();
            for region in regions(items) {
                match region {
                    Region::Paragraph(item) => found.push(item.area.corner()),
                    Region::Table(part) => found.extend(part.items.iter().map(|item| item.area.corner())),
                }
            }
            found.sort_unstable();
            prop_assert_eq!(found, cells.into_iter().collect::<Vec<_>>());
        }
    }
}
