//! Which number stands before a paragraph (ODF 1.4 Part 3, 5.3 and 16.30).
//!
//! A list is an element around its items; how deep it stands in others is its level. Of each item the first paragraph bears the number.
//! Lists that go on with one another say so; all others begin anew, whatever their style.

use std::collections::HashMap;

use nianbao_story::{Counting, LEVELS, Label, Levels, Scheme};

use crate::styles::{Resolved, Styles};
use crate::xml::{self, Tag};

/// The numbering of the outline, with which no list counts.
const OUTLINE: u32 = 0;

/// A list that is open.
#[derive(Debug)]
struct List {
    /// Lists that go on with one another have the same.
    key: u32,
    style: Option<String>,
    /// From 0.
    level: usize,
    item: Item,
}

/// What is known of the item that is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item {
    /// Between items, or in one whose number has been written, or that has none.
    Unnumbered,
    /// Its first paragraph has not come yet; the number that it states itself.
    Waiting(Option<u32>),
}

/// The lists of a text, and how far each has counted.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    /// The innermost last; `None` where a cell or a text box begins, in which the lists around it do not go on.
    open: Vec<Option<List>>,
    by_id: HashMap<String, u32>,
    /// By the style that numbers headings outside of lists.
    by_style: HashMap<String, u32>,
    last: Option<(u32, Option<String>)>,
    /// Keys and the ids of single starts are numbered together.
    next: u32,
    counting: Counting,
}

impl Lists {
    fn new_key(&mut self) -> u32 {
        self.next = self.next.saturating_add(1);
        self.next
    }

    fn innermost(&mut self) -> Option<&mut List> {
        self.open.last_mut()?.as_mut()
    }

    /// A list begins (`text:list`).
    pub(crate) fn begin(&mut self, tag: &Tag<'_>) {
        let style = xml::attribute(tag, "style-name").filter(|name| !name.is_empty());
        if let Some(Some(around)) = self.open.last() {
            let style = style.or_else(|| around.style.clone());
            let list = List { key: around.key, style, level: around.level + 1, item: Item::Unnumbered };
            self.open.push(Some(list));
            return;
        }
        let key = self.key(tag, style.as_ref());
        self.last = Some((key, style.clone()));
        self.open.push(Some(List { key, style, level: 0, item: Item::Unnumbered }));
    }

    /// The key of the list that this one goes on with, else one of its own.
    fn key(&mut self, tag: &Tag<'_>, style: Option<&String>) -> u32 {
        let named = xml::attribute(tag, "continue-list").and_then(|id| self.by_id.get(&id).copied());
        let last = self.last.as_ref().filter(|(_, last)| last.as_ref() == style).map(|&(key, _)| key);
        let goes_on = xml::is_true(tag, "continue-numbering");
        let key = named.or(last.filter(|_| goes_on)).unwrap_or_else(|| self.new_key());
        if let Some(id) = xml::attribute(tag, "id") {
            self.by_id.insert(id, key);
        }
        key
    }

    /// An item begins (`text:list-item`), or one without a number (`text:list-header`).
    pub(crate) fn begin_item(&mut self, tag: &Tag<'_>, is_header: bool) {
        let start = xml::number(tag, "start-value");
        if let Some(list) = self.innermost() {
            list.item = if is_header { Item::Unnumbered } else { Item::Waiting(start) };
        }
    }

    pub(crate) fn end_item(&mut self) {
        if let Some(list) = self.innermost() {
            list.item = Item::Unnumbered;
        }
    }

    /// A paragraph begins that says by itself in which list it stands (`text:numbered-paragraph`).
    pub(crate) fn begin_numbered(&mut self, tag: &Tag<'_>) {
        let style = xml::attribute(tag, "style-name").filter(|name| !name.is_empty());
        let id = xml::attribute(tag, "list-id").unwrap_or_default();
        let known = self.by_id.get(&id).copied();
        let key = known.unwrap_or_else(|| self.new_key());
        self.by_id.insert(id, key);
        let level = xml::number::<usize>(tag, "level").unwrap_or(1).saturating_sub(1);
        self.open.push(Some(List { key, style, level, item: Item::Waiting(xml::number(tag, "start-value")) }));
    }

    /// A cell or a text box begins.
    pub(crate) fn begin_apart(&mut self) {
        self.open.push(None);
    }

    /// Ends what began last: a list, a numbered paragraph, a cell or a text box.
    pub(crate) fn end(&mut self) {
        self.open.pop();
    }

    /// What stands before the paragraph that begins here; `None` where nothing does. `style` is that of the paragraph.
    pub(crate) fn number(&mut self, style: &Resolved, styles: &mut Styles<'_>) -> Option<Label> {
        let list = self.innermost()?;
        let Item::Waiting(start) = std::mem::replace(&mut list.item, Item::Unnumbered) else {
            return None;
        };
        let (key, level) = (list.key, list.level);
        // Where no list around it names a style, that of the paragraph counts (16.2, `style:list-style-name`).
        let name = list.style.clone().or_else(|| style.list.clone())?;
        let levels = styles.list(&name)?;
        self.count(key, &levels, level, start)
    }

    /// Whether what is read now stands in a list.
    pub(crate) fn is_in_list(&self) -> bool {
        matches!(self.open.last(), Some(Some(_)))
    }

