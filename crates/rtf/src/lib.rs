//! Rich Text Format to a [`Document`] (the RTF Specification 1.9.1).
//!
//! ```
//! let document = nianbao_rtf::extract(br"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 SimSun;}}\'b9\'ab\'bf\'aa\par}")?;
//! assert_eq!(document.blocks.len(), 1);
//! # Ok::<(), nianbao_container::Error>(())
//! ```
//!
//! What is read: paragraphs and tables in reading order, nested tables as blocks of their own, merged cells once, automatic numbers as
//! they were shown, tracked changes as accepted, the results of fields, text boxes, symbols; text in the code page of its font, of the
//! document, or, where neither says so, in the one that it was found to be in.
//!
//! What it does not do: headers, footers, footnotes and comments are not read; a picture has no text here.

mod body;
mod charset;
mod content;
mod fonts;
mod guess;
mod instruction;
mod lists;
mod pending;
mod pn;
mod reader;
mod row;
mod state;
mod styles;
mod tokens;
mod words;

use nianbao_container::Error;
use nianbao_model::{Document, Format, Warning, WarningKind};

use crate::reader::Problems;

/// Whether bytes begin as RTF does. Blanks and the mark of UTF-8 may stand in front.
pub fn is_rtf(bytes: &[u8]) -> bool {
    start(bytes).starts_with(b"{\\rtf")
}

fn start(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start()
}

/// Reads an RTF document.
///
/// A document that breaks off, or whose groups do not match, gives what can be read, with a warning.
///
/// # Errors
/// A file that is no RTF, or past the limits.
pub fn extract(bytes: &[u8]) -> Result<Document, Error> {
    if !is_rtf(bytes) {
        return Err(Error::corrupt("it does not begin as RTF does"));
    }
    let mut found = reader::read(start(bytes))?;
    let problems = std::mem::take(&mut found.problems);
    let (blocks, noticed) = body::blocks(found)?;
    let mut document = Document::new(Format::Rtf);
    document.blocks = blocks;
    document.warnings = warnings(&problems);
    document.warnings.extend(noticed);
    Ok(document)
}

/// What was not sure of the file as a whole.
fn warnings(problems: &Problems) -> Vec<Warning> {
    let mut kinds = Vec::new();
    let unreadable =
        |part: &str, reason: &str| WarningKind::PartUnreadable { part: part.to_owned(), reason: reason.to_owned() };
    kinds.extend(problems.guessed.iter().map(|found| WarningKind::EncodingGuessed { encoding: found.name() }));
    kinds.extend(problems.undecodable.iter().map(|found| WarningKind::Undecodable { encoding: found.name() }));
    for (is_so, part, reason) in [
        (problems.breaks_off, "the end", "the file breaks off within its groups"),
        (problems.has_more, "what stands behind the end", "it is no text"),
        (problems.too_deep, "the formatting of some text", "its groups stand too deep in others"),
        (problems.boxes_too_deep, "a text box", "it stands too deep in others"),
    ] {
        if is_so {
            kinds.push(unreadable(part, reason));
        }
    }
    if problems.closes_too_often {
        kinds.push(WarningKind::FileRepaired);
    }
    kinds.into_iter().map(|kind| Warning::new(kind, Vec::new())).collect()
}
