//! A smaller document that still shows a fault: parts are left out as long as the same difference remains.
//!
//! What can be taken apart: text (lines, columns parted by tabs), web pages (tables, rows, columns, paragraphs and other elements that
//! are closed), packages (parts; in DOCX, ODT, ODS and XLSX tables, sheets, rows, cells, paragraphs), archives (members), RTF (groups,
//! rows, paragraphs), XLS (sheets, records) and PDF (pages, operations, objects). Each is written anew in its own format.
//!
//! DOC cannot be taken apart: where its characters stand is said in some fifty tables, and a file in which they contradict one another would
//! show another fault than the one that is looked for. MHTML cannot either, nor can TAR and GZIP: unpack them first.

mod attempt;
mod lines;
mod markup;
mod package;
mod pages;
mod records;
mod rich;
mod smallest;

use std::path::PathBuf;

use crate::compare::{self, Bucket, Difference, Reading, Tally};
use crate::corpus::{Case, Corpus};
use crate::error::Error;
use crate::golden::Goldens;
use crate::run::{FileReading, ReadOptions};
use attempt::{Attempts, Fault};

/// How often a smaller document is tried at most; each costs the start of a worker or two.
const MOST: u32 = 3000;

/// What a reading is held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// What was accepted. It is of the whole document: the row that a figure was read from must remain in the smaller one.
    Golden,
    /// This program with its own forms; another form is being tried.
    OwnForms,
    /// Another version of the program, which reads each smaller document too.
    Program(PathBuf),
}

/// A smaller document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shrunk {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How many the whole one has.
    pub whole: usize,
    /// How many documents were tried.
    pub tried: u32,
    /// The difference that it shows, in words.
    pub shows: String,
}

/// Makes a document smaller as long as the same difference remains: the same bucket, the same rule and figure. `want` names the figure or the
/// bucket; else it is the worst one.
///
/// # Errors
/// A case that shows no difference, or whose format cannot be taken apart.
pub fn shrink(
    corpus: &Corpus,
    case: &Case,
    want: Option<&str>,
    reference: &Reference,
    read: &ReadOptions,
) -> Result<Shrunk, Error> {
    let bytes = std::fs::read(&case.path).map_err(|error| Error::at(&case.path, &error))?;
    let mut attempts = Attempts::new(case, reference, read)?;
    let now = attempts.now(&bytes)?;
    let before = match reference {
        Reference::Golden => golden(corpus, case)?,
        Reference::OwnForms | Reference::Program(_) => attempts.before(&bytes)?,
    };
    let difference = compare::compare(&before, &said(&now, case), &mut Tally::default());
    let difference = difference.ok_or_else(|| Error::Usage(format!("{}: nothing differs", case.name)))?;
    let fault = chosen(&difference, want).ok_or_else(|| {
        let what = want.unwrap_or("a figure or a rule");
        Error::Usage(format!("{}: there is no difference in {what} that a smaller document could show", case.name))
    })?;
    let shows = fault.to_string();
    attempts.look_for(fault, &difference, &now)?;
    if !attempts.shows(&bytes)? {
        let words =
            "it cannot be told whether a smaller document shows the same; name the earlier program with --against";
        return Err(Error::Usage(format!("{}: {words}", case.name)));
    }
    let whole = bytes.len();
    let smaller =
        smaller(&now, bytes, &mut |bytes| if attempts.tried < MOST { attempts.shows(bytes) } else { Ok(false) })?;
    Ok(Shrunk { bytes: smaller, whole, tried: attempts.tried, shows })
}

fn golden(corpus: &Corpus, case: &Case) -> Result<Reading, Error> {
    let golden = Goldens::at(&corpus.golden()).reader()?.of(&case.name, &mut |_| ())?;
    let golden = golden.ok_or_else(|| Error::Usage(format!("{}: nothing was accepted of it yet", case.name)))?;
    Ok(golden.reading(&case.name))
}

fn said(reading: &FileReading, case: &Case) -> Reading {
    crate::golden::Golden { cost: None, ..crate::golden::Golden::of(reading) }.reading(&case.name)
}

/// The difference that a smaller document is to show: in the worst bucket, or in that which is named.
fn chosen(difference: &Difference, want: Option<&str>) -> Option<Fault> {
    let bucket = want.and_then(Bucket::named);
    let figure = want.filter(|_| bucket.is_none());
    let is_wanted = |fault: &Fault| {
        bucket.is_none_or(|bucket| fault.bucket == bucket)
            && figure.is_none_or(|key| fault.figure.as_deref() == Some(key))
    };
    let mut faults: Vec<Fault> =
        difference.lines.iter().enumerate().flat_map(|(index, line)| faults(index, line)).collect();
    faults.sort_by_key(|fault| fault.bucket);
    faults.into_iter().find(is_wanted)
}

