//! The status of a shard: what came of each document, beside the row of the manifest that named its file.

use std::path::Path;

use nianbao::hex;

use super::block::Came;
use super::columnar::Columnar;
use super::columns::{Table, text};
use super::part::rename;
use super::rows::Rows;
use super::tables::{BYTES, KIND, MESSAGE, OUTCOME, PATH, REPORTS_HELD, SHA256};
use super::{Document, Error, WrittenFile};

/// It is no table of the dataset, which has `documents`.
const STATUS: Table = Table {
    name: "status",
    en: "One row for each document that a shard met, with the row of the manifest that named its file.",
    zh: "分片遇到的每个文件或压缩包成员一行，并注明清单中的对应行。",
    columns: &[
        text("uri", "the file, as the manifest has it", "清单中的文件").required(),
        text("document", "the document, as in documents", "文件编号").required(),
        PATH,
        BYTES,
        SHA256,
        OUTCOME,
        REPORTS_HELD,
        KIND,
        MESSAGE,
    ],
    key: &["document"],
    foreign: &[],
    indexes: &[],
    ordered_by: Some("path"),
    many: false,
};

/// Rows of it.
#[derive(Debug)]
pub(crate) struct Status(Rows);

impl Status {
    pub(crate) fn new() -> Self {
        Self(Rows::new(&STATUS))
    }

    /// Adds a document whose file the manifest calls so.
    pub(crate) fn add(&mut self, uri: &str, document: &Document) {
        let Came { reports, outcome, why, .. } = Came::of(document);
        let (kind, message) = why.unzip();
        let sha256 = document.sha256.as_ref().map(|digest| hex(digest));
        self.0.push(&[
            uri.into(),
            (&document.id).into(),
            (&document.path).into(),
            document.bytes.into(),
            sha256.as_ref().into(),
            outcome.into(),
            reports.into(),
            kind.into(),
            message.into(),
        ]);
    }

    /// Writes it into a folder.
    pub(crate) fn finish(mut self, folder: &Path) -> Result<WrittenFile, Error> {
        let mut columnar = Columnar::create(folder, &STATUS)?;
        if !self.0.is_empty() {
            columnar.write(&self.0.finish().map_err(Error::source)?)?;
        }
        let file = columnar.finish()?;
        rename(folder, &file.name)?;
        Ok(file)
    }
}
