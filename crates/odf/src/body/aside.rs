//! What stands beside the running text: frames, text boxes, shapes (ODF 1.4 Part 3, clause 10).

use super::{Body, What};
use crate::xml::{Stop, Tag};

/// How many text boxes may stand in one another. Writer allows one.
const MAX_TEXT_BOXES: usize = 16;

impl<'a> Body<'a> {
    pub(super) fn begin_drawing(&mut self, local: &[u8], tag: &Tag<'a>, is_empty: bool) -> Result<(), Stop> {
        match local {
            b"text-box" | b"custom-shape" | b"rect" | b"line" | b"polyline" | b"polygon" | b"regular-polygon"
            | b"path" | b"circle" | b"ellipse" | b"connector" | b"caption" | b"measure" => {
                self.begin_text_box(tag, is_empty)?;
            }
            b"frame" | b"g" | b"a" => self.push_open(What::Frame, is_empty),
            // Pictures, formulas, charts, controls, and how shapes are drawn.
            _ => self.skip(tag, is_empty)?,
        }
        Ok(())
    }

    fn begin_text_box(&mut self, tag: &Tag<'a>, is_empty: bool) -> Result<(), Stop> {
        if is_empty {
            return Ok(());
        }
        if !self.is_shown() {
            return Ok(self.xml.skip(tag)?);
        }
        if self.flow.text_boxes() == MAX_TEXT_BOXES {
            self.unreadable("a text box", "it stands too deep in others");
            return Ok(self.xml.skip(tag)?);
        }
        self.flow.begin_text_box(0);
        self.lists.begin_apart();
        self.push_open(What::TextBox, is_empty);
        Ok(())
    }

    /// A text box in a cell becomes lines of the cell: before the paragraph that it is anchored in, where that has no text yet, else after.
    pub(super) fn end_text_box(&mut self) {
        self.lists.end();
        let lines = self.flow.end();
        match self.paragraphs.last_mut() {
            Some(anchor) if anchor.draft.has_text => anchor.draft.after.extend(lines),
            _ if !lines.is_empty() => self.flow.push_lines(lines),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::printed;

    fn text_box(content: &str) -> String {
        format!(
            "<draw:frame><draw:text-box>{content}</draw:text-box><svg:title>x</svg:title></draw:frame>\
             <draw:frame><draw:object><text:p>x</text:p></draw:object><draw:image><office:binary-data>AA==</office:binary-data></draw:image></draw:frame>"
        )
    }

    fn paragraphs(body: &str) -> Vec<String> {
        let printed = printed(body);
        let texts = printed.lines().filter_map(|line| line.strip_prefix("¶ |")?.split('|').next().map(str::to_owned));
        texts.collect()
    }

    #[test]
    fn a_text_box_is_read_before_the_text_that_follows_its_anchor() {
        let title = text_box("<text:p>年度报告</text:p>");
        assert_eq!(paragraphs(&format!("<text:p>{title}正文</text:p>")), ["年度报告", "正文"]);
        assert_eq!(paragraphs(&format!("<text:p>正文{title}</text:p>")), ["正文", "年度报告"]);
        assert_eq!(paragraphs(&format!("{title}<text:p>正文</text:p>")), ["年度报告", "正文"]);
        let shape = "<draw:g><draw:custom-shape><text:p>年度报告</text:p><draw:enhanced-geometry/></draw:custom-shape></draw:g>";
        assert_eq!(paragraphs(&format!("<text:p>{shape}正文</text:p>")), ["年度报告", "正文"]);
    }

    #[test]
    fn a_text_box_in_a_cell_is_lines_of_the_cell() {
        let note = text_box("<text:p>注</text:p>");
        let body = |content: &str| {
            format!(
                "<table:table><table:table-row><table:table-cell><text:p>{content}</text:p></table:table-cell></table:table-row></table:table>"
            )
        };
        assert!(printed(&body(&format!("{note}7"))).contains("C1 |注⏎7|"));
        assert!(printed(&body(&format!("7{note}"))).contains("C1 |7⏎注|"));
    }

    #[test]
    fn text_boxes_too_deep_in_one_another_are_said() {
        let deep = (0..40)
            .fold("<text:p>底</text:p>".to_owned(), |inner, _| format!("<text:p>{}</text:p>", text_box(&inner)));
        let text = printed(&deep);
        assert!(!text.contains('底') && text.contains("! part_unreadable"), "{text}");
    }
}
