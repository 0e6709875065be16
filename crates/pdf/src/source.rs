//! The PDF libraries, behind one door: bytes in, [`Page`]s out (ISO 32000).
//!
//! `hayro-syntax` reads objects and streams, `hayro-font` and `hayro-cmap` know encodings, widths and character collections. The operators
//! of a page are followed here (`content.rs`) and not by `hayro-interpret`: that one is made for painting and keeps to itself which
//! font a glyph comes from, how far the line goes on behind it, and how it is painted.

mod cid;
mod content;
mod font;
mod ink;
mod layers;
mod marks;
mod matrix;
mod objects;
mod paths;
mod predefined;
mod settle;
mod show;
#[cfg(test)]
mod tests;
mod trust;
mod unicode;
mod unpack;

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_syntax::object::Dict;
use hayro_syntax::page::Page as FilePage;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use nianbao_container::Error;
use nianbao_model::{Warning, WarningKind};

use self::content::{MOST_BYTES, Reader};
use self::font::Fonts;
use self::layers::Layers;
use self::matrix::Matrix;
use self::settle::Settled;
use self::unpack::Refused;
use crate::page::Page;

/// Objects and references that the library unpacks by itself and keeps, in bytes together: a report of 1,000 pages has 5 MB.
const MOST_OBJECT_BYTES: usize = 96 << 20;

/// More pages are no document but an attack; the longest budgets have 2,000.
const MOST_PAGES: usize = 20_000;

/// A page of which pictures cover this share is a scan where it says no more than …
const SCAN: f32 = 0.6;
/// … so many characters: a page number, or the mark of a scanning program. A title on a picture is longer.
const MOST_ON_A_SCAN: usize = 12;

/// An open file, of which one page at a time is read.
pub(crate) struct Source {
    file: Pdf,
    fonts: Fonts,
    layers: Layers,
    found: Found,
}

/// What there is to say of the file; pages from 0, in the order of reading.
#[derive(Debug, Default)]
struct Found {
    /// Whether any page says something.
    has_text: bool,
    need_ocr: Vec<u32>,
    too_large: Vec<u32>,
    broken: Vec<u32>,
    unknown: Vec<u32>,
    unknown_glyphs: usize,
    guessed: Vec<u32>,
    recognised: Vec<u32>,
    hidden: bool,
    repaired: bool,
}

impl Source {
    /// Opens a file.
    ///
    /// # Errors
    /// Where a password is needed, nothing in the file can be found, or it holds more than a limit.
    pub(crate) fn open(bytes: &[u8]) -> Result<Self, Error> {
        if !unpack::objects_fit(bytes, MOST_OBJECT_BYTES) {
            return Err(Error::TooLarge { what: "bytes of unpacked objects", limit: MOST_OBJECT_BYTES as u64 });
        }
        let file = catch_unwind(|| Pdf::new(bytes.to_vec()))
            .map_err(|_| Error::corrupt("its objects contradict each other"))?
            .map_err(|error| match error {
                LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Error::Encrypted,
                LoadPdfError::Decryption(_) => Error::corrupt("it is encrypted in a way that cannot be followed"),
                LoadPdfError::Invalid => Error::corrupt("it has no pages that can be found"),
            })?;
        if file.pages().is_empty() {
            return Err(Error::corrupt("it has no pages that can be found"));
        }
        if file.pages().len() > MOST_PAGES {
            return Err(Error::TooLarge { what: "pages", limit: MOST_PAGES as u64 });
        }
        let layers = Layers::new(file.xref());
        let found = Found { repaired: is_torn(bytes) || lacks_pages(&file), ..Found::default() };
        Ok(Self { file, fonts: Fonts::new(), layers, found })
    }

    pub(crate) fn page_count(&self) -> usize {
        self.file.pages().len()
    }

    /// What a page shows; from 0. `None` behind the last, and where the page cannot be read at all, which [`finish`](Self::finish) tells.
    pub(crate) fn page(&mut self, index: usize) -> Option<Page> {
        // What goes wrong on one page is no reason to lose the others.
        let read = catch_unwind(AssertUnwindSafe(|| self.read(index)));
        let Ok(read) = read else {
            self.found.broken.push(index as u32);
            return None;
        };
        let (mut page, notes) = read?;
        self.found.note(&mut page, notes);
        Some(page)
    }

    fn read(&self, index: usize) -> Option<(Page, Notes)> {
        let file = self.file.pages().get(index)?;
        let unit = user_unit(file);
        let (width, height) = file.render_dimensions();
        let (width, height) = (width * unit, height * unit);
        let page = Page { index: index as u32, width, height, ..Page::default() };
        let unit = f64::from(unit);
        let ctm = Matrix(file.initial_transform(true).as_coeffs()).then(Matrix([unit, 0.0, 0.0, unit, 0.0, 0.0]));
        let mut reader = Reader::new(page, ctm, &self.fonts, &self.layers);
        let content = reader.contents(file);
        reader.read(&content, file.resources());
        reader.annotations(file);
        let guessed = trust::settle(&mut reader.page.glyphs, &reader.used);
        let settled = settle::settle(&mut reader.page, reader.covers);
        Some((reader.page, Notes { trouble: reader.trouble, guessed, settled }))
    }

