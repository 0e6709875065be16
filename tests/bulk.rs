//! A whole run whose workers fail: what costs its worker is given up with a reason, all else is as if nothing had happened.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use nianbao_bulk::{Blind, Input, Isolation, Options, Summary, convert, each_row, gather, plan, shard};

/// A folder of its own for each test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("nianbao-bulk-{}-{name}", std::process::id()));
        fs::create_dir_all(path.join("in")).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.0.join("in").join(name), bytes).unwrap();
    }

    fn run(&self, out: &str, options: &Options) -> Summary {
        convert(vec![Input::Path(self.0.join("in"))], &self.0.join(out), options, &mut Blind).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn report(year: u32) -> String {
    format!(
        "甲市乙局{year}年政府信息公开工作年度报告\n二、主动公开政府信息情况\n\
         信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t1\t0\t4\n行政规范性文件\t2\t1\t9\n"
    )
}

fn zip(members: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The same files in shards, gathered.
fn shards(folder: &Folder, options: &Options) {
    let mut files: Vec<_> = fs::read_dir(folder.0.join("in")).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let manifest = folder.0.join("manifest.csv");
    let rows: String = files.iter().map(|file| format!("{}\n", file.display())).collect();
    fs::write(&manifest, format!("uri\n{rows}")).unwrap();
    let (out, of) = (folder.0.join("shards"), 3.try_into().unwrap());
    for index in 0..3 {
        let mut rows = Vec::new();
        each_row(&manifest, &mut |row| {
            rows.extend((row.shard(of) == index).then_some(row));
            Ok(())
        })
        .unwrap();
        let done = shard(rows, &out, Some(&folder.0), options, &mut Blind).unwrap();
        assert_eq!(done.interrupted, None);
    }
    let planned = plan(&manifest, of, &out, options).unwrap();
    gather(&planned, &out, Some(&folder.0), options, &mut Blind).unwrap();
}

/// The bytes of each file of the dataset; folders of parts are none of it.
fn dataset(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(out).unwrap().map(Result::unwrap).filter(|file| file.path().is_file());
    let named = files.map(|file| (file.file_name().into_string().unwrap(), file.path()));
    named.filter(|(name, _)| !name.starts_with("ledger.")).map(|(name, path)| (name, fs::read(path).unwrap())).collect()
}

#[test]
fn what_costs_its_worker_is_given_up_with_a_reason_and_read_again_on_request() {
    let folder = Folder::new("given-up");
    for year in 2019..2024 {
        folder.file(&format!("{year}.txt"), report(year));
    }
    folder.file("abort.txt", "FAULT abort");
    folder.file("copy-of-abort.txt", "FAULT abort");
    folder.file("memory.txt", "FAULT memory");
    folder.file("hang.zip", zip(&[("1.txt", &report(2010)), ("2.txt", "FAULT hang"), ("3.txt", &report(2011))]));
    let faulty = Options {
        jobs: 2.try_into().unwrap(),
        memory: 384 << 20,
        timeout: Duration::from_secs(4),
        stall: Duration::from_secs(2),
        worker: Some((env!("CARGO_BIN_EXE_faulty").into(), Vec::new())),
        ..Options::default()
    };
    let first = folder.run("out", &faulty);
    assert_eq!((first.documents.review, first.documents.failed, first.documents.quarantined), (7, 0, 4));
    shards(&folder, &faulty);
    assert!(dataset(&folder.0.join("out")) == dataset(&folder.0.join("shards")), "shards differ from one machine");
    let reasons: Vec<_> = first.reasons.iter().map(|reason| (reason.kind.as_str(), reason.count)).collect();
    assert_eq!(reasons, [("crashed", 2), ("out_of_memory", 1), ("timeout", 1)]);
    assert_eq!(folder.run("out", &faulty).opened, 0);

    // A program without these faults reads what was given up, and nothing else.
    let sound = Options { isolation: Isolation::None, retry: true, ..Options::default() };
    let retried = folder.run("out", &sound);
    assert_eq!((retried.read, retried.documents.quarantined, retried.documents.failed), (3, 0, 4));
    folder.run("undisturbed", &sound);
    assert!(dataset(&folder.0.join("out")) == dataset(&folder.0.join("undisturbed")));
}
