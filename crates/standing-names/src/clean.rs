//! Characters: what is written, made safe and cut into words.
//!
//! Compatibility forms are composed (NFKC), invisible and direction characters are taken out and reported, letters that only look like those of the word's
//! script are folded (Unicode TR39 calls them mixed-script confusables), apostrophes join, all other signs separate. Nothing here knows what a word means.

use standing_model::Script;
use unicode_normalization::{UnicodeNormalization, is_nfkc};

use crate::prepare::Warning;
use crate::table;

/// What stood before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    Start,
    Camel,
    Space,
    Hyphen,
    Other,
    Comma,
}

/// A word as written.
#[derive(Debug, Clone)]
pub(crate) struct RawWord {
    /// Letters and digits, composed, case kept.
    pub letters: String,
    /// What stands before it.
    pub gap: Gap,
    /// Followed by a full stop.
    pub dotted: bool,
    /// The script of its first letter; `None` for figures.
    pub script: Option<Script>,
}

/// Signs that belong inside a word and are not sounded: apostrophes, and the letters used for hamza, ayn and the soft sign.
fn joins(c: char) -> bool {
    matches!(
        c,
        '\'' | '’' | '‘' | '`' | '´' | '′' | 'ʿ' | 'ʾ' | 'ʻ' | 'ʼ' | 'ʹ' | 'ʺ' | '‛' | '״' | '׳' | '＇' | 'ˈ'
    )
}

fn invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{00AD}' | '\u{034F}' | '\u{180E}' | '\u{FE00}'..='\u{FE0F}')
        || (c.is_control() && !c.is_whitespace())
}

