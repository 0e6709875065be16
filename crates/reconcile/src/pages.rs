//! Tables: two blocks that are one table of the source, cut by a page or a gap, are joined.
//!
//! Two tables are candidates where nothing stands between them but page numbers. They are one table where the second
//!
//! - begins at a page break and repeats the header of the first (the repetition goes in a later pass);
//! - begins at a page break and goes on with a header that is all that the first one holds;
//! - begins where only layout says so, and its first row holds figures, or goes on with the label of the last row before it;
//! - is stated by the source, has no header of its own, and its first row holds figures where the last one of the first does:
//!   a table that was cut in two by hand.
//!
//! Two tables of the same header, each stated by the source, are two tables: forms are often printed one below another.

use nianbao_model::{Block, Boundary, Cell, Document, Grid, Line, Nesting, Table, Warning, WarningKind, fold};

use crate::evidence::{goes_on, is_soft};
use crate::figures::{Kind, MOST_HEADER_ROWS, has_figures, header_rows, kind};
use crate::headers::{is_broken_word, same_text, same_words};
use crate::nested;

const REPEATS: &str = "it begins at a page break and repeats the header";
const HEADER: &str = "it begins at a page break below a header that has no rows of its own";
const FIGURES: &str = "it begins at a break with figures and no header";
const LABEL: &str = "it begins at a break with the rest of a label";
const NO_HEADER: &str = "nothing stands between, and it has figures in the same columns and no header";

/// Joins tables that are one.
pub(crate) fn join(document: &mut Document) -> bool {
    if document.tables().nth(1).is_none() {
        return false;
    }
    let mut done =
        Blocks { blocks: Vec::with_capacity(document.blocks.len()), places: Vec::with_capacity(document.blocks.len()) };
    let mut changed = false;
    for block in std::mem::take(&mut document.blocks) {
        match block {
            Block::Table(table) => {
                if let Some((index, evidence)) = done.one_with(&table) {
                    document.warnings.push(warning(&table, evidence));
                    done.append(index, table);
                    changed = true;
                } else {
                    done.push(Block::Table(table));
                }
            }
            Block::Paragraph(_) => done.push(block),
        }
    }
    let Blocks { mut blocks, places } = done;
    if changed {
        nested::renumber(&mut blocks, &places);
    }
    document.blocks = blocks;
    changed
}

fn warning(second: &Table, evidence: &'static str) -> Warning {
    let first_row = second.cells_from(0).iter();
    let places = first_row.flat_map(|cell| cell.origins.iter().cloned()).collect();
    Warning::new(WarningKind::TablesJoined { evidence }, places)
}

/// The blocks so far. Nested tables in them still name their outer table by its old index.
struct Blocks {
    blocks: Vec<Block>,
    /// For each old block: where it is now, and how many rows now stand above its own.
    places: Vec<Option<(usize, usize)>>,
}

impl Blocks {
    fn push(&mut self, block: Block) {
        self.places.push(Some((self.blocks.len(), 0)));
        self.blocks.push(block);
    }

    fn append(&mut self, index: usize, second: Table) {
        let Some(Block::Table(first)) = self.blocks.get_mut(index) else {
            return self.push(Block::Table(second));
        };
        self.places.push(Some((index, first.rows().len())));
        let whole = std::mem::replace(first, Table::new(Grid::Lost)).with_below(second);
        debug_assert!(whole.is_ok(), "there was room for the second table: {whole:?}");
        if let Ok(whole) = whole {
            *first = whole;
        }
    }

    /// The table that `second` goes on with, and what tells.
    fn one_with(&self, second: &Table) -> Option<(usize, &'static str)> {
        let is_soft = second.rows().first().is_some_and(|row| is_soft(row.above));
        let index = match second.nested_in {
            None => self.before(is_soft),
            Some(nesting) => self.before_in_cell(nesting),
        }?;
        match self.blocks.get(index)? {
            Block::Table(first) if first.has_room_for(second) => Some((index, evidence(first, second)?)),
            _ => None,
        }
    }

    /// The last table that stands in no other, where nothing follows it but page numbers, if `numbers` may be passed over.
    fn before(&self, numbers: bool) -> Option<usize> {
        for (index, block) in self.blocks.iter().enumerate().rev() {
            match block {
                Block::Table(table) if table.nested_in.is_none() => return Some(index),
                Block::Table(_) => {}
                Block::Paragraph(paragraph) if numbers && is_page_number(&paragraph.lines) => {}
                Block::Paragraph(_) => return None,
            }
        }
        None
    }

    /// The last table in the same cell, where only blank lines stand between.
    fn before_in_cell(&self, nesting: Nesting) -> Option<usize> {
        for (index, block) in self.blocks.iter().enumerate().rev() {
            let Block::Table(table) = block else { return None };
            let other = table.nested_in?;
            if other.block == nesting.block {
                return self.is_next(other, nesting).then_some(index);
            }
            if other.block < nesting.block {
                return None;
            }
        }
        None
    }

