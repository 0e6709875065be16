//! `CODEBOOK.md`: the dataset in plain words, for those who reckon with it.

use std::fmt::Write as _;

use nianbao::{Form, Forms};

use super::columns::{Column, Kind};
use super::delimited::TREATMENT;
use super::package::Known;
use super::tables::{TABLES, WARNINGS};

/// The name of the file.
pub(crate) const NAME: &str = "CODEBOOK.md";

/// How many codes are listed; the figures have a chapter of their own.
const MAX_CODES: usize = 60;

/// The codebook of the tables with these indices.
pub(crate) fn write(known: &Known<'_>, tables: &[usize], csv: bool) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail, here and below.
    let _ = writeln!(text, "# Codebook\n\n{INTRODUCTION}");
    let _ = writeln!(text, "\n## Tables\n");
    for table in tables.iter().filter_map(|&index| TABLES.get(index)) {
        let _ = writeln!(text, "- [`{0}`](#{0}): {1} {2}", table.name, table.en, table.zh);
    }
    if csv {
        let _ = writeln!(text, "\n{TREATMENT} An empty field is a missing value.");
    }
    for &index in tables {
        table(&mut text, known, index);
    }
    for one in known.forms.iter() {
        form(&mut text, one);
    }
    rules(&mut text, known.forms);
    text
}

const INTRODUCTION: &str = "Annual reports on government information disclosure (政府信息公开工作年度报告), one row a figure, read by `nianbao convert`.

- **State.** `read`: a number stands there. `blank`: the cell is there and holds nothing. `dash`: it holds a mark that says none (`/`, `—`, `无`). `lost`: the cell is
  not there, or what it says cannot be told. Only `read` has a `value`; blanks and dashes count as nought in the sums of the form; a sum that a lost figure enters is not weighed.
- **Places.** `place` cites the source: `table 2 R4C10` (Word, web pages), `表1!C7` (workbooks), `p3 72,140..310,155` (PDF: page and box in points), `line 43 field 2` (text), counted
  from 1. The columns `source_…` are the parts of the first place. The JSON calls it `at`, which is a reserved word in SQL.
- **Numbers.** `value` is for reckoning (64-bit floating point; exact for every count), `exact` is the decimal as printed. Take `exact` where money is added up.
- **Missing values.** No text is empty: what would be is missing (null, or an empty field in CSV).
- **Comparing editions.** The forms of 2019 and 2021 ask for other figures in table 2; of table 3 all but the parts of 其他处理 (`requests.outcome.other.…`), and table 4, are comparable.
- **Keys.** A report is called by the bytes of its document, a document by the bytes of its path: neither changes where other files come or go.
- **Same bytes, several paths.** They are read once. `documents` has a row for each path; reports stand under the first.
- **Excel.** Write CSV with `--csv --bom`; Excel shows at most 1,048,576 rows (some 5,000 reports of `figures`) and 15 digits of a number.
- **R.** `arrow::read_parquet(\"figures.parquet\")`, or, with `--csv` and no package, `read.csv(\"figures.csv\", fileEncoding = \"UTF-8-BOM\", na.strings = \"\")`. R has no exact decimals: read `exact` from CSV as text where every digit counts.
- **pandas.** Integers with missing values become floats unless read with `dtype_backend=\"pyarrow\"`; `exact` becomes `decimal.Decimal`.";

