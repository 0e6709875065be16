//! Whole runs over addresses: a storage in memory, which counts what it is asked and refuses what it is told to.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Cursor;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use nianbao_bulk::{
    Answer, Blind, Dataset, Error, Input, Isolation, Object, Options, Remote, Standing, Summary, Trouble, convert,
    publish,
};
use rusqlite::Connection;
use tokio::sync::mpsc;

/// A storage in memory.
#[derive(Debug, Default)]
struct Shelf(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    objects: BTreeMap<String, Vec<u8>>,
    /// Addresses that are refused, and with which kind.
    refused: BTreeMap<String, &'static str>,
    /// What was fetched, and what was put, in order.
    fetched: Vec<String>,
    put: Vec<String>,
}

impl Shelf {
    fn with(objects: &[(&str, &str)]) -> Arc<Self> {
        let shelf = Self::default();
        objects.iter().for_each(|(address, text)| shelf.set(address, text));
        Arc::new(shelf)
    }

    fn set(&self, address: &str, text: &str) {
        self.0.lock().unwrap().objects.insert(address.to_owned(), text.as_bytes().to_vec());
    }

    fn refuse(&self, address: &str, kind: &'static str) {
        self.0.lock().unwrap().refused.insert(address.to_owned(), kind);
    }

    fn fetched(&self) -> Vec<String> {
        let mut fetched = std::mem::take(&mut self.0.lock().unwrap().fetched);
        fetched.sort();
        fetched
    }

    fn sent(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().put)
    }

    /// What is refused, else the storage itself.
    fn open(&self, address: &str) -> Result<std::sync::MutexGuard<'_, Held>, Trouble> {
        let held = self.0.lock().unwrap();
        match held.refused.get(address) {
            Some(&kind) => Err(Trouble { kind, message: "refused".to_owned(), everywhere: kind == "everywhere" }),
            None => Ok(held),
        }
    }
}

fn object(address: &str, bytes: &[u8]) -> Object {
    let tag = format!("{:x}", bytes.iter().fold(7_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(*byte)));
    Object { address: address.to_owned(), size: bytes.len() as u64, modified: 1, tag: Some(tag) }
}

impl Remote for Shelf {
    fn look<'a>(&'a self, address: &'a str) -> Answer<'a, Standing> {
        Box::pin(async move {
            if address.ends_with('/') {
                return Ok(Standing::Folder);
            }
            let held = self.open(address)?;
            let below = || held.objects.keys().any(|key| key.starts_with(&format!("{address}/")));
            Ok(match held.objects.get(address) {
                Some(bytes) => Standing::Object(object(address, bytes)),
                None if below() => Standing::Folder,
                None => Standing::Nothing,
            })
        })
    }

    fn list<'a>(&'a self, folder: &'a str, found: mpsc::Sender<Object>) -> Answer<'a, ()> {
        Box::pin(async move {
            let below =
                |(address, bytes): (&String, &Vec<u8>)| address.starts_with(folder).then(|| object(address, bytes));
            let objects: Vec<Object> = self.open(folder)?.objects.iter().filter_map(below).collect();
            for object in objects {
                let _ = found.send(object).await;
            }
            Ok(())
        })
    }

    fn fetch<'a>(&'a self, address: &'a str, file: &'a Path, most: u64) -> Answer<'a, u64> {
        Box::pin(async move {
            let mut held = self.open(address)?;
            held.fetched.push(address.to_owned());
            let bytes = held.objects.get(address).cloned();
            let missing = || Trouble { kind: "not_found", message: "gone meanwhile".to_owned(), everywhere: false };
            let bytes = bytes.ok_or_else(missing)?;
            assert!(bytes.len() as u64 <= most);
            fs::write(file, &bytes).unwrap();
            Ok(bytes.len() as u64)
        })
    }

    fn put<'a>(&'a self, file: &'a Path, address: &'a str) -> Answer<'a, Object> {
        Box::pin(async move {
            let bytes = fs::read(file).unwrap();
            let mut held = self.open(address)?;
            held.put.push(address.to_owned());
            held.objects.insert(address.to_owned(), bytes.clone());
            Ok(object(address, &bytes))
        })
    }

    fn remove<'a>(&'a self, address: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            self.open(address)?.objects.remove(address);
            Ok(())
        })
    }
}

