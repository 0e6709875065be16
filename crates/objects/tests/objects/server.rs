//! A server that answers as S3 does, one thread a connection, and misbehaves as it is told to.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How a request is answered, other than well.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// With a status, and a code in XML.
    Status(u16, &'static str),
    /// The connection ends after so many bytes of the body.
    Cut(usize),
    /// The head says that the body is so much longer than it is.
    Longer(usize),
    /// It takes its time.
    Slow(Duration),
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) objects: BTreeMap<String, Vec<u8>>,
    uploads: BTreeMap<String, BTreeMap<usize, Vec<u8>>>,
    /// The next faults of requests that begin so (`GET /bucket/key`); each is used once.
    faults: Vec<(String, Fault)>,
    /// Method and target of each request.
    pub(crate) asked: Vec<String>,
}

impl State {
    pub(crate) fn forget_faults(&mut self) {
        self.faults.clear();
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) port: u16,
    pub(crate) state: Arc<Mutex<State>>,
}

impl Server {
    /// A server with one bucket, `bucket`.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Self { port, state: Arc::default() };
        let serving = server.clone();
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let serving = serving.clone();
                std::thread::spawn(move || while serving.answer(connection.as_ref().unwrap()).is_some() {});
            }
        });
        server
    }

    pub(crate) fn put(&self, key: &str, bytes: &[u8]) {
        self.state.lock().unwrap().objects.insert(format!("/bucket/{key}"), bytes.to_vec());
    }

    pub(crate) fn fail(&self, request: &str, fault: Fault, times: usize) {
        let faults = std::iter::repeat_n((request.to_owned(), fault), times);
        self.state.lock().unwrap().faults.extend(faults);
    }

    /// How many requests began so.
    pub(crate) fn count(&self, request: &str) -> usize {
        self.state.lock().unwrap().asked.iter().filter(|asked| asked.starts_with(request)).count()
    }

    pub(crate) fn unfinished_uploads(&self) -> usize {
        self.state.lock().unwrap().uploads.len()
    }

    /// Answers one request; `None` when the connection is to end.
    fn answer(&self, mut connection: &TcpStream) -> Option<()> {
        let mut reader = BufReader::new(connection);
        let mut first = String::new();
        if reader.read_line(&mut first).ok()? == 0 {
            return None;
        }
        let (mut length, mut range) = (0, None);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim().split_once(": ") else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().unwrap(),
                "range" => range = value.strip_prefix("bytes=").map(str::to_owned),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let mut words = first.split(' ');
        let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
        let fault = self.next_fault(&format!("{method} {target}"));
        if let Some(Fault::Slow(time)) = fault {
            std::thread::sleep(time);
        }
        let (status, headers, body) = match fault {
            Some(Fault::Status(status, code)) => (
                status,
                String::new(),
                format!("<Error><Code>{code}</Code><AWSAccessKeyId>AKIASECRET</AWSAccessKeyId></Error>").into_bytes(),
            ),
            _ => self.result(&method, &target, range.as_deref(), body),
        };
        let stated = body.len() + if let Some(Fault::Longer(more)) = fault { more } else { 0 };
        let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {stated}\r\n{headers}\r\n");
        connection.write_all(head.as_bytes()).ok()?;
        let sent = match fault {
            Some(Fault::Cut(at)) => &body[..at],
            _ if method == "HEAD" => &[],
            _ => &body[..],
        };
        connection.write_all(sent).ok()?;
        let ends = matches!(fault, Some(Fault::Cut(_) | Fault::Longer(_)));
        if ends {
            let _ = connection.shutdown(std::net::Shutdown::Both);
        }
        (!ends).then_some(())
    }

    fn next_fault(&self, request: &str) -> Option<Fault> {
        let mut state = self.state.lock().unwrap();
        state.asked.push(request.to_owned());
        let place = state.faults.iter().position(|(beginning, _)| request.starts_with(beginning))?;
        Some(state.faults.remove(place).1)
    }

    /// Status, headers and body.
    fn result(&self, method: &str, target: &str, range: Option<&str>, body: Vec<u8>) -> (u16, String, Vec<u8>) {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut state = self.state.lock().unwrap();
        let missing = |code: &str| (404, String::new(), format!("<Error><Code>{code}</Code></Error>").into_bytes());
        if !path.starts_with("/bucket") {
            return missing("NoSuchBucket");
        }
        let parameter = |name: &str| {
            let mut pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
            pairs.find(|pair| pair.0 == name).map(|pair| pair.1.to_owned())
        };
        let upload = parameter("uploadId");
        match (method, upload) {
            ("GET", _) if query.contains("list-type") => {
                (200, String::new(), list(&state.objects, &parameter).into_bytes())
            }
            ("GET" | "HEAD", _) => match state.objects.get(path) {
                None => missing("NoSuchKey"),
                Some(bytes) => part_of(bytes, range),
            },
            ("POST", None) => {
                state.uploads.insert(path.to_owned(), BTreeMap::new());
                (200, String::new(), b"<R><UploadId>one</UploadId></R>".to_vec())
            }
            ("PUT", Some(_)) => {
                let number = parameter("partNumber").unwrap().parse().unwrap();
                state.uploads.get_mut(path).unwrap().insert(number, body);
                (200, format!("ETag: \"part{number}\"\r\n"), Vec::new())
            }
            ("POST", Some(_)) => {
                let bytes: Vec<u8> = state.uploads.remove(path).unwrap().into_values().flatten().collect();
                let answer = format!("<R><ETag>{}</ETag></R>", tag(&bytes));
                state.objects.insert(path.to_owned(), bytes);
                (200, String::new(), answer.into_bytes())
            }
            ("DELETE", Some(_)) => {
                state.uploads.remove(path);
                (204, String::new(), Vec::new())
            }
            ("DELETE", None) => {
                state.objects.remove(path);
                (204, String::new(), Vec::new())
            }
            _ => {
                let headers = format!("ETag: {}\r\n", tag(&body));
                state.objects.insert(path.to_owned(), body);
                (200, headers, Vec::new())
            }
        }
    }
}

