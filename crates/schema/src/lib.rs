//! The statutory forms: fills them from a document in normal form, and checks their rules.
//!
//! [`fill`] finds the reports that a document holds: which edition each follows, what it says of itself, its sections, and every
//! figure with the place where it was read. [`check`] weighs the rules of the form. Neither sees geometry, bytes or formats.
//!
//! ```
//! use nianbao_schema::Forms;
//!
//! let forms = Forms::builtin();
//! let form = forms.iter().find(|form| form.name == "2021").ok_or("no such form")?;
//! assert_eq!(form.required().count(), 200);
//! # Ok::<(), &str>(())
//! ```
//!
//! What it does not do: it reads no narrative for figures (it only compares what the narrative tells with the tables), and it repairs
//! nothing: a figure that the source does not show is lost.

mod align;
mod amount;
mod broken;
mod date;
mod fill;
mod finding;
mod form;
mod label;
mod locate;
mod meta;
mod metadata;
mod report;
mod rules;
mod solve;
mod view;

pub use fill::fill;
pub use finding::{Finding, Severity};
pub use form::{Equation, EquationRule, Field, FieldKey, Form, FormError, SectionKind, SectionSpec};
pub use report::{Date, Figure, Report, Section, State, Stated, Status};
pub use rules::{Explanation, check, explain, rules};
pub use view::{Block, BlockRow};

use std::sync::Arc;

/// The forms to choose from.
#[derive(Clone, Debug)]
pub struct Forms(Vec<Arc<Form>>);

impl Forms {
    /// The editions of 2021 and 2019.
    ///
    /// The newest comes first: it is taken where the labels do not tell.
    pub fn builtin() -> Self {
        // A test reads them, so that a slip in them cannot pass.
        Self(Self::builtin_texts().into_iter().filter_map(|text| Form::parse(text).ok()).map(Arc::new).collect())
    }

    /// The text of the form files of [`Forms::builtin`].
    pub const fn builtin_texts() -> [&'static str; 2] {
        [include_str!("../forms/2021.toml"), include_str!("../forms/2019.toml")]
    }

    /// Only the form that the text of a form file describes.
    ///
    /// # Errors
    /// What is wrong in the file.
    pub fn only(text: &str) -> Result<Self, FormError> {
        Ok(Self(vec![Arc::new(Form::parse(text)?)]))
    }

    /// The forms, the one to prefer first.
    pub fn iter(&self) -> impl Iterator<Item = &Form> {
        self.0.iter().map(Arc::as_ref)
    }

    pub(crate) fn shared(&self, index: usize) -> Option<Arc<Form>> {
        self.0.get(index).cloned()
    }
}
