//! The stories of the document, paragraph by paragraph and cell by cell, handed over in reading order.

mod grid;
mod text;

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use nianbao_container::Error;
use nianbao_model::{Block, Part, Warning};
use nianbao_story::{Counting, Script, check, walk};

use crate::budget::Budget;
use crate::character::Characters;
use crate::data::Data;
use crate::drawings::Drawings;
use crate::lists::Lists;
use crate::pages::Pages;
use crate::paragraph::Properties;
use crate::pieces::{Piece, Text};
use crate::sprm::{self, properties};
use crate::structure::{CELL_MARK, Paragraph};
use crate::styles::Styles;

/// The mark at the end of a paragraph.
const PARAGRAPH_MARK: u16 = 0x0D;

/// The end of a section, which ends a paragraph too, or a new page within one.
const PAGE_BREAK: u16 = 0x0C;

/// Everything in the file that says what its text means.
#[derive(Debug)]
pub(crate) struct Source<'a> {
    pub(crate) text: Text<'a>,
    pub(crate) characters: Pages<'a>,
    pub(crate) paragraphs: Pages<'a>,
    pub(crate) styles: Styles,
    pub(crate) lists: Lists,
    pub(crate) fonts: Vec<String>,
    pub(crate) drawings: Drawings,
    pub(crate) data: Data<'a>,
}

/// Reads the main story, and the text boxes where they are anchored. `boxes` are the characters of the story of text boxes.
pub(crate) fn read(
    source: Source<'_>,
    main: Range<usize>,
    boxes: Range<usize>,
) -> Result<(Vec<Block>, Vec<Warning>), Error> {
    let mut body = Body::new(source, boxes);
    body.story(main)?;
    body.adrift()?;
    body.left_out();
    Ok(body.script.finish())
}

struct Body<'a> {
    source: Source<'a>,
    /// The characters of the story of text boxes.
    boxes: Range<usize>,
    /// What is read stands in a text box; there is none within another.
    in_box: bool,
    script: Script,
    counting: Counting,
    /// What was read of the pages before, by its place in the stream.
    known_paragraphs: HashMap<usize, Rc<Properties>>,
    known_characters: HashMap<(usize, u16), Characters>,
    /// Pieces refer to properties, any number of them to the same.
    changes: Budget,
    /// How many cells the rows describe, whether they have them or not.
    looks: usize,
}

impl<'a> Body<'a> {
    fn new(source: Source<'a>, boxes: Range<usize>) -> Self {
        Self {
            source,
            boxes,
            in_box: false,
            script: Script::new(Part::Body),
            counting: Counting::default(),
            known_paragraphs: HashMap::new(),
            known_characters: HashMap::new(),
            changes: Budget::default(),
            looks: 0,
        }
    }

    fn story(&mut self, characters: Range<usize>) -> Result<(), Error> {
        let paragraphs = self.paragraphs(characters)?;
        walk(self, &paragraphs, 0..paragraphs.len(), 0)
    }

    /// The text boxes whose anchor is not known: their text comes last.
    fn adrift(&mut self) -> Result<(), Error> {
        for text in std::mem::take(&mut self.source.drawings.adrift) {
            self.in_box = true;
            self.story(self.in_boxes(&text))?;
        }
        Ok(())
    }

    /// Says where properties were left out because the file refers to too many.
    fn left_out(&mut self) {
        if self.changes.is_exceeded() || self.source.data.budget.is_exceeded() {
            let reason = "the file refers to too many; it may be an attack";
            self.script.unreadable("some properties of the text", reason);
        }
    }

    /// Characters of the story of text boxes, counted over all stories.
    fn in_boxes(&self, text: &Range<usize>) -> Range<usize> {
        let at = |character: usize| self.boxes.start.saturating_add(character).min(self.boxes.end);
        at(text.start)..at(text.end)
    }
}

