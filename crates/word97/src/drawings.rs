//! What is drawn beside the text: which text boxes and which ornamental lettering stand at which character [MS-DOC 2.8.37, 2.8.32,
//! 2.9.253, 2.9.106; MS-ODRAW].
//!
//! A character of the text is the anchor of a shape or of a group of them. The text of a box stands in a story of its own and names its
//! shape; the drawing says which shapes stand in a group.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ops::Range;

use crate::bytes::{byte, long, place, slice, wide, word};

/// How many groups may stand in one another. Those that people make by hand have two or three levels.
const MAX_GROUPS: usize = 32;

/// Something drawn that has a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Drawn {
    /// A text box: its characters in the story of text boxes.
    Box(Range<usize>),
    /// Ornamental lettering. Titles over official documents are made so.
    Lettering(String),
}

/// What is drawn, by the characters that it is anchored at.
#[derive(Debug, Default)]
pub(crate) struct Drawings {
    anchored: BTreeMap<usize, VecDeque<Drawn>>,
    /// Text boxes whose anchor is not known.
    pub(crate) adrift: Vec<Range<usize>>,
}

impl Drawings {
    /// Puts together the anchors, the text boxes and the drawing of a document.
    pub(crate) fn new(anchors: &[u8], boxes: &[u8], drawing: &[u8]) -> Self {
        let mut boxes: Vec<Option<(u32, Range<usize>)>> = text_boxes(boxes).into_iter().map(Some).collect();
        let mut of_shape = HashMap::new();
        for (index, (shape, _)) in boxes.iter().flatten().enumerate() {
            of_shape.entry(*shape).or_insert(index);
        }
        let mut by_anchor: HashMap<u32, Vec<Shape>> = HashMap::new();
        for shape in shapes(drawing) {
            by_anchor.entry(shape.anchor).or_default().push(shape);
        }
        let mut anchored: BTreeMap<usize, VecDeque<Drawn>> = BTreeMap::new();
        for (character, anchor) in plc(anchors, 26, |entry| long(entry, 0)) {
            let alone = || vec![Shape { id: anchor, anchor, lettering: None }];
            // Each is read once, however often it is anchored.
            for shape in by_anchor.remove(&anchor).unwrap_or_else(alone) {
                let place = of_shape.get(&shape.id).and_then(|&index| boxes.get_mut(index));
                let text = place.and_then(Option::take).map(|(_, range)| Drawn::Box(range));
                anchored.entry(character.start).or_default().extend(text.or(shape.lettering.map(Drawn::Lettering)));
            }
        }
        Self { anchored, adrift: boxes.into_iter().flatten().map(|(_, range)| range).collect() }
    }

    /// What is drawn at a character; each thing is handed over once.
    pub(crate) fn take(&mut self, character: usize) -> VecDeque<Drawn> {
        self.anchored.remove(&character).unwrap_or_default()
    }
}

/// The entries of a table of characters (a `Plc`) whose data have this size: the characters each is about, and what `read` makes of it.
fn plc<T>(table: &[u8], size: usize, read: impl Fn(&[u8]) -> Option<T>) -> Vec<(Range<usize>, T)> {
    let count = table.len().saturating_sub(4) / (4 + size);
    let entry = |index: usize| {
        let (start, end) = (place(table, 4 * index)?, place(table, 4 * index + 4)?);
        Some((start..end, read(slice(table, 4 * (count + 1) + size * index, size)?)?))
    };
    (0..count).filter_map(entry).collect()
}

/// The text boxes: the shape of each, and its characters. The last entry is none, and some are kept for reuse.
fn text_boxes(table: &[u8]) -> Vec<(u32, Range<usize>)> {
    let mut entries = plc(table, 22, |entry| Some((word(entry, 8)? & 1 != 0, long(entry, 14)?)));
    entries.pop();
    let mut boxes: Vec<(u32, Range<usize>)> = Vec::new();
    for (range, (is_reusable, shape)) in entries {
        // No character stands in two boxes.
        let is_behind = boxes.last().is_none_or(|(_, before)| before.end <= range.start);
        if !is_reusable && range.start < range.end && is_behind {
            boxes.push((shape, range));
        }
    }
    boxes
}

