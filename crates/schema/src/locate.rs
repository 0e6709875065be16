//! Where things stand: the flow of texts and tables, the reports that one document holds, and their sections.
//!
//! Layout tables are opened: their text flows where it stands. A section is known by the words of its heading, because its number may
//! restart, be doubled or be missing, and because the rows of the big table carry the same numerals.

use nianbao_model::{Block, Document, Mark, Nesting, Origin, Table, leading_mark};

use crate::amount::Amount;
use crate::form::{Form, Meaning, SectionKind};
use crate::label::{bare, canonical};

/// A table with what its cells say, worked out once for all forms.
#[derive(Debug)]
pub(crate) struct TableFacts<'a> {
    pub(crate) table: &'a Table,
    /// For each cell of the table, in its order.
    pub(crate) cells: Vec<CellFacts>,
}

/// What a cell says.
#[derive(Debug)]
pub(crate) struct CellFacts {
    /// Its text as a label; empty where it is a figure.
    pub(crate) canonical: String,
    /// Its text as a figure.
    pub(crate) amount: Amount,
}

/// One thing after another in the flow of a document.
#[derive(Debug)]
pub(crate) enum Item<'a> {
    /// A paragraph, or a line of a layout table.
    Text(Text<'a>),
    /// A table that holds labels of a form: an index into the facts.
    Table(usize),
}

/// A run of text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a> {
    pub(crate) text: &'a str,
    pub(crate) at: &'a [Origin],
    /// It stands in a table that is neither a form nor layout: a metadata block, say. No part of any section.
    pub(crate) aside: bool,
    /// Some form can take it for the heading of a section. Told once: most texts are none, and are never looked at again.
    pub(crate) heads: bool,
}

/// The flow of a document.
#[derive(Debug)]
pub(crate) struct Flow<'a> {
    pub(crate) items: Vec<Item<'a>>,
    pub(crate) tables: Vec<TableFacts<'a>>,
}

/// Opens a document into its flow. A table belongs to a form where at least two of its cells are labels of one.
pub(crate) fn flow<'a>(forms: &[&Form], document: &'a Document) -> Flow<'a> {
    let mut flow = Flow { items: Vec::new(), tables: Vec::new() };
    for (index, block) in document.blocks.iter().enumerate() {
        match block {
            Block::Paragraph(paragraph) => flow.text(forms, &paragraph.lines, &paragraph.origins, false),
            Block::Table(table) if table.nested_in.is_none() => flow.table(forms, document, index, table),
            Block::Table(_) => {}
        }
    }
    flow
}

impl<'a> Flow<'a> {
    fn text(&mut self, forms: &[&Form], lines: &'a [nianbao_model::Line], at: &'a [Origin], aside: bool) {
        let texts = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
        let item = |text| Item::Text(Text { text, at, aside, heads: !aside && heads_a_section(forms, text) });
        self.items.extend(texts.map(item));
    }

