//! Headers: those repeated after a page break go, and words that stand over two rows (商业 above 企业) become one.

use nianbao_model::{
    Area, Block, Boundary, Cell, Document, Grid, Origin, Span, Table, Warning, WarningKind, fold_char, is_han,
};

use crate::evidence::is_soft;
use crate::figures::{Kind, has_figures, header_rows, kind};
use crate::nested;

/// The most characters that the upper part of a broken word has: 社会公益 above 组织.
const LONGEST_BEGINNING: usize = 4;

/// The most characters of the lower part.
const LONGEST_REST: usize = 3;

/// Where the source itself states two rows, at least one upper part is no longer than this: whole words seldom are that short.
const SHORT_BEGINNING: usize = 2;

/// Drops header rows that are repeated after a page break, word for word.
pub(crate) fn drop_repeated(document: &mut Document) -> bool {
    let nestings = nested::lines(&document.blocks);
    let mut changed = false;
    for index in 0..document.blocks.len() {
        let Some(Block::Table(table)) = document.blocks.get_mut(index) else {
            continue;
        };
        let starts = repeats(table, |row| nestings.in_row(index, row));
        let Some(height) = repeatable_rows(table).filter(|_| !starts.is_empty()) else {
            continue;
        };
        let mut dropped = vec![false; table.rows().len()];
        for start in starts {
            let rows = start..start + height;
            let places = rows
                .clone()
                .flat_map(|row| table.cells_from(row))
                .flat_map(|cell| cell.origins.iter().cloned())
                .collect();
            document.warnings.push(Warning::new(WarningKind::HeaderRepeated, places));
            dropped.iter_mut().skip(start).take(height).for_each(|gone| *gone = true);
            // The break now stands above the row that follows the header.
            if let Some(row) = table.rows_mut().get_mut(rows.end) {
                row.above = Boundary::PageBreak;
            }
        }
        nested::drop_rows(&mut document.blocks, index, &dropped, |_| None);
        changed = true;
    }
    changed
}

/// How many rows a repetition of the header has. A table whose figures are not near its top has one header row, if any.
fn repeatable_rows(table: &Table) -> Option<usize> {
    let height = match header_rows(table) {
        0 if table.rows().is_empty() || has_figures(table, 0) => return None,
        0 => 1,
        height => height,
    };
    // One word alone repeats for many reasons.
    let words = (0..height).flat_map(|row| table.cells_from(row)).filter(|cell| kind(cell) != Kind::Blank);
    (words.count() >= 2).then_some(height)
}

/// The rows at which a repetition begins. None stands where a cell reaches out of it, or a table is nested in it.
fn repeats(table: &Table, hosts: impl Fn(usize) -> bool) -> Vec<usize> {
    let soft = |row: usize| table.rows().get(row).is_some_and(|row| row.above == Boundary::PageBreak);
    if !(1..table.rows().len()).any(soft) {
        return Vec::new();
    }
    let Some(height) = repeatable_rows(table) else {
        return Vec::new();
    };
    let mut starts: Vec<usize> = Vec::new();
    for start in (height..table.rows().len()).filter(|&row| soft(row)) {
        let end = start + height;
        if starts.last().is_none_or(|last| last + height <= start)
            && end <= table.rows().len()
            && repeats_at(table, start, height)
            && !(start..end).any(&hosts)
        {
            starts.push(start);
        }
    }
    starts
}

fn repeats_at(table: &Table, start: usize, height: usize) -> bool {
    (0..height).all(|row| same_words(table.cells_from(row), table.cells_from(start + row)))
        && (start..start + height)
            .flat_map(|row| table.cells_from(row))
            .all(|cell| cell.area().rows.end() <= start + height)
}

/// Whether two rows hold the same words in the same order; blank cells do not count.
pub(crate) fn same_words(one: &[Cell], other: &[Cell]) -> bool {
    let mut one = one.iter().filter(|cell| kind(cell) != Kind::Blank);
    let mut other = other.iter().filter(|cell| kind(cell) != Kind::Blank);
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if same_text(one, other) => {}
            _ => return false,
        }
    }
}

/// Whether two cells read the same to the eye.
pub(crate) fn same_text(one: &Cell, other: &Cell) -> bool {
    seen(one).eq(seen(other))
}

/// The folded characters of a cell.
pub(crate) fn seen(cell: &Cell) -> impl Iterator<Item = char> {
    cell.lines.iter().flat_map(|line| line.chars()).filter_map(fold_char)
}