/// A shape of the drawing.
#[derive(Debug)]
struct Shape {
    id: u32,
    /// The shape that is anchored in the text: itself, or the outermost group that it stands in.
    anchor: u32,
    lettering: Option<String>,
}

const DRAWING: u16 = 0xF002;
const GROUP: u16 = 0xF003;
const SHAPE: u16 = 0xF004;
const IDENTITY: u16 = 0xF00A;
const OPTIONS: u16 = 0xF00B;

/// All shapes of a document's drawings: behind the data of all, each drawing with a byte in front.
fn shapes(content: &[u8]) -> Vec<Shape> {
    let mut shapes = Vec::new();
    let mut at = records(content).next().map_or(content.len(), |record| 8 + record.body.len());
    while let Some(drawing) = content.get(at + 1..).and_then(|rest| records(rest).next()) {
        if drawing.kind == DRAWING {
            for group in records(drawing.body).filter(|record| record.kind == GROUP) {
                members(group.body, None, 0, &mut shapes);
            }
        }
        at += 9 + drawing.body.len();
    }
    shapes
}

/// The shapes of a group. Those of the outermost one, which is the drawing itself, are anchored each by itself.
fn members(group: &[u8], anchor: Option<u32>, depth: usize, shapes: &mut Vec<Shape>) {
    for record in records(group) {
        match record.kind {
            SHAPE => {
                if let Some(id) = identity(record.body) {
                    shapes.push(Shape { id, anchor: anchor.unwrap_or(id), lettering: lettering(record.body) });
                }
            }
            GROUP if depth < MAX_GROUPS => {
                let first = records(record.body).find(|record| record.kind == SHAPE);
                let anchor = anchor.or_else(|| identity(first?.body));
                members(record.body, anchor, depth + 1, shapes);
            }
            _ => {}
        }
    }
}

fn identity(shape: &[u8]) -> Option<u32> {
    long(records(shape).find(|record| record.kind == IDENTITY)?.body, 0)
}

/// The text of lettering among the options of a shape: the options stand first, six bytes each, and long values behind them in order.
fn lettering(shape: &[u8]) -> Option<String> {
    const TEXT: u16 = 0x00C0;
    const IS_LONG: u16 = 0x8000;
    let options = records(shape).find(|record| record.kind == OPTIONS)?;
    let mut at = 6 * usize::from(options.instance);
    for index in 0..usize::from(options.instance) {
        let (code, value) = (word(options.body, 6 * index)?, place(options.body, 6 * index + 2)?);
        if code & IS_LONG == 0 {
            continue;
        }
        if code & 0x3FFF == TEXT {
            let text = wide(slice(options.body, at, value)?);
            let text = text.trim_end_matches('\0').replace(['\r', '\n', '\u{B}'], " ");
            return (!text.trim().is_empty()).then_some(text);
        }
        at = at.checked_add(value)?;
    }
    None
}

/// A record of a drawing [MS-ODRAW 1.3.1].
#[derive(Clone, Copy, Debug)]
struct Record<'a> {
    instance: u16,
    kind: u16,
    body: &'a [u8],
}

