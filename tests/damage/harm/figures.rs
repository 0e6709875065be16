//! Figures lost, doubled, moved, merged.

use nianbao_model::Boundary;

use crate::damage::case::Case;
use crate::damage::sheet::{Line, Part, Slot};
use crate::dice::Dice;

pub(crate) fn drop_figure(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, at)) = case.figure(dice) else { return false };
    case.touch(sheet, row);
    case.touch_blanks(sheet, row);
    case.sheets[sheet].lines[row].slots.remove(at);
    true
}

pub(crate) fn insert(case: &mut Case, dice: &mut Dice, text: impl Fn(&Slot, &mut Dice) -> String) -> bool {
    let Some((sheet, row, at)) = case.figure(dice) else { return false };
    case.touch(sheet, row);
    case.touch_blanks(sheet, row);
    let slots = &mut case.sheets[sheet].lines[row].slots;
    let text = text(&slots[at], dice);
    let at = at + dice.below(2);
    slots.insert(at, Slot::new(Part::Print, &text));
    true
}

pub(crate) fn insert_figure(case: &mut Case, dice: &mut Dice) -> bool {
    insert(case, dice, |_, dice| dice.below(12).to_string())
}

pub(crate) fn double_figure(case: &mut Case, dice: &mut Dice) -> bool {
    insert(case, dice, |slot, _| slot.text.clone())
}

pub(crate) fn insert_blank(case: &mut Case, dice: &mut Dice) -> bool {
    insert(case, dice, |_, _| String::new())
}

pub(crate) fn blank_figure(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, at)) = case.figure(dice) else { return false };
    case.touch(sheet, row);
    let slot = &mut case.sheets[sheet].lines[row].slots[at];
    slot.text.clear();
    case.values.insert(slot.keys[0].clone(), None);
    true
}

pub(crate) fn illegible(case: &mut Case, dice: &mut Dice) -> bool {
    // The other copy shows it still.
    if case.has_seen("doubled") || case.has_seen("repeated") {
        return false;
    }
    let Some((sheet, row, at)) = case.figure(dice) else { return false };
    case.touch(sheet, row);
    let slot = &mut case.sheets[sheet].lines[row].slots[at];
    slot.text = (*dice.pick(&[
        "?",
        "□",
        "#",
        "l2",
        "约3",
        "3余",
        "1.2.3",
        "O",
        "见附件",
        "3/5",
        "三",
        "1,23",
        "12％",
        "①",
        "4①",
    ]))
    .to_owned();
    case.values.remove(&slot.keys[0]);
    true
}

pub(crate) fn number(text: &str) -> Option<String> {
    text.parse::<i64>().ok().map(|number| number.to_string())
}

pub(crate) fn shift_right(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, _)) = case.figure(dice) else { return false };
    case.touch(sheet, row);
    let line = &mut case.sheets[sheet].lines[row];
    let first = line.places(Part::Figure)[0];
    line.slots.insert(first, Slot::new(Part::Print, ""));
    if dice.chance(50) {
        line.slots.pop();
    }
    true
}

pub(crate) fn shift_left(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, _)) = case.figure(dice) else { return false };
    case.touch(sheet, row);
    let line = &mut case.sheets[sheet].lines[row];
    let places = line.places(Part::Figure);
    let wide = line.slots[*places.last().unwrap()].columns;
    line.slots.remove(places[0]);
    if let Some(last) = line.slots.last_mut().filter(|slot| slot.is(Part::Figure)) {
        last.columns = 1;
    }
    if dice.chance(70) {
        line.slots.push(Slot::new(Part::Print, "").wide(wide));
    }
    true
}

pub(crate) fn merge_wide(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, at)) = case.figure(dice) else { return false };
    case.touch(sheet, row);
    let slots = &mut case.sheets[sheet].lines[row].slots;
    if !slots.get(at + 1).is_some_and(|slot| slot.is(Part::Figure)) {
        return false;
    }
    let other = slots.remove(at + 1);
    slots[at].columns += other.columns;
    if dice.chance(40) && case.stated {
        slots[at].text = other.text;
    }
    true
}