    fn table(&mut self, forms: &[&Form], document: &'a Document, index: usize, table: &'a Table) {
        let nested: Vec<(usize, &'a Table, Nesting)> = document
            .blocks
            .iter()
            .enumerate()
            .skip(index + 1)
            .map_while(|(at, block)| match block {
                Block::Table(inner) => inner.nested_in.map(|nesting| (at, inner, nesting)),
                Block::Paragraph(_) => None,
            })
            .filter(|(.., nesting)| nesting.block == index)
            .collect();
        if is_form(forms, table) {
            self.form_table(forms, TableFacts::new(forms, table));
        } else {
            let aside = nested.is_empty() && !is_layout(forms, table);
            for cell in table.cells() {
                let corner = cell.area().corner();
                let mut before = 0;
                let inside = nested.iter().filter(|(.., nesting)| (nesting.row, nesting.column) == corner);
                for &(at, inner, nesting) in inside {
                    let line = nesting.line.clamp(before, cell.lines.len());
                    self.text(forms, cell.lines.get(before..line).unwrap_or_default(), &cell.origins, aside);
                    self.table(forms, document, at, inner);
                    before = line;
                }
                self.text(forms, cell.lines.get(before..).unwrap_or_default(), &cell.origins, aside);
            }
            return;
        }
        for (at, inner, _) in nested {
            self.table(forms, document, at, inner);
        }
    }

    /// A form's table. Rows that hold nothing but one long text between its rows (a whole report on one sheet) are text.
    fn form_table(&mut self, forms: &[&Form], facts: TableFacts<'a>) {
        let table = facts.table;
        let mut pending = true;
        for row in 0..table.rows().len() {
            let mut filled = table.cells_from(row).iter().filter(|cell| !cell.is_blank());
            let alone = match (filled.next(), filled.next()) {
                (Some(cell), None) => Some(cell),
                _ => None,
            };
            match alone.filter(|cell| cell.area().rows.length() == 1 && is_prose(forms, cell)) {
                Some(cell) => self.text(forms, &cell.lines, &cell.origins, false),
                None if std::mem::take(&mut pending) => self.items.push(Item::Table(self.tables.len())),
                None => {}
            }
        }
        self.tables.push(facts);
    }
}

fn is_prose(forms: &[&Form], cell: &nianbao_model::Cell) -> bool {
    if !matches!(Amount::read(cell.lines.as_slice()), Amount::Text) {
        return false;
    }
    let text = cell.lines.concat();
    let line = Line::new(&text);
    // Headings may stand between the rows; 三、本年度办理结果 is none, for its words are not a section's.
    let is_heading =
        |form: &&Form| line.heading(form).is_some_and(|(_, _, mark, _)| matches!(mark, Some(Mark::Han(_))));
    if forms.iter().any(is_heading) {
        return true;
    }
    let label = canonical(&text);
    let resembles_a_label = || forms.iter().any(|form| form.lexicon.find(&label).is_some());
    !is_label(forms, &label) && (cell.lines.len() > 1 || text.chars().count() >= 8 && !resembles_a_label())
}

fn is_label(forms: &[&Form], canonical: &str) -> bool {
    !canonical.is_empty() && forms.iter().any(|form| !form.lexicon.exact(canonical).is_empty())
}

/// Whether a table that is no form holds running text: one column, a long text, or the heading of a section.
fn is_layout(forms: &[&Form], table: &Table) -> bool {
    let holds_text = |cell: &nianbao_model::Cell| {
        cell.lines.len() > 3 || cell.lines.iter().any(|line| !is_at_most(line, 60) || heads_a_section(forms, line))
    };
    table.columns() == 1 || table.cells().iter().any(holds_text)
}

/// Whether at least two cells are labels of a form. What the cells of other tables say is not kept: they may have a million.
fn is_form(forms: &[&Form], table: &Table) -> bool {
    table.cells().iter().filter(|cell| is_label(forms, &CellFacts::of(forms, cell).canonical)).nth(1).is_some()
}

impl<'a> TableFacts<'a> {
    pub(crate) fn new(forms: &[&Form], table: &'a Table) -> Self {
        Self { table, cells: table.cells().iter().map(|cell| CellFacts::of(forms, cell)).collect() }
    }
}

impl CellFacts {
    fn of(forms: &[&Form], cell: &nianbao_model::Cell) -> Self {
        let amount = Amount::read(cell.lines.as_slice());
        let canonical = match &amount {
            Amount::Text => match cell.lines.as_slice() {
                [line] => label_of(forms, line),
                lines => label_of(forms, &lines.concat()),
            },
            Amount::Glued { label, .. } => canonical(label),
            _ => String::new(),
        };
        Self { canonical, amount }
    }
}

/// A text as a label. A note in parentheses behind a known label (规章（由设区的市填写）) is none of it, unless the form prints it.
fn label_of(forms: &[&Form], text: &str) -> String {
    let whole = canonical(text);
    if !text.trim_end().ends_with([')', '）']) || is_label(forms, &whole) {
        return whole;
    }
    let end = text.char_indices().skip(1).find(|&(_, c)| matches!(c, '(' | '（')).map_or(text.len(), |(at, _)| at);
    let short = text.get(..end).map(canonical).unwrap_or_default();
    if is_label(forms, &short) { short } else { whole }
}

/// A heading of a section.
#[derive(Clone, Debug)]
pub(crate) struct Heading<'a> {
    pub(crate) kind: SectionKind,
    /// The heading as printed.
    pub(crate) heading: &'a str,
    /// What stands behind it on its own line.
    pub(crate) rest: &'a str,
    /// The index of its item.
    pub(crate) item: usize,
    /// The number before it.
    mark: Option<Mark>,
    score: i32,
}

