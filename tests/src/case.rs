//! The documents of the corpus.

use std::fs;
use std::path::{Path, PathBuf};

use nianbao_corpus::Corpus;
use serde_json::Value;

/// One document of the corpus.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Case {
    /// Its path below `corpus/`, with slashes: `docx/plain-2021.docx`.
    pub name: String,
}

/// The top of the working tree.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

/// The corpus.
pub fn corpus() -> PathBuf {
    root().join("corpus")
}

/// All cases, by name.
///
/// # Errors
/// A corpus that cannot be opened.
pub fn all() -> Result<Vec<Case>, String> {
    let corpus = Corpus::open(&corpus()).map_err(|error| error.to_string())?;
    Ok(corpus.cases.into_iter().map(|case| Case { name: case.name }).collect())
}

/// The cases that are reports or could be taken for one; the hostile files are not among them.
///
/// # Errors
/// A folder that cannot be listed.
pub fn readable() -> Result<Vec<Case>, String> {
    Ok(all()?.into_iter().filter(|case| !case.is_broken()).collect())
}

/// Every file below `folder`, in order.
///
/// # Errors
/// A folder that cannot be listed.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries {
        let path = entry.map_err(|error| format!("{}: {error}", folder.display()))?.path();
        if path.is_dir() {
            files.append(&mut files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// `path` as seen from `folder`, with slashes on every machine.
pub fn relative(path: &Path, folder: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

impl Case {
    /// Whether it stands among the broken, hostile and odd files.
    pub fn is_broken(&self) -> bool {
        self.name.starts_with("broken/")
    }

    /// The document.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn bytes(&self) -> Result<Vec<u8>, String> {
        fs::read(corpus().join(&self.name)).map_err(|error| format!("{}: {error}", self.name))
    }

    /// Where its truth stands.
    pub fn truth_path(&self) -> PathBuf {
        corpus().join("truth").join(format!("{}.json", self.name))
    }

    /// What is known of it.
    ///
    /// # Errors
    /// No truth, or one that is no JSON.
    pub fn truth(&self) -> Result<Value, String> {
        let path = self.truth_path();
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
    }
}
