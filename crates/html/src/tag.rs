//! The elements that mean something here, and the attributes that are kept of them.

use html5ever::tendril::StrTendril;

/// An element, with those of its attributes that matter.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) tag: Tag,
    pub(crate) attributes: Vec<(Attribute, StrTendril)>,
}

impl Element {
    /// The value of an attribute; where it stands twice, the first counts.
    pub(crate) fn attribute(&self, name: Attribute) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| &**value)
    }
}

/// What an element is, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    A,
    Article,
    Aside,
    Body,
    Br,
    Caption,
    Col,
    Del,
    Footer,
    Frame,
    Frameset,
    Head,
    Header,
    /// `h1` to `h6`.
    Heading(u8),
    Hr,
    Html,
    Img,
    Input,
    Li,
    Main,
    Meta,
    Nav,
    Ol,
    Optgroup,
    Option,
    Pre,
    Select,
    /// Superscript.
    Sup,
    Table,
    /// `td` and `th`; whether it is a header.
    Cell {
        header: bool,
    },
    Textarea,
    Tfoot,
    Thead,
    Tbody,
    Title,
    Tr,
    Ul,
    /// Holds nothing that is shown as text: scripts, styles, templates, embedded things, the readings of `ruby`.
    Unseen,
    /// Any other that begins and ends a paragraph.
    Block,
    /// Any other that stands within a line.
    Inline,
}

impl Tag {
    pub(crate) fn from_name(name: &str) -> Self {
        match name {
            "a" => Self::A,
            "article" => Self::Article,
            "aside" => Self::Aside,
            "body" => Self::Body,
            "br" => Self::Br,
            "caption" => Self::Caption,
            "col" | "colgroup" => Self::Col,
            "del" => Self::Del,
            "footer" => Self::Footer,
            "frame" => Self::Frame,
            "frameset" => Self::Frameset,
            "head" => Self::Head,
            "header" => Self::Header,
            "h1" => Self::Heading(1),
            "h2" => Self::Heading(2),
            "h3" => Self::Heading(3),
            "h4" => Self::Heading(4),
            "h5" => Self::Heading(5),
            "h6" => Self::Heading(6),
            "hr" => Self::Hr,
            "html" => Self::Html,
            "img" => Self::Img,
            "input" => Self::Input,
            "li" => Self::Li,
            "main" => Self::Main,
            "meta" => Self::Meta,
            "nav" => Self::Nav,
            "ol" => Self::Ol,
            "optgroup" => Self::Optgroup,
            "option" => Self::Option,
            "pre" | "listing" | "xmp" | "plaintext" => Self::Pre,
            "select" => Self::Select,
            "sup" => Self::Sup,
            "table" => Self::Table,
            "td" => Self::Cell { header: false },
            "th" => Self::Cell { header: true },
            "textarea" => Self::Textarea,
            "tfoot" => Self::Tfoot,
            "thead" => Self::Thead,
            "tbody" => Self::Tbody,
            "title" => Self::Title,
            "tr" => Self::Tr,
            "ul" | "menu" | "dir" => Self::Ul,
            "script" | "style" | "template" | "noscript" | "iframe" | "noframes" | "noembed" | "object" | "embed"
            | "applet" | "audio" | "video" | "canvas" | "svg" | "map" | "datalist" | "rt" | "rp" | "xml"
            | "o:shapedefaults" | "w:worddocument" | "button" => Self::Unseen,
            "address" | "blockquote" | "center" | "dd" | "details" | "dialog" | "div" | "dl" | "dt" | "fieldset"
            | "figcaption" | "figure" | "form" | "hgroup" | "legend" | "p" | "search" | "section" | "summary" => {
                Self::Block
            }
            _ => Self::Inline,
        }
    }

    /// Whether it begins and ends a paragraph.
    pub(crate) const fn is_block(self) -> bool {
        !matches!(
            self,
            Self::A
                | Self::Br
                | Self::Del
                | Self::Img
                | Self::Inline
                | Self::Input
                | Self::Select
                | Self::Sup
                | Self::Textarea
                | Self::Unseen
        )
    }
}

/// An attribute that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attribute {
    Alt,
    Checked,
    Class,
    Colspan,
    Content,
    Hidden,
    HttpEquiv,
    Id,
    Itemprop,
    /// `name`, and `property`, which stands for it in some `meta` tags.
    Name,
    /// The number behind what a cell shows, in a workbook saved as a web page (`x:num`).
    Number,
    Reversed,
    Role,
    Rowspan,
    Scope,
    Selected,
    Src,
    Start,
    Style,
    Type,
    Value,
    Width,
}

impl Attribute {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "alt" => Self::Alt,
            "checked" => Self::Checked,
            "class" => Self::Class,
            "colspan" => Self::Colspan,
            "content" => Self::Content,
            "hidden" => Self::Hidden,
            "http-equiv" => Self::HttpEquiv,
            "id" => Self::Id,
            "itemprop" => Self::Itemprop,
            "name" | "property" => Self::Name,
            "x:num" => Self::Number,
            "reversed" => Self::Reversed,
            "role" => Self::Role,
            "rowspan" => Self::Rowspan,
            "scope" => Self::Scope,
            "selected" => Self::Selected,
            "src" => Self::Src,
            "start" => Self::Start,
            "style" => Self::Style,
            "type" => Self::Type,
            "value" => Self::Value,
            "width" => Self::Width,
            _ => return None,
        })
    }
}
