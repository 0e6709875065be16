//! XML of untrusted parts, event by event: depth, namespaces, skipping, attributes.
//!
//! The tokeniser is quick-xml; this is the only file that names it. Two things are cheap here because they are asked for each
//! element: whether it belongs to `WordprocessingML` (one comparison with the prefix that is bound to it), and whether it binds
//! namespaces (the places of all `xmlns` are found beforehand; past the root there are hardly any).

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// How many namespaces may be bound at one place. Word binds some forty.
const MAX_BINDINGS: usize = 256;

/// Why a part cannot be read on, as a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Damage(pub(crate) String);

/// A start tag.
pub(crate) type Tag<'a> = BytesStart<'a>;

/// One step in a part. Comments, processing instructions and the like are passed over.
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
    /// The part is over.
    Over,
}

/// The namespaces that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Namespace {
    /// `WordprocessingML`, transitional or strict.
    Word,
    /// Markup compatibility (ECMA-376 Part 3).
    Compatibility,
    /// Mathematics.
    Math,
    /// The drawing language of Word before 2007.
    Vml,
    /// Another of those that Word or WPS write.
    Office,
    /// Somebody else's.
    Foreign,
}

impl Namespace {
    fn of(uri: &str) -> Self {
        match uri {
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
            | "http://purl.oclc.org/ooxml/wordprocessingml/main" => Self::Word,
            "http://schemas.openxmlformats.org/markup-compatibility/2006" => Self::Compatibility,
            "http://schemas.openxmlformats.org/officeDocument/2006/math"
            | "http://purl.oclc.org/ooxml/officeDocument/math" => Self::Math,
            "urn:schemas-microsoft-com:vml" => Self::Vml,
            _ if OFFICE.iter().any(|start| uri.starts_with(start)) => Self::Office,
            _ => Self::Foreign,
        }
    }
}

const OFFICE: [&str; 5] = [
    "http://schemas.microsoft.com/office/",
    "http://schemas.openxmlformats.org/",
    "http://purl.oclc.org/ooxml/",
    "http://www.wps.cn/",
    "urn:schemas-microsoft-com:",
];

/// A prefix bound by an element at `depth`.
#[derive(Debug)]
struct Binding {
    depth: usize,
    prefix: String,
    namespace: Namespace,
}

