//! Which version of the data files this program carries: whoever keeps scores or an index compares it.

use std::sync::LazyLock;

/// Every data file, by name.
const FILES: &[(&str, &str)] = &[
    ("common", include_str!("../data/common.tsv")),
    ("confusables", include_str!("../data/confusables.tsv")),
    ("costs", include_str!("../data/costs.tsv")),
    ("generic", include_str!("../data/generic.tsv")),
    ("graphemes", include_str!("../data/graphemes.tsv")),
    ("han_surnames", include_str!("../data/han_surnames.tsv")),
    ("latin", include_str!("../data/latin.tsv")),
    ("legal_forms", include_str!("../data/legal_forms.tsv")),
    ("nicknames", include_str!("../data/nicknames.tsv")),
    ("numbers", include_str!("../data/numbers.tsv")),
    ("parameters", include_str!("../data/parameters.tsv")),
    ("particles", include_str!("../data/particles.tsv")),
    ("titles", include_str!("../data/titles.tsv")),
    ("transliteration", include_str!("../data/transliteration.tsv")),
];

static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    for (name, data) in FILES {
        for byte in name.bytes().chain([0]).chain(data.bytes()).chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
    format!("{hash:016x}")
});

/// A digest of all data files, sixteen hexadecimal digits. It changes whenever any of them does.
pub fn data_version() -> &'static str {
    &VERSION
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_data_file_is_counted() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data");
        let mut there: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .filter_map(|e| Some(e.unwrap().file_name().to_str()?.strip_suffix(".tsv")?.to_owned()))
            .collect();
        there.sort();
        assert_eq!(there, FILES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    }
}
