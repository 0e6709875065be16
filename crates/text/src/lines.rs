//! A text as lines: where each stands in the file, and how large the gap above it is.

use std::borrow::Cow;

use nianbao_container::Error;

use crate::residue::{Dropped, clean, is_number_of_page, is_page_number};

/// How many lines that hold something a file may have: a hundred times the longest report seen.
pub(crate) const MAX_LINES: usize = 1 << 21;

/// A line that holds something. A line of TABs counts: it may be a row of blank cells.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    /// Its number in the file, from 0.
    pub(crate) number: u32,
    /// Its text, without the line break and without the marks of converters.
    pub(crate) text: Cow<'a, str>,
    /// How many blank lines stand above it.
    pub(crate) gap: usize,
    /// Whether a page ends above it.
    pub(crate) page: bool,
}

impl Line<'_> {
    /// Whether nothing parts it from the line above.
    pub(crate) const fn is_close(&self) -> bool {
        self.gap == 0 && !self.page
    }
}

/// The lines that hold something, in order.
///
/// # Errors
/// More than [`MAX_LINES`].
pub(crate) fn lines<'a>(text: &'a str, dropped: &mut Dropped) -> Result<Vec<Line<'a>>, Error> {
    let mut reading = Reading::default();
    for (number, physical) in (0..).zip(physical_lines(text)) {
        reading.take(number, physical, dropped);
        if reading.lines.len() > MAX_LINES {
            return Err(Error::TooLarge { what: "lines", limit: MAX_LINES as u64 });
        }
    }
    let mut lines = without_bare_page_numbers(reading.lines, &reading.pages, dropped);
    close_double_spacing(&mut lines);
    Ok(lines)
}

/// The state while lines are read one after another.
#[derive(Default)]
struct Reading<'a> {
    lines: Vec<Line<'a>>,
    /// For each line, the page that it stands on, from 1.
    pages: Vec<u32>,
    form_feeds: u32,
    gap: usize,
    page: bool,
}

impl<'a> Reading<'a> {
    /// A form feed ends a page in the middle of whatever line it stands in.
    fn take(&mut self, number: u32, physical: &'a str, dropped: &mut Dropped) {
        for (index, piece) in physical.split('\u{C}').enumerate() {
            if index > 0 {
                dropped.note("form feed", number);
                self.form_feeds += 1;
                self.page = true;
            }
            self.take_piece(number, piece, dropped);
        }
    }

    fn take_piece(&mut self, number: u32, piece: &'a str, dropped: &mut Dropped) {
        if is_blank(piece) {
            self.gap += 1;
            return;
        }
        let text = clean(piece, number, dropped);
        if is_page_number(&text) {
            dropped.note(text.trim(), number);
            self.page = true;
        } else if !is_blank(&text) {
            self.lines.push(Line { number, text, gap: self.gap, page: self.page });
            self.pages.push(self.form_feeds + 1);
            self.gap = 0;
            self.page = false;
        }
    }
}

/// Whether there is nothing to see, not even the TABs of blank cells.
fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() && c != '\t')
}

/// The physical lines: ended by LF, by CR LF (with up to three CR: some tools double them), or by a CR alone.
fn physical_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\n', '\r']) else {
            rest = None;
            return Some(text);
        };
        let (line, after) = text.split_at(end);
        rest = Some(after_break(after));
        Some(line)
    })
}

/// What follows the line break that `text` begins with.
fn after_break(text: &str) -> &str {
    const BREAKS: [&str; 5] = ["\n", "\r\n", "\r\r\n", "\r\r\r\n", "\r"];
    BREAKS.iter().find_map(|ending| text.strip_prefix(ending)).unwrap_or(text)
}

