//! What a workbook holds before anything is made of it: sheets, and on them cells that hold something.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use nianbao_model::{Area, Format as FileFormat, Line, Origin, Warning, WarningKind};

use crate::decimal::Decimal;
use crate::format::{Format, builtin};
use crate::shown::{shown, shown_text};

/// How many cells of a workbook may hold something. The largest statistical yearbooks seen have a tenth of this; each takes some 200 bytes.
const MAX_CELLS: usize = 1 << 19;

/// How many bytes of text all cells may hold together: a text that is stored once can be shown in half a million cells.
const MAX_TEXT: usize = 64 << 20;

/// How many blank cells with a border are remembered: they only tell what stands together.
const MAX_BORDERED: usize = 1 << 20;

/// How many warnings about single cells are given; a sheet of rounded numbers would have one for each.
const MAX_CELL_WARNINGS: usize = 500;

/// Rows and columns that a sheet can have in any format.
pub(crate) const ROWS: u32 = 1 << 20;
pub(crate) const COLUMNS: u32 = 1 << 14;

/// A workbook as read.
#[derive(Debug)]
pub(crate) struct Book {
    pub(crate) format: FileFormat,
    pub(crate) sheets: Vec<Sheet>,
    pub(crate) warnings: Vec<Warning>,
}

/// A sheet as read.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) name: Arc<str>,
    /// People do not see it.
    pub(crate) is_hidden: bool,
    /// The cells that show something, in any order; none is merged yet.
    pub(crate) cells: Vec<Item>,
    /// Blank cells with a border.
    pub(crate) bordered: Vec<(u32, u32)>,
    pub(crate) merges: Vec<Area>,
    pub(crate) hidden_rows: Vec<Range<u32>>,
    pub(crate) hidden_columns: Vec<Range<u32>>,
}

/// Something that takes up room on a sheet. A large one has hundreds of thousands: a cell is such an item from when it is read until its
/// table is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) area: Area,
    pub(crate) what: What,
    /// It has a border.
    pub(crate) is_bordered: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// It shows something.
    Text(Line),
    /// A merged cell that shows nothing.
    Blank,
    /// A single blank cell, there only for its border.
    Border,
}

impl What {
    /// What it shows.
    pub(crate) fn into_text(self) -> Line {
        match self {
            Self::Text(text) => text,
            Self::Blank | Self::Border => Line::default(),
        }
    }
}

impl Item {
    /// A single cell that shows a text.
    pub(crate) fn cell(row: u32, column: u32, text: impl Into<Line>, is_bordered: bool) -> Self {
        Self { area: Area::one(row as usize, column as usize), what: What::Text(text.into()), is_bordered }
    }

    pub(crate) const fn is_text(&self) -> bool {
        matches!(self.what, What::Text(_))
    }

    /// Whether it is there for its border alone.
    pub(crate) const fn is_border_only(&self) -> bool {
        matches!(self.what, What::Border)
    }

    /// What it shows.
    pub(crate) fn text(&self) -> &str {
        match &self.what {
            What::Text(text) => text,
            What::Blank | What::Border => "",
        }
    }
}

impl Sheet {
    pub(crate) fn new(name: &str, is_hidden: bool) -> Self {
        Self {
            name: name.into(),
            is_hidden,
            cells: Vec::new(),
            bordered: Vec::new(),
            merges: Vec::new(),
            hidden_rows: Vec::new(),
            hidden_columns: Vec::new(),
        }
    }

    pub(crate) fn origin(&self, row: u32, column: u32) -> Origin {
        Origin::Sheet { sheet: Arc::clone(&self.name), row, column }
    }

    /// Where an area begins.
    pub(crate) fn origin_of(&self, area: Area) -> Origin {
        let (row, column) = area.corner();
        self.origin(u32::try_from(row).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
    }
}

/// How cells look: what counts of their styles.
#[derive(Debug)]
pub(crate) struct Styles {
    formats: Vec<Format>,
    by_code: HashMap<String, usize>,
    cells: Vec<Style>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Style {
    format: usize,
    is_bordered: bool,
}

impl Styles {
    pub(crate) fn new() -> Self {
        Self { formats: vec![Format::general()], by_code: HashMap::new(), cells: Vec::new() }
    }

