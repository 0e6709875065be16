//! The file, read in one pass: groups on a stack of our own, so that no file can be too deep, and words one after the other.

mod text;

use std::rc::Rc;

use encoding_rs::Encoding;
use nianbao_container::Error;
use nianbao_story::check;

use crate::charset::of_code_page;
use crate::content::{Content, Number, Story, What, check_runs};
use crate::fonts::Fonts;
use crate::guess::Guess;
use crate::instruction::{Form, symbol_of};
use crate::lists::Lists;
use crate::pending::Pending;
use crate::pn::Pn;
use crate::row::Layout;
use crate::state::State;
use crate::styles::Styles;
use crate::tokens::{Token, Tokens};
use crate::words::{self, Destination, Way};
use text::Place;

/// How many groups may stand in one another. Word's have some twenty.
const MAX_GROUPS: usize = 10_000;

/// How many text boxes may stand in one another. Word allows one.
const MAX_BOXES: usize = 4;

/// How many texts of an instruction or name are kept.
const MAX_ASIDE: usize = 1000;

/// What was read, and what the reader needs of the file to make a document of it.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) content: Content,
    pub(crate) styles: Styles,
    pub(crate) lists: Lists,
    pub(crate) problems: Problems,
}

/// What was not as it should be.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    /// Encodings that nothing in the file names.
    pub(crate) guessed: Vec<&'static Encoding>,
    /// Encodings in which some bytes were no text.
    pub(crate) undecodable: Vec<&'static Encoding>,
    /// Groups are still open at the end.
    pub(crate) breaks_off: bool,
    /// More groups are closed than were opened; what stood behind was read on.
    pub(crate) closes_too_often: bool,
    /// Something that is no text stands behind the end.
    pub(crate) has_more: bool,
    pub(crate) too_deep: bool,
    pub(crate) boxes_too_deep: bool,
}

/// Reads a whole file.
///
/// # Errors
/// More paragraphs or cells than any document has.
pub(crate) fn read(file: &[u8]) -> Result<Found, Error> {
    let mut reader = Reader::new(file);
    reader.all()?;
    Ok(Found { content: reader.content, styles: reader.styles, lists: reader.lists, problems: reader.problems })
}

struct Reader<'a> {
    file: &'a [u8],
    state: State,
    /// The groups around.
    groups: Vec<State>,
    /// Groups that are too deep to be told apart.
    deeper: usize,
    /// `\*` was read: what is not known is skipped.
    is_optional: bool,
    declared: Option<&'static Encoding>,
    guess: Option<Guess>,
    default_font: i32,
    fonts: Fonts,
    styles: Styles,
    lists: Lists,
    pending: Pending,
    /// Where pending bytes go.
    place: Place,
    /// How many characters that stand in place of one in Unicode are still to come.
    skip: usize,
    /// The first half of a character that takes two words.
    high: Option<u16>,
    story: Story,
    /// The stories around a text box.
    stories: Vec<Story>,
    content: Content,
    paragraphs: usize,
    runs: usize,
    cells_described: usize,
    /// The number that is being read.
    number: String,
    pn: Option<Pn>,
    new_pn: Pn,
    last_pn: Option<u32>,
    instruction: String,
    form: Form,
    shape: (String, String),
    problems: Problems,
}

impl<'a> Reader<'a> {
    fn new(file: &'a [u8]) -> Self {
        Self {
            file,
            state: State::default(),
            groups: Vec::new(),
            deeper: 0,
            is_optional: false,
            declared: None,
            guess: None,
            default_font: 0,
            fonts: Fonts::default(),
            styles: Styles::default(),
            lists: Lists::default(),
            pending: Pending::default(),
            place: Place::default(),
            skip: 0,
            high: None,
            story: Story::default(),
            stories: Vec::new(),
            content: Content::default(),
            paragraphs: 0,
            runs: 0,
            cells_described: 0,
            number: String::new(),
            pn: None,
            new_pn: Pn::default(),
            last_pn: None,
            instruction: String::new(),
            form: Form::default(),
            shape: (String::new(), String::new()),
            problems: Problems::default(),
        }
    }

