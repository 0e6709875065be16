//! The text, read in one pass (ODF 1.4 Part 3, clauses 4 to 10).
//!
//! There is no recursion: what is open stands on a stack with the depth at which it began, and ends when the depth falls below. So
//! elements that only wrap others need no word here, and no file can be too deep.

mod aside;
mod grid;
mod text;

use memchr::memmem;
use nianbao_container::Blanks;
use nianbao_model::{Block, Origin, Part, Warning, WarningKind};
use nianbao_story::{Draft, Flow, Notices};

use self::grid::Making;
use crate::changes::Changes;
use crate::lists::Lists;
use crate::styles::Styles;
use crate::xml::{self, Damage, Node, Opened, Space, Stop, Tag, Xml};

/// How many blanks all elements for them may stand for together: one element can claim two thousand million.
const MAX_BLANKS: usize = 1 << 20;

/// Something that began at a depth and has to be ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Paragraph {
        hidden_around: bool,
    },
    /// Something within a paragraph whose text is text of it.
    Inline {
        hidden_around: bool,
    },
    /// A frame around a text box or a picture: it has no text of its own.
    Frame,
    TextBox,
    List,
    Item,
    /// A paragraph that says by itself in which list it stands.
    Numbered,
    Table,
    HeaderRows,
    Row,
    Cell,
    /// A cell that is none, for it holds a sub-table.
    SubCell,
    /// A sub-table, or a row of one: its cells are those of the table around it.
    Group,
}

/// A paragraph in the making.
#[derive(Debug)]
struct Writing {
    draft: Draft,
    blanks: Blanks,
    /// A field in it hides it as a whole.
    is_hidden: bool,
}

/// What the text holds.
#[derive(Debug)]
pub(crate) struct Story {
    pub(crate) blocks: Vec<Block>,
    pub(crate) warnings: Vec<Warning>,
    /// Why it ends too early, where it does.
    pub(crate) stopped: Option<Stop>,
    /// There was a text at all.
    pub(crate) is_text: bool,
}

/// Reads the text of a file.
pub(crate) fn read(content: &str, styles: Styles<'_>) -> Story {
    let mut body = Body::new(content, styles);
    let stopped = body.read().err();
    body.close_down_to(0);
    Story { is_text: body.is_text, blocks: body.flow.finish(), warnings: body.notices.finish(), stopped }
}

struct Body<'a> {
    xml: Xml<'a>,
    styles: Styles<'a>,
    is_text: bool,
    /// Somewhere in the file a table says that its cells are those of the table around it.
    has_sub_tables: bool,
    open: Opened<What>,
    paragraphs: Vec<Writing>,
    tables: Vec<Making>,
    flow: Flow,
    lists: Lists,
    changes: Changes,
    /// What is being read is hidden.
    is_hidden: bool,
    /// The fonts of the paragraphs and spans that are open.
    fonts: Vec<Option<String>>,
    blanks_left: usize,
    next_paragraph: u32,
    next_table: u32,
    cells: usize,
    notices: Notices,
}

impl<'a> Body<'a> {
    fn new(content: &'a str, styles: Styles<'a>) -> Self {
        Self {
            xml: Xml::new(content),
            styles,
            is_text: false,
            has_sub_tables: memmem::find(content.as_bytes(), b"is-sub-table").is_some(),
            open: Opened::default(),
            paragraphs: Vec::new(),
            tables: Vec::new(),
            flow: Flow::new(),
            lists: Lists::default(),
            changes: Changes::default(),
            is_hidden: false,
            fonts: Vec::new(),
            blanks_left: MAX_BLANKS,
            next_paragraph: 0,
            next_table: 0,
            cells: 0,
            notices: Notices::default(),
        }
    }

    fn read(&mut self) -> Result<(), Stop> {
        loop {
            match self.xml.step()? {
                Node::Start(tag) => self.begin(&tag, false)?,
                Node::Empty(tag) => {
                    self.begin(&tag, true)?;
                    self.close_down_to(self.xml.depth());
                }
                Node::End => self.close_down_to(self.xml.depth()),
                Node::Text(text) if self.in_paragraph() => self.characters(&text),
                Node::Reference(reference) if self.in_paragraph() => {
                    let mut text = String::new();
                    xml::push_reference(&mut text, &reference);
                    self.characters(&text);
                }
                Node::Text(_) | Node::Reference(_) => {}
                Node::Over => return Ok(()),
            }
        }
    }

    /// An element begins. One that is passed over here to its end leaves the depth as it was before it.
    fn begin(&mut self, tag: &Tag<'a>, is_empty: bool) -> Result<(), Stop> {
        let (space, local) = xml::name(&self.xml, tag);
        match space {
            Space::Office => match local {
                b"document" | b"document-content" | b"body" => {}
                b"text" => self.is_text = true,
                _ => self.skip(tag, is_empty)?,
            },
            // Text stands in the body alone; other bodies are no text.
            _ if !self.is_text => self.skip(tag, is_empty)?,
            Space::Text => self.begin_text(local, tag, is_empty)?,
            Space::Table => self.begin_table_element(local, tag, is_empty)?,
            Space::Draw => self.begin_drawing(local, tag, is_empty)?,
            // The words within an element that nobody knows are words of the paragraph (3.17).
            Space::Extension | Space::Other if self.in_paragraph() => self.begin_inline(tag, is_empty),
            Space::Extension | Space::Other => self.skip(tag, is_empty)?,
        }
        Ok(())
    }

