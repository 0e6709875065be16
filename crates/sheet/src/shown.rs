//! A number as its cell shows it.
//!
//! What is read is what people see: `12.5%`, `1,234`, `2024年1月15日`, `(5)`. In a column that is too narrow people see `####`, or fewer
//! digits of a number without a format; here every column is wide enough, and whole numbers without a format are shown whole.

use nianbao_model::Line;

use crate::calendar::{Moment, date_text};
use crate::decimal::Decimal;
use crate::format::{Compare, Format, Piece, Section, Whole};
use crate::words;

/// How many characters a number without a format takes at most, its point counted and its sign not.
const GENERAL_WIDTH: usize = 11;

/// A number smaller than ten to the power of this is shown with a power of ten.
const GENERAL_SMALLEST: i32 = -9;

/// What a cell shows of its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// What people see.
    pub(crate) text: Line,
    /// Less than the file holds: digits were rounded away, or nothing at all is shown of it.
    pub(crate) is_rounded: bool,
    /// The format is one that we cannot spell, and the number was written plainly.
    pub(crate) is_unknown: bool,
}

impl Shown {
    fn new(text: impl Into<Line>, is_rounded: bool) -> Self {
        Self { text: text.into(), is_rounded, is_unknown: false }
    }

    fn plainly(value: f64) -> Self {
        Self { is_unknown: true, ..general(value) }
    }
}

/// What a cell with this number and this format shows. `from_1904` is the workbook's own count of days.
pub(crate) fn shown(value: f64, format: &Format, from_1904: bool) -> Shown {
    if let Some(text) = format.whole.and_then(|whole| whole_number(value, whole)) {
        return Shown::new(text, false);
    }
    let Some((section, sign)) = section(value, format) else {
        return Shown::plainly(value);
    };
    let has = |wanted: fn(&Piece) -> bool| section.pieces.iter().any(wanted);
    if section.is_strange {
        return Shown::plainly(value);
    }
    if has(|piece| matches!(piece, Piece::Date(_))) {
        let text = Moment::of(value, from_1904).and_then(|moment| date_text(&section.pieces, section.words, moment));
        return text.map_or_else(|| Shown::plainly(value), |text| Shown::new(text, false));
    }
    if has(|piece| matches!(piece, Piece::General | Piece::Text)) {
        return in_general(value, section, sign);
    }
    if has(|piece| matches!(piece, Piece::Digit(_))) {
        return in_digits(value, section, sign);
    }
    // A code without a place for the number: `"-"` for noughts, or nothing at all.
    let text: String = literals(&section.pieces).collect();
    let hides = value != 0.0 && text.is_empty();
    Shown::new(format!("{sign}{text}"), hides)
}

/// A whole number in a simple format; `None` for any other number.
fn whole_number(value: f64, whole: Whole) -> Option<Line> {
    if value.fract() != 0.0 || value.abs() >= 1e15 {
        return None;
    }
    let number = value as i64;
    // From the last digit to the first: most cells of large sheets hold such a number, so this goes without the machinery of `write!`.
    let mut text = *b"-999,999,999,999,999";
    let mut free = text.iter_mut().rev();
    let mut rest = number.unsigned_abs();
    for place in 0_u32.. {
        if whole == Whole::Thousands && place > 0 && place.is_multiple_of(3) {
            *free.next()? = b',';
        }
        *free.next()? = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        *free.next()? = b'-';
    }
    let start = free.len();
    std::str::from_utf8(text.get(start..)?).ok().map(Line::new)
}

/// A number without a format, and without its sign where `sign` has been seen to.
fn general(value: f64) -> Shown {
    let Some(decimal) = Decimal::of(value) else {
        return Shown::new(value.to_string(), false);
    };
    let sign = if value < 0.0 { "-" } else { "" };
    if !decimal.is_zero() && (decimal.exponent() < GENERAL_SMALLEST || decimal.exponent() >= 15) {
        return Shown::new(format!("{sign}{}", scientific(&decimal)), false);
    }
    let whole = decimal.whole().len().max(1);
    let (rounded, is_rounded) = decimal.rounded(GENERAL_WIDTH.saturating_sub(whole + 1));
    let sign = if rounded.is_zero() { "" } else { sign };
    Shown::new(format!("{sign}{}", rounded.plain()), is_rounded)
}

