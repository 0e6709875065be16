//! The year of the report against the period, the date and the notice that it states.

use super::Rule;
use crate::finding::{Finding, Severity};
use crate::meta::period;
use crate::report::Report;

pub(super) const RULES: [Rule; 3] = [
    Rule {
        code: "year.period",
        severity: Severity::Warning,
        zh: "标题的年份应与正文所述统计期限的年份一致；常见的错误是沿用上一年的文字。",
        en: "The year of the title is the year of the reporting period told in the text. A text copied from the year before is the usual fault.",
    },
    Rule {
        code: "year.published",
        severity: Severity::Info,
        zh: "报告通常在所报告年度的次年公布。",
        en: "A report is published in the year after the one that it reports on.",
    },
    Rule {
        code: "form.notice",
        severity: Severity::Info,
        zh: "正文引用的格式通知应与表格实际采用的格式一致。",
        en: "The notice that the text cites is the one whose form the tables follow.",
    },
];

pub(super) fn check(report: &Report, narrative: &str, findings: &mut Vec<Finding>) {
    stated_period(report, findings);
    published(report, findings);
    notice(report, narrative, findings);
}

fn stated_period(report: &Report, findings: &mut Vec<Finding>) {
    let Some(year) = &report.year else { return };
    let texts =
        std::iter::once(report.preamble.as_str()).chain(report.sections.iter().map(|section| section.text.as_str()));
    let periods = texts.flat_map(str::lines).flat_map(|line| line.split('。')).filter_map(period);
    let Some((start, end)) = periods.into_iter().find(|&(start, end)| (start, end) != (year.value, year.value)) else {
        return;
    };
    findings.push(Finding {
        rule: "year.period".to_owned(),
        suspects: Vec::new(),
        severity: Severity::Warning,
        figures: Vec::new(),
        message: format!("the report is of {}, its period runs from {start} to {end}", year.value),
    });
}

fn published(report: &Report, findings: &mut Vec<Finding>) {
    let (Some(year), Some(published)) = (&report.year, &report.published) else {
        return;
    };
    if published.value.year == year.value + 1 {
        return;
    }
    findings.push(Finding {
        rule: "year.published".to_owned(),
        suspects: Vec::new(),
        severity: Severity::Info,
        figures: Vec::new(),
        message: format!("the report of {} is dated {}", year.value, published.value),
    });
}

fn notice(report: &Report, narrative: &str, findings: &mut Vec<Finding>) {
    let Some(own) = &report.form.notice else { return };
    let own = nianbao_model::fold(own);
    // 国办公开办函[2021]30号: the office, then the year in brackets.
    let Some((office, _)) = own.split_once('[') else {
        return;
    };
    let text = nianbao_model::fold(&report.preamble) + narrative;
    let cited: Vec<&str> =
        text.match_indices(office).filter_map(|(at, _)| text.get(at..)?.split_inclusive('号').next()).collect();
    let Some(other) = cited.first().filter(|_| !cited.contains(&own.as_str())) else {
        return;
    };
    findings.push(Finding {
        rule: "form.notice".to_owned(),
        suspects: Vec::new(),
        severity: Severity::Info,
        figures: Vec::new(),
        message: format!("the text cites {other}, the tables follow the form of {own}"),
    });
}

#[cfg(test)]
mod tests {
    use super::super::testing::{findings, sound, stated};

    fn with_text(text: &str) -> crate::Report {
        let mut report = sound("2021");
        text.clone_into(&mut report.sections[0].text);
        report
    }

    #[test]
    fn a_period_of_another_year_is_told() {
        assert!(findings(&with_text("统计期限自2023年1月1日至2023年12月31日。"), "year.period").is_empty());
        assert_eq!(findings(&with_text("统计期限自2022年1月1日至12月31日。"), "year.period").len(), 1);
    }

    #[test]
    fn a_report_dated_in_another_year_than_the_next_is_told() {
        let mut report = sound("2021");
        assert!(findings(&report, "year.published").is_empty());
        report.published = Some(stated(crate::Date { year: 2025, month: 9, day: 1 }));
        assert_eq!(findings(&report, "year.published").len(), 1);
    }

    #[test]
    fn another_notice_than_the_tables_follow_is_told() {
        assert!(findings(&with_text("按照国办公开办函〔2021〕30号编制。"), "form.notice").is_empty());
        assert_eq!(findings(&with_text("按照国办公开办函〔2019〕60号编制。"), "form.notice").len(), 1);
    }
}
