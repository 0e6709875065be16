//! Automatic numbers: which numbering (`w:num`) and level a paragraph names, and what then stands before it (ECMA-376 Part 1, 17.9).

use nianbao_story::{Counting, LEVELS, Label, Level};

use crate::definitions::Definitions;
use crate::styles::Styles;

/// The numberings of a document, and how far each has counted.
#[derive(Debug, Default)]
pub(crate) struct Numbering {
    definitions: Definitions,
    counting: Counting,
}

impl Numbering {
    /// The numberings that `numbering.xml` defines.
    pub(crate) fn new(text: String) -> Self {
        Self { definitions: Definitions::new(text), ..Self::default() }
    }

    /// Counts one paragraph of the numbering `id` at `level`, from 0, and says what stands before it; `None` where nothing does.
    pub(crate) fn next(&mut self, id: u32, level: usize, styles: &mut Styles) -> Option<Label> {
        let scheme = self.definitions.scheme(id, styles)?;
        self.counting.next(id, &scheme, level)
    }

    /// The level of the numbering `id` that a paragraph style is bound to.
    pub(crate) fn level_of_style(&mut self, id: u32, style: &str, styles: &mut Styles) -> Option<usize> {
        let scheme = self.definitions.scheme(id, styles)?;
        let is_bound = |level: &Level| level.style.as_deref() == Some(style);
        (0..LEVELS).find(|&index| scheme.level(index).is_some_and(is_bound))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbering(content: &str) -> Numbering {
        Numbering::new(format!(r#"<w:numbering xmlns:w="urn:w">{content}</w:numbering>"#))
    }

    fn level(index: usize, format: &str, text: &str, more: &str) -> String {
        format!(
            r#"<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{format}"/><w:lvlText w:val="{text}"/>{more}<w:rPr><w:start w:val="7"/></w:rPr></w:lvl>"#
        )
    }

    fn base(id: u32, levels: &str) -> String {
        format!(r#"<w:abstractNum w:abstractNumId="{id}">{levels}</w:abstractNum>"#)
    }

    fn number(id: u32, base: u32, more: &str) -> String {
        format!(r#"<w:num w:numId="{id}"><w:abstractNumId w:val="{base}"/>{more}</w:num>"#)
    }

    /// The numbers of paragraphs given as numbering and level.
    fn labels(numbering: &mut Numbering, paragraphs: &[(u32, usize)]) -> Vec<String> {
        let mut styles = Styles::default();
        let mut text = |&(id, level): &(u32, usize)| {
            numbering.next(id, level, &mut styles).map_or_else(|| "-".to_owned(), |label| label.text)
        };
        paragraphs.iter().map(&mut text).collect()
    }

    fn official() -> String {
        level(0, "chineseCounting", "%1、", "")
            + &level(1, "chineseCountingThousand", "（%2）", "")
            + &level(2, "decimal", "%3.", "")
    }

    #[test]
    fn the_levels_of_an_official_document_are_spelled() {
        let mut numbering = numbering(&(base(0, &official()) + &number(1, 0, "")));
        assert_eq!(
            labels(&mut numbering, &[(1, 0), (1, 1), (1, 1), (1, 2), (1, 0), (1, 1), (1, 2), (0, 0)]),
            ["一、", "（一）", "（二）", "1.", "二、", "（一）", "1.", "-"]
        );
    }

    #[test]
    fn numberings_of_one_base_count_on_but_where_one_overrides_the_start() {
        let start = r#"<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>"#;
        let mut numbering =
            numbering(&(base(0, &official()) + &number(1, 0, "") + &number(2, 0, "") + &number(3, 0, start)));
        assert_eq!(
            labels(&mut numbering, &[(1, 0), (2, 0), (3, 0), (3, 0), (1, 0)]),
            ["一、", "二、", "五、", "六、", "七、"]
        );
    }

    #[test]
    fn a_level_can_be_overridden_as_a_whole() {
        let own = format!(r#"<w:lvlOverride w:ilvl="0">{}</w:lvlOverride>"#, level(0, "upperRoman", "%1)", ""));
        let mut numbering = numbering(&(base(0, &official()) + &number(1, 0, &own)));
        assert_eq!(labels(&mut numbering, &[(1, 0), (1, 0)]), ["I)", "II)"]);
    }

    #[test]
    fn legal_numbers_are_decimal_and_unused_levels_begin() {
        let levels = level(0, "chineseCounting", "第%1章", "") + &level(1, "decimal", "%1.%2", "<w:isLgl/>");
        let mut numbering = numbering(&(base(0, &levels) + &number(1, 0, "")));
        assert_eq!(labels(&mut numbering, &[(1, 1), (1, 1), (1, 0), (1, 1)]), ["1.1", "1.2", "第二章", "2.1"]);
    }

    #[test]
    fn a_level_restarts_only_where_it_says() {
        let levels = level(0, "decimal", "%1.", "")
            + &level(1, "decimal", "%2)", r#"<w:lvlRestart w:val="0"/>"#)
            + &level(2, "decimal", "%3]", r#"<w:lvlRestart w:val="1"/>"#);
        let mut numbering = numbering(&(base(0, &levels) + &number(1, 0, "")));
        let order = [(1, 0), (1, 1), (1, 2), (1, 1), (1, 2), (1, 0), (1, 1), (1, 2)];
        assert_eq!(labels(&mut numbering, &order), ["1.", "1)", "1]", "2)", "2]", "2.", "3)", "1]"]);
    }

    #[test]
    fn a_numbering_style_leads_to_the_levels() {
        let using = r#"<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="s"/></w:abstractNum>"#;
        let defining =
            format!(r#"<w:abstractNum w:abstractNumId="1"><w:styleLink w:val="s"/>{}</w:abstractNum>"#, official());
        let mut numbering = numbering(&(using.to_owned() + &defining + &number(1, 0, "") + &number(2, 1, "")));
        assert_eq!(labels(&mut numbering, &[(1, 0), (2, 0)]), ["一、", "二、"]);
    }

    #[test]
    fn bullets_are_not_written_and_unknown_formats_are_counted_in_digits() {
        let levels = level(0, "bullet", "\u{F0B7}", "") + &level(1, "hindiVowels", "%2.", "");
        let mut numbering = numbering(&(base(0, &levels) + &number(1, 0, "")));
        let mut styles = Styles::default();
        assert_eq!(numbering.next(1, 0, &mut styles), Some(Label::default()));
        let label = numbering.next(1, 1, &mut styles).unwrap();
        assert_eq!((label.text.as_str(), label.unknown_format.as_deref()), ("1.", Some("hindiVowels")));
    }

    #[test]
    fn a_level_is_found_by_the_style_that_is_bound_to_it() {
        let levels = official() + &level(3, "decimal", "%4", r#"<w:pStyle w:val="h"/>"#);
        let mut numbering = numbering(&(base(0, &levels) + &number(1, 0, "")));
        assert_eq!(numbering.level_of_style(1, "h", &mut Styles::default()), Some(3));
        assert_eq!(numbering.level_of_style(1, "x", &mut Styles::default()), None);
    }
}
