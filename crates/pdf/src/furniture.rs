//! Page headers, footers and page numbers: text at the edge of its page that other pages have at the same place.

use std::collections::BTreeMap;

use nianbao_model::Warning;

use crate::Sheet;
use crate::layout::Item;
use crate::settings::{MARGIN_SHARE, SAME_PLACE};
use crate::words::Line;

/// Takes the furniture off the pages.
pub(crate) fn set_aside(pages: &mut [Sheet], _warnings: &mut Vec<Warning>) {
    let mut seen: BTreeMap<(String, i32), usize> = BTreeMap::new();
    for page in pages.iter() {
        for key in page.items.iter().filter_map(|item| key(item, page.height)) {
            *seen.entry(key).or_default() += 1;
        }
    }
    for page in pages.iter_mut() {
        let height = page.height;
        page.items.retain(|item| {
            let Item::Text(lines) = item else { return true };
            let Some((text, place)) = key(item, height) else { return true };
            let others: usize = (-1..=1).filter_map(|step| seen.get(&(text.clone(), place + step))).sum();
            !(others > 1 || is_page_number(lines))
        });
    }
}

/// What a text at the edge of a page says, digits aside, and where it stands.
fn key(item: &Item, height: f32) -> Option<(String, i32)> {
    let Item::Text(lines) = item else { return None };
    let (first, last) = (lines.first()?, lines.last()?);
    let margin = MARGIN_SHARE * height;
    if first.bbox.top > margin && last.bbox.bottom < height - margin || lines.len() > 3 {
        return None;
    }
    let text: String = lines.iter().map(Line::text).collect();
    let text = text.chars().filter(|c| !c.is_whitespace()).map(|c| if c.is_numeric() { '0' } else { c });
    let mut folded: String = text.collect();
    while folded.contains("00") {
        folded = folded.replace("00", "0");
    }
    Some((folded, (first.bbox.top / SAME_PLACE).round() as i32))
}

/// `3`, `- 3 -`, `第3页`, `3/10`, `第 3 页 共 10 页`, `Page 3 of 10`.
fn is_page_number(lines: &[Line]) -> bool {
    let [line] = lines else { return false };
    let text: String = line.text().chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    let rest: String =
        text.replace("page", "").replace("of", "").chars().filter(|c| !"-–—－―·•~/|第页共，,.".contains(*c)).collect();
    !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()) && rest.len() <= 8
}
