//! The main text, read in one pass (ECMA-376 Part 1, 17.2 to 17.16).
//!
//! There is no recursion: what is open stands on a stack with the depth at which it began, and ends when the depth falls below. So
//! elements that only wrap others (`w:sdt`, `w:ins`, `w:hyperlink`, `w:smartTag`, `w:customXml`) need no word here, in a paragraph as
//! little as around rows and cells, and no file can be too deep.

use std::collections::HashMap;
use std::rc::Rc;

use nianbao_container::Error;
use nianbao_model::{Block, Origin, Part, Warning, WarningKind};

use crate::chunk;
use crate::field::{self, Fields};
use crate::flow::Flow;
use crate::notices::Notices;
use crate::package::Parts;
use crate::paragraph::{self, ParagraphProperties};
use crate::styles::Resolved;
use crate::symbol;
use crate::table::{self, CellProperties, RowProperties};
use crate::xml::{self, Damage, Name, Node, Tag, Xml};

/// How many paragraphs, and how many cells, a document may have. A report has a few hundred; this many take some hundred megabytes.
const MAX_PIECES: usize = 1_000_000;

/// Why reading stops before the end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The rest cannot be read.
    Damaged(Damage),
    /// The document must not be read.
    Refused(Error),
}

impl From<Damage> for Stop {
    fn from(damage: Damage) -> Self {
        Self::Damaged(damage)
    }
}

/// Something that began at a depth and has to be ended.
#[derive(Debug)]
struct Open {
    depth: usize,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Paragraph,
    /// A run, and whether the text around it is hidden.
    Run {
        hidden_around: bool,
    },
    Table,
    Row,
    Cell,
    TextBox,
    /// `mc:AlternateContent`, and whether one of its branches has been read.
    Alternatives {
        is_read: bool,
    },
    /// A branch of it, and how much had been read before.
    Choice {
        read_before: u64,
    },
}

/// What one story holds.
#[derive(Debug)]
pub(crate) struct Story {
    pub(crate) blocks: Vec<Block>,
    pub(crate) warnings: Vec<Warning>,
    /// Why it ends too early, where it does.
    pub(crate) stopped: Option<Stop>,
    /// The root was that of a word document.
    pub(crate) is_word: bool,
}

/// Reads the main part of `parts`, whose text is `text`. `chunks` says whether embedded documents are read too.
pub(crate) fn read(text: &str, parts: &mut Parts<'_>, part: Part) -> Story {
    let mut body = Body::new(text, parts, part);
    let stopped = body.read().err();
    body.close_down_to(0);
    Story {
        is_word: body.is_word,
        blocks: body.flow.finish(),
        warnings: body.notices.finish(),
        stopped,
    }
}

struct Body<'a, 'p, 'b> {
    xml: Xml<'a>,
    parts: &'p mut Parts<'b>,
    part: Part,
    is_word: bool,
    open: Vec<Open>,
    paragraphs: Vec<paragraph::Draft>,
    tables: Vec<table::Draft>,
    flow: Flow,
    fields: Fields,
    /// The run that is being read is hidden.
    is_hidden: bool,
    /// Grows with all that is read: tells whether a branch had anything in it.
    read: u64,
    next_paragraph: u32,
    next_table: u32,
    cells: usize,
    next_chunk: u16,
    styles: HashMap<String, Rc<Resolved>>,
    notices: Notices,
}

impl<'a, 'p, 'b> Body<'a, 'p, 'b> {
    fn new(text: &'a str, parts: &'p mut Parts<'b>, part: Part) -> Self {
        Self {
            xml: Xml::new(text),
            parts,
            part,
            is_word: false,
            open: Vec::new(),
            paragraphs: Vec::new(),
            tables: Vec::new(),
            flow: Flow::new(part),
            fields: Fields::default(),
            is_hidden: false,
            read: 0,
            next_paragraph: 0,
            next_table: 0,
            cells: 0,
            next_chunk: 0,
            styles: HashMap::new(),
            notices: Notices::default(),
        }
    }

