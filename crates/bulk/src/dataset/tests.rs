//! The dataset of a few documents, written and opened again in every way.

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use arrow_array::RecordBatch;
use nianbao::Forms;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::cell::value;
use super::columnar::Columnars;
use super::columns::Kind;
use super::rows::{Rows, Value};
use super::tables::{CELLS, DOCUMENTS, FIGURES, FINDINGS, REPORTS, TABLES, WARNINGS};
use super::*;
use crate::record::Record;

fn corpus(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus").join(name)).unwrap()
}

fn read(path: &str, bytes: &[u8]) -> Document {
    Document {
        id: document_id(path.as_bytes(), b"", None),
        path: path.to_owned(),
        raw_path: None,
        bytes: Some(bytes.len() as u64),
        sha256: Some(Sha256::digest(bytes).into()),
        gone: false,
        outcome: Outcome::Read(Record::of(bytes, &Forms::builtin(), true).pack()),
    }
}

/// A report of the corpus, put into another year, with another number carried in.
fn in_year(year: u16, carried_in: &str) -> Vec<u8> {
    const ROW: &str = "二、上年结转政府信息公开申请数量";
    let text = String::from_utf8(corpus("text/blanks-2021.txt")).unwrap();
    assert!(text.contains("2023年") && text.contains(ROW));
    let text = text.replace("2023", &year.to_string());
    let lines = text.lines().map(|line| match line.strip_prefix(ROW) {
        Some(_) if !carried_in.is_empty() => format!("{ROW}{}", format!("  {carried_in}").repeat(7)),
        _ => line.to_owned(),
    });
    (lines.collect::<Vec<_>>().join("\n") + "\n").into_bytes()
}

/// Documents of every outcome, in order; read once.
fn documents() -> Vec<Document> {
    static DOCUMENTS: LazyLock<Vec<Document>> = LazyLock::new(made);
    DOCUMENTS.clone()
}

fn made() -> Vec<Document> {
    let plain = corpus("docx/plain-2021.docx");
    let copy = |path: &str| Document {
        outcome: Outcome::Copy {
            of: "b/年报.docx".to_owned(),
            brief: Brief { format: Some("docx".to_owned()), failure: None, reports: 1, review: false },
        },
        ..read(path, &plain)
    };
    let failed = |path: &str, kind: &str| Document {
        bytes: None,
        sha256: None,
        outcome: Outcome::Failed { kind: kind.to_owned(), message: format!("it is {kind}; look again") },
        ..read(path, b"")
    };
    let mut documents = vec![
        read("=cmd|' /C calc'!A0.docx", &corpus("docx/agency-in-sign-off.docx")),
        failed("a/gone.doc", "not_found"),
        read("a/empty.pdf", b""),
        read("b/年报.docx", &plain),
        copy("b/年报 (1).docx"),
        copy("c.zip!年报.docx"),
        read("d/2022.txt", &in_year(2022, "")),
        read("d/2023.txt", &in_year(2023, "77")),
        read("e/名.doc", &corpus("html/word-2019.htm")),
        read("f/plain.xlsx", &corpus("sheet/plain-2021.xlsx")),
        read("g/plain.pdf", &corpus("pdf/plain-2021.pdf")),
        read("h/balance.docx", &corpus("docx/balance-off-by-one.docx")),
        read("i/four.docx", &corpus("docx/four-tables.docx")),
        Document { raw_path: Some(vec![0xC4, 0xEA]), ..failed("j/年", "crashed") },
    ];
    documents.sort_by(|one, other| one.path.as_bytes().cmp(other.path.as_bytes()));
    documents
}

/// A folder of its own, removed when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("nianbao-dataset-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The rows of a table, as Parquet has them.
    fn rows(&self, table: usize) -> Vec<Vec<Value<'static>>> {
        let path = self.0.join(format!("{}.parquet", TABLES[table].name));
        let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(path).unwrap()).unwrap().build().unwrap();
        reader.flat_map(|batch| rows_of(table, Box::leak(Box::new(batch.unwrap())))).collect()
    }

    /// The values of one column.
    fn column(&self, table: usize, name: &str) -> Vec<Value<'static>> {
        let column = TABLES[table].column(name).unwrap();
        self.rows(table).into_iter().map(|row| row[column]).collect()
    }
}

