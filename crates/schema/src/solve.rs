//! The form's own equations choose between the readings of damaged rows. Undecided means lost.

use std::collections::BTreeMap;

use nianbao_model::{Warning, WarningKind};
use rust_decimal::Decimal;

use crate::align::RowFound;
use crate::form::{Equation, FieldKey, Form};
use crate::report::{Figure, State};

/// How many combinations of readings of several rows are tried together.
const MAX_TOGETHER: usize = 20_000;

/// What is known of a field while equations are weighed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// The report does not print it: its row stands in for others, or others stand in for it.
    Absent,
    /// It is lost, or not decided yet.
    Unknown,
    /// Its number; blanks and dashes count as nought.
    Known(Decimal),
}

/// The values of all fields of the form, from the figures of a report.
pub(crate) fn values(form: &Form, figures: &BTreeMap<FieldKey, Figure>) -> Vec<Value> {
    let mut values = vec![Value::Absent; form.fields.len()];
    for (key, figure) in figures {
        if let Some(value) = values.get_mut(key.place()) {
            *value = figure.in_sums().map_or(Value::Unknown, Value::Known);
        }
    }
    values
}

/// What the terms of the equation add up to: nought where it holds. `None` where a figure is lost or none of them is printed.
pub(crate) fn residual(equation: &Equation, values: &[Value]) -> Option<Decimal> {
    let mut sum = Decimal::ZERO;
    let mut printed = false;
    for &(sign, index) in &equation.terms {
        match values.get(index)? {
            Value::Absent => {}
            Value::Unknown => return None,
            Value::Known(value) => {
                printed = true;
                sum = if sign < 0 { sum.checked_sub(*value) } else { sum.checked_add(*value) }?;
            }
        }
    }
    printed.then_some(sum)
}

/// Settles every row: each field of the form with its figure, `None` for those that the report does not print.
pub(crate) fn settle(form: &Form, rows: Vec<RowFound>, warnings: &mut Vec<Warning>) -> Vec<Option<Figure>> {
    let mut figures: Vec<Option<Figure>> =
        form.fields.iter().map(|field| (!field.alternative).then(Figure::lost)).collect();
    let rows = without_stand_ins(form, rows, &mut figures, warnings);
    let mut open = Vec::new();
    let mut doubtful = Vec::new();
    for row in merge_repeated(form, rows, warnings) {
        if !row.sure || row.readings.len() > 1 {
            doubtful.push(row.clone());
        }
        match row.readings.as_slice() {
            [_] => close(form, row, 0, &mut figures, warnings, None),
            _ => open.push(row),
        }
    }
    let open = choose(form, open, &mut figures, warnings);
    let open = choose_together(form, open, &mut figures, warnings);
    for row in open {
        give_up(form, &row, &mut figures, warnings);
    }
    doubt(form, doubtful, &mut figures, warnings);
    figures
}

/// Gives up the rows that were not clear in themselves where a sum that they enter does not hold: their reading was the wrong one, or
/// the right one is not among those that we know.
fn doubt(form: &Form, mut rows: Vec<RowFound>, figures: &mut [Option<Figure>], warnings: &mut Vec<Warning>) {
    while !rows.is_empty() {
        let known = known(figures);
        let broken = |equation: &&Equation| residual(equation, &known).is_some_and(|rest| !rest.is_zero());
        let broken: Vec<&Equation> = form.equations.iter().filter(broken).collect();
        let enters = |row: &RowFound| {
            broken.iter().any(|equation| equation.terms.iter().any(|(_, field)| row.fields.contains(field)))
        };
        let (wrong, rest): (Vec<_>, Vec<_>) = rows.into_iter().partition(enters);
        if wrong.is_empty() {
            return;
        }
        for row in &wrong {
            give_up(form, row, figures, warnings);
        }
        rows = rest;
    }
}

/// A row that stands in for others is printed only where those are not; its figures are absent then, else theirs are.
fn without_stand_ins(
    form: &Form,
    rows: Vec<RowFound>,
    figures: &mut [Option<Figure>],
    warnings: &mut Vec<Warning>,
) -> Vec<RowFound> {
    let printed: Vec<(usize, usize)> = rows.iter().map(|row| (row.table, row.row)).collect();
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows {
        let instead_of = form.row(row.table, row.row).map_or(&[][..], |spec| spec.instead_of.as_slice());
        if instead_of.iter().any(|&part| printed.contains(&(row.table, part))) {
            warnings.push(Warning::new(WarningKind::RowUnknown { label: name(form, &row) }, row.at));
            continue;
        }
        for field in form
            .fields
            .iter()
            .enumerate()
            .filter(|(_, field)| field.table == row.table && instead_of.contains(&field.row))
        {
            if let Some(slot) = figures.get_mut(field.0) {
                *slot = None;
            }
        }
        kept.push(row);
    }
    kept
}

