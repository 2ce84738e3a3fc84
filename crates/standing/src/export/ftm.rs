//! FollowTheMoney entities (4.11): one for each party, and a `Sanction` for each of its standings, whether it rests on a listing or on
//! the register alone. A recognition or a mission is no sanction.
//!
//! The id of an entity is the party's id; `referents` are its other ids. Every property is a list of strings; dates stand at prefix
//! precision, and an interval is given by its latest day (the day by which it was certainly so).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;
use standing_ledger::{Ledger, ListingView, Party, View};
use standing_model::{
    Action, Day, Grade, IdentifierKind, ListingId, Measure, Name, NameKind, NameQuality, PartialDate, PartyKind,
    Record, Standing, State,
};

use crate::clocks::Question;
use crate::error::StandingError;

/// An entity as FollowTheMoney writes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entity {
    /// The party's id, or that of a sanction.
    pub id: String,
    /// What to call it.
    pub caption: String,
    /// The schema.
    pub schema: String,
    /// Properties; every value is a list of strings.
    pub properties: BTreeMap<String, Vec<String>>,
    /// The lists that it comes from.
    pub datasets: Vec<String>,
    /// Ids that are one with it.
    pub referents: Vec<String>,
    /// Whether a measure on it is in force.
    pub target: bool,
    /// The date of the first list that showed it.
    pub first_seen: Option<String>,
    /// The date of the last list that showed it.
    pub last_seen: Option<String>,
}

fn prefix(date: PartialDate) -> Option<String> {
    match date {
        PartialDate::In(date) => Some(date.to_string()),
        PartialDate::Circa(date) => Some(date.year().to_string()),
        other => other.latest().or(other.earliest()).map(|d| d.to_string()),
    }
}

fn day(date: Option<PartialDate>) -> Option<String> {
    date.and_then(PartialDate::latest).map(|d| d.to_string())
}

fn schema(kind: PartyKind) -> &'static str {
    match kind {
        PartyKind::Person => "Person",
        PartyKind::Organisation => "Organization",
        PartyKind::Vessel => "Vessel",
        PartyKind::Aircraft => "Airplane",
        PartyKind::Government => "PublicBody",
        PartyKind::Unknown => "LegalEntity",
    }
}

/// Calls `f` with every entity of the ledger, as of a question's clocks, in the order of the parties' ids.
pub fn entities(
    ledger: &Ledger,
    question: &Question,
    today: Day,
    f: &mut dyn FnMut(Entity) -> Result<(), StandingError>,
) -> Result<(), StandingError> {
    let (view, clocks) = question.view(ledger, today)?;
    let clusters: HashMap<String, Vec<String>> = view
        .parties()?
        .into_iter()
        .map(|ids| (View::canonical(&ids).to_owned(), ids))
        .collect();
    let party_of: HashMap<&str, &str> = clusters
        .iter()
        .flat_map(|(party, ids)| ids.iter().map(move |id| (id.as_str(), party.as_str())))
        .collect();
    let mut seen: BTreeMap<String, Vec<ListingView>> = BTreeMap::new();
    for list in view.lists()? {
        view.each_listing(&list, |listing| {
            let id = listing.id.to_string();
            let party = party_of.get(id.as_str()).map_or(id.as_str(), |p| p).to_owned();
            seen.entry(party).or_default().push(listing);
            Ok(())
        })?;
    }
    // What only the register knows of is no less listed.
    for party in &view.register().parties {
        let id = party_of.get(party.id.as_str()).map_or(party.id.as_str(), |p| p);
        seen.entry(id.to_owned()).or_default();
    }
    for (id, mut listings) in seen {
        listings.sort_by(|a, b| a.id.cmp(&b.id));
        let ids = clusters.get(&id).cloned().unwrap_or_else(|| vec![id.clone()]);
        let party = Party {
            id,
            name: String::new(),
            ids,
        };
        let standings = view.standings(&party, clocks.on, question.basis())?;
        if listings.is_empty() && !standings.iter().any(is_sanction) {
            continue;
        }
        f(entity(&view, &party, &listings, is_target(&standings)))?;
        for standing in standings.iter().filter(|s| is_sanction(s)) {
            f(sanction(&view, &party.id, standing))?;
        }
    }
    Ok(())
}

/// The entity of one party, with a `Sanction` for each of its standings that rests on a listing.
pub fn of_party(view: &View<'_>, party: &Party, on: Day, basis: Grade) -> Result<(Entity, Vec<Entity>), StandingError> {
    let mut listings = Vec::new();
    for id in party.listings() {
        if let Some((list, reference)) = id.split_once(':') {
            listings.extend(view.listing(&ListingId::new(list, reference))?);
        }
    }
    let standings = view.standings(party, on, basis)?;
    let entity = entity(view, party, &listings, is_target(&standings));
    let sanctions = standings
        .iter()
        .filter(|s| is_sanction(s))
        .map(|s| sanction(view, &party.id, s))
        .collect();
    Ok((entity, sanctions))
}

