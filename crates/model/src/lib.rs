//! The common table representation: what one file says, in reading order, with its places.
//!
//! Every reader of a format hands over a [`Document`]; reconciling turns it into another `Document` in normal form; the schema
//! reads that. This crate knows no format and no form. `NORMAL_FORM.md` beside it says what can and cannot occur before and after
//! reconciling.
//!
//! ```
//! use nianbao_model::{Area, Boundary, Cell, Grid, Origin, Part, Row, Table};
//!
//! let mut table = Table::new(Grid::Stated);
//! let row = table.push_row(Row::new(Boundary::Stated));
//! let origin = Origin::Story { part: Part::Body, table: 0, row: 0, column: 0 };
//! table.place(Cell::new(Area::one(row, 0), ["规章".into()].into(), origin))?;
//! assert_eq!(table.get(0, 0).map(Cell::text).as_deref(), Some("规章"));
//! # Ok::<(), nianbao_model::PlaceError>(())
//! ```
//!
//! What it does not do: it opens no file, knows no label, and joins nothing.

mod area;
mod document;
mod fold;
mod line;
mod numeral;
mod origin;
mod print;
mod table;
mod warning;

pub use area::{Area, Span};
pub use document::{Block, Document, Fact, FactKind, Format, Paragraph, ParagraphRole};
pub use fold::{fold, fold_char, is_han};
pub use line::{Line, Lines};
pub use numeral::{Mark, NumberFormat, chinese_value, leading_mark};
pub use origin::{BoundingBox, Origin, Origins, Part};
pub use print::print;
pub use table::{Boundary, Cell, Grid, MAX_SLOTS, Nesting, PlaceError, Role, Row, Table};
pub use warning::{Warning, WarningKind};
