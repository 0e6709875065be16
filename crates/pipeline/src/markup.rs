//! What kind of markup a file is: a web page, one in a single file, or XML of some program. Told from the text, for a page may begin
//! with anything: a comment, a script, words.

use nianbao_container::{OpenDocument, decode, looks_like_text};
use nianbao_model::Format;

use crate::detect::open_document;
use crate::error::Error;

/// How much of a file is searched. Pages of site builders begin with 30 KB of scripts.
const SEARCHED: usize = 64 * 1024;

/// What kind of markup the bytes are: a format that is read, or an error that names one that is not. `None` for no markup.
pub(crate) fn markup(bytes: &[u8]) -> Option<Result<Format, Error>> {
    if nianbao_html::is_single_file(bytes) {
        return Some(Ok(Format::Mhtml));
    }
    let text = decode(bytes.get(..SEARCHED).unwrap_or(bytes)).text.to_ascii_lowercase();
    let head = text.trim_start_matches('\u{FEFF}').trim_start();
    if !head.starts_with('<') {
        return (is_page_within_text(head) && looks_like_text(bytes)).then_some(Ok(Format::Html));
    }
    let unsupported = |format| Some(Err(Error::Unsupported { format }));
    if root(head) == "office:document" {
        // Where the root does not say what it holds, its body does, and that may stand behind any number of styles.
        let kind = OpenDocument::kind_of_text(head).or_else(|| OpenDocument::kind_of_text(&decode(bytes).text));
        return kind.map_or_else(|| unsupported("OpenDocument of another kind"), |kind| Some(open_document(kind)));
    }
    if let Some(name) = program_xml(head) {
        return unsupported(name);
    }
    let is_xml = head.starts_with("<?xml");
    if is_xml {
        if root(head) == "html" { Some(Ok(Format::Html)) } else { unsupported("XML") }
    } else {
        is_page(head).then_some(Ok(Format::Html))
    }
}

/// XML that office programs of 2003 wrote, and later ones still can, known by its processing instruction or its root.
fn program_xml(head: &str) -> Option<&'static str> {
    const ROOTS: [(&str, &str); 5] = [
        ("workbook", "Excel 2003 XML spreadsheet"),
        ("ss:workbook", "Excel 2003 XML spreadsheet"),
        ("w:worddocument", "Word 2003 XML document"),
        ("pkg:package", "Word document as one XML file"),
        ("svg", "SVG image"),
    ];
    let root = root(head);
    let known = ROOTS.iter().find(|(name, _)| *name == root)?;
    // A workbook by that name alone could be anybody's.
    let is_meant =
        known.0 != "workbook" || head.contains("excel.sheet") || head.contains("microsoft-com:office:spreadsheet");
    is_meant.then_some(known.1)
}

/// The name of the first element.
fn root(head: &str) -> &str {
    let mut rest = head;
    while let Some(at) = rest.find('<') {
        rest = rest.get(at + 1..).unwrap_or_default();
        if rest.starts_with("!--") {
            rest = rest.find("-->").and_then(|end| rest.get(end..)).unwrap_or_default();
        } else if !rest.starts_with(['?', '!']) {
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(rest.len());
            return rest.get(..end).unwrap_or_default();
        }
    }
    ""
}

/// Whether a text that begins with `<` is a page: some element of HTML stands in it.
fn is_page(head: &str) -> bool {
    const ELEMENTS: [&str; 22] = [
        "!doctype html",
        "html",
        "head",
        "body",
        "title",
        "meta",
        "link",
        "script",
        "style",
        "table",
        "tbody",
        "tr",
        "td",
        "div",
        "p",
        "span",
        "font",
        "center",
        "br",
        "h1",
        "h2",
        "ul",
    ];
    ELEMENTS.iter().any(|name| has_element(head, name))
}

/// Whether a text that begins with words goes on as a page. A dump may hold a tag or two: those alone make no page.
fn is_page_within_text(head: &str) -> bool {
    let is_whole = ["!doctype html", "html", "body", "/body", "/html"].iter().any(|name| has_element(head, name));
    let is_table = has_element(head, "table") && has_element(head, "td") && has_element(head, "/td");
    is_whole || is_table
}

fn has_element(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).is_some_and(|before| before.ends_with('<'));
        let after = text.get(at + name.len()..).and_then(|after| after.chars().next());
        before && after.is_none_or(|c| c.is_whitespace() || matches!(c, '>' | '/'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<Result<Format, Error>> {
        markup(text.as_bytes())
    }

    fn unsupported(format: &'static str) -> Option<Result<Format, Error>> {
        Some(Err(Error::Unsupported { format }))
    }

    #[test]
    fn pages_begin_with_anything() {
        for page in [
            "<!DOCTYPE html><html>",
            "\u{FEFF}\n <HTML>",
            "<!-- 模板 --><script>var a;</script><div>",
            "<p>正文</p>",
            "<?xml version=\"1.0\"?><!DOCTYPE html><html xmlns=\"http://www.w3.org/1999/xhtml\">",
            "<o:p></o:p><table><tr><td>规章</td></tr></table>",
            "澄碧市水务局 <html><body>正文",
            "年报 <table border=1><tr><td>规章</td></tr></table>",
        ] {
            assert_eq!(of(page), Some(Ok(Format::Html)), "{page}");
        }
        let wide: Vec<u8> = "<html><body>正文".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(markup(&[&[0xFF, 0xFE], wide.as_slice()].concat()), Some(Ok(Format::Html)));
        assert_eq!(markup(&wide), Some(Ok(Format::Html)));
    }

    #[test]
    fn text_with_a_tag_is_text() {
        for text in ["规章<br>1", "a < b", "<甲>", "规章\t1\n", "<<年报>>", "<p2>"] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn xml_of_programs_is_named() {
        let excel = "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">";
        assert_eq!(of(excel), unsupported("Excel 2003 XML spreadsheet"));
        assert_eq!(of("<?xml version=\"1.0\"?><w:wordDocument>"), unsupported("Word 2003 XML document"));
        let text =
            "<?xml version=\"1.0\"?>\n<office:document office:mimetype=\"application/vnd.oasis.opendocument.text\">";
        assert_eq!(of(text), Some(Ok(Format::Odt)));
        let styles = "<s/>".repeat(SEARCHED);
        let untold = format!("<office:document>{styles}<office:body><office:spreadsheet>");
        assert_eq!(of(&untold), Some(Ok(Format::Ods)));
        assert_eq!(of("<office:document><office:body/>"), unsupported("OpenDocument of another kind"));
        assert_eq!(of("<?xml version=\"1.0\"?><!-- a --><html>"), Some(Ok(Format::Html)));
        assert_eq!(of("<?xml version=\"1.0\"?><a/>"), unsupported("XML"));
        assert_eq!(of("MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n"), Some(Ok(Format::Mhtml)));
    }
}
