//! What counts as a figure: the one definition that all passes share.
//!
//! Told on folded text, so that blanks, line breaks and widths make no difference: a cell is of the same kind before and after its
//! lines are joined.

use nianbao_model::{Cell, Table, fold_char};

/// How many rows a header can have at most. A table whose first figure stands lower is a text that mentions figures, not a header
/// over them; the bound also keeps looking for a header cheap in a table of any length.
pub(crate) const MOST_HEADER_ROWS: usize = 12;

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing that can be seen.
    Blank,
    /// Words.
    Label,
    /// A number, with a unit or a note in parentheses at most: `12`, `-1,530.5`, `251000元`, `22（其中修订16件）`.
    Figure,
    /// A mark that stands where a figure could: a dash, a slash, 无.
    Void,
}

/// What the cell holds.
pub(crate) fn kind(cell: &Cell) -> Kind {
    // By far the most cells hold a few digits or a label: those are told without copying anything.
    if let [line] = cell.lines.as_slice()
        && let Some(&first) = line.as_bytes().first()
    {
        if first.is_ascii_digit() && line.bytes().all(|byte| byte.is_ascii_digit()) {
            return Kind::Figure;
        }
        if line.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.')) {
            return if is_amount(line) { Kind::Figure } else { Kind::Label };
        }
        // No figure begins with a Han character but the one that says there is none.
        if line.starts_with(|c| matches!(c, '\u{3400}'..='\u{9FFF}') && c != '无') {
            return Kind::Label;
        }
    }
    let seen = || cell.lines.iter().flat_map(|line| line.chars()).filter_map(fold_char);
    let mut first = seen();
    let may_be_figure = match first.next() {
        None => return Kind::Blank,
        // （三）不予公开 begins with the mark of a list, as very many labels do.
        Some('(') => first.next().is_some_and(begins_number),
        Some(c) => begins_number(c) || matches!(c, '/' | '_' | '\\' | '…' | '无'),
    };
    if may_be_figure { kind_of(&seen().collect::<String>()) } else { Kind::Label }
}

/// Whether a number can begin with the character.
const fn begins_number(c: char) -> bool {
    c.is_ascii_digit()
        || matches!(c, '+' | '-' | '±' | '<' | '>' | '≤' | '≥' | '~' | '≈' | '¥' | '￥' | '$' | '€' | '£')
}

/// What a folded text is.
fn kind_of(text: &str) -> Kind {
    if text.is_empty() {
        Kind::Blank
    } else if text == "无" || text.chars().all(|c| "-/_\\…".contains(c)) {
        Kind::Void
    } else if is_number(text) || is_in_parentheses(text) {
        Kind::Figure
    } else {
        Kind::Label
    }
}

/// A sign, a currency, digits, a unit, a note: each but the digits may be missing.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-', '±', '<', '>', '≤', '≥', '~', '≈']).unwrap_or(text);
    let text = text.strip_prefix(['¥', '￥', '$', '€', '£']).unwrap_or(text);
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',')).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    is_amount(digits) && (rest.is_empty() || is_unit_or_note(rest))
}

/// Digits with points and commas between them. With several points each must part off three digits: `2024.1.15` is a date.
fn is_amount(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let points = bytes.iter().filter(|byte| **byte == b'.').count();
    is_digit(bytes.first())
        && is_digit(bytes.last())
        && !bytes.windows(2).any(|pair| pair == b",,")
        && (points < 2 || digits.split('.').skip(1).all(|group| group.len() == 3))
}

/// A unit of up to four letters, then a note in parentheses: either may be missing. Words of time are no units: 2023年 is no figure.
fn is_unit_or_note(rest: &str) -> bool {
    let unit_end = rest.find('(').unwrap_or(rest.len());
    let (unit, note) = rest.split_at_checked(unit_end).unwrap_or((rest, ""));
    let unit = unit.trim_start_matches(['%', '‰', '*']);
    unit.chars().count() <= 4
        && unit.chars().all(|c| c.is_alphabetic() && !"年月日时点号季届".contains(c))
        && !matches!(unit, "st" | "nd" | "rd" | "th")
        && (note.is_empty() || note.ends_with(')'))
}

/// A negative amount as accountants write it, `(1,234)`; a number alone in parentheses, `(3)`, is the mark of a list.
fn is_in_parentheses(text: &str) -> bool {
    text.strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'))
        .is_some_and(|inner| is_number(inner) && (inner.len() > 3 || inner.contains(['.', ',', '%'])))
}

