//! Compound names of Arabic in their many cuts: `Abd al-Rahman`, `Abdurrahman`, `Abdul Rehman` become one token, and so do `Saif al-Din` and `Saifuddin`,
//! `Habib Allah` and `Habibullah`. The article inside a compound, its vowel and its assimilation to sun letters carry nothing.

/// The commonest slip in the commonest element: two letters exchanged.
pub(crate) fn is_slip(word: &str) -> bool {
    matches!(word, "adbul" | "abudl" | "badul" | "adbel" | "abedl")
}

/// The spellings of `abd` (servant) with and without an article glued on, as separate words.
pub(crate) fn is_servant(word: &str) -> bool {
    is_slip(word)
        || matches!(
            word,
            "abd"
                | "abdu"
                | "abdul"
                | "abdel"
                | "abdal"
                | "abdil"
                | "abdol"
                | "abdoul"
                | "abdool"
                | "abdur"
                | "abder"
                | "abdar"
                | "abdus"
                | "abdes"
                | "abdas"
                | "abdun"
                | "abden"
                | "abdou"
                | "abdud"
                | "abdulla-"
                | "abed"
                | "abid-"
        )
}

/// Is it the second half of a compound with `din` (faith)?
pub(crate) fn is_faith(word: &str) -> bool {
    matches!(
        word,
        "din"
            | "deen"
            | "dine"
            | "dyn"
            | "eddin"
            | "eddine"
            | "uddin"
            | "addin"
            | "aldin"
            | "eldin"
            | "eldine"
            | "ddin"
            | "ddine"
    )
}

/// The compound written as one word, its article taken out: `abdurrahman` to `abdrahman`, `saifuddin` to `saifdin`, `najibullah` to `najiblah`.
pub(crate) fn canonical(word: &str) -> Option<String> {
    if let Some(rest) = word.strip_prefix("abd") {
        let name = rest.trim_start_matches(['u', 'e', 'a', 'i', 'o']);
        if name.len() < rest.len() && rest.len() >= 4 {
            return Some(format!("abd{}", served(without_article(name))));
        }
        return None;
    }
    for end in ["oullah", "ullah", "allah", "ollah", "illah", "ulah", "ulla"] {
        if let Some(stem) = word.strip_suffix(end).filter(|stem| stem.len() >= 3) {
            return Some(format!("{stem}lah"));
        }
    }
    let stem = ["dine", "deen", "din"].iter().find_map(|end| word.strip_suffix(end))?;
    let stem = stem.strip_suffix('d').unwrap_or(stem);
    let stem = stem
        .strip_suffix("al")
        .or_else(|| stem.strip_suffix("el"))
        .unwrap_or(stem);
    let bare = stem.trim_end_matches(['u', 'e', 'o', 'a', 'i']);
    (bare.len() >= 3 && (bare.len() < stem.len() || stem.len() + 3 < word.len())).then(|| format!("{bare}din"))
}

/// A word in Arabic letters as its parts: `أبوغيث` is kunya and name, `عبدالرحمن` one compound, `خيرالله` another; what stands for `al-` is taken off.
/// Each part says whether it is the compound's canonical reading: a prefix or an ending in Latin around letters still to be read.
pub(crate) struct NativePart<'a> {
    /// Letters to be read.
    pub letters: &'a str,
    /// Before their reading.
    pub before: &'static str,
    /// After their reading.
    pub after: &'static str,
}

/// See [`NativePart`].
pub(crate) fn native_parts(word: &str) -> Vec<NativePart<'_>> {
    let plain = |letters| NativePart {
        letters,
        before: "",
        after: "",
    };
    let count = |text: &str| text.chars().count();
    for servant in ["عبدال", "عبدل"] {
        if let Some(rest) = word.strip_prefix(servant).filter(|rest| count(rest) >= 2) {
            return vec![NativePart {
                letters: rest,
                before: "abd",
                after: "",
            }];
        }
    }
    for (kunya, least) in [("أبو", 3), ("ابو", 3), ("أبی", 3), ("أبي", 3), ("بن", 4)] {
        if let Some(rest) = word.strip_prefix(kunya).filter(|rest| count(rest) >= least) {
            let mut parts = vec![plain(&word[..kunya.len()])];
            parts.extend(native_parts(rest));
            return parts;
        }
    }
    for (end, after) in [("الله", "lah"), ("اللہ", "lah"), ("الدين", "din"), ("الدین", "din")] {
        if let Some(stem) = word.strip_suffix(end).filter(|stem| count(stem) >= 2) {
            return vec![NativePart {
                letters: stem,
                before: "",
                after,
            }];
        }
    }
    if let Some(rest) = word
        .strip_prefix("ال")
        .filter(|rest| count(rest) >= 2 && !matches!(*rest, "له" | "لہ"))
    {
        return vec![plain(rest)];
    }
    vec![plain(word)]
}

/// What is served, in one spelling of God.
pub(crate) fn served(name: &str) -> &str {
    match name {
        "ah" | "la" | "lah" | "llah" | "lla" | "allah" | "ullah" | "alla" | "allh" | "llh" | "lh" => "lah",
        "lahi" | "llahi" => "lahi",
        other => other,
    }
}

fn without_article(name: &str) -> &str {
    let bytes = name.as_bytes();
    match bytes {
        [b'l', rest @ ..] if rest.len() >= 2 => &name[1..],
        [a, b, ..] if a == b && a.is_ascii() => &name[1..],
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_of_one_name_meet() {
        for word in ["abdurrahman", "abdulrahman", "abderrahman", "abdirahman"] {
            assert_eq!(canonical(word).as_deref(), Some("abdrahman"), "{word}");
        }
        for word in ["abdullah", "abdallah", "abdulla", "abdulah"] {
            assert_eq!(canonical(word).as_deref(), Some("abdlah"), "{word}");
        }
        assert_eq!(canonical("saifuddin").as_deref(), Some("saifdin"));
        assert_eq!(canonical("jalaloudine").as_deref(), Some("jalaldin"));
        assert_eq!(canonical("najibulah"), canonical("najibullah"));
        assert_eq!(canonical("putin"), None);
    }
}
