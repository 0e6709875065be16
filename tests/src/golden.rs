//! The golden files: what we say of a case today.

use std::fs;
use std::path::PathBuf;

use nianbao_model::print;
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use crate::case::{Case, corpus};
use crate::outcome;

/// How many lines of a difference are shown.
const LINES_SHOWN: usize = 60;

/// One golden file of a case, and what we would write into it now.
#[derive(Clone, Debug)]
pub struct Golden {
    /// Where it stands.
    pub path: PathBuf,
    /// What we say now.
    pub now: String,
}

/// The golden files of a case: its report, and its document where the file can be read.
///
/// # Errors
/// A case that cannot be opened.
pub fn of(case: &Case) -> Result<Vec<Golden>, String> {
    let mut goldens = vec![Golden { path: path(case, "report.json"), now: reports(&outcome::reports(case)?) }];
    if let Some(document) = outcome::document(case)? {
        goldens.push(Golden { path: path(case, "document.txt"), now: print(&document) });
    }
    Ok(goldens)
}

fn path(case: &Case, ending: &str) -> PathBuf {
    corpus().join("golden").join(format!("{}.{ending}", case.name))
}

impl Golden {
    /// What was accepted; `None` where nothing was yet.
    pub fn accepted(&self) -> Option<String> {
        fs::read_to_string(&self.path).ok()
    }

    /// The lines in which what we say now differs from what was accepted; `None` where it does not.
    pub fn difference(&self) -> Option<String> {
        let accepted = self.accepted().unwrap_or_default();
        (accepted != self.now).then(|| difference(&accepted, &self.now))
    }

    /// Accepts what we say now.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn accept(&self) -> Result<(), String> {
        let folder = self.path.parent().unwrap_or(&self.path);
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&self.path, &self.now))
            .map_err(|error| format!("{}: {error}", self.path.display()))
    }
}

/// The lines that differ, expected ones after `-`, new ones after `+`, each with its number.
fn difference(accepted: &str, now: &str) -> String {
    let diff = TextDiff::from_lines(accepted, now);
    let changes = diff.iter_all_changes().filter_map(|change| {
        let (mark, index) = match change.tag() {
            ChangeTag::Equal => return None,
            ChangeTag::Delete => ('-', change.old_index()),
            ChangeTag::Insert => ('+', change.new_index()),
        };
        Some(format!("{mark} {:>4} {}\n", index.unwrap_or_default() + 1, change.value().trim_end()))
    });
    let lines: Vec<_> = changes.collect();
    let more = lines.len().saturating_sub(LINES_SHOWN);
    let mut text: String = lines.into_iter().take(LINES_SHOWN).collect();
    if more > 0 {
        text.push_str(&format!("  … and {more} more lines\n"));
    }
    text
}

/// Reports for a reviewer's eye: a row of the form a line, without what only repeats the input.
fn reports(reports: &[Value]) -> String {
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
        assert_eq!(reports(&[report]), wanted);
    }

    #[test]
    fn a_difference_names_its_lines() {
        assert_eq!(difference("a\nb\n", "a\nc\n"), "-    2 b\n+    2 c\n");
    }
}
