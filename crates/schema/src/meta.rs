//! Who, which year, when: the title, the agency, the year and the date that a report states.

use nianbao_model::{Fact, Origin, Warning, WarningKind, fold_char, leading_mark};

use crate::date::{self, Found};
use crate::label::folded;
use crate::locate::{Heading, Item, Text};
use crate::metadata::{infer_agency, infer_date, title_of_file};
use crate::report::{Date, Stated};

/// What a report says of itself.
#[derive(Debug, Default)]
pub(crate) struct Meta {
    pub(crate) title: Option<Stated<String>>,
    pub(crate) agency: Option<Stated<String>>,
    pub(crate) year: Option<Stated<u16>>,
    pub(crate) published: Option<Stated<Date>>,
    pub(crate) warnings: Vec<Warning>,
    /// The items that sign the report off: no part of its last section.
    pub(crate) sign_off: Vec<usize>,
}

/// Reads them from the items of one report and the headings among them; what those do not say, from the facts of the file.
pub(crate) fn meta(
    items: &[Item<'_>],
    range: std::ops::Range<usize>,
    headings: &[Heading<'_>],
    facts: &[Fact],
) -> Meta {
    let head_end = headings.first().map_or(range.end.min(range.start + 40), |heading| heading.item);
    let head: Vec<(usize, Text<'_>)> = texts(items, range.start..head_end).collect();
    let mut meta = Meta::default();
    if let Some(title) = title(&head).or_else(|| title_of_file(facts, &mut meta.warnings)) {
        meta.agency.clone_from(&title.agency);
        meta.year = title.year.map(|year| title.text.with(year));
        meta.title = Some(title.text);
    }
    sign_off(items, &range, headings, &mut meta);
    if meta.published.is_none() {
        head_date(&head, &mut meta);
    }
    if meta.published.is_none() {
        infer_date(facts, &mut meta);
    }
    if meta.agency.is_none() {
        infer_agency(items, &range, facts, &mut meta);
    }
    if meta.year.is_none() {
        infer_year(items, &range, &head, headings, &mut meta);
    }
    meta
}

pub(crate) fn texts<'a>(
    items: &[Item<'a>],
    range: std::ops::Range<usize>,
) -> impl DoubleEndedIterator<Item = (usize, Text<'a>)> {
    let start = range.start;
    items.get(range).unwrap_or_default().iter().enumerate().filter_map(move |(index, item)| match item {
        Item::Text(text) => Some((start + index, *text)),
        Item::Table(_) => None,
    })
}

/// A text without its blanks, every character as printed.
pub(crate) fn bare_line(text: &str) -> String {
    text.chars().filter(|&c| fold_char(c).is_some()).collect()
}

// The title.

pub(crate) struct Title {
    pub(crate) text: Stated<String>,
    pub(crate) agency: Option<Stated<String>>,
    pub(crate) year: Option<u16>,
}

/// What a title says. Both are character ranges of the folded title.
pub(crate) struct TitleParts {
    agency: Option<std::ops::Range<usize>>,
    year: u16,
}

const SUBJECTS: [&str; 4] = ["政府信息公开", "政务信息公开", "政务公开", "信息公开"];

/// Reads a folded text as a title: 〔agency〕〔year〕年政府信息公开工作年度报告 in any of its orders.
pub(crate) fn title_parts(text: &str) -> Option<TitleParts> {
    let length = text.chars().count();
    if !(10..=80).contains(&length)
        || text.contains(['。', ';', ':', '!', '?', '>'])
        || text.starts_with("根据")
        || leading_mark(text).is_some()
    {
        return None;
    }
    // The year, or a word such as 公开稿, may stand in parentheses at the end.
    let body = text
        .strip_suffix([')', ']'])
        .and_then(|text| text.rfind(['(', '[']))
        .and_then(|open| text.get(..open))
        .unwrap_or(text);
    let body = body.trim_end_matches('>');
    if !["报告", "年报"].into_iter().any(|end| body.ends_with(end)) {
        return None;
    }
    let (year, start, end) = date::year_in(text)?;
    let subject =
        |from: usize| SUBJECTS.iter().filter_map(|subject| text.get(from..)?.find(subject)).min().map(|at| from + at);
    let after_year = end + '年'.len_utf8();
    let agency = match (subject(after_year), subject(0)?) {
        // 甲局2023年政府信息公开…, 2023年甲局政府信息公开…, 甲局关于2023年度政府信息公开…
        (Some(subject), _) => {
            let before = 0..trim_connectors(text, 0, start);
            let from = after_year
                + text.get(after_year..).filter(|rest| rest.starts_with('度')).map_or(0, |_| '度'.len_utf8());
            if before.is_empty() { from..trim_connectors(text, from, subject) } else { before }
        }
        // 甲局政府信息公开工作2023年度报告
        (None, subject) => 0..trim_connectors(text, 0, subject),
    };
    let agency = text.get(agency.clone()).filter(|name| name.chars().count() >= 2).map(|_| char_range(text, agency));
    Some(TitleParts { agency, year })
}

/// Where the name in `text[start..end]` ends, words that only join left out.
fn trim_connectors(text: &str, start: usize, end: usize) -> usize {
    let name = text.get(start..end).unwrap_or_default();
    let trimmed =
        ["关于印发", "关于做好", "关于", "的"].iter().fold(name, |name, word| name.strip_suffix(word).unwrap_or(name));
    start + trimmed.len()
}

fn char_range(text: &str, bytes: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let count = |end: usize| text.get(..end).map_or(0, |head| head.chars().count());
    count(bytes.start)..count(bytes.end)
}

/// Whether a line alone reads as a title.
pub(crate) fn is_title_line(text: &str) -> bool {
    text.chars().count() <= 80 && title_parts(&folded(text)).is_some()
}

/// The title among the texts before the first section: one to four lines in a row that read as one together.
fn title(head: &[(usize, Text<'_>)]) -> Option<Title> {
    let mut best: Option<(i32, Title)> = None;
    for start in 0..head.len() {
        for count in 1..=4 {
            let Some(lines) = head.get(start..start + count) else {
                break;
            };
            // Lines that do not follow on one another, or that are sentences or dates, are no title together.
            let is_none = |text: &str| {
                text.chars().count() > 60 || text.ends_with(['。', '；', '：', '，']) || date::whole(text).is_some()
            };
            if lines.iter().any(|(_, text)| is_none(text.text)) {
                break;
            }
            let joined: String = lines.iter().map(|(_, text)| bare_line(text.text)).collect();
            let Some(parts) = title_parts(&folded(&joined)) else {
                continue;
            };
            // One that names its agency is better than one that does not; fewer lines are better than more.
            let score = i32::from(parts.agency.is_some()) * 10 - i32::try_from(count).unwrap_or(0);
            if best.as_ref().is_none_or(|(other, _)| score > *other) {
                best = Some((score, stated_title(joined, lines, &parts)));
            }
        }
    }
    best.map(|(_, title)| title)
}

fn stated_title(joined: String, lines: &[(usize, Text<'_>)], parts: &TitleParts) -> Title {
    let at: Vec<Origin> = lines.iter().flat_map(|(_, text)| text.at.iter().cloned()).collect();
    let raw = lines.iter().map(|(_, text)| text.text).collect::<Vec<_>>().join("\n");
    title_from(Stated { value: joined, raw, at }, parts)
}

pub(crate) fn title_from(text: Stated<String>, parts: &TitleParts) -> Title {
    let name =
        |range: &std::ops::Range<usize>| text.value.chars().skip(range.start).take(range.len()).collect::<String>();
    let agency = parts.agency.as_ref().map(name);
    Title { agency: agency.map(|agency| text.with(agency)), text, year: Some(parts.year) }
}

// The sign-off.

/// What agencies' names end with.
const AGENCY_ENDS: [&str; 42] = [
    "局", "委", "办", "厅", "府", "会", "院", "校", "中心", "室", "队", "所", "站", "处", "公司", "区", "镇", "乡",
    "街道", "部", "社", "署", "馆", "团", "庭", "场", "园", "行", "县", "市", "省", "州", "旗", "盟", "组", "司", "台",
    "库", "科", "学", "关", "营",
];

pub(crate) fn is_agency_line(text: &str) -> bool {
    let name = bare_line(text);
    let length = name.chars().count();
    (3..=36).contains(&length)
        && name.chars().all(|c| nianbao_model::is_han(c) || "（）()·“”".contains(c))
        && leading_mark(&name).is_none()
        // A sentence that ends with a name: 已将资料移交甲市档案馆.
        && !["已", "我", "该", "请", "本机关", "本单位"].iter().any(|word| name.starts_with(word))
        && AGENCY_ENDS.iter().any(|end| folded(&name).trim_end_matches(')').ends_with(end))
}

/// Finds the date and the agency that close the report: the last lines of its text.
fn sign_off(items: &[Item<'_>], range: &std::ops::Range<usize>, headings: &[Heading<'_>], meta: &mut Meta) {
    let start = headings.last().map_or(range.start, |heading| heading.item + 1);
    let tail: Vec<(usize, Text<'_>)> = texts(items, start..range.end).filter(|(_, text)| !text.aside).collect();
    for (at, &(item, text)) in tail.iter().enumerate().rev().take(6) {
        if text.text.chars().count() > 60 {
            continue;
        }
        let Some((before, found)) = date::at_end(text.text) else {
            continue;
        };
        let before = before.trim();
        if !before.is_empty() && !is_agency_line(before) && label_of_date(before).is_none() {
            continue;
        }
        let above = at.checked_sub(1).and_then(|index| tail.get(index));
        // 网站改版时间： on the line above says that the date is another's.
        let announced =
            above.is_some_and(|(_, above)| above.text.ends_with(['：', ':']) && label_of_date(above.text).is_none());
        if before.is_empty() && announced {
            continue;
        }
        state_date(found, text, meta);
        meta.sign_off.push(item);
        if is_agency_line(before) {
            sign_agency(before, text.at, meta);
        } else if let Some(&(above_item, above)) = above.filter(|(_, above)| is_agency_line(above.text)) {
            sign_agency(above.text, above.at, meta);
            meta.sign_off.push(above_item);
        }
        // The name may also stand below the date.
        let below = tail.get(at + 1).filter(|(_, below)| is_agency_line(below.text));
        if let Some(&(below_item, below)) = below {
            sign_agency(below.text, below.at, meta);
            meta.sign_off.push(below_item);
        }
        return;
    }
    if let Some(&(item, text)) =
        tail.last().filter(|(_, text)| is_agency_line(text.text) && text.text.chars().count() >= 5)
    {
        sign_agency(text.text, text.at, meta);
        meta.sign_off.push(item);
    }
}

fn sign_agency(name: &str, at: &[Origin], meta: &mut Meta) {
    if meta.agency.is_none() {
        meta.warnings.push(Warning::new(WarningKind::AgencyInferred { source: "the sign-off" }, at.to_vec()));
        meta.agency = Some(Stated { value: bare_line(name), raw: name.to_owned(), at: at.to_vec() });
    }
}

fn state_date(found: Found, text: Text<'_>, meta: &mut Meta) {
    if !matches!(found, Found::Clear(_)) {
        meta.warnings.push(Warning::new(WarningKind::DateUnclear { printed: text.text.to_owned() }, text.at.to_vec()));
    }
    if let Found::Clear(date) | Found::Guessed(date) = found {
        meta.published = Some(Stated { value: date, raw: text.text.to_owned(), at: text.at.to_vec() });
    }
}

// The head.

const DATE_LABELS: [&str; 9] =
    ["发布日期", "发布时间", "公开日期", "成文日期", "发文日期", "生成日期", "公开时间", "日期", "时间"];

/// The label of a date, where the text is one.
fn label_of_date(text: &str) -> Option<&'static str> {
    let folded = folded(text);
    let label = folded.trim_end_matches(':');
    DATE_LABELS.into_iter().find(|known| *known == label)
}

/// The date in the lines before the first section: alone on its line or at its start, else behind a label, the label that weighs most first.
fn head_date(head: &[(usize, Text<'_>)], meta: &mut Meta) {
    let alone = |text: &Text<'_>| date::whole(text.text).or_else(|| at_start(text.text));
    if let Some((found, text)) = head.iter().find_map(|(_, text)| Some((alone(text)?, *text))) {
        state_date(found, text, meta);
        return;
    }
    for label in DATE_LABELS {
        let behind = |text: &Text<'_>| {
            let folded = folded(text.text);
            let at = folded.find(label)? + label.len();
            let rest = folded.get(at..)?.trim_start_matches([':', '[', ']']);
            // Other labels may follow on the same line.
            let end = rest
                .find(|c: char| nianbao_model::is_han(c) && !"年月日号〇一二三四五六七八九十".contains(c))
                .unwrap_or(rest.len());
            date::whole(rest.get(..end)?)
        };
        if let Some((found, text)) = head.iter().find_map(|(_, text)| Some((behind(text)?, *text))) {
            state_date(found, text, meta);
            return;
        }
    }
}

/// The date that a line of page furniture begins with: `2022年1月18日 来源：…`.
fn at_start(text: &str) -> Option<Found> {
    const FURNITURE: [&str; 7] = ["来源", "作者", "浏览", "字体", "字号", "阅读", "点击"];
    let end = text.find('日').map(|at| at + '日'.len_utf8()).filter(|&end| end < 40)?;
    let (date, rest) = text.split_at_checked(end)?;
    let rest = folded(rest);
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | '['));
    if FURNITURE.iter().any(|word| rest.starts_with(word)) { date::whole(date) } else { None }
}

// The year.

fn infer_year(
    items: &[Item<'_>],
    range: &std::ops::Range<usize>,
    head: &[(usize, Text<'_>)],
    headings: &[Heading<'_>],
    meta: &mut Meta,
) {
    let all = || texts(items, range.clone()).map(|(_, text)| text);
    let period = || all().find_map(|text| Some((period(text.text)?.0, text, "the reporting period")));
    let alone =
        || head.iter().find_map(|(_, text)| Some((year_alone(text.text)?, *text, "a line that holds only a year")));
    let year_end =
        || all().find_map(|text| Some((year_end(&folded(text.text))?, text, "the end of the year told in the text")));
    let overview_end = headings.get(1).map_or(range.end, |heading| heading.item);
    let first = || {
        texts(items, range.start..overview_end).find_map(|(_, text)| {
            let folded = folded(text.text);
            let year = date::years_in(&folded).find(|&(_, _, end)| !is_of_a_law(&folded, end))?;
            Some((year.0, text, "the first year told in the text"))
        })
    };
    if let Some((year, text, source)) = period().or_else(alone).or_else(year_end).or_else(first) {
        meta.warnings.push(Warning::new(WarningKind::YearInferred { year, source }, text.at.to_vec()));
        meta.year = Some(Stated { value: year, raw: excerpt(text.text), at: text.at.to_vec() });
    } else if let Some(published) = &meta.published {
        let year = published.value.year.saturating_sub(1);
        let source = "the date of publication, less one";
        meta.warnings.push(Warning::new(WarningKind::YearInferred { year, source }, published.at.clone()));
        meta.year = Some(published.with(year));
    }
}

/// The beginning of a text that may be a whole paragraph.
fn excerpt(text: &str) -> String {
    const LENGTH: usize = 60;
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A year that dates a law or a notice (2019年修订) says nothing of the report.
fn is_of_a_law(folded: &str, end: usize) -> bool {
    folded.get(end..).is_some_and(|rest| ["年修订", "年第", "年版", "年印发"].iter().any(|word| rest.starts_with(word)))
}

/// A line that is nothing but a year.
fn year_alone(text: &str) -> Option<u16> {
    let folded = folded(text);
    let digits = folded.trim_end_matches('度').trim_end_matches('年');
    let year: u16 = if digits.len() == 4 {
        digits.parse().ok()?
    } else {
        return None;
    };
    (2000..2100).contains(&year).then_some(year)
}

/// The year of `2023年12月31日`, told as the end of what is counted.
fn year_end(folded: &str) -> Option<u16> {
    date::years_in(folded)
        .find(|&(_, _, end)| folded.get(end..).is_some_and(|rest| rest.starts_with("年12月31日")))
        .map(|(year, ..)| year)
}

/// The period that a text states, from 1 January to 31 December: the year it begins in, and the year it ends in.
///
/// Converters lose 年 and 月 here too: `20231月1日至12月31日`, `202311日至20231231日`.
pub(crate) fn period(text: &str) -> Option<(u16, u16)> {
    // Most texts name no day: those need no folding.
    if !text.contains('日') {
        return None;
    }
    let folded = folded(text);
    let (start, end) = ["1月1日", "年11日", "11日"].iter().find_map(|day| {
        let at = folded.find(day)?;
        let year = year_before(folded.get(..at)?)?;
        Some((year, at + day.len()))
    })?;
    let rest: String = folded.get(end..)?.chars().take(24).collect();
    if !rest.starts_with(['至', '到', '-', '起', '~']) {
        return None;
    }
    let at = ["12月31日", "年1231日", "1231日"].iter().find_map(|day| rest.find(day))?;
    Some((start, rest.get(..at).and_then(year_before).unwrap_or(start)))
}

fn year_before(text: &str) -> Option<u16> {
    let digits = text.strip_suffix('年').unwrap_or(text);
    let at = digits.len().checked_sub(4)?;
    let year: u16 = digits.get(at..)?.parse().ok()?;
    (2000..2100).contains(&year).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(title: &str) -> Option<(String, u16)> {
        let parts = title_parts(&folded(title))?;
        let name = parts.agency.map(|range| title.chars().skip(range.start).take(range.len()).collect::<String>());
        Some((name.unwrap_or_default(), parts.year))
    }

    #[test]
    fn titles_name_their_agency_in_every_order() {
        for title in [
            "甲市乙局2023年政府信息公开工作年度报告",
            "甲市乙局2023年度政府信息公开工作年度报告",
            "甲市乙局关于2023年度政府信息公开工作的年度报告",
            "2023年甲市乙局政府信息公开工作年度报告",
            "2023年度甲市乙局政务公开工作报告",
            "甲市乙局政府信息公开工作2023年度报告",
            "甲市乙局二〇二三年政府信息公开工作年度报告",
            "甲市乙局2023年政府信息公开年报",
            "甲市乙局政府信息公开工作年度报告（2023年度）",
            "甲市乙局2023年政府信息公开工作年度报告（公开稿）",
        ] {
            assert_eq!(read(title), Some(("甲市乙局".to_owned(), 2023)), "{title}");
        }
        assert_eq!(read("甲市政务公开办公室2023年政府信息公开工作年度报告").unwrap().0, "甲市政务公开办公室");
        assert_eq!(read("2023年政府信息公开工作年度报告"), Some((String::new(), 2023)));
    }

    #[test]
    fn sentences_and_headings_are_no_titles() {
        for text in [
            "根据要求编制2023年政府信息公开工作年度报告",
            "一、2023年政府信息公开工作年度报告",
            "2023年我局公开了信息。现报告",
            "2023",
            "政府信息公开工作年度报告",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_above_the_title_is_no_part_of_it() {
        let at = [Origin::Line { line: 0, field: None }];
        let line = |text: &'static str| Text { text, at: &at, aside: false, heads: false };
        let head = [(0, line("2024年1月15日")), (1, line("2023年政府信息公开工作年度报告"))];
        let title = title(&head).unwrap();
        assert_eq!((title.text.value.as_str(), title.year), ("2023年政府信息公开工作年度报告", Some(2023)));
        assert!(title.agency.is_none());
    }

    #[test]
    fn agencies_are_known_by_their_ends() {
        assert!(is_agency_line("  甲市乙区机关事务管理中心 "));
        assert!(is_agency_line("甲市人民政府办公室"));
        assert!(!is_agency_line("无其他需要报告的事项"));
        assert!(!is_agency_line("2023年我局"));
    }

    #[test]
    fn periods_are_read_with_and_without_their_words() {
        assert_eq!(period("统计期限自2023年1月1日起至2023年12月31日止"), Some((2023, 2023)));
        assert_eq!(period("期限为2023年1月1日至12月31日"), Some((2023, 2023)));
        assert_eq!(period("自20221月1日至202212月31日"), Some((2022, 2022)));
        assert_eq!(period("自201711日至20171231日"), Some((2017, 2017)));
        assert_eq!(period("2023年1月1日起施行"), None);
    }
}
