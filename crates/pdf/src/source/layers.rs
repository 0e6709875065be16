//! Optional content: layers that the file itself switches off (ISO 32000-2, 8.11).

use std::collections::HashSet;

use hayro_syntax::object::{Array, Dict, MaybeRef, Name, ObjectIdentifier};
use hayro_syntax::xref::XRef;

/// The layers that are off.
#[derive(Debug, Default)]
pub(super) struct Layers {
    off: HashSet<ObjectIdentifier>,
}

impl Layers {
    pub(super) fn new(xref: &XRef) -> Self {
        Self::read(xref).unwrap_or_default()
    }

    fn read(xref: &XRef) -> Option<Self> {
        let properties = xref.get::<Dict<'_>>(xref.root_id())?.get::<Dict<'_>>("OCProperties")?;
        let config = properties.get::<Dict<'_>>("D")?;
        let mut off = HashSet::new();
        if config.get::<Name<'_>>("BaseState").is_some_and(|state| state.as_ref() == b"OFF") {
            off.extend(references(&properties, "OCGs"));
        }
        for layer in references(&config, "ON") {
            off.remove(&layer);
        }
        off.extend(references(&config, "OFF"));
        Some(Self { off })
    }

    /// Whether what belongs to this layer or membership (8.11.2.2) is not shown; `owner[key]` names it.
    pub(super) fn hides(&self, owner: &Dict<'_>, key: &[u8]) -> bool {
        if self.off.is_empty() {
            return false;
        }
        if owner.get_ref(key).is_some_and(|layer| self.off.contains(&layer.into())) {
            return true;
        }
        owner.get::<Dict<'_>>(key).is_some_and(|dict| self.hides_member(&dict))
    }

    fn hides_member(&self, membership: &Dict<'_>) -> bool {
        let layers: Vec<ObjectIdentifier> = match membership.get_ref("OCGs") {
            Some(one) if membership.get::<Array<'_>>("OCGs").is_none() => vec![one.into()],
            _ => references(membership, "OCGs").collect(),
        };
        if layers.is_empty() {
            return false;
        }
        let is_off = |layer: &ObjectIdentifier| self.off.contains(layer);
        match membership.get::<Name<'_>>("P").as_deref() {
            Some(b"AllOn") => layers.iter().any(is_off),
            Some(b"AnyOff") => !layers.iter().any(is_off),
            Some(b"AllOff") => !layers.iter().all(is_off),
            _ => layers.iter().all(is_off),
        }
    }
}

fn references(dict: &Dict<'_>, key: &str) -> impl Iterator<Item = ObjectIdentifier> {
    let array = dict.get::<Array<'_>>(key).unwrap_or_default();
    array.raw_iter().filter_map(|item| match item {
        MaybeRef::Ref(reference) => Some(reference.into()),
        MaybeRef::NotRef(_) => None,
    })
}
