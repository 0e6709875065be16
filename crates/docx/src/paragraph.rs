//! What a paragraph says of itself, and the text of its runs (ECMA-376 Part 1, 17.3).

use std::borrow::Cow;

use nianbao_model::ParagraphRole;

use crate::styles::{Properties, Resolved};
use crate::xml::{self, Damage, Node, Space, Tag, Xml};

/// Reads the text of the element that has just begun, to its end (17.3.3.31).
///
/// Blanks at its ends count only where it says so; a line feed inside is a blank.
pub(crate) fn read_text(xml: &mut Xml<'_>, tag: &Tag<'_>, line: &mut String) -> Result<(), Damage> {
    let keeps_blanks = tag.attributes_raw().contains("preserve");
    let start = line.len();
    let result = append_text(xml, line);
    tidy(line, start, keeps_blanks);
    result
}

/// Appends the text up to the end of the element that has just begun.
fn append_text(xml: &mut Xml<'_>, line: &mut String) -> Result<(), Damage> {
    loop {
        match xml.step()? {
            Node::Text(Cow::Borrowed(text)) => line.push_str(text),
            Node::Text(Cow::Owned(text)) => line.push_str(&text),
            Node::Reference(reference) => xml::push_reference(line, &reference),
            Node::Start(tag) => xml.skip(&tag)?,
            Node::Empty(_) => {}
            Node::End | Node::Over => return Ok(()),
        }
    }
}

fn tidy(line: &mut String, start: usize, keeps_blanks: bool) {
    let Some(text) = line.get(start..) else {
        return;
    };
    if memchr::memchr2(b'\n', b'\r', text.as_bytes()).is_some() {
        let flat = text.replace("\r\n", " ").replace(['\n', '\r'], " ");
        line.truncate(start);
        line.push_str(&flat);
    }
    if !keeps_blanks {
        let is_blank = |c: char| matches!(c, ' ' | '\t');
        let kept = line.get(start..).unwrap_or_default().trim_end_matches(is_blank).len();
        line.truncate(start + kept);
        let text = line.get(start..).unwrap_or_default();
        let leading = text.len() - text.trim_start_matches(is_blank).len();
        if leading > 0 {
            line.replace_range(start..start + leading, "");
        }
    }
}

/// What the properties of a paragraph say.
#[derive(Debug, Default)]
pub(crate) struct ParagraphProperties {
    pub(crate) style: Option<String>,
    pub(crate) own: Properties,
    /// The mark at its end is deleted or moved away (17.13.5.15).
    pub(crate) mark_deleted: bool,
    /// The mark at its end is hidden, and its number with it.
    pub(crate) mark_hidden: bool,
}

impl ParagraphProperties {
    /// Whether an element within `w:pPr` says anything that is asked here.
    pub(crate) fn matters(local: &[u8]) -> bool {
        matches!(local, b"pStyle" | b"numPr" | b"outlineLvl" | b"vanish" | b"del" | b"moveFrom")
    }

    /// Reads the `w:pPr` that has just begun with `parent`, to its end.
    pub(crate) fn read(xml: &mut Xml<'_>, parent: &Tag<'_>) -> Result<Self, Damage> {
        let end = xml.depth();
        let mut found = Self::default();
        let mut of_mark = false;
        while xml.depth() >= end {
            let node = xml.step()?;
            let (Node::Start(tag) | Node::Empty(tag)) = &node else {
                continue;
            };
            let is_open = matches!(node, Node::Start(_));
            match xml.name(tag) {
                (Space::Word, b"rPr") => of_mark = true,
                (Space::Word, b"numPr") => {}
                (Space::Word, local) => {
                    found.take(local, tag, of_mark);
                    if is_open {
                        xml.skip(tag)?;
                    }
                    // The style stands first, and all the formatting behind it.
                    if Self::matters(local) && xml.depth() == end {
                        xml.pass_over(parent, Self::matters)?;
                    }
                }
                _ if is_open => xml.skip(tag)?,
                _ => {}
            }
        }
        Ok(found)
    }

    fn take(&mut self, local: &[u8], tag: &Tag<'_>, of_mark: bool) {
        match local {
            b"pStyle" => self.style = xml::attribute(tag, "val"),
            b"del" | b"moveFrom" if of_mark => self.mark_deleted = true,
            b"vanish" if of_mark => self.mark_hidden = xml::is_on(tag),
            _ if !of_mark => self.own.take(local, tag),
            _ => {}
        }
    }

    /// The numbering, 0 and absent for none.
    pub(crate) fn numbering(&self, style: &Resolved) -> Option<u32> {
        self.own.number.or(style.properties.number).filter(|&id| id != 0)
    }

    /// The role: what the paragraph says of its outline, else what its style's name or outline says.
    pub(crate) fn role(&self, style: &Resolved) -> ParagraphRole {
        let heading = |outline: u8| match outline {
            0..=8 => ParagraphRole::Heading(outline + 1),
            _ => ParagraphRole::Body,
        };
        match (self.own.outline, style.role, style.properties.outline) {
            (Some(own), _, _) => heading(own),
            (None, Some(role), _) => role,
            (None, None, Some(outline)) => heading(outline),
            (None, None, None) => ParagraphRole::Body,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_around_a_text_count_only_where_it_says_so() {
        let text = |attributes: &str| {
            let source = format!("<t{attributes}> 2\n3 <b/>&amp;&#x4E00;&own; </t>");
            let mut xml = Xml::new(&source);
            let Ok(Node::Start(tag)) = xml.step() else { panic!() };
            let mut line = String::new();
            read_text(&mut xml, &tag, &mut line).unwrap();
            line
        };
        assert_eq!(text(""), "2 3 &一&own;");
        assert_eq!(text(" xml:space='preserve'"), " 2 3 &一&own; ");
    }
}
