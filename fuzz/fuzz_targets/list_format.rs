//! Any bytes as the format that `STANDING_FORMAT` names by its id, so that every format is fuzzed by one program; `fuzz/formats` runs it.
#![no_main]

use std::sync::LazyLock;

static FORMAT: LazyLock<String> =
    LazyLock::new(|| std::env::var("STANDING_FORMAT").expect("STANDING_FORMAT names the format: eu-fsf-xml"));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| standing_fuzz::read(&FORMAT, bytes));
