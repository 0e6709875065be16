//! From bytes to a checked report: the front door of the library.
//!
//! ```text
//! bytes ─ detect ─▶ a reader ─▶ Document ─ reconcile ─▶ Document ─ fill ─▶ Report ─ check ─▶ findings
//! ```
//!
//! ```
//! use nianbao::Forms;
//!
//! let text = "甲市乙局2023年政府信息公开工作年度报告\n二、主动公开政府信息情况\n\
//!             信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t1\t0\t4\n行政规范性文件\t2\t1\t9\n";
//! let reports = nianbao::reports(text.as_bytes(), &Forms::builtin())?;
//! let report = reports.first().ok_or("no report")?;
//! assert_eq!(report.year.as_ref().map(|year| year.value), Some(2023));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What it does not do: it opens no file. RAR and 7z archives are not opened.

mod bundle;
mod detect;
mod error;
mod markup;
mod members;
mod name;
mod named;
mod output;
mod reading;
mod schema;

pub use bundle::{Member, documents};
pub use error::Error;
pub use named::{failed_line, named};
pub use nianbao_model::{BoundingBox, Document, Format, Origin, Part, Warning};
pub use nianbao_schema::{
    Block, BlockRow, Equation, Explanation, FieldKey, Figure, Finding, Form, FormError, Forms, Report, Severity, State,
    Status, explain, rules,
};
pub use output::{Failure, Output, TablesOutput, hex};
pub use reading::{Reading, Stage, reading};
pub use schema::json_schema;

/// Reads a file into a document, as it is: nothing is joined yet.
///
/// # Errors
/// A file that cannot be read at all.
pub fn read(bytes: &[u8]) -> Result<Document, Error> {
    guarded(|| {
        let document = match detect::detect(bytes)? {
            Format::Docx => nianbao_docx::extract(bytes),
            Format::Doc => nianbao_word97::extract(bytes),
            Format::Rtf => nianbao_rtf::extract(bytes),
            Format::Pdf => nianbao_pdf::extract(bytes),
            Format::Odt => nianbao_odf::extract(bytes),
            Format::Xlsx | Format::Xlsb | Format::Xls | Format::Ods => nianbao_sheet::extract(bytes),
            Format::Html | Format::Mhtml => nianbao_html::extract(bytes),
            Format::Text => nianbao_text::extract(bytes),
            // The model knows more formats than this program reads.
            _ => return Err(Error::UnknownFormat),
        };
        document.map_err(Error::Read)
    })
}

/// Joins what layout broke apart in a document as read.
pub fn reconcile(document: Document) -> Document {
    nianbao_reconcile::reconcile(document)
}

/// Every report that a file holds, filled and checked; at least one.
///
/// # Errors
/// A file that cannot be read at all, or that holds no report.
pub fn reports(bytes: &[u8], forms: &Forms) -> Result<Vec<Report>, Error> {
    reports_of(read(bytes)?, forms)
}

fn reports_of(document: Document, forms: &Forms) -> Result<Vec<Report>, Error> {
    guarded(|| filled(reconcile(document), forms))
}

fn filled(document: Document, forms: &Forms) -> Result<Vec<Report>, Error> {
    let mut reports = nianbao_schema::fill(forms, &document);
    if reports.is_empty() {
        return Err(Error::NoReport);
    }
    for report in &mut reports {
        report.findings = nianbao_schema::check(report);
        // What reading and reconciling were not sure of belongs to every report of the file.
        report.warnings.splice(..0, document.warnings.iter().cloned());
    }
    Ok(reports)
}

/// Reads a file, and tells where its name says another format than its bytes.
fn read_named(path: &str, bytes: &[u8]) -> Result<Document, Error> {
    let mut document = read(bytes)?;
    document.warnings.splice(..0, name::disagreement(path, document.format));
    Ok(document)
}

/// What `nianbao extract` prints of one file: a line for each report that it holds, or one that says why there is none.
///
/// `path` names the file in the output. An archive is no document: [`documents`] hands over what it holds.
pub fn extract(path: &str, bytes: &[u8], forms: &Forms) -> Vec<Output> {
    let document = match read_named(path, bytes) {
        Ok(document) => document,
        Err(error) => return vec![Output::failed(path, bytes, None, &error)],
    };
    let format = document.format;
    match reports_of(document, forms) {
        Ok(reports) => Output::of(path, bytes, format, reports),
        Err(error) => vec![Output::failed(path, bytes, Some(format), &error)],
    }
}

/// What `nianbao tables` prints of one file: its tables, reconciled, or as read where `raw` is asked for.
pub fn tables(path: &str, bytes: &[u8], raw: bool) -> TablesOutput {
    let document = read_named(path, bytes)
        .and_then(|document| if raw { Ok(document) } else { guarded(|| Ok(reconcile(document))) });
    match document {
        Ok(document) => TablesOutput::of(path, bytes, &document),
        Err(error) => TablesOutput::failed(path, bytes, &error),
    }
}

/// Does the work; a fault of ours that stops it fails this file alone, and leaves those beside it be.
fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    // Whatever the work left half done is dropped with it: nothing broken can be seen from outside.
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or_else(|fault| {
        let words = fault.downcast_ref::<&str>().copied();
        let words = words.or_else(|| fault.downcast_ref::<String>().map(String::as_str));
        Err(Error::Crashed { fault: words.unwrap_or("no reason given").to_owned() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_ours_becomes_an_error_of_the_file() {
        let found: Result<(), Error> = guarded(|| panic!("row {} is gone", 7));
        let error = found.unwrap_err();
        assert_eq!(error.kind(), "crashed");
        assert!(error.to_string().contains("row 7 is gone"), "{error}");
        assert_eq!(guarded(|| Ok(1)), Ok(1));
        assert_eq!(guarded(|| Err::<(), _>(Error::Empty)), Err(Error::Empty));
    }
}
