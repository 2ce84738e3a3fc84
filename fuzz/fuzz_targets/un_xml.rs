//! Any bytes as the UN consolidated list, XML.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| standing_fuzz::read("un-xml", bytes));
