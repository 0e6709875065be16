//! Markup: elements that have an end tag, cut out of the bytes; whatever stays, stays byte by byte.

use super::smallest::smallest;
use crate::error::Error;

/// The names of a markup, and what may be cut out of it.
#[derive(Debug)]
pub(super) struct Names {
    /// What may be cut out, in turn: whole tables, then rows and paragraphs.
    turns: &'static [&'static [&'static str]],
    table: &'static str,
    row: &'static str,
    cells: &'static [&'static str],
    /// The width of a column, where it is said apart from the cells.
    width: Option<&'static str>,
    /// What in a table says that a cell covers several places: its columns stay.
    spans: &'static [&'static str],
    /// What must not be without a paragraph.
    holds_one: Option<(&'static str, &'static str)>,
    /// Elements whose content is no markup.
    raw: &'static [&'static str],
    is_html: bool,
}

/// Web pages.
pub(super) const HTML: Names = Names {
    turns: &[
        &["table", "script", "style", "div", "section", "ul", "ol", "nav", "header", "footer", "iframe"],
        &["tr", "p", "li", "h1", "h2", "h3", "h4", "h5", "h6"],
        &["span", "font", "b", "a", "strong", "colgroup", "title"],
    ],
    table: "table",
    row: "tr",
    cells: &["td", "th"],
    width: None,
    spans: &["colspan", "rowspan"],
    holds_one: None,
    raw: &["script", "style"],
    is_html: true,
};

/// The main part of a DOCX (ECMA-376 Part 1, 17.2).
pub(super) const WORD: Names = Names {
    turns: &[
        &["w:tbl", "w:sdt"],
        &["w:tr", "w:p"],
        &["w:r", "w:bookmarkStart", "w:proofErr", "w:rPr", "w:pPr", "w:tcPr", "w:trPr"],
    ],
    table: "w:tbl",
    row: "w:tr",
    cells: &["w:tc"],
    width: Some("w:gridCol"),
    spans: &["w:gridSpan", "w:vMerge", "w:hMerge"],
    holds_one: Some(("w:tc", "w:p")),
    raw: &[],
    is_html: false,
};

/// Names of a part of XML whose tables are not taken apart by columns.
const PLAIN: Names = Names {
    turns: &[],
    table: "",
    row: "",
    cells: &[],
    width: None,
    spans: &[],
    holds_one: None,
    raw: &[],
    is_html: false,
};

/// A worksheet (ECMA-376 Part 1, 18.3): what is around the cells, rows, cells. Each says where it stands, so any of them may go.
pub(super) const SHEET: Names = Names {
    turns: &[
        &[
            "mergeCells",
            "conditionalFormatting",
            "dataValidations",
            "pageMargins",
            "pageSetup",
            "printOptions",
            "headerFooter",
            "drawing",
            "legacyDrawing",
            "sheetViews",
            "sheetFormatPr",
            "sheetPr",
            "dimension",
            "cols",
            "phoneticPr",
            "hyperlinks",
            "ignoredErrors",
            "tableParts",
            "rowBreaks",
            "extLst",
        ],
        &["row"],
        &["c", "mergeCell", "f", "col"],
    ],
    ..PLAIN
};

/// The list of sheets of a workbook.
pub(super) const BOOK: Names = Names {
    turns: &[&[
        "sheet",
        "definedNames",
        "bookViews",
        "calcPr",
        "fileVersion",
        "workbookPr",
        "externalReferences",
        "extLst",
    ]],
    ..PLAIN
};

/// The strings of a workbook: cells name them by their number, so what goes is what is in them.
pub(super) const STRINGS: Names = Names { turns: &[&["r", "rPh", "phoneticPr"], &["t"]], ..PLAIN };

/// The formats of a workbook: cells name some by their number, so whole lists go, and those that nothing counts.
pub(super) const STYLES: Names = Names {
    turns: &[
        &[
            "fonts",
            "fills",
            "borders",
            "cellStyleXfs",
            "cellXfs",
            "cellStyles",
            "dxfs",
            "tableStyles",
            "colors",
            "extLst",
        ],
        &["numFmt", "alignment", "protection"],
    ],
    ..PLAIN
};

