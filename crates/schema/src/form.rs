//! One edition of a form, read from a TOML file: its sections, tables, labels and equations. A form is data, not code.
//!
//! `forms/2021.toml` and `forms/2019.toml` are built in; a user may bring another (`--form my.toml`). `FORMS.md` tells how such a file
//! is written.

mod file;
mod key;
mod sum;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use serde::Deserialize;

use file::{ColumnFile, EquationFile, FormFile, GroupFile, RowFile, TableFile};
use key::are_grouped;
use sum::{Pattern, Sum};

pub use key::FieldKey;

use crate::label::{Lexicon, bare};

/// One figure that a form asks for.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub key: FieldKey,
    /// The unit that the form prints; empty where it fixes none.
    pub unit: String,
    /// It may be negative.
    pub signed: bool,
    /// It may have decimals: amounts of money, not counts.
    pub fractional: bool,
    /// It stands in a row that replaces others, and is absent where those are printed.
    pub alternative: bool,
    /// The label of its row and column, as the form prints them.
    pub label: String,
    /// The same in English; the words of its key where the form file has none.
    pub label_en: String,
    pub(crate) table: usize,
    pub(crate) row: usize,
    /// Some equation speaks of it.
    pub(crate) enters_a_sum: bool,
}

/// One edition of a form.
#[derive(Clone, Debug)]
pub struct Form {
    /// Its short name: `2021`.
    pub name: String,
    /// What it is called in full.
    pub title: String,
    /// The notice that it came with, where there is one.
    pub notice: Option<String>,
    /// Its sections, in order.
    pub sections: Vec<SectionSpec>,
    /// Its figures, in the order of the form.
    pub fields: Vec<Field>,
    /// Its equations, one for each row, column or block that a rule of the form speaks of.
    pub equations: Vec<Equation>,
    /// The rules that the equations stand for.
    pub equation_rules: Vec<EquationRule>,
    /// The figures whose keys begin with the same parts stand one behind the other.
    pub is_grouped: bool,
    pub(crate) tables: Vec<FormTable>,
    /// Labels that only this form has.
    pub(crate) marks: HashSet<String>,
    pub(crate) lexicon: Lexicon<Meaning>,
    /// The headings of sections as they are known, for looking up one as it is: every text is looked up in every form.
    pub(crate) headings: HashMap<String, SectionKind>,
}

/// A section that the form asks for.
#[derive(Clone, Debug)]
pub struct SectionSpec {
    /// Its kind, as in JSON.
    pub kind: SectionKind,
    /// Its heading as the form prints it.
    pub heading: String,
    /// Folded words by which its heading is known.
    pub(crate) words: Vec<String>,
}

/// The kinds of section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    /// 总体情况
    Overview,
    /// 主动公开政府信息情况
    Disclosure,
    /// 收到和处理政府信息公开申请情况
    Requests,
    /// 政府信息公开行政复议、行政诉讼情况
    Remedies,
    /// 存在的主要问题及改进情况
    Problems,
    /// 其他需要报告的事项, and every section that the form does not know.
    Other,
}

impl SectionKind {
    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Disclosure => "disclosure",
            Self::Requests => "requests",
            Self::Remedies => "remedies",
            Self::Problems => "problems",
            Self::Other => "other",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct FormTable {
    pub(crate) label: String,
    pub(crate) columns: Vec<FormColumn>,
    pub(crate) rows: Vec<FormRow>,
    pub(crate) groups: Vec<FormGroup>,
}

impl FormTable {
    /// The first of the columns that a header of the outermost level stands over: its own, or those of its group (法人或其他组织).
    pub(crate) fn head(&self, column: Option<usize>, canonical: &str) -> Option<usize> {
        let alone = column.filter(|&column| self.columns.get(column).is_some_and(|column| column.under.is_empty()));
        alone.or_else(|| self.columns.iter().position(|column| column.under.iter().any(|label| label == canonical)))
    }

