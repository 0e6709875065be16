//! The text of cells and paragraphs.

use smallvec::SmallVec;
use smol_str::SmolStr;

/// A line of text as the source breaks it. Short ones, as nearly all in tables are, take no memory of their own.
pub type Line = SmolStr;

/// The lines of a cell or a paragraph. Nearly always there is one at most.
pub type Lines = SmallVec<[Line; 1]>;
