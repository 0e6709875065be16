//! One page to its blocks: tables and paragraphs in the order of reading.

use crate::charts;
use crate::draft::Draft;
use crate::edges::{self, Edge};
use crate::grid::{self, Lattice};
use crate::order;
use crate::page::{Direction, Glyph, Page, Rect, Turn};
use crate::refine::refined;
use crate::regions::{self, Found};
use crate::settings::{FEW_CELLS, HANGING, LEAST_SHADED, LEAST_TURNED, MOST_CHART, MOST_DRAWN_CHART};
use crate::verdict;
use crate::words::{self, Line};

/// A block of a page.
pub(crate) enum Item {
    Table(Draft),
    Text(Vec<Line>),
}

/// The blocks of a page, in the order of reading.
pub(crate) fn items(mut page: Page) -> Vec<Item> {
    let turned = [Turn::Down(page.width), Turn::Up(page.height)].into_iter().find_map(|turn| {
        let area = turned_area(&page, turn.direction())?;
        Some((page.take_turned(area, turn), turn))
    });
    let mut items = upright_items(&page);
    if let Some((part, turn)) = turned {
        items.extend(upright_items(&part).into_iter().map(|item| turned_back(item, turn)));
    }
    items
}

/// A block that was turned to be read, with its places on the page.
fn turned_back(mut item: Item, turn: Turn) -> Item {
    match &mut item {
        Item::Table(draft) => draft.turn = Some(turn),
        Item::Text(lines) => {
            for line in lines {
                line.bbox = turn.back(line.bbox);
            }
        }
    }
    item
}

/// Where the text of a page runs up or down, if most of it does: a wide table on an upright page.
fn turned_area(page: &Page, direction: Direction) -> Option<Rect> {
    let turned = page.glyphs.iter().filter(|glyph| glyph.direction == direction);
    let count = turned.clone().count();
    (count >= LEAST_TURNED && count * 2 > page.glyphs.len())
        .then(|| turned.map(|glyph| glyph.bbox).reduce(Rect::hull))?
}

fn upright_items(page: &Page) -> Vec<Item> {
    let mut drawn = Drawn { glyphs: page.glyphs.iter().collect(), drawings: &page.drawings, ..Drawn::default() };
    let ruled = edges::ruled(page);
    let shaded = edges::shaded(page);
    let lattices = grid::lattices(&ruled);
    let shades = grid::lattices(&shaded);
    let frames: Vec<Rect> =
        lattices.iter().chain(&shades).filter(|lattice| lattice.cells.len() == 1).map(Lattice::bbox).collect();
    drawn.charts = charts::charts(page, &frames);
    for lattice in lattices.iter().chain(shades.iter().filter(|shades| shades.ys.len() > LEAST_SHADED)) {
        drawn.add(lattice);
    }
    let Drawn { glyphs, tables, charts, .. } = drawn;
    let frames: Vec<Rect> = tables.iter().map(Draft::bbox).collect();
    let free: Vec<Edge> = grid::alone(&ruled);
    let lines = words::lines(&glyphs);
    let (upright, others): (Vec<Line>, Vec<Line>) =
        lines.into_iter().partition(|line| line.direction == Direction::Right);
    let mut items = Vec::new();
    let mut waiting = tables.into_iter().map(Some).collect::<Vec<_>>();
    for column in order::columns(upright, &frames) {
        let found = regions::tables(&column, &free, &charts, &page.drawings);
        column_items(column, found, &mut waiting, &mut items);
    }
    items.extend(waiting.into_iter().flatten().map(Item::Table));
    items.extend(order::paragraphs(others).into_iter().map(Item::Text));
    items
}

/// The drawn tables of a page, and the glyphs that stand in none.
#[derive(Default)]
struct Drawn<'a> {
    glyphs: Vec<&'a Glyph>,
    tables: Vec<Draft>,
    charts: Vec<Rect>,
    drawings: &'a [Rect],
}

