//! Parts of tables are put where readers see them: a caption before its table, a `tfoot` under the last row.

use crate::tag::Tag;
use crate::tree::{Id, Step, Tree};

/// Moves captions and feet of tables.
pub(crate) fn arrange(tree: &mut Tree) {
    // Most pages have none of them.
    if !tree.holds(|tag| matches!(tag, Tag::Caption | Tag::Tfoot)) {
        return;
    }
    let mut moves = Vec::new();
    let mut step = Some(Step::Enter(Id::DOCUMENT));
    while let Some(here) = step {
        if let Step::Enter(id) = here
            && let Some(tag @ (Tag::Caption | Tag::Tfoot)) = tree.tag(id)
            && let Some(table) = tree.parent(id).filter(|&table| tree.tag(table) == Some(Tag::Table))
        {
            moves.push((tag, id, table));
        }
        step = tree.next(here, Id::DOCUMENT);
    }
    for (tag, id, table) in moves {
        if tag == Tag::Caption { tree.insert_before(table, id) } else { tree.append(table, id) }
    }
}
