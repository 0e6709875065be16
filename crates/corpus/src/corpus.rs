//! A corpus: a folder with documents, what is said of them, and what is true of them.
//!
//! ```text
//! corpus.toml      where golden and truth lie, what holds for all cases, limits; every line of it may be left out
//! cases.jsonl      one case a line, as `corpus add` writes them; cases that lie elsewhere stand here too
//! FOLDER/…         documents: every file below a folder that is not one of those named here is a case
//! golden/ or golden.parquet    what the program says
//! truth/           what a person has checked; no command writes it
//! accepted.jsonl   who accepted what, when and why
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::limits::Limits;
use crate::truth;

/// The file that makes a folder a corpus.
pub const MANIFEST: &str = "corpus.toml";
/// The list of cases.
pub const CASES: &str = "cases.jsonl";
/// The log of what was accepted.
pub const LOG: &str = "accepted.jsonl";

/// A corpus, found and understood; none of its documents is open yet.
#[derive(Clone, Debug)]
pub struct Corpus {
    /// Its folder.
    pub folder: PathBuf,
    settings: Settings,
    /// Every case, by name.
    pub cases: Vec<Case>,
}

/// What `corpus.toml` says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    golden: String,
    truth: String,
    without_golden: Vec<String>,
    about: About,
    limits: Limits,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            golden: "golden.parquet".to_owned(),
            truth: "truth".to_owned(),
            without_golden: Vec::new(),
            about: About::default(),
            limits: Limits::default(),
        }
    }
}

/// What is known of a case beside its document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct About {
    /// What it shows, in one line.
    pub title: String,
    /// Why it is here.
    pub why: String,
    /// Where it comes from.
    pub origin: String,
    /// Under which licence it may be passed on.
    pub licence: String,
    /// How it was made.
    pub made: String,
}

/// A document with what is expected of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its name: the path below the corpus, with slashes, or as the manifest says.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// The SHA-256 that it must have, in hexadecimal, where the manifest says so.
    pub sha256: Option<String>,
    /// What is known of it.
    pub about: About,
    /// Whether something is to be accepted of it; files that only must get some answer have their truth alone.
    pub has_golden: bool,
}

/// A line of the list of cases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The document, as seen from the corpus, with slashes.
    pub file: String,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
    /// What is known of it.
    #[serde(flatten)]
    pub about: About,
    /// Who added it, and when.
    #[serde(default)]
    pub added: String,
}

impl Corpus {
    /// Opens the corpus in a folder.
    ///
    /// # Errors
    /// A folder that is no corpus, or whose manifest cannot be understood.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let manifest = folder.join(MANIFEST);
        if !manifest.is_file() && !folder.join(CASES).is_file() {
            let folder = folder.display();
            return Err(Error::Usage(format!("{folder}: no corpus: there is no {MANIFEST} and no {CASES} in it")));
        }
        let settings: Settings = if manifest.is_file() {
            let text = fs::read_to_string(&manifest).map_err(|error| Error::at(&manifest, &error))?;
            toml::from_str(&text).map_err(|error| Error::Usage(format!("{}: {error}", manifest.display())))?
        } else {
            Settings::default()
        };
        let mut corpus = Self { folder: folder.to_owned(), settings, cases: Vec::new() };
        corpus.cases = corpus.all()?;
        Ok(corpus)
    }

    /// The corpus that a person means who names none: that of the folder where they are, of one above it, or of a folder `corpus` in those.
    ///
    /// # Errors
    /// There is none.
    pub fn around(folder: &Path) -> Result<Self, Error> {
        for above in folder.ancestors() {
            for folder in [above.to_owned(), above.join("corpus")] {
                if folder.join(MANIFEST).is_file() || folder.join(CASES).is_file() {
                    return Self::open(&folder);
                }
            }
        }
        Err(Error::Usage(format!("there is no corpus here; name its folder (it holds {MANIFEST} or {CASES})")))
    }

    /// Where what the program says is kept: a folder with files for each case, or one Parquet file.
    pub fn golden(&self) -> PathBuf {
        self.folder.join(&self.settings.golden)
    }

    /// Where what is true of a case stands.
    pub fn truth_path(&self, case: &str) -> PathBuf {
        self.folder.join(&self.settings.truth).join(format!("{case}.json"))
    }

    /// How much may differ before it is too much.
    pub const fn limits(&self) -> &Limits {
        &self.settings.limits
    }

    /// The one case of this name; its ending may be left out.
    ///
    /// # Errors
    /// No such case, or several.
    pub fn case(&self, name: &str) -> Result<&Case, Error> {
        let stem = |case: &Case| case.name.rsplit_once('.').map_or_else(String::new, |(stem, _)| stem.to_owned());
        let named: Vec<&Case> = self.cases.iter().filter(|case| case.name == name).collect();
        let found =
            if named.is_empty() { self.cases.iter().filter(|case| stem(case) == name).collect() } else { named };
        match found.as_slice() {
            [case] => Ok(case),
            [] => Err(Error::Usage(format!("{name}: no such case in {}", self.folder.display()))),
            _ => Err(Error::Usage(format!("{name}: several cases; write the ending too"))),
        }
    }

    /// Reads what is true of a case; `None` where nobody has said.
    ///
    /// # Errors
    /// A truth that is no JSON.
    pub fn truth(&self, case: &Case) -> Result<Option<serde_json::Value>, Error> {
        let path = self.truth_path(&case.name);
        if !path.is_file() {
            return Ok(None);
        }
        let text = fs::read_to_string(&path).map_err(|error| Error::at(&path, &error))?;
        serde_json::from_str(&text).map(Some).map_err(|error| Error::broken(&path, error))
    }

    fn all(&self) -> Result<Vec<Case>, Error> {
        let mut cases = BTreeMap::new();
        for entry in fs::read_dir(&self.folder).map_err(|error| Error::at(&self.folder, &error))? {
            let path = entry.map_err(|error| Error::at(&self.folder, &error))?.path();
            let name = name_of(&path, &self.folder);
            if path.is_dir() && !self.is_ours(&name) {
                for path in files_below(&path)? {
                    let case = self.found(path)?;
                    cases.insert(case.name.clone(), case);
                }
            }
        }
        for entry in entries(&self.folder.join(CASES))? {
            let case = self.listed(entry);
            cases.insert(case.name.clone(), case);
        }
        Ok(cases.into_values().collect())
    }

    /// Whether a folder at the top holds no documents.
    fn is_ours(&self, name: &str) -> bool {
        name.starts_with('.') || name == self.settings.golden || name == self.settings.truth
    }

    /// A document that lies in a folder of the corpus; title and reason stand in its truth.
    fn found(&self, path: PathBuf) -> Result<Case, Error> {
        let name = name_of(&path, &self.folder);
        let mut case = Case { name, path, sha256: None, about: self.settings.about.clone(), has_golden: true };
        case.has_golden = self.has_golden(&case.name);
        if let Some(truth) = self.truth(&case)? {
            truth::about(&truth, &mut case.about);
        }
        Ok(case)
    }

    fn listed(&self, entry: Entry) -> Case {
        let path = self.folder.join(&entry.file);
        let has_golden = self.has_golden(&entry.file);
        let mut about = entry.about;
        let all = &self.settings.about;
        for (own, all) in
            [(&mut about.origin, &all.origin), (&mut about.licence, &all.licence), (&mut about.made, &all.made)]
        {
            if own.is_empty() {
                own.clone_from(all);
            }
        }
        Case {
            name: entry.file,
            path,
            sha256: Some(entry.sha256).filter(|digest| !digest.is_empty()),
            about,
            has_golden,
        }
    }

    fn has_golden(&self, name: &str) -> bool {
        let below = |folder: &String| name.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'));
        !self.settings.without_golden.iter().any(below)
    }
}

