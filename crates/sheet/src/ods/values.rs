//! What a cell shows and what it holds (ODF 1.4 Part 3, 19.385 to 19.389): the text is what people saw when the file was saved, and is read;
//! where it says something else than the value, that is said.

use crate::book::{Filler, Formula, Full, Sheet};
use crate::calendar::serial;
use crate::shown::shown;
use crate::xml::Tag;

/// How far what is shown may be from what is held and still be the same: the last of fifteen digits.
const SAME: f64 = 1e-14;

/// What a cell says of its value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Value {
    kind: Kind,
    /// The formula, where its result is not there.
    formula: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
enum Kind {
    #[default]
    None,
    Number(f64),
    /// A date or a time: as a number, where it can be one, and as it is written.
    Moment(Option<f64>, String),
    Boolean(bool),
    Text(String),
}

impl Value {
    /// What the tag of a cell says.
    pub(crate) fn of(tag: Tag<'_>) -> Self {
        let mut value = Self::default();
        let mut formula = None;
        for (name, text) in tag.attributes() {
            let unescaped = || quick_xml::escape::unescape(text).unwrap_or(text.into()).into_owned();
            match name {
                "value" => {
                    let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
                    value.kind = number.map_or(Kind::Text(text.to_owned()), Kind::Number);
                }
                "date-value" => value.kind = Kind::Moment(serial(text), unescaped()),
                "time-value" => value.kind = Kind::Moment(duration(text), unescaped()),
                "boolean-value" => value.kind = Kind::Boolean(text.trim() == "true"),
                "string-value" => value.kind = Kind::Text(unescaped()),
                // Texts of the programs that write it begin with the name of the language: `of:=SUM([.A1:.B1])`.
                "formula" => formula = Some(unescaped()),
                _ => {}
            }
        }
        value.formula = formula
            .filter(|_| value.kind == Kind::None)
            .map(|formula| formula.split_once('=').map(|(_, formula)| formula.to_owned()).unwrap_or(formula));
        value
    }

    /// Whether there is none.
    pub(crate) fn is_none(&self) -> bool {
        self.kind == Kind::None && self.formula.is_none()
    }
}

/// Holds a cell with this value that shows this text.
pub(crate) fn hold(
    filler: &mut Filler,
    sheet: &mut Sheet,
    at: (u32, u32),
    style: usize,
    value: &Value,
    text: String,
) -> Result<(), Full> {
    if text.trim().is_empty() {
        return without_text(filler, sheet, at, style, value);
    }
    let held = match &value.kind {
        Kind::Number(number) => Some(*number).filter(|&number| !is_whole(filler, style, number, &text)),
        Kind::Moment(Some(number), written) => {
            let is_told = is_whole(filler, style, *number, &text) || tells(&text, written);
            Some(*number).filter(|_| !is_told)
        }
        Kind::Boolean(is_true) => {
            let contradicts = text.trim().eq_ignore_ascii_case(if *is_true { "false" } else { "true" });
            Some(f64::from(u8::from(*is_true))).filter(|_| contradicts)
        }
        Kind::Moment(None, _) | Kind::Text(_) | Kind::None => None,
    };
    if let Some(number) = held {
        filler.shows_less(sheet, at, text.trim(), number);
    }
    filler.as_shown(sheet, at, style, text)
}