    /// Adds the next style: the number of its format, the code where the file states one, and whether it draws any border.
    pub(crate) fn push(&mut self, id: u32, code: Option<&str>, is_bordered: bool) {
        let code = code.or_else(|| builtin(id)).unwrap_or("General");
        let format = match self.by_code.get(code) {
            Some(&format) => format,
            None => {
                self.formats.push(Format::parse(code));
                self.by_code.insert(code.to_owned(), self.formats.len() - 1);
                self.formats.len() - 1
            }
        };
        self.cells.push(Style { format, is_bordered });
    }

    /// A style that is not there is that of a cell without any.
    pub(crate) fn get(&self, style: usize) -> (Option<&Format>, bool) {
        let style = self.cells.get(style).copied().unwrap_or_default();
        (self.formats.get(style.format), style.is_bordered)
    }
}

/// What a formula's cell says of its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Formula<'a> {
    /// The file does not hold its result. The formula, as far as it is known.
    Unknown(&'a str),
}

/// Fills the sheets of a book, within the limits.
#[derive(Debug)]
pub(crate) struct Filler {
    pub(crate) book: Book,
    pub(crate) styles: Styles,
    pub(crate) from_1904: bool,
    cells: usize,
    text: usize,
    bordered: usize,
    cell_warnings: usize,
}

/// The book is full: what follows is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

impl Filler {
    pub(crate) const fn new(format: FileFormat, styles: Styles) -> Self {
        let book = Book { format, sheets: Vec::new(), warnings: Vec::new() };
        Self { book, styles, from_1904: false, cells: 0, text: 0, bordered: 0, cell_warnings: 0 }
    }

    pub(crate) fn warn(&mut self, kind: WarningKind, at: Vec<Origin>) {
        self.book.warnings.push(Warning::new(kind, at));
    }

    /// A part that was left out, and why.
    pub(crate) fn left_out(&mut self, part: impl Into<String>, reason: impl Into<String>) {
        self.warn(WarningKind::PartUnreadable { part: part.into(), reason: reason.into() }, Vec::new());
    }

    /// Ends a sheet that could not be read to its end.
    pub(crate) fn cut(&mut self, sheet: &Sheet, reason: impl Into<String>) {
        self.left_out(format!("the rest of sheet {}", sheet.name), reason);
    }

    pub(crate) fn full(&mut self, sheet: &Sheet) {
        self.cut(sheet, format!("more than {MAX_CELLS} cells or {} MiB of text in the workbook", MAX_TEXT >> 20));
    }

    /// A cell that holds a number.
    pub(crate) fn number(
        &mut self,
        sheet: &mut Sheet,
        (row, column): (u32, u32),
        style: usize,
        value: f64,
    ) -> Result<(), Full> {
        let (format, is_bordered) = self.styles.get(style);
        let shown = match format {
            Some(format) => shown(value, format, self.from_1904),
            None => shown(value, &Format::general(), self.from_1904),
        };
        let unknown = format.filter(|_| shown.is_unknown).map(|format| format.code.clone());
        if let Some(format) = unknown {
            self.cell_warning(WarningKind::CellFormatUnknown { format }, sheet.origin(row, column));
        }
        if shown.is_rounded {
            self.shows_less(sheet, (row, column), &shown.text, value);
        }
        self.hold(sheet, (row, column), shown.text, is_bordered)
    }

    /// Says that a cell shows something else than the number that the file holds.
    pub(crate) fn shows_less(&mut self, sheet: &Sheet, (row, column): (u32, u32), shown: &str, value: f64) {
        let sign = if value < 0.0 { "-" } else { "" };
        let stored = Decimal::of(value).map_or_else(String::new, |decimal| format!("{sign}{}", decimal.plain()));
        let kind = WarningKind::ShownRounded { shown: shown.to_owned(), stored };
        self.cell_warning(kind, sheet.origin(row, column));
    }

    /// A cell of which the file holds what people see in it.
    pub(crate) fn as_shown(
        &mut self,
        sheet: &mut Sheet,
        (row, column): (u32, u32),
        style: usize,
        text: impl Into<Line>,
    ) -> Result<(), Full> {
        let (_, is_bordered) = self.styles.get(style);
        self.hold(sheet, (row, column), text.into(), is_bordered)
    }

    /// A cell that holds text.
    pub(crate) fn text(
        &mut self,
        sheet: &mut Sheet,
        (row, column): (u32, u32),
        style: usize,
        text: &str,
    ) -> Result<(), Full> {
        let (format, is_bordered) = self.styles.get(style);
        let text = format.map_or_else(|| text.into(), |format| Line::from(shown_text(text, format)));
        self.hold(sheet, (row, column), text, is_bordered)
    }

