//! A row a line, a TAB between cells; rows padded with empty fields, or not.
//!
//! A cell may hold line breaks: then the row goes on in the next line, which has the fields that this one lacks. A gap parts fragments: the
//! page was broken there, and the next fragment may be padded to another width.

use std::ops::Range;

use nianbao_model::Grid;

use crate::Region;
use crate::fragments::{self, Fragment, figures, look_like_table};
use crate::grammar::Grammar;
use crate::lines::Line;
use crate::shape::{has_first_mark, is_figure, is_prose, mark};
use crate::table::{RawCell, RawRow};

/// How many lines without a TAB may stand between two rows and be cells of the table.
const MAX_BRIDGE: usize = 4;

/// Over how many lines a row may go on. The longest header word has eight characters, one a line.
const MAX_ROW_LINES: usize = 40;

/// The tables and the text from `start` up to where the rows end.
pub(crate) fn read(lines: &[Line<'_>], grammars: &[Grammar], start: usize) -> (Vec<Region>, usize) {
    let mut group = Vec::new();
    let mut found = Vec::new();
    let mut at = start;
    while grammars.get(at) == Some(&Grammar::Tabs) {
        let end = end(lines, grammars, at);
        for piece in pieces(lines, at..end) {
            match piece {
                Piece::Heading(index) => {
                    found.extend(fragments::regions(std::mem::take(&mut group), look_like_table));
                    found.push(Region::Text(index..index + 1));
                }
                Piece::Rows(fragment) => group.push(fragment),
            }
        }
        at = end;
    }
    found.extend(fragments::regions(group, look_like_table));
    (found, at)
}

/// Where the fragment that begins at `start` ends: at a gap, or at text.
fn end(lines: &[Line<'_>], grammars: &[Grammar], start: usize) -> usize {
    let mut end = start + 1;
    let mut at = end;
    while let Some(line) = lines.get(at).filter(|line| line.is_close()) {
        match grammars.get(at) {
            Some(Grammar::Tabs) => end = at + 1,
            Some(Grammar::Plain) if at - end < MAX_BRIDGE && !is_prose(&line.text) => {}
            _ => break,
        }
        at += 1;
    }
    end
}

/// A part of a fragment.
enum Piece {
    Rows(Fragment),
    /// A line of text between two tables.
    Heading(usize),
}

fn pieces(lines: &[Line<'_>], range: Range<usize>) -> Vec<Piece> {
    let width = width(lines, range.clone());
    let mut pieces = Vec::new();
    let mut rows = Vec::new();
    let mut first = range.start;
    let mut at = range.start;
    while at < range.end {
        if is_heading(lines, at, range.end) {
            pieces.extend(fragment(std::mem::take(&mut rows), first..at));
            pieces.push(Piece::Heading(at));
            at += 1;
            first = at;
            continue;
        }
        let is_body = rows.last().is_some_and(|row| figures(row) > 0);
        let length = row_length(lines, at..range.end, width, is_body);
        rows.push(row(lines, at..at + length));
        at += length;
    }
    pieces.extend(fragment(rows, first..range.end));
    pieces
}

fn fragment(rows: Vec<RawRow>, lines: Range<usize>) -> Option<Piece> {
    (!rows.is_empty()).then_some(Piece::Rows(Fragment { lines, rows, grid: Grid::Lost, is_certain: false }))
}

/// Whether the line is a heading between two tables: a numeral, no field, and a row of words below.
fn is_heading(lines: &[Line<'_>], at: usize, end: usize) -> bool {
    let is_bare = |index: usize| lines.get(index).is_some_and(|line| !line.text.contains('\t'));
    is_bare(at)
        && lines.get(at).is_some_and(|line| has_first_mark(&line.text))
        && (at + 1..end).find(|&index| !is_bare(index)).is_none_or(|index| !has_figures(lines, index))
}

fn has_figures(lines: &[Line<'_>], index: usize) -> bool {
    lines.get(index).is_some_and(|line| line.text.split('\t').any(is_figure))
}

/// How many fields the rows are padded to: what most rows have. `None` where rows differ, so that nothing can be told from it.
fn width(lines: &[Line<'_>], range: Range<usize>) -> Option<usize> {
    let widths: Vec<usize> =
        lines.get(range)?.iter().map(|line| field_count(&line.text)).filter(|&width| width > 1).collect();
    let widest = widths.iter().copied().max()?;
    let full = widths.iter().filter(|&&width| width == widest).count();
    (widest > 2 && full >= 2 && full * 2 >= widths.len()).then_some(widest)
}

fn field_count(text: &str) -> usize {
    text.matches('\t').count() + 1
}

/// How many lines the row takes that begins with the first of `range`; `is_body` says that the row above it holds figures.
fn row_length(lines: &[Line<'_>], range: Range<usize>, width: Option<usize>, is_body: bool) -> usize {
    let lines = lines.get(range).unwrap_or_default();
    let lines = lines.get(..MAX_ROW_LINES).unwrap_or(lines);
    quoted_length(lines).or_else(|| broken_length(lines, width?, is_body)).unwrap_or(1)
}

/// The lines of a row with a quoted field that holds line breaks, as spreadsheets write it.
fn quoted_length(lines: &[Line<'_>]) -> Option<usize> {
    let mut is_open = false;
    for (index, line) in lines.iter().enumerate() {
        is_open = is_open_after(&line.text, is_open);
        if !is_open {
            return (index > 0).then_some(index + 1);
        }
    }
    None
}

/// Whether a quoted field is open at the end of the line.
fn is_open_after(text: &str, mut is_open: bool) -> bool {
    for field in text.split('\t') {
        let begins = is_open || field.starts_with('"');
        is_open = begins && (field.matches('"').count() % 2 == 1) != is_open;
    }
    is_open
}

/// The lines of a row whose cells are broken: together they have exactly the fields of a full row, and each break lies inside words.
fn broken_length(lines: &[Line<'_>], width: usize, is_body: bool) -> Option<usize> {
    let first = lines.first()?;
    let mut fields = field_count(&first.text);
    if fields >= width {
        return None;
    }
    for (index, pair) in lines.windows(2).enumerate() {
        let [above, below] = pair else { return None };
        fields += field_count(&below.text) - 1;
        if fields > width || !is_broken_between(&above.text, &below.text) {
            return None;
        }
        if fields == width {
            // A word between a row of figures and a full row of words is a row of its own, or a heading.
            let is_full = field_count(&below.text) == width;
            let has_figures = below.text.split('\t').any(is_figure);
            return (!is_full || has_figures || !is_body).then_some(index + 2);
        }
    }
    None
}

/// Whether a line can end and the next begin inside one cell.
fn is_broken_between(above: &str, below: &str) -> bool {
    let last = above.rsplit('\t').next().unwrap_or_default();
    let first = below.split('\t').next().unwrap_or_default();
    let is_word = |text: &str| !text.trim().is_empty() && !is_figure(text);
    is_word(last) && is_word(first) && mark(first).is_none()
}

/// The row of these lines.
fn row(lines: &[Line<'_>], range: Range<usize>) -> RawRow {
    let mut cells: RawRow = Vec::new();
    let lines = lines.get(range).unwrap_or_default();
    let is_quoted = quoted_length(lines) == Some(lines.len());
    for (index, line) in lines.iter().enumerate() {
        for (field, text) in line.text.split('\t').enumerate() {
            let column = cells.len();
            match cells.last_mut() {
                Some(last) if index > 0 && field == 0 => last.go_on(RawCell::new(text, line, column - 1)),
                _ => cells.push(RawCell::new(text, line, column)),
            }
        }
    }
    if is_quoted {
        cells.iter_mut().for_each(without_quotes);
    }
    cells
}

/// Takes away the quotes round a cell and halves those inside.
fn without_quotes(cell: &mut RawCell) {
    let text = cell.lines.join("\n");
    let Some(inner) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else {
        return;
    };
    cell.lines = inner.replace("\"\"", "\"").lines().filter(|line| !line.trim().is_empty()).map(Into::into).collect();
}

#[cfg(test)]
mod tests {
    use crate::testing::shown;

    #[test]
    fn padding_is_kept_as_blank_cells() {
        let text = "第一项\t\t\t\n信息内容\t制发\t废止\t现行\n规章\t0\t1\t\n";
        assert_eq!(shown(text), ["▦", "第一项|||", "信息内容|制发|废止|现行", "规章|0|1|"]);
    }

    #[test]
    fn a_fragment_after_a_gap_is_a_table_of_its_own() {
        let text = "许可\t0\t\t\n处罚\t0\t\t\n\n强制\t0\n\n三、申请\n\n新收\t1\t2\n结转\t3\t4\n";
        let wanted = ["▦", "许可|0||", "处罚|0||", "▦ page break", "强制|0", "¶三、申请", "▦", "新收|1|2", "结转|3|4"];
        assert_eq!(shown(text), wanted);
    }

    #[test]
    fn a_page_number_between_fragments_does_not_part_them() {
        let text = "许可\t0\n处罚\t0\n\n- 3 -\n\n强制\t0\n其他\t1\n";
        assert_eq!(shown(text), ["▦", "许可|0", "处罚|0", "▦ page break", "强制|0", "其他|1"]);
    }

    #[test]
    fn rows_set_off_by_blank_lines_are_one_table() {
        let text = "信息内容\t制发\n\n规章\t0\n\n文件\t1\n\n许可\t2\n";
        assert_eq!(shown(text), ["▦", "信息内容|制发", "规章|0", "文件|1", "许可|2"]);
    }

    #[test]
    fn a_broken_cell_goes_on_in_the_next_line() {
        let text = "\t自然人\t商业\n企业\t总计\n新收\t1\t2\t3\n结转\t4\t5\t6\n一、申请\n数量\t7\t8\t9\n";
        let wanted = ["▦", "|自然人|商业⏎企业|总计", "新收|1|2|3", "结转|4|5|6", "一、申请⏎数量|7|8|9"];
        assert_eq!(shown(text), wanted);
    }

    #[test]
    fn short_rows_are_not_glued_together() {
        let text = "第一项\n内容\t制发\t废止\t现行\n规章\t0\t0\t0\n第五项\n内容\t数量\n许可\t0\n";
        let wanted = ["¶第一项", "▦", "内容|制发|废止|现行", "规章|0|0|0", "第五项", "内容|数量", "许可|0"];
        assert_eq!(shown(text), wanted);
    }

    #[test]
    fn a_heading_between_rows_parts_the_tables() {
        let text = "许可\t0\t\n收费\t1\t\n三、收到申请\n（说明）\t申请人\t\n新收\t2\t3\n";
        let wanted = ["▦", "许可|0|", "收费|1|", "¶三、收到申请", "▦", "（说明）|申请人|", "新收|2|3"];
        assert_eq!(shown(text), wanted);
    }

    #[test]
    fn a_quoted_field_may_hold_line_breaks() {
        let text = "\"商业\n企业\"\t\"总计\"\n\"他说\"\"好\"\"\n了\"\t1\n许可\t2\n";
        assert_eq!(shown(text), ["▦", "商业⏎企业|总计", "他说\"好\"⏎了|1", "许可|2"]);
        assert_eq!(shown("\"未闭合\t1\t2\n许可\t3\t4\n")[1], "\"未闭合|1|2");
    }

    #[test]
    fn lists_and_contacts_with_tabs_are_text() {
        for text in [
            "1.\t加强领导\n2.\t完善制度\n",
            "联系人：张某\t电话：12345\n",
            "\t\t\t某某局\n\t\t\t2024年1月15日\n",
            "一是\t加强领导。\n二是\t完善制度。\n",
        ] {
            assert!(shown(text).iter().all(|line| line.starts_with('¶')), "{text:?}");
        }
    }
}
