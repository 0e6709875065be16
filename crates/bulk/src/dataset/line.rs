//! A line of `nianbao extract`, read back: borrowed from its text wherever that has no escapes, and numbers as they are printed.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use smallvec::SmallVec;

/// A text of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
pub(crate) struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Text<'_> {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The report of a line.
#[derive(Debug, Default)]
pub(crate) struct Line<'a> {
    pub(crate) part: Option<u32>,
    pub(crate) format: Option<Text<'a>>,
    pub(crate) status: Text<'a>,
    pub(crate) form: Text<'a>,
    pub(crate) title: Option<Text<'a>>,
    pub(crate) agency: Option<Text<'a>>,
    pub(crate) year: Option<u16>,
    pub(crate) published: Option<Text<'a>>,
    pub(crate) sections: Vec<Section<'a>>,
    /// The figures' numbers, in the order in which they stand.
    pub(crate) numbers: Numbers<'a>,
    /// What stands there and where: of each figure, then of title, agency, year and date.
    pub(crate) evidence: Vec<(Text<'a>, Evidence<'a>)>,
    pub(crate) findings: Vec<Finding<'a>>,
    pub(crate) warnings: Vec<Warning<'a>>,
}

#[derive(serde::Deserialize)]
struct Source<'a> {
    #[serde(borrow)]
    format: Option<Text<'a>>,
    part: Option<u32>,
}

#[derive(Debug, serde::Deserialize)]
pub(crate) struct Section<'a> {
    #[serde(borrow)]
    pub(crate) kind: Text<'a>,
    #[serde(borrow)]
    pub(crate) heading: Text<'a>,
    #[serde(borrow)]
    pub(crate) text: Text<'a>,
    #[serde(borrow)]
    pub(crate) at: Vec<Text<'a>>,
}

#[derive(Debug, serde::Deserialize)]
pub(crate) struct Evidence<'a> {
    #[serde(borrow)]
    pub(crate) raw: Text<'a>,
    #[serde(borrow)]
    pub(crate) state: Text<'a>,
    /// Nearly always one.
    #[serde(borrow)]
    pub(crate) at: SmallVec<[Text<'a>; 1]>,
}

#[derive(Debug, serde::Deserialize)]
pub(crate) struct Finding<'a> {
    #[serde(borrow)]
    pub(crate) rule: Text<'a>,
    #[serde(borrow)]
    pub(crate) severity: Text<'a>,
    #[serde(borrow)]
    pub(crate) figures: Vec<Text<'a>>,
    #[serde(borrow, default)]
    pub(crate) suspects: Vec<Text<'a>>,
    #[serde(borrow)]
    pub(crate) message: Text<'a>,
}

#[derive(Debug, serde::Deserialize)]
pub(crate) struct Warning<'a> {
    #[serde(borrow)]
    pub(crate) kind: Text<'a>,
    #[serde(borrow)]
    pub(crate) message: Text<'a>,
    #[serde(borrow)]
    pub(crate) at: Vec<Text<'a>>,
}

impl<'a> Line<'a> {
    pub(crate) fn parse(line: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(line)
    }
}

impl<'de> Deserialize<'de> for Line<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(LineVisitor)
    }
}

struct LineVisitor;

impl<'de> Visitor<'de> for LineVisitor {
    type Value = Line<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a line of `nianbao extract`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut line = Line::default();
        while let Some(Text(key)) = map.next_key::<Text<'de>>()? {
            match &*key {
                "schema" => {
                    let IgnoredAny = map.next_value()?;
                }
                "source" => {
                    let source: Source<'de> = map.next_value()?;
                    (line.format, line.part) = (source.format, source.part);
                }
                "status" => line.status = map.next_value()?,
                "form" => line.form = map.next_value()?,
                "title" => line.title = map.next_value()?,
                "agency" => line.agency = map.next_value()?,
                "year" => line.year = map.next_value()?,
                "published" => line.published = map.next_value()?,
                "sections" => line.sections = map.next_value()?,
                "evidence" => line.evidence = map.next_value::<EvidenceMap<'de>>()?.0,
                "findings" => line.findings = map.next_value()?,
                "warnings" => line.warnings = map.next_value()?,
                // A table of the form.
                _ => {
                    let tree: &'de RawValue = map.next_value()?;
                    let known = line.numbers.add(&key, tree.get());
                    known.ok_or_else(|| A::Error::custom(format!("{key:?} is no tree of figures")))?;
                }
            }
        }
        Ok(line)
    }
}

/// The members of `evidence` in their order.
struct EvidenceMap<'a>(Vec<(Text<'a>, Evidence<'a>)>);

impl<'de> Deserialize<'de> for EvidenceMap<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EvidenceVisitor).map(EvidenceMap)
    }
}

struct EvidenceVisitor;

impl<'de> Visitor<'de> for EvidenceVisitor {
    type Value = Vec<(Text<'de>, Evidence<'de>)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("evidence by the keys of figures")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::with_capacity(map.size_hint().unwrap_or(208));
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }
}

/// The numbers of the figures' trees, by their whole keys.
#[derive(Debug, Default)]
pub(crate) struct Numbers<'a> {
    /// Each key behind the other.
    keys: String,
    /// Where the key of each ends, and its number as it is printed; `None` for one that is not known.
    entries: Vec<(usize, Option<&'a str>)>,
}

