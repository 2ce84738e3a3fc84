//! The real lists beside the repository, read as plainly as the benchmark needs them.

use std::collections::BTreeMap;

use standing_model::{NameKind, NameQuality, PartyKind, State};
use standing_screen::listed::{Entry, EntryName, Fields, NameSource};

pub type Failure = Box<dyn std::error::Error>;

/// An entry of nothing but names.
pub fn entry(at: usize, kind: PartyKind, names: &[String]) -> Entry {
    Entry {
        party: format!("x:{at}"),
        listing: Some(format!("x:{at}")),
        kind,
        caption: names.first().cloned().unwrap_or_default(),
        fields: Fields::default(),
        standing: State::InForce,
        measures: Vec::new(),
        digest: String::new(),
        names: names
            .iter()
            .map(|text| EntryName {
                text: text.clone(),
                kind: NameKind::Alias,
                quality: NameQuality::Good,
                source: NameSource::Listing,
            })
            .collect(),
    }
}

fn tag(block: &str, name: &str) -> Option<String> {
    let (_, rest) = block.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once("</")?;
    Some(text.replace("&amp;", "&").replace("&apos;", "'").trim().to_owned()).filter(|t| !t.is_empty())
}

/// The parties of the UN list of April 2025 and of OFAC's of July 2021, each with its names.
pub fn parties(shared: &str) -> Result<Vec<(PartyKind, Vec<String>)>, Failure> {
    let mut parties = Vec::new();
    let un = std::fs::read_to_string(format!("{shared}/data/lists/un/2025-04-19.xml"))?;
    for (element, kind) in [("INDIVIDUAL", PartyKind::Person), ("ENTITY", PartyKind::Organisation)] {
        for block in un.split(&format!("<{element}>")).skip(1) {
            let block = block.split(&format!("</{element}>")).next().unwrap_or(block);
            let parts: Vec<String> = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"]
                .iter()
                .filter_map(|t| tag(block, t))
                .collect();
            let mut names = vec![parts.join(" ")];
            names.extend(
                block
                    .split(&format!("<{element}_ALIAS>"))
                    .skip(1)
                    .filter_map(|a| tag(a, "ALIAS_NAME")),
            );
            names.extend(tag(block, "NAME_ORIGINAL_SCRIPT"));
            names.retain(|n| !n.is_empty());
            parties.push((kind, names));
        }
    }
    let mut by_id = BTreeMap::new();
    for (file, column) in [("sdn", 1), ("alt", 3)] {
        let bytes: String = std::fs::read(format!("{shared}/data/lists/ofac/2021-07/{file}.csv"))?
            .iter()
            .map(|b| char::from(*b))
            .collect();
        for row in csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(bytes.as_bytes())
            .records()
            .flatten()
        {
            let kind = match row.get(2).unwrap_or("").trim() {
                "individual" => PartyKind::Person,
                "vessel" => PartyKind::Vessel,
                "aircraft" => PartyKind::Aircraft,
                _ => PartyKind::Organisation,
            };
            if let Some(name) = row.get(column) {
                by_id
                    .entry(row.get(0).unwrap_or("").trim().to_owned())
                    .or_insert_with(|| (kind, Vec::new()))
                    .1
                    .push(name.to_owned());
            }
        }
    }
    parties.extend(by_id.into_values());
    Ok(parties)
}

/// A column of a CSV file.
pub fn column(path: &str, at: usize) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for row in csv::Reader::from_path(path)?.records() {
        names.push(row?.get(at).unwrap_or("").to_owned());
    }
    Ok(names)
}
