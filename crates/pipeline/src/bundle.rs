//! Archives: each member is a document of its own, named `bundle!member`.
//!
//! ZIP, TAR and GZIP are opened, one inside another too. Members are handed over one by one, so the memory that is needed follows the
//! largest of them. Nothing is ever written, and no name of a member is used for anything but to name it.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;
use nianbao_container::{Error as ReadError, Limits, Package, decode};

use crate::detect::{Archive, archive};
use crate::error::Error;

/// How many archives may stand inside each other: a province's archive of cities, each with those of its counties, is three.
const MAX_DEPTH: usize = 4;

/// How many members all archives of a file may hold together. A province publishes some three thousand reports a year.
const MAX_MEMBERS: usize = 100_000;

/// How many bytes all members may have together once inflated.
const MAX_TOTAL: u64 = 8 << 30;

/// How many bytes one member may have: as many as a file that is read by itself.
const MAX_MEMBER: u64 = 1 << 30;

/// How many bytes one stored byte may become, past a harmless size: as for the parts of a document. It holds for each member and for all
/// together, since members may share their bytes, and archives in archives pack twice.
const MAX_RATIO: u64 = 500;
const RATIO_FROM: u64 = 64 << 20;

/// How often the bytes of a ZIP may be read for its members. In one that a packer wrote no two members share any; a damaged one may state
/// too many for some of them. Without a bound few bytes would make any number of documents, each as slow as it likes.
const MAX_SHARED: u64 = 4;
const SHARED: &str = "its bytes are those of other members too, as no packer writes them";

/// One document: a file that is no archive, or a member of one.
#[derive(Debug)]
pub struct Member<'a> {
    /// The path of the file, and behind `!` the name in its archive: `a.zip!年报.docx`.
    pub path: &'a str,
    /// Its bytes, or why they cannot be had.
    pub bytes: Result<&'a [u8], Error>,
}

/// Hands over every document of a file: the file itself, or, where it is an archive, each of its members in their order. Folders and
/// what systems leave in archives (`__MACOSX`, `Thumbs.db`) are passed over. An archive that cannot be read on is handed over itself,
/// with the reason, after the members that could be read.
///
/// # Errors
/// Whatever `take` returns stops the work and is returned.
pub fn documents<E>(path: &str, bytes: &[u8], mut take: impl FnMut(Member<'_>) -> Result<(), E>) -> Result<(), E> {
    let total = (bytes.len() as u64).saturating_mul(MAX_RATIO).clamp(RATIO_FROM, MAX_TOTAL);
    let mut walk = Walk { take: &mut take, members: 0, total, left: total };
    walk.file(path, bytes, 0)
}

struct Walk<'t, E> {
    take: &'t mut dyn FnMut(Member<'_>) -> Result<(), E>,
    /// How many members were met.
    members: usize,
    /// How many bytes all members may have together, and how many of them are left.
    total: u64,
    left: u64,
}

