//! Where two reports say different things.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Each place at which `have` says other than `want`, as a sentence. Members of these names are not compared, wherever they stand; nor
/// are two values that `same` lets pass.
pub fn differences(want: &Value, have: &Value, unlike: &[&str], same: fn(&Value, &Value) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    Comparison { unlike, same, found: &mut found }.compare("", want, have);
    found
}

struct Comparison<'a> {
    unlike: &'a [&'a str],
    same: fn(&Value, &Value) -> bool,
    found: &'a mut Vec<String>,
}

impl Comparison<'_> {
    fn compare(&mut self, path: &str, want: &Value, have: &Value) {
        match (want, have) {
            (Value::Object(want), Value::Object(have)) => {
                let keys: BTreeSet<&String> = want.keys().chain(have.keys()).collect();
                for key in keys.into_iter().filter(|key| !self.unlike.contains(&key.as_str())) {
                    let value = |object: &Map<String, Value>| object.get(key).cloned().unwrap_or_default();
                    self.compare(&format!("{path}/{key}"), &value(want), &value(have));
                }
            }
            (Value::Array(want), Value::Array(have)) if want.len() == have.len() => {
                for (index, (want, have)) in want.iter().zip(have).enumerate() {
                    self.compare(&format!("{path}/{index}"), want, have);
                }
            }
            _ if want != have && !(self.same)(want, have) => {
                self.found.push(format!("{path}: want {want}, got {have}"));
            }
            _ => {}
        }
    }
}