/// A folder of its own for one test, removed with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("nianbao-away-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("in")).unwrap();
        Self(path)
    }

    fn convert(&self, inputs: Vec<Input>, options: &Options) -> Result<Summary, Error> {
        convert(inputs, &self.0.join("out"), options, &mut Blind)
    }

    /// Address, state and kind of each document; `gone` where its file has gone.
    fn outcomes(&self) -> Vec<String> {
        let ledger = Connection::open(self.0.join("out/ledger.sqlite")).unwrap();
        let mut query = ledger.prepare("SELECT CAST(path AS TEXT), state, kind, gone FROM outcomes").unwrap();
        let line = |row: &rusqlite::Row<'_>| {
            let kind = row.get::<_, Option<String>>(2)?.map(|kind| format!(" {kind}")).unwrap_or_default();
            let gone = if row.get(3)? { " gone" } else { "" };
            Ok(format!("{} {}{kind}{gone}", row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        };
        query.query_map([], line).unwrap().map(Result::unwrap).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn options(shelf: &Arc<Shelf>) -> Options {
    let remote: Arc<dyn Remote> = Arc::<Shelf>::clone(shelf);
    Options { jobs: NonZeroUsize::MIN, isolation: Isolation::None, remote: Some(remote), ..Options::default() }
}

fn report(year: u32) -> String {
    format!(
        "甲市乙局{year}年政府信息公开工作年度报告\n二、主动公开政府信息情况\n\
         信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t1\t0\t4\n行政规范性文件\t2\t1\t9\n"
    )
}

fn input(address: &str) -> Vec<Input> {
    vec![Input::of(address.as_ref())]
}

#[test]
fn a_folder_of_objects_gives_the_dataset_of_the_same_folder_of_files() {
    let folder = Folder::new("same");
    let shelf = Shelf::default();
    for year in 2000..2040 {
        let name = format!("{:02}/{year}.txt", year % 7);
        fs::create_dir_all(folder.0.join("in").join(&name).parent().unwrap()).unwrap();
        fs::write(folder.0.join("in").join(&name), report(year)).unwrap();
        shelf.set(&format!("s3://b/in/{name}"), &report(year));
    }
    // Not told of: another folder, a marker of a folder, and what programs leave behind.
    shelf.set("s3://b/inside.txt", &report(1999));
    shelf.set("s3://b/in/01", "");
    shelf.set("s3://b/in/.hidden/x.txt", &report(1998));
    let options = options(&Arc::new(shelf));
    let away = folder.convert(input("s3://b/in"), &options).unwrap();
    assert_eq!((away.documents.review, away.documents.all(), away.hidden), (40, 40, 1));
    let here = convert(vec![Input::Path(folder.0.join("in"))], &folder.0.join("here"), &options, &mut Blind).unwrap();
    assert_eq!(here.documents, away.documents);
    let path = folder.0.join("in").display().to_string();
    for name in ["reports.jsonl", "CODEBOOK.md"] {
        let text = |out: &str| fs::read_to_string(folder.0.join(out).join(name)).unwrap();
        assert_eq!(
            text("out").replace("s3://b/in/", "IN/"),
            text("here").replace(&format!("{path}/"), "IN/"),
            "{name}"
        );
    }
    assert!(!folder.0.join("out/ledger.spool").exists(), "what was fetched is gone");
}

#[test]
fn what_has_not_changed_is_not_fetched_again_and_what_has_is() {
    let folder = Folder::new("again");
    let texts = [report(2020), report(2021), report(2022)];
    let shelf =
        Shelf::with(&[("s3://b/a/1.txt", &texts[0]), ("s3://b/a/2.txt", &texts[1]), ("s3://b/a/3.txt", &texts[2])]);
    let options = options(&shelf);
    folder.convert(input("s3://b/a/"), &options).unwrap();
    assert_eq!(shelf.fetched(), ["s3://b/a/1.txt", "s3://b/a/2.txt", "s3://b/a/3.txt"]);
    assert_eq!(folder.convert(input("s3://b/a/"), &options).unwrap().dataset, Dataset::Unchanged);
    assert!(shelf.fetched().is_empty());
    shelf.set("s3://b/a/2.txt", &report(2024));
    shelf.0.lock().unwrap().objects.remove("s3://b/a/3.txt");
    let left_out = Options { exclude: vec!["1.txt".to_owned()], ..options };
    folder.convert(input("s3://b/a"), &left_out).unwrap();
    assert_eq!(shelf.fetched(), ["s3://b/a/2.txt"]);
    assert_eq!(folder.outcomes(), ["s3://b/a/2.txt done", "s3://b/a/3.txt done gone"]);
    // Another folder says nothing of this one.
    folder.convert(input("s3://b/nothing/"), &left_out).unwrap();
    assert_eq!(folder.outcomes(), ["s3://b/a/2.txt done", "s3://b/a/3.txt done gone"]);
}

#[test]
fn what_cannot_be_had_is_a_document_that_failed_and_is_read_another_time() {
    let folder = Folder::new("failed");
    let text = report(2020);
    let shelf = Shelf::with(&[("s3://b/1.txt", &text), ("gs://c/2.txt", &text), ("https://h/x?id=1", &text)]);
    shelf.refuse("s3://b/3.txt", "unreadable");
    let list = || {
        vec![Input::List(Box::new(Cursor::new(
            "s3://b/1.txt\ngs://c/2.txt\nhttps://h/x?id=1\ns3://b/3.txt\ns3://b/4.txt\n",
        )))]
    };
    let options = options(&shelf);
    let fetching = Arc::clone(&shelf);
    // Seen by the walk, and no longer there when it is fetched.
    #[derive(Debug)]
    struct Fickle(Arc<Shelf>);
    impl Remote for Fickle {
        fn look<'a>(&'a self, address: &'a str) -> Answer<'a, Standing> {
            self.0.look(address)
        }
        fn list<'a>(&'a self, folder: &'a str, found: mpsc::Sender<Object>) -> Answer<'a, ()> {
            self.0.list(folder, found)
        }
        fn fetch<'a>(&'a self, address: &'a str, file: &'a Path, most: u64) -> Answer<'a, u64> {
            if address.starts_with("gs:") {
                let broken = Trouble { kind: "unreachable", message: "the line broke".to_owned(), everywhere: false };
                return Box::pin(async { Err(broken) });
            }
            self.0.fetch(address, file, most)
        }
        fn put<'a>(&'a self, file: &'a Path, address: &'a str) -> Answer<'a, Object> {
            self.0.put(file, address)
        }
        fn remove<'a>(&'a self, address: &'a str) -> Answer<'a, ()> {
            self.0.remove(address)
        }
    }
    let fickle = Options { remote: Some(Arc::new(Fickle(fetching))), ..options.clone() };
    let summary = folder.convert(list(), &fickle).unwrap();
    assert_eq!((summary.documents.review, summary.documents.failed), (2, 3));
    let kinds: BTreeSet<String> = summary.reasons.into_iter().map(|reason| reason.kind).collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["not_found", "unreachable", "unreadable"]);
    // Without being asked, only what could not be looked at is looked at again.
    folder.convert(list(), &options).unwrap();
    assert!(folder.outcomes().contains(&"gs://c/2.txt failed unreachable".to_owned()), "{:?}", folder.outcomes());
    folder.convert(list(), &Options { retry: true, ..options }).unwrap();
    assert_eq!(
        folder.outcomes(),
        [
            "gs://c/2.txt done",
            "https://h/x?id=1 done",
            "s3://b/1.txt done",
            "s3://b/3.txt failed unreadable",
            "s3://b/4.txt failed not_found"
        ]
    );
}