fn table(text: &mut String, known: &Known<'_>, index: usize) {
    let Some(table) = TABLES.get(index) else { return };
    let _ = writeln!(text, "\n## {}\n\n{}\n{}\n", table.name, table.en, table.zh);
    let _ = writeln!(text, "Key: {}.", code_list(table.key));
    for foreign in table.foreign {
        let _ = writeln!(text, "{} → `{}` ({}).", code_list(foreign.columns), foreign.table, code_list(foreign.to));
    }
    let _ = writeln!(text, "\n| column | type | what it is | 说明 |\n|---|---|---|---|");
    for column in table.columns {
        let unit = column.unit.map(|unit| format!(" ({unit})")).unwrap_or_default();
        let missing = if column.required { "" } else { "; may be missing" };
        let _ = writeln!(
            text,
            "| `{}` | {}{missing} | {}{unit} | {} |",
            column.name,
            kind(column),
            cell(column.en),
            cell(column.zh)
        );
    }
    for (place, column) in table.columns.iter().enumerate() {
        let codes = known.codes(index, place).unwrap_or_default();
        // What each figure and each rule is has a chapter of its own; forms are those.
        if codes.is_empty() || codes.len() > MAX_CODES || matches!(column.name, "rule" | "form") {
            continue;
        }
        let plain = codes.iter().all(|code| code.en.is_none() && code.zh.is_none());
        let open = if plain { " (those that occur here)" } else { "" };
        let _ = writeln!(text, "\n`{}`{open}:\n", column.name);
        if plain {
            let names: Vec<&str> = codes.iter().map(|code| code.value.as_str()).collect();
            let _ = writeln!(text, "{}", code_list(&names));
            continue;
        }
        for code in &codes {
            let words = [&code.en, &code.zh].into_iter().flatten().cloned().collect::<Vec<_>>().join("; ");
            let _ = writeln!(text, "- `{}`: {words}", code.value);
        }
    }
    if index == WARNINGS {
        let _ = writeln!(text, "\nThe kinds are an open list: later versions of the program may know more.");
    }
}

fn kind(column: &Column) -> &'static str {
    match column.kind {
        Kind::Text => "text",
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::Decimal => "decimal(18, 6)",
        Kind::Boolean => "true or false",
        Kind::Date => "date",
    }
}

fn form(text: &mut String, form: &Form) {
    let _ = writeln!(text, "\n## Form {}: {}\n", form.name, form.title);
    if let Some(notice) = &form.notice {
        let _ = writeln!(text, "{notice}. ");
    }
    let alternatives = form.fields.iter().filter(|field| field.alternative).count();
    let _ = writeln!(text, "{} figures, {} equations.", form.fields.len() - alternatives, form.equations.len());
    if alternatives > 0 {
        let _ = writeln!(
            text,
            "{alternatives} more (marked \\*) stand in a row that some reports print in place of others."
        );
    }
    let _ = writeln!(text, "\n| key | 标签 | label | unit |\n|---|---|---|---|");
    for field in &form.fields {
        let mark = if field.alternative { " \\*" } else { "" };
        let sign = if field.signed { ", may be negative" } else { "" };
        let decimals = if field.fractional { ", may have decimals" } else { "" };
        let unit = if field.unit.is_empty() { "not fixed" } else { field.unit.as_str() };
        let (key, zh, en) = (field.key.as_str(), cell(&field.label), cell(&field.label_en));
        let _ = writeln!(text, "| `{key}`{mark} | {zh} | {en} | {unit}{sign}{decimals} |");
    }
    let _ = writeln!(text, "\nEquations:\n");
    for rule in &form.equation_rules {
        let _ = writeln!(text, "- `{}`: {} {}\n  `{}`", rule.code, rule.zh, rule.en, rule.sum);
    }
    let _ = writeln!(
        text,
        "\nSections: {}.",
        form.sections.iter().map(|section| section.heading.clone()).collect::<Vec<_>>().join("; ")
    );
}

fn rules(text: &mut String, forms: &Forms) {
    let _ =
        writeln!(text, "\n## Rules\n\nThe sums of each form stand with it. `nianbao explain RULE` tells the same.\n");
    for rule in nianbao::rules(forms).iter().filter(|rule| rule.sum.is_none()) {
        let _ = writeln!(text, "- `{}` (at most {}): {} {}", rule.code, rule.severity.name(), rule.zh, rule.en);
    }
}

fn code_list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// A text in a cell of a Markdown table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
