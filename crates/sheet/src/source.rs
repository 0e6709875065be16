//! XLSX and XLSM through calamine's streaming reader of cells; the only file that names it.
//!
//! calamine gives values and styles, cell by cell. It reads the strings, styles and list of sheets of a workbook all at once and
//! believes what they say of their size, so they are measured before: a stated count of strings alone could end the program. What a
//! sheet says besides its cells comes from [`scan`](crate::scan).

use std::io::Cursor;

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};
use nianbao_container::{Error, Package};
use nianbao_model::Format;

use crate::book::{Book, Filler, Formula, Full, Sheet, Styles};
use crate::calendar::serial;
use crate::parts::{list_of, main_part, relationships, resolved};
use crate::scan::{self, Marks};

/// The part with the strings of all cells may have so many bytes: half a million cells with a sentence each.
const MAX_STRINGS: usize = 48 << 20;

/// It may state that it holds so many strings: each takes memory before the first is read.
const MAX_STATED_STRINGS: u64 = 1 << 21;

/// The styles may have so many tags: Excel refuses to keep more than 65,490 styles, of some five tags each.
const MAX_STYLE_TAGS: usize = 400_000;

/// Any other part that is read all at once may have so many bytes.
const MAX_PART: usize = 16 << 20;

/// Reads a workbook.
pub(crate) fn read(bytes: &[u8], package: &mut Package<'_>) -> Result<Book, Error> {
    measure(package)?;
    let mut xlsx: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let workbook = Workbook::read(package)?;
    let mut filler = Filler::new(Format::Xlsx, Styles::new());
    filler.from_1904 = xlsx.has_1904_epoch();
    for (index, metadata) in xlsx.sheets_metadata().to_vec().into_iter().enumerate() {
        if metadata.typ != SheetType::WorkSheet {
            continue;
        }
        let mut sheet = Sheet::new(&metadata.name, metadata.visible != SheetVisible::Visible);
        let marks = match workbook.part(index).map(|part| package.read(part)).transpose()?.flatten() {
            Some(content) => {
                if let Some(damage) = content.damage {
                    filler.cut(&sheet, damage);
                }
                scan::marks(&content.bytes)
            }
            None => Marks::default(),
        };
        if marks.has_impossible_place {
            filler.left_out(format!("sheet {}", sheet.name), "it states places that no sheet has");
            continue;
        }
        cells(&mut xlsx, &mut filler, &mut sheet, &marks, workbook.is_uncalculated);
        sheet.merges = marks.merges;
        sheet.hidden_rows = marks.hidden_rows;
        sheet.hidden_columns = marks.hidden_columns;
        filler.book.sheets.push(sheet);
    }
    Ok(filler.book)
}

fn unreadable(error: XlsxError) -> Error {
    match error {
        XlsxError::Password => Error::Encrypted,
        error => Error::corrupt(format!("no workbook can be read in it ({error})")),
    }
}

/// Makes sure that the parts which are read all at once are no larger than they can be.
fn measure(package: &mut Package<'_>) -> Result<(), Error> {
    for (index, name) in package.names().into_iter().enumerate() {
        let name = name.to_ascii_lowercase();
        let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let is_whole = !name.contains("worksheets") && (file.ends_with(".xml") || file.ends_with(".rels"));
        if !is_whole || !WHOLE.iter().any(|start| file.starts_with(start)) {
            continue;
        }
        let bytes = match package.read_at(index) {
            Ok(content) => content.bytes,
            Err(error @ Error::TooLarge { .. }) => return Err(error),
            // What cannot be read here cannot be read there either.
            Err(_) => continue,
        };
        let too_large = |what, limit: usize| Err(Error::TooLarge { what, limit: limit as u64 });
        if file.starts_with("sharedstrings") {
            if bytes.len() > MAX_STRINGS {
                return too_large("bytes of strings", MAX_STRINGS);
            }
            let root = scan::tags(&bytes).find(|(name, _)| *name == b"sst");
            let stated = root.and_then(|(_, tag)| tag.attribute("uniqueCount")?.trim().parse::<u64>().ok());
            if stated.is_some_and(|stated| stated > MAX_STATED_STRINGS) {
                return Err(Error::corrupt("its table of strings states a length that no workbook has"));
            }
        } else if file.starts_with("styles") && memchr::memchr_iter(b'<', &bytes).count() > MAX_STYLE_TAGS {
            return too_large("styles", MAX_STYLE_TAGS);
        } else if bytes.len() > MAX_PART {
            return too_large("bytes in one part", MAX_PART);
        }
    }
    Ok(())
}

