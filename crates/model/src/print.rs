//! A document as plain text for a reviewer's eye: the golden form.

use std::fmt::Write as _;

use crate::area::Area;
use crate::document::{Block, Document, Paragraph, ParagraphRole};
use crate::line::Line;
use crate::origin::Origin;
use crate::table::{Boundary, Cell, Grid, Role, Row, Table};

/// The whole document, one paragraph, cell or warning a line.
///
/// A line break inside a text is shown as `⏎`. Rows and columns count from 1. A cell that covers more than one slot shows its size
/// (`2x1`: rows by columns).
pub fn print(document: &Document) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}", document.format.name());
    for (index, block) in document.blocks.iter().enumerate() {
        match block {
            Block::Paragraph(paragraph) => print_paragraph(&mut text, paragraph),
            Block::Table(table) => print_table(&mut text, index, table),
        }
    }
    for fact in &document.facts {
        let _ = writeln!(text, "= {} |{}|  @ {}", fact.kind.name(), fact.text, fact.origin);
    }
    for warning in &document.warnings {
        let _ = writeln!(text, "! {}: {warning}", warning.kind.name());
    }
    text
}

fn print_paragraph(text: &mut String, paragraph: &Paragraph) {
    let mark = match paragraph.role {
        ParagraphRole::Body => "¶".to_owned(),
        ParagraphRole::Title => "T".to_owned(),
        ParagraphRole::Heading(level) => format!("H{level}"),
    };
    let _ = writeln!(text, "{mark} {}  @ {}", one_line(&paragraph.lines), places(&paragraph.origins));
}

fn print_table(text: &mut String, block: usize, table: &Table) {
    let _ = write!(text, "▦ block {block}: {} x {}, grid {}", table.rows().len(), table.columns(), grid(table.grid));
    if let Some(nesting) = table.nested_in {
        let _ = write!(
            text,
            ", inside block {} R{}C{} after line {}",
            nesting.block,
            nesting.row + 1,
            nesting.column + 1,
            nesting.line
        );
    }
    text.push('\n');
    for (index, row) in table.rows().iter().enumerate() {
        let _ = writeln!(text, "  R{} {}", index + 1, row_words(row));
        for cell in table.cells_from(index) {
            let _ = writeln!(
                text,
                "    C{}{}{} {}  @ {}",
                cell.area().columns.start() + 1,
                size(cell.area()),
                role(cell),
                one_line(&cell.lines),
                places(&cell.origins)
            );
        }
    }
}

fn row_words(row: &Row) -> String {
    let mut words = match row.above {
        Boundary::Stated => "stated",
        Boundary::Ruled => "ruled",
        Boundary::Inferred => "inferred",
        Boundary::PageBreak => "page break",
    }
    .to_owned();
    if row.header {
        words.push_str(" header");
    }
    if row.hidden {
        words.push_str(" hidden");
    }
    words
}

const fn grid(grid: Grid) -> &'static str {
    match grid {
        Grid::Stated => "stated",
        Grid::Inferred => "inferred",
        Grid::Lost => "lost",
    }
}

fn size(area: Area) -> String {
    match (area.rows.length(), area.columns.length()) {
        (1, 1) => String::new(),
        (rows, columns) => format!(" {rows}x{columns}"),
    }
}

const fn role(cell: &Cell) -> &'static str {
    match cell.role {
        Role::ColumnHeader => " ch",
        Role::RowHeader => " rh",
        Role::Body => "",
    }
}

fn one_line(lines: &[Line]) -> String {
    format!("|{}|", lines.join("⏎"))
}

fn places(origins: &[Origin]) -> String {
    origins.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::Span;
    use crate::document::Format;
    use crate::origin::Part;

    #[test]
    fn a_document_prints_every_cell_with_its_place() {
        let mut table = Table::new(Grid::Stated);
        table.push_row(Row::new(Boundary::Stated));
        let area = Area { rows: Span::one(0), columns: Span::with_length(0, 2).unwrap() };
        let origin = Origin::Story { part: Part::Body, table: 0, row: 0, column: 0 };
        table.place(Cell::new(area, ["商业", "企业"].map(Into::into).into_iter().collect(), origin)).unwrap();
        let mut document = Document::new(Format::Docx);
        let origin = Origin::Paragraph { part: Part::Body, paragraph: 0 };
        document.blocks.push(Block::Paragraph(Paragraph::new(["一、总体情况".into()].into(), origin)));
        document.blocks.push(Block::Table(table));
        let wanted = "docx\n¶ |一、总体情况|  @ paragraph 1\n▦ block 1: 1 x 2, grid stated\n  R1 stated\n    C1 1x2 |商业⏎企业|  @ table 1 R1C1\n";
        assert_eq!(print(&document), wanted);
    }
}
