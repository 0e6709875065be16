//! Which row and column of the form each figure of a table belongs to.
//!
//! Where the grid is there, a figure belongs to the row and the column whose headers cover it. Where it is not (text dumps, a shifted
//! or cut row), the row is known by its label words with group memory, and its figures are those behind the label, in order. A damaged
//! row can have several readings; all are handed on, and `solve` chooses.

use std::collections::{BTreeMap, BTreeSet};

use nianbao_model::{Cell, Grid, Origin, Span, Warning, WarningKind};

use crate::amount::{Amount, partitions};
use crate::broken::{self, Whole};
use crate::form::{Form, Meaning};
use crate::label::Fit;
use crate::locate::{CellFacts, TableFacts};
use crate::report::{Figure, State};

/// How many readings of one row are tried. C(15, 2): two figures lost of table 4.
const MAX_READINGS: usize = 455;

/// A row of the form found in a table.
#[derive(Clone, Debug)]
pub(crate) struct RowFound {
    /// The table and the row of the form.
    pub(crate) table: usize,
    pub(crate) row: usize,
    /// The fields of the form, left to right.
    pub(crate) fields: Vec<usize>,
    /// Every possible reading, each with a figure for each field; never empty. Those with figures missing at the end come first.
    pub(crate) readings: Vec<Vec<Figure>>,
    /// How many figures stand there.
    pub(crate) found: usize,
    /// The columns were not clear, so the figures were taken in their order.
    pub(crate) in_order: bool,
    /// Nothing about the row is odd: what it says is reported, also where its sums do not hold.
    pub(crate) sure: bool,
    /// Where the row stands.
    pub(crate) at: Vec<Origin>,
}

/// What aligning found.
#[derive(Debug, Default)]
pub(crate) struct Aligned {
    pub(crate) rows: Vec<RowFound>,
    pub(crate) warnings: Vec<Warning>,
}

/// Finds the rows of the form in the tables of one report.
pub(crate) fn align(form: &Form, tables: &[&TableFacts<'_>]) -> Aligned {
    let mut reader = Reader {
        form,
        out: Aligned::default(),
        context: None,
        map: None,
        columns: Columns::Form,
        is_under_way: false,
        rows_above: 0,
        blank_row: None,
        unknown_row: None,
        group: None,
        last: None,
        told: BTreeSet::new(),
        broken: BTreeMap::new(),
    };
    for facts in tables {
        reader.table(facts);
    }
    reader.out
}

/// What is known while the rows go by.
struct Reader<'f> {
    form: &'f Form,
    out: Aligned,
    /// The table of the form that the last header belongs to.
    context: Option<usize>,
    map: Option<ColumnMap>,
    /// What the last header says of the columns, where the grid is lost.
    columns: Columns,
    /// The table at hand has shown a header or a row of the form.
    is_under_way: bool,
    /// How many rows were found above the last header.
    rows_above: usize,
    /// The last row of the table at hand that was found without a single figure.
    blank_row: Option<usize>,
    /// The last one with figures that no label is known of.
    unknown_row: Option<usize>,
    /// The last group label seen: table and group.
    group: Option<(usize, usize)>,
    /// The last row found: table and row.
    last: Option<(usize, usize)>,
    /// Labels that a warning has told of already.
    told: BTreeSet<String>,
    /// The labels of the table at hand that stand in pieces, by row.
    broken: BTreeMap<usize, Whole<'f>>,
}

/// Whose columns a table has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Columns {
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
struct ColumnMap {
    table: usize,
    /// The grid columns under the header of each column of the form.
    columns: Vec<Option<Span>>,
    /// The grid columns under headers that the form does not know: figures there are nobody's.
    foreign: Vec<Span>,
    /// How many columns the document's table has.
    width: usize,
}

/// A cell of the row at hand.
struct Entry<'a> {
    cell: &'a Cell,
    facts: &'a CellFacts,
    meanings: &'a [Meaning],
    fit: Fit,
}

impl<'a> Entry<'a> {
    fn means(&self, test: impl Fn(Meaning) -> bool) -> bool {
        self.meanings.iter().any(|&meaning| test(meaning))
    }

    fn is_text(&self) -> bool {
        !self.facts.canonical.is_empty()
    }
}

const fn is_row(meaning: Meaning) -> bool {
    matches!(meaning, Meaning::Row { .. })
}

const fn is_column(meaning: Meaning) -> bool {
    matches!(meaning, Meaning::Column { .. } | Meaning::Furniture { .. })
}

