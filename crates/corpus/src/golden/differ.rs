//! The lines in which two texts differ.

use std::time::Duration;

use similar::{ChangeTag, TextDiff};

/// How many lines of a difference are shown.
const LINES_SHOWN: usize = 60;

/// How long the shortest difference of two texts is looked for; what is found then is still a difference.
const PATIENCE: Duration = Duration::from_secs(2);

/// The lines that differ, expected ones after `-`, new ones after `+`, each with its number.
pub fn difference(accepted: &str, now: &str) -> String {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(accepted, now);
    let changes = diff.iter_all_changes().filter_map(|change| {
        let (mark, index) = match change.tag() {
            ChangeTag::Equal => return None,
            ChangeTag::Delete => ('-', change.old_index()),
            ChangeTag::Insert => ('+', change.new_index()),
        };
        Some(format!("{mark} {:>4} {}\n", index.unwrap_or_default() + 1, change.value().trim_end()))
    });
    let lines: Vec<_> = changes.collect();
    let more = lines.len().saturating_sub(LINES_SHOWN);
    let mut text: String = lines.into_iter().take(LINES_SHOWN).collect();
    if more > 0 {
        text.push_str(&format!("  … and {more} more lines\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_its_lines() {
        assert_eq!(difference("a\nb\n", "a\nc\n"), "-    2 b\n+    2 c\n");
    }
}