/// A text as it is looked at for a heading: worked out once, whatever the number of forms.
struct Line<'a> {
    text: &'a str,
    /// The outermost of the marks before it: the level of （二）（一） is the second.
    mark: Option<Mark>,
    /// What stands behind the marks.
    rest: &'a str,
    /// All of that bare, where it is short enough to be a heading.
    whole: Option<String>,
    /// What the line begins with, up to the first mark or blank: bare, and its end in bytes. Only behind a number of the first level
    /// a heading may stand on the line of its text.
    head: Option<(String, usize)>,
}

/// Whether a form can take the text for the heading of a section.
fn heads_a_section(forms: &[&Form], text: &str) -> bool {
    // Most cells of a large table hold a number.
    if is_number(text) {
        return false;
    }
    let line = Line::new(text);
    forms.iter().any(|form| line.heading(form).is_some())
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.'))
}

impl<'a> Line<'a> {
    fn new(text: &'a str) -> Self {
        let mut mark = None;
        let mut rest = text.trim_start();
        while let Some((next, after)) = leading_mark(rest) {
            mark = mark.or(Some(next));
            rest = after;
        }
        let whole = (!is_number(rest) && is_at_most(rest, 45)).then(|| bare(rest));
        let end = || rest.find(['。', '：', ':', ' ', '\u{3000}', '\u{A0}', '，']);
        let end = if matches!(mark, Some(Mark::Han(_))) { end() } else { None };
        let head = end.and_then(|end| Some((rest.get(..end)?, end))).filter(|(head, _)| is_at_most(head, 30));
        Self { text, mark, rest, whole, head: head.map(|(head, end)| (bare(head), end)) }
    }

    /// How it reads as the heading of a section: its kind, its length in bytes, its mark, and a score.
    fn heading(&self, form: &Form) -> Option<(SectionKind, usize, Option<Mark>, i32)> {
        let level = match self.mark.map(Mark::level) {
            Some(1) => 2,
            None => 0,
            Some(_) => -2,
        };
        let all = self.text.trim_end().len();
        let whole = self.whole.as_ref().and_then(|whole| whole_heading(form, whole, self.mark));
        if let Some((kind, 3)) = whole {
            return Some((kind, all, self.mark, 3 + level));
        }
        let head = self.head.as_ref().and_then(|(head, end)| Some((whole_heading(form, head, None)?, end)));
        if let Some(((kind, 3), end)) = head {
            return Some((kind, self.text.len() - self.rest.len() + end, self.mark, 2 + level));
        }
        whole.map(|(kind, fit)| (kind, all, self.mark, fit + level))
    }
}

/// Whether a text has no more characters than this: a long one is not counted to its end.
fn is_at_most(text: &str, most: usize) -> bool {
    text.len() <= most || text.chars().nth(most).is_none()
}

