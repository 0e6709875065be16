//! What each part of a page is, told from what it holds, before anything is read out of it: hidden, furniture, or a table that only
//! lays out the page. One walk over the tree.

use crate::furniture::{Classes, Held, Hint};
use crate::style::Styles;
use crate::tag::{Attribute, Element, Tag};
use crate::tree::{Id, Step, Tree};

/// What is known of each node.
#[derive(Debug)]
pub(crate) struct Survey {
    marks: Vec<u8>,
    /// The `meta` elements.
    pub(crate) metas: Vec<Id>,
    /// The first `title` element.
    pub(crate) title: Option<Id>,
    /// The frames of a frameset.
    pub(crate) frames: Vec<Id>,
}

const HIDDEN: u8 = 1;
const FURNITURE: u8 = 2;
const LAYOUT: u8 = 4;
const CONTENT: u8 = 8;
const BLOCK: u8 = 16;
const VERBATIM: u8 = 32;

impl Survey {
    fn has(&self, id: Id, mark: u8) -> bool {
        self.marks.get(id.index()).is_some_and(|marks| marks & mark != 0)
    }

    fn mark(&mut self, id: Id, mark: u8) {
        if let Some(marks) = self.marks.get_mut(id.index()) {
            *marks |= mark;
        }
    }

    /// The element hides what it holds.
    pub(crate) fn is_hidden(&self, id: Id) -> bool {
        self.has(id, HIDDEN)
    }

    /// The element belongs to the page, not to what is published on it.
    pub(crate) fn is_furniture(&self, id: Id) -> bool {
        self.has(id, FURNITURE)
    }

    /// The table only says where things stand on the page.
    pub(crate) fn is_layout(&self, id: Id) -> bool {
        self.has(id, LAYOUT)
    }

    /// The style of the element makes it begin and end a line.
    pub(crate) fn is_block(&self, id: Id) -> bool {
        self.has(id, BLOCK)
    }

    /// The style of the element makes blanks and line ends count.
    pub(crate) fn is_verbatim(&self, id: Id) -> bool {
        self.has(id, VERBATIM)
    }

    /// The element says that what is published stands in it.
    pub(crate) fn is_content(&self, id: Id) -> bool {
        self.has(id, CONTENT)
    }
}

/// An element that is open.
struct Open {
    tag: Tag,
    hint: Option<Hint>,
    held: Held,
}

/// A table that is open.
#[derive(Default)]
struct Rows {
    cells: u32,
    /// Rows of at least two short texts.
    of_data: u32,
    /// Short texts in the row at hand.
    short: u32,
    /// The most that one cell holds.
    largest: u32,
    /// Whether that cell holds tables, headings or running text.
    largest_is_content: bool,
    /// Some cell does.
    any_is_content: bool,
}

/// A cell with more than this many characters is no entry of a table. The corner cell of the form has 40.
const LONG_CELL: u32 = 120;

/// A cell with no more than this many characters is an entry of a table whatever stands in it: a list, a small table, a heading. The
/// smallest table of the form has more.
const SHORT_CONTENT: u32 = 150;

/// Looks at the whole tree once.
pub(crate) fn survey(tree: &Tree) -> Survey {
    let survey = Survey { marks: vec![0; tree.len()], metas: Vec::new(), title: None, frames: Vec::new() };
    let mut surveyor = Surveyor {
        tree,
        survey,
        open: Vec::new(),
        tables: Vec::new(),
        links: 0,
        content: 0,
        titles: Vec::new(),
        classes: Classes::default(),
        styles: Styles::default(),
    };
    let mut step = Some(Step::Enter(Id::DOCUMENT));
    while let Some(here) = step {
        let skipped = match here {
            Step::Enter(id) => surveyor.enter(id),
            Step::Leave(id) => {
                surveyor.leave(id);
                false
            }
        };
        step = match here {
            Step::Enter(id) if skipped => tree.next(Step::Leave(id), Id::DOCUMENT),
            _ => tree.next(here, Id::DOCUMENT),
        };
    }
    surveyor.survey
}

struct Surveyor<'a> {
    tree: &'a Tree,
    survey: Survey,
    open: Vec<Open>,
    tables: Vec<Rows>,
    /// How many links are open.
    links: u32,
    /// How many parts that say they hold what is published are open.
    content: u32,
    /// What the page says its title is, without blanks.
    titles: Vec<String>,
    classes: Classes,
    styles: Styles,
}

