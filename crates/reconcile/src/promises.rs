//! The promises of `NORMAL_FORM.md`, put so that a document can be held against them.
//!
//! Two take this file: the laws of this crate, and the fuzz target `reconcile` by its path. It needs nothing but the model.

use std::collections::{BTreeMap, BTreeSet};

use nianbao_model::{Block, Document, Line, Origin, Table, WarningKind};

/// The first promise that reconciling `before` into `after` breaks.
pub(crate) fn broken(before: &Document, after: &Document) -> Option<String> {
    [nothing_lost(before, after), in_form(after), nesting_kept(before, after)].into_iter().find_map(Result::err)
}

/// All that a document says, to tell whether two are the same.
pub(crate) fn seen(document: &Document) -> String {
    format!("{:#?}\n{:#?}", document.blocks, document.warnings)
}

/// How often each character stands there, blanks apart.
fn characters<'a>(lines: impl IntoIterator<Item = &'a Line>) -> BTreeMap<char, usize> {
    let mut count = BTreeMap::new();
    for c in lines.into_iter().flat_map(|line| line.chars()).filter(|c| !c.is_whitespace()) {
        *count.entry(c).or_default() += 1;
    }
    count
}

/// All text with its places, cell by cell and paragraph by paragraph.
fn texts(document: &Document) -> Vec<(&[Line], &[Origin])> {
    let mut texts = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Paragraph(paragraph) => texts.push((paragraph.lines.as_slice(), paragraph.origins.as_slice())),
            Block::Table(table) => {
                texts.extend(table.cells().iter().map(|cell| (cell.lines.as_slice(), cell.origins.as_slice())));
            }
        }
    }
    texts
}

/// The places of all headers that were dropped.
fn dropped(document: &Document) -> BTreeSet<&Origin> {
    let repeated = document.warnings.iter().filter(|warning| warning.kind == WarningKind::HeaderRepeated);
    repeated.flat_map(|warning| &warning.at).collect()
}

fn nothing_lost(before: &Document, after: &Document) -> Result<(), String> {
    let dropped = dropped(after);
    let kept = |origins: &[Origin]| !origins.iter().any(|origin| dropped.contains(origin));
    let old = texts(before);
    let wanted = characters(old.iter().filter(|(_, origins)| kept(origins)).flat_map(|(lines, _)| *lines));
    let new = texts(after);
    let have = characters(new.iter().flat_map(|(lines, _)| *lines));
    demand(have == wanted, || format!("characters: {have:?}\nnot {wanted:?}"))?;
    let there: BTreeSet<&Origin> = new.iter().flat_map(|(_, origins)| *origins).collect();
    let count: usize = new.iter().map(|(_, origins)| origins.len()).sum();
    demand(there.len() == count, || "a place stands twice".to_owned())?;
    for block in &before.blocks {
        let origins: Vec<&Origin> = match block {
            Block::Paragraph(paragraph) if paragraph.is_blank() => Vec::new(),
            Block::Paragraph(paragraph) => paragraph.origins.iter().collect(),
            Block::Table(table) => table.cells().iter().flat_map(|cell| &cell.origins).collect(),
        };
        for origin in origins {
            demand(there.contains(origin) || dropped.contains(origin), || format!("{origin} is lost"))?;
        }
    }
    Ok(())
}

fn in_form(document: &Document) -> Result<(), String> {
    document.tables().try_for_each(whole)?;
    for (lines, origins) in texts(document) {
        let trimmed = lines.iter().all(|line| !line.trim().is_empty() && line.trim_end() == line);
        demand(trimmed, || format!("{lines:?} at {origins:?} has blanks around it"))?;
    }
    let blank = |block: &Block| matches!(block, Block::Paragraph(paragraph) if paragraph.is_blank());
    demand(!document.blocks.iter().any(blank), || "a blank paragraph".to_owned())
}

/// The cells of a table lie inside it, in their order, and nowhere on each other.
fn whole(table: &Table) -> Result<(), String> {
    let mut taken = BTreeMap::new();
    let mut last = None;
    for cell in table.cells() {
        let (area, name) = (cell.area(), cell.text());
        demand(area.rows.end() <= table.rows().len(), || format!("{name} reaches below its table"))?;
        demand(area.columns.end() <= table.columns(), || format!("{name} reaches beside its table"))?;
        demand(!cell.origins.is_empty(), || format!("{name} has no place"))?;
        demand(last < Some(area.corner()), || format!("{name} is out of order"))?;
        last = Some(area.corner());
        for slot in area.rows.indices().flat_map(|row| area.columns.indices().map(move |column| (row, column))) {
            let other = taken.insert(slot, name.clone());
            demand(other.is_none(), || format!("{name} lies on {other:?} at {slot:?}"))?;
        }
    }
    Ok(())
}

/// The origin of the cell around each nested table, by the origin of that table's first cell.
fn outer_cells(document: &Document) -> BTreeMap<&Origin, &[Origin]> {
    let mut found = BTreeMap::new();
    for (index, block) in document.blocks.iter().enumerate() {
        if let Block::Table(table) = block
            && let Some(nesting) = table.nested_in
            && nesting.block < index
            && let Some(Block::Table(outer)) = document.blocks.get(nesting.block)
            && let Some(cell) = outer.get(nesting.row, nesting.column)
            && let Some(first) = table.cells().first().and_then(|cell| cell.origins.first())
        {
            found.insert(first, cell.origins.as_slice());
        }
    }
    found
}

fn nesting_kept(before: &Document, after: &Document) -> Result<(), String> {
    let new = outer_cells(after);
    for (inner, outer) in outer_cells(before) {
        // The first cell of a nested table may have gone into another cell; then its table is named by that one.
        if let (Some(now), Some(first)) = (new.get(inner), outer.first()) {
            demand(now.contains(first), || format!("{inner} was inside {first} and is inside {now:?}"))?;
        }
    }
    Ok(())
}

fn demand(holds: bool, complaint: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(complaint()) }
}