/// The content of an `OpenDocument` file (ODF 1.4 Part 3).
pub(super) const OPEN_DOCUMENT: Names = Names {
    turns: &[
        &[
            "table:table",
            "office:scripts",
            "office:settings",
            "office:meta",
            "office:font-face-decls",
            "office:automatic-styles",
            "office:styles",
            "office:master-styles",
            "office:forms",
            "text:sequence-decls",
            "text:tracked-changes",
            "text:section",
            "text:list",
            "draw:frame",
        ],
        &[
            "table:table-row",
            "text:p",
            "text:h",
            "style:style",
            "number:number-style",
            "number:date-style",
            "text:list-style",
        ],
        &[
            "table:table-column",
            "text:span",
            "text:list-item",
            "text:soft-page-break",
            "text:bookmark",
            "office:annotation",
        ],
    ],
    table: "table:table",
    row: "table:table-row",
    cells: &["table:table-cell", "table:covered-table-cell"],
    width: Some("table:table-column"),
    spans: &["columns-spanned", "rows-spanned", "columns-repeated", "rows-repeated"],
    ..PLAIN
};

/// An element with its end.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Element {
    name: String,
    start: usize,
    end: usize,
    /// The index of the element around it, in the order in which they begin.
    parent: Option<usize>,
}

/// The smallest markup that shows the same.
pub(super) fn shrink(
    mut bytes: Vec<u8>,
    names: &Names,
    shows: &mut dyn FnMut(&[u8]) -> Result<bool, Error>,
) -> Result<Vec<u8>, Error> {
    loop {
        let before = bytes.len();
        for turn in names.turns {
            let parts: Vec<Cut> = elements(&bytes, names).parts(turn, names);
            bytes = without(&bytes, parts, shows)?;
        }
        let columns = columns(&bytes, names);
        bytes = without(&bytes, columns, shows)?;
        if bytes.len() == before {
            return Ok(bytes);
        }
    }
}

/// Ranges that go together.
type Cut = Vec<(usize, usize)>;

fn without(
    bytes: &[u8],
    parts: Vec<Cut>,
    shows: &mut dyn FnMut(&[u8]) -> Result<bool, Error>,
) -> Result<Vec<u8>, Error> {
    let cut = |kept: &[usize]| {
        let gone = parts.iter().enumerate().filter(|(index, _)| kept.binary_search(index).is_err());
        rest(bytes, gone.flat_map(|(_, part)| part.iter().copied()).collect())
    };
    let kept = smallest(parts.len(), &mut |kept| shows(&cut(kept)))?;
    Ok(cut(&kept))
}

/// The bytes outside of all ranges.
fn rest(bytes: &[u8], mut gone: Cut) -> Vec<u8> {
    gone.sort_unstable();
    let (mut rest, mut from) = (Vec::with_capacity(bytes.len()), 0);
    for (start, end) in gone {
        if start > from {
            rest.extend_from_slice(bytes.get(from..start).unwrap_or_default());
        }
        from = from.max(end);
    }
    rest.extend_from_slice(bytes.get(from..).unwrap_or_default());
    rest
}

/// The elements of a markup, in the order in which they begin.
#[derive(Debug, Default)]
struct Elements(Vec<Element>);

impl Elements {
    fn parts(&self, turn: &[&str], names: &Names) -> Vec<Cut> {
        let is_meant = |(index, element): &(usize, &Element)| {
            turn.contains(&element.name.as_str()) && !self.must_stay(*index, element, names)
        };
        self.0.iter().enumerate().filter(is_meant).map(|(_, element)| vec![(element.start, element.end)]).collect()
    }

    /// Whether it is the first of its kind in an element that must not be without.
    fn must_stay(&self, index: usize, element: &Element, names: &Names) -> bool {
        let Some((outer, inner)) = names.holds_one else { return false };
        let around = element.parent.and_then(|parent| self.0.get(parent));
        let is_first = || !self.0.iter().take(index).any(|other| other.name == inner && other.parent == element.parent);
        element.name == inner && around.is_some_and(|around| around.name == outer) && is_first()
    }

    fn children(&self, parent: usize, names: &[&str]) -> Vec<usize> {
        let is_child =
            |(_, element): &(usize, &Element)| element.parent == Some(parent) && names.contains(&element.name.as_str());
        self.0.iter().enumerate().filter(is_child).map(|(index, _)| index).collect()
    }

