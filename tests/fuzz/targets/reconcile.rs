//! Any document, written as its golden file is: reconciling keeps the promises of `NORMAL_FORM.md`, and once is enough.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nianbao_fuzz::document::document;

#[path = "../../../crates/reconcile/src/promises.rs"]
mod promises;

fuzz_target!(|text: &str| {
    let before = document(text);
    let after = nianbao_reconcile::reconcile(before.clone());
    if let Some(broken) = promises::broken(&before, &after) {
        panic!("{broken}");
    }
    let once = promises::seen(&after);
    assert_eq!(promises::seen(&nianbao_reconcile::reconcile(after)), once, "reconciling again changes something");
});
