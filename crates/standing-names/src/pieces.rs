//! The conventions of writing names, step by step on a name's pieces: initials, commas, legal forms, titles and particles, Arabic compounds, numbers.

use standing_model::{PartyKind, Script};

use crate::arabic;
use crate::clean::{Gap, RawWord};
use crate::lexicon::{LEGAL_FORM_WORDS, LEXICON, Light, roman};
use crate::prepare::{TokenKind, Warning};
use crate::translit::{self, Manner};

/// A word on its way to becoming a token or a mark.
pub(crate) struct Piece {
    pub written: String,
    pub latin: String,
    pub readings: Vec<translit::Reading>,
    pub script: Option<Script>,
    pub gap: Gap,
    pub kind: TokenKind,
    pub class: &'static str,
    pub light: bool,
}

pub(crate) fn read_pieces(raw: Vec<RawWord>, person: bool, warnings: &mut Vec<Warning>) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(raw.len() + 2);
    // `A.B.C.` is one acronym in a body's name, three initials in a person's.
    let mut words: Vec<RawWord> = Vec::with_capacity(raw.len());
    for word in raw {
        let single = |w: &RawWord| w.dotted && w.letters.chars().nth(1).is_none();
        if !person
            && word.letters.chars().nth(1).is_none()
            && word.gap != Gap::Other
            && let Some(last) = words.last_mut()
            && last.dotted
            && (single(last)
                || last.letters.chars().count() <= 8
                    && last.letters.chars().all(char::is_alphabetic)
                    && last.gap == Gap::Camel)
        {
            last.letters.push_str(&word.letters);
            last.dotted = word.dotted;
            last.gap = Gap::Camel;
            continue;
        }
        words.push(word);
    }
    // Several words, one of them of three signs or more, are a foreign name in these signs: 贝拉克·奥巴马.
    let native_length = |w: &RawWord| {
        let native = matches!(w.script, Some(Script::Han | Script::Hangul));
        if native { w.letters.chars().count() } else { 0 }
    };
    let foreign = words.len() > 1 && words.iter().any(|w| native_length(w) >= 3);
    for mut word in words {
        let letters = word.letters.chars().filter(|c| c.is_alphabetic()).count();
        if person
            && letters >= 2
            && word.letters.bytes().any(|b| b.is_ascii_digit())
            && word.script == Some(Script::Latin)
        {
            word.letters = word.letters.chars().map(figure_as_letter).collect();
            if !warnings.contains(&Warning::FiguresRead) {
                warnings.push(Warning::FiguresRead);
            }
        }
        for (letters, gap) in native_parts(&word, person, foreign) {
            if word.script == Some(Script::Arabic) {
                arabic_pieces(&letters, gap, &mut pieces);
                continue;
            }
            let readings = translit::read(&letters, word.script);
            let latin = readings.first().map(translit::Reading::key).unwrap_or_default();
            if latin.is_empty() {
                continue;
            }
            pieces.push(Piece {
                written: letters,
                latin,
                readings,
                script: word.script,
                gap,
                kind: TokenKind::Name,
                class: "",
                light: false,
            });
        }
    }
    pieces
}

/// A word in Arabic letters, its compounds and articles found before it is read: what is glued there is written apart in Latin.
fn arabic_pieces(word: &str, gap: Gap, pieces: &mut Vec<Piece>) {
    for (at, part) in arabic::native_parts(word).into_iter().enumerate() {
        let mut readings = translit::read(part.letters, Some(Script::Arabic));
        for reading in &mut readings {
            // The name served may itself be God's.
            let core = match arabic::served(&reading.key()) {
                god @ ("lah" | "lahi") if !part.before.is_empty() => god.to_owned(),
                _ => reading.latin.clone(),
            };
            let part_off = |text: &str| if text.is_empty() { "" } else { "'" };
            reading.latin = format!(
                "{}{}{core}{}{}",
                part.before,
                part_off(part.before),
                part_off(part.after),
                part.after
            );
        }
        let latin = readings.first().map(translit::Reading::key).unwrap_or_default();
        if latin.is_empty() {
            continue;
        }
        pieces.push(Piece {
            written: if at == 0
                && part.after.is_empty()
                && part.before.is_empty()
                && word.starts_with(part.letters)
                && part.letters.len() < word.len()
            {
                part.letters.to_owned()
            } else {
                word.to_owned()
            },
            latin,
            readings,
            script: Some(Script::Arabic),
            gap: if at == 0 { gap } else { Gap::Space },
            kind: TokenKind::Name,
            class: "",
            light: false,
        });
    }
}