    fn descendants(&self, index: usize, name: &str) -> Vec<usize> {
        let Some(around) = self.0.get(index) else { return Vec::new() };
        let is_in = |(other, element): &(usize, &Element)| {
            *other != index && element.name == name && element.start >= around.start && element.end <= around.end
        };
        self.0.iter().enumerate().filter(is_in).map(|(index, _)| index).collect()
    }

    fn range(&self, index: usize) -> Option<(usize, usize)> {
        self.0.get(index).map(|element| (element.start, element.end))
    }
}

/// The columns of those tables whose rows all have as many cells, none of which covers several places.
fn columns(bytes: &[u8], names: &Names) -> Vec<Cut> {
    let elements = elements(bytes, names);
    let tables = elements.0.iter().enumerate().filter(|(_, element)| element.name == names.table);
    tables.flat_map(|(index, table)| columns_of(index, table, &elements, bytes, names)).collect()
}

fn columns_of(index: usize, table: &Element, elements: &Elements, bytes: &[u8], names: &Names) -> Vec<Cut> {
    let text = bytes.get(table.start..table.end).unwrap_or_default();
    let has_spans = names.spans.iter().any(|span| memchr::memmem::find(text, span.as_bytes()).is_some());
    let is_nested = !elements.descendants(index, names.table).is_empty();
    if has_spans || is_nested {
        return Vec::new();
    }
    let rows = elements.descendants(index, names.row);
    let cells: Vec<Vec<usize>> = rows.iter().map(|&row| elements.children(row, names.cells)).collect();
    let count = cells.first().map_or(0, Vec::len);
    if count < 2 || cells.iter().any(|row| row.len() != count) {
        return Vec::new();
    }
    let widths = names.width.map(|width| elements.descendants(index, width)).filter(|widths| widths.len() == count);
    let column = |place: usize| {
        let of_rows = cells.iter().filter_map(|row| row.get(place));
        let width = widths.iter().filter_map(|widths| widths.get(place));
        of_rows.chain(width).filter_map(|&cell| elements.range(cell)).collect()
    };
    (0..count).map(column).collect()
}

/// Finds the elements that have an end.
fn elements(bytes: &[u8], names: &Names) -> Elements {
    let mut found: Vec<Option<Element>> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(next) = bytes.get(at..).and_then(|rest| memchr::memchr(b'<', rest)) {
        let start = at + next;
        let Some(tag) = Tag::at(bytes, start, names.is_html) else {
            at = start + 1;
            continue;
        };
        at = tag.end;
        match tag.kind {
            Kind::Other => {}
            Kind::Start => {
                let is_raw = names.raw.contains(&tag.name.as_str());
                open.push(found.len());
                found.push(Some(Element { name: tag.name.clone(), start, end: 0, parent: None }));
                if is_raw {
                    at = raw_end(bytes, at, &tag.name);
                }
            }
            Kind::Empty => found.push(Some(Element { name: tag.name, start, end: tag.end, parent: None })),
            Kind::End => close(&mut found, &mut open, &tag),
        }
    }
    with_parents(found)
}

/// Ends the innermost element of that name; what was begun in it and not ended has no end.
fn close(found: &mut [Option<Element>], open: &mut Vec<usize>, tag: &Tag) {
    let is_it =
        |index: &usize| found.get(*index).and_then(Option::as_ref).is_some_and(|element| element.name == tag.name);
    let Some(place) = open.iter().rposition(is_it) else { return };
    for (depth, index) in open.drain(place..).enumerate() {
        let Some(slot) = found.get_mut(index) else { continue };
        match slot {
            Some(element) if depth == 0 => element.end = tag.end,
            _ => *slot = None,
        }
    }
}

fn with_parents(found: Vec<Option<Element>>) -> Elements {
    let mut elements: Vec<Element> = found.into_iter().flatten().filter(|element| element.end > 0).collect();
    let mut around: Vec<usize> = Vec::new();
    for index in 0..elements.len() {
        let Some(start) = elements.get(index).map(|element| element.start) else { break };
        while around.last().is_some_and(|&outer| elements.get(outer).is_none_or(|outer| outer.end <= start)) {
            around.pop();
        }
        if let Some(element) = elements.get_mut(index) {
            element.parent = around.last().copied();
        }
        around.push(index);
    }
    Elements(elements)
}

