//! Sums as a form file writes them: `a.X + b.*.X = c.X`.

use super::FieldKey;

/// A sum as the form file writes it: `a.X + b.*.X = c.X`. Terms right of the equals sign count negative.
pub(super) struct Sum {
    /// The sign of each term, and the figures that it stands for.
    pub(super) terms: Vec<(i8, Pattern)>,
}

impl Sum {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (left, right) = text.split_once('=').ok_or("there is no = in the sum")?;
        if right.contains('=') {
            return Err("there are two = in the sum".to_owned());
        }
        let mut terms = Vec::new();
        for (side, sign) in [(left, 1i8), (right, -1)] {
            let spaced = side.replace('+', " + ").replace(" - ", " − ");
            let mut sign_here = sign;
            for word in spaced.split_whitespace() {
                match word {
                    "+" => sign_here = sign,
                    "−" => sign_here = -sign,
                    _ => terms.push((sign_here, Pattern::parse(word))),
                }
            }
        }
        if terms.len() < 2 { Err("a sum has at least two terms".to_owned()) } else { Ok(Self { terms }) }
    }
}

/// A key of which some parts are left open.
pub(super) struct Pattern {
    parts: Vec<PatternPart>,
}

enum PatternPart {
    Word(String),
    /// One or more parts of a key, the same in every term.
    Variable,
    /// One or more parts of a key, summed over.
    Any,
}

impl Pattern {
    fn parse(word: &str) -> Self {
        let part = |part: &str| match part {
            "*" => PatternPart::Any,
            _ if part.chars().all(|c| c.is_ascii_uppercase()) => PatternPart::Variable,
            _ => PatternPart::Word(part.to_owned()),
        };
        Self { parts: word.split('.').map(part).collect() }
    }

    pub(super) fn has_variable(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, PatternPart::Variable))
    }

    /// What the variable must be for the pattern to fit the key.
    pub(super) fn binding(&self, key: &FieldKey) -> Option<String> {
        let mut found = None;
        fits(&self.parts, key.as_str(), None, &mut found).then(|| found.map(str::to_owned))?
    }

    /// Whether the pattern fits the key, its variable being `of` where that is given.
    pub(super) fn fits(&self, key: &FieldKey, of: Option<&str>) -> bool {
        fits(&self.parts, key.as_str(), of, &mut None)
    }
}

/// Whether the pattern fits a key or the rest of one. The variable must be `of` where that is given; what it is goes to `found`.
fn fits<'k>(pattern: &[PatternPart], key: &'k str, of: Option<&str>, found: &mut Option<&'k str>) -> bool {
    let Some((first, rest)) = pattern.split_first() else {
        return false;
    };
    let mut goes_on = |left: Option<&'k str>| match left {
        Some(left) => fits(rest, left, of, found),
        None => rest.is_empty(),
    };
    // Where the part of the key can end that the first part of the pattern takes, and what is left behind it.
    let ends = key.match_indices('.').map(|(at, _)| at).chain([key.len()]);
    let mut cuts = ends.map(|at| (key.get(..at).unwrap_or_default(), key.get(at + 1..)));
    match first {
        PatternPart::Word(word) => match key.strip_prefix(word.as_str()) {
            Some("") => goes_on(None),
            Some(left) => left.strip_prefix('.').is_some_and(|left| goes_on(Some(left))),
            None => false,
        },
        PatternPart::Any => cuts.any(|(_, left)| goes_on(left)),
        PatternPart::Variable => {
            let taken = cuts.find(|&(taken, left)| of.is_none_or(|of| of == taken) && goes_on(left));
            if let Some((taken, _)) = taken {
                *found = Some(taken);
            }
            taken.is_some()
        }
    }
}
