//! What the parts of a shard are called: a sum over what decides what is in them.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::error::Error;
use crate::ledger::Edition;
use crate::manifest::{Row, each_row};
use crate::options::Options;
use crate::run::Order;

/// Counts the changes of what parts hold, within one version of the program too.
const LAYOUT: &str = "nianbao/shard/1";

/// A shard of a manifest, as it will be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Which one it is, from 0.
    pub index: u32,
    /// How many there are.
    pub of: u32,
    /// What its parts are called.
    pub name: String,
}

/// The shards of a manifest that have rows, in order.
///
/// # Errors
/// A manifest that cannot be read, or options that cannot be.
pub fn plan(manifest: &Path, of: NonZeroU32, out: &Path, options: &Options) -> Result<Vec<Planned>, Error> {
    let order = Order::new(&[], out, options)?;
    let mut namings: BTreeMap<u32, Naming> = BTreeMap::new();
    each_row(manifest, &mut |row| {
        namings.entry(row.shard(of)).or_default().add(&row);
        Ok(())
    })?;
    let planned = namings.into_iter().filter_map(|(index, naming)| {
        Some(Planned { index, of: of.get(), name: naming.name(&order.edition, options.tables)? })
    });
    Ok(planned.collect())
}

/// The rows of a shard as a number: the sum of their hashes, so that their order does not matter and none of them is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Naming {
    /// The lowest byte first.
    sum: [u8; 32],
    rows: u64,
}

impl Naming {
    fn add(&mut self, row: &Row) {
        let uri = row.uri.as_bytes();
        let mut digest = Sha256::new();
        digest.update((uri.len() as u64).to_le_bytes());
        digest.update(uri);
        digest.update([u8::from(row.expected.size.is_some()), u8::from(row.expected.sha256.is_some())]);
        digest.update(row.expected.size.unwrap_or(0).to_le_bytes());
        digest.update(row.expected.sha256.unwrap_or_default());
        let mut carry = 0;
        for (byte, more) in self.sum.iter_mut().zip(digest.finalize()) {
            let [low, high] = (u16::from(*byte) + u16::from(more) + carry).to_le_bytes();
            (*byte, carry) = (low, u16::from(high));
        }
        self.rows += 1;
    }

    pub(super) const fn rows(&self) -> u64 {
        self.rows
    }

    /// The name; `None` where there are no rows.
    pub(super) fn name(&self, edition: &Edition, tables: bool) -> Option<String> {
        if self.rows == 0 {
            return None;
        }
        let mut digest = Sha256::new();
        for text in [LAYOUT, &edition.version, &edition.forms] {
            digest.update((text.len() as u64).to_le_bytes());
            digest.update(text);
        }
        digest.update([u8::from(tables)]);
        digest.update(self.rows.to_le_bytes());
        digest.update(self.sum);
        let mut name = nianbao::hex(&digest.finalize());
        name.truncate(32);
        Some(name)
    }
}

impl<'a> FromIterator<&'a Row> for Naming {
    fn from_iter<I: IntoIterator<Item = &'a Row>>(rows: I) -> Self {
        let mut naming = Self::default();
        rows.into_iter().for_each(|row| naming.add(row));
        naming
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Expected;

    fn name(rows: &[Row], version: &str, tables: bool) -> Option<String> {
        let edition = Edition { version: version.to_owned(), forms: "f".to_owned() };
        rows.iter().collect::<Naming>().name(&edition, tables)
    }

    #[test]
    fn a_name_follows_the_rows_and_what_reads_them_and_not_their_order() {
        let row = |uri: &str, size| Row { uri: uri.into(), expected: Expected { size, sha256: None } };
        let rows = [row("a", None), row("b", Some(1)), row("c", None)];
        let mut turned = rows.clone();
        turned.reverse();
        let first = name(&rows, "1", false).unwrap();
        assert_eq!(first.len(), 32);
        assert_eq!(name(&turned, "1", false), Some(first.clone()));
        let others = [
            name(&rows[..2], "1", false),
            name(&rows, "2", false),
            name(&rows, "1", true),
            name(&[row("a", None), row("b", None), row("c", None)], "1", false),
            name(&[row("a", None), row("b", Some(1)), row("c", None), row("c", None)], "1", false),
        ];
        assert!(others.iter().all(|other| other.as_ref() != Some(&first)));
        assert_eq!(name(&[], "1", false), None);
    }
}
