//! What one file holds, in reading order.

use crate::line::Lines;
use crate::origin::Origin;
use crate::table::Table;
use crate::warning::Warning;

/// What one file holds. Every readable file yields one, however little is in it.
#[derive(Clone, Debug)]
pub struct Document {
    /// What kind of file it was.
    pub format: Format,
    /// Paragraphs and tables in reading order. A nested table follows the table around it.
    pub blocks: Vec<Block>,
    /// What the file says of itself outside its text: in properties and `meta` tags. The text weighs more.
    pub facts: Vec<Fact>,
    /// What a stage was not sure of, in the order in which it was noticed.
    pub warnings: Vec<Warning>,
}

impl Document {
    /// An empty document.
    pub const fn new(format: Format) -> Self {
        Self { format, blocks: Vec::new(), facts: Vec::new(), warnings: Vec::new() }
    }

    /// Its tables, in reading order.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            Block::Paragraph(_) => None,
        })
    }
}

/// Something that a file says of itself outside its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is about.
    pub kind: FactKind,
    /// What it says, as the source has it.
    pub text: String,
    /// The property it stands in.
    pub origin: Origin,
}

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FactKind {
    /// The title of the text.
    Title,
    /// Who published it.
    Agency,
    /// When it was published.
    Date,
}

impl FactKind {
    /// The word used where documents are printed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Agency => "agency",
            Self::Date => "date",
        }
    }
}

/// One thing after another in a document.
#[derive(Clone, Debug)]
pub enum Block {
    /// A run of text.
    Paragraph(Paragraph),
    /// A table.
    Table(Table),
}

/// A run of text that stands in no table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// What the source says the paragraph is.
    pub role: ParagraphRole,
    /// The text, line by line as the source breaks it, its automatic number spelled out in front.
    pub lines: Lines,
    /// One place for each source paragraph that went into this one; never empty.
    pub origins: Vec<Origin>,
}

impl Paragraph {
    /// A paragraph of body text.
    pub fn new(lines: Lines, origin: Origin) -> Self {
        Self { role: ParagraphRole::Body, lines, origins: vec![origin] }
    }

    /// The lines as one text, parted by line feeds.
    pub fn text(&self) -> String {
        self.lines.join("\n")
    }

    /// Whether it holds no text but blanks.
    pub fn is_blank(&self) -> bool {
        self.lines.iter().all(|line| line.chars().all(char::is_whitespace))
    }
}

/// What the source says a paragraph is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ParagraphRole {
    /// Nothing in particular.
    Body,
    /// The document's title.
    Title,
    /// A heading; 1 is the highest level.
    Heading(u8),
}

/// What kind of file a document was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Format {
    /// `WordprocessingML` in a ZIP package.
    Docx,
    /// A Word 97-2003 document in a compound file; the `.wps` of WPS too.
    Doc,
    /// Rich Text Format.
    Rtf,
    /// A PDF file.
    Pdf,
    /// An Excel workbook in a ZIP package, with or without macros.
    Xlsx,
    /// An Excel workbook in a ZIP package, its parts in the binary form.
    Xlsb,
    /// An Excel 97-2003 workbook in a compound file; the `.et` of WPS too.
    Xls,
    /// An `OpenDocument` text, packed or as one XML file.
    Odt,
    /// An `OpenDocument` workbook, packed or as one XML file.
    Ods,
    /// A web page.
    Html,
    /// A web page and what it needs in one file (MHTML).
    Mhtml,
    /// A text dump.
    Text,
}

impl Format {
    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Doc => "doc",
            Self::Rtf => "rtf",
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
            Self::Xlsb => "xlsb",
            Self::Xls => "xls",
            Self::Odt => "odt",
            Self::Ods => "ods",
            Self::Html => "html",
            Self::Mhtml => "mhtml",
            Self::Text => "text",
        }
    }
}
