//! Documents embedded in the main text (`w:altChunk`, ECMA-376 Part 1, 17.17.2): Word documents and plain text.

use nianbao_container::decode;
use nianbao_model::{Block, Origin, Paragraph, Part, Warning, WarningKind};

use crate::package::Parts;

/// Reads the embedded document that the main part refers to by `id`; an error says as a clause why not.
pub(crate) fn read(parts: &mut Parts<'_>, id: &str, part: Part) -> Result<(Vec<Block>, Vec<Warning>), String> {
    let (name, content) = parts.by_id(id).ok_or("it is not in the file")?;
    if content.bytes.starts_with(b"PK") {
        let document = crate::extract_part(&content.bytes, part).map_err(|error| error.to_string())?;
        return Ok((document.blocks, document.warnings));
    }
    let extension = name.rsplit('.').next().unwrap_or_default();
    if !extension.eq_ignore_ascii_case("txt") {
        return Err(format!("documents of kind {extension:?} are not read"));
    }
    let decoded = decode(&content.bytes);
    let warnings = decoded.lossy.then(|| {
        let encoding = decoded.encoding;
        Warning::new(WarningKind::Undecodable { encoding }, Vec::new())
    });
    Ok((paragraphs(&decoded.text, part), warnings.into_iter().collect()))
}

/// One paragraph a line.
fn paragraphs(text: &str, part: Part) -> Vec<Block> {
    let block = |(index, line): (usize, &str)| {
        let origin = Origin::Paragraph { part, paragraph: u32::try_from(index).unwrap_or(u32::MAX) };
        let lines = (!line.trim().is_empty()).then(|| line.into());
        Block::Paragraph(Paragraph::new(lines.into_iter().collect(), origin))
    };
    text.lines().enumerate().map(block).collect()
}
