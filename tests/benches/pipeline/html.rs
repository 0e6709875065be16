//! The time of `extract` on web pages.

use std::borrow::Cow;
use std::cell::RefCell;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::rc::Rc;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink as _};
use html5ever::{Attribute, ParseOpts, QualName, parse_document};
use nianbao::Forms;
use nianbao_tests::case;

use crate::time::{mean, milliseconds, shortest};

/// Pages of the corpus, all in UTF-8: decoding is no part of parsing.
const PAGES: [&str; 6] = [
    "plain-2021.html",
    "government-2021.html",
    "layout-tables.html",
    "word-2019.htm",
    "misnamed-word.doc",
    "libreoffice-2021.html",
];

/// Prints the times of all pages.
pub(crate) fn run() -> Result<(), Box<dyn Error>> {
    let forms = Forms::builtin();
    println!("\n{:<36}{:>8}{:>11}{:>9}{:>11}{:>8}", "html", "KiB", "floor ms", "read ms", "extract ms", "ratio");
    let mut ratios = Vec::new();
    for name in PAGES {
        let bytes = fs::read(case::corpus().join("html").join(name))?;
        let text = std::str::from_utf8(&bytes)?;
        let least = || {
            black_box(floor(black_box(text)));
        };
        let read = || drop(black_box(nianbao::read(black_box(&bytes))));
        let whole = || {
            let lines = nianbao::extract("report.html", black_box(&bytes), &forms);
            black_box(lines.iter().filter_map(|line| serde_json::to_string(line).ok()).collect::<Vec<_>>());
        };
        let [least, read, whole] = shortest([&least, &read, &whole]);
        let ratio = whole.as_secs_f64() / least.as_secs_f64();
        let [floor, read, extract] = [least, read, whole].map(milliseconds);
        println!("{name:<36}{:>8}{floor:>11.3}{read:>9.3}{extract:>11.3}{ratio:>8.2}", bytes.len() / 1024);
        ratios.push(ratio);
    }
    println!("{:<75}{:>8.2}", "geometric mean", mean(&ratios));
    Ok(())
}

/// The least that a reader of pages has to do: parse the page into a tree. The number of its nodes.
fn floor(text: &str) -> usize {
    let tree = parse_document(Tree::default(), ParseOpts::default()).one(text);
    tree.nodes.into_inner().len()
}

/// A tree that holds what the parser hands over, and nothing that would be of use later.
#[derive(Default)]
struct Tree {
    nodes: RefCell<Vec<Node>>,
}

#[derive(Default)]
struct Node {
    parent: Option<usize>,
    children: Vec<usize>,
    text: StrTendril,
    _attributes: Vec<Attribute>,
}

type Handle = Rc<(usize, Option<QualName>)>;

impl Tree {
    fn add(&self, node: Node, name: Option<QualName>) -> Handle {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(node);
        Rc::new((nodes.len() - 1, name))
    }

    fn place(&self, parent: usize, child: NodeOrText<Handle>) {
        let child = match child {
            NodeOrText::AppendNode(node) => node.0,
            NodeOrText::AppendText(text) => {
                let mut nodes = self.nodes.borrow_mut();
                let last = nodes.get(parent).and_then(|node| node.children.last().copied());
                if let Some(last) = last.and_then(|last| nodes.get_mut(last)).filter(|node| !node.text.is_empty()) {
                    last.text.push_tendril(&text);
                    return;
                }
                drop(nodes);
                self.add(Node { text, ..Node::default() }, None).0
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        if let Some(node) = nodes.get_mut(child) {
            node.parent = Some(parent);
        }
        if let Some(node) = nodes.get_mut(parent) {
            node.children.push(child);
        }
    }
}

impl TreeSink for Tree {
    type Handle = Handle;
    type Output = Self;
    type ElemName<'a> = &'a QualName;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        self.add(Node::default(), None)
    }

    #[allow(clippy::expect_used, reason = "the trait has no way to say that a node is no element")]
    fn elem_name<'a>(&'a self, target: &'a Handle) -> &'a QualName {
        target.1.as_ref().expect("the parser asks elements only")
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> Handle {
        self.add(Node { _attributes: attributes, ..Node::default() }, Some(name))
    }

    fn create_comment(&self, text: StrTendril) -> Handle {
        self.add(Node { text, ..Node::default() }, None)
    }

    fn create_pi(&self, _: StrTendril, text: StrTendril) -> Handle {
        self.add(Node { text, ..Node::default() }, None)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.place(parent.0, child);
    }

    fn append_based_on_parent_node(&self, _: &Handle, before: &Handle, child: NodeOrText<Handle>) {
        self.place(before.0, child);
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        Rc::clone(target)
    }

    fn same_node(&self, one: &Handle, other: &Handle) -> bool {
        one.0 == other.0
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        let parent = self.nodes.borrow().get(sibling.0).and_then(|node| node.parent);
        self.place(parent.unwrap_or(0), child);
    }

    fn add_attrs_if_missing(&self, _: &Handle, _: Vec<Attribute>) {}

    fn remove_from_parent(&self, _: &Handle) {}

    fn reparent_children(&self, _: &Handle, _: &Handle) {}
}