/// Whether the bare text is the heading of a section: spelled as known (3), or holding or resembling it behind a number (2).
fn whole_heading(form: &Form, bare: &str, mark: Option<Mark>) -> Option<(SectionKind, i32)> {
    if let Some(&kind) = form.headings.get(bare) {
        return Some((kind, 3));
    }
    if !matches!(mark, Some(Mark::Han(_) | Mark::HanInParentheses(_))) {
        return None;
    }
    let known = form.sections.iter().flat_map(|section| section.words.iter().map(move |words| (section.kind, words)));
    let holding = known.filter(|(_, words)| !is_at_most(words, 5) && bare.contains(words.as_str()));
    holding.max_by_key(|(_, words)| words.len()).map(|(kind, _)| (kind, 2))
}

/// How many texts can be headings of sections.
pub(crate) fn possible_headings(items: &[Item<'_>]) -> usize {
    items.iter().filter(|item| matches!(item, Item::Text(text) if text.heads)).count()
}

/// The headings of the sections among `items[range]`, in order: for each kind at most one, the kinds in the order of the form, so that
/// the scores add up to the most. Headings past the last that the form does not know follow as `other`.
pub(crate) fn headings<'a>(form: &Form, items: &[Item<'a>], range: std::ops::Range<usize>) -> Vec<Heading<'a>> {
    let candidates: Vec<Heading<'a>> = range.clone().filter_map(|item| candidate(form, items, item)).collect();
    let order = |kind: SectionKind| form.sections.iter().position(|section| section.kind == kind).unwrap_or(usize::MAX);
    // best[i]: the highest sum of a chain that ends with candidate i, and the candidate before it.
    let mut best: Vec<(i32, Option<usize>)> = Vec::with_capacity(candidates.len());
    for (index, here) in candidates.iter().enumerate() {
        let before = candidates
            .iter()
            .zip(&best)
            .enumerate()
            .take(index)
            .filter(|(_, (there, _))| order(there.kind) < order(here.kind) && there.item < here.item)
            .map(|(at, (_, &(sum, _)))| (sum, at))
            .max_by_key(|&(sum, at)| (sum, std::cmp::Reverse(at)));
        best.push((here.score + before.map_or(0, |(sum, _)| sum), before.map(|(_, at)| at)));
    }
    let mut at =
        (0..best.len()).max_by_key(|&index| (best.get(index).map_or(0, |&(sum, _)| sum), std::cmp::Reverse(index)));
    let mut chosen = Vec::new();
    while let Some(index) = at {
        chosen.extend(candidates.get(index).cloned());
        at = best.get(index).and_then(|&(_, before)| before);
    }
    chosen.reverse();
    if let Some(last) = chosen.last().cloned() {
        chosen.extend(headings_past(items, last.item + 1..range.end, last.mark));
    }
    chosen
}

fn candidate<'a>(form: &Form, items: &[Item<'a>], item: usize) -> Option<Heading<'a>> {
    let Some(Item::Text(text)) = items.get(item) else {
        return None;
    };
    if !text.heads {
        return None;
    }
    let (kind, length, mark, score) = Line::new(text.text).heading(form)?;
    let has_table = matches!(kind, SectionKind::Disclosure | SectionKind::Requests | SectionKind::Remedies);
    let table_follows = items.iter().skip(item + 1).take(2).any(|item| matches!(item, Item::Table(_)));
    let score = score + if has_table && table_follows { 2 } else { 0 };
    let (heading, rest) = text.text.split_at_checked(length)?;
    let rest = rest.trim_start_matches(['。', '：', ':', '，', ' ', '\u{3000}', '\u{A0}']);
    Some(Heading { kind, heading: heading.trim(), rest, item, mark, score })
}

/// Headings of the first level that go on counting after the last known one: 七、政务公开工作创新情况.
fn headings_past<'a>(items: &[Item<'a>], range: std::ops::Range<usize>, last: Option<Mark>) -> Vec<Heading<'a>> {
    let Some(Mark::Han(mut number)) = last else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for item in range {
        let Some(Item::Text(text)) = items.get(item) else {
            continue;
        };
        let Some((Mark::Han(next), rest)) = leading_mark(text.text) else {
            continue;
        };
        if next == number + 1 && rest.chars().count() <= 30 && !rest.contains(['。', '；', '，']) {
            number = next;
            let mark = Some(Mark::Han(next));
            found.push(Heading { kind: SectionKind::Other, heading: text.text, rest: "", item, mark, score: 0 });
        }
    }
    found
}

