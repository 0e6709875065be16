//! A table that is being made: a grid of places, and cells with their lines. Rules begin it; gaps between words (`gutters.rs`) and lines
//! of text (`rows.rs`) cut it further where rules are missing.

use nianbao_model::Area;

use crate::grid::Lattice;
use crate::page::{Glyph, Rect, Turn};
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
