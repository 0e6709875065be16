//! Labels compared: what printers, converters and typists change about a label is taken away before it is looked up.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use nianbao_model::{fold_char, leading_mark};

/// Pairs of a traditional character and the simplified one, for the characters that occur in the forms and in what is said around
/// them. Copied sites print the same form in traditional characters.
const TRADITIONAL: &str = "萬万與与業业為为爲为舉举鄉乡於于會会體体關关內内決决況况減减辦办務务動动區区華华單单廳厅縣县發发號号後后員员國国處处備备復复複复\
審审對对將将屬属廢废開开強强當当錄录總总執执護护報报據据數数無无時时機机權权條条來来構构標标欄栏沒没瀏浏現现確确祕秘稱称穩稳簡简類类糾纠納纳組组織织經经\
結结統统繼继續续維维編编繳缴罰罚範范獲获補补規规覽览計计認认議议許许訟讼訪访訴诉詢询說说請请購购費费轉转過过這这進进採采鎮镇問问間间項项題题額额";

/// The simplified character for a traditional one that the forms know; any other character as it is. `table` is [`SIMPLIFIED`], which
/// is looked up once a text.
fn simplified(table: &[Option<char>], c: char) -> char {
    let place = (c as usize).checked_sub(FIRST_HAN as usize);
    let known = place.and_then(|place| table.get(place));
    known.copied().flatten().unwrap_or(c)
}

/// The first of the unified ideographs, among which all characters of the table are.
const FIRST_HAN: char = '\u{4E00}';

/// The simplified character for each from [`FIRST_HAN`] on that has one: asked for every character of a document.
static SIMPLIFIED: std::sync::LazyLock<Vec<Option<char>>> = std::sync::LazyLock::new(|| {
    let mut table = Vec::new();
    let mut characters = TRADITIONAL.chars();
    while let (Some(traditional), Some(simplified)) = (characters.next(), characters.next()) {
        let place = (traditional as usize).saturating_sub(FIRST_HAN as usize);
        if table.len() <= place {
            table.resize(place + 1, None);
        }
        if let Some(slot) = table.get_mut(place) {
            *slot = Some(simplified);
        }
    }
    table
});

/// The text folded, in simplified characters.
pub(crate) fn folded(text: &str) -> String {
    let table = SIMPLIFIED.as_slice();
    let mut folded = String::with_capacity(text.len());
    text.chars().filter_map(fold_char).for_each(|c| folded.push(simplified(table, c)));
    folded
}

/// The text without blanks and punctuation, in simplified characters, its leading number and every note in parentheses kept.
pub(crate) fn bare(text: &str) -> String {
    let table = SIMPLIFIED.as_slice();
    let mut bare = String::with_capacity(text.len());
    let is_word = |c: &char| !c.is_ascii_punctuation() && !matches!(c, '、' | '·' | '…');
    text.chars().filter_map(fold_char).filter(is_word).for_each(|c| bare.push(simplified(table, c)));
    bare
}

/// A label for comparing: [`bare`], and its leading numbers (一、（一）1.) taken away, however many stand there.
pub(crate) fn canonical(text: &str) -> String {
    let mut rest = text;
    while let Some((_, after)) = leading_mark(rest) {
        // A text that is nothing but a mark is no label.
        if after.is_empty() {
            break;
        }
        rest = after;
    }
    bare(rest)
}

/// A text shorter than this, in characters, is not taken for a label that lost its middle.
const LEAST_GAPPED: usize = 6;

/// How well a printed label fits a known one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    /// One of the known spellings.
    Exact,
    /// A known label stands in it, or it differs in few characters.
    Near,
}

/// Known labels and what each stands for. One label may stand for several things (其他 in more than one group).
#[derive(Clone, Debug)]
pub(crate) struct Lexicon<T> {
    entries: BTreeMap<String, Entry<T>>,
    /// The same once more, for looking up a label as it is: every cell with words in it is looked up in every form. Nothing ever walks
    /// over it.
    known: HashMap<String, Vec<T>>,
}

#[derive(Clone, Debug)]
struct Entry<T> {
    meanings: Vec<T>,
    characters: Characters,
}

/// The characters of a text, as far as 64 bits tell them apart: enough to pass over nearly every label that is nothing like a text without
/// comparing the two.
#[derive(Clone, Copy, Debug)]
struct Characters(u64);

