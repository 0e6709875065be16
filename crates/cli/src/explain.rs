//! `nianbao explain`: what a rule means.

use std::io::{self, Write as _};

use nianbao::{Explanation, Forms};

use crate::fit::{width, wrap};
use crate::page::{self, BOLD, Name, item};
use crate::{Outcome, Stop};

/// Tells what the rule means; lists all rules where none is named.
pub(crate) fn explain(rule: Option<&str>, forms: &Forms) -> Result<Outcome, Stop> {
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    let Some(rule) = rule else {
        list(&mut out, &nianbao::rules(forms))?;
        out.flush()?;
        return Ok(Outcome::Ok);
    };
    let found = nianbao::explain(forms, rule);
    if found.is_empty() {
        let message = format!("there is no rule {rule:?}; `nianbao explain` lists them all");
        return Err(Stop::Usage(message));
    }
    for explanation in &found {
        tell(&mut out, explanation)?;
    }
    out.flush()?;
    Ok(Outcome::Ok)
}

/// Every rule, each once: two editions of a form may have a rule of the same code.
fn list(out: &mut impl io::Write, rules: &[Explanation]) -> io::Result<()> {
    let widest = rules.iter().map(|rule| width(&rule.code)).max().unwrap_or(0);
    let mut told: Vec<&str> = Vec::new();
    for rule in rules {
        if !told.contains(&rule.code.as_str()) {
            told.push(&rule.code);
            let name = Name { text: &rule.code, widest, style: BOLD };
            item(out, name, std::slice::from_ref(&rule.en), page::columns())?;
        }
    }
    Ok(())
}

fn tell(out: &mut impl io::Write, rule: &Explanation) -> io::Result<()> {
    let forms = if rule.forms.is_empty() { "every form".to_owned() } else { format!("form {}", rule.forms.join(", ")) };
    writeln!(out, "{BOLD}{}{BOLD:#} ({}; {forms})", rule.code, rule.severity.name())?;
    for text in [&rule.zh, &rule.en] {
        writeln!(out, "\n{}", wrap(text, page::columns()).join("\n"))?;
    }
    if let Some(sum) = &rule.sum {
        writeln!(out, "\n  {}", wrap(sum, page::columns().saturating_sub(4)).join("\n    "))?;
    }
    writeln!(out)
}
