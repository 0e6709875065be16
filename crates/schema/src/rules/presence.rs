//! What a report must hold.

use super::Rule;
use crate::finding::{Finding, Severity};
use crate::report::{Figure, Report, State};

pub(super) const RULES: [Rule; 3] = [
    Rule {
        code: "figures.present",
        severity: Severity::Warning,
        zh: "格式要求的每一个数据都应当在报告中；整张表、整行或个别数据缺失，或者无法确定时提示。",
        en: "Every figure that the form asks for stands in the report. Raised where a table, a row or single figures are missing or cannot be told.",
    },
    Rule {
        code: "figures.filled",
        severity: Severity::Error,
        zh: "表格至少应填有一个数据或表示“无”的符号；整份表格全部空白时提示。",
        en: "At least one cell of the form is filled, be it with a dash. Raised where every cell that was found is blank.",
    },
    Rule {
        code: "sections.present",
        severity: Severity::Warning,
        zh: "格式要求的六个部分都应当在报告中，按标题文字识别。",
        en: "All six sections that the form asks for are there, known by the words of their headings.",
    },
];

pub(super) fn check(report: &Report, findings: &mut Vec<Finding>) {
    figures(report, findings);
    filled(report, findings);
    sections(report, findings);
}

fn figures(report: &Report, findings: &mut Vec<Finding>) {
    if report.figures.values().all(|figure| figure.state != State::Lost) {
        return;
    }
    for table in 0..report.form.tables.len() {
        let printed = || report.printed().filter(|(field, _)| field.table == table);
        let lost: Vec<_> =
            printed().filter(|(_, figure)| figure.state == State::Lost).map(|(field, _)| field).collect();
        let Some(first) = lost.first() else { continue };
        let wanted = printed().count();
        let top = first.key.parts().next().unwrap_or_default();
        findings.push(Finding {
            rule: "figures.present".to_owned(),
            suspects: Vec::new(),
            severity: Severity::Warning,
            message: format!("{} of the {wanted} figures of table {top:?} are lost", lost.len()),
            figures: lost.iter().map(|field| field.key.clone()).collect(),
        });
    }
}

fn filled(report: &Report, findings: &mut Vec<Finding>) {
    let blank = |figure: &Figure| figure.state == State::Blank;
    if !report.figures.values().any(blank)
        || report.figures.values().any(|figure| matches!(figure.state, State::Read | State::Dash))
    {
        return;
    }
    findings.push(Finding {
        rule: "figures.filled".to_owned(),
        suspects: Vec::new(),
        severity: Severity::Error,
        figures: Vec::new(),
        message: "not one cell of the form is filled".to_owned(),
    });
}

fn sections(report: &Report, findings: &mut Vec<Finding>) {
    for spec in &report.form.sections {
        if !report.sections.iter().any(|section| section.kind == spec.kind) {
            findings.push(Finding {
                rule: "sections.present".to_owned(),
                suspects: Vec::new(),
                severity: Severity::Warning,
                figures: Vec::new(),
                message: format!("there is no section {:?}", spec.heading),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{findings, sound, with_state};
    use crate::report::State;

    #[test]
    fn lost_figures_are_told_by_table() {
        assert!(findings(&sound("2021"), "figures.present").is_empty());
        let report = with_state(sound("2021"), "requests.received.other", State::Lost);
        let found = findings(&report, "figures.present");
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("1 of the 175"), "{}", found[0].message);
        let blank = with_state(sound("2021"), "requests.received.other", State::Blank);
        assert!(findings(&blank, "figures.present").is_empty());
    }

    #[test]
    fn a_form_without_a_single_mark_is_told() {
        let keys: Vec<String> = sound("2021").figures.keys().map(ToString::to_string).collect();
        let blank = keys.iter().fold(sound("2021"), |report, key| with_state(report, key, State::Blank));
        assert_eq!(findings(&blank, "figures.filled").len(), 1);
        let dashed = with_state(blank, "requests.received.total", State::Dash);
        assert!(findings(&dashed, "figures.filled").is_empty());
    }

    #[test]
    fn a_missing_section_is_told() {
        let mut report = sound("2021");
        assert!(findings(&report, "sections.present").is_empty());
        report.sections.pop();
        assert_eq!(findings(&report, "sections.present").len(), 1);
    }
}
