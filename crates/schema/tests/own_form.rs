//! A form of the user's own: the one that `FORMS.md` shows, filled and checked like a built-in one.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use nianbao_model::{Area, Block, Boundary, Cell, Document, Format, Grid, Origin, Part, Row, Table};
use nianbao_schema::{Forms, Report, check, fill};

fn forms() -> Forms {
    let page = include_str!("../FORMS.md");
    let text = page.split("```toml").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    Forms::only(text).unwrap()
}

/// A document that holds one table.
fn document(rows: &[&[&str]]) -> Document {
    let mut table = Table::new(Grid::Stated);
    for (row, texts) in rows.iter().enumerate() {
        table.push_row(Row::new(Boundary::Stated));
        for (column, text) in texts.iter().enumerate() {
            let origin = Origin::Story { part: Part::Body, table: 0, row: row as u32, column: column as u32 };
            let lines = (!text.is_empty()).then(|| (*text).into()).into_iter().collect();
            table.place(Cell::new(Area::one(row, column), lines, origin)).unwrap();
        }
    }
    let mut document = Document::new(Format::Docx);
    document.blocks.push(Block::Table(table));
    document
}

fn report(rows: &[&[&str]]) -> Report {
    let mut reports = fill(&forms(), &document(rows));
    assert_eq!(reports.len(), 1);
    reports.remove(0)
}

const SOUND: [&[&str]; 4] = [
    &["", "", "", "支出", ""],
    &["项目", "", "本年收入", "本年支出", "增减"],
    &["（一）基本", "1.人员经费", "１,200.5", "1000", "-200.5"],
    &["项目支出", "", "300", "300", ""],
];

#[test]
fn a_form_of_the_users_own_is_filled() {
    let report = report(&SOUND);
    let figure = |key: &str| {
        let field = report.form.field(key).unwrap();
        (
            report.figures[&field.key].value.map(|value| value.to_string()),
            report.figures[&field.key].origins[0].to_string(),
        )
    };
    assert_eq!(figure("budget.basic.staff.income"), (Some("1200.5".to_owned()), "table 1 R3C3".to_owned()));
    assert_eq!(figure("budget.basic.staff.change"), (Some("-200.5".to_owned()), "table 1 R3C5".to_owned()));
    assert_eq!(figure("budget.project.expense"), (Some("300".to_owned()), "table 1 R4C4".to_owned()));
    assert_eq!(report.figures.len(), 5);
    let broken: Vec<String> = check(&report).into_iter().map(|finding| finding.rule).collect();
    assert!(!broken.contains(&"budget.row".to_owned()), "{broken:?}");
}

#[test]
fn its_equations_are_checked() {
    let mut rows = SOUND;
    rows[2] = &["（一）基本", "1.人员经费", "1200.5", "1000", "-200"];
    let findings = check(&report(&rows));
    let broken: Vec<_> = findings.iter().filter(|finding| finding.rule == "budget.row").collect();
    assert_eq!(broken.len(), 1);
    assert!(broken[0].message.contains("1000.5 on the one side, 1000 on the other"), "{}", broken[0].message);
}
