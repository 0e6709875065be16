//! What a stage was not sure of. Data first; the words live in one [`Display`](fmt::Display).

use std::fmt;

use crate::origin::Origin;

/// We read the file, but had to guess or to leave something out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What happened.
    pub kind: WarningKind,
    /// Where; may be empty where the whole file is meant.
    pub at: Vec<Origin>,
}

impl Warning {
    /// A warning about some places.
    pub const fn new(kind: WarningKind, at: Vec<Origin>) -> Self {
        Self { kind, at }
    }
}

/// What happened, with its data. One variant for each thing that a user may want to count or filter.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WarningKind {
    // Reading.
    /// Bytes that are no text in the encoding were shown as U+FFFD.
    Undecodable {
        /// The encoding.
        encoding: &'static str,
    },
    /// Text was read in an encoding that nothing in the file names.
    EncodingGuessed {
        /// The encoding.
        encoding: &'static str,
    },
    /// Marks of a converter were dropped.
    ResidueDropped {
        /// What was dropped.
        text: String,
    },
    /// A part of the file could not be read and was left out.
    PartUnreadable {
        /// Which part.
        part: String,
        /// Why.
        reason: String,
    },
    /// The document carries tracked changes: it was read as if all were accepted.
    ChangesAccepted {
        /// How many runs, paragraphs and rows of deleted or moved-away text were left out.
        left_out: usize,
    },
    /// Text that the document hides from readers was left out.
    HiddenTextLeftOut,
    /// Pages hold pictures, or glyphs that say nothing of which characters they are: without OCR they cannot be read.
    PagesNeedOcr {
        /// The pages, from 0, in order.
        pages: Vec<u32>,
    },
    /// Single glyphs say nothing of which characters they are, and were shown as U+FFFD.
    GlyphsUnknown {
        /// How many.
        count: usize,
        /// On which pages, from 0, in order.
        pages: Vec<u32>,
    },
    /// A font does not say which characters its glyphs are: their codes were taken for characters.
    CharactersGuessed {
        /// On which pages, from 0, in order.
        pages: Vec<u32>,
    },
    /// Pages are pictures, and what was read is the unseen text that an OCR program laid over them.
    TextFromOcr {
        /// The pages, from 0, in order.
        pages: Vec<u32>,
    },
    /// The file is damaged or torn off: what could still be found in it was read.
    FileRepaired,
    /// Hidden rows were read like any other.
    HiddenRowsRead,
    /// Hidden columns of a sheet were read like any other.
    HiddenColumnsRead,
    /// A hidden sheet was read like any other, after those that people see.
    HiddenSheetRead {
        /// Its name.
        sheet: String,
    },
    /// A cell shows less of its number than the file holds; what it shows was read.
    ShownRounded {
        /// What people see.
        shown: String,
        /// What the file holds.
        stored: String,
    },
    /// A cell shows its number in a format that we cannot spell: it was written plainly.
    CellFormatUnknown {
        /// The format's code.
        format: String,
    },
    /// The file holds a formula but not its result, or says that the result was never worked out: the formula was read as text.
    FormulaWithoutValue,
    /// The name of the file says another format than its bytes, which count.
    NameDisagrees {
        /// The ending of the name, without the dot.
        ending: String,
        /// The format of the bytes.
        format: &'static str,
    },
    /// Text that belongs to the web page and not to what is published on it was left out: navigation, sharing bars, footers.
    PageFurnitureLeftOut {
        /// How many paragraphs.
        paragraphs: usize,
        /// How many characters they hold, blanks not counted.
        characters: usize,
    },
    /// Columns of a table that no rules part were told from the gaps between its words.
    ColumnsFromGaps,
    /// Headers and footers that stand on several pages, and page numbers, were left out.
    RunningTextLeftOut {
        /// How many pieces.
        pieces: usize,
        /// What the first of each kind says.
        texts: Vec<String>,
    },
    /// Pictures stand in the text; what is printed on them was not read.
    PicturesNotRead {
        /// How many.
        count: usize,
    },
    /// A number in a format that we cannot spell was written in digits.
    NumberFormatUnknown {
        /// The name of the format.
        format: String,
    },
    /// Two cells of the source claim the same place: the later one was moved to the next free column, or left out where its text is blank.
    CellsOverlap,
    /// A merged cell reaches beyond the table and was cut.
    SpanCut,
    /// A cell says that it goes on with the merged cell above it, but none there has its columns: it was read as a cell of its own.
    MergeUnmatched,

    // Reconciling.
    /// The lines of cells were joined.
    LinesJoined,
    /// Two lines end and begin with digits and were kept apart: they may be one number or two.
    DigitsApart,
    /// A row that only went on with the label of the row above was joined to it.
    RowsJoined {
        /// The label as it reads now.
        label: String,
    },
    /// Two header rows that broke words in two were joined.
    HeaderRowsJoined,
    /// A table that went on after a break was joined to its beginning.
    TablesJoined {
        /// What told that they are one.
        evidence: &'static str,
    },
    /// A header that was repeated after a break was dropped.
    HeaderRepeated,

    // Filling the form.
    /// The edition of the form was not clear from the labels.
    FormGuessed {
        /// The form that was taken.
        form: String,
    },
    /// A label differs from every known one and was read as the nearest.
    LabelGuessed {
        /// What stands there.
        printed: String,
        /// What it was read as.
        read_as: String,
    },
    /// A row of a form table carries no known label.
    RowUnknown {
        /// Its label.
        label: String,
    },
    /// A column of a form table carries no known header.
    ColumnUnknown {
        /// Its header.
        label: String,
    },
    /// A row of the form is printed more than once.
    RowRepeated {
        /// The row.
        row: String,
        /// Whether its figures differ; then none was taken.
        differ: bool,
    },
    /// The columns were not clear: figures were taken in their order from the end of the row.
    TakenInOrder {
        /// The row.
        row: String,
    },
    /// A row holds more or fewer figures than the form has columns, and only one reading keeps the form's equations.
    ReadingChosen {
        /// The row.
        row: String,
        /// How many figures the form wants.
        wanted: usize,
        /// How many are there.
        found: usize,
    },
    /// A row holds more or fewer figures than the form has columns; all readings agree in value, but which figure is missing cannot be told.
    PlaceUnknown {
        /// The row.
        row: String,
        /// How many figures the form wants.
        wanted: usize,
        /// How many are there.
        found: usize,
    },
    /// A row can be read in several ways that differ: no figure of it was taken.
    RowAmbiguous {
        /// The row.
        row: String,
        /// How many readings are left.
        readings: usize,
    },
    /// A cell of the form holds something that is no amount: no figure was taken.
    NotAnAmount {
        /// The figure.
        figure: String,
        /// What stands there.
        printed: String,
    },
    /// A number stands beside a note or a unit, and was taken alone.
    NumberBesideText {
        /// What stands there.
        printed: String,
        /// What was taken.
        taken: String,
    },
    /// The year is not in the title and was taken from elsewhere.
    YearInferred {
        /// The year.
        year: u16,
        /// Where it was found.
        source: &'static str,
    },
    /// The agency is not in the title and was taken from elsewhere.
    AgencyInferred {
        /// Where it was found.
        source: &'static str,
    },
    /// The text bears no title; it was taken from elsewhere.
    TitleInferred {
        /// Where it was found.
        source: &'static str,
    },
    /// The text states no date of its own; it was taken from elsewhere.
    DateInferred {
        /// Where it was found.
        source: &'static str,
    },
    /// A date that can be read in more than one way, or that lacks its words, was found.
    DateUnclear {
        /// What stands there.
        printed: String,
    },
    /// Two texts that should say the same do not; neither was taken.
    Contradiction {
        /// What they are about.
        about: &'static str,
        /// The one.
        one: String,
        /// The other.
        other: String,
    },
    /// A section heading stands where another of its kind stood before.
    SectionRepeated {
        /// The heading.
        heading: String,
    },
}

