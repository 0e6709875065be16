//! Which storage a bucket is in, opened once, with the credentials that the environment holds.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use nianbao_bulk::Trouble;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::{BackoffConfig, ClientConfigKey, ObjectStore, RetryConfig};

use crate::address::{Address, Scheme, wrong};
use crate::web;

/// Variables of which one says by whom a storage is opened. Without any of them the library would ask the machine that it may run on,
/// wait, and fail with a word about that; who has such a machine names it with the last of each.
const S3: [&str; 6] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_SKIP_SIGNATURE",
    "AWS_METADATA_ENDPOINT",
];
const GOOGLE: [&str; 6] = [
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_SERVICE_ACCOUNT",
    "GOOGLE_SERVICE_ACCOUNT_PATH",
    "GOOGLE_SERVICE_ACCOUNT_KEY",
    "GOOGLE_BEARER_TOKEN",
    "GOOGLE_SKIP_SIGNATURE",
];
const AZURE: [&str; 9] = [
    "AZURE_STORAGE_ACCOUNT_KEY",
    "AZURE_STORAGE_ACCESS_KEY",
    "AZURE_STORAGE_SAS_KEY",
    "AZURE_STORAGE_SAS_TOKEN",
    "AZURE_STORAGE_TOKEN",
    "AZURE_CLIENT_ID",
    "AZURE_SKIP_SIGNATURE",
    "AZURE_STORAGE_USE_EMULATOR",
    "AZURE_MSI_ENDPOINT",
];

/// How long a request may take altogether: the largest file on a slow line. What stalls is ended long before, by the line below.
const REQUEST: &str = "3600 seconds";
/// How long a line may be silent.
const SILENCE: &str = "60 seconds";

/// What the environment says: names and values.
pub(crate) type Variables = BTreeMap<String, String>;

/// The storages that are open, by their root: `s3://bucket`, and what opens others.
#[derive(Default)]
pub(crate) struct Stores {
    open: Mutex<HashMap<String, Arc<dyn ObjectStore>>>,
    variables: Variables,
}

impl fmt::Debug for Stores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What the variables hold is nobody's business.
        f.debug_struct("Stores").field("variables", &self.variables.len()).finish_non_exhaustive()
    }
}

impl Stores {
    pub(crate) fn new(variables: Variables) -> Self {
        Self { open: Mutex::default(), variables }
    }

    pub(crate) fn add(&self, root: &str, store: Arc<dyn ObjectStore>) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).insert(root.to_owned(), store);
    }

    /// The storage behind an address.
    pub(crate) fn of(&self, address: &Address<'_>) -> Result<Arc<dyn ObjectStore>, Trouble> {
        let mut stores = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(store) = stores.get(address.root) {
            return Ok(Arc::clone(store));
        }
        let store = open(address, &self.variables)?;
        stores.insert(address.root.to_owned(), Arc::clone(&store));
        Ok(store)
    }
}

fn open(address: &Address<'_>, variables: &Variables) -> Result<Arc<dyn ObjectStore>, Trouble> {
    web::choose_cryptography();
    let failed = |error: object_store::Error| {
        let why = format!("it cannot be opened with what the environment says ({})", first_words(&error));
        wrong(&why)
    };
    let one_of = |names: &[&str]| match names.iter().any(|name| variables.contains_key(*name)) {
        true => Ok(()),
        false => {
            let why = "no credentials in the environment; one of these is looked for";
            Err(wrong(&format!("{why}: {}", names.join(", "))))
        }
    };
    let client = [(ClientConfigKey::Timeout, REQUEST), (ClientConfigKey::ReadTimeout, SILENCE)];
    Ok(match address.scheme {
        Scheme::S3 => {
            one_of(&S3)?;
            let mut builder = AmazonS3Builder::new().with_bucket_name(address.bucket).with_retry(retry());
            for (key, value) in settings(variables, "AWS_") {
                builder = builder.with_config(key, value);
            }
            for (key, value) in client {
                builder = builder.with_config(AmazonS3ConfigKey::Client(key), value);
            }
            Arc::new(builder.build().map_err(failed)?)
        }
        Scheme::Google => {
            one_of(&GOOGLE)?;
            let mut builder = GoogleCloudStorageBuilder::new().with_bucket_name(address.bucket).with_retry(retry());
            for (key, value) in settings(variables, "GOOGLE_") {
                builder = builder.with_config(key, value);
            }
            for (key, value) in client {
                builder = builder.with_config(GoogleConfigKey::Client(key), value);
            }
            Arc::new(builder.build().map_err(failed)?)
        }
        Scheme::Azure => {
            one_of(&AZURE)?;
            let mut builder = MicrosoftAzureBuilder::new().with_container_name(address.bucket).with_retry(retry());
            for (key, value) in settings(variables, "AZURE_") {
                builder = builder.with_config(key, value);
            }
            for (key, value) in client {
                builder = builder.with_config(AzureConfigKey::Client(key), value);
            }
            Arc::new(builder.build().map_err(failed)?)
        }
        Scheme::Web => return Err(wrong("a web server is no storage")),
    })
}

/// The variables that the library knows under names that begin so.
fn settings<'a, K: FromStr + 'a>(variables: &'a Variables, beginning: &'a str) -> impl Iterator<Item = (K, &'a str)> {
    let named = variables.iter().filter(move |(name, _)| name.starts_with(beginning));
    named.filter_map(|(name, value)| Some((name.to_ascii_lowercase().parse().ok()?, value.as_str())))
}

/// Some four seconds of trying; what then is not there may be asked for in another run.
fn retry() -> RetryConfig {
    let backoff =
        BackoffConfig { init_backoff: Duration::from_millis(200), max_backoff: Duration::from_secs(4), base: 2.0 };
    RetryConfig { backoff, max_retries: 4, retry_timeout: Duration::from_secs(60) }
}

fn first_words(error: &object_store::Error) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().chars().take(200).collect()
}
