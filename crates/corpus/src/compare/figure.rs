//! What has changed of one figure.

use crate::said::Figure;

/// What has changed of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Another number, or another state.
    Changed,
    /// Something stood there before, and now nothing is known.
    Lost,
    /// Nothing was known before.
    Gained,
    /// The same, read from another text or place.
    Moved,
}

impl Change {
    /// Its name, that of its bucket.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Lost => "lost",
            Self::Gained => "gained",
            Self::Moved => "moved",
        }
    }
}

/// A figure that has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureChange {
    /// Its key.
    pub key: String,
    /// What has changed.
    pub change: Change,
    /// What was said before; `None` where its form did not ask for it.
    pub before: Option<Figure>,
    /// What is said now.
    pub now: Option<Figure>,
}

/// What has changed of a figure; `None` where it is the same.
pub(crate) fn compare(before: Option<&Figure>, now: Option<&Figure>) -> Option<Change> {
    let known = |figure: Option<&Figure>| figure.is_some_and(|figure| !figure.is_lost());
    match (known(before), known(now)) {
        (true, false) => Some(Change::Lost),
        (false, true) => Some(Change::Gained),
        // Nothing is known, as before, wherever it was looked for.
        (false, false) => None,
        (true, true) => before.zip(now).and_then(|(before, now)| of_known(before, now)),
    }
}

fn of_known(before: &Figure, now: &Figure) -> Option<Change> {
    if !before.is_same(now) {
        return Some(Change::Changed);
    }
    let elsewhere = matches!((&before.place, &now.place), (Some(before), Some(now)) if before != now);
    (elsewhere || before.raw != now.raw).then_some(Change::Moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(value: &str, state: &str, place: Option<&str>) -> Figure {
        Figure {
            value: (!value.is_empty()).then(|| value.to_owned()),
            state: state.to_owned(),
            raw: value.to_owned(),
            place: place.map(str::to_owned),
        }
    }

    #[test]
    fn lost_blank_dash_and_nought_are_four_different_things() {
        let states =
            [figure("", "lost", None), figure("", "blank", None), figure("", "dash", None), figure("0", "read", None)];
        for (one, before) in states.iter().enumerate() {
            for (two, now) in states.iter().enumerate() {
                let wanted = match (one, two) {
                    (one, two) if one == two => None,
                    (0, _) => Some(Change::Gained),
                    (_, 0) => Some(Change::Lost),
                    _ => Some(Change::Changed),
                };
                assert_eq!(compare(Some(before), Some(now)), wanted, "{one} {two}");
            }
        }
    }

    #[test]
    fn a_figure_moves_where_both_places_are_known() {
        let at = |place| figure("7", "read", place);
        assert_eq!(compare(Some(&at(Some("p1"))), Some(&at(Some("p2")))), Some(Change::Moved));
        assert_eq!(compare(Some(&at(Some("p1"))), Some(&at(Some("p1")))), None);
        assert_eq!(compare(Some(&at(None)), Some(&at(Some("p2")))), None);
    }

    #[test]
    fn a_figure_that_no_form_asks_for_is_not_known() {
        assert_eq!(compare(None, Some(&figure("7", "read", None))), Some(Change::Gained));
        assert_eq!(compare(Some(&figure("7", "read", None)), None), Some(Change::Lost));
        assert_eq!(compare(None, Some(&figure("", "lost", None))), None);
    }
}
