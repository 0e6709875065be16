//! Where the properties of characters and paragraphs stand: pages of 512 bytes in the main stream, found by the place of the text that
//! they are about [MS-DOC 2.4.6, 2.8.6, 2.8.7, 2.9.33, 2.9.181].

use crate::bytes::{byte, place, slice};

/// The size of a page.
const PAGE: usize = 512;

/// What a page holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Characters,
    Paragraphs,
}

/// The pages of one kind.
#[derive(Debug)]
pub(crate) struct Pages<'a> {
    kind: Kind,
    stream: &'a [u8],
    /// For each page, the place in the stream from which on it speaks, and its number; in order.
    pages: Vec<(usize, usize)>,
    /// The place up to which the last one speaks.
    end: usize,
}

/// What a page says of a run of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run<'a> {
    /// The place in the stream at which the run ends; always behind the place that was asked for.
    pub(crate) end: usize,
    /// Its properties; none where the page says nothing. Those of a paragraph begin with the index of its style.
    pub(crate) properties: &'a [u8],
    /// Where those stand in the stream; 0 for none.
    pub(crate) at: usize,
}

impl<'a> Pages<'a> {
    /// The pages that a table (`PlcBteChpx`, `PlcBtePapx`) lists; none for an empty table.
    pub(crate) fn new(kind: Kind, stream: &'a [u8], table: &[u8]) -> Self {
        let count = table.len().saturating_sub(4) / 8;
        let mut pages: Vec<(usize, usize)> = Vec::with_capacity(count);
        let mut end = 0;
        for index in 0..count {
            let number = place(table, 4 * (count + 1) + 4 * index).map(|number| number & 0x003F_FFFF);
            let (Some(from), Some(number)) = (place(table, 4 * index), number) else { break };
            // Out of order: the rest is not to be trusted.
            if from < end {
                break;
            }
            pages.push((from, number));
            end = from;
        }
        let last = place(table, 4 * count).filter(|_| pages.len() == count);
        Self { kind, stream, pages, end: last.unwrap_or(usize::MAX) }
    }

    /// Whether there is nothing in them at all.
    pub(crate) const fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    /// What stands about the text at a place in the stream.
    pub(crate) fn at(&self, offset: usize) -> Run<'a> {
        let after = self.pages.partition_point(|&(from, _)| from <= offset);
        let next = self.pages.get(after).map_or(self.end, |&(from, _)| from);
        let nothing = Run { end: if next > offset { next } else { usize::MAX }, properties: &[], at: 0 };
        let Some(&(_, number)) = after.checked_sub(1).and_then(|index| self.pages.get(index)) else {
            return nothing;
        };
        let start = number.checked_mul(PAGE);
        let page = start.and_then(|start| slice(self.stream, start, PAGE).zip(Some(start)));
        page.and_then(|(page, start)| self.within(page, start, offset)).unwrap_or(nothing)
    }

    /// The run of a page that holds a place.
    fn within(&self, page: &'a [u8], start: usize, offset: usize) -> Option<Run<'a>> {
        let count = usize::from(byte(page, PAGE - 1)?);
        let ends = |index: usize| place(page, 4 * index + 4);
        let begins = |index: usize| place(page, 4 * index);
        // At most some hundred runs stand on a page, in order where nothing is broken.
        let (mut low, mut high) = (0, count);
        while low < high {
            let middle = low.midpoint(high);
            if ends(middle)? <= offset { low = middle + 1 } else { high = middle }
        }
        let end = (low < count).then(|| ends(low)).flatten().filter(|&end| end > offset)?;
        if begins(low)? > offset {
            return Some(Run { end: begins(low)?, properties: &[], at: 0 });
        }
        let table = 4 * (count + 1);
        let properties = match self.kind {
            Kind::Characters => characters(page, usize::from(byte(page, table + low)?)),
            Kind::Paragraphs => paragraph(page, usize::from(byte(page, table + 13 * low)?)),
        };
        let (at, properties) = properties.unwrap_or_default();
        Some(Run { end, properties, at: if properties.is_empty() { 0 } else { start + at } })
    }
}

