//! Any document, written as its golden file is, through filling and checking: every figure is one of the form, has the number that its
//! state allows, and stands where the document has text.

#![no_main]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use nianbao_model::{Block, Document, Origin};
use nianbao_schema::{Figure, Forms, State, Status};

static FORMS: LazyLock<Forms> = LazyLock::new(Forms::builtin);

fuzz_target!(|text: &str| {
    let read = nianbao_fuzz::document::document(text);
    let document = nianbao_reconcile::reconcile(read);
    let cells = cells(&document);
    for mut report in nianbao_schema::fill(&FORMS, &document) {
        for (key, figure) in &report.figures {
            assert!(report.form.fields.iter().any(|field| field.key == *key), "{key} is no figure of the form");
            assert_eq!(figure.value.is_some(), figure.state == State::Read, "{key}: {figure:?}");
            assert!(figure.state == State::Lost || is_there(figure, &cells), "{key} stands nowhere: {figure:?}");
        }
        report.findings = nianbao_schema::check(&report);
        let lost = report.figures.values().any(|figure| figure.state == State::Lost);
        assert!(!lost || report.status() == Status::Review, "a report that lost a figure is ok");
    }
});

/// The text of each cell by its first place.
fn cells(document: &Document) -> BTreeMap<&Origin, String> {
    let tables = document.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Paragraph(_) => None,
    });
    let cells = tables.flat_map(|table| table.cells());
    cells.flat_map(|cell| cell.origins.iter().map(|origin| (origin, cell.text()))).collect()
}

/// Whether the text that a figure was read from stands in one of the cells that it cites.
fn is_there(figure: &Figure, cells: &BTreeMap<&Origin, String>) -> bool {
    let texts: Vec<&String> = figure.origins.iter().filter_map(|origin| cells.get(origin)).collect();
    !texts.is_empty() && figure.raw.split('\n').all(|line| texts.iter().any(|text| text.contains(line.trim())))
}
