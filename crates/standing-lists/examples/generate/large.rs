//! Lists as large as the largest that are published, for measuring time and memory. Their people are made up of syllables.

use std::fmt::Write as _;

use standing_model::{
    Address, Birth, Identifier, IdentifierKind, Name, NameKind, NameQuality, PartKind, PartyKind, Record,
};

/// A row of numbers that is the same every time (xorshift).
pub struct Dice(u64);

impl Dice {
    /// From a seed that is not 0.
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 16] = [
            "ba", "da", "fa", "ga", "ha", "ja", "ka", "la", "ma", "na", "ra", "sa", "ta", "wa", "ya", "za",
        ];
        let mut word: String = (0..2 + self.roll(3))
            .map(|_| SYLLABLES[self.roll(16) as usize])
            .collect();
        if let Some(first) = word.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        word
    }

    fn words(&mut self, count: u64) -> String {
        (0..count).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }

    fn day(&mut self) -> String {
        format!(
            "{}-{:02}-{:02}",
            1930 + self.roll(75),
            1 + self.roll(12),
            1 + self.roll(28)
        )
    }
}

const PROGRAMMES: [&str; 6] = ["SDGT", "RUSSIA-EO14024", "IRAN", "SYRIA", "DPRK3", "SDNTK"];

/// Parties as OFAC lists them.
pub fn parties(count: usize, dice: &mut Dice) -> Vec<Record> {
    (0..count)
        .map(|at| {
            let person = dice.roll(10) < 5;
            let mut record = Record {
                reference: (at + 1000).to_string().into(),
                kind: if person {
                    PartyKind::Person
                } else {
                    PartyKind::Organisation
                },
                ..Record::default()
            };
            for n in 0..2 + dice.roll(5) {
                let kind = if n == 0 { NameKind::Primary } else { NameKind::Alias };
                let name = if person {
                    let (given, family) = (dice.words(2), dice.word().to_uppercase());
                    Name {
                        parts: vec![
                            (PartKind::Given, given.clone().into()),
                            (PartKind::Family, family.clone().into()),
                        ],
                        ..Name::new(kind, format!("{given} {family}"))
                    }
                } else {
                    Name::new(kind, dice.words(4).to_uppercase())
                };
                let quality = if dice.roll(6) == 0 && n > 0 {
                    NameQuality::Weak
                } else {
                    NameQuality::Good
                };
                record.names.push(name.with_quality(quality));
            }
            record.programmes = vec![PROGRAMMES[dice.roll(6) as usize].into()];
            for _ in 0..=dice.roll(4) {
                let mut identifier =
                    Identifier::new(IdentifierKind::Passport, format!("P{:08}", dice.roll(100_000_000)));
                identifier.country = "IR".parse().ok();
                record.identifiers.push(identifier);
            }
            for _ in 0..=dice.roll(3) {
                record.addresses.push(Address {
                    text: format!("{} {}, {}, Iran", dice.roll(200), dice.words(3), dice.word()).into(),
                    country: None,
                    parts: Vec::new(),
                });
            }
            if person {
                record.births.push(Birth {
                    date: dice.day().parse().ok(),
                    ..Birth::default()
                });
            }
            record
        })
        .collect()
}