    fn begin_text(&mut self, local: &[u8], tag: &Tag<'a>, is_empty: bool) -> Result<(), Stop> {
        match local {
            b"p" => self.begin_paragraph(tag, None, is_empty)?,
            b"h" => self.begin_paragraph(tag, Some(heading_level(tag)), is_empty)?,
            b"span" => self.begin_span(tag, is_empty),
            b"s" => self.own_blanks(tag),
            b"tab" => self.mark("\t"),
            b"line-break" => self.line_break(),
            b"list" => {
                self.lists.begin(tag);
                self.push_open(What::List, is_empty);
            }
            b"list-item" | b"list-header" => {
                self.lists.begin_item(tag, local == b"list-header");
                self.push_open(What::Item, is_empty);
            }
            b"numbered-paragraph" => {
                self.lists.begin_numbered(tag);
                self.push_open(What::Numbered, is_empty);
            }
            b"section" if is_section_hidden(tag) => {
                self.notices.hidden_text(self.here());
                self.skip(tag, is_empty)?;
            }
            b"tracked-changes" if !is_empty => self.changes.read(&mut self.xml)?,
            b"change" => self.notices.deletion(self.here()),
            b"change-start" if self.changes.begin(tag) => self.notices.deletion(self.here()),
            b"change-start" => {}
            b"change-end" => self.changes.end(tag),
            b"hidden-text" if xml::is_true(tag, "is-hidden") => {
                self.notices.hidden_text(self.here());
                self.skip(tag, is_empty)?;
            }
            b"hidden-paragraph" if xml::is_true(tag, "is-hidden") => {
                if let Some(writing) = self.paragraphs.last_mut() {
                    writing.is_hidden = true;
                }
                self.skip(tag, is_empty)?;
            }
            // What they hold is no text of the document: notes, templates of indexes, (`number`) what we spell ourselves, (`ruby-text`) the
            // reading beside a word.
            b"note" | b"number" | b"ruby-text" | b"script" | b"page-sequence" => {
                self.skip(tag, is_empty)?;
            }
            _ if local.ends_with(b"-source") || local.ends_with(b"-decls") => self.skip(tag, is_empty)?,
            _ if self.in_paragraph() => self.begin_inline(tag, is_empty),
            // Sections, indexes and the like only wrap paragraphs.
            _ => {}
        }
        Ok(())
    }

    /// Passes over the element that has just begun.
    fn skip(&mut self, tag: &Tag<'a>, is_empty: bool) -> Result<(), Damage> {
        if is_empty { Ok(()) } else { self.xml.skip(tag) }
    }

    fn push_open(&mut self, what: What, is_empty: bool) {
        let depth = self.xml.depth() + usize::from(is_empty);
        self.open.push(depth, what);
    }

    fn innermost(&self) -> Option<What> {
        self.open.innermost().copied()
    }

    /// Whether text that stands here is text of a paragraph.
    fn in_paragraph(&self) -> bool {
        matches!(self.innermost(), Some(What::Paragraph { .. } | What::Inline { .. }))
    }

    /// Ends everything that began deeper than `depth`.
    fn close_down_to(&mut self, depth: usize) {
        while let Some(what) = self.open.ended(depth) {
            self.close(what);
        }
    }

    fn close(&mut self, what: What) {
        match what {
            What::Paragraph { hidden_around } => {
                self.is_hidden = hidden_around;
                self.fonts.pop();
                self.end_paragraph();
            }
            What::Inline { hidden_around } => {
                self.is_hidden = hidden_around;
                self.fonts.pop();
            }
            What::Frame | What::SubCell | What::Group => {}
            What::TextBox => self.end_text_box(),
            What::List | What::Numbered => self.lists.end(),
            What::Item => self.lists.end_item(),
            What::Table => self.end_table(),
            What::HeaderRows => self.end_header_rows(),
            What::Row => self.end_row(),
            What::Cell => self.end_cell(),
        }
    }

    /// The place of what is being read.
    fn here(&self) -> Origin {
        match self.tables.last() {
            Some(table) if self.flow.in_cell() || table.is_in_row() => table.here(),
            _ => Origin::Paragraph { part: Part::Body, paragraph: self.next_paragraph.saturating_sub(1) },
        }
    }

    fn unreadable(&mut self, part: &str, reason: &str) {
        let kind = WarningKind::PartUnreadable { part: part.to_owned(), reason: reason.to_owned() };
        self.notices.push(kind, self.here());
    }
}

/// The level of a heading, from 1.
fn heading_level(tag: &Tag<'_>) -> u8 {
    xml::number(tag, "outline-level").unwrap_or(1).clamp(1, 9)
}

/// Whether a section is hidden (5.4): always, or by a condition that the program that wrote it found to hold.
fn is_section_hidden(tag: &Tag<'_>) -> bool {
    match xml::attribute(tag, "display").as_deref() {
        Some("none") => true,
        Some("condition") => xml::is_true(tag, "is-hidden"),
        _ => false,
    }
}
