//! Paragraphs, their numbers, and what stands in them.

use nianbao_container::Error;
use nianbao_model::ParagraphRole;
use nianbao_story::{Draft, Label, Suffix, walk};

use super::Body;
use crate::content::{Number, Paragraph, Run, What};

impl Body {
    pub(super) fn read_paragraph(&mut self, paragraph: &Paragraph) -> Result<(), Error> {
        self.script.begin_paragraph();
        let mark = paragraph.mark.unwrap_or_default();
        let role = self.role(paragraph);
        if let Some(draft) = self.script.draft() {
            draft.role = role;
            draft.is_open = mark.is_deleted;
        }
        if mark.is_deleted {
            self.script.notices.deletion(self.script.here());
        } else if !mark.is_hidden {
            self.number(paragraph);
        }
        self.runs(&paragraph.runs)?;
        self.script.end_paragraph();
        Ok(())
    }

    /// The role: what the paragraph says of its outline, else what its style's name or outline says.
    fn role(&self, paragraph: &Paragraph) -> ParagraphRole {
        let style = self.styles.get(paragraph.properties.style);
        let heading = |outline: i32| match u8::try_from(outline) {
            Ok(outline @ 0..=8) => ParagraphRole::Heading(outline + 1),
            _ => ParagraphRole::Body,
        };
        match (paragraph.properties.outline, style.role, style.outline) {
            (Some(own), _, _) => heading(own),
            (None, Some(role), _) => role,
            (None, None, Some(outline)) => heading(outline),
            (None, None, None) => ParagraphRole::Body,
        }
    }

    /// Writes the automatic number of the paragraph that is being read.
    ///
    /// It stands in the file twice: as it was shown, and as the level of a list that counts. What was shown is taken, for programs write
    /// lists with less care (LibreOffice has a question mark where 、 should be; see `rtf/numbered-headings`); the list says what is a
    /// bullet, and counts for paragraphs that show nothing.
    fn number(&mut self, paragraph: &Paragraph) {
        let properties = &paragraph.properties;
        let scheme = properties.list.and_then(|list| self.lists.scheme(list).zip(u32::try_from(list).ok()));
        let level = usize::try_from(properties.level).unwrap_or_default();
        let counted = scheme.and_then(|(scheme, list)| self.counting.next(list, &scheme, level));
        let label = match (&paragraph.number, counted) {
            (Number::Bullet, _) => return,
            (Number::Counted(text), _) => Label { text: text.clone(), ..Label::default() },
            // A bullet has no text.
            (_, Some(counted)) if counted.text.is_empty() => return,
            (Number::Shown(text), Some(counted)) if !text.trim().is_empty() => {
                Label { text: text.trim().to_owned(), suffix: counted.suffix, unknown_format: None }
            }
            (Number::Shown(text), None) => match shown_alone(text) {
                Some(label) => label,
                None => return,
            },
            (_, Some(counted)) => counted,
            (Number::Unknown, None) => return,
        };
        self.script.number(label);
    }

    fn runs(&mut self, runs: &[Run]) -> Result<(), Error> {
        let mut was_deleted = false;
        for run in runs {
            let is_deleted = run.visibility.is_deleted;
            if is_deleted && !was_deleted {
                self.script.notices.deletion(self.script.here());
            }
            was_deleted = is_deleted;
            if !is_deleted && self.is_shown(run) {
                self.run(&run.what)?;
            }
        }
        Ok(())
    }

    fn run(&mut self, what: &What) -> Result<(), Error> {
        match what {
            What::Text(range) => self.script.push_text(self.content.text.get(range.clone()).unwrap_or_default()),
            What::Line => self.script.draft().map(Draft::break_line).unwrap_or_default(),
            What::Page => self.script.draft().map(Draft::break_page).unwrap_or_default(),
            What::TextBox(index) => self.text_box(*index)?,
        }
        Ok(())
    }

    /// Whether a run is shown; says so where it is hidden.
    fn is_shown(&mut self, run: &Run) -> bool {
        if !run.visibility.is_hidden || self.script.in_hidden_row() {
            return true;
        }
        if matches!(run.what, What::Text(_) | What::TextBox(_)) {
            self.script.notices.hidden_text(self.script.here());
        }
        false
    }

    fn text_box(&mut self, index: usize) -> Result<(), Error> {
        let Some(paragraphs) = self.content.boxes.get_mut(index).map(std::mem::take) else { return Ok(()) };
        self.script.begin_text_box();
        walk(self, &paragraphs, 0..paragraphs.len(), 0)?;
        self.script.end_text_box();
        Ok(())
    }
}

