//! Headers and columns lost, exchanged, added.

use crate::damage::case::Case;
use crate::damage::sheet::{Part, Sheet, Slot};
use crate::dice::Dice;

pub(crate) fn header(case: &Case, dice: &mut Dice) -> Option<(usize, usize, usize)> {
    let sheet = dice.below(case.sheets.len());
    let row = *dice.pick(&Some(case.sheets[sheet].rows_with(Part::Head)).filter(|rows| !rows.is_empty())?);
    let at = *dice.pick(&case.sheets[sheet].lines[row].places(Part::Head));
    Some((sheet, row, at))
}

pub(crate) fn drop_header(case: &mut Case, dice: &mut Dice) -> bool {
    // Without its header nobody can know of a table that its columns were exchanged.
    if case.has_seen("exchanged") {
        return false;
    }
    let Some((sheet, row, at)) = header(case, dice) else { return false };
    case.touch_all(sheet);
    case.sheets[sheet].lines[row].slots.remove(at);
    true
}

pub(crate) fn rename_header(case: &mut Case, dice: &mut Dice) -> bool {
    let text = *dice.pick(&["备注", "", "小计", "数量", "单位", "本年"]);
    case.slot(Part::Head, dice).is_some_and(|slot| {
        text.clone_into(&mut slot.text);
        true
    })
}

pub(crate) fn misspell(text: &mut String, dice: &mut Dice) {
    let mut characters: Vec<char> = text.chars().collect();
    let at = dice.below(characters.len());
    match dice.below(3) {
        0 => characters[at] = *dice.pick(&['未', '已', '口', '的', '四', '处']),
        1 => drop(characters.remove(at)),
        _ => characters.insert(at, *dice.pick(&['的', '公', '一', '和'])),
    }
    *text = characters.into_iter().collect();
}

pub(crate) fn misspell_header(case: &mut Case, dice: &mut Dice) -> bool {
    case.slot(Part::Head, dice).filter(|slot| !slot.text.is_empty()).is_some_and(|slot| {
        misspell(&mut slot.text, dice);
        true
    })
}

/// Two headers of one row that stand over different columns of the same block.
pub(crate) fn two_headers(case: &Case, dice: &mut Dice) -> Option<(usize, usize, usize, usize)> {
    // Where a header is repeated, one of the two would say something else.
    let (sheet, row, at) = header(case, dice).filter(|_| !case.has_seen("with its header"))?;
    let line = &case.sheets[sheet].lines[row];
    let stem =
        |at: usize| line.slots[at].keys.first().and_then(|key| key.rsplit_once('.')).map(|(stem, _)| stem.to_owned());
    let others: Vec<usize> =
        line.places(Part::Head).into_iter().filter(|&other| other != at && stem(other) == stem(at)).collect();
    (!others.is_empty()).then(|| (sheet, row, at, *dice.pick(&others)))
}

pub(crate) fn exchange_headers(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, one, other)) = two_headers(case, dice) else { return false };
    let slots = &mut case.sheets[sheet].lines[row].slots;
    if slots[one].text == slots[other].text {
        return false;
    }
    let text = std::mem::take(&mut slots[one].text);
    slots[one].text = std::mem::replace(&mut slots[other].text, text);
    // The document says now that each figure belongs to the other column.
    let pairs: Vec<(String, String)> = slots[one].keys.iter().cloned().zip(slots[other].keys.iter().cloned()).collect();
    let keys = std::mem::take(&mut slots[one].keys);
    slots[one].keys = std::mem::replace(&mut slots[other].keys, keys);
    for (one, other) in pairs {
        for line in &mut case.sheets[sheet].lines {
            for slot in line.slots.iter_mut().filter(|slot| slot.is(Part::Figure)) {
                if slot.keys[0] == one {
                    slot.keys[0].clone_from(&other);
                } else if slot.keys[0] == other {
                    slot.keys[0].clone_from(&one);
                }
            }
        }
        let (a, b) = (case.values.remove(&one), case.values.remove(&other));
        case.values.extend(b.map(|b| (one, b)));
        case.values.extend(a.map(|a| (other, a)));
    }
    true
}

