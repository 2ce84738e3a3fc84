//! Keys by which listings are found and connected.
//!
//! A *name key* finds the listings that bear exactly this name, whatever the case, punctuation and order of its words; it is no
//! matching of names (that is screening's). A *link key* stands for something that only one party can have: two listings that share
//! one are the same party by rule. Each rule says what it must not connect.

use standing_model::{IdentifierKind, PartyKind, Record};

/// The key of a name: its words, lower-cased and sorted, hashed to 63 bits. `None` for a name without letters or digits.
pub fn name_key(name: &str) -> Option<i64> {
    let mut words: Vec<String> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(|w| w.chars().flat_map(char::to_lowercase).collect())
        .collect();
    if words.is_empty() {
        return None;
    }
    words.sort_unstable();
    let hash = blake3::hash(words.join(" ").as_bytes());
    let bytes: [u8; 8] = hash.as_bytes()[..8].try_into().ok()?;
    Some(i64::from_le_bytes(bytes) & i64::MAX)
}

/// The rules that connect listings, by the first word of their keys, with what each rests on.
pub const LINK_RULES: [(&str, &str); 8] = [
    ("ref", "one list cites the other's reference in a field of its own"),
    ("ofac", "the same number in the sequence by which OFAC numbers parties"),
    ("imo", "the same IMO ship number"),
    ("lei", "the same legal entity identifier"),
    ("ogrn", "the same Russian state registration number"),
    (
        "passport",
        "the same passport number, issuing country and full birth date",
    ),
    (
        "national-id",
        "the same national identity number, issuing country and full birth date",
    ),
    ("wikidata", "the same Wikidata item, in a field of its own"),
];

/// The lists whose references are OFAC's numbers: its own two, and the parts of the US screening list that repeat them.
const OFAC_LISTS: [&str; 9] = [
    "us-sdn",
    "us-cons",
    "us-csl-sdn",
    "us-csl-ssi",
    "us-csl-cap",
    "us-csl-cmic",
    "us-csl-fse",
    "us-csl-mbs",
    "us-csl-plc",
];

