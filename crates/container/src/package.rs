//! ZIP packages opened under limits.

/// How much a package may hold.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The number of entries.
    pub entries: usize,
}

/// An open package.
#[derive(Debug)]
pub struct Package<'a> {
    bytes: &'a [u8],
}

impl Package<'_> {
    /// How many bytes the package has.
    pub const fn length(&self) -> usize {
        self.bytes.len()
    }
}
