//! Tables: their rows, and the grid that the edges of the cells make.

use std::ops::Range;

use nianbao_container::Error;
use nianbao_model::{Part, WarningKind};
use nianbao_story::{
    CellProperties, MarkedRow, PlacedCell, PlacedRow, RowLook, RowProperties, TableDraft, end_cell, placed,
};

use super::Body;
use crate::content::{Paragraph, Visibility, What};
use crate::row::Layout;

impl Body {
    pub(super) fn table(&mut self, paragraphs: &[Paragraph], rows: &[MarkedRow], depth: usize) -> Result<(), Error> {
        let line = self.flow.lines_of_cell();
        let outer = self.tables.last().filter(|_| self.flow.in_cell());
        let nesting = outer.map(|table| table.nesting(line));
        let slot = self.flow.begin_table();
        let mut table = TableDraft::new(Part::Body, self.next_table, slot, nesting);
        self.next_table = self.next_table.saturating_add(1);
        let rows: Vec<MarkedRow> = rows.iter().map(|row| self.described(paragraphs, row)).collect();
        let layouts: Vec<Option<&Layout>> = rows.iter().map(|row| layout(paragraphs, row)).collect();
        let looks: Vec<RowLook<'_>> =
            layouts.iter().map(|layout| layout.map_or_else(RowLook::default, Layout::look)).collect();
        let (placed, columns) = placed(&rows, &looks);
        table.stated_columns = columns;
        self.tables.push(table);
        for ((row, placed), layout) in rows.iter().zip(placed).zip(layouts) {
            let properties = self.row_properties(paragraphs, row, layout);
            let properties = RowProperties { grid_before: placed.grid_before(), ..properties };
            self.row(paragraphs, &placed, properties, depth)?;
        }
        if let Some(table) = self.tables.pop() {
            let slot = table.slot;
            let table = table.finish(&mut self.notices.others);
            self.flow.table(slot, table);
        }
        Ok(())
    }

    /// The row without cells behind those that it describes, where they are blank: LibreOffice writes one mark too many behind a nested
    /// table (see `rtf/tables-side-by-side`).
    fn described(&self, paragraphs: &[Paragraph], row: &MarkedRow) -> MarkedRow {
        let mut row = row.clone();
        let count = layout(paragraphs, &row).map(Layout::cells).filter(|&count| count > 0);
        let is_blank = |cell: &Range<usize>| {
            let mut runs = paragraphs.get(cell.clone()).unwrap_or_default().iter().flat_map(|one| &one.runs);
            !runs.any(|run| self.is_text(&run.what))
        };
        while count.is_some_and(|count| row.cells.len() > count) && row.cells.last().is_some_and(is_blank) {
            row.cells.pop();
        }
        row
    }

    fn row_properties(&self, paragraphs: &[Paragraph], row: &MarkedRow, layout: Option<&Layout>) -> RowProperties {
        let end = row.end.and_then(|end| paragraphs.get(end));
        let mark = end.and_then(|end| end.mark).unwrap_or_default();
        RowProperties {
            grid_before: 0,
            is_header: layout.is_some_and(|layout| layout.is_header),
            is_hidden: mark.is_hidden && self.has_none(paragraphs, row, |seen| seen.is_hidden),
            is_deleted: mark.is_deleted && self.has_none(paragraphs, row, |seen| seen.is_deleted),
        }
    }

    /// Whether a row has no text but such as is gone: hidden, or deleted. Its end alone proves nothing.
    fn has_none(&self, paragraphs: &[Paragraph], row: &MarkedRow, is_gone: impl Fn(Visibility) -> bool) -> bool {
        let content = row.cells.iter().flat_map(|cell| paragraphs.get(cell.clone()).unwrap_or_default());
        let mut runs = content.into_iter().flat_map(|paragraph| &paragraph.runs);
        runs.all(|run| is_gone(run.visibility) || !self.is_text(&run.what))
    }

    fn row(
        &mut self,
        paragraphs: &[Paragraph],
        row: &PlacedRow,
        properties: RowProperties,
        depth: usize,
    ) -> Result<(), Error> {
        let Some(table) = self.tables.last_mut() else { return Ok(()) };
        table.begin_row();
        table.row_properties(properties);
        if properties.is_deleted {
            self.notices.deletion(self.here());
        } else {
            if properties.is_hidden {
                self.notices.hidden_row(self.here());
            }
            for (index, cell) in row.cells.iter().enumerate() {
                self.cell(paragraphs, cell, row.span(index), depth)?;
            }
        }
        if let Some(table) = self.tables.last_mut() {
            table.end_row();
        }
        Ok(())
    }

    fn cell(&mut self, paragraphs: &[Paragraph], cell: &PlacedCell, span: usize, depth: usize) -> Result<(), Error> {
        self.count_cell()?;
        if let Some(table) = self.tables.last_mut() {
            table.begin_cell();
            let properties = CellProperties { grid_span: Some(span), v_merge: cell.down, ..CellProperties::default() };
            table.cell_properties(properties);
        }
        if cell.right.is_none() {
            self.unreadable(
                "the edge of a cell",
                "the file does not say it; the column was taken from the order of the cells",
            );
        }
        let covered = paragraphs.get(cell.covered.clone()).unwrap_or_default();
        let is_shown = |visibility: Visibility| !visibility.is_hidden && !visibility.is_deleted;
        let mut covered = covered.iter().flat_map(|paragraph| &paragraph.runs);
        if covered.any(|run| is_shown(run.visibility) && self.is_text(&run.what)) {
            self.notices.push(WarningKind::HiddenTextLeftOut, self.here());
        }
        self.flow.begin_cell(self.fields.mark());
        self.items(paragraphs, cell.content.clone(), depth)?;
        end_cell(&mut self.flow, &mut self.fields, self.tables.last_mut(), &mut self.notices);
        Ok(())
    }

