//! Any text as a name of every kind of party.
#![no_main]

use standing_model::PartyKind;
use standing_names::{MAX_TOKENS, Scratch, prepare, score};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    for kind in [PartyKind::Person, PartyKind::Organisation, PartyKind::Vessel, PartyKind::Unknown] {
        match prepare(&text, kind) {
            Ok(name) => {
                // A person's word in syllable signs may become several tokens.
                assert!(!name.tokens().is_empty() && name.tokens().len() <= 4 * MAX_TOKENS);
                assert!(name.total_weight().is_finite() && name.total_weight() >= 0.0);
                assert!(score(&name, &name.clone(), &mut Scratch::default()) >= 1.0);
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
});
