//! What stands at the places of a document, as its printed form shows it.

use std::collections::BTreeMap;

use serde_json::Value;

/// The texts of a document by their places.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Rows of tables; a paragraph is a row of one.
    rows: Vec<Vec<String>>,
    /// Which row, and which of its cells.
    at: BTreeMap<String, (usize, usize)>,
}

/// The source's own text at a place: the row that it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The place.
    pub place: String,
    /// The texts of the row, left to right.
    pub row: Vec<String>,
    /// Which of them it is.
    pub cell: usize,
}

impl Places {
    /// The places of all cells and paragraphs of a printed document.
    pub fn of(printed: &str) -> Self {
        let mut found = Self::default();
        for line in printed.lines() {
            let is_cell = line.starts_with("    C");
            if !is_cell {
                found.rows.push(Vec::new());
            }
            let Some((text, places)) = line.rsplit_once("  @ ") else { continue };
            let last = found.rows.len().saturating_sub(1);
            let Some(row) = found.rows.last_mut() else { continue };
            for place in places.split(", ") {
                found.at.insert(place.to_owned(), (last, row.len()));
            }
            // `C3 1x2 ch |text|`: what is before the text tells size and role.
            let bare = text.split_once('|').map_or(text, |(_, text)| text.strip_suffix('|').unwrap_or(text));
            row.push(bare.to_owned());
        }
        found
    }

    /// The text at a place, with the row that it stands in.
    pub fn excerpt(&self, place: &str) -> Option<Excerpt> {
        let &(row, cell) = self.at.get(place)?;
        Some(Excerpt { place: place.to_owned(), row: self.rows.get(row)?.clone(), cell })
    }

    /// The place of the one cell that holds exactly this text; `None` where several do.
    pub fn only(&self, text: &str) -> Option<Excerpt> {
        let mut found = self.at.iter().filter(|(_, at)| self.text(**at).is_some_and(|held| bare(held) == bare(text)));
        let (place, first) = found.next()?;
        if found.any(|(_, other)| other != first) { None } else { self.excerpt(place) }
    }

    /// Whether a row like this is there: with this cell's text, and with the words that label it; other cells may be gone.
    pub fn has_row(&self, wanted: &Excerpt) -> bool {
        let is_label = |text: &&String| text.chars().any(char::is_alphabetic);
        let cell = wanted.row.get(wanted.cell).map(|text| bare(text)).unwrap_or_default();
        self.rows.iter().any(|row| {
            row.iter().any(|text| bare(text) == cell)
                && wanted.row.iter().filter(is_label).all(|label| row.iter().any(|text| bare(text) == bare(label)))
        })
    }

    fn text(&self, (row, cell): (usize, usize)) -> Option<&str> {
        self.rows.get(row)?.get(cell).map(String::as_str)
    }

    /// The figures of a line whose text does not stand at the place that they name.
    pub fn strays(&self, line: &Value) -> Vec<String> {
        let evidence = line.get("evidence").and_then(Value::as_object);
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
            let text = place.as_str().and_then(|place| self.text(*self.at.get(place)?));
            text.is_some_and(|text| bare(text).contains(&bare(raw)))
        })
    }
}

/// Without blanks and the marks that the printed form puts in.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '⏎').collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const PRINTED: &str = "docx\n¶ |甲|乙|  @ paragraph 1\n▦ block 1: 2 x 2, grid stated\n  R1 stated header\n    C1 rh |规章|  @ table 1 R1C1\n    \
                           C2 1x2 |6⏎69|  @ table 1 R1C2, table 2 R1C2\n  R2 stated\n    C1 |0|  @ table 1 R2C1\n    C2 |0|  @ table 1 R2C2\n";

    #[test]
    fn a_place_shows_its_row() {
        let places = Places::of(PRINTED);
        let cell = places.excerpt("table 2 R1C2").unwrap();
        assert_eq!((cell.row, cell.cell), (vec!["规章".to_owned(), "6⏎69".to_owned()], 1));
        assert_eq!(places.excerpt("paragraph 1").unwrap().row, ["甲|乙"]);
        assert_eq!(places.excerpt("paragraph 2"), None);
    }

    #[test]
    fn a_text_that_stands_once_is_found() {
        let places = Places::of(PRINTED);
        assert_eq!(places.only("669").map(|found| found.cell), Some(1));
        assert_eq!(places.only("0"), None);
    }

    #[test]
    fn a_figure_that_does_not_stand_at_its_place_is_a_stray() {
        let line = |at: &str| json!({"evidence": {"a.b": {"raw": "669", "state": "read", "at": [at]}}});
        let places = Places::of(PRINTED);
        assert_eq!(places.strays(&line("table 1 R1C2")), [""; 0]);
        assert_eq!(places.strays(&line("table 1 R2C2")).len(), 1);
        assert_eq!(places.strays(&line("table 9 R1C1")).len(), 1);
    }
}