/// The items of each report that the flow holds: one range for most documents.
///
/// A new report begins with the title before a second overview, or with a second title after a table.
pub(crate) fn parts(forms: &[&Form], flow: &Flow<'_>) -> Vec<std::ops::Range<usize>> {
    let mut starts = vec![0];
    let mut advanced = false;
    let mut title = None;
    for (index, item) in flow.items.iter().enumerate() {
        let (text, line) = match item {
            Item::Table(_) => {
                advanced = true;
                title = None;
                continue;
            }
            Item::Text(text) if text.aside => continue,
            Item::Text(text) => (text.text, text.heads.then(|| Line::new(text.text))),
        };
        let heading = line.as_ref().and_then(|line| forms.iter().find_map(|form| line.heading(form)));
        match heading.map(|(kind, .., score)| (kind, score)) {
            Some((SectionKind::Overview, score)) if advanced && score >= 3 => {
                starts.push(title.take().unwrap_or(index));
                advanced = false;
            }
            Some((SectionKind::Problems | SectionKind::Other, score)) if score >= 3 => {
                advanced = true;
                title = None;
            }
            _ if advanced && crate::meta::is_title_line(text) => title = title.or(Some(index)),
            _ => {}
        }
        // A title, then tables without any heading of an overview: still a report of its own.
        let table_follows = matches!(flow.items.get(index + 1), Some(Item::Table(_)));
        if advanced && table_follows && title.is_some() && !line.is_some_and(|line| later_heading(forms, &line)) {
            starts.extend(title.take());
            advanced = false;
        }
    }
    let ends = starts.iter().skip(1).copied().chain([flow.items.len()]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

/// Whether the text heads a section that stands behind the overview: then the tables below belong to the report that is under way.
fn later_heading(forms: &[&Form], line: &Line<'_>) -> bool {
    forms.iter().any(|form| line.heading(form).is_some_and(|(kind, ..)| kind > SectionKind::Disclosure))
}

/// The form whose marks the tables of a report carry most, or its text where its tables are lost; whether that was clear.
pub(crate) fn edition(forms: &[&Form], tables: &[&TableFacts<'_>], items: &[Item<'_>]) -> (usize, bool) {
    let labels: Vec<&str> = tables
        .iter()
        .flat_map(|facts| &facts.cells)
        .map(|cell| cell.canonical.as_str())
        .filter(|label| !label.is_empty())
        .collect();
    let lines: Vec<String> = if labels.is_empty() { short_lines(items) } else { Vec::new() };
    let printed = || labels.iter().copied().chain(lines.iter().map(String::as_str));
    let score = |form: &Form| {
        let marks = printed().filter(|label| form.marks.contains(*label)).count();
        let rows = printed().filter(|label| form.lexicon.exact(label).iter().any(is_row)).count();
        (marks, rows)
    };
    let scores: Vec<(usize, usize)> = forms.iter().map(|form| score(form)).collect();
    let best = scores.iter().copied().max().unwrap_or_default();
    let first = scores.iter().position(|score| *score == best).unwrap_or_default();
    let alone = scores.iter().filter(|score| **score == best).count() == 1;
    (first, forms.len() == 1 || (alone && best > (0, 0)))
}

/// The lines that are short enough to be labels, for comparing.
fn short_lines(items: &[Item<'_>]) -> Vec<String> {
    let short = items.iter().filter_map(|item| match item {
        Item::Text(text) if text.text.chars().count() <= 60 => Some(canonical(text.text)),
        _ => None,
    });
    short.collect()
}

const fn is_row(meaning: &Meaning) -> bool {
    matches!(meaning, Meaning::Row { .. })
}
