//! How much may be read again and again.

/// How many bytes that other parts of the file refer to may be read, all references together. A long report with wide tables and fast
/// saves has a hundredth of this; a hostile one refers to the same 64 KiB a million times.
const MAX_BYTES: usize = 64 << 20;

/// What was read so far.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    spent: usize,
}

impl Budget {
    /// Whether so many bytes more may be read; they are then counted.
    pub(crate) const fn allows(&mut self, bytes: usize) -> bool {
        // Nothing is free, so that references to nothing count too.
        self.spent = self.spent.saturating_add(bytes).saturating_add(1);
        self.spent <= MAX_BYTES
    }

    /// Whether something was left out.
    pub(crate) const fn is_exceeded(&self) -> bool {
        self.spent > MAX_BYTES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_known() {
        let mut budget = Budget::default();
        assert!(budget.allows(MAX_BYTES - 2) && !budget.is_exceeded());
        assert!(!budget.allows(1) && budget.is_exceeded());
    }
}
