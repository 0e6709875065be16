//! Two years of one agency, put side by side.

use rust_decimal::Decimal;

use super::{FLOWS, Fact, MAX_VARIANTS, PLACED, PanelFinding, STOCKS, WHO};
use crate::dataset::Labels;

/// How many figures that differ a message names.
const NAMED: usize = 3;

/// The reports of an agency on one year, and those on the year before.
pub(super) struct Years<'l> {
    labels: &'l Labels,
    before: Vec<Variant>,
    now: Vec<Variant>,
}

/// A report with figures that no other of its year has.
struct Variant {
    fact: Fact,
    amounts: Vec<Amount>,
    places: Vec<String>,
    /// The number of the finding that comes next.
    next: u64,
}

/// What a figure enters a sum with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Amount {
    /// The report's form has another row in its place.
    Absent,
    Lost,
    Number(Decimal),
}

impl Variant {
    fn new(fact: Fact) -> Self {
        let amount = |text: &str| match (text, text.parse::<u32>()) {
            ("", _) => Amount::Absent,
            // Nearly all are counts.
            (_, Ok(count)) => Amount::Number(count.into()),
            _ => Decimal::from_str_exact(text).map_or(Amount::Lost, Amount::Number),
        };
        let amounts = fact.amounts.split('\n').map(amount).collect();
        let places = fact.places.split('\n').map(str::to_owned).collect();
        let next = u64::from(fact.findings) + 1;
        Self { fact, amounts, places, next }
    }

    /// The number that a figure enters sums with, where it is known.
    fn number(&self, labels: &Labels, key: &str) -> Option<Decimal> {
        let place = labels.form(&self.fact.form)?.place(key, &mut 0)?;
        match self.amounts.get(place)? {
            Amount::Number(number) => Some(*number),
            Amount::Absent | Amount::Lost => None,
        }
    }

    fn place(&self, key: &str) -> &str {
        let index = PLACED.iter().position(|placed| placed == key);
        index.and_then(|index| self.places.get(index)).map_or("", String::as_str)
    }

    fn finding(&mut self, rule: &'static str, severity: &'static str, other: &Fact, about: About) -> PanelFinding {
        let number = self.next;
        self.next += 1;
        PanelFinding {
            report: self.fact.report.clone(),
            number,
            rule,
            severity,
            figures: about.figures.join(" "),
            message: about.message,
            other: other.report.clone(),
        }
    }
}

/// What a finding says.
struct About {
    figures: Vec<String>,
    message: String,
}

impl<'l> Years<'l> {
    pub(super) const fn new(labels: &'l Labels) -> Self {
        Self { labels, before: Vec::new(), now: Vec::new() }
    }

    /// Adds a report; they come agency by agency and year by year.
    pub(super) fn add(&mut self, fact: Fact) -> Vec<PanelFinding> {
        let mut findings = Vec::new();
        match self.now.first().map(|first| (first.fact.key == fact.key, first.fact.year == fact.year)) {
            Some((true, true)) => {
                findings.extend(self.again(fact));
                return findings;
            }
            Some((true, false)) => {
                findings.extend(self.side_by_side());
                self.before = std::mem::take(&mut self.now);
            }
            Some((false, _)) => {
                findings.extend(self.side_by_side());
                self.before.clear();
                self.now.clear();
            }
            None => {}
        }
        self.now.push(Variant::new(fact));
        findings
    }

    /// All reports were added.
    pub(super) fn finish(mut self) -> Vec<PanelFinding> {
        self.side_by_side()
    }

    /// One more report of the same agency on the same year.
    fn again(&mut self, fact: Fact) -> Option<PanelFinding> {
        let mut new = Variant::new(fact);
        let same = self.now.iter().find(|known| known.fact.form == new.fact.form && known.amounts == new.amounts);
        if let Some(same) = same {
            let message = format!("{} is there twice with the same figures: {} too", new.fact.year, same.fact.path);
            let about = About { figures: Vec::new(), message };
            return Some(new.finding("panel.year_repeated", "info", &same.fact, about));
        }
        let first = self.now.first()?;
        let about = differences(self.labels, first, &new);
        let finding = new.finding("panel.year_differs", "warning", &first.fact, about);
        if self.now.len() < MAX_VARIANTS {
            self.now.push(new);
        }
        Some(finding)
    }