fn rows_of(table: usize, batch: &'static RecordBatch) -> Vec<Vec<Value<'static>>> {
    let columns = || TABLES[table].columns.iter().zip(batch.columns());
    (0..batch.num_rows()).map(|row| columns().map(|(spec, column)| value(spec.kind, column, row)).collect()).collect()
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn all() -> Options {
    Options { jobs: NonZeroUsize::MIN, csv: true, bom: true, sqlite: true, tables: true, ..Options::default() }
}

fn written(folder: &Folder, options: &Options) -> Written {
    write(&mut Listed(documents()), &Forms::builtin(), options, &folder.0).unwrap()
}

fn text<'a>(value: &Value<'a>) -> &'a str {
    match value {
        Value::Text(text) => text,
        _ => "",
    }
}

#[test]
fn every_figure_of_every_line_is_a_row() {
    let folder = Folder::new("figures");
    written(&folder, &all());
    let column = |name| TABLES[FIGURES].column(name).unwrap();
    let rows = folder.rows(FIGURES);
    let mut found = BTreeMap::new();
    for row in &rows {
        found.insert((text(&row[column("report")]), text(&row[column("figure")])), row);
    }
    assert_eq!(found.len(), rows.len(), "a key is there twice");
    let mut count = 0;
    for line in fs::read_to_string(folder.0.join("reports.jsonl")).unwrap().lines() {
        let line: Json = serde_json::from_str(line).unwrap();
        if line["status"] == "failed" {
            continue;
        }
        let report = format!("{}-{}", &line["source"]["sha256"].as_str().unwrap()[..32], 1);
        for (key, evidence) in line["evidence"].as_object().unwrap().iter().filter(|(key, _)| key.contains('.')) {
            let row = found[&(report.as_str(), key.as_str())];
            assert_eq!(text(&row[column("raw")]), evidence["raw"].as_str().unwrap());
            assert_eq!(text(&row[column("state")]), evidence["state"].as_str().unwrap());
            let at: Vec<&str> = evidence["at"].as_array().unwrap().iter().map(|at| at.as_str().unwrap()).collect();
            assert_eq!(text(&row[column("place")]), at.join(", "));
            let number = key.split('.').fold(&line, |tree, part| &tree[part]);
            match (row[column("value")], row[column("exact")]) {
                (Value::Number(near), Value::Decimal(units)) => {
                    assert_eq!(number.to_string().parse::<f64>().unwrap().to_bits(), near.to_bits());
                    assert_eq!(amount::number(&number.to_string()).1, Value::Decimal(units));
                }
                (Value::Missing, Value::Missing) => assert!(number.is_null()),
                other => panic!("{other:?}"),
            }
            count += 1;
        }
    }
    assert_eq!(count, rows.len());
    assert!(count > 1_500);
}

#[test]
fn a_line_is_what_extract_prints_under_the_canonical_path() {
    let folder = Folder::new("lines");
    written(&folder, &all());
    let text = fs::read_to_string(folder.0.join("reports.jsonl")).unwrap();
    let forms = Forms::builtin();
    let mut wanted = String::new();
    for document in documents() {
        let bytes = match document.path.as_str() {
            "a/empty.pdf" => Vec::new(),
            "b/年报.docx" => corpus("docx/plain-2021.docx"),
            "e/名.doc" => corpus("html/word-2019.htm"),
            _ => continue,
        };
        for line in nianbao::extract(&document.path, &bytes, &forms) {
            wanted.push_str(&serde_json::to_string(&line).unwrap());
            wanted.push('\n');
        }
    }
    assert_eq!(wanted.lines().count(), 3);
    for line in wanted.lines() {
        assert!(text.lines().any(|found| found == line), "{}", &line[..200]);
    }
    // Copies have no line; what could not be read has one.
    assert_eq!(text.lines().count(), documents().len() - 2);
    let paths: Vec<Json> =
        text.lines().map(|line| serde_json::from_str::<Json>(line).unwrap()["source"]["path"].take()).collect();
    let mut sorted = paths.clone();
    sorted.sort_by_key(|path| path.as_str().unwrap().as_bytes().to_vec());
    assert_eq!(paths, sorted);
    let kinds = folder.column(WARNINGS, "kind");
    assert_eq!(kinds.iter().filter(|kind| **kind == Value::Text("name_disagrees")).count(), 1);
}

