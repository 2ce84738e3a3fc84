//! The day of publication as an article's first lines give it: `Wednesday, January 23, 2019`, `MOSCOW, Oct. 4, 2024 (Reuters) –`.
//!
//! Only a full date counts. `Oct 4` alone has no year, and none is guessed.

use standing_model::date::Day;

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const NAMES: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// A line with nothing but a date is no longer than this.
const ALONE: usize = 60;
/// A dateline ends within this many bytes of its paragraph.
const WITHIN: usize = 100;

/// The day, if the first lines give one.
pub(super) fn find(text: &str) -> Option<Day> {
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()).take(5) {
        if line.len() <= ALONE {
            if let Some(day) = day_in(line) {
                return Some(day);
            }
        } else if let Some(head) = head(line)
            && let Some(day) = day_in(head)
        {
            return Some(day);
        }
    }
    None
}

/// The dateline of a paragraph: from its place in capitals to the dash or the medium in brackets.
fn head(line: &str) -> Option<&str> {
    let first = line.split([',', ' ']).next()?;
    let capitals = first.chars().filter(|c| c.is_alphabetic()).count() > 1 && !first.chars().any(char::is_lowercase);
    let end = line
        .char_indices()
        .take_while(|(at, _)| *at < WITHIN)
        .find(|(at, c)| matches!(c, '–' | '—' | '(') || (*c == '-' && line[..*at].ends_with(' ')))
        .map(|(at, _)| at)?;
    capitals.then(|| &line[..end])
}

fn month(word: &str) -> Option<i8> {
    let at = NAMES.iter().position(|n| *n == word).or_else(|| {
        MONTHS
            .iter()
            .position(|m| *m == word || (*m == "sep" && word == "sept"))
    })?;
    i8::try_from(at + 1).ok()
}

/// The first full date among some words: `October 4, 2024`, `4 October 2024`, `2024-10-04`.
fn day_in(text: &str) -> Option<Day> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect();
    let number = |at: Option<usize>| -> Option<i16> {
        let word = words.get(at?)?;
        let digits = word.trim_end_matches(|c: char| c.is_alphabetic());
        digits.parse().ok()
    };
    let year = |at: usize| number(Some(at)).filter(|y| (1700..=2999).contains(y));
    for (i, word) in words.iter().enumerate() {
        if let (Some(y), Some(m), Some(d)) = (year(i), number(Some(i + 1)), number(Some(i + 2)))
            && let (Ok(m), Ok(d)) = (i8::try_from(m), i8::try_from(d))
            && let Ok(day) = Day::new(y, m, d)
        {
            return Some(day);
        }
        let Some(m) = month(word) else { continue };
        let after = number(Some(i + 1)).filter(|d| (1..=31).contains(d));
        let before = number(i.checked_sub(1)).filter(|d| (1..=31).contains(d));
        let found = match (after, before) {
            (Some(d), _) if year(i + 2).is_some() => year(i + 2).zip(Some(d)),
            (_, Some(d)) => year(i + 1).zip(Some(d)),
            _ => None,
        };
        if let Some((y, d)) = found
            && let Ok(day) = Day::new(y, m, i8::try_from(d).ok()?)
        {
            return Some(day);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_dates_are_found_and_no_year_is_guessed() {
        let found = |text: &str| find(text).map(|d| d.to_string());
        assert_eq!(
            found("Wednesday, January 23, 2019\n\nText").as_deref(),
            Some("2019-01-23")
        );
        assert_eq!(found("4 October 2024").as_deref(), Some("2024-10-04"));
        let dated =
            "MOSCOW, Oct. 4, 2024 (Reuters) – Russia said on Friday that it would take the group off its list soon.";
        assert_eq!(found(dated).as_deref(), Some("2024-10-04"));
        let undated =
            "MOSCOW, Oct 4 (Reuters) – Russia said on Friday that it would take the group off its list, as in 2003.";
        assert_eq!(found(undated), None);
        let inside =
            "The group was listed on October 4, 2003 (by a court), and has been on the list ever since that day.";
        assert_eq!(found(inside), None, "a date in a sentence dates no article");
        assert_eq!(found("February 31, 2020"), None);
    }
}
