//! The whole pipeline, tested as a user would. One test binary, and this is its table of contents.

/// Every document of the corpus says what is true of it, and what we said of it before.
mod corpus;

/// Broken, hostile and odd files each get an answer.
mod broken;

/// The tree keeps its shape: arrows, rooms, and a truth for every case.
mod tidy;
