//! Lines: those that layout broke are joined, so that each line left is one paragraph.
//!
//! A line break is a guess about language, so it is taken here and nowhere else. What begins a paragraph:
//!
//! - a line under one that ends a sentence (。！？；： and their like);
//! - a line that begins with a numbering mark (一、（一）1. ①), a bullet, or the blanks of an indentation;
//! - a line much longer than the one above it: had the break come from a full line, the line above would be as long;
//! - a whole sentence under a numbered line without any punctuation: the numbered line is its heading.
//!
//! Before all of these, a line goes on with the one above where that one leaves a bracket open that this one closes. Everything
//! else is joined: Han without a blank, words of other scripts with one, digits never to digits.

use nianbao_model::{
    Block, Document, Line, Lines, Mark, Origin, Table, Warning, WarningKind, fold_char, is_han, leading_mark,
};

use crate::nested;

/// From this width on (a Han character counts 2), a line that is half as long again as the one above it was not broken by a full line.
const LONG_LINE: usize = 40;

/// A numbered line narrower than this (a Han character counts 2) may be a heading.
const HEADING_LINE: usize = 60;

/// How far back an open bracket is looked for, in characters. Past that it is a slip of the pen, not a break in mid-label.
const BRACKET_REACH: usize = 80;

/// In how many characters a numbering mark ends.
const MARK_REACH: usize = 24;

/// How far an indentation must go, in blanks as wide as a Han character (four narrow ones count as two of these).
const INDENTATION: usize = 2;

/// Drops paragraphs that hold no text.
pub(crate) fn drop_blank_paragraphs(document: &mut Document) {
    nested::retain(&mut document.blocks, |block| match block {
        Block::Paragraph(paragraph) => !paragraph.is_blank(),
        Block::Table(_) => true,
    });
}

/// Joins the lines of all cells and paragraphs, and drops blank lines.
pub(crate) fn join(document: &mut Document) {
    join_paragraphs(document);
    let nestings = nested::lines(&document.blocks);
    let mut moved = Vec::new();
    for (index, block) in document.blocks.iter_mut().enumerate() {
        if let Block::Table(table) = block {
            let notes = join_cells(table, nestings.of(index), &mut moved);
            notes.warn(&mut document.warnings);
        }
    }
    nested::set_lines(&mut document.blocks, &moved);
}

fn join_paragraphs(document: &mut Document) {
    let mut notes = Notes::default();
    for block in &mut document.blocks {
        if let Block::Paragraph(paragraph) = block {
            notes.add(paragraphs(&mut paragraph.lines), &paragraph.origins);
        }
    }
    notes.warn(&mut document.warnings);
}

/// Joins the lines of each cell. Lines never join across a table that is nested between them; where such a table stands after
/// joining goes to `moved`.
fn join_cells(table: &mut Table, nestings: &[nested::Line], moved: &mut Vec<nested::Line>) -> Notes {
    let mut notes = Notes::default();
    for cell in table.cells_mut() {
        let area = cell.area();
        let mut inside = nestings.iter().filter(|nesting| area.contains(nesting.row, nesting.column)).peekable();
        if inside.peek().is_none() {
            notes.add(paragraphs(&mut cell.lines), &cell.origins);
            continue;
        }
        let mut done = Lines::new();
        let mut rest = std::mem::take(&mut cell.lines);
        let mut taken = 0;
        for nesting in inside {
            let count = nesting.line.saturating_sub(taken).min(rest.len());
            let after = rest.drain(count..).collect();
            taken += count;
            notes.add(paragraphs(&mut rest), &cell.origins);
            done.append(&mut rest);
            rest = after;
            moved.push(nesting.at_line(done.len()));
        }
        notes.add(paragraphs(&mut rest), &cell.origins);
        done.append(&mut rest);
        cell.lines = done;
    }
    notes
}

/// Where something was done, for one warning of each kind.
#[derive(Default)]
struct Notes {
    joined: Vec<Origin>,
    apart: Vec<Origin>,
}