/// Joins the last two header rows where the lower one only goes on with the words of the upper one. A word broken over three rows is
/// whole after two turns.
pub(crate) fn join_words(document: &mut Document) -> bool {
    let nestings = nested::lines(&document.blocks);
    let mut changed = false;
    for index in 0..document.blocks.len() {
        let Some(Block::Table(table)) = document.blocks.get(index) else {
            continue;
        };
        let Some(words) = broken_words(table) else {
            continue;
        };
        if nestings.in_row(index, words.upper) || nestings.in_row(index, words.lower) {
            continue;
        }
        let warning = Warning::new(WarningKind::HeaderRowsJoined, words.places(table));
        document.warnings.push(warning);
        let heirs = words.heirs(table);
        let mut dropped = vec![false; table.rows().len()];
        dropped.iter_mut().skip(words.lower).take(1).for_each(|gone| *gone = true);
        nested::drop_rows(&mut document.blocks, index, &dropped, |cell| {
            let column = cell.area().columns.start();
            heirs.iter().find(|heir| heir.0 == column).map(|heir| (words.upper, heir.1))
        });
        changed = true;
    }
    changed
}

/// Two header rows of which the lower goes on with words of the upper.
struct Words {
    upper: usize,
    lower: usize,
    /// The column of each broken word in the lower row.
    columns: Vec<usize>,
}

impl Words {
    /// The places of both parts of each word.
    fn places(&self, table: &Table) -> Vec<Origin> {
        self.columns
            .iter()
            .flat_map(|&column| [table.get(self.upper, column), table.get(self.lower, column)])
            .flatten()
            .flat_map(|cell| cell.origins.iter().cloned())
            .collect()
    }

    /// For each column at which a cell of the lower row begins, the column of the upper cell that takes it in.
    fn heirs(&self, table: &Table) -> Vec<(usize, usize)> {
        let first = self.columns.first().copied().unwrap_or_default();
        table
            .cells_from(self.lower)
            .iter()
            .map(|cell| {
                let column = cell.area().columns.start();
                let heir = table.get(self.upper, column).map_or(first, |_| column);
                (column, heir)
            })
            .collect()
    }
}

/// The last two header rows, where the lower one adds no level of its own: each of its cells is blank or a few Han characters that
/// stand right under a few Han characters, and over a figure. Where the source states two rows it must be more certain than
/// where only the layout parts them.
fn broken_words(table: &Table) -> Option<Words> {
    let height = header_rows(table);
    let (upper, lower) = (height.checked_sub(2)?, height.checked_sub(1)?);
    let row = table.rows().get(lower)?;
    if row.hidden || row.header != table.rows().get(upper)?.header || !has_figures(table, height) {
        return None;
    }
    let mut columns = Vec::new();
    for cell in table.cells_from(lower).iter().filter(|cell| kind(cell) != Kind::Blank) {
        let column = cell.area().columns.start();
        let over = table.get(upper, column)?;
        let is_fragment = cell.area().rows.length() == 1
            && over.area() == (Area { rows: Span::one(upper), columns: cell.area().columns })
            && is_broken_word(over, cell)
            && stands_over_figure(table, height, column);
        if !is_fragment {
            return None;
        }
        columns.push(column);
    }
    let is_short = |&column: &usize| table.get(upper, column).is_some_and(|cell| is_han_up_to(cell, SHORT_BEGINNING));
    let is_broken = columns.len() > 1
        && (is_soft(row.above) || columns.iter().any(is_short))
        && differ(table, lower, &columns)
        && enough_figures(table, height, columns.len());
    is_broken.then_some(Words { upper, lower, columns })
}

/// Whether two cells of the same columns, one under the other, can be a word of a header that is broken in two.
pub(crate) fn is_broken_word(beginning: &Cell, rest: &Cell) -> bool {
    beginning.area().columns == rest.area().columns
        && is_han_up_to(beginning, LONGEST_BEGINNING)
        && is_han_up_to(rest, LONGEST_REST)
}

fn is_han_up_to(cell: &Cell, most: usize) -> bool {
    let mut count = 0;
    seen(cell).all(|c| {
        count += 1;
        is_han(c) && count <= most
    }) && count > 0
}

/// Where the columns are known, the first figure row holds no words under the header word.
fn stands_over_figure(table: &Table, row: usize, column: usize) -> bool {
    table.grid == Grid::Lost || table.get(row, column).is_none_or(|cell| kind(cell) != Kind::Label)
}

/// Where they are not, it holds at least as many figures as words were broken.
fn enough_figures(table: &Table, row: usize, words: usize) -> bool {
    let figures = table.cells_over(row).filter(|cell| matches!(kind(cell), Kind::Figure | Kind::Void));
    table.grid != Grid::Lost || figures.count() >= words
}

/// The same word in each column (件, 件, 件) is a unit, not the rest of a word.
fn differ(table: &Table, row: usize, columns: &[usize]) -> bool {
    let mut cells = columns.iter().filter_map(|&column| table.get(row, column));
    let first = cells.next();
    cells.any(|cell| first.is_some_and(|first| !same_text(first, cell)))
}

