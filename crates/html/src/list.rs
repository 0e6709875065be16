//! The numbers of list items, spelled out (HTML standard, 4.4.5 and 4.4.8).

use nianbao_model::NumberFormat;

use crate::style::Style;
use crate::tag::{Attribute, Element, Tag};
use crate::tree::{Id, Tree};

/// A list that is open.
#[derive(Debug)]
pub(crate) struct List {
    format: NumberFormat,
    /// The number of the next item.
    next: i64,
    step: i64,
}

impl List {
    /// The list that begins with `element`, which is the node `id`.
    pub(crate) fn begin(tree: &Tree, id: Id, element: &Element) -> Self {
        let is_ordered = element.tag == Tag::Ol;
        let by_type = element.attribute(Attribute::Type).and_then(format_of);
        let usual = if is_ordered { NumberFormat::Decimal } else { NumberFormat::Bullet };
        let format = declared(element).or(by_type.filter(|_| is_ordered)).unwrap_or(usual);
        let reversed = element.attribute(Attribute::Reversed).is_some();
        let start = element.attribute(Attribute::Start).and_then(integer);
        let items = || tree.children(id).filter(|&child| tree.tag(child) == Some(Tag::Li)).count();
        let next = start.unwrap_or_else(|| if reversed { i64::try_from(items()).unwrap_or(i64::MAX) } else { 1 });
        Self { format, next, step: if reversed { -1 } else { 1 } }
    }

    /// The number that stands before the item `element`; `None` where its mark does not count.
    pub(crate) fn number(&mut self, element: &Element) -> Option<String> {
        let number = element.attribute(Attribute::Value).and_then(integer).unwrap_or(self.next);
        self.next = number.saturating_add(self.step);
        let format = declared(element).unwrap_or(self.format);
        // Nought and less have no letters and no words.
        let spelled = u32::try_from(number).ok().filter(|&number| number > 0).map(|number| format.spell(number));
        let separator = match format {
            NumberFormat::None | NumberFormat::Bullet => return None,
            NumberFormat::ChineseCounting
            | NumberFormat::ChineseLegal
            | NumberFormat::IdeographDigital
            | NumberFormat::IdeographTraditional
            | NumberFormat::IdeographZodiac => "、",
            _ => ". ",
        };
        Some(spelled.unwrap_or_else(|| number.to_string()) + separator)
    }
}

/// The `type` of an ordered list.
fn format_of(name: &str) -> Option<NumberFormat> {
    Some(match name.trim() {
        "1" => NumberFormat::Decimal,
        "a" => NumberFormat::LowerLetter,
        "A" => NumberFormat::UpperLetter,
        "i" => NumberFormat::LowerRoman,
        "I" => NumberFormat::UpperRoman,
        _ => return None,
    })
}

/// An integer as HTML reads it (2.3.4.1): blanks, a sign, digits; what follows them does not count.
pub(crate) fn integer(text: &str) -> Option<i64> {
    let text = text.trim_start();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let digits = digits.get(..end).filter(|digits| !digits.is_empty())?;
    // One that is too large for any use is as good as the largest.
    Some(sign * digits.parse::<i64>().unwrap_or(i64::MAX))
}

/// How the style of an element says that its list counts.
fn declared(element: &Element) -> Option<NumberFormat> {
    Style::read(element.attribute(Attribute::Style)?).list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_as_html_reads_them() {
        assert_eq!(integer(" 3px"), Some(3));
        assert_eq!(integer("-2"), Some(-2));
        assert_eq!(integer("+7"), Some(7));
        assert_eq!(integer("99999999999999999999"), Some(i64::MAX));
        assert_eq!(integer("x"), None);
        assert_eq!(integer(""), None);
    }
}
