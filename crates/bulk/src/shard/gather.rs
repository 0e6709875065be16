//! From the parts of all shards to the dataset.

use std::fs;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::name::Planned;
use super::parts::{Parts, RECORDS};
use super::records;
use super::scratch::Scratch;
use crate::error::Error;
use crate::lock::Lock;
use crate::options::Options;
use crate::run::{Done, EVERY, Order, Run, begin};
use crate::summary::Summary;
use crate::watch::{News, Watch};

/// Writes the dataset of all these shards into the folder `out`, below which their parts lie: the one that [`convert`](crate::convert) writes
/// of the same files on one machine, byte for byte.
///
/// What is needed on the way, as much as all records together, lies below `scratch`, or below the system's folder for such things.
///
/// # Errors
/// A shard that is not there; a part that cannot be read; as for [`convert`](crate::convert).
pub fn gather(
    shards: &[Planned],
    out: &Path,
    scratch: Option<&Path>,
    options: &Options,
    watch: &mut dyn Watch,
) -> Result<Summary, Error> {
    let order = Order::new(&[], out, options)?;
    let parts: Vec<Parts> = shards.iter().map(|shard| Parts::new(out, shard.name.clone())).collect();
    let missing = shards.iter().zip(&parts).filter(|(_, parts)| !parts.stand());
    let missing: Vec<u32> = missing.map(|(shard, _)| shard.index).collect();
    if !missing.is_empty() {
        return Err(Error::Missing { missing, of: shards.first().map_or(0, |shard| shard.of) });
    }
    fs::create_dir_all(out).map_err(|error| Error::write(out, error))?;
    let _lock = Lock::take(out)?;
    let scratch = Scratch::take(scratch, &format!("gather-{}", name(shards)))?;
    // A ledger of an earlier attempt may hold half a part.
    crate::ledger::remove(scratch.path()).map_err(|error| Error::write(scratch.path(), error))?;
    let summary = begin((&order, options), (scratch.path(), out), watch, |run, _| {
        let mut documents = 0;
        parts.iter().try_for_each(|parts| adopt(run, &parts.of(RECORDS), &mut documents))?;
        let done = Done::adopted(run.ledger)?;
        run.write(done)
    });
    scratch.remove();
    summary
}

/// Enters the records of a part into the ledger, and counts them.
fn adopt(run: &mut Run<'_>, part: &Path, documents: &mut u64) -> Result<(), Error> {
    let Run { ledger, options, stop, watch, .. } = run;
    records::each(part, &mut |kept| {
        ledger.adopt(&kept, part, options)?;
        *documents += 1;
        if documents.is_multiple_of(EVERY) {
            ledger.commit()?;
            watch.see(News::Walking { files: *documents });
        }
        // Half of the records make no dataset.
        stop.asked().map_or(Ok(()), |signal| Err(Error::Stopped(signal)))
    })?;
    ledger.commit()
}

/// What the scratch folder is called: those who gather the same shards at once are told apart by the lock.
fn name(shards: &[Planned]) -> String {
    let mut digest = Sha256::new();
    shards.iter().for_each(|shard| digest.update(&shard.name));
    nianbao::hex(&digest.finalize())
}