#[cfg(test)]
mod tests {
    use crate::build::{document, one, rows, table, warnings};
    use crate::reconcile;
    use nianbao_model::Boundary::{Inferred, PageBreak, Stated};
    use nianbao_model::{Block, Boundary, Grid, Role};

    #[test]
    fn words_broken_over_two_rows_are_joined() {
        for (grid, above) in [(Grid::Lost, Inferred), (Grid::Inferred, Inferred), (Grid::Stated, Stated)] {
            let done = reconcile(one(
                grid,
                &[(Stated, "|自然人|商业|科研|总计"), (above, "||企业|机构|"), (above, "一、新收|1|2|0|3")],
            ));
            assert_eq!(rows(&done), ["|自然人|商业企业|科研机构|总计", "一、新收|1|2|0|3"]);
            assert_eq!(warnings(&done), ["header_rows_joined", "lines_joined"]);
            assert_eq!(done.tables().next().unwrap().get(0, 2).unwrap().origins.len(), 2);
        }
    }

    #[test]
    fn words_broken_under_merged_cells_are_joined() {
        let done = reconcile(one(
            Grid::Stated,
            &[
                (Stated, "↔2↕3|自然人↕3|法人↔3|总计↕3"),
                (Stated, "商业|社会公益|其他"),
                (Stated, "企业|组织|"),
                (Stated, "一、新收↔2|1|2|0|3|6"),
            ],
        ));
        assert_eq!(rows(&done)[1], "商业企业|社会公益组织|其他");
        let area = done.tables().next().unwrap().get(0, 0).unwrap().area();
        assert_eq!((area.rows.end(), area.columns.end()), (2, 2));
    }

    #[test]
    fn a_word_broken_over_three_rows_is_joined() {
        let done = reconcile(one(
            Grid::Stated,
            &[(Stated, "结|结|总计"), (Stated, "果维|果纠|"), (Stated, "持|正|"), (Stated, "1|2|3")],
        ));
        assert_eq!(rows(&done), ["结果维持|结果纠正|总计", "1|2|3"]);
    }

    #[test]
    fn a_header_of_two_levels_keeps_both() {
        let levels: [&[(Boundary, &str)]; 4] = [
            &[(Stated, "|甲方|法人↔2|总计"), (Stated, "||企业|机构|"), (Stated, "a|1|2|0|3")],
            &[(Stated, "收入|支出"), (Stated, "万元|万元"), (Stated, "1|2")],
            &[(Stated, "|自然人|法人或其他组织"), (Stated, "||企业"), (Stated, "a|1|2")],
            &[(Stated, "姓名|单位|次数"), (Stated, "张三|财政局|局长"), (Stated, "李四|教育局|3")],
        ];
        for header in levels {
            for grid in [Grid::Stated, Grid::Inferred] {
                let count = header.len();
                assert_eq!(rows(&reconcile(one(grid, header))).len(), count, "{header:?}");
            }
        }
    }

    #[test]
    fn a_header_repeated_after_a_page_break_is_dropped() {
        let done = reconcile(one(
            Grid::Stated,
            &[
                (Stated, "名称|申请数量↔2"),
                (Stated, "~|上年|本年"),
                (Stated, "甲|1|2"),
                (PageBreak, "名 称|申请数量↔2"),
                (Stated, "~|上年|本年"),
                (Stated, "乙|3|4"),
            ],
        ));
        assert_eq!(rows(&done), ["名称|申请数量", "上年|本年", "甲|1|2", "乙|3|4"]);
        assert_eq!(warnings(&done), ["header_repeated"]);
        assert_eq!(done.warnings[0].at.len(), 4);
        let table = done.tables().next().unwrap();
        assert_eq!(table.rows()[3].above, PageBreak);
        assert_eq!(table.get(0, 1).unwrap().role, Role::ColumnHeader);
    }

    #[test]
    fn a_header_repeated_without_a_page_break_stays() {
        let done = reconcile(one(
            Grid::Stated,
            &[(Stated, "名称|数量"), (Stated, "甲|1"), (Stated, "名称|数量"), (Inferred, "乙|3")],
        ));
        assert_eq!(rows(&done).len(), 4);
        assert_eq!(warnings(&done), [""; 0]);
    }

    #[test]
    fn a_table_that_starts_a_page_and_repeats_the_header_goes_on_with_the_one_before() {
        let first = table(Grid::Stated, &[(Stated, "姓名|说明"), (Stated, "甲|一些文字")]);
        let second = table(Grid::Stated, &[(PageBreak, "姓名|说明"), (Stated, "乙|其他文字")]);
        let done = reconcile(document(vec![Block::Table(first), Block::Table(second)]));
        assert_eq!(rows(&done), ["姓名|说明", "甲|一些文字", "乙|其他文字"]);
        assert_eq!(warnings(&done), ["tables_joined", "header_repeated"]);
    }
}