const fn is_group(meaning: Meaning) -> bool {
    matches!(meaning, Meaning::Group { .. })
}

impl<'f> Reader<'f> {
    fn table(&mut self, facts: &TableFacts<'_>) {
        let table = facts.table;
        // A table cut in two goes on under the header of its first part, where it has as many columns.
        self.map = self
            .map
            .take()
            .filter(|map| map.width == table.columns() && table.grid != Grid::Lost);
        if matches!(self.columns, Columns::Foreign | Columns::Pieces) {
            self.columns = Columns::Form;
        }
        self.is_under_way = false;
        self.broken = broken::labels(self.form, facts);
        self.blank_row = None;
        self.unknown_row = None;
        let mut header: Vec<usize> = Vec::new();
        let mut in_header = false;
        for row in 0..table.rows().len() {
            let entries = self.entries(facts, row);
            if entries.iter().all(|entry| entry.facts.amount == Amount::Blank) && header.is_empty() {
                continue;
            }
            if is_header(&entries, in_header) {
                if !in_header {
                    header.clear();
                }
                in_header = true;
                header.push(row);
                continue;
            }
            if std::mem::take(&mut in_header) {
                self.header(facts, &header);
            }
            if let Some(columns) = foreign_header(self.form, &entries) {
                self.columns = columns;
                self.map = None;
                continue;
            }
            self.row(facts, row, &entries);
        }
        if in_header {
            self.header(facts, &header);
        }
    }

    fn entries<'a>(&self, facts: &'a TableFacts<'_>, row: usize) -> Vec<Entry<'a>>
    where
        'f: 'a,
    {
        let form = self.form;
        let entry = |index: usize| {
            let (cell, facts) = (facts.table.cells().get(index)?, facts.cells.get(index)?);
            let meanings = if facts.canonical.is_empty() {
                &[]
            } else {
                form.lexicon.exact(&facts.canonical)
            };
            Some(Entry {
                cell,
                facts,
                meanings,
                fit: Fit::Exact,
            })
        };
        let mut entries: Vec<Entry<'a>> = facts.table.indices_over(row).filter_map(entry).collect();
        // Only a row that no label is known of is worth a search for the nearest one.
        if !entries
            .iter()
            .any(|entry| entry.means(|meaning| !is_group(meaning)))
        {
            for entry in entries
                .iter_mut()
                .filter(|entry| entry.is_text() && entry.meanings.is_empty())
            {
                if let Some((fit, _, meanings)) = form.lexicon.find(&entry.facts.canonical) {
                    entry.meanings = meanings;
                    entry.fit = fit;
                }
            }
        }
        entries
    }

    // Headers.

    fn header(&mut self, facts: &TableFacts<'_>, rows: &[usize]) {
        let meanings = rows
            .iter()
            .flat_map(|&row| self.entries(facts, row))
            .flat_map(|entry| entry.meanings.iter());
        let mut counts = vec![0usize; self.form.tables.len()];
        for meaning in meanings.filter(|meaning| is_column(**meaning)) {
            if let Some(count) = counts.get_mut(meaning.table()) {
                *count += 1;
            }
        }
        // The first of equals: a lone label such as 总计 belongs to the table at hand.
        let most = counts.iter().copied().max().unwrap_or(0);
        let stays = self
            .context
            .filter(|&table| most > 0 && counts.get(table) == Some(&most));
        self.context = stays
            .or_else(|| counts.iter().position(|&count| count == most && most > 0))
            .or(self.context);
        self.group = None;
        self.map = match self.context {
            Some(table) if facts.table.grid != Grid::Lost => self.column_map(facts, rows, table),
            _ => None,
        };
        let columns = self.columns_of(facts, rows);
        // Words that stand between the rows of a header do not end it.
        let is_new = std::mem::replace(&mut self.rows_above, self.out.rows.len()) < self.out.rows.len();
        if is_new || self.columns != Columns::Shuffled {
            self.columns = columns;
        }
        self.is_under_way = self.columns != Columns::Foreign;
    }

