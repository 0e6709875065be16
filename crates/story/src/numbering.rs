//! Automatic numbers spelled out: 一、（一）1. (ECMA-376 Part 1, 17.9; [MS-DOC] 2.4.6.3).
//!
//! The words of such a number stand nowhere in the text. A paragraph names a numbering and a level; the numbering leads to an abstract
//! one, which says for each level how it counts and what it looks like. All numberings that lead to the same abstract one count on
//! together, but where one overrides a start.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use nianbao_model::NumberFormat;

/// The levels of a numbering.
pub const LEVELS: usize = 9;

/// What stands between a number and the text after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Suffix {
    /// Some room: a tab or a blank.
    #[default]
    Room,
    /// Nothing.
    Nothing,
}

/// How one level counts and looks.
#[derive(Clone, Debug)]
pub struct Level {
    /// The first number.
    pub start: u32,
    /// The format's name, for those that we cannot spell.
    pub format: Result<NumberFormat, String>,
    /// The looks: `（%1）`, where `%1` stands for the number of the first level.
    pub text: String,
    /// What stands between the number and the text.
    pub suffix: Suffix,
    /// The level, from 1, that makes this one start again; 0 for none; absent for any higher one.
    pub restart: Option<usize>,
    /// All numbers are shown in decimals.
    pub is_legal: bool,
    /// The name of the paragraph style that is bound to this level.
    pub style: Option<String>,
}

/// The levels of a numbering; `None` for one that it does not define.
pub type Levels = [Option<Rc<Level>>; LEVELS];

/// A numbering over its abstract one.
#[derive(Debug)]
pub struct Scheme {
    /// The abstract numbering, with which others count together.
    pub base: u32,
    /// The levels, shared with others of the same abstract numbering.
    pub levels: Levels,
    /// The starts that the numbering itself sets.
    pub starts: [Option<u32>; LEVELS],
}

impl Scheme {
    /// How a level, from 0, counts and looks.
    pub fn level(&self, index: usize) -> Option<&Level> {
        self.levels.get(index)?.as_deref()
    }

    /// The start that the numbering itself sets.
    pub fn own_start(&self, index: usize) -> Option<u32> {
        *self.starts.get(index)?
    }

    /// The number with which a level, from 0, begins.
    pub fn start(&self, index: usize) -> u32 {
        let stated = self.level(index).map_or(1, |level| level.start);
        self.own_start(index).unwrap_or(stated)
    }

    /// Whether `deeper` starts again after `level` has counted (17.9.10).
    pub fn restarts(&self, deeper: usize, level: usize) -> bool {
        match self.level(deeper).and_then(|level| level.restart) {
            None => true,
            Some(after) => level < after,
        }
    }
}

/// A number as it stands before a paragraph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// The number with its marks; empty for a bullet.
    pub text: String,
    /// What follows it.
    pub suffix: Suffix,
    /// The format that could not be spelled, so digits stand in its place.
    pub unknown_format: Option<String>,
}

/// How far each level of an abstract numbering has counted; `None` where it begins with the next.
type Counters = [Option<u32>; LEVELS];

/// How far each numbering of a document has counted.
#[derive(Debug, Default)]
pub struct Counting {
    counters: HashMap<u32, Counters>,
    /// The numberings and levels whose own start has been used.
    started: HashSet<(u32, usize)>,
}

impl Counting {
    /// Counts one paragraph of the numbering `id`, whose levels `scheme` holds, at `level`, from 0, and says what stands before it; `None`
    /// where the numbering has no such level.
    pub fn next(&mut self, id: u32, scheme: &Scheme, level: usize) -> Option<Label> {
        let this = scheme.level(level)?;
        let counters = self.counters.entry(scheme.base).or_default();
        let starts_anew = scheme.own_start(level).is_some() && self.started.insert((id, level));
        count(scheme, counters, level, starts_anew);
        Some(spelled(scheme, this, counters))
    }
}

/// Counts on at `level`; deeper levels start again, and higher ones that have not counted yet begin.
fn count(scheme: &Scheme, counters: &mut Counters, level: usize, starts_anew: bool) {
    for (index, counter) in counters.iter_mut().enumerate() {
        if index < level {
            counter.get_or_insert_with(|| scheme.start(index));
        } else if index == level {
            *counter = Some(match *counter {
                Some(before) if !starts_anew => before.saturating_add(1),
                _ => scheme.start(index),
            });
        } else if scheme.restarts(index, level) {
            *counter = None;
        }
    }
}

/// What stands before the paragraph, with the number of each level put in for its `%`.
fn spelled(scheme: &Scheme, this: &Level, counters: &Counters) -> Label {
    let mut label = Label { suffix: this.suffix, ..Label::default() };
    // A bullet does not number, it decorates; its character is often a code of a symbol font.
    if this.format == Ok(NumberFormat::Bullet) {
        return label;
    }
    let mut rest = this.text.as_str();
    while let Some(at) = rest.find('%') {
        let (before, from) = rest.split_at(at);
        label.text.push_str(before);
        rest = match placeholder(from) {
            Some((index, after)) => {
                push_number(&mut label, scheme, index, this.is_legal, counters);
                after
            }
            None => {
                label.text.push('%');
                from.get(1..).unwrap_or_default()
            }
        };
    }
    label.text.push_str(rest);
    label
}

fn push_number(label: &mut Label, scheme: &Scheme, index: usize, is_legal: bool, counters: &Counters) {
    let (Some(level), Some(Some(value))) = (scheme.level(index), counters.get(index)) else {
        return;
    };
    let format = match &level.format {
        Ok(NumberFormat::None) => NumberFormat::None,
        _ if is_legal => NumberFormat::Decimal,
        Ok(format) => *format,
        Err(unknown) => {
            label.unknown_format = Some(unknown.clone());
            NumberFormat::Decimal
        }
    };
    label.text.push_str(&format.spell(*value));
}

/// The level, from 0, that `%3` at the start of `text` stands for, and the text after it.
fn placeholder(text: &str) -> Option<(usize, &str)> {
    let digit = text.chars().nth(1)?.to_digit(10)?;
    let index = (digit as usize).checked_sub(1)?;
    Some((index, text.get(2..)?))
}

impl Default for Level {
    fn default() -> Self {
        Self {
            start: 0,
            format: Ok(NumberFormat::Decimal),
            text: String::new(),
            suffix: Suffix::default(),
            restart: None,
            is_legal: false,
            style: None,
        }
    }
}