    fn all(&mut self) -> Result<(), Error> {
        let mut tokens = Tokens::new(self.file);
        while let Some(token) = tokens.next() {
            match token {
                Token::Open => self.open(),
                Token::Close => {
                    self.close();
                    if self.groups.is_empty() && !self.goes_on(tokens.rest()) {
                        break;
                    }
                }
                Token::Word(name, number) => self.word(name, number)?,
                Token::Symbol(symbol) => self.symbol(symbol)?,
                Token::Byte(byte) => self.byte(byte),
                Token::Text(text) => self.text(text),
            }
            check_runs(self.runs)?;
        }
        self.problems.breaks_off = !self.groups.is_empty();
        while !self.groups.is_empty() {
            self.deeper = 0;
            self.close();
        }
        self.flush();
        if !self.story.runs.is_empty() {
            let number = self.spelled();
            self.story.number = number;
            self.story.end_paragraph(self.state.paragraph, None);
        }
        self.content.main = std::mem::take(&mut self.story.paragraphs);
        Ok(())
    }

    /// Whether there is more to read behind the end: where a group was closed too often, there is.
    fn goes_on(&mut self, rest: &[u8]) -> bool {
        let is_nothing = |byte: &u8| matches!(byte, 0 | 0x1A) || byte.is_ascii_whitespace();
        if rest.iter().all(is_nothing) {
            return false;
        }
        let is_text = self.problems.closes_too_often
            || [&b"\\par"[..], b"\\cell", b"\\row"].into_iter().any(|word| memchr::memmem::find(rest, word).is_some());
        self.problems.closes_too_often |= is_text;
        self.problems.has_more |= !is_text;
        is_text
    }
}

/// Groups.
impl Reader<'_> {
    fn open(&mut self) {
        self.skip = 0;
        self.is_optional = false;
        if self.groups.len() < MAX_GROUPS {
            self.groups.push(self.state);
        } else {
            self.deeper = self.deeper.saturating_add(1);
            self.problems.too_deep = true;
        }
    }

    fn close(&mut self) {
        self.skip = 0;
        self.is_optional = false;
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        // One too many closes nothing.
        let Some(around) = self.groups.pop() else { return };
        let left = self.state.destination;
        if left != around.destination || self.state.boxes != around.boxes || left == Destination::Styles {
            self.flush();
        }
        let box_ends = self.state.boxes != around.boxes;
        if box_ends {
            self.end_box();
        }
        self.state = around;
        if left == Destination::Styles {
            self.styles.end();
        }
        if left != around.destination {
            self.leave(left);
        }
    }

    /// Something that does not stand in the text has been read.
    fn leave(&mut self, left: Destination) {
        match left {
            Destination::Lists => self.lists.end(false),
            Destination::ListReferences => self.lists.end(true),
            Destination::ListText | Destination::PnText => {
                self.story.number = Number::Shown(std::mem::take(&mut self.number));
            }
            Destination::Pn => self.pn = Some(std::mem::take(&mut self.new_pn)),
            Destination::Form => {
                if let Some(shown) = std::mem::take(&mut self.form).shown() {
                    self.push_aside(&shown);
                }
            }
            Destination::Instruction => {
                if let Some(shown) = symbol_of(&std::mem::take(&mut self.instruction)) {
                    self.push_aside(shown.encode_utf8(&mut [0; 4]));
                    self.state.has_result = true;
                }
            }
            // Lettering is a drawing with one text.
            Destination::ShapeValue if self.shape.0.trim() == "gtextUNICODE" => {
                let text = std::mem::take(&mut self.shape.1).replace(['\r', '\n', '\u{B}'], " ");
                if !text.trim().is_empty() {
                    self.push_aside(&text);
                }
            }
            _ => {}
        }
    }

    /// Text that was found elsewhere, and stands here in the story.
    fn push_aside(&mut self, text: &str) {
        self.flush();
        let visibility = self.state.visibility();
        self.push_text(text, visibility);
    }

    /// Goes where a word leads; says whether it leads anywhere.
    fn goes(&mut self, name: &[u8]) -> bool {
        let Some(way) = words::way(self.state.destination, name) else { return false };
        match way {
            Way::To(Destination::Alternatives) => {
                self.state.around = self.state.destination;
                self.state.destination = Destination::Alternatives;
            }
            Way::To(destination) => self.begin(destination),
            Way::On => {}
            Way::TextBox => self.begin_box(),
            Way::Unicode => self.state.destination = self.state.around,
            Way::Result if self.state.has_result => self.state.destination = Destination::Skipped,
            Way::Result => {}
            Way::NestedRow => self.state.describes_nested = true,
        }
        true
    }

    fn begin(&mut self, destination: Destination) {
        if destination != Destination::Skipped {
            self.flush();
        }
        match destination {
            Destination::ListText | Destination::PnText => self.number.clear(),
            Destination::Pn => self.new_pn = Pn::default(),
            Destination::Instruction => self.instruction.clear(),
            Destination::Form => self.form = Form::default(),
            Destination::FormEntry => self.form.word(b"ffl", None),
            Destination::ShapeName => self.shape.0.clear(),
            Destination::ShapeValue => self.shape.1.clear(),
            _ => {}
        }
        self.state.destination = destination;
    }

    fn begin_box(&mut self) {
        if self.state.boxes >= MAX_BOXES {
            self.problems.boxes_too_deep = true;
            self.state.destination = Destination::Skipped;
            return;
        }
        self.flush();
        self.stories.push(std::mem::take(&mut self.story));
        // Nothing of the text around holds in it.
        let boxes = self.state.boxes + 1;
        self.state =
            State { boxes, fallback: self.state.fallback, characters: self.state.characters, ..State::default() };
    }

    fn end_box(&mut self) {
        if !self.story.runs.is_empty() {
            self.story.end_paragraph(self.state.paragraph, None);
        }
        let Some(around) = self.stories.pop() else { return };
        let story = std::mem::replace(&mut self.story, around);
        self.content.boxes.push(story.paragraphs);
        self.push_run(What::TextBox(self.content.boxes.len() - 1), self.state.visibility());
    }
}

