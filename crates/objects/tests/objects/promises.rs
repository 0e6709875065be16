//! What a storage promises, held against the library's storages in memory and in a folder.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use nianbao_bulk::{Blind, Input, Isolation, Object, Options, Remote, Standing, convert, publish};
use nianbao_objects::Objects;
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use tokio::sync::mpsc;

/// A folder of its own for each test, removed with it.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("nianbao-objects-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("store")).unwrap();
        Self(path)
    }

    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn storages(folder: &Folder) -> [Arc<dyn ObjectStore>; 2] {
    [Arc::new(InMemory::new()), Arc::new(LocalFileSystem::new_with_prefix(folder.0.join("store")).unwrap())]
}

pub(crate) async fn listed(objects: &Objects, folder: &str) -> Vec<String> {
    let (tell, mut told) = mpsc::channel(1000);
    objects.list(folder, tell).await.unwrap();
    let mut found = Vec::new();
    while let Some(object) = told.recv().await {
        found.push(object.address);
    }
    found.sort();
    found
}

#[tokio::test]
async fn what_is_put_is_seen_listed_fetched_and_removed() {
    let folder = Folder::new("promises");
    let small = folder.file("small", "年报".as_bytes());
    // In two parts.
    let large = folder.file("large", &vec![7; (16 << 20) + 5]);
    for store in storages(&folder) {
        let objects = Objects::default().with("s3://b", store);
        let (one, two) = ("s3://b/甲/年报 2023.docx", "s3://b/甲/乙/large");
        assert_eq!(objects.look(one).await.unwrap(), Standing::Nothing);
        let put = objects.put(&small, one).await.unwrap();
        objects.put(&large, two).await.unwrap();
        let Standing::Object(Object { address, size, tag, .. }) = objects.look(one).await.unwrap() else { panic!() };
        assert_eq!((address.as_str(), size, tag), (one, 6, put.tag));
        assert_eq!(objects.look("s3://b/甲").await.unwrap(), Standing::Folder);
        assert_eq!(listed(&objects, "s3://b/甲/").await, [two, one]);
        assert_eq!(listed(&objects, "s3://b/").await.len(), 2);
        let file = folder.file("fetched", b"");
        assert_eq!(objects.fetch(two, &file, 1 << 30).await.unwrap(), (16 << 20) + 5);
        assert!(fs::read(&file).unwrap() == fs::read(&large).unwrap());
        assert_eq!(objects.fetch(two, &file, 1 << 20).await.unwrap_err().kind, "too_large");
        objects.remove(one).await.unwrap();
        objects.remove(one).await.unwrap();
        assert_eq!(objects.fetch(one, &file, 1 << 20).await.unwrap_err().kind, "not_found");
        assert!(objects.look("s3://b/a//b").await.is_err(), "a name that cannot be asked for");
    }
}

#[test]
fn a_whole_run_goes_from_storage_to_storage() {
    let folder = Folder::new("whole");
    for store in storages(&folder) {
        let objects = Objects::default().with("s3://in", store).with("s3://out", Arc::new(InMemory::new()));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        for number in 0..20 {
            let file = folder.file("text", format!("没有报告 {number}").as_bytes());
            let address = format!("s3://in/{:02}/{number}.txt", number % 3);
            runtime.block_on(objects.put(&file, &address)).unwrap();
        }
        let remote = Arc::new(objects);
        let options = Options { isolation: Isolation::None, remote: Some(remote.clone()), ..Options::default() };
        let out = folder.0.join("out");
        let _ = fs::remove_dir_all(&out);
        let inputs = || vec![Input::of("s3://in/".as_ref())];
        let summary = convert(inputs(), &out, &options, &mut Blind).unwrap();
        assert_eq!((summary.documents.failed, summary.opened), (20, 20));
        assert_eq!(convert(inputs(), &out, &options, &mut Blind).unwrap().opened, 0);
        let published = publish(&out, "s3://out/data", &options).unwrap();
        assert_eq!(published.sent.last().unwrap(), "datapackage.json");
        assert_eq!(runtime.block_on(listed(&remote, "s3://out/data/")).len(), published.sent.len());
        assert!(publish(&out, "s3://out/data", &options).unwrap().sent.is_empty());
    }
}
