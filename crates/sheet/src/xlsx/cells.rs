//! The cells of a sheet, and all that is said around them (18.3.1), in one pass over its tags.

use std::borrow::Cow;

use super::strings::{Runs, Strings, spelt_out};
use crate::book::{COLUMNS, Filler, Formula, Full, ROWS, Sheet};
use crate::calendar::serial;
use crate::reference;
use crate::xml::{Kind, Tag, Tags};

/// How many merged areas a sheet may have: as many as the largest forms seen, a hundred times over.
const MAX_MERGES: usize = 200_000;

/// Days from the first day of 1900 to that of 1904, as workbooks count them.
const DAYS_TO_1904: f64 = 1462.0;

/// What stopped the reading of a sheet before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    Full(Full),
    Cut,
}

/// Reads the part of a sheet.
#[derive(Debug)]
pub(crate) struct Cells<'a> {
    strings: &'a Strings,
    is_uncalculated: bool,
    filler: &'a mut Filler,
    sheet: &'a mut Sheet,
    /// The row that is being read; `None` where it states a place that no sheet has.
    row: Option<u32>,
    /// Rows and cells that do not say where they are follow the one before.
    next_row: Option<u32>,
    next_column: Option<u32>,
    misplaced: usize,
}

/// The cell that is being read.
#[derive(Debug)]
struct Cell<'a> {
    at: Option<(u32, u32)>,
    style: usize,
    kind: &'a str,
    formula: Option<Tag<'a>>,
    value: Option<Cow<'a, str>>,
    inline: Option<String>,
    runs: Runs,
}

/// What a formula's cell holds of its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Missing,
    Empty,
    Zero,
    Something,
}

impl<'a> Cells<'a> {
    pub(crate) const fn new(
        strings: &'a Strings,
        is_uncalculated: bool,
        filler: &'a mut Filler,
        sheet: &'a mut Sheet,
    ) -> Self {
        Self {
            strings,
            is_uncalculated,
            filler,
            sheet,
            row: None,
            next_row: Some(0),
            next_column: Some(0),
            misplaced: 0,
        }
    }

    /// How many cells were left out because they state a place that no sheet has.
    pub(crate) const fn misplaced(&self) -> usize {
        self.misplaced
    }

    /// Reads the whole part.
    pub(crate) fn read(&mut self, xml: &str) -> Result<(), Stop> {
        let mut cell: Option<Cell<'_>> = None;
        let mut has_end = false;
        for tag in Tags::new(xml) {
            match (tag.name, tag.kind) {
                ([b'c'], kind) if !has_end => {
                    self.end_cell(cell.take())?;
                    if kind != Kind::End {
                        cell = Some(self.begin_cell(tag));
                    }
                    if kind == Kind::Empty {
                        self.end_cell(cell.take())?;
                    }
                }
                (b"row", kind) if !has_end => {
                    self.end_cell(cell.take())?;
                    if kind != Kind::End {
                        self.begin_row(tag);
                    }
                }
                (b"sheetData", Kind::End | Kind::Empty) => {
                    self.end_cell(cell.take())?;
                    has_end = true;
                }
                (b"col", _) => self.column(tag),
                (b"mergeCell", _) if self.sheet.merges.len() < MAX_MERGES => {
                    self.sheet.merges.extend(tag.attribute("ref").and_then(reference::area));
                }
                _ => {
                    if let Some(cell) = &mut cell {
                        cell.take(tag);
                    }
                }
            }
        }
        self.end_cell(cell)?;
        if has_end { Ok(()) } else { Err(Stop::Cut) }
    }

    fn begin_row(&mut self, tag: Tag<'_>) {
        self.row = match tag.attribute("r") {
            Some(number) => number.trim().parse::<u32>().ok().and_then(|number| number.checked_sub(1)),
            None => self.next_row,
        };
        self.row = self.row.filter(|&row| row < ROWS);
        self.next_row = self.row.map(|row| row + 1);
        self.next_column = Some(0);
        let is_hidden = tag.flag("hidden") || tag.attribute("ht").is_some_and(|height| height.trim() == "0");
        self.sheet.hidden_rows.extend(self.row.filter(|_| is_hidden).map(|row| row..row + 1));
    }

    fn column(&mut self, tag: Tag<'_>) {
        let is_hidden = tag.flag("hidden") || tag.attribute("width").is_some_and(|width| width.trim() == "0");
        if let (true, Some(first), Some(last)) = (is_hidden, tag.number("min"), tag.number("max")) {
            self.sheet.hidden_columns.push(first.saturating_sub(1)..last.min(COLUMNS));
        }
    }

