//! Cuts a draft further where rules are missing: columns at gaps between words, rows between lines.

use nianbao_model::{Area, Span};

use crate::draft::{Draft, DraftCell};
use crate::edges::Edge;
use crate::gutters::{self, Column, Piece};
use crate::page::Direction;
use crate::rows::{self, Atom, Band, Strip, is_value};
use crate::settings::{CELL_PADDING, CENTRED, FEWEST_WITNESSES, MEET, NARROW_GAP, SPANNER_OVERLAP, SPANNER_REACH};
use crate::words::{Line, Word};

/// The draft with all its rows and columns. `spanners` are short level rules: they tell how far the header above them reaches.
pub(crate) fn refined(draft: Draft, spanners: &[Edge]) -> Draft {
    let cuts: Vec<Vec<Column>> = (0..draft.columns()).map(|column| text_columns(&draft, column)).collect();
    let grid = Columns::new(&draft, &cuts);
    let mut done = Draft {
        xs: grid.xs.clone(),
        ys: draft.ys.first().copied().into_iter().collect(),
        ruled_above: Vec::new(),
        ruled_between: grid.ruled.clone(),
        cells: Vec::new(),
        turn: None,
    };
    // For each band the first of its rows.
    let mut first_row = Vec::with_capacity(draft.rows() + 1);
    for band in 0..draft.rows() {
        first_row.push(done.rows());
        add_band(&draft, band, &grid, spanners, &mut done);
    }
    first_row.push(done.rows());
    for cell in draft.cells {
        let rows = cell.area.rows;
        let ends = (first_row.get(rows.start()), first_row.get(rows.end()));
        if let (true, (Some(&start), Some(&end))) = (rows.length() > 1, ends)
            && let Some(rows) = Span::between(start, end)
        {
            done.cells
                .push(DraftCell { area: Area { rows, columns: grid.mapped(cell.area.columns) }, lines: cell.lines });
        }
    }
    done
}

/// The columns of text within a drawn column, left to right; one or none where there is nothing to cut.
fn text_columns(draft: &Draft, column: usize) -> Vec<Column> {
    let own = draft.cells.iter().filter(|cell| cell.area.columns == Span::one(column));
    let lines: Vec<&Line> =
        own.flat_map(|cell| &cell.lines).filter(|line| line.direction == Direction::Right).collect();
    let mut pieces = Vec::new();
    let mut several = 0;
    for (row, line) in lines.iter().enumerate() {
        let parts = gutters::pieces(line);
        several += usize::from(parts.len() > 1);
        for part in parts {
            let (left, right) = gutters::extent(line.words.get(part).unwrap_or_default());
            pieces.push(Piece { row, left, right });
        }
    }
    // Where rules draw the other columns, a gap must be the habit of this one to cut it.
    let habit = if draft.columns() > 1 { lines.len().div_ceil(2) } else { 0 };
    if several < FEWEST_WITNESSES.max(habit) {
        return Vec::new();
    }
    let mut columns = gutters::columns(&pieces);
    // What a single line of many has there is a header over its neighbours or a stray mark.
    if lines.len() > 3 {
        columns.retain(|column| column.rows().len() > 1);
    }
    columns
}

/// The columns of the refined draft.
struct Columns<'a> {
    xs: Vec<f32>,
    ruled: Vec<bool>,
    /// For each drawn column, its columns of text.
    text: &'a [Vec<Column>],
    /// For each drawn column, and past the last, the first of its own.
    first: Vec<usize>,
}

impl<'a> Columns<'a> {
    fn new(draft: &Draft, text: &'a [Vec<Column>]) -> Self {
        let mut grid =
            Self { xs: draft.xs.first().copied().into_iter().collect(), ruled: Vec::new(), text, first: vec![0] };
        for (column, parts) in text.iter().enumerate() {
            for pair in parts.windows(2) {
                if let [left, right] = pair {
                    grid.xs.push((left.right + right.left) / 2.0);
                    grid.ruled.push(false);
                }
            }
            grid.xs.extend(draft.xs.get(column + 1));
            grid.ruled.extend(draft.ruled_between.get(column));
            grid.first.push(grid.xs.len() - 1);
        }
        grid
    }

    /// What a span of drawn columns is here.
    fn mapped(&self, columns: Span) -> Span {
        let at = |column: usize| self.first.get(column).copied().unwrap_or(0);
        Span::between(at(columns.start()), at(columns.end())).unwrap_or(columns)
    }

