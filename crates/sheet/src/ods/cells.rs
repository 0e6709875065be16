//! The cells of a sheet, row by row (ODF 1.4 Part 3, 9.1).

use std::ops::Range;

use nianbao_container::Blanks;
use nianbao_model::{Area, Span};

use super::styles::Styles;
use super::{skip, values};
use crate::book::{COLUMNS, Filler, Full, Item, ROWS, Sheet};
use crate::xml::{Kind, Tag, Tags};

use self::values::Value;

/// How many cells that show something one repetition may make, of a cell or of a row. Programs write so what looks alike: noughts, mostly.
const MAX_REPEATED: u32 = 1 << 16;

/// How far blank cells with a border go on to the right or below by repetition: they only tell what stands together, and columns are formatted
/// as a whole.
const MAX_BLANK_COLUMNS: u32 = 256;
const MAX_BLANK_ROWS: u32 = 1000;

/// How many merged areas a sheet may have.
const MAX_MERGES: usize = 200_000;

/// How many runs of columns are remembered with their styles.
const MAX_COLUMN_RUNS: usize = 1 << 14;

/// How many blanks one element may stand for.
const MAX_BLANKS: u32 = 1000;

/// What stopped the reading of a sheet before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    Full(Full),
    Cut,
}

impl From<Full> for Stop {
    fn from(full: Full) -> Self {
        Self::Full(full)
    }
}

/// Reads one sheet.
#[derive(Debug)]
pub(crate) struct Cells<'a> {
    styles: &'a Styles,
    filler: &'a mut Filler,
    sheet: &'a mut Sheet,
    row: u32,
    column: u32,
    /// Where the columns that have been stated end.
    columns: u32,
    /// The styles of blank columns.
    column_styles: Vec<(Range<u32>, usize)>,
    /// How many groups of rows are open that are folded away, the outermost of them counted from the inside.
    folded: Vec<bool>,
}

/// A row that is being read, and what of the sheet was there before it.
struct Row {
    times: u32,
    style: Option<usize>,
    cells: usize,
    bordered: usize,
    merges: usize,
}

/// A cell that is being read.
struct Cell {
    value: Value,
    style: Option<usize>,
    times: u32,
    spans: (u32, u32),
    lines: Vec<String>,
}

impl<'a> Cells<'a> {
    pub(crate) const fn new(styles: &'a Styles, filler: &'a mut Filler, sheet: &'a mut Sheet) -> Self {
        Self { styles, filler, sheet, row: 0, column: 0, columns: 0, column_styles: Vec::new(), folded: Vec::new() }
    }

    /// Reads up to the end of the sheet.
    pub(crate) fn read(&mut self, tags: &mut Tags<'_>) -> Result<(), Stop> {
        while let Some(tag) = tags.next() {
            match (tag.name, tag.kind) {
                (b"table", Kind::End) => return Ok(()),
                (b"table-column", Kind::Start | Kind::Empty) => self.column(tag),
                (b"table-row", Kind::Start) => self.row(tags, tag)?,
                (b"table-row", Kind::Empty) => {
                    let row = self.begin_row(tag);
                    self.end_row(&row)?;
                }
                (b"table-row-group", Kind::Start) => self.folded.push(tag.attribute("display") == Some("false")),
                (b"table-row-group", Kind::End) => {
                    self.folded.pop();
                }
                (
                    b"table-header-rows"
                    | b"table-rows"
                    | b"table-header-columns"
                    | b"table-columns"
                    | b"table-column-group",
                    _,
                )
                | (_, Kind::End | Kind::Empty) => {}
                // Shapes, forms, and what is known of the sheet.
                (_, Kind::Start) if skip(tags, tag).is_some() => {}
                (_, Kind::Start) => return Err(Stop::Cut),
            }
        }
        Err(Stop::Cut)
    }

