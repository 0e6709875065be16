//! Where paragraphs and tables go once they are read: the blocks of the document in reading order, and the lines of cells.
//!
//! A block takes its place when it begins, not when it ends, so a nested table comes after the table around it without a second pass.

use nianbao_model::{Block, Line, Lines, Paragraph, Table};

use crate::paragraph::Draft;

/// What the text stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The story itself.
    Story,
    /// A cell.
    Cell,
    /// A text box.
    TextBox,
}

/// Something with paragraphs of its own.
#[derive(Debug)]
struct Sink {
    kind: Kind,
    /// It stands in a cell, so its text becomes lines of that cell.
    in_cell: bool,
    lines: Lines,
    /// Blank lines that count only if a line follows.
    blanks: usize,
    /// A nested table has just ended. Word writes an empty `w:p` after it, which is no line.
    after_table: bool,
    /// A paragraph whose mark is deleted: it goes on in the next.
    carried: Option<Draft>,
    /// How many fields were open when it began.
    fields: usize,
}

impl Sink {
    const fn new(kind: Kind, in_cell: bool, fields: usize) -> Self {
        Self { kind, in_cell, lines: Lines::new_const(), blanks: 0, after_table: false, carried: None, fields }
    }

    fn push_lines(&mut self, lines: Lines) {
        if lines.is_empty() {
            self.blanks += usize::from(!self.lines.is_empty() && !self.after_table);
            self.after_table = false;
        }
        for line in lines {
            self.lines.extend(std::iter::repeat_n(Line::default(), self.blanks));
            self.lines.push(line);
            self.blanks = 0;
            self.after_table = false;
        }
    }
}

/// The blocks so far, and the cells and text boxes that are open.
#[derive(Debug)]
pub struct Flow {
    /// `None` for a place that is taken and not yet filled.
    blocks: Vec<Option<Block>>,
    /// The innermost last; the first is the story and stays.
    sinks: Vec<Sink>,
}

impl Default for Flow {
    fn default() -> Self {
        Self::new()
    }
}

impl Flow {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { blocks: Vec::new(), sinks: vec![Sink::new(Kind::Story, false, 0)] }
    }

    /// How many blocks there are or will be.
    pub const fn count(&self) -> usize {
        self.blocks.len()
    }

    /// Whether what is read now belongs to a cell.
    pub fn in_cell(&self) -> bool {
        self.sinks.last().is_some_and(|sink| sink.in_cell)
    }

    /// Whether what is read now stands in the story itself, outside all cells and text boxes.
    pub const fn in_story(&self) -> bool {
        self.sinks.len() == 1
    }

    /// How many fields were open where the innermost cell or text box began.
    pub fn fields(&self) -> usize {
        self.sinks.last().map_or(0, |sink| sink.fields)
    }

    /// How many text boxes are open within the innermost cell, or within the story.
    pub fn text_boxes(&self) -> usize {
        let boxes = self.sinks.iter().rev().take_while(|sink| sink.kind == Kind::TextBox);
        boxes.count()
    }

    /// How many lines the innermost open cell has.
    pub fn lines_of_cell(&self) -> usize {
        let cell = self.sinks.iter().rev().find(|sink| sink.kind == Kind::Cell);
        cell.map_or(0, |cell| cell.lines.len())
    }

    /// Takes the next place among the blocks.
    pub fn reserve(&mut self) -> usize {
        self.blocks.push(None);
        self.blocks.len() - 1
    }

    /// A cell begins, with so many fields open.
    pub fn begin_cell(&mut self, fields: usize) {
        self.sinks.push(Sink::new(Kind::Cell, true, fields));
    }

    /// A text box begins, with so many fields open.
    pub fn begin_text_box(&mut self, fields: usize) {
        let in_cell = self.in_cell();
        self.sinks.push(Sink::new(Kind::TextBox, in_cell, fields));
    }

    /// Ends the innermost cell or text box; gives its lines.
    pub fn end(&mut self) -> Lines {
        self.settle();
        if self.in_story() {
            return Lines::new();
        }
        self.sinks.pop().map_or_else(Lines::new, |sink| sink.lines)
    }

    /// Adds lines to what is read now.
    pub fn push_lines(&mut self, lines: Lines) {
        if let Some(sink) = self.sinks.last_mut() {
            sink.push_lines(lines);
        }
    }

    /// The paragraph that goes on in the next one, to be gone on with.
    pub fn carried(&mut self) -> Option<Draft> {
        self.sinks.last_mut()?.carried.take()
    }

    /// Nothing will go on with a paragraph whose mark is deleted: it stands as it is.
    fn settle(&mut self) {
        if let Some(draft) = self.carried() {
            self.place(draft);
        }
    }

    /// A paragraph is over.
    pub fn paragraph(&mut self, draft: Draft) {
        match self.sinks.last_mut() {
            Some(sink) if draft.is_open => sink.carried = Some(draft),
            _ => self.place(draft),
        }
    }

    fn place(&mut self, mut draft: Draft) {
        let after = std::mem::take(&mut draft.after);
        if self.in_cell() {
            self.push_lines(draft.into_lines());
            if !after.is_empty() {
                self.push_lines(after);
            }
            return;
        }
        let slot = draft.slot.unwrap_or_else(|| self.reserve());
        let paragraph =
            Paragraph { role: draft.role, origins: std::mem::take(&mut draft.origins), lines: draft.into_lines() };
        self.fill(slot, Block::Paragraph(paragraph));
    }

    /// A table begins; gives its place.
    pub fn begin_table(&mut self) -> usize {
        self.settle();
        if let Some(sink) = self.sinks.last_mut() {
            sink.blanks = 0;
            sink.after_table = true;
        }
        self.reserve()
    }

    /// A table is over. One without rows leaves its place empty.
    pub fn table(&mut self, slot: usize, table: Option<Table>) {
        if let Some(table) = table {
            self.fill(slot, Block::Table(table));
        }
        if let Some(sink) = self.sinks.last_mut() {
            sink.after_table = true;
        }
    }

    fn fill(&mut self, slot: usize, block: Block) {
        if let Some(place) = self.blocks.get_mut(slot) {
            *place = Some(block);
        }
    }

    /// Adds blocks that were read elsewhere; the blocks that their tables are nested in move with them.
    pub fn append(&mut self, blocks: Vec<Block>) {
        self.settle();
        let moved_by = self.blocks.len();
        for mut block in blocks {
            renumber(&mut block, |index| index + moved_by);
            self.blocks.push(Some(block));
        }
    }

    /// The blocks in reading order.
    pub fn finish(mut self) -> Vec<Block> {
        self.settle();
        if self.blocks.iter().all(Option::is_some) {
            return self.blocks.into_iter().flatten().collect();
        }
        let mut indices = Vec::with_capacity(self.blocks.len());
        let mut next = 0;
        for block in &self.blocks {
            indices.push(next);
            next += usize::from(block.is_some());
        }
        let mut blocks: Vec<Block> = self.blocks.into_iter().flatten().collect();
        for block in &mut blocks {
            renumber(block, |index| indices.get(index).copied().unwrap_or(index));
        }
        blocks
    }
}

fn renumber(block: &mut Block, index: impl Fn(usize) -> usize) {
    if let Block::Table(Table { nested_in: Some(nesting), .. }) = block {
        nesting.block = index(nesting.block);
    }
}
