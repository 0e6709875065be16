//! How numberings are defined (`numbering.xml`, ECMA-376 Part 1, 17.9).
//!
//! Word and WPS write dozens of definitions, of which a document uses two or three: each is read when it is first asked for.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use nianbao_model::NumberFormat;
use nianbao_story::{LEVELS, Level, Levels, Scheme, Suffix};

use crate::styles::Styles;
use crate::xml::{self, Damage, Node, Tag, Xml};

/// How many characters the looks of a number may have. A number longer than a line is none.
const MAX_LOOKS: usize = 100;

/// An abstract numbering.
#[derive(Clone, Debug, Default)]
struct Abstract {
    levels: Levels,
    /// The numbering style that this one is defined by (`w:numStyleLink`).
    defined_by: Option<String>,
    /// The numbering style that this one defines (`w:styleLink`).
    defines: Option<String>,
}

/// A numbering, as far as it differs from its abstract one.
#[derive(Debug, Default)]
struct Number {
    base: u32,
    levels: Levels,
    starts: [Option<u32>; LEVELS],
}

/// All definitions of a document.
#[derive(Debug, Default)]
pub(crate) struct Definitions {
    text: String,
    /// Where the abstract numberings stand in the text.
    bases: HashMap<String, Range<usize>>,
    /// Where the numberings stand.
    numbers: HashMap<String, Range<usize>>,
    /// Those that were asked for.
    read_bases: HashMap<u32, Rc<Abstract>>,
    schemes: HashMap<u32, Option<Rc<Scheme>>>,
    /// The abstract numberings by the style that they define, once one is asked for.
    by_style: Option<HashMap<String, u32>>,
}

impl Definitions {
    pub(crate) fn new(text: String) -> Self {
        Self {
            bases: xml::places(&text, b"abstractNum", "abstractNumId"),
            numbers: xml::places(&text, b"num", "numId"),
            text,
            ..Self::default()
        }
    }

    /// The numbering `id`; `None` where it is not defined, as for 0, which turns numbering off.
    pub(crate) fn scheme(&mut self, id: u32, styles: &mut Styles) -> Option<Rc<Scheme>> {
        if let Some(scheme) = self.schemes.get(&id) {
            return scheme.clone();
        }
        let scheme = self.build(id, styles).map(Rc::new);
        self.schemes.insert(id, scheme.clone());
        scheme
    }

    fn build(&mut self, id: u32, styles: &mut Styles) -> Option<Scheme> {
        let number = self.number(id).filter(|_| id != 0)?;
        let mut base_id = number.base;
        let mut base = self.base(base_id)?;
        if let Some(style) = &base.defined_by {
            base_id = self.defining(style, styles)?;
            base = self.base(base_id)?;
        }
        let mut levels = number.levels;
        for (own, inherited) in levels.iter_mut().zip(&base.levels) {
            if own.is_none() {
                own.clone_from(inherited);
            }
        }
        Some(Scheme { base: base_id, levels, starts: number.starts })
    }

    /// The abstract numbering with the levels of a numbering style (17.9.21, 17.9.27): the one that defines it, else the style's own.
    fn defining(&mut self, style: &str, styles: &mut Styles) -> Option<u32> {
        if self.by_style.is_none() {
            let mut by_style = HashMap::new();
            let mut ids: Vec<u32> = self.bases.keys().filter_map(|id| id.parse().ok()).collect();
            ids.sort_unstable();
            for id in ids {
                if let Some(style) = self.base(id).and_then(|base| base.defines.clone()) {
                    by_style.entry(style).or_insert(id);
                }
            }
            self.by_style = Some(by_style);
        }
        let defining = self.by_style.as_ref().and_then(|all| all.get(style)).copied();
        defining.or_else(|| Some(self.number(styles.number_of(style)?)?.base))
    }