    fn style(&self, tag: Tag<'_>, attribute: &str) -> Option<usize> {
        tag.attribute_text(attribute).map(|name| self.styles.index(&name))
    }

    fn column(&mut self, tag: Tag<'_>) {
        let start = self.columns;
        self.columns = start.saturating_add(repeated(tag, "number-columns-repeated")).min(COLUMNS);
        let range = start..self.columns;
        if is_hidden(tag) && !range.is_empty() {
            self.sheet.hidden_columns.push(range.clone());
        }
        if let Some(style) = self.style(tag, "default-cell-style-name")
            && self.column_styles.len() < MAX_COLUMN_RUNS
        {
            self.column_styles.push((range, style));
        }
    }

    /// The style of a cell that names none: that of its row, else that of its column.
    fn style_at(&self, row: &Row, column: u32) -> usize {
        let of_column = || {
            let next = self.column_styles.partition_point(|(range, _)| range.end <= column);
            self.column_styles.get(next).filter(|(range, _)| range.contains(&column)).map(|&(_, style)| style)
        };
        row.style.or_else(of_column).unwrap_or(0)
    }

    fn begin_row(&mut self, tag: Tag<'_>) -> Row {
        let times = repeated(tag, "number-rows-repeated");
        let range = self.row.min(ROWS)..self.row.saturating_add(times).min(ROWS);
        if (is_hidden(tag) || self.folded.contains(&true)) && !range.is_empty() {
            match self.sheet.hidden_rows.last_mut().filter(|last| last.end == range.start) {
                Some(last) => last.end = range.end,
                None => self.sheet.hidden_rows.push(range),
            }
        }
        self.column = 0;
        let (cells, bordered) = (self.sheet.cells.len(), self.sheet.bordered.len());
        let style = self.style(tag, "default-cell-style-name");
        Row { times, style, cells, bordered, merges: self.sheet.merges.len() }
    }

    fn row(&mut self, tags: &mut Tags<'_>, tag: Tag<'_>) -> Result<(), Stop> {
        let row = self.begin_row(tag);
        while let Some(tag) = tags.next() {
            match (tag.name, tag.kind) {
                (b"table-row", Kind::End) => return Ok(self.end_row(&row)?),
                (b"table-cell" | b"covered-table-cell", Kind::Start | Kind::Empty) => {
                    let mut cell = self.begin_cell(tag);
                    let is_whole = tag.kind == Kind::Empty || cell.read(tags, tag.name);
                    self.end_cell(&row, &cell)?;
                    if !is_whole {
                        break;
                    }
                }
                (_, Kind::End | Kind::Empty) => {}
                (_, Kind::Start) if skip(tags, tag).is_some() => {}
                (_, Kind::Start) => break,
            }
        }
        self.end_row(&row)?;
        Err(Stop::Cut)
    }

    /// The row is over: what it holds stands in the rows below too that it is said to be repeated in.
    fn end_row(&mut self, row: &Row) -> Result<(), Full> {
        let cells: Vec<Item> = self.sheet.cells.get(row.cells..).unwrap_or_default().to_vec();
        let bordered: Vec<(u32, u32)> = self.sheet.bordered.get(row.bordered..).unwrap_or_default().to_vec();
        let merges: Vec<Area> = self.sheet.merges.get(row.merges..).unwrap_or_default().to_vec();
        let first = self.row;
        self.row = first.saturating_add(row.times).min(ROWS);
        let shown = u32::try_from(cells.len()).unwrap_or(u32::MAX);
        let most = MAX_REPEATED.checked_div(shown).map_or(MAX_BLANK_ROWS, |most| most.max(1));
        if shown == 0 && bordered.is_empty() && merges.is_empty() {
            return Ok(());
        }
        let end = self.row.min(first.saturating_add(most));
        for to in first.saturating_add(1)..end {
            for cell in &cells {
                let column = u32::try_from(cell.area.columns.start()).unwrap_or(u32::MAX);
                self.filler.hold(self.sheet, (to, column), cell.text().into(), cell.is_bordered)?;
            }
            for &(_, column) in &bordered {
                self.filler.border(self.sheet, to, column);
            }
            for area in &merges {
                let by = (to - first) as usize;
                self.merge(Area { rows: area.rows.moved(by), columns: area.columns });
            }
        }
        if shown > 0 && end < first.saturating_add(row.times) {
            let part = format!("the rest of a repeated row in sheet {}", self.sheet.name);
            self.filler.left_out(part, format!("it stands there {} times", row.times));
        }
        Ok(())
    }

