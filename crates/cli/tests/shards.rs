//! A manifest in shards: read in any order, twice, at once, killed in between; gathered, it is the dataset of one machine, byte for byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use super::convert::{made, report};
use super::run::{Run, command, corpus, finish};

/// A folder of its own for one test.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shards").join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

/// The files of a folder, sorted.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => files.extend(files_below(&entry.path())),
            false => files.push(entry.path()),
        }
    }
    files.sort();
    files
}

/// A manifest without hashes: the same bytes may stand in two shards.
fn manifest(place: &Path, files: &[PathBuf]) -> PathBuf {
    let path = place.join("manifest.csv");
    let rows: String = files.iter().map(|file| format!("\"{}\"\n", file.display())).collect();
    fs::write(&path, format!("uri\n{rows}")).unwrap();
    path
}

/// The files of a dataset; folders of parts and what belongs to runs are none.
fn dataset(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(out).unwrap().map(Result::unwrap).filter(|entry| entry.file_type().unwrap().is_file());
    let named = files.map(|file| (file.file_name().into_string().unwrap(), file.path()));
    named.filter(|(name, _)| !name.starts_with("ledger.")).map(|(name, path)| (name, fs::read(path).unwrap())).collect()
}

fn assert_same(one: &Path, other: &Path) {
    let (one, other) = (dataset(one), dataset(other));
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert!(one.contains_key("datapackage.json"));
    assert_eq!(names(&one), names(&other));
    for (name, bytes) in &one {
        assert!(other.get(name) == Some(bytes), "{name} differs");
    }
}

struct Shards {
    manifest: PathBuf,
    out: PathBuf,
    scratch: PathBuf,
    of: usize,
}

impl Shards {
    fn new(place: &Path, manifest: &Path, of: usize) -> Self {
        let (out, scratch) = (place.join(format!("out-{of}")), place.join(format!("scratch-{of}")));
        fs::create_dir_all(&scratch).unwrap();
        Self { manifest: manifest.to_owned(), out, scratch, of }
    }

    fn arguments(&self, more: &[&str]) -> std::process::Command {
        let mut command = command();
        command.arg("convert").arg("--manifest").arg(&self.manifest).arg("--out").arg(&self.out).args(more);
        command.arg("--scratch").arg(&self.scratch);
        command
    }

    fn shard(&self, index: usize) -> Run {
        finish(self.arguments(&["--jobs", "2"]).args(["--shard", &format!("{index}/{}", self.of)]))
    }

