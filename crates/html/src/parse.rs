//! From text to a tree, by the parsing rules of the HTML standard (section 13.2). The only file that drives `html5ever`.
//!
//! The standard's own algorithm can be made to take time and memory without bound: each start tag may look through all open
//! elements, and each paragraph may open again all formatting elements that were never closed. So a guard stands between the
//! tokens and the tree: it counts what is open, and leaves out tags that would go too deep, as browsers do.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tag as TagToken, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{Tracer, TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute as Raw, QualName, TokenizerResult};
use memchr::{memchr, memchr3};
use nianbao_model::{Warning, WarningKind};

use crate::tag::{Attribute, Element, Tag};
use crate::tree::{Content, Id, Tree};

/// How many elements may be open at once, formatting that was never closed included. Chromium stops at 512 too.
const MAX_OPEN: usize = 512;

/// After how many tags the open elements are counted again.
const COUNT_EVERY: usize = 64;

/// How many nodes a page may have: a sheet of 100,000 rows and ten columns has two million.
const MAX_NODES: usize = 3_000_000;

/// How many attributes a tag may have. The parser holds each against all before it.
const MAX_ATTRIBUTES: usize = 20_000;

/// A page as a tree, with warnings about what was left out of it.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) tree: Tree,
    pub(crate) warnings: Vec<Warning>,
}

/// Parses a page. `xml` says that it was written by the rules of XML, where `<td/>` is a whole element.
pub(crate) fn parse(text: &str, xml: bool) -> Page {
    let sink = Sink { tree: RefCell::new(Tree::new()), document: handle(Id::DOCUMENT, None) };
    let builder = TreeBuilder::new(sink, TreeBuilderOpts { scripting_enabled: true, ..TreeBuilderOpts::default() });
    let guard = Guard {
        builder,
        xml,
        tags: Cell::new(0),
        is_deep: Cell::new(false),
        left_out: Cell::new(0),
        cut: Cell::new(false),
    };
    let tokenizer = Tokenizer::new(guard, TokenizerOpts::default());
    let input = BufferQueue::default();
    let crowded = crowded_tag(text);
    input.push_back(StrTendril::from_slice(crowded.and_then(|at| text.get(..at)).unwrap_or(text)));
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    let Guard { builder, left_out, cut, .. } = tokenizer.sink;
    let mut warnings = Vec::new();
    let mut unreadable = |part: &str, reason: String| {
        let kind = WarningKind::PartUnreadable { part: part.to_owned(), reason };
        warnings.push(Warning::new(kind, Vec::new()));
    };
    if left_out.get() > 0 {
        unreadable(
            "tags",
            format!("{} stand more than {MAX_OPEN} deep; their text was read without them", left_out.get()),
        );
    }
    if crowded.is_some() {
        unreadable("the rest of the page", format!("a tag has more than {MAX_ATTRIBUTES} attributes"));
    }
    if cut.get() {
        unreadable("the rest of the page", format!("it has more than {MAX_NODES} elements and texts"));
    }
    Page { tree: builder.sink.tree.into_inner(), warnings }
}

/// In shorter pages no tag has so many attributes that it would take a second.
const SHORT: usize = 200_000;

/// Where the first tag begins that has more attributes than it may.
fn crowded_tag(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut start = 0;
    while text.len() > SHORT {
        let tag = start + memchr(b'<', bytes.get(start..)?)?;
        let rest = bytes.get(tag + 1..)?;
        let length = if rest.first().is_some_and(u8::is_ascii_alphabetic) { length(rest) } else { 0 };
        if length > MAX_ATTRIBUTES && attributes(rest.get(..length)?) > MAX_ATTRIBUTES {
            return Some(tag);
        }
        start = tag + 1 + length;
    }
    None
}

/// How long the tag at the start is: up to the `>` that stands in no quotes.
fn length(tag: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = tag.get(at..).and_then(|rest| memchr3(b'>', b'"', b'\'', rest)) {
        let (before, behind) = tag.split_at_checked(at + found).unwrap_or((tag, &[]));
        at += found + 1;
        match behind.first() {
            // A quote opens a value only behind the sign; blanks may stand between the two.
            Some(quote @ (b'"' | b'\'')) if before.trim_ascii_end().ends_with(b"=") => {
                let Some(end) = tag.get(at..).and_then(|rest| memchr(*quote, rest)) else { break };
                at += end + 1;
            }
            Some(b'"' | b'\'') => {}
            _ => return at - 1,
        }
    }
    tag.len()
}

