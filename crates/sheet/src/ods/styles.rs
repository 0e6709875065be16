//! What counts of the styles of a workbook: how numbers look, borders, and whether a sheet is hidden (16.2, 16.29; ODF 1.4 Part 3).

use std::collections::HashMap;

use nianbao_container::Error;

use super::formats::Formats;
use crate::book;
use crate::xml::{Kind, Tag, Tags};

/// The styles may have so many tags: programs keep no more than 65,490 styles, of some five tags each.
const MAX_STYLE_TAGS: usize = 400_000;

/// How far a style may stand from the one that it is based on in the end.
const MAX_INHERITANCE: usize = 64;

/// What one style of cells says itself.
#[derive(Debug, Default)]
struct Style {
    parent: Option<String>,
    format: Option<String>,
    is_bordered: Option<bool>,
}

/// The styles of a workbook.
#[derive(Debug, Default)]
pub(crate) struct Styles {
    cells: Vec<Style>,
    by_name: HashMap<String, usize>,
    hiding: HashMap<String, bool>,
    formats: Formats,
    tags: usize,
}

impl Styles {
    /// Takes in the styles up to the body of a file.
    pub(crate) fn take(&mut self, tags: &mut Tags<'_>) -> Result<(), Error> {
        let mut cell: Option<usize> = None;
        let mut sheet: Option<String> = None;
        // The named part has styles of headers and footers too, under names of their own.
        for tag in tags {
            self.tags += 1;
            if self.tags > MAX_STYLE_TAGS {
                return Err(Error::TooLarge { what: "styles", limit: MAX_STYLE_TAGS as u64 });
            }
            match (tag.name, tag.kind) {
                (b"body", _) => return Ok(()),
                (b"style", Kind::Start | Kind::Empty) => {
                    let name = tag.attribute_text("name").map(|name| name.into_owned());
                    let family = tag.attribute("family");
                    sheet = name.clone().filter(|_| family == Some("table"));
                    cell = name.filter(|_| family == Some("table-cell")).map(|name| self.add(name, tag));
                }
                (b"style", Kind::End) => (cell, sheet) = (None, None),
                (b"table-cell-properties", Kind::Start | Kind::Empty) => {
                    if let Some(style) = cell.and_then(|index| self.cells.get_mut(index)) {
                        style.is_bordered = is_bordered(tag).or(style.is_bordered);
                    }
                }
                (b"table-properties", Kind::Start | Kind::Empty) => {
                    if let Some(name) = sheet.take() {
                        self.hiding.insert(name, tag.attribute("display") == Some("false"));
                    }
                }
                _ => self.formats.take(tag),
            }
        }
        Ok(())
    }

    fn add(&mut self, name: String, tag: Tag<'_>) -> usize {
        let text = |name| tag.attribute_text(name).map(|text| text.into_owned());
        let (parent, format) = (text("parent-style-name"), text("data-style-name"));
        self.cells.push(Style { parent, format, is_bordered: None });
        self.by_name.insert(name, self.cells.len() - 1);
        self.cells.len() - 1
    }

    /// The styles of cells for the book, in an order that [`index`](Self::index) knows.
    pub(crate) fn of_cells(&self) -> book::Styles {
        let mut styles = book::Styles::new();
        styles.push(0, None, false);
        for style in &self.cells {
            let (mut format, mut is_bordered) = (None, None);
            let mut next = Some(style);
            for _ in 0..MAX_INHERITANCE {
                let Some(style) = next else { break };
                format = format.or(style.format.as_deref());
                is_bordered = is_bordered.or(style.is_bordered);
                let parent = style.parent.as_ref().and_then(|name| self.by_name.get(name));
                next = parent.and_then(|&index| self.cells.get(index));
            }
            let code = format.and_then(|name| self.formats.code(name));
            styles.push(0, code.as_deref(), is_bordered.unwrap_or_default());
        }
        styles
    }

    /// The place of a style; 0 for none.
    pub(crate) fn index(&self, name: &str) -> usize {
        self.by_name.get(name).map_or(0, |index| index + 1)
    }

    /// Whether a sheet of this style is hidden.
    pub(crate) fn hides_sheet(&self, name: &str) -> bool {
        self.hiding.get(name).copied().unwrap_or_default()
    }
}

/// Whether any border is drawn; `None` where nothing is said of borders.
fn is_bordered(tag: Tag<'_>) -> Option<bool> {
    let borders = tag.attributes().filter(|(name, _)| {
        matches!(*name, "border" | "border-top" | "border-bottom" | "border-left" | "border-right")
    });
    borders.map(|(_, value)| !matches!(value.trim(), "none" | "hidden" | "")).reduce(|one, other| one || other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_inherits_format_and_border() {
        let named = r#"<s:style s:name="Default" s:family="table-cell" s:data-style-name="N2"/><s:style s:name="grid" s:family="table-cell" s:parent-style-name="Default">
            <s:table-cell-properties f:border-top="none" f:border-left="0.74pt solid #000000"/></s:style>"#;
        let content = r#"<n:percentage-style s:name="N2"><n:number n:decimal-places="1" n:min-integer-digits="1"/><n:text>%</n:text></n:percentage-style>
            <s:style s:name="ce1" s:family="table-cell" s:parent-style-name="grid"/><s:style s:name="ce2" s:family="table-cell" s:parent-style-name="ce2"/>
            <o:body><s:style s:name="ce3" s:family="table-cell"/>"#;
        let mut styles = Styles::default();
        styles.take(&mut Tags::new(named)).unwrap();
        styles.take(&mut Tags::new(content)).unwrap();
        let cells = styles.of_cells();
        let look = |name: &str| {
            let (format, is_bordered) = cells.get(styles.index(name));
            (format.map(|format| format.code.clone()).unwrap_or_default(), is_bordered)
        };
        assert_eq!(look("ce1"), ("0.0%".to_owned(), true));
        assert_eq!(look("Default"), ("0.0%".to_owned(), false));
        for other in ["ce2", "ce3", "nobody"] {
            assert_eq!(look(other), ("General".to_owned(), false), "{other}");
        }
    }
}
