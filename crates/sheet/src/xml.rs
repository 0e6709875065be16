//! Tags and texts of an XML part.
//!
//! Nothing is looked into but tags and what is asked for. Names are compared without their prefix, as some programs write `x:row`. Whether
//! tags are nested as they should be is not checked: what a damaged part still says is read, and what has no end is noticed by whoever
//! reads it.

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
///
/// In a sheet there is a tag every ten bytes. They are so short that a look at each byte costs half of what a general tokeniser takes;
/// whatever else begins with `<` is left to quick-xml.
#[derive(Clone, Debug)]
pub(crate) struct Tags<'a> {
    rest: &'a str,
}

impl<'a> Tags<'a> {
    pub(crate) fn new(xml: &'a str) -> Self {
        Self { rest: xml.strip_prefix('\u{FEFF}').unwrap_or(xml) }
    }

    /// The tags that begin an element of this name.
    pub(crate) fn named(self, name: &[u8]) -> impl Iterator<Item = Tag<'a>> {
        self.filter(move |tag| tag.name == name && tag.kind != Kind::End)
    }

    /// Goes past what begins with `<!` or `<?`; `None` where it has no end.
    fn pass_over(&mut self) -> Option<()> {
        let mut reader = lenient(self.rest);
        reader.read_event().ok()?;
        self.rest = self.rest.get(usize::try_from(reader.buffer_position()).ok().filter(|&passed| passed > 0)?..)?;
        Some(())
    }
}

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Tag<'a>> {
        loop {
            // Mostly one tag stands right behind the other.
            if self.rest.as_bytes().first() != Some(&b'<') {
                self.rest = self.rest.get(memchr::memchr(b'<', self.rest.as_bytes())?..)?;
            }
            match self.rest.as_bytes().get(1)? {
                b'!' | b'?' => self.pass_over()?,
                b'/' => {
                    let (inside, after) = split_behind(self.rest.get(2..)?)?;
                    self.rest = after;
                    let name = local(inside.trim_end_matches(BLANKS));
                    return Some(Tag { name: name.as_bytes(), kind: Kind::End, attributes: "", after });
                }
                _ => {
                    let (inside, after) = split_behind(self.rest.get(1..)?)?;
                    self.rest = after;
                    let (inside, kind) = match inside.as_bytes() {
                        [name @ .., b'/'] => (inside.get(..name.len())?, Kind::Empty),
                        _ => (inside, Kind::Start),
                    };
                    let name = name(inside);
                    let attributes = inside.get(name.len()..)?;
                    return Some(Tag { name: local(name).as_bytes(), kind, attributes, after });
                }
            }
        }
    }
}

/// What stands before the end of a tag, and what follows it.
fn split_behind(text: &str) -> Option<(&str, &str)> {
    let (inside, after) = text.split_at_checked(end_of_tag(text.as_bytes())?)?;
    Some((inside, after.get(1..)?))
}

/// Where the first `>` is that stands in no quotes.
fn end_of_tag(text: &[u8]) -> Option<usize> {
    let mut quote = None;
    text.iter().position(|&byte| {
        match (quote, byte) {
            (None, b'>') => return true,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        false
    })
}

/// What parts a name from what follows it.
const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// The name at the start of a tag.
fn name(tag: &str) -> &str {
    let end = tag.bytes().position(|byte| BLANKS.contains(&char::from(byte))).unwrap_or(tag.len());
    tag.get(..end).unwrap_or(tag)
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
        if self.odd.is_none() && self.rest.bytes().all(|byte| byte.is_ascii_whitespace()) {
            return None;
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
    let bytes = text.as_bytes();
    let start = bytes.iter().position(|&byte| !BLANKS.contains(&char::from(byte)))?;
    let is_of_a_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'_' | b'-' | b'.');
    let name = bytes.get(start..)?.iter().position(|&byte| !is_of_a_name(byte)).filter(|&length| length > 0)?;
    let value = start + name + 2;
    let [b'=', b'"'] = bytes.get(start + name..value)? else { return None };
    let length = bytes.get(value..)?.iter().position(|&byte| byte == b'"')?;
    Some((text.get(start..start + name)?, text.get(value..value + length)?, text.get(value + length + 1..)?))
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
    use proptest::prelude::*;

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
    fn an_end_tag_may_hold_blanks() {
        let tags: Vec<(&[u8], Kind)> = Tags::new("<x:a ></x:a >").map(|tag| (tag.name, tag.kind)).collect();
        assert_eq!(tags, [(&b"a"[..], Kind::Start), (b"a", Kind::End)]);
    }

    /// The tags as quick-xml finds them, up to what it cannot read: kind, name, and what else stands in them.
    fn by_quick_xml(xml: &str) -> Vec<(Kind, String, String)> {
        let mut reader = lenient(xml);
        let mut tags = Vec::new();
        loop {
            let (kind, name, inside) = match reader.read_event() {
                Ok(Event::Start(tag)) => (Kind::Start, tag.name().as_ref().to_owned(), tag.to_string()),
                Ok(Event::Empty(tag)) => (Kind::Empty, tag.name().as_ref().to_owned(), tag.to_string()),
                // It leaves blanks where there is nothing else.
                Ok(Event::End(tag)) => {
                    (Kind::End, tag.name().as_ref().trim_end_matches(BLANKS).to_owned(), String::new())
                }
                Ok(Event::Eof) | Err(_) => return tags,
                Ok(_) => continue,
            };
            let attributes = inside.get(name.len()..).unwrap_or_default().to_owned();
            tags.push((kind, local(&name).to_owned(), attributes));
        }
    }

    proptest! {
        #[test]
        fn the_tags_are_those_that_quick_xml_finds(
            pieces in proptest::collection::vec(
                proptest::sample::select(vec![
                    "<a", "<x:b", "</a>", "</x:b >", "<", ">", "/>", "/", " ", "\n", " c='1>2'", " d=\"<e/>\"", " f", "\"", "'", "年报", "&lt;", "&",
                    "<!--", "-->", "<!-- <g> -->", "<![CDATA[", "]]>", "<![CDATA[<h>]]>", "<?p q?>", "<?", "?>", "<!DOCTYPE i [<!ENTITY j \"k\">]>",
                ]),
                0..14,
            )
        ) {
            let xml = pieces.concat();
            let ours: Vec<(Kind, String, String)> = Tags::new(&xml)
                .map(|tag| (tag.kind, String::from_utf8_lossy(tag.name).into_owned(), tag.attributes.to_owned()))
                .collect();
            prop_assert_eq!(ours, by_quick_xml(&xml));
        }
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
