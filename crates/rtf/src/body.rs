//! The document, made of what was read: paragraph by paragraph and cell by cell, in reading order.

mod grid;
mod text;

use nianbao_container::Error;
use nianbao_model::{Block, Part, Warning};
use nianbao_story::{Counting, Script, walk};

use crate::content::Content;
use crate::lists::Lists;
use crate::reader::Found;
use crate::styles::Styles;

/// Makes blocks of what was read, with warnings about what was not sure.
pub(crate) fn blocks(found: Found) -> Result<(Vec<Block>, Vec<Warning>), Error> {
    let mut content = found.content;
    let main = std::mem::take(&mut content.main);
    let mut body = Body {
        content,
        styles: found.styles,
        lists: found.lists,
        counting: Counting::default(),
        script: Script::new(Part::Body),
    };
    walk(&mut body, &main, 0..main.len(), 0)?;
    Ok(body.script.finish())
}

struct Body {
    content: Content,
    styles: Styles,
    lists: Lists,
    counting: Counting,
    script: Script,
}
