//! What content draws by its name: forms, pictures, the streams of the page itself, and the annotations over it (ISO 32000-2, 8.9, 8.10, 12.5.5).

use std::borrow::Cow;

use hayro_syntax::object::{Array, Dict, Name, Object, Rect as PdfRect, Stream};
use hayro_syntax::page::{Page as FilePage, Resources};

use super::content::{DEEPEST_FORM, FORM_COST, Reader};
use super::ink::Ink;
use super::matrix::{Area, Matrix};
use super::paths::Mark;
use super::unpack::{Refused, unpack};

impl Reader<'_> {
    pub(super) fn object(&mut self, stream: &Stream<'_>, resources: &Resources<'_>) {
        if self.is_hidden() || self.layers.hides(stream.dict(), b"OC") {
            return;
        }
        match stream.dict().get::<Name<'_>>("Subtype").as_deref() {
            Some(b"Image") => self.image(stream),
            Some(b"Form") => self.form(stream, resources),
            _ => {}
        }
    }

    /// A picture fills the unit square; one as thin as a rule is one.
    pub(super) fn image(&mut self, image: &Stream<'_>) {
        let area = self.state.ctm.bounds(Area::new(0.0, 0.0, 1.0, 1.0));
        match Mark::of_picture(area) {
            rule @ Mark::Rule(..) => {
                let is_mask = image.dict().get::<bool>("ImageMask").or_else(|| image.dict().get::<bool>("IM"));
                let ink = if is_mask == Some(true) { self.state.fill } else { Ink::default() };
                self.mark(rule, ink, false);
            }
            Mark::Fill(area) | Mark::Shape(area) | Mark::Dot(area) => {
                let area = area.intersect(self.state.clip);
                if !area.is_empty() && !self.is_hidden() && self.has_room() {
                    self.show_clip();
                    self.page.images.push(area.rect());
                }
            }
        }
    }

    pub(super) fn form(&mut self, form: &Stream<'_>, resources: &Resources<'_>) {
        let id = form.obj_id();
        if self.open_forms.contains(&id) {
            return;
        }
        if self.open_forms.len() >= DEEPEST_FORM {
            self.trouble = Some(Refused::TooLarge);
            return;
        }
        self.operators += FORM_COST;
        let Some(content) = self.unpacked(form) else { return };
        let own = form.dict().get::<Dict<'_>>("Resources").map(Resources::new);
        let state = self.state.clone();
        let path = std::mem::take(&mut self.path);
        self.open_forms.push(id);
        self.state.ctm = form.dict().get::<[f64; 6]>("Matrix").map_or(Matrix::IDENTITY, Matrix).then(self.state.ctm);
        if let Some(area) = form.dict().get::<PdfRect>("BBox") {
            let area = Area::new(area.x0, area.y0, area.x1, area.y1);
            self.state.clip = self.state.clip.intersect(self.state.ctm.bounds(area));
        }
        self.read(&content, own.as_ref().unwrap_or(resources));
        self.open_forms.pop();
        self.path = path;
        self.state = state;
    }

    /// The content of the page: one stream or several, each on its own or a piece of the whole.
    pub(super) fn contents(&mut self, page: &FilePage<'_>) -> Vec<u8> {
        if let Some(stream) = page.raw().get::<Stream<'_>>("Contents") {
            return self.unpacked(&stream).map(Cow::into_owned).unwrap_or_default();
        }
        let mut content = Vec::new();
        for stream in page.raw().get::<Array<'_>>("Contents").unwrap_or_default().iter::<Stream<'_>>() {
            content.extend_from_slice(&self.unpacked(&stream).unwrap_or_default());
            content.push(b' ');
        }
        content
    }

    fn unpacked<'a>(&mut self, stream: &Stream<'a>) -> Option<Cow<'a, [u8]>> {
        match unpack(stream, self.bytes) {
            Ok(content) => {
                self.bytes -= content.len();
                Some(content)
            }
            Err(refused) => {
                self.trouble = self.trouble.or(Some(refused));
                None
            }
        }
    }

    /// What the annotations of the page look like: form fields and text written over the page (12.5.5).
    pub(super) fn annotations(&mut self, page: &FilePage<'_>) {
        self.state = self.first.clone();
        const HIDDEN: u32 = 1 << 1;
        const NO_VIEW: u32 = 1 << 5;
        for annotation in page.raw().get::<Array<'_>>("Annots").unwrap_or_default().iter::<Dict<'_>>() {
            let flags = annotation.get::<u32>("F").unwrap_or(0);
            let kind = annotation.get::<Name<'_>>("Subtype");
            // Highlights are blended over the text whatever they say.
            let is_icon = matches!(
                kind.as_deref(),
                Some(b"Popup" | b"Text" | b"Link" | b"FileAttachment" | b"Sound" | b"Highlight")
            );
            if flags & (HIDDEN | NO_VIEW) == 0 && !is_icon && !self.layers.hides(&annotation, b"OC") {
                self.appearance(&annotation, page.resources());
            }
        }
    }

    fn appearance(&mut self, annotation: &Dict<'_>, resources: &Resources<'_>) -> Option<()> {
        let form = appearance_stream(annotation)?;
        let place = annotation.get::<PdfRect>("Rect")?;
        let bounds = form.dict().get::<PdfRect>("BBox")?;
        let matrix = form.dict().get::<[f64; 6]>("Matrix").map_or(Matrix::IDENTITY, Matrix);
        let bounds = matrix.bounds(Area::new(bounds.x0, bounds.y0, bounds.x1, bounds.y1));
        let (x, y) = (place.width() / bounds.width(), place.height() / bounds.height());
        let fit = Matrix([x, 0.0, 0.0, y, place.x0 - x * bounds.x0, place.y0 - y * bounds.y0]);
        if fit.is_finite() {
            let state = self.state.clone();
            self.state.ctm = fit.then(self.state.ctm);
            self.form(&form, resources);
            self.state = state;
        }
        Some(())
    }
}

fn appearance_stream<'a>(annotation: &Dict<'a>) -> Option<Stream<'a>> {
    match annotation.get::<Dict<'_>>("AP")?.get::<Object<'_>>("N")? {
        Object::Stream(stream) => Some(stream),
        Object::Dict(states) => states.get::<Stream<'_>>(annotation.get::<Name<'_>>("AS")?),
        _ => None,
    }
}
