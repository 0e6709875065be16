//! The files of the dataset while they are written, all at once.

use std::io::Write as _;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread;

use nianbao::Forms;

use super::block::{Seen, is_extra, nothing_seen};
use super::columnar::Columnars;
use super::delimited::{self, Delimited};
use super::flow::Ready;
use super::labels::Labels;
use super::package::{self, Known};
use super::part::{OutFolder, Part, rename, sync, unfinished};
use super::relational::{self, Relational};
use super::rows::{Rows, Value};
use super::tables::{FIELDS, FINDINGS, REPORTS, TABLES};
use super::waiting::{self, remove};
use super::{Error, Written, WrittenFile, codebook};
use crate::options::Options;
use crate::panel::{PanelFinding, Waiting};

/// The name of the file of lines.
const LINES: &str = "reports.jsonl";
/// Where the year panel's facts wait; never one of the dataset's files.
const WAITING: &str = "panel";

/// How many findings of the panel are written at a time: one that names all figures has five kilobytes.
const FINDINGS_AT_ONCE: usize = 256;

/// The files of the dataset.
pub(crate) struct Output {
    folder: PathBuf,
    /// The same, as it was when writing began.
    begun_in: OutFolder,
    options: Options,
    /// The tables that are written, as indices into [`TABLES`].
    tables: Vec<usize>,
    /// In the order of `tables`.
    columnar: Columnars,
    delimited: Vec<Delimited>,
    relational: Option<Relational>,
    lines: Option<Part>,
    /// What the year panel compares when all is there.
    waiting: Option<Waiting>,
    seen: Seen,
    reports: u64,
    panel_findings: u64,
    /// Those that are whole, but still under their names as parts.
    whole: Vec<WrittenFile>,
}

impl Output {
    /// All files of a dataset.
    pub(crate) fn create(folder: &Path, options: &Options) -> Result<Self, Error> {
        let waiting = unfinished(folder, WAITING);
        remove(&waiting)?;
        let waiting = Waiting::new(&waiting).map_err(|error| spilt(folder, error))?;
        Ok(Self { lines: Some(Part::create(folder, LINES)?), waiting: Some(waiting), ..Self::tables(folder, options)? })
    }

    /// The tables alone, without what only all documents together tell.
    pub(crate) fn tables(folder: &Path, options: &Options) -> Result<Self, Error> {
        let tables: Vec<usize> = (0..TABLES.len()).filter(|&table| options.tables || !is_extra(table)).collect();
        let of_tables = || tables.iter().filter_map(|&table| TABLES.get(table));
        let columnar = Columnars::create(folder, of_tables())?;
        let delimited = of_tables().filter(|_| options.csv).map(|table| Delimited::create(folder, table, options.bom));
        let delimited = delimited.collect::<Result<_, _>>()?;
        let relational = options.sqlite.then(|| Relational::create(folder, &tables)).transpose()?;
        Ok(Self {
            folder: folder.to_owned(),
            begun_in: OutFolder::open(folder)?,
            options: options.clone(),
            columnar,
            delimited,
            relational,
            lines: None,
            waiting: None,
            seen: nothing_seen(),
            reports: 0,
            panel_findings: 0,
            whole: Vec::new(),
            tables,
        })
    }

    /// Adds a block behind those before it.
    pub(crate) fn add(&mut self, ready: Ready) -> Result<(), Error> {
        let Ready { block, csv } = ready;
        self.reports += block.tables.get(REPORTS).and_then(Option::as_ref).map_or(0, |rows| rows.num_rows() as u64);
        for (place, &table) in self.tables.iter().enumerate() {
            let Some(rows) = block.tables.get(table).and_then(Option::as_ref) else { continue };
            self.columnar.add(place, rows)?;
            if let Some((delimited, text)) = self.delimited.get_mut(place).zip(csv.get(table).and_then(Option::as_ref))
            {
                delimited.add(text)?;
            }
            if let Some(relational) = &mut self.relational {
                relational.add(table, rows)?;
            }
        }
        if let Some(lines) = &mut self.lines {
            let path = lines.path();
            lines.write_all(&block.lines).map_err(|error| Error::write(&path, error))?;
        }
        if let Some(waiting) = &mut self.waiting {
            let added = block.facts.iter().try_for_each(|fact| waiting.add(fact));
            added.map_err(|error| spilt(&self.folder, error))?;
        }
        for (all, seen) in self.seen.iter_mut().flatten().zip(block.seen.into_iter().flatten()) {
            all.extend(seen);
        }
        Ok(())
    }

