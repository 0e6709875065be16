//! From what the user names to the files that are read.
//!
//! Folders are walked to the bottom. Files are handed over as the system lists them, so the memory that is needed does not grow with
//! their number; folders are visited in the order of their names. A link to a file is that file under one more path. A link to a
//! folder is followed after all folders that were reached without one, and no folder is visited twice (by device and inode), so
//! loops end and the path that stands is the plain one. Nothing is opened, only listed and looked at.
//!
//! Left out, unless named by the user: what is hidden (names that begin with `.`), what programs leave behind (`~$…`, `Thumbs.db`,
//! `desktop.ini`, `__MACOSX`), and the output folder.

use std::collections::{BTreeSet, HashSet};
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use sha2::{Digest as _, Sha256};

use crate::remote::Object;

use crate::event::Expected;

/// What tells whether a file is still the one that was read. Times are nanoseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) size: u64,
    pub(crate) modified: i64,
    pub(crate) changed: i64,
    pub(crate) inode: u64,
    pub(crate) device: u64,
}

impl Stamp {
    fn of(facts: &Metadata) -> Self {
        // A time beyond the year 2262 turns over: it is compared, never shown.
        let nanoseconds = |seconds: i64, rest: i64| seconds.wrapping_mul(1_000_000_000).wrapping_add(rest);
        Self {
            size: facts.size(),
            modified: nanoseconds(facts.mtime(), facts.mtime_nsec()),
            changed: nanoseconds(facts.ctime(), facts.ctime_nsec()),
            inode: facts.ino(),
            device: facts.dev(),
        }
    }

    /// That of an object: its size, its time, and in place of the other numbers a digest of its tag. One of which nothing is told but the size
    /// is another one whenever it is looked at: to fetch it once more does no harm, to miss its change would.
    fn of_object(object: &Object) -> Self {
        let digest = match &object.tag {
            Some(tag) => Sha256::digest(tag),
            None if object.modified == 0 => Sha256::digest(now().to_le_bytes()),
            None => Sha256::digest([]),
        };
        let part =
            |from: usize| digest.iter().skip(from).take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
        Self { size: object.size, modified: object.modified, changed: part(0).cast_signed(), inode: part(8), device: 0 }
    }
}

fn now() -> u128 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_nanos()
}

/// One thing that a walk came to.
#[derive(Debug)]
pub(crate) enum Entry<'a> {
    /// A file to be read, and what it is expected to be.
    File { path: &'a Path, stamp: Stamp, expected: Expected },
    /// Something that cannot be read: a folder without permission, a pipe, a link that leads nowhere.
    Problem { path: &'a Path, kind: &'static str, message: String },
}

/// Which files to take. A pattern is compared with the path below the input and with the name of the file (or folder) alone; `*` stops
/// at a `/`, `**` does not, and upper and lower case are one.
#[derive(Debug)]
pub(crate) struct Choice {
    include: GlobSet,
    exclude: GlobSet,
}

impl Choice {
    /// # Errors
    /// A pattern that is none.
    pub(crate) fn new(include: &[String], exclude: &[String]) -> Result<Self, String> {
        Ok(Self { include: globs(include)?, exclude: globs(exclude)? })
    }

    fn excludes(&self, below: &Path) -> bool {
        matches(&self.exclude, below)
    }

    fn takes(&self, below: &Path) -> bool {
        !self.excludes(below) && (self.include.is_empty() || matches(&self.include, below))
    }

    /// What becomes of an object so far below the address that was named, as of a file at the same place below a folder.
    pub(crate) fn verdict(&self, below: &Path) -> Verdict {
        let mut steps = below.ancestors().filter(|step| !step.as_os_str().is_empty());
        if steps.any(|step| step.file_name().is_some_and(is_left_behind)) {
            return Verdict::Hidden;
        }
        let mut folders = below.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
        if folders.any(|folder| self.excludes(folder)) || !self.takes(below) {
            Verdict::Excluded
        } else {
            Verdict::Taken
        }
    }
}

/// What becomes of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Taken,
    Hidden,
    Excluded,
}

