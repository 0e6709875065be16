//! One line of `nianbao extract` or `nianbao tables` as rows of the dataset, for those who read one file and want its columns at once.

use arrow_array::RecordBatch;
use nianbao::Forms;

use super::Error;
use super::block::{Reading, report_id};
use super::document_id;
use super::grid::{Grids, rows};
use super::labels::Labels;
use super::line::{Line, Text};
use super::rows::Rows;
use super::tables::{CELLS, FIGURES, TABLES};

/// Where a line says which document it is of.
#[derive(serde::Deserialize)]
struct OfSource<'a> {
    #[serde(borrow)]
    source: Named<'a>,
}

#[derive(serde::Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    path: Text<'a>,
    sha256: Option<String>,
}

/// The rows that a report has in `figures.parquet`, from its line; none of a line that says why there is no report.
///
/// # Errors
/// A text that is no such line.
pub fn figures(line: &str, forms: &Forms) -> Result<RecordBatch, Error> {
    let of: OfSource<'_> = serde_json::from_str(line).map_err(Error::source)?;
    let report = Line::parse(line).map_err(Error::source)?;
    let labels = Labels::new(forms);
    let mut reading = Reading::new(&labels);
    reading.figures(&report_id(&of.source.sha256.unwrap_or_default(), &report), &report);
    let rows = reading.finish()?.tables.swap_remove(FIGURES);
    rows.map_or_else(|| empty(FIGURES), Ok)
}

/// The rows that the table of this number, from 0, has in `cells.parquet`, from the line of its document. Its path is taken for one whose first
/// `!` leads into an archive.
///
/// # Errors
/// A text that is no such line.
pub fn cells(line: &str, table: usize) -> Result<RecordBatch, Error> {
    let grids = Grids::parse(line).map_err(Error::source)?;
    let of: OfSource<'_> = serde_json::from_str(line).map_err(Error::source)?;
    let path = of.source.path.as_str();
    let (file, member) = path.split_at(path.find('!').unwrap_or(path.len()));
    let document = document_id(file.as_bytes(), member.as_bytes(), None);
    let mut cells = new_rows(CELLS)?;
    let mut index = 0;
    rows(&document, &grids, &mut |kind, row| match kind {
        CELLS if index == table + 1 => cells.push(row),
        CELLS => {}
        // The row of a table comes before those of its cells.
        _ => index += 1,
    });
    cells.finish().map_err(Error::source)
}

fn new_rows(table: usize) -> Result<Rows, Error> {
    TABLES.get(table).map(Rows::new).ok_or_else(|| Error::source("no such table"))
}

fn empty(table: usize) -> Result<RecordBatch, Error> {
    new_rows(table)?.finish().map_err(Error::source)
}

#[cfg(test)]
mod tests {
    use arrow_array::Array as _;

    use super::*;

    const REPORT: &str = "甲市乙局2023年政府信息公开工作年度报告\n二、主动公开政府信息情况\n\
                          信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t1\t0\t4\n行政规范性文件\t2\t1\t9\n";

    fn line(value: &impl serde::Serialize) -> String {
        serde_json::to_string(value).unwrap()
    }

    #[test]
    fn the_figures_of_a_line_are_its_rows_of_the_dataset() {
        let forms = Forms::builtin();
        let frame = figures(&line(&nianbao::extract("a.txt", REPORT.as_bytes(), &forms)[0]), &forms).unwrap();
        assert_eq!((frame.num_rows(), frame.num_columns()), (200, TABLES[FIGURES].columns.len()));
        let none = figures(&line(&nianbao::extract("a.txt", "没有报告".as_bytes(), &forms)[0]), &forms).unwrap();
        assert_eq!((none.num_rows(), none.schema()), (0, frame.schema()));
        assert!(figures("{}", &forms).is_err());
    }

    #[test]
    fn the_cells_of_each_table_are_its_own() {
        let html =
            "<table><tr><td>a</td><td>b</td></tr></table><p>x</p><table><tr><td>c</td></tr><tr><td>d</td></tr></table>";
        let line = line(&nianbao::tables("a.html", format!("<html><body>{html}</body></html>").as_bytes(), true));
        let count = |table: usize| cells(&line, table).unwrap().column(6).len();
        assert_eq!([count(0), count(1), count(2)], [2, 2, 0]);
    }
}
