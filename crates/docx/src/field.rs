//! What form fields show (ECMA-376 Part 1, 17.16.17).

use crate::xml::{self, Damage, Node, Space, Xml};

/// Reads what a form field shows (17.16.17): a box ticked or empty, the chosen entry of a list. Stands in the element that begins the field.
pub(crate) fn form_field(xml: &mut Xml<'_>) -> Result<Option<String>, Damage> {
    let end = xml.depth();
    let (mut is_box, mut default, mut checked) = (false, false, None);
    let (mut chosen, mut entries) = (0, Vec::new());
    while xml.depth() >= end {
        match xml.step()? {
            Node::Start(tag) | Node::Empty(tag) => match xml.name(&tag) {
                (Space::Word, b"checkBox") => is_box = true,
                (Space::Word, b"default") if is_box => default = xml::is_on(&tag),
                (Space::Word, b"default") => chosen = xml::number(&tag, "val").unwrap_or(chosen),
                (Space::Word, b"checked") => checked = Some(xml::is_on(&tag)),
                (Space::Word, b"result") => chosen = xml::number(&tag, "val").unwrap_or(chosen),
                (Space::Word, b"listEntry") => entries.extend(xml::attribute(&tag, "val")),
                _ => {}
            },
            Node::Over => break,
            _ => {}
        }
    }
    if is_box {
        let mark = if checked.unwrap_or(default) { "☑" } else { "□" };
        return Ok(Some(mark.to_owned()));
    }
    Ok(entries.into_iter().nth(chosen))
}
