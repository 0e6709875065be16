//! What converters leave in a text that the document never said: bookmarks, places of images, page numbers, emphasis marks.
//!
//! Everything that is dropped is told: one warning for each different mark, with all its places.

use std::borrow::Cow;
use std::collections::BTreeMap;

use nianbao_model::{Origin, Warning, WarningKind, fold};

use crate::shape::is_digit;

/// The names in brackets by which converters mark what is no text: `[bookmark: _GoBack]` and `[image: image1.png]` (Apache Tika), `[图片]`.
const NAMES: [&str; 9] = ["bookmark", "image", "img", "picture", "embedded", "footnoteref", "图片", "图像", "插图"];

/// A mark is no longer than this, in bytes: past it the bracket belongs to the text.
const LONGEST_MARK: usize = 400;

/// What was dropped, and where.
#[derive(Debug, Default)]
pub(crate) struct Dropped {
    known: BTreeMap<String, usize>,
    warnings: Vec<Warning>,
}

impl Dropped {
    /// Notes that `text` was dropped from a line, counted from 0.
    pub(crate) fn note(&mut self, text: &str, line: u32) {
        let at = Origin::Line { line, field: None };
        let index = *self.known.entry(text.to_owned()).or_insert(self.warnings.len());
        match self.warnings.get_mut(index) {
            Some(warning) if warning.at.last() == Some(&at) => {}
            Some(warning) => warning.at.push(at),
            None => {
                let text = text.to_owned();
                self.warnings.push(Warning::new(WarningKind::ResidueDropped { text }, vec![at]));
            }
        }
    }

    /// One warning for each different mark, in the order in which they were first met.
    pub(crate) fn into_warnings(self) -> Vec<Warning> {
        self.warnings
    }
}

/// The line without the marks of converters.
pub(crate) fn clean<'a>(text: &'a str, line: u32, dropped: &mut Dropped) -> Cow<'a, str> {
    let text = without_marks(text, line, dropped);
    let text = without_escapes(text, line, dropped);
    match without_emphasis(&text) {
        Some(plain) => {
            dropped.note("**", line);
            Cow::Owned(plain)
        }
        None => text,
    }
}

fn without_marks<'a>(text: &'a str, line: u32, dropped: &mut Dropped) -> Cow<'a, str> {
    let mut kept = String::new();
    let mut from = 0;
    let mut search = 0;
    while let Some(at) = next_candidate(text, search) {
        let rest = text.get(at..).unwrap_or_default();
        let length = mark_length(rest);
        if length == 0 {
            search = at + rest.chars().next().map_or(1, char::len_utf8);
            continue;
        }
        dropped.note(shown(rest.get(..length).unwrap_or_default()), line);
        kept.push_str(text.get(from..at).unwrap_or_default());
        from = at + length;
        search = from;
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(kept)
}

/// The line without the backslashes that Markdown puts before punctuation: `1\\.属于国家秘密`, `26\\.55`. Those before a pipe say that it ends no
/// cell, and stay until the cells are parted; one before anything else is the text's own.
fn without_escapes<'a>(text: Cow<'a, str>, line: u32, dropped: &mut Dropped) -> Cow<'a, str> {
    if !text.contains('\\') {
        return text;
    }
    let is_escaped = |c: &char| c.is_ascii_punctuation() && !matches!(c, '|' | '/' | '\\');
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let escaped = if c == '\\' { rest.next_if(is_escaped) } else { None };
        plain.push(escaped.unwrap_or(c));
    }
    if plain.len() < text.len() {
        dropped.note("\\", line);
    }
    Cow::Owned(plain)
}

fn next_candidate(text: &str, from: usize) -> Option<usize> {
    let at = text.get(from..)?.find(['[', '【', '!', '<', '\u{FEFF}', '\u{1A}'])?;
    Some(from + at)
}

/// How many bytes the mark at the start of `text` has; 0 where there is none.
fn mark_length(text: &str) -> usize {
    let length = match text.chars().next() {
        Some(c @ ('\u{FEFF}' | '\u{1A}')) => Some(c.len_utf8()),
        Some('[') => bracketed(text, '[', ']'),
        Some('【') => bracketed(text, '【', '】'),
        Some('!') => image(text),
        Some('<') => comment(text),
        _ => None,
    };
    length.unwrap_or(0)
}

