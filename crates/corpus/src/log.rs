//! The log of what was accepted: a line of JSON for each case, only ever added to.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

use crate::corpus::LOG;
use crate::error::Error;

/// Who accepts, when and why.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    when: String,
    who: String,
    why: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    only: Option<String>,
}

#[derive(Serialize)]
struct Line<'a> {
    case: &'a str,
    #[serde(flatten)]
    entry: &'a Entry,
}

impl Entry {
    pub(crate) fn now(why: &str, only: Option<&str>) -> Self {
        Self { when: when(SystemTime::now()), who: who(), why: why.trim().to_owned(), only: only.map(str::to_owned) }
    }
}

/// Adds a line for each case.
pub(crate) fn append(folder: &Path, entry: &Entry, cases: &[String]) -> Result<(), Error> {
    let path = folder.join(LOG);
    let mut text = String::new();
    for case in cases {
        let line = serde_json::to_string(&Line { case, entry }).map_err(|error| Error::broken(&path, error))?;
        text.push_str(&line);
        text.push('\n');
    }
    let file = OpenOptions::new().create(true).append(true).open(&path);
    // In one piece: two who accept at the same time do not mix their lines.
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| Error::at(&path, &error))
}

/// Who accepts: as git knows them, or as the system does.
pub(crate) fn who() -> String {
    let of_git = |name: &str| {
        let output = Command::new("git").args(["config", "--get", name]).stderr(Stdio::null()).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
        (!text.is_empty()).then_some(text)
    };
    match (of_git("user.name"), of_git("user.email")) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (Some(name), None) => name,
        (None, Some(address)) => address,
        (None, None) => std::env::var("USER").unwrap_or_else(|_| "unknown".to_owned()),
    }
}

/// A time as `2026-11-22T11:20:00Z`.
pub(crate) fn when(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    format!("{}T{:02}:{:02}:{:02}Z", day(days), rest / 3600, rest / 60 % 60, rest % 60)
}

/// A day as `2026-11-22`, by how many days it is since the first of January 1970.
pub(crate) fn day(days: u64) -> String {
    let (year, month, day) = civil(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The day of the Gregorian calendar, counted by eras of 400 years that begin in March, so that the leap day ends a year.
const fn civil(days_since_1970: u64) -> (u64, u64, u64) {
    let days = days_since_1970 + 719_468;
    let (era, in_era) = (days / 146_097, days % 146_097);
    let year = (in_era - in_era / 1460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * in_year + 2) / 153;
    let day = in_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let january_or_february = if month <= 2 { 1 } else { 0 };
    (year + era * 400 + january_or_february, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;
    use std::time::Duration;

    #[test]
    fn a_time_is_written_in_the_worlds_time() {
        let at = |seconds| when(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "1970-01-01T00:00:00Z");
        assert_eq!(at(1_709_210_096), "2024-02-29T12:34:56Z");
        assert_eq!(at(1_735_689_599), "2024-12-31T23:59:59Z");
    }

    #[test]
    fn the_log_is_only_added_to() {
        let folder = Folder::new("log");
        let entry = Entry { when: "w".to_owned(), who: "我".to_owned(), why: "因为".to_owned(), only: None };
        append(folder.path(), &entry, &["a".to_owned()]).unwrap();
        append(folder.path(), &Entry { only: Some("red".to_owned()), ..entry }, &["b".to_owned()]).unwrap();
        let wanted = "{\"case\":\"a\",\"when\":\"w\",\"who\":\"我\",\"why\":\"因为\"}\n\
                      {\"case\":\"b\",\"when\":\"w\",\"who\":\"我\",\"why\":\"因为\",\"only\":\"red\"}\n";
        assert_eq!(folder.read(LOG), wanted);
    }
}