/// Rows that are printed more than once: the same figures count once, different ones not at all.
fn merge_repeated(form: &Form, rows: Vec<RowFound>, warnings: &mut Vec<Warning>) -> Vec<RowFound> {
    let mut merged: Vec<RowFound> = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(before) = merged.iter_mut().find(|other| (other.table, other.row) == (row.table, row.row)) else {
            merged.push(row);
            continue;
        };
        // A row of a table of another kind bears the same label and takes nothing from the form's own.
        if before.is_foreign != row.is_foreign {
            let foreign = if before.is_foreign { std::mem::replace(before, row) } else { row };
            let label = name(form, &foreign);
            warnings.push(Warning::new(WarningKind::RowUnknown { label }, foreign.at));
            continue;
        }
        // Parts of a table that stand side by side hold different columns of the same row.
        if let Some(whole) = side_by_side(before, &row) {
            before.readings = vec![whole];
            before.at.extend(row.at);
            continue;
        }
        let same = before.readings.len() == 1 && row.readings.len() == 1 && {
            let pair = before.readings.iter().flatten().zip(row.readings.iter().flatten());
            pair.into_iter().all(|(one, other)| (one.value, one.state) == (other.value, other.state))
        };
        let mut at = before.at.clone();
        at.extend(row.at);
        warnings.push(Warning::new(WarningKind::RowRepeated { row: name(form, before), differ: !same }, at.clone()));
        before.at = at;
        if !same {
            let lost = |figure: &Figure| Figure { value: None, state: State::Lost, ..figure.clone() };
            before.readings =
                before.readings.first().map(|reading| vec![reading.iter().map(lost).collect()]).unwrap_or_default();
        }
    }
    merged
}

/// Two readings of one row of which each holds what the other lacks.
fn side_by_side(one: &RowFound, other: &RowFound) -> Option<Vec<Figure>> {
    let ([one], [other]) = (one.readings.as_slice(), other.readings.as_slice()) else {
        return None;
    };
    let nowhere = |figure: &Figure| figure.state == State::Lost && figure.origins.is_empty();
    let pair = |(a, b): (&Figure, &Figure)| match (nowhere(a), nowhere(b)) {
        (true, _) => Some(b.clone()),
        (false, true) => Some(a.clone()),
        (false, false) => None,
    };
    one.iter().zip(other).map(pair).collect()
}

/// Strikes out the readings that break an equation, row by row, until nothing changes.
fn choose(
    form: &Form,
    mut open: Vec<RowFound>,
    figures: &mut [Option<Figure>],
    warnings: &mut Vec<Warning>,
) -> Vec<RowFound> {
    while !open.is_empty() {
        let known = known(figures);
        let before = open.len();
        let mut left = Vec::new();
        for row in open {
            let sums = Sums::of(form, std::slice::from_ref(&row));
            let survivors: Vec<Survivor> = (0..row.readings.len())
                .filter_map(|reading| {
                    let (values, tested) = sums.complete(&[(&row, reading)], &known)?;
                    Some(Survivor { reading, values, is_tested: tested.first() == Some(&true) })
                })
                .collect();
            left.extend(decide(form, row, &survivors, figures, warnings));
        }
        open = left;
        if open.len() == before {
            break;
        }
    }
    open
}

/// Weighs the readings of all open rows together: sums down a column need several rows at once.
fn choose_together(
    form: &Form,
    open: Vec<RowFound>,
    figures: &mut [Option<Figure>],
    warnings: &mut Vec<Warning>,
) -> Vec<RowFound> {
    let ways = open
        .iter()
        .try_fold(1usize, |ways, row| ways.checked_mul(row.readings.len()).filter(|&ways| ways <= MAX_TOGETHER));
    if open.len() < 2 || ways.is_none() {
        return open;
    }
    let known = known(figures);
    let sums = Sums::of(form, &open);
    let mut survivors: Vec<Vec<Survivor>> = open.iter().map(|_| Vec::new()).collect();
    let mut way = vec![0usize; open.len()];
    loop {
        let together: Vec<(&RowFound, usize)> = open.iter().zip(way.iter().copied()).collect();
        if let Some((values, tested)) = sums.complete(&together, &known) {
            let mut rest = values.as_slice();
            for (((row, reading), list), is_tested) in together.into_iter().zip(&mut survivors).zip(tested) {
                let (own, others) = rest.split_at_checked(row.fields.len()).unwrap_or((rest, &[]));
                rest = others;
                let survivor = Survivor { reading, values: own.to_vec(), is_tested };
                if !list.contains(&survivor) {
                    list.push(survivor);
                }
            }
        }
        if !step(&mut way, &open) {
            break;
        }
    }
    let decided =
        open.into_iter().zip(&survivors).map(|(row, survivors)| decide(form, row, survivors, figures, warnings));
    decided.collect::<Vec<_>>().into_iter().flatten().collect()
}

