//! Rows lost, doubled, moved, torn, and their labels.

use nianbao_model::Boundary;

use super::headers::misspell;
use crate::damage::case::Case;
use crate::damage::sheet::{Line, Part, Slot};
use crate::dice::Dice;

pub(crate) fn drop_row(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, _)) = case.figure(dice) else { return false };
    case.touch(sheet, row);
    let lines = &mut case.sheets[sheet].lines;
    let mut gone = lines.remove(row).slots;
    // Cells that reach down stay, one row less tall.
    gone.retain(|slot| slot.rows > 1 && !slot.is(Part::Figure));
    for slot in &mut gone {
        slot.rows -= 1;
    }
    if let Some(next) = lines.get_mut(row) {
        next.slots.splice(..0, gone);
    }
    true
}

pub(crate) fn drop_figures(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, _)) = case.figure(dice) else { return false };
    case.touch(sheet, row);
    case.sheets[sheet].lines[row].slots.retain(|slot| !slot.is(Part::Figure));
    true
}

pub(crate) fn copy_of(line: &Line) -> Line {
    let mut copy = line.clone();
    copy.slots.retain(|slot| !slot.is(Part::Group));
    copy
}

pub(crate) fn double_row(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, _)) = case.figure(dice) else { return false };
    case.touch(sheet, row);
    let lines = &mut case.sheets[sheet].lines;
    let copy = copy_of(&lines[row]);
    lines.insert(row + 1, copy);
    true
}

pub(crate) fn change_some(line: &mut Line, dice: &mut Dice) {
    let places = line.places(Part::Figure);
    for _ in 0..1 + dice.below(3) {
        line.slots[*dice.pick(&places)].text = dice.below(30).to_string();
    }
}

pub(crate) fn double_row_otherwise(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, _)) = case.figure(dice) else { return false };
    case.touch(sheet, row);
    case.touch_blanks(sheet, row);
    let lines = &mut case.sheets[sheet].lines;
    let mut copy = copy_of(&lines[row]);
    change_some(&mut copy, dice);
    lines.insert(row + 1, copy);
    true
}

pub(crate) fn repeat_row_below(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, _)) = case.figure(dice) else { return false };
    case.touch(sheet, row);
    case.touch_blanks(sheet, row);
    let mut copy = copy_of(&case.sheets[sheet].lines[row]);
    change_some(&mut copy, dice);
    let to = if dice.chance(50) { sheet } else { dice.below(case.sheets.len()) };
    case.sheets[to].lines.push(copy);
    true
}

pub(crate) fn exchange_rows(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, _)) = case.figure(dice) else { return false };
    let lines = &mut case.sheets[sheet].lines;
    if lines.get(row + 1).is_none_or(|line| line.places(Part::Figure).is_empty()) {
        return false;
    }
    let mut take = |row: usize| -> Vec<Slot> {
        let slots = std::mem::take(&mut lines[row].slots);
        let (groups, rest) = slots.into_iter().partition(|slot| slot.is(Part::Group));
        lines[row].slots = groups;
        rest
    };
    let (one, other) = (take(row), take(row + 1));
    lines[row].slots.extend(other);
    lines[row + 1].slots.extend(one);
    true
}

pub(crate) fn tear_row(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, _)) = case.figure(dice) else { return false };
    case.touch(sheet, row);
    let lines = &mut case.sheets[sheet].lines;
    let Some(&label) = lines[row].places(Part::Label).first() else { return false };
    let text: Vec<char> = lines[row].slots[label].text.chars().collect();
    if text.len() < 6 {
        return false;
    }
    let cut = text.len() - 2 - dice.below(3);
    // （六）其他 would be another row.
    if text[..cut].ends_with(&['其', '他']) {
        return false;
    }
    lines[row].slots[label].text = text[..cut].iter().collect();
    let mut rest = lines[row].clone();
    for slot in &mut rest.slots {
        slot.rows = 1;
        slot.text.clear();
    }
    rest.slots[label].text = text[cut..].iter().collect();
    if dice.chance(30) {
        // The figures went to the lower part.
        for at in lines[row].places(Part::Figure) {
            std::mem::swap(&mut rest.slots[at].text, &mut lines[row].slots[at].text);
        }
    }
    rest.above = *dice.pick(&[Boundary::PageBreak, Boundary::Inferred, Boundary::Stated]);
    lines.insert(row + 1, rest);
    true
}