/// Is a standing one that a `Sanction` tells of?
fn is_sanction(standing: &Standing) -> bool {
    standing.grade >= Grade::Stated && !matches!(standing.measure, Measure::Recognition | Measure::Mission)
}

/// Is a measure on it in force? A recognition or a mission is none.
fn is_target(standings: &[Standing]) -> bool {
    standings.iter().any(|s| {
        s.counted && s.standing == State::InForce && !matches!(s.measure, Measure::Recognition | Measure::Mission)
    })
}

#[derive(Default)]
struct Properties(BTreeMap<String, BTreeSet<String>>);

impl Properties {
    fn add(&mut self, property: &str, value: &str) {
        if !value.trim().is_empty() {
            self.0.entry(property.to_owned()).or_default().insert(value.to_owned());
        }
    }

    fn name(&mut self, name: &Name) {
        let property = match (name.kind, name.quality) {
            (NameKind::Primary, _) => "name",
            (_, NameQuality::Weak) => "weakAlias",
            (NameKind::Former, _) => "previousName",
            (NameKind::Alias, _) => "alias",
        };
        self.add(property, &name.text);
    }

    fn finish(self) -> BTreeMap<String, Vec<String>> {
        self.0.into_iter().map(|(k, v)| (k, v.into_iter().collect())).collect()
    }
}

fn entity(view: &View<'_>, party: &Party, listings: &[ListingView], listed: bool) -> Entity {
    let mut properties = Properties::default();
    let register = view.register().parties.iter().find(|p| p.id == party.id);
    let kind = register
        .map(|p| p.kind)
        .into_iter()
        .chain(listings.iter().map(|l| l.record.kind))
        .find(|k| *k != PartyKind::Unknown)
        .unwrap_or_default();
    for name in register.into_iter().flat_map(|p| &p.names) {
        properties.name(name);
    }
    if let Some(q) = register.and_then(|p| p.wikidata.as_deref()) {
        properties.add("wikidataId", q);
    }
    for listing in listings {
        describe(&mut properties, kind, &listing.record);
    }
    if listed {
        properties.add("topics", "sanction");
    }
    let caption = register.and_then(|p| p.names.first().map(|n| n.text.as_str()));
    let mut datasets: Vec<String> = listings.iter().map(|l| l.id.list().to_owned()).collect();
    datasets.dedup();
    Entity {
        id: party.id.clone(),
        caption: caption
            .or_else(|| listings.first().map(|l| l.record.caption()))
            .unwrap_or(&party.id)
            .to_owned(),
        schema: schema(kind).into(),
        properties: properties.finish(),
        datasets,
        referents: party.ids.iter().filter(|id| **id != party.id).cloned().collect(),
        target: listed,
        first_seen: day(listings.iter().map(|l| l.first_seen).min_by_key(|d| d.sort_key())),
        last_seen: day(listings.iter().map(|l| l.last_seen.date).max_by_key(|d| d.sort_key())),
    }
}

fn describe(properties: &mut Properties, kind: PartyKind, record: &Record) {
    let person = kind == PartyKind::Person;
    record.names.iter().for_each(|name| properties.name(name));
    let born = match kind {
        PartyKind::Person => "birthDate",
        PartyKind::Vessel | PartyKind::Aircraft => "buildDate",
        _ => "incorporationDate",
    };
    for birth in &record.births {
        if let Some(date) = birth.date.and_then(prefix) {
            properties.add(born, &date);
        }
        if let (true, Some(place)) = (person, &birth.place) {
            properties.add("birthPlace", &place.text);
        }
    }
    let home = match kind {
        PartyKind::Person => "nationality",
        PartyKind::Vessel => "flag",
        _ => "country",
    };
    for country in &record.nationalities {
        properties.add(home, &country.code().to_ascii_lowercase());
    }
    if person {
        for death in record.deaths.iter().filter_map(|d| prefix(*d)) {
            properties.add("deathDate", &death);
        }
        if let Some(gender) = record.gender {
            properties.add("gender", &format!("{gender:?}").to_lowercase());
        }
        record.titles.iter().for_each(|t| properties.add("title", t));
        record.positions.iter().for_each(|p| properties.add("position", p));
    }
    for address in &record.addresses {
        properties.add("address", &address.text);
        if let Some(country) = address.country {
            properties.add("country", &country.code().to_ascii_lowercase());
        }
    }
    for identifier in &record.identifiers {
        if identifier.kind == IdentifierKind::ListReference {
            continue;
        }
        match identifier_property(kind, &identifier.kind).filter(|_| fits(&identifier.kind, &identifier.value)) {
            Some(property) => properties.add(property, &identifier.value),
            // What the schema has no place for, or would refuse, is kept in words.
            None => properties.add(
                "notes",
                &format!("{}: {}", identifier_word(&identifier.kind), identifier.value),
            ),
        }
    }
    record.programmes.iter().for_each(|p| properties.add("keywords", p));
    record.notes.iter().for_each(|n| properties.add("notes", &n.text));
}

