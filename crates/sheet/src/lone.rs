//! Rows that hold one text alone: titles, headings and notes, or rows of a table?
//!
//! | the text | is |
//! |---|---|
//! | merged over the whole width, above the first row of several cells | a title, a heading or a unit: a paragraph; but a row that names a group where it stands right above, has a border, and the table has more such rows |
//! | merged over the whole width, further down | a paragraph where it has no border and the rows around it do, or where it numbers itself as a section or is a sentence; else a row that names a group |
//! | not merged, in the first column, above the first row of several cells | a paragraph |
//! | not merged, elsewhere | a paragraph where it has no border and the rows around it do, or where it is a sentence; else a label whose figures are blank |

use nianbao_model::{Mark, Span, leading_mark};

use crate::book::Item;
use crate::regions::Part;

/// What the rows of a part are.
#[derive(Debug)]
pub(crate) enum Rows {
    /// Each row is a text.
    AllText(Part),
    /// None is.
    NoText(Part),
    /// Some are: the pieces from top to bottom.
    Mixed(Vec<Piece>),
}

/// A piece of a part.
#[derive(Debug)]
pub(crate) enum Piece {
    /// A row that is a paragraph.
    Text(Item),
    /// Rows that are none.
    Rest(Vec<Item>),
}

/// A text of so many characters that ends as a sentence does is no label.
const SENTENCE: usize = 25;

/// Rows that belong together because a merged cell reaches over them.
#[derive(Debug)]
struct Band {
    rows: Span,
    items: std::ops::Range<usize>,
    texts: usize,
    /// Blank cells with a border.
    borders: usize,
}

/// Tells which rows of a part are paragraphs.
pub(crate) fn rows(part: Part) -> Rows {
    let bands = bands(&part);
    let view = View::of(&part, &bands);
    let lone: Vec<bool> = bands.iter().enumerate().map(|(index, band)| view.is_text(&part, index, band)).collect();
    if lone.iter().all(|&is_text| is_text) {
        return Rows::AllText(part);
    }
    if lone.iter().all(|&is_text| !is_text) {
        return Rows::NoText(part);
    }
    let mut items = part.items.into_iter();
    let mut pieces = Vec::new();
    for (band, is_text) in bands.into_iter().zip(lone) {
        let items = items.by_ref().take(band.items.len());
        match (is_text, pieces.last_mut()) {
            (true, _) => pieces.extend(items.filter(Item::is_text).map(Piece::Text)),
            (false, Some(Piece::Rest(rest))) => rest.extend(items),
            (false, _) => pieces.push(Piece::Rest(items.collect())),
        }
    }
    Rows::Mixed(pieces)
}

fn bands(part: &Part) -> Vec<Band> {
    let mut bands: Vec<Band> = Vec::new();
    for (index, item) in part.items.iter().enumerate() {
        match bands.last_mut().filter(|band| item.area.rows.start() < band.rows.end()) {
            Some(band) => {
                band.rows = band.rows.hull(item.area.rows);
                band.items.end = index + 1;
            }
            None => bands.push(Band { rows: item.area.rows, items: index..index + 1, texts: 0, borders: 0 }),
        }
        if let Some(band) = bands.last_mut() {
            band.texts += usize::from(item.is_text());
            band.borders += usize::from(!item.is_text() && item.is_bordered);
        }
    }
    bands
}

/// What the rows of several cells look like.
struct View {
    /// The first and the last band with several texts.
    table: Option<(usize, usize)>,
    /// Most of their cells have borders.
    has_borders: bool,
    /// Some row holds nothing but a figure, as no line of a text does.
    has_figures: bool,
    /// Below the first row of several cells there are rows with borders that name a group.
    has_groups: bool,
}

impl View {
    fn of(part: &Part, bands: &[Band]) -> Self {
        let is_row = |band: &&Band| band.texts > 1;
        let first = bands.iter().position(|band| is_row(&band));
        let last = bands.iter().rposition(|band| is_row(&band));
        let cells = bands.iter().filter(is_row).filter_map(|band| part.items.get(band.items.clone())).flatten();
        let (mut bordered, mut bare) = (0_usize, 0_usize);
        for item in cells {
            *if item.is_bordered { &mut bordered } else { &mut bare } += 1;
        }
        let has_figures = first.is_none() && part.items.iter().any(|item| item.text().trim().parse::<f64>().is_ok());
        let names_group = |band: &Band| match part.items.get(band.items.clone()).unwrap_or_default() {
            [item, rest @ ..] => {
                let is_alone = rest.iter().all(Item::is_border_only);
                is_alone && item.is_bordered && item.is_text() && is_whole(item, part) && !says_more(item.text())
            }
            [] => false,
        };
        let has_groups = first.is_some_and(|first| bands.iter().skip(first + 1).any(names_group));
        Self { table: first.zip(last), has_borders: bordered > bare, has_figures, has_groups }
    }

    fn is_text(&self, part: &Part, index: usize, band: &Band) -> bool {
        let items = part.items.get(band.items.clone()).unwrap_or_default();
        let mut texts = items.iter().filter(|item| item.is_text());
        let (Some(item), None) = (texts.next(), texts.next()) else {
            // Only texts make paragraphs; a blank row stays where it is.
            return false;
        };
        let Some((first, _)) = self.table else {
            // Nothing but rows of one text: with borders around them or with figures they are a list, else lines of text.
            return part.rows.length() == band.rows.length() || !(item.is_bordered || self.has_figures);
        };
        let is_above = index < first;
        let stands_free = self.has_borders && !item.is_bordered && band.borders == 0;
        if is_whole(item, part) {
            let is_group = index + 1 == first && item.is_bordered && self.has_groups;
            return (is_above && !is_group) || stands_free || says_more(item.text());
        }
        let is_at_left = item.area.columns.start() == part.columns.start();
        if is_above && is_at_left && band.borders == 0 {
            return !self.has_borders || stands_free;
        }
        stands_free || (band.borders == 0 && is_sentence(item.text()))
    }
}

fn is_whole(item: &Item, part: &Part) -> bool {
    item.area.columns == part.columns && part.columns.length() > 1
}

/// Whether a text says more than a label does.
fn says_more(text: &str) -> bool {
    is_section(text) || is_sentence(text)
}

/// `一、总体情况`
fn is_section(text: &str) -> bool {
    matches!(leading_mark(text.trim()), Some((Mark::Han(_), _)))
}

fn is_sentence(text: &str) -> bool {
    let text = text.trim();
    text.contains('\n') && text.chars().count() > SENTENCE
        || text.ends_with(['。', '；', '：', '.']) && text.chars().count() > SENTENCE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_and_sentences_are_no_labels() {
        assert!(says_more("一、总体情况"));
        assert!(says_more("凡拟公开的文件先由起草科室填写审查单，再由办公室登记编号，最后由分管负责人签发。"));
        for label in ["第二十条第（一）项", "（三）不予公开", "1.属于国家秘密", "合计：", "三年以上"]
        {
            assert!(!says_more(label), "{label}");
        }
    }
}
