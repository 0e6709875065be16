//! One page to its blocks: tables and paragraphs in the order of reading.

use nianbao_model::Table;

use crate::charts;
use crate::draft::Draft;
use crate::edges::{self, Edge};
use crate::grid::{self, Lattice};
use crate::order::{self, Thing};
use crate::page::{Direction, Glyph, Page, Rect, Turn};
use crate::refine::refined;
use crate::regions::{self, Found};
use crate::settings::{FEW_CELLS, HANGING, LEAST_SHADED, LEAST_TURNED, MOST_CHART, MOST_FRAMED_CHART};
use crate::verdict;
use crate::words::{self, Line};

/// A block of a page.
pub(crate) enum Item {
    /// A table whose columns may still have to be put on those of its other part on the next page.
    Draft(Draft),
    Table(Table),
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
        Item::Draft(draft) => draft.turn = Some(turn),
        Item::Table(_) => {}
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
    let free: Vec<Edge> = grid::alone(&ruled);
    let lines = words::lines(&glyphs);
    let (upright, others): (Vec<Line>, Vec<Line>) =
        lines.into_iter().partition(|line| line.direction == Direction::Right);
    let mut things: Vec<Thing> = upright.into_iter().map(Thing::Line).collect();
    things.extend(tables.iter().enumerate().map(|(index, table)| Thing::Table(index, table.bbox())));
    things.sort_by(|one, other| one.height().total_cmp(&other.height()));
    let mut tables: Vec<Option<Draft>> = tables.into_iter().map(Some).collect();
    let mut items = Vec::new();
    for column in order::columns(things) {
        column_items(column, &mut tables, |lines| regions::tables(lines, &free, &charts, &page.drawings), &mut items);
    }
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
        let draft = refined(Draft::of_lattice(lattice, &inside).without_slivers(), &[]);
        let chart = charts::covered(lattice.bbox(), &self.charts, self.drawings);
        let is_table = match lattice.cells.len() {
            // A box around a table without rules.
            1 => verdict::is_table(&draft, true) && chart <= MOST_CHART,
            count if count < FEW_CELLS && chart > MOST_FRAMED_CHART => false,
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

/// The blocks of one column of a page. `find` finds the tables among its lines that no rules draw.
fn column_items(
    things: Vec<Thing>,
    drawn: &mut [Option<Draft>],
    find: impl Fn(&[Line]) -> Vec<Found>,
    items: &mut Vec<Item>,
) {
    let lines: Vec<Line> = things
        .iter()
        .filter_map(|thing| match thing {
            Thing::Line(line) => Some(line.clone()),
            Thing::Table(..) => None,
        })
        .collect();
    let found = find(&lines);
    let mut owner: Vec<Option<usize>> = vec![None; lines.len()];
    for (index, table) in found.iter().enumerate() {
        for &line in &table.lines {
            if let Some(slot) = owner.get_mut(line) {
                *slot = Some(index);
            }
        }
    }
    let mut found: Vec<Option<Draft>> = found.into_iter().map(|table| Some(table.draft)).collect();
    let mut owners = owner.into_iter();
    let mut text: Vec<Line> = Vec::new();
    for thing in things {
        let table = match thing {
            Thing::Table(index, _) => drawn.get_mut(index).and_then(Option::take),
            Thing::Line(line) => match owners.next().flatten() {
                None => {
                    text.push(line);
                    None
                }
                Some(owner) => found.get_mut(owner).and_then(Option::take),
            },
        };
        if let Some(table) = table {
            items.extend(order::paragraphs(std::mem::take(&mut text)).into_iter().map(Item::Text));
            items.push(Item::Draft(table));
        }
    }
    items.extend(order::paragraphs(text).into_iter().map(Item::Text));
}