/// `[name]` or `[name: whatever]`.
fn bracketed(text: &str, open: char, close: char) -> Option<usize> {
    let end = near(text, close)?;
    let inner = text.get(open.len_utf8()..end)?;
    let name = inner.split([':', '：']).next()?.trim().to_ascii_lowercase();
    NAMES.contains(&name.as_str()).then_some(end + close.len_utf8())
}

/// `![words](address)` of Markdown.
fn image(text: &str) -> Option<usize> {
    let middle = near(text.strip_prefix("![").map(|_| text)?, ']')?;
    let address = text.get(middle + 1..)?;
    let end = near(address.strip_prefix('(').map(|_| address)?, ')')?;
    Some(middle + 1 + end + 1)
}

/// `<!-- whatever -->` on one line.
fn comment(text: &str) -> Option<usize> {
    text.strip_prefix("<!--")?;
    let window = window(text);
    Some(window.find("-->")? + "-->".len())
}

/// Where `close` stands, if it is near.
fn near(text: &str, close: char) -> Option<usize> {
    window(text).find(close)
}

/// The first bytes of a text, up to the longest mark.
fn window(text: &str) -> &str {
    text.get(..text.floor_char_boundary(LONGEST_MARK)).unwrap_or(text)
}

/// Marks that cannot be seen are called by name.
fn shown(mark: &str) -> &str {
    match mark {
        "\u{FEFF}" => "byte order mark",
        "\u{1A}" => "end-of-file mark",
        _ => mark,
    }
}

/// The line with `**` taken away where it embraces a whole field or line. Anywhere else it may be an anonymised name.
fn without_emphasis(text: &str) -> Option<String> {
    if !text.contains("**") {
        return None;
    }
    let plain: String = text
        .split_inclusive(['\t', '|'])
        .map(|field| without_embrace(field).unwrap_or_else(|| field.to_owned()))
        .collect();
    (plain != text).then_some(plain)
}

fn without_embrace(field: &str) -> Option<String> {
    let (body, end) = match field.strip_suffix(['\t', '|']) {
        Some(body) => (body, field.get(body.len()..)?),
        None => (field, ""),
    };
    let before = body.get(..body.len() - body.trim_start_matches(['#', ' ', '\u{3000}']).len())?;
    let after = body.get(body.trim_end().len()..)?;
    let core = body.get(before.len()..body.len() - after.len())?.strip_prefix("**")?.strip_suffix("**")?;
    (!core.is_empty() && !core.contains("**")).then(|| format!("{before}{core}{after}{end}"))
}

/// Whether the line holds a page number and nothing else, in a form that no figure has: `- 3 -`, `第 3 页 共 9 页`, `Page 3 of 9`.
pub(crate) fn is_page_number(text: &str) -> bool {
    if text.len() > 60 || text.contains('\t') {
        return false;
    }
    let folded = fold(text).to_ascii_lowercase();
    (is_between_dashes(&folded) && runs_of_digits(text) == 1) || is_named_page(&folded)
}

fn runs_of_digits(text: &str) -> usize {
    text.split(|c| !is_digit(c)).filter(|run| !run.is_empty()).count()
}

/// `-3-`, `--3--`.
fn is_between_dashes(folded: &str) -> bool {
    let inner = folded.trim_matches('-');
    let dashes = folded.len() - inner.len();
    is_short_number(inner)
        && folded.starts_with('-')
        && folded.ends_with('-')
        && dashes.is_multiple_of(2)
        && dashes <= 4
}

/// `第3页`, `第3页/共9页`, `共9页,第3页`, `page3of9`.
fn is_named_page(folded: &str) -> bool {
    if let Some(rest) = folded.strip_prefix("page") {
        return rest.split("of").flat_map(|part| part.split('/')).all(is_short_number);
    }
    let words = folded.strip_suffix('页').unwrap_or_default();
    folded.ends_with('页')
        && words.split('页').all(|word| {
            let word = word.trim_matches([',', '/', '、', '-', '|']);
            word.strip_prefix(['第', '共']).is_some_and(is_short_number)
        })
}

