//! XML of untrusted files, event by event: depth, namespaces, skipping, attributes.
//!
//! The tokeniser is quick-xml; this is the only file that names it.

use std::borrow::Cow;

use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// How many namespaces may be bound at one place. Only those that we know are kept, and programs bind each of them once.
const MAX_BINDINGS: usize = 64;

/// Why a file cannot be read on, as a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Damage(pub(crate) String);

/// A start tag.
pub(crate) type Tag<'a> = BytesStart<'a>;

/// One step in a file. Comments, processing instructions and the like are passed over.
#[derive(Debug)]
pub(crate) enum Node<'a> {
    /// An element begins.
    Start(Tag<'a>),
    /// An element without content; no `End` follows.
    Empty(Tag<'a>),
    /// The innermost open element ends.
    End,
    /// Text; references stand between the pieces.
    Text(Cow<'a, str>),
    /// A reference such as `&amp;` or `&#x4E00;`.
    Reference(BytesRef<'a>),
    /// The file is over.
    Over,
}

/// The namespaces that matter (ODF 1.4 Part 3, 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    Office,
    Text,
    Table,
    Draw,
    /// What LibreOffice adds: tables in shapes, say, under the names that tables have elsewhere.
    Extension,
    Other,
}

impl Space {
    fn of(uri: &str) -> Self {
        if uri == "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0" {
            return Self::Extension;
        }
        match uri.strip_prefix("urn:oasis:names:tc:opendocument:xmlns:").unwrap_or_default() {
            "office:1.0" => Self::Office,
            "text:1.0" => Self::Text,
            "table:1.0" => Self::Table,
            "drawing:1.0" => Self::Draw,
            _ => Self::Other,
        }
    }
}

/// A prefix bound by an element at `depth`.
#[derive(Clone, Debug)]
struct Binding {
    depth: usize,
    /// With its colon.
    prefix: String,
    space: Space,
}

/// A file, read from its beginning to its end.
#[derive(Clone, Debug)]
pub(crate) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
    bindings: Vec<Binding>,
    /// Where the text says `xmlns`, last place first.
    binding_places: Vec<usize>,
    /// How many bytes were passed over without the tokeniser.
    passed: u64,
}

impl<'a> Xml<'a> {
    /// Begins to read a text.
    pub(crate) fn new(text: &'a str) -> Self {
        let mut binding_places: Vec<usize> = memmem::find_iter(text.as_bytes(), "xmlns").collect();
        binding_places.reverse();
        Self { reader: Reader::from_str(text), depth: 0, bindings: Vec::new(), binding_places, passed: 0 }
    }

    /// How many elements are open.
    pub(crate) const fn depth(&self) -> usize {
        self.depth
    }

    /// The next step.
    ///
    /// # Errors
    /// Text that is no well-formed XML, also one that ends with elements open.
    pub(crate) fn next(&mut self) -> Result<Node<'a>, Damage> {
        loop {
            let node = match self.event()? {
                Event::Start(tag) => {
                    self.depth += 1;
                    self.bind(&tag, self.depth);
                    Node::Start(tag)
                }
                Event::Empty(tag) => {
                    self.bind(&tag, self.depth + 1);
                    Node::Empty(tag)
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Node::End
                }
                Event::Text(text) => Node::Text(text.into_inner()),
                Event::CData(text) => Node::Text(text.into_inner()),
                Event::GeneralRef(reference) => Node::Reference(reference),
                Event::Eof => Node::Over,
                // What a document type declares is never expanded.
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
            };
            return Ok(node);
        }
    }

    fn event(&mut self) -> Result<Event<'a>, Damage> {
        match self.reader.read_event() {
            Ok(Event::Eof) if self.depth > 0 => Err(Damage("it ends in the middle".to_owned())),
            Ok(event) => Ok(event),
            Err(error) => Err(Damage(format!("at byte {}: {error}", self.passed + self.reader.error_position()))),
        }
    }

    /// Passes over the rest of the element that has just begun, its end included.
    ///
    /// Most of what is not read is styles and pictures, whose end a glance from one `<` to the next finds in a fraction of the time that
    /// tokenising takes.
    pub(crate) fn skip(&mut self, tag: &Tag<'_>) -> Result<(), Damage> {
        let rest: &'a [u8] = self.reader.get_mut();
        if let Some(end) = end_of(rest, name_of(tag)) {
            // The tokeniser goes on at the end tag, so that its own account of what is open stays right.
            *self.reader.get_mut() = rest.get(end..).unwrap_or_default();
            self.passed += end as u64;
        }
        let depth = self.depth.saturating_sub(1);
        while self.depth > depth {
            match self.event()? {
                Event::Start(_) => self.depth += 1,
                Event::End(_) => self.depth -= 1,
                _ => {}
            }
        }
        Ok(())
    }

    /// Takes note of the namespaces that an element at `depth` binds, and forgets those of elements that have ended.
    fn bind(&mut self, tag: &Tag<'a>, depth: usize) {
        if self.bindings.last().is_some_and(|binding| binding.depth >= depth) {
            self.bindings.retain(|binding| binding.depth < depth);
        }
        let position = self.passed + self.reader.buffer_position();
        let is_past = |place: &usize| (*place as u64) < position;
        if !self.binding_places.last().is_some_and(is_past) {
            return;
        }
        while self.binding_places.last().is_some_and(is_past) {
            self.binding_places.pop();
        }
        for attribute in tag.attributes().with_checks(false).flatten() {
            let key: &str = attribute.key.as_ref();
            let Some(prefix) = key.strip_prefix("xmlns") else { continue };
            let prefix = prefix.strip_prefix(':').map_or_else(String::new, |prefix| format!("{prefix}:"));
            let space = Space::of(&attribute.value);
            let is_known = |binding: &Binding| binding.prefix == prefix;
            if (space != Space::Other || self.bindings.iter().any(is_known)) && self.bindings.len() < MAX_BINDINGS {
                self.bindings.push(Binding { depth, prefix, space });
            }
        }
    }

    /// The namespace and the local name of an element.
    pub(crate) fn name<'t>(&self, tag: &'t Tag<'a>) -> (Space, &'t [u8]) {
        let name = name_of(tag);
        let at = memchr::memchr(b':', name).map_or(0, |at| at + 1);
        let (prefix, local) = name.split_at_checked(at).unwrap_or((b"", name));
        let bound = self.bindings.iter().rev().find(|binding| binding.prefix.as_bytes() == prefix);
        let space = match bound.map_or(Space::Other, |binding| binding.space) {
            Space::Extension if local.starts_with(b"table") || local == b"covered-table-cell" => Space::Table,
            Space::Extension => Space::Other,
            space => space,
        };
        (space, local)
    }
}

