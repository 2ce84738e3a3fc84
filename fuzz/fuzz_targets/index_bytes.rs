//! Any bytes as an index: refused, or searched without a panic; what was altered has another digest.
#![no_main]

use libfuzzer_sys::fuzz_target;
use standing_screen::{Index, Options, Policy, Query, Screener, Searcher};

fuzz_target!(|bytes: &[u8]| {
    let Ok(index) = Index::from_bytes(bytes.to_vec()) else { return };
    let _ = index.verify();
    if index.len() > 100_000 {
        return;
    }
    let screener = Screener::new(index, Policy::standard(), Default::default());
    let options = Options { threshold: Some(0.5), ..Options::default() };
    for name in ["Mohammed Saif al-Din", "Jean-Claude", "PLA", "J. Smith"] {
        let _ = screener.screen(&Query::named(name), &options, &mut Searcher::default());
    }
});
