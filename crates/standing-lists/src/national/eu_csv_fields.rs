//! What one row of the EU's CSV says, read into a record: entity, name, address, birth, identification, citizenship.
//!
//! Rows come from [`super::eu_csv`], which finds the columns; fields are asked for by their names in CSV 1.1, and what nothing asks for is kept.

use std::collections::HashMap;

use standing_model::{
    Address, Identifier, IdentifierKind, Name, NameKind, Note, PartKind, PartialDate, PartyKind, Place, Record, Text,
};

use super::cells::{self, add, keep_once, un_reference};
use super::eu_xml::{self, BirthFields};
use super::xml_list::any_day;
use crate::country::Countries;
use crate::{dates, note};

/// One row's values by their names in CSV 1.1, each of which remembers whether it was read.
pub(super) struct Fields<'f> {
    pub(super) names: &'f HashMap<&'static str, usize>,
    pub(super) values: &'f [&'f str],
    pub(super) used: Vec<bool>,
}

impl<'f> Fields<'f> {
    pub(super) fn peek(&self, name: &str) -> &'f str {
        self.names.get(name).map_or("", |&at| self.values[at])
    }

    /// A value, now read; empty where there is none.
    pub(super) fn take(&mut self, name: &str) -> &'f str {
        match self.names.get(name) {
            Some(&at) => {
                self.used[at] = true;
                self.values[at]
            }
            None => "",
        }
    }

    fn number(&mut self, name: &str) -> Option<u32> {
        let number = self.peek(name).parse().ok()?;
        self.take(name);
        Some(number)
    }

    /// Does the row say anything under names that begin so, beyond keys and legal bases?
    fn says(&self, group: &str) -> bool {
        self.names.iter().any(|(name, &at)| {
            !self.values[at].is_empty()
                && name.strip_prefix(group).is_some_and(|rest| {
                    !rest.starts_with("_Regulation")
                        && !matches!(rest, "_LogicalId" | "_EntityLogicalId" | "_RegulationLanguage")
                })
        })
    }

    /// The act behind a detail.
    fn legal_basis(&mut self, group: &str, record: &mut Record) {
        let title = self.peek(&format!("{group}_Regulation_NumberTitle"));
        if title.is_empty() {
            return;
        }
        let amends = self.peek(&format!("{group}_Regulation_Type")) == "amendment";
        if amends || group == "Entity" {
            add(&mut record.instruments, title.into());
        }
        let published = self.peek(&format!("{group}_Regulation_PublicationDate"));
        if amends && let Ok(day) = dates::iso(published) {
            add(&mut record.amended_on, PartialDate::from(day));
        }
    }

    /// Keeps everything that was not read, under its name in CSV 1.1.
    pub(super) fn keep_rest(&self, record: &mut Record) {
        let mut rest: Vec<(usize, &str)> = self
            .names
            .iter()
            .filter(|&(_, &at)| !self.used[at] && !self.values[at].is_empty())
            .map(|(name, &at)| (at, *name))
            .collect();
        rest.sort_unstable();
        for (at, name) in rest {
            keep_once(record, name, self.values[at]);
        }
    }
}

pub(super) fn entity(fields: &mut Fields<'_>, record: &mut Record) {
    let kind = [
        fields.peek("Entity_SubjectType"),
        fields.peek("Entity_SubjectType_ClassificationCode"),
    ];
    // The excerpt of 2026 has the code under the other heading.
    record.kind = match kind {
        kind if kind.iter().any(|word| matches!(*word, "vessel" | "ship")) => PartyKind::Vessel,
        kind if kind.iter().any(|word| matches!(*word, "P" | "person")) => PartyKind::Person,
        kind if kind.iter().any(|word| matches!(*word, "E" | "enterprise")) => PartyKind::Organisation,
        _ => record.kind,
    };
    if record.kind != PartyKind::Unknown {
        fields.take("Entity_SubjectType");
        fields.take("Entity_SubjectType_ClassificationCode");
    }
    if let Some(reference) = un_reference(fields.peek("Entity_UnitedNationId")) {
        fields.take("Entity_UnitedNationId");
        let identifier = Identifier::new(IdentifierKind::ListReference, format!("un:{reference}"));
        add(&mut record.identifiers, identifier);
    }
    if let Ok(day) = any_day(fields.peek("Entity_DesignationDate")) {
        record.listed_on = record.listed_on.or(Some(day.into()));
        fields.take("Entity_DesignationDate");
    }
    for (name, field) in [
        ("Entity_Remark", "remark"),
        ("Entity_DesignationDetails", "designationDetails"),
    ] {
        remark(fields.take(name), field, record);
    }
    let programme = fields.take("Entity_Regulation_Programme");
    if !programme.is_empty() {
        add(&mut record.programmes, programme.into());
    }
    fields.legal_basis("Entity", record);
}

