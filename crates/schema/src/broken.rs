//! Labels that a narrow column broke into pieces, each in a cell or a row of its own, above, beside and below the figures of their row.
//!
//! ```text
//! 一、本年新收政府信
//! 息公开申        3  0  0  0  0  0  3
//! 请数量
//! ```
//!
//! Pieces are put together only where they make a label of the form exactly; anything else would be a guess.

use std::collections::BTreeMap;

use nianbao_model::{Grid, Line, Origin, leading_mark};

use crate::form::{Form, Meaning};
use crate::label::canonical;
use crate::locate::TableFacts;

/// How many pieces above a row, and how many below it, are looked at: a label of 40 characters, three to a line.
const MOST_PIECES: usize = 16;

/// A label put together from its pieces.
#[derive(Clone, Debug)]
pub(crate) struct Whole<'f> {
    pub(crate) text: String,
    pub(crate) meanings: &'f [Meaning],
    pub(crate) at: Vec<Origin>,
    /// The group whose label, in pieces too, stands above it.
    pub(crate) group: Option<(usize, usize)>,
}

/// A row with the texts in it, and whether it holds figures.
struct Row<'a> {
    pieces: Vec<Piece<'a>>,
    has_figures: bool,
}

/// A cell that is not a figure.
#[derive(Clone, Copy)]
struct Piece<'a> {
    lines: &'a [Line],
    at: &'a [Origin],
    canonical: &'a str,
}

/// The whole label of each row with figures that has none of its own; rows from 0.
pub(crate) fn labels<'f>(form: &'f Form, facts: &TableFacts<'_>) -> BTreeMap<usize, Whole<'f>> {
    let mut found = BTreeMap::new();
    if facts.table.grid == Grid::Stated {
        return found;
    }
    let rows: Vec<Row<'_>> = (0..facts.table.rows().len()).map(|row| read(facts, row)).collect();
    let mut top = 0;
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| row.has_figures) {
        let bottom = (index + 1..rows.len()).find(|&below| rows.get(below).is_some_and(|row| row.has_figures));
        let above = rows.get(top..index).unwrap_or_default();
        let below = rows.get(index + 1..bottom.unwrap_or(rows.len())).unwrap_or_default();
        top = index + 1;
        // A label with further words behind it may be the beginning of a longer one.
        let is_labelled = last(row).iter().any(|piece| form.lexicon.exact(piece.canonical).iter().any(is_row));
        if !is_labelled {
            let whole = whole(form, above, row, below, all).or_else(|| whole(form, above, row, below, last));
            found.extend(whole.map(|whole| (index, whole)));
        }
    }
    found
}

/// All pieces of a row.
fn all<'r, 'a>(row: &'r Row<'a>) -> &'r [Piece<'a>] {
    &row.pieces
}

/// The last piece of a row: what stands before it may be a piece of the group to the left.
fn last<'r, 'a>(row: &'r Row<'a>) -> &'r [Piece<'a>] {
    row.pieces.get(row.pieces.len().saturating_sub(1)..).unwrap_or_default()
}

fn read<'a>(facts: &'a TableFacts<'_>, row: usize) -> Row<'a> {
    let mut pieces = Vec::new();
    let mut has_figures = false;
    let table = facts.table;
    let begins_here = |&index: &usize| table.cells().get(index).is_some_and(|cell| cell.area().rows.start() == row);
    for index in table.indices_over(row).filter(begins_here) {
        let (Some(cell), Some(facts)) = (table.cells().get(index), facts.cells.get(index)) else {
            continue;
        };
        if !facts.canonical.is_empty() {
            pieces.push(Piece { lines: &cell.lines, at: &cell.origins, canonical: &facts.canonical });
        }
        has_figures |= facts.amount.is_figure();
    }
    Row { pieces, has_figures }
}

const fn is_row(meaning: &Meaning) -> bool {
    matches!(meaning, Meaning::Row { .. })
}

/// Whether a label names a row. One that may name a column as well (总计) needs its number.
fn names_a_row(text: &str, meanings: &[Meaning]) -> bool {
    let is_column = |meaning: &Meaning| matches!(meaning, Meaning::Column { .. });
    meanings.iter().any(is_row) && (leading_mark(text).is_some() || !meanings.iter().any(is_column))
}