impl<E> Walk<'_, E> {
    fn file(&mut self, path: &str, bytes: &[u8], depth: usize) -> Result<(), E> {
        let Some(kind) = archive(bytes) else {
            return (self.take)(Member { path, bytes: Ok(bytes) });
        };
        if depth >= MAX_DEPTH {
            return self.refuse(path, too_large("archives inside each other", MAX_DEPTH as u64));
        }
        let before = self.members;
        match kind {
            Archive::Zip => self.zip(path, bytes, depth)?,
            Archive::Tar => self.tar(path, bytes, None, depth)?,
            Archive::Gzip => self.gzip(path, bytes, depth)?,
        }
        // An archive of nothing is an answer too.
        if self.members == before { self.refuse(path, Error::Empty) } else { Ok(()) }
    }

    fn refuse(&mut self, path: &str, error: Error) -> Result<(), E> {
        self.members += 1;
        (self.take)(Member { path, bytes: Err(error) })
    }

    /// A member whose bytes are here.
    fn member(&mut self, path: &str, bytes: &[u8], depth: usize) -> Result<(), E> {
        self.members += 1;
        self.left = self.left.saturating_sub(bytes.len() as u64);
        self.file(path, bytes, depth + 1)
    }

    /// Why no further member may be read.
    fn full(&self) -> Option<Error> {
        if self.members >= MAX_MEMBERS {
            return Some(too_large("members", MAX_MEMBERS as u64));
        }
        (self.left == 0).then(|| too_large("bytes in all members", self.total))
    }

    fn zip(&mut self, path: &str, bytes: &[u8], depth: usize) -> Result<(), E> {
        let limits = Limits {
            entries: MAX_MEMBERS,
            part: MAX_MEMBER,
            total: self.left,
            ratio: MAX_RATIO,
            ratio_from: RATIO_FROM,
        };
        let mut package = match Package::open(bytes, &limits) {
            Ok(package) => package,
            Err(error) => return self.refuse(path, Error::Read(error)),
        };
        let mut names = Names::default();
        let mut shared = (bytes.len() as u64).saturating_mul(MAX_SHARED);
        for index in 0..package.len() {
            let Some(name) = package.name(index).filter(|name| is_document(name)) else { continue };
            if let Some(full) = self.full() {
                return self.refuse(path, full);
            }
            let member = names.path(path, &name);
            let stored = package.stored(index);
            if stored > shared {
                self.refuse(&member, Error::Read(ReadError::corrupt(SHARED)))?;
                continue;
            }
            shared -= stored;
            let before = package.left();
            match package.read_at(index) {
                Ok(content) => match content.damage {
                    None => self.member(&member, &content.bytes, depth)?,
                    Some(damage) => self.refuse(&member, Error::Read(ReadError::corrupt(damage)))?,
                },
                Err(error) => {
                    // What was inflated in vain counts too.
                    self.left = self.left.saturating_sub(before - package.left());
                    self.refuse(&member, Error::Read(error))?;
                }
            }
        }
        Ok(())
    }

    /// What a GZIP file holds: a TAR, whose members are read as they come, or one document.
    fn gzip(&mut self, path: &str, bytes: &[u8], depth: usize) -> Result<(), E> {
        let most = (bytes.len() as u64).saturating_mul(MAX_RATIO).max(RATIO_FROM).min(self.left);
        let mut start = Vec::new();
        let first = MultiGzDecoder::new(bytes).take(1024).read_to_end(&mut start);
        if archive(&start) == Some(Archive::Tar) {
            return self.tar(path, MultiGzDecoder::new(bytes), Some(most), depth);
        }
        if let (Err(error), true) = (&first, start.is_empty()) {
            return self.refuse(path, damaged(error));
        }
        let most = most.min(MAX_MEMBER);
        let member = Names::default().path(path, &inner_name(path, bytes));
        let mut content = Vec::new();
        let result = MultiGzDecoder::new(bytes).take(most.saturating_add(1)).read_to_end(&mut content);
        match result {
            _ if content.len() as u64 > most => {
                self.left = self.left.saturating_sub(most);
                self.refuse(&member, too_large("bytes once inflated", most))
            }
            Ok(_) => self.member(&member, &content, depth),
            Err(error) => self.refuse(&member, damaged(&error)),
        }
    }

    /// The members of a TAR. `most` limits the bytes that are unpacked to find them.
    fn tar(&mut self, path: &str, from: impl Read, most: Option<u64>, depth: usize) -> Result<(), E> {
        let most = most.unwrap_or(u64::MAX);
        let mut archive = tar::Archive::new(from.take(most));
        let mut names = Names::default();
        let entries = match archive.entries() {
            Ok(entries) => entries,
            Err(error) => return self.refuse(path, damaged(&error)),
        };
        for entry in entries {
            let mut entry = match entry {
                Ok(entry) => entry,
                Err(error) => return self.refuse(path, damaged(&error)),
            };
            let name = decode(&entry.path_bytes()).text;
            if !is_file(entry.header().entry_type()) || !is_document(&name) {
                continue;
            }
            if let Some(full) = self.full() {
                return self.refuse(path, full);
            }
            let member = names.path(path, &name);
            let cap = MAX_MEMBER.min(self.left);
            let stated = entry.size();
            if stated > cap {
                self.refuse(&member, too_large("bytes in one part", cap))?;
                continue;
            }
            let mut content = Vec::new();
            match (&mut entry).take(cap).read_to_end(&mut content) {
                Ok(_) if content.len() as u64 == stated => self.member(&member, &content, depth)?,
                // Where the next member begins can no longer be known.
                Ok(_) => return self.refuse(&member, Error::Read(ReadError::corrupt("it ends in the middle"))),
                Err(error) => return self.refuse(&member, damaged(&error)),
            }
        }
        Ok(())
    }
}

