//! Every tolerance of the layout, with its unit and its reason. Lengths are in points where they belong to drawing, in em (the font
//! size of the text at hand) where they belong to writing, so that small print and large print are read alike. Limits on what a hostile
//! file may ask for, and what is a rule and what a fill, stand in the rooms of `source` that keep to them.

// Words and lines.

/// em. Glyphs whose baselines differ by less stand on one line: kerning, hinting and rounding of producers move a baseline by up to a
/// tenth of the size.
pub(crate) const SAME_BASELINE: f32 = 0.2;

/// Share of the size of the glyph beside it. Smaller ones on another baseline are raised or lowered (¹, ₂), not lines of their own.
pub(crate) const SCRIPT_SIZE: f32 = 0.87;

/// em of the larger glyph. How far a raised or lowered glyph may leave the line.
pub(crate) const SCRIPT_SHIFT: f32 = 0.65;

/// Points. From one glyph to the next a line may rise or fall by this; rules of scanned pages lean so.
pub(crate) const LINE_DRIFT: f32 = 0.5;

/// em of the larger glyph. A raised or lowered glyph stands no farther beside it.
pub(crate) const SCRIPT_GAP: f32 = 0.35;

/// em. The digits of one raised number stand on one baseline to within this.
pub(crate) const SCRIPT_DRIFT: f32 = 0.1;

/// em. A digit whose baseline differs by more from that of the digit before it is raised or lowered.
pub(crate) const RAISED: f32 = 0.15;

/// em. The blank between two words, where the page has none to measure.
pub(crate) const BLANK: f32 = 0.25;

/// em. A gap between two glyphs wider than this is a blank: the narrowest blank of a justified line is about a fifth of an em.
pub(crate) const WORD_GAP: f32 = 0.16;

/// em. The same between two Han characters, which are often set apart to fill a line.
pub(crate) const HAN_GAP: f32 = 0.6;

/// em. How much gaps of a line that is set wide may differ.
pub(crate) const SAME_GAP: f32 = 0.06;

/// em. Characters set wide stand no farther apart; figures of two columns do.
pub(crate) const WIDE_SET: f32 = 0.62;

/// em. The same between a Han character and one of another script: word processors set them a quarter of an em apart of themselves.
pub(crate) const MIXED_GAP: f32 = 0.4;

/// em. A gap wider than this may part two columns: no blank of running text is as wide, but for badly justified lines.
pub(crate) const PIECE_GAP: f32 = 0.9;

/// em. The same between two figures: `1 000` holds a narrower one.
pub(crate) const VALUE_GAP: f32 = 0.42;

/// em. The farthest that a sign of currency stands before its amount, where all amounts of a column end at one place.
pub(crate) const CURRENCY_GAP: f32 = 5.0;

/// Times the narrowest blank of its line. A gap before a figure that parts columns is at least so wide.
pub(crate) const BLANKS: f32 = 2.0;

/// em. The same between words and a figure behind them, if other gaps of the line are not half as wide.
pub(crate) const FIGURE_GAP: f32 = 0.6;

/// em. A closing mark that stands closer to the glyph before it goes with it, even over a rule.
pub(crate) const HANGING: f32 = 0.15;

// Rules.

/// Points. Rules less than this apart are one: producers draw both sides of a border, and double rules.
pub(crate) const SNAP: f32 = 2.6;

/// Points. Pieces of a rule with a smaller gap between them are one rule.
pub(crate) const JOIN: f32 = 3.2;

/// Points. Two rules whose ends miss each other by less than this meet.
pub(crate) const MEET: f32 = 3.2;

/// Points. A rule shorter than this is a speck or a tick.
pub(crate) const SHORTEST: f32 = 4.0;

/// Points. A row or column narrower than this without text lies between the two lines of a double rule.
pub(crate) const SLIVER: f32 = 6.0;

/// em. A column narrower than this without text cannot hold a character: it keeps two columns apart.
pub(crate) const NARROWEST: f32 = 0.95;

/// Share of the side of a cell that must be drawn for the side to be a border.
pub(crate) const BORDER_SHARE: f32 = 0.5;

/// Share of the page. A filled area or frame larger than this is the background or the border of the page.
pub(crate) const PANEL_SHARE: f32 = 0.75;

/// Points. A filled area narrower or lower than this is no cell.
pub(crate) const SMALLEST_FILL: f32 = 5.0;

/// How many units (rows × columns) a lattice may have. Past this it is hatching, not a table.
pub(crate) const MOST_UNITS: usize = 100_000;

// Columns without rules.

/// Points. Two pieces of text that share less than this of the page's width stand beside each other.
pub(crate) const OVERLAP: f32 = 1.0;

