//! Documents, workbooks and archives with spoilt bytes: whatever stands in them, there is an answer.

use std::fs;
use std::io::{Cursor, Read as _, Write as _};

use nianbao_tests::case::corpus;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// How many times each file is spoilt.
const TIMES: u64 = 60;

/// Numbers that look random and are the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }

    /// A few bytes changed, in places that lie close together as often as not, and sometimes the end cut off.
    fn spoil(&mut self, bytes: &mut Vec<u8>) {
        let mut at = self.below(bytes.len());
        for _ in 0..=self.below(12) {
            at = if self.below(2) == 0 { self.below(bytes.len()) } else { at + self.below(9) };
            if let Some(byte) = bytes.get_mut(at) {
                *byte = [0, 1, 0x7F, 0x80, 0xFF, *byte ^ 1, b'9', b'<'][self.below(8)];
            }
        }
        if self.below(8) == 0 {
            bytes.truncate(self.below(bytes.len()));
        }
    }
}

#[test]
fn spoilt_streams_get_an_answer() {
    for name in [
        "sheet/gbk-undeclared.xls",
        "sheet/gbk-2021.xls",
        "sheet/formats.xls",
        "doc/fast-saved.doc",
        "doc/nested-twice.doc",
        "doc/properties-elsewhere.doc",
        "doc/table-in-text-box.doc",
        "odt/flat.fodt",
        "ods/flat.fods",
        "bundle/tar.tar",
        "bundle/gbk-names.zip",
    ] {
        let sound = fs::read(corpus().join(name)).unwrap();
        for seed in 0..TIMES {
            let mut bytes = sound.clone();
            Dice(seed).spoil(&mut bytes);
            answered(name, seed, &bytes);
        }
    }
}

#[test]
fn spoilt_parts_get_an_answer() {
    for name in [
        "sheet/plain-2019.xlsx",
        "sheet/formulas.xlsx",
        "sheet/hidden.xlsb",
        "sheet/rich-text.xlsx",
        "odt/by-hand.odt",
        "odt/changes-in-figures.odt",
        "odt/sub-tables.odt",
        "ods/formats.ods",
    ] {
        let sound = parts(&fs::read(corpus().join(name)).unwrap());
        for seed in 0..TIMES {
            let mut dice = Dice(seed);
            let mut parts = sound.clone();
            let index = dice.below(parts.len());
            dice.spoil(&mut parts[index].1);
            answered(name, seed, &packed(&parts));
        }
    }
}

/// Reads the documents of a file; a fault of ours shows itself by its kind.
fn answered(name: &str, seed: u64, bytes: &[u8]) {
    nianbao::documents(name, bytes, |member| {
        let error = match member.bytes {
            Ok(bytes) => nianbao::read(bytes).err(),
            Err(error) => Some(error),
        };
        match error {
            Some(error) if error.kind() == "crashed" => Err(format!("{name}, seed {seed}: {error}")),
            _ => Ok(()),
        }
    })
    .unwrap();
}

fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let count = archive.len();
    let part = |index: usize| {
        let mut file = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        (file.name().to_owned(), bytes)
    };
    (0..count).map(part).collect()
}

fn packed(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in parts {
        writer.start_file(name.as_str(), options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