impl WarningKind {
    /// The name used in JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Undecodable { .. } => "undecodable",
            Self::EncodingGuessed { .. } => "encoding_guessed",
            Self::ResidueDropped { .. } => "residue_dropped",
            Self::PartUnreadable { .. } => "part_unreadable",
            Self::ChangesAccepted { .. } => "changes_accepted",
            Self::HiddenTextLeftOut => "hidden_text_left_out",
            Self::PagesNeedOcr { .. } => "pages_need_ocr",
            Self::GlyphsUnknown { .. } => "glyphs_unknown",
            Self::CharactersGuessed { .. } => "characters_guessed",
            Self::TextFromOcr { .. } => "text_from_ocr",
            Self::FileRepaired => "file_repaired",
            Self::HiddenRowsRead => "hidden_rows_read",
            Self::HiddenColumnsRead => "hidden_columns_read",
            Self::HiddenSheetRead { .. } => "hidden_sheet_read",
            Self::ShownRounded { .. } => "shown_rounded",
            Self::CellFormatUnknown { .. } => "cell_format_unknown",
            Self::FormulaWithoutValue => "formula_without_value",
            Self::NameDisagrees { .. } => "name_disagrees",
            Self::PageFurnitureLeftOut { .. } => "page_furniture_left_out",
            Self::ColumnsFromGaps => "columns_from_gaps",
            Self::RunningTextLeftOut { .. } => "running_text_left_out",
            Self::PicturesNotRead { .. } => "pictures_not_read",
            Self::NumberFormatUnknown { .. } => "number_format_unknown",
            Self::CellsOverlap => "cells_overlap",
            Self::SpanCut => "span_cut",
            Self::MergeUnmatched => "merge_unmatched",
            Self::LinesJoined => "lines_joined",
            Self::DigitsApart => "digits_apart",
            Self::RowsJoined { .. } => "rows_joined",
            Self::HeaderRowsJoined => "header_rows_joined",
            Self::TablesJoined { .. } => "tables_joined",
            Self::HeaderRepeated => "header_repeated",
            Self::FormGuessed { .. } => "form_guessed",
            Self::LabelGuessed { .. } => "label_guessed",
            Self::RowUnknown { .. } => "row_unknown",
            Self::ColumnUnknown { .. } => "column_unknown",
            Self::RowRepeated { .. } => "row_repeated",
            Self::TakenInOrder { .. } => "taken_in_order",
            Self::ReadingChosen { .. } => "reading_chosen",
            Self::PlaceUnknown { .. } => "place_unknown",
            Self::RowAmbiguous { .. } => "row_ambiguous",
            Self::NotAnAmount { .. } => "not_an_amount",
            Self::NumberBesideText { .. } => "number_beside_text",
            Self::YearInferred { .. } => "year_inferred",
            Self::AgencyInferred { .. } => "agency_inferred",
            Self::TitleInferred { .. } => "title_inferred",
            Self::DateInferred { .. } => "date_inferred",
            Self::DateUnclear { .. } => "date_unclear",
            Self::Contradiction { .. } => "contradiction",
            Self::SectionRepeated { .. } => "section_repeated",
        }
    }
}

