//! A folder as people scrape them: many files, mostly alike, some odd, made of the corpus.
//!
//! Every file has bytes of its own: figures are multiplied, so that sums that held hold still, and where that is not possible the file gets
//! a harmless tail. Some are copies, some are cut short, some stand in archives.

use std::error::Error;
use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;

use nianbao_tests::case::{corpus, files_below};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::documents;

/// How many files go into one folder below, as downloads of one site would.
const PER_FOLDER: usize = 250;

/// How many documents an archive holds.
const PER_ARCHIVE: usize = 4;

/// What a hundred files are, in the order in which they take turns.
const MIX: [(Kind, usize); 8] = [
    (Kind::Docx, 47),
    (Kind::Pdf, 25),
    (Kind::Html, 12),
    (Kind::Xlsx, 6),
    (Kind::Xls, 4),
    (Kind::Text, 3),
    (Kind::Archive, 2),
    (Kind::Broken, 1),
];

/// Each so many-th file is the same as the one before it.
const COPY: usize = 50;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Docx,
    Pdf,
    Html,
    Xlsx,
    Xls,
    Text,
    Archive,
    Broken,
}

impl Kind {
    /// The folder of the corpus and the ending of the files that are varied.
    const fn models(self) -> (&'static str, &'static str) {
        match self {
            Self::Docx | Self::Archive | Self::Broken => ("docx", "docx"),
            Self::Pdf => ("pdf", "pdf"),
            Self::Html => ("html", "html"),
            Self::Xlsx => ("sheet", "xlsx"),
            Self::Xls => ("sheet", "xls"),
            Self::Text => ("text", "txt"),
        }
    }
}

/// The documents of the corpus that are varied, by kind.
struct Models(Vec<(Kind, Vec<Vec<u8>>)>);

impl Models {
    fn new() -> Result<Self, Box<dyn Error>> {
        let mut models = Vec::new();
        for (kind, _) in MIX {
            let (folder, ending) = kind.models();
            let mut paths = files_below(&corpus().join(folder))?;
            paths.retain(|path| path.extension().is_some_and(|found| found == ending));
            paths.sort();
            let mut documents = paths.iter().map(fs::read).collect::<Result<Vec<_>, _>>()?;
            if kind == Kind::Docx {
                // What people hand in is heavy: half of the Word files have the markup of an office.
                let heavy: Vec<_> = documents::heavy()?.into_iter().map(|file| file.bytes).collect();
                documents = documents.into_iter().zip(heavy.into_iter().cycle()).flat_map(<[_; 2]>::from).collect();
            }
            models.push((kind, documents));
        }
        Ok(Self(models))
    }

    fn of(&self, kind: Kind, number: usize) -> &[u8] {
        let documents = self.0.iter().find(|(found, _)| *found == kind).map_or(&[][..], |(_, documents)| documents);
        documents.get(number % documents.len().max(1)).map_or(&[], Vec::as_slice)
    }
}

/// Makes the folder with so many files.
pub(crate) fn make(folder: &Path, count: usize) -> Result<(), Box<dyn Error>> {
    let models = Models::new()?;
    let kinds = turns();
    let mut before = Vec::new();
    for number in 0..count {
        let below = folder.join(format!("{:03}", number / PER_FOLDER));
        fs::create_dir_all(&below)?;
        let kind = kinds.get(number % kinds.len()).copied().unwrap_or(Kind::Docx);
        let copy = number % COPY == COPY - 1;
        let bytes = if copy { before } else { file(&models, kind, number)? };
        let ending = if kind == Kind::Archive { "zip" } else { kind.models().1 };
        let name = if copy { format!("{number:05}-copy") } else { format!("{number:05}.{ending}") };
        fs::write(below.join(name), &bytes)?;
        before = bytes;
    }
    Ok(())
}

/// A hundred files, the kinds well mixed.
fn turns() -> Vec<Kind> {
    let mut kinds: Vec<(usize, Kind)> = Vec::new();
    for (kind, count) in MIX {
        kinds.extend((0..count).map(|nth| ((2 * nth + 1) * 500 / count, kind)));
    }
    kinds.sort_by_key(|(place, _)| *place);
    kinds.into_iter().map(|(_, kind)| kind).collect()
}

fn file(models: &Models, kind: Kind, number: usize) -> Result<Vec<u8>, Box<dyn Error>> {
    let model = models.of(kind, number);
    match kind {
        Kind::Docx | Kind::Xlsx => packaged(model, number),
        Kind::Archive => archive(models, number),
        Kind::Broken => {
            Ok(model.get(..model.len() * 3 / 5).unwrap_or_default().iter().copied().chain(tail(number)).collect())
        }
        Kind::Html => Ok([&multiplied(model, number)[..], format!("<!-- {number} -->\n").as_bytes()].concat()),
        Kind::Pdf => Ok([model, format!("\n%{number}\n").as_bytes()].concat()),
        Kind::Xls => Ok(model.iter().copied().chain(tail(number)).collect()),
        Kind::Text => Ok([model, format!("\n({number})\n").as_bytes()].concat()),
    }
}

/// Bytes behind the end that no reader looks at.
fn tail(number: usize) -> [u8; 512] {
    let mut tail = [0; 512];
    for (place, byte) in tail.iter_mut().zip(number.to_le_bytes()) {
        *place = byte;
    }
    tail
}

/// A package with its figures multiplied, and a comment of its own.
fn packaged(model: &[u8], number: usize) -> Result<Vec<u8>, Box<dyn Error>> {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(model)) else {
        return Ok(model.iter().copied().chain(tail(number)).collect());
    };
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.set_comment(number.to_string())?;
    for index in 0..archive.len() {
        let main = archive.by_index_raw(index).is_ok_and(|part| part.name() == documents::MAIN);
        if !main {
            writer.raw_copy_file(archive.by_index_raw(index)?)?;
            continue;
        }
        let mut text = Vec::new();
        archive.by_index(index)?.read_to_end(&mut text)?;
        writer.start_file(documents::MAIN, SimpleFileOptions::default())?;
        writer.write_all(&multiplied(&text, number))?;
    }
    Ok(writer.finish()?.into_inner())
}

fn archive(models: &Models, number: usize) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for member in 0..PER_ARCHIVE {
        let kind = if member == 0 { Kind::Pdf } else { Kind::Docx };
        writer.start_file(format!("{member}.{}", kind.models().1), SimpleFileOptions::default())?;
        writer.write_all(&file(models, kind, number * PER_ARCHIVE + member)?)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// Markup in which every text that is a count is multiplied. Years stay.
fn multiplied(markup: &[u8], number: usize) -> Vec<u8> {
    let factor = 1 + number as u64 % 9;
    let mut out = Vec::with_capacity(markup.len() + markup.len() / 16);
    for piece in markup.split_inclusive(|&byte| byte == b'>') {
        let end = piece.iter().position(|&byte| byte == b'<').unwrap_or_default();
        let (text, rest) = piece.split_at(end);
        match std::str::from_utf8(text).ok().and_then(|text| text.trim().parse::<u64>().ok()) {
            Some(count) if count < 1 << 40 && !(1990..2100).contains(&count) => {
                out.extend((count * factor).to_string().as_bytes());
            }
            _ => out.extend(text),
        }
        out.extend(rest);
    }
    out
}
