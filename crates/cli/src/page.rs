//! The page that a person reads: how wide it is, its headings, and texts beside their names.

use std::io::{self, IsTerminal as _, Write};

use anstyle::{AnsiColor, Style};

use crate::fit::{clean, fill, wrap};

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const DOUBT: Style = AnsiColor::Yellow.on_default();

/// How wide the page is where nobody tells.
const WIDTH: usize = 100;
/// On less than this no table can stand.
const NARROWEST: usize = 40;
/// Longer lines of text are not read.
const WIDEST: usize = 140;
/// The least room for a text beside a name.
const TEXT_LEAST: usize = 20;

/// How many columns the page has: what `COLUMNS` or the terminal tells, within reason.
pub(crate) fn columns() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let seen = || {
        let size = io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
        size.map(|(width, _)| usize::from(width.0))
    };
    told.or_else(seen).unwrap_or(WIDTH).clamp(NARROWEST, WIDEST)
}

/// A heading of our own.
pub(crate) fn heading(out: &mut impl Write, text: &str) -> io::Result<()> {
    writeln!(out, "\n{BOLD}{text}{BOLD:#}")
}

/// What a text stands beside.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name<'a> {
    pub(crate) text: &'a str,
    /// How wide the longest name is of those that stand under one another.
    pub(crate) widest: usize,
    pub(crate) style: Style,
}

/// A name, and beside it some paragraphs in as many lines as they need.
pub(crate) fn item(out: &mut impl Write, name: Name<'_>, paragraphs: &[String], columns: usize) -> io::Result<()> {
    let Name { mut text, widest, style } = name;
    let room = columns.saturating_sub(widest + 4).max(TEXT_LEAST);
    for line in paragraphs.iter().flat_map(|paragraph| wrap(&clean(paragraph), room)) {
        writeln!(out, "  {style}{text}{style:#}{}  {line}", fill(text, widest))?;
        text = "";
    }
    Ok(())
}
