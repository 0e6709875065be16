//! How numbers look (ODF 1.4 Part 3, 16.29): the elements of a data style as the format code that says the same.
//!
//! What a cell shows stands in the file. The code is asked for where it does not, and to tell whether what is shown is all that is stored.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::xml::{Kind, Tag};

/// A code longer than this says more than any cell shows.
const MAX_CODE: usize = 1024;

/// How many digits a format may want.
const MAX_DIGITS: usize = 30;

/// The data styles of a workbook.
#[derive(Debug, Default)]
pub(crate) struct Formats {
    by_name: HashMap<String, Data>,
    /// The one that is being read.
    open: Option<(String, Data)>,
}

/// A data style.
#[derive(Debug, Default)]
struct Data {
    /// What its elements say, as a part of a code.
    code: String,
    /// For which numbers another style counts: the condition and its name.
    others: Vec<(String, String)>,
    is_percentage: bool,
}

impl Formats {
    /// Takes in a tag among the styles.
    pub(crate) fn take(&mut self, tag: Tag<'_>) {
        match (tag.name, tag.kind) {
            (
                kind @ (b"number-style" | b"percentage-style" | b"currency-style" | b"date-style" | b"time-style"
                | b"boolean-style" | b"text-style"),
                Kind::Start | Kind::Empty,
            ) => {
                self.end();
                let name = tag.attribute_text("name").unwrap_or_default().into_owned();
                let is_percentage = kind == b"percentage-style";
                self.open = Some((name, Data { is_percentage, ..Data::default() }));
            }
            (
                b"number-style" | b"percentage-style" | b"currency-style" | b"date-style" | b"time-style"
                | b"boolean-style" | b"text-style",
                Kind::End,
            ) => self.end(),
            (_, Kind::Start | Kind::Empty) => {
                if let Some((_, data)) = &mut self.open {
                    data.take(tag);
                }
            }
            (_, Kind::End) => {}
        }
    }

    fn end(&mut self) {
        if let Some((name, data)) = self.open.take() {
            self.by_name.insert(name, data);
        }
    }

    /// The code of a data style.
    pub(crate) fn code(&self, name: &str) -> Option<String> {
        let data = self.by_name.get(name)?;
        let mut code = String::new();
        for (condition, name) in data.others.iter().take(3) {
            if let Some(other) = self.by_name.get(name) {
                let _ = write!(code, "[{condition}]{};", other.code);
            }
        }
        code.push_str(&data.code);
        (code.len() <= MAX_CODE).then_some(code)
    }
}

impl Data {
    fn take(&mut self, tag: Tag<'_>) {
        let is_long = tag.attribute("style") == Some("long");
        let piece = |short: &str, long: &str| if is_long { long.to_owned() } else { short.to_owned() };
        let piece = match tag.name {
            b"number" => digits(tag),
            b"scientific-number" => format!("{}E+{}", digits(tag), "0".repeat(count(tag, "min-exponent-digits", 2))),
            b"fraction" => "# ?/?".to_owned(),
            b"text" | b"currency-symbol" => self.literal(&tag.text()),
            b"text-content" => "@".to_owned(),
            b"boolean" => "General".to_owned(),
            b"year" => piece("yy", "yyyy"),
            b"month" if tag.flag("textual") => piece("mmm", "mmmm"),
            b"month" => piece("m", "mm"),
            b"day" => piece("d", "dd"),
            b"day-of-week" => piece("aaa", "aaaa"),
            b"hours" => piece("h", "hh"),
            b"minutes" => piece("m", "mm"),
            b"seconds" => match count(tag, "decimal-places", 0) {
                0 => piece("s", "ss"),
                places => format!("{}.{}", piece("s", "ss"), "0".repeat(places)),
            },
            b"am-pm" => "AM/PM".to_owned(),
            // Eras, quarters and weeks: a code that nobody can spell, and that is then said.
            b"era" | b"quarter" | b"week-of-year" => "gg".to_owned(),
            b"map" => {
                let condition = tag.attribute_text("condition").unwrap_or_default();
                let condition = condition.trim().trim_start_matches("value()").replace("!=", "<>");
                let name = tag.attribute_text("apply-style-name").unwrap_or_default().into_owned();
                if self.others.len() < 8 {
                    self.others.push((condition, name));
                }
                return;
            }
            _ => return,
        };
        if self.code.len() + piece.len() <= MAX_CODE {
            self.code.push_str(&piece);
        }
    }

