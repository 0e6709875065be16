//! A cell a line, a TAB in front of each; a blank line after each row (the rich-text handler of Apache Tika).
//!
//! A merged cell's continuation is a line of a TAB only. A line break inside a cell gives a line without a TAB. After the last row there
//! are two blank lines or more, or text.

use std::ops::Range;

use nianbao_model::Grid;

use crate::Region;
use crate::fragments::{figures, filled};
use crate::grammar::Grammar;
use crate::lines::Line;
use crate::lump;
use crate::shape::{has_first_mark, is_figure, is_note, is_prose};
use crate::table::{RawCell, RawRow};

/// A row: its cells, and the lines of each.
#[derive(Debug)]
struct Row {
    cells: RawRow,
    lines: Vec<Range<usize>>,
}

/// The tables and the text from `start` up to where the lines with a TAB in front end.
pub(crate) fn read(lines: &[Line<'_>], grammars: &[Grammar], start: usize) -> (Vec<Region>, usize) {
    let end = end(lines, grammars, start);
    let rows = rows(lines, start..end);
    (regions(rows, start..end), end)
}

/// Where the run of cells ends that begins at `start`.
fn end(lines: &[Line<'_>], grammars: &[Grammar], start: usize) -> usize {
    let mut cell = "";
    for (index, line) in lines.iter().enumerate().skip(start) {
        let goes_on = match grammars.get(index) {
            Some(Grammar::Cells) if index == start || line.is_close() => true,
            Some(Grammar::Cells) => line.gap < 2 && !line.page && line.text.starts_with('\t'),
            Some(Grammar::Plain) => line.is_close() && goes_on(cell, &line.text),
            _ => false,
        };
        if !goes_on {
            return index;
        }
        if line.text.starts_with('\t') || cell.trim().is_empty() {
            cell = &line.text;
        }
    }
    lines.len()
}

/// Whether a line without a TAB, directly below a cell, is a further line of it. A figure is gone on by a note or by digits, not by words; and
/// no cell is gone on by a sentence.
fn goes_on(cell: &str, text: &str) -> bool {
    if cell.trim().is_empty() || is_figure(cell) {
        let is_blank = cell.trim().is_empty();
        return is_note(text) || (is_blank && !is_prose(text) && !has_first_mark(text));
    }
    !is_prose(text)
}

fn rows(lines: &[Line<'_>], range: Range<usize>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for index in range {
        let Some(line) = lines.get(index) else { break };
        let is_cell = line.text.starts_with('\t');
        match rows.last_mut() {
            Some(row) if line.gap == 0 && is_cell => row.push(line, index),
            Some(row) if !is_cell => row.go_on(line, index),
            _ => {
                let mut row = Row { cells: Vec::new(), lines: Vec::new() };
                row.push(line, index);
                rows.push(row);
            }
        }
    }
    rows
}

impl Row {
    fn push(&mut self, line: &Line<'_>, index: usize) {
        let text = line.text.strip_prefix('\t').unwrap_or(&line.text);
        self.cells.push(RawCell::new(text, line, 0));
        self.lines.push(index..index + 1);
    }

    fn go_on(&mut self, line: &Line<'_>, index: usize) {
        if let (Some(cell), Some(lines)) = (self.cells.last_mut(), self.lines.last_mut()) {
            cell.go_on(RawCell::new(&line.text, line, 0));
            lines.end = index + 1;
        }
    }

    /// The row from its `at`-th cell on; what comes before stays.
    fn split_off(&mut self, at: usize) -> Self {
        Self { cells: self.cells.split_off(at), lines: self.lines.split_off(at) }
    }

    fn is_single(&self) -> bool {
        self.cells.len() == 1
    }
}

/// Cuts the rows at sentences, and judges each part.
fn regions(rows: Vec<Row>, range: Range<usize>) -> Vec<Region> {
    let mut parts = Parts { found: Vec::new(), rows: Vec::new(), next: range.start };
    for mut row in rows {
        let text = if figures(&row.cells) >= 2 {
            0
        } else {
            row.cells.iter().rposition(RawCell::is_prose).map_or(0, |last| last + 1)
        };
        if text > 0 {
            parts.close();
            row = row.split_off(text);
        }
        if !row.cells.is_empty() {
            parts.rows.push(row);
        }
    }
    parts.close();
    parts.text_up_to(range.end);
    parts.found
}

/// What was judged so far, and the rows that wait for judgement.
struct Parts {
    found: Vec<Region>,
    rows: Vec<Row>,
    /// The first line that is in no region yet.
    next: usize,
}

impl Parts {
    /// Judges the waiting rows. What is no table is left to the next stretch of text.
    fn close(&mut self) {
        let rows = without_edges(std::mem::take(&mut self.rows));
        if !are_table(&rows) {
            return;
        }
        let Some(first) = rows.first().and_then(|row| row.lines.first()) else {
            return;
        };
        self.text_up_to(first.start);
        self.next = rows.last().and_then(|row| row.lines.last()).map_or(self.next, |last| last.end);
        self.found.push(Region::Table(split(rows), Grid::Lost));
    }

    fn text_up_to(&mut self, end: usize) {
        if self.next < end {
            self.found.push(Region::Text(self.next..end));
            self.next = end;
        }
    }
}

/// The rows without the headings above and the signature below, where the text itself is indented with TABs.
fn without_edges(mut rows: Vec<Row>) -> Vec<Row> {
    while rows.last().is_some_and(|row| row.is_single() && !is_kept(row)) {
        rows.pop();
    }
    let is_heading = |row: &Row| row.is_single() && row.cells.iter().any(|cell| has_first_mark(cell.first_line()));
    let headings = rows.iter().take_while(|row| is_heading(row)).count();
    rows.drain(..headings);
    if let Some(first) = rows.first_mut() {
        without_heading(first);
    }
    rows
}

/// Takes away a heading that stands directly above the first row. A label with the same numeral has figures behind it.
fn without_heading(row: &mut Row) {
    let heading = row.cells.iter().position(|cell| !cell.is_blank());
    let is_heading = |index: &usize| row.cells.get(*index).is_some_and(|cell| has_first_mark(cell.first_line()));
    if let Some(index) = heading.filter(is_heading)
        && figures(&row.cells) == 0
        && index + 1 < row.cells.len()
    {
        *row = row.split_off(index + 1);
    }
}

fn is_kept(row: &Row) -> bool {
    row.cells.iter().any(|cell| cell.is_figure() || is_note(cell.first_line()))
}

/// Whether the rows are a table: figures in several rows or several in one, or cells in equal rows.
fn are_table(rows: &[Row]) -> bool {
    let wide = rows.iter().any(|row| row.cells.len() >= 2);
    let count: usize = rows.iter().map(|row| figures(&row.cells)).sum();
    wide && (count >= 3 || (rows.len() >= 2 && count >= 1) || are_equal(rows))
}

/// Two rows or more of the same number of cells, two at least, in which nothing is long; or three rows with blank cells among them.
fn are_equal(rows: &[Row]) -> bool {
    let widths = || rows.iter().map(|row| row.cells.len());
    let width = widths().max().unwrap_or(0);
    let has_blank = rows.iter().any(|row| filled(&row.cells) > 0 && filled(&row.cells) < row.cells.len());
    (rows.len() >= 2 && width >= 2 && widths().all(|other| other == width)) || (rows.len() >= 3 && has_blank)
}

/// The rows as they were before a tool dropped the blank lines between them. Where nothing was dropped, the rows as they are.
fn split(rows: Vec<Row>) -> Vec<RawRow> {
    let one_row = rows.len() == 1;
    rows.into_iter()
        .flat_map(|row| {
            if lump::is_several(&row.cells) || (one_row && lump::begins_with_header(&row.cells)) {
                lump::rows(row.cells)
            } else {
                vec![row.cells]
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::testing::shown;

    #[test]
    fn a_blank_line_ends_a_row_and_two_end_the_table() {
        let text = "标题\n\t规章\n\t0\n\t1\n\n\t行政许可\n\t7\n\n\n\t总计\n\t8\n\n\t其他\n\t9\n";
        let wanted = ["¶标题", "▦", "规章|0|1", "行政许可|7", "▦ page break", "总计|8", "其他|9"];
        assert_eq!(shown(text), wanted);
    }

    #[test]
    fn a_tab_alone_is_a_blank_cell_and_a_line_without_one_goes_on() {
        let text = "\t\n\t商业\n企业\n\t总\n计\n\n\t\n\t3\n\t4\n";
        assert_eq!(shown(text), ["▦", "|商业⏎企业|总⏎计", "|3|4"]);
    }

    #[test]
    fn text_below_the_last_row_is_text() {
        let rows = "\t规章\n\t0\n\n\t行政许可\n\t7\n";
        let wanted = ["▦", "规章|0", "行政许可|7", "¶五、存在的问题"];
        assert_eq!(shown(&format!("{rows}\n五、存在的问题\n")), wanted);
        assert_eq!(shown(&format!("{rows}五、存在的问题\n")), wanted);
    }

    #[test]
    fn a_heading_between_tables_parts_them() {
        let text = "\t规章\n\t0\n\n\t许可\n\t7\n\n三、收到申请\n\t新收\n\t1\n\n\t结转\n\t2\n";
        let wanted = ["▦", "规章|0", "许可|7", "¶三、收到申请", "▦", "新收|1", "结转|2"];
        assert_eq!(shown(text), wanted);
    }

    #[test]
    fn a_note_goes_on_with_a_figure() {
        let text = "\t规范性文件\n\t22\n（其中修订16件）\n\t3\n\n\t规章\n\t0\n\t0\n";
        assert_eq!(shown(text), ["▦", "规范性文件|22⏎（其中修订16件）|3", "规章|0|0"]);
    }

    #[test]
    fn indented_text_is_no_table() {
        for text in [
            "\t一、概述\n\t本年度工作有序。\n\t下一步继续努力。\n",
            "\t某某局\n\t2024年1月15日\n",
            "\t一、概述\n\n\t本年度工作有序。\n\n\t二、其他\n",
            "\t只有一行\n",
        ] {
            assert!(shown(text).iter().all(|line| line.starts_with('¶')), "{text:?}");
        }
    }

    #[test]
    fn an_indented_heading_above_a_table_stays_text() {
        let text = "\t全文如下。\n\t二、主动公开\n\t规章\n\t本年\n\n\t数量\n\t3\n\n\t某某局\n";
        let wanted = ["¶\t全文如下。", "¶\t二、主动公开", "▦", "规章|本年", "数量|3", "¶\t某某局"];
        assert_eq!(shown(text), wanted);
    }

    #[test]
    fn rows_are_found_where_the_blank_lines_between_them_are_gone() {
        let text =
            "\t内容\n\t制发\n\t废止\n\t规章\n\t0\n\t1\n\t文件\n\t2\n\t3\n\t\n\t许可\n\t4\n\t5\n\t处罚\n\t6\n\t7\n";
        let wanted = ["▦", "内容|制发|废止", "规章|0|1", "文件|2|3", "|许可|4|5", "处罚|6|7"];
        assert_eq!(shown(text), wanted);
    }

    #[test]
    fn a_row_without_figures_of_its_own_stays_in_the_table() {
        let text = "\t规章\n\t\n\t\n\n\t许可\n\t\n\t\n\n\t处罚\n\t\n\t\n";
        assert_eq!(shown(text), ["▦", "规章||", "许可||", "处罚||"]);
    }
}
