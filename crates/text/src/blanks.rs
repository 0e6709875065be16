//! A row a line, blanks between the figures, or none before them: `行政处罚 12`, `规章  0  0  0`, `规章000`.
//!
//! Nothing in such a line says that it is a row, so the lines around it must: a table is a run of lines that end in figures, with the lines
//! of words directly above it and between. A heading ends it, and so does a sentence.

use std::ops::Range;

use nianbao_model::{Grid, Mark};

use crate::Region;
use crate::bare;
use crate::fragments::{self, Fragment, figures};
use crate::grammar::Grammar;
use crate::lines::Line;
use crate::shape::{is_prose, mark};
use crate::table::{RawCell, RawRow};
use crate::tail::{label_words, tail, words};

/// How many lines without figures may stand between two rows: a merged header of three lines and a cut label.
const MAX_BRIDGE: usize = 4;

/// How many where all of them are short, as in narrow columns: a label of 40 characters, three to a line.
const MAX_NARROW_BRIDGE: usize = 16;

/// How many characters a line has at most that stands in narrow columns.
const NARROW: usize = 24;

/// A line with a comma is a piece of a label only up to this many characters: `只计这一情形，`.
const LONGEST_PIECE: usize = 16;

/// How many lines of a header may stand above the first row.
const MAX_HEADER: usize = 8;

/// How many where each of its words stands on a line of its own, or on several.
const MAX_COLUMN: usize = 64;

/// The tables and the text from `start` up to where the lines without TABs and pipes end.
pub(crate) fn read(lines: &[Line<'_>], grammars: &[Grammar], start: usize) -> (Vec<Region>, usize) {
    let end = (start..lines.len()).find(|&index| grammars.get(index) != Some(&Grammar::Plain)).unwrap_or(lines.len());
    (regions(lines, start..end), end)
}

/// Tables of lone cells are found first: what is left between them has its cells on one line.
fn regions(lines: &[Line<'_>], range: Range<usize>) -> Vec<Region> {
    let within = |range: Range<usize>| lines.get(range).unwrap_or_default();
    let mut found = Vec::new();
    let mut next = range.start;
    for table in bare::tables(within(range.clone())) {
        let at = range.start + table.lines.start;
        found.extend(Stretch::new(within(next..at)).regions(next));
        next = range.start + table.lines.end;
        found.push(Region::Table(table.rows, table.grid));
    }
    found.extend(Stretch::new(within(next..range.end)).regions(next));
    found
}

/// What a line looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// A label and figures, or several figures alone (`is_bare`).
    Row { is_bare: bool },
    /// Several words with blanks between.
    Words,
    /// One word: a label, a part of one, a heading.
    Word,
    /// A sentence.
    Prose,
}

fn look(text: &str) -> Look {
    let tail = tail(text);
    let behind_label = tail.count > 0 || !tail.glued.is_empty();
    if is_sentence(tail.label) && (behind_label || !is_piece(text)) {
        Look::Prose
    } else if behind_label && !tail.label.is_empty() {
        Look::Row { is_bare: false }
    } else if tail.count >= 3 {
        Look::Row { is_bare: true }
    } else if words(text).len() > 1 {
        Look::Words
    } else {
        Look::Word
    }
}

/// Whether the line can be a label, a part of one, or a header: words without a figure behind them.
pub(crate) fn is_label(text: &str) -> bool {
    matches!(look(text), Look::Word | Look::Words)
}

/// A short line with a comma may be a piece of a broken label: its bracket was opened on a line above.
fn is_piece(text: &str) -> bool {
    text.trim().chars().nth(LONGEST_PIECE).is_none() && !is_prose(text) && !text.contains('；')
}

/// A label has no comma but within brackets; a part of one may have lost one bracket.
fn is_sentence(text: &str) -> bool {
    is_prose(text) || text.contains('；') || (text.contains(['，', ',']) && !text.contains(['（', '(', '）', ')']))
}

/// Lines without TABs and pipes that follow one another.
struct Stretch<'a, 'b> {
    lines: &'b [Line<'a>],
    looks: Vec<Look>,
    /// How large a gap is no gap: 1 where every row is set off by a blank line.
    spacing: usize,
}

