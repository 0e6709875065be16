//! The stream `Data`: properties too long for a page, and what form fields hold. It holds all pictures too, so it is read only where the
//! text refers to it.

use nianbao_container::Compound;

use crate::budget::Budget;
use crate::{forms, paragraph};

/// How long the data of one form field may be. A list has 25 entries at most.
const MAX_FORM: usize = 64 << 10;

/// The stream, once it was asked for.
#[derive(Debug)]
pub(crate) struct Data<'a> {
    file: Compound<'a>,
    bytes: Option<Vec<u8>>,
    /// Any number of paragraphs and fields can refer to the same data.
    pub(crate) budget: Budget,
}

impl<'a> Data<'a> {
    pub(crate) fn new(file: Compound<'a>) -> Self {
        Self { file, bytes: None, budget: Budget::default() }
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
        let found = paragraph::in_data(self.bytes(), at);
        if self.budget.allows(found.len()) { found } else { Vec::new() }
    }

    /// What the form field shows whose data stand at a place.
    pub(crate) fn form(&mut self, at: u32) -> Option<String> {
        let length = paragraph::form_data(self.bytes(), at)?.len();
        if length > MAX_FORM || !self.budget.allows(length) {
            return None;
        }
        forms::shown(paragraph::form_data(self.bytes(), at)?)
    }
}