fn matches(globs: &GlobSet, below: &Path) -> bool {
    globs.is_match(below) || below.file_name().is_some_and(|name| globs.is_match(name))
}

fn globs(patterns: &[String]) -> Result<GlobSet, String> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let glob = GlobBuilder::new(pattern).literal_separator(true).case_insensitive(true).build();
        set.add(glob.map_err(|error| format!("not a pattern for names: {error}"))?);
    }
    set.build().map_err(|error| format!("not a pattern for names: {error}"))
}

/// How much a walk passed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LeftOut {
    /// Files and folders that are hidden, or that programs leave behind.
    pub(crate) hidden: u64,
    /// Files and folders that the patterns leave out.
    pub(crate) excluded: u64,
}

/// One walk over all inputs; `take` is given what it comes to.
pub(crate) struct Walk<'a, E> {
    choice: &'a Choice,
    /// Device and inode of the output folder.
    output: Option<(u64, u64)>,
    take: &'a mut dyn FnMut(Entry<'_>) -> Result<(), E>,
    visited: HashSet<(u64, u64)>,
    /// Links to folders, with the length of the input that they stand below.
    links: BTreeSet<(PathBuf, usize)>,
    left_out: LeftOut,
}

impl<'a, E> Walk<'a, E> {
    pub(crate) fn new(
        choice: &'a Choice,
        output: Option<(u64, u64)>,
        take: &'a mut dyn FnMut(Entry<'_>) -> Result<(), E>,
    ) -> Self {
        Self { choice, output, take, visited: HashSet::new(), links: BTreeSet::new(), left_out: LeftOut::default() }
    }

    /// Walks one input: a file, or a folder to its bottom. One that is not there is a problem of its own.
    pub(crate) fn input(&mut self, path: &Path) -> Result<(), E> {
        let path = &tidy(path);
        match fs::metadata(path) {
            Ok(facts) if facts.is_dir() => self.folder(path, parts(path)),
            Ok(facts) => {
                if self.choice.takes(Path::new(path.file_name().unwrap_or_default())) {
                    self.file(path, &facts, Expected::default())
                } else {
                    self.left_out.excluded += 1;
                    Ok(())
                }
            }
            Err(error) => self.problem(path, &error),
        }
    }

    /// Takes one file that a manifest names, whatever the patterns are. A folder is none, and is not walked.
    pub(crate) fn row(&mut self, path: &Path, expected: Expected) -> Result<(), E> {
        let path = &tidy(path);
        match fs::metadata(path) {
            Ok(facts) if facts.is_dir() => {
                let message = "this is a folder; a manifest names the files in it".to_owned();
                (self.take)(Entry::Problem { path: plain(path), kind: "is_a_folder", message })
            }
            Ok(facts) => self.file(path, &facts, expected),
            Err(error) => self.problem(path, &error),
        }
    }

    /// Takes an object that was listed so far below the address of a folder; or, where that is `None`, was named itself.
    pub(crate) fn object(&mut self, object: &Object, below: Option<&Path>) -> Result<(), E> {
        let name = || Path::new(object.address.rsplit('/').next().unwrap_or_default());
        let verdict = match below {
            Some(below) => self.choice.verdict(below),
            None if self.choice.takes(name()) => Verdict::Taken,
            None => Verdict::Excluded,
        };
        match verdict {
            Verdict::Hidden => self.left_out.hidden += 1,
            Verdict::Excluded => self.left_out.excluded += 1,
            Verdict::Taken => self.object_of_row(object, Expected::default())?,
        }
        Ok(())
    }

    /// Takes an object that a manifest names, whatever the patterns are.
    pub(crate) fn object_of_row(&mut self, object: &Object, expected: Expected) -> Result<(), E> {
        let (path, stamp) = (Path::new(&object.address), Stamp::of_object(object));
        (self.take)(Entry::File { path, stamp, expected })
    }

    /// An address behind which nothing can be had.
    pub(crate) fn unreached(&mut self, address: &str, kind: &'static str, message: String) -> Result<(), E> {
        (self.take)(Entry::Problem { path: Path::new(address), kind, message })
    }

    /// Follows the links to folders that were met, and tells what was passed over.
    pub(crate) fn finish(mut self) -> Result<LeftOut, E> {
        while let Some((path, input)) = self.links.pop_first() {
            self.folder(&path, input)?;
        }
        Ok(self.left_out)
    }

    /// Walks a folder and those below it. `input` is how many parts of their paths the input has.
    fn folder(&mut self, path: &Path, input: usize) -> Result<(), E> {
        let mut open = vec![path.to_owned()];
        while let Some(folder) = open.pop() {
            match fs::metadata(&folder) {
                Ok(facts) if Some(identity(&facts)) == self.output || !self.visited.insert(identity(&facts)) => {}
                Ok(_) => {
                    let below = self.list(&folder, input)?;
                    open.extend(below.into_iter().rev());
                }
                Err(error) => self.problem(&folder, &error)?,
            }
        }
        Ok(())
    }

    /// Hands over the files of a folder; the folders in it are returned, sorted.
    fn list(&mut self, folder: &Path, input: usize) -> Result<BTreeSet<PathBuf>, E> {
        let mut below = BTreeSet::new();
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.problem(folder, &error).map(|()| below),
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                // What comes after it cannot be known.
                Err(error) => return self.problem(folder, &error).map(|()| below),
            };
            let path = entry.path();
            if is_left_behind(&entry.file_name()) {
                self.left_out.hidden += 1;
                continue;
            }
            match entry.file_type() {
                Ok(kind) if kind.is_symlink() => self.link(path, input)?,
                Ok(kind) if kind.is_dir() => {
                    if self.enters(&path, input) {
                        below.insert(path);
                    }
                }
                _ => self.found(&path, input, fs::symlink_metadata(&path))?,
            }
        }
        Ok(below)
    }

    fn link(&mut self, path: PathBuf, input: usize) -> Result<(), E> {
        match fs::metadata(&path) {
            Ok(facts) if facts.is_dir() => {
                if self.enters(&path, input) {
                    self.links.insert((path, input));
                }
                Ok(())
            }
            facts => self.found(&path, input, facts),
        }
    }

    fn enters(&mut self, path: &Path, input: usize) -> bool {
        let excluded = self.choice.excludes(&below(path, input));
        self.left_out.excluded += u64::from(excluded);
        !excluded
    }

    fn found(&mut self, path: &Path, input: usize, facts: io::Result<Metadata>) -> Result<(), E> {
        if !self.choice.takes(&below(path, input)) {
            self.left_out.excluded += 1;
            return Ok(());
        }
        match facts {
            Ok(facts) => self.file(path, &facts, Expected::default()),
            Err(error) => self.problem(path, &error),
        }
    }

    fn file(&mut self, path: &Path, facts: &Metadata, expected: Expected) -> Result<(), E> {
        let path = plain(path);
        if facts.is_file() {
            return (self.take)(Entry::File { path, stamp: Stamp::of(facts), expected });
        }
        let message = "a pipe, a socket or a device, and no file; these are never opened".to_owned();
        (self.take)(Entry::Problem { path, kind: "unreadable", message })
    }

    fn problem(&mut self, path: &Path, error: &io::Error) -> Result<(), E> {
        let (kind, message) = explain(error);
        (self.take)(Entry::Problem { path: plain(path), kind, message })
    }
}

