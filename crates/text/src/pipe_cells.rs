//! A cell a line, a pipe behind each: what main-text extractors make of web pages whose cells hold paragraphs.
//!
//! ```text
//! 规章 |
//! 0 |
//! |
//! 行政许可 |
//! 0 |
//! ||
//! ```
//!
//! A pipe alone is a blank cell. Several at once pad the row to the width of the table, so they end it; rows that need no padding end
//! where a label follows figures.

use crate::lines::Line;
use crate::pipes::{between_pipes, plain};
use crate::table::{RawCell, RawRow};

/// How many lines a stretch must have at least: a sentence that ends with a pipe is no table.
const LEAST_LINES: usize = 4;

/// Whether nearly every line holds one cell and ends with its pipe.
pub(crate) fn is_stacked(lines: &[Line<'_>]) -> bool {
    let stacked = lines.iter().filter(|line| cell_and_padding(&line.text).is_some()).count();
    let with_text = lines.iter().filter(|line| cell_and_padding(&line.text).is_some_and(|(cell, _)| !cell.is_empty()));
    lines.len() >= LEAST_LINES && stacked * 10 >= lines.len() * 9 && with_text.count() * 4 > lines.len()
}

/// The one cell of a line, and how many blank ones follow on the line; `None` where the line holds more, or does not end with a pipe.
fn cell_and_padding(text: &str) -> Option<(&str, usize)> {
    let fields = between_pipes(text.trim());
    let (last, fields) = fields.split_last()?;
    let (first, padding) = fields.split_first()?;
    let is_blank = |field: &&str| field.trim().is_empty();
    (is_blank(last) && padding.iter().all(is_blank)).then_some((first.trim(), padding.len()))
}

/// The rows that the cells make.
pub(crate) fn rows(lines: &[Line<'_>]) -> Vec<RawRow> {
    let mut rows = Rows::default();
    for line in lines {
        match cell_and_padding(&line.text) {
            Some(("", padding)) if padding > 0 => rows.end(),
            Some((cell, padding)) => {
                rows.add(RawCell::new(&plain(cell), line, 0));
                if padding > 0 {
                    rows.end();
                }
            }
            // A line of a cell that the source breaks.
            None => rows.go_on(RawCell::new(&plain(&line.text), line, 0)),
        }
    }
    rows.end();
    rows.done
}

#[derive(Default)]
struct Rows {
    done: Vec<RawRow>,
    row: RawRow,
}

impl Rows {
    fn add(&mut self, cell: RawCell) {
        let is_label = !cell.is_blank() && !cell.is_figure();
        let has_figures = self.row.iter().any(|cell| cell.is_blank() || cell.is_figure());
        if is_label && has_figures {
            self.end();
        }
        if !is_label && !has_figures && self.row.len() > 1 {
            // Of several labels before the first figure only the last can be the row's own; the others are a header or a group.
            let label = self.row.pop();
            self.end();
            self.row.extend(label);
        }
        self.row.push(cell);
    }

    fn go_on(&mut self, further: RawCell) {
        match self.row.last_mut() {
            Some(cell) => cell.go_on(further),
            None => self.row.push(further),
        }
    }

    fn end(&mut self) {
        if !self.row.is_empty() {
            self.done.push(std::mem::take(&mut self.row));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::shown;

    #[test]
    fn a_label_behind_figures_begins_a_row() {
        let text = "内容 |\n制发 |\n废止 |\n规章 |\n0 |\n1 |\n文件 |\n2 |\n/ |\n";
        assert_eq!(shown(text), ["▦", "内容|制发|废止", "规章|0|1", "文件|2|/"]);
    }

    #[test]
    fn padding_ends_a_row() {
        let text = "第一项 | |||\n内容 |\n数量 | ||\n许可 |\n3 |\n||\n维持 |\n纠正 |\n||||\n1 |\n0 |\n";
        assert_eq!(shown(text), ["▦", "第一项", "内容|数量", "许可|3", "维持|纠正", "1|0"]);
    }

    #[test]
    fn a_pipe_alone_is_a_blank_cell() {
        let text = "新收 |\n|\n|\n3 |\n结转 |\n|\n|\n|\n";
        assert_eq!(shown(text), ["▦", "新收|||3", "结转|||"]);
    }

    #[test]
    fn rows_with_pipes_between_their_cells_are_not_stacked() {
        let text = "内容 | 数量 |\n许可 | 3 |\n处罚 | 4 |\n强制 | 5 |\n";
        assert_eq!(shown(text), ["▦", "内容|数量", "许可|3", "处罚|4", "强制|5"]);
    }
}
