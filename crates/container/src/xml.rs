//! XML of untrusted files, event by event: depth, namespaces, skipping, attributes.
//!
//! The tokeniser is quick-xml; readers of XML that is nested know it through here alone. Two things are cheap because they are asked for each
//! element: whether it belongs to the namespace that most belong to (one comparison with the prefix that is bound to it), and whether it
//! binds namespaces (the places of all `xmlns` are found beforehand; past the root there are hardly any).
//!
//! Which namespaces there are, and what the elements mean, is the reader's.

use std::borrow::Cow;
use std::fmt;

use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::error::Error;

/// How many namespaces may be bound at one place, of those that the reader knows. Word binds some forty.
const MAX_BINDINGS: usize = 256;

/// Why a text cannot be read on, as a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage(pub String);

/// Why reading stops before the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The rest cannot be read.
    Damaged(Damage),
    /// The file must not be read.
    Refused(Error),
}

impl From<Damage> for Stop {
    fn from(damage: Damage) -> Self {
        Self::Damaged(damage)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// A start tag.
pub type Tag<'a> = BytesStart<'a>;

/// A reference such as `&amp;` or `&#x4E00;`.
pub type Reference<'a> = BytesRef<'a>;

/// One step in a text. Comments, processing instructions and the like are passed over.
#[derive(Debug)]
pub enum Node<'a> {
    /// An element begins.
    Start(Tag<'a>),
    /// An element without content; no `End` follows.
    Empty(Tag<'a>),
    /// The innermost open element ends.
    End,
    /// Text; references stand between the pieces.
    Text(Cow<'a, str>),
    /// A reference.
    Reference(Reference<'a>),
    /// The text is over.
    Over,
}

/// The namespaces that a reader tells apart.
pub trait Namespace: Copy + Eq + fmt::Debug {
    /// The one that most elements belong to.
    const MAIN: Self;
    /// Any that the reader does not know, and none.
    const OTHER: Self;
    /// The one that has this name.
    fn of(uri: &str) -> Self;
}

/// A prefix bound by an element at `depth`.
#[derive(Clone, Debug)]
struct Binding<N> {
    depth: usize,
    prefix: String,
    namespace: N,
}

/// A text, read from its beginning to its end.
#[derive(Clone, Debug)]
pub struct Xml<'a, N> {
    reader: Reader<&'a [u8]>,
    depth: usize,
    /// The prefixes that are bound to namespaces which the reader knows, and those that were and are bound to another one further in.
    bindings: Vec<Binding<N>>,
    /// What stands before the local name of an element of the main namespace: `w:`; `None` where no prefix is bound to it.
    main: Option<Vec<u8>>,
    /// Where the text says `xmlns`, last place first.
    binding_places: Vec<usize>,
    /// How many bytes were passed over without the tokeniser.
    passed: u64,
    /// How many bytes glances have gone over in vain.
    in_vain: u64,
}

/// How many bytes glances may go over in vain beyond those that the text has given so far. Glances that fail are short in what programs write;
/// in what is made to be slow each could go to the end of the text.
const IN_VAIN: u64 = 1 << 20;

impl<'a, N: Namespace> Xml<'a, N> {
    /// Begins to read a text.
    pub fn new(text: &'a str) -> Self {
        let mut binding_places: Vec<usize> = memmem::find_iter(text.as_bytes(), "xmlns").collect();
        binding_places.reverse();
        let reader = Reader::from_str(text);
        Self { reader, depth: 0, bindings: Vec::new(), main: None, binding_places, passed: 0, in_vain: 0 }
    }

    /// How many elements are open.
    #[inline]
    pub const fn depth(&self) -> usize {
        self.depth
    }

    /// The next step.
    ///
    /// # Errors
    /// Text that is no well-formed XML, also one that ends with elements open.
    pub fn step(&mut self) -> Result<Node<'a>, Damage> {
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

    /// Passes over the rest of the element that has just begun with `tag`, its end included.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    pub fn skip(&mut self, tag: &Tag<'_>) -> Result<(), Damage> {
        if self.pass_over(tag, |_| false)? {
            return Ok(());
        }
        self.skip_to(self.depth.saturating_sub(1))
    }

    /// Passes over the rest of the element that has just begun with `tag`, its end included, unless it holds an element whose local name
    /// `matters`, or anything that only the tokeniser can judge. Says whether it did.
    ///
    /// Formatting is most of what programs write, and hardly any of it matters: a glance from one `<` to the next tells so in a fraction
    /// of the time that tokenising takes.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    pub fn pass_over(&mut self, tag: &Tag<'_>, matters: impl Fn(&[u8]) -> bool) -> Result<bool, Damage> {
        if self.in_vain > self.passed + self.reader.buffer_position() + IN_VAIN {
            return Ok(false);
        }
        let rest: &'a [u8] = self.reader.get_mut();
        let end = match end_of(rest, name_of(tag), matters) {
            Ok(end) => end,
            Err(seen) => {
                self.in_vain += seen as u64;
                return Ok(false);
            }
        };
        // The tokeniser goes on at the end tag, so that its own account of what is open stays right.
        *self.reader.get_mut() = rest.get(end..).unwrap_or_default();
        self.passed += end as u64;
        self.skip_to(self.depth.saturating_sub(1))?;
        Ok(true)
    }

    /// Passes over everything until no more than `depth` elements are open.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    pub fn skip_to(&mut self, depth: usize) -> Result<(), Damage> {
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
            self.find_main();
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
            let prefix = prefix.strip_prefix(':').unwrap_or_default();
            let namespace = N::of(&attribute.value);
            let hides = |binding: &Binding<N>| binding.prefix == prefix;
            if (namespace != N::OTHER || self.bindings.iter().any(hides)) && self.bindings.len() < MAX_BINDINGS {
                self.bindings.push(Binding { depth, prefix: prefix.to_owned(), namespace });
            }
        }
        self.find_main();
    }