impl Characters {
    fn of(text: &str) -> Self {
        Self(text.chars().fold(0, |bits, c| bits | 1 << (u32::from(c) % 64)))
    }

    /// How many of these are surely not among the others.
    const fn missing_in(self, other: Self) -> usize {
        (self.0 & !other.0).count_ones() as usize
    }
}

impl<T: Copy + PartialEq> Lexicon<T> {
    pub(crate) fn new() -> Self {
        Self { entries: BTreeMap::new(), known: HashMap::new() }
    }

    pub(crate) fn add(&mut self, label: &str, meaning: T) {
        let label = canonical(label);
        let new = || Entry { meanings: Vec::new(), characters: Characters::of(&label) };
        let entry = self.entries.entry(label.clone()).or_insert_with(new);
        if !entry.meanings.contains(&meaning) {
            entry.meanings.push(meaning);
            self.known.insert(label, entry.meanings.clone());
        }
    }

    /// The meanings of a canonical label that is spelled as known.
    pub(crate) fn exact(&self, canonical: &str) -> &[T] {
        self.known.get(canonical).map_or(&[], Vec::as_slice)
    }

    /// Whether the text is a piece of a known label.
    pub(crate) fn holds(&self, piece: &str) -> bool {
        let characters = Characters::of(piece);
        let holds = |(label, entry): (&String, &Entry<T>)| {
            characters.missing_in(entry.characters) == 0 && label.contains(piece)
        };
        self.entries.iter().any(holds)
    }

    /// Whether a known label begins with the text.
    pub(crate) fn begins(&self, text: &str) -> bool {
        let mut from = self.entries.range::<str, _>((Bound::Included(text), Bound::Unbounded));
        from.next().is_some_and(|(label, _)| label.starts_with(text))
    }

    /// The meanings of a canonical label: as known, else the longest known label that makes up most of it, else the one nearest to it,
    /// else the one that it would be if a few characters had not been left out of its middle.
    ///
    /// Two labels equally near are none: a guess between them would be silent.
    pub(crate) fn find(&self, canonical: &str) -> Option<(Fit, &str, &[T])> {
        if let Some((label, meanings)) = self.known.get_key_value(canonical) {
            return Some((Fit::Exact, label, meanings));
        }
        let length = canonical.chars().count();
        if !(4..=80).contains(&length) {
            return None;
        }
        let characters = Characters::of(canonical);
        self.contained(canonical, characters, length)
            .or_else(|| self.nearest(canonical, characters, length))
            .or_else(|| self.gapped(canonical, characters, length))
    }

    /// The longest known label of at least four characters that stands in the text and makes up more than half of it.
    fn contained(&self, canonical: &str, characters: Characters, length: usize) -> Option<(Fit, &str, &[T])> {
        let (label, entry) = self
            .entries
            .iter()
            .filter(|(label, entry)| entry.characters.missing_in(characters) == 0 && canonical.contains(label.as_str()))
            .max_by_key(|(label, _)| label.len())?;
        let known = label.chars().count();
        (known >= 4 && known * 2 > length).then_some((Fit::Near, label.as_str(), entry.meanings.as_slice()))
    }

    /// The only known label that begins and ends as the text does, with no more than a third of it missing in one place
    /// (`其他法律行政止公开`: a row too narrow for its label).
    fn gapped(&self, canonical: &str, characters: Characters, length: usize) -> Option<(Fit, &str, &[T])> {
        let is_cut = |label: &str| {
            let known = label.chars().count();
            let head = label.chars().zip(canonical.chars()).take_while(|(one, other)| one == other).count();
            let tail = label.chars().rev().zip(canonical.chars().rev()).take_while(|(one, other)| one == other).count();
            length < known && known * 2 <= length * 3 && head >= 2 && tail >= 2 && head + tail >= length
        };
        let mut cut = self.entries.iter().filter(|(label, entry)| {
            length >= LEAST_GAPPED && characters.missing_in(entry.characters) == 0 && is_cut(label)
        });
        let (label, Entry { meanings, .. }) = cut.next()?;
        cut.all(|(_, other)| other.meanings == *meanings).then_some((Fit::Near, label.as_str(), meanings.as_slice()))
    }

