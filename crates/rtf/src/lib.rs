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

#[cfg(test)]
mod tests {
    use super::*;

    /// A document with this text, with fonts for Chinese (0), for the west (1) and for signs (2).
    pub(crate) fn document(text: &str) -> Vec<u8> {
        let fonts = "{\\fonttbl{\\f0\\fcharset134 SimSun;}{\\f1\\fcharset0 Arial;}{\\f2\\fcharset2 Wingdings;}}";
        format!("{{\\rtf1\\ansi\\ansicpg936\\deff0{fonts}{text}}}").into_bytes()
    }

    /// What is read of a document with this text.
    pub(crate) fn printed(text: &str) -> String {
        nianbao_model::print(&extract(&document(text)).unwrap())
    }

    #[test]
    fn what_is_no_rtf_is_refused() {
        assert_eq!(extract(b"plain text").unwrap_err().kind(), "corrupt");
        assert!(is_rtf(b"\xEF\xBB\xBF\r\n{\\rtf1 x}") && !is_rtf(b"{rtf}"));
    }

    #[test]
    fn a_document_that_breaks_off_gives_what_stands_before() {
        let whole = document("one\\par\\trowd\\cellx900\\cellx1800 a\\cell b\\cell\\row two");
        for length in 6..whole.len() {
            let document = extract(&whole[..length]).unwrap();
            assert!(document.warnings.iter().any(|warning| warning.to_string().contains("breaks off")), "{length}");
        }
        assert!(extract(&whole).unwrap().warnings.is_empty());
    }

    #[test]
    fn groups_that_do_not_match_are_told_and_read_on() {
        let closed = printed("one}\\par two\\par");
        assert!(closed.contains("|one|") && closed.contains("|two|") && closed.contains("file_repaired"), "{closed}");
        let mut rubbish = document("one");
        rubbish.extend(b"\0\n");
        assert!(extract(&rubbish).unwrap().warnings.is_empty());
        rubbish.extend(b"rubbish");
        let document = extract(&rubbish).unwrap();
        assert_eq!((document.blocks.len(), document.warnings.len()), (1, 1));
    }

    #[test]
    fn nothing_is_too_deep() {
        for open in ["{", "{\\b x", "{\\shp{\\*\\shpinst{\\shptxt ", "{\\field{\\*\\fldinst ", "{\\*\\nesttableprops"] {
            let deep = open.repeat(100_000);
            let document = extract(&document(&format!("{deep}7"))).unwrap();
            assert!(!document.warnings.is_empty(), "{open}");
        }
        let nested = "\\intbl\\itap60 x\\nestcell\\nestrow{\\shp{\\*\\shpinst{\\shptxt ".repeat(50);
        assert!(extract(&document(&nested)).is_ok());
    }

    #[test]
    fn more_than_any_document_has_is_refused() {
        assert_eq!(extract(&document(&"\\par".repeat(600_000))).unwrap_err().kind(), "too_large");
        assert_eq!(extract(&document(&"{\\v a}b".repeat(2_100_000))).unwrap_err().kind(), "too_large");
        let rows = format!("{}{}", "\\cellx9".repeat(250), "\\trhdr\\cell\\row".repeat(100_000));
        assert_eq!(extract(&document(&rows)).unwrap_err().kind(), "too_large");
    }

    proptest::proptest! {
        #[test]
        fn no_soup_of_words_panics(picks in proptest::collection::vec(0..SOUP.len(), 0..150)) {
            let soup: String = picks.into_iter().map(|pick| SOUP[pick]).collect();
            let _ = extract(&document(&soup));
        }
    }

    /// Pieces in any order: most orders make no sense.
    const SOUP: [&str; 44] = [
        "{",
        "}",
        "}",
        "{\\*",
        "年",
        "x ",
        "\\'b9",
        "\\'ab",
        "\\u24180?",
        "\\u-10179",
        "\\u-8704 ??",
        "\\uc2 ",
        "\\par ",
        "\\cell ",
        "\\row ",
        "\\nestcell ",
        "\\nestrow ",
        "\\trowd ",
        "\\cellx900 ",
        "\\cellx1800 ",
        "\\clvmgf ",
        "\\clvmrg ",
        "\\clmgf ",
        "\\clmrg ",
        "\\intbl ",
        "\\itap2 ",
        "\\itap3 ",
        "\\pard ",
        "\\plain ",
        "\\v ",
        "\\deleted ",
        "\\f1 ",
        "\\f2 ",
        "{\\*\\nesttableprops",
        "{\\listtext 1.\\tab}",
        "\\ls1 ",
        "{\\shp{\\*\\shpinst{\\shptxt ",
        "{\\field{\\*\\fldinst SYMBOL 254 \\f",
        "{\\fldrslt ",
        "{\\upr{a}{\\*\\ud b}}",
        "{\\pntext 1.}",
        "{\\*\\pn\\pndec{\\pntxta .}}",
        "\\bin3 ",
        "\\line ",
    ];
}
