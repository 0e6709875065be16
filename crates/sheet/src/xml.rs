//! Tags and texts of an XML part.
//!
//! quick-xml finds the tags; nothing else is looked into but what is asked for. Names are compared without their prefix, as some programs
//! write `x:row`. Whether tags are nested as they should be is not checked: what a damaged part still says is read, and what has no end
//! is noticed by whoever reads it.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesRef, Event};

/// A tag.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tag<'a> {
    /// Its name without prefix, as bytes: they are compared one by one where a name of known length is asked for.
    pub(crate) name: &'a [u8],
    pub(crate) kind: Kind,
    attributes: &'a str,
    /// What follows it.
    after: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `<a>`
    Start,
    /// `<a/>`
    Empty,
    /// `</a>`
    End,
}

/// Every tag of a part, in order; comments, `CDATA` and declarations are passed over.
#[derive(Clone, Debug)]
pub(crate) struct Tags<'a> {
    xml: &'a str,
    reader: Reader<&'a [u8]>,
}

impl<'a> Tags<'a> {
    pub(crate) fn new(xml: &'a str) -> Self {
        // The reader drops a byte order mark and does not count it.
        let xml = xml.strip_prefix('\u{FEFF}').unwrap_or(xml);
        Self { xml, reader: lenient(xml) }
    }

    /// The tags that begin an element of this name.
    pub(crate) fn named(self, name: &[u8]) -> impl Iterator<Item = Tag<'a>> {
        self.filter(move |tag| tag.name == name && tag.kind != Kind::End)
    }

    /// The tag that ends here, of which so many bytes stand between its marks, the name first.
    fn tag(&self, kind: Kind, length: usize, name: usize) -> Option<Tag<'a>> {
        let end = usize::try_from(self.reader.buffer_position()).ok()?;
        let marks = if kind == Kind::Empty { 2 } else { 1 };
        let inside = self.xml.get(end.checked_sub(length + marks)?..end.checked_sub(marks)?)?;
        let (name, attributes) = inside.split_at_checked(name)?;
        Some(Tag { name: local(name).as_bytes(), kind, attributes, after: self.xml.get(end..)? })
    }
}

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Tag<'a>> {
        loop {
            let (kind, length, name) = match self.reader.read_event().ok()? {
                Event::Start(tag) => (Kind::Start, tag.len(), tag.name().as_ref().len()),
                Event::Empty(tag) => (Kind::Empty, tag.len(), tag.name().as_ref().len()),
                Event::End(tag) => (Kind::End, tag.len(), tag.name().as_ref().len()),
                Event::Eof => return None,
                _ => continue,
            };
            return self.tag(kind, length, name);
        }
    }
}

/// A reader that takes damaged parts as they are.
fn lenient(xml: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(xml);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    reader
}

/// A name without its prefix. Names are short: looking at their bytes one by one is quicker than any search.
fn local(name: &str) -> &str {
    let colon = name.bytes().position(|byte| byte == b':');
    colon.and_then(|colon| name.get(colon + 1..)).unwrap_or(name)
}

/// The attributes of a tag.
#[derive(Debug)]
struct Attributed<'a> {
    rest: &'a str,
    /// What takes the rest apart once an attribute is not written as all programs write theirs.
    odd: Option<Attributes<'a>>,
}

impl<'a> Iterator for Attributed<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        if self.odd.is_none()
            && let Some((name, value, rest)) = plain_attribute(self.rest)
        {
            self.rest = rest;
            return Some((local(name), value));
        }
        let odd = self.odd.get_or_insert_with(|| {
            let mut attributes = Attributes::new(self.rest, 0);
            attributes.with_checks(false);
            attributes
        });
        loop {
            let attribute = odd.next()?.ok()?;
            if let Cow::Borrowed(value) = attribute.value {
                return Some((local(attribute.key.into_inner()), value));
            }
        }
    }
}

/// The first attribute where it is written as `name="value"`: its name, its value, and what follows it.
fn plain_attribute(text: &str) -> Option<(&str, &str, &str)> {
    let text = text.trim_start_matches([' ', '\t', '\r', '\n']);
    let is_of_a_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'_' | b'-' | b'.');
    let (name, rest) =
        text.split_at_checked(text.bytes().position(|byte| !is_of_a_name(byte)).filter(|&end| end > 0)?)?;
    let rest = rest.strip_prefix("=\"")?;
    let (value, rest) = rest.split_at_checked(memchr::memchr(b'"', rest.as_bytes())?)?;
    Some((name, value, rest.get(1..)?))
}

impl<'a> Tag<'a> {
    /// The attributes: their names without prefix, and their values as they stand there. What is no attribute ends them.
    pub(crate) fn attributes(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        Attributed { rest: self.attributes, odd: None }
    }

