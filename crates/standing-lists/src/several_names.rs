//! Several names in one field of a list in Latin letters: `X (a.k.a. Y; Z)`, `X @ Y`, `X alias Y, Z`, `X / Y`, and words behind a name
//! that are no part of it. Where a field is taken apart its reader keeps it verbatim beside the names.

use standing_model::NameKind;

/// Words that introduce another name, in small letters, and what the name is.
const MARKS: &[(&str, NameKind)] = &[
    ("a.k.a", NameKind::Alias),
    ("a/k/a", NameKind::Alias),
    (" aka ", NameKind::Alias),
    ("[aka ", NameKind::Alias),
    (" alias ", NameKind::Alias),
    ("@", NameKind::Alias),
    ("also known as", NameKind::Alias),
    ("f.k.a", NameKind::Former),
    ("f/k/a", NameKind::Former),
    ("formerly known as", NameKind::Former),
];

/// What designations say behind a name to reach beyond it, in small letters.
const BEYOND: &[&str] = &[" and any successor", ", and its sub-units", ", and any successor"];

/// Languages that stand with a colon before a name in another script.
const LANGUAGES: &[&str] = &[
    "Arabic",
    "Belarusian",
    "Belarussian",
    "Chinese",
    "English",
    "Farsi",
    "French",
    "Korean",
    "Persian",
    "Russian",
    "Ukrainian",
];

/// A value at its marks: `X (a.k.a. Y, a.k.a. Z)` is X, then Y and Z with what their marks make of them. What comes before the first mark
/// has none. A mark in ASCII is one anywhere, another one only at the beginning or behind a sign, so that no word is cut.
pub(crate) fn at_marks<'a>(value: &'a str, marks: &[(&str, NameKind)]) -> Vec<(Option<NameKind>, &'a str)> {
    // Byte for byte as long as the value, since only ASCII letters change.
    let small = value.to_ascii_lowercase();
    let mut pieces = Vec::new();
    let (mut from, mut at, mut kind) = (0, 0, None);
    loop {
        let next = marks
            .iter()
            .filter_map(|(mark, kind)| small[at..].find(mark).map(|found| (at + found, mark.len(), *kind)))
            .min_by_key(|(start, ..)| *start);
        let Some((start, length, next_kind)) = next else {
            break;
        };
        at = start + length;
        let before = value[..start].trim_end();
        if !(before.is_empty() || before.ends_with(['(', ',', ';', ':']) || small[start..at].is_ascii()) {
            continue;
        }
        pieces.push((
            kind,
            value[from..start].trim_end().trim_end_matches(['(', '[', ',', ';']),
        ));
        kind = Some(next_kind);
        let rest = value[at..].trim_start_matches(['.', ':', ')', ',', ' ', '、', '\u{3000}']);
        at = value.len() - rest.len();
        from = at;
    }
    pieces.push((kind, &value[from..]));
    pieces
}

/// The names of a field, the first of the field's own kind; just the field with single blanks where nothing parts it.
pub(crate) fn apart(kind: NameKind, field: &str) -> Vec<(NameKind, String)> {
    let field = crate::note::spaced(field);
    let mut names: Vec<(NameKind, String)> = Vec::new();
    for (mark, mut piece) in at_marks(&field, MARKS) {
        // `PEARL (A.K.A. NEI-CHIEN) LI`: behind the bracket the name before it goes on.
        if mark.is_some()
            && let Some((inside, rest)) = piece.split_once(')')
            && !inside.contains('(')
            && !rest.contains(')')
            && rest.starts_with(' ')
            && let Some((_, name)) = names.last_mut()
        {
            name.push_str(rest);
            piece = inside;
        }
        let parts: Vec<&str> = match mark {
            Some(_) if piece.contains(';') => piece.split(';').collect(),
            // After a mark a list of bare names may follow; a company's `, Inc.` is none.
            Some(_) if !piece.contains(['.', '(']) => piece.split(", ").collect(),
            _ => vec![piece],
        };
        for part in parts {
            let name = bare(part);
            let kind = mark.unwrap_or(kind);
            if name.chars().any(char::is_alphanumeric) && !names.iter().any(|(_, known)| known == name) {
                names.push((kind, name.to_owned()));
            }
        }
    }
    if names.is_empty() {
        names.push((kind, field.to_string()));
    }
    names
}