/// Endings that Persian and Pashto names write apart or glued: `Akhund zada`, `Noor zai`, `Ahmad khel`.
const GLUED_ENDINGS: [&str; 17] = [
    "zada", "zadah", "zade", "zadeh", "zadh", "zai", "zay", "zy", "zyy", "khel", "kheil", "khyl", "pour", "pur", "pwr",
    "nejad", "nzhad",
];

/// Such an ending joins the name before it.
pub(crate) fn join_endings(pieces: &mut Vec<Piece>) {
    let mut at = 1;
    while at < pieces.len() {
        let manner = |p: &Piece| p.readings.first().map(|r| r.manner);
        let (before, here) = (&pieces[at - 1], &pieces[at]);
        let fits = GLUED_ENDINGS.contains(&here.latin.as_str())
            && matches!(here.gap, Gap::Space | Gap::Hyphen)
            && before.latin.len() >= 3
            && manner(before) == manner(here)
            && (at >= 2 || pieces.len() == 2 || here.gap == Gap::Hyphen || before.script == Some(Script::Arabic));
        if fits {
            let ending = pieces.remove(at);
            let before = &mut pieces[at - 1];
            before.latin.push_str(&ending.latin);
            before.written = format!("{} {}", before.written, ending.written);
            if let (Some(first), Some(second)) = (before.readings.first(), ending.readings.first()) {
                let latin = format!("{}'{}", first.latin, second.latin);
                let manner = first.manner;
                before.readings = vec![translit::Reading { latin, manner }];
            }
        } else {
            at += 1;
        }
    }
}

/// What stands after `bin` is the father; so is a Slavic `-ovich`, `-ovna` behind the given name.
pub(crate) fn find_patronymics(pieces: &mut [Piece]) {
    let weighty = pieces.iter().filter(|p| !p.light).count();
    let (mut seen, mut slavic) = (0, false);
    for at in 0..pieces.len() {
        let (before, here) = pieces.split_at_mut(at);
        let Some(piece) = here.first_mut().filter(|p| !p.light) else {
            continue;
        };
        seen += 1;
        let son = before
            .last()
            .is_some_and(|p| p.kind == TokenKind::Particle && matches!(p.class, "bin" | "bint"));
        let ending = [
            "ovich", "evich", "ovitch", "evitch", "ovych", "evych", "ovna", "evna", "ivna", "yevich",
        ]
        .iter()
        .any(|end| piece.latin.len() > end.len() + 2 && piece.latin.ends_with(end));
        let of_father = ending && !slavic && weighty >= 3 && seen >= 2;
        slavic |= of_father;
        if piece.kind == TokenKind::Name && seen >= 2 && (son || of_father) {
            piece.kind = TokenKind::Patronymic;
        }
    }
}

/// A particle before a word is also written as one with it: `al Assad`, `Alassad`; `van der Bilt`, `Vanderbilt`.
pub(crate) fn glue_particles(pieces: &mut [Piece]) {
    for at in 1..pieces.len() {
        let (before, here) = pieces.split_at_mut(at);
        let piece = &mut here[0];
        if piece.light
            || piece.script != Some(Script::Latin)
            || !matches!(piece.kind, TokenKind::Name | TokenKind::Patronymic)
        {
            continue;
        }
        let mut glued = piece.latin.clone();
        for particle in before.iter().rev().take(2) {
            if !particle.light || !matches!(particle.kind, TokenKind::Particle | TokenKind::Article) {
                break;
            }
            glued = format!("{}{glued}", particle.latin);
            piece.readings.push(translit::Reading {
                latin: glued.clone(),
                manner: Manner::Glued,
            });
        }
    }
}