    /// Whose columns the header names, and whether in the order of the form.
    fn columns_of(&self, facts: &TableFacts<'_>, rows: &[usize]) -> Columns {
        let Some(spec) = self.context.and_then(|table| self.form.tables.get(table)) else { return Columns::Form };
        let (mut known, mut foreign, mut ordered, mut mixed) = (0, 0, true, false);
        for &row in rows {
            let mut places = Vec::new();
            let before = foreign;
            let begins_here = |entry: &&Entry<'_>| entry.is_text() && entry.cell.area().rows.start() == row;
            // The first cell names the rows.
            for (at, entry) in self.entries(facts, row).iter().filter(begins_here).enumerate() {
                let nearest = || self.form.lexicon.find(&entry.facts.canonical).map_or(&[][..], |(.., meanings)| meanings);
                let meanings = if entry.meanings.is_empty() { nearest() } else { entry.meanings };
                let column = meanings.iter().find_map(|meaning| match *meaning {
                    Meaning::Column { table, column } if Some(table) == self.context => Some(column),
                    _ => None,
                });
                // One behind the others takes no figure from them.
                mixed |= column.is_some() && foreign > before;
                known += usize::from(column.is_some());
                let is_of_the_form = column.is_some() || !entry.meanings.is_empty() && entry.fit == Fit::Exact;
                foreign += usize::from(at > 0 && !is_of_the_form && !self.form.lexicon.holds(&entry.facts.canonical));
                places.extend(column);
            }
            ordered &= spec.is_in_order(&places);
        }
        match (known >= foreign, ordered) {
            (false, _) => Columns::Foreign,
            (true, false) => Columns::Shuffled,
            (true, true) if mixed => Columns::Mixed,
            (true, true) => Columns::Form,
        }
    }