/// `1.23456789E+20`, with all digits that the number has.
fn scientific(decimal: &Decimal) -> String {
    let exponent = decimal.exponent();
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}E{sign}{:02}", decimal.clone().shifted(exponent.saturating_neg()).plain(), exponent.unsigned_abs())
}

fn in_general(value: f64, section: &Section, sign: &str) -> Shown {
    let number = general(value.abs());
    let number = Shown { text: words::spelt(section.words, number.text.into()).into(), ..number };
    let mut text = sign.to_owned();
    for piece in &section.pieces {
        match piece {
            Piece::General | Piece::Text => text.push_str(&number.text),
            Piece::Literal(literal) => text.push_str(literal),
            Piece::Percent => text.push('%'),
            _ => {}
        }
    }
    Shown { text: text.into(), ..number }
}

/// What a cell with this text and this format shows: the last of four sections is for text, and so is one that names its place.
pub(crate) fn shown_text<'a>(text: &'a str, format: &Format) -> std::borrow::Cow<'a, str> {
    let section =
        format.sections.get(3).or_else(|| format.sections.iter().find(|section| section.pieces.contains(&Piece::Text)));
    let Some(section) = section.filter(|section| section.pieces != [Piece::Text]) else {
        return text.into();
    };
    let piece = |piece: &Piece| match piece {
        Piece::Text => text.to_owned(),
        Piece::Literal(literal) => literal.clone(),
        _ => String::new(),
    };
    section.pieces.iter().map(piece).collect::<String>().into()
}

fn literals(pieces: &[Piece]) -> impl Iterator<Item = &str> {
    pieces.iter().filter_map(|piece| if let Piece::Literal(text) = piece { Some(text.as_str()) } else { None })
}

/// The section that a number falls to, and the sign that stands before it; `None` where none fits.
///
/// The first of two sections is for what is not negative, the first of three for what is positive, unless they say otherwise. The second
/// speaks for the sign itself: `0;(0)`.
fn section(value: f64, format: &Format) -> Option<(&Section, &'static str)> {
    let sections = format.sections.get(..format.sections.len().min(3))?;
    let minus = if value < 0.0 { "-" } else { "" };
    if sections.iter().all(|section| section.condition.is_none()) {
        return match sections {
            [_, negative] | [_, negative, _] if value < 0.0 => Some((negative, "")),
            [_, _, zero] if value == 0.0 => Some((zero, "")),
            [first, ..] => Some((first, minus)),
            [] => None,
        };
    }
    // One without a condition takes the rest; the second of three without one, what is negative.
    let takes = |index: usize, section: &Section| match section.condition {
        Some(condition) => compare(value, condition.compare, condition.limit),
        None => index + 1 == sections.len() || index != 1 || value < 0.0,
    };
    let (_, section) = sections.iter().enumerate().find(|(index, section)| takes(*index, section))?;
    let is_negative_only = section.condition.is_some_and(|condition| {
        matches!(condition.compare, Compare::Less | Compare::LessOrEqual) && condition.limit <= 0.0
    });
    Some((section, if is_negative_only { "" } else { minus }))
}

fn compare(value: f64, compare: Compare, limit: f64) -> bool {
    match compare {
        Compare::Less => value < limit,
        Compare::LessOrEqual => value <= limit,
        Compare::Equal => (value - limit).abs() < f64::EPSILON,
        Compare::NotEqual => (value - limit).abs() >= f64::EPSILON,
        Compare::Greater => value > limit,
        Compare::GreaterOrEqual => value >= limit,
    }
}

/// How the digits of a section are laid out.
struct Layout<'a> {
    /// Before the point.
    whole: &'a [Piece],
    /// From the point on, without the power of ten.
    fraction: &'a [Piece],
    /// The power of ten: whether a plus sign is shown, and what follows.
    exponent: Option<(bool, &'a [Piece])>,
    thousands: bool,
    /// The number is divided by so many thousands.
    scale: i32,
    percents: i32,
}