/// What stands about the text.
impl<'a> Body<'a> {
    /// Cuts a story into its paragraphs.
    fn paragraphs(&mut self, story: Range<usize>) -> Result<Vec<Paragraph>, Error> {
        let mut paragraphs = Vec::new();
        let mut start = story.start;
        let end = story.end.min(self.source.text.units.len());
        let mut at = start;
        while at < end {
            let units = self.source.text.units.get(at..end).unwrap_or_default();
            let is_mark = |unit: &u16| matches!(*unit, PARAGRAPH_MARK | CELL_MARK | PAGE_BREAK);
            let Some(next) = units.iter().position(is_mark) else { break };
            let mark = units.get(next).copied();
            at += next + 1;
            if mark == Some(PAGE_BREAK) && !self.ends_paragraph(at - 1) {
                continue;
            }
            paragraphs.push(Paragraph { text: start..at - 1, mark, properties: self.paragraph_at(at - 1)? });
            check(paragraphs.len() + self.script.paragraphs(), "paragraphs")?;
            start = at;
        }
        if start < end {
            paragraphs.push(Paragraph { text: start..end, mark: None, properties: self.paragraph_at(end - 1)? });
        }
        Ok(paragraphs)
    }

    fn piece(&self, character: usize) -> Option<Piece> {
        let pieces = &self.source.text.pieces;
        let index = pieces.partition_point(|piece| piece.end <= character);
        pieces.get(index).filter(|piece| piece.start <= character).copied()
    }

    /// Whether the pages say that a paragraph ends with this character.
    fn ends_paragraph(&self, character: usize) -> bool {
        self.piece(character).is_some_and(|piece| {
            let offset = piece.offset_of(character);
            self.source.paragraphs.at(offset).end <= offset + piece.width
        })
    }

    /// The properties of the paragraph that ends with this character.
    fn paragraph_at(&mut self, character: usize) -> Result<Rc<Properties>, Error> {
        let Some(piece) = self.piece(character) else { return Ok(Rc::default()) };
        let run = self.source.paragraphs.at(piece.offset_of(character));
        let found = match self.known_paragraphs.get(&run.at) {
            Some(known) => Rc::clone(known),
            None => {
                let data = &mut self.source.data;
                let found = Properties::new(run.properties, &mut |at| data.properties(at));
                let found = self.counted(found)?;
                self.known_paragraphs.insert(run.at, Rc::clone(&found));
                found
            }
        };
        if piece.change == 0 {
            return Ok(found);
        }
        let mut changed = (*found).clone();
        let mut single = [0; 3];
        let change = self.change(piece.change, &mut single);
        changed.take(properties(change), None);
        self.counted(changed)
    }

    /// Refuses a document that describes more cells than any could have.
    fn counted(&mut self, found: Properties) -> Result<Rc<Properties>, Error> {
        self.looks += found.row.cells.len();
        check(self.looks / 8, "cells")?;
        Ok(Rc::new(found))
    }

    /// The properties of a character, and where the run ends that has them.
    fn characters_at(&mut self, character: usize) -> (Characters, usize) {
        let Some(piece) = self.piece(character) else { return (Characters::default(), character + 1) };
        let run = self.source.characters.at(piece.offset_of(character));
        let end = piece.character_at(run.end).max(character + 1);
        let key = (run.at, piece.change);
        if let Some(known) = self.known_characters.get(&key) {
            return (*known, end);
        }
        let mut found = Characters::new(properties(run.properties));
        if piece.change != 0 {
            let mut single = [0; 3];
            let change = self.change(piece.change, &mut single);
            found.take(properties(change));
        }
        self.known_characters.insert(key, found);
        (found, end)
    }

    /// The properties that a piece changes (a `Prm`): a reference to some that stand beside the pieces, or a single one, written to
    /// `single`.
    fn change<'c>(&mut self, change: u16, single: &'c mut [u8; 3]) -> &'c [u8]
    where
        'a: 'c,
    {
        if change & 1 != 0 {
            let found = self.source.text.changes.get(usize::from(change >> 1)).copied().unwrap_or_default();
            return if self.changes.allows(found.len()) { found } else { &[] };
        }
        let [_, value] = change.to_le_bytes();
        match sprm::of_index((change >> 1 & 0x7F) as u8) {
            Some(code) => {
                let [low, high] = code.to_le_bytes();
                *single = [low, high, value];
                single
            }
            None => &[],
        }
    }
}
