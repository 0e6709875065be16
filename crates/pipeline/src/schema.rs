//! The JSON Schema of what `nianbao extract` prints.

use nianbao_schema::{Form, Forms};
use serde_json::{Map, Value, json};

use crate::output::SCHEMA;

/// The JSON Schema (draft 2020-12) of one line of `nianbao extract`, with the figures of these forms.
pub fn json_schema(forms: &Forms) -> Value {
    let mut filled = Map::new();
    for (name, schema) in facts(forms) {
        filled.insert(name.to_owned(), schema);
    }
    for form in forms.iter() {
        for field in &form.fields {
            insert(&mut filled, field.key.parts().collect::<Vec<_>>().as_slice(), &field.label, &field.unit);
        }
    }
    let common = json!({
        "schema": {"const": SCHEMA},
        "source": source(),
        "status": {"enum": ["ok", "review", "failed"]},
    });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        "description": "One report on government information disclosure (政府信息公开工作年度报告), or why a file yields none. What is unknown is null, never 0.",
        "type": "object",
        "required": ["schema", "source", "status"],
        "properties": common,
        "if": {"properties": {"status": {"const": "failed"}}},
        "then": {"required": ["error"], "properties": {"error": error()}},
        "else": {"required": ["form", "title", "agency", "year", "published", "sections", "evidence", "findings", "warnings"], "properties": filled},
    })
}

fn facts(forms: &Forms) -> [(&'static str, Value); 9] {
    let names: Vec<&str> = forms.iter().map(|form: &Form| form.name.as_str()).collect();
    let text = |what: &str| json!({"type": ["string", "null"], "description": what});
    let places = json!({"type": "array", "items": {"type": "string"}, "description": "places in the source: `table 2 R4C10`, `line 43 field 2`"});
    [
        ("form", json!({"enum": names, "description": "the edition of the form, told by its labels"})),
        ("title", text("as printed, blanks and line breaks inside it removed")),
        ("agency", text("as the title names it, else the sign-off")),
        ("year", json!({"type": ["integer", "null"], "description": "the year reported on"})),
        (
            "published",
            json!({"type": ["string", "null"], "format": "date", "description": "the date that the document itself states"}),
        ),
        (
            "sections",
            json!({"type": "array", "items": {"type": "object", "required": ["kind", "heading", "text"], "properties": {
                "kind": {"enum": ["overview", "disclosure", "requests", "remedies", "problems", "other"]},
                "heading": {"type": "string"},
                "text": {"type": "string", "description": "without the tables; paragraphs parted by line feeds"},
                "at": places,
            }}}),
        ),
        (
            "evidence",
            json!({"type": "object", "description": "for each figure, and for title, agency, year and date, what stands there and where",
            "additionalProperties": {"type": "object", "required": ["raw", "state", "at"], "properties": {
                "raw": {"type": "string"},
                "state": {"enum": ["read", "blank", "dash", "lost"]},
                "at": places,
            }}}),
        ),
        (
            "findings",
            json!({"type": "array", "items": {"type": "object", "required": ["rule", "severity", "figures", "message"], "properties": {
                "rule": {"type": "string", "description": "`nianbao explain RULE` tells what it means"},
                "severity": {"enum": ["info", "warning", "error"]},
                "figures": {"type": "array", "items": {"type": "string"}},
                "suspects": {"type": "array", "items": {"type": "string"}, "description": "the figures among them in which broken sums meet"},
                "message": {"type": "string"},
            }}}),
        ),
        (
            "warnings",
            json!({"type": "array", "items": {"type": "object", "required": ["kind", "message", "at"], "properties": {
                "kind": {"type": "string"}, "message": {"type": "string"}, "at": places,
            }}}),
        ),
    ]
}

fn source() -> Value {
    json!({"type": "object", "required": ["path", "format", "bytes", "sha256"], "properties": {
        "path": {"type": "string"},
        "format": {"type": ["string", "null"]},
        "bytes": {"type": ["integer", "null"], "minimum": 0, "description": "null, as the digest, where the bytes could not be had"},
        "sha256": {"type": ["string", "null"], "pattern": "^[0-9a-f]{64}$"},
        "part": {"type": "integer", "minimum": 1, "description": "which report of the file it is, where the file holds several"},
    }})
}

fn error() -> Value {
    json!({"type": "object", "required": ["kind", "message"], "properties": {"kind": {"type": "string"}, "message": {"type": "string"}}})
}

/// Puts a figure where its key says.
fn insert(properties: &mut Map<String, Value>, key: &[&str], label: &str, unit: &str) {
    let Some((first, rest)) = key.split_first() else {
        return;
    };
    if rest.is_empty() {
        let description = if unit.is_empty() { label.to_owned() } else { format!("{label} ({unit})") };
        properties.entry(*first).or_insert_with(|| json!({"type": ["number", "null"], "description": description}));
        return;
    }
    let branch = properties.entry(*first).or_insert_with(|| json!({"type": "object", "properties": {}}));
    if let Some(inner) = branch.get_mut("properties").and_then(Value::as_object_mut) {
        insert(inner, rest, label, unit);
    }
}