    /// All reports on a year are there: beside those of the year before.
    fn side_by_side(&mut self) -> Vec<PanelFinding> {
        let mut findings = Vec::new();
        let (Some(before), Some(now)) = (self.before.first(), self.now.first_mut()) else {
            return findings;
        };
        let (early, late) = (before.fact.year, now.fact.year);
        if early.checked_add(1) != Some(late) {
            let message = format!("no report between {early} ({}) and {late}", before.fact.path);
            let about = About { figures: Vec::new(), message };
            findings.push(now.finding("panel.year_missing", "info", &before.fact, about));
            return findings;
        }
        if before.fact.form != now.fact.form {
            let message = format!(
                "{early} follows the form of {}, {late} that of {}: table 2 and the parts of other handling are not comparable",
                before.fact.form, now.fact.form
            );
            let about = About { figures: Vec::new(), message };
            findings.push(now.finding("panel.form_changed", "info", &before.fact, about));
        }
        for who in WHO {
            let compare = |before: &Variant, now: &Variant| carried(self.labels, before, now, who);
            findings.extend(disagreement(&self.before, &mut self.now, "panel.carried", &compare));
        }
        for row in STOCKS {
            let compare = |before: &Variant, now: &Variant| stock(self.labels, before, now, row);
            findings.extend(disagreement(&self.before, &mut self.now, "panel.stock", &compare));
        }
        findings
    }
}

/// What two reports say of each other.
enum Verdict {
    /// One of the figures is lost, or the form has none such.
    Unknown,
    Agree,
    Disagree(About),
}

/// A finding where reports can be compared and none of one year agrees with one of the other.
fn disagreement(
    before: &[Variant],
    now: &mut [Variant],
    rule: &'static str,
    compare: &dyn Fn(&Variant, &Variant) -> Verdict,
) -> Option<PanelFinding> {
    let mut found = None;
    for later in now {
        for earlier in before {
            match compare(earlier, later) {
                Verdict::Agree => return None,
                Verdict::Disagree(about) if found.is_none() => found = Some((earlier, about, None)),
                Verdict::Disagree(_) | Verdict::Unknown => {}
            }
        }
        // The first report of the later year that disagrees bears the finding.
        if let Some((_, _, bearer @ None)) = &mut found {
            *bearer = Some(later);
        }
    }
    let (earlier, about, bearer) = found?;
    Some(bearer?.finding(rule, "warning", &earlier.fact, about))
}

/// What one year carries out against what the next carries in, in one column.
fn carried(labels: &Labels, before: &Variant, now: &Variant, who: &str) -> Verdict {
    let (out, back) = (format!("requests.carried_out.{who}"), format!("requests.carried_in.{who}"));
    let (Some(left), Some(taken)) = (before.number(labels, &out), now.number(labels, &back)) else {
        return Verdict::Unknown;
    };
    if left == taken {
        return Verdict::Agree;
    }
    let message = format!(
        "{who}: {} carries out {} ({}), {} carries in {} ({})",
        before.fact.year,
        left.normalize(),
        cite(before, &[&out]),
        now.fact.year,
        taken.normalize(),
        cite(now, &[&back])
    );
    Verdict::Disagree(About { figures: vec![out, back], message })
}

/// What was in force a year ago, and what came and went, against what is in force.
fn stock(labels: &Labels, before: &Variant, now: &Variant, row: &str) -> Verdict {
    let keys = FLOWS.map(|flow| format!("disclosure.{row}.{flow}"));
    let [issued, repealed, in_force] = keys.each_ref().map(|key| now.number(labels, key));
    let [_, _, key] = &keys;
    let (Some(old), Some(issued), Some(repealed), Some(new)) = (before.number(labels, key), issued, repealed, in_force)
    else {
        return Verdict::Unknown;
    };
    let wanted = old.checked_add(issued).and_then(|sum| sum.checked_sub(repealed));
    let Some(wanted) = wanted else { return Verdict::Unknown };
    if wanted == new {
        return Verdict::Agree;
    }
    let message = format!(
        "{row}: {} in force in {} ({}) plus {} issued minus {} repealed is {}, but {} has {} ({})",
        old.normalize(),
        before.fact.year,
        cite(before, &[key]),
        issued.normalize(),
        repealed.normalize(),
        wanted.normalize(),
        now.fact.year,
        new.normalize(),
        cite(now, &keys.each_ref().map(String::as_str))
    );
    Verdict::Disagree(About { figures: keys.to_vec(), message })
}

