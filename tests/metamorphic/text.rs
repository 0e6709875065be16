//! Text dumps written anew.

use super::Edit;
use crate::dice::Dice;

pub(super) const EDITS: [Edit; 5] = [
    Edit { name: "CR LF", make: |text, _| text.replace('\n', "\r\n"), moves: &[] },
    Edit { name: "a byte order mark", make: |text, _| format!("\u{FEFF}{text}"), moves: &[] },
    Edit { name: "blanks at the ends of paragraphs", make: trailing_blanks, moves: &[] },
    // What stands below a new line is counted on.
    Edit { name: "blank lines between paragraphs", make: blank_lines, moves: &["at"] },
    Edit { name: "full-width figures", make: full_width, moves: &["raw"] },
];

fn trailing_blanks(text: &str, dice: &mut Dice) -> String {
    each_line(
        text,
        |line, dice| {
            let blank = ["", " ", "\u{3000}", "   "][dice.below(4)];
            if line.contains('\t') { line.to_owned() } else { format!("{line}{blank}") }
        },
        dice,
    )
}

/// Around paragraphs, not inside tables: there a blank line means something.
fn blank_lines(text: &str, dice: &mut Dice) -> String {
    each_line(
        text,
        |line, dice| {
            if line.contains('\t') || line.is_empty() || dice.chance(50) {
                line.to_owned()
            } else {
                format!("\n{line}\n")
            }
        },
        dice,
    )
}

fn full_width(text: &str, dice: &mut Dice) -> String {
    each_line(
        text,
        |line, dice| {
            let digit = |c: char| char::from_u32(u32::from(c) - u32::from('0') + u32::from('０')).unwrap();
            let wide = |c: char| if c.is_ascii_digit() { digit(c) } else { c };
            let fields = line.split('\t').enumerate().map(|(index, field)| {
                let is_number = !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit());
                if index > 0 && is_number && dice.chance(30) {
                    field.chars().map(wide).collect()
                } else {
                    field.to_owned()
                }
            });
            fields.collect::<Vec<String>>().join("\t")
        },
        dice,
    )
}

fn each_line(text: &str, mut change: impl FnMut(&str, &mut Dice) -> String, dice: &mut Dice) -> String {
    text.lines().map(|line| change(line, dice) + "\n").collect()
}
