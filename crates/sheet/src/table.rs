//! Where a table is made of the cells that stand together on a sheet.

use std::collections::BTreeSet;
use std::ops::Range;

use nianbao_model::{
    Area, Block, Boundary, Cell, Document, Grid, Line, Lines, MAX_SLOTS, Origin, Paragraph, Row, Span, Table, Warning,
    WarningKind,
};

use crate::book::{Book, Item, Sheet};
use crate::merged::items;
use crate::regions::{Part, Region, regions};

/// How many blank cells the tables of a workbook may get in all. Each is a cell with a place of its own, so that a blank figure can be
/// cited; past this, and in tables with hardly a cell in a hundred slots, blank slots stay empty.
const MAX_BLANKS: usize = 1 << 19;

/// A warning about hidden rows names so many of them at most; filters hide thousands.
const MAX_PLACES: usize = 1000;

/// A table may have so many slots for each cell that shows something, before its blank slots stay empty; small ones may have more.
const MAX_SPARSENESS: usize = 50;
const SMALL: usize = 10_000;

/// A workbook as a document: the sheets that people see in their order, then the hidden ones.
pub(crate) fn document(book: Book) -> Document {
    let mut document = Document::new(book.format);
    document.warnings = book.warnings;
    let mut blanks = MAX_BLANKS;
    let (hidden, seen): (Vec<Sheet>, Vec<Sheet>) = book.sheets.into_iter().partition(|sheet| sheet.is_hidden);
    for mut sheet in seen.into_iter().chain(hidden) {
        let items = items(&mut sheet, &mut document.warnings);
        if sheet.is_hidden && items.iter().any(Item::is_text) {
            let kind = WarningKind::HiddenSheetRead { sheet: sheet.name.to_string() };
            document.warnings.push(Warning::new(kind, Vec::new()));
        }
        let mut writer = Writer::new(&sheet, &mut document, &mut blanks);
        for region in regions(items) {
            writer.region(region);
        }
        writer.finish();
    }
    document
}

struct Writer<'a> {
    sheet: &'a Sheet,
    document: &'a mut Document,
    blanks: &'a mut usize,
    hidden_rows: Ranges,
    hidden_columns: Ranges,
    noted_rows: BTreeSet<usize>,
    noted_columns: BTreeSet<usize>,
    /// One place in each hidden row and column that was read.
    in_hidden_rows: Vec<Origin>,
    in_hidden_columns: Vec<Origin>,
}

impl<'a> Writer<'a> {
    fn new(sheet: &'a Sheet, document: &'a mut Document, blanks: &'a mut usize) -> Self {
        Self {
            sheet,
            document,
            blanks,
            hidden_rows: Ranges::new(&sheet.hidden_rows),
            hidden_columns: Ranges::new(&sheet.hidden_columns),
            noted_rows: BTreeSet::new(),
            noted_columns: BTreeSet::new(),
            in_hidden_rows: Vec::new(),
            in_hidden_columns: Vec::new(),
        }
    }

    fn region(&mut self, region: Region) {
        match region {
            Region::Paragraph(item) => self.paragraph(item),
            Region::Table(part) => {
                self.note_hidden(part.rows, part.columns);
                self.table(part);
            }
        }
    }

    fn paragraph(&mut self, item: Item) {
        // A text that reaches out of hidden columns is seen.
        if item.area.columns.length() == 1 || self.hidden_rows.contains(item.area.rows.start()) {
            self.note_hidden(item.area.rows, Span::one(item.area.columns.start()));
        }
        let origin = self.origin(item.area);
        self.document.blocks.push(Block::Paragraph(Paragraph::new(lines(item.what.into_text()), origin)));
    }

    fn origin(&self, area: Area) -> Origin {
        self.sheet.origin_of(area)
    }

    /// Notes the hidden rows and columns that were read, each at the first place where something stood in it.
    fn note_hidden(&mut self, rows: Span, columns: Span) {
        for row in self.hidden_rows.within(rows) {
            if self.in_hidden_rows.len() < MAX_PLACES && self.noted_rows.insert(row) {
                self.in_hidden_rows.push(self.origin(Area::one(row, columns.start())));
            }
        }
        for column in self.hidden_columns.within(columns) {
            if self.in_hidden_columns.len() < MAX_PLACES && self.noted_columns.insert(column) {
                self.in_hidden_columns.push(self.origin(Area::one(rows.start(), column)));
            }
        }
    }

