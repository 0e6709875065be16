//! Whole runs over small folders, in this process.
//!
//! `cfg(test)` is always on here; it is written out so that the lints know this module for tests.

#[cfg(test)]
mod away;

#[cfg(test)]
mod run {
    use std::ffi::OsStr;
    use std::fs;
    use std::io::{Cursor, Write as _};
    use std::num::NonZeroUsize;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::{Path, PathBuf};

    use nianbao_bulk::{Blind, Dataset, Error, Input, Isolation, Options, Reason, Summary, Tally, convert};
    use rusqlite::Connection;

    /// A folder of its own for one test, removed with it.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("nianbao-run-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(path.join("in")).unwrap();
            Self(path)
        }

        fn write(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) {
            let path = self.0.join("in").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }

        fn remove(&self, name: &str) {
            fs::remove_file(self.0.join("in").join(name)).unwrap();
        }

        fn run(&self) -> Summary {
            self.run_with(&options())
        }

        fn run_with(&self, options: &Options) -> Summary {
            self.convert(vec![Input::Path(self.0.join("in"))], options).unwrap()
        }

        fn convert(&self, inputs: Vec<Input>, options: &Options) -> Result<Summary, Error> {
            convert(inputs, &self.0.join("out"), options, &mut Blind)
        }

        /// Path below the input, state and kind of each document; `gone` where its file has gone.
        fn outcomes(&self) -> Vec<String> {
            let ledger = Connection::open(self.0.join("out/ledger.sqlite")).unwrap();
            let mut query = ledger.prepare("SELECT CAST(path AS BLOB), state, kind, gone FROM outcomes").unwrap();
            let root = format!("{}/in/", self.0.display());
            let line = |row: &rusqlite::Row<'_>| {
                let path: Vec<u8> = row.get(0)?;
                let path = String::from_utf8_lossy(&path).replace(&root, "");
                let kind = row.get::<_, Option<String>>(2)?.map(|kind| format!(" {kind}")).unwrap_or_default();
                let gone = if row.get(3)? { " gone" } else { "" };
                Ok(format!("{path} {}{kind}{gone}", row.get::<_, String>(1)?))
            };
            query.query_map([], line).unwrap().map(Result::unwrap).collect()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn options() -> Options {
        Options { jobs: NonZeroUsize::new(2).unwrap(), isolation: Isolation::None, ..Options::default() }
    }

    /// A report that is read; whether it is ok does not matter here.
    fn report(agency: &str) -> String {
        format!(
            "{agency}2023年政府信息公开工作年度报告\n二、主动公开政府信息情况\n\
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

    #[test]
    fn the_same_bytes_are_read_once_and_keep_all_their_paths() {
        let folder = Folder::new("same");
        folder.write("a.txt", report("甲市"));
        folder.write("b.zip", zip(&[("年报.txt", &report("甲市")), ("乙.txt", &report("乙市"))]));
        folder.write("c.zip", zip(&[("2023/年报.txt", &report("甲市"))]));
        let summary = folder.run();
        assert_eq!((summary.read, summary.opened, summary.documents.all()), (2, 3, 4));
        assert_eq!(summary.reports.all(), 2);
        let wanted = ["a.txt done", "b.zip!乙.txt done", "b.zip!年报.txt done", "c.zip!2023/年报.txt done"];
        assert_eq!(folder.outcomes(), wanted);
    }

    #[test]
    fn an_archive_of_many_members_passes_whole_and_in_order() {
        let folder = Folder::new("many");
        let texts: Vec<_> =
            (0..600).map(|number| (format!("{number:03}.txt"), format!("没有报告 {}", number / 2))).collect();
        let members: Vec<_> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        folder.write("a.zip", zip(&members));
        folder.write("b.txt", report("甲市"));
        let options = Options { csv: true, ..options() };
        let summary = folder.run_with(&options);
        assert_eq!((summary.documents.all(), summary.read), (601, 301));
        let documents = fs::read_to_string(folder.0.join("out/documents.csv")).unwrap();
        let mut reader = csv::Reader::from_reader(documents.as_bytes());
        let path = reader.headers().unwrap().iter().position(|name| name == "path").unwrap();
        let paths: Vec<String> = reader.records().map(|row| row.unwrap()[path].to_owned()).collect();
        let input = folder.0.join("in").display().to_string();
        let wanted = texts.iter().map(|(name, _)| format!("{input}/a.zip!{name}")).chain([format!("{input}/b.txt")]);
        assert_eq!(paths, wanted.collect::<Vec<_>>());
    }

    #[test]
    fn what_is_done_is_not_opened_again_and_the_dataset_stands() {
        let folder = Folder::new("again");
        folder.write("a.txt", report("甲市"));
        assert!(matches!(folder.run().dataset, Dataset::Written(_)));
        let again = folder.run();
        assert_eq!((again.opened, again.read, again.files), (0, 0, 1));
        assert_eq!(again.dataset, Dataset::Unchanged);
        let other = folder.run_with(&Options { csv: true, ..options() });
        assert!(matches!(other.dataset, Dataset::Written(_)));
    }

    #[test]
    fn a_ledger_of_the_first_kind_is_gone_on_with() {
        let folder = Folder::new("first");
        folder.write("a.txt", report("甲市"));
        folder.run();
        let ledger = Connection::open(folder.0.join("out/ledger.sqlite")).unwrap();
        let back = "ALTER TABLE files DROP COLUMN expected_size; ALTER TABLE files DROP COLUMN expected_sha256; PRAGMA user_version = 1;";
        ledger.execute_batch(back).unwrap();
        drop(ledger);
        let again = folder.run();
        assert_eq!((again.opened, again.files), (0, 1));
        let manifest = folder.0.join("manifest.csv");
        fs::write(&manifest, format!("uri,size\n{},1\n", folder.0.join("in/a.txt").display())).unwrap();
        let listed = folder.convert(vec![Input::Manifest(manifest)], &options()).unwrap();
        assert_eq!((listed.opened, listed.reasons[0].kind.as_str()), (1, "not_as_listed"));
    }

    #[test]
    fn a_file_that_changed_is_read_again() {
        let folder = Folder::new("changed");
        folder.write("a.zip", zip(&[("1.txt", &report("甲市")), ("2.txt", "x")]));
        folder.write("b.txt", report("乙市"));
        folder.run();
        folder.write("a.zip", zip(&[("1.txt", &report("丙市"))]));
        let summary = folder.run();
        assert_eq!((summary.opened, summary.read), (1, 1));
        assert_eq!(folder.outcomes(), ["a.zip!1.txt done", "b.txt done"]);
        assert!(matches!(summary.dataset, Dataset::Written(_)));
    }

    #[test]
    fn what_has_gone_keeps_what_it_gave_and_what_gave_nothing_goes() {
        let folder = Folder::new("gone");
        folder.write("a.txt", report("甲市"));
        folder.write("b.txt", report("乙市"));
        std::os::unix::fs::symlink("nowhere", folder.0.join("in/link")).unwrap();
        assert_eq!(folder.run().documents.failed, 1);
        assert_eq!(folder.outcomes(), ["a.txt done", "b.txt done", "link failed not_found"]);
        folder.remove("a.txt");
        folder.remove("link");
        let summary = folder.run();
        assert_eq!((summary.gone, summary.opened), (1, 0));
        assert!(matches!(summary.dataset, Dataset::Written(_)));
        assert_eq!(folder.outcomes(), ["a.txt done gone", "b.txt done"]);
        assert_eq!(folder.run().dataset, Dataset::Unchanged);
        folder.write("a.txt", report("甲市"));
        let back = folder.run();
        assert_eq!((back.gone, back.opened, back.read), (0, 1, 0));
    }

    #[test]
    fn what_is_left_out_now_goes_and_what_other_inputs_gave_stays() {
        let folder = Folder::new("left");
        folder.write("a.txt", report("甲市"));
        folder.write("b.htm", report("乙市"));
        folder.write("sub/c.txt", report("丙市"));
        folder.run();
        let exclude = vec!["*.htm".to_owned()];
        let summary = folder.run_with(&Options { exclude, ..options() });
        assert_eq!((summary.excluded, summary.documents.all()), (1, 2));
        let sub = vec![Input::Path(folder.0.join("in/sub"))];
        assert_eq!(folder.convert(sub, &options()).unwrap().documents.all(), 2);
        assert_eq!(folder.outcomes(), ["a.txt done", "sub/c.txt done"]);
    }

    #[test]
    fn what_failed_is_read_again_only_on_request() {
        let folder = Folder::new("retry");
        folder.write("a.txt", report("甲市"));
        folder.write("b.txt", "没有报告");
        folder.write("c.zip", zip(&[("x.txt", "没有报告"), ("y.txt", &report("乙市"))]));
        let first = folder.run();
        assert_eq!(first.documents, Tally { review: 2, failed: 2, ..Tally::default() });
        let example = format!("{}/in/b.txt", folder.0.display());
        assert_eq!(first.reasons, [Reason { kind: "no_report_found".to_owned(), count: 2, example }]);
        assert_eq!(folder.run().read, 0);
        let retried = folder.run_with(&Options { retry: true, ..options() });
        assert_eq!((retried.opened, retried.read), (2, 1));
        assert_eq!(folder.run().opened, 0);
    }

    #[test]
    fn another_form_is_told_of_and_reads_again_only_on_request() {
        let folder = Folder::new("redo");
        folder.write("a.txt", report("甲市"));
        folder.write("b.txt", report("乙市"));
        folder.run();
        let form = Some(format!("{}\n# ours\n", nianbao::Forms::builtin_texts()[0]));
        let told = folder.run_with(&Options { form: form.clone(), ..options() });
        assert_eq!((told.other_edition, told.read), (2, 0));
        let redone = folder.run_with(&Options { form: form.clone(), redo: true, ..options() });
        assert_eq!((redone.other_edition, redone.read), (0, 2));
        assert_eq!(folder.run_with(&Options { form, redo: true, ..options() }).read, 0);
        assert_eq!(folder.run().other_edition, 2);
    }

    #[test]
    fn tables_that_were_not_asked_for_before_are_read_now() {
        let folder = Folder::new("tables");
        folder.write("a.txt", report("甲市"));
        folder.run();
        let tables = Options { tables: true, ..options() };
        assert_eq!(folder.run_with(&tables).read, 1);
        assert_eq!(folder.run_with(&tables).read, 0);
        assert_eq!(folder.run().read, 0);
    }

    #[test]
    fn names_that_are_not_utf_8_are_kept_apart() {
        let folder = Folder::new("names");
        folder.write(OsStr::from_bytes(b"\xc4\xea\xb1\xa8.txt"), report("甲市"));
        folder.write(OsStr::from_bytes(b"\xff\xfe.txt"), report("乙市"));
        folder.write(OsStr::from_bytes(b"a\nb\x1b[31m.txt"), "x");
        let summary = folder.run();
        assert_eq!((summary.documents.all(), summary.read), (3, 3));
        assert!(summary.reasons[0].example.ends_with("a\nb\u{1b}[31m.txt"));
        assert_eq!(folder.run().opened, 0);
    }

    #[test]
    fn a_list_names_files_and_folders_and_may_name_what_is_not_there() {
        let folder = Folder::new("list");
        folder.write("a.txt", report("甲市"));
        folder.write("sub/b.txt", report("乙市"));
        let root = folder.0.join("in");
        let list = |text: String| vec![Input::List(Box::new(Cursor::new(text.into_bytes())))];
        let summary = folder.convert(list(list_text(&root, "\n")), &options()).unwrap();
        assert_eq!((summary.documents.all(), summary.documents.failed), (3, 1));
        assert_eq!(folder.outcomes(), ["a.txt done", "nothing.txt failed not_found", "sub/b.txt done"]);
        let again = folder.convert(list(list_text(&root, "\0")), &options()).unwrap();
        assert_eq!((again.opened, again.documents.all()), (0, 3));
    }

    #[test]
    fn a_folder_that_cannot_be_listed_is_a_row_and_what_lies_in_it_is_not_gone() {
        let folder = Folder::new("closed");
        folder.write("a.txt", report("甲市"));
        folder.write("sub/b.txt", report("乙市"));
        folder.run();
        let sub = folder.0.join("in/sub");
        fs::set_permissions(&sub, fs::Permissions::from_mode(0o000)).unwrap();
        if fs::read_dir(&sub).is_ok() {
            println!("skipped: this user may list any folder");
            return;
        }
        let summary = folder.run();
        fs::set_permissions(&sub, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!((summary.documents.all(), summary.gone), (3, 0));
        assert_eq!(folder.outcomes(), ["a.txt done", "sub failed unreadable", "sub/b.txt done"]);
        assert_eq!(folder.run().documents.all(), 2);
    }

    #[test]
    fn what_cannot_be_is_told_before_anything_is_done() {
        let folder = Folder::new("usage");
        folder.write("a.txt", report("甲市"));
        let usage = |inputs: Vec<Input>, options: &Options| match folder.convert(inputs, options) {
            Err(Error::Usage(message)) => message,
            other => panic!("{other:?}"),
        };
        let there = || vec![Input::Path(folder.0.join("in"))];
        let missing = vec![Input::Path(folder.0.join("in")), Input::Path(folder.0.join("nothing"))];
        assert!(usage(missing, &options()).ends_with("nothing: no such file or folder; check the name"));
        usage(there(), &Options { include: vec!["[".to_owned()], ..options() });
        usage(there(), &Options { form: Some("x".to_owned()), ..options() });
        assert!(!folder.0.join("out").exists());
        folder.run();
        usage(vec![Input::Path(folder.0.join("out"))], &options());
    }

    #[test]
    fn an_empty_folder_is_a_dataset_of_nothing() {
        let folder = Folder::new("empty");
        let summary = folder.run();
        assert_eq!((summary.files, summary.documents.all()), (0, 0));
    }

    #[test]
    fn a_foreign_ledger_is_left_alone() {
        let folder = Folder::new("foreign");
        fs::create_dir_all(folder.0.join("out")).unwrap();
        fs::write(folder.0.join("out/ledger.sqlite"), "not SQLite, whatever its name says").unwrap();
        let inputs = vec![Input::Path(folder.0.join("in"))];
        let error = folder.convert(inputs, &options()).unwrap_err();
        assert!(matches!(error, Error::Ledger { .. }), "{error:?}");
        let other = Connection::open(folder.0.join("other.sqlite")).unwrap();
        other.execute_batch("CREATE TABLE t (x)").unwrap();
        fs::copy(folder.0.join("other.sqlite"), folder.0.join("out/ledger.sqlite")).unwrap();
        let error = folder.convert(vec![Input::Path(folder.0.join("in"))], &options()).unwrap_err();
        assert!(error.to_string().contains("not a ledger of nianbao"), "{error}");
    }

    fn list_text(root: &Path, end: &str) -> String {
        ["a.txt", "sub", "nothing.txt"].map(|name| format!("{}/{name}{end}", root.display())).concat()
    }
}