/// Figures that stand for the letter they look like.
fn figure_as_letter(c: char) -> char {
    match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        '8' => 'b',
        '9' => 'g',
        other => other,
    }
}

/// A personal name in Han or Hangul written without spaces is surname and given name; each sign of the given name is a token, since Latin writes
/// `Jong Un`, `Jong-un` and `Jongun`.
fn native_parts(word: &RawWord, person: bool, foreign: bool) -> Vec<(String, Gap)> {
    let count = word.letters.chars().count();
    let native = matches!(word.script, Some(Script::Han | Script::Hangul));
    if !person || foreign || !native || !(2..=4).contains(&count) {
        return vec![(word.letters.clone(), word.gap)];
    }
    let first_two: String = word.letters.chars().take(2).collect();
    let cut = if count > 2 && crate::han::is_long_surname(&first_two) {
        2
    } else {
        1
    };
    if count == 4 && cut == 1 {
        return vec![(word.letters.clone(), word.gap)];
    }
    let surname: String = word.letters.chars().take(cut).collect();
    let given = word.letters.chars().skip(cut).map(|c| (c.to_string(), Gap::Hyphen));
    let mut parts = vec![(surname, word.gap)];
    parts.extend(given);
    // The surname is not joined to what follows.
    if let Some(first) = parts.get_mut(1) {
        first.1 = Gap::Space;
    }
    parts
}

/// `JC Juncker`: two capitals without a vowel before a name that is not all capitals are two initials.
pub(crate) fn part_glued_initials(pieces: &mut Vec<Piece>) {
    let mixed = pieces.iter().any(|p| p.written.chars().any(char::is_lowercase));
    let glued = |p: &Piece| {
        p.written.len() == 2
            && p.written
                .bytes()
                .all(|b| b.is_ascii_uppercase() && !b"AEIOUY".contains(&b))
    };
    let Some(at) = pieces
        .iter()
        .position(|p| mixed && glued(p) && !LEXICON.titles.contains_key(p.latin.as_str()))
    else {
        return;
    };
    let piece = pieces.remove(at);
    for (i, c) in piece.written.chars().enumerate() {
        let latin = c.to_lowercase().to_string();
        let readings = vec![translit::Reading {
            latin: latin.clone(),
            manner: Manner::Full,
        }];
        let gap = if i == 0 { piece.gap } else { Gap::Space };
        let written = c.to_string();
        let one = Piece {
            written,
            latin,
            readings,
            script: piece.script,
            gap,
            kind: TokenKind::Name,
            class: "",
            light: false,
        };
        pieces.insert(at + i, one);
    }
}

/// `Forty-four`: tens and units make one number.
pub(crate) fn join_spelled_numbers(pieces: &mut Vec<Piece>) {
    let value = |p: &Piece| LEXICON.numbers.get(p.latin.as_str()).copied();
    let mut at = 0;
    while at + 1 < pieces.len() {
        if let (Some(tens @ 20..=90), Some(unit @ 1..=9)) = (value(&pieces[at]), value(&pieces[at + 1])) {
            let unit_piece = pieces.remove(at + 1);
            pieces[at].written = format!("{}-{}", pieces[at].written, unit_piece.written);
            pieces[at].latin = (tens + unit).to_string();
            pieces[at].readings.clear();
        }
        at += 1;
    }
}

