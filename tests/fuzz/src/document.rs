//! A document from its printed form, so that the golden files of `corpus/` are seeds and a few bytes changed are another document.
//!
//! Every line counts by itself, and every text is some document:
//!
//! ```text
//! ¶ |a paragraph⏎its second line|
//! ▦ grid stated, inside block 0 R1C1 after line 0
//!   R1 page break header
//!     C2 2x1 |a cell in the second column, two rows high|
//! ```
//!
//! Places are not read: each paragraph and each cell gets one of its own.

use nianbao_model::{
    Area, Block, Boundary, Cell, Document, Format, Grid, Lines, Nesting, Origin, Paragraph, ParagraphRole, Row, Span,
    Table,
};

/// No column and no span lies past this: real tables have a fifth of it, and a table of 16 million slots takes its time.
const MOST: usize = 64;

/// The document that a text describes.
pub fn document(text: &str) -> Document {
    let mut document = Document::new(Format::Text);
    let mut lines = text.lines().map(str::trim_start).enumerate().peekable();
    while let Some((number, line)) = lines.next() {
        let rest = |mark: char| line.strip_prefix(mark);
        if let Some(head) = rest('▦') {
            let mut inside = Vec::new();
            while let Some(line) = lines.next_if(|(_, line)| line.starts_with(['R', 'C'])) {
                inside.push(line);
            }
            document.blocks.push(Block::Table(table(head, &inside)));
        } else if let Some(rest) = rest('¶').or_else(|| rest('T')).or_else(|| rest('H')) {
            let role = match line.chars().next() {
                Some('T') => ParagraphRole::Title,
                Some('H') => ParagraphRole::Heading(first_number(rest).clamp(1, 9) as u8),
                _ => ParagraphRole::Body,
            };
            let mut paragraph = Paragraph::new(words(line), origin(number));
            paragraph.role = role;
            document.blocks.push(Block::Paragraph(paragraph));
        }
    }
    document
}

fn table(head: &str, lines: &[(usize, &str)]) -> Table {
    let (head, inside) = head.split_once("inside").map_or((head, None), |(head, inside)| (head, Some(inside)));
    let mut table = Table::new(match head {
        head if head.contains("stated") => Grid::Stated,
        head if head.contains("inferred") => Grid::Inferred,
        _ => Grid::Lost,
    });
    table.nested_in = inside.map(|inside| {
        let mut numbers = numbers(inside);
        let mut next = || numbers.next().unwrap_or_default();
        let (block, row, column, line) = (next(), next(), next(), next());
        Nesting { block, row: row.saturating_sub(1), column: column.saturating_sub(1), line }
    });
    for (_, line) in lines.iter().filter(|(_, line)| line.starts_with('R')) {
        table.push_row(row(line));
    }
    let mut rows = 0_usize;
    for (number, line) in lines {
        if line.starts_with('R') {
            rows += 1;
        } else if let Some(row) = rows.checked_sub(1) {
            place(&mut table, row, line, *number);
        }
    }
    table
}

fn row(line: &str) -> Row {
    let above = match line {
        line if line.contains("page break") => Boundary::PageBreak,
        line if line.contains("inferred") => Boundary::Inferred,
        line if line.contains("ruled") => Boundary::Ruled,
        _ => Boundary::Stated,
    };
    Row { header: line.contains("header"), hidden: line.contains("hidden"), ..Row::new(above) }
}

/// Places a cell; one that lies on another, or reaches below the table, is left out, as readers do.
fn place(table: &mut Table, row: usize, line: &str, number: usize) {
    let head = line.split('|').next().unwrap_or_default();
    let mut numbers = numbers(head);
    let column = numbers.next().unwrap_or(1).clamp(1, MOST) - 1;
    let (tall, wide) = (numbers.next().unwrap_or(1), numbers.next().unwrap_or(1));
    let (Some(rows), Some(columns)) =
        (Span::with_length(row, tall.clamp(1, MOST)), Span::with_length(column, wide.clamp(1, MOST)))
    else {
        return;
    };
    let _ = table.place(Cell::new(Area { rows, columns }, words(line), origin(number)));
}

/// What stands between the first and the last bar, parted where lines are.
fn words(line: &str) -> Lines {
    let inside = line.split_once('|').map_or("", |(_, rest)| rest);
    let inside = inside.rsplit_once('|').map_or(inside, |(text, _)| text);
    if inside.is_empty() { Lines::new() } else { inside.split('⏎').map(Into::into).collect() }
}

fn numbers(text: &str) -> impl Iterator<Item = usize> {
    let digits = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    digits.map(|digits| digits.parse().unwrap_or(usize::MAX / 4))
}

fn first_number(text: &str) -> usize {
    numbers(text).next().unwrap_or_default()
}

fn origin(line: usize) -> Origin {
    Origin::Line { line: u32::try_from(line).unwrap_or(u32::MAX), field: None }
}