pub(crate) fn merge_tall(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, at)) = case.figure(dice) else { return false };
    case.touch(sheet, row);
    if row + 1 < case.sheets[sheet].lines.len() {
        case.touch(sheet, row + 1);
    }
    let lines = &mut case.sheets[sheet].lines;
    let places = lines[row].places(Part::Figure);
    let nth = places.iter().position(|&place| place == at).unwrap();
    let Some(below) =
        lines.get(row + 1).map(|line| line.places(Part::Figure)).filter(|below| below.len() == places.len())
    else {
        return false;
    };
    let other = lines[row + 1].slots.remove(below[nth]);
    let slot = &mut lines[row].slots[at];
    slot.rows = 2;
    // A dump would say that it is the upper one's.
    if dice.chance(40) && case.stated {
        slot.text = other.text;
    }
    true
}

pub(crate) fn two_in_one(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, at)) = case.figure(dice) else { return false };
    case.touch(sheet, row);
    let slots = &mut case.sheets[sheet].lines[row].slots;
    if !slots.get(at + 1).is_some_and(|slot| slot.is(Part::Figure)) {
        return false;
    }
    // A figure and a blank in one cell are the figure, under whichever header it stands.
    if slots[at].text.is_empty() || slots[at + 1].text.is_empty() {
        return false;
    }
    let other = slots.remove(at + 1);
    // Without anything between them 1 and 10 are 110: only a grid shows that it stands under two headers.
    let between = *dice.pick(if case.stated {
        &[" ", "\n", "、", "/", "\u{3000}", ""]
    } else {
        &[" ", "\n", "、", "/", "\u{3000}", "\u{A0}"]
    });
    slots[at].text = format!("{}{between}{}", slots[at].text, other.text);
    if between.is_empty() || dice.chance(50) {
        slots[at].columns += other.columns;
    } else {
        slots.insert(at + dice.below(2), Slot::new(Part::Print, "").wide(other.columns));
    }
    true
}

pub(crate) fn split_digits(case: &mut Case, dice: &mut Dice) -> bool {
    let Some((sheet, row, at)) = case.figure(dice) else { return false };
    case.touch(sheet, row);
    let text = &mut case.sheets[sheet].lines[row].slots[at].text;
    if text.len() < 2 || number(text).is_none() || text.starts_with('-') {
        return false;
    }
    let gaps = [" ", "\n", "\u{3000}", "\u{A0}", "\u{200B}", ",", "，", ".", "、"];
    let gap = *dice.pick(&gaps);
    text.insert_str(1, gap);
    // A comma or point in an odd place is no number, or another: the document prints it so.
    if !text.contains([',', '，', '.']) {
        return true;
    }
    let key = case.sheets[sheet].lines[row].slots[at].keys[0].clone();
    let printed = case.sheets[sheet].lines[row].slots[at].text.replace('，', ",");
    let read = printed
        .contains('.')
        .then(|| printed.clone())
        .or_else(|| printed.split_once(',').filter(|(_, rest)| rest.len() == 3).map(|_| printed.replace(',', "")));
    match read {
        Some(read) if !read.starts_with("0") || read.starts_with("0.") => case.values.insert(key, Some(read)),
        _ => case.values.remove(&key),
    };
    true
}

pub(crate) fn figures_below(case: &mut Case, dice: &mut Dice) -> bool {
    let sheet = dice.below(case.sheets.len());
    let count = 1 + dice.below(16);
    let slots = (0..count).map(|_| Slot::new(Part::Print, &dice.below(40).to_string())).collect();
    let sheet = &mut case.sheets[sheet];
    let rows = sheet.rows_with(Part::Figure);
    if rows.is_empty() || dice.chance(50) {
        sheet.lines.push(Line { slots, above: Boundary::Stated });
    } else {
        let at = *dice.pick(&rows);
        sheet.lines.insert(at, Line { slots, above: Boundary::Stated });
    }
    true
}
