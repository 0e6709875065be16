//! A table that is being made: a grid of places, and cells with their lines. Rules begin it; gaps between words (`gutters.rs`) and lines
//! of text (`rows.rs`) cut it further where rules are missing.

use nianbao_model::{Area, Span};

use crate::grid::Lattice;
use crate::page::{Glyph, Rect};
use crate::words::{self, Line};

/// A cell with what stands in it.
#[derive(Clone, Debug)]
pub(crate) struct DraftCell {
    pub(crate) area: Area,
    /// Top to bottom.
    pub(crate) lines: Vec<Line>,
}

/// A table that is being made.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// Where columns begin and end, left to right: one more than there are columns.
    pub(crate) xs: Vec<f32>,
    /// Where rows begin and end, top to bottom.
    pub(crate) ys: Vec<f32>,
    /// For each row, whether a rule is drawn where it begins; if not, only text tells.
    pub(crate) ruled_above: Vec<bool>,
    /// For each boundary between two columns, whether it is drawn.
    pub(crate) ruled_between: Vec<bool>,
    /// In no order; they never overlap.
    pub(crate) cells: Vec<DraftCell>,
}

impl Draft {
    /// The cells of a lattice, with the glyphs that stand in each.
    pub(crate) fn of_lattice(lattice: &Lattice, inside: &[(usize, &Glyph)]) -> Self {
        let mut glyphs: Vec<Vec<&Glyph>> = vec![Vec::new(); lattice.cells.len()];
        for (cell, glyph) in inside {
            if let Some(glyphs) = glyphs.get_mut(*cell) {
                glyphs.push(glyph);
            }
        }
        let cells = lattice.cells.iter().zip(&glyphs);
        Self {
            xs: lattice.xs.clone(),
            ys: lattice.ys.clone(),
            ruled_above: vec![true; lattice.ys.len().saturating_sub(1)],
            ruled_between: vec![true; lattice.xs.len().saturating_sub(2)],
            cells: cells.map(|(&area, glyphs)| DraftCell { area, lines: words::lines(glyphs) }).collect(),
        }
    }

    pub(crate) fn rows(&self) -> usize {
        self.ys.len().saturating_sub(1)
    }

    pub(crate) fn columns(&self) -> usize {
        self.xs.len().saturating_sub(1)
    }

    /// The place of a cell on the page.
    pub(crate) fn rect(&self, area: Area) -> Rect {
        let at = |places: &[f32], index: usize| places.get(index).copied().unwrap_or(0.0);
        Rect {
            left: at(&self.xs, area.columns.start()),
            top: at(&self.ys, area.rows.start()),
            right: at(&self.xs, area.columns.end()),
            bottom: at(&self.ys, area.rows.end()),
        }
    }

    pub(crate) fn bbox(&self) -> Rect {
        let ends = |places: &[f32]| (places.first().copied().unwrap_or(0.0), places.last().copied().unwrap_or(0.0));
        let ((left, right), (top, bottom)) = (ends(&self.xs), ends(&self.ys));
        Rect { left, top, right, bottom }
    }

    /// Cuts column `column` at the places `cuts` (ascending, inside it). A cell over the column alone is cut by `parts`, which gives
    /// its pieces with the sub-columns (from 0) that they cover; a wider cell only grows.
    pub(crate) fn cut_column(
        &mut self,
        column: usize,
        cuts: &[f32],
        parts: impl Fn(DraftCell) -> Vec<(Span, Vec<Line>)>,
    ) {
        self.xs.splice(column + 1..column + 1, cuts.iter().copied());
        let at = column.min(self.ruled_between.len());
        self.ruled_between.splice(at..at, std::iter::repeat_n(false, cuts.len()));
        for mut cell in std::mem::take(&mut self.cells) {
            let rows = cell.area.rows;
            if cell.area.columns == Span::one(column) {
                let parts = parts(cell).into_iter();
                self.cells.extend(
                    parts.map(|(span, lines)| DraftCell { area: Area { rows, columns: span.moved(column) }, lines }),
                );
            } else {
                cell.area.columns = cell.area.columns.with_cut(column, cuts.len());
                self.cells.push(cell);
            }
        }
    }

    /// Cuts row `row` at the places `cuts` (ascending, inside it). A cell over the row alone is cut line by line: `row_of` tells the
    /// sub-row (from 0) of each of its lines; a cell over more rows only grows.
    pub(crate) fn cut_row(&mut self, row: usize, cuts: &[f32], row_of: impl Fn(&Line) -> usize) {
        self.ys.splice(row + 1..row + 1, cuts.iter().copied());
        let at = (row + 1).min(self.ruled_above.len());
        self.ruled_above.splice(at..at, std::iter::repeat_n(false, cuts.len()));
        for mut cell in std::mem::take(&mut self.cells) {
            if cell.area.rows != Span::one(row) {
                cell.area.rows = cell.area.rows.with_cut(row, cuts.len());
                self.cells.push(cell);
                continue;
            }
            let mut parts: Vec<Vec<Line>> = vec![Vec::new(); cuts.len() + 1];
            for line in cell.lines {
                if let Some(part) = parts.get_mut(row_of(&line).min(cuts.len())) {
                    part.push(line);
                }
            }
            let columns = cell.area.columns;
            self.cells.extend(
                parts
                    .into_iter()
                    .enumerate()
                    .map(|(part, lines)| DraftCell { area: Area { rows: Span::one(row + part), columns }, lines }),
            );
        }
    }
}