impl<'a, 'b> Stretch<'a, 'b> {
    fn new(lines: &'b [Line<'a>]) -> Self {
        let looks: Vec<Look> = lines.iter().map(|line| look(&line.text)).collect();
        let spacing = spacing(lines, &looks);
        Self { lines, looks, spacing }
    }

    fn look(&self, index: usize) -> Option<Look> {
        self.looks.get(index).copied()
    }

    fn is_row(&self, index: usize) -> bool {
        matches!(self.look(index), Some(Look::Row { .. }))
    }

    fn mark(&self, index: usize) -> Option<Mark> {
        mark(&self.lines.get(index)?.text)
    }

    fn has_first_mark(&self, index: usize) -> bool {
        matches!(self.mark(index), Some(Mark::Han(_)))
    }

    /// Whether the line goes on without a gap.
    fn is_close(&self, index: usize) -> bool {
        self.lines.get(index).is_some_and(|line| !line.page && line.gap <= self.spacing)
    }

    /// The regions of the stretch; `offset` is the index of its first line in the file.
    fn regions(&self, offset: usize) -> Vec<Region> {
        let mut found = Vec::new();
        let mut group: Vec<Fragment> = Vec::new();
        let mut next = 0;
        for span in self.spans() {
            if next < span.start {
                found.extend(fragments::regions(std::mem::take(&mut group), are_table));
                found.push(Region::Text(next + offset..span.start + offset));
            }
            next = span.end;
            group.push(self.fragment(span, offset));
        }
        found.extend(fragments::regions(group, are_table));
        if next < self.lines.len() {
            found.push(Region::Text(next + offset..self.lines.len() + offset));
        }
        found
    }

    /// The runs of lines that may be tables, each without a gap.
    fn spans(&self) -> Vec<Range<usize>> {
        let mut spans: Vec<Range<usize>> = Vec::new();
        let mut chunk = 0;
        for index in 0..self.lines.len() {
            if !self.is_close(index) {
                chunk = index;
            }
            if self.is_row(index) {
                self.take_row(&mut spans, chunk, index);
            }
        }
        self.reach_up(&mut spans);
        spans
    }

    /// Takes a row into the last run, or begins a new one with it. `chunk` is the first line without a gap between it and the row.
    fn take_row(&self, spans: &mut Vec<Range<usize>>, chunk: usize, row: usize) {
        if let Some(last) = spans.last_mut() {
            if last.end > chunk && self.is_bridge(last.end..row) {
                last.end = row + 1;
                return;
            }
            self.reach_down(last, chunk, row);
        }
        let floor = spans.last().map_or(chunk, |last| last.end.max(chunk));
        spans.push(self.top(floor, row)..row + 1);
    }

    /// Whether the lines between two rows belong to the same table as the rows.
    fn is_bridge(&self, between: Range<usize>) -> bool {
        let row = between.end;
        let is_narrow = |index: usize| {
            let text = self.lines.get(index).map_or("", |line| line.text.trim());
            text.chars().nth(NARROW).is_none()
        };
        (between.len() <= MAX_BRIDGE || (between.len() <= MAX_NARROW_BRIDGE && between.clone().all(is_narrow)))
            && between.clone().all(|index| self.look(index) != Some(Look::Prose) && !self.is_heading(index, row))
    }

    /// Whether a line of words above a row is a heading and no label. A label with a numeral of the first level is gone on by the row itself: its next
    /// level, the rest of its words, or the next numeral.
    fn is_heading(&self, index: usize, row: usize) -> bool {
        let Some(Mark::Han(number)) = self.mark(index) else {
            return false;
        };
        let is_parted =
            (index + 1..row).any(|below| self.look(below) != Some(Look::Word) || self.has_first_mark(below));
        let goes_on = match self.mark(row) {
            Some(Mark::Han(next)) => next == number + 1,
            _ => self.look(row) == Some(Look::Row { is_bare: false }),
        };
        is_parted || !goes_on
    }

    /// Where the header begins that stands above the first row: lines of several words, with single words between them.
    fn top(&self, floor: usize, row: usize) -> usize {
        let top = self.top_of_words(floor, row);
        if top == row && self.look(row) == Some(Look::Row { is_bare: true }) {
            self.top_of_column(floor, row)
        } else {
            top
        }
    }

    /// Where the header begins that stands a word a line above a row of figures alone: at least as many words as figures.
    fn top_of_column(&self, floor: usize, row: usize) -> usize {
        let is_header = |&index: &usize| self.look(index) == Some(Look::Word) && !self.has_first_mark(index);
        let words = (floor..row).rev().take(MAX_COLUMN).take_while(is_header).count();
        let figures = self.lines.get(row).map_or(0, |line| tail(&line.text).count);
        if words >= figures { row - words } else { row }
    }

    fn top_of_words(&self, floor: usize, row: usize) -> usize {
        let mut top = row;
        for index in (floor..row).rev().take(MAX_HEADER) {
            let is_below_header = index > floor && self.look(index - 1) == Some(Look::Words);
            match self.look(index) {
                Some(Look::Words) if !self.has_first_mark(index) => top = index,
                Some(Look::Word) if !self.has_first_mark(index) || is_below_header => {}
                _ => break,
            }
        }
        top
    }

    /// Takes a label that the end of the page cut into the rows above it, where the row goes on beyond.
    fn reach_down(&self, span: &mut Range<usize>, chunk: usize, row: usize) {
        let cut = span.end..chunk;
        let goes_on = row == chunk && self.look(row) == Some(Look::Row { is_bare: false }) && self.mark(row).is_none();
        let is_label = |index: usize| self.look(index) == Some(Look::Word) && self.is_close(index);
        if goes_on && (1..=2).contains(&cut.len()) && cut.clone().all(is_label) {
            span.end = cut.end;
        }
    }

    /// Takes the rest of a label at the top of a page into the rows below it, where there are rows on the page before.
    fn reach_up(&self, spans: &mut [Range<usize>]) {
        let mut above = None;
        for span in spans {
            if let Some(end) = above {
                let rest = end..span.start;
                let is_label = |index: usize| self.look(index) == Some(Look::Word) && !self.has_first_mark(index);
                let is_cut = !self.is_close(rest.start) && (rest.start + 1..=rest.end).all(|i| self.is_close(i));
                if (1..=2).contains(&rest.len()) && is_cut && rest.clone().all(is_label) {
                    span.start = rest.start;
                }
            }
            above = Some(span.end);
        }
    }

    fn fragment(&self, span: Range<usize>, offset: usize) -> Fragment {
        let lines = self.lines.get(span.clone()).unwrap_or_default();
        Fragment {
            lines: span.start + offset..span.end + offset,
            rows: rows(lines),
            grid: Grid::Lost,
            is_certain: false,
        }
    }
}

