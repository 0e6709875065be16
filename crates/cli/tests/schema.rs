//! `nianbao schema` tells the truth about what `nianbao extract` prints.

use serde_json::Value;

use super::run::{corpus, nianbao};

/// What the value holds that the schema does not allow, or does not tell of.
///
/// Knows the words that our schema uses, and fails on every other.
fn faults(schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (word, rule) in schema.as_object().unwrap() {
        let holds = match word.as_str() {
            "$schema" | "title" | "description" | "format" => true,
            "type" => match rule.as_array() {
                Some(types) => types.iter().any(|rule| is(rule, value)),
                None => is(rule, value),
            },
            "const" => rule == value,
            "enum" => rule.as_array().unwrap().contains(value),
            "minimum" => value.is_null() || value.as_f64().unwrap() >= rule.as_f64().unwrap(),
            "pattern" => {
                assert_eq!(rule, "^[0-9a-f]{64}$", "a pattern that this test does not know");
                value
                    .as_str()
                    .is_none_or(|text| text.len() == 64 && text.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')))
            }
            "required" => rule.as_array().unwrap().iter().all(|key| value.get(key.as_str().unwrap()).is_some()),
            "properties" | "if" | "then" | "else" => true,
            "items" => {
                for (index, item) in value.as_array().unwrap().iter().enumerate() {
                    found.extend(faults(rule, item, &format!("{at}[{index}]")));
                }
                true
            }
            "additionalProperties" => {
                for (key, item) in value.as_object().unwrap() {
                    found.extend(faults(rule, item, &format!("{at}.{key}")));
                }
                true
            }
            other => panic!("the schema uses {other:?}, which this test does not know"),
        };
        if !holds {
            found.push(format!("{at}: {value} breaks {word} {rule}"));
        }
    }
    if let Some(members) = value.as_object().filter(|_| schema.get("additionalProperties").is_none()) {
        for (key, member) in members {
            match declared(schema, value, key) {
                Some(schema) => found.extend(faults(schema, member, &format!("{at}.{key}"))),
                None => found.push(format!("{at}.{key} is not in the schema")),
            }
        }
    }
    found.extend(branch(schema, value).filter(|branch| *branch != schema).into_iter().flat_map(|branch| {
        let required = branch["required"].as_array().unwrap();
        required.iter().filter(|key| value.get(key.as_str().unwrap()).is_none()).map(|key| format!("{at}: no {key}"))
    }));
    found
}

/// What the schema says of a member, itself or in the branch that the value takes.
fn declared<'a>(schema: &'a Value, value: &Value, key: &str) -> Option<&'a Value> {
    let own = schema.get("properties").and_then(|properties| properties.get(key));
    own.or_else(|| branch(schema, value)?.get("properties")?.get(key))
}

/// The branch of an `if` that the value takes.
fn branch<'a>(schema: &'a Value, value: &Value) -> Option<&'a Value> {
    let condition = schema.get("if")?;
    let wanted = condition["properties"].as_object().unwrap();
    let holds = wanted.iter().all(|(key, rule)| value.get(key) == Some(&rule["const"]));
    schema.get(if holds { "then" } else { "else" })
}

fn is(kind: &Value, value: &Value) -> bool {
    match kind.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        other => panic!("the schema uses type {other:?}, which this test does not know"),
    }
}

#[test]
fn everything_that_is_printed_is_declared() {
    let schema: Value = serde_json::from_str(&nianbao(&["schema"]).out).unwrap();
    let cases = [
        "docx/plain-2021.docx",
        "docx/plain-2019.docx",
        "docx/single-other-row-2021.docx",
        "docx/wrong-outcome-cell.docx",
        "docx/two-reports.docx",
        "docx/cell-missing-undecided.docx",
        "docx/fee-four-decimals.docx",
        "docx/date-missing.docx",
        "text/bookmark-residue.txt",
        "text/title-agency-date-missing.txt",
        "broken/empty.docx",
        "broken/noise.bin",
        "missing.docx",
    ];
    let paths: Vec<String> = cases.into_iter().map(corpus).collect();
    let mut arguments = vec!["extract"];
    arguments.extend(paths.iter().map(String::as_str));
    let lines = nianbao(&arguments).json();
    assert_eq!(lines.len(), cases.len() + 1);
    for line in lines {
        let found = faults(&schema, &line, "");
        assert!(found.is_empty(), "{}: {found:#?}", line["source"]["path"]);
    }
}

#[test]
fn what_is_not_declared_is_found() {
    let schema: Value = serde_json::from_str(&nianbao(&["schema"]).out).unwrap();
    let mut line = nianbao(&["extract", &corpus("docx/plain-2021.docx")]).json().remove(0);
    line["requests"]["received"]["nobody"] = 1.into();
    line["year"] = "2023".into();
    line.as_object_mut().unwrap().remove("agency");
    assert_eq!(faults(&schema, &line, "").len(), 3);
}