/// A reading that breaks no equation, with the values of its fields, lost ones worked out where an equation tells them.
#[derive(PartialEq)]
struct Survivor {
    reading: usize,
    values: Vec<Value>,
    /// Some equation speaks for it, and not only none against it.
    is_tested: bool,
}

/// Takes a reading of the row where the survivors leave no doubt about any value; gives the row back where they do.
fn decide(
    form: &Form,
    row: RowFound,
    survivors: &[Survivor],
    figures: &mut [Option<Figure>],
    warnings: &mut Vec<Warning>,
) -> Option<RowFound> {
    let shown = |survivor: &Survivor| -> Vec<_> {
        row.readings.get(survivor.reading).into_iter().flatten().map(|figure| (figure.value, figure.state)).collect()
    };
    let Some(first) = survivors.first() else {
        return Some(row);
    };
    let same_figures = survivors.iter().all(|other| shown(other) == shown(first));
    let tested = survivors.iter().all(|survivor| survivor.is_tested);
    // The readings differ only in which figure is lost, and the equations tell that the lost one is no other than those that stand there.
    let certain = |survivor: &Survivor| survivor.values == first.values && !survivor.values.contains(&Value::Unknown);
    // What one reading takes for a blank, and another for a figure, is no figure. In a dump it may be padding.
    let says = |state: State| state != State::Lost && (state != State::Blank || row.in_order);
    let agree = |field: usize| {
        let states =
            survivors.iter().filter_map(|survivor| Some(row.readings.get(survivor.reading)?.get(field)?.state));
        let mut states = states.filter(|&state| says(state));
        let first = states.next();
        states.all(|state| Some(state) == first)
    };
    // Where all are noughts, nothing can stand in a wrong place.
    let noughts = || survivors.len() > 1 && first.values.iter().all(|value| *value == Value::Known(Decimal::ZERO));
    let place_unknown = || survivors.iter().all(certain) && (tested || noughts()) && (0..row.fields.len()).all(agree);
    let (wanted, found) = (row.fields.len(), row.found);
    let kind = if same_figures && tested {
        WarningKind::ReadingChosen { row: name(form, &row), wanted, found }
    } else if place_unknown() {
        WarningKind::PlaceUnknown { row: name(form, &row), wanted, found }
    } else {
        return Some(row);
    };
    close(form, row, first.reading, figures, warnings, Some(kind));
    None
}

/// The next combination, as an odometer turns; false after the last.
fn step(way: &mut [usize], rows: &[RowFound]) -> bool {
    for (at, row) in way.iter_mut().zip(rows) {
        *at += 1;
        if *at < row.readings.len() {
            return true;
        }
        *at = 0;
    }
    false
}

fn known(figures: &[Option<Figure>]) -> Vec<Value> {
    let value = |figure: &Option<Figure>| match figure {
        None => Value::Absent,
        Some(figure) => figure.in_sums().map_or(Value::Unknown, Value::Known),
    };
    figures.iter().map(value).collect()
}

/// The equations that open rows enter: the same for all readings of them.
struct Sums<'f> {
    /// The fields of the rows, row after row.
    fields: Vec<usize>,
    /// For each field of the form, whether it is one of them.
    is_open: Vec<bool>,
    equations: Vec<&'f Equation>,
    /// For each row.
    speaking: Vec<Speaking<'f>>,
}