impl fmt::Display for WarningKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undecodable { encoding } => {
                write!(f, "some bytes are no {encoding} text and are shown as \u{FFFD}")
            }
            Self::EncodingGuessed { encoding } => write!(f, "text read as {encoding}, which nothing in the file says"),
            Self::ResidueDropped { text } => write!(f, "dropped the converter's mark {text:?}"),
            Self::PartUnreadable { part, reason } => write!(f, "left out {part}: {reason}"),
            Self::ChangesAccepted { left_out } => {
                write!(f, "tracked changes read as accepted; {left_out} deleted or moved pieces left out")
            }
            Self::HiddenTextLeftOut => write!(f, "hidden text left out"),
            Self::PagesNeedOcr { pages } => {
                write!(f, "page {} not read: nothing on it is text; recognise its text with OCR first", Pages(pages))
            }
            Self::GlyphsUnknown { count, pages } => {
                write!(f, "{count} glyphs tell no character and are shown as \u{FFFD} (page {})", Pages(pages))
            }
            Self::CharactersGuessed { pages } => {
                write!(
                    f,
                    "a font tells no characters; the codes of its glyphs were taken for them (page {})",
                    Pages(pages)
                )
            }
            Self::TextFromOcr { pages } => {
                write!(f, "page {} is a picture; read is what an OCR program recognised on it", Pages(pages))
            }
            Self::FileRepaired => write!(f, "the file is damaged; what could still be found in it was read"),
            Self::HiddenRowsRead => write!(f, "hidden rows read like any other"),
            Self::HiddenColumnsRead => write!(f, "hidden columns read like any other"),
            Self::HiddenSheetRead { sheet } => {
                write!(f, "hidden sheet {sheet:?} read like any other, after those that people see")
            }
            Self::ShownRounded { shown, stored } => write!(f, "read {shown} as shown, where the file holds {stored}"),
            Self::CellFormatUnknown { format } => {
                write!(f, "a number in the format {format:?}, which we cannot spell, written plainly")
            }
            Self::FormulaWithoutValue => {
                write!(f, "a formula without its result; open the file in its program and save it again")
            }
            Self::NameDisagrees { ending, format } => write!(f, "named .{ending}, but its bytes are {format}"),
            Self::PageFurnitureLeftOut { paragraphs, characters } => {
                write!(
                    f,
                    "navigation, sharing bars and footers of the page left out: {paragraphs} paragraphs, {characters} characters"
                )
            }
            Self::ColumnsFromGaps => write!(f, "columns that no rules part were told from the gaps between words"),
            Self::RunningTextLeftOut { pieces, texts } => {
                write!(f, "{pieces} page headers, footers and page numbers left out: {texts:?}")
            }
            Self::PicturesNotRead { count } => {
                write!(f, "{count} pictures in the text; what is printed on them was not read")
            }
            Self::NumberFormatUnknown { format } => {
                write!(f, "automatic number of format {format:?} written in digits")
            }
            Self::CellsOverlap => write!(f, "two cells claim the same place; the later one was moved or left out"),
            Self::SpanCut => write!(f, "a merged cell reached beyond its table and was cut"),
            Self::MergeUnmatched => {
                write!(f, "a cell goes on with a merged cell that is not above it; read as a cell of its own")
            }
            Self::LinesJoined => write!(f, "lines joined that the layout broke apart"),
            Self::DigitsApart => write!(f, "digits on two lines kept apart: one number or two?"),
            Self::RowsJoined { label } => {
                write!(f, "a row that went on with the one above was joined: {label:?}")
            }
            Self::HeaderRowsJoined => write!(f, "two header rows joined that broke words apart"),
            Self::TablesJoined { evidence } => write!(f, "two tables joined: {evidence}"),
            Self::HeaderRepeated => write!(f, "a repeated header was dropped"),
            Self::FormGuessed { form } => write!(f, "the labels do not tell the edition of the form; read as {form}"),
            Self::LabelGuessed { printed, read_as } => write!(f, "label {printed:?} read as {read_as:?}"),
            Self::RowUnknown { label } => write!(f, "row {label:?} is not on the form; not read"),
            Self::ColumnUnknown { label } => write!(f, "column {label:?} is not on the form; not read"),
            Self::RowRepeated { row, differ: false } => {
                write!(f, "{row} is printed twice with the same figures")
            }
            Self::RowRepeated { row, differ: true } => {
                write!(f, "{row} is printed twice with different figures; none taken")
            }
            Self::TakenInOrder { row } => write!(f, "{row}: columns unclear, figures taken in their order"),
            Self::ReadingChosen { row, wanted, found } => {
                write!(
                    f,
                    "{row}: {found} figures where the form has {wanted}; the only reading that keeps the equations was taken"
                )
            }
            Self::PlaceUnknown { row, wanted, found } => {
                write!(f, "{row}: {found} figures where the form has {wanted}; which one is missing cannot be told")
            }
            Self::RowAmbiguous { row, readings } => {
                write!(f, "{row}: {readings} readings are possible and differ; none taken")
            }
            Self::NotAnAmount { figure, printed } => write!(f, "{figure}: {printed:?} is no amount"),
            Self::NumberBesideText { printed, taken } => write!(f, "took {taken} out of {printed:?}"),
            Self::YearInferred { year, source } => write!(f, "year {year} taken from {source}"),
            Self::AgencyInferred { source } => write!(f, "agency taken from {source}"),
            Self::TitleInferred { source } => write!(f, "title taken from {source}"),
            Self::DateInferred { source } => write!(f, "date taken from {source}"),
            Self::DateUnclear { printed } => write!(f, "the date {printed:?} is not clear"),
            Self::Contradiction { about, one, other } => {
                write!(f, "{about}: {one:?} and {other:?} disagree; neither taken")
            }
            Self::SectionRepeated { heading } => write!(f, "section {heading:?} stands there a second time"),
        }
    }
}

/// Page numbers as people write them: from 1, neighbours as a range: `1-3, 7`.
struct Pages<'a>(&'a [u32]);

impl fmt::Display for Pages<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, run) in self.0.chunk_by(|one, next| one + 1 == *next).enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            match run {
                [first, .., last] => write!(f, "{comma}{}-{}", first + 1, last + 1)?,
                [only] => write!(f, "{comma}{}", only + 1)?,
                [] => {}
            }
        }
        Ok(())
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)?;
        for (index, origin) in self.at.iter().enumerate() {
            write!(f, "{} {origin}", if index == 0 { " @" } else { "," })?;
        }
        Ok(())
    }
}
