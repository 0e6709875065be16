//! What a `style` attribute says that changes the text: what is hidden, what begins a line, how lists count.
//!
//! Style sheets are not read: what they hide is mostly shown again by a script (tabs, parts that fold), and nothing that people see
//! may be lost. What an element hides by its own attributes is hidden.

use nianbao_model::NumberFormat;

use crate::tag::{Attribute, Element};

/// What the style of an element says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Style {
    /// Nothing in it is shown.
    pub(crate) hidden: bool,
    /// It begins and ends a line, whatever its tag.
    pub(crate) block: bool,
    /// Blanks and line ends in it count.
    pub(crate) pre: bool,
    /// How its list counts.
    pub(crate) list: Option<NumberFormat>,
}

/// What styles say. The runs of a page bear a few that come again and again, so the last answers are kept.
#[derive(Debug, Default)]
pub(crate) struct Styles {
    known: [(String, Style); 8],
    next: usize,
}

impl Styles {
    /// What the style of an element says.
    pub(crate) fn of(&mut self, element: &Element) -> Style {
        let mut style = element.attribute(Attribute::Style).map_or_else(Style::default, |text| self.read(text));
        style.hidden |= element.attribute(Attribute::Hidden).is_some();
        style
    }

    fn read(&mut self, text: &str) -> Style {
        if let Some((_, style)) = self.known.iter().find(|(known, _)| known == text) {
            return *style;
        }
        let style = Style::read(text);
        if let Some((known, said)) = self.known.get_mut(self.next) {
            text.clone_into(known);
            *said = style;
        }
        self.next = (self.next + 1) % self.known.len();
        style
    }
}

impl Style {
    pub(crate) fn read(text: &str) -> Self {
        let mut style = Self::default();
        for (name, value) in text.split(';').filter_map(|part| part.split_once(':')) {
            style.declare(name.trim(), value.trim());
        }
        style
    }

    fn declare(&mut self, name: &str, value: &str) {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        let says = |word: &str| value.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        if is("display") {
            // What is declared last counts.
            self.hidden = says("none");
            self.block = says("block");
        } else if is("visibility") {
            self.hidden |= says("hidden") || says("collapse");
        } else if is("mso-hide") {
            self.hidden |= says("all");
        } else if is("font-size") {
            self.hidden |= is_nought(value);
        } else if is("white-space") {
            self.pre = says("pre") && !says("pre-line");
        } else if is("list-style-type") || is("list-style") {
            self.list = value.split_whitespace().find_map(list_format).or(self.list);
        }
    }
}

/// Whether a length is nought: `0`, `0pt`, `0.0em`.
fn is_nought(value: &str) -> bool {
    let digits = value.trim_end_matches(|c: char| !c.is_ascii_digit());
    let number = value.len() - value.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    number > 0 && digits.len() <= number && value.bytes().take(number).all(|c| matches!(c, b'0' | b'.'))
}

/// A `list-style-type` [CSS Counter Styles 3].
fn list_format(word: &str) -> Option<NumberFormat> {
    Some(match word.to_ascii_lowercase().as_str() {
        "none" => NumberFormat::None,
        "disc" | "circle" | "square" => NumberFormat::Bullet,
        "decimal" => NumberFormat::Decimal,
        "decimal-leading-zero" => NumberFormat::DecimalZero,
        "lower-alpha" | "lower-latin" => NumberFormat::LowerLetter,
        "upper-alpha" | "upper-latin" => NumberFormat::UpperLetter,
        "lower-roman" => NumberFormat::LowerRoman,
        "upper-roman" => NumberFormat::UpperRoman,
        "cjk-ideographic" | "simp-chinese-informal" | "trad-chinese-informal" => NumberFormat::ChineseCounting,
        "simp-chinese-formal" | "trad-chinese-formal" => NumberFormat::ChineseLegal,
        "cjk-decimal" => NumberFormat::IdeographDigital,
        "cjk-heavenly-stem" => NumberFormat::IdeographTraditional,
        "cjk-earthly-branch" => NumberFormat::IdeographZodiac,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden() {
        for text in [
            "display:none",
            "color:red; DISPLAY : None !important",
            "visibility:hidden",
            "mso-hide:all",
            "font-size:0",
            "font-size:0pt",
        ] {
            assert!(Style::read(text).hidden, "{text}");
        }
        for text in [
            "display:block",
            "display:none;display:block",
            "font-size:10pt",
            "font-size:0.5em",
            "font-size:x-small",
            "display",
            "",
        ] {
            assert!(!Style::read(text).hidden, "{text}");
        }
    }

    #[test]
    fn how_lists_count() {
        assert_eq!(Style::read("list-style: inside cjk-ideographic").list, Some(NumberFormat::ChineseCounting));
        assert_eq!(Style::read("list-style-type:none").list, Some(NumberFormat::None));
        assert!(Style::read("white-space:pre-wrap").pre);
    }
}
