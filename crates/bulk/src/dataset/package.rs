//! `datapackage.json`: what the files of the dataset are, in the words of Data Package v2 (Frictionless).

use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, io};

use nianbao::{Forms, hex};
use serde_json::{Map, Value, json};

use super::block::Seen;
use super::columns::{Codes, Column, Kind, Table};
use super::delimited::TREATMENT;
use super::part::standing;
use super::tables::TABLES;
use super::{Error, WrittenFile, codebook, relational};

/// The name of the file.
pub(crate) const NAME: &str = "datapackage.json";

/// What the columns of a table may hold, as it turned out.
#[derive(Debug)]
pub(crate) struct Known<'a> {
    pub(crate) forms: &'a Forms,
    pub(crate) seen: &'a Seen,
}

/// One value that a column may hold, and what it means in English and Chinese where that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) value: String,
    pub(crate) en: Option<String>,
    pub(crate) zh: Option<String>,
}

impl Known<'_> {
    /// Every value that a column of a table may hold; `None` where it may hold any.
    pub(crate) fn codes(&self, table: usize, column: usize) -> Option<Vec<Code>> {
        let spec = TABLES.get(table)?.columns.get(column)?;
        let mut codes = match spec.codes {
            Codes::Free => return None,
            Codes::These(codes) => {
                let code = |(value, en, zh): &(&str, &str, &str)| Code::new(value, Some(en), Some(zh));
                return Some(codes.iter().map(code).collect());
            }
            Codes::Seen => Vec::new(),
            Codes::Forms => self.forms.iter().map(|form| Code::new(&form.name, None, Some(&form.title))).collect(),
            Codes::Figures => self.figures(),
            Codes::Rules => self.rules(),
        };
        let known: BTreeSet<String> = codes.iter().map(|code| code.value.clone()).collect();
        let others = self.seen.get(table)?.get(column)?.iter().filter(|value| !known.contains(*value));
        codes.extend(others.map(|value| Code::new(value, None, None)));
        Some(codes)
    }

    fn figures(&self) -> Vec<Code> {
        let mut codes: Vec<Code> = Vec::new();
        let mut known = BTreeSet::new();
        for field in self.forms.iter().flat_map(|form| &form.fields) {
            if known.insert(field.key.as_str()) {
                codes.push(Code::new(field.key.as_str(), Some(&field.label_en), Some(&field.label)));
            }
        }
        codes
    }

    fn rules(&self) -> Vec<Code> {
        let mut codes: Vec<Code> = Vec::new();
        for rule in nianbao::rules(self.forms) {
            if codes.iter().all(|code| code.value != rule.code) {
                codes.push(Code::new(&rule.code, Some(&rule.en), Some(&rule.zh)));
            }
        }
        codes
    }
}

impl Code {
    fn new(value: &str, en: Option<&str>, zh: Option<&str>) -> Self {
        let filled = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        Self { value: value.to_owned(), en: filled(en), zh: filled(zh) }
    }
}

/// The description of the dataset: `files` are those that it holds, sorted by name, `tables` the indices of its tables.
pub(crate) fn describe(known: &Known<'_>, tables: &[usize], files: &[WrittenFile], bom: bool) -> String {
    let mut resources = Vec::new();
    let file = |name: &str| files.iter().find(|file| file.name == name);
    for (ending, suffix) in [("parquet", ""), ("csv", "-csv")] {
        for &index in tables {
            let Some(table) = TABLES.get(index) else { continue };
            if let Some(file) = file(&format!("{}.{ending}", table.name)) {
                resources.push(resource(known, index, table, file, Shape { ending, suffix, bom }));
            }
        }
    }
    for (name, path, format, media, what) in [
        (
            "reports-jsonl",
            "reports.jsonl",
            "jsonl",
            "application/jsonl",
            "One line of JSON for each document of its own bytes, and report in it, as `nianbao extract` prints it.",
        ),
        (
            "sqlite",
            relational::NAME,
            "sqlite",
            "application/vnd.sqlite3",
            "All tables in one SQLite file, with a view wide_FORM of each form that has a row a report and a column a figure.",
        ),
        (
            "codebook",
            codebook::NAME,
            "md",
            "text/markdown",
            "The codebook: tables, columns, figures, equations and rules in plain words, Chinese and English.",
        ),
    ] {
        if let Some(file) = file(path) {
            resources.push(json!({
                "name": name, "path": path, "format": format, "mediatype": media, "encoding": "utf-8",
                "bytes": file.bytes, "hash": hash(file), "description": what,
            }));
        }
    }
    let package = json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "nianbao",
        "title": "政府信息公开工作年度报告 · Annual reports on government information disclosure",
        "description": "Written by `nianbao convert`. Every figure says where it was read. Blank, dash, lost and nought are four different things: see `state` in figures.",
        "resources": resources,
    });
    // The order of the members is that of their names: the same package is the same text.
    let mut text = serde_json::to_string_pretty(&package).unwrap_or_default();
    text.push('\n');
    text
}

