//! Word documents of Word 97 to 2003 to a [`Document`]: DOC, and the `.wps` and `.wpt` of WPS, which are the same format [MS-DOC].
//!
//! ```
//! let error = nianbao_word97::extract(b"no document").unwrap_err();
//! assert_eq!(error.kind(), "corrupt");
//! ```
//!
//! What is read: paragraphs and tables in reading order, nested tables as blocks of their own, merged cells once, automatic numbers
//! spelled out, tracked changes as accepted, the results of fields, text boxes, symbols, files that were saved fast.
//!
//! What it does not do: headers, footers, footnotes and comments are not read; a picture has no text here, nor has an embedded object;
//! numbers of Word 6 that were never made a list are not spelled; Word 95 and older are told by name ([`older`]) and not read.

mod body;
mod budget;
mod bytes;
mod character;
mod data;
mod drawings;
mod fib;
mod fonts;
mod forms;
mod lists;
mod pages;
mod paragraph;
mod pieces;
mod row;
mod sprm;
mod structure;
mod styles;

use nianbao_container::{Compound, Content, Error, Limits};
use nianbao_model::{Document, Format, Warning, WarningKind};

pub use fib::older;

use crate::body::Source;
use crate::data::Data;
use crate::drawings::Drawings;
use crate::fib::{Fib, Table};
use crate::lists::Lists;
use crate::pages::{Kind, Pages};
use crate::pieces::Text;
use crate::styles::Styles;

/// Reads a Word document.
///
/// A document of which some part is damaged gives what can be read without that part, with a warning.
///
/// # Errors
/// A file that is not readable at all: no compound file, encrypted, without a word document in it, or past the limits.
pub fn extract(bytes: &[u8]) -> Result<Document, Error> {
    let mut file = Compound::open(bytes, &Limits::default())?;
    let main = file.read("WordDocument")?.ok_or_else(|| Error::corrupt("no word document in it"))?;
    let fib = Fib::read(&main.bytes)?;
    if fib.is_encrypted {
        return Err(Error::Encrypted);
    }
    let tables = tables(&mut file, &fib)?;
    let mut warnings = Vec::new();
    for (name, content) in [("WordDocument", &main), (fib.table_stream, &tables)] {
        if let Some(reason) = &content.damage {
            warnings.push(unreadable(&format!("the rest of {name}"), reason));
        }
    }
    let text = Text::read(&fib, &main.bytes, &tables.bytes)?;
    if let Some(reason) = text.damage {
        warnings.push(unreadable("some of the text", reason));
    }
    if text.is_guessed {
        warnings.push(Warning::new(WarningKind::EncodingGuessed { encoding: "GBK" }, Vec::new()));
    }
    let lengths = fib.lengths;
    let boxes = lengths.main.saturating_add(lengths.aside);
    let source = source(text, Data::new(file), &fib, &main.bytes, &tables.bytes, &mut warnings);
    let (blocks, found) = body::read(source, 0..lengths.main, boxes..boxes.saturating_add(lengths.text_boxes))?;
    let mut document = Document::new(Format::Doc);
    document.blocks = blocks;
    document.warnings = warnings;
    document.warnings.extend(found);
    Ok(document)
}

/// The stream with the tables: the one that the file names, else the other one.
fn tables(file: &mut Compound<'_>, fib: &Fib<'_>) -> Result<Content, Error> {
    for name in [fib.table_stream, "1Table", "0Table"] {
        if let Some(content) = file.read(name)? {
            return Ok(content);
        }
    }
    Err(Error::corrupt("the stream with its tables is missing"))
}

/// Everything that says what the text means; a structure that cannot be read is left out, with a warning.
fn source<'a>(
    text: Text<'a>,
    data: Data<'a>,
    fib: &Fib<'_>,
    stream: &'a [u8],
    tables: &'a [u8],
    warnings: &mut Vec<Warning>,
) -> Source<'a> {
    let mut table = |table: Table, what: &str| match fib.table(tables, table) {
        Some(Ok(bytes)) => bytes,
        Some(Err(_)) => {
            warnings.push(unreadable(what, "it is cut off"));
            &[]
        }
        None => &[],
    };
    let characters = Pages::new(Kind::Characters, stream, table(Table::CharacterPages, "the formatting of characters"));
    let paragraphs = Pages::new(Kind::Paragraphs, stream, table(Table::ParagraphPages, "the formatting of paragraphs"));
    let styles = Styles::new(table(Table::Styles, "the styles"));
    // The levels of lists stand behind them, outside of what is stated.
    let lists = fib.range(Table::Lists).and_then(|range| tables.get(range.start..)).unwrap_or_default();
    let lists = Lists::new(lists, table(Table::ListOverrides, "the numberings"));
    let fonts = fonts::names(table(Table::Fonts, "the fonts"));
    let anchors = table(Table::Anchors, "the anchors of drawings");
    let boxes = table(Table::TextBoxes, "the text boxes");
    let drawings = Drawings::new(anchors, boxes, table(Table::Drawings, "the drawings"));
    if paragraphs.is_empty() {
        warnings.push(unreadable("the formatting of paragraphs", "nothing is there; tables cannot be told"));
    }
    Source { text, characters, paragraphs, styles, lists, fonts, drawings, data }
}

fn unreadable(part: &str, reason: &str) -> Warning {
    Warning::new(WarningKind::PartUnreadable { part: part.to_owned(), reason: reason.to_owned() }, Vec::new())
}
