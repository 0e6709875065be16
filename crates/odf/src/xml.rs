//! The names that matter in an `OpenDocument` file; how XML is read is in `nianbao-container`.

use nianbao_container::xml::{self, Namespace};

pub(crate) use nianbao_container::xml::{
    Damage, Node, Opened, Stop, Tag, attribute, glance, local, number, push_reference,
};

/// A file, read from its beginning to its end.
pub(crate) type Xml<'a> = xml::Xml<'a, Space>;

/// The namespaces that matter (ODF 1.4 Part 3, 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    Office,
    Text,
    Table,
    Draw,
    /// What LibreOffice adds: tables in shapes, say, under the names that tables have elsewhere.
    Extension,
    Other,
}

impl Namespace for Space {
    const MAIN: Self = Self::Text;
    const OTHER: Self = Self::Other;

    fn of(uri: &str) -> Self {
        if uri == "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0" {
            return Self::Extension;
        }
        match uri.strip_prefix("urn:oasis:names:tc:opendocument:xmlns:").unwrap_or_default() {
            "office:1.0" => Self::Office,
            "text:1.0" => Self::Text,
            "table:1.0" => Self::Table,
            "drawing:1.0" => Self::Draw,
            _ => Self::Other,
        }
    }
}

/// The namespace and the local name of an element.
pub(crate) fn name<'t, 'a>(xml: &Xml<'a>, tag: &'t Tag<'a>) -> (Space, &'t [u8]) {
    match xml.name(tag) {
        (Space::Extension, local) if local.starts_with(b"table") || local == b"covered-table-cell" => {
            (Space::Table, local)
        }
        (Space::Extension, local) => (Space::Other, local),
        known => known,
    }
}

/// Whether an attribute says yes.
pub(crate) fn is_true(tag: &Tag<'_>, name: &str) -> bool {
    attribute(tag, name).as_deref() == Some("true")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_libreoffice_in_shapes_are_tables() {
        let text = "<a xmlns:l='urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0' \
            xmlns:t='urn:oasis:names:tc:opendocument:xmlns:text:1.0'><l:table-row/><l:p/><t:p/></a>";
        let mut xml = Xml::new(text);
        let mut names = Vec::new();
        loop {
            match xml.step().unwrap() {
                Node::Start(tag) | Node::Empty(tag) => names.push(name(&xml, &tag).0),
                Node::Over => break,
                _ => {}
            }
        }
        assert_eq!(names, [Space::Other, Space::Table, Space::Other, Space::Text]);
    }
}