/// Where figures were read, and in which document.
fn cite(report: &Variant, keys: &[&str]) -> String {
    let places: Vec<&str> = keys.iter().map(|key| report.place(key)).filter(|place| !place.is_empty()).collect();
    if places.is_empty() { report.fact.path.clone() } else { format!("{}: {}", report.fact.path, places.join(", ")) }
}

/// The figures in which two reports on one year differ.
fn differences(labels: &Labels, known: &Variant, new: &Variant) -> About {
    let year = new.fact.year;
    if known.fact.form != new.fact.form {
        let (one, other) = (&known.fact.form, &new.fact.form);
        let message = format!("{year} is there twice, in the form of {other} here and of {one} in {}", known.fact.path);
        return About { figures: Vec::new(), message };
    }
    let fields = labels.form(&new.fact.form).map(|form| form.fields.iter()).unwrap_or_default();
    let pairs = fields.zip(known.amounts.iter().zip(&new.amounts));
    let differ: Vec<_> = pairs.filter(|(_, (one, other))| one != other).collect();
    let named = differ.iter().take(NAMED);
    let named: Vec<String> = named
        .map(|(field, (one, other))| format!("{} {} there, {} here", field.key, shown(**one), shown(**other)))
        .collect();
    let more = if differ.len() > NAMED { format!(" and {} more", differ.len() - NAMED) } else { String::new() };
    let message =
        format!("{year} is there twice with different figures, in {} too: {}{more}", known.fact.path, named.join(", "));
    About { figures: differ.into_iter().map(|(field, _)| field.key.clone()).collect(), message }
}

