//! A second opinion on workbooks: what calamine reads of them stands in our document at the same place, also in the formats that we read
//! without it.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Reader as _, open_workbook_auto_from_rs};
use nianbao_model::{Block, Document, Origin};
use nianbao_tests::case::{self, Case};

/// Cells beneath a merged one, which nobody sees; calamine gives them all the same.
const BENEATH: [&str; 2] = ["sheet/beneath-merged.xlsx", "ods/beneath-merged.ods"];

#[test]
fn calamine_reads_the_same_cells() {
    let mut compared = 0;
    let is_workbook = |case: &Case| ["sheet/", "ods/"].iter().any(|folder| case.name.starts_with(folder));
    for case in case::readable().unwrap() {
        if !is_workbook(&case) || BENEATH.contains(&case.name.as_str()) {
            continue;
        }
        compared += differences(&case);
    }
    assert!(compared > 10_000, "only {compared} cells were compared");
}

/// Compares the cells of one file; how many they were.
fn differences(case: &Case) -> usize {
    let bytes = case.bytes().unwrap();
    let ours = shown(&nianbao::read(&bytes).unwrap());
    // calamine wants a file around the stream of a workbook.
    let Ok(mut book) = open_workbook_auto_from_rs(Cursor::new(&bytes)) else {
        assert!(!bytes.starts_with(b"PK") && !bytes.starts_with(b"\xD0\xCF"), "{}", case.name);
        return 0;
    };
    let mut compared = 0;
    for sheet in book.sheet_names() {
        // The far cell of one case would make calamine ask for more memory than there is.
        if case.name.contains("far-cells") {
            continue;
        }
        let range = book.worksheet_range(&sheet).unwrap();
        let (first_row, first_column) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let at = format!("{sheet}!{},{}", first_row as usize + row, first_column as usize + column);
            compared += usize::from(same(&case.name, &at, value, ours.get(&at).map(String::as_str)));
        }
    }
    compared
}

/// Whether there was anything to compare; stops where it differs.
fn same(name: &str, at: &str, theirs: &Data, ours: Option<&str>) -> bool {
    let number = match theirs {
        Data::String(text) if text.trim().is_empty() => return false,
        Data::String(text) => {
            assert_eq!(ours.map(str::trim), Some(text.replace("\r\n", "\n").trim()), "{name} {at}");
            return true;
        }
        Data::Int(number) => *number as f64,
        Data::Float(number) => *number,
        _ => return false,
    };
    // A formula that was never worked out reads as text, a dash as a dash; rounding is half a hundredth at most in the corpus.
    let digits: String =
        ours.unwrap_or_default().chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | '-')).collect();
    match digits.parse::<f64>() {
        Ok(read) if !ours.is_some_and(|text| text.starts_with('=')) => {
            assert!((read - number).abs() < 0.0051, "{name} {at}: {ours:?} for {number}");
            true
        }
        _ => {
            assert!(
                number == 0.0 || ours.is_some_and(|text| text.starts_with('=')),
                "{name} {at}: {ours:?} for {number}"
            );
            false
        }
    }
}

/// The text of every cell and paragraph by its place, rows and columns from 0.
fn shown(document: &Document) -> BTreeMap<String, String> {
    let mut shown = BTreeMap::new();
    let mut note = |origins: &[Origin], text: String| {
        if let Some(Origin::Sheet { sheet, row, column }) = origins.first() {
            shown.insert(format!("{sheet}!{row},{column}"), text);
        }
    };
    for block in &document.blocks {
        match block {
            Block::Paragraph(paragraph) => note(&paragraph.origins, paragraph.text()),
            Block::Table(table) => table.cells().iter().for_each(|cell| note(&cell.origins, cell.text())),
        }
    }
    shown
}
