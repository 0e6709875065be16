//! The time of reading workbooks, against calamine reading every cell of them and nothing else.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::io::{Cursor, Write as _};

use calamine::{Reader, Xls, Xlsb, Xlsx};
use nianbao::Forms;
use nianbao_tests::case;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::docx::extract;
use crate::time::{mean, milliseconds, shortest};

/// Prints the times of all files.
pub(crate) fn run() -> Result<(), Box<dyn Error>> {
    let forms = Forms::builtin();
    println!(
        "\n{:<30}{:>8}{:>10}{:>9}{:>8}{:>11}{:>8}",
        "sheet", "KiB", "floor ms", "read ms", "ratio", "extract ms", "ratio"
    );
    let mut read_ratios = Vec::new();
    for (name, bytes) in files()? {
        floor(&name, &bytes)?;
        let [least, read, whole] = shortest([
            &|| drop(black_box(floor(&name, black_box(&bytes)))),
            &|| drop(black_box(nianbao::read(black_box(&bytes)))),
            &|| drop(black_box(extract(black_box(&bytes), &forms))),
        ]);
        let ratio = |time: std::time::Duration| time.as_secs_f64() / least.as_secs_f64();
        read_ratios.push(ratio(read));
        println!(
            "{name:<30}{:>8}{:>10.3}{:>9.3}{:>8.2}{:>11.3}{:>8.2}",
            bytes.len() / 1024,
            milliseconds(least),
            milliseconds(read),
            ratio(read),
            milliseconds(whole),
            ratio(whole)
        );
    }
    println!("{:<65}{:>8.2}", "reading, geometric mean", mean(&read_ratios));
    Ok(())
}

/// A name, and the bytes of a file.
type File = (String, Vec<u8>);

/// Reports of the corpus, and a large table.
fn files() -> Result<Vec<File>, Box<dyn Error>> {
    let names = ["plain-2021.xlsx", "plain-2019.xlsx", "plain-2021.xls", "plain-2021.xlsb"];
    let mut files = Vec::new();
    for name in names {
        files.push((name.to_owned(), fs::read(case::corpus().join("sheet").join(name))?));
    }
    files.push(("20,000 rows of 10.xlsx".to_owned(), large()?));
    Ok(files)
}

/// Every cell, as calamine gives it.
fn floor(name: &str, bytes: &[u8]) -> Result<usize, Box<dyn Error>> {
    let bytes = Cursor::new(bytes);
    let mut cells = 0;
    if name.ends_with(".xls") {
        let mut book: Xls<_> = Xls::new(bytes)?;
        for sheet in book.sheet_names() {
            cells += book.worksheet_range(&sheet)?.used_cells().count();
        }
    } else if name.ends_with(".xlsb") {
        let mut book: Xlsb<_> = Xlsb::new(bytes)?;
        for sheet in book.sheet_names() {
            let mut reader = book.worksheet_cells_reader(&sheet)?;
            while black_box(reader.next_cell()?).is_some() {
                cells += 1;
            }
        }
    } else {
        let mut book: Xlsx<_> = Xlsx::new(bytes)?;
        for sheet in book.sheet_names() {
            let mut reader = book.worksheet_cells_reader(&sheet)?;
            while black_box(reader.next_cell()?).is_some() {
                cells += 1;
            }
        }
    }
    Ok(cells)
}

/// A workbook of one table with a label and nine figures in each row.
fn large() -> Result<Vec<u8>, Box<dyn Error>> {
    let mut rows = String::new();
    for row in 1..=20_000_u32 {
        write!(rows, r#"<row r="{row}"><c r="A{row}" t="s"><v>{}</v></c>"#, row % 50)?;
        for (column, letter) in (1..).zip("BCDEFGHIJ".chars()) {
            write!(rows, r#"<c r="{letter}{row}" s="1"><v>{}</v></c>"#, row * column)?;
        }
        rows.push_str("</row>");
    }
    let strings: String = (0..50).map(|row| format!("<si><t>事项{row}</t></si>")).collect();
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let parts = [
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="a" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="a" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="明细" sheetId="1" r:id="a"/></sheets></workbook>"#
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                r#"<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="3"/></cellXfs></styleSheet>"#
            ),
        ),
        ("xl/sharedStrings.xml", format!(r#"<sst xmlns="{MAIN}">{strings}</sst>"#)),
        ("xl/worksheets/sheet1.xml", format!(r#"<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>"#)),
    ];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(name, SimpleFileOptions::default())?;
        writer.write_all(text.as_bytes())?;
    }
    Ok(writer.finish()?.into_inner())
}