    /// Cuts a line at the gaps between the columns of text of a drawn column.
    fn cut(&self, column: usize, line: &Line) -> Vec<(Span, Line)> {
        let parts = self.text.get(column).map_or(&[][..], Vec::as_slice);
        let first = self.first.get(column).copied().unwrap_or(0);
        if parts.len() < 2 || line.direction != Direction::Right {
            return vec![(self.mapped(Span::one(column)), line.clone())];
        }
        let mut atoms: Vec<(Span, Vec<Word>)> = Vec::new();
        for piece in gutters::pieces(line) {
            let words = line.words.get(piece).unwrap_or_default();
            for words in at_gutters(words, parts, line.size) {
                let span = span_of(&words, parts).moved(first);
                match atoms.last_mut() {
                    Some((last, before)) if last.overlaps(span) => {
                        *last = last.hull(span);
                        before.extend(words);
                    }
                    _ => atoms.push((span, words)),
                }
            }
        }
        atoms.into_iter().filter_map(|(span, words)| Some((span, line.part(words)?))).collect()
    }

    /// The columns of text, by their index in the refined draft.
    fn texts(&self) -> impl Iterator<Item = (usize, &Column)> {
        let parts = self.text.iter().zip(&self.first);
        parts.flat_map(|(parts, &first)| parts.iter().enumerate().map(move |(index, column)| (first + index, column)))
    }

    /// Where the text of some columns begins and ends.
    fn ends(&self, columns: Span) -> (f32, f32) {
        let inside = self.texts().filter(|(index, _)| columns.contains(*index));
        inside.fold((f32::INFINITY, f32::NEG_INFINITY), |(left, right), (_, column)| {
            (left.min(column.left), right.max(column.right))
        })
    }

    /// How wide the text in some columns may be: between rules less the padding of a cell, else as wide as the text itself is.
    fn room(&self, columns: Span, padding: f32) -> f32 {
        let at = |index: usize| self.xs.get(index).copied().unwrap_or(0.0);
        let is_drawn = |boundary: usize| boundary == 0 || self.ruled.get(boundary - 1).copied().unwrap_or(true);
        if is_drawn(columns.start()) && is_drawn(columns.end()) {
            return at(columns.end()) - at(columns.start()) - 2.0 * padding;
        }
        let (left, right) = self.ends(columns);
        right - left
    }
}

/// Cuts a piece that reaches over several columns where a gap of it stands in a gutter and the words on both sides are figures, or
/// where the gap is wider than that between words.
fn at_gutters(words: &[Word], columns: &[Column], size: f32) -> Vec<Vec<Word>> {
    let mut parts: Vec<Vec<Word>> = vec![Vec::new()];
    for (index, word) in words.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| words.get(before));
        let is_cut = before.is_some_and(|before| {
            let gap = word.bbox.left - before.bbox.right;
            let in_gutter = columns.windows(2).any(|pair| match pair {
                [left, right] => before.bbox.right <= right.left && word.bbox.left >= left.right,
                _ => false,
            });
            in_gutter && (gap > NARROW_GAP * size || (is_value(&before.text) && is_value(&word.text)))
        });
        if is_cut {
            parts.push(Vec::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push(word.clone());
        }
    }
    parts
}

/// The columns that words stand in: all that they overlap, or the nearest.
fn span_of(words: &[Word], columns: &[Column]) -> Span {
    let (left, right) = gutters::extent(words);
    let hit = |column: &Column| column.right.min(right) - column.left.max(left) > 0.0;
    let first = columns.iter().position(hit);
    let last = columns.iter().rposition(hit);
    if let (Some(first), Some(last)) = (first, last) {
        return Span::between(first, last + 1).unwrap_or(Span::one(first));
    }
    let distance = |column: &Column| (column.left - right).max(left - column.right);
    let nearest = columns.iter().enumerate().min_by(|(_, one), (_, other)| distance(one).total_cmp(&distance(other)));
    Span::one(nearest.map_or(0, |(index, _)| index))
}

