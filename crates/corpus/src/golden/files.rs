//! Golden readings as files: `CASE.report.json` and, where the file can be read, `CASE.document.txt`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Golden;
use super::layout::lay_out;
use crate::error::Error;

const REPORT: &str = "report.json";
const DOCUMENT: &str = "document.txt";

fn path(folder: &Path, case: &str, ending: &str) -> PathBuf {
    folder.join(format!("{case}.{ending}"))
}

/// What was accepted of a case.
pub(super) fn get(folder: &Path, case: &str) -> Result<Option<Golden>, Error> {
    let of_report = path(folder, case, REPORT);
    let Ok(text) = fs::read_to_string(&of_report) else { return Ok(None) };
    let lines: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(&text).into_iter().collect();
    let lines = lines.map_err(|error| Error::broken(&of_report, error))?;
    let document = fs::read_to_string(path(folder, case, DOCUMENT)).ok();
    Ok(Some(Golden { lines, document, cost: None, sha256: None }))
}

/// Keeps what is accepted of a case.
pub(super) fn put(folder: &Path, case: &str, golden: &Golden) -> Result<(), Error> {
    write(&path(folder, case, REPORT), Some(&lay_out(&golden.lines)))?;
    write(&path(folder, case, DOCUMENT), golden.document.as_deref())
}

fn write(path: &Path, text: Option<&str>) -> Result<(), Error> {
    let written = match text {
        Some(text) => {
            let folder = path.parent().unwrap_or(path);
            fs::create_dir_all(folder).and_then(|()| fs::write(path, text))
        }
        None if path.exists() => fs::remove_file(path),
        None => Ok(()),
    };
    written.map_err(|error| Error::at(path, &error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;
    use serde_json::json;

    #[test]
    fn what_was_kept_comes_back_without_what_only_repeats_the_input() {
        let folder = Folder::new("files");
        let line = json!({"source": {"path": "a/b.txt", "bytes": 7}, "status": "ok", "a": {"b": 12.50}});
        let golden =
            Golden { lines: vec![line.clone(), line], document: Some("text\n".to_owned()), ..Golden::default() };
        put(folder.path(), "a/b.txt", &golden).unwrap();
        let back = get(folder.path(), "a/b.txt").unwrap().unwrap();
        assert_eq!(back.lines.len(), 2);
        assert_eq!(back.lines[0], json!({"source": {"path": "a/b.txt"}, "status": "ok", "a": {"b": 12.50}}));
        assert_eq!(back.document.as_deref(), Some("text\n"));
        // A document that can no longer be read leaves no text behind.
        put(folder.path(), "a/b.txt", &Golden { document: None, ..golden }).unwrap();
        assert_eq!(get(folder.path(), "a/b.txt").unwrap().unwrap().document, None);
    }
}