/// How many attributes a tag has, or one more than there may be.
fn attributes(tag: &[u8]) -> usize {
    let mut quote = None;
    let (mut count, mut before) = (0, b'<');
    for &byte in tag {
        match (quote, byte) {
            (Some(open), byte) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (None, b'>') => return count,
            (None, byte) => {
                count += usize::from(byte > b' ' && (before <= b' ' || matches!(before, b'/' | b'"' | b'\'')));
            }
        }
        if count > MAX_ATTRIBUTES {
            return count;
        }
        // Blanks may stand between the sign and the quote.
        if byte > b' ' || before != b'=' {
            before = byte;
        }
    }
    count
}

/// Stands between the tokens and the tree.
struct Guard {
    builder: TreeBuilder<Handle, Sink>,
    xml: bool,
    /// Start tags so far.
    tags: Cell<usize>,
    is_deep: Cell<bool>,
    /// How many tags were left out because they stand too deep.
    left_out: Cell<usize>,
    /// Whether the page has too many nodes; then nothing more is read.
    cut: Cell<bool>,
}

impl Guard {
    /// Whether too much is open to open more. Counted now and then, since counting takes time.
    fn is_deep(&self) -> bool {
        let tags = self.tags.get();
        self.tags.set(tags + 1);
        if tags.is_multiple_of(COUNT_EVERY) {
            let count = Count(Cell::new(0));
            self.builder.trace_handles(&count);
            self.is_deep.set(count.0.get() > MAX_OPEN);
        }
        self.is_deep.get()
    }

    /// A whole element in one tag, as XML has it.
    fn whole_element(&self, tag: TagToken, line: u64) -> TokenSinkResult<Handle> {
        let end = TagToken { kind: TagKind::EndTag, self_closing: false, attrs: Vec::new(), ..tag.clone() };
        // The tokenizer must not wait for the end of a script that has ended already.
        let _ = self.builder.process_token(Token::TagToken(tag), line);
        let _ = self.builder.process_token(Token::TagToken(end), line);
        TokenSinkResult::Continue
    }
}

