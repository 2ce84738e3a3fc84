//! Names in the cells of Japan's list: several in one cell, told apart by letters in brackets, line ends or signs, with notes in brackets.
//!
//! The sheets follow no one rule. Seen in the lists of 2022 and 2026: `(a)X(b)Y` in brackets of either width, in Japanese and then once
//! more in Latin letters; `X(b)Y` without the first letter; the whole in `(a.k.a.: …)`; a name in the other script behind it in brackets;
//! `(original script: …)`; a day of birth in brackets; `Sergey(Sergei) AKSYONOV(AKSENOV)` for two spellings of one name. A cell that is
//! taken apart is kept verbatim beside its names by the caller, so what is dropped here (marks, notes) is not lost.

use standing_model::{Name, NameKind, NameQuality};

use super::cells::{add, numbered};
use crate::several_names::at_marks;

/// Words that introduce another name, in small letters, and what the name is.
const MARKS: &[(&str, NameKind)] = &[
    ("a.k.a", NameKind::Alias),
    ("f.k.a", NameKind::Former),
    ("formerly known as", NameKind::Former),
    ("also known as", NameKind::Alias),
    ("旧称", NameKind::Former),
    ("別称", NameKind::Alias),
    ("別名", NameKind::Alias),
];

/// Words in brackets that say of the name before them that it was listed earlier.
const LISTED_BEFORE: &[&str] = &["previously listed", "formerly listed", "以前掲載", "以前のリスト記載"];

/// Words in brackets that tell of birth, papers, what kind of name it is or that a script was left out, and are no name.
const NOTES: &[&str] = &[
    "生",
    "国籍",
    "旅券",
    "born",
    "passport",
    "不明",
    "nom de guerre",
    "combat name",
    "戦闘員名",
    "イニシャル",
    "自称",
];

/// Words that begin notes on birth behind a name, `X, born in 1976`, in small letters.
const BIRTH: &[&str] = &[", born ", ", dob", "dob:", "出生地", "にて出生", "年生まれ", "日生まれ"];

/// Once it is written `original scipt`.
const ORIGINAL: &str = "original sc";

/// The names of a cell of that kind. The first name keeps the kind, and what marks call otherwise has the kind that they say.
pub(super) fn of_cell(kind: NameKind, quality: NameQuality, cell: &str) -> Vec<Name> {
    let cell = folded(cell);
    let mut names = Found {
        names: Vec::new(),
        quality,
    };
    for value in numbered(&cell).into_iter().flat_map(lettered) {
        let mut kind = kind;
        for line in lines(value, kind != NameKind::Primary) {
            for (mark, piece) in at_marks(line, MARKS) {
                // A mark holds to the end of its line, `(別称)X、Y`.
                kind = mark.unwrap_or(kind);
                names.piece(kind, piece);
            }
        }
    }
    names.names
}

/// The values of any cell that numbers or letters tell apart, without the sign between two of them.
pub(super) fn values(cell: &str) -> Vec<String> {
    let cell = folded(cell);
    numbered(&cell)
        .into_iter()
        .flat_map(lettered)
        .map(|value| {
            value
                .trim_matches(|c: char| c.is_whitespace() || matches!(c, '、' | ';'))
                .to_owned()
        })
        .filter(|value| !value.is_empty())
        .collect()
}