pub(crate) fn words_between(case: &mut Case, dice: &mut Dice) -> bool {
    let sheet = dice.below(case.sheets.len());
    let lines = &mut case.sheets[sheet].lines;
    let row = dice.below(lines.len());
    let text = *dice.pick(&["注：本表数据截至12月31日", "单位：件", "续表", "第3页", "3", "", "备注"]);
    lines.insert(
        row,
        Line { slots: vec![Slot::new(Part::Print, text).wide(1 + dice.below(8))], above: Boundary::Stated },
    );
    true
}

pub(crate) fn row_numbers(case: &mut Case, dice: &mut Dice) -> bool {
    let sheet = dice.below(case.sheets.len());
    case.touch_all(sheet);
    for (row, line) in case.sheets[sheet].lines.iter_mut().enumerate() {
        line.slots.insert(0, Slot::new(Part::Print, &(row + 1).to_string()));
    }
    true
}

pub(crate) fn misspell_label(case: &mut Case, dice: &mut Dice) -> bool {
    case.slot(Part::Label, dice).filter(|slot| !slot.text.is_empty()).is_some_and(|slot| {
        misspell(&mut slot.text, dice);
        true
    })
}

pub(crate) fn empty_label(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, _)) = case.figure(dice) else { return false };
    case.touch(sheet, row);
    let Some(&at) = case.sheets[sheet].lines[row].places(Part::Label).first() else { return false };
    case.sheets[sheet].lines[row].slots[at].text.clear();
    true
}

pub(crate) fn drop_label(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, _)) = case.figure(dice) else { return false };
    case.touch(sheet, row);
    let Some(&at) = case.sheets[sheet].lines[row].places(Part::Label).first() else { return false };
    case.sheets[sheet].lines[row].slots.remove(at);
    true
}

pub(crate) fn replace_label(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, _)) = case.figure(dice) else { return false };
    case.touch(sheet, row);
    let lines = &case.sheets[sheet].lines;
    let labels = lines.iter().flat_map(|line| &line.slots).filter(|slot| slot.is(Part::Label));
    let labels: Vec<String> = labels.map(|slot| slot.text.clone()).collect();
    let Some(&at) = lines[row].places(Part::Label).first() else { return false };
    case.sheets[sheet].lines[row].slots[at].text.clone_from(dice.pick(&labels));
    true
}

pub(crate) fn cut_label(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, _)) = case.figure(dice) else { return false };
    case.touch(sheet, row);
    let line = &mut case.sheets[sheet].lines[row];
    let Some(&at) = line.places(Part::Label).first() else { return false };
    let text: Vec<char> = line.slots[at].text.chars().collect();
    if text.len() < 2 {
        return false;
    }
    let cut = 1 + dice.below(text.len() - 1);
    let rest: String = text[cut..].iter().collect();
    line.slots[at].text = text[..cut].iter().collect();
    let mut part = Slot::new(Part::Print, &rest);
    if line.slots[at].columns > 1 {
        line.slots[at].columns -= 1;
    } else {
        part.columns = 1;
    }
    case.sheets[sheet].lines[row].slots.insert(at + 1, part);
    true
}

pub(crate) fn group(case: &Case, dice: &mut Dice) -> Option<(usize, usize, usize)> {
    let sheet = case.sheets.iter().position(|sheet| !sheet.rows_with(Part::Group).is_empty())?;
    let row = *dice.pick(&case.sheets[sheet].rows_with(Part::Group));
    let at = *dice.pick(&case.sheets[sheet].lines[row].places(Part::Group));
    Some((sheet, row, at))
}

pub(crate) fn drop_group(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, at)) = group(case, dice) else { return false };
    case.sheets[sheet].lines[row].slots.remove(at);
    true
}

pub(crate) fn empty_group(case: &mut Case, dice: &mut Dice) -> bool {
    case.slot(Part::Group, dice).is_some_and(|slot| {
        slot.text.clear();
        true
    })
}