    fn begin_cell(&self, tag: Tag<'_>) -> Cell {
        let span = |name| tag.number(name).unwrap_or(1).max(1);
        Cell {
            value: Value::of(tag),
            style: self.style(tag, "style-name"),
            times: repeated(tag, "number-columns-repeated"),
            spans: (span("number-rows-spanned"), span("number-columns-spanned")),
            lines: Vec::new(),
        }
    }

    fn end_cell(&mut self, row: &Row, cell: &Cell) -> Result<(), Full> {
        let start = self.column;
        self.column = start.saturating_add(cell.times).min(COLUMNS);
        if self.row >= ROWS || start >= COLUMNS {
            return Ok(());
        }
        let text = cell.lines.join("\n");
        let is_blank = text.trim().is_empty() && cell.value.is_none();
        let most = if is_blank { MAX_BLANK_COLUMNS } else { MAX_REPEATED };
        let end = self.column.min(start.saturating_add(most));
        let (rows, columns) = cell.spans;
        for column in start..end {
            let style = cell.style.unwrap_or_else(|| self.style_at(row, column));
            if is_blank {
                self.filler.blank(self.sheet, (self.row, column), style);
            } else {
                values::hold(self.filler, self.sheet, (self.row, column), style, &cell.value, text.clone())?;
            }
            if rows > 1 || columns > 1 {
                let rows = Span::with_length(self.row as usize, rows.min(ROWS - self.row) as usize);
                let columns = Span::with_length(column as usize, columns.min(COLUMNS - column) as usize);
                if let Some((rows, columns)) = rows.zip(columns) {
                    self.merge(Area { rows, columns });
                }
            }
        }
        Ok(())
    }

    fn merge(&mut self, area: Area) {
        if self.sheet.merges.len() < MAX_MERGES {
            self.sheet.merges.push(area);
        }
    }
}

impl Cell {
    /// Reads up to the end of the cell; false where it has none.
    fn read(&mut self, tags: &mut Tags<'_>, name: &[u8]) -> bool {
        while let Some(tag) = tags.next() {
            match (tag.name, tag.kind) {
                (other, Kind::End) if other == name => return true,
                // A cell without an end.
                (b"table-row" | b"table", Kind::End) => return false,
                (b"p" | b"h", Kind::Start) => {
                    let (line, is_whole) = paragraph(tags, tag);
                    self.lines.push(line);
                    if !is_whole {
                        return false;
                    }
                }
                (b"p" | b"h", Kind::Empty) => self.lines.push(String::new()),
                (_, Kind::End | Kind::Empty) => {}
                // Comments, pictures, tables within the cell.
                (_, Kind::Start) if skip(tags, tag).is_some() => {}
                (_, Kind::Start) => return false,
            }
        }
        false
    }
}