    fn begin_cell<'x>(&mut self, tag: Tag<'x>) -> Cell<'x> {
        let mut at = self.row.zip(self.next_column.filter(|&column| column < COLUMNS));
        let (mut style, mut kind) = (0, "n");
        for (name, value) in tag.attributes() {
            match name.as_bytes() {
                [b'r'] => at = reference::cell(value),
                [b's'] => style = value.trim_ascii().parse().unwrap_or(0),
                [b't'] => kind = value,
                _ => {}
            }
        }
        self.next_column = at.map(|(_, column)| column + 1);
        Cell { at, style, kind, formula: None, value: None, inline: None, runs: Runs::default() }
    }

    fn end_cell(&mut self, cell: Option<Cell<'_>>) -> Result<(), Stop> {
        let Some(cell) = cell else { return Ok(()) };
        let Some(at) = cell.at else {
            self.misplaced += 1;
            return Ok(());
        };
        self.hold(at, &cell).map_err(Stop::Full)
    }

    fn hold(&mut self, at: (u32, u32), cell: &Cell<'_>) -> Result<(), Full> {
        let (filler, sheet, style) = (&mut *self.filler, &mut *self.sheet, cell.style);
        if let Some(formula) = cell.formula.filter(|_| cell.is_doubtful(self.is_uncalculated)) {
            return filler.formula(sheet, at, style, Formula::Unknown(&formula.text()));
        }
        if let Some(text) = &cell.inline {
            return filler.text(sheet, at, style, text);
        }
        let Some(value) = cell.value.as_deref().filter(|value| !value.is_empty()) else {
            filler.blank(sheet, at, style);
            return Ok(());
        };
        let number = || value.trim_ascii().parse::<f64>().ok().filter(|number| number.is_finite());
        match cell.kind {
            "s" => {
                let index = value.trim_ascii().parse::<usize>().ok();
                // A string that is not there is shown as what cannot be decoded is.
                filler.text(sheet, at, style, index.and_then(|index| self.strings.get(index)).unwrap_or("\u{FFFD}"))
            }
            "str" => filler.text(sheet, at, style, &spelt_out(value.into())),
            "b" if matches!(value.trim(), "0" | "1") => filler.boolean(sheet, at, style, value.trim() == "1"),
            "b" | "e" => filler.text(sheet, at, style, value),
            "d" => match serial(value) {
                Some(number) => {
                    let before = if filler.from_1904 { DAYS_TO_1904 } else { 0.0 };
                    filler.number(sheet, at, style, number - before)
                }
                None => filler.text(sheet, at, style, value),
            },
            _ => match number() {
                Some(number) => filler.number(sheet, at, style, number),
                None => filler.text(sheet, at, style, value),
            },
        }
    }
}

impl<'a> Cell<'a> {
    /// Takes in what a tag inside the cell says.
    fn take(&mut self, tag: Tag<'a>) {
        match (tag.name, tag.kind) {
            (_, Kind::End) if self.inline.is_none() => {}
            // What stands here beside a text of its own is that text once more.
            ([b'v'], _) if self.kind != "inlineStr" => self.value = Some(tag.text()),
            ([b'f'], _) => self.formula = Some(tag),
            (b"is", Kind::Start | Kind::Empty) => self.inline = Some(String::new()),
            _ => {
                if let Some(text) = &mut self.inline {
                    self.runs.take(tag, text);
                }
            }
        }
    }

    /// Whether the result of its formula may never have been worked out.
    fn is_doubtful(&self, is_uncalculated: bool) -> bool {
        match self.outcome() {
            Outcome::Missing => true,
            // A formula may well come to an empty text.
            Outcome::Empty => is_uncalculated || self.kind != "str",
            Outcome::Zero => is_uncalculated,
            Outcome::Something => false,
        }
    }