/// How the names of those parts begin.
const WHOLE: [&str; 5] = ["sharedstrings", "styles", "theme", "workbook", ".rels"];

/// What the main part says that calamine keeps to itself.
#[derive(Debug, Default)]
struct Workbook {
    /// Where the sheets are, in their order.
    parts: Vec<Option<String>>,
    /// Formulas are to be worked out when the file is opened: a result of 0 may be none.
    is_uncalculated: bool,
}

impl Workbook {
    fn read(package: &mut Package<'_>) -> Result<Self, Error> {
        let Some(main) = main_part(package)? else {
            return Ok(Self::default());
        };
        let (list, folder) = list_of(&main);
        let targets = relationships(package, &list)?;
        let Some(content) = package.read(&main)? else {
            return Ok(Self::default());
        };
        let mut workbook = Self::default();
        for (name, tag) in scan::tags(&content.bytes) {
            match name {
                b"sheet" => {
                    let target = tag.attribute("id").and_then(|id| targets.get(id));
                    workbook.parts.push(target.map(|(_, target)| resolved(folder, target)));
                }
                b"calcPr" => workbook.is_uncalculated = matches!(tag.attribute("fullCalcOnLoad"), Some("1" | "true")),
                _ => {}
            }
        }
        Ok(workbook)
    }

    fn part(&self, index: usize) -> Option<&str> {
        self.parts.get(index)?.as_deref()
    }
}

fn cells(xlsx: &mut Xlsx<Cursor<&[u8]>>, filler: &mut Filler, sheet: &mut Sheet, marks: &Marks, is_uncalculated: bool) {
    let name = sheet.name.to_string();
    let mut reader = match xlsx.worksheet_cells_reader(&name) {
        Ok(reader) => reader,
        Err(error) => return filler.left_out(format!("sheet {name}"), error.to_string()),
    };
    if filler.styles.is_empty() {
        for style in reader.styles() {
            let number = style.number_format.as_ref();
            let id = number.and_then(|number| number.format_id).unwrap_or(0);
            let code = number.map(|number| number.format_code.as_str());
            let is_bordered = style.borders.as_ref().is_some_and(calamine::Borders::has_visible_borders);
            filler.styles.push(id, code.filter(|code| *code != "General" && !is_day(id)), is_bordered);
        }
    }
    loop {
        let (cell, style) = match reader.next_cell_with_style_id() {
            Ok(Some(cell)) => cell,
            Ok(None) => return,
            Err(error) => return filler.cut(sheet, error.to_string()),
        };
        let at = cell.get_position();
        let doubt = marks.formulas.get(&at).filter(|doubt| doubt.is_missing || is_uncalculated);
        let held = match doubt {
            Some(doubt) => filler.formula(sheet, at, style, Formula::Unknown(&doubt.formula)),
            None => value(filler, sheet, at, style, cell.get_value()),
        };
        if held == Err(Full) {
            return filler.full(sheet);
        }
    }
}

/// Dates whose look the program takes from the country it runs in: calamine gives that of another.
const fn is_day(id: u32) -> bool {
    matches!(id, 14 | 22)
}

fn value(
    filler: &mut Filler,
    sheet: &mut Sheet,
    at: (u32, u32),
    style: usize,
    value: &DataRef<'_>,
) -> Result<(), Full> {
    match value {
        DataRef::Int(number) => filler.number(sheet, at, style, *number as f64),
        DataRef::Float(number) => filler.number(sheet, at, style, *number),
        DataRef::DateTime(moment) => filler.number(sheet, at, style, moment.as_f64()),
        DataRef::String(text) => filler.text(sheet, at, style, text),
        DataRef::SharedString(text) => filler.text(sheet, at, style, text),
        DataRef::Bool(value) => filler.boolean(sheet, at, style, *value),
        DataRef::DateTimeIso(text) => match serial(text) {
            Some(number) => filler.number(sheet, at, style, number - if filler.from_1904 { 1462.0 } else { 0.0 }),
            None => filler.text(sheet, at, style, text),
        },
        DataRef::DurationIso(text) => filler.text(sheet, at, style, text),
        DataRef::Error(error) => filler.text(sheet, at, style, &error.to_string()),
        DataRef::Empty => {
            filler.blank(sheet, at, style);
            Ok(())
        }
    }
}
