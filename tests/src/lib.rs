//! The whole pipeline, tested as a user would.