/// The property that holds an identifier in the schema of a kind of party.
fn identifier_property(kind: PartyKind, identifier: &IdentifierKind) -> Option<&'static str> {
    let person = kind == PartyKind::Person;
    Some(match (kind, identifier) {
        (_, IdentifierKind::Wikidata) => "wikidataId",
        (PartyKind::Vessel, IdentifierKind::Imo) => "imoNumber",
        (PartyKind::Vessel, IdentifierKind::Mmsi) => "mmsi",
        (PartyKind::Vessel, IdentifierKind::CallSign) => "callSign",
        (PartyKind::Aircraft, IdentifierKind::AircraftSerial) => "serialNumber",
        (PartyKind::Aircraft, IdentifierKind::AircraftTail)
        | (PartyKind::Vessel | PartyKind::Aircraft, IdentifierKind::RegistrationNumber) => "registrationNumber",
        // Vehicles have no further numbers, addresses or sites.
        (PartyKind::Vessel | PartyKind::Aircraft, _) => return None,
        (_, IdentifierKind::Passport) if person => "passportNumber",
        (_, IdentifierKind::SocialSecurity) if person => "socialSecurityNumber",
        (_, IdentifierKind::TaxNumber) => "taxNumber",
        (_, IdentifierKind::RegistrationNumber) => "registrationNumber",
        (PartyKind::Organisation | PartyKind::Government, IdentifierKind::Imo) => "imoNumber",
        (_, IdentifierKind::Lei) => "leiCode",
        (_, IdentifierKind::Bic) => "swiftBic",
        (_, IdentifierKind::Duns) => "dunsCode",
        (_, IdentifierKind::Ogrn) => "ogrnCode",
        (_, IdentifierKind::Inn) => "innCode",
        (_, IdentifierKind::PhoneNumber) => "phone",
        (_, IdentifierKind::Email) => "email",
        (_, IdentifierKind::Website) => "website",
        _ => "idNumber",
    })
}

/// Would FollowTheMoney take this value? It wants numbers of telephones in their international form, sites without spaces, and
/// identifiers that are not whole sentences.
fn fits(kind: &IdentifierKind, value: &str) -> bool {
    match kind {
        IdentifierKind::PhoneNumber => value.starts_with('+'),
        IdentifierKind::Imo => value.len() == 7 && value.bytes().all(|b| b.is_ascii_digit()),
        IdentifierKind::Lei => value.len() == 20,
        IdentifierKind::Bic => matches!(value.len(), 8 | 11),
        IdentifierKind::Website | IdentifierKind::Email => !value.contains(char::is_whitespace),
        _ => value.chars().count() <= 64 && !value.contains(char::is_control),
    }
}

fn identifier_word(kind: &IdentifierKind) -> String {
    match kind {
        IdentifierKind::Other(word) => word.to_string(),
        kind => format!("{kind:?}"),
    }
}

fn sanction(view: &View<'_>, party: &str, standing: &Standing) -> Entity {
    let mut properties = Properties::default();
    let register = view.register();
    properties.add("entity", party);
    let listing = standing.listing.as_ref();
    if let Some(listing) = listing {
        properties.add("recordId", listing.reference());
    }
    properties.add("status", standing.standing.word());
    properties.add("provisions", standing.measure.word());
    let authority = register.authority(&standing.authority);
    properties.add("authority", authority.map_or(&standing.authority, |a| &a.name));
    if let Some(authority) = authority {
        properties.add("country", &authority.jurisdiction.to_string().to_ascii_lowercase());
    }
    if let Some(listing) = listing.filter(|l| l.list() == "un") {
        properties.add("unscId", listing.reference());
    }
    for step in &standing.steps {
        for programme in &step.programmes {
            properties.add("programId", programme);
            if let Some(entry) = register.programmes.iter().find(|p| &p.id == programme) {
                properties.add("program", &entry.name);
            }
        }
        let date = step.on.and_then(prefix).unwrap_or_default();
        match step.action {
            Action::Impose => {
                properties.add("startDate", &date);
                properties.add("listingDate", &step.earlier.and_then(prefix).unwrap_or(date));
            }
            Action::Lift if standing.standing == State::Lifted => properties.add("endDate", &date),
            _ => {}
        }
    }
    let urls: Vec<&str> = if let Some(listing) = listing {
        register
            .list(listing.list())
            .and_then(|l| l.url.as_deref())
            .into_iter()
            .collect()
    } else {
        let cited = standing.steps.iter().flat_map(|s| &s.sources);
        cited.filter_map(|e| e.url.as_deref()).collect()
    };
    for url in urls {
        properties.add("sourceUrl", url);
    }
    let about = listing.map_or_else(|| party.to_owned(), ToString::to_string);
    Entity {
        id: format!("{about}/{}/{}", standing.authority, standing.measure),
        caption: format!("{} {}", standing.authority, standing.measure),
        schema: "Sanction".into(),
        properties: properties.finish(),
        datasets: vec![listing.map_or("register", ListingId::list).to_owned()],
        referents: Vec::new(),
        target: false,
        first_seen: None,
        last_seen: day(standing.last_seen),
    }
}