/// The files of the dataset that stands in a folder, as its description says and as they are there; the description itself last.
///
/// # Errors
/// No dataset stands there, or not a whole one.
pub(crate) fn files(folder: &Path) -> Result<Vec<WrittenFile>, Error> {
    let path = folder.join(NAME);
    let wrong = |why: &str| Error::write(&path, io::Error::new(io::ErrorKind::InvalidData, why));
    let bytes = fs::read(&path).map_err(|error| Error::write(&path, error))?;
    let package: Value = serde_json::from_slice(&bytes).map_err(|_| wrong("it describes no dataset"))?;
    let resources = package.get("resources").and_then(Value::as_array);
    let mut files = Vec::new();
    for resource in resources.ok_or_else(|| wrong("it describes no dataset"))? {
        let stated = |name: &str| resource.get(name);
        // Names of ours alone: nothing outside the folder is meant.
        let name = stated("path").and_then(Value::as_str).filter(|name| !name.contains(['/', '\\']));
        let file = standing(folder, name.ok_or_else(|| wrong("it names a file outside the folder"))?)?;
        let same = stated("bytes").and_then(Value::as_u64) == Some(file.bytes)
            && stated("hash").and_then(Value::as_str) == Some(hash(&file).as_str());
        if !same {
            return Err(wrong(&format!("{} is not the file that is described; run the command again", file.name)));
        }
        files.push(file);
    }
    files.push(standing(folder, NAME)?);
    Ok(files)
}

fn hash(file: &WrittenFile) -> String {
    format!("sha256:{}", hex(&file.sha256))
}

/// The kind of file that a table is written as.
#[derive(Clone, Copy)]
struct Shape {
    ending: &'static str,
    /// What its resources' names end in.
    suffix: &'static str,
    bom: bool,
}

fn resource(known: &Known<'_>, index: usize, table: &Table, file: &WrittenFile, shape: Shape) -> Value {
    let media = if shape.ending == "csv" { "text/csv" } else { "application/vnd.apache.parquet" };
    let mut resource = json!({
        "name": format!("{}{}", table.name, shape.suffix),
        "type": "table",
        "path": file.name,
        "format": shape.ending,
        "mediatype": media,
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": hash(file),
        "title": table.zh,
        "description": table.en,
        "schema": schema(known, index, table, shape),
    });
    if shape.ending == "csv"
        && let Some(members) = resource.as_object_mut()
    {
        let dialect =
            json!({"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": "\"", "doubleQuote": true, "header": true});
        members.insert("dialect".to_owned(), dialect);
        let mark = if shape.bom { " The file begins with a byte order mark." } else { "" };
        members.insert("description".to_owned(), json!(format!("{} {TREATMENT}{mark}", table.en)));
    }
    resource
}

fn schema(known: &Known<'_>, index: usize, table: &Table, shape: Shape) -> Value {
    let fields: Vec<Value> =
        table.columns.iter().enumerate().map(|(place, column)| field(column, known.codes(index, place))).collect();
    let foreign: Vec<Value> = table
        .foreign
        .iter()
        .map(|foreign| {
            let to = format!("{}{}", foreign.table, shape.suffix);
            json!({"fields": foreign.columns, "reference": {"resource": to, "fields": foreign.to}})
        })
        .collect();
    let mut schema = json!({
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": fields,
        "missingValues": [""],
        "primaryKey": table.key,
    });
    if !foreign.is_empty()
        && let Some(members) = schema.as_object_mut()
    {
        members.insert("foreignKeys".to_owned(), Value::Array(foreign));
    }
    schema
}

fn field(column: &Column, codes: Option<Vec<Code>>) -> Value {
    let kind = match column.kind {
        Kind::Text => "string",
        Kind::Integer => "integer",
        Kind::Number | Kind::Decimal => "number",
        Kind::Boolean => "boolean",
        Kind::Date => "date",
    };
    let mut field = Map::new();
    field.insert("name".to_owned(), json!(column.name));
    field.insert("type".to_owned(), json!(kind));
    field.insert("title".to_owned(), json!(column.zh));
    field.insert("description".to_owned(), json!(column.en));
    if let Some(unit) = column.unit {
        field.insert("unit".to_owned(), json!(unit));
    }
    let mut constraints = Map::new();
    if column.required {
        constraints.insert("required".to_owned(), json!(true));
    }
    if let Some(least) = column.least {
        constraints.insert("minimum".to_owned(), json!(least));
    }
    if let Some(codes) = codes.filter(|codes| !codes.is_empty()) {
        let values: Vec<&str> = codes.iter().map(|code| code.value.as_str()).collect();
        constraints.insert("enum".to_owned(), json!(values));
        let label = |code: &Code| match (&code.en, &code.zh) {
            (Some(en), Some(zh)) => format!("{zh} · {en}"),
            (Some(one), None) | (None, Some(one)) => one.clone(),
            (None, None) => code.value.clone(),
        };
        let categories: Vec<Value> =
            codes.iter().map(|code| json!({"value": code.value, "label": label(code)})).collect();
        field.insert("categories".to_owned(), Value::Array(categories));
    }
    if !constraints.is_empty() {
        field.insert("constraints".to_owned(), Value::Object(constraints));
    }
    Value::Object(field)
}
