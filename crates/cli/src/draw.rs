//! A table drawn with lines: blocks of rows one under the other in one frame, each block with columns of its own.

use std::io::{self, Write};

use anstyle::Style;

use crate::fit::{fill, width, wrap};

const LINE: Style = Style::new().dimmed();
/// Columns by which a row is indented for each group that it stands in.
const INDENT: usize = 2;
/// How wide a header may make its column: the first that leaves the labels their room is taken. Even numbers, as Chinese characters
/// are two columns wide; 4 parts the headers of the forms into words of two characters.
const HEADER: [usize; 5] = [28, 16, 12, 8, HEADER_LEAST];
/// What a header may always take.
const HEADER_LEAST: usize = 4;
/// The room that labels want, in columns; longer ones are wrapped.
const LABEL: usize = 34;
/// The room that labels need, even where figures are endless.
const LABEL_LEAST: usize = 12;
/// Figures are never broken before so many columns: where even that is too wide, the terminal has to wrap.
const FIGURE_LEAST: usize = 10;

/// Rows that share their columns.
#[derive(Debug)]
pub(crate) struct Block {
    /// The headers.
    pub(crate) columns: Vec<String>,
    /// The rows.
    pub(crate) rows: Vec<Row>,
}

/// A row.
#[derive(Debug)]
pub(crate) struct Row {
    /// Its label.
    pub(crate) label: String,
    /// How many groups it stands in.
    pub(crate) depth: usize,
    /// One cell a column; none for a row that only names a group.
    pub(crate) cells: Vec<Cell>,
}

/// A cell.
#[derive(Debug, Default)]
pub(crate) struct Cell {
    /// What it shows, at the right.
    pub(crate) text: String,
    /// A mark after it.
    pub(crate) mark: Option<char>,
    /// How it looks on a terminal with colour.
    pub(crate) style: Style,
}

/// Draws the blocks in a frame that is at most so many columns wide, if figures and labels can be wrapped so far.
pub(crate) fn table(out: &mut impl Write, blocks: &[Block], columns: usize) -> io::Result<()> {
    let layouts = layouts(blocks, columns);
    let mut above: Option<Vec<usize>> = None;
    for (block, layout) in blocks.iter().zip(&layouts) {
        let joints = layout.joints();
        rule(out, above.as_deref(), Some(&joints))?;
        header(out, block, layout)?;
        rule(out, Some(&joints), Some(&joints))?;
        for row in &block.rows {
            draw_row(out, row, layout)?;
        }
        above = Some(joints);
    }
    rule(out, above.as_deref(), None)
}

/// The widths of one block, in columns, without the blank at either side.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Layout {
    label: usize,
    columns: Vec<Column>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Column {
    width: usize,
    /// Some cell of it is marked: all leave room for a mark.
    marked: bool,
}

impl Layout {
    /// Where the upright lines stand.
    fn joints(&self) -> Vec<usize> {
        let mut at = self.label + 3;
        let mut joints = vec![0, at];
        for column in &self.columns {
            at += column.width + 3;
            joints.push(at);
        }
        joints
    }

    /// How much of the frame the columns take.
    fn of_columns(&self) -> usize {
        self.columns.iter().map(|column| column.width + 3).sum()
    }
}

fn layouts(blocks: &[Block], columns: usize) -> Vec<Layout> {
    let rows = blocks.iter().flat_map(|block| &block.rows);
    let longest = rows.map(|row| row.depth * INDENT + width(&row.label)).max().unwrap_or(0);
    let widest = |layouts: &[Layout]| layouts.iter().map(Layout::of_columns).max().unwrap_or(0);
    let room = |layouts: &[Layout]| columns.saturating_sub(widest(layouts) + 4);
    let with = |most: usize| blocks.iter().map(|block| natural(block, most)).collect::<Vec<_>>();
    let fits = |layouts: &Vec<Layout>| room(layouts) >= longest.min(LABEL);
    let mut layouts = HEADER.into_iter().map(with).find(fits).unwrap_or_else(|| with(HEADER_LEAST));
    let most = columns.saturating_sub(LABEL_LEAST + 4);
    layouts.iter_mut().for_each(|layout| squeeze(layout, most));
    let label = longest.min(room(&layouts)).max(LABEL_LEAST.min(longest));
    let widest = widest(&layouts);
    for layout in &mut layouts {
        layout.label = label;
        stretch(layout, widest);
    }
    layouts
}

/// Columns as wide as their figures, and as their headers as far as those may widen them.
fn natural(block: &Block, header: usize) -> Layout {
    let column = |(index, label): (usize, &String)| {
        let cells = || block.rows.iter().filter_map(move |row| row.cells.get(index));
        let marked = cells().any(|cell| cell.mark.is_some());
        let figures = cells().map(|cell| width(&cell.text)).max().unwrap_or(0) + if marked { 2 } else { 0 };
        Column { width: figures.max(width(label).min(header)), marked }
    };
    Layout { label: 0, columns: block.columns.iter().enumerate().map(column).collect() }
}

