//! One report with what has happened to it, what its document says now, and what our answer to it is worth.

use std::collections::BTreeMap;

use nianbao_model::{Block, Document, Format, Origin, Paragraph};
use nianbao_schema::{Forms, State, Status};

use super::report::{Report, Values};
use super::sheet::{self, Line, Part, Sheet, Slot};
use crate::dice::Dice;

pub(crate) struct Case {
    pub(crate) sheets: Vec<Sheet>,
    /// What the document says. A key that is not here is lost: it may have no value at all.
    pub(crate) values: Values,
    /// The source states the grid.
    pub(crate) stated: bool,
    /// How often each row of the form was damaged. Without sums, or without a grid, what is left after the second time can be anything.
    pub(crate) touched: BTreeMap<String, usize>,
    /// What happened, for the message.
    pub(crate) history: Vec<&'static str>,
}

/// What is wrong with an answer.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) silent: bool,
    pub(crate) message: String,
}

impl Case {
    pub(crate) fn new(dice: &mut Dice) -> Self {
        let report = Report::random(dice);
        let mut sheets = vec![report.disclosure, report.requests, report.remedies];
        let headings = [
            "二、主动公开政府信息情况",
            "三、收到和处理政府信息公开申请情况",
            "四、政府信息公开行政复议、行政诉讼情况",
        ];
        for (sheet, heading) in sheets.iter_mut().zip(headings) {
            sheet.before.push(heading.to_owned());
        }
        Self { sheets, values: report.values, stated: dice.chance(55), touched: BTreeMap::new(), history: Vec::new() }
    }

    /// The place of a figure, each table as likely as the others.
    pub(crate) fn figure(&self, dice: &mut Dice) -> Option<(usize, usize, usize)> {
        let sheet = dice.below(self.sheets.len());
        let rows = self.sheets[sheet].rows_with(Part::Figure);
        if rows.is_empty() {
            return None;
        }
        let row = *dice.pick(&rows);
        Some((sheet, row, *dice.pick(&self.sheets[sheet].lines[row].places(Part::Figure))))
    }

    /// Blanks that a dump may drop leave nothing certain of a row to which figures are added.
    pub(crate) fn touch_blanks(&mut self, sheet: usize, row: usize) {
        if self.sheets[sheet].lines[row].slots.iter().any(|slot| slot.is(Part::Figure) && slot.text.is_empty()) {
            self.touch(sheet, row);
            self.touch(sheet, row);
        }
    }

    pub(crate) fn touch_all(&mut self, sheet: usize) {
        for row in 0..self.sheets[sheet].lines.len() {
            self.touch(sheet, row);
        }
    }

    pub(crate) fn has_seen(&self, words: &str) -> bool {
        self.history.iter().any(|what| what.contains(words))
    }

    /// Whether any figure is blank.
    pub(crate) fn holds_blanks(&self) -> bool {
        let slots = self.sheets.iter().flat_map(|sheet| &sheet.lines).flat_map(|line| &line.slots);
        slots.filter(|slot| slot.is(Part::Figure)).any(|slot| slot.text.is_empty())
    }

    /// The tables for a person who looks for a fault: a line a row, spans behind the texts.
    pub(crate) fn drawn(&self) -> String {
        let slot = |slot: &Slot| match (slot.rows, slot.columns) {
            (1, 1) => slot.text.clone(),
            (rows, columns) => format!("{}<{rows}x{columns}>", slot.text),
        };
        let line = |line: &Line| line.slots.iter().map(slot).collect::<Vec<_>>().join(" | ");
        let sheet = |sheet: &Sheet| {
            sheet.before.iter().cloned().chain(sheet.lines.iter().map(line)).collect::<Vec<_>>().join("\n")
        };
        self.sheets.iter().map(sheet).collect::<Vec<_>>().join("\n\n")
    }

    /// Notes that cells of a row were dropped, put in or moved.
    pub(crate) fn touch(&mut self, sheet: usize, row: usize) {
        let key = self.sheets[sheet].lines[row]
            .slots
            .iter()
            .find(|slot| slot.is(Part::Figure) || slot.is(Part::Label))
            .map(|slot| row_of(&slot.keys[0]));
        if let Some(row) = key {
            *self.touched.entry(row).or_default() += 1;
        }
    }

    /// Whether the document can say nothing of the row any more that would be certain.
    fn is_hopeless(&self, key: &str) -> bool {
        let touched = self.touched.get(&row_of(key)).copied().unwrap_or(0);
        touched > 1 && !(self.stated && key.starts_with("requests"))
    }

