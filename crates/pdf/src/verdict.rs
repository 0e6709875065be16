//! Whether what looks like a table is one: prose in columns, lists, tables of contents and drawings are not.

use crate::draft::Draft;
use crate::rows::is_value;
use crate::settings::{BETWEEN_RULES, BY_GAPS, MOST_DRAWN_CHART};
use crate::words::{self, Line};

/// What the cells of a draft hold, counted.
struct Tally {
    rows: usize,
    columns: usize,
    filled: usize,
    /// Of those filled and not in the first column.
    values: usize,
    beyond_first: usize,
    words: usize,
}

fn tally(draft: &Draft) -> Tally {
    let mut tally =
        Tally { rows: draft.rows(), columns: draft.columns(), filled: 0, values: 0, beyond_first: 0, words: 0 };
    for cell in draft.cells.iter().filter(|cell| !cell.lines.is_empty()) {
        tally.filled += 1;
        tally.words += cell.lines.iter().map(|line| words::weight(&line.words)).sum::<usize>();
        if cell.area.columns.start() > 0 {
            tally.beyond_first += 1;
            let text: Vec<String> = cell.lines.iter().map(Line::text).collect();
            tally.values += usize::from(is_value(&text.join(" ")));
        }
    }
    tally
}

/// Whether a draft made from gaps in text is a table. With rules above and below less is asked of the text.
pub(crate) fn is_table(draft: &Draft, between_rules: bool) -> bool {
    let tally = tally(draft);
    if tally.columns < 2 || tally.rows < 2 || tally.beyond_first == 0 {
        return false;
    }
    let slots = tally.rows * tally.columns;
    let (filled, values) = (share(tally.filled, slots), share(tally.values, tally.beyond_first));
    let words = tally.words as f32 / tally.filled.max(1) as f32;
    if is_list(draft) || is_contents(draft) {
        return false;
    }
    let ask = if between_rules { BETWEEN_RULES } else { BY_GAPS };
    let is_wide = tally.columns >= 3;
    if values >= ask.values {
        return filled >= ask.filled && words <= ask.words && (between_rules || is_wide || tally.rows >= 3);
    }
    filled >= ask.filled_with_words && words <= ask.short && (between_rules || is_wide && tally.rows >= 3)
}

fn share(part: usize, whole: usize) -> f32 {
    part as f32 / whole.max(1) as f32
}

/// Two columns, of which the first holds marks only: `1.`, `(a)`, `•`.
fn is_list(draft: &Draft) -> bool {
    let mut marks =
        draft.cells.iter().filter(|cell| cell.area.columns.start() == 0 && !cell.lines.is_empty()).peekable();
    draft.columns() == 2
        && marks.peek().is_some()
        && marks.all(|cell| cell.lines.iter().all(|line| is_mark(&line.text())))
}

fn is_mark(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    let closed = text.ends_with(['.', ')', ']', '、', '）', ':', '．']);
    letters == 0 || (letters <= 4 && (closed || text.starts_with('(')))
}

/// Two columns, of which the last holds page numbers that never fall, and dots lead to them.
fn is_contents(draft: &Draft) -> bool {
    if draft.columns() > 3 {
        return false;
    }
    let last = draft.columns().saturating_sub(1);
    let mut cells: Vec<_> = draft.cells.iter().filter(|cell| !cell.lines.is_empty()).collect();
    cells.sort_by_key(|cell| cell.area);
    let dots = cells.iter().any(|cell| {
        cell.lines
            .iter()
            .any(|line| line.text().contains("....") || line.text().contains(". . . ") || line.text().contains("……"))
    });
    let numbers: Option<Vec<u32>> = cells
        .iter()
        .filter(|cell| cell.area.columns.start() == last)
        .map(|cell| cell.lines.first()?.text().trim_matches(|c: char| !c.is_ascii_digit()).parse().ok())
        .collect();
    dots && numbers.is_some_and(|numbers| numbers.is_sorted() && numbers.len() > 2)
}

/// Whether the cells of a lattice are a table: they stand in several columns, two of them at least hold text, and they are no frame of
/// a chart, of which `chart` says how much of the area it covers.
pub(crate) fn is_drawn_table(draft: &Draft, chart: f32) -> bool {
    let filled = draft.cells.iter().filter(|cell| !cell.lines.is_empty()).count();
    let cells = draft.cells.len();
    if filled < 2 || draft.columns() < 2 || (chart > MOST_DRAWN_CHART && filled * 2 < cells) {
        return false;
    }
    // Grid lines behind a chart cut it into many cells, of which nearly all are blank.
    filled * 5 >= cells || filled >= 12 && filled * 10 >= cells
}