fn too_large(what: &'static str, limit: u64) -> Error {
    Error::Read(ReadError::TooLarge { what, limit })
}

fn damaged(error: &std::io::Error) -> Error {
    let damage = || ReadError::corrupt(format!("its data is damaged ({error})"));
    Error::Read(ReadError::of_read(error).unwrap_or_else(damage))
}

/// Whether a member of a TAR has bytes of its own: a plain file, one that asks to be stored in one piece, or one with holes.
fn is_file(kind: tar::EntryType) -> bool {
    kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse()
}

/// Whether a member is a document rather than a folder or what a system leaves behind.
fn is_document(name: &str) -> bool {
    const LEFT_BEHIND: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];
    let mut parts = name.split(['/', '\\']);
    let file = parts.next_back().unwrap_or_default();
    !file.is_empty()
        && !file.starts_with("._")
        && !LEFT_BEHIND.iter().any(|left| left.eq_ignore_ascii_case(file))
        && !parts.any(|folder| folder == "__MACOSX")
}

/// The name of what a GZIP file holds: the one that it states (RFC 1952, 2.3.1), or its own without the ending.
fn inner_name(path: &str, bytes: &[u8]) -> String {
    let stated = MultiGzDecoder::new(bytes).header().and_then(|header| Some(decode(header.filename()?).text));
    let own = || {
        let file = Path::new(path.rsplit('!').next().unwrap_or(path)).file_name().map(|name| name.to_string_lossy());
        file.map_or_else(String::new, |file| file.strip_suffix(".gz").unwrap_or(&file).to_owned())
    };
    stated.filter(|name| !name.is_empty()).unwrap_or_else(own)
}

/// The paths of the members of one archive, kept apart where two have the same name.
#[derive(Debug, Default)]
struct Names(HashMap<String, usize>);

impl Names {
    fn path(&mut self, archive: &str, name: &str) -> String {
        // Control characters in a name would speak to the terminal that it is shown on.
        let name: String = name.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
        let count = self.0.entry(name.clone()).or_insert(0);
        *count += 1;
        if *count == 1 { format!("{archive}!{name}") } else { format!("{archive}!{name} ({count})") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;
    use std::io::{Cursor, Write as _};

    use flate2::{Compression, GzBuilder};
    use zip::write::{SimpleFileOptions, ZipWriter};

    fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            if name.ends_with('/') {
                writer.add_directory(*name, SimpleFileOptions::default()).unwrap();
            } else {
                writer.start_file(*name, SimpleFileOptions::default()).unwrap();
                writer.write_all(bytes).unwrap();
            }
        }
        writer.finish().unwrap().into_inner()
    }

    fn gzipped(bytes: &[u8], name: Option<&str>) -> Vec<u8> {
        let builder = name.map_or_else(GzBuilder::new, |name| GzBuilder::new().filename(name));
        let mut writer = builder.write(Vec::new(), Compression::default());
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    }

