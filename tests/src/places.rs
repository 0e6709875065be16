//! Whether every figure stands where its evidence points.

use std::collections::BTreeMap;

use nianbao_model::{Document, print};
use serde_json::Value;

/// The text that stands at each place of a document, as its printed form shows it.
#[derive(Debug)]
pub struct Places {
    texts: BTreeMap<String, String>,
}

impl Places {
    /// The places of all cells and paragraphs.
    pub fn of(document: &Document) -> Self {
        let mut texts = BTreeMap::new();
        for line in print(document).lines() {
            let Some((text, places)) = line.rsplit_once("  @ ") else {
                continue;
            };
            for place in places.split(", ") {
                texts.insert(place.to_owned(), text.to_owned());
            }
        }
        Self { texts }
    }

    /// The figures of a report whose text does not stand at the place they name.
    pub fn strays(&self, report: &Value) -> Vec<String> {
        let evidence = report.get("evidence").and_then(Value::as_object);
        evidence
            .into_iter()
            .flatten()
            // Title, agency, year and date are named without a dot, and their raw text may be put together from several lines.
            .filter(|(key, _)| key.contains('.'))
            .filter(|(_, evidence)| evidence.get("state").and_then(Value::as_str) != Some("lost"))
            .filter(|(_, evidence)| !self.holds(evidence))
            .map(|(key, evidence)| format!("{key}: not found there: {evidence}"))
            .collect()
    }

    fn holds(&self, evidence: &Value) -> bool {
        let raw = evidence.get("raw").and_then(Value::as_str).unwrap_or_default();
        let places = evidence.get("at").and_then(Value::as_array);
        places.into_iter().flatten().any(|place| {
            let text = place.as_str().and_then(|place| self.texts.get(place));
            text.is_some_and(|text| bare(text).contains(&bare(raw)))
        })
    }
}

/// Without blanks and the marks that the printed form puts in.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '⏎').collect()
}
