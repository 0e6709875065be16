//! The equations of the form. One wrong cell breaks several: the message names the cell they meet in.

use rust_decimal::Decimal;

use crate::finding::{Finding, Severity};
use crate::form::{Equation, Form};
use crate::report::{Report, State};
use crate::solve::{Value, residual, values};

/// A figure that alone, changed by `by`, would mend every broken equation that it enters and harm no other.
struct Suspect {
    field: usize,
    by: Decimal,
    mends: usize,
}

pub(super) fn check(report: &Report, findings: &mut Vec<Finding>) {
    let form = &*report.form;
    let values = values(form, &report.figures);
    let is_broken = |equation: &&Equation| residual(equation, &values).is_some_and(|rest| !rest.is_zero());
    let broken: Vec<&Equation> = form.equations.iter().filter(is_broken).collect();
    if broken.is_empty() {
        return;
    }
    let suspects = suspects(form, &values);
    findings.extend(broken.into_iter().map(|equation| finding(report, &values, equation, &suspects)));
}

/// The figures that explain the most broken equations at once; none where a figure explains but one, for then any of its terms may be
/// the wrong one.
fn suspects(form: &Form, values: &[Value]) -> Vec<Suspect> {
    let mut suspects: Vec<Suspect> = (0..form.fields.len()).filter_map(|field| suspect(form, values, field)).collect();
    let most = suspects.iter().map(|suspect| suspect.mends).max().unwrap_or(0);
    suspects.retain(|suspect| suspect.mends == most && most > 1);
    suspects
}

fn suspect(form: &Form, values: &[Value], field: usize) -> Option<Suspect> {
    let Some(Value::Known(value)) = values.get(field) else {
        return None;
    };
    let mut by: Option<Decimal> = None;
    let mut mends = 0;
    for equation in &form.equations {
        let Some(&(sign, _)) = equation.terms.iter().find(|&&(_, index)| index == field) else {
            continue;
        };
        // An equation with lost figures says nothing.
        let Some(rest) = residual(equation, values) else {
            continue;
        };
        let needed = if sign > 0 { -rest } else { rest };
        if rest.is_zero() || by.is_some_and(|by| by != needed) {
            return None;
        }
        by = Some(needed);
        mends += 1;
    }
    let by =
        by.filter(|by| form.fields.get(field).is_some_and(|field| field.signed) || !(*value + by).is_sign_negative())?;
    Some(Suspect { field, by, mends })
}

fn finding(report: &Report, values: &[Value], equation: &Equation, suspects: &[Suspect]) -> Finding {
    let form = &*report.form;
    let terms = &equation.terms;
    let side = |wanted: fn(i8) -> bool| -> Decimal {
        let known = |&(sign, index): &(i8, usize)| match values.get(index) {
            Some(Value::Known(value)) if wanted(sign) => Some(*value),
            _ => None,
        };
        terms.iter().filter_map(known).sum()
    };
    let printed =
        |index: usize| form.fields.get(index).and_then(|field| Some((field, report.figures.get(&field.key)?)));
    let present: Vec<_> = terms.iter().filter_map(|&(_, index)| printed(index)).collect();
    let blank = present.iter().any(|(_, figure)| figure.state != State::Read);
    let mut message = format!(
        "{}: {} on the one side, {} on the other",
        title(form, equation),
        side(|sign| sign > 0).normalize(),
        side(|sign| sign < 0).normalize()
    );
    if blank {
        message.push_str("; a blank or dash was counted as 0");
    }
    let entering: Vec<_> = suspects
        .iter()
        .filter(|suspect| terms.iter().any(|&(_, index)| index == suspect.field))
        .filter_map(|suspect| Some((form.fields.get(suspect.field)?, suspect)))
        .collect();
    let named = entering.iter().filter_map(|(field, suspect)| match values.get(suspect.field) {
        Some(Value::Known(value)) => {
            Some(format!("{} ({value}, would fit as {})", field.label, (*value + suspect.by).normalize()))
        }
        _ => None,
    });
    let named = named.collect::<Vec<_>>().join(" or ");
    if !named.is_empty() {
        message.push_str("; the broken sums meet in ");
        message.push_str(&named);
    }
    Finding {
        rule: form.equation_rules.get(equation.rule).map(|rule| rule.code.clone()).unwrap_or_default(),
        severity: if blank { Severity::Warning } else { Severity::Error },
        suspects: entering.iter().map(|(field, _)| field.key.clone()).collect(),
        figures: present.iter().map(|(field, _)| field.key.clone()).collect(),
        message,
    }
}

