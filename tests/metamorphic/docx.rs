//! Documents of Word written anew. Those of our corpus have one shape of run, cell and paragraph, which is what is looked for here.

use super::Edit;
use crate::dice::Dice;
use crate::package;

const MAIN: &str = "word/document.xml";
const TEXT: &str = "<w:t xml:space=\"preserve\">";
const PAGE_BREAK: &str = "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>";
const SECTION_BREAK: &str = "<w:p><w:pPr><w:sectPr><w:type w:val=\"nextPage\"/></w:sectPr></w:pPr></w:p>";

pub(super) const EDITS: [Edit; 9] = [
    Edit { name: "runs split", make: split_runs, moves: &[] },
    Edit { name: "fonts and sizes", make: fonts, moves: &[] },
    Edit { name: "properties in another order", make: reorder_properties, moves: &[] },
    Edit { name: "marks of editing", make: marks_of_editing, moves: &[] },
    Edit { name: "pages that ended elsewhere", make: rendered_page_breaks, moves: &[] },
    Edit { name: "pages broken before paragraphs", make: break_before, moves: &[] },
    // New paragraphs: those behind them are counted on.
    Edit { name: "page breaks between blocks", make: break_between, moves: &["at"] },
    Edit { name: "blank paragraphs in cells", make: blank_paragraphs, moves: &["at"] },
    Edit { name: "other prefixes of namespaces", make: other_prefix, moves: &[] },
];

pub(super) fn main_part(bytes: &[u8]) -> String {
    let parts = package::parts(bytes).unwrap();
    let (_, main) = parts.into_iter().find(|(name, _)| name == MAIN).unwrap();
    String::from_utf8(main).unwrap()
}

pub(super) fn with_main_part(bytes: &[u8], text: &str) -> Vec<u8> {
    let mut parts = package::parts(bytes).unwrap();
    for (_, part) in parts.iter_mut().filter(|(name, _)| name == MAIN) {
        *part = text.as_bytes().to_vec();
    }
    package::packed(&parts).unwrap()
}

pub(super) fn in_another_order(bytes: &[u8]) -> Vec<u8> {
    let mut parts = package::parts(bytes).unwrap();
    parts.reverse();
    package::packed(&parts).unwrap()
}

/// The document with a blank row below each of its rows in turn, as Word puts one in: the same cells, merged cells going on.
pub(super) fn with_a_blank_row(xml: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (start, _) in xml.match_indices("<w:tr>") {
        let end = start + xml[start..].find("</w:tr>").unwrap() + "</w:tr>".len();
        let row = each_text(&xml[start..end], |_| String::new());
        let row = row.replace("<w:vMerge w:val=\"restart\"/>", "<w:vMerge/>");
        found.push(format!("{}{row}{}", &xml[..end], &xml[end..]));
    }
    found
}

/// Every text of a run, changed.
fn each_text(xml: &str, mut change: impl FnMut(&str) -> String) -> String {
    let mut changed = String::new();
    let mut rest = xml;
    while let Some((before, after)) = rest.split_once(TEXT) {
        let (text, after) = after.split_once("</w:t>").unwrap();
        changed.extend([before, TEXT, &change(text), "</w:t>"]);
        rest = after;
    }
    changed + rest
}

fn split_runs(xml: &str, dice: &mut Dice) -> String {
    each_text(xml, |text| {
        let mut split = String::new();
        for (index, c) in text.chars().enumerate() {
            if index > 0 && !text.contains('&') && dice.chance(40) {
                let size = 16 + 2 * dice.below(8);
                split.push_str(&format!("</w:t></w:r><w:r><w:rPr><w:sz w:val=\"{size}\"/></w:rPr>{TEXT}"));
            }
            split.push(c);
        }
        split
    })
}