/// Lines. A gap that fewer lines show is chance.
pub(crate) const FEWEST_WITNESSES: usize = 2;

/// em. How far the box of a header may reach below the rule under it.
pub(crate) const SPANNER_OVERLAP: f32 = 0.5;

/// em. A header stands in the middle over columns where it is off by less than this, and off its own column by more than twice that.
pub(crate) const CENTRED: f32 = 0.6;

// Rows without rules.

/// em. Pieces of text whose middles differ by less stand in one row, though their sizes or baselines differ.
pub(crate) const SAME_ROW: f32 = 0.4;

/// em. Rows never stand closer than this, so lines that do are of one row: figures in the middle beside a label of two lines.
pub(crate) const INTERLEAVED: f32 = 0.72;

/// Share of the usual step from row to row. Lines that follow one another more closely are of one row.
pub(crate) const CLOSER: f32 = 0.88;

/// em. A label that begins so far right of the one above goes on with it; one so far left of those below heads them.
pub(crate) const LABEL_INDENT: f32 = 0.5;

/// em. Set wide or narrow, a line that filled its cell may end so far before it.
pub(crate) const WRAP_SLACK: f32 = 0.3;

/// em. Lines of one paragraph follow each other at no more than this; rows of a table may be wider apart.
pub(crate) const TIGHT: f32 = 1.6;

/// Points. The most that a cell keeps free on either side of its text; WPS and Word keep 5.4.
pub(crate) const CELL_PADDING: f32 = 5.4;

/// em. A gap in a gutter that others show need only be wider than the blank between two words.
pub(crate) const NARROW_GAP: f32 = 0.45;

/// em. How far under a header the rule may stand that shows how far the header reaches.
pub(crate) const SPANNER_REACH: f32 = 1.2;

/// Points. Places that differ by less are the same: producers round to a tenth or a twentieth of a point.
pub(crate) const ROUNDING: f32 = 0.15;

/// Rows. Fewer that shading alone draws are the header of a table whose rows are not shaded.
pub(crate) const LEAST_SHADED: usize = 3;

// Tables without a lattice.

/// Points. A level rule shorter than this bounds no table.
pub(crate) const LEAST_RULE: f32 = 60.0;

/// Points. Rules of one table begin and end within this of one another.
pub(crate) const RULE_ENDS: f32 = 8.0;

/// em. The next row of a table without rules begins within this below the one above.
pub(crate) const ROW_REACH: f32 = 2.2;

/// Lines. So many lines of one piece may stand between two rows: cut labels and headings of groups.
pub(crate) const MOST_SINGLES: usize = 3;

/// Lines. A line is compared with so many above it; comparing with all would take a time that grows with the square of the page.
pub(crate) const MOST_COMPARED: usize = 40;

// Reading order and paragraphs.

/// Lines. Fewer with a common gap do not make a page of columns.
pub(crate) const COLUMN_LINES: usize = 8;

/// Words (two Han characters count as one). Running text has more on either side of a gutter; cells of figures have fewer.
pub(crate) const COLUMN_WORDS: usize = 4;

/// Share of the width of the text. A gutter lies no nearer to its edges; what is nearer parts marks from a list.
pub(crate) const COLUMN_SHARE: f32 = 0.15;

/// One in so many blocks of a page may reach over the gap between two tables for the gap to part the page.
pub(crate) const CROSSING: usize = 3;

/// em. The least step from line to line that is counted with; a page of few lines has no usual one.
pub(crate) const LEADING: f32 = 1.2;

/// em. A line that ends nearer than this to the right edge is full.
pub(crate) const FULL_LINE: f32 = 1.5;

/// em. A line that begins nearer than this to the left edge is not indented.
pub(crate) const AT_MARGIN: f32 = 0.8;

/// A step from line to line that is so many times the usual one parts two paragraphs.
pub(crate) const PARAGRAPH_GAP: f32 = 1.3;

/// Share. Lines whose font sizes differ by more are not of one paragraph.
pub(crate) const SIZE_CHANGE: f32 = 0.12;

/// em. A line that begins so far right of the one above begins a paragraph.
pub(crate) const INDENT: f32 = 1.2;

/// em. A line that begins farther from the left margin is centred, or stands at the right.
pub(crate) const ASIDE: f32 = 6.0;

/// em. A line that ends so far left of the others ends its paragraph.
pub(crate) const SHORT_LINE: f32 = 3.0;

/// Points. Rules and fills that lie no farther around turned text belong to it.
pub(crate) const TURNED_MARGIN: f32 = 12.0;