/// The EU's file 1.1 with that many entities.
pub fn eu(count: usize, dice: &mut Dice) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><export xmlns=\"http://eu.europa.ec/fpi/fsd/export\" generationDate=\"2024-10-04T10:00:00.000+02:00\" globalFileId=\"1\">",
    );
    for at in 0..count {
        let id = at + 1;
        let act = "<regulationSummary regulationType=\"amendment\" publicationDate=\"2014-03-17\" numberTitle=\"269/2014 (OJ L78)\" \
                   publicationUrl=\"http://eur-lex.europa.eu/legal-content/EN/TXT/PDF/?uri=CELEX:32014R0269\"/>";
        let _ = write!(
            out,
            "\n  <sanctionEntity designationDetails=\"\" unitedNationId=\"\" euReferenceNumber=\"EU.{id}.{}\" logicalId=\"{id}\">\n    <remark>{}</remark>\n    \
             <regulation regulationType=\"amendment\" organisationType=\"commission\" publicationDate=\"2014-03-17\" entryIntoForceDate=\"2014-03-17\" \
             numberTitle=\"269/2014 (OJ L78)\" programme=\"UKR\" logicalId=\"{id}\">\n      <publicationUrl>http://eur-lex.europa.eu/x</publicationUrl>\n    </regulation>\n    \
             <subjectType code=\"person\" classificationCode=\"P\"/>",
            dice.roll(100),
            dice.words(40)
        );
        for n in 0..2 + dice.roll(8) {
            let (first, last) = (dice.words(2), dice.word());
            let _ = write!(
                out,
                "\n    <nameAlias firstName=\"{first}\" middleName=\"\" lastName=\"{last}\" wholeName=\"{first} {last}\" function=\"{}\" gender=\"M\" title=\"\" \
                 nameLanguage=\"EN\" strong=\"true\" regulationLanguage=\"en\" logicalId=\"{id}{n}\">\n      {act}\n    </nameAlias>",
                dice.words(6)
            );
        }
        let day = dice.day();
        let _ = write!(
            out,
            "\n    <citizenship region=\"\" countryIso2Code=\"RU\" countryDescription=\"RUSSIAN FEDERATION\" regulationLanguage=\"en\" logicalId=\"{id}\">\n      {act}\n    \
             </citizenship>\n    <birthdate circa=\"false\" calendarType=\"GREGORIAN\" city=\"{}\" zipCode=\"\" birthdate=\"{day}\" dayOfMonth=\"{}\" monthOfYear=\"{}\" \
             year=\"{}\" region=\"\" place=\"\" countryIso2Code=\"RU\" countryDescription=\"RUSSIAN FEDERATION\" regulationLanguage=\"en\" logicalId=\"{id}\">\n      {act}\n    \
             </birthdate>\n    <identification diplomatic=\"false\" knownExpired=\"false\" knownFalse=\"false\" reportedLost=\"false\" revokedByIssuer=\"false\" issuedBy=\"\" \
             latinNumber=\"\" nameOnDocument=\"\" number=\"{:09}\" region=\"\" countryIso2Code=\"RU\" countryDescription=\"RUSSIAN FEDERATION\" \
             identificationTypeCode=\"passport\" identificationTypeDescription=\"National passport\" regulationLanguage=\"en\" logicalId=\"{id}\">\n      {act}\n    \
             </identification>\n  </sanctionEntity>",
            dice.word(),
            &day[8..],
            &day[5..7],
            &day[..4],
            dice.roll(1_000_000_000)
        );
    }
    out + "\n</export>\n"
}

/// SECO's whole list with that many targets.
pub fn seco(count: usize, dice: &mut Dice) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<swiss-sanctions-list list-type=\"whole-list\" date=\"2024-10-04\">\n  <sanctions-program ssid=\"1\">\n    \
         <program-key lang=\"eng\">Ukraine</program-key>\n    <program-name lang=\"eng\">Ordinance on Ukraine</program-name>\n    \
         <sanctions-set ssid=\"2\" lang=\"eng\">Annex 8</sanctions-set>\n  </sanctions-program>\n",
    );
    for place in 0..2000 {
        let _ = writeln!(
            out,
            "  <place ssid=\"{}\">\n    <location>{}</location>\n    <country iso-code=\"RU\">Russian Federation</country>\n  </place>",
            10 + place,
            dice.word()
        );
    }
    let mut ssid = 1_000_000;
    let mut next = || {
        ssid += 1;
        ssid
    };
    for _ in 0..count {
        let _ = write!(
            out,
            "  <target ssid=\"{}\">\n    <sanctions-set-id>2</sanctions-set-id>\n    <individual sex=\"male\">\n      <identity ssid=\"{}\" main=\"true\">\n",
            next(),
            next()
        );
        for n in 0..2 + dice.roll(5) {
            let kind = if n == 0 { "primary-name" } else { "alias" };
            let _ = write!(
                out,
                "        <name ssid=\"{}\" name-type=\"{kind}\" quality=\"good\" lang=\"eng\">\n          <name-part order=\"1\" name-part-type=\"family-name\">\n            \
                 <value>{}</value>\n            <spelling-variant lang=\"rus\" script=\"Cyrl\">Иванов</spelling-variant>\n          </name-part>\n          \
                 <name-part order=\"2\" name-part-type=\"given-name\">\n            <value>{}</value>\n          </name-part>\n        </name>\n",
                next(),
                dice.word(),
                dice.words(2)
            );
        }
        let _ = write!(
            out,
            "        <day-month-year ssid=\"{}\" day=\"{}\" month=\"{}\" year=\"{}\" calendar=\"Gregorian\"/>\n        <place-of-birth ssid=\"{}\" place-id=\"{}\"/>\n        \
             <nationality ssid=\"{}\"><country iso-code=\"RU\">Russian Federation</country></nationality>\n        <identification-document ssid=\"{}\" \
             document-type=\"passport\">\n          <number>{}</number>\n          <issuer code=\"RU\">Russian Federation</issuer>\n        </identification-document>\n      \
             </identity>\n      <justification ssid=\"{}\">{}</justification>\n    </individual>\n    <modification modification-type=\"listed\" \
             enactment-date=\"2022-03-01\" publication-date=\"2022-03-01\" effective-date=\"2022-03-01\"/>\n  </target>\n",
            next(),
            1 + dice.roll(28),
            1 + dice.roll(12),
            1940 + dice.roll(60),
            next(),
            10 + dice.roll(2000),
            next(),
            next(),
            dice.roll(1_000_000_000),
            next(),
            dice.words(60)
        );
    }
    out + "</swiss-sanctions-list>\n"
}