    fn start(&self, index: usize) -> Child {
        let mut command = self.arguments(&["--jobs", "2"]);
        command.args(["--shard", &format!("{index}/{}", self.of)]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    fn gather(&self, more: &[&str]) -> Run {
        finish(self.arguments(more).args(["--gather", &self.of.to_string()]))
    }

    /// The parts, and what should not be there.
    fn parts(&self) -> BTreeMap<String, Vec<u8>> {
        let name = |path: &Path| path.strip_prefix(&self.out).unwrap().to_str().unwrap().to_owned();
        files_below(&self.out).into_iter().map(|path| (name(&path), fs::read(&path).unwrap())).collect()
    }
}

#[test]
fn the_corpus_in_shards_is_the_corpus_on_one_machine() {
    let place = folder("corpus");
    let mut files: Vec<PathBuf> = ["docx", "text", "bundle", "sheet", "broken"]
        .iter()
        .flat_map(|name| files_below(Path::new(&corpus(name))))
        .collect();
    files.push(place.join("nothing.docx"));
    // Also in another spelling.
    let manifest = manifest(&place, &files);
    let uris = fs::read_to_string(&manifest).unwrap().replace("\"/", "\"file:///");
    fs::write(&manifest, uris).unwrap();
    let whole = place.join("whole");
    let wishes = ["--csv", "--sqlite", "--tables"];
    let mut one = command();
    one.arg("convert").args(&files[..files.len() - 1]).arg("--out").arg(&whole).args(wishes);
    assert_eq!(finish(&mut one).code, 3);
    let listed = place.join("listed");
    let mut one = command();
    one.arg("convert").arg("--manifest").arg(&manifest).arg("--out").arg(&listed).args(wishes);
    assert_eq!(finish(&mut one).code, 3);
    // But for the file that is not there.
    let (whole, lines) = (fs::read(whole.join("figures.parquet")).unwrap(), dataset(&listed));
    assert!(lines["figures.parquet"] == whole);
    for of in [1, 3, 7] {
        let shards = Shards { out: place.join(format!("of-{of}")), ..Shards::new(&place, &manifest, of) };
        for index in (0..of).rev() {
            let run = finish(shards.arguments(&["--tables"]).args(["--shard", &format!("{index}/{of}")]));
            assert_eq!(run.code, 0, "{}", run.err);
        }
        assert_eq!(shards.gather(&wishes).code, 3);
        assert_same(&listed, &shards.out);
        assert_eq!(files_below(&shards.scratch), Vec::<PathBuf>::new(), "nothing is left of the work");
    }
}

#[test]
fn shards_that_are_killed_or_read_twice_at_once_leave_the_same_parts() {
    let place = folder("killed");
    made(&place.join("in"), 240);
    let manifest = manifest(&place, &files_below(&place.join("in")));
    let whole = place.join("whole");
    let mut one = command();
    one.arg("convert").arg("--manifest").arg(&manifest).arg("--out").arg(&whole);
    assert_eq!(finish(&mut one).code, 3);

    let calm = Shards::new(&place, &manifest, 3);
    (0..3).for_each(|index| assert_eq!(calm.shard(index).code, 0));
    let wanted = calm.parts();
    assert!(wanted.len() > 3 * 7 && wanted.keys().all(|name| name.contains("/part-")), "{:?}", wanted.keys());

    let wild = Shards { out: place.join("wild"), ..Shards::new(&place, &manifest, 3) };
    for turn in 0..12 {
        let mut child = wild.start(turn % 3);
        std::thread::sleep(Duration::from_millis(40 * turn as u64));
        let _ = child.kill();
        child.wait().unwrap();
    }
    let mut children: Vec<Child> = [2, 0, 2, 1, 1, 0].into_iter().map(|index| wild.start(index)).collect();
    children.iter_mut().for_each(|child| assert!(child.wait().unwrap().success()));
    let mut parts = wild.parts();
    // What a killed one was putting there when it died; readers of Parquet pass over it.
    parts.retain(|name, _| !name.contains("/."));
    assert!(parts == wanted, "{:?}", parts.keys());
    let again = wild.shard(1);
    assert!(again.code == 0 && again.err.contains("there already"), "{}", again.err);
    assert_eq!(wild.gather(&[]).code, 3);
    assert_same(&whole, &wild.out);
}

#[test]
fn shards_that_are_missing_are_named_and_nothing_is_written() {
    let place = folder("missing");
    let files: Vec<PathBuf> = (0..40)
        .map(|number| {
            let path = place.join(format!("{number}.txt"));
            fs::write(&path, report(number)).unwrap();
            path
        })
        .collect();
    let manifest = manifest(&place, &files);
    let shards = Shards::new(&place, &manifest, 4);
    [0, 2].into_iter().for_each(|index| assert_eq!(shards.shard(index).code, 0));
    let run = shards.gather(&[]);
    assert_eq!(run.code, 3);
    assert!(run.err.contains("not all shards are there; run these, and gather again: 1/4, 3/4"), "{}", run.err);
    assert!(!shards.out.join("figures.parquet").exists());
    // Of another number of shards, other rows are together.
    assert_eq!(Shards { of: 5, ..Shards::new(&place, &manifest, 4) }.gather(&[]).code, 3);
}

#[test]
fn a_file_that_is_not_as_listed_is_a_row_and_is_not_read() {
    let place = folder("listed");
    fs::write(place.join("a.txt"), report(1)).unwrap();
    fs::write(place.join("b.txt"), report(2)).unwrap();
    let (size, path) = (report(1).len(), |name: &str| place.join(name).display().to_string());
    let rows = |sha256: &str| {
        format!("uri,size,sha256\n{},{size},\n{},,{sha256}\n{},7,\n", path("a.txt"), path("b.txt"), path("c.txt"))
    };
    let manifest = place.join("manifest.csv");
    fs::write(&manifest, rows(&"0".repeat(64))).unwrap();
    let shards = Shards::new(&place, &manifest, 2);
    [0, 1].into_iter().for_each(|index| assert_eq!(shards.shard(index).code, 0));
    let run = shards.gather(&["--csv"]);
    assert_eq!(run.code, 3, "{}", run.err);
    let documents = fs::read_to_string(shards.out.join("documents.csv")).unwrap();
    let line = |name: &str| documents.lines().find(|line| line.contains(name)).unwrap();
    assert!(line("/a.txt").contains(",review,1,"), "{documents}");
    assert!(line("/b.txt").contains("not_as_listed") && line("/b.txt").contains("SHA-256"), "{documents}");
    assert!(line("/c.txt").contains("not_found"), "{documents}");

    // On one machine: what is as listed is read, and read again where the manifest says so.
    let out = place.join("one");
    let one = || finish(command().arg("convert").arg("--manifest").arg(&manifest).arg("--out").arg(&out));
    assert_eq!(one().code, 3);
    fs::write(&manifest, rows("")).unwrap();
    let again = one();
    assert!(again.err.contains("1 of 3 files opened, 1 documents read"), "{}", again.err);
}

#[test]
fn a_manifest_that_is_none_is_told_with_its_line() {
    let place = folder("wrong");
    let manifest = place.join("manifest.csv");
    fs::write(&manifest, "uri,size\na.doc,12\nb.doc,many\n").unwrap();
    for more in [&["--shard", "0/2"][..], &["--gather", "2"], &[]] {
        let mut run = command();
        run.arg("convert").arg("--manifest").arg(&manifest).arg("--out").arg(place.join("out")).args(more);
        let run = finish(&mut run);
        assert_eq!(run.code, 2);
        assert!(run.err.contains("line 3: size is not a number of bytes"), "{}", run.err);
    }
    assert!(!place.join("out").exists());
    let wrong = |arguments: &[&str]| finish(command().args(["convert", "--out", "x"]).args(arguments)).code;
    assert_eq!(wrong(&["--manifest", "m", "a.doc"]), 2);
    assert_eq!(wrong(&["--shard", "0/1", "a.doc"]), 2);
    assert_eq!(wrong(&["--manifest", "m", "--shard", "3/3"]), 2);
    assert_eq!(wrong(&["--manifest", "m", "--shard", "0/3", "--csv"]), 2);
    assert_eq!(wrong(&["--manifest", "m", "--shard", "0/3", "--gather", "3"]), 2);
}