    /// A table, in several where it would have more slots than a table can.
    fn table(&mut self, part: Part) {
        let width = part.columns.length();
        let most_rows = (MAX_SLOTS / width.max(1)).max(1);
        let slots = part.rows.length().saturating_mul(width);
        let texts = part.items.iter().filter(|item| item.is_text()).count();
        let is_dense = slots <= SMALL.max(texts.saturating_mul(MAX_SPARSENESS));
        let mut items = part.items;
        items.retain(|item| !item.is_border_only());
        let mut items = items.into_iter();
        let mut start = part.rows.start();
        while let Some(rows) = Span::between(start, part.rows.end().min(start.saturating_add(most_rows))) {
            if items.as_slice().first().is_some_and(|item| item.area.rows.start() < rows.end()) {
                let table = self.filled(Area { rows, columns: part.columns }, &mut items, is_dense);
                self.document.blocks.push(Block::Table(table));
            }
            start = rows.end();
        }
    }

    /// The table in an area, of the items that begin above its end.
    fn filled(&mut self, area: Area, items: &mut std::vec::IntoIter<Item>, is_dense: bool) -> Table {
        let mut table = Table::new(Grid::Stated);
        for row in area.rows.indices() {
            table.push_row(Row { hidden: self.hidden_rows.contains(row), ..Row::new(Boundary::Stated) });
        }
        let mut blanks = if is_dense { *self.blanks } else { 0 };
        for row in area.rows.indices() {
            let mut column = area.columns.start();
            while items.as_slice().first().is_some_and(|item| item.area.rows.start() <= row)
                && let Some(item) = items.next()
            {
                // A blank merged cell may begin before the first cell that shows something.
                let (Some(rows), Some(columns)) =
                    (item.area.rows.intersection(area.rows), item.area.columns.intersection(area.columns))
                else {
                    continue;
                };
                self.fill(&mut table, &area.rows, &area.columns, row, column..columns.start(), &mut blanks);
                column = columns.end();
                self.place(&mut table, item, Area { rows, columns }, &area.rows, &area.columns);
            }
            self.fill(&mut table, &area.rows, &area.columns, row, column..area.columns.end(), &mut blanks);
        }
        if is_dense {
            *self.blanks = blanks;
        }
        table
    }

    fn place(&mut self, table: &mut Table, item: Item, area: Area, rows: &Span, columns: &Span) {
        let origin = self.origin(item.area);
        let Some(area) = moved_back(area, rows, columns) else { return };
        let cell = Cell::new(area, lines(item.what.into_text()), origin);
        if table.place(cell).is_err() {
            let at = vec![self.origin(item.area)];
            self.document.warnings.push(Warning::new(WarningKind::CellsOverlap, at));
        }
    }

    /// Blank cells for the slots of a row that no cell reaches.
    fn fill(
        &self,
        table: &mut Table,
        rows: &Span,
        columns: &Span,
        row: usize,
        slots: Range<usize>,
        blanks: &mut usize,
    ) {
        for column in slots {
            if *blanks == 0 {
                return;
            }
            let area = Area::one(row, column);
            let Some(place) = moved_back(area, rows, columns) else { return };
            let (row, column) = place.corner();
            if table.index_at(row, column).is_none()
                && table.place(Cell::new(place, Lines::new(), self.origin(area))).is_ok()
            {
                *blanks -= 1;
            }
        }
    }

    fn finish(self) {
        let found = [
            (WarningKind::HiddenRowsRead, self.in_hidden_rows),
            (WarningKind::HiddenColumnsRead, self.in_hidden_columns),
        ];
        for (kind, at) in found {
            if !at.is_empty() {
                self.document.warnings.push(Warning::new(kind, at));
            }
        }
    }
}

/// An area of the sheet as one of a table that begins at the first of these rows and columns.
fn moved_back(area: Area, rows: &Span, columns: &Span) -> Option<Area> {
    Some(Area { rows: area.rows.moved_back(rows.start())?, columns: area.columns.moved_back(columns.start())? })
}