    /// Characters that stand there as they are.
    fn literal(&self, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        // In a percentage the sign is what says that the number is shown a hundredfold.
        match text.split_once('%').filter(|_| self.is_percentage) {
            Some((before, after)) => format!("{}%{}", quoted(before), quoted(after)),
            None => quoted(text),
        }
    }
}

fn quoted(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("\"{}\"", text.replace('"', "")) }
}

fn count(tag: Tag<'_>, name: &str, usual: usize) -> usize {
    tag.number(name).map_or(usual, |number| number as usize).min(MAX_DIGITS)
}

/// The places for the digits of a number.
fn digits(tag: Tag<'_>) -> String {
    let whole = count(tag, "min-integer-digits", 0);
    let stated = tag.number("decimal-places").map(|_| count(tag, "decimal-places", 0));
    let Some(places) = stated else {
        // As many decimals as the number has.
        return if whole <= 1 { "General".to_owned() } else { "0".repeat(whole) };
    };
    // Decimals that are shown only where there are any.
    let least = count(tag, "min-decimal-places", places).min(places);
    let mut code = match tag.flag("grouping") {
        true => format!("#,##{}", "0".repeat(whole.max(1))),
        false if whole == 0 => "#".to_owned(),
        false => "0".repeat(whole),
    };
    if places > 0 {
        let _ = write!(code, ".{}{}", "0".repeat(least), "#".repeat(places - least));
    }
    // The number is divided by this before it is shown.
    let factor = tag.attribute("display-factor").and_then(|factor| factor.trim().parse::<f64>().ok()).unwrap_or(1.0);
    let thousands = if factor >= 1e6 { 2 } else { usize::from(factor >= 1e3) };
    code.push_str(&",".repeat(thousands));
    code
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::Tags;

    fn code(styles: &str) -> String {
        let mut formats = Formats::default();
        for tag in Tags::new(styles) {
            formats.take(tag);
        }
        formats.code("N").unwrap()
    }

    #[test]
    fn elements_say_what_codes_say() {
        let number = |inner: &str| code(&format!("<n:number-style s:name='N'>{inner}</n:number-style>"));
        assert_eq!(number("<n:number n:min-integer-digits='1'/>"), "General");
        assert_eq!(
            number(
                "<n:number n:decimal-places='2' n:min-decimal-places='0' n:min-integer-digits='1' n:grouping='true'/>"
            ),
            "#,##0.##"
        );
        assert_eq!(
            number("<n:number n:decimal-places='1' n:min-integer-digits='1'/><n:text>万&quot;</n:text>"),
            "0.0\"万\""
        );
        assert_eq!(number("<n:number n:decimal-places='0' n:min-integer-digits='1' n:display-factor='1000'/>"), "0,");
        assert_eq!(
            number("<n:scientific-number n:decimal-places='2' n:min-integer-digits='1' n:min-exponent-digits='2'/>"),
            "0.00E+00"
        );
        let date = "<n:date-style s:name='N'><n:year n:style='long'/><n:text>年</n:text><n:month/><n:text>月</n:text><n:day n:style='long'/></n:date-style>";
        assert_eq!(code(date), "yyyy\"年\"m\"月\"dd");
        let percentage = "<n:percentage-style s:name='N'><n:number n:decimal-places='0' n:min-integer-digits='1'/><n:text> %</n:text></n:percentage-style>";
        assert_eq!(code(percentage), "0\" \"%");
    }

    #[test]
    fn other_styles_for_some_numbers_are_parts_of_the_code() {
        let styles = "<n:number-style s:name='P0'><n:number n:decimal-places='0' n:min-integer-digits='1'/></n:number-style><n:number-style s:name='N'><n:text>-</n:text>
            <n:number n:decimal-places='0' n:min-integer-digits='1'/><s:map s:condition='value()&gt;=0' s:apply-style-name='P0'/></n:number-style>";
        assert_eq!(code(styles), "[>=0]0;\"-\"0");
    }
}