    /// Whether columns, as one row of headers names them, stand in the order of the form.
    ///
    /// A label may stand for several columns, of which the first is given here (结果维持 of the first block for that of any). Those under
    /// the same headers go up; behind a whole block a new one begins with its first column.
    pub(crate) fn is_in_order(&self, columns: &[usize]) -> bool {
        let under = |column: usize| self.columns.get(column).map(|column| &column.under);
        // Of each block: the column that it began with, and the last one.
        let mut seen: BTreeMap<Option<&Vec<String>>, (usize, usize)> = BTreeMap::new();
        columns.iter().all(|&column| {
            let mut block = (0..self.columns.len()).filter(|&peer| under(peer) == under(column));
            let whole = (block.next(), block.next_back());
            let (begin, last) = seen.get(&under(column)).copied().unwrap_or((column, column));
            let is_new = !seen.contains_key(&under(column));
            let begins_anew = whole == (Some(begin), Some(last)) && column == begin;
            seen.insert(under(column), (if is_new || begins_anew { column } else { begin }, column));
            is_new || last < column || begins_anew
        })
    }
}

#[derive(Clone, Debug)]
pub(crate) struct FormGroup {
    /// The key that its rows begin with.
    pub(crate) key: String,
    /// The printed label.
    pub(crate) label: String,
}

#[derive(Clone, Debug)]
pub(crate) struct FormColumn {
    /// The printed label.
    pub(crate) label: String,
    /// The printed labels that stand over it, outermost first.
    pub(crate) over: Vec<String>,
    /// Bare labels that stand over the column's own, outermost first.
    pub(crate) under: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct FormRow {
    pub(crate) key: String,
    pub(crate) label: String,
    /// Which columns of the table the row has figures in, left to right.
    pub(crate) columns: Vec<usize>,
    /// The figures in these columns: indices into [`Form::fields`].
    pub(crate) fields: Vec<usize>,
    /// The rows of the same table that this one replaces.
    pub(crate) instead_of: Vec<usize>,
}

/// What a label of a form stands for. Table, row and column are indices into the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Row {
        table: usize,
        row: usize,
    },
    Column {
        table: usize,
        column: usize,
    },
    /// A label over several columns, or other print that belongs to a table and to no figure.
    Furniture {
        table: usize,
    },
    /// A label over several rows.
    Group {
        table: usize,
        group: usize,
    },
}

impl Meaning {
    pub(crate) const fn table(self) -> usize {
        match self {
            Self::Row { table, .. }
            | Self::Column { table, .. }
            | Self::Furniture { table }
            | Self::Group { table, .. } => table,
        }
    }
}

/// One equation between figures: the terms add up to nought.
#[derive(Clone, Debug)]
pub struct Equation {
    /// The rule it comes from: an index into [`Form::equation_rules`].
    pub rule: usize,
    /// Indices into [`Form::fields`], with the sign of each.
    pub terms: Vec<(i8, usize)>,
    /// What the variable of the rule stands for here, empty where it has none: `total`, `outcome.granted`.
    pub of: String,
}

/// A rule of the form that is a sum.
#[derive(Clone, Debug)]
pub struct EquationRule {
    /// Its code: `requests.row`.
    pub code: String,
    /// The sum as the form file writes it.
    pub sum: String,
    /// What it says, in Chinese.
    pub zh: String,
    /// What it says, in English.
    pub en: String,
}

impl Form {
    /// Reads a form file.
    ///
    /// # Errors
    /// What is wrong in it, and where.
    pub fn parse(text: &str) -> Result<Self, FormError> {
        let file: FormFile =
            toml::from_str(text).map_err(|error| FormError(error.to_string().trim_end().to_owned()))?;
        let mut form = Self {
            name: file.name,
            title: file.title,
            notice: file.notice,
            sections: file.section.into_iter().map(SectionSpec::from).collect(),
            fields: Vec::new(),
            equations: Vec::new(),
            equation_rules: Vec::new(),
            is_grouped: true,
            tables: Vec::new(),
            marks: file.marks.iter().map(|mark| bare(mark)).collect(),
            lexicon: Lexicon::new(),
            headings: HashMap::new(),
        };
        for section in &form.sections {
            for words in &section.words {
                form.headings.entry(words.clone()).or_insert(section.kind);
            }
        }
        for table in file.table {
            form.add_table(table)?;
        }
        for equation in file.equation {
            form.add_equation(equation)?;
        }
        form.check_counts(file.figures, file.equations)?;
        form.is_grouped = are_grouped(form.fields.iter().map(|field| &field.key));
        Ok(form)
    }

