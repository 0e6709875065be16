//! PDF (ISO 32000) to a [`Document`]: positioned text to paragraphs and tables.
//!
//! ```
//! let error = nianbao_pdf::extract(b"no file").unwrap_err();
//! assert_eq!(error.kind(), "corrupt");
//! ```
//!
//! A page is read, laid out and dropped before the next one. On it, rules that meet draw tables; where rules are missing, gaps between
//! words part columns and lines of text part rows. What is left are paragraphs. Tables are not joined over pages here: that is the work
//! of `nianbao-reconcile`. Paragraphs are, for only their place on the page tells.
//!
//! What it does not do: it reads no text out of pictures.

mod charts;
mod continued;
mod draft;
mod edges;
mod furniture;
mod grid;
mod gutters;
mod headings;
mod layout;
#[cfg(test)]
mod layout_tests;
mod order;
mod page;
mod refine;
mod regions;
mod rows;
mod settings;
mod source;
mod table;
mod verdict;
mod words;

use nianbao_container::Error;
use nianbao_model::{Block, Document, Format, Origin, Paragraph};

use crate::layout::Item;
use crate::page::Rect;
use crate::source::Source;
use crate::words::Line;

/// Reads a PDF file.
///
/// # Errors
/// A file that is not readable at all: damaged beyond repair, in need of a password, past the limits, or without any text.
pub fn extract(bytes: &[u8]) -> Result<Document, Error> {
    let mut source = Source::open(bytes)?;
    let mut pages = Vec::new();
    for index in 0..source.page_count() {
        if let Some(page) = source.page(index) {
            pages.push(Sheet { index: page.index, height: page.height, items: layout::items(page) });
        }
    }
    let mut document = Document::new(Format::Pdf);
    document.warnings = source.finish()?;
    furniture::set_aside(&mut pages, &mut document.warnings);
    continued::align(&mut pages);
    let body = headings::body_size(&pages);
    for (index, page) in pages.iter().enumerate() {
        let above = index.checked_sub(1).and_then(|above| pages.get(above));
        let goes_on = above.is_some_and(|above| order::goes_on(&above.items, &page.items));
        for (place, item) in page.items.iter().enumerate() {
            let begins_page = place == 0 && !document.blocks.is_empty();
            match item {
                Item::Table(draft) => {
                    let table = table::table(draft, page.index, begins_page, &mut document.warnings);
                    document.blocks.extend(table.map(Block::Table));
                }
                Item::Text(lines) => {
                    let Some(mut paragraph) = paragraph(lines, page.index) else { continue };
                    match document.blocks.last_mut() {
                        Some(Block::Paragraph(first)) if begins_page && goes_on => {
                            first.lines.append(&mut paragraph.lines);
                            first.origins.append(&mut paragraph.origins);
                        }
                        _ => {
                            paragraph.role = headings::role(lines, body, page.index == 0);
                            document.blocks.push(Block::Paragraph(paragraph));
                        }
                    }
                }
            }
        }
    }
    Ok(document)
}

/// A page that is read: what stands on it, in the order of reading.
struct Sheet {
    /// From 0.
    index: u32,
    /// In points.
    height: f32,
    items: Vec<Item>,
}

fn paragraph(lines: &[Line], page: u32) -> Option<Paragraph> {
    let bbox = lines.iter().map(|line| line.bbox).reduce(Rect::hull)?;
    let origin = Origin::Page { page, bbox: table::bounding_box(bbox) };
    Some(Paragraph::new(lines.iter().map(Line::text).collect(), origin))
}
