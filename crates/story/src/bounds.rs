//! How much a document of a word processor may have of anything.

use nianbao_container::Error;

/// How many tables may stand in one another. Layout tables of three levels occur.
pub const MAX_NESTING: usize = 64;

/// How many paragraphs, and how many cells, a document may have. A report has a few hundred; this many take two hundred megabytes.
pub const MAX_PIECES: usize = 500_000;

/// Refuses a document with more paragraphs, or cells, than any real one has.
///
/// # Errors
/// More than [`MAX_PIECES`].
pub const fn check(count: usize, what: &'static str) -> Result<(), Error> {
    if count > MAX_PIECES {
        return Err(Error::TooLarge { what, limit: MAX_PIECES as u64 });
    }
    Ok(())
}
