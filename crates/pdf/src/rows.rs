//! Lines of text to rows, where no rule parts them.
//!
//! Within one ruled band (or a table without rules) several rows may stand. Figures do not wrap, so a second line of figures is a second
//! row; words wrap where the next one would not have fitted, and a line that ended early for no such reason ended its row.

use std::cmp::Ordering;

use nianbao_model::{Span, is_han};

use crate::settings::{BLANK, CLOSER, INTERLEAVED, LABEL_INDENT, SAME_ROW, TIGHT, WRAP_SLACK};
use crate::words::Line;

/// A piece of a line, with the columns that it stands in.
#[derive(Clone, Debug)]
pub(crate) struct Atom {
    pub(crate) line: Line,
    pub(crate) columns: Span,
    /// The index of the drawn cell around it.
    pub(crate) cell: usize,
    /// How wide the text of its cell may be, in points.
    pub(crate) room: f32,
}

/// Lines of one band.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Band<'a> {
    pub(crate) atoms: &'a [Atom],
    /// Whether rules part its columns and stand above and below it: then one row is the rule and several the exception.
    pub(crate) is_ruled: bool,
    /// Whether rules alone tell that it heads the table.
    pub(crate) is_header: bool,
}

/// A strip of atoms on nearly one baseline, by their indices.
pub(crate) type Strip = Vec<usize>;

/// For each atom of the band the row it stands in, from 0, and how many rows there are.
pub(crate) fn rows(band: Band<'_>) -> (Vec<usize>, usize) {
    let strips = strips(band.atoms);
    let starts = if band.is_ruled && !has_several(band, &strips) {
        vec![false; strips.len()]
    } else {
        Rows::new(band, &strips).starts()
    };
    let mut row_of = vec![0; band.atoms.len()];
    let mut row = 0;
    for (index, (strip, starts)) in strips.iter().zip(starts).enumerate() {
        row += usize::from(starts && index > 0);
        for &atom in strip {
            if let Some(slot) = row_of.get_mut(atom) {
                *slot = row;
            }
        }
    }
    (row_of, row + 1)
}

/// The strips above the first figures of a band, top to bottom, and one more.
pub(crate) fn head(band: Band<'_>) -> Vec<Strip> {
    let mut strips = strips(band.atoms);
    let head = Rows::new(band, &strips).head();
    strips.truncate(head + 1);
    strips
}

/// Atoms on nearly one baseline, top to bottom.
fn strips(atoms: &[Atom]) -> Vec<Strip> {
    let mut order: Vec<usize> = (0..atoms.len()).collect();
    let middle = |index: usize| atoms.get(index).map_or(0.0, |atom| atom.line.bbox.middle().1);
    order.sort_by(|&one, &other| middle(one).total_cmp(&middle(other)));
    let mut strips: Vec<Strip> = Vec::new();
    let mut first = f32::NEG_INFINITY;
    for index in order {
        let size = atoms.get(index).map_or(0.0, |atom| atom.line.size);
        match strips.last_mut() {
            Some(strip) if middle(index) - first <= SAME_ROW * size => strip.push(index),
            _ => {
                first = middle(index);
                strips.push(vec![index]);
            }
        }
    }
    strips
}

/// Whether a ruled band holds several rows: some column has a figure on two lines that did not wrap, or all its columns have as many
/// lines on the same baselines, none of which wrapped.
fn has_several(band: Band<'_>, strips: &[Strip]) -> bool {
    let rows = Rows::new(band, strips);
    let filled = strips.iter().filter(|strip| strip.len() > 1).count();
    // One figure alone on a line is the rest of one that its cell was too narrow for.
    let widest = strips.iter().map(Vec::len).max().unwrap_or(0);
    let wide = strips.iter().filter(|strip| strip.len() * 2 > widest).count();
    // Rows that stand in one box are told apart by their labels; figures under figures without any may be the rest of them.
    let count = |values: bool| {
        let has = |strip: &&Strip| {
            strip.iter().any(|&atom| band.atoms.get(atom).is_some_and(|atom| is_value(&atom.line.text()) == values))
        };
        strips.iter().filter(has).count()
    };
    if filled < 2 || wide < 2 || count(false) < count(true) {
        return false;
    }
    let columns = band.atoms.iter().map(|atom| atom.columns).collect::<std::collections::BTreeSet<_>>();
    let figures = columns.iter().any(|&column| {
        let mut lines = rows.down(column);
        let Some(mut last) = lines.next() else { return false };
        let mut apart = 0;
        let mut all = is_value(&last.line.text());
        for line in lines {
            all &= is_value(&line.line.text());
            apart += usize::from(!may_wrap(last, line));
            last = line;
        }
        all && apart >= 1
    });
    if figures {
        return true;
    }
    let even = columns.len() >= 2 && strips.len() >= 3 && strips.iter().all(|strip| strip.len() == columns.len());
    even && columns.iter().all(|&column| {
        let lines: Vec<&Atom> = rows.down(column).collect();
        let wraps = lines.windows(2).filter(|pair| matches!(pair, [one, next] if may_wrap(one, next))).count();
        wraps * 4 <= lines.len()
    })
}

