//! Adding a document to a corpus.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Component, Path};
use std::time::SystemTime;

use nianbao::hex;
use sha2::{Digest as _, Sha256};

use crate::corpus::{About, CASES, Corpus, Entry};
use crate::error::Error;
use crate::log;
use crate::run::{File, ReadOptions, read_one};
use crate::said::text;

/// Copies a document into the corpus, in a folder named after its format, and notes what is known of it. The name of the case.
///
/// # Errors
/// No reason, a document that is there already, or something cannot be read or written.
pub fn add(corpus: &Corpus, file: &Path, about: &About, read: &ReadOptions) -> Result<String, Error> {
    if about.why.trim().is_empty() {
        return Err(Error::Usage("say why it belongs into the corpus with --why".to_owned()));
    }
    let bytes = fs::read(file).map_err(|error| Error::Usage(format!("{}: {error}", file.display())))?;
    let sha256 = hex(&Sha256::digest(&bytes));
    let known = corpus.cases.iter().find(|case| case.sha256.as_ref() == Some(&sha256) || holds(&case.path, &bytes));
    if let Some(case) = known {
        return Err(Error::Usage(format!("{}: the same bytes are there as {}", file.display(), case.name)));
    }
    let name = format!("{}/{}", format(file, read)?, file_name(file));
    let path = corpus.folder.join(&name);
    if path.exists() {
        return Err(Error::Usage(format!("{name} is there already, with other bytes; rename the file")));
    }
    put(&path, &bytes)?;
    let title = Some(about.title.clone()).filter(|title| !title.is_empty());
    let about = About { title: title.unwrap_or_else(|| file_name(file)), ..about.clone() };
    let added = format!("{} {}", log::when(SystemTime::now()), log::who());
    let entry = Entry { file: name.clone(), sha256, about, added };
    append(&corpus.folder.join(CASES), &entry)?;
    Ok(name)
}

/// Whether a file holds just these bytes.
fn holds(path: &Path, bytes: &[u8]) -> bool {
    let as_long = fs::metadata(path).is_ok_and(|facts| facts.len() == bytes.len() as u64);
    as_long && fs::read(path).is_ok_and(|held| held == bytes)
}

/// The folder for a document: its format, told from its bytes by a worker.
fn format(file: &Path, read: &ReadOptions) -> Result<String, Error> {
    let of = File { path: file.to_owned(), name: String::new() };
    let reading = read_one(of, &ReadOptions { documents: false, ..read.clone() })?;
    let several = reading.lines.len() > 1 && reading.sha256.is_none();
    let source = reading.lines.first().and_then(|line| line.get("source"));
    let format = source.map(|source| text(source, "format")).filter(|format| !format.is_empty() && !several);
    Ok(format.unwrap_or(if several { "bundle" } else { "other" }).to_owned())
}

/// The last part of a path; what is no name is replaced.
fn file_name(file: &Path) -> String {
    let last = file.components().next_back();
    let name = match last {
        Some(Component::Normal(name)) => name.to_string_lossy().into_owned(),
        _ => "document".to_owned(),
    };
    name.trim_start_matches('.').to_owned()
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).and_then(|()| fs::write(path, bytes)).map_err(|error| Error::at(path, &error))
}

fn append(path: &Path, entry: &Entry) -> Result<(), Error> {
    let line = serde_json::to_string(entry).map_err(|error| Error::broken(path, error))?;
    let file = OpenOptions::new().create(true).append(true).open(path);
    file.and_then(|mut file| file.write_all(format!("{line}\n").as_bytes())).map_err(|error| Error::at(path, &error))
}