/// Brackets, colons and letters of full width as plain ones, and no marks of direction.
fn folded(cell: &str) -> String {
    cell.chars()
        .filter(|c| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .map(|c| match c {
            '（' | '）' | '：' | '；' | 'ａ'..='ｚ' | 'Ａ'..='Ｚ' | '０'..='９' => {
                char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
            }
            '\u{a0}' | '\u{202f}' | '\u{3000}' => ' ',
            '､' => '、',
            other => other,
        })
        .collect()
}

/// The values of a cell that letters in brackets tell apart. Letters follow one another, may begin again (once for each script) and may
/// leave one out; before the first there may be a value without a letter.
fn lettered(cell: &str) -> Vec<&str> {
    let mut values = Vec::new();
    let (mut from, mut at, mut last) = (0, 0, 0_usize);
    while let Some(open) = cell[at..].find('(').map(|found| at + found) {
        at = open + 1;
        let Some(close) = cell[at..].find(')').map(|found| at + found) else {
            break;
        };
        let letters = cell[at..close].trim();
        let Some(place) = place_of(&letters.to_ascii_lowercase()) else {
            continue;
        };
        // A capital is taken for a letter only where it is the next one.
        let exact = letters.bytes().all(|b| b.is_ascii_lowercase());
        let follows = exact && (place == 1 || (place > last && place <= last + 3 && (last > 0 || place == 2)))
            || place > 1 && place == last + 1;
        if follows {
            values.push(&cell[from..open]);
            (from, at, last) = (close + 1, close + 1, place);
        }
    }
    values.push(&cell[from..]);
    values
}

/// The place of `a`, `b`, … `z`, `aa`, `bb` in their order.
fn place_of(letters: &str) -> Option<usize> {
    let mut bytes = letters.bytes();
    let first = bytes.next().filter(u8::is_ascii_lowercase)?;
    let place = usize::from(first - b'a') + 1;
    match bytes.next() {
        None => Some(place),
        Some(second) if second == first && bytes.next().is_none() => Some(place + 26),
        Some(_) => None,
    }
}

/// A value's lines, and with `several` what `;` and `、` part in them outside of brackets. A list in Japanese over the same number of
/// names in Latin letters tells that those are parted by commas.
fn lines(value: &str, several: bool) -> Vec<&str> {
    if !several {
        // Some names run on in the next line, some give the original script there: a line end alone parts no primary name.
        return vec![value];
    }
    let mut pieces = Vec::new();
    let mut before = 0;
    for line in value.split('\n') {
        let line = enclosed(line);
        let mut parts = outside(line, &[';', '、']);
        if let [first, .., last] = &parts[..]
            && (first.starts_with("別称") || first.starts_with("別名"))
            && let Some((before, after)) = last.rsplit_once("及び")
        {
            parts.pop();
            parts.extend([before, after]);
        }
        if parts.len() == 1 && before > 1 {
            let commas = outside(line, &[',']);
            if commas.len() == before {
                pieces.extend(commas);
                continue;
            }
        }
        before = parts.len();
        pieces.extend(parts);
    }
    pieces
}

/// What stands in the brackets around a whole line.
fn enclosed(line: &str) -> &str {
    let line = line.trim();
    match bracketed(line) {
        Some(("", inside, "")) => inside.trim(),
        _ => line,
    }
}

/// Splits at signs that stand in no brackets; brackets that never close count as none.
fn outside<'a>(text: &'a str, signs: &[char]) -> Vec<&'a str> {
    let balanced = text.matches('(').count() == text.matches(')').count();
    let (mut depth, mut from) = (0_i32, 0);
    let mut parts = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '(' if balanced => depth += 1,
            ')' if balanced => depth -= 1,
            c if depth <= 0 && signs.contains(&c) => {
                parts.push(&text[from..at]);
                from = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

struct Found {
    names: Vec<Name>,
    quality: NameQuality,
}

impl Found {
    fn push(&mut self, kind: NameKind, text: &str) {
        let text =
            crate::note::spaced(text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '、' | ',' | ';' | ':')));
        let text = unquoted(&text);
        if text.chars().any(char::is_alphanumeric) {
            add(&mut self.names, Name::new(kind, text).with_quality(self.quality));
        }
    }

    /// One name with what stands in brackets behind it or in it.
    fn piece(&mut self, mut kind: NameKind, piece: &str) {
        let mut piece = piece.trim();
        let small = piece.to_ascii_lowercase();
        if let Some(at) = BIRTH.iter().filter_map(|words| small.find(words)).min()
            && !piece[..at].contains('(')
        {
            // Only a name in front of it is one: `1969年1月1日生まれ` begins with a number.
            piece = piece[..at].trim_end();
            if piece.starts_with(|c: char| c.is_ascii_digit()) {
                return;
            }
        }
        // Brackets around the whole, or left over from a mark.
        loop {
            let (open, close) = (piece.matches('(').count(), piece.matches(')').count());
            piece = match () {
                () if close > open && piece.ends_with(')') => piece[..piece.len() - 1].trim_end(),
                () if open > close && piece.starts_with('(') => piece[1..].trim_start(),
                () if open == 1 && close == 1 && piece.starts_with('(') && piece.ends_with(')') => {
                    piece[1..piece.len() - 1].trim()
                }
                () => break,
            };
        }
        let mut text = String::with_capacity(piece.len());
        let mut beside: Vec<(NameKind, String)> = Vec::new();
        let mut rest = piece;
        while let Some((before, inside, after)) = bracketed(rest) {
            text.push_str(before);
            let small = inside.to_ascii_lowercase();
            if let Some(at) = small.find(ORIGINAL) {
                let behind = inside[at + ORIGINAL.len()..].trim_start_matches(|c: char| c.is_ascii_alphabetic());
                let original = format!("{}{behind}", &inside[..at]);
                if !original.contains("不明") {
                    beside.push((kind, original));
                }
            } else if LISTED_BEFORE.iter().any(|words| small.contains(words)) {
                kind = NameKind::Former;
            } else if NOTES.iter().any(|word| small.contains(word)) || unquoted(inside).is_empty() {
                // No name; the cell is kept.
            } else if is_other_script(&text, inside)
                || is_short_form(&text, inside) && (after.trim().is_empty() || after.trim_start().starts_with('('))
            {
                let other = if kind == NameKind::Primary {
                    NameKind::Alias
                } else {
                    kind
                };
                beside.push((other, inside.to_owned()));
            } else {
                text.push('(');
                text.push_str(inside);
                text.push(')');
            }
            rest = after;
        }
        text.push_str(rest);
        match spellings(&text) {
            Some(spellings) => {
                for (at, spelling) in spellings.iter().enumerate() {
                    let kind = if at > 0 && kind == NameKind::Primary {
                        NameKind::Alias
                    } else {
                        kind
                    };
                    self.push(kind, spelling);
                }
            }
            None => self.push(kind, &text),
        }
        for (kind, name) in beside {
            self.push(kind, &name);
        }
    }
}