    /// All documents were added: the year panel, the figures of the forms, and every table is whole. It may take so many cores.
    ///
    /// Whoever added the documents does that too, on the same thread: what was needed until now is free there, and needed again.
    pub(crate) fn close(&mut self, labels: &Labels, cores: NonZeroUsize) -> Result<(), Error> {
        self.begun_in.stands()?;
        self.columnar.finish_many()?;
        self.fields(labels)?;
        if let Some(waiting) = self.waiting.take() {
            self.panel_findings = self.panel(waiting, labels, cores)?;
        }
        self.whole.extend(self.lines.take().map(Part::finish).transpose()?);
        self.whole.extend(self.columnar.finish()?);
        for delimited in self.delimited.drain(..) {
            self.whole.push(delimited.finish()?);
        }
        if let Some(relational) = self.relational.take() {
            self.whole.push(relational.finish(&self.tables, labels)?);
        }
        Ok(())
    }

    /// The tables are whole: the descriptions; then every file gets its name.
    pub(crate) fn finish(self, forms: &Forms) -> Result<Written, Error> {
        let Self { folder, begun_in, options, tables, seen, reports, panel_findings, whole: mut files, .. } = self;
        begun_in.stands()?;
        let known = Known { forms, seen: &seen };
        files.push(small(&folder, codebook::NAME, &codebook::write(&known, &tables, options.csv))?);
        files.sort_by(|one, other| one.name.cmp(&other.name));
        let package = small(&folder, package::NAME, &package::describe(&known, &tables, &files, options.bom))?;
        for name in possible() {
            if files.iter().all(|file| file.name != name) {
                remove(&folder.join(&name))?;
            }
        }
        files.iter().try_for_each(|file| rename(&folder, &file.name))?;
        // The names of the others are on the disk before the one that vouches for them.
        sync(&folder)?;
        rename(&folder, package::NAME)?;
        sync(&folder)?;
        files.push(package);
        files.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Written { files, reports, panel_findings })
    }

    /// The tables are whole: each gets its name, and nothing is said of them.
    pub(crate) fn finish_tables(self) -> Result<Vec<WrittenFile>, Error> {
        self.whole.iter().try_for_each(|file| rename(&self.folder, &file.name))?;
        Ok(self.whole)
    }

    /// Puts the years side by side; how many findings that gave. Where there is a core for it, the tables that have no findings are written
    /// meanwhile.
    fn panel(&mut self, waiting: Waiting, labels: &Labels, cores: NonZeroUsize) -> Result<u64, Error> {
        let Some(place) = self.tables.iter().position(|&table| table == FINDINGS) else { return Ok(0) };
        let Self { folder, columnar, delimited, relational, .. } = self;
        let mut apart = columnar.take_out(place);
        let table = Sinks {
            table: FINDINGS,
            columnar: &mut apart,
            place: 0,
            delimited: delimited.get_mut(place),
            relational: relational.as_mut(),
        };
        let beside: &Path = folder;
        let compare = move || compared(waiting, labels, beside, table);
        let count = if cores.get() == 1 {
            compare()?
        } else {
            thread::scope(|scope| {
                let comparing = thread::Builder::new().name("panel".to_owned()).spawn_scoped(scope, compare);
                let comparing = comparing.map_err(|error| Error::source(format!("no thread can be had: {error}")))?;
                let written = columnar.finish();
                let fault = |_| Err(Error::source("a fault of this program stopped the year panel"));
                let compared = comparing.join().unwrap_or_else(fault);
                self.whole.extend(written?);
                compared
            })?
        };
        remove(&unfinished(folder, WAITING))?;
        self.whole.extend(apart.finish()?);
        Ok(count)
    }

    fn fields(&mut self, labels: &Labels) -> Result<(), Error> {
        let Some(table) = TABLES.get(FIELDS) else { return Ok(()) };
        let mut rows = Rows::new(table);
        for form in labels.iter() {
            for (field, position) in form.fields.iter().zip(1_i64..) {
                rows.push(&[
                    (&form.form).into(),
                    (&field.key).into(),
                    position.into(),
                    (&field.table).into(),
                    (&field.row).into(),
                    (&field.column).into(),
                    (&field.label).into(),
                    (&field.label_en).into(),
                    (&field.unit).into(),
                    field.decimals.into(),
                    field.signed.into(),
                    field.alternative.into(),
                ]);
            }
        }
        let Some(place) = self.tables.iter().position(|&table| table == FIELDS) else { return Ok(()) };
        let Self { columnar, delimited, relational, .. } = self;
        let (delimited, relational) = (delimited.get_mut(place), relational.as_mut());
        Sinks { table: FIELDS, columnar, place, delimited, relational }.add(rows)
    }
}

