//! Tags and texts of an XML part, from `<` to `<` in one glance.
//!
//! Nothing is looked into but what is asked for, so a part costs little more than finding its tags. Names are compared without their
//! prefix, as some programs write `x:row`. Whether tags are nested as they should be is not checked: what a damaged part still says is
//! read, and what has no end is noticed by whoever reads it.

use std::borrow::Cow;

use memchr::{memchr, memmem};
use nianbao_container::{Content, decode};

/// A part that is not in UTF-8 may have so many bytes to be decoded: doing so takes up to three times as many.
const MAX_DECODED: usize = 16 << 20;

/// The characters of a part, and what is wrong with its bytes.
pub(crate) fn decoded(content: Content) -> (String, Option<String>) {
    let error = match String::from_utf8(content.bytes) {
        Ok(text) => return (text, content.damage),
        Err(error) => error,
    };
    let no_text = || "some of its bytes are no text".to_owned();
    if error.as_bytes().len() > MAX_DECODED {
        let sound = error.utf8_error().valid_up_to();
        let mut bytes = error.into_bytes();
        bytes.truncate(sound);
        return (String::from_utf8(bytes).unwrap_or_default(), Some(content.damage.unwrap_or_else(no_text)));
    }
    let decoded = decode(error.as_bytes());
    let damage = content.damage.or_else(|| decoded.lossy.then(no_text));
    (decoded.text, damage)
}

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
pub(crate) struct Tags<'a>(&'a str);

impl<'a> Tags<'a> {
    pub(crate) const fn new(xml: &'a str) -> Self {
        Self(xml)
    }

    /// The tags that begin an element of this name.
    pub(crate) fn named(self, name: &[u8]) -> impl Iterator<Item = Tag<'a>> {
        self.filter(move |tag| tag.name == name && tag.kind != Kind::End)
    }
}

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Tag<'a>> {
        loop {
            let rest = self.0.get(memchr(b'<', self.0.as_bytes())? + 1..)?;
            let tag = match rest.as_bytes() {
                [b'!', b'-', b'-', ..] => Err("-->"),
                [b'!', b'[', ..] => Err("]]>"),
                [b'!' | b'?', ..] => Err(">"),
                _ => Ok(tag(rest)?),
            };
            match tag {
                Ok(tag) => {
                    self.0 = tag.after;
                    return Some(tag);
                }
                Err(end) => self.0 = behind(rest, end)?,
            }
        }
    }
}

/// The tag that begins here, behind its `<`; `None` where it has no end.
fn tag(rest: &str) -> Option<Tag<'_>> {
    let end = tag_end(rest.as_bytes())?;
    let (text, after) = (rest.get(..end)?, rest.get(end + 1..)?);
    let (text, kind) = match (text.strip_prefix('/'), text.strip_suffix('/')) {
        (Some(text), _) => (text, Kind::End),
        (None, Some(text)) => (text, Kind::Empty),
        (None, None) => (text, Kind::Start),
    };
    let length = text.bytes().position(|c| c.is_ascii_whitespace()).unwrap_or(text.len());
    let (name, attributes) = text.split_at_checked(length)?;
    Some(Tag { name: local(name).as_bytes(), kind, attributes, after })
}

/// Where the `>` of a tag stands; one in a quoted value does not count.
fn tag_end(text: &[u8]) -> Option<usize> {
    let mut quote = None;
    text.iter().position(|&c| match quote {
        Some(open) => {
            if c == open {
                quote = None;
            }
            false
        }
        None if matches!(c, b'"' | b'\'') => {
            quote = Some(c);
            false
        }
        None => c == b'>',
    })
}

fn behind<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    text.get(memmem::find(text.as_bytes(), mark.as_bytes())? + mark.len()..)
}

fn local(name: &str) -> &str {
    name.bytes().rposition(|c| c == b':').and_then(|colon| name.get(colon + 1..)).unwrap_or(name)
}

impl<'a> Tag<'a> {
    /// The attributes: their names without prefix, and their values as they stand there.
    pub(crate) fn attributes(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let mut rest = self.attributes;
        std::iter::from_fn(move || {
            // These are too short for anything cleverer than a look at each byte.
            let equals = rest.bytes().position(|c| c == b'=')?;
            let (name, value) = (rest.get(..equals)?, rest.get(equals + 1..)?.trim_ascii_start());
            let quote = value.bytes().next().filter(|c| matches!(c, b'"' | b'\''))?;
            let value = value.get(1..)?;
            let end = value.bytes().position(|c| c == quote)?;
            rest = value.get(end + 1..)?;
            let value = value.get(..end)?;
            Some((local(name.trim_ascii()), value))
        })
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

    /// The text up to the next tag; empty for an element without content.
    pub(crate) fn text(self) -> Cow<'a, str> {
        if self.kind != Kind::Start {
            return Cow::Borrowed("");
        }
        let (text, rest) = up_to_mark(self.after);
        if !rest.starts_with("<!") && !rest.starts_with("<?") {
            return unescaped(text);
        }
        let mut whole = unescaped(text).into_owned();
        append_broken(&mut whole, rest);
        Cow::Owned(whole)
    }
}

fn up_to_mark(text: &str) -> (&str, &str) {
    let end = memchr(b'<', text.as_bytes()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Appends a text that `CDATA` and comments interrupt.
fn append_broken(whole: &mut String, mut rest: &str) {
    loop {
        let after = if let Some(data) = rest.strip_prefix("<![CDATA[") {
            let (data, after) = data.split_once("]]>").unwrap_or((data, ""));
            whole.push_str(data);
            Some(after)
        } else if rest.starts_with("<!--") {
            behind(rest, "-->")
        } else if rest.starts_with("<?") {
            behind(rest, "?>")
        } else {
            None
        };
        let Some(after) = after else { return };
        let (text, next) = up_to_mark(after);
        whole.push_str(&unescaped(text));
        rest = next;
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
    }

    #[test]
    fn bytes_are_decoded_by_what_they_are() {
        let part = |bytes: &[u8]| decoded(Content { bytes: bytes.to_vec(), damage: None });
        assert_eq!(part("<a>年报</a>".as_bytes()), ("<a>年报</a>".to_owned(), None));
        let wide: Vec<u8> = "\u{FEFF}<a>年报</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(part(&wide), ("<a>年报</a>".to_owned(), None));
        assert!(part(b"<a>abc \xFF\xFF def</a>").1.is_some());
        let mut long = vec![b' '; MAX_DECODED];
        long.extend(b"<a>\xFF</a>");
        let (text, damage) = part(&long);
        assert_eq!((text.len(), damage.is_some()), (MAX_DECODED + 3, true));
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