impl TokenSink for Guard {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        if self.cut.get() && !matches!(token, Token::EOFToken) {
            return TokenSinkResult::Continue;
        }
        if let Token::TagToken(tag) = &token
            && tag.kind == TagKind::StartTag
        {
            self.cut.set(self.builder.sink.tree.borrow().len() > MAX_NODES);
            if self.is_deep() && !is_void(&tag.name) && !is_raw(&tag.name) {
                self.left_out.set(self.left_out.get() + 1);
                return TokenSinkResult::Continue;
            }
            if self.xml && tag.self_closing && !is_void(&tag.name) {
                return self.whole_element(tag.clone(), line);
            }
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Elements that hold nothing.
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Elements that hold nothing but raw text: without their tags it would be read as text of the page.
fn is_raw(name: &str) -> bool {
    matches!(name, "title" | "textarea" | "style" | "script" | "xmp" | "iframe" | "noembed" | "noframes" | "noscript")
}

/// Counts what the parser holds on to.
struct Count(Cell<usize>);

impl Tracer for Count {
    type Handle = Handle;

    fn trace_handle(&self, _: &Handle) {
        self.0.set(self.0.get() + 1);
    }
}

/// A node as the parser knows it: with its name, which is not kept in the tree.
type Handle = Rc<(Id, Option<QualName>)>;

fn handle(id: Id, name: Option<QualName>) -> Handle {
    Rc::new((id, name))
}

/// Builds the tree.
struct Sink {
    tree: RefCell<Tree>,
    document: Handle,
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Self;
    type ElemName<'a> = &'a QualName;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Rc::clone(&self.document)
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> &'a QualName {
        static NOTHING: std::sync::OnceLock<QualName> = std::sync::OnceLock::new();
        // The parser asks elements only.
        target.1.as_ref().unwrap_or_else(|| {
            NOTHING
                .get_or_init(|| QualName::new(None, html5ever::Namespace::default(), html5ever::LocalName::default()))
        })
    }

    fn create_element(&self, name: QualName, attributes: Vec<Raw>, _: ElementFlags) -> Handle {
        let element = Element { tag: Tag::from_name(&name.local), attributes: kept(attributes) };
        let id = self.tree.borrow_mut().add(Content::Element(element));
        handle(id, Some(name))
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        handle(self.tree.borrow_mut().add(Content::Nothing), None)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        handle(self.tree.borrow_mut().add(Content::Nothing), None)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        let mut tree = self.tree.borrow_mut();
        match child {
            NodeOrText::AppendNode(node) => tree.append(parent.0, node.0),
            NodeOrText::AppendText(text) => tree.append_text(parent.0, text),
        }
    }

    fn append_based_on_parent_node(&self, element: &Handle, before: &Handle, child: NodeOrText<Handle>) {
        let has_parent = self.tree.borrow().parent(element.0).is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(before, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        // What stands in a template is never shown, so it may stand in the element itself.
        Rc::clone(target)
    }

    fn same_node(&self, one: &Handle, other: &Handle) -> bool {
        one.0 == other.0
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        let mut tree = self.tree.borrow_mut();
        match child {
            NodeOrText::AppendNode(node) => tree.insert_before(sibling.0, node.0),
            NodeOrText::AppendText(text) => tree.insert_text_before(sibling.0, text),
        }
    }

    fn add_attrs_if_missing(&self, target: &Handle, attributes: Vec<Raw>) {
        if let Some(element) = self.tree.borrow_mut().element_mut(target.0) {
            for (name, value) in kept(attributes) {
                if element.attribute(name).is_none() {
                    element.attributes.push((name, value));
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.tree.borrow_mut().detach(target.0);
    }

    fn reparent_children(&self, node: &Handle, parent: &Handle) {
        self.tree.borrow_mut().move_children(node.0, parent.0);
    }
}

/// The attributes that matter.
fn kept(attributes: Vec<Raw>) -> Vec<(Attribute, StrTendril)> {
    let kept = attributes.into_iter().filter_map(|raw| Some((Attribute::from_name(&raw.name.local)?, raw.value)));
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(page: &Page) -> String {
        page.tree.whole_text(Id::DOCUMENT, usize::MAX)
    }

    #[test]
    fn unclosed_cells_and_rows_are_closed() {
        let page = parse("<table><tr><td>规章<td>1<tr><td>行政规范性文件<td>2</table>", false);
        let rows = page.tree.len();
        assert_eq!(text(&page), "规章1行政规范性文件2");
        assert!(rows > 8);
    }

    #[test]
    fn an_empty_element_of_xml_is_whole() {
        let page = parse("<html><head><script src='a.js'/><title/></head><body><p>正文</p></body></html>", true);
        assert_eq!(text(&page), "正文");
        assert_eq!(page.tree.children(Id::DOCUMENT).count(), 1);
    }

    #[test]
    fn tags_too_deep_are_left_out_and_their_text_is_kept() {
        let deep = format!("{}字{}后", "<div>".repeat(100_000), "</div>".repeat(100_000));
        let page = parse(&deep, false);
        assert_eq!(text(&page), "字后");
        assert!(page.tree.len() < 2_000, "{}", page.tree.len());
        assert_eq!(page.warnings.len(), 1);
        assert!(parse("<div><p>字</p></div>", false).warnings.is_empty());
    }

    #[test]
    fn a_tag_with_more_attributes_than_any_ends_the_page() {
        let crowded = |count: usize| {
            let attributes: String = (0..count).map(|n| format!(" a{n}='x y'")).collect();
            parse(&format!("<p>甲<p{attributes}>乙"), false)
        };
        assert_eq!(text(&crowded(1_000)), "甲乙");
        let page = crowded(30_000);
        assert_eq!((text(&page), page.warnings.len()), ("甲".to_owned(), 1));
        let hidden = format!("<p a='<' b='>'{}>乙", (0..60_000).map(|n| format!(" a{n}")).collect::<String>());
        assert_eq!(text(&parse(&hidden, false)), "");
        let long = format!("<img src='data:,{}'>乙", "a b ".repeat(80_000));
        assert_eq!(text(&parse(&long, false)), "乙");
    }

    #[test]
    fn formatting_that_is_never_closed_does_not_grow_without_end() {
        let bold: String = (0..5_000).map(|n| format!("<p><b id={n}>")).collect();
        assert!(parse(&bold, false).tree.len() < MAX_NODES);
    }
}
