//! PDF: pages, what is drawn on them, and objects are left out.

use lopdf::content::Content;
use lopdf::{Document, Object, ObjectId};

use super::smallest::smallest;
use crate::error::Error;

/// A page with more operations than this is not taken apart further.
const MOST_OPERATIONS: usize = 200_000;

/// The smallest document that shows the same.
pub(super) fn shrink(bytes: &[u8], shows: &mut dyn FnMut(&[u8]) -> Result<bool, Error>) -> Result<Vec<u8>, Error> {
    let mut document = Document::load_mem(bytes)
        .map_err(|error| Error::Usage(format!("the document cannot be taken apart: {error}")))?;
    if document.is_encrypted() {
        return Err(Error::Usage(
            "an encrypted document cannot be taken apart; save it without its password".to_owned(),
        ));
    }
    if !shows(&written(&document)?)? {
        return Err(Error::Usage(
            "written anew it shows the difference no more: it lies in the file around the objects".to_owned(),
        ));
    }
    fewer_pages(&mut document, shows)?;
    for page in document.get_pages().into_values() {
        fewer_operations(&mut document, page, shows)?;
    }
    fewer_objects(&mut document, shows)?;
    written(&document)
}

fn fewer_pages(document: &mut Document, shows: &mut dyn FnMut(&[u8]) -> Result<bool, Error>) -> Result<(), Error> {
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let with = |kept: &[usize]| {
        let is_kept = |index: &usize| kept.binary_search(index).is_ok();
        let gone = pages.iter().enumerate().filter(|(index, _)| !is_kept(index)).map(|(_, page)| *page);
        let mut some = document.clone();
        some.delete_pages(&gone.collect::<Vec<u32>>());
        some.prune_objects();
        some
    };
    let kept = smallest(pages.len(), &mut |kept| shows(&written(&with(kept))?))?;
    *document = with(&kept);
    Ok(())
}

fn fewer_operations(
    document: &mut Document,
    page: ObjectId,
    shows: &mut dyn FnMut(&[u8]) -> Result<bool, Error>,
) -> Result<(), Error> {
    // What cannot be decoded stays as it is.
    let Ok(content) = document.get_and_decode_page_content(page) else { return Ok(()) };
    if content.operations.len() > MOST_OPERATIONS {
        return Ok(());
    }
    let with = |kept: &[usize]| -> Option<Document> {
        let operations: Vec<_> = kept.iter().filter_map(|&index| content.operations.get(index).cloned()).collect();
        let bytes = Content { operations }.encode().ok()?;
        let mut some = document.clone();
        some.change_page_content(page, bytes).ok()?;
        Some(some)
    };
    let kept = smallest(content.operations.len(), &mut |kept| match with(kept) {
        Some(some) => shows(&written(&some)?),
        None => Ok(false),
    })?;
    if kept.len() < content.operations.len()
        && let Some(some) = with(&kept)
    {
        *document = some;
    }
    Ok(())
}

/// Objects are left out one with the other: fonts that are not used, their files, what says how the page is to be shown.
fn fewer_objects(document: &mut Document, shows: &mut dyn FnMut(&[u8]) -> Result<bool, Error>) -> Result<(), Error> {
    document.prune_objects();
    let objects: Vec<(ObjectId, Object)> = document.objects.iter().map(|(id, object)| (*id, object.clone())).collect();
    let with = |kept: &[usize]| {
        let mut some = document.clone();
        some.objects = kept.iter().filter_map(|&index| objects.get(index).cloned()).collect();
        some
    };
    let kept = smallest(objects.len(), &mut |kept| shows(&written(&with(kept))?))?;
    *document = with(&kept);
    Ok(())
}

fn written(document: &Document) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let mut document = document.clone();
    document.compress();
    document.save_to(&mut bytes).map_err(|error| Error::Failed(format!("the document cannot be written: {error}")))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_pdf_is_refused() {
        assert!(matches!(shrink(b"no", &mut |_| Ok(true)), Err(Error::Usage(_))));
    }
}
