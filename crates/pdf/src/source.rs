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
mod matrix;
mod paths;
mod show;
mod unicode;
mod unpack;

use hayro_syntax::{LoadPdfError, Pdf};
use nianbao_container::Error;
use nianbao_model::Warning;

use self::content::Reader;
use self::font::Fonts;
use self::layers::Layers;
use self::matrix::Matrix;
use crate::page::Page;

/// A page on which more than this share of the glyphs says nothing cannot be read: what is left of it would mislead.
const MOST_UNMAPPED: f32 = 0.3;

/// An open file, of which one page at a time is read.
pub(crate) struct Source {
    file: Pdf,
    fonts: Fonts,
    layers: Layers,
    /// Pages that say nothing without OCR, from 0.
    pictures: Vec<u32>,
    /// Whether any page says something.
    has_text: bool,
    warnings: Vec<Warning>,
}

impl Source {
    /// Opens a file.
    ///
    /// # Errors
    /// Where a password is needed, or nothing in the file can be found.
    pub(crate) fn open(bytes: &[u8]) -> Result<Self, Error> {
        let file = Pdf::new(bytes.to_vec()).map_err(|error| match error {
            LoadPdfError::Decryption(_) => Error::Encrypted,
            LoadPdfError::Invalid => Error::corrupt("it has no pages that can be found"),
        })?;
        Ok(Self {
            layers: Layers::new(file.xref()),
            fonts: Fonts::new(),
            file,
            pictures: Vec::new(),
            has_text: false,
            warnings: Vec::new(),
        })
    }

    pub(crate) fn page_count(&self) -> usize {
        self.file.pages().len()
    }

    /// What a page shows; from 0. `None` behind the last, and where the page cannot be read at all, which [`finish`](Self::finish) tells.
    pub(crate) fn page(&mut self, index: usize) -> Option<Page> {
        let file = self.file.pages().get(index)?;
        let (width, height) = file.render_dimensions();
        let page = Page { index: index as u32, width, height, ..Page::default() };
        let ctm = Matrix(file.initial_transform(true).as_coeffs());
        let mut reader = Reader::new(page, ctm, &self.fonts, &self.layers);
        let content = reader.contents(file);
        reader.read(&content, file.resources());
        reader.annotations(file);
        let page = reader.page;
        if needs_ocr(&page) {
            self.pictures.push(page.index);
        } else if !page.glyphs.is_empty() {
            self.has_text = true;
        }
        Some(page)
    }

    /// What there is to say of the file once its pages are read.
    ///
    /// # Errors
    /// Where no page says anything without OCR.
    pub(crate) fn finish(self) -> Result<Vec<Warning>, Error> {
        if !self.has_text && !self.pictures.is_empty() {
            return Err(Error::NeedsOcr { pages: self.pictures });
        }
        Ok(self.warnings)
    }
}

/// Whether a page shows something but hardly any of it can be read.
fn needs_ocr(page: &Page) -> bool {
    let said = page.glyphs.iter().filter(|glyph| !glyph.text.trim().is_empty()).count();
    if said == 0 {
        page.unmapped > 0 || !page.images.is_empty()
    } else {
        page.unmapped as f32 > MOST_UNMAPPED * said as f32
    }
}