/// Narrows the widest columns until all take no more than `most`, as far as that can be.
fn squeeze(layout: &mut Layout, most: usize) {
    while layout.of_columns() > most {
        let widest = layout.columns.iter_mut().max_by_key(|column| column.width);
        match widest.filter(|column| column.width > FIGURE_LEAST) {
            Some(column) => column.width -= 1,
            None => return,
        }
    }
}

/// Widens the columns evenly until they take all of the frame.
fn stretch(layout: &mut Layout, frame: usize) {
    let spare = frame.saturating_sub(layout.of_columns());
    let count = layout.columns.len();
    for (index, column) in layout.columns.iter_mut().enumerate() {
        column.width += spare / count + usize::from(index < spare % count);
    }
}

/// A level line between the upright lines above it and those below it.
fn rule(out: &mut impl Write, above: Option<&[usize]>, below: Option<&[usize]>) -> io::Result<()> {
    let stands = |joints: Option<&[usize]>, at: usize| joints.is_some_and(|joints| joints.contains(&at));
    let last = above.or(below).and_then(|joints| joints.last().copied()).unwrap_or(0);
    let joint = |at: usize| match (stands(above, at), stands(below, at)) {
        (false, false) => '─',
        (true, false) if at == 0 => '└',
        (false, true) if at == 0 => '┌',
        (true, true) if at == 0 => '├',
        (true, false) if at == last => '┘',
        (false, true) if at == last => '┐',
        (true, true) if at == last => '┤',
        (true, false) => '┴',
        (false, true) => '┬',
        (true, true) => '┼',
    };
    let line: String = (0..=last).map(joint).collect();
    writeln!(out, "{LINE}{line}{LINE:#}")
}

/// The headers, the last line of each at the foot of the row.
fn header(out: &mut impl Write, block: &Block, layout: &Layout) -> io::Result<()> {
    let columns = block.columns.iter().zip(&layout.columns);
    let labels: Vec<Vec<String>> = columns.map(|(label, column)| header_lines(label, column.width)).collect();
    let height = labels.iter().map(Vec::len).max().unwrap_or(1);
    for line in 0..height {
        left(out, "", layout.label)?;
        for (label, column) in labels.iter().zip(&layout.columns) {
            let text = (line + label.len()).checked_sub(height).and_then(|line| label.get(line));
            right(out, text.map_or("", String::as_str), column.width, Style::new())?;
        }
        end(out)?;
    }
    Ok(())
}

/// A header in as few lines as it needs, in words of two characters where that takes no more lines: 科研 over 机构.
fn header_lines(label: &str, columns: usize) -> Vec<String> {
    let lines = wrap(label, columns);
    let in_words = (1..=columns / 4).map(|words| wrap(label, words * 4));
    let mut as_few = in_words.filter(|other| other.len() == lines.len());
    as_few.next().unwrap_or(lines)
}

/// A row; its figures stand on the first line of its label.
fn draw_row(out: &mut impl Write, row: &Row, layout: &Layout) -> io::Result<()> {
    let label = label_lines(row, layout.label);
    let blank = Cell::default();
    let cells: Vec<(&Cell, Vec<String>, usize)> = layout
        .columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let cell = row.cells.get(index).unwrap_or(&blank);
            (cell, cell_lines(cell, *column), column.width)
        })
        .collect();
    let height = cells.iter().map(|(_, lines, _)| lines.len()).max().unwrap_or(1).max(label.len());
    for line in 0..height {
        let text = label.get(line).map_or("", String::as_str);
        left(out, text, layout.label)?;
        for (cell, lines, width) in &cells {
            right(out, lines.get(line).map_or("", String::as_str), *width, cell.style)?;
        }
        end(out)?;
    }
    Ok(())
}

/// The label, indented by its depth; lines after the first by a little more.
fn label_lines(row: &Row, columns: usize) -> Vec<String> {
    let indent = (row.depth * INDENT).min(columns / 2);
    if indent + width(&row.label) <= columns {
        return vec![format!("{}{}", " ".repeat(indent), row.label)];
    }
    let hanging = (indent + INDENT).min(columns / 2);
    // The first line has more room than the others.
    let first = wrap(&row.label, columns - indent).into_iter().next().unwrap_or_default();
    let rest = row.label.strip_prefix(first.as_str()).unwrap_or_default().trim_start();
    let mut lines = vec![format!("{}{first}", " ".repeat(indent))];
    if !rest.is_empty() {
        let others = wrap(rest, columns - hanging);
        lines.extend(others.into_iter().map(|line| format!("{}{line}", " ".repeat(hanging))));
    }
    lines
}

/// What a cell shows, line by line, with the mark or its room at the end of each.
fn cell_lines(cell: &Cell, column: Column) -> Vec<String> {
    if !column.marked {
        return wrap(&cell.text, column.width);
    }
    let mut lines = wrap(&cell.text, column.width.saturating_sub(2).max(1));
    let last = lines.len().saturating_sub(1);
    for (index, line) in lines.iter_mut().enumerate() {
        line.push(' ');
        line.push(cell.mark.filter(|_| index == last).unwrap_or(' '));
    }
    lines
}