    fn is_next(&self, one: Nesting, next: Nesting) -> bool {
        let between = || {
            let (outer, rows) = (*self.places.get(one.block)?)?;
            let Block::Table(outer) = self.blocks.get(outer)? else {
                return None;
            };
            let cell = outer.get(one.row.saturating_add(rows), one.column)?;
            let (first, last) = (one.line.min(next.line), one.line.max(next.line));
            let mut lines = cell.lines.iter().take(last).skip(first);
            Some(lines.all(|line| line.trim().is_empty()))
        };
        (one.row, one.column) == (next.row, next.column) && between().unwrap_or(false)
    }
}

/// What tells that two tables, with nothing in between, are one.
fn evidence(first: &Table, second: &Table) -> Option<&'static str> {
    let start = second.rows().first()?;
    let is_lost = first.grid == Grid::Lost && second.grid == Grid::Lost;
    let one_is_lost = first.grid == Grid::Lost || second.grid == Grid::Lost;
    if first.rows().is_empty() || (!is_lost && (one_is_lost || first.columns() != second.columns())) {
        return None;
    }
    if repeats_header(first, second) {
        return (start.above == Boundary::PageBreak).then_some(REPEATS);
    }
    if start.above == Boundary::PageBreak && goes_on_below_header(first, second) {
        return Some(HEADER);
    }
    if start.header || (is_soft(start.above) && goes_on(first, second)) {
        return (!start.header).then_some(LABEL);
    }
    if !has_figures(second, 0) || starts_over(first, second) {
        return None;
    }
    if is_soft(start.above) {
        return (is_lost || figures_agree(first, second)).then_some(FIGURES);
    }
    (!is_lost && header_rows(first) > 0 && figures_agree(first, second)).then_some(NO_HEADER)
}

/// Whether the second table begins with all header rows of the first. Where the figures are not near, the first row is the header.
fn repeats_header(first: &Table, second: &Table) -> bool {
    let height = match header_rows(first) {
        0 if has_figures(first, 0) => return false,
        0 => 1,
        height => height,
    };
    let words = (0..height).flat_map(|row| first.cells_from(row)).filter(|cell| kind(cell) != Kind::Blank);
    words.count() > 1
        && second.rows().len() >= height
        && (0..height).all(|row| same_words(first.cells_from(row), second.cells_from(row)))
}

/// Whether the first table is a header and nothing else, and the second one begins with figures under it, or with the rest of it: words
/// under wider words, the ends of words that the break cut, and nothing under those that were whole (the corner of the header reaches over
/// the break). Only a header of several levels can be cut so.
fn goes_on_below_header(first: &Table, second: &Table) -> bool {
    let height = first.rows().len();
    if height > MOST_HEADER_ROWS || first.grid == Grid::Lost || (0..height).any(|row| has_figures(first, row)) {
        return false;
    }
    let label_over = |cell: &Cell| {
        let columns = cell.area().columns;
        first.cells().iter().rfind(|label| kind(label) == Kind::Label && label.area().columns.covers(columns))
    };
    let is_figure = |cell: &&Cell| matches!(kind(cell), Kind::Figure | Kind::Void);
    let rest = header_rows(second);
    if rest == 0 {
        let mut figures = second.cells_over(0).filter(is_figure).peekable();
        return figures.peek().is_some() && figures.all(|figure| label_over(figure).is_some());
    }
    let is_levelled =
        first.cells().iter().any(|cell| cell.area().columns.length() > 1 && cell.area().rows.end() < height);
    let is_under_wider =
        |cell: &Cell| label_over(cell).is_some_and(|over| over.area().columns.length() > cell.area().columns.length());
    let goes_on = |cell: &Cell| match label_over(cell) {
        Some(_) if kind(cell) == Kind::Blank => true,
        Some(over) => is_under_wider(cell) || is_broken_word(over, cell),
        None => kind(cell) == Kind::Blank,
    };
    let top = second.cells_from(0);
    let begins_blank = top.first().is_some_and(|cell| kind(cell) == Kind::Blank && label_over(cell).is_some());
    height + rest <= MOST_HEADER_ROWS
        && is_levelled
        && has_figures(second, rest)
        && (begins_blank || top.iter().any(is_under_wider))
        && top.iter().all(goes_on)
}

/// Whether the second table begins with the same label as the figures of the first.
fn starts_over(first: &Table, second: &Table) -> bool {
    let label = |table: &Table, row| table.cells_over(row).find(|cell| kind(cell) == Kind::Label).cloned();
    match (label(first, header_rows(first)), label(second, 0)) {
        (Some(one), Some(other)) => same_text(&one, &other),
        _ => false,
    }
}