fn layout(pieces: &[Piece]) -> Layout<'_> {
    let exponent_at = pieces.iter().position(|piece| matches!(piece, Piece::Exponent(_)));
    let (mantissa, power) = pieces.split_at_checked(exponent_at.unwrap_or(pieces.len())).unwrap_or((pieces, &[]));
    let exponent = power.split_first().and_then(|(first, rest)| match first {
        Piece::Exponent(sign) => Some((*sign, rest)),
        _ => None,
    });
    let point = mantissa.iter().position(|piece| *piece == Piece::Point);
    // Without a point the fraction begins behind the last digit, with what stands there.
    let last_digit = mantissa.iter().rposition(|piece| matches!(piece, Piece::Digit(_)));
    let split = point.or(last_digit.map(|at| at + 1)).unwrap_or(0);
    let (whole, fraction) = mantissa.split_at_checked(split).unwrap_or((mantissa, &[]));
    let commas = |pieces: &[Piece]| pieces.iter().filter(|piece| **piece == Piece::Comma).count();
    let digits_end = whole.iter().rposition(|piece| matches!(piece, Piece::Digit(_))).map_or(0, |at| at + 1);
    let (inside, behind) = whole.split_at_checked(digits_end).unwrap_or((whole, &[]));
    let percents = pieces.iter().filter(|piece| **piece == Piece::Percent).count();
    Layout {
        whole,
        fraction,
        exponent,
        thousands: commas(inside) > 0,
        scale: i32::try_from(commas(behind) + commas(fraction)).unwrap_or(0),
        percents: i32::try_from(percents).unwrap_or(0),
    }
}

fn digits(pieces: &[Piece]) -> impl Iterator<Item = char> {
    pieces.iter().filter_map(|piece| if let Piece::Digit(place) = piece { Some(*place) } else { None })
}

fn in_digits(value: f64, section: &Section, sign: &str) -> Shown {
    let Some(decimal) = Decimal::of(value) else {
        return Shown::plainly(value);
    };
    let layout = layout(&section.pieces);
    let decimal = decimal.shifted(2 * layout.percents - 3 * layout.scale);
    let decimals = digits(layout.fraction).count();
    let (decimal, power, is_rounded) = match layout.exponent {
        Some(_) => mantissa(decimal, digits(layout.whole).collect(), decimals),
        None => {
            let (decimal, is_rounded) = decimal.rounded(decimals);
            (decimal, 0, is_rounded)
        }
    };
    let mut text = whole_text(&layout, &decimal.whole());
    fraction_text(&mut text, layout.fraction, &decimal.fraction());
    if let Some((shows_plus, rest)) = layout.exponent {
        text.push_str(if power < 0 {
            "E-"
        } else if shows_plus {
            "E+"
        } else {
            "E"
        });
        let width = digits(rest).count();
        text.push_str(&format!("{:0width$}", power.unsigned_abs()));
        text.extend(literals(rest));
    }
    // What is rounded to nothing has no sign.
    let sign = if decimal.is_zero() { "" } else { sign };
    Shown::new(words::spelt(section.words, format!("{sign}{text}")), is_rounded)
}

/// The number over a power of ten, so that as many digits stand before the point as there are places for; and the power.
fn mantissa(decimal: Decimal, places: Vec<char>, decimals: usize) -> (Decimal, i32, bool) {
    let width = i32::try_from(places.len()).unwrap_or(1).max(1);
    // `##0.0E+0` shows powers of a thousand only.
    let is_stepped = places.first() == Some(&'#') && width > 1;
    let power_of = |decimal: &Decimal| match decimal.is_zero() {
        true => 0,
        false if is_stepped => decimal.exponent().div_euclid(width) * width,
        false => decimal.exponent() - (width - 1),
    };
    let power = power_of(&decimal);
    let (rounded, is_rounded) = decimal.shifted(power.saturating_neg()).rounded(decimals);
    // 9.99 rounded to 10.0 takes one power more.
    let more = power_of(&rounded);
    if more > 0 {
        (rounded.shifted(more.saturating_neg()), power.saturating_add(more), is_rounded)
    } else {
        (rounded, power, is_rounded)
    }
}