    fn number(&self, id: u32) -> Option<Number> {
        let text = self.text.get(self.numbers.get(&id.to_string())?.clone())?;
        let mut number = Number::default();
        let _ = number.read(&mut Xml::new(text));
        Some(number)
    }

    fn base(&mut self, id: u32) -> Option<Rc<Abstract>> {
        if let Some(base) = self.read_bases.get(&id) {
            return Some(Rc::clone(base));
        }
        let text = self.text.get(self.bases.get(&id.to_string())?.clone())?;
        let mut base = Abstract::default();
        let _ = base.read(&mut Xml::new(text));
        let base = Rc::new(base);
        self.read_bases.insert(id, Rc::clone(&base));
        Some(base)
    }
}

impl Number {
    fn read(&mut self, xml: &mut Xml<'_>) -> Result<(), Damage> {
        let mut level = None;
        loop {
            match xml.step()? {
                Node::Start(tag) if xml::local(&tag) == b"lvl" => read_level(xml, &tag, &mut self.levels)?,
                Node::Start(tag) | Node::Empty(tag) => match xml::local(&tag) {
                    b"abstractNumId" => self.base = xml::number(&tag, "val").unwrap_or_default(),
                    b"lvlOverride" => level = xml::number(&tag, "ilvl"),
                    b"startOverride" => {
                        let slot = level.and_then(|level: usize| self.starts.get_mut(level));
                        if let Some(slot) = slot {
                            *slot = xml::number(&tag, "val");
                        }
                    }
                    _ => {}
                },
                _ if xml.depth() == 0 => return Ok(()),
                _ => {}
            }
        }
    }
}

impl Abstract {
    fn read(&mut self, xml: &mut Xml<'_>) -> Result<(), Damage> {
        loop {
            match xml.step()? {
                Node::Start(tag) if xml::local(&tag) == b"lvl" => read_level(xml, &tag, &mut self.levels)?,
                Node::Start(tag) | Node::Empty(tag) => match xml::local(&tag) {
                    b"numStyleLink" => self.defined_by = xml::attribute(&tag, "val"),
                    b"styleLink" => self.defines = xml::attribute(&tag, "val"),
                    _ => {}
                },
                _ if xml.depth() == 0 => return Ok(()),
                _ => {}
            }
        }
    }
}

fn read_level(xml: &mut Xml<'_>, tag: &Tag<'_>, levels: &mut Levels) -> Result<(), Damage> {
    let index = xml::number::<usize>(tag, "ilvl");
    let end = xml.depth();
    let mut level = Level::default();
    while xml.depth() >= end {
        let node = xml.step()?;
        let (Node::Start(tag) | Node::Empty(tag)) = &node else {
            continue;
        };
        match xml::local(tag) {
            b"pPr" | b"rPr" if matches!(node, Node::Start(_)) => xml.skip(tag)?,
            local => take(&mut level, local, tag),
        }
    }
    if let Some(slot) = index.and_then(|index| levels.get_mut(index)) {
        *slot = Some(Rc::new(level));
    }
    Ok(())
}

/// Takes note of one property of a level.
fn take(level: &mut Level, local: &[u8], tag: &Tag<'_>) {
    let value = || xml::attribute(tag, "val").unwrap_or_default();
    match local {
        b"start" => level.start = xml::number(tag, "val").unwrap_or_default(),
        // Word writes formats of its own in one branch of `mc:AlternateContent` and a standard one in the fallback, which comes last.
        b"numFmt" => {
            let name = value();
            level.format = NumberFormat::from_word(&name).ok_or(name);
        }
        b"lvlText" => level.text = value().chars().take(MAX_LOOKS).collect(),
        b"lvlRestart" => level.restart = xml::number(tag, "val"),
        b"isLgl" => level.is_legal = xml::is_on(tag),
        b"pStyle" => level.style = xml::attribute(tag, "val"),
        b"suff" if value() == "nothing" => level.suffix = Suffix::Nothing,
        _ => {}
    }
}