fn explain(error: &io::Error) -> (&'static str, String) {
    match error.kind() {
        io::ErrorKind::NotFound => ("not_found", "not there, or a link that leads nowhere; check the name".to_owned()),
        io::ErrorKind::PermissionDenied => ("unreadable", "permission denied; ask for leave to read it".to_owned()),
        _ => ("unreadable", error.to_string()),
    }
}

/// Device and inode: which folder it is, whatever its name.
pub(crate) fn identity(facts: &Metadata) -> (u64, u64) {
    (facts.dev(), facts.ino())
}

/// The path without `./`, doubled or closing slashes, so that a file has one path however its input was written.
pub(crate) fn tidy(path: &Path) -> PathBuf {
    let tidied: PathBuf = path.components().filter(|part| *part != std::path::Component::CurDir).collect();
    if tidied.as_os_str().is_empty() { PathBuf::from(".") } else { tidied }
}

/// The path under which a file that is named so is known.
pub(crate) fn known_as(path: &Path) -> PathBuf {
    plain(&tidy(path)).to_owned()
}

/// The path without the `./` that stands before what was found in the folder one stands in.
fn plain(path: &Path) -> &Path {
    path.strip_prefix(".").ok().filter(|path| !path.as_os_str().is_empty()).unwrap_or(path)
}