    /// What stands before the heading that begins here outside of any list: the number of the outline, or of the list that its style names.
    pub(crate) fn heading(
        &mut self,
        tag: &Tag<'_>,
        level: usize,
        style: &Resolved,
        styles: &mut Styles<'_>,
    ) -> Option<Label> {
        if xml::is_true(tag, "is-list-header") {
            return None;
        }
        let (key, levels) = match style.list.as_deref() {
            None => (OUTLINE, styles.outline()?),
            Some("") => return None,
            Some(name) => {
                let levels = styles.list(name)?;
                let known = self.by_style.get(name).copied();
                let key = known.unwrap_or_else(|| self.new_key());
                self.by_style.insert(name.to_owned(), key);
                (key, levels)
            }
        };
        let first = || levels.get(level)?.as_ref().map(|level| level.start);
        let starts_anew = xml::is_true(tag, "restart-numbering");
        let start = starts_anew.then(|| xml::number(tag, "start-value").or_else(first)).flatten();
        self.count(key, &levels, level, start)
    }

    fn count(&mut self, key: u32, levels: &Levels, level: usize, start: Option<u32>) -> Option<Label> {
        let mut starts = [None; LEVELS];
        // A start of its own counts once: for a numbering that nobody else goes by.
        let id = if start.is_some() { self.new_key() } else { key };
        *starts.get_mut(level)? = start;
        let scheme = Scheme { base: key, levels: levels.clone(), starts };
        self.counting.next(id, &scheme, level)
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::styled;

    const STYLES: &str = "<text:list-style style:name='L'><text:list-level-style-number text:level='1' style:num-format='一, 二, 三, ...' style:num-suffix='、'/>
        <text:list-level-style-number text:level='2' style:num-prefix='（' style:num-format='一, 二, 三, ...' style:num-suffix='）'/></text:list-style>
        <text:list-style style:name='M'><text:list-level-style-number text:level='1' style:num-format='1' style:num-suffix='.'/></text:list-style>
        <style:style style:name='P' style:family='paragraph' style:list-style-name='M'/><style:style style:name='N' style:family='paragraph' style:list-style-name=''/>
        <text:outline-style><text:outline-level-style text:level='1' style:num-format='I' style:num-suffix='.'/></text:outline-style>";

    fn texts(body: &str) -> Vec<String> {
        let printed = styled(STYLES, body);
        let line = |line: &str| Some(line.split_once('|')?.1.split_once("|  @")?.0.to_owned());
        printed.lines().filter_map(line).collect()
    }

    fn item(content: &str) -> String {
        format!("<text:list-item>{content}</text:list-item>")
    }

    fn list(attributes: &str, items: &[String]) -> String {
        format!("<text:list {attributes}>{}</text:list>", items.concat())
    }

    fn p(text: &str) -> String {
        format!("<text:p>{text}</text:p>")
    }

    const L: &str = "text:style-name='L'";

    #[test]
    fn levels_are_how_deep_lists_stand_in_lists() {
        let inner = list("", &[item(&p("甲")), item(&(p("乙") + &p("续")))]);
        let body = list(
            L,
            &[
                item(&(p("总体") + &inner)),
                item(&p("主动")),
                "<text:list-header><text:p>无号</text:p></text:list-header>".to_owned(),
            ],
        );
        assert_eq!(texts(&body), ["一、总体", "（一）甲", "（二）乙", "续", "二、主动", "无号"]);
    }

    #[test]
    fn a_list_begins_anew_unless_it_says_that_it_goes_on() {
        let one = |attributes: &str, text: &str| list(&format!("{L} {attributes}"), &[item(&p(text))]);
        let deeper = list(&format!("{L} text:continue-numbering='true'"), &[item(&list("", &[item(&p("丁"))]))]);
        let body = [
            one("xml:id='a'", "甲"),
            one("", "乙"),
            one("text:continue-list='a'", "丙"),
            deeper,
            one("text:continue-numbering='true'", "戊"),
            one("text:continue-list='nobody'", "己"),
        ];
        assert_eq!(texts(&body.concat()), ["一、甲", "一、乙", "二、丙", "（一）丁", "三、戊", "一、己"]);
    }

    #[test]
    fn an_item_may_state_its_number() {
        let body = list(
            L,
            &["<text:list-item text:start-value='5'><text:p>甲</text:p></text:list-item>".to_owned(), item(&p("乙"))],
        );
        assert_eq!(texts(&body), ["五、甲", "六、乙"]);
    }

    #[test]
    fn headings_have_the_number_of_the_outline_or_of_their_style() {
        let h = |attributes: &str| format!("<text:h text:outline-level='1' {attributes}>题</text:h>");
        let body = [
            h(""),
            h("text:is-list-header='true'"),
            h("text:style-name='N'"),
            h("text:style-name='P'"),
            h("text:style-name='P'"),
            h(""),
            h("text:restart-numbering='true' text:start-value='9'"),
        ];
        assert_eq!(texts(&body.concat()), ["I.题", "题", "题", "1.题", "2.题", "II.题", "IX.题"]);
    }

    #[test]
    fn the_style_of_a_paragraph_numbers_it_where_its_list_names_none() {
        let styled = "<text:p text:style-name='P'>甲</text:p>".to_owned();
        assert_eq!(texts(&list("", &[item(&styled)])), ["1.甲"]);
        assert_eq!(texts(&styled), ["甲"]);
        let numbered = "<text:numbered-paragraph text:list-id='x' text:level='2' text:style-name='L'><text:p>乙</text:p></text:numbered-paragraph>";
        assert_eq!(texts(&[numbered, numbered].concat()), ["（一）乙", "（二）乙"]);
    }

    #[test]
    fn cells_and_text_boxes_are_apart_from_the_list_around_them() {
        let frame = format!("<draw:frame><draw:text-box>{}</draw:text-box></draw:frame>", p("框"));
        assert_eq!(texts(&list(L, &[item(&format!("<text:p>{frame}甲</text:p>"))])), ["框", "一、甲"]);
    }
}
