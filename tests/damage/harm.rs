//! What happens to reports: each harm changes the tables, and what the document says now.

mod figures;
mod harmless;
mod headers;
mod rows;
mod tables;

use super::case::Case;
use crate::dice::Dice;

/// One thing that can happen; false where there was nothing that it could happen to.
pub(crate) type Harm = (&'static str, fn(&mut Case, &mut Dice) -> bool);

/// Changes that a reader does not even notice: the report stays sound, and every figure stays exact.
pub(crate) const HARMLESS: [Harm; 10] = [
    ("a figure with a unit", harmless::unit),
    ("a figure with a note", harmless::note),
    ("wide digits", harmless::wide_digits),
    ("a label on two lines", harmless::label_on_two_lines),
    ("a header on two lines", harmless::header_on_two_lines),
    ("labels without their numbers", harmless::label_without_number),
    ("a table cut at a page", harmless::cut_at_page),
    ("blanks around figures", harmless::blanks_around),
    ("a note before a table", harmless::words_before),
    ("a narrative before a table", harmless::narrative_before),
];

/// Damage. Afterwards a figure is what it was, or lost; where the document itself says something else now, that.
pub(crate) const HARMS: [Harm; 46] = [
    ("a figure dropped", figures::drop_figure),
    ("a figure dropped", figures::drop_figure),
    ("two figures dropped", |case, dice| figures::drop_figure(case, dice) && figures::drop_figure(case, dice)),
    ("a figure inserted", figures::insert_figure),
    ("a figure doubled", figures::double_figure),
    ("a blank inserted", figures::insert_blank),
    ("a figure blanked", figures::blank_figure),
    ("a row shifted right", figures::shift_right),
    ("a row shifted left", figures::shift_left),
    ("two figures merged into a wide cell", figures::merge_wide),
    ("two figures merged into a tall cell", figures::merge_tall),
    ("two figures in one cell", figures::two_in_one),
    ("a row dropped", rows::drop_row),
    ("the figures of a row dropped", rows::drop_figures),
    ("a row doubled", rows::double_row),
    ("a row doubled with other figures", rows::double_row_otherwise),
    ("a row exchanged with its neighbour", rows::exchange_rows),
    ("a header dropped", headers::drop_header),
    ("a header renamed", headers::rename_header),
    ("a header misspelt", headers::misspell_header),
    ("two headers exchanged", headers::exchange_headers),
    ("a header replaced by another", headers::replace_header),
    ("a header row dropped", headers::drop_header_row),
    ("a header row dropped", headers::drop_header_row),
    ("a whole header dropped", headers::drop_whole_header),
    ("a column dropped", headers::drop_column),
    ("a column added", headers::add_column),
    ("columns exchanged", headers::exchange_columns),
    ("a label misspelt", rows::misspell_label),
    ("a label emptied", rows::empty_label),
    ("a label dropped", rows::drop_label),
    ("a label replaced by another", rows::replace_label),
    ("a label cut in two", rows::cut_label),
    ("digits split", figures::split_digits),
    ("a row torn at a page", rows::tear_row),
    ("a table cut in two", tables::cut_without_header),
    ("a table cut in two with its header", tables::cut_with_header),
    ("a group dropped", rows::drop_group),
    ("a group emptied", rows::empty_group),
    ("tables exchanged", tables::exchange_tables),
    ("words between rows", rows::words_between),
    ("a foreign table", tables::foreign_table),
    ("figures below a table", figures::figures_below),
    ("a figure illegible", figures::illegible),
    ("a row repeated far below", rows::repeat_row_below),
    ("a row number before each row", rows::row_numbers),
];

/// Mistakes of the publisher: the figures are reported as printed.
pub(crate) fn change_figure(case: &mut Case, dice: &mut Dice) -> Option<String> {
    let (sheet, row, at) = case.figure(dice)?;
    let slot = &mut case.sheets[sheet].lines[row].slots[at];
    let old: i64 = slot.text.parse().ok()?;
    let new = if dice.chance(30) { old + 1 + i64::try_from(dice.below(90)).unwrap() } else { old + 1 };
    slot.text = new.to_string();
    let key = slot.keys[0].clone();
    case.values.insert(key.clone(), Some(new.to_string()));
    Some(key)
}