    /// The figures that a report must have: without those of rows that stand in for others.
    pub fn required(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| !field.alternative)
    }

    /// The field of that name.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key.as_str() == key)
    }

    /// Whether any equation speaks of the field.
    pub(crate) fn enters_a_sum(&self, field: usize) -> bool {
        self.fields.get(field).is_some_and(|field| field.enters_a_sum)
    }

    pub(crate) fn row(&self, table: usize, row: usize) -> Option<&FormRow> {
        self.tables.get(table)?.rows.get(row)
    }

    fn add_table(&mut self, mut file: TableFile) -> Result<(), FormError> {
        let table = self.tables.len();
        if file.columns.is_empty() {
            return Err(FormError(format!("table {:?} has no columns", file.key)));
        }
        for label in &file.furniture {
            self.lexicon.add(label, Meaning::Furniture { table });
        }
        for (column, entry) in file.columns.iter().enumerate() {
            for label in entry.labels() {
                self.lexicon.add(label, Meaning::Column { table, column });
            }
        }
        for (group, entry) in file.groups.iter().enumerate() {
            for label in entry.labels() {
                self.lexicon.add(label, Meaning::Group { table, group });
            }
        }
        let mut rows = std::mem::take(&mut file.rows);
        if rows.is_empty() {
            rows.push(RowFile::default());
        }
        let find_column = |key: &String| {
            let found = file.columns.iter().position(|column| column.key == *key);
            found.ok_or_else(|| FormError(format!("table {:?} has no column {key:?}", file.key)))
        };
        let find_row = |key: &String| {
            let found = rows.iter().position(|row| row.key == *key);
            found.ok_or_else(|| FormError(format!("table {:?} has no row {key:?}", file.key)))
        };
        let mut form_rows = Vec::new();
        for (row, entry) in rows.iter().enumerate() {
            for label in entry.labels() {
                self.lexicon.add(label, Meaning::Row { table, row });
            }
            let columns = match &entry.columns {
                Some(keys) => keys.iter().map(find_column).collect::<Result<Vec<_>, _>>()?,
                None => (0..file.columns.len()).collect(),
            };
            let instead_of = entry.instead_of.iter().map(find_row).collect::<Result<Vec<_>, _>>()?;
            let first = self.fields.len();
            for spec in columns.iter().filter_map(|&column| file.columns.get(column)) {
                self.add_field(&file, (table, row), entry, spec)?;
            }
            let fields = (first..self.fields.len()).collect();
            let (key, label) = (entry.key.clone(), entry.label.clone());
            form_rows.push(FormRow { key, label, columns, fields, instead_of });
        }
        let columns = file.columns.iter().map(FormColumn::from).collect();
        let group = |group: &GroupFile| FormGroup { key: group.key.clone(), label: group.label.clone() };
        let groups = file.groups.iter().map(group).collect();
        self.tables.push(FormTable { label: file.label, columns, rows: form_rows, groups });
        Ok(())
    }

    fn add_field(
        &mut self,
        file: &TableFile,
        at: (usize, usize),
        row: &RowFile,
        column: &ColumnFile,
    ) -> Result<(), FormError> {
        let parts = [file.key.as_str(), row.key.as_str(), column.key.as_str()];
        let key = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".");
        if let Some(clash) = self.fields.iter().find(|field| clashes(field.key.as_str(), &key)) {
            return Err(FormError(format!("{key:?} and {:?} cannot both be figures", clash.key.as_str())));
        }
        let unit = column.unit.as_ref().unwrap_or(&file.unit).clone();
        let mut label = row.label.clone();
        for part in column.under.iter().chain([&column.label]) {
            if !label.is_empty() {
                label.push_str(" · ");
            }
            label.push_str(part);
        }
        let label_en = english(row, column, &key);
        self.fields.push(Field {
            key: FieldKey::new(self.fields.len(), &key),
            signed: column.signed,
            fractional: unit.is_empty() || unit.ends_with('元'),
            unit,
            alternative: !row.instead_of.is_empty(),
            label,
            label_en,
            table: at.0,
            row: at.1,
            enters_a_sum: false,
        });
        Ok(())
    }

    fn add_equation(&mut self, file: EquationFile) -> Result<(), FormError> {
        let rule = self.equation_rules.len();
        let sum = Sum::parse(&file.sum).map_err(|what| FormError(format!("equation {:?}: {what}", file.code)))?;
        // The fields that each term can mean, whatever the variable stands for: a small part of all.
        let candidates: Vec<Vec<(usize, &FieldKey)>> = sum
            .terms
            .iter()
            .map(|(_, pattern)| self.keys().filter(|(_, key)| pattern.fits(key, None)).collect())
            .collect();
        let mut found = Vec::new();
        for of in self.bindings(&sum) {
            let fitting =
                |((sign, pattern), candidates): (&(i8, Pattern), &Vec<(usize, &FieldKey)>)| -> Vec<(i8, usize)> {
                    let fields = candidates.iter().filter(|(_, key)| pattern.fits(key, Some(&of)));
                    fields.map(|&(index, _)| (*sign, index)).collect()
                };
            let terms: Vec<Vec<(i8, usize)>> = sum.terms.iter().zip(&candidates).map(fitting).collect();
            // A row that lacks one of the columns has no such equation.
            if terms.iter().all(|term| !term.is_empty()) {
                found.push(Equation { rule, terms: terms.concat(), of });
            }
        }
        if found.is_empty() {
            return Err(FormError(format!("equation {:?} fits no figure", file.code)));
        }
        for &(_, field) in found.iter().flat_map(|equation| &equation.terms) {
            if let Some(field) = self.fields.get_mut(field) {
                field.enters_a_sum = true;
            }
        }
        self.equations.extend(found);
        self.equation_rules.push(EquationRule { code: file.code, sum: file.sum, zh: file.zh, en: file.en });
        Ok(())
    }

    fn keys(&self) -> impl Iterator<Item = (usize, &FieldKey)> {
        self.fields.iter().map(|field| &field.key).enumerate()
    }

    /// What the variable of the sum can stand for, in the order of the form; one empty text where it has no variable.
    fn bindings(&self, sum: &Sum) -> Vec<String> {
        let Some(pattern) = sum.terms.iter().map(|(_, pattern)| pattern).find(|pattern| pattern.has_variable()) else {
            return vec![String::new()];
        };
        let mut bindings: Vec<String> = Vec::new();
        for field in &self.fields {
            if let Some(binding) = pattern.binding(&field.key)
                && !bindings.contains(&binding)
            {
                bindings.push(binding);
            }
        }
        bindings
    }

    /// A form file states how many figures and equations it holds, so that a slip in it cannot pass unseen.
    fn check_counts(&self, figures: Option<usize>, equations: Option<usize>) -> Result<(), FormError> {
        let count = self.required().count();
        if figures.is_some_and(|stated| stated != count) {
            return Err(FormError(format!("it states {} figures and holds {count}", figures.unwrap_or(0))));
        }
        let alternative = |index: usize| self.fields.get(index).is_some_and(|field| field.alternative);
        // An equation whose every figure is an alternative one belongs to the alternative row.
        let count = self
            .equations
            .iter()
            .filter(|equation| !equation.terms.iter().all(|&(_, index)| alternative(index)))
            .count();
        if equations.is_some_and(|stated| stated != count) {
            return Err(FormError(format!("it states {} equations and holds {count}", equations.unwrap_or(0))));
        }
        Ok(())
    }
}