/// A name without the quotation marks around the whole of it, and without a note such as `【アラビア語】` that a script was left out.
fn unquoted(text: &str) -> String {
    let mut text = text.to_owned();
    while let Some(open) = text.find('【') {
        let Some(close) = text[open..].find('】') else {
            break;
        };
        text.replace_range(open..open + close + '】'.len_utf8(), "");
    }
    for (open, close) in [('“', '”'), ('「', '」'), ('"', '"')] {
        if let Some(inner) = text.strip_prefix(open).and_then(|inner| inner.strip_suffix(close))
            && !inner.contains([open, close])
        {
            return inner.trim().to_owned();
        }
    }
    text.trim().to_owned()
}

/// The first bracket that closes again: what is before it, in it (with brackets of its own) and behind it.
fn bracketed(text: &str) -> Option<(&str, &str, &str)> {
    let open = text.find('(')?;
    let mut depth = 0;
    for (at, c) in text[open..].char_indices() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return Some((&text[..open], &text[open + 1..open + at], &text[open + at + 1..]));
                }
            }
            _ => {}
        }
    }
    None
}

fn is_latin(c: char) -> bool {
    c.is_alphabetic() && u32::from(c) < 0x250
}

/// Is what stands in brackets the name before it in another script?
fn is_other_script(before: &str, inside: &str) -> bool {
    let letters = |text: &str, latin: bool| {
        text.chars()
            .filter(|c| c.is_alphabetic() && is_latin(*c) == latin)
            .count()
    };
    let (latin, other) = (letters(before, true), letters(before, false));
    let (latin_in, other_in) = (letters(inside, true), letters(inside, false));
    other > latin && other_in == 0 && latin_in > 1 || latin > other && latin_in == 0 && other_in > 1
}

