//! The tree of a page: nodes in one vector, linked by their indices.
//!
//! A tree may be as deep as the file is long, so nothing here or elsewhere in this crate walks it by calling itself: [`Tree::next`]
//! gives one step after the other.

use std::num::NonZeroU32;

use html5ever::tendril::StrTendril;

use crate::tag::{Element, Tag};

/// A node, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Id(NonZeroU32);

impl Id {
    /// The document itself, which holds the root element.
    pub(crate) const DOCUMENT: Self = Self(NonZeroU32::MIN);

    /// Its index, from 0.
    pub(crate) const fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// A node and its neighbours.
#[derive(Debug, Default)]
struct Node {
    parent: Option<Id>,
    previous: Option<Id>,
    next: Option<Id>,
    first: Option<Id>,
    last: Option<Id>,
    content: Content,
}

/// What a node is.
#[derive(Debug, Default)]
pub(crate) enum Content {
    /// The document, a comment, a processing instruction: nothing that is read.
    #[default]
    Nothing,
    /// Text.
    Text(StrTendril),
    /// An element.
    Element(Element),
}

/// One step of a walk through a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A node begins.
    Enter(Id),
    /// It ends.
    Leave(Id),
}

/// The nodes of a page.
#[derive(Debug)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    pub(crate) fn new() -> Self {
        Self { nodes: vec![Node::default()] }
    }

    /// How many nodes there are.
    pub(crate) const fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Adds a node that stands nowhere yet.
    pub(crate) fn add(&mut self, content: Content) -> Id {
        self.nodes.push(Node { content, ..Node::default() });
        // The parser stops long before there are more nodes than the type can count.
        u32::try_from(self.nodes.len()).ok().and_then(NonZeroU32::new).map_or(Id::DOCUMENT, Id)
    }

    fn node(&self, id: Id) -> Option<&Node> {
        self.nodes.get(id.index())
    }

    fn node_mut(&mut self, id: Id) -> Option<&mut Node> {
        self.nodes.get_mut(id.index())
    }

    pub(crate) fn parent(&self, id: Id) -> Option<Id> {
        self.node(id)?.parent
    }

    pub(crate) fn previous(&self, id: Id) -> Option<Id> {
        self.node(id)?.previous
    }

    fn last(&self, id: Id) -> Option<Id> {
        self.node(id)?.last
    }

    /// The text of a text node; empty for any other.
    pub(crate) fn text(&self, id: Id) -> &str {
        match self.node(id).map(|node| &node.content) {
            Some(Content::Text(text)) => text,
            _ => "",
        }
    }

    pub(crate) fn element(&self, id: Id) -> Option<&Element> {
        match &self.node(id)?.content {
            Content::Element(element) => Some(element),
            _ => None,
        }
    }

    pub(crate) fn element_mut(&mut self, id: Id) -> Option<&mut Element> {
        match &mut self.node_mut(id)?.content {
            Content::Element(element) => Some(element),
            _ => None,
        }
    }

    pub(crate) fn tag(&self, id: Id) -> Option<Tag> {
        self.element(id).map(|element| element.tag)
    }

    /// Whether any element, wherever it stands, has such a tag.
    pub(crate) fn holds(&self, is_such: impl Fn(Tag) -> bool) -> bool {
        self.nodes.iter().any(|node| matches!(&node.content, Content::Element(element) if is_such(element.tag)))
    }

    /// The nodes directly in `id`, first to last.
    pub(crate) fn children(&self, id: Id) -> impl Iterator<Item = Id> {
        let mut at = self.node(id).and_then(|node| node.first);
        std::iter::from_fn(move || {
            let here = at?;
            at = self.node(here).and_then(|node| node.next);
            Some(here)
        })
    }

    /// The step after `step`, within the node `within`; `None` after leaving that.
    pub(crate) fn next(&self, step: Step, within: Id) -> Option<Step> {
        match step {
            Step::Enter(id) => Some(self.node(id)?.first.map_or(Step::Leave(id), Step::Enter)),
            Step::Leave(id) if id == within => None,
            Step::Leave(id) => {
                let node = self.node(id)?;
                node.next.map(Step::Enter).or_else(|| node.parent.map(Step::Leave))
            }
        }
    }

    /// All text in a node, elements of no matter, up to `limit` bytes.
    pub(crate) fn whole_text(&self, id: Id, limit: usize) -> String {
        let mut text = String::new();
        let mut step = Some(Step::Enter(id));
        while let Some(here) = step {
            if let Step::Enter(id) = here {
                text.push_str(self.text(id));
            }
            if text.len() >= limit {
                break;
            }
            step = self.next(here, id);
        }
        text
    }

    /// Takes a node out of its place.
    pub(crate) fn detach(&mut self, id: Id) {
        let Some(node) = self.node_mut(id) else { return };
        let (parent, previous, next) = (node.parent.take(), node.previous.take(), node.next.take());
        if let Some(parent) = parent.and_then(|parent| self.node_mut(parent)) {
            if parent.first == Some(id) {
                parent.first = next;
            }
            if parent.last == Some(id) {
                parent.last = previous;
            }
        }
        if let Some(previous) = previous.and_then(|previous| self.node_mut(previous)) {
            previous.next = next;
        }
        if let Some(next) = next.and_then(|next| self.node_mut(next)) {
            next.previous = previous;
        }
    }

    /// Puts a node behind all others in `parent`.
    pub(crate) fn append(&mut self, parent: Id, child: Id) {
        self.detach(child);
        let last = self.last(parent);
        if let Some(node) = self.node_mut(child) {
            node.parent = Some(parent);
            node.previous = last;
        }
        if let Some(last) = last.and_then(|last| self.node_mut(last)) {
            last.next = Some(child);
        }
        if let Some(parent) = self.node_mut(parent) {
            parent.last = Some(child);
            parent.first = parent.first.or(Some(child));
        }
    }

    /// Puts a node right before another.
    pub(crate) fn insert_before(&mut self, sibling: Id, child: Id) {
        self.detach(child);
        let Some(node) = self.node_mut(sibling) else { return };
        let (parent, previous) = (node.parent, node.previous.replace(child));
        if let Some(node) = self.node_mut(child) {
            node.parent = parent;
            node.previous = previous;
            node.next = Some(sibling);
        }
        match previous.and_then(|previous| self.node_mut(previous)) {
            Some(previous) => previous.next = Some(child),
            None => {
                if let Some(parent) = parent.and_then(|parent| self.node_mut(parent)) {
                    parent.first = Some(child);
                }
            }
        }
    }

    /// Adds text at the end of `parent`; it goes on a text that stands there.
    pub(crate) fn append_text(&mut self, parent: Id, text: StrTendril) {
        if let Some(text) = self.join_to(self.last(parent), text) {
            let child = self.add(Content::Text(text));
            self.append(parent, child);
        }
    }

    /// Adds text right before a node; it goes on a text that stands there.
    pub(crate) fn insert_text_before(&mut self, sibling: Id, text: StrTendril) {
        if let Some(text) = self.join_to(self.previous(sibling), text) {
            let child = self.add(Content::Text(text));
            self.insert_before(sibling, child);
        }
    }

    /// Joins text to a text node; gives it back where there is none.
    fn join_to(&mut self, id: Option<Id>, text: StrTendril) -> Option<StrTendril> {
        match id.and_then(|id| self.node_mut(id)).map(|node| &mut node.content) {
            Some(Content::Text(before)) => {
                before.push_tendril(&text);
                None
            }
            _ => Some(text),
        }
    }

    /// Moves all nodes in `from` to the end of `to`.
    pub(crate) fn move_children(&mut self, from: Id, to: Id) {
        while let Some(child) = self.node(from).and_then(|node| node.first) {
            self.append(to, child);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(tree: &mut Tree, text: &str) -> Id {
        tree.add(Content::Text(text.into()))
    }

    #[test]
    fn nodes_are_moved_about_and_keep_their_order() {
        let mut tree = Tree::new();
        let ids: Vec<Id> = ["a", "b", "c"].map(|word| text(&mut tree, word)).to_vec();
        for &id in &ids {
            tree.append(Id::DOCUMENT, id);
        }
        tree.insert_before(ids[0], ids[2]);
        assert_eq!(tree.whole_text(Id::DOCUMENT, 100), "cab");
        tree.append(Id::DOCUMENT, ids[2]);
        tree.detach(ids[1]);
        assert_eq!(tree.whole_text(Id::DOCUMENT, 100), "ac");
        assert_eq!(tree.children(Id::DOCUMENT).collect::<Vec<_>>(), [ids[0], ids[2]]);
        let other = tree.add(Content::Nothing);
        tree.move_children(Id::DOCUMENT, other);
        assert_eq!(tree.whole_text(other, 100), "ac");
        assert_eq!(tree.children(Id::DOCUMENT).count(), 0);
    }

    #[test]
    fn text_goes_on_the_text_before_it() {
        let mut tree = Tree::new();
        tree.append_text(Id::DOCUMENT, "3".into());
        tree.append_text(Id::DOCUMENT, "7".into());
        assert_eq!((tree.len(), tree.whole_text(Id::DOCUMENT, 100)), (2, "37".to_owned()));
    }
}
