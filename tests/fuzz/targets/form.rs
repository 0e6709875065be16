//! Any text as a form file: a form or what is wrong with it. A form that is taken can be filled, and its schema can be written.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use nianbao::Forms;
use nianbao_model::Document;

/// A report with all three tables, as the golden file of one has it.
static REPORT: LazyLock<Document> = LazyLock::new(|| {
    nianbao_fuzz::document::document(include_str!("../../../corpus/golden/docx/plain-2021.docx.document.txt"))
});

fuzz_target!(|text: &str| {
    let Ok(forms) = Forms::only(text) else { return };
    for report in nianbao_schema::fill(&forms, &REPORT) {
        let _ = nianbao_schema::check(&report);
    }
    let _ = nianbao::json_schema(&forms);
});
