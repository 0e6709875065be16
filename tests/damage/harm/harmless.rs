//! What a reader does not even notice.

use nianbao_model::Boundary;

use crate::damage::case::Case;
use crate::damage::sheet::{Part, Slot};
use crate::dice::Dice;

pub(crate) fn dress(case: &mut Case, dice: &mut Dice, how: impl Fn(&str) -> String) -> bool {
    let Some((sheet, row, at)) = case.figure(dice) else { return false };
    let text = &mut case.sheets[sheet].lines[row].slots[at].text;
    if text.parse::<i64>().is_err() {
        return false;
    }
    *text = how(text);
    true
}

pub(crate) fn unit(case: &mut Case, dice: &mut Dice) -> bool {
    dress(case, dice, |text| format!("{text}件"))
}

pub(crate) fn note(case: &mut Case, dice: &mut Dice) -> bool {
    dress(case, dice, |text| format!("{text}（其中修订1件）"))
}

pub(crate) fn wide_digits(case: &mut Case, dice: &mut Dice) -> bool {
    dress(case, dice, |text| {
        text.chars().map(|c| if c.is_ascii_digit() { char::from_u32(c as u32 + 0xFEE0).unwrap() } else { c }).collect()
    })
}

pub(crate) fn blanks_around(case: &mut Case, dice: &mut Dice) -> bool {
    dress(case, dice, |text| format!("\u{A0}{text} "))
}

pub(crate) fn on_two_lines(slot: &mut Slot, dice: &mut Dice) -> bool {
    let characters: Vec<char> = slot.text.chars().collect();
    // Behind a number or before one the break would be another matter.
    if characters.len() < 4 || slot.text.contains('\n') {
        return false;
    }
    let at = characters.len() - 1 - dice.below(2);
    slot.text = characters[..at].iter().chain(&['\n']).chain(&characters[at..]).collect();
    true
}

pub(crate) fn label_on_two_lines(case: &mut Case, dice: &mut Dice) -> bool {
    case.slot(Part::Label, dice).is_some_and(|slot| on_two_lines(slot, dice))
}

pub(crate) fn header_on_two_lines(case: &mut Case, dice: &mut Dice) -> bool {
    case.slot(Part::Head, dice).is_some_and(|slot| on_two_lines(slot, dice))
}

pub(crate) fn label_without_number(case: &mut Case, dice: &mut Dice) -> bool {
    let Some(slot) = case.slot(Part::Label, dice) else { return false };
    let Some((_, rest)) = slot.text.split_once(['.', '、', '）']).filter(|(number, _)| number.chars().count() < 3)
    else {
        return false;
    };
    slot.text = rest.to_owned();
    true
}

pub(crate) fn cut_at_page(case: &mut Case, dice: &mut Dice) -> bool {
    let sheet = dice.below(case.sheets.len());
    let rows = case.sheets[sheet].rows_with(Part::Figure);
    if rows.is_empty() {
        return false;
    }
    let row = *dice.pick(&rows);
    case.sheets[sheet].lines[row].above = Boundary::PageBreak;
    true
}

pub(crate) fn words_before(case: &mut Case, dice: &mut Dice) -> bool {
    let sheet = dice.below(case.sheets.len());
    case.sheets[sheet].before.push("（单位：件）".into());
    true
}

pub(crate) fn narrative_before(case: &mut Case, dice: &mut Dice) -> bool {
    let sheet = dice.below(case.sheets.len());
    case.sheets[sheet].before.push("本年度各项工作有序推进，具体情况见下表。".into());
    true
}