fn raw_end(bytes: &[u8], from: usize, name: &str) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let ends = |at: &usize| {
        let tag = rest.get(*at..*at + 2 + name.len()).unwrap_or_default();
        tag.starts_with(b"</") && tag.get(2..).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
    };
    memchr::memchr_iter(b'<', rest).find(ends).map_or(bytes.len(), |at| from + at)
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Start,
    End,
    Empty,
    /// A comment, a declaration, an instruction.
    Other,
}

#[derive(Debug)]
struct Tag {
    kind: Kind,
    name: String,
    end: usize,
}

impl Tag {
    /// The tag that begins at `start`; `None` where the sign begins none.
    fn at(bytes: &[u8], start: usize, is_html: bool) -> Option<Self> {
        let rest = bytes.get(start..)?;
        if rest.starts_with(b"<!--") {
            let end = memchr::memmem::find(rest, b"-->")? + 3;
            return Some(Self { kind: Kind::Other, name: String::new(), end: start + end });
        }
        let after = rest.get(1..)?;
        let (is_end, from) = if after.first() == Some(&b'/') { (true, 2) } else { (false, 1) };
        let first = *rest.get(from)?;
        if matches!(first, b'!' | b'?') {
            let end = memchr::memchr(b'>', rest)? + 1;
            return Some(Self { kind: Kind::Other, name: String::new(), end: start + end });
        }
        if !first.is_ascii_alphabetic() {
            return None;
        }
        let is_name = |byte: &u8| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>');
        let name = rest.get(from..)?.iter().take_while(|byte| is_name(byte)).count();
        let name = String::from_utf8_lossy(rest.get(from..from + name)?).into_owned();
        let end = end_of_tag(rest)?;
        let is_empty = !is_end && rest.get(end - 2) == Some(&b'/');
        let kind = if is_end {
            Kind::End
        } else if is_empty {
            Kind::Empty
        } else {
            Kind::Start
        };
        Some(Self { kind, name: if is_html { name.to_ascii_lowercase() } else { name }, end: start + end })
    }
}

/// How long a tag is; a sign that ends it does not count in quotes.
fn end_of_tag(rest: &[u8]) -> Option<usize> {
    let mut quote = None;
    for (index, &byte) in rest.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(index + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shrunk(text: &str, names: &Names, needed: &[&str]) -> String {
        let mut shows = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            Ok(needed.iter().all(|needed| text.contains(needed)))
        };
        String::from_utf8(shrink(text.as_bytes().to_vec(), names, &mut shows).unwrap()).unwrap()
    }

    #[test]
    fn tables_rows_and_columns_of_a_page_go() {
        let page = "<!-- <table> --><body><TABLE><tr><td>甲</td></tr></TABLE><script>if (a<b) '</tr>'</script>\
                    <table><tr><td>1</td><td title=\"a>b\">2</td></tr><tr><td>3</td><td>4</td></tr></table><p>x</p></body>";
        assert_eq!(shrunk(page, &HTML, &["4"]), "<!-- <table> --><body><table><tr><td>4</td></tr></table></body>");
    }

    #[test]
    fn a_cell_of_word_keeps_a_paragraph() {
        let part = "<w:body><w:tbl><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr><w:tc><w:p>1</w:p></w:tc><w:tc><w:p>2</w:p><w:p/></w:tc>\
                    </w:tr></w:tbl><w:p/></w:body>";
        let wanted =
            "<w:body><w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:p>2</w:p></w:tc></w:tr></w:tbl></w:body>";
        assert_eq!(shrunk(part, &WORD, &["2"]), wanted);
        assert_eq!(shrunk(part, &WORD, &["<w:tc>"]).matches("<w:p").count(), 1);
    }

    #[test]
    fn columns_of_a_table_with_spans_stay() {
        let page = "<table><tr><td colspan=2>a</td></tr><tr><td>1</td><td>2</td></tr></table>";
        assert_eq!(shrunk(page, &HTML, &["2</td>", "colspan"]), page);
    }

    #[test]
    fn markup_that_is_broken_is_cut_where_it_is_whole() {
        assert_eq!(shrunk("<p>a<p>b</p><<>< p><td", &HTML, &["a"]), "<p>a<<>< p><td");
    }
}