fn part_of(bytes: &[u8], range: Option<&str>) -> (u16, String, Vec<u8>) {
    let facts = format!("ETag: {}\r\nLast-Modified: Mon, 01 Jan 2024 00:00:00 GMT\r\n", tag(bytes));
    let Some((from, to)) = range.and_then(|range| range.split_once('-')) else { return (200, facts, bytes.to_vec()) };
    let (from, to): (usize, usize) = (from.parse().unwrap(), to.parse::<usize>().unwrap().min(bytes.len() - 1));
    let headers = format!("{facts}Content-Range: bytes {from}-{to}/{}\r\n", bytes.len());
    (206, headers, bytes[from..=to].to_vec())
}

fn tag(bytes: &[u8]) -> String {
    format!("\"{:x}\"", bytes.iter().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte))))
}

/// Two keys a page.
fn list(objects: &BTreeMap<String, Vec<u8>>, parameter: &dyn Fn(&str) -> Option<String>) -> String {
    let prefix = parameter("prefix").unwrap_or_default().replace("%2F", "/");
    let after = parameter("continuation-token").unwrap_or_default().replace("%2F", "/");
    let keys = objects.iter().map(|(path, bytes)| (path.trim_start_matches("/bucket/"), bytes));
    let matching: Vec<_> = keys.filter(|(key, _)| key.starts_with(&prefix) && *key > after.as_str()).collect();
    let mut page = String::from("<ListBucketResult>");
    for (key, bytes) in matching.iter().take(2) {
        page += &format!(
            "<Contents><Key>{key}</Key><LastModified>2024-01-01T00:00:00.000Z</LastModified><ETag>{}</ETag><Size>{}</Size></Contents>",
            tag(bytes),
            bytes.len()
        );
    }
    if let Some((last, _)) = matching.get(1).filter(|_| matching.len() > 2) {
        page += &format!("<NextContinuationToken>{last}</NextContinuationToken><IsTruncated>true</IsTruncated>");
    } else {
        page += "<IsTruncated>false</IsTruncated>";
    }
    page + "</ListBucketResult>"
}
