//! Writes parties in OFAC's three XML layouts, so that one list can be had in all of them.
//!
//! It takes the parties from records as the reader of the CSV gives them, and writes what the layouts have elements for: names with their
//! roles and trust, identifiers, programmes, addresses and births. What the CSV packs into remarks stands in elements here, as in the
//! publisher's files. Element names and their order are those of files of 2020 to 2025.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use standing_model::{Identifier, IdentifierKind, NameKind, NameQuality, PartKind, PartyKind, Record};

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;")
}

/// OFAC's word for an identifier: what the reader noted before anything else, or what it keeps as the publisher's own word.
fn label(identifier: &Identifier) -> String {
    if let IdentifierKind::Other(word) = &identifier.kind {
        return word.to_string();
    }
    let mut noted = identifier.note.as_deref().unwrap_or("").split("; ");
    let first = noted.next().unwrap_or("");
    match &identifier.kind {
        IdentifierKind::CryptoAddress => format!("{first} - {}", noted.next().unwrap_or("")),
        IdentifierKind::CallSign if first.is_empty() => "Vessel Call Sign".to_owned(),
        // What the reader adds behind a plain passport is no word of the publisher's for it.
        IdentifierKind::Passport if !first.contains("assport") => "Passport".to_owned(),
        _ => first.to_owned(),
    }
}

fn number(identifier: &Identifier) -> String {
    match &identifier.kind {
        IdentifierKind::Imo => format!("IMO {}", identifier.value),
        _ => identifier.value.to_string(),
    }
}

fn country(identifier: &Identifier) -> Option<String> {
    identifier.country.map(|country| country.to_string())
}

/// Given names, and family name with what follows it; a name without parts is all family name.
fn halves(name: &standing_model::Name) -> (String, String) {
    let mut halves = (String::new(), String::new());
    for (kind, text) in &name.parts {
        let half = if *kind == PartKind::Given {
            &mut halves.0
        } else {
            &mut halves.1
        };
        if !half.is_empty() {
            half.push(' ');
        }
        half.push_str(text);
    }
    if name.parts.is_empty() {
        halves.1.push_str(&name.text);
    }
    halves
}

fn type_of(kind: PartyKind) -> &'static str {
    match kind {
        PartyKind::Person => "Individual",
        PartyKind::Vessel => "Vessel",
        PartyKind::Aircraft => "Aircraft",
        _ => "Entity",
    }
}

/// The birth's first and last day, and how the classic layout writes it.
fn births(record: &Record) -> Vec<(String, String, String)> {
    let dates = record.births.iter().filter_map(|birth| birth.date);
    dates
        .filter_map(|date| {
            let (first, last) = (date.earliest()?, date.latest()?);
            Some((first.to_string(), last.to_string(), date.to_string()))
        })
        .collect()
}

