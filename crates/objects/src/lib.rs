//! Files behind addresses, for `nianbao-bulk`: `s3://bucket/key`, `gs://bucket/key`, `az://container/key`, and what a web server gives,
//! `https://host/path`.
//!
//! A run lists and fetches through it (`nianbao_bulk::convert`), and a dataset is put under an address through it (`nianbao_bulk::publish`).
//! Other uses have the same few questions, those of `Remote`: `look` (is there something, and which version of it), `list`, `fetch` (into a
//! file of this machine), `put` (a file of this machine: whoever looks sees what was there before, or all of it) and `remove`.
//!
//! Credentials come from the environment alone, under the names that the storages' own tools use; `Objects::from_env` lists them. Each
//! request is tried again a few times where that can help, and ends in bounded time.
//!
//! What it does not do: keys with empty steps, or with steps of dots (`a//b`, `a/../b`), cannot be named; a web server has no folders.
//!
//! Without its feature `cloud` this crate is empty: what it builds upon takes three minutes of processor time to build, and is built only
//! for a program that asks for it.

#![cfg(feature = "cloud")]

mod address;
mod store;
mod transfer;
mod trouble;
mod web;

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use futures_util::StreamExt as _;
use nianbao_bulk::{Answer, Object, Remote, Standing, Trouble};
use object_store::path::Path as Key;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _};
use tokio::sync::mpsc;

use address::{Address, Scheme, wrong};
use store::Stores;
use trouble::{attempts, explain, is_refusal};
use web::Web;

/// Reaches what lies behind addresses.
///
/// ```
/// use std::sync::Arc;
/// use nianbao_bulk::Options;
/// use nianbao_objects::Objects;
///
/// let options = Options { remote: Some(Arc::new(Objects::from_env())), ..Options::default() };
/// # assert!(options.remote.is_some());
/// ```
#[derive(Debug, Default)]
pub struct Objects {
    stores: Stores,
    web: Web,
}

impl Objects {
    /// With what the environment says of storages:
    ///
    /// | | credentials, one of | and |
    /// |---|---|---|
    /// | `s3://` | `AWS_ACCESS_KEY_ID` with `AWS_SECRET_ACCESS_KEY`; `AWS_WEB_IDENTITY_TOKEN_FILE` with `AWS_ROLE_ARN`; `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`, `…_FULL_URI`; `AWS_METADATA_ENDPOINT` (the role of the machine); `AWS_SKIP_SIGNATURE=true` (a public bucket) | `AWS_REGION`, `AWS_ENDPOINT`, `AWS_ALLOW_HTTP=true`, `AWS_SESSION_TOKEN` |
    /// | `gs://` | `GOOGLE_APPLICATION_CREDENTIALS`, `GOOGLE_SERVICE_ACCOUNT`, `GOOGLE_SERVICE_ACCOUNT_KEY`, `GOOGLE_SKIP_SIGNATURE=true` | `GOOGLE_BASE_URL` |
    /// | `az://` | `AZURE_STORAGE_ACCOUNT_KEY`, `AZURE_STORAGE_SAS_KEY`, `AZURE_CLIENT_ID` (with a secret or a token file), `AZURE_STORAGE_TOKEN`, `AZURE_SKIP_SIGNATURE=true` | `AZURE_STORAGE_ACCOUNT_NAME` |
    pub fn from_env() -> Self {
        let text = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
        Self::with_variables(std::env::vars_os().filter_map(text))
    }

    /// The same with these variables, names and values, in place of the environment.
    pub fn with_variables(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { stores: Stores::new(variables.into_iter().collect()), web: Web::default() }
    }

    /// Also reaches, behind addresses that begin with `root` (`s3://bucket`), a storage of the caller's own.
    #[must_use]
    pub fn with(self, root: &str, store: Arc<dyn ObjectStore>) -> Self {
        self.stores.add(root, store);
        self
    }