#[test]
fn every_input_has_a_row_whatever_came_of_it() {
    let folder = Folder::new("documents");
    written(&folder, &all());
    let column = |name| TABLES[DOCUMENTS].column(name).unwrap();
    let rows = folder.rows(DOCUMENTS);
    assert_eq!(rows.len(), documents().len());
    let row = |path: &str| rows.iter().find(|row| text(&row[column("path")]) == path).unwrap();
    let copy = row("c.zip!年报.docx");
    assert_eq!(text(&copy[column("canonical_path")]), "b/年报.docx");
    assert_eq!((text(&copy[column("outcome")]), copy[column("reports")]), ("ok", Value::Integer(1)));
    let gone = row("a/gone.doc");
    assert_eq!((text(&gone[column("outcome")]), text(&gone[column("kind")])), ("failed", "not_found"));
    assert_eq!(gone[column("sha256")], Value::Missing);
    assert_eq!(text(&row("j/年")[column("raw_path")]), "c4ea");
    assert_eq!(text(&row("a/empty.pdf")[column("kind")]), "empty");
    assert_eq!(text(&row("h/balance.docx")[column("outcome")]), "review");
}

#[test]
fn reports_of_one_agency_are_put_side_by_side() {
    let folder = Folder::new("panel");
    let written = written(&folder, &all());
    let column = |name| TABLES[FINDINGS].column(name).unwrap();
    let rows = folder.rows(FINDINGS);
    let carried: Vec<_> = rows.iter().filter(|row| text(&row[column("rule")]) == "panel.carried").collect();
    assert!(!carried.is_empty());
    for row in &carried {
        let message = text(&row[column("message")]);
        assert!(
            message.contains("d/2022.txt: line ") && message.contains("2023 carries in 77 (d/2023.txt: line "),
            "{message}"
        );
        assert_ne!(text(&row[column("other_report")]), "");
    }
    assert_eq!(
        rows.iter().filter(|row| text(&row[column("rule")]).starts_with("panel.")).count() as u64,
        written.panel_findings
    );
    let keys: std::collections::BTreeSet<String> =
        rows.iter().map(|row| format!("{:?}", (text(&row[0]), row[1]))).collect();
    assert_eq!(keys.len(), rows.len(), "each finding has a number of its own");
}

#[test]
fn the_same_documents_give_the_same_bytes_whatever_the_number_of_threads() {
    let folders = [1, 2, 5].map(|jobs| {
        let folder = Folder::new(&format!("same-{jobs}"));
        let options = Options { jobs: NonZeroUsize::new(jobs).unwrap(), ..all() };
        // So many that there are several blocks and readers take turns.
        let mut many = Vec::new();
        for round in 0..12_u8 {
            // Other bytes each round, as far as the dataset can tell.
            let digest = |digest: [u8; 32]| digest.map(|byte| byte.wrapping_add(round));
            many.extend(documents().into_iter().map(|document| Document {
                id: document_id(&[round], document.id.as_bytes(), None),
                path: format!("{round:02}/{}", document.path),
                sha256: document.sha256.map(digest),
                ..document
            }));
        }
        write(&mut Listed(many), &Forms::builtin(), &options, &folder.0).unwrap();
        folder
    });
    let names = folders[0].names();
    assert!(
        names.contains(&"nianbao.sqlite".to_owned()) && !names.iter().any(|name| name.ends_with(".part")),
        "{names:?}"
    );
    for other in &folders[1..] {
        assert_eq!(other.names(), names);
        for name in &names {
            let bytes = |folder: &Folder| fs::read(folder.0.join(name)).unwrap();
            assert!(bytes(&folders[0]) == bytes(other), "{name} differs");
        }
    }
}

/// What stands in a row of a table, of every kind, some of it missing.
fn a_row(table: usize, number: i64) -> Vec<Value<'static>> {
    let long = format!("{number} {}", "年报".repeat(usize::try_from(number % 5).unwrap() * 40));
    let text: &'static str = Box::leak(long.into_boxed_str());
    let value = |place: i64, column: &columns::Column| match column.kind {
        _ if !column.required && (number + place) % 3 == 0 => Value::Missing,
        Kind::Text => Value::Text(text),
        Kind::Integer => Value::Integer(number * 1000 + place),
        Kind::Number => Value::Number(f64::from(i32::try_from(number).unwrap()) / 8.0),
        Kind::Decimal => Value::Decimal(i128::from(number) * 1_000_003),
        Kind::Boolean => Value::Boolean(number % 2 == 0),
        Kind::Date => Value::Date(i32::try_from(number).unwrap()),
    };
    (0..).zip(TABLES[table].columns).map(|(place, column)| value(place, column)).collect()
}