/// What was done to some lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Done {
    joined: bool,
    apart: bool,
}

impl Notes {
    fn add(&mut self, done: Done, origins: &[Origin]) {
        if done.joined {
            self.joined.extend_from_slice(origins);
        }
        if done.apart {
            self.apart.extend_from_slice(origins);
        }
    }

    fn warn(self, warnings: &mut Vec<Warning>) {
        if !self.joined.is_empty() {
            warnings.push(Warning::new(WarningKind::LinesJoined, self.joined));
        }
        if !self.apart.is_empty() {
            // Digits stay apart when a document is reconciled again, but that is no news then.
            let warning = Warning::new(WarningKind::DigitsApart, self.apart);
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
    }
}

/// The lines as one text, each break taken as a join or as a paragraph's end.
pub(crate) fn whole(mut lines: Lines) -> String {
    paragraphs(&mut lines);
    lines.join(" ")
}

/// Joins what belongs to one paragraph and drops blank lines.
fn paragraphs(lines: &mut Lines) -> Done {
    let mut done = Done::default();
    match lines.as_mut_slice() {
        [] => {}
        [line] => {
            let text = line.trim();
            if text.is_empty() {
                lines.clear();
            } else if text.len() < line.len() {
                *line = Line::new(text);
            }
        }
        _ => *lines = joined(std::mem::take(lines), &mut done),
    }
    done
}

/// Each line goes on the line before it or begins a paragraph. A paragraph that grew is held against the one before it once more
/// (its end may close a bracket that was left open there), so that nothing is left to join when all lines are in.
fn joined(lines: Lines, done: &mut Done) -> Lines {
    let mut out: Vec<String> = Vec::new();
    for line in lines {
        if line.trim().is_empty() {
            continue;
        }
        out.push(line.into());
        while let [.., above, below] = out.as_mut_slice()
            && let Break::Join { blank } = line_break(above, below)
        {
            above.truncate(above.trim_end().len());
            if blank {
                above.push(' ');
            }
            above.push_str(below.trim());
            out.pop();
            done.joined = true;
        }
    }
    finish(&mut out, done);
    out.into_iter().map(Line::from).collect()
}

/// Trims the paragraphs. One that is told by its indentation alone keeps it: without it the break could no longer be understood.
fn finish(out: &mut [String], done: &mut Done) {
    let mut before: Option<&str> = None;
    for line in out {
        match before.map(|above| (line_break(above, line), line_break(above, line.trim()))) {
            Some((Break::Apart, _)) => {
                done.apart = true;
                trim(line);
            }
            Some((Break::Paragraph, Break::Join { .. } | Break::Apart)) => {
                line.truncate(line.trim_end().len());
            }
            _ => trim(line),
        }
        before = Some(line);
    }
}

fn trim(line: &mut String) {
    line.truncate(line.trim_end().len());
    let blank = line.len() - line.trim_start().len();
    if blank > 0 {
        line.drain(..blank);
    }
}

/// What the break between two lines is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Break {
    /// A paragraph begins.
    Paragraph,
    /// Layout broke the line; `blank` where two words meet.
    Join { blank: bool },
    /// Digits would meet: one number or two, nobody knows.
    Apart,
}

fn line_break(above: &str, below: &str) -> Break {
    let above = above.trim();
    let text = below.trim();
    let (Some(last), Some(first)) = (above.chars().next_back(), text.chars().next()) else {
        return Break::Join { blank: false };
    };
    if begins_paragraph(above, last, below, text, first) {
        Break::Paragraph
    } else if digits_meet(above, last, text, first) {
        Break::Apart
    } else {
        Break::Join { blank: wants_blank(last, first) }
    }
}