    /// The storage behind an address, and the key in it.
    fn at<'a>(&self, address: &'a str) -> Result<(Address<'a>, Place), Trouble> {
        let parsed = Address::parse(address)?;
        if parsed.scheme == Scheme::Web {
            return Ok((parsed, Place::Web));
        }
        let store = self.stores.of(&parsed)?;
        let key = Key::parse(parsed.key).map_err(|error| explain(&error.into()))?;
        Ok((parsed, Place::Store(store, key)))
    }

    async fn look_at(&self, address: &str) -> Result<Standing, Trouble> {
        match self.at(address)? {
            (_, Place::Web) => self.web.look(address).await,
            (parsed, Place::Store(..)) if parsed.is_folder() => Ok(Standing::Folder),
            (parsed, Place::Store(store, key)) => match store.head(&key).await {
                Ok(facts) => Ok(Standing::Object(object(parsed.root, facts))),
                Err(error) if is_refusal(&error) => below(&*store, &key, &error).await,
                Err(error) => Err(explain(&error)),
            },
        }
    }

    async fn list_all(&self, folder: &str, found: mpsc::Sender<Object>) -> Result<(), Trouble> {
        let (parsed, place) = self.at(folder)?;
        let Place::Store(store, key) = place else {
            return Err(wrong("a web server has no folders; name each file"));
        };
        let mut listed = store.list((!parsed.key.is_empty()).then_some(&key));
        while let Some(facts) = listed.next().await {
            let facts = facts.map_err(|error| Trouble { everywhere: true, ..explain(&error) })?;
            if found.send(object(parsed.root, facts)).await.is_err() {
                // Nobody listens any more.
                return Ok(());
            }
        }
        Ok(())
    }

    async fn fetch_to(&self, address: &str, file: &Path, most: u64) -> Result<u64, Trouble> {
        match self.at(address)?.1 {
            Place::Web => self.web.fetch(address, file, most).await,
            Place::Store(store, key) => attempts(|| transfer::fetch(&*store, &key, file, most)).await,
        }
    }

    async fn put_at(&self, file: &Path, address: &str) -> Result<Object, Trouble> {
        let (parsed, place) = self.at(address)?;
        if parsed.is_folder() && parsed.scheme != Scheme::Web {
            return Err(wrong("a folder, where a file was to be put"));
        }
        match place {
            Place::Web => self.web.put(file, address).await,
            Place::Store(store, key) => {
                let (size, tag) = transfer::put(&*store, &key, file).await?;
                Ok(Object { address: address.to_owned(), size, modified: 0, tag })
            }
        }
    }

    async fn remove_at(&self, address: &str) -> Result<(), Trouble> {
        match self.at(address)?.1 {
            Place::Web => self.web.remove(address).await,
            Place::Store(store, key) => match store.delete(&key).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
                Err(error) => Err(explain(&error)),
            },
        }
    }
}

impl Remote for Objects {
    fn look<'a>(&'a self, address: &'a str) -> Answer<'a, Standing> {
        Box::pin(self.look_at(address))
    }

    fn list<'a>(&'a self, folder: &'a str, found: mpsc::Sender<Object>) -> Answer<'a, ()> {
        Box::pin(self.list_all(folder, found))
    }

    fn fetch<'a>(&'a self, address: &'a str, file: &'a Path, most: u64) -> Answer<'a, u64> {
        Box::pin(self.fetch_to(address, file, most))
    }

    fn put<'a>(&'a self, file: &'a Path, address: &'a str) -> Answer<'a, Object> {
        Box::pin(self.put_at(file, address))
    }

    fn remove<'a>(&'a self, address: &'a str) -> Answer<'a, ()> {
        Box::pin(self.remove_at(address))
    }
}

/// Where an address leads.
enum Place {
    Web,
    Store(Arc<dyn ObjectStore>, Key),
}

/// What stands below a key that was refused. A storage may say "forbidden" of what is not there, and tells only of a listing why it refuses.
async fn below(store: &dyn ObjectStore, key: &Key, refused: &object_store::Error) -> Result<Standing, Trouble> {
    let refusal = explain(refused);
    match store.list(Some(key)).next().await {
        Some(Ok(_)) => Ok(Standing::Folder),
        None if refusal.kind == "not_found" => Ok(Standing::Nothing),
        None => Err(refusal),
        Some(Err(error)) if is_refusal(&error) => {
            let listing = explain(&error);
            match (listing.everywhere, refusal.kind) {
                (false, "not_found") => Ok(Standing::Nothing),
                (false, _) => Err(refusal),
                (true, _) => Err(listing),
            }
        }
        Some(Err(error)) => Err(explain(&error)),
    }
}

fn object(root: &str, facts: ObjectMeta) -> Object {
    Object {
        address: format!("{root}/{}", facts.location),
        size: facts.size,
        modified: facts.last_modified.timestamp_nanos_opt().unwrap_or_default(),
        tag: facts.e_tag,
    }
}