/// A name without a language before it, words that reach beyond it behind it, and brackets that lost their other half.
fn bare(name: &str) -> &str {
    let mut name = name.trim();
    if let Some((language, rest)) = name.split_once(':')
        && LANGUAGES.contains(&language.trim())
    {
        name = rest.trim();
    }
    let small = name.to_ascii_lowercase();
    if let Some(at) = BEYOND.iter().filter_map(|words| small.find(words)).min() {
        name = name[..at].trim_end();
    }
    for (open, close) in [('(', ')'), ('[', ']')] {
        if name.matches(close).count() > name.matches(open).count() {
            name = name.strip_suffix(close).unwrap_or(name).trim_end();
        }
        if name.matches(open).count() > name.matches(close).count() {
            name = name.strip_prefix(open).unwrap_or(name).trim_start();
        }
    }
    name
}

/// The parts of a field in which `/` parts names of several words in two languages or scripts; a `/` inside a word or name parts nothing.
pub(crate) fn at_slashes(field: &str) -> Vec<&str> {
    let parts: Vec<&str> = field.split('/').map(str::trim).collect();
    let words = |part: &&str| part.split_whitespace().count() > 1;
    let spaced = field.contains(" / ");
    if parts.len() > 1 && parts.iter().all(words) && (spaced || french(parts[1])) {
        parts
    } else {
        vec![field]
    }
}

/// Does the name have a small word that only French names have?
fn french(name: &str) -> bool {
    name.split_whitespace()
        .any(|word| matches!(word, "de" | "du" | "des" | "et" | "la" | "le" | "les"))
        || name.contains("’")
        || name.contains("d'")
        || name.contains("l'")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(field: &str) -> Vec<String> {
        apart(NameKind::Primary, field)
            .into_iter()
            .map(|(kind, name)| match kind {
                NameKind::Primary => format!("= {name}"),
                NameKind::Former => format!("formerly {name}"),
                NameKind::Alias => name,
            })
            .collect()
    }

    #[test]
    fn marks() {
        assert_eq!(read("Alpha Trading Company"), ["= Alpha Trading Company"]);
        assert_eq!(
            read("Abdul Ala @ Sufi, Doctor @ Bela"),
            ["= Abdul Ala", "Sufi", "Doctor", "Bela"]
        );
        assert_eq!(read("Abdul Ala alias Sufi"), ["= Abdul Ala", "Sufi"]);
        assert_eq!(
            read("Alpha, Inc. (a.k.a. Beta, Inc.; Gamma and Sons)"),
            ["= Alpha, Inc.", "Beta, Inc.", "Gamma and Sons"]
        );
        assert_eq!(read("ALA A/K/A BELA"), ["= ALA", "BELA"]);
        assert_eq!(read("ALA (A.K.A. BE-LA) DELTA"), ["= ALA DELTA", "BE-LA"]);
        assert_eq!(read("F.K.A. Office of Delta (OD)"), ["formerly Office of Delta (OD)"]);
        assert_eq!(
            read("Alpha Institute [aka Beta Centre, Gamma]"),
            ["= Alpha Institute", "Beta Centre", "Gamma"]
        );
        assert_eq!(read("Kalia Saliaskar"), ["= Kalia Saliaskar"]);
    }

    #[test]
    fn words_that_are_no_name() {
        assert_eq!(
            read("Alpha Front and any successor, sub-unit, or subsidiary thereof"),
            ["= Alpha Front"]
        );
        assert_eq!(read("Russian: АО Альфа"), ["= АО Альфа"]);
        assert_eq!(read("Alpha: the Company"), ["= Alpha: the Company"]);
    }

    #[test]
    fn slashes() {
        assert_eq!(at_slashes("Alpha Front / Front Alpha"), ["Alpha Front", "Front Alpha"]);
        assert_eq!(
            at_slashes("Alpha Institute/Institut de Alpha"),
            ["Alpha Institute", "Institut de Alpha"]
        );
        assert_eq!(
            at_slashes("Alpha Import/Export Corporation"),
            ["Alpha Import/Export Corporation"]
        );
        assert_eq!(at_slashes("DHKP/C"), ["DHKP/C"]);
    }
}
