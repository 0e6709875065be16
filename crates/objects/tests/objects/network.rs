//! What becomes of a request when the line or the other side fails.

use std::time::{Duration, Instant};

use nianbao_bulk::{Remote, Standing};
use nianbao_objects::Objects;

use crate::promises::{Folder, listed};
use crate::server::{Fault, Server};

fn objects(server: &Server) -> Objects {
    let endpoint = format!("http://127.0.0.1:{}", server.port);
    let variables = [
        ("AWS_ENDPOINT", endpoint.as_str()),
        ("AWS_ALLOW_HTTP", "true"),
        ("AWS_ACCESS_KEY_ID", "AKIAUSER"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_REGION", "us-east-1"),
    ];
    Objects::with_variables(variables.map(|(name, value)| (name.to_owned(), value.to_owned())))
}

const AT: &str = "s3://bucket/a.docx";

#[tokio::test]
async fn a_storage_with_a_passing_fault_is_asked_again() {
    let (server, folder) = (Server::start(), Folder::new("again"));
    let (objects, bytes) = (objects(&server), vec![3; 300_000]);
    server.put("a.docx", &bytes);
    let file = folder.file("fetched", b"");
    for (fault, times) in [
        (Fault::Status(500, "InternalError"), 2),
        (Fault::Status(503, "SlowDown"), 2),
        (Fault::Cut(100_000), 2),
        (Fault::Cut(0), 1),
        (Fault::Slow(Duration::from_millis(300)), 1),
    ] {
        server.fail("GET /bucket/a.docx", fault.clone(), times);
        assert_eq!(objects.fetch(AT, &file, 1 << 20).await.unwrap(), 300_000, "{fault:?}");
        assert!(std::fs::read(&file).unwrap() == bytes, "{fault:?}");
    }
}

#[tokio::test]
async fn a_fault_that_stays_is_told_in_bounded_time_without_credentials() {
    let (server, folder) = (Server::start(), Folder::new("stays"));
    let objects = objects(&server);
    server.put("a.docx", b"123");
    let file = folder.file("fetched", b"");
    for (fault, kind) in [
        (Fault::Status(500, "InternalError"), "unreachable"),
        (Fault::Longer(10), "unreachable"),
        (Fault::Status(403, "AccessDenied"), "unreadable"),
        (Fault::Status(404, "NoSuchKey"), "not_found"),
    ] {
        server.fail("GET /bucket/a.docx", fault.clone(), 1000);
        let began = Instant::now();
        let trouble = objects.fetch(AT, &file, 1 << 20).await.unwrap_err();
        assert_eq!((trouble.kind, trouble.everywhere), (kind, false), "{fault:?}: {trouble}");
        assert!(!trouble.message.contains("AKIA") && !trouble.message.contains("secret"), "{trouble}");
        assert!(began.elapsed() < Duration::from_secs(40), "{fault:?}: {:?}", began.elapsed());
        server.state.lock().unwrap().forget_faults();
    }
}

#[tokio::test]
async fn who_is_not_let_in_at_all_is_told_so() {
    let server = Server::start();
    let objects = objects(&server);
    server.fail("HEAD", Fault::Status(403, ""), 1);
    server.fail("GET /bucket?", Fault::Status(403, "InvalidAccessKeyId"), 1);
    let trouble = objects.look(AT).await.unwrap_err();
    assert!(trouble.everywhere && trouble.message.contains("InvalidAccessKeyId"), "{trouble}");
    let trouble = objects.look("s3://other/x").await.unwrap_err();
    assert!(trouble.everywhere && trouble.message.contains("no such bucket"), "{trouble}");
    let nobody = Objects::with_variables([]);
    let trouble = nobody.look(AT).await.unwrap_err();
    assert!(trouble.everywhere && trouble.message.contains("AWS_ACCESS_KEY_ID"), "{trouble}");
}

#[tokio::test]
async fn a_folder_is_listed_page_by_page() {
    let server = Server::start();
    let objects = objects(&server);
    for key in ["a/1", "a/2", "a/3", "a/4", "a/5", "ab"] {
        server.put(key, b"x");
    }
    server.fail("GET /bucket?", Fault::Status(500, "InternalError"), 1);
    assert_eq!(listed(&objects, "s3://bucket/a/").await.len(), 5);
    assert_eq!(objects.look("s3://bucket/a").await.unwrap(), Standing::Folder);
    assert_eq!(objects.look("s3://bucket/nothing").await.unwrap(), Standing::Nothing);
}

#[tokio::test]
async fn what_is_not_put_whole_is_not_there() {
    let (server, folder) = (Server::start(), Folder::new("put"));
    let objects = objects(&server);
    let large = folder.file("large", &vec![7; (33 << 20) + 1]);
    server.fail("PUT /bucket/a.docx?partNumber=2", Fault::Status(403, "AccessDenied"), 1);
    assert_eq!(objects.put(&large, AT).await.unwrap_err().kind, "unreadable");
    assert_eq!((server.unfinished_uploads(), server.count("DELETE /bucket/a.docx")), (0, 1), "given up");
    assert_eq!(objects.look(AT).await.unwrap(), Standing::Nothing);
    server.fail("PUT /bucket/a.docx?partNumber=2", Fault::Status(500, "InternalError"), 2);
    let put = objects.put(&large, AT).await.unwrap();
    let Standing::Object(object) = objects.look(AT).await.unwrap() else { panic!() };
    assert_eq!((object.size, object.tag), ((33 << 20) + 1, put.tag));
}

#[tokio::test]
async fn a_web_server_gives_files_and_tells_little_of_them() {
    let (server, folder) = (Server::start(), Folder::new("web"));
    let objects = Objects::with_variables([]);
    server.put("x", &[1; 5000]);
    let at = format!("http://127.0.0.1:{}/bucket/x?id=1", server.port);
    let Standing::Object(object) = objects.look(&at).await.unwrap() else { panic!() };
    assert_eq!((object.address.as_str(), object.size, object.tag.is_some()), (at.as_str(), 5000, true));
    server.fail("HEAD /bucket/x", Fault::Status(405, ""), 1);
    let Standing::Object(object) = objects.look(&at).await.unwrap() else { panic!() };
    assert_eq!((object.size, object.tag), (0, None));
    let file = folder.file("fetched", b"");
    for (fault, times) in [(Fault::Status(503, ""), 2), (Fault::Cut(10), 2)] {
        server.fail("GET /bucket/x", fault, times);
        assert_eq!(objects.fetch(&at, &file, 1 << 20).await.unwrap(), 5000);
    }
    assert_eq!(objects.fetch(&at, &file, 4999).await.unwrap_err().kind, "too_large");
    let gone = at.replace("/x?", "/y?");
    assert_eq!(objects.look(&gone).await.unwrap(), Standing::Nothing);
    assert_eq!(objects.fetch(&gone, &file, 4999).await.unwrap_err().kind, "not_found");
    let put = at.replace("/x?id=1", "/z");
    objects.put(&file, &put).await.unwrap();
    assert!(matches!(objects.look(&put).await.unwrap(), Standing::Object(_)));
    let (tell, _told) = tokio::sync::mpsc::channel(1);
    assert!(objects.list(&at, tell).await.is_err());
}
