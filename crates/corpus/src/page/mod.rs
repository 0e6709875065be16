//! The report of a comparison: `summary.md`, `differences.jsonl`, and `report.html`, one page that needs no network and no server.
//!
//! The page holds its data as JSON, and small plain JavaScript shows what is asked for: text goes into it as text nodes alone, so that
//! nothing that a file or its name says can act.

mod data;
mod link;

use std::fs;
use std::path::Path;

use nianbao::Forms;
use serde_json::Value;

use crate::comparison::Comparison;
use crate::error::Error;
use crate::summary::markdown;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// How many files the page shows, the worst first. A page of more could not be opened, and nobody would read it; `differences.jsonl` has all.
const SHOWN: usize = 3000;

/// Writes the report of a comparison into a folder. The forms tell how figures are laid out.
///
/// # Errors
/// It cannot be written.
pub fn write_report(comparison: &Comparison, forms: &Forms, folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|error| Error::at(folder, &error))?;
    // Links are told from where the page really lies.
    let folder = folder.canonicalize().map_err(|error| Error::at(folder, &error))?;
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| Error::at(&path, &error))
    };
    write("summary.md", &markdown(comparison))?;
    write("differences.jsonl", &lines(comparison, &folder))?;
    write("report.html", &page(comparison, forms, &folder))
}

fn lines(comparison: &Comparison, folder: &Path) -> String {
    comparison.differences.iter().map(|file| format!("{}\n", data::file(file, folder))).collect()
}

fn page(comparison: &Comparison, forms: &Forms, folder: &Path) -> String {
    let data = in_a_script(&data::all(comparison, forms, folder, SHOWN));
    let page = PAGE.replace("/*STYLE*/", STYLE).replace("/*SCRIPT*/", SCRIPT);
    // Put in last: whatever it holds, it is no mark of ours.
    match page.split_once("/*DATA*/") {
        Some((before, after)) => format!("{before}{data}{after}"),
        None => page,
    }
}

/// JSON that ends no script and begins no comment.
fn in_a_script(value: &Value) -> String {
    let text = value.to_string();
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{Bucket, Difference};
    use crate::comparison::FileDifference;
    use crate::testing::Folder;

    #[test]
    fn nothing_that_a_file_says_ends_the_script_that_holds_it() {
        let folder = Folder::new("page");
        let name = "</script><script>alert(1)</script><!--/*DATA*/ &.docx".to_owned();
        let difference = Difference { buckets: [Bucket::New].into(), ..Difference::default() };
        let mut comparison = Comparison::default();
        comparison.add(Some(FileDifference { name, difference, ..FileDifference::default() }), 0);
        write_report(&comparison, &Forms::builtin(), folder.path()).unwrap();
        let page = folder.read("report.html");
        assert_eq!(page.matches("</script>").count(), 2, "the two of the page itself");
        assert!(page.contains("\\u003c/script\\u003e\\u003cscript\\u003ealert(1)"));
        assert!(!page.contains("http://") && !page.contains("https://"), "no address of the network");
    }
}
