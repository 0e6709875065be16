//! Which paragraphs are headings: by size, by weight, or by a numbering mark in front of a short line.

use nianbao_model::{ParagraphRole, is_han, leading_mark};

use crate::Sheet;
use crate::layout::Item;
use crate::settings::{HEADING_CHARACTERS, HEADING_SIZE, TITLE_SIZE};
use crate::words::Line;

/// The font size of most of the running text, in points; 0 where there is none.
pub(crate) fn body_size(pages: &[Sheet]) -> f32 {
    let texts = pages.iter().flat_map(|page| &page.items).filter_map(|item| match item {
        Item::Text(lines) => Some(lines),
        Item::Draft(_) | Item::Table(_) => None,
    });
    let mut sizes: Vec<(f32, usize)> = texts.flatten().map(|line| (line.size, line.text().chars().count())).collect();
    sizes.sort_by(|one, other| one.0.total_cmp(&other.0));
    let half = sizes.iter().map(|(_, characters)| characters).sum::<usize>() / 2;
    let mut before = 0;
    let middle = sizes.iter().find(|(_, characters)| {
        before += characters;
        before > half
    });
    middle.map_or(0.0, |(size, _)| *size)
}

/// What a paragraph is, where the running text has the size `body`.
pub(crate) fn role(lines: &[Line], body: f32, on_first_page: bool) -> ParagraphRole {
    let text: String = lines.iter().map(Line::text).collect();
    let size = lines.iter().map(|line| line.size).fold(0.0, f32::max);
    let ends_sentence = text.trim_end().ends_with(['。', '；', '！', '？', '，', '.', ';', ',']);
    let is_short = text.chars().filter(|c| !c.is_whitespace()).count() <= HEADING_CHARACTERS && !ends_sentence;
    if !is_short || lines.len() > 3 {
        return ParagraphRole::Body;
    }
    if on_first_page && size >= TITLE_SIZE * body {
        return ParagraphRole::Title;
    }
    match mark_level(&text) {
        Some(level) if lines.len() == 1 => ParagraphRole::Heading(level),
        _ if size >= HEADING_SIZE * body || lines.iter().all(Line::is_bold) => ParagraphRole::Heading(1),
        _ => ParagraphRole::Body,
    }
}

/// The level that a numbering mark of Chinese documents stands for: 一、 above （一） above all others.
fn mark_level(text: &str) -> Option<u8> {
    let text = text.trim_start();
    leading_mark(text)?;
    let mut characters = text.chars();
    match characters.next()? {
        '（' | '(' if characters.next().is_some_and(is_han) => Some(2),
        first if is_han(first) => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Direction, Rect};
    use crate::words::Word;

    fn line(text: &str, size: f32) -> Vec<Line> {
        let bbox = Rect { left: 90.0, top: 100.0, right: 300.0, bottom: 100.0 + size };
        let word = Word { text: text.to_owned(), bbox, blank_before: false, blank_shown: false, bold: false };
        vec![Line { words: vec![word], bbox, baseline: 108.0, size, direction: Direction::Right }]
    }

    #[test]
    fn a_large_line_is_the_title_and_marks_are_headings() {
        assert_eq!(role(&line("某局2023年政府信息公开工作年度报告", 22.0), 12.0, true), ParagraphRole::Title);
        assert_eq!(role(&line("一、总体情况", 12.0), 12.0, true), ParagraphRole::Heading(1));
        assert_eq!(role(&line("（一）主动公开", 12.0), 12.0, false), ParagraphRole::Heading(2));
        assert_eq!(role(&line("全年收到申请三件。", 12.0), 12.0, false), ParagraphRole::Body);
        assert_eq!(role(&line("联系电话", 12.0), 12.0, false), ParagraphRole::Body);
    }
}
