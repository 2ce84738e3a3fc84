//! European Union, consolidated financial sanctions file, XML 1.1.
//!
//! One `sanctionEntity` is one listing. Its identity is `euReferenceNumber` (`EU.27.28`); `logicalId` is the database's key and stands in
//! only where there is no reference number. `generationDate` of the root is the snapshot's date, its day as written. Source: the schema
//! 1.1 of the Commission; a real file of 2022 that broke off after 1,044 entities, and a whole excerpt of 2020.

use standing_model::{
    Address, Birth, Calendar, Identifier, IdentifierKind, Name, NameKind, NameQuality, Note, PartKind, PartialDate,
    PartyKind, Place, Record, Reject, Snapshot, Text,
};

use super::cells::{add, keep_once, un_reference};
use crate::country::Countries;
use crate::error::ReadError;
use crate::note::Beside;
use crate::registry::{Document, Format, ReadOptions};
use crate::xml::{self, El, Found, Shape};
use crate::{dates, identifier, note};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "eu-fsf-xml",
    lists: &["eu"],
    summary: "European Union, consolidated financial sanctions file, XML 1.1",
    part: |bytes| {
        let (root, tag) = xml::root(bytes)?;
        (root == "export" && (tag.contains("fpi/fsd/export") || tag.contains("globalFileId"))).then_some("")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

const SHAPE: Shape<'_> = Shape {
    records: &["sanctionEntity"],
    counted: &["sanctionEntity"],
};

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let text = xml::open(document)?;
    let mut snapshot = Snapshot::new("eu", FORMAT.id);
    let mut seen = 0_u64;
    xml::records(document.name, &text.text, SHAPE, record, |found| {
        match found {
            Found::Head(path, value) => {
                if path == "@generationDate" {
                    snapshot.date = note::list_date(document, value, dates::iso, options, &mut snapshot.warnings)?;
                }
                snapshot.head.push((path.to_owned(), value.to_owned()));
            }
            Found::Record(read, bytes) => {
                seen += 1;
                match read {
                    Ok(record) => {
                        snapshot.records.push(record);
                        note::position(&mut snapshot, &text, bytes, || format!("sanctionEntity {seen}"));
                    }
                    Err(reason) => snapshot.rejects.push(Reject {
                        position: format!("sanctionEntity {seen}, {}", xml::place(&text.text, bytes.start)),
                        reason,
                    }),
                }
            }
            Found::Noted(beside) => note::add_counts(&mut snapshot.not_understood, beside.not_understood),
        }
        Ok(())
    })?;
    note::finish(&mut snapshot, options);
    Ok(snapshot)
}

fn record(element: El<'_, '_>, beside: &mut Beside) -> Result<Record, String> {
    let Beside {
        countries,
        not_understood,
    } = beside;
    let logical = element.filled("logicalId");
    let reference = element
        .filled("euReferenceNumber")
        .or(logical)
        .ok_or("neither euReferenceNumber nor logicalId, so the listing has no identity")?;
    let mut record = Record {
        reference: reference.into(),
        ..Record::default()
    };
    // Two for each detail, and half a dozen of the acts: as many as most records have.
    record.kept.reserve(16);
    record.names.reserve_exact(element.all("nameAlias").count());
    note::keep(&mut record, "logicalId", logical.unwrap_or(""));
    if let Some(united_nations) = element.filled("unitedNationId") {
        match un_reference(united_nations) {
            Some(reference) => record.identifiers.push(Identifier::new(
                IdentifierKind::ListReference,
                format!("un:{reference}"),
            )),
            None => note::keep(&mut record, "unitedNationId", united_nations),
        }
    }
    if let Some(day) = element.filled("designationDate") {
        record.listed_on = note::calendar(&mut record, "designationDate", day, dates::iso);
    }
    {
        let (name, text) = ("designationDetails", element.filled("designationDetails"));
        record.notes.extend(text.map(|text| Note {
            field: name.into(),
            text: text.to_owned(),
        }));
    }
    let mut acts = Vec::new();
    for field in element.children() {
        match field.name() {
            "remark" => {
                let text = field.text();
                if !text.is_empty() {
                    record.notes.push(Note {
                        field: "remark".into(),
                        text: text.to_owned(),
                    });
                }
            }
            "subjectType" => {
                let code = field.filled("code").unwrap_or("");
                record.kind = match (code, field.filled("classificationCode")) {
                    ("person", _) | (_, Some("P")) => PartyKind::Person,
                    ("vessel" | "ship", _) => PartyKind::Vessel,
                    ("enterprise", _) | (_, Some("E")) => PartyKind::Organisation,
                    _ => PartyKind::Unknown,
                };
                if !matches!(code, "" | "person" | "enterprise") {
                    note::keep(&mut record, "subjectType@code", code);
                }
            }
            "regulation" => regulation(field, &mut record),
            "nameAlias" => name(field, &mut record),
            "citizenship" => match field.filled("countryIso2Code").and_then(|code| countries.find(code)) {
                Some(country) => {
                    field.filled("countryDescription");
                    add(&mut record.nationalities, country);
                }
                None => unknown_country(field),
            },
            "birthdate" => birth(field, &mut record, countries),
            "address" => address(field, &mut record, countries),
            "identification" => identification(field, &mut record, countries),
            _ => {}
        }
        if !matches!(field.name(), "regulation" | "subjectType") {
            legal_basis(field, &mut record, &mut acts);
        }
    }
    if record.names.is_empty() {
        return Err(format!("{reference} has no name"));
    }
    record.names.sort_by_key(|name| name.kind != NameKind::Primary);
    note::unread(element, &mut record, not_understood);
    Ok(record)
}

