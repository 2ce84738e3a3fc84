//! Whether a text is English prose: another language is named, a list of links or labels is told from an article.

use super::IntakeError;

/// How many words are looked at.
const LOOKED_AT: usize = 4000;

/// Words that hardly any text of the language can do without. `data/languages.tsv`.
fn languages() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    include_str!("../../data/languages.tsv")
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .filter_map(|l| l.split_once('\t'))
        .map(|(name, words)| (name, words.split(' ').collect()))
}

/// Scripts by a range of letters, with what to call them.
const SCRIPTS: [(u32, u32, &str); 11] = [
    (0x0370, 0x03ff, "Greek"),
    (0x0400, 0x052f, "a language written in Cyrillic"),
    (0x0530, 0x058f, "Armenian"),
    (0x0590, 0x05ff, "Hebrew"),
    (0x0600, 0x06ff, "a language written in Arabic letters"),
    (0x0900, 0x0dff, "a language of India"),
    (0x0e00, 0x0eff, "Thai or Lao"),
    (0x10a0, 0x10ff, "Georgian"),
    (0x1200, 0x137f, "a language written in Ethiopic letters"),
    (0x3040, 0x9fff, "Chinese or Japanese"),
    (0xac00, 0xd7af, "Korean"),
];

/// Fails with what the text is instead.
pub(super) fn acceptable(text: &str) -> Result<(), IntakeError> {
    if text.trim().is_empty() {
        return Err(IntakeError::Empty);
    }
    script(text)?;
    let words: Vec<String> = text
        .split_whitespace()
        .take(LOOKED_AT)
        .map(|w| w.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase())
        .filter(|w| !w.is_empty())
        .collect();
    let count = |of: &[&str]| words.iter().filter(|w| of.contains(&w.as_str())).count();
    let mut english = 0;
    let mut other = (0, "");
    for (name, of) in languages() {
        let n = count(&of);
        if name == "English" {
            english = n;
        } else if n > other.0 {
            other = (n, name);
        }
    }
    // One word in ten of English prose is among the commonest; a tenth of that is a list of names.
    if words.len() >= 12 && other.0 > english * 2 && other.0 * 20 >= words.len() {
        return Err(IntakeError::Language(other.1.to_owned()));
    }
    if words.len() >= 40 && english * 50 < words.len() {
        return Err(IntakeError::Links);
    }
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
    let link = |l: &&&str| l.contains("http://") || l.contains("https://") || l.split_whitespace().count() < 4;
    if lines.len() >= 5 && lines.iter().filter(link).count() * 10 >= lines.len() * 9 {
        return Err(IntakeError::Links);
    }
    Ok(())
}

fn script(text: &str) -> Result<(), IntakeError> {
    let mut counts = [0_usize; SCRIPTS.len()];
    let mut letters = 0_usize;
    for c in text.chars().filter(|c| c.is_alphabetic()).take(LOOKED_AT * 6) {
        letters += 1;
        let code = c as u32;
        if let Some(at) = SCRIPTS.iter().position(|(from, to, _)| (*from..=*to).contains(&code)) {
            counts[at] += 1;
        }
    }
    let foreign: usize = counts.iter().sum();
    if foreign * 2 > letters {
        let most = (0..counts.len()).max_by_key(|&i| counts[i]).unwrap_or(0);
        return Err(IntakeError::Language(SCRIPTS[most].2.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_languages_are_named() {
        let language = |text: &str| match acceptable(text) {
            Err(IntakeError::Language(name)) => name,
            other => format!("{other:?}"),
        };
        assert_eq!(
            language("Россия решила исключить движение из списка"),
            "a language written in Cyrillic"
        );
        let german = "Die Regierung hat am Freitag beschlossen, dass die Gruppe nicht mehr auf der Liste steht und das Verbot aufgehoben wird.";
        assert_eq!(language(german), "German");
        let french = "Le gouvernement a décidé vendredi que le groupe ne serait plus sur la liste des organisations interdites par les autorités.";
        assert_eq!(language(french), "French");
        let spanish = "El gobierno decidió el viernes que el grupo ya no está en la lista de las organizaciones prohibidas por los tribunales.";
        assert_eq!(language(spanish), "Spanish");
        assert!(acceptable("Russia will lift the ban.").is_ok());
    }
}
