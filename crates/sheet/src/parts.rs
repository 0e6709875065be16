//! How the parts of a package refer to each other (ECMA-376 Part 2, clause 6.5).

use std::collections::BTreeMap;

use nianbao_container::{Error, Package};

use crate::xml::{Tag, Tags};

/// What a part refers to, by its id: kind and target.
pub(crate) type Targets = BTreeMap<String, (String, String)>;

/// The name of the main part.
pub(crate) fn main_part(package: &mut Package<'_>) -> Result<Option<String>, Error> {
    let targets = relationships(package, "_rels/.rels")?;
    let mut mains: Vec<String> = targets
        .into_values()
        .filter(|(kind, _)| kind.ends_with("/officeDocument"))
        .map(|(_, target)| resolved("", &target))
        .collect();
    mains.sort();
    Ok(mains.pop())
}

/// What a part refers to.
pub(crate) fn relationships(package: &mut Package<'_>, name: &str) -> Result<Targets, Error> {
    let Some(content) = package.read(name)? else {
        return Ok(Targets::new());
    };
    let (xml, _) = content.text();
    let relationship = |tag: Tag<'_>| {
        let text = |name| tag.attribute_text(name).map(|text| text.into_owned());
        Some((text("Id")?, (text("Type")?, text("Target")?)))
    };
    Ok(Tags::new(&xml).named(b"Relationship").filter_map(relationship).collect())
}

/// A target as the name of a part; `folder` is that of the part that refers to it.
pub(crate) fn resolved(folder: &str, target: &str) -> String {
    match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{folder}/{target}").trim_start_matches('/').to_owned(),
    }
}

/// The name of the part that lists what `part` refers to, and the folder that targets begin from.
pub(crate) fn list_of(part: &str) -> (String, &str) {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    (format!("{folder}/_rels/{file}.rels"), folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_names_of_parts() {
        assert_eq!(resolved("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolved("xl", "/xl/workbook.bin"), "xl/workbook.bin");
        assert_eq!(list_of("xl/workbook.bin"), ("xl/_rels/workbook.bin.rels".to_owned(), "xl"));
    }
}
