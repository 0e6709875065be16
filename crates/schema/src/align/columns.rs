//! Headers: which columns of the form stand over which columns of the table.

use nianbao_model::{Cell, Grid, Origin, Span, Warning, WarningKind};

use super::readings::figure;
use super::{Entry, HeaderRow, Reader, is_column, is_group, is_row};
use crate::amount::Amount;
use crate::form::{Form, Meaning};
use crate::label::Fit;
use crate::locate::TableFacts;
use crate::report::Figure;

/// Whose columns a table has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Columns {
    /// Those of the form, in its order, as far as anything tells.
    Form,
    /// Those of the form in another order: without a grid nobody knows which figure stands under which.
    Shuffled,
    /// Those of the form, and between them others.
    Mixed,
    /// Words that are pieces of the form's at best: only sums can tell.
    Pieces,
    /// Others: a table of another kind, though some of its rows bear labels of the form.
    Foreign,
}

/// Where the columns of a table of the form stand in a table of the document.
pub(super) struct ColumnMap {
    pub(super) table: usize,
    /// The grid columns under the header of each column of the form.
    pub(super) columns: Vec<Option<Span>>,
    /// The grid columns under headers that the form does not know: figures there are nobody's.
    pub(super) foreign: Vec<Span>,
    /// How many columns the document's table has.
    pub(super) width: usize,
}

/// The lowest header over some grid columns.
struct Leaf {
    /// The header cells over them, top to bottom.
    path: Vec<usize>,
    span: Span,
    /// The columns of the form that it can stand for.
    columns: Vec<usize>,
    label: String,
    /// It is a label of the form, though not of a column with figures.
    furniture: bool,
    at: Vec<Origin>,
}

impl Leaf {
    fn only_column(&self) -> Option<usize> {
        match self.columns.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }
}