/// Where rows of one table go, other than those of documents.
struct Sinks<'o> {
    /// As an index into [`TABLES`].
    table: usize,
    columnar: &'o mut Columnars,
    /// Where it stands among those.
    place: usize,
    delimited: Option<&'o mut Delimited>,
    relational: Option<&'o mut Relational>,
}

impl Sinks<'_> {
    fn add(&mut self, mut rows: Rows) -> Result<(), Error> {
        let Some(spec) = TABLES.get(self.table).filter(|_| !rows.is_empty()) else { return Ok(()) };
        let rows = rows.finish().map_err(Error::source)?;
        self.columnar.add(self.place, &rows)?;
        if let Some(delimited) = &mut self.delimited {
            delimited.add(&delimited::text(spec, &rows))?;
        }
        self.relational.as_mut().map_or(Ok(()), |relational| relational.add(self.table, &rows))
    }
}

/// What the year panel finds, put into its table; how much that was.
fn compared(waiting: Waiting, labels: &Labels, folder: &Path, mut table: Sinks<'_>) -> Result<u64, Error> {
    let Some(spec) = TABLES.get(table.table) else { return Ok(0) };
    let (mut rows, mut count, mut all) = (Rows::new(spec), 0, 0);
    waiting.compare(labels, &|error| spilt(folder, error), &mut |finding: PanelFinding| {
        rows.push(&[
            (&finding.report).into(),
            finding.number.into(),
            finding.rule.into(),
            finding.severity.into(),
            (&finding.figures).into(),
            Value::Missing,
            (&finding.message).into(),
            (&finding.other).into(),
        ]);
        count += 1;
        all += 1;
        if count < FINDINGS_AT_ONCE {
            return Ok(());
        }
        count = 0;
        table.add(std::mem::replace(&mut rows, Rows::new(spec)))
    })?;
    table.add(rows)?;
    Ok(all)
}

/// Every name that a file of a dataset can have, the description apart.
fn possible() -> Vec<String> {
    let of_tables = TABLES.iter().flat_map(|table| ["parquet", "csv"].map(|ending| format!("{}.{ending}", table.name)));
    of_tables.chain([LINES, codebook::NAME, relational::NAME].map(str::to_owned)).collect()
}

/// Removes whatever is not whole.
pub(crate) fn abandon(folder: &Path) -> Result<(), Error> {
    let names = possible().into_iter().chain([package::NAME, WAITING].map(str::to_owned));
    let waiting = TABLES.iter().map(|table| waiting::path(folder, table));
    names.map(|name| unfinished(folder, &name)).chain(waiting).map(|path| remove(&path)).fold(Ok(()), Result::and)
}

/// A file that is a text of ours.
fn small(folder: &Path, name: &str, text: &str) -> Result<WrittenFile, Error> {
    let mut part = Part::create(folder, name)?;
    let path = part.path();
    part.write_all(text.as_bytes()).map_err(|error| Error::write(&path, error))?;
    part.finish()
}

/// What waits for the year panel cannot be written or read.
fn spilt(folder: &Path, error: rusqlite::Error) -> Error {
    relational::wrong(&unfinished(folder, WAITING), error)
}