impl<'a> Numbers<'a> {
    /// Adds a tree: objects in each other, and at the ends numbers and nulls. `None` where it is something else.
    fn add(&mut self, name: &str, tree: &'a str) -> Option<()> {
        let mut path = name.to_owned();
        // How long the path is outside of each object that is open.
        let mut open: Vec<usize> = Vec::new();
        let mut rest = tree.trim_start();
        loop {
            match rest.bytes().next() {
                None => return open.is_empty().then_some(()),
                Some(b'{') => {
                    open.push(path.len());
                    rest = rest.get(1..)?;
                }
                Some(b'}') => {
                    let length = open.pop()?;
                    // The name of the object itself ends here too.
                    path.truncate(open.last().copied().unwrap_or(length));
                    rest = rest.get(1..)?;
                }
                Some(b',' | b':' | b' ') => rest = rest.get(1..)?,
                Some(b'"') => {
                    let (key, after) = string(rest)?;
                    path.push('.');
                    path.push_str(&key);
                    rest = after;
                }
                Some(_) => {
                    let end = rest.find([',', '}']).unwrap_or(rest.len());
                    let (number, after) = rest.split_at(end);
                    self.push(&path, number.trim_end())?;
                    path.truncate(*open.last().unwrap_or(&path.len()));
                    rest = after;
                }
            }
        }
    }

    fn push(&mut self, key: &str, number: &'a str) -> Option<()> {
        let number = match number {
            "null" => None,
            _ if number.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => Some(number),
            _ => return None,
        };
        self.keys.push_str(key);
        self.entries.push((self.keys.len(), number));
        Some(())
    }

    fn entry(&self, index: usize) -> Option<(&str, Option<&'a str>)> {
        let before = index.checked_sub(1).and_then(|before| self.entries.get(before));
        let start = before.map_or(0, |(end, _)| *end);
        let (end, number) = self.entries.get(index)?;
        Some((self.keys.get(start..*end)?, *number))
    }

    /// The number of a figure; `None` where it has none. `hint` is where to look first: the one behind the last that was found.
    pub(crate) fn find(&self, key: &str, hint: &mut usize) -> Option<&'a str> {
        let is_at = |index: usize| self.entry(index).is_some_and(|(name, _)| name == key);
        let index = if is_at(*hint) { *hint } else { (0..self.entries.len()).find(|&index| is_at(index))? };
        *hint = index + 1;
        self.entry(index)?.1
    }
}

/// A string at the beginning of a JSON text, and what follows it.
fn string(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })?;
    let (quoted, rest) = text.split_at_checked(end + 2)?;
    let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
    let key = if inner.contains('\\') { Cow::Owned(serde_json::from_str(quoted).ok()?) } else { Cow::Borrowed(inner) };
    Some((key, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_becomes_keys_and_numbers() {
        let mut numbers = Numbers::default();
        numbers.add("a", r#"{"b":{"c":1,"d":{"e":-2.50,"f":null}},"g\"h":72701.2578}"#).unwrap();
        numbers.add("i", r#"{"c": 4 , "j" : {}}"#).unwrap();
        let found: Vec<_> = (0..5).filter_map(|index| numbers.entry(index)).collect();
        let wanted = [("a.b.c", Some("1")), ("a.b.d.e", Some("-2.50")), ("a.b.d.f", None)];
        assert_eq!(found[..3], wanted);
        assert_eq!(found[3..], [("a.g\"h", Some("72701.2578")), ("i.c", Some("4"))]);
        let mut hint = 3;
        assert_eq!(numbers.find("a.g\"h", &mut hint), Some("72701.2578"));
        assert_eq!((numbers.find("a.b.c", &mut hint), hint), (Some("1"), 1));
        assert_eq!(numbers.find("a.b", &mut hint), None);
    }

    #[test]
    fn what_is_no_tree_is_refused() {
        for text in ["{\"a\":true}", "{\"a\":1", "[1]", "{\"a\":\"1\"}x"] {
            let mut numbers = Numbers::default();
            assert!(numbers.add("x", text).is_none() || numbers.entries.is_empty(), "{text}");
        }
    }

    #[test]
    fn a_line_is_read_back_as_it_was_printed() {
        let text = "甲市乙局2023年政府信息公开工作年度报告\n二、主动公开政府信息情况\n\
             信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t1\t0\t4\n行政规范性文件\t2\t/\t9\n";
        let lines = nianbao::extract("a.doc", text.as_bytes(), &nianbao::Forms::builtin());
        let text = serde_json::to_string(&lines[0]).unwrap();
        let line = Line::parse(&text).unwrap();
        assert_eq!((line.status.as_str(), line.form.as_str(), line.year), ("review", "2021", Some(2023)));
        let mut hint = 0;
        let found: Vec<_> =
            line.evidence[..6].iter().map(|(key, _)| line.numbers.find(key.as_str(), &mut hint)).collect();
        assert_eq!(found, [Some("1"), Some("0"), Some("4"), Some("2"), None, Some("9")]);
        let (key, evidence) = &line.evidence[4];
        assert_eq!(key.as_str(), "disclosure.normative_documents.repealed");
        assert_eq!((evidence.raw.as_str(), evidence.state.as_str()), ("/", "dash"));
        assert_eq!(line.warnings[0].kind.as_str(), "name_disagrees");
        assert_eq!(line.evidence.len(), 200 + 3);
        assert!(matches!(line.evidence[0].0.0, Cow::Borrowed(_)), "keys are borrowed");
    }
}