/// A cell of which the file does not hold what it shows: some programs write values alone.
fn without_text(
    filler: &mut Filler,
    sheet: &mut Sheet,
    at: (u32, u32),
    style: usize,
    value: &Value,
) -> Result<(), Full> {
    match &value.kind {
        Kind::Number(number) => filler.number(sheet, at, style, *number),
        Kind::Moment(Some(number), written) => {
            // Without a format a date would be the number of a day.
            match filler.styles.get(style).0.is_some_and(|format| format.code.contains(['y', 'm', 'd', 'h', 's'])) {
                true => filler.number(sheet, at, style, *number),
                false => filler.as_shown(sheet, at, style, written.as_str()),
            }
        }
        Kind::Moment(None, written) => filler.as_shown(sheet, at, style, written.as_str()),
        Kind::Boolean(value) => filler.boolean(sheet, at, style, *value),
        Kind::Text(text) => filler.as_shown(sheet, at, style, text.as_str()),
        Kind::None => match &value.formula {
            Some(formula) => filler.formula(sheet, at, style, Formula::Unknown(formula)),
            None => {
                filler.blank(sheet, at, style);
                Ok(())
            }
        },
    }
}

/// Whether a text shows a number whole: as its format does, or in any way that a number is written.
fn is_whole(filler: &Filler, style: usize, number: f64, text: &str) -> bool {
    let text = text.trim();
    if let Some(format) = filler.styles.get(style).0 {
        let shown = shown(number, format, filler.from_1904);
        if shown.text.trim() == text {
            return !shown.is_rounded;
        }
    }
    let numbers = read(text);
    if numbers.is_empty() {
        // A dash, or a word, for nought; nothing else can be told so.
        return number == 0.0;
    }
    numbers.iter().any(|read| (read - number).abs() <= SAME * number.abs().max(f64::MIN_POSITIVE))
}

/// The numbers that a text may stand for: the point may be a comma, and then the comma is a point. None where it has more numbers than one.
fn read(text: &str) -> Vec<f64> {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '\u{A0}' | '\u{202F}' | '\'' | '’');
    let Some(start) = text.find(|c: char| c.is_ascii_digit()) else { return Vec::new() };
    let (before, rest) = text.split_at_checked(start).unwrap_or(("", text));
    let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    let (number, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let (exponent, after) = exponent(after);
    if after.contains(|c: char| c.is_ascii_digit()) {
        return Vec::new();
    }
    let sign = if before.contains(['-', '−', '(', '（']) { -1.0 } else { 1.0 };
    let scale = if text.contains(['%', '％']) { 0.01 } else { 1.0 };
    let parsed = |point: char| {
        let digits: String = number.chars().filter(|&c| c.is_ascii_digit() || c == point).collect();
        let digits = digits.trim_end_matches(point).replace(point, ".");
        format!("{digits}{exponent}").parse::<f64>().ok().map(|value| sign * scale * value)
    };
    [parsed('.'), parsed(',')].into_iter().flatten().collect()
}

/// The power of ten at the start of a text, and what follows it.
fn exponent(text: &str) -> (&str, &str) {
    let sign = text.strip_prefix(['E', 'e']).map(|rest| rest.strip_prefix(['+', '-']).unwrap_or(rest));
    match sign.filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        Some(digits) => {
            let after = digits.trim_start_matches(|c: char| c.is_ascii_digit());
            text.split_at_checked(text.len() - after.len()).unwrap_or((text, ""))
        }
        None => ("", text),
    }
}

/// Whether a text shows nothing that is not in a date or a time as it is written: each of its numbers is one of theirs.
fn tells(text: &str, written: &str) -> bool {
    let numbers = |text: &str| -> Vec<u64> {
        let runs = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
        runs.filter_map(|run| run.parse().ok()).collect()
    };
    let parts = numbers(written);
    let is_part = |number: &u64| {
        parts.iter().any(|part| part == number || part % 100 == *number || (*part > 12 && part - 12 == *number))
            || *number == 12
    };
    numbers(text).iter().all(is_part)
}