/// Adds the rows of one band of the draft.
fn add_band(draft: &Draft, band: usize, grid: &Columns<'_>, spanners: &[Edge], done: &mut Draft) {
    let cells: Vec<&DraftCell> = draft.cells.iter().filter(|cell| cell.area.rows == Span::one(band)).collect();
    let mut atoms = Vec::new();
    for (index, cell) in cells.iter().enumerate() {
        let left = draft.rect(cell.area).left;
        let padding = cell.lines.iter().map(|line| line.bbox.left - left).fold(CELL_PADDING, f32::min).max(0.0);
        for line in &cell.lines {
            let parts = if cell.area.columns.length() == 1 {
                grid.cut(cell.area.columns.start(), line)
            } else {
                over_several(draft, cell, line)
                    .unwrap_or_else(|| vec![(cell.area.columns, line.clone())])
                    .into_iter()
                    .map(|(columns, line)| (grid.mapped(columns), line))
                    .collect()
            };
            let room = |columns| grid.room(columns, padding);
            atoms.extend(parts.into_iter().map(|(columns, line)| Atom {
                line,
                columns,
                cell: index,
                room: room(columns),
            }));
        }
    }
    let cut = cells.iter().any(|cell| cell.area.columns.length() == 1 && grid.mapped(cell.area.columns).length() > 1);
    let is_header = band == 0 && draft.rows() > 1 && cut;
    if band == 0 && cut {
        let head = rows::head(Band { atoms: &atoms, is_ruled: false, is_header });
        widen_headers(&mut atoms, &head, grid, spanners);
    }
    let (row_of, count) = rows::rows(Band { atoms: &atoms, is_ruled: !cut, is_header });
    let first = done.rows();
    push_places(draft, band, &atoms, &row_of, count, done);
    for row in 0..count {
        for (index, cell) in cells.iter().enumerate() {
            let own = atoms.iter().zip(&row_of).filter(|(atom, at)| atom.cell == index && **at == row);
            let whole = grid.mapped(cell.area.columns);
            let is_cut = whole.length() > 1 && own.clone().any(|(atom, _)| atom.columns != whole);
            let parts = if is_cut {
                merged(own.map(|(atom, _)| atom), whole)
            } else {
                vec![(whole, own.map(|(atom, _)| atom.line.clone()).collect())]
            };
            done.cells.extend(
                parts
                    .into_iter()
                    .map(|(columns, lines)| DraftCell { area: Area { rows: Span::one(first + row), columns }, lines }),
            );
        }
    }
}

/// The pieces of a line in a cell over several drawn columns, where no rule parts them but gaps stand where the rules would.
fn over_several(draft: &Draft, cell: &DraftCell, line: &Line) -> Option<Vec<(Span, Line)>> {
    let pieces = gutters::pieces(line);
    if pieces.len() < 2 || line.direction != Direction::Right {
        return None;
    }
    let column_at =
        |x: f32| cell.area.columns.indices().rev().find(|&column| draft.xs.get(column).is_some_and(|&left| left <= x));
    let mut parts: Vec<(Span, Line)> = Vec::new();
    for piece in pieces {
        let words = line.words.get(piece)?.to_vec();
        let (left, right) = gutters::extent(&words);
        let span = Span::one(column_at(left + MEET)?).hull(Span::one(column_at(right - MEET)?));
        if parts.last().is_some_and(|(last, _)| last.overlaps(span)) {
            return None;
        }
        parts.push((span, line.part(words)?));
    }
    Some(parts)
}

/// Where the rows of a band begin and end: rules outside, half way between the texts inside.
fn push_places(draft: &Draft, band: usize, atoms: &[Atom], row_of: &[usize], count: usize, done: &mut Draft) {
    let edge = |row: usize| atoms.iter().zip(row_of).filter(move |(_, at)| **at == row).map(|(atom, _)| atom.line.bbox);
    for row in 0..count {
        done.ruled_above.push(row == 0 && draft.ruled_above.get(band).copied().unwrap_or(false));
        let end = draft.ys.get(band + 1).copied().unwrap_or(0.0);
        let bottom = edge(row).map(|bbox| bbox.bottom).fold(f32::NEG_INFINITY, f32::max);
        let top = edge(row + 1).map(|bbox| bbox.top).fold(f32::INFINITY, f32::min);
        let place = if row + 1 < count && bottom.is_finite() && top.is_finite() { (bottom + top) / 2.0 } else { end };
        let last = done.ys.last().copied().unwrap_or(place);
        done.ys.push(place.max(last));
    }
}

