//! What a table asks of its reader: which text in it is there to be seen, and where its rows end.

use std::ops::Range;

use nianbao_container::Error;
use nianbao_story::{Gone, MarkedRow, Script, Walk};

use super::Body;
use crate::content::{Paragraph, Visibility, What};
use crate::row::Layout;

impl Walk for Body {
    type Paragraph = Paragraph;

    fn script(&mut self) -> &mut Script {
        &mut self.script
    }

    fn paragraph(&mut self, paragraph: &Paragraph) -> Result<(), Error> {
        self.read_paragraph(paragraph)
    }

    fn has_text(&mut self, paragraph: &Paragraph, but: Gone) -> bool {
        paragraph.runs.iter().any(|run| !is_gone(run.visibility, but) && self.is_text(&run.what))
    }

    fn is_mark_gone(&mut self, end: &Paragraph, how: Gone) -> bool {
        end.mark.is_some_and(|mark| is_gone(mark, how))
    }

    /// The row without cells behind those that it describes, where they are blank: LibreOffice writes one mark too many behind a nested
    /// table (see `rtf/tables-side-by-side`).
    fn mend(&mut self, paragraphs: &[Paragraph], mut row: MarkedRow) -> MarkedRow {
        let layout = row.end.and_then(|end| paragraphs.get(end)?.row.as_deref());
        let count = layout.map(Layout::cells).filter(|&count| count > 0);
        let is_blank = |cell: &Range<usize>| {
            let mut runs = paragraphs.get(cell.clone()).unwrap_or_default().iter().flat_map(|one| &one.runs);
            !runs.any(|run| self.is_text(&run.what))
        };
        while count.is_some_and(|count| row.cells.len() > count) && row.cells.last().is_some_and(is_blank) {
            row.cells.pop();
        }
        row
    }
}

impl Body {
    /// Whether something is text that is not blank.
    fn is_text(&self, what: &What) -> bool {
        match what {
            What::Text(range) => !self.content.text.get(range.clone()).unwrap_or_default().trim().is_empty(),
            What::TextBox(_) => true,
            What::Line | What::Page => false,
        }
    }
}

const fn is_gone(visibility: Visibility, how: Gone) -> bool {
    match how {
        Gone::Hidden => visibility.is_hidden,
        Gone::Deleted => visibility.is_deleted,
    }
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
