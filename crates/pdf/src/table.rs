//! Drafts to tables of the model.

use nianbao_model::{Boundary, BoundingBox, Cell, Grid, Origin, Row, Table, Warning, WarningKind};

use crate::draft::{Draft, DraftCell};
use crate::page::Rect;
use crate::settings::{CELL_PADDING, ROUNDING};
use crate::words::Line;

/// Makes a table of a draft; none where it has more slots than a table may have. Guesses go to `warnings`.
pub(crate) fn table(draft: &Draft, page: u32, warnings: &mut Vec<Warning>) -> Option<Table> {
    let all_ruled = draft.ruled_between.iter().all(|&ruled| ruled);
    let mut table = Table::new(if all_ruled { Grid::Stated } else { Grid::Inferred });
    for row in 0..draft.rows() {
        let ruled = draft.ruled_above.get(row).copied().unwrap_or(false);
        table.push_row(Row::new(if ruled { Boundary::Ruled } else { Boundary::Inferred }));
    }
    let mut cells: Vec<&DraftCell> = draft.cells.iter().collect();
    cells.sort_by_key(|cell| cell.area);
    let padding = padding(draft);
    let mut joined = Vec::new();
    for cell in cells {
        let origin = Origin::Page { page, bbox: bounding_box(draft.place(cell.area)) };
        let mut lines = text_lines(&cell.lines);
        if join_digits(&mut lines, &cell.lines, draft.rect(cell.area).width() - 2.0 * padding) {
            joined.push(origin.clone());
        }
        table.place(Cell::new(cell.area, lines.into_iter().map(Into::into).collect(), origin)).ok()?;
    }
    if !all_ruled {
        let bbox = bounding_box(draft.turn.map_or(draft.bbox(), |turn| turn.back(draft.bbox())));
        warnings.push(Warning::new(WarningKind::ColumnsFromGaps, vec![Origin::Page { page, bbox }]));
    }
    if !joined.is_empty() {
        warnings.push(Warning::new(WarningKind::LinesJoined, joined));
    }
    Some(table)
}

/// How much a cell keeps free on either side of its text: the least that any cell of the table does.
pub(crate) fn padding(draft: &Draft) -> f32 {
    let free = draft.cells.iter().flat_map(|cell| {
        let rect = draft.rect(cell.area);
        cell.lines.iter().map(move |line| (line.bbox.left - rect.left).min(rect.right - line.bbox.right))
    });
    free.fold(CELL_PADDING, f32::min).max(0.0)
}

/// The text of the lines. Han characters that stand one a line are a word written downwards.
fn text_lines(lines: &[Line]) -> Vec<String> {
    let texts: Vec<String> = lines.iter().map(Line::text).collect();
    let is_single = |text: &String| text.chars().count() == 1 && !text.chars().all(|c| c.is_ascii_digit());
    if texts.len() >= 3 && texts.iter().all(is_single) {
        return vec![texts.concat()];
    }
    texts
}

/// Makes one number of digits that stand on several lines because their cell is too narrow: each line but the last leaves no room for
/// another digit. `room` is the width that the cell has for text.
fn join_digits(texts: &mut Vec<String>, lines: &[Line], room: f32) -> bool {
    let is_number = |text: &String| text.chars().all(|c| c.is_ascii_digit() || c == '.');
    if texts.len() < 2 || texts.len() != lines.len() || !texts.iter().all(is_number) {
        return false;
    }
    // A last line as long as the others may be a number of its own.
    let is_rest = matches!((texts.first(), texts.last()), (Some(first), Some(last)) if last.len() < first.len());
    let all_full =
        is_rest && lines.iter().zip(texts.iter()).take(lines.len() - 1).all(|(line, text)| is_full(line, text, room));
    if all_full {
        *texts = vec![texts.concat()];
    }
    all_full
}

/// Whether a line of digits leaves no room for another one.
pub(crate) fn is_full(line: &Line, text: &str, room: f32) -> bool {
    let width = line.bbox.width();
    width + width / text.chars().count().max(1) as f32 > room + ROUNDING
}

/// A box of the model. Coordinates off any sane page are cut to what a box can hold.
pub(crate) fn bounding_box(rect: Rect) -> BoundingBox {
    // A cast from float to integer keeps to the integer's range.
    let hundredths = |points: f32| (points * 100.0).round() as i32;
    BoundingBox {
        left: hundredths(rect.left),
        top: hundredths(rect.top),
        right: hundredths(rect.right),
        bottom: hundredths(rect.bottom),
    }
}
