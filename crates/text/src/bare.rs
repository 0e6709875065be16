//! A cell a line, and nothing but the line break between cells: `规章`, `0`, `0`, `0`, one below the other.
//!
//! ```text
//! 信息内容
//! 本年制发件数
//! 规章
//! 0
//! 行政许可
//! 0
//! ```
//!
//! Nothing in such a line says that it is a cell, so the lines around it must: a table is a run of labels and lone figures. A row begins with
//! a text behind a figure. Blank cells may have gone without a trace, so a row may have too few; they are kept where blank lines stand between
//! cells that otherwise have none, or have one each.

use std::ops::Range;

use nianbao_model::{Grid, Mark};

use crate::blanks::is_label;
use crate::fragments::Fragment;
use crate::lines::Line;
use crate::lump;
use crate::shape::{is_amount, is_figure, mark};
use crate::table::{RawCell, RawRow};

/// How many lines may stand above a figure and belong to its table: the header of the last table of a form, two or three lines a cell.
const MAX_HEADER: usize = 64;

/// How far above its figures, or above its next level, a label with a numeral may stand: a label of that many lines is none, but a heading.
const LONGEST_LABEL: usize = 5;

/// How many figures stand alone on their lines in a table, at least.
const LEAST_FIGURES: usize = 3;

/// What a line can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Figure,
    /// What stands in brackets below a figure.
    Note,
    Label,
    Other,
}

