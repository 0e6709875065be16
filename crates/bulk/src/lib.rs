//! Many files to one dataset: every input is walked to, read by an isolated worker, remembered in a ledger, and written out in order.
//!
//! ```text
//! inputs ─ walk ─▶ paths ─ pool of workers ─▶ records ─ ledger ─▶ dataset
//!                          (a process each)            (SQLite)   (Parquet, JSON lines, CSV …)
//! ```
//!
//! The supervisor never parses a foreign byte: workers open the files, tell what documents they found, read those they are told to, and send
//! back [`Record`]s. Only the ledger knows what is done; the dataset is a function of the ledger alone, whatever the number of
//! workers and however often the run was killed.
//!
//! What lies on other machines ([`Remote`]) is fetched by the supervisor into files that workers open, and a dataset that is whole is put under
//! an address by [`publish`].

#[cfg(not(unix))]
compile_error!("nianbao-bulk needs a Unix: paths are bytes there, and limits, signals and locks are its own");

mod agency;
pub mod dataset;
mod error;
mod event;
mod fetch;
mod input;
mod lane;
mod ledger;
mod lock;
mod manifest;
mod memory;
mod open;
mod options;
mod panel;
mod pool;
mod process;
mod protocol;
mod publish;
mod record;
mod remote;
mod run;
mod sandbox;
mod shard;
mod shown;
mod stop;
mod summary;
mod walk;
mod watch;
pub mod worker;

pub use error::Error;
pub use event::{Cost, Decision, Event, Expected, Fault, Found, Job};
pub use input::Input;
pub use manifest::{Row, each_row};
pub use options::{Isolation, Options};
pub use pool::{Pool, PoolError};
pub use publish::{Published, check_address, publish};
pub use record::{Facts, Packed, Record, Spoilt};
pub use remote::{Answer, Object, Remote, Standing, Trouble, is_address, shown_address};
pub use run::convert;
pub use shard::{Planned, Shard, gather, plan, shard};
pub use stop::Stopper;
pub use summary::{Dataset, Reason, Signal, Summary, Tally};
pub use watch::{Blind, News, Watch};