/// The records that stand one after the other, up to the first that is cut off.
fn records(bytes: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        byte(rest, 7)?;
        let (head, kind, length) = (word(rest, 0)?, word(rest, 2)?, place(rest, 4)?);
        let body = slice(rest, 8, length)?;
        rest = rest.get(8 + length..)?;
        Some(Record { instance: head >> 4, kind, body })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(instance: u16, kind: u16, body: &[u8]) -> Vec<u8> {
        let mut bytes = (instance << 4).to_le_bytes().to_vec();
        bytes.extend(kind.to_le_bytes());
        bytes.extend((body.len() as u32).to_le_bytes());
        bytes.extend(body);
        bytes
    }

    fn shape(id: u32, options: &[u8]) -> Vec<u8> {
        let identity = record(0, IDENTITY, &[id.to_le_bytes(), [0; 4]].concat());
        let options = if options.is_empty() { Vec::new() } else { options.to_vec() };
        record(0, SHAPE, &[identity, options].concat())
    }

    fn group(members: &[Vec<u8>]) -> Vec<u8> {
        record(0, GROUP, &members.concat())
    }

    fn content(members: &[Vec<u8>]) -> Vec<u8> {
        [record(0, 0xF000, &[1, 2, 3]), vec![0], record(0, DRAWING, &group(members))].concat()
    }

    fn anchors(anchors: &[(u32, u32)]) -> Vec<u8> {
        let mut bytes: Vec<u8> = anchors.iter().flat_map(|(character, _)| character.to_le_bytes()).collect();
        bytes.extend(u32::MAX.to_le_bytes());
        for (_, id) in anchors {
            bytes.extend(id.to_le_bytes());
            bytes.extend([0; 22]);
        }
        bytes
    }

    fn boxes(boxes: &[(u32, u32)]) -> Vec<u8> {
        let mut bytes = vec![0; 4];
        bytes.extend(boxes.iter().flat_map(|(end, _)| end.to_le_bytes()));
        for (_, id) in boxes {
            bytes.extend([0; 14]);
            bytes.extend(id.to_le_bytes());
            bytes.extend([0; 4]);
        }
        bytes
    }

    #[test]
    fn a_box_is_found_by_its_anchor_and_by_that_of_its_group() {
        let content = content(&[shape(1, &[]), shape(7, &[]), group(&[shape(8, &[]), group(&[shape(9, &[])])])]);
        let table = boxes(&[(5, 7), (9, 9), (12, 99), (14, 0)]);
        let mut drawings = Drawings::new(&anchors(&[(3, 7), (4, 8), (6, 7)]), &table, &content);
        assert_eq!(drawings.take(3), [Drawn::Box(0..5)]);
        assert_eq!(drawings.take(3), []);
        assert_eq!(drawings.take(4), [Drawn::Box(5..9)]);
        assert_eq!(drawings.take(6), []);
        assert_eq!(drawings.adrift, vec![9..12]);
    }

    #[test]
    fn a_box_is_found_without_a_drawing() {
        let mut drawings = Drawings::new(&anchors(&[(3, 7)]), &boxes(&[(5, 7), (6, 0)]), &[]);
        assert_eq!(drawings.take(3), [Drawn::Box(0..5)]);
    }

    #[test]
    fn lettering_is_text() {
        let text: Vec<u8> = "年度报告\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut options = vec![0x85, 0, 1, 0, 0, 0, 0xC5, 0x80, 2, 0, 0, 0, 0xC0, 0x80, text.len() as u8, 0, 0, 0];
        options.extend([0x41, 0]);
        options.extend(text);
        let content = content(&[shape(7, &record(3, OPTIONS, &options))]);
        let mut drawings = Drawings::new(&anchors(&[(3, 7)]), &[], &content);
        assert_eq!(drawings.take(3), [Drawn::Lettering("年度报告".to_owned())]);
    }

    #[test]
    fn drawings_that_are_cut_off_or_too_deep_do_no_harm() {
        let mut deep = shape(9, &[]);
        for _ in 0..200 {
            deep = group(&[shape(8, &[]), deep]);
        }
        let content = content(&[deep]);
        for length in (0..content.len()).step_by(7) {
            let _ = Drawings::new(&anchors(&[(3, 8)]), &boxes(&[(5, 9), (6, 0)]), &content[..length]);
        }
    }
}