/// `Family, Given` is turned to reading order.
pub(crate) fn turn_at_comma(pieces: &mut [Piece]) {
    let commas: Vec<usize> = pieces
        .iter()
        .enumerate()
        .filter(|(_, p)| p.gap == Gap::Comma)
        .map(|(i, _)| i)
        .collect();
    let Some(&at) = commas.first() else {
        surnames_in_capitals(pieces);
        return;
    };
    let end = commas.get(1).copied().unwrap_or(pieces.len());
    let is_title =
        |p: &Piece| LEXICON.titles.contains_key(p.latin.as_str()) || LEXICON.legal_forms.contains_key(p.latin.as_str());
    if pieces[at..end].iter().all(is_title) {
        return;
    }
    // Two words before the comma: of a Spanish double surname the first is the one that is used.
    let particle = |p: &Piece| LEXICON.particles.contains_key(p.latin.as_str());
    if at == 2
        && !particle(&pieces[0])
        && !particle(&pieces[1])
        && pieces[1].gap == Gap::Space
        && pieces[0].latin.len() > 2
    {
        pieces[0].kind = TokenKind::Family;
    }
    pieces[at].gap = Gap::Space;
    pieces[..end].rotate_left(at);
}

/// `Alfonso CORONA ROMERO`: two words in capitals after a name that is not all capitals are a double surname, as before a comma.
fn surnames_in_capitals(pieces: &mut [Piece]) {
    let capitals = |p: &Piece| {
        p.latin.len() > 2
            && p.gap == Gap::Space
            && p.written.chars().all(|c| !c.is_lowercase())
            && p.written.chars().any(char::is_uppercase)
            && !LEXICON.particles.contains_key(p.latin.as_str())
            && !LEXICON.titles.contains_key(p.latin.as_str())
    };
    let [given @ .., first, second] = pieces else { return };
    let mixed = given.iter().any(|p| p.written.chars().any(char::is_lowercase));
    if mixed && capitals(first) && capitals(second) {
        first.kind = TokenKind::Family;
    }
}

pub(crate) fn find_legal_forms(pieces: &mut [Piece], person: bool) {
    // In a person's name a legal form stands at the end, behind two words at least.
    let mut at = if person { 2 } else { 0 };
    let mut phrase = String::new();
    while at < pieces.len() {
        if !LEXICON.legal_form_starts.contains(pieces[at].latin.as_str()) {
            at += 1;
            continue;
        }
        let mut found = None;
        phrase.clear();
        for (length, piece) in pieces[at..].iter().take(LEGAL_FORM_WORDS).enumerate() {
            if length > 0 {
                phrase.push(' ');
            }
            phrase.push_str(&piece.latin);
            if let Some(class) = LEXICON.legal_forms.get(phrase.as_str()) {
                found = Some((length + 1, *class));
            } else if length >= 2
                && at + length + 1 == pieces.len()
                && let Some(class) = LEXICON.cut_forms.get(&phrase)
            {
                found = Some((length + 1, *class));
            }
        }
        match found {
            Some((length, class))
                if !person || (at + length == pieces.len() && at >= 2 && pieces[at].latin.len() + length > 2) =>
            {
                for piece in &mut pieces[at..at + length] {
                    piece.kind = TokenKind::LegalForm;
                    piece.class = class;
                    piece.light = true;
                }
                at += length;
            }
            _ => at += 1,
        }
    }
}

/// The surnames most Vietnamese bear; beside one of them `Van` is a middle name.
const VIETNAMESE_SURNAMES: [&str; 14] = [
    "nguyen", "tran", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui", "ngo", "duong", "ly", "dinh",
];