fn faults(line: usize, change: &compare::SaidChange) -> Vec<Fault> {
    let of_rule = |(bucket, rule): (Bucket, &compare::RuleChange)| {
        let fault =
            |figure: Option<&String>| Fault { line, bucket, rule: Some(rule.rule.clone()), figure: figure.cloned() };
        if rule.figures.is_empty() {
            vec![fault(None)]
        } else {
            rule.figures.iter().map(|key| fault(Some(key))).collect()
        }
    };
    let broken = change.broken.iter().map(|rule| (Bucket::Red, rule));
    let healed = change.healed.iter().map(|rule| (Bucket::Healed, rule));
    let figures = change.figures.iter().map(|figure| Fault {
        line,
        bucket: figure.change.bucket(),
        rule: None,
        figure: Some(figure.key.clone()),
    });
    broken.chain(healed).flat_map(of_rule).chain(figures).collect()
}

/// The smallest document that is found, by the format.
fn smaller(
    reading: &FileReading,
    bytes: Vec<u8>,
    shows: &mut dyn FnMut(&[u8]) -> Result<bool, Error>,
) -> Result<Vec<u8>, Error> {
    let format = reading.lines.iter().find_map(|line| line.get("source")?.get("format")?.as_str()).unwrap_or("unknown");
    if bytes.starts_with(b"PK") {
        return package::shrink(&bytes, shows);
    }
    match format {
        "text" => lines::shrink(bytes, shows),
        "html" => markup::shrink(bytes, &markup::HTML, shows),
        "odt" | "ods" => markup::shrink(bytes, &markup::OPEN_DOCUMENT, shows),
        "rtf" => rich::shrink(bytes, shows),
        "xls" => records::shrink(&bytes, shows),
        "pdf" => pages::shrink(&bytes, shows),
        other => {
            let why = match other {
                "doc" => "where its characters stand is said in fifty tables, and all would have to change together",
                "mhtml" => "save its page as HTML",
                _ => "unpack it first, if it is an archive",
            };
            Err(Error::Usage(format!("a document of format {other} cannot be taken apart: {why}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// What a reader sees of a document: nothing where it cannot be read.
    fn printed(bytes: &[u8]) -> String {
        nianbao::read(bytes).map(|document| nianbao_model::print(&document)).unwrap_or_default()
    }

    #[test]
    fn what_cannot_be_taken_apart_is_refused_with_the_reason() {
        for (format, reason) in [("doc", "fifty tables"), ("mhtml", "save its page"), ("docx", "unpack it first")] {
            let line = serde_json::json!({"source": {"format": format}});
            let reading = FileReading { lines: vec![line], ..FileReading::default() };
            let error = smaller(&reading, vec![0; 4], &mut |_| Ok(true)).unwrap_err().to_string();
            assert!(error.contains(format) && error.contains(reason), "{error}");
        }
    }

    #[test]
    fn documents_of_each_format_shrink_to_what_is_looked_for() {
        for (name, share) in [
            ("docx/plain-2021.docx", 2),
            ("sheet/plain-2021.xlsx", 2),
            ("sheet/plain-2021.xls", 2),
            ("ods/plain-2021.ods", 2),
            ("odt/plain-2021.odt", 2),
            ("odt/plain-2021.fodt", 10),
            ("rtf/plain-2021.rtf", 10),
            ("pdf/plain-2021.pdf", 2),
            ("html/plain-2021.html", 10),
            ("text/bare-cells-2019.txt", 10),
            ("bundle/gbk-names.zip", 1),
        ] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus").join(name);
            let whole = std::fs::read(&path).unwrap();
            let format = if whole.starts_with(b"PK") { "zip" } else { path.extension().unwrap().to_str().unwrap() };
            let format = match format {
                "fodt" => "odt",
                "txt" => "text",
                format => format,
            };
            let line = serde_json::json!({"source": {"format": format}});
            let reading = FileReading { lines: vec![line], ..FileReading::default() };
            // The fault that is planted: a row that says this is read at all.
            let found = |bytes: &[u8]| match name {
                "bundle/gbk-names.zip" => {
                    let mut found = false;
                    let Ok(()) = nianbao::documents("a", bytes, |member| {
                        found |= member.bytes.is_ok_and(|bytes| printed(bytes).contains("结转下年度继续办理"));
                        Ok::<(), std::convert::Infallible>(())
                    });
                    found
                }
                _ => printed(bytes).contains("结转下年度继续办理"),
            };
            assert!(found(&whole), "{name}");
            let mut tried = 0;
            let smaller = smaller(&reading, whole.clone(), &mut |bytes| {
                tried += 1;
                Ok(tried < MOST && found(bytes))
            });
            let smaller = smaller.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(found(&smaller), "{name}");
            let (from, to) = (whole.len(), smaller.len());
            assert!(to < from / share, "{name}: {to} bytes of {from} after {tried} trials");
        }
    }
}