    fn nearest(&self, canonical: &str, characters: Characters, length: usize) -> Option<(Fit, &str, &[T])> {
        let allowed = length / 5 + usize::from(length < 5);
        let text: Vec<char> = canonical.chars().collect();
        let mut best: Option<(usize, &str, &[T])> = None;
        let mut tie = false;
        for (label, Entry { meanings, characters: known }) in &self.entries {
            // Each character that the other lacks takes a change.
            if known.missing_in(characters).max(characters.missing_in(*known)) > allowed {
                continue;
            }
            let known = label.chars().count();
            if known < 4 || known.abs_diff(length) > allowed {
                continue;
            }
            let distance = edit_distance(&text, label);
            if distance > allowed {
                continue;
            }
            match best {
                Some((least, _, other)) if distance == least => tie |= other != meanings.as_slice(),
                Some((least, ..)) if distance > least => {}
                _ => {
                    best = Some((distance, label, meanings));
                    tie = false;
                }
            }
        }
        best.filter(|_| !tie).map(|(_, label, meanings)| (Fit::Near, label, meanings))
    }
}

/// How many characters must be put in, left out or changed to make one text the other.
fn edit_distance(text: &[char], label: &str) -> usize {
    let mut row: Vec<usize> = (0..=text.len()).collect();
    for (index, other) in label.chars().enumerate() {
        let mut diagonal = index;
        let mut left = index + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (slot, &c) in row.iter_mut().skip(1).zip(text) {
            let above = *slot;
            left = (diagonal + usize::from(c != other)).min(above + 1).min(left + 1);
            diagonal = above;
            *slot = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_width_and_punctuation_do_not_count() {
        assert_eq!(
            canonical("（二） 部分公开（区分处理的，只计这一情形）"),
            canonical("二、部分公开(区分处理的,只计这一情形)")
        );
        assert_eq!(canonical("3.危及“三安全一稳定”"), "危及三安全一稳定");
        assert_eq!(canonical("（二）（一）予以公开"), "予以公开");
        assert_eq!(canonical("本年增/减"), "本年增减");
        assert_eq!(canonical("（七）總計"), "总计");
        assert_eq!(canonical("三、"), "三");
    }

    #[test]
    fn a_misspelt_label_is_the_nearest_one() {
        let mut lexicon = Lexicon::new();
        for (index, label) in ["属于三类内部事务信息", "属于四类过程性信息", "重复申请", "其他"].into_iter().enumerate()
        {
            lexicon.add(label, index);
        }
        assert_eq!(lexicon.find("属于三类内容事务信息"), Some((Fit::Near, "属于三类内部事务信息", &[0][..])));
        assert_eq!(lexicon.find("重复申请"), Some((Fit::Exact, "重复申请", &[2][..])));
        assert_eq!(lexicon.find("其他法律规定"), None);
        assert_eq!(lexicon.find("它"), None);
    }

    #[test]
    fn a_label_that_lost_its_middle_is_known_by_its_ends() {
        let mut lexicon = Lexicon::new();
        lexicon.add("其他法律行政法规禁止公开", 0);
        lexicon.add("属于行政执法案卷", 1);
        assert_eq!(lexicon.find("其他法律行政止公开"), Some((Fit::Near, "其他法律行政法规禁止公开", &[0][..])));
        assert_eq!(lexicon.find("其他公开"), None);
        assert_eq!(lexicon.find("属于案卷"), None);
        lexicon.add("其他法律行政机关禁止公开", 2);
        assert_eq!(lexicon.find("其他法律行政止公开"), None);
    }

    #[test]
    fn between_two_labels_equally_near_none_is_taken() {
        let mut lexicon = Lexicon::new();
        lexicon.add("甲乙丙丁戊己", 0);
        lexicon.add("甲乙丙丁戊辛", 1);
        assert_eq!(lexicon.find("甲乙丙丁戊庚"), None);
    }

    proptest! {
        #[test]
        fn the_distance_is_a_metric(a in "[一二三四]{0,8}", b in "[一二三四]{0,8}") {
            let distance = |x: &str, y: &str| edit_distance(&x.chars().collect::<Vec<_>>(), y);
            prop_assert_eq!(distance(&a, &b), distance(&b, &a));
            prop_assert_eq!(distance(&a, &b) == 0, a == b);
            prop_assert!(distance(&a, &b) >= a.chars().count().abs_diff(b.chars().count()));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,30}") {
            let _ = canonical(&text);
        }
    }
}
