//! Drafts to tables of the model.

use nianbao_model::{Boundary, BoundingBox, Cell, Grid, Origin, Row, Table};

use crate::draft::{Draft, DraftCell};
use crate::page::Rect;
use crate::words::Line;

/// Makes a table of a draft; none where it has more slots than a table may have.
///
/// `begins_page` says that nothing stands above it on its page, so it may go on from the page before.
pub(crate) fn table(mut draft: Draft, page: u32, begins_page: bool) -> Option<Table> {
    let all_ruled = draft.ruled_between.iter().all(|&ruled| ruled);
    let mut table = Table::new(if all_ruled { Grid::Stated } else { Grid::Inferred });
    for row in 0..draft.rows() {
        let ruled = draft.ruled_above.get(row).copied().unwrap_or(false);
        let above = match row {
            0 if begins_page => Boundary::PageBreak,
            _ if ruled => Boundary::Ruled,
            _ => Boundary::Inferred,
        };
        table.push_row(Row::new(above));
    }
    draft.cells.sort_by_key(|cell| cell.area);
    for cell in &draft.cells {
        table.place(model_cell(&draft, cell, page)).ok()?;
    }
    Some(table)
}

fn model_cell(draft: &Draft, cell: &DraftCell, page: u32) -> Cell {
    let origin = Origin::Page { page, bbox: bounding_box(draft.place(cell.area)) };
    Cell::new(cell.area, text_lines(&cell.lines), origin)
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
