//! What styles say about headings, hidden text and lists (ODF 1.4 Part 3, 3.15 and clause 16).
//!
//! Programs write hundreds of styles of which a text uses a few: a glance finds where each stands, and it is read when it is asked for.

use std::collections::HashMap;
use std::rc::Rc;

use nianbao_model::ParagraphRole;
use nianbao_story::{Levels, role_of_style};

use crate::levels;
use crate::xml::{self, Node, Tag, Xml};

/// How far a style may stand from the one that it is based on in the end. People build chains of five.
const MAX_INHERITANCE: usize = 64;

/// Of which kind a style is: each kind has names of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Family {
    Paragraph,
    Text,
    Column,
    List,
}

/// What one style says itself. Absent means: not said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Style {
    parent: Option<String>,
    name: String,
    /// The text is hidden.
    hidden: Option<bool>,
    /// The name of the font.
    font: Option<String>,
    /// The style of the list that its headings are numbered by; empty for none.
    list: Option<String>,
    /// The level of the outline, from 1.
    outline: Option<u8>,
}

/// What a style says, with what it inherits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Resolved {
    pub(crate) hidden: Option<bool>,
    /// The family of the font.
    pub(crate) font: Option<String>,
    pub(crate) list: Option<String>,
    pub(crate) outline: Option<u8>,
    /// The role that the built-in name of the style gives.
    pub(crate) role: Option<ParagraphRole>,
}

/// The styles of a document.
#[derive(Debug, Default)]
pub(crate) struct Styles<'a> {
    /// Where each stands.
    places: HashMap<(Family, String), &'a str>,
    outline_place: Option<&'a str>,
    /// The families of fonts by the names that the file gives them.
    fonts: HashMap<String, String>,
    resolved: HashMap<(Family, String), Rc<Resolved>>,
    lists: HashMap<String, Option<Rc<Levels>>>,
    outline: Option<Option<Rc<Levels>>>,
}

impl<'a> Styles<'a> {
    /// The styles of a file: those that its content makes up as it goes, and the named ones, which in a package stand in a part of
    /// their own.
    pub(crate) fn new(content: &'a str, named: Option<&'a str>) -> Self {
        let mut styles = Self::default();
        if let Some(named) = named {
            // The other styles there are those of headers and footers, under names that those of the text have too.
            styles.take(named, |section| section == b"styles");
        }
        styles.take(content, |_| true);
        styles
    }

    /// Notes where the styles of a text stand that are in one of these sections.
    fn take(&mut self, text: &'a str, is_wanted: impl Fn(&[u8]) -> bool) {
        let mut is_in = false;
        let mut last: Option<(Option<(Family, String)>, usize)> = None;
        for (place, tag) in xml::glance(text) {
            let key = match xml::local(&tag) {
                section @ (b"styles" | b"automatic-styles") => {
                    is_in = is_wanted(section);
                    None
                }
                b"master-styles" => {
                    is_in = false;
                    None
                }
                b"body" => {
                    self.note(last.take(), text, place);
                    return;
                }
                b"style" => family(&tag).zip(xml::attribute(&tag, "name")),
                b"list-style" => Some(Family::List).zip(xml::attribute(&tag, "name")),
                b"outline-style" => None,
                b"font-face" => {
                    self.fonts.extend(xml::attribute(&tag, "name").zip(xml::attribute(&tag, "font-family")));
                    continue;
                }
                _ => continue,
            };
            self.note(last.take(), text, place);
            let is_outline = xml::local(&tag) == b"outline-style";
            if is_in && (key.is_some() || is_outline) {
                last = Some((key, place));
            }
        }
        self.note(last, text, text.len());
    }

    fn note(&mut self, style: Option<(Option<(Family, String)>, usize)>, text: &'a str, end: usize) {
        let Some((key, start)) = style else { return };
        let Some(text) = text.get(start..end) else { return };
        match key {
            Some(key) => {
                self.places.insert(key, text);
            }
            None => self.outline_place = Some(text),
        }
    }

    fn style(&self, family: Family, name: &str) -> Option<Style> {
        let text = self.places.get(&(family, name.to_owned()))?;
        Some(Style::read(text))
    }

    /// What a style says, with what it inherits from those that it is based on (16.2).
    pub(crate) fn resolved(&mut self, family: Family, name: &str) -> Rc<Resolved> {
        let key = (family, name.to_owned());
        if let Some(resolved) = self.resolved.get(&key) {
            return Rc::clone(resolved);
        }
        let mut found = Resolved::default();
        let mut next = Some(name.to_owned());
        for _ in 0..MAX_INHERITANCE {
            let Some(style) = next.and_then(|name| self.style(family, &name)) else { break };
            found.hidden = found.hidden.or(style.hidden);
            found.font = found.font.or(style.font);
            found.outline = found.outline.or(style.outline);
            found.list = found.list.or(style.list);
            found.role = found.role.or_else(|| role_of_style(&style.name));
            next = style.parent;
        }
        // A family of several words stands in quotes.
        let family = found.font.take().map(|name| self.fonts.get(&name).cloned().unwrap_or(name));
        found.font = family.map(|family| family.trim_matches('\'').to_owned());
        let resolved = Rc::new(found);
        self.resolved.insert(key, Rc::clone(&resolved));
        resolved
    }

    /// How the levels of a list style count; `None` where there is no such style.
    pub(crate) fn list(&mut self, name: &str) -> Option<Rc<Levels>> {
        if let Some(levels) = self.lists.get(name) {
            return levels.clone();
        }
        let text = self.places.get(&(Family::List, name.to_owned()));
        let levels = text.map(|text| Rc::new(levels::read(text)));
        self.lists.insert(name.to_owned(), levels.clone());
        levels
    }