/// The lines of a list of cases; none where there is no list.
pub(crate) fn entries(path: &Path) -> Result<Vec<Entry>, Error> {
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(path).map_err(|error| Error::at(path, &error))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let entry = |(index, line): (usize, &str)| {
        serde_json::from_str(line)
            .map_err(|error| Error::Usage(format!("{} line {}: {error}", path.display(), index + 1)))
    };
    lines.map(entry).collect()
}

/// Every file below a folder, in order; hidden ones are not looked at, links to folders are not followed.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| Error::at(&folder, &error))? {
            let entry = entry.map_err(|error| Error::at(&folder, &error))?;
            let kind = entry.file_type().map_err(|error| Error::at(&entry.path(), &error))?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if kind.is_dir() { folders.push(entry.path()) } else { files.push(entry.path()) }
        }
    }
    files.sort();
    Ok(files)
}

/// `path` as seen from `folder`, with slashes on every machine.
pub(crate) fn name_of(path: &Path, folder: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;

    #[test]
    fn a_folder_with_a_manifest_is_a_corpus() {
        let folder = Folder::new("corpus");
        assert!(Corpus::open(folder.path()).is_err());
        folder.write("corpus.toml", "golden = \"said\"\nwithout_golden = [\"broken\"]\n[about]\nlicence = \"MIT\"\n");
        folder.write("docx/b.docx", "b");
        folder.write("docx/.hidden", "h");
        folder.write("broken/a.docx", "a");
        folder.write("said/docx/b.docx.report.json", "{}");
        folder.write("truth/docx/b.docx.json", r#"{"title_of_case": "a case", "why": "because"}"#);
        folder.write("cases.jsonl", "{\"file\": \"../elsewhere.pdf\", \"sha256\": \"00\", \"title\": \"t\"}\n");
        let corpus = Corpus::open(folder.path()).unwrap();
        let names: Vec<&str> = corpus.cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names, ["../elsewhere.pdf", "broken/a.docx", "docx/b.docx"]);
        let case = corpus.case("docx/b").unwrap();
        assert_eq!((case.about.title.as_str(), case.about.why.as_str()), ("a case", "because"));
        assert_eq!((case.about.licence.as_str(), case.has_golden), ("MIT", true));
        assert!(!corpus.case("broken/a").unwrap().has_golden);
        assert!(corpus.case("docx/c").is_err());
    }

    #[test]
    fn a_manifest_that_is_not_understood_is_told_with_its_line() {
        let folder = Folder::new("corpus-wrong");
        folder.write("corpus.toml", "goldens = 1\n");
        let error = Corpus::open(folder.path()).unwrap_err().to_string();
        assert!(error.contains("goldens") && error.contains("line 1"), "{error}");
        folder.write("corpus.toml", "");
        folder.write("cases.jsonl", "{}\n{\n");
        assert!(Corpus::open(folder.path()).unwrap_err().to_string().contains("cases.jsonl line 1"));
    }
}
