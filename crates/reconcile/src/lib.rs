//! Joins what layout broke apart.
//!
//! A page ends in the middle of a table, a column is too narrow for its label, a dump writes one row as two: the text is all there,
//! but not in its cells. [`reconcile`] brings a [`Document`] into the normal form that the model's `NORMAL_FORM.md` describes. It
//! asks three witnesses only: how certain the source is of a boundary ([`Boundary`](nianbao_model::Boundary)), how certain it is of
//! the columns ([`Grid`](nianbao_model::Grid)), and the text. Neither format nor form is known here.
//!
//! ```
//! use nianbao_model::{Area, Block, Boundary, Cell, Document, Format, Grid, Origin, Row, Table};
//!
//! let mut table = Table::new(Grid::Lost);
//! let row = table.push_row(Row::new(Boundary::Stated));
//! let lines = ["商业", "企业"].map(Into::into).into_iter().collect();
//! table.place(Cell::new(Area::one(row, 0), lines, Origin::Line { line: 0, field: None }))?;
//! let mut document = Document::new(Format::Text);
//! document.blocks.push(Block::Table(table));
//!
//! let document = nianbao_reconcile::reconcile(document);
//! let table = document.tables().next();
//! assert_eq!(table.and_then(|table| table.get(0, 0)).map(Cell::text).as_deref(), Some("商业企业"));
//! assert_eq!(document.warnings.len(), 1);
//! # Ok::<(), nianbao_model::PlaceError>(())
//! ```
//!
//! What it does not do: it reads no bytes, corrects no text (a character that the source repeats at a break is there twice), joins
//! no paragraphs across pages, and leaves apart whatever it is not sure of.

#[cfg(test)]
mod build;
mod evidence;
mod figures;
mod headers;
#[cfg(test)]
mod laws;
mod nested;
mod pages;
#[cfg(test)]
mod promises;
mod roles;
mod rows;
mod text;

use nianbao_model::Document;

/// Brings a document into normal form. Each join leaves a warning with its places; reconciling again changes nothing.
///
/// Blank paragraphs go first, so that what they part stands together. Then from the large to the small, since each pass needs
/// whole what the next one looks into: tables before the headers repeated in them, these before the rows they stand between, rows
/// before the words of the header above them. A join can show what is to be joined next (a label that goes on below a repeated
/// header), so the passes run until all are content; each join takes a row or a table away, so they end.
///
/// Lines come after rows, so that a label reads through whatever it was put together from; that changes nothing but blanks and
/// line breaks, to which no pass before it pays attention. Roles come last: they name what is there.
pub fn reconcile(mut document: Document) -> Document {
    nested::free_orphans(&mut document.blocks);
    text::drop_blank_paragraphs(&mut document);
    loop {
        let joined = [
            pages::join(&mut document),
            headers::drop_repeated(&mut document),
            rows::join(&mut document),
            headers::join_words(&mut document),
        ];
        if joined == [false; 4] {
            break;
        }
    }
    text::join(&mut document);
    roles::assign(&mut document);
    document
}