/// An upright line and a label after it.
fn left(out: &mut impl Write, text: &str, columns: usize) -> io::Result<()> {
    write!(out, "{LINE}│{LINE:#} {text}{} ", fill(text, columns))
}

/// An upright line and a figure after it, set to the right.
fn right(out: &mut impl Write, text: &str, columns: usize, style: Style) -> io::Result<()> {
    write!(out, "{LINE}│{LINE:#} {}{style}{text}{style:#} ", fill(text, columns))
}

fn end(out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{LINE}│{LINE:#}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> Cell {
        Cell { text: text.to_owned(), ..Cell::default() }
    }

    fn marked(text: &str, mark: char) -> Cell {
        Cell { mark: Some(mark), ..cell(text) }
    }

    fn row(label: &str, depth: usize, cells: Vec<Cell>) -> Row {
        Row { label: label.to_owned(), depth, cells }
    }

    fn block(columns: &[&str], rows: Vec<Row>) -> Block {
        Block { columns: columns.iter().map(|&label| label.to_owned()).collect(), rows }
    }

    fn drawn(blocks: &[Block], columns: usize) -> String {
        let mut out = Vec::new();
        table(&mut anstream::StripStream::new(&mut out), blocks, columns).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn two_blocks() -> [Block; 2] {
        [
            block(
                &["本年制发件数", "现行有效件数"],
                vec![
                    row("规章", 0, vec![cell("1"), cell("12")]),
                    row("行政规范性文件", 0, vec![marked("5", '✗'), cell("·")]),
                ],
            ),
            block(&["本年处理决定数量"], vec![row("行政许可", 0, vec![cell("1024")])]),
        ]
    }

    #[test]
    fn blocks_share_one_frame() {
        let wanted = "\
┌────────────────┬──────────────┬──────────────┐
│                │ 本年制发件数 │ 现行有效件数 │
├────────────────┼──────────────┼──────────────┤
│ 规章           │          1   │           12 │
│ 行政规范性文件 │          5 ✗ │            · │
├────────────────┼──────────────┴──────────────┤
│                │            本年处理决定数量 │
├────────────────┼─────────────────────────────┤
│ 行政许可       │                        1024 │
└────────────────┴─────────────────────────────┘
";
        assert_eq!(drawn(&two_blocks(), 80), wanted);
    }

    #[test]
    fn where_there_is_little_room_headers_and_labels_are_wrapped() {
        let wanted = "\
┌──────────────┬──────┬──────┐
│              │ 本年 │ 现行 │
│              │ 制发 │ 有效 │
│              │ 件数 │ 件数 │
├──────────────┼──────┼──────┤
│ 规章         │  1   │   12 │
│ 行政规范性文 │  5 ✗ │    · │
│   件         │      │      │
├──────────────┼──────┴──────┤
│              │    本年处理 │
│              │    决定数量 │
├──────────────┼─────────────┤
│ 行政许可     │        1024 │
└──────────────┴─────────────┘
";
        assert_eq!(drawn(&two_blocks(), 30), wanted);
    }

    #[test]
    fn a_header_is_parted_between_words_where_it_can_be() {
        assert_eq!(header_lines("科研机构", 6), ["科研", "机构"]);
        assert_eq!(header_lines("社会公益组织", 8), ["社会公益", "组织"]);
        assert_eq!(header_lines("自然人", 6), ["自然人"]);
        assert_eq!(header_lines("总计", 3), ["总", "计"]);
    }

    #[test]
    fn rows_of_groups_are_indented() {
        let rows = vec![row("三、办理结果", 0, Vec::new()), row("（一）予以公开", 1, vec![cell("3")])];
        let wanted = "\
┌──────────────────┬──────┐
│                  │ 总计 │
├──────────────────┼──────┤
│ 三、办理结果     │      │
│   （一）予以公开 │    3 │
└──────────────────┴──────┘
";
        assert_eq!(drawn(&[block(&["总计"], rows)], 80), wanted);
    }

    #[test]
    fn every_line_is_as_wide_as_the_frame_at_any_width() {
        let label = "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请";
        let figures = || vec![cell("0"), marked("12345678901234567890", '≠'), cell("?")];
        let blocks = [block(&["自然人", "社会公益组织", "总计"], vec![row(label, 2, figures())])];
        for columns in 45..140 {
            let drawn = drawn(&blocks, columns);
            let widths: Vec<usize> = drawn.lines().map(width).collect();
            assert!(widths.iter().all(|&width| width == widths[0] && width <= columns), "{columns}\n{drawn}");
        }
    }

    #[test]
    fn a_figure_without_end_is_wrapped_and_keeps_its_digits() {
        let figure = "9".repeat(200);
        let drawn = drawn(&[block(&["总计"], vec![row("规章", 0, vec![cell(&figure)])])], 60);
        assert_eq!(drawn.matches('9').count(), 200);
        assert!(drawn.lines().all(|line| width(line) <= 60));
    }
}