fn kinds(lines: &[Line<'_>]) -> Vec<Kind> {
    let mut kinds = Vec::with_capacity(lines.len());
    for line in lines {
        let kind = kind(&line.text, kinds.last().copied());
        kinds.push(kind);
    }
    kinds
}

fn kind(text: &str, above: Option<Kind>) -> Kind {
    let text = text.trim();
    if is_figure(text) || is_amount(text) {
        Kind::Figure
    } else if above == Some(Kind::Figure) && is_in_brackets(text) && mark(text).is_none() {
        Kind::Note
    } else if is_label(text) {
        Kind::Label
    } else {
        Kind::Other
    }
}

fn is_in_brackets(text: &str) -> bool {
    text.starts_with(['（', '(']) && text.ends_with(['）', ')'])
}

/// The tables among lines without TABs and pipes, each with the lines that it takes, counted from the first of `lines`.
pub(crate) fn tables(lines: &[Line<'_>]) -> Vec<Fragment> {
    let kinds = kinds(lines);
    spans(lines, &kinds)
        .into_iter()
        .filter(|span| {
            let inside = kinds.get(span.clone()).unwrap_or_default();
            inside.iter().filter(|&&kind| kind == Kind::Figure).count() >= LEAST_FIGURES
        })
        .filter_map(|span| {
            let source = lines.get(span.clone()).unwrap_or_default();
            let rows = rows(source, kinds.get(span.clone()).unwrap_or_default());
            are_table(&rows).then_some(Fragment { lines: span, rows, grid: Grid::Lost, is_certain: true })
        })
        .collect()
}

/// Whether the rows are a table: two with figures, one of them with several; one with so many that it is no list; or three with one each.
fn are_table(rows: &[RawRow]) -> bool {
    let values = |row: &RawRow| row.iter().filter(|cell| lump::is_value(cell)).count();
    let with_figures = rows.iter().filter(|row| values(row) > 0).count();
    let most = rows.iter().map(values).max().unwrap_or(0);
    with_figures >= 3 || (with_figures == 2 && most >= 2) || most >= 5
}

/// The runs of labels and lone figures, each from the top of its header to its last figure.
fn spans(lines: &[Line<'_>], kinds: &[Kind]) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = Vec::new();
    for (index, kind) in kinds.iter().enumerate() {
        if !matches!(kind, Kind::Figure | Kind::Note) {
            continue;
        }
        let floor = spans.last().map_or(0, |last| last.end);
        let top = top(lines, kinds, floor, index);
        match spans.last_mut() {
            Some(last) if top == last.end => last.end = index + 1,
            _ => spans.push(top..index + 1),
        }
    }
    spans
}

/// Where the labels begin that stand above a figure.
fn top(lines: &[Line<'_>], kinds: &[Kind], floor: usize, figure: usize) -> usize {
    let mut top = figure;
    let mut below = figure;
    let mut below_is_first = false;
    while top > floor && figure - top < MAX_HEADER && kinds.get(top - 1) == Some(&Kind::Label) {
        let mark = lines.get(top - 1).and_then(|line| mark(&line.text));
        let is_first = matches!(mark, Some(Mark::Han(_)));
        if mark.is_some() {
            if below - (top - 1) > LONGEST_LABEL || (is_first && below_is_first) {
                break;
            }
            below = top - 1;
            below_is_first = is_first;
        }
        top -= 1;
    }
    top
}

fn rows(lines: &[Line<'_>], kinds: &[Kind]) -> Vec<RawRow> {
    let spacing = spacing(lines);
    let mut cells: RawRow = Vec::new();
    for (line, kind) in lines.iter().zip(kinds) {
        let cell = RawCell::new(&line.text, line, 0);
        match cells.last_mut() {
            Some(figure) if *kind == Kind::Note => figure.go_on(cell),
            // A merged cell, printed once for each of its slots.
            Some(label) if *kind == Kind::Label && label.lines == cell.lines => {
                label.origins.extend(cell.origins);
            }
            Some(_) => {
                cells.extend((0..blanks_above(line, spacing)).map(|_| RawCell::new("", line, 0)));
                cells.push(cell);
            }
            None => cells.push(cell),
        }
    }
    lump::rows(cells)
}

/// How many blank lines stand between two figures one below the other: the least of all.
fn spacing(lines: &[Line<'_>]) -> usize {
    lines
        .windows(2)
        .filter_map(|pair| match pair {
            [above, below] if is_figure(&above.text) && is_figure(&below.text) => Some(below.gap),
            _ => None,
        })
        .min()
        .unwrap_or(0)
}

/// How many blank cells the gap above a line stands for. Where a blank line ends every cell, a blank cell is two lines.
fn blanks_above(line: &Line<'_>, spacing: usize) -> usize {
    match spacing {
        0 => line.gap,
        1 => line.gap.saturating_sub(1) / 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::shown;

    #[test]
    fn a_text_behind_a_figure_begins_a_row() {
        let text = "二、公开\n第一项\n信息内容\n制发\n废止\n规章\n0\n1\n文件\n2\n3\n三、申请\n";
        let wanted = ["¶二、公开", "▦", "第一项|信息内容|制发|废止", "规章|0|1", "文件|2|3", "¶三、申请"];
        assert_eq!(shown(text), wanted);
    }

    #[test]
    fn a_heading_is_no_label_though_its_numeral_is_the_same() {
        let text = "三、申请情况\n申请人\n自然人\n一、新收\n1\n1\n二、结转\n0\n0\n三、结果\n（一）公开\n1\n1\n四、结转下年\n0\n0\n四、复议情况\n维持\n纠正\n其他\n未结\n总计\n1\n0\n0\n0\n1\n";
        let wanted = [
            "¶三、申请情况",
            "▦",
            "申请人|自然人|一、新收|1|1",
            "二、结转|0|0",
            "三、结果|（一）公开|1|1",
            "四、结转下年|0|0",
            "¶四、复议情况",
            "▦",
            "维持|纠正|其他|未结",
            "总计|1|0|0|0|1",
        ];
        assert_eq!(shown(text), wanted);
    }

    #[test]
    fn blank_lines_are_blank_cells_where_cells_have_none_between() {
        let text = "规章\n0\n\n1\n文件\n2\n3\n\n";
        assert_eq!(shown(text), ["▦", "规章|0||1", "文件|2|3"]);
        let text = "规章\n\n0\n\n\n\n1\n\n文件\n\n2\n\n3\n\n许可\n\n4\n";
        assert_eq!(shown(text), ["▦", "规章|0||1", "文件|2|3", "许可|4"]);
    }

    #[test]
    fn a_note_goes_on_with_its_figure() {
        let text = "规章\n22\n（其中修订16件）\n0\n文件\n3（转办1件）\n1\n";
        assert_eq!(shown(text), ["▦", "规章|22⏎（其中修订16件）|0", "文件|3（转办1件）|1"]);
    }

    #[test]
    fn a_label_printed_again_and_again_is_one_cell() {
        let text = "第一项\n第一项\n内容\n制发\n规章\n1\n2\n文件\n3\n4\n";
        assert_eq!(shown(text), ["▦", "第一项|内容|制发", "规章|1|2", "文件|3|4"]);
    }

    #[test]
    fn sentences_and_single_numbers_are_no_table() {
        for text in [
            "某局年报\n2023\n一、概述\n全年收到申请\n3\n件。\n",
            "地址\n某路\n电话\n88112233\n邮编\n311100\n",
            "1\n2\n3\n",
        ] {
            assert!(shown(text).iter().all(|line| line.starts_with('¶')), "{text:?}: {:?}", shown(text));
        }
    }
}