/// The name of an element, by its namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name<'t> {
    /// Of `WordprocessingML`.
    Word(&'t [u8]),
    /// Of markup compatibility.
    Compatibility(&'t [u8]),
    /// Of mathematics.
    Math(&'t [u8]),
    /// Of the old drawing language.
    Vml(&'t [u8]),
    /// Anything else.
    Other,
}

/// A part, read from its beginning to its end.
#[derive(Debug)]
pub(crate) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
    bindings: Vec<Binding>,
    /// What stands before the local name of an element of `WordprocessingML`: `w:`; `None` where no prefix is bound to it.
    word: Option<Vec<u8>>,
    /// Where the text says `xmlns`, last place first.
    binding_places: Vec<usize>,
    /// How many bytes were passed over without the tokeniser.
    passed: u64,
}

impl<'a> Xml<'a> {
    /// Begins to read a part.
    pub(crate) fn new(text: &'a str) -> Self {
        let mut binding_places: Vec<usize> = memmem::find_iter(text.as_bytes(), "xmlns").collect();
        binding_places.reverse();
        Self { reader: Reader::from_str(text), depth: 0, bindings: Vec::new(), word: None, binding_places, passed: 0 }
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

    /// Passes over the rest of the element that began last, its end included.
    pub(crate) fn skip(&mut self) -> Result<(), Damage> {
        let end = self.depth.saturating_sub(1);
        self.skip_to(end)
    }

    /// Passes over the element that has just begun, its end included, unless it holds an element whose local name `matters`, or
    /// anything that only the tokeniser can judge. Says whether it did.
    ///
    /// Formatting is most of what Word writes, and hardly any of it matters: a glance from one `<` to the next tells so in a
    /// fraction of the time that tokenising takes.
    pub(crate) fn pass_over(&mut self, tag: &Tag<'_>, matters: impl Fn(&[u8]) -> bool) -> Result<bool, Damage> {
        let name = name_of(tag);
        let rest: &'a [u8] = self.reader.get_mut();
        let Some(end) = end_of(rest, name, matters) else {
            return Ok(false);
        };
        // The tokeniser goes on at the end tag, so that its own account of what is open stays right.
        *self.reader.get_mut() = rest.get(end..).unwrap_or_default();
        self.passed += end as u64;
        self.skip()?;
        Ok(true)
    }

    /// Passes over everything until no more than `depth` elements are open.
    pub(crate) fn skip_to(&mut self, depth: usize) -> Result<(), Damage> {
        while self.depth > depth {
            match self.event()? {
                Event::Start(_) => self.depth += 1,
                Event::End(_) => self.depth -= 1,
                _ => {}
            }
        }
        Ok(())
    }

    /// Takes note of the namespaces that an element at `depth` binds.
    fn bind(&mut self, tag: &Tag<'a>, depth: usize) {
        if self.bindings.last().is_some_and(|binding| binding.depth >= depth) {
            self.unbind(depth);
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
            let Some(prefix) = key.strip_prefix("xmlns") else {
                continue;
            };
            if self.bindings.len() == MAX_BINDINGS {
                break;
            }
            self.bindings.push(Binding {
                depth,
                prefix: prefix.strip_prefix(':').unwrap_or_default().to_owned(),
                namespace: Namespace::of(&attribute.value),
            });
        }
        self.find_word();
    }

    /// Forgets what was bound by elements that have ended.
    fn unbind(&mut self, depth: usize) {
        self.bindings.retain(|binding| binding.depth < depth);
        self.find_word();
    }

    fn find_word(&mut self) {
        let is_word = |binding: &&Binding| {
            binding.namespace == Namespace::Word && self.namespace(binding.prefix.as_bytes()) == Some(Namespace::Word)
        };
        self.word = self.bindings.iter().rev().find(is_word).map(|binding| match binding.prefix.as_str() {
            "" => Vec::new(),
            prefix => format!("{prefix}:").into_bytes(),
        });
    }

    /// The name of an element, by its namespace.
    pub(crate) fn name<'t>(&self, tag: &'t Tag<'a>) -> Name<'t> {
        let name = name_of(tag);
        if let Some(word) = self.word.as_deref()
            && let Some(local) = name.strip_prefix(word)
            && (!word.is_empty() || !local.contains(&b':'))
        {
            return Name::Word(local);
        }
        let (prefix, local) = split(name);
        match self.namespace(prefix) {
            Some(Namespace::Word) => Name::Word(local),
            Some(Namespace::Compatibility) => Name::Compatibility(local),
            Some(Namespace::Math) => Name::Math(local),
            Some(Namespace::Vml) => Name::Vml(local),
            Some(Namespace::Office | Namespace::Foreign) | None => Name::Other,
        }
    }

    fn namespace(&self, prefix: &[u8]) -> Option<Namespace> {
        let bound = self.bindings.iter().rev().find(|binding| binding.prefix.as_bytes() == prefix);
        bound.map(|binding| binding.namespace)
    }

    /// Whether all of the prefixes in a list (`Requires="wps w14"`) are bound to namespaces that we know of.
    pub(crate) fn all_known(&self, prefixes: &str) -> bool {
        prefixes
            .split_ascii_whitespace()
            .all(|prefix| !matches!(self.namespace(prefix.as_bytes()), None | Some(Namespace::Foreign)))
    }
}

/// Where the elements of one name stand in a part, by the attribute that identifies them; of two with the same, the later one.
///
/// For parts that define much of which little is used: a glance over the tags finds the places, and what is asked for is then read.
pub(crate) fn places(text: &str, name: &[u8], id: &str) -> HashMap<String, Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = HashMap::new();
    let mut last: Option<(String, usize)> = None;
    for place in memchr::memchr_iter(b'<', bytes) {
        let Some(tag) = text.get(place + 1..) else {
            continue;
        };
        let length = tag.bytes().position(is_after_name).unwrap_or(tag.len());
        if tag.as_bytes().get(..length).map(|tag| split(tag).1) != Some(name) || tag.starts_with('/') {
            continue;
        }
        if let Some((id, start)) = last.take() {
            found.insert(id, start..place);
        }
        let end = memchr::memchr(b'>', tag.as_bytes()).unwrap_or(tag.len());
        let tag = Tag::from_content(tag.get(..end).unwrap_or_default(), length.min(end));
        last = attribute(&tag, id).map(|id| (id, place));
    }
    if let Some((id, start)) = last {
        found.insert(id, start..text.len());
    }
    found
}

/// Where the end tag of the element `name` stands in what follows its start tag; `None` where that takes more than a glance.
fn end_of(rest: &[u8], name: &[u8], matters: impl Fn(&[u8]) -> bool) -> Option<usize> {
    let is_named =
        |tag: &[u8]| tag.strip_prefix(name).and_then(<[u8]>::first).is_some_and(|&after| is_after_name(after));
    for place in memchr::memchr_iter(b'<', rest) {
        let tag = rest.get(place + 1..)?;
        match tag.first()? {
            b'/' if is_named(tag.get(1..)?) => return Some(place),
            b'/' => {}
            b'!' | b'?' => return None,
            _ if is_named(tag) => return None,
            _ => {
                let length = tag.iter().position(|&byte| is_after_name(byte))?;
                if matters(split(tag.get(..length)?).1) {
                    return None;
                }
            }
        }
    }
    None
}

fn is_after_name(byte: u8) -> bool {
    matches!(byte, b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n')
}

/// The name of an element, prefix and all.
fn name_of<'t>(tag: &'t Tag<'_>) -> &'t [u8] {
    tag.name().0.as_bytes()
}

fn split(name: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memchr(b':', name) {
        Some(at) => (name.get(..at).unwrap_or_default(), name.get(at + 1..).unwrap_or_default()),
        None => (b"", name),
    }
}

/// The local name of an element, for parts where only one vocabulary occurs.
pub(crate) fn local<'t>(tag: &'t Tag<'_>) -> &'t [u8] {
    split(name_of(tag)).1
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

/// Whether a property that is either on or off is on (`ST_OnOff`, ECMA-376 Part 1, 22.9.2.7): it is unless it says no.
pub(crate) fn is_on(tag: &Tag<'_>) -> bool {
    if tag.attributes_raw().is_empty() {
        return true;
    }
    !matches!(attribute(tag, "val").as_deref(), Some("0" | "false" | "off"))
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
                    let (space, local) = match xml.name(&tag) {
                        Name::Word(local) => ("word", local),
                        Name::Compatibility(local) => ("mc", local),
                        Name::Math(local) => ("math", local),
                        Name::Vml(local) => ("vml", local),
                        Name::Other => ("other", &b""[..]),
                    };
                    names.push(format!("{space} {}", String::from_utf8_lossy(local)));
                }
                Node::Over => return names,
                _ => {}
            }
        }
    }

    const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    const STRICT: &str = "http://purl.oclc.org/ooxml/wordprocessingml/main";

    #[test]
    fn names_go_by_namespace_and_not_by_prefix() {
        assert_eq!(names(&format!(r#"<x:p xmlns:x="{WORD}"><a:p/></x:p>"#)), ["word p", "other "]);
        assert_eq!(names(&format!(r#"<p xmlns="{STRICT}"><t/><a:t/></p>"#)), ["word p", "word t", "other "]);
        assert_eq!(names("<w:p/>"), ["other "]);
    }

    #[test]
    fn a_binding_holds_for_its_element_alone() {
        let text = format!(r#"<r><w:p xmlns:w="{WORD}"/><w:p/><w:p xmlns:w="{WORD}"><w:r/></w:p><w:p/></r>"#);
        assert_eq!(names(&text), ["other ", "word p", "other ", "word p", "word r", "other "]);
        let shadowed = format!(r#"<w:p xmlns:w="{WORD}"><b xmlns:w="urn:x"><w:t/></b><c xmlns="x"/><w:t/></w:p>"#);
        assert_eq!(names(&shadowed), ["word p", "other ", "other ", "other ", "word t"]);
    }

    #[test]
    fn an_element_is_skipped_with_all_that_is_in_it() {
        let mut xml = Xml::new("<a><b><b/><c>x</c></b><d/></a>");
        xml.next().unwrap();
        xml.next().unwrap();
        xml.skip().unwrap();
        assert!(matches!(xml.next(), Ok(Node::Empty(tag)) if local(&tag) == b"d"));
        assert_eq!(xml.depth(), 1);
    }

    #[test]
    fn an_element_is_passed_over_only_if_nothing_in_it_matters() {
        let passed = |text: &str| {
            let mut xml = Xml::new(text);
            xml.next().unwrap();
            let Ok(Node::Start(tag)) = xml.next() else { panic!() };
            let passed = xml.pass_over(&tag, |local| local == b"m").unwrap();
            passed.then(|| match xml.next() {
                Ok(Node::Empty(tag)) => (String::from_utf8_lossy(local(&tag)).into_owned(), xml.depth()),
                other => panic!("{other:?}"),
            })
        };
        let after = Some(("d".to_owned(), 1));
        assert_eq!(passed("<a><w:b><w:bb/><c>x</c></w:b ><d/></a>"), after);
        assert_eq!(passed("<a><b></b><d/></a>"), after);
        assert_eq!(passed("<a><b><c><w:m/></c></b><d/></a>"), None);
        assert_eq!(passed("<a><b><b/></b><d/></a>"), None);
        assert_eq!(passed("<a><b><!--</b>--></b><d/></a>"), None);
        assert_eq!(passed("<a><b><c></c><d/></a>"), None);
    }

    #[test]
    fn elements_are_found_by_their_identity() {
        let text = "<w:a><w:b w:id='1'/><w:bb w:id='9'/><w:b w:id='2'><w:c/></w:b></w:a>";
        let places = places(text, b"b", "id");
        assert_eq!(places.len(), 2);
        assert_eq!(&text[places["1"].clone()], "<w:b w:id='1'/><w:bb w:id='9'/>");
        assert!(text[places["2"].clone()].starts_with("<w:b w:id='2'>"));
    }

    #[test]
    fn text_that_ends_too_early_is_damaged() {
        let mut xml = Xml::new("<a><b>");
        xml.next().unwrap();
        xml.next().unwrap();
        assert!(xml.next().is_err());
    }

    #[test]
    fn attributes_are_found_by_their_local_name() {
        let mut xml = Xml::new(r#"<w:a w:val="&lt;%1&#x3001;" w:n=" 7 "/>"#);
        let Ok(Node::Empty(tag)) = xml.next() else { panic!() };
        assert_eq!(attribute(&tag, "val").as_deref(), Some("<%1、"));
        assert_eq!(number(&tag, "n"), Some(7u32));
        assert_eq!(number::<u32>(&tag, "val"), None);
        assert!(is_on(&tag));
    }
}
