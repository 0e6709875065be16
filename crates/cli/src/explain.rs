//! `nianbao explain`: what a rule means.

use std::io::{self, Write as _};

use anstyle::Style;
use nianbao::{Explanation, Forms};

use crate::Outcome;

const BOLD: Style = Style::new().bold();

/// Tells what the rule means; lists all rules where none is named.
pub(crate) fn explain(rule: Option<&str>, forms: &Forms) -> io::Result<Outcome> {
    let mut out = anstream::stdout().lock();
    let Some(rule) = rule else {
        let mut told: Vec<String> = Vec::new();
        for known in nianbao::rules(forms) {
            if !told.contains(&known.code) {
                writeln!(out, "{BOLD}{:<26}{BOLD:#}{}", known.code, known.en)?;
                told.push(known.code);
            }
        }
        return Ok(Outcome::Ok);
    };
    let found = nianbao::explain(forms, rule);
    if found.is_empty() {
        let message = format!("there is no rule {rule:?}; `nianbao explain` lists them all");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    for explanation in &found {
        tell(&mut out, explanation)?;
    }
    Ok(Outcome::Ok)
}

fn tell(out: &mut impl io::Write, rule: &Explanation) -> io::Result<()> {
    let forms = if rule.forms.is_empty() {
        "every form".to_owned()
    } else {
        format!("form {}", rule.forms.join(", "))
    };
    writeln!(
        out,
        "{BOLD}{}{BOLD:#} ({}; {forms})",
        rule.code,
        rule.severity.name()
    )?;
    writeln!(out, "\n{}\n\n{}", rule.zh, rule.en)?;
    if let Some(sum) = &rule.sum {
        writeln!(out, "\n  {sum}")?;
    }
    writeln!(out)
}