/// The longest label of the form that the pieces right above, in and right below a row make.
fn whole<'f, 'a>(
    form: &'f Form,
    above: &[Row<'a>],
    row: &Row<'a>,
    below: &[Row<'a>],
    of: for<'r> fn(&'r Row<'a>) -> &'r [Piece<'a>],
) -> Option<Whole<'f>> {
    let pieces = |rows: &[Row<'a>]| rows.iter().flat_map(|row| of(row).to_vec()).collect::<Vec<_>>();
    let (above, own, below) = (pieces(above), of(row), pieces(below));
    for before in (0..=above.len().min(MOST_PIECES)).rev() {
        let (rest, begin) = above.split_at_checked(above.len() - before)?;
        let begin = [begin, own].concat();
        if let Some((label, text, meanings)) = longest(form, begin, &below) {
            let at = label.iter().flat_map(|piece| piece.at.iter().cloned()).collect();
            let group = group(form, rest);
            return Some(Whole { text, meanings, at, group });
        }
    }
    None
}

/// The longest label that begins with the pieces of `label` and goes on with the first ones of `below`.
fn longest<'f, 'a>(
    form: &'f Form,
    mut label: Vec<Piece<'a>>,
    below: &[Piece<'a>],
) -> Option<(Vec<Piece<'a>>, String, &'f [Meaning])> {
    let mut found = None;
    let mut below = below.iter().take(MOST_PIECES);
    loop {
        let text = text(&label);
        let bare = canonical(&text);
        let is_mark = leading_mark(&text).is_some_and(|(_, rest)| rest.is_empty());
        if !is_mark && !form.lexicon.begins(&bare) {
            return found;
        }
        let meanings = form.lexicon.exact(&bare);
        if label.len() > 1 && names_a_row(&text, meanings) {
            found = Some((label.clone(), text, meanings));
        }
        let Some(&next) = below.next() else { return found };
        label.push(next);
    }
}

fn text(pieces: &[Piece<'_>]) -> String {
    pieces.iter().flat_map(|piece| piece.lines).map(|line| line.trim()).collect()
}

/// The last label of a group that neighbours among the pieces make.
fn group(form: &Form, pieces: &[Piece<'_>]) -> Option<(usize, usize)> {
    let pieces = pieces.get(pieces.len().saturating_sub(MOST_PIECES)..)?;
    (1..=pieces.len()).rev().find_map(|end| {
        (0..end).find_map(|start| {
            let label = canonical(&text(pieces.get(start..end)?));
            form.lexicon.exact(&label).iter().find_map(|meaning| match *meaning {
                Meaning::Group { table, group } => Some((table, group)),
                _ => None,
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Forms;
    use nianbao_model::{Area, Boundary, Cell, Row as TableRow, Table};

    fn labels_of(rows: &[&str]) -> Vec<(usize, String)> {
        let mut table = Table::new(Grid::Lost);
        for (row, text) in rows.iter().enumerate() {
            table.push_row(TableRow::new(Boundary::Inferred));
            for (column, text) in text.split('|').enumerate() {
                let at = Origin::Line { line: row as u32, field: None };
                table.place(Cell::new(Area::one(row, column), [text.into()].into(), at)).unwrap();
            }
        }
        let forms = Forms::builtin();
        let form = forms.iter().next().unwrap();
        let found = labels(form, &TableFacts::new(&[form], &table));
        found.into_iter().map(|(row, whole)| (row, whole.text)).collect()
    }

    #[test]
    fn pieces_above_beside_and_below_the_figures_make_a_label() {
        let rows = ["规章|1|2|3", "一、本年新收政府信", "息公开申|3|0|0|0|0|0|3", "请数量", "行政许", "可", "450"];
        let wanted = [(2, "一、本年新收政府信息公开申请数量".to_owned()), (6, "行政许可".to_owned())];
        assert_eq!(labels_of(&rows), wanted);
    }

    #[test]
    fn pieces_of_the_group_to_the_left_are_passed_over() {
        let rows =
            ["（三）|1.属于国家|0|0|0|0|0|0|0", "不予公|秘密", "开|2.其他法律", "行政法规禁|0|0|0|0|0|0|0", "止公开"];
        let wanted = [(0, "1.属于国家秘密".to_owned()), (3, "2.其他法律行政法规禁止公开".to_owned())];
        assert_eq!(labels_of(&rows), wanted);
    }

    #[test]
    fn a_known_label_may_be_the_beginning_of_a_longer_one() {
        let rows = ["（二）部分公开|（区分处理的，|只计这一情形，|不计其他情形）|0|0|0|0|0|0|0"];
        assert_eq!(labels_of(&rows)[0].1, "（二）部分公开（区分处理的，只计这一情形，不计其他情形）");
    }

    #[test]
    fn pieces_that_make_no_label_stay_apart() {
        assert_eq!(labels_of(&["行政许", "450", "以上为", "可信"]), []);
        assert_eq!(labels_of(&["规章|1|2|3", "行政许可", "450"]), []);
        assert_eq!(labels_of(&["其他|总", "|计", "1|2|0|3|1"]), []);
    }
}