/// Which equations speak for a reading of a row where all their figures are known. A sum over the row alone can hold by chance, with the
/// figures in wrong places; where there are sums with other rows, one of those must speak.
enum Speaking<'f> {
    AnyOf(Vec<&'f Equation>),
    AllOf(Vec<&'f Equation>),
}

impl<'f> Sums<'f> {
    fn of(form: &'f Form, rows: &[RowFound]) -> Self {
        let fields: Vec<usize> = rows.iter().flat_map(|row| row.fields.iter().copied()).collect();
        let mut is_open = vec![false; form.fields.len()];
        for &field in &fields {
            if let Some(is_open) = is_open.get_mut(field) {
                *is_open = true;
            }
        }
        let touches = |equation: &&Equation| equation.terms.iter().any(|&(_, field)| is_open.get(field) == Some(&true));
        let equations: Vec<&Equation> = form.equations.iter().filter(touches).collect();
        let speaking = |row: &RowFound| {
            let is_own = |&(_, field): &(i8, usize)| row.fields.contains(&field);
            let (own, outer): (Vec<_>, Vec<_>) = equations
                .iter()
                .filter(|equation| equation.terms.iter().any(is_own))
                .partition(|equation| equation.terms.iter().all(is_own));
            if outer.is_empty() { Speaking::AllOf(own) } else { Speaking::AnyOf(outer) }
        };
        let speaking = rows.iter().map(speaking).collect();
        Self { fields, is_open, equations, speaking }
    }

    /// The values of the rows' fields under these readings, row after row, and for each row whether an equation holds without any figure
    /// worked out; `None` where they break an equation.
    ///
    /// A figure that is lost is worked out where an equation leaves it as the only unknown; one that would be negative breaks the equation.
    fn complete(&self, readings: &[(&RowFound, usize)], known: &[Value]) -> Option<(Vec<Value>, Vec<bool>)> {
        let mut values = known.to_vec();
        let figures = readings.iter().flat_map(|&(row, reading)| row.readings.get(reading).into_iter().flatten());
        for (&field, figure) in self.fields.iter().zip(figures) {
            *values.get_mut(field)? = figure.in_sums().map_or(Value::Unknown, Value::Known);
        }
        let is_known = |equation: &&Equation| residual(equation, &values).is_some();
        let is_tested = |speaking: &Speaking<'_>| match speaking {
            Speaking::AnyOf(equations) => equations.iter().any(is_known),
            Speaking::AllOf(equations) => equations.iter().all(is_known),
        };
        let tested: Vec<bool> = self.speaking.iter().map(is_tested).collect();
        let mut changed = true;
        while std::mem::take(&mut changed) {
            for equation in &self.equations {
                let is_unknown = |&&(_, field): &&(i8, usize)| values.get(field) == Some(&Value::Unknown);
                let mut unknown = equation.terms.iter().filter(is_unknown);
                match (unknown.next(), unknown.next()) {
                    (None, _) if residual(equation, &values).is_some_and(|rest| !rest.is_zero()) => return None,
                    (Some(&(sign, field)), None) if self.is_open.get(field) == Some(&true) => {
                        *values.get_mut(field)? = Value::Known(Decimal::ZERO);
                        let rest = residual(equation, &values)?;
                        let value = if sign > 0 { -rest } else { rest };
                        if value < Decimal::ZERO {
                            return None;
                        }
                        *values.get_mut(field)? = Value::Known(value);
                        changed = true;
                    }
                    _ => {}
                }
            }
        }
        let values: Option<Vec<Value>> = self.fields.iter().map(|&field| values.get(field).copied()).collect();
        Some((values?, tested))
    }
}

/// Takes one reading of a row.
fn close(
    form: &Form,
    row: RowFound,
    reading: usize,
    figures: &mut [Option<Figure>],
    warnings: &mut Vec<Warning>,
    kind: Option<WarningKind>,
) {
    let kind = kind.or_else(|| row.in_order.then(|| WarningKind::TakenInOrder { row: name(form, &row) }));
    warnings.extend(kind.map(|kind| Warning::new(kind, row.at.clone())));
    let taken = row.readings.into_iter().nth(reading).unwrap_or_default();
    for (field, figure) in row.fields.into_iter().zip(taken) {
        if let Some(slot) = figures.get_mut(field) {
            *slot = Some(figure);
        }
    }
}

/// No reading is certain: every figure of the row is lost, though its place is known.
fn give_up(form: &Form, row: &RowFound, figures: &mut [Option<Figure>], warnings: &mut Vec<Warning>) {
    warnings.push(Warning::new(
        WarningKind::RowAmbiguous { row: name(form, row), readings: row.readings.len() },
        row.at.clone(),
    ));
    for &field in &row.fields {
        if let Some(slot) = figures.get_mut(field) {
            *slot = Some(Figure { origins: row.at.as_slice().into(), ..Figure::lost() });
        }
    }
}

fn name(form: &Form, row: &RowFound) -> String {
    let label = form.row(row.table, row.row).map(|row| row.label.clone()).filter(|label| !label.is_empty());
    label.unwrap_or_else(|| {
        row.fields
            .first()
            .and_then(|&field| form.fields.get(field))
            .map(|field| field.label.clone())
            .unwrap_or_default()
    })
}