/// 1 where most rows have a gap on both sides, else 0.
fn spacing(lines: &[Line<'_>], looks: &[Look]) -> usize {
    let gap_at = |index: usize| lines.get(index).is_none_or(|line| line.gap > 0);
    let rows = || (0..lines.len()).filter(|&index| matches!(looks.get(index), Some(Look::Row { .. })));
    let apart = rows().filter(|&index| gap_at(index) && gap_at(index + 1)).count();
    usize::from(apart >= 3 && apart * 2 > rows().count())
}

/// The rows of lines that follow one another.
fn rows(lines: &[Line<'_>]) -> Vec<RawRow> {
    let mut rows: Vec<RawRow> = Vec::with_capacity(lines.len());
    let mut fields_below = None;
    for line in lines.iter().rev() {
        let row = row(line, fields_below);
        if figures(&row) > 0 {
            fields_below = Some(row.len());
        }
        rows.push(row);
    }
    rows.reverse();
    rows
}

/// The fields of a line: the words of its label, the digits glued to it, its figures. A header has as many words as the row below it has fields,
/// where single blanks can tell so.
fn row(line: &Line<'_>, fields_below: Option<usize>) -> RawRow {
    let tail = tail(&line.text);
    let has_figures = tail.count > 0 || !tail.glued.is_empty();
    let single = || tail.label.split_whitespace().collect::<Vec<_>>();
    let label = if has_figures {
        label_words(tail.label)
    } else if fields_below.is_some_and(|fields| fields > 2 && single().len() == fields) {
        single()
    } else {
        words(tail.label)
    };
    let glued = Some((tail.glued, true)).filter(|(glued, _)| !glued.is_empty());
    label
        .into_iter()
        .map(|word| (word, false))
        .chain(glued)
        .chain(tail.figures.split_whitespace().map(|figure| (figure, false)))
        .enumerate()
        .map(|(field, (text, glued))| RawCell { glued, ..RawCell::new(text, line, field) })
        .collect()
}

/// Whether lines with figures at their ends are a table: two, one of which has several figures or a header of several words above it; one with so
/// many that it cannot be a sentence, or as many as the header has words; or three with one figure each behind different labels.
fn are_table(rows: &[RawRow]) -> bool {
    let with_figures = || rows.iter().filter(|row| figures(row) > 0);
    let strong = rows.iter().filter(|row| is_strong(row)).count();
    let count = with_figures().count();
    let header = rows.iter().filter(|row| figures(row) == 0).map(Vec::len).max().unwrap_or(0);
    (count >= 2 && (strong >= 1 || header >= 3))
        || rows.iter().any(|row| figures(row) >= 5)
        || with_figures().any(|row| figures(row) >= 3 && figures(row) == header)
        || (count >= 3 && !is_list(with_figures()))
}

/// Several figures, and no telephone number among them.
fn is_strong(row: &RawRow) -> bool {
    figures(row) >= 2 && !row.iter().any(|cell| cell.is_figure() && tail(cell.first_line()).has_code)
}

/// Whether the rows only count up under one label: 附件1, 附件2, 附件3.
fn is_list<'a>(mut rows: impl Iterator<Item = &'a RawRow>) -> bool {
    let label = |row: &'a RawRow| row.first().map_or("", RawCell::first_line);
    let first = rows.next().map_or("", label);
    rows.all(|row| label(row) == first)
}

#[cfg(test)]
mod tests {
    use crate::testing::shown;

    fn is_text(text: &str) -> bool {
        shown(text).iter().all(|line| line.starts_with('¶'))
    }

    #[test]
    fn lines_that_end_in_figures_are_rows_and_words_above_them_headers() {
        let text = "二、主动公开情况\n信息内容  制发  废止\n规章  0  1\n规范性 文件  2  3\n五、问题\n";
        let wanted = ["¶二、主动公开情况", "▦", "信息内容|制发|废止", "规章|0|1", "规范性 文件|2|3", "¶五、问题"];
        assert_eq!(shown(text), wanted);
    }

    #[test]
    fn a_header_has_as_many_words_as_the_row_below_has_fields() {
        let text = "信息内容     制发件数 废止件数 现行件数\n规章         12       3        4\n文件         5        6        7\n";
        assert_eq!(shown(text), ["▦", "信息内容|制发件数|废止件数|现行件数", "规章|12|3|4", "文件|5|6|7"]);
    }

    #[test]
    fn figures_glued_to_a_label_stay_in_its_cell() {
        let text = "信息内容 制发 废止\n规章000\n文件1235\n第五项\n信息内容 数量\n许可7\n收费26.55\n";
        let wanted =
            ["▦", "信息内容|制发|废止", "规章000", "文件1235", "第五项", "信息内容|数量", "许可7", "收费26.55"];
        assert_eq!(shown(text), wanted);
    }

    #[test]
    fn ideographic_blanks_and_aligned_columns_part_fields() {
        let text = "新收\u{3000}3\u{3000}\u{3000}0\n  结转      12     0\n";
        assert_eq!(shown(text), ["▦", "新收|3|0", "结转|12|0"]);
    }

    #[test]
    fn headings_and_sentences_are_never_rows() {
        for text in [
            "一、总体情况\n2023年，本局收到申请3件\n答复 3 件\n",
            "某局政府信息公开年报2023\n一、总体情况\n",
            "某局\n2024 年 1 月 15 日\n",
            "附件1\n附件2\n附件3\n附件4\n",
            "邮编 311100\n电话 0571 8901\n",
            "本年收到申请，其中 3 2\n办结申请，其中 1 1\n",
        ] {
            assert!(is_text(text), "{text:?}: {:?}", shown(text));
        }
    }

    #[test]
    fn a_label_with_a_numeral_is_a_row_where_figures_follow() {
        let text = "三、收到申请\n一、新收 3 0 3\n二、结转 0 0 0\n三、结果 （一）公开 1 0 1\n（二）部分公开 2 0 2\n四、行政复议\n维持 纠正 总计\n1 0 1\n";
        let wanted = [
            "¶三、收到申请",
            "▦",
            "一、新收|3|0|3",
            "二、结转|0|0|0",
            "三、结果|（一）公开|1|0|1",
            "（二）部分公开|2|0|2",
            "¶四、行政复议",
            "▦",
            "维持|纠正|总计",
            "1|0|1",
        ];
        assert_eq!(shown(text), wanted);
    }

    #[test]
    fn a_label_over_two_lines_stays_with_its_row() {
        let text = "（一）公开 1 0 1\n三、办理\n（二）部分公开（只计这一情\n形，不计其他） 2 0 2\n（三）不公开 3 0 3\n";
        let wanted = [
            "▦",
            "（一）公开|1|0|1",
            "三、办理",
            "（二）部分公开（只计这一情",
            "形，不计其他）|2|0|2",
            "（三）不公开|3|0|3",
        ];
        assert_eq!(shown(text), wanted);
    }

    #[test]
    fn a_label_cut_by_the_page_stays_with_both_parts() {
        let text = "新收 1 0 1\n结转 1 0 1\n申请人逾期未缴费、不再处\n\n- 3 -\n\n理其申请 2 0 2\n其他 3 0 3\n";
        let wanted = [
            "▦",
            "新收|1|0|1",
            "结转|1|0|1",
            "申请人逾期未缴费、不再处",
            "▦ page break",
            "理其申请|2|0|2",
            "其他|3|0|3",
        ];
        assert_eq!(shown(text), wanted);
        let text = "新收 1 0 1\n结转 1 0 1\n\n理其申请\n其他 3 0 3\n总计 4 0 4\n";
        assert_eq!(shown(text)[3..], ["▦ page break", "理其申请", "其他|3|0|3", "总计|4|0|4"]);
    }

    #[test]
    fn rows_set_off_by_blank_lines_are_one_table() {
        let text = "二、公开\n\n内容  制发  废止\n\n规章  0  1\n\n文件  2  3\n\n许可  4\n\n三、申请\n";
        let wanted = ["¶二、公开", "▦", "内容|制发|废止", "规章|0|1", "文件|2|3", "许可|4", "¶三、申请"];
        assert_eq!(shown(text), wanted);
    }

    #[test]
    fn a_header_may_stand_a_word_a_line_above_figures() {
        let text = "四、复议\n维持\n纠正\n其他\n尚未\n审结\n总计\n0 1 0 0 1\n";
        assert_eq!(shown(text)[..3], ["¶四、复议", "▦", "维持"]);
        assert_eq!(shown(text).last().unwrap(), "0|1|0|0|1");
    }

    #[test]
    fn a_row_of_figures_alone_needs_no_label() {
        let text = "四、复议\n维持 纠正 其他 尚未审结 总计\n0 1 0 0 1\n";
        assert_eq!(shown(text), ["¶四、复议", "▦", "维持|纠正|其他|尚未审结|总计", "0|1|0|0|1"]);
    }

    #[test]
    fn one_figure_a_row_is_a_table_from_three_rows_on() {
        assert_eq!(shown("许可 3\n处罚 4\n强制 5\n"), ["▦", "许可|3", "处罚|4", "强制|5"]);
        assert!(is_text("许可 3\n处罚 4\n"));
    }
}
