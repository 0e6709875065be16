//! How cells look (18.8): the format of their number, and whether they have a border.

use std::collections::HashMap;

use crate::book::Styles;
use crate::xml::{Kind, Tags};

/// Reads the part of the styles.
pub(crate) fn read(xml: &str) -> Styles {
    let mut styles = Styles::new();
    let mut formats: HashMap<u32, String> = HashMap::new();
    let mut borders: Vec<bool> = Vec::new();
    // Other lists hold elements of the same names: styles that others derive from, and looks under a condition.
    let mut list = List::Other;
    for tag in Tags::new(xml) {
        match (tag.name, tag.kind) {
            (b"numFmts", kind) => list.turn(List::Formats, kind),
            (b"borders", kind) => list.turn(List::Borders, kind),
            (b"cellXfs", kind) => list.turn(List::Cells, kind),
            (_, Kind::End) => {}
            (b"numFmt", _) if list == List::Formats => {
                let code = tag.attribute_text("formatCode").map(|code| code.into_owned());
                formats.extend(tag.number("numFmtId").zip(code));
            }
            (b"border", _) if list == List::Borders => borders.push(false),
            (b"left" | b"right" | b"top" | b"bottom" | b"start" | b"end" | b"diagonal", _) if list == List::Borders => {
                if let Some(border) = borders.last_mut() {
                    *border |= tag.attribute("style").is_some_and(|style| style != "none");
                }
            }
            (b"xf", _) if list == List::Cells => {
                let id = tag.number("numFmtId").unwrap_or(0);
                let border = tag.number("borderId").and_then(|border| borders.get(border as usize)).copied();
                styles.push(id, formats.get(&id).map(String::as_str), border.unwrap_or(false));
            }
            _ => {}
        }
    }
    styles
}

/// The list that is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    Formats,
    Borders,
    Cells,
    Other,
}

impl List {
    fn turn(&mut self, list: Self, kind: Kind) {
        *self = if kind == Kind::Start { list } else { Self::Other };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::{Filler, Sheet};
    use nianbao_model::Format;

    #[test]
    fn formats_and_borders_are_those_of_the_cells() {
        let styles = read(
            r#"<styleSheet><numFmts count="1"><numFmt numFmtId="176" formatCode="0&quot;件&quot;"/></numFmts>
            <borders><border><left/><right style="none"/></border><border><left/><top style="thin"><color rgb="FF0000"/></top></border></borders>
            <cellStyleXfs><xf numFmtId="10" borderId="1"/></cellStyleXfs>
            <cellXfs><xf numFmtId="0" borderId="0"/><xf numFmtId="176" borderId="1"/><xf numFmtId="9" borderId="7"><alignment/></xf></cellXfs>
            <dxfs><dxf><numFmt numFmtId="176" formatCode="General"/><border><left style="thin"/></border></dxf></dxfs></styleSheet>"#,
        );
        let mut filler = Filler::new(Format::Xlsx, styles);
        let mut sheet = Sheet::new("表1", false);
        for style in 0..4 {
            filler.number(&mut sheet, (0, style), style as usize, 2.0).unwrap();
        }
        let cells: Vec<_> = sheet.cells.iter().map(|cell| (cell.text(), cell.is_bordered)).collect();
        assert_eq!(cells, [("2", false), ("2件", true), ("200%", false), ("2", false)]);
    }
}
