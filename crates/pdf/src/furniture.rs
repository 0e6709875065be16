//! Page headers, footers and page numbers: text at the edge of its page that other pages have at the same place.

use std::collections::BTreeMap;

use nianbao_model::{Origin, Warning, WarningKind};

use crate::Sheet;
use crate::layout::Item;
use crate::page::Rect;
use crate::settings::{MARGIN_SHARE, SAME_PLACE};
use crate::table::bounding_box;
use crate::words::Line;

/// How many kinds of running text a warning quotes.
const MOST_QUOTED: usize = 4;

/// What stands at the edge of a page: its text with all numbers alike, and its place from the top in steps of [`SAME_PLACE`].
type Key = (String, i32);

/// Takes the running text off the pages, and says so.
pub(crate) fn set_aside(pages: &mut [Sheet], warnings: &mut Vec<Warning>) {
    let mut seen: BTreeMap<Key, usize> = BTreeMap::new();
    for page in pages.iter() {
        for key in page.items.iter().filter_map(|item| key(item, page.height)) {
            *seen.entry(key).or_default() += 1;
        }
    }
    let is_running = |lines: &[Line], (text, place): &Key| {
        let near = place.saturating_sub(1)..=place.saturating_add(1);
        let pages: usize = near.filter_map(|place| seen.get(&(text.clone(), place))).sum();
        pages > 1 || is_page_number(lines)
    };
    let mut quoted: BTreeMap<String, String> = BTreeMap::new();
    let mut at = Vec::new();
    for page in pages.iter_mut() {
        page.items.retain(|item| {
            let (Item::Text(lines), Some(key)) = (item, key(item, page.height)) else { return true };
            if !is_running(lines, &key) {
                return true;
            }
            let hull = lines.iter().map(|line| line.bbox).reduce(Rect::hull);
            at.extend(hull.map(|bbox| Origin::Page { page: page.index, bbox: bounding_box(bbox) }));
            quoted.entry(key.0).or_insert_with(|| text(lines));
            false
        });
    }
    if !at.is_empty() {
        let texts = quoted.into_values().take(MOST_QUOTED).collect();
        warnings.push(Warning::new(WarningKind::RunningTextLeftOut { pieces: at.len(), texts }, at));
    }
}

/// Whether a block stands where headers and footers do.
pub(crate) fn may_be(item: &Item, height: f32) -> bool {
    key(item, height).is_some()
}

fn text(lines: &[Line]) -> String {
    let lines: Vec<String> = lines.iter().map(Line::text).collect();
    lines.join(" ")
}

/// The key of a text at the edge of a page; none for any other block.
fn key(item: &Item, height: f32) -> Option<Key> {
    let Item::Text(lines) = item else { return None };
    let (first, last) = (lines.first()?, lines.last()?);
    let margin = MARGIN_SHARE * height;
    let is_at_edge = last.bbox.bottom <= margin || first.bbox.top >= height - margin;
    if !is_at_edge || lines.len() > 3 {
        return None;
    }
    let mut folded = String::new();
    for c in text(lines).chars().filter(|c| !c.is_whitespace()) {
        let c = if c.is_numeric() { '0' } else { c };
        if c != '0' || !folded.ends_with('0') {
            folded.push(c);
        }
    }
    Some((folded, (first.bbox.top / SAME_PLACE).round() as i32))
}

/// `3`, `- 3 -`, `第3页`, `3/10`, `第 3 页 共 10 页`, `Page 3 of 10`.
fn is_page_number(lines: &[Line]) -> bool {
    let [line] = lines else { return false };
    let text: String = line.text().chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    let text = text.replace("page", "").replace("of", "");
    let digits: String = text.chars().filter(|c| !"-–—－―─·•~/|第页共，,.".contains(*c)).collect();
    !digits.is_empty() && digits.len() <= 8 && digits.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Direction;
    use crate::words::Word;

    fn item(text: &str, top: f32) -> Item {
        let bbox = Rect { left: 90.0, top, right: 300.0, bottom: top + 10.0 };
        let word = Word { text: text.to_owned(), bbox, blank_before: false, blank_shown: false, bold: false };
        Item::Text(vec![Line { words: vec![word], bbox, baseline: top + 8.0, size: 10.0, direction: Direction::Right }])
    }

    fn left(pages: Vec<Vec<Item>>) -> (Vec<usize>, usize) {
        let pages = pages.into_iter().zip(0..);
        let mut pages: Vec<Sheet> = pages.map(|(items, index)| Sheet { index, height: 800.0, items }).collect();
        let mut warnings = Vec::new();
        set_aside(&mut pages, &mut warnings);
        (pages.iter().map(|page| page.items.len()).collect(), warnings.len())
    }

    #[test]
    fn a_header_on_two_pages_and_page_numbers_go() {
        let page = |number| vec![item("某局工作年度报告", 40.0), item("正文", 300.0), item(number, 760.0)];
        assert_eq!(left(vec![page("－ 1 －"), page("－ 2 －")]), (vec![1, 1], 1));
    }

    #[test]
    fn a_title_at_the_top_of_one_page_stays() {
        assert_eq!(
            left(vec![vec![item("某局2023年年度报告", 60.0), item("正文", 300.0)], vec![item("正文", 70.0)]]),
            (vec![2, 1], 0)
        );
    }

    #[test]
    fn a_figure_in_the_middle_of_the_page_is_no_page_number() {
        assert_eq!(left(vec![vec![item("12", 300.0)]]), (vec![1], 0));
    }
}
