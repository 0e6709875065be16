//! In which respects two readings of a file can differ.

/// A respect in which two readings of a file differ. A difference can be in several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bucket {
    /// A rule held before and is broken now.
    Red,
    /// A document that could be read cannot be now, or fails for another reason.
    Failed,
    /// The status of a report fell.
    Fell,
    /// A figure was known before and is not now.
    Lost,
    /// A figure has another number or another state.
    Changed,
    /// A document holds another number of reports.
    Reports,
    /// Form, title, agency, year, date or sections differ.
    Facts,
    /// Warnings of other kinds, or findings that only inform.
    Warnings,
    /// The document as read differs: paragraphs, tables, cells, places.
    Document,
    /// A figure was read from another text or place.
    Moved,
    /// A figure is known that was not before.
    Gained,
    /// The status of a report rose.
    Rose,
    /// A rule that was broken holds now.
    Healed,
    /// Reading it takes much longer.
    Slower,
    /// Reading it takes much more memory.
    Memory,
    /// The file was not there before, or nothing was accepted of it yet.
    New,
    /// The file is no longer there.
    Gone,
}

impl Bucket {
    /// All of them, the worst first.
    pub const ALL: [Self; 17] = [
        Self::Red,
        Self::Failed,
        Self::Fell,
        Self::Lost,
        Self::Changed,
        Self::Reports,
        Self::Facts,
        Self::Warnings,
        Self::Document,
        Self::Moved,
        Self::Gained,
        Self::Rose,
        Self::Healed,
        Self::Slower,
        Self::Memory,
        Self::New,
        Self::Gone,
    ];

    /// Its name, as in `--only`, in a file of limits, and in the page.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Failed => "failed",
            Self::Fell => "fell",
            Self::Lost => "lost",
            Self::Changed => "changed",
            Self::Reports => "reports",
            Self::Facts => "facts",
            Self::Warnings => "warnings",
            Self::Document => "document",
            Self::Moved => "moved",
            Self::Gained => "gained",
            Self::Rose => "rose",
            Self::Healed => "healed",
            Self::Slower => "slower",
            Self::Memory => "memory",
            Self::New => "new",
            Self::Gone => "gone",
        }
    }

    /// What it means, for a person.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Red => "a rule held before and is broken now",
            Self::Failed => "a document that could be read cannot be now",
            Self::Fell => "the status fell",
            Self::Lost => "a figure was known before and is not now",
            Self::Changed => "a figure has another number or state",
            Self::Reports => "another number of reports in a document",
            Self::Facts => "form, title, agency, year, date or sections differ",
            Self::Warnings => "warnings or notes differ",
            Self::Document => "the document as read differs",
            Self::Moved => "a figure was read from another text or place",
            Self::Gained => "a figure is known that was not before",
            Self::Rose => "the status rose",
            Self::Healed => "a rule that was broken holds now",
            Self::Slower => "more than 3 times and 0.2 s slower",
            Self::Memory => "more than twice and 64 MiB more memory",
            Self::New => "not there before, or nothing accepted yet",
            Self::Gone => "no longer there",
        }
    }

    /// The bucket of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|bucket| bucket.name() == name)
    }

    /// Whether it makes data worse, rather than other or better.
    pub const fn is_regression(self) -> bool {
        matches!(
            self,
            Self::Red
                | Self::Failed
                | Self::Fell
                | Self::Lost
                | Self::Changed
                | Self::Reports
                | Self::Facts
                | Self::Gone
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bucket_is_found_by_its_name() {
        for bucket in Bucket::ALL {
            assert_eq!(Bucket::named(bucket.name()), Some(bucket));
        }
        assert_eq!(Bucket::named("blue"), None);
    }
}
