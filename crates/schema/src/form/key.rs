//! The names of figures.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// The name of one figure: parts joined by points, as in `requests.outcome.granted.total`.
///
/// The keys of one form are in its order. Keys of two forms are never the same, whatever their names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldKey {
    /// The index in [`Form::fields`](super::Form::fields). It stands first, so that hardly ever two names are compared, which begin alike.
    place: usize,
    name: Arc<str>,
}

impl FieldKey {
    pub(super) fn new(place: usize, name: &str) -> Self {
        Self { place, name: name.into() }
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The index in [`Form::fields`](super::Form::fields).
    pub(crate) const fn place(&self) -> usize {
        self.place
    }

    /// The parts of the name.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.name.split('.')
    }
}

impl fmt::Display for FieldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// Whether the keys of each branch (those that begin with `a.`, with `a.b.`) stand one behind the other.
pub(super) fn are_grouped<'a>(keys: impl Iterator<Item = &'a FieldKey>) -> bool {
    let mut known = BTreeSet::new();
    let mut before = "";
    for key in keys.map(FieldKey::as_str) {
        let mut branches = key.match_indices('.').filter_map(|(at, _)| key.get(..=at));
        // A branch that the key before is not in begins here, or begins again.
        if !branches.all(|branch| before.starts_with(branch) || known.insert(branch)) {
            return false;
        }
        before = key;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_may_be_torn() {
        let grouped = |keys: &[&str]| {
            let keys: Vec<FieldKey> = keys.iter().enumerate().map(|(place, name)| FieldKey::new(place, name)).collect();
            are_grouped(keys.iter())
        };
        assert!(grouped(&["a.b.c", "a.b.d", "a.e", "ab.c", "f"]));
        assert!(!grouped(&["a.b", "c", "a.d"]));
        assert!(!grouped(&["a.b.c", "a.d", "a.b.e"]));
        assert!(crate::Forms::builtin().iter().all(|form| form.is_grouped));
    }
}