    fn find_main(&mut self) {
        let is_main = |binding: &&Binding<N>| {
            binding.namespace == N::MAIN && self.namespace(binding.prefix.as_bytes()) == N::MAIN
        };
        self.main = self.bindings.iter().rev().find(is_main).map(|binding| match binding.prefix.as_str() {
            "" => Vec::new(),
            prefix => format!("{prefix}:").into_bytes(),
        });
    }

    /// The namespace and the local name of an element.
    #[inline]
    pub fn name<'t>(&self, tag: &'t Tag<'a>) -> (N, &'t [u8]) {
        let name = name_of(tag);
        if let Some(main) = self.main.as_deref()
            && let Some(local) = name.strip_prefix(main)
            && (!main.is_empty() || !local.contains(&b':'))
        {
            return (N::MAIN, local);
        }
        let (prefix, local) = split(name);
        (self.namespace(prefix), local)
    }

    /// The namespace that a prefix is bound to, empty for the one of elements without a prefix.
    pub fn namespace(&self, prefix: &[u8]) -> N {
        let bound = self.bindings.iter().rev().find(|binding| binding.prefix.as_bytes() == prefix);
        bound.map_or(N::OTHER, |binding| binding.namespace)
    }
}

/// Where the end tag of the element `name` stands in what follows its start tag; where that takes more than a glance, how many bytes were
/// looked at.
fn end_of(rest: &[u8], name: &[u8], matters: impl Fn(&[u8]) -> bool) -> Result<usize, usize> {
    let is_named =
        |tag: &[u8]| tag.strip_prefix(name).and_then(<[u8]>::first).is_some_and(|&after| is_after_name(after));
    for place in memchr::memchr_iter(b'<', rest) {
        let tag = rest.get(place + 1..).unwrap_or_default();
        match tag.first() {
            Some(b'/') if tag.get(1..).is_some_and(is_named) => return Ok(place),
            Some(b'/') => {}
            None | Some(b'!' | b'?') => return Err(place),
            _ if is_named(tag) => return Err(place),
            // No tag holds another: where one seems to, its name ends nowhere.
            _ => match tag.iter().position(|&byte| is_after_name(byte) || byte == b'<') {
                Some(length) if !matters(split(tag.get(..length).unwrap_or_default()).1) => {}
                ended => return Err(place + ended.unwrap_or(tag.len())),
            },
        }
    }
    Err(rest.len())
}

