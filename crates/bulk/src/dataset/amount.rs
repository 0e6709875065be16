//! Numbers and dates as they are printed in a line, in the kinds that columns hold.

use rust_decimal::Decimal;

use super::rows::{SCALE, Value};

/// Ten to the power of [`SCALE`].
const ONE: i128 = 10_i128.pow(SCALE as u32);
/// The first number that has too many digits: ten to the power of the precision.
const TOO_LARGE: i128 = 10_i128.pow(super::rows::PRECISION as u32);

/// A printed number for reckoning, and exactly.
pub(crate) fn number(text: &str) -> (Value<'static>, Value<'static>) {
    // Nearly all are counts of a few digits.
    if text.len() <= 15
        && text.bytes().all(|c| c.is_ascii_digit())
        && let Ok(count) = text.parse::<u64>()
    {
        let units = Some(i128::from(count) * ONE).filter(|units| *units < TOO_LARGE);
        return (Value::Number(count as f64), units.map_or(Value::Missing, Value::Decimal));
    }
    (text.parse::<f64>().ok().into(), exact(text).map_or(Value::Missing, Value::Decimal))
}

fn exact(text: &str) -> Option<i128> {
    let number = Decimal::from_str_exact(text).ok()?.normalize();
    let missing = u32::try_from(SCALE).ok()?.checked_sub(number.scale())?;
    let units = number.mantissa().checked_mul(10_i128.checked_pow(missing)?)?;
    (units.abs() < TOO_LARGE).then_some(units)
}

/// An exact number as people write it, without noughts at its end.
pub(crate) fn written(units: i128) -> String {
    let (whole, rest) = (units.unsigned_abs() / ONE.unsigned_abs(), units.unsigned_abs() % ONE.unsigned_abs());
    let sign = if units < 0 { "-" } else { "" };
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let digits = format!("{rest:0width$}", width = usize::from(SCALE.unsigned_abs()));
    format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
}

/// The days since the first of January 1970 of a date such as `2024-01-15`; `None` where it is no day of the calendar.
pub(crate) fn day(text: &str) -> Option<i32> {
    let mut parts = text.split('-').map(|part| part.parse::<i32>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let days = civil_days(year, month, day)?;
    (parts.next().is_none() && date(days) == text).then_some(days)
}

/// A day of the Gregorian calendar, counted by eras of 400 years that begin in March, so that the leap day ends a year.
fn civil_days(year: i32, month: i32, day: i32) -> Option<i32> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || !(0..=9999).contains(&year) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let in_era = year.rem_euclid(400);
    let in_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719_468)
}

/// A day as `2024-01-15`.
pub(crate) fn date(days: i32) -> String {
    let days = i64::from(days) + 719_468;
    let (era, in_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (in_era - in_era / 1460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * in_year + 2) / 153;
    let day = in_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_kept_exactly() {
        let exactly = |text: &str| match number(text) {
            (Value::Number(near), Value::Decimal(units)) => Some((near, written(units))),
            _ => None,
        };
        assert_eq!(exactly("72701.2578"), Some((72701.2578, "72701.2578".to_owned())));
        assert_eq!(exactly("12.50"), Some((12.5, "12.5".to_owned())));
        assert_eq!(exactly("-1"), Some((-1.0, "-1".to_owned())));
        assert_eq!(exactly("0.30"), Some((0.3, "0.3".to_owned())));
        assert_eq!(exactly("999999999999.000001").map(|(_, text)| text), Some("999999999999.000001".to_owned()));
        // More digits than a column has: for reckoning only.
        assert_eq!(number("0.1234567"), (Value::Number(0.123_456_7), Value::Missing));
        assert_eq!(number("1000000000000"), (Value::Number(1e12), Value::Missing));
        assert_eq!(number("-1000000000000.5").1, Value::Missing);
        assert_eq!(number("12345678901234567890123456789").1, Value::Missing);
    }

    #[test]
    fn days_of_the_calendar_are_counted_and_others_refused() {
        assert_eq!(day("1970-01-01"), Some(0));
        assert_eq!(day("2024-02-29"), Some(19_782));
        assert_eq!(day("2023-02-29"), None);
        assert_eq!(day("2024-1-15"), None);
        assert_eq!(day("2024-01-15x"), None);
    }

    proptest! {
        #[test]
        fn a_day_comes_back_as_it_went(days in -600_000..2_900_000i32) {
            prop_assert_eq!(day(&date(days)), Some(days));
        }

        #[test]
        fn a_number_comes_back_as_it_went(units in 1 - 10_i128.pow(18)..10_i128.pow(18)) {
            prop_assert_eq!(number(&written(units)).1, Value::Decimal(units));
        }
    }
}
