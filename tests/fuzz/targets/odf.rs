//! Any bytes as an OpenDocument text or workbook: an answer, no panic, no hang, and no more memory than the limits allow.
//!
//! From the root: `RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir tests/fuzz -s none odf FOUND corpus/odt corpus/ods corpus/broken --
//! -rss_limit_mb=1024 -timeout=10`, where FOUND is a folder for what is found. One XML file goes further than a package: there a changed
//! byte of the file is a changed byte of the content.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = nianbao_odf::extract(bytes);
    let _ = nianbao_sheet::extract(bytes);
});
