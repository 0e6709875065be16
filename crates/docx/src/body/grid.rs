//! Tables, as far as they are elements; what they mean is in `table.rs` (ECMA-376 Part 1, 17.4).

use super::{Body, What};
use crate::table;
use crate::xml::{Stop, Tag};

impl Body<'_, '_, '_> {
    pub(super) fn begin_table(&mut self, is_empty: bool) {
        self.read += 1;
        self.script.begin_table();
        self.push_open(What::Table, is_empty);
    }

    pub(super) fn table_grid(&mut self) -> Result<(), Stop> {
        let columns = table::grid_columns(&mut self.xml)?;
        if self.innermost() == Some(What::Table)
            && let Some(table) = self.script.table()
        {
            table.stated_columns = columns;
        }
        Ok(())
    }

    pub(super) fn begin_row(&mut self, is_empty: bool) {
        if let Some(table) = self.script.table().filter(|table| table.is_between_rows()) {
            table.begin_row();
            self.push_open(What::Row, is_empty);
        }
    }

    pub(super) fn row_properties(&mut self, tag: &Tag<'_>) -> Result<(), Stop> {
        if self.xml.pass_over(tag, table::matters_in_row)? {
            return Ok(());
        }
        let properties = table::row_properties(&mut self.xml, tag)?;
        if self.innermost() != Some(What::Row) {
            return Ok(());
        }
        if let Some(table) = self.script.table() {
            table.row_properties(properties);
        }
        if properties.is_deleted {
            self.script.notices.deletion(self.script.here());
            self.skip_innermost()?;
        } else if properties.is_hidden {
            self.script.notices.hidden_row(self.script.here());
        }
        Ok(())
    }

    pub(super) fn begin_cell(&mut self, is_empty: bool) -> Result<(), Stop> {
        if self.script.table().is_some_and(|table| table.is_between_cells()) {
            self.script.begin_cell()?;
            self.push_open(What::Cell, is_empty);
        }
        Ok(())
    }

    pub(super) fn cell_properties(&mut self, tag: &Tag<'_>) -> Result<(), Stop> {
        if self.xml.pass_over(tag, table::matters_in_cell)? {
            return Ok(());
        }
        let properties = table::cell_properties(&mut self.xml, tag)?;
        if self.innermost() != Some(What::Cell) {
            return Ok(());
        }
        if let Some(table) = self.script.table() {
            table.cell_properties(properties);
        }
        if properties.is_deleted {
            self.script.notices.deletion(self.script.here());
            self.skip_innermost()?;
        }
        Ok(())
    }

    /// Passes over the rest of the innermost thing that is open, and ends it.
    pub(super) fn skip_innermost(&mut self) -> Result<(), Stop> {
        if let Some(depth) = self.open.depth() {
            self.xml.skip_to(depth.saturating_sub(1))?;
            self.close_down_to(self.xml.depth());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::printed;

    fn cell(content: &str) -> String {
        format!("<w:tbl><w:tr><w:tc>{content}</w:tc></w:tr></w:tbl>")
    }

    fn text(text: &str) -> String {
        format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
    }

    #[test]
    fn a_nested_table_follows_the_table_around_it() {
        let nested = cell(&text("in"));
        let content = text("one") + &nested + "<w:p/>" + &text("two") + &nested + "<w:p/>";
        let printed = printed(&(cell(&content) + &text("after")));
        let wanted = "docx\n▦ block 0: 1 x 1, grid stated\n  R1 stated\n    C1 |one⏎two|  @ table 1 R1C1\n\
            ▦ block 1: 1 x 1, grid stated, inside block 0 R1C1 after line 1\n  R1 stated\n    C1 |in|  @ table 2 R1C1\n\
            ▦ block 2: 1 x 1, grid stated, inside block 0 R1C1 after line 2\n  R1 stated\n    C1 |in|  @ table 3 R1C1\n\
            ¶ |after|  @ paragraph 7\n";
        assert_eq!(printed, wanted);
    }

    #[test]
    fn blank_paragraphs_count_only_between_lines() {
        let blank = "<w:p/>";
        let content = [blank, &text("a"), blank, blank, &text("b"), blank].concat();
        assert!(printed(&cell(&content)).contains("C1 |a⏎⏎⏎b|"));
        assert!(printed(&cell(&[blank, blank].concat())).contains("C1 ||"));
    }

    #[test]
    fn a_table_whose_rows_are_all_deleted_is_gone() {
        let deleted = "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p/></w:tc></w:tr></w:tbl>";
        let nested = cell(&(cell(&text("in")) + "<w:p/>"));
        let printed = printed(&format!("{deleted}{nested}"));
        assert!(printed.contains("▦ block 1: 1 x 1, grid stated, inside block 0 R1C1"), "{printed}");
        assert!(printed.contains("|in|  @ table 3 R1C1"), "{printed}");
    }
}