#[inline]
const fn is_after_name(byte: u8) -> bool {
    matches!(byte, b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n')
}

/// The name of an element, prefix and all.
#[inline]
fn name_of<'t>(tag: &'t Tag<'_>) -> &'t [u8] {
    tag.name().0.as_bytes()
}

/// The prefix and the local name.
#[inline]
fn split(name: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memchr(b':', name) {
        Some(at) => (name.get(..at).unwrap_or_default(), name.get(at + 1..).unwrap_or_default()),
        None => (b"", name),
    }
}

/// The local name of an element, for texts where only one vocabulary occurs.
#[inline]
pub fn local<'t>(tag: &'t Tag<'_>) -> &'t [u8] {
    split(name_of(tag)).1
}

/// The tags that begin elements of a text, found by a glance, each with where it stands: for what defines much of which little is used.
pub fn glance(text: &str) -> impl Iterator<Item = (usize, Tag<'_>)> {
    memchr::memchr_iter(b'<', text.as_bytes()).filter_map(move |place| {
        let tag = text.get(place + 1..)?;
        if tag.starts_with(['/', '!', '?']) {
            return None;
        }
        // In a tag `<` can only stand as a reference. Without it each `<` of a text without `>` would be followed to the end.
        let end = memchr::memchr2(b'>', b'<', tag.as_bytes()).filter(|&end| tag.as_bytes().get(end) == Some(&b'>'))?;
        let tag = tag.get(..end)?;
        let length = tag.bytes().position(is_after_name).unwrap_or(end);
        Some((place, Tag::from_content(tag, length)))
    })
}

/// The value of an attribute by its local name, references resolved.
pub fn attribute(tag: &Tag<'_>, name: &str) -> Option<String> {
    let found =
        tag.attributes().with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    match quick_xml::escape::unescape(&found.value) {
        Ok(text) => Some(text.into_owned()),
        Err(_) => Some(found.value.into_owned()),
    }
}

/// The number in an attribute; `None` where it is missing or no number.
pub fn number<T: std::str::FromStr>(tag: &Tag<'_>, name: &str) -> Option<T> {
    attribute(tag, name)?.trim().parse().ok()
}

/// Appends the character that a reference stands for. A custom entity stays as it is written: it is never expanded.
pub fn push_reference(text: &mut String, reference: &Reference<'_>) {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => text.push(c),
        Ok(None) => match quick_xml::escape::resolve_predefined_entity(reference) {
            Some(known) => text.push_str(known),
            None => text.extend(["&", reference, ";"]),
        },
        Err(_) => text.push('\u{FFFD}'),
    }
}

/// What began at some depth and is still open, innermost last: readers walk without recursion, so that no file can be too deep.
#[derive(Debug)]
pub struct Opened<W>(Vec<(usize, W)>);

impl<W> Default for Opened<W> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<W> Opened<W> {
    /// Something begins with the element at `depth`.
    pub fn push(&mut self, depth: usize, what: W) {
        self.0.push((depth, what));
    }

    /// What began last.
    pub fn innermost(&self) -> Option<&W> {
        self.0.last().map(|(_, what)| what)
    }

    /// What began last, to be changed.
    pub fn innermost_mut(&mut self) -> Option<&mut W> {
        self.0.last_mut().map(|(_, what)| what)
    }

    /// The depth of the element with which the innermost began.
    pub fn depth(&self) -> Option<usize> {
        self.0.last().map(|(depth, _)| *depth)
    }

