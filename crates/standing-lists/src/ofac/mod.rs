//! The lists of the US Treasury's Office of Foreign Assets Control (OFAC), in its several formats.
//!
//! Two lists, never one: `us-sdn` (specially designated nationals) and `us-cons` (the consolidated non-SDN list: sectoral, Chinese
//! military-industrial, Palestinian Legislative Council and other lists). The identity of a listing is the party's `uid` in every format
//! (`ent_num`, `FixedRef`, `entity id`), which OFAC keeps for life. The older formats do not say which of the two lists they are;
//! [`which`] tells by the programmes.

pub(crate) mod advanced;
pub(crate) mod classic;
pub(crate) mod delta;
pub(crate) mod enhanced;
pub(crate) mod features;
pub(crate) mod remarks;
pub(crate) mod tables;

use standing_model::{Identifier, Name, NameKind, NameQuality, PartKind, PartyKind, Record, Text};

use crate::error::ReadError;
use crate::registry::ReadOptions;
use crate::text;

/// The list of specially designated nationals.
pub(crate) const SDN: &str = "us-sdn";
/// The consolidated non-SDN list.
pub(crate) const CONSOLIDATED: &str = "us-cons";

/// Programmes of the sub-lists of the consolidated list (OFAC, "Consolidated Sanctions List": SSI, NS-PLC, CMIC, CAPTA, FSE, MBS).
/// Some SDNs carry one beside their own, and some parties of the consolidated list none, so that only shares tell.
fn is_consolidated(programme: &str) -> bool {
    // Most programmes begin otherwise.
    if !matches!(
        programme.as_bytes().first(),
        Some(b'U' | b'C' | b'5' | b'N' | b'F' | b'S' | b'M')
    ) {
        return false;
    }
    matches!(
        programme,
        "UKRAINE-EO13662" | "CMIC-EO13959" | "561-Related" | "561List"
    ) || ["NS-", "FSE-", "CMIC", "CAPTA", "SSI", "MBS"]
        .iter()
        .any(|start| programme.starts_with(start))
}

/// Which list it is: that of the caller, else by the share of parties with a programme of the consolidated list.
///
/// Of the consolidated lists seen (2020, 2022, 2025) 98 % have one, of the SDN lists (2019, 2021) 0.3 %. Between a fifth and three
/// fifths nothing is guessed.
pub(crate) fn which(document: &str, records: &[Record], options: &ReadOptions) -> Result<String, ReadError> {
    if let Some(list) = &options.list {
        return Ok(list.clone());
    }
    let marked = records
        .iter()
        .filter(|r| r.programmes.iter().any(|p| is_consolidated(p)))
        .count();
    if marked * 5 <= records.len() {
        Ok(SDN.to_owned())
    } else if marked * 5 >= records.len() * 3 {
        Ok(CONSOLIDATED.to_owned())
    } else {
        Err(ReadError::Inconsistent {
            document: document.to_owned(),
            what: format!(
                "{marked} of {} parties have a programme of the consolidated list, so that it is not clear which list this is",
                records.len()
            ),
            remedy: format!("Say which: --list {SDN} or --list {CONSOLIDATED}"),
        })
    }
}

/// What follows a family name's comma when it is no given name.
const SUFFIXES: [&str; 6] = ["Jr.", "Sr.", "II", "III", "IV", "Jr"];

/// A name as OFAC writes it: `HANIYA, Ismail Abdul Salah` for a person, in reading order with its parts.
pub(crate) fn name(kind: PartyKind, role: NameKind, written: &str) -> Name {
    if kind != PartyKind::Person {
        return Name::new(role, written);
    }
    let Some(comma) = text::find(written, ", ") else {
        return Name::new(role, written);
    };
    let (family, given) = (&written[..comma], &written[comma + 2..]);
    match text::find_last(given, ", ") {
        Some(comma) if SUFFIXES.contains(&&given[comma + 2..]) => {
            person(role, &given[..comma], family, &given[comma + 2..])
        }
        _ => person(role, given, family, ""),
    }
}

/// A person's name from its parts, any of which may be empty.
pub(crate) fn person(role: NameKind, given: &str, family: &str, suffix: &str) -> Name {
    let mut text = Text::with_capacity(given.len() + family.len() + suffix.len() + 2);
    let mut parts = Vec::new();
    for (kind, part) in [
        (PartKind::Given, given),
        (PartKind::Family, family),
        (PartKind::Suffix, suffix),
    ] {
        if part.is_empty() {
            continue;
        }
        if text.is_empty() {
            parts.reserve_exact(if suffix.is_empty() { 2 } else { 3 });
        } else {
            text.push(' ');
        }
        text.push_str(part);
        parts.push((kind, Text::from(part)));
    }
    let mut name = Name::new(role, text);
    if parts.len() > 1 {
        name.parts = parts;
    }
    name
}

/// The role of an alias by OFAC's word for it; `n.k.a.` (now known as) is an alias.
pub(crate) fn role(word: &str) -> NameKind {
    if word.eq_ignore_ascii_case("fka") || word.eq_ignore_ascii_case("f.k.a.") {
        NameKind::Former
    } else {
        NameKind::Alias
    }
}

/// The trust in an alias by OFAC's category.
pub(crate) fn quality(category: &str) -> NameQuality {
    if category.eq_ignore_ascii_case("weak") {
        NameQuality::Weak
    } else {
        NameQuality::Good
    }
}

/// The kind of party by OFAC's word for it.
pub(crate) fn party(word: &str) -> PartyKind {
    const WORDS: [(&str, PartyKind); 5] = [
        ("", PartyKind::Organisation),
        ("individual", PartyKind::Person),
        ("entity", PartyKind::Organisation),
        ("vessel", PartyKind::Vessel),
        ("aircraft", PartyKind::Aircraft),
    ];
    WORDS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(word))
        .map_or(PartyKind::Unknown, |&(_, kind)| kind)
}

/// What a part of a name is, by OFAC's name part types.
pub(crate) fn part(word: &str) -> PartKind {
    match word {
        "First Name" => PartKind::Given,
        "Middle Name" => PartKind::Middle,
        "Last Name" => PartKind::Family,
        "Patronymic" => PartKind::Patronymic,
        "Matronymic" => PartKind::Matronymic,
        "Maiden Name" => PartKind::Maiden,
        "Suffix" => PartKind::Suffix,
        _ => PartKind::Part,
    }
}

/// Parts of an address on one line.
pub(crate) fn one_line(parts: &[(Text, Text)]) -> String {
    let parts = parts
        .iter()
        .filter(|(label, _)| label != "script")
        .map(|(_, text)| text.as_str());
    parts.collect::<Vec<_>>().join(", ")
}

/// Adds to what is said of an identifier.
pub(crate) fn add_note(identifier: &mut Identifier, text: &str) {
    if text.is_empty() {
        return;
    }
    match &mut identifier.note {
        Some(note) => {
            note.push_str("; ");
            note.push_str(text);
        }
        None => identifier.note = Some(text.into()),
    }
}
