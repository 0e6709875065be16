//! XLSX and XLSM (ECMA-376 Part 1, clause 18), transitional and strict.
//!
//! Read by ourselves, each part in one pass over its tags: calamine hands over no hidden rows, no merged cells and no formulas without a
//! result, so each sheet had to be inflated and passed over twice, and it believes what a part says of its size.

mod cells;
mod strings;
mod styles;

use nianbao_container::{Content, Error, Package};
use nianbao_model::Format;

use crate::book::{Book, Filler, Full, Sheet, Styles};
use crate::parts::{Targets, list_of, main_part, relationships, resolved};
use crate::xml::{Tag, Tags};

use self::cells::{Cells, Stop};
use self::strings::Strings;

/// The part with the strings of all cells may have so many bytes: half a million cells with a sentence each.
const MAX_STRINGS: usize = 48 << 20;

/// The styles may have so many tags: Excel refuses to keep more than 65,490 styles, of some five tags each.
const MAX_STYLE_TAGS: usize = 400_000;

/// Any other part but a sheet may have so many bytes.
const MAX_PART: usize = 16 << 20;

/// The part of a sheet may have so many bytes: more cells than a workbook may hold, with all that can be said of each.
const MAX_SHEET: usize = 128 << 20;

/// How many sheets a workbook may have.
const MAX_SHEETS: usize = 10_000;

/// Reads a workbook.
pub(crate) fn read(package: &mut Package<'_>) -> Result<Book, Error> {
    let main = main_part(package)?.unwrap_or_else(|| "xl/workbook.xml".to_owned());
    let (list, folder) = list_of(&main);
    let targets = relationships(package, &list)?;
    let content = part(package, &main, MAX_PART)?.ok_or_else(|| Error::corrupt("no workbook in it"))?;
    let (xml, damage) = content.text();
    let workbook = Workbook::of(&xml);
    if workbook.sheets.is_empty() {
        return Err(Error::corrupt("no sheet in it"));
    }
    let mut filler = Filler::new(Format::Xlsx, Styles::new());
    filler.from_1904 = workbook.from_1904;
    if let Some(damage) = damage {
        filler.left_out("the end of the list of sheets", damage);
    }
    let parts = Parts { targets, folder };
    filler.styles = styles(package, &parts, &mut filler)?;
    let strings = strings(package, &parts, &mut filler)?;
    for listed in workbook.sheets {
        let Some((kind, name)) = parts.by_id(&listed.id) else {
            filler.left_out(format!("sheet {}", listed.name), "nothing says where it is");
            continue;
        };
        // The others are charts and dialogs.
        if !kind.ends_with("/worksheet") {
            continue;
        }
        let mut sheet = Sheet::new(&listed.name, listed.is_hidden);
        match part(package, &name, MAX_SHEET)? {
            Some(content) => {
                let (xml, damage) = content.text();
                let mut cells = Cells::new(&strings, workbook.is_uncalculated, &mut filler, &mut sheet);
                let end = cells.read(&xml);
                let misplaced = cells.misplaced();
                match (end, damage) {
                    (Err(Stop::Full(Full)), _) => filler.full(&sheet),
                    (_, Some(damage)) => filler.cut(&sheet, damage),
                    (Err(Stop::Cut), None) => filler.cut(&sheet, "its cells have no end"),
                    (Ok(()), None) => {}
                }
                if misplaced > 0 {
                    let cells = format!("{misplaced} cells of sheet {}", sheet.name);
                    filler.left_out(cells, "they state places that no sheet has");
                }
            }
            None => filler.left_out(format!("sheet {}", sheet.name), "its part is missing"),
        }
        filler.book.sheets.push(sheet);
    }
    Ok(filler.book)
}

fn part(package: &mut Package<'_>, name: &str, limit: usize) -> Result<Option<Content>, Error> {
    let content = package.read(name)?;
    match content {
        Some(content) if content.bytes.len() > limit => {
            Err(Error::TooLarge { what: "bytes in one part", limit: limit as u64 })
        }
        content => Ok(content),
    }
}