/// The text of a paragraph (6.1), and whether it has an end.
fn paragraph(tags: &mut Tags<'_>, tag: Tag<'_>) -> (String, bool) {
    let mut line = String::new();
    let mut blanks = Blanks::START;
    blanks.push(&tag.text(), &mut line);
    while let Some(inner) = tags.next() {
        match (inner.name, inner.kind) {
            (name, Kind::End) if name == tag.name => return (line, true),
            (b"s", Kind::Start | Kind::Empty) => {
                blanks.settle(&mut line);
                line.push_str(&" ".repeat(inner.number("c").unwrap_or(1).min(MAX_BLANKS) as usize));
            }
            (b"tab", Kind::Start | Kind::Empty) => {
                blanks.settle(&mut line);
                line.push('\t');
            }
            (b"line-break", Kind::Start | Kind::Empty) => {
                line.push('\n');
                blanks = Blanks::START;
            }
            // The reading beside a word, comments and pictures.
            (b"ruby-text" | b"note" | b"annotation" | b"frame", Kind::Start) => {
                let Some(end) = skip(tags, inner) else { return (line, false) };
                blanks.push(&end.following(), &mut line);
                continue;
            }
            _ => {}
        }
        blanks.push(&inner.following(), &mut line);
    }
    (line, false)
}

/// How often an element stands there. A number too large to be read is a large one.
fn repeated(tag: Tag<'_>, name: &str) -> u32 {
    let Some(text) = tag.attribute(name) else { return 1 };
    let text = text.trim();
    match text.parse::<u32>() {
        Ok(times) => times.max(1),
        Err(_) if text.len() > 9 && text.bytes().all(|byte| byte.is_ascii_digit()) => u32::MAX,
        Err(_) => 1,
    }
}