#[test]
fn rows_that_wait_come_out_as_they_went_in() {
    let folder = Folder::new("waiting");
    let tables = [FIGURES, REPORTS, WARNINGS, DOCUMENTS];
    let mut columnars = Columnars::create(&folder.0, tables.iter().map(|&table| &TABLES[table])).unwrap();
    let mut expected = vec![Vec::new(); tables.len()];
    for number in 0..3000 {
        // Of warnings few: theirs wait in memory to the end, while other tables have put theirs into files.
        for (place, &table) in tables.iter().enumerate().filter(|&(_, &table)| table != WARNINGS || number % 500 == 0) {
            let mut rows = Rows::new(&TABLES[table]);
            for of_block in 0..number % 3 {
                let row = a_row(table, number + of_block);
                rows.push(&row);
                expected[place].push(row);
            }
            columnars.add(place, &rows.finish().unwrap()).unwrap();
            assert!(rows.is_empty());
        }
    }
    let put = |table: usize| waiting::path(&folder.0, &TABLES[table]).exists();
    assert_eq!([FIGURES, REPORTS, WARNINGS, DOCUMENTS].map(put), [false, true, false, true]);
    for file in columnars.finish().unwrap() {
        part::rename(&folder.0, &file.name).unwrap();
    }
    for (&table, expected) in tables.iter().zip(&expected) {
        assert!(folder.rows(table) == *expected, "{}", TABLES[table].name);
    }
    let groups = |table: usize| {
        let path = folder.0.join(format!("{}.parquet", TABLES[table].name));
        let file = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(path).unwrap()).unwrap();
        file.metadata().num_row_groups()
    };
    for table in [REPORTS, WARNINGS, DOCUMENTS] {
        assert_eq!(groups(table), 1, "{}", TABLES[table].name);
    }
    let left: Vec<_> = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), tables.len(), "{left:?}");
}

