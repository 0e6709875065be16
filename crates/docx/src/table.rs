//! What rows and cells say of themselves (ECMA-376 Part 1, 17.4); the table is made in `nianbao-story`.

use nianbao_story::{CellProperties, Merge, RowProperties};

use crate::xml::{self, Damage, Node, Space, Tag, Xml};

/// A merge without a value goes on (17.4.84).
fn merge(tag: &Tag<'_>, name: &str) -> Merge {
    match xml::attribute(tag, name).as_deref() {
        Some("restart" | "rest") => Merge::Restart,
        _ => Merge::Continue,
    }
}

/// Whether an element within `w:trPr` says anything that is asked here.
pub(crate) fn matters_in_row(local: &[u8]) -> bool {
    matches!(local, b"gridBefore" | b"tblHeader" | b"hidden" | b"del" | b"moveFrom")
}

/// Reads the `w:trPr` that has just begun with `tag`, to its end.
pub(crate) fn row_properties(xml: &mut Xml<'_>, tag: &Tag<'_>) -> Result<RowProperties, Damage> {
    let mut found = RowProperties::default();
    each_that(matters_in_row, xml, tag, |local, tag| match local {
        b"gridBefore" => found.grid_before = xml::number(tag, "val").unwrap_or_default(),
        b"tblHeader" => found.is_header = xml::is_on(tag),
        b"hidden" => found.is_hidden = xml::is_on(tag),
        b"del" | b"moveFrom" => found.is_deleted = true,
        _ => {}
    })?;
    Ok(found)
}

/// Whether an element within `w:tcPr` says anything that is asked here.
pub(crate) fn matters_in_cell(local: &[u8]) -> bool {
    matches!(local, b"gridSpan" | b"vMerge" | b"hMerge" | b"cellMerge" | b"cellDel")
}

/// Reads the `w:tcPr` that has just begun with `tag`, to its end.
pub(crate) fn cell_properties(xml: &mut Xml<'_>, tag: &Tag<'_>) -> Result<CellProperties, Damage> {
    let mut found = CellProperties::default();
    each_that(matters_in_cell, xml, tag, |local, tag| match local {
        b"gridSpan" => found.grid_span = xml::number(tag, "val"),
        b"vMerge" => found.v_merge = merge(tag, "val"),
        b"hMerge" => found.h_merge = merge(tag, "val"),
        // A tracked merge: what it says is what holds once it is accepted.
        b"cellMerge" => found.v_merge = merge(tag, "vMerge"),
        b"cellDel" => found.is_deleted = true,
        _ => {}
    })?;
    Ok(found)
}

/// How many columns the `w:tblGrid` that has just begun states.
pub(crate) fn grid_columns(xml: &mut Xml<'_>) -> Result<usize, Damage> {
    let mut columns = 0;
    each_child(xml, |_, local, _| {
        columns += usize::from(local == b"gridCol");
        Ok(())
    })?;
    Ok(columns)
}

