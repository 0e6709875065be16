//! One reading of a document that gives everything: reports and tables from the same pass.

use nianbao_model::Format;
use nianbao_schema::Forms;

use crate::output::{Output, Source, TablesOutput};
use crate::{filled, guarded, read, reconcile};

/// What one reading of a document gives. It depends on the bytes and the forms alone: `source.path` is empty in all of it, and whether
/// a name disagrees with the bytes is not looked at.
#[derive(Debug)]
pub struct Reading {
    /// The format of the bytes, where the document could be read.
    pub format: Option<Format>,
    /// What `nianbao extract` prints: a line for each report, or one that says why there is none.
    pub reports: Vec<Output>,
    /// What `nianbao tables` prints, where it was asked for.
    pub tables: Option<TablesOutput>,
}

/// How far a reading has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The bytes are a document.
    Read,
    /// What layout broke apart is joined.
    Reconciled,
    /// The reports are filled and checked.
    Filled,
}

/// Reads a document once, for its reports and, where `tables` says so, for its tables. `digest` is the SHA-256 of the bytes; `reached`
/// is told of each stage when it is behind us.
pub fn reading(
    bytes: &[u8],
    digest: &[u8; 32],
    forms: &Forms,
    tables: bool,
    reached: &mut dyn FnMut(Stage),
) -> Reading {
    let source = Source::known("", bytes.len(), digest);
    let mut format = None;
    let document = read(bytes).and_then(|document| {
        format = Some(document.format);
        reached(Stage::Read);
        guarded(|| Ok(reconcile(document)))
    });
    let source = source.of_format(format);
    let document = match document {
        Ok(document) => document,
        Err(error) => {
            let tables = tables.then(|| TablesOutput::failed_at(source.clone(), &error));
            return Reading { format, reports: vec![Output::failed_at(source, &error)], tables };
        }
    };
    reached(Stage::Reconciled);
    let tables = tables.then(|| TablesOutput::at(source.clone(), &document));
    let reports = match guarded(|| filled(document, forms)) {
        Ok(reports) => Output::at(&source, reports),
        Err(error) => vec![Output::failed_at(source, &error)],
    };
    reached(Stage::Filled);
    Reading { format, reports, tables }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    const REPORT: &str = "甲市乙局2023年政府信息公开工作年度报告\n二、主动公开政府信息情况\n\
                          信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t1\t0\t4\n行政规范性文件\t2\t1\t9\n";

    fn lines(values: &[impl serde::Serialize]) -> Vec<String> {
        values.iter().map(|value| serde_json::to_string(value).unwrap()).collect()
    }

    #[test]
    fn one_reading_says_what_the_two_commands_print() {
        for text in [REPORT, "没有报告", ""] {
            let (bytes, forms) = (text.as_bytes(), Forms::builtin());
            let mut stages = Vec::new();
            let reading = reading(bytes, &Sha256::digest(bytes).into(), &forms, true, &mut |stage| stages.push(stage));
            assert_eq!(lines(&reading.reports), lines(&crate::extract("", bytes, &forms)), "{text}");
            assert_eq!(lines(reading.tables.as_slice()), lines(&[crate::tables("", bytes, false)]), "{text}");
            assert_eq!(stages.len(), if text.is_empty() { 0 } else { 3 }, "{stages:?}");
        }
    }
}