/// Whether a row or a column is hidden, or filtered out.
fn is_hidden(tag: Tag<'_>) -> bool {
    matches!(tag.attribute("visibility"), Some("collapse" | "filter"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::printed;
    use super::*;
    use crate::book;
    use nianbao_model::Format;

    fn read(xml: &str) -> (Sheet, Vec<String>, bool) {
        let styles = "<s:style s:name='grid' s:family='table-cell'><s:table-cell-properties f:border='1pt solid'/></s:style><o:body>";
        let mut named = Styles::default();
        named.take(&mut Tags::new(styles)).unwrap();
        let mut filler = Filler::new(Format::Ods, book::Styles::new());
        filler.styles = named.of_cells();
        let mut sheet = Sheet::new("表1", false);
        let end = Cells::new(&named, &mut filler, &mut sheet).read(&mut Tags::new(xml));
        let warnings = filler.book.warnings.iter().map(ToString::to_string).collect();
        (sheet, warnings, end.is_ok())
    }

    /// The cells as `row,column text`, from 0.
    fn shown(xml: &str) -> Vec<String> {
        let (sheet, _, is_whole) = read(&format!("{xml}</t:table>"));
        assert!(is_whole);
        sheet
            .cells
            .iter()
            .map(|cell| format!("{},{} {}", cell.area.rows.start(), cell.area.columns.start(), cell.text()))
            .collect()
    }

    const ONE: &str = "<t:table-cell o:value-type='float' o:value='1'><x:p>1</x:p></t:table-cell>";

    #[test]
    fn what_is_repeated_takes_its_room() {
        let row = format!(
            "<t:table-row><t:table-cell t:number-columns-repeated='2'/>{ONE}<t:covered-table-cell t:number-columns-repeated='3'/>{ONE}</t:table-row>"
        );
        let blank = "<t:table-row t:number-rows-repeated='1000'><t:table-cell t:number-columns-repeated='16384'/></t:table-row>";
        assert_eq!(shown(&format!("{row}{blank}{row}")), ["0,2 1", "0,6 1", "1001,2 1", "1001,6 1"]);
        let twice = "<t:table-row t:number-rows-repeated='2'><t:table-cell o:value='0' t:number-columns-repeated='2'/></t:table-row>";
        assert_eq!(shown(twice), ["0,0 0", "0,1 0", "1,0 0", "1,1 0"]);
    }

    #[test]
    fn endless_repetitions_are_bounded_and_said() {
        let blank = "<t:table-row t:number-rows-repeated='4294967295'><t:table-cell t:style-name='grid' t:number-columns-repeated='99999999999'/></t:table-row>";
        let (sheet, warnings, _) = read(blank);
        assert!(sheet.cells.is_empty() && sheet.bordered.len() <= 256_000 && warnings.is_empty());
        let full = blank.replace("/></t", "><x:p>0</x:p></t:table-cell></t");
        let (sheet, warnings, _) = read(&full);
        assert!(sheet.cells.len() <= 2 * MAX_REPEATED as usize, "{}", sheet.cells.len());
        assert!(warnings[0].contains("it stands there 4294967295 times"), "{warnings:?}");
    }

    #[test]
    fn texts_are_read_as_people_see_them() {
        let cell = |content: &str| {
            shown(&format!("<t:table-row><t:table-cell>{content}</t:table-cell></t:table-row>")).concat()
        };
        assert_eq!(
            cell("<x:p> 甲  <x:span>乙</x:span><x:s x:c='2'/>&lt;</x:p><x:p/><x:p>丙<x:tab/>丁<x:line-break/>戊</x:p>"),
            "0,0 甲 乙  <\n\n丙\t丁\n戊"
        );
        assert_eq!(
            cell(
                "<o:annotation><x:p>批</x:p></o:annotation><x:p>年<x:ruby-text>n</x:ruby-text>报</x:p><d:frame><x:p>图</x:p></d:frame>"
            ),
            "0,0 年报"
        );
        assert_eq!(
            cell(
                "<t:table><t:table-row><t:table-cell><x:p>内</x:p></t:table-cell></t:table-row></t:table><x:p>外</x:p>"
            ),
            "0,0 外"
        );
    }

    #[test]
    fn merged_and_hidden_cells_are_found() {
        let xml = format!(
            "<t:table-column t:number-columns-repeated='2'/><t:table-column t:visibility='collapse' t:number-columns-repeated='3'/>
            <t:table-header-rows><t:table-row><t:table-cell t:number-columns-spanned='3' t:number-rows-spanned='2'><x:p>甲</x:p></t:table-cell></t:table-row></t:table-header-rows>
            <t:table-row t:visibility='filter' t:number-rows-repeated='4'>{ONE}</t:table-row><t:table-row-group t:display='false'><t:table-row t:visibility='collapse'/></t:table-row-group>
            <t:shapes><t:table-row/></t:shapes></t:table>"
        );
        let (sheet, _, is_whole) = read(&xml);
        assert!(is_whole);
        assert_eq!((sheet.hidden_columns.first(), sheet.hidden_rows.first()), (Some(&(2..5)), Some(&(1..6))));
        assert_eq!((sheet.hidden_columns.len(), sheet.hidden_rows.len()), (1, 1));
        let area = sheet.merges[0];
        assert_eq!((area.corner(), area.rows.length(), area.columns.length()), ((0, 0), 2, 3));
        assert_eq!(sheet.cells.len(), 5);
    }

    #[test]
    fn a_blank_cell_looks_as_its_row_or_its_column() {
        let xml = "<t:table-column/><t:table-column t:number-columns-repeated='2' t:default-cell-style-name='grid'/><t:table-row><t:table-cell t:number-columns-repeated='5'/></t:table-row>
            <t:table-row t:default-cell-style-name='grid'><t:table-cell/></t:table-row></t:table>";
        assert_eq!(read(xml).0.bordered, [(0, 1), (0, 2), (1, 0)]);
    }

    #[test]
    fn a_table_comes_out_as_from_any_workbook() {
        let row =
            |text: &str| format!("<t:table-row><t:table-cell><x:p>{text}</x:p></t:table-cell>{ONE}</t:table-row>");
        let sheets = format!("<t:table t:name='表1'>{}{}</t:table>", row("规章"), row("合计"));
        assert!(
            printed("", &sheets)
                .starts_with("ods\n▦ block 0: 2 x 2, grid stated\n  R1 stated\n    C1 |规章|  @ 表1!A1")
        );
    }
}