/// Words.
impl Reader<'_> {
    fn word(&mut self, name: &[u8], number: Option<i32>) -> Result<(), Error> {
        let is_optional = std::mem::take(&mut self.is_optional);
        if name == b"bin" {
            self.skip = self.skip.saturating_sub(1);
            return Ok(());
        }
        if self.goes(name) {
            return Ok(());
        }
        match self.state.destination {
            Destination::Skipped => return Ok(()),
            Destination::Styles => self.styles.word(name, number),
            _ if is_optional => {
                self.state.destination = Destination::Skipped;
                return Ok(());
            }
            Destination::Fonts => self.fonts.word(name, number),
            Destination::Lists => self.lists.word(name, number, false),
            Destination::ListReferences => self.lists.word(name, number, true),
            Destination::Pn => self.new_pn.word(name, number),
            Destination::Form => self.form.word(name, number),
            Destination::Shape | Destination::Alternatives => return Ok(()),
            Destination::Text => return self.word_of_text(name, number),
            _ => {}
        }
        self.word_of_any(name, number);
        Ok(())
    }

    fn word_of_text(&mut self, name: &[u8], number: Option<i32>) -> Result<(), Error> {
        match name {
            b"par" | b"sect" => self.end_paragraph()?,
            b"cell" | b"nestcell" => self.end_cell(name == b"nestcell")?,
            b"row" | b"nestrow" => self.end_row(name == b"nestrow")?,
            b"line" | b"lbr" => self.push_mark(What::Line),
            b"page" | b"column" => self.push_mark(What::Page),
            b"pard" => {
                self.pn = None;
                self.state.take(name, number);
            }
            b"ansicpg" => self.declared = number.and_then(of_code_page).or(self.declared),
            b"utf" => self.declared = of_code_page(65001),
            b"mac" => self.declared = of_code_page(10000),
            b"deff" => self.default_font = number.unwrap_or_default(),
            _ if self.word_of_row(name, number) => {}
            _ => self.word_of_any(name, number),
        }
        Ok(())
    }

    /// What means the same wherever it stands.
    fn word_of_any(&mut self, name: &[u8], number: Option<i32>) {
        match name {
            b"u" => self.unicode(number.unwrap_or_default()),
            _ => match words::character(name) {
                Some(text) => self.character(text),
                None => self.state.take(name, number),
            },
        }
    }

    fn word_of_row(&mut self, name: &[u8], number: Option<i32>) -> bool {
        let is_nested = self.state.describes_nested;
        if name == b"trowd" && !is_nested {
            self.story.row_is_described();
        }
        // Most words are none of rows: the row is copied for those alone that change one that is in use.
        if !Layout::is_word(name) {
            return false;
        }
        let layout = if is_nested { &mut self.story.nested } else { &mut self.story.layout };
        if Rc::get_mut(layout).is_none() {
            self.cells_described = self.cells_described.saturating_add(layout.cells());
        }
        if name == b"trowd" {
            *layout = Rc::default();
        } else {
            Rc::make_mut(layout).take(name, number);
        }
        true
    }

    fn symbol(&mut self, symbol: u8) -> Result<(), Error> {
        match symbol {
            b'*' => {
                self.is_optional = true;
                return Ok(());
            }
            b'\r' | b'\n' if self.state.destination == Destination::Text => self.end_paragraph()?,
            b'~' => self.character("\u{A0}"),
            b'_' => self.character("-"),
            b'\t' => self.character("\t"),
            b'\\' | b'{' | b'}' => self.text(&[symbol]),
            // Where a word may be parted, a subentry, a formula: no text.
            _ => {}
        }
        Ok(())
    }

    fn count_paragraph(&mut self) -> Result<(), Error> {
        self.paragraphs += 1;
        check(self.paragraphs, "paragraphs")?;
        check(self.cells_described / 8, "cells")
    }

    fn end_paragraph(&mut self) -> Result<(), Error> {
        self.count_paragraph()?;
        self.flush();
        self.story.number = self.spelled();
        self.story.end_paragraph(self.state.paragraph, Some(self.state.visibility()));
        Ok(())
    }

    fn end_cell(&mut self, is_inner: bool) -> Result<(), Error> {
        self.count_paragraph()?;
        self.flush();
        self.story.number = self.spelled();
        let (paragraph, mark) = (self.state.paragraph, self.state.visibility());
        if is_inner {
            self.story.end_inner_cell(paragraph, mark);
        } else {
            self.story.end_cell(paragraph, mark);
        }
        Ok(())
    }

    fn end_row(&mut self, is_inner: bool) -> Result<(), Error> {
        self.count_paragraph()?;
        self.flush();
        let (paragraph, mark) = (self.state.paragraph, self.state.visibility());
        if is_inner {
            self.story.end_inner_row(paragraph, mark, self.state.describes_nested);
        } else {
            self.story.end_row(paragraph, mark);
        }
        Ok(())
    }

    /// The number of the paragraph that is over, as far as it is known without the lists.
    fn spelled(&mut self) -> Number {
        let shown = std::mem::take(&mut self.story.number);
        let Some(pn) = &self.pn else {
            self.last_pn = None;
            return shown;
        };
        let counted = pn.next(&mut self.last_pn);
        match (shown, counted) {
            _ if pn.is_bullet() => Number::Bullet,
            (Number::Unknown, Some(counted)) => Number::Counted(counted),
            (shown, _) => shown,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::printed;

    /// The text of a document, a line a paragraph.
    fn shown(text: &str) -> String {
        let printed = printed(text);
        let lines = printed.lines().skip(1).map(|line| line.split("  @").next().unwrap_or_default());
        lines.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn a_character_of_two_bytes_may_be_cut_anywhere() {
        let wanted = "¶ |公开|";
        assert_eq!(shown("\\'b9\\'ab\\'bf\\'aa"), wanted);
        assert_eq!(shown("{\\b\\'b9}\r\n{\\i \\'ab}\\'bf\\b0\\'aa"), wanted);
        assert_eq!(shown("\\'b9{\\f1\\'ab}\\f1\\'bf\\'aa"), wanted);
        assert_eq!(shown("\\loch\\f1\\dbch\\af0\\'b9\\'ab\\'bf\\'aa"), wanted);
    }

    #[test]
    fn characters_in_unicode_have_a_substitute_that_is_passed_over() {
        let wanted = "¶ |公开|";
        assert_eq!(shown("\\u20844?\\u24320\\'3f"), wanted);
        assert_eq!(shown("\\uc2\\u20844\\'b9\\'ab\\u24320\\'bf\\'aa"), wanted);
        assert_eq!(shown("{\\uc0\\u20844\\u24320}"), wanted);
        assert_eq!(shown("\\u20844\r\n?\\u24320 {}"), wanted);
        assert_eq!(shown("{\\upr{??}{\\*\\ud{\\uc0\\u20844 \\u24320}}}"), wanted);
        assert_eq!(shown("\\u20844\\par\\u24320 {}"), "¶ |公|; ¶ |开|");
    }

    #[test]
    fn codes_may_be_negative_and_in_two_halves() {
        assert_eq!(shown("\\u-248\\'28"), "¶ |\u{FF08}|");
        assert_eq!(shown("\\u-10178?\\u-9159?"), "¶ |\u{1F839}|");
        assert_eq!(shown("\\u55362?x"), "¶ |\u{FFFD}x|");
        assert_eq!(shown("\\u128512?"), "¶ |\u{1F600}|");
    }

    #[test]
    fn signs_stand_for_characters() {
        assert_eq!(
            shown("\\ldblquote a\\rdblquote\\emdash b\\~c\\_d\\-e\\tab f\\{\\}\\\\"),
            "¶ |“a”—b\u{A0}c-de\tf{}\\|"
        );
        assert_eq!(shown("{\\f2 \\'fe\\u-3843?}"), "¶ |☑☒|");
        assert_eq!(shown("{\\field{\\*\\fldinst SYMBOL 254 \\\\f \"Wingdings\"}{\\fldrslt \\f2}}"), "¶ |☑|");
    }

    #[test]
    fn what_is_not_text_is_left_out() {
        assert_eq!(
            shown(
                "{\\info{\\title no}}{\\header no\\par}{\\*\\unknown{\\b no}}a{\\footnote no}{\\*\\bkmkstart no}b{\\pict ffd8}"
            ),
            "¶ |ab|"
        );
        assert_eq!(shown("a\\bin5 {}}}{b"), "¶ |ab|");
        assert_eq!(shown("{\\field{\\*\\fldinst HYPERLINK \"http://no\"}{\\fldrslt{\\ul yes}}}"), "¶ |yes|");
    }

    #[test]
    fn form_fields_show_what_was_chosen() {
        let field =
            "{\\field{\\*\\fldinst FORMCHECKBOX{\\*\\formfield{\\fftype1\\ffres1{\\*\\ffname no}}}}{\\fldrslt}}";
        assert_eq!(shown(&format!("a{field}b")), "¶ |a☑b|");
    }

    #[test]
    fn a_backslash_at_the_end_of_a_line_ends_a_paragraph() {
        assert_eq!(shown("\\uc0\\u20844 \\u24320 \\\n\\u24180 \\\r\n"), "¶ |公开|; ¶ |年|");
    }

    #[test]
    fn western_letters_in_a_chinese_document_stay_so() {
        assert_eq!(shown("{\\f1 caf\\'e9 1\\'b72}"), "¶ |café 1·2|");
    }

    #[test]
    fn a_text_box_stands_before_the_text_that_follows_it() {
        let shape = "{\\shp{\\*\\shpinst{\\sp{\\sn x}{\\sv no}}{\\shptxt\\pard title\\par sub}}{\\shprslt no}}";
        assert_eq!(shown(&format!("{shape}text\\par")), "¶ |title|; ¶ |sub|; ¶ |text|");
        let lettering = "{\\shp{\\*\\shpinst{\\sp{\\sn gtextUNICODE}{\\sv \\u20844?}}}}";
        assert_eq!(shown(lettering), "¶ |公|");
    }
}
