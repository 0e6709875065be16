//! Rows of the dataset as Arrow columns, handed over by the Arrow `PyCapsule` interface: pyarrow, polars and pandas take them as they lie
//! in memory.

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchIterator};
use nianbao_bulk::dataset;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::error::error;
use crate::settings::forms;

/// Columns, to be taken by whoever knows Arrow.
#[pyclass(frozen, module = "nianbao._engine")]
#[derive(Debug)]
pub(crate) struct Frame(RecordBatch);

#[pymethods]
impl Frame {
    /// The columns as an Arrow stream of one batch. What schema the taker would like is not looked at: it may be refused by the interface.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        drop(requested_schema);
        let batches = RecordBatchIterator::new([Ok(self.0.clone())], self.0.schema());
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(batches)), c"arrow_array_stream")
    }

    fn __len__(&self) -> usize {
        self.0.num_rows()
    }
}

/// The figures of a report, from its line, with the columns of `figures.parquet`.
#[pyfunction]
pub(crate) fn figures(py: Python<'_>, line: &str, form: Option<&str>) -> PyResult<Frame> {
    let forms = forms(py, form)?;
    frame(py, py.detach(|| dataset::figures(line, &forms)))
}

/// The cells of a table, from the line of its document, with the columns of `cells.parquet`.
#[pyfunction]
pub(crate) fn cells(py: Python<'_>, line: &str, table: usize) -> PyResult<Frame> {
    frame(py, py.detach(|| dataset::cells(line, table)))
}

fn frame(py: Python<'_>, rows: Result<RecordBatch, dataset::Error>) -> PyResult<Frame> {
    rows.map(Frame).map_err(|wrong| error(py, "crashed", "", &wrong))
}