/// A number that stands in the file as it was shown, and of which no list says more; `None` for a bullet.
fn shown_alone(text: &str) -> Option<Label> {
    let number = text.trim();
    if !number.contains(char::is_alphanumeric) || number.chars().any(|c| ('\u{E000}'..='\u{F8FF}').contains(&c)) {
        return None;
    }
    let has_room = text.ends_with(char::is_whitespace);
    let suffix = if has_room { Suffix::Room } else { Suffix::Nothing };
    Some(Label { text: number.to_owned(), suffix, unknown_format: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::printed;

    #[test]
    fn bullets_that_no_list_tells_are_no_numbers() {
        let shown = |text: &str| shown_alone(text).map(|label| (label.text, label.suffix));
        assert_eq!(shown("一、\t"), Some(("一、".to_owned(), Suffix::Room)));
        assert_eq!(shown("（1）"), Some(("（1）".to_owned(), Suffix::Nothing)));
        assert_eq!(shown("①\t"), Some(("①".to_owned(), Suffix::Room)));
        assert_eq!(shown("·\t"), None);
        assert_eq!(shown("\u{F0B7}\t"), None);
        assert_eq!(shown("•"), None);
    }

    fn shown(text: &str) -> String {
        let printed = printed(text);
        let lines = printed.lines().skip(1).map(|line| line.split("  @").next().unwrap_or_default());
        lines.collect::<Vec<_>>().join("; ")
    }

    const LISTS: &str = "{\\*\\listtable{\\list{\\listlevel\\levelnfc37\\levelstartat1\\levelfollow2{\\leveltext\\'02\\'00\\u12289?;}\
        {\\levelnumbers\\'01;}}{\\listlevel\\levelnfc23{\\leveltext\\'01\\u-3913 ?;}}\\listid7}}\
        {\\*\\listoverridetable{\\listoverride\\listid7\\listoverridecount0\\ls1}}";

    #[test]
    fn a_number_is_taken_as_it_was_shown_else_counted() {
        let text =
            "\\pard\\ls1 a\\par{\\listtext 5.\\tab}b\\par c\\par\\ilvl1{\\listtext\\'b7\\tab}d\\par\\pard e\\par";
        assert_eq!(shown(&format!("{LISTS}{text}")), "¶ |一、a|; ¶ |5.b|; ¶ |三、c|; ¶ |d|; ¶ |e|");
        assert_eq!(shown("{\\listtext 1.\\tab}\\ls9 a\\par"), "¶ |1. a|");
    }

    #[test]
    fn numbers_of_word_6_are_shown_or_counted() {
        let pn = "{\\*\\pn\\pnlvlbody\\pndec\\pnstart3{\\pntxta .}}";
        assert_eq!(
            shown(&format!("\\pard{{\\pntext 3.\\tab}}{pn}a\\par{{\\pntext 4.\\tab}}b\\par")),
            "¶ |3. a|; ¶ |4. b|"
        );
        assert_eq!(shown(&format!("\\pard{pn}a\\par b\\par\\pard c\\par")), "¶ |3. a|; ¶ |4. b|; ¶ |c|");
        let bullet = "{\\pntext\\'b7\\tab}{\\*\\pn\\pnlvlblt{\\pntxtb\\'b7}}";
        assert_eq!(shown(&format!("\\pard{bullet}a\\par")), "¶ |a|");
    }

    #[test]
    fn headings_are_told_by_outline_and_by_style() {
        let styles = "{\\stylesheet{\\s1 heading 1;}{\\s2\\outlinelevel1 own;}{\\*\\cs3 heading 3;}}";
        let text = "\\pard\\s1 a\\par\\pard\\s2 b\\par\\pard\\outlinelevel2 c\\par\\pard\\s1\\outlinelevel9 d\\par";
        assert_eq!(shown(&format!("{styles}{text}")), "H1 |a|; H2 |b|; H3 |c|; ¶ |d|");
    }

    #[test]
    fn changes_are_read_as_accepted() {
        let text = "a{\\deleted no}{\\revised b}{\\mvf no}c{\\deleted\\par}d\\par";
        let printed = printed(text);
        assert!(printed.contains("¶ |abcd|") && printed.contains("changes_accepted"), "{printed}");
    }

    #[test]
    fn hidden_text_is_left_out_and_told() {
        let printed = printed("a{\\v no}b\\par");
        assert!(printed.contains("|ab|") && printed.contains("hidden_text_left_out"), "{printed}");
    }
}
