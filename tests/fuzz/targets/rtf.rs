//! Any bytes as RTF: an answer, no panic, no hang, and no more memory than the limits allow.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = nianbao_rtf::extract(bytes);
});
