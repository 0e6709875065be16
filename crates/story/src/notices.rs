//! What happened over and over in one document is one warning with its places.

use nianbao_model::{Origin, Warning, WarningKind};

/// How many places a warning names. More do not help a reader, and a hostile file could have millions.
const MAX_PLACES: usize = 100;

/// Warnings in the making.
#[derive(Debug, Default)]
pub struct Notices {
    hidden: Vec<Origin>,
    hidden_rows: Vec<Origin>,
    left_out: usize,
    changes: Vec<Origin>,
    unknown_formats: Vec<String>,
    /// All others, in the order in which they were noticed.
    pub others: Vec<Warning>,
}

impl Notices {
    /// Something was not sure at one place.
    pub fn push(&mut self, kind: WarningKind, at: Origin) {
        if kind == WarningKind::HiddenTextLeftOut {
            self.hidden_text(at);
        } else if self.others.len() < 10 * MAX_PLACES {
            self.others.push(Warning::new(kind, vec![at]));
        }
    }

    /// Hidden text was left out.
    pub fn hidden_text(&mut self, at: Origin) {
        note(&mut self.hidden, at);
    }

    /// A hidden row was read.
    pub fn hidden_row(&mut self, at: Origin) {
        note(&mut self.hidden_rows, at);
    }

    /// Deleted or moved text was left out.
    pub fn deletion(&mut self, at: Origin) {
        self.left_out += 1;
        note(&mut self.changes, at);
    }

    /// A number was written in digits because its format cannot be spelled; each format is said once.
    pub fn unknown_format(&mut self, format: String, at: Origin) {
        if !self.unknown_formats.contains(&format) && self.unknown_formats.len() < MAX_PLACES {
            self.unknown_formats.push(format.clone());
            self.push(WarningKind::NumberFormatUnknown { format }, at);
        }
    }

    /// All warnings.
    pub fn finish(self) -> Vec<Warning> {
        let mut warnings = Vec::new();
        if self.left_out > 0 {
            let kind = WarningKind::ChangesAccepted { left_out: self.left_out };
            warnings.push(Warning::new(kind, self.changes));
        }
        if !self.hidden.is_empty() {
            warnings.push(Warning::new(WarningKind::HiddenTextLeftOut, self.hidden));
        }
        if !self.hidden_rows.is_empty() {
            warnings.push(Warning::new(WarningKind::HiddenRowsRead, self.hidden_rows));
        }
        warnings.extend(self.others);
        warnings
    }
}

fn note(places: &mut Vec<Origin>, at: Origin) {
    if places.len() < MAX_PLACES && places.last() != Some(&at) {
        places.push(at);
    }
}
