//! Two names, parted by a line's end: symmetric, within 0 and 1, explained by the documented formula, never above the bound.
#![no_main]

use standing_model::PartyKind;
use standing_names::{Scratch, compare, prepare, reach, score, upper_bound};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let Some((a, b)) = text.split_once('\n') else { return };
    for kind in [PartyKind::Person, PartyKind::Organisation, PartyKind::Unknown] {
        let (Ok(x), Ok(y)) = (prepare(a, kind), prepare(b, kind)) else { continue };
        let mut scratch = Scratch::default();
        let (forth, back) = (score(&x, &y, &mut scratch), score(&y, &x, &mut scratch));
        assert!((forth - back).abs() < 1e-4, "{forth} {back}");
        assert!((0.0..=1.0).contains(&forth));
        assert_eq!(forth >= 1.0, x.identity() == y.identity());
        let why = compare(&x, &y);
        assert!((why.score - forth).abs() < 1e-6 && (why.recomputed() - forth).abs() < 1e-6);
        assert!(x.identity() == y.identity() || forth <= upper_bound(reach(&x, &y), y.total_weight()));
    }
});
