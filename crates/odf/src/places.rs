//! Where the cells of a table stand (ODF 1.4 Part 3, 9.1).
//!
//! A cell says how many columns and rows it spans, and each slot that it covers but its first has an element of its own, which holds
//! nothing that people see. Some programs forget those; then the next cell stands behind the span, as Writer has it.

use nianbao_model::Span;

/// No table has cells further to the right; see `TableDraft`, which cuts off long before.
const MAX_COLUMNS: usize = 1024;

/// Finds the places of cells, row by row.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// The columns of cells that reach into the row that is being read, and how many rows further.
    reaching: Vec<(Span, usize)>,
    /// Those that begin in it.
    beginning: Vec<(Span, usize)>,
    column: usize,
    /// How many covered slots belong to the cell to the left.
    owed: usize,
}

impl Places {
    pub(crate) fn begin_row(&mut self) {
        self.column = 0;
        self.owed = 0;
    }

    /// The row is over, and stands there `times` times.
    pub(crate) fn end_row(&mut self, times: usize) {
        self.reaching.append(&mut self.beginning);
        self.reaching.retain_mut(|(_, rows)| {
            *rows = rows.saturating_sub(times);
            *rows > 0
        });
    }

    /// The column of the next cell, which spans so many columns and rows.
    pub(crate) fn cell(&mut self, columns: usize, rows: usize) -> usize {
        self.column += self.owed;
        while let Some((span, _)) = self.reaching.iter().find(|(span, _)| span.contains(self.column)) {
            self.column = span.end();
        }
        let column = self.column.min(MAX_COLUMNS);
        let columns = columns.clamp(1, MAX_COLUMNS);
        if let Some(span) = Span::with_length(column, columns).filter(|_| rows > 1 && column < MAX_COLUMNS) {
            self.beginning.push((span, rows));
        }
        self.owed = columns - 1;
        self.column = column + 1;
        column
    }

    /// So many covered slots follow; whether cells cover all of them.
    pub(crate) fn covered(&mut self, slots: usize) -> bool {
        let end = self.column.saturating_add(slots).min(MAX_COLUMNS);
        let mut is_covered = true;
        for column in self.column..end {
            let reaches = self.reaching.iter().any(|(span, _)| span.contains(column));
            is_covered &= self.owed > 0 || reaches;
            self.owed = self.owed.saturating_sub(1);
        }
        self.column = self.column.max(end);
        is_covered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The columns of the cells of rows in which a cell is written as its columns and rows, and a covered slot as `.`.
    fn columns(rows: &[&str]) -> Vec<Vec<usize>> {
        let mut places = Places::default();
        let mut all = Vec::new();
        for row in rows {
            places.begin_row();
            let mut columns = Vec::new();
            for cell in row.split_whitespace() {
                match cell.split_once('x') {
                    Some((width, height)) => {
                        columns.push(places.cell(width.parse().unwrap(), height.parse().unwrap()));
                    }
                    None => {
                        places.covered(1);
                    }
                }
            }
            places.end_row(1);
            all.push(columns);
        }
        all
    }

    #[test]
    fn covered_slots_take_room() {
        assert_eq!(columns(&["2x2 . 1x1", ". . 1x1", "1x1 1x1 1x1"]), [vec![0, 2], vec![2], vec![0, 1, 2]]);
        assert_eq!(columns(&["1x1 . 1x1"]), [vec![0, 2]]);
    }

    #[test]
    fn cells_stand_behind_spans_whose_covered_slots_are_not_written() {
        assert_eq!(columns(&["2x2 1x1", "1x1", "1x1 1x1"]), [vec![0, 2], vec![2], vec![0, 1]]);
        assert_eq!(columns(&["1x2 1x1 1x2", "1x1"]), [vec![0, 1, 2], vec![1]]);
    }

    #[test]
    fn a_covered_slot_that_nothing_covers_is_noticed() {
        let mut places = Places::default();
        places.begin_row();
        places.cell(2, 2);
        assert!(places.covered(1));
        assert!(!places.covered(1));
        places.end_row(1);
        places.begin_row();
        assert!(places.covered(2));
        assert!(!places.covered(1));
    }

    #[test]
    fn no_place_is_out_of_bounds() {
        let mut places = Places::default();
        places.begin_row();
        assert_eq!(places.cell(usize::MAX, usize::MAX), 0);
        assert!(places.covered(usize::MAX));
        assert!(places.covered(7));
        assert_eq!(places.cell(1, 1), MAX_COLUMNS);
        places.end_row(usize::MAX);
        places.begin_row();
        assert_eq!(places.cell(1, 1), 0);
    }
}