    fn read(&mut self) -> Result<(), Stop> {
        loop {
            match self.xml.next()? {
                Node::Start(tag) => self.begin(&tag, false)?,
                Node::Empty(tag) => {
                    self.begin(&tag, true)?;
                    self.close_down_to(self.xml.depth());
                }
                Node::End => self.close_down_to(self.xml.depth()),
                // Text counts only within `w:t`, which reads it itself.
                Node::Text(_) | Node::Reference(_) => {}
                Node::Over => return Ok(()),
            }
        }
    }

    /// An element begins. One that is read here to its end leaves the depth as it was before it.
    fn begin(&mut self, tag: &Tag<'a>, is_empty: bool) -> Result<(), Stop> {
        match self.xml.name(tag) {
            Name::Word(local) => self.begin_word(local, tag, is_empty),
            Name::Compatibility(local) => self.begin_branch(local, tag, is_empty),
            Name::Math(b"t") if !is_empty => Ok(self.text(tag)?),
            Name::Vml(b"textpath") => {
                self.word_art(tag);
                Ok(())
            }
            Name::Math(_) | Name::Vml(_) | Name::Other => Ok(()),
        }
    }

    fn begin_word(&mut self, local: &[u8], tag: &Tag<'a>, is_empty: bool) -> Result<(), Stop> {
        match local {
            b"t" if !is_empty => self.text(tag)?,
            b"r" => {
                let hidden_around = self.is_hidden;
                self.is_hidden |= self.paragraphs.last().is_some_and(|draft| draft.is_hidden);
                self.push_open(What::Run { hidden_around }, is_empty);
            }
            b"rPr" if !is_empty => self.run_properties(tag)?,
            b"p" => self.begin_paragraph(is_empty)?,
            b"pPr" if !is_empty => self.paragraph_properties(tag)?,
            b"tbl" => self.begin_table(is_empty),
            b"tblGrid" if !is_empty => self.table_grid()?,
            b"tr" => self.begin_row(is_empty),
            b"trPr" if !is_empty => self.row_properties(tag)?,
            b"tc" => self.begin_cell(is_empty)?,
            b"tcPr" if !is_empty => self.cell_properties(tag)?,
            b"tab" | b"ptab" => self.push_text("\t"),
            b"br" => self.line_break(tag),
            b"cr" => self.shown(paragraph::Draft::break_line),
            b"noBreakHyphen" => self.push_text("-"),
            b"sym" => self.symbol(tag),
            b"fldChar" => self.field_character(tag, is_empty)?,
            b"txbxContent" => self.begin_text_box(is_empty)?,
            b"altChunk" => self.chunk(tag)?,
            b"del" | b"moveFrom" if !is_empty => {
                self.read += 1;
                self.notices.deletion(self.here());
                self.xml.skip()?;
            }
            b"subDoc" => self.unreadable("a sub-document", "it stands in another file"),
            b"document" => self.is_word = true,
            _ if is_empty => {}
            // What they hold is no text, or old properties, or (`rt`) the reading beside a word.
            b"sdtPr" | b"sdtEndPr" | b"sectPr" | b"tblPr" | b"tblPrEx" | b"customXmlPr" | b"smartTagPr"
            | b"rubyPr" | b"rt" | b"instrText" | b"delText" | b"delInstrText" | b"fldData"
            | b"background" => self.skip(tag)?,
            // Most hold a picture and no text box.
            b"drawing" | b"pict" | b"object" => {
                let is_text = |local: &[u8]| matches!(local, b"txbxContent" | b"textpath");
                self.xml.pass_over(tag, is_text)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Passes over the element that has just begun.
    fn skip(&mut self, tag: &Tag<'a>) -> Result<(), Damage> {
        if !self.xml.pass_over(tag, |_| false)? {
            self.xml.skip()?;
        }
        Ok(())
    }

    fn push_open(&mut self, what: What, is_empty: bool) {
        let depth = self.xml.depth() + usize::from(is_empty);
        self.open.push(Open { depth, what });
    }

    fn innermost(&self) -> Option<What> {
        self.open.last().map(|open| open.what)
    }

    /// Ends everything that began deeper than `depth`.
    fn close_down_to(&mut self, depth: usize) {
        while self.open.last().is_some_and(|open| open.depth > depth) {
            if let Some(open) = self.open.pop() {
                self.close(open.what);
            }
        }
    }

    fn close(&mut self, what: What) {
        match what {
            What::Paragraph => self.end_paragraph(),
            What::Run { hidden_around } => self.is_hidden = hidden_around,
            What::Table => self.end_table(),
            What::Row => self.end_row(),
            What::Cell => self.end_cell(),
            What::TextBox => self.end_text_box(),
            What::Alternatives { .. } => {}
            What::Choice { read_before } => {
                let was_read = self.read > read_before;
                if let Some(What::Alternatives { is_read }) = self.open.last_mut().map(|open| &mut open.what)
                {
                    *is_read |= was_read;
                }
            }
        }
    }

    /// The place of what is being read.
    fn here(&self) -> Origin {
        match self.tables.last() {
            Some(table) if self.flow.in_cell() || !table.is_between_rows() => table.here(),
            _ => Origin::Paragraph {
                part: self.part,
                paragraph: self.next_paragraph.saturating_sub(1),
            },
        }
    }

    fn unreadable(&mut self, part: &str, reason: &str) {
        let kind = WarningKind::PartUnreadable {
            part: part.to_owned(),
            reason: reason.to_owned(),
        };
        self.notices.push(kind, self.here());
    }

    /// Refuses a document with more of something than any real one has.
    fn check(count: usize, what: &'static str) -> Result<(), Stop> {
        if count > MAX_PIECES {
            return Err(Stop::Refused(Error::TooLarge {
                what,
                limit: MAX_PIECES as u64,
            }));
        }
        Ok(())
    }
}

/// Paragraphs.
impl<'a> Body<'a, '_, '_> {
    fn begin_paragraph(&mut self, is_empty: bool) -> Result<(), Stop> {
        Self::check(self.next_paragraph as usize, "paragraphs")?;
        let mut draft = self.flow.carried().unwrap_or_else(paragraph::Draft::new);
        draft.sources.push(self.next_paragraph);
        draft.is_open = false;
        self.next_paragraph += 1;
        self.paragraphs.push(draft);
        self.push_open(What::Paragraph, is_empty);
        Ok(())
    }

    fn end_paragraph(&mut self) {
        self.fields.end_paragraph(self.flow.fields());
        if let Some(draft) = self.paragraphs.pop() {
            self.flow.paragraph(draft);
        }
    }

    fn paragraph_properties(&mut self, tag: &Tag<'a>) -> Result<(), Stop> {
        if self.xml.pass_over(tag, ParagraphProperties::matters)? {
            return Ok(());
        }
        if self.innermost() != Some(What::Paragraph) {
            return Ok(self.xml.skip()?);
        }
        let properties = ParagraphProperties::read(&mut self.xml)?;
        let style = properties.style.as_deref().map(|id| self.style(id));
        let style = style.unwrap_or_default();
        if properties.mark_deleted {
            self.notices.deletion(self.here());
        }
        if let Some(draft) = self.paragraphs.last_mut() {
            draft.role = properties.role(&style);
            draft.is_open = properties.mark_deleted;
            draft.is_hidden = style.properties.hidden.unwrap_or_default();
        }
        if !properties.mark_deleted && !properties.mark_hidden {
            self.number(&properties, &style);
        }
        Ok(())
    }

    fn style(&mut self, id: &str) -> Rc<Resolved> {
        if let Some(style) = self.styles.get(id) {
            return Rc::clone(style);
        }
        let style = Rc::new(self.parts.styles().resolved(id));
        self.styles.insert(id.to_owned(), Rc::clone(&style));
        style
    }

    /// Writes the automatic number of the paragraph that is being read.
    fn number(&mut self, properties: &ParagraphProperties, style: &Resolved) {
        let Some(id) = properties.numbering(style) else {
            return;
        };
        let (styles, numbering) = self.parts.numbering();
        let mut bound = || {
            let style = style.numbered_by.as_deref()?;
            numbering.level_of_style(id, style, styles)
        };
        // A style's level is the one that the numbering binds to it (17.9.23); only then what it says itself.
        let level = match properties.own.level {
            Some(level) => level,
            None if properties.own.number.is_some() => 0,
            None => bound().or(style.properties.level).unwrap_or(0),
        };
        let Some(mut label) = numbering.next(id, level, styles) else {
            return;
        };
        if let Some(format) = label.unknown_format.take() {
            self.notices.unknown_format(format, self.here());
        }
        if let Some(draft) = self.paragraphs.last_mut() {
            draft.number(&label);
        }
    }
}

/// Runs and what is in them.
impl<'a> Body<'a, '_, '_> {
    fn run_properties(&mut self, tag: &Tag<'a>) -> Result<(), Stop> {
        let matters = |local: &[u8]| matches!(local, b"vanish" | b"rStyle");
        if self.xml.pass_over(tag, matters)? {
            return Ok(());
        }
        if !matches!(self.innermost(), Some(What::Run { .. })) {
            return Ok(self.xml.skip()?);
        }
        let end = self.xml.depth();
        let (mut hidden, mut style) = (None, None);
        while self.xml.depth() >= end {
            let node = self.xml.next()?;
            let (Node::Start(tag) | Node::Empty(tag)) = &node else {
                continue;
            };
            match self.xml.name(tag) {
                Name::Word(b"vanish") => hidden = Some(xml::is_on(tag)),
                Name::Word(b"rStyle") => style = xml::attribute(tag, "val"),
                _ => {}
            }
            if matches!(node, Node::Start(_)) {
                self.xml.skip()?;
            }
        }
        if let Some(id) = style.filter(|_| hidden.is_none()) {
            hidden = self.style(&id).properties.hidden;
        }
        self.is_hidden = hidden.unwrap_or(self.is_hidden);
        Ok(())
    }

    /// Whether what is read now is shown; says so where it is hidden.
    fn is_shown(&mut self) -> bool {
        if self.fields.is_instruction() {
            return false;
        }
        if !self.is_hidden || self.tables.last().is_some_and(table::Draft::in_hidden_row) {
            return true;
        }
        self.notices.hidden_text(self.here());
        false
    }

    fn text(&mut self, tag: &Tag<'a>) -> Result<(), Damage> {
        self.read += 1;
        if !self.is_shown() {
            return self.xml.skip();
        }
        let Some(draft) = self.paragraphs.last_mut() else {
            return self.xml.skip();
        };
        let result = draft.read_text(&mut self.xml, tag);
        self.take_place();
        result
    }

    /// A paragraph takes its place among the blocks with its first text, so that a text box before that comes first.
    fn take_place(&mut self) {
        if self.flow.in_cell() {
            return;
        }
        if let Some(draft) = self.paragraphs.last_mut()
            && draft.slot.is_none()
            && draft.has_text
        {
            draft.slot = Some(self.flow.reserve());
        }
    }

    fn push_text(&mut self, text: &str) {
        self.shown(|draft| draft.push(text));
        self.take_place();
    }

    /// Does something to the paragraph, unless what is read now is not shown.
    fn shown(&mut self, change: impl FnOnce(&mut paragraph::Draft)) {
        if self.paragraphs.is_empty() || !self.is_shown() {
            return;
        }
        if let Some(draft) = self.paragraphs.last_mut() {
            change(draft);
        }
    }

    fn line_break(&mut self, tag: &Tag<'_>) {
        match xml::attribute(tag, "type").as_deref() {
            Some("page" | "column") => self.shown(paragraph::Draft::break_page),
            _ => self.shown(paragraph::Draft::break_line),
        }
    }

    fn symbol(&mut self, tag: &Tag<'_>) {
        let font = xml::attribute(tag, "font").unwrap_or_default();
        let code = xml::attribute(tag, "char").and_then(|code| u32::from_str_radix(code.trim(), 16).ok());
        if let Some(c) = code.and_then(|code| symbol::shown(&font, code)) {
            self.push_text(c.encode_utf8(&mut [0; 4]));
        }
    }

    fn field_character(&mut self, tag: &Tag<'_>, is_empty: bool) -> Result<(), Stop> {
        if !is_empty && let Some(shown) = field::form_field(&mut self.xml)? {
            self.push_text(&shown);
        }
        let kind = xml::attribute(tag, "fldCharType").unwrap_or_default();
        self.fields.take(&kind, self.flow.fields());
        Ok(())
    }
}

/// Tables.
impl Body<'_, '_, '_> {
    fn begin_table(&mut self, is_empty: bool) {
        self.read += 1;
        let line = self.flow.lines_of_cell();
        let outer = self.tables.last().filter(|_| self.flow.in_cell());
        let nesting = outer.map(|table| table.nesting(line));
        let slot = self.flow.begin_table();
        self.tables
            .push(table::Draft::new(self.part, self.next_table, slot, nesting));
        self.next_table = self.next_table.saturating_add(1);
        self.push_open(What::Table, is_empty);
    }

    fn end_table(&mut self) {
        if let Some(table) = self.tables.pop() {
            let slot = table.slot;
            let table = table.finish(&mut self.notices.others);
            self.flow.table(slot, table);
        }
    }

    fn table_grid(&mut self) -> Result<(), Stop> {
        let columns = table::grid_columns(&mut self.xml)?;
        if self.innermost() == Some(What::Table)
            && let Some(table) = self.tables.last_mut()
        {
            table.stated_columns = columns;
        }
        Ok(())
    }

    fn begin_row(&mut self, is_empty: bool) {
        if let Some(table) = self.tables.last_mut().filter(|table| table.is_between_rows()) {
            table.begin_row();
            self.push_open(What::Row, is_empty);
        }
    }

    fn row_properties(&mut self, tag: &Tag<'_>) -> Result<(), Stop> {
        if self.xml.pass_over(tag, RowProperties::matters)? {
            return Ok(());
        }
        let properties = RowProperties::read(&mut self.xml)?;
        if self.innermost() != Some(What::Row) {
            return Ok(());
        }
        if let Some(table) = self.tables.last_mut() {
            table.row_properties(properties);
        }
        if properties.is_deleted {
            self.notices.deletion(self.here());
            self.skip_innermost()?;
        } else if properties.is_hidden {
            self.notices.hidden_row(self.here());
        }
        Ok(())
    }

    fn end_row(&mut self) {
        if let Some(table) = self.tables.last_mut() {
            table.end_row();
        }
    }

    fn begin_cell(&mut self, is_empty: bool) -> Result<(), Stop> {
        if let Some(table) = self.tables.last_mut().filter(|table| table.is_between_cells()) {
            self.cells += 1;
            Self::check(self.cells, "cells")?;
            table.begin_cell();
            self.flow.begin_cell(self.fields.mark());
            self.push_open(What::Cell, is_empty);
        }
        Ok(())
    }

    fn cell_properties(&mut self, tag: &Tag<'_>) -> Result<(), Stop> {
        if self.xml.pass_over(tag, CellProperties::matters)? {
            return Ok(());
        }
        let properties = CellProperties::read(&mut self.xml)?;
        if self.innermost() != Some(What::Cell) {
            return Ok(());
        }
        if let Some(table) = self.tables.last_mut() {
            table.cell_properties(properties);
        }
        if properties.is_deleted {
            self.notices.deletion(self.here());
            self.skip_innermost()?;
        }
        Ok(())
    }

    fn end_cell(&mut self) {
        let fields = self.flow.fields();
        self.fields.close(fields);
        let lines = self.flow.end();
        if let Some(table) = self.tables.last_mut() {
            let at = table.here();
            if let Some(kind) = table.end_cell(lines) {
                self.notices.push(kind, at);
            }
        }
    }

    /// Passes over the rest of the innermost thing that is open, and ends it.
    fn skip_innermost(&mut self) -> Result<(), Stop> {
        if let Some(depth) = self.open.last().map(|open| open.depth) {
            self.xml.skip_to(depth.saturating_sub(1))?;
            self.close_down_to(self.xml.depth());
        }
        Ok(())
    }
}

/// Text boxes, alternatives and embedded documents.
impl Body<'_, '_, '_> {
    fn begin_text_box(&mut self, is_empty: bool) -> Result<(), Stop> {
        self.read += 1;
        if is_empty {
            return Ok(());
        }
        if !self.is_shown() {
            return Ok(self.xml.skip()?);
        }
        self.flow.begin_text_box(self.fields.mark());
        self.push_open(What::TextBox, is_empty);
        Ok(())
    }

    /// A text box in a cell becomes lines of the cell: before the paragraph that it is anchored in, where that has no text yet, else after.
    fn end_text_box(&mut self) {
        let fields = self.flow.fields();
        self.fields.close(fields);
        let lines = self.flow.end();
        match self.paragraphs.last_mut() {
            Some(anchor) if anchor.has_text => anchor.after.extend(lines),
            _ if !lines.is_empty() => self.flow.push_lines(lines),
            _ => {}
        }
    }

    /// Ornamental lettering: its text is an attribute. Titles over official documents are made so.
    fn word_art(&mut self, tag: &Tag<'_>) {
        let text = xml::attribute(tag, "string").unwrap_or_default();
        if !text.trim().is_empty() {
            self.read += 1;
            self.push_text(&text.replace(['\n', '\r'], " "));
        }
    }

    /// One branch of `mc:AlternateContent` is read (ECMA-376 Part 3, 9.3): the first that we know how to read and that holds anything,
    /// else the fallback. Reading more than one would double every text box.
    fn begin_branch(&mut self, local: &[u8], tag: &Tag<'_>, is_empty: bool) -> Result<(), Stop> {
        let is_read = match (local, self.innermost()) {
            (b"AlternateContent", _) => {
                self.push_open(What::Alternatives { is_read: false }, is_empty);
                return Ok(());
            }
            (b"Choice" | b"Fallback", Some(What::Alternatives { is_read })) if !is_empty => is_read,
            _ => return Ok(()),
        };
        let requires = xml::attribute(tag, "Requires").unwrap_or_default();
        if is_read || !self.xml.all_known(&requires) {
            return Ok(self.xml.skip()?);
        }
        let read_before = self.read;
        self.push_open(What::Choice { read_before }, is_empty);
        Ok(())
    }

    fn chunk(&mut self, tag: &Tag<'_>) -> Result<(), Stop> {
        let index = self.next_chunk;
        self.next_chunk = index.saturating_add(1);
        if self.part != Part::Body {
            self.unreadable("an embedded document", "it stands in another one");
            return Ok(());
        }
        if !self.flow.in_story() {
            self.unreadable("an embedded document", "it stands in a cell or text box");
            return Ok(());
        }
        let id = xml::attribute(tag, "id").unwrap_or_default();
        match chunk::read(self.parts, &id, Part::Chunk(index)) {
            Ok((blocks, warnings)) => {
                Self::check(self.flow.len() + blocks.len(), "paragraphs")?;
                self.flow.append(blocks);
                self.notices.others.extend(warnings);
            }
            Err(reason) => self.unreadable("an embedded document", &reason),
        }
        Ok(())
    }
}
