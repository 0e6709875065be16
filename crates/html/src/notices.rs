//! What happened over and over in one page is one warning with its places.

use nianbao_model::{Origin, Warning, WarningKind};

/// How many places a warning names. More do not help a reader, and a hostile file could have millions.
const MAX_PLACES: usize = 100;

/// Warnings in the making: each kind once, in the order in which the kinds were noticed.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    warnings: Vec<Warning>,
    deleted: usize,
    pictures: usize,
}

impl Notices {
    /// Something was not sure at one place.
    pub(crate) fn push(&mut self, kind: WarningKind, at: Origin) {
        if let Some(warning) = self.warnings.iter_mut().find(|warning| warning.kind == kind) {
            note(&mut warning.at, at);
        } else if self.warnings.len() < MAX_PLACES {
            self.warnings.push(Warning::new(kind, vec![at]));
        }
    }

    /// Deleted text was left out.
    pub(crate) fn deletion(&mut self, at: Origin) {
        self.deleted += 1;
        self.push(WarningKind::ChangesAccepted { left_out: 0 }, at);
    }

    /// A picture stands in the text.
    pub(crate) fn picture(&mut self, at: Origin) {
        self.pictures += 1;
        self.push(WarningKind::PicturesNotRead { count: 0 }, at);
    }

    /// All warnings.
    pub(crate) fn finish(mut self) -> Vec<Warning> {
        for warning in &mut self.warnings {
            match &mut warning.kind {
                WarningKind::ChangesAccepted { left_out } => *left_out = self.deleted,
                WarningKind::PicturesNotRead { count } => *count = self.pictures,
                _ => {}
            }
        }
        self.warnings
    }
}

/// Adds a place, each once in a row, and no more than help a reader.
pub(crate) fn note(places: &mut Vec<Origin>, at: Origin) {
    if places.len() < MAX_PLACES && places.last() != Some(&at) {
        places.push(at);
    }
}