impl Drawn<'_> {
    /// Takes in the table that a lattice draws, if it is one.
    fn add(&mut self, lattice: &Lattice) {
        let inside = inside(lattice, &self.glyphs);
        if inside.is_empty() {
            return;
        }
        let draft = refined(Draft::of_lattice(lattice, &inside), &[]);
        let chart = charts::covered(lattice.bbox(), &self.charts, self.drawings);
        let is_table = match lattice.cells.len() {
            // A box around a table without rules.
            1 => verdict::is_table(&draft, true) && chart <= MOST_CHART,
            count if count < FEW_CELLS && chart > 2.0 * MOST_DRAWN_CHART => false,
            _ => verdict::is_drawn_table(&draft, chart),
        };
        if is_table {
            let mut taken = inside.iter().map(|(_, glyph)| *glyph).peekable();
            self.glyphs.retain(|glyph| taken.next_if(|taken| std::ptr::eq(*taken, *glyph)).is_none());
            self.tables.push(draft);
        }
    }
}

/// The glyphs in a lattice, in the order in which they were drawn, with the cells they stand in. A mark that hangs over the rule of its
/// cell belongs to the text before it; slanted glyphs (water marks, stamps) belong to no cell.
fn inside<'a>(lattice: &Lattice, glyphs: &[&'a Glyph]) -> Vec<(usize, &'a Glyph)> {
    let mut inside: Vec<(usize, &Glyph)> = Vec::new();
    for &glyph in glyphs.iter().filter(|glyph| glyph.direction != Direction::Slanted) {
        let Some(own) = lattice.cell_at(glyph.bbox.middle()) else { continue };
        let hangs = inside.last().filter(|(_, last)| {
            is_closing(&glyph.text)
                && last.baseline == glyph.baseline
                && (glyph.bbox.left - last.bbox.right).abs() < HANGING * glyph.size
        });
        inside.push((hangs.map_or(own, |(cell, _)| *cell), glyph));
    }
    inside
}

/// Marks that never begin a line.
fn is_closing(text: &str) -> bool {
    text.chars().all(|c| "、，。；：！？）》」』”’,.;:!?)]}".contains(c))
}

/// The blocks of one column of a page; drawn tables that begin beside it come where they stand.
fn column_items(lines: Vec<Line>, found: Vec<Found>, waiting: &mut [Option<Draft>], items: &mut Vec<Item>) {
    let mut owner: Vec<Option<usize>> = vec![None; lines.len()];
    for (index, table) in found.iter().enumerate() {
        for &line in &table.lines {
            if let Some(slot) = owner.get_mut(line) {
                *slot = Some(index);
            }
        }
    }
    let extent = lines.iter().map(|line| line.bbox).reduce(Rect::hull);
    let mut found: Vec<Option<Draft>> = found.into_iter().map(|table| Some(table.draft)).collect();
    let mut text: Vec<Line> = Vec::new();
    let flush = |text: &mut Vec<Line>, items: &mut Vec<Item>| {
        items.extend(order::paragraphs(std::mem::take(text)).into_iter().map(Item::Text));
    };
    for (line, owner) in lines.into_iter().zip(owner) {
        for slot in waiting.iter_mut() {
            let is_next = slot.as_ref().is_some_and(|table| {
                let bbox = table.bbox();
                bbox.top < line.bbox.top
                    && extent.is_some_and(|extent| bbox.left < extent.right && extent.left < bbox.right)
            });
            if let Some(table) = slot.take_if(|_| is_next) {
                flush(&mut text, items);
                items.push(Item::Table(table));
            }
        }
        match owner {
            None => text.push(line),
            Some(owner) => {
                if let Some(table) = found.get_mut(owner).and_then(Option::take) {
                    flush(&mut text, items);
                    items.push(Item::Table(table));
                }
            }
        }
    }
    flush(&mut text, items);
}