fn begins_paragraph(above: &str, last: char, below: &str, text: &str, first: char) -> bool {
    if opens(last) || cannot_begin(first) || closes_what_is_open(above, text) {
        return false;
    }
    // 第 / （一）项, 第 / 3条: the number belongs to its word.
    if last == '第' && is_numeral_start(first) {
        return false;
    }
    if starts_list_item(text) || indentation(below) >= INDENTATION {
        return true;
    }
    // A mark that stands alone has lost its text to the next line.
    if mark(above).is_some_and(|(_, rest)| rest.is_empty()) {
        return false;
    }
    ends_sentence(above) || is_much_longer(text, above) || is_heading_over_sentence(above, text)
}

/// Whether `above` is numbered and holds no mark of a sentence, while `below` is a sentence to its end: a label never ends in a full stop.
fn is_heading_over_sentence(above: &str, below: &str) -> bool {
    below.ends_with(['。', '！', '？'])
        && mark(above).is_some()
        && width(above, HEADING_LINE) < HEADING_LINE
        && leading_mark(above).is_some_and(|(_, heading)| !heading.contains(['，', '。', '；', '：', ',', ';', ':']))
}

/// Whether the text begins with a numbering mark or a bullet.
pub(crate) fn starts_list_item(text: &str) -> bool {
    let mut chars = text.chars();
    match chars.next() {
        Some(
            '•' | '●' | '■' | '◆' | '★' | '▪' | '○' | '□' | '◇' | '☆' | '►' | '➢' | '✓' | '☐' | '☑' | '☒' | '※'
            | '\u{F06C}' | '\u{F0B7}',
        ) => true,
        Some('-' | '–' | '*' | '＊' | '·') => chars.next().is_some_and(char::is_whitespace),
        // `12，其中` is an amount at the start of a line, though it could be a mark.
        Some(first) if is_digit(first) => {
            let after = text.trim_start_matches(is_digit).trim_start();
            !after.starts_with([',', '，', '。']) && mark(text).is_some()
        }
        Some(_) => mark(text).is_some(),
        None => false,
    }
}

/// The numbering mark at the start, looked for in the first characters only, and some of what follows it.
fn mark(text: &str) -> Option<(Mark, &str)> {
    let head = text.char_indices().nth(MARK_REACH).map_or(text, |(end, _)| text.get(..end).unwrap_or(text));
    leading_mark(head)
}

/// How far the line is indented, in blanks as wide as a Han character.
fn indentation(line: &str) -> usize {
    let halves: usize =
        line.chars().take_while(|c| c.is_whitespace()).map(|c| if c == '\u{3000}' { 2 } else { 1 }).sum();
    halves / 2
}

/// Whether the text ends a sentence, be it inside a quotation or parentheses.
fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['”', '’', '」', '』', '"', '\'', ')', '）', '》'])
        .ends_with(['。', '！', '？', '；', '：', '．', '｡', '.', '!', '?', ';', ':'])
}

fn is_much_longer(below: &str, above: &str) -> bool {
    // No farther than needed: paragraphs grow long while their lines are joined.
    let above = width(above, 2 * below.len());
    let below = width(below, 2 * above + LONG_LINE);
    below >= LONG_LINE && 2 * below > 3 * above
}

/// How wide the text is, counted up to `enough`. A Han character counts 2.
fn width(text: &str, enough: usize) -> usize {
    let mut width = 0;
    for c in text.chars() {
        width += if c.is_ascii() { 1 } else { 2 };
        if width >= enough {
            break;
        }
    }
    width
}

/// The closing bracket that belongs to an opening one.
const fn closer(open: char) -> Option<char> {
    Some(match open {
        '（' | '(' => ')',
        '《' | '〈' | '<' => '>',
        '“' | '「' | '『' => '”',
        '【' | '[' | '〔' | '［' => ']',
        _ => return None,
    })
}

/// All brackets that close the same thing are one.
const fn closing(c: char) -> Option<char> {
    Some(match c {
        ')' | '）' => ')',
        '>' | '》' | '〉' => '>',
        '”' | '」' | '』' => '”',
        ']' | '】' | '〕' | '］' => ']',
        _ => return None,
    })
}

