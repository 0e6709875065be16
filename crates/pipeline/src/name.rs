//! What the name of a file says of its format: never believed, but told where the bytes say otherwise.

use nianbao_model::{Format, Warning, WarningKind};

/// A warning where a file's name says another format than its bytes.
pub(crate) fn disagreement(path: &str, format: Format) -> Option<Warning> {
    Some(Warning::new(disagreement_of(path, format.name())?, Vec::new()))
}

/// The same for a format that only its name is known of.
pub(crate) fn disagreement_of(path: &str, format: &str) -> Option<WarningKind> {
    let file = path.rsplit(['/', '\\', '!']).next()?;
    let ending = file.rsplit_once('.')?.1.to_ascii_lowercase();
    let stated = ENDINGS.iter().find(|(endings, _)| endings.contains(&ending.as_str()))?.1;
    let format = ENDINGS.iter().map(|(_, name)| *name).find(|name| *name == format)?;
    (stated != format).then_some(WarningKind::NameDisagrees { ending, format })
}

/// The endings that a format goes by. One that says nothing of a document's format, such as `.php`, is not here.
const ENDINGS: [(&[&str], &str); 12] = [
    (&["docx", "docm", "dotx"], "docx"),
    (&["doc", "dot", "wps", "wpt"], "doc"),
    (&["xlsx", "xlsm", "xltx"], "xlsx"),
    (&["xlsb"], "xlsb"),
    (&["xls", "xlt", "et", "ett"], "xls"),
    (&["pdf"], "pdf"),
    (&["html", "htm", "shtml", "xhtml"], "html"),
    (&["mht", "mhtml"], "mhtml"),
    (&["txt", "text", "csv", "tsv", "md"], "text"),
    (&["rtf"], "rtf"),
    (&["odt", "ott", "fodt"], "odt"),
    (&["ods", "ots", "fods"], "ods"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_disagrees_is_told() {
        let told = |path: &str, format| disagreement(path, format).map(|warning| warning.to_string());
        assert_eq!(told("a.zip!年报.DOCX", Format::Docx), None);
        assert_eq!(told("年报.et", Format::Xls), None);
        assert_eq!(told("show.php", Format::Html), None);
        assert_eq!(told("v1.2/年报", Format::Docx), None);
        assert_eq!(told("年报.doc", Format::Html).as_deref(), Some("named .doc, but its bytes are html"));
        assert_eq!(told("a.pdf!年报.xls", Format::Xlsx).as_deref(), Some("named .xls, but its bytes are xlsx"));
    }
}