/// The days of a duration: `PT08H30M00S` (XML Schema Part 2, 3.2.6).
fn duration(text: &str) -> Option<f64> {
    let text = text.trim().strip_prefix("PT")?;
    let mut seconds = 0.0;
    let mut number = String::new();
    for c in text.chars() {
        let unit = match c {
            'H' => 3600.0,
            'M' => 60.0,
            'S' => 1.0,
            _ => {
                number.push(if c == ',' { '.' } else { c });
                continue;
            }
        };
        seconds += number.parse::<f64>().ok().filter(|number| (0.0..1e9).contains(number))? * unit;
        number.clear();
    }
    number.is_empty().then_some(seconds / 86_400.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::Styles;
    use crate::xml::Tags;
    use nianbao_model::Format;

    fn value(attributes: &str) -> Value {
        Value::of(Tags::new(&format!("<c {attributes}/>")).next().unwrap())
    }

    /// What is read of a cell with these attributes, this format and this text, and the warnings.
    fn read_cell(attributes: &str, code: &str, text: &str) -> (String, Vec<String>) {
        let mut styles = Styles::new();
        styles.push(0, Some(code), false);
        let mut filler = Filler::new(Format::Ods, styles);
        let mut sheet = Sheet::new("表1", false);
        hold(&mut filler, &mut sheet, (0, 0), 0, &value(attributes), text.to_owned()).unwrap();
        let text = sheet.cells.first().map(|cell| cell.text().to_owned()).unwrap_or_default();
        (text, filler.book.warnings.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn what_is_shown_is_read_and_what_it_hides_is_said() {
        for (number, code, text) in [
            ("12", "General", "12"),
            ("1234.5", "General", "1,234.50"),
            ("1234.5", "General", "1.234,5 €"),
            ("0.125", "General", "12.5%"),
            ("-7", "General", "(7)"),
            ("0", "General", "-"),
            ("-0.5", "General", "−0.50"),
            ("1.5e20", "General", "1.5E+20"),
            ("12000", "0.0,", "12.0"),
        ] {
            let (read, warnings) = read_cell(&format!("o:value='{number}'"), code, text);
            assert_eq!((read.as_str(), warnings.len()), (text, 0), "{number} {text}: {warnings:?}");
        }
        for (number, text) in [("1.26", "1.3"), ("7", "5"), ("7", "-"), ("7", "1 of 7")] {
            let (read, warnings) = read_cell(&format!("o:value='{number}'"), "General", text);
            assert_eq!(read, text);
            assert_eq!(warnings, [format!("read {text} as shown, where the file holds {number} @ 表1!A1")]);
        }
    }

    #[test]
    fn dates_and_words_may_contradict_too() {
        let date = "o:value-type='date' o:date-value='2024-01-15'";
        for text in ["2024年1月15日", "24-01-15", "1月15日", "二〇二四年"] {
            assert_eq!(read_cell(date, "General", text), (text.to_owned(), Vec::new()));
        }
        assert_eq!(read_cell(date, "General", "2023年1月15日").1.len(), 1);
        assert_eq!(read_cell("o:boolean-value='true'", "General", "FALSE").1.len(), 1);
        assert_eq!(read_cell("o:boolean-value='true'", "General", "是").1.len(), 0);
    }

    #[test]
    fn values_without_a_text_are_shown_in_their_format() {
        let shown = |attributes: &str, code: &str| read_cell(attributes, code, "").0;
        assert_eq!(shown("o:value='0.5'", "0%"), "50%");
        assert_eq!(shown("o:date-value='2024-01-15'", "yyyy\"年\"m\"月\""), "2024年1月");
        assert_eq!(shown("o:date-value='2024-01-15'", "General"), "2024-01-15");
        assert_eq!(shown("o:time-value='PT08H30M00S'", "h:mm"), "8:30");
        assert_eq!(shown("o:boolean-value='false'", "General"), "FALSE");
        assert_eq!(shown("o:string-value='甲&amp;乙'", "General"), "甲&乙");
        assert_eq!(shown("t:formula='of:=SUM([.A1:.B1])'", "General"), "=SUM([.A1:.B1])");
        assert_eq!(shown("t:formula='of:=1' o:value='1'", "General"), "1");
        assert_eq!(shown("", "General"), "");
    }
}