pub(crate) fn find_light_words(pieces: &mut [Piece], kind: PartyKind) {
    let count = pieces.len();
    let vietnamese = pieces.iter().any(|p| VIETNAMESE_SURNAMES.contains(&p.latin.as_str()));
    for (at, piece) in pieces.iter_mut().enumerate() {
        // Signs for syllables read like many a particle.
        if piece.light || matches!(piece.script, Some(Script::Han | Script::Hangul)) {
            continue;
        }
        let spelling = crate::lexicon::spelling(&piece.latin, piece.script);
        let latin = spelling.as_ref();
        let person = matches!(kind, PartyKind::Person | PartyKind::Unknown);
        let body = matches!(kind, PartyKind::Organisation | PartyKind::Government);
        let found = if let Some(&(role, class)) = LEXICON.particles.get(latin) {
            match role {
                Light::Article if at + 1 < count => Some((TokenKind::Article, class)),
                Light::Kunya | Light::Filiation if at + 1 < count && latin.len() > 1 => {
                    Some((TokenKind::Particle, class))
                }
                Light::Noble if vietnamese && latin == "van" => None,
                Light::Noble if !person && latin == "van" && at + 1 < count => Some((TokenKind::Particle, class)),
                Light::Noble if at > 0 && at + 1 < count && latin.len() > 1 || latin == "and" => {
                    Some((TokenKind::Particle, class))
                }
                Light::Link if body => Some((TokenKind::Particle, class)),
                _ => None,
            }
        } else {
            None
        };
        let found = found.or_else(|| match kind {
            PartyKind::Person | PartyKind::Unknown => LEXICON.titles.get(latin).map(|class| (TokenKind::Title, *class)),
            PartyKind::Vessel if at == 0 && matches!(latin, "mv" | "mt" | "ms" | "ss" | "mts" | "my" | "fv" | "sv") => {
                Some((TokenKind::Title, "mv"))
            }
            _ => None,
        });
        if let Some((kind, class)) = found {
            piece.kind = kind;
            piece.class = class;
            piece.light = true;
        }
    }
}

/// Titles that are surnames too where no name stands behind them.
const TITLES_BORNE_AS_SURNAMES: [&str; 15] = [
    "king", "prince", "baron", "bishop", "pope", "dean", "judge", "major", "marshal", "marshall", "marechal", "count",
    "graf", "duke", "lord",
];

/// `Michael King`, `Diana Elisa Graf`: such a title that ends a name is its family name; so is one behind an article after one other word (`Mehran Al Sheikh`). Others may follow a
/// name as titles: `Mohammad Akhund`.
pub(crate) fn keep_titles_that_are_surnames(pieces: &mut [Piece]) {
    let Some((last, before)) = pieces.split_last_mut() else {
        return;
    };
    let words = before.iter().filter(|p| !p.light).count();
    let surname = words >= 1 && TITLES_BORNE_AS_SURNAMES.contains(&last.latin.as_str())
        || words == 1 && before.last().is_some_and(|p| p.kind == TokenKind::Article);
    if last.kind == TokenKind::Title && surname && last.gap != Gap::Comma {
        last.kind = TokenKind::Name;
        last.class = "";
        last.light = false;
    }
}