    /// The value of an attribute as it stands there.
    pub(crate) fn attribute(self, wanted: &str) -> Option<&'a str> {
        self.attributes().find(|(name, _)| *name == wanted).map(|(_, value)| value)
    }

    /// The value of an attribute as a text.
    pub(crate) fn attribute_text(self, wanted: &str) -> Option<Cow<'a, str>> {
        self.attribute(wanted).map(unescaped)
    }

    pub(crate) fn number(self, wanted: &str) -> Option<u32> {
        self.attribute(wanted)?.trim().parse().ok()
    }

    pub(crate) fn flag(self, wanted: &str) -> bool {
        matches!(self.attribute(wanted), Some("1" | "true" | "on"))
    }

    /// The text up to the next tag, whatever interrupts it; empty for an element without content.
    pub(crate) fn text(self) -> Cow<'a, str> {
        if self.kind == Kind::Start { self.following() } else { Cow::Borrowed("") }
    }

    /// The text between this tag and the next one, whatever interrupts it.
    pub(crate) fn following(self) -> Cow<'a, str> {
        let after = self.after;
        // Most texts hold nothing that needs another look.
        let end = memchr::memchr2(b'<', b'&', after.as_bytes()).unwrap_or(after.len());
        let (text, rest) = after.split_at_checked(end).unwrap_or((after, ""));
        if !rest.starts_with('&') && !rest.starts_with("<!") && !rest.starts_with("<?") {
            return Cow::Borrowed(text);
        }
        let (text, rest) = after.split_at_checked(after.find('<').unwrap_or(after.len())).unwrap_or((after, ""));
        if !rest.starts_with("<!") && !rest.starts_with("<?") {
            return unescaped(text);
        }
        let mut whole = String::new();
        let mut reader = lenient(after);
        loop {
            match reader.read_event() {
                Ok(Event::Text(text)) => whole.push_str(&text),
                Ok(Event::CData(data)) => whole.push_str(&data),
                Ok(Event::GeneralRef(reference)) => referred(&reference, &mut whole),
                Ok(Event::Start(_) | Event::Empty(_) | Event::End(_) | Event::Eof) | Err(_) => {
                    return Cow::Owned(whole);
                }
                Ok(_) => {}
            }
        }
    }
}

/// Appends the character that is referred to; a reference to something unknown stays as it is.
fn referred(reference: &BytesRef<'_>, text: &mut String) {
    match (reference.resolve_char_ref(), resolve_predefined_entity(reference)) {
        (Ok(Some(character)), _) => text.push(character),
        (_, Some(character)) => text.push_str(character),
        _ => text.extend(["&", reference, ";"]),
    }
}

/// A text without references to characters; one that refers to something unknown stays as it is.
fn unescaped(text: &str) -> Cow<'_, str> {
    quick_xml::escape::unescape(text).unwrap_or(Cow::Borrowed(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(xml: &str) -> Vec<String> {
        Tags::new(xml).named(b"t").map(|tag| tag.text().into_owned()).collect()
    }

    #[test]
    fn tags_are_found_whatever_stands_between_them() {
        let xml = r#"<?xml version="1.0"?><!-- <a> --><x:a b="1>2" c = '3'><![CDATA[<b>]]><d/></x:a>"#;
        let tags: Vec<(&[u8], Kind)> = Tags::new(xml).map(|tag| (tag.name, tag.kind)).collect();
        assert_eq!(tags, [(&b"a"[..], Kind::Start), (b"d", Kind::Empty), (b"a", Kind::End)]);
        assert_eq!(Tags::new("\u{FEFF}<a b='c'/>").next().unwrap().attribute("b"), Some("c"));
        let attributes: Vec<_> = Tags::new(xml).next().unwrap().attributes().collect();
        assert_eq!(attributes, [("b", "1>2"), ("c", "3")]);
    }

    #[test]
    fn a_text_is_read_with_all_that_interrupts_it() {
        assert_eq!(
            texts("<t>1 &lt; 2</t><t/><t></t><t>a<!-- b -->c<![CDATA[<d>&amp;]]>&amp;e</t>"),
            ["1 < 2", "", "", "ac<d>&amp;&e"]
        );
        assert_eq!(texts("<t>&nobody;</t><t>&#24180;报"), ["&nobody;", "年报"]);
        let following: Vec<_> = Tags::new("<a>1<b/>2<!-- 3 -->4</a>5").map(|tag| tag.following()).collect();
        assert_eq!(following, ["1", "24", "5"]);
    }

    #[test]
    fn xml_that_breaks_off_is_no_fault() {
        let xml = r#"<a b="年报"><!-- x --><t>年<![CDATA[报]]></t><?p?></a>"#;
        for length in (0..xml.len()).filter(|&length| xml.is_char_boundary(length)) {
            let _ = texts(&xml[..length]);
            let _ = Tags::new(&xml[..length]).flat_map(Tag::attributes).count();
        }
    }
}
