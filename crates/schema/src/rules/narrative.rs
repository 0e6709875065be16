//! What the narrative tells against what the tables say. Never an error: the words are loose, and 受理 means two things.

use rust_decimal::Decimal;

use super::Rule;
use crate::finding::{Finding, Severity};
use crate::report::Report;

/// A claim about a sum of figures: the rule, the figures, and what it is called.
struct Subject {
    rule: &'static str,
    severity: Severity,
    /// Each inner list is a sum that the words can mean; the claim holds where any of them is as told.
    meanings: &'static [&'static [&'static str]],
}

const RECEIVED: &[&str] = &["requests.received.total"];
const CARRIED_IN: &[&str] = &["requests.carried_in.total"];
const CONCLUDED: &[&str] = &["requests.outcome.total.total"];
const CARRIED_OUT: &[&str] = &["requests.carried_out.total"];
const TO_HANDLE: &[&str] = &["requests.received.total", "requests.carried_in.total"];
const REVIEWS: &[&str] = &["remedies.reconsideration.total"];
const SUITS: &[&str] = &["remedies.litigation.direct.total", "remedies.litigation.after_reconsideration.total"];

const RULES_TOLD: [Subject; 7] = [
    Subject { rule: "narrative.received", severity: Severity::Warning, meanings: &[RECEIVED] },
    Subject { rule: "narrative.accepted", severity: Severity::Info, meanings: &[RECEIVED, TO_HANDLE] },
    Subject { rule: "narrative.carried_in", severity: Severity::Warning, meanings: &[CARRIED_IN] },
    Subject { rule: "narrative.concluded", severity: Severity::Info, meanings: &[CONCLUDED, TO_HANDLE] },
    Subject { rule: "narrative.carried_out", severity: Severity::Warning, meanings: &[CARRIED_OUT] },
    Subject { rule: "narrative.reconsideration", severity: Severity::Info, meanings: &[REVIEWS] },
    Subject { rule: "narrative.litigation", severity: Severity::Info, meanings: &[SUITS] },
];

macro_rules! told {
    ($code:literal, $severity:ident, $zh:literal, $en:literal) => {
        Rule { code: $code, severity: Severity::$severity, zh: $zh, en: $en }
    };
}

pub(super) const RULES: [Rule; 7] = [
    told!(
        "narrative.received",
        Warning,
        "正文所述收到（新收）的申请件数应与表三“本年新收”总计一致。",
        "Applications told as received equal the total of 本年新收 in table 3."
    ),
    told!(
        "narrative.accepted",
        Info,
        "正文所述“受理”件数应等于本年新收，或本年新收加上年结转：两种用法都有。",
        "Applications told as accepted (受理) equal the received ones, or those and the ones carried in: both uses occur."
    ),
    told!(
        "narrative.carried_in",
        Warning,
        "正文所述上年结转件数应与表三“上年结转”总计一致。",
        "Applications told as carried in equal the total of 上年结转 in table 3."
    ),
    told!(
        "narrative.concluded",
        Info,
        "正文所述办结（答复）件数应与表三“（七）总计”一致，或等于全部待办件数。",
        "Applications told as concluded or answered equal the total (7) of table 3, or all that there were to handle."
    ),
    told!(
        "narrative.carried_out",
        Warning,
        "正文所述结转下年度件数应与表三“结转下年度继续办理”总计一致。",
        "Applications told as carried out equal the total of 结转下年度继续办理 in table 3."
    ),
    told!(
        "narrative.reconsideration",
        Info,
        "正文所述行政复议件数应与表四行政复议总计一致。",
        "Reviews told in the text equal the total of 行政复议 in table 4."
    ),
    told!(
        "narrative.litigation",
        Info,
        "正文所述行政诉讼件数应与表四两栏行政诉讼总计之和一致。",
        "Suits told in the text equal the two totals of 行政诉讼 in table 4 together."
    ),
];

/// Holds what the text tells against the figures, rule by rule.
pub(super) fn check(report: &Report, text: &str, findings: &mut Vec<Finding>) {
    let claims: Vec<Claim<'_>> = clauses(text).filter_map(claim).collect();
    for subject in &RULES_TOLD {
        findings.extend(subject.finding(report, &claims));
    }
}

impl Subject {
    fn finding(&self, report: &Report, claims: &[Claim<'_>]) -> Option<Finding> {
        let mut claims = claims.iter().filter(|claim| claim.rule == self.rule).peekable();
        let &&Claim { count, clause, .. } = claims.peek()?;
        let sums: Vec<Decimal> = self.meanings.iter().filter_map(|figures| sum(report, figures)).collect();
        // Where one of the meanings cannot be worked out, nothing can be said against the text.
        if sums.len() < self.meanings.len() {
            return None;
        }
        // A report may tell parts of a number in several places: one clause that agrees is enough.
        if claims.any(|claim| sums.contains(&Decimal::from(claim.count))) {
            return None;
        }
        let wanted = sums.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
        let keys = self
            .meanings
            .iter()
            .flat_map(|figures| figures.iter())
            .filter_map(|key| report.form.field(key))
            .map(|field| field.key.clone());
        let mut figures: Vec<_> = keys.collect();
        figures.dedup();
        Some(Finding {
            rule: self.rule.to_owned(),
            suspects: Vec::new(),
            severity: self.severity,
            figures,
            message: format!("the text tells {count} ({clause:?}), the table {wanted}"),
        })
    }
}

/// The sum of figures; `None` where one is not on the form or lost.
fn sum(report: &Report, keys: &[&str]) -> Option<Decimal> {
    keys.iter().map(|key| report.figures.get(&report.form.field(key)?.key)?.in_sums()).sum()
}

/// Clauses are parted by every mark but the one of enumerations, which stands inside 行政复议、行政诉讼.
fn clauses(text: &str) -> impl Iterator<Item = &str> {
    text.split(['.', ',', ';', ':', '!', '?', '(', ')', '\n']).filter(|clause| !clause.is_empty())
}

/// Words that compare years, or count only a part.
const PASSED_OVER: [&str; 18] = [
    "同比",
    "较上年",
    "比上年",
    "增长",
    "增加",
    "减少",
    "上升",
    "下降",
    "其中",
    "累计",
    "历年",
    "网络",
    "信函",
    "当面",
    "邮寄",
    "电子邮件",
    "传真",
    "平均",
];

/// What a clause tells.
struct Claim<'t> {
    /// The rule that it is about.
    rule: &'static str,
    count: u32,
    clause: &'t str,
}

fn claim(clause: &str) -> Option<Claim<'_>> {
    // Most clauses are about none of the subjects.
    let rule = subject(clause)?;
    if clause.chars().count() > 80 || PASSED_OVER.iter().any(|word| clause.contains(word)) {
        return None;
    }
    let count = count(clause)?;
    Some(Claim { rule, count, clause })
}

