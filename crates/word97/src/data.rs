//! The stream `Data`: properties too long for a page, and what form fields hold. It holds all pictures too, so it is read only where the
//! text refers to it.

use nianbao_container::Compound;

use crate::{forms, paragraph};

/// The stream, once it was asked for.
#[derive(Debug)]
pub(crate) struct Data<'a> {
    file: Compound<'a>,
    bytes: Option<Vec<u8>>,
}

impl<'a> Data<'a> {
    pub(crate) const fn new(file: Compound<'a>) -> Self {
        Self { file, bytes: None }
    }

    fn bytes(&mut self) -> &[u8] {
        self.bytes.get_or_insert_with(|| {
            // What cannot be read says nothing: the text stands elsewhere.
            let content = self.file.read("Data").ok().flatten();
            content.map(|content| content.bytes).unwrap_or_default()
        })
    }

    /// The properties at a place.
    pub(crate) fn properties(&mut self, at: u32) -> Vec<u8> {
        paragraph::in_data(self.bytes(), at)
    }

    /// What the form field shows whose data stand at a place.
    pub(crate) fn form(&mut self, at: u32) -> Option<String> {
        forms::shown(paragraph::form_data(self.bytes(), at)?)
    }
}
