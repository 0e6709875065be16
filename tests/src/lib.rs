//! What the tests of the whole pipeline are made of.
//!
//! A case is a document in `corpus/`. Beside it stand two things that are never mixed: its *truth*, what is known because somebody
//! wrote or checked the document, and its *golden* files, what we say of it today. `nianbao-corpus` compares them; a golden file changes by
//! `cargo accept NAME` alone.

pub mod case;
pub mod difference;
pub mod outcome;

pub use nianbao_corpus::{tables, truth};
