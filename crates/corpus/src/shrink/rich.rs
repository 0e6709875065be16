//! RTF: groups, rows and paragraphs, cut out where their braces are balanced.

use super::smallest::smallest;
use crate::error::Error;

/// The smallest text that shows the same.
pub(super) fn shrink(
    mut bytes: Vec<u8>,
    shows: &mut dyn FnMut(&[u8]) -> Result<bool, Error>,
) -> Result<Vec<u8>, Error> {
    loop {
        let before = bytes.len();
        for parts in [groups, rows, paragraphs] {
            let found = parts(&bytes);
            let rest = |kept: &[usize]| without(&bytes, &found, kept);
            let kept = smallest(found.len(), &mut |kept| shows(&rest(kept)))?;
            bytes = rest(&kept);
        }
        if bytes.len() == before {
            return Ok(bytes);
        }
    }
}

/// Where a part stands.
type Part = (usize, usize);

/// The bytes without the parts that are not kept; parts may stand in one another.
fn without(bytes: &[u8], parts: &[Part], kept: &[usize]) -> Vec<u8> {
    let gone = parts.iter().enumerate().filter(|(index, _)| kept.binary_search(index).is_err());
    let mut gone: Vec<Part> = gone.map(|(_, part)| *part).collect();
    gone.sort_unstable();
    let (mut rest, mut from) = (Vec::with_capacity(bytes.len()), 0);
    for (start, end) in gone {
        rest.extend_from_slice(bytes.get(from..start).unwrap_or_default());
        from = from.max(end);
    }
    rest.extend_from_slice(bytes.get(from..).unwrap_or_default());
    rest
}

/// A step in the text: a brace, or a control word by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step<'a> {
    Open,
    Close,
    Word(&'a [u8]),
}

/// The steps, each with where it begins and ends; binary data (`\bin`) is passed over.
fn steps(bytes: &[u8]) -> Vec<(usize, usize, Step<'_>)> {
    let mut steps = Vec::new();
    let mut at = 0;
    while let Some(next) =
        bytes.get(at..).and_then(|rest| rest.iter().position(|byte| matches!(byte, b'{' | b'}' | b'\\')))
    {
        let start = at + next;
        at = start + 1;
        match bytes.get(start) {
            Some(b'{') => steps.push((start, at, Step::Open)),
            Some(b'}') => steps.push((start, at, Step::Close)),
            _ => {
                let rest = bytes.get(at..).unwrap_or_default();
                let name = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
                if name == 0 {
                    // A symbol: what it makes of the next sign is no brace.
                    at += 1;
                    continue;
                }
                let after = rest.get(name..).unwrap_or_default();
                let number = after.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'-').count();
                let value = std::str::from_utf8(after.get(..number).unwrap_or_default()).unwrap_or_default();
                at += name + number + usize::from(after.get(number) == Some(&b' '));
                let word = rest.get(..name).unwrap_or_default();
                steps.push((start, at, Step::Word(word)));
                if word == b"bin" {
                    at = at.saturating_add(value.parse().unwrap_or_default());
                }
            }
        }
    }
    steps
}

/// The groups within the outermost one.
fn groups(bytes: &[u8]) -> Vec<Part> {
    let (mut open, mut found) = (Vec::new(), Vec::new());
    for (start, end, step) in steps(bytes) {
        match step {
            Step::Open => open.push(start),
            Step::Close => {
                let start = open.pop();
                found.extend(start.filter(|_| !open.is_empty()).map(|start| (start, end)));
            }
            Step::Word(_) => {}
        }
    }
    found.sort_unstable();
    found
}

fn rows(bytes: &[u8]) -> Vec<Part> {
    ending(bytes, &[b"row"], &[b"par", b"row"])
}

fn paragraphs(bytes: &[u8]) -> Vec<Part> {
    ending(bytes, &[b"par"], &[b"par", b"row", b"cell"])
}

/// The parts that end with one of these words and begin behind the last of the others, with all braces in them balanced.
fn ending(bytes: &[u8], ends: &[&[u8]], begins: &[&[u8]]) -> Vec<Part> {
    let mut found = Vec::new();
    let (mut depth, mut least, mut from) = (0_usize, usize::MAX, None);
    for (_, end, step) in steps(bytes) {
        match step {
            Step::Open => depth += 1,
            Step::Close => {
                depth = depth.saturating_sub(1);
                least = least.min(depth);
            }
            Step::Word(word) if begins.contains(&word) => {
                let is_whole = from.is_some_and(|(_, began)| began == depth && least >= began);
                if let Some((part, _)) = from.filter(|_| is_whole && ends.contains(&word)) {
                    found.push((part, end));
                }
                (from, least) = (Some((end, depth)), depth);
            }
            // No part begins before the word that the file begins with.
            Step::Word(_) => from = from.or(Some((end, depth))),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_rows_and_paragraphs_that_are_not_needed_go() {
        let text = br"{\rtf1{\fonttbl{\f0 a;}}\pard one\par{\b two}\par\trowd\cellx1 3\cell\row\trowd\cellx1 4\cell\row\bin2 }}five\par}";
        let mut needed = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            Ok(text.starts_with("{\\rtf1") && text.ends_with('}') && text.contains("4\\cell\\row"))
        };
        let smaller = shrink(text.to_vec(), &mut needed).unwrap();
        assert_eq!(String::from_utf8_lossy(&smaller), "{\\rtf1\\trowd\\cellx1 4\\cell\\row}");
    }

    #[test]
    fn a_paragraph_that_begins_in_another_group_stays() {
        let text = br"{\rtf1 a\par{\b b\par c}d\par}";
        let parts: Vec<_> = paragraphs(text).into_iter().map(|(start, end)| &text[start..end]).collect();
        assert_eq!(parts, [b"a\\par"]);
    }
}
