//! ODS and OTS, packed or as one XML file (ODF 1.0 to 1.4, Part 3, clauses 9 and 16).
//!
//! A cell holds what people see in it as text, beside the value. Rows and cells that look alike are written once and said to be repeated:
//! a sheet ends with a row that stands there a million times.

mod cells;
mod formats;
mod styles;
mod values;

use nianbao_container::{Error, Limits, OpenDocument};
use nianbao_model::Format;

use self::cells::{Cells, Stop};
use self::styles::Styles;
use crate::book::{self, Book, Filler, Full, Sheet};
use crate::xml::{Kind, Tag, Tags};

/// The part with all sheets may have so many bytes: more cells than a workbook may hold, with all that can be said of each.
const MAX_CONTENT: u64 = 128 << 20;

/// How many sheets a workbook may have.
const MAX_SHEETS: usize = 10_000;

/// Whether a file that is no package is a workbook as one XML file.
pub(crate) fn is_flat(bytes: &[u8]) -> bool {
    // Nothing else that is read here is text, in whatever encoding. A bare stream of records begins with a tab ([MS-XLS] 2.4.21), but no
    // `<` follows.
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    matches!(text, [b'<', ..] | [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..])
}

/// Reads a workbook.
pub(crate) fn read(bytes: &[u8]) -> Result<Book, Error> {
    let file = OpenDocument::open(bytes, &Limits { part: MAX_CONTENT, ..Limits::default() })?;
    let mut styles = Styles::default();
    if let Some(named) = &file.styles {
        styles.take(&mut Tags::new(named))?;
    }
    let mut tags = Tags::new(&file.content);
    styles.take(&mut tags)?;
    let mut filler = Filler::new(Format::Ods, book::Styles::new());
    filler.styles = styles.of_cells();
    for (part, damage) in &file.damage {
        filler.left_out(format!("some of {part}"), damage);
    }
    let is_whole = sheets(&mut tags, &styles, &mut filler);
    if filler.book.sheets.is_empty() {
        return Err(Error::corrupt("no sheet in it"));
    }
    if !is_whole && file.damage.is_empty() {
        filler.left_out("the end of the workbook", "it ends in the middle");
    }
    Ok(filler.book)
}

/// Reads the sheets; whether they end as they should.
fn sheets(tags: &mut Tags<'_>, styles: &Styles, filler: &mut Filler) -> bool {
    let mut is_in = false;
    while let Some(tag) = tags.next() {
        match (tag.name, tag.kind) {
            (b"spreadsheet", Kind::End | Kind::Empty) => return true,
            (b"spreadsheet", Kind::Start) => is_in = true,
            (b"table", Kind::Start) if is_in && filler.book.sheets.len() < MAX_SHEETS => {
                if !is_remembered(tag) {
                    match sheet(tags, tag, styles, filler) {
                        Ok(()) => {}
                        Err(Stop::Full(Full)) => return true,
                        Err(Stop::Cut) => return false,
                    }
                } else if skip(tags, tag).is_none() {
                    return false;
                }
            }
            // How the workbook came to be, and what is made of it.
            (_, Kind::Start) if is_in && skip(tags, tag).is_none() => return false,
            _ => {}
        }
    }
    false
}

fn sheet(tags: &mut Tags<'_>, tag: Tag<'_>, styles: &Styles, filler: &mut Filler) -> Result<(), Stop> {
    let name = tag.attribute_text("name").unwrap_or_default();
    let is_hidden = tag.attribute("style-name").is_some_and(|name| styles.hides_sheet(name));
    let mut sheet = Sheet::new(&name, is_hidden);
    let mut cells = Cells::new(styles, filler, &mut sheet);
    let end = cells.read(tags);
    match end {
        Ok(()) => {}
        Err(Stop::Full(Full)) => filler.full(&sheet),
        Err(Stop::Cut) => filler.cut(&sheet, "it ends in the middle"),
    }
    filler.book.sheets.push(sheet);
    end
}

/// Whether a table is no sheet but what is remembered of one in another file: `'file:///…/a.ods'#$表1`.
fn is_remembered(tag: Tag<'_>) -> bool {
    let name = tag.attribute_text("name").unwrap_or_default();
    name.starts_with('\'') && name.contains("'#$")
}

/// Passes over an element that has begun; gives its end, `None` where it has none.
fn skip<'a>(tags: &mut Tags<'a>, tag: Tag<'a>) -> Option<Tag<'a>> {
    let mut depth = 1_usize;
    tags.by_ref().filter(|inner| inner.name == tag.name).find(|inner| {
        match inner.kind {
            Kind::Start => depth += 1,
            Kind::Empty => {}
            Kind::End => depth -= 1,
        }
        depth == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::document;
    use nianbao_model::print;

    /// A workbook as one XML file, as plain text.
    pub(super) fn printed(styles: &str, sheets: &str) -> String {
        let text = format!(
            "<office:document office:mimetype='application/vnd.oasis.opendocument.spreadsheet'><office:automatic-styles>{styles}</office:automatic-styles>\
             <office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body></office:document>"
        );
        print(&document(read(text.as_bytes()).unwrap()))
    }

    fn cell(text: &str) -> String {
        format!("<t:table-cell o:value-type='string'><x:p>{text}</x:p></t:table-cell>")
    }

    #[test]
    fn sheets_are_read_and_hidden_ones_said_to_be() {
        let styles = "<s:style s:name='ta2' s:family='table'><s:table-properties t:display='false'/></s:style>";
        let sheet = |name: &str, style: &str, text: &str| {
            format!(
                "<t:table t:name='{name}' t:style-name='{style}'><t:table-row>{}</t:table-row></t:table>",
                cell(text)
            )
        };
        let sheets = [
            "<t:tracked-changes><t:cell><t:table t:name='x'/></t:cell></t:tracked-changes>".to_owned(),
            sheet("甲", "ta2", "一"),
            sheet("乙&amp;丙", "ta1", "二"),
            sheet("&apos;file:///tmp/a.ods&apos;#$表1", "ta1", "三"),
        ];
        let text = printed(styles, &sheets.concat());
        assert!(text.starts_with("ods\n¶ |二|  @ 乙&丙!A1\n¶ |一|  @ 甲!A1\n! hidden_sheet_read"), "{text}");
        assert!(!text.contains('三'), "{text}");
    }

    #[test]
    fn the_stream_of_an_old_workbook_is_no_text() {
        assert!(is_flat(b"\xEF\xBB\xBF\n <office:document>") && is_flat(b"\xFF\xFE<\0"));
        assert!(!is_flat(b"\x09\x08\x08\x00\x00\x05") && !is_flat(b"\xD0\xCF\x11\xE0"));
    }

    #[test]
    fn a_workbook_that_breaks_off_gives_what_stands_before() {
        let whole = format!(
            "<office:document><office:body><office:spreadsheet><t:table t:name='甲'><t:table-row>{}{}</t:table-row></t:table></office:spreadsheet></office:body></office:document>",
            cell("一"),
            cell("二")
        );
        for (length, _) in whole.char_indices() {
            match read(&whole.as_bytes()[..length]) {
                Ok(book) => {
                    let is_done = length >= whole.find("</office:body").unwrap();
                    assert!(is_done || !book.warnings.is_empty(), "{length}");
                }
                Err(error) => assert_eq!(error.kind(), "corrupt"),
            }
        }
        let cut = read(&whole.as_bytes()[..whole.find("二").unwrap()]).unwrap();
        assert_eq!(cut.sheets[0].cells.len(), 1);
    }
}