pub(crate) fn replace_header(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, one, other)) = two_headers(case, dice) else { return false };
    let slots = &mut case.sheets[sheet].lines[row].slots;
    slots[one].text = slots[other].text.clone();
    true
}

/// A row taken away; cells that reach down into the next rows stay.
pub(crate) fn drop_line(sheet: &mut Sheet, row: usize) {
    let mut gone = sheet.lines.remove(row).slots;
    gone.retain(|slot| slot.rows > 1);
    for slot in &mut gone {
        slot.rows -= 1;
    }
    if let Some(next) = sheet.lines.get_mut(row) {
        next.slots.splice(..0, gone);
    }
}

pub(crate) fn drop_header_row(case: &mut Case, dice: &mut Dice) -> bool {
    // Without its header nobody can know of a table that its columns were exchanged.
    if case.has_seen("exchanged") {
        return false;
    }
    let sheet = dice.below(case.sheets.len());
    case.touch_all(sheet);
    let sheet = &mut case.sheets[sheet];
    let rows: Vec<usize> =
        (0..sheet.lines.len()).filter(|&row| sheet.lines[row].places(Part::Figure).is_empty()).collect();
    if rows.is_empty() {
        return false;
    }
    let row = *dice.pick(&rows);
    if dice.chance(50) {
        drop_line(sheet, row);
    } else {
        sheet.lines.remove(row);
    }
    true
}

pub(crate) fn drop_whole_header(case: &mut Case, dice: &mut Dice) -> bool {
    // Without its header nobody can know of a table that its columns were exchanged.
    if case.has_seen("exchanged") {
        return false;
    }
    let sheet = dice.below(case.sheets.len());
    case.touch_all(sheet);
    case.sheets[sheet].lines.retain(|line| !line.places(Part::Figure).is_empty());
    true
}

pub(crate) fn drop_column(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, at)) = header(case, dice) else { return false };
    let keys = case.sheets[sheet].lines[row].slots[at].keys.clone();
    case.touch_all(sheet);
    for line in &mut case.sheets[sheet].lines {
        line.slots.retain(|slot| !slot.is(Part::Figure) || !keys.contains(&slot.keys[0]));
    }
    case.sheets[sheet].lines[row].slots.remove(at);
    true
}

pub(crate) fn add_column(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, at)) = header(case, dice) else { return false };
    let head = case.sheets[sheet].lines[row].slots[at].clone();
    let text = *dice.pick(if case.stated {
        &["备注", "小计", "法人或其他组织小计", "占比", ""]
    } else {
        &["备注", "小计", "法人或其他组织小计", "占比", "比例"]
    });
    case.touch_all(sheet);
    for line in &mut case.sheets[sheet].lines {
        let beside = line.slots.iter().position(|slot| slot.is(Part::Figure) && head.keys.contains(&slot.keys[0]));
        if let Some(beside) = beside {
            line.slots.insert(beside, Slot::new(Part::Print, &dice.below(9).to_string()));
        }
    }
    case.sheets[sheet].lines[row].slots.insert(at, Slot::new(Part::Print, text).tall(head.rows));
    // The header over it grows.
    for above in 0..row {
        if let Some(over) = case.sheets[sheet].lines[above].slots.iter_mut().rev().find(|slot| slot.is(Part::Over)) {
            over.columns += 1;
        }
    }
    true
}

pub(crate) fn exchange_columns(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, one, other)) = two_headers(case, dice) else { return false };
    let lines = &mut case.sheets[sheet].lines;
    let slots = &lines[row].slots;
    if (slots[one].rows, slots[one].columns) != (slots[other].rows, slots[other].columns) {
        return false;
    }
    let (first, second) = (slots[one].keys.clone(), slots[other].keys.clone());
    lines[row].slots.swap(one, other);
    for line in lines {
        let find =
            |keys: &[String]| line.slots.iter().position(|slot| slot.is(Part::Figure) && keys.contains(&slot.keys[0]));
        if let (Some(one), Some(other)) = (find(&first), find(&second)) {
            line.slots.swap(one, other);
        }
    }
    true
}