/// Is it the short form of a name of several words, as in `National Liberation Army(ELN)`, and no other spelling of its last word?
fn is_short_form(before: &str, inside: &str) -> bool {
    let mut words = before.split_whitespace().rev();
    let Some(last) = words.next().filter(|_| words.next().is_some()) else {
        return false;
    };
    (2..=8).contains(&inside.len())
        && inside
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
        && !(last.bytes().next() == inside.bytes().next() && last.len().abs_diff(inside.len()) <= 2)
}

/// A name whose words give other spellings in brackets: the name, then one for each further spelling, all words' first ones together.
fn spellings(text: &str) -> Option<Vec<String>> {
    let mut words: Vec<(String, Vec<&str>)> = Vec::new();
    let mut rest = text;
    while let Some((before, inside, after)) = bracketed(rest) {
        for word in before.split_whitespace() {
            words.push((word.to_owned(), Vec::new()));
        }
        let (word, others) = words.last_mut()?;
        let first = word.chars().next()?;
        let given: Vec<&str> = inside.split(['/', ',']).map(str::trim).collect();
        let spelling = |other: &&str| {
            !other.contains(char::is_whitespace)
                && other
                    .chars()
                    .all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-'))
                && other.chars().count() > 2
                && (other.starts_with(first) || alike(word, other))
        };
        if !others.is_empty() || !given.iter().all(spelling) {
            return None;
        }
        *others = given;
        rest = after;
    }
    if words.iter().all(|(_, others)| others.is_empty()) {
        return None;
    }
    words.extend(rest.split_whitespace().map(|word| (word.to_owned(), Vec::new())));
    let most = words.iter().map(|(_, others)| others.len()).max()?;
    let name = |at: usize| {
        let of = |(word, others): &(String, Vec<&str>)| match at {
            0 => word.clone(),
            _ => others
                .get((at - 1).min(others.len().saturating_sub(1)))
                .map_or_else(|| word.clone(), |&other| other.to_owned()),
        };
        words.iter().map(of).collect::<Vec<_>>().join(" ")
    };
    Some((0..=most).map(name).collect())
}

