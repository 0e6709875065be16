//! The filled form.

use std::collections::BTreeMap;
use std::sync::Arc;

use nianbao_model::{Origin, Origins, Warning};
use rust_decimal::Decimal;

use crate::finding::Finding;
use crate::form::{Equation, Field, FieldKey, Form, SectionKind};

/// One report, filled from one document or one part of it.
#[derive(Clone, Debug)]
pub struct Report {
    /// The edition that it follows.
    pub form: Arc<Form>,
    /// The title as printed, blanks and line breaks inside it removed.
    pub title: Option<Stated<String>>,
    /// The agency as the title, else the sign-off, names it.
    pub agency: Option<Stated<String>>,
    /// The year that it reports on.
    pub year: Option<Stated<u16>>,
    /// The date that the document itself states.
    pub published: Option<Stated<Date>>,
    /// The text before the first section, without the title, paragraphs parted by line feeds.
    pub preamble: String,
    /// Its sections, in the order in which they stand.
    pub sections: Vec<Section>,
    /// Every figure that the form asks for. One that the report's form replaces by another row is absent; one that was not found is
    /// there, as lost.
    pub figures: BTreeMap<FieldKey, Figure>,
    /// The rules of the form that the report breaks.
    pub findings: Vec<Finding>,
    /// What filling was not sure of.
    pub warnings: Vec<Warning>,
}

/// A fact with the places where it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated<T> {
    /// The fact.
    pub value: T,
    /// The text that says it, as printed.
    pub raw: String,
    /// Where it stands.
    pub at: Vec<Origin>,
}

impl<T> Stated<T> {
    /// Another fact that the same text states.
    pub(crate) fn with<U>(&self, value: U) -> Stated<U> {
        Stated { value, raw: self.raw.clone(), at: self.at.clone() }
    }
}

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// The year.
    pub year: u16,
    /// The month, from 1.
    pub month: u8,
    /// The day, from 1.
    pub day: u8,
}

/// One section of the text.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its kind.
    pub kind: SectionKind,
    /// Its heading as printed, outer blanks removed.
    pub heading: String,
    /// Its text without the tables, paragraphs parted by line feeds.
    pub text: String,
    /// Where the heading stands.
    pub at: Vec<Origin>,
}

/// One figure of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The number; `None` unless the state is [`State::Read`].
    pub value: Option<Decimal>,
    /// The whole text of the cell; empty where nothing stands there.
    pub raw: String,
    /// How the figure was found.
    pub state: State,
    /// Where it was read, blank ones too; empty for a lost one that has no place at all.
    pub origins: Origins,
}

impl Figure {
    /// A figure that stands nowhere.
    pub fn lost() -> Self {
        Self { value: None, raw: String::new(), state: State::Lost, origins: Origins::new() }
    }

    /// The number that it enters a sum with: blanks and dashes count as nought. `None` for a lost one.
    pub fn in_sums(&self) -> Option<Decimal> {
        match self.state {
            State::Read => self.value,
            State::Blank | State::Dash => Some(Decimal::ZERO),
            State::Lost => None,
        }
    }
}

/// How a figure was found. The four are never mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// A number stands there.
    Read,
    /// The cell is there and holds nothing.
    Blank,
    /// The cell holds a mark that says "none".
    Dash,
    /// The cell is not there, or what it says cannot be told.
    Lost,
}

impl State {
    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Blank => "blank",
            Self::Dash => "dash",
            Self::Lost => "lost",
        }
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Whether a report can be used as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Every figure that the form prints was read, and no rule of severity `error` is broken.
    Ok,
    /// Something is lost, ambiguous or broken: a person should look.
    Review,
}

impl Report {
    /// Whether the report can be used as it is.
    pub fn status(&self) -> Status {
        let broken = self.findings.iter().any(|finding| finding.severity == crate::finding::Severity::Error);
        if broken || !self.is_whole() { Status::Review } else { Status::Ok }
    }

    /// The figures, each with what the form says of it, in the order of the form.
    pub fn printed(&self) -> impl Iterator<Item = (&Field, &Figure)> {
        let field = |key: &FieldKey| self.form.fields.get(key.place());
        self.figures.iter().filter_map(move |(key, figure)| Some((field(key)?, figure)))
    }

    /// Whether every figure was read. A blank or a dash counts as read where every sum that it enters holds with it as nought.
    fn is_whole(&self) -> bool {
        let is_blank = |figure: &Figure| matches!(figure.state, State::Blank | State::Dash);
        let mut blanks = Vec::new();
        for (key, figure) in &self.figures {
            if figure.state == State::Lost {
                return false;
            }
            if is_blank(figure) {
                blanks.push(key.place());
            }
        }
        if blanks.is_empty() {
            return true;
        }
        let values = crate::solve::values(&self.form, &self.figures);
        let holds = |equation: &Equation| crate::solve::residual(equation, &values).is_none_or(|rest| rest.is_zero());
        let has_blank = |equation: &&Equation| equation.terms.iter().any(|(_, index)| blanks.contains(index));
        self.form.equations.iter().filter(has_blank).all(holds)
    }
}
