//! Runs of rows that may be a table: together or apart, table or text.

use std::ops::Range;

use nianbao_model::Grid;

use crate::Region;
use crate::shape::is_bare_mark;
use crate::table::RawRow;

/// Rows that stand together without a gap.
#[derive(Debug)]
pub(crate) struct Fragment {
    /// The lines that the rows were read from.
    pub(crate) lines: Range<usize>,
    /// The rows.
    pub(crate) rows: Vec<RawRow>,
    /// How certain their columns are.
    pub(crate) grid: Grid,
    /// Whether the lines alone say that this is a table.
    pub(crate) is_certain: bool,
}

/// Tables or text of fragments that follow one another with nothing but gaps between.
///
/// A fragment that does not say of itself that it is a table is one beside another that does: the rest of a table after a page
/// break may be a single row.
pub(crate) fn regions(fragments: Vec<Fragment>, is_table: impl Fn(&[RawRow]) -> bool) -> Vec<Region> {
    let fragments = closed_up(fragments);
    let any = fragments.iter().any(|fragment| fragment.is_certain || is_table(&fragment.rows));
    fragments
        .into_iter()
        .filter(|fragment| !any || !fragment.rows.is_empty())
        .map(|fragment| if any { Region::Table(fragment.rows, fragment.grid) } else { Region::Text(fragment.lines) })
        .collect()
}

/// Where most fragments are single rows, the gaps are only spacing: all rows are one fragment.
fn closed_up(fragments: Vec<Fragment>) -> Vec<Fragment> {
    let single = fragments.iter().filter(|fragment| fragment.rows.len() == 1).count();
    if fragments.len() < 3 || single * 2 <= fragments.len() {
        return fragments;
    }
    fragments.into_iter().reduce(joined).into_iter().collect()
}

fn joined(mut above: Fragment, below: Fragment) -> Fragment {
    above.rows.extend(below.rows);
    Fragment {
        lines: above.lines.start..below.lines.end,
        rows: above.rows,
        grid: above.grid.max(below.grid),
        is_certain: above.is_certain || below.is_certain,
    }
}

/// Whether rows of fields look like a table: two or more with several fields that hold something, or a row with several figures;
/// and for the most part neither sentences nor a numbered list.
pub(crate) fn look_like_table(rows: &[RawRow]) -> bool {
    let text = rows.iter().filter(|row| is_text(row)).count();
    let wide = rows.iter().any(|row| filled(row) >= 2);
    let figures = rows.iter().any(|row| figures(row) >= 2);
    text * 2 < rows.len() && (figures || (wide && rows.len() >= 2))
}

fn is_text(row: &RawRow) -> bool {
    let is_listed = filled(row) == 2
        && row.iter().find(|cell| !cell.is_blank()).is_some_and(|cell| is_bare_mark(cell.first_line()));
    is_listed || (figures(row) < 2 && row.iter().any(|cell| cell.is_prose()))
}

/// How many cells hold something.
pub(crate) fn filled(row: &RawRow) -> usize {
    row.iter().filter(|cell| !cell.is_blank()).count()
}

/// How many cells hold a figure.
pub(crate) fn figures(row: &RawRow) -> usize {
    row.iter().filter(|cell| cell.is_figure()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::{Line, lines};
    use crate::residue::Dropped;
    use crate::table::RawCell;

    fn fragment(at: usize, texts: &[&[&str]]) -> Fragment {
        let line: Vec<Line<'_>> = lines("x", &mut Dropped::default()).unwrap();
        let row = |row: &&[&str]| row.iter().map(|text| RawCell::new(text, &line[0], 0)).collect();
        Fragment {
            lines: at..at + texts.len(),
            rows: texts.iter().map(row).collect(),
            grid: Grid::Lost,
            is_certain: false,
        }
    }

    #[test]
    fn a_single_row_beside_a_table_is_part_of_one() {
        let table = fragment(0, &[&["规章", "0", "1"], &["文件", "2", "3"]]);
        let found = regions(vec![table, fragment(2, &[&["许可", "某"]])], look_like_table);
        assert!(found.iter().all(|region| matches!(region, Region::Table(..))));
        let found = regions(vec![fragment(0, &[&["许可", "某"]])], look_like_table);
        assert!(matches!(found.as_slice(), [Region::Text(_)]));
    }

    #[test]
    fn single_rows_with_gaps_between_are_one_fragment() {
        let rows = (0..4).map(|at| fragment(at, &[&["许可", "0"]])).collect();
        assert_eq!(closed_up(rows).len(), 1);
        let tables = (0..4).map(|at| fragment(2 * at, &[&["许可", "0"], &["处罚", "1"]])).collect();
        assert_eq!(closed_up(tables).len(), 4);
    }
}