/// `sdn.xml`
pub fn classic(records: &[Record], date: &str) -> String {
    let (year, rest) = date.split_once('-').unwrap_or((date, "01-01"));
    let (month, day) = rest.split_once('-').unwrap_or((rest, "01"));
    let mut out = format!(
        "<?xml version=\"1.0\" standalone=\"yes\"?>\n<sdnList xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xmlns=\"http://tempuri.org/sdnList.xsd\">\n  <publshInformation>\n    <Publish_Date>{month}/{day}/{year}</Publish_Date>\n    \
         <Record_Count>{}</Record_Count>\n  </publshInformation>\n",
        records.len()
    );
    let mut uid = 1_000_000;
    let mut next = || {
        uid += 1;
        uid
    };
    for record in records {
        let tag = |out: &mut String, name: &str, text: &str| {
            if !text.is_empty() {
                let _ = writeln!(out, "      <{name}>{}</{name}>", escaped(text));
            }
        };
        let _ = writeln!(out, "  <sdnEntry>\n    <uid>{}</uid>", escaped(&record.reference));
        let names = |out: &mut String, name: &standing_model::Name| {
            let (given, family) = if record.kind == PartyKind::Person {
                halves(name)
            } else {
                (String::new(), name.text.to_string())
            };
            tag(out, "firstName", &given);
            tag(out, "lastName", &family);
        };
        if let Some(name) = record.names.first() {
            names(&mut out, name);
        }
        tag(&mut out, "sdnType", type_of(record.kind));
        out.push_str("    <programList>\n");
        for programme in &record.programmes {
            tag(&mut out, "program", programme);
        }
        out.push_str("    </programList>\n    <idList>\n");
        for identifier in &record.identifiers {
            let _ = writeln!(out, "      <id>\n      <uid>{}</uid>", next());
            tag(&mut out, "idType", &label(identifier));
            tag(&mut out, "idNumber", &number(identifier));
            tag(&mut out, "idCountry", &country(identifier).unwrap_or_default());
            out.push_str("      </id>\n");
        }
        out.push_str("    </idList>\n    <akaList>\n");
        for name in record.names.iter().skip(1) {
            let _ = writeln!(out, "      <aka>\n      <uid>{}</uid>", next());
            tag(
                &mut out,
                "type",
                if name.kind == NameKind::Former {
                    "f.k.a."
                } else {
                    "a.k.a."
                },
            );
            tag(
                &mut out,
                "category",
                if name.quality == NameQuality::Weak {
                    "weak"
                } else {
                    "strong"
                },
            );
            names(&mut out, name);
            out.push_str("      </aka>\n");
        }
        out.push_str("    </akaList>\n    <addressList>\n");
        for address in &record.addresses {
            let _ = writeln!(out, "      <address>\n      <uid>{}</uid>", next());
            tag(&mut out, "address1", &address.text);
            out.push_str("      </address>\n");
        }
        out.push_str("    </addressList>\n    <dateOfBirthList>\n");
        for (_, _, written) in births(record) {
            let _ = writeln!(out, "      <dateOfBirthItem>\n      <uid>{}</uid>", next());
            tag(&mut out, "dateOfBirth", &written);
            out.push_str("      <mainEntry>false</mainEntry>\n      </dateOfBirthItem>\n");
        }
        out.push_str("    </dateOfBirthList>\n  </sdnEntry>\n");
    }
    out + "</sdnList>\n"
}

/// Enhanced XML, as the list service exports the whole SDN list.
pub fn enhanced(records: &[Record], date: &str) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<sanctionsData xmlns=\"https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ENHANCED_XML\">\n\
         <publicationInfo>\n<dataAsOf>{date}T00:00:00</dataAsOf>\n<filters>\n<sanctionsLists>\n<sanctionsList refId=\"1550\">SDN List</sanctionsList>\n\
         </sanctionsLists>\n</filters>\n</publicationInfo>\n<referenceValues />\n<featureTypes />\n<entities>\n"
    );
    let mut id = 0;
    for record in records {
        id += 1;
        let _ = writeln!(
            out,
            "<entity id=\"{}\">\n<generalInfo>\n<identityId>{id}</identityId>\n<entityType refId=\"600\">{}</entityType>\n</generalInfo>\n<sanctionsLists>\n\
             <sanctionsList refId=\"1550\" id=\"{id}\">SDN List</sanctionsList>\n</sanctionsLists>\n<sanctionsPrograms>",
            escaped(&record.reference),
            type_of(record.kind)
        );
        for programme in &record.programmes {
            let _ = writeln!(
                out,
                "<sanctionsProgram refId=\"1\">{}</sanctionsProgram>",
                escaped(programme)
            );
        }
        out.push_str("</sanctionsPrograms>\n<names>\n");
        for (at, name) in record.names.iter().enumerate() {
            let _ = writeln!(out, "<name id=\"{id}\">\n<isPrimary>{}</isPrimary>", at == 0);
            if at > 0 {
                let word = if name.kind == NameKind::Former {
                    "F.K.A."
                } else {
                    "A.K.A."
                };
                let _ = writeln!(out, "<aliasType refId=\"1400\">{word}</aliasType>");
            }
            let _ = writeln!(
                out,
                "<isLowQuality>{}</isLowQuality>\n<translations>\n<translation id=\"{id}\">\n<isPrimary>true</isPrimary>\n<script refId=\"20122\">Latin</script>",
                name.quality == NameQuality::Weak
            );
            if record.kind == PartyKind::Person {
                let (given, family) = halves(name);
                if !given.is_empty() {
                    let _ = writeln!(out, "<formattedFirstName>{}</formattedFirstName>", escaped(&given));
                }
                let _ = writeln!(out, "<formattedLastName>{}</formattedLastName>", escaped(&family));
            } else {
                let _ = writeln!(out, "<formattedFullName>{}</formattedFullName>", escaped(&name.text));
            }
            out.push_str("</translation>\n</translations>\n</name>\n");
        }
        out.push_str("</names>\n<identityDocuments>\n");
        for identifier in record.identifiers.iter().filter(|i| !is_feature(i)) {
            let _ = writeln!(
                out,
                "<identityDocument id=\"{id}\">\n<type refId=\"1571\">{}</type>\n<documentNumber>{}</documentNumber>",
                escaped(&label(identifier)),
                escaped(&number(identifier))
            );
            if let Some(country) = country(identifier) {
                let _ = writeln!(out, "<issuingCountry refId=\"1\">{country}</issuingCountry>");
            }
            out.push_str("<isValid>true</isValid>\n</identityDocument>\n");
        }
        out.push_str("</identityDocuments>\n<features>\n");
        for identifier in record.identifiers.iter().filter(|i| is_feature(i)) {
            let _ = writeln!(
                out,
                "<feature id=\"{id}\">\n<type featureTypeId=\"1\">{}</type>\n<value>{}</value>\n<isPrimary>true</isPrimary>\n</feature>",
                escaped(&label(identifier)),
                escaped(&number(identifier))
            );
        }
        out.push_str("</features>\n</entity>\n");
    }
    out + "</entities>\n</sanctionsData>\n"
}

