//! Web pages written anew.

use super::Edit;
use crate::dice::Dice;

pub(super) const EDITS: [Edit; 7] = [
    Edit { name: "blanks between tags", make: blanks, moves: &[] },
    Edit { name: "tags in capitals with attributes", make: capitals, moves: &[] },
    Edit { name: "fonts and sizes", make: fonts, moves: &[] },
    Edit { name: "figures in several pieces", make: pieces, moves: &[] },
    Edit { name: "figures as character references", make: references, moves: &[] },
    Edit { name: "comments and scripts", make: comments, moves: &[] },
    Edit { name: "ends of cells and rows left out", make: unclosed, moves: &[] },
];

fn blanks(page: &str, _: &mut Dice) -> String {
    page.replace("</td>", "\n    </td>\n").replace("<td", "\r\n\t<td").replace("<tr>", "  <tr>  ")
}

fn capitals(page: &str, _: &mut Dice) -> String {
    page.replace("<td", "<TD class=MsoNormal style='border:solid 1px'")
        .replace("</td>", "</TD >")
        .replace("<tr>", "<TR HEIGHT=20>")
}

fn fonts(page: &str, dice: &mut Dice) -> String {
    each_number(page, |number| {
        let size = 8 + dice.below(20);
        format!("<p align=center><span style=\"font-size:{size}pt;font-family:仿宋\"><b>{number}</b></span></p>")
    })
}

fn pieces(page: &str, dice: &mut Dice) -> String {
    each_number(page, |number| {
        let (first, rest) = number.split_at(dice.below(number.len()));
        format!("<span lang=EN-US>{first}</span><span>{rest}</span>")
    })
}

fn references(page: &str, _: &mut Dice) -> String {
    each_number(page, |number| number.chars().map(|c| format!("&#x{:x};", u32::from(c))).collect())
}

fn comments(page: &str, dice: &mut Dice) -> String {
    let mut parts = page.split("<tr>");
    let mut changed = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        changed.push_str(["<!-- 12 --><tr>", "<tr><script>var n = '<td>7</td>';</script>", "<tr>"][dice.below(3)]);
        changed.push_str(part);
    }
    changed
}

fn unclosed(page: &str, _: &mut Dice) -> String {
    page.replace("</td>", "").replace("</tr>", "").replace("</p>", "")
}

/// The page with a blank row below each row in turn that no cell reaches over.
pub(super) fn with_a_blank_row(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    // How many rows further the tallest cell reaches.
    let mut reach = 0_usize;
    for (start, _) in page.match_indices("<tr>") {
        let end = start + page[start..].find("</tr>").unwrap() + "</tr>".len();
        let tall =
            page[start..end].split("rowspan=\"").skip(1).map(|text| text.split('"').next().unwrap().parse().unwrap());
        reach = reach.max(tall.max().unwrap_or(1)).saturating_sub(1);
        if reach == 0 {
            let cells = "<td></td>".repeat(page[start..end].matches("<td").count());
            found.push(format!("{}<tr>{cells}</tr>{}", &page[..end], &page[end..]));
        }
    }
    found
}

/// Every cell that holds a number and nothing else, changed.
fn each_number(page: &str, mut change: impl FnMut(&str) -> String) -> String {
    let mut changed = String::new();
    for piece in page.split_inclusive("</td>") {
        let cell = piece.strip_suffix("</td>").and_then(|piece| piece.rsplit_once('>'));
        match cell.filter(|(_, text)| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())) {
            Some((before, number)) => changed.extend([before, ">", &change(number), "</td>"]),
            None => changed.push_str(piece),
        }
    }
    changed
}
