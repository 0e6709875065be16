//! The characters that we read, beside those that `pdf-extract` reads: another program from the bytes up, so that an error would have to
//! be made twice to go unseen. Whatever the layout makes of them, none may be lost on the way.
//!
//! It knows no predefined `CMap` and panics at them, so most of our corpus is not for it. What LibreOffice, Chromium and reportlab make
//! with fonts of their own is.

use std::collections::BTreeMap;
use std::path::Path;

use nianbao_model::Block;
use unicode_normalization::UnicodeNormalization;

/// What both can read.
const DOCUMENTS: [&str; 8] = [
    "chromium-2019",
    "chromium-2021",
    "font-identity-h",
    "font-kangxi-radicals",
    "libreoffice-2019",
    "libreoffice-2021",
    "libreoffice-wrapped",
    "reportlab-2019",
];

type Counts = BTreeMap<char, usize>;

#[test]
fn what_both_can_read_both_read_alike() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/pdf");
    for name in DOCUMENTS {
        let bytes = std::fs::read(folder.join(name).with_extension("pdf")).unwrap();
        let (ours, theirs) = (ours(&bytes).unwrap(), theirs(&bytes).unwrap());
        assert!(ours.values().sum::<usize>() > 1_500, "{name}: too few characters");
        assert_eq!(difference(&ours, &theirs), [], "{name}: character, ours, theirs");
    }
}

fn ours(bytes: &[u8]) -> Option<Counts> {
    let mut counts = Counts::new();
    for block in nianbao_pdf::extract(bytes).ok()?.blocks {
        match block {
            Block::Paragraph(paragraph) => count(&paragraph.text(), &mut counts),
            Block::Table(table) => table.cells().iter().for_each(|cell| count(&cell.text(), &mut counts)),
        }
    }
    Some(counts)
}

fn theirs(bytes: &[u8]) -> Option<Counts> {
    let mut counts = Counts::new();
    count(&pdf_extract::extract_text_from_mem(bytes).ok()?, &mut counts);
    Some(counts)
}

fn count(text: &str, counts: &mut Counts) {
    for c in text.nfkc().filter(|c| !c.is_whitespace()) {
        *counts.entry(c).or_default() += 1;
    }
}

/// Which characters, how often with us, how often there.
fn difference(ours: &Counts, theirs: &Counts) -> Vec<(char, usize, usize)> {
    let times = |counts: &Counts, c| counts.get(&c).copied().unwrap_or(0);
    let mut all: Vec<char> = ours.keys().chain(theirs.keys()).copied().collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(|c| (c, times(ours, c), times(theirs, c))).filter(|(_, ours, theirs)| ours != theirs).collect()
}
