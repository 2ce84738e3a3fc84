//! Korean syllables in Latin letters.
//!
//! A Hangul syllable is computed from its parts (Unicode chapter 3.12). The letters follow McCune-Reischauer without its marks, because lists print names so
//! (`Kim Jong Un`, `Choe`); the Revised Romanization (`jeong`, `gang`) is a second reading.

const INITIAL: [&str; 19] = [
    "k", "kk", "n", "t", "tt", "r", "m", "p", "pp", "s", "ss", "", "ch", "tch", "ch", "k", "t", "p", "h",
];
const VOWEL: [&str; 21] = [
    "a", "ae", "ya", "yae", "o", "e", "yo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "u", "ui",
    "i",
];
const FINAL: [&str; 28] = [
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t",
    "t", "k", "t", "p", "t",
];

const REVISED_INITIAL: [&str; 19] = [
    "g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h",
];
const REVISED_VOWEL: [&str; 21] = [
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu",
    "ui", "i",
];

/// The spelling by the Revised Romanization, syllable by syllable.
pub(crate) fn revised(word: &str) -> String {
    let mut out = String::new();
    for c in word.chars() {
        if let Some(at) = (c as u32).checked_sub(0xAC00).filter(|&at| at < 11_172) {
            out.push_str(REVISED_INITIAL[(at / 588) as usize]);
            out.push_str(REVISED_VOWEL[(at % 588 / 28) as usize]);
            out.push_str(FINAL[(at % 28) as usize]);
        }
    }
    out
}

/// The spelling of a word in Hangul syllables; other letters are left out.
pub(crate) fn romanise(word: &str) -> String {
    let mut out = String::new();
    for c in word.chars() {
        let Some(at) = (c as u32).checked_sub(0xAC00).filter(|&at| at < 11_172) else {
            continue;
        };
        let (initial, vowel, last) = (at / 588, at % 588 / 28, at % 28);
        let voiced = out
            .bytes()
            .last()
            .is_some_and(|b| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'n' | b'm' | b'l' | b'g'));
        let start = match (initial, voiced) {
            // Between voiced sounds the plain stops are voiced.
            (0, true) => "g",
            (3, true) => "d",
            (7, true) => "b",
            (12, true) => "j",
            _ => INITIAL[initial as usize],
        };
        out.push_str(start);
        out.push_str(VOWEL[vowel as usize]);
        out.push_str(FINAL[last as usize]);
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn syllables_are_computed() {
        assert_eq!(super::romanise("김정은"), "kimjongun");
        assert_eq!(super::romanise("박"), "pak");
        assert_eq!(super::revised("정은"), "jeongeun");
    }
}