    fn column_map(&mut self, facts: &TableFacts<'_>, rows: &[usize], table: usize) -> Option<ColumnMap> {
        let mut leaves = self.leaves(facts, rows, table);
        let spec = self.form.tables.get(table)?;
        // A header that can stand for several columns does not stand for one that has a header of its own.
        let claimed: Vec<usize> = leaves.iter().filter_map(|leaf| leaf.only_column()).collect();
        for leaf in leaves.iter_mut().filter(|leaf| leaf.only_column().is_none()) {
            leaf.columns.retain(|column| !claimed.contains(column));
        }
        let mut columns: Vec<Option<Span>> = vec![None; spec.columns.len()];
        for (column, slot) in columns.iter_mut().enumerate() {
            let fitting: Vec<&Leaf> = leaves
                .iter()
                .filter(|leaf| leaf.columns.contains(&column))
                .collect();
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
    fn leaves(&self, facts: &TableFacts<'_>, rows: &[usize], table: usize) -> Vec<Leaf> {
        let mut leaves: Vec<Leaf> = Vec::new();
        for column in 0..facts.table.columns() {
            let mut path: Vec<usize> = rows
                .iter()
                .filter_map(|&row| facts.table.index_at(row, column))
                .collect();
            path.dedup();
            path.retain(|&index| {
                facts
                    .cells
                    .get(index)
                    .is_some_and(|cell| !cell.canonical.is_empty())
            });
            match leaves.last_mut() {
                // One header, even where only a part of it stands under another.
                Some(leaf) if leaf.path.last() == path.last() => leaf.span = leaf.span.hull(Span::one(column)),
                _ => leaves.push(self.leaf(facts, path, column, table)),
            }
        }
        leaves
    }

    fn leaf(&self, facts: &TableFacts<'_>, path: Vec<usize>, column: usize, table: usize) -> Leaf {
        let texts: Vec<&str> = path
            .iter()
            .filter_map(|&index| facts.cells.get(index))
            .map(|cell| cell.canonical.as_str())
            .collect();
        // A header word may be broken over two rows: 商业 over 企业.
        let tails: Vec<String> = (1..=texts.len().min(3))
            .map(|count| texts.get(texts.len() - count..).unwrap_or_default().concat())
            .collect();
        let columns_of = |meanings: &[Meaning]| -> Vec<usize> {
            let of_table = |meaning: &Meaning| match *meaning {
                Meaning::Column { table: of, column } if of == table => Some(column),
                _ => None,
            };
            meanings.iter().filter_map(of_table).collect()
        };
        let lexicon = &self.form.lexicon;
        let exact = tails
            .iter()
            .map(|tail| columns_of(lexicon.exact(tail)))
            .find(|columns| !columns.is_empty());
        let near = || {
            tails.iter().find_map(|tail| {
                lexicon
                    .find(tail)
                    .map(|(.., meanings)| columns_of(meanings))
                    .filter(|columns| !columns.is_empty())
            })
        };
        let mut columns = exact.or_else(near).unwrap_or_default();
        if let Some(spec) = self.form.tables.get(table) {
            let stands_under = |column: &usize| {
                spec.columns.get(*column).is_some_and(|spec| {
                    spec.under
                        .iter()
                        .all(|label| texts.iter().any(|text| text.contains(label.as_str())))
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
            .map(|cell| cell.origins.clone())
            .unwrap_or_default();
        Leaf {
            path,
            span: Span::one(column),
            columns,
            label,
            furniture,
            at,
        }
    }

    fn tell_column(&mut self, leaf: &Leaf) {
        if self.told.insert(leaf.label.clone()) {
            self.out.warnings.push(Warning::new(
                WarningKind::ColumnUnknown {
                    label: leaf.label.clone(),
                },
                leaf.at.clone(),
            ));
        }
    }

    // Rows.

    fn row(&mut self, facts: &TableFacts<'_>, row: usize, entries: &[Entry<'_>]) {
        for entry in entries.iter().filter(|entry| entry.fit == Fit::Exact) {
            for meaning in entry.meanings {
                if let Meaning::Group { table, group } = *meaning {
                    self.group = Some((table, group));
                }
            }
        }
        let whole = self.broken.remove(&row);
        let label = entries.iter().rposition(|entry| entry.means(is_row));
        let found = match label {
            _ if whole.is_some() => {
                let text = entries.iter().rposition(Entry::is_text);
                whole.and_then(|whole| self.put_together(whole)).map(|(table, row)| (table, row, text.map_or(0, |at| at + 1)))
            }
            Some(at) => entries
                .get(at)
                .and_then(|entry| self.choose(entry.meanings))
                .map(|(table, row)| (table, row, at + 1)),
            None => self.unlabelled(entries).map(|(table, at)| (table, 0, at)),
        };
        let Some((table, form_row, first)) = found else {
            self.orphans(entries);
            self.unknown_row(row, facts, entries);
            return;
        };
        let behind = entries.get(first..).unwrap_or_default();
        let glued = label
            .and_then(|at| entries.get(at))
            .and_then(|entry| match &entry.facts.amount {
                Amount::Glued { digits, .. } => Some((entry.cell, digits.as_str())),
                _ => None,
            });
        let holds_a_figure = behind.iter().any(|entry| entry.facts.amount.fits_a_figure());
        // In a table that is under way, what stands there in place of a figure is told.
        let is_illegible = self.is_under_way && !behind.is_empty();
        if glued.is_none() && !holds_a_figure && !is_illegible {
            return;
        }
        self.is_under_way = true;
        if let Some(entry) = label
            .and_then(|at| entries.get(at))
            .filter(|entry| entry.fit == Fit::Near)
        {
            self.tell_label(entry, table, form_row);
        }
        self.last = Some((table, form_row));
        self.context = Some(table);
        self.take(facts, row, (table, form_row), behind, glued);
    }

    /// The row of the form that a label put together from pieces names.
    fn put_together(&mut self, whole: Whole<'f>) -> Option<(usize, usize)> {
        self.group = whole.group.or(self.group);
        let found = self.choose(whole.meanings)?;
        self.out.warnings.push(Warning::new(WarningKind::RowsJoined { label: whole.text }, whole.at));
        Some(found)
    }

    /// Which of the rows that bear a label is meant: the one in the group at hand, else the next one down the form.
    fn choose(&self, meanings: &[Meaning]) -> Option<(usize, usize)> {
        let rows: Vec<(usize, usize)> = meanings
            .iter()
            .filter_map(|meaning| match *meaning {
                Meaning::Row { table, row } => Some((table, row)),
                _ => None,
            })
            .collect();
        if let [only] = rows.as_slice() {
            return Some(*only);
        }
        let in_group = rows.iter().find(|&&(table, row)| {
            let group = self.group.filter(|&(of, _)| of == table).and_then(|(_, group)| self.form.tables.get(table)?.groups.get(group));
            let key = self.form.row(table, row).map(|row| row.key.as_str());
            matches!((group, key), (Some(group), Some(key)) if key.strip_prefix(group.key.as_str()).is_some_and(|rest| rest.starts_with('.')))
        });
        let next = rows.iter().find(|&&at| self.last.is_none_or(|last| at > last));
        in_group.or(next).or(rows.first()).copied()
    }

    /// A row without a known label, under the header of a table whose one row has none: its table, and where its figures begin.
    fn unlabelled(&self, entries: &[Entry<'_>]) -> Option<(usize, usize)> {
        let table = self.context?;
        let spec = self.form.tables.get(table)?;
        let [only] = spec.rows.as_slice() else { return None };
        if !only.label.is_empty() {
            return None;
        }
        let first = usize::from(entries.first().is_some_and(Entry::is_text));
        let behind = entries.get(first..)?;
        let figures = behind
            .iter()
            .filter(|entry| entry.facts.amount.is_figure() || entry.facts.amount == Amount::Dash)
            .count();
        let all_fit = behind.iter().all(|entry| entry.facts.amount.fits_a_figure());
        (all_fit && (figures > 0 || behind.len() >= only.columns.len())).then_some((table, first))
    }

    /// Figures without a label may be the rest of what stands above them: digits that a narrow column broke.
    fn orphans(&mut self, entries: &[Entry<'_>]) {
        if entries.iter().any(|entry| entry.facts.amount.is_figure())
            && !entries.iter().any(Entry::is_text)
            && let Some(above) = self.out.rows.last_mut()
        {
            above.sure = false;
        }
    }

    fn unknown_row(&mut self, row: usize, facts: &TableFacts<'_>, entries: &[Entry<'_>]) {
        let figures = entries
            .iter()
            .filter(|entry| entry.facts.amount.is_figure())
            .count();
        let Some(label) = entries
            .iter()
            .rev()
            .find(|entry| entry.is_text() && entry.cell.area().rows.start() == row)
        else {
            return;
        };
        if figures == 0 || self.context.is_none() || facts.table.rows().get(row).is_some_and(|row| row.header)
        {
            return;
        }
        // A row torn in two: its label above, its figures below.
        if self.blank_row.is_some_and(|blank| blank + 1 == row)
            && let Some(found) = self.out.rows.last_mut()
        {
            found.readings.push(vec![Figure::lost(); found.fields.len()]);
        }
        self.unknown_row = Some(row);
        let text = label.cell.lines.concat();
        if self.told.insert(text.clone()) {
            self.out.warnings.push(Warning::new(
                WarningKind::RowUnknown { label: text },
                label.cell.origins.clone(),
            ));
        }
    }

    fn tell_label(&mut self, entry: &Entry<'_>, table: usize, row: usize) {
        let printed = entry.cell.lines.concat();
        let read_as = self
            .form
            .row(table, row)
            .map(|row| row.label.clone())
            .unwrap_or_default();
        if self.told.insert(printed.clone()) {
            self.out.warnings.push(Warning::new(
                WarningKind::LabelGuessed { printed, read_as },
                entry.cell.origins.clone(),
            ));
        }
    }

    /// Takes the figures of a row, in every way in which they can be read.
    fn take(
        &mut self,
        facts: &TableFacts<'_>,
        row: usize,
        at: (usize, usize),
        behind: &[Entry<'_>],
        glued: Option<(&Cell, &str)>,
    ) {
        let Some(spec) = self.form.row(at.0, at.1) else {
            return;
        };
        let fields: Vec<usize> = spec
            .columns
            .iter()
            .filter_map(|&column| self.form.field_index(at.0, at.1, column))
            .collect();
        let cells: Vec<Candidate<'_>> = match glued {
            Some((cell, digits)) if behind.iter().all(|entry| entry.facts.amount == Amount::Blank) => {
                vec![Candidate::Glued(cell, digits)]
            }
            _ => behind
                .iter()
                .map(|entry| Candidate::Cell(entry.cell, &entry.facts.amount))
                .collect(),
        };
        let by_grid = self
            .map
            .as_ref()
            .filter(|map| map.table == at.0)
            .and_then(|map| by_grid(facts, row, map, &spec.columns, behind));
        let summed = fields.iter().any(|&field| self.form.enters_a_sum(field));
        let (mut readings, taken_in_order, sure) = match by_grid {
            Some(GridReading { figures, clean: true }) => (vec![figures], false, true),
            damaged => {
                let Ways { mut readings, sure } = in_order(&cells, spec.columns.len(), facts.table.grid, summed);
                let certain = !readings.is_empty();
                let damaged = damaged
                    .map(|reading| reading.figures)
                    .filter(|figures| !readings.contains(figures));
                // What the grid says comes first only where the order of the figures says nothing.
                readings.extend(damaged);
                if !certain && cells.iter().any(Candidate::is_figure) {
                    readings.push(vec![Figure::lost(); spec.columns.len()]);
                }
                (readings, true, sure)
            }
        };
        let certain = match self.columns {
            Columns::Form => true,
            Columns::Mixed => facts.table.grid == Grid::Stated || cells.len() > spec.columns.len() && !cells.iter().any(Candidate::is_blank),
            Columns::Pieces => summed,
            Columns::Shuffled | Columns::Foreign => !taken_in_order,
        };
        if !certain {
            readings.push(vec![Figure::lost(); spec.columns.len()]);
        }
        if readings.is_empty() {
            return;
        }
        if !cells.iter().any(Candidate::is_figure) {
            self.blank_row = Some(row);
            if self.unknown_row.is_some_and(|unknown| unknown + 1 == row) {
                readings.push(vec![Figure::lost(); spec.columns.len()]);
            }
        }
        let found = cells.iter().filter(|cell| !cell.is_blank()).count();
        let at_row: Vec<Origin> = cells
            .iter()
            .flat_map(|cell| cell.cell().origins.iter().take(1).cloned())
            .collect();
        self.out.rows.push(RowFound {
            table: at.0,
            row: at.1,
            fields,
            readings,
            found,
            in_order: taken_in_order && facts.table.grid != Grid::Lost,
            sure,
            at: at_row,
        });
    }
}

/// Whether a row names columns: it holds labels of columns and no figures; or it goes on with a header and holds no row of the form.
fn is_header(entries: &[Entry<'_>], in_header: bool) -> bool {
    let columns = entries.iter().filter(|entry| entry.means(is_column)).count();
    let figures = entries.iter().filter(|entry| entry.facts.amount.is_figure()).count();
    // A number that counts the rows may stand before a header too.
    if figures > 0 && (figures > 1 || columns < 2) {
        return false;
    }
    let pure = entries
        .iter()
        .any(|entry| entry.means(is_column) && !entry.means(is_row));
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
fn foreign_header(form: &Form, entries: &[Entry<'_>]) -> Option<Columns> {
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

/// A cell that may hold a figure.
#[derive(Clone, Copy)]
enum Candidate<'a> {
    Cell(&'a Cell, &'a Amount),
    /// Digits glued to the label of their row.
    Glued(&'a Cell, &'a str),
}

impl<'a> Candidate<'a> {
    const fn cell(&self) -> &'a Cell {
        match self {
            Self::Cell(cell, _) | Self::Glued(cell, _) => cell,
        }
    }

    fn is_blank(&self) -> bool {
        matches!(self, Self::Cell(_, Amount::Blank))
    }

    fn is_figure(&self) -> bool {
        match self {
            Self::Cell(_, amount) => amount.is_figure(),
            Self::Glued(..) => true,
        }
    }

    fn figure(&self) -> Figure {
        match self {
            // A figure that stands in several rows belongs to none of them.
            Self::Cell(cell, amount) if cell.area().rows.length() > 1 && **amount != Amount::Blank => unread(cell),
            Self::Cell(cell, amount) => figure(cell, amount),
            Self::Glued(cell, digits) => figure(cell, &Amount::read(&[(*digits).to_owned()])),
        }
    }

    const fn is_no_number(&self) -> bool {
        matches!(self, Self::Glued(..) | Self::Cell(_, Amount::Digits(_)))
    }

    /// The digits, where they may be several figures without anything between.
    fn run_of_digits(&self) -> Option<String> {
        match self {
            Self::Glued(_, digits) => Some((*digits).to_owned()).filter(|digits| digits.bytes().all(|c| c.is_ascii_digit())),
            Self::Cell(_, Amount::Digits(digits)) => Some(digits.clone()),
            Self::Cell(
                _,
                Amount::Number {
                    value,
                    unit,
                    note: false,
                },
            ) if unit.is_empty() && value.scale() == 0 => Some(value.to_string()),
            Self::Cell(..) => None,
        }
    }
}

fn unread(cell: &Cell) -> Figure {
    Figure {
        value: None,
        raw: cell.text(),
        state: State::Lost,
        origins: cell.origins.clone(),
    }
}

fn figure(cell: &Cell, amount: &Amount) -> Figure {
    let (value, state) = match amount {
        Amount::Number { value, .. } => (Some(*value), State::Read),
        Amount::Blank => (None, State::Blank),
        Amount::Dash => (None, State::Dash),
        Amount::Digits(_) | Amount::Glued { .. } | Amount::Text => (None, State::Lost),
    };
    Figure {
        value,
        state,
        ..unread(cell)
    }
}

struct GridReading {
    figures: Vec<Figure>,
    /// Every column has a cell of its own, and nothing stands elsewhere.
    clean: bool,
}

/// The figures under the headers of their columns; `None` where no column of the row has a header.
fn by_grid(
    facts: &TableFacts<'_>,
    row: usize,
    map: &ColumnMap,
    columns: &[usize],
    behind: &[Entry<'_>],
) -> Option<GridReading> {
    let spans: Vec<Option<Span>> = columns
        .iter()
        .map(|&column| map.columns.get(column).copied().flatten())
        .collect();
    if spans.iter().all(Option::is_none) {
        return None;
    }
    // A table may be cut between its columns: this part then has the headers of neighbouring columns only.
    let mut headed = spans.iter().skip_while(|span| span.is_none()).skip_while(|span| span.is_some());
    let mut clean = headed.all(Option::is_none);
    let mut figures = Vec::with_capacity(spans.len());
    for span in &spans {
        let under = span.map(|span| cells_under(facts, row, span)).unwrap_or_default();
        let filled: Vec<_> = under
            .iter()
            .filter(|(_, amount)| **amount != Amount::Blank)
            .collect();
        let chosen = match filled.as_slice() {
            [] => under.first(),
            [only] => Some(*only),
            _ => None,
        };
        // A figure that stands under several columns, or in several rows, belongs to none of them.
        let shared = |cell: &Cell| {
            let columns = spans
                .iter()
                .flatten()
                .filter(|other| cell.area().columns.overlaps(**other))
                .count();
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

fn cells_under<'a>(facts: &'a TableFacts<'_>, row: usize, span: Span) -> Vec<(&'a Cell, &'a Amount)> {
    let mut indices: Vec<usize> = span
        .indices()
        .filter_map(|column| facts.table.index_at(row, column))
        .collect();
    indices.dedup();
    indices
        .iter()
        .filter_map(|&index| Some((facts.table.cells().get(index)?, &facts.cells.get(index)?.amount)))
        .collect()
}

/// The ways to read a row.
struct Ways {
    readings: Vec<Vec<Figure>>,
    /// There are exactly as many figures as columns, one behind the other.
    sure: bool,
}

/// Every way to give `wanted` columns the figures of `cells` in their order; none where there are too many.
///
/// Blank cells hold their place where the source has cells; where the grid is lost they may be mere padding, and a figure may be lost
/// without a trace. Where no sum can choose (`summed`), padding at the ends of a row is taken for that.
fn in_order(cells: &[Candidate<'_>], wanted: usize, grid: Grid, summed: bool) -> Ways {
    let filled: Vec<usize> = (0..cells.len()).filter(|&at| cells.get(at).is_some_and(|cell| !cell.is_blank())).collect();
    let taken = |indices: &[usize]| indices.iter().filter_map(|&at| cells.get(at)).map(Candidate::figure).collect::<Vec<_>>();
    let unsure = |readings| Ways { readings, sure: false };
    // Figures without anything between: digits glued to the label, or a run such as 000 that is no number.
    let glued = filled.first().and_then(|&at| cells.get(at)).is_some_and(Candidate::is_no_number);
    if glued && filled.len() == 1 && wanted > 1 {
        return unsure(split(cells, &filled, wanted));
    }
    let (Some(&first), Some(&last)) = (filled.first(), filled.last()) else {
        let end: Vec<usize> = (cells.len().saturating_sub(wanted)..cells.len()).collect();
        return Ways { readings: (end.len() == wanted).then(|| taken(&end)).into_iter().collect(), sure: true };
    };
    if filled.len() == wanted && are_even(&filled) {
        return Ways { readings: vec![taken(&filled)], sure: last - first < wanted };
    }
    // Any of the cells that are too many can be the wrong one, blank or not.
    let some_of = |from: usize, count: usize| {
        let ways = combinations(count, wanted).into_iter();
        ways.map(move |way| way.into_iter().map(|at| from + at).collect::<Vec<_>>())
    };
    if last - first >= wanted || filled.len() >= wanted {
        let between = some_of(first, last + 1 - first).map(|way| taken(&way));
        return unsure((filled.len() == wanted).then(|| taken(&filled)).into_iter().chain(between).collect());
    }
    let hold = grid == Grid::Stated || blanks_hold_places(&filled);
    let windows = windows(cells.len(), wanted, &filled).into_iter().map(|window| taken(&window.collect::<Vec<_>>()));
    if cells.len() >= wanted && hold {
        let any = (grid == Grid::Stated || summed).then(|| some_of(0, cells.len()).map(|way| taken(&way)));
        let sure = cells.len() == wanted;
        return Ways { readings: windows.chain(any.into_iter().flatten()).collect(), sure };
    }
    // Some are missing: the others, those that hold a place, can stand anywhere.
    let spread = |held: &[usize]| -> Vec<Vec<Figure>> {
        let ways = combinations(wanted, held.len()).into_iter();
        let reading = |way: Vec<usize>| {
            let mut reading = vec![Figure::lost(); wanted];
            for (&at, &index) in way.iter().zip(held) {
                if let (Some(slot), Some(cell)) = (reading.get_mut(at), cells.get(index)) {
                    *slot = cell.figure();
                }
            }
            reading
        };
        ways.map(reading).collect()
    };
    let all: Vec<usize> = (0..cells.len()).collect();
    if grid == Grid::Stated {
        return unsure(spread(&all));
    }
    let mut readings = if cells.len() == 1 { split(cells, &filled, wanted) } else { Vec::new() };
    readings.extend(spread(&filled));
    readings.extend(windows);
    unsure(readings)
}

/// Whether figures stand one behind the other, or all with the same gaps between them.
fn are_even(filled: &[usize]) -> bool {
    let mut gaps = filled.windows(2).filter_map(|pair| match pair {
        [one, next] => Some(next - one),
        _ => None,
    });
    let first = gaps.next();
    gaps.all(|gap| Some(gap) == first)
}

/// Whether the blank cells of a row stand for figures, and are no padding: some stand between figures, or more before them than a row has
/// levels of labels.
fn blanks_hold_places(filled: &[usize]) -> bool {
    /// The deepest label stands in the third column: two blanks can stand before it or behind a shallower one.
    const LABEL_LEVELS: usize = 2;
    let between = filled.windows(2).any(|pair| matches!(pair, [one, next] if next - one > 1));
    between || filled.first().is_some_and(|&first| first > LABEL_LEVELS)
}

/// A lone run of digits parted into as many figures as the form wants, in every way.
fn split(cells: &[Candidate<'_>], filled: &[usize], wanted: usize) -> Vec<Vec<Figure>> {
    let [only] = filled else {
        return Vec::new();
    };
    let Some(cell) = cells.get(*only) else {
        return Vec::new();
    };
    let Some(digits) = cell.run_of_digits() else {
        return Vec::new();
    };
    let part = |part: &str| Figure {
        value: part.parse().ok(),
        state: State::Read,
        ..unread(cell.cell())
    };
    partitions(&digits, wanted, MAX_READINGS)
        .into_iter()
        .map(|parts| parts.into_iter().map(part).collect())
        .collect()
}

/// The runs of `wanted` neighbours among `count` that hold all of `filled`.
fn windows(count: usize, wanted: usize, filled: &[usize]) -> Vec<std::ops::Range<usize>> {
    let (Some(&first), Some(&last)) = (filled.first(), filled.last()) else {
        return Vec::new();
    };
    (0..=first)
        .map(|start| start..start + wanted)
        .filter(|window| window.end <= count && last < window.end)
        .collect()
}

/// Every way to take `take` of `count` in order, those that take from the front first; none where there are too many.
fn combinations(count: usize, take: usize) -> Vec<Vec<usize>> {
    fn choose(from: usize, count: usize, take: usize, taken: &mut Vec<usize>, found: &mut Vec<Vec<usize>>) {
        if found.len() > MAX_READINGS {
            return;
        }
        if take == 0 {
            found.push(taken.clone());
            return;
        }
        for next in from..=count - take {
            taken.push(next);
            choose(next + 1, count, take - 1, taken, found);
            taken.pop();
        }
    }
    let mut found = Vec::new();
    if take <= count {
        choose(0, count, take, &mut Vec::new(), &mut found);
    }
    if found.len() > MAX_READINGS {
        Vec::new()
    } else {
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_taken_from_the_front_first() {
        assert_eq!(combinations(3, 2), vec![vec![0, 1], vec![0, 2], vec![1, 2]]);
        assert_eq!(combinations(2, 3), Vec::<Vec<usize>>::new());
        assert_eq!(combinations(15, 7), Vec::<Vec<usize>>::new());
        assert_eq!(combinations(15, 13).len(), 105);
    }

    #[test]
    fn a_window_holds_every_figure() {
        assert_eq!(windows(8, 7, &[0, 6]), vec![0..7]);
        assert_eq!(windows(8, 7, &[1, 6]), vec![0..7, 1..8]);
        assert_eq!(windows(6, 7, &[0]), Vec::new());
    }
}
