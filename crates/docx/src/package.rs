//! The parts of a Word package: where the main text is, and the styles and numberings it refers to (ECMA-376 Part 2, 6.5; Part 1, 11.3).

use nianbao_container::{Content, Error, Limits, Package};
use nianbao_model::{Warning, WarningKind};

use crate::encoding;
use crate::numbering::Numbering;
use crate::styles::Styles;
use crate::xml::{self, Node, Xml};

/// One arrow of a package: from a part to another.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Relationship {
    id: String,
    /// The last word of the relationship's type, which strict and transitional files share: `styles`.
    kind: String,
    /// The name of the part it leads to; `None` where it leads out of the package.
    target: Option<String>,
}

/// An open package and what is known of it. Styles and numberings are read when the text first asks for them.
#[derive(Debug)]
pub(crate) struct Parts<'a> {
    package: Package<'a>,
    /// The name of the main part.
    main: String,
    relationships: Option<Vec<Relationship>>,
    styles: Option<Styles>,
    numbering: Option<Numbering>,
    /// What could not be read, or only in part.
    pub(crate) warnings: Vec<Warning>,
}

impl<'a> Parts<'a> {
    /// Opens a package and finds its main part.
    ///
    /// # Errors
    /// A package that cannot be opened, or that has no main part.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut parts = Self {
            package: Package::open(bytes, &Limits::default())?,
            main: String::new(),
            relationships: None,
            styles: None,
            numbering: None,
            warnings: Vec::new(),
        };
        parts.main = parts.find_main()?;
        Ok(parts)
    }

    /// The name of the main part.
    pub(crate) fn main_name(&self) -> &str {
        &self.main
    }

    /// The text of the main part.
    ///
    /// # Errors
    /// A part past the limits, or an encrypted one.
    pub(crate) fn main(&mut self) -> Result<String, Error> {
        let name = self.main.clone();
        self.text(&name)?.ok_or_else(|| Error::corrupt(format!("the part {name} is missing")))
    }

    /// The styles; none where the package has no such part.
    pub(crate) fn styles(&mut self) -> &mut Styles {
        if self.styles.is_none() {
            let text = self.related("styles", "styles.xml");
            let styles = text.map_or_else(Styles::default, Styles::new);
            self.styles = Some(styles);
        }
        self.styles.get_or_insert_default()
    }

    /// The numberings; none where the package has no such part.
    pub(crate) fn numbering(&mut self) -> (&mut Styles, &mut Numbering) {
        self.styles();
        if self.numbering.is_none() {
            let text = self.related("numbering", "numbering.xml");
            let numbering = text.map_or_else(Numbering::default, Numbering::new);
            self.numbering = Some(numbering);
        }
        (self.styles.get_or_insert_default(), self.numbering.get_or_insert_default())
    }

    /// The part that the main part refers to by `id`: its name, and its bytes where it is in the package.
    pub(crate) fn by_id(&mut self, id: &str) -> Option<(String, Content)> {
        let target = self.relationships().iter().find(|relationship| relationship.id == id)?.target.clone()?;
        let content = self.content(&target)?;
        Some((target, content))
    }

    /// The text of a part that the main part refers to by the kind of relationship, else of the part beside it.
    fn related(&mut self, kind: &str, beside: &str) -> Option<String> {
        let stated = self
            .relationships()
            .iter()
            .find(|relationship| relationship.kind == kind)
            .and_then(|relationship| relationship.target.clone());
        let name = stated.unwrap_or_else(|| resolved(&self.main, beside));
        match self.text(&name) {
            Ok(text) => text,
            Err(error) => {
                self.leave_out(name, error.to_string());
                None
            }
        }
    }

    /// The bytes of a part; a part that cannot be read is a warning.
    fn content(&mut self, name: &str) -> Option<Content> {
        match self.package.read(name) {
            Ok(content) => content,
            Err(error) => {
                self.leave_out(name.to_owned(), error.to_string());
                None
            }
        }
    }

    /// The text of a part, with a warning where it is damaged.
    fn text(&mut self, name: &str) -> Result<Option<String>, Error> {
        let Some(content) = self.package.read(name)? else {
            return Ok(None);
        };
        if let Some(damage) = content.damage {
            self.leave_out(format!("some of {name}"), damage);
        }
        let (text, undecodable) = encoding::decoded(content.bytes);
        if let Some(encoding) = undecodable {
            self.warnings.push(Warning::new(WarningKind::Undecodable { encoding }, Vec::new()));
        }
        Ok(Some(text))
    }

    fn leave_out(&mut self, part: String, reason: String) {
        let kind = WarningKind::PartUnreadable { part, reason };
        self.warnings.push(Warning::new(kind, Vec::new()));
    }

    fn relationships(&mut self) -> &[Relationship] {
        if self.relationships.is_none() {
            let text = self.text(&relationships_of(&self.main)).ok().flatten();
            self.relationships = Some(relationships(&text.unwrap_or_default(), &self.main));
        }
        self.relationships.get_or_insert_default()
    }

    /// Where the package's own relationships lead, else what the list of content types calls the main part, else the usual name.
    fn find_main(&mut self) -> Result<String, Error> {
        let stated = self.text("_rels/.rels")?.and_then(|text| {
            let all = relationships(&text, "");
            all.into_iter().find(|one| one.kind == "officeDocument")?.target
        });
        if let Some(name) = stated.filter(|name| self.package.contains(name)) {
            return Ok(name);
        }
        let types = self.text("[Content_Types].xml")?.unwrap_or_default();
        let usual = || "word/document.xml".to_owned();
        let name = main_by_type(&types).unwrap_or_else(usual);
        if self.package.contains(&name) {
            return Ok(name);
        }
        Err(Error::corrupt(format!("no word document in it: the part {name} is missing")))
    }
}

