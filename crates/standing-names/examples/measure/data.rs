//! The open data beside the repository, read for measuring: labelled pairs, lists, disturbed names, invented people, transliteration pairs.

use std::collections::BTreeSet;

use standing_model::PartyKind;
use unicode_normalization::UnicodeNormalization;

use crate::Failure;

/// One name of a list.
#[derive(Clone)]
pub struct ListName {
    pub party: String,
    pub kind: PartyKind,
    pub use_: Use,
    pub text: String,
    pub un: bool,
}

/// What a list uses a name for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Use {
    Primary,
    Alias,
    Script,
}

pub fn shared() -> Option<String> {
    let at = std::env::var("STANDING_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").into());
    std::path::Path::new(&at).join("data").exists().then_some(at)
}

fn text_of(block: &str, tag: &str) -> Option<String> {
    let (_, rest) = block.split_once(&format!("<{tag}>"))?;
    let (text, _) = rest.split_once("</")?;
    let text = text
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    Some(text.trim().to_owned()).filter(|t| !t.is_empty())
}

fn un(shared: &str, names: &mut Vec<ListName>) -> Result<(), Failure> {
    let text = std::fs::read_to_string(format!("{shared}/data/lists/un/2025-04-19.xml"))?;
    for (element, kind) in [("INDIVIDUAL", PartyKind::Person), ("ENTITY", PartyKind::Organisation)] {
        for block in text.split(&format!("<{element}>")).skip(1) {
            let block = block.split(&format!("</{element}>")).next().unwrap_or(block);
            let Some(party) = text_of(block, "REFERENCE_NUMBER") else {
                continue;
            };
            let mut add = |use_, text| {
                names.push(ListName {
                    party: party.clone(),
                    kind,
                    use_,
                    text,
                    un: true,
                });
            };
            let parts: Vec<String> = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"]
                .iter()
                .filter_map(|t| text_of(block, t))
                .collect();
            add(Use::Primary, parts.join(" "));
            for alias in block.split(&format!("<{element}_ALIAS>")).skip(1) {
                if let Some(text) = text_of(alias, "ALIAS_NAME") {
                    add(Use::Alias, text);
                }
            }
            if let Some(text) = text_of(block, "NAME_ORIGINAL_SCRIPT") {
                add(Use::Script, text);
            }
        }
    }
    Ok(())
}

fn ofac(shared: &str, names: &mut Vec<ListName>) -> Result<(), Failure> {
    let mut kinds = std::collections::BTreeMap::new();
    for (file, use_) in [("sdn", Use::Primary), ("alt", Use::Alias)] {
        let bytes = std::fs::read(format!("{shared}/data/lists/ofac/2021-07/{file}.csv"))?;
        let text: String = bytes.iter().map(|b| *b as char).collect();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        for row in reader.records().flatten() {
            let party = row.get(0).unwrap_or("").trim().to_owned();
            if use_ == Use::Primary {
                let kind = match row.get(2).unwrap_or("").trim() {
                    "individual" => PartyKind::Person,
                    "vessel" => PartyKind::Vessel,
                    "aircraft" => PartyKind::Aircraft,
                    _ => PartyKind::Organisation,
                };
                kinds.insert(party.clone(), kind);
            }
            let text = row
                .get(if use_ == Use::Primary { 1 } else { 3 })
                .unwrap_or("")
                .trim()
                .to_owned();
            if let Some(kind) = kinds.get(&party).copied().filter(|_| !text.is_empty()) {
                names.push(ListName {
                    party,
                    kind,
                    use_,
                    text,
                    un: false,
                });
            }
        }
    }
    Ok(())
}

/// All names of the UN list and of OFAC's.
pub fn lists(shared: &str) -> Result<Vec<ListName>, Failure> {
    let mut names = Vec::new();
    un(shared, &mut names)?;
    ofac(shared, &mut names)?;
    Ok(names)
}

/// The words of a name without marks and case, in no order: what makes two names one for the tally.
pub fn bag(name: &str) -> BTreeSet<String> {
    name.nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .collect::<String>()
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

pub fn latin(text: &str) -> bool {
    text.chars()
        .all(|c| (c as u32) < 0x250 || (0x1E00..0x1F00).contains(&(c as u32)) || !c.is_alphabetic())
}

/// Disturbed names: as listed, as asked.
pub fn positives(shared: &str) -> Result<Vec<(String, String)>, Failure> {
    let mut rows = Vec::new();
    for row in csv::Reader::from_path(format!("{shared}/data/screening/positives_un.csv"))?.records() {
        let row = row?;
        rows.push((row[0].to_owned(), row[1].to_owned()));
    }
    Ok(rows)
}

/// Invented people.
pub fn innocents(shared: &str) -> Result<Vec<String>, Failure> {
    let mut rows = Vec::new();
    for file in ["global", "us"] {
        for row in csv::Reader::from_path(format!("{shared}/data/screening/negatives_{file}.csv"))?.records() {
            rows.push(row?[0].to_owned());
        }
    }
    Ok(rows)
}

/// A labelled pair.
pub struct LabelledPair {
    pub kind: PartyKind,
    pub a: String,
    pub b: String,
    pub same: bool,
}

pub fn pairs(shared: &str) -> Result<Vec<LabelledPair>, Failure> {
    let mut rows = Vec::new();
    for row in csv::Reader::from_path(format!("{shared}/data/screening/name_pairs.csv"))?.records() {
        let row = row?;
        let kind = match &row[1] {
            "Person" => PartyKind::Person,
            "Vessel" => PartyKind::Vessel,
            "LegalEntity" => PartyKind::Unknown,
            _ => PartyKind::Organisation,
        };
        rows.push(LabelledPair {
            kind,
            a: row[2].to_owned(),
            b: row[3].to_owned(),
            same: &row[4] == "true",
        });
    }
    Ok(rows)
}

/// Name parts in Latin and in another script, with how often the pair was seen.
pub fn letters(shared: &str, language: &str) -> Result<Vec<(String, String, u32)>, Failure> {
    Ok(std::fs::read_to_string(format!("{shared}/data/names/{language}.tsv"))?
        .lines()
        .filter_map(|line| {
            let mut cells = line.split('\t');
            Some((
                cells.next()?.to_owned(),
                cells.next()?.to_owned(),
                cells.next()?.trim().parse().ok()?,
            ))
        })
        .collect())
}