/// The link keys of a record on a list.
///
/// - `ref`: its own reference, and references to other lists that stand in a field of their own. A reference in running text names
///   somebody else and never gets here, since readers put only dedicated fields into [`IdentifierKind::ListReference`].
///   The UN's references say whether they are of a person (`QDi.317`) or not (`QDe.004`): a person that cites an entity's means the
///   group that it belongs to (as `gb:13349` cites Al-Qaida), and is not connected.
/// - `ofac`: the number alone, on lists that bear OFAC's numbers. OFAC keeps one sequence for all of its lists: of the 8,560 numbers that
///   the screening list of May 2022 shares with the SDN list of July 2021, every one means the same party. A record that got an ordinal
///   (`15268#2`) is not connected.
/// - `imo`: vessels only; an owner's record names its ships' numbers too. Seven digits with a valid check digit.
/// - `lei`: 20 characters with valid check digits (ISO 17442); not for persons or vessels, whose records name their companies'.
/// - `ogrn`: 13 digits with a valid check digit; not for persons or vessels. A taxpayer number (INN) is no such key: branches bear that of
///   the whole.
/// - `passport`, `national-id`: persons only, and only with the issuing country and one full birth date: numbers are reused between
///   countries and mistyped within one.
/// - `wikidata`: `Q` and digits.
pub fn link_keys(list: &str, record: &Record) -> Vec<String> {
    let mut keys = vec![format!("ref:{list}:{}", record.reference)];
    if OFAC_LISTS.contains(&list)
        && !record.reference.is_empty()
        && record.reference.bytes().all(|b| b.is_ascii_digit())
    {
        keys.push(format!("ofac:{}", record.reference));
    }
    let births: Vec<_> = record.births.iter().filter_map(|b| b.date?.as_day()).collect();
    for identifier in &record.identifiers {
        let value: String = identifier
            .value
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        match identifier.kind {
            IdentifierKind::ListReference if may_cite(record.kind, &identifier.value) => {
                keys.push(format!("ref:{}", identifier.value));
            }
            IdentifierKind::Imo if record.kind == PartyKind::Vessel => {
                let digits = value.trim_start_matches("IMO");
                if valid_imo(digits) {
                    keys.push(format!("imo:{digits}"));
                }
            }
            IdentifierKind::Lei
                if !matches!(record.kind, PartyKind::Person | PartyKind::Vessel | PartyKind::Aircraft)
                    && valid_lei(&value) =>
            {
                keys.push(format!("lei:{value}"));
            }
            IdentifierKind::Ogrn
                if !matches!(record.kind, PartyKind::Person | PartyKind::Vessel | PartyKind::Aircraft)
                    && valid_ogrn(&value) =>
            {
                keys.push(format!("ogrn:{value}"));
            }
            IdentifierKind::Passport | IdentifierKind::NationalId
                if record.kind == PartyKind::Person && value.len() >= 5 =>
            {
                let word = if identifier.kind == IdentifierKind::Passport {
                    "passport"
                } else {
                    "national-id"
                };
                if let (Some(country), [birth]) = (identifier.country, births.as_slice()) {
                    keys.push(format!("{word}:{country}:{value}:{birth}"));
                }
            }
            IdentifierKind::Wikidata
                if value
                    .strip_prefix('Q')
                    .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())) =>
            {
                keys.push(format!("wikidata:{value}"));
            }
            _ => {}
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// May a party of this kind be the one whose reference it cites?
fn may_cite(kind: PartyKind, cited: &str) -> bool {
    let letter = cited
        .strip_prefix("un:")
        .and_then(|reference| reference.split('.').next()?.chars().last());
    match (letter, kind) {
        (Some('e'), PartyKind::Person) => false,
        (Some('i'), kind) => matches!(kind, PartyKind::Person | PartyKind::Unknown),
        _ => true,
    }
}

/// The check digit of IMO resolution A.1117(30): the six digits weighted 7 to 2, last digit of the sum.
fn valid_imo(digits: &str) -> bool {
    let d: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
    d.len() == 7
        && digits.len() == 7
        && d.iter()
            .take(6)
            .zip((2..=7).rev())
            .map(|(digit, weight)| digit * weight)
            .sum::<u32>()
            % 10
            == d[6]
}

/// The check digit of a Russian state registration number: the first twelve digits modulo 11, of that the last digit.
fn valid_ogrn(value: &str) -> bool {
    let check = || {
        let number: u64 = value.get(..12)?.parse().ok()?;
        let last: u64 = value.get(12..)?.parse().ok()?;
        Some(number % 11 % 10 == last)
    };
    value.len() == 13 && value.bytes().all(|b| b.is_ascii_digit()) && check() == Some(true)
}

/// ISO 7064 MOD 97-10 over the letters as numbers, as ISO 17442 asks.
fn valid_lei(value: &str) -> bool {
    value.len() == 20
        && value.chars().try_fold(0u32, |rest, c| {
            let v = c.to_digit(36)?;
            Some(if v < 10 {
                (rest * 10 + v) % 97
            } else {
                (rest * 100 + v) % 97
            })
        }) == Some(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use standing_model::{Birth, Identifier, Name, NameKind, PartialDate};

    fn record(kind: PartyKind, identifiers: Vec<Identifier>) -> Record {
        Record {
            reference: "1".into(),
            kind,
            names: vec![Name::new(NameKind::Primary, "Some Name")],
            identifiers,
            births: vec![Birth {
                date: "1965-04-21".parse::<PartialDate>().ok(),
                ..Birth::default()
            }],
            ..Record::default()
        }
    }

    #[test]
    fn a_name_is_found_in_any_order_and_case() {
        assert_eq!(name_key("AL-ZAWAHIRI, Ayman"), name_key("Ayman al Zawahiri"));
        assert_ne!(name_key("Ayman"), name_key("Aiman"));
        assert_eq!(name_key(" – "), None);
    }

    #[test]
    fn imo_connects_vessels_only_and_only_valid_numbers() {
        let imo = |v: &str| Identifier::new(IdentifierKind::Imo, v);
        assert!(
            link_keys("a", &record(PartyKind::Vessel, vec![imo("IMO 9074729")])).contains(&"imo:9074729".to_owned())
        );
        assert_eq!(
            link_keys("a", &record(PartyKind::Vessel, vec![imo("9074728")])).len(),
            1,
            "wrong check digit"
        );
        assert_eq!(
            link_keys("a", &record(PartyKind::Organisation, vec![imo("9074729")])).len(),
            1,
            "an owner names its ships"
        );
    }

    #[test]
    fn lei_connects_organisations_with_valid_check_digits() {
        let lei = |v: &str| Identifier::new(IdentifierKind::Lei, v);
        // Made of the digits 0 and the check digits that ISO 7064 gives for them.
        assert!(valid_lei("00000000000000000098") || valid_lei("00000000000000000001"));
        assert_eq!(
            link_keys("a", &record(PartyKind::Organisation, vec![lei("00000000000000000001")])).len(),
            2
        );
        assert_eq!(
            link_keys("a", &record(PartyKind::Person, vec![lei("00000000000000000001")])).len(),
            1
        );
        assert_eq!(
            link_keys("a", &record(PartyKind::Organisation, vec![lei("00000000000000000002")])).len(),
            1
        );
    }

    #[test]
    fn a_passport_needs_its_country_and_a_full_birth_date() {
        let mut passport = Identifier::new(IdentifierKind::Passport, "OR 801168");
        assert_eq!(
            link_keys("a", &record(PartyKind::Person, vec![passport.clone()])).len(),
            1
        );
        passport.country = "AF".parse().ok();
        let keys = link_keys("a", &record(PartyKind::Person, vec![passport.clone()]));
        assert!(keys.contains(&"passport:AF:OR801168:1965-04-21".to_owned()), "{keys:?}");
        let mut vague = record(PartyKind::Person, vec![passport]);
        vague.births[0].date = "1965".parse().ok();
        assert_eq!(link_keys("a", &vague).len(), 1);
    }

    #[test]
    fn a_person_that_cites_an_entitys_reference_is_not_that_entity() {
        let cites = |kind, reference: &str| {
            let cited = Identifier::new(IdentifierKind::ListReference, format!("un:{reference}"));
            link_keys("gb", &record(kind, vec![cited])).contains(&format!("ref:un:{reference}"))
        };
        assert!(cites(PartyKind::Person, "QDi.317") && cites(PartyKind::Organisation, "QDe.004"));
        assert!(cites(PartyKind::Vessel, "KPe.001") && cites(PartyKind::Unknown, "QDi.317"));
        assert!(!cites(PartyKind::Person, "QDe.004") && !cites(PartyKind::Organisation, "QDi.317"));
    }

    #[test]
    fn ofacs_number_connects_its_own_lists_and_those_that_repeat_them() {
        let on = |list: &str, reference: &str| {
            let mut record = record(PartyKind::Organisation, vec![]);
            record.reference = reference.into();
            link_keys(list, &record).contains(&format!("ofac:{reference}"))
        };
        assert!(on("us-sdn", "6636") && on("us-csl-sdn", "6636") && on("us-cons", "6636"));
        assert!(!on("us-csl-cap", "15268#2"), "a twin");
        assert!(
            !on("us-csl-el", "6636") && !on("gb", "6636"),
            "numbers of somebody else"
        );
        assert!(!on("us-sdn", ""));
    }

    #[test]
    fn ogrn_connects_organisations_with_a_valid_check_digit() {
        let ogrn = |v: &str| Identifier::new(IdentifierKind::Ogrn, v);
        let keys = |kind, v| link_keys("a", &record(kind, vec![ogrn(v)])).len();
        // Twelve digits whose remainder by 11 is known, and the digit that the rule gives.
        let number = 102_770_013_219_u64;
        let valid = format!("{number}{}", number % 11 % 10);
        let wrong = format!("{number}{}", (number % 11 % 10 + 1) % 10);
        assert_eq!(keys(PartyKind::Organisation, valid.as_str()), 2);
        assert_eq!(keys(PartyKind::Person, valid.as_str()), 1, "an owner names its company");
        assert_eq!(keys(PartyKind::Organisation, wrong.as_str()), 1);
        assert_eq!(
            keys(PartyKind::Organisation, "1027700132"),
            1,
            "a taxpayer number is shared by branches"
        );
        let inn = link_keys(
            "a",
            &record(
                PartyKind::Organisation,
                vec![Identifier::new(IdentifierKind::Inn, "7707083893")],
            ),
        );
        assert_eq!(inn.len(), 1);
    }

    #[test]
    fn a_national_number_needs_its_country_and_one_birth_date_and_is_no_passport() {
        let mut number = Identifier::new(IdentifierKind::NationalId, "123-456-789");
        assert_eq!(
            link_keys("a", &record(PartyKind::Person, vec![number.clone()])).len(),
            1
        );
        number.country = "IR".parse().ok();
        let keys = link_keys("a", &record(PartyKind::Person, vec![number.clone()]));
        assert!(
            keys.contains(&"national-id:IR:123456789:1965-04-21".to_owned()),
            "{keys:?}"
        );
        let mut two = record(PartyKind::Person, vec![number]);
        two.births.push(Birth {
            date: "1966-04-21".parse().ok(),
            ..Birth::default()
        });
        assert_eq!(
            link_keys("a", &two).len(),
            1,
            "two birth dates: which of both is in doubt"
        );
    }

    #[test]
    fn a_wikidata_item_must_look_like_one() {
        let item = |v: &str| {
            link_keys(
                "a",
                &record(PartyKind::Person, vec![Identifier::new(IdentifierKind::Wikidata, v)]),
            )
        };
        assert!(item("Q42").contains(&"wikidata:Q42".to_owned()));
        assert_eq!(item("Q").len() + item("P42").len() + item("Qx").len(), 3);
    }
}