fn remark(text: &str, field: &str, record: &mut Record) {
    if !text.is_empty() {
        let note = Note {
            field: field.into(),
            text: text.to_owned(),
        };
        add(&mut record.notes, note);
    }
}

pub(super) fn name(fields: &mut Fields<'_>, record: &mut Record) {
    if !fields.says("NameAlias") {
        return;
    }
    fields.legal_basis("NameAlias", record);
    let person = record.kind == PartyKind::Person;
    let part = |kind| if person { kind } else { PartKind::Part };
    let role = if record.names.is_empty() {
        NameKind::Primary
    } else {
        NameKind::Alias
    };
    let joined = cells::name_of(
        role,
        &[
            (part(PartKind::Given), fields.take("NameAlias_FirstName")),
            (part(PartKind::Middle), fields.take("NameAlias_MiddleName")),
            (part(PartKind::Family), fields.take("NameAlias_LastName")),
        ],
    );
    let name = match (note::spaced(fields.take("NameAlias_WholeName")), joined) {
        (whole, joined) if !whole.is_empty() => Some(Name {
            parts: joined.map(|joined| joined.parts).unwrap_or_default(),
            ..Name::new(role, whole)
        }),
        (_, joined) => joined,
    };
    let language = fields.take("NameAlias_NameLanguage").to_lowercase();
    if let Some(mut name) = name {
        name.language = (!language.is_empty()).then_some(language.into());
        // The first row of a name is the main one, and rows repeat it.
        let known =
            |other: &Name| other.text == name.text && other.parts == name.parts && other.language == name.language;
        if !record.names.iter().any(known) {
            record.names.push(name);
        }
    }
    if let Some(gender) = note::gender(fields.peek("NameAlias_Gender")) {
        fields.take("NameAlias_Gender");
        record.gender = record.gender.or(Some(gender));
    }
    for (values, text) in [
        (&mut record.titles, fields.take("NameAlias_Title")),
        (&mut record.positions, fields.take("NameAlias_Function")),
    ] {
        if !text.is_empty() {
            add(values, text.into());
        }
    }
    remark(fields.take("NameAlias_Remark"), "nameAlias/remark", record);
}

/// The country of a group: its code, else its description, which is a code in 1.0.
fn place(fields: &mut Fields<'_>, group: &str, parts: &[&str], countries: &mut Countries) -> Option<Place> {
    let code = match fields.take(&format!("{group}_CountryIso2Code")) {
        "00" => "",
        code => code,
    };
    let description = match fields.take(&format!("{group}_CountryDescription")) {
        "UNKNOWN" => "",
        description => description,
    };
    let mut words: Vec<&str> = parts
        .iter()
        .map(|part| fields.take(&format!("{group}_{part}")))
        .filter(|text| !text.is_empty())
        .collect();
    words.extend(Some(description).filter(|text| !text.is_empty()));
    let country = [code, description].into_iter().find(|text| !text.is_empty());
    (!words.is_empty() || country.is_some()).then(|| Place {
        text: words.join(", ").into(),
        country: country.and_then(|text| countries.find(text)),
    })
}

pub(super) fn address(fields: &mut Fields<'_>, record: &mut Record, countries: &mut Countries) {
    if !fields.says("Address") {
        return;
    }
    fields.legal_basis("Address", record);
    if fields.peek("Address_AsAtListingTime") == "false" {
        fields.take("Address_AsAtListingTime");
    }
    remark(fields.take("Address_Remark"), "address/remark", record);
    let names = ["Number", "Street", "PoBox", "ZipCode", "City", "Place", "Region"];
    let parts: Vec<(Text, Text)> = names
        .iter()
        .chain(&["CountryDescription"])
        .map(|name| (Text::const_new(name), fields.peek(&format!("Address_{name}")).into()))
        .filter(|(_, text): &(Text, Text)| !text.is_empty() && text != "UNKNOWN")
        .collect();
    if let Some(place) = place(fields, "Address", &names, countries) {
        let address = Address {
            text: place.text,
            country: place.country,
            parts,
        };
        add(&mut record.addresses, address);
    }
}

