//! A row a line, pipes between cells: `| a | b ||| `, `a | b | c`, Markdown with its rule of dashes, tables drawn with lines.
//!
//! Continuation cells of merged ones may be gone and rows padded at their end, so columns are lost, except where every slot of a Markdown table is
//! filled. A cell a line, a pipe behind each, is `pipe_cells`.

use nianbao_model::Grid;

use crate::Region;
use crate::fragments::{self, Fragment, figures, filled, look_like_table};
use crate::grammar::{Grammar, is_border, is_pipe};
use crate::lines::Line;
use crate::pipe_cells;
use crate::table::{RawCell, RawRow};

/// The tables and the text from `start` up to where the lines with pipes end.
pub(crate) fn read(lines: &[Line<'_>], grammars: &[Grammar], start: usize) -> (Vec<Region>, usize) {
    let mut group = Vec::new();
    let mut at = start;
    while grammars.get(at) == Some(&Grammar::Pipes) {
        let end = end(lines, grammars, at);
        group.push(fragment(lines, at..end));
        at = end;
    }
    (fragments::regions(group, look_like_table), at)
}

fn end(lines: &[Line<'_>], grammars: &[Grammar], start: usize) -> usize {
    (start + 1..lines.len())
        .find(|&index| grammars.get(index) != Some(&Grammar::Pipes) || !lines.get(index).is_some_and(Line::is_close))
        .unwrap_or(lines.len())
}

fn fragment(lines: &[Line<'_>], range: std::ops::Range<usize>) -> Fragment {
    let source = lines.get(range.clone()).unwrap_or_default();
    if pipe_cells::is_stacked(source) {
        let rows = pipe_cells::rows(source);
        let is_certain = rows.iter().any(|row| figures(row) >= 1);
        return Fragment { lines: range, rows, grid: Grid::Lost, is_certain };
    }
    let outer = Outer::of(source);
    let mut rows: Vec<RawRow> = Vec::new();
    let mut has_rule = false;
    let is_ruled = is_ruled(source);
    let mut begins = true;
    for line in source {
        let fields = fields(&line.text, outer);
        if is_border(&line.text) || is_rule(&fields, rows.len() == 1 && !has_rule) {
            has_rule = true;
            begins = true;
            continue;
        }
        let row = row(&fields, line);
        match rows.last_mut() {
            Some(above) if is_ruled && !begins && above.len() == row.len() => go_on(above, row),
            _ => rows.push(row),
        }
        begins = false;
    }
    let grid = if has_rule && is_full(&rows) { Grid::Inferred } else { Grid::Lost };
    let is_certain = has_rule || (outer.left && rows.iter().any(|row| filled(row) >= 2 && figures(row) >= 1));
    Fragment { lines: range, rows, grid, is_certain }
}

/// Whether a line is drawn under every row, so that the lines between two of them are one row: above and below the header and under the last
/// row there may be lines in any table.
fn is_ruled(lines: &[Line<'_>]) -> bool {
    lines.iter().filter(|line| is_border(&line.text)).count() > 3
}

/// Takes a further line of the row into its cells.
fn go_on(row: &mut RawRow, further: RawRow) {
    for (cell, further) in row.iter_mut().zip(further) {
        if !further.is_blank() {
            cell.go_on(further);
        }
    }
}

/// Whether every row has the same number of cells and none is blank: only then can no cell have moved.
fn is_full(rows: &[RawRow]) -> bool {
    let width = rows.first().map_or(0, Vec::len);
    rows.iter().all(|row| row.len() == width && !row.iter().any(RawCell::is_blank))
}

/// Which outer pipes the rows of a fragment have: those that most lines have.
#[derive(Clone, Copy)]
struct Outer {
    left: bool,
    right: bool,
}

impl Outer {
    fn of(lines: &[Line<'_>]) -> Self {
        let most = |has: &dyn Fn(&str) -> bool| {
            let rows = || lines.iter().filter(|line| !is_border(&line.text));
            let count = rows().filter(|line| has(line.text.trim())).count();
            count * 2 > rows().count()
        };
        Self { left: most(&|text| text.starts_with(is_pipe)), right: most(&|text| text.ends_with(is_pipe)) }
    }
}

/// The texts between the pipes of a line.
fn fields(text: &str, outer: Outer) -> Vec<&str> {
    let mut fields = between_pipes(text.trim());
    if outer.left && fields.first().is_some_and(|field| field.trim().is_empty()) {
        fields.remove(0);
    }
    if (outer.right || outer.left) && fields.last().is_some_and(|field| field.trim().is_empty()) {
        fields.pop();
    }
    fields
}

/// A pipe behind a backslash belongs to the text.
pub(crate) fn between_pipes(text: &str) -> Vec<&str> {
    let mut fields = Vec::new();
    let mut start = 0;
    let mut is_escaped = false;
    for (index, c) in text.char_indices() {
        if is_pipe(c) && !is_escaped {
            fields.push(text.get(start..index).unwrap_or_default());
            start = index + c.len_utf8();
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    fields.push(text.get(start..).unwrap_or_default());
    fields
}

/// Whether the fields are a Markdown rule, `|---|:-:|`. Dashes also stand for nought, so fewer than three count only where a rule must be: below
/// the first row.
fn is_rule(fields: &[&str], is_expected: bool) -> bool {
    let least = if is_expected { 1 } else { 3 };
    !fields.is_empty()
        && fields.iter().all(|field| {
            let dashes = field.trim().trim_matches(':');
            dashes.len() >= least && dashes.chars().all(|c| c == '-')
        })
}

fn row(fields: &[&str], line: &Line<'_>) -> RawRow {
    fields.iter().enumerate().map(|(index, text)| RawCell::new(&plain(text), line, index)).collect()
}

/// The text of a field: without the blanks that set it off from the pipes, pipes unescaped, `<br>` as the line break that it is.
pub(crate) fn plain(text: &str) -> String {
    let text = text.trim_matches([' ', '\t']).replace("\\|", "|");
    if !text.contains('<') {
        return text;
    }
    ["<br>", "<br/>", "<br />"].iter().fold(text, |text, mark| text.replace(mark, "\u{2028}"))
}

#[cfg(test)]
mod tests {
    use crate::testing::{grids, shown};
    use nianbao_model::Grid;

    #[test]
    fn outer_pipes_make_no_cells_and_padding_does() {
        let text = "| 第一项 | |||\n| 内容 | 制发 | 废止 | 现行 | \n| 规章 | 0 | 1 | 2 | \n| 许可 | 0 | ||\n";
        assert_eq!(shown(text), ["▦", "第一项|||", "内容|制发|废止|现行", "规章|0|1|2", "许可|0||"]);
    }

    #[test]
    fn the_rule_of_a_markdown_table_is_no_row() {
        let text = "| 内容 | 数量 |\n|:---|---:|\n| 许可 | 3 |\n| 处罚 | - |\n";
        assert_eq!(shown(text), ["▦", "内容|数量", "许可|3", "处罚|-"]);
        assert_eq!(grids(text), [Grid::Inferred]);
    }

    #[test]
    fn a_row_of_dashes_below_the_header_is_no_rule() {
        let text = "| 维持 | 纠正 |\n|---|---|\n| - | - |\n| 1 | 0 |\n";
        assert_eq!(shown(text), ["▦", "维持|纠正", "-|-", "1|0"]);
    }

    #[test]
    fn columns_are_lost_where_a_slot_is_blank_or_gone() {
        assert_eq!(grids("| 内容 | 数量 |\n|---|---|\n| 许可 | |\n"), [Grid::Lost]);
        assert_eq!(grids("| 内容 | 数量 |\n| 许可 | 1 |\n"), [Grid::Lost]);
    }

    #[test]
    fn rows_need_no_outer_pipes() {
        let text = "内容 | 制发 | 废止\n规章 | 0 | 1\n | 2 | 3\n";
        assert_eq!(shown(text), ["▦", "内容|制发|废止", "规章|0|1", "|2|3"]);
    }

    #[test]
    fn an_escaped_pipe_and_a_line_break_belong_to_the_cell() {
        let text = "| 增\\|减 | 商业<br>企业 |\n| 1 | 2 |\n";
        assert_eq!(shown(text), ["▦", "增|减|商业⏎企业", "1|2"]);
    }

    #[test]
    fn drawn_tables_are_read_without_their_lines() {
        let text = "+------+---+\n| 许可 | 3 |\n+------+---+\n| 处罚 | 4 |\n+------+---+\n";
        assert_eq!(shown(text), ["▦", "许可|3", "处罚|4"]);
        let text = "┌────┬──┐\n│许可│ 3│\n├────┼──┤\n│处罚│ 4│\n└────┴──┘\n";
        assert_eq!(shown(text), ["▦", "许可|3", "处罚|4"]);
    }

    #[test]
    fn lines_between_two_drawn_ones_are_one_row() {
        let text = "+----+---+\n| 规 | 3 |\n| 章 |   |\n+----+---+\n| 文 | 4 |\n| 件 | 0 |\n+----+---+\n| 许可 | 5 |\n+----+---+\n";
        assert_eq!(shown(text), ["▦", "规⏎章|3", "文⏎件|4⏎0", "许可|5"]);
    }

    #[test]
    fn a_pipe_in_text_is_text() {
        assert_eq!(shown("首页 | 公开 | 年报\n正文开始。\n"), ["¶首页 | 公开 | 年报", "¶正文开始。"]);
    }
}
