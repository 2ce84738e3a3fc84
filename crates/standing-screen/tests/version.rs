//! What turns names into scores has a version ([`standing_screen::ALGORITHM`]), which manifests name and replays insist on. Whoever changes scores
//! must raise it: `scores.txt` keeps, for each version and data, a digest over the scores of fixed pairs.
#![allow(clippy::unwrap_used)]

use standing_model::PartyKind;
use standing_names::{Scratch, data_version, prepare, score};

const NAMES: &[&str] = &[
    "Abu Mohammad al-Golani",
    "Ahmad Husain Al-Shara",
    "أبو محمد الجولاني",
    "Сергей Викторович Лавров",
    "LAVROV, Sergei",
    "S. V. Lavrov",
    "Mohammed Abdul Rehman Khan",
    "Muhammad Abd al-Rahman",
    "محمد عبد الرحمن",
    "Jean-Claude Juncker",
    "Jeanclaude Yuncker",
    "Alfonso CORONA ROMERO",
    "Corona, Alfonso",
    "김정은",
    "Kim Jong-un",
    "习近平",
    "Xi Jinping",
    "Bill Gates",
    "William H. Gates III",
    "People's Liberation Army",
    "PLA",
    "Banque Nationale du Commerce SA",
    "National Bank of Commerce Ltd",
    "23 March Movement",
    "M23",
    "Jabhat al-Nusra",
    "Al Nusrah Front for the People of the Levant",
    "MV Ocean Star",
    "Ocean Starr",
    "Abdullah bin Omar",
    "Omar bin Abdullah",
    "Müller",
    "Mueller",
    "Dr. Hans van der Bilt",
    "Vanderbilt, Hans",
    "Alpha One",
    "Maria Garcia Fernandez",
    "Mariya Garsia",
    "Nguyen Van Minh",
    "Ἀλέξιος Ζαχαριάδης",
];

/// Digest over every pair's score in every kind, and weights.
fn digest() -> String {
    let mut hash = blake3::Hasher::new();
    let mut scratch = Scratch::default();
    for kind in [
        PartyKind::Person,
        PartyKind::Organisation,
        PartyKind::Vessel,
        PartyKind::Unknown,
    ] {
        let names: Vec<_> = NAMES.iter().map(|n| prepare(n, kind).unwrap()).collect();
        for a in &names {
            hash.update(&a.total_weight().to_bits().to_le_bytes());
            for b in &names {
                hash.update(&score(a, b, &mut scratch).to_bits().to_le_bytes());
            }
        }
    }
    hash.finalize().to_hex()[..16].to_owned()
}

#[test]
fn whoever_changes_scores_raises_the_version() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scores.txt");
    let kept = std::fs::read_to_string(path).unwrap();
    let (algorithm, data, now) = (standing_screen::ALGORITHM.replace(' ', "-"), data_version(), digest());
    let line = format!("{algorithm} {data} {now}");
    if kept.lines().any(|l| l == line) {
        return;
    }
    let same = format!("{algorithm} {data} ");
    assert!(
        !kept.lines().any(|l| l.starts_with(&same)),
        "scores are others than version \"{}\" gave on the same data: raise ALGORITHM in standing-screen/src/lib.rs",
        standing_screen::ALGORITHM
    );
    // Without a clash the version or the data are new; what they give is written down, once, by whoever changed them.
    if std::env::var_os("STANDING_RECORD").is_some() {
        std::fs::write(path, format!("{kept}{line}\n")).unwrap();
        return;
    }
    panic!(
        "scores of a new version or of new data: STANDING_RECORD=1 cargo test -p standing-screen --test version, and commit tests/scores.txt"
    );
}