fn opens(c: char) -> bool {
    closer(c).is_some()
}

/// The bracket that `above` leaves open near its end is closed by `below`.
pub(crate) fn closes_what_is_open(above: &str, below: &str) -> bool {
    let mut closed = 0usize;
    let open = above.chars().rev().take(BRACKET_REACH).find(|&c| {
        if closing(c).is_some() {
            closed += 1;
            false
        } else if opens(c) {
            let is_open = closed == 0;
            closed = closed.saturating_sub(1);
            is_open
        } else {
            false
        }
    });
    let Some(wanted) = open.and_then(closer) else {
        return false;
    };
    let mut inner = 0usize;
    for c in below.chars().take(BRACKET_REACH) {
        if opens(c) {
            inner += 1;
        } else if let Some(close) = closing(c) {
            if inner == 0 {
                return close == wanted;
            }
            inner -= 1;
        }
    }
    false
}

/// Punctuation that no line begins with on its own account.
fn cannot_begin(c: char) -> bool {
    closing(c).is_some() || "，、。；：！？,;:!?%％．｡".contains(c)
}

/// Whether a number may begin here: 第一, 第（一）, 第3.
fn is_numeral_start(c: char) -> bool {
    is_digit(c) || matches!(c, '(' | '（') || "〇零一二三四五六七八九十百".contains(c)
}

fn is_digit(c: char) -> bool {
    fold_char(c).is_some_and(|c| c.is_ascii_digit())
}

/// Whether joining would make one number out of two, or give a number a sign or a fraction.
fn digits_meet(above: &str, last: char, below: &str, first: char) -> bool {
    let is_part = |c: char| fold_char(c).is_some_and(|c| c.is_ascii_digit() || ".,-+/".contains(c));
    let ends_in_number = is_digit(last) || (is_part(last) && above.chars().all(is_part));
    let begins_with_number = is_digit(first)
        || (is_part(first) && (below.chars().all(is_part) || below.chars().nth(1).is_some_and(is_digit)));
    ends_in_number && begins_with_number
}

/// Whether two words meet that a blank keeps apart: Latin and its like, but neither Han nor the punctuation that goes with it.
fn wants_blank(last: char, first: char) -> bool {
    let is_word = |c: char| c.is_alphanumeric() && !is_wide(c);
    let ends_word = is_word(last) || ",.;:!?)]\"'”’%&".contains(last);
    let begins_word = is_word(first) || "([\"'“‘&$€£".contains(first);
    // A hyphen at the end of a line stays, and what follows it stays beside it: a word of two parts and one word cut in two look alike.
    ends_word && begins_word && (is_word(last) || is_word(first)) && !(is_digit(last) && is_digit(first))
}