/// Do two spellings have at least half of their letters in common, as `Mykola` and `Nikolay` do?
fn alike(one: &str, other: &str) -> bool {
    let mut letters: Vec<char> = one.chars().flat_map(char::to_lowercase).collect();
    let (count, of_other) = (letters.len(), other.chars().count());
    let shared = other.chars().flat_map(char::to_lowercase).filter(|c| {
        letters
            .iter()
            .position(|letter| letter == c)
            .map(|at| letters.swap_remove(at))
            .is_some()
    });
    2 * shared.count() >= count.max(of_other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: NameKind, cell: &str) -> Vec<String> {
        of_cell(kind, NameQuality::Good, cell)
            .into_iter()
            .map(|name| match name.kind {
                NameKind::Primary => format!("= {}", name.text),
                NameKind::Former => format!("formerly {}", name.text),
                NameKind::Alias => name.text.to_string(),
            })
            .collect()
    }

    #[test]
    fn letters_in_brackets() {
        let alias = |cell| read(NameKind::Alias, cell);
        assert_eq!(
            alias("(a)One Front(b)Two Front （c）Three"),
            ["One Front", "Two Front", "Three"]
        );
        assert_eq!(
            alias("アブ・アラ(b)アブ・ベラ\n(a)Abu Ala (b) Abu Bela"),
            ["アブ・アラ", "アブ・ベラ", "Abu Ala", "Abu Bela"]
        );
        assert_eq!(
            alias("(a.k.a.: (a)Abu Ala (b)Abu Bela (JAMBS))"),
            ["Abu Ala", "Abu Bela", "JAMBS"]
        );
        assert_eq!(alias("1)アブ・アラ 2)ベラ（【ロシア語】）"), ["アブ・アラ", "ベラ"]);
        assert_eq!(alias("(a)X Co. (Branch c) (b)Y"), ["X Co. (Branch c)", "Y"]);
    }

    #[test]
    fn marks_and_signs() {
        let alias = |cell| read(NameKind::Alias, cell);
        assert_eq!(alias("(a.k.a.: Abu Ala)"), ["Abu Ala"]);
        assert_eq!(alias("(a.k.a. “Alpha OOO”)"), ["Alpha OOO"]);
        assert_eq!(
            alias("アルファ；ベータ\nAlpha; Beta"),
            ["アルファ", "ベータ", "Alpha", "Beta"]
        );
        assert_eq!(
            alias("アルファ、ベータ\nAlpha Corporation, Beta"),
            ["アルファ", "ベータ", "Alpha Corporation", "Beta"]
        );
        assert_eq!(alias("Al-Haq, Amin"), ["Al-Haq, Amin"]);
        assert_eq!(
            alias("(別称)アルファ\nAlpha\n(旧称)ベータ"),
            ["アルファ", "Alpha", "formerly ベータ"]
        );
        assert_eq!(
            alias("(a.k.a. Alpha Bank LLC; a.k.a. Beta Bank)"),
            ["Alpha Bank LLC", "Beta Bank"]
        );
        assert_eq!(
            alias("(a)Abu Ala (previously listed as) (b)Bela"),
            ["formerly Abu Ala", "Bela"]
        );
    }

    #[test]
    fn brackets_behind_a_name() {
        let primary = |cell| read(NameKind::Primary, cell);
        assert_eq!(
            primary("HILAL FRONT (original script: جبهة الهلال)"),
            ["= HILAL FRONT", "= جبهة الهلال"]
        );
        assert_eq!(primary("MAULAWI ALA(original script：不明)"), ["= MAULAWI ALA"]);
        assert_eq!(
            primary("Hilal Liberation Army（HLA）"),
            ["= Hilal Liberation Army", "HLA"]
        );
        assert_eq!(
            primary("ヒラル・エアラインズ（HAL）"),
            ["= ヒラル・エアラインズ", "HAL"]
        );
        assert_eq!(
            primary("Alpha Construction (Namibia) CC"),
            ["= Alpha Construction (Namibia) CC"]
        );
        assert_eq!(
            primary("Ivan Mikheychik（a.k.a. Ivan Mikheichik）"),
            ["= Ivan Mikheychik", "Ivan Mikheichik"]
        );
        assert_eq!(
            read(
                NameKind::Alias,
                "アブ・アラ（Abu Ala）、ベラ（1970年5月1日、ソコト生まれ）"
            ),
            ["アブ・アラ", "Abu Ala", "ベラ"]
        );
        assert_eq!(
            primary("HILAL FRONT (HF) \u{202b}(جبهة:original script)"),
            ["= HILAL FRONT", "HF", "= جبهة"]
        );
        assert_eq!(primary("「ヒラル軍」(自称)"), ["= ヒラル軍"]);
        assert_eq!(read(NameKind::Alias, "【アラビア語】アブ・アラ"), ["アブ・アラ"]);
        assert_eq!(
            read(NameKind::Alias, "Abu Ala, DOB: 01 Jan.1969. POB: Sokoto."),
            ["Abu Ala"]
        );
        assert_eq!(
            read(NameKind::Alias, "1969年1月1日生まれ。出生地:Sokoto。"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn spellings_of_words() {
        let primary = |cell| read(NameKind::Primary, cell);
        assert_eq!(primary("Oleg(Oleh) PETROV(PETROW)"), ["= Oleg PETROV", "Oleh PETROW"]);
        assert_eq!(
            primary("Oleg PETROV(PETROW/PETROF)"),
            ["= Oleg PETROV", "Oleg PETROW", "Oleg PETROF"]
        );
        assert_eq!(
            primary("Evgenii (Yevgenii) Petrov"),
            ["= Evgenii Petrov", "Yevgenii Petrov"]
        );
        assert_eq!(
            primary("Nikolay(Nikolai/Mykola) PETROV"),
            ["= Nikolay PETROV", "Nikolai PETROV", "Mykola PETROV"]
        );
        assert_eq!(primary("Alpha (Hong Kong) Trading"), ["= Alpha (Hong Kong) Trading"]);
    }
}