/// Visits the children of the element that has just begun with `parent`, up to the last one that `matters`.
fn each_that(
    matters: fn(&[u8]) -> bool,
    xml: &mut Xml<'_>,
    parent: &Tag<'_>,
    mut visit: impl FnMut(&[u8], &Tag<'_>),
) -> Result<(), Damage> {
    each_child(xml, |xml, local, tag| {
        visit(local, tag);
        // Borders and margins follow, most of the markup.
        if matters(local) {
            xml.pass_over(parent, matters)?;
        }
        Ok(())
    })
}

/// Visits the children of the element that has just begun, but not theirs: those may be old properties of a tracked change.
fn each_child<'a>(
    xml: &mut Xml<'a>,
    mut visit: impl FnMut(&mut Xml<'a>, &[u8], &Tag<'a>) -> Result<(), Damage>,
) -> Result<(), Damage> {
    let end = xml.depth();
    while xml.depth() >= end {
        let node = xml.step()?;
        let (Node::Start(tag) | Node::Empty(tag)) = &node else {
            continue;
        };
        if matches!(node, Node::Start(_)) {
            xml.skip(tag)?;
        }
        if let (Space::Word, local) = xml.name(tag) {
            visit(xml, local, tag)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::tests::{document, printed};

    fn row(cells: &[(&str, &str)]) -> String {
        let cell = |&(properties, text): &(&str, &str)| {
            format!("<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>")
        };
        format!("<w:tr>{}</w:tr>", cells.iter().map(cell).collect::<String>())
    }

    fn table(rows: &[String]) -> String {
        format!("<w:tbl>{}</w:tbl>", rows.concat())
    }

    /// Areas and texts: `R1C1 2x1 text`.
    fn cells(body: &str) -> Vec<String> {
        let document = document(body);
        let table = document.tables().next().unwrap();
        let line = |cell: &nianbao_model::Cell| {
            let area = cell.area();
            format!(
                "R{}C{} {}x{} {}",
                area.rows.start() + 1,
                area.columns.start() + 1,
                area.rows.length(),
                area.columns.length(),
                cell.lines.join("/")
            )
        };
        table.cells().iter().map(line).collect()
    }

    const RESTART: &str = r#"<w:vMerge w:val="restart"/>"#;
    const WIDE: &str = r#"<w:gridSpan w:val="2"/>"#;

    #[test]
    fn merged_cells_are_one_cell_with_a_larger_area() {
        let wide_start = format!("{WIDE}{RESTART}");
        let wide_on = format!("{WIDE}<w:vMerge/>");
        let body = table(&[
            row(&[(RESTART, "a"), (&wide_start, "b")]),
            row(&[("<w:vMerge/>", ""), (&wide_on, "")]),
            row(&[("", "c"), ("", "d"), ("<w:vMerge w:val='continue'/>", "e")]),
        ]);
        assert_eq!(cells(&body), ["R1C1 2x1 a", "R1C2 2x2 b", "R3C1 1x1 c", "R3C2 1x1 d", "R3C3 1x1 e"]);
        assert!(printed(&body).contains("! merge_unmatched"));
    }

    #[test]
    fn the_grid_begins_where_the_row_says() {
        let body = "<w:tbl><w:tr><w:trPr><w:gridBefore w:val='2'/><w:gridAfter w:val='1'/></w:trPr><w:tc><w:p/></w:tc></w:tr></w:tbl>";
        assert_eq!(cells(body), ["R1C3 1x1 "]);
    }

    #[test]
    fn cells_merged_the_old_way_are_one_cell() {
        let body = table(&[row(&[(r#"<w:hMerge w:val="restart"/>"#, "a"), ("<w:hMerge/>", ""), ("", "b")])]);
        assert_eq!(cells(&body), ["R1C1 1x2 a", "R1C3 1x1 b"]);
    }

    #[test]
    fn an_absurd_span_is_cut() {
        let body = table(&[
            row(&[(r#"<w:gridSpan w:val="1000000"/>"#, "a"), ("", "b")]),
            row(&[("<w:gridSpan w:val='0'/>", "c"), ("<w:gridSpan w:val='x'/>", "d")]),
        ]);
        assert_eq!(cells(&body), ["R1C1 1x63 a", "R1C64 1x1 b", "R2C1 1x1 c", "R2C2 1x1 d"]);
        assert!(printed(&body).contains("! span_cut"));
    }

    #[test]
    fn header_rows_count_only_from_the_top() {
        let header = "<w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc><w:p/></w:tc></w:tr>";
        let plain = "<w:tr><w:tc><w:p/></w:tc></w:tr>";
        let document = document(&format!("<w:tbl>{header}{plain}{header}</w:tbl>"));
        let table = document.tables().next().unwrap();
        let headers: Vec<_> = table.rows().iter().map(|row| row.header).collect();
        assert_eq!(headers, [true, false, false]);
        assert_eq!(table.cells()[0].role, nianbao_model::Role::ColumnHeader);
        assert_eq!(table.cells()[1].role, nianbao_model::Role::Body);
    }

    #[test]
    fn deleted_rows_are_gone_and_deleted_cells_leave_their_place_empty() {
        let body = "<w:tbl><w:tr><w:trPr><w:del w:id='1'/></w:trPr><w:tc><w:p/></w:tc></w:tr>\
            <w:tr><w:tc><w:tcPr><w:cellDel/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>";
        assert_eq!(cells(body), ["R1C2 1x1 "]);
        let printed = printed(body);
        assert!(printed.contains("table 1 R2C2"), "{printed}");
        assert!(printed.contains("changes_accepted"), "{printed}");
    }

    #[test]
    fn text_in_the_later_cells_of_a_merged_one_is_not_shown() {
        let body = table(&[row(&[(RESTART, "a")]), row(&[("<w:vMerge/>", "b")])]);
        assert_eq!(cells(&body), ["R1C1 2x1 a"]);
        assert!(printed(&body).contains("hidden_text_left_out"));
    }

    #[test]
    fn hidden_rows_are_read_and_marked() {
        let body = "<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>7</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
        let printed = printed(body);
        assert!(printed.contains("R1 stated hidden"), "{printed}");
        assert!(printed.contains("|7|") && printed.contains("hidden_rows_read"), "{printed}");
    }
}
