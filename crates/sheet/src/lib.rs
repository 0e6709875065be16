//! Workbooks to a [`Document`]: XLSX and XLSM (ECMA-376 Part 1, clause 18; transitional and strict), XLSB [MS-XLSB], XLS and the `.et` of
//! WPS [MS-XLS], ODS and OTS of `OpenDocument` (ODF 1.0 to 1.4), packed or as one XML file.
//!
//! ```
//! let error = nianbao_sheet::extract(b"no workbook").unwrap_err();
//! assert_eq!(error.kind(), "corrupt");
//! ```
//!
//! What a cell says is what people see in it: numbers in their format, formulas as their results. Merged cells are one cell; what
//! stands together is a table, a text alone is a paragraph. Hidden rows, columns and sheets are read and said to be hidden. A formula
//! whose result the file does not hold reads as the formula, never as 0.
//!
//! What it does not do: it computes no formula; text boxes, charts, comments, headers and footers are not read; fractions (`1/3`) and
//! eras in formats are written plainly, with a warning; Excel 2 to 4 are not read.

mod biff;
mod book;
mod calendar;
mod decimal;
mod format;
mod lone;
mod merged;
mod ods;
mod parts;
mod reference;
mod regions;
mod shown;
mod table;
mod words;
mod xlsb;
mod xlsx;
mod xml;

use nianbao_container::{Error, Limits, OpenDocument, Package};
use nianbao_model::Document;

/// Reads a workbook.
///
/// A workbook that is damaged somewhere in the middle gives what stands before the damage, with a warning.
///
/// # Errors
/// A file that is not readable at all: no workbook, encrypted, or past the limits.
pub fn extract(bytes: &[u8]) -> Result<Document, Error> {
    let book = if bytes.starts_with(b"PK") {
        let mut package = Package::open(bytes, &Limits::default())?;
        if xlsb::is_workbook(&mut package) {
            xlsb::read(&mut package)?
        } else if OpenDocument::kind_of_package(&mut package)?.is_some() {
            ods::read(bytes)?
        } else {
            xlsx::read(&mut package)?
        }
    } else if ods::is_flat(bytes) {
        ods::read(bytes)?
    } else {
        biff::read(bytes)?
    };
    Ok(table::document(book))
}
