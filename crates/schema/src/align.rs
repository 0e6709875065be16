//! Which row and column of the form each figure of a table belongs to.
//!
//! Where the grid is there, a figure belongs to the row and the column whose headers cover it. Where it is not (text dumps, a shifted
//! or cut row), the row is known by its label words with group memory, and its figures are those behind the label, in order. A damaged
//! row can have several readings; all are handed on, and `solve` chooses.

mod columns;
mod readings;

use std::collections::{BTreeMap, BTreeSet};

use nianbao_model::{Cell, Grid, Origin, Warning, WarningKind};

use columns::{ColumnMap, Columns, GridReading, by_grid, foreign_header, is_header};
use readings::{Candidate, Ways, in_order};

use crate::amount::Amount;
use crate::broken::{self, Whole};
use crate::form::{Form, Meaning};
use crate::label::Fit;
use crate::locate::{CellFacts, TableFacts};
use crate::report::Figure;

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
    /// It stands in a table whose headers are not the form's.
    pub(crate) is_foreign: bool,
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
        named: Vec::new(),
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
    /// The columns that the last header names.
    named: Vec<usize>,
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

/// A row of the header at hand.
struct HeaderRow<'a> {
    row: usize,
    entries: Vec<Entry<'a>>,
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
        self.map = self.map.take().filter(|map| map.width == table.columns() && table.grid != Grid::Lost);
        if matches!(self.columns, Columns::Foreign | Columns::Pieces) {
            self.columns = Columns::Form;
        }
        self.is_under_way = false;
        self.broken = broken::labels(self.form, facts);
        self.blank_row = None;
        self.unknown_row = None;
        let mut header: Vec<HeaderRow<'_>> = Vec::new();
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
                header.push(HeaderRow { row, entries });
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
            let meanings = if facts.canonical.is_empty() { &[] } else { form.lexicon.exact(&facts.canonical) };
            Some(Entry { cell, facts, meanings, fit: Fit::Exact })
        };
        let mut entries: Vec<Entry<'a>> = Vec::with_capacity(facts.table.columns());
        entries.extend(facts.table.indices_over(row).filter_map(entry));
        // Only a row that no label is known of is worth a search for the nearest one.
        if !entries.iter().any(|entry| entry.means(|meaning| !is_group(meaning))) {
            for entry in entries.iter_mut().filter(|entry| entry.is_text() && entry.meanings.is_empty()) {
                if let Some((fit, _, meanings)) = form.lexicon.find(&entry.facts.canonical) {
                    entry.meanings = meanings;
                    entry.fit = fit;
                }
            }
        }
        entries
    }

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
                whole
                    .and_then(|whole| self.put_together(whole))
                    .map(|(table, row)| (table, row, text.map_or(0, |at| at + 1)))
            }
            Some(at) => {
                entries.get(at).and_then(|entry| self.choose(entry.meanings)).map(|(table, row)| (table, row, at + 1))
            }
            None => self.unlabelled(entries).map(|(table, at)| (table, 0, at)),
        };
        let Some((table, form_row, first)) = found else {
            self.orphans(entries);
            self.unknown_row(row, facts, entries);
            return;
        };
        let behind = entries.get(first..).unwrap_or_default();
        let glued = label.and_then(|at| entries.get(at)).and_then(|entry| match &entry.facts.amount {
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
        if let Some(entry) = label.and_then(|at| entries.get(at)).filter(|entry| entry.fit == Fit::Near) {
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
        let figures =
            behind.iter().filter(|entry| entry.facts.amount.is_figure() || entry.facts.amount == Amount::Dash).count();
        let all_fit = behind.iter().all(|entry| entry.facts.amount.fits_a_figure());
        // A blank row below the figures is no second printing of them.
        let is_known = || self.out.rows.iter().any(|found| (found.table, found.row) == (table, 0));
        let is_blank_row = || behind.len() >= only.columns.len() && !is_known();
        (all_fit && (figures > 0 || is_blank_row())).then_some((table, first))
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
        let figures = entries.iter().filter(|entry| entry.facts.amount.is_figure()).count();
        let Some(label) = entries.iter().rev().find(|entry| entry.is_text() && entry.cell.area().rows.start() == row)
        else {
            return;
        };
        if figures == 0 || self.context.is_none() || facts.table.rows().get(row).is_some_and(|row| row.header) {
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
            self.out.warnings.push(Warning::new(WarningKind::RowUnknown { label: text }, label.cell.origins.to_vec()));
        }
    }

    fn tell_label(&mut self, entry: &Entry<'_>, table: usize, row: usize) {
        let printed = entry.cell.lines.concat();
        let read_as = self.form.row(table, row).map(|row| row.label.clone()).unwrap_or_default();
        if self.told.insert(printed.clone()) {
            self.out
                .warnings
                .push(Warning::new(WarningKind::LabelGuessed { printed, read_as }, entry.cell.origins.to_vec()));
        }
    }

    /// Whether the last header names some of the columns, but not all.
    fn is_cut(&self, columns: &[usize]) -> bool {
        let named = columns.iter().filter(|column| self.named.contains(column)).count();
        named > 0 && named < columns.len()
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
        let fields = spec.fields.clone();
        let cells: Vec<Candidate<'_>> = match glued {
            Some((cell, digits)) if behind.iter().all(|entry| entry.facts.amount == Amount::Blank) => {
                vec![Candidate::Glued(cell, digits)]
            }
            _ => behind.iter().map(|entry| Candidate::Cell(entry.cell, &entry.facts.amount)).collect(),
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
                let damaged = damaged.map(|reading| reading.figures).filter(|figures| !readings.contains(figures));
                // What the grid says comes first only where the order of the figures says nothing.
                readings.extend(damaged);
                if !certain && cells.iter().any(Candidate::is_figure) {
                    readings.push(vec![Figure::lost(); spec.columns.len()]);
                }
                (readings, true, sure)
            }
        };
        let found = cells.iter().filter(|cell| !cell.is_blank()).count();
        let certain = match self.columns {
            // One that the header does not name may be missing.
            Columns::Form => {
                facts.table.grid == Grid::Stated || found >= spec.columns.len() || !self.is_cut(&spec.columns)
            }
            Columns::Mixed => {
                facts.table.grid == Grid::Stated
                    || cells.len() > spec.columns.len() && !cells.iter().any(Candidate::is_blank)
            }
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
        let at_row: Vec<Origin> = cells.iter().flat_map(|cell| cell.cell().origins.iter().take(1).cloned()).collect();
        self.out.rows.push(RowFound {
            table: at.0,
            row: at.1,
            fields,
            readings,
            found,
            in_order: taken_in_order && facts.table.grid != Grid::Lost,
            sure,
            is_foreign: matches!(self.columns, Columns::Foreign | Columns::Pieces),
            at: at_row,
        });
    }
}
