//! Characters: bytes in whatever encoding, words in Unicode, and where the text goes that they make.

use encoding_rs::{UTF_8, WINDOWS_1252};
use nianbao_story::symbol;

use super::{MAX_ASIDE, Reader};
use crate::charset::{Charset, is_double};
use crate::content::{Run, Visibility, What};
use crate::guess::Guess;
use crate::pending::Choice;
use crate::state::Side;
use crate::words::Destination;

/// Where text goes, and whether it is to be seen there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    destination: Destination,
    visibility: Visibility,
}

impl Reader<'_> {
    fn here(&self) -> Place {
        Place { destination: self.state.destination, visibility: self.state.visibility() }
    }

    /// Text as it stands in the file.
    pub(super) fn text(&mut self, text: &[u8]) {
        match self.state.destination {
            Destination::Skipped | Destination::Shape | Destination::Alternatives | Destination::Pn => return,
            Destination::Fonts => return self.fonts.text(text),
            _ => {}
        }
        let is_plain = |byte: u8| (b' '..0x7F).contains(&byte);
        let mut rest = text;
        while let Some(&first) = rest.first() {
            let is_simple = self.skip == 0 && !self.pending.is_open() && self.symbol_font().is_none();
            let length = if is_simple { rest.iter().take_while(|&&byte| is_plain(byte)).count() } else { 0 };
            if length > 0 {
                let (plain, behind) = rest.split_at(length);
                self.emit(std::str::from_utf8(plain).unwrap_or_default());
                rest = behind;
                continue;
            }
            rest = rest.get(1..).unwrap_or_default();
            match first {
                b'\r' | b'\n' | 0 => {}
                _ if self.skip > 0 => self.skip -= 1,
                b'\t' => self.emit("\t"),
                0x80.. => self.high_byte(first, true),
                _ if self.pending.wants(first) => self.pend(first, true),
                _ if is_plain(first) => self.letter(first),
                _ => {}
            }
        }
    }

    /// A byte below 80 that is a character of its own.
    fn letter(&mut self, byte: u8) {
        let told = self.symbol_font().filter(|name| !name.is_empty()).and_then(|name| told(name, byte));
        match told {
            Some(shown) => self.emit(shown.encode_utf8(&mut [0; 4])),
            None => self.emit(char::from(byte).encode_utf8(&mut [0; 4])),
        }
    }

    /// A byte that is written with two digits.
    pub(super) fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        match self.state.destination {
            Destination::Skipped | Destination::Fonts | Destination::Shape | Destination::Alternatives => {}
            // A level, or the length in front of a text.
            Destination::LevelText if byte < 0x20 && !self.pending.is_open() => {
                self.emit(char::from(byte).encode_utf8(&mut [0; 4]));
            }
            _ if byte >= 0x80 || self.pending.is_open() => self.high_byte(byte, false),
            _ if matches!(byte, b'\t' | b' '..0x7F) => self.letter(byte),
            _ => {}
        }
    }

    fn high_byte(&mut self, byte: u8, is_raw: bool) {
        if let Some(name) = self.symbol_font().filter(|_| !self.pending.is_open()) {
            let shown = told(name, byte);
            if let Some(shown) = shown {
                self.emit(shown.encode_utf8(&mut [0; 4]));
            }
            return;
        }
        self.pend(byte, is_raw);
    }

    /// Adds a byte to those that are not text yet.
    fn pend(&mut self, byte: u8, is_raw: bool) {
        let choice = self.choice(is_raw);
        if !self.pending.takes(choice) {
            self.flush();
        }
        if self.place != self.here() {
            self.settle(false);
            self.place = self.here();
        }
        self.pending.push(byte, choice);
    }

    /// The name of the font where its characters are pictures; empty for one that we do not know.
    fn symbol_font(&self) -> Option<&str> {
        let number = self.state.characters.font.unwrap_or(self.default_font);
        let font = self.fonts.get(number).filter(|font| font.charset == Charset::Symbol)?;
        let is_known = ["wingdings", "wingdings 2", "symbol"].contains(&font.name.trim().to_ascii_lowercase().as_str());
        Some(if is_known { font.name.trim() } else { "" })
    }

    fn charset(&self, font: i32) -> Charset {
        self.fonts.get(font).map_or(Charset::Document, |font| font.charset)
    }

    /// How a byte that stands here is to be read.
    fn choice(&mut self, is_raw: bool) -> Choice {
        let characters = self.state.characters;
        let charset = self.charset(characters.font.unwrap_or(self.default_font));
        let double = characters.double_font.map(|font| self.charset(font)).filter(|charset| charset.is_double());
        let charset = match double {
            Some(double) if characters.side == Side::Double && !charset.is_double() => double,
            _ => charset,
        };
        let declared = self.declared.unwrap_or(WINDOWS_1252);
        let guess = *self.guess.get_or_insert_with(|| Guess::new(self.file, declared));
        let encoding = if is_raw { guess.raw } else { guess.escaped };
        let choice = match charset {
            // No font has ever said that its text is in UTF-8.
            Charset::Of(own) if encoding != UTF_8 => return Choice { encoding: own, or_western: false },
            Charset::Western => Choice { encoding, or_western: is_double(encoding) },
            _ => Choice { encoding, or_western: false },
        };
        if encoding != declared && !self.problems.guessed.contains(&encoding) {
            self.problems.guessed.push(encoding);
        }
        choice
    }

    /// A character in Unicode; what stands in its place for older programs is passed over.
    pub(super) fn unicode(&mut self, code: i32) {
        let code = if (-0x8000..0).contains(&code) { code + 0x1_0000 } else { code };
        let unit = u16::try_from(code).ok();
        match (self.high, unit) {
            (Some(high), Some(low @ 0xDC00..=0xDFFF)) => {
                self.high = None;
                let pair = char::decode_utf16([high, low]).next();
                self.emit(pair.and_then(Result::ok).unwrap_or(char::REPLACEMENT_CHARACTER).encode_utf8(&mut [0; 4]));
            }
            (_, Some(high @ 0xD800..=0xDBFF)) => {
                self.settle_high();
                self.settle(true);
                self.high = Some(high);
            }
            _ => self.code(u32::try_from(code).unwrap_or(u32::MAX)),
        }
        self.skip = self.state.fallback;
    }

    fn code(&mut self, code: u32) {
        let shown = match self.symbol_font() {
            Some(name) if (0xF000..=0xF0FF).contains(&code) => symbol(name, code),
            _ => char::from_u32(code),
        };
        let shown = shown.unwrap_or(char::REPLACEMENT_CHARACTER);
        if !shown.is_control() || shown == '\t' {
            self.emit(shown.encode_utf8(&mut [0; 4]));
        }
    }

    /// A character that a word stands for.
    pub(super) fn character(&mut self, text: &str) {
        if self.skip > 0 {
            self.skip -= 1;
        } else {
            self.emit(text);
        }
    }

    /// Something in the story that is no text.
    pub(super) fn push_mark(&mut self, what: What) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        self.flush();
        self.push_run(what, self.state.visibility());
    }

    /// Something in the story that is being read.
    pub(super) fn push_run(&mut self, what: What, visibility: Visibility) {
        self.runs += 1;
        self.story.runs.push(Run { what, visibility });
    }

    /// Text, behind all that came before.
    fn emit(&mut self, text: &str) {
        self.flush();
        self.put(text, self.here());
    }

    /// Makes text of all that is not text yet, and takes up nothing more that belongs to it.
    pub(super) fn flush(&mut self) {
        self.skip = 0;
        self.settle_high();
        self.settle(true);
    }

    fn settle_high(&mut self) {
        if self.high.take().is_some() {
            self.put("\u{FFFD}", self.here());
        }
    }

    /// Makes text of the bytes that are not text yet; of a character that has begun only where it is over.
    fn settle(&mut self, is_over: bool) {
        if self.pending.is_empty() {
            return;
        }
        let told = self.pending.take(is_over);
        // Bullets and names are no text that anybody reads.
        let is_read = self.place.destination == Destination::Text;
        if told.is_lossy && is_read && !self.problems.undecodable.contains(&told.encoding) {
            self.problems.undecodable.push(told.encoding);
        }
        self.put(&told.text, self.place);
    }

    fn put(&mut self, text: &str, place: Place) {
        let aside = match place.destination {
            Destination::Text => return self.push_text(text, place.visibility),
            Destination::Styles => return self.styles.text(text),
            Destination::LevelText => return self.lists.text(text),
            Destination::PnBefore => return self.new_pn.before(text),
            Destination::PnAfter => return self.new_pn.after(text),
            Destination::FormEntry => return self.form.entry(text),
            Destination::ListText | Destination::PnText => &mut self.number,
            Destination::Instruction => &mut self.instruction,
            Destination::ShapeName => &mut self.shape.0,
            Destination::ShapeValue => &mut self.shape.1,
            _ => return,
        };
        if aside.len() < MAX_ASIDE {
            aside.push_str(text);
        }
    }

    /// Text of the story that is being read.
    pub(super) fn push_text(&mut self, text: &str, visibility: Visibility) {
        if text.is_empty() {
            return;
        }
        let start = self.content.text.len();
        self.content.text.push_str(text);
        let end = self.content.text.len();
        match self.story.runs.last_mut() {
            Some(Run { what: What::Text(range), visibility: last }) if range.end == start && *last == visibility => {
                range.end = end;
            }
            _ => self.push_run(What::Text(start..end), visibility),
        }
    }
}

/// The character that a byte shows in a symbol font.
fn told(font: &str, byte: u8) -> Option<char> {
    symbol(font, 0xF000 + u32::from(byte))
}
