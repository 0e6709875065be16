//! Fields: their result is text, their instruction is not (ECMA-376 Part 1, 17.16; [MS-DOC] 2.8.25).

/// The fields that are open where the text is read.
///
/// A field is a beginning, a separator and an end somewhere in the runs, and programs forget any of them. So a field whose
/// instruction has not ended with its paragraph is taken for forgotten, and none outlives the cell or text box it began in.
#[derive(Debug, Default)]
pub struct Fields {
    open: usize,
    /// The outermost whose result has not begun.
    instruction: Option<usize>,
}

impl Fields {
    /// How many fields are open: the mark for [`close`](Self::close).
    pub const fn mark(&self) -> usize {
        self.open
    }

    /// Whether what is read now is an instruction, and so no text.
    pub const fn is_instruction(&self) -> bool {
        self.instruction.is_some()
    }

    /// Whether what a form field shows is seen here: within its own instruction, or outside all of them.
    pub fn shows_form(&self) -> bool {
        self.instruction.is_none_or(|index| index + 1 == self.open)
    }

    /// Takes note of the beginning (`begin`), the separator (`separate`) or the end (`end`) of a field, as `w:fldChar` names them;
    /// fields below `base` are not touched.
    pub fn take(&mut self, kind: &str, base: usize) {
        match kind {
            "begin" => {
                self.instruction.get_or_insert(self.open);
                self.open += 1;
            }
            "separate" if self.open > base => self.result_begins(),
            "end" if self.open > base => self.close(self.open - 1),
            _ => {}
        }
    }

    /// The result of the innermost field begins.
    fn result_begins(&mut self) {
        self.instruction = self.instruction.filter(|&index| index + 1 < self.open);
    }

    /// A paragraph is over.
    pub fn end_paragraph(&mut self, base: usize) {
        if let Some(forgotten) = self.instruction.filter(|&index| index >= base) {
            self.close(forgotten);
        }
    }

    /// Closes the fields that began after a mark.
    pub fn close(&mut self, mark: usize) {
        self.open = self.open.min(mark);
        self.instruction = self.instruction.filter(|&index| index < mark);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_instruction_of_a_field_within_a_result_is_no_text() {
        let mut fields = Fields::default();
        for (kind, is_instruction) in [
            ("begin", true),
            ("separate", false),
            ("begin", true),
            ("separate", false),
            ("end", false),
            ("end", false),
            ("end", false),
        ] {
            fields.take(kind, 0);
            assert_eq!(fields.is_instruction(), is_instruction, "{kind}");
        }
    }

    #[test]
    fn a_forgotten_field_ends_with_its_paragraph() {
        let mut fields = Fields::default();
        fields.take("begin", 0);
        fields.take("separate", 0);
        fields.take("begin", 0);
        fields.end_paragraph(0);
        assert_eq!(fields.mark(), 1);
        assert!(!fields.is_instruction());
    }
}
