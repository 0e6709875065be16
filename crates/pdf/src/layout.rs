//! One page to its blocks: tables and paragraphs in the order of reading.

use crate::draft::Draft;
use crate::edges::{self, Edge, Edges};
use crate::grid::{self, Lattice};
use crate::order;
use crate::page::{Direction, Glyph, Page, Rect};
use crate::refine::refined;
use crate::regions;
use crate::verdict;
use crate::words::{self, Line};

/// A block of a page.
pub(crate) enum Item {
    Table(Draft),
    Text(Vec<Line>),
}

/// The blocks of a page, in the order of reading.
pub(crate) fn items(page: &Page) -> Vec<Item> {
    let rules = edges::ruled(page);
    let mut glyphs: Vec<&Glyph> = page.glyphs.iter().collect();
    let mut tables = drawn_tables(&rules, &mut glyphs);
    tables.extend(drawn_tables(&edges::shaded(page), &mut glyphs));
    let frames: Vec<Rect> = tables.iter().map(Draft::bbox).collect();
    let free = free_rules(&rules, &frames);
    let lines = words::lines(&glyphs);
    let (upright, others): (Vec<Line>, Vec<Line>) =
        lines.into_iter().partition(|line| line.direction == Direction::Right);
    let mut items = Vec::new();
    let mut waiting = tables.into_iter().map(Some).collect::<Vec<_>>();
    for column in order::columns(upright, &frames) {
        column_items(column, &free, &mut waiting, &mut items);
    }
    items.extend(waiting.into_iter().flatten().map(Item::Table));
    items.extend(order::paragraphs(others).into_iter().map(Item::Text));
    items
}

/// The tables that a set of edges draws, with the glyphs inside them taken out of `glyphs`.
fn drawn_tables(edges: &Edges, glyphs: &mut Vec<&Glyph>) -> Vec<Draft> {
    let mut tables: Vec<Draft> = Vec::new();
    for lattice in grid::lattices(edges) {
        if lattice.cells.len() < 2 {
            continue;
        }
        let inside: Vec<(usize, &Glyph)> = inside(&lattice, glyphs);
        let draft = refined(Draft::of_lattice(&lattice, &inside), &[]);
        if verdict::is_drawn_table(&draft) {
            glyphs.retain(|glyph| lattice.cell_at(glyph.bbox.middle()).is_none());
            tables.push(draft);
        }
    }
    tables
}

fn inside<'a>(lattice: &Lattice, glyphs: &[&'a Glyph]) -> Vec<(usize, &'a Glyph)> {
    glyphs.iter().filter_map(|glyph| Some((lattice.cell_at(glyph.bbox.middle())?, *glyph))).collect()
}

/// The level edges outside the drawn tables.
fn free_rules(edges: &Edges, frames: &[Rect]) -> Vec<Edge> {
    let is_free = |edge: &&Edge| {
        let middle = ((edge.from + edge.to) / 2.0, edge.at);
        !frames.iter().any(|frame| {
            frame.top - 1.0 <= edge.at
                && edge.at <= frame.bottom + 1.0
                && frame.left - 1.0 <= middle.0
                && middle.0 <= frame.right + 1.0
        })
    };
    edges.level.iter().filter(is_free).copied().collect()
}

/// The blocks of one column of a page; drawn tables that begin beside it come where they stand.
fn column_items(lines: Vec<Line>, rules: &[Edge], waiting: &mut [Option<Draft>], items: &mut Vec<Item>) {
    let found = regions::tables(&lines, rules);
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
