//! How right what is said is, against what people have checked.

use serde_json::Value;

use crate::truth::{self, Fault};

/// How right what is said is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accuracy {
    /// How many files have a truth.
    pub files: u64,
    /// How many figures the truths know.
    pub figures: u64,
    /// How many of those are said exactly.
    pub exact: u64,
    /// How many reports the truths know.
    pub reports: u64,
    /// How many of those are right in everything that is known of them.
    pub perfect: u64,
    /// Wrong figures in reports that are called `ok`.
    pub silent: u64,
    /// Other faults: answers, tables, and figures that do not stand where they are said to.
    pub others: u64,
}

impl Accuracy {
    /// Weighs the lines of a file against its truth; the faults.
    pub fn weigh(&mut self, truth: &Value, lines: &[Value]) -> Vec<Fault> {
        let faults = truth::faults(truth, lines);
        self.files += 1;
        for (index, known) in truth::reports(truth).iter().enumerate() {
            let said = lines.get(index).filter(|_| lines.len() == truth::reports(truth).len());
            let (figures, exact) = said.map_or_else(|| truth::none_exact(known), |said| truth::exact(known, said));
            self.figures += figures;
            self.exact += exact;
            self.reports += 1;
            self.perfect += u64::from(said.is_some_and(|said| truth::report_faults(known, said).is_empty()));
        }
        self.others += if truth::reports(truth).is_empty() { faults.len() as u64 } else { 0 };
        self.silent += faults.iter().filter(|fault| fault.silent).count() as u64;
        faults
    }

    /// The share of figures that are exact; `None` where no truth knows any.
    pub fn share_exact(&self) -> Option<f64> {
        share(self.exact, self.figures)
    }

    /// The share of reports that are right in everything.
    pub fn share_perfect(&self) -> Option<f64> {
        share(self.perfect, self.reports)
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn figures_reports_and_silent_errors_are_counted() {
        let truth = json!({"reports": [{"figures": {"a": {"b": 1, "c": 2}}}]});
        let said = |c: u8| {
            vec![
                json!({"status": "ok", "a": {"b": 1, "c": c}, "evidence": {"a.b": {"state": "read"}, "a.c": {"state": "read"}}}),
            ]
        };
        let mut accuracy = Accuracy::default();
        assert_eq!(accuracy.weigh(&truth, &said(2)), []);
        assert_eq!(accuracy.weigh(&truth, &said(3)).len(), 1);
        let wanted = Accuracy { files: 2, figures: 4, exact: 3, reports: 2, perfect: 1, silent: 1, others: 0 };
        assert_eq!(accuracy, wanted);
        assert_eq!((accuracy.share_exact(), accuracy.share_perfect()), (Some(0.75), Some(0.5)));
    }

    #[test]
    fn a_report_that_is_missing_has_no_exact_figure() {
        let truth = json!({"reports": [{"figures": {"a": {"b": 1}}}]});
        let mut accuracy = Accuracy::default();
        accuracy.weigh(&truth, &[json!({"status": "failed", "error": {"kind": "corrupt"}})]);
        assert_eq!((accuracy.figures, accuracy.exact, accuracy.perfect), (1, 0, 0));
        accuracy.weigh(&truth, &[]);
        assert_eq!((accuracy.figures, accuracy.exact, accuracy.silent), (2, 0, 0));
    }
}
