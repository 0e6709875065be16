//! Any bytes as a file of any kind, archives above all: each document in it gets its answer, and both kinds of output can be printed.

#![no_main]

use std::convert::Infallible;
use std::sync::LazyLock;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use nianbao::Forms;
use nianbao_fuzz::package;

static FORMS: LazyLock<Forms> = LazyLock::new(Forms::builtin);

fuzz_target!(|bytes: &[u8]| {
    let mut answers = 0;
    let Ok(()) = nianbao::documents("a", bytes, |member| {
        answers += 1;
        assert!(!member.path.chars().any(char::is_control), "{:?} would speak to a terminal", member.path);
        if let Ok(bytes) = member.bytes {
            let outputs = nianbao::extract(member.path, bytes, &FORMS);
            assert!(!outputs.is_empty(), "a document without an answer");
            assert!(outputs.iter().all(|output| serde_json::to_string(output).is_ok()));
            assert!(serde_json::to_string(&nianbao::tables(member.path, bytes, false)).is_ok());
        }
        Ok::<(), Infallible>(())
    });
    assert!(answers > 0, "a file without an answer");
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    package::mutate(data, size, max_size, seed)
});
