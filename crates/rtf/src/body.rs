//! The document, made of what was read: paragraph by paragraph and cell by cell, in reading order.

mod grid;
mod text;

use std::ops::Range;

use nianbao_container::Error;
use nianbao_model::{Block, Origin, Part, Warning, WarningKind};
use nianbao_story::{Counting, Draft, Fields, Flow, Item, MAX_NESTING, Notices, TableDraft, items};

use crate::content::{Content, Paragraph, check};
use crate::lists::Lists;
use crate::reader::Found;
use crate::styles::Styles;

/// Makes blocks of what was read, with warnings about what was not sure.
pub(crate) fn blocks(found: Found) -> Result<(Vec<Block>, Vec<Warning>), Error> {
    let mut content = found.content;
    let main = std::mem::take(&mut content.main);
    let mut body = Body::new(content, found.styles, found.lists);
    body.items(&main, 0..main.len(), 0)?;
    Ok((body.flow.finish(), body.notices.finish()))
}

struct Body {
    content: Content,
    styles: Styles,
    lists: Lists,
    flow: Flow,
    fields: Fields,
    notices: Notices,
    counting: Counting,
    drafts: Vec<Draft>,
    tables: Vec<TableDraft>,
    next_paragraph: u32,
    next_table: u32,
    cells: usize,
    /// It was said that some table cannot be told.
    lost_tables: bool,
}

impl Body {
    fn new(content: Content, styles: Styles, lists: Lists) -> Self {
        Self {
            content,
            styles,
            lists,
            flow: Flow::new(),
            fields: Fields::default(),
            notices: Notices::default(),
            counting: Counting::default(),
            drafts: Vec::new(),
            tables: Vec::new(),
            next_paragraph: 0,
            next_table: 0,
            cells: 0,
            lost_tables: false,
        }
    }

    /// Reads paragraphs that stand `depth` tables deep, and the tables among them.
    fn items(&mut self, paragraphs: &[Paragraph], range: Range<usize>, depth: usize) -> Result<(), Error> {
        for item in items(paragraphs, range, depth) {
            match item {
                Item::Paragraph(index) => {
                    if let Some(paragraph) = paragraphs.get(index) {
                        self.paragraph(paragraph)?;
                        self.told_of(paragraph, depth);
                    }
                }
                Item::Table(depth, rows) if self.tables.len() < MAX_NESTING => self.table(paragraphs, &rows, depth)?,
                Item::Table(_, rows) => {
                    // A table in a text box, in a table, and so on: read as paragraphs.
                    self.lose_table();
                    for cell in rows.into_iter().flat_map(|row| row.cells) {
                        for paragraph in paragraphs.get(cell).unwrap_or_default() {
                            self.paragraph(paragraph)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Says, once, that a paragraph stands in a table whose cells and rows cannot be told.
    fn told_of(&mut self, paragraph: &Paragraph, depth: usize) {
        if paragraph.depth > depth {
            self.lose_table();
        }
    }

    fn lose_table(&mut self) {
        if !std::mem::replace(&mut self.lost_tables, true) {
            let reason =
                "the marks of its cells and rows are missing, or it stands too deep in others; read as paragraphs";
            self.unreadable("a table", reason);
        }
    }

    fn unreadable(&mut self, part: &str, reason: &str) {
        let kind = WarningKind::PartUnreadable { part: part.to_owned(), reason: reason.to_owned() };
        self.notices.push(kind, self.here());
    }

    /// The place of what is being read.
    fn here(&self) -> Origin {
        match self.tables.last() {
            Some(table) if self.flow.in_cell() || !table.is_between_rows() => table.here(),
            _ => Origin::Paragraph { part: Part::Body, paragraph: self.next_paragraph.saturating_sub(1) },
        }
    }

    fn count_cell(&mut self) -> Result<(), Error> {
        self.cells += 1;
        check(self.cells, "cells")
    }
}
