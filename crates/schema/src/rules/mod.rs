//! The rules of the forms. A rule has a code, an explanation in the words of both kinds of reader, and a check.
//!
//! The sums come from the form file; the other rules stand here, one file a subject.

mod narrative;
mod panel;
mod period;
mod plausible;
mod presence;
mod sums;

use crate::Forms;
use crate::finding::{Finding, Severity};
use crate::report::Report;

/// A rule that is not a sum of the form file.
struct Rule {
    code: &'static str,
    /// The highest severity of its findings.
    severity: Severity,
    zh: &'static str,
    en: &'static str,
}

const RULES: [&[Rule]; 5] = [&presence::RULES, &plausible::RULES, &period::RULES, &narrative::RULES, &panel::RULES];

/// What a rule means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Its code.
    pub code: String,
    /// How much its findings weigh at most.
    pub severity: Severity,
    /// The forms that it belongs to; empty for one that holds for every form.
    pub forms: Vec<String>,
    /// The sum as the form file writes it, for a rule that is one.
    pub sum: Option<String>,
    /// What it says, in Chinese.
    pub zh: String,
    /// What it says, in English.
    pub en: String,
}

/// Weighs every rule of the report's form: the findings, sums first.
pub fn check(report: &Report) -> Vec<Finding> {
    let mut findings = Vec::new();
    sums::check(report, &mut findings);
    presence::check(report, &mut findings);
    plausible::check(report, &mut findings);
    let text = crate::fill::narrative(report);
    period::check(report, &text, &mut findings);
    narrative::check(report, &text, &mut findings);
    findings
}

/// Every rule, sums first, each once.
pub fn rules(forms: &Forms) -> Vec<Explanation> {
    let mut found: Vec<Explanation> = Vec::new();
    for form in forms.iter() {
        for rule in &form.equation_rules {
            match found.iter_mut().find(|other| other.code == rule.code && other.sum.as_ref() == Some(&rule.sum)) {
                Some(known) => known.forms.push(form.name.clone()),
                None => found.push(Explanation {
                    code: rule.code.clone(),
                    severity: Severity::Error,
                    forms: vec![form.name.clone()],
                    sum: Some(rule.sum.clone()),
                    zh: rule.zh.clone(),
                    en: rule.en.clone(),
                }),
            }
        }
    }
    found.extend(RULES.into_iter().flatten().map(|rule| Explanation {
        code: rule.code.to_owned(),
        severity: rule.severity,
        forms: Vec::new(),
        sum: None,
        zh: rule.zh.to_owned(),
        en: rule.en.to_owned(),
    }));
    found
}

/// What the rule of that code means; `None` where there is none.
pub fn explain(forms: &Forms, code: &str) -> Vec<Explanation> {
    rules(forms).into_iter().filter(|rule| rule.code == code).collect()
}

#[cfg(test)]
pub(crate) mod testing {
    //! Sound reports to break, one rule at a time.

    use std::collections::BTreeMap;

    use super::*;
    use crate::form::FieldKey;
    use crate::report::{Figure, Section, State, Stated};
    use rust_decimal::Decimal;

    /// A sound report of a form: every figure nought, every section there, the year 2023, published in January 2024.
    pub(crate) fn sound(form: &str) -> Report {
        let forms = Forms::builtin();
        let index = forms.iter().position(|other| other.name == form).unwrap();
        let form = forms.shared(index).unwrap();
        let figures: BTreeMap<FieldKey, Figure> =
            form.required().map(|field| (field.key.clone(), figure("0"))).collect();
        let sections = form.sections.iter().map(|spec| Section {
            kind: spec.kind,
            heading: spec.heading.clone(),
            text: "本节另有叙述。".to_owned(),
            at: Vec::new(),
        });
        Report {
            sections: sections.collect(),
            title: Some(stated("甲市乙局2023年政府信息公开工作年度报告".to_owned())),
            agency: Some(stated("甲市乙局".to_owned())),
            year: Some(stated(2023)),
            published: Some(stated(crate::Date { year: 2024, month: 1, day: 15 })),
            preamble: String::new(),
            figures,
            findings: Vec::new(),
            warnings: Vec::new(),
            form,
        }
    }

    pub(crate) const fn stated<T>(value: T) -> Stated<T> {
        Stated { value, raw: String::new(), at: Vec::new() }
    }

    fn figure(value: &str) -> Figure {
        Figure {
            value: Some(value.parse::<Decimal>().unwrap()),
            raw: value.to_owned(),
            state: State::Read,
            origins: nianbao_model::Origins::new(),
        }
    }

    /// The report with these figures.
    pub(crate) fn with(mut report: Report, figures: &[(&str, &str)]) -> Report {
        for (key, value) in figures {
            let key = report.form.field(key).unwrap().key.clone();
            report.figures.insert(key, figure(value));
        }
        report
    }

    /// The report with one figure in another state.
    pub(crate) fn with_state(mut report: Report, key: &str, state: State) -> Report {
        let key = report.form.field(key).unwrap().key.clone();
        report.figures.insert(key, Figure { state, ..Figure::lost() });
        report
    }

    /// The findings of one rule.
    pub(crate) fn findings(report: &Report, rule: &str) -> Vec<Finding> {
        check(report).into_iter().filter(|finding| finding.rule == rule).collect()
    }

    #[test]
    fn a_sound_report_breaks_no_rule() {
        for form in ["2021", "2019"] {
            assert_eq!(check(&sound(form)), Vec::new());
        }
    }

    #[test]
    fn every_rule_is_explained_in_both_languages() {
        for rule in rules(&Forms::builtin()) {
            assert!(!rule.zh.is_empty() && !rule.en.is_empty(), "{}", rule.code);
            assert!(rule.code.contains('.') && !explain(&Forms::builtin(), &rule.code).is_empty());
        }
    }
}
