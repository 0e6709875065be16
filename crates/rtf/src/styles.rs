//! What styles say of headings (RTF 1.9.1, "Style Sheet"). All else that a style says stands at each paragraph once more.

use std::collections::HashMap;

use nianbao_model::ParagraphRole;
use nianbao_story::role_of_style;

/// How many styles a document may have. Word itself allows four thousand.
const MAX_STYLES: usize = 10_000;

/// A longer name is none of those that matter.
const MAX_NAME: usize = 200;

/// A paragraph style.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Style {
    /// The role that its name gives.
    pub(crate) role: Option<ParagraphRole>,
    /// The level of the outline, from 0; 9 for body text.
    pub(crate) outline: Option<i32>,
}

/// The paragraph styles by their number.
#[derive(Debug, Default)]
pub(crate) struct Styles {
    styles: HashMap<i32, Style>,
    number: i32,
    outline: Option<i32>,
    /// It is a style of something else: characters, tables, sections.
    is_other: bool,
    name: String,
}

impl Styles {
    pub(crate) fn get(&self, number: i32) -> Style {
        self.styles.get(&number).copied().unwrap_or_default()
    }

    /// Takes note of a control word of the style that is being described.
    pub(crate) fn word(&mut self, name: &[u8], number: Option<i32>) {
        match name {
            b"s" => self.number = number.unwrap_or_default(),
            b"cs" | b"ds" | b"ts" => self.is_other = true,
            b"outlinelevel" => self.outline = number,
            _ => {}
        }
    }

    /// Takes note of a part of its name.
    pub(crate) fn text(&mut self, text: &str) {
        if self.name.len() < MAX_NAME {
            self.name.push_str(text);
        }
    }

    /// The style has been described.
    pub(crate) fn end(&mut self) {
        let name = std::mem::take(&mut self.name);
        let name = name.split(';').next().unwrap_or_default();
        // Its name and its other names are parted by commas.
        let name = name.split(',').next().unwrap_or_default();
        if !self.is_other && !name.is_empty() && self.styles.len() < MAX_STYLES {
            let style = Style { role: role_of_style(name), outline: self.outline };
            self.styles.insert(self.number, style);
        }
        (self.number, self.outline, self.is_other) = (0, None, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_by_their_style() {
        let mut styles = Styles::default();
        styles.word(b"s", Some(1));
        styles.text("标题 1,heading");
        styles.text(" 1;");
        styles.end();
        styles.text("Normal;");
        styles.end();
        styles.word(b"s", Some(2));
        styles.word(b"outlinelevel", Some(1));
        styles.text("小节;");
        styles.end();
        styles.word(b"cs", Some(3));
        styles.text("heading 3;");
        styles.end();
        assert_eq!(styles.get(1).role, Some(ParagraphRole::Heading(1)));
        assert_eq!(styles.get(2), Style { role: None, outline: Some(1) });
        assert_eq!(styles.get(3), Style::default());
    }
}