/// A character of a script that is written without blanks, or its punctuation.
fn is_wide(c: char) -> bool {
    is_han(c)
        || matches!(c, '\u{2E80}'..='\u{303F}' | '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::lines;
    use proptest::prelude::*;

    fn joined_text(text: &str) -> String {
        let mut lines = lines(text);
        paragraphs(&mut lines);
        lines.join("⏎")
    }

    #[track_caller]
    fn check(text: &str, wanted: &str) {
        assert_eq!(joined_text(text), wanted, "from {text}");
    }

    #[test]
    fn han_meets_han_without_a_blank() {
        check("商业⏎企业", "商业企业");
        check("结果⏎维⏎持", "结果维持");
        check("三⏎、⏎本⏎年⏎度⏎办⏎理⏎结⏎果", "三、本年度办理结果");
        check("社会公\u{A0}⏎\u{3000}益组织", "社会公益组织");
        check(
            "申请人无正当理由逾期不补正、行政机⏎关不再处理其政府信息公开申请",
            "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        );
    }

    #[test]
    fn words_meet_with_one_blank() {
        check("Total of⏎all offices", "Total of all offices");
        check("of course,⏎2023", "of course, 2023");
        check("infor-⏎mation", "infor-mation");
        check("(see⏎below)", "(see below)");
        check("a (⏎b⏎)", "a (b)");
    }

    #[test]
    fn digits_meet_words_but_never_digits() {
        check("2023⏎年", "2023年");
        check("共⏎12⏎件", "共12件");
        check("20⏎23", "20⏎23");
        check("１⏎2", "１⏎2");
        check("12.⏎5", "12.⏎5");
        check("12⏎.5", "12⏎.5");
        check("-⏎5", "-⏎5");
        check("1,⏎234", "1,⏎234");
        let mut two = lines("20⏎23");
        assert_eq!(paragraphs(&mut two), Done { joined: false, apart: true });
    }

    #[test]
    fn a_sentence_ends_its_paragraph() {
        check("工作有待加强。⏎下一步我局将改进", "工作有待加强。⏎下一步我局将改进");
        check("他说：“好。”⏎又说", "他说：“好。”⏎又说");
        check("其中：⏎个人", "其中：⏎个人");
    }

    #[test]
    fn a_mark_or_a_bullet_begins_a_paragraph() {
        check("一、总体情况⏎（一）主动公开⏎1.加强领导", "一、总体情况⏎（一）主动公开⏎1.加强领导");
        check("内容⏎• 第一", "内容⏎• 第一");
        check("共收到⏎12，其中", "共收到12，其中");
        check("第二十条第⏎（五）项", "第二十条第（五）项");
        check("1.⏎属于国家秘密", "1.属于国家秘密");
        check("（六）⏎其他处理", "（六）其他处理");
    }

    #[test]
    fn a_numbered_line_over_a_sentence_is_its_heading() {
        check("六、其他事项⏎本年度没有收费。", "六、其他事项⏎本年度没有收费。");
        check("1.申请人逾期不补正、行政机⏎关不再处理", "1.申请人逾期不补正、行政机关不再处理");
        check("一是加强领导，健全⏎机制。", "一是加强领导，健全机制。");
    }

    #[test]
    fn an_open_bracket_waits_for_its_end() {
        check("本年收费金额（单位：⏎万元）", "本年收费金额（单位：万元）");
        check(
            "（本列数据的勾稽关系为：⏎第一项加第二项之和，⏎等于第三项加第四项之和）",
            "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
        );
        check("（⏎三）不予公开", "（三）不予公开");
        check("见附件（略。⏎（二）部分公开", "见附件（略。⏎（二）部分公开");
    }

    #[test]
    fn a_line_much_longer_than_the_one_above_was_not_broken_off_it() {
        let body = "2023年，我局认真贯彻落实有关规定，坚持公开为常态、不公开为例外，各项工作有序推进。";
        check(&format!("一、总体情况⏎{body}"), &format!("一、总体情况⏎{body}"));
    }

    #[test]
    fn an_indentation_that_alone_tells_a_paragraph_is_kept() {
        check("联系人张三⏎\u{3000}\u{3000}电话另见附页", "联系人张三⏎\u{3000}\u{3000}电话另见附页");
        check("　　工作有待加强。⏎　　下一步我局将改进", "工作有待加强。⏎下一步我局将改进");
    }

    #[test]
    fn blank_lines_go() {
        check("⏎ ⏎规章\u{A0}⏎⏎", "规章");
        let mut blank = lines("⏎\u{3000}");
        paragraphs(&mut blank);
        assert!(blank.is_empty());
    }

    proptest! {
        #[test]
        fn joining_twice_changes_nothing_and_loses_nothing(text in "[ 　⏎0-9a中三第（）(),.：。、一1“”-]{0,40}") {
            let mut once = lines(&text);
            paragraphs(&mut once);
            let mut twice = once.clone();
            let done = paragraphs(&mut twice);
            prop_assert_eq!(&twice, &once);
            prop_assert!(!done.joined);
            let seen = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '⏎').collect::<String>();
            prop_assert_eq!(seen(&once.concat()), seen(&text));
        }
    }
}