/// The English label of a figure. Where the file does not say it whole, the words of the key behind its table.
fn english(row: &RowFile, column: &ColumnFile, key: &str) -> String {
    let known = !column.en.is_empty()
        && (row.label.is_empty() || !row.en.is_empty())
        && column.under.len() == column.under_en.len();
    if !known {
        return key.split_once('.').map_or(key, |(_, words)| words).replace('.', " · ").replace('_', " ");
    }
    let parts = std::iter::once(&row.en).chain(&column.under_en).chain([&column.en]);
    parts.filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" · ")
}

/// Whether two keys cannot both be leaves of one tree.
fn clashes(one: &str, other: &str) -> bool {
    let below =
        |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    below(one, other) || below(other, one)
}

/// What is wrong in a form file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormError(String);

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl std::error::Error for FormError {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn form(name: &str) -> Form {
        let forms = crate::Forms::builtin();
        forms.iter().find(|form| form.name == name).cloned().unwrap()
    }

    #[test]
    fn the_built_in_forms_hold_what_the_notices_state() {
        assert_eq!(form("2021").required().count(), 200);
        assert_eq!(form("2019").required().count(), 198);
    }

    #[test]
    fn an_equation_stands_for_every_row_column_or_block() {
        let form = form("2021");
        let outcome = form.equation_rules.iter().position(|rule| rule.code == "requests.outcome").unwrap();
        let columns: Vec<_> = form.equations.iter().filter(|equation| equation.rule == outcome).collect();
        assert_eq!(columns.len(), 7);
        // 21 rows, the row that may stand in for three of them, and the total.
        assert!(columns.iter().all(|equation| equation.terms.len() == 23));
        assert_eq!(columns[6].of, "total");
    }

    #[test]
    fn every_figure_has_a_label_in_both_languages() {
        for name in ["2021", "2019"] {
            let form = form(name);
            let labels: BTreeSet<_> = form.fields.iter().map(|field| (field.table, &field.label_en)).collect();
            assert_eq!(labels.len(), form.fields.len(), "two figures of {name} have one English label");
            assert!(
                form.fields
                    .iter()
                    .all(|field| field.label_en.replace("·", "").is_ascii() && !field.label_en.contains('_'))
            );
        }
        let form = form("2021");
        let label = |key: &str| form.field(key).unwrap().label_en.as_str();
        assert_eq!(label("remedies.litigation.direct.upheld"), "litigation · filed directly · upheld");
        assert_eq!(label("requests.outcome.granted.research"), "3.1 Disclosed · organisations · research institutions");
    }

    #[test]
    fn a_form_file_without_english_has_the_words_of_its_keys() {
        let text = "name='x'\ntitle='x'\n[[table]]\nkey='t'\ncolumns=[{key='in_force',label='甲'}]\n\
                    rows=[{key='a.b',label='乙'}]\n";
        assert_eq!(Form::parse(text).unwrap().fields[0].label_en, "a · b · in force");
    }

    #[test]
    fn a_label_may_stand_in_more_than_one_place() {
        let form = form("2021");
        assert_eq!(form.lexicon.exact("其他").len(), 2);
        assert_eq!(form.lexicon.exact("结果维持").len(), 3);
    }

    #[test]
    fn a_slip_in_a_form_file_is_told() {
        let table = "name='x'\ntitle='x'\n[[table]]\nkey='t'\ncolumns=[{key='a',label='甲'},{key='b',label='乙'}]\n";
        assert!(Form::parse(table).is_ok());
        let wrong = [
            ("figures=3\n".to_owned() + table, "it states 3 figures and holds 2"),
            (table.to_owned() + "[[equation]]\ncode='e'\nsum='t.a + t.c = t.b'\n", "fits no figure"),
            (table.to_owned() + "[[equation]]\ncode='e'\nsum='t.a + t.b'\n", "there is no = in the sum"),
            (table.replace("key='b'", "key='a.x'"), "cannot both be figures"),
            (table.replace("label='乙'", "labl='乙'"), "unknown field"),
        ];
        for (text, message) in wrong {
            let error = Form::parse(&text).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
    }
}