/// `00` and `UNKNOWN` are how the file says that a country is not known.
fn unknown_country(field: El<'_, '_>) {
    if field.filled("countryIso2Code") == Some("00") {
        field.filled("countryDescription");
    }
}

fn regulation(field: El<'_, '_>, record: &mut Record) {
    record.programmes.extend(field.filled("programme").map(Text::from));
    record.instruments.extend(field.filled("numberTitle").map(Text::from));
    let url = field.value("publicationUrl");
    for (name, text) in [
        ("regulation@publicationDate", field.filled("publicationDate")),
        ("regulation@entryIntoForceDate", field.filled("entryIntoForceDate")),
        ("regulation@regulationType", field.filled("regulationType")),
        ("regulation@organisationType", field.filled("organisationType")),
        ("regulation@logicalId", field.filled("logicalId")),
        ("regulation/publicationUrl", url),
    ] {
        note::keep(record, name, text.unwrap_or(""));
    }
}

/// What a detail's key, its language and its remarks are kept under.
const KEPT_AS: [(&str, [&str; 3]); 6] = [
    (
        "remark",
        ["remark@logicalId", "remark@regulationLanguage", "remark/remark"],
    ),
    (
        "nameAlias",
        [
            "nameAlias@logicalId",
            "nameAlias@regulationLanguage",
            "nameAlias/remark",
        ],
    ),
    (
        "citizenship",
        [
            "citizenship@logicalId",
            "citizenship@regulationLanguage",
            "citizenship/remark",
        ],
    ),
    (
        "birthdate",
        [
            "birthdate@logicalId",
            "birthdate@regulationLanguage",
            "birthdate/remark",
        ],
    ),
    (
        "address",
        ["address@logicalId", "address@regulationLanguage", "address/remark"],
    ),
    (
        "identification",
        [
            "identification@logicalId",
            "identification@regulationLanguage",
            "identification/remark",
        ],
    ),
];

/// The act behind a detail, the language of its text and the detail's key in the database. Nearly all details of a record rest on the same
/// few acts; `acts` holds those that have been read.
fn legal_basis<'t>(field: El<'t, '_>, record: &mut Record, acts: &mut Vec<[&'t str; 4]>) {
    let detail = field.name();
    let known = KEPT_AS.iter().find(|(name, _)| *name == detail);
    let labels = match known {
        Some((_, labels)) => labels.map(Text::const_new),
        None => ["@logicalId", "@regulationLanguage", "/remark"].map(|end| format!("{detail}{end}").into()),
    };
    let [key, language, remark] = labels;
    for (label, name) in [(key, "logicalId"), (language, "regulationLanguage")] {
        if let Some(value) = field.filled(name)
            && !record.kept.iter().any(|(l, v)| v == value && *l == label)
        {
            record.kept.push((label, value.into()));
        }
    }
    for below in field.all("regulationSummary") {
        let parts = ["regulationType", "publicationDate", "numberTitle", "publicationUrl"]
            .map(|name| below.filled(name).unwrap_or(""));
        if !acts.contains(&parts) {
            act(record, parts);
            acts.push(parts);
        }
    }
    for below in field.all("remark") {
        let text = below.text();
        if !text.is_empty() {
            add(
                &mut record.notes,
                Note {
                    field: remark.clone(),
                    text: text.to_owned(),
                },
            );
        }
    }
}

