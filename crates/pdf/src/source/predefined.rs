//! `CMap`s that come with the program (ISO 32000-2, 9.7.5.2), each parsed once in the life of the process.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use hayro_cmap::{CMap, CMapName, load_embedded};

/// The ones that were asked for. Only names that the program brings get in: some 180, a megabyte each at the most.
static PARSED: LazyLock<Mutex<HashMap<Vec<u8>, Arc<CMap>>>> = LazyLock::new(Mutex::default);

/// The `CMap` of this name, where there is one.
pub(super) fn named(name: CMapName<'_>) -> Option<Arc<CMap>> {
    let key = name.to_bytes().to_vec();
    let mut parsed = PARSED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = parsed.get(&key) {
        return Some(Arc::clone(known));
    }
    let cmap = Arc::new(CMap::parse(load_embedded(name)?, load_embedded)?);
    parsed.insert(key, Arc::clone(&cmap));
    Some(cmap)
}
