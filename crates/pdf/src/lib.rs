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
use nianbao_model::{Block, Boundary, Document, Format, Origin, Paragraph, Warning};

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
    let mut pages: Vec<Sheet> = Vec::new();
    let mut guesses = Vec::new();
    // The last page with more on it than a header or footer, whose tables wait for what the next one shows, and bare pages behind it.
    let mut waiting: Vec<Sheet> = Vec::new();
    for index in 0..source.page_count() {
        let Some(page) = source.page(index) else { continue };
        let mut sheet = Sheet { index: page.index, height: page.height, items: layout::items(page) };
        if sheet.is_bare() && !waiting.is_empty() {
            waiting.push(sheet);
            continue;
        }
        if let Some(above) = waiting.first_mut() {
            continued::align(above, &mut sheet);
        }
        pages.extend(waiting.drain(..).map(|sheet| sheet.settled(&mut guesses)));
        waiting.push(sheet);
    }
    pages.extend(waiting.into_iter().map(|sheet| sheet.settled(&mut guesses)));
    let mut document = Document::new(Format::Pdf);
    document.warnings = source.finish()?;
    furniture::set_aside(&mut pages, &mut document.warnings);
    document.warnings.append(&mut guesses);
    document.blocks = blocks(pages);
    Ok(document)
}

/// The blocks of all pages, one after another.
fn blocks(pages: Vec<Sheet>) -> Vec<Block> {
    let body = headings::body_size(&pages);
    let goes_on: Vec<bool> = pages
        .windows(2)
        .map(|pair| matches!(pair, [above, below] if order::goes_on(&above.items, &below.items)))
        .collect();
    let mut blocks: Vec<Block> = Vec::new();
    for (place, page) in pages.into_iter().enumerate() {
        let goes_on = place.checked_sub(1).and_then(|above| goes_on.get(above)).copied().unwrap_or(false);
        for (place, item) in page.items.into_iter().enumerate() {
            let begins_page = place == 0 && !blocks.is_empty();
            match item {
                Item::Table(mut table) => {
                    // Nothing stands above it on its page, so it may go on from the page before.
                    if let Some(row) = table.rows_mut().first_mut().filter(|_| begins_page) {
                        row.above = Boundary::PageBreak;
                    }
                    blocks.push(Block::Table(table));
                }
                Item::Text(lines) => {
                    let Some(mut paragraph) = paragraph(&lines, page.index) else { continue };
                    match blocks.last_mut() {
                        Some(Block::Paragraph(first)) if begins_page && goes_on => {
                            first.lines.append(&mut paragraph.lines);
                            first.origins.append(&mut paragraph.origins);
                        }
                        _ => {
                            paragraph.role = headings::role(&lines, body, page.index == 0);
                            blocks.push(Block::Paragraph(paragraph));
                        }
                    }
                }
                Item::Draft(_) => {}
            }
        }
    }
    blocks
}

/// A page that is read: what stands on it, in the order of reading.
struct Sheet {
    /// From 0.
    index: u32,
    /// In points.
    height: f32,
    items: Vec<Item>,
}

impl Sheet {
    /// Whether nothing stands on the page but what may be its header or footer.
    fn is_bare(&self) -> bool {
        self.items.iter().all(|item| furniture::may_be(item, self.height))
    }

    /// The page with its drafts made tables; what is only needed to lay them out is dropped. Guesses go to `warnings`.
    fn settled(self, warnings: &mut Vec<Warning>) -> Self {
        let index = self.index;
        let settled = |item| match item {
            Item::Draft(draft) => table::table(&draft, index, warnings).map(Item::Table),
            Item::Text(lines) => Some(Item::Text(lines.into_iter().map(Line::settled).collect())),
            Item::Table(_) => Some(item),
        };
        Self { items: self.items.into_iter().filter_map(settled).collect(), ..self }
    }
}

fn paragraph(lines: &[Line], page: u32) -> Option<Paragraph> {
    let bbox = lines.iter().map(|line| line.bbox).reduce(Rect::hull)?;
    let origin = Origin::Page { page, bbox: table::bounding_box(bbox) };
    Some(Paragraph::new(lines.iter().map(|line| line.text().into()).collect(), origin))
}