    fn tarred(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, bytes) in members {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            builder.append_data(&mut header, name, *bytes).unwrap();
        }
        builder.into_inner().unwrap()
    }

    /// Path and text, or path and kind of error, of each document.
    fn found(path: &str, bytes: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        let Ok(()) = documents(path, bytes, |member| {
            let what = match &member.bytes {
                Ok(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                Err(error) => error.kind().to_owned(),
            };
            found.push(format!("{}: {what}", member.path));
            Ok::<(), Infallible>(())
        });
        found
    }

    #[test]
    fn a_file_that_is_no_archive_is_its_own_document() {
        assert_eq!(found("a.txt", "年报".as_bytes()), ["a.txt: 年报"]);
    }

    #[test]
    fn members_come_in_their_order_and_rubbish_is_passed_over() {
        let bytes = zipped(&[
            ("报告/", b""),
            ("报告/b.txt", b"B"),
            ("__MACOSX/报告/._b.txt", b"x"),
            ("报告/.DS_Store", b"x"),
            ("Thumbs.db", b"x"),
            ("a.txt", b"A"),
        ]);
        assert_eq!(found("年报.zip", &bytes), ["年报.zip!报告/b.txt: B", "年报.zip!a.txt: A"]);
    }

    #[test]
    fn archives_inside_archives_are_opened_to_a_depth() {
        let mut bytes = zipped(&[("a.txt", b"A")]);
        for _ in 1..MAX_DEPTH {
            bytes = zipped(&[("in.zip", &bytes)]);
        }
        assert_eq!(found("x.zip", &bytes), ["x.zip!in.zip!in.zip!in.zip!a.txt: A"]);
        bytes = zipped(&[("in.zip", &bytes)]);
        assert_eq!(found("x.zip", &bytes), ["x.zip!in.zip!in.zip!in.zip!in.zip: too_large"]);
    }

    #[test]
    fn gzip_and_tar_are_opened_together_and_alone() {
        let tar = tarred(&[("报告/a.txt", b"A"), ("b.txt", b"B")]);
        let wanted = |path: &str| [format!("{path}!报告/a.txt: A"), format!("{path}!b.txt: B")];
        assert_eq!(found("x.tar", &tar), wanted("x.tar"));
        assert_eq!(found("x.tar.gz", &gzipped(&tar, None)), wanted("x.tar.gz"));
        assert_eq!(found("in/a.txt.gz", &gzipped(b"A", None)), ["in/a.txt.gz!a.txt: A"]);
        assert_eq!(found("x.gz", &gzipped(b"A", Some("stated.txt"))), ["x.gz!stated.txt: A"]);
    }

    #[test]
    fn members_of_the_same_name_are_kept_apart() {
        let tar = tarred(&[("a.txt", b"A"), ("a.txt", b"B")]);
        assert_eq!(found("x.tar", &tar), ["x.tar!a.txt: A", "x.tar!a.txt (2): B"]);
    }

    #[test]
    fn a_member_with_a_password_is_reported_and_the_others_are_read() {
        let mut bytes = zipped(&[("a.txt", b"A"), ("b.txt", b"B")]);
        for (signature, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
            let at = bytes.windows(4).position(|window| window == signature).unwrap();
            bytes[at + flags] |= 1;
        }
        assert_eq!(found("x.zip", &bytes), ["x.zip!a.txt: encrypted", "x.zip!b.txt: B"]);
    }

    #[test]
    fn what_breaks_off_is_said_after_what_was_read() {
        let tar = tarred(&[("a.txt", b"A"), ("b.txt", &[b'B'; 2000])]);
        assert_eq!(found("x.tar", &tar[..tar.len() - 3000]), ["x.tar!a.txt: A", "x.tar!b.txt: corrupt"]);
        let gz = gzipped(&tar, None);
        assert!(
            found("x.gz", &gz[..gz.len() / 2]).iter().all(|line| line.contains("corrupt") || line.ends_with(": A"))
        );
        assert_eq!(found("x.zip", &zipped(&[])), ["x.zip: empty"]);
    }

    #[test]
    fn a_bomb_is_refused() {
        let bytes = gzipped(&vec![0; 80 << 20], None);
        assert_eq!(found("x.gz", &bytes), ["x.gz!x: too_large"]);
    }

    /// An archive of many members that all begin at the same place.
    fn shared(content: &[u8], members: usize) -> Vec<u8> {
        let whole = zipped(&[("0000.txt", content)]);
        let directory = whole.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
        let end = whole.windows(4).position(|window| window == b"PK\x05\x06").unwrap();
        let mut bytes = whole[..directory].to_vec();
        for index in 0..members {
            let mut entry = whole[directory..end].to_vec();
            entry[46..50].copy_from_slice(format!("{index:04}").as_bytes());
            bytes.extend(entry);
        }
        let size = u32::try_from(bytes.len() - directory).unwrap();
        let members = u16::try_from(members).unwrap().to_le_bytes();
        bytes.extend(&whole[end..]);
        let last = bytes.len() - (whole.len() - end);
        bytes[last + 8..last + 10].copy_from_slice(&members);
        bytes[last + 10..last + 12].copy_from_slice(&members);
        bytes[last + 12..last + 16].copy_from_slice(&size.to_le_bytes());
        bytes
    }

    #[test]
    fn members_that_share_their_bytes_are_read_a_few_times_at_most() {
        let text: String = (0..2000).map(|number: u32| number.to_string()).collect();
        let bytes = shared(text.as_bytes(), 100);
        let found = found("x.zip", &bytes);
        let read = found.iter().filter(|line| !line.ends_with(": corrupt")).count();
        assert_eq!(found.len(), 100);
        assert!((1..20).contains(&read), "{read}");
    }

    #[test]
    fn all_members_together_keep_to_the_ratio() {
        // Each by itself is below it: archives that pack archives.
        let blank = zipped(&[("a.txt", &vec![b' '; 20 << 20])]);
        let copies: Vec<(String, &[u8])> = (0..5).map(|index| (format!("{index}.zip"), &blank[..])).collect();
        let copies: Vec<(&str, &[u8])> = copies.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
        let mut kinds = Vec::new();
        let Ok(()) = documents("x.zip", &zipped(&copies), |member| {
            kinds.push(member.bytes.map(<[u8]>::len).map_err(|error| error.kind()));
            Ok::<(), Infallible>(())
        });
        assert_eq!(kinds[..3], [Ok(20 << 20); 3]);
        assert!(kinds[3..].iter().all(|kind| *kind == Err("too_large")), "{kinds:?}");
    }

    #[test]
    fn a_file_with_holes_is_a_member_too_and_is_as_large_as_it_says() {
        let mut header = tar::Header::new_gnu();
        header.set_path("a.txt").unwrap();
        header.set_entry_type(tar::EntryType::GNUSparse);
        header.set_size(1);
        let gnu = header.as_gnu_mut().unwrap();
        gnu.set_real_size(3);
        gnu.sparse[0].set_offset(2);
        gnu.sparse[0].set_length(1);
        header.set_cksum();
        let mut tar = header.as_bytes().to_vec();
        tar.extend([&b"A"[..], &[0; 511 + 1024]].concat());
        assert_eq!(found("x.tar", &tar), ["x.tar!a.txt: \0\0A"]);
    }

    #[test]
    fn no_name_can_speak_to_a_terminal() {
        let bytes = zipped(&[("\u{1B}[2Ja.txt", b"A")]);
        assert_eq!(found("x.zip", &bytes), ["x.zip!\u{FFFD}[2Ja.txt: A"]);
    }

    #[test]
    fn the_work_stops_where_it_is_told_to() {
        let bytes = zipped(&[("a.txt", b"A"), ("b.txt", b"B")]);
        let mut seen = 0;
        let stopped = documents("x.zip", &bytes, |_| {
            seen += 1;
            Err("enough")
        });
        assert_eq!((stopped, seen), (Err("enough"), 1));
    }
}