struct Rows<'a> {
    band: Band<'a>,
    strips: &'a [Strip],
    /// The usual step from one line with a label and figures to the next, in points; endless where there are no two.
    step: f32,
}

impl<'a> Rows<'a> {
    fn new(band: Band<'a>, strips: &'a [Strip]) -> Self {
        let mut rows = Self { band, strips, step: f32::INFINITY };
        let full: Vec<usize> =
            (0..strips.len()).filter(|&strip| rows.label(strip).is_some() && rows.is_wide(strip)).collect();
        let mut steps: Vec<f32> = full
            .windows(2)
            .filter_map(|pair| match pair {
                [one, next] if one + 1 == *next => Some(rows.middle(*next) - rows.middle(*one)),
                _ => None,
            })
            .collect();
        steps.sort_by(f32::total_cmp);
        rows.step = steps.get(steps.len() / 2).copied().unwrap_or(f32::INFINITY);
        rows
    }

    fn atoms(&self, strip: usize) -> impl Iterator<Item = &'a Atom> + '_ {
        self.strips.get(strip).into_iter().flatten().filter_map(|&index| self.band.atoms.get(index))
    }

    /// The atoms of one column, top to bottom.
    fn down(&self, column: Span) -> impl Iterator<Item = &'a Atom> + '_ {
        let atoms = self.strips.iter().flatten().filter_map(|&index| self.band.atoms.get(index));
        atoms.filter(move |atom| atom.columns == column)
    }

    fn label(&self, strip: usize) -> Option<&'a Atom> {
        self.atoms(strip).find(|atom| atom.columns.start() == 0)
    }

    /// Whether something stands beside the label.
    fn is_wide(&self, strip: usize) -> bool {
        self.atoms(strip).any(|atom| atom.columns.start() > 0)
    }

    fn has_values(&self, strip: usize) -> bool {
        self.atoms(strip).any(|atom| atom.columns.start() > 0 && is_value(&atom.line.text()))
    }

    fn middle(&self, strip: usize) -> f32 {
        self.atoms(strip).next().map_or(0.0, |atom| atom.line.bbox.middle().1)
    }

    fn size(&self, strip: usize) -> f32 {
        self.atoms(strip).map(|atom| atom.line.size).fold(0.0, f32::max)
    }

    /// For each strip, whether a row starts with it.
    fn starts(&self) -> Vec<bool> {
        let head = self.head();
        let mut starts = vec![true; self.strips.len()];
        // Strips of the row at hand.
        let mut row: Vec<usize> = vec![0];
        for strip in 1..self.strips.len() {
            let interleaved = self.is_interleaved(&row, strip);
            let joins = match strip.cmp(&head) {
                Ordering::Less => self.is_more_header(&row, strip),
                Ordering::Equal => false,
                Ordering::Greater => interleaved || self.goes_on(&row, strip),
            };
            if joins {
                if let Some(slot) = starts.get_mut(strip) {
                    *slot = false;
                }
            } else {
                row.clear();
            }
            row.push(strip);
        }
        starts
    }

    /// How many strips stand above the first that holds figures.
    fn head(&self) -> usize {
        if self.band.is_header {
            return self.strips.len();
        }
        let first = (0..self.strips.len()).find(|&strip| self.has_values(strip)).unwrap_or(1);
        // A label of several lines begins above its figures.
        let is_label = |strip: usize| !self.is_wide(strip) && self.is_interleaved(&[strip], strip + 1);
        (0..first).rev().find(|&strip| !is_label(strip)).map_or(0, |last| last + 1)
    }

    /// Whether a strip stands too close to the one above it for two rows, in other columns.
    fn is_interleaved(&self, row: &[usize], strip: usize) -> bool {
        row.last().is_some_and(|&above| {
            let near = self.middle(strip) - self.middle(above) < INTERLEAVED * self.size(strip).min(self.size(above));
            let clashes = |strips: &[usize], values: bool| {
                self.atoms(strip).filter(|atom| !values || is_value(&atom.line.text())).any(|atom| {
                    let mut others = strips.iter().flat_map(|&above| self.atoms(above));
                    others
                        .any(|other| other.columns.overlaps(atom.columns) && (!values || is_value(&other.line.text())))
                })
            };
            near && !clashes(&[above], false) && !clashes(row, true)
        })
    }

    fn is_more_header(&self, row: &[usize], strip: usize) -> bool {
        // Under a header over several columns stand the headers of each.
        let is_over_several = |above: &Atom| {
            let under =
                self.atoms(strip).filter(|atom| above.columns.covers(atom.columns) && atom.columns != above.columns);
            above.columns.length() > 1 && under.count() > 1
        };
        !row.iter().any(|&above| self.atoms(above).any(is_over_several))
    }

    /// Whether a strip below the header goes on with the row above it.
    fn goes_on(&self, row: &[usize], strip: usize) -> bool {
        let Some(&last) = row.last() else { return false };
        let above = |columns: Span| {
            row.iter().rev().flat_map(|&above| self.atoms(above)).find(move |atom| atom.columns.overlaps(columns))
        };
        let (mut new_values, mut wraps, mut breaks) = (false, 0, 0);
        for atom in self.atoms(strip) {
            let value = is_value(&atom.line.text());
            match above(atom.columns) {
                Some(above) if value && is_value(&above.line.text()) => return false,
                Some(above) if may_wrap(above, atom) && is_tight(above, atom) => wraps += 1,
                Some(_) => breaks += 1,
                None => new_values |= value,
            }
        }
        let row_has_values = row.iter().any(|&above| self.has_values(above));
        let Some(label) = self.label(strip) else {
            // Words without a label go on with their row; figures without one only where the row has none yet.
            return if new_values { !row_has_values && breaks == 0 } else { breaks == 0 || wraps > 0 };
        };
        if breaks > 0 || wraps == 0 {
            return false;
        }
        if new_values {
            // The label was cut and the figures stand beside its last line.
            return !row_has_values && begins_low_or_deep(row.first().and_then(|&first| self.label(first)), label);
        }
        let is_closer = self.middle(strip) - self.middle(last) < CLOSER * self.step;
        if self.is_wide(strip) {
            return is_closer && self.step.is_finite();
        }
        self.label_belongs_above(row, strip)
    }

    /// A strip that holds a label alone: the rest of the one above, the beginning of the one below, or the heading of a group?
    fn label_belongs_above(&self, row: &[usize], strip: usize) -> bool {
        let (Some(own), Some(&last)) = (self.label(strip), row.last()) else { return false };
        let Some(above) = self.label(last) else { return false };
        let below = self.label(strip + 1).filter(|_| self.is_wide(strip + 1));
        if begins_low_or_deep(Some(above), own) {
            return true;
        }
        let indent = LABEL_INDENT * own.line.size;
        if own.line.bbox.left < above.line.bbox.left - indent
            || below.is_some_and(|below| below.line.bbox.left > own.line.bbox.left + indent)
        {
            return false;
        }
        let to_above = self.middle(strip) - self.middle(last);
        let Some(below) = below.filter(|below| may_wrap(own, below) && is_tight(own, below)) else {
            return true;
        };
        if begins_low(&below.line) {
            return false;
        }
        to_above <= (self.middle(strip + 1) - self.middle(strip)) * CLOSER
    }
}

