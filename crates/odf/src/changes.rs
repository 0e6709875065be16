//! Tracked changes (ODF 1.4 Part 3, 5.5): what the document is once all are accepted.
//!
//! A list in front of the text says of each change what it is. Deleted text may stand in that list, and then only a mark is left in the text;
//! or it may stand in the text still, between two marks, as LibreOffice writes it while it shows changes.

use std::collections::HashSet;

use crate::xml::{self, Damage, Node, Tag, Xml};

/// The changes of a text that delete something.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    deletions: HashSet<String>,
    /// Those between whose marks the reading is.
    open: HashSet<String>,
}

impl Changes {
    /// Takes in the list of changes that has just begun, to its end.
    pub(crate) fn read(&mut self, xml: &mut Xml<'_>) -> Result<(), Damage> {
        let end = xml.depth();
        let mut id = None;
        while xml.depth() >= end {
            match xml.step()? {
                Node::Start(tag) | Node::Empty(tag) if xml::local(&tag) == b"changed-region" => {
                    id = xml::attribute(&tag, "id");
                }
                Node::Start(tag) => {
                    self.note(&tag, &mut id);
                    xml.skip(&tag)?;
                }
                Node::Empty(tag) => self.note(&tag, &mut id),
                Node::Over => break,
                _ => {}
            }
        }
        Ok(())
    }

    fn note(&mut self, tag: &Tag<'_>, id: &mut Option<String>) {
        if xml::local(tag) == b"deletion" {
            self.deletions.extend(id.take());
        }
    }

    /// A change begins here; whether what follows is deleted by it.
    pub(crate) fn begin(&mut self, tag: &Tag<'_>) -> bool {
        let id = xml::attribute(tag, "change-id").filter(|id| self.deletions.contains(id));
        let is_deletion = id.is_some();
        self.open.extend(id);
        is_deletion
    }

    /// A change ends here.
    pub(crate) fn end(&mut self, tag: &Tag<'_>) {
        if let Some(id) = xml::attribute(tag, "change-id") {
            self.open.remove(&id);
        }
    }

    /// Whether what is read now is deleted.
    pub(crate) fn is_deleted(&self) -> bool {
        !self.open.is_empty()
    }
}
