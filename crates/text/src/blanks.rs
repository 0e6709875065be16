//! To be written: plain lines.

use crate::Region;
use crate::grammar::Grammar;
use crate::lines::Line;

pub(crate) fn read(lines: &[Line<'_>], grammars: &[Grammar], start: usize) -> (Vec<Region>, usize) {
    let end = (start..lines.len())
        .find(|&index| grammars.get(index) != Some(&Grammar::Plain))
        .unwrap_or(lines.len());
    (vec![Region::Text(start..end)], end)
}