fn styles(package: &mut Package<'_>, parts: &Parts<'_>, filler: &mut Filler) -> Result<Styles, Error> {
    let Some(content) = part(package, &parts.by_kind("/styles", "styles.xml"), MAX_PART)? else {
        return Ok(Styles::new());
    };
    if memchr::memchr_iter(b'<', &content.bytes).count() > MAX_STYLE_TAGS {
        return Err(Error::TooLarge { what: "styles", limit: MAX_STYLE_TAGS as u64 });
    }
    let (xml, damage) = content.text();
    if let Some(damage) = damage {
        filler.left_out("the end of the formats", damage);
    }
    Ok(styles::read(&xml))
}

fn strings(package: &mut Package<'_>, parts: &Parts<'_>, filler: &mut Filler) -> Result<Strings, Error> {
    let Some(content) = part(package, &parts.by_kind("/sharedStrings", "sharedStrings.xml"), MAX_STRINGS)? else {
        return Ok(Strings::default());
    };
    let (xml, damage) = content.text();
    let (strings, is_whole) = Strings::read(&xml);
    let reason = damage.or_else(|| (!is_whole).then(|| "it has no end, or more strings than any workbook".to_owned()));
    if let Some(reason) = reason {
        filler.left_out("the end of the table of strings", reason);
    }
    Ok(strings)
}

/// Where the parts of the workbook are.
struct Parts<'a> {
    targets: Targets,
    folder: &'a str,
}

impl Parts<'_> {
    /// Kind and name of a part by its id.
    fn by_id(&self, id: &str) -> Option<(&str, String)> {
        let (kind, target) = self.targets.get(id)?;
        Some((kind, resolved(self.folder, target)))
    }

    /// The name of the part of a kind: the usual one where none is stated.
    fn by_kind(&self, kind: &str, usual: &str) -> String {
        let found = self.targets.values().find(|(other, _)| other.ends_with(kind));
        resolved(self.folder, found.map_or(usual, |(_, target)| target))
    }
}

/// What the main part says.
#[derive(Debug, Default)]
struct Workbook {
    sheets: Vec<Listed>,
    from_1904: bool,
    /// Formulas are to be worked out when the file is opened: a result of 0 may be none.
    is_uncalculated: bool,
}

#[derive(Debug)]
struct Listed {
    name: String,
    id: String,
    is_hidden: bool,
}

impl Workbook {
    fn of(xml: &str) -> Self {
        let mut workbook = Self::default();
        for tag in Tags::new(xml) {
            match tag.name {
                b"sheet" if workbook.sheets.len() < MAX_SHEETS => workbook.sheets.extend(listed(tag)),
                // An extension has one of the same name that says nothing.
                b"workbookPr" => workbook.from_1904 |= tag.flag("date1904"),
                b"calcPr" => workbook.is_uncalculated = tag.flag("fullCalcOnLoad"),
                _ => {}
            }
        }
        workbook
    }
}

fn listed(tag: Tag<'_>) -> Option<Listed> {
    Some(Listed {
        name: tag.attribute_text("name").unwrap_or_default().into_owned(),
        id: tag.attribute("id")?.to_owned(),
        is_hidden: matches!(tag.attribute("state"), Some("hidden" | "veryHidden")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_part_lists_the_sheets() {
        let workbook = Workbook::of(
            r#"<workbook><workbookPr date1904="1"/><sheets><sheet name="表&amp;1" sheetId="1" r:id="rId1"/><sheet name="2"
            state="veryHidden" r:id="rId2"/></sheets><calcPr fullCalcOnLoad="1"/><extLst><x15:workbookPr chartTrackingRefBase="1"/></extLst></workbook>"#,
        );
        let sheets: Vec<_> =
            workbook.sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.id.as_str(), sheet.is_hidden)).collect();
        assert_eq!(sheets, [("表&1", "rId1", false), ("2", "rId2", true)]);
        assert!(workbook.from_1904 && workbook.is_uncalculated);
    }
}
