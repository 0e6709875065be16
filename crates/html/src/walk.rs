//! The walk through a page: elements to paragraphs and tables.

use nianbao_model::{Block, Origin, ParagraphRole, Part, Warning, WarningKind};

use crate::flow::Flow;
use crate::list::List;
use crate::notices::Notices;
use crate::survey::Survey;
use crate::table::{Draft, MAX_SLOTS};
use crate::tag::{Attribute, Element, Tag};
use crate::tree::{Id, Step, Tree};

/// How deep tables may stand in tables, those that only lay out the page aside. Past that, their text is text of the cell.
const MAX_NESTING: usize = 16;

/// A superscript behind a figure is the mark of a note where it is no longer than this.
const LONGEST_NOTE_MARK: usize = 4;

/// Reads a page into blocks. Warnings come behind the blocks.
pub(crate) fn read(tree: &Tree, survey: &Survey, part: Part) -> (Vec<Block>, Vec<Warning>) {
    let mut walk = Walk {
        tree,
        survey,
        part,
        flow: Flow::new(part),
        tables: Vec::new(),
        drafts: Vec::new(),
        lists: Vec::new(),
        verbatim: 0,
        next_table: 0,
        slots: MAX_SLOTS,
        notices: Notices::default(),
        warnings: Vec::new(),
    };
    let mut step = Some(Step::Enter(Id::DOCUMENT));
    while let Some(here) = step {
        let next = match here {
            Step::Enter(id) if walk.enter(id) == Inside::PassedOver => Step::Leave(id),
            Step::Leave(id) => {
                walk.leave(id);
                here
            }
            Step::Enter(_) => here,
        };
        step = tree.next(next, Id::DOCUMENT);
    }
    walk.finish()
}

/// What becomes of the inside of an element that has begun.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// It is read, and the element left after it.
    Read,
    /// It is passed over; the element is not left.
    PassedOver,
}

/// What a `table` element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A table.
    Data,
    /// It only says where things stand: its cells are parts of the page.
    Layout,
}

struct Walk<'a> {
    tree: &'a Tree,
    survey: &'a Survey,
    part: Part,
    flow: Flow,
    /// The `table` elements that are open, the innermost last.
    tables: Vec<Kind>,
    /// The tables among them.
    drafts: Vec<Draft>,
    lists: Vec<List>,
    /// How many elements are open in which blanks count.
    verbatim: usize,
    next_table: u32,
    /// How many slots the tables may still have.
    slots: usize,
    notices: Notices,
    warnings: Vec<Warning>,
}