    /// How the levels of the outline count; `None` where the file does not say so.
    pub(crate) fn outline(&mut self) -> Option<Rc<Levels>> {
        let place = self.outline_place;
        self.outline.get_or_insert_with(|| place.map(|text| Rc::new(levels::read(text)))).clone()
    }

    /// The width of a column, in whatever unit all columns of the file have: in thousandths.
    pub(crate) fn column_width(&self, name: &str) -> Option<u32> {
        let text = self.places.get(&(Family::Column, name.to_owned()))?;
        let mut xml = Xml::new(text);
        while let Ok(Node::Start(tag) | Node::Empty(tag)) = xml.step() {
            if xml::local(&tag) == b"table-column-properties" {
                let stated =
                    xml::attribute(&tag, "rel-column-width").or_else(|| xml::attribute(&tag, "column-width"))?;
                let number = stated.trim_end_matches(|c: char| !c.is_ascii_digit());
                let width: f64 = number.parse().ok()?;
                return (0.0..1e6).contains(&width).then_some((width * 1000.0) as u32);
            }
        }
        None
    }
}

fn family(tag: &Tag<'_>) -> Option<Family> {
    match xml::attribute(tag, "family")?.as_str() {
        "paragraph" => Some(Family::Paragraph),
        "text" => Some(Family::Text),
        "table-column" => Some(Family::Column),
        _ => None,
    }
}

impl Style {
    /// Reads the style at the start of a text.
    fn read(text: &str) -> Self {
        let mut xml = Xml::new(text);
        let mut style = Self::default();
        loop {
            let node = xml.step();
            let (Ok(Node::Start(tag)) | Ok(Node::Empty(tag))) = &node else {
                if matches!(node, Err(_) | Ok(Node::Over)) || xml.depth() == 0 {
                    return style;
                }
                continue;
            };
            match xml::local(tag) {
                b"style" => style.take(tag),
                b"text-properties" => {
                    let display = xml::attribute(tag, "display");
                    style.hidden = display.map(|display| display == "none").or(style.hidden);
                    style.font = xml::attribute(tag, "font-name").or(style.font.take());
                }
                _ => {}
            }
            if xml.depth() == 0 {
                return style;
            }
        }
    }

    fn take(&mut self, tag: &Tag<'_>) {
        self.parent = xml::attribute(tag, "parent-style-name");
        self.list = xml::attribute(tag, "list-style-name");
        self.outline = xml::number(tag, "default-outline-level").filter(|level| (1..=9).contains(level));
        self.name = xml::attribute(tag, "display-name")
            .or_else(|| xml::attribute(tag, "name"))
            .unwrap_or_default()
            // A blank in a name is written so where no name for display is stated (16.2, `style:name`).
            .replace("_20_", " ");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTENT: &str = r#"<c><s:automatic-styles>
        <s:style s:name="P1" s:family="paragraph" s:parent-style-name="own" s:list-style-name=""/>
        <s:style s:name="P1" s:family="text"><s:text-properties t:display="none"/></s:style>
        <s:style s:name="A" s:family="table-column"><s:table-column-properties s:column-width="1.25in"/></s:style>
        <s:style s:name="B" s:family="table-column"><s:table-column-properties s:column-width="9in" s:rel-column-width="16383*"/></s:style>
        </s:automatic-styles><o:body><s:style s:name="P2" s:family="paragraph" s:parent-style-name="own"/></o:body></c>"#;
    const NAMED: &str = r#"<c><o:styles>
        <s:style s:name="Heading_20_2" s:family="paragraph" s:default-outline-level="2"/>
        <s:style s:name="own" s:display-name="own style" s:family="paragraph" s:parent-style-name="Heading_20_2" s:list-style-name="L"><s:text-properties t:display="true"/></s:style>
        <s:style s:name="round" s:family="paragraph" s:parent-style-name="round"/></o:styles>
        <o:automatic-styles><s:style s:name="P1" s:family="paragraph"><s:text-properties t:display="none"/></s:style></o:automatic-styles></c>"#;

    #[test]
    fn a_style_inherits_what_it_does_not_say() {
        let mut styles = Styles::new(CONTENT, Some(NAMED));
        let found = styles.resolved(Family::Paragraph, "P1");
        assert_eq!(found.role, Some(ParagraphRole::Heading(2)));
        assert_eq!((found.outline, found.list.as_deref(), found.hidden), (Some(2), Some(""), Some(false)));
        assert_eq!(styles.resolved(Family::Paragraph, "own").list.as_deref(), Some("L"));
        assert_eq!(styles.resolved(Family::Text, "P1").hidden, Some(true));
    }

    #[test]
    fn styles_that_are_missing_or_go_in_a_ring_say_nothing() {
        let mut styles = Styles::new(CONTENT, Some(NAMED));
        for name in ["round", "nobody", "P2"] {
            assert_eq!(*styles.resolved(Family::Paragraph, name), Resolved::default(), "{name}");
        }
        assert!(styles.list("L").is_none() && styles.outline().is_none());
    }

    #[test]
    fn columns_have_widths() {
        let styles = Styles::new(CONTENT, None);
        assert_eq!(styles.column_width("A"), Some(1250));
        assert_eq!(styles.column_width("B"), Some(16_383_000));
        assert_eq!(styles.column_width("C"), None);
    }
}
