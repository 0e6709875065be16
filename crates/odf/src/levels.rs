//! How the levels of a list, or of the outline, count and look (ODF 1.4 Part 3, 16.30 to 16.33).

use std::rc::Rc;

use nianbao_model::NumberFormat;
use nianbao_story::{LEVELS, Level, Levels, Suffix};

use crate::xml::{self, Node, Tag, Xml};

/// How many characters the looks of a number may have. A number longer than a line is none.
const MAX_LOOKS: usize = 100;

/// What one level says.
#[derive(Debug, Default)]
struct Stated {
    start: Option<u32>,
    format: String,
    is_bullet: bool,
    prefix: String,
    suffix: String,
    /// How many levels are shown: 2 for 1.1.
    shown: usize,
    /// The looks of the number as LibreOffice writes them since 7.2: `第%1%章`.
    looks: Option<String>,
    is_close: bool,
}

/// Reads the levels of the list style at the start of a text.
pub(crate) fn read(text: &str) -> Levels {
    let mut xml = Xml::new(text);
    let mut stated: [Option<Stated>; LEVELS] = Default::default();
    let mut level = None;
    loop {
        let node = xml.step();
        let (Ok(Node::Start(tag)) | Ok(Node::Empty(tag))) = &node else {
            if matches!(node, Err(_) | Ok(Node::Over)) || xml.depth() == 0 {
                return levels(&stated);
            }
            continue;
        };
        match xml::local(tag) {
            kind @ (b"list-level-style-number"
            | b"list-level-style-bullet"
            | b"list-level-style-image"
            | b"outline-level-style") => {
                level = xml::number::<usize>(tag, "level").and_then(|level| level.checked_sub(1));
                if let Some(slot) = level.and_then(|level| stated.get_mut(level)) {
                    let is_bullet = !matches!(kind, b"list-level-style-number" | b"outline-level-style");
                    *slot = Some(Stated { is_bullet, ..Stated::of(tag) });
                }
            }
            b"list-level-label-alignment" => {
                if let Some(Some(stated)) = level.and_then(|level| stated.get_mut(level)) {
                    stated.is_close = xml::attribute(tag, "label-followed-by").as_deref() == Some("nothing");
                }
            }
            _ => {}
        }
    }
}

impl Stated {
    fn of(tag: &Tag<'_>) -> Self {
        let text = |name| xml::attribute(tag, name).unwrap_or_default();
        Self {
            start: xml::number(tag, "start-value"),
            format: text("num-format"),
            is_bullet: false,
            prefix: text("num-prefix"),
            suffix: text("num-suffix"),
            shown: xml::number(tag, "display-levels").unwrap_or(1),
            looks: xml::attribute(tag, "num-list-format"),
            is_close: false,
        }
    }

    /// The looks of the number with `%1` for that of the first level, as `nianbao-story` wants them.
    fn looks(&self, index: usize, all: &[Option<Self>]) -> String {
        let looks = match &self.looks {
            // The mark of LibreOffice ends with another `%`.
            Some(looks) => (1..=LEVELS)
                .fold(looks.clone(), |looks, level| looks.replace(&format!("%{level}%"), &format!("%{level}"))),
            None => {
                let first = (index + 1).saturating_sub(self.shown.max(1));
                let is_shown = |level: &usize| {
                    all.get(*level).and_then(Option::as_ref).is_some_and(|stated| !stated.format.is_empty())
                };
                let numbers: Vec<String> =
                    (first..=index).filter(is_shown).map(|level| format!("%{}", level + 1)).collect();
                format!("{}{}{}", self.prefix, numbers.join("."), self.suffix)
            }
        };
        looks.chars().take(MAX_LOOKS).collect()
    }
}

