//! Storages as a run meets them: in memory, in a folder, and behind a line that breaks on demand.
//!
//! Run by `scripts/objects-test`; `cfg(test)` is always on here, and written out so that the lints know these modules for tests.

/// What becomes of a request when the line or the other side fails.
#[cfg(test)]
mod network;
/// What a storage promises, and a whole run over it.
#[cfg(test)]
mod promises;
/// A server that answers as S3 does, and misbehaves as it is told to.
#[cfg(test)]
mod server;
