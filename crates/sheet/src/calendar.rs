//! Days counted from 1900 or 1904, and their parts (ECMA-376 Part 1, 18.17.4).

use std::fmt::Write as _;

use crate::format::{Date, Piece, Words};
use crate::words;

/// A point in time, as a workbook counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    year: i64,
    month: i64,
    day: i64,
    /// Monday is 0.
    weekday: i64,
    /// Thousandths of a second since midnight.
    millis: i64,
    /// Thousandths of a second since the first day.
    total: i64,
}

const DAY: i64 = 86_400_000;

/// The last day that a workbook can show: 9999-12-31.
const LAST: f64 = 2_958_466.0;

/// Between the first days of the two counts.
const DAYS_TO_1904: f64 = 1462.0;

impl Moment {
    /// The moment of a number; `None` for one before the first day or after the last.
    pub(crate) fn of(value: f64, from_1904: bool) -> Option<Self> {
        let value = if from_1904 { value + DAYS_TO_1904 } else { value };
        if !(0.0..LAST).contains(&value) {
            return None;
        }
        let total = (value * 86_400_000.0).round() as i64;
        let (serial, millis) = (total.div_euclid(DAY), total.rem_euclid(DAY));
        // The count holds a 29 February 1900 that never was: the days before it are one behind.
        let (year, month, day) = match serial {
            0 => (1900, 1, 0),
            60 => (1900, 2, 29),
            1..60 => civil(serial - 25_568),
            _ => civil(serial - 25_569),
        };
        Some(Self { year, month, day, weekday: (serial + 5).rem_euclid(7), millis, total })
    }
}

/// Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar.
const fn civil(days: i64) -> (i64, i64, i64) {
    // Years are taken to begin in March, so that the leap day is their last; 400 of them have 146,097 days.
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + (month <= 2) as i64;
    (year, month, day)
}

/// The number of a date as the strict form writes it: `2024-01-15`, `2024-01-15T08:30:00`, counted from 1900.
pub(crate) fn serial(text: &str) -> Option<f64> {
    let (date, time) = text.trim().trim_end_matches('Z').split_once('T').unwrap_or((text.trim(), "00:00"));
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if !(1900..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // The reverse of `civil`.
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = year.div_euclid(400) * 146_097 + year.rem_euclid(400) * 365 + year.rem_euclid(400) / 4
        - year.rem_euclid(400) / 100
        + day_of_year
        - 719_468;
    let units = [3600.0, 60.0, 1.0];
    let mut seconds = 0.0;
    for (part, unit) in time.splitn(3, ':').zip(units) {
        seconds += part.parse::<f64>().ok().filter(|part| (0.0..60.0).contains(part))? * unit;
    }
    let serial = days + if days < -25_508 { 25_568 } else { 25_569 };
    Some(serial as f64 + seconds / 86_400.0)
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const CHINESE_WEEKDAYS: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];

/// A moment in the pieces of a format.
pub(crate) fn date_text(pieces: &[Piece], words: Option<Words>, moment: Moment) -> Option<String> {
    let has = |wanted: fn(&Date) -> bool| pieces.iter().any(|piece| matches!(piece, Piece::Date(date) if wanted(date)));
    let clock = Clock { has_halves: has(|date| matches!(date, Date::Half(..))), words };
    // Where no part of a second is shown, the whole second is the nearest one.
    let moment = if has(|date| matches!(date, Date::Fraction(_))) { moment } else { moment.to_second() };
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Date(date) => clock.push(&mut text, *date, moment)?,
            Piece::Literal(literal) => text.push_str(literal),
            _ => {}
        }
    }
    Some(text)
}

impl Moment {
    /// Rounded to a second of the same day.
    fn to_second(self) -> Self {
        let rounded = ((self.millis + 500) / 1000 * 1000).min(DAY - 1000);
        Self { millis: rounded, total: self.total - self.millis + rounded, ..self }
    }
}

struct Clock {
    /// Hours count to twelve.
    has_halves: bool,
    words: Option<Words>,
}

