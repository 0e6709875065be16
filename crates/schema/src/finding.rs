//! A rule that a report breaks: we read it well, and the report itself is at fault.

use crate::form::FieldKey;

/// A rule that a report breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's code: `requests.balance`. `nianbao explain CODE` tells what it means.
    pub rule: String,
    /// How much it weighs.
    pub severity: Severity,
    /// The figures that it is about, in the order of the form.
    pub figures: Vec<FieldKey>,
    /// The figures that alone, changed, would mend this and every other broken sum they enter: where the fault probably is. Empty
    /// where that cannot be told.
    pub suspects: Vec<FieldKey>,
    /// What is wrong, in words.
    pub message: String,
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably wrong, or the report says one thing in two ways.
    Warning,
    /// The report contradicts itself or its form.
    Error,
}

impl Severity {
    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}
