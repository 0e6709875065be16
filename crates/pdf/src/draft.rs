//! A table that is being made: a grid of places, and cells with their lines. Rules begin it; gaps between words (`gutters.rs`) and lines
//! of text (`rows.rs`) cut it further where rules are missing.

use nianbao_model::{Area, Span};

use crate::grid::Lattice;
use crate::page::{Glyph, Rect, Turn};
use crate::settings::{NARROWEST, SLIVER};
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
    /// How the table was turned to be read; its places are those after turning.
    pub(crate) turn: Option<Turn>,
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
            cells: cells.map(|(&area, glyphs)| DraftCell { area, lines: cell_lines(glyphs) }).collect(),
            turn: None,
        }
    }

    /// The font size of its text, in points: the middle one of its lines.
    fn text_size(&self) -> f32 {
        let mut sizes: Vec<f32> = self.cells.iter().flat_map(|cell| &cell.lines).map(|line| line.size).collect();
        sizes.sort_by(f32::total_cmp);
        sizes.get(sizes.len() / 2).copied().unwrap_or(0.0)
    }

    /// The draft without the slivers between the two lines of a double rule: rows and columns too narrow for text and without any.
    pub(crate) fn without_slivers(mut self) -> Self {
        let widest = SLIVER.max(NARROWEST * self.text_size());
        for column in (0..self.columns()).rev() {
            let is_blank = |cell: &DraftCell| cell.lines.is_empty() || cell.area.columns != Span::one(column);
            if self.columns() > 1 && is_sliver(&self.xs, column, widest) && self.cells.iter().all(is_blank) {
                self.xs.remove(if column == 0 { 1 } else { column });
                self.ruled_between.remove(column.saturating_sub(1).min(self.ruled_between.len().saturating_sub(1)));
                self.cells.retain_mut(|cell| kept(&mut cell.area.columns, column));
            }
        }
        for row in (0..self.rows()).rev() {
            let is_blank = |cell: &DraftCell| cell.lines.is_empty() || cell.area.rows != Span::one(row);
            if self.rows() > 1 && is_sliver(&self.ys, row, SLIVER) && self.cells.iter().all(is_blank) {
                self.ys.remove(if row == 0 { 1 } else { row });
                self.ruled_above.remove(row);
                self.cells.retain_mut(|cell| kept(&mut cell.area.rows, row));
            }
        }
        self
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

    /// The place of a cell as a person sees the page.
    pub(crate) fn place(&self, area: Area) -> Rect {
        let rect = self.rect(area);
        self.turn.map_or(rect, |turn| turn.back(rect))
    }

    pub(crate) fn bbox(&self) -> Rect {
        let ends = |places: &[f32]| (places.first().copied().unwrap_or(0.0), places.last().copied().unwrap_or(0.0));
        let ((left, right), (top, bottom)) = (ends(&self.xs), ends(&self.ys));
        Rect { left, top, right, bottom }
    }

    /// Cuts column `column` at the places `cuts` (ascending, inside it). Every cell covers the same part of the page as before.
    pub(crate) fn cut_column(&mut self, column: usize, cuts: &[f32]) {
        self.xs.splice(column + 1..column + 1, cuts.iter().copied());
        let at = column.min(self.ruled_between.len());
        self.ruled_between.splice(at..at, std::iter::repeat_n(false, cuts.len()));
        for cell in &mut self.cells {
            cell.area.columns = cell.area.columns.with_cut(column, cuts.len());
        }
    }
}

fn cell_lines(glyphs: &[&Glyph]) -> Vec<Line> {
    let mut lines = words::lines(glyphs);
    lines.iter_mut().for_each(words::close_up);
    lines
}

/// Whether a row or column is too narrow for text.
fn is_sliver(places: &[f32], index: usize, least: f32) -> bool {
    matches!((places.get(index), places.get(index + 1)), (Some(from), Some(to)) if to - from < least)
}

/// Takes the row or column at `index` out of a span; false where nothing is left.
fn kept(span: &mut Span, index: usize) -> bool {
    let left = span.without(|other| other == index);
    *span = left.unwrap_or(*span);
    left.is_some()
}