/// The whole part, filled into its places from the right; what has no place of its own stands before the first.
fn whole_text(layout: &Layout<'_>, whole: &[char]) -> String {
    let mut places = digits(layout.whole).count();
    let mut left = whole.iter().rev();
    let mut written = 0;
    let mut reversed = String::new();
    let mut push = |reversed: &mut String, digit: char| {
        if layout.thousands && written > 0 && written % 3 == 0 {
            reversed.push(',');
        }
        written += 1;
        reversed.push(digit);
    };
    for piece in layout.whole.iter().rev() {
        match piece {
            Piece::Digit(place) => {
                match (left.next(), place) {
                    (Some(digit), _) => push(&mut reversed, *digit),
                    (None, '0') => push(&mut reversed, '0'),
                    _ => {}
                }
                places -= 1;
                if places == 0 {
                    left.by_ref().for_each(|digit| push(&mut reversed, *digit));
                }
            }
            Piece::Literal(text) => reversed.extend(text.chars().rev()),
            Piece::Percent => reversed.push('%'),
            _ => {}
        }
    }
    reversed.chars().rev().collect()
}

/// The point and what stands behind it.
fn fraction_text(text: &mut String, pieces: &[Piece], fraction: &[char]) {
    let mut digits = fraction.iter();
    for piece in pieces {
        match piece {
            Piece::Point => text.push('.'),
            Piece::Digit(place) => match (digits.next(), place) {
                (Some(digit), _) => text.push(*digit),
                (None, '0') => text.push('0'),
                _ => {}
            },
            Piece::Literal(literal) => text.push_str(literal),
            Piece::Percent => text.push('%'),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::builtin;

    fn text(value: f64, code: &str) -> String {
        shown(value, &Format::parse(code), false).text.into()
    }

    #[track_caller]
    fn check(code: &str, cases: &[(f64, &str)]) {
        for (value, wanted) in cases {
            assert_eq!(text(*value, code), *wanted, "{value} in {code:?}");
        }
    }

    #[test]
    fn a_number_without_a_format_is_shown_in_eleven_characters() {
        check(
            "General",
            &[
                (0.0, "0"),
                (3.0, "3"),
                (-12.5, "-12.5"),
                (1.0 / 3.0, "0.333333333"),
                (72_701.257_8, "72701.2578"),
                (0.1 + 0.2, "0.3"),
                (13_812_345_678.0, "13812345678"),
                (1e15, "1E+15"),
                (1.5e-12, "1.5E-12"),
            ],
        );
        assert!(shown(1.0 / 3.0, &Format::general(), false).is_rounded);
        assert!(!shown(0.1 + 0.2, &Format::general(), false).is_rounded);
        check("G/通用格式\"件\"", &[(3.0, "3件"), (-3.0, "-3件")]);
    }

    #[test]
    fn digits_have_their_places() {
        check("0", &[(2.5, "3"), (-0.4, "0"), (1234.0, "1234")]);
        check("000", &[(5.0, "005"), (1234.0, "1234")]);
        check("#,##0", &[(1_234_567.0, "1,234,567"), (0.0, "0"), (999.0, "999")]);
        check("#,##0.00", &[(1234.5, "1,234.50"), (-1234.5, "-1,234.50")]);
        check("#,###", &[(0.0, ""), (1234.0, "1,234")]);
        check("0.##", &[(5.0, "5."), (5.25, "5.25")]);
        check("000-0000", &[(1_234_567.0, "123-4567")]);
        check("0000,000", &[(1234.0, "0,001,234")]);
    }

    #[test]
    fn the_short_way_shows_the_same() {
        for code in ["General", "0", "#,##0"] {
            let format = Format::parse(code);
            assert!(format.whole.is_some());
            let long = Format { whole: None, ..format.clone() };
            for value in [
                0.0,
                -0.0,
                7.0,
                -7.0,
                999.0,
                -999.0,
                1000.0,
                -1000.0,
                -123_456.0,
                1_234_567.0,
                99_999_999_999.0,
                2.5,
                -2.5,
            ] {
                assert_eq!(shown(value, &format, false), shown(value, &long, false), "{value} in {code}");
            }
        }
    }

    #[test]
    fn parts_are_percent() {
        check("0%", &[(0.45, "45%"), (1.0, "100%")]);
        check("0.00%", &[(0.123_456, "12.35%"), (-0.05, "-5.00%")]);
        assert!(shown(0.123_456, &Format::parse("0.00%"), false).is_rounded);
        assert!(!shown(0.1235, &Format::parse("0.00%"), false).is_rounded);
    }

    #[test]
    fn amounts_can_be_shown_in_ten_thousands() {
        check("0!.0,\"万\"", &[(12_345.0, "1.2万"), (72_000.0, "7.2万")]);
        check("0\\.0000,\"万元\"", &[(12_345_678.0, "1.2346万元")]);
        check("[>=10000]0!.0,\"万\";0", &[(25_000.0, "2.5万"), (800.0, "800"), (-800.0, "-800")]);
        check("#,##0,", &[(1_234_567.0, "1,235")]);
    }

    #[test]
    fn sections_tell_signs_apart() {
        check("#,##0;(#,##0)", &[(5.0, "5"), (-1234.0, "(1,234)"), (0.0, "0")]);
        check("0;-0;\"—\"", &[(0.0, "—"), (-3.0, "-3"), (3.0, "3")]);
        check("+0;-0;0", &[(3.0, "+3"), (-3.0, "-3"), (0.0, "0")]);
        check("0;-0;;@", &[(0.0, ""), (4.0, "4")]);
        check("[<0]\"负\"0;[=0]\"零\";0", &[(-2.0, "负2"), (0.0, "零"), (7.0, "7")]);
        check("[Red][<60]0;[Blue]0", &[(59.0, "59"), (61.0, "61")]);
        check(builtin(43).unwrap(), &[(1234.5, "1,234.50"), (-2.0, "-2.00"), (0.0, "-")]);
    }

    #[test]
    fn a_number_that_is_not_shown_is_said_to_be_rounded() {
        let shown = shown(5.0, &Format::parse(";;;"), false);
        assert_eq!((shown.text.as_str(), shown.is_rounded), ("", true));
    }

    #[test]
    fn money_has_its_sign() {
        check("[$¥-804]#,##0.00", &[(3.5, "¥3.50")]);
        check("0.00\"元\"", &[(3.0, "3.00元")]);
        check("_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)", &[(12.0, "12"), (-12.0, "(12)"), (0.0, "-")]);
    }

    #[test]
    fn powers_of_ten() {
        check("0.00E+00", &[(12_345.0, "1.23E+04"), (0.00012, "1.20E-04"), (9999.0, "1.00E+04"), (0.0, "0.00E+00")]);
        check("##0.0E+0", &[(12_345.0, "12.3E+3")]);
    }

    #[test]
    fn dates_are_shown_as_dates() {
        check("yyyy\"年\"m\"月\"d\"日\"", &[(45_306.0, "2024年1月15日")]);
        check("yyyy-mm-dd", &[(45_306.75, "2024-01-15")]);
        check(builtin(14).unwrap(), &[(45_306.0, "2024/1/15")]);
        check("[DBNum1][$-804]yyyy\"年\"m\"月\"d\"日\"", &[(45_306.0, "二〇二四年一月十五日")]);
    }

    #[test]
    fn numbers_in_words() {
        check("[DBNum1][$-804]General", &[(120.0, "一百二十"), (10_503.0, "一万〇五百〇三")]);
        check("[DBNum2][$-804]General", &[(120.0, "壹佰贰拾")]);
        check("[DBNum3]0", &[(12.0, "１２")]);
    }

    #[test]
    fn text_has_its_section_too() {
        assert_eq!(shown_text("甲", &Format::parse("0;-0;;@\"局\"")), "甲局");
        assert_eq!(shown_text("甲", &Format::parse("@")), "甲");
        assert_eq!(shown_text("甲", &Format::parse("0.00")), "甲");
        assert_eq!(shown_text("甲", &Format::parse(";;;")), "");
    }

    #[test]
    fn what_we_cannot_spell_is_written_plainly() {
        let shown = shown(0.5, &Format::parse("# ?/?"), false);
        assert_eq!((shown.text.as_str(), shown.is_unknown), ("0.5", true));
    }
}