/// Whether the first row of the second table has figures where the last row of the first has some, and words nowhere where that
/// one has figures.
fn figures_agree(first: &Table, second: &Table) -> bool {
    let Some(last) = first.rows().len().checked_sub(1) else {
        return false;
    };
    let is_figure = |cell: &Cell| matches!(kind(cell), Kind::Figure | Kind::Void);
    let mut shared = 0;
    for column in 0..second.columns() {
        let (one, other) = (first.get(last, column), second.get(0, column));
        let is_one = [one, other].map(|cell| cell.is_some_and(is_figure));
        let is_label = [one, other].map(|cell| cell.is_some_and(|cell| kind(cell) == Kind::Label));
        match (is_one, is_label) {
            ([true, true], _) => shared += 1,
            ([true, _], [_, true]) | ([_, true], [true, _]) => return false,
            _ => {}
        }
    }
    shared > 0
}

/// A page number alone: `- 3 -`, `第3页 共10页`, `3/10`, `Page 3 of 10`.
fn is_page_number(lines: &[Line]) -> bool {
    let text = fold(&lines.concat()).to_lowercase().replace("page", "").replace("of", "/");
    text.chars().count() <= 12
        && text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || "-/第页共,.·".contains(c))
}

#[cfg(test)]
mod tests {
    use crate::build::{document, numbered, paragraph, rows, warnings};
    use crate::reconcile;
    use nianbao_model::Boundary::{Inferred, PageBreak, Ruled, Stated};
    use nianbao_model::{Block, Boundary, Document, Grid, Nesting, Table, WarningKind};