/// An act by its type, day, title and place.
fn act(record: &mut Record, parts: [&str; 4]) {
    let [kind, day, title, _] = parts;
    if !title.is_empty() && kind != "regulation" {
        add(&mut record.instruments, title.into());
    }
    keep_once(record, "regulationSummary", parts.join(" ").trim());
    if kind == "amendment"
        && let Some(day) = Some(day)
            .filter(|day| !day.is_empty())
            .and_then(|day| dates::iso(day).ok())
    {
        add(&mut record.amended_on, PartialDate::from(day));
    }
}

fn name(field: El<'_, '_>, record: &mut Record) {
    let person = record.kind == PartyKind::Person;
    let part = |kind| if person { kind } else { PartKind::Part };
    let parts = [
        (part(PartKind::Given), field.filled("firstName").unwrap_or("")),
        (part(PartKind::Middle), field.filled("middleName").unwrap_or("")),
        (part(PartKind::Family), field.filled("lastName").unwrap_or("")),
    ];
    // The file marks no name as the main one: `strong` says how far it is trusted. The first stands for it.
    let role = if record.names.iter().any(|name| name.kind == NameKind::Primary) {
        NameKind::Alias
    } else {
        NameKind::Primary
    };
    let name = match field.filled("wholeName") {
        Some(whole) => {
            let filled = parts.iter().filter(|(_, text)| !text.is_empty());
            let mut name = Name::new(role, note::spaced(whole));
            if filled.clone().count() > 1 {
                name.parts = filled.map(|&(kind, text)| (kind, note::spaced(text))).collect();
            }
            Some(name)
        }
        None => super::cells::name_of(role, &parts),
    };
    if let Some(mut name) = name {
        name.language = field.filled("nameLanguage").map(|language| {
            if language.is_ascii() {
                language.bytes().map(|b| char::from(b.to_ascii_lowercase())).collect()
            } else {
                language.to_lowercase().into()
            }
        });
        if field.filled("strong") == Some("false") {
            name.quality = NameQuality::Weak;
        }
        record.names.push(name);
    }
    if let Some(gender) = field.filled("gender") {
        record.gender = record.gender.or_else(|| note::gender(gender));
    }
    for (values, text) in [
        (&mut record.titles, field.filled("title")),
        (&mut record.positions, field.filled("function")),
    ] {
        if let Some(text) = text {
            add(values, text.into());
        }
    }
}

fn place(field: El<'_, '_>, names: &[&str], countries: &mut Countries) -> Option<Place> {
    let country = field.filled("countryIso2Code").filter(|code| *code != "00");
    let description = field.filled("countryDescription").filter(|_| country.is_some());
    let mut parts: Vec<&str> = names.iter().filter_map(|name| field.filled(name)).collect();
    parts.extend(description);
    (!parts.is_empty()).then(|| Place {
        text: parts.join(", ").into(),
        country: country.and_then(|code| countries.find(code)),
    })
}

/// A birth as the file's fields give it, in XML and CSV alike.
#[derive(Default)]
pub(super) struct BirthFields<'t> {
    pub full: Option<&'t str>,
    pub year: Option<u32>,
    pub month: Option<u32>,
    pub day: Option<u32>,
    /// First and last year of a range.
    pub range: (Option<u32>, Option<u32>),
    pub circa: bool,
    pub calendar: &'t str,
}

impl BirthFields<'_> {
    /// The birth at a place; nothing if the fields say nothing.
    pub(super) fn at(self, place: Option<Place>) -> Option<Birth> {
        let written = match (self.full, self.year, self.range) {
            (Some(full), ..) => full.to_owned(),
            (None, Some(year), _) => {
                let parts = [self.day, self.month, Some(year)];
                parts.iter().flatten().map(u32::to_string).collect::<Vec<_>>().join(".")
            }
            (None, None, (Some(from), Some(to))) => format!("{from} to {to}"),
            (None, None, (from, to)) => from.or(to).map(|year| year.to_string()).unwrap_or_default(),
        };
        let exact: Option<Calendar> = self.full.and_then(|full| dates::iso(full).ok()).or_else(|| {
            let day = if self.month.is_some() { self.day.unwrap_or(0) } else { 0 };
            dates::ymd(&written, self.year?, self.month.unwrap_or(0), day).ok()
        });
        let span = match self.range {
            (Some(from), Some(to)) => dates::ymd("", from, 0, 0)
                .and_then(|from| dates::ymd("", to, 0, 0).and_then(|to| dates::span(&written, from, to)))
                .ok(),
            _ => None,
        };
        let date = match exact {
            Some(date) if self.circa => Some(PartialDate::Circa(date)),
            Some(date) => Some(PartialDate::In(date)),
            None => span,
        };
        // Another calendar's date is no date of ours.
        let ours = matches!(self.calendar, "" | "GREGORIAN");
        let says_more = !ours || (date.is_none() && !written.is_empty());
        let birth = Birth {
            date: date.filter(|_| ours),
            place,
            written: says_more
                .then(|| {
                    if ours {
                        written
                    } else {
                        format!("{written} ({})", self.calendar)
                    }
                })
                .map(Text::from),
        };
        (birth != Birth::default()).then_some(birth)
    }
}