impl Surveyor<'_> {
    /// Whether what stands in the node is to be passed over.
    fn enter(&mut self, id: Id) -> bool {
        let Some(element) = self.tree.element(id) else {
            if let Some(open) = self.open.last_mut() {
                open.held.add_text(self.tree.text(id), self.links > 0);
            }
            return false;
        };
        match element.tag {
            Tag::Meta => self.meta(id, element),
            Tag::Title => self.title(id),
            Tag::Frame => self.survey.frames.push(id),
            Tag::Unseen => return true,
            Tag::A => self.links += 1,
            Tag::Table => self.tables.push(Rows::default()),
            _ => {}
        }
        let style = self.styles.of(element);
        let marks = [(style.block, BLOCK), (style.pre, VERBATIM)];
        marks.into_iter().filter(|(is_so, _)| *is_so).for_each(|(_, mark)| self.survey.mark(id, mark));
        if style.hidden {
            self.survey.mark(id, HIDDEN);
            // A hidden row stays in its table, and is read.
            if element.tag != Tag::Tr {
                self.close_early(element.tag);
                return true;
            }
        }
        let hint = Hint::of(element, &mut self.classes);
        if hint == Some(Hint::Content) {
            self.content += 1;
            self.survey.mark(id, CONTENT);
        }
        let held = Held {
            blocks: u32::from(element.tag.is_block() || element.tag == Tag::Br),
            links: u32::from(element.tag == Tag::A),
            headings: u32::from(matches!(element.tag, Tag::Heading(_))),
            ..Held::default()
        };
        self.open.push(Open { tag: element.tag, hint, held });
        false
    }

    /// Takes back what entering an element that is passed over has counted.
    fn close_early(&mut self, tag: Tag) {
        match tag {
            Tag::A => self.links -= 1,
            Tag::Table => drop(self.tables.pop()),
            _ => {}
        }
    }

    fn meta(&mut self, id: Id, element: &Element) {
        self.survey.metas.push(id);
        let name = element.attribute(Attribute::Name).unwrap_or_default();
        if name.eq_ignore_ascii_case("ArticleTitle") {
            self.titles.push(bare(element.attribute(Attribute::Content).unwrap_or_default()));
        }
    }

    fn title(&mut self, id: Id) {
        if self.survey.title.is_none() {
            self.survey.title = Some(id);
            let text = self.tree.whole_text(id, 1000);
            self.titles.extend(segments(&text).map(bare));
        }
    }

    fn leave(&mut self, id: Id) {
        if self.tree.element(id).is_none() {
            return;
        }
        let Some(mut open) = self.open.pop() else { return };
        match open.tag {
            Tag::A => self.links -= 1,
            Tag::Table => self.end_table(id, &mut open.held),
            Tag::Tr => self.end_row(),
            Tag::Cell { .. } => self.end_cell(&open.held),
            _ => {}
        }
        if open.hint == Some(Hint::Content) {
            self.content -= 1;
        }
        open.held.has_title |= self.is_title(id, &open);
        if self.is_furniture(&open) {
            self.survey.mark(id, FURNITURE);
        }
        if let Some(outer) = self.open.last_mut() {
            outer.held.add(&open.held);
        }
    }

    fn end_cell(&mut self, held: &Held) {
        let Some(table) = self.tables.last_mut() else { return };
        let is_content =
            held.text > SHORT_CONTENT && (held.tables > 0 || held.headings > 0 || held.blocks > 3 || held.stops > 2);
        table.cells += 1;
        table.any_is_content |= is_content;
        table.short += u32::from(held.text > 0 && held.text <= LONG_CELL && !is_content);
        if held.text > table.largest {
            table.largest = held.text;
            table.largest_is_content = is_content;
        }
    }

    fn end_row(&mut self) {
        if let Some(table) = self.tables.last_mut() {
            table.of_data += u32::from(table.short >= 2);
            table.short = 0;
        }
    }

    fn end_table(&mut self, id: Id, held: &mut Held) {
        let Some(rows) = self.tables.pop() else { return };
        let role = self.tree.element(id).and_then(|element| element.attribute(Attribute::Role));
        let is_presentation = matches!(role, Some("presentation" | "none"));
        if is_layout(&rows, held, is_presentation) {
            self.survey.mark(id, LAYOUT);
        } else {
            held.tables += 1;
            held.has_figures |= held.digits > 0 || held.linked * 2 < held.text || rows.of_data > 1;
        }
    }

    /// Whether a part is the title of what is published: its text is what the page says its title is.
    fn is_title(&self, id: Id, open: &Open) -> bool {
        let held = &open.held;
        if !open.tag.is_block() || held.linked > 0 || !(8..=100).contains(&held.text) {
            return false;
        }
        let length = held.text as usize;
        let candidates = || self.titles.iter().filter(|title| title.chars().count() == length);
        candidates().next().is_some() && {
            let text = bare(&self.tree.whole_text(id, 2000));
            candidates().any(|title| *title == text)
        }
    }

    fn is_furniture(&self, open: &Open) -> bool {
        let held = &open.held;
        if held.text == 0 || held.has_figures {
            return false;
        }
        // The title may stand at the end of a breadcrumb, too.
        if held.has_title && open.hint != Some(Hint::Breadcrumb) {
            return false;
        }
        match open.hint {
            // Within what is published, only bars for sharing and the like are furniture.
            Some(hint) if self.content > 0 => {
                matches!(hint, Hint::Sharing | Hint::Breadcrumb | Hint::Search | Hint::Navigation) && hint.fits(held)
            }
            Some(Hint::Content) => false,
            Some(hint) if hint.fits(held) => true,
            _ => {
                let may_be = matches!(
                    open.tag,
                    Tag::Block | Tag::Ul | Tag::Ol | Tag::Table | Tag::Cell { .. } | Tag::Tr | Tag::Aside
                );
                may_be && self.content == 0 && (held.is_list_of_links() || held.is_footer())
            }
        }
    }
}