/// Arabic compounds in all their cuts become one piece.
pub(crate) fn join_compounds(pieces: &mut Vec<Piece>) {
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut rest = std::mem::take(pieces).into_iter().peekable();
    while let Some(mut piece) = rest.next() {
        let full = piece.readings.first().is_some_and(|r| r.manner == Manner::Full);
        if !piece.light && arabic::is_servant(&piece.latin) {
            if arabic::is_slip(&piece.latin) {
                piece.class = "slip";
            }
            // abd + article + name
            let mut between = String::new();
            while rest.peek().is_some_and(|p| p.kind == TokenKind::Article) {
                if let Some(article) = rest.next() {
                    between.push(' ');
                    between.push_str(&article.written);
                }
            }
            match rest.peek() {
                Some(next) if !next.light => {
                    if let Some(next) = rest.next() {
                        let served = arabic::served(&next.latin);
                        piece.latin = format!("abd{served}");
                        let own = next
                            .readings
                            .first()
                            .filter(|_| served == next.latin)
                            .map_or(served, |r| r.latin.as_str());
                        let reading = format!("abd'{own}");
                        piece.written = format!("{}{between} {}", piece.written, next.written);
                        let manner = next.readings.first().map_or(Manner::Full, |r| r.manner);
                        piece.readings = vec![translit::Reading { latin: reading, manner }];
                        // Written apart, the servant is often dropped: `Abdul Hanif`, `Hanif`.
                        if next.latin.len() >= 4 {
                            piece
                                .readings
                                .extend(next.readings.into_iter().next().map(|r| translit::Reading {
                                    manner: if r.manner == Manner::Full {
                                        Manner::Dropped
                                    } else {
                                        r.manner
                                    },
                                    ..r
                                }));
                        }
                    }
                }
                _ => {
                    piece.latin = "abd".into();
                    piece.readings = vec![translit::Reading {
                        latin: "abd".into(),
                        manner: Manner::Full,
                    }];
                }
            }
            out.push(piece);
            continue;
        }
        if !piece.light
            && (arabic::is_faith(&piece.latin) || matches!(piece.latin.as_str(), "allah" | "ullah" | "allh"))
        {
            let end = if arabic::is_faith(&piece.latin) { "din" } else { "lah" };
            let mut articles = Vec::new();
            while out.last().is_some_and(|p| p.kind == TokenKind::Article) {
                articles.extend(out.pop());
            }
            if let Some(before) = out
                .last_mut()
                .filter(|p| !p.light && p.latin.len() >= 2 && !p.latin.ends_with("din"))
            {
                let stem = before.latin.trim_end_matches("ul").trim_end_matches(['u', 'e']);
                let stem = if stem.len() >= 3 { stem } else { before.latin.as_str() };
                before.latin = format!("{stem}{end}");
                before.written = format!("{} {}", before.written, piece.written);
                let (manner, own) = before
                    .readings
                    .first()
                    .map_or((Manner::Full, String::new()), |r| (r.manner, r.latin.clone()));
                let latin = if manner == Manner::Skeleton {
                    format!("{own}'{end}")
                } else {
                    before.latin.clone()
                };
                before.readings = vec![translit::Reading { latin, manner }];
                continue;
            }
            articles.reverse();
            out.extend(articles);
            out.push(piece);
            continue;
        }
        if !piece.light
            && full
            && let Some(canonical) = arabic::canonical(&piece.latin)
        {
            piece.latin = canonical;
            piece.readings[0].latin = match piece.latin.strip_prefix("abd") {
                Some(served) => format!("abd'{served}"),
                None => piece.latin.clone(),
            };
        }
        out.push(piece);
    }
    *pieces = out;
}

pub(crate) fn find_numbers_and_generic(pieces: &mut [Piece], person: bool) {
    let weighty = pieces.iter().filter(|p| !p.light).count();
    for piece in pieces.iter_mut().filter(|p| !p.light) {
        if piece.latin.bytes().any(|b| b.is_ascii_digit()) {
            piece.kind = TokenKind::Number;
            // `44th` is 44.
            let figures = piece.latin.trim_end_matches(|c: char| !c.is_ascii_digit());
            let ending = &piece.latin[figures.len()..];
            if matches!(ending, "st" | "nd" | "rd" | "th" | "er" | "eme" | "ya" | "y")
                && figures.bytes().all(|b| b.is_ascii_digit())
            {
                piece.latin.truncate(figures.len());
            }
        } else if piece.latin.chars().nth(1).is_none()
            && piece
                .script
                .is_none_or(|s| s == Script::Latin || s == Script::Cyrillic || s == Script::Greek)
        {
            piece.kind = TokenKind::Initial;
        } else if !person {
            if LEXICON.generic.contains_key(piece.latin.as_str()) {
                piece.kind = TokenKind::Generic;
            } else if weighty > 1
                && let Some(value) = LEXICON
                    .numbers
                    .get(piece.latin.as_str())
                    .copied()
                    .or_else(|| roman(&piece.latin))
            {
                piece.kind = TokenKind::Number;
                piece.latin = value.to_string();
            }
        }
    }
}
