//! Which grammar each line is written in, judged from the line and the lines it stands together with.

use crate::lines::Line;

/// A way to write the cells of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grammar {
    /// A cell a line, with a TAB in front; a blank line ends the row.
    Cells,
    /// A row a line, a TAB between cells.
    Tabs,
    /// A row a line, pipes between cells.
    Pipes,
    /// Neither TABs nor pipes: text, or a row whose cells are parted by blanks.
    Plain,
}

/// The grammar of every line.
pub(crate) fn grammars(lines: &[Line<'_>]) -> Vec<Grammar> {
    let mut grammars: Vec<Grammar> = lines.iter().map(|line| of_line(&line.text)).collect();
    let mut start = 0;
    while start < lines.len() {
        let end = end_of_tabs(lines, &grammars, start);
        let after_tabs = start > 0 && grammars.get(start - 1) == Some(&Grammar::Tabs);
        if let Some(stretch) = grammars.get_mut(start..end) {
            agree(stretch, after_tabs);
        }
        start = end.max(start + 1);
    }
    claim_quoted(lines, &mut grammars);
    grammars
}

fn of_line(text: &str) -> Grammar {
    if text.trim_start().starts_with(is_pipe) || is_border(text) {
        return Grammar::Pipes;
    }
    match text.strip_prefix('\t') {
        Some(rest) if !rest.contains('\t') => Grammar::Cells,
        _ if text.contains('\t') => Grammar::Tabs,
        _ if text.contains(is_pipe) => Grammar::Pipes,
        _ => Grammar::Plain,
    }
}

/// A pipe of either width, or a drawn line.
pub(crate) const fn is_pipe(c: char) -> bool {
    matches!(c, '|' | '｜' | '│' | '┃')
}

/// Whether the line only draws a border: `+----+----+`.
pub(crate) fn is_border(text: &str) -> bool {
    text.trim_start().starts_with(['+', '├', '┌', '└', '╞', '┠', '─', '━'])
        && text.len() > 2
        && text.chars().all(|c| matches!(c, '+' | '-' | '=' | ' ' | ':' | '\u{2500}'..='\u{257F}'))
}

/// A line above rows with TABs that opens a quoted field and does not close it is the first line of the first row.
fn claim_quoted(lines: &[Line<'_>], grammars: &mut [Grammar]) {
    for (index, line) in lines.iter().enumerate().skip(1) {
        let above = lines.get(index - 1).map_or("", |above| &above.text);
        let opens = above.starts_with('"') && above.matches('"').count() % 2 == 1;
        let is_claimed = opens && line.is_close() && grammars.get(index) == Some(&Grammar::Tabs);
        if let Some(grammar) = grammars.get_mut(index - 1).filter(|_| is_claimed) {
            *grammar = Grammar::Tabs;
        }
    }
}

/// Where the stretch of lines with TABs ends that begins at `start` and has no gap in it.
fn end_of_tabs(lines: &[Line<'_>], grammars: &[Grammar], start: usize) -> usize {
    let is_tabs = |index: usize| matches!(grammars.get(index), Some(Grammar::Cells | Grammar::Tabs));
    if !is_tabs(start) {
        return start;
    }
    (start + 1..lines.len())
        .find(|&index| !is_tabs(index) || !lines.get(index).is_some_and(Line::is_close))
        .unwrap_or(lines.len())
}

/// Lines that stand together are written in one grammar. A line that is one TAB and a text is a cell, or a row of two whose first is blank: the
/// others tell. After rows with TABs a line or two on their own are the rest of such a table.
fn agree(stretch: &mut [Grammar], after_tabs: bool) {
    let rows = stretch.iter().filter(|&&grammar| grammar == Grammar::Tabs).count();
    let cells = stretch.len() - rows;
    let grammar = if cells > rows && !(after_tabs && rows > 0) { Grammar::Cells } else { Grammar::Tabs };
    stretch.fill(grammar);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::lines;
    use crate::residue::Dropped;
    use Grammar::{Cells, Pipes, Plain, Tabs};

    fn of(text: &str) -> Vec<Grammar> {
        grammars(&lines(text, &mut Dropped::default()).unwrap())
    }

    #[test]
    fn one_file_may_mix_grammars() {
        let text = "标题\n\t规章\n\t0\n\n规章\t0\t0\n\n| 规章 | 0 |\n规章 0 0";
        assert_eq!(of(text), [Plain, Cells, Cells, Tabs, Pipes, Plain]);
    }

    #[test]
    fn neighbours_tell_a_cell_from_a_row_of_two() {
        assert_eq!(of("行政处罚\t0\n\t0\n行政强制\t0"), [Tabs, Tabs, Tabs]);
        assert_eq!(of("\t规章\n\t0\t\n\t0"), [Cells, Cells, Cells]);
    }
}
