//! The forms, and the shape of what is printed, as JSON.

use nianbao::{Block, BlockRow, Equation, FieldKey, Form};
use pyo3::prelude::*;
use serde_json::{Value, json};

use crate::settings;

/// The JSON Schema of a report's line.
#[pyfunction]
pub(crate) fn schema(py: Python<'_>, form: Option<&str>) -> PyResult<String> {
    Ok(nianbao::json_schema(&settings::forms(py, form)?).to_string())
}

/// The forms as a JSON list: names, figures with labels and units, equations, and how each is laid out.
#[pyfunction]
pub(crate) fn forms(py: Python<'_>, form: Option<&str>) -> PyResult<String> {
    let forms = settings::forms(py, form)?;
    Ok(Value::from_iter(forms.iter().map(of_form)).to_string())
}

fn of_form(form: &Form) -> Value {
    let fields = form.fields.iter().map(|field| {
        json!({
            "key": field.key.as_str(), "label": field.label, "label_en": field.label_en,
            "unit": Some(&field.unit).filter(|unit| !unit.is_empty()),
            "decimals": field.fractional, "signed": field.signed, "alternative": field.alternative,
        })
    });
    json!({
        "name": form.name, "title": form.title, "notice": form.notice,
        "fields": Value::from_iter(fields),
        "equations": Value::from_iter(form.equations.iter().map(|equation| of_equation(form, equation))),
        "blocks": Value::from_iter(form.blocks().iter().map(of_block)),
    })
}

fn of_equation(form: &Form, equation: &Equation) -> Value {
    let key = |index: usize| form.fields.get(index).map(|field| field.key.as_str());
    let terms = equation.terms.iter().map(|&(sign, index)| json!([sign, key(index)]));
    let rule = form.equation_rules.get(equation.rule).map(|rule| &rule.code);
    json!({"rule": rule, "terms": Value::from_iter(terms)})
}

fn of_block(block: &Block) -> Value {
    let row = |row: &BlockRow| {
        let figures = row.figures.iter().map(FieldKey::as_str);
        json!({"label": row.label, "depth": row.depth, "figures": Value::from_iter(figures)})
    };
    json!({"title": block.title, "columns": block.columns, "rows": Value::from_iter(block.rows.iter().map(row))})
}