fn shown(amount: Amount) -> String {
    match amount {
        Amount::Absent => "absent".to_owned(),
        Amount::Lost => "lost".to_owned(),
        Amount::Number(number) => number.normalize().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nianbao::Forms;

    /// A report of an agency in which every figure is nought but these.
    fn report(key: &str, year: u16, form: &str, path: &str, figures: &[(&str, &str)]) -> Fact {
        let labels = Labels::new(&Forms::builtin());
        let form = labels.form(form).unwrap();
        let amount = |key: &str| {
            let given = figures.iter().find(|(figure, _)| *figure == key);
            given.map_or("0", |(_, amount)| *amount).to_owned()
        };
        let amounts: Vec<String> = form
            .fields
            .iter()
            .map(|field| if field.alternative { String::new() } else { amount(&field.key) })
            .collect();
        let places: Vec<String> = PLACED.iter().map(|key| format!("at {key}")).collect();
        Fact {
            key: key.to_owned(),
            year,
            report: format!("{key}-{year}-{path}"),
            path: path.to_owned(),
            form: form.form.clone(),
            findings: 2,
            amounts: amounts.join("\n"),
            places: places.join("\n"),
        }
    }

    fn findings(reports: &[Fact]) -> Vec<PanelFinding> {
        let labels = Labels::new(&Forms::builtin());
        let mut years = Years::new(&labels);
        let mut found: Vec<_> = reports.iter().flat_map(|report| years.add(report.clone())).collect();
        found.extend(years.finish());
        found
    }

    fn rules(reports: &[Fact]) -> Vec<&'static str> {
        findings(reports).into_iter().map(|finding| finding.rule).collect()
    }

    const OUT: &str = "requests.carried_out.total";
    const IN: &str = "requests.carried_in.total";

    #[test]
    fn what_is_carried_out_must_be_carried_in() {
        let before = report("甲", 2022, "2021", "a", &[(OUT, "5")]);
        let found = findings(&[before.clone(), report("甲", 2023, "2021", "b", &[(IN, "6")])]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].rule, found[0].number), ("panel.carried", 3));
        assert_eq!((found[0].report.as_str(), found[0].other.as_str()), ("甲-2023-b", "甲-2022-a"));
        assert_eq!(found[0].figures, format!("{OUT} {IN}"));
        let message = format!("total: 2022 carries out 5 (a: at {OUT}), 2023 carries in 6 (b: at {IN})");
        assert_eq!(found[0].message, message);
        assert_eq!(rules(&[before.clone(), report("甲", 2023, "2021", "b", &[(IN, "5")])]), [""; 0]);
        // Another agency, and a figure that nobody knows, break nothing.
        assert_eq!(rules(&[before.clone(), report("乙", 2023, "2021", "b", &[(IN, "6")])]), [""; 0]);
        assert_eq!(rules(&[before, report("甲", 2023, "2021", "b", &[(IN, "?")])]), [""; 0]);
    }

    #[test]
    fn every_column_is_weighed_by_itself() {
        let before = report("甲", 2022, "2021", "a", &[("requests.carried_out.research", "1"), (OUT, "1")]);
        let found = findings(&[before, report("甲", 2023, "2021", "b", &[])]);
        let numbers: Vec<_> = found.iter().map(|finding| (finding.rule, finding.number)).collect();
        assert_eq!(numbers, [("panel.carried", 3), ("panel.carried", 4)]);
    }

    #[test]
    fn the_stock_of_documents_is_what_came_and_went() {
        let before = report("甲", 2022, "2021", "a", &[("disclosure.rules.in_force", "10")]);
        let now = |in_force| {
            let figures = [
                ("disclosure.rules.issued", "2"),
                ("disclosure.rules.repealed", "1"),
                ("disclosure.rules.in_force", in_force),
            ];
            report("甲", 2023, "2021", "b", &figures)
        };
        assert_eq!(rules(&[before.clone(), now("11")]), [""; 0]);
        let found = findings(&[before, now("12")]);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.starts_with("rules: 10 in force in 2022 (a: at disclosure.rules.in_force) plus 2 issued minus 1 repealed is 11, but 2023 has 12"), "{}", found[0].message);
    }

    #[test]
    fn a_change_of_the_form_is_marked_and_the_carry_still_weighed() {
        let before = report("甲", 2020, "2019", "a", &[(OUT, "5"), ("disclosure.rules.public_total", "9")]);
        assert_eq!(rules(&[before.clone(), report("甲", 2021, "2021", "b", &[(IN, "5")])]), ["panel.form_changed"]);
        let wrong = report("甲", 2021, "2021", "b", &[(IN, "4")]);
        assert_eq!(rules(&[before, wrong]), ["panel.form_changed", "panel.carried"]);
    }

    #[test]
    fn a_missing_year_is_told_and_nothing_compared_across_it() {
        let reports = [report("甲", 2021, "2021", "a", &[(OUT, "5")]), report("甲", 2023, "2021", "b", &[])];
        assert_eq!(rules(&reports), ["panel.year_missing"]);
    }

    #[test]
    fn a_year_twice_is_a_note_or_a_warning() {
        let one = report("甲", 2022, "2021", "a", &[(OUT, "5")]);
        let copy = Fact { path: "b".to_owned(), report: "other".to_owned(), ..one.clone() };
        assert_eq!(rules(&[one.clone(), copy.clone()]), ["panel.year_repeated"]);
        let other = report("甲", 2022, "2021", "c", &[(OUT, "6")]);
        let found = findings(&[one.clone(), other.clone()]);
        assert_eq!((found[0].rule, found[0].figures.as_str()), ("panel.year_differs", OUT));
        assert!(found[0].message.ends_with(&format!("in a too: {OUT} 5 there, 6 here")), "{}", found[0].message);
        // Whichever agrees counts; where none does, that is told once.
        let next = |carried| report("甲", 2023, "2021", "d", &[(IN, carried)]);
        assert_eq!(rules(&[one.clone(), other.clone(), next("6")]), ["panel.year_differs"]);
        assert_eq!(rules(&[one, other, next("7")]), ["panel.year_differs", "panel.carried"]);
    }

    #[test]
    fn every_rule_is_explained() {
        let known: Vec<String> = nianbao::rules(&Forms::builtin()).into_iter().map(|rule| rule.code).collect();
        for rule in [
            "panel.carried",
            "panel.stock",
            "panel.year_differs",
            "panel.year_repeated",
            "panel.year_missing",
            "panel.form_changed",
        ] {
            assert!(known.iter().any(|code| code == rule), "{rule}");
        }
    }
}