    /// Whether something is text that is not blank.
    fn is_text(&self, what: &What) -> bool {
        match what {
            What::Text(range) => !self.content.text.get(range.clone()).unwrap_or_default().trim().is_empty(),
            What::TextBox(_) => true,
            What::Line | What::Page => false,
        }
    }
}

fn layout<'a>(paragraphs: &'a [Paragraph], row: &MarkedRow) -> Option<&'a Layout> {
    paragraphs.get(row.end?)?.row.as_deref()
}

#[cfg(test)]
mod tests {
    use crate::tests::printed;

    const ROW: &str = "\\trowd\\trleft0\\cellx1000\\cellx2000";

    #[test]
    fn a_row_may_be_described_before_its_cells_or_behind_them() {
        let wanted = "rtf\n▦ block 0: 2 x 2, grid stated\n  R1 stated\n    C1 |a|  @ table 1 R1C1\n    C2 |b|  @ table 1 R1C2\n  \
            R2 stated\n    C1 1x2 |c|  @ table 1 R2C1\n";
        let before = format!("{ROW}\\pard\\intbl a\\cell b\\cell\\row\\trowd\\cellx2000 c\\cell\\row");
        let behind = format!("\\pard\\intbl a\\cell b\\cell{{{ROW}\\row}}c\\cell\\trowd\\cellx2000\\row\\pard");
        assert_eq!(printed(&before), wanted);
        assert_eq!(printed(&behind), wanted);
    }

    #[test]
    fn a_row_that_is_not_described_anew_looks_like_the_one_above() {
        let printed = printed(&format!("{ROW}\\intbl a\\cell b\\cell\\row c\\cell d\\cell\\row"));
        assert!(printed.contains("2 x 2") && printed.contains("C2 |d|") && !printed.contains('!'), "{printed}");
    }

    #[test]
    fn merged_cells_are_placed_once() {
        let rows = "\\trowd\\clvmgf\\cellx1000\\clmgf\\cellx2000\\clmrg\\cellx3000 a\\cell b\\cell \\cell\\row\
            \\trowd\\clvmrg\\cellx1000\\cellx2000\\cellx3000 \\cell c\\cell d\\cell\\row";
        let printed = printed(rows);
        assert!(printed.contains("2 x 3") && printed.contains("C1 2x1 |a|"), "{printed}");
        assert!(
            printed.contains("C2 1x2 |b|") && printed.contains("C2 |c|") && printed.contains("C3 |d|"),
            "{printed}"
        );
    }

    #[test]
    fn text_under_a_merge_is_told() {
        let printed = printed("\\trowd\\clmgf\\cellx1000\\clmrg\\cellx2000 a\\cell lost\\cell\\row");
        assert!(printed.contains("hidden_text_left_out") && !printed.contains("lost"), "{printed}");
    }

    #[test]
    fn a_blank_cell_too_many_is_none_and_one_with_text_is() {
        assert!(printed(&format!("{ROW} a\\cell b\\cell\\cell\\row")).contains("1 x 2"));
        let printed = printed(&format!("{ROW} a\\cell b\\cell c\\cell\\row"));
        assert!(printed.contains("1 x 3") && printed.contains("part_unreadable"), "{printed}");
    }

    #[test]
    fn a_nested_table_describes_its_rows_apart() {
        let text = format!(
            "{ROW}\\pard\\intbl x\\par\\itap2 1\\nestcell 2\\nestcell{{\\*\\nesttableprops\\trowd\\cellx500\\cellx900\\nestrow}}\
             {{\\nonesttables\\par no}}\\pard\\intbl y\\cell b\\cell\\row\\pard after\\par"
        );
        let printed = printed(&text);
        assert!(printed.contains("C1 |x⏎y|") && printed.contains("C2 |b|"), "{printed}");
        assert!(printed.contains("▦ block 1: 1 x 2, grid stated, inside block 0 R1C1 after line 1"), "{printed}");
        assert!(printed.contains("¶ |after|") && !printed.contains("no|"), "{printed}");
    }

    #[test]
    fn a_nested_table_whose_outer_cell_never_ends_is_one_table() {
        let printed = printed(
            "\\intbl\\itap3 a\\nestcell b\\nestcell{\\*\\nesttableprops\\trowd\\cellx500\\cellx900\\nestrow}\\pard x\\par",
        );
        assert_eq!(printed.matches('▦').count(), 1, "{printed}");
        assert!(printed.contains("1 x 2") && !printed.contains('!'), "{printed}");
    }

    #[test]
    fn deleted_and_hidden_rows_are_told() {
        let printed = printed(&format!(
            "{ROW}{{\\deleted 7\\cell 8\\cell\\row}}a\\cell b\\cell\\row{{\\v c\\cell d\\cell\\row}}{{\\deleted \\row}}"
        ));
        assert!(printed.contains("2 x 2") && !printed.contains('7') && printed.contains("C1 |c|"), "{printed}");
        assert!(printed.contains("changes_accepted") && printed.contains("hidden_rows_read"), "{printed}");
    }

    #[test]
    fn a_cell_without_its_row_is_a_table_all_the_same() {
        assert!(printed("Fax\\cell Phone\\cell").contains("1 x 2"));
    }

    #[test]
    fn header_rows_are_told() {
        let printed = printed("\\trowd\\trhdr\\cellx900 a\\cell\\row\\trowd\\cellx900 b\\cell\\row");
        assert!(printed.contains("header"), "{printed}");
    }
}