fn subject(clause: &str) -> Option<&'static str> {
    let has = |words: &[&str]| words.iter().any(|word| clause.contains(word));
    let (reviews, suits) = (has(&["行政复议"]), has(&["行政诉讼"]));
    match (reviews, suits) {
        // Both in one clause: the number may be either's.
        (true, true) => return None,
        (true, false) => return Some("narrative.reconsideration"),
        (false, true) => return Some("narrative.litigation"),
        (false, false) => {}
    }
    if has(&["结转"]) {
        if has(&["上年", "上一年", "去年"]) && !has(&["下年", "下一年", "次年", "新收"]) {
            return Some("narrative.carried_in");
        }
        return (has(&["下年", "下一年", "次年"]) && !has(&["上年", "新收"])).then_some("narrative.carried_out");
    }
    if !has(&["申请"]) {
        return None;
    }
    if has(&["新收", "收到", "接到", "接收"]) {
        return Some("narrative.received");
    }
    if has(&["受理"]) {
        return Some("narrative.accepted");
    }
    has(&["办结", "答复"]).then_some("narrative.concluded")
}

/// The number of cases in a clause: the only number before 件; nought where the clause denies.
fn count(clause: &str) -> Option<u32> {
    let mut counts = clause.match_indices(['件', '宗', '起']).filter_map(|(at, _)| {
        let before = clause.get(..at)?;
        let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        before.get(before.len() - digits..)?.parse::<u32>().ok()
    });
    match (counts.next(), counts.next()) {
        (Some(count), None) => Some(count),
        (Some(_), Some(_)) => None,
        (None, _) => ["未收到", "未接到", "没有收到", "未发生", "未产生", "没有发生"]
            .iter()
            .any(|word| clause.contains(word))
            .then_some(0),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{findings, sound, with};
    use super::*;

    /// A report with 3 received, 1 carried in, 2 concluded, 2 carried out, 1 review, 2 suits, and this text.
    fn told(text: &str) -> Report {
        let figures = [
            ("requests.received.total", "3"),
            ("requests.carried_in.total", "1"),
            ("requests.outcome.total.total", "2"),
            ("requests.carried_out.total", "2"),
            ("remedies.reconsideration.total", "1"),
            ("remedies.litigation.direct.total", "1"),
            ("remedies.litigation.after_reconsideration.total", "1"),
        ];
        let mut report = with(sound("2021"), &figures);
        text.clone_into(&mut report.sections[0].text);
        report
    }

    #[test]
    fn each_kind_of_claim_is_compared_with_its_figures() {
        for (rule, holds, fails) in [
            ("narrative.received", "本年共收到政府信息公开申请3件。", "本年共收到政府信息公开申请5件。"),
            ("narrative.received", "新收申请 3 件，均已登记。", "本局未收到依申请公开件。"),
            ("narrative.carried_in", "上年结转1件。", "上年结转2件。"),
            ("narrative.concluded", "已答复申请2件。", "已答复申请7件。"),
            ("narrative.carried_out", "结转下年度继续办理2件。", "结转下年度继续办理1件。"),
            ("narrative.reconsideration", "发生行政复议1件。", "发生行政复议4件。"),
            ("narrative.litigation", "行政诉讼２件。", "未发生行政诉讼。"),
        ] {
            assert!(findings(&told(holds), rule).is_empty(), "{holds}");
            let found = findings(&told(fails), rule);
            assert_eq!(found.len(), 1, "{fails}");
            assert_ne!(found[0].severity, Severity::Error);
        }
    }

    #[test]
    fn accepted_may_mean_received_or_all_there_was_to_handle() {
        assert!(findings(&told("共受理申请3件。"), "narrative.accepted").is_empty());
        assert!(findings(&told("共受理申请4件。"), "narrative.accepted").is_empty());
        assert_eq!(findings(&told("共受理申请9件。"), "narrative.accepted").len(), 1);
    }

    #[test]
    fn comparisons_and_parts_are_no_claims() {
        for text in [
            "收到申请较上年增加2件。",
            "其中当面申请1件。",
            "收到申请1件，网络申请2件。公开信息15条。",
            "收到行政复议、行政诉讼申请2件",
        ] {
            let claims = clauses(&nianbao_model::fold(text)).filter_map(claim).filter(|claim| claim.count == 2).count();
            assert_eq!(claims, 0, "{text}");
        }
    }
}