pub(super) fn birth(fields: &mut Fields<'_>, record: &mut Record, countries: &mut Countries) {
    if !fields.says("BirthDate") {
        return;
    }
    fields.legal_basis("BirthDate", record);
    remark(fields.take("BirthDate_Remark"), "birthdate/remark", record);
    let place = place(fields, "BirthDate", &["City", "Place", "Region", "ZipCode"], countries);
    let circa = fields.take("BirthDate_Circa") == "true";
    let birth = BirthFields {
        full: Some(fields.take("BirthDate_BirthDate")).filter(|text| !text.is_empty()),
        year: fields.number("BirthDate_Year"),
        month: fields.number("BirthDate_Month"),
        day: fields.number("BirthDate_Day"),
        range: (
            fields.number("BirthDate_YearRangeFrom"),
            fields.number("BirthDate_YearRangeTo"),
        ),
        circa,
        calendar: fields.take("BirthDate_CalendarType"),
    };
    if let Some(birth) = birth.at(place) {
        add(&mut record.births, birth);
    }
}

pub(super) fn identification(fields: &mut Fields<'_>, record: &mut Record, countries: &mut Countries) {
    if !fields.says("Identification") {
        return;
    }
    fields.legal_basis("Identification", record);
    remark(fields.take("Identification_Remark"), "identification/remark", record);
    let written = fields.take("Identification_Number");
    let (mut code, mut description) = (
        fields.take("Identification_TypeCode"),
        fields.take("Identification_TypeDescription"),
    );
    let mut number = written;
    // 1.0 writes what it is behind the number: `488555 (passport-National passport)`.
    if code.is_empty()
        && let Some((before, words)) = written.trim_end_matches(')').split_once(" (")
        && let Some((before_dash, after_dash)) = words.split_once('-')
    {
        (number, code, description) = (before.trim(), before_dash, after_dash);
    }
    let number = if number.is_empty() {
        fields.peek("Identification_LatinNumber")
    } else {
        number
    };
    if number.is_empty() {
        return;
    }
    let mut identifier = Identifier::new(eu_xml::document_kind(code, description), number);
    let place = place(fields, "Identification", &[], countries);
    identifier.country = place.as_ref().and_then(|place| place.country);
    let day = |text: &str| any_day(text).ok().map(Into::into);
    identifier.issued =
        day(fields.peek("Identification_IssuedDate")).or_else(|| day(fields.peek("Identification_ValidFrom")));
    identifier.expires = day(fields.peek("Identification_ValidTo"));
    let mut words = vec![description.to_owned()];
    if identifier.country.is_none() {
        words.extend(place.map(|place| place.text.into_string()));
    }
    if number != written && !written.is_empty() {
        words.push(written.to_owned());
    }
    for name in [
        "IssuedBy",
        "LatinNumber",
        "NameOnDocument",
        "Region",
        "IssuedDate",
        "ValidFrom",
        "ValidTo",
    ] {
        let text = fields.take(&format!("Identification_{name}"));
        if !text.is_empty() {
            words.push(format!("{name}: {text}"));
        }
    }
    for name in [
        "Diplomatic",
        "KnownExpired",
        "KnownFalse",
        "ReportedLost",
        "RevokedByIssuer",
    ] {
        if fields.take(&format!("Identification_{name}")) == "true" {
            words.push(name.to_owned());
        }
    }
    words.retain(|text| !text.is_empty());
    identifier.note = (!words.is_empty()).then(|| words.join("; ")).map(Text::from);
    add(&mut record.identifiers, identifier);
}

pub(super) fn citizenship(fields: &mut Fields<'_>, record: &mut Record, countries: &mut Countries) {
    if !fields.says("Citizenship") {
        return;
    }
    fields.legal_basis("Citizenship", record);
    remark(fields.take("Citizenship_Remark"), "citizenship/remark", record);
    match place(fields, "Citizenship", &[], countries) {
        Some(Place {
            country: Some(country), ..
        }) => add(&mut record.nationalities, country),
        Some(place) => keep_once(record, "Citizenship_CountryDescription", &place.text),
        None => {}
    }
}
