//! Roles: what names columns, and what names rows.
//!
//! Only what the source left open is decided. Rows above the first row with figures are column headers; the words before the first
//! figure of a row name that row. Further down, a row without figures is a header again where it stands right over a row with as
//! many cells, and so is a single title over such a row; any other row of a single cell is a group that names what follows it.
//! A table without figures near its top keeps what the source says.

use nianbao_model::{Block, Cell, Document, Grid, Role, Table};

use crate::figures::{Kind, are_figures, has_figures, header_rows, kind};

/// Gives each cell whose role the source left open the one that its place tells.
pub(crate) fn assign(document: &mut Document) {
    for block in &mut document.blocks {
        if let Block::Table(table) = block {
            assign_in(table);
        }
    }
}

fn assign_in(table: &mut Table) {
    let header = header_rows(table);
    if !has_figures(table, header) {
        return;
    }
    // Each row is asked for what stands in it and below it: what a cell is, is told once.
    let kinds: Vec<Kind> = table.cells().iter().map(kind).collect();
    let mut below = Below::End;
    for row in (0..table.rows().len()).rev() {
        below = if row < header {
            set_row(table, row, header, Role::ColumnHeader);
            Below::Header
        } else if are_figures(cells_over(table, &kinds, row)) {
            name_row(table, &kinds, row);
            Below::Figures
        } else {
            let role = role_between(table, &kinds, row, below);
            if let Some(role) = role {
                set_row(table, row, usize::MAX, role);
            }
            if role == Some(Role::ColumnHeader) { Below::Header } else { Below::End }
        };
    }
}

/// The cells that cover a row, each with what it holds.
fn cells_over<'a>(table: &'a Table, kinds: &'a [Kind], row: usize) -> impl Iterator<Item = (&'a Cell, Kind)> + Clone {
    let cells = table.cells();
    table.indices_over(row).filter_map(|index| Some((cells.get(index)?, *kinds.get(index)?)))
}

/// What stands under a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Below {
    Header,
    Figures,
    End,
}

/// The role of a row without figures under the first figures.
fn role_between(table: &Table, kinds: &[Kind], row: usize, below: Below) -> Option<Role> {
    let words = cells_over(table, kinds, row).filter(|(_, kind)| *kind != Kind::Blank).count();
    match (words, below) {
        (0, _) => None,
        (1, Below::Header) => Some(Role::ColumnHeader),
        (1, _) => Some(Role::RowHeader),
        (_, Below::Figures) => heads(table, kinds, row, words).then_some(Role::ColumnHeader),
        _ => None,
    }
}

/// Whether each cell of the row, but for the first, stands over a figure.
fn heads(table: &Table, kinds: &[Kind], row: usize, words: usize) -> bool {
    let filled = |row| cells_over(table, kinds, row).filter(|(_, kind)| *kind != Kind::Blank);
    if table.grid == Grid::Lost {
        return filled(row + 1).count() == words;
    }
    let is_figure = |index: usize| matches!(kinds.get(index), Some(Kind::Figure | Kind::Void));
    filled(row).skip(1).all(|(cell, _)| table.index_at(row + 1, cell.area().columns.start()).is_some_and(is_figure))
}

/// Gives all cells that begin in the row, and end above `end`, their role.
fn set_row(table: &mut Table, row: usize, end: usize, role: Role) {
    for cell in cells_from_mut(table, row) {
        if cell.role == Role::Body && cell.area().rows.end() <= end {
            cell.role = role;
        }
    }
}

/// Makes the words before the first figure the name of the row. A number that counts the rows may stand before them, where another
/// figure follows.
fn name_row(table: &mut Table, kinds: &[Kind], row: usize) {
    let mut names = Vec::new();
    let mut counted = false;
    let mut ended = false;
    for index in table.indices_over(row) {
        match kinds.get(index) {
            None | Some(Kind::Blank) => {}
            Some(Kind::Label) => names.push(index),
            Some(Kind::Figure) if names.is_empty() && !counted => counted = true,
            Some(Kind::Figure | Kind::Void) => {
                ended = true;
                break;
            }
        }
    }
    if counted && !ended {
        return;
    }
    for index in names {
        if let Some(cell) = table.cells_mut().get_mut(index)
            && cell.role == Role::Body
        {
            cell.role = Role::RowHeader;
        }
    }
}

fn cells_from_mut(table: &mut Table, row: usize) -> impl Iterator<Item = &mut Cell> {
    let count = table.cells_from(row).len();
    let cells = table.cells_mut();
    let start = cells.partition_point(|cell| cell.area().rows.start() < row);
    cells.iter_mut().skip(start).take(count)
}

#[cfg(test)]
mod tests {
    use crate::build::table;
    use nianbao_model::Boundary::Stated;
    use nianbao_model::{Boundary, Grid, Role};

    /// C, R and B for the cells of each row, in order.
    fn roles(grid: Grid, rows: &[(Boundary, &str)]) -> Vec<String> {
        let mut table = table(grid, rows);
        super::assign_in(&mut table);
        let letter = |role| match role {
            Role::ColumnHeader => 'C',
            Role::RowHeader => 'R',
            Role::Body => 'B',
        };
        (0..rows.len()).map(|row| table.cells_from(row).iter().map(|cell| letter(cell.role)).collect()).collect()
    }

    #[test]
    fn what_stands_above_the_first_figure_names_columns() {
        let rows =
            [(Stated, "申请人情况↕2|法人↔2"), (Stated, "企业|机构"), (Stated, "（三）不予公开↕2|1|2"), (Stated, "0|—")];
        assert_eq!(roles(Grid::Stated, &rows), ["CC", "CC", "RBB", "BB"]);
    }

    #[test]
    fn blocks_with_headers_of_their_own_are_told() {
        let rows = [
            (Stated, "第（一）项"),
            (Stated, "内容|制发|废止"),
            (Stated, "规章|0|1"),
            (Stated, "第（五）项||"),
            (Stated, "内容|数量|"),
            (Stated, "许可|5|"),
            (Stated, "其他情况||"),
            (Stated, "强制|6|"),
        ];
        let wanted = ["C", "CCC", "RBB", "CCC", "CCC", "RBB", "RRR", "RBB"];
        assert_eq!(roles(Grid::Stated, &rows), wanted);
        assert_eq!(roles(Grid::Lost, &rows), wanted);
    }

    #[test]
    fn a_number_that_counts_the_rows_does_not_hide_their_name() {
        let rows = [(Stated, "序号|名称|数量"), (Stated, "1|甲|5"), (Stated, "2|乙|6")];
        assert_eq!(roles(Grid::Stated, &rows), ["CCC", "BRB", "BRB"]);
    }

    #[test]
    fn a_table_without_figures_is_left_alone() {
        assert_eq!(roles(Grid::Stated, &[(Stated, "姓名|单位"), (Stated, "甲|乙")]), ["BB", "BB"]);
    }

    #[test]
    fn what_the_source_states_stays() {
        let mut table = table(Grid::Stated, &[(Stated, "a|1")]);
        table.cells_mut()[1].role = Role::RowHeader;
        super::assign_in(&mut table);
        assert_eq!(table.cells()[1].role, Role::RowHeader);
    }
}