/// How many parts a path has.
fn parts(path: &Path) -> usize {
    path.components().count()
}

/// The path below the input, of which it has so many parts.
fn below(path: &Path, input: usize) -> PathBuf {
    path.components().skip(input).collect()
}

/// What is hidden, or what programs leave behind beside the files of people.
fn is_left_behind(name: &OsStr) -> bool {
    const LEFT_BEHIND: [&[u8]; 3] = [b"Thumbs.db", b"desktop.ini", b"__MACOSX"];
    let name = name.as_bytes();
    name.starts_with(b".") || name.starts_with(b"~$") || LEFT_BEHIND.iter().any(|left| left.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;
    use std::os::unix::fs::symlink;

    /// A folder of its own for one test, removed with it.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("nianbao-walk-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn file(&self, name: &str) -> &Self {
            let path = self.0.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, name).unwrap();
            self
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn walked(folder: &Folder, inputs: &[&str], include: &[&str], exclude: &[&str]) -> (Vec<String>, LeftOut) {
        let owned = |patterns: &[&str]| patterns.iter().map(|&pattern| pattern.to_owned()).collect::<Vec<_>>();
        let choice = Choice::new(&owned(include), &owned(exclude)).unwrap();
        let mut found = Vec::new();
        let mut take = |entry: Entry<'_>| {
            let (path, mark) = match entry {
                Entry::File { path, .. } => (path.to_owned(), String::new()),
                Entry::Problem { path, kind, .. } => (path.to_owned(), format!(" {kind}")),
            };
            let path = path.strip_prefix(&folder.0).unwrap().display().to_string();
            found.push(format!("{path}{mark}"));
            Ok::<(), Infallible>(())
        };
        let output = fs::metadata(folder.0.join("out")).ok().map(|facts| identity(&facts));
        let mut walk = Walk::new(&choice, output, &mut take);
        for input in inputs {
            let Ok(()) = walk.input(&folder.0.join(input));
        }
        let Ok(left_out) = walk.finish();
        found.sort();
        (found, left_out)
    }

    #[test]
    fn folders_are_walked_and_what_is_hidden_or_ours_is_left() {
        let folder = Folder::new("hidden");
        folder.file("a/x.docx").file("a/.x.docx").file("a/~$x.docx").file("a/b/THUMBS.DB").file("a/b/y.pdf");
        folder.file("out/figures.parquet").file(".git/z.pdf").file("__MACOSX/z.pdf");
        let (found, left_out) = walked(&folder, &["."], &[], &[]);
        assert_eq!(found, ["a/b/y.pdf", "a/x.docx"]);
        assert_eq!(left_out, LeftOut { hidden: 5, excluded: 0 });
        assert_eq!(walked(&folder, &["a/.x.docx"], &[], &[]).0, ["a/.x.docx"]);
    }

    #[test]
    fn patterns_are_compared_with_the_path_below_the_input_and_with_the_name() {
        let folder = Folder::new("globs");
        folder.file("in/2023/x.DOCX").file("in/2023/y.pdf").file("in/2024/x.docx").file("in/2024/old/x.docx");
        assert_eq!(walked(&folder, &["in"], &["*.docx"], &["old"]).0, ["in/2023/x.DOCX", "in/2024/x.docx"]);
        assert_eq!(walked(&folder, &["in"], &["2023/*"], &[]).0, ["in/2023/x.DOCX", "in/2023/y.pdf"]);
        assert_eq!(walked(&folder, &["in"], &["in/**"], &[]).0, Vec::<String>::new());
        assert_eq!(
            walked(&folder, &["in/2023"], &[], &["*.pdf"]),
            (vec!["in/2023/x.DOCX".to_owned()], LeftOut { hidden: 0, excluded: 1 })
        );
        assert!(Choice::new(&["[".to_owned()], &[]).is_err());
    }

    #[test]
    fn no_folder_is_visited_twice_and_the_plain_path_stands() {
        let folder = Folder::new("links");
        folder.file("a/x").file("z/y").file("elsewhere/w");
        symlink(&folder.0, folder.0.join("z/loop")).unwrap();
        symlink(folder.0.join("z"), folder.0.join("a/again")).unwrap();
        symlink(folder.0.join("elsewhere"), folder.0.join("a/linked")).unwrap();
        assert_eq!(walked(&folder, &["a", "z"], &[], &[]).0, ["a/linked/w", "a/x", "z/y"]);
        assert_eq!(walked(&folder, &["."], &[], &[]).0, ["a/x", "elsewhere/w", "z/y"]);
    }

    #[test]
    fn a_link_to_a_file_is_that_file_and_one_to_nothing_a_problem() {
        let folder = Folder::new("file-links");
        folder.file("x");
        symlink(folder.0.join("x"), folder.0.join("to-x")).unwrap();
        symlink("nowhere", folder.0.join("to-nothing")).unwrap();
        assert_eq!(walked(&folder, &["."], &[], &[]).0, ["to-nothing not_found", "to-x", "x"]);
    }

    #[test]
    fn a_socket_is_a_problem_and_is_not_opened() {
        let folder = Folder::new("socket");
        let _socket = std::os::unix::net::UnixListener::bind(folder.0.join("s")).unwrap();
        assert_eq!(walked(&folder, &[".", "gone"], &[], &[]).0, ["gone not_found", "s unreadable"]);
    }

    #[test]
    fn objects_are_chosen_as_files_at_the_same_place_are() {
        let owned = |patterns: &[&str]| patterns.iter().map(|&pattern| pattern.to_owned()).collect::<Vec<_>>();
        let choice = Choice::new(&owned(&["*.docx", "2024/*"]), &owned(&["old"])).unwrap();
        for (below, verdict) in [
            ("2023/x.DOCX", Verdict::Taken),
            ("2024/x.pdf", Verdict::Taken),
            ("2023/x.pdf", Verdict::Excluded),
            ("2023/old/x.docx", Verdict::Excluded),
            (".git/x.docx", Verdict::Hidden),
            ("a/~$x.docx", Verdict::Hidden),
        ] {
            assert_eq!(choice.verdict(Path::new(below)), verdict, "{below}");
        }
    }

    #[test]
    fn an_object_is_the_one_that_was_read_while_its_size_time_and_tag_are() {
        let object = |size, modified, tag: Option<&str>| {
            let (address, tag) = ("s3://b/x".to_owned(), tag.map(str::to_owned));
            Stamp::of_object(&Object { address, size, modified, tag })
        };
        assert_eq!(object(1, 2, Some("a")), object(1, 2, Some("a")));
        assert_eq!(object(1, 2, None), object(1, 2, None));
        let others = [object(2, 2, Some("a")), object(1, 3, Some("a")), object(1, 2, Some("b")), object(1, 2, None)];
        assert!(others.iter().all(|other| *other != object(1, 2, Some("a"))));
        assert_ne!(object(1, 0, None), object(1, 0, None), "nothing is known of it");
    }

    #[test]
    fn a_path_is_one_however_it_is_written() {
        let tidied = |path: &str| tidy(Path::new(path)).display().to_string();
        assert_eq!(tidied("./a//b/./c/"), "a/b/c");
        assert_eq!(tidied("/a/b/"), "/a/b");
        assert_eq!(tidied("./"), ".");
        assert_eq!(plain(Path::new("./a/b")), Path::new("a/b"));
        assert_eq!(plain(Path::new(".")), Path::new("."));
    }
}