impl Walk<'_> {
    fn enter(&mut self, id: Id) -> Inside {
        let Some(element) = self.tree.element(id) else {
            self.text(self.tree.text(id));
            return Inside::Read;
        };
        if matches!(element.tag, Tag::Unseen | Tag::Head | Tag::Title | Tag::Meta) {
            return Inside::PassedOver;
        }
        // A hidden row of a table is read, and marked.
        if self.survey.is_hidden(id) && (element.tag != Tag::Tr || self.draft().is_none()) {
            self.hidden(id);
            return Inside::PassedOver;
        }
        // Frames are read by whoever holds their pages.
        let inside = self.within_line(id, element);
        if inside == Inside::Read {
            self.flow.furniture += usize::from(self.survey.is_furniture(id));
            self.flow.content += usize::from(self.survey.is_content(id));
            self.begin(id, element);
        }
        inside
    }

    /// Elements that are text themselves.
    fn within_line(&mut self, id: Id, element: &Element) -> Inside {
        match element.tag {
            Tag::Br => self.flow.end_line(),
            Tag::Img => self.picture(element),
            Tag::Input => self.input(element),
            Tag::Select => self.select(id),
            Tag::Textarea => self.text_area(id),
            Tag::Sup if self.note_mark(id) => {}
            Tag::Del => self.deleted(id),
            _ => return Inside::Read,
        }
        Inside::PassedOver
    }

    fn begin(&mut self, id: Id, element: &Element) {
        if element.tag.is_block() || self.survey.is_block(id) {
            self.flow.end_paragraph();
        }
        if element.tag == Tag::Pre || self.survey.is_verbatim(id) {
            self.verbatim += 1;
        }
        match element.tag {
            Tag::Heading(level) => self.flow.role = ParagraphRole::Heading(level),
            Tag::Ol | Tag::Ul => self.lists.push(List::begin(self.tree, id, element)),
            Tag::Li => self.flow.number = self.lists.last_mut().and_then(|list| list.number(element)),
            Tag::Table => self.begin_table(id),
            Tag::Thead | Tag::Tbody | Tag::Tfoot => {
                if let Some(draft) = self.draft() {
                    draft.begin_group(element.tag == Tag::Thead);
                }
            }
            Tag::Tr => self.begin_row(self.survey.is_hidden(id)),
            Tag::Cell { header } => self.begin_cell(element, header),
            _ => {}
        }
    }

    fn leave(&mut self, id: Id) {
        let Some(element) = self.tree.element(id) else { return };
        if element.tag.is_block() || self.survey.is_block(id) {
            self.flow.end_paragraph();
        }
        match element.tag {
            Tag::Heading(_) => self.flow.role = ParagraphRole::Body,
            Tag::Ol | Tag::Ul => drop(self.lists.pop()),
            Tag::Li => self.flow.number = None,
            Tag::Table => self.end_table(),
            Tag::Thead | Tag::Tbody | Tag::Tfoot => self.end_group(),
            Tag::Tr => self.end_row(),
            Tag::Cell { .. } => self.end_cell(),
            _ => {}
        }
        if element.tag == Tag::Pre || self.survey.is_verbatim(id) {
            self.verbatim -= 1;
        }
        self.flow.furniture -= usize::from(self.survey.is_furniture(id));
        self.flow.content -= usize::from(self.survey.is_content(id));
    }

    // Text.

    fn text(&mut self, text: &str) {
        if self.verbatim > 0 { self.flow.text.push_verbatim(text) } else { self.flow.text.push(text) }
    }

    /// The place of what is read now.
    fn here(&self) -> Origin {
        match self.tables.contains(&Kind::Data).then(|| self.drafts.last()).flatten() {
            Some(draft) => draft.here(),
            None => self.flow.here(),
        }
    }

    /// Says that hidden text is left out, where there is any.
    fn hidden(&mut self, id: Id) {
        if self.flow.furniture == 0 && holds_text(self.tree, id) {
            self.notices.push(WarningKind::HiddenTextLeftOut, self.here());
        }
    }

    fn deleted(&mut self, id: Id) {
        if holds_text(self.tree, id) {
            self.notices.deletion(self.here());
        }
    }

    /// A picture of the text, not one of the page: it is no link and no icon.
    fn picture(&mut self, element: &Element) {
        let width = element.attribute(Attribute::Width).and_then(crate::list::integer);
        if self.flow.furniture == 0 && self.flow.content > 0 && width.is_none_or(|width| width > 100) {
            self.notices.picture(self.here());
        }
    }

    /// The mark of a note behind a figure stands in brackets: 37 with a note 1 is not 371. Whether this is one.
    fn note_mark(&mut self, id: Id) -> bool {
        if !self.flow.text.ends_in_digit() {
            return false;
        }
        let text = self.tree.whole_text(id, 64);
        let mark = text.trim();
        let is_mark = (1..=LONGEST_NOTE_MARK).contains(&mark.chars().count());
        if is_mark {
            let is_bracketed = mark.starts_with(['[', '(', '（', '〔', '［', '【']);
            self.text(&if is_bracketed { mark.to_owned() } else { format!("[{mark}]") });
        }
        is_mark
    }

    // Forms.

    fn input(&mut self, element: &Element) {
        let is_checked = element.attribute(Attribute::Checked).is_some();
        let kind = element.attribute(Attribute::Type).unwrap_or("text").to_ascii_lowercase();
        let text = match kind.as_str() {
            "checkbox" => {
                if is_checked {
                    "☑"
                } else {
                    "☐"
                }
            }
            "radio" => {
                if is_checked {
                    "●"
                } else {
                    "○"
                }
            }
            "hidden" | "button" | "submit" | "reset" | "image" | "file" | "password" | "range" | "color" => "",
            _ => element.attribute(Attribute::Value).unwrap_or_default(),
        };
        self.text(text);
    }

    /// The option that is chosen, or the first.
    fn select(&mut self, id: Id) {
        let mut options = Vec::new();
        for child in self.tree.children(id) {
            match self.tree.tag(child) {
                Some(Tag::Option) => options.push(child),
                Some(Tag::Optgroup) => options.extend(self.tree.children(child)),
                _ => {}
            }
        }
        let is_chosen = |&&option: &&Id| {
            self.tree.element(option).is_some_and(|element| element.attribute(Attribute::Selected).is_some())
        };
        if let Some(&option) = options.iter().find(is_chosen).or(options.first()) {
            self.text(&self.tree.whole_text(option, 1000));
        }
    }

    fn text_area(&mut self, id: Id) {
        let text = self.tree.whole_text(id, usize::MAX);
        self.flow.text.push_verbatim(&text);
    }

    // Tables.

    /// The table whose rows are read now; `None` inside a table that only lays out the page.
    fn draft(&mut self) -> Option<&mut Draft> {
        match self.tables.last() {
            Some(Kind::Data) => self.drafts.last_mut(),
            _ => None,
        }
    }

    fn begin_table(&mut self, id: Id) {
        let number = self.next_table;
        self.next_table = number.saturating_add(1);
        if self.survey.is_layout(id) {
            self.tables.push(Kind::Layout);
            return;
        }
        if self.drafts.len() >= MAX_NESTING {
            let part = format!("tables more than {MAX_NESTING} deep in others");
            let kind = WarningKind::PartUnreadable { part, reason: "read as text of their cell".to_owned() };
            self.notices.push(kind, self.here());
            self.tables.push(Kind::Layout);
            return;
        }
        let line = self.flow.lines_of_cell();
        let nesting = self.drafts.last().and_then(|draft| draft.nesting(line));
        let slot = self.flow.begin_table();
        self.drafts.push(Draft::new(self.part, number, slot, nesting));
        self.tables.push(Kind::Data);
    }

    fn end_table(&mut self) {
        if self.tables.pop() == Some(Kind::Data)
            && let Some(draft) = self.drafts.pop()
        {
            let slot = draft.slot;
            let made = draft.finish(&mut self.slots, &mut self.warnings);
            self.flow.end_table(slot, made);
        }
    }

    fn end_group(&mut self) {
        if let Some((kind, at)) = self.draft().and_then(Draft::end_group) {
            self.notices.push(kind, at);
        }
    }

    fn begin_row(&mut self, is_hidden: bool) {
        let Some(draft) = self.draft() else { return };
        draft.begin_row(is_hidden);
    }

    fn end_row(&mut self) {
        let Some(draft) = self.draft() else { return };
        if draft.end_row() {
            let at = draft.here();
            self.notices.push(WarningKind::HiddenRowsRead, at);
        }
    }

    fn begin_cell(&mut self, element: &Element, is_header: bool) {
        if let Some(draft) = self.draft().filter(|draft| draft.is_between_cells()) {
            let warning = draft.begin_cell(element, is_header);
            let at = draft.here();
            self.flow.begin_cell();
            if let Some(kind) = warning {
                self.notices.push(kind, at);
            }
        }
    }

    fn end_cell(&mut self) {
        if self.draft().is_some_and(|draft| draft.has_cell()) {
            let lines = self.flow.end_cell();
            if let Some(draft) = self.draft() {
                draft.end_cell(lines);
            }
        }
    }

    fn finish(self) -> (Vec<Block>, Vec<Warning>) {
        let (blocks, left_out) = self.flow.finish();
        let mut warnings = self.notices.finish();
        warnings.extend(self.warnings);
        warnings.extend(left_out);
        (blocks, warnings)
    }
}