/// A bare number at the edge of a page is the page's number only if it says so: any other may be a figure.
fn without_bare_page_numbers<'a>(lines: Vec<Line<'a>>, pages: &[u32], dropped: &mut Dropped) -> Vec<Line<'a>> {
    let ends: Vec<bool> = (1..=lines.len()).map(|next| lines.get(next).is_none_or(|line| line.page)).collect();
    let several = pages.last().is_some_and(|&last| last > 1);
    let mut kept: Vec<Line<'a>> = Vec::with_capacity(lines.len());
    let mut page = false;
    for ((mut line, &number), ends) in lines.into_iter().zip(pages).zip(ends) {
        let at_edge = (line.page && number > 1) || (ends && line.gap > 0);
        if several && at_edge && is_number_of_page(&line.text, number) {
            dropped.note(line.text.trim(), line.number);
            page |= line.page;
            continue;
        }
        line.page |= page;
        page = false;
        kept.push(line);
    }
    kept
}

/// A text whose every line break was doubled has no two lines together and an odd gap everywhere: the gaps are counted as before that.
fn close_double_spacing(lines: &mut [Line<'_>]) {
    let gaps = || lines.iter().skip(1).filter(|line| !line.page).map(|line| line.gap);
    let is_doubled = gaps().count() >= 20 && gaps().all(|gap| gap % 2 == 1) && gaps().any(|gap| gap > 1);
    if is_doubled {
        for line in lines {
            line.gap = line.gap.saturating_sub(1) / 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(u32, String, usize, bool)> {
        lines(text, &mut Dropped::default())
            .unwrap()
            .into_iter()
            .map(|line| (line.number, line.text.into_owned(), line.gap, line.page))
            .collect()
    }

    fn texts(text: &str) -> Vec<String> {
        read(text).into_iter().map(|line| line.1).collect()
    }

    #[test]
    fn every_kind_of_line_break_counts_once() {
        for text in ["甲\n\n乙\n丙", "甲\r\n\r\n乙\r\n丙", "甲\r\r乙\r丙", "甲\r\r\n\r\r\n乙\r\r\n丙\r\n"] {
            let wanted = [(0, "甲", 0), (2, "乙", 1), (3, "丙", 0)];
            let found = read(text);
            let found: Vec<_> = found.iter().map(|line| (line.0, line.1.as_str(), line.2)).collect();
            assert_eq!(found, wanted, "{text:?}");
        }
    }

    #[test]
    fn lines_of_blanks_are_gaps_and_lines_of_tabs_are_not() {
        assert_eq!(texts("a\n \u{A0}\u{3000}\n\t\nb"), ["a", "\t", "b"]);
    }

    #[test]
    fn a_form_feed_ends_a_page_wherever_it_stands() {
        let wanted = [(0, "a", false), (1, "b", true), (1, "c", true)];
        let found = read("a\n\u{C}b\u{C}c");
        let found: Vec<_> = found.iter().map(|line| (line.0, line.1.as_str(), line.3)).collect();
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_line_that_held_only_a_mark_is_not_there() {
        assert_eq!(texts("a\n[bookmark: x]\nb"), ["a", "b"]);
        assert_eq!(read("a\n[bookmark: x]\nb")[1].2, 0);
    }

    #[test]
    fn page_numbers_go_and_leave_the_end_of_a_page() {
        let found = read("a\n\n- 3 -\n\nb");
        assert_eq!(found.len(), 2);
        assert!(found[1].3);
    }

    #[test]
    fn a_bare_number_goes_only_where_it_numbers_its_page() {
        assert_eq!(texts("a\n\n1\n\u{C}b\n\n2\n"), ["a", "b"]);
        assert_eq!(texts("a\n\n0\n\u{C}b\n\n7\n"), ["a", "0", "b", "7"]);
        assert_eq!(texts("a\n\n1\n"), ["a", "1"]);
    }

    #[test]
    fn doubled_line_breaks_are_seen_as_single() {
        let text = "\t规章\n\t0\n\n".repeat(12);
        let doubled = text.replace('\n', "\n\n");
        let gaps = |text: &str| read(text).iter().skip(1).map(|line| line.2).collect::<Vec<_>>();
        assert_eq!(gaps(&doubled), gaps(&text));
    }
}