impl Reader<'_> {
    pub(super) fn header(&mut self, facts: &TableFacts<'_>, rows: &[HeaderRow<'_>]) {
        let meanings = rows.iter().flat_map(|row| &row.entries).flat_map(|entry| entry.meanings);
        let mut counts = vec![0usize; self.form.tables.len()];
        for meaning in meanings.filter(|meaning| is_column(**meaning)) {
            if let Some(count) = counts.get_mut(meaning.table()) {
                *count += 1;
            }
        }
        // The first of equals: a lone label such as 总计 belongs to the table at hand.
        let most = counts.iter().copied().max().unwrap_or(0);
        let stays = self.context.filter(|&table| most > 0 && counts.get(table) == Some(&most));
        self.context = stays.or_else(|| counts.iter().position(|&count| count == most && most > 0)).or(self.context);
        self.group = None;
        self.map = match self.context {
            Some(table) if facts.table.grid != Grid::Lost => self.column_map(facts, rows, table),
            _ => None,
        };
        let columns = self.columns_of(rows);
        // Words that stand between the rows of a header do not end it.
        let is_new = std::mem::replace(&mut self.rows_above, self.out.rows.len()) < self.out.rows.len();
        if is_new || self.columns != Columns::Shuffled {
            self.columns = columns;
        }
        self.is_under_way = self.columns != Columns::Foreign;
    }

    /// Whose columns the header names, and whether in the order of the form.
    fn columns_of(&mut self, rows: &[HeaderRow<'_>]) -> Columns {
        let Some(spec) = self.context.and_then(|table| self.form.tables.get(table)) else { return Columns::Form };
        let context = self.context;
        let (mut known, mut foreign, mut ordered, mut mixed) = (0, 0, true, false);
        let mut named = Vec::new();
        for HeaderRow { row, entries } in rows {
            let (mut places, mut heads) = (Vec::new(), Vec::new());
            let before = foreign;
            let begins_here = |entry: &&Entry<'_>| entry.is_text() && entry.cell.area().rows.start() == *row;
            // The first cell names the rows.
            for (at, entry) in entries.iter().filter(begins_here).enumerate() {
                let nearest =
                    || self.form.lexicon.find(&entry.facts.canonical).map_or(&[][..], |(.., meanings)| meanings);
                let meanings = if entry.meanings.is_empty() { nearest() } else { entry.meanings };
                let columns = meanings.iter().filter_map(|meaning| match *meaning {
                    Meaning::Column { table, column } if Some(table) == context => Some(column),
                    _ => None,
                });
                let column = columns.clone().next();
                named.extend(columns);
                // One behind the others takes no figure from them.
                mixed |= column.is_some() && foreign > before;
                known += usize::from(column.is_some());
                let is_of_the_form = column.is_some() || !entry.meanings.is_empty() && entry.fit == Fit::Exact;
                foreign += usize::from(at > 0 && !is_of_the_form && !self.form.lexicon.holds(&entry.facts.canonical));
                places.extend(column);
                heads.extend(spec.head(column, &entry.facts.canonical));
            }
            ordered &= spec.is_in_order(&places) && heads.is_sorted();
        }
        self.named = named;
        match (known >= foreign, ordered) {
            (false, _) => Columns::Foreign,
            (true, false) => Columns::Shuffled,
            (true, true) if mixed => Columns::Mixed,
            (true, true) => Columns::Form,
        }
    }

    fn column_map(&mut self, facts: &TableFacts<'_>, rows: &[HeaderRow<'_>], table: usize) -> Option<ColumnMap> {
        let mut leaves = self.leaves(facts, rows, table);
        let spec = self.form.tables.get(table)?;
        // A header that can stand for several columns does not stand for one that has a header of its own.
        let claimed: Vec<usize> = leaves.iter().filter_map(|leaf| leaf.only_column()).collect();
        for leaf in leaves.iter_mut().filter(|leaf| leaf.only_column().is_none()) {
            leaf.columns.retain(|column| !claimed.contains(column));
        }
        let mut columns: Vec<Option<Span>> = vec![None; spec.columns.len()];
        for (column, slot) in columns.iter_mut().enumerate() {
            let fitting: Vec<&Leaf> = leaves.iter().filter(|leaf| leaf.columns.contains(&column)).collect();
            // Columns that bear the same labels take the headers that fit them all, in order.
            let peers: Vec<usize> = match fitting.first() {
                Some(first) => first.columns.clone(),
                None => continue,
            };
            let same = fitting.iter().all(|leaf| leaf.columns == peers);
            if same && fitting.len() == peers.len() {
                let at = peers.iter().position(|&peer| peer == column);
                *slot = at.and_then(|at| fitting.get(at)).map(|leaf| leaf.span);
            }
        }
        // In a block of a table only the columns of that block have headers; two columns of the form never share one.
        if columns.iter().all(Option::is_none) {
            return None;
        }
        let foreign: Vec<&Leaf> =
            leaves.iter().filter(|leaf| leaf.columns.is_empty() && !leaf.furniture && !leaf.label.is_empty()).collect();
        for leaf in &foreign {
            self.tell_column(leaf);
        }
        let foreign = foreign.iter().map(|leaf| leaf.span).collect();
        Some(ColumnMap { table, columns, foreign, width: facts.table.columns() })
    }

    /// The lowest header over each grid column, with the columns of the form that it can stand for.
    fn leaves(&self, facts: &TableFacts<'_>, rows: &[HeaderRow<'_>], table: usize) -> Vec<Leaf> {
        let mut leaves: Vec<Leaf> = Vec::new();
        for column in 0..facts.table.columns() {
            let mut path: Vec<usize> =
                rows.iter().filter_map(|header| facts.table.index_at(header.row, column)).collect();
            path.dedup();
            path.retain(|&index| facts.cells.get(index).is_some_and(|cell| !cell.canonical.is_empty()));
            match leaves.last_mut() {
                // One header, even where only a part of it stands under another.
                Some(leaf) if leaf.path.last() == path.last() => leaf.span = leaf.span.hull(Span::one(column)),
                _ => leaves.push(self.leaf(facts, path, column, table)),
            }
        }
        leaves
    }

    fn leaf(&self, facts: &TableFacts<'_>, path: Vec<usize>, column: usize, table: usize) -> Leaf {
        let texts: Vec<&str> =
            path.iter().filter_map(|&index| facts.cells.get(index)).map(|cell| cell.canonical.as_str()).collect();
        // A header word may be broken over two rows: 商业 over 企业.
        let tails =
            || (1..=texts.len().min(3)).map(|count| texts.get(texts.len() - count..).unwrap_or_default().concat());
        let columns_of = |meanings: &[Meaning]| -> Vec<usize> {
            let of_table = |meaning: &Meaning| match *meaning {
                Meaning::Column { table: of, column } if of == table => Some(column),
                _ => None,
            };
            meanings.iter().filter_map(of_table).collect()
        };
        let lexicon = &self.form.lexicon;
        let exact = tails().map(|tail| columns_of(lexicon.exact(&tail))).find(|columns| !columns.is_empty());
        let near = || {
            tails().find_map(|tail| {
                lexicon.find(&tail).map(|(.., meanings)| columns_of(meanings)).filter(|columns| !columns.is_empty())
            })
        };
        let mut columns = exact.or_else(near).unwrap_or_default();
        if let Some(spec) = self.form.tables.get(table) {
            let stands_under = |column: &usize| {
                spec.columns.get(*column).is_some_and(|spec| {
                    spec.under.iter().all(|label| texts.iter().any(|text| text.contains(label.as_str())))
                })
            };
            // Where the headers over it are lost, any of them can be meant.
            if columns.iter().any(stands_under) {
                columns.retain(stands_under);
            }
        }
        let label = texts.last().map(|&text| text.to_owned()).unwrap_or_default();
        // 法人或其他组织小计 resembles a label of the form and is none.
        let furniture = texts.last().is_none_or(|text| !lexicon.exact(text).is_empty());
        let at = path
            .last()
            .and_then(|&index| facts.table.cells().get(index))
            .map(|cell| cell.origins.to_vec())
            .unwrap_or_default();
        Leaf { path, span: Span::one(column), columns, label, furniture, at }
    }

    fn tell_column(&mut self, leaf: &Leaf) {
        if self.told.insert(leaf.label.clone()) {
            self.out
                .warnings
                .push(Warning::new(WarningKind::ColumnUnknown { label: leaf.label.clone() }, leaf.at.clone()));
        }
    }
}

