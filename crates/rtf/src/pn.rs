//! Numbers as Word 6 has them: each paragraph says itself how it is numbered (RTF 1.9.1, "Bullets and Numbering").

use nianbao_model::NumberFormat;

/// What stands before or after a number is no longer.
const MAX_TEXT: usize = 100;

/// How a paragraph is numbered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pn {
    is_bullet: bool,
    /// It belongs to the number above and has none itself.
    goes_on: bool,
    format: Option<NumberFormat>,
    start: Option<u32>,
    before: String,
    after: String,
}

impl Pn {
    pub(crate) const fn is_bullet(&self) -> bool {
        self.is_bullet
    }

    /// Takes note of a control word.
    pub(crate) fn word(&mut self, name: &[u8], number: Option<i32>) {
        match name {
            b"pnlvlblt" => self.is_bullet = true,
            b"pnlvlcont" => self.goes_on = true,
            b"pnstart" => self.start = number.and_then(|start| u32::try_from(start).ok()),
            _ => self.format = format(name).or(self.format),
        }
    }

    pub(crate) fn before(&mut self, text: &str) {
        if self.before.len() < MAX_TEXT {
            self.before.push_str(text);
        }
    }

    pub(crate) fn after(&mut self, text: &str) {
        if self.after.len() < MAX_TEXT {
            self.after.push_str(text);
        }
    }

    /// The number of a paragraph where that of the one before was `last`; `None` where it has none.
    pub(crate) fn next(&self, last: &mut Option<u32>) -> Option<String> {
        let format = self.format.filter(|_| !self.is_bullet && !self.goes_on)?;
        let number = last.map_or(self.start.unwrap_or(1), |last| last.saturating_add(1));
        *last = Some(number);
        Some(format!("{}{}{}", self.before, format.spell(number), self.after))
    }
}

fn format(name: &[u8]) -> Option<NumberFormat> {
    Some(match name {
        b"pndec" | b"pncard" | b"pnord" | b"pnordt" => NumberFormat::Decimal,
        b"pndecd" => NumberFormat::DecimalFullWidth,
        b"pnucltr" => NumberFormat::UpperLetter,
        b"pnlcltr" => NumberFormat::LowerLetter,
        b"pnucrm" => NumberFormat::UpperRoman,
        b"pnlcrm" => NumberFormat::LowerRoman,
        b"pncnum" => NumberFormat::DecimalEnclosedCircle,
        b"pndbnum" | b"pngbnum" => NumberFormat::IdeographDigital,
        b"pndbnumd" | b"pndbnumk" | b"pngbnumd" | b"pngbnumk" => NumberFormat::ChineseCounting,
        b"pndbnuml" | b"pndbnumt" | b"pngbnuml" => NumberFormat::ChineseLegal,
        b"pnzodiac" => NumberFormat::IdeographZodiac,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_on_from_their_start() {
        let mut pn = Pn::default();
        pn.word(b"pngbnumd", None);
        pn.word(b"pnstart", Some(2));
        pn.before("（");
        pn.after("）");
        let mut last = None;
        assert_eq!(pn.next(&mut last).as_deref(), Some("（二）"));
        assert_eq!(pn.next(&mut last).as_deref(), Some("（三）"));
        let mut bullet = Pn::default();
        bullet.word(b"pnlvlblt", None);
        assert!(bullet.is_bullet() && bullet.next(&mut last).is_none());
    }
}
