//! A document in the making: what readers hold of it between one paragraph and the next, and the steps that all of them take.

use nianbao_container::Error;
use nianbao_model::{Block, Origin, Part, Warning, WarningKind};

use crate::bounds::check;
use crate::field::Fields;
use crate::flow::Flow;
use crate::notices::Notices;
use crate::numbering::Label;
use crate::paragraph::Draft;
use crate::table::TableDraft;

/// The blocks so far, the paragraphs and tables that are open, and what was counted and noticed.
#[derive(Debug)]
pub struct Script {
    part: Part,
    /// The blocks so far, and the cells and text boxes that are open.
    pub flow: Flow,
    /// The fields that are open.
    pub fields: Fields,
    /// What was not sure.
    pub notices: Notices,
    /// The paragraphs that are open, innermost last: a text box stands in a paragraph and has some of its own.
    drafts: Vec<Draft>,
    /// The tables that are open, innermost last.
    tables: Vec<TableDraft>,
    next_paragraph: u32,
    next_table: u32,
    cells: usize,
    /// It was said that some table cannot be told.
    lost_tables: bool,
}

impl Script {
    /// Nothing yet of the story `part`.
    pub fn new(part: Part) -> Self {
        Self {
            part,
            flow: Flow::new(),
            fields: Fields::default(),
            notices: Notices::default(),
            drafts: Vec::new(),
            tables: Vec::new(),
            next_paragraph: 0,
            next_table: 0,
            cells: 0,
            lost_tables: false,
        }
    }

    /// The blocks in reading order, and the warnings.
    pub fn finish(self) -> (Vec<Block>, Vec<Warning>) {
        (self.flow.finish(), self.notices.finish())
    }

    /// The story that is read.
    pub const fn part(&self) -> Part {
        self.part
    }

    /// How many paragraphs have begun.
    pub const fn paragraphs(&self) -> usize {
        self.next_paragraph as usize
    }

    /// The place of what is being read.
    pub fn here(&self) -> Origin {
        match self.tables.last() {
            Some(table) if self.flow.in_cell() || !table.is_between_rows() => table.here(),
            _ => Origin::Paragraph { part: self.part, paragraph: self.next_paragraph.saturating_sub(1) },
        }
    }

    /// Something is left out, or was guessed, here.
    pub fn unreadable(&mut self, part: &str, reason: &str) {
        let kind = WarningKind::PartUnreadable { part: part.to_owned(), reason: reason.to_owned() };
        self.notices.push(kind, self.here());
    }

    /// Says, once, that paragraphs stand in a table whose cells and rows cannot be told.
    pub fn lose_table(&mut self) {
        if !std::mem::replace(&mut self.lost_tables, true) {
            let reason =
                "the marks of its cells and rows are missing, or it stands too deep in others; read as paragraphs";
            self.unreadable("a table", reason);
        }
    }

    /// Whether what is read now is shown, given that it is hidden or not by itself; says so where it is hidden.
    pub fn shows(&mut self, is_hidden: bool) -> bool {
        if self.fields.is_instruction() {
            return false;
        }
        if !is_hidden || self.in_hidden_row() {
            return true;
        }
        self.notices.hidden_text(self.here());
        false
    }

    /// Whether the row that is being read is hidden; its text is read all the same.
    pub fn in_hidden_row(&self) -> bool {
        self.tables.last().is_some_and(TableDraft::in_hidden_row)
    }
}

/// Paragraphs and text boxes.
impl Script {
    /// A paragraph begins, or the one whose mark is deleted goes on.
    pub fn begin_paragraph(&mut self) {
        let mut draft = self.flow.carried().unwrap_or_default();
        draft.is_open = false;
        if !self.flow.in_cell() {
            draft.origins.push(Origin::Paragraph { part: self.part, paragraph: self.next_paragraph });
        }
        self.next_paragraph = self.next_paragraph.saturating_add(1);
        self.drafts.push(draft);
    }

    /// The paragraph that is being read is over.
    pub fn end_paragraph(&mut self) {
        self.fields.end_paragraph(self.flow.fields());
        if let Some(draft) = self.drafts.pop() {
            self.flow.paragraph(draft);
        }
    }

    /// The paragraph that is being read.
    pub fn draft(&mut self) -> Option<&mut Draft> {
        self.drafts.last_mut()
    }

    /// Writes an automatic number in front of the paragraph that is being read.
    pub fn number(&mut self, mut label: Label) {
        if let Some(format) = label.unknown_format.take() {
            self.notices.unknown_format(format, self.here());
        }
        if let Some(draft) = self.drafts.last_mut() {
            draft.number(&label);
        }
    }

    /// Writes text in the paragraph that is being read.
    pub fn push_text(&mut self, text: &str) {
        if let Some(draft) = self.drafts.last_mut() {
            draft.push(text);
        }
        self.take_place();
    }

    /// A paragraph takes its place among the blocks with its first text, so that a text box before that comes first.
    pub fn take_place(&mut self) {
        if self.flow.in_cell() {
            return;
        }
        if let Some(draft) = self.drafts.last_mut()
            && draft.slot.is_none()
            && draft.has_text
        {
            draft.slot = Some(self.flow.reserve());
        }
    }

    /// A text box begins.
    pub fn begin_text_box(&mut self) {
        self.flow.begin_text_box(self.fields.mark());
    }

    /// A text box is over. In a cell it becomes lines of the cell: before the paragraph that it is anchored in, where that has no text yet,
    /// else after.
    pub fn end_text_box(&mut self) {
        self.fields.close(self.flow.fields());
        let lines = self.flow.end();
        match self.drafts.last_mut() {
            Some(anchor) if anchor.has_text => anchor.after.extend(lines),
            _ if !lines.is_empty() => self.flow.push_lines(lines),
            _ => {}
        }
    }
}

/// Tables.
impl Script {
    /// How many tables are open, one in the other.
    pub const fn tables(&self) -> usize {
        self.tables.len()
    }

    /// The innermost table that is open.
    pub fn table(&mut self) -> Option<&mut TableDraft> {
        self.tables.last_mut()
    }

    /// A table begins.
    pub fn begin_table(&mut self) {
        let line = self.flow.lines_of_cell();
        let outer = self.tables.last().filter(|_| self.flow.in_cell());
        let nesting = outer.map(|table| table.nesting(line));
        let slot = self.flow.begin_table();
        self.tables.push(TableDraft::new(self.part, self.next_table, slot, nesting));
        self.next_table = self.next_table.saturating_add(1);
    }

    /// The innermost table is over.
    pub fn end_table(&mut self) {
        if let Some(table) = self.tables.pop() {
            let slot = table.slot;
            let table = table.finish(&mut self.notices.others);
            self.flow.table(slot, table);
        }
    }

    /// A row is over.
    pub fn end_row(&mut self) {
        if let Some(table) = self.tables.last_mut() {
            table.end_row();
        }
    }

    /// A cell begins.
    ///
    /// # Errors
    /// A document with more cells than any real one has.
    pub fn begin_cell(&mut self) -> Result<(), Error> {
        self.cells += 1;
        check(self.cells, "cells")?;
        if let Some(table) = self.tables.last_mut() {
            table.begin_cell();
        }
        self.flow.begin_cell(self.fields.mark());
        Ok(())
    }

    /// Ends the cell that is being read, and the fields that were forgotten in it.
    pub fn end_cell(&mut self) {
        self.fields.close(self.flow.fields());
        let lines = self.flow.end();
        if let Some(table) = self.tables.last_mut() {
            let at = table.here();
            if let Some(kind) = table.end_cell(lines) {
                self.notices.push(kind, at);
            }
        }
    }
}
