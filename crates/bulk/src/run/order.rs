//! What the user asked for, looked at before anything is done.

use std::fs;
use std::path::Path;

use nianbao::Forms;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::dataset::Written;
use crate::error::Error;
use crate::input::Input;
use crate::ledger::Edition;
use crate::manifest::each_row;
use crate::options::Options;
use crate::remote::shown_address;
use crate::walk::{Choice, identity};

/// What the user asked for, found to be possible.
#[derive(Debug)]
pub(crate) struct Order {
    pub(super) choice: Choice,
    pub(crate) forms: Forms,
    pub(crate) edition: Edition,
    asked: Asked,
}

/// What decides which files a dataset has, and what stands in them beside the records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Asked {
    /// [`LAYOUT`]; before there was one, 0.
    #[serde(default)]
    layout: u32,
    version: String,
    forms: String,
    csv: bool,
    bom: bool,
    sqlite: bool,
    tables: bool,
}

/// Counts the changes of what the tables hold, within one version of the program too.
const LAYOUT: u32 = 1;

/// What the ledger notes of the dataset that was written from it.
#[derive(Debug, Serialize, Deserialize)]
struct Note {
    asked: Asked,
    /// Names and sizes.
    files: Vec<(String, u64)>,
}

impl Order {
    /// # Errors
    /// Whatever of it is not possible. Nothing has been done then.
    pub(crate) fn new(inputs: &[Input], out: &Path, options: &Options) -> Result<Self, Error> {
        let choice = Choice::new(&options.include, &options.exclude).map_err(Error::Usage)?;
        let forms = match &options.form {
            Some(text) => Forms::only(text).map_err(|error| Error::Usage(format!("not a form file: {error}")))?,
            None => Forms::builtin(),
        };
        let output = fs::metadata(out).ok();
        if output.as_ref().is_some_and(|facts| !facts.is_dir()) {
            return Err(Error::Usage(format!("{} is a file; name a folder with --out", out.display())));
        }
        for input in inputs {
            match input {
                Input::Path(path) => check(path, output.as_ref())?,
                Input::Address(address) if options.remote.is_none() => return Err(without(address)),
                // All of it is looked at before anything is done.
                Input::Manifest(path) => each_row(path, &mut |_| Ok(()))?,
                Input::Address(_) | Input::List(_) | Input::Rows(_) => {}
            }
        }
        let (version, digest) = (env!("CARGO_PKG_VERSION").to_owned(), digest_of_forms(options.form.as_deref()));
        let asked = Asked {
            layout: LAYOUT,
            version: version.clone(),
            forms: digest.clone(),
            csv: options.csv,
            bom: options.bom,
            sqlite: options.sqlite,
            tables: options.tables,
        };
        Ok(Self { choice, forms, edition: Edition { version, forms: digest }, asked })
    }

    /// Which folder is the output folder, whatever its name.
    pub(super) fn output(&self, out: &Path) -> Option<(u64, u64)> {
        fs::metadata(out).ok().map(|facts| identity(&facts))
    }

    /// What the ledger is to note of a dataset.
    pub(super) fn note(&self, written: &Written) -> String {
        let files = written.files.iter().map(|file| (file.name.clone(), file.bytes)).collect();
        serde_json::to_string(&Note { asked: self.asked.clone(), files }).unwrap_or_default()
    }

    /// Whether the dataset that was noted is what is asked for, and is still there.
    pub(super) fn stands(&self, note: Option<&str>, out: &Path) -> bool {
        let there = |(name, bytes): &(String, u64)| {
            fs::metadata(super::in_folder(out, name)).is_ok_and(|facts| facts.is_file() && facts.len() == *bytes)
        };
        let note = note.and_then(|note| serde_json::from_str::<Note>(note).ok());
        note.is_some_and(|note| note.asked == self.asked && note.files.iter().all(there))
    }
}

/// An address was named, and nobody reaches it.
pub(crate) fn without(address: &str) -> Error {
    Error::Usage(format!(
        "{}: this nianbao was built without object storage; build it with `cargo install --path crates/cli --features objects`",
        shown_address(address)
    ))
}

fn check(path: &Path, output: Option<&fs::Metadata>) -> Result<(), Error> {
    let facts = fs::metadata(path).map_err(|error| {
        let why = match error.kind() {
            std::io::ErrorKind::NotFound => "no such file or folder; check the name".to_owned(),
            _ => error.to_string(),
        };
        Error::Usage(format!("{}: {why}", path.display()))
    })?;
    if output.is_some_and(|output| identity(output) == identity(&facts)) {
        return Err(Error::Usage(format!("{} is the output folder, and no input", path.display())));
    }
    Ok(())
}

/// The SHA-256 of the texts of the forms, each with its length before it.
fn digest_of_forms(own: Option<&str>) -> String {
    let builtin = Forms::builtin_texts();
    let texts = own.as_ref().map_or(&builtin[..], std::slice::from_ref);
    let mut digest = Sha256::new();
    for text in texts {
        digest.update((text.len() as u64).to_le_bytes());
        digest.update(text);
    }
    nianbao::hex(&digest.finalize())
}