/// Whether a row names columns: it holds labels of columns and no figures; or it goes on with a header and holds no row of the form.
pub(super) fn is_header(entries: &[Entry<'_>], in_header: bool) -> bool {
    let columns = entries.iter().filter(|entry| entry.means(is_column)).count();
    let figures = entries.iter().filter(|entry| entry.facts.amount.is_figure()).count();
    // A number that counts the rows may stand before a header too.
    if figures > 0 && (figures > 1 || columns < 2) {
        return false;
    }
    let pure = entries.iter().any(|entry| entry.means(is_column) && !entry.means(is_row));
    let rows = entries
        .iter()
        .any(|entry| entry.means(|meaning| is_row(meaning) || is_group(meaning)) && !entry.means(is_column));
    if rows {
        return false;
    }
    let goes_on = in_header && entries.iter().any(Entry::is_text);
    columns >= 2 || pure || goes_on
}

/// Whose columns a row names that holds several words and no label of the form, or hardly any; `None` for any other row.
pub(super) fn foreign_header(form: &Form, entries: &[Entry<'_>]) -> Option<Columns> {
    let texts = || entries.iter().filter(|entry| entry.is_text());
    let unknown = || texts().filter(|entry| entry.meanings.is_empty());
    // Words that the layout broke are pieces of the form's; 数量 and 事项 are too.
    let foreign = unknown().filter(|entry| !form.lexicon.holds(&entry.facts.canonical)).count();
    // 总计 heads columns and rows alike.
    let is_label = |entry: &Entry<'_>| !entry.meanings.is_empty() && !entry.means(is_column);
    let no_header = texts().nth(1).is_none()
        || entries.iter().any(|entry| is_label(entry) || !matches!(entry.facts.amount, Amount::Text | Amount::Blank));
    match (foreign * 2 > texts().count(), unknown().count() == texts().count()) {
        _ if no_header => None,
        (true, _) => Some(Columns::Foreign),
        (false, true) => Some(Columns::Pieces),
        (false, false) => None,
    }
}

pub(super) struct GridReading {
    pub(super) figures: Vec<Figure>,
    /// Every column has a cell of its own, and nothing stands elsewhere.
    pub(super) clean: bool,
}

/// The figures under the headers of their columns; `None` where no column of the row has a header.
pub(super) fn by_grid(
    facts: &TableFacts<'_>,
    row: usize,
    map: &ColumnMap,
    columns: &[usize],
    behind: &[Entry<'_>],
) -> Option<GridReading> {
    let spans: Vec<Option<Span>> = columns.iter().map(|&column| map.columns.get(column).copied().flatten()).collect();
    if spans.iter().all(Option::is_none) {
        return None;
    }
    // A table may be cut between its columns: this part then has the headers of neighbouring columns only.
    let mut headed = spans.iter().skip_while(|span| span.is_none()).skip_while(|span| span.is_some());
    let mut clean = headed.all(Option::is_none);
    let mut figures = Vec::with_capacity(spans.len());
    for span in &spans {
        let under = || span.iter().flat_map(|&span| cells_under(facts, row, span));
        let mut filled = under().filter(|(_, amount)| **amount != Amount::Blank);
        let chosen = match (filled.next(), filled.next()) {
            (None, _) => under().next(),
            (only, None) => only,
            (Some(_), Some(_)) => None,
        };
        // A figure that stands under several columns, or in several rows, belongs to none of them.
        let shared = |cell: &Cell| {
            let columns = spans.iter().flatten().filter(|other| cell.area().columns.overlaps(**other)).count();
            columns > 1 || cell.area().rows.length() > 1
        };
        let fits = chosen.filter(|(cell, amount)| **amount == Amount::Blank || !shared(cell));
        clean &= fits.is_some() || span.is_none();
        figures.push(fits.map_or_else(Figure::lost, |(cell, amount)| figure(cell, amount)));
    }
    // A figure that stands under no header means that the row is shifted, or holds one too many: which of them is, nobody knows.
    let known = |entry: &Entry<'_>| {
        let area = entry.cell.area().columns;
        spans.iter().flatten().chain(&map.foreign).any(|span| area.overlaps(*span))
    };
    clean &= behind.iter().all(|entry| !entry.facts.amount.is_figure() || known(entry));
    Some(GridReading { figures, clean })
}

/// The cells of a row that stand in the columns, each once.
fn cells_under<'a>(
    facts: &'a TableFacts<'_>,
    row: usize,
    columns: Span,
) -> impl Iterator<Item = (&'a Cell, &'a Amount)> {
    let mut last = None;
    let indices = columns.indices().filter_map(move |column| facts.table.index_at(row, column));
    let new = indices.filter(move |&index| last.replace(index) != Some(index));
    new.filter_map(|index| Some((facts.table.cells().get(index)?, &facts.cells.get(index)?.amount)))
}