fn directional(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Cuts a text into words.
pub(crate) fn words(text: &str, warnings: &mut Vec<Warning>) -> Vec<RawWord> {
    if text.is_ascii() {
        return split(
            text.chars()
                .filter(|c| !c.is_ascii_control() || c.is_ascii_whitespace()),
        );
    }
    let clean: String = text
        .chars()
        .filter(|&c| {
            let (unseen, turning) = (invisible(c), directional(c));
            if turning {
                warn(warnings, Warning::DirectionRemoved);
            } else if unseen {
                warn(warnings, Warning::InvisibleRemoved);
            }
            !unseen && !turning
        })
        .collect();
    let mut words = if is_nfkc(&clean) {
        split(clean.chars())
    } else {
        split(clean.nfkc())
    };
    for word in &mut words {
        unify_script(word, warnings);
    }
    words
}

fn warn(warnings: &mut Vec<Warning>, warning: Warning) {
    if !warnings.contains(&warning) {
        warnings.push(warning);
    }
}

struct Cutter {
    words: Vec<RawWord>,
    letters: String,
    gap: Gap,
    last: char,
}

impl Cutter {
    fn end(&mut self, dotted: bool) {
        if self.letters.is_empty() {
            if dotted
                && let Some(word) = self.words.last_mut()
                && self.gap == Gap::Space
            {
                word.dotted |= word.letters.chars().count() == 1;
            }
            return;
        }
        let mut letters = std::mem::take(&mut self.letters);
        // A possessive: `Bank's`. The apostrophe stands as a mark until the word ends.
        if letters.ends_with("\u{1}s") || letters.ends_with("\u{1}S") {
            letters.truncate(letters.len() - 2);
        }
        letters.retain(|c| c != '\u{1}');
        if !letters.is_empty() {
            let script = letters.chars().find_map(Script::of_char);
            self.words.push(RawWord {
                letters,
                gap: self.gap,
                dotted,
                script,
            });
            self.gap = Gap::Camel;
        }
    }
}

fn split(chars: impl Iterator<Item = char>) -> Vec<RawWord> {
    let mut cutter = Cutter {
        words: Vec::new(),
        letters: String::new(),
        gap: Gap::Start,
        last: ' ',
    };
    for c in chars {
        let mark = !c.is_ascii() && unicode_normalization::char::is_combining_mark(c);
        if c.is_alphanumeric() || (mark && !cutter.letters.is_empty()) {
            if c.is_uppercase() && cutter.last.is_lowercase() && camel(&cutter.letters) {
                cutter.end(false);
            }
            cutter.letters.push(c);
        } else if joins(c) {
            if !cutter.letters.is_empty() {
                cutter.letters.push('\u{1}');
            }
        } else if !mark {
            cutter.end(c == '.');
            let gap = match c {
                '-' | '‐' | '‑' | '–' | '−' => Gap::Hyphen,
                ',' | '،' | '，' => Gap::Comma,
                c if c.is_whitespace() || c == '.' => Gap::Space,
                _ => Gap::Other,
            };
            if c == '&' || c == '+' {
                cutter.gap = cutter.gap.max(Gap::Space);
                cutter.letters.push_str("and");
                cutter.end(false);
                cutter.gap = Gap::Space;
            } else if cutter.gap != Gap::Start {
                cutter.gap = cutter.gap.max(gap);
            }
        }
        cutter.last = c;
    }
    cutter.end(false);
    cutter.words
}

/// Does a capital after these letters begin another word (`SergeiLavrov`)? Not after the prefixes that are written so (`McDonald`, `DeVito`).
fn camel(before: &str) -> bool {
    before.len() > 2
        && before
            .chars()
            .next()
            .is_some_and(|c| c.is_uppercase() || before.len() > 3)
        && !matches!(before, "Mac" | "Van" | "Von" | "Fitz" | "Della" | "Del")
}

/// Letters that look alike: from, to, as in Unicode's confusables (TR39), limited to letters of the three scripts that names mix in practice.
static LOOK_ALIKES: &str = include_str!("../data/confusables.tsv");

/// Folds look-alikes into the script of the majority of the word's letters.
fn unify_script(word: &mut RawWord, warnings: &mut Vec<Warning>) {
    let Some(script) = Script::of(&word.letters) else {
        return;
    };
    if !matches!(script, Script::Latin | Script::Cyrillic | Script::Greek) {
        word.script = Some(script);
        return;
    }
    let strange = |c: char| {
        Script::of_char(c).is_some_and(|s| s != script && matches!(s, Script::Latin | Script::Cyrillic | Script::Greek))
    };
    word.script = Some(script);
    if !word.letters.chars().any(strange) {
        return;
    }
    let mut folded = false;
    word.letters = word
        .letters
        .chars()
        .map(|c| {
            if !strange(c) {
                return c;
            }
            let other = look_alike(c, script);
            folded |= other.is_some();
            other.unwrap_or(c)
        })
        .collect();
    if folded {
        warn(warnings, Warning::ConfusablesFolded);
    }
}

fn look_alike(c: char, wanted: Script) -> Option<char> {
    let lower = c.to_lowercase().next()?;
    table::rows(LOOK_ALIKES).find_map(|row| {
        let letters: Vec<char> = row.iter().take(3).filter_map(|cell| cell.chars().next()).collect();
        if !letters.contains(&c) && !letters.contains(&lower) {
            return None;
        }
        letters.into_iter().find(|&l| Script::of_char(l) == Some(wanted))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        words(text, &mut Vec::new()).into_iter().map(|w| w.letters).collect()
    }

    #[test]
    fn signs_separate_and_apostrophes_join() {
        assert_eq!(cut("SA’D al-Tikriti, M."), ["SAD", "al", "Tikriti", "M"]);
        assert_eq!(
            cut("SergeiLavrov McDonald SiemensAG"),
            ["Sergei", "Lavrov", "McDonald", "Siemens", "AG"]
        );
        assert_eq!(cut("Deutsche Bank's AG"), ["Deutsche", "Bank", "AG"]);
        assert_eq!(cut("AT&T"), ["AT", "and", "T"]);
    }

    #[test]
    fn look_alikes_are_folded_and_reported() {
        let mut warnings = Vec::new();
        let found = words("Pоlonskу \u{202E}x\u{200B}y", &mut warnings);
        assert_eq!(found[0].letters, "Polonsky");
        assert_eq!(found[1].letters, "xy");
        assert_eq!(
            warnings,
            [
                Warning::DirectionRemoved,
                Warning::InvisibleRemoved,
                Warning::ConfusablesFolded
            ]
        );
    }
}