    type Rows<'a> = &'a [(Boundary, &'a str)];

    const FIRST: Rows<'_> = &[(Stated, "内容|制发|废止"), (Stated, "规章|1|2")];

    fn two(grid: Grid, first: Rows<'_>, second: Rows<'_>) -> Document {
        reconcile(document(vec![
            Block::Table(numbered(grid, 0, first)),
            paragraph("\u{3000}"),
            Block::Table(numbered(grid, 1, second)),
        ]))
    }

    fn count(document: &Document) -> usize {
        document.tables().count()
    }

    #[test]
    fn a_table_without_a_header_goes_on_with_the_one_above() {
        for above in [Stated, Ruled, Inferred, PageBreak] {
            let done = two(Grid::Stated, FIRST, &[(above, "文件|3|4")]);
            assert_eq!(rows(&done), ["内容|制发|废止", "规章|1|2", "文件|3|4"], "{above:?}");
            assert_eq!(warnings(&done), ["tables_joined"]);
            assert_eq!(done.warnings[0].at.len(), 3);
        }
    }

    #[test]
    fn tables_with_the_same_header_stay_two() {
        for above in [Stated, Ruled, Inferred] {
            let done = two(Grid::Stated, FIRST, &[(above, "内容|制发|废止"), (Stated, "文件|3|4")]);
            assert_eq!(count(&done), 2, "{above:?}");
        }
        let text = [(Stated, "A|B|C"), (Stated, "a|b|c")];
        assert_eq!(count(&two(Grid::Stated, &text, &text)), 2);
    }

    #[test]
    fn a_table_with_a_header_of_its_own_is_another() {
        for above in [Stated, Inferred, PageBreak] {
            let second = [(above, "对象|制发|废止"), (Stated, "文件|3|4")];
            for grid in [Grid::Stated, Grid::Lost] {
                assert_eq!(count(&two(grid, FIRST, &second)), 2, "{above:?}");
            }
        }
        assert_eq!(count(&two(Grid::Stated, FIRST, &[(PageBreak, "|2019|2020"), (Stated, "a|3|4")])), 2);
    }

    #[test]
    fn a_header_above_a_page_break_goes_on_below_it() {
        let header = [(Stated, "项目↕2|申请人↔3"), (Stated, "自然人|法人↔2")];
        let figures = [(PageBreak, "新收|1|2|3")];
        let done = two(Grid::Stated, &header, &figures);
        assert_eq!(rows(&done), ["项目|申请人", "自然人|法人", "新收|1|2|3"]);
        let rest = [(PageBreak, "||企业|机构"), (Stated, "新收|1|2|3")];
        let done = two(Grid::Stated, &header, &rest);
        assert_eq!(rows(&done), ["项目|申请人", "自然人|法人", "||企业|机构", "新收|1|2|3"]);
        assert_eq!(warnings(&done), ["tables_joined"]);
    }

    #[test]
    fn header_words_that_a_page_break_cuts_are_whole() {
        let header = [(Stated, "项目↕2|申请人↔2"), (Stated, "商业企|社会公益")];
        let rest = [(PageBreak, "|业|组织"), (Stated, "新收|1|2")];
        let done = two(Grid::Stated, &header, &rest);
        assert_eq!(rows(&done), ["项目|申请人", "商业企业|社会公益组织", "新收|1|2"]);
    }

    #[test]
    fn what_stands_below_a_table_of_words_is_no_rest_of_its_header() {
        let words = [(Stated, "姓名|单位|职务"), (Stated, "张三|财政局|局长")];
        for second in [
            [(PageBreak, "姓名|次数|金额"), (Stated, "李四|2|3")],
            [(PageBreak, "|2019|2020"), (Stated, "李四|2|3")],
            [(Stated, "||合计"), (Stated, "李四|2|3")],
            [(PageBreak, "||合计"), (Stated, "李四|王五|无名")],
        ] {
            assert_eq!(count(&two(Grid::Stated, &words, &second)), 2, "{second:?}");
        }
    }

    #[test]
    fn a_table_of_other_columns_is_another_but_where_the_columns_are_lost() {
        let second = [(PageBreak, "文件|3")];
        assert_eq!(count(&two(Grid::Stated, FIRST, &second)), 2);
        assert_eq!(count(&two(Grid::Lost, FIRST, &second)), 1);
    }

    #[test]
    fn figures_under_words_make_another_table() {
        assert_eq!(count(&two(Grid::Stated, FIRST, &[(Stated, "3|文件|4")])), 2);
        assert_eq!(count(&two(Grid::Stated, FIRST, &[(Stated, "规章|3|4")])), 2);
    }

    #[test]
    fn a_table_that_begins_with_the_rest_of_a_label_goes_on() {
        let first = [(Stated, "内容|数量"), (Inferred, "1.逾期未按通知缴纳费用、行政机关不再处理其政府信|0")];
        let second = [(PageBreak, "息公开申请"), (Inferred, "2.其他|3")];
        let done = two(Grid::Lost, &first, &second);
        assert_eq!(
            rows(&done),
            ["内容|数量", "1.逾期未按通知缴纳费用、行政机关不再处理其政府信息公开申请|0", "2.其他|3"]
        );
        assert!(matches!(done.warnings[0].kind, WarningKind::TablesJoined { evidence: super::LABEL }));
    }

    #[test]
    fn text_between_keeps_tables_apart_but_a_page_number_does_not() {
        let between = |text: &str| {
            reconcile(document(vec![
                Block::Table(numbered(Grid::Lost, 0, FIRST)),
                paragraph(text),
                Block::Table(numbered(Grid::Lost, 1, &[(PageBreak, "文件|3|4")])),
            ]))
        };
        for text in ["- 3 -", "第3页 共10页", "3/10", "Page 3 of 10"] {
            let done = between(text);
            assert_eq!(count(&done), 1, "{text}");
            assert!(matches!(done.blocks.last(), Some(Block::Paragraph(_))));
        }
        assert_eq!(count(&between("三、其他")), 2);
    }

    fn nested(block: usize, row: usize, line: usize, mut table: Table) -> Block {
        table.nested_in = Some(Nesting { block, row, column: 0, line });
        Block::Table(table)
    }

    #[test]
    fn nested_tables_keep_their_place_when_tables_and_paragraphs_go() {
        let inner = || numbered(Grid::Stated, 9, &[(Stated, "x|y")]);
        let done = reconcile(document(vec![
            paragraph(""),
            Block::Table(numbered(Grid::Stated, 0, FIRST)),
            nested(1, 1, 0, inner()),
            paragraph(" "),
            Block::Table(numbered(Grid::Stated, 1, &[(Stated, "文件|3|4")])),
            nested(4, 0, 1, inner()),
        ]));
        let places: Vec<_> = done.tables().filter_map(|table| table.nested_in).collect();
        assert_eq!(done.blocks.len(), 3);
        assert_eq!(places[0], Nesting { block: 0, row: 1, column: 0, line: 0 });
        assert_eq!(places[1], Nesting { block: 0, row: 2, column: 0, line: 1 });
    }

    #[test]
    fn a_nested_table_is_joined_with_its_neighbour_in_the_cell_and_never_with_the_outer_one() {
        let done = reconcile(document(vec![
            Block::Table(numbered(Grid::Stated, 0, &[(Stated, "标题⏎⏎尾")])),
            nested(0, 0, 1, numbered(Grid::Stated, 1, FIRST)),
            nested(0, 0, 2, numbered(Grid::Stated, 2, &[(Stated, "文件|3|4")])),
            nested(0, 0, 3, numbered(Grid::Stated, 3, &[(Stated, "决定|3|4")])),
        ]));
        assert_eq!(rows(&done), ["标题⏎尾", "内容|制发|废止", "规章|1|2", "文件|3|4", "决定|3|4"]);
        let lines: Vec<_> = done.tables().filter_map(|table| table.nested_in).map(|nesting| nesting.line).collect();
        assert_eq!(lines, [1, 2]);
    }
}