#[test]
fn csv_and_sqlite_hold_what_parquet_holds() {
    let folder = Folder::new("formats");
    written(&folder, &all());
    let sqlite = rusqlite::Connection::open(folder.0.join("nianbao.sqlite")).unwrap();
    for (index, table) in TABLES.iter().enumerate() {
        let rows = folder.rows(index);
        assert!(!rows.is_empty(), "{}", table.name);
        let mut bytes = fs::read(folder.0.join(format!("{}.csv", table.name))).unwrap();
        assert_eq!(bytes[..3], [0xEF, 0xBB, 0xBF]);
        bytes.drain(..3);
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        assert_eq!(reader.headers().unwrap(), names);
        let records: Vec<_> = reader.records().map(Result::unwrap).collect();
        let mut statement = sqlite.prepare(&format!("SELECT * FROM \"{}\" ORDER BY rowid", table.name)).unwrap();
        let mut stored = statement.query(()).unwrap();
        assert_eq!(records.len(), rows.len());
        for (row, record) in rows.iter().zip(&records) {
            let stored = stored.next().unwrap().unwrap();
            for (place, value) in row.iter().enumerate() {
                let plain = plain(value);
                let field = &record[place];
                let unguarded =
                    if matches!(value, Value::Text(_)) { field.strip_prefix('\'').unwrap_or(field) } else { field };
                assert_eq!(unguarded, plain, "{}.{}", table.name, names[place]);
                assert!(
                    !matches!(value, Value::Text(_)) || !field.starts_with(['=', '+', '-', '@', '\t', '\r']),
                    "{field}"
                );
                let stored = match stored.get::<_, rusqlite::types::Value>(place).unwrap() {
                    rusqlite::types::Value::Null => String::new(),
                    rusqlite::types::Value::Integer(number) if matches!(value, Value::Boolean(_)) => {
                        (number == 1).to_string()
                    }
                    rusqlite::types::Value::Integer(number) => number.to_string(),
                    rusqlite::types::Value::Real(number) => number.to_string(),
                    rusqlite::types::Value::Text(text) => text,
                    rusqlite::types::Value::Blob(_) => panic!("a blob"),
                };
                assert_eq!(stored, plain, "{}.{}", table.name, names[place]);
            }
        }
        assert!(stored.next().unwrap().is_none());
    }
    let wide: (i64, f64) = sqlite
        .query_row("SELECT year, \"requests.carried_in.total\" FROM wide_2021 WHERE path = 'd/2023.txt'", (), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!(wide, (2023, 77.0));
    assert!(!folder.rows(CELLS).is_empty());
}

fn plain(value: &Value<'_>) -> String {
    match *value {
        Value::Missing => String::new(),
        Value::Text(text) => text.to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Decimal(units) => amount::written(units),
        Value::Boolean(truth) => truth.to_string(),
        Value::Date(days) => amount::date(days),
    }
}

#[test]
fn what_is_no_longer_asked_for_is_removed_and_a_failed_run_leaves_what_was_there() {
    let folder = Folder::new("again");
    written(&folder, &all());
    let plain = Options { csv: false, sqlite: false, tables: false, ..all() };
    let files = written(&folder, &plain);
    let names: Vec<&str> = files.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(folder.names(), names);
    assert!(!names.iter().any(|name| name.ends_with(".csv") || name.starts_with("cells")), "{names:?}");
    for file in &files.files {
        let bytes = fs::read(folder.0.join(&file.name)).unwrap();
        assert_eq!((bytes.len() as u64, Sha256::digest(&bytes).as_slice()), (file.bytes, file.sha256.as_slice()));
    }

    struct Stopping(Vec<Document>);
    impl Source for Stopping {
        fn each(&mut self, take: &mut dyn FnMut(Document) -> Result<(), Error>) -> Result<(), Error> {
            self.0.drain(..).try_for_each(take)?;
            Err(Error::source("stopped"))
        }
    }
    for jobs in [1, 3] {
        let options = Options { jobs: NonZeroUsize::new(jobs).unwrap(), ..plain.clone() };
        let error = write(&mut Stopping(documents()), &Forms::builtin(), &options, &folder.0).unwrap_err();
        assert_eq!(error.to_string(), "stopped");
        assert_eq!(folder.names(), names, "nothing half written is left");
        for file in &files.files {
            let bytes = fs::read(folder.0.join(&file.name)).unwrap();
            assert_eq!(Sha256::digest(&bytes).as_slice(), file.sha256.as_slice(), "{}", file.name);
        }
    }
    let spoilt = Listed(vec![Document { sha256: None, ..read("x.docx", &corpus("docx/plain-2021.docx")) }]);
    let error = write(&mut spoilt.clone(), &Forms::builtin(), &plain, &folder.0).unwrap_err();
    assert!(error.to_string().starts_with("x.docx: "), "{error}");
    assert!(write(&mut Listed::default(), &Forms::builtin(), &plain, &folder.0.join("nowhere")).is_err());
}

#[test]
fn a_folder_that_somebody_else_has_now_is_left_alone() {
    struct Moved(PathBuf);
    impl Source for Moved {
        fn each(&mut self, _: &mut dyn FnMut(Document) -> Result<(), Error>) -> Result<(), Error> {
            fs::remove_dir_all(&self.0).unwrap();
            fs::create_dir(&self.0).unwrap();
            fs::write(self.0.join("figures.parquet.part"), "of another run").unwrap();
            Ok(())
        }
    }
    for jobs in [1, 2] {
        let folder = Folder::new("moved");
        let options =
            Options { jobs: NonZeroUsize::new(jobs).unwrap(), tables: false, csv: false, sqlite: false, ..all() };
        let error = write(&mut Moved(folder.0.clone()), &Forms::builtin(), &options, &folder.0).unwrap_err();
        assert!(error.to_string().contains("run the same command again"), "{error}");
        let part = fs::read(folder.0.join("figures.parquet.part")).unwrap();
        assert_eq!(part, b"of another run");
    }
}

#[test]
fn a_dataset_of_nothing_is_whole() {
    let folder = Folder::new("nothing");
    let written = write(&mut Listed::default(), &Forms::builtin(), &all(), &folder.0).unwrap();
    assert_eq!((written.reports, written.panel_findings), (0, 0));
    assert_eq!(folder.rows(REPORTS).len(), 0);
    opens(&folder);
}

#[test]
fn analysts_tools_open_the_dataset_and_agree_with_its_description() {
    let folder = Folder::new("opens");
    written(&folder, &all());
    opens(&folder);
}

/// Runs `tests/opens.py` on a dataset: it leaves out what is not installed, and says so.
fn opens(folder: &Folder) {
    runs("tests/opens.py", folder);
}

#[test]
fn the_questions_that_people_are_shown_have_answers() {
    let folder = Folder::new("queries");
    written(&folder, &Options { csv: false, sqlite: false, tables: false, ..all() });
    runs("../../scripts/queries", &folder);
}

fn runs(script: &str, folder: &Folder) {
    match Command::new("python3").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(script)).arg(&folder.0).output() {
        Ok(output) => {
            println!("{}", String::from_utf8_lossy(&output.stdout));
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        Err(error) => println!("left out: python3 cannot be run ({error})"),
    }
}
