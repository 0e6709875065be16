//! What a web server gives: one file an address, of which it need tell neither length nor version before it is asked for.

use std::path::Path;
use std::sync::{Once, OnceLock};
use std::time::Duration;

use nianbao_bulk::{Object, Standing, Trouble};
use reqwest::header::{CONTENT_LENGTH, ETAG, HeaderMap, HeaderName, LAST_MODIFIED};
use reqwest::{Client, Response, StatusCode};
use tokio::time::{Instant, timeout_at};

use crate::address::wrong;
use crate::transfer::{Bounded, SILENCE, deadline, too_large, unsent};
use crate::trouble::{Failed, attempts};

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(20);

/// The largest file that is put on a web server: it goes in one request, out of memory.
const MOST_PUT: u64 = 256 << 20;

/// Reaches web servers.
#[derive(Debug, Default)]
pub(crate) struct Web(OnceLock<Result<Client, String>>);

/// Says which library signs and encrypts, before the first who needs to know. There is one in the tree.
pub(crate) fn choose_cryptography() {
    static ONCE: Once = Once::new();
    // It fails where somebody has chosen before; the first choice stands.
    ONCE.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}

impl Web {
    fn client(&self) -> Result<&Client, Trouble> {
        let client = self.0.get_or_init(|| {
            choose_cryptography();
            let agent = concat!("nianbao/", env!("CARGO_PKG_VERSION"));
            let client = Client::builder().user_agent(agent).connect_timeout(CONNECT).read_timeout(SILENCE);
            client.build().map_err(|error| everything(&error))
        });
        client.as_ref().map_err(|why| wrong(&format!("no connection can be made here ({why})")))
    }

    /// What stands there, as far as the server says before it is asked for the file. Many servers refuse to: then only fetching tells.
    pub(crate) async fn look(&self, address: &str) -> Result<Standing, Trouble> {
        let client = self.client()?;
        let ask = || async { client.head(address).send().await.map_err(|error| explain(&error)) };
        let answer = attempts(ask).await?;
        Ok(match answer.status() {
            StatusCode::NOT_FOUND | StatusCode::GONE => Standing::Nothing,
            status => Standing::Object(object(address, status.is_success().then(|| answer.headers()))),
        })
    }

    pub(crate) async fn fetch(&self, address: &str, file: &Path, most: u64) -> Result<u64, Trouble> {
        let client = self.client()?;
        attempts(|| async {
            let answer = client.get(address).send().await.map_err(|error| explain(&error))?;
            keep(accepted(answer)?, file, most).await
        })
        .await
    }

    /// Puts a file by one request. That nobody sees a part of it is the server's word: nginx and Apache keep it.
    pub(crate) async fn put(&self, file: &Path, address: &str) -> Result<Object, Trouble> {
        let client = self.client()?;
        let size = std::fs::metadata(file).map_err(|error| unsent(&error))?.len();
        if size > MOST_PUT {
            return Err(wrong("a file of more than 256 MiB goes to s3://, gs:// or az:// only"));
        }
        let bytes = std::fs::read(file).map_err(|error| unsent(&error))?;
        let put = || async {
            let answer = client.put(address).body(bytes.clone()).send().await.map_err(|error| explain(&error))?;
            Ok(object(address, Some(accepted(answer)?.headers())))
        };
        Ok(Object { size, ..attempts(put).await? })
    }

    pub(crate) async fn remove(&self, address: &str) -> Result<(), Trouble> {
        let client = self.client()?;
        attempts(|| async {
            let answer = client.delete(address).send().await.map_err(|error| explain(&error))?;
            match answer.status() {
                StatusCode::NOT_FOUND | StatusCode::GONE => Ok(()),
                _ => accepted(answer).map(drop),
            }
        })
        .await
    }
}

/// Writes what comes to a file.
async fn keep(mut answer: Response, file: &Path, most: u64) -> Result<u64, Failed> {
    let stated = number(answer.headers());
    if stated.is_some_and(|stated| stated > most) {
        return Err(too_large());
    }
    let (mut file, deadline) = (Bounded::create(file, most)?, deadline(stated.unwrap_or(most)));
    loop {
        let soonest = deadline.min(Instant::now() + SILENCE);
        let piece = timeout_at(soonest, answer.chunk()).await.map_err(|_| Failed::unreachable("it took too long"))?;
        match piece.map_err(|error| explain(&error))? {
            Some(piece) => file.add(&piece)?,
            None => return Ok(file.bytes()),
        }
    }
}

/// An answer that is what was asked for.
fn accepted(answer: Response) -> Result<Response, Failed> {
    let status = answer.status();
    match status {
        _ if status.is_success() => Ok(answer),
        StatusCode::NOT_FOUND | StatusCode::GONE => {
            Err(Failed::new("not_found", "nothing stands at this address; check it"))
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            Err(Failed::new("unreadable", format!("the server refuses ({}); fetch it by other means", status.as_u16())))
        }
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {
            Err(Failed::unreachable("the server is asked too much"))
        }
        _ if status.is_server_error() => {
            Err(Failed::unreachable(&format!("the server has a fault, {}", status.as_u16())))
        }
        _ => Err(Failed { again: false, ..Failed::unreachable(&format!("the server says {}", status.as_u16())) }),
    }
}

/// Of what a server tells nothing, nothing is known: neither its size nor its version.
fn object(address: &str, headers: Option<&HeaderMap>) -> Object {
    let header = |name: HeaderName| headers?.get(name)?.to_str().ok().map(str::to_owned);
    Object {
        address: address.to_owned(),
        size: headers.and_then(number).unwrap_or(0),
        modified: 0,
        // Either changes with the file; the time is compared as it is written.
        tag: header(ETAG).or_else(|| header(LAST_MODIFIED)),
    }
}

fn number(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn explain(error: &reqwest::Error) -> Failed {
    let text = everything(error);
    let has = |words: &str| text.contains(words);
    let why = match () {
        () if error.is_timeout() => "it took too long",
        () if has("dns error") => "the host is not known",
        () if has("ertificate") => "its certificate is not trusted",
        () if error.is_connect() => "the host cannot be connected to",
        () if error.is_redirect() => "it leads from one address to the next without end",
        () if error.is_builder() => "no address that can be asked for",
        () if error.is_body() || error.is_decode() => "the connection ended early",
        () => "the connection broke",
    };
    let hopeless = error.is_redirect() || error.is_builder();
    Failed { again: !hopeless, ..Failed::unreachable(why) }
}

/// An error with all that lies below it.
fn everything(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(error) = below {
        text = format!("{text}: {error}");
        below = error.source();
    }
    text
}
