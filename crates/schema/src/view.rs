//! A form laid out for a reader: blocks of rows and columns, as the printed form has them.

use crate::form::{Field, FieldKey, Form, FormTable};

/// A block of a form: rows that share their columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What the table is called; only the first block of a table says it.
    pub title: Option<String>,
    /// The labels over the columns.
    pub columns: Vec<String>,
    /// Rows with figures, and rows that only name a group.
    pub rows: Vec<BlockRow>,
}

/// A row of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockRow {
    /// Its label.
    pub label: String,
    /// How many groups it stands in.
    pub depth: usize,
    /// The figures, left to right; empty for a row that only names a group.
    pub figures: Vec<FieldKey>,
}

impl Form {
    /// The form laid out for a reader. A row that stands in for others is there too.
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        for (index, table) in self.tables.iter().enumerate() {
            let fields: Vec<&Field> = self.fields.iter().filter(|field| field.table == index).collect();
            let mut of_table = if table.rows.iter().all(|row| row.label.is_empty()) {
                by_header(table, &fields)
            } else {
                by_row(table, &fields)
            };
            if let Some(first) = of_table.first_mut() {
                first.title = Some(table.label.clone()).filter(|label| !label.is_empty());
            }
            blocks.extend(of_table);
        }
        blocks
    }
}

/// The rows of a table, a new block wherever the columns change.
fn by_row(table: &FormTable, fields: &[&Field]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut groups: Vec<&str> = Vec::new();
    for (index, row) in table.rows.iter().enumerate() {
        let columns: Vec<String> = row
            .columns
            .iter()
            .filter_map(|&column| table.columns.get(column))
            .map(|column| column.label.clone())
            .collect();
        if blocks.last().is_none_or(|block| block.columns != columns) {
            blocks.push(Block { title: None, columns, rows: Vec::new() });
        }
        let Some(block) = blocks.last_mut() else { continue };
        let around = |key: &str| row.key.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'));
        // A row that stands in for a group's rows bears the group's label itself.
        let of_row: Vec<_> =
            table.groups.iter().filter(|group| around(&group.key) && group.label != row.label).collect();
        for (depth, group) in of_row.iter().enumerate() {
            if !groups.contains(&group.key.as_str()) {
                groups.push(&group.key);
                block.rows.push(BlockRow { label: group.label.clone(), depth, figures: Vec::new() });
            }
        }
        let figures = fields.iter().filter(|field| field.row == index).map(|field| field.key.clone()).collect();
        block.rows.push(BlockRow { label: row.label.clone(), depth: of_row.len(), figures });
    }
    blocks
}

/// The one row of a table without row labels, turned: a row for each run of columns under the same headers.
fn by_header(table: &FormTable, fields: &[&Field]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut runs: Vec<(String, Vec<String>, Vec<FieldKey>)> = Vec::new();
    for (column, field) in table.columns.iter().zip(fields) {
        let over = column.over.join(" · ");
        match runs.last_mut() {
            Some((label, columns, figures)) if *label == over => {
                columns.push(column.label.clone());
                figures.push(field.key.clone());
            }
            _ => runs.push((over, vec![column.label.clone()], vec![field.key.clone()])),
        }
    }
    for (label, columns, figures) in runs {
        if blocks.last().is_none_or(|block| block.columns != columns) {
            blocks.push(Block { title: None, columns, rows: Vec::new() });
        }
        if let Some(block) = blocks.last_mut() {
            block.rows.push(BlockRow { label, depth: 0, figures });
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use crate::Forms;

    #[test]
    fn every_figure_of_a_form_stands_in_one_place() {
        for form in Forms::builtin().iter() {
            let mut keys: Vec<_> =
                form.blocks().into_iter().flat_map(|block| block.rows).flat_map(|row| row.figures).collect();
            keys.sort();
            let mut wanted: Vec<_> = form.fields.iter().map(|field| field.key.clone()).collect();
            wanted.sort();
            assert_eq!(keys, wanted);
        }
    }

    #[test]
    fn table_four_is_turned_into_three_rows() {
        let forms = Forms::builtin();
        let blocks = forms.iter().next().unwrap().blocks();
        let last = blocks.last().unwrap();
        let labels: Vec<&str> = last.rows.iter().map(|row| row.label.as_str()).collect();
        assert_eq!(labels, ["行政复议", "行政诉讼 · 未经复议直接起诉", "行政诉讼 · 复议后起诉"]);
        assert_eq!(last.columns.len(), 5);
    }
}
