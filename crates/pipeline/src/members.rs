//! The members of JSON objects in the order in which they are given, and the figures of a report as the tree that their keys tell.

use nianbao_schema::Figure;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Number;

/// A JSON object with these members.
#[derive(Debug)]
pub(crate) struct Members<'a, T>(pub(crate) Vec<(&'a str, T)>);

impl<T: Serialize> Serialize for Members<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// The value of a figure.
#[derive(Debug)]
pub(crate) enum Value {
    /// It has none: `null`.
    None,
    /// A count, as most are.
    Count(u64),
    /// Any other number, its digits as they were printed.
    Exact(Number),
}

impl Value {
    pub(crate) fn of(figure: &Figure) -> Self {
        let Some(value) = figure.value else { return Self::None };
        match u64::try_from(value.mantissa()) {
            Ok(count) if value.scale() == 0 => Self::Count(count),
            _ => value.to_string().parse().map_or(Self::None, Self::Exact),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_none(),
            Self::Count(count) => serializer.serialize_u64(*count),
            Self::Exact(number) => number.serialize(serializer),
        }
    }
}

/// Figures as the tree that their keys tell: `a.b` and `a.c` are the members `b` and `c` of `a`.
#[derive(Debug)]
pub(crate) struct Tree<'a>(Vec<Leaf<'a>>);

/// A figure by its whole key.
type Leaf<'a> = (&'a str, Value);

impl<'a> Tree<'a> {
    /// The tree of these figures. A branch stands where the first of its figures does. `are_grouped` says that those of each branch
    /// stand one behind the other.
    pub(crate) fn new(figures: Vec<Leaf<'a>>, are_grouped: bool) -> Self {
        Self(if are_grouped { figures } else { grouped(figures, 0) })
    }
}

/// The figures with those of each branch one behind the other, where the first of them stands.
fn grouped(figures: Vec<Leaf<'_>>, depth: usize) -> Vec<Leaf<'_>> {
    let mut groups: Vec<((&str, bool), Vec<Leaf<'_>>)> = Vec::new();
    for figure in figures {
        let name = name(figure.0, depth);
        match groups.iter_mut().find(|(other, _)| *other == name) {
            Some((_, group)) => group.push(figure),
            None => groups.push((name, vec![figure])),
        }
    }
    let inside = |((name, is_leaf), group): ((&str, bool), _)| {
        if is_leaf { group } else { grouped(group, depth + name.len() + 1) }
    };
    groups.into_iter().flat_map(inside).collect()
}

impl Serialize for Tree<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Branch { figures: &self.0, depth: 0 }.serialize(serializer)
    }
}

/// Figures whose keys begin with the same names, those of one branch one behind the other: so nothing needs to be built to print them.
struct Branch<'t> {
    figures: &'t [Leaf<'t>],
    /// How many bytes of the keys are the names of the branches around, their points included.
    depth: usize,
}

impl Serialize for Branch<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let mut rest = self.figures;
        while let Some(((key, value), others)) = rest.split_first() {
            let (name, is_leaf) = name(key, self.depth);
            if is_leaf {
                map.serialize_entry(name, value)?;
                rest = others;
                continue;
            }
            let depth = self.depth + name.len() + 1;
            let branch = key.get(..depth).unwrap_or(key);
            let end = rest.iter().position(|(key, _)| !key.starts_with(branch)).unwrap_or(rest.len());
            let (figures, others) = rest.split_at_checked(end).unwrap_or((rest, &[]));
            map.serialize_entry(name, &Branch { figures, depth })?;
            rest = others;
        }
        map.end()
    }
}

/// The name at a depth of a key, and whether it is the last.
fn name(key: &str, depth: usize) -> (&str, bool) {
    let rest = key.get(depth..).unwrap_or_default();
    match rest.bytes().position(|byte| byte == b'.') {
        Some(end) => (rest.get(..end).unwrap_or(rest), false),
        None => (rest, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(keys: &[&str], are_grouped: bool) -> String {
        let figures = (1..).zip(keys).map(|(count, key)| (*key, Value::Count(count))).collect();
        serde_json::to_string(&Tree::new(figures, are_grouped)).unwrap()
    }

    #[test]
    fn keys_tell_a_tree() {
        let keys = ["a", "b.c", "b.d.e", "b.d.f", "bb.c", "g"];
        assert_eq!(printed(&keys, true), r#"{"a":1,"b":{"c":2,"d":{"e":3,"f":4}},"bb":{"c":5},"g":6}"#);
        assert_eq!(printed(&keys, false), printed(&keys, true));
    }

    #[test]
    fn a_branch_that_is_torn_stands_where_it_begins() {
        let keys = ["b.d.e", "a", "b.c", "g", "b.d.f"];
        assert_eq!(printed(&keys, false), r#"{"b":{"d":{"e":1,"f":5},"c":3},"a":2,"g":4}"#);
    }
}