fn birth(field: El<'_, '_>, record: &mut Record, countries: &mut Countries) {
    let place = place(field, &["city", "place", "region", "zipCode"], countries);
    let number = |name: &str| field.filled(name).and_then(|text| text.parse::<u32>().ok());
    let fields = BirthFields {
        full: field.filled("birthdate"),
        year: number("year"),
        month: number("monthOfYear"),
        day: number("dayOfMonth"),
        range: (number("yearRangeFrom"), number("yearRangeTo")),
        circa: field.filled("circa") == Some("true"),
        calendar: field.filled("calendarType").unwrap_or("GREGORIAN"),
    };
    if let Some(birth) = fields.at(place) {
        add(&mut record.births, birth);
    }
}

fn address(field: El<'_, '_>, record: &mut Record, countries: &mut Countries) {
    for contact in field.all("contactInfo") {
        let (key, value) = (
            contact.filled("key").unwrap_or(""),
            contact.filled("value").unwrap_or(""),
        );
        let kind = match key {
            "PHONE" => IdentifierKind::PhoneNumber,
            "EMAIL" => IdentifierKind::Email,
            "WEB" | "URL" => IdentifierKind::Website,
            other => IdentifierKind::Other(other.into()),
        };
        if !value.is_empty() {
            add(&mut record.identifiers, Identifier::new(kind, value));
        }
    }
    let names = ["street", "poBox", "zipCode", "city", "place", "region"];
    let place = place(field, &names, countries);
    if field.filled("asAtListingTime") == Some("true") {
        keep_once(record, "address@asAtListingTime", "true");
    }
    if let Some(place) = place {
        let parts = names
            .iter()
            .chain(&["countryDescription"])
            .filter_map(|name| Some((Text::const_new(name), field.filled(name)?.into())))
            .collect();
        add(
            &mut record.addresses,
            Address {
                text: place.text,
                country: place.country,
                parts,
            },
        );
    }
}

/// What a document is, by its code, else by its description.
pub(super) fn document_kind(code: &str, description: &str) -> IdentifierKind {
    match code {
        "passport" => IdentifierKind::Passport,
        "id" => IdentifierKind::NationalId,
        "ssn" => IdentifierKind::SocialSecurity,
        "regnumber" => IdentifierKind::RegistrationNumber,
        "tax" | "fiscalcode" => IdentifierKind::TaxNumber,
        "drivinglicence" => IdentifierKind::DrivingLicence,
        "residentperm" => IdentifierKind::ResidencePermit,
        "swiftbic" => IdentifierKind::Bic,
        "imo" => IdentifierKind::Imo,
        "birthcert" => IdentifierKind::BirthCertificate,
        _ => identifier::kind(description),
    }
}

fn identification(field: El<'_, '_>, record: &mut Record, countries: &mut Countries) {
    let code = field.filled("identificationTypeCode").unwrap_or("");
    let description = field.filled("identificationTypeDescription").unwrap_or(code);
    let kind = document_kind(code, description);
    let Some(number) = field.filled("number").or_else(|| field.filled("latinNumber")) else {
        return;
    };
    let mut identifier = Identifier::new(kind, number);
    match field.filled("countryIso2Code").filter(|code| *code != "00") {
        Some(code) => {
            field.filled("countryDescription");
            identifier.country = countries.find(code);
        }
        None => unknown_country(field),
    }
    identifier.issued = field
        .filled("issueDate")
        .or_else(|| field.filled("validFrom"))
        .and_then(|d| dates::iso(d).ok())
        .map(Into::into);
    identifier.expires = field.filled("validTo").and_then(|d| dates::iso(d).ok()).map(Into::into);
    let mut words = Text::from(description);
    for name in [
        "issuedBy",
        "latinNumber",
        "nameOnDocument",
        "region",
        "issueDate",
        "validFrom",
        "validTo",
    ] {
        if let Some(text) = field.filled(name) {
            for piece in ["; ", name, ": ", text] {
                words.push_str(piece);
            }
        }
    }
    for name in [
        "diplomatic",
        "knownExpired",
        "knownFalse",
        "reportedLost",
        "revokedByIssuer",
    ] {
        if field.filled(name) == Some("true") {
            words.push_str("; ");
            words.push_str(name);
        }
    }
    identifier.note = Some(words);
    add(&mut record.identifiers, identifier);
}