/// The part in which the relationships of `part` stand: `word/_rels/document.xml.rels`.
fn relationships_of(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, file)) => format!("{folder}/_rels/{file}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}

/// What can be read of a part of relationships; `from` is the part that they start from.
fn relationships(text: &str, from: &str) -> Vec<Relationship> {
    let mut xml = Xml::new(text);
    let mut all = Vec::new();
    while let Ok(node) = xml.step() {
        match node {
            Node::Start(tag) | Node::Empty(tag) if xml::local(&tag) == b"Relationship" => {
                let is_outside = xml::attribute(&tag, "TargetMode").as_deref() == Some("External");
                let target = xml::attribute(&tag, "Target").filter(|_| !is_outside);
                let kind = xml::attribute(&tag, "Type").unwrap_or_default();
                all.push(Relationship {
                    id: xml::attribute(&tag, "Id").unwrap_or_default(),
                    kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                    target: target.map(|target| resolved(from, &target)),
                });
            }
            Node::Over => break,
            _ => {}
        }
    }
    all
}

/// The part that the list of content types calls the main part of a word document.
fn main_by_type(text: &str) -> Option<String> {
    let mut xml = Xml::new(text);
    loop {
        match xml.step().ok()? {
            Node::Start(tag) | Node::Empty(tag) if xml::local(&tag) == b"Override" => {
                let kind = xml::attribute(&tag, "ContentType").unwrap_or_default();
                let is_word = kind.contains("wordprocessingml") || kind.contains("ms-word");
                if is_word && kind.ends_with(".main+xml") {
                    let name = xml::attribute(&tag, "PartName")?;
                    return Some(name.trim_start_matches('/').to_owned());
                }
            }
            Node::Over => return None,
            _ => {}
        }
    }
}

/// The name of the part that a reference in the part `from` leads to: `../a.xml` in `word/document.xml` is `a.xml`.
fn resolved(from: &str, target: &str) -> String {
    let mut segments: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => from.rsplit_once('/').map(|(folder, _)| folder.split('/').collect()).unwrap_or_default(),
    };
    for segment in target.split(['/', '\\']) {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::package;

    const RELATIONSHIPS: &str = r#"<Relationships><Relationship Id="rId1"
        Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/text/main.xml"/></Relationships>"#;

    #[test]
    fn the_main_part_is_found_by_its_relationship_and_not_by_its_name() {
        let bytes = package(&[("_rels/.rels", RELATIONSHIPS), ("text/main.xml", "<a/>")]);
        assert_eq!(Parts::open(&bytes).unwrap().main_name(), "text/main.xml");
    }

    #[test]
    fn without_relationships_the_content_type_tells_the_main_part() {
        let types = r#"<Types><Override PartName="/x/y.xml"
            ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
        let bytes = package(&[("[Content_Types].xml", types), ("x/y.xml", "<a/>")]);
        assert_eq!(Parts::open(&bytes).unwrap().main_name(), "x/y.xml");
    }

    #[test]
    fn a_package_without_a_main_part_says_which_is_missing() {
        let bytes = package(&[("_rels/.rels", "<Relationships/>")]);
        let error = Parts::open(&bytes).unwrap_err().to_string();
        assert!(error.contains("word/document.xml is missing"), "{error}");
    }

    #[test]
    fn references_are_resolved_from_the_part_they_stand_in() {
        assert_eq!(resolved("word/document.xml", "styles.xml"), "word/styles.xml");
        assert_eq!(resolved("word/document.xml", "../a/b.xml"), "a/b.xml");
        assert_eq!(resolved("word/document.xml", "/a/b.xml"), "a/b.xml");
        assert_eq!(resolved("", "word/document.xml"), "word/document.xml");
        assert_eq!(resolved("a", "../../b"), "b");
        assert_eq!(relationships_of("word/document.xml"), "word/_rels/document.xml.rels");
    }
}
