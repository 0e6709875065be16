//! Any bytes as RTF: an answer, no panic, no hang, and no more memory than the limits allow.
//!
//! From the root: `RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir tests/fuzz -s none rtf FOUND corpus/rtf corpus/broken --
//! -rss_limit_mb=1024 -timeout=10`, where FOUND is a folder for what is found.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = nianbao_rtf::extract(bytes);
});