/// Whether a table only lays out a page: it has one cell; or its largest cell holds tables, headings or running text, and most of
/// all the text; or one does, and hardly any row looks like data.
fn is_layout(rows: &Rows, held: &Held, is_presentation: bool) -> bool {
    if rows.cells <= 1 {
        return true;
    }
    let mostly_content = rows.largest_is_content && rows.largest >= held.text / 10 * 7;
    mostly_content || (rows.of_data < 2 && (rows.any_is_content || is_presentation))
}

/// A text without its blanks.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The parts of a page title, which names the site too: `标题_网站`, `标题 - 栏目 - 网站`.
pub(crate) fn segments(title: &str) -> impl Iterator<Item = &str> {
    title.split(['_', '|', '-', '—', '–', '>', '»']).map(str::trim).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse;

    /// The text of the elements for which `mark` is set, none of which stands in another.
    fn marked(html: &str, mark: u8) -> Vec<String> {
        let page = parse(html, false);
        let survey = survey(&page.tree);
        let mut found = Vec::new();
        let mut step = Some(Step::Enter(Id::DOCUMENT));
        while let Some(here) = step {
            step = match here {
                Step::Enter(id) if survey.has(id, mark) => {
                    found.push(bare(&page.tree.whole_text(id, 1000)));
                    page.tree.next(Step::Leave(id), Id::DOCUMENT)
                }
                _ => page.tree.next(here, Id::DOCUMENT),
            };
        }
        found
    }

    #[test]
    fn tables_that_lay_out_a_page() {
        let data = "<table><tr><td>规章<td>1<tr><td>行政规范性文件<td>2</table>";
        assert_eq!(marked(data, LAYOUT), Vec::<String>::new());
        assert_eq!(marked("<table><tr><td>字</table>", LAYOUT), ["字"]);
        let page = format!("<table><tr><td>栏目<td><h1>报告</h1>{}{data}</table>", "字".repeat(200));
        assert_eq!(marked(&page, LAYOUT).len(), 1);
        let nested = format!(
            "<table><tr><td>甲<td>乙{data}<tr><td>丙丙丙丙丙丙丙丙丙丙<td>丁丁丁丁丁丁丁丁丁丁<tr><td>戊<td>己</table>"
        );
        assert_eq!(marked(&nested, LAYOUT), Vec::<String>::new());
    }

    #[test]
    fn furniture_is_told_by_elements_names_and_links() {
        let html = "<div class=crumbs>首页 > 年报</div><ul><li><a>一</a><li><a>二</a><li><a>三</a><li><a>四</a></ul>\
            <nav>机构</nav><p>正文。</p><footer>地址</footer>";
        assert_eq!(marked(html, FURNITURE), ["首页>年报", "一二三四", "机构", "地址"]);
    }

    #[test]
    fn a_footer_is_told_by_the_words_that_it_must_bear() {
        let html = "<div><p>正文</p></div><div><p>地址：青石路1号</p><p>某ICP备00000000号</p></div>";
        assert_eq!(marked(html, FURNITURE), ["地址：青石路1号某ICP备00000000号"]);
    }

    #[test]
    fn figures_sentences_and_the_title_are_no_furniture() {
        let html = "<title>甲市乙局2023年年度报告_甲市</title><div class=top><h2>甲市乙局2023年年度报告</h2></div>\
            <div class=footer><table><tr><td>规章<td>1<tr><td>文件<td>2</table></div>\
            <div class=nav>全年新收申请3件。</div>";
        assert_eq!(marked(html, FURNITURE), Vec::<String>::new());
    }

    #[test]
    fn hidden_parts_are_known_by_their_own_attributes() {
        let html = "<p style='display:none'>甲</p><p hidden>乙</p><p>丙</p><table><tr style='display:none'><td>丁<td>1<tr><td>戊<td>2</table>";
        assert_eq!(marked(html, HIDDEN), ["甲", "乙", "丁1"]);
    }
}
