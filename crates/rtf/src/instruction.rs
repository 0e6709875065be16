//! What fields show that stands in their instruction and not in their result: form fields and symbols (RTF 1.9.1, "Form Fields", "Fields").

use nianbao_story::symbol;

/// A choice that was never made.
const UNDECIDED: i32 = 25;

/// How many entries a list may have. Word allows 25.
const MAX_ENTRIES: usize = 1000;

/// A form field.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    kind: i32,
    chosen: Option<i32>,
    default: i32,
    entries: Vec<String>,
}

impl Form {
    /// Takes note of a control word.
    pub(crate) fn word(&mut self, name: &[u8], number: Option<i32>) {
        let value = number.unwrap_or_default();
        match name {
            b"fftype" => self.kind = value,
            b"ffres" => self.chosen = number.filter(|&chosen| chosen != UNDECIDED),
            b"ffdefres" => self.default = value,
            b"ffl" if self.entries.len() < MAX_ENTRIES => self.entries.push(String::new()),
            _ => {}
        }
    }

    /// Takes note of a part of an entry.
    pub(crate) fn entry(&mut self, text: &str) {
        if let Some(entry) = self.entries.last_mut() {
            entry.push_str(text);
        }
    }

    /// What the field shows: a box ticked or empty, the chosen entry of a list; `None` where that stands in the result.
    pub(crate) fn shown(&self) -> Option<String> {
        const TICK_BOX: i32 = 1;
        const LIST: i32 = 2;
        let chosen = self.chosen.unwrap_or(self.default);
        match self.kind {
            TICK_BOX => Some(if chosen == 0 { "□" } else { "☑" }.to_owned()),
            LIST => self.entries.get(usize::try_from(chosen).ok()?).cloned(),
            _ => None,
        }
    }
}

/// The character of the instruction of a symbol: `SYMBOL 254 \f "Wingdings"`. Word leaves its result empty.
pub(crate) fn symbol_of(instruction: &str) -> Option<char> {
    let rest = instruction.trim_start().get(..6).filter(|word| word.eq_ignore_ascii_case("SYMBOL"));
    let rest = rest.and_then(|_| instruction.trim_start().get(6..))?.trim_start();
    let code = rest.split(|c: char| c.is_whitespace() || c == '\\').next()?;
    let code = match code.strip_prefix("0x").or_else(|| code.strip_prefix("0X")) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => code.parse().ok()?,
    };
    let font = rest.split_once("\\f").map_or("", |(_, font)| font.trim_start());
    let font = match font.strip_prefix(['"', '“']) {
        Some(quoted) => quoted.split(['"', '”']).next().unwrap_or_default(),
        None => font.split_whitespace().next().unwrap_or_default(),
    };
    symbol(font, code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(words: &[(&str, i32)], entries: &[&str]) -> Option<String> {
        let mut form = Form::default();
        for (word, number) in words {
            form.word(word.as_bytes(), Some(*number));
        }
        for entry in entries {
            form.word(b"ffl", None);
            form.entry(entry);
        }
        form.shown()
    }

    #[test]
    fn form_fields_show_what_was_chosen() {
        assert_eq!(form(&[("fftype", 1), ("ffres", 1)], &[]).as_deref(), Some("☑"));
        assert_eq!(form(&[("fftype", 1), ("ffres", 25), ("ffdefres", 0)], &[]).as_deref(), Some("□"));
        assert_eq!(form(&[("fftype", 2), ("ffres", 1)], &["甲", "乙"]).as_deref(), Some("乙"));
        assert_eq!(form(&[("fftype", 2), ("ffres", -1)], &["甲"]), None);
        assert_eq!(form(&[("fftype", 0)], &[]), None);
    }

    #[test]
    fn a_symbol_stands_in_its_instruction() {
        assert_eq!(symbol_of(" SYMBOL 254 \\f \"Wingdings\" \\s 12"), Some('☑'));
        assert_eq!(symbol_of("symbol 0xA8\\fWingdings"), Some('□'));
        assert_eq!(symbol_of("SYMBOL 61692 \\f Wingdings"), Some('✔'));
        assert_eq!(symbol_of(" HYPERLINK \"x\""), None);
        assert_eq!(symbol_of("SYMBOL"), None);
    }
}