    /// Takes the innermost away, if it began deeper than `depth` and so has ended.
    pub fn ended(&mut self, depth: usize) -> Option<W> {
        self.0.pop_if(|(began, _)| *began > depth).map(|(_, what)| what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Space {
        Word,
        Math,
        Other,
    }

    impl Namespace for Space {
        const MAIN: Self = Self::Word;
        const OTHER: Self = Self::Other;

        fn of(uri: &str) -> Self {
            match uri {
                "urn:word" => Self::Word,
                "urn:math" => Self::Math,
                _ => Self::Other,
            }
        }
    }

    fn xml(text: &str) -> Xml<'_, Space> {
        Xml::new(text)
    }

    /// The namespaces and local names of all elements.
    fn names(text: &str) -> Vec<String> {
        let mut xml = xml(text);
        let mut names = Vec::new();
        loop {
            match xml.step().unwrap() {
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
    fn names_go_by_namespace_and_not_by_prefix() {
        assert_eq!(names(r#"<x:p xmlns:x="urn:word"><a:p/></x:p>"#), ["Word p", "Other p"]);
        assert_eq!(names(r#"<p xmlns="urn:word"><t/><a:t/></p>"#), ["Word p", "Word t", "Other t"]);
        assert_eq!(names("<w:p/>"), ["Other p"]);
        let text = r#"<a xmlns="urn:word" xmlns:word="urn:x">
            <word:b/><c xmlns:m="urn:math"><m:d/></c><m:e/><c xmlns="urn:y"><f/></c><g/></a>"#;
        assert_eq!(names(text), ["Word a", "Other b", "Word c", "Math d", "Other e", "Other c", "Other f", "Word g"]);
    }

    #[test]
    fn a_binding_holds_for_its_element_alone() {
        let text = r#"<r><w:p xmlns:w="urn:word"/><w:p/><w:p xmlns:w="urn:word"><w:r/></w:p><w:p/></r>"#;
        assert_eq!(names(text), ["Other r", "Word p", "Other p", "Word p", "Word r", "Other p"]);
        let shadowed = r#"<w:p xmlns:w="urn:word"><b xmlns:w="urn:x"><w:t/></b><c xmlns="x"/><w:t/></w:p>"#;
        assert_eq!(names(shadowed), ["Word p", "Other b", "Other t", "Other c", "Word t"]);
    }

    #[test]
    fn no_file_binds_more_namespaces_than_there_is_room_for() {
        let bindings: String = (0..100_000).map(|index| format!(" xmlns:n{index}='urn:math'")).collect();
        let text = format!("<a{bindings}><n0:b/><n99999:c/></a>");
        assert_eq!(names(&text), ["Other a", "Math b", "Other c"]);
    }

    #[test]
    fn what_is_skipped_ends_where_it_says() {
        for inner in
            ["<b><c/></b>", "<!-- </a> -->", "<a></a>", "<a/>", "<![CDATA[</a>]]>", "<ab></ab>", "<b><b/>x</b>"]
        {
            let text = format!("<r><a>{inner}</a><z/></r>");
            let mut xml = xml(&text);
            xml.step().unwrap();
            let Node::Start(tag) = xml.step().unwrap() else { panic!() };
            xml.skip(&tag).unwrap();
            let Node::Empty(tag) = xml.step().unwrap() else { panic!("{inner}") };
            assert_eq!((local(&tag), xml.depth()), (&b"z"[..], 1));
        }
    }

    #[test]
    fn an_element_is_passed_over_only_if_nothing_in_it_matters() {
        let passed = |text: &str| {
            let mut xml = xml(text);
            xml.step().unwrap();
            let Ok(Node::Start(tag)) = xml.step() else { panic!() };
            let passed = xml.pass_over(&tag, |local| local == b"m").unwrap();
            passed.then(|| match xml.step() {
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
    fn a_glance_finds_the_tags_that_begin_elements() {
        let text = r#"<?xml version="1.0"?><s:a n="1"><b/><!-- x --></s:a><c"#;
        let found: Vec<_> =
            glance(text).map(|(place, tag)| (place, String::from_utf8_lossy(local(&tag)).into_owned())).collect();
        assert_eq!(found, [(21, "a".to_owned()), (32, "b".to_owned())]);
        assert_eq!(number(&glance(text).next().unwrap().1, "n"), Some(1));
    }

    #[test]
    fn text_that_ends_too_early_is_damaged() {
        let mut xml = xml("<a><b>");
        xml.step().unwrap();
        xml.step().unwrap();
        assert!(xml.step().is_err());
    }

    #[test]
    fn attributes_are_found_by_their_local_name() {
        let mut xml = xml(r#"<w:a w:val="&lt;%1&#x3001;" w:n=" 7 "/>"#);
        let Ok(Node::Empty(tag)) = xml.step() else { panic!() };
        assert_eq!(attribute(&tag, "val").as_deref(), Some("<%1、"));
        assert_eq!(number(&tag, "n"), Some(7u32));
        assert_eq!(number::<u32>(&tag, "val"), None);
    }

    #[test]
    fn entities_of_ones_own_are_not_expanded() {
        let mut text = String::new();
        let mut xml = xml("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;&lt;&#x4E00;&#xD800;</a>");
        while let Ok(node) = xml.step() {
            match node {
                Node::Reference(reference) => push_reference(&mut text, &reference),
                Node::Over => break,
                _ => {}
            }
        }
        assert_eq!(text, "&b;<一\u{FFFD}");
    }

    #[test]
    fn what_is_open_ends_when_the_depth_falls_below() {
        let mut open = Opened::default();
        open.push(1, "table");
        open.push(3, "row");
        assert_eq!((open.depth(), open.innermost()), (Some(3), Some(&"row")));
        assert_eq!(
            (open.ended(3), open.ended(2), open.ended(1), open.ended(0)),
            (None, Some("row"), None, Some("table"))
        );
    }

    #[test]
    fn glances_that_fail_are_few_however_many_are_tried() {
        // Each of these elements ends behind what only the tokeniser can judge.
        let depth = 20_000;
        let text = format!("{}<!-- -->{}", "<p><i>".repeat(depth), "</i></p>".repeat(depth));
        let mut xml = xml(&text);
        while let Node::Start(tag) = xml.step().unwrap() {
            assert!(!xml.pass_over(&tag, |_| false).unwrap());
        }
        assert!(xml.in_vain < 4 * text.len() as u64 + IN_VAIN, "{} bytes of {}", xml.in_vain, text.len());
    }

    #[test]
    fn tags_that_never_end_are_not_followed_each() {
        let text = "<".repeat(1 << 20);
        assert_eq!(glance(&text).count(), 0);
        assert!(end_of(text.as_bytes(), b"p", |_| false).is_err());
        let tags: Vec<_> = glance("<a><b <c d='e'/><f").map(|(place, tag)| (place, tag.name().0.to_owned())).collect();
        assert_eq!(tags, [(0, "a".to_owned()), (6, "c".to_owned())]);
    }
}
