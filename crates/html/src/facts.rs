//! What a page says of itself in its head: the title, and the `meta` tags that the standard for government sites asks for.

use nianbao_model::{Fact, FactKind, Origin};

use crate::survey::{Survey, segments};
use crate::tag::Attribute;
use crate::tree::Tree;

/// Longer values are no facts but texts.
const LONGEST: usize = 600;

/// The facts of a page, those of the `meta` tags first.
pub(crate) fn facts(tree: &Tree, survey: &Survey) -> Vec<Fact> {
    let mut facts = Vec::new();
    for element in survey.metas.iter().filter_map(|&id| tree.element(id)) {
        let name = element.attribute(Attribute::Name).unwrap_or_default().trim();
        let value = element.attribute(Attribute::Content).unwrap_or_default();
        facts.extend(kind(name).and_then(|kind| fact(kind, value, name)));
    }
    if let Some(title) = survey.title {
        let text = tree.whole_text(title, LONGEST);
        // The whole first: a title may hold a dash of its own.
        facts.extend(fact(FactKind::Title, &text, "title"));
        facts.extend(
            segments(&text).filter(|part| *part != text.trim()).filter_map(|part| fact(FactKind::Title, part, "title")),
        );
    }
    facts
}

fn kind(name: &str) -> Option<FactKind> {
    Some(match name.to_ascii_lowercase().as_str() {
        "articletitle" | "og:title" => FactKind::Title,
        "pubdate" | "publishdate" | "publishtime" | "article:published_time" => FactKind::Date,
        "contentsource" => FactKind::Agency,
        _ => return None,
    })
}

fn fact(kind: FactKind, text: &str, property: &str) -> Option<Fact> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = !text.is_empty() && text.len() <= LONGEST;
    fits.then(|| Fact { kind, text, origin: Origin::Property { name: property.into() } })
}
