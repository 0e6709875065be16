//! Which number stands before a paragraph (ODF 1.4 Part 3, 5.3 and 16.30).
//!
//! A list is an element around its items; how deep it stands in others is its level. Of each item the first paragraph bears the number.
//! Lists that go on with one another say so; all others begin anew, whatever their style.

use std::collections::HashMap;

use nianbao_story::{Counting, LEVELS, Label, Levels, Scheme};

use crate::styles::{Resolved, Styles};
use crate::xml::{self, Tag};

/// The numbering of the outline, with which no list counts.
const OUTLINE: u32 = 0;

/// A list that is open.
#[derive(Debug)]
struct List {
    /// Lists that go on with one another have the same.
    key: u32,
    style: Option<String>,
    /// From 0.
    level: usize,
    item: Item,
}

/// What is known of the item that is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item {
    /// Between items, or in one whose number has been written, or that has none.
    Unnumbered,
    /// Its first paragraph has not come yet; the number that it states itself.
    Waiting(Option<u32>),
}

/// The lists of a text, and how far each has counted.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    /// The innermost last; `None` where a cell or a text box begins, in which the lists around it do not go on.
    open: Vec<Option<List>>,
    by_id: HashMap<String, u32>,
    /// By the style that numbers headings outside of lists.
    by_style: HashMap<String, u32>,
    last: Option<(u32, Option<String>)>,
    /// Keys and the ids of single starts are numbered together.
    next: u32,
    counting: Counting,
}

impl Lists {
    fn new_key(&mut self) -> u32 {
        self.next = self.next.saturating_add(1);
        self.next
    }

    fn innermost(&mut self) -> Option<&mut List> {
        self.open.last_mut()?.as_mut()
    }

    /// A list begins (`text:list`).
    pub(crate) fn begin(&mut self, tag: &Tag<'_>) {
        let style = xml::attribute(tag, "style-name").filter(|name| !name.is_empty());
        if let Some(Some(around)) = self.open.last() {
            let style = style.or_else(|| around.style.clone());
            let list = List { key: around.key, style, level: around.level + 1, item: Item::Unnumbered };
            self.open.push(Some(list));
            return;
        }
        let key = self.key(tag, style.as_ref());
        self.last = Some((key, style.clone()));
        self.open.push(Some(List { key, style, level: 0, item: Item::Unnumbered }));
    }

    /// The key of the list that this one goes on with, else one of its own.
    fn key(&mut self, tag: &Tag<'_>, style: Option<&String>) -> u32 {
        let named = xml::attribute(tag, "continue-list").and_then(|id| self.by_id.get(&id).copied());
        let last = self.last.as_ref().filter(|(_, last)| last.as_ref() == style).map(|&(key, _)| key);
        let goes_on = xml::is_true(tag, "continue-numbering");
        let key = named.or(last.filter(|_| goes_on)).unwrap_or_else(|| self.new_key());
        if let Some(id) = xml::attribute(tag, "id") {
            self.by_id.insert(id, key);
        }
        key
    }

    /// An item begins (`text:list-item`), or one without a number (`text:list-header`).
    pub(crate) fn begin_item(&mut self, tag: &Tag<'_>, is_header: bool) {
        let start = xml::number(tag, "start-value");
        if let Some(list) = self.innermost() {
            list.item = if is_header { Item::Unnumbered } else { Item::Waiting(start) };
        }
    }

    pub(crate) fn end_item(&mut self) {
        if let Some(list) = self.innermost() {
            list.item = Item::Unnumbered;
        }
    }

    /// A paragraph begins that says by itself in which list it stands (`text:numbered-paragraph`).
    pub(crate) fn begin_numbered(&mut self, tag: &Tag<'_>) {
        let style = xml::attribute(tag, "style-name").filter(|name| !name.is_empty());
        let id = xml::attribute(tag, "list-id").unwrap_or_default();
        let known = self.by_id.get(&id).copied();
        let key = known.unwrap_or_else(|| self.new_key());
        self.by_id.insert(id, key);
        let level = xml::number::<usize>(tag, "level").unwrap_or(1).saturating_sub(1);
        self.open.push(Some(List { key, style, level, item: Item::Waiting(xml::number(tag, "start-value")) }));
    }

    /// A cell or a text box begins.
    pub(crate) fn begin_apart(&mut self) {
        self.open.push(None);
    }

    /// Ends what began last: a list, a numbered paragraph, a cell or a text box.
    pub(crate) fn end(&mut self) {
        self.open.pop();
    }

    /// What stands before the paragraph that begins here; `None` where nothing does. `style` is that of the paragraph.
    pub(crate) fn number(&mut self, style: &Resolved, styles: &mut Styles<'_>) -> Option<Label> {
        let list = self.innermost()?;
        let Item::Waiting(start) = std::mem::replace(&mut list.item, Item::Unnumbered) else {
            return None;
        };
        let (key, level) = (list.key, list.level);
        // Where no list around it names a style, that of the paragraph counts (16.2, `style:list-style-name`).
        let name = list.style.clone().or_else(|| style.list.clone())?;
        let levels = styles.list(&name)?;
        self.count(key, &levels, level, start)
    }

    /// Whether what is read now stands in a list.
    pub(crate) fn is_in_list(&self) -> bool {
        matches!(self.open.last(), Some(Some(_)))
    }

    /// What stands before the heading that begins here outside of any list: the number of the outline, or of the list that its style names.
    pub(crate) fn heading(
        &mut self,
        tag: &Tag<'_>,
        level: usize,
        style: &Resolved,
        styles: &mut Styles<'_>,
    ) -> Option<Label> {
        if xml::is_true(tag, "is-list-header") {
            return None;
        }
        let (key, levels) = match style.list.as_deref() {
            None => (OUTLINE, styles.outline()?),
            Some("") => return None,
            Some(name) => {
                let levels = styles.list(name)?;
                let known = self.by_style.get(name).copied();
                let key = known.unwrap_or_else(|| self.new_key());
                self.by_style.insert(name.to_owned(), key);
                (key, levels)
            }
        };
        let first = || levels.get(level)?.as_ref().map(|level| level.start);
        let starts_anew = xml::is_true(tag, "restart-numbering");
        let start = starts_anew.then(|| xml::number(tag, "start-value").or_else(first)).flatten();
        self.count(key, &levels, level, start)
    }

    fn count(&mut self, key: u32, levels: &Levels, level: usize, start: Option<u32>) -> Option<Label> {
        let mut starts = [None; LEVELS];
        // A start of its own counts once: for a numbering that nobody else goes by.
        let id = if start.is_some() { self.new_key() } else { key };
        *starts.get_mut(level)? = start;
        let scheme = Scheme { base: key, levels: levels.clone(), starts };
        self.counting.next(id, &scheme, level)
    }
}
