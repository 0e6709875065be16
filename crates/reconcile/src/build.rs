//! Tables and documents for tests, written as they look.

use nianbao_model::{
    Area, Block, Boundary, Cell, Document, Format, Grid, Line, Lines, Origin, Paragraph, Part, Row, Span, Table,
};

/// A table from its rows: cells are parted by `|`, lines by `⏎`. `~` is an empty slot, `↔3` after a text makes the cell three columns
/// wide, `↕2` two rows high.
pub(crate) fn table(grid: Grid, rows: &[(Boundary, &str)]) -> Table {
    numbered(grid, 0, rows)
}

/// The same, with the number that its origins show.
pub(crate) fn numbered(grid: Grid, number: u32, rows: &[(Boundary, &str)]) -> Table {
    let mut table = Table::new(grid);
    for (above, _) in rows {
        table.push_row(Row::new(*above));
    }
    for (row, (_, text)) in rows.iter().enumerate() {
        let mut column = 0;
        for field in text.split('|') {
            while table.first_taken(Area::one(row, column)).is_some() {
                column += 1;
            }
            let (field, height) = field.split_once('↕').map_or((field, 1), |(f, n)| (f, n.parse().unwrap()));
            let (field, width) = field.split_once('↔').map_or((field, 1), |(f, n)| (f, n.parse().unwrap()));
            if field != "~" {
                let area = Area {
                    rows: Span::with_length(row, height).unwrap(),
                    columns: Span::with_length(column, width).unwrap(),
                };
                let origin = Origin::Story { part: Part::Body, table: number, row: row as u32, column: column as u32 };
                table.place(Cell::new(area, lines(field), origin)).unwrap();
            }
            column += width;
        }
    }
    table
}

/// Lines, parted by `⏎`.
pub(crate) fn lines(text: &str) -> Lines {
    text.split('⏎').map(Line::new).collect()
}

/// A paragraph, its lines parted by `⏎`.
pub(crate) fn paragraph(text: &str) -> Block {
    let origin = Origin::Paragraph { part: Part::Body, paragraph: 0 };
    Block::Paragraph(Paragraph::new(lines(text), origin))
}

/// A document from its blocks.
pub(crate) fn document(blocks: Vec<Block>) -> Document {
    Document { blocks, ..Document::new(Format::Text) }
}

/// A document of one table.
pub(crate) fn one(grid: Grid, rows: &[(Boundary, &str)]) -> Document {
    document(vec![Block::Table(table(grid, rows))])
}

/// The rows of all tables as text: cells that begin in a row, parted by `|`; tables by a line.
pub(crate) fn rows(document: &Document) -> Vec<String> {
    document.tables().flat_map(table_rows).collect()
}

fn table_rows(table: &Table) -> Vec<String> {
    (0..table.rows().len())
        .map(|row| {
            let cells: Vec<String> = table.cells_from(row).iter().map(|cell| cell.lines.join("⏎")).collect();
            cells.join("|")
        })
        .collect()
}

/// The names of the warnings.
pub(crate) fn warnings(document: &Document) -> Vec<&'static str> {
    document.warnings.iter().map(|warning| warning.kind.name()).collect()
}
