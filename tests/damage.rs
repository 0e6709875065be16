//! Reports are damaged at random, and none of their figures may come out wrong.
//!
//! A sound report is laid out as the official form has it, as a grid or as the fields of a dump; then things happen to it. Whatever
//! they are: a figure that has a value has the one that the document shows for its row and column, and a report that is `ok` is
//! right and whole. `NIANBAO_DAMAGE=FIRST..END` runs other seeds than the usual ones, as many as you like; a lone one is drawn.

mod case;
mod harm;
mod report;
mod sheet;

use std::collections::BTreeMap;

use nianbao_schema::{Forms, Status};

use crate::dice::Dice;
use case::Case;
use harm::{HARMLESS, HARMS, Harm};

/// How many seeds each claim is held against: some ten seconds in all.
const SEEDS: u64 = 1500;

fn seeds() -> std::ops::Range<u64> {
    let asked = std::env::var("NIANBAO_DAMAGE").ok();
    let range = asked
        .as_deref()
        .and_then(|text| text.split_once(".."))
        .map(|(first, end)| (first.parse().unwrap(), end.parse().unwrap()));
    let (first, end) = range.unwrap_or((0, SEEDS));
    first..end
}

fn befall(case: &mut Case, dice: &mut Dice, of: &[Harm], most: usize) {
    for _ in 0..most {
        let (name, harm) = dice.pick(of);
        if harm(case, dice) {
            case.history.push(name);
        }
    }
}

/// The complaints of all seeds, those about reports that are `ok` first, and how many there are of each history.
#[derive(Default)]
struct Complaints {
    silent: Vec<String>,
    wrong: Vec<String>,
    histories: BTreeMap<String, usize>,
}

impl Complaints {
    fn add(&mut self, seed: u64, case: &Case, faults: &[case::Fault]) {
        let Some(first) = faults.iter().find(|fault| fault.silent).or(faults.first()) else { return };
        let grid = if case.stated { "grid" } else { "fields" };
        let history = format!("{grid}: {}", case.history.join(", "));
        let mut text = format!("seed {seed}, {history}\n    {} ({} in all)", first.message, faults.len());
        if seeds().count() == 1 {
            text.extend(faults.iter().map(|fault| format!("\n    {}", fault.message)));
            text.push_str(&format!("\n{}", case.drawn()));
        }
        let list = if first.silent { &mut self.silent } else { &mut self.wrong };
        list.push(text);
        *self.histories.entry(history).or_default() += 1;
    }

    fn assert_none(&self) {
        let (silent, wrong) = (self.silent.len(), self.wrong.len());
        let shown: Vec<&String> = self.silent.iter().take(25).chain(self.wrong.iter().take(25)).collect();
        let shown = shown.into_iter().map(String::as_str).collect::<Vec<_>>().join("\n");
        assert!(silent + wrong == 0, "{silent} silent errors, {wrong} wrong values\n{shown}\n{:#?}", self.histories);
    }
}

#[test]
fn a_sound_report_is_ok_and_exact_in_every_dress() {
    let forms = Forms::builtin();
    let mut complaints = Complaints::default();
    for seed in seeds() {
        let mut dice = Dice::new(seed);
        let mut case = Case::new(&mut dice);
        let most = dice.below(4);
        befall(&mut case, &mut dice, &HARMLESS, most);
        let document = case.document(&mut dice);
        let (status, mut faults) = case.weigh(&forms, document);
        // A dump that drops blanks and has blanks for noughts has lost its figures.
        let can_be_whole = case.stated || !case.holds_blanks();
        if status != Some(Status::Ok) && can_be_whole {
            faults.push(case::Fault { silent: false, message: format!("{status:?}") });
        }
        complaints.add(seed, &case, &faults);
    }
    complaints.assert_none();
}

#[test]
fn no_damage_makes_a_figure_wrong() {
    let forms = Forms::builtin();
    let mut complaints = Complaints::default();
    for seed in seeds() {
        let mut dice = Dice::new(seed ^ 0xDA_3A6E);
        let mut case = Case::new(&mut dice);
        let most = 1 + dice.below(3);
        befall(&mut case, &mut dice, &HARMS, most);
        if dice.chance(20) {
            befall(&mut case, &mut dice, &HARMLESS, 1);
        }
        let document = case.document(&mut dice);
        let (_, faults) = case.weigh(&forms, document);
        complaints.add(seed, &case, &faults);
    }
    complaints.assert_none();
}

#[test]
fn a_mistake_of_the_publisher_is_reported_as_printed() {
    let forms = Forms::builtin();
    let mut complaints = Complaints::default();
    for seed in seeds() {
        let mut dice = Dice::new(seed ^ 0x91_57A4E);
        let mut case = Case::new(&mut dice);
        let Some(key) = harm::change_figure(&mut case, &mut dice) else { continue };
        case.history.push("a figure changed");
        let document = case.document(&mut dice);
        let (status, mut faults) = case.weigh(&forms, document);
        // Every figure but those about disclosure stands in an equation.
        let wanted = if key.starts_with("disclosure") { Status::Ok } else { Status::Review };
        if status != Some(wanted) && (case.stated || !case.holds_blanks()) {
            faults.push(case::Fault { silent: true, message: format!("{key}: {status:?}") });
        }
        complaints.add(seed, &case, &faults);
    }
    complaints.assert_none();
}