fn levels(stated: &[Option<Stated>; LEVELS]) -> Levels {
    let mut levels = Levels::default();
    for (index, (slot, level)) in levels.iter_mut().zip(stated).enumerate() {
        *slot = level.as_ref().map(|level| {
            let format = if level.is_bullet { Ok(NumberFormat::Bullet) } else { format(&level.format) };
            Rc::new(Level {
                start: level.start.unwrap_or(1),
                format,
                text: level.looks(index, stated),
                suffix: if level.is_close { Suffix::Nothing } else { Suffix::Room },
                ..Level::default()
            })
        });
    }
    levels
}

/// How a number is written (19.500, `style:num-format`): a letter or digit, or, as programs write other scripts, the first numbers of the
/// row: `一, 二, 三, ...`. The name itself where it is one that we cannot spell.
fn format(name: &str) -> Result<NumberFormat, String> {
    let first = name.split([',', '，', '、']).next().unwrap_or_default().trim();
    Ok(match first {
        "" => NumberFormat::None,
        "1" => NumberFormat::Decimal,
        "01" => NumberFormat::DecimalZero,
        "１" => NumberFormat::DecimalFullWidth,
        "①" => NumberFormat::DecimalEnclosedCircle,
        "a" => NumberFormat::LowerLetter,
        "A" => NumberFormat::UpperLetter,
        "i" => NumberFormat::LowerRoman,
        "I" => NumberFormat::UpperRoman,
        "一" => NumberFormat::ChineseCounting,
        "壹" => NumberFormat::ChineseLegal,
        "甲" => NumberFormat::IdeographTraditional,
        "子" => NumberFormat::IdeographZodiac,
        _ => return Err(name.chars().take(MAX_LOOKS).collect()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(levels: &Levels) -> Vec<String> {
        levels.iter().flatten().map(|level| format!("{} {:?} {}", level.text, level.format, level.start)).collect()
    }

    #[test]
    fn a_number_looks_as_its_level_says() {
        let text = r#"<t:list-style><t:list-level-style-number t:level="1" s:num-format="一, 二, 三, ..." s:num-suffix="、"/>
            <t:list-level-style-number t:level="2" s:num-prefix="（" s:num-format="1" s:num-suffix="）" t:display-levels="2" t:start-value="3">
            <s:list-level-properties><s:list-level-label-alignment t:label-followed-by="nothing"/></s:list-level-properties></t:list-level-style-number>
            <t:list-level-style-bullet t:level="3" t:bullet-char="•"/>
            <t:list-level-style-number t:level="4" s:num-format="1" t:display-levels="4" l:num-list-format="第%4%条%"/>
            <t:list-level-style-number t:level="99" s:num-format="1"/></t:list-style><t:list-level-style-number t:level="5"/>"#;
        let levels = read(text);
        assert_eq!(
            looks(&levels),
            ["%1、 Ok(ChineseCounting) 1", "（%1.%2） Ok(Decimal) 3", " Ok(Bullet) 1", "第%4条% Ok(Decimal) 1"]
        );
        let suffixes: Vec<Suffix> = levels.iter().flatten().map(|level| level.suffix).collect();
        assert_eq!(suffixes, [Suffix::Room, Suffix::Nothing, Suffix::Room, Suffix::Room]);
    }

    #[test]
    fn levels_that_do_not_count_are_not_shown_in_deeper_ones() {
        let text = r#"<t:outline-style><t:outline-level-style t:level="1" s:num-format=""/>
            <t:outline-level-style t:level="2" s:num-format="A" t:display-levels="2"/></t:outline-style>"#;
        assert_eq!(looks(&read(text)), [" Ok(None) 1", "%2 Ok(UpperLetter) 1"]);
    }

    #[test]
    fn formats_are_known_by_their_first_number() {
        assert_eq!(format("壹, 贰, 叁, ..."), Ok(NumberFormat::ChineseLegal));
        assert_eq!(format("①, ②, ③, ..."), Ok(NumberFormat::DecimalEnclosedCircle));
        assert_eq!(format("ア, イ, ウ, ..."), Err("ア, イ, ウ, ...".to_owned()));
    }
}