/// What the equation is about, in the words of the form: the label of its total, its last term.
fn title(form: &Form, equation: &Equation) -> String {
    let last = equation.terms.last().and_then(|&(_, index)| form.fields.get(index));
    last.map(|field| field.label.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{findings, sound, with, with_state};
    use crate::finding::Severity;
    use crate::report::{State, Status};

    const ONE_GRANTED: [(&str, &str); 6] = [
        ("requests.received.natural_person", "3"),
        ("requests.received.total", "3"),
        ("requests.outcome.granted.natural_person", "3"),
        ("requests.outcome.granted.total", "3"),
        ("requests.outcome.total.natural_person", "3"),
        ("requests.outcome.total.total", "3"),
    ];

    fn granted() -> crate::Report {
        with(sound("2021"), &ONE_GRANTED)
    }

    #[test]
    fn a_row_that_does_not_add_up_is_found() {
        assert!(findings(&granted(), "requests.row").is_empty());
        let report = with(granted(), &[("requests.received.other", "1")]);
        let found = findings(&report, "requests.row");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Error);
        assert_eq!(found[0].figures.len(), 7);
        assert_eq!(report.status(), Status::Ok, "findings are weighed only once they are in the report");
    }

    #[test]
    fn an_outcome_column_that_does_not_add_up_is_found() {
        assert!(findings(&granted(), "requests.outcome").is_empty());
        let report = with(granted(), &[("requests.outcome.not_processed.petition.research", "2")]);
        assert_eq!(findings(&report, "requests.outcome").len(), 1);
    }

    #[test]
    fn a_balance_that_does_not_hold_is_found() {
        assert!(findings(&granted(), "requests.balance").is_empty());
        let report =
            with(granted(), &[("requests.carried_in.total", "1"), ("requests.carried_in.natural_person", "1")]);
        assert_eq!(findings(&report, "requests.balance").len(), 2);
    }

    #[test]
    fn a_block_of_table_four_that_does_not_add_up_is_found() {
        assert!(findings(&sound("2019"), "remedies.total").is_empty());
        let report = with(sound("2019"), &[("remedies.litigation.direct.upheld", "5")]);
        let found = findings(&report, "remedies.total");
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("5 on the one side, 0 on the other"), "{}", found[0].message);
    }

    #[test]
    fn the_cell_in_which_broken_sums_meet_is_named() {
        // The one figure is wrong: its row and its column both break, by the same difference.
        let report = with(granted(), &[("requests.outcome.granted.natural_person", "5")]);
        let all = super::super::check(&report);
        assert_eq!(all.len(), 2);
        for finding in all {
            assert!(finding.message.contains("予以公开 · 自然人 (5, would fit as 3)"), "{}", finding.message);
        }
    }

    #[test]
    fn a_lost_figure_leaves_its_sums_unweighed() {
        let report =
            with_state(with(granted(), &[("requests.received.other", "1")]), "requests.received.research", State::Lost);
        assert!(findings(&report, "requests.row").is_empty());
        assert_eq!(report.status(), Status::Review);
    }

    #[test]
    fn a_blank_total_over_filled_parts_is_no_error_but_must_be_looked_at() {
        let report = with_state(granted(), "requests.received.total", State::Blank);
        let found = findings(&report, "requests.row");
        assert_eq!(found[0].severity, Severity::Warning);
        assert_eq!(report.status(), Status::Review);
        let sound = with_state(granted(), "requests.carried_in.total", State::Dash);
        assert_eq!(sound.status(), Status::Ok);
    }
}
