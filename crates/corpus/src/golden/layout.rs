//! Lines laid out for a reviewer's eye.

use serde_json::Value;

/// Reports for a reviewer's eye: a row of the form a line, without what only repeats the input.
pub fn lay_out(reports: &[Value]) -> String {
    let mut text = String::new();
    for report in reports {
        let mut report = report.clone();
        leave_out_the_plain(&mut report);
        write(&report, 0, &mut text);
        text.push('\n');
    }
    text
}

/// Size and hash of the file say nothing new; a figure read from a bare number stands in the document's golden file with its place.
fn leave_out_the_plain(report: &mut Value) {
    if let Some(source) = report.get_mut("source").and_then(Value::as_object_mut) {
        source.remove("bytes");
        source.remove("sha256");
    }
    if let Some(evidence) = report.get_mut("evidence").and_then(Value::as_object_mut) {
        evidence.retain(|_, evidence| !is_plain(evidence));
    }
}

fn is_plain(evidence: &Value) -> bool {
    let raw = evidence.get("raw").and_then(Value::as_str).unwrap_or_default();
    let digits = !raw.is_empty() && raw.bytes().all(|byte| byte.is_ascii_digit());
    digits && evidence.get("state").and_then(Value::as_str) == Some("read")
}

/// JSON with every object or list that holds only plain values on one line.
fn write(value: &Value, depth: usize, text: &mut String) {
    let inner: Vec<(Option<&String>, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, value)| (Some(name), value)).collect(),
        Value::Array(items) => items.iter().map(|item| (None, item)).collect(),
        _ => Vec::new(),
    };
    if depth > 0 && inner.iter().all(|(_, value)| is_scalar(value)) || inner.is_empty() {
        text.push_str(&value.to_string());
        return;
    }
    text.push(if value.is_array() { '[' } else { '{' });
    for (index, (name, value)) in inner.iter().enumerate() {
        text.push_str(if index == 0 { "\n" } else { ",\n" });
        text.push_str(&"  ".repeat(depth + 1));
        if let Some(name) = name {
            text.push_str(&format!("{}: ", Value::from(name.as_str())));
        }
        write(value, depth + 1, text);
    }
    text.push('\n');
    text.push_str(&"  ".repeat(depth));
    text.push(if value.is_array() { ']' } else { '}' });
}

/// A plain value, or a list of places.
fn is_scalar(value: &Value) -> bool {
    match value {
        Value::Object(_) => false,
        Value::Array(items) => items.iter().all(Value::is_string),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_row_of_the_form_is_one_line() {
        let report = json!({"requests": {"received": {"other": 1, "total": 2}}, "evidence": {}});
        let wanted = "{\n  \"evidence\": {},\n  \"requests\": {\n    \"received\": {\"other\":1,\"total\":2}\n  }\n}\n";
        assert_eq!(lay_out(&[report]), wanted);
    }
}