/// Features and not documents: numbers that nobody issues to a party.
fn is_feature(identifier: &Identifier) -> bool {
    matches!(
        identifier.kind,
        IdentifierKind::CryptoAddress
            | IdentifierKind::CallSign
            | IdentifierKind::Website
            | IdentifierKind::Email
            | IdentifierKind::PhoneNumber
    )
}

/// Reference values of the advanced layout: words and their numbers, by set.
#[derive(Default)]
struct Words {
    sets: BTreeMap<&'static str, BTreeMap<String, u32>>,
}

impl Words {
    fn id(&mut self, set: &'static str, word: &str) -> u32 {
        let words = self.sets.entry(set).or_default();
        let next = words.len() as u32 + 1;
        *words.entry(word.to_owned()).or_insert(next)
    }
}

/// `sdn_advanced.xml`
pub fn advanced(records: &[Record], date: &str) -> String {
    let mut words = Words::default();
    for (set, word) in [
        ("PartyType", "Individual"),
        ("PartyType", "Entity"),
        ("PartyType", "Vessel"),
        ("PartyType", "Aircraft"),
    ] {
        words.id(set, word);
    }
    let (list, programme, created) = (
        words.id("List", "SDN List"),
        words.id("SanctionsType", "Program"),
        words.id("EntryEventType", "Created"),
    );
    let (mut places, mut papers, mut parties, mut entries) =
        (String::new(), String::new(), String::new(), String::new());
    for (at, record) in records.iter().enumerate() {
        let at = at + 1;
        let mut party = Party {
            words: &mut words,
            places: &mut places,
            papers: &mut papers,
            out: &mut parties,
            at,
            groups: Vec::new(),
        };
        party.write(record);
        let _ = writeln!(
            entries,
            "    <SanctionsEntry ID=\"{at}\" ProfileID=\"{at}\" ListID=\"{list}\">\n      <EntryEvent ID=\"{at}\" EntryEventTypeID=\"{created}\" \
             LegalBasisID=\"1\">\n        <Comment />\n      </EntryEvent>"
        );
        for (n, code) in record.programmes.iter().enumerate() {
            let _ = writeln!(
                entries,
                "      <SanctionsMeasure ID=\"{at}{n}\" SanctionsTypeID=\"{programme}\">\n        <Comment>{}</Comment>\n        <DatePeriod CalendarTypeID=\"1\" \
                 YearFixed=\"true\" MonthFixed=\"true\" DayFixed=\"true\" />\n      </SanctionsMeasure>",
                escaped(code)
            );
        }
        entries.push_str("    </SanctionsEntry>\n");
    }
    let mut parts = date.split('-');
    let mut next = || parts.next().unwrap_or("1").trim_start_matches('0').to_owned();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n<Sanctions xmlns=\"http://www.un.org/sanctions/1.0\" Version=\"3\">\n  \
         <DateOfIssue CalendarTypeID=\"1\">\n    <Year>{}</Year>\n    <Month>{}</Month>\n    <Day>{}</Day>\n  </DateOfIssue>\n  <ReferenceValueSets>\n",
        next(),
        next(),
        next()
    );
    for (set, known) in &words.sets {
        let _ = writeln!(out, "    <{set}Values>");
        for (word, id) in known {
            let more = if *set == "PartySubType" {
                format!(
                    " PartyTypeID=\"{}\"",
                    words.sets["PartyType"].get(word).copied().unwrap_or(1)
                )
            } else {
                String::new()
            };
            let _ = writeln!(out, "      <{set} ID=\"{id}\"{more}>{}</{set}>", escaped(word));
        }
        let _ = writeln!(out, "    </{set}Values>");
    }
    let _ = write!(
        out,
        "  </ReferenceValueSets>\n  <Locations>\n{places}  </Locations>\n  <IDRegDocuments>\n{papers}  </IDRegDocuments>\n  <DistinctParties>\n{parties}  \
         </DistinctParties>\n  <ProfileRelationships />\n  <SanctionsEntries>\n{entries}  </SanctionsEntries>\n</Sanctions>\n"
    );
    out
}

