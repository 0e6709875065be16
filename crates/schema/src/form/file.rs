//! A form file as TOML has it, before its labels and sums are worked out.

use serde::Deserialize;

use super::{FormColumn, SectionKind, SectionSpec};
use crate::label::canonical;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FormFile {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) notice: Option<String>,
    pub(super) figures: Option<usize>,
    pub(super) equations: Option<usize>,
    #[serde(default)]
    pub(super) marks: Vec<String>,
    #[serde(default)]
    pub(super) section: Vec<SectionFile>,
    pub(super) table: Vec<TableFile>,
    #[serde(default)]
    pub(super) equation: Vec<EquationFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SectionFile {
    pub(super) kind: SectionKind,
    pub(super) heading: String,
    #[serde(default)]
    pub(super) words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableFile {
    pub(super) key: String,
    #[serde(default)]
    pub(super) label: String,
    #[serde(default)]
    pub(super) unit: String,
    #[serde(default)]
    pub(super) furniture: Vec<String>,
    pub(super) columns: Vec<ColumnFile>,
    #[serde(default)]
    pub(super) groups: Vec<GroupFile>,
    #[serde(default)]
    pub(super) rows: Vec<RowFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnFile {
    pub(super) key: String,
    pub(super) label: String,
    #[serde(default)]
    pub(super) en: String,
    #[serde(default)]
    pub(super) also: Vec<String>,
    #[serde(default)]
    pub(super) under: Vec<String>,
    #[serde(default)]
    pub(super) under_en: Vec<String>,
    pub(super) unit: Option<String>,
    #[serde(default)]
    pub(super) signed: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupFile {
    pub(super) key: String,
    pub(super) label: String,
    #[serde(default)]
    pub(super) also: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RowFile {
    pub(super) key: String,
    pub(super) label: String,
    #[serde(default)]
    pub(super) en: String,
    #[serde(default)]
    pub(super) also: Vec<String>,
    pub(super) columns: Option<Vec<String>>,
    #[serde(default)]
    pub(super) instead_of: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EquationFile {
    pub(super) code: String,
    pub(super) sum: String,
    #[serde(default)]
    pub(super) zh: String,
    #[serde(default)]
    pub(super) en: String,
}

impl ColumnFile {
    pub(super) fn labels(&self) -> impl Iterator<Item = &String> {
        self.also.iter().chain([&self.label])
    }
}

impl GroupFile {
    pub(super) fn labels(&self) -> impl Iterator<Item = &String> {
        self.also.iter().chain([&self.label])
    }
}

impl RowFile {
    /// No label at all for the one row of a table without row labels.
    pub(super) fn labels(&self) -> impl Iterator<Item = &String> {
        self.also.iter().chain([&self.label]).filter(|label| !label.is_empty())
    }
}

impl From<SectionFile> for SectionSpec {
    fn from(file: SectionFile) -> Self {
        let words = file.words.iter().chain([&file.heading]).map(|words| canonical(words)).collect();
        Self { kind: file.kind, heading: file.heading, words }
    }
}

impl From<&ColumnFile> for FormColumn {
    fn from(file: &ColumnFile) -> Self {
        let under = file.under.iter().map(|label| canonical(label)).collect();
        Self { label: file.label.clone(), over: file.under.clone(), under }
    }
}