/// The year that a cell holds and nothing else.
fn year(cell: &Cell) -> Option<u32> {
    // Hardly a figure is one.
    if let [line] = cell.lines.as_slice()
        && line.len() < 4
    {
        return None;
    }
    let text: String = cell.lines.iter().flat_map(|line| line.chars()).filter_map(fold_char).take(5).collect();
    let year = (text.len() == 4).then(|| text.parse::<u32>().ok()).flatten()?;
    (1900..=2100).contains(&year).then_some(year)
}

/// Whether a row holds figures. A dash counts where nothing follows it but dashes; a run of years, each one more or one less than
/// the one before it, is the header of a table over time.
pub(crate) fn has_figures(table: &Table, row: usize) -> bool {
    are_figures(table.cells_over(row).map(|cell| (cell, kind(cell))))
}

/// The same of cells whose kinds are known.
pub(crate) fn are_figures<'a>(cells: impl Iterator<Item = (&'a Cell, Kind)> + Clone) -> bool {
    let mut figures = 0;
    let mut ends_void = false;
    for (_, kind) in cells.clone() {
        match kind {
            Kind::Blank => {}
            Kind::Label => ends_void = false,
            Kind::Void => ends_void = true,
            Kind::Figure => {
                figures += 1;
                ends_void = false;
            }
        }
    }
    ends_void || (figures > 0 && !(figures > 1 && is_run_of_years(cells)))
}

fn is_run_of_years<'a>(cells: impl Iterator<Item = (&'a Cell, Kind)>) -> bool {
    let figures = cells.filter(|(_, kind)| *kind == Kind::Figure);
    let years = figures.map(|(cell, _)| year(cell)).collect::<Option<Vec<u32>>>();
    years.is_some_and(|years| {
        let pairs = || years.iter().zip(years.iter().skip(1));
        let first = years.first();
        years.iter().any(|year| Some(year) != first)
            && (pairs().all(|(one, next)| next.wrapping_sub(*one) <= 1)
                || pairs().all(|(one, next)| one.wrapping_sub(*next) <= 1))
    })
}

/// How many rows at the top are header: those above the first row with figures. Where no figures are near, those that the source
/// itself calls header rows.
pub(crate) fn header_rows(table: &Table) -> usize {
    let near = table.rows().len().min(MOST_HEADER_ROWS + 1);
    (0..near)
        .find(|&row| has_figures(table, row))
        .unwrap_or_else(|| table.rows().iter().take_while(|row| row.header).count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::table;
    use nianbao_model::{Boundary::Stated, Grid, fold};

    #[test]
    fn numbers_with_units_and_notes_are_figures() {
        for text in [
            "0",
            "１２",
            "1,530",
            "59237.2449",
            "+81",
            "-1",
            "－2",
            "251000元",
            "26.55万元",
            "22（其中修订16件）",
            "55 (含自然失效29件)",
            " 7\u{A0}",
            "12%",
            "1 234 567",
            "1.234.567",
            "(1,234)",
            "￥300",
        ] {
            assert_eq!(kind_of(&fold(text)), Kind::Figure, "{text}");
        }
    }

    #[test]
    fn years_dates_marks_and_words_are_no_figures() {
        for text in [
            "2023年",
            "12月",
            "3日",
            "2024.1.15",
            "1.",
            "3、其他",
            "1.属于国家秘密",
            "(3)",
            "公务用车10辆",
            "规章000",
            "12-15",
            "2021-2022",
            "第3条",
            "1st",
            "总计",
        ] {
            assert_eq!(kind_of(&fold(text)), Kind::Label, "{text}");
        }
    }

    #[test]
    fn a_dash_or_a_slash_stands_where_a_figure_could() {
        for text in ["-", "—", "——", "/", "_", "无", "…"] {
            assert_eq!(kind_of(&fold(text)), Kind::Void, "{text}");
        }
        assert_eq!(kind_of(&fold(" \u{3000}")), Kind::Blank);
    }

    #[test]
    fn a_run_of_years_is_a_header() {
        let table = table(Grid::Stated, &[(Stated, "|2019|2020|2021"), (Stated, "a|2019|1|2021"), (Stated, "b|—|—")]);
        assert!(!has_figures(&table, 0));
        assert!(has_figures(&table, 1));
        assert!(has_figures(&table, 2));
        assert_eq!(header_rows(&table), 1);
    }

    #[test]
    fn a_dash_before_words_is_no_figure_row() {
        let table = table(Grid::Stated, &[(Stated, "项目|—|合计"), (Stated, "a|1|2")]);
        assert_eq!(header_rows(&table), 1);
    }
}