#[test]
fn what_nobody_opens_stops_the_run_before_it_begins() {
    let folder = Folder::new("stops");
    let shelf = Shelf::with(&[]);
    shelf.refuse("s3://b/x", "everywhere");
    shelf.refuse("s3://b/y/", "unreachable");
    let remote = |error: Error| match error {
        Error::Remote { address, usage, .. } => (address, usage),
        other => panic!("{other:?}"),
    };
    let list = vec![Input::List(Box::new(Cursor::new("s3://b/x\n")))];
    assert_eq!(remote(folder.convert(list, &options(&shelf)).unwrap_err()), ("s3://b/x".to_owned(), true));
    assert!(!remote(folder.convert(input("s3://b/y/"), &options(&shelf)).unwrap_err()).1);
    let nobody = Options { remote: None, ..options(&shelf) };
    let list = vec![Input::List(Box::new(Cursor::new("s3://b/x\n")))];
    for inputs in [input("https://me:secret@h/x?sig=secret"), list] {
        let error = folder.convert(inputs, &nobody).unwrap_err();
        assert!(matches!(&error, Error::Usage(message) if message.contains("--features objects")), "{error}");
        assert!(!error.to_string().contains("secret"));
    }
}

#[test]
fn a_dataset_is_put_with_its_description_last_and_what_stands_is_not_sent_again() {
    let folder = Folder::new("publish");
    let text = report(2020);
    let shelf = Shelf::with(&[("s3://b/in/1.txt", &text)]);
    let with_csv = Options { csv: true, ..options(&shelf) };
    let out = folder.0.join("out");
    folder.convert(input("s3://b/in/"), &with_csv).unwrap();
    shelf.refuse("s3://d/data/figures.parquet", "unreachable");
    let broken = publish(&out, "s3://d/data", &with_csv).unwrap_err();
    assert!(broken.to_string().starts_with("s3://d/data/figures.parquet: refused; the same command"), "{broken}");
    let before = shelf.sent();
    shelf.0.lock().unwrap().refused.clear();
    let published = publish(&out, "s3://d/data/", &with_csv).unwrap();
    assert_eq!(
        (published.unchanged, published.sent.last().unwrap().as_str()),
        (before.len() as u64, "datapackage.json")
    );
    assert!(published.sent.iter().all(|name| !before.contains(&format!("s3://d/data/{name}"))), "{before:?}");
    for entry in fs::read_dir(&out).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let there = shelf.0.lock().unwrap().objects.get(&format!("s3://d/data/{name}")).cloned();
        assert_eq!(there, (!name.starts_with("ledger.")).then(|| fs::read(entry.path()).unwrap()), "{name}");
    }
    shelf.sent();
    assert!(publish(&out, "s3://d/data/", &with_csv).unwrap().sent.is_empty());
    // Somebody else has put another file there; and CSV is no longer asked for.
    shelf.set("s3://d/data/reports.jsonl", "{}");
    folder.convert(input("s3://b/in/"), &options(&shelf)).unwrap();
    let published = publish(&out, "s3://d/data/", &options(&shelf)).unwrap();
    assert!(
        published.sent.contains(&"reports.jsonl".to_owned()) && published.removed.contains(&"figures.csv".to_owned())
    );
    assert!(shelf.0.lock().unwrap().objects.keys().all(|key| !key.ends_with(".csv")));
    // What is spoilt here is not put there.
    fs::write(out.join("figures.parquet"), "spoilt").unwrap();
    assert!(publish(&out, "s3://d/data/", &options(&shelf)).is_err());
}