/// Whether anything in a node is text.
fn holds_text(tree: &Tree, id: Id) -> bool {
    let mut step = Some(Step::Enter(id));
    while let Some(here) = step {
        let next = match here {
            Step::Enter(node) if tree.tag(node) == Some(Tag::Unseen) => Step::Leave(node),
            Step::Enter(node) if !tree.text(node).trim().is_empty() => return true,
            _ => here,
        };
        step = tree.next(next, id);
    }
    false
}

#[cfg(test)]
mod tests {
    use crate::tests::{lines, printed};

    #[test]
    fn a_nested_table_follows_the_table_around_it() {
        let inner = "<table><tr><td>规章<td>1<tr><td>文件<td>2</table>";
        let html = format!("<table><tr><td>甲<td>前{inner}后<tr><td>乙<td>丙</table>");
        let printed = printed(&html);
        assert!(printed.contains("▦ block 0: 2 x 2") && printed.contains("C2 |前⏎后|"), "{printed}");
        assert!(printed.contains("▦ block 1: 2 x 2, grid stated, inside block 0 R1C2 after line 1"), "{printed}");
        assert!(printed.contains("|规章|  @ table 2 R1C1"), "{printed}");
    }

    #[test]
    fn a_layout_table_is_opened_and_keeps_the_number_of_the_tables_in_it() {
        let text = "全年没有收取费用。".repeat(20);
        let html = format!(
            "<table><tr><td>栏目<td><h2>报告</h2><p>{text}<table><tr><td>规章<td>1<tr><td>文件<td>2</table></table>"
        );
        let printed = printed(&html);
        assert!(printed.contains("H2 |报告|") && printed.contains("|规章|  @ table 2 R1C1"), "{printed}");
        assert!(!printed.contains("inside"), "{printed}");
    }

