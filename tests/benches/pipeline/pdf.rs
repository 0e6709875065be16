//! `tables` on PDF files against `pdftotext -layout`, the least that a reader of page layout has to do; and the cost of a page.
//!
//! Both run as programs of their own, starting included. Where poppler is not installed, only ours is measured, and that is said.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use nianbao_tests::case;

use crate::pages;
use crate::process::{self, Cost};
use crate::time::mean;

/// `--tables PATH`: what is measured of ours.
pub(crate) const CHILD: &str = "--tables";

/// How often each file is read by each program; the cheapest time counts.
const TURNS: usize = 5;

/// The sizes of the files that are made to see what a page costs.
const PAGES: [usize; 3] = [10, 100, 1000];

/// Measures the corpus, every folder named, and the made files.
pub(crate) fn run(folders: &[PathBuf]) -> Result<(), Box<dyn Error>> {
    let theirs = process::runs("pdftotext", &["-v"]);
    println!(
        "\n{:<36}{:>8}{:>11}{:>11}{:>8}{:>10}{:>10}",
        "pdf", "files", "tables ms", "poppler ms", "ratio", "MiB", "poppler"
    );
    if !theirs {
        println!("pdftotext is not installed (poppler-utils): nothing to compare with");
    }
    let corpus = case::corpus().join("pdf");
    for folder in std::iter::once(&corpus).chain(folders) {
        if folder.is_dir() {
            against_poppler(folder, theirs)?;
        } else {
            println!("{}: no such folder", folder.display());
        }
    }
    cost_of_a_page()
}

fn against_poppler(folder: &Path, theirs: bool) -> Result<(), Box<dyn Error>> {
    let files: Vec<PathBuf> = case::files_below(folder)?
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pdf")))
        .collect();
    let (mut ours, mut least, mut ratios) = (Cost::default(), Cost::default(), Vec::new());
    for file in &files {
        let (one, other) = in_turns(file, theirs)?;
        ratios.extend(theirs.then(|| one.seconds / other.seconds));
        ours = ours.and(one);
        least = least.and(other);
    }
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let (time, memory) = (ours.seconds * 1e3, ours.mebibytes);
    if theirs {
        let ratio = ours.seconds / least.seconds;
        println!(
            "{name:<36}{:>8}{time:>11.0}{:>11.0}{ratio:>8.2}{memory:>10.1}{:>10.1}",
            files.len(),
            least.seconds * 1e3,
            least.mebibytes
        );
        println!("{:<66}{:>8.2}", format!("{name}, geometric mean of the files"), mean(&ratios));
    } else {
        println!("{name:<36}{:>8}{time:>11.0}{:>11}{:>8}{memory:>10.1}", files.len(), "", "");
    }
    Ok(())
}

/// The cheapest run of each program; they take turns, so that a busy machine hits both.
fn in_turns(file: &Path, theirs: bool) -> Result<(Cost, Cost), Box<dyn Error>> {
    let (mut one, mut other) = (Cost::MOST, Cost::MOST);
    for _ in 0..TURNS {
        one = one.least(ours(file)?);
        if theirs {
            other = other
                .least(process::cost(Path::new("pdftotext"), &["-layout".as_ref(), file.as_os_str(), "-".as_ref()])?);
        }
    }
    Ok((one, other))
}

fn ours(file: &Path) -> Result<Cost, Box<dyn Error>> {
    process::cost(&std::env::current_exe()?, &[CHILD.as_ref(), file.as_os_str()])
}

/// What a page costs must not depend on how many there are, and memory follows the page, not the file.
fn cost_of_a_page() -> Result<(), Box<dyn Error>> {
    println!("\n{:<36}{:>8}{:>11}{:>11}{:>18}", "pdf, made", "KiB", "tables ms", "ms a page", "MiB");
    let path = std::env::temp_dir().join(format!("nianbao-bench-{}.pdf", std::process::id()));
    for count in PAGES {
        fs::write(&path, pages::file(count))?;
        let mut cost = Cost::MOST;
        for _ in 0..2 {
            cost = cost.least(ours(&path)?);
        }
        let size = fs::metadata(&path)?.len() / 1024;
        let time = cost.seconds * 1e3;
        println!(
            "{:<36}{size:>8}{time:>11.0}{:>11.3}{:>18.1}",
            format!("{count} pages"),
            time / count as f64,
            cost.mebibytes
        );
    }
    fs::remove_file(path)?;
    Ok(())
}

/// What the child does: as the program `nianbao tables PATH`.
pub(crate) fn child(path: &str) -> Result<(), Box<dyn Error>> {
    let tables = nianbao::tables(path, &fs::read(path)?, false);
    println!("{}", serde_json::to_string(&tables)?);
    Ok(())
}
