//! The control words that say where text goes, and those that stand for a character (RTF 1.9.1, "Special Characters", "Destinations").

/// Where what is read goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Destination {
    /// The story that is being read.
    #[default]
    Text,
    /// Nowhere.
    Skipped,
    Fonts,
    Styles,
    Lists,
    ListReferences,
    /// The looks of a level of a list.
    LevelText,
    /// The number of a paragraph as it was shown.
    ListText,
    /// The same of Word 6.
    PnText,
    Pn,
    PnBefore,
    PnAfter,
    /// The instruction of a field.
    Instruction,
    Form,
    FormEntry,
    /// A drawing, in which text boxes may stand.
    Shape,
    ShapeName,
    ShapeValue,
    /// One text in two encodings: that in Unicode is read.
    Alternatives,
}

/// What a control word does that says where text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// It goes there.
    To(Destination),
    /// It goes where it went.
    On,
    /// It is that of a text box.
    TextBox,
    /// It is that of the alternative in Unicode.
    Unicode,
    /// It is the result of a field.
    Result,
    /// It describes the rows of nested tables.
    NestedRow,
}

/// Where the text of a group goes that begins with the word `name`, within one whose text goes to `from`; `None` for a word that does not
/// say.
pub(crate) fn way(from: Destination, name: &[u8]) -> Option<Way> {
    use Destination as To;
    let to = match (from, name) {
        (To::Lists | To::ListReferences, b"leveltext") => To::LevelText,
        (To::Lists | To::ListReferences, b"levelnumbers" | b"listname" | b"liststylename") => To::Skipped,
        (To::Lists | To::ListReferences, b"listpicture") => To::Skipped,
        (To::Pn, b"pntxtb") => To::PnBefore,
        (To::Pn, b"pntxta") => To::PnAfter,
        (To::Instruction, b"formfield") => To::Form,
        (To::Instruction, b"fldinst" | b"fldrslt" | b"shp" | b"do") => To::Skipped,
        (To::Form, b"ffl") => To::FormEntry,
        (To::Form, b"ffname" | b"ffdeftext" | b"ffformat" | b"ffhelptext" | b"ffstattext") => To::Skipped,
        (To::Form, b"ffentrymcr" | b"ffexitmcr") => To::Skipped,
        (To::Shape, b"sn") => To::ShapeName,
        (To::Shape, b"sv") => To::ShapeValue,
        (To::Shape, b"shptxt" | b"dptxbxtext") => return Some(Way::TextBox),
        (To::Shape, b"shp" | b"shpgrp" | b"shpinst" | b"sp" | b"do" | b"dptxbx") => return Some(Way::On),
        (To::Alternatives, b"ud") => return Some(Way::Unicode),
        (To::Text, name) => return way_of_text(name),
        (_, b"pict" | b"shprslt" | b"falt" | b"panose" | b"fname") => To::Skipped,
        _ => return None,
    };
    Some(Way::To(to))
}

fn way_of_text(name: &[u8]) -> Option<Way> {
    use Destination as To;
    let to = match name {
        b"fonttbl" => To::Fonts,
        b"stylesheet" => To::Styles,
        b"listtable" => To::Lists,
        b"listoverridetable" => To::ListReferences,
        b"listtext" => To::ListText,
        b"pntext" => To::PnText,
        b"pn" => To::Pn,
        b"fldinst" => To::Instruction,
        b"shp" | b"shpgrp" | b"shpinst" | b"do" => To::Shape,
        b"upr" => To::Alternatives,
        b"fldrslt" => return Some(Way::Result),
        b"nesttableprops" => return Some(Way::NestedRow),
        b"moMath" | b"moMathPara" => return Some(Way::On),
        b"nonesttables" | b"nonshppict" | b"shprslt" | b"mmathPict" | b"pict" | b"colortbl" | b"info" => To::Skipped,
        b"header" | b"headerl" | b"headerr" | b"headerf" | b"footer" | b"footerl" | b"footerr" | b"footerf" => {
            To::Skipped
        }
        b"footnote" | b"annotation" | b"ftnsep" | b"ftnsepc" | b"ftncn" | b"aftnsep" | b"aftnsepc" | b"aftncn" => {
            To::Skipped
        }
        b"xe" | b"rxe" | b"tc" | b"tcn" | b"revtbl" | b"filetbl" | b"atnid" | b"atnauthor" | b"template" => To::Skipped,
        // The looks of fractions and roots, no text.
        _ if name.starts_with(b"m") && name.ends_with(b"Pr") => To::Skipped,
        _ => return None,
    };
    Some(Way::To(to))
}

/// The text that a control word stands for.
pub(crate) fn character(name: &[u8]) -> Option<&'static str> {
    Some(match name {
        b"tab" => "\t",
        b"emdash" => "—",
        b"endash" => "–",
        b"emspace" => "\u{2003}",
        b"enspace" => "\u{2002}",
        b"qmspace" => "\u{2005}",
        b"bullet" => "•",
        b"lquote" => "‘",
        b"rquote" => "’",
        b"ldblquote" => "“",
        b"rdblquote" => "”",
        b"zwj" => "\u{200D}",
        b"zwnj" => "\u{200C}",
        b"ltrmark" => "\u{200E}",
        b"rtlmark" => "\u{200F}",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_no_text_and_results_of_fields_are() {
        assert_eq!(way(Destination::Text, b"headerl"), Some(Way::To(Destination::Skipped)));
        assert_eq!(way(Destination::Text, b"fldrslt"), Some(Way::Result));
        assert_eq!(way(Destination::Text, b"mctrlPr"), Some(Way::To(Destination::Skipped)));
        assert_eq!(way(Destination::Text, b"b"), None);
    }

    #[test]
    fn nothing_leads_out_of_what_is_skipped() {
        for name in [&b"shptxt"[..], b"fldrslt", b"ud", b"listtext", b"formfield"] {
            assert!(matches!(way(Destination::Skipped, name), None | Some(Way::To(Destination::Skipped))));
        }
    }
}
