//! How a table of the dataset is described. Every file of the dataset is written from these descriptions, and so is what is said of it.

/// A table of the dataset.
#[derive(Debug)]
pub(crate) struct Table {
    /// Its name, and that of its files without the ending.
    pub(crate) name: &'static str,
    /// What a row of it is.
    pub(crate) en: &'static str,
    pub(crate) zh: &'static str,
    pub(crate) columns: &'static [Column],
    /// The columns that name a row.
    pub(crate) key: &'static [&'static str],
    /// The tables that it refers to.
    pub(crate) foreign: &'static [Foreign],
    /// Columns that are looked things up by: they get an index where the file has such.
    pub(crate) indexes: &'static [&'static [&'static str]],
    /// The column whose order its rows are in.
    pub(crate) ordered_by: Option<&'static str>,
    /// Whether a document has hundreds of them.
    pub(crate) many: bool,
}

/// Columns that name a row of another table.
#[derive(Debug)]
pub(crate) struct Foreign {
    pub(crate) columns: &'static [&'static str],
    pub(crate) table: &'static str,
    pub(crate) to: &'static [&'static str],
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) en: &'static str,
    pub(crate) zh: &'static str,
    /// Its unit, in the words of the English description.
    pub(crate) unit: Option<&'static str>,
    /// Whether every row has a value in it.
    pub(crate) required: bool,
    pub(crate) codes: Codes,
    /// The smallest number that may stand in it.
    pub(crate) least: Option<i64>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text; never empty: what would be is missing.
    Text,
    Integer,
    /// A number for reckoning: the nearest that 64 bits of binary floating point can hold.
    Number,
    /// An exact number of up to 12 digits before the point and 6 behind it.
    Decimal,
    Boolean,
    Date,
}

/// The values that a column may hold.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Codes {
    /// Any.
    Free,
    /// These, each with what it means in English and Chinese.
    These(&'static [(&'static str, &'static str, &'static str)]),
    /// Those that occur; they are gathered as rows are written.
    Seen,
    /// The names of the forms, and others that occur.
    Forms,
    /// The keys of the figures of all forms, and others that occur.
    Figures,
    /// The codes of all rules, and others that occur.
    Rules,
}

const fn column(name: &'static str, kind: Kind, en: &'static str, zh: &'static str) -> Column {
    Column { name, kind, en, zh, unit: None, required: false, codes: Codes::Free, least: None }
}

pub(crate) const fn text(name: &'static str, en: &'static str, zh: &'static str) -> Column {
    column(name, Kind::Text, en, zh)
}

pub(crate) const fn integer(name: &'static str, en: &'static str, zh: &'static str) -> Column {
    column(name, Kind::Integer, en, zh)
}

/// A number that counts something, or a place counted from 0 or 1.
pub(crate) const fn count(name: &'static str, least: i64, en: &'static str, zh: &'static str) -> Column {
    Column { least: Some(least), ..column(name, Kind::Integer, en, zh) }
}

pub(crate) const fn number(name: &'static str, en: &'static str, zh: &'static str) -> Column {
    column(name, Kind::Number, en, zh)
}

pub(crate) const fn decimal(name: &'static str, en: &'static str, zh: &'static str) -> Column {
    column(name, Kind::Decimal, en, zh)
}

pub(crate) const fn boolean(name: &'static str, en: &'static str, zh: &'static str) -> Column {
    column(name, Kind::Boolean, en, zh)
}

pub(crate) const fn date(name: &'static str, en: &'static str, zh: &'static str) -> Column {
    column(name, Kind::Date, en, zh)
}

impl Column {
    /// The column with a value in every row.
    pub(crate) const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    pub(crate) const fn unit(self, unit: &'static str) -> Self {
        Self { unit: Some(unit), ..self }
    }

    pub(crate) const fn codes(self, codes: Codes) -> Self {
        Self { codes, ..self }
    }
}

impl Table {
    /// The index of a column.
    #[cfg(test)]
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}
