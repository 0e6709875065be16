//! The statutory forms.