/// Whether two lines follow each other as closely as lines of one paragraph do.
fn is_tight(above: &Atom, below: &Atom) -> bool {
    below.line.bbox.middle().1 - above.line.bbox.middle().1 <= TIGHT * above.line.size.max(below.line.size)
}

/// Whether a label begins like the rest of another: with a small letter or a bracket, or farther to the right.
fn begins_low_or_deep(above: Option<&Atom>, label: &Atom) -> bool {
    let deep = |above: &Atom| label.line.bbox.left > above.line.bbox.left + LABEL_INDENT * label.line.size;
    begins_low(&label.line) || above.is_some_and(deep)
}

fn begins_low(line: &Line) -> bool {
    line.words
        .first()
        .and_then(|word| word.text.chars().next())
        .is_some_and(|c| c.is_lowercase() || "(（)）".contains(c))
}

/// Whether the line below can be there because its first word did not fit on the line above.
fn may_wrap(above: &Atom, below: &Atom) -> bool {
    let Some(first) = below.line.words.first() else { return false };
    let size = above.line.size;
    let breaks_anywhere = first.text.chars().next().is_some_and(is_han);
    let need = if breaks_anywhere { size } else { first.bbox.width() + BLANK * size };
    above.line.bbox.width() + need > above.room - WRAP_SLACK * size
}

/// Whether a text is a figure, or a mark that stands for one.
pub(crate) fn is_value(text: &str) -> bool {
    let text = text.trim();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if digits == 0 {
        return matches!(text, "-" | "–" | "—" | "--" | ":" | "." | ".." | "..." | "…" | "*" | "x" | "X" | "/")
            || matches!(text.to_lowercase().as_str(), "n.a." | "n.a" | "na" | "n/a" | "nil" | "(n.a.)");
    }
    letters <= 2 && letters < digits.max(2) && text.split_whitespace().count() <= 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_and_marks_are_values() {
        for text in ["12", "1 234.5", "(78)", "12.5%", "-", "n.a.", "$1,204", "+14", "0,0001", "3.5*"] {
            assert!(is_value(text), "{text}");
        }
        for text in ["", "Total", "April 2003 and later", "规章", "Q1 2010 to", "Table 3"] {
            assert!(!is_value(text), "{text}");
        }
    }
}
