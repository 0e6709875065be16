//! The rows of one report in a table that is sorted as the reports are.

use arrow_array::cast::AsArray as _;
use arrow_array::{Array as _, RecordBatch};

use super::parquet::{Row, Table};
use crate::error::Error;

/// Rows as columns, in one piece or in a few where a batch ended within.
#[derive(Debug, Default)]
pub(super) struct Cells(Vec<RecordBatch>);

impl Cells {
    pub(super) fn len(&self) -> usize {
        self.0.iter().map(RecordBatch::num_rows).sum()
    }

    /// Whether all rows are the same; the name of the report is in them.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let pieces = |cells: &Self| cells.0.iter().map(RecordBatch::num_rows).collect::<Vec<_>>();
        if pieces(self) == pieces(other) {
            return self.0.iter().zip(&other.0).all(|(one, two)| one.columns() == two.columns());
        }
        // Batches ended in other places.
        self.len() == other.len() && self.rows().zip(other.rows()).all(|(one, two)| one == two)
    }

    fn rows(&self) -> impl Iterator<Item = RecordBatch> + '_ {
        self.0.iter().flat_map(|piece| (0..piece.num_rows()).map(|row| piece.slice(row, 1)))
    }

    pub(super) fn each(&self, mut take: impl FnMut(Row<'_>)) {
        for batch in &self.0 {
            for row in 0..batch.num_rows() {
                take(Row { batch, row });
            }
        }
    }
}

/// Goes through a table beside the reports.
#[derive(Debug)]
pub(super) struct Cursor {
    table: Table,
    /// What was read and not taken yet.
    ahead: Option<RecordBatch>,
}

impl Cursor {
    pub(super) const fn new(table: Table) -> Self {
        Self { table, ahead: None }
    }

    /// The rows of a report, which are the next ones; none where other rows are.
    pub(super) fn take(&mut self, report: &str) -> Result<Cells, Error> {
        let mut cells = Cells::default();
        loop {
            let Some(batch) = self.ahead.take().map_or_else(|| self.table.batch(), |batch| Ok(Some(batch)))? else {
                return Ok(cells);
            };
            let own = beginning(&batch, report);
            if own > 0 {
                cells.0.push(batch.slice(0, own));
            }
            if own < batch.num_rows() {
                self.ahead = Some(batch.slice(own, batch.num_rows() - own));
                return Ok(cells);
            }
        }
    }
}

/// How many rows at the beginning belong to a report.
fn beginning(batch: &RecordBatch, report: &str) -> usize {
    let Some(names) = batch.column_by_name("report").and_then(|names| names.as_string_opt::<i32>()) else { return 0 };
    let is_of_another = |row: &usize| names.is_null(*row) || names.value(*row) != report;
    (0..batch.num_rows()).find(is_of_another).unwrap_or(batch.num_rows())
}
