//! Any bytes as an OpenDocument text or workbook, and any bytes in its parts: an answer, no panic, no hang, and no more memory than the limits
//! allow.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use nianbao_fuzz::package;

fuzz_target!(|bytes: &[u8]| {
    let _ = nianbao_odf::extract(bytes);
    let _ = nianbao_sheet::extract(bytes);
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    package::mutate(data, size, max_size, seed)
});
