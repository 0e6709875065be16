//! Where paragraphs and tables go: the blocks of the document in reading order, the lines of cells, and the furniture of the page,
//! which is counted and left out.
//!
//! A block takes its place when it begins, so a nested table comes after the table around it.

use nianbao_model::{Block, Line, Nesting, Origin, Paragraph, ParagraphRole, Part, Table, Warning, WarningKind};

use crate::furniture::is_furniture_line;
use crate::notices::note;
use crate::table::Made;
use crate::text::Lines;

/// The blocks so far, and the paragraph at hand.
#[derive(Debug)]
pub(crate) struct Flow {
    part: Part,
    /// `None` for a place that is taken and not yet filled.
    blocks: Vec<Option<Block>>,
    /// The lines of the cells that are open, the innermost last.
    cells: Vec<nianbao_model::Lines>,
    /// The paragraph at hand.
    pub(crate) text: Lines,
    /// What it is.
    pub(crate) role: ParagraphRole,
    /// The automatic number that waits for its text.
    pub(crate) number: Option<String>,
    /// How many parts of the page that are furniture are open.
    pub(crate) furniture: usize,
    /// How many that say they hold what is published.
    pub(crate) content: usize,
    paragraphs: u32,
    left_out: LeftOut,
}

/// Page furniture that was left out.
#[derive(Debug, Default)]
struct LeftOut {
    paragraphs: usize,
    characters: usize,
    at: Vec<Origin>,
}

impl LeftOut {
    fn add(&mut self, lines: &[Line], at: Origin) {
        self.paragraphs += 1;
        self.characters += lines.iter().flat_map(|line| line.chars()).filter(|c| !c.is_whitespace()).count();
        note(&mut self.at, at);
    }
}

impl Flow {
    pub(crate) fn new(part: Part) -> Self {
        Self {
            part,
            blocks: Vec::new(),
            cells: Vec::new(),
            text: Lines::default(),
            role: ParagraphRole::Body,
            number: None,
            furniture: 0,
            content: 0,
            paragraphs: 0,
            left_out: LeftOut::default(),
        }
    }

    /// The place of the paragraph at hand.
    pub(crate) const fn here(&self) -> Origin {
        Origin::Paragraph { part: self.part, paragraph: self.paragraphs }
    }

    /// Ends a line. One without text ends the paragraph: two line breaks part paragraphs.
    pub(crate) fn end_line(&mut self) {
        if self.text.is_at_line_start() { self.end_paragraph() } else { self.text.end_line() }
    }

    /// Ends the paragraph at hand, if there is any text in it.
    pub(crate) fn end_paragraph(&mut self) {
        // Very many elements begin and end where there is no text.
        if self.text.is_empty() {
            return;
        }
        let mut lines = self.text.take();
        let Some(first) = lines.first_mut() else { return };
        if let Some(number) = self.number.take()
            // Where the text has a number of its own, a style sheet hides the automatic one.
            && nianbao_model::leading_mark(first).is_none()
        {
            *first = format!("{number}{first}").into();
        }
        let origin = self.here();
        self.paragraphs = self.paragraphs.saturating_add(1);
        if let Some(cell) = self.cells.last_mut() {
            if cell.is_empty() { *cell = lines } else { cell.append(&mut lines) }
        } else if self.furniture > 0 || lines.iter().all(|line| is_furniture_line(line)) {
            self.left_out.add(&lines, origin);
        } else {
            let paragraph = Paragraph { role: self.role, lines, origins: vec![origin] };
            self.blocks.push(Some(Block::Paragraph(paragraph)));
        }
    }

    /// How many lines the innermost cell has so far.
    pub(crate) fn lines_of_cell(&self) -> usize {
        self.cells.last().map_or(0, |lines| lines.len())
    }

    pub(crate) fn begin_cell(&mut self) {
        self.end_paragraph();
        self.cells.push(nianbao_model::Lines::new());
    }

    /// Ends the innermost cell; gives its lines.
    pub(crate) fn end_cell(&mut self) -> nianbao_model::Lines {
        self.end_paragraph();
        self.cells.pop().unwrap_or_default()
    }

    /// A table begins; gives its place among the blocks.
    pub(crate) fn begin_table(&mut self) -> usize {
        self.end_paragraph();
        self.blocks.push(None);
        self.blocks.len() - 1
    }

    /// A table is over. `None` where it has no rows: its place stays empty.
    pub(crate) fn end_table(&mut self, slot: usize, made: Option<Made>) {
        let Some(Made { table, rows }) = made else { return };
        if self.furniture > 0 {
            for cell in table.cells().iter().filter(|cell| !cell.is_blank()) {
                self.left_out.add(&cell.lines, cell.origins.first().cloned().unwrap_or_else(|| self.here()));
            }
            return;
        }
        if !rows.is_empty() {
            let inside = self.blocks.iter_mut().skip(slot).filter_map(nesting_mut);
            for nesting in inside.filter(|nesting| nesting.block == slot) {
                nesting.row = rows.get(nesting.row).copied().unwrap_or(nesting.row);
            }
        }
        if let Some(place) = self.blocks.get_mut(slot) {
            *place = Some(Block::Table(table));
        }
    }

    /// The blocks in reading order, and a warning about what was left out.
    pub(crate) fn finish(mut self) -> (Vec<Block>, Option<Warning>) {
        self.end_paragraph();
        let LeftOut { paragraphs, characters, at } = self.left_out;
        let kind = WarningKind::PageFurnitureLeftOut { paragraphs, characters };
        let warning = (paragraphs > 0).then(|| Warning::new(kind, at));
        let mut indices = Vec::with_capacity(self.blocks.len());
        let mut next = 0;
        for block in &self.blocks {
            indices.push(next);
            next += usize::from(block.is_some());
        }
        let mut blocks: Vec<Block> = self.blocks.into_iter().flatten().collect();
        for block in &mut blocks {
            if let Block::Table(Table { nested_in: Some(nesting), .. }) = block {
                nesting.block = indices.get(nesting.block).copied().unwrap_or(nesting.block);
            }
        }
        (blocks, warning)
    }
}

/// Where a block is nested, to be changed.
fn nesting_mut(block: &mut Option<Block>) -> Option<&mut Nesting> {
    match block {
        Some(Block::Table(table)) => table.nested_in.as_mut(),
        _ => None,
    }
}