/// The cells of one row within a drawn cell that text cuts: pieces over the same columns are one cell, columns without any are blank.
fn merged<'a>(atoms: impl Iterator<Item = &'a Atom>, whole: Span) -> Vec<(Span, Vec<Line>)> {
    let mut cells: Vec<(Span, Vec<Line>)> = Vec::new();
    for atom in atoms {
        let mut cell = (atom.columns, vec![atom.line.clone()]);
        while let Some(index) = cells.iter().position(|(span, _)| span.overlaps(cell.0)) {
            let (span, mut lines) = cells.remove(index);
            lines.append(&mut cell.1);
            cell = (span.hull(cell.0), lines);
        }
        cells.push(cell);
    }
    let blank = |column: &usize| !cells.iter().any(|(span, _)| span.contains(*column));
    let blanks: Vec<(Span, Vec<Line>)> =
        whole.indices().filter(blank).map(|column| (Span::one(column), Vec::new())).collect();
    cells.extend(blanks);
    for (_, lines) in &mut cells {
        lines.sort_by(|one, other| one.baseline.total_cmp(&other.baseline));
    }
    cells
}

/// Headers over several columns: those with a rule under them that reaches over the columns, and those that stand in the middle over
/// columns which their own line leaves blank and the next one fills. `head` holds the lines of the header, and one more.
fn widen_headers(atoms: &mut [Atom], head: &[Strip], grid: &Columns<'_>, spanners: &[Edge]) {
    for (index, strip) in head.iter().enumerate().take(head.len().saturating_sub(1)) {
        for &own in strip {
            let others: Vec<Span> = strip
                .iter()
                .filter(|&&other| other != own)
                .filter_map(|&other| atoms.get(other).map(|atom| atom.columns))
                .collect();
            let below: Vec<Span> = head
                .iter()
                .skip(index + 1)
                .take(2)
                .flatten()
                .filter_map(|&other| atoms.get(other).map(|atom| atom.columns))
                .collect();
            let Some(atom) = atoms.get_mut(own) else { continue };
            let wide = under_rule(atom, grid, spanners).or_else(|| centred(atom, grid, &others, &below));
            if let Some(wide) = wide.map(|wide| wide.hull(atom.columns))
                && !others.iter().any(|other| other.overlaps(wide))
            {
                atom.columns = wide;
            }
        }
    }
}

/// The columns over which the rule under a header reaches.
fn under_rule(atom: &Atom, grid: &Columns<'_>, spanners: &[Edge]) -> Option<Span> {
    let (bbox, size) = (atom.line.bbox, atom.line.size);
    let edge = spanners.iter().find(|edge| {
        (-SPANNER_OVERLAP * size..SPANNER_REACH * size).contains(&(edge.at - bbox.bottom))
            && edge.from <= bbox.left + MEET
            && edge.to >= bbox.right - MEET
    })?;
    let is_inside = |column: &Column| {
        let middle = (column.left + column.right) / 2.0;
        edge.from - MEET < middle && middle < edge.to + MEET
    };
    let mut inside = grid.texts().filter(|(_, column)| is_inside(column)).map(|(index, _)| index);
    let first = inside.next()?;
    Span::between(first, inside.last().unwrap_or(first) + 1)
}

/// The columns in the middle of which a header stands, where those beside its own are free in its line and filled below.
fn centred(atom: &Atom, grid: &Columns<'_>, others: &[Span], below: &[Span]) -> Option<Span> {
    let columns: Vec<usize> = grid.texts().map(|(index, _)| index).collect();
    let middle = atom.line.bbox.middle().0;
    let off = |span: Span| {
        let (left, right) = grid.ends(span);
        ((left + right) / 2.0 - middle).abs()
    };
    let is_free = |span: Span| {
        !others.iter().any(|other| other.overlaps(span))
            && span.indices().all(|column| below.contains(&Span::one(column)))
    };
    let last = *columns.last()?;
    let starts = columns.iter().copied().filter(|&index| index > 0 && index <= atom.columns.start());
    let spans =
        starts.flat_map(|start| (atom.columns.end()..=last + 1).filter_map(move |end| Span::between(start, end)));
    let wide = spans.filter(|span| span.length() > atom.columns.length() && is_free(*span));
    let best = wide.min_by(|one, other| off(*one).total_cmp(&off(*other)))?;
    let reach = CENTRED * atom.line.size;
    (off(best) < reach && off(best) + reach < off(atom.columns)).then_some(best)
}