/// Whether the line is nothing but the number `page` (counted from 1), or that and the number of pages. It is a page number only
/// where it stands at the edge of that very page.
pub(crate) fn is_number_of_page(text: &str, page: u32) -> bool {
    let (number, of) = text.trim().split_once('/').unwrap_or((text.trim(), "0"));
    is_short_number(number.trim()) && is_short_number(of.trim()) && number.trim().parse() == Ok(page)
}

fn is_short_number(text: &str) -> bool {
    (1..=4).contains(&text.len()) && text.chars().all(|c| c.is_ascii() && is_digit(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str) -> (String, Vec<String>) {
        let mut dropped = Dropped::default();
        let text = clean(text, 4, &mut dropped).into_owned();
        let told = dropped.into_warnings().iter().map(ToString::to_string).collect();
        (text, told)
    }

    #[test]
    fn marks_of_converters_go_with_a_warning() {
        for (text, left) in [
            ("[bookmark: _GoBack]本报告", "本报告"),
            ("\t[image: image1.png]", "\t"),
            ("前[图片]后【图片：示意】", "前后"),
            ("a![](media/image1.png)b", "ab"),
            ("<!-- page 2 -->二、情况", "二、情况"),
            ("\u{FEFF}规章", "规章"),
        ] {
            let (text, told) = cleaned(text);
            assert_eq!(text, left);
            assert!(!told.is_empty() && told[0].ends_with("line 5"), "{told:?}");
        }
    }

    #[test]
    fn brackets_of_the_text_itself_stay() {
        for text in ["国办公开办函[2021]30号", "[附件]", "【解读】", "热烈祝贺!", "a < b", "![", "[bookmark: x"]
        {
            assert_eq!(cleaned(text), (text.to_owned(), Vec::new()));
        }
    }

    #[test]
    fn emphasis_round_a_whole_field_goes_and_hidden_names_stay() {
        assert_eq!(cleaned("**一、总体情况**").0, "一、总体情况");
        assert_eq!(cleaned("## **一、总体情况**").0, "## 一、总体情况");
        assert_eq!(cleaned("| **规章** | 0 |").0, "| 规章 | 0 |");
        assert_eq!(cleaned("王**、李**").0, "王**、李**");
    }

    #[test]
    fn escapes_of_markdown_go() {
        assert_eq!(cleaned("| 1\\.属于国家秘密 | 26\\.55 |").0, "| 1.属于国家秘密 | 26.55 |");
        assert_eq!(cleaned("1\\.概述").1, ["dropped the converter's mark \"\\\\\" @ line 5"]);
        for text in ["增\\|减", "规章\t\\\t\\", "\\/", "甲\\乙"] {
            assert_eq!(cleaned(text), (text.to_owned(), Vec::new()));
        }
    }

    #[test]
    fn one_warning_names_all_the_places_of_a_mark() {
        let mut dropped = Dropped::default();
        for line in [1, 1, 8] {
            dropped.note("form feed", line);
        }
        let warnings = dropped.into_warnings();
        assert_eq!(warnings.len(), 1);
        assert_eq!(warnings[0].at.len(), 2);
    }

    #[test]
    fn page_numbers_are_told_from_figures() {
        for text in ["- 3 -", "— 12 —", "——3——", "第 3 页 共 9 页", "第3页", "共9页，第3页", "Page 3 of 9", "－3－"]
        {
            assert!(is_page_number(text), "{text:?}");
        }
        for text in ["3", "-3", "3/9", "-", "— —", "第三页", "第3页说明", "- 3 4 -", "\t- 3 -"] {
            assert!(!is_page_number(text), "{text:?}");
        }
    }

    #[test]
    fn a_bare_number_is_a_page_number_only_on_its_own_page() {
        assert!(is_number_of_page(" 3 ", 3));
        assert!(is_number_of_page("3/9", 3));
        assert!(!is_number_of_page("0", 3));
        assert!(!is_number_of_page("03x", 3));
    }
}
