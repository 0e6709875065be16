//! The names that matter in the parts of a Word document; how XML is read is in `nianbao-container`.

use std::collections::HashMap;
use std::ops::Range;

use nianbao_container::xml::{self, Namespace};

pub(crate) use nianbao_container::xml::{Damage, Node, Opened, Stop, Tag, attribute, local, number, push_reference};

/// A part, read from its beginning to its end.
pub(crate) type Xml<'a> = xml::Xml<'a, Space>;

/// The namespaces that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    /// `WordprocessingML`, transitional or strict.
    Word,
    /// Markup compatibility (ECMA-376 Part 3).
    Compatibility,
    /// Mathematics.
    Math,
    /// The drawing language of Word before 2007.
    Vml,
    /// Another of those that Word or WPS write.
    Office,
    /// Somebody else's.
    Foreign,
}

impl Namespace for Space {
    const MAIN: Self = Self::Word;
    const OTHER: Self = Self::Foreign;

    fn of(uri: &str) -> Self {
        match uri {
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
            | "http://purl.oclc.org/ooxml/wordprocessingml/main" => Self::Word,
            "http://schemas.openxmlformats.org/markup-compatibility/2006" => Self::Compatibility,
            "http://schemas.openxmlformats.org/officeDocument/2006/math"
            | "http://purl.oclc.org/ooxml/officeDocument/math" => Self::Math,
            "urn:schemas-microsoft-com:vml" => Self::Vml,
            _ if OFFICE.iter().any(|start| uri.starts_with(start)) => Self::Office,
            _ => Self::Foreign,
        }
    }
}

const OFFICE: [&str; 5] = [
    "http://schemas.microsoft.com/office/",
    "http://schemas.openxmlformats.org/",
    "http://purl.oclc.org/ooxml/",
    "http://www.wps.cn/",
    "urn:schemas-microsoft-com:",
];

/// Whether all of the prefixes in a list (`Requires="wps w14"`) are bound to namespaces that we know of.
pub(crate) fn all_known(xml: &Xml<'_>, prefixes: &str) -> bool {
    prefixes.split_ascii_whitespace().all(|prefix| xml.namespace(prefix.as_bytes()) != Space::Foreign)
}

/// Where the elements of one name stand in a part, by the attribute that identifies them; of two with the same, the later one.
///
/// For parts that define much of which little is used: a glance over the tags finds the places, and what is asked for is then read.
pub(crate) fn places(text: &str, name: &[u8], id: &str) -> HashMap<String, Range<usize>> {
    let mut found = HashMap::new();
    let mut last: Option<(String, usize)> = None;
    for (place, tag) in xml::glance(text) {
        if local(&tag) != name {
            continue;
        }
        if let Some((id, start)) = last.take() {
            found.insert(id, start..place);
        }
        last = attribute(&tag, id).map(|id| (id, place));
    }
    if let Some((id, start)) = last {
        found.insert(id, start..text.len());
    }
    found
}

/// Whether a property that is either on or off is on (`ST_OnOff`, ECMA-376 Part 1, 22.9.2.7): it is unless it says no.
pub(crate) fn is_on(tag: &Tag<'_>) -> bool {
    if tag.attributes_raw().is_empty() {
        return true;
    }
    !matches!(attribute(tag, "val").as_deref(), Some("0" | "false" | "off"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_found_by_their_identity() {
        let text = "<w:a><w:b w:id='1'/><w:bb w:id='9'/><w:b w:id='2'><w:c/></w:b></w:a>";
        let places = places(text, b"b", "id");
        assert_eq!(places.len(), 2);
        assert_eq!(&text[places["1"].clone()], "<w:b w:id='1'/><w:bb w:id='9'/>");
        assert!(text[places["2"].clone()].starts_with("<w:b w:id='2'>"));
    }

    #[test]
    fn namespaces_are_known_by_all_their_names() {
        let transitional = Space::of("http://schemas.openxmlformats.org/wordprocessingml/2006/main");
        assert_eq!(
            (transitional, Space::of("http://purl.oclc.org/ooxml/wordprocessingml/main")),
            (Space::Word, Space::Word)
        );
        assert_eq!(Space::of("http://schemas.microsoft.com/office/word/2010/wordml"), Space::Office);
        assert_eq!(Space::of("http://www.wps.cn/officeDocument/2013/wpsCustomData"), Space::Office);
        assert_eq!(Space::of("urn:x"), Space::Foreign);
    }

    #[test]
    fn a_branch_asks_for_prefixes_and_they_must_all_be_known() {
        let text = "<a xmlns:wps='http://schemas.microsoft.com/office/word/2010/wordprocessingShape' xmlns:x='urn:x'/>";
        let mut xml = Xml::new(text);
        xml.step().unwrap();
        assert!(all_known(&xml, "wps") && all_known(&xml, ""));
        assert!(!all_known(&xml, "wps x") && !all_known(&xml, "unbound"));
    }

    #[test]
    fn a_property_is_on_unless_it_says_no() {
        let on = |text: &str| is_on(&Tag::from_content(text, 1));
        assert!(on("b") && on("b w:val='1'") && on("b w:val='on'"));
        assert!(!on("b w:val='0'") && !on("b w:val='false'"));
    }
}
