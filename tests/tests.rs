//! The whole pipeline, tested as a user would. One test binary, and this is its table of contents.
//!
//! `cfg(test)` is always on here; it is written out so that the lints know these modules for tests.

/// Every document of the corpus says what is true of it, and what we said of it before.
#[cfg(test)]
mod corpus;

/// What changes is told per figure, in the right bucket; what fails is an outcome of its file alone.
#[cfg(test)]
mod regression;

/// The same report in each format is the same report.
#[cfg(test)]
mod formats;

/// What means nothing changes nothing; what changes one figure changes that figure alone.
#[cfg(test)]
mod metamorphic;

/// Broken, hostile and odd files each get an answer.
#[cfg(test)]
mod broken;

/// Every document with spoilt bytes gets an answer.
#[cfg(test)]
mod spoilt;

/// What calamine reads of workbooks stands in our document at the same place.
#[cfg(test)]
mod second;

/// Reports are damaged at random, and none of their figures may come out wrong.
#[cfg(test)]
mod damage;

/// Files that end their workers are contained, each by itself.
#[cfg(test)]
mod faults;

/// A run goes on whatever happens to its workers.
#[cfg(test)]
mod bulk;

/// The Python package, where one is built.
#[cfg(test)]
mod python;

/// The tree keeps its shape: arrows, rooms, and a truth for every case.
#[cfg(test)]
mod tidy;

/// Chance that repeats itself, for those above.
#[cfg(test)]
mod dice;

/// Packages taken apart and put together, for those above.
#[cfg(test)]
mod package;