    /// A cell that holds true or false.
    pub(crate) fn boolean(&mut self, sheet: &mut Sheet, at: (u32, u32), style: usize, value: bool) -> Result<(), Full> {
        self.text(sheet, at, style, if value { "TRUE" } else { "FALSE" })
    }

    /// A cell with a formula whose result is not there. It reads as its formula, so that nobody takes it for a blank or a nought.
    pub(crate) fn formula(
        &mut self,
        sheet: &mut Sheet,
        (row, column): (u32, u32),
        style: usize,
        formula: Formula<'_>,
    ) -> Result<(), Full> {
        let Formula::Unknown(formula) = formula;
        let (_, is_bordered) = self.styles.get(style);
        self.cell_warning(WarningKind::FormulaWithoutValue, sheet.origin(row, column));
        self.hold(sheet, (row, column), format!("={formula}").into(), is_bordered)
    }

    /// A cell that holds nothing but may have a border.
    pub(crate) fn blank(&mut self, sheet: &mut Sheet, (row, column): (u32, u32), style: usize) {
        if self.styles.get(style).1 {
            self.border(sheet, row, column);
        }
    }

    /// A blank cell with a border.
    pub(crate) fn border(&mut self, sheet: &mut Sheet, row: u32, column: u32) {
        if self.bordered < MAX_BORDERED && row < ROWS && column < COLUMNS {
            self.bordered += 1;
            sheet.bordered.push((row, column));
        }
    }

    pub(crate) fn hold(
        &mut self,
        sheet: &mut Sheet,
        (row, column): (u32, u32),
        text: Line,
        is_bordered: bool,
    ) -> Result<(), Full> {
        if row >= ROWS || column >= COLUMNS {
            return Ok(());
        }
        if text.chars().all(char::is_whitespace) {
            if is_bordered {
                self.border(sheet, row, column);
            }
            return Ok(());
        }
        if self.cells >= MAX_CELLS || self.text + text.len() > MAX_TEXT {
            return Err(Full);
        }
        self.cells += 1;
        self.text += text.len();
        sheet.cells.push(Item::cell(row, column, text, is_bordered));
        Ok(())
    }

    pub(crate) fn cell_warning(&mut self, kind: WarningKind, at: Origin) {
        self.cell_warnings += 1;
        match self.cell_warnings {
            ..=MAX_CELL_WARNINGS => self.warn(kind, vec![at]),
            // The last one stands for all that follow.
            count if count == MAX_CELL_WARNINGS + 1 => self.left_out(
                "more warnings about single cells",
                format!("there are more than {MAX_CELL_WARNINGS}: rounded numbers, unknown formats or formulas without a result"),
            ),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_held_as_shown_and_what_it_does_not_show_is_said() {
        let mut styles = Styles::new();
        styles.push(0, None, false);
        styles.push(176, Some("0.0\"万\""), true);
        let mut filler = Filler::new(FileFormat::Xlsx, styles);
        let mut sheet = Sheet::new("表1", false);
        filler.number(&mut sheet, (0, 0), 0, 12.0).unwrap();
        filler.number(&mut sheet, (0, 1), 1, 1.26).unwrap();
        filler.blank(&mut sheet, (0, 2), 1);
        filler.blank(&mut sheet, (0, 3), 0);
        filler.formula(&mut sheet, (0, 4), 7, Formula::Unknown("A1+B1")).unwrap();
        let texts: Vec<&str> = sheet.cells.iter().map(Item::text).collect();
        assert_eq!(texts, ["12", "1.3万", "=A1+B1"]);
        assert_eq!(sheet.bordered, [(0, 2)]);
        let warnings: Vec<String> = filler.book.warnings.iter().map(ToString::to_string).collect();
        assert_eq!(warnings[0], "read 1.3万 as shown, where the file holds 1.26 @ 表1!B1");
        assert!(warnings[1].ends_with("@ 表1!E1"));
    }

    #[test]
    fn warnings_about_cells_are_counted() {
        let mut filler = Filler::new(FileFormat::Xlsx, Styles::new());
        let mut sheet = Sheet::new("表1", false);
        for row in 0..10_000 {
            filler.number(&mut sheet, (row, 0), 0, 1.0 / 3.0).unwrap();
        }
        assert_eq!(filler.book.warnings.len(), MAX_CELL_WARNINGS + 1);
    }
}