impl Clock {
    fn push(&self, text: &mut String, date: Date, moment: Moment) -> Option<()> {
        let seconds = moment.millis / 1000;
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        match date {
            Date::Year(run) if run <= 2 => self.number(text, moment.year % 100, 2),
            Date::Year(_) => text.push_str(&words::digits(self.words, &moment.year.to_string())),
            Date::Month(run @ 3..) => {
                let name = MONTHS.get(usize::try_from(moment.month - 1).ok()?)?;
                let length = if run == 3 {
                    3
                } else if run == 4 {
                    name.len()
                } else {
                    1
                };
                text.push_str(name.get(..length)?);
            }
            Date::Month(run) => self.number(text, moment.month, run),
            Date::Day(run @ 3..) => {
                let name = WEEKDAYS.get(usize::try_from(moment.weekday).ok()?)?;
                text.push_str(if run == 3 { name.get(..3)? } else { name });
            }
            Date::Day(run) => self.number(text, moment.day, run),
            Date::ChineseWeekday(run) => {
                text.push_str(if run > 3 { "星期" } else { "" });
                text.push_str(CHINESE_WEEKDAYS.get(usize::try_from(moment.weekday).ok()?)?);
            }
            Date::Hour(run) => {
                let hour = if self.has_halves { (hour + 11) % 12 + 1 } else { hour };
                self.number(text, hour, run);
            }
            Date::Minute(run) => self.number(text, minute, run),
            Date::Second(run) => self.number(text, second, run),
            Date::Fraction(digits) => {
                let parts = format!("{:03}", moment.millis % 1000);
                text.push('.');
                text.push_str(parts.get(..digits.min(3))?);
            }
            Date::Elapsed(letter, run) => {
                let unit = match letter {
                    'h' => 3_600_000,
                    'm' => 60_000,
                    _ => 1000,
                };
                self.number(text, moment.total / unit, run);
            }
            Date::Half(morning, afternoon) => text.push_str(if hour < 12 { morning } else { afternoon }),
        }
        Some(())
    }

    fn number(&self, text: &mut String, number: i64, width: usize) {
        if self.words.is_some() {
            text.push_str(&words::spelt(self.words, number.to_string()));
        } else {
            let width = width.min(20);
            let _ = write!(text, "{number:0width$}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;

    fn text(value: f64, code: &str, from_1904: bool) -> Option<String> {
        let format = Format::parse(code);
        date_text(&format.sections[0].pieces, format.sections[0].words, Moment::of(value, from_1904)?)
    }

    #[test]
    fn both_counts_lead_to_the_same_days() {
        let code = "yyyy-mm-dd";
        for (serial, wanted) in [
            (1.0, "1900-01-01"),
            (59.0, "1900-02-28"),
            (60.0, "1900-02-29"),
            (61.0, "1900-03-01"),
            (45_351.0, "2024-02-29"),
            (2_958_465.0, "9999-12-31"),
        ] {
            assert_eq!(text(serial, code, false).as_deref(), Some(wanted));
        }
        assert_eq!(text(45_306.0 - 1462.0, code, true).as_deref(), Some("2024-01-15"));
        assert_eq!(text(-1.0, code, false), None);
        assert_eq!(text(1e9, code, false), None);
    }

    #[test]
    fn dates_of_the_strict_form_are_numbers() {
        assert_eq!(serial("2024-01-15"), Some(45_306.0));
        assert_eq!(serial("2024-02-29T12:00:00Z"), Some(45_351.5));
        assert_eq!(serial("1900-01-01"), Some(1.0));
        assert_eq!(serial("1900-03-01"), Some(61.0));
        for wrong in ["", "2024", "2024-13-01", "2024-01-15Tx", "x-1-1"] {
            assert_eq!(serial(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn times_and_weekdays() {
        assert_eq!(text(45_306.604_17, "h:mm", false).as_deref(), Some("14:30"));
        assert_eq!(text(45_306.604_17, "上午/下午h\"时\"mm\"分\"", false).as_deref(), Some("下午2时30分"));
        assert_eq!(text(1.5, "[h]:mm", false).as_deref(), Some("36:00"));
        assert_eq!(text(45_306.0, "aaaa", false).as_deref(), Some("星期一"));
        assert_eq!(text(45_306.0, "ddd d mmm yy", false).as_deref(), Some("Mon 15 Jan 24"));
        assert_eq!(text(0.5 / 86_400.0, "ss.00", false).as_deref(), Some("00.50"));
    }
}
