//! Nested tables name the cell around them by the index of its block, its row and its line. Whoever takes out a block, a row or a
//! line sets these right, with the functions of this file.

use nianbao_model::{Block, Cell, Grid, Nesting, Table};

/// Where a nested table stands among the lines of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The block of the outer table.
    outer: usize,
    /// The block of the nested one.
    nested: usize,
    /// A row of the outer cell.
    pub(crate) row: usize,
    /// A column of the outer cell.
    pub(crate) column: usize,
    /// How many lines of the outer cell come before.
    pub(crate) line: usize,
}

impl Line {
    /// The same place after the lines before it have changed in number.
    pub(crate) const fn at_line(self, line: usize) -> Self {
        Self { line, ..self }
    }
}

/// The places of all nested tables.
#[derive(Debug)]
pub(crate) struct Lines {
    /// By outer table and line.
    lines: Vec<Line>,
    /// Outer table and row of each, sorted.
    rows: Vec<(usize, usize)>,
}

impl Lines {
    /// The nested tables inside one outer table, by line.
    pub(crate) fn of(&self, outer: usize) -> &[Line] {
        let start = self.lines.partition_point(|line| line.outer < outer);
        let end = self.lines.partition_point(|line| line.outer <= outer);
        self.lines.get(start..end).unwrap_or_default()
    }

    /// Whether a table is nested in a cell of this row.
    pub(crate) fn in_row(&self, outer: usize, row: usize) -> bool {
        self.rows.binary_search(&(outer, row)).is_ok()
    }
}

/// The places of all nested tables. Costs next to nothing where there are none.
pub(crate) fn lines(blocks: &[Block]) -> Lines {
    let mut lines: Vec<Line> = blocks
        .iter()
        .enumerate()
        .filter_map(|(nested, block)| {
            let Nesting { block: outer, row, column, line } = nesting(block)?;
            Some(Line { outer, nested, row, column, line })
        })
        .collect();
    lines.sort_unstable_by_key(|line| (line.outer, line.line, line.nested));
    let mut rows: Vec<_> = lines.iter().map(|line| (line.outer, line.row)).collect();
    rows.sort_unstable();
    Lines { lines, rows }
}

fn nesting(block: &Block) -> Option<Nesting> {
    match block {
        Block::Table(table) => table.nested_in,
        Block::Paragraph(_) => None,
    }
}

/// Writes back lines that have changed.
pub(crate) fn set_lines(blocks: &mut [Block], moved: &[Line]) {
    for line in moved {
        if let Some(Block::Table(table)) = blocks.get_mut(line.nested)
            && let Some(nesting) = &mut table.nested_in
        {
            nesting.line = line.line;
        }
    }
}

/// Makes a table that names no table before it as the one around it stand on its own.
pub(crate) fn free_orphans(blocks: &mut [Block]) {
    for index in 0..blocks.len() {
        let (before, rest) = blocks.split_at_mut(index);
        if let Some(Block::Table(table)) = rest.first_mut()
            && let Some(nesting) = table.nested_in
            && !matches!(before.get(nesting.block), Some(Block::Table(_)))
        {
            table.nested_in = None;
        }
    }
}

/// Keeps the blocks for which `keep` is true.
pub(crate) fn retain(blocks: &mut Vec<Block>, keep: impl Fn(&Block) -> bool) {
    if blocks.iter().all(&keep) {
        return;
    }
    let mut left = 0;
    let places: Vec<Option<(usize, usize)>> = blocks
        .iter()
        .map(|block| {
            keep(block).then(|| {
                left += 1;
                (left - 1, 0)
            })
        })
        .collect();
    blocks.retain(|block| keep(block));
    renumber(blocks, &places);
}

/// Sets nested tables right after blocks have moved: for each old block its new index, and how many rows now stand above its own.
/// A table whose outer table is gone stands on its own.
pub(crate) fn renumber(blocks: &mut [Block], places: &[Option<(usize, usize)>]) {
    for block in blocks {
        if let Block::Table(table) = block {
            table.nested_in = table.nested_in.and_then(|nesting| {
                let (block, rows) = (*places.get(nesting.block)?)?;
                Some(Nesting { block, row: nesting.row.saturating_add(rows), ..nesting })
            });
        }
    }
}

/// Takes rows out of the table at `index`, and gives what stands in them to the cells that `heir` names.
/// No table may be nested in such a row.
pub(crate) fn drop_rows(
    blocks: &mut [Block],
    index: usize,
    dropped: &[bool],
    heir: impl Fn(&Cell) -> Option<(usize, usize)>,
) {
    let is_dropped = |row: usize| dropped.get(row).copied().unwrap_or(false);
    if let Some(Block::Table(table)) = blocks.get_mut(index) {
        let whole = std::mem::replace(table, Table::new(Grid::Lost));
        *table = whole.with_rows_joined(is_dropped, heir);
    }
    for block in blocks {
        if let Block::Table(table) = block
            && let Some(nesting) = &mut table.nested_in
            && nesting.block == index
        {
            nesting.row -= dropped.iter().take(nesting.row).filter(|&&gone| gone).count();
        }
    }
}
