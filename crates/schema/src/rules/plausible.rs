//! Figures that cannot be, whatever the others are.

use rust_decimal::Decimal;

use super::Rule;
use crate::amount::Amount;
use crate::finding::{Finding, Severity};
use crate::form::Field;
use crate::report::{Figure, Report};

pub(super) const RULES: [Rule; 3] = [
    Rule {
        code: "figures.negative",
        severity: Severity::Error,
        zh: "除“本年增/减”外，数据不得为负。",
        en: "No figure is negative, but for the yearly change (本年增/减) of the 2019 form.",
    },
    Rule {
        code: "figures.fraction",
        severity: Severity::Error,
        zh: "件数、项数应为整数；只有金额可以有小数。",
        en: "Counts are whole numbers; only amounts of money have decimals.",
    },
    Rule {
        code: "figures.unit",
        severity: Severity::Warning,
        zh: "单元格内写明的单位应与表头单位一致：表头为万元而单元格写“元”时，数值可能相差一万倍。",
        en: "A unit told in a cell agrees with the unit of its header: 元 under a header of 万元 may be off by a factor of 10,000.",
    },
];

pub(super) fn check(report: &Report, findings: &mut Vec<Finding>) {
    let odd: Vec<_> = report.printed().filter(|(_, figure)| !is_plain_count(figure)).collect();
    negative(&odd, findings);
    fraction(&odd, findings);
    unit(&odd, findings);
}

/// Whether no rule here can say anything of the figure, as of most.
fn is_plain_count(figure: &Figure) -> bool {
    figure.value.is_none_or(|value| value.scale() == 0 && value.is_sign_positive()) && !figure.raw.contains('元')
}

fn each(
    figures: &[(&Field, &Figure)],
    rule: &str,
    severity: Severity,
    findings: &mut Vec<Finding>,
    test: impl Fn(&Field, &Figure) -> Option<String>,
) {
    for &(field, figure) in figures {
        let Some(message) = test(field, figure) else {
            continue;
        };
        findings.push(Finding {
            rule: rule.to_owned(),
            suspects: Vec::new(),
            severity,
            figures: vec![field.key.clone()],
            message: format!("{}: {message}", field.label),
        });
    }
}

fn negative(figures: &[(&Field, &Figure)], findings: &mut Vec<Finding>) {
    each(figures, "figures.negative", Severity::Error, findings, |field, figure| {
        let value = figure.value.filter(|value| *value < Decimal::ZERO && !field.signed)?;
        Some(format!("{value} is negative"))
    });
}

fn fraction(figures: &[(&Field, &Figure)], findings: &mut Vec<Finding>) {
    each(figures, "figures.fraction", Severity::Error, findings, |field, figure| {
        let value = figure.value.filter(|value| !value.fract().is_zero() && !field.fractional)?;
        Some(format!("{value} is no whole number"))
    });
}

fn unit(figures: &[(&Field, &Figure)], findings: &mut Vec<Finding>) {
    each(figures, "figures.unit", Severity::Warning, findings, |field, figure| {
        // Only units of money are mixed up to any harm.
        if !field.unit.ends_with('元') || !figure.raw.contains('元') {
            return None;
        }
        let Amount::Number { unit, .. } = Amount::read(std::slice::from_ref(&figure.raw)) else {
            return None;
        };
        (unit.ends_with('元') && unit != field.unit).then(|| format!("the cell says {unit}, the header {}", field.unit))
    });
}

#[cfg(test)]
mod tests {
    use super::super::testing::{findings, sound, with};

    #[test]
    fn only_a_change_may_be_negative() {
        let change = with(sound("2019"), &[("disclosure.licensing.change", "-1")]);
        assert!(findings(&change, "figures.negative").is_empty());
        let count = with(sound("2019"), &[("disclosure.licensing.decisions", "-1")]);
        assert_eq!(findings(&count, "figures.negative").len(), 1);
    }

    #[test]
    fn only_money_has_decimals() {
        let fees = with(sound("2021"), &[("disclosure.fees.amount", "26.55")]);
        assert!(findings(&fees, "figures.fraction").is_empty());
        let count = with(sound("2021"), &[("disclosure.rules.issued", "1.5")]);
        assert_eq!(findings(&count, "figures.fraction").len(), 1);
    }

    #[test]
    fn a_unit_that_differs_from_the_header_is_told() {
        let with_raw = |raw: &str| {
            let mut report = with(sound("2021"), &[("disclosure.fees.amount", "251000")]);
            let key = report.form.field("disclosure.fees.amount").unwrap().key.clone();
            raw.clone_into(&mut report.figures.get_mut(&key).unwrap().raw);
            findings(&report, "figures.unit").len()
        };
        assert_eq!(with_raw("251000元"), 1);
        assert_eq!(with_raw("251000万元"), 0);
        assert_eq!(with_raw("251000"), 0);
    }
}
