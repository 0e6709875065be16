//! What the formats of word processors have in common, whatever their bytes: paragraphs, automatic numbers, fields and tables in the
//! making, and the blocks of a document in reading order.
//!
//! A reader of such a format walks its own bytes and hands over what it finds; what that means for the document is decided here, so a
//! report reads the same in each of them.
//!
//! ```
//! use nianbao_story::Draft;
//!
//! let mut draft = Draft::new();
//! draft.push("总体情况");
//! assert_eq!(draft.into_lines().as_slice(), ["总体情况"]);
//! ```

mod bounds;
mod edges;
mod field;
mod flow;
mod formats;
mod look;
mod notices;
mod numbering;
mod paragraph;
mod script;
mod structure;
mod symbol;
mod table;
mod walk;

pub use bounds::{MAX_NESTING, MAX_PIECES, check};
pub use edges::grid;
pub use field::Fields;
pub use flow::Flow;
pub use formats::number_format;
pub use look::{CellLook, RowLook};
pub use notices::Notices;
pub use numbering::{Counting, LEVELS, Label, Level, Levels, Scheme, Suffix};
pub use paragraph::{Draft, role_of_style};
pub use script::Script;
pub use structure::{Ends, Item, Marked, MarkedRow, items};
pub use symbol::shown as symbol;
pub use table::{CellProperties, Merge, RowProperties, TableDraft};
pub use walk::{Gone, Walk, walk};
