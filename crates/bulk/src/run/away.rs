//! From addresses to files in the ledger: what stands there is looked at, folders are listed, nothing is fetched.

use std::path::Path;
use std::sync::Arc;

use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::without;
use crate::error::Error;
use crate::event::Expected;
use crate::ledger::Roots;
use crate::remote::{Object, Remote, Standing, Trouble};
use crate::walk::Walk;

/// How many addresses of a list are looked at at a time.
const AT_ONCE: usize = 64;

/// How many objects of a folder may wait to be entered.
const LISTED: usize = 1000;

/// Who reaches addresses, and what drives him.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach<'a> {
    pub(super) remote: &'a Arc<dyn Remote>,
    pub(super) runtime: &'a Runtime,
}

impl Reach<'_> {
    /// Walks what stands at an address that the user has named. Should nothing behind it be open to us, the run is not begun.
    pub(super) fn input(self, walk: &mut Walk<'_, Error>, address: &str, roots: &mut Roots) -> Result<(), Error> {
        let standing = self.runtime.block_on(self.remote.look(address));
        match standing {
            Err(trouble) if trouble.kind == "unreadable" => Err(stop(address, trouble)),
            standing => self.standing(walk, &Named { address: address.to_owned(), row: None }, standing, roots),
        }
    }

    fn standing(
        self,
        walk: &mut Walk<'_, Error>,
        Named { address, row }: &Named,
        standing: Result<Standing, Trouble>,
        roots: &mut Roots,
    ) -> Result<(), Error> {
        match (standing, row) {
            (Ok(Standing::Object(object)), None) => walk.object(&object, None),
            (Ok(Standing::Object(object)), Some(expected)) => walk.object_of_row(&object, *expected),
            (Ok(Standing::Folder), None) => self.folder(walk, address, roots),
            (Ok(Standing::Folder), Some(_)) => {
                walk.unreached(address, "is_a_folder", "this is a folder; a manifest names the files in it".to_owned())
            }
            (Ok(Standing::Nothing), _) => {
                walk.unreached(address, "not_found", "nothing stands at this address; check it".to_owned())
            }
            (Err(trouble), _) if trouble.everywhere => Err(stop(address, trouble)),
            (Err(Trouble { kind, message, .. }), _) => walk.unreached(address, kind, message),
        }
    }

    /// Walks a folder to its end. One that cannot be listed stops the run: what it holds cannot be known.
    fn folder(self, walk: &mut Walk<'_, Error>, address: &str, roots: &mut Roots) -> Result<(), Error> {
        let folder = format!("{}/", address.trim_end_matches('/'));
        let (tell, told) = mpsc::channel(LISTED);
        // Some storages keep an empty object for each folder, by the folder's own name: it stands right before what is in it.
        let mut held: Option<Object> = None;
        let mut enter = |object: Option<Object>| match std::mem::replace(&mut held, object) {
            Some(last) if !is_marker(&last, held.as_ref()) => {
                let below = last.address.strip_prefix(&folder).unwrap_or(&last.address).to_owned();
                walk.object(&last, Some(Path::new(&below)))
            }
            _ => Ok(()),
        };
        let listed = self.runtime.block_on(async {
            let list = self.remote.list(&folder, tell);
            let take = async {
                // Dropped with this block: should entering fail, whoever lists is told that nobody listens.
                let mut told = told;
                while let Some(object) = told.recv().await {
                    enter(Some(object))?;
                }
                Ok::<(), Error>(())
            };
            tokio::join!(list, take)
        });
        let (listed, entered) = listed;
        entered?;
        listed.map_err(|trouble| stop(address, trouble))?;
        enter(None)?;
        roots.listed.push(folder);
        Ok(())
    }
}

/// An address that a list names, or a row of a manifest with what it says of it.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) address: String,
    pub(super) row: Option<Expected>,
}

/// Addresses that are looked at together: each look is a journey.
#[derive(Debug)]
pub(super) struct Batch<'a> {
    reach: Option<Reach<'a>>,
    named: Vec<Named>,
}

impl<'a> Batch<'a> {
    pub(super) const fn new(reach: Option<Reach<'a>>) -> Self {
        Self { reach, named: Vec::new() }
    }

    /// Takes one more, and looks at all where they are enough.
    pub(super) fn add(&mut self, walk: &mut Walk<'_, Error>, named: Named, roots: &mut Roots) -> Result<(), Error> {
        if self.reach.is_none() {
            return Err(without(&named.address));
        }
        self.named.push(named);
        if self.named.len() < AT_ONCE { Ok(()) } else { self.look(walk, roots) }
    }

    /// Walks what stands at each of them, in their order.
    pub(super) fn look(&mut self, walk: &mut Walk<'_, Error>, roots: &mut Roots) -> Result<(), Error> {
        let Some(reach) = self.reach else { return Ok(()) };
        let looked = reach.runtime.block_on(look_at_all(reach.remote, &self.named));
        for (named, standing) in self.named.drain(..).zip(looked) {
            reach.standing(walk, &named, standing, roots)?;
        }
        Ok(())
    }
}

fn is_marker(object: &Object, next: Option<&Object>) -> bool {
    let below = |next: &Object| next.address.strip_prefix(&object.address).is_some_and(|rest| rest.starts_with('/'));
    object.size == 0 && next.is_some_and(below)
}

/// What stands at each address, in their order.
async fn look_at_all(remote: &Arc<dyn Remote>, named: &[Named]) -> Vec<Result<Standing, Trouble>> {
    let mut looking = JoinSet::new();
    for (place, Named { address, .. }) in named.iter().cloned().enumerate() {
        let remote = Arc::clone(remote);
        looking.spawn(async move { (place, remote.look(&address).await) });
    }
    let mut looked = looking.join_all().await;
    looked.sort_unstable_by_key(|(place, _)| *place);
    looked.into_iter().map(|(_, standing)| standing).collect()
}

fn stop(address: &str, trouble: Trouble) -> Error {
    Error::Remote { address: address.to_owned(), why: trouble.message, usage: trouble.kind != "unreachable" }
}