    /// What there is to say of the file once its pages are read.
    ///
    /// # Errors
    /// Where no page says anything without OCR, or all that says something is past the limits.
    pub(crate) fn finish(self) -> Result<Vec<Warning>, Error> {
        let found = self.found;
        if found.has_text {
            return Ok(found.warnings());
        }
        if !found.too_large.is_empty() {
            return Err(Error::TooLarge { what: "bytes of content on a page", limit: MOST_BYTES as u64 });
        }
        if !found.broken.is_empty() {
            return Err(Error::corrupt("none of its pages can be read"));
        }
        if !found.need_ocr.is_empty() {
            return Err(Error::NeedsOcr { pages: found.need_ocr });
        }
        Ok(found.warnings())
    }
}

/// What was noticed while a page was read.
struct Notes {
    trouble: Option<Refused>,
    guessed: bool,
    settled: Settled,
}

impl Found {
    fn note(&mut self, page: &mut Page, notes: Notes) {
        match notes.trouble {
            Some(Refused::TooLarge) => self.too_large.push(page.index),
            Some(Refused::Broken) => self.broken.push(page.index),
            None => {}
        }
        let said = page.glyphs.iter().filter(|glyph| !glyph.text.trim().is_empty()).count() - page.unmapped;
        // Where more is unknown than known, what is left of the page would mislead.
        if page.unmapped > said || (said == 0 && !page.images.is_empty()) {
            page.glyphs.clear();
            self.need_ocr.push(page.index);
            return;
        }
        if said <= MOST_ON_A_SCAN && pictured(page) >= SCAN {
            self.need_ocr.push(page.index);
            return;
        }
        self.has_text |= said > 0;
        self.hidden |= notes.settled.hidden;
        self.unknown_glyphs += page.unmapped;
        for (is_so, pages) in [
            (page.unmapped > 0, &mut self.unknown),
            (notes.guessed, &mut self.guessed),
            (notes.settled.recognised, &mut self.recognised),
        ] {
            if is_so {
                pages.push(page.index);
            }
        }
    }

    fn warnings(self) -> Vec<Warning> {
        let mut kinds = Vec::new();
        if self.repaired {
            kinds.push(WarningKind::FileRepaired);
        }
        let unreadable = |pages: &[u32], reason: &str| {
            let part =
                |page: &u32| WarningKind::PartUnreadable { part: format!("page {}", page + 1), reason: reason.into() };
            pages.iter().map(part).collect::<Vec<_>>()
        };
        kinds.extend(unreadable(
            &self.too_large,
            "it shows more than any page of a document: what is past the limit was left out",
        ));
        kinds.extend(unreadable(&self.broken, "some of its content is damaged"));
        if !self.need_ocr.is_empty() {
            kinds.push(WarningKind::PagesNeedOcr { pages: self.need_ocr });
        }
        if !self.unknown.is_empty() {
            kinds.push(WarningKind::GlyphsUnknown { count: self.unknown_glyphs, pages: self.unknown });
        }
        if !self.guessed.is_empty() {
            kinds.push(WarningKind::CharactersGuessed { pages: self.guessed });
        }
        if !self.recognised.is_empty() {
            kinds.push(WarningKind::TextFromOcr { pages: self.recognised });
        }
        if self.hidden {
            kinds.push(WarningKind::HiddenTextLeftOut);
        }
        kinds.into_iter().map(|kind| Warning::new(kind, Vec::new())).collect()
    }
}

/// The share of the page that pictures cover; strips of one scan lie side by side, so their areas add up.
fn pictured(page: &Page) -> f32 {
    page.images.iter().map(|image| image.width() * image.height()).sum::<f32>() / (page.width * page.height)
}

/// How many points a unit of the page is; for sheets larger than 200 inches (ISO 32000-2, 14.11.2).
fn user_unit(page: &FilePage<'_>) -> f32 {
    page.raw().get::<f32>("UserUnit").filter(|unit| (0.01..=1_000.0).contains(unit)).unwrap_or(1.0)
}

/// Whether the file promises more pages than can be found.
fn lacks_pages(file: &Pdf) -> bool {
    let catalog = file.xref().get::<Dict<'_>>(file.xref().root_id());
    let promised = catalog.and_then(|catalog| catalog.get::<Dict<'_>>("Pages")?.get::<u32>("Count"));
    promised.is_some_and(|promised| promised as usize > file.pages().len())
}

/// Whether the end of the file is missing: it says where the table of objects stands (ISO 32000-2, 7.5.5), and readers allow it the last
/// kilobyte.
fn is_torn(bytes: &[u8]) -> bool {
    let tail = bytes.get(bytes.len().saturating_sub(1024)..).unwrap_or_default();
    memchr::memmem::find(tail, b"startxref").is_none()
}
