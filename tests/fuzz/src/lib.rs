//! What the fuzz targets share. `scripts/fuzz` builds and runs them.

pub mod document;
pub mod package;