/// The properties of characters at a place that counts in words: their length stands in front.
fn characters(page: &[u8], words: usize) -> Option<(usize, &[u8])> {
    let at = 2 * words;
    let found = slice(page, at + 1, usize::from(byte(page, at)?))?;
    (words > 0).then_some((at, found))
}

/// The style and the properties of a paragraph: their length in words stands in front, one byte less, or after a nought.
fn paragraph(page: &[u8], words: usize) -> Option<(usize, &[u8])> {
    let at = 2 * words;
    let (start, length) = match usize::from(byte(page, at)?) {
        0 => (at + 2, 2 * usize::from(byte(page, at + 1)?)),
        length => (at + 1, 2 * length - 1),
    };
    // The last byte may be one of filling behind the end of the page.
    let found = slice(page, start, length).or_else(|| page.get(start..))?;
    (words > 0 && found.len() >= 2).then_some((at, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream of an empty page and one with these runs of characters: end, properties.
    fn stream(start: u32, runs: &[(u32, &[u8])]) -> Vec<u8> {
        let mut page = vec![0; PAGE];
        let mut at = 0;
        let mut put = |page: &mut Vec<u8>, place: u32| {
            page[at..at + 4].copy_from_slice(&place.to_le_bytes());
            at += 4;
        };
        put(&mut page, start);
        for (end, _) in runs {
            put(&mut page, *end);
        }
        let mut data = PAGE - 2;
        for (index, (_, properties)) in runs.iter().enumerate().filter(|(_, (_, properties))| !properties.is_empty()) {
            data -= (properties.len() + 2) & !1;
            page[4 * (runs.len() + 1) + index] = (data / 2) as u8;
            page[data] = properties.len() as u8;
            page[data + 1..=data + properties.len()].copy_from_slice(properties);
        }
        page[PAGE - 1] = runs.len() as u8;
        [vec![0; PAGE], page].concat()
    }

    fn table(places: &[u32], pages: &[u32]) -> Vec<u8> {
        places.iter().chain(pages).flat_map(|number| number.to_le_bytes()).collect()
    }

    #[test]
    fn a_run_is_found_by_its_place() {
        let stream = stream(100, &[(110, &[1, 2, 3]), (120, &[])]);
        let pages = Pages::new(Kind::Characters, &stream, &table(&[100, 120], &[1]));
        assert_eq!(pages.at(100), Run { end: 110, properties: &[1, 2, 3], at: 2 * PAGE - 6 });
        assert_eq!(pages.at(109).end, 110);
        assert_eq!(pages.at(110), Run { end: 120, properties: &[], at: 0 });
        assert_eq!(pages.at(50), Run { end: 100, properties: &[], at: 0 });
        assert_eq!(pages.at(120).end, usize::MAX);
    }

    #[test]
    fn whatever_a_page_says_the_end_lies_behind() {
        for runs in [&[(90, &[1_u8][..]), (80, &[]), (101, &[])][..], &[(100, &[1])], &[]] {
            let stream = stream(100, runs);
            let pages = Pages::new(Kind::Characters, &stream, &table(&[90, 80, 70], &[1, 9_999_999]));
            for offset in 60..130 {
                assert!(pages.at(offset).end > offset, "{offset} {runs:?}");
            }
        }
    }

    #[test]
    fn a_paragraph_counts_in_words() {
        let mut page = vec![0; PAGE];
        page[100..105].copy_from_slice(&[2, 7, 0, 0xAA, 0xBB]);
        page[200..206].copy_from_slice(&[0, 2, 8, 0, 0xCC, 0xDD]);
        assert_eq!(paragraph(&page, 50), Some((100, &[7, 0, 0xAA][..])));
        assert_eq!(paragraph(&page, 100), Some((200, &[8, 0, 0xCC, 0xDD][..])));
        assert_eq!(paragraph(&page, 0), None);
    }
}