fn fonts(xml: &str, dice: &mut Dice) -> String {
    each(
        xml,
        "<w:r>",
        |dice| {
            let font = ["仿宋_GB2312", "Times New Roman", "方正小标宋简体", "Arial"][dice.below(4)];
            let look = [
                "<w:b/>",
                "<w:i/>",
                "<w:u w:val=\"single\"/>",
                "<w:color w:val=\"FF0000\"/>",
                "<w:spacing w:val=\"20\"/>",
            ][dice.below(5)];
            let size = 10 + 2 * dice.below(30);
            format!(
                "<w:r><w:rPr><w:rFonts w:ascii=\"{font}\" w:eastAsia=\"{font}\"/>{look}<w:sz w:val=\"{size}\"/></w:rPr>"
            )
        },
        dice,
    )
}

/// Each place where `what` stands, with something else in its place.
fn each(xml: &str, what: &str, mut with: impl FnMut(&mut Dice) -> String, dice: &mut Dice) -> String {
    let mut pieces = xml.split(what);
    let mut changed = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        changed.push_str(&with(dice));
        changed.push_str(piece);
    }
    changed
}

/// The properties of cells and tables, last first.
fn reorder_properties(xml: &str, _: &mut Dice) -> String {
    let mut changed = String::new();
    let mut rest = xml;
    while let Some((before, after)) = rest.split_once("<w:tcPr>") {
        let (inside, after) = after.split_once("</w:tcPr>").unwrap();
        let mut properties: Vec<&str> = inside.split_inclusive("/>").collect();
        properties.reverse();
        changed.extend([before, "<w:tcPr>", &properties.concat(), "</w:tcPr>"]);
        rest = after;
    }
    changed + rest
}

fn marks_of_editing(xml: &str, dice: &mut Dice) -> String {
    let xml = each(
        xml,
        "<w:r>",
        |dice| {
            let mark = [
                "<w:proofErr w:type=\"spellStart\"/>",
                "<w:bookmarkStart w:id=\"7\" w:name=\"_GoBack\"/><w:bookmarkEnd w:id=\"7\"/>",
                "<w:permStart w:id=\"3\"/>",
            ];
            format!("{}<w:r w:rsidR=\"00{:06X}\">", mark[dice.below(3)], dice.below(0xFF_FFFF))
        },
        dice,
    );
    each(&xml, "<w:p>", |dice| format!("<w:p w:rsidRDefault=\"00{:06X}\">", dice.below(0xFF_FFFF)), dice)
}

fn rendered_page_breaks(xml: &str, dice: &mut Dice) -> String {
    each(
        xml,
        TEXT,
        |dice| if dice.chance(10) { format!("<w:lastRenderedPageBreak/>{TEXT}") } else { TEXT.to_owned() },
        dice,
    )
}

fn break_before(xml: &str, dice: &mut Dice) -> String {
    each(
        xml,
        "<w:p><w:r>",
        |dice| {
            if dice.chance(15) { "<w:p><w:pPr><w:pageBreakBefore/><w:keepNext/></w:pPr><w:r>" } else { "<w:p><w:r>" }
                .to_owned()
        },
        dice,
    )
}

/// Before and behind tables, and before paragraphs that stand in none.
fn break_between(xml: &str, dice: &mut Dice) -> String {
    let mut changed = String::new();
    let mut inside = 0;
    for piece in xml.split_inclusive('>') {
        let begins = piece == "<w:p>" || piece == "<w:tbl>";
        if begins && inside == 0 && dice.chance(25) {
            changed.push_str(if dice.chance(70) { PAGE_BREAK } else { SECTION_BREAK });
        }
        match piece {
            "<w:tbl>" => inside += 1,
            "</w:tbl>" => inside -= 1,
            _ => {}
        }
        changed.push_str(piece);
    }
    changed
}

fn blank_paragraphs(xml: &str, dice: &mut Dice) -> String {
    each(
        xml,
        "</w:p></w:tc>",
        |dice| if dice.chance(30) { "</w:p><w:p/></w:tc>" } else { "</w:p></w:tc>" }.to_owned(),
        dice,
    )
}

fn other_prefix(xml: &str, _: &mut Dice) -> String {
    xml.replace("<w:", "<ns0:").replace("</w:", "</ns0:").replace(" w:", " ns0:").replace("xmlns:w=", "xmlns:ns0=")
}
