//! Any bytes as a register: as one document, and as the text of one file. Every answer is a register or findings with a line.
#![no_main]

use libfuzzer_sys::fuzz_target;
use standing_register::{Register, parse_document};

fuzz_target!(|bytes: &[u8]| {
    let _ = parse_document(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        match Register::parse(&[("fuzz.toml", text)]) {
            Ok(register) => {
                let _ = register.check();
                for step in &register.steps {
                    let _ = register.step(step);
                }
            }
            Err(findings) => assert!(findings.iter().all(|finding| finding.line >= 1)),
        }
    }
});