    fn outcome(&self) -> Outcome {
        if self.inline.is_some() {
            return Outcome::Something;
        }
        match self.value.as_deref().map(str::trim) {
            None => Outcome::Missing,
            Some("") => Outcome::Empty,
            Some(text) if text.parse::<f64>().is_ok_and(|number| number == 0.0) => Outcome::Zero,
            Some(_) => Outcome::Something,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::Styles;
    use nianbao_model::{Area, Format};

    struct Read {
        sheet: Sheet,
        misplaced: usize,
        is_whole: bool,
        warnings: usize,
    }

    fn read_with(xml: &str, is_uncalculated: bool) -> Read {
        let strings = Strings::read("<sst><si><t>甲</t></si></sst>").0;
        let mut filler = Filler::new(Format::Xlsx, Styles::new());
        let mut sheet = Sheet::new("表1", false);
        let mut cells = Cells::new(&strings, is_uncalculated, &mut filler, &mut sheet);
        let is_whole = cells.read(xml).is_ok();
        let misplaced = cells.misplaced();
        Read { sheet, misplaced, is_whole, warnings: filler.book.warnings.len() }
    }

    /// The cells as `row,column text`, from 0.
    fn shown(read: &Read) -> Vec<String> {
        read.sheet
            .cells
            .iter()
            .map(|cell| format!("{},{} {}", cell.area.rows.start(), cell.area.columns.start(), cell.text()))
            .collect()
    }

    fn read(rows: &str) -> Vec<String> {
        shown(&read_with(&format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"), false))
    }

    #[test]
    fn values_are_read_by_their_kind() {
        let cells = read(
            r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>9</v></c><c r="C1"><v> 1.50 </v></c><c r="D1" t="str"><f>X</f><v>乙_x000D_</v></c>
            <c r="E1" t="b"><v>1</v></c><c r="F1" t="e"><v>#REF!</v></c><c r="G1" t="inlineStr"><is><r><t>丙</t></r><r><t>丁</t></r><rPh><t>ding</t></rPh></is></c>
            <c r="H1" t="inlineStr"><v>戊</v></c><c r="I1"><v>约3</v></c><c r="J1" t="n"><v>1e999</v></c><c r="K1" t="d"><v>2024-01-15</v></c><c r="L1" t="new"><v>7</v></c></row>"#,
        );
        let wanted = [
            "0,0 甲",
            "0,1 \u{FFFD}",
            "0,2 1.5",
            "0,3 乙\r",
            "0,4 TRUE",
            "0,5 #REF!",
            "0,6 丙丁",
            "0,8 约3",
            "0,9 1e999",
            "0,10 45306",
            "0,11 7",
        ];
        assert_eq!(cells, wanted);
    }

    #[test]
    fn rows_and_cells_that_do_not_say_where_they_are_follow_the_one_before() {
        let cells = read(
            r#"<row r="3"><c><v>1</v></c><c r="D3"><v>2</v></c><c><v>3</v></c></row><row><c/><c><v>4</v></c></row><row r="2"><c r="$B$9"><v>5</v></c></row>"#,
        );
        assert_eq!(cells, ["2,0 1", "2,3 2", "2,4 3", "3,1 4", "8,1 5"]);
    }

    #[test]
    fn cells_with_places_that_no_sheet_has_are_counted_and_left_out() {
        let rows = r#"<row r="1"><c r="ZZZZ99999999999"><v>1</v></c><c><v>2</v></c><c r=""><v>3</v></c><c r="7"><v>4</v></c><c r="B1"><v>5</v></c></row>
            <row r="99999999999"><c><v>6</v></c><c r="A7"><v>7</v></c></row><row r="1048576"><c r="XFD1048576"><v>8</v></c><c><v>9</v></c></row><row><c><v>0</v></c></row>"#;
        let read = read_with(&format!("<sheetData>{rows}</sheetData>"), false);
        assert_eq!(shown(&read), ["0,1 5", "6,0 7", "1048575,16383 8"]);
        assert_eq!(read.misplaced, 7);
    }

    #[test]
    fn hidden_rows_and_columns_and_merged_cells_are_found() {
        let xml = r#"<x:worksheet xmlns:x="u"><x:cols><x:col min="2" max="3" hidden="1"/><x:col min='4' max='4' width="9"/></x:cols>
            <!-- <row r="9" hidden="1"> --><x:sheetData><x:row r="3" ht="12" hidden = "true"><x:c r="A3"/></x:row><x:row ht="0"/></x:sheetData>
            <x:mergeCells><x:mergeCell ref="A1:B2"/><x:mergeCell ref="nonsense"/></x:mergeCells><c r="A1"><v>1</v></c></x:worksheet>"#;
        let Read { sheet, is_whole, .. } = read_with(xml, false);
        assert_eq!(sheet.hidden_rows, [2..3, 3..4]);
        assert_eq!(sheet.hidden_columns.first(), Some(&(1..3)));
        assert_eq!(sheet.merges.iter().copied().map(Area::corner).collect::<Vec<_>>(), [(0, 0)]);
        assert!(sheet.cells.is_empty() && is_whole);
    }

    #[test]
    fn formulas_without_a_result_are_found() {
        let rows = r#"<row r="1"><c r="A1"><f>SUM(B1:C1)</f></c><c r="B1"><f>1&lt;2</f><v></v></c><c><f t="shared" si="0"/><v>0</v></c>
            <c r="D1" t="str"><f>T(A9)</f><v></v></c><c r="E1"><f>2</f><v>2</v></c><c r="F1"><v>0</v></c></row>"#;
        let xml = format!("<sheetData>{rows}</sheetData>");
        let (worked_out, not) = (read_with(&xml, false), read_with(&xml, true));
        assert_eq!(shown(&worked_out), ["0,0 =SUM(B1:C1)", "0,1 =1<2", "0,2 0", "0,4 2", "0,5 0"]);
        assert_eq!(shown(&not), ["0,0 =SUM(B1:C1)", "0,1 =1<2", "0,2 =", "0,3 =T(A9)", "0,4 2", "0,5 0"]);
        assert_eq!((worked_out.warnings, not.warnings), (2, 4));
    }

    #[test]
    fn a_part_that_breaks_off_gives_what_stands_before() {
        let xml = r#"<sheetData><row r="1"><c r="A1"><f>SUM</f><v>1</v></c><c r="B1" t="inlineStr"><is><t>甲</t></is></c></row></sheetData>"#;
        for length in (0..xml.len()).filter(|&length| xml.is_char_boundary(length)) {
            assert!(!read_with(&xml[..length], false).is_whole, "{length}");
        }
        assert_eq!(shown(&read_with(&xml[..60], false)), ["0,0 1"]);
    }
}
