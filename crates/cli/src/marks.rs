//! Which figures are marked in the tables, and why.

use std::collections::{BTreeMap, BTreeSet};

use anstyle::Style;
use nianbao::{Equation, FieldKey, Finding, Report, Severity, State};

use crate::page::{BAD, DOUBT};

/// Why a figure is marked, the weightiest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mark {
    /// Another rule, such as the text of the report, disagrees.
    Disputed,
    /// The total of a broken sum.
    Broken,
    /// Where broken sums meet.
    Suspect,
}

impl Mark {
    /// How it looks without colour.
    pub(crate) const fn sign(self) -> char {
        match self {
            Self::Disputed => '!',
            Self::Broken => '≠',
            Self::Suspect => '✗',
        }
    }

    /// How it looks with colour.
    pub(crate) const fn style(self) -> Style {
        match self {
            Self::Disputed => DOUBT,
            Self::Broken | Self::Suspect => BAD,
        }
    }

    /// What it says.
    pub(crate) const fn meaning(self) -> &'static str {
        match self {
            Self::Disputed => "disagrees with another part of the report",
            Self::Broken => "not the sum of its parts",
            Self::Suspect => "probably wrong: broken sums meet here",
        }
    }
}

/// The marks of a report, by figure.
#[derive(Debug, Default)]
pub(crate) struct Marks<'a>(BTreeMap<&'a FieldKey, Mark>);

impl<'a> Marks<'a> {
    /// What the findings mark; notes mark nothing.
    pub(crate) fn of(report: &'a Report) -> Self {
        let mut marks = Self::default();
        let weighty = |finding: &&Finding| finding.severity > Severity::Info;
        for finding in report.findings.iter().filter(weighty) {
            match total(report, finding) {
                Some(total) => marks.raise(total, Mark::Broken),
                None => marks.dispute(report, finding),
            }
            for key in &finding.suspects {
                marks.raise(key, Mark::Suspect);
            }
        }
        marks
    }

    /// The mark of a figure.
    pub(crate) fn at(&self, key: &FieldKey) -> Option<Mark> {
        self.0.get(key).copied()
    }

    /// The marks that occur, the weightiest first.
    pub(crate) fn used(&self) -> impl Iterator<Item = Mark> {
        let used: BTreeSet<Mark> = self.0.values().copied().collect();
        used.into_iter().rev()
    }

    /// Marks the figures of a finding that is about no sum. Lost ones show that already.
    fn dispute(&mut self, report: &Report, finding: &'a Finding) {
        let is_lost = |key: &FieldKey| report.figures.get(key).is_none_or(|figure| figure.state == State::Lost);
        for key in finding.figures.iter().filter(|key| !is_lost(key)) {
            self.raise(key, Mark::Disputed);
        }
    }

    fn raise(&mut self, key: &'a FieldKey, mark: Mark) {
        let now = self.0.entry(key).or_insert(mark);
        *now = mark.max(*now);
    }
}

/// The figure that a finding about a sum calls the total: the one that stands alone on its side of the equation, else its last.
fn total<'a>(report: &Report, finding: &'a Finding) -> Option<&'a FieldKey> {
    let equation = equation(report, finding)?;
    let key = |index: usize| report.form.fields.get(index).map(|field| &field.key);
    let alone = |wanted: fn(i8) -> bool| {
        let mut side = equation.terms.iter().filter(|&&(sign, _)| wanted(sign));
        let first = side.next().and_then(|&(_, index)| key(index));
        first.filter(|_| side.next().is_none())
    };
    let total = alone(|sign| sign < 0).or_else(|| alone(|sign| sign > 0));
    let of_finding = finding.figures.iter().find(|&figure| Some(figure) == total);
    of_finding.or_else(|| finding.figures.last())
}

/// The equation of the form that a finding speaks of: its rule's, and with the same figures.
fn equation<'a>(report: &'a Report, finding: &Finding) -> Option<&'a Equation> {
    let form = &report.form;
    form.equations.iter().find(|equation| {
        let rule = form.equation_rules.get(equation.rule);
        let fields = equation.terms.iter().filter_map(|&(_, index)| form.fields.get(index));
        let printed = fields.map(|field| &field.key).filter(|key| report.figures.contains_key(key));
        rule.is_some_and(|rule| rule.code == finding.rule) && printed.eq(&finding.figures)
    })
}

#[cfg(test)]
mod tests {
    use nianbao::Forms;

    use super::*;

    /// What the marks of a filled form of one row are.
    fn marks(sum: &str, figures: &str) -> String {
        let form = format!(
            "name = \"f\"\ntitle = \"f\"\n[[table]]\nkey = \"t\"\n\
             columns = [{{ key = \"a\", label = \"本年新增件数\" }}, {{ key = \"b\", label = \"上年结余件数\" }}, {{ key = \"c\", label = \"现有总计件数\" }}]\n\
             rows = [{{ key = \"r\", label = \"规章\" }}]\n\
             [[equation]]\ncode = \"t.row\"\nsum = \"{sum}\"\nzh = \"\"\nen = \"\"\n"
        );
        let text = format!("信息内容\t本年新增件数\t上年结余件数\t现有总计件数\n规章\t{figures}\n");
        let reports = nianbao::reports(text.as_bytes(), &Forms::only(&form).unwrap()).unwrap();
        let marks = Marks::of(&reports[0]);
        ["t.r.a", "t.r.b", "t.r.c"]
            .map(|key| reports[0].form.field(key).and_then(|field| marks.at(&field.key)).map_or('.', Mark::sign))
            .iter()
            .collect()
    }

    #[test]
    fn a_broken_sum_is_marked_at_the_figure_that_stands_alone() {
        assert_eq!(marks("t.R.a + t.R.b = t.R.c", "1\t2\t4"), "..≠");
        assert_eq!(marks("t.R.c = t.R.a + t.R.b", "1\t2\t4"), "..≠");
        assert_eq!(marks("t.R.b + t.R.c = t.R.a", "1\t2\t4"), "≠..");
        assert_eq!(marks("t.R.a + t.R.b = t.R.c", "1\t2\t3"), "...");
    }
}