    /// Any cell of a kind.
    pub(crate) fn slot(&mut self, part: Part, dice: &mut Dice) -> Option<&mut Slot> {
        let sheet = dice.below(self.sheets.len());
        let sheet = &mut self.sheets[sheet];
        let slots: Vec<(usize, usize)> = (0..sheet.lines.len())
            .flat_map(|row| sheet.lines[row].places(part).into_iter().map(move |at| (row, at)))
            .collect();
        if slots.is_empty() {
            return None;
        }
        let (row, at) = *dice.pick(&slots);
        Some(&mut sheet.lines[row].slots[at])
    }

    pub(crate) fn document(&self, dice: &mut Dice) -> Document {
        let mut document = Document::new(if self.stated { Format::Docx } else { Format::Text });
        let mut line = 0;
        let mut words = |document: &mut Document, text: &str| {
            line += 1;
            let at = Origin::Line { line, field: None };
            document.blocks.push(Block::Paragraph(Paragraph::new([text.into()].into(), at)));
        };
        words(&mut document, "青枫市水务局2023年政府信息公开工作年度报告");
        words(&mut document, "一、总体情况");
        words(&mut document, "本机关逐条落实各项要求。");
        for (number, sheet) in self.sheets.iter().enumerate() {
            for text in &sheet.before {
                words(&mut document, text);
            }
            let number = u32::try_from(number).unwrap();
            let table = if self.stated { sheet.grid(number) } else { sheet.fields(number, dice) };
            document.blocks.push(Block::Table(table));
        }
        words(&mut document, "五、存在的主要问题及改进情况");
        words(&mut document, "无。");
        words(&mut document, "六、其他需要报告的事项");
        words(&mut document, "无。");
        document
    }

    /// A blank or dash where a nought should be, or the other way round: a sum holds with either. Disclosure has no sums. In a dump, a row
    /// of blanks can be padding, or have held figures once; only the rows of requests enter sums with others.
    fn is_nought(&self, key: &str, state: State, value: Option<&str>) -> bool {
        let said = self.values.get(key).map(|said| said.as_deref());
        match (state, value) {
            (State::Read, Some("0")) => said == Some(None) && !key.starts_with("disclosure"),
            (State::Blank, _) if !key.starts_with("requests") && said != Some(Some("0")) => !self.stated,
            (State::Blank | State::Dash, _) => said == Some(Some("0")),
            _ => false,
        }
    }

    /// The answer to a document: its status, whether any figure is there, and what is wrong with it.
    pub(crate) fn weigh(&self, forms: &Forms, document: Document) -> (Option<Status>, Vec<Fault>) {
        let document = nianbao_reconcile::reconcile(document);
        let mut reports = nianbao_schema::fill(forms, &document);
        let mut faults = Vec::new();
        let mut status = None;
        for report in &mut reports {
            report.findings = nianbao_schema::check(report);
            let of_report = report.status();
            status = status.max(Some(of_report));
            let ok = of_report == Status::Ok;
            let mut fault = |message: String| faults.push(Fault { silent: ok, message });
            for (key, figure) in &report.figures {
                let key = key.as_str();
                let value = figure.value.map(|value| value.to_string());
                let said = self.values.get(key);
                if self.is_hopeless(key) {
                    continue;
                }
                // A stated grid says itself what stands where. Only sums could say that it is wrong, and where they do, it is for review.
                let shown = || {
                    let asked = self.stated && (!ok || key.starts_with("disclosure"));
                    let texts = if asked { sheet::shown(&self.sheets, key) } else { Vec::new() };
                    texts.iter().any(|text| {
                        let end = text.find(|c: char| !c.is_ascii_digit() && !"-.".contains(c)).unwrap_or(text.len());
                        text[..end] == *value.as_deref().unwrap_or_default()
                            || value.is_none() && ["/", "-"].contains(&text.as_str())
                    })
                };
                let fits = said == Some(&value) || self.is_nought(key, figure.state, value.as_deref()) || shown();
                if value.is_some() && !fits {
                    let told = report
                        .warnings
                        .iter()
                        .filter(|warning| warning.at.iter().any(|at| figure.origins.contains(at)));
                    let told: Vec<String> = told.map(|warning| warning.kind.to_string()).collect();
                    fault(format!("{key}: {value:?}, not {said:?} ({:?}; {told:?})", figure.origins));
                } else if ok && value.is_none() && !fits {
                    fault(format!("{key}: {:?} in a report that is ok, not {said:?}", figure.state));
                } else if ok && figure.state == State::Lost {
                    fault(format!("{key}: lost in a report that is ok"));
                }
            }
            if ok && self.values.keys().any(|key| !report.figures.keys().any(|other| other.as_str() == key)) {
                fault("a figure is missing from a report that is ok".to_owned());
            }
        }
        (status, faults)
    }
}

/// The row of the form in which a figure stands.
fn row_of(key: &str) -> String {
    if key.starts_with("remedies") {
        "remedies".to_owned()
    } else {
        key.rsplit_once('.').map_or(key, |(row, _)| row).to_owned()
    }
}