/// The lines of a cell: programs break them with a line feed, some with a carriage return before it or in its place.
fn lines(text: Line) -> Lines {
    if text.is_empty() {
        return Lines::new();
    }
    // Most cells hold one line, which is theirs as it is.
    if memchr::memchr2(b'\n', b'\r', text.as_bytes()).is_none() {
        return Lines::from_buf([text]);
    }
    text.replace("\r\n", "\n").split(['\n', '\r']).map(Line::new).collect()
}

/// Hidden rows or columns, to be asked for.
struct Ranges(Vec<Range<usize>>);

impl Ranges {
    fn new(ranges: &[Range<u32>]) -> Self {
        let mut sorted: Vec<Range<usize>> =
            ranges.iter().map(|range| range.start as usize..range.end as usize).collect();
        sorted.sort_by_key(|range| (range.start, range.end));
        let mut joined: Vec<Range<usize>> = Vec::new();
        for range in sorted {
            match joined.last_mut().filter(|last| range.start <= last.end) {
                Some(last) => last.end = last.end.max(range.end),
                None => joined.push(range),
            }
        }
        Self(joined)
    }

    fn contains(&self, index: usize) -> bool {
        let next = self.0.partition_point(|range| range.end <= index);
        self.0.get(next).is_some_and(|range| range.contains(&index))
    }

    /// Those that lie within a span.
    fn within(&self, span: Span) -> impl Iterator<Item = usize> + use<> {
        let first = self.0.partition_point(|range| range.end <= span.start());
        let ranges = self.0.iter().skip(first).take_while(|range| range.start < span.end());
        let cut: Vec<Range<usize>> =
            ranges.map(|range| range.start.max(span.start())..range.end.min(span.end())).collect();
        cut.into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nianbao_model::{Format, print};

    fn book(sheets: Vec<Sheet>) -> Book {
        Book { format: Format::Xlsx, sheets, warnings: Vec::new() }
    }

    fn sheet(cells: &[(u32, u32, &str)]) -> Sheet {
        let mut sheet = Sheet::new("表1", false);
        sheet.cells = cells.iter().map(|&(row, column, text)| Item::cell(row, column, text, false)).collect();
        sheet
    }

    #[test]
    fn a_table_has_its_blank_cells_and_its_places() {
        let mut sheet = sheet(&[(2, 1, "信息内容"), (2, 2, "件数\r\n（件）"), (3, 1, "规章"), (4, 2, "3")]);
        sheet.hidden_rows.push(3..4);
        let wanted = "xlsx\n▦ block 0: 3 x 2, grid stated\n  R1 stated\n    C1 |信息内容|  @ 表1!B3\n    C2 |件数⏎（件）|  @ 表1!C3\n  \
                      R2 stated hidden\n    C1 |规章|  @ 表1!B4\n    C2 ||  @ 表1!C4\n  R3 stated\n    C1 ||  @ 表1!B5\n    C2 |3|  @ 表1!C5\n\
                      ! hidden_rows_read: hidden rows read like any other @ 表1!B4\n";
        assert_eq!(print(&document(book(vec![sheet]))), wanted);
    }

    #[test]
    fn hidden_sheets_follow_those_that_people_see() {
        let mut hidden = sheet(&[(0, 0, "甲")]);
        hidden.is_hidden = true;
        let text = print(&document(book(vec![hidden, sheet(&[(0, 0, "乙")])])));
        assert!(text.starts_with("xlsx\n¶ |乙|  @ 表1!A1\n¶ |甲|  @ 表1!A1\n! hidden_sheet_read"), "{text}");
    }

    #[test]
    fn two_cells_at_the_ends_of_a_sheet_take_no_room() {
        let document = document(book(vec![sheet(&[(0, 0, "甲"), (1_048_575, 16_383, "乙")])]));
        assert_eq!(document.blocks.len(), 2);
    }

    #[test]
    fn a_table_too_large_for_one_is_several() {
        let mut cells: Vec<(u32, u32, &str)> = (0..16_384).map(|column| (0, column, "x")).collect();
        cells.extend((1..5000).map(|row| (row, 0, "y")));
        let document = document(book(vec![sheet(&cells)]));
        let cells: usize = document.tables().map(|table| table.cells().len()).sum();
        assert_eq!((document.blocks.len(), cells), (5, 16_384 + 4999));
    }
}
