//! Any bytes as OFAC's tables (sdn, alt, add, sdn_comments), as one set.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| standing_fuzz::read("ofac-csv", bytes));