/// Glyphs. Fewer that run up or down are a heading beside a table or a mark in the margin.
pub(crate) const LEAST_TURNED: usize = 40;

/// Points. Columns of two pages whose edges differ by less are the same: the same table is drawn by the same program, but with rules of
/// some width that are cut off by the page.
pub(crate) const SAME_EDGE: f32 = 2.0;

// Headings.

/// Share of the size of the running text. A short text on the first page so large is the title.
pub(crate) const TITLE_SIZE: f32 = 1.3;

/// Share of the size of the running text. A short text so large is a heading.
pub(crate) const HEADING_SIZE: f32 = 1.12;

/// Characters. Headings are no longer.
pub(crate) const HEADING_CHARACTERS: usize = 60;

// Page furniture.

/// Share of the height of a page. Headers and footers stand no farther from its upper or lower edge.
pub(crate) const MARGIN_SHARE: f32 = 0.12;

/// Points. A header stands within about this of the same place on every page.
pub(crate) const SAME_PLACE: f32 = 3.0;

/// Share of the width between rules. A line of text that is longer is running text, where several stand between two rules.
pub(crate) const LONG_LINE: f32 = 0.45;

/// em. A single line between two rules that lie farther apart is a title between two tables, …
pub(crate) const TITLE_HEIGHT: f32 = 3.2;

/// … and so it is where they lie so many times the usual distance apart.
pub(crate) const UNUSUAL_HEIGHT: f32 = 1.7;

/// Share of the width of a table. A shorter rule inside it stands under a header over several columns.
pub(crate) const SPANNER_SHARE: f32 = 0.9;

/// Share of the width of a table that was found by gaps. A longer rule parts its rows.
pub(crate) const ACROSS_SHARE: f32 = 0.7;

/// em. Lines whose boxes share more than this from top to bottom interleave.
pub(crate) const OVERLAP_HEIGHT: f32 = 0.1;

/// em. A line above a table that begins so far right of its left edge can be a header over columns.
pub(crate) const HEADER_INDENT: f32 = 4.0;

/// em. Such a header stands no farther above the next line.
pub(crate) const HEADER_GAP: f32 = 0.8;

/// Words. Such a header has no more; a sentence has.
pub(crate) const HEADER_WORDS: usize = 8;

/// Lines. A header has no more above the first line of several pieces.
pub(crate) const HEADER_LINES: usize = 4;

/// What the cells of a draft must hold for it to be a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask {
    /// Share of the cells behind the first column that are figures: with so many the draft is a table of figures, with fewer one of words.
    pub(crate) values: f32,
    /// Share of all slots that must be filled in a table of figures.
    pub(crate) filled: f32,
    /// Words a cell on average that a table of figures may have.
    pub(crate) words: f32,
    /// Share of all slots that must be filled in a table of words.
    pub(crate) filled_with_words: f32,
    /// Words a cell on average that a table of words may have: running text has more.
    pub(crate) short: f32,
}

/// Rules above and below say much already.
pub(crate) const BETWEEN_RULES: Ask = Ask { values: 0.3, filled: 0.3, words: 12.0, filled_with_words: 0.3, short: 6.0 };

/// Gaps alone say little: columns of running text have them too.
pub(crate) const BY_GAPS: Ask = Ask { values: 0.5, filled: 0.4, words: 8.0, filled_with_words: 0.6, short: 4.0 };

// Charts.

/// Points. Parts of one drawing lie within twice this of one another.
pub(crate) const DRAWING_GAP: f32 = 4.0;

/// Points. A drawing narrower or lower than this is a logo, a tick or a seal's corner, not a chart.
pub(crate) const LEAST_CHART: f32 = 24.0;

/// Drawings. So many within a table without rules or with blank cells make it a chart.
pub(crate) const SEVERAL_DRAWINGS: usize = 5;

/// Share of a frame that drawings must cover for the frame to be that of a chart.
pub(crate) const FRAME_SHARE: f32 = 0.12;

/// Share of a table without rules that a chart may cover; its labels would be more.
pub(crate) const MOST_CHART: f32 = 0.12;

/// Share of a drawn table that a chart may cover, where fewer than half of its cells hold text.
pub(crate) const MOST_DRAWN_CHART: f32 = 0.4;

/// Share of the chart that must lie in a frame for the frame to be its own.
pub(crate) const INSIDE_SHARE: f32 = 0.9;

/// Share of a lattice of few cells that a chart may cover.
pub(crate) const MOST_FRAMED_CHART: f32 = 0.8;

/// Cells. Fewer that rules draw are the frames of charts, where a chart covers most of them.
pub(crate) const FEW_CELLS: usize = 6;