    #[test]
    fn tables_nested_too_deep_are_text() {
        let html = "<table><tr><td>甲<td>1<tr><td>乙<td>".repeat(40) + "底";
        let printed = printed(&html);
        assert!(printed.contains("底") && printed.contains("! part_unreadable"), "{printed}");
        assert_eq!(printed.matches('▦').count(), super::MAX_NESTING);
    }

    #[test]
    fn lines_and_paragraphs() {
        assert_eq!(lines("<p>甲<br>乙<br><br>丙</p>丁<div>戊</div>"), ["甲/乙", "丙", "丁", "戊"]);
        assert_eq!(lines("<p>甲 <b>乙</b>丙</p>"), ["甲 乙丙"]);
        assert_eq!(lines("<pre>甲  乙\n丙</pre>"), ["甲  乙/丙"]);
        assert_eq!(lines("<p>甲&nbsp;乙<o:p>&nbsp;</o:p></p><p>&nbsp;</p>"), ["甲\u{A0}乙\u{A0}"]);
    }

    #[test]
    fn list_items_bear_their_numbers() {
        assert_eq!(lines("<ol><li>甲<li>乙</ol>"), ["1. 甲", "2. 乙"]);
        assert_eq!(lines("<ol type=a start=3><li>甲<li value=7>乙<li>丙</ol>"), ["c. 甲", "g. 乙", "h. 丙"]);
        assert_eq!(lines("<ol reversed><li>甲<li>乙</ol>"), ["2. 甲", "1. 乙"]);
        assert_eq!(lines("<ol style='list-style:cjk-ideographic'><li><p>甲</p><p>续</p></ol>"), ["一、甲", "续"]);
        assert_eq!(lines("<ol><li>一、甲<li>（二）乙</ol><ul><li>丙</ul>"), ["一、甲", "（二）乙", "丙"]);
        assert_eq!(lines("<ol><li>甲<ol type=i><li>乙</ol><li>丙</ol>"), ["1. 甲", "i. 乙", "2. 丙"]);
        assert_eq!(lines("<ol start=-1><li>甲<li>乙<li>丙</ol>"), ["-1. 甲", "0. 乙", "1. 丙"]);
    }

    #[test]
    fn note_marks_stand_in_brackets_and_exponents_do_not() {
        assert_eq!(lines("<p>37<sup>1</sup>件"), ["37[1]件"]);
        assert_eq!(lines("<p>37<sup>（注2）</sup>"), ["37（注2）"]);
        assert_eq!(lines("<p>平方米m<sup>2</sup>"), ["平方米m2"]);
    }

    #[test]
    fn fields_of_forms_show_their_values() {
        let html = "<p><input value=37><input type=hidden value=9><input type=checkbox checked>是<input type=checkbox>否\
            <select><option>甲<option selected>乙</select><textarea>丙</textarea><button>提交</button></p>";
        assert_eq!(lines(html), ["37☑是☐否乙丙"]);
    }

    #[test]
    fn what_nobody_sees_is_left_out_and_said() {
        let html = "<p>甲<span style='display:none'>乙</span><!-- 丙 --><script>丁</script><del>戊</del><rt>己</rt></p>\
            <iframe src=a>庚</iframe><noscript>辛</noscript><template>壬</template>";
        assert_eq!(lines(html), ["甲"]);
        let printed = printed(html);
        assert!(printed.contains("! hidden_text_left_out") && printed.contains("1 deleted"), "{printed}");
        assert!(!super::super::tests::printed("<p>甲<span hidden> </span></p>").contains('!'));
    }

    #[test]
    fn furniture_is_counted_and_left_out() {
        let html = "<nav>首页 政务</nav><p>正文。</p><p>【打印】【关闭】</p><footer>某办公室</footer>";
        assert_eq!(lines(html), ["正文。"]);
        assert!(
            printed(html).contains("3 paragraphs, 16 characters @ paragraph 1, paragraph 3, paragraph 4"),
            "{}",
            printed(html)
        );
    }
}