/// Where the end tag of the element `name` stands in what follows its start tag; `None` where that takes more than a glance.
fn end_of(rest: &[u8], name: &[u8]) -> Option<usize> {
    let is_named =
        |tag: &[u8]| tag.strip_prefix(name).and_then(<[u8]>::first).is_some_and(|&after| is_after_name(after));
    for place in memchr::memchr_iter(b'<', rest) {
        let tag = rest.get(place + 1..)?;
        match tag.first()? {
            b'/' if is_named(tag.get(1..)?) => return Some(place),
            b'!' | b'?' => return None,
            _ if is_named(tag) => return None,
            _ => {}
        }
    }
    None
}

const fn is_after_name(byte: u8) -> bool {
    matches!(byte, b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n')
}

/// The name of an element, prefix and all.
fn name_of<'t>(tag: &'t Tag<'_>) -> &'t [u8] {
    tag.name().0.as_bytes()
}

/// The local name of an element, for parts of a file where only one vocabulary occurs.
pub(crate) fn local<'t>(tag: &'t Tag<'_>) -> &'t [u8] {
    let name = name_of(tag);
    memchr::memchr(b':', name).and_then(|at| name.get(at + 1..)).unwrap_or(name)
}

/// The tags that begin elements of a text, found by a glance, each with where it stands: for the styles, of which most are never used.
pub(crate) fn glance(text: &str) -> impl Iterator<Item = (usize, Tag<'_>)> {
    memchr::memchr_iter(b'<', text.as_bytes()).filter_map(move |place| {
        let tag = text.get(place + 1..)?;
        if tag.starts_with(['/', '!', '?']) {
            return None;
        }
        let end = memchr::memchr(b'>', tag.as_bytes())?;
        let length = tag.bytes().position(is_after_name)?;
        Some((place, Tag::from_content(tag.get(..end)?, length.min(end))))
    })
}

/// The value of an attribute by its local name, references resolved.
pub(crate) fn attribute(tag: &Tag<'_>, name: &str) -> Option<String> {
    let found =
        tag.attributes().with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    match quick_xml::escape::unescape(&found.value) {
        Ok(text) => Some(text.into_owned()),
        Err(_) => Some(found.value.into_owned()),
    }
}

/// The number in an attribute; `None` where it is missing or no number.
pub(crate) fn number<T: std::str::FromStr>(tag: &Tag<'_>, name: &str) -> Option<T> {
    attribute(tag, name)?.trim().parse().ok()
}

/// Whether an attribute says yes.
pub(crate) fn is_true(tag: &Tag<'_>, name: &str) -> bool {
    attribute(tag, name).as_deref() == Some("true")
}

/// Appends the character that a reference stands for. A custom entity stays as it is written: it is never expanded.
pub(crate) fn push_reference(text: &mut String, reference: &BytesRef<'_>) {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => text.push(c),
        Ok(None) => match &**reference {
            "amp" => text.push('&'),
            "lt" => text.push('<'),
            "gt" => text.push('>'),
            "quot" => text.push('"'),
            "apos" => text.push('\''),
            other => {
                text.push('&');
                text.push_str(other);
                text.push(';');
            }
        },
        Err(_) => text.push('\u{FFFD}'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The namespaces and local names of all elements.
    fn names(text: &str) -> Vec<String> {
        let mut xml = Xml::new(text);
        let mut names = Vec::new();
        loop {
            match xml.next().unwrap() {
                Node::Start(tag) | Node::Empty(tag) => {
                    let (space, local) = xml.name(&tag);
                    names.push(format!("{space:?} {}", String::from_utf8_lossy(local)));
                }
                Node::Over => return names,
                _ => {}
            }
        }
    }

    #[test]
    fn elements_are_known_by_their_namespace_and_not_by_their_prefix() {
        let text = r#"<a xmlns="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:text="urn:x">
            <text:b/><c xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><t:d/></c><t:e/><c xmlns="urn:y"><f/></c><g/></a>"#;
        assert_eq!(names(text), ["Text a", "Other b", "Text c", "Table d", "Other e", "Other c", "Other f", "Text g"]);
    }

    #[test]
    fn what_is_skipped_ends_where_it_says() {
        for inner in ["<b><c/></b>", "<!-- </a> -->", "<a></a>", "<a/>", "<![CDATA[</a>]]>", "<ab></ab>"] {
            let text = format!("<r><a>{inner}</a><z/></r>");
            let mut xml = Xml::new(&text);
            xml.next().unwrap();
            let Node::Start(tag) = xml.next().unwrap() else { panic!() };
            xml.skip(&tag).unwrap();
            let Node::Empty(tag) = xml.next().unwrap() else { panic!("{inner}") };
            assert_eq!((local(&tag), xml.depth()), (&b"z"[..], 1));
        }
    }

    #[test]
    fn a_glance_finds_the_tags_that_begin_elements() {
        let text = r#"<?xml version="1.0"?><s:a n="1"><b/><!-- x --></s:a><c"#;
        let found: Vec<_> =
            glance(text).map(|(place, tag)| (place, String::from_utf8_lossy(local(&tag)).into_owned())).collect();
        assert_eq!(found, [(21, "a".to_owned()), (32, "b".to_owned())]);
        assert_eq!(number(&glance(text).next().unwrap().1, "n"), Some(1));
    }

    #[test]
    fn entities_of_ones_own_are_not_expanded() {
        let mut text = String::new();
        let mut xml = Xml::new("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;&lt;&#x4E00;</a>");
        while let Ok(node) = xml.next() {
            match node {
                Node::Reference(reference) => push_reference(&mut text, &reference),
                Node::Over => break,
                _ => {}
            }
        }
        assert_eq!(text, "&b;<一");
    }
}