struct Party<'w> {
    words: &'w mut Words,
    places: &'w mut String,
    papers: &'w mut String,
    out: &'w mut String,
    at: usize,
    /// Number and name part type of each part.
    groups: Vec<(String, u32)>,
}

impl Party<'_> {
    fn write(&mut self, record: &Record) {
        let at = self.at;
        let subtype = self.words.id("PartySubType", type_of(record.kind));
        let _ = writeln!(
            self.out,
            "    <DistinctParty FixedRef=\"{}\">\n      <Comment />\n      <Profile ID=\"{at}\" PartySubTypeID=\"{subtype}\">\n        \
             <Identity ID=\"{at}\" FixedRef=\"{at}\" Primary=\"true\" False=\"false\">",
            escaped(&record.reference)
        );
        for (n, name) in record.names.iter().enumerate() {
            self.name(record.kind, n, name);
        }
        self.out.push_str("          <NamePartGroups>\n");
        for (id, kind) in std::mem::take(&mut self.groups) {
            let _ = writeln!(
                self.out,
                "            <MasterNamePartGroup>\n              <NamePartGroup ID=\"{id}\" NamePartTypeID=\"{kind}\" />\n            </MasterNamePartGroup>"
            );
        }
        self.out.push_str("          </NamePartGroups>\n        </Identity>\n");
        for (n, identifier) in record.identifiers.iter().enumerate() {
            if is_feature(identifier) {
                let kind = self.words.id("FeatureType", &label(identifier));
                let detail = format!(
                    "<VersionDetail DetailTypeID=\"1432\">{}</VersionDetail>",
                    escaped(&number(identifier))
                );
                self.feature(n, kind, &detail);
            } else {
                self.paper(n, identifier);
            }
        }
        for (n, (first, last, _)) in births(record).iter().enumerate() {
            let kind = self.words.id("FeatureType", "Birthdate");
            let detail = format!(
                "{}\n            <VersionDetail DetailTypeID=\"1430\" />",
                period(first, last)
            );
            self.feature(100 + n, kind, &detail);
        }
        for (n, address) in record.addresses.iter().enumerate() {
            let kind = self.words.id("FeatureType", "Location");
            let place = format!("{at}{n:02}");
            let part = self.words.id("LocPartType", "ADDRESS1");
            let _ = writeln!(
                self.places,
                "    <Location ID=\"{place}\">\n      <LocationPart LocPartTypeID=\"{part}\">\n        <LocationPartValue Primary=\"true\" \
                 LocPartValueTypeID=\"1\" LocPartValueStatusID=\"1\">\n          <Comment />\n          <Value>{}</Value>\n        </LocationPartValue>\n      \
                 </LocationPart>\n      <FeatureVersionReference FeatureVersionID=\"{place}\" />\n    </Location>",
                escaped(&address.text)
            );
            self.feature(200 + n, kind, &format!("<VersionLocation LocationID=\"{place}\" />"));
        }
        self.out.push_str("      </Profile>\n    </DistinctParty>\n");
    }

    fn name(&mut self, kind: PartyKind, n: usize, name: &standing_model::Name) {
        let at = self.at;
        let word = match (n, name.kind) {
            (0, _) => "Name",
            (_, NameKind::Former) => "F.K.A.",
            _ => "A.K.A.",
        };
        let alias = self.words.id("AliasType", word);
        let _ = writeln!(
            self.out,
            "          <Alias FixedRef=\"{at}\" AliasTypeID=\"{alias}\" Primary=\"{}\" LowQuality=\"{}\">\n            \
             <DocumentedName ID=\"{at}{n:02}\" FixedRef=\"{at}\" DocNameStatusID=\"1\">",
            n == 0,
            name.quality == NameQuality::Weak
        );
        // The family name stands first.
        let mut parts: Vec<(&str, &str)> = name
            .parts
            .iter()
            .map(|(kind, text)| {
                let word = match kind {
                    PartKind::Given => "First Name",
                    PartKind::Family => "Last Name",
                    PartKind::Suffix => "Suffix",
                    _ => "Entity Name",
                };
                (word, text.as_str())
            })
            .collect();
        parts.sort_by_key(|(word, _)| *word != "Last Name");
        if parts.is_empty() {
            parts.push((
                if kind == PartyKind::Person {
                    "Last Name"
                } else {
                    "Entity Name"
                },
                &name.text,
            ));
        }
        for (p, (word, text)) in parts.into_iter().enumerate() {
            let group = format!("{at}{n:02}{p}");
            let kind = self.words.id("NamePartType", word);
            let _ = writeln!(
                self.out,
                "              <DocumentedNamePart>\n                <NamePartValue NamePartGroupID=\"{group}\" ScriptID=\"215\" ScriptStatusID=\"1\" \
                 Acronym=\"false\">{}</NamePartValue>\n              </DocumentedNamePart>",
                escaped(text)
            );
            self.groups.push((group, kind));
        }
        self.out.push_str("            </DocumentedName>\n          </Alias>\n");
    }

    fn feature(&mut self, n: usize, kind: u32, detail: &str) {
        let at = self.at;
        let _ = writeln!(
            self.out,
            "        <Feature ID=\"{at}{n:03}\" FeatureTypeID=\"{kind}\">\n          <FeatureVersion ID=\"{at}{n:03}\" ReliabilityID=\"1\">\n            \
             <Comment />\n            {detail}\n          </FeatureVersion>\n          <IdentityReference IdentityID=\"{at}\" IdentityFeatureLinkTypeID=\"1\" />\n        \
             </Feature>"
        );
    }

    fn paper(&mut self, n: usize, identifier: &Identifier) {
        let at = self.at;
        let kind = self.words.id("IDRegDocType", &label(identifier));
        let by = country(identifier).map_or_else(String::new, |country| {
            format!(" IssuedBy-CountryID=\"{}\"", self.words.id("Country", &country))
        });
        let _ = writeln!(
            self.papers,
            "    <IDRegDocument ID=\"{at}{n:03}\" IDRegDocTypeID=\"{kind}\" IdentityID=\"{at}\"{by} ValidityID=\"1\">\n      <Comment />\n      \
             <IDRegistrationNo>{}</IDRegistrationNo>\n      <IssuingAuthority />\n      <DocumentedNameReference DocumentedNameID=\"{at}00\" />\n    </IDRegDocument>",
            escaped(&number(identifier))
        );
    }
}

/// `DatePeriod` from the first to the last of these days.
fn period(first: &str, last: &str) -> String {
    let day = |text: &str| {
        let mut parts = text.split('-');
        let mut next = || parts.next().unwrap_or("1").trim_start_matches('0').to_owned();
        format!(
            "<Year>{}</Year>\n<Month>{}</Month>\n<Day>{}</Day>",
            next(),
            next(),
            next()
        )
    };
    let side = |name: &str, text: &str| {
        let day = day(text);
        format!(
            "<{name} Approximate=\"false\" YearFixed=\"false\" MonthFixed=\"false\" DayFixed=\"false\">\n<From>\n{day}\n</From>\n<To>\n{day}\n</To>\n</{name}>"
        )
    };
    format!(
        "<DatePeriod CalendarTypeID=\"1\" YearFixed=\"false\" MonthFixed=\"false\" DayFixed=\"false\">\n{}\n{}\n</DatePeriod>",
        side("Start", first),
        side("End", last)
    )
}
