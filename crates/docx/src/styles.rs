//! What styles say about numbering, headings and hidden text (ECMA-376 Part 1, 17.7).

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use nianbao_model::ParagraphRole;
use nianbao_story::role_of_style;

use crate::xml::{self, Damage, Node, Tag, Xml};

/// How far a style may stand from the one that it is based on in the end. Word itself allows eleven.
const MAX_INHERITANCE: usize = 64;

/// What one style says itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Style {
    based_on: Option<String>,
    name: String,
    properties: Properties,
}

/// What a paragraph or its styles can say that matters here. Absent means: not said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Properties {
    /// The numbering (`w:numId`); 0 turns numbering off.
    pub(crate) number: Option<u32>,
    /// The level of the numbering, from 0.
    pub(crate) level: Option<usize>,
    /// The level of the outline, from 0; 9 for body text.
    pub(crate) outline: Option<u8>,
    /// The text is hidden.
    pub(crate) hidden: Option<bool>,
}

/// The styles of a document. Most are never used, so each is read when it is asked for.
#[derive(Debug, Default)]
pub(crate) struct Styles {
    text: String,
    /// Where each stands in the text.
    places: HashMap<String, Range<usize>>,
    /// Those that were asked for.
    read: HashMap<String, Rc<Style>>,
}

/// What a style says, with what it inherits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Resolved {
    /// What applies.
    pub(crate) properties: Properties,
    /// The style that named the numbering: levels are bound to styles by name.
    pub(crate) numbered_by: Option<String>,
    /// The role that the built-in name of the style gives.
    pub(crate) role: Option<ParagraphRole>,
}

impl Styles {
    /// The styles that `styles.xml` defines.
    pub(crate) fn new(text: String) -> Self {
        Self { places: xml::places(&text, b"style", "styleId"), text, read: HashMap::new() }
    }

    fn style(&mut self, id: &str) -> Option<Rc<Style>> {
        if let Some(style) = self.read.get(id) {
            return Some(Rc::clone(style));
        }
        let text = self.text.get(self.places.get(id)?.clone())?;
        let mut style = Style::default();
        let _ = style.read(&mut Xml::new(text));
        let style = Rc::new(style);
        self.read.insert(id.to_owned(), Rc::clone(&style));
        Some(style)
    }

    /// What a style says, with what it inherits from those that it is based on (17.7.2).
    pub(crate) fn resolved(&mut self, id: &str) -> Resolved {
        let mut found = Resolved::default();
        let mut next = Some(id.to_owned());
        for _ in 0..MAX_INHERITANCE {
            let Some((id, style)) = next.and_then(|id| self.style(&id).map(|style| (id, style))) else {
                break;
            };
            if found.properties.number.is_none() && style.properties.number.is_some() {
                found.numbered_by = Some(id);
            }
            found.properties.inherit(&style.properties);
            if found.role.is_none() {
                found.role = role_of_style(&style.name);
            }
            next = style.based_on.clone();
        }
        found
    }

    /// The numbering that a numbering style stands for (17.9.21).
    pub(crate) fn number_of(&mut self, id: &str) -> Option<u32> {
        self.style(id)?.properties.number
    }
}

impl Style {
    /// Reads the style at the start of a text.
    fn read(&mut self, xml: &mut Xml<'_>) -> Result<(), Damage> {
        loop {
            let node = xml.step()?;
            let (Node::Start(tag) | Node::Empty(tag)) = &node else {
                if xml.depth() == 0 {
                    return Ok(());
                }
                continue;
            };
            let is_open = matches!(node, Node::Start(_));
            match xml::local(tag) {
                b"basedOn" => self.based_on = xml::attribute(tag, "val"),
                b"name" => self.name = xml::attribute(tag, "val").unwrap_or_default(),
                // Their children are read where they stand.
                b"style" | b"pPr" | b"rPr" | b"numPr" => {}
                local => {
                    self.properties.take(local, tag);
                    if is_open {
                        xml.skip(tag)?;
                    }
                }
            }
        }
    }
}

impl Properties {
    /// Takes note of one property.
    pub(crate) fn take(&mut self, local: &[u8], tag: &Tag<'_>) {
        match local {
            b"numId" => self.number = xml::number(tag, "val"),
            b"ilvl" => self.level = xml::number(tag, "val"),
            b"outlineLvl" => self.outline = xml::number(tag, "val"),
            b"vanish" => self.hidden = Some(xml::is_on(tag)),
            _ => {}
        }
    }

    /// Takes over from another what is not said here.
    fn inherit(&mut self, other: &Self) {
        self.number = self.number.or(other.number);
        self.level = self.level.or(other.level);
        self.outline = self.outline.or(other.outline);
        self.hidden = self.hidden.or(other.hidden);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn styles(content: &str) -> Styles {
        Styles::new(format!(r#"<w:styles xmlns:w="urn:w">{content}</w:styles>"#))
    }

    #[test]
    fn a_style_inherits_what_it_does_not_say() {
        let mut styles = styles(
            r#"<w:latentStyles><w:lsdException w:name="x"/></w:latentStyles>
            <w:style w:styleId="a"><w:name w:val="heading 2"/><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="5"/></w:numPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
            <w:style w:styleId="b"><w:name w:val="mine"/><w:basedOn w:val="a"/><w:rPr><w:vanish/></w:rPr></w:style>"#,
        );
        let b = styles.resolved("b");
        assert_eq!(b.properties.number, Some(5));
        assert_eq!(b.properties.level, Some(1));
        assert_eq!(b.properties.outline, Some(1));
        assert_eq!(b.properties.hidden, Some(true));
        assert_eq!(b.numbered_by.as_deref(), Some("a"));
        assert_eq!(b.role, Some(ParagraphRole::Heading(2)));
        assert_eq!(styles.resolved("missing"), Resolved::default());
    }

    #[test]
    fn styles_based_on_each_other_end() {
        let mut styles = styles(
            r#"<w:style w:styleId="a"><w:basedOn w:val="b"/></w:style><w:style w:styleId="b"><w:basedOn w:val="a"/></w:style>"#,
        );
        assert_eq!(styles.resolved("a"), Resolved::default());
    }

    #[test]
    fn old_properties_of_a_tracked_change_do_not_count() {
        let mut styles = styles(
            r#"<w:style w:styleId="a"><w:pPr><w:pPrChange><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:pPrChange></w:pPr></w:style>"#,
        );
        assert_eq!(styles.resolved("a").properties.outline, None);
    }
}
